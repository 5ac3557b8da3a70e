"""The initialization of a session that a test sets up (SEED-14)."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import Body, me, properties
from people import person
from pytest_xbl import XboxLive
from pytest_xbl.mpsd.devices import device_token
from seeds import (
    EARLIER,
    LATER,
    PEOPLE,
    SLOW,
    Row,
    SeedDict,
    refusals,
    refused,
    template,
    with_session,
    world,
)

STAR: SeedDict = {**SLOW, "peerToHostRequirements": {}, "memberInitialization": {"membersNeededToStart": 2}}
TITLE = {"externalEvaluation": True, "membersNeededToStart": 1}
TEMPLATES = {
    "plain": template(**SLOW),
    "slow": template(**STAR),
    "title": template(**SLOW, memberInitialization=TITLE),
    "quick": template(**SLOW, memberInitialization={}),
    "hasty": template(**{**STAR, "inactiveRemovalTimeout": 0, "reservedRemovalTimeout": 0, "readyRemovalTimeout": 0}),
}
JUST_NOW, SHOWN = "2026-01-01T11:59:55Z", "2026-01-01T11:59:55.0000000Z"
IN_IT: Body = {"initializationEpisode": 1}
TAKEN: Body = {"initializationEpisode": 1, "status": "reserved"}
WAITS: Body = {"initializationEpisode": 2, "status": "reserved"}


def seed(session: SeedDict) -> SeedDict:
    """A seed with this session."""
    return with_session(session, templates=TEMPLATES)


def shown(xbl: XboxLive) -> dict[str, Any]:
    """The fields of the session about its initialization."""
    document = xbl.sessions["one"].document
    members = document["members"].values()
    return {
        **{name: document[name] for name in ("initializing", "hostCandidates") if name in document},
        "episodes": [member.get("initializationEpisode") for member in members],
        "failures": [member.get("initializationFailure") for member in members],
        "initialize": [member["constants"]["system"].get("initialize") for member in members],
    }


@pytest.mark.parametrize("people", [["Ana"], {"Ana": "active", "Bob": "reserved"}])
def test_the_first_episode_of_a_session_is_over(people: Any) -> None:
    """However many members it would have needed; a member added later is in the second (SEED-14)."""
    xbl = world(seed({"members": people}))
    count = len(people)
    assert shown(xbl) == {name: [None] * count for name in ("episodes", "failures", "initialize")}
    session, bob = xbl.sessions["one"], person(xbl, "Cid")
    body = me(active=True, secureDeviceAddress="AAAA")
    body["members"]["me"]["constants"] = {"system": {"initialize": True}}
    xbl.client(bob).put(session.ref.path, json=body)
    assert session.document["initializing"]["episode"] == 2


def test_a_match_may_be_in_the_middle_of_its_initialization() -> None:
    """With its stage, its members, and those who wait for the next episode (SEED-14, INIT-1)."""
    people = {"Ana": IN_IT, "Bob": IN_IT, "Cid": WAITS}
    at = {"stage": "measuring", "stageStartTime": JUST_NOW}
    xbl = world(seed({"members": people, "initializing": at, "startTime": EARLIER}))
    assert shown(xbl) == {
        "initializing": {"stage": "measuring", "stageStartTime": SHOWN, "episode": 1},
        "episodes": [1, 1, 2],
        "failures": [None, None, None],
        "initialize": [True, True, True],
    }


@pytest.mark.parametrize("initializing", ["joining", {"stage": "joining"}])
def test_a_stage_may_be_named_alone(initializing: Any) -> None:
    """It began now, in the first episode; from Python it is an argument (SEED-12, SEED-14)."""
    people: Any = {"Ana": IN_IT, "Bob": TAKEN}
    xbl = world(seed({"members": people, "initializing": initializing}))
    called = world({"users": PEOPLE, "templates": TEMPLATES})
    seats = {person(called, name): member for name, member in people.items()}
    called.sessions.create("slow", name="one", members=seats, initializing=initializing)
    assert called.sessions["one"].document == xbl.sessions["one"].document
    assert shown(xbl)["initializing"]["episode"] == 1
    assert xbl.clock.advance_to_next_timer().isoformat() == "2026-01-01T12:00:10+00:00"
    assert len(xbl.sessions["one"].document["members"]) == 1


def test_a_failed_initialization_can_be_set_up() -> None:
    """With the failure of each member; none is in an episode any more (SEED-14, INIT-5)."""
    people = {"Ana": {"initializationFailure": "latency"}, "Bob": {"initializationFailure": "episode"}}
    xbl = world(seed({"members": people, "initializing": "failed"}))
    assert shown(xbl)["failures"] == ["latency", "episode"]
    assert shown(xbl)["initializing"]["stage"] == "failed"
    assert shown(xbl)["initialize"] == [True, True]
    xbl.client(person(xbl, "Ana")).put(xbl.sessions["one"].ref.path, json=properties({"a": 1}))
    assert shown(xbl)["initializing"]["stage"] == "failed"


def test_nobody_who_is_there_need_have_failed_if_somebody_has_left() -> None:
    """The members of the first episode may be gone, and those who waited for the next remain (SEED-14, INIT-5)."""
    xbl = world(seed({"members": {"Ana": {"index": 1}}, "initializing": "failed"}))
    assert shown(xbl)["failures"] == [None]


def test_an_episode_keeps_members_whose_timeout_is_over() -> None:
    """Reserved and ready ones, also while they wait (SEED-5, INIT-8)."""
    people = {"Ana": TAKEN, "Bob": {**IN_IT, "status": "ready"}, "Cid": WAITS}
    xbl = world(seed({"template": "hasty", "members": people, "initializing": "joining"}))
    assert shown(xbl)["episodes"] == [1, 1, 2]


def test_measurements_may_be_from_before_the_stage() -> None:
    """So they count only if they cover everybody; a dump says so, too (SEED-7, SEED-14, INIT-3)."""
    own = {"secureDeviceAddress": "AAAA", "measurements": {}}
    early = {**IN_IT, "properties": {"system": own}, "measuredEarly": True}
    bob = {**IN_IT, "properties": {"system": {"secureDeviceAddress": "AAAB"}}}
    xbl = world(seed({"members": {"Ana": early, "Bob": bob}, "initializing": "measuring"}))
    assert xbl.dump()["sessions"]["one"]["members"]["Ana"]["measuredEarly"] is True
    xbl.assert_state({"sessions": {"one": {"members": {"Ana": {"measuredEarly": True}, "Bob": {}}}}})
    for name, stage in (("Bob", "measuring"), ("Ana", "failed")):
        xbl.client(person(xbl, name)).put(xbl.sessions["one"].ref.path, json=me(measurements={}))
        assert shown(xbl)["initializing"]["stage"] == stage
    assert "measuredEarly" not in xbl.dump()["sessions"]["one"]["members"]["Ana"]


def test_candidates_for_the_host_can_be_set_up() -> None:
    """Best first, in lower case as device tokens are (INIT-7)."""
    xbl = world(seed({"members": ["Ana"], "hostCandidates": ["AB12", "cd34"], "episodes": 3}))
    assert shown(xbl)["hostCandidates"] == ["ab12", "cd34"]


def test_a_dump_has_the_running_episode() -> None:
    """It says nothing about a first episode that is over (SEED-7, SEED-14)."""
    people = {"Ana": IN_IT, "Bob": TAKEN, "Cid": WAITS}
    given = {"members": people, "initializing": {"stage": "joining", "stageStartTime": JUST_NOW}, "startTime": EARLIER}
    dumped = world(seed(given)).dump()["sessions"]["one"]
    began = {"stage": "joining", "episode": 1, "stageStartTime": SHOWN}
    assert dumped["initializing"] == began
    assert [member["initializationEpisode"] for member in dumped["members"].values()] == [1, 1, 2]
    assert not dumped.keys() & {"episodes", "hostCandidates"}
    over = world(seed({"members": ["Ana"]})).dump()["sessions"]["one"]
    assert not over.keys() & {"episodes", "hostCandidates", "initializing"}
    more = world(seed({"members": ["Ana"], "episodes": 4, "hostCandidates": ["ab"]})).dump()["sessions"]["one"]
    assert (more["episodes"], more["hostCandidates"]) == (4, ["ab"])


@pytest.mark.parametrize(
    ("expected", "holds"),
    [
        ({"initializing": "joining"}, True),
        ({"initializing": {"stage": "joining", "stageStartTime": JUST_NOW, "episode": 1}}, True),
        ({"initializing": "measuring"}, False),
        ({"initializing": None}, False),
        ({"hostCandidates": []}, True),
        ({"members": {"Ana": IN_IT, "Bob": TAKEN, "Cid": WAITS}}, True),
        ({"members": {"Ana": {"initializationFailure": None}, "Bob": {}, "Cid": {}}}, True),
        ({"members": {"Ana": {"initializationFailure": "group"}, "Bob": {}, "Cid": {}}}, False),
    ],
)
def test_a_test_may_expect_the_running_episode(expected: SeedDict, holds: bool) -> None:
    """With the fields of a seed (SEED-10, SEED-14)."""
    people = {"Ana": IN_IT, "Bob": TAKEN, "Cid": WAITS}
    given = {"members": people, "initializing": {"stage": "joining", "stageStartTime": JUST_NOW}, "startTime": EARLIER}
    xbl = world(seed(given))
    if holds:
        xbl.assert_state({"sessions": {"one": expected}})
    else:
        with pytest.raises(AssertionError, match="initializ"):
            xbl.assert_state({"sessions": {"one": expected}})


NOTHING = "The session has no memberInitialization, so it cannot have {}."
NO_EPISODE = "No episode is running, so no member can be in one; `initializing` says which one is running."
OTHER = "Episode 1 is running; a member is in it or waits for the next, not 3."
JOINING = "joining, a member of {} cannot have failed"
MEASURING = "measuring, a member of episode 1 can have only the failure group"
EVALUATING = "evaluating, a member of episode 1 can have only the failure timeout or group"
OVER = "The stage {} would end at once: {}."
REFUSED: dict[str, list[SeedDict]] = {
    f"/initializing INIT-1: {NOTHING.format('initializing')}": [
        {"template": "plain", "members": ["Ana"], "initializing": "joining"}
    ],
    f"/episodes INIT-1: {NOTHING.format('episodes')}": [{"template": "plain", "members": ["Ana"], "episodes": 1}],
    f"/hostCandidates INIT-1: {NOTHING.format('hostCandidates')}": [
        {"template": "plain", "members": ["Ana"], "hostCandidates": []}
    ],
    **{
        f"/members/Ana/{name} INIT-1: {NOTHING.format(name)}": [
            {"template": "plain", "members": {"Bob": "active", "Ana": {name: value}}}
        ]
        for name, value in (("initializationEpisode", 1), ("initializationFailure", "group"))
    },
    "/initializing/stageStartTime TIME-1: This time is later than the clock, which shows 2026-01-01 12:00:00+00:00.": [
        {"members": {"Ana": TAKEN}, "initializing": {"stage": "joining", "stageStartTime": LATER}}
    ],
    "/initializing/stageStartTime INIT-1: "
    "A stage begins when the session is made, or later: stageStartTime is before startTime.": [
        {"members": {"Ana": TAKEN}, "initializing": {"stage": "joining", "stageStartTime": EARLIER}}
    ],
    "/initializing/episode INIT-5: Only the first episode fails for good; a later one, such as 2, just ends.": [
        {"members": ["Ana"], "initializing": {"stage": "failed", "episode": 2}}
    ],
    "/episodes INIT-1: The episodes that have begun are 2, not 1.": [
        {"members": {"Ana": TAKEN | {"initializationEpisode": 2}}, "initializing": {"stage": "joining", "episode": 2}}
        | {"episodes": 1}
    ],
    "/episodes INIT-1: The episodes that have begun are 1, not 2.": [
        {"members": {"Ana": TAKEN}, "initializing": "joining", "episodes": 2}
    ],
    "/hostCandidates INIT-7: Only a session with peerToHostRequirements has candidates for its host.": [
        {"template": "quick", "members": ["Ana"], "hostCandidates": ["ab"]}
    ],
    "/hostCandidates INIT-7: A session that has a host no longer has candidates for it.": [
        {
            "members": {"Ana": {"properties": {"system": {"secureDeviceAddress": "AAAA"}}}},
            "properties": {"system": {"host": device_token("AAAA")}},
            "hostCandidates": ["ab"],
        }
    ],
    f"/members/Ana/initializationEpisode INIT-1: {NO_EPISODE}": [
        {"members": {"Ana": IN_IT}},
        {"members": {"Ana": IN_IT}, "initializing": "failed"},
    ],
    f"/members/Bob/initializationEpisode INIT-1: {OTHER}": [
        {"members": {"Ana": TAKEN, "Bob": {"initializationEpisode": 3}}, "initializing": "joining"}
    ],
    "/members/Ana/initializationEpisode INIT-1: Only a member who was added with initialize: true is in an episode.": [
        {"members": {"Ana": {**TAKEN, "constants": {"system": {"initialize": False}}}}, "initializing": "joining"}
    ],
    "/members/Bob/initializationEpisode INIT-3: Once episode 1 is measuring, no member of it is reserved any more.": [
        {"members": {"Ana": IN_IT, "Bob": TAKEN}, "initializing": "measuring"}
    ],
    "/initializing INIT-1: Episode 1 has no members: give them an initializationEpisode.": [
        {"members": ["Ana"], "initializing": "joining"},
        {"members": {"Ana": WAITS}, "initializing": "measuring"},
    ],
    f"/initializing INIT-3: {OVER.format('joining', 'all members of the episode have joined')}": [
        {"members": {"Ana": IN_IT, "Bob": IN_IT}, "initializing": "joining"}
    ],
    "/initializing INIT-3: "
    + OVER.format("measuring", "all members of the episode have measured what there is to measure"): [
        {"members": {"Ana": IN_IT}, "initializing": "measuring"},
        {"template": "quick", "members": {"Ana": IN_IT, "Bob": IN_IT}, "initializing": "measuring"},
    ],
    f"/initializing INIT-3: {OVER.format('evaluating', 'the title has nothing to decide')}": [
        {"members": {"Ana": IN_IT, "Bob": IN_IT}, "initializing": "evaluating"},
        {
            "template": "title",
            "members": {"Ana": {**IN_IT, "initializationFailure": "group"}},
            "initializing": "evaluating",
        },
    ],
    '/hostCandidates/0 INIT-7: A candidate is named by a device token, each once; got "".': [
        {"members": ["Ana"], "hostCandidates": [""]}
    ],
    '/hostCandidates/1 INIT-7: A candidate is named by a device token, each once; got "ab".': [
        {"members": ["Ana"], "hostCandidates": ["ab", "AB"]}
    ],
    **{
        f"/hostCandidates INIT-7: Candidates are found after measuring in episode 1, and not while it is {stage}.": [
            {"members": people, "initializing": stage, "hostCandidates": ["ab"]}
        ]
        for stage, people in (
            ("joining", {"Ana": TAKEN}),
            ("measuring", {"Ana": IN_IT, "Bob": IN_IT}),
            ("failed", {"Ana": {"initializationFailure": "group"}}),
        )
    },
    "/members/Ana/initializationFailure INIT-4: Only a member who was added with initialize: true has failed.": [
        {"members": {"Ana": {"initializationFailure": "group", "constants": {"system": {"initialize": False}}}}}
    ],
    "/members/Ana/initializationFailure INIT-4: "
    "A member who is reserved has not failed: they fail after they have joined, or are removed.": [
        {"members": {"Ana": {"initializationFailure": "group", "status": "reserved"}}},
        {"members": {"Bob": TAKEN, "Ana": {**TAKEN, "initializationFailure": "group"}}, "initializing": "joining"},
    ],
    **{
        f"/members/Ana/initializationFailure INIT-4: While episode 1 is {what}; got {failure}.": [
            {"members": {"Bob": other, "Ana": {**ana, "initializationFailure": failure}}, "initializing": stage} | more
        ]
        for stage, other, ana, failure, more, what in (
            ("joining", TAKEN, IN_IT, "group", {}, JOINING.format("episode 1")),
            ("measuring", IN_IT, IN_IT, "latency", {}, MEASURING),
            ("evaluating", IN_IT, IN_IT, "episode", {"template": "title"}, EVALUATING),
            (
                "joining",
                TAKEN,
                {"initializationEpisode": 2},
                "group",
                {},
                JOINING.format("episode 2"),
            ),
            ("joining", TAKEN, {}, "group", {}, JOINING.format("no episode")),
        )
    },
    "/initializing INIT-5: "
    "The first episode has failed, and so its members have: give them an initializationFailure.": [
        {"members": ["Ana"], "initializing": "failed"}
    ],
    "/members/Ana/measuredEarly INIT-3: "
    "measuredEarly is for a member with measurements, whose episode is measuring or evaluating.": [
        {"members": {"Ana": {"measuredEarly": True}}},
        {"members": {"Ana": {**IN_IT, "measuredEarly": True}, "Bob": IN_IT}, "initializing": "measuring"},
    ],
    "/members TIME-3: "
    "The first access would remove Ana (inactive): the timeout of that status is 0 in this template.": [
        {"template": "hasty", "members": {"Ana": {**IN_IT, "status": "inactive"}, "Bob": IN_IT}}
        | {"initializing": "measuring"}
    ],
    "/members/Ana/constants/system CALL-6: Expected an object; got [].": [
        {"members": {"Ana": {**TAKEN, "constants": {"system": []}}}, "initializing": "joining"}
    ],
}


@refusals(REFUSED)
def test_a_state_that_no_service_has_is_refused(given: SeedDict, row: Row) -> None:
    """With its place and rule; a stage must not end by itself at the next access (SEED-5, SEED-14)."""
    what, place, rule = row
    assert refused(seed(given)) == (what, f"/sessions/one{place}", rule)


def test_the_title_may_be_about_to_decide() -> None:
    """The members who have not failed wait for it (SEED-14, INIT-3)."""
    xbl = world(seed({"template": "title", "members": {"Ana": IN_IT}, "initializing": "evaluating"}))
    xbl.client(person(xbl, "Ana")).put(xbl.sessions["one"].ref.path, json=properties(initializationSucceeded=True))
    assert "initializing" not in xbl.sessions["one"].document


def test_a_stage_may_have_timed_out_if_its_start_is_given() -> None:
    """As with `since`: the first access applies the timeout (SEED-14, INIT-3)."""
    people = {"Ana": IN_IT, "Bob": TAKEN}
    at = {"stage": "joining", "stageStartTime": EARLIER}
    xbl = world(seed({"members": people, "initializing": at, "startTime": EARLIER}))
    assert shown(xbl)["failures"] == ["episode"]
