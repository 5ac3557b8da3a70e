"""The pages of the explorer in a world of ten thousand sessions, with as many requests.

There is nothing to compare with, so these are seconds of the processor: what else it does is not to count.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partial
from time import process_time

from werkzeug.test import Client

from people import person
from pytest_xbl import XboxLive
from pytest_xbl.pages.explorer import Explorer
from pytest_xbl.wire.switchboard import Switchboard
from pytest_xbl.world.state import DEFAULT_SCID

from .side_by_side import Result, alone

SESSIONS = 10_000
WRITERS = 200
"""The users who have sent the requests, each to a session of their own."""
LIMIT = 0.02
TEMPLATE = f"/serviceconfigs/{DEFAULT_SCID}/sessionTemplates/lobby/sessions"
PAGES = {
    "overview": "",
    "sessions": "sessions?page=100",
    "a session": f"sessions/{DEFAULT_SCID}/lobby/s7",
    "two versions compared": f"sessions/{DEFAULT_SCID}/lobby/s7?old=1&new=40",
    "people": "people?page=100",
    "a person": "people/2533274790000008",
    "handles": "handles",
    "statistics": "statistics?page=100",
    "journal": "journal",
    "journal, refused": "journal?show=refused",
    "journal of a session": f"journal?session={DEFAULT_SCID}/lobby/s7",
    "clock": "clock",
    "search for a part of a name": "search?q=s",
}


def measure() -> Iterator[Result]:
    """Measure each page, and how long it takes when something has changed since the last."""
    world = crowd()
    board = Switchboard()
    board.connect(world.app)
    board.explorer = Explorer(board, url=lambda: "http://127.0.0.1")
    client = Client(board)
    gc.collect()
    gc.freeze()  # as in a run that has gone on for a while: what is there already is looked through no more
    for name, path in PAGES.items():
        page = partial(_page, client, f"/_xbl/worlds/{world.name}/{path}")
        yield alone(f"page: {name}", page, limit=LIMIT, rounds=20)
    moved = partial(_after, world, client, f"/_xbl/worlds/{world.name}/people")
    yield alone("page: the first after a move of the clock", moved, limit=LIMIT, rounds=20)


def crowd() -> XboxLive:
    """Make a world of ten thousand sessions, each with a member and a reservation, and ten thousand requests."""
    world = XboxLive(
        seed={
            "users": {f"P{number}": {"follows": [f"P{(number + 7) % SESSIONS}"]} for number in range(SESSIONS)},
            "sessions": {f"s{number}": _session(number) for number in range(SESSIONS)},
            "statistics": {"users": {f"P{number}": {"Kills": number} for number in range(SESSIONS)}},
        }
    )
    clients = [world.client(person(world, f"P{number}")) for number in range(WRITERS)]
    for number in range(SESSIONS):
        writer = number % WRITERS
        said = "costum" if number % 100 == 0 else "custom"
        body = {"properties": {said: {"round": number}}}
        clients[writer].put(f"{TEMPLATE}/s{writer}", json=body)
    return world


def _session(number: int) -> dict[str, object]:
    guest = f"P{(number + 1) % SESSIONS}"
    return {
        "template": "lobby",
        "constants": {"system": {"reservedRemovalTimeout": 600_000 + number}},
        "members": {f"P{number}": {}, guest: {"status": "reserved"}},
    }


def _page(client: Client, address: str) -> float:
    begin = process_time()
    status = client.get(address).status_code
    taken = process_time() - begin
    assert status == 200, address
    return taken


def _after(world: XboxLive, client: Client, address: str) -> float:
    world.clock.advance(milliseconds=1)
    return _page(client, address)
