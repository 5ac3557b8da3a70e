"""The memory that a world of 100,000 sessions takes, in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from .side_by_side import Result, memory
from .subprocesses import folder, python

SEED = """
from pathlib import Path
from pytest_xbl import XboxLive

fake = XboxLive()
for number in range(100_000):
    fake.sessions.create("lobby", members=fake.users(f"Host {number}", f"Guest {number}"))
peak, unit = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[:2]
assert unit == "kB"
print("PEAK", peak)
"""
"""Says how many KiB were resident when the most were.

`resource.getrusage` would not do: a process begins with the peak of the one that started it.
"""


def measure() -> Iterator[Result]:
    """Measure it, Python and all imports included, where the system tells."""
    if sys.platform == "linux":
        with folder() as here:
            yield memory("100,000 sessions, 200,000 users, all of it", lambda: _seeded(here), limit=1024, rounds=3)


def _seeded(cwd: Path) -> float:
    return int(python("-c", SEED, cwd=cwd).partition("PEAK ")[2]) / 1024
