"""A reading: which request made which version, which one shows it, and which taps it caused."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, LEAVE, ONE, PATIENT, properties, ref, score, subscribing
from page_reading import read
from pytest_xbl import SessionView, User, XboxLive
from pytest_xbl.pages.links import Links
from pytest_xbl.pages.reading import reading


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The first player."""
    return xbl.user("Stacy")


@pytest.fixture
def ana(xbl: XboxLive, stacy: User) -> User:
    """The second player."""
    return xbl.user("Ana")


@pytest.fixture
def lobby(xbl: XboxLive, stacy: User) -> SessionView:
    """A lobby with Stacy in it, made by the test itself."""
    return xbl.sessions.create("lobby", name="one", members=[stacy])


def makers(xbl: XboxLive) -> list[int | None]:
    """The numbers of the requests that made the versions of the only session."""
    found = read(xbl)
    [(session, versions)] = found.histories.items()
    return [found.makers.get((session, place)) for place in range(len(versions))]


def test_a_request_made_the_version_that_its_response_shows(xbl: XboxLive, lobby: SessionView, stacy: User) -> None:
    """Also one without effects; a read made nothing, nor did what a test does itself (SEEN-8)."""
    client = xbl.client(stacy)
    client.get(ONE)
    client.put(ONE, json=score(1))
    client.get(ONE)
    client.put(ONE, json=score(1))
    client.put(f"{ONE}/properties", json={"custom": {"map": "canyon"}})
    xbl.sessions["one"].match_status("searching")
    assert makers(xbl) == [None, 2, 5, None]
    assert read(xbl).made == {2: [(lobby.ref, 1)], 5: [(lobby.ref, 2)]}


def test_a_request_made_the_versions_that_it_had_effects_in(
    xbl: XboxLive, lobby: SessionView, stacy: User, ana: User
) -> None:
    """Those without a session in the response, such as leaving, an activity, and timeouts that were due (SEEN-8)."""
    xbl.client(ana).put(ONE, json=ACTIVE)
    xbl.client(stacy).post("/handles", json={"type": "activity", "version": 1, "sessionRef": ref()})
    xbl.client(ana).delete(f"{ONE}/members/me")
    xbl.sessions["one"].invite(ana)
    xbl.client(stacy).put(ONE, json={"members": {"reserve_0": {"constants": {"system": {"xuid": ana.xuid}}}}})
    xbl.clock.advance(seconds=31)
    xbl.client(ana).get(ONE)
    assert makers(xbl) == [None, 1, 2, 3, 4, 5]


def test_a_refused_request_made_the_timeouts_that_it_met(
    xbl: XboxLive, lobby: SessionView, stacy: User, ana: User
) -> None:
    """They have happened all the same (TIME-10)."""
    xbl.client(stacy).put(ONE, json={"members": {"reserve_0": {"constants": {"system": {"xuid": ana.xuid}}}}})
    xbl.clock.advance(seconds=31)
    assert xbl.client(ana).put(ONE, json=ACTIVE, headers={"If-Match": '"no"'}).status_code == 412
    assert makers(xbl) == [None, 1, 2]


def test_a_request_that_leaves_no_trace_is_known_by_its_time(xbl: XboxLive) -> None:
    """Deleting a server has no effect, and no session in its response (SERV-1)."""
    server = xbl.service("server")
    body = {"constants": {"system": PATIENT}, "servers": {"s": {"properties": {"custom": {"a": 1}}}}}
    assert xbl.client(server).put(ONE, json=body).status_code == 201
    assert xbl.client(server).delete(f"{ONE}/servers/s").status_code == 204
    xbl.clock.advance(seconds=1)
    assert xbl.client(server).put(ONE, json=properties({"map": "canyon"})).status_code == 200
    assert makers(xbl) == [1, 2, 3]


def test_a_response_shows_a_version(xbl: XboxLive, lobby: SessionView, stacy: User) -> None:
    """So a page can say what its caller had read (SEEN-8)."""
    client = xbl.client(stacy)
    client.get(ONE)
    client.put(ONE, json=score(1))
    client.get(f"{ONE}/constants")
    client.get("/x")
    client.put(ONE, json=LEAVE)
    assert read(xbl).sent == {1: (lobby.ref, 0), 2: (lobby.ref, 1), 3: (lobby.ref, 1)}


def test_taps_belong_to_the_request_that_caused_them(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Whatever else is tapped is nobody's; a tap about the end is known by its time (TAP-9)."""
    xbl.client(stacy).put(ONE, json=subscribing(stacy.connection, "everything"))
    xbl.client(ana).put(ONE, json=ACTIVE)
    xbl.sessions["one"].match_status("searching")
    xbl.client(ana).put(ONE, json=properties({"map": "canyon"}))
    found = read(xbl).taps
    assert {number: [str(tap) for tap in taps] for number, taps in found.items()} == {
        2: ["Stacy tapped about lobby/one #2 (membersList): put-session by Ana"],
        3: ["Stacy tapped about lobby/one #4 (customProperty): put-session by Ana"],
    }
    assert len(xbl.rta.taps) == 3


def test_a_version_has_a_name(xbl: XboxLive, stacy: User) -> None:
    """Its session and its change number; one that ended the session says so (SEEN-8)."""
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=LEAVE)
    found = read(xbl)
    [session] = found.histories
    assert [found.label((session, place)) for place in range(2)] == ["lobby/one #1", "lobby/one deleted"]
    assert found._replace(scid="other").label((session, 0)) == f"{session} #1"


@pytest.mark.parametrize("entries", [0, 2])
def test_a_reading_needs_no_histories(xbl: XboxLive, stacy: User, entries: int) -> None:
    """Then nothing is known to have made anything (SEEN-8)."""
    for _ in range(entries):
        xbl.client(stacy).put(ONE, json=ACTIVE)
    found = reading({}, xbl.scid, links=Links(), entries=xbl.journal)
    assert (found.makers, found.made, found.sent, found.taps, found.histories) == ({}, {}, {}, {}, {})
