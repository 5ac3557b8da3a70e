"""Properties and servers of a session (PROP, SERV)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bodies import ACTIVE, LEAVE, SCID, Body, properties, ref
from pytest_xbl.mpsd.effects import MatchStatusChanged

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage


def system(stage: Stage) -> Body:
    """The system properties of the session, as rendered."""
    held: Body = stage.document()["properties"]["system"]
    return held


@pytest.fixture
def lobby(stage: Stage) -> Stage:
    """An open session of Ann and Bob."""
    stage.join("Ann", "Bob")
    return stage


def test_any_member_writes_them_and_they_are_kept_as_written(lobby: Stage) -> None:
    """Properties belong to the session, not to who made it (PROP-1, PROP-2, PROP-3, PROP-5, PROP-7, PROP-8)."""
    words = {"keywords": ["Fun", "fun", "zwei Wörter"], "serverConnectionStringCandidates": ["b", "a"]}
    rights = {"joinRestriction": "followed", "readRestriction": "none", "closed": True, "locked": True}
    matchmaking = {"targetSessionConstants": {"a": [None]}, "serverConnectionString": "x"}
    written: Body = {**words, **rights, "matchmaking": matchmaking, "turn": [1, 0]}
    lobby.put("Bob", properties(**written, matchmakingResubmit=False))
    assert system(lobby) == {**written, "matchmakingResubmit": False}


@pytest.mark.parametrize("nobody", [[], None])
def test_turn_is_there_even_when_it_is_nobodys(lobby: Stage, nobody: list[int] | None) -> None:
    """An empty list by default, which can be written back without a change (PUT-9, PROP-9)."""
    before = lobby.session
    assert system(lobby) == {"turn": []}
    assert lobby.put("Ann", properties(turn=nobody)) is before
    lobby.put("Ann", properties(turn=[1]))
    lobby.put("Bob", LEAVE)
    before = lobby.session
    assert lobby.put("Ann", properties(turn=nobody)) is before
    lobby.put("Ann", properties(turn=[0]))
    lobby.put("Ann", properties(turn=nobody))
    assert system(lobby) == {"turn": []}


BY_USERS = {"capabilities": {"userAuthorizationStyle": True}}
NO_MEMBER = "turn names members by their index, and no member has index 2."
TWICE = "turn names each index only once."
NOT_NOW = "initializationSucceeded is written while the stage of initialization is evaluating; no episode is running."
RESULT = {"matchmaking": {"clientResult": {"status": "found"}}}
NO_MATCHMAKING = "matchmaking.clientResult needs the capability clientMatchmaking."
CANDIDATES = "This session calculates serverConnectionStringCandidates from serverMeasurements, so nobody writes it."
NOT_NONE = "With userAuthorizationStyle the {} cannot be none."
STRICTER = "Whoever may join may read: readRestriction local is stricter than joinRestriction none."
REFUSED: dict[str, tuple[Body, Body, str, str]] = {
    # the place of the refusal: constants, written, text, rule
    "keywords": ({"visibility": "private"}, {"keywords": ["a"]}, "A private session has no keywords.", "PROP-2"),
    "turn": ({}, {"turn": [0, 2]}, NO_MEMBER, "PROP-3"),
    "turn ": ({}, {"turn": [0, 0]}, TWICE, "PROP-3"),
    "initializationSucceeded": ({}, {"initializationSucceeded": False}, NOT_NOW, "PROP-6"),
    "matchmaking/clientResult": ({}, RESULT, NO_MATCHMAKING, "PROP-7"),
    "serverConnectionStringCandidates": (
        {"capabilities": {"autoPopulateServerCandidates": True}},
        {"serverConnectionStringCandidates": ["east"]},
        CANDIDATES,
        "PROP-10",
    ),
    "joinRestriction": (BY_USERS, {"joinRestriction": "none"}, NOT_NONE.format("joinRestriction"), "CONST-9"),
    "readRestriction": (BY_USERS, {"readRestriction": "none"}, NOT_NONE.format("readRestriction"), "CONST-9"),
    "readRestriction ": ({}, {"readRestriction": "local"}, STRICTER, "JOIN-3"),
}


@pytest.mark.parametrize("where", REFUSED)
def test_what_does_not_fit_the_session_is_refused(stage: Stage, where: str) -> None:
    """400 with the pointer and the rule (PROP-2, PROP-3, PROP-6, PROP-7, PROP-10, CONST-9, JOIN-3)."""
    constants, written, text, rule = REFUSED[where]
    stage.using(constants)
    stage.join("Ann")
    expected = (400, f"/properties/system/{where.strip()}", text, rule)
    assert stage.told("Ann", properties(**written)) == expected


def test_client_matchmaking_lets_members_write_its_result(stage: Stage) -> None:
    """The capability makes the difference; removing what may not be there offends nobody (PROP-7, PROP-2)."""
    stage.using({"visibility": "private", "capabilities": {"clientMatchmaking": True}})
    assert stage.put("Ann", properties(**RESULT, keywords=None))


@pytest.mark.parametrize("name", ["closed", "locked", "allocateCloudCompute", "matchmaking"])
def test_a_property_that_says_nothing_is_not_kept(lobby: Stage, name: str) -> None:
    """A flag is there while it is true, matchmaking while it holds something (PROP-7, PROP-8)."""
    nothing: Body | bool = {} if name == "matchmaking" else False
    before = lobby.session
    assert lobby.put("Ann", properties(**{name: nothing})) is before
    if name in ("closed", "matchmaking"):
        lobby.put("Ann", properties(closed=True, matchmaking={"serverConnectionString": "x"}))
        lobby.put("Ann", properties(**{name: nothing}))
        assert name not in system(lobby)


def test_turn_names_members_that_the_same_write_brings(stage: Stage) -> None:
    """Who is in it comes before what is said about them (PROP-3)."""
    stage.put("Ann", {**properties(turn=[0]), **ACTIVE})
    assert stage.member()["turn"] is True


@pytest.mark.parametrize("host", ["9f4032ba7", ""])
def test_a_host_that_is_nobodys_device_is_dropped(lobby: Stage, host: str) -> None:
    """The write is accepted, and the field is not there (PROP-4)."""
    before = lobby.session
    assert lobby.put("Ann", properties(host=host)) is before
    assert "host" not in system(lobby)


def test_user_authorization_style_starts_local_and_falls_back_to_local(stage: Stage) -> None:
    """Both restrictions are local by default, and again when removed (CONST-9)."""
    stage.using(BY_USERS)
    stage.join("Ann")
    assert system(stage) == {"turn": [], "joinRestriction": "local", "readRestriction": "local"}
    stage.put("Ann", properties(joinRestriction="followed", readRestriction="followed"))
    stage.put("Ann", properties(joinRestriction=None, readRestriction=None))
    assert system(stage) == {"turn": [], "joinRestriction": "local", "readRestriction": "local"}
    stage.using(BY_USERS)
    assert stage.refused("Ann", properties(joinRestriction="none"))[2] == "CONST-9"


@pytest.mark.parametrize("servers", [{"x": {}}, {"never there": None}, {}])
def test_a_repeated_write_of_servers_changes_nothing(lobby: Stage, servers: Body) -> None:
    """The same body again leaves the session as it is (PUT-9)."""
    lobby.caller("service", server=True)
    before = lobby.put("service", {"servers": {"x": {}}})
    assert lobby.put("service", {"servers": servers}) is before


def test_one_write_removes_a_server_and_adds_another(lobby: Stage) -> None:
    """In either order; servers that the write does not name stay (SERV-1, SERV-2)."""
    lobby.caller("service", server=True)
    lobby.put("service", {"servers": {"w": {}, "x": {}}})
    lobby.put("service", {"servers": {"x": None, "y": {}}})
    assert [*lobby.document()["servers"]] == ["w", "y"]


def test_the_matchmaking_server_speaks_of_its_status(lobby: Stage) -> None:
    """Its fields are kept, and others are refused; a change of status or target is an effect (SERV-3, SERV-4)."""
    lobby.caller("service", server=True)
    status = {"lockId": "1", "status": "found", "typicalWait": 30, "targetSessionRef": ref()}
    lobby.put("service", {"servers": {"matchmaking": properties(**status)}})
    assert lobby.document()["servers"]["matchmaking"]["properties"] == {"system": status}
    assert list(lobby.effects) == [MatchStatusChanged("found", f"{SCID}~lobby~one")]
    lobby.put("service", {"servers": {"matchmaking": properties(typicalWait=31)}})
    assert list(lobby.effects) == []
    lobby.put("service", {"servers": {"matchmaking": None}})
    assert list(lobby.effects) == [MatchStatusChanged(None)]
    lobby.put("service", {"servers": {"matchmaking": properties(**status)}})
    body = {"servers": {"matchmaking": properties(mood="good")}}
    assert lobby.refused("service", body) == (400, "/servers/matchmaking/properties/system/mood", "CALL-6")
