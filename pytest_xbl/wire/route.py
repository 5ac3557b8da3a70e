"""One operation: how a request for it looks, and the function that runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.wire.acting import visit_of
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.requests import contract_of
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SESSION_DIRECTORY = ("sessiondirectory.xboxlive.com", "client-sessiondirectory.xboxlive.com")
USER_STATISTICS = ("userstats.xboxlive.com",)
"""The real hosts of these operations (CALL-1)."""


class Route(NamedTuple):
    """One operation.

    Args:
        operation: its name, as the history of a session shows it.
        statuses: what it answers when all is well.
        parameters: of the query string, and what each may hold.
        has_body: whether it reads a body.
        contract: how it reads the contract version.
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

    def visit(self, environ: WSGIEnvironment, caller: Caller, world: World) -> Visit:
        """The visit of a caller; in the session directory a service may act for users (S2S-1).

        Raises:
            Refusal: 400 or 403 for the headers that say so.
        """
        if self.hosts is SESSION_DIRECTORY:
            return visit_of(environ, caller, world, operation=self.operation)
        return Visit(caller, self.operation)
