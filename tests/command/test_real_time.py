"""The real time, which a clock follows."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from pytest_xbl import XboxLive
from pytest_xbl.command.real_time import RealTime, now


class Watch:
    """A time that a test sets."""

    seconds = 100.0

    def __call__(self) -> float:
        """The seconds since some moment."""
        return self.seconds


def test_a_clock_follows_the_real_time(xbl: XboxLive) -> None:
    """By as much as has passed since the last time, from when it began to follow (CMD-2)."""
    watch, began = Watch(), xbl.clock.now
    real = RealTime(xbl.clock, watch)
    shown = []
    for watch.seconds in (100.0, 100.25, 130.0):
        real.follow()
        shown.append(xbl.clock.now - began)
    assert shown == [timedelta(), timedelta(seconds=0.25), timedelta(seconds=30)]


def test_a_clock_that_somebody_moves_goes_on_from_there(xbl: XboxLive) -> None:
    """The time that has passed is added to what it shows (CMD-2)."""
    watch, began = Watch(), xbl.clock.now
    real = RealTime(xbl.clock, watch)
    xbl.clock.advance(hours=1)
    watch.seconds += 5
    real.follow()
    assert xbl.clock.now - began == timedelta(hours=1, seconds=5)


def test_the_machine_has_a_time_by_itself(xbl: XboxLive) -> None:
    """It never runs backwards, and a world begins with it (CMD-2)."""
    before = datetime.now(timezone.utc)
    assert before <= now() <= datetime.now(timezone.utc)
    real, began = RealTime(xbl.clock), xbl.clock.now
    real.follow()
    assert xbl.clock.now >= began
