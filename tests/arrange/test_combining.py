"""Combining seeds (SEED-4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from errors import error_of
from pytest_xbl import Seed
from pytest_xbl.arrange.combining import combined
from seeds import SeedDict
from tables import cases

ANA: SeedDict = {"users": {"Ana": {"xuid": "1"}}}


def users(**people: SeedDict | None) -> SeedDict:
    """A seed with these users."""
    return {"users": people}


def statistics(**parts: Any) -> SeedDict:
    """A seed with these parts of the statistics."""
    return {"statistics": parts}


WINS = statistics(users={"Ana": {"wins": 1, "rank": 2}, "Bob": {"wins": 4}})


def duel(**fields: Any) -> SeedDict:
    """A seed with a template of these fields."""
    return {"templates": {"duel": fields}}


def one(**fields: Any) -> SeedDict:
    """A seed with a session of these fields."""
    return {"sessions": {"one": fields}}


CASES: dict[str, tuple[list[SeedDict], SeedDict]] = {
    # Seeds, and the one that they are together.
    "nothing": ([], {}),
    "one": ([{"now": "x", **ANA}], {"now": "x", **ANA}),
    "the later value": ([{"now": "x"}, {"now": "y"}], {"now": "y"}),
    "a null takes a value out": ([{"now": "x", "description": "d"}, {"now": None}], {"description": "d"}),
    "a null takes a section out": ([{"users": ["Ana"]}, {"users": None}], {}),
    "a null takes out what is not there": (
        [{}, {"now": None, "users": None, "sessions": {"one": None}}],
        {"sessions": {}},
    ),
    "a null and a value after it": ([{"now": "x"}, {"now": None}, {"now": "y"}], {"now": "y"}),
    "records of both": ([ANA, users(Bob={"xuid": "2"})], users(Ana={"xuid": "1"}, Bob={"xuid": "2"})),
    "fields of both": ([ANA, users(Ana={"gamertag": "A"})], users(Ana={"xuid": "1", "gamertag": "A"})),
    "the later field": (
        [users(Ana={"xuid": "1", "gamertag": "A"}), users(Ana={"xuid": "2"})],
        users(Ana={"xuid": "2", "gamertag": "A"}),
    ),
    "an empty record changes nothing": ([ANA, users(Ana={})], ANA),
    "a null takes a field out": (
        [users(Ana={"xuid": "1", "gamertag": "A"}), users(Ana={"xuid": None})],
        users(Ana={"gamertag": "A"}),
    ),
    "a null takes a record out": ([users(Ana={"xuid": "1"}, Bob={}), users(Ana=None)], users(Bob={})),
    "a record comes anew after a null": (
        [ANA, users(Ana=None), users(Ana={"gamertag": "A"})],
        users(Ana={"gamertag": "A"}),
    ),
    "names alone": ([{"users": ["Ana", "Bob"]}], users(Ana={}, Bob={})),
    "names after records": ([ANA, {"users": ["Ana", "Bob"]}], users(Ana={"xuid": "1"}, Bob={})),
    "records after names": ([{"users": ["Ana", "Bob"]}, users(Bob={"xuid": "2"}, Ana=None)], users(Bob={"xuid": "2"})),
    "services": (
        [{"services": {"s": {"onBehalfOf": "Ana"}}}, {"services": {"s": {"onBehalfOf": None}, "t": {}}}],
        {"services": {"s": {}, "t": {}}},
    ),
    "constants of a template as a whole": (
        [duel(contract=105, constants={"system": {"version": 1}}), duel(constants={"custom": {"a": 1}})],
        duel(contract=105, constants={"custom": {"a": 1}}),
    ),
    "members of a session as a whole": (
        [one(template="lobby", members={"Ana": "active", "Bob": {"since": "x"}}), one(members={"Cid": {"since": "y"}})],
        one(template="lobby", members={"Cid": {"since": "y"}}),
    ),
    "handles": (
        [{"handles": {"go": {"type": "invite", "owner": "Ana"}}}, {"handles": {"go": {"owner": {"xuid": "5"}}}}],
        {"handles": {"go": {"type": "invite", "owner": {"xuid": "5"}}}},
    ),
    "a null deep inside remains": ([duel(constants={"custom": {"a": None}})], duel(constants={"custom": {"a": None}})),
    "values of users": (
        [WINS, statistics(users={"Ana": {"wins": 3, "rank": None}})],
        statistics(users={"Ana": {"wins": 3}, "Bob": {"wins": 4}}),
    ),
    "all values of a user": ([WINS, statistics(users={"Ana": None})], statistics(users={"Bob": {"wins": 4}})),
    "a value with its fields": (
        [
            statistics(users={"Ana": {"wins": {"value": 1, "metadata": {"a": 1}}}}),
            statistics(users={"Ana": {"wins": {"value": 2}}}),
        ],
        statistics(users={"Ana": {"wins": {"value": 2}}}),
    ),
    "definitions": (
        [
            statistics(definitions={"wins": {"type": "Integer", "access": "open"}, "rank": {}}),
            statistics(definitions={"wins": {"access": None}, "rank": None}),
        ],
        statistics(definitions={"wins": {"type": "Integer"}}),
    ),
    "titles": (
        [statistics(titles={"1": "a", "2": "b"}), statistics(titles={"2": "c"})],
        statistics(titles={"1": "a", "2": "c"}),
    ),
    "the rest of the statistics": (
        [statistics(scids=["a"], values="strings", sandbox="X"), statistics(scids=["b"], values=None)],
        statistics(scids=["b"], sandbox="X"),
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


@cases("seeds both", CASES)
def test_seeds_are_combined_record_by_record_and_field_by_field(seeds: list[SeedDict], both: SeedDict) -> None:
    """Of a field in both, the later one counts as a whole, and a null takes it out (SEED-4)."""
    before = repr(seeds)
    assert (combined(seeds), repr(seeds)) == (both, before)


def test_the_first_remains_the_first() -> None:
    """The order of people and sessions is the one in which they are first named (SEED-4)."""
    seeds = [users(Bob={}, Ana={}), users(Ana={"xuid": "1"}, Cid={}, Bob={"xuid": "2"})]
    assert list(combined(seeds)["users"]) == ["Bob", "Ana", "Cid"]


TWO: SeedDict = {"users": {"Ana": {"xuid": "2"}, "Bob": {"xuid": "3"}}}


@pytest.mark.parametrize(
    ("both", "xuids"),
    [
        (Seed(ANA) | Seed(TWO), ["2", "3"]),
        (Seed(ANA) | TWO, ["2", "3"]),
        (ANA | Seed(TWO), ["2", "3"]),
        (Seed(TWO) | ANA, ["1", "3"]),
    ],
)
def test_seeds_and_dicts_are_combined_with_a_stroke(both: Seed, xuids: list[str]) -> None:
    """The right one counts more (SEED-4)."""
    assert list(both._load(Path()).state.users) == xuids


def test_a_session_may_be_spread_over_both() -> None:
    """Only together they are a whole seed (SEED-1, SEED-4)."""
    one = Seed({"users": ["Ana"], "sessions": {"one": {"members": ["Ana"]}}})
    both = one | {"sessions": {"one": {"template": "lobby"}}}
    assert list(both._load(Path()).sessions) == ["one"]
    lacking = both | {"sessions": {"one": {"template": None}}}
    text = "The field template is required here.\nwhere: /sessions/one in the seed\nrule: SEED-1"
    assert error_of(lambda: lacking._load(Path())) == text


@pytest.mark.parametrize(
    ("seed", "description"),
    [
        (Seed(), ""),
        (Seed({"description": None}), ""),
        (Seed({"description": "One."}) | {"description": "Two."}, "Two."),
        (Seed({"description": "One."}) | {"users": ["Ana"]}, "One."),
        (Seed({"description": "One."}) | {"description": None}, ""),
    ],
)
def test_a_seed_describes_itself(seed: Seed, description: str) -> None:
    """In one line, for lists and reports; the right one counts more (SEED-4)."""
    assert seed.description == description


@pytest.mark.parametrize("other", [7, [], "lobby.json"])
def test_a_seed_is_combined_with_a_seed(other: Any) -> None:
    """Or with a dict that has the form of one (SEED-1)."""
    right, left = error_of(lambda: Seed() | other), error_of(lambda: other | Seed())
    assert right == left
    assert right.startswith("Expected an object; got ")
