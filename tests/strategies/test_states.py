"""Two states are compared down to the types of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bodies import ONE, score
from pytest_xbl import User, XboxLive
from pytest_xbl.strategies.states import alike, first_difference, require_equal
from tables import cases

UNLIKE: dict[str, tuple[Any, Any]] = {
    "true and 1": (True, 1),
    "1 and 1.0": (1, 1.0),
    "deep in a list": ([1, [True]], [1, [1]]),
    "deep in an object": ({"a": {"b": 1}}, {"a": {"b": 1.0}}),
    "another name": ({"a": None}, {"b": None}),
    "another order": ([1, 2], [2, 1]),
    "a longer list": ([1], [1, 1]),
    "an empty list and nothing": ([], None),
    "an empty list and an empty object": ([], {}),
    "a list of a letter and the letter": (["a"], "a"),
    "a set and a list": ({1}, [1]),
}


@cases("one other", UNLIKE)
def test_values_of_other_types_are_not_alike(one: Any, other: Any) -> None:
    """Whichever comes first (SEED-7)."""
    assert not alike(one, other)
    assert not alike(other, one)


CHANGES: dict[str, tuple[Callable[[XboxLive, User], object], str]] = {
    # What is done, and the part of the state that differs first.
    "time": (lambda xbl, _ana: xbl.clock.advance(seconds=1), "now"),
    "a user": (lambda xbl, _ana: xbl.user("Zoe"), "users"),
    "a write": (lambda xbl, ana: xbl.client(ana).put(ONE, json=score(1)), "records"),
    "a handle, which its session counts": (
        lambda xbl, ana: xbl.handles.create("activity", xbl.sessions["one"], owner=ana),
        "records",
    ),
    "a template": (lambda xbl, _ana: xbl.templates.add("new", {}), "templates"),
    "statistics of another type": (lambda xbl, ana: xbl.stats.set(ana, {"wins": 3.0}), "statistics"),
}


@cases("change part", CHANGES)
def test_what_differs_first_is_named(change: Callable[[XboxLive, User], object], part: str) -> None:
    """And a state is equal to its copy (SEED-7)."""
    xbl = XboxLive()
    ana = xbl.user("Ana")
    xbl.sessions.create("lobby", name="one", members=[ana])
    xbl.stats.set(ana, {"wins": 3})
    before = xbl.snapshot().state
    require_equal(before, xbl.snapshot().state)
    change(xbl, ana)
    after = xbl.snapshot().state
    assert first_difference(before, after).partition(" of the world is ")[0] == part
    with pytest.raises(AssertionError, match=f"^{part} of the world is "):
        require_equal(before, after)


def test_statistics_that_were_all_taken_away_count_as_none() -> None:
    """As a dump does not show them (SEED-7)."""
    xbl = XboxLive()
    ana, zoe = xbl.users("Ana", "Zoe")
    xbl.stats.set(ana, {"wins": 3})
    before = xbl.snapshot().state
    xbl.stats.set(zoe, {"wins": 3})
    xbl.stats.clear(zoe)
    require_equal(before, xbl.snapshot().state)
