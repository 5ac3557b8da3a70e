"""The parser of the program, whose complaints take one line and suggest the nearest name."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from textwrap import indent
from typing import Any, NoReturn, Protocol, TypeAlias

from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest

PROGRAM = "pytest-xbl"
Run: TypeAlias = Callable[[argparse.Namespace], int]
"""A command: it takes the parsed command line, and gives the exit code."""


class Parser(argparse.ArgumentParser):
    """A parser of a command line; argparse's own would print its usage with each complaint."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings)
        self.commands: Mapping[str, Parser] = {}
        """The parsers of its commands, by name."""

    @property
    def arguments(self) -> Sequence[argparse.Action]:
        """Its options and arguments, in the order in which its help lists them."""
        return self._actions

    def add_commands(self) -> Commands:
        """Let it take one of several commands."""
        commands = self.add_subparsers(metavar="COMMAND", required=True, title="commands")
        self.commands = commands.choices
        return commands

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            XblError: with argparse's own text.
        """
        raise XblError(f"{message}; {self.prog} --help shows what is possible.")


class Commands(Protocol):
    """The commands of a parser."""

    def add_parser(self, name: str, /, *, help: str, description: str, epilog: str) -> Parser:  # noqa: A002 -- argparse's
        """The parser of a further command."""


def add_command(
    commands: Commands, name: str, what: str, *, run: Run | None = None, more: str = "", examples: str = ""
) -> Parser:
    """Add a command.

    Args:
        what: it does, as argparse writes help.
        run: the command; None for a group of commands.
        more: that its own help says.
        examples: of its use, a line for each.
    """
    epilog = f"examples:\n{indent(examples, '  ')}" if examples else ""
    description = " ".join(filter(None, (f"{what[:1].upper()}{what[1:]}.", more)))
    parser = commands.add_parser(name, help=what, description=description, epilog=epilog)
    parser.set_defaults(run=run)
    return parser


class Version(argparse.Action):
    """An option that prints the version, which takes longer to find out than everything else here."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print it, and end the program."""
        from importlib.metadata import version

        sys.stdout.write(f"{PROGRAM} {version(PROGRAM)}\n")
        parser.exit()


def parsed(parser: Parser, arguments: Sequence[str]) -> argparse.Namespace:
    """The parsed command line.

    Raises:
        XblError: for an unknown command or option, with the nearest one, or whatever else argparse refuses.
        SystemExit: if the command line asks for help or the version, which is printed.
    """
    last = _last_parser(parser, arguments)
    known, others = parser.parse_known_args(arguments)
    if others:
        raise _unexpected(others[0], last)
    return known


def _last_parser(parser: Parser, arguments: Sequence[str]) -> Parser:
    """The parser of the command that the command line names.

    Raises:
        XblError: for an unknown command.
    """
    words = (word for word in arguments if not word.startswith("-"))
    while parser.commands and (name := next(words, None)) is not None:
        if name not in parser.commands:
            hint = did_you_mean(nearest(name, parser.commands), otherwise=f"; it has {', '.join(parser.commands)}.")
            raise XblError(f"{parser.prog} has no command {name!r}{hint}")
        parser = parser.commands[name]
    return parser


def _unexpected(word: str, parser: Parser) -> XblError:
    """The refusal of a word that the command does not take."""
    if not word.startswith("-"):
        return XblError(f"{parser.prog} does not expect {word!r}; {parser.prog} --help shows what is possible.")
    options = [name for argument in parser.arguments for name in argument.option_strings if name.startswith("--")]
    hint = did_you_mean(nearest(word.partition("=")[0], options), otherwise=f"; it has {', '.join(options)}.")
    return XblError(f"{parser.prog} has no option {word!r}{hint}")
