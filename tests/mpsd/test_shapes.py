"""The shapes that JSON values are asked to have, and how a misfit is described."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_xbl.mpsd.shapes import (
    Misfit,
    Shape,
    anything,
    base64_text,
    boolean,
    brief,
    digits,
    fields,
    guid,
    integer,
    is_base64,
    is_integer,
    is_text,
    list_of,
    map_of,
    number,
    object_,
    one_of,
    or_null,
    pointer_part,
    same,
    text,
    where,
)

NOT_TEXT: tuple[Any, ...] = (None, True, False, 0, 1.5, [], ["a"], {}, {"a": 1})
GUID = "5c1d0000-0000-4000-8000-00000000000a"

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


# --- pointers and quotations


@pytest.mark.parametrize(
    ("key", "part"),
    [
        pytest.param("turn", "turn", id="a plain name"),
        pytest.param("", "", id="an empty name"),
        pytest.param("a/b", "a~1b", id="a slash"),
        pytest.param("a~b", "a~0b", id="a tilde"),
        pytest.param("~1", "~01", id="what looks escaped already"),
        pytest.param("/~/", "~1~0~1", id="both"),
        pytest.param("größe", "größe", id="not ASCII"),
        pytest.param(7, "7", id="an index of a list"),
    ],
)
def test_a_part_of_a_pointer_is_escaped(key: object, part: str) -> None:
    """A pointer names any key without doubt: `~` and `/` in it are escaped (CALL-6)."""
    assert pointer_part(key) == part


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        pytest.param(None, "null", id="null"),
        pytest.param(True, "true", id="true"),
        pytest.param(7, "7", id="a number"),
        pytest.param("a", '"a"', id="a string"),
        pytest.param({"a": [1, None]}, '{"a": [1, null]}', id="an object"),
        pytest.param("x" * 58, '"' + "x" * 58 + '"', id="60 characters in all"),
        pytest.param("x" * 59, '"' + "x" * 56 + "...", id="61 characters in all"),
        pytest.param(list(range(1000)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16...", id="long"),
        pytest.param("\ud800", '"\\ud800"', id="half a character"),
    ],
)
def test_a_value_is_quoted_briefly(value: Any, quoted: str) -> None:
    """A refusal quotes at most 60 characters of a value, as JSON (CALL-6)."""
    assert brief(value) == quoted


# --- equality


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(True, 1, id="true and 1"),
        pytest.param(False, 0, id="false and 0"),
        pytest.param(1, 1.0, id="1 and 1.0"),
        pytest.param(True, 1.0, id="true and 1.0"),
        pytest.param(1, 2, id="1 and 2"),
        pytest.param(2**53, 2**53 + 1, id="integers that are one float"),
        pytest.param("1", 1, id="a string and a number"),
        pytest.param("a", "A", id="upper and lower case"),
        pytest.param("é", "e\u0301", id="one look, two spellings"),
        pytest.param(None, False, id="null and false"),
        pytest.param(None, {}, id="null and an empty object"),
        pytest.param([], {}, id="an empty list and an empty object"),
        pytest.param([1, 2], [2, 1], id="another order"),
        pytest.param([1], [1, 1], id="a longer list"),
        pytest.param([1, [True]], [1, [1]], id="deep in a list"),
        pytest.param({"a": 1}, {"a": 1, "b": None}, id="one more field"),
        pytest.param({"a": None}, {"b": None}, id="another field"),
        pytest.param({"a": {"b": 1}}, {"a": {"b": 1.0}}, id="deep in an object"),
    ],
)
def test_values_of_other_types_differ(one: Any, other: Any) -> None:
    """Values are equal only if their types are too: true, 1 and 1.0 all differ (PUT-5)."""
    assert not same(one, other)
    assert not same(other, one)


@pytest.mark.parametrize(
    "value",
    [None, True, 0, 1.5, 2**64 - 1, "", "é", [], [1, [True, None]], {}, {"a": {"b": [1.0, {}]}}],
    ids=json.dumps,
)
def test_equal_values_are_the_same(value: Any) -> None:
    """A value is the same as a copy of it (PUT-5)."""
    assert same(value, deepcopy(value))


def test_the_order_of_fields_does_not_matter() -> None:
    """Objects are the same whatever the order of their fields (PUT-5)."""
    assert same({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1})


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


# --- kinds of values


@pytest.mark.parametrize(
    ("test", "value", "answer"),
    [
        pytest.param(is_integer, 0, True, id="0 is an integer"),
        pytest.param(is_integer, -(2**63), True, id="an integer may be huge"),
        pytest.param(is_integer, True, False, id="true is no integer"),
        pytest.param(is_integer, 1.0, False, id="1.0 is no integer"),
        pytest.param(is_integer, "1", False, id="a string is no integer"),
        pytest.param(is_integer, None, False, id="null is no integer"),
        pytest.param(is_text, "", True, id="the empty string is a string"),
        pytest.param(is_text, b"", False, id="bytes are no string"),
        pytest.param(is_text, None, False, id="null is no string"),
        pytest.param(is_base64, "", True, id="the empty string is base64"),
        pytest.param(is_base64, b"QUJD", False, id="bytes are no string of base64"),
    ],
)
def test_kinds_of_values_are_told_apart(test: Callable[[Any], bool], value: Any, answer: bool) -> None:
    """A value of a neighbouring type is not taken for another (CALL-6)."""
    assert test(value) is answer


ACCEPTED: dict[str, tuple[Shape, tuple[Any, ...]]] = {
    "anything": (anything, (None, True, 0, 1.5, "", [], {})),
    "true or false": (boolean, (True, False)),
    "a string": (text, ("", "a", "é", "\0", " ")),
    "an object": (object_, ({}, {"": None}, {"a": []})),
    "a number": (number, (0, -1, 1.5, 2**64)),
    "a GUID": (guid, (GUID, GUID.upper(), "0" * 8 + "-0000-0000-0000-" + "0" * 12)),
    "digits": (digits, ("0", "0012", "9" * 20)),
    "base64": (base64_text, ("", "QQ==", "QUI=", "QUJD", "+/+/")),
    "an integer": (integer(0), (0, 1, 2**64)),
    "a bounded integer": (integer(1, 100), (1, 50, 100)),
    "a choice": (one_of("max", "target"), ("max", "target")),
    "or null": (or_null(integer(0)), (None, 0, 5)),
    "a list": (list_of(integer(0)), ([], [0], [1, 1, 2])),
    "a map": (map_of(integer(0)), ({}, {"a": 1}, {"": 0, "/": 3})),
    "a record": (fields({"a": boolean, "b": text}), ({}, {"a": True}, {"b": ""}, {"b": "", "a": False})),
    "a record with a required field": (fields({"a": boolean, "b": text}, required=("b",)), ({"b": ""},)),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_fits_has_no_misfit(name: str) -> None:
    """A value of the right shape is taken as it is (CALL-6)."""
    shape, values = ACCEPTED[name]
    assert [shape(value) for value in values] == [None] * len(values)


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
        (*NOT_TEXT, "QQ", "Q", "QUI", "Q===", "QQ==\n", " QQ==", "QQ==QQ==", "_-__", "é", "QQ==é", "\ud800", b"QUJD"),
    ),
    "an integer of 0 or more": (integer(0), (None, True, -1, 0.0, "0", [], [0], {})),
    "an integer from 1 to 100": (integer(1, 100), (None, True, 0, 101, 50.0, "1", [])),
    'one of "max", "target"': (one_of("max", "target"), (None, True, 0, "", "MAX", "max ", [], ["max"], {})),
    "an integer of 0 or more, or null": (or_null(integer(0)), (True, -1, "null", [])),
    "a list": (list_of(integer(0)), (None, True, 0, "", (), {}, {"0": 1})),
}


@pytest.mark.parametrize("expected", REJECTED)
def test_what_does_not_fit_is_told_what_was_expected(expected: str) -> None:
    """A value of another shape is described by what was expected and what came (CALL-6)."""
    shape, values = REJECTED[expected]
    assert [shape(value) for value in values] == [Misfit((), expected, value) for value in values]


def test_base64_has_no_padding_too_many() -> None:
    """What is padded though it is complete is no base64 (MEMB-10)."""
    assert not is_base64("QUJD=")


@pytest.mark.parametrize("shape", [object_, map_of(text), fields({"a": text})], ids=["object", "map", "record"])
@pytest.mark.parametrize("value", [None, True, 0, "", "{}", [], [{}]], ids=json.dumps)
def test_what_is_no_object_is_told_so(shape: Shape, value: Any) -> None:
    """Whatever stands where an object should is told so (CALL-6)."""
    assert shape(value) == Misfit((), "an object", value)


def test_a_test_of_ones_own_makes_a_shape() -> None:
    """A shape can be made of any test, and describes what it expects (CALL-6)."""
    even = where(lambda value: value % 2 == 0, "an even number")
    assert even(4) is None
    assert even(5) == Misfit((), "an even number", 5)


# --- where a misfit is


@pytest.mark.parametrize(
    ("shape", "value", "misfit"),
    [
        pytest.param(list_of(text), ["a", 1, 2], Misfit((1,), "a string", 1), id="the first bad item of a list"),
        pytest.param(map_of(text), {"a": "b", "c": 1}, Misfit(("c",), "a string", 1), id="a value of a map"),
        pytest.param(map_of(text), {"a/b~": 1}, Misfit(("a/b~",), "a string", 1), id="a key to escape"),
        pytest.param(map_of(text), {"": 1}, Misfit(("",), "a string", 1), id="an empty key"),
        pytest.param(
            map_of(text, keys=digits),
            {"a": "b"},
            Misfit(("a",), "a key that is a string of decimal digits", "a"),
            id="a key of a map",
        ),
        pytest.param(
            map_of(text, keys=digits),
            {"a": 1},
            Misfit(("a",), "a key that is a string of decimal digits", "a"),
            id="a key before its value",
        ),
        pytest.param(fields({"a": text}), {"a": 1}, Misfit(("a",), "a string", 1), id="a field"),
        pytest.param(
            fields({"a": text, "b": text}), {"c": 1}, Misfit(("c",), "no such field; known are a, b", 1), id="no field"
        ),
        pytest.param(
            fields({"a": text}), {"": None}, Misfit(("",), "no such field; known are a", None), id="an empty name"
        ),
        pytest.param(
            fields({"a": text}, required=("a",)), {}, Misfit((), 'an object with "a"', {}), id="a missing field"
        ),
        pytest.param(
            fields({"a": text, "b": text}, required=("a", "b")),
            {"a": 1},
            Misfit((), 'an object with "b"', {"a": 1}),
            id="a missing field before a wrong one",
        ),
        pytest.param(
            map_of(fields({"x": list_of(map_of(text))})),
            {"a": {}, "b": {"x": [{}, {"k": "v", "l": None}]}},
            Misfit(("b", "x", 1, "l"), "a string", None),
            id="four levels down",
        ),
        pytest.param(
            or_null(list_of(text)), [1], Misfit((0,), "a string", 1), id="null would not have helped further in"
        ),
        pytest.param(
            list_of(or_null(text)), [None, 1], Misfit((1,), "a string, or null", 1), id="null would have helped there"
        ),
    ],
)
def test_a_misfit_is_found_at_its_innermost_place(shape: Shape, value: Any, misfit: Misfit) -> None:
    """The place named is the innermost one that does not fit, and the first in the body (CALL-6)."""
    assert shape(value) == misfit


def test_a_misfit_can_be_seen_from_above() -> None:
    """Each level that a misfit is seen from puts its own part in front of the pointer (CALL-6)."""
    assert Misfit(("c",), "a string", 1).below("a/b").below(3) == Misfit((3, "a/b", "c"), "a string", 1)
