"""How versions read, and since which of them something is as it is."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, NamedTuple, get_args

import pytest

from pytest_xbl.compare.differences import NOTHING, Path
from pytest_xbl.compare.log import SENTENCES, log_line, made_by, told_effect, value_at, who_made
from pytest_xbl.mpsd.effects import (
    Effect,
    HostCleared,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    SessionCreated,
    SessionDeleted,
)

NAMES = {"1": "Ana"}


class Entry(NamedTuple):
    """A version that a test writes down."""

    number: int | None
    document: dict[str, Any] | None
    caller: str = "Ana"
    operation: str = "put-session"
    effects: tuple[Effect, ...] = ()
    time: datetime = datetime(2026, 1, 1, 12, 0, 5, tzinfo=timezone.utc)


def version(number: int, value: object, branch: str = "b") -> Entry:
    """A version whose custom property has this value."""
    custom = {} if value is NOTHING else {"a": value}
    return Entry(number, {"changeNumber": number, "branch": branch, "properties": {"custom": custom}})


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        (SessionCreated(), "session created"),
        (SessionDeleted(), "session deleted"),
        (MemberReserved("1"), "a place reserved for Ana"),
        (MemberJoined("1"), "Ana joined"),
        (MemberJoined("2"), "2 joined"),
        (MemberStatusChanged("1", "active", "inactive"), "Ana became inactive"),
        (MemberLeft("1", "left"), "Ana left"),
        (MemberLeft("1", "timeout"), "Ana gone: timeout"),
        (HostCleared("device"), "host cleared"),
    ],
)
def test_an_effect_is_told_in_words(effect: Effect, told: str) -> None:
    """With names of people, and the xuids of those who have none (SEEN-2)."""
    assert told_effect(effect, NAMES) == told


def test_every_effect_can_be_told() -> None:
    """None is without words (SEEN-2)."""
    assert set(SENTENCES) == set(get_args(Effect))


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (Entry(1, {}, effects=(SessionCreated(), MemberJoined("1"))), "#1 12:00:05 put-session by Ana: {}"),
        (Entry(2, {}), "#2 12:00:05 put-session by Ana"),
        (Entry(3, {}, caller="", operation="timer"), "#3 12:00:05 timer"),
        (Entry(None, None, caller="", operation="timer"), "deleted 12:00:05 timer"),
    ],
    ids=["effects", "none", "a timer", "deleted"],
)
def test_a_version_is_a_line(entry: Entry, line: str) -> None:
    """Number, time, operation, caller, and what came of it (SEEN-2)."""
    assert log_line(entry, NAMES) == line.format("session created, Ana joined")
    assert made_by(entry) == line.partition(": ")[0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), {"a": [{"b": 1}], "c": None}),
        (("a", 0, "b"), 1),
        (("c",), None),
        (("d",), NOTHING),
        (("a", 1), NOTHING),
        (("a", "b"), NOTHING),
        (("c", "d"), NOTHING),
    ],
)
def test_something_or_nothing_stands_at_a_path(path: Path, value: object) -> None:
    """A null is something (SEEN-2)."""
    assert value_at({"a": [{"b": 1}], "c": None}, path) == value


DELETED = Entry(None, None)


@pytest.mark.parametrize(
    ("versions", "since"),
    [
        ([], None),
        ([version(1, 1)], 0),
        ([version(1, 1), version(2, 2)], 1),
        ([version(1, 1), version(2, 2), version(3, 2)], 1),
        ([version(1, 2), version(2, 1), version(3, 2), version(4, 2)], 2),
        ([version(1, 1), version(2, True), version(3, 1)], 2),
        ([version(1, NOTHING), version(2, None)], 1),
        ([version(1, 1), version(2, NOTHING), version(3, NOTHING)], 1),
        ([version(1, 2), DELETED, version(1, 2, "c"), version(2, 2, "c")], 2),
    ],
    ids=["none", "the first", "the last", "before the last", "again", "types", "null", "taken out", "made again"],
)
def test_a_place_is_as_it_is_since_a_version(versions: list[Entry], since: int | None) -> None:
    """The one that changed it last (SEEN-2)."""
    document = versions[-1].document if versions else {}
    found = who_made(("properties", "custom", "a"), document or {}, versions)
    assert found is (None if since is None else versions[since])


@pytest.mark.parametrize("later", [[version(3, 9)], [DELETED], [DELETED, version(2, 9, "c")]])
def test_an_older_document_knows_nothing_of_what_came_later(later: list[Entry]) -> None:
    """It is found among the versions by number and branch (SEEN-2)."""
    versions = [version(1, 1), version(2, 2)]
    assert who_made(("properties", "custom", "a"), versions[1].document or {}, [*versions, *later]) is versions[1]


def test_a_document_of_another_session_was_made_by_none() -> None:
    """Nobody is blamed for it (SEEN-2)."""
    document = {"changeNumber": 1, "branch": "another", "properties": {"custom": {"a": 1}}}
    assert who_made(("properties", "custom", "a"), document, [version(1, 1)]) is None
