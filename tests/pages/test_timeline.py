"""The order of requests, of what a test did itself, and of moves of the clock."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, ONE, reserve, score
from page_reading import read
from pytest_xbl import User, XboxLive
from pytest_xbl.pages.timeline import MOST_OWN, Move, Own, timeline


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The player."""
    return xbl.user("Stacy")


def told(xbl: XboxLive) -> list[str]:
    """The events of the world: requests by number, other versions by name, moves by seconds."""
    found = read(xbl)
    told = []
    for event in timeline(xbl.journal, found):
        match event:
            case Move():
                told.append(f"{(event.now - event.before).total_seconds():g} s")
            case Own():
                told.append(found.label(event.position) + (f", {event.skipped} skipped" if event.skipped else ""))
            case _:
                told.append(f"request {event.number}")
    return told


def test_what_a_test_makes_comes_before_the_requests_that_show_it(xbl: XboxLive, stacy: User) -> None:
    """And what it changes, after those that made versions before (SEEN-8)."""
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    xbl.client(stacy).get(ONE)
    xbl.client(stacy).put(ONE, json=score(1))
    session.match_status("searching")
    xbl.client(stacy).get(ONE)
    session.match_status("expired")
    assert told(xbl) == [
        *("lobby/one #1", "request 1", "request 2"),
        *("lobby/one #3", "request 3"),
        "lobby/one #4",
    ]


def test_moves_of_the_clock_stand_where_time_passed(xbl: XboxLive, stacy: User) -> None:
    """Before whatever was first at the new time (SEEN-8)."""
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    xbl.clock.advance(seconds=20)
    xbl.client(stacy).get(ONE)
    xbl.client(stacy).get(ONE)
    xbl.clock.advance(minutes=1)
    session.match_status("searching")
    xbl.client(stacy).get(ONE)
    assert told(xbl) == ["lobby/one #1", "20 s", "request 1", "request 2", "60 s", "lobby/one #2", "request 3"]


def test_the_clock_may_go_back(xbl: XboxLive, stacy: User) -> None:
    """A sandbox puts the world back, and a request that was sent remains (SEEN-4)."""
    with xbl.sandbox():
        xbl.clock.advance(seconds=20)
        xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=ACTIVE)
    assert told(xbl) == ["request 1", "-20 s", "request 2"]


def test_a_version_that_nothing_dates_turns_no_clock_back(xbl: XboxLive, stacy: User) -> None:
    """Its time is earlier than that of the request before it only if the world was put back (SEEN-8)."""
    with xbl.sandbox():
        xbl.clock.advance(seconds=20)
        xbl.client(stacy).put(ONE, json=ACTIVE)
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    xbl.client(stacy).get(session.ref.path)
    assert told(xbl) == ["lobby/one #1", "20 s", "request 1", "-20 s", "request 2"]


def test_timeouts_that_no_request_met_are_there_too(xbl: XboxLive, stacy: User) -> None:
    """The clock itself can let them happen (TIME-6)."""
    ana, bo = xbl.users("Ana", "Bo")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    for user in (ana, bo):
        xbl.client(stacy).put(ONE, json=reserve(user.xuid))
        xbl.clock.advance(seconds=10)
    xbl.clock.advance_to_next_timer()
    xbl.clock.advance_to_next_timer()
    assert told(xbl) == ["request 1", "request 2", "10 s", "request 3", "20 s", "lobby/one #4"]


def test_sessions_without_a_request_are_no_part_of_it(xbl: XboxLive, stacy: User) -> None:
    """They say nothing about the requests, and a seed may bring thousands (SEEN-8)."""
    xbl.sessions.create("lobby", name="other", members=[stacy])
    xbl.client(stacy).put(ONE, json=ACTIVE)
    assert told(xbl) == ["request 1"]
    assert list(timeline([], read(xbl))) == []


def test_of_many_versions_in_a_row_the_last_are_there(xbl: XboxLive, stacy: User) -> None:
    """The first of these says how many are not (SEEN-8)."""
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    for number in range(MOST_OWN + 1):
        session.match_status("searching", status_details=str(number))
    xbl.client(stacy).get(ONE)
    assert told(xbl) == ["lobby/one #3, 2 skipped", *(f"lobby/one #{number}" for number in range(4, 8)), "request 1"]
