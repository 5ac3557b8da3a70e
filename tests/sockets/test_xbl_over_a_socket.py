"""`xbl` as a client meets it: over a real socket, with what clients really send."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import pytest

from bodies import ONE
from people import person
from pytest_xbl import XboxLive
from pytest_xbl.xbl.people import Principal

if TYPE_CHECKING:
    from tests.sockets.conftest import Player

ACTIVE = b'{"members":{"me":{"properties":{"system":{"active":true}}}}}'
LEAVE = b'{"members":{"me":null}}'
PATIENCE = 30  # seconds; only ever used up by a test that fails


class Table(NamedTuple):
    """Two players and the world they are in."""

    xbl: XboxLive
    stacy: Player
    ana: Player


@pytest.fixture
def table(xbl: XboxLive, connect: Callable[[Principal], Player]) -> Table:
    """Stacy and Ana, each with a connection of their own."""
    return Table(xbl, *map(connect, xbl.users("Stacy", "Ana")))


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
    xbl, stacy, ana = table
    created = stacy.ask("PUT", body=ACTIVE, If_None_Match="*")
    sockets = [player.connection.sock for player in (stacy, ana)]
    joined = ana.ask("PUT", body=ACTIVE)
    stale = stacy.ask("PUT", f"{ONE}/properties", b'{"custom":{"a":1}}', If_Match=created.headers["ETag"])
    tried_again = stacy.ask("PUT", f"{ONE}/properties", b'{"custom":{"a":1}}', If_Match=stale.headers["ETag"])
    known = ana.ask("GET", If_None_Match=tried_again.headers["ETag"])
    left = stacy.ask("PUT", body=LEAVE)
    deleted = ana.ask("DELETE", f"{ONE}/members/me")
    gone = stacy.ask("GET")
    statuses = [created, joined, stale, tried_again, known, left, deleted, gone]
    assert [reply.status for reply in statuses] == [201, 200, 412, 200, 304, 200, 204, 204]
    assert created.headers["Location"] == ONE.replace("sessiontemplates", "sessionTemplates")
    assert stale.document == joined.document
    assert list(left.document["members"]) == ["1"]
    assert [known.body, deleted.body, gone.body] == [b"", b"", b""]
    assert len(xbl.sessions) == 0
    assert stacy.connection.sock is sockets[0]


def test_a_session_is_the_same_by_every_way(table: Table) -> None:
    """Socket, in-process client and Python show one document."""
    xbl, stacy, _ = table
    stacy.ask("PUT", body=ACTIVE)
    over = stacy.ask("GET")
    inside = xbl.client(person(xbl, "Stacy")).get(ONE)
    assert over.body == inside.data
    assert over.document == xbl.sessions["one"].document
    assert dict(inside.headers).items() <= dict(over.headers).items()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("sessiondirectory.xboxlive.com", 204),
        ("client-sessiondirectory.xboxlive.com:443", 204),
        ("userstats.xboxlive.com", 404),
        ("localhost", 204),
    ],
)
def test_a_client_that_thinks_it_calls_the_real_host_is_answered(table: Table, host: str, status: int) -> None:
    """Tests may send real hosts to the fake; each answers its own paths only (CALL-1)."""
    reply = table.stacy.ask("GET", Host=host)
    assert reply.status == status
    assert status == 204 or reply.body == (
        f"The fake has no operation GET {ONE} on host {host}.\nwhere: the URI\nrule: CALL-7\n".encode()
    )


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
    pieces = (ACTIVE[n : n + 7] for n in range(0, len(ACTIVE), 7))
    reply = table.stacy.ask("PUT", body=pieces)
    assert (reply.status, reply.document["membersInfo"]["active"]) == (201, 1)
    assert table.stacy.ask("GET").status == 200


def test_a_client_that_waits_to_be_invited_is_invited(xbl: XboxLive) -> None:
    """`Expect: 100-continue` is answered before the body has been sent."""
    stacy = xbl.user("Stacy")
    with raw(xbl) as connection:
        connection.sendall(head("PUT", ONE, stacy, Expect="100-continue", Content_Length=len(ACTIVE)))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(ACTIVE)
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


def test_a_refusal_and_a_session_may_come_on_one_connection(table: Table) -> None:
    """Nothing of a bad request is left on the wire."""
    statuses = [
        table.stacy.ask(method, path, body).status
        for method, path, body in (
            ("PUT", ONE, b"{"),
            ("PUT", ONE, ACTIVE),
            ("PATCH", ONE, b'{"a":1}'),
            ("GET", "/nowhere", None),
            ("GET", ONE, b"ignored"),
            ("PUT", ONE, b"\xff"),
            ("DELETE", f"{ONE}/members/me", b"ignored"),
            ("GET", ONE, None),
        )
    ]
    assert statuses == [400, 201, 405, 404, 200, 400, 204, 204]


def test_requests_may_arrive_all_at_once(xbl: XboxLive) -> None:
    """Pipelined requests are done and answered in their order."""
    stacy = xbl.user("Stacy")
    requests = [head("PUT", ONE, stacy, Content_Length=len(ACTIVE)) + ACTIVE]
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
    stacy = person(table.xbl, "Stacy")
    with raw(table.xbl) as connection, connection.makefile("rb") as stream:
        connection.sendall(head("PUT", ONE, stacy, Content_Length=len(ACTIVE)) + ACTIVE[:-1])
        connection.shutdown(socket.SHUT_WR)
        assert stream.readline().startswith(b"HTTP/1.1 400 ")
    assert table.stacy.ask("GET").status == 204
    assert len(table.xbl.sessions) == 0


def test_many_players_join_at_once(xbl: XboxLive, connect: Callable[[Principal], Player]) -> None:
    """Each on a connection of their own: one creates, the others join, and all are in (PUT-3)."""
    people = xbl.users(*"abcdefgh")
    statuses: list[int] = []

    def join(caller: Principal) -> None:
        statuses.append(connect(caller).ask("PUT", body=ACTIVE).status)

    threads = [threading.Thread(target=join, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(statuses) == [200] * 7 + [201]
    members = xbl.sessions["one"].document["members"]
    assert sorted(member["gamertag"] for member in members.values()) == list("abcdefgh")
