"""What the plugin costs those runs of pytest that do not use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from .side_by_side import Result, alone, difference
from .subprocesses import folder, forked_pytest, pytest, python

LIMIT = 0.005
ROUNDS = 40
FORKS = 100
IMPORT = "import pytest, pytest_httpserver.pytest_plugin, pytest_xbl.plugin"
IMPORTED = re.compile(r"import time: +(\d+) \| +\d+ \| +pytest_xbl[\w.]*$", re.MULTILINE)
TEST = "def test_nothing():\n    pass\n"


def measure() -> Iterator[Result]:
    """Compare runs with the plugin and without; pytest-httpserver's own is in both."""
    without = ("-p", "no:xbl")
    with folder(test_nothing=TEST) as here:
        yield difference(
            "a pytest run with the plugin - without",
            lambda: _wall(here),
            lambda: _wall(here, *without),
            limit=LIMIT,
            rounds=ROUNDS,
        )
        yield _processor_time(here, *without)
        yield alone("importing pytest_xbl.plugin", lambda: _import(here), limit=LIMIT, rounds=20)


def _wall(cwd: Path, *options: str) -> float:
    begin = perf_counter()
    pytest(*options, cwd=cwd)
    return perf_counter() - begin


def _processor_time(cwd: Path, *without: str) -> Result:
    """The same, without what else the machine does."""
    ours, theirs = zip(*forked_pytest(*without, cwd=cwd, rounds=FORKS), strict=True)
    longer = [1000 * (one - other) for one, other in zip(ours, theirs, strict=True)]
    return Result("likewise, processor time", ours, theirs, longer, 1000 * LIMIT, "ms")


def _import(cwd: Path) -> float:
    """What Python itself says that the import takes, once pytest and pytest-httpserver's plugin are there."""
    report = python("-X", "importtime", "-c", IMPORT, cwd=cwd)
    return sum(map(int, IMPORTED.findall(report))) / 1e6
