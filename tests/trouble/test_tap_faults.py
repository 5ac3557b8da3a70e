"""Shoulder taps that get lost or arrive twice (FAULT-8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bodies import ONE, properties, session_path, subscribing
from errors import error_of
from pytest_xbl import SessionView, User, XboxLive
from pytest_xbl.trouble.meeting import trouble_of
from tables import cases

TWO = session_path("two")


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """A player who writes."""
    return xbl.user("Stacy")


@pytest.fixture
def ana(xbl: XboxLive, stacy: User) -> User:
    """A player who has subscribed to changes of the sessions `one` and `two`; Stacy, too, of `one`."""
    ana = xbl.user("Ana")
    for user, path in ((stacy, ONE), (ana, ONE), (ana, TWO)):
        xbl.client(user).put(path, json=subscribing(user.connection, "customProperty"))
    return ana


@pytest.fixture
def lobby(xbl: XboxLive, ana: User) -> SessionView:
    """The session `one`."""
    assert ana.connection
    return xbl.sessions["one"]


def write(xbl: XboxLive, user: User, score: int, path: str = ONE) -> None:
    """Change a custom property."""
    assert xbl.client(user).put(path, json=properties({"score": score})).status_code == 200


def taps(xbl: XboxLive) -> list[str]:
    """The taps, a line each, without the line of the test."""
    return [str(tap).partition(" at test_")[0] for tap in xbl.rta.taps]


def test_a_tap_gets_lost(xbl: XboxLive, stacy: User, ana: User, lobby: SessionView) -> None:
    """One, and then no more; it was sent, so it is among the taps, but nobody was tapped by it (FAULT-8)."""
    lost = xbl.faults.lose("tap", to=ana)
    write(xbl, stacy, 1)
    with pytest.raises(AssertionError, match="Expected Ana to be tapped about lobby/one; the taps were:"):
        xbl.rta.assert_tapped(ana, lobby)
    xbl.rta.assert_tapped(stacy, lobby)
    write(xbl, stacy, 2)
    xbl.rta.assert_tapped(ana, lobby)
    assert (lost.fired, taps(xbl)) == (
        1,
        [
            "Stacy tapped about lobby/one #3 (customProperty): put-session by Stacy",
            "Ana tapped about lobby/one #3 (customProperty): put-session by Stacy (fault: lose it, armed",
            "Stacy tapped about lobby/one #4 (customProperty): put-session by Stacy",
            "Ana tapped about lobby/one #4 (customProperty): put-session by Stacy",
        ],
    )


def test_a_tap_arrives_twice(xbl: XboxLive, stacy: User, ana: User, lobby: SessionView) -> None:
    """It is among the taps once, as it was sent (FAULT-8)."""
    twice = xbl.faults.twice("tap", to="Ana")
    write(xbl, stacy, 1)
    xbl.rta.assert_tapped(ana, lobby)
    assert (twice.fired, taps(xbl)[1]) == (
        1,
        "Ana tapped about lobby/one #3 (customProperty): put-session by Stacy (fault: send it twice, armed",
    )


@pytest.mark.parametrize(
    ("narrowed", "lost"),
    [
        (lambda _stacy, _ana: {}, ["Stacy 3"]),
        (lambda _stacy, _ana: {"times": None}, ["Stacy 3", "Ana 3", "Ana 2", "Stacy 4", "Ana 4"]),
        (lambda _stacy, _ana: {"skip": 1, "times": 2}, ["Ana 3", "Ana 2"]),
        (lambda stacy, _ana: {"to": stacy, "times": 2}, ["Stacy 3", "Stacy 4"]),
        (lambda _stacy, ana: {"by": ana}, ["Ana 2"]),
        (lambda _stacy, ana: {"by": ana, "session": "one"}, ["Stacy 4"]),
        (lambda stacy, ana: {"by": ana, "to": stacy}, ["Stacy 4"]),
    ],
)
def test_a_fault_waits_for_its_taps(
    xbl: XboxLive, stacy: User, ana: User, narrowed: Callable[[User, User], dict[str, Any]], lost: list[str]
) -> None:
    """By whoever changes the session, by whoever is tapped, and by the session (FAULT-8)."""
    xbl.faults.lose("tap", **narrowed(stacy, ana))
    write(xbl, stacy, 1)
    write(xbl, ana, 1, TWO)
    write(xbl, ana, 2)
    assert [f"{tap.user} {tap.number}" for tap in xbl.rta.taps if not tap.copies] == lost


def test_merged_taps_are_one(xbl: XboxLive, stacy: User, ana: User) -> None:
    """They meet a fault when they are sent (FAULT-8, TAP-8)."""
    xbl.rta.delay = timedelta(seconds=3)
    lost = xbl.faults.lose("tap", to=ana, skip=1)
    for score in (1, 2, 3):
        write(xbl, stacy, score)
    assert lost.fired == 0
    xbl.clock.advance(seconds=3)
    assert [(tap.number, tap.copies) for tap in xbl.rta.taps if tap.user == "Ana"] == [(3, 1), (5, 0)]


def test_faults_of_taps_wait_in_the_order_of_their_lines(xbl: XboxLive, stacy: User, ana: User) -> None:
    """A request meets none of them, and a tap no fault of a request (FAULT-1, FAULT-8)."""
    xbl.faults.twice("tap", to=ana)
    xbl.faults.down(optional=True, skip=9)
    xbl.faults.lose("tap", to=ana)
    for score in (1, 2, 3):
        write(xbl, stacy, score)
    assert [tap.copies for tap in xbl.rta.taps if tap.user == "Ana"] == [2, 0, 1]


def test_a_tap_that_was_not_lost_fails_the_test(xbl: XboxLive, ana: User, lobby: SessionView) -> None:
    """With whom it was for, and the requests that came instead (FAULT-6, FAULT-8)."""
    xbl.faults.lose("tap", to=ana, by="Stacy", session=lobby)
    write(xbl, ana, 1)
    told = trouble_of(xbl.app).take_owed().splitlines()
    assert told[0].partition(" (armed")[0] == (
        "A fault did not happen: tap to Ana by Stacy of lobby/one: lose it, 0 of 1 times"
    )
    assert told[2] == "#4 Ana: put-session lobby/one -> 200"


@pytest.mark.xbl(
    scenario="lobby",
    faults=[{"lose": "tap", "to": "newcomer"}, {"twice": "tap", "by": "host", "session": "lobby", "to": "newcomer"}],
)
def test_a_marker_arms_faults_of_taps(xbl: XboxLive, xbl_scenario: Any) -> None:
    """In the words of the calls (FAULT-7, FAULT-8)."""
    path, newcomer = xbl_scenario.lobby.ref.path, xbl_scenario.newcomer
    xbl.client(newcomer).put(path, json=subscribing(newcomer.connection, "everything"))
    for score in (1, 2):
        write(xbl, xbl_scenario.host, score, path)
    assert [(tap.copies, tap.fault) for tap in xbl.rta.taps] == [
        (0, "lose it, armed at /faults/0 in the seed"),
        (2, "send it twice, armed at /faults/1 in the seed"),
    ]


@cases(
    "action what where rule",
    {
        "how": (
            lambda faults: faults.lose("tap", "reset"),
            'how is for the answer of an operation, and not for "tap".',
            "how",
            "FAULT-8",
        ),
        "to": (
            lambda faults: faults.lose("put-session", to="Ana"),
            'to is for a "tap", and not for "put-session".',
            "to",
            "FAULT-8",
        ),
        "whom": (
            lambda faults: faults.lose("tap", to="Anna"),
            'There is no user or service "Anna"; did you mean "Ana"?',
            "to",
            "FAULT-1",
        ),
        "what twice": (
            lambda faults: faults.twice("put-session"),
            'Expected "tap"; got "put-session".',
            "operation",
            "FAULT-8",
        ),
        "other kinds": (
            lambda faults: faults.fail("tap", 503),
            "A tap can get lost or arrive twice, by lose or twice; there is no fail for one.",
            "operation",
            "FAULT-8",
        ),
    },
)
def test_a_fault_of_taps_that_cannot_be_is_refused(
    xbl: XboxLive, ana: User, action: Callable[[Any], object], what: str, where: str, rule: str
) -> None:
    """At the line that arms it; then nothing is armed (FAULT-8)."""
    assert ana.connection
    assert error_of(lambda: action(xbl.faults)) == f"{what}\nwhere: {where}\nrule: {rule}"
    assert len(xbl.faults) == 0
