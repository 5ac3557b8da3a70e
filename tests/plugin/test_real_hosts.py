"""Real host names in runs of pytest: settings, what fails a test, and what is left at the end."""

from __future__ import annotations

import os
import sys
import urllib.request
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

HOST = "sessiondirectory.xboxlive.com"
READ = f"""
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import pytest


def read(headers={{}}, path="/serviceconfigs/x/sessiontemplates", host="{HOST}"):
    connection = http.client.HTTPSConnection(host, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def reach(host):
    try:
        socket.create_connection((host, 443), timeout=30).close()
    except OSError as error:
        return error.strerror
"""


def run(runner: Runner, tests: str, *arguments: str, **settings: str) -> pytest.RunResult:
    """Run tests that can read by real names."""
    options = [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
    return runner.run(READ + dedent(tests), *options, *arguments)


def test_a_run_leaves_nothing_behind(runner: Runner) -> None:
    """No thread, and every function is as it was, also after a test whose client kept its connection (HOST-1)."""
    runner.file(
        "conftest.py",
        """
        import socket, ssl, sys, threading
        import pytest

        FUNCTIONS = [(socket, "getaddrinfo"), (socket.socket, "connect"), (ssl.SSLContext, "wrap_socket")]
        before = [getattr(*one) for one in FUNCTIONS], [*sys.meta_path]
        threads = {*threading.enumerate()}
        kept = []

        @pytest.fixture
        def keep():
            return kept.append

        def pytest_unconfigure(config):
            config.add_cleanup(tell)

        def tell():
            for thread in {*threading.enumerate()} - threads:
                thread.join(10)
            alive = [thread.name for thread in {*threading.enumerate()} - threads if thread.is_alive()]
            print("\\nLEFT", alive, before[0] == [getattr(*one) for one in FUNCTIONS], before[1] == sys.meta_path)
            kept[0].close()
        """,
    )
    result = run(
        runner,
        """
        def test_kept(xbl, keep):
            connection = http.client.HTTPSConnection("sessiondirectory.xboxlive.com", timeout=30)
            keep(connection)
            connection.request("GET", "/serviceconfigs", headers=xbl.user("Ana").headers)
            assert connection.getresponse().read()
        """,
        "-s",
        xbl_loose="unknown-route",
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["LEFT [[]] True True"])


def test_the_proxies_of_the_machine_are_not_asked(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """One would take the name to the real service, and nobody listens at this one; the variables stay (HOST-1)."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "db")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setattr(urllib.request, "_opener", None)  # it would keep the proxy for later tests of this process
    result = run(
        runner,
        """
        import urllib.error, urllib.request

        def test_it(xbl):
            with pytest.raises(urllib.error.HTTPError, match="404") as error, xbl.expect_refusal("CALL-1"):
                urllib.request.build_opener().open("https://privacy.xboxlive.com/")
            error.value.close()
        """,
    )
    result.assert_outcomes(passed=1)
    assert (os.environ["NO_PROXY"], "no_proxy" in os.environ) == ("db", False)


def test_a_call_by_a_real_name_is_late_as_any(runner: Runner) -> None:
    """A client that outlives its test never reaches the real service; the text names the host (SEEN-6, HOST-1)."""
    result = run(
        runner,
        """
        kept = {}

        def test_first(xbl):
            kept.update(xbl.user("Ana").headers)

        def test_second(xbl):
            assert read(kept) == 410

        def test_third():
            assert read(kept) == 410

        def test_fourth():
            assert read() == 503
        """,
    )
    told = runner.told(result)
    result.assert_outcomes(passed=2, failed=2, errors=1)
    call = f"GET /serviceconfigs/x/sessiontemplates at {HOST}"
    assert f"{call} of test_it.py::test_first" in told["test_second"]
    assert f"{call} (2 times)" in told["ERROR at teardown of test_first"]


EXTRA = "is not served, because that needs trustme: pip install pytest-xbl[hosts]"
BLOCKED = "is blocked by the setting xbl_hosts = block; xbl.url is the address of the fake."


@pytest.mark.parametrize(("mode", "why"), [("block", BLOCKED), ("serve", EXTRA)])
def test_blocked_hosts_fail_a_test(runner: Runner, mode: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the client hides it; at the line that asked, by every way, and without any other harm (HOST-5)."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    result = run(
        runner,
        f"""
        def test_hidden(xbl):
            assert reach("{HOST}") == "pytest-xbl: {HOST} {why} (HOST-5)"

        def test_expected(xbl):
            with xbl.expect_refusal("HOST-5", match="blocked|not served"):
                reach("login.live.com")
            import ssl
            ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="{HOST}")

        @pytest.mark.xbl(loose="egress")
        def test_let_pass(xbl):
            reach("profile.xboxlive.com")

        def test_without(xbl):
            assert xbl.client(xbl.user("Ana")).get(xbl.url.replace(xbl.url, "/handles/query")).status_code == 405

        def test_program(xbl_environ):
            pass
        """,
        xbl_hosts=mode,
        xbl_loose="unknown-route",
    )
    told = runner.told(result)
    result.assert_outcomes(passed=3, failed=1, errors=1)
    assert runner.failure(told["test_hidden"]).splitlines() == [
        f"The client made a mistake: 403 HOST-5 at the host: {HOST} {why}",
        f"#1 nobody: CONNECT {HOST}:443 -> 403",
        "Expect it by `with xbl.expect_refusal('HOST-5')`, or let it pass: @pytest.mark.xbl(loose=['egress']).",
    ]
    assert told["ERROR at setup of test_program"].splitlines() == [
        f"No program can be led to the fake: Xbox Live {why}",
        "where: environ",
        "rule: HOST-5",
    ]


def test_hosts_can_be_left_alone(runner: Runner) -> None:
    """Nothing is replaced (HOST-5)."""
    result = run(
        runner,
        """
        import ssl
        before = socket.getaddrinfo, socket.socket.connect, ssl.SSLContext.wrap_bio

        def test_it(xbl):
            assert before == (socket.getaddrinfo, socket.socket.connect, ssl.SSLContext.wrap_bio)
            with pytest.raises(Exception, match=": Xbox Live is left alone by the setting xbl_hosts = off"):
                xbl.environ
        """,
        xbl_hosts="off",
    )
    result.assert_outcomes(passed=1)


FOREIGN = "A test may not reach {}, only Xbox Live; the setting xbl_allow_hosts allows other hosts."


def test_foreign_hosts_fail_a_test_where_that_is_wanted(runner: Runner) -> None:
    """At the line that asked; the machine itself and what is allowed are never foreign (HOST-4)."""
    tests = """
        def test_foreign(xbl):
            reach("192.0.2.1")

        def test_named(xbl):
            reach("db.example.invalid")
            reach("two.db.example.invalid")
            assert not {reach("127.0.0.1"), reach(socket.gethostname())} & {None, ""}

        def test_without_a_world():
            assert socket.getaddrinfo("localhost", 1)
            with pytest.raises(socket.gaierror):
                socket.gethostbyname("example.invalid")
    """
    result = run(runner, tests, xbl_egress="refuse", xbl_allow_hosts="Db.Example.Invalid")
    result.assert_outcomes(passed=2, failed=1)
    assert runner.failure(runner.told(result)["test_foreign"]).splitlines()[:2] == [
        f"The client made a mistake: 403 HOST-4 at the host: {FOREIGN.format('192.0.2.1:443')}",
        "#1 nobody: CONNECT 192.0.2.1:443 -> 403",
    ]
    assert (
        ">           socket.create_connection((host, 443), timeout=30).close()" in runner.told(result)["test_foreign"]
    )


def test_foreign_hosts_are_left_alone_by_default(runner: Runner) -> None:
    """A test database is the business of its own plugin (HOST-4)."""
    tests = """
        def test_foreign(xbl):
            with pytest.raises(socket.gaierror):
                socket.gethostbyname("example.invalid")
            assert len(xbl.journal) == 0
    """
    run(runner, tests).assert_outcomes(passed=1)


def test_a_program_of_a_test_without_a_world_is_refused_as_well(runner: Runner) -> None:
    """Nobody can be charged, and nothing gets out (HOST-4)."""
    tests = """
        def test_it(xbl_environ):
            code = "import socket; socket.create_connection(('example.com', 443))"
            told = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True).stderr
            assert "pytest-xbl: A test may not reach example.com:443, " in told
    """
    run(runner, tests).assert_outcomes(passed=1)


HOSTS = "db.example.com or 10.0.0.7"
OFF = (
    "xbl_egress = refuse needs xbl_hosts = serve or block, since off replaces nothing that could refuse; "
    "for tests against the real service, add -o xbl_egress=allow.\nrule: HOST-4"
)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (
            {"xbl_hosts": "served"},
            "xbl_hosts is serve, block or off, not 'served'; did you mean 'serve'?\nrule: HOST-5",
        ),
        ({"xbl_egress": "deny"}, "xbl_egress is allow or refuse, not 'deny'.\nrule: HOST-5"),
        (
            {"xbl_egress": "refuse", "xbl_hosts": "off"},
            OFF,
        ),
        (
            {"xbl_allow_hosts": "db.example.com:80"},
            f"xbl_allow_hosts names hosts, such as {HOSTS}, without a port; not 'db.example.com:80'.\nrule: HOST-4",
        ),
        (
            {"xbl_allow_hosts": "db.example.com Profile.XboxLive.com"},
            "xbl_allow_hosts cannot name Profile.XboxLive.com: hosts of Xbox Live lead to the fake.\nrule: HOST-4",
        ),
    ],
)
def test_a_setting_that_cannot_be_fails_its_tests(runner: Runner, settings: dict[str, str], why: str) -> None:
    """With what there is (HOST-4, HOST-5)."""
    result = run(runner, "def test_it(xbl): pass\ndef test_other(): pass", **settings)
    result.assert_outcomes(passed=1, errors=1)
    assert runner.told(result)["ERROR at setup of test_it"] == why


def test_the_variables_are_set_for_their_test(runner: Runner) -> None:
    """They are those of `xbl.environ`, and gone afterwards (HOST-2)."""
    result = run(
        runner,
        """
        @pytest.mark.parametrize("order", [("xbl", "xbl_environ"), ("xbl_environ", "xbl")])
        def test_the_gate_is_asked(request, order):
            for name in order:
                request.getfixturevalue(name)
            assert "xboxlive" not in os.environ["NO_PROXY"] + os.environ["no_proxy"]

        def test_set(xbl, xbl_environ):
            assert xbl_environ.items() <= os.environ.items()
            assert xbl_environ == xbl.environ

        def test_gone(xbl):
            assert "PYTEST_XBL_GATE" not in os.environ
            assert os.path.dirname(xbl.environ["PYTEST_XBL_CA"]).startswith(TMP)

        def test_by_hand():
            from pytest_xbl import XboxLive
            with pytest.raises(Exception, match="^This world has no server, since it was made by hand; "):
                XboxLive().environ

        @pytest.fixture(scope="session", autouse=True)
        def tmp(tmp_path_factory):
            global TMP
            TMP = str(tmp_path_factory.getbasetemp())
        """,
    )
    result.assert_outcomes(passed=5)


def test_programs_need_temporary_directories(runner: Runner) -> None:
    """The certificate lies in those of pytest (HOST-3)."""
    result = run(runner, "def test_it(xbl_environ): pass", "-p", "no:tmpdir", "-p", "no:legacypath")
    told = runner.told(result)["ERROR at setup of test_it"]
    assert told == "Certificates for programs need pytest's temporary directories: run without -p no:tmpdir."


GUARD = """
    import socket
    import pytest

    true = socket.socket.connect


    def guard(this, address):
        assert address[0] == "127.0.0.1", address
        return true(this, address)


    def pytest_runtest_setup():
        socket.socket.connect = guard


    def pytest_runtest_teardown():
        socket.socket.connect = true


    @pytest.fixture(scope="session")
    def shared(xbl_world):
        return xbl_world()
"""
"""A plugin that guards connections as pytest-socket does: the true function is put back after each test."""


def test_a_plugin_that_guards_sockets_may_do_so(runner: Runner) -> None:
    """Ours is on top of theirs in each test, also while its fixtures are torn down, and never there twice (HOST-1)."""
    runner.file("conftest.py", GUARD)
    tests = """
        @pytest.mark.parametrize("number", range(3))
        def test_shared(shared, number):
            assert read(shared.user(f"Ana {number}").headers) == 404

        @pytest.fixture
        def leaving(xbl):
            headers = xbl.user("Ana").headers
            yield headers
            assert read(headers) == 404

        @pytest.mark.parametrize("number", range(3))
        def test_own(leaving, number):
            assert read(leaving) == 404
    """
    run(runner, tests).assert_outcomes(passed=6)


def test_a_fork_serves_nothing_by_itself(runner: Runner) -> None:
    """Its copy of the world is one that no test would see; what the parent serves already, it can reach (HOST-1)."""
    result = run(
        runner,
        """
        def in_a_fork(action):
            reading, writing = os.pipe()
            if os.fork() == 0:
                try:
                    said = str(action())
                except OSError as error:
                    said = error.strerror
                os.write(writing, said.encode())
                os._exit(0)
            os.wait()
            return os.read(reading, 1000).decode()

        @pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
        def test_it(xbl):
            headers = xbl.user("Ana").headers
            assert in_a_fork(lambda: read(headers)).startswith("pytest-xbl: this process was forked before ")
            assert read(headers) == 404
            assert in_a_fork(lambda: read(headers)) == "404"
            assert len(xbl.journal) == 2

        def test_another_process(xbl, monkeypatch):
            monkeypatch.setattr(os, "getpid", lambda: -1)
            with pytest.raises(OSError, match="this process was forked before "):
                xbl._environ.__self__._require_same_process()
        """,
    )
    result.assert_outcomes(passed=2)


def test_a_bug_behind_a_real_name_fails_its_test(runner: Runner) -> None:
    """As behind `xbl.url`; one outside of any world fails the teardown (HOST-1)."""
    result = run(
        runner,
        """
        def test_it(xbl, monkeypatch):
            monkeypatch.setattr("pytest_xbl.wire.switchboard.is_real", None)
            assert read(xbl.user("Ana").headers) == 500
        """,
    )
    result.assert_outcomes(passed=1, errors=1)
    assert "TypeError: 'NoneType' object is not callable" in runner.told(result)["ERROR at teardown of test_it"]
