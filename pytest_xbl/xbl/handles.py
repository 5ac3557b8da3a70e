"""`xbl.handles`: make handles for a test's set-up, and look at those that there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.handles import add_handle
from pytest_xbl.arrange.records import checked, record_of
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.handles import Handle, HandleType
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.world.handles import all_handles, peek_handle
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import Principal, User, require_ours
from pytest_xbl.xbl.references import reference_in
from pytest_xbl.xbl.session import SessionView

__tracebackhide__ = hides_frames


class Handles:
    """All handles of a world: activities, invites and transfers."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(
        self,
        type: HandleType,  # noqa: A002 -- the field has this name
        session: SessionView | SessionRef | tuple[str, str, str],
        *,
        owner: Principal,
        invited: User | None = None,
        origin: SessionView | SessionRef | tuple[str, str, str] | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> Handle:
        """Make a handle, as if its owner had posted it.

        Args:
            type: "activity", "invite" or "transfer".
            session: where it points; there need not be such a session yet.
            owner: whose activity it is, who invites, or who lets others in.
            invited: the user whom an invite is for.
            origin: of a transfer: the session whose members it lets in.
            attributes: of an invite: `titleId`, `context`, `contextString`, `senderString`.

        Raises:
            XblError: for a handle that the service would not make, with the argument and the rule.
        """
        require_ours(self._world, owner, where="owner", kind=Principal)
        if invited is not None:
            require_ours(self._world, invited, where="invited")
        record = record_of(
            {
                "type": type,
                "session": reference_in(self._world, session, where="session").as_json(),
                "invited": {"xuid": invited.xuid} if invited else None,
                "origin": reference_in(self._world, origin, where="origin").as_json() if origin is not None else None,
                "attributes": attributes,
            }
        )
        with RefusalsAsErrors("type"):
            return add_handle(self._world, checked("handles", record), {}, owner._caller)

    def __getitem__(self, handle_id: str) -> Handle:
        """The handle with this id.

        Raises:
            XblError: if there is none, or not any more.
        """
        found = self._found(handle_id)
        if found is None:
            there_are = ", ".join(map(repr, self)) or "none"
            raise XblError(f"There is no handle {shown(handle_id)}; there are: {there_are}.", rule="HAND-7")
        return found

    def __contains__(self, handle: object) -> bool:
        """Whether an access now would find this handle, or one with this id."""
        return self._found(handle.id if isinstance(handle, Handle) else handle) is not None

    def __iter__(self) -> Iterator[Handle]:
        """Every handle that an access now would find, in the order in which they were made."""
        return iter(all_handles(self._world))

    def __len__(self) -> int:
        """The number of handles that an access now would find."""
        return len(all_handles(self._world))

    def _found(self, handle_id: object) -> Handle | None:
        return peek_handle(self._world, handle_id) if isinstance(handle_id, str) else None
