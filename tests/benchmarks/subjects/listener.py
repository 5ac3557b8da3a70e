"""A client of real-time activity that costs next to nothing: it reads when it is told to, and has no thread."""

from __future__ import annotations

import json
import socket
from typing import Any

from pytest_xbl import User

CONNECTIONS = "https://sessiondirectory.xboxlive.com/connections/"
HANDSHAKE = (
    "GET /connect HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: {}\r\n\r\n"
)
MEDIUM, LONG = 126, 127
"""The lengths in a frame that say that the true one follows, in two or in eight bytes (RFC 6455, 5.2)."""


class Listener:
    """A connection that has subscribed to sessions.

    Args:
        connection: to the server, plain or with TLS.
        user: whose it is.
    """

    def __init__(self, connection: socket.socket, user: User) -> None:
        self.socket = connection
        self.socket.sendall(HANDSHAKE.format(user.authorization).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.socket.recv(1)
        self.received = b""
        subscribe = json.dumps([1, 0, CONNECTIONS]).encode()
        self.socket.sendall(bytes([0x81, 0x80 | len(subscribe)]) + bytes(4) + subscribe)
        [(_, _, _, _, data)] = self.read(1)
        self.id: str = data["ConnectionId"]

    def read(self, count: int) -> list[Any]:
        """The next messages, so many; waits for them."""
        messages: list[Any] = []
        while len(messages) < count:
            messages += self.whole()
            if len(messages) < count:
                self.receive()
        return messages

    def receive(self) -> None:
        """Receive what there is, or wait for it.

        Raises:
            EOFError: if the server has ended the connection.
        """
        data = self.socket.recv(1 << 20)
        if not data:
            raise EOFError
        self.received += data

    def whole(self) -> list[Any]:
        """The messages that have been received in whole."""
        messages = []
        while (end := _end_of_frame(self.received)) and end[1] <= len(self.received):
            messages.append(json.loads(self.received[end[0] : end[1]]))
            self.received = self.received[end[1] :]
        return messages


def _end_of_frame(received: bytes) -> tuple[int, int] | None:
    """The places where the data of the first frame begin and end; None if its head is not there yet."""
    if len(received) < 2:
        return None
    length, begin = received[1], 2
    if length in (MEDIUM, LONG):
        begin = 4 if length == MEDIUM else 10
        if len(received) < begin:
            return None
        length = int.from_bytes(received[2:begin], "big")
    return begin, begin + length


def subscribed(connection: str) -> dict[str, Any]:
    """The body by which a member subscribes to everything on a connection."""
    subscription = {"id": "81a3266d-3066-4d55-9a16-2034ee70a850", "changeTypes": ["everything"]}
    system = {"active": True, "connection": connection, "subscription": subscription}
    return {"members": {"me": {"properties": {"system": system}}}}
