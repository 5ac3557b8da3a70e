"""The parts of a session: values that nobody changes, and that share whatever a write did not change.

The dicts inside are JSON as it came over the wire, under the names of contract 107.
Nobody changes them in place; a write makes a new value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple, TypeAlias, get_args
from urllib.parse import quote

from pytest_xbl.mpsd.roster import Few, Roster
from pytest_xbl.mpsd.value import Value

Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]
Status: TypeAlias = Literal["active", "ready", "inactive", "reserved"]
STATUSES: tuple[Status, ...] = get_args(Status)
MatchStatus: TypeAlias = Literal["searching", "expired", "found", "failed", "canceled"]

InitializationStage: TypeAlias = Literal["joining", "measuring", "evaluating", "failed"]
Failure: TypeAlias = Literal["timeout", "latency", "bandwidthdown", "bandwidthup", "network", "group", "episode"]
"""The reasons why a member fails initialization, in the order of precedence (INIT-4)."""

NEWEST_CONTRACT = 107
MULTIPLAYER = "multiplayer"
RETAIL = "RETAIL"
"""The sandbox that the public plays in."""


class EmptyObject(dict[str, Any]):
    """An empty object that stays empty: values are never changed in place, so all can share it."""

    def __setitem__(self, key: str, value: Any) -> None:
        raise TypeError(f"what the fake remembers is not changed from outside: {key!r}")


EMPTY: JsonObject = EmptyObject()
"""The one empty object."""


def empty() -> JsonObject:
    """The one empty object, as the default of a field: a dataclass takes no dict itself."""
    return EMPTY


_quoted = lru_cache(partial(quote, safe=""))


class SessionRef(NamedTuple):
    """The name of a session: service configuration, template, session."""

    scid: str
    template: str
    name: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The reference without regard to case (CALL-5)."""
        return (self.scid.lower(), self.template.lower(), self.name.lower())

    @property
    def path(self) -> str:
        """The path of the session's URI, quoted, as `Content-Location` gives it (CALL-11)."""
        return f"/serviceconfigs/{self.scid}/sessionTemplates/{_quoted(self.template)}/sessions/{_quoted(self.name)}"

    def within(self, scid: str) -> str:
        """The names of template and session, for people; in another service configuration the whole reference."""
        return f"{self.template}/{self.name}" if self.scid.lower() == scid.lower() else str(self)

    def as_json(self) -> dict[str, str]:
        """The reference as JSON, for a body or a document."""
        return {"scid": self.scid, "templateName": self.template, "name": self.name}

    def __str__(self) -> str:
        """The three parts, joined as in a shoulder tap."""
        return "~".join(self)


class Caller(NamedTuple):
    """The claims that a request came with (CALL-4).

    Args:
        name: their name in the test; it appears in histories.
        xuid: of the calling user, or of the one user that a service acts for; None for a service that acts for
            nobody, or for several users.
        server: whether the token carries a service principal.
        sandbox: of their token; the statistics of another sandbox are closed to them (STAT-6).
        acting: the claims of the users that a service acts for (S2S-1).
        denied: whether a service has given up its own access to sessions (S2S-3).
        claims_in: the header that the claims came in.
    """

    name: str
    xuid: str | None = None
    gamertag: str | None = None
    device_id: str | None = None
    title_id: str | None = None
    privileges: AbstractSet[str] = frozenset()
    server: bool = False
    sandbox: str = RETAIL
    acting: tuple[Caller, ...] = ()
    denied: bool = False
    claims_in: str = "Authorization"

    @property
    def users(self) -> tuple[Caller, ...]:
        """The users whose call it is: a user alone, or those that a service acts for (S2S-1)."""
        return self.acting if self.server else (self,)

    @property
    def manages(self) -> bool:
        """Whether the caller has access to every session, as a service has unless it denies itself that (S2S-3)."""
        return self.server and not self.denied


@dataclass(eq=False)
class Bag(Value):
    """A property bag: `system`, which the service understands, and `custom`, which it only keeps."""

    system: JsonObject = field(default_factory=empty)
    custom: Json = field(default_factory=empty)


EMPTY_BAG = Bag()


@dataclass(eq=False)
class Template(Value):
    """A session template: the constants and role types that its sessions start with (TMPL-1).

    `constants` holds only the values that the template sets; a None keeps a value unset (TMPL-5).
    """

    scid: str
    name: str
    constants: Bag
    role_types: JsonObject = field(default_factory=empty)
    contract: int = NEWEST_CONTRACT


@dataclass(eq=False)
class Member(Value):
    """A person in a session.

    `system` holds the member's system properties except `active` and `ready`, which are its `status`.
    `since` is the time when that status began, or began to count after an episode; timeouts count from there (TIME-3).
    `episode` is the one that the member is in, or waits for; `failure` is why they failed (INIT-1, INIT-4).
    `measured_early` says that their measurements are from before the stage of measuring (INIT-3).
    `roles` holds the type and the name of each role (ROLE-2).
    These four are set by `but`, so that the many who are in no episode neither hold nor copy them.
    """

    index: int
    xuid: str
    status: Status
    since: datetime
    join_time: datetime
    constants: Bag
    system: JsonObject
    custom: JsonObject
    gamertag: str | None = None
    device_id: str | None = None
    active_title_id: str | None = None
    device_token: str | None = None
    nat: str | None = None
    episode: int | None = field(default=None, init=False)
    failure: Failure | None = field(default=None, init=False)
    measured_early: bool = field(default=False, init=False)
    roles: tuple[tuple[str, str], ...] = field(default=(), init=False)

    @property
    def accepted(self) -> bool:
        """Whether they have joined; a reservation alone does not count."""
        return self.status != "reserved"


NOBODY: Roster[Member] = Few()
"""The members of a session in which nobody is."""


Counts: TypeAlias = tuple[int, int, int]
"""The numbers of members: of all, of those who have joined, and of those who are active (MEMB-2)."""


def _counts_of(members: Sequence[Member]) -> Counts:
    statuses = [member.status for member in members]
    return len(members), len(members) - statuses.count("reserved"), statuses.count("active")


def _total(parts: Iterable[Counts]) -> Counts:
    everybody, accepted, active = map(sum, zip(*parts, strict=True))
    return everybody, accepted, active


class Initialization(NamedTuple):
    """The running episode of initialization, or the first one after it has failed (INIT-1, INIT-5)."""

    episode: int
    stage: InitializationStage
    stage_started: datetime


@dataclass(eq=False, repr=False)
class Session(Value):
    """One version of a session document.

    `contract` is the one that the template was written for; the defaults of initialization depend on it (TMPL-12).
    `episodes` counts the episodes of initialization that have begun or were skipped; 0 only while it is being created.
    `away` holds the xuids of people who left while the session was locked; their slots are kept (JOIN-5).
    `incarnation` is 1 for the first session of this name, 2 for the next one made after its deletion (TIME-9).
    `is_large` says that it can have thousands of members, and shows them to nobody (BIG-1).
    `search_handle` is the id of its search handle (SRCH-1).
    The fields from `away` on are set by `but`, as those of members.
    """

    ref: SessionRef
    started: datetime
    constants: Bag
    properties: Bag = EMPTY_BAG
    members: Roster[Member] = NOBODY
    next_index: int = 0
    servers: Mapping[str, Server] = field(default_factory=empty)
    role_types: JsonObject = field(default_factory=empty)
    incarnation: int = 1
    change_number: int = 1
    empty_since: datetime | None = None
    away: tuple[str, ...] = field(default=(), init=False)
    contract: int = field(default=NEWEST_CONTRACT, init=False)
    episodes: int = field(default=0, init=False)
    initialization: Initialization | None = field(default=None, init=False)
    host_candidates: tuple[str, ...] = field(default=(), init=False)
    is_large: bool = field(default=False, init=False)
    search_handle: str | None = field(default=None, init=False)

    def __repr__(self) -> str:
        """Short, as it is printed with every version of a history."""
        return f"<{self.ref} #{self.change_number}>"

    def forget_unlike(self, after: Session) -> None:
        """Drop all that is kept of this version and that its successor does not share."""
        self.forget()
        if self.properties is not after.properties:
            self.properties.forget()
        self.members.forget_unlike(after.members)

    def member(self, xuid: str | None) -> Member | None:
        """The member with this xuid, reserved or not."""
        return self.members.get(xuid)

    def has_joined(self, xuid: str | None) -> bool:
        """Whether a user is a member; a reservation alone does not count."""
        member = self.member(xuid)
        return member is not None and member.accepted

    def member_at(self, index: int) -> Member | None:
        """The member with this index."""
        return next((member for member in self.members if member.index == index), None)

    def members_at(self, indices: Collection[int]) -> Mapping[int, Member]:
        """The members with these indices, by index; it takes as long as `member_at` for one of them."""
        wanted = frozenset(indices)
        return {member.index: member for member in self.members if member.index in wanted} if wanted else {}

    @property
    def next_episode(self) -> int | None:
        """The episode of a member who is added now; None if initialization has failed for good (INIT-5)."""
        running = self.initialization
        return None if running and running.stage == "failed" else self.episodes + 1

    @property
    def counts(self) -> Counts:
        """The numbers of its members: of all, of those who have joined, and of those who are active (MEMB-2)."""
        return self.members.fold("counts", _counts_of, _total)

    def can(self, capability: str) -> bool:
        """Whether the session has a capability (CONST-6)."""
        return bool(self.constants.system.get("capabilities", {}).get(capability))


@dataclass(eq=False)
class Server:
    """A server that takes part in a session (SERV-2)."""

    constants: Bag = EMPTY_BAG
    properties: Bag = EMPTY_BAG


class Opening(NamedTuple):
    """The restrictions that a handle lifts for a caller, and the session's own URI does not (JOIN-6)."""

    visibility: bool = False
    read_restriction: bool = False
    join_restriction: bool = False


NO_OPENING = Opening()
"""The opening of a request without a handle."""


class Context(NamedTuple):
    """Everything that a rule may look at, except the session and the write.

    Args:
        caller: of the request.
        now: the world's time, UTC.
        ref: the session that the request names.
        template: its template.
        follows: the xuid of each follower, and the xuids that they follow.
        incarnation: of a session that is created now.
        opens: the opening of the handle that the request came through.
        blocks: the xuid of each user who has blocked others, and the xuids of these (OWN-4).
        connections: the sessions that name each open connection, by its id; None where any GUID counts (TAP-15).
    """

    caller: Caller
    now: datetime
    ref: SessionRef
    template: Template
    follows: Mapping[str, AbstractSet[str]]
    incarnation: int = 1
    opens: Opening = NO_OPENING
    blocks: Mapping[str, AbstractSet[str]] = {}
    connections: Mapping[str, AbstractSet[tuple[str, str, str]]] | None = None

    def of(self, caller: Caller) -> Context:
        """The same for another caller, such as one of the users that a service acts for."""
        return self if caller is self.caller else self._replace(caller=caller)


def enabled(capabilities: JsonObject) -> set[str]:
    """The capabilities that are on (CONST-6)."""
    return {name for name, on in capabilities.items() if on}
