"""Timeouts of the sessions of a world: what is due, what comes next, and what an access then would find (TIME)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from heapq import nsmallest
from typing import NamedTuple

from pytest_xbl.mpsd.effects import Effect
from pytest_xbl.mpsd.model import Session
from pytest_xbl.mpsd.timers import next_timer
from pytest_xbl.world.stored import absent_from, records, settled_at
from pytest_xbl.world.world import World


class Timeout(NamedTuple):
    """The outcome of an access to a session at a time.

    Args:
        effects: that the access has.
    """

    time: datetime
    session: Session
    effects: tuple[Effect, ...]


class Timers(NamedTuple):
    """The timeouts of a world.

    Args:
        due: the sessions at which an access now would find something new.
        waiting: the sessions that have a timeout to come, once nothing is due there any more.
        times: the earliest one of each of these.
    """

    due: list[Session]
    waiting: list[Session]
    times: list[datetime]  # beside the sessions: thousands of pairs would make Python look for garbage

    @property
    def next(self) -> datetime | None:
        """The earliest timeout that is to come; None if there is none (TIME-6)."""
        return min(self.times, default=None)


class Sight:
    """The stored sessions of a world and their timeouts, worked out anew only when something has changed.

    To look at thousands of sessions takes longer than all else that a page does.
    """

    def __init__(self) -> None:
        self._last: tuple[object, int, Timers] = (None, 0, Timers([], [], []))  # one value, since threads share it

    def look(self, world: World) -> None:
        """Look at a world; the same one each time."""
        kept = records(world)
        seen = world.now, absent_from(world), kept
        if seen != self._last[0]:
            sessions = [record.session for record in kept if record.session]
            self._last = seen, len(sessions), timers(world, sessions)

    @property
    def timers(self) -> Timers:
        """The timeouts."""
        return self._last[2]

    @property
    def count(self) -> int:
        """The number of sessions."""
        return self._last[1]


def timers(world: World, sessions: Iterable[Session]) -> Timers:
    """The timeouts of sessions."""
    now, absent, found = world.now, absent_from(world), Timers([], [], [])
    for session in sessions:
        later: Session | None = session
        timer = next_timer(session)
        if absent or (timer and timer <= now):
            later = _at_rest(world, session)
            if later is not session:
                found.due.append(session)
            timer = next_timer(later) if later else None
        if later and timer:
            found.waiting.append(later)
            found.times.append(timer)
    return found


def found_now(world: World, sessions: list[Session]) -> list[Timeout]:
    """The outcomes of accesses to these sessions now."""
    return [_found(world, session, world.now) for session in sessions]


def found_then(world: World, found: Timers, *, most: int) -> list[Timeout]:
    """The outcomes of accesses at the earliest times to come.

    Args:
        most: how many times.
    """
    first = nsmallest(most, range(len(found.times)), key=found.times.__getitem__)
    return [_found(world, found.waiting[place], found.times[place]) for place in first]


def _found(world: World, session: Session, time: datetime) -> Timeout:
    return Timeout(time, session, settled_at(world, session, time).effects)


def _at_rest(world: World, session: Session) -> Session | None:
    """A session after as many accesses now as find something new (TIME-2); None if it is over then."""
    before: Session | None = None
    after: Session | None = session
    while after and after is not before:
        before, after = after, world.settled(after).session
    return after
