"""Partial expectations: only the fields that they name are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_xbl.mpsd.model import Json, JsonObject

THINGS = frozenset({("members",), ("users",), ("sessions",), ("sessions", "members"), ("handles",)})
"""The objects that hold people and things by name, by their places without the names of other things."""


def narrowed(
    expected: Mapping[str, Any], actual: Mapping[str, Any], at: tuple[str, ...] = ()
) -> tuple[JsonObject, JsonObject]:
    """A partial expectation and the part of a value that it names, ready to be compared in whole.

    A None expects that nothing is there, or nothing but empty objects and lists.
    So an object that holds nothing but None may be missing, unless it is somebody or something that is named.

    Args:
        at: the place of both.
    """
    are_things = len(at) % 2 == 1 and at[::2] in THINGS
    ours: JsonObject = {}
    theirs: JsonObject = {}
    for name, wanted in expected.items():
        value = actual.get(name)
        if wanted is None:
            if not _is_empty(value):
                theirs[name] = value
        elif value is None and not are_things and _expects_nothing(wanted):
            continue
        elif isinstance(wanted, Mapping):
            ours[name], part = narrowed(wanted, value if isinstance(value, Mapping) else {}, (*at, name))
            if name in actual:
                theirs[name] = part if isinstance(value, Mapping) else value
        else:
            ours[name] = wanted
            if name in actual:
                theirs[name] = value
    return ours, theirs


def _expects_nothing(wanted: Any) -> bool:
    """Whether it is None, or an object that holds nothing but None."""
    if isinstance(wanted, Mapping):
        return bool(wanted) and all(map(_expects_nothing, wanted.values()))
    return wanted is None


def _is_empty(value: Json) -> bool:
    return value in (None, []) or (isinstance(value, Mapping) and all(map(_is_empty, value.values())))
