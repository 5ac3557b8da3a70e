"""The histories of sessions have a bound, and what was let go is told."""

from __future__ import annotations

import pytest

from bodies import ACTIVE, LEAVE, ONE, SCID, can, score
from errors import error_of
from exploring import Visitor
from people import person
from pytest_xbl import SessionRef, XboxLive
from pytest_xbl.world.keeping import Kept, gap_of

REF, OTHER = SessionRef(SCID, "lobby", "one"), SessionRef(SCID, "lobby", "other")


@pytest.fixture
def small() -> XboxLive:
    """A world that keeps three versions, with two sessions of Stacy's, each of one version."""
    xbl = XboxLive(keep=3)
    client = xbl.client(xbl.user("Stacy"))
    client.put(REF.path, json=ACTIVE)
    client.put(OTHER.path, json=ACTIVE)
    return xbl


def write(xbl: XboxLive, times: int) -> None:
    """Let Stacy change the first session so many times."""
    for _ in range(times):
        xbl.client(person(xbl, "Stacy")).put(ONE, json=score(xbl.app.journal.total))


def kept(xbl: XboxLive, ref: SessionRef = REF) -> tuple[list[int | None], str]:
    """The numbers of the versions that are kept of a session, and the words for the others."""
    versions = xbl._world.history(ref)
    return [version.number for version in versions], versions.gap


def test_the_words_for_what_was_let_go() -> None:
    """With its number, and that of what is kept (SEEN-18)."""
    assert gap_of(0, "tap", 5) == gap_of(-1, "tap", 5) == ""
    assert gap_of(1, "tap", 10_000) == "1 earlier tap was let go (xbl_keep is 10,000)"
    assert gap_of(1_234, "request", 5) == "1,234 earlier requests were let go (xbl_keep is 5)"


def test_the_last_things_are_kept() -> None:
    """And looked at from either end, as in a list (SEEN-18)."""
    things: Kept[int] = Kept("thing", 2)
    assert ([*things], len(things), things.gap) == ([], 0, "")
    for number in range(3):
        things.append(number)
    assert ([*things], things[0], things[-1], things[1:], len(things)) == ([1, 2], 1, 2, [2], 2)
    assert things.gap == "1 earlier thing was let go (xbl_keep is 2)"


def test_the_last_versions_of_all_sessions_are_kept(small: XboxLive) -> None:
    """At times up to as many before these; and of a session that is there the last one in any case (SEEN-18)."""
    write(small, 3)
    assert (kept(small), kept(small, OTHER)) == (([1, 2, 3, 4], ""), ([1], ""))
    write(small, 1)
    assert kept(small) == ([3, 4, 5], "2 earlier versions were let go (xbl_keep is 3)")
    assert kept(small, OTHER) == ([1], "")
    write(small, 3)
    assert kept(small) == ([6, 7, 8], "5 earlier versions were let go (xbl_keep is 3)")


def test_the_versions_before_the_last_of_a_session_go_too(small: XboxLive) -> None:
    """If it is there, and nobody has written to it for long (SEEN-18)."""
    small.client(person(small, "Stacy")).put(OTHER.path, json=score(0))
    write(small, 3)
    assert kept(small, OTHER) == ([2], "1 earlier version was let go (xbl_keep is 3)")


def test_an_ended_session_is_forgotten_with_its_last_version(small: XboxLive) -> None:
    """Made again, it counts from 1, and no ETag of before is one of it (SEEN-18)."""
    client = small.client(person(small, "Stacy"))
    before, view = client.get(OTHER.path).headers["ETag"], small.sessions[OTHER]
    client.put(OTHER.path, json=LEAVE)
    write(small, 2)
    assert [ref.name for ref in small._world.known()] == ["one", "other"]
    write(small, 4)
    assert [ref.name for ref in small._world.known()] == ["one"]
    why = "it was never made, or the world has been put back since, or it is over and forgotten (SEEN-18)"
    assert error_of(lambda: view.document) == f"There is no session lobby/other: {why}."
    page = Visitor(small).refused(f"sessions/{SCID}/lobby/other")
    assert page == (404, "There is no session lobby/other, and it may be over and forgotten.")
    client.put(OTHER.path, json=ACTIVE)
    assert kept(small, OTHER) == ([1], "")
    assert client.put(OTHER.path, json=score(1), headers={"If-Match": before}).status_code == 412


def test_an_ended_session_to_which_a_handle_leads_is_remembered(small: XboxLive) -> None:
    """Or the handle would lead to the next one of its name (SEEN-18, HAND-7)."""
    stacy = person(small, "Stacy")
    client = small.client(stacy)
    ref = {"scid": SCID, "templateName": "lobby", "name": "other"}
    body = {"type": "invite", "version": 1, "sessionRef": ref, "invitedXuid": small.user("Ana").xuid}
    handle = client.post("/handles", json=body).get_json()["id"]
    client.put(OTHER.path, json=LEAVE)
    write(small, 9)
    assert [ref.name for ref in small._world.known()] == ["one", "other"]
    client.put(OTHER.path, json=ACTIVE)
    assert client.put(f"/handles/{handle}/session", json=ACTIVE).status_code == 404


def test_few_versions_of_many_sessions_are_not_looked_through_at_every_write() -> None:
    """But once for as many versions as there are sessions (SEEN-18)."""
    xbl = XboxLive(keep=1)
    client, looks = xbl.client(xbl.user("Stacy")), []
    for number in range(100):
        client.put(f"{ONE}-{number}", json=ACTIVE)
        looks.append(xbl._world._state.looked_at)
    assert len({*looks}) <= 8


def test_a_seed_lets_nothing_go_that_its_world_keeps() -> None:
    """Though it comes into a world with a long history (SEEN-18, SEED-9)."""
    xbl = XboxLive(keep=20_000)
    xbl.client(xbl.user("Stacy")).put(ONE, json=ACTIVE)
    xbl._world._state.versions += 19_998  # as if there had been so many
    xbl.seed({"sessions": {"other": {"template": "lobby", "members": ["Stacy"]}}})
    assert kept(xbl) == ([1], "")


def test_people_who_came_before_the_versions_that_are_left_have_been_there() -> None:
    """Since the first of these, as far as anybody knows (BIG-6, SEEN-18)."""
    xbl = XboxLive(keep=3)
    xbl.templates.add("game", {"constants": {"system": {**can("gameplay"), "inactiveRemovalTimeout": None}}})
    stacy, ana = xbl.users("Stacy", "Ana")
    path = ONE.replace("lobby", "game")
    for user in (stacy, ana):
        xbl.client(user).put(path, json=ACTIVE)
    for number in range(9):
        xbl.client(stacy).put(path, json=score(number))
    assert xbl.recent_players(stacy) == [ana]


def test_a_snapshot_keeps_what_it_had(small: XboxLive) -> None:
    """Whatever the world lets go of later (SEEN-18, SEED-2)."""
    write(small, 3)
    before, was = small.snapshot(), kept(small)
    write(small, 9)
    small.restore(before)
    assert kept(small) == was
