"""How bags are merged, and how they differ."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_xbl.mpsd.bags import Deviation, deviations, differs, joined, merged, merged_fields
from pytest_xbl.mpsd.model import EMPTY_BAG, Bag
from pytest_xbl.mpsd.shapes import same

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

LEAVES = [None, False, True, 0, 1, 0.0, 1.0, "", "a"]
VALUES = st.sampled_from([*LEAVES, [], {}, *([leaf] for leaf in LEAVES), *({"x": leaf} for leaf in LEAVES)])
NAMES = st.sampled_from(["", "a", "b", "a/b"])
CHANGES = st.dictionaries(NAMES, VALUES, max_size=4)
HELD = st.dictionaries(NAMES, VALUES.filter(lambda value: value is not None), max_size=4)


# --- merging


@pytest.mark.parametrize(
    ("held", "changes", "after"),
    [
        pytest.param({}, {"a": 1}, {"a": 1}, id="a new field"),
        pytest.param({"a": 1}, {"a": 2}, {"a": 2}, id="a field replaced"),
        pytest.param({"a": 1, "b": 2}, {"a": None}, {"b": 2}, id="a field removed"),
        pytest.param({"a": 1}, {"a": None}, {}, id="the last field removed"),
        pytest.param({"a": 1, "b": 2}, {"a": None, "b": 3, "c": 4}, {"b": 3, "c": 4}, id="all at once"),
        pytest.param({"a": {"x": 1, "y": 2}}, {"a": {"x": 3}}, {"a": {"x": 3}}, id="an object replaced as a whole"),
        pytest.param({"a": {"x": 1}}, {"a": {}}, {"a": {}}, id="an object emptied"),
        pytest.param({"a": {"x": 1}}, {"a": {"x": None}}, {"a": {"x": None}}, id="null inside an object is data"),
        pytest.param({"a": [1, 2]}, {"a": [2]}, {"a": [2]}, id="a list replaced as a whole"),
        pytest.param({"a": [1]}, {"a": [None]}, {"a": [None]}, id="null inside a list is data"),
        pytest.param({"a": {"x": None}, "b": 1}, {"b": 2}, {"a": {"x": None}, "b": 2}, id="data that is null stays"),
        pytest.param({"a": None, "b": 1}, {"b": 2}, {"a": None, "b": 2}, id="a field kept unset stays so"),
        pytest.param({"a": 1}, {"a": {"x": 1}}, {"a": {"x": 1}}, id="another type"),
        pytest.param({"a": 1}, {"A": 2}, {"a": 1, "A": 2}, id="names differ by case"),
        pytest.param({"": 1, "a/b": 1, "~": 1}, {"": 2, "a/b": None}, {"": 2, "~": 1}, id="odd names"),
        pytest.param({"a": 0}, {"a": None}, {}, id="0 removed"),
        pytest.param({"a": False}, {"a": None}, {}, id="false removed"),
        pytest.param({"a": ""}, {"a": None}, {}, id="an empty string removed"),
        pytest.param({"a": {}}, {"a": None}, {}, id="an empty object removed"),
    ],
)
def test_fields_are_replaced_as_a_whole_and_removed_by_null(
    held: dict[str, Any], changes: dict[str, Any], after: dict[str, Any]
) -> None:
    """Every field of a bag is replaced as a whole, null removes it, and what lies deeper is data (PUT-5)."""
    before = deepcopy(held)
    assert merged_fields(held, changes) == after
    assert held == before


@pytest.mark.parametrize(
    ("held", "changes"),
    [
        pytest.param({}, {}, id="nothing of nothing"),
        pytest.param({"a": 1}, {}, id="nothing"),
        pytest.param({"a": 1}, {"a": 1}, id="the same value"),
        pytest.param({"a": {"x": [1, None]}, "b": 2}, {"a": {"x": [1, None]}}, id="the same value, deep"),
        pytest.param({"a": {"x": 1, "y": 2}}, {"a": {"y": 2, "x": 1}}, id="another order of fields"),
        pytest.param({"a": 1}, {"b": None}, id="a field removed that is not there"),
        pytest.param({}, {"": None}, id="a field without a name removed that is not there"),
    ],
)
def test_what_changes_nothing_leaves_the_very_same_fields(held: dict[str, Any], changes: dict[str, Any]) -> None:
    """A write that changes nothing is told by what comes back: the same object (PUT-9, PUT-2)."""
    assert merged_fields(held, changes) is held


@pytest.mark.parametrize(
    ("held", "asked"),
    [(True, 1), (1, True), (1, 1.0), (1.0, 1), (True, 1.0), (0, False), (False, 0), (0, 0.0), ([1], [True])],
    ids=json.dumps,
)
def test_a_value_of_another_type_is_a_change(held: Any, asked: Any) -> None:
    """True, 1 and 1.0 are three values, alone and inside others (PUT-5, CALL-9)."""
    after = merged_fields({"a": held, "b": {"c": held}}, {"a": asked, "b": {"c": asked}})
    assert json.dumps(after) == json.dumps({"a": asked, "b": {"c": asked}})
    assert differs({"a": held}, "a", asked)


def test_both_parts_of_a_bag_are_merged() -> None:
    """`system` and `custom` are merged alike, each on its own (PUT-5)."""
    held = Bag({"a": 1, "b": 1}, {"a": 1, "b": 1})
    after = merged(held, Bag({"a": 2}, {"b": None}))
    assert (after.system, after.custom) == ({"a": 2, "b": 1}, {"a": 1})
    assert (held.system, held.custom) == ({"a": 1, "b": 1}, {"a": 1, "b": 1})


@pytest.mark.parametrize(
    ("changes", "system_is_kept", "custom_is_kept"),
    [(Bag({"a": 2}), False, True), (Bag({}, {"a": 2}), True, False), (Bag({"a": 2}, {"a": 2}), False, False)],
    ids=["system", "custom", "both"],
)
def test_a_part_that_does_not_change_is_shared(changes: Bag, system_is_kept: bool, custom_is_kept: bool) -> None:
    """A changed bag shares the part that did not change with the one before (PUT-5)."""
    held = Bag({"a": 1}, {"a": 1})
    after = merged(held, changes)
    assert after is not held
    assert (after.system is held.system, after.custom is held.custom) == (system_is_kept, custom_is_kept)


@pytest.mark.parametrize(
    "changes",
    [Bag({"a": 1, "z": None}, {"b": {"c": None}}), Bag(), EMPTY_BAG],
    ids=["the same values", "no fields", "no bag"],
)
def test_a_bag_that_does_not_change_is_the_very_same(changes: Bag) -> None:
    """A bag that a write does not change comes back as the same object (PUT-9)."""
    held = Bag({"a": 1}, {"b": {"c": None}})
    assert merged(held, changes) is held


def test_a_bag_that_changes_forgets_its_text() -> None:
    """The text that a bag was rendered to is not that of the bag after a change (PUT-9)."""
    held = Bag({"a": 1})
    held.once(107, lambda: "text")
    assert merged(held, Bag({"a": 2})).once(107, lambda: "new text") == "new text"


@settings(derandomize=True, deadline=None, max_examples=200)
@given(HELD, CHANGES)
def test_merging_is_idempotent(held: dict[str, Any], changes: dict[str, Any]) -> None:
    """The same changes again change nothing more (PUT-2)."""
    after = merged_fields(held, changes)
    assert merged_fields(after, changes) is after


@settings(derandomize=True, deadline=None, max_examples=200)
@given(HELD, CHANGES)
def test_merging_does_what_is_asked_and_nothing_else(held: dict[str, Any], changes: dict[str, Any]) -> None:
    """Fields named are as asked afterwards, fields set to null are gone, and all others are untouched (PUT-5)."""
    after = merged_fields(held, changes)
    assert {name for name in changes if changes[name] is None}.isdisjoint(after)
    assert all(same(after[name], value) for name, value in changes.items() if value is not None)
    assert {n: v for n, v in after.items() if n not in changes} == {n: v for n, v in held.items() if n not in changes}
    assert (after is held) == same(after, held)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(HELD, CHANGES, CHANGES)
def test_two_merges_are_one_of_both(held: dict[str, Any], one: dict[str, Any], two: dict[str, Any]) -> None:
    """Changes written one after the other come to what all of them at once do, the later ones winning (PUT-5)."""
    assert same(merged_fields(merged_fields(held, one), two), merged_fields(held, {**one, **two}))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(HELD, HELD, CHANGES, CHANGES)
def test_after_a_merge_nothing_differs(
    system: dict[str, Any], custom: dict[str, Any], changes: dict[str, Any], others: dict[str, Any]
) -> None:
    """What has been merged is no difference any more (PUT-2, PUT-5)."""
    asked = Bag(changes, others)
    assert list(deviations(merged(Bag(system, custom), asked), asked)) == []


# --- adding constants


@pytest.mark.parametrize(
    ("held", "added", "after"),
    [
        pytest.param(({"xuid": "1"}, {}), ({}, {}), ({"xuid": "1"}, {}), id="nothing"),
        pytest.param(
            ({"xuid": "1"}, {"a": 1}),
            ({"initialize": True, "x": None}, {"b": 2, "c": None}),
            ({"xuid": "1", "initialize": True}, {"a": 1, "b": 2}),
            id="fields",
        ),
        pytest.param(({}, {}), ({}, "red"), ({}, "red"), id="a string"),
        pytest.param(({}, "red"), ({"x": 1}, {}), ({"x": 1}, "red"), id="nothing to a string"),
        pytest.param(({}, {}), ({}, 0), ({}, 0), id="zero"),
        pytest.param(({}, None), ({}, {"a": 1}), ({}, {"a": 1}), id="fields to null"),
        pytest.param(({}, "red"), ({}, []), ({}, []), id="an empty list"),
    ],
)
def test_constants_are_added_to_constants(
    held: tuple[Any, Any], added: tuple[Any, Any], after: tuple[Any, Any]
) -> None:
    """Constants of a reservation and of the one who takes it up come together; null adds nothing (MEMB-17, MEMB-6)."""
    both = joined(Bag(*held), Bag(*added))
    assert (both.system, both.custom) == after


def test_no_constants_added_leave_the_very_same_ones() -> None:
    """Who brings no constants has those of the reservation (MEMB-17)."""
    held = Bag({"xuid": "1"}, "red")
    assert joined(held, EMPTY_BAG) is held


@pytest.mark.parametrize(
    ("difference", "adds"),
    [
        (Deviation("system", "initialize", None, True), True),
        (Deviation("system", "initialize", False, True), False),
        (Deviation("custom", "a", {}, 1), False),
        (Deviation("custom", None, {}, "red"), True),
        (Deviation("custom", None, None, "red"), True),
        (Deviation("custom", None, {"a": 1}, "red"), False),
        (Deviation("custom", None, "", "red"), False),
    ],
    ids=["unset", "false", "an empty field", "no custom", "null", "some custom", "an empty string"],
)
def test_a_difference_adds_where_nothing_is_held(difference: Deviation, adds: bool) -> None:
    """What is asked for where there is nothing yet is added, and takes nothing away (MEMB-17)."""
    assert difference.adds is adds


# --- differences


@pytest.mark.parametrize(
    ("held", "value", "answer"),
    [
        pytest.param({}, 1, True, id="not there"),
        pytest.param({}, None, False, id="not there, and not wanted"),
        pytest.param({"a": None}, None, False, id="kept unset, and not wanted"),
        pytest.param({"a": None}, 0, True, id="kept unset, and wanted"),
        pytest.param({"a": 0}, None, True, id="there, and not wanted"),
        pytest.param({"a": 0}, 0, False, id="as wanted"),
        pytest.param({"a": 0}, 1, True, id="otherwise"),
        pytest.param({"a": {}}, [], True, id="of another type"),
    ],
)
def test_a_field_differs_if_it_would_have_to_change(held: dict[str, Any], value: Any, answer: bool) -> None:
    """Null asks for a field to be gone, and a field that is gone or kept unset is so already (PUT-5, TMPL-5)."""
    assert differs(held, "a", value) is answer


def test_differences_name_part_field_and_both_values() -> None:
    """Constants that are asked to be otherwise are found field by field, in both parts (TMPL-3, TMPL-4)."""
    held = Bag({"version": 1, "visibility": "open"}, {"map": "dunes", "mode": {"x": 1}})
    asked = Bag({"visibility": "private", "version": 1}, {"mode": {"x": True}, "map": None, "new": 0})
    assert list(deviations(held, asked)) == [
        Deviation("system", "visibility", "open", "private"),
        Deviation("custom", "mode", {"x": 1}, {"x": True}),
        Deviation("custom", "map", "dunes", None),
        Deviation("custom", "new", None, 0),
    ]


@pytest.mark.parametrize(
    ("held", "asked", "found"),
    [
        pytest.param("red", "red", [], id="the same string"),
        pytest.param("red", "blue", [Deviation("custom", None, "red", "blue")], id="another string"),
        pytest.param("red", {"a": 1}, [Deviation("custom", None, "red", {"a": 1})], id="an object for a string"),
        pytest.param("red", {}, [], id="nothing asked"),
        pytest.param("red", [], [Deviation("custom", None, "red", [])], id="an empty list for a string"),
        pytest.param({"a": 1}, "red", [Deviation("custom", None, {"a": 1}, "red")], id="a string for an object"),
        pytest.param(1, True, [Deviation("custom", None, 1, True)], id="another type"),
        pytest.param(None, None, [], id="null"),
        pytest.param([1], [1], [], id="the same list"),
    ],
)
def test_custom_constants_that_are_no_object_differ_as_a_whole(held: Any, asked: Any, found: list[Deviation]) -> None:
    """The custom constants of a member may be any JSON, and then compare as one value; `{}` asks for none (MEMB-6)."""
    assert list(deviations(Bag({}, held), Bag({}, asked))) == found


@pytest.mark.parametrize("held", [Bag(), Bag({"version": 1}, {"a": 1}), Bag({"xuid": "1"}, "red")])
def test_who_asks_for_nothing_asks_for_nothing_else(held: Bag) -> None:
    """A body without constants asks for none to be otherwise, whatever is held (TMPL-4, MEMB-6)."""
    assert list(deviations(held, EMPTY_BAG)) == []


@pytest.mark.parametrize(
    ("difference", "path"),
    [
        (Deviation("system", "visibility", 1, 2), ("system", "visibility")),
        (Deviation("custom", "", 1, 2), ("custom", "")),
    ],
    ids=["a plain name", "a field without a name"],
)
def test_a_difference_leads_to_its_field(difference: Deviation, path: tuple[str, ...]) -> None:
    """The path of a difference leads from the bag to the field (CALL-6)."""
    assert difference.path == path


def test_a_difference_of_the_whole_leads_to_the_part() -> None:
    """Where `custom` as a whole differs the path leads to it and no further (CALL-6, MEMB-6)."""
    (odd,) = deviations(Bag({}, "red"), Bag({}, "blue"))
    assert odd.path == ("custom",)


# --- a session's bags


@pytest.mark.parametrize("custom", ["red", 1, True, ["red"]], ids=json.dumps)
def test_custom_constants_that_are_left_out_are_not_asked_for(stage: Stage, custom: Any) -> None:
    """Who repeats their system constants and leaves the custom ones out changes nothing (PUT-12, MEMB-6)."""
    system = {"xuid": stage.caller("Ann").xuid}
    body = {"constants": {"system": system, "custom": custom}, "properties": {"system": {"active": True}}}
    joined = stage.put("Ann", {"members": {"me": body}})
    assert stage.put("Ann", {"members": {"me": {"constants": {"system": system}}}}) is joined


def test_a_session_whose_write_changes_nothing_is_the_very_same(stage: Stage) -> None:
    """The same body again changes nothing more, so the session stays the same object (PUT-2, PUT-9)."""
    stage.join("Ann")
    body = {"properties": {"system": {"closed": True, "host": None}, "custom": {"a": {"b": None}, "gone": None}}}
    after = stage.put("Ann", body)
    assert stage.put("Ann", body) is after
    assert stage.document()["changeNumber"] == 2


def test_a_session_tells_true_from_1(stage: Stage) -> None:
    """A custom property of true that is written as 1, then as 1.0, changes twice (PUT-5, PUT-9)."""
    stage.join("Ann")
    for value, number in [(True, 2), (1, 3), (1.0, 4), (1.0, 4)]:
        stage.put("Ann", {"properties": {"custom": {"flag": value}}})
        document = stage.document()
        assert document["changeNumber"] == number
        assert json.dumps(document["properties"]["custom"]) == json.dumps({"flag": value})


def test_bags_of_members_are_merged_like_the_sessions(stage: Stage) -> None:
    """Custom properties of a member are replaced field by field, and removed by null (PUT-5, MEMB-7)."""
    stage.join("Ann")
    for custom in ({"a": {"x": 1}, "b": 1}, {"a": {"y": None}, "b": None, "c": [None]}):
        stage.put("Ann", {"members": {"me": {"properties": {"custom": custom}}}})
    assert stage.document()["members"]["0"]["properties"]["custom"] == {"a": {"y": None}, "c": [None]}


def test_subscriptions_are_added_and_removed_one_by_one(stage: Stage) -> None:
    """The field `subscriptions` is the exception: its entries are merged one by one (PUT-5)."""
    one, two = "5c1d0000-0000-4000-8000-000000000001", "5c1d0000-0000-4000-8000-000000000002"
    stage.join("Ann")
    for changes in ({one: {"profile": "roster"}}, {two: {"profile": "host"}}, {one: None}):
        stage.put("Ann", {"members": {"me": {"properties": {"system": {"subscriptions": changes}}}}})
    assert stage.document()["members"]["0"]["properties"]["system"] == {
        "active": True,
        "subscriptions": {two: {"profile": "host"}},
    }
