"""What happened to a session, as a log is read: one line for each version, and who made it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from pytest_xbl.compare.alignment import by_xuid
from pytest_xbl.compare.differences import MEMBER_DEPTH, NOTHING, Path
from pytest_xbl.mpsd.effects import (
    Effect,
    HostCleared,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    SessionCreated,
    SessionDeleted,
)
from pytest_xbl.mpsd.shapes import same


class Version(Protocol):
    """One entry of a history."""

    @property
    def number(self) -> int | None:
        """The change number; None where the session was deleted."""

    @property
    def time(self) -> datetime:
        """When it came to be."""

    @property
    def caller(self) -> str:
        """Who made it; "" for a timer."""

    @property
    def operation(self) -> str:
        """What they called."""

    @property
    def effects(self) -> Sequence[Effect]:
        """What came of it."""

    @property
    def document(self) -> Mapping[str, Any] | None:
        """The session then; None where it was deleted."""


SENTENCES: Mapping[type, Callable[[Any, str], str]] = {
    SessionCreated: lambda _effect, _who: "session created",
    SessionDeleted: lambda _effect, _who: "session deleted",
    MemberReserved: lambda _effect, who: f"a place reserved for {who}",
    MemberJoined: lambda _effect, who: f"{who} joined",
    MemberStatusChanged: lambda effect, who: f"{who} became {effect.became}",
    MemberLeft: lambda effect, who: f"{who} left" if effect.reason == "left" else f"{who} gone: {effect.reason}",
    HostCleared: lambda _effect, _who: "host cleared",
}
"""What is said of each kind of effect."""


def log_line(version: Version, names: Mapping[str, str]) -> str:
    """A version in one line: its number, when, by whom, and what came of it.

    Args:
        names: of people, by xuid.
    """
    effects = ", ".join(told_effect(effect, names) for effect in version.effects)
    return f"{made_by(version)}{f': {effects}' if effects else ''}"


def made_by(version: Version) -> str:
    """Which version it is, and who made it."""
    number = "deleted" if version.number is None else f"#{version.number}"
    who = f"{version.operation} by {version.caller}" if version.caller else version.operation
    return f"{number} {version.time:%H:%M:%S} {who}"


def told_effect(effect: Effect, names: Mapping[str, str]) -> str:
    """What came about, in words.

    Args:
        names: of people, by xuid.
    """
    xuid = getattr(effect, "xuid", "")
    return SENTENCES[type(effect)](effect, names.get(xuid, xuid))


def who_made(path: Path, document: Mapping[str, Any], versions: Sequence[Version]) -> Version | None:
    """The version since which a place of a document is as it is; None if the document is none of these versions.

    Args:
        path: the place, members by xuid.
        versions: the oldest first.
    """
    made: Version | None = None
    shown = _told_by(by_xuid(document), path)
    wanted = document.get("changeNumber"), document.get("branch")
    for version in reversed(versions):
        then = version.document
        if made is None and (then is None or (then["changeNumber"], then["branch"]) != wanted):
            continue
        if then is None or not same(_told_by(by_xuid(then), path), shown):
            return made
        made = version
    return made


def _told_by(document: Any, path: Path) -> Any:
    """What counts as the same at a path: of a whole member, that they are there."""
    value = value_at(document, path)
    return value is NOTHING if len(path) == MEMBER_DEPTH and path[0] == "members" else value


def value_at(document: Any, path: Path) -> Any:
    """What stands at a path; `NOTHING` if nothing does."""
    value = document
    try:
        for part in path:
            value = value[part]
    except (KeyError, IndexError, TypeError):
        return NOTHING
    return value
