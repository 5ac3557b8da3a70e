"""The failure of a test by its fake, and the section `xbl` in the report of any test that fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import pytest

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.reporting.artifacts import write_artifacts
from pytest_xbl.reporting.late_calls import stray_complaint
from pytest_xbl.reporting.mistakes import complaint, in_the_test, place
from pytest_xbl.reporting.report import report
from pytest_xbl.wire.entry import Entry
from pytest_xbl.xbl.watched import Watched
from pytest_xbl.xbl.worlds import Worlds
from pytest_xbl.xbl.xbox_live import XboxLive

VERY_VERBOSE = MANY = 2
SECTION = "xbl"
__tracebackhide__ = hides_frames
When: TypeAlias = Literal["setup", "call", "teardown"]


def fail_for(worlds: Worlds, item: pytest.Item, when: When) -> None:
    """Fail a test that has not failed by itself: for a bug of its fake, mistakes of its client, or an unmet fault."""
    crashes, mistakes, strays = worlds.take_crashes(), worlds.take_mistakes(item), worlds.take_strays(item)
    idle, unmet = worlds.take_idle(), worlds.take_unmet()
    if not (crashes or mistakes or strays or idle or unmet):
        return
    _add_sections(worlds, item, when, "")
    _forget_skip(item)
    if crashes:
        raise crashes[0] from None
    complaints = [f"Nothing expects {wanted}: xbl.expect_refusal needs a with-block." for wanted in idle]
    if strays:
        complaints.append(stray_complaint(strays, item.nodeid))
    complaints += unmet
    _fail(mistakes, complaints, item)


def _forget_skip(item: pytest.Item) -> None:
    """Let a test of unittest fail though it has been skipped: pytest keeps what it raised, and takes that instead."""
    kept = getattr(item, "_excinfo", None)
    if kept and isinstance(kept[0].value, pytest.skip.Exception):
        kept.clear()


def _fail(mistakes: Mapping[XboxLive, Sequence[Entry]], others: Sequence[str], item: pytest.Item) -> None:
    """Fail a test at the line that made the first mistake, if that is known.

    Args:
        others: further complaints.
    """
    complaints, tracebacks = [], []
    for world, entries in mistakes.items():
        stacks = {number: in_the_test(stack, item) for number, stack in world.app.journal.mistakes.stacks.items()}
        complaints.append(complaint(entries, {number: place(stack) for number, stack in stacks.items()}))
        tracebacks.append(stacks.get(entries[0].number))
    complaints += others
    traceback = tracebacks[0] if tracebacks else None
    failure = pytest.fail.Exception("\n".join(complaints), pytrace=traceback is not None)
    raise failure.with_traceback(traceback) from None  # not while leaving by a skip


def locate(report: pytest.TestReport, item: pytest.Item) -> None:
    """Let the one line of a failure by this module name the test, and not this module."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash and crash.path == __file__:
        file, line, _ = item.location
        crash.path, crash.lineno = str(item.config.rootpath / file), (line or 0) + 1


def show(worlds: Worlds, item: pytest.Item, when: When) -> None:
    """Show the worlds of a test that fails by itself, with the bugs of its fake and the mistakes of its client."""
    crashes = worlds.take_crashes() if when == "call" else []
    lines = [f"The fake failed: {crash!r}" for crash in crashes]
    worlds.take_mistakes(item)  # the sections show them
    worlds.take_idle()  # the failure may be the reason
    if strays := worlds.take_strays(item):
        lines.append(stray_complaint(strays, item.nodeid))
    _add_sections(worlds, item, when, "\n".join(lines))


def _keep(worlds: Worlds, watched: Watched, item: pytest.Item) -> str:
    """Keep a world of a failing test if the option `--xbl-stay` asks for that; where to look at it then (SEEN-16)."""
    if not item.config.getoption("xbl_stay"):
        return ""
    from pytest_xbl.reporting.staying import keep

    return keep(worlds, watched.world)


def show_in(shown: pytest.TestReport, worlds: Worlds, item: pytest.Item) -> None:
    """Show the worlds in the report of a subtest, which comes while its test goes on; all other reports show them."""
    there = {name for name, _ in shown.sections}
    for watched in worlds.watched:
        title = f"Captured {watched.title} {shown.when}"
        if title not in there and (text := _section(worlds, watched, item)):
            shown.sections.append((title, text))


def _add_sections(worlds: Worlds, item: pytest.Item, when: When, text: str) -> None:
    """Add a section for each world, and this text to the first."""
    texts = {SECTION: text}
    for watched in worlds.watched:
        if watched.shown != when:
            texts[watched.title] = "\n".join(filter(None, (texts.get(watched.title), _section(worlds, watched, item))))
            watched.shown = when
    for title, shown in texts.items():
        if shown:
            item.add_report_section(when, title, shown)


def _section(worlds: Worlds, watched: Watched, item: pytest.Item) -> str:
    """The text of a section; writes the artifacts if the option `--xbl-artifacts` asks for them.

    A world of several tests is shown to those that have called it, or use the fixture that made it.
    """
    world = watched.world
    if not watched.concerns(item):
        return ""
    whole = item.config.get_verbosity() >= VERY_VERBOSE
    requests = report(world, whole=whole, earlier=watched.before)
    shown = [_of_strangers(world.app.strangers), requests, _written(watched, item), _keep(worlds, watched, item)]
    return "\n".join(filter(None, shown))


def _of_strangers(count: int) -> str:
    """The number of requests that anybody on the machine may have sent (SEEN-10)."""
    if count < MANY:
        return "A request had no token of any test, so it fails none." if count else ""
    return f"{count} requests had no token of any test, so they fail none."


def _written(watched: Watched, item: pytest.Item) -> str:
    given = item.config.getoption("xbl_artifacts")
    if not given:
        return ""
    directory = Path(given)
    whose = item.nodeid if watched.title == SECTION else f"{item.nodeid} {watched.title}"
    try:
        place = item.config.invocation_params.dir / directory
        name = write_artifacts(watched.world, watched.before, place, whose)
    except (OSError, XblError) as error:  # or it would hide why the test fails
        return f"Not written: {error}"
    watched.artifacts = directory / name
    return f"Written to {directory / name}"
