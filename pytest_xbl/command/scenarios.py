"""`pytest-xbl scenarios`: the scenarios that a world can begin with."""

from __future__ import annotations

import argparse
import sys

from pytest_xbl.command.parser import Commands, add_command


def add_to(commands: Commands) -> None:
    """Add the command."""
    more = "Each is shown with its parameters and what is in it, as `pytest --xbl-scenarios` does."
    add_command(commands, "scenarios", "list the scenarios", run=run, more=more)


def run(_given: argparse.Namespace) -> int:
    """Print the scenarios."""
    from pytest_xbl.arrange.scenarios import listing

    sys.stdout.write(f"{listing()}\n")
    return 0
