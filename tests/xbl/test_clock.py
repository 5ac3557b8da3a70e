"""The clock stands still until it is moved."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pytest_xbl import XblError, XboxLive

START = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
NO_TIMER = "No timeout is to come: no session has a nextTimer later than now."
ONE = f"/serviceconfigs/{XboxLive.scid}/sessiontemplates/lobby/sessions/one"


def error_of(action: Callable[[], object]) -> str:
    """The text of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


def test_every_world_starts_at_the_same_instant(xbl: XboxLive) -> None:
    """It is documented, and in UTC."""
    assert xbl.clock.now == XboxLive().clock.now == START
    assert xbl.clock.now.tzinfo is timezone.utc


def test_the_clock_stands_still(xbl: XboxLive) -> None:
    """Neither real time nor calls move it (TIME-1)."""
    real = time.perf_counter()
    client = xbl.client(xbl.user("Stacy"))
    while time.perf_counter() == real:
        client.put(ONE, json={})
    assert xbl.clock.now == START


@pytest.mark.parametrize(
    ("args", "kwargs", "seconds"),
    [
        ((), {}, 0),
        ((), {"seconds": 30}, 30),
        ((), {"seconds": 0.25}, 0.25),
        ((), {"minutes": 1.5}, 90),
        ((), {"hours": 2}, 7200),
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
    assert xbl.clock.advance(*args, **kwargs) == then
    assert xbl.clock.now == then


def test_the_clock_moves_to_a_time(xbl: XboxLive) -> None:
    """In any time zone; what it shows is UTC."""
    paris = timezone(timedelta(hours=1))
    assert xbl.clock.move_to(datetime(2026, 6, 1, 9, 30, tzinfo=paris)) == datetime(
        2026, 6, 1, 8, 30, tzinfo=timezone.utc
    )
    assert xbl.clock.now.isoformat() == "2026-06-01T08:30:00+00:00"
    assert xbl.clock.move_to(xbl.clock.now) == xbl.clock.now


def test_the_clock_does_not_run_backwards(xbl: XboxLive) -> None:
    """Neither by steps nor to a time, and it stays where it was."""
    back = "The clock shows 2026-01-01 12:00:00+00:00 and does not run backwards to {}."
    assert error_of(lambda: xbl.clock.advance(seconds=-1)) == back.format("2026-01-01 11:59:59+00:00")
    assert error_of(lambda: xbl.clock.advance(timedelta(days=-1))) == back.format("2025-12-31 12:00:00+00:00")
    early = datetime(2026, 1, 1, 12, 59, tzinfo=timezone(timedelta(hours=1)))
    assert error_of(lambda: xbl.clock.move_to(early)) == back.format("2026-01-01 12:59:00+01:00")
    assert xbl.clock.now == START


def test_the_clock_needs_a_time_zone(xbl: XboxLive) -> None:
    """A time without one could be any of 26 hours; a date or a number is no time at all."""
    text = "The clock moves to a datetime with a time zone (tzinfo=timezone.utc), not to {!r}."
    naive = datetime(2027, 1, 1)  # noqa: DTZ001
    for value in (naive, naive.date(), 1_800_000_000, "2027-01-01T00:00:00Z", None):
        assert error_of(lambda value=value: xbl.clock.move_to(value)) == text.format(value)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("kwargs", "why"),
    [
        ({"seconds": math.nan}, "cannot convert float NaN to integer"),
        ({"hours": math.inf}, "cannot convert float infinity to integer"),
        ({"hours": 1e9}, "date value out of range"),
    ],
)
def test_a_step_that_is_no_time_is_refused(xbl: XboxLive, kwargs: dict[str, float], why: str) -> None:
    """The calendar ends, and NaN is nowhere on it."""
    text = f"The clock advances by seconds=30, minutes=, hours=, days=, or a timedelta: {why}."
    assert error_of(lambda: xbl.clock.advance(**kwargs)) == text  # type: ignore[arg-type]
    assert xbl.clock.now == START


def test_a_step_is_a_timedelta(xbl: XboxLive) -> None:
    """A bare number could be anything."""
    said = error_of(lambda: xbl.clock.advance(30))  # type: ignore[arg-type]
    assert said.startswith("The clock advances by seconds=30, minutes=, hours=, days=, or a timedelta: ")


def test_the_clock_may_show_the_last_moment_of_all(xbl: XboxLive) -> None:
    """Timeouts beyond the calendar never come (TIME-5)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.clock.move_to(datetime.max.replace(tzinfo=timezone.utc))
    session = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"})
    assert "nextTimer" not in session.document
    answer = xbl.client(stacy).get(session.ref.path)
    assert (answer.status_code, answer.headers["Date"]) == (200, "Fri, 31 Dec 9999 23:59:59 GMT")


def test_the_clock_advances_to_the_next_timer(xbl: XboxLive) -> None:
    """To the earliest pending timeout of all sessions, one after the other (TIME-6)."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready"})
    xbl.sessions.create("lobby", name="two", members={stacy: "active", zoe: "reserved"})
    assert xbl.clock.advance_to_next_timer() == START + timedelta(seconds=30)
    assert "1" not in xbl.sessions["two"].document["members"]
    assert xbl.clock.advance_to_next_timer() == START + timedelta(seconds=180)
    assert xbl.sessions["one"].document["members"]["1"]["properties"]["system"] == {}


def test_a_timer_that_is_due_is_not_to_come_any_more(xbl: XboxLive) -> None:
    """The clock goes on to the next one, whether or not anybody looked; looking is not what it does (TIME-1)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    session = xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "reserved"})
    xbl.clock.advance(minutes=1)
    assert error_of(xbl.clock.advance_to_next_timer) == NO_TIMER
    xbl.sessions.create("lobby", name="two", members={stacy: "ready"})
    assert xbl.clock.advance_to_next_timer() == START + timedelta(minutes=4)
    assert [version.operation for version in session.history] == ["create"]


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
    before = xbl._world._state.copy()
    xbl.clock.advance(hours=1)
    before.now = xbl.clock.now
    assert xbl._world._state == before
