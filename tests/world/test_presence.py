"""Presence in the title, through a world and over the wire (TIME-7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from pytest_xbl.world._state import START

from pytest_xbl import XblError, XboxLive
from pytest_xbl.mpsd.effects import MemberLeft, MemberStatusChanged

if TYPE_CHECKING:
    from pytest_xbl import User
    from pytest_xbl.xbl.client import CallerClient
    from pytest_xbl.xbl.sessions import SessionView

ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}


@pytest.fixture
def one(xbl: XboxLive, stacy: User, ana: User) -> SessionView:
    """A lobby of Stacy's and Ana's."""
    return xbl.sessions.create("lobby", name="one", members=[stacy, ana])


def statuses(view: SessionView) -> dict[str, str]:
    """The statuses that the world holds, by xuid, without an access."""
    session = view._world._state.records[view.ref.key].session
    return {member.xuid: member.status for member in session.members} if session else {}


ACCESSES: dict[str, Callable[[CallerClient, SessionView, str], Any]] = {
    # What Stacy may do that touches the session; the last argument is Ana's xuid.
    "get": lambda client, view, _: client.get(view.ref.path),
    "put": lambda client, view, _: client.put(view.ref.path, json={"properties": {"custom": {"a": 1}}}),
    "rehearsal": lambda client, view, _: client.put(f"{view.ref.path}?nocommit=true", json=ACTIVE),
    "a refused put": lambda client, view, _: client.put(view.ref.path, json={"properties": {"system": {"turn": [9]}}}),
    "a member": lambda client, view, _: client.delete(f"{view.ref.path}/members/9"),
    "query": lambda client, view, xuid: client.get(f"/serviceconfigs/{view.ref.scid}/sessions?xuid={xuid}"),
    "query that finds none": lambda client, view, xuid: client.get(
        f"/serviceconfigs/{view.ref.scid}/sessions?xuid={xuid}&keyword=none"
    ),
    "batch": lambda client, view, xuid: client.post(f"/serviceconfigs/{view.ref.scid}/batch", json={"xuids": [xuid]}),
}


def test_everybody_is_in_the_title_until_a_test_says_otherwise(xbl: XboxLive, stacy: User, one: SessionView) -> None:
    """So nothing happens to active members (TIME-7)."""
    for _ in range(3):
        assert len(xbl.client(stacy).get(one.ref.path).get_json()["members"]) == 2
    assert [version.operation for version in one.history] == ["create"]


def test_the_next_access_makes_inactive_and_the_one_after_removes(
    xbl: XboxLive, stacy: User, ana: User, one: SessionView
) -> None:
    """One step at a time, as the inactive timeout is 0 (TIME-2, TIME-7)."""
    client = xbl.client(stacy)
    xbl.set_presence(ana, present=False)
    assert statuses(one) == {stacy.xuid: "active", ana.xuid: "active"}
    first = client.get(one.ref.path)
    assert [member["properties"]["system"] for member in first.get_json()["members"].values()] == [{"active": True}, {}]
    assert statuses(one) == {stacy.xuid: "active", ana.xuid: "inactive"}
    second = client.get(one.ref.path)
    assert list(second.get_json()["members"]) == ["0"]
    assert [first.get_json()["changeNumber"], second.get_json()["changeNumber"]] == [2, 3]
    assert [(version.operation, version.effects) for version in one.history[1:]] == [
        ("timers", (MemberStatusChanged(ana.xuid, "active", "inactive"),)),
        ("timers", (MemberLeft(ana.xuid, "inactive for too long"),)),
    ]


@pytest.mark.parametrize("access", ACCESSES.values(), ids=ACCESSES)
def test_every_access_counts(
    xbl: XboxLive, stacy: User, ana: User, one: SessionView, access: Callable[[CallerClient, SessionView, str], Any]
) -> None:
    """Also one that is refused, a query, and a rehearsal (TIME-1, TIME-7, TIME-10)."""
    client = xbl.client(stacy)
    xbl.set_presence(ana, present=False)
    access(client, one, ana.xuid)
    assert statuses(one) == {stacy.xuid: "active", ana.xuid: "inactive"}
    access(client, one, ana.xuid)
    assert statuses(one) == {stacy.xuid: "active"}


def test_a_test_that_looks_moves_nothing(xbl: XboxLive, stacy: User, ana: User, one: SessionView) -> None:
    """It sees what the next access would find (TIME-1, TIME-7)."""
    xbl.set_presence(ana, present=False)
    for _ in range(3):
        assert one.document["members"]["1"]["properties"]["system"] == {}
        assert [len(view.document["members"]) for view in xbl.sessions] == [2]
    assert statuses(one) == {stacy.xuid: "active", ana.xuid: "active"}


def test_whoever_comes_back_in_time_stays(xbl: XboxLive, stacy: User, ana: User, one: SessionView) -> None:
    """Before anybody looked, nothing has happened; afterwards they are inactive until they write (TIME-7)."""
    xbl.set_presence(ana, present=False)
    xbl.set_presence(ana, present=True)
    xbl.client(stacy).get(one.ref.path)
    assert statuses(one) == {stacy.xuid: "active", ana.xuid: "active"}


def test_an_orphaned_session_goes_with_the_third_access(
    xbl: XboxLive, stacy: User, ana: User, one: SessionView
) -> None:
    """All are inactive, then gone, and then it is not there (TIME-4, TIME-7)."""
    xbl.set_presence(stacy, ana, present=False)
    client = xbl.client(xbl.service("server"))
    assert [client.get(one.ref.path).status_code for _ in range(3)] == [200, 204, 204]
    assert one.ref not in xbl.sessions


def test_no_request_changes_presence(xbl: XboxLive, ana: User, one: SessionView) -> None:
    """Somebody who is not in the title can say that they are active, and is so until the next access (TIME-7)."""
    xbl.set_presence(ana, present=False)
    client = xbl.client(ana)
    assert client.put(one.ref.path, json=ACTIVE).get_json()["members"]["1"]["properties"]["system"] == {"active": True}
    assert client.get(one.ref.path).get_json()["members"]["1"]["properties"]["system"] == {}
    assert xbl._world._state.absent == {ana.xuid}


def test_a_session_may_do_without_presence(xbl: XboxLive, stacy: User, ana: User) -> None:
    """With the capability suppressPresenceActivityCheck (TIME-7)."""
    xbl.templates.add("calm", {"constants": {"system": {"capabilities": {"suppressPresenceActivityCheck": True}}}})
    view = xbl.sessions.create("calm", members=[stacy, ana])
    xbl.set_presence(stacy, ana, present=False)
    xbl.client(stacy).get(view.ref.path)
    assert statuses(view) == {stacy.xuid: "active", ana.xuid: "active"}
    assert len(view.history) == 1


def test_timers_count_from_then(xbl: XboxLive, stacy: User, ana: User) -> None:
    """They are inactive from the access that finds them so, and not from when they went (TIME-3, TIME-7)."""
    xbl.templates.add("patient", {"constants": {"system": {"inactiveRemovalTimeout": 60_000}}})
    view = xbl.sessions.create("patient", members=[stacy, ana])
    xbl.set_presence(ana, present=False)
    xbl.clock.advance(hours=1)
    xbl.client(stacy).get(view.ref.path)
    assert view.document["nextTimer"] == "2026-01-01T13:01:00.0000000Z"
    xbl.clock.advance(seconds=59)
    xbl.client(stacy).get(view.ref.path)
    assert statuses(view)[ana.xuid] == "inactive"
    xbl.clock.advance(seconds=1)
    xbl.client(stacy).get(view.ref.path)
    assert statuses(view) == {stacy.xuid: "active"}
    assert xbl.clock.now > START


@pytest.mark.parametrize("looks", [True, False], ids=["an access", "a look"])
def test_the_activities_of_whoever_is_gone_end(
    xbl: XboxLive, stacy: User, ana: User, one: SessionView, looks: bool
) -> None:
    """Whoever is not active there any more has none there (HAND-9, TIME-7)."""
    handle = xbl.handles.create("activity", one.ref, owner=ana)
    hers = xbl.handles.create("activity", one.ref, owner=stacy)
    client = xbl.client(stacy)
    query = {"type": "activity", "scid": one.ref.scid, "owners": {"xuids": [ana.xuid, stacy.xuid]}}
    assert [one["id"] for one in client.post("/handles/query", json=query).get_json()["results"]] == [
        handle.id,
        hers.id,
    ]
    xbl.set_presence(ana, present=False)
    if looks:
        found = client.post("/handles/query", json=query).get_json()["results"]
        assert [one["id"] for one in found] == [hers.id]
        assert statuses(one) == {stacy.xuid: "active", ana.xuid: "inactive"}
    assert [it.id for it in xbl.handles] == [hers.id]
    assert client.get(handle.path).status_code == 404
    xbl.set_presence(ana, present=True)
    xbl.client(ana).put(one.ref.path, json=ACTIVE)
    assert [it.id for it in xbl.handles] == [hers.id]


def test_presence_is_a_users_of_this_world(xbl: XboxLive, ana: User) -> None:
    """Anybody else is a mistake, and then nobody's presence changes (TIME-7)."""
    other = XboxLive(name="other").user("Zoe")
    for user, said in (
        (other, "Zoe is a user of another world."),
        (xbl.service("server"), "Presence is a user's, as xbl.user makes them; "),
        ("Ana", "Presence is a user's, as xbl.user makes them; 'Ana' is none."),
    ):
        with pytest.raises(XblError) as error:
            xbl.set_presence(ana, user, present=False)  # type: ignore[arg-type]
        assert str(error.value).startswith(said)
    assert xbl._world._state.absent == frozenset()


def test_presence_of_nobody_changes_nothing(xbl: XboxLive, ana: User) -> None:
    """Twice is as good as once (TIME-7)."""
    xbl.set_presence(present=False)
    assert xbl._world._state.absent == frozenset()
    for present, absent in ((False, {ana.xuid}), (False, {ana.xuid}), (True, set()), (True, set())):
        xbl.set_presence(ana, present=present)
        assert xbl._world._state.absent == absent
