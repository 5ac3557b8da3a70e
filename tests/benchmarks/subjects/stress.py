"""Many writes, of which many clients hear over TLS; it ends with an error if anything is lost.

Eight threads write as fast as they can to ten sessions, each with ten members, who all listen.
Every member must hear of every version since theirs, each once and in order, and no thread may be left.
"""

from __future__ import annotations

import json
import selectors
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPSConnection
from time import perf_counter
from typing import Any

from anonymous_tls import TlsHandler, context
from pytest_xbl import XboxLive
from pytest_xbl.wire.server import XblServer
from pytest_xbl.wire.switchboard import Switchboard

from .listener import Listener, subscribed
from .side_by_side import Result

SESSIONS, MEMBERS, THREADS = 10, 10, 8
WRITES = 10_000
EVENT = 3
"""The kind of a message that tells of something new; the other one asks to read everything anew."""
PATIENCE = 60  # seconds without any news


def measure() -> Iterator[Result]:
    """Play twice, and measure how long a write took of which ten have heard."""
    taken = [_played(WRITES) for _ in range(2)]
    what = f"{WRITES} writes by {THREADS} threads, told over TLS"
    yield Result(what, taken, (), [1000 * seconds for seconds in taken], 10, "ms")


class Room:
    """A session with its members, who listen."""

    def __init__(self, world: XboxLive, number: int, connect: Callable[[], ssl.SSLSocket]) -> None:
        self.path = f"/serviceconfigs/{world.scid}/sessiontemplates/room/sessions/{number}"
        self.users = world.users(*(f"Player {number}-{n}" for n in range(MEMBERS)))
        self.heard: dict[Listener, list[int]] = {}
        for user in self.users:
            listener = Listener(connect(), user)
            answer = world.client(user).put(self.path, json=subscribed(listener.id))
            assert answer.status_code in (200, 201), answer.text
            self.heard[listener] = []


def write(port: int, rooms: list[Room], count: int, secure: ssl.SSLContext) -> None:
    """Write to one session after the other, each time another value."""
    connection = HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=secure)
    for number in range(count):
        room = rooms[number % len(rooms)]
        user = room.users[number // len(rooms) % MEMBERS]
        body = json.dumps({"members": {"me": {"properties": {"custom": {"score": [count, number, id(connection)]}}}}})
        headers = {**user.headers, "Content-Type": "application/json"}
        connection.request("PUT", room.path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
    connection.close()


def listen(rooms: list[Room], last: dict[str, int], written: threading.Event) -> None:
    """Read what comes, in one thread, until everybody has heard of the last version."""
    with selectors.DefaultSelector() as selector:
        for room in rooms:
            for listener, heard in room.heard.items():
                listener.socket.settimeout(0)
                selector.register(listener.socket, selectors.EVENT_READ, (room, listener, heard))
        while selector.get_map():
            ready = selector.select(PATIENCE)
            if not ready and written.is_set():
                return
            for key, _ in ready:
                _, listener, heard = key.data
                _hear(listener, heard)
            if written.is_set():
                for key in [*selector.get_map().values()]:
                    room, listener, heard = key.data
                    if heard and heard[-1] >= last[room.path]:
                        selector.unregister(listener.socket)


def _hear(listener: Listener, heard: list[int]) -> None:
    while True:
        try:
            listener.receive()
        except (ssl.SSLWantReadError, BlockingIOError):
            break
        if not (isinstance(listener.socket, ssl.SSLSocket) and listener.socket.pending()):
            break
    for kind, *more in listener.whole():
        if kind == EVENT:
            heard += [tap["changeNumber"] for tap in more[1]["shoulderTaps"]]


def complaints(rooms: list[Room], last: dict[str, int]) -> list[str]:
    """What has been lost, doubled, or come out of order."""
    found = []
    for room in rooms:
        for place, heard in enumerate(room.heard.values(), start=2):
            expected = [*range(place, last[room.path] + 1)]
            if heard != expected:
                odd = next((pair for pair in zip(heard, expected, strict=False) if pair[0] != pair[1]), None)
                found.append(f"{room.path}: {len(heard)} taps instead of {len(expected)}; the first odd one is {odd}")
    return found


def play(world: XboxLive, port: int, writes: int) -> tuple[float, list[str]]:
    """Let everybody write and listen; gives the seconds that it took, and the complaints."""
    secure = context(server=False)
    rooms = [Room(world, number, lambda: _connected(port, secure)) for number in range(SESSIONS)]
    last: dict[str, int] = {}
    written = threading.Event()
    ears = threading.Thread(target=listen, args=(rooms, last, written))
    hands = [threading.Thread(target=write, args=(port, rooms, writes // THREADS, secure)) for _ in range(THREADS)]
    begin = perf_counter()
    for thread in (ears, *hands):
        thread.start()
    for thread in hands:
        thread.join()
    for room in rooms:
        document: Any = world.client(room.users[0]).get(room.path).get_json()
        last[room.path] = document["changeNumber"]
    written.set()
    world.rta.resync()  # a message more, which wakes the ears
    ears.join()
    taken = perf_counter() - begin
    found = complaints(rooms, last)
    for room in rooms:
        for listener in room.heard:
            listener.socket.close()
    return taken, found


def _connected(port: int, secure: ssl.SSLContext) -> ssl.SSLSocket:
    return secure.wrap_socket(socket.create_connection(("127.0.0.1", port)))


def _played(writes: int) -> float:
    """Play once; gives the seconds that a write took.

    Raises:
        SystemExit: for what has been lost, and for threads that are left.
    """
    before = set(threading.enumerate())
    with XblServer(Switchboard()) as server:
        assert server.server
        server.server.RequestHandlerClass = TlsHandler
        world = XboxLive(url=lambda: server.url)
        world.templates.add("room", {"constants": {"system": {"maxMembersCount": 100}}})
        server.app.connect(world.app)
        taken, found = play(world, server.port, writes)
        server.app.disconnect(world.app)
        server.check()
    found += [f"still there: {thread.name}" for thread in set(threading.enumerate()) - before]
    if found:
        sys.exit("\n".join(found))
    return taken / writes
