"""The socket in front of the app: an HTTP/1.1 server that keeps connections and hands over whole requests.

A request is read in full before the app is asked.
So a client that hangs up, or does not say where its body ends, never reaches the app, and a connection is
always clean for its next request.
"""

from __future__ import annotations

import io
import re
import socket
import sys
import threading
from contextlib import suppress
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import unquote_to_bytes, urlsplit

from pytest_httpserver.httpserver import HTTPServerBase, HTTPServerError
from werkzeug.serving import DechunkedInput, ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response
from werkzeug.wsgi import LimitedStream

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from werkzeug.wrappers import Request

AnyApp = TypeVar("AnyApp", bound="WSGIApplication")

MAX_BODY = 16 * 1024 * 1024
"""The longest request body that is read, in bytes."""

_MAX_LINE = 65536
_MAX_HEADERS = 100
_POLL = 0.01  # seconds; bounds how long `stop` waits
_LINGER = 1.0  # seconds of silence after which a closing connection is given up
_LINGER_READS = 4096  # of 64 KiB each, so that an endless body ends

_REQUEST_LINE = re.compile(r"(\S+) (\S+) (HTTP/1\.[0-9])\r?\n")
_HEADER = re.compile(r"([\w!#$%&'*+.^`|~-]+):(.*)\n", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,18}")


class XblServer(HTTPServerBase, Generic[AnyApp]):
    """A WSGI app on a free port of 127.0.0.1, with a thread for each connection.

    It starts and stops like any server of pytest-httpserver, also as a context manager, but knows no
    expectations and keeps no log: the app answers everything.
    What the app raises is answered with 500, kept in `handler_errors` and raised again by `check`.

    Args:
        app: Any WSGI app; several threads may call it at once.
    """

    def __init__(self, app: AnyApp) -> None:
        super().__init__("127.0.0.1", 0, threaded=True)
        self.app = app

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash; the port is chosen by the first start and then kept."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Listen, and serve in a thread; a client can connect as soon as this returns.

        Raises:
            HTTPServerError: The server is already running.
        """
        if self.is_running():
            raise HTTPServerError("Server is already running")
        server = self.server = _Connections(self)
        self.port = server.port
        self.server_thread = threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
        self.server_thread.start()

    def dispatch(self, request: Request) -> Response:
        """Answer a request of werkzeug's; the base class wants it, a socket's requests do not pass here."""
        return Response.from_app(self.app, request.environ)


class _Connections(ThreadedWSGIServer):
    """The listening socket and every open connection: closing the one ends the others and their threads."""

    def __init__(self, owner: XblServer[Any]) -> None:
        super().__init__(owner.host, owner.port, owner.app, KeepAliveHandler)
        self.owner = owner
        self.open: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        # Not in the handler: its thread may not have begun yet when the server closes.
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in self.open.copy():
            with suppress(OSError):  # it closed in the meantime
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, OSError):  # that is a client hanging up
            self.owner.handler_errors.append(error)


class KeepAliveHandler(WSGIRequestHandler):
    """One connection: reads whole requests, asks the app, writes each answer in one piece.

    A request that is not well-formed HTTP is answered in a line of plain text and never reaches the app.
    A body longer than `MAX_BODY` reaches it as one that raises `RequestEntityTooLarge` when it is read.
    After either, and when the client wants it, the connection is closed.
    """

    server: _Connections
    command = ""  # also of a connection that ends before its first request
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Open both directions of the connection."""
        super().setup()
        self.rfile = _WholeReads(self.rfile.detach())

    def handle_one_request(self) -> None:
        """Answer one request, or say why it is none."""
        try:
            self.raw_requestline = self.rfile.readline(_MAX_LINE + 1)
            if not self.raw_requestline:
                self.close_connection = True
            elif len(self.raw_requestline) > _MAX_LINE:
                self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
            elif self.parse_request():
                self.run_wsgi()
        except (OSError, ValueError) as error:  # werkzeug's reader of chunks raises OSError
            self.send_error(HTTPStatus.BAD_REQUEST, str(error))

    def parse_request(self) -> bool:
        """Read the head of a request.

        http.server leaves the headers to the email package, which takes longer than all the rest together.

        Raises:
            ValueError: It is no head of a request, or the client hung up.
        """
        self.command = ""
        line = _REQUEST_LINE.fullmatch(str(self.raw_requestline, "latin-1"))
        if line is None:
            raise ValueError(f"Not a request line of HTTP/1: {self.raw_requestline!r}")
        self.command, self.path, self.request_version = line.groups()
        self.environ = self.environ_of_request_line()
        if not self.read_headers():
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return False
        if not self.path.startswith("/"):  # an absolute target names the host, whatever the header says
            self.environ["HTTP_HOST"] = urlsplit(self.path).netloc
        self.obey_headers()
        return True

    def environ_of_request_line(self) -> WSGIEnvironment:
        """What WSGI wants to know, as far as it does not come from headers or body."""
        target = self.path if self.path.startswith("/") else urlsplit(self.path)._replace(scheme="", netloc="").geturl()
        path, _, query = target.partition("?")
        host, port = self.server.server_address[:2]
        return {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": self.client_address[1],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
        }

    def read_headers(self) -> bool:
        """Add the headers to `environ`; false if there are too many, or too long ones."""
        for _ in range(_MAX_HEADERS + 1):
            line = str(self.rfile.readline(_MAX_LINE + 1), "latin-1")
            if line in ("\r\n", "\n"):
                return True
            if len(line) > _MAX_LINE:
                break
            field = _HEADER.fullmatch(line)
            if field is None:
                raise ValueError(f"Not a header: {line!r}")
            self.add_header(field[1], field[2].strip())
        return False

    def add_header(self, name: str, value: str) -> None:
        """Put a header under its name in WSGI; one that comes again is joined to the first with a comma."""
        if "_" in name:  # under WSGI it could not be told from one with a hyphen
            return
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        self.environ[key] = f"{self.environ[key]},{value}" if key in self.environ else value

    def obey_headers(self) -> None:
        """Settle whether the connection stays, and invite a body that waits to be invited."""
        old = self.request_version == "HTTP/1.0"
        connection = self.environ.get("HTTP_CONNECTION", "").lower()
        self.close_connection = "keep-alive" not in connection if old else "close" in connection
        if self.environ.get("HTTP_EXPECT", "").lower() == "100-continue" and not old:
            self.handle_expect_100()

    def run_wsgi(self) -> None:
        """Read the body of the request and answer it."""
        self.environ["wsgi.input"] = self.body()
        try:
            answer = self.answer(*_run(self.server.app, self.environ))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is to see it
            self.server.owner.handler_errors.append(error)
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR, repr(error))
        else:
            self.wfile.write(answer)

    def body(self) -> io.IOBase:
        """The body of the request, off the connection.

        Raises:
            ValueError, OSError: Its end cannot be told, or the client hung up before it.
        """
        length = self.environ.get("CONTENT_LENGTH")
        coding = self.environ.get("HTTP_TRANSFER_ENCODING")
        if length is None and coding is None:
            body = b""
        elif coding is None and _LENGTH.fullmatch(str(length)):
            body = self.rfile.read(min(int(str(length)), MAX_BODY + 1))
        elif length is None and str(coding).lower() == "chunked":
            body = DechunkedInput(cast("IO[bytes]", self.rfile)).read(MAX_BODY + 1)
        else:
            raise ValueError(f"No clear end: Content-Length {length}, Transfer-Encoding {coding}.")
        if len(body) <= MAX_BODY:
            return io.BytesIO(body)
        self.close_connection = True
        return LimitedStream(io.BytesIO(), 0, is_max=True)

    def answer(self, status: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
        """Head and body in one piece: of two, Nagle's algorithm would hold the second back for 40 ms."""
        names = {name.lower() for name, _ in headers}
        bodiless = status[0] == "1" or status[:3] in ("204", "304")
        lines = [f"{self.protocol_version} {status}", *(f"{name}: {value}" for name, value in headers)]
        if "date" not in names:
            lines.append(f"Date: {self.date_time_string()}")
        if "content-length" not in names and not bodiless:
            lines.append(f"Content-Length: {len(body)}")
        lines.append(f"Connection: {'close' if self.close_connection else 'keep-alive'}\r\n\r\n")
        head = "\r\n".join(lines).encode("latin-1")
        return head if bodiless or self.command == "HEAD" else head + body

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer with a short plain text, and close the connection."""
        self.close_connection = True
        phrase = HTTPStatus(code).phrase
        text = (message or phrase)[:400].encode(errors="replace")
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        self.wfile.write(self.answer(f"{code} {phrase}", headers, text))

    def finish(self) -> None:
        """Close, but read on for a while.

        Closing over unread input would reset the connection, and the client would lose the answer.
        """
        super().finish()
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_LINGER)
            for _ in range(_LINGER_READS):
                if not self.connection.recv(65536):
                    break


class _WholeReads(io.BufferedReader):
    """A connection that gives all that was asked for: werkzeug's `DechunkedInput` fills a gap with garbage."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if size is not None and len(data) < size:
            raise ValueError("The request ends within its body.")
        return data


def _run(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """What the app answers, the body in one piece."""
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
