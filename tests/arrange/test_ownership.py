"""The owners of sessions, and the roles of their members, in seeds."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import PATIENT, can
from people import person
from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.mpsd.effects import BecameOwner
from seeds import SeedDict
from tables import cases


def seed(**session: Any) -> SeedDict:
    """A seed with a session of Ana, Bob, and Cid, for whom a place is reserved."""
    members = {"Ana": "active", "Bob": "active", "Cid": "reserved", "Eve": {"xuid": "7"}}
    return {
        "users": ["Ana", "Bob", "Cid"],
        "templates": {"owned": {"constants": {"system": {**PATIENT, **can("hasOwners")}}}, "plain": {}},
        "sessions": {"one": {"template": "owned", "members": members, **session}},
    }


def world(given: SeedDict) -> XboxLive:
    """The world of a seed."""
    return XboxLive(name="owners", seed=Seed(given))


def test_whoever_joined_first_owns_a_session() -> None:
    """Unless the seed names owners; its effects say who does (OWN-1, SEED-5)."""
    xbl = world(seed())
    assert xbl.sessions["one"].owners == (person(xbl, "Ana"),)
    effects = xbl.sessions["one"].history[0].effects
    assert [effect for effect in effects if isinstance(effect, BecameOwner)] == [BecameOwner(person(xbl, "Ana").xuid)]
    late = {"Ana": {"joinTime": "2026-01-01T11:00:00Z"}, "Bob": {"joinTime": "2026-01-01T10:00:00Z"}}
    xbl = world(seed(members=late))
    assert xbl.sessions["one"].owners == (person(xbl, "Bob"),)


def test_a_seed_names_the_owners() -> None:
    """Members by name, strangers, too, in the order of the list (OWN-1)."""
    xbl = world(seed(owners=["Bob", {"xuid": "7"}]))
    assert xbl.sessions["one"].owners == (person(xbl, "Bob"), "7")
    assert xbl.sessions["one"].document["properties"]["system"]["owners"] == [1, 3]


def test_a_seed_may_have_their_indices_in_the_properties() -> None:
    """As the body of a PUT has (OWN-5)."""
    xbl = world(seed(properties={"system": {"owners": [1]}}))
    assert xbl.sessions["one"].owners == (person(xbl, "Bob"),)


@pytest.mark.parametrize(("owners", "dumped"), [(None, None), (["Ana"], None), (["Bob", "Ana"], ["Bob", "Ana"])])
def test_a_dump_names_the_owners(owners: object, dumped: object) -> None:
    """Unless it is the one who joined first, and nowhere by index (SEED-7)."""
    xbl = world(seed(**({"owners": owners} if owners else {})))
    record = xbl.dump()["sessions"]["one"]
    assert record.get("owners") == dumped
    assert "properties" not in record
    assert XboxLive(name="again", seed=Seed(xbl.dump())).dump() == xbl.dump()


def test_a_test_may_expect_owners_by_name() -> None:
    """As it names members (SEED-10)."""
    xbl = world(seed())
    xbl.assert_state({"sessions": {"one": {"owners": ["Ana"]}}})
    with pytest.raises(AssertionError, match='/sessions/one/owners/0: expected "Bob", got "Ana"'):
        xbl.assert_state({"sessions": {"one": {"owners": ["Bob"]}}})


@cases(
    "session inside what rule",
    {
        "a reservation": (
            {"owners": ["Cid"]},
            "/0",
            "Only members who have joined own a session, and Cid is none.",
            "OWN-5",
        ),
        "one twice": ({"owners": ["Bob", "Bob"]}, "/1", "Bob appears twice.", "OWN-5"),
        "no capability": (
            {"owners": ["Ana"], "template": "plain", "members": ["Ana"]},
            "",
            "The session has no owners: its template needs the capability hasOwners.",
            "OWN-1",
        ),
        "none": ({"owners": []}, "", "Expected a list that is not empty; got [].", "OWN-1"),
    },
)
def test_owners_are_members_who_have_joined(session: dict[str, Any], inside: str, what: str, rule: str) -> None:
    """Each once, in a session with owners; otherwise the seed is refused (OWN-1, OWN-5, SEED-5)."""
    with pytest.raises(XblError) as error:
        world(seed(**session))
    assert str(error.value) == f"{what}\nwhere: /sessions/one/owners{inside} in the seed\nrule: {rule}"


ROLES: SeedDict = {"roleTypes": {"lfg": {"ownerManaged": True, "roles": {"confirmed": {"max": 1}, "spare": {}}}}}
BOB: SeedDict = {"members": {"Ana": "active", "Bob": {"roles": {"lfg": "confirmed"}}, "Eve": {"xuid": "7"}}}


def test_members_have_roles() -> None:
    """As if a service had given them, also those that owners give (ROLE-2, ROLE-4, SEED-5)."""
    xbl = world(seed(**ROLES, **BOB))
    assert xbl.sessions["one"].roles == {"lfg": {"confirmed": (person(xbl, "Bob"),), "spare": ()}}
    assert xbl.sessions["one"].document["members"]["1"]["roles"] == {"lfg": "confirmed"}


def test_a_role_may_be_a_stranger_s_or_reserved() -> None:
    """Whoever is in the session can have one (ROLE-5)."""
    roles = {"roles": {"lfg": "spare"}}
    members = {"Cid": {"status": "reserved", **roles}, "Eve": {"xuid": "7", **roles}}
    xbl = world(seed(**ROLES, members=members))
    assert xbl.sessions["one"].roles["lfg"]["spare"] == (person(xbl, "Cid"), "7")


def test_a_dump_has_the_roles() -> None:
    """Of those who have any (SEED-7)."""
    xbl = world(seed(**ROLES, **BOB))
    members = xbl.dump()["sessions"]["one"]["members"]
    assert (members["Bob"]["roles"], "roles" in members["Ana"]) == ({"lfg": "confirmed"}, False)
    assert XboxLive(name="again", seed=Seed(xbl.dump())).dump() == xbl.dump()


def test_a_test_may_expect_roles() -> None:
    """By the names of members (SEED-10)."""
    xbl = world(seed(**ROLES, **BOB))
    expected = {"Ana": {"roles": {}}, "Bob": {"roles": {"lfg": "confirmed"}}, "the stranger 7": {}}
    xbl.assert_state({"sessions": {"one": {"members": expected}}})
    with pytest.raises(AssertionError, match='members/Bob/roles/lfg: expected "spare", got "confirmed"'):
        xbl.assert_state({"sessions": {"one": {"members": {**expected, "Bob": {"roles": {"lfg": "spare"}}}}}})


@cases(
    "roles inside what rule",
    {
        "a full one": (
            {"lfg": "confirmed"},
            "/lfg",
            "The role confirmed of type lfg is full: its max is 1, and as many members have it.",
            "ROLE-5",
        ),
        "an unknown one": ({"lfg": "x"}, "/lfg", 'The session has no role "x" of type "lfg".', "ROLE-2"),
        "no text": ({"lfg": 7}, "/lfg", "Expected a string; got 7.", "ROLE-2"),
    },
)
def test_roles_are_those_of_the_session(roles: SeedDict, inside: str, what: str, rule: str) -> None:
    """And none has too many members; otherwise the seed is refused (ROLE-2, ROLE-5, SEED-5)."""
    members = {"Ana": {"roles": {"lfg": "confirmed"}}, "Bob": {"roles": roles}}
    with pytest.raises(XblError) as error:
        world(seed(**ROLES, members=members))
    assert str(error.value) == f"{what}\nwhere: /sessions/one/members/Bob/roles{inside} in the seed\nrule: {rule}"
