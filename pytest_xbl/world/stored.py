"""A world as it is stored: looks at it that are no access, so that nothing settles (TIME-1, SEEN-14)."""

from __future__ import annotations

from datetime import datetime

from pytest_xbl.mpsd.effects import Outcome
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import Session, SessionRef
from pytest_xbl.mpsd.timers import settle
from pytest_xbl.mpsd.view import correlation_digest
from pytest_xbl.world.state import Account, Record
from pytest_xbl.world.world import World


def records(world: World) -> list[Record]:
    """All that is kept of sessions, those that are gone included, in the order in which they were first made."""
    return list(world._state.records.values())


def settled_at(world: World, session: Session, time: datetime) -> Outcome:
    """The outcome of an access to a session at a time."""
    return settle(session, time, world._state.absent)


def sessions_with(world: World, xuid: str) -> list[Session]:
    """The stored sessions in which somebody is, or has a reservation."""
    state = world._state
    held = [state.records[key].session for key in list(state.memberships[xuid])]
    return [session for session in held if session]


def stored_handles(world: World) -> list[Handle]:
    """All handles that are kept, also those that an access would no longer find, in the order of their making."""
    return list(world._state.handles.values())


def session_correlated(world: World, correlation_id: str) -> SessionRef | None:
    """The session whose documents show this correlation id, in lower case, also if it is gone (CALL-8)."""
    state, digest = world._state, correlation_id.replace("-", "")
    found = (key for key in list(state.records) if correlation_digest(key) == digest)
    return next((state.records[key].ref for key in found), None)


def kept_handle(world: World, handle_id: str) -> Handle | None:
    """The handle with an id, in lower case, also if an access would no longer find it."""
    return world._state.handles.get(handle_id)


def stored_statistics(world: World) -> list[tuple[str, str]]:
    """Who has statistics where: the service configurations, in lower case, and the xuids."""
    return list(world._state.statistics)


def handles_to(world: World, ref: SessionRef) -> list[Handle]:
    """The kept handles that point at a session."""
    name, key = ref.name.lower(), ref.key
    return [one for one in stored_handles(world) if one.ref.name.lower() == name and one.ref.key == key]


def handles_of(world: World, xuid: str) -> list[Handle]:
    """The kept handles that somebody owns, and the invites for them."""
    return [handle for handle in stored_handles(world) if xuid in (handle.owner, handle.invited)]


def accounts(world: World) -> list[Account]:
    """All users, then all services, each in the order in which they came."""
    return [*world._state.users.values(), *world._state.services.values()]


def blocked_by(world: World, xuid: str) -> list[str]:
    """The people whom a user has blocked, by xuid, in order of these."""
    return sorted(world._state.blocks.get(xuid, ()), key=int)


def followed_by(world: World, xuid: str) -> list[str]:
    """The people whom a user follows, by xuid, in order of these."""
    return sorted(world._state.follows.get(xuid, ()), key=int)


def absent_from(world: World) -> frozenset[str]:
    """The xuids of the users who are not in the title (TIME-7)."""
    return world._state.absent


def has_forgotten(world: World) -> bool:
    """Whether a world has forgotten sessions that are over (SEEN-18)."""
    return world._state.forgotten > 0
