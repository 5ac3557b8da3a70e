"""The world's clock: it stands still until a test moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.timers import next_timer
from pytest_xbl.world.world import World


class Clock:
    """The time in one world; every timeout follows it and nothing else does."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def now(self) -> datetime:
        """What the clock shows, UTC; a new world starts at 2026-01-01 12:00:00."""
        return self._world.state.now

    def advance(
        self, delta: timedelta | None = None, *, seconds: float = 0, minutes: float = 0, hours: float = 0
    ) -> datetime:
        """Move the clock on, and say what it shows then.

        Args:
            delta: how far; the keywords add to it.

        Raises:
            XblError: for a time that would run backwards, or one that is no time.
        """
        try:
            step = (delta or timedelta()) + timedelta(seconds=seconds, minutes=minutes, hours=hours)
            return self.move_to(self.now + step)
        except (TypeError, ValueError, OverflowError) as error:
            raise XblError(f"The clock advances by a timedelta, or seconds=, minutes=, hours=: {error}.") from None

    def move_to(self, time: datetime) -> datetime:
        """Set the clock to a time that is not before now, and say what it shows then.

        Args:
            time: with a time zone.

        Raises:
            XblError: for an earlier time, or one without a time zone.
        """
        if getattr(time, "tzinfo", None) is None:
            raise XblError(f"The clock moves to a datetime with a time zone (tzinfo=timezone.utc), not to {time!r}.")
        if time < self.now:
            raise XblError(f"The clock shows {self.now} and does not run backwards to {time}.")
        self._world.state.now = time.astimezone(self.now.tzinfo)
        return self.now

    def advance_to_next_timer(self) -> datetime:
        """Move the clock to the earliest pending timeout of all sessions, and say what it shows then (TIME-6).

        A timeout that is due already leaves the clock where it is; it acts at the next access (TIME-1).

        Raises:
            XblError: if no timeout is pending.
        """
        pending = [timer for session in self._world.stored_sessions() if (timer := next_timer(session))]
        if not pending:
            raise XblError("No timeout is pending: no session has a nextTimer.")
        return self.move_to(max(self.now, min(pending)))
