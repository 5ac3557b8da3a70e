"""What trouble costs: a PUT in a world that has none any more, and what a request meets that finds some."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pytest_xbl import XboxLive
from pytest_xbl.trouble.meeting import trouble_of
from pytest_xbl.wire.app import Met
from pytest_xbl.wire.journal import Seen
from pytest_xbl.wire.routes import ROUTES
from pytest_xbl.world.people import account_called

from .side_by_side import Batch, Result, by_turns, ratio, seconds_per_call
from .stage import change, stage

TIMES = 200
MEETINGS = 2_000
ROUNDS = 50
MICROSECONDS = 1e6


def measure() -> Iterator[Result]:
    """Compare them; limits have far more room than the requests that are sent."""
    yield ratio(
        "a PUT after a fault / where there was none", _puts(_disarmed), _puts(_nothing), limit=1.01, rounds=ROUNDS
    )
    for what, prepare in (("counting a request", _limited), ("looking for a fault of a request", _elsewhere)):
        (ours,) = by_turns(_meetings(prepare), rounds=ROUNDS)
        yield Result(what, ours, (), [MICROSECONDS * seconds for seconds in ours], 5, "µs")


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


def _meetings(prepare: Callable[[XboxLive], None]) -> Batch:
    """A PUT of a session meets the trouble of a world."""

    def meet() -> float:
        scene = stage(XboxLive())
        prepare(scene.fake)
        account = account_called(scene.fake._world, scene.user.name)
        trouble, app, names = trouble_of(scene.fake.app), scene.fake.app, scene.ref._asdict()
        if account is None:
            raise LookupError(scene.user.name)
        return seconds_per_call(
            lambda number: trouble.meet(Met(app, {}, Seen(number), ROUTES[0], names, account)), times=MEETINGS
        )

    return meet
