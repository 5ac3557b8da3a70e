"""The versions of a session as a log: one line each, with caller and effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_xbl.mpsd.effects import (
    ActivityMade,
    BecameOwner,
    Effect,
    Encountered,
    EpisodeEnded,
    GroupsChanged,
    HostCleared,
    InitializationFailed,
    MatchStatusChanged,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    MemberTapped,
    NoLongerOwner,
    RolesChanged,
    SearchHandleDeleted,
    SearchHandleMade,
    SessionCreated,
    SessionDeleted,
    StageReached,
    TransferMade,
)
from pytest_xbl.world.state import SessionVersion

SENTENCES: Mapping[type, Callable[[Any, str], str]] = {
    SessionCreated: lambda _effect, _who: "session created",
    SessionDeleted: lambda _effect, _who: "session deleted",
    MemberReserved: lambda _effect, who: f"a place reserved for {who}",
    MemberJoined: lambda _effect, who: f"{who} joined",
    MemberStatusChanged: lambda effect, who: f"{who} became {effect.became}",
    MemberLeft: lambda effect, who: f"{who} left" if effect.reason == "left" else f"{who} gone: {effect.reason}",
    GroupsChanged: lambda effect, who: f"{who} is in {_groups(effect.groups)}",
    RolesChanged: lambda effect, who: f"{who} has {_roles(effect.roles)}",
    Encountered: lambda effect, who: f"{who} had the encounter {effect.name}",
    HostCleared: lambda _effect, _who: "host cleared",
    BecameOwner: lambda _effect, who: f"{who} became an owner",
    NoLongerOwner: lambda _effect, who: f"{who} is no owner any more",
    StageReached: lambda effect, _who: f"episode {effect.episode} is {effect.stage}",
    InitializationFailed: lambda effect, who: f"{who} failed initialization: {effect.failure}",
    EpisodeEnded: lambda effect, _who: f"episode {effect.episode} {'succeeded' if effect.succeeded else 'failed'}",
    ActivityMade: lambda _effect, who: f"{who} made it their activity",
    TransferMade: lambda effect, _who: f"a transfer made from {effect.origin}",
    SearchHandleMade: lambda _effect, _who: "a search handle made",
    SearchHandleDeleted: lambda _effect, _who: "the search handle deleted",
    MatchStatusChanged: lambda effect, _who: _match_text(effect),
    MemberTapped: lambda effect, who: " ".join(filter(None, (f"{who} tapped", _in_brackets(effect.types)))),
}
"""The text for each kind of effect."""
MOST_EFFECTS = 20
"""The most effects that a line tells: a seed brings thousands of members at once."""
NO_STAY = "inactive, and inactiveRemovalTimeout is 0, so the next access removes them: TIME-3"
"""The reason why somebody who has just joined is nobody at the next look."""


def _groups(groups: Sequence[str]) -> str:
    return f"the group{'' if len(groups) == 1 else 's'} {', '.join(groups)}" if groups else "no group"


def _roles(roles: Sequence[tuple[str, str]]) -> str:
    named = ", ".join(f"{role} ({kind})" for kind, role in roles)
    return f"the role{'' if len(roles) == 1 else 's'} {named}" if roles else "no role"


def log_line(version: SessionVersion, names: Mapping[str, str]) -> str:
    """A version in one line: number, time, operation, caller and effects.

    Args:
        names: of people, by xuid.
    """
    shown, left = version.effects[:MOST_EFFECTS], len(version.effects) - MOST_EFFECTS
    texts = [effect_text(effect, names) + _fate(effect, version) for effect in shown]
    effects = ", ".join([*texts, f"and {left} more"] if left > 0 else texts)
    return f"{made_by(version)}{f': {effects}' if effects else ''}"


def _fate(effect: Effect, version: SessionVersion) -> str:
    """The words for the end of somebody who has joined for a moment only, in brackets; "" for any other effect."""
    return f" ({NO_STAY})" if isinstance(effect, MemberJoined) and stays_for_a_moment(effect.xuid, version) else ""


def joins_for_a_moment(xuid: str, version: SessionVersion) -> bool:
    """Whether a user joins in this version, and the next access removes them (TIME-3)."""
    return stays_for_a_moment(xuid, version) and MemberJoined(xuid) in version.effects


def stays_for_a_moment(xuid: str, version: SessionVersion) -> bool:
    """Whether a user is inactive in this version, and the next access removes whoever is (TIME-3)."""
    session = version.session
    member = session.member(xuid) if session else None
    if session is None or member is None or member.status != "inactive":
        return False
    return session.constants.system.get("inactiveRemovalTimeout") == 0


def _in_brackets(names: Sequence[str]) -> str:
    return f"({', '.join(names)})" if names else ""


def _match_text(effect: MatchStatusChanged) -> str:
    target = f": {effect.target}" if effect.target else ""
    return f"match {effect.status}{target}" if effect.status else "no match any more"


def made_by(version: SessionVersion) -> str:
    """The number of a version, its time, and who made it."""
    number = "deleted" if version.number is None else f"#{version.number}"
    who = f"{version.operation} by {version.caller}" if version.caller else version.operation
    return f"{number} {version.time:%H:%M:%S} {who}"


def effect_text(effect: Effect, names: Mapping[str, str]) -> str:
    """An effect in words.

    Args:
        names: of people, by xuid.
    """
    xuid = getattr(effect, "xuid", "")
    return SENTENCES[type(effect)](effect, names.get(xuid, xuid))
