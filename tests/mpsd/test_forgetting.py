"""A version that has been replaced keeps nothing that can be worked out again."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, LEAVE, ONE, Body, me, properties
from people import person
from pytest_xbl import XboxLive
from pytest_xbl.mpsd.model import Bag, Session
from pytest_xbl.mpsd.view import render
from tables import cases


def shared(session: Session, mark: str) -> list[str]:
    """The mark that properties and each member keep: this one, unless they have kept one before."""
    return [value.once("mark", lambda: mark) for value in (session.properties, *session.members)]


@pytest.fixture
def both(xbl: XboxLive) -> XboxLive:
    """A world in whose session Stacy and Ana are active; its bag of properties is its own."""
    for user in xbl.users("Stacy", "Ana"):
        xbl.client(user).put(ONE, json={**properties({"a": 0}), **ACTIVE})
    return xbl


def newest(xbl: XboxLive) -> Session:
    """The newest version of the session."""
    session = xbl.sessions["one"].history[-1].session
    assert session
    return session


@cases(
    "body kept",
    {
        "a member": (me({"score": 1}), ["old", "new", "old"]),
        "properties": (properties({"a": 1}), ["new", "old", "old"]),
        "both": ({**properties({"a": 1}), **me({"score": 1})}, ["new", "new", "old"]),
        "nothing": ({}, ["old", "old", "old"]),
    },
)
def test_a_version_forgets_what_the_next_one_has_otherwise(both: XboxLive, body: Body, kept: list[str]) -> None:
    """Each version keeps what both have in common, since the next one needs it (SEEN-4)."""
    before = newest(both)
    text = render(before, contract=107)
    assert shared(before, "old") == ["old", "old", "old"]
    both.client(person(both, "Stacy")).put(ONE, json=body)
    assert shared(before, "new") == kept
    assert shared(newest(both), "newer") == [mark if mark == "old" else "newer" for mark in kept]
    assert render(before, contract=107) == text


def test_a_version_forgets_those_who_have_left(both: XboxLive) -> None:
    """And those who came to stand in another place; all are worked out again when they are asked for (SEEN-4)."""
    before = newest(both)
    text = render(before, contract=107)
    shared(before, "old")
    both.client(person(both, "Stacy")).put(ONE, json=LEAVE)
    assert shared(before, "new")[1] == "new"
    assert render(before, contract=107) == text
    assert [member.xuid for member in newest(both).members] == [[*before.members][1].xuid]


def test_forgetting_changes_no_value() -> None:
    """A bag is the same before and after."""
    bag = Bag(custom={"a": 1})
    bag.once("x", lambda: 1)
    bag.forget()
    bag.forget()
    assert (bag.custom, bag.once("x", lambda: 2)) == ({"a": 1}, 2)
