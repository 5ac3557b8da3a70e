"""The handles of a world."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_xbl.mpsd.activities import ActivityQuery, Group, activity_as_json, is_asked_for, people_in_order
from pytest_xbl.mpsd.handle_access import is_seen_by, require_may_delete, require_may_make, unknown
from pytest_xbl.mpsd.handles import (
    Handle,
    HandleWrite,
    id_is_taken,
    is_over,
    new_handle,
    points_at,
    session_with,
    session_without,
    stands,
)
from pytest_xbl.mpsd.model import Context, JsonObject, Session
from pytest_xbl.mpsd.queries import require_right
from pytest_xbl.mpsd.view import guid
from pytest_xbl.world.statistics import platforms_of
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World


def all_handles(world: World) -> list[Handle]:
    """Every handle that an access now would find, in the order in which they were made."""
    return [handle for handle in list(world._state.handles.values()) if _stands(world, handle)]


def peek_handle(world: World, handle_id: str) -> Handle | None:
    """The handle with an id, as an access now would find it, without being one."""
    handle = world._state.handles.get(handle_id.lower())
    return handle if handle and _stands(world, handle) else None


def activity_of(world: World, xuid: str, title_id: str | None) -> Handle | None:
    """The activity of a user in a title, as an access now would find it, without being one (HAND-2)."""
    with world.exclusively():
        mine = [handle for handle in _activities_of(world, xuid) if handle.title_id == title_id]
        return next((handle for handle in mine if _stands(world, handle)), None)


def make_handle(world: World, asked: HandleWrite, visit: Visit) -> tuple[Handle, Session | None]:
    """Make a handle; an activity replaces the one that its owner has in the same title (HAND-2).

    Returns:
        The handle, and the session that it points at.

    Raises:
        Refusal: 403; 404 for an unknown template (TMPL-1); 409 for an id that is taken (HAND-1).
    """
    with world.exclusively():
        require_templates(world, asked)
        ref = asked.ref if asked.ref.name else world.unnamed(asked.ref.scid, asked.ref.template)
        session, ctx = world.arrive(ref, visit)
        origin = world.peek(asked.origin) if asked.origin else None
        require_may_make(asked, session, ctx, origin)
        handle = new_handle(asked, session, ctx, free_id(world, asked), origin=origin)
        keep_handle(world, handle)
        outcome = session_with(handle, session)
        if outcome.session is not session:
            world.keep(handle.ref, outcome, visit)
        if not asked.ref.name:
            world.count_unnamed()
    return handle, outcome.session


def require_templates(world: World, asked: HandleWrite) -> None:
    """Refuse a handle to or from a session whose template is unknown.

    Raises:
        Refusal: 404 (TMPL-1).
    """
    for field, ref in (("sessionRef", asked.ref), ("originSessionRef", asked.origin)):
        if ref:
            world.template(ref.scid, ref.template, where=(field,))


def free_id(world: World, asked: HandleWrite) -> str:
    """The id that a handle gets: the one that it asks for, or the next free one (HAND-1).

    Raises:
        Refusal: 409 for one that is taken.
    """
    if asked.id and peek_handle(world, asked.id):
        raise id_is_taken(asked.id)
    number = world._state.handles_given + 1
    while peek_handle(world, handle_id := asked.id or guid("handle", str(number))):
        number += 1
    return handle_id


def keep_handle(world: World, handle: Handle) -> None:
    """Remember a handle, and forget those that it replaces: by activity (HAND-2), or by an id that is free (HAND-1)."""
    with world.exclusively():
        state = world._state
        for before in _activities_of(world, str(handle.owner)) if handle.type == "activity" else ():
            if before.title_id == handle.title_id:
                state.remove_handle(before)
        if handle.id in state.handles:
            state.remove_handle(state.handles[handle.id])
        state.add_handle(handle)
        state.handles_given += 1


def mark_searched(world: World, handle: Handle, session: Session) -> None:
    """Let a session know its search handle, which was made earlier: no write, as the session counts it already."""
    state, key = world._state, handle.ref.key
    record, session = state.records[key], session.but(search_handle=handle.id)
    log = record.log and record.log._replace(version=record.log.version._replace(session=session))
    state.records[key] = record._replace(session=session, log=log)


def has_activity(world: World, xuid: str, title_id: str | None) -> bool:
    """Whether a user has an activity in a title, whatever an access now would find."""
    return any(handle.title_id == title_id for handle in _activities_of(world, xuid))


def find_handle(world: World, handle_id: str) -> Handle:
    """The handle with an id, whoever asks; what it opens to them is another question.

    Raises:
        Refusal: 404 (HAND-7).
    """
    handle = world._state.handles.get(handle_id.lower())
    if handle is None or is_over(handle, world.now):
        raise unknown()
    return handle


def read_handle(world: World, handle_id: str, visit: Visit) -> tuple[Handle, Session | None]:
    """A handle, and the session that it points at.

    Raises:
        Refusal: 404 for an unknown one, and the same for one that the caller does not get to see (HAND-15).
    """
    with world.exclusively():
        handle = find_handle(world, handle_id)
        session, ctx = _behind(world, handle, visit)
        if handle.id not in world._state.handles or not is_seen_by(handle, session, ctx):
            raise unknown()
    return handle, session


def remove_handle(world: World, handle_id: str, visit: Visit) -> None:
    """Delete a handle.

    Raises:
        Refusal: 404; 403 for a caller who may not delete it (HAND-8).
    """
    with world.exclusively():
        handle, session = read_handle(world, handle_id, visit)
        require_may_delete(handle, visit.caller)
        world._state.remove_handle(handle)
        outcome = session_without(handle, session)
        if outcome.session is not session:
            world.keep(handle.ref, outcome, visit)


def find_activities(world: World, asked: ActivityQuery, visit: Visit) -> list[JsonObject]:
    """The activities that a query asks for: owner by owner, the newest first (HAND-10, HAND-16).

    Whoever may ask for private sessions may see them (FIND-4), and nobody else gets any (HAND-13).

    Raises:
        Refusal: 403; 400 (FIND-10).
    """
    require_right(asked.query, visit.caller)
    with world.exclusively():
        standing = _settled_activities(world, _owners(world, asked.owners), visit)
    found = [(handle, session) for handle, session in standing if is_asked_for(handle, session, asked)]
    return [
        activity_as_json(handle, session, asked, platforms_of(world, handle.title_id))
        for handle, session in found[: asked.query.take]
    ]


def _settled_activities(world: World, owners: Sequence[str], visit: Visit) -> list[tuple[Handle, Session | None]]:
    """The activities of these owners with their sessions, each of which is arrived at once (TIME-2).

    One that outlives its session has None (HAND-21).
    """
    owned = [handle for owner in owners for handle in reversed(_activities_of(world, owner))]
    refs = {handle.ref.key: handle.ref for handle in owned}
    sessions = {key: world.arrive(ref, visit)[0] for key, ref in refs.items()}
    standing = [handle for handle in owned if handle.id in world._state.handles]
    behind = ((handle, sessions[handle.ref.key]) for handle in standing)
    return [(handle, session if points_at(handle, session) else None) for handle, session in behind]


def _owners(world: World, owners: Sequence[str] | Group) -> Sequence[str]:
    if not isinstance(owners, Group):
        return owners
    state = world._state
    graph = state.follows if owners.moniker == "people" else state.favorites
    return people_in_order(graph.get(owners.xuid, ()))


def _activities_of(world: World, xuid: str) -> list[Handle]:
    state = world._state
    return [state.handles[handle_id] for handle_id in state.activities[xuid]]


def _behind(world: World, handle: Handle, visit: Visit) -> tuple[Session | None, Context]:
    """The session that a handle points at, timers settled, and what the handle opens to the caller."""
    session, ctx = world.arrive(handle.ref, visit)
    session = session if points_at(handle, session) else None
    return session, ctx._replace(opens=world.opened_by(handle, session, visit.caller))


def _stands(world: World, handle: Handle) -> bool:
    session = None if handle.type == "invite" else world.peek(handle.ref)
    return stands(handle, session, world.now) or _outlives(world, handle)


def _outlives(world: World, handle: Handle) -> bool:
    """Whether an activity has outlived its session, as only a seed can make it (HAND-21)."""
    return handle.type == "activity" and not points_at(handle, world.record(handle.ref).session)
