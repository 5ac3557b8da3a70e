"""Tests that share a server: calls that belong to another test or to none, and tests that run more than once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bodies import ONE
from pytest_xbl.xbl.naming import name_of_world

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

HEAD = f"""
import http.client, threading
from contextlib import closing
from urllib.parse import urlsplit

import pytest

PATH = "{ONE}"

def connect(url):
    address = urlsplit(url)
    return closing(http.client.HTTPConnection(address.hostname, address.port, timeout=30))

def ask(connection, headers, method="GET", path=PATH):
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    response.read()
    return response.status

def call(url, headers, method="GET", path=PATH):
    with connect(url) as connection:
        return ask(connection, headers, method, path)
"""
LATE = "A call came when the world of this test was over, and was answered with 410:"
MEND = (
    "Stop its threads and programs, and reset the code that keeps its token, before it is over; "
    "or let it pass: @pytest.mark.xbl(loose=['late-call'])."
)
STRAY = "A call with the token or the client of another test or world reached none:"
TOKEN = "The code under test has kept a token: reset it, or give the user the same token= in each test."
APP = "The code under test has kept xbl.client, xbl.app or a transport: take those of the test that runs."
THREAD = (
    "If a thread, a task or a program outlived that test, end it there; "
    "or let its calls pass, there: @pytest.mark.xbl(loose=['late-call'])."
)
REMEDIES = f"{TOKEN}\n{THREAD}"


def test_a_path_stays_on_its_line(runner: Runner) -> None:
    """Whatever is in it, it can begin no line of its own, and colour none (SEEN-6)."""
    result = runner.run(
        """
        kept = {}

        def test_one(xbl):
            kept.update(xbl.user("Stacy").headers)

        def test_two(xbl):
            xbl.client().get("/%0AFAILED %1b[31mü", headers=kept)
        """
    )
    result.assert_outcomes(passed=1, failed=1, errors=1)
    assert runner.told(result)["test_two"].splitlines()[:2] == [
        STRAY,
        "GET /\\nFAILED \\x1b[31mü of test_it.py::test_one",
    ]


# A token that the code under test keeps

CACHED = f"""{HEAD}
cache = {{}}

def code_under_test(url, sign_in):
    if not cache:
        cache.update(sign_in())
    return call(url, cache)

@pytest.mark.parametrize("number", range(4))
def test_it(xbl, number):
    code_under_test(xbl.url, lambda: xbl.user("Stacy").headers)
"""


def test_a_test_fails_that_calls_with_the_token_of_another(runner: Runner) -> None:
    """It has reached no world; the test whose token it is gets one report (SEEN-6)."""
    result = runner.run(CACHED)
    result.assert_outcomes(passed=1, failed=3, errors=1)
    assert runner.told(result) == {
        "ERROR at teardown of test_it[0]": (
            "3 calls came when the world of this test was over, and were answered with 410:\n"
            f"GET {ONE} (3 times)\n"
            "Meanwhile ran: test_it.py::test_it[1], test_it.py::test_it[2], test_it.py::test_it[3].\n"
            f"{MEND}"
        ),
        **{f"test_it[{number}]": f"{STRAY}\nGET {ONE} of test_it.py::test_it[0]\n{REMEDIES}" for number in (1, 2, 3)},
    }


REMEDIED = {
    "the same token": CACHED.replace('"Stacy"', '"Stacy", token="stacy", userhash="1"'),
    "a reset": f"{CACHED}\n@pytest.fixture(autouse=True)\ndef reset():\n    cache.clear()\n",
    "loose": f"{CACHED}\npytestmark = pytest.mark.xbl(loose=['late-call'])\n",
}


@pytest.mark.parametrize("source", REMEDIED.values(), ids=REMEDIED)
def test_what_the_failure_proposes_helps(runner: Runner, source: str) -> None:
    """Each of the ways out (SEEN-6, SEEN-9)."""
    runner.run(source).assert_outcomes(passed=4)


STRAYS = f"""{HEAD}
kept = {{}}

def stray(url):
    assert call(url, kept["headers"]) == 410

def test_over(xbl):
    stacy = xbl.user("Stacy")
    kept.update(url=xbl.url, headers=stacy.headers, client=xbl.client(stacy))

def test_in_the_process(xbl):
    assert xbl.client().get(PATH, headers=kept["headers"]).status_code == 410

def test_kept_client():
    assert kept["client"].get(PATH).status_code == 410

def test_without_a_world():
    stray(kept["url"])

def test_in_a_thread(xbl):
    thread = threading.Thread(target=stray, args=[xbl.url])
    thread.start()
    thread.join()

def test_skipped(xbl):
    stray(xbl.url)
    pytest.skip("after all")

@pytest.mark.xfail(strict=True)
def test_expected(xbl):
    stray(xbl.url)

def test_mistake(xbl):
    stray(xbl.url)
    xbl.client().get("/x")

def test_own(xbl):
    stray(xbl.url)
    assert 1 == 2

def test_own_without_a_world():
    stray(kept["url"])
    assert 1 == 2

@pytest.fixture
def prepared(xbl):
    stray(xbl.url)

def test_prepared(prepared):
    pass

@pytest.fixture
def untidy(xbl):
    yield
    stray(xbl.url)

def test_untidy(untidy):
    pass

@pytest.mark.xbl(loose=["late-call"])
def test_loose(xbl):
    stray(xbl.url)

@pytest.mark.xbl(loose=["late-call"])
def test_loose_without_a_world():
    stray(kept["url"])

def test_after(xbl):
    pass
"""


def test_a_stray_fails_the_test_wherever_it_makes_it(runner: Runner) -> None:
    """Once, over the socket and in the process, with a world and without (SEEN-6).

    A failure of its own comes first (SEEN-8).
    """
    result = runner.run(STRAYS)
    result.assert_outcomes(passed=5, failed=9, errors=2, xfailed=1)
    told = runner.told(result)
    text = f"{STRAY}\nGET {ONE} of test_it.py::test_over\n{REMEDIES}"
    assert told.pop("ERROR at teardown of test_over").splitlines()[:2] == [
        "13 calls came when the world of this test was over, and were answered with 410:",
        f"GET {ONE} (13 times)",
    ]
    for title in ("test_own", "test_own_without_a_world"):
        own = told.pop(title)
        assert runner.errors(own) == ["assert 1 == 2"]
        assert "\n".join(runner.section(own)) == text
    mistake = "CALL-7 at the URI: The fake has no operation GET /x on host localhost."
    complaint = f"The client made a mistake: 404 {mistake}\n#1 nobody: GET /x -> 404"
    expect = (
        "Expect it by `with xbl.expect_refusal('CALL-7')`, or let it pass: @pytest.mark.xbl(loose=['unknown-route'])."
    )
    own = told.pop("test_mistake")
    assert runner.failure(own) == f"{complaint}\n{expect}\n{text}"
    assert runner.section(own) == [f"#1 nobody: GET /x -> 404 {mistake}"]
    assert told.pop("test_kept_client") == f"{STRAY}\nGET {ONE} of test_it.py::test_over\n{APP}\n{THREAD}"
    assert told == dict.fromkeys(
        (
            "test_in_the_process",
            "test_without_a_world",
            "test_in_a_thread",
            "test_skipped",
            "test_prepared",
            "ERROR at teardown of test_untidy",
        ),
        text,
    )
    runner.again("-o", "xbl_loose=late-call").assert_outcomes(passed=10, failed=4, skipped=1)


def test_a_stray_fails_no_test_if_the_other_test_lets_its_late_calls_pass(runner: Runner) -> None:
    """So a thread that cannot be joined needs one marker, and not one for each test that comes later (SEEN-6)."""
    source = CACHED.replace("range(4)", "[pytest.param(0, marks=pytest.mark.xbl(loose='late-call')), 1, 2]")
    runner.run(source).assert_outcomes(passed=3)


# A thread that runs on

HEARTBEAT = f"""{HEAD}
steps = {{name: threading.Event() for name in ("connected", "over", "sent", "again", "done")}}

def beat(url, headers):
    with connect(url) as connection:
        ask(connection, headers)
        steps["connected"].set()
        for started, finished in (("over", "sent"), ("again", "done")):
            assert steps[started].wait(30)
            for _ in range(5):
                ask(connection, headers)
            steps[finished].set()

def test_starts(xbl):
    threading.Thread(target=beat, args=[xbl.url, xbl.user("Stacy").headers]).start()
    assert steps["connected"].wait(30)

def test_next(xbl):
    steps["over"].set()
    assert steps["sent"].wait(30)
    assert (len(xbl.journal), call(xbl.url, xbl.user("Ana").headers)) == (0, 204)

def test_without_a_world():
    steps["again"].set()
    assert steps["done"].wait(30)
"""


def test_a_thread_that_runs_on_is_reported_once(runner: Runner) -> None:
    """For its own test only, as its connection is older than the others (SEEN-6)."""
    result = runner.run(HEARTBEAT)
    result.assert_outcomes(passed=3, errors=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert runner.told(result) == {
        "ERROR at teardown of test_starts": (
            "10 calls came when the world of this test was over, and were answered with 410:\n"
            f"GET {ONE} (10 times)\n"
            "Meanwhile ran: test_it.py::test_next, test_it.py::test_without_a_world.\n"
            f"{MEND}"
        )
    }


# Tests that run more than once

TWICE = f"""{HEAD}
kept = []

def test_it(xbl):
    stacy = xbl.user("Stacy")
    lobby = xbl.sessions.create("lobby", name="one", members=[stacy])
    statuses = [call(xbl.url, headers, "DELETE", PATH + "/members/me") for headers in kept]
    kept.append(stacy.headers)
    assert (statuses, len(lobby.document["members"])) == ([410] * (len(kept) - 1), 1)
    assert len({{headers["Authorization"] for headers in kept}}) == len(kept)
    print(stacy.token)
"""


def test_each_run_of_a_test_has_tokens_of_its_own(runner: Runner) -> None:
    """A call of an earlier run changes nothing in a later one; the tokens are the same next time (SEEN-9, SEEN-6)."""
    twice = ("--keep-duplicates", "test_it.py", "test_it.py")
    result = runner.run(TWICE, *twice, "-s", "-v")
    result.assert_outcomes(passed=1, failed=1, errors=1)
    told = runner.told(result)
    path = f"DELETE {ONE}/members/me"
    whose = "an earlier run of this test, or a world of it that is over"
    assert told["test_it"].startswith(f"{STRAY}\n{path} of {whose}\n{REMEDIES}")
    assert told["ERROR at teardown of test_it"] == f"{LATE}\n{path}\nMeanwhile ran: test_it.py::test_it.\n{MEND}"
    names = re.findall(r"xbl-[0-9a-f]{16}-\d", "\n".join(result.outlines))
    assert names == [name_of_world("test_it.py::test_it", run=run) for run in (1, 2)]


SAME_CHECKSUM = f"""{HEAD}
tokens = set()

@pytest.mark.parametrize("name", ["ahiopbahg", "bfmbdmnjh"])
def test_a(xbl, name):
    tokens.add(xbl.user("Stacy").token)

def test_two(xbl):
    assert len(tokens) == 2
"""


def test_ids_of_one_checksum_have_different_tokens(runner: Runner) -> None:
    """CRC32 takes these two for one (SEEN-9)."""
    runner.run(SAME_CHECKSUM).assert_outcomes(passed=3)


CHOSEN = f"""{HEAD}
def test_one(xbl):
    stacy = xbl.user("Stacy", token="tok")
    assert call(xbl.url, stacy.headers) == 204

def test_two(xbl):
    assert call(xbl.url, {{"Authorization": "XBL3.0 x=1;tok"}}) == 401
"""


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one"), ("two",)])
def test_a_chosen_token_is_unknown_to_other_tests_in_any_order(runner: Runner, order: tuple[str, ...]) -> None:
    """The outcome of a test does not depend on which ones ran before (SEEN-9)."""
    chosen = [f"test_it.py::test_{name}" for name in order]
    runner.run(CHOSEN, *chosen).assert_outcomes(passed=len(order))


# Requests of nobody

STRANGERS = f"""{HEAD}
@pytest.fixture
def strangers(xbl):
    assert call(xbl.url, {{}}, path="/favicon.ico") == 404
    assert call(xbl.url, {{"Origin": "http://localhost"}}, "OPTIONS") == 405

def test_passes(strangers):
    pass

def test_one(xbl):
    assert call(xbl.url, {{"Authorization": "Bearer x"}}) == 401
    assert 1 == 2

def test_two(strangers):
    assert 1 == 2

def test_host(xbl):
    assert call(xbl.url, {{**xbl.user("Stacy").headers, "Host": "evil.example"}}) == 421

def test_redirected(xbl):
    assert call(xbl.url, {{"Host": "smartmatch.xboxlive.com"}}) == 404
"""


def test_a_request_without_a_token_fails_nobody_and_is_shown_by_a_failing_test(runner: Runner) -> None:
    """A browser, a preflight, or a neighbour on the machine may have sent it (SEEN-10, SEEN-11)."""
    result = runner.run(STRANGERS)
    result.assert_outcomes(passed=2, failed=3)
    told = runner.told(result)
    assert runner.section(told["test_one"]) == [
        "A request had no token of any test, so it fails none.",
        (
            "#1 nobody: get-session lobby/one -> 401 CALL-3 at Authorization: "
            'Expected XBL3.0 x=<userhash>;<token>; got "Bearer ...".'
        ),
    ]
    shown = runner.section(told["test_two"])
    assert shown[0] == "2 requests had no token of any test, so they fail none."
    assert [line.partition(" CALL-")[0] for line in shown[1:]] == [
        "#1 nobody: GET /favicon.ico -> 404",
        "#2 nobody: OPTIONS lobby/one -> 405",
    ]
    assert told["test_redirected"].startswith("The client made a mistake: 404 CALL-1 at ")
