"""`xbl` as a client meets it: over a real socket, with what clients really send."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from bodies import ACTIVE, LEAVE, ONE, REF, SCID, lasting
from errors import refusal_text
from pytest_xbl import XboxLive
from pytest_xbl.xbl.people import Principal, User

if TYPE_CHECKING:
    from tests.sockets.conftest import Player

PLACE = ONE.replace("sessiontemplates", "sessionTemplates")
SESSIONS = f"/serviceconfigs/{SCID}/sessions"
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


def test_two_players_create_join_and_leave(table: Table) -> None:
    """The life of a session, each player on one kept connection (CODE-201, CODE-200, CODE-204)."""
    xbl, stacy, ana, _ = table
    created = stacy.ask("PUT", body=ACTIVE, If_None_Match="*")
    connected = stacy.connection.sock
    joined = ana.ask("PUT", body=ACTIVE)
    stale = stacy.ask("PUT", f"{ONE}/properties", {"custom": {"a": 1}}, If_Match=created.headers["ETag"])
    tried_again = stacy.ask("PUT", f"{ONE}/properties", {"custom": {"a": 1}}, If_Match=stale.headers["ETag"])
    known = ana.ask("GET", If_None_Match=tried_again.headers["ETag"])
    left = stacy.ask("PUT", body=LEAVE)
    deleted = ana.ask("DELETE", f"{ONE}/members/me")
    gone = stacy.ask("GET")
    replies = [created, joined, stale, tried_again, known, left, deleted, gone]
    assert [reply.status for reply in replies] == [201, 200, 412, 200, 304, 200, 204, 204]
    assert stale.document == joined.document
    assert list(left.document["members"]) == ["1"]
    assert [known.body, deleted.body, gone.body, len(xbl.sessions)] == [b"", b"", b"", 0]
    assert stacy.connection.sock is connected


def test_what_is_read_is_the_same_by_every_way(table: Table) -> None:
    """Socket and in-process client have the same bodies and headers, in the document that Python shows (CALL-1)."""
    xbl, stacy, _, (user, _ana) = table
    stacy.ask("PUT", body={**ACTIVE, "properties": {"system": {"keywords": ["red"]}}})
    stacy.ask("POST", "/handles", {"type": "activity", "sessionRef": REF})
    xbl.stats.set(user, {"Kills": 7, "Rate": 0.5}, metadata={"Kills": {"map": "dunes"}})
    requests: list[tuple[str, str, Any, str]] = [
        ("GET", ONE, None, "107"),
        ("GET", f"{SESSIONS}?keyword=red", None, "107"),
        ("POST", "/handles/query", {"type": "activity", "owners": {"xuids": [user.xuid]}}, "107"),
        ("POST", "/batch?operation=read", statistics_of(user.xuid), "1"),
        ("GET", f"/users/xuid({user.xuid})/scids/{SCID}/stats/Kills,Rate?include=valuemetadata", None, "3"),
    ]
    for method, path, body, contract in requests:
        headers = {"X-Xbl-Contract-Version": contract}
        over = stacy.ask(method, path, body, X_Xbl_Contract_Version=contract)
        inside = xbl.client(user).open(path, method=method, json=body, headers=headers)
        assert (over.status, over.body) == (200, inside.data)
        assert lasting(inside.headers).items() <= dict(over.headers).items()
    assert stacy.ask("GET").document == xbl.sessions["one"].document


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 20 * 1024 * 1024], ids=["just", "much"])
@pytest.mark.parametrize("chunked", [False, True], ids=["counted", "chunked"])
def test_a_client_can_read_that_its_body_was_too_long(table: Table, size: int, chunked: bool) -> None:
    """413 arrives, however long the body was, and the world goes on (CALL-12, CODE-413)."""
    body = [b"x" * 65536] * (size // 65536) + [b"x" * (size % 65536)] if chunked else b"x" * size
    reply = table.stacy.ask("PUT", body=body)
    text = refusal_text("A body has at most 1048576 bytes.", "the body", "CALL-12")
    assert (reply.status, reply.body.decode()) == (413, text)
    assert table.stacy.ask("PUT", body=ACTIVE).status == 201


def test_a_refusal_leaves_the_connection_in_step(table: Table) -> None:
    """Whichever part of a request was wrong, its body was read, and the next answer is the right one.

    Nor does a body stay on the wire that the operation does not read.
    """
    stacy, statistics = table.stacy, statistics_of(table.users[0].xuid)
    replies = [stacy.ask("PUT", body=b"{")]
    connected = stacy.connection.sock
    replies += [
        stacy.ask("PUT", body=ACTIVE),
        stacy.ask("PATCH", body={"a": 1}),
        stacy.ask("GET", "/nowhere"),
        stacy.ask("GET", body=b"ignored"),
        stacy.ask("PUT", body=b"\xff"),
        stacy.ask("GET", SESSIONS),
        stacy.ask("POST", f"/serviceconfigs/{SCID}/batch?private=true", {"xuids": ["7"]}),
        stacy.ask("POST", "/batch", statistics),  # under contract 107, as for sessions
        stacy.ask("POST", "/batch", statistics, Authorization="XBL3.0 x=a;b"),
        stacy.ask("POST", "/batch", statistics, X_Xbl_Contract_Version="1"),
        stacy.ask("DELETE", f"{ONE}/members/me", b"ignored"),
        stacy.ask("GET"),
    ]
    statuses = [400, 201, 405, 404, 200, 400, 400, 403, 406, 401, 200, 204, 204]
    assert [reply.status for reply in replies] == statuses
    assert stacy.connection.sock is connected


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
