"""JSON as the service reads it (CALL-6, CALL-9, CALL-12)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_xbl.mpsd.json_text import DEEPEST, parse_json
from pytest_xbl.mpsd.refusal import Refusal

DEEP = "Objects and lists lie more than 64 deep inside each other."


def nested(levels: int, *, kind: str = "[]") -> str:
    """Lists or objects inside each other."""
    return '{"a":' * (levels - 1) + "{}" + "}" * (levels - 1) if kind == "{}" else "[" * levels + "]" * levels


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -(2**63), 2**64 - 1, 1.5, -0.0, "", "\u00e4\n", [], {}, [[], {"a": [{}]}], {"a": {"a": 1}, "": 2}],
)
def test_what_can_be_read_in_one_way_is_read(value: Any) -> None:
    """It is what Python writes (CALL-6)."""
    assert parse_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("\ufeff{}", "The body starts with a byte order mark, which JSON does not have."),
        ("NaN", "NaN is not JSON."),
        ("[-Infinity]", "-Infinity is not JSON."),
        ("1e400", 'The number "1e400" is too large.'),
        ("-1e400", 'The number "-1e400" is too large.'),
        ("18446744073709551616", 'The integer "18446744073709551616" has more than 64 bits.'),
        ("-9223372036854775809", 'The integer "-9223372036854775809" has more than 64 bits.'),
        ("9" * 5000, f'The integer "{"9" * 56}... has more than 64 bits.'),
        ('{"a": 1, "a": 1}', 'The name "a" stands twice in one object.'),
        ('[{"a": {"b": 1, "c": 2, "b": 3}}]', 'The name "b" stands twice in one object.'),
    ],
)
def test_what_cannot_is_refused(text: str, what: str) -> None:
    """With what is wrong (CALL-6, CALL-9)."""
    with pytest.raises(Refusal) as refused:
        parse_json(text)
    said = refused.value
    assert (said.status, said.what, said.where, said.rule) == (400, what, "the body", "CALL-6")


@pytest.mark.parametrize(
    ("text", "place"), [("", "line 1, column 1"), ("{} {}", "line 1, column 4"), ("'a'", "line 1, column 1")]
)
def test_what_is_not_json_is_refused(text: str, place: str) -> None:
    """With the reason in Python's words, and the place (CALL-6)."""
    with pytest.raises(json.JSONDecodeError) as python:
        json.loads(text)
    with pytest.raises(Refusal) as refused:
        parse_json(text)
    said = refused.value
    assert said.what == f"The body is not JSON: {python.value.msg} in {place}."
    assert (said.status, said.where, said.rule) == (400, "the body", "CALL-6")


@pytest.mark.parametrize("kind", ["[]", "{}"])
def test_objects_and_lists_lie_only_so_deep_inside_each_other(kind: str) -> None:
    """64 levels, however they are mixed, and however deep the text (CALL-12)."""
    parse_json(nested(DEEPEST, kind=kind))
    for levels in (DEEPEST + 1, 100_000):
        with pytest.raises(Refusal) as refused:
            parse_json(nested(levels, kind=kind))
        assert (refused.value.what, refused.value.where, refused.value.rule) == (DEEP, "the body", "CALL-12")


def test_how_deep_is_for_the_caller_to_say() -> None:
    """A seed has some levels around what a request may hold (CALL-12)."""
    parse_json(nested(3), deepest=3)
    with pytest.raises(Refusal) as refused:
        parse_json(nested(4), deepest=3)
    assert refused.value.what == "Objects and lists lie more than 3 deep inside each other."


def test_brackets_that_are_not_deep_do_not_count() -> None:
    """Side by side, or in a text (CALL-12)."""
    wide: list[Any] = [[{}], "[" * 100] * 100
    assert parse_json(json.dumps(wide)) == wide


def test_a_refusal_says_what_the_text_is() -> None:
    """The body, unless it is something else (CALL-6)."""
    for text, what in (("", "The file is not JSON: "), ("\ufeff", "The file starts with a byte order mark")):
        with pytest.raises(Refusal) as refused:
            parse_json(text, of="The file")
        assert refused.value.what.startswith(what)
