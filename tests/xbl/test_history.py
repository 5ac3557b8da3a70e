"""The history of a session, printed as a log and compared version by version."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import ACTIVE, LEAVE, score
from errors import error_of
from pytest_xbl import SessionView, User, XboxLive


@pytest.fixture
def people(xbl: XboxLive) -> dict[str, User]:
    """Stacy, Ana and Bob."""
    return {name: xbl.user(name) for name in ("Stacy", "Ana", "Bob")}


@pytest.fixture
def one(xbl: XboxLive, people: dict[str, User]) -> SessionView:
    """A lobby of Stacy and Ana, in which Ana has written a score five seconds later."""
    session = xbl.sessions.create("lobby", name="one", members=[people["Stacy"], people["Ana"]])
    xbl.clock.advance(seconds=5)
    write(xbl, session, people["Ana"], score(1))
    return session


def write(xbl: XboxLive, session: SessionView, user: User, body: dict[str, Any]) -> None:
    """A write by a user."""
    assert xbl.client(user).put(session.ref.path, json=body).status_code in {200, 204}


def test_a_session_that_is_gone_matches_nothing(xbl: XboxLive, one: SessionView, people: dict[str, User]) -> None:
    """The error is that of its document (TIME-4)."""
    for name in ("Stacy", "Ana"):
        write(xbl, one, people[name], LEAVE)
    text = error_of(lambda: one.document)
    assert text.startswith("The session lobby/one is gone: it was deleted at ")
    assert error_of(lambda: one.assert_members({})) == error_of(lambda: one.assert_matches({})) == text


def test_a_history_prints_as_a_log(xbl: XboxLive, one: SessionView, people: dict[str, User]) -> None:
    """A line for each version, to the end of the session (SEEN-2)."""
    write(xbl, one, people["Bob"], ACTIVE)
    xbl.clock.advance(minutes=1)
    for name in ("Stacy", "Bob", "Ana"):
        write(xbl, one, people[name], LEAVE)
    assert str(one.history).splitlines() == [
        "#1 12:00:00 create by the test: session created, Stacy joined, Ana joined",
        "#2 12:00:05 put-session by Ana",
        "#3 12:00:05 put-session by Bob: Bob joined, Bob became active",
        "#4 12:01:05 put-session by Stacy: Stacy left",
        "#5 12:01:05 put-session by Bob: Bob left",
        "deleted 12:01:05 put-session by Ana: Ana left, session deleted",
    ]


def test_any_two_versions_can_be_compared(xbl: XboxLive, one: SessionView, people: dict[str, User]) -> None:
    """By their positions in the list, in any order, without numbers and times (SEEN-2, SEEN-3)."""
    write(xbl, one, people["Stacy"], {"properties": {"custom": {"map": "x"}}})
    history = one.history
    score = "/members/1 (Ana)/properties/custom/score"
    assert str(history.diff(0, 1)) == f"{score}: was nothing, is 1 [membersCustomProperty]"
    assert str(history.diff(1, 0)) == f"{score}: was 1, is nothing [membersCustomProperty]"
    assert str(history.diff(-2, -1)) == '/properties/custom/map: was nothing, is "x" [customProperty]'
    assert history.diff(0, 2).kinds == {"customProperty", "membersCustomProperty"}
    assert history.diff(2, 2) == []


@pytest.mark.parametrize(
    ("position", "text"), [([2], "2"), ([-3], "-3"), (["0"], "'0'"), ([10**5000], "an integer of thousands of digits")]
)
def test_an_unknown_version_is_an_error(one: SessionView, position: list[Any], text: str) -> None:
    """It says which versions there are (SEEN-2)."""
    for positions in ((0, *position), (*position, 0)):
        said = error_of(lambda positions=positions: one.history.diff(*positions))  # type: ignore[misc]
        assert said == f"Unknown version {text}; this history has versions 0 to 1."


def test_a_version_that_deleted_the_session_cannot_be_compared(
    xbl: XboxLive, one: SessionView, people: dict[str, User]
) -> None:
    """It has no document (SEEN-2)."""
    for name in ("Stacy", "Ana"):
        write(xbl, one, people[name], LEAVE)
    said = error_of(lambda: one.history.diff(0, -1))
    assert said == "Version -1 has no document: it deleted the session."
