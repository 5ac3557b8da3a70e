"""Shoulder taps: which changes there are, and who is told of them (TAP)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, INACTIVE, LEAVE, PATIENT, Body, constants, me, properties, reserve
from pytest_xbl.mpsd.model import Bag, Initialization, InitializationStage, Server, Session
from pytest_xbl.mpsd.roster import Few
from pytest_xbl.mpsd.schema import CHANGE_TYPES
from pytest_xbl.mpsd.taps import PROFILES, Subscription, change_types, subscriptions, told

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

GUID = "5C1D0000-0000-4000-8000-00000000000A"
OTHER = "5C1D0000-0000-4000-8000-00000000000B"
SECOND = "5C1D0000-0000-4000-8000-00000000000C"
NOTHING: frozenset[str] = frozenset()


def system(**fields: Any) -> Callable[[Session], Session]:
    """A change of system properties of the session; None takes one away."""

    def change(session: Session) -> Session:
        kept = {name: value for name, value in {**session.properties.system, **fields}.items() if value is not None}
        return session.but(properties=Bag(kept, session.properties.custom))

    return change


def custom(value: Any) -> Callable[[Session], Session]:
    """A change of the custom properties of the session."""
    return lambda session: session.but(properties=Bag(session.properties.system, value))


def member(xuid: str, **fields: Any) -> Callable[[Session], Session]:
    """A change of a member."""

    def change(session: Session) -> Session:
        held = session.member(xuid)
        assert held
        return session.but(members=session.members.including(held.but(**fields)))

    return change


def match(**said: Any) -> Callable[[Session], Session]:
    """A change of what the matchmaking service says."""
    return lambda session: session.but(servers={"matchmaking": Server(properties=Bag(said))})


def stage_of(name: InitializationStage | None, episode: int = 1) -> Callable[[Session], Session]:
    """A change of the stage of initialization."""

    def change(session: Session) -> Session:
        return session.but(initialization=Initialization(episode, name, session.started) if name else None)

    return change


def same(session: Session) -> Session:
    """No change but of the number, as by an activity."""
    return session.but(change_number=session.change_number + 1)


def without(xuid: str) -> Callable[[Session], Session]:
    """A member less."""
    return lambda session: session.but(members=session.members.without(xuid))


def twice(one: Callable[[Session], Session], other: Callable[[Session], Session]) -> Callable[[Session], Session]:
    """Two changes at once."""
    return lambda session: other(one(session))


CHANGES: dict[str, tuple[Callable[[Session], Session], Callable[[Session], Session], str]] = {
    # a change: what is there before, what it makes of that, and the types that it has, in both directions
    "a new number": (same, same, ""),
    "custom properties": (custom({"a": 1}), custom({"a": 2}), "customProperty"),
    "custom properties of another type": (custom({"a": 1}), custom({"a": True}), "customProperty"),
    "equal custom properties": (custom({"a": 1}), custom({"a": 1}), ""),
    "the host": (system(host="aa"), system(host="bb"), "host"),
    "the host comes": (same, system(host="aa"), "host"),
    "the host in capitals": (system(host="aa"), system(host="AA"), ""),
    "closed": (same, system(closed=True), "joinability"),
    "closed: false": (same, system(closed=False), ""),
    "locked": (system(closed=True), system(locked=True), "joinability"),
    "joinRestriction": (system(joinRestriction="local"), system(joinRestriction="followed"), "joinability"),
    "joinRestriction: none": (system(joinRestriction=None), system(joinRestriction="none"), ""),
    "readRestriction": (same, system(readRestriction="local"), ""),
    "keywords": (same, system(keywords=["a"]), ""),
    "scheduledTime": (same, system(scheduledTime="x"), "scheduledtime"),
    "ready": (same, member("1001", status="ready"), "membersStatus"),
    "inactive": (same, member("1001", status="inactive"), "membersStatus"),
    "reserved": (same, member("1001", status="reserved"), "membersStatus"),
    "custom properties of a member": (same, member("1001", custom={"a": 1}), "membersCustomProperty"),
    "equal custom properties of a member": (
        member("1001", custom={"a": 1}),
        member("1001", custom={"a": 1}),
        "",
    ),
    "groups of a member": (same, member("1001", system={"groups": ["a"]}), ""),
    "a failure of a member": (same, member("1001", failure="timeout"), ""),
    "a member who leaves": (same, without("1001"), "membersList"),
    "status and custom properties": (
        same,
        twice(member("1001", status="ready"), member("1000", custom={"a": 1})),
        "membersStatus membersCustomProperty",
    ),
    "a stage": (stage_of("joining"), stage_of("measuring"), "initialization"),
    "the same stage of the next episode": (stage_of("joining"), stage_of("joining", 2), ""),
    "the end of initialization": (stage_of("evaluating"), stage_of(None), "initialization"),
    "a match is sought": (same, match(status="searching"), "matchmakingStatus"),
    "a match is found": (match(status="searching"), match(status="found"), "matchmakingStatus"),
    "the same match": (match(status="found"), match(status="Found", typicalWait=5), ""),
    "another match": (
        match(targetSessionRef={"name": "a"}),
        match(targetSessionRef={"name": "b"}),
        "matchmakingStatus",
    ),
    "another server": (same, lambda session: session.but(servers={"x": Server()}), ""),
    "roles": (same, lambda session: session.but(role_types={"team": {}}), "roles"),
    "a role of a member": (
        lambda session: session.but(role_types={"team": {}}),
        lambda session: session.but(members=Few(it.but(roles=(("team", "red"),)) for it in session.members)),
        "roles",
    ),
}


@pytest.fixture
def pair(stage: Stage) -> Session:
    """A session of two members."""
    stage.using(PATIENT)
    return stage.join("Ann", "Bob")


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_has_the_types_of_what_it_changes(pair: Session, name: str) -> None:
    """And of nothing else, in whichever direction it goes (TAP-5)."""
    first, second, types = CHANGES[name]
    before = first(pair)
    after = second(before)
    expected = frozenset(types.split())
    assert (change_types(before, after), change_types(after, before)) == (expected, expected)


@pytest.mark.parametrize("type_", CHANGE_TYPES)
@pytest.mark.parametrize("name", CHANGES)
def test_whoever_wants_one_of_its_types_is_told_of_a_change(name: str, type_: str) -> None:
    """And whoever wants everything, also of a change without a type (TAP-5)."""
    types = frozenset(CHANGES[name][2].split())
    one = Subscription(GUID, "1000", GUID, frozenset({type_}))
    assert one.wants(types) == (type_ == "everything" or type_ in types)


def test_the_last_seat_is_joinability(stage: Stage) -> None:
    """Taken or left, by a reservation too (TAP-5)."""
    stage.using({**PATIENT, "maxMembersCount": 3})
    two = stage.join("Ann", "Bob")
    three = stage.write("Ann", stage.seat("Cay"))
    filled = frozenset({"membersList", "joinability"})
    assert (change_types(two, three), change_types(three, two)) == (filled, filled)
    assert change_types(stage.join("Cay"), three) == {"membersStatus"}


def test_another_member_in_the_place_of_one_is_a_change_of_the_list(pair: Session, stage: Stage) -> None:
    """Though their number is the same (TAP-5)."""
    left = stage.write("Bob", LEAVE)
    assert change_types(pair, stage.join("Cay")) == {"membersList"}
    assert len(pair.members) == len(stage.held.members) == len(left.members) + 1


def test_whoever_leaves_and_comes_back_at_once_is_the_same(pair: Session) -> None:
    """Members are compared by xuid (TAP-5)."""
    bob = pair.member("1001")
    assert bob
    back = pair.members.without("1001").including(bob.but(index=7))
    assert change_types(pair, pair.but(members=back)) == NOTHING


def subscribed(*types: str, id_: str = GUID, **more: Any) -> Body:
    """A body by which an active member subscribes."""
    return me(active=True, connection=OTHER, subscription={"id": id_, "changeTypes": [*types]}, **more)


def test_a_member_subscribes_in_three_ways(stage: Stage) -> None:
    """By one subscription, by older ones with a profile, and by secondary ones on other connections (TAP-1)."""
    older = {GUID: {"profile": "Roster"}, SECOND: {"profile": "party"}}
    secondary = {GUID: {"changeTypes": ["roles"], "rta": {"connection": SECOND}}}
    stage.put("Ann", subscribed("host", subscriptions=older, secondarySubscriptions=secondary))
    stage.put("Bob", me(active=True, subscription={"id": SECOND, "changeTypes": []}))
    stage.join("Cay")
    low, other, second = GUID.lower(), OTHER.lower(), SECOND.lower()
    assert subscriptions(stage.held) == [
        Subscription(low, "1000", other, frozenset({"host"})),
        Subscription(low, "1000", other, PROFILES["roster"]),
        Subscription(second, "1000", other, frozenset({"everything"})),
        Subscription(low, "1000", second, frozenset({"roles"})),
        Subscription(second, "1001", "", NOTHING),
    ]


def test_nobody_subscribes_in_a_large_session(stage: Stage) -> None:
    """Nor is anybody looked at (BIG-2)."""
    stage.using({**PATIENT, "capabilities": {"large": True}})
    assert subscriptions(stage.join("Ann")) == []


@pytest.mark.parametrize(
    ("writer", "write", "whom"),
    [
        ("Ann", properties({"a": 1}), "1000 1001"),  # the writer, too
        ("Ann", properties(closed=True), "1001"),
        ("Ann", me(ready=True), "1001"),
        ("Cay", ACTIVE, "1001"),
        ("Cay", subscribed("everything", id_=SECOND), "1001"),  # not for the write that subscribes
        ("Ann", subscribed("everything"), "1000 1001"),  # another wish of the same subscription
        ("Ann", subscribed("everything", id_=SECOND), "1001"),  # another subscription
        ("Bob", me(subscription=None), ""),
        ("Bob", LEAVE, ""),
        ("Bob", INACTIVE, "1001"),
        ("Ann", reserve("1002"), "1001"),
    ],
)
def test_members_are_told_of_what_they_had_subscribed_to(stage: Stage, writer: str, write: Body, whom: str) -> None:
    """And still have after the write, which may have been their own (TAP-7)."""
    stage.using(PATIENT)
    stage.put("Ann", subscribed("customProperty"))
    before = stage.write("Bob", subscribed("everything"))
    after = stage.write(writer, write)
    subscribers, types = told(before, after)
    assert [one.xuid for one in subscribers] == whom.split()
    assert types == (change_types(before, after) if subscriptions(after) else NOTHING)


def test_of_the_end_of_a_session_all_are_told_who_had_subscribed(stage: Stage) -> None:
    """Whatever to (TAP-9)."""
    before = stage.write("Ann", {**constants(**PATIENT, maxMembersCount=2), **subscribed("roles")})
    subscribers, types = told(before, None)
    assert ([one.xuid for one in subscribers], types) == (["1000"], NOTHING)
