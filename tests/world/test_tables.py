"""Tables and indexes: dicts, and keys by name, whose copies cost nothing, however much is in them."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

import pytest

from pytest_xbl.world.tables import Index, Table
from tables import cases

HELD = {"a": 3, "b": 1, "c": 2}
Change = Callable[[MutableMapping[str, int]], object]
CHANGES: dict[str, tuple[Change, dict[str, int]]] = {
    "another entry": (lambda table: table.__setitem__("d", 4), {"a": 3, "b": 1, "c": 2, "d": 4}),
    "in the place of one": (lambda table: table.__setitem__("a", 9), {"a": 9, "b": 1, "c": 2}),
    "an entry less": (lambda table: table.__delitem__("b"), {"a": 3, "c": 2}),
    "update": (lambda table: table.update({"b": 5}, e=6), {"a": 3, "b": 5, "c": 2, "e": 6}),
    "setdefault": (lambda table: table.setdefault("d", 4), {"a": 3, "b": 1, "c": 2, "d": 4}),
    "pop": (lambda table: table.pop("a"), {"b": 1, "c": 2}),
    "clear": (lambda table: table.clear(), {}),
}


@pytest.fixture
def table() -> Table[str, int]:
    """A table with three entries."""
    return Table(HELD.copy())


def test_a_table_reads_as_a_dict(table: Table[str, int]) -> None:
    """Before and after it is copied."""
    for each in (table, table.copy(), table):
        assert (list(each), list(each.keys()), list(each.items())) == ([*"abc"], [*"abc"], [*HELD.items()])
        assert ([each[key] for key in "abc"], each.get("b"), each.get("d"), each.get("d", 7)) == ([3, 1, 2], 1, None, 7)
        assert (len(each), list(each.values())) == (3, [3, 1, 2])
        assert ["a" in each, "d" in each, None in each] == [True, False, False]
        assert (each.keys() & {"a", "x"}, each.setdefault("a", 7), repr(each)) == ({"a"}, 3, f"Table({HELD})")
    assert (len(Table()), bool(Table()), bool(table), repr(Table())) == (0, False, True, "Table({})")
    assert Table({"none": None}).get("none", 7) is None


@pytest.mark.parametrize("ask", [lambda it: it["d"], lambda it: it.__delitem__("d"), lambda it: it.pop("d")])
def test_a_key_that_is_not_there_is_an_error(table: Table[str, int], ask: Callable[[Any], object]) -> None:
    """Of the kind that a dict raises, and nothing changes."""
    for each in (table, table.copy()):
        with pytest.raises(KeyError) as failed:
            ask(each)
        assert failed.value.args == ("d",)
        assert (dict(each), dict(table)) == (HELD, HELD)


def test_a_table_equals_another_mapping_with_the_same_entries(table: Table[str, int]) -> None:
    """Tables and dicts, in whatever order; as it changes, it has no hash."""
    assert table == table.copy() == Table({"c": 2, "b": 1, "a": 3}) == HELD
    others: list[object] = [{"a": 3}, {**HELD, "c": 9}, Table(), None, list(HELD.items()), set(HELD)]
    assert [table == other for other in others] == [False] * 6
    with pytest.raises(TypeError, match="unhashable type: 'Table'"):
        hash(table)


@cases("change after", CHANGES)
@pytest.mark.parametrize("changed", ["copy", "original"])
def test_a_copy_and_its_original_change_alone(
    table: Table[str, int], changed: str, change: Change, after: dict[str, int]
) -> None:
    """As dicts do, with the order of entries; the other holds what it held, and may change afterwards."""
    copy = table.copy()
    one, other = (copy, table) if changed == "copy" else (table, copy)
    change(one)
    assert (list(one.items()), list(other.items())) == (list(after.items()), list(HELD.items()))
    other["z"] = 26
    assert (dict(one), dict(other)) == (after, {**HELD, "z": 26})


def test_copies_of_copies_each_keep_their_moment(table: Table[str, int]) -> None:
    """Whichever changes first, and however often the original changes between them."""
    first = table.copy()
    second = first.copy()
    first["d"] = 4
    table["e"] = 5
    third = table.copy()
    second["f"] = 6
    table["e"] = 7
    added = [{key: each[key] for key in each.keys() - HELD.keys()} for each in (table, first, second, third)]
    assert added == [{"e": 7}, {"d": 4}, {"f": 6}, {"e": 5}]


class Counted(dict[Any, Any]):
    """Entries that count how often they are copied."""

    def __init__(self, *entries: Any) -> None:
        super().__init__(*entries)
        self.copies = [0]

    def copy(self) -> Counted:
        """The same, counted together with these."""
        other = Counted(self)
        other.copies = self.copies
        self.copies[0] += 1
        return other


def test_a_copy_costs_nothing_and_entries_are_copied_once() -> None:
    """At the first change after it: of either of the two, however many entries there are and changes follow."""
    entries = Counted(HELD)
    table: Table[str, int] = Table(entries)
    table["d"] = 4
    assert (entries, entries.copies) == ({**HELD, "d": 4}, [0])
    for expected in (1, 2):
        table.copy()
        for key in "abcdef":
            table[key] = expected
        assert entries.copies == [expected]
    assert entries == {**HELD, "d": 4}
    copy, shared = table.copy(), Table(entries, shared=True)
    for one in (copy, shared):
        for key in "ab":
            one[key] = 0
    assert (entries.copies, entries) == ([4], {**HELD, "d": 4})


def test_a_copy_can_be_walked_through_while_its_original_changes(table: Table[str, int]) -> None:
    """Its entries are of the moment at which it was made."""
    seen = []
    for key in table.copy():
        del table[key]
        seen.append(key)
    assert (seen, dict(table)) == (["a", "b", "c"], {})


# Indexes


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


def test_a_copy_of_an_index_and_its_original_change_alone(index: Index[str, int]) -> None:
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
    entries: dict[str, Any] = {"a": Counted({1: None}), "b": Counted({1: None})}
    index: Index[str, int] = Index(Table(entries))
    for expected in (1, 2):
        index.copy()
        for key in range(5):
            index.add("a", key)
        index.discard("a", 4)
        assert [entries[name].copies for name in "ab"] == [[expected], [0]]
