"""`session.history`: the versions of a session, printed as a log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.world.histories import Versions

if TYPE_CHECKING:
    from pytest_xbl.compare.assertions import SessionDiff

__tracebackhide__ = hides_frames


class SessionHistory(Versions):
    """All versions of a session, the oldest first; of a long history the last ones (SEEN-18).

    Args:
        names: of people, by xuid.
    """

    def __init__(self, versions: Versions, names: Mapping[str, str]) -> None:
        super().__init__(versions, gap=versions.gap)
        self._names = names

    def __str__(self) -> str:
        """A line for each version, and one about those that were let go."""
        return "\n".join([f"... {self.gap}", *self._last(len(self))] if self.gap else self._last(len(self)))

    def _last(self, most: int) -> list[str]:
        """A line for each of the last versions."""
        from pytest_xbl.compare.log import log_line

        return [log_line(version, self._names) for version in self[max(len(self) - most, 0) :]]

    def diff(self, old: int, new: int, *, derived: bool = False) -> SessionDiff:
        """The changes from one version to another, without change numbers and times.

        Args:
            old: the position of the older version in this list.
            new: the position of the newer version.
            derived: whether the list holds derived places, too, and not only what they follow from.

        Raises:
            XblError: for a position that is not in the list, or a version that deleted the session.
        """
        from pytest_xbl.compare.assertions import diff_sessions

        return diff_sessions(self._document(old), self._document(new), derived=derived)

    def _document(self, position: int) -> object:
        try:
            document = self[position].document
        except (IndexError, TypeError):
            known = f"this history has versions 0 to {len(self) - 1}."
            raise XblError(f"Unknown version {shown(position)}; {known}") from None
        if document is None:
            raise XblError(f"Version {position} has no document: it deleted the session.")
        return document
