"""Time, as a session feels it (TIME)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.effects import HostCleared, MemberLeft, MemberStatusChanged, SessionDeleted
from pytest_xbl.mpsd.timers import NOBODY, next_timer, settle
from pytest_xbl.mpsd.view import branch, document

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

LEAVE: dict[str, Any] = {"members": {"me": None}}


def me(**system: Any) -> dict[str, Any]:
    """A body that writes system properties of the caller's own."""
    return {"members": {"me": {"properties": {"system": system}}}}


def reserve(*xuids: str) -> dict[str, Any]:
    """A body, or its members, with reservations."""
    entries = {f"reserve_{n}": {"constants": {"system": {"xuid": xuid}}} for n, xuid in enumerate(xuids)}
    return {"members": entries}


def statuses(stage: Stage) -> dict[str, str]:
    """What an access finds: the status of each xuid."""
    session = stage.settle()
    return {member.xuid: member.status for member in session.members} if session else {}


TIMEOUTS = [
    # status, constant, what becomes of a member when it is over
    ("reserved", "reservedRemovalTimeout", None),
    ("inactive", "inactiveRemovalTimeout", None),
    ("ready", "readyRemovalTimeout", "inactive"),
]


def put_in(stage: Stage, status: str) -> None:
    """Ann, active, and Bob in a status."""
    stage.join("Ann")
    if status == "reserved":
        stage.put("Ann", reserve(str(stage.caller("Bob").xuid)))
    else:
        stage.put("Bob", me(**{status: True} if status != "inactive" else {}))


@pytest.mark.parametrize(("status", "constant", "becomes"), TIMEOUTS)
@pytest.mark.parametrize("timeout", [0, 1, 30_000])
def test_whoever_stays_longer_than_allowed_goes_or_becomes_inactive(
    stage: Stage, status: str, constant: str, becomes: str | None, timeout: int
) -> None:
    """Removed, or inactive after ready, as soon as the time is over and not a moment earlier (TIME-3)."""
    stage.using({constant: timeout})
    put_in(stage, status)
    if timeout:
        stage.advance(timeout - 1)
        assert statuses(stage) == {"1000": "active", "1001": status}
        stage.advance(1)
    assert statuses(stage) == {"1000": "active", **({"1001": becomes} if becomes else {})}


@pytest.mark.parametrize(
    ("status", "effect"),
    [
        ("reserved", MemberLeft("1001", "reservation timed out")),
        ("inactive", MemberLeft("1001", "inactive for too long")),
        ("ready", MemberStatusChanged("1001", "ready", "inactive")),
    ],
)
def test_what_a_timer_did_is_told(stage: Stage, status: str, effect: object) -> None:
    """Each transition is an effect, and raises the change number by one (TIME-3, TIME-10)."""
    stage.using({"reservedRemovalTimeout": 1, "inactiveRemovalTimeout": 1, "readyRemovalTimeout": 1})
    put_in(stage, status)
    before = stage.session
    stage.advance(1)
    after = stage.settle()
    assert after
    assert before
    assert stage.effects == (effect,)
    assert after.change_number == before.change_number + 1


@pytest.mark.parametrize(("status", "constant", "_becomes"), TIMEOUTS)
def test_null_is_never(stage: Stage, status: str, constant: str, _becomes: str | None) -> None:
    """A timeout that is not set does not come, and shows in no nextTimer (TIME-5)."""
    stage.using({constant: None})
    put_in(stage, status)
    stage.advance(10**12)
    assert statuses(stage) == {"1000": "active", "1001": status}
    assert "nextTimer" not in stage.document()


def test_a_timeout_beyond_the_calendar_is_never(stage: Stage) -> None:
    """A time that cannot be written down does not come (TIME-5)."""
    stage.using({"reservedRemovalTimeout": 2**62})
    put_in(stage, "reserved")
    assert statuses(stage) == {"1000": "active", "1001": "reserved"}
    assert "nextTimer" not in stage.document()


def test_active_members_have_no_timer(stage: Stage) -> None:
    """Nothing happens to them by time alone (TIME-3)."""
    before = stage.join("Ann", "Bob")
    stage.advance(10**12)
    assert stage.settle() is before


def test_one_access_takes_one_step(stage: Stage) -> None:
    """Ready becomes inactive, and only the next access removes, however long it was (TIME-2)."""
    put_in(stage, "ready")
    stage.advance(10**9)
    assert statuses(stage) == {"1000": "active", "1001": "inactive"}
    assert statuses(stage) == {"1000": "active"}


def test_several_members_time_out_in_one_access(stage: Stage) -> None:
    """One pass settles everybody, and counts as one change (TIME-2, TIME-10)."""
    stage.using({"reservedRemovalTimeout": 5, "inactiveRemovalTimeout": 5, "readyRemovalTimeout": 5})
    stage.join("Ann")
    stage.put("Bob", me())
    stage.put("Cid", me(ready=True))
    stage.put("Ann", reserve("71", "72"))
    before = stage.session
    stage.advance(5)
    assert statuses(stage) == {"1000": "active", "1002": "inactive"}
    assert before
    assert stage.session
    assert stage.session.change_number == before.change_number + 1


def test_the_time_in_a_status_starts_anew_with_the_status(stage: Stage) -> None:
    """Being active in between resets it, writing something else does not (TIME-3)."""
    stage.using({"inactiveRemovalTimeout": 10})
    stage.join("Ann")
    stage.put("Bob", me())
    stage.advance(9)
    stage.put("Bob", me(active=True))
    stage.put("Bob", me(active=False))
    stage.advance(9)
    stage.put("Bob", {"members": {"me": {"properties": {"custom": {"a": 1}}}}})
    assert "1001" in statuses(stage)
    stage.advance(1)
    assert "1001" not in statuses(stage)


def test_an_inactive_member_is_gone_before_their_own_next_write(stage: Stage) -> None:
    """With the default of 0 they come back as somebody new (TIME-1, TIME-3)."""
    stage.join("Ann")
    stage.put("Bob", me())
    stage.put("Bob", me(active=True))
    assert stage.session
    assert [(member.index, member.xuid) for member in stage.session.members] == [(0, "1000"), (2, "1001")]


def test_a_host_who_times_out_is_cleared(stage: Stage) -> None:
    """Leaving by time is leaving (MEMB-14)."""
    stage.using({"capabilities": {"connectivity": True}})
    stage.join("Ann")
    stage.put("Bob", me(secureDeviceAddress="QQ=="))
    assert stage.session
    token = stage.session.members[1].device_token
    stage.session = None
    stage.join("Ann")
    stage.put("Bob", {**me(secureDeviceAddress="QQ=="), "properties": {"system": {"host": token, "turn": [1]}}})
    assert stage.document()["properties"]["system"] == {"turn": [1], "host": token}
    stage.settle()
    assert stage.effects == (MemberLeft("1001", "inactive for too long"), HostCleared(str(token)))
    assert stage.document()["properties"]["system"] == {"turn": []}


class TestEmptySessions:
    """TIME-4, TIME-9."""

    @pytest.mark.parametrize("timeout", [1, 5000])
    def test_an_empty_session_waits_its_time(self, stage: Stage, timeout: int) -> None:
        """Deleted sessionEmptyTimeout after it emptied (TIME-4)."""
        stage.using({"sessionEmptyTimeout": timeout})
        stage.join("Ann")
        stage.advance(100_000)
        stage.put("Ann", LEAVE)
        stage.advance(timeout - 1)
        assert stage.settle()
        stage.advance(1)
        assert stage.settle() is None
        assert stage.effects == (SessionDeleted(),)

    def test_with_null_it_waits_for_ever(self, stage: Stage) -> None:
        """An empty session without a timeout stays (TIME-5)."""
        stage.using({"sessionEmptyTimeout": None})
        stage.join("Ann")
        stage.put("Ann", LEAVE)
        stage.advance(10**12)
        assert stage.settle()
        assert "nextTimer" not in stage.document()

    def test_somebody_who_comes_back_stops_the_timer(self, stage: Stage) -> None:
        """It counts from when it emptied last (TIME-4)."""
        stage.using({"sessionEmptyTimeout": 10})
        stage.join("Ann")
        stage.put("Ann", LEAVE)
        stage.advance(9)
        stage.join("Ann")
        stage.advance(9)
        stage.put("Ann", LEAVE)
        stage.advance(9)
        assert stage.settle()

    def test_the_last_member_to_time_out_takes_the_session_along(self, stage: Stage) -> None:
        """With sessionEmptyTimeout 0 in the same access (TIME-4)."""
        stage.put("Ann", me())
        assert stage.settle() is None
        assert stage.effects == (MemberLeft("1000", "inactive for too long"), SessionDeleted())

    def test_a_session_made_again_is_another_one_with_the_same_correlation_id(self, stage: Stage) -> None:
        """New branch, new startTime, change number 1, old correlationId (TIME-4, TIME-9)."""
        first = stage.join("Ann")
        stage.put("Ann", LEAVE)
        stage.advance(1000)
        stage.incarnation = 2
        second = stage.join("Ann")
        one, other = document(first, contract=107), document(second, contract=107)
        assert one["correlationId"] == other["correlationId"]
        assert (one["startTime"], other["startTime"]) == (
            "2026-01-01T12:00:00.0000000Z",
            "2026-01-01T12:00:01.0000000Z",
        )
        assert branch(first) != branch(second)
        assert other["changeNumber"] == 1


class TestNextTimer:
    """TIME-6."""

    def test_it_is_the_earliest_of_all_members(self, stage: Stage) -> None:
        """Over statuses and members (TIME-6)."""
        stage.using({"reservedRemovalTimeout": 30, "inactiveRemovalTimeout": 20, "readyRemovalTimeout": 40})
        stage.join("Ann")
        assert stage.session
        assert next_timer(stage.session) is None
        stage.put("Bob", me(ready=True))
        assert next_timer(stage.session) == stage.now + timedelta(milliseconds=40)
        stage.advance(5)
        stage.put("Ann", reserve("71"))
        assert next_timer(stage.session) == stage.now + timedelta(milliseconds=30)
        stage.advance(1)
        stage.put("Ann", reserve("72"))
        assert next_timer(stage.session) == stage.now + timedelta(milliseconds=29)
        stage.put("Cid", me())
        assert next_timer(stage.session) == stage.now + timedelta(milliseconds=20)
        assert stage.document()["nextTimer"] == "2026-01-01T12:00:00.0260000Z"

    def test_an_empty_session_has_one_of_its_own(self, stage: Stage) -> None:
        """When it will be deleted (TIME-6, TIME-4)."""
        stage.using({"sessionEmptyTimeout": 1500})
        stage.join("Ann")
        stage.put("Ann", LEAVE)
        assert stage.document()["nextTimer"] == "2026-01-01T12:00:01.5000000Z"


class TestPresence:
    """TIME-7."""

    def test_an_active_member_who_is_not_in_the_title_becomes_inactive(self, stage: Stage) -> None:
        """From this access on, whatever the time is (TIME-7)."""
        before = stage.join("Ann", "Bob")
        stage.advance(1)
        outcome = settle(before, stage.now, {"1001", "77"})
        assert outcome.session
        assert [(member.xuid, member.status) for member in outcome.session.members] == [
            ("1000", "active"),
            ("1001", "inactive"),
        ]
        assert (outcome.session.members[1].since, outcome.session.members[0]) == (stage.now, before.members[0])
        assert outcome.effects == (MemberStatusChanged("1001", "active", "inactive"),)
        assert outcome.session.change_number == before.change_number + 1

    @pytest.mark.parametrize("absent", [NOBODY, {"77"}, {"1001"}])
    def test_nothing_moves_if_everybody_active_is_in_the_title(self, stage: Stage, absent: set[str]) -> None:
        """It is the very same session; whoever is ready or reserved need not be there (TIME-7)."""
        stage.join("Ann")
        stage.put("Bob", me(ready=True))
        before = stage.session
        assert before
        assert settle(before, stage.now, absent).session is before

    def test_a_session_may_keep_members_active_without_their_presence(self, stage: Stage) -> None:
        """With suppressPresenceActivityCheck (TIME-7)."""
        stage.using({"capabilities": {"suppressPresenceActivityCheck": True}})
        before = stage.join("Ann", "Bob")
        assert settle(before, stage.now, {"1000", "1001"}).session is before

    def test_one_access_takes_one_step(self, stage: Stage) -> None:
        """Inactive now, and gone at the next access though the timeout is 0 (TIME-2, TIME-7)."""
        first = settle(stage.join("Ann", "Bob"), stage.now, {"1001"}).session
        assert first
        assert [member.status for member in first.members] == ["active", "inactive"]
        second = settle(first, stage.now, {"1001"})
        assert second.session
        assert [member.xuid for member in second.session.members] == ["1000"]
        assert second.effects == (MemberLeft("1001", "inactive for too long"),)

    def test_the_last_one_to_be_removed_takes_the_session_along(self, stage: Stage) -> None:
        """All of them are absent: inactive first, then gone, and the empty session with them (TIME-4, TIME-7)."""
        everybody = {"1000", "1001"}
        first = settle(stage.join("Ann", "Bob"), stage.now, everybody).session
        assert first
        assert [member.status for member in first.members] == ["inactive", "inactive"]
        second = settle(first, stage.now, everybody)
        assert second.session is None
        assert second.effects[-1] == SessionDeleted()

    def test_timers_and_presence_act_in_the_same_pass(self, stage: Stage) -> None:
        """That counts as one change (TIME-2, TIME-7, TIME-10)."""
        stage.using({"reservedRemovalTimeout": 5, "readyRemovalTimeout": 5, "inactiveRemovalTimeout": 5})
        stage.join("Ann", "Bob")
        stage.put("Cid", me(ready=True))
        stage.put("Ann", reserve("71"))
        before = stage.session
        stage.advance(5)
        assert before
        after = settle(before, stage.now, {"1001"}).session
        assert after
        assert [(member.xuid, member.status) for member in after.members] == [
            ("1000", "active"),
            ("1001", "inactive"),
            ("1002", "inactive"),
        ]
        assert after.change_number == before.change_number + 1

    def test_an_inactive_host_stays_the_host(self, stage: Stage) -> None:
        """Until they are gone (MEMB-14, TIME-7)."""
        stage.using({"capabilities": {"connectivity": True}})
        stage.join("Bob")
        stage.put("Ann", me(active=True, secureDeviceAddress="QUJDRA=="))
        token = stage.document()["members"]["1"]["deviceToken"]
        stage.put("Ann", {"properties": {"system": {"host": token}}})
        session = stage.session
        assert session
        first = settle(session, stage.now, {"1001"}).session
        assert first
        assert first.properties.system["host"] == token
        assert settle(first, stage.now, {"1001"}).effects == (
            MemberLeft("1001", "inactive for too long"),
            HostCleared(token),
        )
