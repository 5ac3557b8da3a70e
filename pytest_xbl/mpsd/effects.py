"""What a write or a timer brought about: facts in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.model import Session, Status


@dataclass(frozen=True)
class SessionCreated:
    """A session came to be."""


@dataclass(frozen=True)
class MemberReserved:
    """A slot was kept for somebody."""

    xuid: str


@dataclass(frozen=True)
class MemberJoined:
    """Somebody joined, or took up a reservation."""

    xuid: str


@dataclass(frozen=True)
class MemberStatusChanged:
    """A member became active, ready or inactive."""

    xuid: str
    was: Status
    became: Status


@dataclass(frozen=True)
class MemberLeft:
    """A member is gone; `reason` says why, in words."""

    xuid: str
    reason: str


@dataclass(frozen=True)
class HostCleared:
    """The host's device token no longer belonged to any member (MEMB-14)."""

    host: str


@dataclass(frozen=True)
class SessionDeleted:
    """The session emptied, and its `sessionEmptyTimeout` was over (TIME-4)."""


Effect: TypeAlias = (
    SessionCreated | MemberReserved | MemberJoined | MemberStatusChanged | MemberLeft | HostCleared | SessionDeleted
)


class Step(NamedTuple):
    """A step of a write: the session after it, and what happened."""

    session: Session
    effects: tuple[Effect, ...] = ()


class Outcome(NamedTuple):
    """What came of an access: the session as it is now, or None, and what happened on the way."""

    session: Session | None
    effects: tuple[Effect, ...] = ()
