"""Callers of the service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pytest_xbl.conformance.answer import Answer, Exchange, Request, Response
from pytest_xbl.conformance.bodies import ACTIVE, Body
from pytest_xbl.conformance.room import Room
from pytest_xbl.conformance.secrets import Secret
from pytest_xbl.conformance.world import not_testable

__tracebackhide__ = True

NEWEST = 107


class ArrangementError(Exception):
    """The service did not let a test begin, so the rule cannot be tested."""


class Person:
    """A user or a service, and the requests that they send.

    Args:
        xuid: "" for a service.
        gamertag: "" if it is unknown, or the token has no such claim.
        authorization: None for a caller without that header.
        send: sends a request.
        told: hears of every request and its status.
        always: headers of each request.
    """

    def __init__(
        self,
        name: str,
        *,
        authorization: Secret | None,
        send: Callable[[Request], Response],
        told: Callable[[Exchange], None],
        xuid: str = "",
        gamertag: str = "",
        always: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.xuid = xuid
        self.gamertag = gamertag
        self._authorization = authorization
        self._send = send
        self._told = told
        self._always = always or {}

    def __repr__(self) -> str:
        """Show the name, and nothing of the token."""
        return f"<{self.name}>"

    @property
    def known_gamertag(self) -> str:
        """The gamertag; a test that asks for it is skipped if it is not known."""
        if not self.gamertag:
            not_testable("it needs a user whose gamertag is known")
        return self.gamertag

    def call(
        self,
        method: str,
        where: Room | str,
        body: Body | bytes | None = None,
        *,
        contract: int | str | None = NEWEST,
        headers: Mapping[str, str] | None = None,
        at: str = "sessiondirectory",
    ) -> Answer:
        """Send a request.

        Args:
            where: a session, or a path with its query string.
            body: an object to send as JSON, or the bytes themselves.
            contract: the version; None for no such header.
            headers: further ones; they win over the usual ones.
            at: the service.
        """
        usual = {} if body is None else {"Content-Type": "application/json"}
        if contract is not None:
            usual["X-Xbl-Contract-Version"] = str(contract)
        path = where.path if isinstance(where, Room) else where
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        head = {**usual, **self._always, **(headers or {})}
        response = self._send(Request(at, method, path, head, self._authorization, content))
        exchange = Exchange(method, path, response.status)
        self._told(exchange)
        return Answer(exchange, response)

    def get(self, where: Room | str, **options: Any) -> Answer:
        """Send a GET; see `call` for the options."""
        return self.call("GET", where, **options)

    def put(self, where: Room | str, body: Body | bytes, **options: Any) -> Answer:
        """Send a PUT."""
        return self.call("PUT", where, body, **options)

    def post(self, where: Room | str, body: Body | bytes, **options: Any) -> Answer:
        """Send a POST."""
        return self.call("POST", where, body, **options)

    def delete(self, where: Room | str, **options: Any) -> Answer:
        """Send a DELETE."""
        return self.call("DELETE", where, **options)

    def creates(self, room: Room, body: Body = ACTIVE, **options: Any) -> Answer:
        """Make a session, active in it unless the body says something else.

        Raises:
            ArrangementError: if it is refused.
        """
        return arranged(self.put(room, room.made_by(body), **options), 201)

    def joins(self, room: Room, body: Body = ACTIVE, **options: Any) -> Answer:
        """Join a session that is there, or change it.

        Raises:
            ArrangementError: if it is refused.
        """
        return arranged(self.put(room, body, **options), 200)

    def leaves(self, room: Room) -> None:
        """Leave a session.

        Raises:
            ArrangementError: if it is refused.
        """
        arranged(self.delete(room.at("members", "me")), 204)

    def makes(self, kind: str, room: Room, **fields: Any) -> str:
        """Make a handle, and return its path.

        Raises:
            ArrangementError: if it is refused.
        """
        made = arranged(self.post("/handles", handle(kind, room, **fields)), 201)
        return f"/handles/{made['/id']}"


def handle(kind: str, room: Room, **fields: Any) -> Body:
    """The body that makes a handle."""
    return {"type": kind, "version": 1, "sessionRef": room.ref, **fields}


def arranged(answer: Answer, status: int) -> Answer:
    """An answer that a test needs before it can ask anything.

    Raises:
        ArrangementError: for another status.
    """
    if answer.status != status:
        text = f"The test could not begin: {answer.exchange}, where {status} was needed. {answer.text[:200]}"
        raise ArrangementError(text.rstrip())
    return answer
