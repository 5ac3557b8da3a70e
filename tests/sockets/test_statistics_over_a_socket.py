"""User statistics, as a client asks for them: over a real socket, in both dialects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from bodies import SCID
from pytest_xbl import XboxLive
from pytest_xbl.xbl.people import Principal, User

if TYPE_CHECKING:
    from tests.sockets.conftest import Player

HOST = "userstats.xboxlive.com"


class Table(NamedTuple):
    """A world, Stacy and Ana who have statistics, and the connection of Stacy."""

    xbl: XboxLive
    stacy: User
    ana: User
    client: Player


@pytest.fixture
def table(xbl: XboxLive, connect: Callable[[Principal], Player]) -> Table:
    """Two users with statistics of two types."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.stats.set(stacy, {"Kills": 7, "Rate": 0.5}, metadata={"Kills": {"map": "dunes"}})
    xbl.stats.set(ana, {"Kills": 3})
    return Table(xbl, stacy, ana, connect(stacy))


def batch_of(*users: User) -> dict[str, Any]:
    """The body of a batch under contract 1."""
    wanted = {"scid": SCID, "requestedstats": ["Rate", "Kills"]}
    return {"requestedusers": [user.xuid for user in users], "requestedscids": [wanted]}


def path_of(user: User, names: str) -> str:
    """The path of statistics of one user."""
    return f"/users/xuid({user.xuid})/scids/{SCID}/stats/{names}"


@pytest.mark.parametrize("contract", [{}, {"X_Xbl_Contract_Version": "1"}])
def test_a_batch_is_read_over_a_socket(table: Table, contract: dict[str, str]) -> None:
    """User by user as the page shows it, with a contract version or without (STAT-1, STAT-13)."""
    del table.client.headers["X-Xbl-Contract-Version"]
    reply = table.client.ask("POST", "/batch?operation=read", batch_of(table.ana, table.stacy), Host=HOST, **contract)
    kills = [{"statname": "Kills", "type": "Integer", "value": count} for count in (3, 7)]
    rate = {"statname": "Rate", "type": "Double", "value": 0.5}
    assert (reply.status, reply.document) == (
        200,
        {
            "users": [
                {"xuid": table.ana.xuid, "gamertag": "Ana", "scids": [{"scid": SCID, "stats": [kills[0]]}]},
                {"xuid": table.stacy.xuid, "gamertag": "Stacy", "scids": [{"scid": SCID, "stats": [rate, kills[1]]}]},
            ]
        },
    )


def test_a_batch_under_contract_2_is_read_over_a_socket(table: Table) -> None:
    """A list for each user, values as strings (STAT-3, STAT-8)."""
    body = {
        "arrangebyfield": "xuid",
        "xuids": [table.stacy.xuid],
        "groups": [],
        "stats": [{"name": "Kills", "titleId": table.stacy.title_id}],
    }
    reply = table.client.ask("POST", "/batch", body, Host=HOST, X_Xbl_Contract_Version="2")
    kills = {
        "xuid": table.stacy.xuid,
        "titleid": table.stacy.title_id,
        "scid": SCID,
        "name": "Kills",
        "type": "Integer",
        "value": "7",
        "properties": {},
    }
    lists = [{"arrangebyfield": "xuid", "arrangebyfieldid": table.stacy.xuid, "stats": [kills]}]
    assert (reply.status, reply.document) == (200, {"groups": [], "statlistscollection": lists})


@pytest.mark.parametrize("contract", ["1", "2", "3"])
def test_one_user_is_read_over_a_socket(table: Table, contract: str) -> None:
    """What contract 1 shows is there under each, and the lists under the later ones (STAT-4, STAT-9)."""
    reply = table.client.ask("GET", path_of(table.stacy, "Kills,Rate"), Host=HOST, X_Xbl_Contract_Version=contract)
    assert reply.status == 200
    assert list(reply.document) == ["user", "groups", "statlistscollection"][: 1 if contract == "1" else 3]
    assert reply.document["user"] == {
        "xuid": table.stacy.xuid,
        "gamertag": "Stacy",
        "stats": [
            {"statname": "Kills", "type": "Integer", "value": 7},
            {"statname": "Rate", "type": "Double", "value": 0.5},
        ],
    }


def test_metadata_comes_over_a_socket(table: Table) -> None:
    """As a string that holds JSON, quotes and all (STAT-4)."""
    path = f"{path_of(table.stacy, 'Kills')}?include=valuemetadata"
    reply = table.client.ask("GET", path, Host=HOST, X_Xbl_Contract_Version="3")
    [one] = reply.document["statlistscollection"]
    assert [stat["valuemetadata"] for stat in one["stats"]] == ['{"map": "dunes"}']


def test_native_clients_get_strings_over_a_socket(table: Table) -> None:
    """All that they parse is a string, at the root of the answer (STAT-8, STAT-9)."""
    table.xbl.stats.values = "strings"
    reply = table.client.ask("GET", path_of(table.stacy, "Kills,Rate"), Host=HOST, X_Xbl_Contract_Version="1")
    [part] = reply.document["scids"]
    assert (reply.document["xuid"], part["scid"]) == (table.stacy.xuid, SCID)
    assert [(stat["statname"], stat["value"]) for stat in part["stats"]] == [("Kills", "7"), ("Rate", "0.5")]


def test_what_is_known_is_not_sent_again_over_a_socket(table: Table) -> None:
    """304 without a body, for a batch too, and the connection stays in step (STAT-7, CODE-304)."""
    ask: Callable[..., Any] = lambda **headers: table.client.ask(  # noqa: E731
        "POST", "/batch", batch_of(table.stacy), X_Xbl_Contract_Version="1", **headers
    )
    first = ask()
    connected = table.client.connection.sock
    again = ask(If_None_Match=first.headers["ETag"])
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert "Content-Length" not in again.headers
    table.xbl.stats.add(table.stacy, "Kills")
    changed = ask(If_None_Match=first.headers["ETag"])
    assert (changed.status, changed.document["users"][0]["scids"][0]["stats"][1]["value"]) == (200, 8)
    assert table.client.connection.sock is connected


def test_a_refused_request_leaves_the_connection_in_step(table: Table) -> None:
    """Whichever part of it was wrong, its body was read, and the next answer is the right one (STAT-7, STAT-13)."""
    body = batch_of(table.stacy)
    first = table.client.ask("POST", "/batch", body)  # as for sessions, under contract 107
    connected = table.client.connection.sock
    replies = [
        first,
        table.client.ask("POST", "/batch", {**body, "requestedusers": ["7"]}, X_Xbl_Contract_Version="1"),
        table.client.ask("POST", "/batch", body, X_Xbl_Contract_Version="2"),
        table.client.ask("POST", "/batch", body, X_Xbl_Contract_Version="1", Authorization="XBL3.0 x=a;b"),
        table.client.ask("POST", "/batch", body, Host="sessiondirectory.xboxlive.com"),
        table.client.ask("PUT", "/batch", body),
        table.client.ask("POST", "/batch", body, X_Xbl_Contract_Version="1"),
    ]
    assert [reply.status for reply in replies] == [406, 404, 400, 401, 404, 405, 200]
    assert first.body == (
        b'The versions of this operation are 1, 2; got "107".\nwhere: X-Xbl-Contract-Version\nrule: STAT-7\n'
    )
    assert table.client.connection.sock is connected
