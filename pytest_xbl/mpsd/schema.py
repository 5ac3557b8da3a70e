"""Tables of all fields: their shapes, and the rules behind them.

They hold every field of a `system` bag that the service understands, by the names of contract 107;
the tables called OLD have the names of 104 and 105 (TMPL-7).
Parsing and the reference pages of the documentation read them; a field that is in no table is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, get_args

from pytest_xbl.mpsd.model import Json, MatchStatus
from pytest_xbl.mpsd.moments import time
from pytest_xbl.mpsd.names import name_in_body
from pytest_xbl.mpsd.shapes import (
    Integer,
    ListOf,
    MapOf,
    Matching,
    OneOf,
    OrNull,
    Passing,
    Record,
    Shape,
    base64_text,
    boolean,
    digits,
    filled_base64,
    guid,
    number,
    object_,
    text,
)


class Field(NamedTuple):
    """A field of a bag or a body.

    Args:
        shape: of its value.
        rule: the rule that asks for the shape.
        meaning: of the field, where its name does not say it.
        needed: whether it may not be left out.
        built: whether the fake can do what a value other than false asks for (CODE-501).
    """

    shape: Shape
    rule: str
    meaning: str = ""
    needed: bool = False
    built: bool = True


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
    "blockBadMsaReputation",
)


def _is_lower_case(value: Json) -> bool:
    return type(value) is str and value == value.lower()


timeout = OrNull(Integer(0))
restriction = OneOf(("none", "local", "followed"))
lower_case = Passing("in lower case", _is_lower_case, "[^A-Z]*")
keyword = Matching("a string that is not empty and has no comma", "[^,]+")
measurement = Record({"latency": Integer(0), "bandwidthDown": Integer(0), "bandwidthUp": Integer(0), "custom": object_})
session_ref = Record({"scid": guid, "templateName": text, "name": text}, needed=("scid", "templateName", "name"))
ticket_status = OneOf(get_args(MatchStatus))

initialize = OneOf((True, False, "true", "false"), "true or false")

initialization: Mapping[str, Shape] = {
    "joinTimeout": timeout,
    "measurementTimeout": timeout,
    "evaluationTimeout": timeout,
    "membersNeededToStart": Integer(0),
}

SESSION_CONSTANTS: Mapping[str, Field] = {
    "version": Field(Integer(1), "CONST-1"),
    "maxMembersCount": Field(Integer(1, 10_000), "CONST-2"),
    "visibility": Field(OneOf(("private", "visible", "open")), "CONST-3"),
    "initiators": Field(ListOf(digits), "CONST-14"),
    "inviteProtocol": Field(text, "CONST-4"),
    "reservedRemovalTimeout": Field(timeout, "CONST-5"),
    "inactiveRemovalTimeout": Field(timeout, "CONST-5"),
    "readyRemovalTimeout": Field(timeout, "CONST-5"),
    "sessionEmptyTimeout": Field(timeout, "CONST-5"),
    "capabilities": Field(Record(dict.fromkeys(CAPABILITIES, boolean)), "CONST-6"),
    "metrics": Field(Record(dict.fromkeys(("latency", "bandwidthDown", "bandwidthUp", "custom"), boolean)), "CONST-10"),
    "memberInitialization": Field(Record({**initialization, "externalEvaluation": boolean}), "CONST-15"),
    "peerToPeerRequirements": Field(Record({"latencyMaximum": Integer(0), "bandwidthMinimum": Integer(0)}), "CONST-11"),
    "peerToHostRequirements": Field(
        Record(
            {
                "latencyMaximum": Integer(0),
                "bandwidthDownMinimum": Integer(0),
                "bandwidthUpMinimum": Integer(0),
                "hostSelectionMetric": OneOf(("latency", "bandwidthup", "bandwidthdown", "bandwidth"), any_case=True),
            }
        ),
        "CONST-11",
    ),
    "measurementServerAddresses": Field(
        MapOf(Record({"secureDeviceAddress": filled_base64}, needed=("secureDeviceAddress",)), keys=lower_case),
        "CONST-12",
    ),
    "ownershipPolicies": Field(
        Record(
            {
                "migration": OneOf(("oldest", "endsession")),
                "allowNonOwnerInviteHandles": boolean,
                "nonOwnerModifiableSystemProperties": ListOf(text),
            }
        ),
        "CONST-13",
    ),
    "cloudComputePackage": Field(
        Record({"crossSandbox": boolean, "titleId": digits, "gsiSet": guid, "variant": guid}), "CONST-16"
    ),
    "arbitration": Field(Record({"forfeitTimeout": Integer(0), "arbitrationTimeout": Integer(0)}), "CONST-17"),
    "broadcastViewerTitleIds": Field(ListOf(digits), "CONST-18"),
}

CLIENT_RESULT: Mapping[str, Shape] = {
    "status": ticket_status,
    "statusDetails": text,
    "typicalWait": number,
    "targetSessionRef": session_ref,
}
MATCHMAKING: Mapping[str, Shape] = {
    "clientResult": Record(CLIENT_RESULT),
    "targetSessionConstants": object_,
    "serverConnectionString": text,
}

SESSION_PROPERTIES: Mapping[str, Field] = {
    "keywords": Field(ListOf(keyword), "PROP-2"),
    "turn": Field(ListOf(Integer(0)), "PROP-3"),
    "host": Field(text, "PROP-4"),
    "owners": Field(ListOf(Integer(0)), "OWN-5", "indices; only for owners and services to change"),
    "joinRestriction": Field(restriction, "PROP-5"),
    "readRestriction": Field(restriction, "PROP-5"),
    "initializationSucceeded": Field(boolean, "PROP-6"),
    "serverConnectionStringCandidates": Field(ListOf(text), "PROP-7"),
    "matchmaking": Field(Record(MATCHMAKING), "PROP-7"),
    "matchmakingResubmit": Field(boolean, "PROP-7"),
    "closed": Field(boolean, "PROP-8"),
    "locked": Field(boolean, "PROP-8"),
    "allocateCloudCompute": Field(boolean, "PROP-8", built=False),
    "searchHandleVisibility": Field(text, "SRCH-1"),
    "description": Field(Record({"text": text, "locale": text}), "SRCH-1"),
    "scheduledTime": Field(time, "SRCH-1"),
}

MEMBER_CONSTANTS: Mapping[str, Field] = {
    "xuid": Field(digits, "MEMB-6"),
    "index": Field(Integer(0), "MEMB-6"),
    "initialize": Field(initialize, "INIT-1"),
    "matchmakingResult": Field(Record({"serverMeasurements": MapOf(object_)}), "MEMB-6"),
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
    "roles",
    "scheduledtime",
)
change_types = ListOf(OneOf(CHANGE_TYPES))
rta = Record({"connection": guid}, needed=("connection",))

MEMBER_PROPERTIES: Mapping[str, Field] = {
    "active": Field(boolean, "MEMB-8"),
    "ready": Field(boolean, "MEMB-8"),
    "connection": Field(guid, "MEMB-11"),
    "subscription": Field(Record({"id": guid, "changeTypes": change_types}, needed=("id", "changeTypes")), "TAP-1"),
    "subscriptions": Field(
        MapOf(OrNull(Record({"profile": text, "onBehalfOfTitleId": digits}, needed=("profile",))), keys=guid),
        "TAP-1",
    ),
    "secondarySubscriptions": Field(
        MapOf(Record({"changeTypes": change_types, "rta": rta}, needed=("changeTypes", "rta")), keys=guid), "TAP-1"
    ),
    "secureDeviceAddress": Field(base64_text, "MEMB-10"),
    "initializationGroup": Field(ListOf(Integer(0)), "MEMB-13"),
    "groups": Field(ListOf(name_in_body), "MEMB-13"),
    "encounters": Field(ListOf(name_in_body), "MEMB-13"),
    "RolePreference": Field(MapOf(Integer(0, 100)), "MEMB-13"),
    "measurements": Field(MapOf(measurement, keys=lower_case), "MEMB-13"),
    "serverMeasurements": Field(MapOf(object_), "MEMB-13"),
    "arbitration": Field(Record({"results": MapOf(object_)}), "MEMB-20", built=False),
}

OLD_SESSION_CONSTANTS: Mapping[str, Field] = {
    **{
        name: field
        for name, field in SESSION_CONSTANTS.items()
        if not name.endswith("Timeout") and name != "memberInitialization"
    },
    "timeouts": Field(Record(dict.fromkeys(("reserved", "inactive", "ready", "sessionEmpty"), timeout)), "TMPL-7"),
    "managedInitialization": Field(Record({**initialization, "autoEvaluate": boolean}), "TMPL-7"),
}

OLD_SESSION_PROPERTIES: Mapping[str, Field] = {
    **{name: field for name, field in SESSION_PROPERTIES.items() if name != "matchmakingResubmit"},
    "matchmaking": Field(Record({**MATCHMAKING, "resubmit": boolean}), "PROP-7"),
}

OLD_MEMBER_PROPERTIES: Mapping[str, Field] = {
    **{name: field for name, field in MEMBER_PROPERTIES.items() if name != "initializationGroup"},
    "group": Field(ListOf(Integer(0)), "MEMB-13"),
}

MATCHMAKING_SERVER: Mapping[str, Field] = {
    "lockId": Field(text, "SERV-3"),
    "status": Field(ticket_status, "SERV-3"),
    "statusDetails": Field(text, "SERV-3"),
    "typicalWait": Field(number, "SERV-3"),
    "targetSessionRef": Field(session_ref, "SERV-3"),
}

ROLE_NAME = Matching("lower-case, alphanumeric and at most 100 characters", "[a-z0-9]{1,100}")
ROLE_TYPES = MapOf(
    Record(
        {
            "ownerManaged": boolean,
            "mutableRoleSettings": ListOf(OneOf(("max", "target"))),
            "roles": MapOf(Record({"max": Integer(1), "target": Integer(1)}), keys=ROLE_NAME),
        }
    ),
    keys=ROLE_NAME,
)
MEMBER_ROLES = MapOf(OrNull(text))

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
"""The bag that each field belongs to, for the refusal of one in the wrong place."""
