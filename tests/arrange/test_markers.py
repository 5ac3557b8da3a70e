"""How tests name what they start from: seeds, files, scenarios, and what markers say (SEED-6)."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.arrange.markers import Start, Starts

LATER = datetime(2026, 6, 1, tzinfo=timezone.utc)


@pytest.fixture
def starts() -> Starts:
    """Those of a test session in which nothing has been read yet."""
    return Starts()


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
    return list(XboxLive(seed=seed, directory=directory)._world.names())


# What a marker says


def test_a_marker_says_what_a_test_starts_from_or_how() -> None:
    """A seed or a scenario is the former; the clock and how statistics are shown the latter (SEED-6)."""
    told = [
        (start.names_a_seed, start.settings, start.parameters)
        for start in (
            Start(),
            Start(seed={}),
            Start(scenario="lobby"),
            Start(scenario="lobby", players=2, now=LATER),
            Start(values="strings"),
            Start(now="2026-06-01T00:00:00Z", values="numbers"),
        )
    ]
    assert told == [
        (False, {}, {}),
        (True, {}, {}),
        (True, {}, {}),
        (True, {"now": LATER}, {"players": 2}),
        (False, {"statistics": {"values": "strings"}}, {}),
        (False, {"now": "2026-06-01T00:00:00Z", "statistics": {"values": "numbers"}}, {}),
    ]


@pytest.mark.parametrize("said", [{"players": 4}, {"seed": "one.json", "players": 4}, {"players": 4, "x": 1}])
def test_a_keyword_that_is_none_is_an_error_like_any_other(said: dict[str, Any]) -> None:
    """Only a scenario has parameters."""
    with pytest.raises(TypeError) as error:
        Start(**said)
    assert str(error.value) == "xbl() got an unexpected keyword argument 'players'"


# A name, and what is meant by it


def test_a_seed_is_named_in_many_ways(starts: Starts, here: Path) -> None:
    """By itself, as a dict, by the name of a file or of a scenario (SEED-6)."""
    seed = Seed({"users": ["a"]})
    assert starts.named(seed, here) is seed
    assert people(starts.named({"users": ["b"]}, here)) == ["b"]
    assert people(starts.named("one.json", here)) == ["one"]
    assert people(starts.named("more/three.json", here)) == ["three"]
    assert people(starts.named("four.yaml", here)) == ["four"]
    assert people(starts.named(here / "two.json", here)) == ["two"]
    assert people(starts.named(Path("two.json"), here)) == ["two"]
    assert people(starts.named(Path("bare"), here)) == ["bare"]
    assert people(starts.named("full_game", here)) == ["host", "player2", "player3", "player4", "latecomer"]


def test_files_and_scenarios_are_read_once(starts: Starts, here: Path) -> None:
    """For a whole test session, however they are named; and a dict is a new seed each time (SEED-6)."""
    one = starts.named("one.json", here)
    assert starts.named("../one.json", here / "more") is one
    assert starts.named(here / "one.json", Path("elsewhere")) is one
    assert starts.named("two.json", here) is not one
    lobby = starts.named("lobby", here)
    assert starts.named("lobby", here / "more") is lobby
    assert starts.scenario("lobby", {}) is lobby
    four = starts.scenario("reserved_seats", {"players": 4, "reserved": 1})
    assert starts.scenario("reserved_seats", {"reserved": 1, "players": 4}) is four
    assert starts.scenario("reserved_seats", {"reserved": 4, "players": 1}) is not four
    assert starts.named({}, here) is not starts.named({}, here)
    assert Starts().named("one.json", here) is not one


def test_a_file_that_changes_meanwhile_is_not_read_again(starts: Starts, here: Path) -> None:
    """A test session has one meaning of a file (SEED-6)."""
    starts.named("one.json", here)
    (here / "one.json").write_text("{}", encoding="utf-8")
    assert people(starts.named("one.json", here)) == ["one"]
    assert people(Starts().named("one.json", here)) == []


@pytest.mark.parametrize(
    ("named", "text"),
    [
        (7, "A seed is a dict, a Seed, or the name of a file or a scenario; 7 is none."),
        (None, "A seed is a dict, a Seed, or the name of a file or a scenario; None is none."),
        (["one.json"], "A seed is a dict, a Seed, or the name of a file or a scenario; ['one.json'] is none."),
        ("full_gam", "There is no scenario 'full_gam'; did you mean full_game?"),
        (
            {"user": {}},
            'The field "user" is not known here; did you mean "users"?\nwhere: /user in the seed\nrule: SEED-1',
        ),
    ],
)
def test_what_can_be_no_seed_is_refused(starts: Starts, named: Any, text: str) -> None:
    """With what could be one (SEED-1, SEED-6)."""
    with pytest.raises(XblError) as error:
        starts.named(named, Path())
    assert str(error.value) == text


def test_a_missing_file_is_named(starts: Starts, here: Path) -> None:
    """With its whole path (SEED-6)."""
    with pytest.raises(XblError) as error:
        starts.named("missing.json", here)
    assert str(error.value) == f"The file {here / 'missing.json'} cannot be read: No such file or directory."


# What a test starts from


@pytest.mark.parametrize(
    ("markers", "expected"),
    [
        ([], ["otherwise"]),
        ([Start()], ["otherwise"]),
        ([Start(now=LATER)], ["otherwise"]),
        ([Start(seed={})], []),
        ([Start(seed={"users": ["a"]})], ["a"]),
        ([Start(seed=Seed({"users": ["a"]}))], ["a"]),
        ([Start(seed="one.json")], ["one"]),
        ([Start(seed={"users": ["a"]}), Start(seed={"users": ["b"]})], ["a"]),
        ([Start(now=LATER), Start(seed="one.json"), Start(scenario="lobby")], ["one"]),
        ([Start(scenario="lobby", players=1)], ["host", "newcomer"]),
        ([Start(scenario="lobby", players=1, seed={"users": ["a"]})], ["host", "newcomer", "a"]),
        ([Start(scenario="lobby", players=1, seed="two.json"), Start(seed="one.json")], ["host", "newcomer", "two"]),
    ],
)
def test_the_closest_marker_that_names_a_seed_counts(
    starts: Starts, here: Path, markers: list[Start], expected: list[str]
) -> None:
    """Alone; only without any it is what the fixture gives (SEED-6)."""
    assert people(starts.start(markers, {"users": ["otherwise"]}, here)) == expected


def test_settings_of_all_markers_count_the_closest_one_most(starts: Starts, here: Path) -> None:
    """Whichever of them names the seed, and more than the seed itself (SEED-6)."""
    early = {"now": "2026-03-01T00:00:00Z", "statistics": {"values": "numbers", "sandbox": "S"}}
    markers = [Start(now=LATER), Start(seed=early, now="2026-04-01T00:00:00Z"), Start(values="strings")]
    xbl = XboxLive(seed=starts.start(markers, {}, here))
    assert (xbl.clock.now, xbl.stats.values, xbl.stats.sandbox) == (LATER, "strings", "S")
    xbl = XboxLive(seed=starts.start(markers[1:], {}, here))
    assert xbl.clock.now == datetime(2026, 4, 1, tzinfo=timezone.utc)


def test_what_a_test_starts_from_is_worked_out_once(starts: Starts, here: Path) -> None:
    """A seed without settings besides stays the very same, so that many tests share what became of it (SEED-6)."""
    assert starts.start([Start(seed="one.json")], {}, here) is starts.named("one.json", here)
    assert starts.start([], "one.json", here) is starts.named("one.json", here)
    assert starts.start([Start(scenario="lobby")], {}, here) is starts.named("lobby", here)
    assert starts.start([Start(now=LATER)], "lobby", here) is not starts.named("lobby", here)


def test_settings_do_not_change_what_others_start_from(starts: Starts, here: Path) -> None:
    """A seed does not change (SEED-4)."""
    starts.start([Start(scenario="lobby", now=LATER)], {}, here)
    assert XboxLive(seed=starts.named("lobby", here)).clock.now < LATER


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        (Start(seed=""), "There is no scenario ''; there are "),
        (Start(scenario="", players=1), "There is no scenario ''; there are "),
        (Start(scenario="lobby", player=1), "The scenario lobby has no parameter 'player'; it has: players."),
        (Start(scenario="lobby", seed=7), "A seed is a dict, a Seed, or the name of a file or a scenario; 7 is none."),  # type: ignore[arg-type]
        (Start(seed=7), "A seed is a dict, a Seed, or the name of a file or a scenario; 7 is none."),  # type: ignore[arg-type]
        (Start(seed=0), "A seed is a dict, a Seed, or the name of a file or a scenario; 0 is none."),  # type: ignore[arg-type]
        (
            Start(now="tomorrow"),
            (
                'Expected a time with its zone, as "2026-01-01T12:00:00Z"; got "tomorrow".\nwhere: /now in the seed\n'
                "rule: TIME-1"
            ),
        ),
        (
            Start(values="text"),  # type: ignore[arg-type]
            'Expected one of "numbers", "strings"; got "text".\nwhere: /statistics/values in the seed\nrule: STAT-8',
        ),
    ],
    ids=["empty name", "empty scenario", "parameter", "7 besides", "7", "0", "now", "values"],
)
def test_a_marker_that_says_what_cannot_be_is_refused(starts: Starts, here: Path, marker: Start, text: str) -> None:
    """With the same texts as a seed (SEED-6)."""
    with pytest.raises(XblError) as error:
        starts.start([marker], {}, here)
    said = str(error.value)
    assert said == text or (text.endswith("there are ") and said.startswith(text))


# Cases


def test_each_name_is_a_case_and_a_pattern_as_many_as_there_are_files(starts: Starts, here: Path) -> None:
    """In the order of the names, and the files of a pattern in theirs (SEED-6)."""
    seed = Seed({}, name="mine")
    named: list[Any] = [
        "t*.json",
        "lobby",
        seed,
        {},
        "**/*.json",
        "four.yaml",
        here / "one.json",
        str(here / "o*.json"),
    ]
    found = [case.name for case in starts.cases(named, here)]
    assert found == ["two", "lobby", "mine", "the seed", "three", "one", "two", "four", "one", "one"]


def test_the_cases_of_a_pattern_are_read_once(starts: Starts, here: Path) -> None:
    """They are the same seeds that their names mean (SEED-6)."""
    assert starts.cases(["o*.json"], here)[0] is starts.named("one.json", here)
    assert starts.cases([], here) == []


def test_a_name_that_looks_like_a_pattern_can_be_that_of_a_file(starts: Starts, here: Path) -> None:
    """As files of parametrized tests are called (SEED-6)."""
    (here / "case[1].json").write_text("{}", encoding="utf-8")
    assert [case.name for case in starts.cases(["case[1].json"], here)] == ["case[1]"]


@pytest.mark.parametrize("pattern", ["missing.json", "x*.yaml", "nowhere/*.yml", "[.json"])
def test_a_pattern_that_no_file_fits_is_refused(starts: Starts, here: Path, pattern: str) -> None:
    """Or a test would silently have no cases (SEED-6)."""
    with pytest.raises(XblError) as error:
        starts.cases([pattern], here)
    assert str(error.value) == f"No file fits {pattern!r} in {here}."


@pytest.mark.parametrize("named", [7, None, "fullgame"])
def test_a_case_that_cannot_be_is_refused(starts: Starts, here: Path, named: Any) -> None:
    """Like a seed (SEED-6)."""
    with pytest.raises(
        XblError, match=r"^(A seed is a dict, |There is no scenario 'fullgame'; did you mean full_game\?)"
    ):
        starts.cases(["lobby", named], here)


def test_a_name_in_extends_is_relative_to_the_file_that_has_it(starts: Starts, here: Path) -> None:
    """And in a dict to the directory of the test, so that the same dict can mean another file elsewhere (SEED-3)."""
    (here / "more" / "one.json").write_text('{"users": ["other"]}', encoding="utf-8")
    (here / "more" / "base.json").write_text('{"extends": "one.json"}', encoding="utf-8")
    assert people(starts.named("more/base.json", here), here) == ["other"]
    seed = Seed({"extends": "one.json"})
    assert (people(seed, here), people(seed, here / "more"), people(seed, here)) == (["one"], ["other"], ["one"])


@pytest.mark.parametrize("settings", [{"now": LATER}, {"values": "strings"}], ids=["now", "values"])
def test_a_seed_with_settings_besides_is_worked_out_once(starts: Starts, here: Path, settings: dict[str, Any]) -> None:
    """However many tests have both, and wherever they are (SEED-6)."""
    first, again, other = (
        starts.start([Start(seed=name, **settings)], {}, here) for name in ("one.json", "one.json", "two.json")
    )
    assert first is again
    assert first is not other
    assert first.loaded(here) is again.loaded(here / "more")
