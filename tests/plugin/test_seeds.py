"""How a test says what its world begins with: markers, the fixture `xbl_seed`, the setting, scenarios as test cases."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_xbl.arrange.scenarios import listing

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

ABSENT = os.strerror(2)
"""What the system says of a file that is not there."""
NEEDS_PYYAML = "is YAML, which takes PyYAML: pip install 'pytest-xbl[yaml]', or use JSON."


def people(*names: str) -> str:
    """A file with these users."""
    return json.dumps({"users": names})


def error_in(result: pytest.RunResult) -> str:
    """All that is told of the one error of a run, below its title."""
    (title,) = (number for number, line in enumerate(result.outlines) if re.match(r"_+ ERROR .* _+$", line))
    end = next(number for number, line in enumerate(result.outlines) if number > title and line.startswith("==="))
    return "\n".join(result.outlines[title + 1 : end])


def ids_in(result: pytest.RunResult) -> list[str]:
    """The ids of the tests of a run that was told to be verbose, as far as they passed."""
    found = (re.search(r"test_it\.py::(.+?) PASSED|PASSED test_it\.py::(.+?) *$", line) for line in result.outlines)
    return [one[1] or one[2] for one in found if one]


# The marker xbl


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ('seed={"users": ["Ana"]}', ["Ana"]),
        ('seed=Seed().user("Ana")', ["Ana"]),
        ('seed="seeds/ana.json"', ["Ana"]),
        ('seed="seeds/ana.yaml"', ["Ana"]),
        ('seed=Path("seeds") / "ana.yml"', ["Ana"]),
        ('seed="restricted_player"', ["host", "player2", "child", "lobby"]),
        ('scenario="restricted_player"', ["host", "player2", "child", "lobby"]),
        ('scenario="restricted_player", players=1', ["host", "child", "lobby"]),
        ('scenario="reserved_seats", players=1, reserved=1', ["host", "guest1", "stranger", "lobby"]),
        ('scenario="restricted_player", players=1, seed={"users": ["Ana"]}', ["host", "child", "Ana", "lobby"]),
        ('scenario="restricted_player", players=1, seed="seeds/ana.json"', ["host", "child", "Ana", "lobby"]),
        ("seed={}", []),
        ("", []),
    ],
)
def test_a_marker_names_what_the_test_starts_from(runner: Runner, said: str, names: list[str]) -> None:
    """A dict, a Seed, a file beside the test, a scenario with parameters, or a seed on top of a scenario (SEED-6)."""
    runner.file("below/seeds/ana.json", people("Ana"))
    runner.file("below/seeds/ana.yaml", "users: [Ana]\n")
    runner.file("below/seeds/ana.yml", "users: {Ana: {}}\n")
    runner.file(
        "below/test_below.py",
        f"""
        from pathlib import Path
        import pytest
        from pytest_xbl import Seed

        @pytest.mark.xbl({said})
        def test_below(xbl_scenario):
            assert list(xbl_scenario) == {names}
        """,
    )
    runner.again("--strict-markers").assert_outcomes(passed=1)


def test_a_seed_beside_a_scenario_counts_more(runner: Runner) -> None:
    """They are combined as seeds are (SEED-4)."""
    result = runner.run(
        """
        import pytest

        @pytest.mark.xbl(scenario="restricted_player", seed={"users": {"child": {"gamertag": "Kid"}}})
        def test_more(xbl_scenario):
            assert (xbl_scenario.child.gamertag, xbl_scenario.host.gamertag) == ("Kid", "host")

        @pytest.mark.xbl(scenario="restricted_player", seed={"sessions": {"lobby": None}, "users": {"host": None}})
        def test_less(xbl_scenario):
            assert list(xbl_scenario) == ["player2", "child"]

        @pytest.mark.xbl(scenario="restricted_player", seed={"users": {"host": None}})
        def test_too_little(xbl):
            pass
        """
    )
    result.assert_outcomes(passed=2, errors=1)
    assert error_in(result).splitlines() == [
        'There is no user "host"; there are: player2, child.',
        "where: /sessions/lobby/members in the scenario restricted_player",
        "rule: SEED-2",
    ]


MARKED = """
import pytest

FUNCTION = pytest.mark.xbl(seed={{"users": ["function"], "now": "2026-05-05T05:05:05Z"}})
CLASS = pytest.mark.xbl(seed={{"users": ["class"], "now": "2026-04-04T04:04:04Z"}})
MODULE = pytest.mark.xbl(seed={{"users": ["module"], "now": "2026-03-03T03:03:03Z"}})
LATE = pytest.mark.xbl(now="2027-01-01T00:00:00Z")
LATER = pytest.mark.xbl(now="2028-01-01T00:00:00Z")
STRINGS = pytest.mark.xbl(values="strings")
NUMBERS = pytest.mark.xbl(values="numbers")

pytestmark = [{module}]

def marked(*markers):
    def mark(it):
        for marker in markers:
            it = marker(it)
        return it
    return mark

@marked({class_})
class TestIt:
    @marked({function})
    def test_it(self, xbl):
        shown = xbl.dump()
        values = shown.get("statistics", {{}}).get("values", "numbers")
        assert (list(shown.get("users", ())), xbl.clock.now.year, xbl.clock.now.month, values) == {expected}
"""


@pytest.mark.parametrize(
    ("function", "class_", "module", "expected"),
    [
        ("FUNCTION", "CLASS", "MODULE", (["function"], 2026, 5, "numbers")),
        ("", "CLASS", "MODULE", (["class"], 2026, 4, "numbers")),
        ("", "", "MODULE", (["module"], 2026, 3, "numbers")),
        ("", "", "", ([], 2026, 1, "numbers")),
        ("LATE", "CLASS", "MODULE", (["class"], 2027, 1, "numbers")),
        ("LATE", "LATER", "MODULE", (["module"], 2027, 1, "numbers")),
        ("FUNCTION", "LATE", "", (["function"], 2027, 1, "numbers")),
        ("FUNCTION", "LATE", "LATER", (["function"], 2027, 1, "numbers")),
        ("LATE", "STRINGS", "MODULE", (["module"], 2027, 1, "strings")),
        ("STRINGS", "LATE", "", ([], 2027, 1, "strings")),
        ("NUMBERS", "STRINGS", "LATER", ([], 2028, 1, "numbers")),
        ("FUNCTION, LATE, STRINGS", "", "", (["function"], 2027, 1, "strings")),
        ("LATE", "", "STRINGS, MODULE", (["module"], 2027, 1, "strings")),
    ],
)
def test_the_closest_marker_that_names_a_seed_counts(
    runner: Runner, function: str, class_: str, module: str, expected: tuple[list[str], int, int, str]
) -> None:
    """It alone says what the world begins with; `now` and `values` of all markers add up, the closest counting most."""
    source = MARKED.format(function=function, class_=class_, module=module, expected=expected)
    runner.run(source).assert_outcomes(passed=1)


def test_a_marker_may_say_only_when_it_is_and_how_values_are_shown(runner: Runner) -> None:
    """`now` and `values` are put on what the test starts from otherwise (STAT-8)."""
    result = runner.run(
        """
        from datetime import datetime, timedelta, timezone
        import pytest

        @pytest.fixture
        def xbl_seed():
            return {"users": ["Ana"], "statistics": {"users": {"Ana": {"wins": 3}}}}

        HERE = timezone(timedelta(hours=2))

        @pytest.mark.xbl(now=datetime(2026, 7, 1, 14, tzinfo=HERE), values="strings")
        def test_both(xbl, xbl_scenario):
            assert xbl.clock.now == datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
            ana = xbl_scenario.Ana
            path = f"/users/xuid({ana.xuid})/scids/{xbl.scid}/stats/wins"
            answer = xbl.client(ana).get(path, headers={"X-Xbl-Contract-Version": "1"})
            assert answer.json["scids"][0]["stats"][0]["value"] == "3"

        @pytest.mark.xbl(now="2026-07-01T12:00:00Z")
        def test_now(xbl, xbl_scenario):
            assert (xbl.clock.now.month, list(xbl_scenario)) == (7, ["Ana"])

        @pytest.mark.xbl(values="strings")
        def test_values(xbl, xbl_scenario):
            assert (xbl.clock.now.month, list(xbl_scenario)) == (1, ["Ana"])
        """
    )
    result.assert_outcomes(passed=3)


SCENARIOS = ", ".join(re.findall(r"^(\w+)\(", listing(), re.MULTILINE))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        pytest.param("sede={}", "xbl() got an unexpected keyword argument 'sede'", id="unknown keyword"),
        pytest.param("players=3", "xbl() got an unexpected keyword argument 'players'", id="parameter, no scenario"),
        pytest.param(
            '{"users": []}',
            "The marker xbl takes keywords only: seed=, scenario=, now=, values=, loose=.",
            id="positional",
        ),
        pytest.param('scenario="loby"', "There is no scenario 'loby'; did you mean lobby?", id="scenario misspelt"),
        pytest.param('scenario="tea"', f"There is no scenario 'tea'; there are {SCENARIOS}.", id="unknown scenario"),
        pytest.param("scenario=7", f"There is no scenario 7; there are {SCENARIOS}.", id="scenario of another kind"),
        pytest.param(
            'scenario="reserved_seats", player=3',
            "The scenario reserved_seats has no parameter 'player'; it has: players, reserved.",
            id="unknown parameter",
        ),
        pytest.param(
            'scenario="lobby", players="3"',
            "The scenario lobby: players is an integer from 1 to 7, not '3'.",
            id="parameter of another kind",
        ),
        pytest.param(
            "seed=7",
            "A seed is a dict, a Seed, or the name of a file or a scenario; 7 is none.",
            id="seed of another kind",
        ),
        pytest.param('seed=""', f"There is no scenario ''; there are {SCENARIOS}.", id="no name"),
        pytest.param('seed="none.json"', f"The file {{here}}none.json cannot be read: {ABSENT}.", id="no such file"),
        pytest.param(
            'seed={"users": {"Ana": {"xuid": 7}}}',
            "Expected a string of decimal digits; got 7.\nwhere: /users/Ana/xuid in the seed\nrule: CALL-10",
            id="wrong type",
        ),
        pytest.param(
            'seed="bad.json"',
            'The field "color" is not known here; known here: xuid, gamertag, deviceId, titleId, token, userhash, '
            "privileges, sandbox, present, follows, favorites, blocks.\n"
            "where: /users/Ana/color in bad.json\nrule: SEED-1",
            id="unknown field in a file",
        ),
        pytest.param(
            'seed={"users": ["Ana"], "sessions": {"s": {"template": "lobby", "members": ["Ann"]}}}',
            'There is no user "Ann"; there are: Ana.\nwhere: /sessions/s/members in the seed\nrule: SEED-2',
            id="unknown user",
        ),
        pytest.param(
            'seed="circle.json"',
            "A seed cannot extend itself: circle.json extends circle.json.\n"
            "where: /extends in circle.json\nrule: SEED-3",
            id="circle",
        ),
        pytest.param(
            'now="noon"',
            'Expected a time with its zone, as "2026-01-01T12:00:00Z"; got "noon".\n'
            "where: /now in the seed\nrule: TIME-1",
            id="now",
        ),
        pytest.param(
            'values="words"',
            'Expected one of "numbers", "strings"; got "words".\nwhere: /statistics/values in the seed\nrule: STAT-8',
            id="values",
        ),
    ],
)
def test_a_marker_that_cannot_be_is_an_error_of_its_text_alone(runner: Runner, said: str, text: str) -> None:
    """At setup, of each test that has it, and without a single frame; the test after it is none the worse (SEED-1)."""
    runner.file("bad.json", '{"users": {"Ana": {"color": "red"}}}')
    runner.file("circle.json", '{"extends": "circle.json"}')
    result = runner.run(
        f"""
        import pytest

        @pytest.mark.xbl({said})
        def test_it(xbl):
            pass

        def test_after(xbl_scenario):
            assert list(xbl_scenario) == []
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["_* ERROR at setup of test_it _*"])
    assert error_in(result) == text.replace("{here}", f"{runner.pytester.path}{os.sep}")
    result.stdout.no_fnmatch_line("*pytest_xbl*")


# The fixture xbl_seed


@pytest.mark.parametrize(
    ("scope", "arguments", "seed", "names"),
    [
        ("function", "", '{"users": ["Ana"]}', ["Ana"]),
        ("session", "", '{"users": ["Ana"]}', ["Ana"]),
        ("function", "", 'Seed().user("Ana")', ["Ana"]),
        ("session", "", 'Seed().user("Ana")', ["Ana"]),
        ("module", "xbl_seed", 'xbl_seed | {"users": ["Ana"]}', ["Stacy", "Ana"]),
        ("session", "xbl_seed", 'xbl_seed.user("Ana")', ["Stacy", "Ana"]),
        ("function", "xbl_seed", '{"users": ["Ana"]} | xbl_seed', ["Ana", "Stacy"]),
        ("function", "", '"ana.json"', ["Ana"]),
        ("function", "", 'Path("ana.json")', ["Ana"]),
        ("session", "", '"restricted_player"', ["host", "player2", "child", "lobby"]),
        ("function", "request", "Seed().user(request.node.name)", ["test_it"]),
    ],
)
def test_the_fixture_xbl_seed_may_be_overridden(
    runner: Runner, scope: str, arguments: str, seed: str, names: list[str]
) -> None:
    """By a dict, a Seed, a file beside the test, or a scenario; also by what extends the given one, at any scope."""
    runner.file("stacy.json", people("Stacy"))
    runner.file("ana.json", people("Ana"))
    runner.pytester.makeini("[pytest]\nxbl_seed = stacy.json\n")
    result = runner.run(
        f"""
        from pathlib import Path
        import pytest
        from pytest_xbl import Seed

        @pytest.fixture(scope="{scope}")
        def xbl_seed({arguments}):
            return {seed}

        def test_it(xbl_scenario):
            assert list(xbl_scenario) == {names}
        """
    )
    result.assert_outcomes(passed=1)


def test_a_directory_of_tests_has_a_seed_of_its_own(runner: Runner) -> None:
    """A conftest there overrides the fixture, and may extend the one of the directory above."""
    for directory, name in ((".", "Ana"), ("below", "Stacy"), ("below/further", "Mike")):
        runner.file(
            f"{directory}/conftest.py",
            f"""
            import pytest

            @pytest.fixture(scope="session")
            def xbl_seed(xbl_seed):
                return xbl_seed | {{"users": ["{name}"]}}
            """,
        )
    for directory, names in ((".", ["Ana"]), ("below", ["Ana", "Stacy"]), ("below/further", ["Ana", "Stacy", "Mike"])):
        runner.file(
            f"{directory}/test_{len(names)}.py",
            f"""
            def test_it(xbl_scenario):
                assert list(xbl_scenario) == {names}
            """,
        )
    runner.again("--import-mode=importlib").assert_outcomes(passed=3)


def test_the_given_seed_is_empty_and_may_be_asked_for(runner: Runner) -> None:
    """Without the setting `xbl_seed` gives an empty Seed; a test may use it without a world."""
    result = runner.run(
        """
        from pytest_xbl import Seed

        def test_alone(xbl_seed):
            assert isinstance(xbl_seed, Seed)

        def test_with_a_world(xbl, xbl_seed, xbl_scenario):
            assert (list(xbl_scenario), len(xbl.sessions), xbl.dump().keys()) == ([], 0, {"now"})
        """
    )
    result.assert_outcomes(passed=2)


def test_what_xbl_seed_cannot_be_is_an_error_of_its_text_alone(runner: Runner) -> None:
    """As with a marker; what the fixture itself raises shows its own lines."""
    source = """
        import pytest
        from pytest_xbl import Seed

        @pytest.fixture
        def xbl_seed():
            return {}

        def test_it(xbl):
            pass
    """
    result = runner.run(source.format("None"))
    result.assert_outcomes(errors=1)
    assert error_in(result) == "A seed is a dict, a Seed, or the name of a file or a scenario; None is none."
    result = runner.run(source.format('Seed({"users": 7})'))
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            '>       return Seed({"users": 7})',
            "E       pytest_xbl.errors.XblError: Expected a list of names, or an object of users by name; got 7.",
            "E       where: /users in the seed",
            "E       rule: SEED-1",
        ]
    )
    result.stdout.no_fnmatch_line(f"*pytest_xbl{os.sep}*")


# The setting xbl_seed

NAMED = "named by: the setting xbl_seed"


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("seeds/ana.json", ["Ana"]),
        ("seeds/ana.yaml", ["Ana"]),
        ("restricted_player", ["host", "player2", "child", "lobby"]),
        ("", []),
    ],
)
def test_the_setting_is_what_every_test_starts_from(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, setting: str, names: list[str]
) -> None:
    """A file, relative to the file of the settings wherever pytest is started, or the name of a scenario (SEED-6)."""
    runner.file("seeds/ana.json", people("Ana"))
    runner.file("seeds/ana.yaml", "users: [Ana]\n")
    runner.pytester.makeini(f"[pytest]\nxbl_seed = {setting}\n")
    runner.file(
        "below/test_below.py",
        f"""
        def test_one(xbl_scenario):
            assert list(xbl_scenario) == {names}

        def test_two(xbl_scenario):
            assert list(xbl_scenario) == {names}
        """,
    )
    runner.again().assert_outcomes(passed=2)
    monkeypatch.chdir(runner.pytester.path / "below")
    runner.again().assert_outcomes(passed=2)


def test_without_a_file_of_settings_the_root_directory_counts(runner: Runner) -> None:
    """The setting can come from the command line alone."""
    runner.file("seeds/ana.json", people("Ana"))
    result = runner.run(
        """
        def test_it(xbl_scenario, pytestconfig):
            assert pytestconfig.inipath is None
            assert list(xbl_scenario) == ["Ana"]
        """,
        *("-o", "xbl_seed=seeds/ana.json", f"--rootdir={runner.pytester.path}"),
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("none.json", f"The file {{here}}none.json cannot be read: {ABSENT}.\n{NAMED}"),
        ("loby", f"There is no scenario 'loby'; did you mean lobby?\n{NAMED}"),
        pytest.param(
            "bad.json",
            "Expected a list of names, or an object of users by name; got 7.\n"
            f"where: /users in bad.json\nrule: SEED-1\n{NAMED}",
        ),
        pytest.param(
            "bad.yaml",
            "The file is not YAML: expected ',' or ']', but got '<stream end>' in line 2, column 1.\n"
            f"where: bad.yaml\nrule: SEED-1\n{NAMED}",
        ),
        (
            "late.json",
            'There is no user "Ana"; there are: none.\nwhere: /sessions/s/members in late.json\nrule: SEED-2',
        ),
    ],
    ids=["no such file", "scenario misspelt", "wrong type", "no YAML", "unknown user"],
)
def test_a_bad_setting_is_an_error_of_its_text_alone(runner: Runner, setting: str, text: str) -> None:
    """At the setup of every test that uses `xbl`, and of no other."""
    runner.file("bad.json", '{"users": 7}')
    runner.file("bad.yaml", "users: [Ana\n")
    runner.file("late.json", '{"sessions": {"s": {"template": "lobby", "members": ["Ana"]}}}')
    runner.pytester.makeini(f"[pytest]\nxbl_seed = {setting}\n")
    result = runner.run(
        """
        def test_it(xbl):
            pass

        def test_other():
            pass
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    assert error_in(result) == text.replace("{here}", f"{runner.pytester.path}{os.sep}")
    result.stdout.no_fnmatch_line("*pytest_xbl*")


def test_a_bad_setting_does_not_matter_where_nobody_asks_for_it(runner: Runner) -> None:
    """Neither to a test whose `xbl_seed` is overridden, nor to a test case of a scenario (SEED-6)."""
    runner.pytester.makeini("[pytest]\nxbl_seed = none.json\n")
    result = runner.run(
        """
        import pytest

        class TestIt:
            @pytest.fixture
            def xbl_seed(self):
                return {"users": ["Ana"]}

            def test_overridden(self, xbl_scenario):
                assert list(xbl_scenario) == ["Ana"]

            @pytest.mark.xbl(seed={"users": ["Bob"]})
            def test_marked_besides(self, xbl_scenario):
                assert list(xbl_scenario) == ["Bob"]

        @pytest.mark.xbl_scenarios("lobby")
        def test_case(xbl_scenario):
            assert "host" in xbl_scenario
        """
    )
    result.assert_outcomes(passed=3)


# Which of them counts

CASE = '@pytest.mark.xbl_scenarios(Seed().user("case"))'
MARKER = '@pytest.mark.xbl(seed={"users": ["marker"]})'
SETTINGS_ALONE = '@pytest.mark.xbl(values="strings")'
FIXTURE = """
@pytest.fixture(scope="session")
def xbl_seed():
    return {"users": ["fixture"]}
"""
DIRECT = '@pytest.mark.parametrize("xbl_seed", [{"users": ["direct"]}])'


@pytest.mark.parametrize("setting", ["setting.json", ""], ids=["a setting", "no setting"])
@pytest.mark.parametrize("fixture", [FIXTURE, ""], ids=["a fixture", "no fixture"])
@pytest.mark.parametrize(
    ("decorators", "first"),
    [
        ((MARKER,), "marker"),
        ((MARKER, DIRECT), "marker"),
        ((CASE,), "case"),
        ((CASE, SETTINGS_ALONE), "case"),
        ((DIRECT,), "direct"),
        ((SETTINGS_ALONE,), None),
        ((), None),
    ],
)
def test_the_first_of_them_counts_alone(
    runner: Runner, decorators: tuple[str, ...], first: str | None, fixture: str, setting: str
) -> None:
    """The marker, the scenario of the test case, the fixture, the setting: in this order (SEED-6)."""
    runner.file("setting.json", people("setting"))
    runner.pytester.makeini(f"[pytest]\nxbl_seed = {setting}\n")
    expected = first or ("fixture" if fixture else "setting" if setting else None)
    test = f"def test_it(xbl_scenario):\n    assert list(xbl_scenario) == {[expected] if expected else []}\n"
    source = "\n".join(("import pytest", "from pytest_xbl import Seed", fixture, *decorators, test))
    runner.run(source).assert_outcomes(passed=1)


# The marker xbl_scenarios


def test_each_scenario_is_a_test_case_with_a_readable_id(runner: Runner) -> None:
    """Names, files, patterns over JSON and YAML files, Seeds and dicts, in the order in which they are named."""
    runner.file("seeds/two.json", people("Ana", "Stacy"))
    runner.file("seeds/one.yaml", "users: [Ana]\n")
    runner.file("seeds/further/three.yml", "users: [Ana, Stacy, Mike]\n")
    runner.file("seeds/further/four.json", people("a", "b", "c", "d"))
    runner.file("seeds/notes.txt", "no seed")
    result = runner.run(
        """
        from pathlib import Path
        import pytest
        from pytest_xbl import Seed

        @pytest.mark.xbl_scenarios("lobby", "restricted_player")
        def test_names(xbl_scenario):
            assert "host" in xbl_scenario

        @pytest.mark.xbl_scenarios("seeds/*.json", "seeds/*.yaml", "seeds/**/*.yml", "seeds/further/four.json")
        def test_files(request, xbl_scenario):
            name = ["none", "one", "two", "three", "four"][len(xbl_scenario.users)]
            assert request.node.name == f"test_files[{name}]"

        @pytest.mark.xbl_scenarios("seeds/**/*.json", Path("seeds/one.yaml"))
        def test_patterns(xbl_scenario):
            assert "host" not in xbl_scenario

        @pytest.mark.xbl_scenarios(
            Seed.scenario("lobby", players=2),
            Seed.scenario("reserved_seats", players=1, reserved=1),
            Seed(name="a party").user("Ana"),
            Seed.read(Path(__file__).parent / "seeds/two.json") | {"users": ["Mike"]},
            {"users": ["Ana"]},
        )
        def test_seeds(xbl_scenario):
            assert len(xbl_scenario.users) in (1, 3)
        """,
        *("-v", "--strict-markers"),
    )
    assert ids_in(result) == [
        "test_names[lobby]",
        "test_names[restricted_player]",
        "test_files[two]",
        "test_files[one]",
        "test_files[three]",
        "test_files[four]",
        "test_patterns[four]",
        "test_patterns[two]",
        "test_patterns[one]",
        "test_seeds[lobby-players=2]",
        "test_seeds[reserved_seats-players=1-reserved=1]",
        "test_seeds[a party]",
        "test_seeds[two]",
        "test_seeds[the seed]",
    ]
    result.assert_outcomes(passed=14)


def test_the_files_of_test_cases_lie_beside_the_test(runner: Runner) -> None:
    """Wherever pytest is started; an absolute pattern is one, too."""
    runner.file("below/seeds/one.json", people("Ana"))
    runner.file(
        "below/test_below.py",
        """
        from pathlib import Path
        import pytest

        @pytest.mark.xbl_scenarios("seeds/*.json", f"{Path(__file__).parent}/seeds/o?e.json")
        def test_it(xbl_scenario):
            assert list(xbl_scenario) == ["Ana"]
        """,
    )
    runner.again().assert_outcomes(passed=2)


def test_scenarios_multiply_with_other_parameters(runner: Runner) -> None:
    """With `parametrize` besides, there is a test case for each pair."""
    result = runner.run(
        """
        import pytest

        @pytest.mark.parametrize("number", [1, 2])
        @pytest.mark.xbl_scenarios("lobby", "full_game")
        @pytest.mark.parametrize("letter", ["a", "b"])
        def test_it(xbl_scenario, number, letter):
            assert "host" in xbl_scenario
        """,
        "-v",
    )
    assert sorted(ids_in(result)) == sorted(
        f"test_it[{name}-{letter}-{number}]" for name in ("lobby", "full_game") for letter in "ab" for number in (1, 2)
    )


def test_a_class_of_tests_runs_for_each_scenario(runner: Runner) -> None:
    """The marker on a class is for all of its tests, unless one has another; `now` on the test adds to it."""
    result = runner.run(
        """
        import pytest

        @pytest.mark.xbl_scenarios("lobby", "full_game")
        class TestIt:
            def test_one(self, xbl):
                assert xbl.clock.now.year == 2026

            @pytest.mark.xbl(now="2027-01-01T00:00:00Z")
            def test_two(self, xbl, xbl_scenario):
                assert xbl.clock.now.year == 2027
                assert "host" in xbl_scenario

            @pytest.mark.xbl_scenarios("found_match")
            def test_three(self, xbl_scenario):
                assert "match" in xbl_scenario

            @pytest.mark.usefixtures("xbl")
            def test_four(self):
                pass
        """,
        "-v",
    )
    assert ids_in(result) == [
        "TestIt::test_one[lobby]",
        "TestIt::test_one[full_game]",
        "TestIt::test_two[lobby]",
        "TestIt::test_two[full_game]",
        "TestIt::test_three[found_match]",
        "TestIt::test_four[lobby]",
        "TestIt::test_four[full_game]",
    ]
    result.assert_outcomes(passed=7)


@pytest.mark.parametrize(
    ("decorators", "fixtures", "text"),
    [
        pytest.param(
            '@pytest.mark.xbl_scenarios("lobby")',
            "",
            "test_it is marked with xbl_scenarios and does not use the fixture xbl.",
            id="no xbl",
        ),
        pytest.param(
            "@pytest.mark.xbl_scenarios()",
            "xbl",
            "test_it: xbl_scenarios takes names, one by one, and nothing else.",
            id="no names",
        ),
        pytest.param(
            "@pytest.mark.xbl_scenarios",
            "xbl",
            "test_it: xbl_scenarios takes names, one by one, and nothing else.",
            id="not called",
        ),
        pytest.param(
            '@pytest.mark.xbl_scenarios("lobby", players=3)',
            "xbl",
            "test_it: xbl_scenarios takes names, one by one, and nothing else.",
            id="parameters",
        ),
        pytest.param(
            '@pytest.mark.xbl_scenarios(["lobby", "full_game"])',
            "xbl",
            "A seed is a dict, a Seed, or the name of a file or a scenario; ['lobby', 'full_game'] is none.",
            id="a list",
        ),
        pytest.param(
            '@pytest.mark.xbl_scenarios("lobby", "loby")',
            "xbl",
            "There is no scenario 'loby'; did you mean lobby?",
            id="scenario misspelt",
        ),
        pytest.param(
            '@pytest.mark.xbl_scenarios("none/*.json")',
            "xbl",
            "No file fits 'none/*.json' in {here}.",
            id="no file fits",
        ),
        pytest.param(
            '@pytest.mark.xbl_scenarios("none.yaml")', "xbl", "No file fits 'none.yaml' in {here}.", id="no such file"
        ),
        pytest.param(
            '@pytest.mark.xbl_scenarios("bad.json")',
            "xbl",
            "Expected a list of names, or an object of users by name; got 7.\nwhere: /users in bad.json\nrule: SEED-1",
            id="bad file",
        ),
        pytest.param(
            '@pytest.mark.xbl_scenarios("lobby")\n@pytest.mark.xbl(seed={})',
            "xbl",
            "test_it is marked with xbl_scenarios, and with a seed of its own besides.",
            id="a seed besides",
        ),
        pytest.param(
            '@pytest.mark.xbl(scenario="lobby")\n@pytest.mark.xbl_scenarios("lobby")',
            "xbl_scenario",
            "test_it is marked with xbl_scenarios, and with a seed of its own besides.",
            id="a scenario besides",
        ),
        pytest.param(
            '@pytest.mark.xbl_scenarios("lobby")\n@pytest.mark.xbl("lobby")',
            "xbl",
            "The marker xbl takes keywords only: seed=, scenario=, now=, values=, loose=.",
            id="bad marker besides",
        ),
        pytest.param(
            '@pytest.mark.xbl_scenarios("lobby")\n@pytest.mark.xbl(sede={})',
            "xbl",
            "xbl() got an unexpected keyword argument 'sede'",
            id="unknown keyword besides",
        ),
    ],
)
def test_test_cases_that_cannot_be_are_an_error_of_collection(
    runner: Runner, decorators: str, fixtures: str, text: str
) -> None:
    """Its text alone, without a single frame (SEED-1, SEED-6)."""
    runner.file("bad.json", '{"users": 7}')
    result = runner.run(f"import pytest\n\n{decorators}\ndef test_it({fixtures}):\n    pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["_* ERROR collecting test_it.py _*"])
    assert error_in(result) == text.format(here=runner.pytester.path)
    result.stdout.no_fnmatch_line("*pytest_xbl*")


def test_a_seed_whose_meaning_is_wrong_fails_its_own_test_case_alone(runner: Runner) -> None:
    """Files are read, and their form is checked, when tests are collected; worlds are made when they run (SEED-5)."""
    runner.file("seeds/bad.json", '{"sessions": {"s": {"template": "lobby", "members": ["Ana"]}}}')
    runner.file("seeds/good.json", people("Ana"))
    result = runner.run(
        """
        import pytest

        @pytest.mark.xbl_scenarios("seeds/*.json")
        def test_it(xbl):
            pass
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["_* ERROR at setup of test_it[[]bad[]] _*"])
    assert error_in(result).splitlines() == [
        'There is no user "Ana"; there are: none.',
        f"where: /sessions/s/members in {Path('seeds', 'bad.json')}",
        "rule: SEED-2",
    ]


def test_there_are_no_test_cases_of_unittest(runner: Runner) -> None:
    """Pytest makes none of a `TestCase`, so its test would run once, and without any of the scenarios."""
    result = runner.run(
        """
        import unittest
        import pytest

        class TestIt(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def world(self, xbl):
                self.xbl = xbl

            @pytest.mark.xbl_scenarios("lobby")
            def test_it(self):
                pass

            @pytest.mark.xbl(scenario="lobby")
            def test_with_a_seed(self):
                self.assertEqual(len(self.xbl.sessions), 1)
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    assert error_in(result) == (
        "test_it is marked with xbl_scenarios, and pytest makes no test cases of a unittest.TestCase."
    )
    result.stdout.no_fnmatch_line("*pytest_xbl*")


# What is expected at the end

EXPECTING = """
users: [host, guest]
sessions:
  lobby: {template: lobby, members: [host]}
expected:
  sessions:
    lobby: {members: {host: active, guest: active}}
"""


def test_a_file_says_what_is_expected_at_the_end(runner: Runner) -> None:
    """`xbl.assert_state()` compares it, and a failure shows every place, and the line of the test alone (SEED-10)."""
    runner.file("seeds/joining.yaml", EXPECTING)
    runner.file(
        "seeds/renaming.json", json.dumps({"users": ["guest"], "expected": {"users": {"guest": {"gamertag": "G"}}}})
    )
    result = runner.run(
        """
        import pytest

        def join(xbl, user):
            path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby/sessions/lobby"
            body = {"members": {"me": {"properties": {"system": {"active": True}}}}}
            assert xbl.client(user).put(path, json=body).status_code in (200, 201)

        @pytest.mark.xbl_scenarios("seeds/*.yaml", "seeds/*.json")
        def test_it(xbl, xbl_scenario):
            join(xbl, xbl_scenario.guest)
            xbl.assert_state()

        @pytest.mark.xbl(seed="seeds/joining.yaml")
        def test_not_joined(xbl):
            xbl.assert_state()

        def test_nothing(xbl):
            xbl.assert_state()
        """,
        "-v",
    )
    result.assert_outcomes(passed=1, failed=3)
    assert ids_in(result) == ["test_it[joining]"]
    result.stdout.fnmatch_lines(
        [
            "_* test_it[[]renaming[]] _*",
            ">       xbl.assert_state()",
            "E       AssertionError: The state is not as expected:",
            'E       /users/guest/gamertag: expected "G", got "guest"',
            "test_it.py:11: AssertionError",
            "_* test_not_joined _*",
            ">       xbl.assert_state()",
            "E       AssertionError: The state is not as expected:",
            'E       /sessions/lobby/members/guest: expected {"status": "active"}, got nothing',
            "test_it.py:15: AssertionError",
            "_* test_nothing _*",
            ">       xbl.assert_state()",
            "E       pytest_xbl.errors.XblError: Nothing is expected: neither the seed says what, nor the call.",
            "test_it.py:18: XblError",
        ]
    )
    result.stdout.no_fnmatch_line(f"*pytest_xbl{os.sep}*")


# The fixture xbl_scenario


def test_xbl_scenario_is_what_the_seed_has_brought(runner: Runner) -> None:
    """People, sessions and handles by name, also where `xbl` is overridden, and what `xbl.seed` brings later."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture
        def xbl(xbl):
            return {"the world": xbl}

        @pytest.mark.xbl(scenario="invited_friend", players=1)
        def test_it(xbl, xbl_scenario):
            world = xbl["the world"]
            assert [user.name for user in xbl_scenario.users] == ["host", "friend", "stranger"]
            assert list(xbl_scenario.sessions) == ["lobby"]
            assert list(xbl_scenario.handles) == ["invite"]
            assert xbl_scenario.host == xbl_scenario["host"] == person(world.xbl, "host")
            assert xbl_scenario.lobby.document == world.sessions["lobby"].document
            assert xbl_scenario.invite.owner == xbl_scenario.host.xuid
            assert list(world.seed({"users": ["Ana"]})) == list(world.scenario) == ["Ana"]

        def test_nothing(xbl_scenario):
            assert list(xbl_scenario) == []
        """
    )
    result.assert_outcomes(passed=2)


def test_xbl_scenario_needs_the_world_of_the_plugin(runner: Runner) -> None:
    """Whoever overrides `xbl` without the original has no seed, also if another test had one before."""
    result = runner.run(
        """
        import pytest

        def test_before(xbl):
            pass

        class TestIt:
            @pytest.fixture
            def xbl(self):
                return None

            def test_it(self, xbl_scenario):
                pass
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    assert error_in(result) == "xbl_scenario needs the fixture xbl of the plugin, which has been overridden."
    result.stdout.no_fnmatch_line("*pytest_xbl*")


# What the tests of a run share, and what not


COUNTING = """
import json, pathlib
from importlib import import_module
import pytest

module, extending = (import_module(f"pytest_xbl.arrange.{name}") for name in ("seed", "extending"))

counted = {"loaded": [], "read": []}
patches = pytest.MonkeyPatch()


def pytest_configure():
    load_into, read = module.Seed.load_into, extending.read

    def count_load(seed, *arguments, **more):
        counted["loaded"].append(seed.name)
        return load_into(seed, *arguments, **more)

    def count_read(path):
        counted["read"].append(path.name)
        return read(path)

    patches.setattr(module.Seed, "load_into", count_load)
    patches.setattr(extending, "read", count_read)


def pytest_unconfigure():
    patches.undo()
    pathlib.Path("counted.json").write_text(json.dumps(counted))
"""


def test_a_seed_is_worked_out_once_for_all_tests(runner: Runner) -> None:
    """However many tests start from it, and by whatever way they name it; the files that it extends as well."""
    runner.file("conftest.py", COUNTING)
    runner.file("ana.json", '{"extends": "base.json", "users": ["Ana"]}')
    runner.file("base.json", people("Stacy"))
    runner.file("usual.json", people("Mike"))
    runner.pytester.makeini("[pytest]\nxbl_seed = usual.json\n")
    result = runner.run(
        """
        import pytest
        from pytest_xbl import Seed

        OURS = Seed(name="ours").user("Ana")
        many = pytest.mark.parametrize("number", range(5))

        @many
        @pytest.mark.xbl(seed="ana.json")
        def test_file(xbl_scenario, number):
            assert list(xbl_scenario) == ["Stacy", "Ana"]

        @pytest.mark.xbl_scenarios("ana.json", "a*.json")
        def test_case(xbl_scenario):
            assert list(xbl_scenario) == ["Stacy", "Ana"]

        @many
        @pytest.mark.xbl(scenario="lobby", players=2)
        def test_scenario(xbl_scenario, number):
            assert "player2" in xbl_scenario

        @many
        @pytest.mark.xbl(seed=OURS)
        def test_seed(xbl_scenario, number):
            assert list(xbl_scenario) == ["Ana"]

        @many
        def test_setting(xbl_scenario, number):
            assert list(xbl_scenario) == ["Mike"]
        """
    )
    result.assert_outcomes(passed=22)
    counted = json.loads((runner.pytester.path / "counted.json").read_text())
    assert counted["loaded"] == ["ana", "lobby-players=2", "ours", "usual"]
    assert sorted(counted["read"]) == ["ana.json", "base.json", "usual.json"]


def test_tests_do_not_see_what_others_do_to_a_shared_seed(runner: Runner) -> None:
    """Each has a world of its own, whichever part of it is changed; `reset` comes back to the seed, too."""
    result = runner.run(
        """
        import pytest
        from pytest_xbl import Seed

        SHARED = Seed.scenario("invited_friend") | Seed().statistics("host", {"wins": 1}) | Seed().template("mine", {})

        @pytest.fixture(scope="session")
        def xbl_seed():
            return SHARED

        @pytest.fixture(scope="session")
        def first():
            return {}

        @pytest.mark.parametrize("number", range(3))
        def test_it(xbl, xbl_scenario, first, number):
            before = xbl.dump()
            assert before == first.setdefault("dump", before)
            host, stranger = xbl_scenario.host, xbl_scenario.stranger
            xbl.user("another")
            xbl.service("server")
            xbl.follow(host, stranger)
            xbl.block(host, stranger)
            xbl.set_presence(host, present=False)
            xbl.stats.set(host, {"wins": 2})
            xbl.stats.define("wins", access="restricted")
            xbl.templates.add("theirs", {})
            path = xbl_scenario.lobby.ref.path
            assert xbl.client(host).put(path, json={"members": {"me": None}}).status_code == 200
            assert xbl.client(host).delete(f"/handles/{xbl_scenario.invite.id}").status_code == 204
            xbl.handles.create("activity", xbl.sessions.create("lobby", members=[stranger]), owner=stranger)
            xbl.clock.advance(hours=1)
            after = xbl.dump()
            assert [section for section in before if after.get(section) == before[section]] == []
            xbl.reset()
            assert xbl.dump() == before
            xbl.user("another")
        """
    )
    result.assert_outcomes(passed=3)


ALL_WAYS = """
    import pytest
    from pytest_xbl import Seed

    @pytest.mark.xbl_scenarios("lobby", "seeds/*.yaml", "seeds/*.json", Seed.scenario("full_game", players=2))
    def test_case(xbl, xbl_scenario):
        assert len(xbl_scenario.users) in (1, 3, 5)
        xbl.user("another")

    @pytest.mark.parametrize("number", range(4))
    @pytest.mark.xbl(seed="seeds/one.yaml")
    def test_file(xbl, xbl_scenario, number):
        assert list(xbl_scenario) == ["Ana"]
        xbl.user("another")

    @pytest.mark.xbl_scenarios("host_migration", "found_match")
    class TestIt:
        @pytest.mark.parametrize("number", [1, 2])
        def test_it(self, xbl_scenario, number):
            assert "host" in xbl_scenario
"""


@pytest.fixture
def all_ways(runner: Runner) -> list[str]:
    """The ids of the tests above, which are there with their files, and pass."""
    runner.file("seeds/one.yaml", "users: [Ana]\n")
    runner.file("seeds/two.json", people("Ana"))
    ids = ids_in(runner.run(ALL_WAYS, "-v"))
    assert len(ids) == 12
    return ids


@pytest.mark.parametrize("how", [(), ("--dist", "loadfile"), ("--dist", "loadscope")], ids=["load", "file", "scope"])
def test_test_cases_are_the_same_in_several_processes(
    runner: Runner, all_ways: list[str], how: tuple[str, ...]
) -> None:
    """Under pytest-xdist all processes collect the same ids, and all tests pass there."""
    pytest.importorskip("xdist")
    result = runner.run_apart(ALL_WAYS, "-v", "-p", "no:randomly", "-n", "2", *how)
    result.assert_outcomes(passed=12)
    assert sorted(ids_in(result)) == sorted(all_ways)


def test_test_cases_are_the_same_in_random_order(runner: Runner, all_ways: list[str]) -> None:
    """Under pytest-randomly nothing depends on the order."""
    pytest.importorskip("pytest_randomly")
    result = runner.run_apart(ALL_WAYS, "-v", "-p", "randomly")
    result.assert_outcomes(passed=12)
    assert sorted(ids_in(result)) == sorted(all_ways)


# Without PyYAML


@pytest.fixture
def without_pyyaml(runner: Runner) -> Runner:
    """Runs in which PyYAML is not there."""
    runner.file("conftest.py", "import sys\n\nsys.modules['yaml'] = None\n")
    runner.file("ana.json", people("Ana"))
    runner.file("ana.yaml", "users: [Ana]\n")
    return runner


def test_without_pyyaml_all_else_is_there(without_pyyaml: Runner) -> None:
    """Whoever uses JSON does not notice."""
    result = without_pyyaml.run_apart(
        """
        import pytest
        from pytest_xbl import Seed

        @pytest.mark.xbl_scenarios("*.json", "lobby", Seed().user("Ana"))
        def test_it(xbl):
            assert Seed.read(xbl.dump("dump.json") and "dump.json").description == ""
        """,
        *without_pyyaml.quiet,
    )
    result.assert_outcomes(passed=3)


@pytest.mark.parametrize("marker", ['xbl(seed="ana.yaml")', 'xbl_scenarios("lobby", "*.yaml")'])
def test_without_pyyaml_a_yaml_file_is_an_error_that_says_what_to_do(without_pyyaml: Runner, marker: str) -> None:
    """At setup or at collection, without a frame of the plugin."""
    source = f"import pytest\n\n@pytest.mark.{marker}\ndef test_it(xbl):\n    pass\n"
    result = without_pyyaml.run_apart(source, *without_pyyaml.quiet)
    result.assert_outcomes(errors=1)
    assert error_in(result) == f"{without_pyyaml.pytester.path / 'ana.yaml'} {NEEDS_PYYAML}"
    result.stdout.no_fnmatch_line("*pytest_xbl*")


@pytest.mark.parametrize("call", ['xbl.dump("ana.yaml")', 'xbl.seed("ana.yaml")'])
def test_without_pyyaml_a_call_that_needs_it_fails(without_pyyaml: Runner, call: str) -> None:
    """With the same text, and the line of the test alone."""
    result = without_pyyaml.run_apart(f"def test_it(xbl):\n    {call}\n", *without_pyyaml.quiet)
    result.assert_outcomes(failed=1)
    told = f"E       pytest_xbl.errors.XblError: {without_pyyaml.pytester.path / 'ana.yaml'} {NEEDS_PYYAML}"
    assert told in result.outlines
    result.stdout.fnmatch_lines([f">       {call}", "test_it.py:2: XblError"])
    result.stdout.no_fnmatch_line(f"*pytest_xbl{os.sep}*")


# Whose lines a failure shows

MISUSES = [
    'xbl.user("")',
    'xbl.service("")',
    'xbl.users(["Ana"])',
    'xbl.follow("Ana", "Stacy")',
    'xbl.set_presence("Ana", present=True)',
    'xbl.sessions.create("none")',
    'xbl.sessions["none"]',
    'xbl.handles.create("invite", "none", owner=None)',
    'xbl.handles["none"]',
    'xbl.templates.add("", {})',
    "xbl.clock.move_to(3)",
    "xbl.clock.advance(seconds=-1)",
    'xbl.stats.set("Ana", {"wins": 1})',
    'xbl.seed({"users": 7})',
    'xbl.seed({"sessions": {"s": {"template": "none"}}})',
    'xbl.seed("none.json")',
    'xbl.seed("none")',
    "xbl.restore(None)",
    'xbl.dump("none/dump.json")',
    "xbl.assert_state()",
    'xbl.assert_state({"users": 7})',
    'xbl.client("Ana")',
    'xbl.scenario["Ana"]',
    'Seed().user("Ana", xuid=7)',
    'Seed.read("none.json")',
    'Seed.scenario("none")',
]


def test_a_mistake_in_a_test_shows_the_line_of_the_test_alone(runner: Runner) -> None:
    """An XblError is the test author's; no frame of the plugin stands between them and their line."""
    tests = "".join(f"def test_{number}(xbl):\n    {line}\n\n" for number, line in enumerate(MISUSES))
    result = runner.run(f"from pytest_xbl import Seed\n\n{tests}")
    result.assert_outcomes(failed=len(MISUSES))
    for number, line in enumerate(MISUSES):
        result.stdout.fnmatch_lines(
            [
                f"_* test_{number} _*",
                f">       {line}".replace("[", "[[]"),
                "E       pytest_xbl.errors.XblError: *",
                f"test_it.py:{4 + 3 * number}: XblError",
            ]
        )
    result.stdout.no_fnmatch_line(f"*pytest_xbl{os.sep}*")


def test_an_attribute_that_stands_for_nothing_shows_the_line_of_the_test_alone(runner: Runner) -> None:
    """It is an AttributeError, as Python wants it, and a mistake of the test's all the same."""
    result = runner.run("def test_it(xbl_scenario):\n    xbl_scenario.nobody\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            ">       xbl_scenario.nobody",
            "E       AttributeError: The seed has nothing called 'nobody'; it has: nothing.",
            "test_it.py:2: AttributeError",
        ]
    )
    result.stdout.no_fnmatch_line(f"*pytest_xbl{os.sep}*")


def test_a_mistake_inside_a_with_block_shows_its_line_alone(runner: Runner) -> None:
    """The end of `xbl.sandbox` is no frame either."""
    result = runner.run(
        """
        def test_it(xbl):
            with xbl.sandbox():
                xbl.user("")
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [">           xbl.user(*)", "E *XblError: A caller's name is not empty.", "test_it.py:3: XblError"]
    )
    result.stdout.no_fnmatch_line(f"*pytest_xbl{os.sep}*")


@pytest.mark.parametrize(
    ("patched", "line"),
    [
        ("pytest_xbl.xbl.xbox_live.add_user", 'xbl.user("Ana")'),
        ("pytest_xbl.arrange.loading.add_people", "xbl.seed({})"),
        ("pytest_xbl.arrange.expecting.dumped_statistics", 'xbl.assert_state({"users": []})'),
    ],
)
def test_a_bug_of_the_fake_shows_where_it_is(runner: Runner, patched: str, line: str) -> None:
    """Any other exception keeps its frames: whoever mends the fake needs them."""
    result = runner.run(
        f"""
        def bug(*_, **__):
            raise RuntimeError("a bug")

        def test_it(xbl, monkeypatch):
            monkeypatch.setattr("{patched}", bug)
            {line}
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [f">       {line}", "test_it.py:6: *", f"*pytest_xbl{os.sep}*.py:*", "E * RuntimeError: a bug"]
    )


@pytest.mark.parametrize("kind", ["RuntimeError", "TypeError"])
def test_a_bug_of_the_fake_at_setup_shows_where_it_is(runner: Runner, kind: str) -> None:
    """Only what is the author's mistake is told by its text alone, also where both are of one kind."""
    runner.file(
        "conftest.py",
        f"""
        import pytest

        @pytest.fixture(autouse=True)
        def broken(monkeypatch):
            def bug(*_):
                raise {kind}("a bug")

            monkeypatch.setattr("pytest_xbl.arrange.loading.add_people", bug)
        """,
    )
    result = runner.run(
        """
        import pytest

        @pytest.mark.xbl(seed={})
        def test_it(xbl):
            pass
        """
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [f"*pytest_xbl{os.sep}plugin.py:*", f"*pytest_xbl{os.sep}*loading.py:*", f"E * {kind}: a bug"]
    )


# The command line


@pytest.mark.parametrize("more", [(), ("-q",), ("-n", "2"), ("test_it.py",)], ids=str)
def test_the_scenarios_are_listed_on_demand(runner: Runner, more: tuple[str, ...]) -> None:
    """`pytest --xbl-scenarios` prints them with parameters and descriptions; nothing is collected, no test runs."""
    if "-n" in more:
        pytest.importorskip("xdist")
    result = runner.run("raise RuntimeError('collected')\n", "--xbl-scenarios", *more)
    assert result.ret == 0
    assert result.outlines[:8] == [
        "lobby(players=4)",
        "    An open lobby with a host and guests, all of them active, and a newcomer who is not in it yet.",
        "full_game(players=4)",
        "    A game in which every slot is taken, and a latecomer for whom there is none.",
        "private_party(players=3)",
        "    A private party, a guest for whom a place is reserved, and a stranger who may not even see it.",
        "reserved_seats(players=2, reserved=2)",
        "    A lobby that only those join for whom a place is reserved; the reservations last for 30 seconds.",
    ]
    assert result.outlines == listing().splitlines()
    assert result.errlines == []


def test_every_listed_scenario_is_one_that_a_marker_can_name(runner: Runner) -> None:
    """With all of its parameters as they are listed."""
    listed = re.findall(r"^(\w+)\((.*)\)$", listing(), re.MULTILINE)
    tests = "".join(
        f'@pytest.mark.xbl(scenario="{name}", {parameters})\ndef test_{name}(xbl_scenario):\n'
        f"    assert xbl_scenario.users\n\n"
        for name, parameters in listed
    )
    runner.run(f"import pytest\n\n{tests}").assert_outcomes(passed=len(listed))


def test_markers_options_and_settings_say_what_they_are(runner: Runner) -> None:
    """`pytest --markers` and `pytest --help` tell of them."""
    runner.again("--markers").stdout.fnmatch_lines(
        [
            "@pytest.mark.xbl([*], seed, scenario, now, values, loose, [*][*]parameters): what the world of a test *.",
            "@pytest.mark.xbl_scenarios([*]names): run a test once for each scenario, file (patterns too) or Seed.",
        ]
    )
    runner.again("--help").stdout.re_match_lines(
        [
            r"the fake Xbox Live:",
            r"  --xbl-scenarios +list the scenarios that a test can start from",
            r"  xbl_seed \(string\): +the file or the scenario that every test starts from,",
            r" +unless it says otherwise",
        ]
    )


def test_a_test_case_of_unittest_has_no_scenarios(runner: Runner) -> None:
    """Pytest makes no test cases of its methods, which is an error at setup, of its text alone (SEED-6)."""
    result = runner.run(
        """
        import unittest
        import pytest

        class TestIt(unittest.TestCase):
            @pytest.mark.xbl_scenarios("lobby", "full_game")
            def test_it(self):
                pass
        """
    )
    result.assert_outcomes(errors=1)
    text = "test_it is marked with xbl_scenarios, and pytest makes no test cases of a unittest.TestCase."
    assert error_in(result) == text


def test_a_scenario_needs_the_world_of_the_plugin(runner: Runner) -> None:
    """Where `xbl` is something else altogether, `xbl_scenario` says so, by its text alone (SEED-6)."""


def test_a_type_error_of_the_fake_shows_where_it_is(runner: Runner) -> None:
    """Only a keyword that the marker does not have is told by its text alone; what else is of that type is a bug."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture(autouse=True)
        def bug(monkeypatch):
            def raises(*_):
                raise TypeError("a bug")
            monkeypatch.setattr("pytest_xbl.arrange.extending.check_form", raises)

        @pytest.mark.xbl(seed={"users": ["Stacy"]})
        def test_it(xbl):
            pass
        """
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["> * raise TypeError(*", "E * TypeError: a bug"])
