"""The users and services of a world, by name."""

from __future__ import annotations

from typing import Any

from pytest_xbl import XboxLive
from pytest_xbl.world.people import account_called
from pytest_xbl.xbl.people import principal_of


def person(xbl: XboxLive, name: str) -> Any:
    """The user or service of this name."""
    account = account_called(xbl._world, name)
    assert account, f"nobody is called {name}"
    return principal_of(xbl._world, account)
