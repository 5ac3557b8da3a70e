"""A write through `xbl.client`, beside werkzeug's client on an app that always gives the same answer."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.test import Client
from werkzeug.wrappers import Response

from pytest_xbl import XboxLive

from .side_by_side import Result, ratio, seconds_per_call
from .stage import change, stage

TIMES = 200


def measure() -> Iterator[Result]:
    """Compare them."""
    yield ratio("a PUT through xbl.client / a static WSGI app", ours, theirs, limit=1.75, rounds=50)


def ours() -> float:
    """A member changes a custom property, with each request to another value."""
    scene = stage(XboxLive())
    client = scene.fake.client(scene.user)
    return seconds_per_call(lambda number: client.put(scene.path, json=change(number)), times=TIMES)


def theirs() -> float:
    """The same requests, without the caller's headers, are all answered with a body of the same size."""
    scene = stage(XboxLive())
    client = Client(Response(scene.text, content_type="application/json"))
    return seconds_per_call(lambda number: client.put(scene.path, json=change(number)), times=TIMES)
