"""Explaining what differs and who wrote it, beside the same comparison without the history."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Any

from pytest_xbl import XboxLive
from pytest_xbl.compare.assertions import explanation
from pytest_xbl.mpsd.view import SessionDocument

from .side_by_side import Result, ratio
from .stage import stage

MEMBERS, VERSIONS, DIFFERENCES = 50, 100, 50
ROUNDS = 15


def measure() -> Iterator[Result]:
    """Compare them, each time in a fresh world."""
    expected, actual = expected_and_actual()
    assert all("; since #" in line for line in explanation(expected, actual, actual))
    yield ratio(
        "50 differences over 100 versions / no history",
        lambda: _seconds(*expected_and_actual()),
        lambda: _seconds(*map(dict, expected_and_actual())),
        limit=3,
        rounds=ROUNDS,
    )


def expected_and_actual() -> tuple[dict[str, Any], SessionDocument]:
    """A document with another gamertag of every member, and the session, in which they have written their scores.

    So every difference goes back to the first version.
    """
    fake, users, _, ref, path, _ = stage(XboxLive(), members=MEMBERS)
    for number in range(VERSIONS - 1):
        body = {"members": {"me": {"properties": {"custom": {"score": number}}}}}
        assert fake.client(users[number % MEMBERS]).put(path, json=body).status_code == 200
    actual = fake.sessions[ref].document
    assert len(actual.versions) == VERSIONS
    expected = fake.sessions[ref].document
    for member in list(expected["members"].values())[:DIFFERENCES]:
        member["gamertag"] += "!"
    return expected, actual


def _seconds(expected: dict[str, Any], actual: dict[str, Any]) -> float:
    begin = perf_counter()
    lines = explanation(expected, actual, actual)
    taken = perf_counter() - begin
    assert len(lines) == DIFFERENCES
    return taken
