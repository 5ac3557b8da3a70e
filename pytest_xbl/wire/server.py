"""The socket in front of the app: an HTTP/1.1 server that keeps connections and hands over whole requests.

A request is read in full before the app is asked.
So a client that hangs up, or does not say where its body ends, never reaches the app, and a connection is
always clean for its next request.
"""

from __future__ import annotations

import io
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pytest_httpserver.httpserver import HTTPServerBase, HTTPServerError
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response
from werkzeug.wsgi import LimitedStream

from pytest_xbl.wire.head import (
    END_OF_HEAD,
    HALF_A_BODY,
    HALF_A_HEAD,
    MAX_HEADERS,
    NO_EMPTY_LINE,
    Environ,
    Malformed,
    check_start,
    check_trailer,
    expects_continue,
    keeps_connection,
    parse_chunk_size,
    parse_head,
    require_printable,
)
from pytest_xbl.wire.hosts import LOOPBACK_OF
from pytest_xbl.wire.incoming import Incoming
from pytest_xbl.wire.lost import LostConnectionError
from pytest_xbl.wire.upgrade import UPGRADE, Upgrade

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from werkzeug.wrappers import Request

AnyApp = TypeVar("AnyApp", bound="WSGIApplication")

MAX_BODY = 16 * 1024 * 1024
"""The longest request body that is read, in bytes."""

_POLL = 0.01  # seconds; bounds how long `stop` waits
_LINGER = 1.0  # seconds of silence after which a closing connection is given up
_LINGER_READS = 4096  # of 64 KiB each, so that an endless body ends


class XblServer(HTTPServerBase, Generic[AnyApp]):
    """A WSGI app on a port of this machine, with a thread for each connection.

    It starts and stops like any server of pytest-httpserver, also as a context manager, but knows no
    expectations and keeps no log: the app answers everything.
    What the app raises is answered with 500, kept in `handler_errors` and raised again by `check`.

    Args:
        app: Any WSGI app; several threads may call it at once.
        opened: Gives what the environ of each request says of its connection; asked when that is opened.
        host: The address or the name at which it listens.
        port: 0 for one that is free.
    """

    def __init__(
        self,
        app: AnyApp,
        *,
        opened: Callable[[], Mapping[str, object]] = dict,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(host, port, threaded=True)
        self.app = app
        self.opened = opened

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash; a free port is chosen by the first start and then kept."""
        host = LOOPBACK_OF.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def start(self) -> None:
        """Listen, and serve in a thread; a client can connect as soon as this returns.

        Raises:
            HTTPServerError: The server is already running, or nobody can listen there: the host is not this
                machine's, or the port is taken.
        """
        if self.is_running():
            raise HTTPServerError("Server is already running")
        server = self.server = _Connections(self, self.handler())
        self.port = server.port
        self.server_thread = threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
        self.server_thread.start()

    def handler(self) -> type[KeepAliveHandler]:
        """The class of what handles a connection."""
        return KeepAliveHandler

    def dispatch(self, request: Request) -> Response:
        """Answer a request of werkzeug's; the base class wants it, a socket's requests do not pass here."""
        return Response.from_app(self.app, request.environ)


class _Connections(ThreadedWSGIServer):
    """The listening socket and every open connection: closing the one ends the others and their threads."""

    request_queue_size = 4096  # as many connections may wait to be accepted, if the system allows so many

    def __init__(self, owner: XblServer[Any], handler: type[KeepAliveHandler]) -> None:
        self.owner = owner
        self.open: dict[Any, Mapping[str, object]] = {}
        self.is_closed = False
        super().__init__(owner.host, owner.port, owner.app, handler)

    def server_bind(self) -> None:
        try:
            super().server_bind()
        except OSError as error:  # for which werkzeug would end the process
            raise HTTPServerError(f"The server cannot listen at {self.owner.host}:{self.owner.port}: {error}") from None

    def process_request(self, request: Any, client_address: Any) -> None:
        # Not in the handler: its thread may not have begun yet when the server closes.
        self.open[request] = self.owner.opened()
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.pop(request, None)
        super().shutdown_request(request)

    def exchange(self, request: Any, other: Any) -> None:
        """Go on with another socket of an open connection, such as TLS makes of it."""
        self.open[other] = self.open.pop(request)
        if self.is_closed:  # too late for the loop below to find the other one
            other.shutdown(socket.SHUT_RDWR)

    def server_close(self) -> None:
        super().server_close()
        self.is_closed = True
        for connection in self.open.copy():
            with suppress(OSError):  # it closed in the meantime
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, OSError):  # that is a client hanging up
            self.owner.handler_errors.append(error)


class KeepAliveHandler(WSGIRequestHandler):
    """One connection: reads whole requests, asks the app, writes each response in one piece.

    A request that is not well-formed HTTP gets a line of plain text, and never reaches the app.
    The app may read a body up to `MAX_BODY`; reading a longer one raises `RequestEntityTooLarge`.
    After either, and when the client wants it, the connection is closed.
    """

    server: _Connections
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Open both directions of the connection."""
        super().setup()
        self.incoming = Incoming(self.connection)
        host, port = self.server.server_address[:2]
        self.shared_environ: WSGIEnvironment = {
            "SCRIPT_NAME": "",
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": self.client_address[1],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
            **self.server.open[self.request],
        }

    def handle_one_request(self) -> None:
        """Answer one request, or say why it is malformed."""
        self.is_head = False
        head = self.read_head()
        if head is None:
            self.close_connection = True
        elif isinstance(head, Malformed):
            self.send_error(head.status, head.text)
        else:
            self.close_connection = not keeps_connection(head)
            self.answer(head)

    def read_head(self) -> Environ | Malformed | None:
        """The head of the next request; None if the client has sent its last."""
        incoming = self.incoming
        while not (end := END_OF_HEAD.search(incoming.waiting)):
            malformed = check_start(incoming.waiting)
            if malformed:
                return malformed
            if not incoming.more():
                return HALF_A_HEAD if incoming.waiting.strip() else None
        head = incoming.take(end.end())
        self.is_head = head.lstrip().startswith(b"HEAD ")
        return parse_head(head)

    def answer(self, head: Environ) -> None:
        """Read the body of a request, and let the app answer."""
        body = self.read_body(head)
        if isinstance(body, Malformed):
            self.send_error(body.status, body.text)
            return
        environ = {**self.shared_environ, **head, "wsgi.input": self.input_of(body), "wsgi.errors": sys.stderr}
        self.run_app(environ)

    def read_body(self, head: Environ) -> bytes | Malformed:
        """The body of a request, or as much of it as shows that it is longer than `MAX_BODY`."""
        if expects_continue(head):
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "HTTP_TRANSFER_ENCODING" in head:
            return self.read_chunks()
        length = min(int(head.get("CONTENT_LENGTH", 0)), MAX_BODY + 1)
        body = self.incoming.take(length)
        return body if len(body) == length else HALF_A_BODY

    def read_chunks(self) -> bytes | Malformed:
        """A body in chunks, without extensions and trailers (RFC 9112, 7.1)."""
        body = bytearray()
        while size := parse_chunk_size(self.incoming.line()):
            malformed = size if isinstance(size, Malformed) else self.read_chunk(size, body)
            if malformed or len(body) > MAX_BODY:
                return malformed or bytes(body)
        return self.read_trailers() or bytes(body)

    def read_trailers(self) -> Malformed | None:
        """The lines after the last chunk, up to the empty one; nothing of them is kept."""
        for _ in range(MAX_HEADERS + 1):
            line = self.incoming.line()
            malformed = check_trailer(line)
            if malformed or line == b"\r\n":
                return malformed
        return NO_EMPTY_LINE

    def read_chunk(self, size: int, body: bytearray) -> Malformed | None:
        """Add a chunk to a body, or as much of it as makes the body longer than `MAX_BODY`."""
        chunk = self.incoming.take(min(size, MAX_BODY) + 2)
        body += chunk[:size]
        if len(body) > MAX_BODY or chunk[size:] == b"\r\n":
            return None
        if len(chunk) < size + 2:
            return HALF_A_BODY
        return Malformed(f"A chunk must end with a line break, not with {chunk[size:]!r}.")

    def input_of(self, body: bytes) -> io.IOBase:
        """The stream from which the app reads the body."""
        if len(body) <= MAX_BODY:
            return io.BytesIO(body)
        self.close_connection = True
        return LimitedStream(io.BytesIO(), 0, is_max=True)

    def run_app(self, environ: WSGIEnvironment) -> None:
        """Let the app answer the request, or take over the connection."""
        if "HTTP_UPGRADE" in environ:
            environ[UPGRADE] = Upgrade()
        try:
            response = self.response(*_run(self.server.app, environ))
            if UPGRADE in environ and (conversation := environ[UPGRADE].conversation):
                self.close_connection = True
                conversation.talk(self.connection, self.incoming.waiting)
                return
        except LostConnectionError as lost:
            self.close_connection = True
            lost.end(self.connection, self.response)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is to see it
            self.server.owner.handler_errors.append(error)
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR, repr(error))
        else:
            self.connection.sendall(response)

    def response(self, status: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
        """Head and body in one piece: of two, Nagle's algorithm would hold the second back for 40 ms."""
        require_printable(status, headers)
        names = {name.lower() for name, _ in headers}
        bodiless = status[0] == "1" or status[:3] in ("204", "304")
        lines = [f"HTTP/1.1 {status}", *[f"{name}: {value}" for name, value in headers]]
        if "date" not in names:
            lines.append(f"Date: {self.date_time_string()}")
        if "content-length" not in names and not bodiless:
            lines.append(f"Content-Length: {len(body)}")
        lines.append("Connection: close\r\n\r\n" if self.close_connection else "Connection: keep-alive\r\n\r\n")
        head = "\r\n".join(lines).encode("latin-1")
        return head if bodiless or self.is_head else head + body

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer with a short plain text, and close the connection."""
        self.close_connection = True
        status = HTTPStatus(code)
        text = (message or status.phrase)[:400].encode(errors="replace")
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        self.connection.sendall(self.response(f"{code} {status.phrase}", headers, text))

    def finish(self) -> None:
        """Close, but let the client read the answer."""
        super().finish()
        linger(self.connection)


def linger(connection: socket.socket) -> None:
    """Say that no more comes, and read on for a while.

    Closing over unread input would reset the connection, and the client would lose the answer.
    """
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(_LINGER)
        for _ in range(_LINGER_READS):
            if not connection.recv(65536):
                break


def _run(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """The response of the app: status, headers, and the body in one piece."""
    head: list[Any] = []
    body: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None, /) -> Any:
        head[:] = status, headers  # nothing has been sent, so the app may still change its mind
        return body.append

    parts = app(environ, start_response)
    try:
        body.extend(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = head
    return status, headers, b"".join(body)
