"""The bytes of one connection, taken as a head, a body or a line needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_xbl.wire.head import MAX_LINE

if TYPE_CHECKING:
    import socket

_PORTION = 65536  # bytes that are received at a time


class Incoming:
    """The bytes that a connection has received and nobody has taken yet."""

    def __init__(self, connection: socket.socket) -> None:
        self._receive = connection.recv
        self.waiting = b""

    def more(self) -> bool:
        """Wait for more bytes; false if the client sends no more."""
        received = self._receive(_PORTION)
        self.waiting += received
        return received != b""

    def take(self, size: int) -> bytes:
        """So many bytes, or less if the client sends no more."""
        parts = [self.waiting]
        missing = size - len(self.waiting)
        while missing > 0 and (received := self._receive(_PORTION)):
            parts.append(received)
            missing -= len(received)
        whole = b"".join(parts)
        self.waiting = whole[size:]
        return whole[:size]

    def line(self) -> bytes:
        """All up to the next line feed, or as much as a line may have."""
        while b"\n" not in self.waiting and len(self.waiting) <= MAX_LINE and self.more():
            pass
        return self.take(self.waiting.find(b"\n") + 1 or len(self.waiting))
