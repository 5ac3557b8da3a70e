"""The people and sessions around which handles are made."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import LEAVE, as_json, ref
from people import person
from pytest_xbl import SessionView, XboxLive
from pytest_xbl.xbl.client import CallerClient

ROOM = ref(template="room")


class Table:
    """A session `one` with Stacy in it, Ana with a reservation; Ben in another, `origin`; Zoe in none; a service."""

    def __init__(self, xbl: XboxLive, properties: dict[str, Any] | None = None, **constants: Any) -> None:
        self.xbl = xbl
        lasting = {"reservedRemovalTimeout": None, "inactiveRemovalTimeout": None}
        xbl.templates.add("room", {"constants": {"system": {"inviteProtocol": "game", **lasting}}})
        self.stacy, self.ana, self.ben, self.zoe = xbl.users("Stacy", "Ana", "Ben", "Zoe")
        self.client, self.reserved, self.other, self.stranger = map(
            xbl.client, (self.stacy, self.ana, self.ben, self.zoe)
        )
        self.server = xbl.client(xbl.service("server"))
        self.session: SessionView = xbl.sessions.create(
            "room",
            name="one",
            members={self.stacy: "active", self.ana: "reserved"},
            constants={"system": {"visibility": "open", **constants}},
            properties={"system": properties or {}, "custom": {"map": "dunes"}},
        )
        private = {"system": {"visibility": "private"}}
        self.origin = xbl.sessions.create("room", name="origin", members=[self.ben], constants=private)

    def body(self, kind: str, session: dict[str, Any] | None = None) -> dict[str, Any]:
        """The body that makes a handle to `one`: an invite is for Zoe, a transfer for those in `origin`."""
        more: dict[str, dict[str, Any]] = {
            "activity": {},
            "invite": {"invitedXuid": self.zoe.xuid},
            "transfer": {"originSessionRef": ref("origin", "room")},
        }
        return {"type": kind, "version": 1, "sessionRef": session or ROOM, **more[kind]}

    def make(self, kind: str, **fields: Any) -> str:
        """The path of a new handle of Stacy's."""
        response = self.client.post("/handles", json={**self.body(kind), **fields})
        assert response.status_code == 201, response.text
        return f"/handles/{as_json(response)['id']}"

    def everybody_leaves(self) -> None:
        """End the session `one`."""
        for client in (self.reserved, self.client):
            ended = client.put(self.session.ref.path, json=LEAVE)
        assert ended.status_code == 204

    def caller(self, name: str) -> CallerClient:
        """The client of a user or service."""
        return self.xbl.client(person(self.xbl, name))


@pytest.fixture
def table(xbl: XboxLive, request: pytest.FixtureRequest) -> Table:
    """The sessions and people of tests of handles; a parameter has constants of `one`, and its `properties`."""
    return Table(xbl, **getattr(request, "param", {}))
