"""The program: its commands, and how they end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from pytest_xbl.command import dump, env, openapi, replay, rules, scenarios, seed, serve
from pytest_xbl.command.complaint import complain
from pytest_xbl.command.parser import PROGRAM, Parser, Version, parsed
from pytest_xbl.errors import XblError

DESCRIPTION = "A fake of Xbox Live's session directory and user statistics, without pytest."
EPILOG = "An error is one line on the standard error, and the exit code is then 2."
HAD_ENOUGH = 1
"""The exit code of a command whose reader wants no more, such as `head`."""
INTERRUPTED = 130
"""The exit code of a command that Ctrl+C has ended, as shells have it."""


def parser() -> Parser:
    """The parser of the whole command line."""
    top = Parser(prog=PROGRAM, description=DESCRIPTION, epilog=EPILOG)
    top.add_argument("--version", action=Version, nargs=0, help="print the version, and end")
    commands = top.add_commands()
    for command in (serve, env, dump, seed, replay, scenarios, rules, openapi):
        command.add_to(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that a command line names.

    Args:
        arguments: without the name of the program; those of the process unless given.

    Returns:
        The exit code.

    Raises:
        SystemExit: if the command line asks for help or the version.
    """
    _open_what_is_closed()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack letters of names
    try:
        given = parsed(parser(), sys.argv[1:] if arguments is None else arguments)
        code: int = given.run(given)
        sys.stdout.flush()
    except XblError as error:
        return complain(error)
    except OSError as error:  # of the output, or of a directory for certificates
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python would complain at its end
        return HAD_ENOUGH if isinstance(error, BrokenPipeError) else complain(XblError(f"{error}."))
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _open_what_is_closed() -> None:
    """Let a standard stream that the caller has closed lead nowhere: Python has none then."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 -- until the program ends
