"""The lobby service when the session directory throttles, loses answers, breaks down, or is used by others at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from lobby_service import Changes, Lobby, LobbyError, LobbyService, LobbyUnavailableError
from pytest_xbl import XboxLive


@pytest.fixture
def lobbies(xbl: XboxLive) -> Iterator[LobbyService]:
    """The service under test; when it waits, the clock of the world moves on."""

    def sleep(seconds: float) -> None:
        xbl.clock.advance(seconds=seconds)

    with closing(LobbyService(xbl.url, xbl.scid, sleep=sleep)) as service:
        yield service


def next_round(lobby: Lobby) -> Changes:
    """A change that must not be made twice."""
    return {"properties": {"custom": {"round": lobby["properties"]["custom"].get("round", 0) + 1}}}


def rounds(xbl: XboxLive) -> int:
    """How often it was made."""
    number: int = xbl.sessions["friday"].document["properties"]["custom"]["round"]
    return number


def test_it_waits_as_long_as_the_service_asks(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Throttled, it comes back after Retry-After, and not before."""
    stacy = xbl.user("Stacy")
    began = xbl.clock.now
    xbl.limits.set("sessiondirectory", burst=1)

    lobbies.create("friday", stacy)
    lobbies.join("friday", stacy)

    assert (xbl.clock.now - began).total_seconds() == 15
    assert [entry.status for entry in xbl.journal] == [201, 429, 200]
    xbl.journal.assert_polite()


def test_it_waits_longer_each_time(xbl: XboxLive, lobbies: LobbyService) -> None:
    """A service that breaks down is given time to recover."""
    stacy = xbl.user("Stacy")
    began = xbl.clock.now
    xbl.faults.fail("put-session", 500)
    xbl.faults.fail("put-session", 503, times=2)

    lobbies.create("friday", stacy)

    assert (xbl.clock.now - began).total_seconds() == 2 + 4 + 8
    xbl.journal.assert_polite()


def test_it_gives_up(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Somebody is waiting at a screen."""
    with xbl.faults.down() as down, pytest.raises(LobbyUnavailableError, match="no answer to 5 requests"):
        lobbies.create("friday", xbl.user("Stacy"))

    assert down.fired == 5


@pytest.mark.parametrize("how", ["close", "reset", 500, 502, 504])
def test_a_lobby_is_made_once(xbl: XboxLive, lobbies: LobbyService, how: Any) -> None:
    """If the answer is lost, the lobby that is there already is its own."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.faults.lose("put-session", how, by=stacy)

    lobby = lobbies.create("friday", stacy)

    assert lobby == xbl.sessions["friday"].document
    assert lobby["changeNumber"] == 1
    with pytest.raises(LobbyError, match="There is a lobby friday already"):
        lobbies.create("friday", ana)


def test_somebody_else_made_the_lobby_meanwhile(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Stacy's request was not handled, and Ana's was."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.faults.fail("put-session", 504, by=stacy)
    xbl.faults.race("put-session", lambda: lobbies.create("friday", ana), by=stacy)

    with pytest.raises(LobbyError, match="There is a lobby friday already"):
        lobbies.create("friday", stacy)


def test_an_invite_is_made_once(xbl: XboxLive, lobbies: LobbyService) -> None:
    """It has an id of the client's, which is taken if it was made already."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)
    xbl.faults.lose("post-handle")

    invite = lobbies.invite("friday", stacy, ana)

    assert [handle.id for handle in ana.invites] == [invite]


@pytest.mark.parametrize("how", ["close", "reset", 504])
def test_a_change_is_made_once(xbl: XboxLive, lobbies: LobbyService, how: Any) -> None:
    """A change that was kept is known by its mark, though its answer was lost."""
    stacy = xbl.user("Stacy")
    lobbies.create("friday", stacy)
    xbl.faults.lose("put-session", how)

    lobby = lobbies.update("friday", stacy, next_round)

    assert (lobby["properties"]["custom"]["round"], rounds(xbl)) == (1, 1)
    assert [entry.status for entry in xbl.journal.filter("put-session")] == [201, 200, 412]


def test_a_change_is_made_once_though_somebody_writes_after_it(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Ana's change leaves the mark of Stacy's where it is."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)
    lobbies.join("friday", ana)
    xbl.faults.lose("put-session", by=stacy)
    xbl.faults.race("put-session", lambda: lobbies.update("friday", ana, next_round), by=stacy, skip=1)

    lobbies.update("friday", stacy, next_round)

    assert rounds(xbl) == 2


def test_a_change_that_was_not_kept_is_made(xbl: XboxLive, lobbies: LobbyService) -> None:
    """A gateway gave up, the session directory never heard of it, and Ana was faster."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)
    lobbies.join("friday", ana)
    xbl.faults.fail("put-session", 504, by=stacy)
    xbl.faults.race("put-session", lambda: lobbies.update("friday", ana, next_round), by=stacy)

    lobbies.update("friday", stacy, next_round)

    assert rounds(xbl) == 2


def test_the_last_player_leaves_though_the_answer_is_lost(xbl: XboxLive, lobbies: LobbyService) -> None:
    """The lobby is gone, and that is what the player wanted."""
    stacy = xbl.user("Stacy")
    lobbies.create("friday", stacy)
    xbl.faults.lose("put-session")

    lobbies.leave("friday", stacy)

    assert "friday" not in xbl.sessions


@pytest.mark.parametrize("rivals", [1, 3])
def test_others_write_in_between(xbl: XboxLive, lobbies: LobbyService, rivals: int) -> None:
    """Each time it reads and writes once more, and nothing of theirs is lost."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)
    lobbies.join("friday", ana)
    xbl.faults.race("put-session", lambda: lobbies.update("friday", ana, next_round), by=stacy, times=rivals)

    lobbies.update("friday", stacy, next_round)

    assert rounds(xbl) == rivals + 1


def test_a_slow_answer_is_an_answer(xbl: XboxLive, lobbies: LobbyService) -> None:
    """A reservation is over by the time the request is handled, and the slot is free for its player all the same."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.sessions.create("lobby", name="friday", members={stacy: "active", ana: "reserved"})
    xbl.faults.delay("put-session", 31)

    assert lobbies.join("friday", ana)["membersInfo"]["active"] == 2


@pytest.mark.xbl(scenario="write_lost")
def test_the_scenario_of_a_lost_write(xbl: XboxLive, lobbies: LobbyService) -> None:
    """One round, not two."""
    lobbies.update("lobby", xbl.scenario.host, next_round)

    xbl.assert_state()


@pytest.mark.xbl(scenario="contended_lobby", rivals=3)
def test_the_scenario_of_a_contended_lobby(xbl: XboxLive, lobbies: LobbyService) -> None:
    """The round after that of the last rival."""
    lobbies.update("lobby", xbl.scenario.host, next_round)

    xbl.assert_state()


@pytest.mark.xbl_scenarios("throttled", "flapping_service")
def test_the_scenarios_of_a_newcomer(xbl: XboxLive, lobbies: LobbyService) -> None:
    """In the end they are in the lobby, and nobody can complain."""
    lobbies.join("lobby", xbl.scenario.newcomer)

    xbl.assert_state()
    xbl.journal.assert_polite()
