"""Requests of the right form that this world, or this caller, does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bad_requests.request import (
    BARE,
    EARLY,
    FULL,
    GUID,
    HANDLE,
    HIDDEN,
    MISSING,
    SHOWN,
    STATISTICS,
    XUID,
    Bad,
    as_bytes,
    under,
)
from bodies import ONE, SCID, constants, me, properties, ref
from pytest_xbl.mpsd.devices import device_token


def reservations(*numbers: object, xuid: str = "1") -> dict[str, Any]:
    """A body with reservations of these numbers."""
    return {"members": {f"reserve_{n}": {"constants": {"system": {"xuid": xuid}}} for n in numbers}}


OTHER_CONSTANTS = {
    "version": 9,
    "maxMembersCount": 9,
    "visibility": "private",
    "inviteProtocol": None,
    "sessionEmptyTimeout": 1,
    "initiators": [],
    "metrics": {},
}
"""Constants that the session `one` does not have."""
NEED_CONNECTIVITY = ("metrics", "peerToPeerRequirements", "peerToHostRequirements")
CONNECTED = {"capabilities": {"connectivity": True}}
INITIALIZE = {"members": {"me": {"constants": {"system": {"initialize": True}}}}}
CONTRADICTIONS: list[tuple[str, Any]] = [
    ("MEMB-8", me(active=True, ready=True)),
    ("MEMB-13", me(secureDeviceAddress="AAAA", measurements={device_token("AAAA"): {}})),
    ("PROP-3", properties(turn=[0, 0])),
    ("JOIN-5", properties(closed=False, locked=True)),
    ("JOIN-3", properties(joinRestriction="followed", readRestriction="local")),
    ("CONST-7", constants(capabilities={"large": True, "team": True})),
    ("CONST-8", constants(capabilities={"gameplay": True, "team": True})),
    ("CONST-7", constants(capabilities={"large": True}, memberInitialization={})),
    ("CONST-17", constants(arbitration={"forfeitTimeout": 2, "arbitrationTimeout": 1})),
]
"""Bodies that contradict themselves, and the rule that says so; a caller without rights hears of it, too."""
COMES_BACK = {"members": {"me": None, **reservations(0, xuid=XUID)["members"]}}
"""Stacy leaves, and keeps a place."""
LARGE = MISSING.replace("lobby", "large")
NOT_IN_LARGE: list[tuple[int, Any]] = [
    (409, reservations(0)),
    (400, properties(turn=[0])),
    (400, properties(host="ab")),
    *((400, properties(**{name: "local"})) for name in ("joinRestriction", "readRestriction")),
    (400, me(initializationGroup=[0])),
    (400, me(subscription={"id": GUID, "changeTypes": []})),
    (400, me(subscriptions={GUID: {"profile": "party"}})),
    (400, me(secondarySubscriptions={GUID: {"changeTypes": [], "rta": {"connection": GUID}}})),
]
"""Writes that no large session takes, and their statuses (BIG-2)."""
WRITES: list[tuple[int, str, str, str, Any]] = [
    # status, caller, path, rule, body
    *((409, "Stacy", ONE, "TMPL-4", constants(**{name: value})) for name, value in OTHER_CONSTANTS.items()),
    (409, "Stacy", ONE, "TMPL-4", constants({"a": 1})),
    (409, "Stacy", MISSING, "TMPL-3", constants(version=9)),
    (409, "Stacy", MISSING, "TMPL-3", constants(maxMembersCount=None)),
    *((400, "Stacy", BARE, "CONST-10", constants(**{name: {}})) for name in NEED_CONNECTIVITY),
    (400, "Stacy", BARE, "CONST-10", constants(**CONNECTED, peerToPeerRequirements={}, metrics={"latency": True})),
    (400, "Stacy", BARE, "CONST-15", constants(memberInitialization={"membersNeededToStart": 101})),
    (400, "Stacy", BARE, "INIT-6", constants(memberInitialization={})),
    (400, "Stacy", BARE, "INIT-6", {**constants(memberInitialization={"membersNeededToStart": 2}), **INITIALIZE}),
    (409, "Stacy", MISSING, "TMPL-10", constants(capabilities={"gameplay": True})),
    (409, "Stacy", ONE, "MEMB-6", {"members": {"me": {"constants": {"custom": {"a": 1}}}}}),
    *((400, "Stacy", ONE, "MEMB-3", reservations(*numbers)) for numbers in ((1,), (0, 2), (5, 6), (999_999,))),
    *((400, "Stacy", ONE, "", reservations(n)) for n in ("", "x", "-1", "00", "1.0", "1000000", "\u0660")),
    (400, "Stacy", FULL, "JOIN-8", reservations(0)),
    (400, "Zoe", FULL, "JOIN-8", {}),
    (400, "Stacy", ONE, "MEMB-8", me(active=True, ready=True)),
    (400, "Stacy", ONE, "PROP-3", properties(turn=[0, 7])),
    (400, "Stacy", ONE, "JOIN-5", properties(locked=True)),
    (400, "Stacy", ONE, "JOIN-3", properties(readRestriction="local")),
    (400, "Stacy", ONE, "PROP-6", properties(initializationSucceeded=True)),
    (400, "Stacy", ONE, "PROP-7", properties(matchmaking={"clientResult": {"status": "found"}})),
    (400, "Stacy", HIDDEN, "PROP-2", properties(keywords=["x"])),
    (400, "Stacy", HIDDEN, "MEMB-10", me(secureDeviceAddress="AAAA")),
    (400, "Stacy", ONE, "MEMB-13", me(measurements={"x": {}})),
    (400, "Stacy", ONE, "MEMB-13", me(initializationGroup=[99])),
    (400, "Stacy", ONE, "ROLE-2", {"members": {"me": {"roles": {"team": "blue"}}}}),
    (403, "Stacy", ONE, "SERV-1", {"servers": {"x": {}}}),
    (403, "Stacy", ONE, "MEMB-5", {"members": {"0": None}}),
    (403, "server", ONE, "MEMB-18", {"members": {"me": {}}}),
    (403, "Zoe", HIDDEN, "JOIN-8", {}),
    (403, "Zoe", SHOWN, "JOIN-8", {}),
    (403, "Zoe", f"{SHOWN}/properties", "JOIN-8", {}),
    (403, "Zoe", HIDDEN, "JOIN-7", {"members": {"me": None}}),
    (403, "Zoe", MISSING, "PROP-1", {"members": {"me": None}, **properties({"a": 1})}),
    *((400, "Zoe", HIDDEN, rule, body) for rule, body in CONTRADICTIONS),
    (400, "Stacy", MISSING, "PUT-4", COMES_BACK),
    (403, "Nil", ONE, "PUT-11", {}),
    (403, "Nil", MISSING, "PUT-11", {}),
    (404, "Stacy", MISSING.replace("lobby", "nothing"), "TMPL-1", {}),
    (404, "Stacy", MISSING.replace(SCID, GUID), "TMPL-1", {}),
    *((status, "Stacy", LARGE, "BIG-2", body) for status, body in NOT_IN_LARGE),
    (409, "server", LARGE, "BIG-2", {"members": {"0": None}}),
    (501, "Stacy", ONE, "PROP-8", properties(allocateCloudCompute=True)),
    (409, "Stacy", ONE, "ROLE-3", {"roleTypes": {"team": {}}}),
    (400, "Stacy", ONE, "ROLE-1", {"roleTypes": {"team": {"roles": {"red": {"max": 1, "target": 2}}}}}),
    (400, "Stacy", ONE, "OWN-5", properties(owners=[0])),
    (400, "Stacy", ONE, "OWN-5", properties(owners=[0, 0])),
    (403, "Stacy", ONE, "ROLE-4", {"members": {"0": {"roles": {"team": "red"}}}}),
    (400, "server", ONE, "ROLE-4", {"members": {"7": {"roles": {"team": "red"}}}}),
    (400, "Stacy", ONE, "SRCH-1", properties(scheduledTime="soon")),
    (501, "Stacy", ONE, "MEMB-20", me(arbitration={"results": {}})),
    *((400, "Stacy", ONE, "CALL-6", {name: None}) for name in ("searchHandleVisibility", "description")),
]


def forbidden_writes() -> Iterator[Bad]:
    """Writes of sessions, stored or not."""
    for status, caller, path, rule, body in WRITES:
        for query in ("", "?nocommit=true"):
            yield Bad(status, "PUT", path + query, as_bytes(body), caller=caller, rule=rule)
    for data in (b'{"zzz":1}', b'{"properties":{"system":{"turn":[7]}}}', b"", as_bytes(COMES_BACK)):
        yield Bad(400, "PUT", f"/handles/{HANDLE}/session", data)
    yield Bad(403, "PUT", f"/handles/{HANDLE}/session", b"{}", caller="Nil", rule="PUT-11")
    yield Bad(403, "PUT", f"/handles/{HANDLE}/session", b'{"servers":{"x":{}}}', rule="SERV-1")


def forbidden_elements() -> Iterator[Bad]:
    """Elements of sessions that are hidden, missing, or not the caller's to remove."""
    for element in ("", "/constants", "/members/0", "/members/me", "/servers/x"):
        yield Bad(403, "GET", HIDDEN + element, caller="Zoe", rule="JOIN-7")
        yield Bad(404, "GET", HIDDEN.replace("hidden", "nothing") + element, rule="TMPL-1")
    for element in ("members/me", "members/0", "servers/x", "constants", "properties"):
        yield Bad(404, "GET", f"{MISSING}/{element}", rule="CODE-404")
    yield Bad(404, "PUT", f"{MISSING}/properties", b"{}", rule="CODE-404")
    for element, rule in (("members/0", "MEMB-5"), ("members/7", "MEMB-5"), ("servers/x", "SERV-1")):
        yield Bad(403, "DELETE", f"{ONE}/{element}", rule=rule)
        yield Bad(404, "DELETE", f"{MISSING}/{element}", caller="server", rule="CODE-404")


INVITE: dict[str, Any] = {"type": "invite", "invitedXuid": "7"}
TRANSFER: dict[str, Any] = {"type": "transfer", "originSessionRef": ref("one")}
SEARCH: dict[str, Any] = {"type": "search", "sessionRef": ref("one")}
BAD_ATTRIBUTES: list[Any] = [
    {"tags": ["1st"]},
    {"tags": ["two words"]},
    {"tags": ["x" * 100]},
    {"tags": [""]},
    {"strings": {"2nd": "x"}},
    {"strings": {"a": 1}},
    {"numbers": {"a": "1"}},
    {"numbers": {"a": True}},
    {"achievementIds": [1]},
    {"locale": 7},
    {"other": 1},
    [],
]
BAD_SEARCHES: list[tuple[str, dict[str, Any]]] = [
    # rule, fields of a query
    ("SRCH-4", {"filter": "numbers/a"}),
    ("SRCH-4", {"filter": "x" * 10_000}),
    ("SRCH-4", {"filter": 7}),
    ("SRCH-7", {"orderBy": "Numbers/1 asc"}),
    ("SRCH-7", {"orderBy": "Timestamp up"}),
    ("SRCH-7", {"orderBy": "Strings/a"}),
    ("SRCH-3", {"sessionMembers": {}}),
    ("SRCH-3", {"sessionMembers": {"xuids": []}}),
    ("SRCH-3", {"sessionOwners": {"xuids": [], "people": {"moniker": "people", "monikerXuid": "1"}}}),
    ("SRCH-3", {"sessionOwners": "x"}),
    ("SRCH-8", {"followed": "true"}),
    ("CALL-6", {"owners": {}}),
]
HANDLES: list[tuple[int, str, str, dict[str, Any]]] = [
    # status, caller, rule, body
    *((403, who, "HAND-2", {"type": "activity", "sessionRef": ref("one")}) for who in ("Ana", "Zoe", "server")),
    (403, "Stacy", "HAND-2", {"type": "activity", "sessionRef": ref("missing")}),
    *((403, who, "HAND-17", {**INVITE, "sessionRef": ref("one")}) for who in ("Zoe", "Nil")),
    (403, "Zoe", "HAND-17", {**TRANSFER, "sessionRef": ref("one")}),
    *((403, who, "HAND-4", {**TRANSFER, "sessionRef": ref("missing")}) for who in ("Stacy", "server")),
    (404, "Stacy", "TMPL-1", {"type": "activity", "sessionRef": ref("one", "nothing")}),
    (404, "Stacy", "TMPL-1", {**INVITE, "sessionRef": ref("one", scid=GUID)}),
    (404, "Stacy", "TMPL-1", {**TRANSFER, "sessionRef": ref("one"), "originSessionRef": ref("x", scid=GUID)}),
    *((409, "Stacy", "HAND-1", {**INVITE, "sessionRef": ref("one"), "id": id_}) for id_ in (HANDLE, EARLY.upper())),
    *(
        (400, "Stacy", "HAND-1", {**INVITE, "sessionRef": {"scid": SCID}, "type": kind})
        for kind in ("Activity", "invite")
    ),
    *((400, "Stacy", "SRCH-2", {**SEARCH, "searchAttributes": said}) for said in BAD_ATTRIBUTES),
    (403, "Stacy", "SRCH-6", {**SEARCH, "sessionRef": ref("missing")}),
    (403, "Zoe", "SRCH-6", SEARCH),
    (409, "Stacy", "SRCH-6", SEARCH),
]


def forbidden_handles() -> Iterator[Bad]:
    """Handles that cannot be made, read or deleted, and queries for them."""
    for status, caller, rule, body in HANDLES:
        yield Bad(status, "POST", "/handles", as_bytes(body), caller=caller, rule=rule)
    for rule, fields in BAD_SEARCHES:
        yield Bad(400, "POST", "/handles/query", as_bytes({"type": "search", **fields}), rule=rule)
    unknown = {"type": "search", "scid": SCID, "templateName": "nothing"}
    yield Bad(404, "POST", "/handles/query", as_bytes(unknown), rule="TMPL-1", where="/templateName")
    for owners in ({}, {"xuids": ["1"], "people": {"moniker": "people", "monikerXuid": "1"}}):
        body = {"type": "activity", "owners": owners}
        yield Bad(400, "POST", "/handles/query", as_bytes(body), rule="HAND-10", where="/owners")
    yield Bad(403, "DELETE", f"/handles/{HANDLE}", caller="Ana", rule="HAND-8", where="the URI")
    for verb in ("GET", "DELETE"):
        yield Bad(404, verb, f"/handles/{EARLY}", caller="Zoe", rule="HAND-7", where="the URI")


def batch(*users: Any, scid: Any = SCID, stats: Any = ("Kills",)) -> dict[str, Any]:
    """A batch of statistics under contract 1."""
    return {"requestedusers": list(users), "requestedscids": [{"scid": scid, "requestedstats": stats}]}


def grouped(field: str = "stats", *, xuids: Any = (XUID,), **entry: Any) -> dict[str, Any]:
    """The same under contract 2, with one entry in one of its lists."""
    return {"arrangebyfield": "xuid", "xuids": xuids, field: [entry]}


NO_USERS: tuple[Any, ...] = ("", "x", "-1", -1, 1.5, True, None, [], f" {XUID}", f"{XUID},7", "\u0661", "1" * 21)
NO_SCIDS: tuple[Any, ...] = ("", "x", SCID[1:], f"{SCID}0", f"{{{SCID}}}", SCID.replace("-", ""), 7, None)
NOTHING: tuple[Any, ...] = ({}, [], None, "Kills")
NO_NAMES: tuple[Any, ...] = ("", ",", "Kills,Rate", 7, None, [])
AT, NAMED = "/requestedscids/0", {"name": "Kills", "scid": SCID}
BATCHES: list[tuple[int, int, str, str, Any]] = [
    # status, contract, rule, place, body
    *((400, 1, "STAT-1", "/requestedusers/1", batch(XUID, user)) for user in NO_USERS),
    *((400, 1, "STAT-1", f"{AT}/scid", batch(XUID, scid=scid)) for scid in NO_SCIDS),
    *((400, 1, "STAT-1", f"{AT}/requestedstats/1", batch(XUID, stats=["Kills", name])) for name in NO_NAMES),
    *((400, 1, "STAT-1", f"{AT}/requestedstats", batch(XUID, stats=names)) for names in NOTHING),
    *((400, 1, "STAT-13", f"/{name}", {**batch(XUID), name: []}) for name in ("stats", "xuids")),
    (400, 2, "STAT-13", "/requestedusers", batch(XUID)),
    *((400, 2, "STAT-3", "/xuids/0", grouped(xuids=[user], **NAMED)) for user in NO_USERS),
    (400, 2, "STAT-3", "/xuids", grouped(xuids=[], **NAMED)),
    (400, 2, "STAT-3", "/stats", {"arrangebyfield": "xuid", "xuids": [XUID], "stats": [], "groups": []}),
    *((400, 2, "STAT-3", "/stats/0/name", grouped(name=name, scid=SCID)) for name in NO_NAMES),
    *((400, 2, "STAT-3", "/stats/0/scid", grouped(name="Kills", scid=scid)) for scid in NO_SCIDS),
    *((400, 2, "STAT-3", "/stats/0/titleId", grouped(name="Kills", titleId=title)) for title in NO_USERS),
    *((400, 2, "STAT-3", f"/{field}/0", grouped(field, **NAMED, titleId="7")) for field in ("stats", "groups")),
    *((400, 2, "STAT-3", f"/{field}/0", grouped(field, name="Kills")) for field in ("stats", "groups")),
    *(
        (404, 1, "STAT-7", "/requestedusers", batch(*users))
        for users in (("7",), (0,), (XUID, 2**64 - 1), (f"0{XUID}",))
    ),
    *((404, 1, "STAT-7", f"{AT}/scid", batch(XUID, scid=scid)) for scid in (GUID, GUID.upper())),
    (404, 2, "STAT-7", "/stats/0/scid", grouped(name="Kills", scid=GUID)),
    (404, 2, "STAT-7", "/groups/0/scid", grouped("groups", name="Hero", scid=GUID)),
    (404, 2, "STAT-7", "/xuids", grouped(xuids=[XUID, "7"], **NAMED)),
]
SECRETS: list[tuple[int, Any, str]] = [
    (1, batch(XUID, stats=["Kills", "Secret"]), f"{AT}/requestedstats"),
    (2, grouped(name="Secret", scid=SCID), "/stats/0"),
    (2, grouped(name="Secret", titleId="1719000001"), "/stats/0"),
]
"""Contract, body and place of what only some callers may read."""


def forbidden_statistics() -> Iterator[Bad]:
    """Statistics that cannot be, are not there, or are not for the caller."""
    for status, contract, rule, where, body in BATCHES:
        yield Bad(status, "POST", "/batch", as_bytes(body), under(contract), rule=rule, where=where)
    for value in ("", "write", "Read", "read,read", "%00", "%C3%BF"):
        target = f"/batch?operation={value}"
        yield Bad(400, "POST", target, as_bytes(batch(XUID)), rule="STAT-1", where="?operation")
    for contract, body, where in SECRETS:
        yield Bad(403, "POST", "/batch", as_bytes(body), under(contract), "Stranger", rule="STAT-6", where=where)
    for contract in (1, 2, 3):
        path = STATISTICS.replace("Rate", "Secret")
        yield Bad(403, "GET", path, b"", under(contract), "Stranger", rule="STAT-6", where="the URI")


KINDS = (forbidden_writes, forbidden_elements, forbidden_handles, forbidden_statistics)
