"""How seeds are put together (SEED-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_xbl.mpsd.model import JsonObject

DEPTHS: Mapping[str, Any] = {
    "users": 2,
    "services": 2,
    "templates": 2,
    "sessions": 2,
    "handles": 2,
    "statistics": {"users": 2, "definitions": 2, "titles": 1},
    "given": 1,
}
"""How many levels below a section are put together; what lies deeper is a field, and counts as a whole."""


def combined(seeds: Iterable[JsonObject]) -> JsonObject:
    """One seed of many, each of the seed form; later ones count more (SEED-4)."""
    both: JsonObject = {}
    for seed in seeds:
        users = seed.get("users")
        by_name = {**seed, "users": {name: {} for name in users}} if isinstance(users, list) else seed
        _add(both, by_name, DEPTHS)
    return both


def _add(both: JsonObject, other: JsonObject, depths: Any) -> None:
    """Put another object into one of our own, as many levels deep as it says, for each name; a null removes."""
    for name, inner in other.items():
        below = depths.get(name) if isinstance(depths, Mapping) else depths - 1
        if inner is None:
            both.pop(name, None)
        elif below and isinstance(inner, dict):
            _add(both.setdefault(name, {}), inner, below)
        else:
            both[name] = inner
