"""The world finds the session, asks the rules, and remembers what they say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bodies import ACTIVE, LEAVE, READY_MADE, SCID, Body
from errors import refusal_of, told_of
from people import person
from pytest_xbl import SessionRef, User, XboxLive
from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.effects import MemberJoined, MemberLeft, Outcome, SessionCreated, SessionDeleted
from pytest_xbl.mpsd.model import Caller, Context, Session, Template
from pytest_xbl.mpsd.preconditions import Preconditions
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import document
from pytest_xbl.mpsd.writes import parse_write
from pytest_xbl.world.state import START, SessionVersion, State
from pytest_xbl.world.stored import session_correlated
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

ONE = SessionRef(SCID, "lobby", "one")
NOBODY = Caller("nobody", xuid="1")
SCORE: Body = {"properties": {"custom": {"a": 1}}}
HIDDEN = {"constants": {"system": {"visibility": "private"}}}


def write(body: Body) -> Callable[[Session | None, Context], Outcome]:
    """A change as the wire would ask for it."""
    parsed = parse_write(body, contract=107)
    return lambda session, ctx: apply_write(session, parsed, ctx)


def visit(user: User | Caller, operation: str = "put") -> Visit:
    """A visit of a user, or of a caller."""
    return Visit(user if isinstance(user, Caller) else user._caller, operation)


def put(world: World, user: User | Caller, body: Body, operation: str = "put", **more: Any) -> tuple[Outcome, bool]:
    """Change the session `one`."""
    return world.change(ONE, visit(user, operation), write(body), **more)


def operations(world: World, ref: SessionRef = ONE) -> list[str]:
    """The operations in the history of a session."""
    return [version.operation for version in world.history(ref)]


def held_by_somebody(world: World) -> bool:
    """Whether another thread would have to wait for the lock."""
    with ThreadPoolExecutor(1) as pool:
        free = pool.submit(world._lock.acquire, blocking=False).result()
        if free:
            pool.submit(world._lock.release).result()
    return not free


# Templates


def test_a_template_is_found_without_regard_to_case(world: World) -> None:
    """By SCID and name (CALL-5, TMPL-1)."""
    assert world.template(SCID.upper(), "LOBBY") is world.template(SCID, "lobby")
    assert [template.name for template in world.templates(SCID.upper())] == READY_MADE
    found = [world.has_template(*names) for names in ((SCID.upper(), "LOBBY"), (SCID, "x"), ("x", "lobby"))]
    assert found == [True, False, False]


def test_a_template_is_replaced_until_a_session_has_been_made_from_it(world: World, stacy: User) -> None:
    """Also one that is gone again was made from it; another service configuration has templates of its own (TMPL-4)."""
    again = Template(SCID, "Lobby", world.template(SCID, "game").constants)
    world.add_template(again)
    assert world.template(SCID, "lobby") is again
    put(world, stacy, ACTIVE)
    put(world, stacy, LEAVE)
    what = "The template Lobby cannot be replaced: a session has been made from it."
    assert told_of(lambda: world.add_template(again)) == (409, "/name", what, "TMPL-4")
    world.add_template(Template("5c1d0000-0000-4000-8000-00000000000a", "Lobby", again.constants))


# Changing


def test_a_change_is_stored(world: World, stacy: User) -> None:
    """The outcome comes back with whether the session is new, and the visit knows the effects (PUT-2)."""
    first = visit(stacy, "first")
    outcome, created = world.change(ONE, first, write(ACTIVE))
    assert (created, outcome.session) == (True, world.peek(ONE))
    assert first.effects == [*outcome.effects]
    assert first.effects[:2] == [SessionCreated(), MemberJoined(stacy.xuid)]
    outcome, created = put(world, stacy, SCORE, "second")
    assert (created, outcome.session) == (False, world.peek(ONE))
    assert operations(world) == ["first", "second"]


def test_a_change_of_nothing_is_not_stored(world: World, stacy: User) -> None:
    """The very same session comes back, and the history does not grow (PUT-9)."""
    put(world, stacy, ACTIVE)
    before = world.snapshot()
    assert put(world, stacy, ACTIVE) == (Outcome(world.peek(ONE)), False)
    assert world.snapshot() == before


def test_a_rehearsal_is_not_stored(world: World, stacy: User) -> None:
    """With `commit=False` the world stays as it was, and the visit brings nothing about (PUT-7)."""
    before, rehearsal = world.snapshot(), visit(stacy)
    outcome, created = world.change(ONE, rehearsal, write(ACTIVE), commit=False)
    assert (created, outcome.effects[0], rehearsal.effects) == (True, SessionCreated(), [])
    assert world.snapshot() == before


def test_a_deletion_is_stored(world: World, stacy: User) -> None:
    """The session is gone, its history and its incarnation are not (TIME-4, TIME-9)."""
    put(world, stacy, ACTIVE, "first")
    outcome, _ = put(world, stacy, LEAVE, "last")
    assert outcome == Outcome(None, (MemberLeft(stacy.xuid, "left"), SessionDeleted()))
    assert (world.peek(ONE), list(world.sessions()), world.known()) == (None, [], [ONE])
    assert (world.record(ONE).session, world.record(ONE).incarnation, operations(world)) == (None, 1, ["first", "last"])
    again = put(world, stacy, ACTIVE)[0].session
    assert again is not None
    assert (again.incarnation, world.record(ONE).incarnation) == (2, 2)


def test_a_change_that_is_refused_changes_nothing(world: World, stacy: User) -> None:
    """It comes with the session where the rules show it (PUT-10, CODE-403)."""
    put(world, stacy, ACTIVE)
    before = world.snapshot()
    assert refusal_of(lambda: put(world, stacy, {"servers": {}})).session is world.peek(ONE)
    assert refusal_of(lambda: put(world, stacy, {"constants": {"system": {"version": 2}}})).session is None
    assert world.snapshot() == before


def test_an_exception_in_a_rule_leaves_the_world_open(world: World, stacy: User) -> None:
    """The lock is free again, and the world as it was."""

    def fail(session: Session | None, ctx: Context) -> Outcome:
        raise RuntimeError(f"{ctx.caller.name} {session}")

    before = world.snapshot()
    with pytest.raises(RuntimeError, match="Stacy None"):
        world.change(ONE, visit(stacy), fail)
    assert (world.snapshot() == before, held_by_somebody(world)) == (True, False)


def test_a_session_is_named_as_it_was_first_written(world: World, stacy: User) -> None:
    """Whatever case later requests have (CALL-5)."""
    world.change(SessionRef(SCID.upper(), "LOBBY", "Party"), visit(stacy), write(ACTIVE))
    outcome, created = world.change(SessionRef(SCID, "Lobby", "PARTY"), visit(stacy), write(SCORE))
    assert outcome.session is not None
    assert (outcome.session.ref, created) == (SessionRef(SCID, "lobby", "Party"), False)
    assert world.known() == world.sessions_called("pArTy") == [SessionRef(SCID, "lobby", "Party")]
    assert world.sessions_called("part") == []


def test_rules_are_asked_with_everything_they_need(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Caller, time, reference, template, follow graph, and which incarnation a new session would be."""
    xbl.follow(stacy, ana)
    xbl.clock.advance(seconds=5)
    seen: list[Context] = []

    def look(session: Session | None, ctx: Context) -> Outcome:
        seen.append(ctx)
        return Outcome(session)

    world.change(ONE._replace(scid=SCID.upper(), name="One"), visit(ana), look)
    (ctx,) = seen
    assert (ctx.caller, ctx.template) == (ana._caller, world.template(SCID, "lobby"))
    assert (ctx.now, ctx.ref, ctx.incarnation) == (START + timedelta(seconds=5), SessionRef(SCID, "lobby", "One"), 1)
    assert ctx.follows == {stacy.xuid: {ana.xuid}}


# Time


def test_an_access_settles_once_what_was_due_and_stores_it(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """One version for all that moved, made by nobody, and told to whoever came upon it (TIME-1, TIME-10)."""
    ref = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"}).ref
    now = xbl.clock.advance(minutes=1)
    first, second = visit(stacy), visit(stacy)
    found = world.read(ref, first)
    assert found is not None
    left = MemberLeft(ana.xuid, "reservation timed out")
    assert [member.xuid for member in found.members] == [stacy.xuid]
    assert world.history(ref)[1:] == [SessionVersion(ref, now, "", "timers", (left,), found)]
    assert (world.read(ref, second), first.effects, second.effects) == (found, [left], [])
    assert operations(world, ref) == ["create", "timers"]


@pytest.mark.parametrize(
    "access",
    [
        lambda world, ref, _: refusal_of(lambda: world.read(ref, visit(NOBODY))),
        lambda world, ref, _: refusal_of(lambda: world.change(ref, visit(NOBODY), write({}))),
        lambda world, ref, stacy: world.change(ref, visit(stacy), write(SCORE), commit=False),
    ],
    ids=["a refused read", "a refused change", "a rehearsal"],
)
def test_whoever_gets_as_far_as_the_session_settles_it(
    xbl: XboxLive, world: World, stacy: User, ana: User, access: Callable[..., object]
) -> None:
    """A timeout that was due is no part of their own change (PUT-7, TIME-10)."""
    xbl.templates.add("hidden", HIDDEN)
    ref = xbl.sessions.create("hidden", members={stacy: "active", ana: "reserved"}).ref
    xbl.clock.advance(minutes=1)
    access(world, ref, stacy)
    assert operations(world, ref) == ["create", "timers"]


def test_an_access_may_find_that_a_session_is_over(xbl: XboxLive, world: World, stacy: User) -> None:
    """The deletion is stored, and the next write makes a new incarnation (TIME-4, TIME-9)."""
    ref = xbl.sessions.create("lobby", members={stacy: "reserved"}).ref
    xbl.clock.advance(minutes=1)
    assert world.read(ref, visit(stacy)) is None
    effects = (MemberLeft(stacy.xuid, "reservation timed out"), SessionDeleted())
    assert world.history(ref)[-1][3:] == ("timers", effects, None)
    outcome, created = world.change(ref, visit(stacy), write(ACTIVE))
    assert outcome.session is not None
    assert (outcome.session.incarnation, created) == (2, True)


def test_looking_shows_what_an_access_would_find_and_moves_nothing(
    xbl: XboxLive, world: World, stacy: User, ana: User
) -> None:
    """One pass of timers, as the next access would make (TIME-1, TIME-2)."""
    xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready"})
    gone = xbl.sessions.create("lobby", name="two", members={ana: "reserved"}).ref
    xbl.clock.advance(hours=1)
    before = world.snapshot()
    looks = [world.peek(ONE), *world.sessions(), world.shown_to(ONE, NOBODY)]
    assert (world.peek(gone), world.shown_to(gone, NOBODY)) == (None, None)
    assert (world.known(), operations(world), world.snapshot()) == ([ONE, gone], ["create"], before)
    found = world.read(ONE, visit(stacy))
    assert found is not None
    assert [look and document(look, contract=107) for look in looks] == [document(found, contract=107)] * 3
    assert [member.status for member in found.members] == ["active", "inactive"]


def test_a_session_that_nobody_has_made_has_no_history(world: World) -> None:
    """Looking makes none (TIME-1)."""
    assert (world.peek(ONE), world.history(ONE), world.known(), world.shown_to(ONE, NOBODY)) == (None, [], [], None)


def test_the_clock_does_not_run_backwards_where_something_has_happened(
    xbl: XboxLive, world: World, stacy: User, ana: User
) -> None:
    """In a world without sessions and handles it may be set to any time (TIME-1)."""
    for hours in (1, -1, 0):
        world.set_time(START + timedelta(hours=hours))
        assert world.now == START + timedelta(hours=hours)
    xbl.handles.create("invite", ONE, owner=stacy, invited=ana)
    world.set_time(START)
    early = START - timedelta(microseconds=1)
    what = f"The clock shows {START} and does not run backwards to {early}."
    assert told_of(lambda: world.set_time(early)) == (400, "", what, "TIME-1")
    assert world.now == START


def test_a_deleted_session_may_be_remembered(world: World, stacy: User) -> None:
    """It has a version, and the next of its name is a later one (TIME-9)."""
    world.remember_gone(ONE, visit(NOBODY, "gone"), incarnation=3)
    assert world.history(ONE) == [SessionVersion(ONE, START, "nobody", "gone", (), None)]
    session = put(world, stacy, ACTIVE)[0].session
    assert session is not None
    assert (session.incarnation, operations(world)) == (4, ["gone", "put"])


def test_a_session_without_a_name_gets_the_next_free_one(world: World, stacy: User) -> None:
    """The names follow from how many were given before, and one that a client took is skipped (HAND-2)."""
    first = world.unnamed(SCID, "lobby")
    assert (world.unnamed(SCID, "lobby"), len(first.name)) == (first, 36)
    assert world.unnamed(SCID, "game").name != first.name
    world.change(first, visit(stacy), write(ACTIVE))
    second = world.unnamed(SCID, "lobby")
    world.count_unnamed()
    assert (world.unnamed(SCID, "lobby"), second == first) == (second, False)
    assert world.given() == (1, 0)
    world.set_given(sessions=7, handles=8)
    assert world.given() == (7, 8)
    assert world.unnamed(SCID, "lobby").name not in {first.name, second.name}


# Snapshots


def busy(xbl: XboxLive, stacy: User, ana: User) -> Iterator[Callable[[], object]]:
    """All that changes a world, each once."""
    yield lambda: xbl.user("Zoe")
    yield lambda: xbl.user("Bea", token="chosen")
    yield lambda: xbl.service("server")
    yield lambda: xbl.follow(stacy, ana, favorite=True)
    yield lambda: xbl.block(stacy, ana)
    yield lambda: xbl.set_presence(ana, present=False)
    yield lambda: xbl.templates.add("mine", {})
    yield lambda: xbl.sessions.create("mine", members=[stacy], properties={"system": {"keywords": ["a"]}}).invite(ana)
    yield lambda: xbl.client(stacy).put(ONE.path, json=ACTIVE)
    yield lambda: xbl.handles.create("activity", ONE, owner=stacy)
    yield lambda: xbl.handles.create("transfer", ONE, owner=stacy, origin=ONE)
    yield lambda: xbl.client(stacy).put(ONE.path, json={"properties": {"custom": {"a": [1]}}})
    yield lambda: xbl.client(stacy).delete(f"{ONE.path}/members/me")
    yield lambda: xbl.stats.set(stacy, {"kills": 1})
    yield lambda: xbl.stats.define("kills", access="restricted")
    yield lambda: xbl.stats.title("5")
    yield lambda: setattr(xbl.stats, "values", "strings")
    yield lambda: setattr(xbl.stats, "sandbox", "X")
    yield lambda: xbl.clock.advance(seconds=1)


def test_a_snapshot_changes_no_more_with_the_world(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Whatever happens, it stays as it was taken, and so does a world that was put back to it."""
    snapshots = [(world.snapshot(), repr(world.snapshot()))]
    for change in busy(xbl, stacy, ana):
        change()
        assert world.snapshot() != snapshots[-1][0]
        snapshots.append((world.snapshot(), repr(world.snapshot())))
    other = World(world.name)
    for snapshot, text in reversed(snapshots):
        other.restore(snapshot)
        assert (repr(snapshot), other.snapshot()) == (text, snapshot)


def test_a_world_goes_back_to_a_snapshot(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """Again and again; it is as if nothing had happened since: sessions, history, people, time."""
    xbl.client(stacy).put(ONE.path, json=ACTIVE)
    before, kept = xbl.sessions["one"].document, world.snapshot()
    for _ in range(2):
        for change in busy(xbl, stacy, ana):
            change()
        assert ("one" in xbl.sessions, ana.present, person(xbl, "Zoe").name) == (False, False, "Zoe")
        world.restore(kept)
        assert (xbl.sessions["one"].document, operations(world)) == (before, ["put-session"])
        assert (len(xbl.sessions), len(xbl.handles), xbl.clock.now, "mine" in xbl.templates) == (1, 0, START, False)
        assert (ana.present, person(xbl, "Ana")) == (True, ana)
    assert xbl.client(ana).put(ONE.path, json=ACTIVE).get_json()["changeNumber"] == 2


def test_histories_of_two_snapshots_share_their_past(xbl: XboxLive, world: World, stacy: User) -> None:
    """A history is a chain from the newest version back, so that a copy costs nothing."""
    xbl.client(stacy).put(ONE.path, json=ACTIVE)
    past = world.record(ONE).log
    xbl.client(stacy).put(ONE.path, json=SCORE)
    log = world.record(ONE).log
    assert log is not None
    assert log.earlier is past


def test_a_world_begins_with_a_name_and_a_state() -> None:
    """Or with the usual name, and nothing."""
    state = State(names_given=7)
    assert (World("mine", state).name, World("mine", state).snapshot()) == ("mine", state)
    assert (World().name, World().snapshot()) == ("world", State())


def test_a_state_has_no_other_attributes() -> None:
    """A copy makes its tables when they are used, and nothing else appears by being asked for."""
    assert State().copy().copy().copy() == State()
    with pytest.raises(AttributeError, match=r"^'State' object has no attribute 'people'$"):
        _ = State().copy().people  # type: ignore[attr-defined]


# Threads


def test_a_correlation_id_leads_to_its_session(world: World, stacy: User) -> None:
    """Of several, and also if it is gone; an id of no session leads nowhere (CALL-8)."""
    for name in ("one", "two"):
        world.change(SessionRef(SCID, "lobby", name), visit(stacy), write(ACTIVE))
    session = world.record(ONE._replace(name="two")).session
    assert session is not None
    correlation_id = document(session, contract=107)["correlationId"]
    world.change(session.ref, visit(stacy), write(LEAVE))
    assert world.record(session.ref).session is None
    assert session_correlated(world, correlation_id) == session.ref
    assert session_correlated(world, "00000000-0000-0000-0000-000000000000") is None


def test_the_lock_is_held_while_the_rules_are_asked(world: World, stacy: User) -> None:
    """And not a moment longer, so that every access comes wholly before or wholly after every other."""
    held = []

    def look(session: Session | None, ctx: Context) -> Outcome:
        held.append(held_by_somebody(world))
        return write(ACTIVE)(session, ctx)

    world.change(ONE, visit(stacy), look)
    assert (held, held_by_somebody(world)) == ([True], False)
    world.read(ONE, visit(stacy))
    assert not held_by_somebody(world)


@pytest.mark.parametrize(
    "change",
    [
        lambda world, _: world.restore(State()),
        lambda world, _: world.set_time(START),
        lambda world, _: world.set_given(sessions=0, handles=0),
        lambda world, _: world.count_unnamed(),
        lambda world, _: world.add_template(world.template(SCID, "game")),
        lambda world, _: world.remember_gone(ONE, visit(NOBODY), incarnation=1),
        lambda world, stacy: world.read(ONE, visit(stacy)),
        lambda world, stacy: world.change(ONE, visit(stacy), write(ACTIVE)),
    ],
)
def test_a_change_waits_until_the_world_is_free(
    world: World, stacy: User, change: Callable[[World, User], object]
) -> None:
    """Whoever holds the world is alone in it."""
    done = threading.Event()

    def wait() -> None:
        change(world, stacy)
        done.set()

    waiting = threading.Thread(target=wait)
    with world.exclusively():
        waiting.start()
        assert not done.wait(0.02)
    waiting.join(30)
    assert done.is_set()


def test_a_read_is_judged_while_nobody_else_is_in_the_world(world: World, stacy: User, ana: User) -> None:
    """The session, the preconditions and the right to read are those of one moment (JOIN-7)."""
    restricted = {"readRestriction": "followed", "joinRestriction": "followed"}
    put(world, stacy, {**ACTIVE, "properties": {"system": restricted}})

    class Looking(frozenset[str]):
        """Tags during whose comparison somebody else tries the door."""

        def __contains__(self, tag: object) -> bool:
            other = threading.Thread(target=lambda: tried.append(world._lock.acquire(blocking=False)))
            other.start()
            other.join(30)
            return True

    tried: list[bool] = []
    with pytest.raises(Refusal) as refusal:
        world.read(ONE, visit(ana), preconditions=Preconditions(Looking()))
    assert (refusal.value.rule, tried) == ("JOIN-7", [False])
