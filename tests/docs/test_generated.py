"""The generated pages of the reference say what the code says now."""

from __future__ import annotations

from functools import cache

import pytest

from generate import DOCS, PAGES
from pages.seeds import SEED_SECTIONS, SEED_TABLES
from pytest_xbl.arrange import form
from pytest_xbl.arrange.scenarios import SCENARIOS, bounds_of
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Integer, ListOf, MapOf, OneOf, OrNull, Record, Shape, anything, digits, object_, text
from pytest_xbl.openapi.words import describe


@cache
def generated(page: str) -> str:
    """The text of a page; some take long."""
    return PAGES[page]()


@pytest.mark.parametrize("page", PAGES)
def test_generated_page_is_fresh(page: str) -> None:
    """A page that is written by a script is what the script would write."""
    if (DOCS / page).read_text(encoding="utf-8") != generated(page):
        pytest.fail(f"docs/{page} is stale; run: python docs/generate.py", pytrace=False)


@pytest.mark.parametrize(
    ("shape", "description"),
    [
        (anything, "anything"),
        (OneOf(("none", "local")), 'one of "none", "local"'),
        (OrNull(Integer(0)), "an integer of 0 or more, or null"),
        (ListOf(text), "a list; each item a string"),
        (ListOf(text, filled=True), "a list that is not empty; each item a string"),
        (ListOf(Record({"a": text})), "a list; each item an object of `a`"),
        (object_, "an object"),
        (MapOf(Integer(0, 100)), "an object; each value an integer from 0 to 100"),
        (MapOf(object_, keys=digits), "an object; each key a string of decimal digits; each value an object"),
        (Record({"a": text, "b": text}, needed=("b",)), "an object of `a`, `b`"),
    ],
)
def test_a_shape_is_described(shape: Shape, description: str) -> None:
    """The pages say of a shape all that it asks for on its own level, and of the items of lists."""
    assert describe(shape) == description


def is_table(value: object) -> bool:
    """Whether a value is a table of fields."""
    return isinstance(value, dict) and all(isinstance(field, Field) for field in value.values())


def test_the_page_has_every_table_of_the_seed_form() -> None:
    """Whatever a seed may hold stands on the page, and what it is (SEED-1)."""
    tables = [table for table in vars(form).values() if is_table(table)]

    assert [table for table in tables if table not in (form.SEED, *SEED_TABLES.values())] == []
    assert [name for table in tables for name, field in table.items() if not field.meaning] == []
    assert SEED_TABLES.keys() == SEED_SECTIONS.keys()


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_page_has_every_scenario(name: str) -> None:
    """A scenario has a section of its own, with its parameters."""
    section = PAGES["reference/seeds.md"]().partition(f"\n### {name}\n")[2].partition("\n### ")[0]

    [line] = [line for line in section.splitlines() if line.startswith("- parameters: ")]
    assert line.count(", from ") == len(bounds_of(name)) > 0


def test_the_page_says_where_a_parameter_begins_and_ends() -> None:
    """A parameter that shares its bound with another ends where the default of the other leaves off."""
    line = "- parameters: `players=2`, from 1 to 99; `reserved=2`, from 1 to 98"

    assert line in PAGES["reference/seeds.md"]().splitlines()


def test_the_page_names_the_contracts_of_statistics() -> None:
    """The operations that have contracts of their own name them, and no other does."""
    _, *sections = PAGES["reference/operations.md"]().split("\n### ")
    lines = {section.partition("\n")[0]: section.splitlines() for section in sections}

    assert {name: line for name in lines for line in lines[name] if line.startswith("- contracts: ")} == {
        "batch-statistics": "- contracts: 1, 2",
        "get-statistics": "- contracts: 1, 2, 3",
    }


@pytest.mark.parametrize(
    ("rule", "sources"),
    [
        ("FIND-3", "documented"),
        ("HAND-13", "assumed"),
        ("HAND-15", "assumed; ids client: XSAPI"),
        ("SEED-1", "the fake's own"),
    ],
)
def test_the_page_says_how_we_know_a_rule(rule: str, sources: str) -> None:
    """By which kind of source, by which page or client, and which part of it."""
    [line] = [line for line in generated("reference/rules.md").splitlines() if line.startswith(f"| [{rule}]")]

    assert line.split(" | ")[2] == sources
