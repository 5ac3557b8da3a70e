"""The failure of a test by its fake, and the section `xbl` in the report of any test that fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import pytest

from pytest_xbl.errors import XblError
from pytest_xbl.reporting.artifacts import write_artifacts
from pytest_xbl.reporting.report import report
from pytest_xbl.xbl.strictness import complaint
from pytest_xbl.xbl.xbox_live import XboxLive

VERY_VERBOSE = 2
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


def _take_crashes(fake: XboxLive) -> list[Exception]:
    crashes, fake.app.crashes = fake.app.crashes, []
    return crashes


def _add_section(fake: XboxLive, item: pytest.Item, when: When, lines: Sequence[str]) -> None:
    """Add the section, and write the artifacts if the option `--xbl-artifacts` asks for them."""
    whole = item.config.get_verbosity() >= VERY_VERBOSE
    shown = [*lines, report(fake, whole=whole), _written(fake, item)]
    if any(shown):
        item.add_report_section(when, "xbl", "\n".join(filter(None, shown)))


def _written(fake: XboxLive, item: pytest.Item) -> str:
    given = item.config.getoption("xbl_artifacts")
    if not given:
        return ""
    directory = Path(given)
    try:
        name = write_artifacts(fake, item.config.invocation_params.dir / directory, item.nodeid)
    except (OSError, XblError) as error:  # or it would hide why the test fails
        return f"Not written: {error}"
    return f"Written to {directory / name}"
