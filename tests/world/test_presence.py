"""Presence in the title: every access settles once, and whoever looks moves nothing (TIME-7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bodies import ACTIVE, results, score
from pytest_xbl import SessionView, User, XboxLive
from pytest_xbl.mpsd.effects import MemberLeft, MemberStatusChanged
from pytest_xbl.xbl.client import CallerClient


@pytest.fixture
def one(xbl: XboxLive, stacy: User, ana: User) -> SessionView:
    """A lobby of Stacy's and Ana's."""
    return xbl.sessions.create("lobby", name="one", members=[stacy, ana])


def statuses(view: SessionView) -> dict[str, str]:
    """The statuses that the world holds, by gamertag, without an access."""
    session = view._world.record(view.ref).session
    return {str(member.gamertag): member.status for member in session.members} if session else {}


Access = Callable[[CallerClient, SessionView, str], Any]
ACCESSES: dict[str, Access] = {
    # What Stacy may do that touches the session; the last argument is Ana's xuid.
    "get": lambda client, view, _: client.get(view.ref.path),
    "put": lambda client, view, _: client.put(view.ref.path, json={"properties": {"custom": {"a": 1}}}),
    "rehearsal": lambda client, view, _: client.put(f"{view.ref.path}?nocommit=true", json=score(1)),
    "a refused put": lambda client, view, _: client.put(view.ref.path, json={"properties": {"system": {"turn": [9]}}}),
    "a member": lambda client, view, _: client.delete(f"{view.ref.path}/members/9"),
    "query": lambda client, view, xuid: client.get(f"/serviceconfigs/{view.ref.scid}/sessions?xuid={xuid}"),
    "query that finds none": lambda client, view, xuid: client.get(
        f"/serviceconfigs/{view.ref.scid}/sessions?xuid={xuid}&keyword=none"
    ),
    "batch": lambda client, view, xuid: client.post(f"/serviceconfigs/{view.ref.scid}/batch", json={"xuids": [xuid]}),
}


@pytest.mark.parametrize("access", ACCESSES.values(), ids=ACCESSES)
def test_every_access_settles_one_step(xbl: XboxLive, stacy: User, ana: User, one: SessionView, access: Access) -> None:
    """Inactive at the first, gone at the second, also where it is refused or rehearsed (TIME-1, TIME-2, TIME-10)."""
    client = xbl.client(stacy)
    access(client, one, ana.xuid)
    assert statuses(one) == {"Stacy": "active", "Ana": "active"}
    xbl.set_presence(ana, present=False)
    access(client, one, ana.xuid)
    assert statuses(one) == {"Stacy": "active", "Ana": "inactive"}
    access(client, one, ana.xuid)
    assert statuses(one) == {"Stacy": "active"}
    moved = [effect for version in one.history if version.operation == "timers" for effect in version.effects]
    assert moved == [MemberStatusChanged(ana.xuid, "active", "inactive"), MemberLeft(ana.xuid, "inactive for too long")]


def test_a_test_that_looks_moves_nothing(xbl: XboxLive, stacy: User, ana: User, one: SessionView) -> None:
    """It sees what the next access would find; whoever comes back before anybody came, stays (TIME-1, TIME-7)."""
    xbl.set_presence(ana, present=False)
    for _ in range(3):
        assert one.document["members"]["1"]["properties"]["system"] == {}
        assert [len(view.document["members"]) for view in xbl.sessions] == [2]
    assert statuses(one) == {"Stacy": "active", "Ana": "active"}
    xbl.set_presence(ana, present=True)
    xbl.client(stacy).get(one.ref.path)
    assert statuses(one) == {"Stacy": "active", "Ana": "active"}


def test_no_request_changes_presence(xbl: XboxLive, ana: User, one: SessionView) -> None:
    """Whoever is not in the title can say that they are active, and is so until the next access (TIME-7)."""
    xbl.set_presence(ana, present=False)
    client = xbl.client(ana)
    assert client.put(one.ref.path, json=ACTIVE).get_json()["members"]["1"]["properties"]["system"] == {"active": True}
    assert client.get(one.ref.path).get_json()["members"]["1"]["properties"]["system"] == {}
    assert not ana.present


def test_timers_count_from_the_access_that_came_upon_it(xbl: XboxLive, stacy: User, ana: User) -> None:
    """And not from when somebody went (TIME-3, TIME-7)."""
    xbl.templates.add("patient", {"constants": {"system": {"inactiveRemovalTimeout": 60_000}}})
    view = xbl.sessions.create("patient", members=[stacy, ana])
    xbl.set_presence(ana, present=False)
    for wait, found in ((3600, "inactive"), (59, "inactive"), (1, None)):
        xbl.clock.advance(seconds=wait)
        xbl.client(stacy).get(view.ref.path)
        assert statuses(view).get("Ana") == found


@pytest.mark.parametrize("patience", [60_000, 0])
def test_an_orphaned_session_comes_to_rest(xbl: XboxLive, patience: int) -> None:
    """Step by step, as the page tells of players who lose power, and of one who returns days later (TIME-8)."""
    xbl.templates.add("patient", {"constants": {"system": {"inactiveRemovalTimeout": patience}}})
    a, b, c, d = users = xbl.users("A", "B", "C", "D")
    view = xbl.sessions.create("patient", members=users)
    for user in (c, d):
        assert xbl.client(user).delete(f"{view.ref.path}/members/me").status_code == 204
    xbl.set_presence(a, b, present=False)
    assert statuses(view) == {"A": "active", "B": "active"}
    xbl.clock.advance(days=3)
    xbl.set_presence(a, present=True)
    asked = f"/serviceconfigs/{view.ref.scid}/sessions?xuid={a.xuid}"
    [found] = results(xbl.client(a).get(asked))
    assert (found["sessionRef"], found["status"]) == (view.ref.as_json(), "active")
    assert statuses(view) == {"A": "active", "B": "inactive"}
    assert xbl.client(a).delete(f"{view.ref.path}/members/me").status_code == 204
    assert statuses(view) == ({"B": "inactive"} if patience else {})
    if patience:
        xbl.clock.advance(milliseconds=patience)
        assert statuses(view) == {"B": "inactive"}
    assert xbl.client(c).get(view.ref.path).status_code == 204
    assert [version.session for version in view.history[-1:]] == [None]


@pytest.mark.parametrize("queried", [True, False], ids=["an access", "a look"])
def test_the_activities_of_whoever_is_gone_end(
    xbl: XboxLive, stacy: User, ana: User, one: SessionView, queried: bool
) -> None:
    """Whoever is not active there any more has none there (HAND-9, TIME-7)."""
    gone, hers = (xbl.handles.create("activity", one, owner=user) for user in (ana, stacy))
    client = xbl.client(stacy)
    query = {"type": "activity", "scid": one.ref.scid, "owners": {"xuids": [ana.xuid, stacy.xuid]}}
    xbl.set_presence(ana, present=False)
    if queried:
        assert [it["id"] for it in results(client.post("/handles/query", json=query))] == [hers.id]
    assert (list(xbl.handles), client.get(gone.path).status_code) == ([hers], 404)
    xbl.set_presence(ana, present=True)
    xbl.client(ana).put(one.ref.path, json=ACTIVE)
    assert list(xbl.handles) == [hers]
