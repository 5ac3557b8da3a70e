"""Finding sessions in a world, and the indexes that know where to look (FIND)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_xbl.world._state import SessionKey, State

from pytest_xbl import XboxLive
from pytest_xbl.mpsd.model import Caller, JsonObject
from pytest_xbl.mpsd.queries import keywords, parse_query
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.world.queries import find_sessions
from pytest_xbl.xbl.people import Principal, User
from pytest_xbl.xbl.sessions import SessionView

SCID = XboxLive.scid
OTHER = "5c1d0000-0000-4000-8000-00000000abcd"
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}
INACTIVE = {"members": {"me": {"properties": {"system": {"active": False}}}}}
LEAVE: dict[str, Any] = {"members": {"me": None}}
SERVER = Caller("server", server=True)


def keyworded(*words: str) -> dict[str, Any]:
    """Properties with keywords."""
    return {"properties": {"system": {"keywords": list(words)}}}


def reserving(*users: User) -> dict[str, Any]:
    """A body that reserves slots."""
    seats = {f"reserve_{n}": {"constants": {"system": {"xuid": user.xuid}}} for n, user in enumerate(users)}
    return {"members": seats}


def found(
    xbl: XboxLive,
    caller: Caller | Principal = SERVER,
    *,
    xuids: list[User] | None = None,
    scid: str = SCID,
    template: str | None = None,
    **asked: str,
) -> list[JsonObject]:
    """What a query finds."""
    caller = caller.caller if isinstance(caller, Principal) else caller
    named = tuple(user.xuid for user in xuids) if xuids is not None else None
    query = parse_query(asked, contract=107, needs_filter=named is None)
    query = query if named is None else query._replace(xuids=named)
    return find_sessions(xbl._world, query, caller, scid=scid, template=template)


def names(results: list[JsonObject]) -> list[str]:
    """The names of the sessions, and by whom they were found if by somebody."""
    return [result["sessionRef"]["name"] for result in results]


def put(xbl: XboxLive, user: Principal, view: SessionView, body: dict[str, Any]) -> int:
    """The status of a write that is done."""
    status = xbl.client(user).put(view.ref.path, json=body).status_code
    assert status in (200, 201, 204)
    return status


# Users, keywords, places


def test_a_query_finds_the_sessions_of_a_user(xbl: XboxLive, stacy: User, ana: User) -> None:
    """The newest first, and those of the same moment by name (FIND-3, FIND-8)."""
    for name, members in (("b", [stacy]), ("a", [stacy, ana]), ("c", [ana])):
        xbl.sessions.create("lobby", name=name, members=members)
    xbl.clock.advance(seconds=1)
    xbl.sessions.create("game", name="z", members=[stacy])
    assert names(found(xbl, xuid=stacy.xuid)) == ["z", "a", "b"]
    assert names(found(xbl, ana, xuid=stacy.xuid)) == ["z", "a", "b"]
    assert names(found(xbl, xuid=stacy.xuid, take="2")) == ["z", "a"]
    assert found(xbl, xuid=stacy.xuid, take="0") == found(xbl, xuid="5") == []


def test_a_query_finds_the_sessions_with_a_keyword(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Of whomever; with a xuid besides only theirs (FIND-2, FIND-5, FIND-6)."""
    xbl.sessions.create("lobby", name="b", members=[stacy], properties={"system": {"keywords": ["Rome"]}})
    xbl.sessions.create("lobby", name="a", members=[ana], properties={"system": {"keywords": ["rome", "gaul"]}})
    xbl.sessions.create("lobby", name="c", members=[stacy])
    by_keyword = found(xbl, keyword="ROME")
    assert names(by_keyword) == ["a", "b"]
    assert {"xuid", "status"}.isdisjoint(by_keyword[0])
    by_both = found(xbl, keyword="Rome", xuid=stacy.xuid)
    assert (names(by_both), by_both[0]["xuid"], by_both[0]["status"]) == (["b"], stacy.xuid, "active")
    assert found(xbl, keyword="gaul", xuid=stacy.xuid) == []


def test_a_query_looks_in_one_place(xbl: XboxLive, stacy: User) -> None:
    """A service configuration, or a template of it, in whatever case (FIND-1, CALL-5)."""
    xbl.templates.add("lobby", {}, scid=OTHER)
    words = {"system": {"keywords": ["rome"]}}
    for scid, template in ((SCID, "lobby"), (SCID, "game"), (OTHER, "lobby")):
        name = f"{template} {scid[-1]}"
        xbl.sessions.create(template, name=name, scid=scid, members=[stacy], properties=words)
    queries: tuple[dict[str, Any], ...] = ({"xuid": stacy.xuid}, {"keyword": "rome"})
    for asked in queries:
        assert names(found(xbl, **asked)) == ["game 1", "lobby 1"]
        assert names(found(xbl, scid=SCID.upper(), template="LOBBY", **asked)) == ["lobby 1"]
        assert names(found(xbl, template="game", **asked)) == ["game 1"]
        assert names(found(xbl, scid=OTHER.upper(), **asked)) == ["lobby d"]
        assert found(xbl, template="ticket", **asked) == []


@pytest.mark.parametrize(
    ("scid", "template", "what"),
    [
        (OTHER, None, f"The service configuration {OTHER} is unknown; known are: {SCID}."),
        (OTHER, "lobby", f"The service configuration {OTHER} is unknown; known are: {SCID}."),
        (SCID, "x", f"There is no template x in {SCID}; it has lobby, game, ticket, large."),
    ],
)
def test_a_place_that_there_is_not_is_refused(
    xbl: XboxLive, stacy: User, scid: str, template: str | None, what: str
) -> None:
    """404, whether or not there is anything to find (TMPL-1)."""
    with pytest.raises(Refusal) as refused:
        found(xbl, xuid=stacy.xuid, scid=scid, template=template)
    refusal = refused.value
    assert (refusal.status, refusal.where, refusal.what, refusal.rule) == (404, "the URI", what, "TMPL-1")


def test_a_batch_goes_user_by_user(xbl: XboxLive, stacy: User, ana: User) -> None:
    """In the order of the request; a session appears once per user, and `take` counts all (FIND-7, FIND-8, FIND-11)."""
    xbl.sessions.create("lobby", name="both", members=[stacy, ana])
    xbl.clock.advance(seconds=1)
    xbl.sessions.create("lobby", name="hers", members=[stacy])
    found_by = [(r["xuid"], r["sessionRef"]["name"]) for r in found(xbl, xuids=[ana, stacy])]
    assert found_by == [(ana.xuid, "both"), (stacy.xuid, "hers"), (stacy.xuid, "both")]
    assert names(found(xbl, xuids=[stacy, ana])) == ["hers", "both", "both"]
    assert names(found(xbl, xuids=[stacy, ana], take="2")) == ["hers", "both"]


def test_a_batch_can_ask_for_a_keyword_too(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Of the sessions of its users (FIND-1)."""
    xbl.sessions.create("lobby", name="a", members=[stacy, ana], properties={"system": {"keywords": ["rome"]}})
    xbl.sessions.create("lobby", name="b", members=[stacy])
    assert names(found(xbl, xuids=[stacy, ana], keyword="rome")) == ["a", "a"]


# Who is told


def test_sessions_that_the_caller_may_not_read_are_left_out(xbl: XboxLive, stacy: User, ana: User) -> None:
    """By visibility or restriction; members and services find them (FIND-9, JOIN-3)."""
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    xbl.sessions.create("hidden", name="hidden", members=[stacy])
    local = {"joinRestriction": "local", "readRestriction": "local", "keywords": ["rome"]}
    xbl.sessions.create("lobby", name="local", members=[stacy], properties={"system": local})
    xbl.sessions.create("ticket", name="visible", members=[stacy], properties={"system": {"keywords": ["rome"]}})
    assert names(found(xbl, ana, xuid=stacy.xuid)) == ["visible"]
    assert names(found(xbl, ana, keyword="rome")) == ["visible"]
    assert names(found(xbl, stacy, xuid=stacy.xuid)) == ["local", "visible"]
    assert names(found(xbl, stacy, xuid=stacy.xuid, private="true")) == ["hidden", "local", "visible"]
    assert names(found(xbl, xuid=stacy.xuid, private="true")) == ["hidden", "local", "visible"]


def test_a_private_session_is_found_by_those_in_it(xbl: XboxLive, stacy: User, ana: User) -> None:
    """With both flags also by somebody merely reserved (FIND-3, FIND-4)."""
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    xbl.sessions.create("hidden", name="hidden", members={stacy: "active", ana: "reserved"})
    assert found(xbl, ana, xuid=ana.xuid, private="true") == []
    (result,) = found(xbl, ana, xuid=ana.xuid, private="true", reservations="true")
    assert (result["status"], result["visibility"], result["accepted"]) == ("reserved", "private", 1)


# Queries and time


def test_a_query_settles_what_it_touches(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Every session of the user in that place, found or not, and no other (TIME-1, FIND-9)."""
    views = {
        name: xbl.sessions.create(template, name=name, members={user: "active", other: "reserved"})
        for name, template, user, other in (
            ("found", "lobby", stacy, ana),
            ("filtered", "lobby", stacy, xbl.user("Low")),
            ("elsewhere", "game", stacy, ana),
            ("another's", "lobby", ana, xbl.user("Zoe")),
        )
    }
    put(xbl, stacy, views["found"], keyworded("rome"))
    xbl.clock.advance(minutes=1)
    assert names(found(xbl, xuid=stacy.xuid, keyword="rome", template="lobby")) == ["found"]
    settled = {name for name, view in views.items() if view.history[-1].operation == "timers"}
    assert settled == {"found", "filtered"}


def test_a_query_by_keyword_settles_those_with_it(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Also where the caller may not read them (TIME-1, FIND-9)."""
    views = {
        name: xbl.sessions.create("lobby", name=name, members={stacy: "active", ana: "reserved"}, properties=properties)
        for name, properties in (
            ("rome", {"system": {"keywords": ["rome"], "readRestriction": "local", "joinRestriction": "local"}}),
            ("gaul", {"system": {"keywords": ["gaul"]}}),
        )
    }
    xbl.clock.advance(minutes=1)
    assert found(xbl, xbl.user("Zoe"), keyword="rome") == []
    assert {name: view.history[-1].operation for name, view in views.items()} == {"rome": "timers", "gaul": "create"}


def test_a_query_of_nothing_is_an_access_all_the_same(xbl: XboxLive, stacy: User, ana: User) -> None:
    """`take=0` settles what any would (TIME-1)."""
    view = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"})
    xbl.clock.advance(minutes=1)
    assert found(xbl, xuid=stacy.xuid, take="0") == []
    assert view.history[-1].operation == "timers"


def test_a_refused_query_settles_nothing(xbl: XboxLive, stacy: User, ana: User) -> None:
    """It gets to no session (FIND-4, TIME-1)."""
    view = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"})
    xbl.clock.advance(minutes=1)
    answer = xbl.client(ana).get(f"/serviceconfigs/{SCID}/sessions?xuid={stacy.xuid}&private=true")
    assert (answer.status_code, view.history[-1].operation) == (403, "create")


def test_what_a_timer_ends_is_not_found(xbl: XboxLive, stacy: User, ana: User) -> None:
    """The query comes upon it, and the session may be gone (TIME-1, TIME-4)."""
    one = xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "reserved"})
    two = xbl.sessions.create("lobby", name="two", members={ana: "reserved"})
    assert names(found(xbl, xuid=ana.xuid, reservations="true")) == ["one", "two"]
    xbl.clock.advance(minutes=1)
    assert found(xbl, xuid=ana.xuid, reservations="true") == []
    assert [one.history[-1].operation, two.history[-1].session] == ["timers", None]
    assert list(xbl._world._state.memberships[ana.xuid]) == []


# What the indexes know


def scan(state: State) -> tuple[dict[str, set[SessionKey]], dict[tuple[str, str], set[SessionKey]]]:
    """What the indexes should say, found by looking through all sessions."""
    members: dict[str, set[SessionKey]] = {}
    words: dict[tuple[str, str], set[SessionKey]] = {}
    for key, record in state.records.items():
        for member in record.session.members if record.session else ():
            members.setdefault(member.xuid, set()).add(key)
        for word in keywords(record.session):
            words.setdefault((key[0], word), set()).add(key)
    return members, words


def indexed(state: State) -> tuple[dict[str, set[SessionKey]], dict[tuple[str, str], set[SessionKey]]]:
    """What the indexes say."""
    members, words = state.memberships, state.keywords
    return (
        {xuid: set(members[xuid]) for xuid in members._entries},
        {word: set(words[word]) for word in words._entries},
    )


class Scene(NamedTuple):
    """Where it happens, and who is about."""

    xbl: XboxLive
    one: SessionView
    stacy: User
    ana: User


Step = Callable[[Scene], object]
STEPS: list[tuple[str, Step, list[str], list[str]]] = [
    # what happens; then whether Stacy, Ana are in the session, and its keywords
    ("as it was", lambda s: s.one.document, ["Stacy"], ["rome"]),
    ("join", lambda s: put(s.xbl, s.ana, s.one, ACTIVE), ["Stacy", "Ana"], ["rome"]),
    ("reserve", lambda s: put(s.xbl, s.stacy, s.one, reserving(s.ana)), ["Stacy", "Ana"], ["rome"]),
    ("leave", lambda s: put(s.xbl, s.stacy, s.one, LEAVE), [], []),
    ("inactive", lambda s: put(s.xbl, s.stacy, s.one, INACTIVE), ["Stacy"], ["rome"]),
    (
        "keywords",
        lambda s: put(s.xbl, s.stacy, s.one, keyworded("Gaul", "ROME")),
        ["Stacy"],
        ["gaul", "rome"],
    ),
    ("no keywords", lambda s: put(s.xbl, s.stacy, s.one, keyworded()), ["Stacy"], []),
    (
        "keywords removed",
        lambda s: put(s.xbl, s.stacy, s.one, {"properties": {"system": {"keywords": None}}}),
        ["Stacy"],
        [],
    ),
    (
        "removed by a service",
        lambda s: put(s.xbl, s.xbl.service("kicker"), s.one, {"members": {"0": None}}),
        [],
        [],
    ),
    (
        "removed and reserved anew",
        lambda s: put(s.xbl, s.xbl.service("kicker"), s.one, {"members": {"0": None, **reserving(s.stacy)["members"]}}),
        ["Stacy"],
        ["rome"],
    ),
    (
        "a reservation that times out",
        lambda s: (
            put(s.xbl, s.stacy, s.one, reserving(s.ana)),
            s.xbl.clock.advance(minutes=1),
            s.xbl.client(s.stacy).get(s.one.ref.path),
        ),
        ["Stacy"],
        ["rome"],
    ),
    (
        "all of it times out",
        lambda s: (
            put(s.xbl, s.stacy, s.one, INACTIVE),
            s.xbl.clock.advance(days=1),
            s.xbl.client(s.stacy).get(s.one.ref.path),
        ),
        [],
        [],
    ),
    (
        "made again",
        lambda s: (put(s.xbl, s.stacy, s.one, LEAVE), put(s.xbl, s.ana, s.one, {**ACTIVE, **keyworded("Gaul")})),
        ["Ana"],
        ["gaul"],
    ),
    (
        "rehearsed",
        lambda s: s.xbl.client(s.ana).put(f"{s.one.ref.path}?nocommit=true", json={**ACTIVE, **keyworded("gaul")}),
        ["Stacy"],
        ["rome"],
    ),
    (
        "refused",
        lambda s: s.xbl.client(s.stacy).put(s.one.ref.path, json={**LEAVE, **keyworded("gaul"), "x": 1}),
        ["Stacy"],
        ["rome"],
    ),
]


@pytest.mark.parametrize(("step", "members", "words"), [row[1:] for row in STEPS], ids=[row[0] for row in STEPS])
def test_the_indexes_follow_what_happens(
    xbl: XboxLive, stacy: User, ana: User, step: Step, members: list[str], words: list[str]
) -> None:
    """And a copy of the state taken before still knows what was before (FIND-3, FIND-5)."""
    xbl.templates.add("room", {"constants": {"system": {"inactiveRemovalTimeout": 60_000}}})
    one = xbl.sessions.create("room", name="one", members=[stacy], properties={"system": {"keywords": ["Rome"]}})
    kept = xbl._world._state.copy()
    step(Scene(xbl, one, stacy, ana))
    state = xbl._world._state
    key = (SCID, "room", "one")
    assert [user.name for user in (stacy, ana) if list(state.memberships[user.xuid]) == [key]] == members
    assert [word for word in ("gaul", "rome") if list(state.keywords[SCID, word]) == [key]] == words
    assert indexed(state) == scan(state)
    assert indexed(kept) == ({stacy.xuid: {key}}, {(SCID, "rome"): {key}})
    everything: dict[str, Any] = {"inactive": "true", "reservations": "true"}
    assert [u.name for u in (stacy, ana) if names(found(xbl, xuid=u.xuid, **everything)) == ["one"]] == members
    assert [word for word in ("gaul", "rome") if names(found(xbl, keyword=word)) == ["one"]] == words


# Whatever happens

PLAIN: dict[str, dict[str, Any]] = {
    "join": ACTIVE,
    "rest": INACTIVE,
    "leave": LEAVE,
    "rome": keyworded("Rome"),
    "gaul": keyworded("GAUL", "rome"),
    "no keywords": keyworded(),
    "leave a keyword": {**LEAVE, **keyworded("gaul")},
    "remove": {"members": {"0": None}},
}


def body(what: str, user: User) -> dict[str, Any]:
    """A write of some kind; where it is about another, about this one."""
    more: dict[str, dict[str, Any]] = {
        "reserve": reserving(user),
        "remove and reserve": {"members": {"0": None, **reserving(user)["members"]}},
    }
    return {**PLAIN, **more}[what]


KINDS = [*PLAIN, "reserve", "remove and reserve"]
WRITES = st.tuples(st.sampled_from(KINDS), st.integers(0, 3), st.integers(0, 2), st.sampled_from(["one", "two", "ONE"]))
WAITS = st.tuples(st.just("wait"), st.sampled_from([1, 30, 60, 3600]))
COPIES = st.sampled_from([("copy",), ("back",)])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(WRITES | WAITS | COPIES, max_size=25))
def test_the_indexes_answer_as_a_look_through_all_sessions(history: list[tuple[Any, ...]]) -> None:
    """After any series of writes, also over copies of the state and back to them (FIND-3, FIND-5, TIME-1)."""
    xbl = XboxLive()
    xbl.templates.add("room", {"constants": {"system": {"inactiveRemovalTimeout": 45_000, "maxMembersCount": 3}}})
    users = xbl.users("Stacy", "Ana", "Zoe")
    callers = (*users, xbl.service("service"))
    kept = xbl._world._state.copy()
    snapshot = indexed(kept)
    for what, *more in history:
        if what == "wait":
            xbl.clock.advance(seconds=more[0])
        elif what == "copy":
            kept, snapshot = xbl._world._state.copy(), indexed(xbl._world._state)
        elif what == "back":
            xbl._world._state = kept.copy()
        else:
            caller, other, name = more
            path = f"/serviceconfigs/{SCID}/sessionTemplates/room/sessions/{name}"
            status = xbl.client(callers[caller]).put(path, json=body(what, users[other])).status_code
            assert status < 500
        assert indexed(xbl._world._state) == scan(xbl._world._state)
        assert indexed(kept) == snapshot
    there = list(xbl._world.sessions())
    everything: dict[str, Any] = {"inactive": "true", "reservations": "true"}
    for user in users:
        looked = {session.ref.name for session in there if session.member(user.xuid)}
        assert set(names(found(xbl, xuid=user.xuid, **everything))) == looked
    for word in ("rome", "gaul"):
        looked = {session.ref.name for session in there if word in keywords(session)}
        assert set(names(found(xbl, keyword=word))) == looked
    assert indexed(xbl._world._state) == scan(xbl._world._state)
