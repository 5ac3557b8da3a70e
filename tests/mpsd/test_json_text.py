"""JSON as the service reads it (CALL-6, CALL-9, CALL-12)."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from errors import refusal_of, told_of
from pytest_xbl.mpsd.json_text import DEEPEST, parse_json
from tables import cases


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


BOM = "{} starts with a byte order mark, which JSON does not have."
NO_JSON = "{} is not JSON: Expecting value in line 1, column {}."
WRONG = {
    "a byte order mark": ("\ufeff{}", BOM.format("The body")),
    "no number": ("NaN", "NaN is not JSON."),
    "infinity": ("[-Infinity]", "-Infinity is not JSON."),
    "too large": ("1e400", 'The number "1e400" is too large.'),
    "too small": ("-1e400", 'The number "-1e400" is too large.'),
    "65 bits": ("18446744073709551616", 'The integer "18446744073709551616" has more than 64 bits.'),
    "65 bits, signed": ("-9223372036854775809", 'The integer "-9223372036854775809" has more than 64 bits.'),
    "many digits": ("9" * 5000, f'The integer "{"9" * 56}... has more than 64 bits.'),
    "a name twice, deep": ('[{"a": {"b": 1, "c": 2, "b": 3}}]', 'The name "b" appears twice in one object.'),
    "nothing": ("", NO_JSON.format("The body", 1)),
    "no text": ("[1,\t'a']", NO_JSON.format("The body", 5)),
}


@cases("text what", WRONG)
def test_what_cannot_is_refused(text: str, what: str) -> None:
    """With what is wrong, in Python's words if it is no JSON at all, and the place (CALL-6, CALL-9)."""
    assert told_of(lambda: parse_json(text)) == (400, "the body", what, "CALL-6")


@cases("text what", {"nothing": ("", NO_JSON.format("The file", 1)), "a mark": ("\ufeff", BOM.format("The file"))})
def test_a_refusal_says_what_the_text_is(text: str, what: str) -> None:
    """The body, unless it is something else (CALL-6)."""
    assert refusal_of(lambda: parse_json(text, of="The file")).what == what


DEEP = "Objects and lists lie more than {} deep inside each other."


@pytest.mark.parametrize("deepest", [3, DEEPEST])
@pytest.mark.parametrize("kind", ["[]", "{}"])
def test_objects_and_lists_lie_only_so_deep_inside_each_other(kind: str, deepest: int) -> None:
    """64 levels unless the caller says more, however they are mixed, and however deep the text (CALL-12)."""
    parse_json(nested(deepest, kind=kind), deepest=deepest)
    for text in (nested(deepest + 1, kind=kind), nested(100_000, kind=kind)):
        expected = (400, "the body", DEEP.format(deepest), "CALL-12")
        assert told_of(partial(parse_json, text, deepest=deepest)) == expected
    assert told_of(lambda: parse_json(nested(65, kind=kind)))[-1] == "CALL-12"


def test_brackets_that_are_not_deep_do_not_count() -> None:
    """Side by side, or in a text (CALL-12)."""
    wide: list[Any] = [[{}], "[" * 100] * 100
    assert parse_json(json.dumps(wide)) == wide
