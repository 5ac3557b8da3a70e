"""The order of what happened: requests, what the test did to sessions itself, and moves of the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias

from pytest_xbl.pages.reading import Position, Reading
from pytest_xbl.wire.entry import Entry

MOST_OWN = 5
"""The most versions in a row that no request made; of more, the last ones."""

LEAST_MOVE = timedelta(seconds=1)
"""The shortest move of the clock that is told."""


class Move(NamedTuple):
    """A move of the clock."""

    before: datetime
    now: datetime


class Own(NamedTuple):
    """A version that no request made.

    Args:
        skipped: the number of others before it that are left out.
    """

    position: Position
    time: datetime
    skipped: int = 0


Event: TypeAlias = Entry | Own | Move


def timeline(entries: Sequence[Entry], reading: Reading, *, is_whole: bool = True) -> Iterator[Event]:
    """The requests, the versions that none of them made, and the moves of the clock, in order.

    Where a version belongs that no request made is known from its time, and from the requests that made or showed
    versions of its session before; among these, it comes as early as it can.

    Args:
        is_whole: whether these are all requests; among some, such versions have no place.
    """
    clock: datetime | None = None
    for event in _merged(entries, reading) if is_whole else entries:
        if clock and _has_moved(clock, event):
            yield Move(clock, event.time)
        yield event
        clock = event.time if clock is None or isinstance(event, Entry) else max(clock, event.time)


def _has_moved(clock: datetime, event: Entry | Own) -> bool:
    """Whether the clock has moved to an event; a clock that follows the real time moves a little for each request."""
    after = event.time - clock
    return abs(after) >= LEAST_MOVE and (isinstance(event, Entry) or after > timedelta(0))


def _merged(entries: Sequence[Entry], reading: Reading) -> Iterator[Entry | Own]:
    own = _own(entries, reading)
    for place, entry in enumerate(entries):
        yield from own.get(place, ())
        yield entry
    yield from own.get(len(entries), ())


def _own(entries: Sequence[Entry], reading: Reading) -> dict[int, list[Own]]:
    """The versions that no request made, by the number of requests that came before them.

    Those of sessions that no request of the table has to do with say nothing about it.
    """
    shown = _shown(entries, reading)
    touched = dict.fromkeys(ref for ref, _ in shown)
    times = [entry.time for entry in entries]
    found: dict[int, list[Own]] = {}
    for ref in touched:
        versions, before = reading.histories[ref], 0
        for place, version in enumerate(versions):
            if (ref, place) not in reading.makers:
                earliest = max(before, _earlier(times, version.time))
                found.setdefault(earliest, []).append(Own((ref, place), version.time))
            before = max(before, shown.get((ref, place), 0))
    return {place: _last(sorted(some, key=lambda own: own.time)) for place, some in found.items()}


def _last(some: list[Own]) -> list[Own]:
    """The last of some versions; the first of these counts what is left out."""
    skipped = len(some) - MOST_OWN
    return [some[skipped]._replace(skipped=skipped), *some[skipped + 1 :]] if skipped > 0 else some


def _shown(entries: Sequence[Entry], reading: Reading) -> dict[Position, int]:
    """The number of requests up to the one that made a version, or first showed it."""
    found: dict[Position, int] = {}
    for place, entry in enumerate(entries, 1):
        sent = reading.sent.get(entry.number)
        for position in (*reading.made.get(entry.number, ()), *((sent,) if sent else ())):
            found.setdefault(position, place)
    return found


def _earlier(times: Sequence[datetime], time: datetime) -> int:
    """The number of requests that came at an earlier time."""
    return next((place for place, other in enumerate(times) if other >= time), len(times))
