"""The changes that versions made, worked out when a page first shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pytest_xbl.compare.differences import Difference, plain_differences
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Json, JsonObject, Session, SessionRef
from pytest_xbl.mpsd.view import member_texts, render
from pytest_xbl.world.state import SessionVersion

SAID = ("changeNumber", "branch", "correlationId", "startTime")
"""The fields whose changes say nothing that the number of a version does not say."""
MOST_VERSIONS, MOST_MEMBERS = 100, 20_000
"""The most versions of a session whose changes are worked out, and the most members of all these versions."""
FEWEST = 2


def first_shown(versions: Sequence[SessionVersion]) -> int:
    """The position of the first version whose changes are worked out: of thousands of members, few versions are."""
    members = max((len(version.session.members) for version in versions if version.session), default=0)
    most = max(min(MOST_VERSIONS, MOST_MEMBERS // max(members, 1)), FEWEST)
    return max(len(versions) - most, 0)


class Texts(NamedTuple):
    """A version as JSON.

    Args:
        document: without its members.
        members: each as a text, by xuid.
    """

    document: JsonObject
    members: Mapping[str, str]


class Changes:
    """The differences of versions from those before them.

    Args:
        histories: of sessions, the oldest version first.
        names: of people, by xuid.
    """

    def __init__(self, histories: Mapping[SessionRef, Sequence[SessionVersion]], names: Mapping[str, str]) -> None:
        self._histories = histories
        self._names = names
        self._texts: dict[tuple[SessionRef, int], Texts] = {}
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
        session = self._histories[ref][place].session
        earlier = self._histories[ref][place - 1].session
        if self.begins(ref, place) or session is None or earlier is None:
            return []
        before, now = self._text(ref, place - 1, earlier), self._text(ref, place, session)
        was, is_ = _unlike(before.members, now.members), _unlike(now.members, before.members)
        labels = {**self._labels(was), **self._labels(is_)}
        pair = {**before.document, "members": was}, {**now.document, "members": is_}
        return [one for one in plain_differences(*pair, labels) if one.path[0] not in SAID]

    def _text(self, ref: SessionRef, place: int, session: Session) -> Texts:
        if (ref, place) not in self._texts:
            self._texts[ref, place] = _texts(session)
        return self._texts[ref, place]

    def _labels(self, members: Mapping[str, Json]) -> dict[str, str]:
        """Index and name of each member, by xuid."""
        return {
            xuid: f"{member['constants']['system']['index']} ({self._names.get(xuid) or _gamertag(member) or xuid})"
            for xuid, member in members.items()
        }


def _texts(session: Session) -> Texts:
    document: JsonObject = json.loads(render(session, contract=NEWEST_CONTRACT, members="{}"))
    texts = member_texts(session, contract=NEWEST_CONTRACT)
    return Texts(document, {member.xuid: text for member, text in zip(session.members, texts, strict=True)})


def _unlike(members: Mapping[str, str], others: Mapping[str, str]) -> dict[str, Json]:
    """The members whose texts differ, as JSON: nearly all are the same in two versions."""
    return {xuid: json.loads(text.partition(":")[2]) for xuid, text in members.items() if others.get(xuid) != text}


def _gamertag(member: JsonObject) -> str:
    return str(member.get("gamertag", ""))
