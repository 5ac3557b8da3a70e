"""Shoulder taps: what a change of a session changes, and which members are told of it (TAP)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import Bag, Json, JsonObject, Member, Session
from pytest_xbl.mpsd.roles import holders

EVERYTHING = "everything"
PROFILES: Mapping[str, frozenset[str]] = {
    "initialization": frozenset({"initialization"}),
    "matchmaking": frozenset({"matchmakingStatus"}),
    "roster": frozenset({"membersList", "membersStatus"}),
}
"""The change types that the profile of an older subscription stands for; any other stands for everything (TAP-1)."""
ALL = frozenset({EVERYTHING})


class Subscription(NamedTuple):
    """The wish of a member to be told of changes.

    Args:
        id: in lower case, as taps name it (TAP-2).
        xuid: of the member.
        connection: the ConnectionId on which they are told, in lower case; "" for none.
        types: of the changes that they want to be told of.
    """

    id: str
    xuid: str
    connection: str
    types: frozenset[str]

    def wants(self, changed: frozenset[str]) -> bool:
        """Whether the member is told of a change of these types; everything includes one that has no type (TAP-5)."""
        return EVERYTHING in self.types or not self.types.isdisjoint(changed)


def told(before: Session, after: Session | None) -> tuple[list[Subscription], frozenset[str]]:
    """The subscriptions that are told of a change, in the order of their members, and the types of the change.

    One is told if it was there before, and still is; of the end of a session, if it was there before (TAP-7, TAP-9).

    Args:
        before: the version before.
        after: the version that the change has made; None for the end of the session.
    """
    if after is None:
        return subscriptions(before), frozenset()
    held = subscriptions(after)
    if not held:
        return [], frozenset()
    changed = change_types(before, after)
    known = {(held.xuid, held.id) for held in (held if before.members is after.members else subscriptions(before))}
    return [one for one in held if one.wants(changed) and (one.xuid, one.id) in known], changed


def subscriptions(session: Session) -> list[Subscription]:
    """All subscriptions of the members of a session (TAP-1); a large session has none (BIG-2)."""
    if session.is_large:
        return []
    return [one for member in session.members if member.system for one in _subscriptions_of(member)]


def _subscriptions_of(member: Member) -> Iterator[Subscription]:
    system, xuid = member.system, member.xuid
    connection = system.get("connection", "").lower()
    if one := system.get("subscription"):
        yield Subscription(one["id"].lower(), xuid, connection, frozenset(one["changeTypes"]))
    for id_, older in system.get("subscriptions", {}).items():
        yield Subscription(id_.lower(), xuid, connection, PROFILES.get(older["profile"].lower(), ALL))
    for id_, other in system.get("secondarySubscriptions", {}).items():
        yield Subscription(id_.lower(), xuid, other["rta"]["connection"].lower(), frozenset(other["changeTypes"]))


def change_types(before: Session, after: Session) -> frozenset[str]:
    """The types of the changes between two versions of a session (TAP-5).

    Versions share all that a write does not change, so most parts are known to be the same without a look inside.
    """
    return frozenset(_changes(before, after))


def _changes(before: Session, after: Session) -> Iterator[str]:
    if before.properties is not after.properties:
        yield from _property_changes(before.properties, after.properties)
    if before.members is not after.members:
        yield from _member_changes(before, after)
    if _is_full(before) != _is_full(after):
        yield "joinability"
    if before.servers is not after.servers and _match(before) != _match(after):
        yield "matchmakingStatus"
    if _stage(before) != _stage(after):
        yield "initialization"
    if before.role_types is not after.role_types or (after.role_types and holders(before) != holders(after)):
        yield "roles"


def _property_changes(before: Bag, after: Bag) -> Iterator[str]:
    if before.custom is not after.custom and not same(before.custom, after.custom):
        yield "customProperty"
    for type_, name, value in PROPERTIES:
        if value(before.system.get(name)) != value(after.system.get(name)):
            yield type_


def _member_changes(before: Session, after: Session) -> Iterator[str]:
    """The types of changes to members; one who leaves and comes back in one write is the same to them."""
    had = {member.xuid: member for member in before.members}
    both = [(had[member.xuid], member) for member in after.members if member.xuid in had]
    if not len(had) == len(both) == len(after.members):
        yield "membersList"
    changed = [(old, new) for old, new in both if old is not new]
    if any(old.status != new.status for old, new in changed):
        yield "membersStatus"
    if any(not same(old.custom, new.custom) for old, new in changed if old.custom is not new.custom):
        yield "membersCustomProperty"


def folded(value: Json) -> Json:
    """A JSON value without regard to case."""
    if isinstance(value, dict):
        return {name: folded(part) for name, part in value.items()}
    return value.lower() if isinstance(value, str) else value


def is_set(value: Json) -> bool:
    """Whether a flag is on; one that is not there is off."""
    return value is True


def restriction(value: Json) -> Json:
    """A join restriction; one that is not there restricts nothing (PROP-5)."""
    return value if isinstance(value, str) else "none"


PROPERTIES: tuple[tuple[str, str, Callable[[Json], Json]], ...] = (
    ("host", "host", folded),
    ("joinability", "closed", is_set),
    ("joinability", "locked", is_set),
    ("joinability", "joinRestriction", restriction),
    ("scheduledtime", "scheduledTime", folded),
)
"""The system properties that a type of change compares: type, name, and the value that counts."""


def _is_full(session: Session) -> bool:
    """Whether the session is full (MEMB-12)."""
    return len(session.members) == session.constants.system.get("maxMembersCount")


def _match(session: Session) -> tuple[Json, Json] | None:
    """The status and the target of the match that a session waits for; None without one (SERV-4)."""
    server = session.servers.get("matchmaking")
    if server is None:
        return None
    said: JsonObject = server.properties.system
    return folded(said.get("status")), folded(said.get("targetSessionRef"))


def _stage(session: Session) -> str | None:
    return session.initialization.stage if session.initialization else None
