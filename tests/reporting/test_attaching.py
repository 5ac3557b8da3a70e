"""The way from other reports to the page: with stand-ins for the plugins that write them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_xbl.reporting.attaching import attach

PAGE = Path("art") / "test_x" / "page.html"


class Run:
    """A test that fails in a run that was started in a directory."""

    def __init__(self, directory: Path, **options: str) -> None:
        config = SimpleNamespace(
            getoption=lambda name, default=None: options.get(name, default),
            invocation_params=SimpleNamespace(dir=directory),
        )
        self.item: Any = SimpleNamespace(config=config, user_properties=[])
        self.report: Any = SimpleNamespace(user_properties=[])

    def attach(self) -> None:
        """Attach the page of the test."""
        attach(PAGE, self.report, self.item)


@pytest.fixture
def html(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module of pytest-html, as a run with that plugin has it."""
    extras = SimpleNamespace(url=lambda content, name: {"content": content, "name": name})
    monkeypatch.setitem(sys.modules, "pytest_html", SimpleNamespace(extras=extras))


@pytest.fixture
def attached(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """All that is attached to the results of allure."""
    calls: list[dict[str, Any]] = []
    file = SimpleNamespace(file=lambda source, **named: calls.append({"source": source, **named}))
    monkeypatch.setitem(
        sys.modules, "allure", SimpleNamespace(attach=file, attachment_type=SimpleNamespace(HTML="html"))
    )
    return calls


def test_the_path_is_a_property_of_the_test(tmp_path: Path) -> None:
    """Of this report and of later ones, and once only: a test can fail in two phases (SEEN-8)."""
    run = Run(tmp_path)
    run.attach()
    run.attach()
    assert run.item.user_properties == run.report.user_properties == [("xbl_page", str(PAGE))]
    assert vars(run.report).keys() == {"user_properties"}


@pytest.mark.parametrize(
    ("report", "link"),
    [
        ("report.html", "art/test_x/page.html"),
        ("out/a/report.html", "../../art/test_x/page.html"),
        ("art/report.html", "test_x/page.html"),
    ],
)
@pytest.mark.usefixtures("html")
def test_pytest_html_gets_a_link(tmp_path: Path, report: str, link: str) -> None:
    """From where its report lies, beside what others have added (SEEN-8)."""
    run = Run(tmp_path, htmlpath=report)
    run.report.extras = ["mine"]
    run.attach()
    assert run.report.extras == ["mine", {"content": link, "name": "xbl"}]


@pytest.mark.usefixtures("html")
def test_a_link_is_escaped(tmp_path: Path) -> None:
    """And a report of a phase that has no list of links gets one (SEEN-8)."""
    run = Run(tmp_path, htmlpath="report.html")
    attach(Path("a b#?") / "page.html", run.report, run.item)
    assert run.report.extras == [{"content": "a%20b%23%3F/page.html", "name": "xbl"}]


def test_allure_gets_the_page(tmp_path: Path, attached: list[dict[str, Any]]) -> None:
    """As a file: its report is looked at elsewhere (SEEN-8)."""
    Run(tmp_path, allure_report_dir="al").attach()
    assert attached == [{"source": str(tmp_path / PAGE), "name": "xbl", "attachment_type": "html"}]


@pytest.mark.usefixtures("html")
def test_a_plugin_that_writes_nothing_gets_nothing(tmp_path: Path, attached: list[dict[str, Any]]) -> None:
    """It may be installed without being used (SEEN-8)."""
    run = Run(tmp_path)
    run.attach()
    assert (attached, "extras" in vars(run.report)) == ([], False)


def test_nothing_is_imported_for_other_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options of these names may be another plugin's (SEEN-8)."""
    monkeypatch.delitem(sys.modules, "pytest_html", raising=False)
    monkeypatch.delitem(sys.modules, "allure", raising=False)
    run = Run(tmp_path, htmlpath="report.html", allure_report_dir="al")
    run.attach()
    assert not {"pytest_html", "allure"} & sys.modules.keys()
    assert "extras" not in vars(run.report)
