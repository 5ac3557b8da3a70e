"""The beginning of every world: a title, its service configuration, and the ready-made templates."""

from __future__ import annotations

from functools import cache

from pytest_xbl.mpsd.constants import parse_template
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, JsonObject, Template, Title
from pytest_xbl.world.state import State
from pytest_xbl.world.tables import Table

TITLE_ID = "1719000001"
"""The title that users play unless a test says otherwise."""
DEFAULT_SCID = "5c1d0000-0000-4000-8000-000000000001"
"""The service configuration that every world knows from the start."""

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
        "maxMembersCount": 1000,
        "visibility": "open",
        "capabilities": {"large": True},
    },
}
"""The system constants of the templates that every world has in its default service configuration."""


@cache
def ready_made() -> Table[tuple[str, str], Template]:
    """The ready-made templates, parsed once: they are frozen, and all worlds may share them."""
    parsed = (
        parse_template(DEFAULT_SCID, name, {"constants": {"system": system}}, contract=NEWEST_CONTRACT)
        for name, system in READY_MADE.items()
    )
    return Table({(DEFAULT_SCID, template.name): template for template in parsed})


@cache
def _beginning() -> State:
    return State(templates=ready_made().copy(), titles=Table({TITLE_ID: Title(DEFAULT_SCID)})).copy()


def beginning() -> State:
    """The state of a world in which nothing has happened yet."""
    return _beginning().copy()
