"""`pytest-xbl seed`: what can be done with seeds beside serving them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pytest_xbl.command.complaint import complain
from pytest_xbl.command.parser import Commands, add_command
from pytest_xbl.errors import XblError

MORE = "It prints a line for each file: `ok`, or an error with its place and its rule, which makes the exit code 2."


def add_to(commands: Commands) -> None:
    """Add the group, and the command in it."""
    seeds = add_command(commands, "seed", "check seeds").add_commands()
    what = "check that a world can begin with each seed"
    check = add_command(seeds, "check", what, run=run, more=MORE, examples="pytest-xbl seed check worlds/*.json")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a seed: JSON, or YAML by its name")


def run(given: argparse.Namespace) -> int:
    """Check each file; the exit code is that of a complaint if one of them is wrong."""
    return max(map(_check, given.files))


def _check(file: Path) -> int:
    """Print whether a world can begin with a seed, and give the exit code."""
    from pytest_xbl.arrange.seed import Seed
    from pytest_xbl.xbl.xbox_live import XboxLive

    try:
        XboxLive(seed=Seed.read(file))
    except XblError as error:
        return complain(error, about=str(file))
    sys.stdout.write(f"{file}: ok\n")
    return 0
