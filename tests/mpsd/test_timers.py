"""Timeouts, which act at the next access (TIME)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bodies import INACTIVE, LEAVE, can, me, properties, reserve
from pytest_xbl.mpsd.effects import Effect, HostCleared, MemberLeft, MemberStatusChanged, SessionDeleted
from pytest_xbl.mpsd.timers import NOBODY, next_timer, settle
from pytest_xbl.mpsd.view import branch, document
from tables import cases

if TYPE_CHECKING:
    from pytest_xbl.mpsd.effects import Outcome
    from tests.mpsd.conftest import Stage


def statuses(stage: Stage) -> dict[str, str]:
    """The status of each member that an access finds."""
    return stage.statuses if stage.settle() else {}


TIMEOUTS: dict[str, tuple[str, str | None, Effect]] = {
    # of each status: the constant, the status after it is over, and the effect
    "reserved": ("reservedRemovalTimeout", None, MemberLeft("1001", "reservation timed out")),
    "inactive": ("inactiveRemovalTimeout", None, MemberLeft("1001", "inactive for too long")),
    "ready": ("readyRemovalTimeout", "inactive", MemberStatusChanged("1001", "ready", "inactive")),
}


def put_in(stage: Stage, status: str) -> None:
    """Ann, active, and Bob in a status."""
    stage.join("Ann")
    if status == "reserved":
        stage.put("Ann", stage.seat("Bob"))
    else:
        stage.put("Bob", me(ready=status == "ready"))


@pytest.mark.parametrize("status", TIMEOUTS)
@pytest.mark.parametrize("timeout", [0, 1, 30_000])
def test_whoever_stays_longer_than_allowed_goes_or_becomes_inactive(stage: Stage, status: str, timeout: int) -> None:
    """As soon as the time is over, and not a moment earlier; that is one change (TIME-3, TIME-10)."""
    constant, becomes, effect = TIMEOUTS[status]
    stage.using({constant: timeout})
    put_in(stage, status)
    if timeout:
        stage.advance(timeout - 1)
        assert statuses(stage) == {"1000": "active", "1001": status}
        stage.advance(1)
    before = stage.held
    assert statuses(stage) == {"1000": "active", **({"1001": becomes} if becomes else {})}
    assert stage.effects == (effect,)
    assert stage.held.change_number == before.change_number + 1


@cases("timeout", {"unset": None, "beyond the calendar": 2**62})
@pytest.mark.parametrize("status", TIMEOUTS)
def test_null_is_never(stage: Stage, status: str, timeout: int | None) -> None:
    """A timeout that is unset, or too far away, does not come; active members have none (TIME-3, TIME-5)."""
    stage.using({TIMEOUTS[status][0]: timeout})
    put_in(stage, status)
    stage.advance(10**12)
    assert statuses(stage) == {"1000": "active", "1001": status}
    assert "nextTimer" not in stage.document()


def test_one_access_takes_one_step(stage: Stage) -> None:
    """Ready becomes inactive, and only the next access removes; one comes back as somebody new (TIME-1, TIME-2)."""
    put_in(stage, "ready")
    stage.advance(10**9)
    assert statuses(stage) == {"1000": "active", "1001": "inactive"}
    assert [member.index for member in stage.write("Bob", me(active=True)).members] == [0, 2]


def test_the_time_in_a_status_starts_anew_with_the_status(stage: Stage) -> None:
    """Being active in between resets it, writing something else does not (TIME-3)."""
    stage.using({"inactiveRemovalTimeout": 10})
    put_in(stage, "inactive")
    stage.advance(9)
    stage.put("Bob", me(active=True))
    stage.put("Bob", INACTIVE)
    stage.advance(9)
    stage.put("Bob", me({"a": 1}))
    assert "1001" in statuses(stage)
    stage.advance(1)
    assert "1001" not in statuses(stage)


class TestEmptySessions:
    """TIME-4, TIME-9."""

    @pytest.mark.parametrize("timeout", [1, 5000])
    def test_an_empty_session_waits_its_time(self, stage: Stage, timeout: int) -> None:
        """Deleted sessionEmptyTimeout after it emptied, as nextTimer says; null is never (TIME-4, TIME-5, TIME-6)."""
        stage.using({"sessionEmptyTimeout": timeout})
        stage.join("Ann")
        stage.advance(100_000)
        assert next_timer(stage.write("Ann", LEAVE)) == stage.now + timedelta(milliseconds=timeout)
        stage.advance(timeout - 1)
        assert stage.settle()
        stage.advance(1)
        assert stage.settle() is None
        assert stage.effects == (SessionDeleted(),)
        stage.using({"sessionEmptyTimeout": None})
        stage.join("Ann")
        assert next_timer(stage.write("Ann", LEAVE)) is None
        stage.advance(10**12)
        assert stage.settle()

    def test_somebody_who_comes_back_stops_the_timer(self, stage: Stage) -> None:
        """It counts from when it emptied last (TIME-4)."""
        stage.using({"sessionEmptyTimeout": 10})
        stage.join("Ann")
        stage.put("Ann", LEAVE)
        stage.advance(9)
        assert next_timer(stage.join("Ann")) is None
        stage.advance(9)
        stage.put("Ann", LEAVE)
        stage.advance(9)
        assert stage.settle()

    def test_a_session_made_again_is_another_one_with_the_same_correlation_id(self, stage: Stage) -> None:
        """New branch, new startTime, change number 1, old correlationId (TIME-4, TIME-9)."""
        first = stage.join("Ann")
        stage.put("Ann", LEAVE)
        stage.advance(1000)
        stage.incarnation = 2
        second = stage.join("Ann")
        one, other = document(first, contract=107), document(second, contract=107)
        assert one["correlationId"] == other["correlationId"]
        assert (one["startTime"][17:19], other["startTime"][17:19], other["changeNumber"]) == ("00", "01", 1)
        assert branch(first) != branch(second)


def test_the_next_timer_is_the_earliest_of_all_members(stage: Stage) -> None:
    """Over statuses and members (TIME-6)."""
    stage.using({"reservedRemovalTimeout": 30, "inactiveRemovalTimeout": 20, "readyRemovalTimeout": 40})
    assert next_timer(stage.join("Ann")) is None
    steps = [
        # the time that passes, a write, and how far away the next timer is then
        (0, "Bob", me(ready=True), 40),
        (5, "Ann", reserve("71"), 30),
        (1, "Ann", reserve("72"), 29),
        (0, "Cid", {}, 20),
    ]
    for passed, name, body, left in steps:
        stage.advance(passed)
        assert next_timer(stage.write(name, body)) == stage.now + timedelta(milliseconds=left)
    assert stage.document()["nextTimer"] == "2026-01-01T12:00:00.0260000Z"


def found(outcome: Outcome) -> dict[str, str]:
    """The status of each member that an access found."""
    return {member.xuid: member.status for member in outcome.session.members} if outcome.session else {}


class TestPresence:
    """TIME-7."""

    def test_an_active_member_who_is_not_in_the_title_becomes_inactive(self, stage: Stage) -> None:
        """From this access on, and gone at the next one, for the timeout is 0 (TIME-2, TIME-7)."""
        before = stage.join("Ann", "Bob")
        stage.advance(1)
        first = settle(before, stage.now, {"1001", "77"})
        assert first.session
        assert found(first) == {"1000": "active", "1001": "inactive"}
        ann, bob = first.session.members
        assert (bob.since, ann) == (stage.now, before.member("1000"))
        assert first.effects == (MemberStatusChanged("1001", "active", "inactive"),)
        assert first.session.change_number == before.change_number + 1
        second = settle(first.session, stage.now, {"1001"})
        assert found(second) == {"1000": "active"}
        assert second.effects == (MemberLeft("1001", "inactive for too long"),)

    @pytest.mark.parametrize("absent", [NOBODY, {"77"}, {"1001"}])
    def test_nothing_moves_if_everybody_active_is_in_the_title(self, stage: Stage, absent: set[str]) -> None:
        """Nor with suppressPresenceActivityCheck; whoever is ready or reserved need not be there (TIME-7)."""
        put_in(stage, "ready")
        assert settle(stage.held, stage.now, absent).session is stage.held
        stage.using(can("suppressPresenceActivityCheck"))
        before = stage.join("Ann", "Bob")
        assert settle(before, stage.now, {"1000", "1001"}).session is before

    def test_the_last_one_to_be_removed_takes_the_session_along(self, stage: Stage) -> None:
        """All of them are absent: inactive first, then gone, and the empty session with them (TIME-4, TIME-7)."""
        everybody = {"1000", "1001"}
        first = settle(stage.join("Ann", "Bob"), stage.now, everybody)
        assert found(first) == {"1000": "inactive", "1001": "inactive"}
        assert first.session
        second = settle(first.session, stage.now, everybody)
        assert second.session is None
        gone = [MemberLeft(xuid, "inactive for too long") for xuid in ("1000", "1001")]
        assert second.effects == (*gone, SessionDeleted())

    def test_timers_and_presence_act_in_the_same_pass(self, stage: Stage) -> None:
        """Everybody is settled at once, and that counts as one change (TIME-2, TIME-7, TIME-10)."""
        stage.using(dict.fromkeys(("reservedRemovalTimeout", "readyRemovalTimeout", "inactiveRemovalTimeout"), 5))
        stage.join("Ann", "Bob")
        stage.put("Cid", me(ready=True))
        stage.put("Dot", {})
        before = stage.write("Ann", reserve("71", "72"))
        stage.advance(5)
        after = settle(before, stage.now, {"1001"})
        assert found(after) == {"1000": "active", "1001": "inactive", "1002": "inactive"}
        assert after.session
        assert after.session.change_number == before.change_number + 1

    def test_an_inactive_host_stays_the_host(self, stage: Stage) -> None:
        """Until they are gone (MEMB-14, TIME-7)."""
        stage.using(can("connectivity"))
        stage.join("Bob")
        stage.put("Ann", me(active=True, secureDeviceAddress="QUJDRA=="))
        token = stage.member(1)["deviceToken"]
        first = settle(stage.write("Ann", properties(host=token)), stage.now, {"1001"}).session
        assert first
        assert first.properties.system["host"] == token
        gone = (MemberLeft("1001", "inactive for too long"), HostCleared(token))
        assert settle(first, stage.now, {"1001"}).effects == gone
