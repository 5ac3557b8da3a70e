"""Calls that come when their test is over, each reported as an error of that test (SEEN-6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_xbl.xbl.worlds import LateCall


def report_late_calls(config: pytest.Config, calls: Iterable[LateCall]) -> None:
    """Report calls as errors of the tests that they belong to.

    A worker of pytest-xdist can report only on the test that runs, so it hands them over to the controller.
    """
    output: dict[str, list[LateCall]] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output.setdefault("xbl_late_calls", []).extend(calls)
        return
    for test, location, call in calls:
        text = f"A call came when this test was over, and was answered with 410:\n{call}"
        report = pytest.TestReport(test, location, {}, "failed", text, "teardown")
        config.hook.pytest_runtest_logreport(report=report)


def report_late_calls_of_worker(config: pytest.Config, node: object) -> None:
    """Report the calls that a worker of pytest-xdist has handed over."""
    output: dict[str, list[LateCall]] = getattr(node, "workeroutput", {})
    report_late_calls(config, output.get("xbl_late_calls", ()))
