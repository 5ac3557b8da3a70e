"""Two people for the tests of a world."""

from __future__ import annotations

import pytest

from pytest_xbl import User, XboxLive


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """Somebody."""
    return xbl.user("Stacy")


@pytest.fixture
def ana(xbl: XboxLive, stacy: User) -> User:
    """Somebody else."""
    return xbl.user("Ana")
