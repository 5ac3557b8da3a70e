"""The lobby service against a fake session directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from lobby_service import (
    Changes,
    Lobby,
    LobbyBusyError,
    LobbyClosedError,
    LobbyError,
    LobbyFullError,
    LobbyMissingError,
    LobbyService,
)
from pytest_xbl import ScenarioView, XboxLive, assert_matches


@pytest.fixture
def lobbies(xbl: XboxLive) -> Iterator[LobbyService]:
    """The service under test; it knows only a URL."""
    with closing(LobbyService(xbl.url, xbl.scid)) as service:
        yield service


def small_lobbies(xbl: XboxLive) -> None:
    """From now on, a lobby has two slots."""
    xbl.templates.add("lobby", {"constants": {"system": {"maxMembersCount": 2}}})


def test_two_players_meet(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Whoever creates a lobby is its host, and another player joins."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)

    lobbies.join("friday", ana)

    lobby = xbl.sessions["friday"].document
    assert lobby["properties"]["custom"] == {"state": "waiting", "host": stacy.xuid}
    assert {member["gamertag"] for member in lobby["members"].values()} == {"Stacy", "Ana"}
    assert lobby["membersInfo"]["active"] == 2


def test_a_name_is_taken_once(xbl: XboxLive, lobbies: LobbyService) -> None:
    """A second lobby of the same name is not made, and the first one does not change."""
    stacy, ana = xbl.users("Stacy", "Ana")
    before = lobbies.create("friday", stacy)

    with pytest.raises(LobbyError, match="There is a lobby friday already"):
        lobbies.create("friday", ana)

    assert xbl.sessions["friday"].document == before


def test_joining_twice_changes_nothing(xbl: XboxLive, lobbies: LobbyService) -> None:
    """A client that repeats itself does no harm."""
    stacy = xbl.user("Stacy")

    assert lobbies.create("friday", stacy) == lobbies.join("friday", stacy)


def test_joining_creates_no_lobby(xbl: XboxLive, lobbies: LobbyService) -> None:
    """A lobby that nobody has created cannot be joined."""
    with pytest.raises(LobbyMissingError):
        lobbies.join("friday", xbl.user("Stacy"))

    assert len(xbl.sessions) == 0


def test_a_full_lobby(xbl: XboxLive, lobbies: LobbyService) -> None:
    """The third player finds no slot in a lobby of two."""
    small_lobbies(xbl)
    stacy, ana, bo = xbl.users("Stacy", "Ana", "Bo")
    lobbies.create("friday", stacy)
    lobbies.join("friday", ana)

    with pytest.raises(LobbyFullError):
        lobbies.join("friday", bo)


@pytest.mark.xbl_scenarios("scenarios/*.json")
def test_ana_comes(xbl: XboxLive, xbl_scenario: ScenarioView, lobbies: LobbyService) -> None:
    """Whether she finds a slot depends on who is there; each file says who, and what is expected then."""
    with suppress(LobbyFullError):
        lobbies.join("friday", xbl_scenario.Ana)

    xbl.assert_state()


def test_a_reservation_times_out(xbl: XboxLive, lobbies: LobbyService) -> None:
    """A slot that is kept for somebody is free again when they have not come for 30 seconds."""
    small_lobbies(xbl)
    stacy, ana, bo = xbl.users("Stacy", "Ana", "Bo")
    xbl.sessions.create("lobby", name="friday", members={stacy: "active", ana: "reserved"})
    with pytest.raises(LobbyFullError):
        lobbies.join("friday", bo)

    xbl.clock.advance(seconds=30)

    assert lobbies.join("friday", bo)["membersInfo"]["active"] == 2


def test_a_started_game_is_closed(xbl: XboxLive, lobbies: LobbyService) -> None:
    """The start notes who plays, and nobody joins after it."""
    stacy, ana, bo = xbl.users("Stacy", "Ana", "Bo")
    lobbies.create("friday", stacy)
    lobbies.join("friday", ana)

    started = lobbies.start("friday", stacy)

    assert_matches(
        started,
        {"properties": {"custom": {"state": "started", "host": stacy.xuid, "players": [stacy.xuid, ana.xuid]}}},
    )
    with pytest.raises(LobbyClosedError):
        lobbies.join("friday", bo)


@pytest.mark.parametrize("restriction", ["local", "followed"])
def test_an_invited_friend_joins(xbl: XboxLive, lobbies: LobbyService, restriction: str) -> None:
    """The invite lets in whom the lobby keeps out, and nobody but the one who was invited."""
    stacy, ana, bo = xbl.users("Stacy", "Ana", "Bo")
    friday = xbl.sessions.create(
        "lobby", name="friday", members=[stacy], properties={"system": {"joinRestriction": restriction}}
    )
    with pytest.raises(LobbyClosedError):
        lobbies.join("friday", ana)

    invite = lobbies.invite("friday", stacy, ana)

    assert xbl.handles[invite].owner == stacy.xuid
    with pytest.raises(LobbyClosedError):
        lobbies.accept(invite, bo)
    assert lobbies.accept(invite, ana) == friday.document
    assert friday.document["membersInfo"]["active"] == 2


def test_an_invite_to_a_lobby_that_is_gone(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Stacy left before Ana came; the invite does not lead to another lobby of that name."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)
    invite = lobbies.invite("friday", stacy, ana)
    lobbies.leave("friday", stacy)
    before = lobbies.create("friday", stacy)

    with pytest.raises(LobbyMissingError):
        lobbies.accept(invite, ana)

    assert xbl.sessions["friday"].document == before


def test_an_invite_expires(xbl: XboxLive, lobbies: LobbyService) -> None:
    """After a day an invite leads nowhere, though the lobby is still there."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)
    invite = lobbies.invite("friday", stacy, ana)

    xbl.clock.advance(days=1)

    with pytest.raises(LobbyMissingError):
        lobbies.accept(invite, ana)
    assert lobbies.join("friday", ana)["membersInfo"]["active"] == 2


def test_an_invite_opens_no_closed_lobby(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Whoever comes after the start comes too late, invited or not."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)
    invite = lobbies.invite("friday", stacy, ana)
    lobbies.start("friday", stacy)

    with pytest.raises(LobbyClosedError):
        lobbies.accept(invite, ana)


def test_an_invite_keeps_no_slot(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Bo takes the last slot before Ana comes, invited or not."""
    small_lobbies(xbl)
    stacy, ana, bo = xbl.users("Stacy", "Ana", "Bo")
    lobbies.create("friday", stacy)
    invite = lobbies.invite("friday", stacy, ana)
    lobbies.join("friday", bo)

    with pytest.raises(LobbyFullError):
        lobbies.accept(invite, ana)


def test_a_stranger_invites_nobody(xbl: XboxLive, lobbies: LobbyService) -> None:
    """An invite comes from somebody who is in the lobby."""
    stacy, ana, bo = xbl.users("Stacy", "Ana", "Bo")
    lobbies.create("friday", stacy)

    with pytest.raises(LobbyError, match="HAND-17"):
        lobbies.invite("friday", bo, ana)

    assert len(xbl.handles) == 0


def test_a_player_comes_back(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Whoever leaves after the start may come back."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)
    lobbies.join("friday", ana)
    lobbies.start("friday", stacy)

    lobbies.leave("friday", ana)

    assert lobbies.join("friday", ana)["membersInfo"]["count"] == 2


def test_a_race_is_run_again(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Ana joins between Stacy's read and Stacy's write, so Stacy reads and writes once more."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)
    seen: list[int] = []

    def count_players(lobby: Lobby) -> Changes:
        if not seen:
            lobbies.join("friday", ana)
        seen.append(lobby["membersInfo"]["count"])
        return {"properties": {"custom": {"teams": seen[-1]}}}

    changed = lobbies.update("friday", stacy, count_players)

    assert seen == [1, 2]
    assert changed["properties"]["custom"]["teams"] == 2


def test_a_race_that_never_ends(xbl: XboxLive, lobbies: LobbyService) -> None:
    """After a few tries the service gives up, and says so."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobbies.create("friday", stacy)

    def restless(lobby: Lobby) -> Changes:
        lobbies.update("friday", ana, lambda _: {"properties": {"custom": {"noise": lobby["changeNumber"]}}})
        return {"properties": {"custom": {"map": "harbour"}}}

    with pytest.raises(LobbyBusyError, match="friday changed 4 times"):
        lobbies.update("friday", stacy, restless)


def test_the_host_leaves(xbl: XboxLive, lobbies: LobbyService) -> None:
    """The next player is the host then; somebody who has not come yet is not asked."""
    stacy, ana, bo = xbl.users("Stacy", "Ana", "Bo")
    friday = xbl.sessions.create(
        "lobby",
        name="friday",
        members={stacy: "active", bo: "reserved", ana: "active"},
        properties={"custom": {"host": stacy.xuid}},
    )

    lobbies.leave("friday", stacy)

    assert friday.document["properties"]["custom"]["host"] == ana.xuid
    assert friday.document["membersInfo"]["accepted"] == 1


def test_the_last_player_leaves(xbl: XboxLive, lobbies: LobbyService) -> None:
    """Nobody is left, so the lobby is gone."""
    stacy = xbl.user("Stacy")
    lobbies.create("friday", stacy)

    lobbies.leave("friday", stacy)

    assert "friday" not in xbl.sessions
    with pytest.raises(LobbyMissingError):
        lobbies.start("friday", stacy)


def test_another_refusal(xbl: XboxLive, lobbies: LobbyService) -> None:
    """What the service does not expect, it hands on with the words of the session directory."""
    stacy = xbl.user("Stacy")
    lobbies.create("friday", stacy)

    with pytest.raises(LobbyError, match="PROP-3"):
        lobbies.update("friday", stacy, lambda _: {"properties": {"system": {"turn": [7]}}})
