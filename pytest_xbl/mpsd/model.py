"""The parts of a session: values that nobody changes, and that share whatever a write did not change.

The dicts inside are JSON as it came over the wire, under the names of contract 107.
Nobody changes them in place: a write makes a new value.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, get_args
from urllib.parse import quote

Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]
Status: TypeAlias = Literal["active", "ready", "inactive", "reserved"]
STATUSES: tuple[Status, ...] = get_args(Status)

NEWEST_CONTRACT = 107
MULTIPLAYER = "multiplayer"
RETAIL = "RETAIL"
"""The sandbox that the public plays in."""


class EmptyObject(dict[str, Any]):
    """An empty object that stays empty: values are never changed in place, so all can share it."""

    def __setitem__(self, key: str, value: Any) -> None:
        raise TypeError(f"what the fake remembers is not changed from outside: {key!r}")

    def __hash__(self) -> int:  # type: ignore[override]  # unlike other dicts it does not change
        return 0


EMPTY: JsonObject = EmptyObject()
"""The one empty object."""


_quoted = lru_cache(partial(quote, safe=""))

AnyValue = TypeVar("AnyValue", bound="Value")
Made = TypeVar("Made")


class Value:
    """A value that nobody changes, though Python would let them; it can be had again with some fields changed.

    Its classes are no frozen dataclasses, whose constructors take four times as long.
    """

    _kept: dict[Hashable, Any] | None = None

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The result of working something out from the value, as the text that it renders to; made once, and kept."""
        kept = self._kept
        if kept is None:
            kept = self._kept = {}
        if key not in kept:
            kept[key] = make()
        made: Made = kept[key]
        return made

    def forget(self) -> None:
        """Keep no longer what has been worked out; it can be again."""
        self.__dict__.pop("_kept", None)

    def but(self: AnyValue, **changes: Any) -> AnyValue:  # noqa: PYI019 -- typing has no Self before 3.11
        """The same value with other fields: what `dataclasses.replace` gives, at a fifth of its time.

        What was worked out from the old fields is not taken along.
        """
        other: AnyValue = object.__new__(type(self))
        other.__dict__.update(self.__dict__, **changes)
        other.__dict__.pop("_kept", None)
        return other


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

    def as_json(self) -> dict[str, str]:
        """The reference as it stands in a body or a document."""
        return {"scid": self.scid, "templateName": self.template, "name": self.name}

    def __str__(self) -> str:
        """The three parts joined as the service joins them in a shoulder tap."""
        return "~".join(self)


@dataclass(frozen=True)
class Caller:
    """The claims that a request came with (CALL-4).

    Args:
        name: what the test calls them; appears in histories.
        xuid: of the user who calls, or for whom a service calls; None for a service alone.
        server: whether the token carries a service principal.
        sandbox: where what they see is kept apart from what others see (STAT-6).
    """

    name: str
    xuid: str | None = None
    gamertag: str | None = None
    device_id: str | None = None
    title_id: str | None = None
    privileges: AbstractSet[str] = frozenset()
    server: bool = False
    sandbox: str = RETAIL


@dataclass(eq=False)
class Bag(Value):
    """A property bag: `system`, which the service understands, and `custom`, which it only keeps."""

    system: JsonObject = EMPTY
    custom: Json = EMPTY


EMPTY_BAG = Bag()


@dataclass(eq=False)
class Template(Value):
    """A session template: what every session made from it starts with (TMPL-1).

    `constants` holds just what the template sets; a None in it keeps the value unset (TMPL-5).
    """

    scid: str
    name: str
    constants: Bag
    role_types: JsonObject = EMPTY
    contract: int = NEWEST_CONTRACT


@dataclass(eq=False)
class Member(Value):
    """A person in a session.

    `system` holds the member's system properties but for `active` and `ready`, which are its `status`.
    `since` is when that status began; timeouts count from there (TIME-3).
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

    @property
    def accepted(self) -> bool:
        """Whether they have joined, and not merely have a reservation."""
        return self.status != "reserved"


@dataclass(eq=False, repr=False)
class Session(Value):
    """One version of a session document.

    `away` are the people who left while the session was locked, whose slots are kept (JOIN-5).
    `incarnation` counts how often a session of this name was made (TIME-9).
    """

    ref: SessionRef
    started: datetime
    constants: Bag
    properties: Bag = EMPTY_BAG
    members: tuple[Member, ...] = ()
    next_index: int = 0
    servers: Mapping[str, Server] = EMPTY
    role_types: JsonObject = EMPTY
    incarnation: int = 1
    change_number: int = 1
    empty_since: datetime | None = None
    away: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Short, as it is printed with every version of a history."""
        return f"<{self.ref} #{self.change_number}>"

    def forget_unlike(self, after: Session) -> None:
        """Keep nothing that has been worked out of this version, once another stands in its place."""
        self.forget()
        if self.properties is not after.properties:
            self.properties.forget()
        if self.members is not after.members:
            for before, now in zip(self.members, after.members, strict=False):
                if before is not now:
                    before.forget()

    def member(self, xuid: str | None) -> Member | None:
        """The member with this xuid, reserved or not."""
        for member in self.members:
            if member.xuid == xuid:
                return member
        return None

    def member_at(self, index: int) -> Member | None:
        """The member with this index."""
        return next((member for member in self.members if member.index == index), None)

    def can(self, capability: str) -> bool:
        """Whether the session has a capability (CONST-6)."""
        return bool(self.constants.system.get("capabilities", {}).get(capability))


@dataclass(eq=False)
class Server:
    """A server that takes part in a session (SERV-2)."""

    constants: Bag = EMPTY_BAG
    properties: Bag = EMPTY_BAG


class Opening(NamedTuple):
    """What a handle opens to somebody that the session's own URI does not (JOIN-6)."""

    visibility: bool = False
    read_restriction: bool = False
    join_restriction: bool = False


NO_OPENING = Opening()
"""What somebody finds who comes without a handle."""


class Context(NamedTuple):
    """All that a rule may look at besides the session and the write.

    Args:
        caller: who asks.
        now: the world's time, UTC.
        ref: the session that the request names.
        template: its template.
        follows: who follows whom: the xuid of a follower to the xuids they follow.
        incarnation: which incarnation a session created now would be.
        opens: what the handle opens through which the caller comes.
    """

    caller: Caller
    now: datetime
    ref: SessionRef
    template: Template
    follows: Mapping[str, AbstractSet[str]]
    incarnation: int = 1
    opens: Opening = NO_OPENING
