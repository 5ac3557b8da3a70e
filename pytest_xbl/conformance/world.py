"""The world behind a service: people, templates, time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn, Protocol

import pytest

from pytest_xbl.conformance.secrets import Secret
from pytest_xbl.conformance.ways import Way

USERS = ("Stacy", "Ana", "Ben")


class Account(NamedTuple):
    """Somebody with a token.

    Args:
        title_id: the title for which a service calls.
    """

    authorization: Secret
    xuid: str = ""
    gamertag: str = ""
    title_id: str = ""


class World(Protocol):
    """The fake, or a sandbox. A method that a sandbox cannot obey skips the test, with the reason."""

    way: Way
    scid: str
    outlasts: bool
    """Whether sessions outlast their test, which then has to leave them."""

    def user(self, number: int) -> Account:
        """One of the users of each test, from 0 to 2."""

    def newcomer(self, name: str, claims: Mapping[str, Any]) -> Account:
        """A further user, with claims of their own, as `xbl.user` takes them."""

    def service(self) -> Account:
        """A service."""

    def relate(self, relation: str, one: Account, other: Account) -> None:
        """Let a user follow, favor or block another."""

    def be_present(self, user: Account, *, present: bool) -> None:
        """Say whether a user is in the title."""

    def template(self, kind: str) -> str:
        """The name of a template, by the name that tests have for it."""

    def capable(self, key: str) -> str | None:
        """The name of a template with the capabilities of a key of `CAPABLE`; None if the creation can add them."""

    def unique(self, name: str) -> str:
        """A name that no other session has."""

    def define(self, name: str, value: Any, definition: Mapping[str, Any]) -> None:
        """Define a statistic of the title, and give the first user a value of it."""

    def require(self, service: str) -> None:
        """Require that there is a way to a service."""

    def wait(self, milliseconds: float) -> None:
        """Let time go by."""

    def statistics(self, types: Mapping[str, Any]) -> Mapping[str, str]:
        """The names of statistics by type, of which the first user has these values, or any."""


def not_testable(reason: str) -> NoReturn:
    """Skip a test that needs something that there is not."""
    pytest.skip(reason)
