"""Services that act for users."""

from __future__ import annotations

from pytest_xbl.conformance.bodies import ACTIVE, Body, both, properties, reserve, server
from pytest_xbl.conformance.person import Person, handle
from pytest_xbl.conformance.service import Service

USERS, TITLE, SCOPE = "X-Xbl-OnBehalfOf-Users", "X-Xbl-OnBehalfOf-Title", "X-Xbl-Deny-Scope"
ALL: Body = {"members": {"me_all": {"properties": {"system": {"active": True}}}}}


def under(key: str, body: Body | None) -> Body:
    """A body about one member."""
    return {"members": {key: body}}


def test_a_call_counts_as_that_of_the_users_in_the_header(service: Service, stacy: Person, ana: Person) -> None:
    """With their own claims (S2S-1, S2S-2)."""
    room = service.room()
    made = service.server(stacy, ana).put(room, room.made_by(ALL)).says(201).shows("/membersInfo/count", 2)
    xuids = [made[f"/members/{index}/constants/system/xuid"] for index in (0, 1)]
    assert xuids == [stacy.xuid, ana.xuid], f"{made.exchange}: members {xuids}"


def test_a_malformed_header_is_refused(service: Service, stacy: Person) -> None:
    """400; from a user, or for an unknown one, 403 (S2S-1)."""
    arena, room = service.server(), service.room()
    for users in ("x", "", f"{stacy.xuid},{stacy.xuid}", f"{stacy.xuid};priv=fly"):
        arena.get(room, headers={USERS: users}).says(400)
    arena.get(room, headers={USERS: stacy.xuid, TITLE: "x"}).says(400)
    arena.get(room, headers={USERS: "18446744073709551615"}).says(403)
    stacy.get(room, headers={USERS: stacy.xuid}).says(403)


def test_members_are_written_by_their_xuids(service: Service, stacy: Person, ana: Person) -> None:
    """`me_<xuid>`, `me_all`, `me_allInSession`; null removes them (S2S-2)."""
    room, arena = service.room(), service.server(stacy, ana)
    one = under(f"me_{stacy.xuid}", {"properties": {"system": {"active": True}}})
    arena.put(room, room.made_by(one)).says(201).shows("/membersInfo/count", 1)
    marked = under("me_allInSession", {"properties": {"custom": {"a": 1}}})
    arena.put(room, marked).says(200).shows("/membersInfo/count", 1).shows("/members/0/properties/custom", {"a": 1})
    arena.put(room, ALL).says(200).shows("/membersInfo/count", 2)
    arena.put(room, under(f"me_{ana.xuid}", None)).says(200).shows("/membersInfo/count", 1)


def test_keys_of_others_are_refused(service: Service, stacy: Person, ana: Person) -> None:
    """403; `me` needs a single user; one who is changed and removed at once is 400 (S2S-2)."""
    room = service.room()
    stacy.creates(room)
    key = f"me_{ana.xuid}"
    stacy.put(room, under(key, {})).says(403)
    service.server(stacy).put(room, under(key, {})).says(403)
    service.server(stacy, ana).put(room, under("me", {})).says(403)
    contradiction = both(under("me_all", {"properties": {"custom": {"a": 1}}}), under(f"me_{stacy.xuid}", None))
    service.server(stacy).put(room, contradiction).says(400)


def test_a_service_may_deny_itself_its_access(service: Service, stacy: Person, ana: Person) -> None:
    """Then each of its users needs access (S2S-3)."""
    room = service.room(visibility="private")
    stacy.creates(room)
    service.server(ana).get(room).says(200)
    service.server(ana, deny=True).get(room).says(403)
    service.server(stacy, deny=True).get(room).says(200)
    service.server(stacy, ana, deny=True).get(room).says(403)
    service.server(deny=True).get(room).says(403)
    service.server(stacy).get(room, headers={SCOPE: "Everything"}).says(400)
    stacy.get(room, headers={SCOPE: "Multiplayer.Manage"}).says(403)


def test_a_denied_service_writes_like_its_users(service: Service, stacy: Person, ana: Person) -> None:
    """No removal by index, and properties and servers only for those who are there (S2S-3)."""
    room = service.room()
    stacy.creates(room)
    denied = service.server(stacy, deny=True)
    denied.put(room, {"members": {"0": None}}).says(403)
    denied.put(room, server({"a": 1})).says(200)
    service.server(ana, deny=True).put(room, properties({"a": 1})).says(403)


def test_reservations_of_acting_services_are_made_at_creation(service: Service, stacy: Person, ana: Person) -> None:
    """409 later; not in a write that changes members; nor can their activity be set (S2S-4)."""
    room, arena = service.room(), service.server(stacy, ana)
    places = reserve(stacy.xuid, ana.xuid)
    arena.put(room, room.made_by(both(places, under("me_all", {})))).says(400)
    arena.put(room, room.made_by(places)).says(201).shows("/membersInfo/accepted", 0)
    arena.put(room, places).says(409)


def test_a_handle_has_one_owner(service: Service, stacy: Person, ana: Person) -> None:
    """A service that acts for several users cannot make one: 400 (S2S-5)."""
    room = service.room()
    stacy.creates(room)
    ana.joins(room, ACTIVE)
    invite = handle("invite", room, invitedXuid=ana.xuid)
    service.server(stacy, ana).post("/handles", invite).says(400)
    service.server(stacy).post("/handles", invite).says(201).shows("/ownerXuid", stacy.xuid)
