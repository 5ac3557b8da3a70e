"""A request, read: what every operation is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import Caller, JsonObject, SessionRef
from pytest_xbl.mpsd.preconditions import Preconditions
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Call(NamedTuple):
    """A request, read.

    Args:
        visit: who calls, which operation, and what comes of it.
        names: the parts of the path that are names.
        parameters: of the query string, checked one by one.
        body: {} where the operation takes none.
        environ: of the request, for an operation that is about the connection.
        handle: the one through which the caller comes to the session.
    """

    world: World
    visit: Visit
    contract: int
    names: Mapping[str, str]
    parameters: Mapping[str, str]
    preconditions: Preconditions
    body: JsonObject
    environ: WSGIEnvironment
    handle: Handle | None = None

    @property
    def caller(self) -> Caller:
        """The claims of whoever calls."""
        return self.visit.caller

    @property
    def viewer(self) -> str:
        """The xuid of the user who sees the response; "" for a service that acts for nobody."""
        return self.caller.xuid or ""

    @property
    def ref(self) -> SessionRef:
        """The session that the path names, or the handle points at."""
        if self.handle:
            return self.handle.ref
        return SessionRef(self.names["scid"], self.names["template"], self.names["name"])
