"""What a rule is."""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """One rule of the service.

    Args:
        id: its family and number, as refusals, tests and comments name it.
        text: what it says.
        source: how we know. D: documented on a public page; C: seen in a client; A: assumed, because the pages are
            silent or contradict each other; F: of the fake itself, which the service knows nothing of. What follows is
            the page, or what the letter is about.
        built: whether the fake acts on it already.
    """

    id: str
    text: str
    source: str
    built: bool = True

    @property
    def family(self) -> str:
        """The part of the id before the number."""
        return self.id.partition("-")[0]
