"""Matchers, which equal any value of a kind, at any depth."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest

from pytest_xbl import any_guid, any_time
from pytest_xbl.compare.differences import differences
from pytest_xbl.compare.matchers import is_matcher

GUID = "11112222-3333-4444-8555-66667777AAAA"
TIME = "2026-01-01T12:00:00.0000000Z"


PLAIN: tuple[Any, ...] = (None, True, 1, 1.5, "a", [], {}, (1,))


class IsPositive:
    """A matcher that is not ours."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and other > 0

    def __repr__(self) -> str:
        return "IsPositive()"


def lines(expected: object, actual: object) -> list[str]:
    """The differences of two values in a document, a line each."""
    return [str(one) for one in differences({"at": expected}, {"at": actual})]


GUIDS = (GUID, GUID.lower())
TIMES = (TIME, "2026-01-01T12:00:00Z", "2026-01-01T12:00:00.1Z")
NEITHER = (f"{{{GUID}}}", f"{GUID}\n", GUID[1:], "2026-01-01T12:00:00", TIME.replace("0Z", "01Z"), "", None, 1, [GUID])


@pytest.mark.parametrize("value", [*GUIDS, *TIMES, *NEITHER])
def test_our_matchers_know_guids_and_times(value: Any) -> None:
    """GUIDs in capitals or not, times as the service writes them, and nothing else (CALL-8, SEEN-1)."""
    kinds = (value in GUIDS, value in TIMES)
    assert (value == any_guid, value == any_time) == (any_guid == value, any_time == value) == kinds


@pytest.mark.parametrize(
    ("value", "matcher"),
    [
        *((value, False) for value in PLAIN),
        *((value, True) for value in (any_guid, ANY, IsPositive(), pytest.approx(1))),
    ],
)
def test_a_value_that_json_does_not_have_is_a_matcher(value: object, matcher: bool) -> None:
    """It is compared by its own == (SEEN-1)."""
    assert is_matcher(value) is matcher


MET: list[tuple[Any, Any]] = [
    (ANY, None),
    (ANY, {"a": [1]}),
    (any_guid, GUID),
    (IsPositive(), 7),
    (pytest.approx(0.3), 0.1 + 0.2),
    ({"a": any_guid, "b": 1}, {"a": GUID, "b": 1}),
    ({"a": {"b": {"c": [{"d": any_time}]}}}, {"a": {"b": {"c": [{"d": TIME}]}}}),
    ([any_guid, 1, any_time], [GUID, 1, TIME]),
    ([[ANY], [IsPositive()]], [[None], [1]]),
]


@pytest.mark.parametrize(("expected", "actual"), MET)
def test_a_matcher_that_is_met_is_no_difference(expected: Any, actual: Any) -> None:
    """At every depth, in values of names and in lists (SEEN-1)."""
    assert lines(expected, actual) == []


@pytest.mark.parametrize(("expected", "actual"), MET)
def test_a_matcher_that_is_met_hides_no_other_difference(expected: Any, actual: Any) -> None:
    """The values beside it are compared as ever (SEEN-1)."""
    found = lines({"same": expected, "other": 1}, {"same": actual, "other": 2})
    assert found == ["/at/other: expected 1, got 2"]
    assert lines([expected, 1], [actual, 2]) == ["/at/1: expected 1, got 2"]


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        (any_guid, "no", ['/at: expected any_guid, got "no"']),
        (any_guid, None, ["/at: expected any_guid, got null"]),
        (IsPositive(), -1, ["/at: expected IsPositive(), got -1"]),
        (IsPositive(), {"a": 1}, ['/at: expected IsPositive(), got {"a": 1}']),
        ({"a": any_time, "b": any_time}, {"a": TIME, "b": GUID}, [f'/at/b: expected any_time, got "{GUID}"']),
        ({"a": any_guid}, {}, ["/at/a: expected any_guid, got nothing"]),
        ([any_guid, any_time], [GUID, 1], ["/at/1: expected any_time, got 1"]),
        ([{"a": any_guid, "b": 1}], [{"a": 0, "b": 1}], ["/at/0/a: expected any_guid, got 0"]),
        (
            {"a": [{"b": ANY}, 1]},
            {"a": [{"c": 1}, 1]},
            ["/at/a/0/b: expected <ANY>, got nothing", "/at/a/0/c: expected nothing, got 1"],
        ),
        ((1, any_guid), [1, 2], ["/at/1: expected any_guid, got 2"]),
        ([ANY], [1, 2], ["/at/1: expected nothing, got 2"]),
        ([1, ANY], [1], ["/at/1: expected <ANY>, got nothing"]),
        ([any_guid], [], ["/at/0: expected any_guid, got nothing"]),
        (["a", ANY], ["b", "a", "c"], ['/at/0: expected "a", got "b"', '/at/2: expected nothing, got "c"']),
        ([any_guid, "a"], [GUID], ['/at/1: expected "a", got nothing']),
        ([{"a": any_guid}], [{"a": GUID}, {}], ["/at/1: expected nothing, got {}"]),
        (
            [{"b": 1}, ANY],
            [{"c": 1}, {"b": 1}, 0],
            [
                "/at/0/b: expected 1, got nothing",
                "/at/0/c: expected nothing, got 1",
                "/at/2: expected nothing, got 0",
            ],
        ),
    ],
)
def test_a_matcher_that_is_not_met_is_shown_by_its_name(expected: Any, actual: Any, found: list[str]) -> None:
    """With the actual value; in lists of other lengths a matcher is met by position (SEEN-1, SEEN-2)."""
    assert lines(expected, actual) == found
