"""`xbl_world`: worlds that last longer than a test, and several for one; and where the server listens."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from bodies import ONE
from pytest_xbl.world.keeping import KEEP

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

HEAD = f"""
import http.client, unittest
from contextlib import closing
from urllib.parse import urlsplit

import pytest

PATH = "{ONE}"

def call(url, user, path=PATH):
    address = urlsplit(url)
    with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=30)) as connection:
        connection.request("GET", path, headers=user.headers)
        response = connection.getresponse()
        response.read()
        return response.status
"""


# How long a world lasts

SCOPES = f"""{HEAD}
names = set()

@pytest.fixture(scope="module")
def lobby(xbl_world):
    world = xbl_world(seed={{"users": ["Stacy"], "sessions": {{"one": {{"template": "lobby", "members": ["Stacy"]}}}}}})
    yield world
    assert call(world.url, world.scenario.Stacy) == 200  # it ends after whoever made it

@pytest.fixture(scope="session")
def everywhere(xbl_world):
    return xbl_world(scope="session")

@pytest.fixture
def longer(xbl_world):
    return xbl_world(scope="module", now="2030-01-01T00:00:00Z")

@pytest.mark.parametrize("number", range(3))
def test_module(lobby, everywhere, xbl, number):
    stacy = lobby.scenario.Stacy
    assert call(lobby.url, stacy) == lobby.client(stacy).get(PATH).status_code == 200
    assert lobby.url == everywhere.url == xbl.url
    assert len(everywhere.sessions) == number
    everywhere.sessions.create("lobby", members=[everywhere.user(f"player{{number}}")])
    names.add((lobby.name, everywhere.name))
    assert len(names) == 1

def test_longer(longer):
    assert longer.clock.now.year == 2030

class TestClass:
    world = pytest.fixture(scope="class")(staticmethod(lambda xbl_world: xbl_world()))

    def test_first_step(self, world):
        world.user("Stacy")

    def test_second_step(self, world):
        assert "Stacy" in str(world.dump()["users"])

@pytest.fixture(scope="class")
def world_of_class(request, xbl_world):
    request.cls.world = xbl_world()

@pytest.mark.usefixtures("world_of_class")
class TestUnittest(unittest.TestCase):
    def test_first_step(self):
        self.world.user("Stacy")

    def test_second_step(self):
        assert self.world.dump()["users"]
"""


def test_a_world_lasts_as_long_as_its_scope(runner: Runner) -> None:
    """That of the fixture that asks for it, or a wider one; it is served beside that of `xbl` (SEEN-12)."""
    runner.run(SCOPES).assert_outcomes(passed=8)


OF_THE_FIXTURE = rf"""{HEAD}
kept = {{}}

@pytest.fixture(scope="module", params=["a", "b"])
def each(xbl_world):
    world = kept["last"] = xbl_world()
    yield world
    kept["over"] = world.user("Stacy")

def test_each(each):
    if "over" in kept:
        assert call(kept["last"].url, kept["over"]) == 410

@pytest.fixture(scope="module")
def late(request):
    return request.getfixturevalue("xbl_world")()

def test_late(late):
    late.user("Stacy")

def test_later(late):
    assert call(late.url, late.user("Ana")) == 204

@pytest.fixture(scope="class")
def of_class(xbl_world):
    return xbl_world()

def test_in_no_class(of_class):
    assert call(of_class.url, of_class.user("Stacy")) == 204

@pytest.fixture
def untidy(xbl_world):
    yield
    with pytest.raises(Exception, match="The test is over, and no world can be made for it; make it before the yield."):
        xbl_world()

def test_untidy(untidy):
    pass

def test_again(xbl_world):
    with xbl_world() as world:
        pass
    with pytest.raises(Exception, match=r"This world is over; xbl_world\(\) makes another."):
        world.__enter__()
"""


def test_a_world_lasts_as_long_as_the_fixture_that_makes_it(runner: Runner) -> None:
    """Also one with parameters, or that asks late, or whose scope is wider than what uses it (SEEN-12)."""
    result = runner.run(OF_THE_FIXTURE)
    result.assert_outcomes(passed=7, errors=1)
    assert runner.told(result)["ERROR at teardown of test_each[b]"].splitlines()[1] == f"GET {ONE}"


def test_a_world_of_a_package_lasts_as_long_as_that_of_its_fixture(runner: Runner) -> None:
    """Though packages below it come and go (SEEN-12)."""
    for place in ("a", "a/b", "a/c"):
        runner.file(f"{place}/__init__.py", "")
    runner.file(
        "a/conftest.py",
        """
        import pytest

        @pytest.fixture(scope="package")
        def world(xbl_world):
            return xbl_world()
        """,
    )
    test = f"{HEAD}\ndef test_it(world):\n    assert call(world.url, world.user(__name__)) == 204\n"
    runner.file("a/b/test_b.py", test)
    runner.file("a/c/test_c.py", test)
    runner.again().assert_outcomes(passed=2)


ENDS = f"""{HEAD}
import asyncio
kept = {{}}

def test_block(xbl_world):
    with xbl_world() as eu, xbl_world() as us:
        stacy, ana = eu.user("Stacy"), us.user("Ana")
        assert [call(eu.url, stacy), call(us.url, ana)] == [204, 204]
    assert len({{eu.name, us.name}}) == 2
    assert call(eu.url, stacy) == 410

def test_async_block(xbl_world):
    async def play():
        async with xbl_world() as eu:
            stacy = eu.user("Stacy")
            assert call(eu.url, stacy) == 204
        return call(eu.url, stacy)
    assert asyncio.run(play()) == 410

@pytest.fixture(scope="module")
def lobby(xbl_world):
    return xbl_world()

def test_first(lobby):
    kept["stacy"] = lobby.user("Stacy")

def test_last(lobby):
    assert call(lobby.url, kept["stacy"]) == 204
"""
AFTER = f"""{HEAD}
from test_it import kept

def test_after(xbl_server):
    assert call(xbl_server.url, kept["stacy"]) == 410
"""
MEND = (
    "Stop its threads and programs, and reset the code that keeps its token, before it is over; "
    "or let it pass: @pytest.mark.xbl(loose=['late-call'])."
)


def test_calls_after_the_end_of_a_world_are_late(runner: Runner) -> None:
    """They are errors of the last test that could reach it; a with-block ends it sooner (SEEN-6, SEEN-12)."""
    runner.file("test_then.py", AFTER)
    result = runner.run(ENDS)
    result.assert_outcomes(passed=4, failed=1, errors=3)
    told = runner.told(result)
    late = "A call came when the world of this test was over, and was answered with 410:"
    for block in ("test_block", "test_async_block"):
        assert told[f"ERROR at teardown of {block}"] == f"{late}\nGET {ONE}\n{MEND}"
    assert told["ERROR at teardown of test_last"] == (
        f"{late}\nGET {ONE}\nMeanwhile ran: test_then.py::test_after.\n{MEND}"
    )
    assert told["test_after"].splitlines()[1] == f"GET {ONE} of test_it.py::test_last"


LOOSE = f"""{HEAD}
kept = {{}}

def test_first(xbl, xbl_world):
    with xbl_world(loose="late-call") as world:
        stacy = world.user("Stacy")
    assert world.client(stacy).get(PATH).status_code == 410
    kept.update(url=xbl.url, user=xbl.user("Stacy"))

@pytest.mark.xbl(loose=["late-call"])
def test_marked(xbl_world):
    with xbl_world() as world:
        stacy = world.user("Stacy")
    assert world.client(stacy).get(PATH).status_code == 410

def test_after():
    assert call(kept["url"], kept["user"]) == 410
"""


def test_late_calls_are_let_pass_for_one_world(runner: Runner) -> None:
    """By its argument or by the marker of the test; those of another world of the test are not (SEEN-12, SEEN-6)."""
    result = runner.run(LOOSE)
    result.assert_outcomes(passed=2, failed=1, errors=1)
    assert sorted(runner.told(result)) == ["ERROR at teardown of test_first", "test_after"]


# What goes wrong in it

MISTAKES = f"""{HEAD}
@pytest.fixture(scope="module")
def lobby(xbl_world):
    world = xbl_world(loose="bad-body")
    stacy = world.user("Stacy")
    world.client(stacy).get("/set-up")
    yield world
    world.client(stacy).get("/end")  # the ninth request

def test_set_up(lobby):
    pass

def test_good(lobby):
    assert lobby.client().get(PATH).status_code == 401

def test_own(lobby, xbl):
    xbl.user("Ana")
    lobby.client().get("/own")
    assert 1 == 2

def test_without_it(xbl):
    assert 1 == 2

def test_both(lobby, xbl):
    lobby.client().get("/lobby")
    xbl.client().get("/xbl")

@pytest.mark.xbl(loose=["unknown-route"])
def test_loose(lobby):
    lobby.client().get("/loose")

@pytest.mark.xbl(loose=["unknown-route"])
def test_loose_with_a_world(lobby, xbl):
    lobby.client().get("/loose")

def test_expected(lobby):
    with lobby.expect_refusal("CALL-7"):
        lobby.client().get("/expected")

def test_crash(lobby):
    lobby._world.template = None
    stacy = lobby.user("Bo")
    lobby.client(stacy).get(f"/serviceconfigs/{{lobby.scid}}/sessiontemplates/lobby")

def test_last(lobby):
    pass
"""


def why(path: str) -> str:
    """The refusal of a path that there is not."""
    return f"404 CALL-7 at the URI: The fake has no operation GET {path} on host localhost."


def complaint(number: int, who: str, path: str) -> str:
    """The text of a failure for such a path."""
    return (
        f"The client made a mistake: {why(path)}\n#{number} {who}: GET {path} -> 404\n"
        "Expect it by `with xbl.expect_refusal('CALL-7')`, or let it pass: @pytest.mark.xbl(loose=['unknown-route'])."
    )


def test_what_goes_wrong_in_it_fails_the_test_that_runs(runner: Runner) -> None:
    """Wherever its fixtures call from, once, and unless that test lets it pass (SEEN-5, SEEN-12).

    A failing test shows it if it has called it.
    """
    result = runner.run(MISTAKES)
    result.assert_outcomes(passed=5, failed=5, errors=1)
    told = runner.told(result)
    assert runner.failure(told["test_set_up"]) == complaint(1, "Stacy", "/set-up")
    *_, title, section = told["test_set_up"].splitlines()
    assert "Captured xbl_world lobby of test_it.py call" in title
    assert section == f"#1 Stacy: GET /set-up -> {why('/set-up')}"
    assert runner.errors(told["test_own"]) == ["assert 1 == 2"]
    assert told["test_own"].splitlines()[-1] == f"#3 nobody: GET /own -> {why('/own')}"
    assert told["test_own"].splitlines()[-2] == "... 2 earlier requests; -vv shows all"
    assert "xbl_world" not in told["test_without_it"]
    both = "\n".join((complaint(4, "nobody", "/lobby"), complaint(1, "nobody", "/xbl")))
    assert runner.failure(told["test_both"]) == both
    assert runner.section(told["test_both"])[0] == f"#1 nobody: GET /xbl -> {why('/xbl')}"
    assert runner.errors(told["test_crash"]) == ["TypeError: 'NoneType' object is not callable"]
    assert runner.failure(told["ERROR at teardown of test_last"]) == complaint(9, "Stacy", "/end")


def test_each_world_of_a_failing_test_leaves_its_artifacts(runner: Runner) -> None:
    """In a directory of its own (SEEN-8, SEEN-12)."""
    source = f"{HEAD}\ndef test_two(xbl, xbl_world):\n    xbl_world().client().get('/x')\n    xbl.client().get(PATH)\n"
    runner.run(source, "--xbl-artifacts", "made").assert_outcomes(failed=1)
    made = sorted(path.name for path in runner.pytester.path.glob("made/*"))
    assert [name.rpartition("-")[0] for name in made] == [
        "test_it.py-test_two",
        "test_it.py-test_two-xbl_world-of-test_it.py-test_two",
    ]


# Calls that cannot be

REFUSED = {
    'xbl_world(scope="modul")': (
        "A scope is one of function, class, module, package, session, not 'modul'.\nwhere: scope"
    ),
    "xbl_world(sed=3)": (
        "xbl_world has no option 'sed'; did you mean seed=? "
        "Options: scope, seed, scenario, now, scid, values, loose, limits, faults, and parameters of a scenario."
    ),
    'xbl_world(scop="session")': (
        "xbl_world has no option 'scop'; did you mean scope=? "
        "Options: scope, seed, scenario, now, scid, values, loose, limits, faults, and parameters of a scenario."
    ),
    "xbl_world({})": (
        "xbl_world takes keywords only: scope=, seed=, scenario=, now=, scid=, values=, loose=, limits=, faults=."
    ),
    "async def play():\n        async with xbl_world as world: pass\n    play().send(None)": (
        "xbl_world makes a world when it is called: with xbl_world() as world."
    ),
    "with xbl_world as world: pass": "xbl_world makes a world when it is called: with xbl_world() as world.",
    'xbl_world(loose="x")': (
        "Unknown kind 'x' in loose; known kinds: unknown-route, unknown-service, bad-body, late-call, egress."
    ),
    'xbl_world(seed={"user": 3})': (
        'The field "user" is not known here; did you mean "users"?\nwhere: /user in the seed\nrule: SEED-1'
    ),
}


@pytest.mark.parametrize(("call", "text"), REFUSED.items())
def test_a_world_that_cannot_be_is_an_error_of_its_test(runner: Runner, call: str, text: str) -> None:
    """By one text, which names what there is, and with no world begun (SEEN-12)."""
    source = f"import pytest\n\ndef test_it(xbl_world):\n    {call}\n\ndef test_then(xbl_world):\n    xbl_world()\n"
    result = runner.run(source)
    result.assert_outcomes(passed=1, failed=1)
    first, *others = text.splitlines()
    assert runner.errors(runner.told(result)["test_it"]) == [f"pytest_xbl.errors.XblError: {first}", *others]


def test_a_world_does_not_end_before_the_fixture_that_makes_it(runner: Runner) -> None:
    """A narrower scope is an error (SEEN-12)."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture(scope="module")
        def lobby(xbl_world):
            return xbl_world(scope="function")

        def test_it(lobby):
            pass
        """
    )
    result.assert_outcomes(errors=1)
    assert runner.errors(runner.told(result)["ERROR at setup of test_it"]) == [
        (
            "pytest_xbl.errors.XblError: A world of scope function ends before this fixture of scope module: "
            "use scope='module' or a wider one."
        ),
        "where: scope",
    ]


@pytest.mark.parametrize("fixture", ["xbl", "xbl_scenario"])
def test_a_wider_fixture_that_asks_for_the_world_of_a_test_is_told_of_the_other(runner: Runner, fixture: str) -> None:
    """Below what pytest says of the scopes (SEEN-12)."""
    result = runner.run(
        f"""
        import pytest

        @pytest.fixture(scope="module")
        def lobby({fixture}):
            pass

        @pytest.fixture(scope="module")
        def other(monkeypatch):
            pass

        def test_it(lobby):
            pass

        def test_other(other):
            pass
        """
    )
    result.assert_outcomes(errors=2)
    told = runner.told(result)
    hint = "xbl and xbl_scenario are of one test; for a fixture of a wider scope, xbl_world() makes a world."
    assert told["ERROR at setup of test_it"].splitlines()[-1] == hint
    assert hint not in told["ERROR at setup of test_other"]


def test_files_are_relative_to_the_file_that_asks(runner: Runner) -> None:
    """That of the fixture, or of the test, whatever the scope (SEEN-12)."""
    runner.file("users.json", '{"users": ["Root"]}')
    runner.file("below/users.json", '{"users": ["Below"]}')
    fixture = """
        import pytest

        @pytest.fixture(scope="module")
        def {}(xbl_world):
            return xbl_world(scope="session", seed="users.json")
        """
    runner.file("conftest.py", fixture.format("root"))
    runner.file("below/conftest.py", fixture.format("below"))
    runner.file(
        "below/test_below.py",
        """
        def test_it(root, below, xbl_world):
            worlds = (root, below, xbl_world(scope="session", seed="users.json"))
            assert [world.scenario.users[0].name for world in worlds] == ["Root", "Below", "Below"]
        """,
    )
    runner.again().assert_outcomes(passed=1)


def test_settings_count_for_every_world(runner: Runner) -> None:
    """As for that of `xbl` (SEEN-12, SEED-6)."""
    runner.file("pytest.ini", "[pytest]\nxbl_seed = full_game\nxbl_loose = unknown-route\n")
    runner.run(
        """
        def test_it(xbl_world):
            world = xbl_world(scope="package")
            assert world.scenario["host"]
            world.client().get("/x")
        """
    ).assert_outcomes(passed=1)


# Where the server listens

LISTENING = """
import urllib.request

def test_it(xbl):
    assert xbl.url == "{url}"
    request = urllib.request.Request(f"{{xbl.url}}/x", headers={{"Host": "{host}"}})
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError as answer:
        with answer:
            assert answer.code == {status}
"""


@pytest.fixture
def port() -> int:
    """A port that was free just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number: int = taken.getsockname()[1]
    return number


@pytest.mark.parametrize(
    ("host", "reached", "name", "status"),
    [
        ("127.0.0.1", "127.0.0.1", "game.example", 421),
        ("localhost", "localhost", "game.example", 421),
        ("0.0.0.0", "127.0.0.1", "game.example", 404),  # noqa: S104 -- for a moment, in a test
    ],
)
def test_the_server_listens_where_the_settings_say(
    runner: Runner, port: int, host: str, reached: str, name: str, status: int
) -> None:
    """For a game that is built, or in a container, with an address in it (SEEN-11)."""
    runner.file("pytest.ini", f"[pytest]\nxbl_host = {host}\nxbl_port = {port}\n")
    source = LISTENING.format(url=f"http://{reached}:{port}", host=name, status=status)
    runner.run(source).assert_outcomes(passed=1)


HOST = "xbl_host is an address or a name of this machine, such as 0.0.0.0, without a port; not {}."
PORT = "xbl_port is a number up to 65535, or 0 for a free port; not {}."
NOWHERE = {
    "xbl_host = http://localhost": HOST.format("'http://localhost'"),
    "xbl_host = localhost:80": HOST.format("'localhost:80'"),
    "xbl_host =": HOST.format("''"),
    "xbl_port = http": PORT.format("'http'"),
    "xbl_port = 65536": PORT.format("'65536'"),
    "xbl_port = -1": PORT.format("'-1'"),
}


@pytest.mark.parametrize(("setting", "text"), NOWHERE.items())
def test_where_it_cannot_listen_is_an_error(runner: Runner, setting: str, text: str) -> None:
    """It fails each test that uses the fake, by this text alone (SEEN-11)."""
    runner.file("pytest.ini", f"[pytest]\n{setting}\n")
    result = runner.run("def test_it(xbl):\n    pass\n\ndef test_other():\n    pass\n")
    result.assert_outcomes(passed=1, errors=1)
    named = "named by: the settings xbl_host and xbl_port"
    assert runner.told(result)["ERROR at setup of test_it"] == f"{text}\n{named}"


KEEPING = """
def test_it(xbl, xbl_world):
    stacy = xbl.user("Stacy")
    for number in range(3):
        xbl.client(stacy).get(f"/serviceconfigs/{xbl.scid}/sessiontemplates")
    assert [entry.number for entry in xbl.journal] == {numbers}
    assert str(xbl_world().journal) == "No request has arrived."
"""


@pytest.mark.parametrize(("setting", "numbers"), [("xbl_keep = 2", [2, 3]), ("", [1, 2, 3])])
def test_each_world_keeps_as_much_as_the_setting_says(runner: Runner, setting: str, numbers: list[int]) -> None:
    """Unless it is set, enough for any test that a person reads (SEEN-18)."""
    runner.file("pytest.ini", f"[pytest]\n{setting}\n")
    runner.run(KEEPING.replace("{numbers}", str(numbers))).assert_outcomes(passed=1)


def test_a_world_that_keeps_nothing_is_an_error(runner: Runner) -> None:
    """It fails each test that uses the fake, by this text alone (SEEN-18)."""
    runner.file("pytest.ini", "[pytest]\nxbl_keep = 0\n")
    result = runner.run("def test_it(xbl):\n    pass\n")
    result.assert_outcomes(errors=1)
    what = "xbl_keep is a number of 1 or more, such as 10000; not '0'."
    assert runner.told(result)["ERROR at setup of test_it"] == f"{what}\nrule: SEEN-18"


def test_the_setting_is_what_a_world_keeps_by_itself(request: pytest.FixtureRequest) -> None:
    """As a world that was made by hand (SEEN-18)."""
    assert request.config.getini("xbl_keep") == str(KEEP)


def test_a_port_that_is_taken_is_an_error(runner: Runner) -> None:
    """Another run of the same tests may have it (SEEN-11)."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        runner.file("pytest.ini", f"[pytest]\nxbl_port = {port}\n")
        result = runner.run("def test_it(xbl_server):\n    pass\n")
    result.assert_outcomes(errors=1)
    error, named = runner.told(result)["ERROR at setup of test_it"].splitlines()
    assert error.startswith(f"The server cannot listen at 127.0.0.1:{port}: ")
    assert named == "named by: the settings xbl_host and xbl_port"
