"""An index: keys by name, in the order in which they were added, and copies that cost little."""

from __future__ import annotations

import pytest

from pytest_xbl.world.index import Index
from pytest_xbl.world.table import Table


@pytest.fixture
def index() -> Index[str, int]:
    """An index with two names."""
    index: Index[str, int] = Index()
    for name, key in (("a", 3), ("a", 1), ("b", 2), ("a", 2)):
        index.add(name, key)
    return index


def test_keys_stand_in_the_order_in_which_they_were_added(index: Index[str, int]) -> None:
    """Each name has its own."""
    assert (list(index["a"]), list(index["b"])) == ([3, 1, 2], [2])


def test_a_name_that_is_not_there_has_no_keys(index: Index[str, int]) -> None:
    """And asking for it makes none."""
    assert list(index["c"]) == []
    assert list(index._entries) == ["a", "b"]


def test_a_key_stands_once(index: Index[str, int]) -> None:
    """Added again, it stays where it was."""
    index.add("a", 3)
    assert list(index["a"]) == [3, 1, 2]


def test_a_key_goes_from_one_name(index: Index[str, int]) -> None:
    """And comes back at the end."""
    index.discard("a", 2)
    index.discard("a", 3)
    assert (list(index["a"]), list(index["b"])) == ([1], [2])
    index.add("a", 3)
    assert list(index["a"]) == [1, 3]


def test_a_name_goes_with_its_last_key(index: Index[str, int]) -> None:
    """So that an index does not grow with names of long ago; it can come again."""
    index.discard("b", 2)
    assert (list(index["b"]), list(index._entries), index._own) == ([], ["a"], {"a"})
    index.add("b", 5)
    assert list(index["b"]) == [5]


@pytest.mark.parametrize(("name", "key"), [("c", 1), ("a", 9), ("b", 1)])
def test_what_is_not_there_can_go_too(index: Index[str, int], name: str, key: int) -> None:
    """Nothing changes."""
    before = index.copy()
    index.discard(name, key)
    assert index == before


def test_two_indexes_are_equal_if_they_hold_the_same(index: Index[str, int]) -> None:
    """Whoever shares what with whom; and an index is nothing else."""
    other: Index[str, int] = Index()
    assert index != other
    for name, key in (("b", 2), ("a", 1), ("a", 2), ("a", 3)):
        other.add(name, key)
    assert index == other
    other.discard("b", 2)
    assert index != other
    assert other != {"a": {1: None, 2: None, 3: None}}


def test_an_index_has_no_hash(index: Index[str, int]) -> None:
    """It changes."""
    with pytest.raises(TypeError, match="unhashable type: 'Index'"):
        hash(index)


def test_a_copy_shares_until_one_of_the_two_changes(index: Index[str, int]) -> None:
    """And then just the name that changes stops being shared."""
    copy = index.copy()
    assert copy == index
    assert copy._entries is not index._entries
    assert copy._entries["a"] is index._entries["a"]
    copy.add("a", 9)
    assert (list(index["a"]), list(copy["a"])) == ([3, 1, 2], [3, 1, 2, 9])
    assert copy._entries["b"] is index._entries["b"]
    index.discard("b", 2)
    index.add("a", 7)
    index.add("c", 1)
    assert {name: list(index[name]) for name in "abc"} == {"a": [3, 1, 2, 7], "b": [], "c": [1]}
    assert {name: list(copy[name]) for name in "abc"} == {"a": [3, 1, 2, 9], "b": [2], "c": []}


def test_a_copy_of_a_copy_is_one_of_its_own(index: Index[str, int]) -> None:
    """However often the same name changes between them."""
    first = index.copy()
    index.discard("a", 3)
    second = index.copy()
    index.discard("a", 1)
    second.add("a", 8)
    third = second.copy()
    second.discard("a", 8)
    assert [list(each["a"]) for each in (first, index, second, third)] == [[3, 1, 2], [2], [1, 2], [1, 2, 8]]


def test_adding_to_a_name_of_ones_own_copies_nothing(index: Index[str, int]) -> None:
    """So that it costs the same for a name with many keys as for one with few."""
    keys = index._entries["a"]
    index.add("a", 9)
    index.discard("a", 3)
    assert index._entries["a"] is keys
    index.copy()
    index.add("a", 10)
    assert index._entries["a"] is not keys


def test_an_index_can_begin_with_entries() -> None:
    """As a copy does; what it was given stays as it was."""
    entries: Table[str, dict[int, None]] = Table({"a": {1: None}})
    index = Index(entries.copy())
    index.add("a", 2)
    assert list(index["a"]) == [1, 2]
    assert entries == {"a": {1: None}}
    assert Index[str, int]() == Index(Table())
