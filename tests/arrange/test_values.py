"""What a seed can hold: JSON, and times besides; and that a seed is a copy (SEED-1)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pytest_xbl import Seed, XblError
from pytest_xbl.arrange.values import plain
from pytest_xbl.mpsd.refusal import Refusal

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


@dataclass
class Thing:
    """Something that is no JSON."""


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "",
        "a",
        0,
        -(2**63),
        2**64 - 1,
        1.5,
        NOON,
        [],
        {},
        [1, "a", [None, {"a": [NOON]}]],
        {"a": {"b": [{"c": "d"}], "": None}},
        {"constants": {"a": [1, {"b": True}]}},
    ],
)
def test_json_and_times_are_what_they_are(value: Any) -> None:
    """Nothing changes on the way in (SEED-1)."""
    copy = plain(value)
    assert copy == value
    assert type(copy) is type(value)


def test_a_tuple_is_a_list() -> None:
    """As everywhere in JSON."""
    assert plain({"a": (1, ("b",))}) == {"a": [1, ["b"]]}


NOT_PLAIN: list[tuple[Any, str, str]] = [
    # value, where, the text
    ({"Ana"}, "", "{'Ana'} is nothing that a seed can hold here."),
    ({"a": [1, b"x"]}, "/a/1", "b'x' is nothing that a seed can hold here."),
    ({"a": Thing()}, "/a", "Thing() is nothing that a seed can hold here."),
    ({"a": Decimal(1)}, "/a", "Decimal('1') is nothing that a seed can hold here."),
    (
        {"a": date(2026, 1, 1)},
        "/a",
        '2026-01-01, without a time and a zone as in "2026-01-01T12:00:00Z", is nothing that a seed can hold here.',
    ),
    ({"a": Path("x")}, "/a", f"{Path('x')!r} is nothing that a seed can hold here."),
    ({"a": math.nan}, "/a", "nan is nothing that a seed can hold here."),
    ({"a": [math.inf]}, "/a/0", "inf is nothing that a seed can hold here."),
    ({"a": -math.inf}, "/a", "-inf is nothing that a seed can hold here."),
    ({"a": 2**64}, "/a", "18446744073709551616 is nothing that a seed can hold here."),
    ({"a": -(2**63) - 1}, "/a", "-9223372036854775809 is nothing that a seed can hold here."),
    ({"a": 10**5000}, "/a", "An integer of that size is nothing that a seed can hold here."),
    ({1: "a"}, "", "Names are strings, and 1 is none: put it in quotes."),
    ({"a": {None: "a"}}, "/a", "Names are strings, and None is none: put it in quotes."),
    ({"a/b": {True: 7}}, "/a~1b", "Names are strings, and True is none: put it in quotes."),
    ({"~": [{"a": {(1, 2): {}}}]}, "/~0/0/a", "Names are strings, and (1, 2) is none: put it in quotes."),
]


@pytest.mark.parametrize(("value", "where", "what"), NOT_PLAIN)
def test_anything_else_is_refused_with_its_place(value: Any, where: str, what: str) -> None:
    """What no file could hold, Python cannot give either (SEED-1)."""
    with pytest.raises(Refusal) as refused:
        plain(value)
    assert (refused.value.what, refused.value.where, refused.value.rule) == (what, where, "SEED-1")


@pytest.mark.parametrize(
    ("bag", "seed"),
    [
        ("constants", lambda bag: {"templates": {"duel": {"constants": bag}}}),
        ("roleTypes", lambda bag: {"templates": {"duel": {"roleTypes": bag}}}),
        ("properties", lambda bag: {"sessions": {"one": {"properties": bag}}}),
        ("servers", lambda bag: {"sessions": {"one": {"servers": bag}}}),
        ("attributes", lambda bag: {"handles": {"go": {"attributes": bag}}}),
        ("metadata", lambda bag: {"statistics": {"users": {"Ana": {"wins": {"value": 1, "metadata": bag}}}}}),
        ("properties", lambda bag: {"sessions": {"one": {"members": {"Ana": {"properties": bag}}}}}),
    ],
)
def test_a_time_inside_of_what_a_request_could_hold_is_a_string(
    bag: str, seed: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """A request has no other times (SEED-1)."""
    with pytest.raises(XblError) as error:
        Seed(seed({"custom": {"at": [NOON]}}))
    said = str(error.value).splitlines()
    assert said[0] == f"{NOON!r} is nothing that a seed can hold here."
    assert said[1].endswith(f"/{bag}/custom/at/0 in the seed")
    assert said[2] == "rule: SEED-1"


def test_a_seed_is_a_copy() -> None:
    """What the test does to its dict afterwards changes nothing."""
    people = ["Ana"]
    document: dict[str, Any] = {"users": people, "sessions": {"one": {"template": "lobby", "members": people}}}
    seed = Seed(document)
    people.append("Bob")
    document["sessions"]["two"] = {"template": "lobby"}
    loaded = seed.loaded(Path())
    assert (loaded.people, list(loaded.sessions)) == (("Ana",), ["one"])


def test_a_dict_that_contains_itself_is_refused() -> None:
    """It would never end (SEED-1)."""
    users: dict[str, Any] = {}
    users["Ana"] = users
    data: dict[str, Any] = {"sessions": {"one": {"properties": {"custom": {}}}}}
    data["sessions"]["one"]["properties"]["custom"]["all"] = [data]
    for document in ({"users": users}, data):
        with pytest.raises(XblError) as error:
            Seed(document)
        assert str(error.value) == "The seed lies too deep inside itself.\nwhere: the seed\nrule: SEED-1"


@pytest.mark.parametrize("name", ["constants", "properties", "servers", "roleTypes", "attributes", "metadata"])
def test_who_is_called_like_a_field_of_a_request_may_have_times(name: str) -> None:
    """What others have named is no field, wherever it stands (SEED-1)."""
    records: dict[str, Any] = {
        "sessions": {name: {"template": name, "startTime": NOON, "members": {name: {"since": NOON}}}},
        "statistics": {"users": {name: {name: NOON, "other": {"value": NOON, "name": name + "s"}}}},
    }
    handle = {"type": "invite", "session": name, "invited": name, "created": NOON}
    document = {"users": [name], "templates": {name: {}}, "handles": {name: handle}, "expected": records, **records}
    loaded = Seed(document).loaded(Path())
    assert (list(loaded.sessions), list(loaded.handles)) == ([name], [name])
