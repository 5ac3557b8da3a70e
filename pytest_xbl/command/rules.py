"""`pytest-xbl rules`: what the fake obeys, and how we know it."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pytest_xbl.command.parser import Commands, add_command
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest

if TYPE_CHECKING:
    from pytest_xbl.rulebook import Rule


def add_to(commands: Commands) -> None:
    """Add the command."""
    what = "list the rules that the fake obeys, or explain one"
    parser = add_command(commands, "rules", what, run=run, examples="pytest-xbl rules\npytest-xbl rules PUT-8")
    parser.add_argument("id", nargs="?", metavar="ID", help="the rule to explain, as a refusal names it")


def run(given: argparse.Namespace) -> int:
    """Print the rules, or one of them.

    Raises:
        XblError: for a rule that there is not.
    """
    from pytest_xbl.rulebook import RULES

    lines = [f"{rule.id}: {rule.text}" for rule in RULES.values()] if given.id is None else _about(_rule(given.id))
    sys.stdout.write("\n".join((*lines, "")))
    return 0


def _rule(name: str) -> Rule:
    from pytest_xbl.rulebook import RULES

    if name.upper() not in RULES:
        hint = did_you_mean(nearest(name, RULES), otherwise="; pytest-xbl rules lists all.")
        raise XblError(f"There is no rule {name!r}{hint}")
    return RULES[name.upper()]


def _about(rule: Rule) -> list[str]:
    """The lines about one rule."""
    from pytest_xbl.rulebook import FAMILIES

    return [
        f"{rule.id}: {rule.text}",
        f"about: {FAMILIES[rule.family]}",
        f"how we know: {'; '.join(map(str, rule.sources))}",
        f"built: {rule.status}",
    ]
