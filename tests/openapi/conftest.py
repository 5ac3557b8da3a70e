"""The description, and a world in which its examples succeed."""

from __future__ import annotations

import pytest

from pytest_xbl import XboxLive
from pytest_xbl.openapi.examples import FRIEND, HANDLE, PLAYER
from seeds import SeedDict

SEED: SeedDict = {
    "users": {
        "Stacy": {"xuid": PLAYER, "follows": ["Ana"], "favorites": ["Ana"]},
        "Ana": {"xuid": FRIEND, "follows": ["Stacy"]},
    },
    "services": {"referee": {}},
    "sessions": {
        "friday": {
            "template": "lobby",
            "members": ["Stacy", "Ana"],
            "properties": {"system": {"keywords": ["fast"], "turn": [0]}},
            "servers": {"game": {"properties": {"custom": {"port": 3074}}}},
        },
        "browsed": {"template": "global(lfg)", "members": ["Ana"]},
    },
    "handles": {
        "activity": {"id": HANDLE, "type": "activity", "session": "friday", "owner": "Stacy"},
        "search": {"type": "search", "session": "browsed", "owner": "Ana", "attributes": {"tags": ["new"]}},
    },
    "statistics": {"users": {"Stacy": {"wins": 3, "losses": {"value": 1.5, "metadata": {"season": 2}}}}},
}


@pytest.fixture
def xbl() -> XboxLive:
    """Two players who follow each other, sessions with handles and a server, and statistics."""
    return XboxLive(seed=SEED)
