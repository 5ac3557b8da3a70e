"""The page of commands: what each takes, from the parser that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pages.markdown import page, table
from pytest_xbl.command.main import parser

if TYPE_CHECKING:
    import argparse

    from pytest_xbl.command.parser import Parser

COMMANDS = """\
# Commands

The program `pytest-xbl` is the fake without pytest; `python -m pytest_xbl` is the same.
[Run the fake without pytest](../how-to/run-the-fake-without-pytest.md) shows how its commands work together.
This page is written by `python docs/generate.py` from the parsers of the commands.

The exit code is 0.
A command that cannot do what it is asked for says so in one line on the standard error, with the exit code 2 ({CMD-5}).
`pytest-xbl --version` prints the version, and `--help` behind a command what this page says of it.
"""


def commands_page() -> str:
    """The text of reference/commands.md."""
    return page(COMMANDS, *_commands(parser()))


def _commands(above: Parser) -> Iterator[str]:
    """A section for each command, and none for a group of commands."""
    for command in above.commands.values():
        yield from _commands(command) if command.commands else [_section(command)]


def _section(command: Parser) -> str:
    rows = [_row(argument) for argument in command.arguments if "--help" not in argument.option_strings]
    examples = str(command.epilog or "").partition("\n")[2].replace("\n  ", "\n").strip()
    parts = (
        f"## {command.prog.partition(' ')[2]}\n\n{command.description}\n",
        table(("argument", "meaning"), rows) if rows else "",
        f"```text\n{examples}\n```\n" if examples else "",
    )
    return "\n".join(filter(None, parts))


def _row(argument: argparse.Action) -> tuple[str, str]:
    names = " ".join(filter(None, (*argument.option_strings, _value(argument))))
    return f"`{names}`", f"{argument.help}"


def _value(argument: argparse.Action) -> str:
    """What an option or an argument takes, as help writes it."""
    shown = argument.metavar or ""
    if isinstance(shown, tuple):
        first, more = shown
        return f"{first} [{more} ...]"
    return {"+": f"{shown} [{shown} ...]", "?": f"[{shown}]"}.get(str(argument.nargs), shown)
