"""The connections of a world, and whom they tell what (TAP)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from pytest_xbl.mpsd.effects import MemberTapped, Outcome
from pytest_xbl.mpsd.model import EMPTY_BAG, Bag, Caller, Member, Session, SessionRef
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


def test_a_tap_names_the_types_of_a_change_in_alphabetical_order() -> None:
    """The same in each run, though a set has no order (TAP-5)."""
    subscription = {"id": "x", "changeTypes": ["everything"]}
    members = Few(
        (Member(0, "7", "active", NOW, NOW, EMPTY_BAG, {"connection": "c", "subscription": subscription}, {}),)
    )
    before = Session(REF, NOW, EMPTY_BAG, members=members)
    system = {"host": "x", "initializationSucceeded": True, "joinRestriction": "local", "turn": [0]}
    after = before.but(change_number=2, properties=Bag(system, {"a": 1}), role_types={"team": {}})
    state = State()
    state.records[REF.key] = Record(REF, before, 1, Log(SessionVersion(REF, NOW, "", "", (), before), None, 1))
    connections = Connections()
    connections.restored(state)
    connections.add(Connection("c", Account(Caller("Ana", "8"), "8", "1"), NOW))
    [tapped] = connections.note(state, REF, Outcome(after), caller="Ana", operation="put").effects
    assert tapped == MemberTapped("7", ("customProperty", "host", "joinability", "roles"))


class Changed(list[str]):
    """A world that only remembers the names of the sessions that its connections change."""

    def change(self, ref: SessionRef, _visit: object, _update: object) -> None:
        """Remember one."""
        self.append(ref.name)


def test_a_lost_connection_changes_sessions_in_the_order_of_their_names() -> None:
    """So two runs of a test have the same journal, though a set has no order (TAP-4)."""
    member = Member(0, "8", "active", NOW, NOW, EMPTY_BAG, {"connection": "c"}, {})
    state = State()
    for name in "gecaidbfh":
        ref = SessionRef("scid", "lobby", name)
        session = Session(ref, NOW, EMPTY_BAG, members=Few((member,)))
        state.records[ref.key] = Record(ref, session, 1, Log(SessionVersion(ref, NOW, "", "", (), session), None, 1))
    connections, changed = Connections(), Changed()
    connections.restored(state)
    connection = Connection("c", Account(Caller("Ana", "8"), "8", "1"), NOW)
    connections.add(connection)
    connections.end(connection, changed, NOW)
    assert changed == [*"abcdefghi"]


def test_a_world_that_is_restored_goes_on_with_the_grace_of_a_lost_connection() -> None:
    """Since the loss, or since the restored time if that is earlier (TAP-4)."""
    member = Member(0, "8", "active", NOW, NOW, EMPTY_BAG, {"connection": "c"}, {})
    session = Session(REF, NOW, EMPTY_BAG, members=Few((member,)))
    for now, due in ((20, 30), (0, 30), (-10, 20)):
        state = State(now=NOW + timedelta(seconds=now))
        state.records[REF.key] = Record(REF, session, 1, Log(SessionVersion(REF, NOW, "", "", (), session), None, 1))
        connections, changed = Connections(), Changed()
        connections.grace = timedelta(seconds=30)
        connection = Connection("c", Account(Caller("Ana", "8"), "8", "1"), NOW)
        connections.add(connection)
        connections.end(connection, changed, NOW)
        connections.restored(state)
        connections.pass_time(changed, state, NOW + timedelta(seconds=due - 1))
        assert changed == []
        connections.pass_time(changed, state, NOW + timedelta(seconds=due))
        assert changed == ["one"]
