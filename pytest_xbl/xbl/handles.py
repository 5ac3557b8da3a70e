"""`xbl.handles`: make handles for a test's set-up, and look at those that there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pytest_xbl.errors import XblError, hides_frames, require
from pytest_xbl.mpsd.handles import Handle, HandleType, parse_handle
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.world.people import Principal, User
from pytest_xbl.world.world import World
from pytest_xbl.xbl.references import reference
from pytest_xbl.xbl.refused import RefusalsAsErrors, as_json

if TYPE_CHECKING:
    from pytest_xbl.xbl.sessions import SessionView

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
            XblError: for a handle that the service would not make, with the place and the rule.
        """
        require(Principal, owner, "The owner of a handle is a user or a service of this world")
        _check_arguments(type, invited=invited, origin=origin, attributes=attributes)
        body: dict[str, Any] = {"type": type, "sessionRef": reference(session).as_json()}
        if invited is not None:
            require(User, invited, "Whom an invite is for is a user, as xbl.user makes them")
            body["invitedXuid"] = invited.xuid
        if origin is not None:
            body["originSessionRef"] = reference(origin).as_json()
        if attributes is not None:
            body["inviteAttributes"] = as_json("attributes", attributes)
        with RefusalsAsErrors():
            return self._world.handles.make(parse_handle(body), owner.caller)[0]

    def __getitem__(self, handle_id: str) -> Handle:
        """The handle with this id.

        Raises:
            XblError: if there is none, or not any more.
        """
        found = self._found(handle_id)
        if found is None:
            there_are = ", ".join(map(repr, self)) or "none"
            raise XblError(f"There is no handle {handle_id!r}; there are: {there_are}.")
        return found

    def __contains__(self, handle: object) -> bool:
        """Whether an access now would find this handle, or one with this id."""
        return self._found(handle.id if isinstance(handle, Handle) else handle) is not None

    def __iter__(self) -> Iterator[Handle]:
        """Every handle that an access now would find, in the order in which they were made."""
        return iter(self._world.handles)

    def __len__(self) -> int:
        """How many handles an access now would find."""
        return sum(1 for _ in self)

    def _found(self, handle_id: object) -> Handle | None:
        return self._world.handles.peek(handle_id) if isinstance(handle_id, str) else None


BELONGS_TO = {"invited": "invite", "attributes": "invite", "origin": "transfer"}
"""Which type of handle an argument is for; all but the attributes are needed there."""


def _check_arguments(kind: str, **given: object) -> None:
    for name, value in given.items():
        if value is not None and kind != BELONGS_TO[name]:
            raise XblError(f"The argument {name} is for a handle of type {BELONGS_TO[name]}, and not of type {kind}.")
        if value is None and kind == BELONGS_TO[name] and name != "attributes":
            raise XblError(f"A handle of type {kind} needs the argument {name}.")
