"""Owners and roles."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.conformance.bodies import ACTIVE, PATIENT, Body, both, constants, properties, reserve
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.room import Room
from pytest_xbl.conformance.service import Service

OWNERS = "/properties/system/owners"
TEAM: Body = {"team": {"mutableRoleSettings": ["max", "target"], "roles": {"red": {"max": 1, "target": 1}, "blue": {}}}}


def owned(service: Service, name: str = "room", **policies: Any) -> Room:
    """A session with owners."""
    more: Body = {"ownershipPolicies": policies} if policies else {}
    return service.room(name, can=("hasOwners",), **more)


def role(name: str | None, index: object = "me") -> Body:
    """The body that gives a role."""
    return {"members": {str(index): {"roles": {"team": name}}}}


def test_the_creator_owns_the_session(service: Service, stacy: Person, ana: Person) -> None:
    """And removes members by index: 403 for others (OWN-1)."""
    room = owned(service)
    stacy.creates(room).shows(OWNERS, [0])
    ana.joins(room)
    ana.put(room, {"members": {"0": None}}).says(403)
    ana.put(room, properties(closed=True)).says(403)
    stacy.put(room, {"members": {"1": None}}).says(200).shows("/membersInfo/count", 1)


def test_without_owners_there_are_none(service: Service, stacy: Person) -> None:
    """The field is that of the capability; writing it is 400 (OWN-1, OWN-5)."""
    room = service.room()
    stacy.creates(room).lacks(OWNERS)
    stacy.put(room, properties(owners=[0])).says(400)


@pytest.mark.parametrize(("may", "status"), [(False, 403), (True, 201)])
def test_members_may_not_invite(service: Service, stacy: Person, ana: Person, may: bool, status: int) -> None:  # noqa: FBT001
    """Unless `allowNonOwnerInviteHandles` is true (OWN-2)."""
    room = owned(service, allowNonOwnerInviteHandles=may)
    stacy.creates(room)
    ana.joins(room)
    body = {"type": "invite", "sessionRef": room.ref, "version": 1, "invitedXuid": "9999"}
    ana.post("/handles", {**body, "invitedXuid": stacy.xuid}).says(status)
    stacy.post("/handles", {**body, "invitedXuid": ana.xuid}).says(201)


def test_the_session_ends_with_its_last_owner(service: Service, stacy: Person, ana: Person) -> None:
    """By default (OWN-3)."""
    room = owned(service)
    stacy.creates(room)
    ana.joins(room)
    stacy.leaves(room)
    ana.get(room).says(204)


def test_the_oldest_member_inherits(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """With `migration` `oldest` (OWN-3)."""
    room = owned(service, migration="oldest")
    stacy.creates(room)
    ana.joins(room)
    ben.joins(room)
    stacy.leaves(room)
    ana.get(room).shows(OWNERS, [1])


def test_who_is_blocked_by_an_owner_cannot_join(service: Service, stacy: Person, ana: Person) -> None:
    """403, with a reservation, too (OWN-4)."""
    service.blocks(stacy, ana)
    room = service.room(can=("hasOwners",), **PATIENT)
    stacy.creates(room)
    ana.put(room, ACTIVE).says(403)
    stacy.joins(room, reserve(ana.xuid))
    ana.put(room, ACTIVE).says(403)


def test_owners_give_ownership_away(service: Service, stacy: Person, ana: Person) -> None:
    """The list names members who have joined, each once, and one at least: 400 (OWN-5)."""
    room = owned(service)
    stacy.creates(room)
    ana.joins(room)
    for wrong in ([], [0, 0], [7]):
        stacy.put(room, properties(owners=wrong)).says(400)
    stacy.put(room, properties(owners=[1])).says(200).shows(OWNERS, [1])


def test_members_change_only_what_the_policies_name(service: Service, stacy: Person, ana: Person) -> None:
    """403 for other system properties; equal values and custom ones are no matter (OWN-6)."""
    room = owned(service, nonOwnerModifiableSystemProperties=["keywords"])
    stacy.creates(room, both(ACTIVE, properties(joinRestriction="none")))
    ana.joins(room)
    ana.put(room, properties(keywords=["a"])).says(200)
    ana.put(room, properties({"a": 1})).says(200)
    ana.put(room, properties(joinRestriction="none")).says(200)
    ana.put(room, properties(joinRestriction="followed")).says(403)


WRONG_TYPES: list[Body] = [
    {"Team": {"roles": {"red": {}}}},
    {"team": {"roles": {"Red": {}}}},
    {"team": {"roles": {"red": {"max": 0}}}},
    {"team": {"roles": {"red": {"max": 1, "target": 2}}}},
    {"team": {"ownerManaged": True, "roles": {"red": {}}}},
]


@pytest.mark.parametrize("types", WRONG_TYPES, ids=str)
def test_roles_have_their_form(service: Service, stacy: Person, types: Body) -> None:
    """Lower-case names, a max above 0, a target up to it, an owner where owners manage: 400 (ROLE-1)."""
    stacy.put(service.room(), {"roleTypes": types}).says(400)


def test_a_member_holds_one_role_of_each_type(service: Service, stacy: Person) -> None:
    """Null gives it up; an unknown one is 400; roles count their members (ROLE-2, ROLE-1)."""
    room = service.room(role_types=TEAM)
    stacy.creates(room)
    shown = stacy.put(room, role("blue")).says(200).shows("/members/0/roles", {"team": "blue"})
    shown.shows("/roleTypes/team/roles/blue/count", 1).shows("/roleTypes/team/roles/blue/memberXuids", [stacy.xuid])
    stacy.put(room, role("green")).says(400)
    given_up = stacy.put(room, role(None)).says(200).lacks("/members/0/roles/team")
    given_up.shows("/roleTypes/team/roles/blue/count", 0).lacks("/roleTypes/team/roles/blue/memberXuids")


def test_only_owners_change_a_role(service: Service, stacy: Person, ana: Person) -> None:
    """If its type says so; 403 for others, 409 for what it does not name (ROLE-3)."""
    room = service.room(can=("hasOwners",), role_types=TEAM)
    stacy.creates(room)
    ana.joins(room)
    change = {"roleTypes": {"team": {"roles": {"red": {"max": 3}}}}}
    ana.put(room, change).says(403)
    stacy.put(room, change).says(200).shows("/roleTypes/team/roles/red/max", 3)
    stacy.put(room, {"roleTypes": {"team": {"roles": {"green": {"max": 3}}}}}).says(409)


def test_settings_that_are_not_mutable_do_not_change(service: Service, stacy: Person) -> None:
    """409 (ROLE-3)."""
    fixed: Body = {"team": {"roles": {"red": {"max": 1}}}}
    room = service.room(can=("hasOwners",), role_types=fixed)
    stacy.creates(room)
    stacy.put(room, {"roleTypes": {"team": {"roles": {"red": {"max": 2}}}}}).says(409)


def test_owners_give_the_roles_that_they_manage(service: Service, stacy: Person, ana: Person) -> None:
    """403 for others, for their own, too (ROLE-4)."""
    managed: Body = {"team": {"ownerManaged": True, "roles": {"red": {}}}}
    room = service.room(can=("hasOwners",), role_types=managed)
    stacy.creates(room)
    ana.joins(room)
    ana.put(room, role("red")).says(403)
    stacy.put(room, role("red", 1)).says(200).shows("/members/1/roles", {"team": "red"})


def test_a_full_role_takes_nobody(service: Service, stacy: Person, ana: Person) -> None:
    """400 (ROLE-5)."""
    room = service.room(role_types=TEAM)
    stacy.creates(room, both(ACTIVE, role("red")))
    ana.put(room, both(ACTIVE, role("red"))).says(400)
    ana.put(room, both(ACTIVE, role("blue"))).says(200)


def test_a_reservation_keeps_its_role(service: Service, stacy: Person, ana: Person) -> None:
    """It counts, and stays when its player joins (ROLE-5)."""
    room = service.room(role_types=TEAM, **PATIENT)
    made = stacy.creates(room, both(ACTIVE, reserve(ana.xuid, roles={"team": "red"})))
    made.shows("/roleTypes/team/roles/red/count", 1)
    stacy.put(room, role("red")).says(400)
    ana.joins(room).shows("/members/1/roles", {"team": "red"})


def test_a_session_of_its_own_constants_has_no_owner_but_by_the_capability(service: Service, stacy: Person) -> None:
    """`ownershipPolicies` alone are 400 (OWN-1, CONST-13)."""
    stacy.put(service.room(), constants(ownershipPolicies={})).says(400)


def test_types_that_a_write_does_not_name_stay(service: Service, stacy: Person) -> None:
    """A null gives up the role of one type (ROLE-2)."""
    types: Body = {"team": {"roles": {"red": {}}}, "job": {"roles": {"medic": {}}}}
    room = service.room(role_types=types)
    stacy.creates(room, both(ACTIVE, role("red")))
    job = {"members": {"me": {"roles": {"job": "medic"}}}}
    stacy.put(room, job).says(200).shows("/members/0/roles", {"team": "red", "job": "medic"})
    stacy.put(room, role(None)).says(200).shows("/members/0/roles", {"job": "medic"})


def test_a_role_keeps_room_for_its_members(service: Service, stacy: Person, ana: Person) -> None:
    """`max` does not go below their number: 400 (ROLE-3)."""
    types: Body = {"team": {"mutableRoleSettings": ["max"], "roles": {"red": {"max": 3}}}}
    room = service.room(can=("hasOwners",), role_types=types)
    stacy.creates(room, both(ACTIVE, role("red")))
    ana.joins(room, both(ACTIVE, role("red")))
    stacy.put(room, {"roleTypes": {"team": {"roles": {"red": {"max": 1}}}}}).says(400)
    stacy.put(room, {"roleTypes": {"team": {"roles": {"red": {"max": 2}}}}}).says(200)


def test_reservations_do_not_inherit(service: Service, stacy: Person, ana: Person) -> None:
    """The session ends with its last owner, whatever `sessionEmptyTimeout` is (OWN-3)."""
    room = service.room(can=("hasOwners",), **PATIENT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid)))
    stacy.leaves(room)
    ana.get(room).says(204)
