"""Measure what was promised about speed and memory: `python tests/benchmarks`, or with the names of some measurements.

Each line shows ours, theirs, what is promised to stay below a limit (the median of all rounds, and between which
values the middle half of them lies), the limit, and whether it holds.
The numbers are for people to judge: a line that is over its limit fails nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "shared"))

MEASUREMENTS = {
    "plugin": "plugin_cost",
    "fixture": "fixture_cost",
    "first": "first_use",
    "socket": "socket_put",
    "hosts": "real_hosts",
    "serve": "serving",
    "suite": "small_suite",
    "httpx": "httpx_suite",
    "client": "client_put",
    "trouble": "trouble",
    "members": "many_members",
    "settling": "settling",
    "large": "large_session",
    "sessions": "many_sessions",
    "queries": "finding",
    "searches": "searching",
    "memory": "memory",
    "soak": "soak",
    "statistics": "statistics",
    "taps": "taps",
    "stress": "stress",
    "seeds": "seeds",
    "seeding": "seeding",
    "recording": "recording",
    "page": "failure_page",
    "explorer": "exploring",
    "compare": "compare",
    "blame": "blame",
    "doubling": "doubling",
}
"""Which module measures what; it is imported when its turn comes, so that none is there to slow the others."""


def main(names: list[str]) -> None:
    """Run the measurements with these names, or all of them."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        sys.exit(f"No such measurement: {', '.join(unknown)}. There are: {', '.join(MEASUREMENTS)}.")
    print(f"{'what':48} {'ours':>9} {'theirs':>9}   {'measured':28} {'limit':>10}")
    for name in names or MEASUREMENTS:
        for result in import_module(f"subjects.{MEASUREMENTS[name]}").measure():
            print(result, flush=True)


main(sys.argv[1:])
