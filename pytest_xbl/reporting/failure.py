"""The failure of a test by its fake, and the section `xbl` in the report of any test that fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import pytest

from pytest_xbl.errors import XblError
from pytest_xbl.reporting.report import report, write_artifacts
from pytest_xbl.xbl.strictness import complaint
from pytest_xbl.xbl.xbox_live import XboxLive

VERY_VERBOSE = 2
SECTION = "xbl"
When: TypeAlias = Literal["setup", "call", "teardown"]


def fail_for(fake: XboxLive, item: pytest.Item, when: When) -> None:
    """Fail a test that has not failed by itself, for a bug of its fake first, then for mistakes of its client."""
    crashes, mistakes = _take_crashes(fake), fake._strictness.take_mistakes()
    if crashes or mistakes:
        _add_section(fake, item, when, ())
    if crashes:
        raise crashes[0]
    if mistakes:
        raise pytest.fail.Exception(complaint(mistakes), pytrace=False) from None  # not while leaving a test by a skip


def show(fake: XboxLive, item: pytest.Item, when: When) -> None:
    """Show the world of a test that fails by itself, with the bugs of its fake and the mistakes of its client."""
    crashes = _take_crashes(fake) if when == "call" else []
    fake._strictness.take_mistakes()  # the section shows them
    _add_section(fake, item, when, [f"The fake failed: {crash!r}" for crash in crashes])


def show_in(shown: pytest.TestReport, fake: XboxLive, item: pytest.Item) -> None:
    """Show the world in the report of a subtest, which comes while its test goes on; all other reports show it."""
    title = f"Captured {SECTION} {shown.when}"
    if title not in (name for name, _ in shown.sections) and (text := _section(fake, item, ())):
        shown.sections.append((title, text))


def _take_crashes(fake: XboxLive) -> list[Exception]:
    crashes, fake.app.crashes = fake.app.crashes, []
    return crashes


def _add_section(fake: XboxLive, item: pytest.Item, when: When, lines: Sequence[str]) -> None:
    text = _section(fake, item, lines)
    if text:
        item.add_report_section(when, SECTION, text)


def _section(fake: XboxLive, item: pytest.Item, lines: Sequence[str]) -> str:
    """The text of the section; writes the artifacts if the option `--xbl-artifacts` asks for them."""
    whole = item.config.get_verbosity() >= VERY_VERBOSE
    return "\n".join(filter(None, [*lines, report(fake, whole=whole), _written(fake, item)]))


def _written(fake: XboxLive, item: pytest.Item) -> str:
    directory = item.config.getoption("xbl_artifacts")
    if not directory:
        return ""
    try:
        return f"Written to {write_artifacts(fake, Path(directory), item.nodeid)}"
    except (OSError, XblError) as error:  # or it would hide why the test fails
        return f"Not written: {error}"
