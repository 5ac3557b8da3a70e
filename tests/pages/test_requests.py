"""Requests as a table: lanes, what came of each, and what lies between them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bodies import ACTIVE, ONE, me, properties, ref, reserve, score, subscribing
from elements import Element, parsed
from page_reading import read
from pytest_xbl import User, XboxLive
from pytest_xbl.pages.bodies import Bodies
from pytest_xbl.pages.requests import length, moment, requests_table
from pytest_xbl.world.state import START


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first player."""
    return xbl.user("Stacy")


@pytest.fixture
def ana(xbl: XboxLive, stacy: User) -> User:
    """The second player."""
    return xbl.user("Ana")


def shown(xbl: XboxLive) -> Element:
    """The table of all requests of a world."""
    return parsed(requests_table(xbl.journal, read(xbl), Bodies([], rest=""))).one("table")


def rows(xbl: XboxLive) -> list[Element]:
    """Its rows."""
    return shown(xbl).one("tbody").all("tr")


def outcome(xbl: XboxLive) -> list[tuple[str, str]]:
    """Kind and text of each line about the last request."""
    cell = rows(xbl)[-1].children[-1]
    assert isinstance(cell, Element)
    return [(it.classes[0], it.text) for it in cell.children if isinstance(it, Element) and it.name == "p"]


def test_a_row_is_a_request_in_the_lane_of_its_caller(xbl: XboxLive, stacy: User, ana: User) -> None:
    """So a reader sees who did what before whom; the lines of refused ones say so to a screen reader (SEEN-8)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(ana).put(ONE, json=ACTIVE, headers={"If-Match": '"no"'})
    xbl.client(stacy).get(ONE)
    table = shown(xbl)
    assert table.one("caption").text == "Requests in the order in which they were answered, with a lane for each caller"
    assert [head.text for head in table.one("thead").all("th")] == ["#", "time", "Stacy", "Ana", "request"]
    assert {head.attributes["scope"] for head in table.one("thead").all("th")} == {"col"}
    assert [[cell.text for cell in row.all(class_="lane")] for row in rows(xbl)] == [
        ["201", ""],
        ["", "412 refused"],
        ["200", ""],
    ]
    assert [row.one("th").text for row in rows(xbl)] == ["#1", "#2", "#3"]
    assert [row.one("th").attributes["scope"] for row in rows(xbl)] == ["row"] * 3
    assert [row.attributes["id"] for row in rows(xbl)] == ["request-1", "request-2", "request-3"]
    assert [row.one("summary").text for row in rows(xbl)] == ["put-session lobby/one"] * 2 + ["get-session lobby/one"]
    assert [row.one(class_="who").text for row in rows(xbl)] == ["Stacy 201", "Ana 412 refused", "Stacy 200"]


def test_the_details_are_folded(xbl: XboxLive, stacy: User) -> None:
    """Behind the request itself (SEEN-8)."""
    xbl.client(stacy).get(ONE)
    [details] = rows(xbl)[0].all("details")
    assert "open" not in details.attributes
    assert details.one(class_="curl").raw.startswith("curl -i ")


def test_a_service_names_the_users_whom_it_acts_for(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Behind the request; the lane is its own (S2S-1)."""
    server = xbl.service("server", acting_for=[stacy, ana])
    xbl.client(server).put(ONE, json={"members": {"me_all": {"properties": {"system": {"active": True}}}}})
    [row] = rows(xbl)
    assert row.one("summary").text == "put-session lobby/one for Stacy, Ana"
    assert [head.text for head in shown(xbl).all("th", class_="lane")] == ["server"]


def test_a_request_leads_to_the_versions_that_it_made(xbl: XboxLive, stacy: User, ana: User) -> None:
    """With their effects, timeouts that were due included (TIME-10)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    assert outcome(xbl) == [("made", "lobby/one #1: session created, Stacy joined, Stacy became active")]
    assert rows(xbl)[-1].one("a").attributes["href"] == "#session-1-version-0"
    xbl.client(stacy).put(ONE, json=score(1))
    assert outcome(xbl) == [("made", "lobby/one #2")]
    xbl.client(stacy).put(ONE, json=reserve(ana.xuid))
    xbl.clock.advance(seconds=31)
    xbl.client(stacy).put(ONE, json=score(2))
    assert outcome(xbl) == [("made", "lobby/one #4: Ana gone: reservation timed out"), ("made", "lobby/one #5")]
    xbl.client(stacy).get(ONE)
    assert outcome(xbl) == []


def test_effects_of_unknown_versions_are_shown_without(xbl: XboxLive, stacy: User) -> None:
    """A page has room for so many sessions only (SEEN-8)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    nowhere = read(xbl)._replace(made={})
    table = parsed(requests_table(xbl.journal, nowhere, Bodies([], rest="")))
    assert table.one(class_="made").text == "session created, Stacy joined, Stacy became active"


def test_a_refusal_has_rule_place_and_sentence(xbl: XboxLive, stacy: User) -> None:
    """A mistake of the client is marked (SEEN-5)."""
    xbl.client(stacy).put(ONE, json={"properties": {"costum": {}}})
    what = 'CALL-6 at /properties/costum: The field "costum" is not known here; did you mean "custom"?'
    assert outcome(xbl) == [("refused", what), ("refused", "A mistake of the client: bad-body.")]
    assert rows(xbl)[0].classes == ["mistake"]
    assert rows(xbl)[0].one("b").one("a").attributes["href"] == "#rule-call-6"
    xbl.client(stacy).get(f"{ONE}/members/x")
    assert rows(xbl)[1].classes == []


def test_a_precondition_names_the_version(xbl: XboxLive, stacy: User) -> None:
    """An ETag of no version is shown as it is (PUT-8)."""
    etag = xbl.client(stacy).put(ONE, json=ACTIVE).headers["ETag"]
    xbl.client(stacy).put(ONE, json=score(1), headers={"If-Match": etag})
    assert outcome(xbl) == [("condition", "If-Match: lobby/one #1"), ("made", "lobby/one #2")]
    xbl.client(stacy).get(ONE, headers={"If-None-Match": '"<b>"'})
    assert outcome(xbl) == [("condition", 'If-None-Match: "<b>"')]


def test_a_write_over_an_unread_version_says_so(xbl: XboxLive, stacy: User, ana: User) -> None:
    """It is the reason of a lost update, and nothing refuses it (PUT-8)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(ana).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=properties({"map": "harbour", "round": 1}))
    xbl.client(ana).put(ONE, json=properties({"map": "canyon", "round": 2}))
    what = "Wrote over lobby/one #3 by Stacy, which Ana had not read: /properties/custom/map, /properties/custom/round"
    assert outcome(xbl) == [("made", "lobby/one #4"), ("fault", what)]


def test_faults_are_in_their_place(xbl: XboxLive, stacy: User) -> None:
    """A failed request, and one whose answer got lost (FAULT-1)."""
    xbl.faults.fail("put-session", 503)
    xbl.faults.lose("put-session")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    [(kind, text)] = outcome(xbl)
    assert (kind, text.partition(", armed at test_requests.py:")[0]) == ("fault", "Fault: fail with 503")
    with pytest.raises(ConnectionResetError):
        xbl.client(stacy).put(ONE, json=ACTIVE)
    assert [row.one("td", class_="lane").text for row in rows(xbl)] == ["503", "201 lost"]
    assert [kind for kind, _ in outcome(xbl)] == ["fault", "made"]


def test_taps_are_in_the_lanes_of_those_who_were_told(xbl: XboxLive, stacy: User, ana: User) -> None:
    """With the kinds of the change, and whether they arrived (TAP-2, FAULT-8)."""
    xbl.client(stacy).put(ONE, json=subscribing(stacy.connection, "everything"))
    xbl.client(ana).put(ONE, json=ACTIVE)
    assert outcome(xbl)[-1] == ("tapped", "Stacy tapped (membersList)")
    assert [cell.text for cell in rows(xbl)[-1].all(class_="lane")] == ["tap", "200"]
    xbl.client(stacy).put(
        ONE,
        json=me(
            active=True,
            secondarySubscriptions={
                "0A0B0C0D-0000-4000-A000-00000000000F": {
                    "changeTypes": ["everything"],
                    "rta": {"connection": stacy.connection},
                }
            },
        ),
    )
    xbl.client(stacy).put(ONE, json=properties({"map": "canyon"}))
    assert [cell.text for cell in rows(xbl)[-1].all(class_="lane")] == ["200 2 taps", ""]
    xbl.faults.lose("tap")
    xbl.faults.twice("tap")
    xbl.client(ana).post("/handles", json={"type": "activity", "version": 1, "sessionRef": ref()})
    lost, twice = (text.partition(", armed at")[0] for kind, text in outcome(xbl) if kind == "tapped")
    assert lost == "Stacy tapped, but it got lost. Fault: lose it"
    assert twice == "Stacy tapped, 2 times. Fault: send it twice"


def test_notes_are_shown(xbl: XboxLive, stacy: User) -> None:
    """On what passed without effect (HAND-11)."""
    body = {"type": "activity", "owners": {"xuids": [stacy.xuid]}}
    xbl.client(stacy).post("/handles/query?include=nothing", json=body)
    [(kind, text)] = outcome(xbl)
    assert (kind, text) == ("note", f"Note: {xbl.journal[0].notes[0]}")


def test_what_lies_between_requests_has_rows_of_its_own(xbl: XboxLive, stacy: User) -> None:
    """What the test did itself, and moves of the clock; they span all lanes (SEEN-8)."""
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    for number in range(6):
        session.match_status("searching", status_details=str(number))
    xbl.clock.advance(seconds=20)
    xbl.client(stacy).get(ONE)
    asides = [row for row in rows(xbl) if row.classes == ["aside"]]
    assert [row.text for row in asides] == [
        "2 versions before without a request left out. Without a request, match-status by the test: lobby/one #3",
        *(f"Without a request, match-status by the test: lobby/one #{number}" for number in range(4, 8)),
        "The clock moved 20 s, to 12:00:20.",
    ]
    assert {row.all("td")[1].attributes["colspan"] for row in asides} == {"3"}


def test_timers_are_nobodys(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Their row names no caller (TIME-6)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=reserve(ana.xuid))
    xbl.clock.advance(seconds=1)
    xbl.client(stacy).put(ONE, json=reserve("77"))
    xbl.clock.advance_to_next_timer()
    xbl.clock.advance_to_next_timer()
    assert rows(xbl)[-1].text == "Without a request, timers: lobby/one #4: Ana gone: reservation timed out"


def test_an_unnamed_caller_has_a_lane(xbl: XboxLive) -> None:
    """And a request without a session its method and path (SEEN-4)."""
    xbl.client().get("/<b>")
    [row] = rows(xbl)
    assert (row.one("summary").text, row.one(class_="who").text) == ("GET /<b>", "nobody 404 refused")


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (timedelta(seconds=0.25), "0.25 s"),
        (timedelta(minutes=1, seconds=30), "1 min 30 s"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=1, seconds=1), "24 h 1 s"),
        (timedelta(seconds=-90), "back 1 min 30 s"),
    ],
)
def test_a_length_of_time_has_words(time: timedelta, text: str) -> None:
    """Without parts that are zero (TIME-1)."""
    assert length(time) == text


@pytest.mark.parametrize(
    ("later", "text"), [(timedelta(hours=1), "13:00:00"), (timedelta(days=1), "2026-01-02 12:00:00")]
)
def test_a_moment_has_a_day_if_it_is_another(later: timedelta, text: str) -> None:
    """Most tests have one day (TIME-1)."""
    time: datetime = START + later
    assert moment(time, START) == text
