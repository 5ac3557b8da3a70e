"""The errors of the program, each in one line."""

from __future__ import annotations

import sys

from pytest_xbl.command.parser import PROGRAM
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.refusal import on_one_line

LONGEST = 2000
"""The characters that a line may have."""
WRONG = 2
"""The exit code of a command that cannot do what it is asked for."""


def complain(error: XblError, about: str = "") -> int:
    """Print an error in one line, and give the exit code.

    Args:
        about: the file with the error; "" if it is about the command as a whole.
    """
    what, *more = str(error).splitlines()
    behind = f" ({'; '.join(more)})" if more else ""
    text = ": ".join(filter(None, (about, f"{what}{behind}")))
    sys.stderr.write(f"{PROGRAM}: error: {on_one_line(text, LONGEST)}\n")
    return WRONG
