"""Combining seeds into one (SEED-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_xbl.mpsd.model import EMPTY, JsonObject

DEPTHS: Mapping[str, Any] = {
    "users": 2,
    "services": 2,
    "templates": 2,
    "sessions": 2,
    "handles": 2,
    "statistics": {"users": 2, "definitions": 2, "titles": 1},
    "given": 1,
}
"""The number of levels below each section that are combined name by name; what is deeper counts as a whole."""


def combined(seeds: Iterable[JsonObject]) -> JsonObject:
    """Combine seeds of the seed form; later ones count more (SEED-4)."""
    both: JsonObject = {}
    for seed in seeds:
        users = seed.get("users")
        by_name = {**seed, "users": dict.fromkeys(users, EMPTY)} if isinstance(users, list) else seed
        _add(both, by_name, DEPTHS)
    return both


def _add(both: JsonObject, other: JsonObject, depths: Any) -> None:
    """Add another object to one of our own, down to the depth of each name; a null removes."""
    for name, inner in other.items():
        below = depths - 1 if isinstance(depths, int) else depths.get(name)
        if inner is None:
            both.pop(name, None)
        elif below and isinstance(inner, dict):
            if name not in both and below == 1:
                both[name] = {field: value for field, value in inner.items() if value is not None}
            else:
                _add(both.setdefault(name, {}), inner, below)
        else:
            both[name] = inner
