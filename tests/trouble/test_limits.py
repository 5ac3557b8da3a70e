"""Counting requests by user, title and service, in two fixed periods at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

import pytest

from pytest_xbl.arrange.limits_form import PROFILES, SERVICES, Limit
from pytest_xbl.trouble.limits import Limits, Usage, beyond, limit_body

START = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
STACY, ANA = ("1", "title"), ("2", "title")
MPSD = "sessiondirectory"


def at(seconds: float) -> datetime:
    """The time so long after the first request."""
    return START + timedelta(seconds=seconds)


def limits(burst: int | None, sustain: int | None, service: str = MPSD) -> Limits:
    """Limits of one service."""
    made = Limits()
    made.set(service, burst=burst, sustain=sustain)
    return made


def throttled(counted: Limits, requests: int, seconds: float, service: str = MPSD) -> int:
    """How many of so many requests of Stacy at one instant are beyond a limit."""
    usages = [counted.count(STACY, service, at(seconds)) for _ in range(requests)]
    return sum(usage is not None for usage in usages)


def row_by_row(counted: Limits, rows: Iterable[tuple[float, int]]) -> list[int]:
    """How many requests are throttled, row by row: a time, and a number of requests."""
    return [throttled(counted, requests, seconds) for seconds, requests in rows]


def test_the_worked_example_of_the_page() -> None:
    """35, 28, 21, 36, 24 and at last 4 requests, with limits of 30 and 100 (RATE-4)."""
    rows = [(0, 35), (15, 28), (30, 21), (45, 36), (60, 24), (285, 4)]
    assert row_by_row(limits(30, 100), rows) == [5, 0, 0, 20, 24, 4]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(0, 30), (0, 1)], [0, 1]),
        ([(0, 35), (14.999, 1), (15, 30), (15, 1)], [5, 1, 0, 1]),
        ([(0, 30), (30, 31)], [0, 1]),
        ([(0, 100), (299.999, 1), (300, 30), (314, 1), (315, 1)], [70, 1, 0, 1, 0]),
        ([(7, 30), (21, 1), (22, 1)], [0, 1, 0]),
    ],
    ids=["the 31st", "the next burst", "an idle period", "the next five minutes", "from the first request on"],
)
def test_when_a_request_is_beyond_a_limit(rows: list[tuple[float, int]], expected: list[int]) -> None:
    """The periods are fixed, the longer one begins with the first request; refused requests count (RATE-1)."""
    assert row_by_row(limits(30, 100), rows) == expected


@pytest.mark.parametrize(("burst", "sustain", "expected"), [(2, None, 3), (None, 2, 3), (None, None, 0), (9, 9, 0)])
def test_each_limit_counts_alone(burst: int | None, sustain: int | None, expected: int) -> None:
    """A service without one of them takes any number (RATE-1)."""
    assert throttled(limits(burst, sustain), 5, 0) == expected


def test_users_titles_and_services_are_counted_apart() -> None:
    """A request counts for one user, in one title, at one service (RATE-1)."""
    counted = limits(1, 9)
    counted.set("userstats", burst=1, sustain=9)
    for entity in (STACY, ANA, ("1", "another title")):
        for service in (MPSD, "userstats"):
            assert counted.count(entity, service, START) is None
            assert counted.usage(entity, START)[service][:2] == (1, 1)
    assert counted.count(STACY, "presence", START) is None


def test_usage_counts_nothing_by_itself() -> None:
    """It says what counts at the time, and when the periods end; those that have not begun count nothing (RATE-1)."""
    counted = limits(30, 100)
    assert counted.usage(STACY, START) == {MPSD: Usage(0, 0, Limit(30, 100))}
    throttled(counted, 7, 10)
    throttled(counted, 3, 30)
    for seconds, usage in (
        (30, (3, 10, (10, 280))),
        (39, (3, 10, (1, 271))),
        (40, (0, 10, (15, 270))),
        (309, (0, 10, (1, 1))),
        (310, (0, 0, (15, 300))),
    ):
        burst, sustain, left = usage
        assert counted.usage(STACY, at(seconds)) == {MPSD: Usage(burst, sustain, Limit(30, 100), left)}


def test_a_clock_that_was_put_back_begins_anew() -> None:
    """`xbl.restore` may do that; a period that is yet to come is no period (RATE-1)."""
    counted = limits(30, 100)
    throttled(counted, 30, 600)
    assert throttled(counted, 30, 0) == 0
    assert throttled(counted, 1, 0) == 1


def test_memory_is_bounded_by_the_longest_period() -> None:
    """A count goes when its longest period is over, however many users there were (RATE-1)."""
    counted = limits(30, 100)
    for number in range(1000):
        counted.count((str(number), "title"), MPSD, at(number))
    assert len(counted) == 300


def test_profiles_set_all_limits() -> None:
    """What was set before is gone; search handles have limits for reads and for writes (RATE-3)."""
    counted = limits(1, 2)
    counted.use("trace-analyzer")
    assert counted.limited() == {
        MPSD: (30, 300),
        "userstats": (10, 30),
        "search read": (1, 20),
        "search write": (1, 20),
    }
    counted.use("documented")
    assert counted.limited()["userstats"] == (100, 300)
    counted.set("search", burst=5, sustain=None)
    assert counted.limited()["search read"] == counted.limited()["search write"] == (5, 20)
    throttled(counted, 3, 0)
    counted.clear()
    assert (counted.limited(), len(counted)) == ({}, 0)
    assert all(tuple(profile) == SERVICES for profile in PROFILES.values())


@pytest.mark.parametrize(
    ("usage", "body", "wait"),
    [
        (Usage(31, 31, Limit(30, 300)), (31, 30, 15), "15"),
        (Usage(31, 40, Limit(30, 300), (0.2, 285.2)), (31, 30, 15), "1"),
        (Usage(1, 301, Limit(30, 300), (14.5, 14.5)), (301, 300, 300), "15"),
        (Usage(31, 301, Limit(30, 300), (3, 33)), (301, 300, 300), "33"),
    ],
    ids=["burst", "rounded up", "sustain", "both"],
)
def test_a_refusal_says_which_limit_and_how_long(usage: Usage, body: tuple[int, int, int], wait: str) -> None:
    """429 with the longer of the limits that are exceeded, and the seconds until it is over (RATE-2, CODE-429)."""
    refusal = beyond(usage, "Stacy", MPSD)
    count, most, period = body
    assert (refusal.status, refusal.rule, refusal.headers, refusal.body) == (
        429,
        "RATE-1",
        {"Retry-After": wait},
        limit_body(count, most, period),
    )
    assert refusal.what == (
        f"This is request {count} of Stacy to sessiondirectory within {period} s, and the limit is {most}; "
        f"wait {wait} s."
    )
    assert json.loads(refusal.body) == {
        "version": 1,
        "currentRequests": count,
        "maxRequests": most,
        "periodInSeconds": period,
        "limitType": "rate",
    }
    assert Usage(30, 300, Limit(30, 300)).exceeded is None
