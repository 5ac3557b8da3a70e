"""`xbl` as a client meets it: over a real socket, with what clients really send."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from bodies import ACTIVE, LEAVE, ONE, REF, SCID, TEMPLATES
from pytest_xbl import XboxLive
from pytest_xbl.xbl.people import Principal, User

if TYPE_CHECKING:
    from tests.sockets.conftest import Player

PLACE = ONE.replace("sessiontemplates", "sessionTemplates")
SESSIONS = f"/serviceconfigs/{SCID}/sessions"
SENT = json.dumps(ACTIVE).encode()
PATIENCE = 30  # seconds; only ever used up by a test that fails


class Table(NamedTuple):
    """Two players, the world they are in, and who they are there."""

    xbl: XboxLive
    stacy: Player
    ana: Player
    users: tuple[User, ...]


@pytest.fixture
def table(xbl: XboxLive, connect: Callable[[Principal], Player]) -> Table:
    """Stacy and Ana, each with a connection of their own."""
    users = xbl.users("Stacy", "Ana")
    stacy, ana = map(connect, users)
    return Table(xbl, stacy, ana, users)


def statistics_of(xuid: str) -> dict[str, Any]:
    """A batch of statistics under contract 1."""
    return {"requestedusers": [xuid], "requestedscids": [{"scid": SCID, "requestedstats": ["Rate", "Kills"]}]}


def raw(xbl: XboxLive) -> socket.socket:
    """A bare connection."""
    address = urlsplit(xbl.url)
    return socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=PATIENCE)


def read(connection: socket.socket) -> tuple[int, bytes]:
    """The status and the body of the next answer on a bare connection."""
    with closing(http.client.HTTPResponse(connection)) as answer:
        answer.begin()
        return answer.status, answer.read()


def head(method: str, path: str, caller: Principal, **headers: object) -> bytes:
    """The head of a request."""
    named = {"Host": "127.0.0.1", **caller.headers, **{n.replace("_", "-"): str(v) for n, v in headers.items()}}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def test_two_players_create_join_and_leave(table: Table) -> None:
    """The life of a session, each player on one kept connection (CODE-201, CODE-200, CODE-204)."""
    xbl, stacy, ana, _ = table
    created = stacy.ask("PUT", body=ACTIVE, If_None_Match="*")
    sockets = [player.connection.sock for player in (stacy, ana)]
    joined = ana.ask("PUT", body=ACTIVE)
    stale = stacy.ask("PUT", f"{ONE}/properties", {"custom": {"a": 1}}, If_Match=created.headers["ETag"])
    tried_again = stacy.ask("PUT", f"{ONE}/properties", {"custom": {"a": 1}}, If_Match=stale.headers["ETag"])
    known = ana.ask("GET", If_None_Match=tried_again.headers["ETag"])
    left = stacy.ask("PUT", body=LEAVE)
    deleted = ana.ask("DELETE", f"{ONE}/members/me")
    gone = stacy.ask("GET")
    statuses = [created, joined, stale, tried_again, known, left, deleted, gone]
    assert [reply.status for reply in statuses] == [201, 200, 412, 200, 304, 200, 204, 204]
    assert created.headers["Location"] == PLACE
    assert stale.document == joined.document
    assert list(left.document["members"]) == ["1"]
    assert [known.body, deleted.body, gone.body] == [b"", b"", b""]
    assert len(xbl.sessions) == 0
    assert stacy.connection.sock is sockets[0]


def test_a_friend_is_found_and_joined_through_their_activity(table: Table) -> None:
    """Activity, query, and PUT through the handle that it found; the activity ends when its owner leaves.

    The rules are HAND-2, HAND-7, HAND-9 and HAND-10.
    """
    xbl, stacy, ana, users = table
    xbl.follow(users[1], users[0])
    stacy.ask("PUT", body={**ACTIVE, "properties": {"custom": {"map": "dunes"}}})
    made = stacy.ask("POST", "/handles", {"type": "activity", "version": 1, "sessionRef": REF})
    assert (made.status, made.headers["Location"]) == (201, f"/handles/{made.document['id']}")
    people = {"people": {"moniker": "people", "monikerXuid": users[1].xuid}}
    query = {"type": "activity", "scid": SCID, "owners": people}
    (activity,) = ana.ask("POST", "/handles/query?include=relatedInfo", query).document["results"]
    assert (activity["id"], activity["customProperties"]) == (made.document["id"], {"map": "dunes"})
    path = f"/handles/{activity['id']}"
    joined = ana.ask("PUT", f"{path}/session", ACTIVE)
    assert (joined.status, joined.headers["Content-Location"]) == (200, PLACE)
    known = ana.ask("GET", f"{path}/session", If_None_Match=joined.headers["ETag"])
    assert (known.status, known.body, known.headers["Content-Location"]) == (304, b"", PLACE)
    assert "Content-Length" not in known.headers
    stacy.ask("PUT", PLACE, LEAVE)
    assert ana.ask("GET", path).status == 404
    assert ana.ask("POST", "/handles/query", query).document == {"results": []}


def test_what_is_read_is_the_same_by_every_way(table: Table) -> None:
    """Socket and in-process client have the same bodies and headers, in the document that Python shows (CALL-1)."""
    xbl, stacy, _, (user, _ana) = table
    stacy.ask("PUT", body={**ACTIVE, "properties": {"system": {"keywords": ["red"]}}})
    stacy.ask("POST", "/handles", {"type": "activity", "sessionRef": REF})
    xbl.stats.set(user, {"Kills": 7, "Rate": 0.5}, metadata={"Kills": {"map": "dunes"}})
    assert user.activity is not None
    kills = {"name": "Kills", "titleId": user.title_id}
    requests: list[tuple[str, str, Any, str]] = [
        ("GET", ONE, None, "107"),
        ("GET", f"{SESSIONS}?keyword=red", None, "107"),
        ("POST", f"{TEMPLATES}/lobby/batch", {"xuids": [user.xuid]}, "107"),
        ("POST", "/handles/query", {"type": "activity", "owners": {"xuids": [user.xuid]}}, "107"),
        ("GET", f"{user.activity.path}/session", None, "107"),
        ("POST", "/batch?operation=read", statistics_of(user.xuid), "1"),
        ("POST", "/batch", {"arrangebyfield": "xuid", "xuids": [user.xuid], "stats": [kills]}, "2"),
        ("GET", f"/users/xuid({user.xuid})/scids/{SCID}/stats/Kills,Rate?include=valuemetadata", None, "3"),
    ]
    for method, path, body, contract in requests:
        headers = {"X-Xbl-Contract-Version": contract}
        over = stacy.ask(method, path, body, X_Xbl_Contract_Version=contract)
        inside = xbl.client(user).open(path, method=method, json=body, headers=headers)
        assert (over.status, over.body) == (200, inside.data)
        assert dict(inside.headers).items() <= dict(over.headers).items()
    assert stacy.ask("GET").document == xbl.sessions["one"].document


@pytest.mark.parametrize(
    ("host", "sessions", "statistics"),
    [
        ("client-sessiondirectory.xboxlive.com:443", 204, 404),
        ("userstats.xboxlive.com", 404, 200),
        ("localhost", 204, 200),
    ],
)
def test_a_client_that_thinks_it_calls_the_real_host_is_answered(
    table: Table, host: str, sessions: int, statistics: int
) -> None:
    """Tests may send real hosts to the fake; each answers its own paths only (CALL-1)."""
    stacy = table.stacy
    body = statistics_of(table.users[0].xuid)
    del stacy.headers["X-Xbl-Contract-Version"]
    assert stacy.ask("GET", Host=host, X_Xbl_Contract_Version="107").status == sessions
    assert stacy.ask("POST", "/batch", body, Host=host).status == statistics


def test_a_proxy_may_name_the_real_host_in_the_request_line(table: Table) -> None:
    """The absolute form of a target counts as its Host (CALL-1)."""
    assert table.stacy.ask("GET", f"http://sessiondirectory.xboxlive.com{ONE}").status == 204
    assert table.stacy.ask("GET", f"http://userstats.xboxlive.com{ONE}").status == 404


def test_head_is_a_wrong_verb_and_leaves_the_connection_in_step(table: Table) -> None:
    """405 with `Allow`, with the length of the text but not the text (CALL-7, CODE-405)."""
    reply = table.stacy.ask("HEAD")
    assert (reply.status, reply.headers["Allow"], reply.body) == (405, "PUT, GET", b"")
    assert int(reply.headers["Content-Length"]) > 0
    assert table.stacy.ask("PUT", body=ACTIVE).status == 201


def test_a_chunked_body_is_a_body(table: Table) -> None:
    """Clients that do not know its length send it in pieces, as http.client does with an iterator."""
    pieces = (SENT[n : n + 7] for n in range(0, len(SENT), 7))
    reply = table.stacy.ask("PUT", body=pieces)
    assert (reply.status, reply.document["membersInfo"]["active"]) == (201, 1)
    assert table.stacy.ask("GET").status == 200


def test_a_client_that_waits_to_be_invited_is_invited(xbl: XboxLive) -> None:
    """`Expect: 100-continue` is answered before the body has been sent."""
    stacy = xbl.user("Stacy")
    with raw(xbl) as connection:
        connection.sendall(head("PUT", ONE, stacy, Expect="100-continue", Content_Length=len(SENT)))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(SENT)
        status, body = read(connection)
    assert (status, json.loads(body)["membersInfo"]["active"]) == (201, 1)


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 20 * 1024 * 1024], ids=["just", "much"])
@pytest.mark.parametrize("chunked", [False, True], ids=["counted", "chunked"])
def test_a_client_can_read_that_its_body_was_too_long(table: Table, size: int, chunked: bool) -> None:
    """413 arrives, however long the body was, and the world goes on (CALL-12, CODE-413)."""
    body = [b"x" * 65536] * (size // 65536) + [b"x" * (size % 65536)] if chunked else b"x" * size
    reply = table.stacy.ask("PUT", body=body)
    assert (reply.status, reply.body) == (
        413,
        b"A body has at most 1048576 bytes.\nwhere: the body\nrule: CALL-12\n",
    )
    assert table.stacy.ask("PUT", body=ACTIVE).status == 201


def test_a_refusal_leaves_the_connection_in_step(table: Table) -> None:
    """Whichever part of a request was wrong, its body was read, and the next answer is the right one.

    Nor does a body stay on the wire that the operation does not read.
    """
    stacy, xuid = table.stacy, table.users[0].xuid
    assert stacy.ask("PUT", body=b"{").status == 400
    connected = stacy.connection.sock
    statistics = statistics_of(xuid)
    replies = [
        (stacy.ask("PUT", body=ACTIVE), 201),
        (stacy.ask("PATCH", body={"a": 1}), 405),
        (stacy.ask("GET", "/nowhere"), 404),
        (stacy.ask("GET", body=b"ignored"), 200),
        (stacy.ask("PUT", body=b"\xff"), 400),
        (stacy.ask("GET", SESSIONS), 400),
        (stacy.ask("POST", f"/serviceconfigs/{SCID}/batch?private=true", {"xuids": [xuid, "7"]}), 403),
        (stacy.ask("GET", "/handles/query"), 405),
        (stacy.ask("POST", "/batch", statistics), 406),  # as for sessions, under contract 107
        (stacy.ask("POST", "/batch", statistics, X_Xbl_Contract_Version="2"), 400),
        (stacy.ask("POST", "/batch", statistics, Authorization="XBL3.0 x=a;b"), 401),
        (stacy.ask("POST", "/batch", statistics, Host="sessiondirectory.xboxlive.com"), 404),
        (stacy.ask("POST", "/batch", statistics, X_Xbl_Contract_Version="1"), 200),
        (stacy.ask("DELETE", f"{ONE}/members/me", b"ignored"), 204),
        (stacy.ask("GET"), 204),
    ]
    assert [reply.status for reply, _ in replies] == [status for _, status in replies]
    assert stacy.connection.sock is connected


def test_requests_may_arrive_all_at_once(xbl: XboxLive) -> None:
    """Pipelined requests are done and answered in their order."""
    stacy = xbl.user("Stacy")
    requests = [head("PUT", ONE, stacy, Content_Length=len(SENT)) + SENT]
    requests += [head("GET", ONE, stacy), head("DELETE", f"{ONE}/members/me", stacy), head("GET", ONE, stacy)]
    with raw(xbl) as connection, connection.makefile("rb") as stream:
        connection.sendall(b"".join(requests))
        connection.shutdown(socket.SHUT_WR)
        answers = stream.read()
    assert re.findall(rb"HTTP/1\.1 ([0-9]+)", answers) == [b"201", b"200", b"204", b"204"]


def test_headers_are_read_in_any_case(xbl: XboxLive) -> None:
    """HTTP says so, and clients differ (CALL-2, CALL-3)."""
    stacy = xbl.user("Stacy")
    lines = [f"GET {ONE} HTTP/1.1", "host: x", f"AUTHORIZATION: {stacy.authorization}", "x-xbl-contract-version:107"]
    with raw(xbl) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        assert read(connection)[0] == 204


def test_a_call_that_breaks_off_changes_nothing(table: Table) -> None:
    """A client that hangs up within its body never reaches the world (PUT-10)."""
    stacy = table.users[0]
    with raw(table.xbl) as connection, connection.makefile("rb") as stream:
        connection.sendall(head("PUT", ONE, stacy, Content_Length=len(SENT)) + SENT[:-1])
        connection.shutdown(socket.SHUT_WR)
        assert stream.readline().startswith(b"HTTP/1.1 400 ")
    assert table.stacy.ask("GET").status == 204
    assert len(table.xbl.sessions) == 0


@pytest.mark.parametrize("way", ["the session", "a handle"])
def test_many_players_join_at_once(xbl: XboxLive, connect: Callable[[Principal], Player], way: str) -> None:
    """Each on a connection of their own: one creates, the others join, and all are in (PUT-3, HAND-7)."""
    people = xbl.users(*"abcdefgh")
    handle = xbl.handles.create("invite", (SCID, "lobby", "one"), owner=people[0], invited=people[1])
    path = ONE if way == "the session" else f"{handle.path}/session"
    statuses: list[int] = []

    def join(caller: Principal) -> None:
        statuses.append(connect(caller).ask("PUT", path, ACTIVE).status)

    threads = [threading.Thread(target=join, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(statuses) == [200] * 7 + [201]
    members = xbl.sessions["one"].document["members"]
    assert sorted(member["gamertag"] for member in members.values()) == list("abcdefgh")
