"""What the plugin costs those runs of pytest that do not use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from .side_by_side import Result, alone, by_turns, medians
from .subprocesses import folder, python

LIMIT = 0.005
ROUNDS = 40
RUN = """
import sys, time, pytest
status = pytest.main(sys.argv[1:])
print("CPU", time.process_time())
sys.exit(status)
"""
IMPORT = "import pytest, pytest_httpserver.pytest_plugin, pytest_xbl.plugin"
TEST = "def test_nothing():\n    pass\n"


def measure() -> Iterator[Result]:
    """Compare runs with the plugin and without; pytest-httpserver's own is in both."""
    with folder(test_nothing=TEST) as here:
        taken = by_turns(lambda: _wall(here), lambda: _wall(here, "-p", "no:xbl"), rounds=ROUNDS)
        yield _difference("a pytest run with the plugin - without", taken)
        taken = by_turns(lambda: _cpu(here), lambda: _cpu(here, "-p", "no:xbl"), rounds=ROUNDS)
        yield _difference("likewise, CPU time", taken)
        yield alone("importing pytest_xbl.plugin", lambda: _import(here), limit=LIMIT, rounds=15)


def _difference(what: str, taken: list[tuple[float, ...]]) -> Result:
    more = [1000 * (ours - theirs) for ours, theirs in taken]
    return Result(what, *medians(taken), measured=more, limit=1000 * LIMIT, unit="ms")


def _wall(cwd: Path, *options: str) -> float:
    begin = perf_counter()
    python("-m", "pytest", "-q", *options, cwd=cwd)
    return perf_counter() - begin


def _cpu(cwd: Path, *options: str) -> float:
    output = python("-c", RUN, "-q", *options, cwd=cwd)
    return float(output.rpartition("CPU")[2])


def _import(cwd: Path) -> float:
    """What Python itself says that the import takes, with all that it brings along, pytest aside."""
    report = python("-X", "importtime", "-c", IMPORT, cwd=cwd)
    times = re.findall(r"\| +(\d+) \| ( *)(\S+)$", report, re.MULTILINE)
    print(times[-4:])
    return sum(int(microseconds) for microseconds, _, name in times if name.startswith("pytest_xbl")) / 1e6
