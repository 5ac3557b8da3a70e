"""The way from other reports to the page of a failing test: those of JUnit, pytest-html and allure."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

PROPERTY = "xbl_page"
"""The name of the property of a test case."""
NAME = "xbl"
"""The name of the page in other reports."""


def attach(page: Path, report: pytest.TestReport, item: pytest.Item) -> None:
    """Name a page in the reports that this run writes.

    Nothing is imported for them: a plugin that writes one is there already.

    Args:
        page: its path, as `--xbl-artifacts` gives it.
        report: of the phase that has failed.
    """
    said = (PROPERTY, str(page))
    for properties in (item.user_properties, report.user_properties):
        if said not in properties:
            properties.append(said)
    whole = item.config.invocation_params.dir / page
    _link_in_html(whole, report, item.config)
    _attach_to_allure(whole, item.config)


def _link_in_html(page: Path, report: pytest.TestReport, config: pytest.Config) -> None:
    """Add a link to the report of pytest-html, which lies where its option says."""
    extras = getattr(sys.modules.get("pytest_html"), "extras", None)
    where = config.getoption("htmlpath", None)
    if extras and where:
        below = config.invocation_params.dir / os.path.expandvars(where)
        link = quote(Path(os.path.relpath(page, below.expanduser().parent)).as_posix())
        shown = vars(report).setdefault("extras", [])
        shown.append(extras.url(link, name=NAME))


def _attach_to_allure(page: Path, config: pytest.Config) -> None:
    """Add the page to the result that allure writes."""
    allure = sys.modules.get("allure")
    if allure and config.getoption("allure_report_dir", None):
        allure.attach.file(str(page), name=NAME, attachment_type=allure.attachment_type.HTML)
