"""Lobbies: players meet in one, and from one they start a game."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Protocol, TypeAlias

import httpx

from lobby_service.errors import LobbyBusyError, LobbyClosedError, LobbyError, LobbyFullError, LobbyMissingError

Lobby: TypeAlias = dict[str, Any]
"""A session document."""
Changes: TypeAlias = dict[str, Any]
"""What a write says, in the form of a session document; what it leaves out stays as it is."""

ATTEMPTS = 4
ACTIVE: Changes = {"me": {"properties": {"system": {"active": True}}}}


class Player(Protocol):
    """Somebody who has signed in."""

    @property
    def xuid(self) -> str:
        """Who they are."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What proves it: the header `Authorization`."""


class LobbyService:
    """All lobbies of a game; it holds connections until it is closed.

    Args:
        base_url: where the session directory answers.
        scid: the game's service configuration.
        template: what the lobbies are made from.
    """

    def __init__(self, base_url: str, scid: str, *, template: str = "lobby") -> None:
        self._http = httpx.Client(
            base_url=f"{base_url}/serviceconfigs/{scid}/sessionTemplates/{template}/sessions",
            headers={"X-Xbl-Contract-Version": "107"},
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def create(self, name: str, player: Player) -> Lobby:
        """Open a lobby, with the player as its host."""
        changes = {"properties": {"custom": {"state": "waiting", "host": player.xuid}}, "members": ACTIVE}
        answer = self._put(name, player, changes, {"If-None-Match": "*"})
        if answer.status_code == HTTPStatus.PRECONDITION_FAILED:
            raise LobbyError(f"There is a lobby {name} already.")
        return _lobby(answer)

    def join(self, name: str, player: Player) -> Lobby:
        """Bring a player into a lobby; nothing changes for one who is in it already."""
        answer = self._put(name, player, {"members": ACTIVE}, {"If-Match": "*"})
        match answer.status_code:
            case HTTPStatus.PRECONDITION_FAILED:
                raise LobbyMissingError(name)
            case HTTPStatus.FORBIDDEN:
                raise LobbyClosedError(name)
            case HTTPStatus.BAD_REQUEST:  # the body is always the same and always valid, so it is the size
                raise LobbyFullError(name)
        return _lobby(answer)

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
        for _ in range(ATTEMPTS):
            found = self._http.get(name, headers=_headers(player))
            if found.status_code == HTTPStatus.NO_CONTENT:
                raise LobbyMissingError(name)
            changes = change(_lobby(found))
            answer = self._put(name, player, changes, {"If-Match": found.headers["ETag"]})
            if answer.status_code != HTTPStatus.PRECONDITION_FAILED:
                return _lobby(answer)
        raise LobbyBusyError(f"{name} changed {ATTEMPTS} times while it was being changed.")

    def _put(self, name: str, player: Player, changes: Changes, condition: Mapping[str, str]) -> httpx.Response:
        return self._http.put(name, json=changes, headers={**_headers(player), **condition})


def xuids(lobby: Lobby) -> list[str]:
    """Who is in a lobby, in the order in which they came; a reservation is nobody yet."""
    members = sorted(lobby["members"].items(), key=lambda item: int(item[0]))
    return [member["constants"]["system"]["xuid"] for _, member in members if not member.get("reserved")]


def _headers(player: Player) -> dict[str, str]:
    return {"Authorization": player.headers["Authorization"]}


def _lobby(answer: httpx.Response) -> Lobby:
    if answer.is_error:
        raise LobbyError(f"{answer.status_code}: {answer.text}")
    lobby: Lobby = answer.json() if answer.content else {}
    return lobby
