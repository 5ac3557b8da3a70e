"""The times at which the statistics of a world last changed, for `If-Modified-Since` (STAT-15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


class Changes:
    """The last changes to the answers about each user.

    They are no part of the state: to restore a state is a change itself, and the latest of all.

    Args:
        time: when the world began.
    """

    def __init__(self, time: datetime) -> None:
        self._of_all = time
        self._by_user: dict[str, datetime] = {}

    def add(self, time: datetime, xuid: str | None = None) -> None:
        """Note a change.

        Args:
            xuid: the user whose statistics have changed; None for a change that may concern everybody.
        """
        if xuid is None:
            self._of_all = max(self._of_all, time)
        else:
            self._by_user[xuid] = time

    def last(self, xuids: Iterable[str]) -> datetime:
        """The time of the last change that may concern one of these users."""
        return max([self._of_all, *(self._by_user[xuid] for xuid in xuids if xuid in self._by_user)])
