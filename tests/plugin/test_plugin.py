"""What pytest sees of the plugin: fixtures, failures, and no trace where it is not used."""

from __future__ import annotations

import json
import socket
import threading
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner


# The fixtures


def test_each_test_gets_a_fresh_world(runner: Runner) -> None:
    """Sessions, people, templates and time of one test are gone for the next."""
    result = runner.run(
        """
        import pytest

        @pytest.mark.parametrize("number", range(3))
        def test_alone(xbl, join, number):
            assert (len(xbl.sessions), len(xbl.templates), xbl.clock.now.hour) == (0, 4, 12)
            assert join() == 1
            xbl.templates.add("mine", {})
            xbl.clock.advance(hours=1)
        """
    )
    result.assert_outcomes(passed=3)


def test_fixtures_of_a_test_share_its_world(runner: Runner) -> None:
    """`xbl` is one object for the test and all of its fixtures."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture
        def lobby(xbl):
            return xbl.sessions.create("lobby", name="one", members=xbl.users("Stacy"))

        def test_joined(xbl, lobby, join):
            assert join("Ana") == 2
            assert lobby.document == xbl.sessions["one"].document
        """
    )
    result.assert_outcomes(passed=1)


def test_there_is_one_server_for_all_tests(runner: Runner) -> None:
    """`xbl_server` is started once, listens on the loopback address, and serves every `xbl` of the run."""
    result = runner.run(
        """
        urls = set()

        def test_one(xbl, xbl_server):
            assert xbl.url == xbl_server.url
            urls.add(xbl.url)

        def test_two(xbl, xbl_server):
            assert xbl.url.startswith("http://127.0.0.1:")
            assert not xbl.url.endswith("/")
            urls.add(xbl.url)
            assert len(urls) == 1
        """
    )
    result.assert_outcomes(passed=2)


def test_the_server_is_gone_after_the_run(runner: Runner) -> None:
    """Its port is closed, and no thread of it is left."""
    before = set(threading.enumerate())
    result = runner.run(
        """
        import pathlib, threading

        before = set(threading.enumerate())

        def test_it(xbl):
            pathlib.Path("port").write_text(xbl.url.rpartition(":")[2])
            (thread,) = set(threading.enumerate()) - before
            assert "serve_forever" in thread.name
        """
    )
    result.assert_outcomes(passed=1)
    assert set(threading.enumerate()) <= before
    port = int((runner.pytester.path / "port").read_text())
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=30):
        pass


def test_a_run_without_xbl_starts_no_server(runner: Runner) -> None:
    """Nothing is started before it is asked for."""
    result = runner.run(
        """
        import threading

        before = threading.enumerate()

        def test_it():
            assert threading.enumerate() == before
        """
    )
    result.assert_outcomes(passed=1)


def test_the_server_may_be_used_without_a_world(runner: Runner) -> None:
    """A call while no test uses `xbl` is told so."""
    result = runner.run(
        """
        import urllib.error, urllib.request
        import pytest

        def test_it(xbl_server):
            with pytest.raises(urllib.error.HTTPError) as error:
                urllib.request.urlopen(xbl_server.url)
            with error.value:
                assert error.value.code == 503
                assert error.value.read() == b"No test that uses the fake is running.\\n"
        """
    )
    result.assert_outcomes(passed=1)


def test_the_fixtures_say_what_they_are(runner: Runner) -> None:
    """`pytest --fixtures` shows each with its docstring."""
    result = runner.again("--fixtures")
    for name, told in (  # pytest lists them by the places of their code
        (
            "xbl_server [[]session scope[]]",
            "The server that all `xbl` fixtures of a test session share; `.url` is its address.",
        ),
        ("xbl", "A fake Xbox Live with a world of its own, served at `xbl.url`."),
        ("xbl_scenario", "The people, sessions and handles of the seed of the test, by name."),
    ):
        result.stdout.fnmatch_lines([f"{name} -- *plugin.py:*", f"    {told}"], consecutive=True)


def test_xbl_may_be_overridden(runner: Runner) -> None:
    """A project prepares every world of its own by a fixture of the same name, and crashes are still seen."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture
        def xbl(xbl):
            xbl.templates.add("mine", {})
            return xbl

        def test_prepared(xbl):
            assert "mine" in xbl.templates

        def test_crash(crash):
            crash()
        """
    )
    result.assert_outcomes(passed=1, failed=1)


@pytest.mark.parametrize("value", ["{'a': 1}", "(xbl, 1)", "7", "None"])
def test_a_fixture_of_that_name_may_be_anything(runner: Runner, value: str) -> None:
    """The plugin does not take whatever is called `xbl` for its own."""
    result = runner.run(
        f"""
        import pytest

        @pytest.fixture
        def xbl(xbl):
            return {value}

        def test_it(xbl):
            pass
        """
    )
    result.assert_outcomes(passed=1)


def test_xbl_may_be_asked_for_at_run_time(runner: Runner) -> None:
    """By `request.getfixturevalue`; a crash then fails the call as well, once."""
    result = runner.run(
        """
        def test_it(request):
            xbl = request.getfixturevalue("xbl")
            assert xbl.name.startswith("xbl-")
            assert len(xbl.sessions) == 0

        def test_crash(request):
            request.getfixturevalue("crash")()
        """
    )
    result.assert_outcomes(passed=1, failed=1)


def test_xbl_may_be_used_by_unittest(runner: Runner) -> None:
    """A class of unittest gets it through a fixture, and a crash fails its test."""
    result = runner.run(
        """
        import unittest
        import pytest

        class TestIt(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def world(self, xbl, join, crash):
                self.xbl, self.join, self.crash = xbl, join, crash

            def test_joined(self):
                self.assertEqual(self.join(), 1)

            def test_alone(self):
                self.assertEqual(len(self.xbl.sessions), 0)

            def test_crash(self):
                self.crash()
        """
    )
    result.assert_outcomes(passed=2, failed=1)


def test_a_late_call_of_an_earlier_test_reaches_nobody(runner: Runner) -> None:
    """It is gone, changes nothing in the next test, and is an error of the test that it belongs to (SEEN-6)."""
    result = runner.run(
        """
        import http.client
        from urllib.parse import urlsplit

        late = {}

        def test_one(xbl):
            late.update(xbl.user("Stacy").headers)

        def test_two(xbl):
            xbl.user("Stacy")
            address = urlsplit(xbl.url)
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
            path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby/sessions/one"
            connection.request("PUT", path, body=b"{}", headers=late)
            status = connection.getresponse().status
            connection.close()
            assert (status, len(xbl.sessions), len(xbl.journal)) == (410, 0, 0)
        """
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["_* ERROR at teardown of test_one _*"])


def test_two_worlds_on_one_server_do_not_see_each_other(runner: Runner) -> None:
    """A test may connect a second world, and each answers its own callers."""
    result = runner.run(
        """
        import json, urllib.request
        from pytest_xbl import XboxLive

        def join(world, session):
            stacy = world.user("Stacy", gamertag=world.name)
            url = f"{world.url}/serviceconfigs/{world.scid}/sessiontemplates/lobby/sessions/{session}"
            body = b'{"members":{"me":{"properties":{"system":{"active":true}}}}}'
            headers = {**stacy.headers, "Content-Type": "application/json"}
            request = urllib.request.Request(url, data=body, headers=headers, method="PUT")
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["members"]["0"]["gamertag"]

        def test_it(xbl, xbl_server):
            other = XboxLive(url=xbl_server.url, name="other")
            with xbl_server.app.connected(other.app):
                assert join(xbl, "one") == xbl.name
                assert join(other, "one") == "other"
                assert (len(xbl.sessions), len(other.sessions)) == (1, 1)
        """
    )
    result.assert_outcomes(passed=1)


# Names


NAMES = """
    import json, pathlib
    import pytest

    def note(xbl, request):
        token = xbl.user("Stacy").token
        path = pathlib.Path("tokens.json")
        known = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**known, request.node.nodeid: token}))

    def test_one(xbl, request):
        note(xbl, request)

    @pytest.mark.parametrize("number", [1, 2])
    def test_two(xbl, request, number):
        note(xbl, request)

    class TestThree:
        def test_one(self, xbl, request):
            note(xbl, request)
"""


def tokens_in(directory: Path) -> dict[str, str]:
    """The tokens that a run has noted, by node id."""
    path = directory / "tokens.json"
    tokens: dict[str, str] = json.loads(path.read_text())
    path.unlink()
    return tokens


def test_the_name_of_a_world_follows_from_the_id_of_its_test(runner: Runner) -> None:
    """Tokens depend on the node id and on nothing else: alone, together, in another order or process."""
    directory = runner.pytester.path
    runner.run(NAMES).assert_outcomes(passed=4)
    together = tokens_in(directory)
    assert together == {
        node: f"xbl-{zlib.crc32(node.encode()):08x}.2533274790000001"
        for node in (
            "test_it.py::test_one",
            "test_it.py::test_two[1]",
            "test_it.py::test_two[2]",
            "test_it.py::TestThree::test_one",
        )
    }
    assert len(set(together.values())) == 4
    runner.run(NAMES, "-k", "test_two").assert_outcomes(passed=2, deselected=2)
    assert tokens_in(directory).items() < together.items()
    nodes = list(reversed(together))
    runner.again(*nodes).assert_outcomes(passed=4)
    assert tokens_in(directory) == together
    runner.run_apart(NAMES, "-p", "no:randomly").assert_outcomes(passed=4)
    assert tokens_in(directory) == together


# When the fake itself fails


@pytest.mark.parametrize("where", ["", "socket=True"], ids=["in the process", "over a socket"])
def test_an_exception_inside_the_fake_fails_the_test(runner: Runner, where: str) -> None:
    """In its call phase, once, with the traceback of the exception; the tests around it are none the worse."""
    result = runner.run(
        f"""
        def test_before(join):
            assert join() == 1

        def test_it(crash):
            crash({where})

        def test_after(join):
            assert join() == 1
        """
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        ["*= FAILURES =*", "*_ test_it _*", "E * RuntimeError: a bug", "conftest.py:*: RuntimeError"]
    )
    result.stdout.no_fnmatch_line("*ERROR at*")


def test_several_exceptions_inside_the_fake_fail_the_test_once(runner: Runner) -> None:
    """In its call phase only, and not once more in its teardown."""
    result = runner.run(
        """
        def test_it(crash):
            crash()
            crash()
            crash()
        """
    )
    result.assert_outcomes(failed=1)


def test_the_tests_own_failure_is_not_hidden(runner: Runner) -> None:
    """A test that failed by itself shows its own failure, and what the fake raised in a section of its own."""
    result = runner.run(
        """
        def test_it(crash):
            crash()
            crash()
            assert 1 == 2
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E       assert 1 == 2",
            "*- Captured xbl call -*",
            "The fake failed: RuntimeError('a bug')",
            "The fake failed: RuntimeError('a bug')",
            "[#]1 Stacy: GET * -> 500",
            "[#]2 Stacy: GET * -> 500",
        ]
    )


def test_a_failure_of_the_tests_own_is_all_there_is_to_show(runner: Runner) -> None:
    """Where nothing has happened in the fake, the report has no section of it (SEEN-8)."""
    result = runner.run(
        """
        def test_it(xbl):
            assert len(xbl.sessions) == 2
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * assert 0 == 2"])
    result.stdout.no_fnmatch_line("*- Captured xbl *")


def test_a_test_that_is_skipped_late_does_not_hide_an_exception(runner: Runner) -> None:
    """A skip is no failure of the test's own, so what the fake raised before it fails the test."""
    result = runner.run(
        """
        import pytest

        def test_it(crash):
            crash()
            pytest.skip("after all")
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * RuntimeError: a bug"])


def test_an_expected_failure_may_be_one_of_the_fake(runner: Runner) -> None:
    """`xfail` is for any failure of the test."""
    result = runner.run(
        """
        import pytest

        @pytest.mark.xfail(raises=RuntimeError, strict=True)
        def test_it(crash):
            crash()
        """
    )
    result.assert_outcomes(xfailed=1)


def test_an_exception_during_setup_fails_the_call(runner: Runner) -> None:
    """A fixture that meets a bug of the fake, and goes on, still fails the test."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture
        def prepared(crash):
            crash()

        def test_it(prepared):
            pass
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * RuntimeError: a bug"])


def test_an_exception_before_a_failing_setup_is_told_beside_it(runner: Runner) -> None:
    """The fixture's own failure is one error, and the bug of the fake another: neither hides the other."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture
        def prepared(crash):
            crash()
            assert 1 == 2

        def test_it(prepared):
            pass
        """
    )
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["E       assert 1 == 2", "*RuntimeError: a bug"])


def test_an_exception_during_teardown_is_an_error(runner: Runner) -> None:
    """After the call there is only the teardown to say so; the test itself has passed."""
    result = runner.run(
        """
        import pytest

        @pytest.fixture
        def tidy(crash):
            yield
            crash()

        def test_it(tidy):
            pass

        def test_after(join):
            assert join() == 1
        """
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*_ ERROR at teardown of test_it _*", "E * RuntimeError: a bug"])


def test_an_exception_in_a_thread_of_the_test_fails_the_test(runner: Runner) -> None:
    """Wherever the call came from."""
    result = runner.run(
        """
        import threading

        def test_it(crash):
            thread = threading.Thread(target=crash)
            thread.start()
            thread.join()
        """
    )
    result.assert_outcomes(failed=1)


def test_an_exception_past_the_app_fails_the_test_that_caused_it(runner: Runner) -> None:
    """Also where the app's own net did not catch it, and only the server did; another test is not blamed."""
    result = runner.run(
        """
        import http.client
        from urllib.parse import urlsplit

        def test_it(xbl, monkeypatch):
            monkeypatch.setattr(type(xbl.app), "_answer", None)
            address = urlsplit(xbl.url)
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
            connection.request("GET", "/")
            assert connection.getresponse().status == 500
            connection.close()

        def test_after(join):
            assert join() == 1
        """,
        "-rfE",
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["* test_it.py::test_it - TypeError: *"])
    result.stdout.no_fnmatch_line("* test_it.py::test_after - *")


def test_a_failing_test_without_an_exception_inside_the_fake_says_nothing_of_it(runner: Runner) -> None:
    """Its section shows requests and sessions, and speaks of a failure of the fake only where one is (SEEN-8)."""
    result = runner.run(
        """
        def test_it(join):
            assert join() == 2
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * assert 1 == 2", "*- Captured xbl call -*", "[#]1 Stacy: PUT * -> 201"])
    result.stdout.no_fnmatch_line("*The fake failed*")


def test_a_skipped_test_stays_skipped(runner: Runner) -> None:
    """Where the fake did not fail there is nothing to say."""
    result = runner.run(
        """
        import pytest

        def test_it(xbl):
            pytest.skip("not today")
        """
    )
    result.assert_outcomes(skipped=1)


def test_a_refusal_fails_no_test(runner: Runner) -> None:
    """Refusals are answers; only bugs of the fake, and mistakes of the client, fail a test by themselves."""
    result = runner.run(
        """
        def test_it(xbl):
            path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/none"
            statuses = [xbl.client(caller).get(path).status_code for caller in (None, xbl.user("Stacy"))]
            assert statuses == [401, 404]
        """
    )
    result.assert_outcomes(passed=1)


# Other plugins, threads, warnings

MANY = """
    import pytest

    @pytest.mark.parametrize("number", range(8))
    def test_alone(xbl, join, number):
        assert len(xbl.sessions) == 0
        assert join() == 1
        assert join("Ana") == 2
"""


def test_tests_in_two_processes_do_not_see_each_other(runner: Runner) -> None:
    """Under pytest-xdist each worker has a server of its own."""
    pytest.importorskip("xdist")
    runner.run_apart(MANY, "-n", "2").assert_outcomes(passed=8)


def test_a_crash_in_a_worker_fails_its_test(runner: Runner) -> None:
    """Under pytest-xdist failures and sections reach the report as well."""
    pytest.importorskip("xdist")
    result = runner.run_apart(
        """
        def test_crash(crash):
            crash()

        def test_own(crash):
            crash()
            assert 1 == 2
        """,
        *("-n", "2"),
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines_random(
        ["E * RuntimeError: a bug", "E * assert 1 == 2", "The fake failed: RuntimeError('a bug')"]
    )


def test_tests_in_random_order_do_not_see_each_other(runner: Runner) -> None:
    """Under pytest-randomly nothing depends on the order."""
    pytest.importorskip("pytest_randomly")
    runner.run_apart(MANY, "-p", "randomly").assert_outcomes(passed=8)


def test_a_test_may_call_from_many_threads(runner: Runner) -> None:
    """All of them meet the world of their test, in the process and over the socket."""
    result = runner.run(
        """
        import http.client
        from concurrent.futures import ThreadPoolExecutor
        from urllib.parse import urlsplit

        BODY = b'{"members":{"me":{"properties":{"system":{"active":true}}}}}'

        def test_it(xbl):
            users = xbl.users(*"abcdefgh")
            path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby/sessions/one"
            address = urlsplit(xbl.url)

            def join(user):
                if user.name in "abcd":
                    return xbl.client(user).put(path, data=BODY).status_code
                connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
                connection.request("PUT", path, body=BODY, headers=user.headers)
                status = connection.getresponse().status
                connection.close()
                return status

            with ThreadPoolExecutor(8) as pool:
                assert sorted(pool.map(join, users)) == [200] * 7 + [201]
            assert len(xbl.sessions["one"].document["members"]) == 8
        """
    )
    result.assert_outcomes(passed=1)


def test_no_warning_comes_from_the_plugin(runner: Runner) -> None:
    """The fixture works where every warning is an error, from the import on."""
    runner.run_apart(MANY, "-p", "no:randomly", "--strict-markers", "--strict-config").assert_outcomes(passed=8)


def test_the_plugin_is_found_by_its_entry_point(runner: Runner) -> None:
    """Installed is enough; its name is `xbl`, by which it can be switched off."""
    source = "def test_it(xbl): pass"
    runner.run(source).assert_outcomes(passed=1)
    result = runner.run_apart(source, "-p", "no:xbl")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E * fixture 'xbl' not found"])


# What a run pays that does not use it


def test_a_run_that_does_not_use_it_imports_nothing_more(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run of every user pays for what the plugin imports: that is the plugin, and nothing below it."""
    runner.file(
        "conftest.py",
        """
        import os, pathlib, sys

        def pytest_unconfigure():
            pathlib.Path(os.environ["MODULES"]).write_text(" ".join(sorted(sys.modules)))
        """,
    )
    modules = []
    for arguments in ((), ("-p", "no:xbl")):
        path = runner.pytester.path / "modules"
        monkeypatch.setenv("MODULES", str(path))
        runner.run_apart("def test_it(): pass", *runner.quiet, *arguments).assert_outcomes(passed=1)
        modules.append(set(path.read_text().split()))
    assert modules[0] - modules[1] - {"zlib"} == {"pytest_xbl", "pytest_xbl.errors", "pytest_xbl.plugin"}
