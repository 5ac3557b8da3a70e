"""Finding sessions in a world, and the indexes that know where to look (FIND)."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bodies import ACTIVE, INACTIVE, LEAVE, SCID, Body, reserve
from errors import told_of
from pytest_xbl import SessionView, User, XboxLive
from pytest_xbl.mpsd.model import Caller, JsonObject
from pytest_xbl.mpsd.queries import keywords, parse_query
from pytest_xbl.world.queries import find_sessions
from pytest_xbl.world.state import SessionKey, State
from pytest_xbl.world.visit import Visit
from pytest_xbl.xbl.people import Principal

OTHER = "5c1d0000-0000-4000-8000-00000000abcd"
SERVER = Caller("server", server=True)


def keyworded(*words: str) -> Body:
    """Properties with keywords."""
    return {"properties": {"system": {"keywords": list(words)}}}


def found(
    xbl: XboxLive,
    caller: Principal | None = None,
    *,
    xuids: list[User] | None = None,
    scid: str = SCID,
    template: str | None = None,
    **asked: str,
) -> list[JsonObject]:
    """The results of a query, of a service unless a caller is named."""
    named = None if xuids is None else tuple(user.xuid for user in xuids)
    query = parse_query(asked, contract=107, needs_filter=named is None)
    query = query if named is None else query._replace(xuids=named)
    visit = Visit(caller._caller if caller else SERVER)
    return find_sessions(xbl._world, query, visit, scid=scid, template=template)


def names(results: list[JsonObject]) -> list[str]:
    """The names of the sessions in some results."""
    return [result["sessionRef"]["name"] for result in results]


def put(xbl: XboxLive, user: Principal, view: SessionView, body: Body) -> None:
    """Write a session, which succeeds."""
    assert xbl.client(user).put(view.ref.path, json=body).status_code in (200, 201, 204)


def test_a_query_looks_in_one_place(xbl: XboxLive, stacy: User) -> None:
    """A service configuration, or a template of it, in whatever case (FIND-1, CALL-5)."""
    xbl.templates.add("lobby", {}, scid=OTHER)
    for scid, template in ((SCID, "lobby"), (SCID, "game"), (OTHER, "lobby")):
        name, words = f"{template} {scid[-1]}", {"system": {"keywords": ["rome"]}}
        xbl.sessions.create(template, name=name, scid=scid, members=[stacy], properties=words)
    queries: tuple[dict[str, Any], ...] = ({"xuid": stacy.xuid}, {"keyword": "rome"})
    for asked in queries:
        assert names(found(xbl, **asked)) == ["game 1", "lobby 1"]
        assert names(found(xbl, scid=SCID.upper(), template="LOBBY", **asked)) == ["lobby 1"]
        assert names(found(xbl, scid=OTHER.upper(), **asked)) == ["lobby d"]
        assert found(xbl, template="ticket", **asked) == []


# Queries and time


def test_a_query_settles_what_it_touches(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Every session of the user in that place, found or not, and no other; so does `take=0` (TIME-1, FIND-9)."""
    for take in ("10", "0"):
        views = {
            name: xbl.sessions.create(template, name=f"{name} {take}", members={user: "active", other: "reserved"})
            for name, template, user, other in (
                ("found", "lobby", stacy, ana),
                ("filtered", "lobby", stacy, ana),
                ("elsewhere", "game", stacy, ana),
                ("another's", "lobby", ana, xbl.user(f"Zoe {take}")),
            )
        }
        put(xbl, stacy, views["found"], keyworded(f"rome{take}"))
        xbl.clock.advance(minutes=1)
        results = found(xbl, xuid=stacy.xuid, keyword=f"rome{take}", template="lobby", take=take)
        assert names(results) == ["found 10"][: int(take)]
        settled = {name for name, view in views.items() if view.history[-1].operation == "timers"}
        assert settled == {"found", "filtered"}


def test_a_query_by_keyword_settles_those_with_it(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Also where the caller may not read them; a refused query gets to no session (TIME-1, FIND-4, FIND-9)."""
    local = {"readRestriction": "local", "joinRestriction": "local"}
    views = {
        word: xbl.sessions.create(
            "lobby", members={stacy: "active", ana: "reserved"}, properties={"system": {"keywords": [word], **local}}
        )
        for word in ("rome", "gaul")
    }
    xbl.clock.advance(minutes=1)
    assert told_of(lambda: found(xbl, ana, xuid=stacy.xuid, keyword="rome", private="true"))[0] == 403
    assert [view.history[-1].operation for view in views.values()] == ["create", "create"]
    assert found(xbl, xbl.user("Zoe"), keyword="rome") == []
    assert {word: view.history[-1].operation for word, view in views.items()} == {"rome": "timers", "gaul": "create"}


# The indexes

Indexed = tuple[dict[str, set[SessionKey]], dict[str, set[SessionKey]]]


def scan(state: State) -> Indexed:
    """The answers that the indexes should give, found by looking through all sessions."""
    members: dict[str, set[SessionKey]] = {}
    words: dict[str, set[SessionKey]] = {}
    for key, record in state.records.items():
        for member in record.session.members if record.session else ():
            members.setdefault(member.xuid, set()).add(key)
        for word in keywords(record.session):
            words.setdefault(word, set()).add(key)
    return members, words


def indexed(state: State) -> Indexed:
    """The answers that the indexes give about the users of a world, and about the keywords of these tests."""
    members = {xuid: set(state.memberships[xuid]) for xuid in state.users}
    words = {word: set(state.keywords[SCID, word]) for word in ("rome", "gaul")}
    return {it: keys for it, keys in members.items() if keys}, {it: keys for it, keys in words.items() if keys}


# Only writes that change who is inside, or keywords: the indexes know of nothing else.
PLAIN: dict[str, Body] = {
    "join": ACTIVE,
    "rest": INACTIVE,
    "leave": LEAVE,
    "rome": keyworded("Rome"),
    "gaul": keyworded("GAUL", "rome"),
    "no keywords": keyworded(),
    "leave a keyword": {**LEAVE, **keyworded("gaul")},
    "remove": {"members": {"0": None}},
}


def body(what: str, user: User) -> Body:
    """A write of some kind; where it is about another, about this one."""
    more: dict[str, Body] = {
        "reserve": reserve(user.xuid),
        "remove and reserve": {"members": {"0": None, **reserve(user.xuid)["members"]}},
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
    world = xbl._world
    kept = world.snapshot()
    snapshot = indexed(kept)
    for what, *more in history:
        if what == "wait":
            xbl.clock.advance(seconds=more[0])
        elif what == "copy":
            kept, snapshot = world.snapshot(), indexed(world.snapshot())
        elif what == "back":
            world.restore(kept)
        else:
            caller, other, name = more
            path = f"/serviceconfigs/{SCID}/sessionTemplates/room/sessions/{name}"
            status = xbl.client(callers[caller]).put(path, json=body(what, users[other])).status_code
            assert status < 500
        assert indexed(world.snapshot()) == scan(world.snapshot())
        assert indexed(kept) == snapshot
    there = list(world.sessions())
    everything: dict[str, Any] = {"inactive": "true", "reservations": "true"}
    for user in users:
        looked = {session.ref.name for session in there if session.member(user.xuid)}
        assert set(names(found(xbl, xuid=user.xuid, **everything))) == looked
    for word in ("rome", "gaul"):
        looked = {session.ref.name for session in there if word in keywords(session)}
        assert set(names(found(xbl, keyword=word))) == looked
    assert indexed(world.snapshot()) == scan(world.snapshot())
