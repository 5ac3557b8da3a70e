"""The gate: one port in front of the worlds for everything that a client of a real host can begin with.

That is TLS at once, as from a connection that was led here; CONNECT, as a proxy has it, and TLS in the tunnel; and
requests in plain HTTP, for a path or, as a proxy has it, for a whole URL.
It connects to nothing.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from pytest_xbl.hosts.egress import Egress, text_of
from pytest_xbl.hosts.known import HTTPS, is_xbox_live, name_of
from pytest_xbl.wire.answer import REFUSAL_HEADER, one_line
from pytest_xbl.wire.server import KeepAliveHandler, XblServer, linger
from pytest_xbl.wire.switchboard import Switchboard

if TYPE_CHECKING:
    from pytest_xbl.wire.head import Environ

HANDSHAKE = 10.0
"""The seconds that a client has to shake hands."""
_TLS = b"\x16"  # the first byte of a handshake (RFC 8446, 5.1)
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[^:/?#@\[\]]+)(?::([0-9]{1,5}))?", re.IGNORECASE)
_PLAIN_AT_TLS = "Port 443 speaks TLS, and the client sent plain HTTP: the URL must begin with https."
_TLS_AT_PLAIN = "Port 80 speaks plain HTTP, and the client sent TLS: the URL must begin with http."
_TOO_EARLY = "A client must wait for the response to CONNECT before it sends more."
_IN_TLS = "CONNECT must come without TLS: the URL of this proxy begins with http."
_NO_AUTHORITY = "CONNECT names a host and a port, such as sessiondirectory.xboxlive.com:443."
_DIRECTLY = "pytest-xbl: this proxy connects to nothing, so reach {} directly, as NO_PROXY says."


class Gate(XblServer[Switchboard]):
    """The server of the real hosts.

    Args:
        app: the worlds.
        opened: as of any server.
        egress: refuses what a test may not reach.
        context: gives the context that answers handshakes.
    """

    def __init__(
        self,
        app: Switchboard,
        *,
        opened: Callable[[], Mapping[str, object]],
        egress: Egress,
        context: Callable[[], ssl.SSLContext],
    ) -> None:
        super().__init__(app, opened=opened)
        self.egress = egress
        self.context = context

    def handler(self) -> type[KeepAliveHandler]:
        """The class of what handles a connection."""
        return _GateHandler


class _GateHandler(KeepAliveHandler):
    """One connection to the gate."""

    port = 0
    """The port to which a tunnel was asked for."""

    def setup(self) -> None:
        """Open both directions of the connection, by TLS if the client begins with it."""
        if self._next_byte() == _TLS:
            self._shake_hands()
        super().setup()
        if not self._is_plain:
            self.shared_environ["wsgi.url_scheme"] = "https"

    def answer(self, head: Environ) -> None:
        """Answer a request, or begin a tunnel, or say why not."""
        if head["REQUEST_METHOD"] == "CONNECT":
            self._connect(head)
        elif self._is_plain and (self.port == HTTPS or head.get("HTTP_HOST", "").endswith(":443")):
            self.send_error(HTTPStatus.BAD_REQUEST, _PLAIN_AT_TLS)
        elif head["REQUEST_URI"].startswith(("/", "*")) or self._may_pass(*_host_and_port(head["HTTP_HOST"])):
            super().answer(head)

    def finish(self) -> None:
        """Close; the server knows only the socket that TLS took the place of."""
        super().finish()
        if not self._is_plain:
            self._close()

    @property
    def _is_plain(self) -> bool:
        return not isinstance(self.request, ssl.SSLSocket)

    def _next_byte(self) -> bytes:
        """The byte that the client sends next; b"" if it sends no more."""
        received: bytes = self.request.recv(1, socket.MSG_PEEK)
        return received

    def _shake_hands(self) -> None:
        """Go on with TLS.

        Raises:
            OSError: for a client that does not come to terms within `HANDSHAKE`.
        """
        plain = self.request
        plain.settimeout(HANDSHAKE)
        context = self._gate.context()
        self.request = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self.server.exchange(plain, self.request)
        try:
            self.request.do_handshake()
        except OSError:
            linger(self.request)  # the client is to get the alert
            self._close()
            raise
        self.request.settimeout(None)

    def _close(self) -> None:
        self.server.open.pop(self.request, None)
        with suppress(OSError):
            self.request.close()

    @property
    def _gate(self) -> Gate:
        return cast("Gate", self.server.owner)

    def _connect(self, head: Environ) -> None:
        """Begin a tunnel to a host of Xbox Live."""
        host, port = _host_and_port(head["REQUEST_URI"])
        if not self._is_plain:
            self.send_error(HTTPStatus.BAD_REQUEST, _IN_TLS)
        elif not (host and port):
            self.send_error(HTTPStatus.BAD_REQUEST, _NO_AUTHORITY)
        elif self.incoming.waiting:
            self.send_error(HTTPStatus.BAD_REQUEST, _TOO_EARLY)
        elif self._may_pass(host, port):
            self._open_tunnel(port)

    def _open_tunnel(self, port: int) -> None:
        self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.close_connection, self.port = False, port
        begins_tls = self._next_byte() == _TLS
        if begins_tls and port != HTTPS:
            self.send_error(HTTPStatus.BAD_REQUEST, _TLS_AT_PLAIN)
        elif begins_tls:
            self.setup()

    def _may_pass(self, host: str, port: int) -> bool:
        """Whether a host is served here; if not, the client gets the reason, which most show by its phrase alone."""
        refusal = self._gate.egress.refuse(host, port, self.server.open[self.request])
        if refusal:
            self._turn_away(text_of(refusal), refusal.text, (REFUSAL_HEADER, one_line(refusal)))
        elif not is_xbox_live(host):
            self._turn_away(_DIRECTLY.format(host), _DIRECTLY.format(host))
        else:
            return True
        return False

    def _turn_away(self, phrase: str, text: str, *headers: tuple[str, str]) -> None:
        self.close_connection = True
        headers = (("Content-Type", "text/plain; charset=utf-8"), *headers)
        self.connection.sendall(self.response(f"403 {phrase}", [*headers], text.encode()))


def _host_and_port(authority: str) -> tuple[str, int]:
    """The host that a proxy is asked for, and the port, which is 0 if there is none; no host if it is malformed."""
    named = _AUTHORITY.fullmatch(authority)
    return (name_of(named[1]), int(named[2] or 0)) if named else ("", 0)
