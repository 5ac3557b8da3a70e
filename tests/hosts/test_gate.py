"""The gate on a real socket: what it takes, what it refuses, and clients that misbehave."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from pytest_xbl import XboxLive
from pytest_xbl.hosts import gate as gate_module
from pytest_xbl.hosts.authority import Authority
from pytest_xbl.hosts.egress import Egress
from pytest_xbl.hosts.gate import Gate
from pytest_xbl.wire.switchboard import Switchboard
from real_hosts import HOST, Lobby, lobby_in

PATIENCE = 10  # seconds; only ever used up by a test that fails
TUNNEL = f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode()
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"  # the beginning of a handshake


class Stand:
    """A gate in front of a world."""

    def __init__(self) -> None:
        self.xbl = XboxLive()
        self.lobby: Lobby = lobby_in(self.xbl)
        self.authority = Authority()
        board = Switchboard()
        board.connect(self.xbl.app)
        egress = Egress(board, mode="serve", is_strict=False, allowed=["db.example.com"])
        self.gate = Gate(board, opened=board.runs.opened, egress=egress, context=lambda: self.authority.context)
        self.trusting = ssl.create_default_context(cadata=self.authority.pem)

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection((self.gate.host, self.gate.port), timeout=PATIENCE)

    def say(self, *parts: bytes) -> bytes:
        """The answer to a client that says all this and then no more, waiting for the answer to each part."""
        with self.connect() as connection:
            for part in parts:
                connection.sendall(part)
                if part is TUNNEL:
                    assert connection.recv(len(ESTABLISHED)) == ESTABLISHED
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as stream:
                return stream.read()

    @property
    def get(self) -> str:
        """The head of a request for the lobby behind the request line."""
        headers = {"Connection": "close", **self.lobby.headers}
        return "".join(f"\r\n{name}: {value}" for name, value in headers.items()) + "\r\n\r\n"


@pytest.fixture
def stand() -> Iterator[Stand]:
    """The gate; when the test is over no connection is left, and nothing was raised unnoticed."""
    stand = Stand()
    with stand.gate:
        yield stand
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE)
            assert not thread.is_alive()
    stand.gate.check()


def through_a_tunnel(stand: Stand) -> http.client.HTTPConnection:
    """As clients do that have a proxy."""
    connection = http.client.HTTPSConnection(stand.gate.host, stand.gate.port, context=stand.trusting, timeout=PATIENCE)
    connection.set_tunnel(HOST, 443)
    return connection


def by_tls_at_once(stand: Stand) -> http.client.HTTPConnection:
    """As clients do that were led here."""
    connection = http.client.HTTPSConnection(HOST, timeout=PATIENCE)
    connection.sock = stand.trusting.wrap_socket(stand.connect(), server_hostname=HOST)
    return connection


def in_plain_http(stand: Stand) -> http.client.HTTPConnection:
    """As clients do that call the fake by its address."""
    return http.client.HTTPConnection(stand.gate.host, stand.gate.port, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("connect", "scheme"), [(through_a_tunnel, "https"), (by_tls_at_once, "https"), (in_plain_http, "http")]
)
def test_there_are_several_ways_in(
    stand: Stand, connect: Callable[[Stand], http.client.HTTPConnection], scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CONNECT and TLS, TLS, plain HTTP; each connection is kept for further requests (HOST-6)."""
    schemes = []
    app = stand.gate.app

    def spy(environ: dict[str, str], *rest: object) -> object:
        schemes.append(environ["wsgi.url_scheme"])
        return app(environ, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(stand.gate.server, "app", spy)
    with closing(connect(stand)) as connection:
        for _ in range(2):
            connection.request("GET", stand.lobby.path, headers=stand.lobby.headers)
            response = connection.getresponse()
            assert (response.status, response.read() != b"") == (200, True)
    assert schemes == [scheme] * 2


@pytest.mark.parametrize("target", ["http://{host}{path}", "http://{host}:80{path}"])
def test_a_proxy_is_asked_for_a_whole_url(stand: Stand, target: str) -> None:
    """Plain HTTP to a real host, as a client with HTTP_PROXY sends it (HOST-6)."""
    line = f"GET {target.format(host=HOST, path=stand.lobby.path)} HTTP/1.1\r\nHost: {HOST}"
    assert stand.say(f"{line}{stand.get}".encode()).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_tunnel_to_port_80_is_plain(stand: Stand) -> None:
    """A websocket without TLS asks a proxy for one (HOST-6)."""
    tunnel = TUNNEL.replace(b":443", b":80")
    with stand.connect() as connection:
        connection.sendall(tunnel)
        assert connection.recv(len(ESTABLISHED)) == ESTABLISHED
        connection.sendall(f"GET {stand.lobby.path} HTTP/1.1\r\nHost: {HOST}{stand.get}".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


FOREIGN = (
    "HTTP/1.1 403 pytest-xbl: A test may not reach {}, only Xbox Live; the setting xbl_allow_hosts allows other hosts. "
    "(HOST-4)"
)
DIRECTLY = "HTTP/1.1 403 pytest-xbl: this proxy connects to nothing, so reach {} directly, as NO_PROXY says."
PORT = f"HTTP/1.1 403 pytest-xbl: {HOST} is served at the ports 80 and 443, and not at 8443. (HOST-4)"
BAD = "HTTP/1.1 400 Bad Request"


@pytest.mark.parametrize(
    ("request_line", "first", "last", "mistakes"),
    [
        ("CONNECT example.com:443", FOREIGN.format("example.com:443"), None, 1),
        ("CONNECT [2001:db8::1]:443", FOREIGN.format("[2001:db8::1]:443"), None, 1),
        ("GET http://example.com/", FOREIGN.format("example.com"), None, 1),
        ("GET http://example.com:8080/", FOREIGN.format("example.com:8080"), None, 1),
        (f"CONNECT {HOST}:8443", PORT, None, 1),
        ("CONNECT db.example.com:443", DIRECTLY.format("db.example.com"), None, 0),
        ("CONNECT localhost:443", DIRECTLY.format("localhost"), None, 0),
        ("GET http://127.0.0.1/", DIRECTLY.format("127.0.0.1"), None, 0),
        (f"CONNECT {HOST}", BAD, gate_module._NO_AUTHORITY, 0),
        ("CONNECT example.com/x:443", BAD, gate_module._NO_AUTHORITY, 0),
        (f"GET https://{HOST}:443/", BAD, gate_module._PLAIN_AT_TLS, 0),
    ],
)
def test_a_request_that_a_proxy_gets_is_refused(
    stand: Stand, request_line: str, first: str, last: str | None, mistakes: int
) -> None:
    """What is refused is said in the phrase, which is all that most clients show; what is foreign is a mistake.

    The gate connects to nothing, so it is no way out of the machine either (HOST-4, HOST-6).
    """
    text = stand.say(f"{request_line} HTTP/1.1\r\nHost: x\r\n\r\n".encode()).decode()

    assert text.split("\r\n")[0] == first
    assert last is None or text.endswith(f"\r\n\r\n{last}")
    assert "\r\nConnection: close\r\n" in text
    assert [entry.mistake for entry in stand.xbl.journal] == ["egress"] * mistakes


def test_a_refusal_has_the_usual_three_lines(stand: Stand) -> None:
    """And the usual header; the journal has it as a request of nobody (HOST-4)."""
    text = stand.say(b"CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n").decode()

    why = "A test may not reach example.com:443, only Xbox Live; the setting xbl_allow_hosts allows other hosts."
    assert f"\r\nX-Xbl-Refusal: HOST-4 at the host: {why}\r\n" in text
    assert text.endswith(f"\r\n\r\n{why}\nwhere: the host\nrule: HOST-4\n")
    assert str(stand.xbl.journal[0]) == f"#1 nobody: CONNECT example.com:443 -> 403 HOST-4 at the host: {why}"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([TUNNEL + b"GET / HTTP/1.1\r\n"], gate_module._TOO_EARLY),
        ([TUNNEL, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"], gate_module._PLAIN_AT_TLS),
        ([TUNNEL, b"nonsense\r\n\r\n"], "A request line must be a method, a target and a version, not 'nonsense'."),
        ([TUNNEL], ""),
        ([TUNNEL, b"\x16nonsense"], ""),
        ([b"\x16\x03\x01\x00\x05nonsense"], ""),
        ([HELLO], ""),
        ([b""], ""),
    ],
)
def test_a_client_that_speaks_something_else_is_told_so(stand: Stand, parts: list[bytes], text: str) -> None:
    """A sentence for whoever speaks HTTP, and a closed connection for all (HOST-6)."""
    said = stand.say(*parts)
    assert said.decode("latin-1").partition("\r\n\r\n")[2] == text


def test_tls_in_a_tunnel_to_port_80_is_refused(stand: Stand) -> None:
    """As a server of plain HTTP refuses it; an address that begins with https has port 443 (HOST-6)."""
    with stand.connect() as connection:
        connection.sendall(TUNNEL.replace(b":443", b":80"))
        assert connection.recv(len(ESTABLISHED)) == ESTABLISHED
        connection.sendall(HELLO)
        with connection.makefile("rb") as stream:
            assert stream.read().decode().endswith(gate_module._TLS_AT_PLAIN)


def test_a_tunnel_within_tls_is_refused(stand: Stand) -> None:
    """As to a proxy whose URL begins with https; inside of a tunnel it is the same (HOST-6)."""
    with stand.trusting.wrap_socket(stand.connect(), server_hostname=HOST) as connection:
        connection.sendall(TUNNEL)
        with connection.makefile("rb") as stream:
            assert stream.read().decode().endswith(gate_module._IN_TLS)


@pytest.mark.parametrize("head", ["OPTIONS * HTTP/1.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x.xboxlive.com\r\n\r\n"])
def test_a_question_about_the_whole_server_reaches_the_world(stand: Stand, head: str) -> None:
    """It names no URL, and under HTTP/1.0 no host either (HOST-6)."""
    assert stand.say(head.encode()).startswith(b"HTTP/1.1 404 ")


def test_an_unknown_name_gets_an_alert(stand: Stand) -> None:
    """Never a certificate, also through a tunnel to a host that there is (HOST-3)."""
    with stand.connect() as connection:
        connection.sendall(TUNNEL)
        assert connection.recv(len(ESTABLISHED)) == ESTABLISHED
        with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
            stand.trusting.wrap_socket(connection, server_hostname="example.com")


@pytest.mark.parametrize("start", [b"", TUNNEL])
def test_a_handshake_has_an_end(stand: Stand, start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that never shakes hands does not hold a thread for ever (HOST-6)."""
    monkeypatch.setattr(gate_module, "HANDSHAKE", 0.01)
    with stand.connect() as connection:
        connection.sendall(start)
        assert connection.recv(len(ESTABLISHED)) == ESTABLISHED if start else True
        connection.sendall(HELLO)
        assert connection.recv(1) == b""


@pytest.mark.parametrize("framing", ["Content-Length: 1000000000000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("host", ["example.com", HOST])
def test_a_body_without_an_end_ends(stand: Stand, host: str, framing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused request is answered at once, and any other after so much of the body (HOST-6)."""
    monkeypatch.setattr("pytest_xbl.wire.server.MAX_BODY", 100_000)
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n" if "chunked" in framing else b"x" * 0x10000
    target = f"http://{host}{stand.lobby.path}"
    with stand.connect() as connection:
        head = f"PUT {target} HTTP/1.1\r\nHost: x\r\n{framing}{stand.get}"
        connection.sendall(head.encode())
        connection.settimeout(0.2)
        answer = b""
        while not answer.startswith(b"HTTP/1.1 4"):
            connection.sendall(chunk)
            try:
                answer = connection.recv(1000)
            except TimeoutError:
                continue
    assert re.match(rb"HTTP/1\.1 4(03|13) ", answer)


@pytest.mark.parametrize("shaken", [True, False])
def test_nothing_holds_a_server_that_stops(stand: Stand, shaken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that has begun TLS, or is about to, is closed with the others; its thread ends (HOST-6)."""
    with stand.connect() as connection:
        if shaken:
            connection = stand.trusting.wrap_socket(connection, server_hostname=HOST)  # noqa: PLW2901
        else:
            connection.sendall(HELLO)
        wait_for_tls(stand)
        stand.gate.stop()
        assert connection.recv(1) == b""
        connection.close()
    stand.gate.start()


def test_a_connection_that_begins_tls_while_the_server_closes_is_closed(stand: Stand) -> None:
    """Whichever comes first: no socket is forgotten between the two (HOST-6)."""
    server = stand.gate.server
    with stand.connect() as connection:
        connection.sendall(HELLO)
        wait_for_tls(stand)
        server.is_closed = True  # type: ignore[union-attr]
        late, _ = socket.socketpair()
        with late, _:
            [there] = server.open  # type: ignore[union-attr]
            server.exchange(there, late)  # type: ignore[union-attr]
            assert late.recv(1) == b""
            server.exchange(late, there)  # type: ignore[union-attr]
        assert connection.recv(1) == b""


def wait_for_tls(stand: Stand) -> None:
    """Wait until the gate holds a socket of TLS."""
    while not any(isinstance(one, ssl.SSLSocket) for one in [*stand.gate.server.open]):  # type: ignore[union-attr]
        threading.Event().wait(0.001)
