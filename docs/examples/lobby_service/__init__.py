"""The lobby service of a game, as a team would write it: lobbies are sessions of Xbox Live's session directory."""

from lobby_service.errors import LobbyBusyError, LobbyClosedError, LobbyError, LobbyFullError, LobbyMissingError
from lobby_service.service import Changes, Lobby, LobbyService, Player

__all__ = [
    "Changes",
    "Lobby",
    "LobbyBusyError",
    "LobbyClosedError",
    "LobbyError",
    "LobbyFullError",
    "LobbyMissingError",
    "LobbyService",
    "Player",
]
