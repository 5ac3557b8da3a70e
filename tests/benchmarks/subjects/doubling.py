"""What is twice as large, beside what is not: a dump, its labels, and reservations in one body; and each operation.

The first three are timed, and so include what functions written in C do.
The operations count instructions of Python, as `tests/strategies/test_doubling.py` does: the column is their ratio.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from time import process_time

from doubling import EVERY, LIMIT
from doubling import ratio as counted
from pytest_xbl import XboxLive
from pytest_xbl.arrange.dumping import session_labels
from pytest_xbl.mpsd import roster

from .seeds import undistorted
from .side_by_side import Result, ratio

SESSIONS, RESERVATIONS = 5_000, 2_000
ROUNDS = 15
CONTENT = {"map": "harbour", "rounds": [1, 2, {"best": None}]}


def measure() -> Iterator[Result]:
    """Double them."""
    for what, call, size in (
        (f"a dump of {2 * SESSIONS:,} sessions / {SESSIONS:,}", _dumped, SESSIONS),
        (f"the labels of {2 * SESSIONS:,} sessions / {SESSIONS:,}", _labelled, SESSIONS),
        (f"{2 * RESERVATIONS:,} reservations in a body / {RESERVATIONS:,}", _reserved, RESERVATIONS),
    ):
        yield ratio(what, partial(call, 2 * size), partial(call, size), limit=LIMIT, rounds=ROUNDS)
    yield from _counted()


def _counted() -> Iterator[Result]:
    """The work of each operation, in rosters that have parts from a few members on."""
    usual, roster.MOST_IN_A_TUPLE = roster.MOST_IN_A_TUPLE, 4
    for what in EVERY:
        found = counted(what, CONTENT)
        yield Result(f"work: {what}"[:48], (), (), (found, found), LIMIT)
    roster.MOST_IN_A_TUPLE = usual


def _dumped(sessions: int) -> float:
    return _of_world(sessions, lambda world: world.dump())


def _labelled(sessions: int) -> float:
    return _of_world(sessions, lambda world: session_labels(world._world._state))


def _of_world(sessions: int, call: Callable[[XboxLive], object]) -> float:
    world = _world(sessions)
    return _seconds(lambda: call(world))


def _seconds(call: Callable[[], object]) -> float:
    """The seconds of the processor that a call takes."""
    with undistorted():
        begin = process_time()
        call()
        return process_time() - begin


@cache
def _world(sessions: int) -> XboxLive:
    """A world of so many sessions of one user."""
    world = XboxLive()
    ana = world.user("Ana")
    for number in range(sessions):
        world.sessions.create("lobby", name=f"n{number}", members=[ana])
    return world


def _reserved(reservations: int) -> float:
    world = XboxLive()
    world.templates.add("hall", {"constants": {"system": {"maxMembersCount": None}}})
    path = f"/serviceconfigs/{world.scid}/sessiontemplates/hall/sessions/one"
    seats = {
        f"reserve_{number}": {"constants": {"system": {"xuid": f"{2535 * 10**12 + number}"}}}
        for number in range(reservations)
    }
    client = world.client(world.service("service"))
    return _seconds(lambda: client.put(path, json={"members": seats}))
