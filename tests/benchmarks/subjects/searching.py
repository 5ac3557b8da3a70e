"""Searching among 100,000 search handles, beside 100 among which as many are found, and beside a dump of the results.

Both worlds are in one process, so whatever the garbage collector has to go through strikes both alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from pytest_xbl import XboxLive
from pytest_xbl.xbl.client import CallerClient

from .side_by_side import Batch, Result, ratio, seconds_per_call

MANY, FEW, FOUND = 100_000, 100, 10
TWICE = 2
DUMPS_PER_THOUSAND = 40
"""The time for a thousand handles that are looked at is that of so many dumps of ten results, at most."""
INCLUDE = "?include=relatedInfo,roleInfo,customProperties"


class Board(NamedTuple):
    """A world of many sessions with a search handle each, ten of them rare."""

    client: CallerClient
    handles: int

    def search(self, filter_: str) -> list[dict[str, Any]]:
        """The results of a search."""
        body = {"type": "search", "filter": filter_}
        found: list[dict[str, Any]] = self.client.post(f"/handles/query{INCLUDE}", json=body).get_json()["results"]
        return found


def measure() -> Iterator[Result]:
    """Compare them, through `xbl.client`."""
    many, few = board(MANY), board(FEW)
    for kind, filter_ in (
        ("tag", "tags/any(d:tolower(d) eq 'rare')"),
        ("string", "tolower(strings/map) eq 'rare'"),
        ("number", "numbers/rare eq 1"),
    ):
        assert len(many.search(filter_)) == len(few.search(filter_)) == FOUND
        what = f"ten handles by {kind}, among 100,000 / 100"
        yield ratio(what, _batch(many, filter_), _batch(few, filter_), limit=TWICE, rounds=50)
    for what, filter_ in (
        ("attributes", "numbers/rare gt 0"),
        ("sessions", "session/roles/class/healer/target gt 1"),
        ("both", "numbers/level ge 0 and session/keywords/any(d:d eq 'rare')"),
    ):
        results = many.search(filter_)
        assert len(results) == FOUND
        yield _of_all(f"a look at the {what} of 1,000 / dumps of ten", many, filter_, results)


def board(handles: int) -> Board:
    """Make a world of so many search handles."""
    fake = XboxLive()
    stacy = fake.user("Stacy")
    for number in range(handles):
        rare = number % (handles // FOUND) == 0
        session = fake.sessions.create(
            "browse",
            members=[stacy],
            properties={"system": {"keywords": ["rare" if rare else "usual"]}, "custom": {"map": "dunes"}},
            role_types={"class": {"roles": {"healer": {"max": 5, "target": 2 if rare else 1}}}},
        )
        attributes = {
            "tags": ["rare" if rare else "usual", f"tag{number}"],
            "strings": {"map": "Rare" if rare else "Usual"},
            "numbers": {"level": number % 60, "rare": int(rare)},
        }
        fake.handles.create("search", session, owner=stacy, attributes=attributes)
    return Board(fake.client(stacy), handles)


def _of_all(what: str, many: Board, filter_: str, results: list[dict[str, Any]]) -> Result:
    per_thousand = many.handles // 1000

    def ours() -> float:
        return seconds_per_call(lambda _: many.search(filter_), times=1) / per_thousand

    def theirs() -> float:
        return seconds_per_call(lambda _: json.dumps(results), times=100)

    return ratio(what, ours, theirs, limit=DUMPS_PER_THOUSAND, rounds=8)


def _batch(world: Board, filter_: str) -> Batch:
    return lambda: seconds_per_call(lambda _: world.search(filter_), times=10)
