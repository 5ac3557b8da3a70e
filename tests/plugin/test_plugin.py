"""The plugin as pytest shows it: fixtures, failures, and no trace where it is not used."""

from __future__ import annotations

import json
import re
import socket
import threading
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from pytest_xbl.xbl.naming import digest

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner


# The fixtures

FIXTURES = """
import pathlib, threading, unittest, urllib.error, urllib.request
import pytest

before = set(threading.enumerate())
urls = set()

def test_nothing_is_started_before_it_is_needed(xbl, join):
    assert join() == 1  # without a socket
    assert set(threading.enumerate()) == before

def test_a_server_without_a_world(xbl_server):
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(xbl_server.url)
    with error.value:
        assert error.value.code == 503
        assert error.value.read() == b"No test that uses the fake is running.\\n"

@pytest.mark.parametrize("number", range(3))
def test_a_fresh_world_on_the_one_server(xbl, xbl_server, join, number):
    assert (len(xbl.sessions), len(xbl.templates), xbl.clock.now.hour) == (0, 6, 12)
    assert join() == 1
    xbl.templates.add("mine", {})
    xbl.clock.advance(hours=1)
    assert xbl.url == xbl_server.url
    urls.add(xbl.url)
    (url,) = urls
    assert url.startswith("http://127.0.0.1:") and not url.endswith("/")
    pathlib.Path("port").write_text(url.rpartition(":")[2])
    names = [thread.name for thread in set(threading.enumerate()) - before]
    assert len([name for name in names if "serve_forever" in name]) == 1  # the last connection may be ending

@pytest.fixture
def lobby(xbl):
    return xbl.sessions.create("lobby", name="one", members=xbl.users("Stacy"))

def test_fixtures_share_the_world(xbl, lobby, join):
    assert join("Ana") == 2
    assert lobby.document == xbl.sessions["one"].document

def test_asked_for_at_run_time(request):
    assert len(request.getfixturevalue("xbl").sessions) == 0

class TestUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def world(self, xbl, join):
        self.xbl, self.join = xbl, join

    def test_joined(self):
        self.assertEqual(self.join(), 1)

    def test_alone(self):
        self.assertEqual(len(self.xbl.sessions), 0)

class TestPrepared:
    @pytest.fixture
    def xbl(self, xbl):
        xbl.templates.add("mine", {})
        return xbl

    def test_prepared(self, xbl):
        assert "mine" in xbl.templates

class TestAnythingElse:
    @pytest.fixture(params=[{"a": 1}, 7, None], ids=str)
    def xbl(self, request, xbl):
        return request.param

    def test_replaced(self, xbl, request):
        assert xbl == request.node.callspec.params["xbl"]

def test_refusals(xbl):
    path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/none"
    assert [xbl.client(caller).get(path).status_code for caller in (None, xbl.user("Stacy"))] == [401, 404]

def test_skipped(xbl):
    pytest.skip("not today")
"""


def test_each_test_has_a_world_of_its_own_on_one_server(runner: Runner) -> None:
    """However it asks for `xbl`, overrides it or calls; a refusal fails no test, and the server ends with the run."""
    threads = set(threading.enumerate())
    runner.run(FIXTURES).assert_outcomes(passed=14, skipped=1)
    assert set(threading.enumerate()) <= threads
    port = int((runner.pytester.path / "port").read_text())
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=30):
        pass


def test_the_fixtures_are_explained(runner: Runner) -> None:
    """`pytest --fixtures` shows each with its docstring."""
    result = runner.again("--fixtures")
    for name, text in (  # pytest lists them by the places of their code
        (
            "xbl_server [[]session scope[]]",
            "The server that all `xbl` fixtures of a test session share; `.url` is its address.",
        ),
        ("xbl", "A fake Xbox Live with a world of its own, served at `xbl.url`."),
        ("xbl_scenario", "The people, sessions and handles of the seed of the test, by name."),
    ):
        result.stdout.fnmatch_lines([f"{name} -- *plugin.py:*", f"    {text}"], consecutive=True)


def test_the_name_of_a_world_follows_from_the_id_of_its_test(runner: Runner) -> None:
    """So that tokens are the same alone, together, in another order or process (SEEN-9)."""
    source = """
        import json, pathlib
        import pytest

        noted = {}

        def test_one(xbl, request):
            noted[request.node.nodeid] = xbl.user("Stacy").token

        @pytest.mark.parametrize("number", [1])
        def test_two(xbl, request, number):
            test_one(xbl, request)

        class TestThree:
            def test_one(self, xbl, request):
                test_one(xbl, request)
                pathlib.Path("tokens.json").write_text(json.dumps(noted))
        """
    nodes = ["test_it.py::test_one", "test_it.py::test_two[1]", "test_it.py::TestThree::test_one"]
    for chosen in (nodes, nodes[2:]):
        runner.run(source, *chosen).assert_outcomes(passed=len(chosen))
        noted = json.loads((runner.pytester.path / "tokens.json").read_text())
        assert noted == {node: f"xbl-{digest(node)}-1.2533274790000001" for node in chosen}


# Failures of the fake itself

CRASHES = """
import http.client, threading, unittest
from urllib.parse import urlsplit
import pytest

@pytest.fixture
def crashed(crash):
    crash()

@pytest.fixture
def crashed_and_failed(crash):
    crash()
    assert 1 == 2

@pytest.fixture
def crashing_late(crash):
    yield
    crash()

def test_before(join):
    assert join() == 1

def test_in_the_process(crash):
    crash()
    crash()

def test_over_a_socket(crash):
    crash(socket=True)

def test_past_the_app(xbl, monkeypatch):
    monkeypatch.setattr(type(xbl.app), "_answer", None)
    address = urlsplit(xbl.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.request("GET", "/")
    assert connection.getresponse().status == 500
    connection.close()

def test_in_a_thread(crash):
    thread = threading.Thread(target=crash)
    thread.start()
    thread.join()

def test_asked_for_at_run_time(request):
    request.getfixturevalue("crash")()

def test_skipped_late(crash):
    crash()
    pytest.skip("after all")

@pytest.mark.xfail(raises=RuntimeError, strict=True)
def test_expected(crash):
    crash()

def test_own(crash):
    crash()
    crash()
    assert 1 == 2

def test_before_the_call(crashed):
    pass

def test_before_a_failing_setup(crashed_and_failed):
    pass

def test_late(crashing_late):
    pass

class TestIt(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def world(self, crash):
        self.crash = crash

    def test_unittest(self):
        self.crash()

class TestOverridden:
    @pytest.fixture
    def xbl(self, xbl):
        return xbl

    def test_it(self, crash):
        crash()

def test_after(join):
    assert join() == 1
"""
BUG = ["RuntimeError: a bug"]


def test_an_exception_inside_the_fake_fails_the_test_that_caused_it(runner: Runner) -> None:
    """Once, in its call unless it comes later, with its traceback; a failure of the test's own comes first (SEEN-8)."""
    result = runner.run(CRASHES)
    result.assert_outcomes(passed=3, failed=10, errors=3, xfailed=1)
    told = runner.told(result)
    assert {title: runner.errors(text) for title, text in told.items()} == {
        "ERROR at setup of test_before_a_failing_setup": ["assert 1 == 2"],
        "ERROR at teardown of test_before_a_failing_setup": BUG,
        "ERROR at teardown of test_late": BUG,
        **dict.fromkeys(
            (
                "test_in_the_process",
                "test_over_a_socket",
                "test_in_a_thread",
                "test_asked_for_at_run_time",
                "test_before_the_call",
                "TestIt.test_unittest",
                "TestOverridden.test_it",
            ),
            BUG,
        ),
        "test_skipped_late": BUG,
        "test_own": ["assert 1 == 2"],
        "test_past_the_app": ["TypeError: 'NoneType' object is not callable"],
    }
    assert [line.partition(" GET ")[0] for line in runner.section(told["test_own"])] == [
        "The fake failed: RuntimeError('a bug')",
        "The fake failed: RuntimeError('a bug')",
        "#1 Stacy:",
        "#2 Stacy:",
    ]
    assert re.search(r"conftest\.py:\d+: RuntimeError", told["test_over_a_socket"])


# Processes

SPREAD = """
import http.client
from urllib.parse import urlsplit
import pytest
from pytest_xbl import Seed

late = {}

def call(url):
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.request("GET", "/late", headers=late)
    connection.getresponse().read()
    connection.close()

@pytest.fixture(scope="session")
def afterwards(xbl_server):
    yield
    call(xbl_server.url)

def test_over(afterwards, xbl):
    late.update(xbl.user("Stacy").headers)

@pytest.mark.parametrize("number", range(8))
def test_alone(xbl, join, number):
    assert len(xbl.sessions) == 0
    assert join() == 1
    assert join("Ana") == 2

@pytest.mark.xbl_scenarios("lobby", "*.yaml", "*.json", Seed.scenario("full_game", players=2))
def test_case(xbl, xbl_scenario):
    assert len(xbl_scenario.users) in (1, 2, 3, 5)
    xbl.user("another")

@pytest.mark.xbl_scenarios("host_migration", "found_match")
class TestIt:
    @pytest.mark.parametrize("number", [1, 2])
    def test_it(self, xbl_scenario, number):
        assert "host" in xbl_scenario

def test_crash(crash):
    crash()

def test_own(xbl, crash):
    xbl.user("Stacy")
    crash()
    assert 1 == 2

def test_mistake(xbl):
    xbl.client().get("/x?a=b")
"""


def test_tests_may_run_in_several_processes_and_any_order(runner: Runner) -> None:
    """Under pytest-xdist and pytest-randomly; all failures reach the report, and no warning comes (SEEN-6, SEEN-8)."""
    pytest.importorskip("xdist")
    pytest.importorskip("pytest_randomly")
    runner.file("one.yaml", "users: [Ana]\n")
    runner.file("two.json", '{"users": ["Ana", "Stacy"]}')
    strict = ("--strict-markers", "--strict-config")
    plugins = ("xbl", "xdist", "randomly")
    result = runner.run_apart(SPREAD, "-n", "2", "--xbl-artifacts", "made", *strict, plugins=plugins)
    result.assert_outcomes(passed=17, failed=3, errors=1)
    told = runner.told(result)
    late = told["ERROR at teardown of test_over"].splitlines()
    assert late[:2] == ["A call came when the world of this test was over, and was answered with 410:", "GET /late"]
    assert runner.errors(told["test_crash"]) == BUG
    assert runner.errors(told["test_own"]) == ["assert 1 == 2"]
    assert runner.section(told["test_own"])[0] == "The fake failed: RuntimeError('a bug')"
    assert runner.failure(told["test_mistake"]).startswith(
        "The client made a mistake: 404 CALL-7 at the URI: The fake has no operation GET /x"
    )
    assert sorted(path.name for path in runner.pytester.path.glob("made/*")) == [
        f"test_it.py-test_{name}-{digest(f'test_it.py::test_{name}')}" for name in ("crash", "mistake", "own")
    ]


# A run that does not use the plugin


def test_a_run_that_does_not_use_it_imports_nothing_more(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run pays for what the plugin imports: the plugin and nothing below it; `-p no:xbl` switches it off."""
    runner.file(
        "conftest.py",
        """
        import os, pathlib, sys

        def pytest_unconfigure():
            pathlib.Path(os.environ["MODULES"]).write_text(" ".join(sorted(sys.modules)))
        """,
    )
    path = runner.pytester.path / "modules"
    monkeypatch.setenv("MODULES", str(path))
    source = "def test_it(): pass\ndef test_wrong(): assert 1 == 2"
    runner.run_apart(source).assert_outcomes(passed=1, failed=1)
    modules = set(path.read_text().split())
    result = runner.run_apart(f"{source}\ndef test_xbl(xbl): pass", plugins=("no:xbl",))
    result.assert_outcomes(passed=1, failed=1, errors=1)
    result.stdout.fnmatch_lines(["E * fixture 'xbl' not found"])
    modules -= {"zlib", *path.read_text().split()}
    assert modules == {
        "pytest_xbl",
        "pytest_xbl.errors",
        "pytest_xbl.options",
        "pytest_xbl.own_modules",
        "pytest_xbl.plugin",
    }


def test_the_first_test_imports_little_and_without_a_search_for_asserts(runner: Runner) -> None:
    """Pytest would read the source of each module in every run; rules, reports and neighbours come when needed."""
    runner.file("conftest.py", "from pytest_xbl import Seed, XboxLive")
    runner.file(
        "test_it.py",
        """
        import sys

        def test_it(xbl):
            modules = {name: module for name, module in sys.modules.items() if name.startswith("pytest_xbl.")}
            loaders = {name: type(module.__loader__).__name__ for name, module in modules.items()}
            found_before = {name for name, loader in loaders.items() if loader != "SourceFileLoader"}
            assert found_before == {f"pytest_xbl.{name}" for name in ("errors", "options", "own_modules", "plugin")}
            rooms = {name.split(".")[1] for name in modules}
            core = {"errors", "mpsd", "secrets", "userstats", "world"}
            assert rooms == core | {"arrange", "hosts", "options", "own_modules", "plugin", "wire", "xbl"}
            assert not [name for name in modules if "neighbours" in name]
        """,
    )
    code = f"""
        import sys, pytest
        before = list(sys.meta_path)
        status = pytest.main(["-q", *{runner.quiet}])
        print(int(status), sys.meta_path == before)
    """
    result = runner.pytester.runpython_c(dedent(code))
    result.stdout.fnmatch_lines(["1 passed in *", "0 True"])
