"""The markers of tests, and the seeds that tests name (SEED-6)."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from errors import error_of
from pytest_xbl import Seed, XboxLive
from pytest_xbl.arrange.markers import Marker, Seeds

NO_SEED = "A seed is a dict, a Seed, or the name of a file or a scenario, not"
LATER = datetime(2026, 6, 1, tzinfo=timezone.utc)


@pytest.fixture
def seeds() -> Seeds:
    """The seeds of a session in which nothing has been read yet."""
    return Seeds()


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A directory with seeds in it."""
    for name in ("one", "two", "more/three"):
        path = tmp_path / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"users": [path.stem]}), encoding="utf-8")
    (tmp_path / "four.yaml").write_text("users: [four]\n", encoding="utf-8")
    (tmp_path / "bare").write_text('{"users": ["bare"]}', encoding="utf-8")
    return tmp_path


def people(seed: Seed, directory: Path | None = None) -> list[str]:
    """Who is in the world that begins with a seed."""
    return list(XboxLive(seed=seed, directory=directory)._world._state.names)


# Markers


def test_a_marker_has_a_seed_or_settings_or_both() -> None:
    """A scenario is a seed; the clock and the form of statistics are settings (SEED-6)."""
    for marker, means in (
        (Marker(), (False, {}, {})),
        (Marker(seed={}), (True, {}, {})),
        (Marker(scenario="lobby"), (True, {}, {})),
        (Marker(scenario="lobby", players=2, now=LATER), (True, {"now": LATER}, {"players": 2})),
        (Marker(now=LATER, values="numbers"), (False, {"now": LATER, "statistics": {"values": "numbers"}}, {})),
        (Marker(scid="x", limits="documented"), (False, {"scid": "x", "limits": "documented"}, {})),
        (Marker(faults=[{"down": True}]), (False, {"faults": [{"down": True}]}, {})),
    ):
        assert (marker.names_a_seed, marker.settings, marker.parameters) == means


OF_A_SCENARIO = "it is a parameter of a scenario, which scenario= names."


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"sede": {}}, "'sede'; did you mean seed=?"),
        ({"players": 4}, f"'players'; {OF_A_SCENARIO}"),
        ({"seed": "one.json", "players": 4, "x": 1}, f"'players'; {OF_A_SCENARIO}"),
        ({"x": 1}, "'x'."),
        ({"scenario": "lobby", "lose": ["bad-body"]}, "'lose'; did you mean loose=?"),
        ({"scenario": "loby", "players": 2, "sed": {}}, "'sed'; did you mean seed=?"),
    ],
)
def test_an_unknown_option_is_an_error(options: dict[str, Any], problem: str) -> None:
    """With the nearest one, beside a scenario too; only a scenario has parameters (SEED-6)."""
    assert error_of(lambda: Marker(**options)) == (
        f"The marker xbl has no option {problem} "
        "Options: seed, scenario, now, scid, values, loose, limits, faults, and parameters of a scenario."
    )


# Named seeds


def test_a_seed_is_named_in_many_ways(seeds: Seeds, here: Path) -> None:
    """By itself, as a dict, by the name of a file or of a scenario (SEED-6)."""
    seed = Seed({"users": ["a"]})
    assert seeds.named(seed, here) is seed
    named: list[Any] = [{"users": ["b"]}, "one.json", "more/three.json", "four.yaml"]
    named += [here / "two.json", Path("two.json"), Path("bare")]
    assert [people(seeds.named(one, here)) for one in named] == [
        [name] for name in ("b", "one", "three", "four", "two", "two", "bare")
    ]
    assert people(seeds.named("full_game", here)) == ["host", "player2", "player3", "player4", "latecomer"]


def test_files_and_scenarios_are_read_once(seeds: Seeds, here: Path) -> None:
    """For a whole test session, however they are named; and a dict is a new seed each time (SEED-6)."""
    one = seeds.named("one.json", here)
    assert seeds.named("../one.json", here / "more") is one
    assert seeds.named(here / "one.json", Path("elsewhere")) is one
    assert seeds.named("two.json", here) is not one
    lobby = seeds.named("lobby", here)
    assert seeds.named("lobby", here / "more") is lobby
    assert seeds.scenario("lobby", {}) is lobby
    four = seeds.scenario("reserved_seats", {"players": 4, "reserved": 1})
    assert seeds.scenario("reserved_seats", {"reserved": 1, "players": 4}) is four
    assert seeds.scenario("reserved_seats", {"reserved": 4, "players": 1}) is not four
    assert seeds.named({}, here) is not seeds.named({}, here)
    assert Seeds().named("one.json", here) is not one


def test_a_file_that_changes_meanwhile_is_not_read_again(seeds: Seeds, here: Path) -> None:
    """A test session has one meaning of a file (SEED-6)."""
    seeds.named("one.json", here)
    (here / "one.json").write_text("{}", encoding="utf-8")
    assert people(seeds.named("one.json", here)) == ["one"]
    assert people(Seeds().named("one.json", here)) == []


@pytest.mark.parametrize(
    ("named", "text"),
    [
        (None, f"{NO_SEED} None."),
        (["one.json"], f"{NO_SEED} ['one.json']."),
        ("full_gam", "There is no scenario 'full_gam'; did you mean full_game?"),
        (
            {"user": {}},
            'The field "user" is not known here; did you mean "users"?\nwhere: /user in the seed\nrule: SEED-1',
        ),
    ],
)
def test_a_value_that_is_not_a_seed_is_refused(seeds: Seeds, named: Any, text: str) -> None:
    """With the possible values (SEED-1, SEED-6)."""
    assert error_of(lambda: seeds.named(named, Path())) == text


def test_a_missing_file_is_named(seeds: Seeds, here: Path) -> None:
    """With its whole path (SEED-6)."""
    text = f"The file {here / 'missing.json'} cannot be read: No such file or directory."
    assert error_of(lambda: seeds.named("missing.json", here)) == text


# The seed of a test


@pytest.mark.parametrize(
    ("markers", "expected"),
    [
        ([], ["otherwise"]),
        ([Marker()], ["otherwise"]),
        ([Marker(now=LATER)], ["otherwise"]),
        ([Marker(seed={})], []),
        ([Marker(seed={"users": ["a"]})], ["a"]),
        ([Marker(seed=Seed({"users": ["a"]}))], ["a"]),
        ([Marker(seed="one.json")], ["one"]),
        ([Marker(seed={"users": ["a"]}), Marker(seed={"users": ["b"]})], ["a"]),
        ([Marker(now=LATER), Marker(seed="one.json"), Marker(scenario="lobby")], ["one"]),
        ([Marker(scenario="lobby", players=1)], ["host", "newcomer"]),
        ([Marker(scenario="lobby", players=1, seed={"users": ["a"]})], ["host", "newcomer", "a"]),
        ([Marker(scenario="lobby", players=1, seed="two.json"), Marker(seed="one.json")], ["host", "newcomer", "two"]),
    ],
)
def test_the_closest_marker_that_names_a_seed_counts(
    seeds: Seeds, here: Path, markers: list[Marker], expected: list[str]
) -> None:
    """Alone; without any, the test has the seed of the fixture (SEED-6)."""
    assert people(seeds.of_test(markers, {"users": ["otherwise"]}, here)) == expected


def test_settings_of_all_markers_count_the_closest_one_most(seeds: Seeds, here: Path) -> None:
    """Whichever of them names the seed, and more than the seed itself (SEED-6)."""
    early = {"now": "2026-03-01T00:00:00Z", "statistics": {"values": "numbers", "sandbox": "S"}}
    markers = [Marker(now=LATER), Marker(seed=early, now="2026-04-01T00:00:00Z"), Marker(values="strings")]
    xbl = XboxLive(seed=seeds.of_test(markers, {}, here))
    assert (xbl.clock.now, xbl.stats.values, xbl.stats.sandbox) == (LATER, "strings", "S")
    xbl = XboxLive(seed=seeds.of_test(markers[1:], {}, here))
    assert xbl.clock.now == datetime(2026, 4, 1, tzinfo=timezone.utc)


def test_the_seed_of_a_test_is_made_once(seeds: Seeds, here: Path) -> None:
    """Without settings it is the same object for many tests, which share its world (SEED-6)."""
    assert seeds.of_test([Marker(seed="one.json")], {}, here) is seeds.named("one.json", here)
    assert seeds.of_test([], "one.json", here) is seeds.named("one.json", here)
    assert seeds.of_test([Marker(scenario="lobby")], {}, here) is seeds.named("lobby", here)
    assert seeds.of_test([Marker(now=LATER)], "lobby", here) is not seeds.named("lobby", here)


def test_settings_do_not_change_the_seed_of_other_tests(seeds: Seeds, here: Path) -> None:
    """A seed does not change (SEED-4)."""
    seeds.of_test([Marker(scenario="lobby", now=LATER)], {}, here)
    assert XboxLive(seed=seeds.named("lobby", here)).clock.now < LATER


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        (Marker(seed=""), "There is no scenario ''; there are "),
        (Marker(scenario="", players=1), "There is no scenario ''; there are "),
        (Marker(scenario="lobby", player=1), "The scenario lobby has no parameter 'player'; did you mean 'players'?"),
        (Marker(scenario="lobby", seed=7), f"{NO_SEED} 7."),  # type: ignore[arg-type]
        (Marker(seed=0), f"{NO_SEED} 0."),  # type: ignore[arg-type]
        (
            Marker(now="tomorrow"),
            'Expected a time with its zone, as "2026-01-01T12:00:00Z"; got "tomorrow".\nwhere: now\nrule: TIME-1',
        ),
        (
            Marker(values="text"),  # type: ignore[arg-type]
            'Expected one of "numbers", "strings"; got "text".\nwhere: values\nrule: STAT-8',
        ),
        (Marker(scid="mine"), 'Expected a GUID; got "mine".\nwhere: scid\nrule: SEED-13'),
        (
            Marker(seed={"now": "tomorrow"}, now=LATER),
            'Expected a time with its zone, as "2026-01-01T12:00:00Z"; got "tomorrow".\nwhere: /now in the seed\n',
        ),
    ],
    ids=["empty name", "empty scenario", "parameter", "7 besides", "0", "now", "values", "scid", "now in a seed"],
)
def test_a_marker_with_an_impossible_value_is_refused(seeds: Seeds, here: Path, marker: Marker, text: str) -> None:
    """With the text of a seed, at the place of the option; a seed has its own place (SEED-6)."""
    assert error_of(lambda: seeds.of_test([marker], {}, here)).startswith(text)


# Cases


def test_each_name_is_a_case_and_a_pattern_as_many_as_there_are_files(seeds: Seeds, here: Path) -> None:
    """In the order of the names, and the files of a pattern in theirs (SEED-6)."""
    seed = Seed({}, name="mine")
    named: list[Any] = ["t*.json", "lobby", seed, {}, "**/*.json", "four.yaml"]
    named += [here / "one.json", str(here / "o*.json")]
    found = [case.name for case in seeds.cases(named, here)]
    assert found == ["two", "lobby", "mine", "the seed", "three", "one", "two", "four", "one", "one"]


def test_the_cases_of_a_pattern_are_read_once(seeds: Seeds, here: Path) -> None:
    """They are the same seeds that their names mean (SEED-6)."""
    assert seeds.cases(["o*.json"], here)[0] is seeds.named("one.json", here)
    assert seeds.cases([], here) == []


def test_a_name_that_looks_like_a_pattern_can_be_that_of_a_file(seeds: Seeds, here: Path) -> None:
    """As files of parametrized tests are called (SEED-6)."""
    (here / "case[1].json").write_text("{}", encoding="utf-8")
    assert [case.name for case in seeds.cases(["case[1].json"], here)] == ["case[1]"]


@pytest.mark.parametrize("pattern", ["missing.json", "x*.yaml", "nowhere/*.yml", "[.json"])
def test_a_pattern_that_no_file_matches_is_refused(seeds: Seeds, here: Path, pattern: str) -> None:
    """Or a test would silently have no cases (SEED-6)."""
    assert error_of(lambda: seeds.cases([pattern], here)) == f"No file in {here} matches {pattern!r}."


@pytest.mark.parametrize("named", [7, None, "fullgame"])
def test_a_case_that_cannot_be_is_refused(seeds: Seeds, here: Path, named: Any) -> None:
    """Like a seed (SEED-6)."""
    assert error_of(lambda: seeds.cases(["lobby", named], here)) == error_of(lambda: seeds.named(named, here))


def test_a_name_in_extends_is_relative_to_the_file_that_has_it(seeds: Seeds, here: Path) -> None:
    """And in a dict to the directory of the test, so that the same dict can mean another file elsewhere (SEED-3)."""
    (here / "more" / "one.json").write_text('{"users": ["other"]}', encoding="utf-8")
    (here / "more" / "base.json").write_text('{"extends": "one.json"}', encoding="utf-8")
    assert people(seeds.named("more/base.json", here), here) == ["other"]
    seed = Seed({"extends": "one.json"})
    assert (people(seed, here), people(seed, here / "more"), people(seed, here)) == (["one"], ["other"], ["one"])


@pytest.mark.parametrize("settings", [{"now": LATER}, {"values": "strings"}], ids=["now", "values"])
def test_a_seed_with_settings_is_made_once(seeds: Seeds, here: Path, settings: dict[str, Any]) -> None:
    """However many tests have both, and wherever they are (SEED-6)."""
    first, again, other = (
        seeds.of_test([Marker(seed=name, **settings)], {}, here) for name in ("one.json", "one.json", "two.json")
    )
    assert first is again
    assert first is not other
    assert first._load(here) is again._load(here / "more")
