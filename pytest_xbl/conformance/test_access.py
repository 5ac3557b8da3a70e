"""Who may read, join and write."""

from __future__ import annotations

import pytest

from pytest_xbl.conformance.bodies import ACTIVE, LEAVE, PATIENT, both, properties, reserve
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import Service


@pytest.mark.parametrize("visibility", ["open", "visible", "private"])
def test_visibility_decides_who_reads_and_joins(service: Service, stacy: Person, ana: Person, visibility: str) -> None:
    """Of those who are not in the session (JOIN-1, JOIN-8)."""
    room = service.room(visibility=visibility)
    stacy.creates(room)
    ana.get(room).says(403 if visibility == "private" else 200)
    ana.put(room, ACTIVE).says(200 if visibility == "open" else 403)


@pytest.mark.parametrize("visibility", ["visible", "private"])
def test_a_reservation_opens_every_visibility(service: Service, stacy: Person, ana: Person, visibility: str) -> None:
    """Reserved users read and write (JOIN-1)."""
    room = service.room(visibility=visibility, **PATIENT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid)))
    ana.get(room).says(200)
    ana.put(room, ACTIVE).says(200)


def test_a_service_reads_and_writes_everything(service: Service, stacy: Person) -> None:
    """Private sessions, too (JOIN-1)."""
    room, server = service.room(visibility="private"), service.server()
    stacy.creates(room)
    server.get(room).says(200)
    server.put(room, properties({"a": 1})).says(200)


def test_a_local_session_is_for_the_same_device(service: Service, stacy: Person, ana: Person) -> None:
    """403 for another device; for open sessions only, and never for reserved users (JOIN-2)."""
    room = service.room(**PATIENT)
    stacy.creates(room, both(ACTIVE, properties(joinRestriction="local")))
    ana.put(room, ACTIVE).says(403)
    stacy.joins(room, reserve(ana.xuid))
    ana.put(room, ACTIVE).says(200)


def test_a_user_at_the_same_device_is_local(service: Service) -> None:
    """The device id equals that of an active member (JOIN-2)."""
    host, guest = service.newcomer("Max", device_id="one"), service.newcomer("Eve", device_id="one")
    room = service.room()
    host.creates(room, both(ACTIVE, properties(joinRestriction="local")))
    guest.put(room, ACTIVE).says(200)


def test_a_followed_session_is_for_whom_members_follow(
    service: Service, stacy: Person, ana: Person, ben: Person
) -> None:
    """A member who is not merely reserved (JOIN-2)."""
    service.follows(stacy, ana)
    room = service.room()
    stacy.creates(room, both(ACTIVE, properties(joinRestriction="followed")))
    ben.put(room, ACTIVE).says(403)
    ana.put(room, ACTIVE).says(200)


def test_reading_can_be_restricted(service: Service, stacy: Person, ana: Person) -> None:
    """403; it must be at least as accessible as joining: 400 (JOIN-3)."""
    room = service.room()
    stacy.creates(room)
    stacy.put(room, properties(readRestriction="local")).says(400)
    stacy.put(room, properties(readRestriction="local", joinRestriction="local")).says(200)
    ana.get(room).says(403)


def test_a_closed_session_takes_nobody_new(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """Members and reserved users still write (JOIN-4, JOIN-8)."""
    room = service.room(**PATIENT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid), properties(closed=True)))
    ben.put(room, ACTIVE).says(403)
    ana.put(room, ACTIVE).says(200)
    stacy.put(room, properties({"a": 1})).says(200)


def test_no_handle_opens_a_closed_session(service: Service, stacy: Person, ana: Person) -> None:
    """Not even an invite (JOIN-4, JOIN-6)."""
    room = service.room()
    stacy.creates(room, both(ACTIVE, properties(closed=True)))
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    ana.get(f"{invite}/session").says(200)
    ana.put(f"{invite}/session", ACTIVE).says(403)


def test_a_locked_session_keeps_the_slots_of_those_who_left(
    service: Service, stacy: Person, ana: Person, ben: Person
) -> None:
    """`locked` needs `closed`; who left may come back, nobody else may (JOIN-5)."""
    room = service.room()
    stacy.creates(room)
    ana.joins(room)
    stacy.put(room, properties(locked=True)).says(400)
    stacy.put(room, properties(locked=True, closed=True)).says(200)
    ana.leaves(room)
    ben.put(room, ACTIVE).says(403)
    ana.put(room, ACTIVE).says(200)


def test_who_was_removed_has_not_left(service: Service, stacy: Person, ana: Person) -> None:
    """So their slot is not kept (JOIN-5)."""
    room, server = service.room(), service.server()
    stacy.creates(room)
    ana.joins(room)
    stacy.joins(room, properties(locked=True, closed=True))
    server.put(room, {"members": {"1": None}}).says(200)
    ana.put(room, ACTIVE).says(403)


def test_an_invite_opens_the_restrictions_to_its_invitee(
    service: Service, stacy: Person, ana: Person, ben: Person
) -> None:
    """Reading and writing (JOIN-6, JOIN-11); others find what they find at the session's own path."""
    room = service.room()
    stacy.creates(room, both(ACTIVE, properties(joinRestriction="local", readRestriction="local")))
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    ben.get(f"{invite}/session").says(403)
    ben.put(f"{invite}/session", ACTIVE).says(403)
    ana.get(f"{invite}/session").says(200)
    ana.put(f"{invite}/session", ACTIVE).says(200)


def test_an_activity_opens_reading_only(service: Service, stacy: Person, ana: Person) -> None:
    """To everybody (JOIN-6, JOIN-11)."""
    room = service.room()
    stacy.creates(room, both(ACTIVE, properties(joinRestriction="local", readRestriction="local")))
    activity = stacy.makes("activity", room)
    ana.get(room).says(403)
    ana.get(f"{activity}/session").says(200)
    ana.put(f"{activity}/session", ACTIVE).says(403)


def test_a_transfer_lets_members_of_its_origin_in(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """Even into a private session (JOIN-6, JOIN-11)."""
    origin, target = service.room("origin"), service.room("target", visibility="private")
    stacy.creates(origin)
    ana.joins(origin)
    stacy.creates(target)
    transfer = stacy.makes("transfer", target, originSessionRef=origin.ref)
    ben.put(f"{transfer}/session", ACTIVE).says(403)
    ana.put(f"{transfer}/session", ACTIVE).says(200)


@pytest.mark.parametrize("visibility", ["private", "visible"])
def test_an_invite_to_a_hidden_session_needs_a_reservation(
    service: Service, stacy: Person, ana: Person, visibility: str
) -> None:
    """403 without (JOIN-11)."""
    room = service.room(visibility=visibility, **PATIENT)
    stacy.creates(room)
    invite = stacy.makes("invite", room, invitedXuid=ana.xuid)
    ana.put(f"{invite}/session", ACTIVE).says(403)
    stacy.joins(room, reserve(ana.xuid))
    ana.put(f"{invite}/session", ACTIVE).says(200)


def test_refusals_say_why(service: Service, stacy: Person, ana: Person) -> None:
    """Private, or restricted; the multiplayer privilege, membership and the join restriction (JOIN-7)."""
    private, restricted = service.room("private", visibility="private"), service.room("restricted")
    stacy.creates(private)
    stacy.creates(restricted, both(ACTIVE, properties(joinRestriction="local", readRestriction="local")))
    ana.get(private).says(403).is_text().names("private")
    ana.get(restricted).says(403).is_text().names("read restriction")
    ana.put(restricted, ACTIVE).says(403).names("multiplayer", "member", "join restriction")


def test_a_full_session_is_400(service: Service, stacy: Person, ana: Person) -> None:
    """And a hidden, closed or restricted one 403 (JOIN-8)."""
    room = service.room(maxMembersCount=1)
    stacy.creates(room)
    ana.put(room, ACTIVE).says(400)


def test_members_reserve_in_a_closed_session(service: Service, stacy: Person, ana: Person) -> None:
    """It only stops people from coming by themselves (JOIN-9)."""
    room = service.room(**PATIENT)
    stacy.creates(room, both(ACTIVE, properties(closed=True)))
    stacy.put(room, reserve(ana.xuid)).says(200)
    ana.put(room, ACTIVE).says(200)


def test_the_first_reason_is_named(service: Service, stacy: Person, ana: Person) -> None:
    """Visibility before closed before full: 403 as long as one of the first two applies (JOIN-10)."""
    room = service.room("open", maxMembersCount=1)
    stacy.creates(room, both(ACTIVE, properties(closed=True)))
    ana.put(room, ACTIVE).says(403)
    stacy.joins(room, properties(closed=None, joinRestriction="local"))
    ana.put(room, ACTIVE).says(403)
    stacy.joins(room, properties(joinRestriction=None))
    ana.put(room, ACTIVE).says(400)


def test_a_stranger_cannot_leave_a_private_session(service: Service, stacy: Person, ana: Person) -> None:
    """403: whoever may not read it learns nothing (JOIN-7)."""
    room = service.room(visibility="private")
    stacy.creates(room)
    ana.put(room, LEAVE).says(403)
