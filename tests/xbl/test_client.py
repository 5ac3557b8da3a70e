"""`xbl.client`: werkzeug's test client, calling as somebody."""

from __future__ import annotations

import os
from contextlib import suppress

import httpx
import pytest

from bodies import ACTIVE, ONE
from errors import error_of
from pytest_xbl import XboxLive


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "options"])
def test_every_request_carries_the_callers_headers(xbl: XboxLive, method: str) -> None:
    """Authorization and contract version are there without being named; without a caller, neither (CALL-2, CALL-3)."""
    stacy = xbl.user("Stacy")
    request = getattr(xbl.client(stacy), method)(ONE).request
    assert request.headers["Authorization"] == stacy.authorization
    assert request.headers["X-Xbl-Contract-Version"] == "107"
    bare = getattr(xbl.client(), method)(ONE).request.headers
    assert not {"Authorization", "X-Xbl-Contract-Version"} & set(bare.keys())


def test_a_requests_own_headers_win(xbl: XboxLive) -> None:
    """So that one request of many can have another contract, or another caller."""
    stacy, ana = xbl.users("Stacy", "Ana")
    client = xbl.client(stacy)
    client.put(ONE, json=ACTIVE)
    assert client.get(ONE, headers={"X-Xbl-Contract-Version": "105"}).get_json()["contractVersion"] == 105
    assert client.get(ONE, headers={"Authorization": ""}).status_code == 401
    me = client.get(f"{ONE}/members/me", headers={"Authorization": ana.authorization})
    assert me.status_code == 204
    assert client.get(ONE).get_json()["contractVersion"] == 107


def test_an_environ_of_the_tests_own_is_kept(xbl: XboxLive) -> None:
    """All arguments of werkzeug's client work, `environ_base` too."""
    client = xbl.client(xbl.user("Stacy"))
    base = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_XBL_CONTRACT_VERSION": "104"}
    answer = client.put(ONE, json={}, environ_base=base)
    assert answer.get_json()["contractVersion"] == 104
    assert answer.request.remote_addr == "10.0.0.1"


def test_clients_do_not_influence_each_other(xbl: XboxLive) -> None:
    """Each calls as its own, however they take turns."""
    people = xbl.users("Stacy", "Ana", "Bea")
    clients = [xbl.client(user) for user in people]
    for client in (*clients, *reversed(clients)):
        client.put(ONE, json=ACTIVE)
    names = [client.get(f"{ONE}/members/me").get_json()["gamertag"] for client in clients]
    assert names == ["Stacy", "Ana", "Bea"]


def test_the_app_may_be_called_by_any_wsgi_client(xbl: XboxLive) -> None:
    """`xbl.app` is plain WSGI, as httpx calls it without a server."""
    stacy = xbl.user("Stacy")
    transport = httpx.WSGITransport(app=xbl.app)
    with httpx.Client(transport=transport, base_url="http://fake", headers=stacy.headers) as client:
        answers = [client.put(ONE, json=ACTIVE), client.get(ONE), client.head(ONE)]
        answers += [client.delete(f"{ONE}/members/me"), client.get(ONE), client.put(ONE, content=b"{")]
    assert [answer.status_code for answer in answers] == [201, 200, 405, 204, 204, 400]
    assert answers[0].json() == answers[1].json()
    assert [answer.content for answer in answers[2:5]] == [b"", b"", b""]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no processes")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_gets_an_error(xbl: XboxLive, capfd: pytest.CaptureFixture[str]) -> None:
    """And does not wait for a lock that nobody frees, nor write into a copy that nobody sees (SEEN-17)."""
    client = xbl.client(xbl.user("Stacy"))
    child = os.fork()
    if child == 0:
        with suppress(BaseException):  # or the rest of the test run would happen twice
            os.write(1, error_of(lambda: client.get(ONE)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert capfd.readouterr().out.splitlines() == [
        "A forked process has only a copy of the world, which no test sees; call the fake there by xbl.url.",
        "rule: SEEN-17",
    ]
    assert client.get(ONE).status_code == 204


def test_a_copy_of_the_process_is_known_by_its_number(xbl: XboxLive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which differs from that of the process that made the world (SEEN-17)."""
    client = xbl.client(xbl.user("Stacy"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: -1)
        assert error_of(lambda: client.get(ONE)).endswith("rule: SEEN-17")
    assert client.get(ONE).status_code == 204
