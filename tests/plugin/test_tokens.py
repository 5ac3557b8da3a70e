"""Reports of failing tests, which do not show the tokens that the tests have chosen."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING

from pytest_xbl.secrets import LEAST

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

REAL = "eyJ0\"\\eXAi&lt.<b>'%41-/-+w5cVg=="
FAILING = f"""
import pytest, unittest

REAL = bytes.fromhex({REAL.encode().hex()!r}).decode()

def test_compared(xbl):
    stacy = xbl.user("Stacy", token=REAL)
    print(REAL)
    assert stacy.headers == {{"Authorization": "x"}}

def test_misused(xbl):
    xbl.client(xbl.user("Stacy", token=REAL).token)

def test_refused(xbl):
    xbl.client(xbl.user("Stacy", token=REAL)).get("/x", query_string={{"a": REAL}})

def test_malformed(xbl):
    xbl.user("Stacy", token=REAL + "\\n")

def test_sent_as_another_scheme(xbl):
    path = f"/serviceconfigs/{{xbl.scid}}/sessiontemplates"
    answer = xbl.client().get(path, headers={{"Authorization": "Bearer " + REAL}})
    assert answer.text == ""

def test_passing(xbl):
    print(xbl.user("Stacy", token=REAL).headers)

def test_named_in_a_property(xbl, request):
    xbl.user("Stacy", token=REAL)
    request.node.user_properties.append(("sent", REAL))

def test_expected_to_fail(xbl):
    xbl.user("Stacy", token=REAL)
    pytest.xfail(REAL)

class Test(unittest.TestCase):
    def test_nothing_chosen(self):
        self.fail("token")

def test_crashed(xbl, crash):
    xbl.user("Stacy", token=REAL)
    crash()
"""


LATE = f"""
from urllib.parse import quote

REAL = bytes.fromhex({REAL.encode().hex()!r}).decode()
kept = []

def test_first(xbl):
    kept.append(xbl.client(xbl.user("Stacy", token=REAL)))

def test_second(xbl):
    kept[0].get("/x/" + quote(REAL))
"""


def test_a_late_call_shows_no_token(runner: Runner) -> None:
    """Neither at the test that made it nor at the one whose world it belongs to, which is over (SEEN-13, SEEN-6)."""
    shown = runner.told(runner.run(LATE))
    assert shown.keys() == {"test_second", "ERROR at teardown of test_first"}
    assert [text for text in shown.values() if "GET /x/..." not in text or REAL[:LEAST] in text] == []


def test_no_report_shows_a_token(runner: Runner) -> None:
    """Neither what pytest says of a failure nor what the plugin adds, nor what the test has printed (SEEN-13)."""
    result = runner.run(FAILING, "--junitxml=junit.xml", "-o", "junit_logging=all", "--xbl-artifacts=art", "-vv", "-rx")
    result.assert_outcomes(failed=7, passed=2, xfailed=1)
    result.stdout.fnmatch_lines("XFAIL *::test_expected_to_fail*")
    shown = runner.told(result)
    xml = (runner.pytester.path / "junit.xml").read_text(encoding="utf-8")
    files = [path.read_text(encoding="utf-8") for path in (runner.pytester.path / "art").rglob("*.*") if path.is_file()]
    for text in (*shown.values(), html.unescape(xml), *files):
        for beginning in (REAL[:LEAST], repr(REAL)[1:LEAST], json.dumps(REAL)[1:LEAST]):
            assert beginning not in text
    assert "got '...'." in shown["test_misused"]
    assert 'got "...Vg==\\n".' in shown["test_malformed"]
    assert 'got "Bearer ...Vg==".' in shown["test_sent_as_another_scheme"]
