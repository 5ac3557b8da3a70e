"""Who calls: users and services, their claims and their tokens (CALL-3, CALL-4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import ReferenceType

from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import Caller

if TYPE_CHECKING:
    from pytest_xbl.world.handles import HandleDirectory
    from pytest_xbl.world.world import World


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Somebody with a token.

    Args:
        name: what the test calls them.
        token: what stands behind the semicolon of the Authorization header.
        userhash: what stands before it.
        caller: the claims that the token stands for.
    """

    name: str
    token: str = field(repr=False)
    userhash: str = field(repr=False)
    caller: Caller = field(repr=False, compare=False)

    @property
    def authorization(self) -> str:
        """The value of the Authorization header (CALL-3)."""
        return f"XBL3.0 x={self.userhash};{self.token}"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that every request of theirs needs, for contract 107 (CALL-2, CALL-3)."""
        return {"Authorization": self.authorization, "X-Xbl-Contract-Version": "107"}


@dataclass(frozen=True, kw_only=True)
class User(Principal):
    """A player.

    Args:
        xuid: Xbox user id, decimal digits.
        gamertag: "" for a token without that claim.
        device_id: the console or PC they play on.
        title_id: the title they play, decimal digits.
        privileges: what their account may do; `multiplayer` is the one that sessions ask for (PUT-11).
        sandbox: the one that their token is for (STAT-6).
    """

    xuid: str
    gamertag: str
    device_id: str
    title_id: str
    privileges: frozenset[str]
    sandbox: str
    _world: ReferenceType[World] = field(repr=False, compare=False)
    """Weak, so that the world goes as soon as nobody holds it."""

    @property
    def activity(self) -> Handle | None:
        """Their activity in the title they play, as an access now would find it; None if they have none (HAND-2).

        Raises:
            XblError: if the world that they live in is gone.
        """
        return self._handles.activity(self.xuid, self.title_id)

    @property
    def invites(self) -> list[Handle]:
        """The invites for them that have not expired, in the order in which they were made (HAND-3, HAND-18).

        Raises:
            XblError: if the world that they live in is gone.
        """
        return [handle for handle in self._handles if handle.invited == self.xuid]

    @property
    def _handles(self) -> HandleDirectory:
        world = self._world()
        if world is None:
            raise XblError(f"The world of {self.name} is gone: nobody holds its XboxLive any more.")
        return world.handles


@dataclass(frozen=True, kw_only=True)
class Service(Principal):
    """A server or service; it may act on behalf of a user, and then has their xuid.

    Args:
        xuid: of the user it acts for; "" if it acts for itself.
        gamertag: likewise.
    """

    xuid: str = ""
    gamertag: str = ""
