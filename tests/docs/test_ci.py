"""`.ci/run` reports what the newest releases break, and its exit code is that of README.md's commands."""

import os
import subprocess
from pathlib import Path

import pytest

from tables import cases

RUN = Path(__file__).parents[2] / ".ci/run"

LINE = "=" * 78
WARNING = f"""\
{LINE}
WARNING: the suite fails on the newest releases of the dependencies.
The checks above ran on constraints.txt and do not depend on this. To repeat: tox -e latest
"""
GREEN = "The suite passes on the newest releases of the dependencies, too."
RED = """\
Using Python 3.11
idna==3.7
pyyaml==6.0.4
.F
FAILED tests/test_a.py::test_b - assert 1 == 2
1 failed, 1 passed
"""
NOT_INSTALLED = "latest: install_deps> uv pip install\nNo solution found\n"


def write_script(path: Path, text: str) -> None:
    """Write an executable shell script."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
    path.chmod(0o755)


def run_ci(
    checkout: Path, *, commands: tuple[str, str] = ("true", "true"), latest: str, status: int
) -> tuple[int, str]:
    """The exit code and the output of .ci/run in a checkout where `tox -e latest` prints a text and exits."""
    (checkout / ".ci").mkdir()
    (checkout / ".ci/run").symlink_to(RUN)
    console = "".join(f"$ {command}\n" for command in commands)
    (checkout / "README.md").write_text(f"```console\n{console}```\n", encoding="utf-8")
    (checkout / "constraints.txt").write_text("idna==3.7\npyyaml==6.0.3 ; python_version < '4'\n", encoding="utf-8")
    (checkout / "latest").write_text(latest, encoding="utf-8")
    write_script(checkout / "bin/python3", 'mkdir -p "$3/bin"\n')  # python3 -m venv DIRECTORY
    write_script(checkout / "bin/tox", f'[ "$*" = "-q -e latest" ] && cat latest && exit {status}\n')
    path = f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        [checkout / ".ci/run"], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert result.stderr == ""
    return result.returncode, result.stdout


FAILED = f"""\
{WARNING}    FAILED tests/test_a.py::test_b - assert 1 == 2
    not in constraints.txt: pyyaml==6.0.4
{LINE}
"""
NOT_BEGUN = f"""\
{WARNING}No test failed; the output ends so:
    latest: install_deps> uv pip install
    No solution found
{LINE}
"""


@cases(
    "latest status report",
    {
        "it passes": ("2 passed\n", 0, f"{GREEN}\n"),
        "a test fails": (RED, 1, FAILED),
        "it cannot be installed": (NOT_INSTALLED, 1, NOT_BEGUN),
    },
)
def test_ci_ends_with_a_report_on_the_newest_releases(latest: str, status: int, report: str, tmp_path: Path) -> None:
    """The report names the failing tests and the releases that are not locked, and never fails the run."""
    command = "$ tox -e latest # a report, which cannot fail the run"
    output = f"$ true\n$ true\n{command}\n{report}exit code 0\n"
    assert run_ci(tmp_path, latest=latest, status=status) == (0, output)


@pytest.mark.parametrize(("commands", "ran"), [(("exit 3", "true"), 1), (("true", "exit 3"), 2)])
def test_a_command_that_fails_fails_ci(commands: tuple[str, str], ran: int, tmp_path: Path) -> None:
    """`.ci/run` stops at the first command that fails, with its exit code, and without a report."""
    shown = "".join(f"$ {command}\n" for command in commands[:ran])
    assert run_ci(tmp_path, commands=commands, latest=RED, status=1) == (3, f"{shown}exit code 3\n")
