"""The world's clock: it stands still until a test moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.timers import next_timer
from pytest_xbl.world.world import World

__tracebackhide__ = hides_frames


class Clock:
    """The time in one world; every timeout follows it and nothing else does."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def now(self) -> datetime:
        """What the clock shows; a new world starts at noon of 2026-01-01, UTC."""
        return self._world.state.now

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
        """Move the clock on, and say what it shows then.

        Args:
            delta: how far; the keywords add to it.

        Raises:
            XblError: for a time that would run backwards, or one that is no time.
        """
        try:
            named = timedelta(milliseconds=milliseconds, seconds=seconds, minutes=minutes, hours=hours, days=days)
            with self._world.lock:
                return self.move_to(self.now + (named if delta is None else delta + named))
        except (TypeError, ValueError, OverflowError) as error:
            what = "The clock advances by seconds=30, minutes=, hours=, days=, or a timedelta"
            raise XblError(f"{what}: {error}.") from None

    def move_to(self, time: datetime) -> datetime:
        """Set the clock to a time that is not before now, and say what it shows then.

        Args:
            time: with a time zone.

        Raises:
            XblError: for an earlier time, or one without a time zone.
        """
        if getattr(time, "tzinfo", None) is None:
            raise XblError(f"The clock moves to a datetime with a time zone (tzinfo=timezone.utc), not to {time!r}.")
        with self._world.lock:
            if time < self.now:
                raise XblError(f"The clock shows {self.now} and does not run backwards to {time}.")
            self._world.state.now = self.now + (time - self.now)
            return self.now

    def advance_to_next_timer(self) -> datetime:
        """Move the clock to the earliest timeout that is still to come, and say what it shows then (TIME-6).

        Of all sessions as an access now would find them; a timeout that is due already is not to come any more.

        Raises:
            XblError: if no timeout is to come.
        """
        timers = (next_timer(session) for session in self._world.sessions())
        pending = [timer for timer in timers if timer and timer > self.now]
        if not pending:
            raise XblError("No timeout is to come: no session has a nextTimer later than now.")
        return self.move_to(min(pending))
