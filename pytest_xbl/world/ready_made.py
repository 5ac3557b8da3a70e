"""The beginning of every world: a title, its service configuration, and the ready-made templates."""

from __future__ import annotations

from functools import cache

from pytest_xbl.mpsd.constants import parse_template
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, JsonObject, Template
from pytest_xbl.mpsd.titles import Title
from pytest_xbl.world.state import DEFAULT_SCID, State
from pytest_xbl.world.tables import Table

TITLE_ID = "1719000001"
"""The title that users play unless a test says otherwise."""

READY_MADE: dict[str, JsonObject] = {
    "lobby": {
        "version": 1,
        "maxMembersCount": 8,
        "visibility": "open",
        "inviteProtocol": "game",
        "capabilities": {"connectivity": True},
    },
    "game": {
        "version": 1,
        "maxMembersCount": 16,
        "visibility": "open",
        "inviteProtocol": "game",
        "capabilities": {"connectivity": True, "gameplay": True},
    },
    "ticket": {
        "version": 1,
        "maxMembersCount": 8,
        "visibility": "visible",
        "capabilities": {"clientMatchmaking": True},
    },
    "large": {
        "version": 1,
        "maxMembersCount": 10_000,
        "visibility": "open",
        "capabilities": {"gameplay": True, "large": True},
    },
    "browse": {
        "version": 1,
        "maxMembersCount": 16,
        "visibility": "open",
        "inviteProtocol": "game",
        "capabilities": dict.fromkeys(
            ("connectivity", "gameplay", "hasOwners", "searchable", "userAuthorizationStyle"), True
        ),
        "ownershipPolicies": {"migration": "oldest", "allowNonOwnerInviteHandles": False},
    },
    "global(lfg)": {
        "version": 1,
        "maxMembersCount": 100,
        "visibility": "open",
        "inactiveRemovalTimeout": None,
        "reservedRemovalTimeout": None,
        "capabilities": dict.fromkeys(
            ("hasOwners", "searchable", "suppressPresenceActivityCheck", "userAuthorizationStyle"), True
        ),
    },
}
"""The system constants of the templates that every world has in its service configuration."""


@cache
def ready_made(scid: str) -> Table[tuple[str, str], Template]:
    """The ready-made templates of a service configuration, parsed once: they are frozen, and worlds may share them."""
    parsed = (
        parse_template(scid, name, {"constants": {"system": system}}, contract=NEWEST_CONTRACT)
        for name, system in READY_MADE.items()
    )
    return Table({(scid.lower(), template.name): template for template in parsed})


@cache
def _beginning(scid: str) -> State:
    return State(templates=ready_made(scid).copy(), titles=Table({TITLE_ID: Title(scid)}), scid=scid).copy()


def beginning(scid: str = DEFAULT_SCID) -> State:
    """The state of a world in which nothing has happened yet.

    Args:
        scid: its service configuration (SEED-13).
    """
    return _beginning(scid).copy()
