"""What it costs to write down every request: the time of a PUT, and the memory that a write leaves behind."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from pytest_xbl import XboxLive

from .side_by_side import Result, memory, ratio, seconds_per_call
from .stage import change, stage

TIMES = 200
FIRST = 1000
"""The first number that is written; all have as many digits."""


def measure() -> Iterator[Result]:
    """Compare an app with one that writes nothing down, and weigh what a write holds."""
    yield ratio("a PUT through xbl.client / the same unrecorded", recorded, unrecorded, limit=1.1, rounds=100)
    for what, body in (("a member's", change), ("the session's", _properties)):
        yield _held(f"a write of {what} properties, 100 members", body)


def recorded() -> float:
    """A member changes a custom property, with each request to another value."""
    return _seconds(XboxLive())


def unrecorded() -> float:
    """The same, and the journal forgets at once."""
    fake = XboxLive()
    vars(fake.app.journal)["add"] = _forget
    return _seconds(fake)


def _forget(*_: object, **__: object) -> None:
    """Write nothing down."""


def _seconds(fake: XboxLive) -> float:
    scene = stage(fake)
    client = fake.client(scene.user)
    gc.collect()
    return seconds_per_call(lambda number: client.put(scene.path, json=change(number)), times=TIMES)


def _properties(number: int) -> dict[str, Any]:
    return {"properties": {"custom": {"score": number}}}


def _held(what: str, body: Callable[[int], dict[str, Any]]) -> Result:
    """What journal and history hold after a write that changes no size."""

    def kibibytes() -> float:
        scene = stage(XboxLive(), members=100)
        client = scene.fake.client(scene.user)
        tracemalloc.start()
        held = []
        for begin in (FIRST, FIRST + TIMES):  # the first ones are to warm up
            before, _peak = tracemalloc.get_traced_memory()
            for number in range(begin, begin + TIMES):
                assert client.put(scene.path, json=body(number)).status_code == 200
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0] - before)
        tracemalloc.stop()
        return held[1] / TIMES / 1024

    return memory(what, kibibytes, limit=2, rounds=5, unit="KiB")
