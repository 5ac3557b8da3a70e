"""`xbl.clock`: the time of a world, which stands still until a test moves it."""

from __future__ import annotations

import math
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bodies import ONE
from errors import error_of
from pytest_xbl import XboxLive

START = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
END = datetime.max.replace(tzinfo=timezone.utc)
NO_TIMER = "No timeout is pending: no session has a nextTimer later than now.\nrule: TIME-6"


def test_every_world_starts_at_the_same_instant_and_stands_still(xbl: XboxLive) -> None:
    """Neither real time nor requests move the clock (TIME-1)."""
    real = time.perf_counter()
    client = xbl.client(xbl.user("Stacy"))
    while time.perf_counter() == real:
        client.put(ONE, json={})
    assert xbl.clock.now == XboxLive().clock.now == START
    assert xbl.clock.now.tzinfo is timezone.utc


@pytest.mark.parametrize(
    ("args", "kwargs", "seconds"),
    [
        ((), {}, 0),
        ((), {"seconds": 0.25}, 0.25),
        ((), {"minutes": 1.5}, 90),
        ((), {"hours": 1, "minutes": 1, "seconds": 1}, 3661),
        ((), {"hours": 1, "minutes": -30}, 1800),
        ((), {"days": 1, "milliseconds": 500}, 86400.5),
        ((timedelta(days=1),), {}, 86400),
        ((timedelta(days=1),), {"seconds": 1}, 86401),
    ],
)
def test_the_clock_advances(xbl: XboxLive, args: Any, kwargs: dict[str, Any], seconds: float) -> None:
    """By a timedelta, by keywords, or by both together; it says what it shows then."""
    then = START + timedelta(seconds=seconds)
    assert xbl.clock.advance(*args, **kwargs) == xbl.clock.now == then


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 6, 1, 9, 30, tzinfo=timezone(timedelta(hours=1))),
        "2026-06-01T08:30:00Z",
        "2026-06-01T09:30:00.0000000+01:00",
    ],
)
def test_the_clock_moves_to_a_time(xbl: XboxLive, moment: datetime | str) -> None:
    """In any time zone, or written as the service writes times; it shows UTC."""
    assert xbl.clock.move_to(moment) == xbl.clock.now == datetime(2026, 6, 1, 8, 30, tzinfo=timezone.utc)
    assert xbl.clock.now.tzinfo is timezone.utc
    assert xbl.clock.move_to(xbl.clock.now) == xbl.clock.now


NO_ROOM = "Expected a number of {} that the calendar has room for; got {}."
BACKWARDS = "The clock shows 2026-01-01 12:00:00+00:00 and does not run backwards to {}+00:00."
CALENDAR = "The calendar ends with the year 9999."


@pytest.mark.parametrize(
    ("delta", "kwargs", "what", "where"),
    [
        (30, {}, "Expected a timedelta, or seconds=, minutes=, hours=, days=; got 30.", "delta"),
        (None, {"minutes": "1"}, "Expected a number of minutes; got '1'.", "minutes"),
        (None, {"seconds": math.nan}, NO_ROOM.format("seconds", "nan"), "seconds"),
        (None, {"hours": math.inf}, NO_ROOM.format("hours", "inf"), "hours"),
        (None, {"days": 10**5000}, NO_ROOM.format("days", "an integer of thousands of digits"), "days"),
        (None, {"hours": 1e8, "days": 1}, CALENDAR, "hours, days"),
        (timedelta.max, {"seconds": 1}, CALENDAR, "delta, seconds"),
        (None, {"seconds": -1}, BACKWARDS.format("2026-01-01 11:59:59"), "seconds"),
        (timedelta(days=-1), {"hours": 1}, BACKWARDS.format("2025-12-31 13:00:00"), "delta, hours"),
    ],
)
def test_a_step_that_cannot_be_made_is_refused(
    xbl: XboxLive, delta: Any, kwargs: dict[str, Any], what: str, where: str
) -> None:
    """The text names the arguments, and the clock shows what it showed (TIME-1)."""
    xbl.sessions.create("lobby", members=xbl.users("Stacy"))
    assert error_of(lambda: xbl.clock.advance(delta, **kwargs)) == f"{what}\nwhere: {where}\nrule: TIME-1"
    assert xbl.clock.now == START


def test_a_world_without_sessions_and_handles_may_be_set_back(xbl: XboxLive) -> None:
    """Nothing has happened in it that could be later (TIME-1)."""
    xbl.user("Stacy")
    assert xbl.clock.advance(days=-1) == START - timedelta(days=1)
    assert error_of(lambda: xbl.clock.advance(days=-(10**6))) == f"{CALENDAR}\nwhere: days\nrule: TIME-1"


def test_the_clock_may_show_the_last_moment_of_all(xbl: XboxLive) -> None:
    """Timeouts beyond the calendar never come (TIME-5)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.clock.move_to(END)
    session = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"})
    assert "nextTimer" not in session.document
    answer = xbl.client(stacy).get(session.ref.path)
    assert (answer.status_code, answer.headers["Date"]) == (200, "Fri, 31 Dec 9999 23:59:59 GMT")
    beyond = datetime.max.replace(tzinfo=timezone(-timedelta(hours=2)))
    assert error_of(lambda: xbl.clock.move_to(beyond)).startswith("Expected a time with its zone, as ")


def test_the_clock_advances_to_the_next_timer(xbl: XboxLive) -> None:
    """To the earliest timeout that is to come, of all sessions as an access would find them (TIME-1, TIME-6)."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    one = xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready"})
    two = xbl.sessions.create("lobby", name="two", members={stacy: "active", zoe: "reserved"})
    assert xbl.clock.advance_to_next_timer() == START + timedelta(seconds=30)
    assert "1" not in two.document["members"]
    xbl.clock.advance(minutes=1)
    xbl.sessions.create("lobby", name="three", members={stacy: "ready"})
    assert xbl.clock.advance_to_next_timer() == START + timedelta(seconds=180)
    assert one.document["members"]["1"]["properties"]["system"] == {}
    assert xbl.clock.advance_to_next_timer() == START + timedelta(seconds=270)
    assert [version.operation for version in one.history] == ["create", "timers", "timers"]


def test_calls_in_a_row_lead_through_all_timeouts(xbl: XboxLive) -> None:
    """Without any request: what is due at a call has happened, and what it moves to has not (TIME-1, TIME-2)."""
    slow = {"readyRemovalTimeout": 1_000, "inactiveRemovalTimeout": 2_000, "reservedRemovalTimeout": 3_000}
    xbl.templates.add("slow", {"constants": {"system": slow}})
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    session = xbl.sessions.create("slow", members={stacy: "ready", ana: "active", zoe: "reserved"})
    xbl.set_presence(ana, present=False)
    steps = [((xbl.clock.advance_to_next_timer() - START).seconds, len(session.history)) for _ in range(3)]
    assert steps == [(1, 2), (2, 3), (3, 4)]
    assert error_of(xbl.clock.advance_to_next_timer) == NO_TIMER
    assert session not in xbl.sessions
    assert [version.operation for version in session.history] == ["create", *["timers"] * 4]


def test_calls_in_a_row_lead_out_of_initialization(xbl: XboxLive) -> None:
    """Though each stage begins only at the access that ends the one before (TIME-6, INIT-3)."""
    measured = {
        "capabilities": {"connectivity": True},
        "metrics": {"latency": True},
        "memberInitialization": {"membersNeededToStart": 1, "joinTimeout": 1_000, "measurementTimeout": 2_000},
    }
    xbl.templates.add("match", {"constants": {"system": measured}})
    place = {"initializationEpisode": 1}
    ann, bob, cid = xbl.users("Ann", "Bob", "Cid")
    seats = {ann: place, bob: place, cid: {**place, "status": "reserved"}}
    match = xbl.sessions.create("match", members=seats, initializing="joining")
    assert [xbl.clock.advance_to_next_timer() - START for _ in range(2)] == [
        timedelta(seconds=1),
        timedelta(seconds=3),
    ]
    assert error_of(xbl.clock.advance_to_next_timer) == NO_TIMER
    assert match.document["initializing"]["stage"] == "failed"


def test_without_a_timer_there_is_nothing_to_advance_to(xbl: XboxLive) -> None:
    """Sessions whose members are all active wait for nothing, and neither do deleted ones (TIME-6)."""
    assert error_of(xbl.clock.advance_to_next_timer) == NO_TIMER
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.sessions.create("lobby", name="one", members=[stacy])
    xbl.sessions.create("lobby", name="two", members={ana: "ready"})
    xbl.client(ana).delete(f"{xbl.sessions['two'].ref.path}/members/me")
    assert error_of(xbl.clock.advance_to_next_timer) == NO_TIMER
    assert xbl.clock.now == START


def test_moving_the_clock_moves_nothing_else(xbl: XboxLive) -> None:
    """State moves just before an access, and never on its own (TIME-1)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.sessions.create("lobby", name="one", members={stacy: "ready", ana: "reserved"})
    before = xbl._world.snapshot()
    before.now = xbl.clock.advance(hours=1)
    assert xbl._world.snapshot() == before
