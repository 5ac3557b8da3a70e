"""Two documents side by side: members by xuid, and without all that is equal, which is nearly everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_xbl.compare.matchers import is_matcher
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.shapes import same

PLAIN = (str, int, float, type(None))
"""Values that lists are searched for by deepdiff, to find what has been put in or taken out."""


def xuid_of(member: Json) -> str | None:
    """The xuid that a member of a document has, if it says one."""
    try:
        xuid = member["constants"]["system"]["xuid"]
    except (KeyError, TypeError, IndexError):
        return None
    return xuid if isinstance(xuid, str) else None


def by_xuid(document: Mapping[str, Any]) -> JsonObject:
    """A document whose members stand under their xuids; one that says none stays under its index."""
    members = document.get("members")
    if not isinstance(members, dict):
        return dict(document)
    keyed = {xuid_of(member) or index: member for index, member in members.items()}
    # Somebody who stands there twice would be lost; then the document is compared as it is.
    return {**document, "members": keyed if len(keyed) == len(members) else members}


def differing(expected: Json, actual: Json) -> tuple[Json, Json] | None:
    """What differs of two values, without all that is as expected; None if nothing differs."""
    if same(expected, actual) or (is_matcher(expected) and expected == actual):
        return None
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _differing_objects(expected, actual)
    if isinstance(expected, list) and isinstance(actual, list):
        return _differing_lists(expected, actual)
    return expected, actual


def _differing_objects(expected: JsonObject, actual: JsonObject) -> tuple[JsonObject, JsonObject] | None:
    ours = {name: it for name, it in expected.items() if name not in actual}
    theirs = {name: it for name, it in actual.items() if name not in expected}
    for name, it in expected.items():
        if name in actual and (pair := differing(it, actual[name])):
            ours[name], theirs[name] = pair
    return (ours, theirs) if ours or theirs else None


def _differing_lists(expected: list[Json], actual: list[Json]) -> tuple[Json, Json] | None:
    """Plain lists stay as they are; all others are compared place by place, as objects with the places as names."""
    if _are_plain(expected, actual):
        return expected, actual
    return _differing_objects(_by_place(expected), _by_place(actual))


def _by_place(items: list[Json]) -> dict[Any, Json]:
    return dict(enumerate(items))


def _are_plain(*lists: list[Json]) -> bool:
    """Whether they hold only values that deepdiff, which searches them by ==, cannot confuse, as it does 1 and true."""
    items = [item for items in lists for item in items]
    return all(isinstance(item, PLAIN) for item in items) and len(set(items)) == len({(type(it), it) for it in items})
