"""Calls that belong to a test that is over: an error of that test, and a failure of the one that made them (SEEN-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pytest

from pytest_xbl.compare.listing import shortened
from pytest_xbl.wire.runs import Kept

if TYPE_CHECKING:
    from pytest_xbl.xbl.worlds import LateCalls, Strays

MOST_LINES = 5
"""The most calls, and the most tests, that a text lists."""
REMEDIES: Mapping[Kept, str] = {
    "token": "The code under test has kept a token: reset it, or give the user the same token= in each test.",
    "app": "The code under test has kept xbl.client, xbl.app or a transport: take those of the test that runs.",
    "user": "A client or a transport takes the users of its own world.",
    "chosen": "One server serves all worlds, so users of two worlds that live at the same time need two tokens.",
}
"""The ways out, by what led a call astray."""
MARKER = "@pytest.mark.xbl(loose=['late-call'])"


def report_late_calls(config: pytest.Config, late: Iterable[LateCalls]) -> None:
    """Report calls as errors of the tests that they belong to, one for each test.

    A worker of pytest-xdist can report only on the test that runs, so it hands them over to the controller.
    """
    output: dict[str, list[LateCalls]] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output.setdefault("xbl_late_calls", []).extend(late)
        return
    for test, location, calls, meanwhile in late:
        text = _complaint_of_owner(calls, meanwhile)
        report = pytest.TestReport(test, location, {}, "failed", text, "teardown")
        config.hook.pytest_runtest_logreport(report=report)


def report_late_calls_of_worker(config: pytest.Config, node: object) -> None:
    """Report the calls that a worker of pytest-xdist has handed over."""
    output: dict[str, list[LateCalls]] = getattr(node, "workeroutput", {})
    report_late_calls(config, output.get("xbl_late_calls", ()))


def stray_complaint(strays: Strays, test_id: str) -> str:
    """The text of a failure: the calls that carried the token of another test, and how to mend it.

    Args:
        test_id: of the test that made them.
    """
    total = sum(strays.values())
    calls = "A call" if total == 1 else f"{total} calls"
    whose = {test_id: "an earlier run of this test, or a world of it that is over"}
    lines = [f"{calls} with the token or the client of another test or world reached none:"]
    lines += _listed({f"{call} of {whose.get(owner, owner)}": count for (call, owner, _), count in strays.items()})
    kept = {stray.kept for stray in strays}
    lines += [remedy for kind, remedy in REMEDIES.items() if kind in kept]
    if kept & {"token", "app"}:
        what = "If a thread, a task or a program outlived that test, end it there"
        lines.append(f"{what}; or let its calls pass, there: {MARKER}.")
    return "\n".join(lines)


def _complaint_of_owner(calls: Mapping[str, int], meanwhile: Sequence[str]) -> str:
    total = sum(calls.values())
    lines = [
        "A call came when the world of this test was over, and was answered with 410:"
        if total == 1
        else f"{total} calls came when the world of this test was over, and were answered with 410:",
        *_listed(calls),
    ]
    if meanwhile:  # none, if its own teardown was still on
        more = [f"and {len(meanwhile) - MOST_LINES} more"] if len(meanwhile) > MOST_LINES else []
        lines.append(f"Meanwhile ran: {', '.join([*meanwhile[:MOST_LINES], *more])}.")
    what = "Stop its threads and programs, and reset the code that keeps its token, before it is over"
    lines.append(f"{what}; or let it pass: {MARKER}.")
    return "\n".join(lines)


def _listed(calls: Mapping[str, int]) -> list[str]:
    """A line for each call, with how often it came."""
    lines = [call if count == 1 else f"{call} ({count} times)" for call, count in calls.items()]
    return shortened(lines, MOST_LINES, rest="others")
