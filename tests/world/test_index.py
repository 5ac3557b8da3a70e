"""An index: keys by name, in the order in which they were added, and copies that cost little."""

from __future__ import annotations

import pytest

from pytest_xbl.world.index import Index
from pytest_xbl.world.table import Table


class Counted(dict[int, None]):
    """Keys that count how often they are copied."""

    copies = 0

    def copy(self) -> Counted:
        """The same, counted."""
        Counted.copies += 1
        return Counted(self)


@pytest.fixture
def index() -> Index[str, int]:
    """An index with two names."""
    index: Index[str, int] = Index()
    for name, key in (("a", 3), ("a", 1), ("b", 2), ("a", 2), ("a", 3)):
        index.add(name, key)
    return index


def held(index: Index[str, int]) -> dict[str, list[int]]:
    """All that an index holds under some names."""
    return {name: list(index[name]) for name in "abc" if index[name]}


def test_each_name_has_its_keys_in_the_order_in_which_they_were_added(index: Index[str, int]) -> None:
    """A key that is added again keeps its place; a name that is not there has none, and asking makes none."""
    assert (held(index), list(index["c"])) == ({"a": [3, 1, 2], "b": [2]}, [])
    assert repr(index) == "Index(Table({'a': {3: None, 1: None, 2: None}, 'b': {2: None}}))"


def test_a_key_goes_and_may_come_again(index: Index[str, int]) -> None:
    """At the end; a name goes with its last key, so that an index does not grow with names of long ago."""
    for name, key in (("a", 2), ("a", 3), ("b", 2)):
        index.discard(name, key)
    assert repr(index) == "Index(Table({'a': {1: None}}))"
    index.add("a", 3)
    index.add("b", 5)
    assert held(index) == {"a": [1, 3], "b": [5]}


@pytest.mark.parametrize(("name", "key"), [("c", 1), ("a", 9), ("b", 1)])
def test_a_key_that_is_not_there_can_go_too(index: Index[str, int], name: str, key: int) -> None:
    """Nothing changes."""
    before = index.copy()
    index.discard(name, key)
    assert index == before


def test_two_indexes_are_equal_if_they_hold_the_same(index: Index[str, int]) -> None:
    """Whoever shares what with whom; as an index changes, it has no hash."""
    other: Index[str, int] = Index()
    assert index != other
    for name, key in (("b", 2), ("a", 1), ("a", 2), ("a", 3)):
        other.add(name, key)
    assert index == other == index.copy()
    other.discard("b", 2)
    assert index != other
    assert other != {"a": {1: None, 2: None, 3: None}}
    with pytest.raises(TypeError, match="unhashable type: 'Index'"):
        hash(index)


def test_a_copy_and_its_original_change_alone(index: Index[str, int]) -> None:
    """However often, and however many copies there are."""
    first = index.copy()
    first.add("a", 9)
    index.discard("b", 2)
    second = index.copy()
    index.add("a", 7)
    index.add("c", 1)
    second.discard("a", 3)
    third = second.copy()
    second.discard("a", 1)
    assert held(index) == {"a": [3, 1, 2, 7], "c": [1]}
    assert held(first) == {"a": [3, 1, 2, 9], "b": [2]}
    assert (held(second), held(third)) == ({"a": [2]}, {"a": [1, 2]})


def test_the_keys_of_a_name_are_copied_once_after_a_copy() -> None:
    """And those of other names not at all, so that a change costs the same however much there is."""
    entries: dict[str, dict[int, None]] = {"a": Counted({1: None}), "b": Counted({1: None})}
    index = Index(Table(entries))
    for expected in (1, 2):
        index.copy()
        for key in range(5):
            index.add("a", key)
        index.discard("a", 4)
        assert Counted.copies == expected
