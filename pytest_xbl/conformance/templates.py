"""The templates that the tests need, by the names that tests have for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """A template that tests ask for.

    Args:
        constants: as in a PUT.
        role_types: likewise.
        contract: the one that it is written for.
    """

    constants: Mapping[str, Any]
    role_types: Mapping[str, Any] = {}
    contract: int = 107


KINDS: Mapping[str, Kind] = {
    "bare": Kind({}),
    "fixed": Kind(
        {
            "system": {"version": 1, "maxMembersCount": 8, "inviteProtocol": "game", "readyRemovalTimeout": None},
            "custom": {"rules": "fair"},
        }
    ),
    "capable": Kind({"system": {"capabilities": {}}}),
    "old": Kind({}, contract=105),
}
"""Each by its name in the settings file. A sandbox without one of them skips the tests that need it."""
