"""Two documents side by side, members by xuid, and the parts that differ."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_xbl.compare.alignment import by_xuid, differing, xuid_of
from pytest_xbl.mpsd.json_values import same

TYPES: tuple[Any, ...] = (None, True, False, 0, 1, 0.0, 1.0, "", "1", [], [1], {}, {"a": 1}, {"b": 1}, {"a": None})
SHARED = {"b": 1}


def member(xuid: object) -> dict[str, Any]:
    """A member with this xuid."""
    return {"constants": {"system": {"xuid": xuid}}}


@pytest.mark.parametrize("one", range(len(TYPES)))
@pytest.mark.parametrize("other", range(len(TYPES)))
def test_values_are_equal_that_are_the_same_and_of_one_type(one: int, other: int) -> None:
    """True, 1 and 1.0 all differ, and so do an empty list and an empty object, at any depth (SEEN-1)."""
    ours, theirs = TYPES[one], TYPES[other]
    assert same(ours, theirs) is (one == other)
    assert same({"a": [ours]}, {"a": [theirs]}) is (one == other)
    assert (differing({"a": [ours]}, {"a": [theirs]}) is None) is (one == other)


def test_an_object_is_not_equal_to_one_that_holds_it() -> None:
    """Also where both are the very same object in memory (SEEN-1)."""
    assert not same({"a": SHARED}, SHARED)
    assert not same(SHARED, {"a": SHARED})
    assert differing({"c": {"a": SHARED}}, {"c": SHARED}) == ({"c": {"a": SHARED}}, {"c": SHARED})


@pytest.mark.parametrize(
    ("value", "xuid"),
    [
        (member("1"), "1"),
        (member(1), None),
        (member(None), None),
        ({"constants": {"system": {}}}, None),
        ({"constants": {"system": None}}, None),
        ({"constants": []}, None),
        ({}, None),
        (None, None),
        ("a member", None),
        ([member("1")], None),
    ],
)
def test_the_xuid_of_a_member_is_in_its_constants(value: Any, xuid: str | None) -> None:
    """A value without one there has none (SEEN-1)."""
    assert xuid_of(value) == xuid


def test_members_are_found_by_xuid() -> None:
    """A member without one keeps its index (SEEN-1)."""
    document = {"a": 1, "members": {"0": member("10"), "1": {}}}
    assert by_xuid(document) == {"a": 1, "members": {"10": member("10"), "1": {}}}


@pytest.mark.parametrize(
    "document",
    [{"a": 1}, {"members": None}, {"members": [member("1")]}, {"members": {"0": member("1"), "1": member("1")}}],
    ids=["no members", "null", "a list", "one xuid twice"],
)
def test_a_document_whose_members_have_no_xuids_of_their_own_is_unchanged(document: dict[str, Any]) -> None:
    """Neither of two members with the same xuid is lost (SEEN-1)."""
    assert by_xuid(document) == document


@pytest.mark.parametrize(
    ("expected", "actual", "left"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ({"b": 2}, {"b": 3})),
        ({"a": 1, "b": {"c": 1, "d": 2}}, {"b": {"c": 1}, "e": 0}, ({"a": 1, "b": {"d": 2}}, {"b": {}, "e": 0})),
        ([1, 2, 3], [1, 3], ([1, 2, 3], [1, 3])),
        ([1, {"a": 1, "b": 2}], [1, {"a": 1, "b": 3}], ({1: {"b": 2}}, {1: {"b": 3}})),
        ([{"a": 1}], [{"a": 1}, {}], ({}, {1: {}})),
        ([1, "a"], [True, "a"], ({0: 1}, {0: True})),
        ([1, 2], {"0": 1}, ([1, 2], {"0": 1})),
        ((1, 2, 3), [1, 3], ([1, 2, 3], [1, 3])),
        ([(1, {"a": 2})], [[1, {"a": 3}]], ({0: {1: {"a": 2}}}, {0: {1: {"a": 3}}})),
        (None, 0, (None, 0)),
    ],
)
def test_equal_parts_are_left_out(expected: Any, actual: Any, left: Any) -> None:
    """Lists are compared by position, but for plain ones whose values == does not confuse (SEEN-1)."""
    found = differing(expected, actual)
    assert found is not None
    assert same(list(found), list(left))


@pytest.mark.parametrize("expected", [(1, "a"), ([], ({"b": (2,)}, None)), ()])
def test_a_tuple_is_a_list(expected: Any) -> None:
    """As JSON has it, at any depth (SEEN-1)."""
    actual = json.loads(json.dumps(expected))
    assert differing({"a": expected}, {"a": actual}) is None
    assert differing({"a": actual}, {"a": expected}) is None
    assert differing(expected, [*actual, 1]) is not None


class Bag(dict[str, Any]):
    """A dict of another class."""


def test_a_dict_of_another_class_is_the_object_that_it_holds() -> None:
    """Documents of the fake are such dicts (SEEN-1)."""
    assert differing({"a": Bag(b=1)}, {"a": {"b": 1}}) is None
    assert differing({"a": Bag(b=1)}, {"a": {"b": True}}) == ({"a": {"b": 1}}, {"a": {"b": True}})
