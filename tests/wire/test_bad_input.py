"""No request, however strange, gets a 500, changes the world or stops the server.

Thousands of requests are generated, each of them wrong in one known way, and all of them the same in every run.
"""

from __future__ import annotations

import json
import random
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, unquote_to_bytes, urlsplit

import pytest

from bodies import ONE, SCID, TEMPLATES, me
from people import person
from pytest_xbl import XboxLive
from pytest_xbl.mpsd.model import Session
from pytest_xbl.mpsd.view import document, render_template
from pytest_xbl.rulebook import RULES
from pytest_xbl.wire.routes import ROUTES

HIDDEN = f"{TEMPLATES}/hidden/sessions/one"
SHOWN = f"{TEMPLATES}/shown/sessions/one"
FULL = f"{TEMPLATES}/full/sessions/one"
MISSING = f"{TEMPLATES}/lobby/sessions/missing"
XUID = "2533274790000001"
GUID = "00000000-0000-4000-8000-000000000000"
HANDLE = "11111111-ebe0-42da-885f-033860a81801"
EARLY = "11111111-ebe0-42da-885f-033860a81800"
"""Handles to the session `one`, and to one that is missing."""

STATISTICS = f"/users/xuid({XUID})/scids/{SCID}/stats/Kills,Rate"
WRONG_USERS: tuple[Any, ...] = (
    "",
    "x",
    "-1",
    -1,
    1.5,
    True,
    None,
    [],
    f"xuid({XUID})",
    f" {XUID}",
    f"{XUID},7",
    "\u0661",
    "1" * 21,
)
WRONG_SCIDS: tuple[Any, ...] = ("", "x", SCID[1:], f"{SCID}0", f"{{{SCID}}}", SCID.replace("-", ""), 7, None, [SCID])
WRONG_NAMES: tuple[Any, ...] = ("", ",", "Kills,Rate", 7, True, None, [], ["Kills"], {"name": "Kills"})
"""What names no user or title, no service configuration, and no statistic."""

DOCUMENTED = {401, 406} | {int(rule[5:]) for rule in RULES if rule[5:].isdigit() and rule.startswith("CODE-")}
LONGEST_HEADER = 8190
"""What common clients and proxies take in one header."""
PATIENCE = 30  # seconds; only ever used up by a test that fails


class Bad(NamedTuple):
    """A request that is wrong.

    Args:
        status: what it is answered with.
        target: percent-encoded, with the query string.
        caller: a name, or "" for no Authorization.
        rule: that the refusal names; "" for any.
        where: with which the place that the refusal names begins.
    """

    status: int
    method: str
    target: str
    body: bytes = b""
    headers: Mapping[str, str] = {}
    caller: str = "Stacy"
    rule: str = ""
    where: str = ""


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


Kind: TypeAlias = Callable[[], Iterator[Bad]]


# The form of a body, and what would be wrong in each of its places


class Leaf(NamedTuple):
    """A place that holds a value: an example, and which values would do."""

    example: Any
    is_right: Callable[[Any], bool]


class Open(dict[str, Any]):
    """An object whose keys are names that the client chooses."""


def integer(low: int, high: int = 2**64) -> Callable[[Any], bool]:
    """Whether a value is an integer within bounds."""
    return lambda value: type(value) is int and low <= value <= high


def list_of(is_right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Whether a value is a list of what is right."""
    return lambda value: type(value) is list and all(map(is_right, value))


def among(*choices: str) -> Callable[[Any], bool]:
    """Whether a value is one of these strings."""
    return lambda value: type(value) is str and value in choices


def is_text(value: Any) -> bool:
    """Whether a value is a string."""
    return type(value) is str


FLAG = Leaf(True, lambda value: type(value) is bool)
TEXT = Leaf("x", is_text)
TEXTS = Leaf(["x"], list_of(is_text))
COUNT = Leaf(1, integer(0))
COUNTS = Leaf([0], list_of(integer(0)))
TIMEOUT = Leaf(30000, lambda value: value is None or integer(0)(value))
NUMBER = Leaf(1.5, lambda value: type(value) in (int, float))
DIGITS = Leaf(XUID, lambda value: is_text(value) and re.fullmatch("[0-9]+", value) is not None)
A_GUID = Leaf(GUID, among(GUID))
OBJECT = Leaf({"a": 1}, lambda value: type(value) is dict)
ANYTHING = Leaf({"a": 1}, lambda _: True)
RESTRICTION = Leaf("none", among("none", "local", "followed"))
ADDRESS = Leaf("AQEB", lambda value: is_text(value) and value in ("", "AQEB", "true"))
STATUS = Leaf("found", among("searching", "expired", "found", "failed", "canceled"))
REF = {"scid": A_GUID, "templateName": TEXT, "name": TEXT}

CAPABILITIES = (
    *("connectivity", "suppressPresenceActivityCheck", "gameplay", "large", "connectionRequiredForActiveMembers"),
    *("cloudCompute", "autoPopulateServerCandidates", "userAuthorizationStyle", "crossPlay", "broadcast", "team"),
    *("arbitration", "hasOwners", "searchable", "clientMatchmaking"),
)
INITIALIZATION: dict[str, Any] = {
    "joinTimeout": TIMEOUT,
    "measurementTimeout": TIMEOUT,
    "evaluationTimeout": TIMEOUT,
    "membersNeededToStart": COUNT,
}
CONSTANTS: dict[str, Any] = {
    "version": Leaf(1, integer(1)),
    "maxMembersCount": Leaf(8, integer(1, 10_000)),
    "visibility": Leaf("open", among("private", "visible", "open")),
    "initiators": Leaf([XUID], list_of(DIGITS.is_right)),
    "inviteProtocol": TEXT,
    "capabilities": dict.fromkeys(CAPABILITIES, FLAG),
    "metrics": dict.fromkeys(("latency", "bandwidthDown", "bandwidthUp", "custom"), FLAG),
    "peerToPeerRequirements": {"latencyMaximum": COUNT, "bandwidthMinimum": COUNT},
    "peerToHostRequirements": {
        "latencyMaximum": COUNT,
        "bandwidthDownMinimum": COUNT,
        "bandwidthUpMinimum": COUNT,
        "hostSelectionMetric": Leaf("latency", among("latency", "bandwidth")),
    },
    "measurementServerAddresses": Open({"x": {"secureDeviceAddress": ADDRESS}}),
    "ownershipPolicies": {
        "migration": Leaf("oldest", among("oldest", "endsession")),
        "allowNonOwnerInviteHandles": FLAG,
        "nonOwnerModifiableSystemProperties": TEXTS,
    },
    "cloudComputePackage": {"crossSandbox": FLAG, "titleId": DIGITS, "gsiSet": A_GUID},
}
CONSTANTS_107 = {
    **CONSTANTS,
    "reservedRemovalTimeout": TIMEOUT,
    "inactiveRemovalTimeout": TIMEOUT,
    "readyRemovalTimeout": TIMEOUT,
    "sessionEmptyTimeout": TIMEOUT,
    "memberInitialization": {**INITIALIZATION, "externalEvaluation": FLAG},
}
CONSTANTS_105 = {
    **CONSTANTS,
    "timeouts": dict.fromkeys(("reserved", "inactive", "ready", "sessionEmpty"), TIMEOUT),
    "managedInitialization": {**INITIALIZATION, "autoEvaluate": FLAG},
}
MATCHMAKING: dict[str, Any] = {
    "clientResult": {"status": STATUS, "statusDetails": TEXT, "typicalWait": NUMBER, "targetSessionRef": REF},
    "targetSessionConstants": OBJECT,
    "serverConnectionString": TEXT,
}
PROPERTIES: dict[str, Any] = {
    "keywords": Leaf(["x"], list_of(lambda value: is_text(value) and value != "" and "," not in value)),
    "turn": COUNTS,
    "host": TEXT,
    "joinRestriction": RESTRICTION,
    "readRestriction": RESTRICTION,
    "initializationSucceeded": FLAG,
    "serverConnectionStringCandidates": TEXTS,
    "closed": FLAG,
    "locked": FLAG,
    "allocateCloudCompute": FLAG,
}
PROPERTIES_107 = {**PROPERTIES, "matchmaking": MATCHMAKING, "matchmakingResubmit": FLAG}
PROPERTIES_105 = {**PROPERTIES, "matchmaking": {**MATCHMAKING, "resubmit": FLAG}}
MEMBER_PROPERTIES = {
    "active": FLAG,
    "ready": FLAG,
    "connection": A_GUID,
    "subscription": {"id": A_GUID, "changeTypes": Leaf(["everything"], list_of(among("everything", "host")))},
    "subscriptions": Open({GUID: {"profile": TEXT, "onBehalfOfTitleId": DIGITS}}),
    "secureDeviceAddress": ADDRESS,
    "groups": TEXTS,
    "encounters": TEXTS,
    "RolePreference": Open({"x": Leaf(50, integer(0, 100))}),
    "measurements": Open(
        {"x": {"latency": COUNT, "bandwidthDown": COUNT, "bandwidthUp": COUNT, "custom": OBJECT}},
    ),
    "serverMeasurements": Open({"x": OBJECT}),
}
MEMBER_CONSTANTS = {
    "xuid": DIGITS,
    "initialize": Leaf("false", lambda value: value in ("true", "false") or type(value) is bool),
    "matchmakingResult": {"serverMeasurements": Open({"x": OBJECT})},
}
ROLE = {"max": Leaf(2, integer(1)), "target": Leaf(1, integer(1))}
SERVERS = Open(
    {
        "matchmaking": {
            "constants": {"system": OBJECT, "custom": OBJECT},
            "properties": {
                "system": {
                    "lockId": TEXT,
                    "status": STATUS,
                    "statusDetails": TEXT,
                    "typicalWait": NUMBER,
                    "targetSessionRef": REF,
                },
                "custom": OBJECT,
            },
        },
        "x": {
            "constants": {"system": OBJECT, "custom": OBJECT},
            "properties": {"system": OBJECT, "custom": OBJECT},
        },
    }
)


def body_form(constants: dict[str, Any], properties: dict[str, Any], group: str) -> dict[str, Any]:
    """The form of the body of PUT of a session, with every field that there is."""
    return {
        "constants": {"system": constants, "custom": OBJECT},
        "properties": {"system": properties, "custom": OBJECT},
        "members": {
            "me": {
                "constants": {"system": MEMBER_CONSTANTS, "custom": ANYTHING},
                "properties": {"system": {**MEMBER_PROPERTIES, group: COUNTS}, "custom": OBJECT},
                "roles": Open({"team": TEXT}),
            },
            "reserve_0": {
                "constants": {"system": MEMBER_CONSTANTS, "custom": ANYTHING},
                "roles": Open({"team": TEXT}),
            },
        },
        "servers": SERVERS,
        "roleTypes": Open(
            {
                "team": {
                    "ownerManaged": FLAG,
                    "mutableRoleSettings": Leaf(["max"], list_of(among("max", "target"))),
                    "roles": Open({"red": ROLE}),
                },
            }
        ),
    }


FORM_107 = body_form(CONSTANTS_107, PROPERTIES_107, "initializationGroup")
FORM_105 = body_form(CONSTANTS_105, PROPERTIES_105, "group")
del FORM_105["members"]["reserve_0"], FORM_105["servers"], FORM_105["roleTypes"]  # they are the same as under 107
FORMS: list[tuple[str, str, dict[str, Any]]] = [
    ("107", ONE, FORM_107),
    ("105", ONE, FORM_105),
    ("107", f"{ONE}/properties", FORM_107["properties"]),
    ("104", f"{ONE}/properties", FORM_105["properties"]),
]
"""Contract, path and form of everything that can be written."""

SAMPLES: tuple[Any, ...] = (
    *(None, True, 0, 1, -1, 101, 1.5, 1.0, "", "x", "1", "true", "A,b", "\ud800"),
    *([], [0], [-1], ["x"], [""], [None], {}, {"x": 1}, {"x": None}),
)
NULLABLE = re.compile(
    r"(/constants|/properties|/members/\w+/\w+|/servers/matchmaking/properties|)/system/\w+|/members/me|/servers/\w+|.*/subscriptions/[-0-9]+"
)
"""Where a null removes what is there, or nobody minds."""
RESERVED = ("members", "reserve_0", "constants", "system", "xuid")
"""For whom a reservation is, which cannot be left out."""


NAME = Leaf("lobby", lambda value: is_text(value) and 0 < len(value) < 100 and value.isprintable())
TITLE = Leaf("1719000001", lambda value: DIGITS.is_right(value) or integer(0, 2**32 - 1)(value))
XUIDS = Leaf([XUID], lambda value: list_of(DIGITS.is_right)(value) and value != [])
TO_ONE = {"scid": Leaf(SCID, among(SCID, GUID)), "templateName": NAME, "name": Leaf("one", NAME.is_right)}


def handle_form(kind: str, **fields: Any) -> dict[str, Any]:
    """The form of the body of POST of a handle, with every field that its type has."""
    version = Leaf(1, integer(1, 1))
    return {"type": Leaf(kind, among(kind)), "id": A_GUID, "version": version, "sessionRef": TO_ONE, **fields}


def query_form(**owners: Any) -> dict[str, Any]:
    """The form of the body of a query for activities."""
    return {"type": Leaf("activity", among("activity")), "scid": A_GUID, "owners": owners}


INVITE_ATTRIBUTES = {"titleId": TITLE, "context": TEXT, "contextString": TEXT, "senderString": TEXT}
PEOPLE = {"moniker": Leaf("people", among("people", "favorites")), "monikerXuid": DIGITS}
USERS = Leaf(
    [XUID, int(XUID)], lambda value: list_of(lambda user: DIGITS.is_right(user) or integer(0)(user))(value) and value
)
NAMED = Leaf([{"name": "Kills", "scid": SCID}, {"name": "Level", "titleId": "1719000001"}], lambda value: value == [])
SCIDS = Leaf([{"scid": SCID, "requestedstats": ["Kills", "Level"]}], lambda _: False)
"""No sample is a list of objects with all that they need."""
POSTED: list[tuple[str, str, dict[str, Any]]] = [
    ("107", "/handles", handle_form("activity")),
    ("107", "/handles", handle_form("invite", invitedXuid=DIGITS, inviteAttributes=INVITE_ATTRIBUTES)),
    ("107", "/handles", handle_form("transfer", originSessionRef=TO_ONE)),
    ("107", "/handles/query", query_form(xuids=XUIDS)),
    ("107", "/handles/query", query_form(people=PEOPLE)),
    ("107", f"/serviceconfigs/{SCID}/batch", {"xuids": XUIDS}),
    ("107", f"{TEMPLATES}/lobby/batch", {"xuids": XUIDS}),
    ("1", "/batch", {"requestedusers": USERS, "requestedscids": SCIDS}),
    ("2", "/batch", {"arrangebyfield": Leaf("xuid", among("xuid")), "xuids": USERS, "groups": NAMED, "stats": NAMED}),
]
"""Contract, path and form of everything else that has a body."""
NEEDED = (
    *("type", "sessionRef", "invitedXuid", "originSessionRef", "owners", "xuids"),
    *("requestedusers", "requestedscids", "arrangebyfield"),
)
"""The fields without which such a body says nothing."""


def example(node: Any) -> Any:
    """A value of this form."""
    if isinstance(node, Leaf):
        return node.example
    return {name: example(part) for name, part in node.items()}


def places(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every place of a form, the innermost last."""
    if path:
        yield path, node
    if isinstance(node, dict):
        for name, part in node.items():
            yield from places(part, (*path, name))


def pointer(path: tuple[str, ...]) -> str:
    """The JSON pointer of a place."""
    return "".join(f"/{name}" for name in path)


def put_in(body: Any, path: tuple[str, ...], value: Any) -> Any:
    """A copy of the body with a value in one place."""
    if not path:
        return value
    return {**body, path[0]: put_in(body.get(path[0], {}), path[1:], value)}


def field_of(form: dict[str, Any], place: tuple[str, ...]) -> Any:
    """A body with nothing but the field of a bag in which the place lies, and what cannot be left out."""
    end = place.index("system") + 2 if "system" in place[:-1] else len(place)
    node: Any = form
    for name in place[:end]:
        node = node[name]
    body = put_in({}, RESERVED, "7") if "reserve_0" in place else {}
    return put_in(body, place[:end], example(node))


def is_wrong(path: tuple[str, ...], node: Any, value: Any) -> bool:
    """Whether a value may not stand in a place."""
    if value is None and NULLABLE.fullmatch(pointer(path)) and path != RESERVED:
        return False
    return not node.is_right(value) if isinstance(node, Leaf) else type(value) is not dict


# The kinds of bad requests


def wrong_types() -> Iterator[Bad]:
    """Every place of every body, with every sample that does not belong there."""
    for contract, path, form in FORMS:
        for place, node in places(form):
            field = field_of(form, place)
            for value in SAMPLES:
                if is_wrong(place, node, value):
                    body = json.dumps(put_in(field, place, value)).encode()
                    headers = {"X-Xbl-Contract-Version": contract}
                    yield Bad(400, "PUT", path, body, headers, where=pointer(place))


def unknown_fields() -> Iterator[Bad]:
    """A field too many in every object whose fields are known, also one of another contract or in another case."""
    for contract, path, form in FORMS:
        whole = example(form)
        for place, node in [((), form), *places(form)]:
            if not isinstance(node, dict) or isinstance(node, Open):
                continue
            for name in ("zzz", "", next(iter(node)).swapcase(), "a/b~c", "é"):
                body = json.dumps(put_in(whole, (*place, name), 1)).encode()
                yield Bad(400, "PUT", path, body, {"X-Xbl-Contract-Version": contract}, where=pointer(place) + "/")


def other_contracts() -> Iterator[Bad]:
    """Fields that the other contract knows."""
    fields = {
        "107": [
            "constants/system/timeouts",
            "constants/system/managedInitialization",
            "members/me/properties/system/group",
        ],
        "105": [
            *(f"constants/system/{name}" for name in CONSTANTS_107 if name not in CONSTANTS_105),
            "properties/system/matchmakingResubmit",
            "members/me/properties/system/initializationGroup",
        ],
    }
    for contract, names in fields.items():
        for name in names:
            body = json.dumps(put_in({}, tuple(name.split("/")), {})).encode()
            yield Bad(400, "PUT", ONE, body, {"X-Xbl-Contract-Version": contract}, rule="CALL-6", where=f"/{name}")


def twice(value: Any, path: tuple[str, ...]) -> str:
    """JSON text in which the last name of a path stands twice."""
    items = [
        f"{json.dumps(name)}:{json.dumps(part) if name != path[0] or len(path) == 1 else twice(part, path[1:])}"
        for name, part in value.items()
    ]
    return "{" + ",".join([*items, f"{json.dumps(path[0])}:1"] if len(path) == 1 else items) + "}"


def names_twice() -> Iterator[Bad]:
    """Every name of a body, twice in its object."""
    for contract, path, form in FORMS[:3]:
        whole = example(form)
        for place, _ in places(whole):
            body = twice(whole, place).encode()
            headers = {"X-Xbl-Contract-Version": contract}
            yield Bad(400, "PUT", path, body, headers, rule="CALL-6", where="the body")


def wrong_posts() -> Iterator[Bad]:
    """The same for the rest: values that do not belong there, a field too many, too few, or twice."""
    for contract, path, form in POSTED:
        whole, headers = example(form), {"X-Xbl-Contract-Version": contract}
        for place, node in [((), form), *places(form)]:
            for value in SAMPLES if place else ():
                if is_wrong(place, node, value):
                    body = json.dumps(put_in(whole, place, value)).encode()
                    yield Bad(400, "POST", path, body, headers, where=pointer(place))
            for name in ("zzz", "", "Type", "XUIDS", "a/b~c", "é", "\ud800") if isinstance(node, dict) else ():
                body = json.dumps(put_in(whole, (*place, name), 1)).encode()
                yield Bad(400, "POST", path, body, headers, where=pointer(place) + "/")
            if place:
                yield Bad(400, "POST", path, twice(whole, place).encode(), headers, rule="CALL-6", where="the body")
        for name in form.keys() & set(NEEDED):
            body = json.dumps({field: value for field, value in whole.items() if field != name}).encode()
            yield Bad(400, "POST", path, body, headers, rule="CALL-6", where=f"/{name}")
        for data in (b"", b"{", b"[]", b"null", b"\xff", json.dumps(whole).encode()[:-1]):
            yield Bad(400, "POST", path, data, headers, rule="CALL-6", where="the body")
        large = b"{" + b" " * 1024 * 1024 + b"}"
        yield Bad(413, "POST", path, large, headers, rule="CALL-12", where="the body")


def wrong_handles() -> Iterator[Bad]:
    """Bodies of the right form that this world, or this caller, does not allow."""
    one, missing, hidden = (
        {"scid": SCID, "templateName": template, "name": name}
        for template, name in (("lobby", "one"), ("lobby", "missing"), ("hidden", "one"))
    )
    invite: dict[str, Any] = {"type": "invite", "invitedXuid": "7"}
    cases: list[tuple[int, str, str, dict[str, Any]]] = [
        *((403, who, "HAND-2", {"type": "activity", "sessionRef": one}) for who in ("Ana", "Zoe", "Nil", "server")),
        *((403, "Stacy", "HAND-2", {"type": "activity", "sessionRef": ref}) for ref in (missing, {**one, "name": "x"})),
        *((403, who, "HAND-17", {**invite, "sessionRef": one}) for who in ("Zoe", "Nil")),
        *((403, who, "HAND-17", {"type": "transfer", "sessionRef": one, "originSessionRef": one}) for who in ("Zoe",)),
        (403, "Stacy", "HAND-4", {"type": "transfer", "sessionRef": missing, "originSessionRef": one}),
        (403, "server", "HAND-4", {"type": "transfer", "sessionRef": missing, "originSessionRef": one}),
        (404, "Stacy", "TMPL-1", {"type": "activity", "sessionRef": {**one, "templateName": "nothing"}}),
        (404, "Stacy", "TMPL-1", {**invite, "sessionRef": {**one, "scid": GUID}}),
        (404, "Stacy", "TMPL-1", {"type": "transfer", "sessionRef": one, "originSessionRef": {**one, "scid": GUID}}),
        *((409, "Stacy", "HAND-1", {**invite, "sessionRef": one, "id": taken}) for taken in (HANDLE, EARLY.upper())),
        *((400, "Stacy", "CALL-6", {**invite, "sessionRef": one, name: one}) for name in ("originSessionRef", "name")),
        *(
            (400, "Stacy", "HAND-1", {**invite, "sessionRef": {k: one[k] for k in one if k != gone}})
            for gone in ("scid", "templateName")
        ),
        *(
            (400, "Stacy", "HAND-1", {"type": kind, "sessionRef": hidden})
            for kind in ("Activity", "", None, ["invite"])
        ),
        (400, "Stacy", "HAND-1", {**invite, "sessionRef": one, "id": "00000000-0000-0000-0000-000000000000"}),
        *((501, "Stacy", "SRCH-1", {"type": "search", "sessionRef": one, **more}) for more in ({}, {"zzz": 1})),
    ]
    for status, caller, rule, body in cases:
        yield Bad(status, "POST", "/handles", json.dumps(body).encode(), caller=caller, rule=rule)
    yield Bad(501, "POST", "/handles/query", b'{"type":"search"}', rule="SRCH-3", where="/type")
    for owners in ({}, {"xuids": ["1"], "people": {"moniker": "people", "monikerXuid": "1"}}):
        body = {"type": "activity", "owners": owners}
        yield Bad(400, "POST", "/handles/query", json.dumps(body).encode(), rule="HAND-10", where="/owners")
    for handle in ("7", "x", HANDLE[1:], f"{HANDLE}0", f"%7B{HANDLE}%7D", "%00", "%FF", "x" * 4000, "0" * 36):
        for verb, end in (("GET", ""), ("DELETE", ""), ("GET", "/session"), ("PUT", "/session")):
            yield Bad(400, verb, f"/handles/{handle}{end}", b"{}", rule="HAND-15", where="the URI")
    for verb, end in (("GET", ""), ("DELETE", ""), ("GET", "/session"), ("PUT", "/session")):
        yield Bad(400, verb, f"/handles/{GUID.replace('4', '0').replace('8', '0')}{end}", b"{}", rule="HAND-15")
        yield Bad(404, verb, f"/handles/{GUID}{end}", b"{}", rule="HAND-7", where="the URI")
    yield Bad(403, "DELETE", f"/handles/{HANDLE}", caller="Ana", rule="HAND-8", where="the URI")
    yield Bad(404, "DELETE", f"/handles/{EARLY}", caller="Zoe", rule="HAND-7", where="the URI")
    yield Bad(404, "GET", f"/handles/{EARLY}", caller="Zoe", rule="HAND-7", where="the URI")
    for data in (b'{"zzz":1}', b'{"properties":{"system":{"turn":[7]}}}', b""):
        yield Bad(400, "PUT", f"/handles/{HANDLE}/session", data)
    yield Bad(403, "PUT", f"/handles/{HANDLE}/session", b"{}", caller="Nil", rule="PUT-11")
    yield Bad(403, "PUT", f"/handles/{HANDLE}/session", b'{"servers":{"x":{}}}', rule="SERV-1")


def batch(*users: Any, scid: Any = SCID, stats: Any = ("Kills",)) -> dict[str, Any]:
    """The body of a batch of statistics under contract 1."""
    return {"requestedusers": list(users), "requestedscids": [{"scid": scid, "requestedstats": stats}]}


def grouped(**fields: Any) -> dict[str, Any]:
    """The same under contract 2."""
    return {"arrangebyfield": "xuid", "xuids": [XUID], **fields}


NOTHING: tuple[Any, ...] = ({}, [], None, "Kills")
"""What is neither a list nor an object with something in it."""
SCIDS_AT, STATS_AT = "/requestedscids/0", "/stats/0"
WRONG_BATCHES: list[tuple[int, str, str, str, Any]] = [
    *((400, "1", "STAT-1", "/requestedusers/0", batch(user)) for user in (*WRONG_USERS, {"xuid": XUID})),
    *((400, "1", "STAT-1", "/requestedusers/1", batch(XUID, user)) for user in WRONG_USERS),
    *((400, "1", "STAT-1", f"{SCIDS_AT}/scid", batch(XUID, scid=scid)) for scid in WRONG_SCIDS),
    *((400, "1", "STAT-1", f"{SCIDS_AT}/requestedstats", batch(XUID, stats=names)) for names in NOTHING),
    *((400, "1", "STAT-1", f"{SCIDS_AT}/requestedstats/0", batch(XUID, stats=[name])) for name in WRONG_NAMES),
    *((400, "1", "STAT-1", f"{SCIDS_AT}/requestedstats/1", batch(XUID, stats=["Kills", name])) for name in WRONG_NAMES),
    *(
        (400, "1", "STAT-1", SCIDS_AT, {"requestedusers": [XUID], "requestedscids": [entry]})
        for entry in (*NOTHING, 7, {"scid": SCID}, {"requestedstats": ["Kills"]}, {"zzz": 1}, {"Scid": SCID})
    ),
    (400, "1", "STAT-1", f"{SCIDS_AT}/zzz", put_in(batch(XUID), ("requestedscids",), [{"scid": SCID, "zzz": 1}])),
    *(
        (400, "1", rule, f"/{name}", {**batch(XUID), name: ["Kills"]})
        for name, rule in (("stats", "STAT-13"), ("xuids", "STAT-13"), ("requestedStats", "CALL-6"))
    ),
    (400, "1", "STAT-13", "/arrangebyfield", grouped(stats=[{"name": "Kills", "scid": SCID}])),
    (400, "2", "STAT-13", "/requestedusers", batch(XUID)),
    *(
        (400, "2", "STAT-3", "/arrangebyfield", grouped(arrangebyfield=by))
        for by in ("", "XUID", "scid", None, ["xuid"])
    ),
    *((400, "2", "STAT-3", "/xuids/0", grouped(xuids=[user])) for user in WRONG_USERS),
    (400, "2", "STAT-3", "/xuids", grouped(xuids=[])),
    *(
        (400, "2", "STAT-3", "/stats", grouped(**{field: [] for field in fields}))
        for fields in ((), ("stats",), ("groups",), ("stats", "groups"))
    ),
    *((400, "2", "STAT-3", f"{STATS_AT}/name", grouped(stats=[{"name": name, "scid": SCID}])) for name in WRONG_NAMES),
    *(
        (400, "2", "STAT-3", f"{STATS_AT}/scid", grouped(stats=[{"name": "Kills", "scid": scid}]))
        for scid in WRONG_SCIDS
    ),
    *(
        (400, "2", "STAT-3", f"{STATS_AT}/titleId", grouped(stats=[{"name": "Kills", "titleId": title}]))
        for title in WRONG_USERS
    ),
    *(
        (400, "2", "STAT-3", f"/{field}/0", grouped(**{field: [entry]}))
        for field in ("stats", "groups")
        for entry in (
            *(*NOTHING, 7, {"name": "Kills"}, {"scid": SCID}, {"titleId": "1719000001"}),
            {"name": "Kills", "scid": SCID, "titleId": "1719000001"},
            {"name": "Kills", "titleid": "1719000001", "titleId": "1719000001"},
            {"name": "Kills", "scid": SCID, "zzz": 1},
            {"name": "Kills", "SCID": SCID},
        )
    ),
    *(
        (404, "1", "STAT-7", "/requestedusers", batch(*users))
        for users in (("7",), (0,), (XUID, 2**64 - 1), (f"0{XUID}",))
    ),
    *((404, "1", "STAT-7", f"{SCIDS_AT}/scid", batch(XUID, scid=scid)) for scid in (GUID, GUID.upper())),
    (404, "2", "STAT-7", f"{STATS_AT}/scid", grouped(stats=[{"name": "Kills", "scid": GUID}])),
    (404, "2", "STAT-7", "/groups/0/scid", grouped(groups=[{"name": "Hero", "scid": GUID}])),
    *((404, "2", "STAT-7", "/groups/0", grouped(groups=[{"name": "Hero", "titleId": title}])) for title in ("7", 7, 0)),
    *((404, "2", "STAT-7", STATS_AT, grouped(stats=[{"name": "Kills", "titleid": title}])) for title in ("7", 7)),
    (404, "2", "STAT-7", "/xuids", grouped(xuids=[XUID, "7"], stats=[{"name": "Kills", "scid": SCID}])),
]
"""Status, contract, rule, place, and the body that is spoilt there."""
ONE_BATCH = json.dumps(batch(XUID)).encode()


def wrong_batches() -> Iterator[Bad]:
    """Batches of statistics that ask for what cannot be, in a word that is not theirs, or for what is not there."""
    for status, contract, rule, where, body in WRONG_BATCHES:
        headers = {"X-Xbl-Contract-Version": contract}
        yield Bad(status, "POST", "/batch", json.dumps(body).encode(), headers, rule=rule, where=where)
    for value in ("", "write", "Read", "read,read", "%00", "%C3%BF"):
        yield Bad(400, "POST", f"/batch?operation={value}", ONE_BATCH, rule="STAT-1", where="?operation")


def wrong_headers_of_statistics() -> Iterator[Bad]:
    """Requests for statistics with a header that is spoilt, or of somebody who may not make them."""
    for verb, path, body in (("POST", "/batch", ONE_BATCH), ("GET", STATISTICS, b"")):
        yield Bad(403, verb, path, body, caller="Tester", rule="STAT-6", where="Authorization")
        for tag in ('""', '"old"', '"a", "b"', 'W/"old"'):
            yield Bad(412, verb, path, body, {"If-Match": tag}, rule="CODE-412", where="If-Match")
        for tag in ("", "old", '"', ",", "**", "\xff", "x" * 5000):
            yield Bad(400, verb, path, body, {"If-Match": tag}, rule="PUT-8", where="If-Match")
            yield Bad(400, verb, path, body, {"If-None-Match": tag}, rule="PUT-8", where="If-None-Match")
        for version in ("", "0", "2", "1.0", "1,1", "\xb9", "x" * 5000):
            where = "X-RequestedServiceVersion"
            yield Bad(406, verb, path, body, {where: version}, rule="STAT-7", where=where)
    secrets: list[tuple[str, Any, str]] = [
        ("1", batch(XUID, stats=["Kills", "Secret"]), f"{SCIDS_AT}/requestedstats"),
        ("2", grouped(stats=[{"name": "Secret", "scid": SCID}]), STATS_AT),
        ("2", grouped(stats=[{"name": "Secret", "titleId": "1719000001"}]), STATS_AT),
    ]
    for contract, secret, where in secrets:
        headers, data = {"X-Xbl-Contract-Version": contract}, json.dumps(secret).encode()
        yield Bad(403, "POST", "/batch", data, headers, "Stranger", rule="STAT-6", where=where)
    for contract in "123":
        headers, path = {"X-Xbl-Contract-Version": contract}, STATISTICS.replace("Rate", "Secret")
        yield Bad(403, "GET", path, b"", headers, "Stranger", rule="STAT-6", where="the URI")


def wrong_paths_of_statistics() -> Iterator[Bad]:
    """Users, service configurations and statistics in a path that cannot be, or are not there."""
    users = [XUID, "xuid()", f"xuid({XUID}", f"xuid({XUID}))", f"gt({XUID})", "xuid(me)", "xuid(-1)", "xuid(%D9%A3)"]
    users += [f"xuid({'1' * 21})", "%00", "%FF", "x" * 4000, f"xuid({XUID}%0A)", f"xuid(%20{XUID})"]
    names = [",", "Kills,", ",Kills", "Kills,,Rate", ",".join("abcdefghijk"), "x" * 601, "x" * 20_000, "%2C", "a%2C"]
    names += ["Kills," * 10 + "Kills", f"{'x' * 300},{'y' * 300}", "%C3%A9" * 601]
    wrong = [STATISTICS.replace(f"xuid({XUID})", user) for user in users]
    wrong += [STATISTICS.replace("Kills,Rate", name) for name in names]
    for path in wrong:
        yield Bad(400, "GET", path, rule="STAT-4", where="the URI")
    for old, new in ((XUID, "7"), (XUID, f"0{XUID}"), (SCID, GUID)):
        yield Bad(404, "GET", STATISTICS.replace(old, new), rule="STAT-7", where="the URI")
    for value in ("", "ValueMetadata", "valuemetadata,", "metadata", "%00"):
        headers = {"X-Xbl-Contract-Version": "3"}
        yield Bad(400, "GET", f"{STATISTICS}?include={value}", headers=headers, rule="STAT-4", where="?include")
    for headers in ({}, {"X-Xbl-Contract-Version": "1"}, {"X-Xbl-Contract-Version": "2"}):
        yield Bad(400, "GET", f"{STATISTICS}?include=valuemetadata", headers=headers, rule="STAT-4", where="?include")


def wrong_filters() -> Iterator[Bad]:
    """Queries that ask for what cannot be, for nothing in particular, or for what is not theirs to know."""
    wrong = {
        "keyword": ("", ",", "a,b"),
        "xuid": ("", "x", "-1", "1.0", "%D9%A3", "1" * 21, f"xuid({XUID})", f"{XUID},1"),
        "reservations": ("", "1", "false", "True", "true,true"),
        "inactive": ("", "1", "false", "TRUE"),
        "private": ("", "1", "false", "yes"),
        "visibility": ("", "shown", "open,full", "open%20", "true"),
        "version": ("", "0", "-1", "1.5", "2147483648", "x", "%C3%BF"),
        "take": ("", "-1", "101", "1e1", "x", "%C2%B2", "0x1"),
        "include": ("", "relatedInfo,", "relatedinfo", "roleInfo", "relatedInfo, customProperties", "%00"),
    }
    body = json.dumps({"type": "activity", "owners": {"xuids": [XUID]}}).encode()
    targets = [
        ("GET", f"/serviceconfigs/{SCID}/sessions", b"", f"xuid={XUID}"),
        ("GET", f"{TEMPLATES}/lobby/sessions", b"", f"xuid={XUID}"),
        ("POST", f"/serviceconfigs/{SCID}/batch", json.dumps({"xuids": [XUID]}).encode(), ""),
        ("POST", f"{TEMPLATES}/lobby/batch", json.dumps({"xuids": [XUID]}).encode(), ""),
        ("POST", "/handles/query", body, f"xuid={XUID}"),
    ]
    for verb, path, data, user in targets:
        for name, values in wrong.items():
            known = name != "include" if path != "/handles/query" else True
            known = known and not (name == "xuid" and path.endswith("batch"))
            rule = "CALL-14" if not known else "HAND-11" if name == "include" else "FIND-5"
            for value in values:
                others = f"{user}&" if user and name != "xuid" else ""
                yield Bad(400, verb, f"{path}?{others}{name}={value}", data, rule=rule, where=f"?{name}")
        for flag in ("private", "reservations"):
            yield Bad(403, verb, f"{path}?{user}&{flag}=true", data, caller="Zoe", rule="FIND-4", where=f"?{flag}")
        yield Bad(400, verb, f"{path}?{user}&visibility=private", data, rule="FIND-5", where="?visibility")
        for contract, most in (("104", 4), ("105", 5), ("107", 7), ("200", 7)):
            headers = {"X-Xbl-Contract-Version": contract}
            target = f"{path}?{user}&version={most + 1}"
            yield Bad(400, verb, target, data, headers, rule="FIND-5", where="?version")
        for text in ("keyword=%FF", "%FF=a", "keyword=%C3", "%C3=%28"):
            yield Bad(400, verb, f"{path}?{user}&{text}", data, rule="CALL-14", where="the URI")
        if verb == "GET":
            yield Bad(400, verb, f"{path}?visibility=open", rule="FIND-2", where="?keyword")
            yield Bad(400, verb, f"{path}?keyword=x&inactive=true", rule="FIND-10", where="?inactive")
            yield Bad(403, verb, f"{path}?keyword=x&private=true", rule="FIND-4", where="?private")
        for scid, template in ((GUID, "lobby"), (SCID, "nothing")):
            if SCID in path and (template == "lobby" or TEMPLATES in path):
                other = path.replace(SCID, scid).replace("lobby", template)
                yield Bad(404, verb, f"{other}?{user}", data, rule="TMPL-1", where="the URI")


def no_numbers() -> Iterator[Bad]:
    """What JSON does not call a number, or is too large for one, in every place of a body."""
    tokens = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", str(2**64), str(-(2**63) - 1), "1" * 5000]
    others = ["01", "+1", ".5", "1.", "0x10", "1_000", "1e", "--1", "nan", "inf", "-", "1,5", "٣", "½"]
    whole = example(FORM_107)
    for index, (place, _) in enumerate(places(FORM_107)):
        for token in tokens if index % 8 else tokens + others:
            body = json.dumps(put_in(whole, place, "here")).replace('"here"', token).encode()
            yield Bad(400, "PUT", ONE, body, rule="CALL-6", where="the body")


VALID = json.dumps(
    {
        "properties": {"system": {"turn": [0]}, "custom": {"a": [1.5, None, "\u00e9\\"], "é": {}}},
        "members": {"me": {"properties": {"system": {"active": True}}}},
    },
    ensure_ascii=False,
).encode()


def broken_off() -> Iterator[Bad]:
    """A valid body, less its end."""
    for length in range(len(VALID)):
        yield Bad(400, "PUT", ONE, VALID[:length], rule="CALL-6", where="the body")


def spoilt_bytes() -> Iterator[Bad]:
    """A valid body with one byte that no JSON text has, in every position."""
    for position in range(len(VALID)):
        for byte in (b"\xff", b"\x00", b"\xc0"):
            body = VALID[:position] + byte + VALID[position + 1 :]
            yield Bad(400, "PUT", ONE, body, rule="CALL-6", where="the body")


def no_objects() -> Iterator[Bad]:
    """Bodies that are not JSON, not UTF-8, or JSON but no object."""
    texts = ["", " ", "\n", "null", "true", "1", '""', '"{}"', "[]", "[{}]", "{}{}", "{},", "{}x", "{x:1}", "{'x':1}"]
    texts += [
        "{'x'}",
        '{"x"}',
        '{"x":}',
        "{:1}",
        '{"x":1,}',
        "{,}",
        "// {}",
        "{}/**/",
        "\ufeff{}",
        "undefined",
        "x=1&y=2",
    ]
    texts += ['{"x":"\\u12"}', '{"x":"\\x"}', '{"x":"\t"}', "<x/>", "---", "%7B%7D", "\0", "\x1b[A"]
    bodies = [text.encode() for text in texts]
    bodies += [b"\xff\xfe{\0}\0", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"]
    bodies += ["{}".encode(code) for code in ("utf-16", "utf-32", "utf-7") if code != "utf-7"]
    for path in (ONE, f"{ONE}/properties", MISSING):
        for body in bodies:
            yield Bad(400, "PUT", path, body, rule="CALL-6", where="the body")


def deep_bodies() -> Iterator[Bad]:
    """Bodies that are deeper than they may be, closed or not."""
    for opening, ending in (("[", "]"), ('{"a":', "}"), ('[{"a":', "}]"), ('{"":[', "]}")):
        for depth in (65, 66, 100, 1_000, 10_000, 60_000):
            for start, end in (('{"properties":{"custom":{"a":', "}}}"), ("", ""), ('{"x":"]]","y":', "}")):
                whole = start + opening * depth + "1" + ending * depth + end
                yield Bad(400, "PUT", ONE, whole.encode(), rule="CALL-12", where="the body")
                yield Bad(400, "PUT", ONE, whole.replace("1", "{}").encode(), rule="CALL-12", where="the body")
                yield Bad(400, "PUT", ONE, (start + opening * depth).encode(), where="the body")


def huge_bodies() -> Iterator[Bad]:
    """Bodies of more than a mebibyte."""
    most = 1024 * 1024
    for body in (b"{" + b" " * most + b"}", b"x" * (most + 1), b"[" * (most + 1), b"\0" * (2 * most)):
        for path in (ONE, f"{ONE}/properties", MISSING):
            yield Bad(413, "PUT", path, body, rule="CALL-12", where="the body")


GIVEN = {
    "scid": SCID,
    "template": "lobby",
    "name": "one",
    "index": 0,
    "server": "x",
    "id": HANDLE,
    "xuid": f"xuid({XUID})",
    "names": "Kills,Rate",
}
PATHS = sorted({route.path.format(**GIVEN) for route in ROUTES})


def verbs_of(path: str) -> set[str]:
    """The verbs that a path takes: those of the routes which fit with the fewest names in them."""
    fitting = [route for route in ROUTES if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route.path), path)]
    fewest = min(route.path.count("{") for route in fitting)
    return {route.method for route in fitting if route.path.count("{") == fewest}


VERBS = {path: verbs_of(path) for path in PATHS}
BODIED = [(route.method, route.path.format(**GIVEN)) for route in ROUTES if route.has_body]
EVERY_ROUTE = [(method, path) for path in PATHS for method in sorted(VERBS[path])]


def wrong_verbs() -> Iterator[Bad]:
    """Verbs that a path does not take, some of them of nobody's."""
    verbs = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "LINK", "BREW", "X-Y", "!"]
    for path in PATHS:
        for verb in verbs:
            if verb not in VERBS[path]:
                yield Bad(405, verb, path, rule="CALL-7", where="the URI")


def unknown_paths() -> Iterator[Bad]:
    """Paths that lie near those that there are."""
    changed = [f"{path}{end}" for path in PATHS for end in ("/x/y/z", "/%2F/", "/a/b/c/d")]
    changed += [path[:-1] for path in PATHS if path[-1] not in "01exy"]
    changed += [f"{path[:5]}/{path[5:]}" for path in PATHS]
    changed += [
        path.replace("/serviceconfigs", prefix)
        for path in PATHS
        if path.startswith("/serviceconfigs")
        for prefix in (
            "",
            "/v1/serviceconfigs",
            "/serviceconfig",
            "/service%20configs",
            "/%73erviceconfigs/",
        )
    ]
    changed += [
        path.replace("sessiontemplates", name)
        for path in PATHS
        if TEMPLATES in path
        for name in ("templates", "sessiontemplates%C2%B9", "sess%C4%B1ontemplates", "sessiontemplate%C5%BF")
    ]
    changed += [f"/v1{path}" for path in ("/batch", STATISTICS)]
    changed += [STATISTICS.replace("/stats/", name) for name in ("/stat/", "/statistics/", "/stats//", "/")]
    changed += [
        "/",
        "/%00",
        "/..",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e",
        "/*",
        "/favicon.ico",
        "/users/xuid(1)",
    ]
    changed += [
        f"{ONE}/{name}"
        for name in (
            "member",
            "members/",
            "members/0/x",
            "servers",
            "roleTypes",
            "properties/custom",
            "constants/",
            "x",
        )
    ]
    changed += ["/" + "x" * 5000, "/x" * 500, "/" + "%C3%A9" * 500]
    for path in changed:
        for verb in ("GET", "PUT", "DELETE"):
            yield Bad(404, verb, path, b"{}", rule="CALL-7", where="the URI")


def unnameable() -> Iterator[Bad]:
    """Names in a path that nothing can have."""
    names = [
        "",
        "%00",
        "a%0Ab",
        "%0D%0A",
        "%7F",
        "%1B%5BA",
        "%FF",
        "%C3%28",
        "%ED%A0%80",
        "%C0%80",
        "x" * 100,
        "x" * 4000,
    ]
    names += [
        "%E2%80%8B",
        "%E2%80%AE",
        "%EF%BB%BF",
        "%C2%A0",
        "%E2%80%A8",
        "%EF%BF%BD",
        "%F3%A0%80%81",
        "%CD%B8",
        "%09",
    ]
    for name in names:
        for verb, path in (
            ("GET", f"{TEMPLATES}/{name}"),
            ("PUT", f"{TEMPLATES}/{name}/sessions/one"),
            ("PUT", f"{TEMPLATES}/lobby/sessions/{name}"),
            ("GET", f"{TEMPLATES}/lobby/sessions/{name}"),
            ("PUT", f"{TEMPLATES}/lobby/sessions/{name}/properties"),
            ("GET", f"{ONE}/servers/{name}"),
            ("DELETE", f"{ONE}/servers/{name}"),
            ("DELETE", f"{ONE}/members/{name}"),
        ):
            yield Bad(404, verb, path, b"{}", rule="CALL-15" if name else "CALL-7", where="the URI")
    for name in (
        "..",
        ".",
        "x",
        "%2A",
        SCID[1:],
        f"{SCID}0",
        f"%7B{SCID}%7D",
        SCID.replace("-", "_"),
        "%00",
        "%FF",
        "%0A",
        "",
    ):
        for verb, path in ((verb, path) for verb, path in EVERY_ROUTE if SCID in path):
            rule = "CALL-5" if name else "CALL-7"
            yield Bad(404, verb, path.replace(SCID, name), b"{}", rule=rule, where="the URI")
    for name in ("x", "-1", "00", "1.0", "1e0", "%20", "%D9%A3", "me%20", "null"):
        for verb in ("GET", "DELETE"):
            yield Bad(404, verb, f"{ONE}/members/{name}", rule="CODE-404", where="the URI")


def wrong_contracts() -> Iterator[Bad]:
    """A contract version that is none, for every operation."""
    for version in (
        "",
        "0",
        "1",
        "103",
        "-107",
        "+107",
        "107.0",
        "1e2",
        "0x6B",
        "107,107",
        "v107",
        "NaN",
        "\xb2",
        "9" * 100,
    ):
        for verb, path in EVERY_ROUTE:
            headers, where = {"X-Xbl-Contract-Version": version}, "X-Xbl-Contract-Version"
            if path not in ("/batch", STATISTICS):
                yield Bad(400, verb, path, b"{}", headers, rule="CALL-2", where=where)
            elif version != "1":
                yield Bad(406, verb, path, b"{}", headers, rule="STAT-7", where=where)
    for version in ("4", "104", "105", "107", "01", "1 ", "3,3"):
        for verb, path in (("POST", "/batch"), ("GET", STATISTICS)):
            headers = {"X-Xbl-Contract-Version": version}
            yield Bad(406, verb, path, b"{}", headers, rule="STAT-7", where="X-Xbl-Contract-Version")
    yield Bad(406, "POST", "/batch", b"{}", {"X-Xbl-Contract-Version": "3"}, rule="STAT-7")


def wrong_callers() -> Iterator[Bad]:
    """An Authorization that is of nobody's, for every operation."""
    values = [
        "",
        "x",
        "Bearer x",
        "Basic eDp4",
        "XBL3.0",
        "XBL3.0 x=",
        "XBL3.0 x=;",
        "XBL3.0 x=a",
        "XBL3.0 x=a;",
        "XBL3.0 x=a;b",
    ]
    values += [
        f"XBL3.0 x={XUID};b",
        "XBL3.0 x=a;b;c",
        "XBL3.0  x=a;b",
        "\xff\xfe",
        "XBL3.0 x=\xe9;\xe9",
        "Z" * 5000,
        "XBL3.0 x=" + "y" * 5000,
    ]
    for value in values:
        for verb, path in EVERY_ROUTE:
            headers = {"Authorization": value}
            yield Bad(401, verb, path, b"{}", headers, caller="", rule="CALL-3", where="Authorization")
    for verb, path in EVERY_ROUTE:
        yield Bad(401, verb, path, b"{}", caller="", rule="CALL-3", where="Authorization")
        yield Bad(401, verb, path, b"{}", caller="somebody else's", rule="CALL-3", where="Authorization")


def wrong_content_types() -> Iterator[Bad]:
    """A body that says it is something else."""
    types = [
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "json",
        "*/*",
        "x",
        "/",
        "\xff",
    ]
    types += [
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/json+xml",
        "image/png",
    ]
    for value in types:
        for verb, path in (*BODIED, ("PUT", MISSING)):
            yield Bad(400, verb, path, b"{}", {"Content-Type": value}, rule="CALL-13", where="Content-Type")


def missing(path: str) -> str:
    """The same path of a session that is not there."""
    return path.replace("/one", "/missing").replace(HANDLE, EARLY)


ETAGS = ('""', '"old"', 'W/"old"', '"a", "b"', '"*"')
"""Those of the tags below that have the form of one."""


def failing_preconditions() -> Iterator[Bad]:
    """An If-Match that no session satisfies, or an If-None-Match that this one does."""
    tags = [
        "",
        '""',
        '"old"',
        "old",
        'W/"old"',
        '"',
        '"a", "b"',
        ",",
        '"*"',
        "**",
        "*x",
        "\xff",
        "é" * 50,
        '"' * 99,
        "W/",
        "x" * 5000,
    ]
    targets = [
        (verb, path)
        for verb, path in EVERY_ROUTE
        if ("/sessions/" in path or path.endswith(f"{HANDLE}/session"))
        and (verb, path) != ("DELETE", f"{ONE}/members/0")
    ]
    for tag in tags:
        for verb, path in targets:
            for written in (path, missing(path)):
                status = 412 if tag in ETAGS else 400
                yield Bad(status, verb, written, b"{}", {"If-Match": tag}, rule="PUT-8", where="If-Match")
    for verb, path in targets:
        yield Bad(412, verb, missing(path), b"{}", {"If-Match": "*"}, rule="PUT-8", where="If-Match")
        if verb != "GET":
            yield Bad(412, verb, path, b"{}", {"If-None-Match": "*"}, rule="PUT-8", where="If-None-Match")


def wrong_queries() -> Iterator[Bad]:
    """Query parameters that an operation does not take, and flags that are not `true`."""
    unknown = [
        "x=1",
        "x",
        "=",
        "=1",
        "%C3%BF=1",
        "nocommit%20=true",
        "NoCommit=true",
        "take=1&take=2",
        "a=1;b=2",
        "?",
        "[]=1",
        "+=1",
        "%",
    ]
    for verb, path in EVERY_ROUTE:
        queries = [
            *unknown,
            "nocommit=false",
            "nocommit",
            "nocommit=",
            "nocommit=TRUE",
            "nocommit=1",
            "nocommit=true&nocommit=false",
            "nocommit=%00",
        ]
        if verb != "PUT":
            queries.append("nocommit=true")
        for query in queries:
            yield Bad(400, verb, f"{path}?{query}", b"{}", rule="CALL-14", where="?")


def reserve(*numbers: object) -> dict[str, Any]:
    """A body with reservations."""
    return {"members": {f"reserve_{n}": {"constants": {"system": {"xuid": "1"}}} for n in numbers}}


def against_the_rules() -> Iterator[Bad]:
    """Bodies of the right form that this session, or this caller, does not allow."""
    system: Callable[..., dict[str, Any]] = lambda **fields: {"properties": {"system": fields}}  # noqa: E731
    constants: Callable[..., dict[str, Any]] = lambda **fields: {"constants": {"system": fields}}  # noqa: E731
    server: dict[str, Any] = {"servers": {"x": {}}}
    cases: list[tuple[int, str, str, str, Any]] = [
        *(
            (409, "Stacy", ONE, "TMPL-4", constants(**{name: value}))
            for name, value in (
                ("version", 9),
                ("maxMembersCount", 9),
                ("visibility", "private"),
                ("inviteProtocol", None),
                ("sessionEmptyTimeout", 1),
                ("initiators", []),
                ("metrics", {}),
            )
        ),
        *(
            (409, "Stacy", MISSING, "TMPL-3", constants(**{name: value}))
            for name, value in (("version", 9), ("maxMembersCount", None))
        ),
        (409, "Stacy", ONE, "TMPL-4", {"constants": {"custom": {"a": 1}}}),
        (409, "Stacy", MISSING, "TMPL-10", constants(capabilities={"gameplay": True})),
        (409, "Stacy", ONE, "MEMB-6", {"members": {"me": {"constants": {"custom": {"a": 1}}}}}),
        (409, "server", ONE, "MEMB-5", {"members": {"7": None}}),
        *((400, "Stacy", ONE, "MEMB-3", reserve(*numbers)) for numbers in ((1,), (0, 2), (5, 6), (999_999,))),
        *((400, "Stacy", ONE, "", reserve(number)) for number in ("", "x", "-1", "00", "1.0", "1000000", "\u0660")),
        (400, "Stacy", FULL, "JOIN-8", reserve(0)),
        (400, "Zoe", FULL, "JOIN-8", {}),
        (400, "Stacy", ONE, "MEMB-8", me(active=True, ready=True)),
        (400, "Stacy", ONE, "PROP-3", system(turn=[0, 7])),
        (400, "Stacy", ONE, "JOIN-5", system(locked=True)),
        (400, "Stacy", ONE, "JOIN-3", system(readRestriction="local")),
        (400, "Stacy", ONE, "PROP-6", system(initializationSucceeded=True)),
        (400, "Stacy", ONE, "PROP-7", system(matchmaking={"clientResult": {"status": "found"}})),
        (400, "Stacy", HIDDEN, "PROP-2", system(keywords=["x"])),
        (400, "Stacy", HIDDEN, "MEMB-10", me(secureDeviceAddress="AAAA")),
        (400, "Stacy", ONE, "MEMB-13", me(measurements={"x": {}})),
        (400, "Stacy", ONE, "MEMB-13", me(initializationGroup=[99])),
        (400, "Stacy", ONE, "ROLE-2", {"members": {"me": {"roles": {"team": "blue"}}}}),
        (403, "Stacy", ONE, "SERV-1", server),
        (403, "Stacy", ONE, "MEMB-5", {"members": {"0": None}}),
        (403, "Stacy", ONE, "MEMB-6", {"members": {"me": {"constants": {"system": {"xuid": "1"}}}}}),
        (403, "server", ONE, "MEMB-18", {"members": {"me": {}}}),
        (403, "Zoe", HIDDEN, "JOIN-8", {}),
        (403, "Zoe", SHOWN, "JOIN-8", {}),
        (403, "Zoe", f"{SHOWN}/properties", "JOIN-8", {}),
        (403, "Zoe", HIDDEN, "JOIN-7", {"members": {"me": None}}),
        (403, "Nil", ONE, "PUT-11", {}),
        (403, "Nil", MISSING, "PUT-11", {}),
        (404, "Stacy", f"{MISSING}/properties", "CODE-404", {}),
        (404, "Stacy", MISSING.replace("lobby", "nothing"), "TMPL-1", {}),
        (404, "Stacy", MISSING.replace(SCID, GUID), "TMPL-1", {}),
        (501, "Stacy", MISSING.replace("lobby", "large"), "BIG-1", {}),
        (501, "Stacy", ONE, "PROP-8", system(allocateCloudCompute=True)),
        (501, "Stacy", ONE, "ROLE-3", {"roleTypes": {"team": {}}}),
        (501, "Stacy", ONE, "SRCH-1", {"searchHandleVisibility": "public"}),
        (501, "Stacy", ONE, "SRCH-1", {"description": None}),
    ]
    for status, caller, path, rule, body in cases:
        yield Bad(status, "PUT", path, json.dumps(body).encode(), caller=caller, rule=rule)
        if rule != "CODE-404":
            yield Bad(status, "PUT", f"{path}?nocommit=true", json.dumps(body).encode(), caller=caller, rule=rule)
    for path in (HIDDEN, f"{HIDDEN}/constants", f"{HIDDEN}/members/0", f"{HIDDEN}/members/me", f"{HIDDEN}/servers/x"):
        yield Bad(403, "GET", path, caller="Zoe", rule="JOIN-7")
        yield Bad(404, "GET", path.replace("hidden", "nothing"), rule="TMPL-1")
    for element in ("members/me", "members/0", "servers/x", "constants", "properties"):
        yield Bad(404, "GET", f"{MISSING}/{element}", rule="CODE-404")
    for element, rule in (("members/0", "MEMB-5"), ("members/7", "MEMB-5"), ("servers/x", "SERV-1")):
        yield Bad(403, "DELETE", f"{ONE}/{element}", rule=rule)
        yield Bad(404, "DELETE", f"{MISSING}/{element}", caller="server", rule="CODE-404")


def half_characters() -> Iterator[Bad]:
    """Lone surrogates, which JSON can write and no encoding can, as names where none is known."""
    whole = example(FORM_107)
    for half in ("\ud800", "\udfff", "é\udc80x", "\udc00\ud800"):
        for place, node in [((), FORM_107), *places(FORM_107)]:
            if isinstance(node, dict) and not isinstance(node, Open):
                body = json.dumps(put_in(whole, (*place, half), 1)).encode()
                yield Bad(400, "PUT", ONE, body, where=pointer(place) + "/")
        others: list[tuple[int, Any]] = [
            (400, {"servers": {half: 1}}),
            (400, {"roleTypes": {half: {}}}),
            (400, {"members": {"me": {"roles": {half: "red"}}}}),
            (400, me(RolePreference={half: -1})),
            (409, {"constants": {"custom": {half: 1}}}),
        ]
        for status, value in others:
            yield Bad(status, "PUT", ONE, json.dumps(value).encode())


def unprintable() -> Iterator[Bad]:
    """Names that would break the lines of a refusal, if they were let into it as they are."""
    for name in ("a\nrule: CALL-1", "\r\nX-Injected: yes", "\x1b[2J", "\x00", "\u2028", "\u202e", "\x85"):
        yield Bad(404, "GET", f"/{quote(name)}", rule="CALL-7", where="the URI")
        yield Bad(404, "GET", TEMPLATES + quote(name), rule="CALL-7", where="the URI")
        yield Bad(
            405, f"BR{name.strip()}EW" if name.strip().isprintable() else "É", ONE, rule="CALL-7", where="the URI"
        )
        yield Bad(400, "GET", f"{ONE}?{quote(name)}=1", rule="CALL-14", where="?")
        for place in ((), ("properties",), ("members",), ("members", "me", "properties", "system")):
            body = json.dumps(put_in({}, (*place, name), 1)).encode()
            yield Bad(400, "PUT", ONE, body, rule="CALL-6", where=pointer(place) + "/")
        yield Bad(400, "PUT", ONE, json.dumps({"servers": {name: 1}}).encode(), rule="CALL-6", where="/servers/")
        yield Bad(409, "PUT", ONE, json.dumps({"constants": {"custom": {name: 1}}}).encode(), rule="TMPL-4")


def long_names() -> Iterator[Bad]:
    """Names that would make a header too long, if they were let into it whole."""
    for name in ("x" * 20_000, "é" * 7_000, "🎮" * 5_000):
        yield Bad(404, "GET", f"/{quote(name)}", rule="CALL-7", where="the URI")
        yield Bad(400, "GET", f"{ONE}?{quote(name)}=1", rule="CALL-14", where="?")
        for place in ((), ("properties", "system"), ("members", "me")):
            body = json.dumps(put_in({}, (*place, name), 1)).encode()
            yield Bad(400, "PUT", ONE, body, rule="CALL-6", where=pointer(place) + "/")
        yield Bad(400, "PUT", ONE, json.dumps({"servers": {name: 1}}).encode(), rule="CALL-6", where="/servers/")
        yield Bad(409, "PUT", ONE, json.dumps({"constants": {"custom": {name: 1}}}).encode(), rule="TMPL-4")


KINDS: dict[str, Kind] = {
    kind.__name__.replace("_", " "): kind
    for kind in (
        wrong_types,
        unknown_fields,
        other_contracts,
        names_twice,
        wrong_posts,
        wrong_handles,
        wrong_batches,
        wrong_headers_of_statistics,
        wrong_paths_of_statistics,
        wrong_filters,
        no_numbers,
        broken_off,
        spoilt_bytes,
        no_objects,
        deep_bodies,
        huge_bodies,
        wrong_verbs,
        unknown_paths,
        unnameable,
        wrong_contracts,
        wrong_callers,
        wrong_content_types,
        failing_preconditions,
        wrong_queries,
        against_the_rules,
        half_characters,
        unprintable,
        long_names,
    )
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


# The world, and how it is called


@pytest.fixture
def world(xbl: XboxLive) -> XboxLive:
    """A world with people, templates, and sessions of which one is gone again."""
    stacy, ana, zoe = xbl.user("Stacy", xuid=XUID), xbl.user("Ana"), xbl.user("Zoe")
    xbl.user("Nil", privileges=())
    xbl.follow(zoe, stacy, favorite=True)
    server = xbl.client(xbl.service("server"))
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    xbl.templates.add("shown", {"constants": {"system": {"visibility": "visible"}}}, contract=105)
    xbl.templates.add("full", {"constants": {"system": {"maxMembersCount": 2}}})
    xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready"}, properties={"custom": {"a": [1]}})
    server.put(ONE, json={"servers": {"x": {"properties": {"custom": {"b": {}}}}}})
    xbl.sessions.create("full", name="one", members={stacy: "active", ana: "reserved"})
    xbl.sessions.create("hidden", name="one", members=[stacy])
    xbl.sessions.create("shown", name="one", members=[stacy, ana])
    xbl.sessions.create("ticket", name="gone", members=[ana])
    xbl.client(ana).delete(f"{TEMPLATES}/ticket/sessions/gone/members/me")
    for handle, name in ((HANDLE, "one"), (EARLY, "missing")):
        ref = {"scid": SCID, "templateName": "lobby", "name": name}
        body = {"id": handle, "type": "invite", "invitedXuid": ana.xuid, "sessionRef": ref}
        assert xbl.client(stacy).post("/handles", json=body).status_code == 201
    xbl.handles.create("activity", (SCID, "hidden", "one"), owner=stacy)
    xbl.user("Stranger", title_id="7")
    xbl.user("Tester", sandbox="XDKS.1")
    xbl.stats.define("Secret", access="restricted")
    xbl.stats.set(stacy, {"Kills": 7, "Rate": 0.5, "Secret": "x"}, metadata={"Kills": {"a": [1]}})
    xbl.stats.set(ana, {"Kills": 3})
    return xbl


def headers_of(xbl: XboxLive, bad: Bad) -> dict[str, str]:
    """All headers of a request but Host and Content-Length."""
    headers = {} if bad.target.startswith(("/batch", "/users/")) else {"X-Xbl-Contract-Version": "107"}
    if bad.caller == "somebody else's":
        headers["Authorization"] = f"XBL3.0 x={XUID};{person(xbl, 'Zoe').token}"
    elif bad.caller:
        headers["Authorization"] = person(xbl, bad.caller).authorization
    return {**headers, **bad.headers}


def call(xbl: XboxLive, bad: Bad) -> Reply:
    """The answer of the app."""
    path, _, query = bad.target.partition("?")
    raw = {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query}
    method = bad.method.encode().decode("latin-1")
    headers = headers_of(xbl, bad)
    answer = xbl.client().open("/", method=method, headers=headers, data=bad.body, environ_overrides=raw)
    return Reply(answer.status_code, dict(answer.headers), answer.data)


def speak(xbl: XboxLive, bad: Bad) -> Reply:
    """The answer over a socket of its own."""
    address = urlsplit(xbl.url)
    headers = {"Host": "localhost", **headers_of(xbl, bad), "Content-Length": str(len(bad.body)), "Connection": "close"}
    head = [f"{bad.method} {bad.target} HTTP/1.1".encode()]
    head += [f"{name}: {value}".encode("latin-1") for name, value in headers.items()]
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=PATIENCE) as connection:
        connection.sendall(b"\r\n".join([*head, b"", bad.body]))
        with HTTPResponse(connection) as response:
            response.begin()
            return Reply(response.status, dict(response.getheaders()), response.read())


REFUSAL = re.compile(r"([^\n]+)\nwhere: ([^\n]+)\nrule: ([A-Z]+-[0-9A-Z]+)\n")
LINE = re.compile(r"([A-Z]+-[0-9A-Z]+) at (.+?): (.+)")


def complaint(bad: Bad, reply: Reply) -> str:
    """What is wrong with an answer; "" if it is as it should be."""
    line = LINE.fullmatch(reply.headers.get("X-Xbl-Refusal", ""))
    if reply.status != bad.status or reply.status not in DOCUMENTED or line is None:
        return f"{reply.status} instead of {bad.status}, {reply.headers.get('X-Xbl-Refusal', '')[:200]!r}"
    if len(line[0]) > LONGEST_HEADER or not line[0].isascii() or not line[0].isprintable():
        return f"a header of {len(line[0])} characters, {line[0][:200]!r}"
    if line[1] not in RULES or bad.rule not in ("", line[1]):
        return f"the rule {line[1]} instead of {bad.rule}, {line[0][:200]!r}"
    return complaint_about_body(bad, reply, line[1])


def complaint_about_body(bad: Bad, reply: Reply, rule: str) -> str:
    """The same for the body: a text that says what, where and which rule, or a session that may be shown."""
    if reply.headers["Content-Type"] == "application/json; charset=utf-8":
        shown = json.loads(reply.body)
        fits = reply.status in (403, 412) and "ETag" in reply.headers and shown["membersInfo"]
        return "" if fits else f"a session that it should not show, {reply.body[:200]!r}"
    text = REFUSAL.fullmatch(reply.body.decode())
    if text is None or not all(part.isprintable() for part in text.groups()):
        return f"a text that is no refusal, {reply.body[:200]!r}"
    if text[3] != rule or not text[2].startswith(bad.where):
        return f"where: {text[2][:200]} instead of {bad.where}"
    return "" if reply.headers["Content-Type"] == "text/plain; charset=utf-8" else reply.headers["Content-Type"]


def content(session: Session | None) -> dict[str, Any]:
    """All that a session holds, but for texts that are kept of it."""
    return {name: part for name, part in vars(session).items() if name != "_kept"} if session else {}


def fingerprint(xbl: XboxLive) -> str:
    """Everything that the world holds, in full, past kept texts: it tells if anything was changed in place."""
    state = xbl._world._state
    sessions = [(key, record.incarnation, content(record.session)) for key, record in state.records.items()]
    histories = [
        [(v.operation, v.effects) for v in xbl._world.history(s.ref)]
        for s in (r.session for r in xbl._world._state.records.values() if r.session)
    ]
    documents = [
        document(session, contract=c)
        for session in (r.session for r in xbl._world._state.records.values() if r.session)
        for c in (105, 107)
    ]
    templates = [render_template(template, contract=107) for template in state.templates.values()]
    handles = [vars(handle) for handle in state.handles.values()]
    given = (state.names_given, state.handles_given)
    people = (state.users, state.services, state.names, state.tokens)
    statistics = (state.titles, state.definitions, state.statistics, state.values, state.sandbox)
    relations = (state.follows, state.favorites, state.blocks, state.absent)
    return repr((state.now, sessions, histories, documents, templates, handles, given, people, statistics, relations))


@every_kind
def test_a_bad_request_is_refused_and_changes_nothing(world: XboxLive, kind: Kind) -> None:
    """Each gets its documented status, a text with place and rule, and finds the world as it was.

    Not one of them is answered with a 500 (CALL-6, CALL-7, CODE-400, PUT-10).
    """
    complaints = []
    before = fingerprint(world)
    remembered = world._world._state.copy()
    for bad in kind():
        why = complaint(bad, call(world, bad))
        if world._world._state != remembered:
            why += " and a change of the world"
            remembered = world._world._state.copy()
        if why:
            complaints.append(
                f"{bad.method} {bad.target[:150]} {bad.where} {bad.headers} {bad.body[-200:]!r}: {why}"[:700]
            )
    assert world.app.crashes == []
    assert not complaints, f"{len(complaints)} complaints:\n" + "\n".join(complaints[:10])
    assert fingerprint(world) == before


@every_kind
def test_a_bad_request_over_a_socket_is_answered_in_the_same_way(world: XboxLive, kind: Kind) -> None:
    """A few of each kind, and after each the server still answers."""
    cases = [bad for bad in kind() if re.fullmatch("[A-Za-z]+", bad.method)]  # another method would be malformed HTTP
    some = cases[:: max(1, len(cases) // 6)]
    before = fingerprint(world)
    stacy = person(world, "Stacy")
    address = urlsplit(world.url)
    with closing(HTTPConnection(str(address.hostname), address.port, timeout=PATIENCE)) as client:
        for bad in some:
            here, there = call(world, bad), speak(world, bad)
            assert complaint(bad, there) == ""
            assert (there.status, there.body) == (here.status, here.body)
            assert here.headers.items() <= there.headers.items()
            client.request("GET", ONE, headers=stacy.headers)
            assert client.getresponse().read().startswith(b'{"contractVersion":107')
    assert world.app.crashes == []
    assert fingerprint(world) == before


def test_there_are_thousands_of_bad_requests_and_the_same_ones_in_every_run() -> None:
    """At least 2,000, of every kind some."""
    once, again = ({name: list(kind()) for name, kind in KINDS.items()} for _ in range(2))
    assert once == again
    assert min(map(len, once.values())) >= 10
    assert sum(map(len, once.values())) >= 2_000


@pytest.mark.parametrize(
    ("contract", "path", "form"), FORMS, ids=lambda part: part[-12:] if isinstance(part, str) else ""
)
def test_what_is_made_wrong_was_right_before(world: XboxLive, contract: str, path: str, form: dict[str, Any]) -> None:
    """Each field of the bodies that are spoilt above is accepted by itself, or refused for a reason beyond its form."""
    stacy = world.client(person(world, "Stacy"))
    for place, _ in places(form):
        answer = stacy.put(
            f"{path}?nocommit=true", json=field_of(form, place), headers={"X-Xbl-Contract-Version": contract}
        )
        if answer.status_code == 400:
            assert "Expected" not in answer.text, (place, answer.text)
            assert "not known" not in answer.text, (place, answer.text)


@pytest.mark.parametrize(("contract", "path", "form"), POSTED)
def test_what_is_made_wrong_was_right_before_it_was_posted(
    world: XboxLive, contract: str, path: str, form: dict[str, Any]
) -> None:
    """The handles, queries and batches that are spoilt above are made and answered as they are."""
    headers = {"X-Xbl-Contract-Version": contract}
    answer = world.client(person(world, "Stacy")).post(path, json=example(form), headers=headers)
    assert answer.status_code == (201 if path == "/handles" else 200)


@pytest.mark.parametrize("caller", ["Stacy", "Ana", "server"])
@pytest.mark.parametrize(
    ("contract", "body"),
    [
        ("1", batch(XUID, stats=["Kills", "Secret"])),
        ("2", grouped(stats=[{"name": "Secret", "scid": SCID}])),
        ("3", None),
    ],
)
def test_the_statistics_that_are_refused_were_there_to_be_read(
    world: XboxLive, caller: str, contract: str, body: Any
) -> None:
    """Who has access to them is shown them; and a read, too, changes nothing (STAT-6, STAT-12)."""
    before = fingerprint(world)
    path = "/batch" if body else f"{STATISTICS},Secret?include=valuemetadata"
    answer = world.client(person(world, caller)).open(
        path, method="POST" if body else "GET", json=body, headers={"X-Xbl-Contract-Version": contract}
    )
    assert answer.status_code == 200
    assert '"Secret"' in answer.text
    assert fingerprint(world) == before


# Bodies of which nobody knows beforehand whether they are right


def some_body(form: Any, chance: random.Random) -> Any:
    """A body that is mostly of the right form, at random."""
    if chance.random() < 0.03:
        return chance.choice(SAMPLES)
    if isinstance(form, Leaf):
        right = [sample for sample in SAMPLES if form.is_right(sample)]
        return chance.choice([form.example, *right])
    few = 0.9 if len(form) < 4 else 0.15
    return {name: some_body(part, chance) for name, part in form.items() if chance.random() < few}


@pytest.mark.parametrize("seed", range(8))
def test_no_body_is_met_with_a_crash(world: XboxLive, seed: int) -> None:
    """Whatever is written by whomever: a documented status, and either a change or none.

    A refusal leaves everything as it was, and what is accepted can be read by everybody afterwards (PUT-10).
    """
    chance = random.Random(seed)  # noqa: S311
    callers = [world.client(person(world, name)) for name in world._world._state.names]
    ana = person(world, "Ana")
    server = world.client(world.service("for Ana", on_behalf_of=ana))
    callers += [server, server, callers[0], callers[0], callers[0]]
    paths = [ONE, HIDDEN, SHOWN, FULL, MISSING, f"{ONE}/properties", f"{TEMPLATES}/ticket/sessions/gone"]
    seen = set()
    for _ in range(250):
        path = chance.choice(paths)
        contract, _, form = chance.choice(FORMS[:2])
        body = some_body(form["properties"] if path.endswith("properties") else form, chance)
        if isinstance(body, dict) and chance.random() < 0.6:
            body = {name: part for name, part in body.items() if name != "constants"}
        for _ in range(3):  # until no timer is due any more
            server.get(path.removesuffix("/properties"))
        remembered = world._world._state.copy()
        answer = chance.choice(callers).put(path, json=body, headers={"X-Xbl-Contract-Version": contract})
        seen.add(answer.status_code)
        assert answer.status_code in (200, 201, 204, 400, 403, 404, 409, 412, 501), answer.text
        assert answer.status_code < 400 or world._world._state == remembered
        for session in (r.session for r in world._world._state.records.values() if r.session):
            shown = [document(session, contract=107), document(session, contract=105)]
            assert all(bool(one["members"]) == (one["membersInfo"]["count"] > 0) for one in shown)
        world.clock.advance(seconds=chance.choice((0, 0, 0, 31, 200)))
    assert world.app.crashes == []
    assert {200, 400, 403} <= seen
