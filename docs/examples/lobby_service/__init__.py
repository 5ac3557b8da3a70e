"""The lobby service of a game, as a team would write it: lobbies are sessions of Xbox Live's session directory."""

from lobby_service.errors import (
    LobbyBusyError,
    LobbyClosedError,
    LobbyError,
    LobbyFullError,
    LobbyMissingError,
    LobbyUnavailableError,
)
from lobby_service.friends import Friends, FriendsLobby
from lobby_service.service import Changes, Lobby, LobbyService, Player

__all__ = [
    "Changes",
    "Friends",
    "FriendsLobby",
    "Lobby",
    "LobbyBusyError",
    "LobbyClosedError",
    "LobbyError",
    "LobbyFullError",
    "LobbyMissingError",
    "LobbyService",
    "LobbyUnavailableError",
    "Player",
]
