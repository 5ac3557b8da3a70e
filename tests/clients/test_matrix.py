"""A client that writes real host names meets the fake, whatever it is made of (HOST-1)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

import python_clients
import python_websockets
from bodies import ACTIVE, ONE
from pytest_xbl import User, XboxLive, any_guid
from python_clients import Call, Reply

Client: TypeAlias = Callable[[Call], Reply]
WebsocketClient: TypeAlias = Callable[[Call], str]
Run: TypeAlias = Callable[..., str]

HERE = Path(__file__).parent
IN_NODE = ("fetch", "https", "undici", "axios", "got", "node-fetch")
OF_NODE_ITSELF = ("fetch", "https")
CURL = (
    'printf "%s" "$HEADER_LINES" | curl -sS -X PUT -H @- -d "$BODY" -o "$OUT" -w "%{http_code} " "$URL" && cat "$OUT"'
)
"""Prints the status before the document."""

CONNECTIONS = "https://sessiondirectory.xboxlive.com/connections/"
SUBSCRIBE = json.dumps([1, 7, CONNECTIONS])

in_python = pytest.mark.parametrize("client", python_clients.NEEDS, ids=lambda client: client.__name__)
by_websocket = pytest.mark.parametrize("client", python_websockets.NEEDS, ids=lambda client: client.__name__)


@pytest.fixture
def call(stacy: User) -> Call:
    """A request that opens a session, at the real host."""
    headers = {**stacy.headers, "Content-Type": "application/json"}
    return Call(f"https://sessiondirectory.xboxlive.com{ONE}", headers, json.dumps(ACTIVE))


@pytest.fixture
def run_call(run: Run, call: Call) -> Callable[..., Reply]:
    """Runs a program that sends the request, and gives the response that it prints."""

    def running(*command: str | Path, **variables: str | Path) -> Reply:
        lines = "\n".join(f"{name}: {value}" for name, value in call.headers.items())
        headers = {"HEADERS": json.dumps(call.headers), "HEADER_LINES": lines}
        status, text = run(*command, URL=call.url, BODY=call.body, **headers, **variables).split(" ", 1)
        return Reply(int(status), text)

    return running


def require(*modules: str) -> None:
    """Skip a test whose client is not installed."""
    for module in modules:
        pytest.importorskip(module)


def assert_met(xbl: XboxLive, reply: Reply) -> None:
    """Assert that a client got the session that it opened, by the real name."""
    assert (reply.status, json.loads(reply.text)) == (201, xbl.sessions["one"].document)
    assert xbl.journal.one("put-session", caller="Stacy").host == "sessiondirectory.xboxlive.com"


def assert_connected(xbl: XboxLive, user: User, reply: str) -> None:
    """Assert that a client got its ConnectionId over a websocket, by the real name."""
    assert json.loads(reply) == [1, 7, 0, 0, {"ConnectionId": any_guid}]
    assert xbl.journal.one("connect", caller=user).host == "rta.xboxlive.com"


@in_python
def test_a_client_in_python_meets_the_fake_in_process(xbl: XboxLive, call: Call, client: Client) -> None:
    """Each library's own way to a host, a connection and a context leads to the test's world (HOST-1)."""
    require(*python_clients.NEEDS[client])

    assert_met(xbl, client(call))


@in_python
def test_a_client_in_python_meets_the_fake_as_a_program(
    xbl: XboxLive, run_call: Callable[..., Reply], client: Client
) -> None:
    """So do the same libraries in a process of their own, by its environment alone (HOST-2)."""
    require(*python_clients.NEEDS[client])

    assert_met(xbl, run_call(sys.executable, python_clients.__file__, client.__name__))


@pytest.mark.parametrize("client", IN_NODE)
def test_a_client_in_node_meets_the_fake(
    xbl: XboxLive, run_call: Callable[..., Reply], client: str, request: pytest.FixtureRequest
) -> None:
    """Node has no one way to a host, and the preload leads all of them (HOST-2)."""
    if client not in OF_NODE_ITSELF:
        request.getfixturevalue("_packages")

    assert_met(xbl, run_call("node", HERE / "node/clients.mjs", client))


def test_curl_meets_the_fake(xbl: XboxLive, run_call: Callable[..., Reply], tmp_path: Path) -> None:
    """The variables for proxies and certificates are enough for curl (HOST-2)."""
    assert_met(xbl, run_call("sh", "-c", CURL, OUT=tmp_path / "document"))


def test_java_meets_the_fake(xbl: XboxLive, run_call: Callable[..., Reply]) -> None:
    """The virtual machine takes its proxy and its trust store from a variable, too (HOST-2)."""
    assert_met(xbl, run_call("java", HERE / "java/Client.java"))


def test_go_meets_the_fake(xbl: XboxLive, run_call: Callable[..., Reply], tmp_path: Path) -> None:
    """The default transport of Go reads the same variables as curl (HOST-2)."""
    assert_met(xbl, run_call("go", "run", HERE / "go/client.go", GOCACHE=tmp_path, GOFLAGS="-mod=mod"))


@pytest.fixture
def connecting(stacy: User) -> Call:
    """A connection of real-time activity, at the real host, and what is sent on it."""
    return Call("wss://rta.xboxlive.com/connect", {**stacy.headers}, SUBSCRIBE)


@by_websocket
def test_a_websocket_in_python_meets_the_fake_in_process(
    xbl: XboxLive, stacy: User, connecting: Call, client: WebsocketClient
) -> None:
    """Websockets find the world as other requests do (HOST-1, TAP-11)."""
    require(*python_websockets.NEEDS[client])

    assert_connected(xbl, stacy, client(connecting))


@by_websocket
def test_a_websocket_in_python_meets_the_fake_as_a_program(
    xbl: XboxLive, stacy: User, run: Run, connecting: Call, client: WebsocketClient
) -> None:
    """So do those of a process of their own (HOST-2, TAP-11)."""
    require(*python_websockets.NEEDS[client])
    variables = {"URL": connecting.url, "HEADERS": json.dumps(connecting.headers), "BODY": connecting.body}

    assert_connected(xbl, stacy, run(sys.executable, python_websockets.__file__, client.__name__, **variables))


@pytest.mark.usefixtures("_packages")
def test_a_websocket_in_node_meets_the_fake(xbl: XboxLive, stacy: User, run: Run, connecting: Call) -> None:
    """The package ws, on which most others build (HOST-2, TAP-11)."""
    variables = {"URL": connecting.url, "HEADERS": json.dumps(connecting.headers), "BODY": connecting.body}

    assert_connected(xbl, stacy, run("node", HERE / "node/websocket.mjs", **variables))
