"""A write that is told to others over websockets, beside the same write that nobody has subscribed to."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection

from pytest_xbl import XboxLive
from pytest_xbl.wire.server import XblServer
from pytest_xbl.wire.switchboard import Switchboard

from .listener import Listener, subscribed
from .side_by_side import Result, ratio, seconds_per_call
from .stage import Stage, change, stage

TIMES = 25


def measure() -> Iterator[Result]:
    """Compare them, for one subscriber and for many; in either case their connections are open."""
    for subscribers, limit in ((1, 1.5), (40, 10)):
        yield _compared(subscribers, limit)


def _compared(subscribers: int, limit: float) -> Result:
    what = f"a PUT that taps {subscribers} / the same that taps nobody"
    with XblServer(Switchboard()) as server:
        return ratio(
            what,
            lambda: _written(server, subscribers, taps=True),
            lambda: _written(server, subscribers, taps=False),
            limit=limit,
            rounds=60,
        )


def _written(server: XblServer[Switchboard], subscribers: int, *, taps: bool) -> float:
    """A member changes a custom property, and others hear of it or not; they read afterwards."""
    scene = stage(XboxLive(url=lambda: server.url), members=subscribers + 1)
    others = [user for user in scene.users if user is not scene.user]
    with server.app.connected(scene.fake.app), ExitStack() as sockets:
        listeners = []
        for user in others:
            own = sockets.enter_context(closing(socket.create_connection(("127.0.0.1", server.port))))
            listeners.append(Listener(own, user))
            if taps:
                scene.fake.client(user).put(scene.path, json=subscribed(listeners[-1].id))
        with closing(HTTPConnection("127.0.0.1", server.port)) as connection:
            taken = seconds_per_call(_put(connection, scene), times=TIMES)
        if taps:
            for listener in listeners:
                listener.read(TIMES)
        return taken


def _put(connection: HTTPConnection, scene: Stage) -> Callable[[int], object]:
    headers = {**scene.user.headers, "Content-Type": "application/json"}

    def put(number: int) -> object:
        connection.request("PUT", scene.path, json.dumps(change(number)), headers)
        return connection.getresponse().read()

    return put
