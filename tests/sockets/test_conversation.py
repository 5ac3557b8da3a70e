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
    """Nobody waits for a thread that has not begun, and nothing is sent (TAP-4)."""
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
        assert theirs.recv(65536).startswith(b"HTTP/1.1 101 ")
        assert theirs.recv(1) == b""
    assert [one.text for one in conversation.said] == ["[4]"]
