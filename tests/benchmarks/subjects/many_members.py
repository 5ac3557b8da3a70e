"""One member of a hundred changes a property, beside one of two."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_xbl import XboxLive
from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.view import render
from pytest_xbl.mpsd.writes import parse_write
from pytest_xbl.world.visit import Visit

from .side_by_side import Result, ratio, seconds_per_call
from .stage import change, stage

TIMES = 100


def measure() -> Iterator[Result]:
    """Compare them, with HTTP and without."""
    yield ratio(
        "a PUT among 100 members / 2, through xbl.client",
        lambda: _through_the_client(100),
        lambda: _through_the_client(2),
        limit=2,
        rounds=30,
    )
    yield ratio(
        "a change among 100 members / 2, without HTTP",
        lambda: _without_http(100),
        lambda: _without_http(2),
        limit=2,
        rounds=30,
    )


def _through_the_client(members: int) -> float:
    scene = stage(XboxLive(), members=members)
    client = scene.fake.client(scene.user)
    return seconds_per_call(lambda number: client.put(scene.path, json=change(number)), times=TIMES)


def _without_http(members: int) -> float:
    """The body is parsed, the session changed and stored, and rendered."""
    scene = stage(XboxLive(), members=members)

    def write(number: int) -> str:
        asked = parse_write(change(number), contract=107)
        visit = Visit(scene.user._caller, "put-session")
        outcome, _created = scene.fake._world.change(
            scene.ref, visit, lambda session, ctx: apply_write(session, asked, ctx)
        )
        assert outcome.session
        return render(outcome.session, contract=107)

    return seconds_per_call(write, times=TIMES)
