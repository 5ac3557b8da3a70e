"""Seeds that come before others: files and scenarios (SEED-3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pytest_xbl import Seed, XblError
from pytest_xbl.arrange.scenarios import SCENARIOS


def error_of(action: Callable[[], object]) -> str:
    """The text of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path.resolve()


def write(directory: Path, seeds: Mapping[str, dict[str, Any]]) -> None:
    """Seeds in files, by their names."""
    for name, seed in seeds.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(json.dumps(seed), encoding="utf-8")


def people(seed: Seed, directory: Path) -> tuple[str, ...]:
    """Who is in the world that begins with a seed."""
    return seed.loaded(directory).people


def test_what_is_extended_comes_first(here: Path) -> None:
    """The seed itself counts more (SEED-3, SEED-4)."""
    write(here, {"base.json": {"users": {"Ana": {"xuid": "1"}, "Bob": {"xuid": "2"}}}})
    seed = Seed({"extends": "base.json", "users": {"Ana": {"xuid": "3"}, "Cid": {"xuid": "4"}}})
    loaded = seed.loaded(here)
    assert (loaded.people, list(loaded.state.users)) == (("Ana", "Bob", "Cid"), ["3", "2", "4"])


def test_of_several_the_later_one_counts_more(here: Path) -> None:
    """They come in the order of the list (SEED-3)."""
    write(
        here,
        {
            "a.json": {"users": {"Ana": {"xuid": "1"}, "Bob": {"xuid": "2"}}},
            "b.json": {"users": {"Bob": {"xuid": "3"}, "Cid": {"xuid": "4"}}},
        },
    )
    loaded = Seed({"extends": ["a.json", "b.json"]}).loaded(here)
    assert (loaded.people, list(loaded.state.users)) == (("Ana", "Bob", "Cid"), ["1", "3", "4"])


@pytest.mark.parametrize("nothing", [None, []])
def test_a_seed_need_not_extend_another(here: Path, nothing: object) -> None:
    """No seed comes first then (SEED-3)."""
    assert people(Seed({"extends": nothing, "users": ["Ana"]}), here) == ("Ana",)


def test_a_file_is_named_relative_to_the_one_that_names_it(here: Path) -> None:
    """Wherever the test itself is (SEED-3)."""
    write(
        here,
        {
            "seeds/lobby.json": {"extends": "parts/ana.json", "users": ["Zoe"]},
            "seeds/parts/ana.json": {"extends": ["../bob.json"], "users": ["Ana"]},
            "seeds/bob.json": {"users": ["Bob"]},
        },
    )
    assert people(Seed.read("seeds/lobby.json"), here) == ("Bob", "Ana", "Zoe")
    assert people(Seed({"extends": "seeds/lobby.json"}), here) == ("Bob", "Ana", "Zoe")
    assert people(Seed({"extends": "lobby.json"}), here / "seeds") == ("Bob", "Ana", "Zoe")
    assert people(Seed({"extends": str(here / "seeds" / "bob.json")}), here / "elsewhere") == ("Bob",)


def test_a_seed_is_worked_out_once_for_each_directory(here: Path) -> None:
    """Its names of files mean others there (SEED-3)."""
    write(here, {"one/who.json": {"users": ["Ana"]}, "other/who.json": {"users": ["Bob"]}})
    seed = Seed({"extends": "who.json"})
    first = seed.loaded(here / "one")
    assert (first.people, people(seed, here / "other")) == (("Ana",), ("Bob",))
    assert seed.loaded(here / "one") is first


def test_a_file_is_worked_out_once_whatever_the_directory_of_the_test(here: Path) -> None:
    """What it extends lies beside it (SEED-3)."""
    write(here, {"a.json": {"extends": "b.json"}, "b.json": {"users": ["Ana"]}})
    seed = Seed.read("a.json")
    assert seed.loaded(here) is seed.loaded(here / "elsewhere")
    bare = Seed({"users": ["Ana"], "extends": None})
    assert bare.loaded(here) is bare.loaded(here / "elsewhere")


def test_both_sides_of_a_combination_have_what_they_extend(here: Path) -> None:
    """Each before itself: the left one with its own, then the right one with its own (SEED-3, SEED-4)."""
    write(here, {"a.json": {"users": {"Ana": {"xuid": "1"}}}, "b.json": {"users": {"Ana": {"xuid": "2"}}}})
    left = {"extends": "a.json", "users": {"Ana": {"xuid": "3"}}}
    loaded = (Seed(left) | {"extends": "b.json"}).loaded(here)
    assert list(loaded.state.users) == ["2"]


def test_the_same_file_may_be_extended_twice(here: Path) -> None:
    """That is no circle (SEED-3)."""
    write(
        here,
        {
            "base.json": {"users": ["Ana"]},
            "a.json": {"extends": "base.json", "users": ["Bob"]},
            "b.json": {"extends": ["base.json", "base.json"], "users": ["Cid"]},
        },
    )
    assert people(Seed({"extends": ["a.json", "b.json", "base.json"]}), here) == ("Ana", "Bob", "Cid")


# Scenarios


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_can_be_extended(here: Path, name: str) -> None:
    """By its name (SEED-3)."""
    loaded = Seed({"extends": name, "users": {"Zoe": {}}}).loaded(here)
    assert loaded.people[-1] == "Zoe" or "Zoe" in loaded.people
    assert people(Seed.scenario(name), here) == tuple(one for one in loaded.people if one != "Zoe")


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
    assert people(Seed({"extends": extends}), here) == players


def test_a_scenario_is_told_by_its_name_and_parameters() -> None:
    """As in the id of a test case (SEED-3)."""
    assert repr(Seed.scenario("lobby")) == "<seed lobby>"
    assert repr(Seed.scenario("reserved_seats", players=3, reserved=1)) == (
        "<seed reserved_seats-players=3-reserved=1>"
    )


@pytest.mark.parametrize(
    ("extends", "said"),
    [
        ("lobbi", "There is no scenario 'lobbi'; did you mean lobby?"),
        ("", f"There is no scenario ''; there are {', '.join(SCENARIOS)}."),
        ([""], f"There is no scenario ''; there are {', '.join(SCENARIOS)}."),
        ({"scenario": "lobbi"}, "There is no scenario 'lobbi'; did you mean lobby?"),
        ("x.toml", f"There is no scenario 'x.toml'; there are {', '.join(SCENARIOS)}."),
        ({"scenario": "lobby", "seats": 2}, "The scenario lobby has no parameter 'seats'; it has: players."),
        (
            {"scenario": "lobby", "players": 9},
            "The scenario lobby: players is an integer from 1 to 7, not 9.",
        ),
        (
            {"scenario": "lobby", "players": None},
            "The scenario lobby: players is an integer from 1 to 7, not None.",
        ),
    ],
)
def test_a_scenario_that_there_is_not_is_refused(here: Path, extends: Any, said: str) -> None:
    """With whoever asked for it (SEED-3)."""
    assert error_of(lambda: Seed({"extends": extends}).loaded(here)) == f"{said}\nextended by: the seed"


# What is wrong in them


def test_a_file_that_there_is_not_is_told_with_the_seed_that_names_it(here: Path) -> None:
    """The one that names it, and not the first of the chain (SEED-3)."""
    write(here, {"seeds/a.json": {"extends": "b.json"}, "seeds/b.json": {"extends": "none.json"}})
    missing = f"The file {here / 'seeds' / 'none.json'} cannot be read: No such file or directory."
    for seed in (Seed.read("seeds/a.json"), Seed({"extends": "seeds/a.json"})):
        assert error_of(lambda seed=seed: seed.loaded(here)) == f"{missing}\nextended by: seeds/b.json"  # type: ignore[misc]
    text = f"The file {here / 'none.json'} cannot be read: No such file or directory.\nextended by: mine"
    assert error_of(lambda: Seed({"extends": "none.json"}, name="mine").loaded(here)) == text


def test_what_has_not_the_seed_form_is_told_with_the_seed_that_names_it(here: Path) -> None:
    """The place is the one in the file that is wrong (SEED-1, SEED-3)."""
    write(here, {"bad.json": {"users": 7}})
    assert error_of(lambda: Seed({"extends": "bad.json"}).loaded(here)) == (
        "Expected a list of names, or an object of users by name; got 7.\n"
        "where: /users in bad.json\nrule: SEED-1\nextended by: the seed"
    )


CIRCLES: dict[str, tuple[dict[str, dict[str, Any]], str]] = {
    "itself": ({"a.json": {"extends": "a.json"}}, "a.json extends a.json"),
    "each other": (
        {"a.json": {"extends": "b.json"}, "b.json": {"extends": ["a.json"]}},
        "a.json extends b.json extends a.json",
    ),
    "by another way": (
        {"a.json": {"extends": "sub/b.json"}, "sub/b.json": {"extends": "../sub/../a.json"}},
        "a.json extends sub/b.json extends a.json",
    ),
    "further on": (
        {"a.json": {"extends": "b.json"}, "b.json": {"extends": "c.json"}, "c.json": {"extends": ["lobby", "b.json"]}},
        "a.json extends b.json extends c.json extends b.json",
    ),
}


@pytest.mark.parametrize(("seeds", "circle"), CIRCLES.values(), ids=CIRCLES)
def test_a_seed_cannot_extend_itself(here: Path, seeds: dict[str, dict[str, Any]], circle: str) -> None:
    """Be it through others (SEED-3)."""
    write(here, seeds)
    text = f"A seed cannot extend itself: {circle}.\nrule: SEED-3"
    assert error_of(lambda: Seed.read("a.json").loaded(here)) == text
    assert error_of(lambda: Seed({"extends": "a.json"}).loaded(here)) == text


# Which of them an error names


PARTS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    # A base, what extends it, and where the error is.
    "only the base says it": (
        {"users": {"Ana": {"follows": ["Zoe"]}}},
        {"users": {"Bob": {}}},
        'There is no user "Zoe"; there are: Ana, Bob.\nwhere: /users/Ana/follows in base.json\nrule: SEED-2',
    ),
    "the later one says it": (
        {"users": {"Ana": {"follows": []}}},
        {"users": {"Ana": {"follows": ["Zoe"]}}},
        'There is no user "Zoe"; there are: Ana.\nwhere: /users/Ana/follows in over.json\nrule: SEED-2',
    ),
    "both say it": (
        {"users": {"Ana": {"follows": ["Yan"]}}},
        {"users": {"Ana": {"follows": ["Zoe"]}}},
        'There is no user "Zoe"; there are: Ana.\nwhere: /users/Ana/follows in over.json\nrule: SEED-2',
    ),
    "a whole section": (
        {"now": "2026-01-01T12:00:00Z", "users": ["Ana"]},
        {"sessions": {"one": {"template": "duel"}}},
        (
            "There is no template duel in 5c1d0000-0000-4000-8000-000000000001; it has lobby, game, ticket, large.\n"
            "where: /sessions/one/template in over.json\nrule: TMPL-1"
        ),
    ),
    "names alone": (
        {"users": ["Ana", ""]},
        {"users": ["Bob"]},
        "A caller's name is not empty.\nwhere: /users/ in base.json\nrule: SEED-1",
    ),
    "a label with a slash": (
        {"sessions": {"a/b~": {"template": "duel"}}},
        {"sessions": {"one": {"template": "lobby"}}},
        (
            'Expected a name of 1 to 99 printable characters, no slash; got "a/b~".\n'
            "where: /sessions/a~1b~0/name in base.json\nrule: CALL-15"
        ),
    ),
    "another field of the same record": (
        {"users": ["Ana"], "sessions": {"one": {"template": "lobby", "members": ["Zoe"]}}},
        {"sessions": {"one": {"properties": {"custom": {"a": 1}}}}},
        'There is no user "Zoe"; there are: Ana.\nwhere: /sessions/one/members in base.json\nrule: SEED-2',
    ),
    "what the base lacks": (
        {"users": ["Ana"]},
        {"sessions": {"one": {}}},
        "The field template is required here.\nwhere: /sessions/one in over.json\nrule: SEED-1",
    ),
}


@pytest.mark.parametrize(("base", "over", "said"), PARTS.values(), ids=PARTS)
def test_an_error_names_the_seed_that_says_it_last(
    here: Path, base: dict[str, Any], over: dict[str, Any], said: str
) -> None:
    """That is where it can be mended (SEED-3)."""
    write(here, {"base.json": base, "over.json": {**over, "extends": "base.json"}})
    assert error_of(lambda: Seed.read("over.json").loaded(here)) == said


def test_an_error_in_a_combination_names_the_side(here: Path) -> None:
    """By the names that the seeds have (SEED-4)."""
    one = Seed({"users": {"Ana": {"follows": ["Zoe"]}}}, name="one")
    other = Seed({"users": {"Bob": {"follows": ["Zoe"]}}}, name="other")
    assert (
        error_of(lambda: (one | {"users": ["Bob"]}).loaded(here)).splitlines()[1] == "where: /users/Ana/follows in one"
    )
    assert error_of(lambda: (other | {"users": ["Ana"]}).loaded(here)).splitlines()[1] == (
        "where: /users/Bob/follows in other"
    )
    assert error_of(lambda: (Seed.scenario("lobby") | other).loaded(here)).splitlines()[1] == (
        "where: /users/Bob/follows in other"
    )


def test_an_error_in_a_scenario_names_it(here: Path) -> None:
    """A scenario is fine by itself, so somebody took out what it needs (SEED-2)."""
    said = error_of(lambda: Seed({"extends": "lobby", "users": {"host": None}}).loaded(here))
    assert said.splitlines()[1:] == ["where: /sessions/lobby/members in the scenario lobby", "rule: SEED-2"]
