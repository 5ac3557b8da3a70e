"""Runs of pytest in a process and a folder of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory

RUN = """
import sys, time, pytest
status = pytest.main(sys.argv[1:])
print("CPU", time.process_time())
sys.exit(status)
"""
"""Runs pytest, and says how many seconds the processor has worked for that."""
PLUGINS = ("pytest_httpserver", "xbl")
"""The names, as entry points, of the plugins that are there; others would only add noise."""


@contextmanager
def folder(**modules: str) -> Iterator[Path]:
    """A folder that holds these modules, and nothing that would tell pytest how to run."""
    with TemporaryDirectory() as name:
        path = Path(name)
        (path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        for module, text in modules.items():
            (path / f"{module}.py").write_text(text, encoding="utf-8")
        yield path


def pytest(*arguments: str, cwd: Path, says: str = "CPU") -> list[float]:
    """Run pytest, and give the numbers that it prints after this word."""
    others = {entry.name for entry in entry_points(group="pytest11")}.difference(PLUGINS)
    blocked = [option for name in sorted(others) for option in ("-p", f"no:{name}")]
    output = python("-c", RUN, "-q", "-s", "-p", "no:cacheprovider", *blocked, *arguments, cwd=cwd)
    return [float(number) for number in re.findall(rf"{says}((?: [0-9.e+-]+)+)", output)[-1].split()]


def python(*arguments: str, cwd: Path) -> str:
    """The text that a run of Python prints, be it as output or as errors.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        check=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return run.stdout
