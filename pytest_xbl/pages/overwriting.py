"""Writes over what somebody else has written and the caller has not read: the trace of a lost update."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import NamedTuple, TypeAlias

from pytest_xbl.compare.alignment import Path
from pytest_xbl.compare.derived import is_derived
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.pages.changes import first_shown
from pytest_xbl.pages.reading import Position, Reading
from pytest_xbl.wire.entry import Entry

_Changed: TypeAlias = Callable[[Position], Mapping[Path, str]]
MOST = 3
"""The most versions that one write is compared with, the newest ones."""


class Overwritten(NamedTuple):
    """A version that a request wrote over.

    Args:
        position: of the version.
        pointers: the places that both have changed.
    """

    position: Position
    pointers: Sequence[str]


def overwritten(entries: Iterable[Entry], reading: Reading) -> Mapping[int, Sequence[Overwritten]]:
    """The versions that requests wrote over, by the numbers of these requests.

    A caller who has read a version of a session and then writes it knows nothing of the versions between.
    """
    changed = cache(partial(_changed, reading))
    first = {ref: first_shown(versions) for ref, versions in reading.histories.items()}
    last_read: dict[tuple[str, SessionRef], int] = {}
    found: dict[int, list[Overwritten]] = {}
    for entry in entries:
        for ref, place in reading.made.get(entry.number, ()):
            read = last_read.get((entry.caller, ref), place)
            if place >= first[ref] and reading.version((ref, place)).caller == entry.caller:
                between = ((ref, other) for other in range(max(read + 1, place - MOST), place))
                found.setdefault(entry.number, []).extend(_over(between, (ref, place), reading, changed))
        sent = reading.sent.get(entry.number)
        if sent and not entry.lost:
            last_read[entry.caller, sent[0]] = sent[1]
    return {number: versions for number, versions in found.items() if versions}


def _over(
    between: Iterable[Position], position: Position, reading: Reading, changed: _Changed
) -> Iterator[Overwritten]:
    """The versions between that have changed the same places as one that was written."""
    writer = reading.version(position).caller
    for other in between:
        if reading.version(other).caller not in ("", writer):
            mine = changed(position)
            both = [pointer for path, pointer in changed(other).items() if any(_meet(path, it) for it in mine)]
            if both:
                yield Overwritten(other, both)


def _changed(reading: Reading, position: Position) -> dict[Path, str]:
    """The places that a version has changed, with their pointers."""
    return {one.path: one.pointer for one in reading.changes.of(*position) if not is_derived(one.path)}


def _meet(one: Path, other: Path) -> bool:
    """Whether two places are the same, or one is inside the other."""
    return all(ours == theirs for ours, theirs in zip(one, other, strict=False))
