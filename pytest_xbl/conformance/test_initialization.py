"""Initialization of members and QoS."""

from __future__ import annotations

from typing import Any

from pytest_xbl.conformance.bodies import ADDRESS, LEAVE, Body, both, me, properties, reserve
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.room import Room
from pytest_xbl.conformance.service import Service

SHORT = 1000
LONGER = 1500
GOOD: Body = {"latency": 20, "bandwidthDown": 200_000, "bandwidthUp": 200_000}
LATENCY: Body = {"metrics": {"latency": True}}
ADDRESSES = ("AQGYo65N", "AQGYo65O", "AQGYo65P", "AQGYo65Q")
STAGE, EPISODE, FAILURE = "/initializing/stage", "initializationEpisode", "initializationFailure"


def room_of(service: Service, needed: int = 1, *, initialization: Body | None = None, **system: Any) -> Room:
    """A session whose members are initialized.

    Args:
        needed: how many members have to pass.
        initialization: further fields of `memberInitialization`.
    """
    plan = {"membersNeededToStart": needed, **(initialization or {})}
    lasting: Body = {"inactiveRemovalTimeout": None, "sessionEmptyTimeout": 0}
    return service.room(can=("connectivity",), memberInitialization=plan, **lasting, **system)


def joining(number: int = 0, **system: Any) -> Body:
    """Join with an address of one's own, and be initialized."""
    body = me(active=True, secureDeviceAddress=ADDRESSES[number], **system)
    return both(body, {"members": {"me": {"constants": {"system": {"initialize": True}}}}})


def places(*people: Person) -> Body:
    """Reservations for people who are to be initialized."""
    seats = [{"constants": {"system": {"xuid": person.xuid, "initialize": True}}} for person in people]
    return {"members": {f"reserve_{number}": seat for number, seat in enumerate(seats)}}


def measured(room: Room, by: Person, to: Person, **measurement: Any) -> Body:
    """The body that uploads a measurement to somebody else."""
    members = by.get(room)["/members"].values()
    [token] = [one["deviceToken"].lower() for one in members if one["constants"]["system"]["xuid"] == to.xuid]
    return me(measurements={token: {**GOOD, **measurement}})


def test_one_member_passes_at_once(service: Service, stacy: Person) -> None:
    """Without anything to measure (INIT-1)."""
    room = room_of(service)
    made = stacy.creates(room, joining()).lacks("/initializing", f"/members/0/{EPISODE}")
    made.shows("/members/0/constants/system/initialize", expected=True)
    maybe = {"members": {"me": {"constants": {"system": {"initialize": "maybe"}}}}}
    stacy.put(room, maybe).says(400)


def test_members_who_are_added_together_are_an_episode(service: Service, stacy: Person, ana: Person) -> None:
    """While it runs, `initializing` shows its stage, its time and its number (INIT-1)."""
    room = room_of(service)
    made = stacy.creates(room, both(joining(), places(ana))).shows(STAGE, "joining").shows("/initializing/episode", 1)
    made.shows(f"/members/0/{EPISODE}", 1).shows(f"/members/1/{EPISODE}", 1)
    made.matches("/initializing/stageStartTime", r"\d{4}-.+Z")
    ana.put(room, joining(1)).says(200).lacks("/initializing", f"/members/0/{EPISODE}")


def test_later_members_wait_for_the_next_episode(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """The next one begins when this one ends (INIT-1)."""
    room = room_of(service)
    stacy.creates(room, both(joining(), places(ana)))
    stacy.put(room, places(ben)).says(200).shows(f"/members/2/{EPISODE}", 2).shows("/initializing/episode", 1)
    ana.put(room, joining(1)).says(200).shows("/initializing/episode", 2).shows(STAGE, "joining")


def test_stages_follow_each_other(service: Service, stacy: Person, ana: Person) -> None:
    """Joining, measuring if there are metrics, evaluating if the title judges (INIT-2, PROP-6)."""
    room = room_of(service, initialization={"externalEvaluation": True}, **LATENCY)
    stacy.creates(room, both(joining(), places(ana))).shows(STAGE, "joining")
    ana.put(room, joining(1)).says(200).shows(STAGE, "measuring")
    stacy.put(room, properties(initializationSucceeded=True)).says(400)
    stacy.put(room, measured(room, stacy, ana)).says(200).shows(STAGE, "measuring")
    ana.put(room, measured(room, ana, stacy)).says(200).shows(STAGE, "evaluating")
    done = stacy.put(room, properties(initializationSucceeded=True)).says(200).lacks("/initializing")
    done.lacks("/properties/system/initializationSucceeded")


def test_without_metrics_nobody_measures(service: Service, stacy: Person, ana: Person) -> None:
    """And the service judges itself, so there is nothing to wait for (INIT-2)."""
    room = room_of(service)
    stacy.creates(room, both(joining(), places(ana)))
    ana.put(room, joining(1)).says(200).lacks("/initializing")


def test_reservations_end_with_joining(service: Service, stacy: Person, ana: Person) -> None:
    """At `joinTimeout` (INIT-3)."""
    room = room_of(service, initialization={"joinTimeout": SHORT})
    stacy.creates(room, both(joining(), places(ana)))
    service.wait(LONGER)
    stacy.get(room).shows("/membersInfo/count", 1).lacks("/initializing")


def test_who_does_not_upload_in_time_fails(service: Service, stacy: Person, ana: Person) -> None:
    """By `timeout`, at `measurementTimeout`; an empty upload counts (INIT-3, INIT-4)."""
    room = room_of(service, 0, initialization={"measurementTimeout": SHORT}, **LATENCY)
    stacy.creates(room, both(joining(), places(ana)))
    ana.joins(room, joining(1))
    stacy.joins(room, me(measurements={}))
    service.wait(LONGER)
    stacy.get(room).shows(f"/members/1/{FAILURE}", "timeout").lacks("/initializing")


def test_a_failed_evaluation_ends_in_time(service: Service, stacy: Person) -> None:
    """At `evaluationTimeout`; the failure of episode 1 is for good (INIT-3, INIT-5)."""
    room = room_of(service, initialization={"externalEvaluation": True, "evaluationTimeout": SHORT})
    stacy.creates(room, joining()).shows(STAGE, "evaluating")
    service.wait(LONGER)
    stacy.get(room).shows(STAGE, "failed").shows(f"/members/0/{FAILURE}", "episode")


def test_a_bad_latency_fails(service: Service, stacy: Person, ana: Person) -> None:
    """Between peers (INIT-4)."""
    room = room_of(service, 0, peerToPeerRequirements={"latencyMaximum": 100})
    stacy.creates(room, both(joining(), places(ana)))
    ana.joins(room, joining(1))
    stacy.joins(room, measured(room, stacy, ana, latency=900))
    ana.put(room, measured(room, ana, stacy)).says(200).shows(f"/members/0/{FAILURE}", "latency")


def test_a_group_fails_with_one_of_its_members(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """The member who fails has declined (INIT-4)."""
    room = room_of(service)
    stacy.creates(room, both(joining(), places(ana, ben)))
    stacy.joins(room, me(initializationGroup=[1]))
    ana.put(room, LEAVE).says(200)
    ben.put(room, joining(2)).says(200).shows(f"/members/0/{FAILURE}", "group").lacks(f"/members/2/{FAILURE}")


def test_too_few_who_pass_fail_all(service: Service, stacy: Person, ana: Person) -> None:
    """With `episode`, and no later member is initialized (INIT-5)."""
    room = room_of(service, 2, initialization={"joinTimeout": SHORT})
    stacy.creates(room, both(joining(), places(ana)))
    service.wait(LONGER)
    stacy.get(room).shows(STAGE, "failed").shows(f"/members/0/{FAILURE}", "episode")
    ana.put(room, joining(1)).says(200).shows(STAGE, "failed")


def test_too_few_to_initialize_make_no_session(service: Service, stacy: Person) -> None:
    """400, with the number that is needed (INIT-6)."""
    room = room_of(service, 2)
    stacy.put(room, room.made_by(joining())).says(400).names("2")
    other = room_of(service, 0)
    stacy.creates(other, me(active=True)).lacks("/initializing")


def test_hosts_are_suggested(service: Service, stacy: Person, ana: Person) -> None:
    """After measuring, best first, until there is a host (INIT-7)."""
    needs: Body = {"metrics": GOOD.fromkeys(GOOD, True), "peerToHostRequirements": {}}
    room = room_of(service, initialization={"externalEvaluation": True}, **needs)
    stacy.creates(room, both(joining(), places(ana)))
    ana.joins(room, joining(1))
    stacy.joins(room, measured(room, stacy, ana, latency=5))
    judged = ana.joins(room, measured(room, ana, stacy, latency=50)).shows(STAGE, "evaluating")
    candidates = judged["/hostCandidates"]
    assert len(candidates) == 2, f"{judged.exchange}: /hostCandidates {candidates}"
    stacy.put(room, properties(host=candidates[0])).says(200).lacks("/hostCandidates")


def test_the_timeout_of_the_stage_wins(service: Service, stacy: Person, ana: Person) -> None:
    """Over that of a reservation (INIT-8)."""
    room = room_of(service, initialization={"joinTimeout": 3 * SHORT}, reservedRemovalTimeout=SHORT)
    stacy.creates(room, both(joining(), places(ana)))
    service.wait(LONGER)
    stacy.get(room).shows("/membersInfo/count", 2)
    service.wait(2 * LONGER)
    stacy.get(room).shows("/membersInfo/count", 1)


def test_an_address_alone_is_no_upload(service: Service, stacy: Person, ana: Person) -> None:
    """Members may upload before measuring begins, for all who are there (INIT-3)."""
    room = room_of(service, **LATENCY)
    stacy.creates(room, both(joining(), places(ana)))
    ana.joins(room, joining(1)).shows(STAGE, "measuring")
    stacy.put(room, me(secureDeviceAddress=ADDRESS)).says(200).shows(STAGE, "measuring")


def test_a_reservation_may_be_taken_up_for_initialization(service: Service, stacy: Person, ana: Person) -> None:
    """If it does not say whether its player is initialized (INIT-1)."""
    room = room_of(service, 0, **LATENCY)
    stacy.creates(room, both(me(active=True, secureDeviceAddress=ADDRESS), reserve(ana.xuid)))
    joined = ana.put(room, joining(1)).says(200).shows("/members/1/constants/system/initialize", expected=True)
    joined.shows("/initializing/episode", 2).shows(STAGE, "measuring")
