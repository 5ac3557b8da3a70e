"""A client of real-time activity, as the tests over a socket and the benchmarks need it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any

from websockets.sync.client import ClientConnection, connect

from pytest_xbl import User, XboxLive

CONNECTIONS = "https://sessiondirectory.xboxlive.com/connections/"
PATIENCE = 30  # seconds; only ever used up by a test that fails


class RtaClient:
    """A connection of a user.

    Args:
        query: of the request.
        url: of the server, if it is not that of the world.
        more: arguments for the library.
    """

    def __init__(self, xbl: XboxLive, user: User | None, *, query: str = "", url: str = "", **more: Any) -> None:
        url = f"{url or xbl.url.replace('http', 'ws', 1)}/connect{query}"
        headers = user.headers if user else {}
        # Older versions do not close before all is read, or this time is over.
        usual = {"open_timeout": PATIENCE, "close_timeout": 1, "compression": None}
        given: dict[str, Any] = {"additional_headers": headers, **usual, **more}
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(connect(url, **given))
        self.seq = 0

    def close(self) -> None:
        """Close the connection."""
        self._open.close()

    def send(self, *message: Any) -> None:
        """Send a message."""
        self.socket.send(json.dumps(message))

    def read(self) -> Any:
        """The next message of the service."""
        return json.loads(self.socket.recv(PATIENCE))

    def ask(self, *message: Any) -> Any:
        """Send a message, and read the next one."""
        self.send(*message)
        return self.read()

    def subscribe(self, uri: str) -> Any:
        """Subscribe to a resource; gives its data now."""
        reply = self.ask(1, self.seq, uri)
        assert reply[:3] == [1, self.seq, 0], reply
        self.seq += 1
        return reply[4]

    def connection(self) -> str:
        """Subscribe to the sessions; gives the ConnectionId."""
        data = self.subscribe(CONNECTIONS)
        assert list(data) == ["ConnectionId"]
        return str(data["ConnectionId"])

    def tap(self) -> dict[str, Any]:
        """The next message, which is a single tap."""
        kind, _, data = self.read()
        assert (kind, list(data), len(data["shoulderTaps"])) == (3, ["ncid", "shoulderTaps"], 1)
        found: dict[str, Any] = data["shoulderTaps"][0]
        return found
