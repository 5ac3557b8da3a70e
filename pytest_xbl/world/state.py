"""Everything a world remembers, in one value that can be copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeAlias

from pytest_xbl.mpsd.effects import Effect
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, RETAIL, Caller, Session, SessionRef, Template, empty
from pytest_xbl.mpsd.search_attributes import AttributeName
from pytest_xbl.mpsd.titles import Title
from pytest_xbl.mpsd.view import SessionDocument, document
from pytest_xbl.userstats.model import Definition, Statistic, Values
from pytest_xbl.world.tables import Index, Table

SessionKey: TypeAlias = tuple[str, str, str]
"""A session's reference without regard to case."""
DEFAULT_SCID = "5c1d0000-0000-4000-8000-000000000001"
"""The service configuration of a world unless a test says otherwise."""
START = datetime(2026, 1, 1, 12, 0, 0, tzinfo=timezone.utc)
"""The time that the clock of every new world shows."""


class Account(NamedTuple):
    """Somebody with a token, as worlds remember them; worlds that begin alike share theirs.

    Args:
        caller: the claims that the token stands for.
        key: the xuid of a user; for a service, the name that it is counted by.
        userhash: the part of the Authorization header before the token.
        token: the one that a test has chosen; None for the one that follows from the name of the world and the key.
        acting_for: the users whom a service names in the headers of its requests, all of one title (S2S-1).
    """

    caller: Caller
    key: str
    userhash: str
    token: str | None = None
    acting_for: tuple[Caller, ...] = ()


class SignIns(NamedTuple):
    """The users who sign in, by xuid (NEAR-2).

    Args:
        awaited: those of whom the test has said that they sign in next, the next one first.
        begun: those for whom a client has asked for a code.
        done: those of whom a client has got a token.
    """

    awaited: tuple[str, ...] = ()
    begun: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()


NO_SIGN_INS = SignIns()


class SessionVersion(NamedTuple):
    """One version of a session, with the call that made it; `session` is None where it was deleted."""

    ref: SessionRef
    time: datetime
    caller: str
    operation: str
    effects: tuple[Effect, ...]
    session: Session | None

    @property
    def number(self) -> int | None:
        """The change number; None where the session was deleted."""
        return self.session.change_number if self.session else None

    @property
    def document(self) -> SessionDocument | None:
        """The session as contract 107 renders this version; None where it was deleted."""
        return document(self.session, contract=NEWEST_CONTRACT) if self.session else None


class Log(NamedTuple):
    """A history as a chain from the newest version back, so that copies share it.

    Args:
        number: of the version among all of the world, counted from 1.
    """

    version: SessionVersion
    earlier: Log | None
    number: int

    def chain(self) -> Iterator[Log]:
        """The parts of the chain, that of the newest version first."""
        log: Log | None = self
        while log:
            yield log
            log = log.earlier

    def versions(self) -> list[SessionVersion]:
        """All versions, the oldest first."""
        return [log.version for log in self.chain()][::-1]


class Record(NamedTuple):
    """All that a world keeps under a session's reference, deleted sessions included.

    Args:
        versions: the number of those that there have been, also of some that the log has no more.
    """

    ref: SessionRef
    session: Session | None = None
    incarnation: int = 0
    log: Log | None = None
    versions: int = 0


@dataclass
class State:
    """All of it; the values inside are frozen, so a copy of the tables is a snapshot."""

    now: datetime = START
    users: Table[str, Account] = field(default_factory=Table)
    """By xuid."""
    services: Table[str, Account] = field(default_factory=Table)
    """By key."""
    names: Table[str, Account] = field(default_factory=Table)
    """Users and services, by what the test calls them."""
    tokens: Table[str, Account] = field(default_factory=Table)
    """Those whose token the test has chosen, by it."""
    follows: Table[str, frozenset[str]] = field(default_factory=Table)
    favorites: Table[str, frozenset[str]] = field(default_factory=Table)
    blocks: Table[str, frozenset[str]] = field(default_factory=Table)
    """Who has blocked whom, by xuid."""
    absent: frozenset[str] = frozenset()
    """The xuids of users whose presence is not in the title (TIME-7)."""
    sign_ins: SignIns = NO_SIGN_INS
    templates: Table[tuple[str, str], Template] = field(default_factory=Table)
    records: Table[SessionKey, Record] = field(default_factory=Table)
    memberships: Index[str, SessionKey] = field(default_factory=Index)
    """By xuid: the sessions in which somebody is, or has a reservation."""
    keywords: Index[tuple[str, str], SessionKey] = field(default_factory=Index)
    """By service configuration and keyword, both in lower case."""
    handles: Table[str, Handle] = field(default_factory=Table)
    """By id, in lower case."""
    activities: Index[str, str] = field(default_factory=Index)
    """The ids of activities, by the xuid of their owner."""
    transfers: Index[SessionKey, str] = field(default_factory=Index)
    """The ids of transfers, by their target."""
    searches: Table[str, Handle] = field(default_factory=Table)
    """The search handles, by id."""
    attributes: Index[AttributeName, str] = field(default_factory=Index)
    """The ids of search handles, by the attributes that queries compare (SRCH-4)."""
    titles: Table[str, Title] = field(default_factory=Table)
    """By id."""
    definitions: Table[str, Mapping[str, Definition]] = field(default_factory=Table)
    """By service configuration, in lower case: the definitions of its statistics, by name."""
    statistics: Table[tuple[str, str], Mapping[str, Statistic]] = field(default_factory=Table)
    """By service configuration, in lower case, and xuid."""
    values: Values = "numbers"
    """The form in which contract 1 shows the values of statistics (STAT-8)."""
    sandbox: str = RETAIL
    """The one whose statistics these are (STAT-6)."""
    scid: str = DEFAULT_SCID
    """The service configuration that a test means if it names none (SEED-13)."""
    connected: Mapping[str, tuple[int, bool]] = field(default_factory=empty)
    """By xuid: how many connections a test has asked for, and whether the last one is open (TAP-15)."""
    names_given: int = 0
    """The number of sessions that have been made, or pointed at, without a name."""
    handles_given: int = 0
    """The number of handles that have been made."""
    versions: int = 0
    """The number of versions that sessions have had, all together."""
    looked_at: int = 0
    """That number when old versions were let go last."""
    forgotten: int = 0
    """The highest incarnation of a session that was forgotten."""
    _not_used_yet: ClassVar[Mapping[str, Table[Any, Any] | Index[Any, Any]]] = {}
    """The tables of a copy, as they were when it was made, until it uses its own for the first time."""

    @property
    def chosen_tokens(self) -> frozenset[str]:
        """The tokens that the test has chosen; to look at them makes no table."""
        chosen: Any = self.__dict__.get("tokens") or self._not_used_yet.get("tokens") or ()
        return frozenset(chosen)

    def add_account(self, account: Account) -> None:
        """Remember a user or a service."""
        kind = self.services if account.caller.server else self.users
        kind[account.key] = self.names[account.caller.name] = account
        if account.token is not None:
            self.tokens[account.token] = account

    def remove_account(self, account: Account) -> None:
        """Forget a user or a service."""
        kind = self.services if account.caller.server else self.users
        del kind[account.key], self.names[account.caller.name]
        if account.token is not None:
            del self.tokens[account.token]

    def add_handle(self, handle: Handle) -> None:
        """Remember a handle."""
        self.handles[handle.id] = handle
        if handle.type == "activity":
            self.activities.add(str(handle.owner), handle.id)
        if handle.type == "transfer":
            self.transfers.add(handle.ref.key, handle.id)
        if handle.type == "search":
            self.searches[handle.id] = handle
            for name in handle.searched.names():
                self.attributes.add(name, handle.id)

    def reached(self, scid: str, xuid: str) -> Mapping[str, Statistic]:
        """The statistics of a user in a service configuration, by name."""
        return self.statistics.get((scid.lower(), xuid), {})

    def remove_handle(self, handle: Handle) -> None:
        """Forget a handle."""
        del self.handles[handle.id]
        self.activities.discard(str(handle.owner), handle.id)
        self.transfers.discard(handle.ref.key, handle.id)
        if handle.type == "search":
            del self.searches[handle.id]
            for name in handle.searched.names():
                self.attributes.discard(name, handle.id)

    def copy(self) -> State:
        """A state that changes no more with this one.

        It makes its tables when they are first used: most worlds use only a few of them.
        """
        other = object.__new__(State)
        own = other.__dict__
        own.update(self.__dict__)
        if not TABLES.isdisjoint(own):
            used = {name: own.pop(name).copy() for name in TABLES.intersection(own)}
            own["_not_used_yet"] = {**self._not_used_yet, **used}
        return other

    if not TYPE_CHECKING:  # or any name would be an attribute for a type checker

        def __getattr__(self, name: str) -> object:
            """A table that is used for the first time since this state was copied."""
            if name not in TABLES:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            return self.__dict__.setdefault(name, self._not_used_yet[name].copy())  # threads must agree on one


TABLES = frozenset(name for name, value in vars(State()).items() if isinstance(value, Table | Index))
"""The names of the tables of a state."""
