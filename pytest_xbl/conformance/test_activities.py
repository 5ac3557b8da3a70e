"""Queries for activities."""

from __future__ import annotations

from typing import Any

from pytest_xbl.conformance.answer import Answer
from pytest_xbl.conformance.bodies import ACTIVE, PATIENT, both, properties, reserve
from pytest_xbl.conformance.person import Person, handle
from pytest_xbl.conformance.room import Room
from pytest_xbl.conformance.service import Service


def activities(by: Person, *owners: Person, text: str = "", **more: Any) -> Answer:
    """The response to a query for the activities of these users."""
    body = {"type": "activity", "owners": {"xuids": [owner.xuid for owner in owners]}, **more}
    return by.post(f"/handles/query{text}", body)


def found(answer: Answer, *rooms: Room) -> list[str]:
    """The sessions of the results, by name, of those that are named."""
    known = {room.name for room in rooms}
    names = [result["sessionRef"]["name"] for result in answer.says(200)["/results"]]
    return [name for name in names if name in known]


def result_of(answer: Answer, room: Room) -> dict[str, Any]:
    """The result of a query about a session."""
    results: list[dict[str, Any]] = answer.says(200)["/results"]
    return next((one for one in results if one["sessionRef"]["name"] == room.name), {})


def test_an_activity_replaces_the_one_before(service: Service, stacy: Person) -> None:
    """Of the same title (HAND-2)."""
    one, two = service.room("one"), service.room("two")
    stacy.creates(one)
    stacy.creates(two)
    first = stacy.makes("activity", one)
    stacy.makes("activity", two)
    stacy.get(first).says(404)
    answer = activities(stacy, stacy)
    assert found(answer, one, two) == [two.name], f"{answer.exchange}: /results"


def test_a_query_for_activities_has_its_form(service: Service, stacy: Person, ana: Person) -> None:
    """Each needs a type, and owners of one kind: 400 (HAND-10)."""
    owners = {"xuids": [stacy.xuid]}
    people = {"people": {"moniker": "people", "monikerXuid": stacy.xuid}}
    for wrong in ({"owners": owners}, {"type": "invite", "owners": owners}, {"type": "activity"}):
        stacy.post("/handles/query", wrong).says(400)
    stacy.post("/handles/query", {"type": "activity", "owners": {**owners, **people}}).says(400)
    people["people"]["moniker"] = "People"
    stacy.post("/handles/query", {"type": "activity", "owners": people}).says(200)
    room = service.room()
    stacy.creates(room)
    stacy.makes("activity", room)
    answer = activities(ana, stacy, scid=service.scid)
    assert found(answer, room) == [room.name], f"{answer.exchange}: /results"
    other = activities(ana, stacy, scid="00000000-0000-4000-8000-000000000000")
    assert other.status != 200 or found(other, room) == [], f"{other.exchange}: /results"


def test_a_moniker_names_whom_a_user_follows(service: Service, stacy: Person, ana: Person) -> None:
    """In whatever case (HAND-10)."""
    service.follows(stacy, ana)
    room = service.room()
    ana.creates(room)
    ana.makes("activity", room)
    owners = {"people": {"moniker": "PEOPLE", "monikerXuid": stacy.xuid}}
    answer = stacy.post("/handles/query", {"type": "activity", "owners": owners})
    assert found(answer, room) == [room.name], f"{answer.exchange}: /results"


def test_favorites_are_some_of_them(service: Service, stacy: Person, ana: Person) -> None:
    """`favorites` (HAND-10)."""
    service.favors(stacy, ana)
    room = service.room()
    ana.creates(room)
    ana.makes("activity", room)
    owners = {"people": {"moniker": "favorites", "monikerXuid": stacy.xuid}}
    answer = stacy.post("/handles/query", {"type": "activity", "owners": owners})
    assert found(answer, room) == [room.name], f"{answer.exchange}: /results"


def test_related_info_is_about_the_session(service: Service, stacy: Person, ana: Person) -> None:
    """On request; the count includes reservations; unknown names are not refused (HAND-11)."""
    room = service.room(maxMembersCount=7, inviteProtocol="game", **PATIENT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid)))
    made = stacy.post("/handles?include=relatedInfo", handle("activity", room)).says(201)
    answer = activities(ana, stacy, text="?include=activityInfo,relatedInfo")
    info = result_of(answer, room).get("relatedInfo", {})
    expected = {
        "visibility": "open",
        "joinRestriction": "none",
        "closed": False,
        "maxMembersCount": 7,
        "membersCount": 2,
        "postedTime": made["/createTime"],
        "inviteProtocol": "game",
    }
    assert info == expected, f"{answer.exchange}: relatedInfo: expected {expected}, got {info}"


def test_filters_of_activities_are_those_of_sessions(stacy: Person, ana: Person) -> None:
    """With 403 for what is private; flags may be false (HAND-12, CALL-14)."""
    activities(ana, stacy, text=f"?xuid={stacy.xuid}&private=true").says(403)
    activities(ana, stacy, text=f"?xuid={stacy.xuid}&private=false").says(200)
    activities(ana, stacy, text="?visibility=hidden").says(400)


def test_activities_of_private_sessions_are_not_shown(service: Service, stacy: Person, ana: Person) -> None:
    """Restrictions keep nobody from seeing one (HAND-13)."""
    private, restricted = service.room("private", visibility="private"), service.room("restricted")
    stacy.creates(private)
    stacy.makes("activity", private)
    answer = activities(ana, stacy)
    assert found(answer, private) == [], f"{answer.exchange}: /results"
    stacy.creates(restricted, both(ACTIVE, properties(joinRestriction="local", readRestriction="local")))
    stacy.makes("activity", restricted)
    answer = activities(ana, stacy)
    assert found(answer, restricted) == [restricted.name], f"{answer.exchange}: /results"


def test_results_are_handles_only(service: Service, stacy: Person, ana: Person) -> None:
    """Custom properties come on request (HAND-14)."""
    room = service.room()
    stacy.creates(room, both(ACTIVE, properties({"map": "dunes"})))
    stacy.makes("activity", room)
    plain = activities(ana, stacy)
    unasked = {"customProperties", "relatedInfo"} & set(result_of(plain, room))
    assert not unasked, f"{plain.exchange}: {unasked} without being asked for"
    more = activities(ana, stacy, text="?include=customProperties")
    shown = result_of(more, room).get("customProperties")
    assert shown == {"map": "dunes"}, f"{more.exchange}: customProperties {shown}"


def test_activities_come_owner_by_owner(service: Service, stacy: Person, ana: Person) -> None:
    """In the order of the request; `take` counts all together (HAND-16)."""
    one, two = service.room("one"), service.room("two")
    stacy.creates(one)
    ana.creates(two)
    stacy.makes("activity", one)
    ana.makes("activity", two)
    answer = activities(stacy, ana, stacy)
    assert found(answer, one, two) == [two.name, one.name], f"{answer.exchange}: /results"
    taken = activities(stacy, ana, stacy, text="?take=1").says(200)
    assert len(taken["/results"]) == 1, f"{taken.exchange}: {len(taken['/results'])} results"
