"""Which fields there are, what they hold, and which rule says so.

Everything the service understands in a `system` bag stands in these tables, under the names of contract 107;
the tables called OLD have the names of 104 and 105 (TMPL-7).
Parsing reads them, and so does the reference page of the documentation; a field that is in no table is refused.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.refusal import Mistake, Parts, Place, Refusal
from pytest_xbl.mpsd.shapes import (
    Shape,
    base64_text,
    boolean,
    brief,
    digits,
    fields,
    guid,
    integer,
    is_text,
    list_of,
    map_of,
    number,
    object_,
    one_of,
    or_null,
    text,
    where,
)


class Field(NamedTuple):
    """A field of a bag: what it holds, the rule that says so, and, where its name does not tell, what it means."""

    shape: Shape
    rule: str
    meaning: str = ""


CAPABILITIES = (
    "connectivity",
    "suppressPresenceActivityCheck",
    "gameplay",
    "large",
    "connectionRequiredForActiveMembers",
    "cloudCompute",
    "autoPopulateServerCandidates",
    "userAuthorizationStyle",
    "crossPlay",
    "broadcast",
    "team",
    "arbitration",
    "hasOwners",
    "searchable",
    "clientMatchmaking",
)

timeout = or_null(integer(0))
restriction = one_of("none", "local", "followed")
lower_case = where(lambda value: is_text(value) and value == value.lower(), "in lower case")
keyword = where(
    lambda value: is_text(value) and value != "" and "," not in value, "a string that is not empty and has no comma"
)
measurement = fields({"latency": integer(0), "bandwidthDown": integer(0), "bandwidthUp": integer(0), "custom": object_})
session_ref = fields({"scid": guid, "templateName": text, "name": text}, required=("scid", "templateName", "name"))

initialize = where(lambda value: type(value) is bool or value in ("true", "false"), "true or false")

initialization = {
    "joinTimeout": timeout,
    "measurementTimeout": timeout,
    "evaluationTimeout": timeout,
    "membersNeededToStart": integer(0),
}

SESSION_CONSTANTS: Mapping[str, Field] = {
    "version": Field(integer(1), "CONST-1"),
    "maxMembersCount": Field(integer(1, 10_000), "CONST-2"),
    "visibility": Field(one_of("private", "visible", "open"), "CONST-3"),
    "initiators": Field(list_of(digits), "CONST-14"),
    "inviteProtocol": Field(text, "CONST-4"),
    "reservedRemovalTimeout": Field(timeout, "CONST-5"),
    "inactiveRemovalTimeout": Field(timeout, "CONST-5"),
    "readyRemovalTimeout": Field(timeout, "CONST-5"),
    "sessionEmptyTimeout": Field(timeout, "CONST-5"),
    "capabilities": Field(fields(dict.fromkeys(CAPABILITIES, boolean)), "CONST-6"),
    "metrics": Field(fields(dict.fromkeys(("latency", "bandwidthDown", "bandwidthUp", "custom"), boolean)), "CONST-10"),
    "memberInitialization": Field(fields({**initialization, "externalEvaluation": boolean}), "CONST-15"),
    "peerToPeerRequirements": Field(fields({"latencyMaximum": integer(0), "bandwidthMinimum": integer(0)}), "CONST-11"),
    "peerToHostRequirements": Field(
        fields(
            {
                "latencyMaximum": integer(0),
                "bandwidthDownMinimum": integer(0),
                "bandwidthUpMinimum": integer(0),
                "hostSelectionMetric": where(
                    lambda value: (
                        is_text(value) and value.lower() in {"latency", "bandwidthup", "bandwidthdown", "bandwidth"}
                    ),
                    'one of "latency", "bandwidthup", "bandwidthdown", "bandwidth"',
                ),
            }
        ),
        "CONST-11",
    ),
    "measurementServerAddresses": Field(
        map_of(fields({"secureDeviceAddress": base64_text}, required=("secureDeviceAddress",)), keys=lower_case),
        "CONST-12",
    ),
    "ownershipPolicies": Field(
        fields(
            {
                "migration": one_of("oldest", "endsession"),
                "allowNonOwnerInviteHandles": boolean,
                "nonOwnerModifiableSystemProperties": list_of(text),
            }
        ),
        "CONST-13",
    ),
    "cloudComputePackage": Field(fields({"crossSandbox": boolean, "titleId": digits, "gsiSet": guid}), "CONST-16"),
}

MATCHMAKING = {
    "clientResult": fields(
        {
            "status": one_of("searching", "expired", "found", "failed", "canceled"),
            "statusDetails": text,
            "typicalWait": number,
            "targetSessionRef": session_ref,
        }
    ),
    "targetSessionConstants": object_,
    "serverConnectionString": text,
}

SESSION_PROPERTIES: Mapping[str, Field] = {
    "keywords": Field(list_of(keyword), "PROP-2"),
    "turn": Field(list_of(integer(0)), "PROP-3"),
    "host": Field(text, "PROP-4"),
    "joinRestriction": Field(restriction, "PROP-5"),
    "readRestriction": Field(restriction, "PROP-5"),
    "initializationSucceeded": Field(boolean, "PROP-6"),
    "serverConnectionStringCandidates": Field(list_of(text), "PROP-7"),
    "matchmaking": Field(fields(MATCHMAKING), "PROP-7"),
    "matchmakingResubmit": Field(boolean, "PROP-7"),
    "closed": Field(boolean, "PROP-8"),
    "locked": Field(boolean, "PROP-8"),
    "allocateCloudCompute": Field(boolean, "PROP-8"),
}

MEMBER_CONSTANTS: Mapping[str, Field] = {
    "xuid": Field(digits, "MEMB-6"),
    "index": Field(integer(0), "MEMB-6"),
    "initialize": Field(initialize, "INIT-1"),
    "matchmakingResult": Field(fields({"serverMeasurements": map_of(object_)}), "MEMB-6"),
}

CHANGE_TYPES = (
    "everything",
    "host",
    "initialization",
    "matchmakingStatus",
    "membersList",
    "membersStatus",
    "joinability",
    "customProperty",
    "membersCustomProperty",
)

MEMBER_PROPERTIES: Mapping[str, Field] = {
    "active": Field(boolean, "MEMB-8"),
    "ready": Field(boolean, "MEMB-8"),
    "connection": Field(guid, "MEMB-11"),
    "subscription": Field(
        fields({"id": guid, "changeTypes": list_of(one_of(*CHANGE_TYPES))}, required=("id", "changeTypes")), "TAP-1"
    ),
    "subscriptions": Field(
        map_of(or_null(fields({"profile": text, "onBehalfOfTitleId": digits}, required=("profile",))), keys=guid),
        "TAP-1",
    ),
    "secureDeviceAddress": Field(base64_text, "MEMB-10"),
    "initializationGroup": Field(list_of(integer(0)), "MEMB-13"),
    "groups": Field(list_of(text), "MEMB-13"),
    "encounters": Field(list_of(text), "MEMB-13"),
    "RolePreference": Field(map_of(integer(0, 100)), "MEMB-13"),
    "measurements": Field(map_of(measurement, keys=lower_case), "MEMB-13"),
    "serverMeasurements": Field(map_of(object_), "MEMB-13"),
}

OLD_SESSION_CONSTANTS: Mapping[str, Field] = {
    **{
        name: field
        for name, field in SESSION_CONSTANTS.items()
        if not name.endswith("Timeout") and name != "memberInitialization"
    },
    "timeouts": Field(fields(dict.fromkeys(("reserved", "inactive", "ready", "sessionEmpty"), timeout)), "TMPL-7"),
    "managedInitialization": Field(fields({**initialization, "autoEvaluate": boolean}), "TMPL-7"),
}

OLD_SESSION_PROPERTIES: Mapping[str, Field] = {
    **{name: field for name, field in SESSION_PROPERTIES.items() if name != "matchmakingResubmit"},
    "matchmaking": Field(fields({**MATCHMAKING, "resubmit": boolean}), "PROP-7"),
}

OLD_MEMBER_PROPERTIES: Mapping[str, Field] = {
    **{name: field for name, field in MEMBER_PROPERTIES.items() if name != "initializationGroup"},
    "group": Field(list_of(integer(0)), "MEMB-13"),
}

MATCHMAKING_SERVER: Mapping[str, Field] = {
    "lockId": Field(text, "SERV-3"),
    "status": Field(one_of("searching", "expired", "found", "failed", "canceled"), "SERV-3"),
    "statusDetails": Field(text, "SERV-3"),
    "typicalWait": Field(number, "SERV-3"),
    "targetSessionRef": Field(session_ref, "SERV-3"),
}

ROLE_NAME = where(
    lambda value: re.fullmatch("[a-z0-9]{1,100}", value) is not None,
    "lower-case, alphanumeric and at most 100 characters",
)
ROLE_TYPES = map_of(
    fields(
        {
            "ownerManaged": boolean,
            "mutableRoleSettings": list_of(one_of("max", "target")),
            "roles": map_of(fields({"max": integer(1), "target": integer(1)}), keys=ROLE_NAME),
        }
    ),
    keys=ROLE_NAME,
)
MEMBER_ROLES = map_of(text)


HOMES = {
    name: home if name in table and name in old else f"{home} under {contracts}"
    for table, old, home in (
        (MATCHMAKING_SERVER, MATCHMAKING_SERVER, "servers.matchmaking.properties.system"),
        (MEMBER_PROPERTIES, OLD_MEMBER_PROPERTIES, "a member's properties.system"),
        (SESSION_CONSTANTS, OLD_SESSION_CONSTANTS, "constants.system"),
        (SESSION_PROPERTIES, OLD_SESSION_PROPERTIES, "properties.system"),
    )
    for contracts, names in (("contracts 104 and 105", old), ("contract 107", table))
    for name in names
}
"""Where a field belongs that was found where it does not."""
LONGEST_GUESS = 100
"""Characters of a name that are compared with known ones: nobody mistypes a longer one."""


def check(shape: Shape, value: Json, at: Place, rule: str, *, mistake: Mistake | None = "bad-body") -> None:
    """Refuse a value that has not the shape.

    Args:
        at: the place of the value.
        rule: the rule that asks for the shape.
        mistake: what kind of mistake it is of whoever wrote the client.

    Raises:
        Refusal: 400, naming the innermost place that does not fit (CALL-6).
    """
    misfit = shape(value)
    if misfit:
        what = f"Expected {misfit.expected}; got {brief(misfit.got)}."
        where = at if isinstance(at, str) else (*at, *misfit.inside)
        raise Refusal(400, what, where=where, rule=rule, mistake=mistake)


def check_fields(
    table: Mapping[str, Field], bag: JsonObject, at: Parts = (), *, removable: bool = True, unknown: str = "CALL-6"
) -> None:
    """Refuse a bag with a field that its table does not know, or a value that does not fit.

    Args:
        table: the fields that may be there.
        bag: as it came.
        at: the place of the bag.
        removable: whether a null stands for "remove this" and fits every field (PUT-5, TMPL-5).
        unknown: the rule against fields that the table does not know.

    Raises:
        Refusal: 400 (CALL-6).
    """
    for name, value in bag.items():
        if name not in table:
            raise unknown_field(name, table, at, rule=unknown)
        if value is not None or not removable:
            check(table[name].shape, value, (*at, name), table[name].rule)


def require_fields(names: Iterable[str], body: JsonObject, at: Parts = ()) -> None:
    """Refuse a body that lacks one of these fields.

    Raises:
        Refusal: 400 (CALL-6).
    """
    for name in names:
        if name not in body:
            what = f"The field {name} is required here."
            raise Refusal(400, what, where=(*at, name), rule="CALL-6", mistake="bad-body")


def type_of(table: Mapping[str, Field], body: JsonObject, at: Parts = ()) -> Json:
    """The field `type` of a body, which decides what else may stand there.

    Raises:
        Refusal: 400.
    """
    require_fields(("type",), body, at)
    check(table["type"].shape, body["type"], (*at, "type"), table["type"].rule)
    return body["type"]


def unknown_field(name: str, known: Collection[str], at: Parts = (), *, rule: str = "CALL-6") -> Refusal:
    """The refusal of a field that no table knows, with the nearest known name (CALL-6)."""
    near = difflib.get_close_matches(name[:LONGEST_GUESS], known, n=1)
    if home := HOMES.get(name):
        hint = f"it is a field of {home}."
    elif near:
        hint = f"did you mean {brief(near[0])}?"
    else:
        hint = f"known here: {', '.join(known)}."
    what = f"The field {brief(name)} is not known here; {hint}"
    return Refusal(400, what, where=(*at, name), rule=rule, mistake="bad-body")
