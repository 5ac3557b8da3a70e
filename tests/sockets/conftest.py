"""Players with connections of their own, as the tests over a socket need them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from bodies import ONE
from pytest_xbl import XboxLive
from pytest_xbl.xbl.people import Principal

PATIENCE = 30  # seconds; only ever used up by a test that fails


class Reply(NamedTuple):
    """A response."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def document(self) -> Any:
        """The body, which is JSON."""
        return json.loads(self.body)


class Player:
    """A user or service with a connection that is kept."""

    def __init__(self, xbl: XboxLive, caller: Principal) -> None:
        address = urlsplit(xbl.url)
        self.headers = caller.headers
        self.connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=PATIENCE)

    def ask(self, method: str, path: str = ONE, body: Any = None, **headers: str) -> Reply:
        """Send a request and read its answer; a dict goes as JSON, underscores of header names as hyphens."""
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if isinstance(body, dict):
            sent["Content-Type"] = "application/json; charset=utf-8"
            body = json.dumps(body)
        self.connection.request(method, path, body=body, headers=sent)
        answer = self.connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read())


@pytest.fixture
def connect(xbl: XboxLive) -> Iterator[Callable[[Principal], Player]]:
    """Gives somebody a connection, which is closed after the test."""
    with ExitStack() as connections:

        def connected(caller: Principal) -> Player:
            player = Player(xbl, caller)
            connections.enter_context(closing(player.connection))
            return player

        yield connected
