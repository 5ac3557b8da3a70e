"""A dump is a seed, and whoever loads it has an equal world (SEED-7)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_xbl.world._state import State

from people import person
from pytest_xbl import Seed, SessionRef, XblError, XboxLive
from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import Value
from pytest_xbl.world.index import Index
from pytest_xbl.world.table import Table
from pytest_xbl.xbl.people import Account, User

SCID = XboxLive.scid
OTHER = "0DD50000-0000-4000-8000-000000000002"
"""Another service configuration, in upper case: that is kept where it is shown, and does not count otherwise."""
ADDRESS = base64.b64encode(b"\x01\x02 the address of a console").decode()
STRANGER = "2814639011415871"
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}
EAST = timezone(timedelta(hours=5, minutes=30))
NOON = "2026-01-01T12:00:00.0000000Z"

# Whether two states are equal


def facts(value: Any) -> Any:
    """A value that compares equal for equal states, and for no others: numbers of other types differ.

    What a state has worked out besides (memos), histories, and whether somebody's statistics were all taken away
    count for nothing.
    """
    match value:
        case State():
            return {field.name: _table(field.name, getattr(value, field.name)) for field in fields(value)}
        case Value() | Handle() | Account() if is_dataclass(value):
            return {field.name: facts(getattr(value, field.name)) for field in fields(value)}
        case Mapping():
            return {name: facts(inner) for name, inner in value.items()}
        case list() | tuple():
            return [facts(inner) for inner in value]
        case _ if is_dataclass(value):
            return {field.name: facts(getattr(value, field.name)) for field in fields(value)}
    return (type(value), value)


def _table(name: str, held: Any) -> Any:
    match held:
        case Index() if name in ("activities", "transfers"):
            return {key: list(keys) for key, keys in held._entries.items()}
        case Index():
            return {key: set(keys) for key, keys in held._entries.items()}
        case Table() if name == "records":
            return [(key, record.incarnation, facts(record.session)) for key, record in held.items()]
        case Table() if name == "statistics":
            return {key: facts(one) for key, one in held.items() if one}
        case Table() if name in ("users", "services", "templates", "handles"):
            return [(key, facts(one)) for key, one in held.items()]
    return facts(held)


def again(xbl: XboxLive) -> XboxLive:
    """The world that begins with the dump of another; the dump is JSON, and dumping once more gives the same."""
    dumped = xbl.dump()
    assert json.loads(json.dumps(dumped, allow_nan=False)) == dumped
    other = XboxLive(name="again", seed=Seed(dumped))
    assert other.dump() == dumped
    assert list(other.dump()) == list(dumped)
    return other


def assert_equal_again(xbl: XboxLive) -> XboxLive:
    """The same, with a look at the whole state."""
    other = again(xbl)
    assert facts(other._world._state) == facts(xbl._world._state)
    return other


def path_of(place: tuple[str, str, str]) -> str:
    """The path of a session."""
    return "/serviceconfigs/{}/sessiontemplates/{}/sessions/{}".format(*place)


# What everybody sees of a world


def seen(xbl: XboxLive) -> dict[str, Any]:
    """All that callers get to see of a world: documents, ETags, handles, queries and statistics."""
    handles = list(xbl._world._state.handles)
    refs = list(xbl._world._state.records)
    answers: dict[str, Any] = {}
    for name, account in xbl._world._state.names.items():
        caller = person(xbl, name)
        client = xbl.client(caller)
        uris = [
            *(path_of(ref) for ref in refs),
            *(f"/handles/{handle}{more}" for handle in handles for more in ("", "/session")),
            f"/serviceconfigs/{SCID}/sessiontemplates",
            f"/serviceconfigs/{SCID}/sessions?keyword=fast",
            f"/serviceconfigs/{SCID}/sessions?xuid={account.caller.xuid or STRANGER}&reservations=true&inactive=true",
        ]
        for uri in uris:
            answers[f"{name} {uri}"] = told(client.get(uri))
        for uri in map(path_of, refs):
            answers[f"{name} {uri} of old"] = told(client.get(uri, headers={"X-Xbl-Contract-Version": "105"}))
        for xuid in xbl._world._state.users:
            uri = f"/users/xuid({xuid})/scids/{SCID}/stats/wins,rank,when,secret?include=valuemetadata"
            headers = {"X-Xbl-Contract-Version": "1"}
            answers[f"{name} {uri}"] = told(client.get(uri, headers=headers))
        owners: list[dict[str, Any]] = [{"xuids": list(xbl._world._state.users)}]
        owners += [{"people": {"moniker": "people", "monikerXuid": xuid}} for xuid in xbl._world._state.users]
        for number, owned in enumerate(owners):
            body = {"type": "activity", "scid": SCID, "owners": owned}
            answers[f"{name} activities {number}"] = told(client.post("/handles/query?include=relatedInfo", json=body))
    return answers


def told(answer: Any) -> tuple[int, Any, str | None]:
    """An answer, less what every answer has."""
    return (
        answer.status_code,
        answer.get_json(silent=True) if answer.is_json else answer.text,
        answer.headers.get("ETag"),
    )


# Anything that may happen


PLACES = [
    (SCID, "room", "one"),
    (SCID, "room", "ONE"),
    (SCID, "old", "one"),
    (SCID, "bare", "Two"),
    (OTHER, "secret", "one"),
    (SCID, "ticket", "t"),
    (SCID, "room", "made"),
    (SCID, "old", "made"),
]
"""Where sessions are, or may be made; two are the same one."""
TEMPLATES: dict[tuple[str, str], tuple[dict[str, Any], int]] = {
    (SCID, "room"): (
        {
            "constants": {
                "system": {
                    "maxMembersCount": 3,
                    "inactiveRemovalTimeout": 45_000,
                    "sessionEmptyTimeout": 60_000,
                    "capabilities": {"connectivity": True, "gameplay": False},
                    "peerToPeerRequirements": {"latencyMaximum": 100},
                },
                "custom": {"unset": None, "inner": {"null": None}},
            },
            "roleTypes": {"lfg": {"roles": {"healer": {"max": 2}}}},
        },
        107,
    ),
    (SCID, "old"): (
        {"constants": {"system": {"timeouts": {"inactive": None, "ready": 20_000}}, "custom": {"a": [None]}}},
        105,
    ),
    (SCID, "bare"): (
        {
            "constants": {
                "system": {
                    "maxMembersCount": None,
                    "visibility": None,
                    "sessionEmptyTimeout": None,
                    "inactiveRemovalTimeout": 1_000,
                }
            }
        },
        107,
    ),
    (OTHER, "secret"): (
        {
            "constants": {
                "system": {
                    "visibility": "private",
                    "sessionEmptyTimeout": 30_000,
                    "inactiveRemovalTimeout": 90_000,
                    "capabilities": {"userAuthorizationStyle": True, "connectionRequiredForActiveMembers": True},
                }
            }
        },
        104,
    ),
}


def a_world() -> XboxLive:
    """People of all kinds, and templates of all kinds."""
    xbl = XboxLive()
    stacy = xbl.user("Stacy")
    xbl.user("Ana", gamertag="", device_id="console", title_id="77", token="secret!", userhash="uh")
    xbl.user("Zoe", xuid="1", sandbox="XDKS.1", device_id="console")
    xbl.user("child", privileges=())
    xbl.service("server")
    xbl.service("deputy", on_behalf_of=stacy)
    for (scid, name), (template, contract) in TEMPLATES.items():
        # A contract of old has the old names for timeouts only.
        system = template["constants"]["system"]
        if contract == 104:
            timeouts = {"sessionEmpty": 30_000, "inactive": 90_000}
            kept = {one: it for one, it in system.items() if not one.endswith("Timeout")}
            system = {**kept, "timeouts": timeouts}
        said = {**template, "constants": {**template["constants"], "system": system}}
        xbl.templates.add(name, said, scid=scid, contract=contract)
    for begun in (("address", 0, 0, 0), ("reserve Ana", 4, 0, 0), ("ready", 0, 2, 0), ("connected", 1, 4, 0)):
        happen(xbl, begun)
    happen(xbl, ("active", 2, 5, 0))
    return xbl


def me(**system: Any) -> dict[str, Any]:
    """A body in which a member says something of themselves."""
    return {"members": {"me": {"properties": {"system": system}}}}


def session(**system: Any) -> dict[str, Any]:
    """A body that says something of a session, of whomever it comes from."""
    return {"properties": {"system": system}}


REF = {"scid": SCID, "templateName": "room", "name": "one"}
PUTS: dict[str, dict[str, Any]] = {
    "active": me(active=True),
    "ready": me(ready=True),
    "inactive": me(active=False),
    "joins": {},
    "leaves": {"members": {"me": None}},
    "address": me(active=True, secureDeviceAddress=ADDRESS),
    "no address": me(secureDeviceAddress=""),
    "host": session(host=device_token(ADDRESS)),
    "turn": session(turn=[0]),
    "turns": session(turn=[1, 0]),
    "groups": me(groups=["a"], encounters=["b"], RolePreference={"x": 5}, initializationGroup=[0]),
    "connected": me(active=True, connection="0a0b0c0d-0000-4000-a000-00000000000f"),
    "subscribed": me(
        subscriptions={"0a0b0c0d-0000-4000-a000-00000000000f": {"profile": "p"}},
        subscription={"id": "0a0b0c0d-0000-4000-a000-00000000000f", "changeTypes": ["everything"]},
    ),
    "unsubscribed": me(subscriptions={"0A0B0C0D-0000-4000-A000-00000000000F": None}, subscription=None),
    "measured": me(
        measurements={"ab": {"latency": 3, "custom": {"null": None}}}, serverMeasurements={"x": {"y": None}}
    ),
    "custom of mine": {
        "members": {"me": {"properties": {"custom": {"null": None, "inner": {"null": None}, "n": 1.0}}}}
    },
    "constants of mine": {
        "members": {"me": {"constants": {"custom": [None, True, 1, 1.0], "system": {"index": None}}}}
    },
    "initialize": {"members": {"me": {"constants": {"system": {"initialize": "true"}}}}},
    "reserve": {"members": {"reserve_0": {"constants": {"system": {"xuid": STRANGER}, "custom": "anything"}}}},
    "reserve Ana": {
        "members": {"reserve_0": {"constants": {"system": {"xuid": "2533274790000002", "initialize": False}}}}
    },
    "keywords": session(keywords=["Fast", "fun"], joinRestriction="none"),
    "no keywords": session(keywords=None),
    "closed": session(closed=True, locked=None),
    "locked": session(closed=True, locked=True),
    "open": session(closed=False, locked=False),
    "followed": session(joinRestriction="followed", readRestriction="followed"),
    "local": session(joinRestriction="local"),
    "custom": {"properties": {"custom": {"null": None, "inner": {"null": None, "list": [None, {}]}, "no": False}}},
    "more custom": {"properties": {"custom": {"no": None, "zero": 0, "": "", "a/b~": -0.0, "é😀": 2**63}}},
    "matchmaking": session(
        matchmaking={"clientResult": {"status": "found", "typicalWait": 1.5, "targetSessionRef": REF}},
        matchmakingResubmit=True,
        serverConnectionStringCandidates=[],
    ),
    "server": {
        "servers": {
            "s/1": {"constants": {"system": {"a": None, "b": {"c": None}}}, "properties": {"custom": {"x": [1]}}},
            "matchmaking": {"properties": {"system": {"status": "searching", "lockId": None}}},
            "bare": {},
        }
    },
    "no server": {"servers": {"s/1": None}},
    "made by constants": {
        "constants": {
            "system": {
                "inactiveRemovalTimeout": 45_000,
                "readyRemovalTimeout": None,
                "inviteProtocol": "game",
                "visibility": "open",
                "initiators": ["1", "2533274790000001"],
                "memberInitialization": {"membersNeededToStart": 0, "externalEvaluation": True},
                "measurementServerAddresses": {"eu": {"secureDeviceAddress": ADDRESS}},
            },
            "custom": {"null": None, "map": {"null": None}, "pi": 3.0},
        },
        "roleTypes": {"own": {"roles": {"tank": {"max": 1, "target": 1}}, "mutableRoleSettings": ["max"]}},
        **me(active=True),
    },
    "made otherwise": {
        "constants": {"system": {"reservedRemovalTimeout": None, "visibility": None}, "custom": {"unset": None}},
        **me(ready=True),
    },
    "remove": {"members": {"0": None}},
}
Happening: TypeAlias = tuple[str, int, int, int]
Act: TypeAlias = Callable[[XboxLive, Any, tuple[str, str, str], User], object]


def _put(what: str) -> Act:
    def act(xbl: XboxLive, caller: Any, place: tuple[str, str, str], other: User) -> object:
        contract = {"X-Xbl-Contract-Version": "105" if other.name == "Zoe" and "made" not in what else "107"}
        return told(xbl.client(caller).put(path_of(place), json=PUTS[what], headers=contract))

    return act


def _post(kind: str, **more: Any) -> Act:
    def act(xbl: XboxLive, caller: Any, place: tuple[str, str, str], other: User) -> object:
        body = {"type": kind, "version": 1, "sessionRef": SessionRef(*place).as_json(), **more}
        body |= {"invitedXuid": other.xuid} if kind == "invite" else {}
        return told(xbl.client(caller).post("/handles", json=body))

    return act


def _last_handle(xbl: XboxLive) -> str:
    return next(reversed(list(xbl._world._state.handles)), "0a0b0c0d-0000-4000-a000-00000000000f")


MORE: dict[str, Act] = {
    "wait": lambda xbl, _caller, _place, other: xbl.clock.advance(seconds=31 if other.name == "Ana" else 61.5),
    "wait for long": lambda xbl, _caller, _place, _other: xbl.clock.advance(days=1),
    "absent": lambda xbl, _caller, _place, other: xbl.set_presence(other, present=False),
    "present": lambda xbl, _caller, _place, other: xbl.set_presence(other, present=True),
    "activity": _post("activity"),
    "invite": _post("invite"),
    "invite with attributes": _post("invite", inviteAttributes={"titleId": 7, "context": "c", "senderString": ""}),
    "transfer": _post("transfer", originSessionRef=REF),
    "delete handle": lambda xbl, caller, _place, _other: told(
        xbl.client(caller).delete(f"/handles/{_last_handle(xbl)}")
    ),
    "by handle": lambda xbl, caller, _place, _other: told(
        xbl.client(caller).put(f"/handles/{_last_handle(xbl)}/session", json=ACTIVE)
    ),
    "into nothing": lambda xbl, caller, _place, _other: told(
        xbl.client(caller).post(
            "/handles",
            json={
                "type": "invite",
                "version": 1,
                "sessionRef": {"scid": SCID, "templateName": "bare"},
                "invitedXuid": STRANGER,
            },
        )
    ),
    "nameless": lambda xbl, _caller, _place, other: xbl.sessions.create("bare", members={other: "active"}).document,
    "statistics": lambda xbl, _caller, _place, other: xbl.stats.set(
        other,
        {"wins": 3, "rank": 1.0, "title": "2026-01-01T12:00:00Z", "when": datetime(2026, 1, 1, 9, tzinfo=EAST)},
        metadata={"wins": {"null": None, "n": 1}, "rank": {}},
    ),
    "other statistics": lambda xbl, _caller, _place, other: xbl.stats.set(other, {"wins": "many"}, scid=OTHER),
    "add": lambda xbl, _caller, _place, other: xbl.stats.add(other, "wins", 0.5),
    "clear": lambda xbl, _caller, _place, other: xbl.stats.clear(other),
    "define": lambda xbl, _caller, _place, _other: xbl.stats.define("wins", type="Double"),
    "restrict": lambda xbl, _caller, _place, _other: xbl.stats.define("secret", access="restricted"),
    "define elsewhere": lambda xbl, _caller, _place, _other: xbl.stats.define("plain", scid=OTHER),
    "title": lambda xbl, _caller, _place, _other: xbl.stats.title("77", scid=OTHER),
    "title of all": lambda xbl, _caller, _place, _other: xbl.stats.title("1719000001", scid=OTHER),
    "strings": lambda xbl, _caller, _place, _other: setattr(xbl.stats, "values", "strings"),
    "sandbox": lambda xbl, _caller, _place, _other: setattr(xbl.stats, "sandbox", "XDKS.1"),
    "follow": lambda xbl, caller, _place, other: xbl.follow(caller, other),
    "favorite": lambda xbl, caller, _place, other: xbl.follow(caller, other, favorite=True),
    "block": lambda xbl, caller, _place, other: xbl.block(caller, other),
    "template": lambda xbl, _caller, _place, _other: xbl.templates.add("lobby", {"constants": {"custom": {"n": None}}}),
    "newcomer": lambda xbl, _caller, _place, _other: (
        xbl.user(f"user {len(xbl._world._state.users)}", token="a.b").token
    ),
}
ACTS: dict[str, Act] = {**{what: _put(what) for what in PUTS}, **MORE}
CALLERS = ("Stacy", "Ana", "Zoe", "child", "server", "deputy")


def happen(xbl: XboxLive, happening: Happening) -> object:
    """Something happens in a world, or is refused there.

    Returns:
        What comes of it; of a Python call that was refused, the text.
    """
    what, caller, place, other = happening
    try:
        friend = person(xbl, CALLERS[other])
        assert isinstance(friend, User)
        return ACTS[what](xbl, person(xbl, CALLERS[caller]), PLACES[place], friend)
    except XblError as error:
        return str(error)


def happenings(most: int) -> st.SearchStrategy[list[Happening]]:
    """Anything, by anybody, anywhere; writes are more frequent than other things."""
    what = st.sampled_from([*PUTS, *PUTS, *MORE])
    some = st.tuples(what, st.integers(0, 5), st.integers(0, len(PLACES) - 1), st.integers(0, 2))
    return st.lists(some, max_size=most)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(happenings(40), happenings(6))
def test_a_dump_makes_an_equal_world(history: list[Happening], future: list[Happening]) -> None:
    """Whatever has happened: equal in all that it remembers, and in all that comes of it later (SEED-7)."""
    xbl = a_world()
    for happening in history:
        happen(xbl, happening)
    other = assert_equal_again(xbl)
    assert seen(other) == seen(xbl)
    for happening in future:
        assert happen(other, happening) == happen(xbl, happening), happening
    assert facts(other._world._state) == facts(xbl._world._state)
    assert seen(other) == seen(xbl)


@pytest.mark.parametrize("what", ACTS)
def test_what_happens_in_these_worlds_is_not_always_refused(what: str) -> None:
    """So that the test above is about something: each of its acts does something, by somebody, somewhere."""
    xbl = a_world()
    for before in BEFORE.get(what, ()):
        happen(xbl, before)
    kept = xbl.snapshot()
    for caller in range(len(CALLERS)):
        for place in range(len(PLACES)):
            before_that = facts(xbl._world._state)
            came = happen(xbl, (what, caller, place, 1))
            if isinstance(came, tuple):
                assert came[0] < 500
            if facts(xbl._world._state) != before_that:
                return
            xbl.restore(kept)
    pytest.fail(f"{what} changes nothing")


BEFORE: dict[str, list[Happening]] = {
    "no address": [("address", 0, 0, 0)],
    "leaves": [("active", 0, 0, 0)],
    "inactive": [("active", 0, 0, 0)],
    "turns": [("active", 1, 0, 0)],
    "no keywords": [("keywords", 0, 0, 0)],
    "open": [("locked", 0, 0, 0)],
    "unsubscribed": [("subscribed", 0, 0, 0)],
    "no server": [("server", 4, 0, 0)],
    "delete handle": [("invite", 0, 0, 1)],
    "by handle": [("active", 0, 0, 0), ("invite", 0, 0, 1)],
    "present": [("absent", 0, 0, 1)],
    "clear": [("statistics", 0, 0, 1)],
}
"""What has to be before something can happen."""


# What might be lost


def _with(do: Callable[[XboxLive], object]) -> Callable[[], XboxLive]:
    def world() -> XboxLive:
        xbl = a_world()
        do(xbl)
        return xbl

    return world


def _seeded(seed: dict[str, Any]) -> Callable[[], XboxLive]:
    return lambda: XboxLive(seed=Seed(seed))


def _a_child_is_brought_by_a_service(xbl: XboxLive) -> None:
    child = person(xbl, "child")
    assert isinstance(child, User)
    service = xbl.service("nurse", on_behalf_of=child)
    assert xbl.client(service).put(path_of((SCID, "lobby", "nursery")), json=ACTIVE).status_code == 201


def _arbitration_is_over(xbl: XboxLive) -> None:
    can = {"arbitration": True, "gameplay": True}
    xbl.templates.add("duel", {"constants": {"system": {"capabilities": can, "sessionEmptyTimeout": 60_000}}})
    server = xbl.client(person(xbl, "server"))
    path = path_of((SCID, "duel", "one"))
    assert server.put(path, json={"servers": {"arbitration": {}}}).status_code == 201
    assert server.delete(f"{path}/servers/arbitration").status_code == 204


def _initialization_without_timeouts(xbl: XboxLive) -> None:
    no_timeouts = {"joinTimeout": None, "membersNeededToStart": 0}
    xbl.templates.add("slow", {"constants": {"system": {"memberInitialization": no_timeouts}}})
    old = {"measurementTimeout": None, "autoEvaluate": False, "evaluationTimeout": None, "membersNeededToStart": 0}
    xbl.templates.add("old slow", {"constants": {"system": {"managedInitialization": old}}}, contract=105)
    stacy, ana = xbl.users("a", "b")
    xbl.sessions.create("slow", name="s", members=[stacy])
    xbl.sessions.create("lobby", name="s", members=[ana], constants={"system": {"memberInitialization": no_timeouts}})


def _a_constant_of_nothing(xbl: XboxLive) -> None:
    body = {"members": {"me": {"constants": {"custom": None}, "properties": {"system": {"active": True}}}}}
    path = path_of((SCID, "lobby", "one"))
    assert xbl.client(person(xbl, "Zoe")).put(path, json=body).status_code == 201


def _a_session_is_gone(xbl: XboxLive) -> None:
    client = xbl.client(person(xbl, "Stacy"))
    path = path_of((SCID, "LOBBY", "Gone"))
    for _ in range(2):
        assert client.put(path, json=ACTIVE).status_code == 201
        invite = {"type": "invite", "version": 1, "sessionRef": {"scid": SCID, "templateName": "Lobby", "name": "GONE"}}
        assert client.post("/handles", json={**invite, "invitedXuid": STRANGER}).status_code == 201
        client.delete(f"{path}/members/me")


def _a_template_needs_what_the_session_adds(xbl: XboxLive) -> None:
    xbl.templates.add("needy", {"constants": {"system": {"peerToPeerRequirements": {}}}})
    can = {"system": {"capabilities": {"connectivity": True}}}
    xbl.sessions.create("needy", name="served", members=xbl.users("a"), constants=can)


def _names_that_look_alike(xbl: XboxLive) -> None:
    members = xbl.users("a")
    for template, name in (("lobby", "x"), ("game", "x"), ("game", f"{SCID}~lobby~x")):
        xbl.sessions.create(template, name=name, members=members)
    xbl.templates.add("twin", {})
    xbl.templates.add("twin", {"constants": {"custom": {"a": 1}}}, scid=OTHER)
    xbl.templates.add(f"{OTHER}~twin", {"constants": {"custom": {"a": 2}}})
    xbl.stats.set(members[0], {f"wins in {OTHER.lower()}": 1})
    xbl.stats.set(members[0], {"wins": 2}, scid=OTHER)
    xbl.stats.define(f"wins in {OTHER.lower()}", access="restricted")
    xbl.stats.define("wins", scid=OTHER)


def _strangers_with_the_names_of_users(xbl: XboxLive) -> None:
    named, called = xbl.users(STRANGER, f"the stranger {STRANGER}")
    xbl.sessions.create("lobby", name="odd", members=[named, called])
    reserve = {"members": {"reserve_0": {"constants": {"system": {"xuid": STRANGER}}}}}
    assert xbl.client(named).put(path_of((SCID, "lobby", "odd")), json=reserve).status_code == 200


def _a_member_of_another_device(xbl: XboxLive) -> None:
    xbl.seed(
        {
            "sessions": {
                "s": {
                    "template": "lobby",
                    "members": {
                        "Ana": {"gamertag": "as she was", "deviceId": "", "activeTitleId": "5"},
                        "Stacy": {"gamertag": "", "deviceId": "elsewhere", "status": "ready"},
                        "somebody": {"xuid": "31", "gamertag": "GT", "deviceId": "D", "activeTitleId": "6"},
                        "nobody": {"xuid": "32"},
                        "7": {"xuid": "33", "status": "reserved", "index": 9},
                    },
                }
            }
        }
    )


def _the_end_of_the_calendar(xbl: XboxLive) -> None:
    xbl.clock.move_to(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone.utc))
    stacy = person(xbl, "Stacy")
    assert isinstance(stacy, User)
    session = xbl.sessions.create("lobby", name="last", members=[stacy])
    assert session.invite(xbl.user("late")).expires is None


def _somebody_comes_whose_handle_is_there(xbl: XboxLive) -> None:
    xbl.seed(
        {
            "sessions": {"s": {"template": "lobby", "members": {"her": {"xuid": "31"}}}},
            "handles": {
                "activity": {"type": "activity", "session": "s", "owner": {"xuid": "31"}},
                "invite": {"type": "invite", "session": "s", "owner": {"xuid": "1"}, "invited": {"xuid": "1"}}
                | {"created": NOON},
            },
        }
    )
    xbl.user("her", xuid="31")


def _handles_of_old(xbl: XboxLive) -> None:
    away = {"scid": SCID, "templateName": "lobby", "name": "Nowhere"}
    old = {"session": away, "created": "2025-12-31T12:00:00Z", "owner": "Stacy", "titleId": "5", "incarnation": 3}
    xbl.seed(
        {
            "handles": {
                "invite": {**old, "type": "invite", "invited": "Ana", "ahead": True, "expires": "2026-01-01T12:00:01Z"},
                "over": {**old, "type": "invite", "invited": {"xuid": "1"}},
                "transfer": {**old, "type": "transfer", "origin": away, "originIncarnation": 2},
                "by nobody": {"type": "transfer", "session": away, "origin": away, "created": NOON},
            }
        }
    )


def _all_is_cleared(xbl: XboxLive) -> None:
    zoe = person(xbl, "Zoe")
    assert isinstance(zoe, User)
    xbl.stats.set(zoe, {"wins": 1}, scid="00000000-0000-4000-8000-00000000000a")
    xbl.stats.clear(zoe, scid="00000000-0000-4000-8000-00000000000a")
    xbl.stats.define("x", type="DateTime", access="restricted", scid="00000000-0000-4000-8000-00000000000b")


def _presence_and_blocks(xbl: XboxLive) -> None:
    stacy, ana = (user for user in map(xbl._world.called, ("Stacy", "Ana")) if isinstance(user, User))
    xbl.set_presence(stacy, present=False)
    xbl.block(ana, stacy)
    xbl.seed({"users": {"fan": {"follows": [{"xuid": STRANGER}], "favorites": [{"xuid": STRANGER}]}}})


EVERYTHING: dict[str, Callable[[], XboxLive]] = {
    "nothing": XboxLive,
    "nobody but people": a_world,
    "a child who is brought by a service": _with(_a_child_is_brought_by_a_service),
    "a session whose arbitration is over": _with(_arbitration_is_over),
    "an initialization without timeouts": _with(_initialization_without_timeouts),
    "a custom constant that is null": _with(_a_constant_of_nothing),
    "sessions that are gone": _with(_a_session_is_gone),
    "a template that needs what its sessions add": _with(_a_template_needs_what_the_session_adds),
    "names that look alike": _with(_names_that_look_alike),
    "strangers who are called like users": _with(_strangers_with_the_names_of_users),
    "members with other claims than theirs": _with(_a_member_of_another_device),
    "the end of the calendar": _with(_the_end_of_the_calendar),
    "somebody whose handle was there before them": _with(_somebody_comes_whose_handle_is_there),
    "handles that were made earlier": _with(_handles_of_old),
    "statistics that are cleared": _with(_all_is_cleared),
    "presence and blocks": _with(_presence_and_blocks),
    "what was given is counted anew": _seeded(
        {
            "users": ["a"],
            "sessions": {"s": {"template": "lobby", "members": ["a"]}},
            "handles": {"h": {"type": "activity", "session": "s", "owner": "a"}},
            "given": {"handles": 0, "sessions": 7},
        }
    ),
    "handles of users and strangers without a title": _seeded(
        {
            "users": ["a", "b"],
            "sessions": {"s": {"template": "lobby", "members": ["a"]}},
            "handles": {
                "h": {"type": "activity", "session": "s", "owner": "a", "created": NOON, "titleId": ""},
                "i": {"type": "invite", "session": "s", "owner": {"xuid": "9"}, "invited": "b", "created": NOON},
            },
        }
    ),
    "a handle of a user who is named by their xuid": _seeded(
        {
            "users": {"a": {"xuid": "31"}},
            "sessions": {"s": {"template": "lobby", "members": ["a"]}},
            "handles": {"h": {"type": "activity", "session": "s", "owner": {"xuid": "31"}}},
        }
    ),
}


@pytest.mark.parametrize("world", EVERYTHING.values(), ids=EVERYTHING)
def test_a_dump_loses_nothing(world: Callable[[], XboxLive]) -> None:
    """Whatever is there, and however it came there, also what a request could not ask for any more (SEED-7)."""
    xbl = world()
    other = assert_equal_again(xbl)
    assert seen(other) == seen(xbl)


@pytest.mark.parametrize("name", ["world.json", "world.yaml", "world.yml"])
def test_a_dump_in_a_file_loses_nothing(name: str, tmp_path: Path) -> None:
    """As JSON and as YAML (SEED-7)."""
    xbl = a_world()
    xbl.directory = tmp_path
    for what in ("statistics", "define", "custom", "keywords", "host", "server", "invite with attributes", "wait"):
        happen(xbl, (what, 4 if what == "server" else 0, 0, 1))
    for more in (_a_member_of_another_device, _handles_of_old, _all_is_cleared, _presence_and_blocks):
        more(xbl)
    dumped = xbl.dump(name)
    read = XboxLive(seed=Seed.read(tmp_path / name))
    assert facts(read.world._state) == facts(xbl._world._state)
    assert read.dump() == dumped


TEXTS = [
    "yes",
    "~",
    "1",
    "1.0",
    "0x1F",
    "1_000",
    "1:30",
    "2026-01-01",
    NOON,
    "<<",
    "=",
    "",
    " a",
    "é😀",
    "a\nb",
    "\x00",
]
ODD: dict[str, Any] = {
    **{f"text {number}": text for number, text in enumerate(TEXTS)},
    **{text: number for number, text in enumerate(TEXTS)},
    "\u0085": "\u2028\ufeff",
    "half a character": "\ud800",
    "numbers": [0, -0.0, 1.0, 1e300, 2**63, -(2**63), 1e-7],
    "deep": [[[[{"a": [None, {}, []]}]]]],
    "members": ["a", {"id": 1}],
    "since": "2026-01-01T12:00:00Z",
}


@pytest.mark.parametrize("name", ["world.json", "world.yaml"])
def test_custom_data_of_all_kinds_come_back_from_a_file(name: str, tmp_path: Path) -> None:
    """Whatever JSON can say, as texts that YAML would take for something else (SEED-7)."""
    xbl = XboxLive(directory=tmp_path)
    body = {**ACTIVE, "properties": {"custom": ODD}, "constants": {"custom": ODD}}
    assert xbl.client(xbl.user("yes")).put(path_of((SCID, "lobby", "null")), json=body).status_code == 201
    xbl.dump(name)
    read = XboxLive(seed=Seed.read(tmp_path / name))
    assert facts(read.world._state) == facts(xbl._world._state)


@pytest.mark.parametrize("name", ["world.json", "world.yaml"])
def test_custom_data_as_deep_as_a_request_may_have_them_come_back_from_a_file(name: str, tmp_path: Path) -> None:
    """Though they lie deeper in a seed than in a request (CALL-12, SEED-7)."""
    inner: Any = 1
    for _ in range(61):
        inner = [inner]
    xbl = XboxLive(directory=tmp_path)
    body = {**ACTIVE, "properties": {"custom": {"a": inner}}}
    assert xbl.client(xbl.user("Stacy")).put(path_of((SCID, "lobby", "deep")), json=body).status_code == 201
    xbl.dump(name)
    read = XboxLive(seed=Seed.read(tmp_path / name))
    assert facts(read.world._state) == facts(xbl._world._state)


# What a dump looks like


def test_the_dump_of_a_new_world_is_the_time() -> None:
    """What is as it would be anyway is left out (SEED-7)."""
    assert XboxLive().dump() == {"now": NOON}


def test_a_dump_says_what_is_otherwise_than_usual() -> None:
    """Users with their xuids and devices, members with their places and times; and no more than need be (SEED-7)."""
    xbl = XboxLive()
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.service("server")
    xbl.service("deputy", on_behalf_of=ana)
    xbl.follow(stacy, ana, favorite=True)
    xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "reserved"})
    xbl.clock.advance(seconds=1.5)
    handle = xbl.handles.create("activity", (SCID, "lobby", "one"), owner=stacy)
    xbl.stats.set(stacy, {"wins": 3, "when": datetime(2026, 1, 1, tzinfo=timezone.utc)}, metadata={"wins": {"a": 1}})
    xbl.stats.define("wins")
    later = "2026-01-01T12:00:01.5000000Z"
    assert xbl.dump() == {
        "now": later,
        "users": {
            "Stacy": {
                "xuid": "2533274790000001",
                "deviceId": "F000000000000001",
                "follows": ["Ana"],
                "favorites": ["Ana"],
            },
            "Ana": {"xuid": "2533274790000002", "deviceId": "F000000000000002"},
        },
        "services": {"server": {}, "deputy": {"onBehalfOf": "Ana"}},
        "sessions": {
            "one": {
                "template": "lobby",
                "name": "one",
                "startTime": NOON,
                "members": {
                    "Stacy": {"status": "active", "index": 0, "since": NOON, "joinTime": NOON},
                    "Ana": {"status": "reserved", "index": 1, "since": NOON, "joinTime": NOON},
                },
            }
        },
        "handles": {
            handle.id: {
                "type": "activity",
                "session": "one",
                "id": handle.id,
                "created": later,
                "owner": "Stacy",
                "titleId": "1719000001",
                "incarnation": 1,
            }
        },
        "statistics": {
            "users": {
                "Stacy": {
                    "wins": {"value": 3, "metadata": {"a": 1}},
                    "when": {"value": "2026-01-01T00:00:00+00:00", "type": "DateTime"},
                }
            },
            "definitions": {"wins": {}},
        },
        "given": {"sessions": 0, "handles": 1},
    }


def test_sessions_of_one_name_are_called_by_their_references() -> None:
    """Each label stands for one (SEED-7)."""
    xbl = XboxLive()
    members = xbl.users("Stacy")
    for template, name in (("lobby", "one"), ("game", "ONE"), ("game", "two")):
        xbl.sessions.create(template, name=name, members=members)
    assert list(xbl.dump()["sessions"]) == [f"{SCID}~lobby~one", f"{SCID}~game~ONE", "two"]


def test_a_dump_has_no_histories() -> None:
    """Whoever needs the past asks the world itself (SEED-7)."""
    xbl = XboxLive()
    session = xbl.sessions.create("lobby", name="one", members=xbl.users("Stacy"))
    xbl.clock.advance(seconds=1)
    xbl.client(xbl.user("Ana")).put(session.ref.path, json=ACTIVE)
    versions = again(xbl).sessions["one"].history
    assert (len(session.history), len(versions)) == (2, 1)
    assert (versions[0].operation, versions[0].caller, versions[0].document) == ("create", "the seed", session.document)


def test_tokens_differ_by_the_name_of_the_world() -> None:
    """And those that a test has chosen do not (SEED-7, CALL-3)."""
    xbl = XboxLive(name="here")
    xbl.user("Stacy")
    xbl.user("Ana", token="chosen")
    xbl.service("server")
    other = XboxLive(name="there", seed=Seed(xbl.dump()))
    names = ("Stacy", "Ana", "server")
    tokens = [[person(world.xbl, name).authorization for name in names] for world in (xbl, other)]
    assert tokens == [
        [
            "XBL3.0 x=2533274790000001;here.2533274790000001",
            "XBL3.0 x=2533274790000002;chosen",
            "XBL3.0 x=service-1;here.service-1",
        ],
        [
            "XBL3.0 x=2533274790000001;there.2533274790000001",
            "XBL3.0 x=2533274790000002;chosen",
            "XBL3.0 x=service-1;there.service-1",
        ],
    ]


def test_a_dump_is_a_seed_to_build_on() -> None:
    """It combines like any other (SEED-4, SEED-7)."""
    xbl = XboxLive()
    xbl.sessions.create("lobby", name="one", members=xbl.users("Stacy"))
    more = Seed(xbl.dump()) | {"users": {"Ana": {}}, "sessions": {"one": {"properties": {"custom": {"a": 1}}}}}
    other = XboxLive(seed=more)
    assert other.sessions["one"].document["properties"]["custom"] == {"a": 1}
    assert other.scenario["Ana"].xuid == "2533274790000002"
