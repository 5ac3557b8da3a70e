"""A write over the socket, beside a static JSON answer of pytest-httpserver's, both for the same client code."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection

from pytest_httpserver import HTTPServer

from pytest_xbl import XboxLive
from pytest_xbl.wire.server import XblServer
from pytest_xbl.wire.switchboard import Switchboard

from .side_by_side import Result, ratio, seconds_per_call
from .stage import Stage, change, stage

TIMES = 25


def measure() -> Iterator[Result]:
    """Compare them, also where client and server share a processor: then chance has less of a say."""
    logging.getLogger("werkzeug").addHandler(logging.NullHandler())  # theirs logs every request; spare the screen
    yield _compared("a PUT over the socket / pytest-httpserver")
    if sys.platform == "linux":
        processors = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(processors)})  # threads that start now inherit it
        yield _compared("likewise, on one processor")
        os.sched_setaffinity(0, processors)


def _compared(what: str) -> Result:
    with XblServer(Switchboard()) as ours, HTTPServer("127.0.0.1") as theirs:
        return ratio(what, lambda: _ours(ours), lambda: _theirs(theirs), limit=0.7, rounds=200)


def _ours(server: XblServer[Switchboard]) -> float:
    """A member changes a custom property, with each request to another value."""
    scene = stage(XboxLive(url=lambda: server.url))
    with server.app.connected(scene.fake.app), closing(HTTPConnection("127.0.0.1", server.port)) as connection:
        return seconds_per_call(_put(connection, scene), times=TIMES)


def _theirs(server: HTTPServer) -> float:
    """The same requests are all answered with a body of the same size."""
    scene = stage(XboxLive())
    server.clear()
    server.expect_request(scene.path, method="PUT").respond_with_data(scene.text, content_type="application/json")
    with closing(HTTPConnection("127.0.0.1", server.port)) as connection:
        return seconds_per_call(_put(connection, scene), times=TIMES)


def _put(connection: HTTPConnection, scene: Stage) -> Callable[[int], object]:
    """The client, which keeps its connection if the server does, and makes another if not."""
    headers = {**scene.user.headers, "Content-Type": "application/json"}

    def put(number: int) -> object:
        connection.request("PUT", scene.path, json.dumps(change(number)), headers)
        return connection.getresponse().read()

    return put
