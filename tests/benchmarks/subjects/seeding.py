"""Sessions of two from a seed, beside the same sessions made by their members' PUTs through `xbl.client`.

The people come with the seed on one side, and are there before the first PUT on the other.
Both are measured in seconds of the processor, as what else it does is not to count.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from time import process_time
from typing import Any

from pytest_xbl import Seed, XboxLive

from .side_by_side import Result, ratio

SESSIONS = 2_000
USERS = [f"Player {number}" for number in range(2 * SESSIONS)]
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}


def measure() -> Iterator[Result]:
    """Compare them."""
    yield ratio("seeding 2,000 sessions of two / the same by PUTs", seeding, putting, limit=0.1, rounds=7)


def document() -> dict[str, Any]:
    """A seed of sessions with two members each, no user in more than one."""
    sessions = {
        f"lobby{number}": {"template": "lobby", "members": USERS[2 * number : 2 * number + 2]}
        for number in range(SESSIONS)
    }
    return {"users": USERS, "sessions": sessions}


def seeding() -> float:
    """A world begins with the seed."""
    seed = document()
    gc.collect()
    begin = process_time()
    fake = XboxLive(seed=Seed(seed))
    taken = process_time() - begin
    assert len(fake.sessions) == SESSIONS
    return taken


def putting() -> float:
    """Everybody joins their session by a request; the first of them makes it."""
    fake = XboxLive()
    clients = [fake.client(user) for user in fake.users(*USERS)]
    gc.collect()
    begin = process_time()
    for number, client in enumerate(clients):
        path = f"/serviceconfigs/{fake.scid}/sessiontemplates/lobby/sessions/lobby{number // 2}"
        client.put(path, json=ACTIVE)
    taken = process_time() - begin
    assert len(fake.sessions) == SESSIONS
    return taken
