"""A seed of ten thousand sessions: loading it, and what starting from it costs each test after that.

There is nothing to compare with; loading is measured in seconds of the processor, as what else it does is not to count.
The garbage collector stays on, but what was there before is taken out of its sight (`gc.freeze`) while time is taken:
whether one of its full runs goes through the worlds of other rounds would be chance.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from pytest_xbl import Seed, XboxLive
from pytest_xbl.world.state import DEFAULT_SCID

from .side_by_side import Result, alone, seconds_per_call
from .stage import change

SESSIONS = 10_000
FROM_PYTHON, FROM_FILE = 0.5, 1.5
LIMIT = 0.001
PATH = f"/serviceconfigs/{DEFAULT_SCID}/sessiontemplates/lobby/sessions/lobby%200"
LOADINGS, ROUNDS, TIMES = 15, 50, 20


def measure() -> Iterator[Result]:
    """Measure the loading of two such seeds, and the rest with the one that has more people."""
    two, many = document(["Stacy", "Ana"]), document([f"Player {number}" for number in range(2 * SESSIONS)])
    with TemporaryDirectory() as folder:
        for whose, seed in (("two users", two), ("20,000 users", many)):
            path = Path(folder, "seed.json")
            path.write_text(json.dumps(seed), encoding="utf-8")
            yield _loading(f"a seed of 10,000 sessions of two, {whose}", partial(Seed, seed), FROM_PYTHON)
            yield _loading("the same from a JSON file", partial(Seed.read, path), FROM_FILE)
    loaded = Seed(many)
    yield from _with(loaded, XboxLive(seed=loaded))


def document(users: list[str]) -> dict[str, Any]:
    """A seed whose sessions have two of these users each, all of them in turn."""
    pairs = list(zip(users[::2], users[1::2], strict=True))
    return {
        "users": users,
        "sessions": {
            f"lobby {number}": {"template": "lobby", "members": list(pairs[number % len(pairs)])}
            for number in range(SESSIONS)
        },
    }


def _loading(what: str, read: Callable[[], Seed], limit: float) -> Result:
    def load() -> float:
        with undistorted():
            begin = process_time()
            fake = XboxLive(seed=read())
            taken = process_time() - begin
        assert len(fake.sessions) == SESSIONS
        return taken

    return alone(what, load, limit=limit, rounds=LOADINGS)


def _with(seed: Seed, fake: XboxLive) -> Iterator[Result]:
    """What tests do with such a world; a first write copies the tables that it changes, so it is measured, too."""
    before = fake.snapshot()

    def start(_number: int) -> XboxLive:
        return XboxLive(seed=seed)

    def sandbox(_number: int) -> None:
        with fake.sandbox():
            pass

    def sandbox_and_write(number: int) -> None:
        with fake.sandbox():
            _write(fake, number)

    def start_and_write(number: int) -> None:
        _write(start(number), number)

    def snapshot_and_write(number: int) -> None:
        fake.snapshot()
        _write(fake, number)

    def restore_and_write(number: int) -> None:
        fake.restore(before)
        _write(fake, number)

    yield _each("starting from such a seed, once it is loaded", start)
    yield _each("likewise, and a first write", start_and_write)
    yield _each("xbl.sandbox() in that world", sandbox)
    yield _each("likewise, and a first write", sandbox_and_write)
    yield _each("xbl.snapshot() in that world", lambda _: fake.snapshot())
    yield _each("likewise, and a first write", snapshot_and_write)
    yield _each("xbl.restore() in that world", lambda _: fake.restore(before))
    yield _each("likewise, and a first write", restore_and_write)


def _write(fake: XboxLive, number: int) -> None:
    """A member of a session changes a property of theirs."""
    answer = fake.client(fake.scenario["Player 0"]).put(PATH, json=change(number))
    assert answer.status_code == 200


def _each(what: str, call: Callable[[int], object]) -> Result:
    def batch() -> float:
        with undistorted():
            return seconds_per_call(call, times=TIMES)

    return alone(what, batch, limit=LIMIT, rounds=ROUNDS)


@contextmanager
def undistorted() -> Iterator[None]:
    """A block in which the garbage collector sees only what is made in it."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
