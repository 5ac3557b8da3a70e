"""A lobby whose real URL is asked for."""

from __future__ import annotations

import errno
from typing import NamedTuple

from pytest_xbl import SessionView, User, XboxLive
from pytest_xbl.hosts.patches import Address

HOST = "sessiondirectory.xboxlive.com"


class Lobby(NamedTuple):
    """A session with one member.

    Args:
        url: at which production code finds it.
    """

    session: SessionView
    stacy: User
    url: str

    @property
    def path(self) -> str:
        """The path of the URL."""
        return self.session.ref.path

    @property
    def headers(self) -> dict[str, str]:
        """The headers of its member."""
        return dict(self.stacy.headers)


def lobby_in(xbl: XboxLive) -> Lobby:
    """A lobby `friday` with Stacy in it."""
    stacy = xbl.user("Stacy")
    session = xbl.sessions.create("lobby", name="friday", members=[stacy])
    return Lobby(session, stacy, f"https://{HOST}{session.ref.path}")


class Nowhere:
    """A guide that leads to a port of its own, and refuses every host that is not of Xbox Live or the machine."""

    def __init__(self) -> None:
        self.asked: list[Address] = []
        self.place: Address = ("127.0.0.1", 1)

    def require_reachable(self, host: str, port: int) -> None:
        """Refuse all that is foreign."""
        self.asked.append((host, port))
        if host == "example.com" or host.startswith("192.0.2."):
            raise OSError(errno.EACCES, f"no way to {host}")

    def knows(self, host: str) -> bool:
        """The machine has one name."""
        return host == "localhost"

    def gate(self) -> Address:
        """The port."""
        return self.place

    def certificate(self) -> None:
        """There is none."""
