"""Reports that others write, which lead to the page of a failing test."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from importlib.util import find_spec

import pytest

from terminals import ALONE

FAILING = """
import pytest

@pytest.fixture
def torn(xbl):
    yield
    assert 3 == 4

def test_it(torn, xbl):
    xbl.client(xbl.user("Stacy")).get("/handles/0")
    assert 1 == 2
"""


def run(pytester: pytest.Pytester, package: str, plugins: Sequence[str], *options: str) -> None:
    """Run a failing test with plugins that write a report."""
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed; `tox -e clients` installs it.")
    pytester.makepyfile(FAILING)
    named = (part for plugin in ("xbl", "xdist", *plugins) for part in ("-p", plugin))
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv(*ALONE)
        result = pytester.runpytest_subprocess(*named, "--xbl-artifacts", "art", *options)
    result.assert_outcomes(failed=1, errors=1)


@pytest.mark.parametrize("options", [(), ("--self-contained-html",), ("-n", "1")])
def test_pytest_html_links_to_the_page(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """From its own directory, also if a worker of pytest-xdist ran the test (SEEN-8)."""
    run(pytester, "pytest_html", ("html", "html_fixtures", "metadata"), "--html", "out/report.html", *options)
    [page] = pytester.path.glob("art/*/page.html")
    text = html.unescape((pytester.path / "out/report.html").read_text(encoding="utf-8"))
    assert f'"name": "xbl", "format_type": "url", "content": "../art/{page.parent.name}/page.html"' in text


def test_allure_has_the_page(pytester: pytest.Pytester) -> None:
    """As an attachment of the test: the page as it was after the call, and after the teardown (SEEN-8)."""
    run(pytester, "allure_pytest", ("allure_pytest",), "--alluredir", "al")
    [page] = pytester.path.glob("art/*/page.html")
    [result] = pytester.path.glob("al/*-result.json")
    attached = [it for it in json.loads(result.read_text(encoding="utf-8"))["attachments"] if it["name"] == "xbl"]
    assert {it["type"] for it in attached} == {"text/html"}
    last = (pytester.path / "al" / attached[-1]["source"]).read_text(encoding="utf-8")
    assert last == page.read_text(encoding="utf-8")
