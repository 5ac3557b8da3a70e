"""One visit to a world: who comes, and what has come of it."""

from __future__ import annotations

from pytest_xbl.mpsd.effects import Effect
from pytest_xbl.mpsd.model import Caller


class Visit:
    """A caller at the door of a world, who is told what their visit has brought about.

    Args:
        caller: who comes.
        operation: the name that the history of a session gives to what they do.
    """

    __slots__ = ("caller", "effects", "notes", "operation")

    def __init__(self, caller: Caller, operation: str = "") -> None:
        self.caller = caller
        self.operation = operation
        self.effects: list[Effect] = []
        """All that happened, timeouts that were due included."""
        self.notes: list[str] = []
        """What passed but deserves a look: a sentence each, for the journal."""
