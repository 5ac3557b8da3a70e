"""Bodies: each is shown once, and only so many of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elements import parsed
from pytest_xbl.pages.bodies import LONGEST, Bodies, readable
from pytest_xbl.strategies.values import any_names, json_values

REST = "it lies elsewhere"
LONG = st.lists(json_values, min_size=4, max_size=8) | st.dictionaries(any_names, json_values, min_size=4, max_size=8)
"""JSON of which many do not fit on one line, and some lie inside others."""


def bodies(*wanted: str, most: int = 1000) -> Bodies:
    """Bodies of which these are wanted."""
    return Bodies(wanted, rest=REST, most=most)


def test_a_text_that_comes_again_leads_to_the_first() -> None:
    """A page names it, and does not repeat it (SEEN-8)."""
    shown = bodies('{"a": "<b>"}', "other")
    first = parsed(shown.show('{"a": "<b>"}', name="the first", id_="one"))
    assert (first.one("pre").attributes, first.raw) == ({"id": "one"}, '{"a": "<b>"}')
    again = parsed(shown.show('{"a": "<b>"}', name="the second", id_="two"))
    assert again.text == "The same as the first."
    assert again.one("a").attributes == {"href": "#one"}
    assert parsed(shown.show("other", name="the third", id_="three")).one("pre").raw == "other"


def test_what_matters_less_is_left_out() -> None:
    """A line says how long it is, and where it is; what comes twice counts once (SEEN-8)."""
    shown = bodies("a" * 6, "b" * 3, "a" * 6, "c" * 4, "d", most=10)
    texts = {
        letter: shown.show(letter * count, name="", id_="") for letter, count in zip("abcd", (6, 3, 4, 1), strict=True)
    }
    assert [letter for letter, text in texts.items() if parsed(text).all("pre")] == ["a", "b", "d"]
    assert parsed(texts["c"]).text == "4 characters, which are left out here; it lies elsewhere."
    assert "1,234 characters" in shown.show("x" * 1234, name="", id_="")


def test_the_end_of_a_long_body_is_left_out() -> None:
    """It takes no more room than it shows (SEEN-8)."""
    long = "x" * (LONGEST + 1500)
    shown = parsed(bodies(long, "y", most=LONGEST + 1).show(long, name="", id_=""))
    assert shown.one("pre").raw == "x" * LONGEST
    assert shown.one("p").text == "1,500 more characters are left out here; it lies elsewhere."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("no JSON", "no JSON"),
        ("{no JSON", "{no JSON"),
        ("[" * 100_000, "[" * 100_000),
        (f"[{'1,' * 50_000}1]", f"[{'1,' * 50_000}1]"),
        ('{"a":[1,2.0,true,null,"ü"]}', '{"a": [1, 2.0, true, null, "ü"]}'),
        (json.dumps({"a": "x" * 90, "b": 1}), f'{{\n "a": "{"x" * 90}",\n "b": 1\n}}'),
        (json.dumps([["x" * 90, {}], []]), f'[\n ["{"x" * 90}", {{}}],\n []\n]'),
        (json.dumps({"a": ["x" * 99]}), f'{{\n "a": [\n  "{"x" * 99}"\n ]\n}}'),
        (json.dumps(["x" * 200]), f'[\n "{"x" * 200}"\n]'),
    ],
)
def test_json_has_a_line_for_each_part_that_is_too_long_for_one(text: str, shown: str) -> None:
    """Anything else is shown as it is (SEEN-8)."""
    assert readable(text) == shown


@settings(derandomize=True, deadline=None, max_examples=200)
@given(json_values | LONG)
def test_readable_json_is_the_same_json(value: object) -> None:
    """Only its line breaks differ (SEEN-8)."""
    assert json.loads(readable(json.dumps(value))) == value
