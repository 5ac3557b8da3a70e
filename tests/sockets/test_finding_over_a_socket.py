"""Finding sessions and coming in through handles, as a client does it: over a real socket."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pytest

from bodies import ACTIVE, LEAVE, REF, SCID
from pytest_xbl import XboxLive
from pytest_xbl.xbl.people import Principal, User

if TYPE_CHECKING:
    from tests.sockets.conftest import Player, Reply

LOBBIES = f"/serviceconfigs/{SCID}/sessiontemplates/lobby"
ONE = f"{LOBBIES}/sessions/one"
PLACE = ONE.replace("sessiontemplates", "sessionTemplates")
PATIENCE = 30  # seconds; only ever used up by a test that fails
LOCAL = {"system": {"joinRestriction": "local", "readRestriction": "local"}}


class Table(NamedTuple):
    """A world, three people in it, and the connections of each and of a service."""

    xbl: XboxLive
    people: tuple[User, ...]
    stacy: Player
    ana: Player
    zoe: Player
    server: Player


@pytest.fixture
def table(xbl: XboxLive, connect: Callable[[Principal], Player]) -> Table:
    """Stacy, Ana and Zoe, and a service, each with a connection of their own."""
    people = xbl.users("Stacy", "Ana", "Zoe")
    return Table(xbl, people, *map(connect, (*people, xbl.service("server"))))


def found(reply: Reply) -> list[str]:
    """The names of the sessions that a query found."""
    assert reply.status == 200
    return [result["sessionRef"]["name"] for result in reply.document["results"]]


def test_a_session_is_found_by_player_and_keyword(table: Table) -> None:
    """As soon as it is written, and no longer than it is there (FIND-1, FIND-3, FIND-5)."""
    xuid = table.people[0].xuid
    queries = f"xuid={xuid}", "keyword=RED", f"xuid={xuid}&keyword=red&visibility=open&take=1"
    seen = []
    for body in (ACTIVE, {"properties": {"system": {"keywords": ["Red"]}}}, LEAVE):
        table.stacy.ask("PUT", ONE, body)
        seen.append([found(table.ana.ask("GET", f"/serviceconfigs/{SCID}/sessions?{query}")) for query in queries])
    assert seen == [[["one"], [], []], [["one"], ["one"], ["one"]], [[], [], []]]


def test_a_batch_finds_the_sessions_of_several_players(table: Table) -> None:
    """User by user in the order of the request, also below a template (FIND-1, FIND-7)."""
    table.stacy.ask("PUT", ONE, ACTIVE)
    table.ana.ask("PUT", ONE, ACTIVE)
    table.ana.ask("PUT", f"{LOBBIES}/sessions/another", ACTIVE)
    stacy, ana, _zoe = (user.xuid for user in table.people)
    for path in (f"/serviceconfigs/{SCID}/batch", f"{LOBBIES}/batch"):
        reply = table.zoe.ask("POST", path, {"xuids": [ana, stacy]})
        assert found(reply) == ["another", "one", "one"]
        assert [result["xuid"] for result in reply.document["results"]] == [ana, ana, stacy]


def test_a_refused_query_leaves_the_connection_in_step(table: Table) -> None:
    """403 and 400 as text, whose bodies were read, and then an answer on the same connection (FIND-2, FIND-4)."""
    stacy, ana, _zoe = (user.xuid for user in table.people)
    first = table.stacy.ask("GET", f"/serviceconfigs/{SCID}/sessions")
    connected = table.stacy.connection.sock
    others = [
        table.stacy.ask("POST", f"/serviceconfigs/{SCID}/batch?private=true", {"xuids": [stacy, ana]}),
        table.stacy.ask("POST", f"/serviceconfigs/{SCID}/batch?private=true", {"xuids": [stacy]}),
        table.stacy.ask("GET", "/handles/query"),
        table.stacy.ask("GET", "/handles/7"),
    ]
    assert [reply.status for reply in (first, *others)] == [400, 403, 200, 405, 400]
    assert others[0].body == (
        b"private=true is for services, and for users who ask with no other xuid than their own.\n"
        b"where: ?private\nrule: FIND-4\n"
    )
    assert others[2].headers["Allow"] == "POST"
    assert table.stacy.connection.sock is connected


def test_a_friend_is_found_and_joined_through_their_activity(table: Table) -> None:
    """Activity, query, and PUT through the handle that it found; and the activity ends with the leaving.

    The rules are HAND-2, HAND-7, HAND-9 and HAND-10.
    """
    stacy, ana, _zoe = table.people
    table.xbl.follow(ana, stacy)
    table.stacy.ask("PUT", ONE, {**ACTIVE, "properties": {"custom": {"map": "dunes"}}})
    made = table.stacy.ask("POST", "/handles", {"type": "activity", "version": 1, "sessionRef": REF})
    assert (made.status, made.headers["Location"]) == (201, f"/handles/{made.document['id']}")
    query = {"type": "activity", "scid": SCID, "owners": {"people": {"moniker": "people", "monikerXuid": ana.xuid}}}
    asked = table.ana.ask("POST", "/handles/query?include=relatedInfo,customProperties", query)
    (activity,) = asked.document["results"]
    assert (activity["id"], activity["customProperties"]) == (made.document["id"], {"map": "dunes"})
    assert (activity["relatedInfo"]["membersCount"], activity["relatedInfo"]["maxMembersCount"]) == (1, 8)
    joined = table.ana.ask("PUT", f"/handles/{activity['id']}/session", ACTIVE)
    assert (joined.status, joined.headers["Content-Location"]) == (200, PLACE)
    assert joined.document["membersInfo"]["active"] == 2
    known = table.ana.ask("GET", f"/handles/{activity['id']}/session", If_None_Match=joined.headers["ETag"])
    assert (known.status, known.body, known.headers["Content-Location"]) == (304, b"", PLACE)
    table.stacy.ask("PUT", joined.headers["Content-Location"], LEAVE)
    assert table.ana.ask("GET", f"/handles/{activity['id']}").status == 404
    assert table.ana.ask("POST", "/handles/query", query).document == {"results": []}


def test_an_invite_opens_a_restricted_session_to_its_invitee(table: Table) -> None:
    """Whom it is not for finds the session as shut as before, and it can be deleted (HAND-3, HAND-8, JOIN-6)."""
    _stacy, ana, _zoe = table.people
    table.stacy.ask("PUT", ONE, {**ACTIVE, "properties": LOCAL})
    body = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": ana.xuid}
    path = table.stacy.ask("POST", "/handles", body).headers["Location"]
    before = [player.ask("GET", ONE).status for player in (table.ana, table.zoe)]
    through = [player.ask("PUT", f"{path}/session", ACTIVE) for player in (table.ana, table.zoe)]
    assert before == [403, 403]
    assert [reply.status for reply in through] == [200, 403]
    assert through[1].headers["Content-Type"] == "text/plain; charset=utf-8"
    deleted = [player.ask("DELETE", path) for player in (table.zoe, table.ana, table.stacy, table.stacy)]
    assert [reply.status for reply in deleted] == [404, 403, 204, 404]
    assert deleted[2].body == b""


def test_a_session_is_made_through_a_handle(table: Table) -> None:
    """201 with its place; a stale handle then is 404 on the same connection (HAND-19)."""
    _stacy, ana, _zoe = table.people
    body = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": ana.xuid}
    path = table.server.ask("POST", "/handles", body).headers["Location"] + "/session"
    replies = [
        table.ana.ask("GET", path),
        table.ana.ask("PUT", f"{path}?nocommit=true", ACTIVE),
        table.ana.ask("PUT", path, ACTIVE, If_None_Match="*"),
        table.ana.ask("PUT", path, {}, If_Match='"old"'),
        table.ana.ask("PUT", path, LEAVE),
        table.ana.ask("PUT", path, ACTIVE),
    ]
    assert [reply.status for reply in replies] == [204, 201, 201, 412, 204, 404]
    assert [reply.headers["Content-Location"] for reply in replies] == [PLACE] * 5 + [None]
    assert replies[3].document["membersInfo"]["active"] == 1


def test_what_is_found_is_the_same_by_every_way(table: Table) -> None:
    """Socket and in-process client answer in the same words."""
    table.stacy.ask("PUT", ONE, {**ACTIVE, "properties": {"system": {"keywords": ["red"]}}})
    table.stacy.ask("POST", "/handles", {"type": "activity", "sessionRef": REF})
    stacy = table.people[0]
    inside = table.xbl.client(stacy)
    query = {"type": "activity", "owners": {"xuids": [stacy.xuid]}}
    assert stacy.activity is not None
    for method, path, body in (
        ("GET", f"{LOBBIES}/sessions?keyword=red", None),
        ("POST", f"{LOBBIES}/batch", {"xuids": [stacy.xuid]}),
        ("POST", "/handles/query?include=relatedInfo", query),
        ("GET", stacy.activity.path, None),
        ("GET", f"{stacy.activity.path}/session", None),
    ):
        over, here = table.stacy.ask(method, path, body), inside.open(path, method=method, json=body)
        assert (over.status, over.body) == (200, here.data)
        assert dict(here.headers).items() <= dict(over.headers).items()


@pytest.mark.parametrize(
    ("host", "status"),
    [("sessiondirectory.xboxlive.com", 200), ("localhost", 200), ("userstats.xboxlive.com", 404)],
)
def test_the_real_host_has_these_operations(table: Table, host: str, status: int) -> None:
    """And another real host has not (CALL-1)."""
    query = {"type": "activity", "owners": {"xuids": ["7"]}}
    assert table.stacy.ask("POST", "/handles/query", query, Host=host).status == status
    assert table.stacy.ask("GET", f"/serviceconfigs/{SCID}/sessions?xuid=7", Host=host).status == status


def test_many_players_come_in_through_one_invitation(xbl: XboxLive, connect: Callable[[Principal], Player]) -> None:
    """Each on a connection of their own, while somebody keeps looking for them all (HAND-7, FIND-7)."""
    host, *guests = xbl.users(*"abcdefgh")
    session = xbl.sessions.create("lobby", name="one", members=[host])
    path = xbl.handles.create("activity", session, owner=host).path
    statuses: list[int] = []

    def join(guest: User) -> None:
        player = connect(guest)
        statuses.append(player.ask("PUT", f"{path}/session", ACTIVE).status)
        statuses.append(player.ask("POST", f"{LOBBIES}/batch", {"xuids": [host.xuid, guest.xuid]}).status)

    threads = [threading.Thread(target=join, args=(guest,)) for guest in guests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert statuses == [200] * 14
    looking = xbl.client(host).post(f"{LOBBIES}/batch", json={"xuids": [guest.xuid for guest in guests]})
    assert [result["xuid"] for result in looking.get_json()["results"]] == [guest.xuid for guest in guests]
