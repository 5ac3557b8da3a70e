"""`xbl.transport` and `xbl.async_transport`: httpx without a network."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeAlias

import httpx
import pytest

from bodies import ACTIVE, ONE
from errors import error_of
from pytest_xbl import User, XboxLive
from tables import cases

Ask: TypeAlias = Callable[..., httpx.Response]

ADDRESSES = [
    "https://sessiondirectory.xboxlive.com",
    "https://client-sessiondirectory.xboxlive.com",
    "http://fake",
    "http://127.0.0.1:9",
    "https://[::1]",
]
WITHOUT_HTTPX = "xbl.transport needs httpx: pip install 'pytest-xbl[httpx]', or use xbl.client."


def synchronous(xbl: XboxLive, *request: Any, **more: Any) -> httpx.Response:
    """The response to a request of an `httpx.Client`."""
    with httpx.Client(transport=xbl.transport) as client:
        return client.request(*request, **more)


def asynchronous(xbl: XboxLive, *request: Any, **more: Any) -> httpx.Response:
    """The response to a request of an `httpx.AsyncClient`."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=xbl.async_transport) as client:
            return await client.request(*request, **more)

    return asyncio.run(ask())


BOTH = pytest.mark.parametrize("ask", [synchronous, asynchronous])


@pytest.fixture
def xbl() -> XboxLive:
    """A world whose server must not be started."""

    def start() -> NoReturn:
        pytest.fail("The server is not needed.")

    return XboxLive(url=start)


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """A user."""
    return xbl.user("Stacy")


@pytest.mark.parametrize("address", ADDRESSES)
@BOTH
def test_any_address_is_the_fake(xbl: XboxLive, stacy: User, ask: Ask, address: str) -> None:
    """The address of production or any other, without a server (CALL-1)."""
    answer = ask(xbl, "PUT", address + ONE, headers=stacy.headers, json=ACTIVE)
    assert (answer.status_code, answer.json()) == (201, xbl.sessions["one"].document)
    assert answer.headers["ETag"] == xbl.sessions["one"].etag
    assert ("Host", httpx.URL(address).netloc.decode()) in xbl.journal[0]._request.headers


@BOTH
def test_the_host_is_that_of_the_url(xbl: XboxLive, stacy: User, ask: Ask) -> None:
    """A real host answers what it has, and nothing else (CALL-1, CALL-7)."""
    answer = ask(xbl, "GET", f"https://userstats.xboxlive.com{ONE}", headers=stacy.headers)
    assert (answer.status_code, xbl.journal[0].rule) == (404, "CALL-7")


@BOTH
def test_responses_without_a_body_have_none(xbl: XboxLive, stacy: User, ask: Ask) -> None:
    """A HEAD, and a session that is not there (CODE-204)."""
    answers = [ask(xbl, method, f"http://fake{ONE}", headers=stacy.headers) for method in ("HEAD", "GET")]
    assert [(answer.status_code, answer.content) for answer in answers] == [(405, b""), (204, b"")]


@pytest.mark.parametrize("path", ["/caf%C3%A9", "/100%2541", "/a%20b?c=%26&d"])
def test_a_path_is_decoded_once(xbl: XboxLive, stacy: User, path: str) -> None:
    """As it is where it comes over a socket or from `xbl.client`."""
    for ask in (synchronous, asynchronous):
        ask(xbl, "GET", f"http://fake{path}", headers=stacy.headers)
    xbl.client(stacy).get(path)
    assert len({entry.uri for entry in xbl.journal}) == 1


def test_a_streamed_body_arrives_whole(xbl: XboxLive, stacy: User) -> None:
    """A body whose length no header says, from an iterator of either kind."""
    body = json.dumps(ACTIVE).encode()

    def parts() -> Iterator[bytes]:
        yield body[:9]
        yield body[9:]

    async def ask() -> httpx.Response:
        async def parts_in_time() -> Any:
            for part in parts():
                await asyncio.sleep(0)
                yield part

        async with httpx.AsyncClient(transport=xbl.async_transport) as client:
            return await client.put(f"http://fake{ONE}", headers=stacy.headers, content=parts_in_time())

    answers = [synchronous(xbl, "PUT", f"http://fake{ONE}", headers=stacy.headers, content=parts()), asyncio.run(ask())]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert [entry.body for entry in xbl.journal] == [ACTIVE, ACTIVE]


BREAK = "There must be no line break within a line of the head, as in"
MALFORMED = {
    "two hosts": ("GET", [("Host", "a"), ("Host", "b")], "A request must not have more than one Host header."),
    "NUL": ("GET", {"Via": "a\0"}, r"The header Via holds a control character: 'a\x00'."),
    "no token": ("GET", {"A B": "a"}, "The header name 'A B' is not a token."),
    "break in a value": ("GET", {"A": "a\r\nB: b"}, rf"{BREAK} b'A: a\r\nB: b'."),
    "break in a name": ("GET", {"A: a\nB": "b"}, rf"{BREAK} b'A: a\nB: b'."),
    "break in the method": ("GET / HTTP/1.1\nA:", {}, rf"{BREAK} b'GET / HTTP/1.1\nA: / HTTP/1.1'."),
    "too long": ("GET", {"A": "a" * 65536}, "A header is longer than 65536 bytes."),
}


@cases("malformed", MALFORMED)
@BOTH
def test_a_malformed_head_is_an_error(xbl: XboxLive, ask: Ask, malformed: tuple[str, Any, str]) -> None:
    """Of the kind that httpx raises over a socket, with the text of the server; it reaches no world."""
    method, headers, text = malformed
    with pytest.raises(httpx.LocalProtocolError) as error:
        ask(xbl, method, "http://fake/", headers=headers)
    assert str(error.value) == text
    assert not xbl.journal


def test_a_response_is_read_as_one_over_a_socket(xbl: XboxLive) -> None:
    """A stream is not read until somebody reads it, as it came or decoded."""
    stacy = xbl.user("Stacy")
    lobby = xbl.sessions.create("lobby", members=[stacy])
    with httpx.Client(transport=xbl.transport, base_url=ADDRESSES[0], headers=stacy.headers) as client:
        with client.stream("GET", lobby.ref.path) as answer:
            assert json.loads(b"".join(answer.iter_raw())) == lobby.document
        with client.stream("GET", lobby.ref.path) as answer, pytest.raises(httpx.ResponseNotRead):
            answer.json()


def test_a_host_may_be_an_address_in_brackets(xbl: XboxLive) -> None:
    """Its port is no part of its name (CALL-1)."""
    answer = synchronous(xbl, "GET", "https://[::1]:8443/nope")
    assert answer.text.splitlines()[0] == "The fake has no operation GET /nope on host [::1]."


def test_requests_at_the_same_time_are_all_answered(xbl: XboxLive) -> None:
    """Each by its own caller, on one event loop."""
    users = xbl.users(*map(str, range(8)))

    async def join() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=xbl.async_transport, base_url=ADDRESSES[0]) as client:
            return await asyncio.gather(*(client.put(ONE, headers=user.headers, json=ACTIVE) for user in users))

    assert sorted(answer.status_code for answer in asyncio.run(join())) == [200] * 7 + [201]
    assert xbl.sessions["one"].document["membersInfo"]["active"] == 8


def test_a_client_that_is_closed_closes_no_transport(xbl: XboxLive, stacy: User) -> None:
    """The next client of the test takes the same one."""
    for _ in range(2):
        assert synchronous(xbl, "GET", f"http://fake{ONE}", headers=stacy.headers).status_code == 204
        assert asynchronous(xbl, "GET", f"http://fake{ONE}", headers=stacy.headers).status_code == 204


def test_a_client_of_the_other_kind_is_refused(xbl: XboxLive) -> None:
    """With the transport that it takes, in a with-block or without."""
    wrong: Any = xbl.async_transport
    for ask in (
        lambda: httpx.Client(transport=wrong).__enter__(),
        lambda: httpx.Client(transport=wrong).get("http://a"),
    ):
        text = "xbl.async_transport is for an httpx.AsyncClient; an httpx.Client takes xbl.transport."
        assert error_of(ask) == text
    wrong = xbl.transport
    text = "xbl.transport is for an httpx.Client; an httpx.AsyncClient takes xbl.async_transport."
    assert error_of(lambda: asyncio.run(httpx.AsyncClient(transport=wrong).__aenter__())) == text
    assert error_of(lambda: asyncio.run(httpx.AsyncClient(transport=wrong).get("http://a"))) == text


@pytest.mark.parametrize("name", ["transport", "async_transport"])
def test_httpx_is_an_extra(xbl: XboxLive, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whoever has not installed it learns how, when a transport is asked for and not before."""
    monkeypatch.delitem(sys.modules, "pytest_xbl.xbl.transports", raising=False)
    monkeypatch.delattr("pytest_xbl.xbl.transports", raising=False)
    monkeypatch.setitem(sys.modules, "httpx", None)
    assert error_of(lambda: getattr(xbl, name)) == WITHOUT_HTTPX


def test_httpx_is_imported_for_a_transport_only() -> None:
    """A world without one needs no httpx."""
    code = (
        "import sys\n"
        "from pytest_xbl import *\n"
        "world = XboxLive()\n"
        "world.client(world.user('Stacy')).get('/')\n"
        "print('httpx' in sys.modules, type(world.transport).__name__, 'httpx' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("False Transport True\n", "")
