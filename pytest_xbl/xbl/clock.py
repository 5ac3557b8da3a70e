"""`xbl.clock`: the time of a world, which stands still until a test moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pytest_xbl.arrange.clock import set_clock
from pytest_xbl.arrange.form import check_clock
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.timers import next_timer
from pytest_xbl.world.world import World
from pytest_xbl.xbl.arguments import RefusalsAsErrors

__tracebackhide__ = hides_frames


class Clock:
    """The time in one world; every timeout follows it and nothing else does."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def now(self) -> datetime:
        """The time that the clock shows; a new world starts at noon of 2026-01-01, UTC."""
        return self._world.now

    def advance(
        self,
        delta: timedelta | None = None,
        *,
        milliseconds: float = 0,
        seconds: float = 0,
        minutes: float = 0,
        hours: float = 0,
        days: float = 0,
    ) -> datetime:
        """Move the clock on, and give the time that it shows then.

        Args:
            delta: how far; the keywords add to it.

        Raises:
            XblError: for a time that would run backwards, or one that is no time.
        """
        try:
            named = timedelta(milliseconds=milliseconds, seconds=seconds, minutes=minutes, hours=hours, days=days)
            with self._world.exclusively():
                return self._move_to(self.now + (named if delta is None else delta + named), argument="delta")
        except (TypeError, ValueError, OverflowError) as error:
            what = f"The clock advances by seconds=30, minutes=, hours=, days=, or a timedelta: {error}."
            raise XblError(what, where="delta", rule="TIME-1") from None

    def move_to(self, time: datetime) -> datetime:
        """Set the clock, and give the time that it shows then.

        Args:
            time: with a time zone; not before now, as soon as there are sessions or handles.

        Raises:
            XblError: for an earlier time, or one without a time zone.
        """
        return self._move_to(time, argument="time")

    def _move_to(self, time: datetime, *, argument: str) -> datetime:
        with RefusalsAsErrors(argument, lambda _: ()):
            check_clock({"now": time})
            set_clock(self._world, {"now": time})
        return self.now

    def advance_to_next_timer(self) -> datetime:
        """Move the clock to the earliest timeout that is still to come, and give the time that it shows then (TIME-6).

        Of all sessions as an access now would find them; a timeout that is due already is not to come any more.

        Raises:
            XblError: if no timeout is to come.
        """
        timers = (next_timer(session) for session in self._world.sessions())
        pending = [timer for timer in timers if timer and timer > self.now]
        if not pending:
            raise XblError("No timeout is to come: no session has a nextTimer later than now.", rule="TIME-6")
        return self.move_to(min(pending))
