"""Effects of a write or a timer: facts in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.model import Failure, InitializationStage, Session, Status


@dataclass(frozen=True)
class SessionCreated:
    """A session was created."""


@dataclass(frozen=True)
class MemberReserved:
    """A slot was reserved for a user."""

    xuid: str


@dataclass(frozen=True)
class MemberJoined:
    """A user joined, or took up a reservation."""

    xuid: str


@dataclass(frozen=True)
class MemberStatusChanged:
    """A member became active, ready or inactive."""

    xuid: str
    was: Status
    became: Status


@dataclass(frozen=True)
class MemberLeft:
    """A member left, was removed or timed out; `reason` says which, in words."""

    xuid: str
    reason: str


@dataclass(frozen=True)
class HostCleared:
    """The host's device token no longer belonged to any member (MEMB-14)."""

    host: str


@dataclass(frozen=True)
class StageReached:
    """An episode of initialization reached a stage, and waits there (INIT-2)."""

    episode: int
    stage: InitializationStage


@dataclass(frozen=True)
class InitializationFailed:
    """A member was not initialized (INIT-4)."""

    xuid: str
    failure: Failure


@dataclass(frozen=True)
class EpisodeEnded:
    """An episode of initialization ended (INIT-5)."""

    episode: int
    succeeded: bool


@dataclass(frozen=True)
class SessionDeleted:
    """The session emptied, and its `sessionEmptyTimeout` was over (TIME-4)."""


@dataclass(frozen=True)
class ActivityMade:
    """A member made the session their activity (HAND-20)."""

    xuid: str


@dataclass(frozen=True)
class TransferMade:
    """A transfer handle to the session was made (HAND-20); `origin` is the session that it comes from."""

    origin: str


Effect: TypeAlias = (
    SessionCreated
    | MemberReserved
    | MemberJoined
    | MemberStatusChanged
    | MemberLeft
    | HostCleared
    | StageReached
    | InitializationFailed
    | EpisodeEnded
    | SessionDeleted
    | ActivityMade
    | TransferMade
)


class Step(NamedTuple):
    """The outcome of one step of a write, which always leaves a session."""

    session: Session
    effects: tuple[Effect, ...] = ()


class Outcome(NamedTuple):
    """The outcome of an access: the session as it is now, or None, and the effects."""

    session: Session | None
    effects: tuple[Effect, ...] = ()
