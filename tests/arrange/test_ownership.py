"""The owners of sessions in seeds."""

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
