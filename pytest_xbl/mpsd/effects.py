"""Effects of a write or a timer: facts in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.model import Failure, InitializationStage, MatchStatus, Session, Status


class Fact:
    """The base of effects; like a frozen dataclass, which for each of them would compile this anew at every import."""

    def __eq__(self, other: object) -> bool:
        """Whether the other one says the same."""
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        """The effect as the call that makes it."""
        said = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({said})"


class SessionCreated(Fact):
    """A session was created."""


@dataclass(eq=False, repr=False)
class MemberReserved(Fact):
    """A slot was reserved for a user."""

    xuid: str


@dataclass(eq=False, repr=False)
class MemberJoined(Fact):
    """A user joined, or took up a reservation."""

    xuid: str


@dataclass(eq=False, repr=False)
class MemberStatusChanged(Fact):
    """A member became active, ready or inactive."""

    xuid: str
    was: Status
    became: Status


@dataclass(eq=False, repr=False)
class MemberLeft(Fact):
    """A member left, was removed or timed out; `reason` says which, in words."""

    xuid: str
    reason: str


@dataclass(eq=False, repr=False)
class GroupsChanged(Fact):
    """A member is in these groups, and in no others (BIG-3)."""

    xuid: str
    groups: tuple[str, ...]


@dataclass(eq=False, repr=False)
class RolesChanged(Fact):
    """A member has these roles, each with its type, and no others (ROLE-2)."""

    xuid: str
    roles: tuple[tuple[str, str], ...]


@dataclass(eq=False, repr=False)
class Encountered(Fact):
    """A member reported an encounter (BIG-3)."""

    xuid: str
    name: str


@dataclass(eq=False, repr=False)
class HostCleared(Fact):
    """The host's device token no longer belonged to any member (MEMB-14)."""

    host: str


@dataclass(eq=False, repr=False)
class BecameOwner(Fact):
    """A member became an owner of the session (OWN-1)."""

    xuid: str


@dataclass(eq=False, repr=False)
class NoLongerOwner(Fact):
    """A member who is still there is no owner any more (OWN-5)."""

    xuid: str


@dataclass(eq=False, repr=False)
class StageReached(Fact):
    """An episode of initialization reached a stage, and waits there (INIT-2)."""

    episode: int
    stage: InitializationStage


@dataclass(eq=False, repr=False)
class InitializationFailed(Fact):
    """A member failed initialization (INIT-4)."""

    xuid: str
    failure: Failure


@dataclass(eq=False, repr=False)
class EpisodeEnded(Fact):
    """An episode of initialization ended (INIT-5)."""

    episode: int
    succeeded: bool


class SessionDeleted(Fact):
    """The session emptied, and its `sessionEmptyTimeout` was over (TIME-4)."""


@dataclass(eq=False, repr=False)
class ActivityMade(Fact):
    """A member made the session their activity (HAND-20)."""

    xuid: str


@dataclass(eq=False, repr=False)
class TransferMade(Fact):
    """A transfer handle to the session was made (HAND-20); `origin` is the session that it comes from."""

    origin: str


@dataclass(eq=False, repr=False)
class SearchHandleMade(Fact):
    """A search handle to the session was made (SRCH-1)."""

    handle: str


@dataclass(eq=False, repr=False)
class SearchHandleDeleted(Fact):
    """The search handle to the session was deleted (SRCH-1)."""

    handle: str


@dataclass(eq=False, repr=False)
class MatchStatusChanged(Fact):
    """The matchmaking service said how far a match is (SERV-4); None once it says nothing any more.

    `target` is the session in which the matched players meet.
    """

    status: MatchStatus | None
    target: str | None = None


@dataclass(eq=False, repr=False)
class MemberTapped(Fact):
    """A member was told of the change by a shoulder tap, or will be (TAP-2); `types` are those of the change."""

    xuid: str
    types: tuple[str, ...] = ()


Effect: TypeAlias = (
    SessionCreated
    | MemberReserved
    | MemberJoined
    | MemberStatusChanged
    | MemberLeft
    | GroupsChanged
    | RolesChanged
    | Encountered
    | HostCleared
    | BecameOwner
    | NoLongerOwner
    | StageReached
    | InitializationFailed
    | EpisodeEnded
    | SessionDeleted
    | ActivityMade
    | TransferMade
    | SearchHandleMade
    | SearchHandleDeleted
    | MatchStatusChanged
    | MemberTapped
)


class Step(NamedTuple):
    """The outcome of one step of a write, which always leaves a session."""

    session: Session
    effects: tuple[Effect, ...] = ()


class Outcome(NamedTuple):
    """The outcome of an access: the session as it is now, or None, and the effects."""

    session: Session | None
    effects: tuple[Effect, ...] = ()
