"""The failure of a test by its fake, and the section `xbl` in the report of any test that fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import pytest

from pytest_xbl.errors import XblError
from pytest_xbl.reporting.artifacts import write_artifacts
from pytest_xbl.reporting.late_calls import stray_complaint
from pytest_xbl.reporting.report import report
from pytest_xbl.xbl.strictness import complaint
from pytest_xbl.xbl.worlds import Strays
from pytest_xbl.xbl.xbox_live import XboxLive

VERY_VERBOSE = 2
SECTION = "xbl"
When: TypeAlias = Literal["setup", "call", "teardown"]


def fail_for(fake: XboxLive | None, item: pytest.Item, when: When, *, strays: Strays) -> None:
    """Fail a test that has not failed by itself, for a bug of its fake first, then for mistakes of its client.

    Args:
        fake: of the test, if it has one.
        strays: the calls of the test that belong to others.
    """
    crashes, mistakes = _take_crashes(fake), fake._strictness.take_mistakes() if fake else ()
    complaints = [complaint(mistakes)] if mistakes else []
    if strays:
        complaints.append(stray_complaint(strays, item.nodeid))
    if crashes or complaints:
        _add_section(fake, item, when, ())
    if crashes:
        raise crashes[0]
    if complaints:
        raise pytest.fail.Exception("\n".join(complaints), pytrace=False) from None  # not while leaving by a skip


def show(fake: XboxLive | None, item: pytest.Item, when: When, *, strays: Strays) -> None:
    """Show the world of a test that fails by itself, with the bugs of its fake and the mistakes of its client."""
    crashes = _take_crashes(fake) if when == "call" else []
    lines = [f"The fake failed: {crash!r}" for crash in crashes]
    if fake:
        fake._strictness.take_mistakes()  # the section shows them
    if strays:
        lines.append(stray_complaint(strays, item.nodeid))
    _add_section(fake, item, when, lines)


def show_in(shown: pytest.TestReport, fake: XboxLive, item: pytest.Item) -> None:
    """Show the world in the report of a subtest, which comes while its test goes on; all other reports show it."""
    title = f"Captured {SECTION} {shown.when}"
    if title not in (name for name, _ in shown.sections) and (text := _section(fake, item, ())):
        shown.sections.append((title, text))


def _take_crashes(fake: XboxLive | None) -> list[Exception]:
    if fake is None:
        return []
    crashes, fake.app.crashes = fake.app.crashes, []
    return crashes


def _add_section(fake: XboxLive | None, item: pytest.Item, when: When, lines: Sequence[str]) -> None:
    text = _section(fake, item, lines)
    if text:
        item.add_report_section(when, SECTION, text)


def _section(fake: XboxLive | None, item: pytest.Item, lines: Sequence[str]) -> str:
    """The text of the section; writes the artifacts if the option `--xbl-artifacts` asks for them."""
    shown = [*lines]
    if fake:
        whole = item.config.get_verbosity() >= VERY_VERBOSE
        shown += [_of_strangers(fake.app.strangers), report(fake, whole=whole), _written(fake, item)]
    return "\n".join(filter(None, shown))


def _of_strangers(count: int) -> str:
    """The number of requests that anybody on the machine may have sent (SEEN-10)."""
    if not count:
        return ""
    return f"{f'{count} requests have' if count > 1 else 'A request has'} no token of a test, and can fail none."


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
