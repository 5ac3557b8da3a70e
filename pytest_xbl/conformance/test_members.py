"""Members of a session."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.conformance.bodies import (
    ACTIVE,
    ADDRESS,
    GUID,
    INACTIVE,
    JOIN,
    LEAVE,
    PATIENT,
    both,
    me,
    properties,
    reserve,
)
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import Service

MINE = "/members/0/properties/system"


def test_members_stand_under_indices_that_are_never_reused(service: Service, stacy: Person, ana: Person) -> None:
    """Each names the next one (MEMB-1, MEMB-2)."""
    room = service.room()
    stacy.creates(room).shows("/membersInfo/first", 0).shows("/membersInfo/next", 1).shows("/members/0/next", 1)
    ana.joins(room).shows("/members/0/next", 1).shows("/members/1/next", 2)
    ana.leaves(room)
    back = ana.joins(room).lacks("/members/1").shows("/members/0/next", 2).shows("/members/2/next", 3)
    back.shows("/membersInfo/next", 3)


def test_members_are_counted(service: Service, stacy: Person, ana: Person) -> None:
    """`count` is of all, `accepted` of those who are not reserved, `active` of those who are (MEMB-2)."""
    room = service.room(**PATIENT)
    made = stacy.creates(room, both(ACTIVE, reserve(ana.xuid)))
    made.shows("/membersInfo", {"first": 0, "next": 2, "count": 2, "accepted": 1, "active": 1})
    ana.joins(room, JOIN).shows("/membersInfo/accepted", 2).shows("/membersInfo/active", 1)


def test_a_session_without_members_has_both_fields(service: Service) -> None:
    """`members` and `membersInfo` are there, and `first` is `next` (MEMB-2)."""
    room, server = service.room(sessionEmptyTimeout=None), service.server()
    made = server.put(room, room.made_by()).says(201).shows("/membersInfo/count", 0)
    made.shows("/membersInfo/first", made["/membersInfo/next"])


def test_reservations_come_in_their_order(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """From 0 in each request; a gap, a wrong start or a missing xuid is 400 (MEMB-3)."""
    room = service.room(**PATIENT)
    made = stacy.creates(room, both(ACTIVE, reserve(ana.xuid)))
    made.shows("/members/1/constants/system/xuid", ana.xuid).shows("/members/1/reserved", expected=True)
    stacy.put(room, reserve(ben.xuid)).says(200).shows("/members/2/constants/system/xuid", ben.xuid)
    stacy.put(room, reserve("9999", first=1)).says(400)
    stacy.put(room, {"members": {"reserve_0": {}}}).says(400)


def test_a_reservation_for_a_member_changes_nothing(service: Service, stacy: Person, ana: Person) -> None:
    """Of whoever is there already (MEMB-4)."""
    room = service.room(**PATIENT)
    stacy.creates(room)
    before = ana.joins(room)
    stacy.put(room, reserve(ana.xuid)).says(200).shows("", before.json)


def test_members_remove_nobody(service: Service, stacy: Person, ana: Person) -> None:
    """By an index: 403 (MEMB-5)."""
    room = service.room()
    stacy.creates(room)
    ana.joins(room)
    ana.put(room, {"members": {"0": None}}).says(403)
    ana.delete(room.at("members", 0)).says(403)


def test_a_service_removes_members(service: Service, stacy: Person, ana: Person) -> None:
    """By an index; one that nobody has changes nothing (MEMB-5)."""
    room, server = service.room(), service.server()
    stacy.creates(room)
    ana.joins(room)
    removed = server.put(room, {"members": {"1": None}}).says(200).lacks("/members/1")
    server.put(room, {"members": {"1": None, "7": None}}).says(200).shows("", removed.json)


def test_member_constants_are_fixed(service: Service, stacy: Person) -> None:
    """From the time when the member is added: 409 later (MEMB-6)."""
    room = service.room()
    one = {"members": {"me": {"constants": {"custom": {"a": 1}}}}}
    stacy.creates(room, both(one, ACTIVE)).shows("/members/0/constants/custom", {"a": 1})
    stacy.put(room, one).says(200)
    stacy.put(room, {"members": {"me": {"constants": {"custom": {"a": 2}}}}}).says(409)


def test_the_callers_xuid_wins(service: Service, stacy: Person, ana: Person) -> None:
    """Under `me`, over another one that the body names; `initialize` is ignored here (MEMB-6)."""
    room = service.room()
    body = {"members": {"me": {"constants": {"system": {"xuid": ana.xuid, "initialize": True}}}}}
    made = stacy.creates(room, both(body, ACTIVE)).shows("/members/0/constants/system/xuid", stacy.xuid)
    made.lacks("/members/0/constants/system/initialize")


def test_nobody_writes_for_others(service: Service, stacy: Person, ana: Person) -> None:
    """Member properties are their member's (MEMB-7)."""
    room = service.room()
    stacy.creates(room)
    before = ana.joins(room)
    write = {"members": {"0": {"properties": {"custom": {"a": 1}}}}}
    ana.put(room, write).says(400, 403)
    stacy.get(room).shows("/members/0", before["/members/0"])


def test_a_status_is_reserved_ready_active_or_neither(service: Service, stacy: Person, ana: Person) -> None:
    """Until a member's own first write they are reserved; both flags at once are 400 (MEMB-8)."""
    room = service.room(**PATIENT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid))).shows("/members/1/reserved", expected=True)
    ana.put(room, JOIN).says(200).lacks("/members/1/reserved", "/members/1/properties/system/active")
    ana.put(room, me(ready=True)).says(200).shows("/members/1/properties/system/ready", expected=True)
    ana.put(room, me(ready=True, active=True)).says(400)


def test_a_gamertag_appears_with_its_player(service: Service, stacy: Person, ana: Person) -> None:
    """Not at the reservation; `activeTitleId` is there while they are active (MEMB-9)."""
    room = service.room(**PATIENT)
    made = stacy.creates(room, both(ACTIVE, reserve(ana.xuid))).lacks("/members/1/gamertag", "/members/1/activeTitleId")
    assert "joinTime" in made["/members/1"], f"{made.exchange}: no joinTime"
    ana.joins(room).matches("/members/1/activeTitleId", r"\d+").shows("/members/1/gamertag", ana.known_gamertag)
    ana.put(room, INACTIVE).says(200).lacks("/members/1/activeTitleId")


def test_the_time_of_joining_replaces_that_of_the_reservation(service: Service, stacy: Person, ana: Person) -> None:
    """`joinTime` is that of the reservation while reserved (MEMB-9)."""
    room = service.room(**PATIENT)
    reserved = stacy.creates(room, both(ACTIVE, reserve(ana.xuid)))["/members/1/joinTime"]
    service.wait(1000)
    joined = ana.joins(room)
    assert joined["/members/1/joinTime"] > reserved, f"{joined.exchange}: joinTime is not later than {reserved}"


def test_an_address_needs_connectivity(service: Service, stacy: Person) -> None:
    """400 without; base64 (MEMB-10)."""
    plain, room = service.room("plain"), service.room(can=("connectivity",))
    stacy.creates(plain)
    stacy.creates(room)
    stacy.put(plain, me(secureDeviceAddress=ADDRESS)).says(400)
    stacy.put(room, me(secureDeviceAddress="?")).says(400)


def test_an_address_makes_a_token(service: Service, stacy: Person, ana: Person) -> None:
    """Of 32 hexadecimal digits, equal for equal addresses; an empty address removes it (MEMB-10)."""
    room = service.room(can=("connectivity",))
    made = stacy.creates(room, me(active=True, secureDeviceAddress=ADDRESS))
    made.matches("/members/0/deviceToken", "[0-9a-fA-F]{32}")
    both_here = ana.joins(room, me(active=True, secureDeviceAddress=ADDRESS))
    both_here.shows("/members/1/deviceToken", made["/members/0/deviceToken"])
    ana.put(room, me(secureDeviceAddress="")).says(200).lacks("/members/1/deviceToken")


@pytest.mark.parametrize(("address", "nat"), [("AQGY", "open"), ("AQKY", "moderate"), ("AQOY", "strict")])
def test_an_address_of_version_1_says_its_nat(service: Service, stacy: Person, address: str, nat: str) -> None:
    """In its second byte: 1, 2 or 3 (MEMB-16, MEMB-10)."""
    room = service.room(can=("connectivity",))
    stacy.creates(room, me(active=True, secureDeviceAddress=address)).shows("/members/0/nat", nat)


def test_an_address_of_another_version_says_no_nat(service: Service, stacy: Person) -> None:
    """The first byte is not 1 (MEMB-16)."""
    room = service.room(can=("connectivity",))
    stacy.creates(room, me(active=True, secureDeviceAddress="AgGY")).lacks("/members/0/nat")


def test_active_members_may_need_a_connection(service: Service, stacy: Person) -> None:
    """400 without one; it is a GUID (MEMB-11)."""
    room = service.room(can=("connectionRequiredForActiveMembers",))
    stacy.put(room, room.made_by(ACTIVE)).says(400)
    stacy.put(room, room.made_by(me(active=True, connection="x"))).says(400)


def test_a_full_session_takes_nobody(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """Reservations count, and are refused, too (MEMB-12)."""
    room = service.room(maxMembersCount=2, **PATIENT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid)))
    ben.put(room, ACTIVE).says(400)
    stacy.put(room, reserve(ben.xuid)).says(400)
    ana.put(room, ACTIVE).says(200)


WRONG_PROPERTIES = [
    {"initializationGroup": [7]},
    {"groups": ["a/b"]},
    {"RolePreference": {"medic": 101}},
    {"measurements": {"AB": {"latency": 1}}},
    {"connection": "x"},
]


@pytest.mark.parametrize("system", WRONG_PROPERTIES, ids=str)
def test_properties_of_members_have_their_forms(service: Service, stacy: Person, system: dict[str, Any]) -> None:
    """400 (MEMB-13)."""
    room = service.room(can=("connectivity",))
    stacy.creates(room)
    stacy.put(room, me(**system)).says(400)


def test_nobody_measures_themselves(service: Service, stacy: Person) -> None:
    """400 for one's own device token (MEMB-13)."""
    room = service.room(can=("connectivity",))
    made = stacy.creates(room, me(active=True, secureDeviceAddress=ADDRESS))
    token = made["/members/0/deviceToken"].lower()
    stacy.put(room, me(measurements={token: {"latency": 1}})).says(400)
    stacy.put(room, me(RolePreference={"medic": 100})).says(200).shows(f"{MINE}/RolePreference", {"medic": 100})


def test_who_leaves_takes_their_traces_along(service: Service, stacy: Person, ana: Person) -> None:
    """Their turn, their host, and their activity (MEMB-14)."""
    room = service.room(can=("connectivity",))
    stacy.creates(room)
    joined = ana.joins(room, me(active=True, secureDeviceAddress=ADDRESS))
    stacy.joins(room, properties(turn=[0, 1], host=joined["/members/1/deviceToken"]))
    activity = ana.makes("activity", room)
    ana.leaves(room)
    stacy.get(room).shows("/properties/system/turn", [0]).lacks("/properties/system/host")
    stacy.get(activity).says(404)


def test_members_are_removed_by_their_path(service: Service, stacy: Person, ana: Person) -> None:
    """204, also where they are gone; 404 without a session (MEMB-15)."""
    room = service.room()
    stacy.delete(room.at("members", "me")).says(404)
    stacy.creates(room)
    ana.joins(room)
    ana.delete(room.at("members", "me")).says(204)
    ana.delete(room.at("members", "me")).says(204)
    stacy.get(room).shows("/membersInfo/count", 1)


def test_a_service_removes_members_by_their_path(service: Service, stacy: Person, ana: Person) -> None:
    """204, twice (MEMB-15)."""
    room, server = service.room(), service.server()
    stacy.creates(room)
    ana.joins(room)
    for _ in range(2):
        server.delete(room.at("members", 1)).says(204)
    stacy.get(room).shows("/membersInfo/count", 1)


def test_a_player_adds_constants_to_their_reservation(service: Service, stacy: Person, ana: Person) -> None:
    """Only those that it leaves out; a change is 409 (MEMB-17)."""
    room = service.room(**PATIENT)
    seat = reserve(ana.xuid)
    seat["members"]["reserve_0"]["constants"]["custom"] = {"team": "red"}
    stacy.creates(room, both(ACTIVE, seat))
    ana.put(room, {"members": {"me": {"constants": {"custom": {"team": "blue"}}}}}).says(409)
    taken = ana.put(room, {"members": {"me": {"constants": {"custom": {"team": "red", "more": 1}}}}}).says(200)
    taken.shows("/members/1/constants/custom", {"team": "red", "more": 1})


def test_a_service_is_no_member(service: Service, stacy: Person) -> None:
    """`members.me` of a service that acts for nobody is 403 (MEMB-18)."""
    room, server = service.room(), service.server()
    stacy.creates(room)
    server.put(room, JOIN).says(403)


def test_ready_and_active_end_each_other(service: Service, stacy: Person) -> None:
    """False is the same as not being there (MEMB-19)."""
    room = service.room(**PATIENT)
    stacy.creates(room)
    stacy.put(room, me(ready=True)).says(200).lacks(f"{MINE}/active").shows(f"{MINE}/ready", expected=True)
    stacy.put(room, ACTIVE).says(200).lacks(f"{MINE}/ready").shows(f"{MINE}/active", expected=True)
    stacy.put(room, INACTIVE).says(200).lacks(f"{MINE}/active")


def test_subscriptions_are_kept_one_by_one(service: Service, stacy: Person) -> None:
    """The field `subscriptions` is the exception among fields that are replaced as a whole (PUT-5)."""
    room, other = service.room(), GUID.replace("8", "9")
    stacy.creates(room)
    stacy.put(room, me(subscriptions={GUID: {"profile": "roster"}})).says(200)
    two = stacy.put(room, me(subscriptions={other: {"profile": "roster"}})).says(200)
    assert len(two[f"{MINE}/subscriptions"]) == 2, f"{two.exchange}: {two[f'{MINE}/subscriptions']}"
    one = stacy.put(room, me(subscriptions={other: None})).says(200)
    assert len(one[f"{MINE}/subscriptions"]) == 1, f"{one.exchange}: {one[f'{MINE}/subscriptions']}"


def test_the_last_to_leave_ends_the_session(service: Service, stacy: Person) -> None:
    """With the default `sessionEmptyTimeout` of 0 (MEMB-14, TIME-4)."""
    room = service.room()
    stacy.creates(room)
    stacy.put(room, LEAVE).says(204)
