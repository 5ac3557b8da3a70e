"""The memory that a world takes after a million requests of all kinds, in a process of its own (SEEN-18)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from .side_by_side import Result, memory
from .subprocesses import folder, python

REQUESTS = 1_000_000
SOAK = f"""
from pathlib import Path
from pytest_xbl import XboxLive

fake = XboxLive()
stacy, ana = map(fake.client, fake.users("Stacy", "Ana"))
templates = f"/serviceconfigs/{{fake.scid}}/sessiontemplates"
lobby = f"{{templates}}/lobby/sessions/lobby"
me = lambda **properties: {{"members": {{"me": {{"properties": properties}}}}}}
active = me(system={{"active": True}})
large = me(custom={{"text": 10_000 * "x"}})
stacy.put(lobby, json=active)

def resident():
    size, unit = Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[:2]
    assert unit == "kB"
    return int(size)

def play(number):
    passing = f"{{templates}}/lobby/sessions/{{number}}"
    stacy.put(lobby, json=me(custom={{"score": number}}))
    stacy.put(lobby, json=large if number % 50 == 0 else me(custom={{"text": ""}}))
    for _ in range(4):
        stacy.get(lobby)
    stacy.get(f"/serviceconfigs/{{fake.scid}}/sessions?xuid={{ana_xuid}}")
    ana.put(passing, json=active)
    ana.delete(f"{{passing}}/members/me")
    stacy.get(f"{{templates}}/{{number}}/sessions/x")

ana_xuid = fake.users("Bob")[0].xuid
for number in range(100):
    play(number)
before = resident()
for number in range({REQUESTS} // 10):
    play(number)
print("GREW", resident() - before)
"""
"""Says how many KiB more are resident than after a thousand requests: writes, reads, queries, sessions that come and
go, refusals, and large bodies.
"""


def measure() -> Iterator[Result]:
    """Measure it where the system tells."""
    if sys.platform == "linux":
        with folder() as here:
            yield memory("a million requests, more than after 1,000", lambda: _grown(here), limit=100, rounds=1)


def _grown(cwd: Path) -> float:
    return int(python("-c", SOAK, cwd=cwd).partition("GREW ")[2]) / 1024
