"""Seeds that extend others: files and scenarios (SEED-3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pytest_xbl import Seed
from pytest_xbl.arrange import files
from pytest_xbl.arrange.scenarios import SCENARIOS
from pytest_xbl.mpsd.model import Json
from seeds import SeedDict, row_of
from tables import cases

ANA, BOB = ({"users": {"Ana": {"xuid": "1"}}}, {"users": {"Bob": {"xuid": "2"}}})


def write(directory: Path, seeds: Mapping[str, SeedDict]) -> None:
    """Seeds in files, by their names."""
    for name, seed in seeds.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(json.dumps(seed), encoding="utf-8")


def people(seed: Seed, directory: Path) -> list[str]:
    """The people in the world that begins with a seed, by name and xuid."""
    loaded = seed._load(directory)
    return [f"{account.caller.name} {account.key}" for account in loaded.state.users.values()]


ORDERS: dict[str, tuple[SeedDict, dict[str, SeedDict], list[str]]] = {
    # A seed, the files that it extends, and the people in the world that begins with it.
    "nothing": ({"extends": None, **ANA}, {}, ["Ana 1"]),
    "an empty list": ({"extends": [], **ANA}, {}, ["Ana 1"]),
    "the seed itself counts more": (
        {"extends": "a.json", "users": {"Ana": {"xuid": "3"}, "Cid": {"xuid": "4"}}},
        {"a.json": {"users": {**ANA["users"], **BOB["users"]}}},
        ["Ana 3", "Bob 2", "Cid 4"],
    ),
    "of a list the later one counts more": (
        {"extends": ["a.json", "b.json"]},
        {"a.json": {"users": {**ANA["users"], **BOB["users"]}}, "b.json": {"users": {"Bob": {"xuid": "3"}}}},
        ["Ana 1", "Bob 3"],
    ),
    "the same file twice is no circle": (
        {"extends": ["a.json", "b.json", "base.json"]},
        {
            "base.json": ANA,
            "a.json": {"extends": "base.json", **BOB},
            "b.json": {"extends": ["base.json", "base.json"], "users": {"Cid": {"xuid": "3"}}},
        },
        ["Ana 1", "Bob 2", "Cid 3"],
    ),
}


@cases("seed files expected", ORDERS)
def test_extended_seeds_come_first(here: Path, seed: SeedDict, files: dict[str, SeedDict], expected: list[str]) -> None:
    """In the order of the list, and before the seed itself (SEED-3, SEED-4)."""
    write(here, files)
    assert people(Seed(seed), here) == expected


def test_both_sides_of_a_combination_have_the_seeds_that_they_extend(here: Path) -> None:
    """Each before itself: the left one with its own, then the right one with its own (SEED-3, SEED-4)."""
    write(here, {"a.json": ANA, "b.json": {"users": {"Ana": {"xuid": "2"}}}})
    left = {"extends": "a.json", "users": {"Ana": {"xuid": "3"}}}
    assert people(Seed(left) | {"extends": "b.json"}, here) == ["Ana 2"]


def test_a_file_is_named_relative_to_the_one_that_names_it(here: Path) -> None:
    """Wherever the test itself is (SEED-3)."""
    write(
        here,
        {
            "seeds/lobby.json": {"extends": "parts/ana.json", "users": {"Zoe": {"xuid": "3"}}},
            "seeds/parts/ana.json": {"extends": ["../bob.json"], **ANA},
            "seeds/bob.json": BOB,
        },
    )
    everybody = ["Bob 2", "Ana 1", "Zoe 3"]
    assert people(Seed.read("seeds/lobby.json"), here) == everybody
    assert people(Seed({"extends": "seeds/lobby.json"}), here) == everybody
    assert people(Seed({"extends": "lobby.json"}), here / "seeds") == everybody
    assert people(Seed({"extends": str(here / "seeds" / "bob.json")}), here / "elsewhere") == ["Bob 2"]


def test_a_seed_is_worked_out_once_for_each_directory(here: Path) -> None:
    """Names of files mean others there; a file and a seed that extends nothing mean the same everywhere (SEED-3)."""
    write(here, {"one/who.json": ANA, "other/who.json": BOB, "c.json": {"extends": "one/who.json"}})
    seed = Seed({"extends": "who.json"})
    first = seed._load(here / "one")
    assert (first.people, people(seed, here / "other")) == (("Ana",), ["Bob 2"])
    assert seed._load(here / "one") is first
    combined = Seed({}) | {"extends": "who.json"}
    assert [people(combined, here / name) for name in ("one", "other")] == [["Ana 1"], ["Bob 2"]]
    for everywhere in (Seed.read("c.json"), Seed({**ANA, "extends": None})):
        assert everywhere._load(here) is everywhere._load(here / "elsewhere")


# Scenarios


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_can_be_extended(here: Path, name: str) -> None:
    """By its name (SEED-3)."""
    alone, extended = Seed.scenario(name)._load(here), Seed({"extends": name, "users": {"Zoe": {}}})._load(here)
    users, services = list(alone.state.users.values()), list(alone.state.services.values())
    names = [account.caller.name for account in users]
    assert list(extended.people) == [*names, "Zoe", *(account.caller.name for account in services)]


@pytest.mark.parametrize(
    ("extends", "players"),
    [
        ("lobby", ("host", "player2", "player3", "player4", "newcomer")),
        ({"scenario": "lobby"}, ("host", "player2", "player3", "player4", "newcomer")),
        ({"scenario": "lobby", "players": 2}, ("host", "player2", "newcomer")),
        ([{"scenario": "lobby", "players": 1}, "restricted_player"], ("host", "newcomer", "player2", "child")),
    ],
)
def test_a_scenario_may_have_parameters(here: Path, extends: object, players: tuple[str, ...]) -> None:
    """They stand beside its name (SEED-3)."""
    assert Seed({"extends": extends})._load(here).people == players


def test_a_scenario_is_called_by_its_name_and_parameters() -> None:
    """As in the id of a test case (SEED-3)."""
    assert repr(Seed.scenario("lobby")) == "<seed lobby>"
    text = "<seed reserved_seats-players=3-reserved=1>"
    assert repr(Seed.scenario("reserved_seats", players=3, reserved=1)) == text


# Errors


NO_SCENARIO = "There is no scenario 'lobbi'; did you mean lobby?"
CANNOT_BE_READ = "The file {here}/%s cannot be read: No such file or directory."
UNKNOWN: dict[str, tuple[Any, str, str]] = {
    # A seed that cannot be extended, the text, and the place.
    "a scenario": ("lobbi", NO_SCENARIO, "/extends in the seed"),
    "one of a list": (["lobby", "lobbi"], NO_SCENARIO, "/extends/1 in the seed"),
    "one of a list with parameters": ([{"scenario": "lobbi"}], NO_SCENARIO, "/extends/0 in the seed"),
    "a parameter": (
        {"scenario": "lobby", "seats": 2},
        "The scenario lobby has no parameter 'seats'; it has: players.",
        "/extends in the seed",
    ),
    "a file of another kind": (
        "x.toml",
        f"There is no scenario 'x.toml'; there are {', '.join(SCENARIOS)}.",
        "/extends in the seed",
    ),
    "a file that is missing": ("none.json", CANNOT_BE_READ % "none.json", "/extends in the seed"),
    "a file that another one names": ("seeds/a.json", CANNOT_BE_READ % "seeds/none.json", "/extends/1 in seeds/a.json"),
}


@cases("extends what place", UNKNOWN)
def test_a_seed_that_cannot_be_extended_is_named_with_the_place_that_names_it(
    here: Path, extends: Any, what: str, place: str
) -> None:
    """In the seed or the file that extends it, and not the first of the chain (SEED-3)."""
    write(here, {"seeds/a.json": {"extends": ["lobby", "none.json"]}})
    found = row_of(lambda: Seed({"extends": extends})._load(here))
    assert found == (what.replace("{here}", str(here)), place, "SEED-3")


def test_a_file_that_has_not_the_seed_form_is_named_with_the_place_that_names_it(here: Path) -> None:
    """After the place in the file itself (SEED-1)."""
    write(here, {"seeds/bad.json": {"users": 7}})
    assert row_of(lambda: Seed({"extends": ["seeds/bad.json"]})._load(here)) == (
        "Expected a list of names, or an object of users by name; got 7.",
        "/users in seeds/bad.json, by /extends/0 in the seed",
        "SEED-1",
    )


CIRCLES: dict[str, tuple[dict[str, SeedDict], str, str]] = {
    # Files, the circle, and the place that closes it.
    "itself": ({"a.json": {"extends": "a.json"}}, "a.json extends a.json", "/extends in a.json"),
    "each other": (
        {"a.json": {"extends": "b.json"}, "b.json": {"extends": ["a.json"]}},
        "a.json extends b.json extends a.json",
        "/extends/0 in b.json",
    ),
    "by another way": (
        {"a.json": {"extends": "sub/b.json"}, "sub/b.json": {"extends": "../sub/../a.json"}},
        "a.json extends sub/b.json extends a.json",
        "/extends in sub/b.json",
    ),
    "further on": (
        {"a.json": {"extends": "b.json"}, "b.json": {"extends": "c.json"}, "c.json": {"extends": ["lobby", "b.json"]}},
        "a.json extends b.json extends c.json extends b.json",
        "/extends/1 in c.json",
    ),
}


@cases("files circle place", CIRCLES)
def test_a_seed_cannot_extend_itself(here: Path, files: dict[str, SeedDict], circle: str, place: str) -> None:
    """Be it through others (SEED-3)."""
    write(here, files)
    for seed in (Seed.read("a.json"), Seed({"extends": "a.json"})):
        found = row_of(lambda seed=seed: seed._load(here))  # type: ignore[misc]
        assert found == (f"A seed cannot extend itself: {circle}.", place, "SEED-3")


def doubling(levels: int) -> dict[str, SeedDict]:
    """Files that each extend the next one twice, the last one with Ana."""
    files: dict[str, SeedDict] = {f"{level}.json": {"extends": [f"{level + 1}.json"] * 2} for level in range(levels)}
    return {**files, f"{levels}.json": ANA}


def test_a_seed_has_a_thousand_parts_at_most(here: Path) -> None:
    """Counted as often as they are extended, and however few files they are in (SEED-15)."""
    write(here, doubling(30))
    bases = ["22.json", "23.json", *["30.json"] * 233]  # of 511 and 255 parts, and of one each
    assert people(Seed({"extends": bases}), here) == ["Ana 1"]
    many = Seed({"extends": [*bases, "30.json"]}, name="the board")
    for seed, named in ((many, "the board"), (Seed.read("0.json"), "0.json")):
        assert row_of(lambda seed=seed: seed._load(here)) == (  # type: ignore[misc]
            "A seed is put together from at most 1,000 parts, each counted as often as it is extended.",
            f"/extends in {named}",
            "SEED-15",
        )


def test_a_file_that_several_parts_extend_is_read_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So each part that extends it finds the same there (SEED-15)."""
    asked: list[str] = []
    read = files.read

    def counting(path: Path) -> Json:
        asked.append(path.name)
        return read(path)

    monkeypatch.setattr(files, "read", counting)
    write(here, doubling(3))
    assert people(Seed({"extends": ["0.json", "2.json"]}), here) == ["Ana 1"]
    assert asked == ["0.json", "1.json", "2.json", "3.json"]


# A base and a seed that extends it, by the place of the error.
SOURCES: dict[str, tuple[SeedDict, SeedDict]] = {
    "/users/Ana/follows in base.json": ({"users": {"Ana": {"follows": ["Zoe"]}}}, {"users": {"Bob": {}}}),
    "/users/Ana/follows in over.json": (
        {"users": {"Ana": {"follows": ["Yan"]}}},
        {"users": {"Ana": {"follows": ["Zoe"]}}},
    ),
    "/sessions/one/members in over.json": (
        {"users": ["Ana"]},
        {"sessions": {"one": {"template": "lobby", "members": ["Zoe"]}}},
    ),
    "/users/ in base.json": ({"users": ["Ana", ""]}, {"users": ["Bob"]}),
    "/sessions/a~1b~0/name in base.json": (
        {"sessions": {"a/b~": {"template": "duel"}}},
        {"sessions": {"one": {"template": "lobby"}}},
    ),
    "/sessions/one/members in base.json": (
        {"users": ["Ana"], "sessions": {"one": {"template": "lobby", "members": ["Zoe"]}}},
        {"sessions": {"one": {"properties": {"custom": {"a": 1}}}}},
    ),
    "/sessions/one in over.json": ({"users": ["Ana"]}, {"sessions": {"one": {}}}),
}


@pytest.mark.parametrize("place", SOURCES)
def test_an_error_names_the_last_seed_that_has_its_place(here: Path, place: str) -> None:
    """That is where it can be mended (SEED-3)."""
    base, over = SOURCES[place]
    write(here, {"base.json": base, "over.json": {**over, "extends": "base.json"}})
    assert row_of(lambda: Seed.read("over.json")._load(here))[1] == place


def test_an_error_in_a_combination_names_the_side(here: Path) -> None:
    """By the names of the seeds, or of the scenario (SEED-2, SEED-4)."""
    one = Seed({"users": {"Ana": {"follows": ["Zoe"]}}}, name="one")
    other = Seed({"users": {"Bob": {"follows": ["Zoe"]}}}, name="other")
    for seed, place in (
        (one | {"users": ["Bob"]}, "/users/Ana/follows in one"),
        (Seed({"users": ["Ana"]}) | other, "/users/Bob/follows in other"),
        (Seed.scenario("lobby") | other, "/users/Bob/follows in other"),
        (Seed({"extends": "lobby", "users": {"host": None}}), "/sessions/lobby/members in the scenario lobby"),
    ):
        assert row_of(lambda seed=seed: seed._load(here))[1] == place  # type: ignore[misc]
