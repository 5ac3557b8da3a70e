"""The lobbies that friends play in, as the screen "join a friend" shows them."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import httpx

from lobby_service.errors import LobbyError
from lobby_service.service import Player, headers_of

ADDRESS = "https://sessiondirectory.xboxlive.com"


class FriendsLobby(NamedTuple):
    """A lobby that a friend plays in, and that takes another player.

    Args:
        friend: the xuid of the friend.
        invite: the id by which `LobbyService.accept` joins it.
        gamertags: of everybody who is in it.
    """

    friend: str
    invite: str
    gamertags: list[str]


class Friends:
    """The friends of players; it asks for their lobbies all at once.

    Args:
        scid: the game's service configuration.
        transport: takes the requests to the session directory; the network unless given.
    """

    def __init__(self, scid: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._scid = scid
        self._http = httpx.AsyncClient(base_url=ADDRESS, headers={"X-Xbl-Contract-Version": "107"}, transport=transport)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def lobbies(self, player: Player) -> list[FriendsLobby]:
        """The lobbies of the player's friends that they can join, in the order of the friends.

        A lobby that is gone by the time it is asked for is left out.
        """
        found = [activity for activity in await self._activities(player) if _takes_another(activity["relatedInfo"])]
        lobbies = await asyncio.gather(*(self._lobby(activity, player) for activity in found))
        return [lobby for lobby in lobbies if lobby]

    async def _activities(self, player: Player) -> list[dict[str, Any]]:
        owners = {"people": {"moniker": "people", "monikerXuid": player.xuid}}
        answer = await self._http.post(
            "/handles/query",
            params={"include": "relatedInfo"},
            json={"type": "activity", "scid": self._scid, "owners": owners},
            headers=headers_of(player),
        )
        if answer.is_error:
            raise LobbyError(f"{answer.status_code}: {answer.text}")
        activities: list[dict[str, Any]] = answer.json()["results"]
        return activities

    async def _lobby(self, activity: dict[str, Any], player: Player) -> FriendsLobby | None:
        answer = await self._http.get(f"/handles/{activity['id']}/session", headers=headers_of(player))
        if answer.is_error or not answer.content:
            return None
        gamertags = [member["gamertag"] for member in answer.json()["members"].values()]
        return FriendsLobby(activity["ownerXuid"], activity["id"], gamertags)


def _takes_another(info: dict[str, Any]) -> bool:
    return info["visibility"] == "open" and not info["closed"]
