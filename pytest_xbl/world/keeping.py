"""The bound of what a world remembers: how much it keeps, and the words for what it has let go (SEEN-18)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

Thing = TypeVar("Thing")
KEEP = 10_000
"""The number of requests, of versions, of taps and of messages that a world keeps unless a test says otherwise."""


def gap_of(count: int, what: str, keep: int) -> str:
    """The words for what somebody may miss; "" if there is nothing.

    Args:
        count: the number of those that were let go.
        what: one of them, such as "request".
        keep: the number that a world keeps.
    """
    if count <= 0:
        return ""
    return f"{count:,} earlier {what}{'s were' if count > 1 else ' was'} let go (xbl_keep is {keep:,})"


class Kept(Sequence[Thing]):
    """The last of some things, the oldest first; when another one comes, the oldest is let go.

    Args:
        what: the word for one of them, such as "tap".
        keep: the number of those that are kept.
    """

    def __init__(self, what: str, keep: int) -> None:
        self._what = what
        self._keep = keep
        self.total = 0
        """The number of those that there have been."""
        self._things: deque[Thing] = deque(maxlen=keep)

    def __getitem__(self, place: Any) -> Any:
        return [*self][place]

    def __iter__(self) -> Iterator[Thing]:
        return iter([*self._things])

    def __len__(self) -> int:
        return len(self._things)

    def append(self, thing: Thing) -> None:
        """Add a thing."""
        self.total += 1
        self._things.append(thing)

    @property
    def gap(self) -> str:
        """The words for those that were let go; "" if there are none."""
        return gap_of(self.total - len(self._things), self._what, self._keep)
