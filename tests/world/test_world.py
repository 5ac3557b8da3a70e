"""The world finds the session, asks the rules, and remembers what they say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from pytest_xbl.world._state import START, Record, State, Version

from pytest_xbl import SessionRef, XblError, XboxLive
from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.effects import MemberLeft, Outcome, SessionCreated, SessionDeleted
from pytest_xbl.mpsd.model import Caller, Context, Session
from pytest_xbl.mpsd.preconditions import Preconditions
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import document, etag
from pytest_xbl.mpsd.writes import parse_write
from pytest_xbl.world.index import Index
from pytest_xbl.world.table import Table
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import Account, Service, User

SCID = XboxLive.scid
ONE = SessionRef(SCID, "lobby", "one")
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}
NOBODY = Caller("nobody", xuid="1")


def write(body: dict[str, Any]) -> Callable[[Session | None, Context], Outcome]:
    """A change as the wire would ask for it."""
    parsed = parse_write(body, contract=107)
    return lambda session, ctx: apply_write(session, parsed, ctx)


def held_by_somebody(world: World) -> bool:
    """Whether another thread would have to wait for the lock."""
    with ThreadPoolExecutor(1) as pool:
        free = pool.submit(world.exclusively().acquire, blocking=False).result()
        if free:
            pool.submit(world.exclusively().release).result()
    return not free


@pytest.fixture
def world(xbl: XboxLive) -> World:
    """A world with the ready-made templates."""
    return xbl._world


# Templates


def test_a_template_is_found_without_regard_to_case(world: World) -> None:
    """By SCID and name (CALL-5, TMPL-1)."""
    assert world.template(SCID.upper(), "LOBBY") is world.template(SCID, "lobby")
    assert [template.name for template in world.templates(SCID.upper())] == ["lobby", "game", "ticket", "large"]


@pytest.mark.parametrize(
    ("look", "what"),
    [
        (
            lambda world: world.template(SCID, "x"),
            f"There is no template x in {SCID}; it has lobby, game, ticket, large.",
        ),
        (
            lambda world: world.template("x", "lobby"),
            "The service configuration x is unknown; known are: 5c1d0000-0000-4000-8000-000000000001.",
        ),
        (
            lambda world: world.templates("x"),
            "The service configuration x is unknown; known are: 5c1d0000-0000-4000-8000-000000000001.",
        ),
        (
            lambda world: world.read(SessionRef("x", "lobby", "one"), NOBODY),
            "The service configuration x is unknown; known are: 5c1d0000-0000-4000-8000-000000000001.",
        ),
        (
            lambda world: world.change(ONE._replace(template="x"), NOBODY, write({}), operation="put"),
            f"There is no template x in {SCID}; it has lobby, game, ticket, large.",
        ),
    ],
    ids=["template", "its SCID", "templates", "read", "change"],
)
def test_a_template_that_there_is_not_is_refused(world: World, look: Callable[[World], object], what: str) -> None:
    """404, whatever was asked of it (TMPL-1)."""
    with pytest.raises(Refusal) as refused:
        look(world)
    refusal = refused.value
    assert (refusal.status, refusal.what, refusal.where, refusal.rule) == (404, what, "the URI", "TMPL-1")


# Changing


def test_a_change_is_stored_and_told(world: World, stacy: User) -> None:
    """The outcome comes back with whether the session is new (PUT-2)."""
    outcome, created = world.change(ONE, stacy._caller, write(ACTIVE), operation="first")
    assert created
    assert outcome.session is world.peek(ONE)
    outcome, created = world.change(ONE, stacy._caller, write({"properties": {"custom": {"a": 1}}}), operation="second")
    assert not created
    assert outcome.session is world.peek(ONE)
    assert [version.operation for version in world.history(ONE)] == ["first", "second"]


def test_a_change_of_nothing_is_not_stored(world: World, stacy: User) -> None:
    """The very same session comes back, and the history does not grow (PUT-9)."""
    world.change(ONE, stacy._caller, write(ACTIVE), operation="first")
    before = world._state.copy()
    outcome, created = world.change(ONE, stacy._caller, write(ACTIVE), operation="again")
    assert (outcome.session, created) == (world.peek(ONE), False)
    assert world._state == before


def test_a_rehearsal_is_not_stored(world: World, stacy: User) -> None:
    """With `commit=False` the world stays as it was (PUT-7)."""
    before = world._state.copy()
    outcome, created = world.change(ONE, stacy._caller, write(ACTIVE), operation="first", commit=False)
    assert created
    assert outcome.effects[0] == SessionCreated()
    assert world._state == before


def test_a_session_that_never_was_is_not_stored(world: World, stacy: User) -> None:
    """Created without anybody and gone in the same write, it leaves no trace (CODE-204)."""
    before = world._state.copy()
    outcome, created = world.change(ONE, stacy._caller, write({"members": {"me": None}}), operation="first")
    assert (outcome, created) == (Outcome(None), True)
    assert world._state == before


def test_a_deletion_is_stored(world: World, stacy: User) -> None:
    """The session is gone, its history and its incarnation are not (TIME-4, TIME-9)."""
    world.change(ONE, stacy._caller, write(ACTIVE), operation="first")
    outcome, _ = world.change(ONE, stacy._caller, write({"members": {"me": None}}), operation="last")
    assert outcome == Outcome(None, (MemberLeft(stacy.xuid, "left"), SessionDeleted()))
    assert (
        world.peek(ONE),
        list(world.sessions()),
        [r.session for r in world._state.records.values() if r.session],
    ) == (None, [], [])
    record = world._state.records[ONE.key]
    assert (record.session, record.incarnation) == (None, 1)
    again, _ = world.change(ONE, stacy._caller, write(ACTIVE), operation="again")
    assert again.session is not None
    assert (again.session.incarnation, world._state.records[ONE.key].incarnation) == (2, 2)


def test_a_change_that_is_refused_changes_nothing(world: World, stacy: User) -> None:
    """A refused write raises, with the session where the rules show it (PUT-10, CODE-403)."""
    world.change(ONE, stacy._caller, write(ACTIVE), operation="first")
    before = world._state.copy()
    with pytest.raises(Refusal) as refused:
        world.change(ONE, stacy._caller, write({"servers": {}}), operation="second")
    assert refused.value.session is world.peek(ONE)
    with pytest.raises(Refusal) as refused:
        world.change(ONE, stacy._caller, write({"constants": {"system": {"version": 2}}}), operation="third")
    assert refused.value.session is None
    assert world._state == before


def test_an_exception_in_a_rule_leaves_the_world_open(world: World, stacy: User) -> None:
    """The lock is free again, and the world as it was."""

    def fail(session: Session | None, ctx: Context) -> Outcome:
        raise RuntimeError(f"{ctx.caller.name} {session}")

    before = world._state.copy()
    with pytest.raises(RuntimeError, match="Stacy None"):
        world.change(ONE, stacy._caller, fail, operation="first")
    assert world._state == before
    assert not held_by_somebody(world)


def test_a_session_is_named_as_it_was_first_written(world: World, stacy: User) -> None:
    """Whatever case later requests have (CALL-5)."""
    world.change(SessionRef(SCID.upper(), "LOBBY", "Party"), stacy._caller, write(ACTIVE), operation="first")
    later = SessionRef(SCID, "Lobby", "PARTY")
    outcome, created = world.change(later, stacy._caller, write({"properties": {"custom": {"a": 1}}}), operation="x")
    assert outcome.session is not None
    assert (outcome.session.ref, created) == (SessionRef(SCID, "lobby", "Party"), False)
    assert list(world._state.records) == [(SCID, "lobby", "party")]


def test_rules_are_asked_with_everything_they_need(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Caller, time, reference, template, follow graph, and which incarnation a new session would be."""
    xbl.follow(stacy, ana)
    xbl.clock.advance(seconds=5)
    seen: list[Context] = []

    def look(session: Session | None, ctx: Context) -> Outcome:
        seen.append(ctx)
        return Outcome(session)

    world.change(ONE._replace(scid=SCID.upper(), name="One"), ana._caller, look, operation="look")
    (ctx,) = seen
    assert ctx.caller is ana._caller
    assert ctx.template is world.template(SCID, "lobby")
    assert (ctx.now, ctx.ref, ctx.incarnation) == (START + timedelta(seconds=5), SessionRef(SCID, "lobby", "One"), 1)
    assert ctx.follows == {stacy.xuid: {ana.xuid}}


# Reading


def test_a_read_gives_the_session_or_nothing(world: World, stacy: User) -> None:
    """None is what the wire answers 204 for (CODE-204)."""
    assert world.read(ONE, stacy._caller) is None
    outcome, _ = world.change(ONE, stacy._caller, write(ACTIVE), operation="first")
    assert world.read(ONE, stacy._caller) is outcome.session


def test_a_read_that_is_refused_shows_nothing(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """403 in itself, 412 where a precondition fails first, and never the session (JOIN-7, CALL-16)."""
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    ref = xbl.sessions.create("hidden", members=[stacy]).ref
    old = Preconditions(if_match=frozenset({'"old"'}))
    for preconditions, expected in ((Preconditions(), (403, "JOIN-7", None)), (old, (412, "PUT-8", None))):
        with pytest.raises(Refusal) as refused:
            world.read(ref, ana._caller, preconditions=preconditions)
        assert (refused.value.status, refused.value.rule, refused.value.session) == expected


def test_a_read_asks_for_a_version(world: World, stacy: User) -> None:
    """412 with the session for `If-Match`; a 304 is for the wire to see to (CODE-412, CODE-304)."""
    session = world.change(ONE, stacy._caller, write(ACTIVE), operation="first")[0].session
    assert session is not None
    current = frozenset({etag(session)})
    assert world.read(ONE, stacy._caller, preconditions=Preconditions(current, current)) is session
    with pytest.raises(Refusal) as refused:
        world.read(ONE, stacy._caller, preconditions=Preconditions(if_match=frozenset({'"old"'})))
    assert (refused.value.status, refused.value.session) == (412, session)


# Time


def test_an_access_settles_what_was_due_and_stores_it(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """One version for all that moved, made by nobody (TIME-1, TIME-10)."""
    ref = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"}).ref
    now = xbl.clock.advance(minutes=1)
    found = world.read(ref, stacy._caller)
    assert found is not None
    assert [member.xuid for member in found.members] == [stacy.xuid]
    assert world.history(ref)[1:] == [
        Version(ref, now, "", "timers", (MemberLeft(ana.xuid, "reservation timed out"),), found),
    ]
    assert world.read(ref, stacy._caller) is found
    assert len(world.history(ref)) == 2


def test_a_refused_access_settles_too(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Whoever gets as far as the session has come upon it (TIME-10)."""
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    ref = xbl.sessions.create("hidden", members={stacy: "active", ana: "reserved"}).ref
    xbl.clock.advance(minutes=1)
    with pytest.raises(Refusal):
        world.read(ref, NOBODY)
    with pytest.raises(Refusal):
        world.change(ref, NOBODY, write({}), operation="join")
    assert [version.operation for version in world.history(ref)] == ["create", "timers"]


def test_a_rehearsal_settles_too(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """What was due is no part of the write that is not stored (PUT-7, TIME-10)."""
    ref = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"}).ref
    xbl.clock.advance(minutes=1)
    world.change(ref, stacy._caller, write({"properties": {"custom": {"a": 1}}}), operation="put", commit=False)
    assert [version.operation for version in world.history(ref)] == ["create", "timers"]


def test_an_access_may_find_that_a_session_is_over(xbl: XboxLive, world: World, stacy: User) -> None:
    """The deletion is stored, and the next write makes a new incarnation (TIME-4, TIME-9)."""
    ref = xbl.sessions.create("lobby", members={stacy: "reserved"}).ref
    xbl.clock.advance(minutes=1)
    assert world.read(ref, stacy._caller) is None
    assert world.history(ref)[-1][3:] == (
        "timers",
        (MemberLeft(stacy.xuid, "reservation timed out"), SessionDeleted()),
        None,
    )
    outcome, created = world.change(ref, stacy._caller, write(ACTIVE), operation="again")
    assert outcome.session is not None
    assert (outcome.session.incarnation, created) == (2, True)


def test_peeking_never_moves_anything(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Every way to look at a world leaves it as it was (TIME-1)."""
    xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "reserved"})
    xbl.sessions.create("lobby", name="two", members={ana: "ready"})
    xbl.clock.advance(hours=1)
    before = world._state.copy()
    looks: dict[str, Callable[[], object]] = {
        "peek": lambda: world.peek(ONE),
        "sessions": lambda: list(world.sessions()),
        "stored": lambda: [r.session for r in world._state.records.values() if r.session],
        "history": lambda: world.history(ONE),
        "template": lambda: world.template(SCID, "lobby"),
        "templates": lambda: world.templates(SCID),
        "copy": world._state.copy,
    }
    for look in looks.values():
        look()
        assert world._state == before


def test_peeking_shows_what_an_access_would_find(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """One pass of timers, as the next access would make (TIME-2)."""
    xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready"})
    xbl.clock.advance(hours=1)
    peeked = world.peek(ONE)
    stored = next(r.session for r in world._state.records.values() if r.session)
    found = world.read(ONE, stacy._caller)
    assert peeked is not None
    assert found is not None
    assert document(peeked, contract=107) == document(found, contract=107)
    assert [member.status for member in stored.members] == ["active", "ready"]
    assert [member.status for member in found.members] == ["active", "inactive"]


def test_a_session_that_nobody_has_made_has_no_history(world: World) -> None:
    """Looking makes none (TIME-1)."""
    assert (world.peek(ONE), world.history(ONE), dict(world._state.records)) == (None, [], {})


# People


def test_a_world_begins_with_a_name_and_a_state() -> None:
    """Or with the usual name, and nothing."""
    state = State(names_given=7)
    assert (World("mine", state).name, World("mine", state).state) == ("mine", state)
    assert World("mine", state).state is state
    assert (World().name, World().state) == ("world", State())


def test_somebody_is_found_by_name(xbl: XboxLive, world: World, stacy: User) -> None:
    """Users and services, made on demand and equal to those that the test has."""
    server = xbl.service("server")
    agent = xbl.service("agent", on_behalf_of=stacy)
    assert [world.called(name) for name in ("Stacy", "server", "agent")] == [stacy, server, agent]
    kinds = [type(world.called(name)) for name in ("Stacy", "server", "agent")]
    assert kinds == [User, Service, Service]
    assert world.called("Stacy") is not stacy
    assert world.called("Stacy").lives_in(world)
    assert not world.called("Stacy").lives_in(World())


@pytest.mark.parametrize("name", ["Ana", "stacy", "", "2533274790000001"])
def test_nobody_is_found_by_a_name_that_is_not_theirs(world: World, stacy: User, name: str) -> None:
    """Names are as the test wrote them."""
    assert world.called(stacy.name) == stacy
    with pytest.raises(KeyError) as failed:
        world.called(name)
    assert failed.value.args == (name,)


def test_users_are_remembered_apart_from_services(xbl: XboxLive, world: World, stacy: User) -> None:
    """Users by xuid, services by what they are counted by, all by name, and only tokens that were chosen (CALL-4)."""
    ana = xbl.user("Ana", xuid="7", token="chosen", userhash="hash")
    server, agent = xbl.service("server"), xbl.service("agent", on_behalf_of=stacy)
    state = world._state
    assert state.users == {stacy.xuid: stacy.account, "7": ana.account}
    assert state.services == {"service-1": server.account, "service-2": agent.account}
    assert state.names == {person.name: person.account for person in (stacy, ana, server, agent)}
    assert state.tokens == {"chosen": ana.account}
    assert ana.account == Account(ana._caller, "7", "hash", "chosen")
    assert agent.account == Account(agent.caller, "service-2", "service-2")


def test_a_token_is_somebodys(xbl: XboxLive, world: World, stacy: User) -> None:
    """The one that follows from the name of the world and the key, or the one that was chosen (CALL-3)."""
    ana = xbl.user("Ana", xuid="7", token="chosen")
    server = xbl.service("server")
    for person in (stacy, ana, server):
        assert world.account_with(person.token) is person.account
        assert world.token_of(person.account) == person.token
    tokens = [f"{world.name}.{stacy.xuid}", "chosen", f"{world.name}.service-1"]
    assert [person.token for person in (stacy, ana, server)] == tokens


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "world",
        "world.",
        "world.8",
        "World.77",
        "other.77",
        "77",
        ".77",
        "x._world.77",
        "world.7",
        "world.nat",
    ],
)
def test_another_token_is_nobodys(token: str) -> None:
    """Not that of another world, nor the one that a chosen token stands in for (CALL-3)."""
    xbl = XboxLive(name="world")
    stacy = xbl.user("Stacy", xuid="77")
    xbl.user("Ana", xuid="7", token="chosen")
    xbl.service("nat")
    assert xbl._world.account_with("world.77") is stacy.account
    assert xbl._world.account_with(token) is None


def test_the_name_of_a_world_may_have_dots() -> None:
    """A token ends with the key, which has none (CALL-3)."""
    xbl = XboxLive(name="a.b.c")
    stacy = xbl.user("Stacy")
    assert stacy.token == f"a.b.c.{stacy.xuid}"
    assert xbl._world.account_with(stacy.token) is stacy.account
    assert xbl._world.account_with(f"c.{stacy.xuid}") is None


def test_a_chosen_token_may_look_like_another(xbl: XboxLive, world: World) -> None:
    """It is whose it was first; who would get it later is refused (CALL-3)."""
    token = f"{world.name}.8"
    ana = xbl.user("Ana", xuid="7", token=token)
    assert world.account_with(token) is ana.account
    before = world._state.copy()
    with pytest.raises(XblError) as failed:
        xbl.user("Bea", xuid="8")
    assert str(failed.value) == f"The token {token!r} is Ana's already (CALL-3)."
    assert world._state == before


def test_a_service_does_not_get_a_token_that_is_taken(xbl: XboxLive, world: World) -> None:
    """Chosen beforehand by a user, it stays theirs (CALL-3)."""
    token = f"{world.name}.service-1"
    xbl.user("Ana", token=token)
    before = world._state.copy()
    with pytest.raises(XblError) as failed:
        xbl.service("server")
    assert str(failed.value) == f"The token {token!r} is Ana's already (CALL-3)."
    assert world._state == before


def test_worlds_that_begin_alike_have_people_with_tokens_of_their_own(world: World, stacy: User) -> None:
    """An account has no token of its own unless one was chosen, so that two worlds can share it (CALL-3)."""
    other = World("other", world._state.copy())
    there = other.user(stacy.account)
    assert (there.account is stacy.account, there.token) == (True, f"other.{stacy.xuid}")
    assert there != stacy
    assert other.account_with(there.token) is stacy.account
    assert (other.account_with(stacy.token), world.account_with(there.token)) == (None, None)
    assert (there.lives_in(other), there.lives_in(world)) == (True, False)


# Copies


def busy(xbl: XboxLive, stacy: User, ana: User) -> Iterator[Callable[[], object]]:
    """All that changes a world, each once."""
    yield lambda: xbl.user("Zoe")
    yield lambda: xbl.user("Bea", token="chosen")
    yield lambda: xbl.service("server")
    yield lambda: xbl.follow(stacy, ana, favorite=True)
    yield lambda: xbl.block(stacy, ana)
    yield lambda: xbl.set_presence(ana, present=False)
    yield lambda: xbl.templates.add("mine", {})
    yield lambda: xbl.sessions.create("mine", members=[stacy])
    yield lambda: xbl.client(stacy).put(ONE.path, json=ACTIVE)
    yield lambda: xbl.client(stacy).put(ONE.path, json={"properties": {"custom": {"a": [1]}}})
    yield lambda: xbl.client(stacy).delete(f"{ONE.path}/members/me")
    yield lambda: xbl.clock.advance(seconds=1)


def test_a_copy_changes_no_more_with_the_world(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Whatever happens, a copy stays as it was taken."""
    copies = [(world._state.copy(), repr(world._state))]
    for change in busy(xbl, stacy, ana):
        change()
        assert world._state != copies[-1][0]
        copies.append((world._state.copy(), repr(world._state)))
    assert [repr(copy) for copy, _ in copies] == [text for _, text in copies]


def test_a_copy_holds_everything(world: World, xbl: XboxLive, stacy: User, ana: User) -> None:
    """Each table is a new one, also that of a copy of a copy; every field is there, and no other attribute."""
    for change in busy(xbl, stacy, ana):
        change()
    state = world.state.copy()
    copy = state.copy()
    assert state.copy().copy() == copy == state == world.state
    kinds = {field.name: type(getattr(state, field.name)) for field in fields(State)}
    tables = [name for name, kind in kinds.items() if kind in {Table, Index}]
    assert set(tables) == TABLES
    assert [name for name in tables if getattr(copy, name) is getattr(state, name)] == []
    with pytest.raises(AttributeError, match=r"^'State' object has no attribute 'user'$"):
        copy.user  # type: ignore[attr-defined]  # noqa: B018 -- it raises


def test_a_world_goes_back_to_a_copy(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Put back, it is as if nothing had happened since: sessions, history, people, time."""
    xbl.client(stacy).put(ONE.path, json=ACTIVE)
    before = xbl.sessions["one"].document
    kept = world._state.copy()
    for _ in range(2):
        for change in busy(xbl, stacy, ana):
            change()
        assert ("one" in xbl.sessions, ana.present, world.called("Zoe").name) == (False, False, "Zoe")
        world._state = kept.copy()
        assert xbl.sessions["one"].document == before
        assert [version.operation for version in xbl.sessions["one"].history] == ["put-session"]
        assert (len(xbl.sessions), xbl.clock.now, "mine" in xbl.templates) == (1, START, False)
        assert (list(world._state.names), ana.present, world.called("Ana")) == (["Stacy", "Ana"], True, ana)
    assert xbl.client(ana).put(ONE.path, json=ACTIVE).get_json()["changeNumber"] == 2


def test_histories_of_two_copies_share_their_past(xbl: XboxLive, world: World, stacy: User) -> None:
    """A history is a chain from the newest version back, so that a copy costs nothing."""
    xbl.client(stacy).put(ONE.path, json=ACTIVE)
    kept = world._state.copy()
    past = kept.records[ONE.key].log
    xbl.client(stacy).put(ONE.path, json={"properties": {"custom": {"a": 1}}})
    log = world._state.records[ONE.key].log
    assert log is not None
    assert log.earlier is past
    assert isinstance(kept.records[ONE.key], Record)


# Threads


def test_the_lock_is_held_while_the_rules_are_asked(world: World, stacy: User) -> None:
    """And not a moment longer, so that every access comes wholly before or wholly after every other."""
    held = []

    def look(session: Session | None, ctx: Context) -> Outcome:
        held.append(held_by_somebody(world))
        return write(ACTIVE)(session, ctx)

    world.change(ONE, stacy._caller, look, operation="put")
    assert (held, held_by_somebody(world)) == ([True], False)
    world.read(ONE, stacy._caller)
    assert not held_by_somebody(world)


def test_an_access_waits_for_another(world: World, stacy: User) -> None:
    """A read that comes while a write is under way finds what the write has made."""
    begun, go_on = threading.Event(), threading.Event()
    found: list[Session | None] = []

    def slow(session: Session | None, ctx: Context) -> Outcome:
        begun.set()
        assert go_on.wait(30)
        return write(ACTIVE)(session, ctx)

    writer = threading.Thread(target=lambda: world.change(ONE, stacy._caller, slow, operation="put"))
    reader = threading.Thread(target=lambda: found.append(world.read(ONE, stacy._caller)))
    writer.start()
    assert begun.wait(30)
    reader.start()
    assert found == []
    go_on.set()
    writer.join(30)
    reader.join(30)
    assert found == [world.peek(ONE)]
    assert found[0] is not None
