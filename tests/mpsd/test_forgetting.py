"""What a version that has been replaced keeps: nothing that can be worked out again."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl import XboxLive
from pytest_xbl.mpsd.model import Bag, Session
from pytest_xbl.mpsd.view import render

SCID = XboxLive.scid
ONE = f"/serviceconfigs/{SCID}/sessiontemplates/lobby/sessions/one"
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}
MINE = {"members": {"me": {"properties": {"custom": {"score": 1}}}}}


def kept(session: Session) -> list[bool]:
    """Whether properties and each member still have what has been worked out of them."""
    return [bool(vars(value).get("_kept")) for value in (session.properties, *session.members)]


@pytest.mark.parametrize(
    ("body", "old"),
    [
        (MINE, [True, False, True]),
        ({"properties": {"custom": {"a": 1}}}, [False, True, True]),
        ({"properties": {"custom": {"a": 1}}, **MINE}, [False, False, True]),
    ],
)
def test_a_version_forgets_what_the_next_one_has_otherwise(
    xbl: XboxLive, body: dict[str, Any], old: list[bool]
) -> None:
    """What both have in common is kept, since the next one needs it (SEEN-4)."""
    stacy, ana = (xbl.client(user) for user in xbl.users("Stacy", "Ana"))
    stacy.put(ONE, json=ACTIVE)
    ana.put(ONE, json=ACTIVE)
    text = stacy.get(ONE).text
    before = xbl.sessions["one"].history[-1].session
    assert before
    assert kept(before) == [True, True, True]
    stacy.put(ONE, json=body)
    after = xbl.sessions["one"].history[-1].session
    assert after
    assert kept(before) == old
    assert kept(after) == [True, True, True]
    assert render(before, contract=107) == text


def test_a_version_forgets_those_who_have_left(xbl: XboxLive) -> None:
    """And those who came to stand in another place; all are worked out again when they are asked for (SEEN-4)."""
    stacy, ana = (xbl.client(user) for user in xbl.users("Stacy", "Ana"))
    stacy.put(ONE, json=ACTIVE)
    ana.put(ONE, json=ACTIVE)
    text = ana.get(ONE).text
    stacy.delete(f"{ONE}/members/me")
    versions = xbl.sessions["one"].history
    before, after = versions[-2].session, versions[-1].session
    assert before
    assert after
    assert kept(before)[1] is False
    assert render(before, contract=107) == text
    assert [member.xuid for member in after.members] == [before.members[1].xuid]


def test_forgetting_changes_no_value(xbl: XboxLive) -> None:
    """A bag is the same before and after."""
    bag = Bag(custom={"a": 1})
    bag.once("x", lambda: 1)
    bag.forget()
    bag.forget()
    assert (bag.custom, bag.once("x", lambda: 2)) == ({"a": 1}, 2)
