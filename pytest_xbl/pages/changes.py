"""The changes that versions made, worked out when a page first shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from pytest_xbl.compare.blame import keyed_document, member_of
from pytest_xbl.compare.differences import Difference, plain_differences
from pytest_xbl.mpsd.model import JsonObject, SessionRef
from pytest_xbl.world.state import SessionVersion

SAID = ("changeNumber", "branch", "correlationId", "startTime")
"""The fields whose changes say nothing that the number of a version does not say."""


class Changes:
    """The differences of versions from those before them.

    Args:
        histories: of sessions, the oldest version first.
        names: of people, by xuid.
    """

    def __init__(self, histories: Mapping[SessionRef, Sequence[SessionVersion]], names: Mapping[str, str]) -> None:
        self._histories = histories
        self._names = names
        self._parse = cache(member_of)
        self._documents: dict[tuple[SessionRef, int], JsonObject | None] = {}
        self._found: dict[tuple[SessionRef, int], list[Difference]] = {}

    def of(self, ref: SessionRef, place: int) -> list[Difference]:
        """The differences of a version; none where a session begins or ends."""
        if (ref, place) not in self._found:
            self._found[ref, place] = self._differences(ref, place)
        return self._found[ref, place]

    def begins(self, ref: SessionRef, place: int) -> bool:
        """Whether there was no session before this version."""
        return place == 0 or self._histories[ref][place - 1].session is None

    def _differences(self, ref: SessionRef, place: int) -> list[Difference]:
        before = None if place == 0 else self._document(ref, place - 1)
        now = self._document(ref, place)
        if before is None or now is None:
            return []
        labels = {**self._labels(before), **self._labels(now)}
        return [one for one in plain_differences(before, now, labels) if one.path[0] not in SAID]

    def _document(self, ref: SessionRef, place: int) -> JsonObject | None:
        if (ref, place) not in self._documents:
            session = self._histories[ref][place].session
            self._documents[ref, place] = keyed_document(session, self._parse) if session else None
        return self._documents[ref, place]

    def _labels(self, document: JsonObject) -> dict[str, str]:
        """Index and name of each member, by xuid."""
        return {
            xuid: f"{member['constants']['system']['index']} ({self._names.get(xuid) or _gamertag(member) or xuid})"
            for xuid, member in document["members"].items()
        }


def _gamertag(member: JsonObject) -> str:
    return str(member.get("gamertag", ""))
