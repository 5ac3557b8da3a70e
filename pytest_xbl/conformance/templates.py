"""The templates that the tests need, by the names that tests have for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """A template that tests ask for.

    Args:
        constants: as in a PUT.
        role_types: as in a PUT.
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

CAPABLE = (
    "arbitration+gameplay",
    "autoPopulateServerCandidates",
    "connectionRequiredForActiveMembers",
    "connectivity",
    "gameplay+large",
    "hasOwners",
    "hasOwners+searchable+userAuthorizationStyle",
    "large",
    "userAuthorizationStyle",
)
"""The capabilities of sessions that tests ask for.

The settings may name a template for each, which also has `suppressPresenceActivityCheck` and sets nothing else.
It serves where the creation of a session cannot add capabilities.
"""


def key_of(capabilities: Iterable[str]) -> str:
    """The name of a template with these capabilities in the settings.

    Raises:
        KeyError: if no test is known to ask for them.
    """
    key = "+".join(sorted(capabilities))
    if key and key not in CAPABLE:
        raise KeyError(key)
    return key
