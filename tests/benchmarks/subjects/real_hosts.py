"""A write by a real host name, beside the same write by the address of the fake; and what a test pays for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from tempfile import gettempdir
from time import perf_counter

import httpx

from pytest_xbl import XboxLive
from pytest_xbl.hosts.interception import Interception
from pytest_xbl.wire.server import XblServer
from pytest_xbl.wire.switchboard import Switchboard

from .side_by_side import Result, alone, ratio, seconds_per_call
from .stage import Stage, change, stage

HOST = "sessiondirectory.xboxlive.com"
TIMES = 25


def measure() -> Iterator[Result]:
    """Compare them with two clients; and measure the patch, and the first use."""
    board = Switchboard()
    with XblServer(board) as server, _interception(board) as hosts:
        hosts.arm()
        real = lambda: HTTPSConnection(HOST)  # noqa: E731 -- the two ways side by side
        plain = lambda: HTTPConnection("127.0.0.1", server.port)  # noqa: E731 -- as above
        yield ratio(
            "a PUT by TLS to a real name / by xbl.url",
            lambda: _http_client(board, real),
            lambda: _http_client(board, plain),
            limit=1.25,
            rounds=200,
        )
        yield ratio(
            "likewise, with httpx",
            lambda: _httpx(board, f"https://{HOST}"),
            lambda: _httpx(board, server.url),
            limit=1.05,
            rounds=200,
        )
        yield alone("what a test pays that reaches no real name", lambda: _arming(hosts), limit=10e-6, rounds=50)
    import trustme  # noqa: F401 -- its import is measured by nothing here

    yield alone("authority, certificate and gate", _first_use, limit=15e-3, rounds=20)


@contextmanager
def _interception(board: Switchboard) -> Iterator[Interception]:
    hosts = Interception(board, mode="serve", is_strict=False, allowed=(), directory=lambda: Path(gettempdir()))
    try:
        yield hosts
    finally:
        hosts.stop()


def _http_client(board: Switchboard, connect: Callable[[], HTTPConnection]) -> float:
    scene = stage(XboxLive())
    headers = {**scene.user.headers, "Content-Type": "application/json"}
    with board.connected(scene.fake.app), closing(connect()) as connection:
        connection.connect()

        def put(number: int) -> object:
            connection.request("PUT", scene.path, str(change(number)).replace("'", '"'), headers)
            return connection.getresponse().read()

        return seconds_per_call(put, times=TIMES)


def _httpx(board: Switchboard, url: str) -> float:
    scene: Stage = stage(XboxLive())
    with board.connected(scene.fake.app), httpx.Client(headers=scene.user.headers) as client:
        client.get(url + scene.path)
        return seconds_per_call(lambda number: client.put(url + scene.path, json=change(number)), times=TIMES)


def _arming(hosts: Interception) -> float:
    """A test looks three times whether the patch still stands: for its world, after its setup and its teardown."""
    return 3 * seconds_per_call(lambda _number: hosts.arm(), times=1000)


def _first_use() -> float:
    """Up to the first handshake, and without it."""
    with _interception(Switchboard()) as hosts:
        begin = perf_counter()
        hosts.gate()
        authority = hosts._vouching()
        authority._context_of("xboxlive.com")
        return perf_counter() - begin
