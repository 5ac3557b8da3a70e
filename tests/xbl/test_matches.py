"""The stories of the page "Target session initialization and QoS", step by step (INIT)."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import pytest

from bodies import Body, me, properties, reserve, session_path
from pytest_xbl import SessionView, User, XboxLive
from pytest_xbl.mpsd.devices import device_token

MATCH: Body = {
    "maxMembersCount": 8,
    "capabilities": {"connectivity": True},
    "memberInitialization": {"membersNeededToStart": 3},
    "peerToHostRequirements": {"latencyMaximum": 150, "bandwidthDownMinimum": 1_000, "bandwidthUpMinimum": 500},
}
NAMES = ("Ana", "Bo", "Cid", "Dee")
PATH = session_path("match", "match")


def measured(latency: int) -> Body:
    """A measurement with enough bandwidth."""
    return {"latency": latency, "bandwidthDown": 9_000, "bandwidthUp": 2_000}


LOG = """\
#1 12:00:00 put-session by matchmaker: session created, a place reserved for Ana, a place reserved for Bo, \
a place reserved for Cid, a place reserved for Dee, episode 1 is joining
#2 12:00:01 put-session by Ana: Ana joined, Ana became active
#3 12:00:02 put-session by Bo: Bo joined, Bo became active
#4 12:00:03 put-session by Cid: Cid joined, Cid became active
#5 12:00:04 put-session by Dee: Dee joined, Dee became active, episode 1 is measuring
#6 12:00:04 put-session by Ana
#7 12:00:04 put-session by Bo
#8 12:00:04 put-session by Cid
#9 12:00:04 put-session by Dee: episode 1 succeeded
#10 12:00:04 put-session by Bo"""


class Match:
    """A match as its players and its matchmaker play it, by requests."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.players = dict(zip(NAMES, xbl.users(*NAMES), strict=True))
        self.matchmaker = xbl.service("matchmaker")
        xbl.templates.add("match", {"constants": {"system": MATCH}})

    @property
    def session(self) -> SessionView:
        """The session of the match."""
        return self.xbl.sessions["match"]

    @property
    def stage(self) -> Any:
        """The stage that the session shows, and its episode."""
        shown = self.session.document.get("initializing")
        return shown and (shown["stage"], shown["episode"])

    @property
    def failures(self) -> dict[str, str]:
        """The failures, by gamertag."""
        members = self.session.document["members"].values()
        return {it["gamertag"]: it["initializationFailure"] for it in members if "initializationFailure" in it}

    def put(self, caller: Any, body: Body) -> int:
        """A write of the session, and its status."""
        return self.xbl.client(caller).put(PATH, json=body).status_code

    def found(self, names: Iterable[str]) -> int:
        """Let the matchmaker reserve a slot for each of these players."""
        body = reserve(*(self.players[name].xuid for name in names))
        for slot in body["members"].values():
            slot["constants"]["system"]["initialize"] = True
        return self.put(self.matchmaker, body)

    def joins(self, name: str, **system: Any) -> int:
        """Let a player take up their reservation, active and with their address."""
        return self.put(self.players[name], me(active=True, secureDeviceAddress=self.address(name), **system))

    def measures(self, name: str, **latencies: int) -> int:
        """Let a player upload measurements, by the names of the others."""
        found = {self.token(other): measured(latency) for other, latency in latencies.items()}
        return self.put(self.players[name], me(measurements=found))

    def address(self, name: str) -> str:
        """The address of a player's device."""
        return base64.b64encode(f"device of {name}".encode()).decode()

    def token(self, name: str) -> str:
        """The token of a player's device."""
        return device_token(self.address(name))


@pytest.fixture
def match(xbl: XboxLive) -> Match:
    """A match that needs three of its players, and a host for all of them."""
    return Match(xbl)


def player(match: Match, name: str) -> User:
    """A player of the match."""
    return match.players[name]


def test_a_match_of_four_from_reservation_to_play(match: Match) -> None:
    """Joining, measuring, candidates for the host, a host, play (INIT-1, INIT-2, INIT-3, INIT-7)."""
    assert match.found(NAMES) == 201
    assert match.stage == ("joining", 1)
    assert match.session.document["nextTimer"] == "2026-01-01T12:00:10.0000000Z"

    for name in NAMES:
        match.xbl.clock.advance(seconds=1)
        assert match.joins(name) == 200
    assert match.stage == ("measuring", 1)
    assert match.session.document["nextTimer"] == "2026-01-01T12:00:34.0000000Z"

    match.measures("Ana", Bo=20, Cid=90, Dee=60)
    match.measures("Bo", Ana=25, Cid=80, Dee=50)
    match.measures("Cid", Ana=90, Bo=85, Dee=140)
    assert match.stage == ("measuring", 1)
    match.measures("Dee", Ana=70, Bo=55, Cid=130)
    assert match.stage is None
    assert match.failures == {}
    assert match.session.document["hostCandidates"] == [match.token(name) for name in ("Bo", "Ana", "Cid", "Dee")]
    assert all("initializationEpisode" not in it for it in match.session.document["members"].values())

    match.put(player(match, "Bo"), properties(host=match.token("Bo")))
    assert "hostCandidates" not in match.session.document
    match.session.assert_members(dict.fromkeys(match.players.values(), "active"))
    assert str(match.session.history) == LOG


def test_a_match_that_fails(match: Match) -> None:
    """One does not join, one cannot connect, and two are too few (INIT-3, INIT-4, INIT-5)."""
    match.found(NAMES)
    for name in ("Ana", "Bo", "Cid"):
        match.joins(name)
    match.xbl.clock.advance_to_next_timer()
    assert match.stage == ("measuring", 1)
    assert match.session.document["membersInfo"]["count"] == 3

    match.measures("Ana", Bo=20, Cid=200)
    match.measures("Bo", Ana=20, Cid=300)
    match.measures("Cid", Ana=200, Bo=300)
    assert match.stage == ("failed", 1)
    assert match.failures == {"Ana": "episode", "Bo": "episode", "Cid": "latency"}

    assert match.joins("Dee") == 200
    assert match.stage == ("failed", 1)
    assert "nextTimer" not in match.session.document


def test_a_player_joins_a_game_in_progress(match: Match) -> None:
    """In another episode, which measures only the connection to the host (INIT-1, INIT-2)."""
    match.found(NAMES[:3])
    for name in NAMES[:3]:
        match.joins(name)
    for name, others in (("Ana", ("Bo", "Cid")), ("Bo", ("Ana", "Cid")), ("Cid", ("Ana", "Bo"))):
        match.measures(name, **dict.fromkeys(others, 20))
    match.put(player(match, "Ana"), properties(host=match.token("Ana")))

    match.found(("Dee",))
    assert match.stage == ("joining", 2)
    match.joins("Dee")
    assert match.stage == ("measuring", 2)
    match.measures("Dee", Ana=40, Bo=400)
    assert match.stage is None
    assert match.failures == {}

    eve = match.players["Eve"] = match.xbl.user("Eve")
    match.found(("Eve",))
    match.joins("Eve")
    match.xbl.clock.advance_to_next_timer()
    assert match.failures == {"Eve": "timeout"}
    assert match.stage is None
    assert match.put(eve, {"members": {"me": None}}) == 200
    match.session.assert_members({it: "active" for it in match.players.values() if it is not eve})


@pytest.mark.parametrize("contract", ["104", "105", "107"])
def test_a_client_of_any_contract_is_initialized(match: Match, contract: str) -> None:
    """Only the constant has two names; all other fields have one (TMPL-8, INIT-1)."""
    match.found(NAMES)
    shown: Any = match.xbl.client(match.matchmaker).get(PATH, headers={"X-Xbl-Contract-Version": contract}).json
    stage = {"stage": "joining", "stageStartTime": "2026-01-01T12:00:00.0000000Z", "episode": 1}
    assert shown["initializing"] == stage
    assert [member["initializationEpisode"] for member in shown["members"].values()] == [1] * 4
    name = "memberInitialization" if contract == "107" else "managedInitialization"
    assert shown["constants"]["system"][name] == {"membersNeededToStart": 3}


def test_the_end_of_a_stage_is_when_an_answer_expires(match: Match) -> None:
    """The header `Expires` says the same as nextTimer (TIME-6, INIT-3)."""
    match.found(NAMES)
    answer = match.xbl.client(match.matchmaker).get(PATH)
    assert answer.headers["Expires"] == "Thu, 01 Jan 2026 12:00:10 GMT"
