"""Whole bodies, from which wrong ones are made place by place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bad_requests.request import GUID, XUID
from bodies import ONE, SCID, TEMPLATES, ref

Place = tuple[str, ...]


class Open(dict[str, Any]):
    """An object whose keys are names that the client chooses."""


class Free(Open):
    """An object that may hold anything."""


class Anything(Free):
    """A place that may hold any value, and holds an object."""


CUSTOM = Free(a=1)
BAGS = {"constants": {"system": CUSTOM, "custom": CUSTOM}, "properties": {"system": CUSTOM, "custom": CUSTOM}}
INITIALIZATION = {"joinTimeout": 1, "measurementTimeout": 1, "evaluationTimeout": 1, "membersNeededToStart": 1}
CONSTANTS: dict[str, Any] = {
    "version": 1,
    "maxMembersCount": 8,
    "visibility": "open",
    "initiators": [XUID],
    "inviteProtocol": "x",
    "capabilities": dict.fromkeys(("connectivity", "gameplay", "crossPlay", "hasOwners"), True),
    "metrics": dict.fromkeys(("latency", "bandwidthDown", "bandwidthUp", "custom"), True),
    "peerToPeerRequirements": {"latencyMaximum": 1, "bandwidthMinimum": 1},
    "peerToHostRequirements": {"latencyMaximum": 1, "bandwidthUpMinimum": 1, "hostSelectionMetric": "latency"},
    "measurementServerAddresses": Open(x={"secureDeviceAddress": "AQEB"}),
    "ownershipPolicies": {"migration": "oldest", "nonOwnerModifiableSystemProperties": ["x"]},
    "cloudComputePackage": {"crossSandbox": True, "titleId": XUID, "gsiSet": GUID, "variant": GUID},
    "arbitration": {"forfeitTimeout": 1, "arbitrationTimeout": 1},
    "broadcastViewerTitleIds": [XUID],
}
REMOVAL = ("reserved", "inactive", "ready")
CONSTANTS_107 = {
    **{f"{name}RemovalTimeout": 30000 for name in REMOVAL},
    "sessionEmptyTimeout": 30000,
    "memberInitialization": {**INITIALIZATION, "externalEvaluation": True},
}
CONSTANTS_105 = {
    "timeouts": dict.fromkeys((*REMOVAL, "sessionEmpty"), 30000),
    "managedInitialization": {**INITIALIZATION, "autoEvaluate": True},
}
RESULT = {"status": "found", "statusDetails": "x", "typicalWait": 1.5, "targetSessionRef": ref("x")}
MATCHMAKING = {"clientResult": RESULT, "targetSessionConstants": CUSTOM, "serverConnectionString": "x"}
PROPERTIES: dict[str, Any] = {
    "keywords": ["x"],
    "turn": [0],
    "host": "x",
    "joinRestriction": "none",
    "readRestriction": "none",
    "initializationSucceeded": True,
    "serverConnectionStringCandidates": ["x"],
    "closed": True,
    "locked": True,
    "allocateCloudCompute": False,
}
PROPERTIES_107 = {**PROPERTIES, "matchmaking": MATCHMAKING, "matchmakingResubmit": True}
PROPERTIES_105 = {**PROPERTIES, "matchmaking": {**MATCHMAKING, "resubmit": True}}
MEMBER_PROPERTIES = {
    "active": True,
    "ready": False,
    "connection": GUID,
    "subscription": {"id": GUID, "changeTypes": ["everything"]},
    "subscriptions": Open({GUID: {"profile": "x", "onBehalfOfTitleId": XUID}}),
    "secondarySubscriptions": Open({GUID: {"changeTypes": ["roles"], "rta": {"connection": GUID}}}),
    "secureDeviceAddress": "AQEB",
    "groups": ["x"],
    "encounters": ["x"],
    "RolePreference": Open(x=50),
    "measurements": Open(x={"latency": 1, "bandwidthDown": 1, "bandwidthUp": 1, "custom": CUSTOM}),
    "serverMeasurements": Open(x=CUSTOM),
}
MEMBER_CONSTANTS = {
    "xuid": XUID,
    "initialize": "false",
    "matchmakingResult": {"serverMeasurements": Open(x=CUSTOM)},
}
SEAT = {"constants": {"system": MEMBER_CONSTANTS, "custom": Anything(a=1)}, "roles": Open(team="x")}
ROLES = {"ownerManaged": True, "mutableRoleSettings": ["max"], "roles": Open(red={"max": 2, "target": 1})}


def body_form(constants: dict[str, Any], properties: dict[str, Any], group: str) -> dict[str, Any]:
    """A body of PUT of a session with its members."""
    mine = {"system": {**MEMBER_PROPERTIES, group: [0]}, "custom": CUSTOM}
    return {
        "constants": {"system": {**CONSTANTS, **constants}, "custom": CUSTOM},
        "properties": {"system": properties, "custom": CUSTOM},
        "members": {"me": {**SEAT, "properties": mine}},
    }


FORM_107 = body_form(CONSTANTS_107, PROPERTIES_107, "initializationGroup")
FORM_105 = body_form(CONSTANTS_105, PROPERTIES_105, "group")
FORM_107["members"]["reserve_0"] = SEAT
FORM_107["roleTypes"] = Open(team=ROLES)
TICKET = {**BAGS, "properties": {"system": {"lockId": "x", **RESULT}, "custom": CUSTOM}}
FORM_107["servers"] = Open(matchmaking=TICKET, x=BAGS)
PUT_FORMS: list[tuple[str, str, dict[str, Any]]] = [
    ("107", ONE, FORM_107),
    ("105", ONE, FORM_105),
    ("107", f"{ONE}/properties", FORM_107["properties"]),
    ("104", f"{ONE}/properties", FORM_105["properties"]),
]
"""Contract, path and form of everything that PUT writes."""


def handle_form(kind: str, **fields: Any) -> dict[str, Any]:
    """A body of POST of a handle."""
    return {"type": kind, "id": GUID, "version": 1, "sessionRef": ref("one"), **fields}


ATTRIBUTES = {"titleId": "1719000001", "context": "x", "contextString": "x", "senderString": "x"}
POST_FORMS: list[tuple[str, str, dict[str, Any]]] = [
    ("107", "/handles", handle_form("activity")),
    ("107", "/handles", handle_form("invite", invitedXuid=XUID, inviteAttributes=ATTRIBUTES)),
    ("107", "/handles", handle_form("transfer", originSessionRef=ref("one"))),
    ("107", "/handles/query", {"type": "activity", "scid": GUID, "owners": {"xuids": [XUID]}}),
    (
        "107",
        "/handles/query",
        {"type": "activity", "owners": {"people": {"moniker": "people", "monikerXuid": XUID}}},
    ),
    ("107", f"/serviceconfigs/{SCID}/batch", {"xuids": [XUID]}),
    ("107", f"{TEMPLATES}/lobby/batch", {"xuids": [XUID]}),
    ("1", "/batch", {"requestedusers": [XUID, int(XUID)], "requestedscids": [{"scid": SCID, "requestedstats": ["x"]}]}),
    ("2", "/batch", {"arrangebyfield": "xuid", "xuids": [XUID, int(XUID)], "stats": [{"name": "Kills", "scid": SCID}]}),
]
"""The same of everything that POST makes or asks for."""
OPTIONAL = ("id", "version", "inviteAttributes", "scid", "stats")
"""The fields of these that may be missing; of a batch under contract 2 the refusal names others."""

SAMPLES: tuple[Any, ...] = (
    *(None, True, 0, 1, -1, 101, 1.5, 1.0, "", "x", "1", "true", "A,b", "\ud800"),
    *([], [0], [-1], ["x"], [""], [None], {}, {"x": 1}, {"x": None}),
)
NULLABLE = re.compile(
    r"(/constants|/properties|/members/\w+/\w+|/servers/matchmaking/properties|)/system/\w+|/members/me|/servers/\w+"
    r"|.*/subscriptions/[-0-9]+|.*Timeout|.*/timeouts/\w+"
)
"""Where a null removes what is there, or means forever."""
RESERVED = ("members", "reserve_0", "constants", "system", "xuid")
"""The xuid of a reservation, which cannot be left out."""
TYPES: dict[str, tuple[type, ...]] = {"titleId": (str, int), "initialize": (str, bool), "typicalWait": (int, float)}
"""The types of fields that have more than one."""


def places(node: Any, path: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every place of a form, the innermost last, and what is there."""
    if path:
        yield path, node
    if isinstance(node, dict) and not isinstance(node, Free):
        for name, part in node.items():
            yield from places(part, (*path, name))


def objects(form: dict[str, Any]) -> Iterator[Place]:
    """The places of objects whose fields are known, the whole form among them."""
    for place, node in [((), form), *places(form)]:
        if isinstance(node, dict) and not isinstance(node, Open):
            yield place


def is_wrong(place: Place, example: Any, value: Any) -> bool:
    """Whether a value has a type that does not belong in a place."""
    if isinstance(example, Anything) or (
        value is None and NULLABLE.fullmatch(pointer(place)) is not None and place != RESERVED
    ):
        return False
    if isinstance(example, list) and isinstance(value, list):
        return not {type(item) for item in value} <= {type(item) for item in example}
    kind = dict if isinstance(example, dict) else type(example)
    return type(value) not in TYPES.get(place[-1], (kind,))


def pointer(place: Place) -> str:
    """The JSON pointer of a place."""
    return "".join(f"/{name}" for name in place)


def put_in(body: Any, place: Place, value: Any) -> Any:
    """A copy of the body with a value in one place."""
    if not place:
        return value
    return {**body, place[0]: put_in(body.get(place[0], {}), place[1:], value)}


def field_of(form: dict[str, Any], place: Place) -> Any:
    """A body with nothing but the field of a bag in which the place lies, and what cannot be left out."""
    end = place.index("system") + 2 if "system" in place[:-1] else len(place)
    node: Any = form
    for name in place[:end]:
        node = node[name]
    body = put_in({}, RESERVED, "7") if "reserve_0" in place else {}
    return put_in(body, place[:end], node)


def twice(value: Any, place: Place) -> str:
    """JSON text in which the last name of a place stands twice."""
    items = [
        f"{json.dumps(name)}:{json.dumps(part) if name != place[0] or len(place) == 1 else twice(part, place[1:])}"
        for name, part in value.items()
    ]
    return "{" + ",".join([*items, f"{json.dumps(place[0])}:1"] if len(place) == 1 else items) + "}"
