"""The handles of a world: made, read, asked for and deleted (HAND)."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from weakref import ref

import pytest
from pytest_xbl.world._state import START

from pytest_xbl import SessionRef, XblError, XboxLive
from pytest_xbl.mpsd.activities import parse_activity_query
from pytest_xbl.mpsd.handles import Handle, HandleType, parse_handle
from pytest_xbl.mpsd.model import Caller, Session
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import Principal, User
from pytest_xbl.xbl.sessions import SessionView

SCID = XboxLive.scid
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}
ID = "0a0b0c0d-0000-4000-a000-00000000000f"
LATER = SessionRef(SCID, "room", "later")


@pytest.fixture
def zoe(xbl: XboxLive, ana: User) -> User:
    """Somebody who is nowhere."""
    return xbl.user("Zoe")


@pytest.fixture
def one(xbl: XboxLive, stacy: User, ana: User) -> SessionView:
    """A session of Stacy's and Ana's."""
    xbl.templates.add("room", {"constants": {"system": {"inviteProtocol": "game"}}})
    return xbl.sessions.create("room", name="one", members=[stacy, ana])


def make(
    world: World,
    kind: HandleType,
    to: SessionRef,
    owner: Principal,
    *,
    invited: User | None = None,
    origin: SessionRef | None = None,
    **more: Any,
) -> Handle:
    """A handle, made as the wire makes it."""
    body: dict[str, Any] = {"type": kind, "sessionRef": to.as_json(), **more}
    if invited:
        body["invitedXuid"] = invited.xuid
    if origin:
        body["originSessionRef"] = origin.as_json()
    return world.handles.make(parse_handle(body), owner._caller)[0]


def told(look: Callable[[], object]) -> tuple[int, str, str, str]:
    """All that a refusal says."""
    with pytest.raises(Refusal) as refused:
        look()
    return refused.value.status, refused.value.where, refused.value.what, refused.value.rule


def write(xbl: XboxLive, user: Principal, path: str, body: dict[str, Any]) -> int:
    """The status of a write."""
    return xbl.client(user).put(path, json=body).status_code


def end(xbl: XboxLive, view: SessionView) -> None:
    """Everybody leaves, so that the session is deleted."""
    for member in view.document["members"].values():
        user = xbl._world.user(xbl._world._state.users[member["constants"]["system"]["xuid"]])
        assert xbl.client(user).delete(f"{view.ref.path}/members/me").status_code == 204
    assert view.ref not in xbl.sessions


UNKNOWN = (404, "the URI", "There is no such handle, or not any more.", "HAND-7")


# Making


def test_a_handle_comes_with_the_session_that_it_points_at(xbl: XboxLive, one: SessionView, stacy: User) -> None:
    """As it is now, or none (HAND-1)."""
    world = xbl._world
    asked = parse_handle({"type": "activity", "sessionRef": one.ref.as_json()})
    handle, session = world.handles.make(asked, stacy._caller)
    assert session is world.peek(one.ref)
    assert (handle.ref, handle.owner, handle.created) == (one.ref, stacy.xuid, START)
    asked = parse_handle({"type": "invite", "sessionRef": LATER.as_json(), "invitedXuid": "1"})
    assert world.handles.make(asked, stacy._caller)[1] is None
    assert LATER not in xbl.sessions


def test_a_handle_points_at_the_session_as_it_was_first_written(xbl: XboxLive, one: SessionView, stacy: User) -> None:
    """Whatever case the body has (CALL-5)."""
    shouted = SessionRef(SCID.upper(), "ROOM", "ONE")
    assert make(xbl._world, "activity", shouted, stacy).ref == one.ref


def test_ids_are_the_same_in_every_run() -> None:
    """They follow from how many handles were made before, in every world."""
    ids = []
    for _ in range(2):
        xbl = XboxLive()
        user = xbl.user("Stacy")
        view = xbl.sessions.create("lobby", members=[user])
        ids.append([make(xbl._world, "invite", view.ref, user, invited=user).id for _ in range(3)])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3


def test_an_id_that_is_taken_is_refused(xbl: XboxLive, one: SessionView, stacy: User, ana: User) -> None:
    """409, in whatever case, and nothing happens; one that is gone is free again (HAND-1)."""
    world = xbl._world
    first = make(world, "activity", one.ref, stacy, id=ID.upper())
    assert first.id == ID
    before = world._state.copy()
    for kind in ("invite", "activity"):
        more = {"invited": ana} if kind == "invite" else {}
        refused = told(lambda kind=kind, more=more: make(world, kind, one.ref, ana, id=ID, **more))  # type: ignore[misc]
        assert refused == (409, "/id", f"There is a handle {ID} already.", "HAND-1")
    assert world._state == before
    world.handles.remove(ID, stacy._caller)
    assert make(world, "activity", one.ref, ana, id=ID).owner == ana.xuid


def test_a_handle_that_may_not_be_made_leaves_no_trace(xbl: XboxLive, one: SessionView, stacy: User, zoe: User) -> None:
    """Neither a name nor an id is used up (HAND-2, HAND-17)."""
    world = xbl._world
    before = world._state.copy()
    with pytest.raises(Refusal, match="HAND-2"):
        make(world, "activity", one.ref, zoe)
    with pytest.raises(Refusal, match="HAND-17"):
        make(world, "invite", one.ref, zoe, invited=stacy)
    unnamed = {"type": "activity", "sessionRef": {"scid": SCID, "templateName": "room"}}
    with pytest.raises(Refusal, match="HAND-2"):
        world.handles.make(parse_handle(unnamed), stacy._caller)
    assert world._state == before


def test_a_session_without_a_name_is_given_one(xbl: XboxLive, one: SessionView, stacy: User, ana: User) -> None:
    """A GUID that no other session has, nor another handle's (HAND-2)."""
    asked = parse_handle(
        {"type": "invite", "sessionRef": {"scid": SCID, "templateName": "room"}, "invitedXuid": ana.xuid}
    )
    handles = [xbl._world.handles.make(asked, stacy._caller)[0] for _ in range(2)]
    created = xbl.sessions.create("room", members=[stacy])
    names = {handle.ref.name for handle in handles} | {created.ref.name}
    assert len(names) == 3
    assert all(len(name) == 36 for name in names)
    assert len(xbl.sessions) == 2


@pytest.mark.parametrize(
    ("scid", "template", "what"),
    [
        (SCID, "x", f"There is no template x in {SCID}; it has lobby, game, ticket, large, room."),
        (
            "ffffffff-0000-4000-8000-000000000001",
            "room",
            f"The service configuration ffffffff-0000-4000-8000-000000000001 is unknown; known are: {SCID}.",
        ),
    ],
)
def test_a_template_that_there_is_not_has_no_handles(
    xbl: XboxLive, one: SessionView, stacy: User, scid: str, template: str, what: str
) -> None:
    """404, for the origin of a transfer too, and named where it stands (TMPL-1)."""
    nowhere = SessionRef(scid, template, "one")
    refused = told(lambda: make(xbl._world, "activity", nowhere, stacy))
    assert refused == (404, "/sessionRef", what, "TMPL-1")
    refused = told(lambda: make(xbl._world, "transfer", one.ref, stacy, origin=nowhere))
    assert refused == (404, "/originSessionRef", what, "TMPL-1")
    assert list(xbl.handles) == []


def test_making_a_handle_is_an_access_to_its_session(xbl: XboxLive, stacy: User, ana: User) -> None:
    """What was due happens first (TIME-1)."""
    view = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"})
    xbl.clock.advance(hours=1)
    make(xbl._world, "activity", view.ref, stacy)
    assert [version.operation for version in view.history] == ["create", "timers"]


# Activities


def test_an_activity_replaces_the_one_before(xbl: XboxLive, one: SessionView, stacy: User, ana: User) -> None:
    """Of the same user in the same title, wherever it was (HAND-2)."""
    two = xbl.sessions.create("room", name="two", members=[stacy])
    first = make(xbl._world, "activity", one.ref, stacy)
    other = make(xbl._world, "activity", one.ref, ana)
    second = make(xbl._world, "activity", two.ref, stacy)
    assert list(xbl.handles) == [other, second]
    assert (stacy.activity, ana.activity) == (second, other)
    assert told(lambda: xbl._world.handles.find(first.id)) == UNKNOWN
    third = make(xbl._world, "activity", two.ref, stacy)
    assert list(xbl.handles) == [other, third]


def test_titles_have_activities_of_their_own(xbl: XboxLive, one: SessionView, stacy: User) -> None:
    """A service that acts for somebody acts in their title, and so does another token of theirs (HAND-2)."""
    elsewhere = Caller("Stacy elsewhere", stacy.xuid, title_id="2", privileges=stacy.privileges)
    asked = parse_handle({"type": "activity", "sessionRef": one.ref.as_json()})
    there, _ = xbl._world.handles.make(asked, elsewhere)
    here = make(xbl._world, "activity", one.ref, xbl.service("matchmaker", on_behalf_of=stacy))
    assert (there.title_id, here.title_id) == ("2", stacy.title_id)
    assert list(xbl.handles) == [there, here]
    assert stacy.activity is here
    assert xbl._world.handles.activity(stacy.xuid, "2") is there
    assert xbl._world.handles.activity(stacy.xuid, "3") is None


def test_invites_do_not_replace_anything(xbl: XboxLive, one: SessionView, stacy: User, ana: User) -> None:
    """Nor does a refused activity end the one before (HAND-2)."""
    activity = make(xbl._world, "activity", one.ref, stacy)
    for _ in range(2):
        make(xbl._world, "invite", one.ref, stacy, invited=ana)
        make(xbl._world, "transfer", one.ref, stacy, origin=one.ref)
    with pytest.raises(Refusal):
        make(xbl._world, "activity", LATER, stacy)
    assert stacy.activity is activity
    assert len(xbl.handles) == 5


def test_looking_for_an_activity_moves_nothing(xbl: XboxLive, stacy: User, ana: User) -> None:
    """It is as an access now would find it, without being one (TIME-1, HAND-9)."""
    view = xbl.sessions.create("lobby", members={stacy: "active", ana: "reserved"})
    activity = make(xbl._world, "activity", view.ref, stacy)
    xbl.clock.advance(hours=1)
    before = xbl._world._state.copy()
    assert (stacy.activity, ana.activity) == (activity, None)
    assert list(xbl.handles) == [activity]
    assert xbl._world._state == before
    assert [version.operation for version in view.history] == ["create"]


# The world of a user


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
        assert list(xbl.handles) == [activity]
        assert stacy.activity is activity
        world = ref(xbl._world)
        del xbl
        assert world() is not None
        del one
        assert world() is None
    finally:
        gc.enable()
    for user in (stacy, ana):
        with pytest.raises(XblError) as raised:
            _ = user.activity
        assert str(raised.value) == f"The world of {user.name} is gone: nobody holds its XboxLive any more."


# Reading and deleting


def test_a_handle_is_read_by_those_who_see_it(
    xbl: XboxLive, one: SessionView, stacy: User, ana: User, zoe: User
) -> None:
    """For others it is as if there were none (HAND-15)."""
    handles = xbl._world.handles
    invite = make(xbl._world, "invite", one.ref, stacy, invited=ana)
    activity = make(xbl._world, "activity", one.ref, stacy)
    session = xbl._world.peek(one.ref)
    assert handles.read(invite.id.upper(), ana._caller) == (invite, session)
    assert handles.read(activity.id, zoe.caller) == (activity, session)
    assert handles.read(invite.id, xbl.service("server").caller) == (invite, session)
    assert told(lambda: handles.read(invite.id, zoe.caller)) == UNKNOWN
    assert told(lambda: handles.read(ID, stacy._caller)) == UNKNOWN


def test_the_origin_of_a_transfer_sees_it(xbl: XboxLive, one: SessionView, stacy: User, zoe: User) -> None:
    """As long as one is in it (HAND-15)."""
    origin = xbl.sessions.create("lobby", members=[zoe])
    transfer = make(xbl._world, "transfer", one.ref, stacy, origin=origin.ref)
    assert xbl._world.handles.read(transfer.id, zoe.caller)[0] is transfer
    end(xbl, origin)
    assert told(lambda: xbl._world.handles.read(transfer.id, zoe.caller)) == UNKNOWN
    assert transfer in xbl.handles


def test_a_handle_is_deleted_by_its_owner_or_a_service(
    xbl: XboxLive, one: SessionView, stacy: User, ana: User, zoe: User
) -> None:
    """403 for others who see it, 404 for those who do not (HAND-8, HAND-15)."""
    handles = xbl._world.handles
    invite = make(xbl._world, "invite", one.ref, stacy, invited=ana)
    what = "A handle is deleted by its owner, or a service."
    assert told(lambda: handles.remove(invite.id, ana._caller)) == (403, "the URI", what, "HAND-8")
    assert told(lambda: handles.remove(invite.id, zoe.caller)) == UNKNOWN
    assert list(xbl.handles) == [invite]
    handles.remove(invite.id.upper(), stacy._caller)
    assert told(lambda: handles.remove(invite.id, stacy._caller)) == UNKNOWN
    again = make(xbl._world, "activity", one.ref, stacy)
    handles.remove(again.id, xbl.service("server").caller)
    assert (list(xbl.handles), stacy.activity) == ([], None)
    assert list(xbl._world._state.activities[stacy.xuid]) == []


def test_reading_a_handle_is_an_access_to_its_session(xbl: XboxLive, stacy: User, ana: User) -> None:
    """Timers may delete the target, and the transfer with it (TIME-1, HAND-4)."""
    xbl.templates.add("brief", {"constants": {"system": {"inactiveRemovalTimeout": 60_000}}})
    view = xbl.sessions.create("brief", members={stacy: "inactive"})
    transfer = make(xbl._world, "transfer", view.ref, stacy, origin=view.ref)
    assert xbl._world.handles.peek(transfer.id) is transfer
    xbl.clock.advance(days=1)
    assert view.ref not in xbl.sessions
    assert (xbl._world.handles.peek(transfer.id), list(xbl._world.handles)) == (None, [])
    assert transfer.id in xbl._world._state.handles
    assert told(lambda: xbl._world.handles.read(transfer.id, stacy._caller)) == UNKNOWN
    assert transfer.id not in xbl._world._state.handles
    assert view.history[-1].operation == "timers"


def test_an_activity_is_seen_by_whoever_may_see_the_session_then(xbl: XboxLive, stacy: User, zoe: User) -> None:
    """A private one is nobody's business (HAND-13, HAND-15)."""
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    view = xbl.sessions.create("hidden", members=[stacy])
    activity = make(xbl._world, "activity", view.ref, stacy)
    assert told(lambda: xbl._world.handles.read(activity.id, zoe.caller)) == UNKNOWN
    assert xbl._world.handles.read(activity.id, stacy._caller)[0] is activity


# The end of a handle


def test_an_invite_expires_after_a_day(xbl: XboxLive, one: SessionView, stacy: User, ana: User) -> None:
    """And is then as if there were none, for everybody and every way in (HAND-18)."""
    invite = make(xbl._world, "invite", one.ref, stacy, invited=ana)
    xbl.clock.move_to(START + timedelta(days=1, microseconds=-1))
    assert xbl._world.handles.find(invite.id) is invite
    assert xbl._world.handles.peek(invite.id.upper()) is invite
    assert xbl.client(ana).get(f"{invite.path}/session").status_code == 200
    xbl.clock.move_to(START + timedelta(days=1))
    for caller in (stacy, ana, xbl.service("server")):
        assert told(lambda caller=caller: xbl._world.handles.read(invite.id, caller.caller)) == UNKNOWN  # type: ignore[misc]
    assert told(lambda: xbl._world.handles.find(invite.id)) == UNKNOWN
    assert xbl.client(ana).get(f"{invite.path}/session").status_code == 404
    assert (xbl._world.handles.peek(invite.id), list(xbl._world.handles)) == (None, [])


def test_a_handle_does_not_point_at_the_next_session_of_its_name(
    xbl: XboxLive, one: SessionView, stacy: User, ana: User
) -> None:
    """It is stale, and still read by its owner; the new session is not shown with it (HAND-7, HAND-19)."""
    invite = make(xbl._world, "invite", one.ref, stacy, invited=ana)
    end(xbl, one)
    text = f"The handle is stale: the session {SCID}~room~one that it pointed at was deleted."
    for again in (False, True):
        if again:
            assert write(xbl, stacy, one.ref.path, ACTIVE) == 201
        assert xbl._world.handles.read(invite.id, stacy._caller) == (invite, None)
        assert told(lambda: xbl._world.read(one.ref, ana._caller, handle=invite)) == (404, "the URI", text, "HAND-7")
        assert write(xbl, ana, f"{invite.path}/session", ACTIVE) == 404
    assert [member["gamertag"] for member in one.document["members"].values()] == ["Stacy"]


def test_a_handle_made_before_its_session_points_at_the_first(
    xbl: XboxLive, one: SessionView, stacy: User, ana: User
) -> None:
    """204 until there is one, and then it; after that it is stale as any (HAND-19)."""
    invite = make(xbl._world, "invite", LATER, stacy, invited=ana)
    assert xbl.client(ana).get(f"{invite.path}/session").status_code == 204
    assert xbl._world.handles.read(invite.id, ana._caller) == (invite, None)
    assert write(xbl, ana, f"{invite.path}/session", ACTIVE) == 201
    assert xbl._world.handles.read(invite.id, ana._caller) == (invite, xbl._world.peek(LATER))
    end(xbl, xbl.sessions[LATER])
    assert xbl.client(ana).get(f"{invite.path}/session").status_code == 404


def test_a_handle_made_after_a_session_points_at_the_next(
    xbl: XboxLive, one: SessionView, stacy: User, ana: User
) -> None:
    """Between two sessions of one name it waits for the second (HAND-19)."""
    end(xbl, one)
    invite = make(xbl._world, "invite", one.ref, stacy, invited=ana)
    assert invite.incarnation == 2
    assert write(xbl, stacy, one.ref.path, ACTIVE) == 201
    assert xbl._world.handles.read(invite.id, ana._caller) == (invite, xbl._world.peek(one.ref))


def test_an_activity_does_not_outlive_its_session(xbl: XboxLive, one: SessionView, stacy: User, ana: User) -> None:
    """Nor a transfer its target; both are gone when one of that name is made again (HAND-4, HAND-9)."""
    make(xbl._world, "activity", one.ref, stacy)
    make(xbl._world, "transfer", one.ref, ana, origin=one.ref)
    end(xbl, one)
    assert xbl._world._state.handles == {}
    assert write(xbl, stacy, one.ref.path, ACTIVE) == 201
    assert (list(xbl.handles), stacy.activity) == ([], None)


# Asking for activities


def activities(xbl: XboxLive, caller: Principal, owners: dict[str, Any], **asked: str) -> list[tuple[str, str]]:
    """The owners, by name, and sessions of the activities that a query finds."""
    query = parse_activity_query({"type": "activity", "owners": owners}, asked, contract=107)
    users = xbl._world._state.users
    return [
        (users[found["ownerXuid"]].caller.name, found["sessionRef"]["name"])
        for found in xbl._world.handles.activities(query, caller.caller)
    ]


@pytest.fixture
def busy(xbl: XboxLive, one: SessionView, stacy: User, ana: User) -> SessionView:
    """Stacy plays one thing and then another in a second title, and Ana a third."""
    two = xbl.sessions.create("room", name="two", members=[stacy, ana], properties={"system": {"keywords": ["rome"]}})
    make(xbl._world, "activity", one.ref, stacy)
    elsewhere = Caller("Stacy elsewhere", stacy.xuid, title_id="2", privileges=stacy.privileges)
    xbl._world.handles.make(parse_handle({"type": "activity", "sessionRef": two.ref.as_json()}), elsewhere)
    make(xbl._world, "activity", one.ref, ana)
    make(xbl._world, "invite", one.ref, ana, invited=stacy)
    return two


def test_activities_come_owner_by_owner(xbl: XboxLive, busy: SessionView, stacy: User, ana: User, zoe: User) -> None:
    """In the order of the request, the newest of an owner first, and `take` counts them all (HAND-16)."""
    of_stacy = [("Stacy", "two"), ("Stacy", "one")]
    assert activities(xbl, zoe, {"xuids": [stacy.xuid, ana.xuid]}) == [*of_stacy, ("Ana", "one")]
    assert activities(xbl, zoe, {"xuids": [ana.xuid, zoe.xuid, stacy.xuid, "5"]}) == [("Ana", "one"), *of_stacy]
    assert activities(xbl, zoe, {"xuids": [ana.xuid, stacy.xuid]}, take="2") == [("Ana", "one"), ("Stacy", "two")]
    assert activities(xbl, zoe, {"xuids": [ana.xuid, stacy.xuid]}, take="0") == []
    assert activities(xbl, zoe, {"xuids": [ana.xuid, stacy.xuid]}, keyword="ROME") == [("Stacy", "two")]


def test_a_group_is_whom_somebody_follows_by_xuid(
    xbl: XboxLive, busy: SessionView, stacy: User, ana: User, zoe: User
) -> None:
    """By number and not by letter, and favorites are some of them (HAND-10, HAND-16)."""
    low = xbl.user("Low", xuid="9")
    assert write(xbl, low, busy.ref.path, ACTIVE) == 200
    make(xbl._world, "activity", busy.ref, low)
    for user, favorite in ((ana, True), (stacy, False), (low, False)):
        xbl.follow(zoe, user, favorite=favorite)
    xbl.follow(stacy, zoe)
    people = {"people": {"moniker": "people", "monikerXuid": zoe.xuid}}
    found = [("Low", "two"), ("Stacy", "two"), ("Stacy", "one"), ("Ana", "one")]
    assert activities(xbl, zoe, people) == found
    assert activities(xbl, ana, people) == found
    favorites = {"people": {"moniker": "favorites", "monikerXuid": zoe.xuid}}
    assert activities(xbl, zoe, favorites) == [("Ana", "one")]
    assert activities(xbl, zoe, {"people": {"moniker": "favorites", "monikerXuid": stacy.xuid}}) == []
    assert activities(xbl, zoe, {"people": {"moniker": "people", "monikerXuid": "5"}}) == []


def test_activities_in_private_sessions_are_left_out(xbl: XboxLive, stacy: User, ana: User, zoe: User) -> None:
    """Those in restricted ones are not; members ask for private ones with their flag (HAND-13, JOIN-6)."""
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    hidden = xbl.sessions.create("hidden", name="hidden", members=[stacy])
    local = {"system": {"joinRestriction": "local", "readRestriction": "local"}}
    closed = xbl.sessions.create("lobby", name="local", members=[ana], properties=local)
    make(xbl._world, "activity", hidden.ref, stacy)
    make(xbl._world, "activity", closed.ref, ana)
    both = {"xuids": [stacy.xuid, ana.xuid]}
    assert activities(xbl, zoe, both) == [("Ana", "local")]
    assert activities(xbl, zoe, both, xuid=zoe.xuid, private="true", inactive="true") == []
    assert activities(xbl, stacy, both) == [("Ana", "local")]
    assert activities(xbl, stacy, both, xuid=stacy.xuid, private="true") == [("Stacy", "hidden")]
    assert activities(xbl, xbl.service("server"), both, private="true") == [("Stacy", "hidden"), ("Ana", "local")]


def test_a_query_of_activities_settles_what_it_touches(xbl: XboxLive, stacy: User, ana: User, zoe: User) -> None:
    """The sessions of the owners' activities, found or not, and no others (TIME-1)."""
    views = {
        name: xbl.sessions.create("lobby", name=name, members={owner: "active", zoe: "reserved"})
        for name, owner in (("hers", stacy), ("theirs", ana), ("nobody's", stacy))
    }
    make(xbl._world, "activity", views["hers"].ref, stacy)
    make(xbl._world, "activity", views["theirs"].ref, ana)
    xbl.clock.advance(hours=1)
    assert activities(xbl, ana, {"xuids": [stacy.xuid]}, keyword="none") == []
    settled = {name: view.history[-1].operation for name, view in views.items()}
    assert settled == {"hers": "timers", "theirs": "create", "nobody's": "create"}


def test_what_is_told_of_an_activity_is_as_it_is_now(xbl: XboxLive, busy: SessionView, stacy: User, ana: User) -> None:
    """The session's, not those of when the handle was made (HAND-11, HAND-14)."""
    assert write(xbl, stacy, busy.ref.path, {"properties": {"custom": {"map": "Rome"}}}) == 200
    body = {"type": "activity", "owners": {"xuids": [stacy.xuid]}}
    query = parse_activity_query(body, {"include": "relatedInfo", "take": "1"}, contract=107)
    (found,) = xbl._world.handles.activities(query, ana._caller)
    assert (found["customProperties"], found["relatedInfo"]["membersCount"]) == ({"map": "Rome"}, 2)


# Copies


def test_a_world_goes_back_to_a_copy_with_its_handles(xbl: XboxLive, one: SessionView, stacy: User, ana: User) -> None:
    """Handles, their indexes and their ids (HAND-1)."""
    world = xbl._world
    activity = make(world, "activity", one.ref, stacy)
    transfer = make(world, "transfer", one.ref, stacy, origin=one.ref)
    kept = world._state.copy()
    later = make(world, "invite", one.ref, stacy, invited=ana)
    world.handles.remove(transfer.id, stacy._caller)
    end(xbl, one)
    assert list(xbl.handles) == [later]
    world._state = kept.copy()
    assert list(xbl.handles) == [activity, transfer]
    assert stacy.activity is activity
    assert make(world, "invite", one.ref, stacy, invited=ana).id == later.id
    end(xbl, one)
    world._state = kept
    assert list(world._state.transfers[one.ref.key]) == [transfer.id]
    found: Session | None = world.handles.read(transfer.id, stacy._caller)[1]
    assert found is world.peek(one.ref)


def test_people_with_the_same_number_come_in_the_same_order_in_every_run(xbl: XboxLive) -> None:
    """A group is ordered by xuid as a number, and then as a text (HAND-16)."""
    ana = xbl.user("Ana")
    xuids = ["005", "5", "05", "0005"]
    for xuid in xuids:
        friend = xbl.user(f"friend {xuid}", xuid=xuid)
        xbl.follow(ana, friend)
        xbl.handles.create("activity", xbl.sessions.create("lobby", members=[friend]), owner=friend)
    people = {"moniker": "people", "monikerXuid": ana.xuid}
    query = parse_activity_query({"type": "activity", "owners": {"people": people}}, {}, contract=107)
    found = xbl._world.handles.activities(query, ana._caller)
    assert [activity["ownerXuid"] for activity in found] == sorted(xuids)


def test_a_name_that_a_client_took_is_not_given_again(xbl: XboxLive) -> None:
    """A session without a name gets the next name that is free (HAND-2)."""
    stacy = xbl.user("Stacy")
    first = XboxLive().sessions.create("lobby", members=[XboxLive().user("Stacy")]).ref
    xbl.sessions.create("lobby", name=first.name, members=[stacy])
    assert xbl.sessions.create("lobby", members=[stacy]).ref != first
    assert len(xbl.sessions) == 2
