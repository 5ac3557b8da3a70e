"""The server on a real socket: connections, framing, refusals, and clients that misbehave."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock, call

import pytest
from pytest_httpserver import HTTPServerError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import create_environ
from werkzeug.wrappers import Request

from pytest_xbl.wire import server as server_module
from pytest_xbl.wire.server import MAX_BODY, KeepAliveHandler, XblServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Serve = Callable[..., XblServer[Any]]
CHUNKED = "Transfer-Encoding: chunked"
PATIENCE = 10  # seconds; only ever used up by a test that fails
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST_GET = b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Echo:
    """An app that answers with the method, the path and the body of a request, and keeps its environ."""

    def __init__(self) -> None:
        self.seen: list[WSGIEnvironment] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Read the whole input and give it back."""
        self.seen.append(environ)
        start_response("200 OK", [("Content-Type", "text/plain")])
        head = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} ".encode()
        return [head, environ["wsgi.input"].read(), b"\n"]


class Fixed:
    """An app that reads nothing and always gives the same answer."""

    def __init__(self, status: str, *headers: tuple[str, str], body: bytes = b"") -> None:
        self.status, self.headers, self.body = status, headers, body

    def __call__(self, _environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""
        start_response(self.status, list(self.headers))
        return [self.body]


class Slow(Fixed):
    """The same, once the test says so."""

    def __init__(self, body: bytes) -> None:
        super().__init__("200 OK", body=body)
        self.asked, self.go_on = threading.Event(), threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer at last."""
        self.asked.set()
        assert self.go_on.wait(PATIENCE)
        return super().__call__(environ, start_response)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Runs apps; when the test is over no connection is left and no app has raised unnoticed."""
    with ExitStack() as stack:
        servers: list[XblServer[Any]] = []

        def start(app: Any, **where: Any) -> XblServer[Any]:
            servers.append(stack.enter_context(XblServer(app, **where)))
            return servers[-1]

        yield start
    join_connections()
    for server in servers:
        server.check()


def join_connections() -> None:
    """Wait until the thread of every connection has ended."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def connect(server: XblServer[Any]) -> socket.socket:
    """A bare connection."""
    return socket.create_connection((server.host, server.port), timeout=PATIENCE)


def client(server: XblServer[Any]) -> closing[http.client.HTTPConnection]:
    """A client that keeps its connection."""
    return closing(http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE))


def everything(connection: socket.socket) -> bytes:
    """All that arrives until the server closes the connection."""
    with connection.makefile("rb") as stream:
        return stream.read()


def talk(server: XblServer[Any], request: bytes) -> bytes:
    """The answer to a client that says `request`, then no more, and listens to the end."""
    with connect(server) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return everything(connection)


def put(*headers: str, body: str = "") -> bytes:
    """A PUT with these headers."""
    return "\r\n".join(["PUT / HTTP/1.1", "Host: x", *headers, "", body]).encode("latin-1")


def reset(connection: socket.socket) -> None:
    """Hang up in the rudest way."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def ask(connection: http.client.HTTPConnection, method: str = "GET", **kwargs: Any) -> tuple[int, bytes]:
    """Status and body of one answer."""
    connection.request(method, "/", **kwargs)
    response = connection.getresponse()
    return response.status, response.read()


# Life cycle


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("build-machine", "http://build-machine:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 -- nobody listens
        ("::", "http://[::1]:80"),
        ("fe80::1", "http://[fe80::1]:80"),
    ],
)
def test_a_url_leads_from_this_machine_to_the_server(host: str, url: str) -> None:
    """The addresses that stand for all of them cannot be called everywhere, so the loopback address is named."""
    assert XblServer(Echo(), host=host, port=80).url == url


def test_a_server_listens_where_it_is_told(serve: Serve) -> None:
    """At a host and a port of its own; a port that is taken is an error that names both, and ends no process."""
    first = serve(Echo(), host="localhost")
    assert first.url == f"http://localhost:{first.port}"
    with closing(http.client.HTTPConnection("localhost", first.port, timeout=PATIENCE)) as connection:
        assert ask(connection)[0] == 200
    second = XblServer(Echo(), host="localhost", port=first.port)
    with pytest.raises(HTTPServerError, match=f"The server cannot listen at localhost:{first.port}: .*in use"):
        second.start()
    assert not second.is_running()


def test_a_running_server_has_a_url_on_the_loopback_address(serve: Serve) -> None:
    """The URL names 127.0.0.1 and the chosen port, and ends without a slash; to start again is a mistake."""
    server = serve(Echo())
    assert (server.url, server.port != 0) == (f"http://127.0.0.1:{server.port}", True)
    with pytest.raises(HTTPServerError, match="Server is already running"):
        server.start()


def test_a_stopped_server_starts_again_under_its_url(serve: Serve) -> None:
    """The port is closed and kept, so what was told the URL once need not be told again."""
    server = serve(Echo())
    url = server.url
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(server)
    assert not server.is_running()
    server.start()
    assert server.url == url
    assert talk(server, LAST_GET).endswith(b"GET /last \n")


def test_stopping_ends_idle_connections_at_once(serve: Serve) -> None:
    """Clients that keep their connections neither hold the server up nor keep a thread alive."""
    server = serve(Echo())
    with client(server) as used, connect(server) as unused:
        ask(used)
        before = time.perf_counter()
        server.stop()
        assert time.perf_counter() - before < 0.25  # a stock server takes up to 0.5 s
        assert unused.recv(1) == b""
        assert used.sock.recv(1) == b""
        join_connections()


def test_stopping_does_not_wait_for_the_app(serve: Serve, capfd: pytest.CaptureFixture[str]) -> None:
    """An answer that comes after the stop is dropped without a sound."""
    app = Slow(b"")
    server = serve(app)
    with connect(server) as connection:
        connection.sendall(GET)
        assert app.asked.wait(PATIENCE)
        server.stop()
        app.go_on.set()
        assert everything(connection) == b""
    join_connections()
    assert capfd.readouterr() == ("", "")


def test_requests_are_answered_side_by_side(serve: Serve) -> None:
    """While one call waits for its answer, another gets one."""
    app = Slow(b"met")
    server = serve(app)
    with connect(server) as one, connect(server) as two:
        one.sendall(LAST_GET)
        assert app.asked.wait(PATIENCE)
        app.asked.clear()
        two.sendall(LAST_GET)
        assert app.asked.wait(PATIENCE)
        app.go_on.set()
        assert [everything(each)[-3:] for each in (one, two)] == [b"met", b"met"]


def test_many_clients_may_connect_at_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system is asked to queue them; a connection that found no room would try again a second later."""
    queued: Any = []
    listen = socket.socket.listen
    monkeypatch.setattr(socket.socket, "listen", lambda it, backlog: listen(it, queued.append(backlog) or backlog))
    serve(Echo())
    assert queued == [4096]


def test_no_request_is_logged(
    serve: Serve, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Calls leave nothing in the server's log, in logging or on the terminal."""
    server = serve(Echo())
    talk(server, LAST_GET)
    assert (server.log, caplog.records, capfd.readouterr()) == ([], [], ("", ""))


def test_dispatch_answers_without_a_socket() -> None:
    """A request of werkzeug's gets what the app says to its environ."""
    response = XblServer(Echo()).dispatch(Request(create_environ("/here", method="PUT", data=b"body")))
    assert response.get_data() == b"PUT /here body\n"


# Connections


def test_a_connection_serves_many_requests(serve: Serve) -> None:
    """HTTP/1.1 keeps the connection without being asked."""
    app = Echo()
    with client(serve(app)) as connection:
        for body in (b"one", b"two"):
            assert ask(connection, "PUT", body=body) == (200, b"PUT / " + body + b"\n")
    assert len({environ["REMOTE_PORT"] for environ in app.seen}) == 1


@pytest.mark.parametrize(("option", "kept"), [("keep-alive", True), ("close", False)])
def test_the_client_decides_whether_the_connection_stays(serve: Serve, option: str, kept: bool) -> None:
    """The response says so, too, and a second request is served or not."""
    answers = talk(serve(Echo()), LAST_GET.replace(b"close", option.encode()) + LAST_GET)
    counted = [answers.count(f"\r\nConnection: {said}\r\n".encode()) for said in ("keep-alive", "close")]
    assert (answers.count(b"HTTP/1.1 200 OK\r\n"), counted) == (1 + kept, [kept, 1])


MANY = (
    b"PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
    b"PUT /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
    b"2;a=b\r\ntw\r\n1\r\no\r\n0\r\n" + b"A: t\r\n" * 100 + b"\r\n"
    b"\r\nPUT /c HTTP/1.1\nHost: x\n\n" + LAST_GET
)


@pytest.mark.parametrize("size", [1, 100, len(MANY)])
def test_requests_see_their_own_bodies_in_whatever_portions_they_arrive(serve: Serve, size: int) -> None:
    """No request reads into the next, be it that all of them arrive together, or each byte on its own."""
    with connect(serve(Echo())) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(MANY), size):
            connection.sendall(MANY[start : start + size])
        answers = everything(connection)
    found = [line for line in answers.splitlines() if line.startswith((b"PUT", b"GET"))]
    assert found == [b"PUT /a one", b"PUT /b two", b"PUT /c ", b"GET /last "]


def test_a_body_that_the_app_ignores_does_not_disturb_the_next_request(serve: Serve) -> None:
    """The connection is clean, whatever the app has read."""
    with client(serve(Fixed("200 OK", body=b"fine"))) as connection:
        assert ask(connection, "PUT", body=b"GET / HTTP/1.1\r\n\r\n" * 1000) == (200, b"fine")
        assert ask(connection) == (200, b"fine")


def test_an_answer_is_one_write_and_is_not_delayed(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Head and body leave together, on a socket that does not wait for more."""
    writes: list[Mock] = []
    delays: list[bool] = []

    class Watched(KeepAliveHandler):
        def setup(self) -> None:
            super().setup()
            delays.append(not self.connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            self.connection = Mock(wraps=self.connection)
            writes.append(self.connection.sendall)

    monkeypatch.setattr(server_module, "KeepAliveHandler", Watched)
    received = talk(serve(Fixed("200 OK", body=b"body")), LAST_GET)
    assert [write.mock_calls for write in writes] == [[call(received)]]
    assert delays == [False]


# Answers


def test_the_head_is_the_apps_and_what_the_transport_needs(serve: Serve) -> None:
    """The app's headers go out as they are and in order; length and connection follow, and no Server."""
    headers = [("Date", "Thu, 01 Jan 1970 00:00:00 GMT"), ("X-A", "é\t\xa0ü"), ("x-a", "2")]
    assert talk(serve(Fixed("299 Well Well", *headers, body=b"body")), LAST_GET).decode("latin-1") == (
        "HTTP/1.1 299 Well Well\r\n"
        "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nX-A: é\t\xa0ü\r\nx-a: 2\r\n"
        "Content-Length: 4\r\nConnection: close\r\n\r\nbody"
    )


def test_an_answer_has_a_date_and_a_length_once(serve: Serve) -> None:
    """It is given what the app did not give."""
    for headers in ([], [("date", "now"), ("content-length", "2")]):
        answer = talk(serve(Fixed("200 OK", *headers, body=b"ok")), LAST_GET).lower()
        assert (answer.count(b"\r\ndate: "), answer.count(b"\r\ncontent-length: 2\r\n")) == (1, 1)


@pytest.mark.parametrize("status", ["199 Odd", "204 No Content", "304 Not Modified"])
def test_a_status_without_a_body_has_neither_body_nor_length(serve: Serve, status: str) -> None:
    """The body that HTTP forbids is left out, even if the app gives one."""
    head, _, body = talk(serve(Fixed(status, body=b"body")), LAST_GET).partition(b"\r\n\r\n")
    assert b"content-length" not in head.lower()
    assert body == b""


def test_head_is_answered_with_the_length_of_the_body_only(serve: Serve) -> None:
    """HEAD gets the head that GET would, and the connection stays in step."""
    with client(serve(Echo())) as connection:
        connection.request("HEAD", "/")
        response = connection.getresponse()
        assert response.headers["Content-Length"] == str(len("HEAD / \n"))
        assert response.read() == b""
        assert ask(connection) == (200, b"GET / \n")


def test_the_app_may_write_and_change_its_mind_and_is_closed(serve: Serve) -> None:
    """All of WSGI works: `write`, a second `start_response` after an error, and `close`."""
    closed = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        error = ValueError()
        write = start_response("418 I'm a teapot", [], (ValueError, error, None))  # type: ignore[arg-type]
        write(b"written, ")
        return Body([b"returned"])

    with client(serve(app)) as connection:
        assert ask(connection) == (418, b"written, returned")
    assert closed == [True]


# Bodies


def test_the_app_is_handed_the_whole_body_and_nothing_else(serve: Serve) -> None:
    """The app may read without counting: its input ends where the body does."""
    app = Echo()
    with client(serve(app)) as connection:
        body = [b"a", b"b" * 100_000]
        assert ask(connection, "PUT", body=body) == (200, b"PUT / a" + b"b" * 100_000 + b"\n")
    assert app.seen[0]["wsgi.input_terminated"] is True
    assert app.seen[0]["wsgi.input"].read() == b""


EXPECTING = b"PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"


def test_a_client_that_waits_is_invited_once(serve: Serve) -> None:
    """`Expect: 100-continue` is answered with one interim answer, before the body has been sent."""
    with connect(serve(Echo())) as connection:
        connection.sendall(EXPECTING)
        invitation = b"HTTP/1.1 100 Continue\r\n\r\n"
        assert connection.recv(len(invitation), socket.MSG_WAITALL) == invitation
        connection.sendall(b"ok")
        answer = everything(connection)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"PUT / ok\n")


def too_large(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """An app that reads its input in two ways, and answers with werkzeug's 413 if it may not."""
    stream = environ["wsgi.input"]
    for read in (stream.read, lambda: stream.read(1)):
        with pytest.raises(RequestEntityTooLarge):
            read()
    return RequestEntityTooLarge("Too large.")(environ, start_response)


@pytest.mark.parametrize("body", [bytes(MAX_BODY + 1), [bytes(MAX_BODY), b"1"]], ids=["counted", "chunked"])
def test_a_body_too_large_is_the_apps_to_refuse(serve: Serve, body: Any) -> None:
    """Reading it raises, the client can read the answer, and the connection is closed."""
    with client(serve(too_large)) as connection:
        connection.request("PUT", "/", body=body, headers={"Content-Type": "application/json"})
        response = connection.getresponse()
        assert (response.status, response.headers["Connection"]) == (413, "close")
        assert b"Too large." in response.read()


def test_the_largest_body_is_read(serve: Serve) -> None:
    """The bound itself is within bounds, and leaves the connection open."""
    with client(serve(Echo())) as connection:
        assert len(ask(connection, "PUT", body=bytes(MAX_BODY))[1]) == len(b"PUT / \n") + MAX_BODY
        assert ask(connection) == (200, b"GET / \n")


def test_an_answer_is_readable_while_the_body_is_still_coming(serve: Serve) -> None:
    """A client that writes to the end first, as most do, still gets the answer to a body nobody read."""
    with client(serve(Fixed("404 Not Found", body=b"nothing"))) as connection:
        assert ask(connection, "PUT", body=bytes(3 * MAX_BODY)) == (404, b"nothing")


def test_an_endless_body_is_cut_off(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that never stops writing does not keep its thread for ever."""
    monkeypatch.setattr(server_module, "_LINGER_READS", 4)
    with connect(serve(Fixed("404 Not Found"))) as connection:
        connection.sendall(put(CHUNKED, body="ffffffffff\r\n"))
        with pytest.raises(ConnectionError):  # noqa: PT012 - any of the writes may be the one
            while True:
                connection.sendall(bytes(65536))


def test_a_client_that_does_not_hang_up_is_hung_up_on(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the last answer the server waits for the client for a moment only."""
    monkeypatch.setattr(server_module, "_LINGER", 0.001)
    with connect(serve(Echo())) as connection:
        connection.sendall(LAST_GET)
        everything(connection)
        join_connections()


# Refusals of the transport


CHUNK = "A chunk must begin with its size in hexadecimal digits, not b'{}'."
CHUNK_END = "A chunk must end with a line break, not with b'{}'."
LAST_CHUNK = "A body in chunks must end with an empty line."
HALF_A_HEAD = "The connection ended within the head of the request."
HALF_A_BODY = "The connection ended within the body of the request."
REFUSALS = [
    ("no HTTP at all", b"hello\r\n", 400, "A request line must be a method, a target and a version, not 'hello'."),
    ("a long address", b"GET /" + b"a" * 65536, 414, "The request line is longer than 65536 bytes."),
    ("no host", b"GET / HTTP/1.1\r\n\r\n", 400, "A request must have a Host header."),
    *(("half a head", head, 400, HALF_A_HEAD) for head in (b"GET / HT", GET[:-2], GET[:-4])),
    *(("a body cut short", put(f"Content-Length: {n}", body="ab"), 400, HALF_A_BODY) for n in (3, 2 * MAX_BODY)),
    ("an endless chunk size", put(CHUNKED, body="0" * 100_000), 400, CHUNK.format("0" * 80)),
    ("a chunk too long", put(CHUNKED, body="1\r\nab\r\n0\r\n\r\n"), 400, CHUNK_END.format("b\\r")),
    *(
        ("chunks cut short", put(CHUNKED, body=body), 400, HALF_A_BODY)
        for body in ("", "5\r\nab", "fffffff\r\nab", "2\r\nab\r\n")
    ),
    ("half a last chunk", put(CHUNKED, body="0\r\n"), 400, LAST_CHUNK),
    (
        "a request as a trailer",
        put(CHUNKED, body="0\r\nGET / HTTP/1.1\r\n\r\n"),
        400,
        "A header must have a colon after its name, unlike 'GET / HTTP/1.1'.",
    ),
    (
        "LF alone after the chunks",
        put(CHUNKED, body="0\r\n\n"),
        400,
        "A header must have a colon after its name, unlike '\\n'.",
    ),
    ("many trailers", put(CHUNKED, body="0\r\n" + "a: b\r\n" * 101), 400, LAST_CHUNK),
]


@pytest.mark.parametrize(("request_", "status", "text"), [pytest.param(*r[1:], id=r[0]) for r in REFUSALS])
def test_a_broken_request_is_refused_and_the_connection_closed(
    serve: Serve, capfd: pytest.CaptureFixture[str], request_: bytes, status: int, text: str
) -> None:
    """The client is told in a line of text, the app is not asked, and the server lives on."""
    app = Echo()
    server = serve(app)
    with connect(server) as connection:
        connection.sendall(request_)
        connection.shutdown(socket.SHUT_WR)
        with closing(http.client.HTTPResponse(connection)) as response:
            response.begin()
            assert (response.status, response.read().decode()) == (status, text)
            assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert response.headers["Connection"] == "close"
        assert connection.recv(1) == b""
    assert app.seen == []
    assert talk(server, LAST_GET).endswith(b"GET /last \n")
    assert capfd.readouterr() == ("", "")


def test_a_broken_request_is_refused_while_the_client_waits(serve: Serve) -> None:
    """A client that speaks no HTTP, but TLS, say, is told before it has sent what would be a head."""
    with connect(serve(Echo())) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01")
        assert everything(connection).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_only_a_head_request_is_refused_without_a_body(serve: Serve) -> None:
    """Even on a connection that has seen a HEAD before."""
    server = serve(Echo())
    wrong_head = b"HEAD / HTTP/1.1\r\n\r\n"
    assert talk(server, wrong_head).endswith(b"\r\n\r\n")
    assert talk(server, wrong_head.replace(b"\r\n", b"\r\nHost: x\r\n", 1) + b"hello\r\n").endswith(b"'hello'.")


def test_an_empty_line_is_no_request(serve: Serve) -> None:
    """A client that ends its last request with one too many line breaks is not told off."""
    assert talk(serve(Echo()), LAST_GET.replace(b"close", b"keep-alive") + b"\r\n").count(b"HTTP/1.1") == 1


# Clients that hang up


PARTS = {
    "within the request line": b"GET /",
    "within the headers": b"GET / HTTP/1.1\r\nHos",
    "within the body": put("Content-Length: 5", body="ab"),
    "within a chunk": put(CHUNKED, body="5\r\nab"),
    "instead of listening": GET,
    "instead of reading a refusal": b"hello\r\n",
    "instead of accepting an invitation": EXPECTING,
}


@pytest.mark.parametrize("hang_up", [socket.socket.close, reset], ids=["closed", "reset"])
@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_a_client_that_hangs_up_is_not_worth_a_word(
    serve: Serve, capfd: pytest.CaptureFixture[str], part: bytes, hang_up: Callable[[socket.socket], None]
) -> None:
    """Nothing is printed, nothing is kept for `check`, and the server lives on."""
    server = serve(Echo())
    with connect(server) as connection:
        with suppress(ConnectionError):
            connection.sendall(part)
        hang_up(connection)
    assert talk(server, LAST_GET).endswith(b"GET /last \n")
    join_connections()
    assert server.handler_errors == []
    assert capfd.readouterr() == ("", "")


def test_a_client_may_be_gone_when_the_app_answers(serve: Serve, capfd: pytest.CaptureFixture[str]) -> None:
    """An answer that nobody takes is dropped without a sound."""
    app = Slow(bytes(10_000_000))
    server = serve(app)
    with connect(server) as connection:
        connection.sendall(GET)
        assert app.asked.wait(PATIENCE)
        reset(connection)
    app.go_on.set()
    join_connections()
    assert server.handler_errors == []
    assert capfd.readouterr() == ("", "")


# Errors that a test is to see


@pytest.mark.parametrize(
    ("status", "header", "part"),
    [
        ("200 OK\r\nX: y", ("A", "b"), "200 OK\\r\\nX: y"),
        ("200 OK", ("A\nB", "c"), "A\\nB"),
        *(("200 OK", ("A", f"b{c}c"), f"b{ascii(c)[1:-1]}c") for c in "\r\n\0\x1b\x7f"),
    ],
)
def test_a_control_character_in_the_apps_headers_is_a_bug_of_the_app(
    serve: Serve, status: str, header: tuple[str, str], part: str
) -> None:
    """Nothing of the response goes out: a line break would begin a header of somebody else's making (RFC 9110, 5.5)."""
    server = serve(Fixed(status, header))
    answer = talk(server, LAST_GET)
    [error] = server.handler_errors
    assert str(error) == f"The app responds with a control character in its headers: '{part}'"
    assert (answer.split(b"\r\n")[0], answer.split(b"\r\n\r\n")[1]) == (
        b"HTTP/1.1 500 Internal Server Error",
        repr(error).encode(),
    )
    server.clear_handler_errors()


def silent(_environ: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
    """An app that never says its status."""
    return []


def raising(_environ: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
    """An app that raises, with a name that no header could hold."""
    raise LookupError("Ω")


@pytest.mark.parametrize(
    ("app", "error", "text"),
    [
        (raising, LookupError, "LookupError('Ω')"),
        (silent, ValueError, "ValueError('not enough values to unpack (expected 2, got 0)')"),
        (Fixed("200 OK", ("X", "Ω")), UnicodeEncodeError, "UnicodeEncodeError('latin-1', "),
    ],
    ids=["raises", "says nothing", "says it wrongly"],
)
def test_what_the_app_raises_is_told_to_client_and_test(
    serve: Serve, capfd: pytest.CaptureFixture[str], app: Any, error: type[Exception], text: str
) -> None:
    """The client gets 500 with the error, `check` raises it, and the server lives on."""
    server = serve(app)
    for _ in range(2):
        answer = talk(server, LAST_GET)
        assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
        assert text.encode() in answer
        with pytest.raises(error):
            server.check()
    assert capfd.readouterr() == ("", "")


def test_errors_are_kept_after_the_list_was_cleared(serve: Serve) -> None:
    """`clear` starts afresh; what comes later is kept for `check` as before."""
    server = serve(raising)
    talk(server, LAST_GET)
    server.clear()
    server.check()
    talk(server, LAST_GET)
    with pytest.raises(LookupError):
        server.check()


@pytest.mark.parametrize(("error", "kept"), [(RuntimeError("a bug"), 1), (OSError(22, "invalid"), 0)])
def test_an_error_of_the_handler_itself_is_kept_unless_the_socket_is_to_blame(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: Exception, kept: int
) -> None:
    """A bug of the server reaches the test; a socket that was gone before it could be set up does not."""
    with monkeypatch.context() as patch:
        patch.setattr(KeepAliveHandler, "setup", Mock(side_effect=error))
        server = serve(Echo())
        assert talk(server, b"") == b""
        join_connections()
    assert server.handler_errors == [error] * kept
    server.clear_handler_errors()
    assert talk(server, LAST_GET).endswith(b"GET /last \n")
    assert capfd.readouterr() == ("", "")
