"""A session of a hundred members is settled while nothing is due, beside a PUT of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from pytest_xbl import XboxLive
from pytest_xbl.mpsd.timers import settle

from .side_by_side import Result, ratio, seconds_per_call
from .stage import change, stage

TIMES = 200
INITIALIZED = {"memberInitialization": {"membersNeededToStart": 1}}


def measure() -> Iterator[Result]:
    """Compare them."""
    yield ratio("settle 100 members / a PUT", partial(_settled, {}), partial(_written, {}), limit=0.05, rounds=30)
    yield ratio(
        "settle 100 to be initialized / a PUT",
        partial(_settled, INITIALIZED),
        partial(_written, INITIALIZED),
        limit=0.05,
        rounds=30,
    )


def _settled(system: dict[str, Any]) -> float:
    scene = stage(XboxLive(), members=100, **system)
    session = scene.fake._world.peek(scene.ref)
    assert session
    return seconds_per_call(lambda _: settle(session, scene.fake.clock.now), times=TIMES)


def _written(system: dict[str, Any]) -> float:
    scene = stage(XboxLive(), members=100, **system)
    client = scene.fake.client(scene.user)
    return seconds_per_call(lambda number: client.put(scene.path, json=change(number)), times=TIMES)
