"""A join into a large session of 10,000 members, beside one into a large session of 100."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pytest_xbl import User, XboxLive

from .side_by_side import Result, ratio, seconds_per_call

MANY, FEW = 10_000, 100
TIMES = 100
JOIN = {"members": {"me": {"properties": {"system": {"active": True, "groups": ["raid"]}}}}}


def measure() -> Iterator[Result]:
    """Compare them; the last of the joins fills the session."""
    yield ratio(
        "a join into 10,000 members / 100, xbl.client",
        lambda: _joins(MANY),
        lambda: _joins(FEW),
        limit=3,
        rounds=30,
    )


def _joins(members: int) -> float:
    """The time of a join, until the session has so many members."""
    fake, path, guests = _nearly_full(members)
    clients = [fake.client(guest) for guest in guests]
    with fake.sandbox():
        return seconds_per_call(lambda number: clients[number - 1].put(path, json=JOIN), times=TIMES)


@cache
def _nearly_full(members: int) -> tuple[XboxLive, str, tuple[User, ...]]:
    """A world with a session that has room for the joins, and those who are about to join."""
    fake = XboxLive()
    there = fake.users(*(f"Player {number}" for number in range(members - TIMES + 1)))
    guests = fake.users(*(f"Guest {number}" for number in range(TIMES)))
    ref = fake.sessions.create("large", members=there).ref
    return fake, ref.path, guests
