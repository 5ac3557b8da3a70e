"""What the `xbl` fixture adds to a test, beside what `httpserver` adds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from .side_by_side import Result, by_turns
from .subprocesses import folder, pytest

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
    among = taken[10:-1]  # the first start the server and warm up, the last stops the server
    print("MEAN", sum(among) / len(among))
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
        xbl=TEST.format(tests=TESTS, fixture="xbl, "),
        httpserver=TEST.format(tests=TESTS, fixture="httpserver, "),
        bare=TEST.format(tests=TESTS, fixture=""),
    ) as here:
        runs = [partial(pytest, f"{module}.py", cwd=here, says="MEAN") for module in ("xbl", "httpserver", "bare")]
        xbl, httpserver, bare = by_turns(*runs, rounds=20)
    ours = [seconds - bottom for seconds, bottom in zip(xbl, bare, strict=True)]
    theirs = [seconds - bottom for seconds, bottom in zip(httpserver, bare, strict=True)]
    measured = [one / other for one, other in zip(ours, theirs, strict=True)]
    yield Result("the xbl fixture / httpserver, above a bare test", ours, theirs, measured, limit=1.5)
