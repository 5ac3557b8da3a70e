"""The pages that a failing test leaves behind, once pytest has the text of its failure."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.reporting.artifacts import PAGE, write_page
from pytest_xbl.reporting.attaching import attach
from pytest_xbl.reporting.failure import SECTION
from pytest_xbl.xbl.watched import Watched
from pytest_xbl.xbl.worlds import Worlds

if TYPE_CHECKING:
    from pytest_xbl.pages.failure import Failure


def leave_pages(report: pytest.TestReport, worlds: Worlds, item: pytest.Item) -> None:
    """Write a page for each world of a failing test that has left artifacts, and name it in other reports.

    Args:
        report: of the phase that has failed.
    """
    written = [(watched, watched.artifacts) for watched in worlds.watched if watched.artifacts]
    if written:
        worlds.failures.append(failure_of(report, item))
    for watched, directory in written:
        reason = _leave(watched, directory, worlds.failures, report, item)
        if reason:
            _say(f"{PAGE} not written: {reason}", watched.title, report)


def _leave(
    watched: Watched, directory: Path, failures: list[Failure], report: pytest.TestReport, item: pytest.Item
) -> str:
    """Write a page, and give the reason why it could not be; "" for none."""
    place = item.config.invocation_params.dir / directory
    title = "" if watched.title == SECTION else watched.title
    try:
        write_page(watched.world, watched.before, place, failures, test_id=item.nodeid, title=title)
        attach(directory / PAGE, report, item)
    except Exception as error:  # noqa: BLE001 -- a bug in a page must not hide why the test fails, nor end the run
        return repr(error)
    return ""


def failure_of(report: pytest.TestReport, item: pytest.Item) -> Failure:
    """The failure of a phase: what pytest would print of it."""
    from pytest_xbl.pages.failure import Failure

    crash = getattr(report.longrepr, "reprcrash", None)
    text = report.longreprtext
    if crash is None:
        return Failure(report.when, text, "", text)
    where = _last_entry(report.longrepr) or crash
    return Failure(report.when, crash.message, f"{_relative(where.path, item)}:{where.lineno}", text)


def _last_entry(shown: Any) -> Any:
    """The place of the last entry of a traceback: other than the crash, it is none that pytest leaves out."""
    entries = getattr(getattr(shown, "reprtraceback", None), "reprentries", None)
    return getattr(entries[-1], "reprfileloc", None) if entries else None


def _relative(path: str, item: pytest.Item) -> str:
    """The path of a file from the directory where pytest was started, if it is below."""
    here = item.config.invocation_params.dir
    return os.path.relpath(path, here) if Path(path).is_relative_to(here) else path


def _say(text: str, title: str, report: pytest.TestReport) -> None:
    """Add a line to the section of a world."""
    name = f"Captured {title} {report.when}"
    report.sections = [(other, f"{said}\n{text}" if other == name else said) for other, said in report.sections]
