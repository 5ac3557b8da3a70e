"""Calls that come too late, in a worker of pytest-xdist and in its controller (SEEN-6)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pytest_xbl.reporting.late_calls import report_late_calls, report_late_calls_of_worker


def test_a_worker_hands_its_late_calls_over_to_the_controller() -> None:
    """A worker can report only on the test that runs, so the controller reports them (SEEN-6)."""
    reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(report: pytest.TestReport) -> None:
        reports.append(report)

    worker: Any = SimpleNamespace(workeroutput={})
    controller: Any = SimpleNamespace(hook=SimpleNamespace(pytest_runtest_logreport=pytest_runtest_logreport))

    report_late_calls(worker, [("test_it.py::test_one", ("test_it.py", 3, "test_one"), "GET /x")])
    report_late_calls_of_worker(controller, SimpleNamespace(workeroutput=worker.workeroutput))
    report_late_calls_of_worker(controller, SimpleNamespace())

    assert [(report.nodeid, report.outcome, report.when) for report in reports] == [
        ("test_it.py::test_one", "failed", "teardown")
    ]
    assert str(reports[0].longrepr) == "A call came when this test was over, and was answered with 410:\nGET /x"
