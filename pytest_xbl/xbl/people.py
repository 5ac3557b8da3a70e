"""The people that a test holds: users and services, their claims and their tokens (CALL-3, CALL-4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import ref

from pytest_xbl.arrange.arguments import RefusalsAsErrors
from pytest_xbl.arrange.people import account_called as user_called
from pytest_xbl.arrange.people import relate
from pytest_xbl.arrange.records import checked, record_of
from pytest_xbl.errors import XblError, hides_frames, require, shown
from pytest_xbl.mpsd.acting import TITLE, USERS, acting_for
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.unchanging import Unchanging
from pytest_xbl.world.handles import activity_of, all_handles
from pytest_xbl.world.people import account_called, account_of, is_present, token_of
from pytest_xbl.world.sign_in import has_signed_in
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

__tracebackhide__ = hides_frames


UNPICKLED = "is an unpickled copy, which has data and no world; use the original."


def no_world() -> None:
    """The world of somebody who has been unpickled."""


@dataclass(frozen=True)
class Principal(Unchanging):
    """Somebody with a token.

    Args:
        token: the part of the Authorization header after the semicolon.
    """

    _account: Account = field(repr=False)
    token: str = field(repr=False)
    _world: Callable[[], World | None] = field(repr=False, compare=False)
    """Weak, so that the world goes as soon as nobody holds it."""

    def __reduce__(self) -> tuple[Callable[..., Principal], tuple[object, ...]]:
        """The parts for pickle; the world stays behind."""
        return type(self), (self._account, self.token, no_world)

    @property
    def name(self) -> str:
        """The name that the test gives them."""
        return self._caller.name

    @property
    def _caller(self) -> Caller:
        return self._account.caller

    @property
    def userhash(self) -> str:
        """The part of the Authorization header before the token."""
        return self._account.userhash

    @property
    def xuid(self) -> str:
        """Xbox user id, decimal digits; "" for a service that acts for nobody."""
        return self._caller.xuid or ""

    @property
    def gamertag(self) -> str:
        """Their gamertag; "" for a token without that claim."""
        return self._caller.gamertag or ""

    @property
    def authorization(self) -> str:
        """The value of the Authorization header (CALL-3)."""
        return f"XBL3.0 x={self.userhash};{self.token}"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that every request of theirs needs, for contract 107 (CALL-2, CALL-3)."""
        return {"Authorization": self.authorization, "X-Xbl-Contract-Version": "107"}

    def _home(self) -> World:
        world = self._world()
        if world is None:
            gone = f"The world of {self.name} is gone: nobody holds its XboxLive any more."
            raise XblError(f"{self.name} {UNPICKLED}" if self._world is no_world else gone)
        return world


@dataclass(frozen=True, repr=False)
class User(Principal):
    """A player."""

    def __repr__(self) -> str:
        """Their name and xuid."""
        return f"<user {self.name} {self.xuid}>"

    @property
    def device_id(self) -> str:
        """The console or PC that they play on."""
        return str(self._caller.device_id)

    @property
    def title_id(self) -> str:
        """The title that they play, decimal digits."""
        return str(self._caller.title_id)

    @property
    def privileges(self) -> frozenset[str]:
        """The privileges of their account; `multiplayer` is the one that sessions ask for (PUT-11)."""
        return frozenset(self._caller.privileges)

    @property
    def sandbox(self) -> str:
        """The sandbox that their token is for (STAT-6)."""
        return self._caller.sandbox

    @property
    def present(self) -> bool:
        """Whether their presence says that they are in the title (TIME-7).

        Raises:
            XblError: if the world that they live in is gone.
        """
        return is_present(self._home(), self.xuid)

    @property
    def signed_in(self) -> bool:
        """Whether a client has signed in as them (NEAR-2).

        Raises:
            XblError: if the world that they live in is gone.
        """
        return has_signed_in(self._home(), self.xuid)

    @property
    def sign_in_code(self) -> str:
        """The authorization code with which a client signs in as them, as often as it likes (NEAR-3).

        Raises:
            XblError: if the world that they live in is gone.
        """
        from pytest_xbl.wire.neighbours.tokens import issue

        return issue(self._home(), "code", self.xuid)

    @property
    def activity(self) -> Handle | None:
        """Their activity in the title they play, as an access now would find it; None if they have none (HAND-2).

        Raises:
            XblError: if the world that they live in is gone.
        """
        return activity_of(self._home(), self.xuid, self.title_id)

    @property
    def connection(self) -> str:
        """The ConnectionId of their newest RTA client; without a client, an id that counts as connected (TAP-15).

        Raises:
            XblError: if the world that they live in is gone.
        """
        from pytest_xbl.world.activity import connection_id

        require_still_ours(self._home(), self, where="connection")
        return connection_id(self._home(), self.xuid)

    @property
    def invites(self) -> list[Handle]:
        """The invites for them that have not expired, in the order in which they were made (HAND-3, HAND-18).

        Raises:
            XblError: if the world that they live in is gone.
        """
        return [handle for handle in all_handles(self._home()) if handle.invited == self.xuid]


@dataclass(frozen=True, repr=False)
class Service(Principal):
    """A server or service; if it acts for a single user, it has their xuid and gamertag."""

    def __repr__(self) -> str:
        """Its name."""
        return f"<service {self.name}>"

    @property
    def _caller(self) -> Caller:
        account = self._account
        return acting_for(account.caller, account.acting_for) if account.acting_for else account.caller

    @property
    def headers(self) -> dict[str, str]:
        """The headers that every request of it needs, with those that say for whom it acts (S2S-1)."""
        users = self._account.acting_for
        if not users:
            return super().headers
        named = ",".join(";priv=".join((str(user.xuid), *user.privileges)) for user in users)
        return {**super().headers, USERS: named, TITLE: str(users[0].title_id)}


def user_of(world: World, account: Account) -> User:
    """The user of a world whose account this is."""
    return User(account, token_of(world, account), ref(world))


def service_of(world: World, account: Account) -> Service:
    """The service of a world whose account this is."""
    return Service(account, token_of(world, account), ref(world))


def principal_of(world: World, account: Account) -> User | Service:
    """The user or service of a world whose account this is."""
    return service_of(world, account) if account.caller.server else user_of(world, account)


def require_ours(world: World, principal: object, *, where: str, kind: type[Principal] = User) -> None:
    """Refuse anybody but a user of this world.

    Args:
        where: the argument that names them.
        kind: `Principal` where a service will do, too.

    Raises:
        XblError: naming them (SEED-2).
    """
    whom = "a user" if kind is User else "a user or a service"
    require(kind, principal, f"{whom} of this world", where=where, rule="SEED-2")
    if isinstance(principal, Principal) and principal._world() is not world:
        why = UNPICKLED if principal._world is no_world else "belongs to another world, not to this one."
        raise XblError(f"{principal.name} {why}", where=where, rule="SEED-2")


def names_of_ours(world: World, users: Iterable[User], *, where: str) -> list[str]:
    """The names of several users of this world.

    Args:
        where: the argument that names them.

    Raises:
        XblError: for anything but users of this world in a list (SEED-2).
    """
    if isinstance(users, str | bytes | Mapping) or not isinstance(users, Iterable):
        raise XblError(f"Expected users of this world in a list; got {shown(users)}.", where=where, rule="SEED-2")
    found = list(users)
    for user in found:
        require_ours(world, user, where=where)
    return [user.name for user in found]


def require_still_ours(world: World, user: User, *, where: str) -> None:
    """Refuse anybody but a user who is in this world now; whoever was made since a snapshot goes with a restore.

    Args:
        where: the argument that names them.

    Raises:
        XblError: naming them (SEED-2).
    """
    require_ours(world, user, where=where)
    with RefusalsAsErrors(where):
        user_called(world, user.name, ())


def relate_user(world: World, user: User, arguments: Mapping[str, Any], *, who: str, whom: str) -> None:
    """Relate a user to others (HAND-10).

    Args:
        who: the argument that names the user.
        whom: the argument that names the others.

    Raises:
        XblError: if they are the same, or the user is none of this world.
    """
    require_still_ours(world, user, where=who)
    with RefusalsAsErrors(whom, lambda _: ()):
        relate(world, user.name, checked("users", record_of(arguments)))


def member_named(world: World, name: object, *, where: str) -> User | str:
    """The user of this world whom a test names by user, name or xuid.

    A number that is nobody's here remains as it is: it may be the xuid of a stranger.

    Args:
        where: the argument that names them.

    Raises:
        XblError: for a user of another world, or a name that no user has (SEED-2).
    """
    if isinstance(name, Principal):
        require_ours(world, name, where=where)
        return user_of(world, name._account)
    if not isinstance(name, str):
        what = f"Expected a user of this world, their name or their xuid, a string; got {shown(name)}."
        raise XblError(what, where=where, rule="SEED-2")
    holder = account_of(world, name)
    if holder is None and name.isdecimal() and account_called(world, name) is None:
        return name
    with RefusalsAsErrors(where):
        return user_of(world, holder or user_called(world, name, ()))
