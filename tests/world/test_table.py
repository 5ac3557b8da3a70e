"""A table: a dict whose copy costs nothing, however much is in it."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

import pytest

from pytest_xbl.world.table import Table

HELD = {"a": 3, "b": 1, "c": 2}


@pytest.fixture
def table() -> Table[str, int]:
    """A table with three entries."""
    return Table(HELD.copy())


def shares(one: Table[str, int], other: Table[str, int]) -> bool:
    """Whether two tables hold the very same entries."""
    return one._entries is other._entries


# Reading


def test_a_table_begins_with_nothing_or_with_entries(table: Table[str, int]) -> None:
    """And is true if it has some, as a dict is."""
    empty: Table[str, int] = Table()
    assert (len(empty), list(empty), bool(empty)) == (0, [], False)
    assert (len(table), list(table), bool(table)) == (3, ["a", "b", "c"], True)
    assert not shares(empty, Table())


def test_an_entry_is_found_by_its_key(table: Table[str, int]) -> None:
    """With brackets, or with `get`, which has a default."""
    assert [table[key] for key in "abc"] == [3, 1, 2]
    assert [table.get(key) for key in "abcd"] == [3, 1, 2, None]
    assert [table.get("a", 7), table.get("d", 7), table.get("d", "none")] == [3, 7, "none"]


def test_an_entry_may_be_none_or_false() -> None:
    """It is there all the same."""
    table: Table[str, int | None] = Table({"none": None, "zero": 0})
    assert ("none" in table, table.get("none", 7), table.get("zero", 7)) == (True, None, 0)


def test_a_key_is_there_or_not(table: Table[str, int]) -> None:
    """Whatever it is."""
    assert [key in table for key in ("a", "b", "c", "d", "A", 3, None)] == [True] * 3 + [False] * 4


def test_the_views_are_those_of_a_dict(table: Table[str, int]) -> None:
    """In the same order, with all that such views can do."""
    assert list(table.keys()) == ["a", "b", "c"]
    assert list(table.values()) == [3, 1, 2]
    assert list(table.items()) == [("a", 3), ("b", 1), ("c", 2)]
    assert table.keys() & {"a", "x"} == {"a"}
    assert (2 in table.values(), ("c", 2) in table.items(), dict(table)) == (True, True, HELD)


@pytest.mark.parametrize(
    "ask",
    [
        lambda table: table["d"],
        lambda table: table.__delitem__("d"),
        lambda table: table.pop("d"),
    ],
    ids=["read", "delete", "pop"],
)
@pytest.mark.parametrize("copied", [False, True])
def test_a_key_that_is_not_there_is_an_error(
    table: Table[str, int], ask: Callable[[Any], object], copied: bool
) -> None:
    """Of the kind that a dict raises, and nothing changes."""
    asked = table.copy() if copied else table
    with pytest.raises(KeyError) as failed:
        ask(asked)
    assert failed.value.args == ("d",)
    assert (dict(asked), dict(table)) == (HELD, HELD)


def test_a_table_shows_what_it_holds(table: Table[str, int]) -> None:
    """Copies look the same."""
    assert repr(table) == "Table({'a': 3, 'b': 1, 'c': 2})"
    assert repr(table.copy()) == repr(table)
    assert repr(Table()) == "Table({})"


def test_a_table_equals_what_holds_the_same(table: Table[str, int]) -> None:
    """Tables and dicts, in whatever order, and nothing else."""
    assert table == table.copy() == Table(HELD.copy())
    assert table == HELD
    assert table == HELD
    assert table == Table({"c": 2, "b": 1, "a": 3})
    assert table != {"a": 3, "b": 1}
    assert table != {**HELD, "c": 9}
    assert table != Table()
    others: list[object] = [None, 3, list(HELD.items()), set(HELD)]
    assert [table == other for other in others] == [False] * 4
    assert Table() == {}


def test_a_table_has_no_hash(table: Table[str, int]) -> None:
    """It changes."""
    with pytest.raises(TypeError, match="unhashable type: 'Table'"):
        hash(table)


# Changing

CHANGES: dict[str, tuple[Callable[[MutableMapping[str, int]], object], dict[str, int]]] = {
    "another entry": (lambda table: table.__setitem__("d", 4), {"a": 3, "b": 1, "c": 2, "d": 4}),
    "in the place of one": (lambda table: table.__setitem__("a", 9), {"a": 9, "b": 1, "c": 2}),
    "an entry less": (lambda table: table.__delitem__("b"), {"a": 3, "c": 2}),
    "update": (lambda table: table.update({"b": 5, "d": 4}, e=6), {"a": 3, "b": 5, "c": 2, "d": 4, "e": 6}),
    "setdefault": (lambda table: table.setdefault("d", 4), {"a": 3, "b": 1, "c": 2, "d": 4}),
    "pop": (lambda table: table.pop("a"), {"b": 1, "c": 2}),
    "popitem": (lambda table: table.popitem(), {"b": 1, "c": 2}),
    "clear": (lambda table: table.clear(), {}),
}
every_change = pytest.mark.parametrize(("change", "after"), CHANGES.values(), ids=CHANGES)


@every_change
def test_a_table_changes_as_a_dict_does(
    table: Table[str, int], change: Callable[[MutableMapping[str, int]], object], after: dict[str, int]
) -> None:
    """With the order of its entries."""
    change(table)
    assert list(table.items()) == list(after.items())


def test_entries_stand_in_the_order_in_which_they_were_added(table: Table[str, int]) -> None:
    """One that is replaced stays where it was; one that comes again comes last, and a copy keeps the order."""
    table["a"] = 9
    table["d"] = 4
    del table["b"]
    table["b"] = 5
    assert list(table.items()) == [("a", 9), ("c", 2), ("d", 4), ("b", 5)]
    copy = table.copy()
    copy["a"] = 1
    assert list(copy.items()) == [("a", 1), ("c", 2), ("d", 4), ("b", 5)]


# Copies


def test_a_copy_shares_the_entries(table: Table[str, int]) -> None:
    """And is a table of its own; reading changes nothing about that."""
    copy = table.copy()
    for each in (table, copy):
        assert (each["a"], each.get("b"), "c" in each, len(each), list(each)) == (3, 1, True, 3, ["a", "b", "c"])
        assert (list(each.keys()), list(each.values()), dict(each.items())) == (["a", "b", "c"], [3, 1, 2], HELD)
        assert (each == HELD, each.get("d"), each.setdefault("a", 7)) == (True, None, 3)
    assert copy is not table
    assert shares(table, copy)


@every_change
@pytest.mark.parametrize("changed", ["copy", "original"])
def test_whichever_of_the_two_changes_changes_alone(
    table: Table[str, int],
    changed: str,
    change: Callable[[MutableMapping[str, int]], object],
    after: dict[str, int],
) -> None:
    """The other holds what it held."""
    copy = table.copy()
    one, other = (copy, table) if changed == "copy" else (table, copy)
    change(one)
    assert list(one.items()) == list(after.items())
    assert list(other.items()) == list(HELD.items())
    assert not shares(one, other)


@pytest.mark.parametrize("changed", ["copy", "original"])
def test_after_one_has_changed_the_other_may(table: Table[str, int], changed: str) -> None:
    """Neither sees anything of the other any more."""
    copy = table.copy()
    one, other = (copy, table) if changed == "copy" else (table, copy)
    one["d"] = 4
    other["a"] = 9
    del one["b"]
    other["e"] = 5
    assert one == {"a": 3, "c": 2, "d": 4}
    assert other == {"a": 9, "b": 1, "c": 2, "e": 5}


@pytest.mark.parametrize("changed", ["copy", "original"])
def test_a_table_gets_entries_of_its_own_once(table: Table[str, int], changed: str) -> None:
    """With the first change after a copy; until the next copy, those that follow cost what they cost a dict."""
    copy = table.copy()
    one = copy if changed == "copy" else table
    shared = one._entries
    one["d"] = 4
    own = one._entries
    assert own is not shared
    one["e"] = 5
    del one["a"]
    assert one._entries is own
    again = one.copy()
    assert shares(again, one)
    one["f"] = 6
    assert one._entries is not own
    assert again == {"b": 1, "c": 2, "d": 4, "e": 5}


def test_a_table_that_was_never_copied_keeps_its_entries() -> None:
    """It is the dict that it was given."""
    entries = HELD.copy()
    table = Table(entries)
    table["d"] = 4
    del table["a"]
    assert table._entries is entries
    assert entries == {"b": 1, "c": 2, "d": 4}


def test_a_table_of_shared_entries_leaves_them_as_they_are() -> None:
    """Who gives it a dict that is also held elsewhere says so."""
    entries = HELD.copy()
    table = Table(entries, shared=True)
    assert table._entries is entries
    table["d"] = 4
    assert (dict(table), entries) == ({**HELD, "d": 4}, HELD)


def test_a_copy_of_a_copy_is_one_of_its_own(table: Table[str, int]) -> None:
    """Whichever of the three changes first, the other two go on sharing."""
    first = table.copy()
    second = first.copy()
    assert shares(table, first)
    assert shares(first, second)
    first["d"] = 4
    assert shares(table, second)
    assert (dict(table), dict(first), dict(second)) == (HELD, {**HELD, "d": 4}, HELD)
    table["e"] = 5
    second["f"] = 6
    assert [each.keys() - HELD.keys() for each in (table, first, second)] == [{"e"}, {"d"}, {"f"}]
    assert [len(each) for each in (table, first, second)] == [4, 4, 4]


def test_copies_taken_one_after_another_each_keep_their_moment(table: Table[str, int]) -> None:
    """However often the original changes between them."""
    copies = [table.copy()]
    for number in range(3):
        table["d"] = number
        copies.append(table.copy())
    copies[1]["d"] = 9
    assert [copy.get("d") for copy in (*copies, table)] == [None, 9, 1, 2, 2]


def test_a_copy_outlives_what_happens_while_it_is_read(table: Table[str, int]) -> None:
    """Its entries can be walked through while the original changes."""
    seen = []
    for key in table.copy():
        del table[key]
        seen.append(key)
    assert (seen, dict(table)) == (["a", "b", "c"], {})


def test_entries_themselves_are_not_copied() -> None:
    """They are frozen wherever the state of a world holds them."""
    held = [1]
    table = Table({"a": held})
    copy = table.copy()
    copy["b"] = [2]
    assert copy["a"] is table["a"] is held
