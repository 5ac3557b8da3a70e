"""`xbl.handles` and `user.activity`: who is invited, and who advertises which session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bodies import SCID
from errors import error_of
from people import person
from pytest_xbl import Handle, SessionView, User, XboxLive
from tables import cases


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


# Searching


@pytest.fixture
def games(xbl: XboxLive) -> list[Handle]:
    """Two games to be searched for, the second one private, and their search handles."""
    stacy, ana = xbl.users("Stacy", "Ana")
    system = {"visibility": "private", "capabilities": {"searchable": True}}
    xbl.templates.add("hidden", {"constants": {"system": system}})
    made = []
    for template, owner, level in (("browse", stacy, 2), ("hidden", ana, 1)):
        session = xbl.sessions.create(template, members=[owner])
        attributes = {"tags": ["Fun"], "numbers": {"level": level}}
        made.append(xbl.handles.create("search", session, owner=owner, attributes=attributes))
        xbl.clock.advance(seconds=1)
    return made


def test_a_test_asks_what_a_query_would_find(xbl: XboxLive, games: list[Handle]) -> None:
    """As a service, which finds private ones, or as a player; no session is touched (SRCH-3, SRCH-7, SRCH-10)."""
    first, second = games
    zoe, server = xbl.user("Zoe"), xbl.service("server")
    versions = [len(session.history) for session in xbl.sessions]
    assert xbl.handles.search() == xbl.handles.search(caller=server) == [first, second]
    assert xbl.handles.search("tags/any(d:d eq 'fun')", caller=zoe) == [first]
    assert xbl.handles.search(order_by="Numbers/level asc", template="browse", scid=xbl.scid) == [first]
    assert xbl.handles.search("numbers/level lt 2") == [second]
    assert [len(session.history) for session in xbl.sessions] == versions


def test_a_test_finds_what_is_scheduled(xbl: XboxLive, games: list[Handle]) -> None:
    """Other than a query that does not ask for it (SRCH-8)."""
    first, _ = games
    later = {"properties": {"system": {"scheduledTime": "2027-01-01T12:00:00Z"}}}
    stacy = xbl.client(person(xbl, "Stacy"))
    assert stacy.put(first.ref.path, json=later).status_code == 200
    assert stacy.post("/handles/query", json={"type": "search"}).get_json() == {"results": []}
    assert first in xbl.handles.search()


def test_a_filter_is_explained(xbl: XboxLive, games: list[Handle]) -> None:
    """Each clause with the value that it has, also of a handle that no search finds (SRCH-4)."""
    asked = "tags/any(d:d eq 'fun') and session/membersCount gt 3 or numbers/level eq 2 and strings/map ne 'x'"
    explained = xbl.handles.explain(games[0], asked)
    assert (
        str(explained)
        == repr(explained)
        == (
            "tags/any(d:d eq 'fun'): [\"fun\"], so true\n"
            "session/membersCount gt 3: 1, so false\n"
            "or\n"
            "numbers/level eq 2: 2, so true\n"
            "strings/map ne 'x': null, so true"
        )
    )
    assert (bool(explained), [clause.holds for clause in explained]) == (True, [True, False, True, True])
    assert not xbl.handles.explain(games[1].id, asked)
    assert xbl.handles.explain(games[0], "") == []


@cases(
    "call where what rule",
    {
        "a filter": (lambda it: it.search("numbers/a"), "filter", "Expected one of eq, ne", "SRCH-4"),
        "an order": (
            lambda it: it.search(order_by="x"),
            "order_by",
            "orderBy is Timestamp, Numbers/x or suggestedLfg, with asc or desc behind it.",
            "SRCH-7",
        ),
        "a filter to explain": (lambda it: it.explain(next(iter(it)), "("), "filter", "Expected a path", "SRCH-4"),
    },
)
def test_what_the_service_refuses_is_an_error(
    xbl: XboxLive, games: list[Handle], call: Callable[[Any], object], where: str, what: str, rule: str
) -> None:
    """With the argument (SRCH-4, SRCH-7)."""
    text = error_of(lambda: call(xbl.handles))
    assert what in text
    assert f"where: {where}\nrule: {rule}" in text
    assert len(games) == 2


def test_an_unknown_template_is_an_error(xbl: XboxLive) -> None:
    """As everywhere (TMPL-1)."""
    text = error_of(lambda: xbl.handles.search(template="none", scid=xbl.scid))
    assert "where: template\nrule: TMPL-1" in text


def test_only_search_handles_are_explained(xbl: XboxLive) -> None:
    """Another one is found by no filter (SRCH-3)."""
    stacy = xbl.user("Stacy")
    activity = xbl.handles.create("activity", xbl.sessions.create("lobby", members=[stacy]), owner=stacy)
    text = error_of(lambda: xbl.handles.explain(activity, ""))
    assert text == f"Only a search handle is found by a filter; {activity!r} is none.\nwhere: handle\nrule: SRCH-3"
