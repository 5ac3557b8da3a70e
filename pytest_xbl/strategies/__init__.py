"""Strategies of hypothesis for property tests: people, bodies, filters, histories, and a machine over a world.

They need the extra `pytest-xbl[hypothesis]`, and follow the tables by which the fake checks what clients send.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pytest_xbl.errors import XblError

try:
    import hypothesis as _hypothesis  # noqa: F401 -- only to see whether it is there
except ImportError:
    what = "pytest_xbl.strategies needs hypothesis: pip install 'pytest-xbl[hypothesis]'."
    raise XblError(what) from None

if TYPE_CHECKING:
    from pytest_xbl.strategies.bodies import constants, invalid_writes, templates, writes
    from pytest_xbl.strategies.machine import WorldMachine
    from pytest_xbl.strategies.people import users
    from pytest_xbl.strategies.searching import filters
    from pytest_xbl.strategies.sessions import histories, session_documents

_HOMES = {
    "WorldMachine": "machine",
    "constants": "bodies",
    "filters": "searching",
    "histories": "sessions",
    "invalid_writes": "bodies",
    "session_documents": "sessions",
    "templates": "bodies",
    "users": "people",
    "writes": "bodies",
}

__all__ = [
    "WorldMachine",
    "constants",
    "filters",
    "histories",
    "invalid_writes",
    "session_documents",
    "templates",
    "users",
    "writes",
]


def __getattr__(name: str) -> object:
    """A strategy, whose module is imported when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
