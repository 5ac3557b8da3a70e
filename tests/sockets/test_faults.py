"""Faults as clients meet them over a socket."""

from __future__ import annotations

import asyncio
import http.client
import importlib
import importlib.util
import socket
import struct
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

import httpx
import pytest

from bodies import ONE
from pytest_xbl import SessionView, User, XboxLive
from pytest_xbl.trouble.meeting import trouble_of

if TYPE_CHECKING:
    from pytest_xbl.xbl.people import Principal
    from tests.sockets.conftest import Player

PATIENCE = 30  # seconds; only ever used up by a test that fails
SOON = 0.5  # seconds after which a client gives up on a silent connection; enough for a busy machine to handle a write
BODY = b'{"properties": {"custom": {"map": "harbour"}}}'
Put: TypeAlias = Callable[[str, dict[str, str], float], int]


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """A player."""
    return xbl.user("Stacy")


@pytest.fixture
def lobby(xbl: XboxLive, stacy: User) -> SessionView:
    """The session that she is in."""
    return xbl.sessions.create("lobby", name="one", members=[stacy])


def by_http_client(url: str, headers: dict[str, str], timeout: float) -> int:
    """The status of a PUT, by the client of the standard library."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=timeout)
    try:
        connection.request("PUT", address.path, BODY, headers)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def by_httpx(url: str, headers: dict[str, str], timeout: float) -> int:
    """The same by httpx."""
    return httpx.put(url, content=BODY, headers=headers, timeout=timeout).status_code


def by_urllib3(url: str, headers: dict[str, str], timeout: float) -> int:
    """The same by urllib3, which sends a lost PUT once more."""
    urllib3: Any = importlib.import_module("urllib3")
    headers = {**headers, "Connection": "close"}  # its pool does not close every connection after a retry
    with urllib3.PoolManager() as pool:
        return int(pool.request("PUT", url, body=BODY, headers=headers, timeout=timeout).status)


def by_aiohttp(url: str, headers: dict[str, str], timeout: float) -> int:
    """The same by aiohttp, which does so, too."""
    aiohttp: Any = importlib.import_module("aiohttp")

    async def put() -> int:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(timeout)) as session,
            session.put(url, data=BODY, headers=headers) as response,
        ):
            await response.read()
            return int(response.status)

    return asyncio.run(put())


PATIENT: dict[str, Put] = {"http.client": by_http_client, "httpx": by_httpx}
"""Clients that send a request once."""
EAGER: dict[str, Put] = {
    name: put for name, put in (("urllib3", by_urllib3), ("aiohttp", by_aiohttp)) if importlib.util.find_spec(name)
}
"""Clients that send a PUT once more whose answer was lost, as far as they are installed."""
LOST: dict[tuple[str, object], type[Exception]] = {
    ("http.client", "close"): http.client.RemoteDisconnected,
    ("http.client", "reset"): ConnectionResetError,
    ("http.client", "hang"): TimeoutError,
    ("http.client", "cut"): http.client.IncompleteRead,
    ("http.client", "down"): ConnectionResetError,
    ("httpx", "close"): httpx.RemoteProtocolError,
    ("httpx", "reset"): httpx.ReadError,
    ("httpx", "hang"): httpx.ReadTimeout,
    ("httpx", "cut"): httpx.RemoteProtocolError,
    ("httpx", "down"): httpx.ReadError,
}
"""The exception that a client raises for each way in which an answer can be lost."""


def sent(put: Put, xbl: XboxLive, user: User, *, timeout: float = PATIENCE) -> int:
    """The status of a PUT of the session."""
    return put(xbl.url + ONE, {**user.headers, "Content-Type": "application/json"}, timeout)


@pytest.mark.parametrize("how", ["close", "reset", "hang"])
@pytest.mark.parametrize("client", PATIENT)
def test_a_lost_answer_over_a_socket(xbl: XboxLive, stacy: User, lobby: SessionView, client: str, how: Any) -> None:
    """The client raises what it does for such a connection; the write was kept, and no thread is left (FAULT-3)."""
    fault = xbl.faults.lose("put-session", how)
    with pytest.raises(LOST[client, how]):
        sent(PATIENT[client], xbl, stacy, timeout=SOON if how == "hang" else PATIENCE)
    assert lobby.document["properties"]["custom"] == {"map": "harbour"}
    assert ([entry.status for entry in xbl.journal], fault.fired) == ([200], 1)
    trouble_of(xbl.app).end()
    assert sent(PATIENT[client], xbl, stacy) == 200


@pytest.mark.parametrize("client", EAGER)
@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_client_that_sends_a_lost_put_once_more(
    xbl: XboxLive, stacy: User, lobby: SessionView, client: str, how: Any
) -> None:
    """By itself: its caller sees 200, and the journal two requests (FAULT-3)."""
    xbl.faults.lose("put-session", how)
    assert sent(EAGER[client], xbl, stacy) == 200
    assert [(entry.status, bool(entry.fault)) for entry in xbl.journal] == [(200, True), (200, False)]
    assert len(lobby.history) == 2


@pytest.mark.parametrize("client", [*PATIENT, *EAGER])
def test_a_status_over_a_socket(xbl: XboxLive, stacy: User, lobby: SessionView, client: str) -> None:
    """A request that fails, and the status of a gateway in place of an answer (FAULT-2, FAULT-3)."""
    xbl.faults.fail("put-session", 500)
    xbl.faults.lose("put-session", 504)
    put = {**PATIENT, **EAGER}[client]
    assert [sent(put, xbl, stacy) for _ in range(3)] == [500, 504, 200]
    assert [entry.status for entry in xbl.journal] == [500, 200, 200]


@pytest.mark.parametrize("client", PATIENT)
@pytest.mark.parametrize("after", [0, 10])
def test_a_body_that_ends_too_early(xbl: XboxLive, stacy: User, lobby: SessionView, client: str, after: int) -> None:
    """After as many bytes as the test says, and behind a head that promises more (FAULT-3)."""
    xbl.faults.cut("put-session", after=after)
    with pytest.raises(LOST[client, "cut"]) as error:
        sent(PATIENT[client], xbl, stacy)
    assert f"{after} bytes" in str(error.value)
    assert xbl.journal[0].status == 200


def test_a_body_that_is_too_short_to_be_cut_fails_the_test(xbl: XboxLive, stacy: User, lobby: SessionView) -> None:
    """It arrives, so nothing has gone wrong that should have (FAULT-3, FAULT-6)."""
    xbl.faults.cut("put-session", after=10**6)
    assert sent(by_httpx, xbl, stacy) == 200
    [crash], xbl.app.crashes = xbl.app.crashes, []
    nothing = f"xbl.faults.cut has nothing to cut after 1000000 bytes: the body has {len(xbl.journal[0].answered)}"
    why = f"{nothing}; give a smaller after=, or optional=True."
    assert str(crash).splitlines() == [why, "where: after", "rule: FAULT-3"]


def test_an_optional_cut_may_have_nothing_to_cut(xbl: XboxLive, stacy: User, lobby: SessionView) -> None:
    """The whole body arrives then (FAULT-6)."""
    xbl.faults.cut("put-session", after=10**6, optional=True)
    assert sent(by_httpx, xbl, stacy) == 200


class Surrender(BaseException):
    """Like the exception of `pytest.fail`, no ordinary one."""


def test_a_rival_who_gives_up_fails_the_test(xbl: XboxLive, stacy: User, lobby: SessionView) -> None:
    """Though its exception, like that of `pytest.fail`, would end the thread unseen (FAULT-5)."""

    def rival() -> None:
        raise Surrender

    xbl.faults.race("put-session", rival)
    assert sent(by_httpx, xbl, stacy) == 500
    [crash], xbl.app.crashes = xbl.app.crashes, []
    assert isinstance(crash, Surrender)


@pytest.mark.parametrize("client", PATIENT)
def test_a_service_that_is_down_over_a_socket(xbl: XboxLive, stacy: User, lobby: SessionView, client: str) -> None:
    """The connection is reset before anything is handled (FAULT-4)."""
    with xbl.faults.down(times=1), pytest.raises(LOST[client, "down"]):
        sent(PATIENT[client], xbl, stacy)
    assert (len(xbl.journal), len(lobby.history)) == (0, 1)
    assert sent(PATIENT[client], xbl, stacy) == 200


def test_a_connection_goes_on_after_an_error(
    xbl: XboxLive, stacy: User, lobby: SessionView, connect: Callable[[Principal], Player]
) -> None:
    """A status ends no connection, and a lost answer only its own (FAULT-2, FAULT-3)."""
    player, other = connect(stacy), connect(xbl.user("Ana"))
    xbl.faults.fail("get-session", 503)
    xbl.faults.lose("get-session", 504)
    xbl.faults.lose("get-session")
    assert [player.ask("GET").status, player.ask("GET").status] == [503, 504]
    with pytest.raises(http.client.RemoteDisconnected):
        player.ask("GET")
    assert other.ask("GET").status == 200


def test_a_rival_over_the_socket_meets_no_race_of_its_own(xbl: XboxLive, stacy: User, lobby: SessionView) -> None:
    """Though its request is handled by another thread (FAULT-5)."""
    race = xbl.faults.race("put-session", lambda: sent(by_http_client, xbl, stacy), times=None)
    assert sent(by_http_client, xbl, stacy) == 200
    assert ([entry.number for entry in xbl.journal if entry.fault], race.fired) == ([2], 1)


@pytest.mark.parametrize("end", ["close", "reset", "test"])
def test_a_silent_connection_leaves_no_thread(xbl: XboxLive, stacy: User, lobby: SessionView, end: str) -> None:
    """It ends with its client, or with the test, whichever comes first (FAULT-3)."""
    xbl.faults.lose("put-session", "hang")
    before = set(threading.enumerate())
    address = urlsplit(xbl.url)
    before |= set(threading.enumerate())
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=PATIENCE)
    connection.request("PUT", ONE, BODY, {**stacy.headers, "Content-Type": "application/json"})
    while not xbl.journal:
        pass
    [serving] = set(threading.enumerate()) - before
    connection.sock.send(b"GET / HTTP/1.1\r\n")  # what comes meanwhile is ignored
    if end == "reset":
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if end == "test":
        trouble_of(xbl.app).end()
        with pytest.raises(ConnectionError):
            connection.getresponse()
    connection.close()
    serving.join(PATIENCE)
    assert not serving.is_alive()


def test_a_stopped_server_leaves_no_silent_connection(stacy: User) -> None:
    """It closes what is open, and the client hears of it (FAULT-3)."""
    from pytest_xbl.wire.server import XblServer
    from pytest_xbl.wire.switchboard import Switchboard

    switchboard = Switchboard()
    server = XblServer(switchboard, opened=switchboard.runs.opened)
    world = XboxLive(url=lambda: server.url, name="another")
    caller = world.user("Stacy")
    world.sessions.create("lobby", name="one", members=[caller])
    world.faults.lose("put-session", "hang")
    with switchboard.connected(world.app), ThreadPoolExecutor(1) as thread:
        server.start()
        answer = thread.submit(sent, by_http_client, world, caller)
        while not world.journal:
            pass
        server.stop()
        assert isinstance(answer.exception(PATIENCE), ConnectionError)


def test_under_threads_each_request_has_its_own_end(xbl: XboxLive, stacy: User, lobby: SessionView) -> None:
    """As many answers get lost as the test says, and every write was kept (FAULT-3)."""
    fault = xbl.faults.lose("put-session", times=10)

    def put(_: int) -> int:
        try:
            return sent(by_http_client, xbl, stacy)
        except http.client.RemoteDisconnected:
            return 0

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(put, range(30)))
    assert (answers.count(0), answers.count(200), fault.fired, len(xbl.journal)) == (10, 20, 10, 30)
