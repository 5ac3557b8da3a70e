"""Large sessions."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.conformance.bodies import ACTIVE, GUID, Body, both, me, properties, reserve
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.room import Room
from pytest_xbl.conformance.service import Service

MINE = "/members/me/properties/system"


def large(service: Service) -> Room:
    """A large session that makes recent players."""
    return service.room(can=("gameplay", "large"))


def test_a_large_session_shows_nobody_the_others(service: Service, stacy: Person, ana: Person) -> None:
    """Only the caller, under `me`; the element of another is 204 (BIG-1)."""
    room = large(service)
    stacy.creates(room)
    joined = ana.joins(room)
    assert list(joined["/members"]) == ["me"], f"{joined.exchange}: /members has {list(joined['/members'])}"
    joined.shows("/members/me/constants/system/xuid", ana.xuid)
    ana.get(room.at("members", 0)).says(204)
    ana.get(room.at("members", "me")).says(200)


def test_a_stranger_sees_no_member(service: Service, stacy: Person, ana: Person) -> None:
    """`members` is empty, and `first` is `next` (BIG-1, BIG-4)."""
    room = large(service)
    stacy.creates(room)
    read = ana.get(room).says(200).shows("/members", {}).shows("/membersInfo/count", 1)
    read.shows("/membersInfo/first", read["/membersInfo/next"])


def test_the_counts_are_of_everybody(service: Service, stacy: Person, ana: Person) -> None:
    """`first` is the index of the member who is shown, and `next` of that one that of the session (BIG-4)."""
    room = large(service)
    stacy.creates(room)
    shown = ana.joins(room).shows("/membersInfo/count", 2).shows("/membersInfo/active", 2)
    shown.shows("/membersInfo/first", 1).shows("/members/me/next", shown["/membersInfo/next"])


def test_reservations_and_removals_are_409(service: Service, stacy: Person, ana: Person) -> None:
    """In a large session (BIG-2, CODE-409)."""
    room = large(service)
    stacy.creates(room)
    stacy.put(room, reserve(ana.xuid)).says(409)


NOT_THERE: list[Body] = [
    properties(turn=[0]),
    properties(host="a"),
    properties(joinRestriction="local"),
    me(initializationGroup=[0]),
    me(subscription={"id": GUID, "changeTypes": ["everything"]}),
    me(subscriptions={GUID: {"profile": "roster"}}),
]


@pytest.mark.parametrize("body", NOT_THERE, ids=str)
def test_not_every_field_is_for_large_sessions(service: Service, stacy: Person, body: dict[str, Any]) -> None:
    """400 (BIG-2, PROP-3, PROP-4, PROP-5, TAP-1)."""
    room = large(service)
    stacy.creates(room)
    stacy.put(room, body).says(400)


def test_groups_stay_and_encounters_vanish(service: Service, stacy: Person) -> None:
    """No response shows encounters; an empty list of groups is not shown (BIG-3, BIG-5)."""
    room = large(service)
    stacy.creates(room)
    stacy.put(room, me(groups=["red"])).says(200).shows(f"{MINE}/groups", ["red"])
    met = stacy.put(room, me(encounters=["fight"])).says(200).lacks(f"{MINE}/encounters")
    met.shows(f"{MINE}/groups", ["red"])
    stacy.put(room, me(groups=[])).says(200).lacks(f"{MINE}/groups")


def test_encounters_change_a_large_session_only(service: Service, stacy: Person) -> None:
    """The change number rises (BIG-5)."""
    room, small = large(service), service.room("small")
    stacy.creates(room)
    stacy.put(room, me(encounters=["fight"])).says(200).shows("/changeNumber", 2)
    stacy.creates(small)
    stacy.put(small, me(encounters=["fight"])).says(200).shows("/changeNumber", 1)


def test_a_service_acts_for_one_user_in_each_call(service: Service, stacy: Person, ana: Person) -> None:
    """409 for more (BIG-8)."""
    room = large(service)
    stacy.creates(room)
    service.server(stacy, ana).get(room).says(409)
    service.server(stacy).get(room).says(200)
    query = f"/serviceconfigs/{service.scid}/sessions?xuid={stacy.xuid}"
    service.server(stacy, ana).get(query).says(200)


def test_taking_away_what_cannot_be_there_is_no_mistake(service: Service, stacy: Person) -> None:
    """Such as a null for the host (BIG-2)."""
    room = large(service)
    stacy.creates(room)
    stacy.put(room, both(properties(host=None), ACTIVE)).says(200)
