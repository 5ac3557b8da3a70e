"""`session.history`: the versions of a session, which read like a log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_xbl.compare.assertions import SessionDiff, diff_sessions
from pytest_xbl.compare.log import log_line
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.world.state import Version

__tracebackhide__ = hides_frames


class History(list[Version]):
    """All versions of a session, the oldest first.

    Args:
        names: of people, by xuid.
    """

    def __init__(self, versions: Iterable[Version], names: Mapping[str, str]) -> None:
        super().__init__(versions)
        self._names = names

    def __str__(self) -> str:
        """A line for each version."""
        return "\n".join(log_line(version, self._names) for version in self)

    def diff(self, old: int, new: int) -> SessionDiff:
        """What has changed from one version to another, change number and times aside.

        Args:
            old: its place in the list.
            new: likewise.

        Raises:
            XblError: for a version that is not there, or in which the session was deleted.
        """
        return diff_sessions(self._document(old), self._document(new))

    def _document(self, place: int) -> object:
        try:
            document = self[place].document
        except (IndexError, TypeError):
            raise XblError(f"There is no version {place!r}; there are {len(self)}.") from None
        if document is None:
            raise XblError(f"In version {place} the session was deleted.")
        return document
