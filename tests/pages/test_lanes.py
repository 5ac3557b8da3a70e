"""Lanes: a column for each caller."""

from __future__ import annotations

from bodies import ACTIVE, ONE, subscribing
from page_reading import read
from pytest_xbl import XboxLive
from pytest_xbl.pages.lanes import Lanes


def test_each_caller_has_a_lane(xbl: XboxLive) -> None:
    """In the order of their first requests; those who are not recognized share one (SEEN-8)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    for user in (ana, None, stacy, ana):
        xbl.client(user).get(ONE)
    lanes = Lanes(xbl.journal)
    assert lanes.names == ["Ana", "nobody", "Stacy"]
    assert [lanes.of(name) for name in ("Stacy", "", "Ana")] == ["Stacy", "nobody", "Ana"]


def test_whoever_was_tapped_has_a_lane(xbl: XboxLive) -> None:
    """Also if their own requests are not in the table (TAP-2)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.client(stacy).put(ONE, json=subscribing(stacy.connection, "everything"))
    xbl.client(ana).put(ONE, json=ACTIVE)
    assert Lanes(xbl.journal[1:], read(xbl).taps).names == ["Ana", "Stacy"]


def test_of_many_callers_the_less_busy_share_a_lane(xbl: XboxLive) -> None:
    """Or the table would be too wide to read (SEEN-8)."""
    users = xbl.users(*"ABCDEFG")
    for user in (*users, *users[2:]):
        xbl.client(user).get(ONE)
    lanes = Lanes(xbl.journal)
    assert lanes.names == ["C", "D", "E", "F", "G", "others"]
    assert [lanes.of(name) for name in ("A", "C")] == ["others", "C"]
    assert Lanes(xbl.journal[1:7]).names == [*"BCDEFG"]
