"""Handles: activities, invites and transfers."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.conformance.bodies import ACTIVE, INACTIVE, LEAVE, PATIENT, both, properties, reserve
from pytest_xbl.conformance.person import Person, handle
from pytest_xbl.conformance.service import Service

GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
NOBODYS = "11111111-ebe0-42da-885f-033860a81801"
DAY = 24 * 60 * 60 * 1000


def test_a_handle_is_made_read_and_deleted(service: Service, stacy: Person) -> None:
    """It cannot be changed (HAND-1, HAND-8, CALL-7)."""
    room = service.room()
    stacy.creates(room)
    made = stacy.post("/handles", handle("activity", room)).says(201).matches("/id", GUID).shows("/version", 1)
    path = f"/handles/{made['/id']}"
    stacy.put(path, {}).says(405)
    stacy.get(path).says(200).shows("/id", made["/id"])
    stacy.delete(path).says(204).is_empty()
    stacy.get(path).says(404)


def test_a_handle_may_point_at_no_session(service: Service, stacy: Person, ana: Person) -> None:
    """Making it creates no session; an id that is taken is 409 (HAND-1)."""
    room = service.room()
    body = handle("invite", room, invitedXuid=ana.xuid)
    named = stacy.post("/handles", body).says(201)
    stacy.get(room).says(204)
    stacy.post("/handles", {**body, "id": named["/id"]}).says(409)


def test_only_active_members_make_activities(service: Service, stacy: Person, ana: Person) -> None:
    """403 for others (HAND-2)."""
    room = service.room(**PATIENT)
    stacy.creates(room, INACTIVE)
    stacy.post("/handles", handle("activity", room)).says(403)
    ana.post("/handles", handle("activity", room)).says(403)


def test_a_handle_without_a_name_gets_one(service: Service, stacy: Person, ana: Person) -> None:
    """A GUID (HAND-2)."""
    room = service.room()
    body = handle("invite", room, invitedXuid=ana.xuid)
    body["sessionRef"] = {name: value for name, value in room.ref.items() if name != "name"}
    stacy.post("/handles", body).says(201).matches("/sessionRef/name", GUID)


def test_an_invite_names_whom_it_is_for(service: Service, stacy: Person, ana: Person) -> None:
    """And has attributes; on closed and full sessions, too (HAND-3, HAND-5)."""
    room = service.room(maxMembersCount=1, inviteProtocol="game")
    stacy.creates(room, both(ACTIVE, properties(closed=True)))
    stacy.post("/handles", handle("invite", room)).says(400)
    attributes = {"context": "x" * 256, "contextString": "c", "senderString": "s"}
    made = stacy.post("/handles", handle("invite", room, invitedXuid=ana.xuid, inviteAttributes=attributes)).says(201)
    made.shows("/invitedXuid", ana.xuid).shows("/senderXuid", stacy.xuid).shows("/inviteAttributes", attributes)
    made.shows("/inviteProtocol", "game").matches("/expiration", r"\d{4}-.+Z")
    long = {"context": "x" * 257}
    stacy.post("/handles", handle("invite", room, invitedXuid=ana.xuid, inviteAttributes=long)).says(400)


def test_a_transfer_needs_its_target(service: Service, stacy: Person) -> None:
    """403 without; it is deleted with it (HAND-4)."""
    origin, target = service.room("origin"), service.room("target")
    stacy.creates(origin)
    stacy.post("/handles", handle("transfer", target, originSessionRef=origin.ref)).says(403)
    stacy.creates(target)
    path = stacy.makes("transfer", target, originSessionRef=origin.ref)
    stacy.leaves(target)
    stacy.get(path).says(404)


def test_a_new_handle_shows_its_fields(service: Service, stacy: Person) -> None:
    """And has `gameTypes` for each platform of the title (HAND-5, STAT-16)."""
    room = service.room(inviteProtocol="game")
    stacy.creates(room)
    made = stacy.post("/handles", handle("activity", room)).says(201)
    made.shows("/type", "activity").shows("/ownerXuid", stacy.xuid).shows("/inviteProtocol", "game")
    made.matches("/titleId", r"\d+").matches("/createTime", r"\d{4}-.+Z")
    types = made["/gameTypes"]
    assert types, f"{made.exchange}: /gameTypes is empty"
    assert all("titleId" in one for one in types.values()), f"{made.exchange}: /gameTypes {types}"


def test_a_transfer_shows_five_fields(service: Service, stacy: Person) -> None:
    """And no others (HAND-5)."""
    origin, target = service.room("origin"), service.room("target")
    stacy.creates(origin)
    stacy.creates(target)
    made = stacy.post("/handles", handle("transfer", target, originSessionRef=origin.ref)).says(201)
    fields = {"id", "type", "version", "sessionRef", "originSessionRef"}
    assert set(made.json) == fields, f"{made.exchange}: fields {sorted(made.json)}"


def test_a_handle_is_read_as_a_handle(service: Service, stacy: Person) -> None:
    """And its session at `…/session` (HAND-6)."""
    room = service.room()
    stacy.creates(room)
    path = stacy.makes("activity", room)
    stacy.get(path).says(200).shows("/type", "activity").lacks("/members")
    stacy.get(f"{path}/session").says(200).shows("/membersInfo/count", 1)


def test_a_session_is_read_and_written_through_its_handle(service: Service, stacy: Person, ana: Person) -> None:
    """With preconditions; an unknown handle is 404 (HAND-7, CODE-404)."""
    room = service.room()
    made = stacy.creates(room)
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    ana.get(f"{invite}/session", headers={"If-None-Match": made.etag}).says(304)
    ana.put(f"{invite}/session", ACTIVE, headers={"If-Match": '"0"'}).says(412)
    ana.put(f"{invite}/session", ACTIVE).says(200).shows("/membersInfo/count", 2)
    ana.get(f"/handles/{NOBODYS}/session").says(404)


def test_only_its_owner_deletes_a_handle(service: Service, stacy: Person, ana: Person) -> None:
    """403 for others (HAND-8)."""
    room = service.room()
    stacy.creates(room)
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    ana.delete(invite).says(403)
    stacy.delete(invite).says(204)
    stacy.delete(invite).says(404)


@pytest.mark.parametrize("body", [LEAVE, INACTIVE], ids=["leaving", "becoming inactive"])
def test_an_activity_ends_with_being_active(service: Service, stacy: Person, ana: Person, body: dict[str, Any]) -> None:
    """By leaving or becoming inactive (HAND-9)."""
    room = service.room(**PATIENT)
    ana.creates(room)
    stacy.joins(room)
    path = stacy.makes("activity", room)
    stacy.put(room, body).says(200)
    ana.get(path).says(404)


def test_a_handle_is_seen_by_those_whom_it_concerns(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """404 for others; an id that is no GUID, or all zeros, is 400 (HAND-15)."""
    room = service.room()
    stacy.creates(room)
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    ana.get(invite).says(200)
    ben.get(invite).says(404)
    stacy.get("/handles/none").says(400)
    stacy.get("/handles/00000000-0000-0000-0000-000000000000").says(400)


def test_only_members_invite_and_transfer(service: Service, stacy: Person, ana: Person) -> None:
    """Reserved users may not: 403; a transfer needs its origin (HAND-17)."""
    room = service.room(**PATIENT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid)))
    invite = handle("invite", room, invitedXuid=stacy.xuid)
    ana.post("/handles", invite).says(403)
    ana.joins(room)
    ana.post("/handles", invite).says(201)
    nowhere = service.room("nowhere")
    stacy.post("/handles", handle("transfer", room, originSessionRef=nowhere.ref)).says(403)


def test_an_invite_before_its_session_opens_nothing_at_first(
    service: Service, stacy: Person, ana: Person, ben: Person
) -> None:
    """Before its sender is in the session (HAND-17)."""
    restricted = both(ACTIVE, properties(joinRestriction="local", readRestriction="local"))
    room = service.room()
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    ben.creates(room, restricted)
    ana.put(f"{invite}/session", ACTIVE).says(403)
    ben.joins(room, properties(joinRestriction=None, readRestriction=None))
    stacy.joins(room)
    ben.joins(room, restricted)
    ana.put(f"{invite}/session", ACTIVE).says(200)


def test_an_invite_expires(service: Service, stacy: Person, ana: Person) -> None:
    """A day after it was made; then it is 404 (HAND-18)."""
    room = service.room(**PATIENT)
    stacy.creates(room)
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    service.wait(DAY - 1000)
    ana.get(invite).says(200)
    service.wait(2000)
    ana.get(invite).says(404)


def test_a_handle_is_of_one_session(service: Service, stacy: Person, ana: Person) -> None:
    """And not of the next one of that name (HAND-19)."""
    room = service.room()
    stacy.creates(room)
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    stacy.leaves(room)
    stacy.creates(room)
    ana.get(f"{invite}/session").says(404)


def test_a_handle_before_its_session_waits_for_it(service: Service, stacy: Person, ana: Person) -> None:
    """GET is 204 until then, and PUT makes it (HAND-19)."""
    room = service.room()
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    ana.get(f"{invite}/session").says(204)
    ana.put(f"{invite}/session", room.made_by(ACTIVE)).says(201)
    stacy.get(room).says(200)


def test_an_activity_is_a_write_of_its_session(service: Service, stacy: Person) -> None:
    """The change number rises by one and the ETag is another; nothing else differs (HAND-20, PUT-9)."""
    room = service.room()
    made = stacy.creates(room)
    stacy.makes("activity", room)
    read = stacy.get(room).says(200).shows("", {**made.json, "changeNumber": 2})
    assert read.etag != made.etag, f"{read.exchange}: the ETag is the same"


def test_a_transfer_is_a_write_of_its_target(service: Service, stacy: Person) -> None:
    """And not of its origin (HAND-20)."""
    origin, target = service.room("origin"), service.room("target")
    stacy.creates(origin)
    stacy.creates(target)
    stacy.makes("transfer", target, originSessionRef=origin.ref)
    stacy.get(target).shows("/changeNumber", 2)
    stacy.get(origin).shows("/changeNumber", 1)


def test_an_invite_is_no_write(service: Service, stacy: Person, ana: Person) -> None:
    """Neither is deleting a handle (HAND-20)."""
    room = service.room()
    made = stacy.creates(room)
    stacy.delete(stacy.makes("invite", room, invitedXuid=ana.xuid)).says(204)
    stacy.get(room).shows("", made.json)
