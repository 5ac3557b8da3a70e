"""How two ways are measured: by turns and many times, so that whatever else the machine does strikes both alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple, TypeAlias

Batch: TypeAlias = Callable[[], float]
"""Does something a number of times, from a fresh start, and says how many seconds one time took."""


class Result(NamedTuple):
    """One line of the table.

    Args:
        what: was measured.
        ours: seconds.
        theirs: seconds; None where there is nothing to compare with.
        measured: what the limit is for, once for each round.
        limit: what the median of that may be.
        unit: of the last two, `times` or `ms`.
    """

    what: str
    ours: float
    theirs: float | None
    measured: Sequence[float]
    limit: float
    unit: str = "times"

    def __str__(self) -> str:
        """The line, as it is printed."""
        low, middle, high = quantiles(self.measured)
        found = f"{middle:.2f} {self.unit} ({low:.2f} to {high:.2f})"
        verdict = "ok" if middle <= self.limit else "over"
        limit = f"{self.limit:g} {self.unit}"
        return f"{self.what:50} {_time(self.ours)} {_time(self.theirs)}   {found:26} {limit:>9}  {verdict}"


def by_turns(*ways: Batch, rounds: int) -> list[tuple[float, ...]]:
    """The seconds that each way took, round by round, after one round to warm up; each round begins with another."""
    taken = []
    for number in range(-1, rounds):
        turns = sorted(range(len(ways)), key=lambda way: (way + number) % len(ways))
        seconds = {way: ways[way]() for way in turns}
        taken.append(tuple(seconds[way] for way in range(len(ways))))
    return taken[1:]


def ratio(what: str, ours: Batch, theirs: Batch, *, limit: float, rounds: int) -> Result:
    """How many times as long as theirs ours takes."""
    taken = by_turns(ours, theirs, rounds=rounds)
    return Result(what, *medians(taken), measured=[one / other for one, other in taken], limit=limit)


def alone(what: str, ours: Batch, *, limit: float, rounds: int) -> Result:
    """How long ours takes; the limit is in seconds."""
    taken = [1000 * seconds for (seconds,) in by_turns(ours, rounds=rounds)]
    return Result(what, median(taken) / 1000, None, measured=taken, limit=1000 * limit, unit="ms")


def medians(taken: Sequence[tuple[float, ...]]) -> list[float]:
    """The median of each way."""
    return [median(seconds) for seconds in zip(*taken, strict=True)]


def seconds_per_call(call: Callable[[int], object], *, times: int) -> float:
    """How long one call took of so many; each is told its number, counted from 1."""
    begin = perf_counter()
    for number in range(1, times + 1):
        call(number)
    return (perf_counter() - begin) / times


def _time(seconds: float | None) -> str:
    if seconds is None:
        return f"{'-':>9}"
    for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:6.4g} {unit:2}"
    return f"{seconds * 1e9:6.4g} ns"
