"""A plugin of pytest: which test runs which line of the package, and how long each takes.

It is loaded into the run that `coverage_map` makes, under coverage.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path
from time import perf_counter
from typing import Any

import coverage
import pytest

TIMES = Path(os.environ["XBL_MUTATION_TIMES"])
"""A directory, in which each process leaves the seconds of the tests that passed there, by their ids."""

_times: dict[str, float] = {}
_failed: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what hypothesis drives: it is slow, and meets other cases each time."""
    items[:] = [item for item in items if not getattr(getattr(item, "obj", None), "is_hypothesis_test", False)]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Give the lines that run from here on to this test: its fixtures are part of it."""
    _context(item.nodeid)
    start = perf_counter()
    try:
        return (yield)
    finally:
        _times[item.nodeid] = perf_counter() - start
        _context("")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember who does not pass even without a change."""
    if not report.passed:
        _failed.add(report.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """Leave the times behind."""
    passed = {test: seconds for test, seconds in _times.items() if test not in _failed}
    if passed:
        (TIMES / f"{os.getpid()}.json").write_text(json.dumps(passed))


def _context(name: str) -> None:
    measured = coverage.Coverage.current()
    if measured is not None:
        measured.switch_context(name)
