"""How seeds are put together (SEED-4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_xbl import Seed, XblError
from pytest_xbl.arrange.combining import combined

CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    # The seeds, and what they are together.
    "nothing": ([], {}),
    "one": ([{"now": "x", "users": {"Ana": {"xuid": "1"}}}], {"now": "x", "users": {"Ana": {"xuid": "1"}}}),
    "the later value": ([{"now": "x"}, {"now": "y"}], {"now": "y"}),
    "a null takes a value out": ([{"now": "x", "description": "d"}, {"now": None}], {"description": "d"}),
    "a null takes a section out": ([{"users": ["Ana"]}, {"users": None}], {}),
    "a null takes out what is not there": (
        [{}, {"now": None, "users": None, "sessions": {"one": None}}],
        {"sessions": {}},
    ),
    "a null and a value after it": ([{"now": "x"}, {"now": None}, {"now": "y"}], {"now": "y"}),
    "records of both": (
        [{"users": {"Ana": {"xuid": "1"}}}, {"users": {"Bob": {"xuid": "2"}}}],
        {"users": {"Ana": {"xuid": "1"}, "Bob": {"xuid": "2"}}},
    ),
    "fields of both": (
        [{"users": {"Ana": {"xuid": "1"}}}, {"users": {"Ana": {"gamertag": "A"}}}],
        {"users": {"Ana": {"xuid": "1", "gamertag": "A"}}},
    ),
    "the later field": (
        [{"users": {"Ana": {"xuid": "1", "gamertag": "A"}}}, {"users": {"Ana": {"xuid": "2"}}}],
        {"users": {"Ana": {"xuid": "2", "gamertag": "A"}}},
    ),
    "a null takes a field out": (
        [{"users": {"Ana": {"xuid": "1", "gamertag": "A"}}}, {"users": {"Ana": {"xuid": None}}}],
        {"users": {"Ana": {"gamertag": "A"}}},
    ),
    "a null takes a record out": (
        [{"users": {"Ana": {"xuid": "1"}, "Bob": {}}}, {"users": {"Ana": None}}],
        {"users": {"Bob": {}}},
    ),
    "a record comes anew after a null": (
        [{"users": {"Ana": {"xuid": "1"}}}, {"users": {"Ana": None}}, {"users": {"Ana": {"gamertag": "A"}}}],
        {"users": {"Ana": {"gamertag": "A"}}},
    ),
    "names alone": ([{"users": ["Ana", "Bob"]}], {"users": {"Ana": {}, "Bob": {}}}),
    "names after records": (
        [{"users": {"Ana": {"xuid": "1"}}}, {"users": ["Ana", "Bob"]}],
        {"users": {"Ana": {"xuid": "1"}, "Bob": {}}},
    ),
    "records after names": (
        [{"users": ["Ana", "Bob"]}, {"users": {"Bob": {"xuid": "2"}, "Ana": None}}],
        {"users": {"Bob": {"xuid": "2"}}},
    ),
    "services": (
        [{"services": {"s": {"onBehalfOf": "Ana"}}}, {"services": {"s": {"onBehalfOf": None}, "t": {}}}],
        {"services": {"s": {}, "t": {}}},
    ),
    "constants of a template as a whole": (
        [
            {"templates": {"duel": {"contract": 105, "constants": {"system": {"version": 1}}}}},
            {"templates": {"duel": {"constants": {"custom": {"a": 1}}}}},
        ],
        {"templates": {"duel": {"contract": 105, "constants": {"custom": {"a": 1}}}}},
    ),
    "members of a session as a whole": (
        [
            {"sessions": {"one": {"template": "lobby", "members": {"Ana": "active", "Bob": {"since": "x"}}}}},
            {"sessions": {"one": {"members": {"Cid": {"since": "y"}}}}},
        ],
        {"sessions": {"one": {"template": "lobby", "members": {"Cid": {"since": "y"}}}}},
    ),
    "handles": (
        [{"handles": {"go": {"type": "invite", "owner": "Ana"}}}, {"handles": {"go": {"owner": {"xuid": "5"}}}}],
        {"handles": {"go": {"type": "invite", "owner": {"xuid": "5"}}}},
    ),
    "a null deep inside stays": (
        [{"templates": {"duel": {"constants": {"system": {"inactiveRemovalTimeout": None}}}}}],
        {"templates": {"duel": {"constants": {"system": {"inactiveRemovalTimeout": None}}}}},
    ),
    "values of users": (
        [
            {"statistics": {"users": {"Ana": {"wins": 1, "rank": 2}}}},
            {"statistics": {"users": {"Ana": {"wins": 3, "rank": None}, "Bob": {"wins": 4}}}},
        ],
        {"statistics": {"users": {"Ana": {"wins": 3}, "Bob": {"wins": 4}}}},
    ),
    "all values of a user": (
        [
            {"statistics": {"users": {"Ana": {"wins": 1}, "Bob": {"wins": 4}}}},
            {"statistics": {"users": {"Ana": None}}},
        ],
        {"statistics": {"users": {"Bob": {"wins": 4}}}},
    ),
    "a value with all that is said of it": (
        [
            {"statistics": {"users": {"Ana": {"wins": {"value": 1, "metadata": {"a": 1}}}}}},
            {"statistics": {"users": {"Ana": {"wins": {"value": 2}}}}},
        ],
        {"statistics": {"users": {"Ana": {"wins": {"value": 2}}}}},
    ),
    "definitions": (
        [
            {"statistics": {"definitions": {"wins": {"type": "Integer", "access": "open"}, "rank": {}}}},
            {"statistics": {"definitions": {"wins": {"access": None}, "rank": None}}},
        ],
        {"statistics": {"definitions": {"wins": {"type": "Integer"}}}},
    ),
    "titles": (
        [{"statistics": {"titles": {"1": "a", "2": "b"}}}, {"statistics": {"titles": {"2": "c"}}}],
        {"statistics": {"titles": {"1": "a", "2": "c"}}},
    ),
    "the rest of the statistics": (
        [
            {"statistics": {"scids": ["a"], "values": "strings", "sandbox": "X"}},
            {"statistics": {"scids": ["b"], "values": None}},
        ],
        {"statistics": {"scids": ["b"], "sandbox": "X"}},
    ),
    "given": (
        [{"given": {"sessions": 1, "handles": 2}}, {"given": {"handles": 3}}],
        {"given": {"sessions": 1, "handles": 3}},
    ),
    "expected as a whole": (
        [{"expected": {"sessions": {"one": None}}}, {"expected": {"now": "x", "users": {"Ana": None}}}],
        {"expected": {"now": "x", "users": {"Ana": None}}},
    ),
}


@pytest.mark.parametrize(("seeds", "both"), CASES.values(), ids=CASES)
def test_seeds_are_put_together_record_by_record_and_field_by_field(
    seeds: list[dict[str, Any]], both: dict[str, Any]
) -> None:
    """Of a field in both, the later one counts as a whole, and a null takes it out (SEED-4)."""
    before = repr(seeds)
    assert combined(seeds) == both
    assert repr(seeds) == before


def test_what_comes_first_stays_first() -> None:
    """The order of people and sessions is the one in which they are first named (SEED-4)."""
    seeds: list[dict[str, Any]] = [
        {"users": {"Bob": {}, "Ana": {}}},
        {"users": {"Ana": {"xuid": "1"}, "Cid": {}, "Bob": {"xuid": "2"}}},
    ]
    assert list(combined(seeds)["users"]) == ["Bob", "Ana", "Cid"]


@pytest.mark.parametrize(
    "both",
    [
        Seed({"users": ["Ana"]}) | Seed({"users": {"Bob": {}}}),
        Seed({"users": ["Ana"]}) | {"users": {"Bob": {}}},
        {"users": ["Ana"]} | Seed({"users": {"Bob": {}}}),
    ],
    ids=["seeds", "a dict on the right", "a dict on the left"],
)
def test_seeds_and_dicts_are_combined_with_a_stroke(both: Seed) -> None:
    """The left one comes first (SEED-4)."""
    assert both.loaded(Path()).people == ("Ana", "Bob")


def test_the_right_one_counts_more() -> None:
    """In whatever way it is written (SEED-4)."""
    one: dict[str, Any] = {"users": {"Ana": {"xuid": "1"}}}
    other: dict[str, Any] = {"users": {"Ana": {"xuid": "2"}}}
    xuids = [
        list(both.loaded(Path()).state.users) for both in (Seed(one) | other, one | Seed(other), other | Seed(one))
    ]
    assert xuids == [["2"], ["2"], ["1"]]


def test_a_seed_does_not_change() -> None:
    """What is combined is another seed, with the name of the left one (SEED-4)."""
    one, other = Seed({"users": ["Ana"]}, name="one"), Seed({"users": ["Bob"]}, name="other")
    both = one | other
    assert [seed.loaded(Path()).people for seed in (one, other, both)] == [("Ana",), ("Bob",), ("Ana", "Bob")]
    assert repr(both) == "<seed one>"


def test_what_the_right_one_lacks_the_left_one_has() -> None:
    """A session may be spread over both: only together they are a whole seed (SEED-1, SEED-4)."""
    both = Seed({"users": ["Ana"], "sessions": {"one": {"members": ["Ana"]}}}) | {
        "sessions": {"one": {"template": "lobby"}}
    }
    assert [str(ref) for ref in both.loaded(Path()).sessions.values()] == [
        "5c1d0000-0000-4000-8000-000000000001~lobby~one"
    ]


def test_whoever_is_taken_out_is_not_there() -> None:
    """So whatever names them is refused (SEED-2, SEED-4)."""
    both = Seed({"users": ["Ana", "Bob"], "sessions": {"one": {"template": "lobby", "members": ["Ana"]}}}) | {
        "users": {"Ana": None}
    }
    with pytest.raises(XblError) as error:
        both.loaded(Path())
    assert str(error.value) == (
        'There is no user "Ana"; there are: Bob.\nwhere: /sessions/one/members in the seed\nrule: SEED-2'
    )


@pytest.mark.parametrize(
    ("seed", "description"),
    [
        (Seed(), ""),
        (Seed({"description": "One."}), "One."),
        (Seed({"description": "One."}) | {"description": "Two."}, "Two."),
        (Seed({"description": "One."}) | {"users": ["Ana"]}, "One."),
    ],
)
def test_a_seed_tells_what_it_is(seed: Seed, description: str) -> None:
    """In one line, for lists and reports; the right one counts more (SEED-4)."""
    assert seed.description == description


@pytest.mark.parametrize("other", [7, [], "lobby.json"])
def test_a_seed_is_combined_with_a_seed(other: Any) -> None:
    """Or a dict that has the form of one (SEED-1)."""
    with pytest.raises(XblError) as right:
        Seed() | other
    with pytest.raises(XblError) as left:
        other | Seed()
    assert str(right.value) == str(left.value)
    assert str(right.value).startswith("Expected an object; got ")


def test_a_null_takes_the_description_away() -> None:
    """And one that was never there is "" (SEED-4)."""
    assert Seed({"description": None}).description == ""
    assert (Seed({"description": "A lobby."}) | {"description": None}).description == ""
