"""The start of a test's world: markers, the fixture `xbl_seed`, the setting, scenarios as test cases."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from pytest_xbl import Seed
from pytest_xbl.arrange.files import read
from pytest_xbl.arrange.scenarios import listing
from pytest_xbl.xbl.strictness import MISTAKES

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

HEAD = "import unittest\nfrom pathlib import Path\nimport pytest\nfrom pytest_xbl import Seed\n\n"
RESTRICTED = ["host", "player2", "child", "lobby"]
"""The names in the scenario restricted_player."""
ABSENT = os.strerror(2)
"""The system's text for a file that is not there."""
NO_SEED = "A seed is a dict, a Seed, or the name of a file or a scenario, not"
NO_USERS = "Expected a list of names, or an object of users by name; got 7.\nwhere: /users in bad.json\nrule: SEED-1"
NOBODY = 'There is no user "Ana"; there are: none.\nwhere: /sessions/s/members in {}\nrule: SEED-2'
MISSING_MEMBER = '{"sessions": {"s": {"template": "lobby", "members": ["Ana"]}}}'


def people(*names: str) -> str:
    """A file with these users."""
    return json.dumps({"users": names})


def expecting(rows: Iterable[tuple[str, list[str]]]) -> str:
    """A module with a test for each row: its decorators or first lines, and the names in its scenario."""
    return HEAD + "".join(
        f"{decorators}\ndef test_{number}(xbl_scenario):\n    assert list(xbl_scenario) == {names}\n\n"
        for number, (decorators, names) in enumerate(rows)
    )


# The marker xbl

NAMED_BY_MARKERS = [
    ('seed={"users": ["Ana"]}', ["Ana"]),
    ('seed=Seed().user("Ana")', ["Ana"]),
    ('seed="seeds/ana.json"', ["Ana"]),
    ('seed="restricted_player"', RESTRICTED),
    ('scenario="restricted_player", players=1, seed="seeds/ana.json"', ["host", "child", "Ana", "lobby"]),
    ("", []),
]


def test_a_marker_names_the_seed_of_a_test(runner: Runner) -> None:
    """A dict, a Seed, a file beside the test, a scenario with parameters, or a seed on top of a scenario (SEED-6)."""
    runner.file("below/seeds/ana.json", people("Ana"))
    rows = [(f"@pytest.mark.xbl({options})", names) for options, names in NAMED_BY_MARKERS]
    runner.file("below/test_below.py", expecting(rows))
    runner.again("--strict-markers").assert_outcomes(passed=len(rows))


MARKED = """
import pytest

pytestmark = pytest.mark.xbl(seed={"users": ["module"]}, values="strings")

def test_module(xbl):
    assert (list(xbl.dump()["users"]), xbl.stats.values) == (["module"], "strings")

@pytest.mark.xbl(seed={"users": ["class"]}, now="2027-01-01T00:00:00Z")
class TestIt:
    def test_class(self, xbl):
        assert (list(xbl.dump()["users"]), xbl.clock.now.year, xbl.stats.values) == (["class"], 2027, "strings")

    @pytest.mark.xbl(seed={"users": ["function"]}, now="2028-01-01T00:00:00Z")
    def test_function(self, xbl):
        assert (list(xbl.dump()["users"]), xbl.clock.now.year, xbl.stats.values) == (["function"], 2028, "strings")
"""


def test_the_markers_of_a_test_are_also_those_of_its_class_and_module(runner: Runner) -> None:
    """The closest one comes first (SEED-6)."""
    runner.run(MARKED).assert_outcomes(passed=3)


OPTIONS = "Options: seed, scenario, now, scid, values, loose, limits, faults, and parameters of a scenario."

KEYWORDS = "seed=, scenario=, now=, scid=, values=, loose=, limits=, faults="

IMPOSSIBLE = [
    ("@pytest.mark.xbl(sede={})", f"The marker xbl has no option 'sede'; did you mean seed=? {OPTIONS}"),
    ('@pytest.mark.xbl({"users": []})', f"The marker xbl takes keywords only: {KEYWORDS}."),
    ('@pytest.mark.xbl(scenario="loby")', "There is no scenario 'loby'; did you mean lobby?"),
    ('@pytest.mark.xbl(seed="bad.json")', NO_USERS),
    (f"@pytest.mark.xbl(seed={MISSING_MEMBER})", NOBODY.format("the seed")),
    ('@pytest.mark.parametrize("xbl_seed", [None], ids=["x"])', f"{NO_SEED} None."),
]

OTHER_MISTAKES = """
class TestAnotherWorld:
    @pytest.fixture
    def xbl(self):
        return None

    def test_it(self, xbl_scenario):
        pass

class TestUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def world(self, xbl):
        self.xbl = xbl

    @pytest.mark.xbl_scenarios("lobby")
    def test_it(self):
        pass

    @pytest.mark.xbl(scenario="lobby")
    def test_with_a_seed(self):
        self.assertEqual(len(self.xbl.sessions), 1)

@pytest.mark.xbl_scenarios("seeds/*.json")
def test_case(xbl):
    pass

def test_after(xbl_scenario):
    assert list(xbl_scenario) == []
"""


def test_an_impossible_seed_is_an_error_of_its_text_alone(runner: Runner) -> None:
    """At the setup of its test, and without a frame; other tests and test cases are not affected (SEED-1, SEED-5)."""
    runner.file("bad.json", '{"users": 7}')
    runner.file("seeds/bad.json", MISSING_MEMBER)
    runner.file("seeds/good.json", people("Ana"))
    expected = {
        "TestAnotherWorld.test_it": "xbl_scenario needs the fixture xbl of the plugin, which has been overridden.",
        "TestUnittest.test_it": (
            "test_it is marked with xbl_scenarios, but a test of unittest.TestCase cannot have test cases."
        ),
        "test_case[bad]": NOBODY.format(Path("seeds", "bad.json")),
    }
    source = HEAD
    for number, (decorator, text) in enumerate(IMPOSSIBLE):
        is_case = "parametrize" in decorator
        source += f"{decorator}\ndef test_{number}(xbl{', xbl_seed' if is_case else ''}):\n    pass\n\n"
        expected[f"test_{number}{'[x]' if is_case else ''}"] = text
    result = runner.run(source + OTHER_MISTAKES)
    result.assert_outcomes(passed=3, errors=len(expected))
    assert runner.told(result) == {f"ERROR at setup of {test}": text for test, text in expected.items()}


# The fixture xbl_seed

OVERRIDDEN = [
    ("function", "", '{"users": ["Ana"]}', ["Ana"]),
    ("session", "", 'Seed().user("Ana")', ["Ana"]),
    ("module", "xbl_seed", 'xbl_seed | {"users": ["Ana"]}', ["Stacy", "Ana"]),
    ("session", "xbl_seed", 'xbl_seed.user("Ana")', ["Stacy", "Ana"]),
    ("function", "xbl_seed", '{"users": ["Ana"]} | xbl_seed', ["Ana", "Stacy"]),
    ("function", "", '"ana.json"', ["Ana"]),
    ("session", "", '"restricted_player"', RESTRICTED),
    ("function", "request", "Seed().user(request.node.name)", ["test_0"]),
]


def test_the_fixture_xbl_seed_may_be_overridden(runner: Runner) -> None:
    """By a dict, a Seed, a file beside the test, or a scenario; also by one that extends the given, at any scope."""
    runner.file("stacy.json", people("Stacy"))
    runner.file("ana.json", people("Ana"))
    for number, (scope, arguments, seed, names) in enumerate(OVERRIDDEN):
        fixture = f'@pytest.fixture(scope="{scope}")\ndef xbl_seed({arguments}):\n    return {seed}\n'
        runner.file(f"test_{number}.py", expecting([(fixture, names)]))
    runner.again("-o", "xbl_seed=stacy.json").assert_outcomes(passed=len(OVERRIDDEN))


def test_a_directory_of_tests_has_a_seed_of_its_own(runner: Runner) -> None:
    """A conftest there overrides the fixture, and may extend the one of the directory above."""
    names: list[str] = []
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
        names.append(name)
        runner.file(f"{directory}/test_{len(names)}.py", expecting([("", names)]))
    runner.again("--import-mode=importlib").assert_outcomes(passed=3)


def test_an_error_inside_an_overridden_xbl_seed_shows_its_lines(runner: Runner) -> None:
    """And the empty seed of a run without any setting is there for a test without a world."""
    result = runner.run(
        """
        from pytest_xbl import Seed
        import pytest

        def test_alone(xbl_seed):
            assert isinstance(xbl_seed, Seed)

        def test_with_a_world(xbl, xbl_seed, xbl_scenario):
            assert (list(xbl_scenario), xbl.dump().keys()) == ([], {"now"})

        class TestIt:
            @pytest.fixture
            def xbl_seed(self):
                return Seed({"users": 7})

            def test_it(self, xbl):
                pass
        """
    )
    result.assert_outcomes(passed=2, errors=1)
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


def test_every_test_starts_from_the_setting(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file relative to the file of the settings, wherever pytest is started, or the name of a scenario (SEED-6)."""
    runner.file("seeds/ana.json", people("Ana"))
    runner.file("below/test_below.py", expecting([("", ["Ana"]), ("", ["Ana"])]))
    runner.again("-o", "xbl_seed=seeds/ana.json", f"--rootdir={runner.here}").assert_outcomes(passed=2)
    runner.pytester.makeini("[pytest]\nxbl_seed = seeds/ana.json\n")
    monkeypatch.chdir(runner.pytester.path / "below")
    runner.again().assert_outcomes(passed=2)
    runner.file("below/test_below.py", expecting([("", RESTRICTED)]))
    runner.again("-o", "xbl_seed=restricted_player").assert_outcomes(passed=1)


OWN_SCID = """
import pytest

OWN, OTHER = "4fc10100-5f7a-4470-899b-280835760c07", "4fc10100-5f7a-4470-899b-280835760c08"

def test_setting(xbl):
    assert (xbl.scid, "lobby" in xbl.templates) == (OWN, True)

@pytest.mark.xbl(scid=OTHER)
def test_marker(xbl):
    assert (xbl.scid, "lobby" in xbl.templates) == (OTHER, True)

@pytest.mark.xbl(scenario="lobby")
def test_scenario(xbl, xbl_scenario):
    assert {xbl.scid, xbl_scenario.lobby.ref.scid} == {OWN}

@pytest.mark.xbl(seed={"scid": OTHER})
def test_seed(xbl):
    assert xbl.scid == OTHER
"""


def test_every_world_has_the_service_configuration_of_the_setting(runner: Runner) -> None:
    """Unless a marker or the seed of the test says otherwise; an impossible one is an error (SEED-13)."""
    own = ("-o", "xbl_scid=4fc10100-5f7a-4470-899b-280835760c07")
    runner.run(OWN_SCID, *own).assert_outcomes(passed=4)
    bad = runner.again("-o", "xbl_scid=mine", "-k", "setting")
    bad.assert_outcomes(errors=1)
    bad.stdout.fnmatch_lines(
        [
            'Expected a GUID; got "mine".',
            "where: scid",
            "rule: SEED-13",
            "named by: the setting xbl_scid",
        ]
    )


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("none.json", f"The file {{here}}none.json cannot be read: {ABSENT}.\nnamed by: the setting xbl_seed"),
        ("late.json", NOBODY.format("late.json")),
    ],
)
def test_a_bad_setting_is_an_error_of_its_text_alone(runner: Runner, setting: str, text: str) -> None:
    """At the setup of every test that starts from it, and of no other (SEED-6)."""
    runner.file("late.json", MISSING_MEMBER)
    result = runner.run(
        """
        import pytest

        def test_it(xbl):
            pass

        def test_other():
            pass

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
        """,
        *("-o", f"xbl_seed={setting}", f"--rootdir={runner.here}"),
    )
    result.assert_outcomes(passed=4, errors=1)
    assert runner.told(result) == {"ERROR at setup of test_it": text.replace("{here}", runner.here)}


# Which of them counts

CASE = '@pytest.mark.xbl_scenarios(Seed().user("case"))'
MARKER = '@pytest.mark.xbl(seed={"users": ["marker"]})'
SETTINGS_ALONE = '@pytest.mark.xbl(values="strings")'
FIXTURE = '@pytest.fixture(scope="session")\ndef xbl_seed():\n    return {"users": ["fixture"]}\n\n'
DIRECT = '@pytest.mark.parametrize("xbl_seed", [{"users": ["direct"]}])'


@pytest.mark.parametrize("setting", ["setting.json", ""], ids=["a setting", "no setting"])
def test_the_first_of_them_counts_alone(runner: Runner, setting: str) -> None:
    """The marker, the scenario of the test case, the fixture, the setting: in this order (SEED-6)."""
    runner.file("setting.json", people("setting"))
    for fixture, usual in ((FIXTURE, ["fixture"]), ("", ["setting"] if setting else [])):
        rows = [
            (fixture + MARKER, ["marker"]),
            (f"{MARKER}\n{DIRECT}", ["marker"]),
            (CASE, ["case"]),
            (f"{CASE}\n{SETTINGS_ALONE}", ["case"]),
            (DIRECT, ["direct"]),
            (SETTINGS_ALONE, usual),
            ("", usual),
        ]
        runner.file(f"test_{'with' if fixture else 'without'}.py", expecting(rows))
    runner.again("-o", f"xbl_seed={setting}", f"--rootdir={runner.here}").assert_outcomes(passed=14)


# The marker xbl_scenarios

CASES = """
import pytest
from pathlib import Path
from pytest_xbl import Seed

HERE = Path(__file__).parent

@pytest.mark.xbl_scenarios("lobby", "restricted_player")
def test_names(xbl_scenario):
    assert "host" in xbl_scenario

@pytest.mark.xbl_scenarios("seeds/*.json", "seeds/*.yaml", "seeds/**/*.yml", f"{HERE}/seeds/further/f?ur.json")
def test_files(request, xbl_scenario):
    name = ["none", "one", "two", "three", "four"][len(xbl_scenario.users)]
    assert request.node.name == f"test_files[{name}]"

@pytest.mark.xbl_scenarios(
    Seed.scenario("reserved_seats", players=1, reserved=1),
    Seed(name="a party").user("Ana"),
    Seed.read(HERE / "seeds/two.json") | {"users": ["Mike"]},
    {"users": ["Ana"]},
)
def test_seeds(xbl, xbl_scenario):
    assert len(xbl_scenario.users) in (1, 3)
    xbl.user("another")

@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.xbl_scenarios("lobby", "full_game")
@pytest.mark.parametrize("letter", ["a"])
def test_more(xbl_scenario, number, letter):
    assert "host" in xbl_scenario

@pytest.mark.xbl_scenarios("lobby", "full_game")
class TestIt:
    @pytest.mark.xbl(now="2027-01-01T00:00:00Z")
    def test_now(self, xbl, xbl_scenario):
        assert (xbl.clock.now.year, xbl_scenario.host.name) == (2027, "host")

    @pytest.mark.xbl_scenarios("found_match")
    def test_another(self, xbl_scenario):
        assert "match" in xbl_scenario

    @pytest.mark.usefixtures("xbl")
    def test_used(self):
        pass
"""
CASE_IDS = [
    f"{test}[{name}]"
    for test, names in {
        "test_names": ("lobby", "restricted_player"),
        "test_files": ("two", "one", "three", "four"),
        "test_seeds": ("reserved_seats-players=1-reserved=1", "a party", "two", "the seed"),
        "test_more": ("lobby-a-1", "lobby-a-2", "full_game-a-1", "full_game-a-2"),
        "TestIt::test_now": ("lobby", "full_game"),
        "TestIt::test_another": ("found_match",),
        "TestIt::test_used": ("lobby", "full_game"),
    }.items()
    for name in names
]


def test_each_scenario_is_a_test_case_with_a_readable_id(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, files and patterns beside the test, Seeds and dicts in their order; on classes, too (SEED-6)."""
    runner.file("seeds/two.json", people("Ana", "Stacy"))
    runner.file("seeds/one.yaml", "users: [Ana]\n")
    runner.file("seeds/further/three.yml", "users: [Ana, Stacy, Mike]\n")
    runner.file("seeds/further/four.json", people("a", "b", "c", "d"))
    runner.file("elsewhere/notes.txt", "no seed")
    runner.file("test_it.py", CASES)
    monkeypatch.chdir(runner.pytester.path / "elsewhere")
    result = runner.again("-v", "--strict-markers", runner.here)
    assert runner.passed(result) == CASE_IDS
    result.assert_outcomes(passed=len(CASE_IDS))


WRONG_ARGUMENTS = "test_it: xbl_scenarios takes the names of scenarios or files, or Seeds, and no keywords."
NAMED_BY = "named by: the marker xbl_scenarios of test_it"
SINGULAR = (
    "test_it is marked with xbl_scenario, which is a fixture; did you mean the marker xbl_scenarios? "
    "One scenario is named by xbl(scenario=...)."
)
WRONG_CASES = [
    (
        '@pytest.mark.xbl_scenarios("lobby")\ndef test_it(): ...',
        "test_it is marked with xbl_scenarios, but does not use the fixture xbl.",
    ),
    ("@pytest.mark.xbl_scenarios()\ndef test_it(xbl): ...", WRONG_ARGUMENTS),
    ('@pytest.mark.xbl_scenarios("lobby", players=3)\ndef test_it(xbl): ...', WRONG_ARGUMENTS),
    ('@pytest.mark.xbl_scenarios("bad.json")\ndef test_it(xbl): ...', f"{NO_USERS}\n{NAMED_BY}"),
    (
        '@pytest.mark.xbl_scenarios("lobby", "loby")\n@pytest.mark.parametrize("a", "b")\ndef test_it(xbl, a): ...',
        f"There is no scenario 'loby'; did you mean lobby?\n{NAMED_BY}",
    ),
    ('@pytest.mark.xbl_scenario("lobby")\ndef test_it(xbl): ...', SINGULAR),
    ('@pytest.mark.xbl_scenario("lobby")\ndef test_it(): ...', SINGULAR),
    (
        '@pytest.mark.xbl_scenarios("lobby")\n@pytest.mark.xbl(seed={})\ndef test_it(xbl): ...',
        "test_it is marked with xbl_scenarios, but another marker names its seed.",
    ),
    (
        '@pytest.mark.xbl(scenario="lobby")\n@pytest.mark.xbl_scenarios("lobby")\ndef test_it(xbl_scenario): ...',
        "test_it is marked with xbl_scenarios, but another marker names its seed.",
    ),
]


def test_test_cases_that_cannot_be_fail_their_test_alone(runner: Runner) -> None:
    """At its setup and by a text that names it, without a single frame; a skipped test is skipped (SEED-1, SEED-6)."""
    runner.file("bad.json", '{"users": 7}')
    source = HEAD
    expected = {}
    for number, (case, text) in enumerate(WRONG_CASES):
        source += f"{case.replace('test_it', f'test_{number}')}\n\n"
        title = f"test_{number}[b]" if "parametrize" in case else f"test_{number}"
        expected[f"ERROR at setup of {title}"] = text.replace("test_it", f"test_{number}")
    source += '@pytest.mark.skip\n@pytest.mark.xbl_scenarios("loby")\ndef test_skipped(xbl): ...\n\n'
    source += "def test_good(xbl, xbl_scenario): ...\n"
    result = runner.run(source, "-W", "ignore::pytest.PytestUnknownMarkWarning")
    result.assert_outcomes(errors=len(WRONG_CASES), skipped=1, passed=1)
    assert runner.told(result) == expected


# The fixture xbl_scenario, and seeds that tests share


def test_a_seed_is_worked_out_once_for_all_tests(runner: Runner) -> None:
    """However many tests start from it, and by whatever way they name it; the files that it extends as well."""
    runner.file("ana.json", '{"extends": "base.json", "users": ["Ana"]}')
    runner.file("base.json", people("Stacy"))
    runner.file("usual.json", people("Mike"))
    twice = '@pytest.mark.parametrize("number", [1, 2])\n@pytest.mark.xbl('
    source = (
        HEAD
        + f"""
OURS = Seed(name="ours").user("Ana")

{twice}seed="ana.json")
def test_file(xbl_scenario, number):
    assert list(xbl_scenario) == ["Stacy", "Ana"]

@pytest.mark.xbl_scenarios("ana.json", "a*.json")
def test_case(xbl_scenario):
    assert list(xbl_scenario) == ["Stacy", "Ana"]

{twice}scenario="lobby", players=2)
def test_scenario(xbl_scenario, number):
    assert "player2" in xbl_scenario

{twice}seed=OURS)
def test_seed(xbl_scenario, number):
    assert list(xbl_scenario) == ["Ana"]

{twice})
def test_setting(xbl_scenario, number):
    assert list(xbl_scenario) == ["Mike"]
"""
    )
    with (
        mock.patch.object(Seed, "_load_into", autospec=True, side_effect=Seed._load_into) as loading,
        mock.patch("pytest_xbl.arrange.files.read", side_effect=read) as reading,
    ):
        result = runner.run(source, "-o", "xbl_seed=usual.json", f"--rootdir={runner.here}")
    result.assert_outcomes(passed=10)
    assert [call.args[0].name for call in loading.mock_calls] == ["ana", "lobby-players=2", "ours", "usual"]
    assert sorted(call.args[0].name for call in reading.mock_calls) == ["ana.json", "base.json", "usual.json"]


def test_tests_do_not_see_each_others_changes_to_a_shared_seed(runner: Runner) -> None:
    """Each has a world of its own; `xbl_scenario` shows its seed where `xbl` is wrapped."""
    result = runner.run(
        """
        import pytest
        from pytest_xbl import Seed

        SHARED = Seed.scenario("invited_friend", players=1)

        class TestIt:
            @pytest.fixture
            def xbl_seed(self):
                return SHARED

            @pytest.mark.parametrize("number", range(3))
            def test_it(self, xbl, xbl_scenario, number):
                assert len(xbl.dump()["users"]) == 3
                xbl.user("another")
                xbl.reset()
                assert len(xbl.dump()["users"]) == 3
                xbl.user("another")

        class TestWrapped:
            @pytest.fixture
            def xbl(self, xbl):
                return {"the world": xbl}

            @pytest.mark.xbl(scenario="invited_friend", players=1)
            def test_wrapped(self, xbl, xbl_scenario):
                world = xbl["the world"]
                assert list(xbl_scenario) == ["host", "friend", "stranger", "lobby", "invite"]
                assert xbl_scenario.host == world.scenario.host
                assert list(world.seed({"users": ["Ana"]})) == list(world.scenario) == ["Ana"]
        """
    )
    result.assert_outcomes(passed=4)


# The lines that a failure shows

BUGS = [
    ("pytest_xbl.xbl.xbox_live.add_users", "RuntimeError", 'xbl.user("Ana")'),
    ("pytest_xbl.arrange.seed.combined", "TypeError", "xbl.seed({})"),
    ("pytest_xbl.arrange.seed.part_of", "RuntimeError", 'xbl.assert_state({"users": []})'),
]


def test_a_bug_of_the_fake_shows_where_it_is(runner: Runner) -> None:
    """Only a mistake of a test's author has its text alone; a bug of the same type keeps its frames, at setup, too."""
    runner.file(
        "conftest.py",  # pytest cuts the frames above one in the module of the test
        """
        import pytest

        @pytest.fixture
        def breaking(monkeypatch):
            def breaks(place, kind):
                def bug(*_, **__):
                    raise kind("a bug")
                monkeypatch.setattr(place, bug)
            return breaks

        @pytest.fixture
        def broken(breaking):
            breaking("pytest_xbl.arrange.extending.check_form", TypeError)
        """,
    )
    source = HEAD + '@pytest.mark.xbl(seed={"users": ["Stacy"]})\ndef test_setup(broken, xbl): ...\n'
    for number, (place, kind, line) in enumerate(BUGS):
        source += f"\ndef test_{number}(xbl, breaking):\n    breaking('{place}', {kind})\n    {line}\n"
    result = runner.run(source)
    result.assert_outcomes(failed=len(BUGS), errors=1)
    told = runner.told(result)
    for number, (_, kind, line) in enumerate(BUGS):
        text = told[f"test_{number}"]
        assert f">       {line}" in text
        assert f"pytest_xbl{os.sep}" in text
        assert f"E       {kind}: a bug" in text
    at_setup = told["ERROR at setup of test_setup"]
    assert f"pytest_xbl{os.sep}plugin.py" in at_setup
    assert "E       TypeError: a bug" in at_setup


MISTAKES_OF_THE_TEST = [
    'with xbl.expect_refusal("PUT-8"): pass',
    'with xbl.expect_refusal("PUT-8", match="x"): xbl.client().get("/")',
    'with xbl.expect_refusal("CALL99"): pass',
    'with xbl.expect_refusal(404, match="("): pass',
    'assert_session(one(xbl), one(xbl), ignore=["/startime"])',
    'assert_matches(one(xbl).document, {"changeNumber": 2})',
    'assert_matches(one(xbl), {"properties": {"system": {"close": None}}})',
    'one(xbl).assert_members({"Ana": "active"})',
    'one(xbl).assert_members({"Stacy": "ready"})',
    'xbl.journal.assert_called(caller=XboxLive().user("Zoe"))',
]


def test_a_failure_of_a_comparison_ends_at_the_line_of_the_test(runner: Runner) -> None:
    """No source of the plugin or of the standard library stands below it (SEEN-2, SEEN-7)."""
    source = "from pytest_xbl import XboxLive, assert_matches, assert_session\n\n\ndef one(xbl):\n"
    source += '    return xbl.sessions["x"] if "x" in xbl.sessions else '
    source += 'xbl.sessions.create("lobby", name="x", members=[xbl.user("Stacy")])\n\n\n'
    for number, line in enumerate(MISTAKES_OF_THE_TEST):
        source += f"def test_{number}(xbl):\n    {line}\n\n\n"
    result = runner.run(source, "-o", "xbl_loose=unknown-route")
    result.assert_outcomes(failed=len(MISTAKES_OF_THE_TEST))
    told = runner.told(result)
    for number, line in enumerate(MISTAKES_OF_THE_TEST):
        places = re.findall(r"^(\S+\.py):\d+: ", told[f"test_{number}"], re.MULTILINE)
        assert (places, f">       {line}" in told[f"test_{number}"]) == (["test_it.py"], True), line


# The command line


@pytest.mark.parametrize("more", [(), ("-q", "-n", "2", "test_it.py")], ids=["alone", "with options"])
def test_the_scenarios_are_listed_on_demand(runner: Runner, more: tuple[str, ...]) -> None:
    """`pytest --xbl-scenarios` prints them with parameters and descriptions; nothing is collected, no test runs."""
    result = runner.run("raise RuntimeError('collected')\n", "--xbl-scenarios", *more)
    assert result.ret == 0
    assert result.outlines == listing().splitlines()
    assert result.errlines == []


def test_markers_options_and_settings_are_explained(runner: Runner) -> None:
    """`pytest --markers` and `pytest --help` show them (SEEN-5, SEEN-8)."""
    runner.again("--markers").stdout.fnmatch_lines(
        [
            (
                "@pytest.mark.xbl([*], seed, scenario, now, scid, values, loose, limits, faults, [*][*]parameters): "
                "the world of a test."
            ),
            "@pytest.mark.xbl_scenarios([*]names): run a test once for each scenario, file (patterns too) or Seed.",
        ]
    )
    runner.again("--help").stdout.re_match_lines(
        [
            r"the fake Xbox Live:",
            r"  --xbl-scenarios +list the scenarios that a test can start from",
            r"  --xbl-artifacts=DIR +write a page, the requests and the world of each failing",
            r"  xbl_loose \(args\): +kinds of mistakes of a client that do not fail a test:",
            " +" + ", ".join([*MISTAKES][:-1]) + ",",
            " +" + [*MISTAKES][-1],
            r"  xbl_scid \(string\): +the service configuration of every world, unless the",
            r" +test has its own",
            r"  xbl_seed \(string\): +the file or the scenario that every test starts from,",
            r" +unless it says otherwise",
        ]
    )
