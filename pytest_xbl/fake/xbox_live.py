"""`xbl`: a fake Xbox Live of one test's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from itertools import count
from weakref import ref

from pytest_xbl.errors import XblError
from pytest_xbl.fake.client import CallerClient
from pytest_xbl.fake.handles import Handles
from pytest_xbl.fake.refused import require
from pytest_xbl.fake.sessions import Sessions
from pytest_xbl.fake.stats import Stats
from pytest_xbl.fake.templates import DEFAULT_SCID, Templates, ready_made
from pytest_xbl.mpsd.model import MULTIPLAYER, RETAIL, Caller
from pytest_xbl.mpsd.shapes import DIGITS
from pytest_xbl.wire.app import App
from pytest_xbl.world.clock import Clock
from pytest_xbl.world.people import Principal, Service, User
from pytest_xbl.world.world import World

FIRST_XUID = 2533274790000001
TITLE_ID = "1719000001"
PRIVILEGES = frozenset({MULTIPLAYER})
"""What an account may do unless a test says otherwise; all the privileges that the fake knows."""


class XboxLive:
    """A fresh world, and everything a test does with it.

    Args:
        url: of the server that serves `app`, without a slash at the end; "" if none does.
        name: tells the tokens of this world from those of others.
    """

    scid = DEFAULT_SCID
    """The default service configuration."""

    def __init__(self, *, url: str = "", name: str = "world") -> None:
        self.url = url
        self.name = name
        self.world = World()
        self.world.state.templates.update(ready_made())
        self.world.state.titles[TITLE_ID] = DEFAULT_SCID
        self.app = App(self.world, name)

    @cached_property
    def templates(self) -> Templates:
        """The session templates."""
        return Templates(self.world)

    @cached_property
    def sessions(self) -> Sessions:
        """The sessions."""
        return Sessions(self.world)

    @cached_property
    def handles(self) -> Handles:
        """The handles."""
        return Handles(self.world)

    @cached_property
    def stats(self) -> Stats:
        """The user statistics."""
        return Stats(self.world)

    @cached_property
    def clock(self) -> Clock:
        """The time, which stands still until it is moved."""
        return Clock(self.world)

    def user(
        self,
        name: str,
        *,
        xuid: str | None = None,
        gamertag: str | None = None,
        device_id: str | None = None,
        title_id: str | None = None,
        token: str | None = None,
        userhash: str | None = None,
        privileges: Iterable[str] = PRIVILEGES,
        sandbox: str = RETAIL,
    ) -> User:
        """Make a user.

        Args:
            name: what the test calls them.
            xuid: decimal digits; the next free one unless given.
            gamertag: their name unless given; "" for a token without that claim.
            device_id: the device they play on; one of their own unless given.
            title_id: the title they play, decimal digits; the same for all unless given.
            token: what stands behind the semicolon of their Authorization header.
            userhash: what stands before it.
            privileges: what their account may do; leave `multiplayer` out for somebody who may not join (PUT-11).
            sandbox: the one that their token is for; statistics are read from within the same one (STAT-6).

        Raises:
            XblError: for a name, xuid or token that is taken, or a value that cannot be.
        """
        _name(name)
        for kind, text in (("gamertag", gamertag), ("device_id", device_id), ("sandbox", sandbox)):
            if text is not None:
                require(str, text, f"A {kind} is a string")
        with self.world.lock:
            state = self.world.state
            number = len(state.users)
            xuid = self._next_xuid(number) if xuid is None else _digits("xuid", xuid)
            self._check_free(name)
            if xuid in state.users:
                raise XblError(f"The xuid {xuid} is {state.users[xuid].name}'s already.")
            gamertag = name if gamertag is None else gamertag
            device_id = f"F{number + 1:015X}" if device_id is None else device_id
            title_id = TITLE_ID if title_id is None else _digits("title_id", title_id)
            granted = _privileges(privileges)
            caller = Caller(name, xuid, gamertag or None, device_id, title_id, granted, sandbox=sandbox)
            user = User(
                name=name,
                token=self._token(token, xuid),
                userhash=_header_part("userhash", xuid if userhash is None else userhash),
                caller=caller,
                xuid=xuid,
                gamertag=gamertag,
                device_id=device_id,
                title_id=title_id,
                privileges=granted,
                sandbox=sandbox,
                _world=ref(self.world),
            )
            state.principals[user.token] = state.names[name] = state.users[xuid] = user
            return user

    def users(self, *names: str) -> tuple[User, ...]:
        """Make several users."""
        for name in names:
            require(str, name, "xbl.users takes names one by one, xbl.users('Stacy', 'Ana'), or xbl.users(*names)")
        return tuple(self.user(name) for name in names)

    def service(self, name: str, *, on_behalf_of: User | None = None) -> Service:
        """Make a server principal (CALL-4).

        Args:
            name: what the test calls it.
            on_behalf_of: the user that it acts for; `members.me` is then that user.

        Raises:
            XblError: if the name is taken.
        """
        _name(name)
        with self.world.lock:
            self._check_free(name)
            if on_behalf_of is not None:
                require(User, on_behalf_of, "A service acts for a user, as xbl.user makes them")
            state = self.world.state
            number = len(state.principals) - len(state.users) + 1
            claims = on_behalf_of.caller if on_behalf_of else Caller(name)
            caller = replace(claims, name=name, server=True)
            service = Service(
                name=name,
                token=self._token(None, f"service-{number}"),
                userhash=f"service-{number}",
                caller=caller,
                xuid=claims.xuid or "",
                gamertag=claims.gamertag or "",
            )
            state.principals[service.token] = state.names[name] = service
            return service

    def follow(self, follower: User, followed: User, *, favorite: bool = False) -> None:
        """Record that somebody follows somebody (JOIN-2, HAND-10).

        Args:
            favorite: whether they are also one of the follower's favorites.

        Raises:
            XblError: if they are the same, or no users.
        """
        for user in (follower, followed):
            require(User, user, "Users follow each other, as xbl.user makes them")
        if follower == followed:
            raise XblError(f"{follower.name} cannot follow themselves.")
        with self.world.lock:
            state = self.world.state
            _add(state.follows, follower.xuid, followed.xuid)
            if favorite:
                _add(state.favorites, follower.xuid, followed.xuid)

    def client(self, caller: Principal | None = None) -> CallerClient:
        """Werkzeug's test client on `app`, with the caller's headers; without a caller, with none at all."""
        if caller is not None:
            require(Principal, caller, "A caller is a user or a service of this world")
        return CallerClient(self.app, caller)

    def _next_xuid(self, number: int) -> str:
        return next(xuid for n in count(FIRST_XUID + number) if (xuid := str(n)) not in self.world.state.users)

    def _token(self, chosen: str | None, suffix: str) -> str:
        token = f"{self.name}.{suffix}" if chosen is None else _header_part("token", chosen)
        owner = self.world.state.principals.get(token)
        if owner:
            raise XblError(f"The token {token!r} is {owner.name}'s already (CALL-3).")
        return token

    def _check_free(self, name: str) -> None:
        if name in self.world.state.names:
            raise XblError(f"There is somebody called {name!r} already; every caller needs a name of their own.")


def _name(name: object) -> None:
    require(str, name, "A caller's name is a string")
    if not name:
        raise XblError("A caller's name is not empty.")


def _digits(kind: str, value: object) -> str:
    if not isinstance(value, str) or not DIGITS.fullmatch(value):
        raise XblError(f"A {kind} is a string of decimal digits, not {value!r} (CALL-10).")
    return value


def _header_part(kind: str, value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[!-:<-~]+", value):
        raise XblError(f"A {kind} is printable ASCII without spaces and semicolons, not {value!r} (CALL-3).")
    return value


def _privileges(privileges: Iterable[str]) -> frozenset[str]:
    require(Iterable, privileges, "Privileges are names in a list")
    granted = frozenset((privileges,) if isinstance(privileges, str) else privileges)
    if unknown := granted - PRIVILEGES:
        raise XblError(f"The privileges are {', '.join(sorted(PRIVILEGES))}; unknown: {', '.join(sorted(unknown))}.")
    return granted


def _add(graph: dict[str, frozenset[str]], follower: str, followed: str) -> None:
    graph[follower] = graph.get(follower, frozenset()) | {followed}
