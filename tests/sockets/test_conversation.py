"""A conversation before its connection is there, which another thread may end already (TAP-4)."""

from __future__ import annotations

import socket

from people import person
from pytest_xbl import XboxLive
from pytest_xbl.wire.conversation import HEADERS, begin

ENVIRON = {
    "PATH_INFO": "/connect",
    "HTTP_HOST": "localhost",
    "HTTP_UPGRADE": "websocket",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
}


def test_a_connection_that_is_cut_before_it_is_there_ends_at_once(xbl: XboxLive) -> None:
    """Nobody waits for a thread that has not begun; what was to be sent by then is sent (TAP-4)."""
    assert ENVIRON.keys() - {"PATH_INFO"} <= set(HEADERS.values())
    stacy = xbl.user("Stacy")
    conversation = begin(xbl._world, person(xbl, "Stacy")._account, ENVIRON)
    conversation.resync()
    xbl.rta.drop(stacy)
    conversation.close("Nobody hears it.")
    conversation.wait()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        conversation.talk(ours, b"")
        received = b""
        while more := theirs.recv(65536):
            received += more
        assert received.startswith(b"HTTP/1.1 101 ")
        assert received.endswith(b"\r\n\r\n\x81\x03[4]")
    assert [one.text for one in conversation.said] == ["[4]"]
