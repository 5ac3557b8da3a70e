"""Comparing documents of a hundred members, beside DeepDiff on the whole, twice as many, and in another order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from deepdiff import DeepDiff

from pytest_xbl import XboxLive, assert_session
from pytest_xbl.compare.alignment import by_xuid
from pytest_xbl.compare.differences import differences

from .side_by_side import Batch, Result, ratio, seconds_per_call
from .stage import stage

Document: TypeAlias = dict[str, Any]

MEMBERS = 100
CHANGED = (10, 50, 90)
TIMES, ROUNDS, DEEP_ROUNDS = 20, 50, 10


def measure() -> Iterator[Result]:
    """Compare them."""
    one, twice = document(MEMBERS), document(2 * MEMBERS)
    equal, changed, shuffled = copy(one), with_changes(one), in_another_order(one)
    twice_again, twice_changed = copy(twice), with_changes(twice)
    assert found(one, equal) == deep(one, equal) == found(one, shuffled) == set()
    assert found(one, changed) == deep(one, changed)
    assert len(found(one, changed)) == len(CHANGED)
    yield ratio(
        "100 equal members, assert_session / DeepDiff",
        each(lambda: assert_session(one, equal)),
        each(lambda: deep(one, equal), times=1),
        limit=1 / 100,
        rounds=DEEP_ROUNDS,
    )
    yield ratio(
        "3 changes in 100 members / DeepDiff",
        each(lambda: differences(one, changed)),
        each(lambda: deep(one, changed), times=1),
        limit=1 / 20,
        rounds=DEEP_ROUNDS,
    )
    yield ratio(
        "200 equal members / 100",
        each(lambda: differences(twice, twice_again)),
        each(lambda: differences(one, equal)),
        limit=2.5,
        rounds=ROUNDS,
    )
    yield ratio(
        "3 changes in 200 members / in 100",
        each(lambda: differences(twice, twice_changed)),
        each(lambda: differences(one, changed)),
        limit=2.5,
        rounds=ROUNDS,
    )
    yield ratio(
        "100 equal members, shuffled / in order",
        each(lambda: differences(one, shuffled)),
        each(lambda: differences(one, equal)),
        limit=1,
        rounds=ROUNDS,
    )


def document(members: int) -> Document:
    """What a client receives of a session with so many members, each with a few properties of their own."""
    one = copy(json.loads(stage(XboxLive(), members=MEMBERS).text))
    pattern = json.dumps(one["members"]["0"])
    one["members"] = {str(number): json.loads(pattern) for number in range(members)}
    for number, member in enumerate(one["members"].values()):
        member["next"] = number + 1
        member["gamertag"] = f"Player {number}"
        member["constants"]["system"] = {"xuid": str(2533274790000001 + number), "index": number}
        member["properties"]["custom"] = {"score": number, "team": {"name": "red", "colours": ["red", "white"]}}
    return one


def with_changes(one: Document) -> Document:
    """The same document with another score of three members."""
    changed = copy(one)
    for number in CHANGED:
        changed["members"][str(number)]["properties"]["custom"]["score"] += 1
    return changed


def in_another_order(one: Document) -> Document:
    """The same members, every other one first, under the indices that follow from that."""
    members = list(copy(one)["members"].values())
    return {**copy(one), "members": dict(zip(one["members"], members[::2] + members[1::2], strict=True))}


def copy(one: Document) -> Document:
    """A document of the same content that shares nothing with the other, as if received twice."""
    again: Document = json.loads(json.dumps(one))
    return again


def found(one: Document, other: Document) -> set[str]:
    """Where we find differences."""
    return {repr(difference.path) for difference in differences(one, other)}


def deep(one: Document, other: Document) -> set[str]:
    """Where DeepDiff finds them on the whole."""
    result = DeepDiff(by_xuid(one), by_xuid(other), view="tree", threshold_to_diff_deeper=0)
    return {repr(tuple(level.path(output_format="list"))) for levels in result.values() for level in levels}


def each(call: Callable[[], object], *, times: int = TIMES) -> Batch:
    """A batch of such calls."""
    return lambda: seconds_per_call(lambda _: call(), times=times)
