"""RTA connections in sessions: who may name which, and what losing one does (MEMB-11, TAP-4, TAP-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, PATIENT, Body, can, me, subscribing
from pytest_xbl.mpsd.connections import disconnected, named
from pytest_xbl.mpsd.effects import MemberStatusChanged, Outcome

if TYPE_CHECKING:
    from pytest_xbl.mpsd.model import Session
    from tests.mpsd.conftest import Stage

ONE = "5c1d0000-0000-4000-8000-00000000000a"
TWO = "5c1d0000-0000-4000-8000-00000000000b"
MINE = "/members/me/properties/system"
REQUIRING = {**PATIENT, **can("connectionRequiredForActiveMembers")}
SESSIONS = {("scid", "lobby", str(number)) for number in range(10)}


def secondary(*connections: str) -> Body:
    """Secondary subscriptions on these connections, by GUID."""
    return {
        f"5c1d0000-0000-4000-8000-0000000000{n:02}": {"changeTypes": [], "rta": {"connection": connection}}
        for n, connection in enumerate(connections)
    }


@pytest.fixture
def strict(stage: Stage) -> Stage:
    """A stage on which one connection is open, and active members need one."""
    stage.using(REQUIRING)
    stage.connections = {ONE: set()}
    return stage


def test_only_an_open_connection_makes_active(strict: Stage) -> None:
    """However it is written, and whose ever it is (MEMB-11, TAP-15)."""
    assert strict.put("Ann", me(active=True, connection=ONE.upper()))
    assert strict.put("Bob", me(active=True, connection=ONE))
    what = (
        f"The session has connectionRequiredForActiveMembers, and the connection {TWO} is not open: "
        "it was never opened, or has been lost."
    )
    told = (400, f"{MINE}/connection", what, "MEMB-11")
    assert strict.told("Cay", me(active=True, connection=TWO)) == told
    assert strict.told("Ann", me(connection=TWO)) == told
    assert strict.put("Cay", me(connection=TWO))
    assert strict.told("Cay", ACTIVE) == told


def test_whoever_is_active_need_not_name_the_connection_again(strict: Stage) -> None:
    """Nor is an active member of before the first connection asked for one (TAP-15)."""
    strict.connections = None
    strict.put("Ann", me(active=True, connection=TWO))
    strict.connections = {ONE: set()}
    assert strict.put("Ann", me({"a": 1}, active=True))


def test_any_guid_does_where_active_members_need_no_connection(strict: Stage) -> None:
    """It is only named (MEMB-11)."""
    strict.using(PATIENT)
    assert strict.put("Ann", me(active=True, connection=TWO))


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("connection", {"connection": ONE.upper()}),
        ("secondarySubscriptions", {"secondarySubscriptions": secondary(ONE)}),
    ],
)
def test_an_eleventh_session_cannot_name_a_connection(strict: Stage, name: str, system: Body) -> None:
    """Unless it is one of the ten; nor does a connection that is not open count (TAP-10)."""
    strict.using(PATIENT)
    strict.connections = {ONE: SESSIONS}
    what = f"10 sessions name the connection {ONE}, and it serves no more."
    assert strict.told("Ann", me(**system)) == (409, f"{MINE}/{name}", what, "TAP-10")
    assert strict.put("Ann", me(connection=TWO, secondarySubscriptions=None))
    strict.connections = {ONE: {*list(SESSIONS)[1:], strict.ref.key}}
    assert strict.put("Ann", me(**system))
    strict.connections = {ONE: {*list(SESSIONS)[1:]}}
    assert strict.put("Ann", me(active=True, **system))


def test_a_session_names_the_connections_of_its_members(stage: Stage) -> None:
    """Those of secondary subscriptions, too (TAP-1)."""
    assert named(None) == frozenset()
    stage.using(PATIENT)
    stage.put("Ann", me(active=True, connection=ONE.upper(), secondarySubscriptions=secondary(TWO.upper(), ONE)))
    stage.join("Bob")
    assert named(stage.held) == {ONE, TWO}


def test_a_large_session_names_connections(stage: Stage) -> None:
    """Though it has too many members to ask each of them at each write (BIG-1)."""
    stage.using({**PATIENT, **can("large"), "maxMembersCount": 1000})
    stage.put("Cay", me(active=True, connection=ONE))
    stage.join(*(str(number) for number in range(200)))
    assert named(stage.held) == {ONE}


def lost(stage: Stage, session: Session | None) -> Outcome:
    """The outcome of losing the first connection."""
    return disconnected(session, stage.context("Ann"), connection=ONE)


def test_whoever_loses_the_connection_becomes_inactive(stage: Stage) -> None:
    """All who are active on it; the version is a new one (TAP-4)."""
    stage.using(REQUIRING)
    for name, body in (
        ("Ann", subscribing(ONE.upper(), "host")),
        ("Bob", subscribing(ONE)),
        ("Cay", subscribing(TWO)),
        ("Dan", me(ready=True, connection=ONE)),
    ):
        stage.put(name, body)
    before = stage.held
    stage.advance(1000)
    after, effects = lost(stage, before)
    assert after
    statuses = [(member.status, member.since == stage.now, member.active_title_id) for member in after.members]
    gone = ("inactive", True, None)
    assert statuses == [gone, gone, ("active", False, "7"), ("ready", False, None)]
    assert after.change_number == before.change_number + 1
    assert effects == tuple(MemberStatusChanged(xuid, "active", "inactive") for xuid in ("1000", "1001"))


@pytest.mark.parametrize(("system", "connection"), [(REQUIRING, TWO), (PATIENT, ONE)])
def test_nobody_else_is_concerned(stage: Stage, system: dict[str, Any], connection: str) -> None:
    """Nor anybody where active members need no connection (TAP-4)."""
    stage.using(system)
    before = stage.write("Ann", me(active=True, connection=connection))
    assert (lost(stage, before), lost(stage, None)) == (Outcome(before), Outcome(None))
