"""The generated pages of the reference say what the code says now."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_xbl.arrange import form
from pytest_xbl.arrange.scenarios import SCENARIOS
from pytest_xbl.mpsd.activities import include, parse_activity_query
from pytest_xbl.mpsd.handles import parse_handle
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.queries import parse_batch_query, visibility
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field, keyword
from pytest_xbl.mpsd.shapes import (
    Misfit,
    Shape,
    anything,
    boolean,
    digits,
    fields,
    flag,
    integer,
    list_of,
    map_of,
    number_in_text,
    object_,
    one_of,
    or_null,
    text,
)
from pytest_xbl.userstats.requests import filled, parse_batch, parse_grouped_batch
from pytest_xbl.wire.routes import ROUTES

DOCS = Path(__file__).parents[2] / "docs"
GENERATE: dict[str, Any] = runpy.run_path(str(DOCS / "generate.py"))
WORDS: dict[str, Any] = runpy.run_path(str(DOCS / "words.py"))
PAGES: dict[str, Callable[[], str]] = GENERATE["PAGES"]

REF = {"scid": "5c1d0000-0000-4000-8000-000000000001", "templateName": "lobby", "name": "friday"}
INVITE: JsonObject = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": "7"}
TRANSFER: JsonObject = {"type": "transfer", "version": 1, "sessionRef": REF, "originSessionRef": REF}
QUERY: JsonObject = {"type": "activity", "scid": REF["scid"], "owners": {"xuids": ["7"]}}
BATCH: JsonObject = {"xuids": ["7"]}
STATISTICS: JsonObject = {
    "requestedusers": ["7"],
    "requestedscids": [{"scid": REF["scid"], "requestedstats": ["Kills"]}],
}
GROUPED_STATISTICS: JsonObject = {
    "arrangebyfield": "xuid",
    "xuids": ["7"],
    "groups": [{"name": "Hero", "scid": REF["scid"]}],
    "stats": [{"name": "Kills", "scid": REF["scid"]}],
}


def parse_query_of_handles(body: JsonObject) -> object:
    """A query for handles without parameters, read."""
    return parse_activity_query(body, {}, contract=107)


def is_needed(name: str, body: JsonObject, parse: Callable[[JsonObject], object]) -> bool:
    """Whether a body is refused without one of its fields."""
    try:
        parse({other: value for other, value in body.items() if other != name})
    except Refusal as refusal:
        return refusal.what == f"The field {name} is required here."
    return False


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
        (filled(text), "a list that is not empty; each item a string"),
        (list_of(fields({"a": text})), "a list; each item an object of `a`"),
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
    assert WORDS["describe"](shape) == description


@pytest.mark.parametrize(
    ("shape", "description"),
    [
        (flag, "true, or no such parameter"),
        (digits, "a string of decimal digits"),
        (keyword, "a string that is not empty and has no comma"),
        (number_in_text(0, 100), "a number from 0 to 100"),
        (visibility, "one of open, visible, private, full, any, in whatever case"),
        (include, "a list of relatedInfo, customProperties, roleInfo, with commas"),
    ],
)
def test_the_shape_of_a_parameter_is_described(shape: Shape, description: str) -> None:
    """What a parameter may hold is found out by asking its shape about a text, which is all that it can be given."""
    assert WORDS["describe_parameter"](shape) == description


@pytest.mark.parametrize(
    ("operation", "name"), [(route.operation, name) for route in ROUTES for name in route.parameters]
)
def test_no_parameter_holds_anything(operation: str, name: str) -> None:
    """Every parameter refuses the text that it is asked about, so the page can say what it holds."""
    [field] = [route.parameters[name] for route in ROUTES if route.operation == operation]

    assert WORDS["describe_parameter"](field.shape) != "anything"


def test_the_fields_inside_a_shape_are_found() -> None:
    """An object that names its fields is taken apart, level by level; what is needed on one level is known."""
    inner = fields({"b": text, "c": integer(0)}, required=("c",))
    shape = fields({"a": inner, "d": digits}, required=("a", "d"))

    assert WORDS["names_in"](shape) == ["a", "d"]
    assert WORDS["required_in"](shape) == ["a", "d"]
    found = WORDS["inside"](shape, "a")
    assert WORDS["names_in"](found) == ["b", "c"]
    assert WORDS["required_in"](found) == ["c"]
    assert WORDS["inside"](found, "c")(-1) == Misfit((), "an integer of 0 or more", -1)
    assert WORDS["inside"](found, "c")(0) is None
    assert WORDS["names_in"](WORDS["inside"](shape, "d")) == []


@pytest.mark.parametrize("shape", [list_of, filled])
def test_the_items_of_a_list_are_found(shape: Callable[[Shape], Shape]) -> None:
    """The items of a list are asked one by one, and what is wrong in them is told as if there were no list."""
    item = WORDS["item_of"](shape(fields({"a": integer(0)}, required=("a",))))

    assert WORDS["names_in"](item) == ["a"]
    assert WORDS["required_in"](item) == ["a"]
    assert item({"a": -1}) == Misfit(("a",), "an integer of 0 or more", -1)
    assert item({"a": 0}) is None


@pytest.mark.parametrize(("shape", "listed"), [(list_of(text), True), (filled(text), True), (object_, False)])
def test_a_list_is_told_from_other_shapes(shape: Shape, listed: bool) -> None:
    """A shape is that of a list when it asks for one in place of something that cannot be JSON."""
    assert WORDS["is_list"](shape) is listed


def is_table(value: object) -> bool:
    """Whether a value is a table of fields."""
    return isinstance(value, dict) and all(isinstance(field, Field) for field in value.values())


def test_the_page_has_every_table_of_the_seed_form() -> None:
    """Whatever a seed may hold stands on the page, and what it is (SEED-1)."""
    tables = [table for table in vars(form).values() if is_table(table)]

    assert [table for table in tables if table not in (form.SEED, *GENERATE["SEED_TABLES"].values())] == []
    assert [name for table in tables for name, field in table.items() if not field.meaning] == []
    assert GENERATE["SEED_TABLES"].keys() == GENERATE["SEED_SECTIONS"].keys()


@pytest.mark.parametrize("section", form.RECORDS)
def test_the_page_says_what_a_record_needs(section: str) -> None:
    """A field of a record is said to be required just when a seed without it is refused (SEED-1)."""
    table, needed = form.RECORDS[section]

    assert [name for name, field in table.items() if "required" in field.meaning] == list(needed)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_page_has_every_scenario(name: str) -> None:
    """A scenario has a section of its own, with its parameters and where they begin and end."""
    section = PAGES["reference/seeds.md"]().partition(f"\n### {name}\n")[2].partition("\n### ")[0]

    [line] = [line for line in section.splitlines() if line.startswith("- parameters: ")]
    assert line.count("=") == line.count(", from ") == line.count(" to ") > 0


def test_the_page_names_the_contracts_of_statistics() -> None:
    """The operations that have contracts of their own name them, and no other does."""
    _, *sections = PAGES["reference/operations.md"]().split("\n### ")
    lines = {section.partition("\n")[0]: section.splitlines() for section in sections}

    assert {name: line for name in lines for line in lines[name] if line.startswith("- contracts: ")} == {
        "batch-statistics": "- contracts: 1, 2",
        "get-statistics": "- contracts: 1, 2, 3",
    }


@pytest.mark.parametrize(
    "shape", [text, object_, list_of(fields({"a": text})), map_of(text), map_of(text, keys=digits)]
)
def test_a_shape_without_named_fields_has_none_inside(shape: Shape) -> None:
    """Lists, texts, and objects with keys of any name are not taken apart."""
    assert WORDS["names_in"](shape) == []


@pytest.mark.parametrize(
    ("bodies", "whole", "parse"),
    [
        ("HANDLE_BODIES", [INVITE, TRANSFER], parse_handle),
        ("QUERY_BODIES", [QUERY], parse_query_of_handles),
        ("BATCH_BODIES", [BATCH], parse_batch_query),
        ("STATISTICS_BODIES", [STATISTICS], parse_batch),
        ("GROUPED_STATISTICS_BODIES", [GROUPED_STATISTICS], parse_grouped_batch),
    ],
)
def test_the_page_says_which_fields_are_needed(
    bodies: str, whole: list[JsonObject], parse: Callable[[JsonObject], object]
) -> None:
    """A field stands there as needed just when a body without it is refused."""
    said = {name for body in GENERATE[bodies] for name in body.fields if name in body.needed}

    assert said == {name for body in whole for name in body if is_needed(name, body, parse)}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("D", "documented"),
        ("A (idempotence D)", "assumed (idempotence documented)"),
        ("D put-session; server A", "documented: put-session; server assumed"),
        ("D; `active` and the hazard C", "documented; `active` and the hazard client"),
        ("C XSAPI", "client: XSAPI"),
        ("F", "the fake's own"),
    ],
)
def test_letters_become_words(source: str, words: str) -> None:
    """How we know a rule is said in words."""
    assert GENERATE["how_we_know"](source) == words
