"""A lobby whose real URL the tests ask for."""

from __future__ import annotations

import pytest

from pytest_xbl import XboxLive
from real_hosts import Lobby, Nowhere, lobby_in


@pytest.fixture
def lobby(xbl: XboxLive) -> Lobby:
    """A lobby with Stacy in it."""
    return lobby_in(xbl)


@pytest.fixture
def guide() -> Nowhere:
    """The guide."""
    return Nowhere()
