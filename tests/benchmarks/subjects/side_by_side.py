"""How two ways are measured: by turns and many times, so that whatever else the machine does strikes both alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple, TypeAlias

Batch: TypeAlias = Callable[[], float]
"""Does something a number of times, from a fresh start, and says how many seconds one time took."""

DECIMALS = {"times": 2, "ms": 2, "µs": 2, "MiB": 0, "KiB": 2}
"""How many of what is measured are shown, by unit."""


class Result(NamedTuple):
    """One line of the table; the sequences hold a value for each round.

    Args:
        what: was measured.
        ours: seconds; MiB or KiB where that is the unit.
        theirs: likewise; empty where there is nothing to compare with.
        measured: what the limit is for.
        limit: what the median of that may be.
        unit: of the last two, `times`, `ms`, `µs`, `MiB` or `KiB`.
    """

    what: str
    ours: Sequence[float]
    theirs: Sequence[float]
    measured: Sequence[float]
    limit: float
    unit: str = "times"

    def __str__(self) -> str:
        """The line, as it is printed."""
        low, middle, high = quantiles(self.measured if len(self.measured) > 1 else 2 * [*self.measured])
        digits = DECIMALS[self.unit]
        found = f"{middle:.{digits}f} {self.unit} ({low:.{digits}f} to {high:.{digits}f})"
        limit = f"{self.limit:g} {self.unit}"
        verdict = "ok" if middle <= self.limit else "over"
        ours, theirs = (_size(s, self.unit) if self.unit.endswith("iB") else _time(s) for s in (self.ours, self.theirs))
        return f"{self.what:48} {ours:>9} {theirs:>9}   {found:28} {limit:>10}  {verdict}"


def by_turns(*ways: Batch, rounds: int) -> list[tuple[float, ...]]:
    """The seconds of each way in every round, after one round to warm up; each round begins with another way."""
    taken = []
    for number in range(rounds + 1):
        turns = sorted(range(len(ways)), key=lambda way: (way + number) % len(ways))
        seconds = {way: ways[way]() for way in turns}
        taken.append([seconds[way] for way in range(len(ways))])
    return list(zip(*taken[1:], strict=True))


def ratio(what: str, ours: Batch, theirs: Batch, *, limit: float, rounds: int) -> Result:
    """How many times as long as theirs ours takes."""
    our, their = by_turns(ours, theirs, rounds=rounds)
    return Result(what, our, their, [one / other for one, other in zip(our, their, strict=True)], limit)


def difference(what: str, ours: Batch, theirs: Batch, *, limit: float, rounds: int) -> Result:
    """How much longer than theirs ours takes; the limit is in seconds."""
    our, their = by_turns(ours, theirs, rounds=rounds)
    longer = [1000 * (one - other) for one, other in zip(our, their, strict=True)]
    return Result(what, our, their, longer, 1000 * limit, "ms")


def alone(what: str, ours: Batch, *, limit: float, rounds: int) -> Result:
    """How long ours takes; the limit is in seconds."""
    (our,) = by_turns(ours, rounds=rounds)
    return Result(what, our, (), [1000 * seconds for seconds in our], 1000 * limit, "ms")


def memory(what: str, ours: Callable[[], float], *, limit: float, rounds: int, unit: str = "MiB") -> Result:
    """How much memory ours takes; it says so itself, in the unit, as the limit is."""
    taken = [ours() for _ in range(rounds)]
    return Result(what, taken, (), taken, limit, unit)


def seconds_per_call(call: Callable[[int], object], *, times: int) -> float:
    """How long one call took of so many; each is told its number, counted from 1."""
    begin = perf_counter()
    for number in range(1, times + 1):
        call(number)
    return (perf_counter() - begin) / times


def _time(seconds: Sequence[float]) -> str:
    if not seconds:
        return "-"
    middle = median(seconds)
    unit, scale = ("ms", 1e3) if middle >= 1e-3 else ("µs", 1e6)
    return f"{middle * scale:6.4g} {unit}"


def _size(amounts: Sequence[float], unit: str) -> str:
    return f"{median(amounts):.{DECIMALS[unit]}f} {unit}" if amounts else "-"
