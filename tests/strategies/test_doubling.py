"""Nothing is quadratic: an input twice as large takes about twice the work."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from doubling import EVERY, FIXED, GROWTHS, LIMIT, ratio
from pytest_xbl.mpsd import roster, view
from pytest_xbl.strategies.values import json_objects
from pytest_xbl.wire.routes import ROUTES

contents = json_objects.filter(lambda content: any(isinstance(one, dict | list) and one for one in content.values()))
"""Values of a title with something in them, so that the only example is not the simplest one."""
once = settings(
    max_examples=1,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rosters have parts from a few members on, not from 129: in a small tuple all work is little."""
    monkeypatch.setattr(roster, "MOST_IN_A_TUPLE", 4)


def test_every_operation_is_doubled_or_says_why_not() -> None:
    """So that a new one cannot be forgotten."""
    assert {*GROWTHS, *FIXED} == {route.operation for route in ROUTES}
    assert GROWTHS.keys().isdisjoint(FIXED)


@pytest.mark.parametrize("what", EVERY)
def test_twice_the_input_is_twice_the_work(what: str, record_property: Any) -> None:
    """Whatever titles write into it; the ratio is a property of the test."""

    @once
    @given(contents)
    def check(content: Any) -> None:
        found = ratio(what, content)
        record_property("ratio", found)
        assert found <= LIMIT, f"{what}: {found:.2f} times the work for twice the input"

    check()


def quadratic(session: Any, first: int) -> str:
    """The counts of a session by a comparison of each member with each."""
    count = sum(one is other for one, other in product(session.members, repeat=2))
    return f'{{"first":{first},"next":{session.next_index},"count":{count},"accepted":{count},"active":{count}}}'


def test_a_quadratic_fake_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its ratio, which is nearly four."""
    assert ratio("get-session: members", None) <= LIMIT
    monkeypatch.setattr(view, "_members_info", quadratic)
    assert ratio("get-session: members", None) > 3
