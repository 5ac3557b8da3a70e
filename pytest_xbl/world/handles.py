"""The handles of a world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pytest_xbl.mpsd.activities import ActivityQuery, Group, activity_as_json, is_asked_for
from pytest_xbl.mpsd.handles import Handle, HandleWrite, is_over, is_seen_by, new_handle, points_at, unknown
from pytest_xbl.mpsd.model import Caller, Context, JsonObject, Session
from pytest_xbl.mpsd.queries import require_right
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import guid

if TYPE_CHECKING:
    from pytest_xbl.world.world import World


class HandleDirectory:
    """All handles of a world; whatever changes or settles something holds the world's lock."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __iter__(self) -> Iterator[Handle]:
        """Every handle that an access now would find, in the order in which they were made."""
        return (handle for handle in list(self._world.state.handles.values()) if self._stands(handle))

    def peek(self, handle_id: str) -> Handle | None:
        """The handle with an id, as an access now would find it, without being one."""
        handle = self._world.state.handles.get(handle_id.lower())
        return handle if handle and self._stands(handle) else None

    def activity(self, xuid: str, title_id: str | None) -> Handle | None:
        """The activity of a user in a title, as an access now would find it, without being one (HAND-2)."""
        with self._world.lock:
            mine = [handle for handle in self._activities_of(xuid) if handle.title_id == title_id]
            return next(filter(self._stands, mine), None)

    def make(self, asked: HandleWrite, caller: Caller) -> tuple[Handle, Session | None]:
        """Make a handle; an activity replaces the one that its owner has in the same title (HAND-2).

        Returns:
            The handle, and the session that it points at.

        Raises:
            Refusal: 403; 404 for an unknown template (TMPL-1); 409 for an id that is taken (HAND-1).
        """
        world = self._world
        with world.lock:
            state = world.state
            self._require_templates(asked)
            ref = asked.ref if asked.ref.name else world.unnamed(asked.ref.scid, asked.ref.template)
            session, ctx = world.arrive(ref, caller)
            origin = world.peek(asked.origin) if asked.origin else None
            handle = new_handle(asked, session, ctx, self.free_id(asked), origin=origin)
            self.keep(handle)
            state.names_given += not asked.ref.name
        return handle, session

    def free_id(self, asked: HandleWrite) -> str:
        """The id that a handle gets: the one that it asks for, or the next free one (HAND-1).

        Raises:
            Refusal: 409 for one that is taken.
        """
        if asked.id and self.peek(asked.id):
            raise Refusal(409, f"There is a handle {asked.id} already.", where=("id",), rule="HAND-1")
        number = self._world.state.handles_given + 1
        while self.peek(handle_id := asked.id or guid("handle", str(number))):
            number += 1
        return handle_id

    def keep(self, handle: Handle) -> None:
        """Remember a handle; the lock must be held."""
        self._make_way(handle)
        self._world.state.add_handle(handle)
        self._world.state.handles_given += 1

    def find(self, handle_id: str) -> Handle:
        """The handle with an id, whoever asks: what it opens to them is another question.

        Raises:
            Refusal: 404 (HAND-7).
        """
        handle = self._world.state.handles.get(handle_id.lower())
        if handle is None or is_over(handle, self._world.state.now):
            raise unknown()
        return handle

    def read(self, handle_id: str, caller: Caller) -> tuple[Handle, Session | None]:
        """A handle, and the session that it points at.

        Raises:
            Refusal: 404 for an unknown one, and the same for one that the caller does not get to see (HAND-15).
        """
        with self._world.lock:
            handle = self.find(handle_id)
            session, ctx = self._behind(handle, caller)
            if handle.id not in self._world.state.handles or not is_seen_by(handle, session, ctx):
                raise unknown()
        return handle, session

    def remove(self, handle_id: str, caller: Caller) -> None:
        """Delete a handle.

        Raises:
            Refusal: 404; 403 for anybody but its owner and services (HAND-8).
        """
        with self._world.lock:
            handle, _session = self.read(handle_id, caller)
            if not caller.server and caller.xuid != handle.owner:
                what = "A handle is deleted by its owner, or a service."
                raise Refusal(403, what, where="the URI", rule="HAND-8")
            self._world.state.remove_handle(handle)

    def activities(self, asked: ActivityQuery, caller: Caller) -> list[JsonObject]:
        """The activities that a query asks for: owner by owner, the newest first (HAND-10, HAND-16).

        Whoever may ask for private sessions may see them (FIND-4), and nobody else gets any (HAND-13).

        Raises:
            Refusal: 403; 400 (FIND-10).
        """
        require_right(asked.query, caller)
        with self._world.lock:
            standing = self._settled_activities(self._owners(asked.owners), caller)
        found = [(handle, session) for handle, session in standing if is_asked_for(handle, session, asked)]
        return [activity_as_json(handle, session, asked) for handle, session in found[: asked.query.take]]

    def _settled_activities(self, owners: Sequence[str], caller: Caller) -> list[tuple[Handle, Session]]:
        """The activities of these owners with their sessions, each of which is arrived at once (TIME-2)."""
        world = self._world
        owned = [handle for owner in owners for handle in reversed(self._activities_of(owner))]
        refs = {handle.ref.key: handle.ref for handle in owned}
        sessions = {key: world.arrive(ref, caller)[0] for key, ref in refs.items()}
        found = ((handle, sessions[handle.ref.key]) for handle in owned if handle.id in world.state.handles)
        return [(handle, session) for handle, session in found if session]

    def _require_templates(self, asked: HandleWrite) -> None:
        for field, ref in (("sessionRef", asked.ref), ("originSessionRef", asked.origin)):
            if ref:
                self._world.template(ref.scid, ref.template, where=(field,))

    def _activities_of(self, xuid: str) -> list[Handle]:
        state = self._world.state
        return [state.handles[handle_id] for handle_id in state.activities[xuid]]

    def _make_way(self, handle: Handle) -> None:
        """Forget the activity that another replaces, and a handle of old whose id is free again (HAND-1, HAND-2)."""
        state = self._world.state
        for before in self._activities_of(str(handle.owner)) if handle.type == "activity" else ():
            if before.title_id == handle.title_id:
                state.remove_handle(before)
        if handle.id in state.handles:
            state.remove_handle(state.handles[handle.id])

    def _behind(self, handle: Handle, caller: Caller) -> tuple[Session | None, Context]:
        """The session that a handle points at, timers settled, and what the handle opens to the caller."""
        session, ctx = self._world.arrive(handle.ref, caller)
        session = session if points_at(handle, session) else None
        return session, ctx._replace(opens=self._world.opened_by(handle, session, caller))

    def _stands(self, handle: Handle) -> bool:
        if handle.type == "invite":
            return not is_over(handle, self._world.state.now)
        session = self._world.peek(handle.ref)
        if handle.type == "transfer":
            return points_at(handle, session)
        member = session.member(handle.owner) if session else None
        return member is not None and member.status == "active"

    def _owners(self, owners: Sequence[str] | Group) -> Sequence[str]:
        if not isinstance(owners, Group):
            return owners
        state = self._world.state
        graph = state.follows if owners.moniker == "people" else state.favorites
        return sorted(graph.get(owners.xuid, ()), key=lambda xuid: (int(xuid), xuid))
