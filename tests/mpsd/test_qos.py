"""Measurements, and whether they meet the requirements of a session (INIT-2, INIT-4, INIT-7, PROP-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bodies import ACTIVE, LEAVE, PATIENT, Body, can, me, properties
from matches import (
    GOOD,
    LATENCY_ONLY,
    MESH,
    STAR,
    address,
    failures_of,
    initialization,
    join,
    joining,
    match_of,
    measure,
    measure_all,
    stage_of,
    start,
    token,
)
from pytest_xbl.mpsd import qos
from pytest_xbl.mpsd.qos import PRECEDENCE, Limits, fault, first
from tables import cases

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

SLOW: Body = {**GOOD, "latency": 251}
THIN: Body = {**GOOD, "bandwidthUp": 500, "bandwidthDown": 500}
LIMITS = Limits(latency=250, down=100, up=10)


class TestFaults:
    """One connection, and one member."""

    @cases(
        "measured expected",
        {
            "at the limits": ({"latency": 250, "bandwidthDown": 100, "bandwidthUp": 10}, None),
            "slow": ({"latency": 251, "bandwidthDown": 100, "bandwidthUp": 10}, "latency"),
            "thin down": ({"latency": 0, "bandwidthDown": 99, "bandwidthUp": 10}, "bandwidthdown"),
            "thin up": ({"latency": 0, "bandwidthDown": 100, "bandwidthUp": 9}, "bandwidthup"),
            "slow, and thin both ways": ({"latency": 251, "bandwidthDown": 0, "bandwidthUp": 0}, "latency"),
            "thin both ways": ({"latency": 0, "bandwidthDown": 0, "bandwidthUp": 0}, "bandwidthdown"),
            "slow, the rest not measured": ({"latency": 251}, "latency"),
            "thin up, the rest not measured": ({"bandwidthUp": 0}, "bandwidthup"),
            "something not measured": ({"latency": 1, "bandwidthDown": 100}, "network"),
            "nothing measured": ({}, "network"),
            "only custom ones": ({"custom": {"jitter": 3}}, "network"),
        },
    )
    def test_a_connection_has_the_first_fault(self, measured: Body, expected: str | None) -> None:
        """A metric that is left out was not measured, so that the other end cannot be reached (INIT-4, CONST-11)."""
        assert fault(measured, LIMITS) == expected

    def test_failures_have_an_order_of_precedence(self) -> None:
        """Of several, the first counts (INIT-4)."""
        assert ", ".join(PRECEDENCE) == "timeout, latency, bandwidthdown, bandwidthup, network, group, episode"
        for n, failure in enumerate(PRECEDENCE):
            assert first(PRECEDENCE[n:][::-1]) == failure


def measured(stage: Stage, system: Body, *names: str, bad: dict[tuple[str, str], Body] | None = None) -> dict[str, str]:
    """The failures in a match in which all measure all others, as good except for the pairs in `bad`."""
    stage.using({**system, **initialization(1)})
    start(stage, *names)
    join(stage, *names)
    measure_all(stage, *names, bad=bad)
    assert stage_of(stage) in ("", "failed 1")
    return failures_of(stage)


class TestMesh:
    """peerToPeerRequirements: all connect to all."""

    @cases(
        "bad failures",
        {
            "all is well": ({}, {}),
            "one has a bad line to all": (
                {("Cid", other): SLOW for other in ("Ann", "Bob", "Dan")},
                {"Cid": "latency"},
            ),
            "all have a bad line to one": (
                {(other, "Cid"): THIN for other in ("Ann", "Bob", "Dan")},
                {"Cid": "bandwidthdown"},
            ),
            "one pair, one way": ({("Ann", "Bob"): SLOW}, {"Ann": "latency", "Bob": "latency"}),
            "one pair, both ways": (
                {("Ann", "Bob"): THIN, ("Bob", "Ann"): SLOW},
                {"Ann": "latency", "Bob": "latency"},
            ),
            "a chain": (
                {("Ann", "Bob"): SLOW, ("Bob", "Cid"): THIN},
                {"Bob": "latency"},
            ),
            "one cannot be reached": (
                {(other, "Dan"): {} for other in ("Ann", "Bob", "Cid")},
                {"Dan": "network"},
            ),
        },
    )
    def test_the_members_with_the_most_bad_connections_fail_first(
        self, stage: Stage, bad: dict[tuple[str, str], Body], failures: dict[str, str]
    ) -> None:
        """A connection is bad if either end has measured it so; one bad line does not fail all others (INIT-4)."""
        assert measured(stage, MESH, "Ann", "Bob", "Cid", "Dan", bad=bad) == failures

    def test_a_member_without_an_address_cannot_be_reached(self, stage: Stage) -> None:
        """No other member fails because of them (INIT-4)."""
        stage.using({**MESH, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid")
        join(stage, "Ann", "Bob")
        stage.put("Cid", ACTIVE)
        measure(stage, "Cid")
        measure_all(stage, "Ann", "Bob")
        assert failures_of(stage) == {"Cid": "network"}
        assert stage_of(stage) == ""

    def test_players_on_one_device_do_not_measure_each_other(self, stage: Stage) -> None:
        """They have the same address, which is their own (MEMB-10, MEMB-13, INIT-3)."""
        stage.using({**MESH, **initialization(2)})
        start(stage, "Ann", "Bob")
        stage.put("Ann", me(active=True, secureDeviceAddress=address("Ann")))
        stage.put("Bob", me(active=True, secureDeviceAddress=address("Ann")))
        assert stage_of(stage) == ""
        assert failures_of(stage) == {}

    def test_a_group_fails_with_one_of_its_members(self, stage: Stage) -> None:
        """So that friends are matched again together (INIT-4, MEMB-13)."""
        stage.using({**MESH, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid", "Dan")
        join(stage, "Ann", "Bob", "Cid", "Dan")
        stage.put("Ann", me(initializationGroup=[2]))
        stage.put("Bob", me(initializationGroup=[0]))
        measure_all(stage, "Ann", "Bob", "Cid", "Dan", bad={("Cid", other): SLOW for other in ("Ann", "Bob", "Dan")})
        assert failures_of(stage) == {"Ann": "group", "Bob": "group", "Cid": "latency"}

    @pytest.mark.parametrize("bad", [SLOW, THIN, {}])
    def test_members_who_were_there_before_do_not_fail(self, stage: Stage, bad: Body) -> None:
        """A newcomer measures all who play, and only the newcomer can fail (INIT-1, INIT-4)."""
        assert measured(stage, MESH, "Ann", "Bob", "Cid", bad={}) == {}
        stage.put("Eve", joining(secureDeviceAddress=address("Eve")))
        assert stage_of(stage) == "measuring 2"
        measure(stage, "Eve", Ann=GOOD, Bob=bad, Cid=GOOD)
        assert list(failures_of(stage)) == ["Eve"]

    def test_a_member_who_has_failed_is_no_longer_measured(self, stage: Stage) -> None:
        """Nor is a member who waits for the next episode (INIT-1, INIT-4)."""
        bad = {("Cid", other): SLOW for other in ("Ann", "Bob")}
        assert measured(stage, MESH, "Ann", "Bob", "Cid", bad=bad) == {"Cid": "latency"}
        stage.put("Dan", joining(secureDeviceAddress=address("Dan")))
        stage.put("Eve", joining(secureDeviceAddress=address("Eve")))
        assert stage_of(stage) == "measuring 2"
        measure(stage, "Dan", Ann=GOOD, Bob=GOOD)
        assert stage_of(stage) == "measuring 3"
        measure(stage, "Eve", Ann=GOOD, Bob=GOOD, Dan=SLOW)
        assert failures_of(stage) == {"Cid": "latency", "Eve": "latency"}


class TestHost:
    """peerToHostRequirements: all connect to one host."""

    @cases(
        "metric bad order",
        {
            "latency": (
                "latency",
                {("Ann", "Cid"): {**GOOD, "latency": 5}, ("Bob", "Cid"): {**GOOD, "latency": 9}},
                "Cid Ann Bob",
            ),
            "the worst connection counts": (
                "latency",
                {("Ann", "Cid"): {**GOOD, "latency": 1}, ("Bob", "Cid"): {**GOOD, "latency": 99}},
                "Ann Bob Cid",
            ),
            "down": ("bandwidthdown", {("Cid", "Bob"): {**GOOD, "bandwidthDown": 150_000}}, "Ann Cid Bob"),
            "up": ("bandwidthUp", {("Cid", "Ann"): {**GOOD, "bandwidthUp": 2_000}}, "Bob Cid Ann"),
            "both": (
                "BANDWIDTH",
                {("Cid", "Ann"): {**GOOD, "bandwidthUp": 2_000}, ("Cid", "Bob"): {**GOOD, "bandwidthDown": 100_000}},
                "Cid Ann Bob",
            ),
            "equals in the order of their indices": ("latency", {}, "Ann Bob Cid"),
        },
    )
    def test_candidates_are_listed_best_first(
        self, stage: Stage, metric: str, bad: dict[tuple[str, str], Body], order: str
    ) -> None:
        """By hostSelectionMetric, a host as good as the worst connection to it (INIT-7, CONST-11)."""
        star = {**STAR, "peerToHostRequirements": {"hostSelectionMetric": metric}}
        assert measured(stage, star, "Ann", "Bob", "Cid", bad=bad) == {}
        assert stage.document()["hostCandidates"] == [token(name) for name in order.split()]

    def test_a_candidate_is_a_member_to_whom_all_can_connect(self, stage: Stage) -> None:
        """If there is none, those fail who cannot connect to the member to whom most can (INIT-4, INIT-7)."""
        bad = {("Ann", "Cid"): SLOW, ("Bob", "Cid"): THIN, ("Cid", "Ann"): {}, ("Dan", "Cid"): GOOD}
        assert measured(stage, STAR, "Ann", "Bob", "Cid", "Dan", bad=bad) == {}
        assert stage.document()["hostCandidates"] == [token("Bob"), token("Dan")]
        assert measured(stage, STAR, "Ann", "Bob", "Cid", bad={("Cid", "Ann"): {}, ("Cid", "Bob"): THIN, **bad}) == {
            "Cid": "bandwidthdown"
        }
        assert stage.document()["hostCandidates"] == [token("Ann"), token("Bob")]

    def test_candidates_are_cleared_when_there_is_a_host(self, stage: Stage) -> None:
        """And do not come back when the host has left (INIT-7, PROP-4)."""
        assert measured(stage, STAR, "Ann", "Bob", "Cid") == {}
        stage.put("Ann", properties(host="nobody's"))
        assert len(stage.document()["hostCandidates"]) == 3
        stage.put("Ann", properties(host=token("Bob")))
        assert "hostCandidates" not in stage.document()
        stage.put("Bob", LEAVE)
        assert "hostCandidates" not in stage.document()

    def test_only_measurements_to_the_host_count(self, stage: Stage) -> None:
        """The host itself need not measure, and there are no candidates (INIT-2, INIT-4, INIT-7)."""
        stage.using({**STAR, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid")
        join(stage, "Ann", "Bob")
        stage.put("Ann", properties(host=token("Ann").upper()))
        join(stage, "Cid")
        assert stage_of(stage) == "measuring 1"
        measure(stage, "Bob", Ann=GOOD, Cid=SLOW)
        measure(stage, "Cid", Ann={**GOOD, "bandwidthDown": 1})
        assert stage_of(stage) == ""
        assert failures_of(stage) == {"Cid": "bandwidthdown"}
        assert "hostCandidates" not in stage.document()

    def test_a_later_episode_measures_a_candidate_who_is_still_there(self, stage: Stage) -> None:
        """As long as there is no host; and it finds no new candidates (INIT-7)."""
        assert measured(stage, STAR, "Ann", "Bob", "Cid") == {}
        stage.put("Ann", LEAVE)
        candidates = stage.document()["hostCandidates"]
        stage.put("Eve", joining(secureDeviceAddress=address("Eve")))
        measure(stage, "Eve", Bob=SLOW, Cid=GOOD)
        assert failures_of(stage) == {}
        assert stage.document()["hostCandidates"] == candidates == [token(name) for name in ("Ann", "Bob", "Cid")]
        stage.put("Fay", joining(secureDeviceAddress=address("Fay")))
        measure(stage, "Fay", Bob=SLOW, Cid=THIN)
        assert failures_of(stage) == {"Fay": "bandwidthdown"}

    def test_a_match_that_failed_has_no_candidates(self, stage: Stage) -> None:
        """There is no game to host (INIT-5, INIT-7)."""
        stage.using({**STAR, **initialization(2)})
        start(stage, "Ann", "Bob")
        join(stage, "Ann", "Bob")
        measure_all(stage, "Ann", "Bob", bad={("Ann", "Bob"): SLOW, ("Bob", "Ann"): THIN})
        assert stage_of(stage) == "failed 1"
        assert failures_of(stage) == {"Ann": "episode", "Bob": "bandwidthdown"}
        assert "hostCandidates" not in stage.document()

    def test_without_any_address_all_fail(self, stage: Stage) -> None:
        """No member can be reached, so no one can be host (INIT-4)."""
        stage.using({**STAR, **initialization(1)})
        start(stage, "Ann", "Bob")
        for name in ("Ann", "Bob"):
            stage.put(name, me(active=True, measurements={}))
        assert failures_of(stage) == {"Ann": "network", "Bob": "network"}

    def test_only_a_host_needs_an_address(self, stage: Stage) -> None:
        """Nobody has to reach the others; with a host that is set, as without one (INIT-2, INIT-4)."""
        stage.using({**STAR, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid")
        join(stage, "Ann", "Bob")
        stage.put("Cid", ACTIVE)
        measure_all(stage, "Ann", "Bob")
        measure(stage, "Cid", Ann=GOOD, Bob=SLOW)
        assert failures_of(stage) == {}
        assert stage.document()["hostCandidates"] == [token("Ann")]
        stage.put("Ann", properties(host=token("Ann")))
        for name, measured, failure in (("Dan", GOOD, {}), ("Eve", {}, {"Eve": "network"})):
            stage.put(name, joining())
            measure(stage, name, Ann=measured)
            assert failures_of(stage) == failure

    def test_nobody_joins_by_hosting_themselves(self, stage: Stage) -> None:
        """While others are there, only they are possible hosts, even if no candidate is left (INIT-4, INIT-7)."""
        stage.using({**STAR, **initialization(1)})
        stage.put("Ann", joining(secureDeviceAddress=address("Ann")))
        stage.put("Ann", properties(host=token("Ann")))
        stage.put("Ann", properties(host=None))
        stage.put("Bob", joining(secureDeviceAddress=address("Bob")))
        measure(stage, "Bob", Ann=SLOW)
        assert failures_of(stage) == {"Bob": "latency"}

    def test_a_member_who_is_not_initialized_is_the_host_of_those_who_are(self, stage: Stage) -> None:
        """They were there before, so the others have to reach them (INIT-4, INIT-7)."""
        stage.using({**STAR, **initialization(1)})
        body = match_of(stage, "Bob", "Cid")
        stage.put(
            "Ann", {"members": {**body["members"], **me(active=True, secureDeviceAddress=address("Ann"))["members"]}}
        )
        join(stage, "Bob", "Cid")
        measure(stage, "Bob", Ann=GOOD, Cid=GOOD)
        measure(stage, "Cid", Ann=SLOW, Bob=GOOD)
        assert failures_of(stage) == {"Cid": "latency"}
        assert stage.document()["hostCandidates"] == [token("Ann")]

    def test_members_are_judged_again_without_a_host_who_fails_with_a_group(self, stage: Stage) -> None:
        """All who pass can connect to one host (INIT-4, INIT-7)."""
        stage.using({**STAR, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid", "Dan")
        join(stage, "Ann", "Bob", "Cid", "Dan")
        stage.put("Ann", me(initializationGroup=[3]))
        to_ann_only = {(name, other): SLOW for name in ("Bob", "Cid") for other in ("Bob", "Cid", "Dan")}
        to_nobody = {("Dan", other): SLOW for other in ("Ann", "Bob", "Cid")}
        measure_all(stage, "Ann", "Bob", "Cid", "Dan", bad={**to_ann_only, **to_nobody})
        assert failures_of(stage) == {"Ann": "group", "Cid": "latency", "Dan": "latency"}
        assert stage.document()["hostCandidates"] == [token("Bob")]

    def test_a_member_who_fails_in_the_mesh_is_no_host(self, stage: Stage) -> None:
        """All can connect to Cid, who falls out; so Dan, who can connect to nobody else, fails, too (INIT-4)."""
        both = {**MESH, "peerToHostRequirements": {"latencyMaximum": 100}}
        far = {**GOOD, "latency": 150}
        bad = {("Cid", other): SLOW for other in ("Ann", "Bob", "Dan")}
        bad |= {pair: far for other in ("Ann", "Bob") for pair in (("Dan", other), (other, "Dan"))}
        assert measured(stage, both, "Ann", "Bob", "Cid", "Dan", bad=bad) == {"Cid": "latency", "Dan": "latency"}
        assert stage.document()["hostCandidates"] == [token("Ann"), token("Bob")]

    def test_the_title_gets_all_devices_in_order(self, stage: Stage) -> None:
        """The service leaves out none, and whom somebody has not measured comes last (INIT-2, INIT-7)."""
        stage.using({**STAR, **initialization(1, externalEvaluation=True)})
        start(stage, "Ann", "Bob", "Cid")
        join(stage, "Ann", "Bob", "Cid")
        measure(stage, "Ann", Bob=SLOW, Cid=GOOD)
        measure(stage, "Bob", Cid=SLOW)
        measure(stage, "Cid", Ann=GOOD, Bob=GOOD)
        assert stage.document()["hostCandidates"] == [token("Bob"), token("Cid"), token("Ann")]

    def test_both_kinds_of_requirements_apply(self, stage: Stage) -> None:
        """A member has the failure of the higher precedence (INIT-4)."""
        both = {**MESH, "peerToHostRequirements": {"latencyMaximum": 100}}
        bad = {("Cid", other): {**THIN, "latency": 101} for other in ("Ann", "Bob")}
        bad |= {(other, "Cid"): {**GOOD, "latency": 101} for other in ("Ann", "Bob")}
        assert measured(stage, both, "Ann", "Bob", "Cid", bad=bad) == {"Cid": "latency"}


class TestUploads:
    """The stage of measuring waits for all uploads."""

    def test_servers_are_measured(self, stage: Stage) -> None:
        """Also by a single member; an empty upload counts (INIT-2, INIT-3, MEMB-13)."""
        servers = {"measurementServerAddresses": {"east": {"secureDeviceAddress": "r5Y="}}}
        stage.using({**servers, **initialization(1)})
        stage.put("Ann", joining())
        assert stage_of(stage) == "measuring 1"
        stage.put("Ann", me(serverMeasurements={}))
        assert stage_of(stage) == ""

    def test_servers_and_members_are_measured(self, stage: Stage) -> None:
        """The stage waits for both (INIT-3)."""
        servers = {"measurementServerAddresses": {"east": {"secureDeviceAddress": "r5Y="}}}
        stage.using({**LATENCY_ONLY, **servers, **initialization(2)})
        start(stage, "Ann", "Bob")
        join(stage, "Ann", "Bob")
        measure_all(stage, "Ann", "Bob")
        assert stage_of(stage) == "measuring 1"
        for name in ("Ann", "Bob"):
            stage.put(name, me(serverMeasurements={"east": {"latency": 3}}))
        assert stage_of(stage) == ""

    def test_metrics_without_requirements_are_not_judged(self, stage: Stage) -> None:
        """The service only waits for them; the title can read them (INIT-2, INIT-3)."""
        assert measured(stage, LATENCY_ONLY, "Ann", "Bob", bad={("Ann", "Bob"): {"latency": 99_999}}) == {}

    @pytest.mark.parametrize(
        ("metrics", "stage_then"),
        [({"latency": False, "bandwidthUp": True}, "measuring 1"), ({"latency": False}, ""), ({}, "")],
        ids=str,
    )
    def test_members_are_measured_if_the_session_asks_for_any_metric(
        self, stage: Stage, metrics: Body, stage_then: str
    ) -> None:
        """A metric that is false is not asked for (INIT-2, INIT-3)."""
        stage.using({**can("connectivity"), "metrics": metrics, **initialization(2)})
        start(stage, "Ann", "Bob")
        join(stage, "Ann", "Bob")
        assert stage_of(stage) == stage_then

    def test_measurements_of_the_time_before_have_to_cover_all(self, stage: Stage) -> None:
        """Whoever lacks somebody uploads again, the same or not, so that nobody fails who came later (INIT-3)."""
        stage.using({**MESH, **initialization(3)})
        start(stage, "Ann", "Bob", "Cid")
        join(stage, "Ann", "Bob")
        measure(stage, "Ann", Bob=GOOD)
        measure(stage, "Bob", Ann=GOOD, Cid=GOOD)
        join(stage, "Cid")
        measure(stage, "Cid", Ann=GOOD, Bob=GOOD)
        assert stage_of(stage) == "measuring 1"
        measure(stage, "Ann", Bob=GOOD, Cid=GOOD)
        assert stage_of(stage) == ""
        assert failures_of(stage) == {}

    def test_an_upload_during_the_stage_counts_whatever_it_lacks(self, stage: Stage) -> None:
        """Even if it repeats an earlier one; what it lacks cannot be reached (INIT-3, INIT-4)."""
        stage.using({**MESH, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid")
        join(stage, "Ann", "Bob")
        measure_all(stage, "Ann", "Bob")
        join(stage, "Cid")
        measure(stage, "Cid")
        assert stage_of(stage) == "measuring 1"
        measure_all(stage, "Ann", "Bob")
        assert stage_of(stage) == ""
        assert failures_of(stage) == {"Cid": "network"}

    def test_a_large_mesh_is_judged_without_delay(self, stage: Stage) -> None:
        """Each connection is judged once, however many members fail one after the other (INIT-4)."""
        names = [f"P{n}" for n in range(40)]
        bad = {(one, other): SLOW for m, one in enumerate(names) for n, other in enumerate(names) if m + n >= 40}
        judged: list[Body] = []

        def judge(measured: Body, limits: Limits) -> str | None:
            judged.append(measured)
            return fault(measured, limits)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(qos, "fault", judge)
            assert len(measured(stage, MESH, *names, bad=bad)) == 19
        assert len(judged) == 40 * 39


EAST_FIRST: Body = {"East": {"latency": 20}, "west": {"latency": 90}}


class TestServers:
    """With `autoPopulateServerCandidates` the servers that suit all members follow from what they have measured."""

    @pytest.fixture
    def game(self, stage: Stage) -> Stage:
        """A game of two, with the capability."""
        stage.using({**PATIENT, **can("autoPopulateServerCandidates")})
        stage.join("Ann", "Bob")
        return stage

    @staticmethod
    def candidates(stage: Stage) -> list[str] | None:
        """The servers that the document shows."""
        shown: list[str] | None = stage.document()["properties"]["system"].get("serverConnectionStringCandidates")
        return shown

    @cases(
        "of_bob expected",
        {
            "nothing": (None, ["east", "west"]),
            "an empty upload": ({}, ["east", "west"]),
            "the same order": ({"east": {"latency": 30}, "WEST": {"latency": 40}}, ["east", "west"]),
            "one server is slow for one": ({"east": {"latency": 200}, "west": {"latency": 10}}, ["west", "east"]),
            "the same latency": ({"east": {"latency": 90}, "west": {"latency": 10}}, ["east", "west"]),
            "a server that one cannot reach": ({"west": {"latency": 10}, "south": {"latency": 1}}, ["west"]),
            "no server of both": ({"south": {"latency": 1}}, None),
            "no latency": ({"east": {"custom": {}}, "west": {"latency": 1}}, ["west", "east"]),
            "a latency that is no number": ({"east": {"latency": True}, "west": {"latency": 1}}, ["west", "east"]),
        },
    )
    def test_the_best_server_is_the_one_whose_worst_latency_is_lowest(
        self, game: Stage, of_bob: Body | None, expected: list[str] | None
    ) -> None:
        """Among those that all can reach who have measured any (PROP-10)."""
        assert self.candidates(game) is None
        game.put("Ann", me(serverMeasurements=EAST_FIRST))
        game.put("Bob", me(serverMeasurements=of_bob) if of_bob is not None else ACTIVE)
        assert self.candidates(game) == expected

    def test_whoever_leaves_counts_no_more(self, game: Stage) -> None:
        """The list is always that of those who are there (PROP-10)."""
        game.put("Ann", me(serverMeasurements=EAST_FIRST))
        game.put("Bob", me(serverMeasurements={"west": {"latency": 10}}))
        assert self.candidates(game) == ["west"]
        game.put("Bob", LEAVE)
        assert self.candidates(game) == ["east", "west"]

    def test_what_is_read_can_be_written_back(self, game: Stage) -> None:
        """Without a change, and null takes nothing away (PROP-10, PUT-9)."""
        before = game.put("Ann", me(serverMeasurements=EAST_FIRST))
        for same in (["east", "west"], None):
            assert game.put("Ann", properties(serverConnectionStringCandidates=same)) is before
        assert game.refused("Ann", properties(serverConnectionStringCandidates=["west", "east"]))[0] == 400

    def test_without_the_capability_members_write_the_list(self, stage: Stage) -> None:
        """And what they measure changes nothing in it (PROP-7)."""
        stage.join("Ann")
        stage.put("Ann", {**properties(serverConnectionStringCandidates=["x"]), **me(serverMeasurements={"a": {}})})
        assert self.candidates(stage) == ["x"]
