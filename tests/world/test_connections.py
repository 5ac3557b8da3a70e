"""The connections of a world, and whom they tell what (TAP)."""

from __future__ import annotations

from datetime import datetime, timezone

from pytest_xbl.mpsd.effects import MemberTapped, Outcome
from pytest_xbl.mpsd.model import EMPTY_BAG, Caller, Member, Session, SessionRef
from pytest_xbl.mpsd.roster import Few
from pytest_xbl.world.connections import Connection, Connections
from pytest_xbl.world.state import Account, Log, Record, SessionVersion, State

REF = SessionRef("scid", "lobby", "one")
NOW = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


def test_a_subscriber_who_is_no_user_is_named_by_xuid() -> None:
    """Such as a stranger whom set-up has put into the session (TAP-2)."""
    subscription = {"id": "x", "changeTypes": ["everything"]}
    system = {"connection": "c", "subscription": subscription}
    member = Member(0, "7", "active", NOW, NOW, EMPTY_BAG, system, {})
    before = Session(REF, NOW, EMPTY_BAG, members=Few((member,)))
    version = SessionVersion(REF, NOW, "", "", (), before)
    state = State()
    state.records[REF.key] = Record(REF, before, 1, Log(version, None, 1))
    connections = Connections()
    connections.restored(state)
    connections.add(Connection("c", Account(Caller("Ana", "8"), "8", "1"), NOW))
    outcome = connections.note(state, REF, Outcome(before.but(change_number=2)), caller="Ana", operation="put")
    assert (outcome.effects, [*connections.taps]) == ((MemberTapped("7"),), [])
    connections.deliver(NOW)
    assert [tap.user for tap in connections.taps] == ["7"]
