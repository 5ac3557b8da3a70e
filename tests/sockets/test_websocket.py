"""A websocket on a connection: whole messages in, messages out from any thread, and nobody waits (TAP-12, TAP-16)."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from anonymous_tls import context
from pytest_xbl.wire.websocket import MOST_KEPT, Handshake, Received, WebSocket

PATIENCE = 30  # seconds; only ever used up by a test that fails
HEADERS = {
    "Host": "localhost",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
TEXT, BINARY, CONTINUED, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
MASK = bytes(4)
"""The mask that changes nothing."""


def frame(data: bytes, kind: int = TEXT, *, is_last: bool = True) -> bytes:
    """A frame as a client sends it (RFC 6455, 5.2)."""
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data))
    return bytes([(0x80 if is_last else 0) | kind]) + length + MASK + data


class Pair:
    """A websocket and the connection of its client, plain or with TLS; its thread keeps what comes."""

    def __init__(self, ours: socket.socket, theirs: socket.socket, received: bytes = b"") -> None:
        self.theirs = theirs
        self.got: list[Received] = []
        theirs.settimeout(PATIENCE)
        self.websocket = WebSocket(ours, Handshake("/connect", HEADERS, longest=1000), received)
        self.thread = threading.Thread(target=lambda: self.got.extend(self.websocket.messages()))
        self.thread.start()
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += theirs.recv(1)
        self.status = head.split(b" ")[1]

    def read(self) -> tuple[int, bytes]:
        """The next frame of the service: its kind and its data."""
        kind, length = self.take(2)
        if length == 126:
            (length,) = struct.unpack("!H", self.take(2))
        return kind & 0x0F, self.take(length)

    def take(self, size: int) -> bytes:
        """So many bytes, or those that come before the end."""
        data = b""
        while len(data) < size and (more := self.theirs.recv(size - len(data))):
            data += more
        return data

    def end(self) -> list[Received]:
        """End the connection, and give all messages."""
        self.theirs.close()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        return self.got


def plain() -> tuple[socket.socket, socket.socket]:
    """Two ends of a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        theirs = socket.create_connection(server.getsockname())
        return server.accept()[0], theirs


def encrypted() -> tuple[socket.socket, socket.socket]:
    """Two ends of a connection with TLS."""
    ours, theirs = plain()
    secured: list[socket.socket] = []
    secure = context(server=True)
    shake = threading.Thread(target=lambda: secured.append(secure.wrap_socket(ours, server_side=True)))
    shake.start()
    client = context(server=False).wrap_socket(theirs)
    shake.join()
    return secured[0], client


@pytest.fixture(params=[plain, encrypted])
def make(request: pytest.FixtureRequest) -> Iterator[Callable[..., Pair]]:
    """Makes pairs, which are ended after the test."""
    with ExitStack() as pairs:

        def pair(received: bytes = b"") -> Pair:
            ours, theirs = request.param()
            pairs.callback(ours.close)
            made = Pair(ours, theirs, received)
            pairs.callback(made.end)
            return made

        yield pair


@pytest.fixture
def pair(make: Callable[..., Pair]) -> Pair:
    """One pair."""
    return make()


def text(data: bytes) -> Received:
    """A message of text."""
    return Received(data, is_text=True)


def test_messages_come_whole(pair: Pair) -> None:
    """Also those in several frames, between which others may come (RFC 6455, 5.4)."""
    assert pair.status == b"101"
    pair.theirs.sendall(frame(b"one") + frame(b"tw", is_last=False) + frame(b"", PING))
    pair.theirs.sendall(frame(b"o", CONTINUED, is_last=False) + frame(b"!", CONTINUED) + frame(b"\0", BINARY))
    assert pair.read() == (PONG, b"")
    assert pair.end() == [text(b"one"), text(b"two!"), Received(b"\0", is_text=False)]


def test_bytes_behind_the_request_are_messages(make: Callable[..., Pair]) -> None:
    """A client need not wait for the response (RFC 6455, 4.1)."""
    pair = make(frame(b"early"))
    pair.theirs.sendall(frame(b"late"))
    assert pair.end() == [text(b"early"), text(b"late")]


def test_a_ping_is_answered(pair: Pair) -> None:
    """With what it holds (RFC 6455, 5.5.2)."""
    pair.theirs.sendall(frame(b"x", PING))
    assert pair.read() == (PONG, b"x")


def test_a_client_that_says_goodbye_is_answered(pair: Pair) -> None:
    """With the same code, and then nothing comes any more (RFC 6455, 5.5.1)."""
    pair.theirs.sendall(frame(struct.pack("!H", 1000), CLOSE) + frame(b"too late"))
    assert pair.read() == (CLOSE, struct.pack("!H", 1000))
    pair.websocket.send("nobody listens")
    assert pair.end() == []
    assert pair.websocket.broken_rule == ""


def test_a_message_that_is_too_long_ends_the_connection(pair: Pair) -> None:
    """With 1009, in parts as well (TAP-12)."""
    pair.theirs.sendall(frame(b"x" * 600, is_last=False) + frame(b"x" * 600, CONTINUED))
    kind, data = pair.read()
    assert (kind, data[:2]) == (CLOSE, struct.pack("!H", 1009))
    assert pair.end() == []
    assert pair.websocket.broken_rule


def test_bytes_that_are_none_of_a_websocket_end_the_connection(pair: Pair) -> None:
    """With 1002 (TAP-12)."""
    pair.theirs.sendall(b"GET / HTTP/1.1\r\n\r\n")
    kind, data = pair.read()
    assert (kind, data[:2]) == (CLOSE, struct.pack("!H", 1002))
    assert pair.end() == []
    assert pair.websocket.broken_rule


def test_the_service_says_goodbye(pair: Pair) -> None:
    """With a code and a reason, once (RFC 6455, 5.5.1)."""
    for _ in range(2):
        pair.websocket.close(1001, "Going away")
    assert pair.read() == (CLOSE, struct.pack("!H", 1001) + b"Going away")
    pair.theirs.sendall(frame(struct.pack("!H", 1001), CLOSE))
    assert pair.end() == []


def test_a_connection_can_be_cut(pair: Pair) -> None:
    """By any thread; the client sees the end, and its own thread ends (TAP-4)."""
    pair.websocket.cut()
    pair.thread.join(PATIENCE)
    assert not pair.thread.is_alive()
    with suppress(OSError):
        assert pair.theirs.recv(1) == b""
    pair.websocket.send("nobody listens")
    pair.websocket.cut()


def test_many_threads_send_while_the_client_does(pair: Pair) -> None:
    """Every message arrives once, and those of a thread in its order (TAP-2)."""

    def send(sender: int) -> None:
        for number in range(200):
            pair.websocket.send(f"{sender} {number}")

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(4)]
    for thread in threads:
        thread.start()
    got: list[str] = []
    for number in range(200):
        pair.theirs.sendall(frame(b"%d" % number))  # nobody but this thread uses the connection of the client
        got += [pair.read()[1].decode() for _ in threads]
    for thread in threads:
        thread.join()
    for sender in range(4):
        assert [one for one in got if one.startswith(f"{sender} ")] == [f"{sender} {n}" for n in range(200)]
    assert pair.end() == [text(b"%d" % number) for number in range(200)]


def test_what_a_slow_client_does_not_take_is_kept_for_it(pair: Pair) -> None:
    """Nobody waits for it, and it gets everything as soon as it reads (TAP-16)."""
    message = "x" * 60_000
    for _ in range(60):
        pair.websocket.send(message)
    assert [pair.read() for _ in range(60)] == [(TEXT, message.encode())] * 60
    pair.theirs.sendall(frame(b"", PING))
    assert pair.read() == (PONG, b"")


def test_a_client_that_never_reads_is_cut_off(pair: Pair) -> None:
    """As soon as too much waits for it; nobody waits (TAP-16)."""
    message = "x" * 60_000
    for _ in range(20 * MOST_KEPT // len(message)):
        pair.websocket.send(message)
    pair.thread.join(PATIENCE)
    assert not pair.thread.is_alive()


def broken(connection: socket.socket) -> None:
    """Break a connection, so that the other end gets an error."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_a_connection_that_breaks_ends(pair: Pair) -> None:
    """As one that the client closes (TAP-4)."""
    broken(pair.theirs)
    assert pair.end() == []


@pytest.mark.parametrize("make_two", [plain, encrypted])
def test_whoever_sends_notices_that_a_connection_is_broken(make_two: Callable[[], Any]) -> None:
    """Before its own thread does; nothing is kept for nobody (TAP-16)."""
    ours, theirs = make_two()
    websocket = WebSocket(ours, Handshake("/connect", HEADERS, longest=1000), b"")
    broken(theirs)
    for _ in range(3):
        websocket.send("x" * 1000)
    assert [*websocket.messages()] == []
    ours.close()


def test_a_client_that_is_gone_is_noticed_by_whoever_sends(pair: Pair) -> None:
    """Without an error (TAP-4)."""
    pair.theirs.close()
    pair.thread.join(PATIENCE)
    for _ in range(3):
        pair.websocket.send("nobody listens")
    assert not pair.thread.is_alive()
