"""A sandbox of the real service as the world of a test, as far as the settings say what is in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pytest_xbl.conformance import settings as given
from pytest_xbl.conformance.settings import Settings
from pytest_xbl.conformance.ways import REAL, Way
from pytest_xbl.conformance.world import Account, not_testable

RELATIONS = {"follows": "follows", "favors": "has as a favorite", "blocks": "blocks"}


class SandboxWorld:
    """The world of one test in a sandbox, where time cannot be moved and people cannot be made.

    Args:
        way: by which requests reach it.
        services: those that it reaches.
        sleep: waits for so many seconds.
        word: a part of names that no other test has, in this run or another, so that no session is met again.
    """

    outlasts = True

    def __init__(
        self, settings: Settings, way: Way, *, services: Collection[str], sleep: Callable[[float], None], word: str
    ) -> None:
        self.scid = settings.scid
        self.way = way
        self._services = services
        self._settings = settings
        self._sleep = sleep
        self._word = word
        self._names = 0

    def user(self, number: int) -> Account:
        """One of the users of the settings."""
        users = self._settings.users
        if number >= len(users):
            not_testable(f"it needs {number + 1} users, and the settings have {len(users)}")
        return _account(users[number])

    def newcomer(self, name: str, claims: Mapping[str, Any]) -> Account:  # noqa: ARG002 -- nobody is made
        """Nobody: tokens with other claims cannot be made."""
        not_testable(f"it needs a user with claims of their own: {', '.join(claims)}")

    def service(self) -> Account:
        """The service of the settings."""
        if self._settings.service is None:
            not_testable("it needs a service, and the settings do not have one")
        return _account(self._settings.service)

    def relate(self, relation: str, one: Account, other: Account) -> None:
        """Check that the settings say so."""
        user = next(user for user in self._settings.users if user.xuid == one.xuid)
        if relation != "follows" or other.xuid not in user.follows:
            not_testable(f"it needs a user who {RELATIONS[relation]} another, which the settings do not say")

    def be_present(self, user: Account, *, present: bool) -> None:  # noqa: ARG002 -- it cannot be said of anybody
        """Refuse: presence cannot be set."""
        not_testable("it needs to say who is in the title")

    def template(self, kind: str) -> str:
        """The name that the settings have for a template."""
        if kind not in self._settings.templates:
            not_testable(f"it needs a template {kind!r}, which the settings do not name")
        return self._settings.templates[kind]

    def capable(self, key: str) -> str | None:
        """The template that the settings have for these capabilities."""
        return self._settings.templates.get(key)

    def unique(self, name: str) -> str:
        """A name with the word of the test and the number of the session in its test."""
        self._names += 1
        return f"{name}-{self._word}-{self._names}"

    def define(self, name: str, value: Any, definition: Mapping[str, Any]) -> None:  # noqa: ARG002 -- it cannot
        """Refuse: statistics cannot be defined."""
        not_testable(f"it needs a statistic of its own, with {', '.join(definition)}")

    def require(self, service: str) -> None:
        """Require that the settings have an address."""
        if service not in self._services:
            not_testable(f"it needs {REAL[service]}, and the settings have no address for it")

    def wait(self, milliseconds: float) -> None:
        """Wait, unless it takes too long."""
        seconds = milliseconds / 1000
        if seconds > self._settings.patience:
            not_testable(f"it would take {seconds:g} seconds, and `patience` is {self._settings.patience:g}")
        self._sleep(seconds)

    def statistics(self, types: Mapping[str, Any]) -> Mapping[str, str]:
        """The names that the settings have for statistics of these types."""
        self.require("userstats")
        for name in types:
            if name not in self._settings.statistics:
                not_testable(f"it needs a statistic of the type {name}, which the settings do not name")
        return {name: self._settings.statistics[name] for name in types}


def _account(account: given.Account) -> Account:
    return Account(account.authorization, account.xuid, account.gamertag, account.title_id)
