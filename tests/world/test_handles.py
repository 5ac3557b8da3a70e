"""The handles of a world: their ids and indexes, and the sessions that they are settled with (HAND)."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from weakref import ref as weak

import pytest

from bodies import ACTIVE, LEAVE, SCID, ref, results
from errors import error_of, refusal_of, told_of
from pytest_xbl import SessionRef, SessionView, User, XboxLive
from pytest_xbl.mpsd.activities import parse_activity_query
from pytest_xbl.mpsd.handles import Handle, parse_handle
from pytest_xbl.mpsd.model import Caller
from pytest_xbl.world import handles
from pytest_xbl.world.state import START
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import Principal

ID = "0a0b0c0d-0000-4000-a000-00000000000f"
LATER = SessionRef(SCID, "room", "later")
UNKNOWN = (404, "the URI", "There is no such handle, or not any more.", "HAND-7")


@pytest.fixture
def one(xbl: XboxLive, stacy: User, ana: User) -> SessionView:
    """A session of Stacy's and Ana's."""
    xbl.templates.add("room", {"constants": {"system": {"inviteProtocol": "game"}}})
    return xbl.sessions.create("room", name="one", members=[stacy, ana])


def make(world: World, kind: str, to: SessionRef, owner: Principal | Caller, **more: Any) -> Handle:
    """A handle, made as the wire makes it; its invitee is a user, its origin a session."""
    body: dict[str, Any] = {"type": kind, "sessionRef": to.as_json()}
    if "invited" in more:
        body["invitedXuid"] = more.pop("invited").xuid
    if "origin" in more:
        body["originSessionRef"] = more.pop("origin").as_json()
    caller = owner if isinstance(owner, Caller) else owner._caller
    return handles.make_handle(world, parse_handle({**body, **more}), Visit(caller, "post-handle"))[0]


def read(world: World, handle: Handle, user: Principal) -> tuple[Handle, Any]:
    """A handle with its session, as a user reads it."""
    return handles.read_handle(world, handle.id.upper(), Visit(user._caller))


def end(xbl: XboxLive, view: SessionView, *users: User) -> None:
    """Everybody leaves, so that the session is deleted."""
    for user in users:
        xbl.client(user).put(view.ref.path, json=LEAVE)
    assert view.ref not in xbl.sessions


def listed(world: World) -> list[Handle]:
    """All handles that a look finds."""
    return handles.all_handles(world)


# Making


def test_a_handle_comes_with_the_session_that_it_points_at(world: World, one: SessionView, stacy: User) -> None:
    """As it is now, in the case in which it was first written; or none (HAND-1, CALL-5)."""
    shouted = parse_handle({"type": "activity", "sessionRef": ref("ONE", "ROOM", scid=SCID.upper())})
    handle, session = handles.make_handle(world, shouted, Visit(stacy._caller))
    assert session is world.peek(one.ref)
    assert (handle.ref, handle.owner, handle.created) == (one.ref, stacy.xuid, START)
    ahead = parse_handle({"type": "invite", "sessionRef": LATER.as_json(), "invitedXuid": "1"})
    assert handles.make_handle(world, ahead, Visit(stacy._caller))[1] is None
    assert world.peek(LATER) is None


def test_an_id_that_is_taken_is_refused(world: World, one: SessionView, stacy: User, ana: User) -> None:
    """409, in whatever case, and nothing happens; one whose handle is over is free again (HAND-1, HAND-18)."""
    first = make(world, "invite", one.ref, stacy, invited=ana, id=ID.upper())
    assert first.id == ID
    before = world.snapshot()
    refused = told_of(lambda: make(world, "activity", one.ref, ana, id=ID))
    assert (refused, world.snapshot()) == ((409, "/id", f"There is a handle {ID} already.", "HAND-1"), before)
    world.set_time(START + timedelta(days=1))
    again = make(world, "activity", one.ref, ana, id=ID)
    assert (listed(world), list(world.snapshot().handles)) == ([again], [ID])


def test_ids_follow_from_how_many_handles_were_made(world: World, one: SessionView, stacy: User, ana: User) -> None:
    """The same in every run; one that a client took is skipped, and a refused handle uses up none (HAND-1)."""
    with pytest.raises(Exception, match="HAND-2"):
        make(world, "activity", LATER, stacy)
    before = world.snapshot()
    first, second = (make(world, "invite", one.ref, stacy, invited=ana).id for _ in range(2))
    assert (first, second) == ("2acbe039-c30d-4249-af8a-eb950e64fa4d", "79d75812-dfc1-4124-a5bb-fcb401de2570")
    world.restore(before)
    make(world, "invite", one.ref, stacy, invited=ana, id=second)
    third = make(world, "invite", one.ref, stacy, invited=ana).id
    assert (third in {first, second}, world.given()) == (False, (0, 2))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [("activity", ["Stacy made it their activity"]), ("transfer", [f"a transfer made from {LATER}"]), ("invite", [])],
)
def test_making_a_handle_is_a_write_of_its_session(
    xbl: XboxLive, world: World, one: SessionView, stacy: User, ana: User, kind: str, changes: list[str]
) -> None:
    """Of an activity and a transfer, and of the target only; nothing but the number differs (HAND-20, PUT-9)."""
    origin = xbl.sessions.create("room", name="later", members=[stacy])
    more: dict[str, dict[str, Any]] = {"transfer": {"origin": LATER}, "invite": {"invited": ana}}
    before, tag = one.document, one.etag
    make(world, kind, one.ref, stacy, **more.get(kind, {}))
    assert one.document == {**before, "changeNumber": 1 + len(changes)}
    assert (one.etag == tag, len(origin.history)) == (not changes, 1)
    lines = str(one.history).splitlines()[1:]
    assert lines == [f"#2 12:00:00 post-handle by Stacy: {change}" for change in changes]


def test_a_session_without_a_name_is_given_one(xbl: XboxLive, world: World, one: SessionView, stacy: User) -> None:
    """A GUID that no other session has, nor another handle's; a refused handle uses up none (HAND-2, HAND-17)."""
    unnamed = {"scid": SCID, "templateName": "room"}
    before = world.snapshot()
    activity = parse_handle({"type": "activity", "sessionRef": unnamed})
    assert refusal_of(lambda: handles.make_handle(world, activity, Visit(stacy._caller))).rule == "HAND-2"
    assert world.snapshot() == before
    invite = parse_handle({"type": "invite", "sessionRef": unnamed, "invitedXuid": stacy.xuid})
    made = [handles.make_handle(world, invite, Visit(stacy._caller))[0] for _ in range(2)]
    names = {handle.ref.name for handle in made} | {xbl.sessions.create("room", members=[stacy]).ref.name}
    assert (len(names), {len(name) for name in names}, world.given()) == (3, {36}, (3, 2))


def test_making_a_handle_is_an_access_to_its_session(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """And the origin of a transfer is only looked at (TIME-1, TIME-10)."""
    views = [xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"}) for _ in range(2)]
    xbl.clock.advance(hours=1)
    make(world, "transfer", views[0].ref, stacy, origin=views[1].ref)
    assert [view.history[1:] and view.history[1].operation for view in views] == ["timers", []]


# Activities


def test_an_activity_replaces_the_one_of_its_owner_in_its_title(
    xbl: XboxLive, world: World, one: SessionView, stacy: User, ana: User
) -> None:
    """Wherever it was; a service acts in the title of whom it acts for; other handles replace none (HAND-2)."""
    two = xbl.sessions.create("room", name="two", members=[stacy])
    first, other = (make(world, "activity", one.ref, user) for user in (stacy, ana))
    second = make(world, "activity", two.ref, xbl.service("agent", on_behalf_of=stacy))
    elsewhere = Caller("Stacy elsewhere", stacy.xuid, title_id="2", privileges=stacy.privileges)
    there = make(world, "activity", one.ref, elsewhere)
    invite = make(world, "invite", one.ref, stacy, invited=ana)
    assert listed(world) == [other, second, there, invite]
    assert (stacy.activity, handles.activity_of(world, stacy.xuid, "2")) == (second, there)
    assert (handles.activity_of(world, stacy.xuid, "3"), handles.peek_handle(world, first.id)) == (None, None)
    with pytest.raises(Exception, match="HAND-2"):
        make(world, "activity", LATER, stacy)
    titles = [it for it in (stacy.title_id, "2", "3") if handles.has_activity(world, stacy.xuid, it)]
    assert titles == [stacy.title_id, "2"]


def test_looking_for_handles_moves_nothing(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """They are as an access now would find them, without being one (TIME-1, HAND-4, HAND-9)."""
    xbl.templates.add("brief", {"constants": {"system": {"inactiveRemovalTimeout": 60_000}}})
    view = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"})
    gone = xbl.sessions.create("brief", members={ana: "inactive"})
    activity = make(world, "activity", view.ref, stacy)
    transfer = make(world, "transfer", gone.ref, ana, origin=gone.ref)
    assert listed(world) == [activity, transfer]
    xbl.clock.advance(days=1)
    before = world.snapshot()
    assert (stacy.activity, ana.activity, listed(world)) == (activity, None, [activity])
    assert handles.peek_handle(world, activity.id.upper()) is activity
    assert (handles.peek_handle(world, transfer.id), world.snapshot()) == (None, before)
    assert told_of(lambda: read(world, transfer, ana)) == UNKNOWN
    assert (list(world.snapshot().handles), gone.history[-1].operation) == ([activity.id], "timers")


# The end of a handle


def test_a_handle_points_at_one_incarnation(
    xbl: XboxLive, world: World, one: SessionView, stacy: User, ana: User
) -> None:
    """Of its session, or of the first one after it was made; the next of that name is another (HAND-7, HAND-19)."""
    now, ahead = (make(world, "invite", it, stacy, invited=ana) for it in (one.ref, LATER))
    end(xbl, one, stacy, ana)
    between = make(world, "invite", one.ref, stacy, invited=ana)
    assert [it.incarnation for it in (now, ahead, between)] == [1, 1, 2]
    text = f"The handle is stale: the session {SCID}~room~one that it pointed at was deleted."
    for body in (None, ACTIVE):
        if body:
            assert xbl.client(stacy).put(one.ref.path, json=body).status_code == 201
        assert read(world, now, stacy) == (now, None)
        refused = told_of(lambda: world.read(one.ref, Visit(ana._caller), handle=now))
        assert refused == (404, "the URI", text, "HAND-7")
    assert read(world, between, ana) == (between, world.peek(one.ref))
    assert xbl.client(ana).put(f"{ahead.path}/session", json=ACTIVE).status_code == 201
    assert read(world, ahead, ana) == (ahead, world.peek(LATER))


def test_activities_and_transfers_go_with_their_session(
    xbl: XboxLive, world: World, one: SessionView, stacy: User, ana: User
) -> None:
    """A snapshot taken before still has them, indexes and all (HAND-4, HAND-9)."""
    activity = make(world, "activity", one.ref, stacy)
    transfer = make(world, "transfer", one.ref, ana, origin=one.ref)
    kept = world.snapshot()
    for _ in range(2):
        end(xbl, one, stacy, ana)
        assert (dict(world.snapshot().handles), stacy.activity) == ({}, None)
        world.restore(kept)
        assert (listed(world), stacy.activity) == ([activity, transfer], activity)


GONE: dict[str, Any] = {
    "users": {"Stacy": {"titleId": "7"}, "Ana": {}},
    "sessions": {"one": {"template": "lobby", "gone": True}},
    "handles": {"old": {"type": "activity", "session": "one", "owner": "Stacy", "created": "2026-01-01T11:59:00Z"}},
}


def test_an_activity_may_outlive_its_session() -> None:
    """A seed can make one: a query shows it without the session, and nobody gets in through it (HAND-21, HAND-7)."""
    xbl = XboxLive(seed=GONE)
    stacy, ana, old = xbl.scenario["Stacy"], xbl.scenario["Ana"], xbl.scenario["old"]
    assert (list(xbl.handles), stacy.activity) == ([old], old)
    body = {"type": "activity", "owners": {"xuids": [stacy.xuid]}}
    for query, found in (("include=relatedInfo,customProperties", 1), ("visibility=open", 0), ("keyword=a", 0)):
        shown = results(xbl.client(ana).post(f"/handles/query?{query}", json=body))
        assert [result.keys() & {"id", "relatedInfo", "customProperties"} for result in shown] == [{"id"}] * found
    assert xbl.client(ana).get(f"{old.path}/session").status_code == 404
    assert XboxLive(seed=xbl.dump()).dump() == xbl.dump()


def test_an_activity_that_outlived_its_session_is_replaced() -> None:
    """By the next one of its owner; to the next session of that name it is nothing (HAND-21, HAND-2, HAND-9)."""
    xbl = XboxLive(seed=GONE)
    stacy, old = xbl.scenario["Stacy"], xbl.scenario["old"]
    again = xbl.sessions.create("lobby", name="one", members=[stacy])
    assert (stacy.activity, xbl.client(stacy).get(f"{old.path}/session").status_code) == (old, 404)
    xbl.client(stacy).delete(f"{again.ref.path}/members/me")
    assert list(xbl.handles) == [old]
    again = xbl.sessions.create("lobby", name="one", members=[stacy])
    new = xbl.handles.create("activity", again, owner=stacy)
    assert list(xbl.handles) == [new]


# Asking for activities


def activities(xbl: XboxLive, caller: Principal, owners: dict[str, Any], **asked: str) -> list[tuple[str, str]]:
    """The owners and sessions of the activities that a query finds."""
    query = parse_activity_query({"type": "activity", "owners": owners}, asked, contract=107)
    found = handles.find_activities(xbl._world, query, Visit(caller._caller))
    return [(it["ownerXuid"], it["sessionRef"]["name"]) for it in found]


def test_a_group_is_ordered_by_xuid_as_a_number(xbl: XboxLive, ana: User) -> None:
    """And then as a text, so that it is the same in every run (HAND-16)."""
    xuids = ["005", "10", "5", "05", "9"]
    for xuid in xuids:
        friend = xbl.user(f"friend {xuid}", xuid=xuid)
        xbl.follow(ana, friend)
        xbl.handles.create("activity", xbl.sessions.create("lobby", members=[friend]), owner=friend)
    found = activities(xbl, ana, {"people": {"moniker": "people", "monikerXuid": ana.xuid}})
    assert [owner for owner, _ in found] == ["005", "05", "5", "9", "10"]


def test_a_query_of_activities_settles_what_it_touches(xbl: XboxLive, world: World, stacy: User, ana: User) -> None:
    """The sessions of the owners' activities, found or not, each once, and no others (TIME-1, TIME-2)."""
    zoe = xbl.user("Zoe")
    views = {
        name: xbl.sessions.create("lobby", name=name, members={owner: "active", zoe: "ready"})
        for name, owner in (("hers", stacy), ("theirs", ana), ("nobody's", stacy))
    }
    for owner, name in ((stacy, "hers"), (ana, "theirs")):
        make(world, "activity", views[name].ref, owner)
    make(world, "activity", views["hers"].ref, Caller("S", stacy.xuid, title_id="2", privileges=stacy.privileges))
    xbl.clock.advance(hours=1)
    assert activities(xbl, ana, {"xuids": [stacy.xuid]}, keyword="none") == []
    settled = {name: [version.operation for version in view.history[1:]] for name, view in views.items()}
    made = "post-handle"
    assert settled == {"hers": [made, made, "timers"], "theirs": [made], "nobody's": []}


# The life of a world


def test_a_world_goes_as_soon_as_nobody_holds_it() -> None:
    """At once, without the collector of garbage, though its users are kept; they say what happened."""
    xbl = XboxLive()
    stacy, ana = xbl.users("Stacy", "Ana")
    one = xbl.sessions.create("lobby", name="one", members=[stacy, ana])
    gc.disable()
    try:
        activity = xbl.handles.create("activity", one, owner=stacy)
        for path in (one.ref.path, f"{activity.path}/session", f"/handles/{ID}", "/nowhere"):
            xbl.client(ana).get(path)
        xbl.client(ana).put(one.ref.path, json={"servers": {}})
        assert (list(xbl.handles), stacy.activity) == ([activity], activity)
        world = weak(xbl._world)
        del xbl
        assert world() is not None
        del one
        assert world() is None
    finally:
        gc.enable()
    looks: list[Callable[[], object]] = [lambda: stacy.activity, lambda: stacy.present, lambda: stacy.invites]
    assert {error_of(look) for look in looks} == {"The world of Stacy is gone: nobody holds its XboxLive any more."}
