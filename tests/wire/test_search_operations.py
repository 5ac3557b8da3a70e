"""Search handles over HTTP: how they are made, found, joined through and deleted (SRCH)."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import ACTIVE, LEAVE, SCID, Body, as_json, results, session_path
from errors import refusal_text
from pytest_xbl import User, XboxLive
from pytest_xbl.xbl.client import CallerClient
from tables import cases

LFG = "global(lfg)"
HAS_ONE = "The session has the search handle {}; it can have another once that is deleted."
INCLUDE = "?include=activityInfo,relatedInfo,roleInfo"
ROLES: Body = {"lfg": {"ownerManaged": True, "roles": {"confirmed": {"target": 3, "max": 15}}}}
POST: Body = {
    # The body with which public tools create a post that looks for a group.
    "properties": {
        "system": {
            "joinRestriction": "followed",
            "readRestriction": "followed",
            "description": {"text": "Beginners welcome", "locale": "en"},
            "searchHandleVisibility": "xboxlive",
        }
    },
    "members": {"me": {"constants": {"system": {"initialize": True, "xuid": "2535400000000001"}}}},
    "roleTypes": ROLES,
}


class Board:
    """People who look for a group, and the posts that they make."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.stacy, self.ana, self.ben = xbl.users("Stacy", "Ana", "Ben")

    def client(self, user: User) -> CallerClient:
        """The client of somebody."""
        return self.xbl.client(user)

    def post(self, user: User, name: str, *, template: str = LFG, body: Body = POST, **attributes: Any) -> str:
        """Make a session and a search handle to it, as a public tool does; return the path of the handle."""
        client = self.client(user)
        made = client.put(session_path(name, template), json=body)
        assert made.status_code == 201, made.text
        ref = {"scid": SCID, "templateName": template, "name": name}
        asked = {"version": 1, "type": "search", "sessionRef": ref, "searchAttributes": attributes}
        handle = client.post(f"/handles{INCLUDE}", json=asked)
        assert handle.status_code == 201, handle.text
        return str(handle.headers["Location"])

    def search(self, filter_: str = "", *, user: User | None = None, include: str = "", **fields: Any) -> list[Body]:
        """The results of a query."""
        body = {"type": "search", "filter": filter_, **fields}
        return results(self.client(user or self.ben).post(f"/handles/query{include}", json=body))

    def found(self, filter_: str = "", **fields: Any) -> list[str]:
        """The names of the sessions that a query finds."""
        return [it["sessionRef"]["name"] for it in self.search(filter_, **fields)]


@pytest.fixture
def board(xbl: XboxLive) -> Board:
    """People without posts."""
    return Board(xbl)


# Making


def test_a_search_handle_is_answered_with_what_is_included(board: Board) -> None:
    """The handle, and its session as queries show it (SRCH-1, SRCH-3, HAND-5)."""
    board.client(board.stacy).put(session_path("one", LFG), json=POST)
    ref = {"scid": SCID, "templateName": LFG, "name": "one"}
    attributes = {"tags": ["micRequired"], "achievementIds": [], "locale": "en"}
    asked = {"type": "search", "sessionRef": ref, "searchAttributes": attributes}
    made = board.client(board.stacy).post(f"/handles{INCLUDE}", json=asked)
    handle = as_json(made)
    assert (made.status_code, made.headers["Location"]) == (201, f"/handles/{handle['id']}")
    confirmed = {"count": 0, "target": 3, "max": 15}
    assert handle == {
        "id": handle["id"],
        "type": "search",
        "version": 1,
        "sessionRef": ref,
        "titleId": board.stacy.title_id,
        "ownerXuid": board.stacy.xuid,
        "createTime": "2026-01-01T12:00:00.0000000Z",
        "gameTypes": {"era": {"titleId": board.stacy.title_id}},
        "searchAttributes": attributes,
        "relatedInfo": {
            "visibility": "open",
            "joinRestriction": "followed",
            "closed": False,
            "maxMembersCount": 100,
            "membersCount": 1,
            "postedTime": "2026-01-01T12:00:00.0000000Z",
            "description": POST["properties"]["system"]["description"],
            "searchHandleVisibility": "xboxlive",
            "sessionOwners": [board.stacy.xuid],
        },
        "roleInfo": {"roleTypes": {"lfg": {"ownerManaged": True, "roles": {"confirmed": confirmed}}}},
    }
    assert board.xbl.app.journal[-1].notes == (
        'include="activityInfo" adds nothing here; relatedInfo and roleInfo and customProperties do (HAND-11).',
    )
    read = as_json(board.client(board.stacy).get(made.headers["Location"]))
    assert read == {name: value for name, value in handle.items() if not name.endswith("Info")}


def test_making_and_deleting_one_is_a_write_of_the_session(board: Board) -> None:
    """The document names it, so the change number rises; then another may be made (SRCH-1, SRCH-6, HAND-20)."""
    path = board.post(board.stacy, "one")
    session = board.xbl.sessions["one"]
    assert (session.document["searchHandle"], session.document["changeNumber"]) == (path.removeprefix("/handles/"), 2)
    assert str(session.history).endswith("post-handle by Stacy: a search handle made")
    assert board.client(board.stacy).delete(path).status_code == 204
    assert ("searchHandle" in session.document, session.document["changeNumber"]) == (False, 3)
    assert (board.client(board.stacy).get(path).status_code, board.found()) == (404, [])
    ref = {"scid": SCID, "templateName": LFG, "name": "one"}
    again = board.client(board.stacy).post("/handles", json={"type": "search", "sessionRef": ref})
    assert (again.status_code, "searchAttributes" in as_json(again)) == (201, False)


@cases(
    "template who status what",
    {
        "it has one": (LFG, "stacy", 409, HAS_ONE),
        "no member": (LFG, "ana", 403, "Ana is no member of that session, so cannot let others in."),
        "not searchable": (
            "lobby",
            "stacy",
            409,
            "A search handle points at a session with the capability searchable, and this one does not have it.",
        ),
        "no session": ("browse", "stacy", 403, "There is no session that the search handle could point at."),
    },
)
def test_a_session_has_one_search_handle(board: Board, template: str, who: str, status: int, what: str) -> None:
    """If it can be searched for; a member makes it (SRCH-6)."""
    path = board.post(board.stacy, "one")
    if template == "lobby":
        board.client(board.stacy).put(session_path("one", "lobby"), json=ACTIVE)
    ref = {"scid": SCID, "templateName": template, "name": "one"}
    refused = board.client(getattr(board, who)).post("/handles", json={"type": "search", "sessionRef": ref})
    expected = refusal_text(what.format(path.removeprefix("/handles/")), "/sessionRef", "SRCH-6")
    assert (refused.status_code, refused.text) == (status, expected)


def test_a_service_makes_one_and_deletes_it(board: Board) -> None:
    """As any handle (SRCH-6, HAND-8); nobody else deletes it."""
    server = board.xbl.client(board.xbl.service("server"))
    board.client(board.stacy).put(session_path("one", LFG), json=POST)
    ref = {"scid": SCID, "templateName": LFG, "name": "one"}
    path = server.post("/handles", json={"type": "search", "sessionRef": ref}).headers["Location"]
    assert board.client(board.stacy).delete(path).status_code == 403
    assert server.delete(path).status_code == 204


def test_it_goes_with_its_session(board: Board) -> None:
    """When the last owner leaves, the post is gone, and so is its handle (SRCH-6, OWN-3)."""
    path = board.post(board.stacy, "one", tags=["fun"])
    assert board.client(board.stacy).delete(f"{session_path('one', LFG)}/members/me").status_code == 204
    assert (board.client(board.stacy).get(path).status_code, board.found("tags/any(d:d eq 'fun')")) == (404, [])
    assert len(board.xbl.handles) == 0


# Finding


def test_public_tools_find_what_public_tools_post(board: Board) -> None:
    """The queries of the Xbox app and of public scripts, as they send them (SRCH-3, SRCH-4, SRCH-7)."""
    board.post(board.stacy, "one", tags=["micrequired", "textchatrequired"], achievementIds=[], locale="en")
    app = {
        "communicatePermissionRequired": True,
        "includeScheduled": True,
        "sessionOwners": board.stacy.xuid,
        "followed": False,
        "orderBy": "suggestedLfg desc",
    }
    either = (
        "tolower(session/templateName) eq 'global(lfg)' or (tolower(session/templateName) eq 'teamlfg' and "
        "tolower(session/scid) eq '7492baca-c1b4-440d-a391-b7ef364a8d40')"
    )
    assert board.found(either, **app) == ["one"]
    scripts = "session/titleId eq 1719000001 and session/roles/lfg/confirmed/needs ge 1"
    assert board.found(scripts, templateName=LFG, orderBy="suggestedLfg desc", includeScheduled=True) == ["one"]
    assert board.found("session/roles/lfg/confirmed/needs gt 0", scid=SCID, templateName=LFG, followed=False) == ["one"]
    xsapi = {"scid": SCID, "templateName": LFG, "global": True, "orderBy": "Timestamp asc"}
    assert board.found(f"MemberXuids/any(d:d eq '{board.stacy.xuid}')", **xsapi) == ["one"]
    [result] = board.search(scripts, include=INCLUDE)
    assert result["relatedInfo"]["description"]["text"] == "Beginners welcome"


def test_results_show_the_session_as_it_is_now(board: Board) -> None:
    """A handle never changes; what a query shows of its session does (SRCH-3, HAND-1)."""
    path = board.post(board.stacy, "one", numbers={"level": 5})
    owner = board.client(board.stacy)
    board.client(board.ana).put(f"{path}/session", json=ACTIVE)
    owner.put(session_path("one", LFG), json={"members": {"1": {"roles": {"lfg": "confirmed"}}}})
    system = {"keywords": ["fun"], "closed": True, "scheduledTime": "2025-01-01T00:00:00Z"}
    owner.put(session_path("one", LFG), json={"properties": {"system": system, "custom": {"map": "dunes"}}})
    include = "?include=relatedInfo,roleInfo,customProperties"
    [result] = board.search("session/membersCount eq 2 and numbers/level eq 5", include=include)
    info = result["relatedInfo"]
    assert (info["membersCount"], info["closed"], info["keywords"], info["scheduledTime"]) == (
        2,
        True,
        ["fun"],
        "2025-01-01T00:00:00Z",
    )
    confirmed = result["roleInfo"]["roleTypes"]["lfg"]["roles"]["confirmed"]
    assert (confirmed["count"], confirmed["memberXuids"]) == (1, [board.ana.xuid])
    assert result["customProperties"] == {"map": "dunes"}
    assert board.found("session/membersCount eq 1") == []


def test_results_come_in_the_order_that_is_asked_for(board: Board) -> None:
    """Those without the number last, equal ones as they were made; the first hundred (SRCH-7, SRCH-3)."""
    for name, attributes in {"a": {"x": 2}, "b": {}, "c": {"x": 1}, "d": {"x": 2.0}}.items():
        board.post(board.stacy, name, numbers=attributes)
        board.xbl.clock.advance(seconds=1)
    assert board.found() == board.found(orderBy="timestamp ASC") == ["a", "b", "c", "d"]
    assert board.found(orderBy="Timestamp desc") == ["d", "c", "b", "a"]
    assert board.found(orderBy="Numbers/X asc") == ["c", "a", "d", "b"]
    assert board.found(orderBy="numbers/x desc") == ["a", "d", "c", "b"]
    body = {"type": "search", "filter": "numbers/x ne 7"}
    taken = results(board.client(board.ben).post("/handles/query?take=2", json=body))
    assert [it["sessionRef"]["name"] for it in taken] == ["a", "b"]


def test_an_index_finds_what_a_look_at_all_finds(board: Board) -> None:
    """Through tags, strings and numbers, on both sides of an or, each handle once (SRCH-4)."""
    board.post(board.stacy, "a", tags=["Fun", "new"], strings={"Map": "Dunes"}, numbers={"x": 1})
    board.post(board.stacy, "b", tags=["fun"], numbers={"x": 2})
    board.post(board.stacy, "c", strings={"map": "dunes"})
    assert board.found("tags/any(d:tolower(d) eq 'fun') or tolower(strings/map) eq 'dunes'") == ["a", "b", "c"]
    assert board.found("tags/any(d:d eq 'fun') and numbers/x eq 1") == ["a"]
    assert board.found("tags/any(d:d eq 'fun') or numbers/x ne 1") == ["a", "b", "c"]
    assert board.found("tags/any(d:d eq 'Fun')") == []
    assert board.xbl.app.journal[-1].notes == (
        "The filter compares with capitals in \"tags/any(d:d eq 'Fun')\", which is true of no handle (SRCH-2).",
    )


def test_people_decide_what_is_found(board: Board) -> None:
    """Members, owners, those whom the caller follows, and blocks (SRCH-8)."""
    xbl, stacy, ana, ben = board.xbl, board.stacy, board.ana, board.ben
    board.post(stacy, "s")
    board.post(ana, "a")
    xbl.follow(ben, ana)
    group = {"people": {"moniker": "People", "monikerXuid": ben.xuid}}
    favorites = {"people": {"moniker": "favorites", "monikerXuid": ben.xuid}}
    assert board.found(sessionMembers=group) == board.found(sessionOwners=group) == board.found(followed=True) == ["a"]
    assert board.found(sessionMembers=favorites) == []
    assert board.found(sessionMembers={"xuids": [stacy.xuid, "7"]}) == board.found(sessionOwners=stacy.xuid) == ["s"]
    assert board.found(followed=True, user=stacy) == []
    xbl.block(ana, ben)
    assert board.found(communicatePermissionRequired=True) == ["s"]
    xbl.block(ben, stacy)
    assert (board.found(communicatePermissionRequired=True), board.found()) == ([], ["s", "a"])


def test_of_a_session_without_owners_whoever_made_the_handle_counts(board: Board) -> None:
    """None, if a service did (SRCH-8)."""
    board.xbl.templates.add("open", {"constants": {"system": {"capabilities": {"searchable": True}}}})
    board.post(board.stacy, "one", template="open", body=ACTIVE)
    board.client(board.ana).put(session_path("two", "open"), json=ACTIVE)
    ref = {"scid": SCID, "templateName": "open", "name": "two"}
    board.xbl.client(board.xbl.service("server")).post("/handles", json={"type": "search", "sessionRef": ref})
    assert board.found(sessionOwners=board.stacy.xuid) == ["one"]
    assert board.found(sessionOwners={"xuids": [board.ana.xuid]}) == []
    info = board.search(include="?include=relatedInfo")[0]["relatedInfo"]
    assert info.keys().isdisjoint({"sessionOwners", "keywords"})


def test_what_is_scheduled_is_found_when_it_is_asked_for_or_has_begun(board: Board) -> None:
    """Until then only with includeScheduled (SRCH-8)."""
    body = {**POST, "properties": {"system": {"scheduledTime": "2026-01-01T13:00:00Z"}}}
    board.post(board.stacy, "later", body=body)
    assert (board.found(), board.found(includeScheduled=True)) == ([], ["later"])
    board.xbl.clock.advance(hours=1)
    assert board.found() == ["later"]


def test_private_sessions_are_found_by_their_members_only(board: Board) -> None:
    """And by services (SRCH-10); the filters of the query string hold, too (SRCH-3, HAND-12)."""
    body = {"constants": {"system": {"visibility": "private"}}, **ACTIVE}
    board.xbl.templates.add("hidden", {"constants": {"system": {"capabilities": {"searchable": True}}}})
    path = board.post(board.stacy, "one", template="hidden", body=body)
    assert board.client(board.ben).get(path).status_code == 404
    query = {"type": "search"}
    mine = f"/handles/query?private=true&xuid={board.stacy.xuid}"
    assert len(results(board.client(board.stacy).post(mine, json=query))) == 1
    assert board.found(user=board.stacy) == []
    server = board.xbl.client(board.xbl.service("server"))
    assert len(results(server.post("/handles/query?private=true", json=query))) == 1
    assert board.client(board.ben).post("/handles/query?private=true", json=query).status_code == 403
    visible = board.post(board.ana, "two")
    assert visible
    assert len(results(board.client(board.ben).post(f"/handles/query?xuid={board.stacy.xuid}", json=query))) == 0


def test_a_search_settles_the_sessions_behind_fitting_handles(board: Board) -> None:
    """Those that the attributes leave out are not touched (SRCH-10, TIME-1)."""
    system = {"inactiveRemovalTimeout": 1000, "capabilities": {"searchable": True}}
    board.xbl.templates.add("brief", {"constants": {"system": system}})
    for name in ("a", "b"):
        board.post(board.stacy, name, template="brief", body=ACTIVE, tags=[name])
        board.client(board.ana).put(session_path(name, "brief"), json={})
    board.xbl.clock.advance(seconds=2)
    assert board.found("tags/any(d:d eq 'a') and session/membersCount eq 1") == ["a"]
    assert [len(board.xbl.sessions[name].history) for name in ("a", "b")] == [4, 3]
    assert board.xbl.app.journal[-1].effects


def test_a_session_may_end_while_it_is_searched_for(board: Board) -> None:
    """Then nobody finds it, and its handle is gone (SRCH-10, SRCH-6, TIME-4)."""
    system = {"inactiveRemovalTimeout": 1000, "capabilities": {"searchable": True}}
    board.xbl.templates.add("brief", {"constants": {"system": system}})
    path = board.post(board.stacy, "one", template="brief", body={})
    board.xbl.clock.advance(seconds=1)
    assert (board.xbl.handles.search(), len(board.xbl.handles)) == ([], 0)
    assert board.found() == []
    assert board.client(board.stacy).get(path).status_code == 404


def test_a_session_that_has_ended_hides_no_other(board: Board) -> None:
    """Though its handle was made first (SRCH-10)."""
    system = {"inactiveRemovalTimeout": 1000, "capabilities": {"searchable": True}}
    board.xbl.templates.add("brief", {"constants": {"system": system}})
    board.post(board.stacy, "one", template="brief", body={})
    board.xbl.clock.advance(seconds=1)
    board.post(board.ana, "two")
    assert board.found() == ["two"]


def test_a_search_asks_for_presence(board: Board) -> None:
    """As any access: whoever is not in the title becomes inactive (SRCH-10, TIME-7)."""
    board.post(board.stacy, "one", template="browse", body=ACTIVE)
    board.xbl.set_presence(board.ana, present=False)
    assert board.found("session/membersCount eq 1") == ["one"]
    board.xbl.set_presence(board.stacy, present=False)
    board.found("session/membersCount eq 1")
    assert "Stacy became inactive" in str(board.xbl.sessions["one"].history)


@cases(
    "fields where",
    {
        "a service configuration": ({"scid": "7492baca-c1b4-440d-a391-b7ef364a8d40"}, "/scid"),
        "a template": ({"scid": SCID, "templateName": "none"}, "/templateName"),
    },
)
def test_an_unknown_place_is_not_found(board: Board, fields: Body, where: str) -> None:
    """404, as in other queries; a template alone may be that of any service configuration (TMPL-1, SRCH-3)."""
    refused = board.client(board.ben).post("/handles/query", json={"type": "search", **fields})
    assert (refused.status_code, f"where: {where}\n" in refused.text) == (404, True)
    assert (board.found(scid=SCID), board.found(templateName="none")) == ([], [])


# Joining


def test_one_joins_through_the_handle(board: Board) -> None:
    """A stranger reads and joins in spite of the restrictions, and not by the session's own URI (SRCH-5, JOIN-6)."""
    path = board.post(board.stacy, "one", template="browse", body=ACTIVE)
    stranger = board.client(board.ben)
    direct = session_path("one", "browse")
    assert [stranger.get(uri).status_code for uri in (direct, f"{path}/session")] == [403, 200]
    assert [stranger.put(uri, json=ACTIVE).status_code for uri in (direct, f"{path}/session")] == [403, 200]
    assert stranger.put(f"{path}/session", json=LEAVE).status_code == 200


def test_a_closed_session_is_not_opened(board: Board) -> None:
    """Nor a full one, nor to whom an owner has blocked (SRCH-5, OWN-4)."""
    path = board.post(board.stacy, "one", template="browse", body=ACTIVE)
    board.xbl.block(board.stacy, board.ana)
    blocked = board.client(board.ana).put(f"{path}/session", json=ACTIVE)
    assert (blocked.status_code, blocked.headers["X-Xbl-Refusal"][:5]) == (403, "OWN-4")
    board.client(board.stacy).put(session_path("one", "browse"), json={"properties": {"system": {"closed": True}}})
    closed = board.client(board.ben).put(f"{path}/session", json=ACTIVE)
    assert (closed.status_code, closed.headers["X-Xbl-Refusal"][:6]) == (403, "JOIN-4")
    assert "This search handle does not open that for Ben." in closed.headers["X-Xbl-Refusal"]


def test_a_full_role_keeps_strangers_out(board: Board) -> None:
    """One joins with the role that one has chosen, or not at all (SRCH-5, ROLE-5)."""
    types = {"class": {"roles": {"healer": {"max": 1}}}}
    body = {"roleTypes": types, "members": {"me": {**ACTIVE["members"]["me"], "roles": {"class": "healer"}}}}
    path = board.post(board.stacy, "raid", template="browse", body=body)
    taken = board.client(board.ben).put(f"{path}/session", json={"members": body["members"]})
    assert (taken.status_code, taken.headers["X-Xbl-Refusal"][:6]) == (400, "ROLE-5")
    assert board.found("session/roles/class/healer/needs gt 0") == []
    assert board.client(board.ben).put(f"{path}/session", json=ACTIVE).status_code == 200
