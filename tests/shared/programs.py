"""The program `pytest-xbl`, in a process of its own or in that of the tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pytest_xbl.command.main import parser
from pytest_xbl.command.parser import parsed
from pytest_xbl.command.served import Served
from pytest_xbl.command.settings import Settings, settings_of

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=timezone.utc)
"""The real time, as far as worlds in the process of the tests know."""
PROGRAM = (sys.executable, "-m", "pytest_xbl")


class Response(NamedTuple):
    """A response."""

    status: int
    text: str


def settings(*options: str) -> Settings:
    """The settings of `pytest-xbl serve` with some options."""
    return settings_of(parsed(parser(), ["serve", *options]), now=NOW)


@contextmanager
def served(*options: str) -> Iterator[Served]:
    """A world that is served in this process; its clock stands still unless the options say otherwise."""
    world = Served(settings("--clock", "stand", *options))
    with world.running():
        yield world


@contextmanager
def serving(*options: str, **settings: Any) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running `pytest-xbl serve`, and its address."""
    command = [*PROGRAM, "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **settings) as process:
        try:
            assert process.stdout
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


def way_to(world: Served) -> dict[str, Any]:
    """The way of a program to a world with real names."""
    assert world.hosts
    return world.hosts.way()


def get(url: str, path: str, **headers: str) -> Response:
    """The response to a GET; underscores of header names are hyphens."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Response(response.status, response.read().decode())
    finally:
        connection.close()
