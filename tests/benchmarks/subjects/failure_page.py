"""What the page of a failing test takes that has sent a thousand requests, beside its HTTP archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import perf_counter

from pytest_xbl import User, XboxLive
from pytest_xbl.pages.artifact import artifact, evidence
from pytest_xbl.pages.failure import Failure
from pytest_xbl.reporting.har import har
from pytest_xbl.reporting.report import by_last_request

from .side_by_side import Result, by_turns, memory

REQUESTS = 1000
PLAYERS = 8
FAILED = Failure("call", "AssertionError: no", "test_lobby.py:7", "def test_lobby(xbl): ...")


def measure() -> Iterator[Result]:
    """Compare the page with the archive, and weigh it."""
    world = a_world()
    archive, page = by_turns(lambda: _seconds_of_archive(world), lambda: _seconds_of_page(world), rounds=7)
    milliseconds = [1000 * seconds for seconds in page]
    yield Result("the page of 1,000 requests / json.dumps of the HAR", page, archive, milliseconds, 500, "ms")
    yield memory("its size", lambda: len(_page(world).encode()) / 1024, limit=2 * 1024, rounds=3, unit="KiB")


def a_world() -> XboxLive:
    """Eight players who read, write over each other, and are refused now and then."""
    fake = XboxLive()
    users = fake.users(*(f"Player {number}" for number in range(PLAYERS)))
    path = fake.sessions.create("lobby", members=users).ref.path
    for number in range(REQUESTS):
        _ask(fake, users[number % PLAYERS], path, number)
    return fake


def _ask(fake: XboxLive, user: User, path: str, number: int) -> None:
    """Send one of the requests: a read, a mistake, or a write of other values than before."""
    client = fake.client(user)
    if number % 4 == 0:
        client.get(path)
    elif number % 10 == 1:
        client.put(path, json={"properties": {"costum": {}}})
    else:
        score = {"members": {"me": {"properties": {"custom": {"score": number}}}}}
        client.put(path, json={**score, "properties": {"custom": {"map": f"map {number}"}}})


def _page(fake: XboxLive) -> str:
    found = evidence(fake, fake.app.journal, by_last_request(fake))
    return artifact(found, [FAILED], test_id="test_lobby.py::test_lobby", seed=json.dumps(fake.dump()))


def _seconds_of_page(fake: XboxLive) -> float:
    begin = perf_counter()
    _page(fake)
    return perf_counter() - begin


def _seconds_of_archive(fake: XboxLive) -> float:
    begin = perf_counter()
    "".join(har(fake.app.journal))
    return perf_counter() - begin
