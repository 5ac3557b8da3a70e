"""A client that writes real host names meets the fake, whatever it is made of (HOST-1)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

import python_clients
from bodies import ACTIVE, ONE
from pytest_xbl import User, XboxLive
from python_clients import NEEDS, Call, Reply

Client: TypeAlias = Callable[[Call], Reply]
Run: TypeAlias = Callable[..., str]

HERE = Path(__file__).parent
IN_NODE = ("fetch", "https", "undici", "axios", "got", "node-fetch")
OF_NODE_ITSELF = ("fetch", "https")
CURL = (
    'printf "%s" "$HEADER_LINES" | curl -sS -X PUT -H @- -d "$BODY" -o "$OUT" -w "%{http_code} " "$URL" && cat "$OUT"'
)
"""Prints the status before the document."""

in_python = pytest.mark.parametrize("client", NEEDS, ids=lambda client: client.__name__)


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


def require(client: Client) -> None:
    """Skip a test whose client is not installed."""
    for package in NEEDS[client]:
        pytest.importorskip(package)


def assert_met(xbl: XboxLive, reply: Reply) -> None:
    """Assert that a client got the session that it opened, by the real name."""
    assert (reply.status, json.loads(reply.text)) == (201, xbl.sessions["one"].document)
    assert xbl.journal.one("put-session", caller="Stacy").host == "sessiondirectory.xboxlive.com"


@in_python
def test_a_client_in_python_meets_the_fake_in_process(xbl: XboxLive, call: Call, client: Client) -> None:
    """Each library's own way to a host, a connection and a context leads to the test's world (HOST-1)."""
    require(client)

    assert_met(xbl, client(call))


@in_python
def test_a_client_in_python_meets_the_fake_as_a_program(
    xbl: XboxLive, run_call: Callable[..., Reply], client: Client
) -> None:
    """So do the same libraries in a process of their own, by its environment alone (HOST-2)."""
    require(client)

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
