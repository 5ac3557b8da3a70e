"""The mistakes of a client: each fails its test, unless somebody expects it at the time (SEEN-5)."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from pytest_xbl.wire.entry import Entry

MOST_MISTAKES = 100
"""The mistakes of each kind that are kept until the test hears of them; the first ones tell what is wrong."""
MOST_STACKS = 50
"""The mistakes of which the stack is kept; each holds on to all that is in hand at the time."""


class Mistakes:
    """The mistakes of a world's clients that nobody has taken yet, the oldest first."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[Entry], bool]] = []
        """Those who say of each refusal that comes whether they expect it, as with-blocks do (SEEN-7)."""
        self.stacks: dict[int, TracebackType] = {}
        """The stacks of the first mistakes, by the numbers of their entries."""
        self._untaken: list[Entry] = []
        self._counts: dict[str, int] = {}

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._untaken)

    @property
    def takes_stacks(self) -> bool:
        """Whether it keeps one more stack."""
        return len(self.stacks) < MOST_STACKS

    def note(self, entry: Entry, stack: TracebackType | None) -> None:
        """Hear of a refusal.

        Args:
            stack: the frames of the project that led to it, the outermost first, if they are known.
        """
        is_expected = [expects(entry) for expects in self.waiting]  # each of them has to hear of it
        if not entry.mistake or any(is_expected):
            return
        count = self._counts[entry.mistake] = self._counts.get(entry.mistake, 0) + 1
        if count <= MOST_MISTAKES:
            self._untaken.append(entry)
            if stack:
                self.stacks[entry.number] = stack

    def take(self) -> list[Entry]:
        """All of them; each is given once."""
        taken, self._untaken, self._counts = self._untaken, [], {}
        return taken

    def excuse(self, entry: Entry) -> None:
        """Forget a mistake, if it is one."""
        kept = [other for other in self._untaken if other is not entry]
        if entry.mistake and len(kept) < len(self._untaken):
            self._untaken = kept
            self._counts[entry.mistake] -= 1
        self.stacks.pop(entry.number, None)
