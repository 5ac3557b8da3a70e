"""`pytest-xbl dump`: the world of a running `pytest-xbl serve`, as a seed."""

from __future__ import annotations

import argparse
import json
import sys

from pytest_xbl.command.parser import Commands, add_command

MORE = "A world that begins with this seed is equal to that of the running `pytest-xbl serve`."
EXAMPLES = """\
pytest-xbl dump http://127.0.0.1:8080 > world.json
pytest-xbl serve --seed world.json"""


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "dump", "print a served world as a seed", run=run, more=MORE, examples=EXAMPLES)
    parser.add_argument("url", metavar="URL", help="the address that `pytest-xbl serve` has printed")


def run(given: argparse.Namespace) -> int:
    """Print the world.

    Raises:
        XblError: if no `pytest-xbl serve` answers there.
    """
    from pytest_xbl.command.asking import ask
    from pytest_xbl.command.documents import WORLD

    sys.stdout.write(f"{json.dumps(ask(given.url, WORLD), indent=2)}\n")
    return 0
