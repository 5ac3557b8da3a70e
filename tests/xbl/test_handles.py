"""`xbl.handles` and `user.activity`: who is invited, and who advertises which session."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bodies import SCID
from errors import error_of
from pytest_xbl import Handle, SessionView, User, XboxLive


class Scene:
    """A lobby `one` with Stacy in it; a game `two` with Stacy and Ana in it."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.stacy, self.ana = xbl.users("Stacy", "Ana")
        self.lobby: SessionView = xbl.sessions.create("lobby", name="one", members=[self.stacy])
        self.game: SessionView = xbl.sessions.create("game", name="two", members=[self.stacy, self.ana])

    def activity(self, user: User | None = None, session: SessionView | None = None) -> Handle:
        """An activity, Stacy's in the lobby by default."""
        return self.xbl.handles.create("activity", session or self.lobby, owner=user or self.stacy)


@pytest.fixture
def scene(xbl: XboxLive) -> Scene:
    """The sessions that most tests here are about."""
    return Scene(xbl)


# Making handles


def test_an_activity_is_made_for_its_owner(scene: Scene) -> None:
    """It points at the session, and is the title's that its owner plays (HAND-2)."""
    made, stacy = scene.activity(), scene.stacy
    assert (made.type, made.ref, made.created) == ("activity", scene.lobby.ref, scene.xbl.clock.now)
    assert (made.owner, made.title_id, made.attributes) == (stacy.xuid, stacy.title_id, {})
    guest = scene.xbl.user("Gus", title_id="7")
    lobby = scene.xbl.sessions.create("lobby", members=[guest])
    assert (guest.activity, scene.activity(guest, lobby), stacy.activity) == (None, guest.activity, made)


def test_an_invite_keeps_a_copy_of_its_attributes(scene: Scene) -> None:
    """It lasts for a day, and its sender may be a service that acts for nobody (HAND-3, HAND-5, HAND-18)."""
    attributes = {"titleId": "7", "context": "level 3"}
    server = scene.xbl.service("party")
    handle = scene.xbl.handles.create("invite", scene.lobby, owner=server, invited=scene.ana, attributes=attributes)
    attributes["titleId"] = "8"
    assert (handle.owner, handle.title_id, handle.invited) == (None, None, scene.ana.xuid)
    assert handle.attributes == {"titleId": "7", "context": "level 3"}
    assert handle.expires == scene.xbl.clock.now + timedelta(days=1)


# Looking at handles


def test_handles_are_listed_and_found_by_id(scene: Scene) -> None:
    """In the order in which they were made; an id has no case (HAND-1)."""
    made = [scene.activity(), scene.lobby.invite(scene.ana), scene.activity(scene.ana, scene.game)]
    handles = scene.xbl.handles
    assert (list(handles), len(handles)) == (made, 3)
    assert handles[made[0].id] is handles[made[0].id.upper()] is made[0]
    scene.activity(session=scene.game)
    assert [it in handles for it in (made[0], made[0].id, made[1], made[1].id)] == [False, False, True, True]


def test_a_handle_that_is_not_there_is_said_to_be_missing(scene: Scene) -> None:
    """With those that there are."""
    text = "There is no handle 'x'; there are: {}.\nrule: HAND-7"
    assert error_of(lambda: scene.xbl.handles["x"]) == text.format("none")
    there_is = repr(scene.activity())
    assert there_is == f"<activity 2acbe039-c30d-4249-af8a-eb950e64fa4d to {SCID}~lobby~one>"
    assert error_of(lambda: scene.xbl.handles["x"]) == text.format(there_is)


def test_a_user_has_the_invites_that_are_for_them(scene: Scene) -> None:
    """Those of others, activities, and invites that have expired are not among them (HAND-3, HAND-18)."""
    first = scene.lobby.invite(scene.ana)
    scene.activity()
    scene.game.invite(scene.stacy)
    scene.xbl.clock.advance(hours=12)
    second = scene.game.invite(scene.ana)
    assert scene.ana.invites == [first, second]
    scene.xbl.clock.advance(hours=12)
    assert (scene.ana.invites, first in scene.xbl.handles) == ([second], False)
