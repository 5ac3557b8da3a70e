"""The shapes that JSON values are asked to have, and how a misfit is described."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_xbl.mpsd.json_values import brief, pointer_part, same
from pytest_xbl.mpsd.shapes import (
    Either,
    Integer,
    ListOf,
    MapOf,
    Matching,
    Misfit,
    NumberInText,
    OneOf,
    OrNull,
    Passing,
    Record,
    Shape,
    anything,
    base64_text,
    boolean,
    digits,
    flag,
    guid,
    number,
    object_,
    text,
)
from tables import cases

NOT_TEXT: tuple[Any, ...] = (None, True, False, 0, 1.5, [], ["a"], {}, {"a": 1})
GUID = "5c1d0000-0000-4000-8000-00000000000a"

# Few values, and not any JSON: two of them are often equal, or equal but for their types.
LEAVES = (
    st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from([0.0, 1.0, 1.5, 2**53, 2**53 + 1, "", "a", "é"])
)
NAMES = st.sampled_from(["", "a", "b"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=4
)
FEW_VALUES = st.sampled_from(
    [None, False, 0, 0.0, True, 1, 1.0, "", "1", [], [1], [1.0], [True], {}, {"a": 1}, {"a": 1.0}, {"a": True}]
)


@pytest.mark.parametrize(
    ("key", "part"),
    [("turn", "turn"), ("", ""), ("~1", "~01"), ("/~/", "~1~0~1"), ("größe", "größe"), (7, "7")],
)
def test_a_part_of_a_pointer_is_escaped(key: object, part: str) -> None:
    """A pointer names any key without doubt: `~` and `/` in it are escaped (CALL-6)."""
    assert pointer_part(key) == part


@cases(
    "value quoted",
    {
        "null": (None, "null"),
        "a string": ("a", '"a"'),
        "an object": ({"a": [1, None]}, '{"a": [1, null]}'),
        "60 characters in all": ("x" * 58, '"' + "x" * 58 + '"'),
        "61 characters in all": ("x" * 59, '"' + "x" * 56 + "..."),
        "half a character": ("\ud800", '"\\ud800"'),
    },
)
def test_a_value_is_quoted_briefly(value: Any, quoted: str) -> None:
    """A refusal quotes at most 60 characters of a value, as JSON (CALL-6)."""
    assert brief(value) == quoted


@cases(
    "one other",
    {
        "true and 1": (True, 1),
        "1 and 1.0": (1, 1.0),
        "integers that are one float": (2**53, 2**53 + 1),
        "upper and lower case": ("a", "A"),
        "one look, two spellings": ("é", "e\u0301"),
        "null and an empty object": (None, {}),
        "an empty list and an empty object": ([], {}),
        "another order": ([1, 2], [2, 1]),
        "a longer list": ([1], [1, 1]),
        "deep in a list": ([1, [True]], [1, [1]]),
        "one more field": ({"a": 1}, {"a": 1, "b": None}),
        "another field": ({"a": None}, {"b": None}),
        "deep in an object": ({"a": {"b": 1}}, {"a": {"b": 1.0}}),
    },
)
def test_values_of_other_types_differ(one: Any, other: Any) -> None:
    """Values are equal only if their types are too: true, 1 and 1.0 all differ (PUT-5)."""
    assert not same(one, other)
    assert not same(other, one)


def test_the_order_of_fields_does_not_matter() -> None:
    """Objects are the same whatever the order of their fields, as is a value and a copy of it (PUT-5)."""
    assert same({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1})
    value = [2**64 - 1, "é", [True, None], {"a": {"b": [1.5, {}]}}]
    assert same(value, deepcopy(value))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(VALUES, VALUES)
def test_values_are_the_same_if_they_are_written_the_same(one: Any, other: Any) -> None:
    """Two values are the same if, and only if, their JSON is, but for the order of fields (PUT-5)."""
    assert same(one, other) == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))
    assert same(one, deepcopy(one))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(FEW_VALUES, FEW_VALUES, FEW_VALUES)
def test_being_the_same_is_an_equivalence(one: Any, two: Any, three: Any) -> None:
    """Being the same is reflexive, symmetric and transitive (PUT-5)."""
    assert same(one, one)
    assert same(one, two) == same(two, one)
    assert same(one, three) or not (same(one, two) and same(two, three))


even = Passing("an even number", lambda value: type(value) is int and value % 2 == 0)
many = Either(text, ListOf(text), is_one=str, expected="a name, or a list of names")

ACCEPTED: dict[str, tuple[Shape, tuple[Any, ...]]] = {
    "anything": (anything, (None, True, 0, 1.5, "", [], {})),
    "true or false": (boolean, (True, False)),
    "a string": (text, ("", "a", "é", "\0", " ")),
    "an object": (object_, ({}, {"": None}, {"a": []})),
    "a number": (number, (0, -1, 1.5, 2**64)),
    "a GUID": (guid, (GUID, GUID.upper(), "0" * 8 + "-0000-0000-0000-" + "0" * 12)),
    "digits": (digits, ("0", "0012", str(2**64 - 1))),
    "base64": (base64_text, ("", "QQ==", "QUI=", "QUJD", "+/+/")),
    "a flag": (flag, ("true",)),
    "an integer": (Integer(0), (0, 1, 2**64)),
    "a bounded integer": (Integer(1, 100), (1, 50, 100)),
    "a number in text": (NumberInText(1, 100), ("1", "050", "100")),
    "a choice": (OneOf(("max", "target")), ("max", "target")),
    "a choice of several types": (OneOf((1, "true", True)), (1, "true", True)),
    "a choice in any case": (OneOf(("latency", "bandwidth"), any_case=True), ("latency", "LATENCY", "Bandwidth")),
    "a pattern": (Matching("a word", "[a-z]+"), ("a", "word")),
    "a test": (even, (0, 4)),
    "or null": (OrNull(Integer(0)), (None, 0, 5)),
    "a list": (ListOf(Integer(0)), ([], [0], [1, 1, 2])),
    "a list that is not empty": (ListOf(Integer(0), filled=True), ([0], [1, 1, 2])),
    "a map": (MapOf(Integer(0)), ({}, {"a": 1}, {"": 0, "/": 3})),
    "a map with keys of a shape": (MapOf(text, keys=digits), ({}, {"7": "a"})),
    "a record": (Record({"a": boolean, "b": text}), ({}, {"a": True}, {"b": ""}, {"b": "", "a": False})),
    "a record with a needed field": (Record({"a": boolean, "b": text}, needed=("b",)), ({"b": ""},)),
    "either": (many, ("a", [], ["a", "b"])),
}


@cases("shape values", ACCEPTED)
def test_what_fits_has_no_misfit(shape: Shape, values: tuple[Any, ...]) -> None:
    """A value of the right shape is taken as it is (CALL-6)."""
    assert [shape.misfit(value) for value in values] == [None] * len(values)


REJECTED: dict[str, tuple[Shape, tuple[Any, ...]]] = {
    "true or false": (boolean, (None, 0, 1, "true", "", [], {})),
    "a string": (text, NOT_TEXT),
    "an object": (object_, (None, True, 0, "", "{}", [], [{}])),
    "a number": (number, (None, True, False, "1", [], {})),
    "a GUID": (
        guid,
        (*NOT_TEXT, "", GUID[:-1], GUID + "0", GUID.replace("-", ""), f"{{{GUID}}}", GUID + "\n", "g" + GUID[1:]),
    ),
    "a string of decimal digits": (
        digits,
        (*NOT_TEXT, "", "9" * 21, "-1", "+1", "1.0", " 1", "1\n", "0x1", "1_0", "\u0661"),
    ),
    "a string of base64": (
        base64_text,
        (*NOT_TEXT, b"QUJD", "QQ", "Q", "QUI", "Q===", "QUJD=", "QQ==\n", " QQ==", "QQ==QQ==", "_-__", "é", "\ud800"),
    ),
    "true, or no such parameter": (flag, ("", "True", "1", "false")),
    "an integer of 0 or more": (Integer(0), (None, True, -1, 0.0, "0", [], [0], {})),
    "an integer from 1 to 100": (Integer(1, 100), (None, True, 0, 101, 50.0, "1", [])),
    "a number from 1 to 100": (NumberInText(1, 100), ("", "0", "101", "-1", "1.0", " 1", "\u0661", "9" * 21)),
    'one of "max", "target"': (OneOf(("max", "target")), (None, True, 0, "", "MAX", "max ", [], ["max"], {})),
    "one of 1, false": (OneOf((1, False)), (True, 1.0, 0, 0.0, "1")),
    "104 or 107": (OneOf((104, 107), "104 or 107"), (105, "104", 104.0)),
    'one of "a", "b"': (OneOf(("a", "b"), any_case=True), ("c", None, ["a"])),
    "a word": (Matching("a word", "[a-z]+"), (*NOT_TEXT, "", "a b", "a\n")),
    "an even number": (even, (1, "2", None)),
    "an integer of 0 or more, or null": (OrNull(Integer(0)), (True, -1, "null", [])),
    "a list": (ListOf(Integer(0)), (None, True, 0, "", (), {}, {"0": 1})),
    "a list that is not empty": (ListOf(Integer(0), filled=True), ([],)),
    "a name, or a list of names": (many, (None, 7, {})),
}


@pytest.mark.parametrize("expected", REJECTED)
def test_what_does_not_fit_is_told_what_was_expected(expected: str) -> None:
    """A value of another shape is described by what was expected and what came (CALL-6)."""
    shape, values = REJECTED[expected]
    choices = shape.choices if isinstance(shape, OneOf) else ()
    assert [shape.misfit(value) for value in values] == [
        Misfit((), expected, value, choices=choices) for value in values
    ]


@pytest.mark.parametrize("shape", [object_, MapOf(text), Record({"a": text})], ids=["object", "map", "record"])
@pytest.mark.parametrize("value", [None, True, 0, "", "{}", [], [{}]], ids=json.dumps)
def test_what_is_no_object_is_told_so(shape: Shape, value: Any) -> None:
    """Whatever stands where an object should is told so (CALL-6)."""
    assert shape.misfit(value) == Misfit((), "an object", value)


NO_DIGITS = "a key that is a string of decimal digits"
TOO_LARGE = "a key that is a number of at most 64 bits"
NUMBERED = MapOf(text, keys=digits)
A_AND_B = Record({"a": text, "b": text}, needed=("a", "b"))
DEEP = MapOf(Record({"x": ListOf(MapOf(text))}))
MISFITS: dict[str, tuple[Shape, Any, Misfit]] = {
    "the first bad item of a list": (ListOf(text), ["a", 1, 2], Misfit((1,), "a string", 1)),
    "a value of a map": (MapOf(text), {"a": "b", "": 1}, Misfit(("",), "a string", 1)),
    "a key of a map": (NUMBERED, {"a": "b"}, Misfit(("a",), NO_DIGITS, "a")),
    "a key before its value": (NUMBERED, {"a": 1}, Misfit(("a",), NO_DIGITS, "a")),
    "a field": (Record({"a": text}), {"a": 1}, Misfit(("a",), "a string", 1)),
    "no field": (A_AND_B, {"c": None}, Misfit(("c",), "no such field", None, ("a", "b"))),
    "no field further in": (
        ListOf(OrNull(A_AND_B)),
        [None, {"a": "", "b": "", "c": 1}],
        Misfit((1, "c"), "no such field", 1, ("a", "b")),
    ),
    "a missing field": (Record({"a": text}, needed=("a",)), {}, Misfit((), 'an object with "a"', {})),
    "a missing field before a wrong one": (A_AND_B, {"a": 1}, Misfit((), 'an object with "b"', {"a": 1})),
    "deep": (DEEP, {"a": {}, "b": {"x": [{}, {"k": "v", "l": None}]}}, Misfit(("b", "x", 1, "l"), "a string", None)),
    "null would not have helped further in": (OrNull(ListOf(text)), [1], Misfit((0,), "a string", 1)),
    "null would have helped there": (ListOf(OrNull(text)), [None, 1], Misfit((1,), "a string, or null", 1)),
    "inside one of two shapes": (many, ["a", 7], Misfit((1,), "a string", 7)),
    "a number that is too large": (NUMBERED, {str(2**64): "b"}, Misfit((str(2**64),), TOO_LARGE, str(2**64))),
    "neither of two shapes": (ListOf(many), ["a", 7], Misfit((1,), "a name, or a list of names", 7)),
    "an item of a filled list": (ListOf(text, filled=True), [7], Misfit((0,), "a string", 7)),
}


@cases("shape value misfit", MISFITS)
def test_a_misfit_is_found_at_its_innermost_place(shape: Shape, value: Any, misfit: Misfit) -> None:
    """The place named is the innermost one that does not fit, and the first in the body (CALL-6)."""
    assert shape.misfit(value) == misfit
