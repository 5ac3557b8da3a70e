"""A dump is a seed, and whoever loads it has an equal world (SEED-7)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from bodies import ACTIVE, LEAVE, SCID, me, ref, reserve, session_path
from happenings import ACTS, CALLERS, ELSEWHERE, PLACES, Happening, a_world, happen, happenings, seen
from people import person
from puts import STRANGER
from pytest_xbl import Seed, User, XboxLive
from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.strategies.states import first_difference, require_equal
from seeds import SeedDict
from tables import cases

NOON = "2026-01-01T12:00:00.0000000Z"


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
    require_equal(other._world._state, xbl._world._state)
    return other


@settings(derandomize=True, deadline=None, max_examples=40)
@given(happenings(40), happenings(6))
def test_a_dump_makes_an_equal_world(history: list[Happening], future: list[Happening]) -> None:
    """Whatever has happened: equal in all that it remembers, and in all that comes of it later (SEED-7)."""
    xbl = a_world()
    for happening in history:
        happen(xbl, happening)
    other = assert_equal_again(xbl)
    for happening in future:
        assert happen(other, happening) == happen(xbl, happening), happening
    require_equal(other._world._state, xbl._world._state)
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
            came = happen(xbl, (what, caller, place, 1))
            if isinstance(came, tuple):
                assert came[0] < 500
            if first_difference(kept.state, xbl._world._state):
                return
            xbl.restore(kept)
    pytest.fail(f"{what} changes nothing")


INVITES: Happening = ("invite", 0, 0, 1)
BEFORE: dict[str, list[Happening]] = {
    **{what: [("active", 0, 0, 0)] for what in ("leaves", "inactive")},
    **{f"no {what}": [(what, 0, 0, 0)] for what in ("address", "keywords")},
    "open": [("locked", 0, 0, 0)],
    "unsubscribed": [("subscribed", 0, 0, 0)],
    "present": [("absent", 0, 0, 1)],
    "turns": [("active", 1, 0, 0)],
    "no server": [("server", 4, 0, 0)],
    "clear": [("statistics", 0, 0, 1)],
    "no officer": [("officer", 0, 8, 0)],
    "query": [("search", 0, 8, 0), ("wait", 0, 0, 0)],
    "no post": [("post", 0, 8, 0)],
    "delete handle": [INVITES],
    "by handle": [("active", 0, 0, 0), INVITES],
}
"""The things that have to be before something can happen."""


# What might be lost


def test_a_dump_counts_the_names_that_were_given() -> None:
    """So the next one is the same; a world that has given none says nothing of it (SEED-7)."""
    xbl = XboxLive()
    assert "given" not in xbl.dump()
    xbl.sessions.create("lobby", members=[xbl.user("Stacy")])
    assert xbl.dump()["given"] == {"sessions": 1, "handles": 0}
    assert len({world.sessions.create("lobby", members=["Stacy"]).ref.name for world in (xbl, again(xbl))}) == 1


def _handles(**handles: SeedDict) -> SeedDict:
    """Handles in a world with two users, and a session with the first."""
    users: SeedDict = {"a": {"xuid": "31"}, "b": {}}
    sessions = {"s": {"template": "lobby", "members": ["a"]}}
    return {"users": users, "sessions": sessions, "handles": handles}


def _a_child_is_brought_by_a_service(xbl: XboxLive) -> None:
    service = xbl.service("nurse", on_behalf_of=person(xbl, "child"))
    assert xbl.client(service).put(session_path("nursery"), json=ACTIVE).status_code == 201


def _arbitration_is_over(xbl: XboxLive) -> None:
    can = {"arbitration": True, "gameplay": True}
    xbl.templates.add("duel", {"constants": {"system": {"capabilities": can, "sessionEmptyTimeout": 60_000}}})
    server = xbl.client(person(xbl, "server"))
    path = session_path("one", "duel")
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


def _matches_are_initialized(xbl: XboxLive) -> None:
    star = {"capabilities": {"connectivity": True}, "peerToHostRequirements": {"latencyMaximum": 9}}
    for name, more in (("match", {}), ("judged", {"externalEvaluation": True})):
        start = {"membersNeededToStart": 1, **more}
        xbl.templates.add(name, {"constants": {"system": {**star, "memberInitialization": start}}})
    for n, (template, name) in enumerate((("match", "m1"), ("match", "m2"), ("judged", "m3"), ("match", "m4"))):
        players = [person(xbl, who) for who in ("Stacy", "Ana", "Zoe")[: 3 if n < 3 else 2]]
        _play(xbl, session_path(name, template), players, latency=5 if n % 2 else 20)


def _play(xbl: XboxLive, path: str, players: list[User], *, latency: int) -> None:
    slots = reserve(*(player.xuid for player in players))
    for slot in slots["members"].values():
        slot["constants"]["system"]["initialize"] = True
    assert xbl.client(person(xbl, "server")).put(path, json=slots).status_code == 201
    addresses = {player: base64.b64encode(player.xuid.encode()).decode() for player in players[:2]}
    for player, address in addresses.items():
        xbl.client(player).put(path, json=me(active=True, secureDeviceAddress=address))
    xbl.clock.advance(seconds=10)
    for player in addresses:
        others = [device_token(address) for other, address in addresses.items() if other is not player]
        measured = {"latency": latency, "bandwidthDown": 10**6, "bandwidthUp": 10**6}
        xbl.client(player).put(path, json=me(measurements=dict.fromkeys(others, measured)))


def _a_constant_of_nothing(xbl: XboxLive) -> None:
    body = {"members": {"me": {"constants": {"custom": None}, "properties": {"system": {"active": True}}}}}
    path = session_path()
    assert xbl.client(person(xbl, "Zoe")).put(path, json=body).status_code == 201


def _a_session_is_gone(xbl: XboxLive) -> None:
    client = xbl.client(person(xbl, "Stacy"))
    path = session_path("Gone", "LOBBY")
    for _ in range(2):
        assert client.put(path, json=ACTIVE).status_code == 201
        invite = {"type": "invite", "version": 1, "sessionRef": ref("GONE", "Lobby")}
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
    xbl.templates.add("twin", {"constants": {"custom": {"a": 1}}}, scid=ELSEWHERE)
    xbl.templates.add(f"{ELSEWHERE}~twin", {"constants": {"custom": {"a": 2}}})
    xbl.stats.set(members[0], {f"wins in {ELSEWHERE.lower()}": 1})
    xbl.stats.set(members[0], {"wins": 2}, scid=ELSEWHERE)
    xbl.stats.define(f"wins in {ELSEWHERE.lower()}", access="restricted")
    xbl.stats.define("wins", scid=ELSEWHERE)


def _strangers_with_the_names_of_users(xbl: XboxLive) -> None:
    named, called = xbl.users(STRANGER, f"the stranger {STRANGER}")
    xbl.sessions.create("lobby", name="odd", members=[named, called])
    assert xbl.client(named).put(session_path("odd"), json=reserve(STRANGER)).status_code == 200


def _a_member_of_another_device(xbl: XboxLive) -> None:
    members = {
        "Ana": {"gamertag": "as she was", "deviceId": "", "activeTitleId": "5"},
        "Stacy": {"gamertag": "", "deviceId": "elsewhere", "status": "ready"},
        "somebody": {"xuid": "31", "gamertag": "GT", "deviceId": "D", "activeTitleId": "6"},
        "nobody": {"xuid": "32"},
        "7": {"xuid": "33", "status": "reserved", "index": 9},
    }
    xbl.seed({"sessions": {"s": {"template": "lobby", "members": members}}})


def _the_end_of_the_calendar(xbl: XboxLive) -> None:
    xbl.clock.move_to(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone.utc))
    stacy = person(xbl, "Stacy")
    session = xbl.sessions.create("lobby", name="last", members=[stacy])
    assert session.invite(xbl.user("late")).expires is None


def _somebody_comes_whose_handle_is_there(xbl: XboxLive) -> None:
    activity = {"type": "activity", "session": "s", "owner": {"xuid": "31"}}
    invite = {"type": "invite", "session": "s", "owner": {"xuid": "1"}, "invited": {"xuid": "1"}, "created": NOON}
    session = {"template": "lobby", "members": {"her": {"xuid": "31"}}}
    xbl.seed({"sessions": {"s": session}, "handles": {"activity": activity, "invite": invite}})
    xbl.user("her", xuid="31")


def _handles_of_old(xbl: XboxLive) -> None:
    away = ref("Nowhere")
    old = {"session": away, "created": "2025-12-31T12:00:00Z", "owner": "Stacy", "titleId": "5", "incarnation": 3}
    handles = {
        "invite": {**old, "type": "invite", "invited": "Ana", "ahead": True, "expires": "2026-01-01T12:00:01Z"},
        "over": {**old, "type": "invite", "invited": {"xuid": "1"}},
        "transfer": {**old, "type": "transfer", "origin": away, "originIncarnation": 2},
        "by nobody": {"type": "transfer", "session": away, "origin": away, "created": NOON},
    }
    xbl.seed({"handles": handles})


def _all_is_cleared(xbl: XboxLive) -> None:
    zoe = person(xbl, "Zoe")
    xbl.stats.set(zoe, {"wins": 1}, scid="00000000-0000-4000-8000-00000000000a")
    xbl.stats.clear(zoe, scid="00000000-0000-4000-8000-00000000000a")
    xbl.stats.define("x", type="DateTime", access="restricted", scid="00000000-0000-4000-8000-00000000000b")


def _presence_and_blocks(xbl: XboxLive) -> None:
    stacy, ana = (person(xbl, name) for name in ("Stacy", "Ana"))
    xbl.set_presence(stacy, present=False)
    xbl.block(ana, stacy)
    xbl.seed({"users": {"fan": {"follows": [{"xuid": STRANGER}], "favorites": [{"xuid": STRANGER}]}}})


def _an_owner_closes_what_others_shall_find(xbl: XboxLive) -> None:
    stacy, ana = (person(xbl, name) for name in ("Stacy", "Ana"))
    path = session_path("one", "guild")
    for body in ({"properties": {"system": {"closed": True, "owners": [1]}}}, LEAVE):
        assert xbl.client(stacy).put(path, json=body).status_code == 200
    handle = {"type": "search", "sessionRef": ref("one", "guild"), "searchAttributes": {"tags": ["Fun"]}}
    assert xbl.client(ana).post("/handles", json=handle).status_code == 201


HAPPENED: dict[str, Callable[[XboxLive], object]] = {
    "nothing": lambda _: None,
    "a child is brought by a service": _a_child_is_brought_by_a_service,
    "arbitration is over": _arbitration_is_over,
    "an initialization has no timeouts": _initialization_without_timeouts,
    "matches are initialized": _matches_are_initialized,
    "a custom constant is null": _a_constant_of_nothing,
    "sessions are gone": _a_session_is_gone,
    "a template needs what its sessions add": _a_template_needs_what_the_session_adds,
    "names look alike": _names_that_look_alike,
    "strangers are called like users": _strangers_with_the_names_of_users,
    "members have other claims than theirs": _a_member_of_another_device,
    "the calendar ends": _the_end_of_the_calendar,
    "somebody's handle was there before them": _somebody_comes_whose_handle_is_there,
    "handles were made earlier": _handles_of_old,
    "statistics are cleared": _all_is_cleared,
    "presence and blocks": _presence_and_blocks,
    "an owner closes what others shall find": _an_owner_closes_what_others_shall_find,
}


@cases("happened", HAPPENED)
def test_a_dump_loses_nothing(happened: Callable[[XboxLive], object]) -> None:
    """Whatever is there, and however it came there, also what a request could not ask for any more (SEED-7)."""
    xbl = a_world()
    happened(xbl)
    assert seen(assert_equal_again(xbl)) == seen(xbl)


SEEDS: dict[str, SeedDict] = {
    "nothing": {},
    "names of all characters": {
        "users": {"a/b~": {"gamertag": "\ud800"}, "ü": {"follows": ["a/b~"]}, "{0}": {}, "the stranger 9": {}},
        "services": {"~/": {"onBehalfOf": "ü"}},
        "templates": {"a~b": {}, "two": {"name": "é {}"}},
        "sessions": {
            "a/b": {"template": "A~B", "name": "x~y", "members": {"a/b~": "active", "~1": {"xuid": "9"}}},
            "\ud800": {"template": "É {}", "name": "{0}", "members": ["ü"]},
        },
        "handles": {"~0": {"type": "activity", "session": "a/b", "owner": "a/b~"}},
        "statistics": {"users": {"ü": {"~": 1, "\ud800": "\udfff"}}, "definitions": {"{}": {}}},
    },
    "what was given is counted anew": _handles(h={"type": "activity", "session": "s", "owner": "a"})
    | {"given": {"handles": 0, "sessions": 7}},
    "handles of users and strangers without a title": _handles(
        h={"type": "activity", "session": "s", "owner": "a", "created": NOON, "titleId": ""},
        i={"type": "invite", "session": "s", "owner": {"xuid": "9"}, "invited": "b", "created": NOON},
    ),
    "a user who is named by their xuid": _handles(h={"type": "activity", "session": "s", "owner": {"xuid": "31"}}),
}


@cases("seed", SEEDS)
def test_the_dump_of_a_seed_loses_nothing(seed: SeedDict) -> None:
    """Whatever names and numbers the seed gives (SEED-7)."""
    xbl = XboxLive(seed=Seed(seed))
    assert seen(assert_equal_again(xbl)) == seen(xbl)


YAML_WORDS = ["yes", "~", "1", "1.0", "0x1F", "1_000", "1:30", "2026-01-01", "<<", "="]
TEXTS = [*YAML_WORDS, NOON, "", " a", "é😀", "a\nb", "\x00"]
ODD: SeedDict = {
    **{f"text {number}": text for number, text in enumerate(TEXTS)},
    **{text: number for number, text in enumerate(TEXTS)},
    "\u0085": "\u2028\ufeff",
    "half a character": "\ud800",
    "numbers": [0, -0.0, 1.0, 1e300, 2**63, -(2**63), 1e-7],
    "deep": [[[[{"a": [None, {}, []]}]]]],
    "members": ["a", {"id": 1}],
    "since": "2026-01-01T12:00:00Z",
}


def nested(depth: int) -> Any:
    """A list in a list, so many times."""
    return [nested(depth - 1)] if depth else 1


@pytest.mark.parametrize("name", ["world.json", "world.yaml"])
@pytest.mark.parametrize("custom", [ODD, {"a": nested(61)}], ids=["odd", "deep"])
def test_custom_data_of_all_kinds_come_back_from_a_file(custom: SeedDict, name: str, tmp_path: Path) -> None:
    """As deep as a request may be, and texts that YAML would take for something else (CALL-12, SEED-7)."""
    xbl = XboxLive(directory=tmp_path)
    body = {**ACTIVE, "properties": {"custom": custom}, "constants": {"custom": custom}}
    assert xbl.client(xbl.user("yes")).put(session_path("null"), json=body).status_code == 201
    xbl.dump(name)
    read = XboxLive(seed=Seed.read(tmp_path / name))
    require_equal(read._world._state, xbl._world._state)


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
    later, since = "2026-01-01T12:00:01.5000000Z", {"since": NOON, "joinTime": NOON}
    members = {"Stacy": {"status": "active", "index": 0, **since}, "Ana": {"status": "reserved", "index": 1, **since}}
    wins = {"wins": {"value": 3, "metadata": {"a": 1}}}
    when = {"when": {"value": "2026-01-01T00:00:00+00:00", "type": "DateTime"}}
    assert xbl.dump() == {
        "now": later,
        "users": {
            "Stacy": {"xuid": "2533274790000001", "deviceId": "F000000000000001"}
            | {"follows": ["Ana"], "favorites": ["Ana"]},
            "Ana": {"xuid": "2533274790000002", "deviceId": "F000000000000002"},
        },
        "services": {"server": {}, "deputy": {"onBehalfOf": "Ana"}},
        "sessions": {
            "one": {"template": "lobby", "name": "one", "startTime": NOON, "changeNumber": 2, "members": members}
        },
        "handles": {
            handle.id: {"type": "activity", "session": "one", "id": handle.id, "created": later, "owner": "Stacy"}
            | {"titleId": "1719000001", "incarnation": 1}
        },
        "statistics": {"users": {"Stacy": wins | when}, "definitions": {"wins": {}}},
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
    tokens = [[person(world, name).token for name in ("Stacy", "Ana", "server")] for world in (xbl, other)]
    assert tokens == [[f"{name}.2533274790000001", "chosen", f"{name}.service-1"] for name in ("here", "there")]
