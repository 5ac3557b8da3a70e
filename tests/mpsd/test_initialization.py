"""Initialization of members: episodes, and the stages of each (INIT)."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodies import ACTIVE, LEAVE, Body, me, properties, reserve
from matches import (
    GOOD,
    LATENCY_ONLY,
    MESH,
    STAR,
    episodes_of,
    failures_of,
    initialization,
    join,
    joining,
    match_of,
    measure,
    measure_all,
    stage_of,
    start,
)
from pytest_xbl.mpsd.effects import (
    EpisodeEnded,
    InitializationFailed,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    SessionCreated,
    StageReached,
)
from pytest_xbl.mpsd.initialization import TIMEOUTS, TRANSITIONS, plan
from pytest_xbl.mpsd.model import InitializationStage
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.timers import next_timer
from tables import cases
from tests.mpsd.conftest import Stage

TITLE = {"externalEvaluation": True}
SUCCEEDED, FAILED = properties(initializationSucceeded=True), properties(initializationSucceeded=False)


def test_the_table_of_stages_knows_every_stage() -> None:
    """Each has a row, and each except failed has a timeout (INIT-2, INIT-3)."""
    stages = set(get_args(InitializationStage))
    assert set(TRANSITIONS) == stages
    assert set(TIMEOUTS) == stages - {"failed"}
    assert [stage for stage, row in TRANSITIONS.items() if not row] == ["failed"]
    for stage in TIMEOUTS:
        assert "timeout" in TRANSITIONS[stage]


STAGES: dict[str, tuple[Body, str, int, str, str]] = {
    # the constants; who joins; the wait after that, in ms; the stages before and after it
    "joining, and one is missing": ({}, "Ann", 9_999, "joining 1", "joining 1"),
    "joining, and all have joined": ({}, "Ann Bob", 0, "", ""),
    "joining is over": ({}, "Ann", 10_000, "joining 1", "failed 1"),
    "joining, for the title": (initialization(**TITLE), "Ann Bob", 4_999, "evaluating 1", "evaluating 1"),
    "joining is over, for the title": (initialization(**TITLE), "Ann", 10_000, "joining 1", "evaluating 1"),
    "joining, and metrics": (LATENCY_ONLY, "Ann Bob", 29_999, "measuring 1", "measuring 1"),
    "joining is over, and metrics": ({**LATENCY_ONLY, **initialization(1)}, "Ann", 10_000, "joining 1", ""),
    "measuring is over": (LATENCY_ONLY, "Ann Bob", 30_000, "measuring 1", "failed 1"),
    "measuring is over, for the title": (
        {**LATENCY_ONLY, **initialization(0, **TITLE)},
        "Ann Bob",
        30_000,
        "measuring 1",
        "",
    ),
    "evaluating is over": (initialization(**TITLE), "Ann Bob", 5_000, "evaluating 1", "failed 1"),
    "metrics that are all off": (
        {**LATENCY_ONLY, "metrics": {"latency": False}, **initialization()},
        "Ann Bob",
        0,
        "",
        "",
    ),
    "servers to measure": (
        {"measurementServerAddresses": {"east": {"secureDeviceAddress": "r5Y="}}},
        "Ann Bob",
        0,
        "measuring 1",
        "measuring 1",
    ),
    "no time to join": (initialization(joinTimeout=0), "", 0, "joining 1", "failed 1"),
    "all the time to join": (initialization(joinTimeout=None), "Ann", 10**9, "joining 1", "joining 1"),
    "time beyond the calendar": (initialization(joinTimeout=2**62), "Ann", 10**9, "joining 1", "joining 1"),
}


class TestStages:
    """From stage and event to the next stage."""

    @cases("system people wait before after", STAGES)
    def test_a_stage_ends_when_it_is_complete_or_times_out(
        self, stage: Stage, system: Body, people: str, wait: int, before: str, after: str
    ) -> None:
        """Each has its own timeout, and some are skipped (INIT-2, INIT-3, CONST-15)."""
        stage.using({**initialization(), "inactiveRemovalTimeout": None, "sessionEmptyTimeout": None, **system})
        start(stage, "Ann", "Bob")
        join(stage, *people.split())
        assert stage_of(stage) == before
        stage.advance(wait)
        stage.settle()
        assert stage_of(stage) == after

    def test_a_stage_shows_when_it_began(self, stage: Stage) -> None:
        """`initializing` holds stage, stageStartTime and episode; the time is that of the access (INIT-1, TIME-1)."""
        stage.using({**LATENCY_ONLY, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid")
        shown = {"stage": "joining", "stageStartTime": "2026-01-01T12:00:00.0000000Z", "episode": 1}
        assert stage.document()["initializing"] == shown
        stage.advance(3_000)
        join(stage, "Ann", "Bob")
        assert stage.document()["initializing"] == shown
        stage.advance(9_000)
        stage.settle()
        later = {**shown, "stage": "measuring", "stageStartTime": "2026-01-01T12:00:12.0000000Z"}
        assert stage.document()["initializing"] == later

    def test_a_session_shows_when_its_stage_times_out(self, stage: Stage) -> None:
        """`nextTimer` covers the stages, and the clock leads from one to the next (INIT-3, TIME-6)."""
        stage.using({**LATENCY_ONLY, **initialization(1, joinTimeout=1_000, measurementTimeout=2_000, **TITLE)})
        start(stage, "Ann", "Bob", "Cid")
        stages, begin = [], stage.now
        join(stage, "Ann", "Bob")
        while stage.held.initialization and (timer := next_timer(stage.held)):
            stages.append((stage_of(stage), timer - begin))
            stage.now = timer
            stage.settle()
        assert stages == [("joining 1", timedelta(seconds=1)), ("measuring 1", timedelta(seconds=3))]
        assert failures_of(stage) == {"Ann": "timeout", "Bob": "timeout"}

    def test_a_contract_of_105_has_other_names_and_defaults(self, stage: Stage) -> None:
        """Five seconds to join and to measure, two members, and the title evaluates (TMPL-7, TMPL-12)."""
        stage.using({"managedInitialization": {}}, contract=105)
        start(stage, "Ann", "Bob")
        assert next_timer(stage.held) == stage.now + timedelta(seconds=5)
        join(stage, "Ann", "Bob")
        assert stage.document(contract=105)["initializing"] == stage.document()["initializing"]
        assert stage_of(stage) == "evaluating 1"
        assert stage.document(contract=105)["constants"]["system"]["managedInitialization"] == {}
        assert plan(stage.held) == {
            "joinTimeout": 5_000,
            "measurementTimeout": 5_000,
            "evaluationTimeout": 5_000,
            "externalEvaluation": True,
            "membersNeededToStart": 2,
        }

    @pytest.mark.parametrize(("auto", "after"), [(True, ""), (False, "evaluating 1")])
    @pytest.mark.parametrize("contract", [104, 105])
    def test_auto_evaluate_is_the_opposite_of_external_evaluation(
        self, stage: Stage, contract: int, auto: bool, after: str
    ) -> None:
        """A template of 104 and 105 says whether the service evaluates (TMPL-7, INIT-2)."""
        stage.using({"managedInitialization": {"autoEvaluate": auto}}, contract=contract)
        start(stage, "Ann", "Bob")
        join(stage, "Ann", "Bob")
        assert stage_of(stage) == after


class TestEpisodes:
    """Members who are initialized together."""

    @pytest.mark.parametrize("initialize", [True, "true"])
    def test_one_member_is_initialized_at_once(self, stage: Stage, initialize: object) -> None:
        """Without anything to measure: no `initializing`, and `initialize` is shown as it came (INIT-1)."""
        stage.using(initialization(1))
        stage.put("Ann", joining(initialize))
        assert stage_of(stage) == ""
        assert stage.document()["constants"]["system"]["memberInitialization"] == {"membersNeededToStart": 1}
        assert stage.member()["constants"]["system"] == {"xuid": "1000", "initialize": initialize, "index": 0}
        assert episodes_of(stage) == [None]
        joined = (MemberJoined("1000"), MemberStatusChanged("1000", "inactive", "active"))
        assert stage.effects == (SessionCreated(), *joined, EpisodeEnded(1, succeeded=True))
        assert stage.put("Ann", joining(initialize)) is stage.session

    @pytest.mark.parametrize("own", [{}, {"secureDeviceAddress": "AAAA"}])
    @pytest.mark.parametrize("system", [LATENCY_ONLY, MESH, STAR])
    def test_a_single_member_has_nothing_to_measure(self, stage: Stage, system: Body, own: Body) -> None:
        """So they pass at once in spite of metrics and requirements (INIT-3, INIT-4)."""
        stage.using({**system, **initialization(1)})
        stage.put("Ann", joining(**own))
        assert stage_of(stage) == ""
        assert failures_of(stage) == {}

    def test_members_of_a_new_session_are_episode_1(self, stage: Stage) -> None:
        """Those added with initialize: true, reserved or not; the others are in no episode (INIT-1)."""
        stage.using(initialization())
        body = match_of(stage, "Bob", "Cid")
        body["members"] |= {**joining()["members"], "reserve_2": reserve(stage.xuid("Dan"))["members"]["reserve_0"]}
        stage.put("Ann", body)
        assert stage_of(stage) == "joining 1"
        assert episodes_of(stage) == [1, 1, 1, None]
        assert stage.effects[-1] == StageReached(1, "joining")

    def test_members_added_during_an_episode_wait_for_the_next(self, stage: Stage) -> None:
        """All of them for the same one, which begins when this one ends (INIT-1)."""
        stage.using({**initialization(1), "inactiveRemovalTimeout": None})
        start(stage, "Ann", "Bob")
        stage.put("Cid", joining())
        stage.put("Cid", match_of(stage, "Dan"))
        assert episodes_of(stage) == [1, 1, 2, 2]
        assert stage_of(stage) == "joining 1"
        stage.advance(1_000)
        join(stage, "Ann", "Bob")
        assert stage.effects[-2:] == (EpisodeEnded(1, succeeded=True), StageReached(2, "joining"))
        assert stage.document()["initializing"]["stageStartTime"] == "2026-01-01T12:00:01.0000000Z"
        assert episodes_of(stage) == [None, None, 2, 2]
        join(stage, "Dan")
        assert stage_of(stage) == ""
        stage.put("Eve", joining())
        assert stage.effects[-1] == EpisodeEnded(3, succeeded=True)

    def test_a_reservation_may_be_taken_up_with_initialize(self, stage: Stage) -> None:
        """If the reservation has left it out (INIT-1, MEMB-17)."""
        stage.using({**LATENCY_ONLY, **initialization(0)})
        stage.join("Ann")
        stage.put("Ann", reserve(stage.xuid("Bob")))
        stage.put("Bob", joining())
        assert stage_of(stage) == "measuring 2"
        assert episodes_of(stage) == [None, 2]

    @pytest.mark.parametrize("initialize", [True, False, "true"])
    def test_a_member_who_has_joined_cannot_ask_for_initialization(self, stage: Stage, initialize: object) -> None:
        """A client that repeats its join block changes nothing (MEMB-6, PUT-12, INIT-1)."""
        stage.using(initialization(0))
        for name, first in (("Ann", me(active=True)), ("Bob", joining())):
            held = stage.write(name, first)
            assert stage.put(name, joining(initialize)) is held
        assert [it["constants"]["system"].get("initialize") for it in stage.document()["members"].values()] == [
            None,
            True,
        ]

    @pytest.mark.parametrize("second", [True, False, "true"])
    @pytest.mark.parametrize("first", [True, False])
    def test_a_reservation_decides_about_initialization(self, stage: Stage, first: bool, second: object) -> None:
        """Whatever the client says when it joins; some always write false (MEMB-6, MEMB-17, INIT-1)."""
        stage.using({**LATENCY_ONLY, **initialization(0)})
        stage.join("Ann")
        stage.put("Ann", match_of(stage, "Bob", initialize=first))
        stage.put("Bob", joining(second))
        assert stage.member(1)["constants"]["system"]["initialize"] is first
        assert episodes_of(stage) == [None, 2 if first else None]

    def test_no_members_needed_and_none_to_initialize_skips_the_first_episode(self, stage: Stage) -> None:
        """Episode 1 is for members who are added at creation (INIT-1, INIT-6)."""
        stage.using(initialization(0))
        stage.join("Ann")
        assert stage_of(stage) == ""
        stage.put("Ann", match_of(stage, "Bob"))
        assert stage_of(stage) == "joining 2"

    @pytest.mark.parametrize("contract", [105, 107])
    @pytest.mark.parametrize(("needed", "given"), [(1, 0), (2, 1), (2, 0)])
    def test_too_few_to_initialize_make_no_session(self, stage: Stage, needed: int, given: int, contract: int) -> None:
        """400, and the text says how many are needed (INIT-6)."""
        stage.using(initialization(needed))
        name = "memberInitialization" if contract == 107 else "managedInitialization"
        what = f"By its {name}, the session needs {needed} or more members with initialize: true to start, not {given}."
        assert stage.told("Ann", joining(bool(given)), contract=contract) == (400, "/members", what, "INIT-6")

    def test_initialize_without_initialization_is_ignored(self, stage: Stage) -> None:
        """There is no episode, and the constant is not kept (MEMB-6, INIT-1)."""
        stage.put("Ann", joining())
        assert stage.member()["constants"]["system"] == {"xuid": "1000", "index": 0}
        assert stage_of(stage) == ""


class TestFailures:
    """initializationFailure, and its consequences."""

    def test_reservations_still_open_end_with_joining(self, stage: Stage) -> None:
        """They are removed; members in a group with one of them fail, directly or through others (INIT-3, INIT-4)."""
        stage.using({**LATENCY_ONLY, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid", "Dan", "Eve")
        join(stage, "Ann", "Bob", "Cid", "Eve")
        stage.put("Ann", me(initializationGroup=[1]))
        stage.put("Bob", me(initializationGroup=[3]))
        stage.put("Cid", me(initializationGroup=[4]))
        stage.advance(10_000)
        stage.settle()
        assert stage.effects == (
            MemberLeft(stage.xuid("Dan"), "did not join in time"),
            InitializationFailed(stage.xuid("Ann"), "group"),
            InitializationFailed(stage.xuid("Bob"), "group"),
            StageReached(1, "measuring"),
        )
        assert failures_of(stage) == {"Ann": "group", "Bob": "group"}
        measure(stage, "Cid", Eve=GOOD)
        measure(stage, "Eve", Cid=GOOD)
        assert stage_of(stage) == ""
        assert episodes_of(stage) == [None] * 4
        assert failures_of(stage) == {"Ann": "group", "Bob": "group"}

    @cases(
        "name body",
        {"declined": ("Bob", LEAVE), "removed": ("matchmaker", {"members": {"1": None}})},
    )
    def test_a_group_fails_with_a_member_who_does_not_join(self, stage: Stage, name: str, body: Body) -> None:
        """Whether they decline or are removed, or time out (INIT-4)."""
        stage.using(initialization(1))
        start(stage, "Ann", "Bob", "Cid")
        stage.put("Ann", me(active=True, initializationGroup=[1]))
        stage.put(name, body)
        assert failures_of(stage) == {}
        join(stage, "Cid")
        assert failures_of(stage) == {"Ann": "group"}

    def test_a_group_fails_with_a_member_who_leaves_while_they_measure(self, stage: Stage) -> None:
        """A group is initialized as a whole; members who play already are none of its business (INIT-4)."""
        stage.using({**LATENCY_ONLY, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid")
        join(stage, "Ann", "Bob", "Cid")
        stage.put("Ann", me(initializationGroup=[1]))
        stage.put("Bob", LEAVE)
        measure_all(stage, "Ann", "Cid")
        assert failures_of(stage) == {"Ann": "group"}
        stage.put("Dan", joining(initializationGroup=[0]))
        measure(stage, "Dan")
        stage.put("Ann", LEAVE)
        assert failures_of(stage) == {}

    def test_a_member_who_does_not_measure_in_time_fails(self, stage: Stage) -> None:
        """And so does a member in a group with them; an empty upload counts (INIT-3, INIT-4)."""
        stage.using({**LATENCY_ONLY, **initialization(1)})
        start(stage, "Ann", "Bob", "Cid")
        join(stage, "Ann", "Bob", "Cid")
        measure(stage, "Ann")
        stage.put("Bob", me(initializationGroup=[2], measurements={}))
        stage.advance(30_000)
        stage.settle()
        assert failures_of(stage) == {"Bob": "group", "Cid": "timeout"}
        assert stage.effects[-1] == EpisodeEnded(1, succeeded=True)

    def test_if_too_few_pass_the_session_fails_for_good(self, stage: Stage) -> None:
        """The others of the episode get `episode`; no waiting or later member is initialized (INIT-5)."""
        stage.using({**LATENCY_ONLY, **initialization(2), "inactiveRemovalTimeout": None})
        start(stage, "Ann", "Bob")
        stage.put("Cid", joining())
        join(stage, "Ann", "Bob")
        measure(stage, "Ann", Bob=GOOD)
        stage.advance(30_000)
        stage.put("Dan", joining())
        assert failures_of(stage) == {"Ann": "episode", "Bob": "timeout"}
        assert episodes_of(stage) == [None] * 4
        shown = {"stage": "failed", "stageStartTime": "2026-01-01T12:00:30.0000000Z", "episode": 1}
        assert stage.document()["initializing"] == shown
        assert "nextTimer" not in stage.document()
        stage.put("Dan", match_of(stage, "Eve"))
        stage.advance(30_000)
        stage.settle()
        assert stage.document()["initializing"] == shown
        assert stage.xuid("Eve") not in stage.xuids

    def test_a_later_episode_that_fails_just_ends(self, stage: Stage) -> None:
        """Its members have failed; the next episode is not affected (INIT-5)."""
        stage.using({**initialization(1, **TITLE)})
        stage.put("Ann", joining())
        stage.put("Ann", SUCCEEDED)
        stage.put("Bob", joining())
        assert stage_of(stage) == "evaluating 2"
        stage.put("Ann", FAILED)
        assert stage.effects == (InitializationFailed(stage.xuid("Bob"), "episode"), EpisodeEnded(2, succeeded=False))
        assert failures_of(stage) == {"Bob": "episode"}
        assert stage_of(stage) == ""
        stage.put("Cid", joining())
        stage.put("Cid", SUCCEEDED)
        assert failures_of(stage) == {"Bob": "episode"}

    def test_an_episode_ends_when_its_last_member_leaves(self, stage: Stage) -> None:
        """In any stage; it counts as failed (INIT-3, INIT-5)."""
        stage.using({**LATENCY_ONLY, **initialization(1, **TITLE)})
        stage.put("Ann", joining())
        stage.put("Ann", SUCCEEDED)
        stage.put("Bob", joining())
        assert stage_of(stage) == "measuring 2"
        stage.put("Bob", LEAVE)
        assert stage.effects == (MemberLeft(stage.xuid("Bob"), "left"), EpisodeEnded(2, succeeded=False))
        stage.put("Ann", match_of(stage, "Cid"))
        stage.caller("service", server=True)
        stage.put("service", {"members": {"2": None}})
        assert stage.effects == (MemberLeft(stage.xuid("Cid"), "removed"), EpisodeEnded(3, succeeded=False))
        assert stage_of(stage) == ""

    def test_a_timeout_that_takes_members_away_may_complete_a_stage(self, stage: Stage) -> None:
        """The episode no longer waits for an inactive member who is removed (INIT-3, INIT-8)."""
        stage.using({**LATENCY_ONLY, **initialization(1)})
        start(stage, "Ann", "Bob")
        stage.put("Ann", ACTIVE)
        stage.put("Bob", me(active=False))
        assert stage_of(stage) == "measuring 1"
        stage.settle()
        assert stage.effects == (
            MemberLeft(stage.xuid("Bob"), "inactive for too long"),
            EpisodeEnded(1, succeeded=True),
        )


class TestTheTitleEvaluates:
    """externalEvaluation, and initializationSucceeded."""

    @cases(
        "write after failures",
        {
            "succeeded": (SUCCEEDED, "", {}),
            "failed": (FAILED, "failed 1", {"Ann": "episode", "Bob": "episode"}),
            "nothing said": (properties(initializationSucceeded=None), "evaluating 1", {}),
        },
    )
    def test_a_member_decides(self, stage: Stage, write: Body, after: str, failures: dict[str, str]) -> None:
        """The stage moves on at once, and the field is gone (PROP-6, INIT-3, INIT-5)."""
        stage.using(initialization(**TITLE))
        start(stage, "Ann", "Bob")
        join(stage, "Ann", "Bob")
        stage.put("Bob", write)
        assert stage_of(stage) == after
        assert failures_of(stage) == failures
        assert stage.document()["properties"]["system"] == {"turn": []}

    @pytest.mark.parametrize("write", [SUCCEEDED, FAILED])
    def test_a_decision_is_for_the_stage_of_evaluating(self, stage: Stage, write: Body) -> None:
        """Before and after it, the write is 400 (PROP-6)."""
        refused = (400, "/properties/system/initializationSucceeded", "PROP-6")
        stage.using({**LATENCY_ONLY, **initialization(1, **TITLE)})
        start(stage, "Ann", "Bob")
        assert stage.refused("Ann", {**ACTIVE, **write}) == refused
        stage.advance(1_000)
        join(stage, "Ann", "Bob")
        now = "it has been measuring since 2026-01-01 12:00:01+00:00"
        what = f"initializationSucceeded is written while the stage of initialization is evaluating; {now}."
        assert stage.told("Ann", write) == (400, refused[1], what, "PROP-6")
        measure_all(stage, "Ann", "Bob")
        stage.put("Ann", write)
        assert stage.refused("Ann", write) == refused

    def test_the_service_judges_no_measurement(self, stage: Stage) -> None:
        """It waits for them, and leaves the rest to the title (INIT-2)."""
        stage.using({**MESH, **initialization(**TITLE)})
        start(stage, "Ann", "Bob", "Cid")
        join(stage, "Ann", "Bob", "Cid")
        bad = {"latency": 9_999}
        measure_all(stage, "Ann", "Bob", bad={("Ann", "Bob"): bad, ("Bob", "Ann"): bad})
        stage.advance(30_000)
        stage.settle()
        assert failures_of(stage) == {"Cid": "timeout"}
        stage.put("Ann", SUCCEEDED)
        assert failures_of(stage) == {"Cid": "timeout"}

    def test_a_success_with_too_few_members_is_a_failure(self, stage: Stage) -> None:
        """Enough members have to pass even if the title evaluates (INIT-5)."""
        stage.using(initialization(2, **TITLE))
        start(stage, "Ann", "Bob")
        join(stage, "Ann")
        stage.advance(10_000)
        stage.put("Ann", SUCCEEDED)
        assert stage_of(stage) == "failed 1"
        assert failures_of(stage) == {"Ann": "episode"}


class TestOverriddenTimeouts:
    """The ordinary timeouts of members who are being initialized."""

    @pytest.mark.parametrize("status", ["reserved", "ready"])
    def test_they_do_not_apply_during_initialization(self, stage: Stage, status: str) -> None:
        """While a member has an `initializationEpisode`, even the next one (INIT-8)."""
        short = {"reservedRemovalTimeout": 1_000, "readyRemovalTimeout": 1_000}
        stage.using({**initialization(1, joinTimeout=5_000), **short})
        start(stage, "Ann", "Bob")
        join(stage, "Ann")
        stage.put("Ann", match_of(stage, "Cid"))
        if status == "ready":
            stage.put("Cid", me(ready=True))
        assert next_timer(stage.held) == stage.now + timedelta(seconds=5)
        stage.advance(4_999)
        stage.settle()
        assert len(stage.xuids) == 3
        assert [*stage.held.members][2].status == status

    @pytest.mark.parametrize(("outcome", "first"), [(SUCCEEDED, 2), (FAILED, 1)])
    def test_they_count_from_the_end_of_the_episode(self, stage: Stage, outcome: Body, first: int) -> None:
        """So no timeout is over at once that did not apply before (INIT-8, TIME-3)."""
        short = {"reservedRemovalTimeout": 1_000, "readyRemovalTimeout": 2_000}
        stage.using({**initialization(1, evaluationTimeout=None, **TITLE), **short})
        start(stage, "Ann", "Bob")
        join(stage, "Ann")
        stage.put("Bob", me(ready=True))
        stage.put("Ann", match_of(stage, "Cid"))
        stage.advance(60_000)
        stage.put("Ann", outcome)
        assert next_timer(stage.held) == stage.now + timedelta(seconds=first)
        stage.advance(2_000)
        stage.settle()
        assert stage.statuses["1002"] == "inactive"

    def test_they_apply_to_all_other_members(self, stage: Stage) -> None:
        """Such as a reservation without initialize, and an inactive member (INIT-8, TIME-3)."""
        stage.using({**initialization(1, joinTimeout=5_000), "reservedRemovalTimeout": 1_000})
        start(stage, "Ann", "Bob")
        join(stage, "Ann")
        stage.put("Ann", reserve(stage.xuid("Cid")))
        assert next_timer(stage.held) == stage.now + timedelta(seconds=1)
        stage.advance(1_000)
        stage.settle()
        assert stage.xuids == [stage.xuid("Ann"), stage.xuid("Bob")]
        assert stage.effects == (MemberLeft(stage.xuid("Cid"), "reservation timed out"),)


def test_a_late_access_ends_one_stage_only(stage: Stage) -> None:
    """Stages do not add up: the next one begins at the access (TIME-2, INIT-3)."""
    stage.using({**LATENCY_ONLY, **initialization(1)})
    start(stage, "Ann", "Bob", "Cid")
    join(stage, "Ann", "Bob")
    stage.advance(3_600_000)
    for expected in ("measuring 1", "measuring 1"):
        stage.settle()
        assert stage_of(stage) == expected
    assert stage.effects == ()


def test_reserving_again_begins_no_episode(stage: Stage) -> None:
    """The same body changes nothing, even if an episode has ended in between (PUT-2, INIT-1)."""
    stage.using(initialization(1))
    body = {"members": {**match_of(stage, "Bob")["members"], **joining()["members"]}}
    stage.put("Ann", body)
    assert MemberReserved(stage.xuid("Bob")) in stage.effects
    held = stage.held
    assert stage.put("Ann", body) is held
    join(stage, "Bob")
    held = stage.held
    assert stage.put("Ann", body) is held


PEOPLE = ("Ann", "Bob", "Cid", "Dan")
# Only moves of an initialization, and timeouts that a few waits go beyond, so that most runs reach each stage.
moves: Any = st.lists(
    st.tuples(
        st.sampled_from(("join", "reserve", "measure", "leave", "wait", "ready", "group", "decide", "host")),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=12,
)
plans: Any = st.fixed_dictionaries(
    {
        "joinTimeout": st.sampled_from((0, 1, 5_000)),
        "measurementTimeout": st.sampled_from((0, 1, 5_000)),
        "evaluationTimeout": st.sampled_from((0, 1, 5_000)),
        "externalEvaluation": st.booleans(),
        "membersNeededToStart": st.integers(0, 2),
    }
)


def _move(stage: Stage, what: str, name: str, other: str) -> None:
    bodies = {
        "join": joining(),
        "reserve": match_of(stage, other),
        "measure": me(measurements={"ab": GOOD}),
        "leave": LEAVE,
        "ready": me(ready=True),
        "group": me(initializationGroup=[PEOPLE.index(other)]),
        "decide": properties(initializationSucceeded=other > "Bob"),
        "host": properties(host="ab"),
    }
    if what == "wait":
        stage.advance(2_500)
        return
    with suppress(Refusal):
        stage.put(name, bodies[what])


@settings(derandomize=True, deadline=None, max_examples=200)
@given(plans, st.sampled_from(({}, LATENCY_ONLY, MESH)), moves)
def test_the_clock_always_leads_out(its: Body, system: Body, happenings: Any) -> None:
    """Whatever has happened, timeouts alone end every episode in a few steps (INIT-3, INIT-5)."""
    stage = Stage()
    stage.using({**system, "memberInitialization": its, "inactiveRemovalTimeout": 10_000, "sessionEmptyTimeout": None})
    for name in PEOPLE:
        stage.caller(name)
    start(stage, *PEOPLE[:2])
    for what, who, other in happenings:
        _move(stage, what, PEOPLE[who], PEOPLE[other])
    for _ in range(20):
        running = stage.settle() and stage.held.initialization
        if not running or running.stage == "failed":
            break
        timer = next_timer(stage.held)
        assert timer
        stage.now = max(stage.now, timer)
    else:
        pytest.fail("the clock does not lead out")
    assert all(member.episode is None for member in stage.held.members)
    assert stage.settle() is stage.held
