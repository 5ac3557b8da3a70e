"""A session that a test sets up in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.effects import MemberJoined, MemberReserved, SessionCreated
from pytest_xbl.mpsd.model import Status
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.seats import Seat, seated_session
from pytest_xbl.mpsd.writes import parse_write

if TYPE_CHECKING:
    from pytest_xbl.mpsd.effects import Outcome
    from tests.mpsd.conftest import Stage


def seated(stage: Stage, body: dict[str, Any] | None = None, **people: Status) -> Outcome:
    """A session set up with people in it."""
    seats = [Seat(stage.caller(name), status) for name, status in people.items()]
    stage.caller("the test", server=True)
    return seated_session(parse_write(body or {}, contract=107), seats, stage.context("the test"))


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
