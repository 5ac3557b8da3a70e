"""Status codes."""

from __future__ import annotations

from pytest_xbl.conformance.bodies import ACTIVE, LEAVE, PATIENT, constants, me, properties, reserve
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import Service


def test_a_session_is_made_with_201_and_changed_with_200(service: Service, stacy: Person) -> None:
    """The body is the session (CODE-201, CODE-200)."""
    room = service.room()
    stacy.put(room, room.made_by(ACTIVE)).says(201).shows("/membersInfo/count", 1).has_header("Location", None)
    stacy.put(room, properties({"a": 1})).says(200).shows("/properties/custom/a", 1)


def test_a_new_handle_has_its_locations(service: Service, stacy: Person) -> None:
    """`Location` and `Content-Location` are both its path (CODE-201)."""
    room = service.room()
    stacy.creates(room)
    made = stacy.post("/handles", {"type": "activity", "version": 1, "sessionRef": room.ref}).says(201)
    path = f"/handles/{made['/id']}"
    made.has_header("Location", path).has_header("Content-Location", path)


def test_what_is_not_there_is_204(service: Service, stacy: Person) -> None:
    """A session, an element of one that exists, and a session after its last member; without a body (CODE-204)."""
    room = service.room(sessionEmptyTimeout=0)
    stacy.get(room).says(204).is_empty()
    stacy.creates(room)
    stacy.get(room.at("members", 7)).says(204).is_empty()
    stacy.put(room, LEAVE).says(204).is_empty()
    stacy.get(room).says(204)


def test_a_service_makes_no_session_that_is_empty(service: Service) -> None:
    """With a `sessionEmptyTimeout` of 0 the answer is 204, and there is no session (CODE-204)."""
    room, server = service.room(sessionEmptyTimeout=0), service.server()
    server.put(room, room.made_by()).says(204)
    server.get(room).says(204)


def test_a_session_that_has_not_changed_is_304(service: Service, stacy: Person) -> None:
    """`If-None-Match` with the current ETag (CODE-304)."""
    room = service.room()
    etag = stacy.creates(room).etag
    stacy.get(room, headers={"If-None-Match": etag}).says(304).is_empty()
    stacy.joins(room, properties({"a": 1}))
    stacy.get(room, headers={"If-None-Match": etag}).says(200)


def test_a_refused_write_shows_the_session_to_those_who_may_read_it(
    service: Service, stacy: Person, ana: Person
) -> None:
    """403 with the session as JSON, or with a text (CODE-403)."""
    open_room, private = service.room("open"), service.room("private", visibility="private")
    for room in (open_room, private):
        stacy.creates(room)
    closed = stacy.joins(open_room, properties(closed=True))
    ana.put(open_room, ACTIVE).says(403).is_json().shows("", closed.json)
    ana.put(private, ACTIVE).says(403).is_text()


def test_an_element_of_a_missing_session_is_404(service: Service, stacy: Person) -> None:
    """As are an unknown template and an unknown service configuration (CODE-404)."""
    room = service.room()
    stacy.put(room.at("properties"), {}).says(404)
    stacy.get(room.at("members", "me")).says(404)
    stacy.get(room.path.replace(f"/{room.template}/", "/no-such-template/")).says(404)
    stacy.get(f"/serviceconfigs/{'0' * 8}-0000-4000-8000-{'9' * 12}/sessiontemplates").says(404)


def test_what_does_not_go_with_the_session_is_409(service: Service, stacy: Person) -> None:
    """Constants that conflict with it (CODE-409)."""
    room = service.room(maxMembersCount=5)
    stacy.creates(room)
    stacy.put(room, constants(maxMembersCount=6)).says(409)


def test_a_failed_precondition_shows_the_current_session(service: Service, stacy: Person) -> None:
    """412 with the session as JSON and its ETag (CODE-412)."""
    room = service.room()
    made = stacy.creates(room)
    failed = stacy.put(room, properties({"a": 1}), headers={"If-Match": '"0"'}).says(412).is_json()
    failed.shows("", made.json).has_header("ETag", made.etag)


def test_a_refusal_shows_the_whole_session(service: Service, stacy: Person, ana: Person) -> None:
    """Even if the path names an element (CODE-ALL)."""
    room = service.room(**PATIENT)
    stacy.creates(room)
    session = ana.joins(room)
    ana.delete(room.at("members", 0)).says(403).shows("", session.json)


def test_reservations_and_properties_are_elements(service: Service, stacy: Person, ana: Person) -> None:
    """Each part of a session can be read by its own path (CODE-200)."""
    room = service.room(**PATIENT)
    session = stacy.creates(room, {**reserve(ana.xuid), **properties({"a": 1})})
    stacy.get(room.at("properties")).says(200).shows("", session["/properties"])
    stacy.get(room.at("constants")).says(200).shows("", session["/constants"])
    stacy.get(room.at("members", 1)).says(200)
    stacy.joins(room, me({"b": 2}))
    stacy.get(room.at("members", "me")).says(200).shows("/properties/custom/b", 2)
