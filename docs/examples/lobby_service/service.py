"""Lobbies: players meet in one, and from one they start a game.

A request whose answer is lost may have been handled, so each is made such that it can be sent once more: a write that
says how things should be is harmless, a lobby or an invite that is there already may be our own, and a change leaves a
mark in the lobby by which it is known again.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Protocol, TypeAlias

import httpx

from lobby_service.errors import LobbyBusyError, LobbyClosedError, LobbyError, LobbyFullError, LobbyMissingError
from lobby_service.sending import Answer, Sender

Lobby: TypeAlias = dict[str, Any]
"""A session document."""
Changes: TypeAlias = dict[str, Any]
"""The body of a write, in the form of a session document; what it leaves out stays as it is."""

ATTEMPTS = 4
GONE = -1
ACTIVE: Changes = {"me": {"properties": {"system": {"active": True}}}}


class Player(Protocol):
    """Somebody who has signed in."""

    @property
    def xuid(self) -> str:
        """Their id."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Their proof: the header `Authorization`."""


class LobbyService:
    """All lobbies of a game; it holds connections until it is closed.

    Args:
        base_url: where the session directory answers.
        scid: the game's service configuration.
        template: what the lobbies are made from.
        sleep: waits for so many seconds before a request is sent once more.
    """

    def __init__(
        self, base_url: str, scid: str, *, template: str = "lobby", sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._scid = scid
        self._template = template
        self._sender = Sender(base_url, sleep=sleep)

    def close(self) -> None:
        """Give the connections back."""
        self._sender.close()

    def create(self, name: str, player: Player) -> Lobby:
        """Open a lobby, with the player as its host."""
        changes = {"properties": {"custom": {"state": "waiting", "host": player.xuid}}, "members": ACTIVE}
        answer = self._put(self._path(name), player, changes, {"If-None-Match": "*"})
        if answer.response.status_code != HTTPStatus.PRECONDITION_FAILED:
            return _document(answer.response)
        lobby = _document(self._get(name, player))
        if answer.may_be_second and lobby["properties"]["custom"]["host"] == player.xuid:
            return lobby
        raise LobbyError(f"There is a lobby {name} already.")

    def join(self, name: str, player: Player) -> Lobby:
        """Bring a player into a lobby; nothing changes for one who is in it already."""
        return self._join(self._path(name), name, player)

    def invite(self, name: str, player: Player, friend: Player) -> str:
        """Let a player invite a friend to a lobby, whoever else may join it.

        Returns:
            The id of the invite, for the friend to accept.
        """
        handle_id = str(uuid.uuid4())
        invite = {
            "id": handle_id,
            "type": "invite",
            "version": 1,
            "sessionRef": {"scid": self._scid, "templateName": self._template, "name": name},
            "invitedXuid": friend.xuid,
        }
        answer = self._sender.send("POST", "/handles", headers_of(player), body=invite)
        if not (answer.may_be_second and answer.response.status_code == HTTPStatus.CONFLICT):
            _document(answer.response)
        return handle_id

    def accept(self, handle_id: str, player: Player) -> Lobby:
        """Bring a player into the lobby that they are invited to; only the way through the invite is open to them."""
        return self._join(f"/handles/{handle_id}/session", f"invite {handle_id}", player)

    def start(self, name: str, player: Player) -> Lobby:
        """Start the game with everybody who is there, and keep their slots for them."""

        def started(lobby: Lobby) -> Changes:
            return {
                "properties": {
                    "system": {"closed": True, "locked": True},
                    "custom": {"state": "started", "players": xuids(lobby)},
                }
            }

        return self.update(name, player, started)

    def leave(self, name: str, player: Player) -> None:
        """Take a player out of a lobby; if they were the host, whoever came next is the host from now on."""

        def left(lobby: Lobby) -> Changes:
            changes: Changes = {"members": {"me": None}}
            others = [xuid for xuid in xuids(lobby) if xuid != player.xuid]
            if others and lobby["properties"]["custom"]["host"] == player.xuid:
                changes["properties"] = {"custom": {"host": others[0]}}
            return changes

        self.update(name, player, left)

    def update(self, name: str, player: Player, change: Callable[[Lobby], Changes]) -> Lobby:
        """Read a lobby and write it back changed, once more whenever somebody else was faster.

        Args:
            change: says what is to change in the lobby it is given; it may be called several times.

        Returns:
            The lobby after the write; {} if the last member left and it is gone.
        """
        tried: int | None = None
        for _ in range(ATTEMPTS):
            found = self._get(name, player)
            if found.status_code == HTTPStatus.NO_CONTENT and tried is None:
                raise LobbyMissingError(name)
            lobby = _document(found)
            if tried is not None and _mark_of(player, lobby) in (tried, GONE):
                return lobby
            changes = _marked(change(lobby), player, lobby["changeNumber"])
            answer = self._put(self._path(name), player, changes, {"If-Match": found.headers["ETag"]})
            if answer.response.status_code != HTTPStatus.PRECONDITION_FAILED:
                return _document(answer.response)
            tried = lobby["changeNumber"] if answer.may_be_second else None
        raise LobbyBusyError(f"{name} changed {ATTEMPTS} times while it was being changed.")

    def _join(self, path: str, name: str, player: Player) -> Lobby:
        answer = self._put(path, player, {"members": ACTIVE}, {"If-Match": "*"}).response
        match answer.status_code:
            case HTTPStatus.PRECONDITION_FAILED | HTTPStatus.NOT_FOUND:
                raise LobbyMissingError(name)
            case HTTPStatus.FORBIDDEN:
                raise LobbyClosedError(name)
            case HTTPStatus.BAD_REQUEST:  # the body is always the same and always valid, so it is the size
                raise LobbyFullError(name)
        return _document(answer)

    def _get(self, name: str, player: Player) -> httpx.Response:
        return self._sender.send("GET", self._path(name), headers_of(player)).response

    def _put(self, path: str, player: Player, changes: Changes, condition: Mapping[str, str]) -> Answer:
        return self._sender.send("PUT", path, {**headers_of(player), **condition}, body=changes)

    def _path(self, name: str) -> str:
        return f"/serviceconfigs/{self._scid}/sessionTemplates/{self._template}/sessions/{name}"


def _marked(changes: Changes, player: Player, number: int) -> Changes:
    """Changes that leave a mark in the lobby: the number of the version that the player has changed."""
    properties = changes.get("properties", {})
    custom = {**properties.get("custom", {}), f"changed by {player.xuid}": number}
    return {**changes, "properties": {**properties, "custom": custom}}


def _mark_of(player: Player, lobby: Lobby) -> int | None:
    """The number of the version that the player has changed last; `GONE` if there is no lobby any more."""
    mark: int | None = lobby["properties"]["custom"].get(f"changed by {player.xuid}") if lobby else GONE
    return mark


def xuids(lobby: Lobby) -> list[str]:
    """The people in a lobby, in the order in which they came; a reservation is nobody yet."""
    members = sorted(lobby["members"].items(), key=lambda item: int(item[0]))
    return [member["constants"]["system"]["xuid"] for _, member in members if not member.get("reserved")]


def headers_of(player: Player) -> dict[str, str]:
    """The headers that say who calls."""
    return {"Authorization": player.headers["Authorization"]}


def _document(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise LobbyError(f"{answer.status_code}: {answer.text}")
    document: dict[str, Any] = answer.json() if answer.content else {}
    return document
