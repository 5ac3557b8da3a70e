"""The version that last changed a place in a session document (SEEN-2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_xbl.compare.alignment import Path, by_xuid, is_member
from pytest_xbl.compare.blame import last_changes, value_at
from pytest_xbl.compare.differences import ABSENT
from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import Bag, Member, Session, SessionRef
from pytest_xbl.mpsd.roster import Few
from pytest_xbl.world.histories import Versions
from pytest_xbl.world.state import SessionVersion

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
REF = SessionRef("scid", "lobby", "one")
PROPERTY = ("properties", "custom", "a")
MEMBER = ("members", "10")


@cache
def member(index: int, score: object) -> Member:
    """A member with a score; the same object each time, as a world keeps members that have not changed."""
    constants, custom = Bag({"xuid": str(10 + index)}), {"score": score}
    return Member(index, str(10 + index), "active", NOON, NOON, constants, {}, custom)


def version(
    number: int, value: object = ABSENT, *, branch: int = 1, members: Sequence[Member] = (), turn: Sequence[int] = ()
) -> SessionVersion:
    """A version whose custom property `a` has this value."""
    custom = {} if value is ABSENT else {"a": value}
    properties = Bag({"turn": list(turn)} if turn else {}, custom)
    session = Session(REF, NOON, Bag(), properties, Few(members), 9, incarnation=branch, change_number=number)
    return SessionVersion(REF, NOON, "Ana", "put-session", (), session)


DELETED = SessionVersion(REF, NOON, "Ana", "put-session", (), None)


def document(of: SessionVersion) -> Mapping[str, Any]:
    """The document of a version that has one."""
    assert of.document is not None
    return of.document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), {"a": [{"b": 1}], "c": None}),
        (("a", 0, "b"), 1),
        (("c",), None),
        (("d",), ABSENT),
        (("a", 1), ABSENT),
        (("a", "b"), ABSENT),
        (("c", "d"), ABSENT),
    ],
)
def test_a_path_leads_to_a_value_or_nowhere(path: Path, value: object) -> None:
    """Null is a value (SEEN-2)."""
    assert value_at({"a": [{"b": 1}], "c": None}, path) == value


@pytest.mark.parametrize(
    ("versions", "since"),
    [
        ([version(1, 1)], 0),
        ([version(1, 1), version(2, 2), version(3, 2)], 1),
        ([version(1, 2), version(2, 1), version(3, 2), version(4, 2)], 2),
        ([version(1, 1), version(2, True), version(3, 1)], 2),
        ([version(1), version(2, None)], 1),
        ([version(1, 1), version(2), version(3)], 1),
        ([version(1, 2), DELETED, version(1, 2, branch=2), version(2, 2, branch=2)], 2),
    ],
    ids=["the first", "before the last", "again", "types", "null", "removed", "recreated"],
)
def test_the_version_that_last_changed_a_place_is_found(versions: list[SessionVersion], since: int) -> None:
    """A deletion ends the search (SEEN-2)."""
    assert last_changes([PROPERTY], document(versions[-1]), versions) == {PROPERTY: versions[since]}


@pytest.mark.parametrize("versions", [[], [version(1, 1, branch=2)]], ids=["no versions", "another session"])
def test_a_document_of_no_version_blames_none(versions: list[SessionVersion]) -> None:
    """Nor does a document that a test has changed (SEEN-2)."""
    shown = document(version(1, 1))
    assert last_changes([PROPERTY], shown, versions) == {}
    changed = {**shown, "properties": {"custom": {"a": 2}}, "members": None}
    assert last_changes([PROPERTY, MEMBER], changed, [version(1, 1, members=[member(0, 1)])]) == {}


def test_what_may_be_older_than_the_versions_that_are_left_is_blamed_on_none() -> None:
    """Only what has changed since the first of these is known (SEEN-2, SEEN-18)."""
    versions = Versions([version(4, 1), version(5, 2), version(6, 2)], gap="3 earlier versions were let go")
    since = last_changes([PROPERTY, ("constants", "custom")], document(versions[-1]), versions)
    assert since == {PROPERTY: versions[1]}
    assert last_changes([PROPERTY], document(versions[0]), versions[:1]) == {PROPERTY: versions[0]}


# Few values, and no histories of requests: a path often goes back to what it was, and a branch begins again.
VALUES = st.sampled_from([ABSENT, None, 1, True, 1.0, {"b": 1}, {"b": True}, [1]])
MEMBERS = st.lists(st.builds(member, st.integers(0, 2), st.integers(0, 1)), max_size=3, unique_by=lambda one: one.index)
STATES = st.tuples(VALUES, MEMBERS, st.lists(st.integers(0, 2), max_size=1))
HISTORIES = st.lists(st.none() | STATES, min_size=1, max_size=8)


def versions_of(states: Sequence[Any]) -> Iterator[SessionVersion]:
    """A version for each state; None is a deletion."""
    branch, number = 1, 0
    for state in states:
        branch, number = (branch + 1, 0) if state is None else (branch, number + 1)
        if state is None:
            yield DELETED
        else:
            value, members, turn = state
            ordered = sorted(members, key=lambda one: one.index)
            yield version(number, value, branch=branch, members=ordered, turn=turn)


def paths_in(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every path in a document."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield (*path, name)
        yield from paths_in(inner, (*path, name))


def last_change(path: Path, shown: Mapping[str, Any], versions: Sequence[SessionVersion]) -> SessionVersion | None:
    """The plain definition: the oldest version in an unbroken row in which the path has the value of the last one."""

    def value_in(of: Mapping[str, Any]) -> object:
        value = value_at(by_xuid(of), path)
        return value is not ABSENT if is_member(path) else value

    found = None
    for one in reversed(versions):
        if one.document is None or not same(value_in(one.document), value_in(shown)):
            break
        found = one
    return found


@settings(derandomize=True, deadline=None, max_examples=150)
@given(HISTORIES)
def test_all_paths_together_are_as_each_alone_by_the_plain_definition(states: list[Any]) -> None:
    """Every path, from every document: without later versions, and a member since they came (SEEN-2)."""
    versions = list(versions_of(states))
    documents = [one.document for one in versions if one.document]
    paths = {path for one in documents for path in paths_in(by_xuid(one))}
    for place, one in enumerate(versions):
        if one.document:
            row = versions[: place + 1]
            expected = {path: last_change(path, one.document, row) for path in paths}
            assert last_changes(paths, one.document, versions) == expected
