"""What tests say of session documents, in the words that they fail with."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest

from pytest_xbl import (
    VOLATILE,
    SessionDiff,
    SessionView,
    User,
    XblError,
    XboxLive,
    any_time,
    assert_session,
    diff_sessions,
)
from pytest_xbl.compare.assertions import assert_members, explain_unequal

HEAD = "The session is not as expected:"
BY_TEST = "; since #1 12:00:00 create by the test"
BY_ANA = "; since #2 12:00:05 put-session by Ana"
PROPERTY = "[membersCustomProperty]"


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first."""
    return xbl.user("Stacy")


@pytest.fixture
def ana(xbl: XboxLive) -> User:
    """The second."""
    return xbl.user("Ana")


@pytest.fixture
def one(xbl: XboxLive, stacy: User, ana: User) -> SessionView:
    """A lobby of both, in which Ana has written a score five seconds later."""
    session = xbl.sessions.create("lobby", name="one", members=[stacy, ana])
    xbl.clock.advance(seconds=5)
    body = {"members": {"me": {"properties": {"custom": {"score": 1}}}}}
    assert xbl.client(ana).put(session.ref.path, json=body).status_code == 200
    return session


def plain(value: Any) -> Any:
    """A copy to write in."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return value


def told(actual: Any, expected: Any, **options: Any) -> list[str]:
    """The lines with which the comparison fails."""
    with pytest.raises(AssertionError) as error:
        assert_session(actual, expected, **options)
    return str(error.value).splitlines()


def shuffled(document: dict[str, Any]) -> dict[str, Any]:
    """The same members under other indices."""
    return {**document, "members": {"5": document["members"]["1"], "6": document["members"]["0"]}}


# assert_session


def test_a_session_is_as_it_is(one: SessionView) -> None:
    """As a view, as a document, as a plain dict; and wherever its members stand (SEEN-1)."""
    document = one.document
    for actual in (one, document, plain(document)):
        for expected in (one.document, plain(document), shuffled(document)):
            assert_session(actual, expected)


@pytest.mark.parametrize("part", ["constants", "properties", "members", "changeNumber", "membersInfo"])
def test_a_matcher_may_stand_for_a_whole_part(one: SessionView, part: str) -> None:
    """Also for one that makes a dict a session document (SEEN-1)."""
    assert_session(one, {**one.document, part: ANY})


def test_a_failure_has_a_line_for_each_difference(one: SessionView, stacy: User, ana: User) -> None:
    """With the write that made it so, and by whom (SEEN-2)."""
    expected = plain(one.document)
    expected["changeNumber"] = 2.0
    expected["members"]["0"]["properties"]["custom"] = {"score": 5}
    expected["members"]["1"]["properties"] = {"system": {}, "custom": {"score": 2}}
    expected["properties"]["custom"] = {"map": any_time}
    assert told(one, expected) == [
        HEAD,
        f"/changeNumber: expected 2.0, got 2{BY_ANA}",
        f"/members/0 (Stacy)/properties/custom/score: expected 5, got nothing [membersCustomProperty]{BY_TEST}",
        f"/members/1 (Ana)/properties/custom/score: expected 2, got 1 [membersCustomProperty]{BY_ANA}",
        f"/members/1 (Ana)/properties/system/active: expected nothing, got true [membersStatus]{BY_TEST}",
        f"/properties/custom/map: expected any_time, got nothing [customProperty]{BY_TEST}",
    ]


def test_a_plain_document_knows_no_past(one: SessionView) -> None:
    """So the line says nothing of it (SEEN-2)."""
    assert told(plain(one.document), {**one.document, "changeNumber": 7}) == [
        HEAD,
        "/changeNumber: expected 7, got 2",
    ]


def test_a_document_keeps_the_past_that_it_had(xbl: XboxLive, one: SessionView, stacy: User) -> None:
    """What came later is not blamed (SEEN-2)."""
    document = one.document
    xbl.client(stacy).put(one.ref.path, json={"properties": {"custom": {"a": 1}}})
    assert told(document, {**document, "changeNumber": 7}) == [
        HEAD,
        f"/changeNumber: expected 7, got 2{BY_ANA}",
    ]


def test_members_that_are_missing_or_too_many_are_told_whole(one: SessionView, stacy: User) -> None:
    """With their status, and where they stand in what is there (SEEN-2)."""
    expected = plain(one.document)
    xuid = "2533274790000009"
    expected["members"] = {"0": expected["members"]["1"], "3": {"constants": {"system": {"xuid": xuid}}}}
    assert told(one, expected) == [
        HEAD,
        f"/members/0 (Stacy): expected nothing, got a member (active) [membersList]{BY_TEST}",
        f"/members/3 ({xuid}): expected a member (inactive), got nothing [membersList]{BY_TEST}",
    ]


def test_a_pointer_is_one_into_what_is_there(one: SessionView) -> None:
    """Also where the expected document has its members elsewhere (SEEN-2)."""
    expected = shuffled(plain(one.document))
    expected["members"]["5"]["gamertag"] = "Bea"
    assert told(one, expected) == [
        HEAD,
        f'/members/1 (Ana)/gamertag: expected "Bea", got "Ana"{BY_TEST}',
    ]


def test_what_is_ignored_is_listed(one: SessionView) -> None:
    """Where the comparison fails for something else (SEEN-3)."""
    expected = {**plain(one.document), "changeNumber": 7, "startTime": "", "branch": ""}
    assert_session(one, expected, ignore=VOLATILE)
    expected["properties"] = {**expected["properties"], "custom": {"a": 1}}
    assert told(one, expected, ignore=VOLATILE) == [
        HEAD,
        f"/properties/custom/a: expected 1, got nothing [customProperty]{BY_TEST}",
        "Ignored: /correlationId, /branch, /changeNumber, /startTime, /members/0/joinTime, /members/1/joinTime",
    ]


def test_nothing_is_ignored_unless_the_test_says_so(one: SessionView) -> None:
    """Not even numbers and times; one pattern need not stand in a list (SEEN-3)."""
    expected = {**one.document, "startTime": ""}
    assert told(one, expected)[1].startswith('/startTime: expected "", got "2026-01-01T12:00:00.0000000Z"; since #1')
    assert_session(one, expected, ignore="/startTime")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, ": a dict, or a session; got None."),
        ([], ": a dict, or a session; got []."),
        ("one", ": a dict, or a session; got 'one'."),
        ({}, ": it has no constants; it has ."),
        ({"constants": {}, "properties": []}, ": it has no properties; it has constants, properties."),
        ({"constants": {}, "properties": {}, 1: 2}, ": it has no members; it has constants, properties, 1."),
    ],
)
def test_what_is_no_session_document_is_an_error(one: SessionView, value: Any, problem: str) -> None:
    """On either side, and for differences, too (SEEN-1)."""
    for name, compare in (
        ("actual", lambda: assert_session(value, one.document)),
        ("expected", lambda: assert_session(one, value)),
        ("old", lambda: diff_sessions(value, one)),
        ("new", lambda: diff_sessions(one, value)),
    ):
        with pytest.raises(XblError) as error:
            compare()
        assert str(error.value) == f"{name} is no session document{problem}"


def test_a_pattern_that_fits_nothing_is_an_error(one: SessionView) -> None:
    """It may be misspelt, and hides nothing then (SEEN-3)."""
    for compare in (assert_session, diff_sessions):
        with pytest.raises(XblError, match=r"^Nothing fits '/startTimes', so it cannot be ignored; there is /contract"):
            compare(one, one.document, ignore=["/startTimes"])


# diff_sessions


def test_two_sessions_can_be_compared(xbl: XboxLive, one: SessionView, ana: User) -> None:
    """What every run has otherwise is left out, unless the test says so (SEEN-2, SEEN-3)."""
    before = one.document
    xbl.client(ana).put(one.ref.path, json={"properties": {"custom": {"a": 1}}})
    found = diff_sessions(before, one)
    assert isinstance(found, SessionDiff)
    assert str(found) == "/properties/custom/a: was nothing, is 1 [customProperty]"
    assert found.kinds == {"customProperty"}
    every = diff_sessions(before, one, ignore=())
    assert str(every.pop(0)) == "/changeNumber: expected 2, got 3"
    assert every == found


def test_one_pattern_need_not_stand_in_a_list(one: SessionView) -> None:
    """As in assert_session (SEEN-3)."""
    assert diff_sessions(one, {**one.document, "branch": ""}, ignore="/branch") == []


def test_no_differences_are_an_empty_list(one: SessionView) -> None:
    """Without lines and kinds (SEEN-1)."""
    found = diff_sessions(one, shuffled(one.document))
    assert (found, str(found), found.kinds) == ([], "", frozenset())


def test_kinds_are_those_that_have_names(one: SessionView) -> None:
    """A change that nobody can subscribe to has none (TAP-1)."""
    changed = plain(one.document)
    changed["constants"]["custom"] = {"a": 1}
    changed["members"].popitem()
    changed["properties"]["system"]["closed"] = True
    assert diff_sessions(one, changed).kinds == {"membersList", "joinability"}


# ==


def test_equality_is_explained_from_either_side(one: SessionView) -> None:
    """The session that knows its past is the one that is there (SEEN-2)."""
    other = {**plain(one.document), "changeNumber": 7}
    lines = [HEAD, f"/changeNumber: expected 7, got 2{BY_ANA}"]
    assert explain_unequal(one.document, other) == explain_unequal(other, one.document) == lines


@pytest.mark.parametrize("other", [None, [], "one", 1])
def test_what_is_nothing_like_a_session_is_not_explained(one: SessionView, other: object) -> None:
    """Pytest's own words will do (SEEN-2)."""
    assert explain_unequal(one.document, other) is None
    assert explain_unequal(other, one.document) is None


def test_other_indices_are_not_explained(one: SessionView) -> None:
    """A dict with them is not equal, and yet nothing differs between the members (SEEN-1)."""
    other = shuffled(one.document)
    assert one.document != other
    assert explain_unequal(one.document, other) is None


# assert_members


def test_members_without_a_gamertag_are_told_by_xuid(one: SessionView, ana: User) -> None:
    """As are those that the test names so (SEEN-2)."""
    document = plain(one.document)
    del document["members"]["0"]["gamertag"]
    with pytest.raises(AssertionError) as error:
        assert_members(document, {"123": "active", ana: "active"})
    assert str(error.value).splitlines() == [
        "The members are not as expected:",
        "123: expected active, got nobody",
        "2533274790000001: expected nobody, got active",
    ]
