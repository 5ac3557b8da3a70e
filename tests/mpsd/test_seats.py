"""A session that a test sets up in one step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.arrange.seats import JUST_MADE, NO_WRITE, Seat, Standing, require_everybody, seated_session
from pytest_xbl.mpsd.effects import MemberJoined, MemberReserved, SessionCreated
from pytest_xbl.mpsd.model import Bag, SessionRef, Status
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.writes import MemberWrite, parse_write

if TYPE_CHECKING:
    from pytest_xbl.mpsd.effects import Outcome
    from pytest_xbl.mpsd.model import Session
    from tests.mpsd.conftest import Stage

HOUR = timedelta(hours=1)


def seated(stage: Stage, body: dict[str, Any] | None = None, **people: Status) -> Outcome:
    """A session set up with people in it."""
    seats = [Seat(stage.caller(name), status) for name, status in people.items()]
    stage.caller("the test", server=True)
    return seated_session(parse_write(body or {}, contract=107), seats, stage.context("the test"))


def says(member: dict[str, Any]) -> MemberWrite:
    """What somebody writes of themselves."""
    me = parse_write({"members": {"me": member}}, contract=107).me
    assert me
    return me


def placed(
    stage: Stage, seats: list[Seat], standing: Standing = JUST_MADE, body: dict[str, Any] | None = None
) -> Session:
    """The session with somebody in these seats."""
    stage.caller("the test", server=True)
    write = parse_write(body or {}, contract=107)
    session = seated_session(write, seats, stage.context("the test"), standing).session
    assert session
    return session


def test_it_is_as_if_everybody_had_written_themselves(stage: Stage) -> None:
    """Members in every status look like those that joined over the wire (MEMB-8, MEMB-9)."""
    stage.using({"inactiveRemovalTimeout": None})
    outcome = seated(stage, Ann="active", Bob="ready", Cid="inactive", Dot="reserved")
    stage.session = outcome.session
    by_seats = stage.document()
    assert outcome.effects == (
        SessionCreated(),
        MemberJoined("1000"),
        MemberJoined("1001"),
        MemberJoined("1002"),
        MemberReserved("1003"),
    )
    stage.session = None
    for name, flags in (("Ann", {"active": True}), ("Bob", {"ready": True}), ("Cid", {})):
        stage.put(name, {"members": {"me": {"properties": {"system": flags}}}})
    stage.put("Ann", {"members": {"reserve_0": {"constants": {"system": {"xuid": "1003"}}}}})
    by_writes = stage.document()
    assert by_seats == {**by_writes, "changeNumber": 1}


def test_constants_and_properties_obey_the_rules(stage: Stage) -> None:
    """What a service could not write cannot be set up either (TMPL-3, PROP-3)."""
    body = {"constants": {"custom": {"a": 1}}, "properties": {"system": {"turn": [0]}, "custom": {"b": 2}}}
    session = seated(stage, body, Ann="active").session
    assert session
    assert (session.constants.custom, session.properties.custom) == ({"a": 1}, {"b": 2})
    with pytest.raises(Refusal) as refused:
        seated(stage, {"properties": {"system": {"turn": [1]}}}, Ann="active")
    assert refused.value.rule == "PROP-3"


def test_sessions_of_a_template_that_worlds_share_have_only_their_constants_in_common(stage: Stage) -> None:
    """Each has the time, the name and the incarnation of its own world (TIME-9)."""
    stage.caller("the test", server=True)
    seats = [Seat(stage.caller("Ann"), "active")]
    first = seated_session(NO_WRITE, seats, stage.context("the test")).session
    stage.advance(1000)
    later = stage.context("the test")._replace(ref=SessionRef("scid", "quick", "two"), incarnation=3)
    other = seated_session(NO_WRITE, seats, later).session
    assert first
    assert other
    assert other.constants is first.constants
    assert (other.ref.name, other.incarnation, other.started) == ("two", 3, stage.now)
    kept = vars(stage.template)["_kept"].values()
    assert all(isinstance(one, Bag) for one in kept)


def test_there_are_no_more_seats_than_slots(stage: Stage) -> None:
    """The limit holds here too, and null switches it off (MEMB-12, TMPL-5)."""
    stage.using({"maxMembersCount": 1})
    with pytest.raises(Refusal) as refused:
        seated(stage, Ann="active", Bob="reserved")
    assert refused.value.rule == "JOIN-8"
    stage.using({"maxMembersCount": None})
    assert seated(stage, Ann="active", Bob="reserved").session


def test_closed_and_private_sessions_can_be_set_up_with_people_in_them(stage: Stage) -> None:
    """The people were there before the session was closed (JOIN-1, JOIN-4)."""
    stage.using({"visibility": "private"})
    session = seated(stage, {"properties": {"system": {"closed": True}}}, Ann="active", Bob="active").session
    assert session
    assert [member.xuid for member in session.members] == ["1000", "1001"]


def test_active_members_have_the_connection_that_the_session_requires(stage: Stage) -> None:
    """Whoever is active has one, others need none (MEMB-11)."""
    stage.using({"capabilities": {"connectionRequiredForActiveMembers": True}})
    session = seated(stage, Ann="active", Bob="ready").session
    assert session
    assert ["connection" in member.system for member in session.members] == [True, False]


def test_nobody_is_seated_without_the_multiplayer_privilege(stage: Stage) -> None:
    """They could not have joined; a slot can be kept for them (PUT-11)."""
    stage.caller("Ann", privileges=frozenset())
    with pytest.raises(Refusal) as refused:
        seated(stage, Ann="active")
    assert (refused.value.status, refused.value.rule) == (403, "PUT-11")
    assert seated(stage, Ann="reserved").session


def test_nobody_is_seated_in_a_session_that_would_be_gone(stage: Stage) -> None:
    """An empty one with sessionEmptyTimeout 0 never is (CODE-204, TIME-4)."""
    assert seated(stage).session is None
    stage.using({"sessionEmptyTimeout": 1})
    session = seated(stage).session
    assert session
    assert session.empty_since == stage.now


def test_the_default_restrictions_are_there(stage: Stage) -> None:
    """UserAuthorizationStyle starts local (CONST-9)."""
    stage.using({"capabilities": {"userAuthorizationStyle": True}})
    session = seated(stage, Ann="active").session
    assert session
    assert session.properties.system == {"joinRestriction": "local", "readRestriction": "local"}


# What a seed says besides


def test_a_seat_may_say_what_its_member_would_write(stage: Stage) -> None:
    """Constants and properties, with the rules that a write has to obey (MEMB-6, MEMB-7)."""
    ann, bob = stage.caller("Ann"), stage.caller("Bob")
    seats = [
        Seat(ann, "active", says({"constants": {"custom": {"a": 1}}, "properties": {"custom": {"b": 2}}})),
        Seat(bob, "inactive", says({"constants": {"system": {"initialize": "false"}}})),
    ]
    session = placed(stage, seats)
    assert [(member.status, dict(member.constants.custom), dict(member.custom)) for member in session.members] == [
        ("active", {"a": 1}, {"b": 2}),
        ("inactive", {}, {}),
    ]
    assert session.change_number == 1


@pytest.mark.parametrize(
    ("said", "where", "rule"),
    [
        ({"constants": {"system": {"xuid": "7"}}}, "/members/me/constants/system/xuid", "MEMB-6"),
        ({"constants": {"system": {"index": 1}}}, "/members/me/constants/system/index", "MEMB-6"),
        (
            {"properties": {"system": {"secureDeviceAddress": "QUJDRA=="}}},
            "/members/me/properties/system/secureDeviceAddress",
            "MEMB-10",
        ),
    ],
)
def test_what_a_member_could_not_write_no_seat_can_say(
    stage: Stage, said: dict[str, Any], where: str, rule: str
) -> None:
    """The place is the one of the member (MEMB-6, MEMB-10)."""
    with pytest.raises(Refusal) as refused:
        placed(stage, [Seat(stage.caller("Ann"), "active", says(said))])
    assert (refused.value.where, refused.value.rule) == (where, rule)


def test_a_seat_may_be_taken_a_while_ago(stage: Stage) -> None:
    """The status and the joining each have their time (TIME-3, MEMB-9)."""
    ann = Seat(stage.caller("Ann"), "active", since=stage.now - HOUR, join_time=stage.now - 2 * HOUR)
    session = placed(stage, [ann, Seat(stage.caller("Bob"), "ready")])
    assert [(stage.now - member.since, stage.now - member.join_time) for member in session.members] == [
        (HOUR, 2 * HOUR),
        (0 * HOUR, 0 * HOUR),
    ]


@pytest.mark.parametrize(
    ("indices", "seated_at"),
    [([None, None], [0, 1]), ([0, 1], [0, 1]), ([3, None], [3, 4]), ([None, 7], [0, 7])],
)
def test_indices_rise(stage: Stage, indices: list[int | None], seated_at: list[int]) -> None:
    """With gaps, where some who were there are not any more (MEMB-1)."""
    seats = [
        Seat(stage.caller(name), "active", at_index=index) for name, index in zip(("Ann", "Bob"), indices, strict=True)
    ]
    session = placed(stage, seats)
    assert ([member.index for member in session.members], session.next_index) == (seated_at, seated_at[-1] + 1)


@pytest.mark.parametrize(
    ("write", "where"), [(None, "/members/index"), ({"constants": {}}, "/members/me/index")], ids=["alone", "in place"]
)
def test_an_index_is_not_below_one_before(stage: Stage, write: dict[str, Any] | None, where: str) -> None:
    """They come in the order of their indices (MEMB-1)."""
    seats = [
        Seat(stage.caller("Ann"), "active", at_index=1),
        Seat(stage.caller("Bob"), "active", says(write) if write else None, at_index=1),
    ]
    with pytest.raises(Refusal) as refused:
        placed(stage, seats)
    assert (refused.value.what, refused.value.where, refused.value.rule) == (
        "Indices rise from member to member; Bob cannot have 1 after others.",
        where,
        "MEMB-1",
    )


def test_a_session_may_stand_as_one_that_was_made_earlier(stage: Stage) -> None:
    """Its beginning, its change number, the next index, which one it is (PUT-9, MEMB-1, TIME-9)."""
    standing = Standing(started=stage.now - HOUR, change_number=7, next_index=5)
    session = placed(stage, [Seat(stage.caller("Ann"), "active")], standing)
    assert (session.started, session.change_number, session.next_index, session.empty_since) == (
        stage.now - HOUR,
        7,
        5,
        None,
    )
    assert placed(stage, [], Standing(next_index=2, empty_since=stage.now)).next_index == 2


@pytest.mark.parametrize(("people", "least"), [(["Ann"], 1), (["Ann", "Bob"], 2)])
def test_the_next_index_is_above_all_others(stage: Stage, people: list[str], least: int) -> None:
    """Nobody gets one that somebody has, or had (MEMB-1)."""
    seats = [Seat(stage.caller(name), "active") for name in people]
    assert placed(stage, seats, Standing(next_index=least)).next_index == least
    with pytest.raises(Refusal) as refused:
        placed(stage, seats, Standing(next_index=least - 1))
    assert (refused.value.what, refused.value.where, refused.value.rule) == (
        f"The next index is above those of all members, so {least} or more.",
        "/nextIndex",
        "MEMB-1",
    )


def test_a_session_may_have_been_empty_for_longer_than_it_may(stage: Stage) -> None:
    """Timers are lazy, so it stands until somebody looks (TIME-1, TIME-4)."""
    session = placed(stage, [], Standing(empty_since=stage.now - HOUR))
    assert session.empty_since == stage.now - HOUR
    stage.session = session
    assert stage.settle() is None


def test_a_locked_session_may_keep_slots(stage: Stage) -> None:
    """Of those who left; an open one keeps none (JOIN-5)."""
    locked = {"properties": {"system": {"closed": True, "locked": True}}}
    seats = [Seat(stage.caller("Ann"), "active")]
    assert placed(stage, seats, Standing(away=("77",)), locked).away == ("77",)
    with pytest.raises(Refusal) as refused:
        placed(stage, seats, Standing(away=("77",)))
    assert (refused.value.what, refused.value.where, refused.value.rule) == (
        "Only a locked session keeps the slots of those who left.",
        "/away",
        "JOIN-5",
    )


def test_whoever_would_be_gone_at_once_is_named(stage: Stage) -> None:
    """Unless it is said since when they are there (TIME-3)."""
    since = stage.now
    seats = [
        Seat(stage.caller("Ann"), "active"),
        Seat(stage.caller("Bob"), "inactive"),
        Seat(stage.caller("Cid"), "inactive", since=since),
    ]
    stage.session = placed(stage, seats)
    found = stage.settle()
    assert found
    assert [member.xuid for member in found.members] == ["1000"]
    with pytest.raises(Refusal) as refused:
        require_everybody(found, seats)
    assert (refused.value.what, refused.value.where, refused.value.rule) == (
        "Gone at once would be Bob (inactive): the timeout of that status is 0 in this template.",
        "/members",
        "TIME-3",
    )
    require_everybody(found, [seats[0], seats[2]])
    require_everybody(found, seats[:1])
