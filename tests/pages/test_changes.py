"""The changes of versions."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bodies import ACTIVE, LEAVE, ONE, score
from page_reading import read
from pytest_xbl import SessionRef, XboxLive
from pytest_xbl.pages.changes import first_shown
from pytest_xbl.world.state import START, SessionVersion


def test_a_version_changes_what_the_one_before_had_not(xbl: XboxLive) -> None:
    """Members go by the name that the test gives them; numbers and times of versions are no changes (SEEN-2)."""
    stacy, child = xbl.user("Stacy", gamertag="Major Stacy"), xbl.user("child", gamertag="")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.clock.advance(seconds=1)
    xbl.client(child).put(ONE, json=ACTIVE)
    xbl.client(stacy).put(ONE, json=score(1))
    found = read(xbl)
    [ref] = found.histories
    assert [list(map(str, found.changes.of(ref, place))) for place in range(3)] == [
        [],
        [
            "/members/1 (child): expected nothing, got a member (active) [membersList]",
            "/membersInfo/next: expected 1, got 2",
            "/membersInfo/count: expected 1, got 2 [membersList]",
            "/membersInfo/accepted: expected 1, got 2",
            "/membersInfo/active: expected 1, got 2",
        ],
        ["/members/0 (Stacy)/properties/custom/score: expected nothing, got 1 [membersCustomProperty]"],
    ]
    assert found.changes.of(ref, 1) is found.changes.of(ref, 1)


def test_a_member_whom_nobody_knows_goes_by_gamertag_or_xuid(xbl: XboxLive) -> None:
    """Since there is no better name (SEEN-2)."""
    stacy, nobody = xbl.user("Stacy", gamertag="Major Stacy"), xbl.user("Nobody", gamertag="")
    for user in (stacy, nobody):
        xbl.client(user).put(ONE, json=ACTIVE)
        xbl.client(user).put(ONE, json=score(1))
    found = read(xbl)
    [ref] = found.histories
    changes = type(found.changes)(found.histories, {})
    assert [changes.of(ref, place)[0].pointer for place in (1, 3)] == [
        "/members/0 (Major Stacy)/properties/custom/score",
        f"/members/1 ({nobody.xuid})/properties/custom/score",
    ]


def test_a_session_begins_again_after_its_end(xbl: XboxLive) -> None:
    """Neither its first version nor its end has changes (SEEN-2)."""
    client = xbl.client(xbl.user("Stacy"))
    for body in (ACTIVE, LEAVE, ACTIVE, score(1)):
        client.put(ONE, json=body)
    found = read(xbl)
    [ref] = found.histories
    assert [len(found.changes.of(ref, place)) for place in range(4)] == [0, 0, 0, 1]
    assert [found.changes.begins(ref, place) for place in range(4)] == [True, False, True, False]


@pytest.mark.parametrize(
    ("versions", "members", "first"), [(0, 2, 0), (100, 2, 0), (101, 2, 1), (100, 300, 34), (100, 30_000, 98)]
)
def test_only_the_last_versions_are_worked_out(versions: int, members: int, first: int) -> None:
    """Of a session of thousands fewer, since each is as long as all its members; and the end has none (BIG-1)."""
    session: Any = SimpleNamespace(members=range(members))
    ref = SessionRef("", "", "")
    made = [SessionVersion(ref, START, "", "", (), session if number else None) for number in range(versions)]
    assert first_shown(made) == first
