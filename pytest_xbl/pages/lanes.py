"""Lanes: a column for each caller, so that a reader sees who did what before whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from pytest_xbl.wire.entry import Entry
from pytest_xbl.world.connections import Tap

MOST_LANES = 6
"""The most columns; beyond, the less busy callers share the last one."""
OTHERS = "others"
NOBODY = "nobody"
"""The lane of requests whose caller was not recognized."""
NO_TAPS: Mapping[int, Sequence[Tap]] = MappingProxyType({})


class Lanes:
    """The columns of a table of requests.

    Args:
        entries: the requests of the table.
        taps: by the numbers of requests; whoever was told of a change has a lane, too.
    """

    def __init__(self, entries: Iterable[Entry], taps: Mapping[int, Sequence[Tap]] = NO_TAPS) -> None:
        count: Counter[str] = Counter()
        for entry in entries:
            count.update([lane_name(entry.caller), *(tap.user for tap in taps.get(entry.number, ()))])
        names = list(count)
        if len(names) > MOST_LANES:
            busy = {name for name, _ in count.most_common(MOST_LANES - 1)}
            names = [*(name for name in names if name in busy), OTHERS]
        self.names = names
        """Of the columns, in the order in which they first called."""

    def of(self, caller: str) -> str:
        """The column of a caller, or of whoever else is named."""
        name = lane_name(caller)
        return name if name in self.names else OTHERS


def lane_name(caller: str) -> str:
    """The name of a caller, or the word for one who was not recognized."""
    return caller or NOBODY
