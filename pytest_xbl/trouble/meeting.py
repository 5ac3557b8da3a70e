"""The trouble of a world: the rate limits and the faults that each request meets before it is handled."""

from __future__ import annotations

import io
from collections.abc import Mapping

from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.trouble.faults import FaultQueue
from pytest_xbl.trouble.hanging import Hanging
from pytest_xbl.trouble.limits import Entity, Limits, beyond
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.app import App, Met
from pytest_xbl.wire.body import decompressed, received
from pytest_xbl.wire.hosts import SESSION_DIRECTORY, USER_STATISTICS
from pytest_xbl.wire.journal import Journal
from pytest_xbl.wire.routes import ROUTES
from pytest_xbl.world.state import Account

SERVICES: Mapping[tuple[str, ...], str] = {SESSION_DIRECTORY: "sessiondirectory", USER_STATISTICS: "userstats"}
"""The services with rate limits, by the hosts of their operations (RATE-3)."""
SERVICE_OF: Mapping[str, str] = {route.operation: SERVICES.get(route.hosts, "") for route in ROUTES}
"""The service with rate limits that an operation belongs to; neighbours have none here."""
SEARCHES: Mapping[str, str] = {"post-handle": "search write", "query-handles": "search read"}
"""The operations that may be about search handles, and what these count as."""


class WorldTrouble:
    """The trouble of one world.

    Args:
        journal: of the world.
    """

    def __init__(self, journal: Journal) -> None:
        self.limits = Limits()
        self.faults = FaultQueue(journal)
        self.hanging = Hanging()

    def __str__(self) -> str:
        """A line for each fault that is armed."""
        return str(self.faults)

    def meet(self, request: Met) -> Answer | None:
        """Count a request, and let it meet the faults that are armed for it.

        Raises:
            Refusal: 429 beyond a rate limit (RATE-1).
            XblError: for a fault that needs a socket, where there is none (FAULT-3).
            NobodyThereError: if the service is down (FAULT-4).
        """
        if self.limits.limited():
            self._count(request)
        return self.faults.meet(request) if len(self.faults) else None

    @property
    def owes(self) -> bool:
        """Whether a fault has yet to happen (FAULT-6)."""
        return self.faults.owes

    def take_owed(self) -> str:
        """The complaint about faults that have not happened, which comes once; "" for none (FAULT-6)."""
        return self.faults.take_owed()

    def end(self) -> None:
        """End with the world: no thread keeps a connection silent any more."""
        self.hanging.end()

    def forget(self) -> None:
        """Hold on to no fault, and so to no rival, who may hold on to the world."""
        self.faults.clear()

    def _count(self, request: Met) -> None:
        if request.route.operation not in SEARCHES:
            self._count_toward(SERVICE_OF.get(request.route.operation, ""), request)
            return
        try:
            data = received(request.environ)
        except Refusal:  # it counts all the same, and cannot be read once more
            self._count_toward(SERVICE_OF[request.route.operation], request)
            raise
        self._count_toward(_service_of(request, data), request)

    def _count_toward(self, service: str, request: Met) -> None:
        usage = self.limits.count(entity_of(request.account), service, request.app.world.now)
        if usage:
            raise beyond(usage, request.account.caller.name, service)


def trouble_of(app: App) -> WorldTrouble:
    """The trouble of an app, which has some from now on."""
    if not isinstance(app.trouble, WorldTrouble):
        app.trouble = WorldTrouble(app.journal)
    return app.trouble


def entity_of(account: Account) -> Entity:
    """The user and the title for which requests are counted (RATE-1)."""
    return account.key, account.caller.title_id or ""


def _service_of(request: Met, data: bytes) -> str:
    """The service that counts a request about handles."""
    operation = request.route.operation
    return SEARCHES[operation] if _is_search(request, data) else SERVICE_OF[operation]


def _is_search(request: Met, data: bytes) -> bool:
    """Whether the body says so; whoever handles the request reads it once more."""
    environ = request.environ
    environ.update({"wsgi.input": io.BytesIO(data), "wsgi.input_terminated": True})
    try:
        content = decompressed(data, request.route.body.encoding_of(environ))
        return request.route.body.content_of(content, request.route.method).get("type") == "search"
    except Refusal:
        return False
