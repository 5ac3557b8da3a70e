"""The fake as a program: from its start to the line that says that it listens, beside the server of another package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from .side_by_side import Result, by_turns
from .subprocesses import folder, until_first_line

LIMIT = 500
"""Milliseconds."""
ROUNDS = 20
THEIRS = """
from pytest_httpserver import HTTPServer
server = HTTPServer()
server.start()
print(server.url_for(""), flush=True)
server.server_thread.join()
"""
WAYS = {
    "pytest-xbl serve, until it listens": (),
    "likewise, with --scenario lobby": ("--scenario", "lobby"),
    "likewise, with --hosts": ("--hosts",),
}


def measure() -> Iterator[Result]:
    """Compare it with a server of pytest-httpserver that has a process of its own."""
    with folder() as here:
        listen = partial(until_first_line, "-c", THEIRS, cwd=here)
        for what, options in WAYS.items():
            serve = partial(until_first_line, "-m", "pytest_xbl", "serve", *options, cwd=here)
            ours, theirs = by_turns(serve, listen, rounds=ROUNDS)
            yield Result(what, ours, theirs, [1000 * seconds for seconds in ours], LIMIT, "ms")
