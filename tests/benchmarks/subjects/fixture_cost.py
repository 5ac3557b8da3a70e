"""What the `xbl` fixture adds to a test, beside what `httpserver` adds."""

from __future__ import annotations

from collections.abc import Iterator

from .side_by_side import Result
from .subprocesses import folder, pytest

RUNS = 20
TESTS = 400
KINDS = {"bare": "", "httpserver": "httpserver", "xbl": "xbl"}
"""The three kinds of tests, and the fixture of each."""
CONFTEST = """
import statistics
import time
import pytest

taken = {"bare": [], "httpserver": [], "xbl": []}

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    begin = time.perf_counter()
    result = yield
    taken[item.name.split("_")[1]].append(time.perf_counter() - begin)
    return result

def pytest_unconfigure():
    bare, httpserver, xbl = map(statistics.median, taken.values())
    print("ABOVE", xbl - bare, httpserver - bare)
"""


def measure() -> Iterator[Result]:
    """Compare them, in runs in which the three kinds of tests take turns."""
    tests = [f"def test_{kind}_{n}({fixture}): pass\n" for n in range(TESTS) for kind, fixture in KINDS.items()]
    with folder(conftest=CONFTEST, test_all="".join(tests)) as here:
        ours, theirs = zip(*(pytest(cwd=here, says="ABOVE") for _ in range(RUNS)), strict=True)
    measured = [one / other for one, other in zip(ours, theirs, strict=True)]
    yield Result("the xbl fixture / httpserver, above a bare test", ours, theirs, measured, limit=1.25)
