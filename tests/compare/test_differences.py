"""The differences of two documents, compared with those of deepdiff, and their lines."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from deepdiff import DeepDiff
from deepdiff.helper import notpresent
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_xbl.compare.alignment import by_xuid
from pytest_xbl.compare.differences import ABSENT, Difference, differences, plain_differences, pointer_of, value_text

XUIDS = ("2533274790000001", "2533274790000002", "2533274790000003")
# Few names and values, and not any JSON: documents share most paths, and names are those that a path has to quote.
NAMES = st.sampled_from(["a", "b", "it's", 'say "b"', "a/b", "a~b", "a.b[0]", "", "0", "__a"])
PLAIN = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.5, 1.0]) | st.sampled_from(["", "a", "1"])
SEARCHABLE = st.lists(st.integers(-2, 4), max_size=4) | st.lists(st.sampled_from("abcd"), max_size=4)
VALUES = st.recursive(
    PLAIN | SEARCHABLE,
    lambda inner: st.dictionaries(NAMES, inner, max_size=3) | st.lists(st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
BAGS = st.dictionaries(NAMES, VALUES, max_size=3)
PEOPLE = st.lists(st.tuples(st.sampled_from(XUIDS), BAGS), max_size=3, unique_by=lambda pair: pair[0])


def document_with(people: list[tuple[str, dict[str, Any]]], **rest: Any) -> dict[str, Any]:
    """A document with these people in this order, each with a custom bag."""
    members = {
        str(index): {"constants": {"system": {"xuid": xuid}}, "gamertag": f"P{xuid[-1]}", "properties": {"custom": bag}}
        for index, (xuid, bag) in enumerate(people)
    }
    return {**rest, "members": members}


DOCUMENTS = st.builds(document_with, PEOPLE, properties=BAGS, constants=BAGS)


def found_by_deepdiff(one: dict[str, Any], other: dict[str, Any]) -> set[tuple[tuple[Any, ...], str, str]]:
    """The path and the values of each difference that it finds in whole documents, members by xuid."""
    depth: dict[str, Any] = {"threshold_to_diff_deeper": 0, "ignore_private_variables": False}
    found = DeepDiff(by_xuid(one), by_xuid(other), view="tree", **depth)

    def text(value: object) -> str:
        return repr(ABSENT if value is notpresent else value)

    return {
        (tuple(level.path(output_format="list")), text(level.t1), text(level.t2))
        for levels in found.values()
        for level in levels
    }


@settings(derandomize=True, deadline=None, max_examples=200)
@given(DOCUMENTS, DOCUMENTS)
def test_the_differences_are_those_that_deepdiff_finds_in_whole_documents(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """Leaving out equal parts first changes nothing (SEEN-1)."""
    found = differences(one, other)
    ours = {(difference.path, repr(difference.expected), repr(difference.got)) for difference in found}
    assert ours == found_by_deepdiff(one, other)
    assert len(ours) == len(found)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(DOCUMENTS, DOCUMENTS)
def test_plain_differences_are_those_of_deepdiff_but_lists_are_whole(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """Each place that deepdiff finds is one of these, or in a list that is; and none is found but these (SEEN-2)."""
    before, after = by_xuid(one), by_xuid(other)
    plain = plain_differences(before, after, {})
    paths = [difference.path for difference in plain]
    found = differences(before, after)
    assert len(paths) == len(set(paths))
    for difference in found:
        within = [path for path in paths if difference.path[: len(path)] == path]
        assert len(within) == 1, difference
        if within == [difference.path]:
            assert difference._replace(pointer="") in [same._replace(pointer="") for same in plain]
    for path in paths:
        assert any(difference.path[: len(path)] == path for difference in found)


def test_plain_differences_come_in_the_order_of_the_document() -> None:
    """With the values of both, the kind of change and the names of members; a list of objects goes by position."""
    one = {"a": {"list": ["x", "y"], "gone": 1}, "members": {XUIDS[0]: {"n": 1}}, "roles": [{"max": 1}, {"max": 2}]}
    other = {"a": {"list": ["y"], "came": 2}, "members": {XUIDS[0]: {"n": 2}}, "roles": [{"max": 1}, {"max": 3}]}
    found = plain_differences(one, other, {XUIDS[0]: "0 (Stacy)"})
    assert list(map(str, found)) == [
        "/a/gone: expected 1, got nothing",
        '/a/list: expected ["x", "y"], got ["y"]',
        "/a/came: expected nothing, got 2",
        "/members/0 (Stacy)/n: expected 1, got 2",
        "/roles/1/max: expected 2, got 3",
    ]
    assert found[-1].path == ("roles", 1, "max")
    assert plain_differences(one, one, {}) == []


@settings(derandomize=True, deadline=None, max_examples=100)
@given(DOCUMENTS, st.permutations(range(3)))
def test_where_members_stand_makes_no_difference(document: dict[str, Any], order: list[int]) -> None:
    """Equal documents have none, in whatever order their members are (SEEN-1)."""
    members = list(document["members"].values())
    shuffled = [members[place] for place in order if place < len(members)]
    again = {**document, "members": {str(index): member for index, member in enumerate(shuffled)}}
    assert differences(document, document) == differences(document, again) == differences(again, document) == []


@pytest.mark.parametrize(
    ("one", "other", "lines"),
    [
        ({"__a": 1}, {"__a": 2}, ["/c/__a: expected 1, got 2"]),
        ([1], [True], ["/c/0: expected 1, got true"]),
        ([1, "a"], [1.0, "a"], ["/c/0: expected 1, got 1.0"]),
        ([0, "a"], [False, "b"], ["/c/0: expected 0, got false", '/c/1: expected "a", got "b"']),
        ([1, 2], [True, 2, 3], ["/c/0: expected 1, got true", "/c/2: expected nothing, got 3"]),
        ({"a": {"b": 1}}, {"b": 1}, ['/c/a: expected {"b": 1}, got nothing', "/c/b: expected nothing, got 1"]),
        (["x", "y"], ["new", "x", "y"], ['/c/0: expected nothing, got "new"']),
    ],
)
def test_differences_that_deepdiff_alone_misses_are_found(one: Any, other: Any, lines: list[str]) -> None:
    """Names that begin with __, and true among numbers; values after an inserted one have only moved (SEEN-1)."""
    assert list(map(str, differences({"c": one}, {"c": other}))) == lines


def test_a_difference_has_parts() -> None:
    """Its place for people and for programs, its kind, and both values (SEEN-2)."""
    one = document_with([(XUIDS[0], {"a": 1})])
    other = document_with([(XUIDS[1], {}), (XUIDS[0], {"a": 2})])
    (changed, joined) = differences(one, other)
    path = ("members", XUIDS[0], "properties", "custom", "a")
    assert changed == Difference("/members/1 (P1)/properties/custom/a", "membersCustomProperty", 1, 2, path)
    assert str(changed) == "/members/1 (P1)/properties/custom/a: expected 1, got 2 [membersCustomProperty]"
    assert changed.line("was", "is") == "/members/1 (P1)/properties/custom/a: was 1, is 2 [membersCustomProperty]"
    assert str(joined) == "/members/0 (P2): expected nothing, got a member (inactive) [membersList]"
    assert (joined.expected, joined.got) == (ABSENT, other["members"]["0"])


def test_differences_stand_in_the_order_of_their_places() -> None:
    """Places in lists by number (SEEN-2)."""
    one = {"b": {"x": 1}, "a": [{"n": number} for number in range(12)]}
    other = {"b": {"x": 2}, "a": [{"n": -1} for _ in range(12)]}
    pointers = [difference.pointer for difference in differences(one, other)]
    assert pointers == [*(f"/a/{number}/n" for number in range(12)), "/b/x"]


def test_the_labels_of_members_may_be_given() -> None:
    """For documents without some of their parts (SEEN-2)."""
    one, other = document_with([(XUIDS[0], {"a": 1})]), document_with([(XUIDS[0], {"a": 2})])
    (difference,) = differences(one, other, {XUIDS[0]: "7 (Stacy)"})
    assert difference.pointer == "/members/7 (Stacy)/properties/custom/a"


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        (("members",), "/members"),
        (("members", "1"), "/members/0 (Ana)"),
        (("members", "2", "a/b", "a~b", 0), "/members/2/a~1b/a~0b/0"),
        (("servers", "1"), "/servers/1"),
    ],
)
def test_a_pointer_names_members(path: tuple[str | int, ...], pointer: str) -> None:
    """All else is escaped as in any JSON pointer (SEEN-2)."""
    assert pointer_of(path, {"1": "0 (Ana)"}) == pointer


@pytest.mark.parametrize(
    ("member", "name"),
    [({"gamertag": "Ana"}, "Ana"), ({"gamertag": ""}, "7"), ({}, "7")],
    ids=["gamertag", "empty", "none"],
)
def test_a_member_is_called_by_gamertag_or_else_by_xuid(member: dict[str, Any], name: str) -> None:
    """Behind the index (SEEN-2)."""
    document = {"members": {"4": {**member, "constants": {"system": {"xuid": "7"}}, "a": 1}, "5": {}}}
    changed = {"members": {"4": {**member, "constants": {"system": {"xuid": "7"}}, "a": 2}, "5": {"a": 1}}}
    assert [one.pointer for one in differences(document, changed)] == ["/members/5/a", f"/members/4 ({name})/a"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (ABSENT, "nothing"),
        (None, "null"),
        (True, "true"),
        (1.0, "1.0"),
        ("é", '"\\u00e9"'),
        ({"a": [1, {"b": None}]}, '{"a": [1, {"b": null}]}'),
        ({"a": ...}, '{"a": Ellipsis}'),
        ({1: 10**5000}, '{"1": an integer of thousands of digits}'),
        ("x" * 58, f'"{"x" * 58}"'),
        ("x" * 59, f'"{"x" * 56}...'),
    ],
)
def test_a_value_is_shown_as_json_of_at_most_sixty_characters(value: Any, text: str) -> None:
    """A value that JSON does not have is shown as Python writes it (SEEN-2)."""
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("name", "pointer"),
    [(1, "/a/1"), (True, "/a/True"), (None, "/a/None"), (10**5000, "/a/an integer of thousands of digits")],
    ids=["integer", "boolean", "none", "huge"],
)
def test_a_name_that_is_no_string_is_shown_as_python_writes_it(name: object, pointer: str) -> None:
    """Nothing that a test can expect breaks the comparison; the path has the name itself (SEEN-2)."""
    (found,) = differences({"a": {name: 1}}, {"a": {name: 2}})
    assert (found.pointer, found.path) == (pointer, ("a", name))


def test_a_member_that_is_not_an_object_is_shown_as_a_value() -> None:
    """Documents need not be valid to be compared (SEEN-2)."""
    assert list(map(str, differences({"members": {"0": 1}}, {"members": {"0": {}}}))) == [
        "/members/0: expected 1, got {} [membersList]"
    ]


def test_deepdiff_is_imported_only_by_a_comparison_that_fails() -> None:
    """A comparison that succeeds does not pay for it (SEEN-1)."""
    code = (
        "import sys\n"
        "from pytest_xbl import XboxLive, any_time, assert_session, diff_sessions\n"
        "world = XboxLive()\n"
        "stacy, ana = world.users('Stacy', 'Ana')\n"
        "session = world.sessions.create('lobby', members=[stacy, ana])\n"
        "expected = {**session.document, 'startTime': any_time}\n"
        "assert_session(session, expected)\n"
        "session.assert_matches({'members': {ana: {'gamertag': 'Ana'}}})\n"
        "session.assert_members({stacy: 'active', ana: 'active'})\n"
        "assert not diff_sessions(session, session) and not session.history.diff(0, -1)\n"
        "print('deepdiff' in sys.modules)\n"
        "assert_session(session, session)\n"
        "expected['startTime'] = ''\n"
        "try:\n    assert_session(session, expected)\n"
        "except AssertionError:\n    print('deepdiff' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


def test_owners_are_shown_by_name() -> None:
    """A document has their indices only; whoever is in neither document has no name (OWN-1)."""
    people: list[tuple[str, dict[str, Any]]] = [(XUIDS[0], {}), (XUIDS[1], {})]
    one, other, both = (
        document_with(people, properties={"system": {"owners": owners}}) for owners in ([0], [1], [1, 7])
    )
    assert [str(difference) for difference in differences(one, other)] == [
        '/properties/system/owners/0: expected "0 (P1)", got "1 (P2)"'
    ]
    assert [str(difference) for difference in differences(other, both)] == [
        "/properties/system/owners/1: expected nothing, got 7"
    ]
    assert [str(difference) for difference in differences({**one, "properties": {"system": {}}}, one)] == [
        '/properties/system/owners: expected nothing, got ["0 (P1)"]'
    ]


def test_those_who_have_a_role_are_shown_by_name() -> None:
    """A document has their xuids (ROLE-2)."""
    one, other = (
        document_with([(XUIDS[0], {})], roleTypes={"lfg": {"roles": {"healer": role}}})
        for role in ({"count": 0}, {"count": 1, "memberXuids": [XUIDS[0]]})
    )
    assert [str(difference) for difference in differences(one, other)] == [
        "/roleTypes/lfg/roles/healer/count: expected 0, got 1 [roles]",
        '/roleTypes/lfg/roles/healer/memberXuids: expected nothing, got ["0 (P1)"] [roles]',
    ]
