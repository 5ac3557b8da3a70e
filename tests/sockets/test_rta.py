"""Real-time activity over a websocket: the stories of clients (TAP)."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from anonymous_tls import TlsHandler, context
from bodies import SCID, SUBSCRIPTION, Body, can, me, properties, session_path, subscribing
from errors import error_of
from pytest_xbl import User, XboxLive
from pytest_xbl.wire.server import XblServer
from pytest_xbl.wire.switchboard import Switchboard
from pytest_xbl.wire.websocket import MOST_KEPT
from rta_client import CONNECTIONS, PATIENCE, RtaClient

PARTY = session_path("one", "party")
Connect = Callable[..., RtaClient]


@pytest.fixture
def connect(xbl: XboxLive) -> Iterator[Connect]:
    """Opens connections, which are closed after the test."""
    system = {**can("connectionRequiredForActiveMembers"), "inactiveRemovalTimeout": None}
    xbl.templates.add("party", {"constants": {"system": system}})
    with ExitStack() as clients:
        yield lambda user, **more: clients.enter_context(closing(RtaClient(xbl, user, **more)))


def put(xbl: XboxLive, user: User, body: Body, path: str = PARTY) -> Any:
    """Write the session."""
    response = xbl.client(user).put(path, json=body)
    assert response.status_code in (200, 201), response.text
    return response.get_json()


def closed(client: RtaClient) -> tuple[int, str]:
    """The code and the reason with which the service has ended a connection."""
    with pytest.raises(ConnectionClosed) as error:
        client.read()
    assert error.value.rcvd
    return error.value.rcvd.code, error.value.rcvd.reason


def of_stats(user: User, name: str = "Kills", scid: str = SCID) -> str:
    """The resource of a statistic."""
    return f"https://userstats.xboxlive.com/users/xuid({user.xuid})/scids/{scid}/stats/{name}"


# Sessions


def test_a_member_is_told_before_the_write_is_answered(xbl: XboxLive, connect: Connect) -> None:
    """What was written is in the session that the tap leads to (TAP-2, TAP-6)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    client = connect(stacy, subprotocols=["rta.xboxlive.com.V2"])
    assert client.socket.subprotocol == "rta.xboxlive.com.V2"
    own = client.connection()
    assert own == stacy.connection
    put(xbl, stacy, subscribing(own.upper(), "everything"))
    document = put(xbl, ana, me(active=True, connection=own))
    assert client.tap() == {
        "timestamp": "2026-01-01T12:00:00.0000000Z",
        "subscription": SUBSCRIPTION.lower(),
        "resourceType": "mpsd/session",
        "resource": f"{SCID}~party~one",
        "branch": document["branch"],
        "changeNumber": 2,
    }
    put(xbl, stacy, properties({"a": 1}))
    assert client.tap()["changeNumber"] == 3
    xbl.rta.assert_tapped(stacy, xbl.sessions["one"], "customProperty")
    assert [(one.user, one.has_client) for one in xbl.rta.connections] == [("Stacy", True)]


def test_taps_that_are_held_back_come_in_one_message(xbl: XboxLive, connect: Connect) -> None:
    """With the newest number of each session (TAP-8)."""
    stacy = xbl.user("Stacy")
    client = connect(stacy)
    client.connection()
    xbl.rta.delay = timedelta(seconds=3)
    for path in (PARTY, session_path("two", "party")):
        put(xbl, stacy, subscribing(stacy.connection, "everything"), path)
        for number in range(3):
            put(xbl, stacy, properties({"a": number}), path)
    assert client.tap()["changeNumber"] == 2
    xbl.clock.advance(seconds=3)
    _, _, data = client.read()
    assert [(tap["resource"][-3:], tap["changeNumber"]) for tap in data["shoulderTaps"]] == [("one", 4), ("two", 4)]


def test_taps_get_lost_or_arrive_twice(xbl: XboxLive, connect: Connect) -> None:
    """A copy has the ncid of the first, and only those taps that arrive twice (FAULT-8)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    client = connect(stacy)
    own = client.connection()
    for user in (stacy, ana):
        put(xbl, user, subscribing(own, "customProperty"))
    xbl.faults.lose("tap", times=2)
    xbl.faults.twice("tap", to=ana)
    for number in range(3):
        put(xbl, stacy, properties({"a": number}))
    events = [client.read()[2] for _ in range(3)]
    assert [[tap["changeNumber"] for tap in event["shoulderTaps"]] for event in events] == [[4, 4], [4], [5, 5]]
    assert events[0]["ncid"] == events[1]["ncid"] != events[2]["ncid"]


def test_a_client_that_does_not_listen_to_sessions_is_not_told(xbl: XboxLive, connect: Connect) -> None:
    """Though its connection is named; one that listens twice is told twice (TAP-3)."""
    stacy = xbl.user("Stacy")
    client = connect(stacy)
    assert client.connection()
    assert client.ask(2, 7, 0) == [2, 7, 0]
    put(xbl, stacy, subscribing(stacy.connection, "everything"))
    put(xbl, stacy, properties({"a": 1}))
    assert xbl.rta.taps == []
    assert (client.connection(), client.connection()) == (stacy.connection,) * 2
    put(xbl, stacy, properties({"a": 2}))
    assert [client.read()[:2], client.read()[:2]] == [[3, 1], [3, 2]]
    assert len(xbl.rta.taps) == 1


def test_the_others_are_told_when_a_host_loses_the_connection(xbl: XboxLive, connect: Connect) -> None:
    """And again when it is back, with another id (TAP-4)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    hosting, watching = connect(stacy), connect(ana)
    first = hosting.connection()
    put(xbl, stacy, subscribing(first, "everything"))
    put(xbl, ana, subscribing(watching.connection(), "membersStatus"))
    hosting.socket.close()
    assert watching.tap()["changeNumber"] == 3
    xbl.sessions["one"].assert_members({stacy: "inactive", ana: "active"})
    refused = xbl.client(stacy).put(PARTY, json=me(active=True, connection=first))
    assert refused.status_code == 400
    second = connect(stacy).connection()
    put(xbl, stacy, me(active=True, connection=second))
    assert (second != first, watching.tap()["changeNumber"]) == (True, 4)


def test_a_connection_that_breaks_is_lost(xbl: XboxLive, connect: Connect) -> None:
    """Also if the client has no time to say goodbye (TAP-4)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    watching, client = connect(ana), connect(stacy)
    put(xbl, ana, subscribing(watching.connection(), "everything"))
    put(xbl, stacy, me(active=True, connection=client.connection()))
    client.socket.socket.shutdown(socket.SHUT_RDWR)
    assert [watching.tap()["changeNumber"] for _ in range(2)] == [2, 3]
    xbl.sessions["one"].assert_members({stacy: "inactive", ana: "active"})


def test_a_test_can_cut_a_connection(xbl: XboxLive, connect: Connect) -> None:
    """The client sees that it breaks, without a word (TAP-4)."""
    stacy = xbl.user("Stacy")
    client = connect(stacy)
    put(xbl, stacy, me(active=True, connection=client.connection()))
    xbl.rta.drop(stacy)
    xbl.sessions["one"].assert_members({stacy: "inactive"})
    with pytest.raises(ConnectionClosed) as error:
        client.read()
    assert error.value.rcvd is None
    assert xbl.rta.connections == []


def test_a_connection_ends_after_two_hours(xbl: XboxLive, connect: Connect) -> None:
    """By the clock of the world (TAP-14)."""
    stacy = xbl.user("Stacy")
    client = connect(stacy)
    put(xbl, stacy, me(active=True, connection=client.connection()))
    xbl.clock.advance(hours=1, minutes=59)
    xbl.sessions["one"].assert_members({stacy: "active"})
    xbl.clock.advance(minutes=1)
    xbl.sessions["one"].assert_members({stacy: "inactive"})
    assert closed(client) == (1001, "A connection ends after two hours.")


def test_what_was_held_back_comes_before_the_end(xbl: XboxLive, connect: Connect) -> None:
    """Also if the clock moves over both at once (TAP-8, TAP-14, TAP-17)."""
    stacy = xbl.user("Stacy")
    client = connect(stacy)
    client.connection()
    xbl.rta.delay = timedelta(seconds=3)
    put(xbl, stacy, subscribing(stacy.connection, "everything"))
    for number in range(3):
        put(xbl, stacy, properties({"a": number}))
    xbl.clock.advance(hours=3)
    assert [client.tap()["changeNumber"] for _ in range(2)] == [2, 4]
    assert closed(client) == (1001, "A connection ends after two hours.")
    assert (
        str(xbl.sessions["one"].history).splitlines()[-1]
        == "#5 14:00:00 connection-lost by Stacy: Stacy became inactive"
    )


def test_a_client_that_sends_no_token_has_a_nonce(xbl: XboxLive, connect: Connect) -> None:
    """Over the server, which finds the world by it (TAP-11)."""
    stacy = xbl.user("Stacy")
    nonce = xbl.client(stacy).get("/nonce").get_json()["nonce"]
    assert connect(None, query=f"?nonce={nonce}").connection() == stacy.connection


def test_all_clients_read_anew(xbl: XboxLive, connect: Connect) -> None:
    """When a test says so (TAP-3)."""
    clients = [connect(user) for user in xbl.users("Stacy", "Ana")]
    assert xbl.rta.resync() == 2
    assert [client.read() for client in clients] == [[4], [4]]


def test_a_restored_world_keeps_the_connections_of_clients(xbl: XboxLive, connect: Connect) -> None:
    """They are sockets, and no part of the state; sessions name them as they did (TAP-15)."""
    stacy = xbl.user("Stacy")
    client = connect(stacy)
    client.connection()
    with xbl.sandbox():
        put(xbl, stacy, subscribing(stacy.connection, "everything"))
    assert xbl.rta.connections
    put(xbl, stacy, subscribing(stacy.connection, "everything"))
    with xbl.sandbox():
        put(xbl, stacy, properties({"a": 1}))
    put(xbl, stacy, properties({"a": 1}))
    assert [client.tap()["changeNumber"] for _ in range(2)] == [2, 2]


def test_a_restored_world_holds_no_taps_back(xbl: XboxLive, connect: Connect) -> None:
    """Those of undone changes are undone as well (TAP-8, TAP-15)."""
    stacy = xbl.user("Stacy")
    client = connect(stacy)
    client.connection()
    xbl.rta.delay = timedelta(seconds=3)
    put(xbl, stacy, subscribing(stacy.connection, "everything"))
    with xbl.sandbox():
        xbl.clock.advance(seconds=100)
        for number in range(3):
            put(xbl, stacy, properties({"a": number}))
    put(xbl, stacy, properties({"a": 7}))
    assert [client.tap()["timestamp"][14:19] for _ in range(2)] == ["01:40", "00:00"]


# Other services


def test_a_statistic_is_told_now_and_whenever_it_changes(xbl: XboxLive, connect: Connect) -> None:
    """First with its type, then the bare value (TAP-6)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.stats.set(ana, {"Kills": 7})
    client = connect(stacy)
    assert client.subscribe(of_stats(ana)) == {"name": "Kills", "type": "Integer", "value": 7}
    assert client.subscribe(of_stats(ana, "rank", SCID.upper())) is None
    xbl.stats.set(ana, {"Kills": 7, "rank": "Major", "Wins": 1})
    xbl.stats.set(stacy, {"Kills": 1})
    xbl.stats.add(ana, "Kills", 2)
    xbl.stats.clear(ana)
    news = [client.read() for _ in range(4)]
    assert news == [[3, 1, "Major"], [3, 0, 9], [3, 0, None], [3, 1, None]]


def test_a_statistic_is_told_in_the_form_of_the_world(xbl: XboxLive, connect: Connect) -> None:
    """As a string where native clients read it (STAT-8, TAP-6)."""
    stacy = xbl.user("Stacy")
    xbl.stats.values = "strings"
    client = connect(stacy)
    assert client.subscribe(of_stats(stacy)) is None
    xbl.stats.set(stacy, {"Kills": 7})
    assert client.read() == [3, 0, "7"]


def test_one_hears_of_ones_own_people(xbl: XboxLive, connect: Connect) -> None:
    """Whom one follows or no more, and who becomes a favorite (TAP-13)."""
    stacy, ana, bob = xbl.users("Stacy", "Ana", "Bob")
    client = connect(stacy)
    assert client.subscribe(f"http://social.xboxlive.com/users/xuid({stacy.xuid})/friends") is None
    xbl.follow(ana, stacy)
    xbl.follow(stacy, ana)
    xbl.follow(stacy, ana)
    xbl.follow(stacy, ana, favorite=True)
    xbl.follow(stacy, bob, favorite=True)
    for _ in range(2):
        path = f"/users/me/people/xuid({bob.xuid})"
        xbl.client(stacy).delete(path, headers={"X-Xbl-Contract-Version": "2", "Host": "social.xboxlive.com"})
    xbl.follow(stacy, bob)
    assert [client.read() for _ in range(5)] == [
        [3, 0, {"NotificationType": "Added", "Xuids": [ana.xuid]}],
        [3, 0, {"NotificationType": "Changed", "Xuids": [ana.xuid]}],
        [3, 0, {"NotificationType": "Added", "Xuids": [bob.xuid]}],
        [3, 0, {"NotificationType": "Removed", "Xuids": [bob.xuid]}],
        [3, 0, {"NotificationType": "Added", "Xuids": [bob.xuid]}],
    ]


def test_one_hears_who_plays(xbl: XboxLive, connect: Connect) -> None:
    """A record at first, then each change, by title and by device (TAP-13, TIME-7)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    client = connect(stacy)
    uri = f"https://userpresence.xboxlive.com/users/xuid({ana.xuid})"
    online = {
        "xuid": ana.xuid,
        "state": "Online",
        "devices": [
            {
                "type": "D",
                "titles": [{"id": ana.title_id, "placement": "Full", "state": "Active"}],
            }
        ],
    }
    assert client.subscribe(f"{uri}/titles/{ana.title_id}") == online
    assert client.subscribe(f"{uri}/devices") == online
    xbl.set_presence(ana, present=False)
    xbl.set_presence(ana, stacy, present=False)
    xbl.set_presence(ana, present=True)
    assert [client.read() for _ in range(4)] == [
        [3, 0, "Ended"],
        [3, 1, "D:false"],
        [3, 0, "Started"],
        [3, 1, "D:true"],
    ]
    assert client.subscribe(f"https://userpresence.xboxlive.com/users/xuid({stacy.xuid})/devices") == {
        "xuid": stacy.xuid,
        "state": "Offline",
    }


# Bad input


@pytest.mark.parametrize(
    ("uri", "code", "what"),
    [
        ("https://social.xboxlive.com/users/xuid(7)/friends", 3, "Stacy hears of their own people only, who are"),
        ("https://userpresence.xboxlive.com/users/xuid(7)/devices", 3, "There is no user with the xuid 7."),
        (f"https://userstats.xboxlive.com/users/xuid(7)/scids/{SCID}/stats/Kills", 3, "There is no user with the x"),
        ("https://userstats.xboxlive.com/users/xuid(7)/scids/x/stats/Kills", 3, "The service configuration x is unk"),
        (
            f"https://userstats.xboxlive.com/users/xuid(7)/scids/{SCID}/stats/Kills,Deaths",
            1,
            f'The fake has no resource "https://userstats.xboxlive.com/users/xuid(7)/scids/{SCID}/stats/Kills,Deaths"',
        ),
        ("https://achievements.xboxlive.com/", 1, 'The fake has no resource "https://achievements.xboxlive.com/"; it'),
    ],
)
def test_a_resource_that_is_not_there_is_an_error(
    xbl: XboxLive, connect: Connect, uri: str, code: int, what: str
) -> None:
    """With a text; the connection goes on, and no number is used up (TAP-3)."""
    client = connect(xbl.user("Stacy"))
    kind, seq, status, text = client.ask(1, 0, uri)
    assert (kind, seq, status, text[: len(what)]) == (1, 0, code, what)
    assert client.ask(1, 0, CONNECTIONS)[3] == 0
    mistakes = [(entry.mistake, entry.status, entry.rule) for entry in xbl.journal[1:]]
    assert mistakes == ([("unknown-route", 404, "TAP-3")] if code == 1 else [])


def test_there_are_only_so_many_subscriptions(xbl: XboxLive, connect: Connect) -> None:
    """To statistics 1000; other kinds do not count (TAP-14)."""
    stacy = xbl.user("Stacy")
    client = connect(stacy)
    for number in range(1000):
        client.send(1, number, of_stats(stacy, f"s{number}"))
    assert [client.read()[3] for _ in range(1000)] == [*range(1000)]
    what = "A connection has at most 1000 subscriptions of this kind."
    assert client.ask(1, 0, of_stats(stacy)) == [1, 0, 2, what]
    assert client.ask(2, 0, 5) == [2, 0, 0]
    assert client.ask(1, 0, of_stats(stacy))[2] == 0
    assert client.ask(2, 0, 5) == [2, 0, 5]
    assert client.connection()


@pytest.mark.parametrize(
    ("message", "code", "what"),
    [
        ("nonsense", 1007, "The message is not JSON: Expecting value in line 1, column 1."),
        ('{"a": 1}', 1008, 'Expected [1, seq, uri] to subscribe or [2, seq, id] to unsubscribe; got {"a": 1}.'),
        ("[9]", 1008, "Expected [1, seq, uri] to subscribe or [2, seq, id] to unsubscribe; got [9]."),
        (b"[2, 0, 0]", 1003, "A message is text, and this one is binary."),
        ("[" * 200, 1007, None),
    ],
)
def test_a_message_that_cannot_be_read_ends_the_connection(
    xbl: XboxLive, connect: Connect, message: str | bytes, code: int, what: str | None
) -> None:
    """And fails the test like a wrong body; the journal has it (TAP-12)."""
    client = connect(xbl.user("Stacy"))
    client.socket.send(message)
    assert closed(client)[0] == code
    entry = xbl.journal[-1]
    assert (entry.status, entry.rule, entry.mistake, entry.operation) == (400, "TAP-12", "bad-body", "connect")
    assert entry.data == (message if isinstance(message, bytes) else message.encode())
    if what:
        assert str(entry) == f"#2 Stacy: GET /connect -> 400 TAP-12 at the message: {what}"
    assert xbl.rta.connections == []


def test_a_message_that_is_too_long_ends_the_connection(xbl: XboxLive, connect: Connect) -> None:
    """As a mistake, too (TAP-12)."""
    client = connect(xbl.user("Stacy"))
    with suppress(ConnectionClosed):
        client.socket.send("x" * 70_000)
    assert closed(client)[0] == 1009
    beginning = "#2 Stacy: GET /connect -> 400 TAP-12 at the message: These bytes are not those of a websocket: "
    assert str(xbl.journal[-1])[: len(beginning)] == beginning


def test_a_client_that_never_reads_is_lost(xbl: XboxLive, connect: Connect) -> None:
    """Whoever writes goes on at once (TAP-16)."""
    stacy = xbl.user("Stacy")
    xbl.stats.set(stacy, {"text": ""})
    address = urlsplit(xbl.url)
    before = set(threading.enumerate())
    with socket.create_connection((str(address.hostname), int(str(address.port)))) as deaf:
        lines = (
            "GET /connect HTTP/1.1",
            "Host: localhost",
            *(f"{name}: {value}" for name, value in stacy.headers.items()),
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "\r\n",
        )
        deaf.sendall("\r\n".join(lines).encode())
        while not deaf.recv(65536).endswith(b"\r\n\r\n"):
            pass
        subscribing_ = json.dumps([1, 0, of_stats(stacy, "text")]).encode()
        deaf.sendall(bytes([0x81, 0xFE]) + len(subscribing_).to_bytes(2, "big") + bytes(4) + subscribing_)
        deaf.recv(1)
        for number in range(20 * MOST_KEPT // 500_000):
            xbl.stats.set(stacy, {"text": f"{number}" + "x" * 500_000})
            if not xbl.rta.connections:
                break
        for thread in set(threading.enumerate()) - before:
            thread.join(PATIENCE)
    assert xbl.rta.connections == []


# Many at once


def test_everybody_hears_of_everything_in_order(xbl: XboxLive, connect: Connect) -> None:
    """However many write at the same time (TAP-2)."""
    users = xbl.users(*(f"P{number}" for number in range(4)))
    clients = [connect(user) for user in users]
    for user, client in zip(users, clients, strict=True):
        put(xbl, user, subscribing(client.connection(), "everything"))

    def write(user: User) -> None:
        for number in range(25):
            put(xbl, user, me({"score": number}))

    threads = [threading.Thread(target=write, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for place, client in enumerate(clients, start=2):
        assert [client.tap()["changeNumber"] for _ in range(place, 105)] == [*range(place, 105)]
    for thread in threads:
        thread.join()


def test_a_connection_may_have_tls() -> None:
    """Any server will do whose handlers are ours, such as one for the real host (TAP-11)."""
    with XblServer(Switchboard()) as server:
        assert server.server
        server.server.RequestHandlerClass = TlsHandler
        xbl = XboxLive(name="secure", url=lambda: server.url)
        stacy = xbl.user("Stacy")
        with server.app.connected(xbl.app, "test_tls"):
            url = f"wss://127.0.0.1:{server.port}"
            client = RtaClient(xbl, stacy, url=url, ssl=context(server=False))
            put(xbl, stacy, subscribing(client.connection(), "everything"), session_path())
            put(xbl, stacy, properties({"a": 1}), session_path())
            assert client.tap()["changeNumber"] == 2
            xbl.rta.drop(stacy)
            with pytest.raises(ConnectionClosed):
                client.read()
            again = RtaClient(xbl, stacy, url=url, ssl=context(server=False))
            again.connection()
        assert closed(again) == (1001, "The world of the test is over.")
        for one in (client, again):
            one.close()
        server.check()


# The end


def test_nothing_is_left_of_a_connection(xbl: XboxLive, connect: Connect) -> None:
    """No thread, whoever has ended it (TAP-4)."""
    assert xbl.url  # the server has threads of its own, which last as long as the run
    before = set(threading.enumerate())
    stacy = xbl.user("Stacy")
    for end in (lambda client: client.socket.close(), lambda _: xbl.rta.drop(stacy)):
        client = RtaClient(xbl, stacy)
        client.connection()
        end(client)
        client.socket.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE)
    assert set(threading.enumerate()) <= before


def test_a_client_that_connects_while_the_world_ends_is_cut_off(xbl: XboxLive, connect: Connect) -> None:
    """Though its request came before the end (TAP-14)."""
    stacy = xbl.user("Stacy")
    xbl.faults.race("connect", xbl.app.hang_up)
    client = connect(stacy)
    with pytest.raises(ConnectionClosed):
        client.read()


def test_what_is_said_is_in_the_archive(xbl: XboxLive, connect: Connect) -> None:
    """Both ways, under the request that opened the connection (TAP-3)."""
    client = connect(xbl.user("Stacy"))
    own = client.connection()
    said = [(one.is_sent, one.text) for one in xbl.app.journal.messages[1]]
    assert said == [(True, f'[1, 0, "{CONNECTIONS}"]'), (False, f'[1,0,0,0,{{"ConnectionId":"{own}"}}]')]


def test_a_user_of_a_closed_connection_has_another(xbl: XboxLive, connect: Connect) -> None:
    """As long as a test asks (TAP-15)."""
    stacy = xbl.user("Stacy")
    client = connect(stacy)
    first = client.connection()
    client.socket.close()
    assert stacy.connection != first
    xbl.rta.drop(stacy)
    assert error_of(lambda: xbl.rta.drop(stacy)).startswith("Stacy has no connection")


def test_a_ping_is_answered(xbl: XboxLive, connect: Connect) -> None:
    """While nothing else is said (RFC 6455, 5.5.2)."""
    client = connect(xbl.user("Stacy"))
    assert client.socket.ping().wait(PATIENCE)
