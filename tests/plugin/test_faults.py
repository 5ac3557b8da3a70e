"""Faults that did not happen fail their test, at the right moment and with the right text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bodies import ONE

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

HEAD = f"""
import pytest, threading

PATH = "{ONE}"

@pytest.fixture
def stacy(xbl):
    return xbl.user("Stacy")
"""
UNMET = (
    HEAD
    + """
def test_unmet(xbl, stacy):
    xbl.client(stacy).get(PATH)
    xbl.faults.fail("put-session", 503, by=stacy)
    xbl.client(stacy).get(PATH)

def test_met(xbl, stacy):
    xbl.faults.fail("get-session", 503)
    assert xbl.client(stacy).get(PATH).status_code == 503

def test_optional(xbl, stacy):
    xbl.faults.fail("get-session", 503, optional=True)

def test_own(xbl, stacy):
    xbl.faults.fail("get-session", 503)
    assert 1 == 2

def test_skips(xbl, stacy):
    xbl.faults.fail("get-session", 503)
    pytest.skip("later")

@pytest.fixture
def broken(xbl, stacy):
    xbl.faults.fail("get-session", 503)
    raise ZeroDivisionError

def test_setup(broken): pass

@pytest.fixture
def leaves(xbl, stacy):
    xbl.faults.fail("get-session", 503)
    pytest.skip("now")

def test_skipped(leaves): pass

@pytest.fixture
def armed(xbl, stacy):
    xbl.faults.fail("get-session", 503)

def test_fixture(armed): pass

@pytest.fixture
def untidy(xbl, stacy):
    yield
    xbl.faults.fail("get-session", 503)

def test_teardown(untidy): pass

@pytest.mark.xbl(seed={"users": ["Bo"], "faults": [{"fail": "get-session", "status": 503, "by": "Bo"}]})
def test_seed(xbl): pass

@pytest.mark.xbl(faults=[{"fail": "get-sesion", "status": 503}])
def test_wrong(xbl): pass
"""
)
NOT_MET = (
    "A fault did not happen: {} (armed at {})\n{}optional=True lets it fail to happen, and disarm() takes it back."
)
NOBODY = "no request has come since.\n"
GET = "get-session: fail with 503, 0 of 1 times"


def test_a_fault_that_does_not_happen_fails_the_test(runner: Runner) -> None:
    """With where it was armed and what came instead; not one that fails by itself or is skipped (FAULT-6)."""
    result = runner.run(UNMET)
    result.assert_outcomes(passed=3, failed=4, skipped=2, errors=3)
    told = {title: text.partition("\n# xbl")[0] for title, text in runner.told(result).items()}
    line = {name: source_line(text) for name, text in (("unmet", "by=stacy"), ("fixture", "def armed"))}
    assert told["test_unmet"] == NOT_MET.format(
        "put-session by Stacy: fail with 503, 0 of 1 times",
        f"test_it.py:{line['unmet']}",
        "came instead:\n#2 Stacy: get-session lobby/one -> 204\n",
    )
    assert told["test_fixture"] == NOT_MET.format(GET, f"test_it.py:{line['fixture'] + 1}", NOBODY)
    by_bo = "get-session by Bo: fail with 503, 0 of 1 times"
    assert told["test_seed"] == NOT_MET.format(by_bo, "/faults/0 in the seed", NOBODY)
    assert runner.errors(told["test_own"]) == ["assert 1 == 2"]
    assert "ZeroDivisionError" in told["ERROR at setup of test_setup"]
    assert told["ERROR at teardown of test_teardown"].startswith("A fault did not happen: get-session")
    assert told["ERROR at setup of test_wrong"].splitlines() == [
        'There is no operation "get-sesion"; did you mean "get-session"?',
        "where: /faults/0/fail in the seed",
        "rule: FAULT-1",
    ]


def test_a_failing_test_shows_its_faults(runner: Runner) -> None:
    """Those that are armed, and how often each has happened (FAULT-6, SEEN-8)."""
    line = source_line("def test_own") + 1
    told = runner.told(runner.run(UNMET, "-k", "own"))["test_own"]
    assert runner.section(told) == ["faults:", f"  {GET} (armed at test_it.py:{line})"]


UNITTEST = """
import unittest, pytest

class TestCase(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def world(self, xbl):
        xbl.faults.fail("get-session", 503)

    def test_skips(self):
        self.skipTest("later")

    def test_fails(self):
        self.assertEqual(1, 2)

    def test_unmet(self):
        pass
"""


def test_a_test_of_unittest_owes_no_fault_if_it_fails_or_is_skipped(runner: Runner) -> None:
    """As any other test (FAULT-6)."""
    result = runner.run(UNITTEST)
    result.assert_outcomes(failed=2, skipped=1)
    told = runner.told(result)
    assert runner.errors(told["TestCase.test_fails"]) == ["AssertionError: 1 != 2"]
    assert told["TestCase.test_unmet"].startswith("A fault did not happen: get-session: fail with 503")


def source_line(text: str) -> int:
    """The number of the line of the module that has this text."""
    return next(number for number, line in enumerate(UNMET.splitlines(), start=1) if text in line)


SHARED = (
    HEAD
    + """
@pytest.fixture(scope="module")
def world(xbl_world):
    world = xbl_world()
    world.user("Stacy")
    world.faults.fail("get-session", 503, skip=1)
    world.faults.fail("get-me", 503)
    return world

def get(world):
    from pytest_xbl.world.people import account_called
    from pytest_xbl.xbl.people import user_of
    return world.client(user_of(world._world, account_called(world._world, "Stacy"))).get(PATH).status_code

def test_first(world):
    assert get(world) == 204

def test_second(world):
    assert get(world) == 503

def test_block(xbl_world):
    with xbl_world() as world:
        world.faults.down()
"""
)


def test_a_world_of_a_wider_scope_owes_until_it_ends(runner: Runner) -> None:
    """A later test may meet the fault of an earlier one; the last test has to answer for the rest (FAULT-6)."""
    result = runner.run(SHARED)
    result.assert_outcomes(passed=2, failed=1, errors=1)
    told = runner.told(result)
    assert told["test_block"].startswith("A fault did not happen: any operation: be down, 0 times")
    [error] = [text for title, text in told.items() if title.startswith("ERROR at teardown")]
    assert error.startswith("A fault did not happen: get-me: fail with 503, 0 of 1 times (armed at test_it.py:")


OF_ONE_TEST = (
    HEAD
    + """
FAULTS = [{"fail": "get-session", "status": 503}]

def test_unmet(xbl_world):
    xbl_world(faults=FAULTS)

def test_own(xbl_world):
    xbl_world(faults=FAULTS)
    assert 1 == 2

def test_skips(xbl_world):
    xbl_world(faults=FAULTS)
    pytest.skip("later")

@pytest.fixture
def world(xbl_world):
    return xbl_world(faults=FAULTS)

def test_fixture(world):
    assert world.client(world.user("Stacy")).get(PATH).status_code == 503
"""
)


def test_a_world_of_one_test_owes_until_its_test_ends(runner: Runner) -> None:
    """By whatever fixture it is made; and nothing if the test fails by itself, or is skipped (FAULT-6)."""
    result = runner.run(OF_ONE_TEST)
    result.assert_outcomes(passed=1, failed=2, skipped=1)
    told = runner.told(result)
    assert told["test_unmet"].startswith("A fault did not happen: get-session: fail with 503")
    assert runner.errors(told["test_own"]) == ["assert 1 == 2"]


HANGING = (
    HEAD
    + """
import http.client
from urllib.parse import urlsplit

def test_hangs(xbl, stacy):
    xbl.faults.lose("get-session", "hang")
    address = urlsplit(xbl.url)
    connection = http.client.HTTPConnection(address.hostname, address.port)
    connection.request("GET", PATH, headers=stacy.headers)
    while not xbl.journal:
        pass
    test_hangs.connection = connection

def test_no_thread_is_left():
    assert [thread.name for thread in threading.enumerate() if "process_request" in thread.name] == []
    with pytest.raises(ConnectionError):
        test_hangs.connection.getresponse()
    test_hangs.connection.close()
"""
)


def test_a_silent_connection_ends_with_its_test(runner: Runner) -> None:
    """Its thread is over before the next test begins, whatever the client does (FAULT-3)."""
    runner.run(HANGING).assert_outcomes(passed=2)


RIVAL = (
    HEAD
    + """
def test_rival(xbl, stacy):
    xbl.faults.race("put-session", lambda: 1 / 0)
    xbl.client(stacy).put(PATH, json={})
"""
)


def test_a_rival_who_raises_fails_the_test(runner: Runner) -> None:
    """By its own exception, though the client ignores the 500 (FAULT-5)."""
    result = runner.run(RIVAL)
    result.assert_outcomes(failed=1)
    assert re.search("ZeroDivisionError: division by zero", runner.told(result)["test_rival"])
