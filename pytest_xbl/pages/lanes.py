"""Lanes: a column for each caller, so that a reader sees who did what before whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pytest_xbl.wire.journal import Entry

MOST_LANES = 6
"""The most columns; beyond, the less busy callers share the last one."""
OTHERS = "others"
NOBODY = "nobody"
"""The lane of requests whose caller was not recognized."""


class Lanes:
    """The columns of a table of requests.

    Args:
        entries: the requests of the table.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        count = Counter(entry.caller or NOBODY for entry in entries)
        callers = list(count)
        if len(callers) > MOST_LANES:
            busy = {name for name, _ in count.most_common(MOST_LANES - 1)}
            callers = [*(name for name in callers if name in busy), OTHERS]
        self.names = callers
        """Of the columns, in the order in which they first called."""

    def of(self, caller: str) -> str:
        """The column of a caller, or of whoever else is named."""
        name = caller or NOBODY
        return name if name in self.names else OTHERS
