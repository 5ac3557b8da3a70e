"""Writes over what the caller had not read."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import ONE, me, properties, score
from page_reading import read
from pytest_xbl import User, XboxLive
from pytest_xbl.pages.changes import MOST_VERSIONS
from pytest_xbl.pages.overwriting import MOST, overwritten


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The player whose writes get lost."""
    return xbl.user("Stacy")


@pytest.fixture
def ana(xbl: XboxLive, stacy: User) -> User:
    """The player who writes over them."""
    ana = xbl.user("Ana")
    xbl.sessions.create("lobby", name="one", members=[stacy, ana])
    return ana


def votes(**given: int) -> dict[str, Any]:
    """A body that writes custom properties of the session."""
    return properties({"votes": given, "map": next(iter(given))})


def told(xbl: XboxLive) -> dict[int, dict[str, list[str]]]:
    """The pointers of the places, by the names of the versions, by the numbers of the requests that wrote over them."""
    found = read(xbl)
    over = overwritten(xbl.journal, found)
    return {number: {found.label(one.position): [*one.pointers] for one in some} for number, some in over.items()}


def test_a_write_over_an_unread_version_is_found(xbl: XboxLive, stacy: User, ana: User) -> None:
    """A lost update: read, then somebody else's write, then a write of the same places (PUT-8)."""
    xbl.client(ana).get(ONE)
    xbl.client(stacy).put(ONE, json=votes(harbour=1))
    xbl.client(ana).put(ONE, json=votes(canyon=1))
    assert told(xbl) == {3: {"lobby/one #2": ["/properties/custom/votes", "/properties/custom/map"]}}


def test_a_response_is_a_read(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Whoever was told of a version writes over it on purpose; so do those who write over their own (PUT-8)."""
    xbl.client(ana).put(ONE, json=votes(harbour=1))
    xbl.client(ana).put(ONE, json=votes(canyon=1))
    xbl.client(stacy).get(ONE)
    xbl.client(stacy).put(ONE, json=votes(forest=1))
    assert told(xbl) == {}


def test_a_lost_response_was_not_read(xbl: XboxLive, stacy: User, ana: User) -> None:
    """The caller knows what they knew before (FAULT-3)."""
    xbl.client(ana).get(ONE)
    xbl.client(stacy).put(ONE, json=votes(harbour=1))
    xbl.faults.lose("get-session", by=ana)
    with pytest.raises(ConnectionResetError):
        xbl.client(ana).get(ONE)
    xbl.client(ana).put(ONE, json=votes(canyon=1))
    assert [*told(xbl)] == [4]


def test_a_write_elsewhere_loses_nothing(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Members write their own properties without a look at the others; what follows from both is no place (PUT-8)."""
    bo = xbl.user("Bo")
    xbl.client(ana).get(ONE)
    xbl.client(stacy).put(ONE, json=score(1))
    xbl.client(bo).put(ONE, json=me(active=True))
    xbl.client(ana).put(ONE, json={"members": {"me": None}})
    assert told(xbl) == {}


def test_a_caller_who_has_read_nothing_knows_nothing(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Such a write may be meant, and a timeout is nobody's write (PUT-8)."""
    xbl.client(stacy).put(ONE, json=votes(harbour=1))
    xbl.client(ana).put(ONE, json=votes(canyon=1))
    xbl.client(ana).put(ONE, json={"members": {"reserve_0": {"constants": {"system": {"xuid": "77"}}}}})
    xbl.clock.advance(seconds=31)
    xbl.client(ana).delete(f"{ONE}/members/me")
    assert told(xbl) == {}


def test_only_the_newest_versions_are_looked_at(xbl: XboxLive, stacy: User, ana: User) -> None:
    """A page of a thousand requests has to be there soon (SEEN-8)."""
    xbl.client(ana).get(ONE)
    for number in range(MOST + 1):
        xbl.client(stacy).put(ONE, json=votes(harbour=number))
    xbl.client(ana).put(ONE, json=votes(canyon=1))
    assert [*told(xbl)[MOST + 3]] == [f"lobby/one #{number}" for number in range(3, MOST + 3)]
    for number in range(MOST_VERSIONS):
        xbl.client(ana).put(ONE, json=score(number))
    assert told(xbl) == {}
