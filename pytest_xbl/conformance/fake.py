"""The fake as the world of a test, arranged by what every test of a user has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from pytest_xbl.conformance.secrets import Secret
from pytest_xbl.conformance.templates import KINDS
from pytest_xbl.conformance.ways import Way
from pytest_xbl.conformance.world import USERS, Account

if TYPE_CHECKING:
    from pytest_xbl.arrange.records import UserRecord
    from pytest_xbl.userstats.model import StatisticType
    from pytest_xbl.xbl.people import Principal
    from pytest_xbl.xbl.xbox_live import XboxLive


class FakeWorld:
    """A world of the fake; its clock moves only when a test waits.

    Args:
        way: by which requests reach it.
    """

    outlasts = False

    def __init__(self, xbl: XboxLive, way: Way) -> None:
        self.way = way
        self.scid = xbl.scid
        self._xbl = xbl
        self._users = {user.xuid: user for user in xbl.users(*USERS)}
        self._made: set[str] = set()
        self._service: Principal | None = None

    def user(self, number: int) -> Account:
        """One of the users of each test."""
        return _account(list(self._users.values())[number])

    def newcomer(self, name: str, claims: Mapping[str, Any]) -> Account:
        """A further user."""
        user = self._xbl.user(name, **cast("UserRecord", claims))
        self._users[user.xuid] = user
        return _account(user)

    def service(self) -> Account:
        """A service that acts for nobody, unless its request says so."""
        self._service = self._service or self._xbl.service("service")
        return _account(self._service)._replace(title_id=next(iter(self._users.values())).title_id)

    def relate(self, relation: str, one: Account, other: Account) -> None:
        """Let a user follow, favor or block another."""
        who, whom = self._users[one.xuid], self._users[other.xuid]
        if relation == "blocks":
            self._xbl.block(who, whom)
        else:
            self._xbl.follow(who, whom, favorite=relation == "favors")

    def be_present(self, user: Account, *, present: bool) -> None:
        """Say whether a user is in the title."""
        self._xbl.set_presence(self._users[user.xuid], present=present)

    def template(self, kind: str) -> str:
        """The name of a template, which is made when it is first asked for."""
        if kind not in self._made:
            constants, role_types, contract = KINDS[kind]
            body = {"constants": constants, "roleTypes": role_types}
            self._xbl.templates.add(kind, {name: part for name, part in body.items() if part}, contract=contract)
            self._made.add(kind)
        return kind

    def capable(self, key: str) -> str | None:  # noqa: ARG002 -- it is the same for all
        """None: the creation can always add capabilities."""
        return None

    def unique(self, name: str) -> str:
        """The name itself: nobody else uses this world."""
        return name

    def define(self, name: str, value: Any, definition: Mapping[str, Any]) -> None:
        """Define a statistic of the title, and give the first user a value of it."""
        self._xbl.stats.define(name, **definition)
        self._xbl.stats.set(next(iter(self._users.values())), {name: value})

    def require(self, service: str) -> None:
        """All services are there."""

    def wait(self, milliseconds: float) -> None:
        """Move the clock."""
        self._xbl.clock.advance(milliseconds=milliseconds)

    def statistics(self, types: Mapping[str, Any]) -> Mapping[str, str]:
        """Give the first user these values; each statistic is called like its type."""
        for name in types:
            self._xbl.stats.define(name, type=cast("StatisticType", name))
        self._xbl.stats.set(next(iter(self._users.values())), types)
        return {name: name for name in types}


def _account(principal: Principal) -> Account:
    return Account(Secret(principal.authorization, principal.token), principal.xuid, principal.gamertag)
