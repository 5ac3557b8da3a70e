"""Real-time activity by its real name, through TLS that the client verifies (HOST-1, TAP-11)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bodies import can, me, session_path, subscribing
from pytest_xbl import User, XboxLive

CONNECTIONS = "https://sessiondirectory.xboxlive.com/connections/"
PATIENCE = 30  # seconds; only ever used up by a test that fails


def ask(socket: ClientConnection, *message: Any) -> Any:
    """Send a message, and read the next one."""
    socket.send(json.dumps(message))
    return json.loads(socket.recv(PATIENCE))


def put(user: User, body: dict[str, Any]) -> int:
    """Write the session by the real name of its service; gives its change number."""
    url = f"https://sessiondirectory.xboxlive.com{session_path('one', 'party')}"
    response = httpx.put(url, json=body, headers=user.headers)
    assert response.status_code in (200, 201), response.text
    number: int = response.json()["changeNumber"]
    return number


def test_a_host_leaves_the_others_are_told_and_it_comes_back(xbl: XboxLive) -> None:
    """As a client has it that knows real names only (HOST-1, TAP-4, TAP-11)."""
    system = {**can("connectionRequiredForActiveMembers"), "inactiveRemovalTimeout": None}
    xbl.templates.add("party", {"constants": {"system": system}})
    stacy, ana = xbl.users("Stacy", "Ana")
    url = "wss://rta.xboxlive.com/connect"
    offered: Any = ["rta.xboxlive.com.V2"]
    with connect(url, additional_headers=ana.headers, subprotocols=offered) as watching:
        assert watching.subprotocol == offered[0]
        with connect(url, additional_headers=stacy.headers) as hosting:
            own = ask(hosting, 1, 0, CONNECTIONS)[4]["ConnectionId"]
            put(stacy, me(active=True, connection=own))
            other = ask(watching, 1, 0, CONNECTIONS)[4]["ConnectionId"]
            put(ana, subscribing(other, "membersStatus"))
            xbl.rta.drop(stacy)
            with pytest.raises(ConnectionClosed):
                hosting.recv(PATIENCE)
        with connect(url, additional_headers=stacy.headers) as hosting:
            own = ask(hosting, 1, 0, CONNECTIONS)[4]["ConnectionId"]
            last = put(stacy, me(active=True, connection=own))
            told = [json.loads(watching.recv(PATIENCE))[2]["shoulderTaps"][0]["changeNumber"] for _ in range(2)]
    assert told == [last - 1, last]
