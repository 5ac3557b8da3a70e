"""One operation: how a request for it looks, and the function that runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.names import require_handle_id, require_index, require_name, require_scid
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.userstats.requests import parse_names, parse_user
from pytest_xbl.wire.acting import visit_of
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.body import JSON_BODY, BodyKind
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.hosts import SESSION_DIRECTORY
from pytest_xbl.wire.requests import account_of, contract_of
from pytest_xbl.world.state import Account
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

NAME_CHECKS: Mapping[str, Callable[[str], object]] = {
    "scid": require_scid,
    "template": partial(require_name, "template"),
    "name": partial(require_name, "session"),
    "index": require_index,
    "server": partial(require_name, "server"),
    "id": require_handle_id,
    "xuid": parse_user,
    "names": parse_names,
}
"""The checks of the parts of a path that are names."""


class Route(NamedTuple):
    """One operation.

    Args:
        operation: its name, as the history of a session shows it.
        statuses: what it answers when all is well.
        parameters: of the query string, and what each may hold.
        has_body: whether it reads a body.
        hosts: the real hosts at which it is (CALL-1).
        contract: how it reads the contract version.
        body: how it reads the body.
        identify: how it finds out who calls.
        checks: of the names in the path, by the names of the parts.
    """

    operation: str
    method: str
    path: str
    run: Callable[[Call], Answer]
    statuses: tuple[int, ...]
    rules: tuple[str, ...]
    parameters: Mapping[str, Field] = {}
    has_body: bool = False
    hosts: tuple[str, ...] = SESSION_DIRECTORY
    contract: Callable[[WSGIEnvironment], int] = contract_of
    body: BodyKind = JSON_BODY
    identify: Callable[[WSGIEnvironment, World], Account] = account_of
    checks: Mapping[str, Callable[[str], object]] = NAME_CHECKS

    def visit(self, environ: WSGIEnvironment, caller: Caller, world: World) -> Visit:
        """The visit of a caller; in the session directory a service may act for users (S2S-1).

        Raises:
            Refusal: 400 or 403 for the headers that say so.
        """
        if self.hosts is SESSION_DIRECTORY:
            return visit_of(environ, caller, world, operation=self.operation)
        return Visit(caller, self.operation)
