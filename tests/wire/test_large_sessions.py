"""Large sessions, as clients receive them (BIG-1)."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import ACTIVE, LEAVE, SCID, as_json, me
from people import person
from pytest_xbl import SessionView, XboxLive, assert_matches
from pytest_xbl.xbl.client import CallerClient
from tables import cases


@pytest.fixture
def world(xbl: XboxLive) -> SessionView:
    """A large session with Stacy and Ana in it; Zoe is in none, and a service acts for Ana."""
    members = xbl.users("Stacy", "Ana")
    xbl.user("Zoe")
    xbl.service("server")
    xbl.service("agent", on_behalf_of=members[1])
    return xbl.sessions.create("large", name="world", members=members)


def client(xbl: XboxLive, name: str) -> CallerClient:
    """The client of a user or a service."""
    return xbl.client(person(xbl, name))


def names(document: Any) -> dict[str, str]:
    """The keys and the gamertags of the members of a document."""
    return {key: member["gamertag"] for key, member in document["members"].items()}


@cases(
    "name expected",
    {
        "Stacy": ("Stacy", {"me": "Stacy"}),
        "Ana": ("Ana", {"me": "Ana"}),
        "Zoe": ("Zoe", {}),
        "server": ("server", {}),
        "agent": ("agent", {"me": "Ana"}),
    },
)
def test_a_caller_receives_nobody_but_themselves(
    xbl: XboxLive, world: SessionView, name: str, expected: dict[str, str]
) -> None:
    """By a read, by a refused write, and by what the test says that they see (BIG-1, CODE-412)."""
    path = world.ref.path
    read = client(xbl, name).get(path)
    refused = client(xbl, name).put(path, json={}, headers={"If-Match": '"x"'})
    assert refused.status_code == 412
    assert names(as_json(read)) == names(as_json(refused)) == expected
    assert world.as_seen_by(person(xbl, name)) == as_json(read)


@pytest.mark.parametrize("query", ["", "?nocommit=true"])
def test_whoever_writes_receives_themselves(xbl: XboxLive, world: SessionView, query: str) -> None:
    """Those who join, too; the journal shows what each of them received (BIG-1, SEEN-4)."""
    texts = [client(xbl, name).put(world.ref.path + query, json=ACTIVE).text for name in ("Zoe", "Stacy")]
    assert ['"gamertag":"Zoe"' in text for text in texts] == [True, False]
    assert [entry.answered for entry in xbl.journal] == texts
    refused = client(xbl, "Ana").put(world.ref.path, json={}, headers={"If-Match": '"x"'})
    assert xbl.journal[-1].answered == refused.text


def test_whoever_is_refused_sees_only_themselves(xbl: XboxLive, world: SessionView) -> None:
    """Here nobody at all: Zoe may not join a closed session, and reads it (CODE-403, BIG-1)."""
    client(xbl, "Stacy").put(world.ref.path, json={"properties": {"system": {"closed": True}}})
    refused = client(xbl, "Zoe").put(world.ref.path, json=ACTIVE)
    assert (refused.status_code, as_json(refused)["members"]) == (403, {})


@cases(
    "element status",
    {
        "their own": ("members/1", 200),
        "as me": ("members/me", 200),
        "another one": ("members/0", 204),
        "nobody": ("members/7", 204),
    },
)
def test_only_the_own_element_can_be_read(xbl: XboxLive, world: SessionView, element: str, status: int) -> None:
    """It is the same as under `me`; that of another member is as if there were none (BIG-1)."""
    path = world.ref.path
    response = client(xbl, "Ana").get(f"{path}/{element}")
    assert response.status_code == status
    if status == 200:
        assert as_json(response) == as_json(client(xbl, "Ana").get(path))["members"]["me"]
    assert client(xbl, "Zoe").get(f"{path}/{element}").status_code == 204


def test_a_member_leaves_by_themselves_only(xbl: XboxLive, world: SessionView) -> None:
    """Nobody is removed by index, 409; by DELETE as by PUT (BIG-2, CODE-409, MEMB-15)."""
    path = world.ref.path
    refused = client(xbl, "server").delete(f"{path}/members/0")
    assert (refused.status_code, refused.headers["X-Xbl-Refusal"].split()[0]) == (409, "BIG-2")
    assert client(xbl, "Stacy").delete(f"{path}/members/me").status_code == 204
    assert client(xbl, "Ana").put(path, json=LEAVE).status_code == 204
    assert world.ref not in xbl.sessions


def test_a_service_reads_for_one_user_at_a_time(xbl: XboxLive, world: SessionView) -> None:
    """The session and each of its elements: 409 for more; a query shows no members, so it finds it (BIG-8)."""
    stacy, ana = person(xbl, "Stacy"), person(xbl, "Ana")
    both = xbl.service("both", acting_for=[stacy, ana])
    why = "BIG-8 at X-Xbl-OnBehalfOf-Users: A service acts for one user at a time in a large session, not for 2."
    for path in ("", "/members/0", "/members/me", "/properties"):
        read = xbl.client(both).get(world.ref.path + path)
        assert (read.status_code, read.headers["X-Xbl-Refusal"]) == (409, why)
    found = xbl.client(both).get(f"/serviceconfigs/{SCID}/sessions?xuid={ana.xuid}")
    assert [it["sessionRef"] for it in as_json(found)["results"]] == [world.ref.as_json()]
    assert names(as_json(xbl.client(xbl.service("one", acting_for=[ana])).get(world.ref.path))) == {"me": "Ana"}


def test_a_large_session_is_found_like_any_other(xbl: XboxLive, world: SessionView) -> None:
    """By the users in it (FIND-3, FIND-6)."""
    ana = person(xbl, "Ana")
    [found] = as_json(client(xbl, "Zoe").get(f"/serviceconfigs/{SCID}/sessions?xuid={ana.xuid}"))["results"]
    assert (found["sessionRef"], found["accepted"]) == (world.ref.as_json(), 2)


def test_a_test_sees_and_compares_all_members(xbl: XboxLive, world: SessionView) -> None:
    """And the member of a response by the key that it has there (BIG-1, SEEN-1)."""
    ana = person(xbl, "Ana")
    response = as_json(client(xbl, "Ana").put(world.ref.path, json=me({"score": 1})))
    world.assert_members({"Stacy": "active", "Ana": "active"})
    world.assert_matches({"members": {"Ana": {"properties": {"custom": {"score": 1}}}}})
    for name in ("me", ana.xuid):
        assert_matches(response, {"members": {name: {"properties": {"custom": {"score": 1}}}}})
    assert names(world.document) == {"0": "Stacy", "1": "Ana"}
