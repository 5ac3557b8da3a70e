"""A websocket on the connection of a request: the protocol is of the package websockets, the bytes are ours.

The thread of the connection receives; any thread may send.
One lock is held around every use of the connection, because a TLS connection must not be used by two threads at
once; nobody waits while holding it.
So sending never waits: what the connection does not take is kept, and its own thread sends it later (TAP-16).
"""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from typing import Any, NamedTuple

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

MOST_KEPT = 4 * 1024 * 1024
"""The most bytes that wait for a client that does not read (TAP-16)."""
PORTION = 64 * 1024
WAITS = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""The errors of a connection that has nothing to receive, or no room to send."""
Selector: Any = getattr(selectors, "PollSelector", selectors.SelectSelector)  # without a descriptor of its own


class Received(NamedTuple):
    """A whole message of a client."""

    data: bytes
    is_text: bool


class Handshake:
    """The first step: the request for a websocket, and the response to it.

    Args:
        path: of the request.
        headers: of the request, those about websockets.
        longest: of a message, in bytes.

    Raises:
        ValueError: for a request that does not ask for a websocket, with the reason.
    """

    def __init__(self, path: str, headers: Mapping[str, str], *, longest: int) -> None:
        lines = (f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "\r\n")
        self.protocol = ServerProtocol(max_size=longest, select_subprotocol=_first_offered)
        self.protocol.receive_data("\r\n".join(lines).encode("latin-1"))
        requests = [event for event in self.protocol.events_received() if isinstance(event, Request)]
        responses = [self.protocol.accept(request) for request in requests]
        if error := self.protocol.handshake_exc:
            raise ValueError(str(error) or type(error).__name__)
        [self._response] = responses

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the response."""
        return dict(self._response.headers.raw_items())

    def finish(self) -> None:
        """Let the protocol send the response."""
        self.protocol.send_response(self._response)


def _first_offered(_protocol: ServerProtocol, offered: Any) -> Any:
    """Accept whatever subprotocol a client offers: many insist, each on another (TAP-11)."""
    return offered[0] if offered else None


class WebSocket:
    """A connection after its handshake.

    Args:
        connection: plain, or with TLS; nobody else uses it from now on.
        received: bytes that have come behind the request already.
    """

    def __init__(self, connection: socket.socket, handshake: Handshake, received: bytes) -> None:
        connection.settimeout(0)
        self._connection = connection
        self._protocol = handshake.protocol
        self._lock = threading.Lock()
        self._unsent = bytearray()
        self._has_more = self._is_over = False
        self._parts: list[Frame] = []
        self._ear, self._bell = socket.socketpair()
        self._bell.settimeout(0)
        with self._lock:
            handshake.finish()
            if received:
                self._protocol.receive_data(received)
            self._send_all()

    def send(self, text: str) -> None:
        """Send a message, if the connection is still open."""
        with self._lock:
            if self._protocol.state is OPEN and not self._is_over:
                self._protocol.send_text(text.encode())
                self._send_all()
                self._ring()

    def close(self, code: int, reason: str) -> None:
        """Tell the client that the connection ends."""
        with self._lock:
            if self._protocol.state is OPEN:
                self._protocol.send_close(code, reason)
                self._send_all()

    def cut(self) -> None:
        """End the connection without a word; its thread notices."""
        with self._lock:
            self._cut()

    def messages(self) -> Iterator[Received]:
        """Every message of the client, as it comes; ends with the connection."""
        with closing(self._ear), closing(self._bell), closing(Selector()) as selector:
            selector.register(self._connection, selectors.EVENT_READ)
            selector.register(self._ear, selectors.EVENT_READ)
            while not self._is_over:
                with self._lock:
                    frames = self._receive()
                for frame in frames:
                    yield from self._whole(frame)
                if not (self._has_more or self._is_over):
                    self._wait(selector)

    @property
    def broken_rule(self) -> str:
        """The reason why the client has ended the connection by bytes that are no websocket's; "" if it has not."""
        error = self._protocol.parser_exc
        return "" if error is None or isinstance(error, EOFError) else str(error) or type(error).__name__

    def _receive(self) -> list[Frame]:
        """The frames that have come; the lock is held."""
        data = self._received()
        if data:
            self._protocol.receive_data(data)
        elif data == b"":
            self._protocol.receive_eof()
        frames = [frame for frame in self._protocol.events_received() if isinstance(frame, Frame)]
        self._send_all()
        self._is_over = self._is_over or data == b"" or (self._protocol.close_expected() and not self._unsent)
        return frames

    def _received(self) -> bytes | None:
        """Bytes that have come, b"" at their end, or None for none; the lock is held."""
        try:
            data = self._connection.recv(PORTION)
        except WAITS:
            self._has_more = False
            return None
        except OSError:
            return b""
        self._has_more = bool(getattr(self._connection, "pending", int)())
        return data

    def _send_all(self) -> None:
        """Send what the protocol has to say, and what has been kept; the lock is held."""
        for data in self._protocol.data_to_send():
            self._unsent += data  # an empty one asks for the end, which `messages` sees
        try:
            while self._unsent:
                del self._unsent[: self._connection.send(bytes(self._unsent[:PORTION]))]
        except WAITS:
            if len(self._unsent) > MOST_KEPT:
                self._cut()
        except OSError:
            self._cut()

    def _ring(self) -> None:
        """Wake the thread of the connection if something has been kept, for it to send; the lock is held."""
        if self._unsent:
            with suppress(OSError):  # it has been rung often enough, or the thread is gone
                self._bell.send(b"\0")

    def _cut(self) -> None:
        """Shut the connection down; the lock is held."""
        self._is_over = True
        self._unsent.clear()
        with suppress(OSError):
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)  # that of TLS would drop the encryption

    def _wait(self, selector: Any) -> None:
        """Wait until something comes, or until kept bytes can go."""
        writes = selectors.EVENT_WRITE if self._unsent else 0
        selector.modify(self._connection, selectors.EVENT_READ | writes)
        for key, _ in selector.select():
            if key.fileobj is self._ear:
                self._ear.recv(PORTION)

    def _whole(self, frame: Frame) -> Iterator[Received]:
        """The message that a frame completes; nothing for another one."""
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return
        self._parts.append(frame)
        if frame.fin:
            data = b"".join(bytes(part.data) for part in self._parts)
            yield Received(data, is_text=self._parts[0].opcode is Opcode.TEXT)
            self._parts = []
