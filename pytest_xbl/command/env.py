"""`pytest-xbl env`: the variables with which programs reach a running `pytest-xbl serve --hosts` by real names."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_xbl.command.parser import Commands, add_command
from pytest_xbl.command.shells import SHELLS
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest

if TYPE_CHECKING:
    from pytest_xbl.hosts.environ import Way

MORE = "Programs with these variables reach a running `pytest-xbl serve --hosts` wherever they call Xbox Live."
EXAMPLES = """\
eval "$(pytest-xbl env http://127.0.0.1:8080)"
pytest-xbl env http://127.0.0.1:8080 --shell powershell | Out-String | Invoke-Expression
pytest-xbl env http://127.0.0.1:8080 --shell cmd > xbl.cmd && call xbl.cmd"""


def add_to(commands: Commands) -> None:
    """Add the command."""
    what = "print the variables that a shell needs for real host names"
    parser = add_command(commands, "env", what, run=run, more=MORE, examples=EXAMPLES)
    parser.add_argument("url", metavar="URL", help="the address that `pytest-xbl serve` has printed")
    parser.add_argument("--shell", default="sh", metavar="SHELL", help=f"{_choices()} (default: sh)")


def run(given: argparse.Namespace) -> int:
    """Print a line for each variable.

    Raises:
        XblError: for an unknown shell, or if nobody serves real names there.
    """
    if given.shell not in SHELLS:
        hint = did_you_mean(nearest(given.shell, SHELLS))
        raise XblError(f"--shell is {_choices()}, not {given.shell!r}{hint}")
    from pytest_xbl.command.asking import ask
    from pytest_xbl.command.documents import ENVIRON
    from pytest_xbl.hosts.environ import variables

    found = variables(_way(ask(given.url, ENVIRON), given.url), os.environ)
    sys.stdout.writelines(f"{SHELLS[given.shell](name, value)}\n" for name, value in found.items())
    return 0


def _way(answer: Mapping[str, Any], url: str) -> Way:
    """The way that the fake names.

    Raises:
        XblError: if it names none, or its files are not on this machine.
    """
    from pytest_xbl.hosts.environ import Files, Way

    if answer["gate"] is None:
        raise XblError(f"The pytest-xbl serve at {url} serves no real names: start it with --hosts.")
    paths = [file and Path(file) for file in answer["files"]]
    for path in filter(None, paths):
        if not path.is_file():
            raise XblError(
                f"{path} is not on this machine: run pytest-xbl env where the pytest-xbl serve at {url} runs."
            )
    return Way(tuple(answer["gate"]), Files(*paths), tuple(answer["allowed"]))


def _choices() -> str:
    *first, last = SHELLS
    return f"{', '.join(first)} or {last}"
