"""The generated pages of the reference say what the code says now."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_xbl.mpsd.shapes import (
    Shape,
    anything,
    boolean,
    digits,
    fields,
    integer,
    list_of,
    map_of,
    object_,
    one_of,
    or_null,
    text,
)

DOCS = Path(__file__).parents[2] / "docs"
GENERATE: dict[str, Any] = runpy.run_path(str(DOCS / "generate.py"))
PAGES: dict[str, Callable[[], str]] = GENERATE["PAGES"]


@pytest.mark.parametrize("page", PAGES)
def test_generated_page_is_fresh(page: str) -> None:
    """A page that is written by a script is what the script would write."""
    if (DOCS / page).read_text(encoding="utf-8") != PAGES[page]():
        pytest.fail(f"docs/{page} is stale; run: python docs/generate.py", pytrace=False)


@pytest.mark.parametrize(
    ("shape", "description"),
    [
        (anything, "anything"),
        (boolean, "true or false"),
        (one_of("none", "local"), 'one of "none", "local"'),
        (or_null(integer(0)), "an integer of 0 or more, or null"),
        (list_of(text), "a list; each item a string"),
        (object_, "an object"),
        (map_of(object_), "an object; each value an object"),
        (map_of(integer(0, 100)), "an object; each value an integer from 0 to 100"),
        (map_of(anything, keys=digits), "an object; each key a string of decimal digits"),
        (fields({"a": text, "b": text}), "an object of `a`, `b`"),
        (fields({"a": text, "b": text}, required=("a", "b")), "an object of `a`, `b`"),
    ],
)
def test_a_shape_is_described(shape: Shape, description: str) -> None:
    """What a shape asks for is found out by asking it."""
    assert GENERATE["describe"](shape) == description


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("D", "documented"),
        ("A (idempotence D)", "assumed (idempotence documented)"),
        ("D put-session; server A", "documented: put-session; server assumed"),
        ("D; `active` and the hazard C", "documented; `active` and the hazard client"),
        ("C XSAPI", "client: XSAPI"),
    ],
)
def test_letters_become_words(source: str, words: str) -> None:
    """How we know a rule is said in words."""
    assert GENERATE["how_we_know"](source) == words
