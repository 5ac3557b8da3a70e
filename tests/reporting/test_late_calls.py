"""Calls of a test that is over: the texts about them, in a worker of pytest-xdist and in its controller (SEEN-6)."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_xbl.reporting.late_calls import report_late_calls, report_late_calls_of_worker, stray_complaint
from pytest_xbl.wire.runs import Kept, Stray

WHERE = ("test_it.py", 3, "test_one")
MEND = (
    "Stop its threads and programs, and reset the code that keeps its token, before it is over; "
    "or let it pass: @pytest.mark.xbl(loose=['late-call'])."
)
TOKEN = "The code under test has kept a token: reset it, or give the user the same token= in each test."
APP = "The code under test has kept xbl.client, xbl.app or a transport: take those of the test that runs."
USER = "A client or a transport takes the users of its own world."
THREAD = (
    "If a thread, a task or a program outlived that test, end it there; "
    "or let its calls pass, there: @pytest.mark.xbl(loose=['late-call'])."
)


def reported(*, calls: dict[str, int], meanwhile: list[str]) -> list[pytest.TestReport]:
    """What a controller reports of calls that a worker hands over to it."""
    reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(report: pytest.TestReport) -> None:
        reports.append(report)

    worker: Any = SimpleNamespace(workeroutput={})
    controller: Any = SimpleNamespace(hook=SimpleNamespace(pytest_runtest_logreport=pytest_runtest_logreport))
    report_late_calls(worker, [("test_it.py::test_one", WHERE, calls, meanwhile)])
    assert reports == []
    report_late_calls_of_worker(controller, SimpleNamespace(workeroutput=json.loads(json.dumps(worker.workeroutput))))
    report_late_calls_of_worker(controller, SimpleNamespace())
    return reports


def test_a_worker_hands_its_late_calls_over_to_the_controller() -> None:
    """A worker can report only on the test that runs, so the controller reports them (SEEN-6)."""
    [report] = reported(calls={"GET /x": 1}, meanwhile=[])
    assert (report.nodeid, report.outcome, report.when) == ("test_it.py::test_one", "failed", "teardown")
    assert (
        str(report.longrepr)
        == f"A call came when the world of this test was over, and was answered with 410:\nGET /x\n{MEND}"
    )


def test_late_calls_are_one_report_with_their_number() -> None:
    """Five calls and five tests are listed, and the others counted (SEEN-6)."""
    calls = {"GET /x": 20, **{f"PUT /{number}": 1 for number in range(6)}}
    [report] = reported(calls=calls, meanwhile=[f"test_it.py::test_{number}" for number in range(7)])
    assert str(report.longrepr).splitlines() == [
        "26 calls came when the world of this test was over, and were answered with 410:",
        "GET /x (20 times)",
        *(f"PUT /{number}" for number in range(4)),
        "... and 2 others",
        f"Meanwhile ran: {', '.join(f'test_it.py::test_{number}' for number in range(5))}, and 2 more.",
        MEND,
    ]


ONE = "A call with the token or the client of another test or world reached none:"
STRAYS: list[tuple[list[tuple[str, Kept, int]], list[str]]] = [
    ([("test_a", "token", 1)], [ONE, "GET /x of test_a", TOKEN, THREAD]),
    ([("test_a", "app", 1)], [ONE, "GET /x of test_a", APP, THREAD]),
    ([("xbl-7-1", "user", 1)], [ONE, "GET /x of xbl-7-1", USER]),
    (
        [("test_a", "token", 2), ("test_it", "app", 1)],
        [
            "3 calls with the token or the client of another test or world reached none:",
            "GET /x of test_a (2 times)",
            "GET /x of an earlier run of this test, or a world of it that is over",
            TOKEN,
            APP,
            THREAD,
        ],
    ),
]


@pytest.mark.parametrize(("calls", "lines"), STRAYS)
def test_a_complaint_names_whose_call_it_was_and_the_remedies(
    calls: list[tuple[str, Kept, int]], lines: list[str]
) -> None:
    """Those that fit what the calls were led astray by (SEEN-6, SEEN-12)."""
    strays = {Stray("GET /x", whose, kept): count for whose, kept, count in calls}
    assert stray_complaint(strays, "test_it").splitlines() == lines
