"""Two people for the tests of a world."""

from __future__ import annotations

import pytest

from pytest_xbl import User, XboxLive
from pytest_xbl.world.world import World


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first user."""
    return xbl.user("Stacy")


@pytest.fixture
def ana(xbl: XboxLive, stacy: User) -> User:
    """The second user."""
    return xbl.user("Ana")


@pytest.fixture
def world(xbl: XboxLive) -> World:
    """The world behind `xbl`."""
    return xbl._world
