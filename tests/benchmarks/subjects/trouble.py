"""A PUT in a world with trouble, beside one in a world that has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pytest_xbl import XboxLive

from .side_by_side import Batch, Result, by_turns, ratio, seconds_per_call
from .stage import change, stage

TIMES = 200
ROUNDS = 50
MICROSECONDS = 1e6


def measure() -> Iterator[Result]:
    """Compare them; limits have far more room than the requests that are sent."""
    yield ratio(
        "a PUT where all faults are disarmed / none were", _puts(_disarmed), _puts(_nothing), limit=1.01, rounds=ROUNDS
    )
    yield ratio(
        "where a fault waits for another operation", _puts(_elsewhere), _puts(_nothing), limit=1.05, rounds=ROUNDS
    )
    ours, theirs = by_turns(_puts(_limited), _puts(_nothing), rounds=ROUNDS)
    longer = [MICROSECONDS * (one - other) for one, other in zip(ours, theirs, strict=True)]
    yield Result("a PUT with rate limits on, more than without", ours, theirs, longer, 5, "µs")


def _nothing(_fake: XboxLive) -> None:
    """The usual world."""


def _disarmed(fake: XboxLive) -> None:
    fake.faults.fail("put-session", 503).disarm()


def _elsewhere(fake: XboxLive) -> None:
    fake.faults.fail("delete-me", 503, optional=True)


def _limited(fake: XboxLive) -> None:
    fake.limits.set("sessiondirectory", burst=10**9, sustain=10**9)


def _puts(prepare: Callable[[XboxLive], None]) -> Batch:
    """A member changes a custom property, with each request to another value."""

    def put() -> float:
        scene = stage(XboxLive())
        prepare(scene.fake)
        client = scene.fake.client(scene.user)
        return seconds_per_call(lambda number: client.put(scene.path, json=change(number)), times=TIMES)

    return put
