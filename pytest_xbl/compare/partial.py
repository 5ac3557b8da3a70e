"""Partial expectations: only the fields that they name are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_xbl.mpsd.model import Json, JsonObject


def narrowed(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[JsonObject, JsonObject]:
    """A partial expectation and the part of a value that it names, ready to be compared in whole.

    A None expects that nothing is there, or nothing but empty objects and lists.
    """
    ours: JsonObject = {}
    theirs: JsonObject = {}
    for name, wanted in expected.items():
        value = actual.get(name)
        if wanted is None:
            if not _is_empty(value):
                theirs[name] = value
        elif isinstance(wanted, Mapping):
            ours[name], part = narrowed(wanted, value if isinstance(value, Mapping) else {})
            if name in actual:
                theirs[name] = part if isinstance(value, Mapping) else value
        else:
            ours[name] = wanted
            if name in actual:
                theirs[name] = value
    return ours, theirs


def _is_empty(value: Json) -> bool:
    return value in (None, []) or (isinstance(value, Mapping) and all(map(_is_empty, value.values())))
