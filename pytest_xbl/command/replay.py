"""`pytest-xbl replay`: recordings of the real service, sent to the fake."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pytest_xbl.command.complaint import complain
from pytest_xbl.command.parser import Commands, add_command
from pytest_xbl.errors import XblError

DIFFERENT = 1
"""The exit code if a response differs from the recorded one."""
MORE = (
    "It prints the differences by operation, with the rules of each. The exit code is 1 if there is one, and 2 if a "
    "file is no recording; the other files are replayed all the same. "
    "Each recording has a world of its own, as far as it shows one. Tokens are not kept, and are in no output."
)


def add_to(commands: Commands) -> None:
    """Add the command."""
    what = "send recordings of the real service to the fake, and compare the responses"
    replay = add_command(commands, "replay", what, run=run, more=MORE, examples="pytest-xbl replay traffic.har")
    replay.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a recording: .har, .saz or .csv")


def run(given: argparse.Namespace) -> int:
    """Replay each file; an error in one does not keep the others from it (REPL-5)."""
    return max(map(_replay, given.files))


def _replay(file: Path) -> int:
    """Print the result of a replay, and give the exit code."""
    from pytest_xbl.xbl.xbox_live import XboxLive

    try:
        result = XboxLive().replay(file)
    except XblError as error:
        return complain(error)
    sys.stdout.write(f"{result}\n")
    return DIFFERENT if result.differences else 0
