"""Merging of bags, and their differences."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_xbl.mpsd.bags import Deviation, deviations, joined, merged, merged_fields
from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import EMPTY_BAG, Bag
from tables import cases

# Few names and values, and not any JSON: changes often meet what is held, and what is nearly the same.
LEAVES = [None, False, True, 0, 1, 0.0, 1.0, "", "a"]
VALUES = st.sampled_from([*LEAVES, [], {}, *([leaf] for leaf in LEAVES), *({"x": leaf} for leaf in LEAVES)])
NAMES = st.sampled_from(["", "a", "b", "a/b"])
CHANGES = st.dictionaries(NAMES, VALUES, max_size=4)
HELD = st.dictionaries(NAMES, VALUES.filter(lambda value: value is not None), max_size=4)


REMOVABLE: list[Any] = [1, 0, False, "", {}]
MERGED: dict[str, tuple[Any, Any, Any]] = {
    # the fields, the changes, and the fields after them
    "a new field": ({}, {"a": 1}, {"a": 1}),
    "a field replaced": ({"a": 1}, {"a": 2}, {"a": 2}),
    "an object replaced as a whole": ({"a": {"x": 1, "y": 2}}, {"a": {"x": 3}}, {"a": {"x": 3}}),
    "null inside an object is data": ({"a": {"x": 1}}, {"a": {"x": None}}, {"a": {"x": None}}),
    "a field kept unset stays so": ({"a": None, "b": 1}, {"b": 2}, {"a": None, "b": 2}),
    "names differ by case": ({"a": 1}, {"A": 2}, {"a": 1, "A": 2}),
    "odd names": ({"": 1, "a/b": 1, "~": 1}, {"": 2, "a/b": None}, {"": 2, "~": 1}),
    **{f"{value!r} removed": ({"a": value}, {"a": None}, {}) for value in REMOVABLE},
}


@cases("held changes after", MERGED)
def test_fields_are_replaced_as_a_whole_and_removed_by_null(
    held: dict[str, Any], changes: dict[str, Any], after: dict[str, Any]
) -> None:
    """Every field of a bag is replaced as a whole, null removes it, and what lies deeper is data (PUT-5)."""
    before = deepcopy(held)
    assert merged_fields(held, changes) == after
    assert held == before


@cases(
    "held changes",
    {
        "nothing": ({"a": 1}, {}),
        "the same value, deep": ({"a": {"x": [1, None]}, "b": 2}, {"a": {"x": [1, None]}}),
        "another order of fields": ({"a": {"x": 1, "y": 2}}, {"a": {"y": 2, "x": 1}}),
        "a field removed that is not there": ({"a": 1}, {"": None}),
    },
)
def test_what_changes_nothing_leaves_the_very_same_fields(held: dict[str, Any], changes: dict[str, Any]) -> None:
    """A write that changes nothing is told by what comes back: the same object (PUT-9, PUT-2)."""
    assert merged_fields(held, changes) is held


@pytest.mark.parametrize(
    ("held", "asked"),
    [(True, 1), (1, True), (1, 1.0), (1.0, 1), (True, 1.0), (0, False), (0, 0.0), ([1], [True])],
    ids=json.dumps,
)
def test_a_value_of_another_type_is_a_change(held: Any, asked: Any) -> None:
    """True, 1 and 1.0 are three values, alone and inside others (PUT-5, CALL-9)."""
    after = merged_fields({"a": held, "b": {"c": held}}, {"a": asked, "b": {"c": asked}})
    assert json.dumps(after) == json.dumps({"a": asked, "b": {"c": asked}})


@cases(
    "changes system custom",
    {
        "system": (Bag({"a": 2}), {"a": 2}, {"a": 1}),
        "custom": (Bag({}, {"a": None}), {"a": 1}, {}),
        "both": (Bag({"a": 2}, {"b": 2}), {"a": 2}, {"a": 1, "b": 2}),
        "no fields": (Bag(), {"a": 1}, {"a": 1}),
        "no bag": (EMPTY_BAG, {"a": 1}, {"a": 1}),
    },
)
def test_a_bag_shares_the_parts_that_do_not_change(changes: Bag, system: Any, custom: Any) -> None:
    """Both parts are merged alike, and an unchanged bag is the very same (PUT-5, PUT-9)."""
    held = Bag({"a": 1}, {"a": 1})
    after = merged(held, changes)
    assert (after.system, after.custom) == (system, custom)
    assert (after.system is held.system, after.custom is held.custom) == (system == {"a": 1}, custom == {"a": 1})
    assert (after is held) is (system == custom == {"a": 1})


@settings(derandomize=True, deadline=None, max_examples=200)
@given(HELD, CHANGES)
def test_merging_is_idempotent(held: dict[str, Any], changes: dict[str, Any]) -> None:
    """The same changes again change nothing more (PUT-2)."""
    after = merged_fields(held, changes)
    assert merged_fields(after, changes) is after


@settings(derandomize=True, deadline=None, max_examples=200)
@given(HELD, CHANGES)
def test_merging_does_what_is_asked_and_nothing_else(held: dict[str, Any], changes: dict[str, Any]) -> None:
    """Fields named are as asked afterwards, fields set to null are gone, and all others are untouched (PUT-5)."""
    after = merged_fields(held, changes)
    assert {name for name in changes if changes[name] is None}.isdisjoint(after)
    assert all(same(after[name], value) for name, value in changes.items() if value is not None)
    assert {n: v for n, v in after.items() if n not in changes} == {n: v for n, v in held.items() if n not in changes}
    assert (after is held) == same(after, held)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(HELD, CHANGES, CHANGES)
def test_two_merges_are_one_of_both(held: dict[str, Any], one: dict[str, Any], two: dict[str, Any]) -> None:
    """Changes written one after the other come to what all of them at once do, the later ones winning (PUT-5)."""
    assert same(merged_fields(merged_fields(held, one), two), merged_fields(held, {**one, **two}))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(HELD, HELD, CHANGES, CHANGES)
def test_after_a_merge_nothing_differs(
    system: dict[str, Any], custom: dict[str, Any], changes: dict[str, Any], others: dict[str, Any]
) -> None:
    """A merged change is no difference any more (PUT-2, PUT-5)."""
    asked = Bag(changes, others)
    assert list(deviations(merged(Bag(system, custom), asked), asked)) == []


OWN = {"xuid": "1"}


@cases(
    "held added after",
    {
        "nothing": ((OWN, {}), ({}, {}), (OWN, {})),
        "fields": ((OWN, {"a": 1}), ({"x": 2, "y": None}, {"b": 2, "c": None}), ({**OWN, "x": 2}, {"a": 1, "b": 2})),
        "a string": (({}, {}), ({}, "red"), ({}, "red")),
        "nothing to a string": (({}, "red"), ({"x": 1}, {}), ({"x": 1}, "red")),
        "zero": (({}, {}), ({}, 0), ({}, 0)),
        "fields to null": (({}, None), ({}, {"a": 1}), ({}, {"a": 1})),
        "an empty list": (({}, "red"), ({}, []), ({}, [])),
    },
)
def test_constants_are_added_to_constants(held: Any, added: Any, after: Any) -> None:
    """Constants of a reservation and of the one who takes it up come together; null adds nothing (MEMB-17, MEMB-6)."""
    bag = Bag(*held)
    both = joined(bag, Bag(*added))
    assert (both.system, both.custom) == after
    assert joined(bag, EMPTY_BAG) is bag


DEVIATIONS: dict[str, tuple[Bag, Bag, list[Deviation]]] = {
    # held, asked, and the differences, in the order of the body
    "fields of both parts": (
        Bag({"version": 1, "visibility": "open"}, {"map": "dunes", "mode": {"x": 1}}),
        Bag({"visibility": "private", "version": 1}, {"mode": {"x": True}, "map": None, "new": 0}),
        [
            Deviation("system", "visibility", "open", "private"),
            Deviation("custom", "mode", {"x": 1}, {"x": True}),
            Deviation("custom", "map", "dunes", None),
            Deviation("custom", "new", None, 0),
        ],
    ),
    "kept unset": (Bag({"a": None}), Bag({"a": None, "b": None}), []),
    "no longer unset": (Bag({"a": None}), Bag({"a": 0}), [Deviation("system", "a", None, 0)]),
    "nothing asked": (Bag({"version": 1}, {"a": 1}), EMPTY_BAG, []),
    "the same string": (Bag({}, "red"), Bag({}, "red"), []),
    "another string": (Bag({}, "red"), Bag({}, "blue"), [Deviation("custom", None, "red", "blue")]),
    "fields for a string": (Bag({}, "red"), Bag({}, {"a": 1}), [Deviation("custom", None, "red", {"a": 1})]),
    "no fields for a string": (Bag({}, "red"), Bag({}, {}), []),
    "an empty list for a string": (Bag({}, "red"), Bag({}, []), [Deviation("custom", None, "red", [])]),
    "a string for fields": (Bag({}, {"a": 1}), Bag({}, "red"), [Deviation("custom", None, {"a": 1}, "red")]),
    "another type": (Bag({}, 1), Bag({}, True), [Deviation("custom", None, 1, True)]),
}


@cases("held asked found", DEVIATIONS)
def test_differences_name_part_field_and_both_values(held: Bag, asked: Bag, found: list[Deviation]) -> None:
    """Field by field, or custom constants as a whole where one is no object (TMPL-3, TMPL-4, MEMB-6)."""
    assert list(deviations(held, asked)) == found


@cases(
    "difference adds path",
    {
        "unset": (Deviation("system", "initialize", None, True), True, ("system", "initialize")),
        "an empty field": (Deviation("custom", "", {}, 1), False, ("custom", "")),
        "no custom": (Deviation("custom", None, {}, "red"), True, ("custom",)),
        "null": (Deviation("custom", None, None, "red"), True, ("custom",)),
        "some custom": (Deviation("custom", None, {"a": 1}, "red"), False, ("custom",)),
        "an empty string": (Deviation("custom", None, "", "red"), False, ("custom",)),
    },
)
def test_a_difference_adds_where_nothing_is_held(difference: Deviation, adds: bool, path: tuple[str, ...]) -> None:
    """A value for a field that has none takes nothing away; the path leads to the field (MEMB-17, CALL-6)."""
    assert (difference.adds, difference.path) == (adds, path)
