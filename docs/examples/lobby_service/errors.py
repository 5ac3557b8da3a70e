"""The errors of lobbies."""


class LobbyError(Exception):
    """A player could not have what they asked for."""


class LobbyMissingError(LobbyError):
    """There is no such lobby or invite, or not any more."""


class LobbyFullError(LobbyError):
    """Every slot of the lobby is taken."""


class LobbyClosedError(LobbyError):
    """The lobby takes no new players, or not this one."""


class LobbyBusyError(LobbyError):
    """Others changed the lobby again and again while it was being changed."""


class LobbyUnavailableError(LobbyError):
    """The session directory does not answer, or only that it cannot."""
