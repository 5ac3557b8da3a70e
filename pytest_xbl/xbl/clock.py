"""`xbl.clock`: the time of a world, which stands still until a test moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.clock import set_clock
from pytest_xbl.arrange.records import checked_clock
from pytest_xbl.errors import XblError, hides_frames, require, shown
from pytest_xbl.mpsd.timers import next_timer
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World
from pytest_xbl.xbl.session import THE_TEST

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
            XblError: for a time that would run backwards, an argument that is no length of time, or a time past the
                end of the calendar.
        """
        amounts = {"milliseconds": milliseconds, "seconds": seconds, "minutes": minutes, "hours": hours, "days": days}
        require(
            timedelta | None, delta, "a timedelta, or seconds=, minutes=, hours=, days=", where="delta", rule="TIME-1"
        )
        steps = [("delta", delta or timedelta()), *((unit, _length(unit, amount)) for unit, amount in amounts.items())]
        named = ", ".join(name for name, step in steps if step) or "delta"
        with self._world.exclusively():
            try:
                return self._move_to(self.now + sum((step for _, step in steps), timedelta()), argument=named)
            except OverflowError:
                raise XblError("The calendar ends with the year 9999.", where=named, rule="TIME-1") from None

    def move_to(self, time: datetime | str) -> datetime:
        """Set the clock, and give the time that it shows then.

        Args:
            time: a datetime with a time zone, or a text as the service writes times; not before now, as soon as there
                are sessions or handles.

        Raises:
            XblError: for an earlier time, or one without a time zone.
        """
        return self._move_to(time, argument="time")

    def _move_to(self, time: datetime | str, *, argument: str) -> datetime:
        with RefusalsAsErrors(argument, lambda _: ()):
            set_clock(self._world, checked_clock(time))
        return self.now

    def advance_to_next_timer(self) -> datetime:
        """Move the clock to the earliest timeout that is still to come, and give the time that it shows then (TIME-6).

        Before it moves, all that is due by now happens and is stored, as if clients had looked: so one call after the
        other leads through all timeouts, even if nobody sends a request.
        Whatever is due at the new time waits for the next access, or the next call.

        Raises:
            XblError: if no timeout is to come.
        """
        with self._world.exclusively():
            self._let_happen_what_is_due()
            pending = [timer for session in self._world.sessions() if (timer := next_timer(session))]
            if not pending:
                raise XblError("No timeout is pending: no session has a nextTimer later than now.", rule="TIME-6")
            return self.move_to(min(pending))

    def _let_happen_what_is_due(self) -> None:
        """Visit each session until nothing is due; one access takes a member only one step (TIME-2)."""
        for ref in self._world.known():
            while (held := self._world.record(ref).session) and self._world.peek(ref) is not held:
                self._world.arrive(ref, Visit(THE_TEST))


def _length(unit: str, amount: float) -> timedelta:
    """A length of time, given as a number of milliseconds, seconds, minutes, hours or days."""
    require(int | float, amount, f"a number of {unit}", where=unit, rule="TIME-1")
    try:
        return timedelta(**{unit: amount})
    except (ValueError, OverflowError):
        what = f"Expected a number of {unit} that the calendar has room for; got {shown(amount)}."
        raise XblError(what, where=unit, rule="TIME-1") from None
