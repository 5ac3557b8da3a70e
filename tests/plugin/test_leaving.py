"""The pages that failing tests leave behind, in runs of pytest."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from elements import Element, parsed
from pytest_xbl.pages import artifact as module  # here, or each run within a test would import it anew

if TYPE_CHECKING:
    from tests.plugin.conftest import Runner

ARTIFACTS = ("--xbl-artifacts", "art")


def pages(runner: Runner) -> dict[str, Element]:
    """The pages of a run, by the headings."""
    found = [parsed(path.read_text(encoding="utf-8")) for path in sorted(runner.pytester.path.glob("art/*/page.html"))]
    return {page.one("h1").text.removeprefix("test_it.py::"): page for page in found}


def failures(page: Element) -> list[tuple[str, str]]:
    """The texts of the failures on a page, and their places."""
    failed = page.one("section", id="failure")
    texts, places = failed.all(class_="failure"), failed.all(class_="quiet")
    return [(text.raw, place.text) for text, place in zip(texts, places, strict=True)]


FAILING = """
import pytest
from pytest_xbl import assert_session

def test_call(xbl, join):
    join()
    before = xbl.sessions["one"].document
    join("Ana")
    assert_session(xbl.sessions["one"], before, ignore="/changeNumber")

def test_mistake(xbl):
    xbl.client(xbl.user("Stacy")).get("/x")

@pytest.fixture
def broken(xbl, join):
    join()
    raise RuntimeError("no")

def test_setup(broken):
    pass

@pytest.fixture
def torn(join):
    yield join()
    assert 3 == 4

def test_both(torn):
    assert 1 == 2

def test_teardown(torn):
    pass

def test_plain(xbl):
    pytest.fail("<b>", pytrace=False)
"""


def test_each_failing_test_leaves_a_page(runner: Runner) -> None:
    """With the text of its failures, in all phases, and where they are (SEEN-8)."""
    runner.run(FAILING, *ARTIFACTS).assert_outcomes(passed=1, failed=4, errors=3)
    found = {name: failures(page) for name, page in pages(runner).items()}
    [(text, place)] = found.pop("test_call")
    assert text.splitlines()[:2] == [
        "AssertionError: The session is not as expected:",
        "/members/1 (Ana): expected nothing, got a member (active) [membersList]; since #2 12:00:00 put-session by Ana",
    ]
    assert place == "In the call of the test, at test_it.py:9."
    [(text, place)] = found.pop("test_mistake")
    assert text.splitlines()[1] == "#1 Stacy: GET /x -> 404 (test_it.py:12)"
    assert place == "In the call of the test, at test_it.py:12."
    [(text, place)] = found.pop("test_plain")
    assert text.removeprefix("Failed: ") == "<b>"
    assert found == {
        "test_setup": [("RuntimeError: no", "In the setup of the test, at test_it.py:17.")],
        "test_both": [
            ("assert 1 == 2", "In the call of the test, at test_it.py:28."),
            ("assert 3 == 4", "In the teardown of the test, at test_it.py:25."),
        ],
        "test_teardown": [("assert 3 == 4", "In the teardown of the test, at test_it.py:25.")],
    }


def test_a_page_says_who_made_it_so(runner: Runner) -> None:
    """The version that a difference names, and its request (SEEN-2)."""
    runner.run(FAILING, *ARTIFACTS, "-k", "test_call")
    [page] = pages(runner).values()
    made = page.one("section", id="failure").one("ul")
    assert made.text == "lobby/one #2 12:00:00 put-session by Ana: Ana joined, Ana became active, request #2"
    assert [row.one(class_="who").text for row in page.one(class_="requests").all("tr") if row.all(class_="who")] == [
        "Stacy 201",
        "Ana 200",
    ]


NOT_FAILING = """
import pytest

def test_passes(join):
    join()

def test_skipped(join):
    join()
    pytest.skip("later")

@pytest.mark.xfail
def test_expected(join):
    join()
    assert 1 == 2

def test_without():
    assert 1 == 2
"""


def test_no_other_test_leaves_a_page(runner: Runner) -> None:
    """One that passes, is skipped, is expected to fail, or has no world (SEEN-8)."""
    runner.run(NOT_FAILING, *ARTIFACTS).assert_outcomes(passed=1, skipped=1, xfailed=1, failed=1)
    assert pages(runner) == {}


WORLDS = """
import unittest
import pytest

@pytest.fixture(scope="module")
def wide(xbl_world):
    return xbl_world(scope="module")

def path(xbl):
    return f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby/sessions/one"

def test_before(wide):
    wide.client(wide.user("Stacy")).put(path(wide), json={})

def test_both(wide, join):
    join()
    wide.client(wide.user("Ana")).put(path(wide), json={})
    assert 1 == 2

class TestUnit(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def bring(self, xbl):
        self.xbl = xbl

    def test_unit(self):
        self.xbl.client().get("/x")
        self.assertEqual(1, 2)
"""


def test_each_world_of_a_test_has_a_page(runner: Runner) -> None:
    """With the requests of the test, and the title of the world (SEEN-12)."""
    runner.run(WORLDS, *ARTIFACTS, "-k", "before or both").assert_outcomes(passed=1, failed=1)
    found = [parsed(path.read_text(encoding="utf-8")) for path in runner.pytester.path.glob("art/*/page.html")]
    told = {
        page.one(class_="kicker").text: [row.text for row in page.one(class_="requests").all("th", scope="row")]
        for page in found
    }
    assert told == {"A failed test": ["#1"], "A failed test, xbl_world wide of test_it.py": ["#2"]}
    assert {failures(page)[0][0] for page in found} == {"assert 1 == 2"}


def test_a_test_of_unittest_leaves_a_page(runner: Runner) -> None:
    """With the failure of its method (SEEN-8)."""
    runner.run(WORLDS, *ARTIFACTS, "-k", "unit").assert_outcomes(failed=1)
    [page] = pages(runner).values()
    assert failures(page) == [("AssertionError: 1 != 2", "In the call of the test, at test_it.py:27.")]


SUBTESTS = """
import pytest
import unittest

class TestIt(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def take(self, join):
        self.join = join

    def test_it(self):
        for name in ("Stacy", "Ana"):
            with self.subTest(name=name):
                self.assertEqual(self.join(name), 0)
"""


def test_a_failing_subtest_leaves_a_page(runner: Runner) -> None:
    """It shows all that has failed so far; where pytest reports no subtests, the first ends the test (SEEN-8)."""
    runner.run(SUBTESTS, *ARTIFACTS)
    [page] = pages(runner).values()
    texts = [text for text, _ in failures(page)]
    both = ["AssertionError: 1 != 0", "AssertionError: 2 != 0"]
    assert texts in (both[:1], both)


def test_a_page_that_cannot_be_made_hides_no_failure(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The section says why, and archive and seed are there (SEEN-8)."""

    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("a bug")

    monkeypatch.setattr(module, "artifact", broken)
    told = runner.told(runner.run(FAILING, *ARTIFACTS, "-k", "test_call"))["test_call"]
    assert "The session is not as expected:" in told
    assert runner.section(told)[-2].startswith("Written to art/test_it.py-test_call-")
    assert runner.section(told)[-1] == "page.html not written: RuntimeError('a bug')"
    assert sorted(path.name for path in runner.pytester.path.glob("art/*/*")) == ["requests.har", "world.json"]


def test_a_page_that_cannot_be_written_hides_no_failure(runner: Runner) -> None:
    """Such as where a directory has its name (SEEN-8)."""
    runner.run(FAILING, *ARTIFACTS, "-k", "test_call")
    [page] = runner.pytester.path.glob("art/*/page.html")
    page.unlink()
    page.mkdir()
    told = runner.told(runner.again(*ARTIFACTS, "-k", "test_call"))["test_call"]
    assert "The session is not as expected:" in told
    assert runner.section(told)[-1].startswith("page.html not written: ")


def properties(runner: Runner) -> dict[str, list[str]]:
    """The pages that a report of JUnit names, by the tests."""
    cases = ET.parse(runner.pytester.path / "junit.xml").iter("testcase")  # noqa: S314 -- pytest wrote it
    return {
        str(case.get("name")): [str(it.get("value")) for it in case.iter("property") if it.get("name") == "xbl_page"]
        for case in cases
    }


@pytest.mark.parametrize("options", [(), ("-n", "1")])
def test_junit_names_the_page(runner: Runner, options: tuple[str, ...]) -> None:
    """As a property of the test case, also from a worker of pytest-xdist (SEEN-8)."""
    arguments = (FAILING, *ARTIFACTS, "--junitxml", "junit.xml", "-k", "call or setup or teardown", *options)
    _ = runner.run_apart(*arguments, plugins=("xbl", "xdist")) if options else runner.run(*arguments)
    found = properties(runner)
    assert sorted(found) == ["test_call", "test_setup", "test_teardown"]
    for name, [path] in found.items():
        assert Path(path).name == "page.html"
        assert f"{name}-" in Path(path).parent.name
        assert (runner.pytester.path / path).is_file()


@pytest.mark.parametrize("options", [(), ARTIFACTS])
def test_a_run_without_a_page_imports_nothing_of_pages(runner: Runner, options: tuple[str, ...]) -> None:
    """Neither one without the option, nor one in which nothing fails (SEEN-8)."""
    source = f"""
        import sys

        def test_it(join):
            join()
            assert {bool(options)}  # with the option it passes, and without it fails

        def test_modules():
            assert not [name for name in sys.modules if name.startswith("pytest_xbl.pages")]
        """
    result = runner.run_apart(source, *options)
    result.assert_outcomes(passed=1 + bool(options), failed=not options)
