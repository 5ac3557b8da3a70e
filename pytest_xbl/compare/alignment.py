"""Two documents side by side: members by xuid, and without the parts that are equal, which are nearly all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from pytest_xbl.compare.matchers import is_matcher
from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import Json, JsonObject

Path: TypeAlias = tuple[str | int, ...]
"""The names and list positions that lead to a place in a document, members by xuid."""
MEMBER_DEPTH = 2
"""The length of a path that leads to a whole member."""
PLAIN = (str, int, float, type(None))
"""The types of values that deepdiff may search lists for, to find what was inserted or removed."""


class Number(int):
    """An integer as a name: deepdiff writes names out, and Python writes thousands of digits only in base 16."""

    def __repr__(self) -> str:
        return hex(self)


def is_member(path: Sequence[str | int]) -> bool:
    """Whether a path leads to a whole member."""
    return len(path) == MEMBER_DEPTH and path[0] == "members"


def xuid_of(member: Json) -> str | None:
    """The xuid of a member of a document, or None if it has none."""
    try:
        xuid = member["constants"]["system"]["xuid"]
    except (KeyError, TypeError, IndexError):
        return None
    return xuid if isinstance(xuid, str) else None


def by_xuid(document: Mapping[str, Any]) -> JsonObject:
    """A document with its members by xuid; a member without one keeps its index."""
    members = document.get("members")
    if not isinstance(members, dict):
        return dict(document)
    keyed = {xuid_of(member) or index: member for index, member in members.items()}
    # One of two members with the same xuid would be lost; such a document is compared as it is.
    return {**document, "members": keyed if len(keyed) == len(members) else members}


def differing(expected: Json, actual: Json) -> tuple[Json, Json] | None:
    """The parts of two values that differ, or None if none does; a tuple is the list that JSON makes of it."""
    if expected is actual or same(expected, actual) or (is_matcher(expected) and expected == actual):
        return None
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _differing_objects(expected, actual)
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        return _differing_lists([*expected], [*actual])
    return expected, actual


def _differing_objects(expected: JsonObject, actual: JsonObject) -> tuple[JsonObject, JsonObject] | None:
    ours = {_writable(name): value for name, value in expected.items() if name not in actual}
    theirs = {_writable(name): value for name, value in actual.items() if name not in expected}
    for name, value in expected.items():
        if name in actual and (pair := differing(value, actual[name])):
            ours[_writable(name)], theirs[_writable(name)] = pair
    return (ours, theirs) if ours or theirs else None


def _writable(name: Any) -> Any:
    return Number(name) if type(name) is int else name


def _differing_lists(expected: list[Json], actual: list[Json]) -> tuple[Json, Json] | None:
    """Plain lists are kept whole; all others are compared position by position, as objects with positions as names."""
    if _are_plain(expected, actual):
        return None if same(expected, actual) else (expected, actual)
    return _differing_objects(_by_position(expected), _by_position(actual))


def _by_position(items: list[Json]) -> dict[Any, Json]:
    return dict(enumerate(items))


def _are_plain(*lists: list[Json]) -> bool:
    """Whether they hold only values that deepdiff, which searches them by ==, cannot confuse, as it does 1 and true."""
    items = [item for items in lists for item in items]
    if not all(isinstance(item, PLAIN) for item in items):
        return False
    return len(set(items)) == len({(type(item), item) for item in items})
