"""`pytest-xbl serve`: a world on a port, for whoever calls."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pytest_xbl.command.parser import Commands, add_command

BEAT = 1.0
"""The seconds after which time goes on although nobody asks."""
MORE = (
    "It prints its address, the users of the world, and the header by which each of them calls. "
    "Without a seed and a scenario, the world has four users and nothing else."
)
EXAMPLES = """\
pytest-xbl serve
pytest-xbl serve --scenario lobby players=2 --port 8080
pytest-xbl serve --seed world.json --clock stand
pytest-xbl serve --hosts --allow-host api.example.com"""
SEED = "begin with the seed in this file, JSON or YAML"
SCENARIO = "begin with this scenario and these parameters; `pytest-xbl scenarios` lists all"
PORT = "listen at this port, 0 for a free one (default: 0)"
HOST = "listen at this address or name, 0.0.0.0 for all addresses of the machine (default: 127.0.0.1)"
HOSTS = "serve the real host names, too, to programs with the variables of `pytest-xbl env`"
ALLOW_HOST = "let such programs reach this foreign host; may be given more than once"
CLOCK = (
    "`follow`: the clock goes with the real time, from the time of the seed, or from now if it names none; "
    "`stand`: it stands still until somebody moves it (default: follow)"
)
KEEP = "keep so many requests, versions of sessions, and taps (default: 10000)"
QUIET = "print no refused requests"


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "serve", "serve a world until Ctrl+C", run=run, more=MORE, examples=EXAMPLES)
    beginning = parser.add_mutually_exclusive_group()
    beginning.add_argument("--seed", type=Path, metavar="FILE", help=SEED)
    beginning.add_argument("--scenario", nargs="+", metavar=("NAME", "key=value"), help=SCENARIO)
    parser.add_argument("--port", default="0", metavar="N", help=PORT)
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help=HOST)
    parser.add_argument("--hosts", action="store_true", help=HOSTS)
    parser.add_argument("--allow-host", action="append", default=[], metavar="HOST", help=ALLOW_HOST)
    parser.add_argument("--clock", default="follow", metavar="follow|stand", help=CLOCK)
    parser.add_argument("--keep", default="10000", metavar="N", help=KEEP)
    parser.add_argument("--quiet", action="store_true", help=QUIET)


def run(given: argparse.Namespace) -> int:
    """Serve the world until a signal ends the program.

    Raises:
        XblError: for options or a seed that cannot be, or an address at which nobody can listen.
    """
    from pytest_xbl.command.greeting import greeting
    from pytest_xbl.command.real_time import now
    from pytest_xbl.command.served import Served
    from pytest_xbl.command.settings import settings_of
    from pytest_xbl.command.signals import asked_to_end

    with asked_to_end() as asked:
        settings = settings_of(given, now=now())
        served = Served(settings)
        with served.running():
            sys.stdout.write(f"{greeting(served.xbl, follows=settings.follows, has_hosts=given.hosts)}\n")
            sys.stdout.flush()
            while not asked.wait(BEAT):
                served.beat()
    return 0
