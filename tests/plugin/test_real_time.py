"""Real-time activity in runs of pytest: what a failing test shows, and what is left when a test ends (TAP)."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from pytest_xbl.mpsd.view import guid

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

HEAD = """
import json, threading
from contextlib import closing
import pytest
from websockets.exceptions import ConnectionClosed
from rta_client import RtaClient

PATH = "/serviceconfigs/5c1d0000-0000-4000-8000-000000000001/sessiontemplates/lobby/sessions/one"
SUBSCRIPTION = {"id": "81a3266d-3066-4d55-9a16-2034ee70a850", "changeTypes": ["everything"]}
LEFT = []

def subscribed(connection):
    system = {"active": True, "connection": connection, "subscription": SUBSCRIPTION}
    return {"members": {"me": {"properties": {"system": system}}}}

def score(number):
    return {"properties": {"custom": {"score": number}}}

def played(xbl):
    stacy = xbl.user("Stacy")
    client = RtaClient(xbl, stacy)
    LEFT.append(client)
    xbl.client(stacy).put(PATH, json=subscribed(client.connection()))
    xbl.client(stacy).put(PATH, json=score(1))
    return client
"""

LEAVING = f"""
{HEAD}

@pytest.mark.parametrize("number", range(3))
def test_leaves(xbl, number):
    client = played(xbl)
    assert client.tap()["changeNumber"] == 2
    assert [one.user for one in xbl.rta.connections] == ["Stacy"]

def test_ends(xbl):
    played(xbl)
    assert len(xbl.rta.connections) == 1
    for client in LEFT[:3]:
        with pytest.raises(ConnectionClosed) as error:
            client.read()
        assert error.value.rcvd.code == 1001
        assert error.value.rcvd.reason == "The world of the test is over."

def test_nothing_is_left():
    assert [thread.name for thread in threading.enumerate() if "process_request" in thread.name] == []
    for client in LEFT:
        client.socket.close()
"""


def test_a_connection_ends_with_the_world_of_its_test(runner: Runner) -> None:
    """Whatever the client does: no thread is left, and no tap reaches the next test (TAP-14)."""
    before = set(threading.enumerate())
    runner.run(LEAVING).assert_outcomes(passed=5)
    assert set(threading.enumerate()) <= before


TOGETHER = """
import threading
from concurrent.futures import ThreadPoolExecutor

def test_threads(xbl):
    ready = threading.Barrier(8)
    with ThreadPoolExecutor(8) as threads:
        urls = set(threads.map(lambda _: (ready.wait(), xbl.url)[1], range(8)))
    assert len(urls) == 1
"""


def test_clients_in_threads_start_one_server(runner: Runner) -> None:
    """Which ends with the run, as the only one (SEEN-11)."""
    before = set(threading.enumerate())
    runner.run(TOGETHER).assert_outcomes(passed=1)
    assert set(threading.enumerate()) <= before


FAILING = f"""
{HEAD}

def test_fails(xbl):
    with closing(played(xbl)):
        raise RuntimeError("mine")
"""


def test_a_failing_test_shows_connections_and_taps(runner: Runner) -> None:
    """And who was told of which version; the archive has the messages (TAP-2, SEEN-4)."""
    told = runner.told(runner.run(FAILING, "--xbl-artifacts", "kept"))["test_fails"]
    connection = guid("socket", "2533274790000001", "1")
    assert runner.section(told)[:-1] == [
        "#1 Stacy: GET /connect -> 101",
        "#2 Stacy: put-session lobby/one -> 201",
        "#3 Stacy: put-session lobby/one -> 200",
        "lobby/one:",
        "  #1 12:00:00 put-session by Stacy: session created, Stacy joined, Stacy became active",
        "  #2 12:00:00 put-session by Stacy: Stacy tapped (customProperty)",
    ]
    [path] = (runner.pytester.path / "kept").glob("*/requests.har")
    [entry, *_] = json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]
    assert (entry["_resourceType"], entry["response"]["status"]) == ("websocket", 101)
    messages = [(one["type"], one["opcode"], json.loads(one["data"])[0]) for one in entry["_webSocketMessages"]]
    assert messages == [("send", 1, 1), ("receive", 1, 1), ("receive", 1, 3)]
    assert f'"ConnectionId":"{connection}"' in entry["_webSocketMessages"][1]["data"]


STILL_OPEN = f"""
{HEAD}

def test_fails(xbl):
    played(xbl)
    assert xbl.user("Ana").connection
    raise RuntimeError("mine")
"""


def test_the_open_connections_are_shown(runner: Runner) -> None:
    """With the number of their taps (TAP-2)."""
    told = runner.told(runner.run(STILL_OPEN))["test_fails"]
    socket, given = guid("socket", "2533274790000001", "1"), guid("connection", "2533274790000002")
    assert runner.section(told)[3:5] == [
        f"Stacy is connected as {socket}, taps 1",
        f"Ana is connected as {given}, taps 0",
    ]


MISTAKEN = f"""
{HEAD}

def test_mistaken(xbl):
    with closing(RtaClient(xbl, xbl.user("Stacy"))) as client:
        client.socket.send("nonsense")
        with pytest.raises(ConnectionClosed):
            client.read()

@pytest.mark.xbl(loose="bad-body")
def test_loose(xbl):
    test_mistaken(xbl)
"""


def test_a_message_that_cannot_be_read_fails_the_test(runner: Runner) -> None:
    """Unless its marker lets wrong bodies pass (TAP-12, SEEN-5)."""
    result = runner.run(MISTAKEN)
    result.assert_outcomes(passed=1, failed=1)
    told = runner.told(result)["test_mistaken"]
    assert "The client made a mistake: 400 TAP-12 at the message: The message is not JSON: Expecting value" in told
