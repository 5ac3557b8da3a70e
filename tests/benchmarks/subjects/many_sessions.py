"""A world of ten thousand sessions: seeding it from Python, and putting it back as it was seeded.

There is nothing to compare with, so these are seconds of the processor: what else it does is not to count.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time

from pytest_xbl import User, XboxLive

from .side_by_side import Result, alone
from .stage import change

SESSIONS = 10_000
WRITES = 5


def measure() -> Iterator[Result]:
    """Measure both."""
    yield alone("seeding 10,000 sessions, one member each", lambda: _seeding(1), limit=0.5, rounds=15)
    yield alone("seeding 10,000 sessions, two members each", lambda: _seeding(2), limit=0.5, rounds=15)
    fake = XboxLive()
    stacy = _seed(fake, 1)
    yield alone("putting back a world of 10,000 sessions", lambda: _put_back(fake, stacy), limit=0.001, rounds=200)


def _seeding(members: int) -> float:
    fake = XboxLive()
    begin = process_time()
    _seed(fake, members)
    return process_time() - begin


def _seed(fake: XboxLive, members: int) -> User:
    users = fake.users("Stacy", "Ana")[:members]
    for _ in range(SESSIONS):
        fake.sessions.create("lobby", members=users)
    return users[0]


def _put_back(fake: XboxLive, caller: User) -> float:
    """Put back what a few writes have changed."""
    seeded = fake.snapshot()
    client = fake.client(caller)
    for number, session in zip(range(WRITES), fake.sessions, strict=False):
        client.put(session.ref.path, json=change(number))
    begin = process_time()
    fake.restore(seeded)
    return process_time() - begin
