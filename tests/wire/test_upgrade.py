"""The way from HTTP to a websocket, as far as it goes without a socket (TAP-11)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from pytest_xbl import User, XboxLive
from pytest_xbl.wire.switchboard import Switchboard
from pytest_xbl.wire.upgrade import UPGRADE, Upgrade

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
"""The sample of RFC 6455, 1.3."""
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
}


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first user."""
    return xbl.user("Stacy")


def connect(xbl: XboxLive, user: Any, *, offered: bool = True, **headers: Any) -> TestResponse:
    """Ask for a websocket, which a server offers or not."""
    overrides: Mapping[str, Any] = {UPGRADE: Upgrade()} if offered else {}
    sent = {**HANDSHAKE, **{name.replace("_", "-"): value for name, value in headers.items()}}
    kept = {name: value for name, value in sent.items() if value}
    return xbl.client(user).get("/connect", headers=kept, environ_overrides=overrides)


def refusal(response: TestResponse) -> tuple[int, str]:
    """Status and text of a refusal."""
    return response.status_code, response.headers["X-Xbl-Refusal"]


def test_a_handshake_is_answered_with_101(xbl: XboxLive, stacy: User) -> None:
    """And the connection is open from then on (TAP-11, CODE-101)."""
    response = connect(xbl, stacy)
    assert response.status_code == 101
    assert response.headers["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert "Sec-WebSocket-Protocol" not in response.headers
    assert [one.user for one in xbl.rta.connections] == ["Stacy"]
    assert str(xbl.journal[0]) == "#1 Stacy: GET /connect -> 101"


@pytest.mark.parametrize("offered", ["rta.xboxlive.com.V2", "echo-protocol", "one, other"])
def test_a_subprotocol_that_is_offered_is_accepted(xbl: XboxLive, stacy: User, offered: str) -> None:
    """The first of several, whatever it is (TAP-11)."""
    response = connect(xbl, stacy, Sec_WebSocket_Protocol=offered)
    assert response.headers["Sec-WebSocket-Protocol"] == offered.partition(",")[0]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Sec-WebSocket-Key", ""),
        ("Sec-WebSocket-Key", "eA=="),
        ("Sec-WebSocket-Version", ""),
        ("Sec-WebSocket-Version", "8"),
        ("Connection", ""),
        ("Sec-WebSocket-Protocol", "x" * 9000),
        ("Sec-WebSocket-Protocol", "a b"),
    ],
)
def test_a_handshake_that_is_none_is_refused(xbl: XboxLive, stacy: User, header: str, value: str) -> None:
    """400, and the mistake fails the test; the reason is in the words of the library (TAP-11)."""
    headers: dict[str, Any] = {header: value}
    status, why = refusal(connect(xbl, stacy, **headers))
    beginning = "TAP-11 at the headers: This is not the handshake of a websocket: "
    assert (status, why[: len(beginning)], xbl.journal[0].mistake) == (400, beginning, "bad-body")
    assert len(why) > len(beginning) + 5
    assert xbl.rta.connections == []


def test_a_request_for_something_else_is_told_what_is_needed(xbl: XboxLive, stacy: User) -> None:
    """426, with the header that says so (TAP-11; RFC 9110, 15.5.22)."""
    for upgrade in ("", "h2c"):
        response = connect(xbl, stacy, Upgrade=upgrade)
        what = "TAP-11 at Upgrade: A connection is a websocket: the request needs Upgrade: websocket."
        assert (refusal(response), response.headers["Upgrade"]) == ((426, what), "websocket")


def test_without_a_socket_there_is_no_websocket(xbl: XboxLive, stacy: User) -> None:
    """501 for a client of the app (TAP-11, CODE-501)."""
    what = "TAP-11 at Upgrade: A websocket needs a socket: connect to the server at xbl.url, and not through the app."
    assert refusal(connect(xbl, stacy, offered=False)) == (501, what)


def test_without_the_extra_there_is_no_websocket(xbl: XboxLive, stacy: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """501 with the command that installs it; all else works (TAP-11, CODE-501)."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "websockets"]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("conversation", "websocket"):
        monkeypatch.delitem(sys.modules, f"pytest_xbl.wire.{name}", raising=False)
        monkeypatch.delattr(f"pytest_xbl.wire.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "websockets", None)
    what = "TAP-11 at Upgrade: Real-time activity needs the package websockets: pip install 'pytest-xbl[rta]'."
    assert refusal(connect(xbl, stacy)) == (501, what)


def test_another_import_that_fails_is_a_bug(xbl: XboxLive, stacy: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """And fails the test (TAP-11)."""
    monkeypatch.delitem(sys.modules, "pytest_xbl.wire.conversation", raising=False)
    monkeypatch.delattr("pytest_xbl.wire.conversation", raising=False)
    monkeypatch.setitem(sys.modules, "pytest_xbl.wire.resources", None)
    assert connect(xbl, stacy).status_code == 500
    [crash] = xbl.app.crashes
    assert isinstance(crash, ImportError)
    xbl.app.crashes = []


def test_a_service_has_no_connection(xbl: XboxLive) -> None:
    """403, also if it acts for a user (TAP-11)."""
    service = xbl.service("referee", on_behalf_of=xbl.user("Stacy"))
    what = "TAP-11 at Authorization: Real-time activity is for users, and referee is a service."
    assert refusal(connect(xbl, service)) == refusal(xbl.client(service).get("/nonce")) == (403, what)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:5000", 101),
        ("http://127.0.0.1", 101),
        ("https://www.xboxlive.com", 101),
        ("https://example.com", 403),
        ("null", 403),
        ("file://", 403),
    ],
)
def test_a_page_of_a_foreign_host_may_not_connect(xbl: XboxLive, stacy: User, origin: str, status: int) -> None:
    """A browser would let it; a client that is none sends no origin (TAP-11)."""
    response = connect(xbl, stacy, Origin=origin)
    assert response.status_code == status
    if status == 403:
        what = f"A page of {origin} may not connect; pages of this machine and of Xbox Live may."
        assert refusal(response) == (403, f"TAP-11 at Origin: {what}")


# Nonces


def nonce_of(xbl: XboxLive, user: User) -> str:
    """A nonce of a user."""
    body = xbl.client(user).get("/nonce").get_json()
    assert list(body) == ["nonce"]
    nonce: str = body["nonce"]
    return nonce


def by_nonce(app: Any, nonce: str) -> TestResponse:
    """Ask for a websocket with a nonce and nothing else."""
    overrides = {UPGRADE: Upgrade()}
    return Client(app).get(f"/connect?nonce={nonce}", headers=HANDSHAKE, environ_overrides=overrides)


def test_a_nonce_opens_one_connection(xbl: XboxLive, stacy: User) -> None:
    """For the user who has got it, who gets another one each time (TAP-11)."""
    nonces = [nonce_of(xbl, stacy), nonce_of(xbl, stacy), nonce_of(xbl, xbl.user("Ana"))]
    assert len(set(nonces)) == 3
    assert [by_nonce(xbl.app, nonce).status_code for nonce in nonces] == [101, 101, 101]
    assert [one.user for one in xbl.rta.connections] == ["Stacy", "Stacy", "Ana"]
    what = "TAP-11 at ?nonce: Unknown nonce, or one that has been used: GET /nonce gives one for each connection."
    assert refusal(by_nonce(xbl.app, nonces[0])) == (401, what)
    assert refusal(by_nonce(xbl.app, "x")) == (401, what)


def test_a_token_comes_before_a_nonce(xbl: XboxLive, stacy: User) -> None:
    """Which then is still good (TAP-11)."""
    nonce = nonce_of(xbl, stacy)
    overrides = {UPGRADE: Upgrade()}
    client = xbl.client(xbl.user("Ana"))
    client.get(f"/connect?nonce={nonce}", headers=HANDSHAKE, environ_overrides=overrides)
    assert [one.user for one in xbl.rta.connections] == ["Ana"]
    assert by_nonce(xbl.app, nonce).status_code == 101


def test_a_nonce_leads_to_its_world() -> None:
    """Though other tests run in the same process (SEEN-9, TAP-11)."""
    board = Switchboard()
    worlds = [XboxLive(name=name) for name in ("one", "two")]
    with board.connected(worlds[0].app, "test_one"), board.connected(worlds[1].app, "test_two"):
        for world in worlds:
            assert by_nonce(board, nonce_of(world, world.user("Stacy"))).status_code == 101
            assert len(world.rta.connections) == 1
        late = nonce_of(worlds[0], worlds[0].user("Ana"))
    with board.connected(XboxLive(name="three").app, "test_three"):
        assert by_nonce(board, late).status_code == 410
    assert [world.rta.connections for world in worlds] == [[], []]


def test_a_parameter_that_connect_does_not_have_is_refused(xbl: XboxLive, stacy: User) -> None:
    """As for every operation (CALL-14)."""
    response = xbl.client(stacy).get("/connect?nonse=x")
    assert (response.status_code, response.headers["X-Xbl-Refusal"][:7]) == (400, "CALL-14")
