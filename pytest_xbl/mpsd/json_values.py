"""JSON values: whether two are the same, and how a sentence or a pointer names one."""

from __future__ import annotations

import json

from pytest_xbl.errors import shown
from pytest_xbl.mpsd.model import Json
from pytest_xbl.secrets import without_fields

BRIEF = 60
"""The most characters of a value that a sentence quotes."""
MISSING = object()
"""The value of a name that an object does not have."""


def name_text(name: object) -> str:
    """The name of a field; a test may have written one that is no string."""
    return name if isinstance(name, str) else shown(name)


def pointer_part(key: object) -> str:
    """One part of a JSON pointer, escaped."""
    return name_text(key).replace("~", "~0").replace("/", "~1")


def brief(value: Json) -> str:
    """A JSON value short enough to stand in a sentence."""
    text = json.dumps(value, default=str)
    if isinstance(value, dict | list):
        text = without_fields(text)
    return text if len(text) <= BRIEF else f"{text[: BRIEF - 3]}..."


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal and of the same types: true, 1 and 1.0 all differ.

    Written for whole documents: it decides nearly every comparison, so it looks into nothing that it need not.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        if len(one) != len(other):
            return False
        for name, ours in one.items():
            theirs = other.get(name, MISSING)
            if ours is not theirs and not (ours == theirs if type(ours) is type(theirs) is str else same(ours, theirs)):
                return False
        return True
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
