"""The clock: which timeouts are due and to come, what they will do, and the buttons that move it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from bodies import SCID
from elements import Element, parsed
from errors import refusal_text
from exploring import Visitor, links, rows
from pytest_xbl import XboxLive
from worlds import state_of


def clock(page: Element) -> str:
    """The line about the clock at the head of a page."""
    return page.one("div", class_="clock-bar").one("p").text


def headings(page: Element) -> list[str]:
    """The headings of the parts of a page."""
    return [heading.text for heading in page.one("main").all("h2")]


def timeouts(page: Element, id_: str) -> list[list[str]]:
    """The timeouts in a part of a page."""
    return rows(page.one("section", id=id_), "timers")


# Timeouts


def test_what_is_due_and_what_comes_next(visitor: Visitor) -> None:
    """What is due waits for an access; what comes next is what follows if there were one now (TIME-1, TIME-6)."""
    page = visitor.page("clock")
    assert headings(page) == ["Clock", "Due: an access now would find", "Next timeouts"]
    assert timeouts(page, "due") == [["now", "lobby/one", "Bob gone: reservation timed out"]]
    assert timeouts(page, "coming") == [["12:02:20 in 1 min 45 s", "lobby/one", "Ana gone: inactive for too long"]]
    assert clock(page) == (
        "The clock shows 2026-01-01 12:00:35 UTC, 1 session due, next timeout in 1 min 45 s, at 12:02:20"
    )


def test_the_button_goes_where_the_page_says(visitor: Visitor) -> None:
    """To the earliest timeout that is listed, through everything that is due before."""
    assert visitor.world
    response = visitor.send("clock", to="next-timer", back=visitor.at("people"))
    assert (response.status_code, response.headers["Location"]) == (303, visitor.at("people"))
    assert f"{visitor.world.clock.now:%H:%M:%S}" == "12:02:20"
    page = visitor.page("clock")
    assert timeouts(page, "due") == [["now", "lobby/one", "Ana gone: inactive for too long"]]
    assert clock(page) == "The clock shows 2026-01-01 12:02:20 UTC, 1 session due, no timeout to come"
    assert [button.text for button in page.one("form", class_="moves").all("button")] == ["Advance 30 s"]


def test_several_steps_may_be_due_at_one_session() -> None:
    """One access takes a member one step further; the page tells the first, and what comes after the last (TIME-2)."""
    xbl = XboxLive(name="world")
    stacy, ana = xbl.users("Stacy", "Ana")
    limits = {"system": {"readyRemovalTimeout": 1000, "inactiveRemovalTimeout": 5000}}
    xbl.sessions.create("lobby", name="one", members={stacy: "ready", ana: "active"}, constants=limits)
    xbl.clock.advance(seconds=2)
    page = Visitor(xbl).page("clock")
    assert timeouts(page, "due") == [["now", "lobby/one", "Stacy became inactive"]]
    assert timeouts(page, "coming") == [["12:00:07 in 5 s", "lobby/one", "Stacy gone: inactive for too long"]]


def test_who_is_away_is_due_without_a_timer() -> None:
    """An active member who has left the title becomes inactive at the next access (TIME-7)."""
    xbl = XboxLive(name="world")
    stacy, ana = xbl.users("Stacy", "Ana")
    limits = {"system": {"inactiveRemovalTimeout": 60000}}
    xbl.sessions.create("lobby", name="one", members=[stacy], constants=limits)
    xbl.sessions.create("lobby", name="two", members=[ana])
    xbl.set_presence(stacy, present=False)
    page = Visitor(xbl).page("clock")
    assert timeouts(page, "due") == [["now", "lobby/one", "Stacy became inactive"]]
    gone = "Stacy gone: inactive for too long, session deleted"
    assert timeouts(page, "coming") == [["12:01:00 in 1 min", "lobby/one", gone]]


def test_a_session_that_is_over_has_nothing_to_come() -> None:
    """An access now would find none."""
    xbl = XboxLive(name="world")
    limits = {"system": {"reservedRemovalTimeout": 1000}}
    xbl.sessions.create("lobby", name="one", members={xbl.user("Stacy"): "reserved"}, constants=limits)
    xbl.clock.advance(days=1)
    page = Visitor(xbl).page("clock")
    assert headings(page) == ["Clock", "Due: an access now would find"]


def test_without_timeouts_the_page_says_so() -> None:
    """Most worlds of a test have none."""
    page = Visitor(XboxLive()).page("clock")
    assert page.one("main").one("p").text == "No timeout is to come."
    assert clock(page) == "The clock shows 2026-01-01 12:00:00 UTC, no timeout to come"


def test_of_many_timeouts_the_first_are_shown() -> None:
    """In the order of time; effects beyond the first few are counted."""
    xbl = XboxLive(name="world")
    users = [xbl.user(f"P{number}") for number in range(8)]
    for number in range(60):
        limits = {"system": {"reservedRemovalTimeout": 100000 - 1000 * number}}
        members = dict.fromkeys(users if number == 59 else users[:1], "reserved")
        xbl.sessions.create("lobby", name=f"s{number}", members=members, constants=limits)
    visitor = Visitor(xbl)
    shown = timeouts(visitor.page("clock"), "coming")
    assert [row[1] for row in shown] == [f"lobby/s{number}" for number in range(59, 9, -1)]
    first = ", ".join(f"P{number} gone: reservation timed out" for number in range(5))
    assert shown[0] == ["12:00:41 in 41 s", "lobby/s59", f"{first}, 4 more"]
    assert visitor.page("clock").one("section", id="coming").one("p").text == "10 more sessions left out."
    assert len(timeouts(visitor.page(), "coming")) == 5


def test_a_page_looks_again_only_when_something_has_changed() -> None:
    """A change, a move of the clock, and who comes and goes are seen by the next page."""
    xbl = XboxLive(name="world")
    stacy, ana = xbl.users("Stacy", "Ana")
    limits = {"system": {"inactiveRemovalTimeout": 60000}}
    visitor = Visitor(xbl)
    assert clock(visitor.page()).endswith("no timeout to come")
    xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "inactive"}, constants=limits)
    assert clock(visitor.page()).endswith("next timeout in 1 min, at 12:01:00")
    assert clock(visitor.page()).endswith("next timeout in 1 min, at 12:01:00")
    xbl.clock.advance(seconds=10)
    assert clock(visitor.page()).endswith("next timeout in 50 s, at 12:01:00")
    xbl.set_presence(stacy, present=False)
    assert "1 session due" in clock(visitor.page())


# Moving the clock


@pytest.mark.parametrize(
    ("fields", "time"),
    [
        ({"seconds": "30"}, "2026-01-01 12:01:05"),
        ({"amount": "2", "unit": "minutes"}, "2026-01-01 12:02:35"),
        ({"amount": "0.5", "unit": "hours"}, "2026-01-01 12:30:35"),
        ({"amount": "1", "unit": "days"}, "2026-01-02 12:00:35"),
        ({"amount": "1"}, "2026-01-01 12:00:36"),
    ],
)
def test_the_clock_moves(visitor: Visitor, fields: dict[str, str], time: str) -> None:
    """By a button at the head of each page, or by as much as a person likes; nothing settles by that (TIME-1)."""
    assert visitor.world
    versions = len(visitor.world.sessions["one"].history)
    response = visitor.send("clock", **fields)
    assert (response.status_code, response.headers["Location"]) == (303, visitor.at("clock"))
    assert f"{visitor.world.clock.now:%Y-%m-%d %H:%M:%S}" == time
    assert (len(visitor.world.sessions["one"].history), len(visitor.world.journal)) == (versions, 10)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, 'The clock advances by a number, such as 30 or 0.5, not "".'),
        ({"seconds": "soon"}, 'The clock advances by a number, such as 30 or 0.5, not "soon".'),
        ({"seconds": "-1"}, "The clock shows 2026-01-01 12:00:35+00:00 and does not run backwards to"),
        ({"seconds": "nan"}, "Expected a number of seconds that the calendar has room for; got nan."),
        (
            {"amount": "1e9", "unit": "days"},
            "Expected a number of days that the calendar has room for; got",
        ),
        ({"amount": "9999999", "unit": "days"}, "The calendar ends with the year 9999."),
        ({"amount": "1", "unit": "weeks"}, 'unit is seconds or minutes or hours or days, not "weeks".'),
        ({"to": "noon"}, 'to is next-timer, not "noon".'),
        (
            {"second": "1"},
            'This page has no parameter "second"; it has amount, unit, seconds, to, back. Did you mean "seconds"?',
        ),
    ],
)
def test_a_move_that_cannot_be_is_refused(visitor: Visitor, fields: dict[str, str], text: str) -> None:
    """400, and the clock stands where it was."""
    assert visitor.world
    before = state_of(visitor.world)
    response = visitor.send("clock", **fields)
    assert response.status_code == 400
    assert parsed(response.text).one("main").one("p").text.startswith(text)
    assert state_of(visitor.world) == before


def test_without_a_timeout_there_is_no_next_one() -> None:
    """Another page may have moved the clock in the meantime."""
    response = Visitor(XboxLive()).send("clock", to="next-timer")
    text = "No timeout is pending: no session has a nextTimer later than now."
    assert (response.status_code, parsed(response.text).one("main").one("p").text) == (400, text)


def test_the_buttons_lead_back_to_the_page(visitor: Visitor) -> None:
    """To one of this world, and nowhere else."""
    page = visitor.page(f"sessions/{SCID}/lobby/one?old=1&new=2")
    form = page.one("form", class_="moves")
    [back] = form.all("input")
    assert back.attributes["value"] == visitor.at(f"sessions/{SCID}/lobby/one?old=1&new=2")
    assert form.attributes["action"] == visitor.at("clock")
    there = visitor.send("clock", seconds="1", back=back.attributes["value"]).headers["Location"]
    assert there == back.attributes["value"]
    split, odd = visitor.at("\r\nSet-Cookie: a=b"), visitor.at("\u540d")
    for elsewhere in ("https://evil.example/", "//evil.example", "/_xbl/worlds/other/", split, odd):
        assert visitor.send("clock", seconds="1", back=elsewhere).headers["Location"] == visitor.at("clock")


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%2Fb", "a%b", "a b&c=d", "\u540d"])
def test_the_buttons_lead_back_to_a_page_with_any_name(name: str) -> None:
    """The signs of its address are escaped as they were."""
    visitor = Visitor(xbl := XboxLive(name="odd"))
    xbl.sessions.create("lobby", name=name, members=[xbl.user("Ana")])
    address = visitor.at(f"sessions/{xbl.scid}/lobby/{quote(name)}?old=1&x=%23")
    [back] = parsed(visitor.ask(address).text).one("form", class_="moves").all("input")
    assert visitor.send("clock", seconds="1", back=back.attributes["value"]).headers["Location"] == address


def test_where_the_clock_may_not_move_there_are_no_buttons(visitor: Visitor) -> None:
    """While a test goes on, its clock is its own (SEEN-14)."""
    visitor.moves = False
    assert not [form for _, html in visitor.everything() for form in parsed(html).all("form", method="post")]
    text = (
        "The clock cannot be moved from here now. In a run of tests it can while no test goes on: "
        "in pytest's debugger, and after the last test under --xbl-stay."
    )
    assert visitor.page("clock").one("main").one("p").text == text
    response = visitor.send("clock", seconds="30")
    assert (response.status_code, parsed(response.text).one("main").one("p").text) == (403, text)
    assert visitor.world
    assert f"{visitor.world.clock.now:%H:%M:%S}" == "12:00:35"


def test_another_site_cannot_move_the_clock(visitor: Visitor) -> None:
    """A page on the web can make a browser send a form here, but not without its origin (SEEN-15)."""
    headers = {"Host": "127.0.0.1:8080", "Origin": "https://evil.example"}
    response = visitor.client.post(visitor.at("clock"), data={"seconds": "30"}, headers=headers)
    what = 'A page of "https://evil.example" asked for this one, and only the explorer\'s own pages may.'
    assert (response.status_code, response.text) == (403, refusal_text(what, "Origin", "SEEN-15"))
    assert visitor.world
    assert f"{visitor.world.clock.now:%H:%M:%S}" == "12:00:35"


def test_what_is_due_leads_to_the_clock(visitor: Visitor) -> None:
    """From each page."""
    assert links(visitor.page("people").one("div", class_="clock-bar")) == {"1 session due": visitor.at("clock")}
