"""Partial expectations beside whole values (SEEN-1, SEED-10)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from pytest_xbl.compare.partial import narrowed

ACTUAL = {"a": 1, "b": {"c": [], "d": {"e": None}}, "f": None, "g": {"h": 2}, "members": {}, "c": {"members": {}}}
SEED: dict[str, Any] = {"sessions": {"one": {"members": {}}}}


@pytest.mark.parametrize(
    ("expected", "ours", "theirs"),
    [
        ({}, {}, {}),
        ({"a": 2}, {"a": 2}, {"a": 1}),
        ({"a": {"b": 1}}, {"a": {"b": 1}}, {"a": 1}),
        ({"g": {}}, {"g": {}}, {"g": {}}),
        ({"g": 2}, {"g": 2}, {"g": {"h": 2}}),
        ({"g": MappingProxyType({"h": 3})}, {"g": {"h": 3}}, {"g": {"h": 2}}),
        ({"x": 1, "y": {"z": 2}}, {"x": 1, "y": {"z": 2}}, {}),
        ({"b": None, "f": None, "x": None}, {}, {}),
        ({"a": None, "g": None}, {}, {"a": 1, "g": {"h": 2}}),
        ({"g": {"h": None}}, {"g": {}}, {"g": {"h": 2}}),
        ({"x": {"y": None, "z": {"a": None}}, "f": {"y": None}}, {}, {}),
        ({"x": {"y": None}, "a": 2}, {"a": 2}, {"a": 1}),
        ({"x": {"y": None, "z": {}}, "a": {"y": None}}, {"x": {"z": {}}, "a": {}}, {"a": 1}),
        ({"members": {"x": {"y": None}, "z": None}}, {"members": {"x": {}}}, {"members": {}}),
        ({"c": {"members": {"x": {"y": None}}}}, {"c": {"members": {}}}, {"c": {"members": {}}}),
        ({"f": 1, "b": {"c": [1]}}, {"f": 1, "b": {"c": [1]}}, {"f": None, "b": {"c": []}}),
    ],
    ids=str,
)
def test_only_the_expected_fields_remain(expected: Any, ours: Any, theirs: Any) -> None:
    """None expects nothing, or nothing but empty objects and lists; who is named has to be there (SEEN-1, SEED-10)."""
    assert narrowed(expected, ACTUAL) == (ours, theirs)


def test_who_is_named_inside_of_something_that_is_named_has_to_be_there() -> None:
    """Such as a member of a session that a seed expects (SEED-10)."""
    expected = {"sessions": {"one": {"members": {"x": {"y": None}}}}}
    assert narrowed(expected, SEED) == ({"sessions": {"one": {"members": {"x": {}}}}}, SEED)
