"""`pytest-xbl openapi`: the description of all requests and responses."""

from __future__ import annotations

import argparse
import sys

from pytest_xbl.command.parser import Commands, add_command

MORE = "It describes all operations with parameters, bodies, statuses and rules, for tools that read OpenAPI."


def add_to(commands: Commands) -> None:
    """Add the command."""
    example = "pytest-xbl openapi > openapi.json"
    add_command(commands, "openapi", "print the OpenAPI document", run=run, more=MORE, examples=example)


def run(_given: argparse.Namespace) -> int:
    """Print the document."""
    from pytest_xbl.openapi.description import openapi_text

    sys.stdout.write(openapi_text())
    return 0
