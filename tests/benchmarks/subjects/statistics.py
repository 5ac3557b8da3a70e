"""A batch of statistics, beside the rendering of its answer, and in a large world beside a small one."""

from __future__ import annotations

import json
from collections.abc import Iterator

from werkzeug.test import TestResponse

from pytest_xbl import XboxLive

from .side_by_side import Result, ratio, seconds_per_call

HEADERS = {"X-Xbl-Contract-Version": "1"}
NAMES = [f"Statistic {number}" for number in range(10)]
ASKED = 100
LARGE = 100_000
TIMES = 20


def measure() -> Iterator[Result]:
    """Measure both."""
    small, large = World(ASKED), World(LARGE)
    answer = small.read().json
    assert answer is not None
    assert sum(len(part["stats"]) for user in answer["users"] for part in user["scids"]) == ASKED * len(NAMES)
    yield ratio(
        "100 users x 10 statistics / json.dumps of it",
        lambda: seconds_per_call(lambda _: small.read(), times=TIMES),
        lambda: seconds_per_call(lambda _: json.dumps(answer), times=TIMES),
        limit=3,
        rounds=50,
    )
    yield ratio(
        "the same among 100,000 users / 100",
        lambda: seconds_per_call(lambda _: large.read(), times=TIMES),
        lambda: seconds_per_call(lambda _: small.read(), times=TIMES),
        limit=1.2,
        rounds=50,
    )


class World:
    """A world whose users all have ten statistics; those who are asked for lie evenly among them."""

    def __init__(self, users: int) -> None:
        fake = XboxLive()
        people = fake.users(*(f"Player {number}" for number in range(users)))
        for number, user in enumerate(people):
            fake.stats.set(user, dict.fromkeys(NAMES, number))
        self.client = fake.client(people[0])
        self.body = {
            "requestedusers": [user.xuid for user in people[:: users // ASKED]],
            "requestedscids": [{"scid": fake.scid, "requestedstats": NAMES}],
        }

    def read(self) -> TestResponse:
        """Ask for them."""
        return self.client.post("/batch", json=self.body, headers=HEADERS)
