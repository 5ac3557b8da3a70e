"""Rosters: in order, found by xuid, and shared by the versions of a session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_xbl.mpsd import roster
from pytest_xbl.mpsd.roster import Few, Roster, Tree, roster_of


class Guest:
    """Somebody on a roster; two guests are equal only if they are the same object."""

    def __init__(self, index: int, xuid: str = "") -> None:
        self.index = index
        self.xuid = xuid or str(1000 + index)
        self.forgotten = 0

    def forget(self) -> None:
        """Count it."""
        self.forgotten += 1


def guests(count: int) -> list[Guest]:
    """So many of them."""
    return [Guest(index) for index in range(count)]


def parts(held: Roster[Guest]) -> Iterator[Tree[Guest]]:
    """All parts of a roster, with the whole."""
    if isinstance(held, Tree):
        yield held
        for part in held.parts:
            yield from parts(part)


def total(held: Roster[Guest]) -> int:
    """The sum of all indices."""
    return held.fold("total", total_of, sum_of)


def total_of(people: Sequence[Guest]) -> int:
    """The sum of their indices."""
    return sum(one.index for one in people)


def last_of(people: Sequence[Guest]) -> int:
    """The highest of their indices."""
    return max((one.index for one in people), default=0)


def sum_of(numbers: Sequence[int]) -> int:
    """The sum of the parts."""
    return sum(numbers)


def max_of(numbers: Sequence[int]) -> int:
    """The highest of the parts."""
    return max(numbers)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.integers(0, 300), st.lists(st.tuples(st.sampled_from("+-="), st.integers(0, 400)), max_size=60))
def test_a_roster_is_what_a_dict_by_xuid_would_be(count: int, changes: list[tuple[str, int]]) -> None:
    """Whoever comes, goes or changes: the same people in the same order, in a tuple or a tree (MEMB-1)."""
    held: Roster[Guest] = roster_of(guests(count))
    expected = {guest.xuid: guest for guest in held}
    following = count
    for change, number in changes:
        somebody = Guest(number % following if following else 0)
        if change == "+":
            somebody, following = Guest(following), following + 1
        if change == "-":
            held, _ = held.without(somebody.xuid), expected.pop(somebody.xuid, None)
        elif change == "+" or somebody.xuid in expected:
            held = held.including(somebody)
            expected[somebody.xuid] = somebody
        assert len(held) == len(expected)
        assert total(held) == sum(one.index for one in expected.values())
    assert [*held] == [*expected.values()]
    assert {xuid: held.get(xuid) for xuid in expected} == expected
    assert (held.get("7"), held.get(None), bool(held)) == (None, None, bool(expected))
    asked = {"7", *list(expected)[::2]}
    assert {one.xuid for one in held.those(asked)} == asked - {"7"}


def test_a_session_that_is_not_large_has_a_tuple() -> None:
    """A tree is for more members than such a session can have (CONST-2)."""
    few = roster_of(guests(128))
    assert isinstance(few, Few)
    many = few.including(Guest(128))
    assert isinstance(many, Tree)
    assert len([*many]) == 129


@pytest.mark.parametrize("change", ["joins", "changes", "leaves"])
def test_a_change_among_ten_thousand_makes_a_few_parts_anew(change: str) -> None:
    """All others are shared with the version before, and keep what has been worked out of them."""
    before = roster_of(guests(10_000))
    total(before)
    after = {
        "joins": lambda: before.including(Guest(10_000)),
        "changes": lambda: before.including(Guest(5_000)),
        "leaves": lambda: before.without("6000"),
    }[change]()
    shared = {id(part) for part in parts(before)}
    anew = [part for part in parts(after) if id(part) not in shared]
    assert 3 <= len(anew) <= 4
    assert total(after) == sum(one.index for one in after)
    assert sum(len(part.few) for part in anew) < 128


def test_only_the_parts_that_are_worth_it_are_looked_into() -> None:
    """A part that has nothing to offer is asked about once, and its people not at all."""
    many = roster_of(guests(10_000))
    looked: list[int] = []

    def has_the_last(part: Roster[Guest]) -> bool:
        looked.append(len(part))
        return part.fold("last", last_of, max_of) == 9_999

    found = [*many.within(has_the_last)]
    assert 9_999 in [one.index for one in found]
    assert (len(found) < 128, len(looked) <= 49) == (True, True)
    assert [*roster_of(guests(2)).within(lambda _: False)] == []


def test_people_whose_hashes_are_equal_share_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, since nothing tells them apart any further."""
    monkeypatch.setattr(roster, "crc32", lambda _: crc32(b""))
    many = roster_of(guests(300))
    assert len([*many]) == 300
    deepest = [part for part in parts(many) if len(part.few) == 300]
    assert len(deepest) == 1
    assert many.get("1299") is [*many][-1]


@pytest.mark.parametrize("count", [2, 10_000])
def test_a_version_forgets_only_what_its_successor_has_otherwise(count: int) -> None:
    """What both share is kept: those who have changed forget, and all others do not."""
    before = roster_of(guests(count))
    total(before)
    after = before.including(Guest(1))
    before.forget_unlike(after)
    assert [one.index for one in before if one.forgotten] == [1]
    assert [one for one in after if one.forgotten] == []
    assert total(before) == total(after)
    before.forget_unlike(before)
    assert sum(one.forgotten for one in before) == 1


def test_a_version_forgets_nobody_when_its_successor_becomes_a_tree() -> None:
    """Both have the same people, in other parts."""
    few: Any = roster_of(guests(128))
    many = few.including(Guest(128))
    few.forget_unlike(many)
    many.forget_unlike(few)
    assert [one for one in many if one.forgotten] == []
