"""`xbl.handles`, `user.activity` and `session.invite`: set up who is invited, and see who advertises what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pytest_xbl import Handle, SessionRef, SessionView, User, XblError, XboxLive

SCID = XboxLive.scid
LEAVE = {"members": {"me": None}}
MISSING = SessionRef(SCID, "lobby", "missing")


class Scene:
    """A lobby `one` with Stacy in it, who follows Ana; a game `two` with both in it."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.stacy, self.ana = xbl.users("Stacy", "Ana")
        self.lobby: SessionView = xbl.sessions.create("lobby", name="one", members=[self.stacy])
        self.game: SessionView = xbl.sessions.create("game", name="two", members=[self.stacy, self.ana])

    def activity(self, user: User | None = None, session: SessionView | None = None) -> Handle:
        """Somebody's activity: Stacy's in the lobby unless said otherwise."""
        return self.xbl.handles.create("activity", session or self.lobby, owner=user or self.stacy)


@pytest.fixture
def scene(xbl: XboxLive) -> Scene:
    """The sessions that most tests here are about."""
    return Scene(xbl)


def error_of(action: Callable[[], object]) -> str:
    """The text of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


def facts(handle: Handle) -> dict[str, Any]:
    """What a handle says of itself, but for its id and the session it points at."""
    return {name: value for name, value in vars(handle).items() if name not in {"id", "ref"}}


# Making handles


def test_an_activity_is_made_for_its_owner(scene: Scene) -> None:
    """It points at the session, and is the title's that its owner plays (HAND-2)."""
    handle = scene.activity()
    assert handle.ref == scene.lobby.ref
    assert facts(handle) == {
        "type": "activity",
        "created": scene.xbl.clock.now,
        "owner": scene.stacy.xuid,
        "title_id": scene.stacy.title_id,
        "incarnation": 1,
        "invited": None,
        "expires": None,
        "attributes": {},
        "ahead": False,
        "origin": None,
        "origin_incarnation": None,
    }


def test_an_invite_is_made_for_somebody(scene: Scene) -> None:
    """With what its sender says about it; it lasts for a day (HAND-3, HAND-18)."""
    attributes = {"titleId": "7", "context": "level 3"}
    handle = scene.xbl.handles.create(
        "invite", scene.lobby, owner=scene.stacy, invited=scene.ana, attributes=attributes
    )
    assert (handle.type, handle.owner, handle.invited) == ("invite", scene.stacy.xuid, scene.ana.xuid)
    assert handle.attributes == attributes
    assert handle.attributes is not attributes
    assert handle.expires == scene.xbl.clock.now + timedelta(days=1)


def test_a_transfer_leads_from_one_session_to_another(scene: Scene) -> None:
    """The members of the origin get into the target (HAND-4)."""
    handle = scene.xbl.handles.create("transfer", scene.game, owner=scene.stacy, origin=scene.lobby)
    assert (handle.type, handle.ref, handle.origin) == ("transfer", scene.game.ref, scene.lobby.ref)


def test_a_handle_is_made_by_a_service_too(scene: Scene) -> None:
    """One that acts for nobody leaves no owner (HAND-5)."""
    handle = scene.xbl.handles.create("invite", scene.lobby, owner=scene.xbl.service("party"), invited=scene.ana)
    assert (handle.owner, handle.title_id) == (None, None)
    shown = scene.xbl.client(scene.ana).get(handle.path).json
    assert shown is not None
    assert {"ownerXuid", "senderXuid", "titleId"}.isdisjoint(shown)


@pytest.mark.parametrize(
    "name", [lambda scene: scene.lobby, lambda scene: scene.lobby.ref, lambda scene: tuple(scene.lobby.ref)]
)
def test_a_session_is_named_by_view_reference_or_tuple(scene: Scene, name: Callable[[Scene], Any]) -> None:
    """They all name the same."""
    handle = scene.xbl.handles.create("invite", name(scene), owner=scene.stacy, invited=scene.ana)
    assert handle.ref == scene.lobby.ref


def test_a_handle_may_point_at_a_session_that_is_still_to_come(scene: Scene) -> None:
    """The session is made through it (HAND-1, HAND-19)."""
    handle = scene.xbl.handles.create("invite", MISSING, owner=scene.stacy, invited=scene.ana)
    assert MISSING not in scene.xbl.sessions
    active = {"members": {"me": {"properties": {"system": {"active": True}}}}}
    assert scene.xbl.client(scene.ana).put(f"{handle.path}/session", json=active).status_code == 201
    assert MISSING in scene.xbl.sessions


def test_an_invite_made_ahead_opens_what_its_sender_could_open(scene: Scene) -> None:
    """Nothing in a session that others have made; and that it did not help is said (HAND-17, HAND-19)."""
    invite = scene.xbl.handles.create("invite", MISSING, owner=scene.ana, invited=scene.ana)
    scene.xbl.sessions.create(
        "lobby", name="missing", members=[scene.stacy], properties={"system": {"joinRestriction": "local"}}
    )
    answer = scene.xbl.client(scene.ana).put(f"{invite.path}/session", json={})
    assert answer.status_code == 403
    assert answer.headers["X-Xbl-Refusal"].endswith(
        "The invite was made before its session, and opens nothing before its sender is in it."
    )


def test_an_id_that_a_client_took_is_not_given_again(scene: Scene) -> None:
    """The next handle gets the next id that is free (HAND-1)."""
    taken = "79d75812-dfc1-4124-a5bb-fcb401de2570"  # which the second handle of any world would get
    body = {"id": taken, "type": "invite", "sessionRef": MISSING.as_json(), "invitedXuid": scene.ana.xuid}
    assert scene.xbl.client(scene.stacy).post("/handles", json=body).status_code == 201
    made = scene.lobby.invite(scene.ana)
    assert [handle.id for handle in scene.xbl.handles] == [taken, made.id]


def test_handles_have_the_same_ids_in_every_run() -> None:
    """The first handle of a world is always the same, and the second another (HAND-1)."""
    first, second = (Scene(XboxLive()) for _ in range(2))
    ids = [[scene.activity().id, scene.activity(scene.ana, scene.game).id] for scene in (first, second)]
    assert ids[0] == ids[1] == ["2acbe039-c30d-4249-af8a-eb950e64fa4d", "79d75812-dfc1-4124-a5bb-fcb401de2570"]


REFUSED: dict[str, tuple[Callable[[Scene], object], str]] = {
    "another type": (
        lambda s: s.xbl.handles.create("party", s.lobby, owner=s.stacy),  # type: ignore[arg-type]
        'Expected one of "activity", "invite", "transfer", "search"; got "party".\nwhere: /type\nrule: HAND-1',
    ),
    "a search handle": (
        lambda s: s.xbl.handles.create("search", s.lobby, owner=s.stacy),  # type: ignore[arg-type]
        (
            "A search handle (type is search): the fake does not do this yet, so it refuses the request.\n"
            "where: /type\nrule: SRCH-1"
        ),
    ),
    "an activity where one is not": (
        lambda s: s.activity(s.ana),
        "Ana is no active member of that session, so it cannot be their activity.\nwhere: /sessionRef\nrule: HAND-2",
    ),
    "an activity of a service": (
        lambda s: s.xbl.handles.create("activity", s.lobby, owner=s.xbl.service("party")),
        "party is no active member of that session, so it cannot be their activity.\nwhere: /sessionRef\nrule: HAND-2",
    ),
    "an activity for somebody": (
        lambda s: s.xbl.handles.create("activity", s.lobby, owner=s.stacy, invited=s.ana),
        "The argument invited is for a handle of type invite, and not of type activity.",
    ),
    "an invite for nobody": (
        lambda s: s.xbl.handles.create("invite", s.lobby, owner=s.stacy),
        "A handle of type invite needs the argument invited.",
    ),
    "an invite by a stranger": (
        lambda s: s.xbl.handles.create("invite", s.lobby, owner=s.ana, invited=s.stacy),
        "Ana is no member of that session, so cannot let others in.\nwhere: /sessionRef\nrule: HAND-17",
    ),
    "a long context": (
        lambda s: s.lobby.invite(s.ana, attributes={"context": " " * 86}),
        (
            "Expected a string of at most 256 characters, URI-encoded; got "
            f'"{" " * 56}....\nwhere: /inviteAttributes/context\nrule: HAND-3'
        ),
    ),
    "another attribute": (
        lambda s: s.lobby.invite(s.ana, attributes={"title": "7"}),
        (
            'Expected no such field; known are titleId, context, contextString, senderString; got "7".\n'
            "where: /inviteAttributes/title\nrule: HAND-3"
        ),
    ),
    "attributes that JSON cannot say": (
        lambda s: s.lobby.invite(s.ana, attributes={"context": {1}}),
        "attributes holds what JSON cannot say: Object of type set is not JSON serializable.",
    ),
    "a transfer from nowhere": (
        lambda s: s.xbl.handles.create("transfer", s.lobby, owner=s.stacy),
        "A handle of type transfer needs the argument origin.",
    ),
    "a transfer into nothing": (
        lambda s: s.xbl.handles.create("transfer", MISSING, owner=s.stacy, origin=s.lobby),
        "The session that the transfer leads to does not exist.\nwhere: /sessionRef\nrule: HAND-4",
    ),
    "a template that is not there": (
        lambda s: s.xbl.handles.create("invite", (SCID, "lobbies", "one"), owner=s.stacy, invited=s.ana),
        f"There is no template lobbies in {SCID}; it has lobby, game, ticket, large.\nwhere: /sessionRef\nrule: TMPL-1",
    ),
    "an invite from an origin": (
        lambda s: s.xbl.handles.create("invite", s.lobby, owner=s.stacy, invited=s.ana, origin=s.game),
        "The argument origin is for a handle of type transfer, and not of type invite.",
    ),
    "a transfer from where nobody is": (
        lambda s: s.xbl.handles.create("transfer", s.game, owner=s.stacy, origin=MISSING),
        ("The session whose members the transfer lets in does not exist.\nwhere: /originSessionRef\nrule: HAND-17"),
    ),
    "an origin whose template is not there": (
        lambda s: s.xbl.handles.create("transfer", s.game, owner=s.stacy, origin=(SCID, "lobbies", "one")),
        (
            f"There is no template lobbies in {SCID}; it has lobby, game, ticket, large.\n"
            "where: /originSessionRef\nrule: TMPL-1"
        ),
    ),
    "an owner by name": (
        lambda s: s.xbl.handles.create("activity", s.lobby, owner="Stacy"),  # type: ignore[arg-type]
        "The owner of a handle is a user or a service of this world; 'Stacy' is none.",
    ),
    "somebody invited by name": (
        lambda s: s.lobby.invite("Ana"),  # type: ignore[arg-type]
        "Whom an invite is for is a user, as xbl.user makes them; 'Ana' is none.",
    ),
    "a session by name": (
        lambda s: s.xbl.handles.create("activity", "one", owner=s.stacy),  # type: ignore[arg-type]
        "A session is named by its reference; 'one' is none.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_handle_that_the_service_would_not_make_is_refused(scene: Scene, case: str) -> None:
    """The text names the place and the rule, and nothing is made (HAND-1, HAND-2, HAND-3, HAND-4, HAND-17)."""
    action, text = REFUSED[case]
    assert error_of(lambda: action(scene)) == text
    assert list(scene.xbl.handles) == []
    assert scene.activity().id == "2acbe039-c30d-4249-af8a-eb950e64fa4d"


# Inviting


def test_an_invite_comes_from_the_first_active_member(xbl: XboxLive) -> None:
    """Somebody has to have sent it (HAND-3)."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    lobby = xbl.sessions.create("lobby", members={stacy: "reserved", ana: "active"})
    assert lobby.invite(zoe).owner == ana.xuid


def test_an_invite_comes_from_whom_the_test_names(scene: Scene) -> None:
    """Any member can have sent it (HAND-17)."""
    assert scene.game.invite(scene.stacy, sender=scene.ana).owner == scene.ana.xuid


def test_an_invite_needs_somebody_to_send_it(xbl: XboxLive) -> None:
    """An active member whom the test knows, or a sender whom it names."""
    stacy, ana = xbl.users("Stacy", "Ana")
    lobby = xbl.sessions.create("lobby", name="one", members={stacy: "ready"})
    assert error_of(lambda: lobby.invite(ana)) == (
        f"Nobody is active in {SCID}~lobby~one who could send the invite; name a sender."
    )


@pytest.mark.parametrize("sender", ["Stacy", None])
def test_an_invite_is_to_a_session_that_is_there(scene: Scene, sender: str | None) -> None:
    """One to a session that is still to come is made by `xbl.handles.create` (HAND-1)."""
    scene.xbl.client(scene.stacy).put(scene.lobby.ref.path, json=LEAVE)
    assert error_of(lambda: scene.lobby.invite(scene.ana, sender=scene.stacy if sender else None)) == (
        f"The session {SCID}~lobby~one is gone: it was deleted at 2026-01-01 12:00:00+00:00 by Stacy."
    )


# Looking at handles


def test_handles_are_listed_in_the_order_in_which_they_were_made(scene: Scene) -> None:
    """Activities, invites and transfers alike."""
    made = [scene.activity(), scene.lobby.invite(scene.ana), scene.activity(scene.ana, scene.game)]
    assert list(scene.xbl.handles) == made
    assert len(scene.xbl.handles) == 3


def test_a_handle_is_found_by_its_id(scene: Scene) -> None:
    """In whatever case (HAND-1)."""
    handle = scene.activity()
    assert scene.xbl.handles[handle.id] is handle
    assert scene.xbl.handles[handle.id.upper()] is handle


def test_a_handle_that_is_not_there_is_said_to_be_missing(scene: Scene) -> None:
    """With those that there are."""
    assert error_of(lambda: scene.xbl.handles["x"]) == "There is no handle 'x'; there are: none."
    handle = scene.activity()
    assert error_of(lambda: scene.xbl.handles["x"]) == (
        f"There is no handle 'x'; there are: <activity {handle.id} to {SCID}~lobby~one>."
    )


def test_a_world_knows_whether_it_has_a_handle(scene: Scene) -> None:
    """By the handle itself or its id; anything else is in no world."""
    handle = scene.activity()
    assert handle in scene.xbl.handles
    assert handle.id in scene.xbl.handles
    assert "x" not in scene.xbl.handles
    assert 7 not in scene.xbl.handles
    scene.activity(session=scene.game)
    assert handle not in scene.xbl.handles


def test_an_invite_is_listed_until_it_expires(scene: Scene) -> None:
    """A day after it was made it is as if there were none (HAND-18)."""
    handle = scene.lobby.invite(scene.ana)
    scene.xbl.clock.advance(hours=23)
    assert handle in scene.xbl.handles
    scene.xbl.clock.advance(hours=1)
    assert list(scene.xbl.handles) == []


def test_a_transfer_is_listed_as_long_as_its_target_is_there(xbl: XboxLive) -> None:
    """Also when only the time has taken the target, and no access has found that out (HAND-4, TIME-4)."""
    xbl.templates.add("quick", {"constants": {"system": {"reservedRemovalTimeout": 1000}}})
    stacy = xbl.user("Stacy")
    lobby = xbl.sessions.create("lobby", members=[stacy])
    target = xbl.sessions.create("quick", members={xbl.user("Ana"): "reserved"})
    handle = xbl.handles.create("transfer", target, owner=xbl.service("party"), origin=lobby)
    assert handle in xbl.handles
    xbl.clock.advance(seconds=1)
    assert handle not in xbl.handles


def test_a_user_has_the_invites_that_are_for_them(scene: Scene) -> None:
    """Those of others, activities, and invites that have expired are not among them (HAND-3, HAND-18)."""
    first = scene.lobby.invite(scene.ana)
    scene.activity()
    scene.game.invite(scene.stacy)
    scene.xbl.clock.advance(hours=12)
    second = scene.game.invite(scene.ana)
    assert scene.ana.invites == [first, second]
    scene.xbl.clock.advance(hours=12)
    assert scene.ana.invites == [second]


# Activities


def test_a_user_without_an_activity_has_none(scene: Scene) -> None:
    """Nobody begins with one (HAND-2)."""
    assert scene.stacy.activity is None


def test_a_user_has_the_activity_that_was_set_last(scene: Scene) -> None:
    """One for each title (HAND-2)."""
    first = scene.activity()
    assert scene.stacy.activity is first
    second = scene.activity(session=scene.game)
    assert scene.stacy.activity is second
    assert list(scene.xbl.handles) == [second]


def test_an_activity_belongs_to_the_title_that_its_owner_plays(xbl: XboxLive) -> None:
    """The same person in another title has another activity (HAND-2)."""
    stacy = xbl.user("Stacy", title_id="7")
    lobby = xbl.sessions.create("lobby", members=[stacy])
    handle = xbl.handles.create("activity", lobby, owner=stacy)
    assert xbl._world.handles.activity(stacy.xuid, "7") is handle
    assert xbl._world.handles.activity(stacy.xuid, "8") is None


def test_an_activity_ends_when_its_owner_leaves(scene: Scene) -> None:
    """And that of somebody else in the same session does not (HAND-9)."""
    scene.activity(session=scene.game)
    other = scene.activity(scene.ana, scene.game)
    scene.xbl.client(scene.stacy).put(scene.game.ref.path, json=LEAVE)
    assert (scene.stacy.activity, scene.ana.activity) == (None, other)


def test_an_id_is_free_again_when_its_handle_is_over(scene: Scene) -> None:
    """An invite of yesterday is as if there were none, and one of today is not (HAND-1, HAND-18)."""
    body = {
        "id": "11111111-ebe0-42da-885f-033860a818f6",
        "type": "invite",
        "sessionRef": {"scid": SCID, "templateName": "lobby", "name": "one"},
        "invitedXuid": scene.ana.xuid,
    }
    client = scene.xbl.client(scene.stacy)
    assert [client.post("/handles", json=body).status_code for _ in range(2)] == [201, 409]
    scene.xbl.clock.advance(days=1)
    other = scene.lobby.invite(scene.ana)
    assert client.post("/handles", json=body).status_code == 201
    assert [handle.id for handle in scene.xbl.handles] == [other.id, body["id"]]
