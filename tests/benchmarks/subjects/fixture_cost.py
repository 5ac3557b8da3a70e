"""What the `xbl` fixture adds to a test, beside what `httpserver` adds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from .side_by_side import Result, by_turns, medians
from .subprocesses import folder, python

TESTS = 1000
CONFTEST = """
import time
import pytest

taken = []

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    begin = time.perf_counter()
    result = yield
    taken.append(time.perf_counter() - begin)
    return result

def pytest_unconfigure():
    print("MEAN", sum(taken[10:]) / len(taken[10:]))  # the first tests start servers and warm up
"""
TEST = """
import pytest

@pytest.mark.parametrize("number", range({tests}))
def test({fixture}number):
    pass
"""


def measure() -> Iterator[Result]:
    """Compare them."""
    with folder(
        conftest=CONFTEST,
        bare=TEST.format(tests=TESTS, fixture=""),
        httpserver=TEST.format(tests=TESTS, fixture="httpserver, "),
        xbl=TEST.format(tests=TESTS, fixture="xbl, "),
    ) as here:
        modules = ("xbl", "httpserver", "bare")
        taken = by_turns(*(partial(_seconds_per_test, here, module) for module in modules), rounds=15)
    above = [(xbl - bare, httpserver - bare) for xbl, httpserver, bare in taken]
    measured = [xbl / httpserver for xbl, httpserver in above]
    yield Result("the xbl fixture / httpserver, above a bare test", *medians(above), measured=measured, limit=1.5)


def _seconds_per_test(cwd: Path, module: str) -> float:
    output = python("-m", "pytest", "-q", "-s", "-p", "no:randomly", f"{module}.py", cwd=cwd)
    return float(output.rpartition("MEAN")[2])
