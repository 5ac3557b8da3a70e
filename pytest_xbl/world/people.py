"""Who calls: users and services, their claims and their tokens (CALL-3, CALL-4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import ReferenceType

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import Caller

if TYPE_CHECKING:
    from pytest_xbl.world.world import World

__tracebackhide__ = hides_frames


@dataclass(frozen=True)
class Account:
    """Somebody with a token, as worlds remember them; worlds that begin alike share theirs.

    Args:
        caller: the claims that the token stands for.
        key: the xuid of a user; of a service, what it is counted by.
        userhash: what stands before the token.
        token: the one that a test has chosen; None for the one that follows from the name of the world and the key.
    """

    caller: Caller
    key: str
    userhash: str
    token: str | None = None


@dataclass(frozen=True)
class Principal:
    """Somebody with a token.

    Args:
        token: what stands behind the semicolon of the Authorization header.
    """

    account: Account = field(repr=False)
    token: str = field(repr=False)
    _world: ReferenceType[World] = field(repr=False, compare=False)
    """Weak, so that the world goes as soon as nobody holds it."""

    @property
    def name(self) -> str:
        """What the test calls them."""
        return self.account.caller.name

    @property
    def caller(self) -> Caller:
        """The claims that the token stands for."""
        return self.account.caller

    @property
    def userhash(self) -> str:
        """What stands before the token."""
        return self.account.userhash

    @property
    def xuid(self) -> str:
        """Xbox user id, decimal digits; "" for a service that acts for nobody."""
        return self.caller.xuid or ""

    @property
    def gamertag(self) -> str:
        """Their gamertag; "" for a token without that claim."""
        return self.caller.gamertag or ""

    @property
    def authorization(self) -> str:
        """The value of the Authorization header (CALL-3)."""
        return f"XBL3.0 x={self.userhash};{self.token}"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that every request of theirs needs, for contract 107 (CALL-2, CALL-3)."""
        return {"Authorization": self.authorization, "X-Xbl-Contract-Version": "107"}

    def lives_in(self, world: World) -> bool:
        """Whether a world is theirs."""
        return self._world() is world

    def _home(self) -> World:
        world = self._world()
        if world is None:
            raise XblError(f"The world of {self.name} is gone: nobody holds its XboxLive any more.")
        return world


@dataclass(frozen=True, repr=False)
class User(Principal):
    """A player."""

    def __repr__(self) -> str:
        """Their name and xuid."""
        return f"<user {self.name} {self.xuid}>"

    @property
    def device_id(self) -> str:
        """The console or PC they play on."""
        return str(self.caller.device_id)

    @property
    def title_id(self) -> str:
        """The title they play, decimal digits."""
        return str(self.caller.title_id)

    @property
    def privileges(self) -> frozenset[str]:
        """What their account may do; `multiplayer` is the one that sessions ask for (PUT-11)."""
        return frozenset(self.caller.privileges)

    @property
    def sandbox(self) -> str:
        """The sandbox that their token is for (STAT-6)."""
        return self.caller.sandbox

    @property
    def present(self) -> bool:
        """Whether their presence says that they are in the title (TIME-7).

        Raises:
            XblError: if the world that they live in is gone.
        """
        return self.xuid not in self._home().state.absent

    @property
    def activity(self) -> Handle | None:
        """Their activity in the title they play, as an access now would find it; None if they have none (HAND-2).

        Raises:
            XblError: if the world that they live in is gone.
        """
        return self._home().handles.activity(self.xuid, self.title_id)

    @property
    def invites(self) -> list[Handle]:
        """The invites for them that have not expired, in the order in which they were made (HAND-3, HAND-18).

        Raises:
            XblError: if the world that they live in is gone.
        """
        return [handle for handle in self._home().handles if handle.invited == self.xuid]


@dataclass(frozen=True, repr=False)
class Service(Principal):
    """A server or service; it may act on behalf of a user, and then has their xuid and gamertag."""

    def __repr__(self) -> str:
        """Its name."""
        return f"<service {self.name}>"
