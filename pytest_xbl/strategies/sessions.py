"""Histories of requests, and the documents of sessions to which they lead."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.view import SessionDocument, document
from pytest_xbl.strategies.bodies import Contract, writes
from pytest_xbl.strategies.crowds import TEMPLATE, Crowd, crowds
from pytest_xbl.xbl.xbox_live import XboxLive

NAME = "crowd"
PLAYERS = ("P0", "P1", "P2", "P3")


class Write(NamedTuple):
    """A PUT of a session.

    Args:
        caller: the number of the user who sends it.
        body: right on first sight; the session may still refuse it.
    """

    caller: int
    contract: Contract
    body: JsonObject


def histories(*, callers: int = 3, most: int = 8) -> st.SearchStrategy[list[Write]]:
    """Writes of one session by several users, under both contracts, the first of which creates it.

    Args:
        callers: the number of users.
        most: writes.
    """
    creation = st.builds(Write, st.integers(0, callers - 1), st.just(107), st.just({"members": {"me": {}}}))
    return st.builds(lambda first, later: [first, *later], creation, st.lists(_any_write(callers), max_size=most - 1))


def session_documents(*, contract: Contract = 107) -> st.SearchStrategy[SessionDocument]:
    """Documents of sessions as the fake sends them after writes of one to four players.

    Members are active, ready, inactive or only reserved, with roles and custom properties; the session may have
    servers; and up to two more writes may be any that are right on first sight.

    Args:
        contract: the contract version that the documents are for.
    """
    later = st.lists(_any_write(len(PLAYERS)), max_size=2)
    return st.builds(_document, crowds(), later, st.just(contract))


def _any_write(callers: int) -> st.SearchStrategy[Write]:
    contracts: st.SearchStrategy[Contract] = st.sampled_from((107, 105))
    return contracts.flatmap(
        lambda contract: st.builds(Write, st.integers(0, callers - 1), st.just(contract), writes(contract=contract))
    )


def _document(crowd: Crowd, later: list[Write], contract: Contract) -> SessionDocument:
    """The last document of a session with a crowd, after some more writes."""
    xbl = XboxLive()
    xbl.templates.add(NAME, TEMPLATE)
    users = xbl.users(*PLAYERS)
    clients = [xbl.client(caller) for caller in (*users, xbl.service("S4"))]
    path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/{NAME}/sessions/{NAME}"
    first = [Write(caller, 107, body) for caller, body in crowd.writes([user.xuid for user in users])]
    for write in (*first, *later):
        headers = {"X-Xbl-Contract-Version": str(write.contract)}
        clients[write.caller].put(path, json=write.body, headers=headers)
    versions = xbl._world.history(xbl._world.known()[0])
    last = next(version.session for version in reversed(versions) if version.session)
    return document(last, contract=contract)
