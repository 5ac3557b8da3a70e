"""The service as a test of the suite holds it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from pytest_xbl.conformance.answer import Exchange
from pytest_xbl.conformance.bodies import Body, both
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.room import Room
from pytest_xbl.conformance.secrets import Secret
from pytest_xbl.conformance.templates import key_of
from pytest_xbl.conformance.ways import UnavailableError
from pytest_xbl.conformance.world import USERS, Account, World

__tracebackhide__ = True

PRESENT = {"suppressPresenceActivityCheck": True}
"""The capability of nearly all sessions here: users of a test are in no title that runs."""


class Service:
    """The service that is tested: its people, templates and time.

    Args:
        world: the fake, or a sandbox.
    """

    def __init__(self, world: World) -> None:
        self.scid = world.scid
        self.exchanges: list[Exchange] = []
        """Every request of the test, and its status."""
        self._world = world
        self._users: dict[int, Person] = {}
        self._accounts: dict[str, Account] = {}
        self._rooms: list[Room] = []

    def user(self, number: int) -> Person:
        """One of three users, by a number from 0 to 2."""
        if number not in self._users:
            self._users[number] = self._person(USERS[number], self._world.user(number))
        return self._users[number]

    def newcomer(self, name: str = "Max", **claims: Any) -> Person:
        """A further user with claims of their own, which only the fake can make."""
        return self._person(name, self._world.newcomer(name, claims))

    def server(self, *users: Person, deny: bool = False) -> Person:
        """A service.

        Args:
            users: those that it acts for, in its title.
            deny: whether it denies itself its access (S2S-3).
        """
        account = self._world.service()
        headers = {"X-Xbl-Deny-Scope": "Multiplayer.Manage"} if deny else {}
        if users:
            headers["X-Xbl-OnBehalfOf-Users"] = ",".join(f"{user.xuid};priv=multiplayer" for user in users)
            headers["X-Xbl-OnBehalfOf-Title"] = account.title_id
        return self._person("service", account, headers)

    def nobody(self, authorization: str = "") -> Person:
        """A caller without an Authorization header, or with this one."""
        secret = Secret(authorization, authorization) if authorization else None
        return Person("nobody", authorization=secret, send=self._world.way.send, told=self.exchanges.append)

    def _person(self, name: str, account: Account, headers: dict[str, str] | None = None) -> Person:
        self._accounts[account.xuid] = account
        return Person(
            name,
            authorization=account.authorization,
            xuid=account.xuid,
            gamertag=account.gamertag,
            send=self._world.way.send,
            told=self.exchanges.append,
            always=headers,
        )

    def room(
        self,
        name: str = "room",
        *,
        template: str = "bare",
        can: tuple[str, ...] = (),
        plain: bool = False,
        custom: Body | None = None,
        role_types: Body | None = None,
        **system: Any,
    ) -> Room:
        """A session that can be made.

        Args:
            template: the name that the suite has for its template.
            can: its capabilities.
            plain: whether users have to be in the title to be active (TIME-7), and no capability is set.
            custom: constants of its own.
            system: constants.
        """
        its_template = self._world.capable(key_of(can)) if can else None
        capabilities = dict.fromkeys(can, True) | ({} if plain else PRESENT)
        if capabilities and not its_template:
            system = {"capabilities": capabilities, **system}
        constants = {part: bag for part, bag in (("system", system), ("custom", custom)) if bag}
        creation = both({"constants": constants} if constants else {}, {"roleTypes": role_types} if role_types else {})
        room = Room(self.scid, its_template or self._world.template(template), self._world.unique(name), creation)
        self._rooms.append(room)
        return room

    def renamed(self, room: Room, name: str) -> Room:
        """The same session under just this name; it is left behind the test, too."""
        other = replace(room, name=name)
        self._rooms.append(other)
        return other

    def template(self, kind: str) -> str:
        """The name of a template."""
        return self._world.template(kind)

    @property
    def templates(self) -> str:
        """The path of the templates."""
        return f"/serviceconfigs/{self.scid}/sessiontemplates"

    def follows(self, one: Person, other: Person) -> None:
        """Let a user follow another."""
        self._relate("follows", one, other)

    def favors(self, one: Person, other: Person) -> None:
        """Let a user have another as a favorite."""
        self._relate("favors", one, other)

    def blocks(self, one: Person, other: Person) -> None:
        """Let a user block another."""
        self._relate("blocks", one, other)

    def _relate(self, relation: str, one: Person, other: Person) -> None:
        self._world.relate(relation, self._accounts[one.xuid], self._accounts[other.xuid])

    def leaves_the_title(self, person: Person) -> None:
        """Let a user be in the title no longer."""
        self._world.be_present(self._accounts[person.xuid], present=False)

    def statistics(self, **types: Any) -> dict[str, str]:
        """The names of statistics by type; the first user has these values of them, or others in a sandbox."""
        self.user(0)
        return dict(self._world.statistics(types))

    def define(self, name: str, value: Any, **definition: Any) -> None:
        """Define a statistic, as `xbl.stats.define` takes it, and give the first user a value."""
        self._world.define(name, value, definition)

    def require(self, service: str) -> None:
        """Skip the test if there is no way to a service."""
        self._world.require(service)

    def wait(self, milliseconds: float) -> None:
        """Let time go by."""
        self._world.wait(milliseconds)

    def end(self) -> None:
        """Leave the sessions, where they outlast the test."""
        if self._world.outlasts:
            self._leave_all()

    def _leave_all(self) -> None:
        for room in self._rooms:
            if any(room.path in exchange.path for exchange in self.exchanges):
                for user in self._users.values():
                    with suppress(UnavailableError):
                        user.delete(room.at("members", "me"))
