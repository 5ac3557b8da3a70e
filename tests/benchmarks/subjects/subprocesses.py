"""Runs of pytest in a process and a folder of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

RUN = """
import sys, time, pytest
status = pytest.main(sys.argv[1:])
print("CPU", time.process_time())
sys.exit(status)
"""
"""Runs pytest, and says how many seconds the processor has worked for that."""
FORKED_RUNS = """
import gc, os, sys, pytest

def seconds(*arguments):
    child = os.fork()
    if not child:
        os._exit(pytest.main([*common, *arguments]))
    _, status, used = os.wait4(child, 0)
    if status:
        sys.exit("a run has failed")
    return used.ru_utime + used.ru_stime

rounds, more, common = int(sys.argv[1]), sys.argv[2].split(), sys.argv[3:]
pytest.main([*common, *more])
gc.freeze()
for number in range(rounds + 1):
    if number % 2:
        without, taken = seconds(*more), seconds()
    else:
        taken, without = seconds(), seconds(*more)
    if number:
        print("CPU", taken, without, flush=True)
"""
"""Runs pytest by turns with some options and without, and says how many seconds the processor has worked for each.

Each run is a fork of a process that has run pytest with the options before.
So it does little else than what is measured: Python has started, and the modules of both are there.
"""
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
    output = python("-c", RUN, *_options(), *arguments, cwd=cwd)
    return _numbers(output, says)[-1]


def forked_pytest(*more: str, cwd: Path, rounds: int) -> list[list[float]]:
    """The seconds of the processor that a run of pytest takes without some options, and with them, in every round."""
    output = python("-c", FORKED_RUNS, str(rounds), " ".join(more), *_options(), cwd=cwd)
    return _numbers(output, "CPU")


def python(*arguments: str, cwd: Path) -> str:
    """The text that a run of Python prints, be it as output or as errors.

    It finds compiled modules, as it does where packages are installed, and hashes are the same in every run.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=_environment(cwd),
        check=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return run.stdout


def until_first_line(*arguments: str, cwd: Path) -> float:
    """The seconds from the start of Python until it has printed a line; then it is ended."""
    begin = perf_counter()
    command = [sys.executable, *arguments]
    with subprocess.Popen(command, cwd=cwd, env=_environment(cwd), stdout=subprocess.PIPE) as process:
        assert process.stdout
        line = process.stdout.readline()
        seconds = perf_counter() - begin
        process.terminate()
    if not line:
        sys.exit("a program has failed")
    return seconds


def _environment(cwd: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**environment, "PYTHONHASHSEED": "0", "PYTHONPYCACHEPREFIX": str(cwd / ".compiled")}


def _options() -> list[str]:
    others = {entry.name for entry in entry_points(group="pytest11")}.difference(PLUGINS)
    blocked = [option for name in sorted(others) for option in ("-p", f"no:{name}")]
    return ["-q", "-s", "-p", "no:cacheprovider", *blocked]


def _numbers(output: str, word: str) -> list[list[float]]:
    """The numbers behind each occurrence of a word."""
    return [[float(number) for number in found.split()] for found in re.findall(rf"{word}((?: [0-9.e+-]+)+)", output)]
