"""The ways to a service: connections that stay open, services that throttle, and services that are not there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from pytest_xbl import XboxLive
from pytest_xbl.conformance.answer import Request, Response
from pytest_xbl.conformance.secrets import Secret
from pytest_xbl.conformance.ways import InProcess, OverHttp, Patient, UnavailableError

ASKED = Request("sessiondirectory", "GET", "/one", {}, None, None)
OK, TEAPOT = Response(200, [], b""), Response(418, [], b"")


class Scripted:
    """A way that gives these responses, one after the other."""

    def __init__(self, *responses: Response) -> None:
        self.left = [*responses]

    def send(self, _request: Request, /) -> Response:
        """The next response."""
        return self.left.pop(0)


def throttled(after: str) -> Response:
    """A response that asks to wait."""
    return Response(429, [("Retry-After", after)] if after else [], b"")


def test_a_throttled_request_is_sent_again() -> None:
    """When the service says so; a second later if it does not say when (RATE-1)."""
    slept: list[float] = []
    way = Patient(Scripted(throttled("7"), throttled(""), throttled("soon"), TEAPOT), slept.append)
    assert way.send(ASKED) is TEAPOT
    assert slept == [7, 1, 1]


def test_a_service_that_throttles_on_and_on_is_given_up() -> None:
    """Nothing is known of the rule then."""
    way = Patient(Scripted(*[throttled("1")] * 20), lambda _: None)
    with pytest.raises(UnavailableError, match=r"^the service answers 429 to GET /one$") as error:
        way.send(ASKED)
    assert not error.value.is_gone


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_service_that_fails_says_nothing_about_rules(status: int) -> None:
    """Each 5xx but 501, by which the fake says what it has not built (CODE-501)."""
    with pytest.raises(UnavailableError, match=f"^the service answers {status} to GET /one$"):
        Patient(Scripted(Response(status, [], b"")), lambda _: None).send(ASKED)
    assert Patient(Scripted(Response(501, [], b"")), lambda _: None).send(ASKED).status == 501


@pytest.fixture
def closing() -> Iterator[socket.socket]:
    """A socket at which a test can listen."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        yield server


def test_nobody_there_is_said(closing: socket.socket) -> None:
    """With the address and the request."""
    port = closing.getsockname()[1]
    closing.close()
    way = OverHttp({"sessiondirectory": f"http://127.0.0.1:{port}/base"})
    with pytest.raises(UnavailableError) as error:
        way.send(ASKED)
    assert error.value.is_gone
    assert str(error.value).startswith(f"http://127.0.0.1:{port} does not answer GET /one: ")


def test_a_connection_that_the_service_has_closed_is_replaced(xbl: XboxLive) -> None:
    """Services close connections that were idle; a test that has waited goes on."""
    token = xbl.user("Stacy")
    way = OverHttp({"sessiondirectory": xbl.url})
    asked = ASKED._replace(
        path=f"/serviceconfigs/{xbl.scid}/sessiontemplates",
        headers={"X-Xbl-Contract-Version": "107"},
        authorization=Secret(token.authorization, token.token),
    )
    assert way.send(asked).status == 200
    way._open["sessiondirectory"].sock.shutdown(socket.SHUT_RDWR)
    assert way.send(asked).status == 200
    assert len(xbl.journal) == 2
    way.close()


def test_a_base_may_have_a_path(closing: socket.socket) -> None:
    """Behind a gateway, for instance."""
    way = OverHttp({"sessiondirectory": f"http://127.0.0.1:{closing.getsockname()[1]}/base/"})

    def serve() -> None:
        connection, _ = closing.accept()
        with connection:
            seen.append(connection.recv(1000).split(b"\r\n")[0])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    seen: list[bytes] = []
    thread = threading.Thread(target=serve)
    thread.start()
    assert way.send(ASKED).status == 200
    thread.join()
    way.close()
    assert seen == [b"GET /base/one HTTP/1.1"]


def test_the_process_is_asked_with_the_same_headers(xbl: XboxLive) -> None:
    """Also without any (CALL-3)."""
    assert InProcess(xbl.client()).send(ASKED._replace(path="/handles")).status == 405
