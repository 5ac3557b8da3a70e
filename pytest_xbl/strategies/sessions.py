"""Histories of requests, and the documents of sessions to which they lead."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.view import SessionDocument, document
from pytest_xbl.strategies.bodies import Contract, writes
from pytest_xbl.xbl.xbox_live import XboxLive

TEMPLATE, NAME = "lobby", "one"


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
    contracts: st.SearchStrategy[Contract] = st.sampled_from((107, 105))
    one = contracts.flatmap(
        lambda contract: st.builds(Write, st.integers(0, callers - 1), st.just(contract), writes(contract=contract))
    )
    creation = st.builds(Write, st.integers(0, callers - 1), st.just(107), st.just({"members": {"me": {}}}))
    return st.builds(lambda first, later: [first, *later], creation, st.lists(one, max_size=most - 1))


def session_documents(*, contract: Contract = 107) -> st.SearchStrategy[SessionDocument]:
    """Documents of sessions as the fake sends them after some history.

    Args:
        contract: the contract version that they are for.
    """
    return histories().map(lambda history: _document(history, contract))


def _document(history: list[Write], contract: Contract) -> SessionDocument:
    """The last document in a history."""
    xbl = XboxLive()
    users = xbl.users("P0", "P1", "P2")
    path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/{TEMPLATE}/sessions/{NAME}"
    for write in history:
        headers = {"X-Xbl-Contract-Version": str(write.contract)}
        xbl.client(users[write.caller]).put(path, json=write.body, headers=headers)
    versions = xbl._world.history(xbl._world.known()[0])
    last = next(version.session for version in reversed(versions) if version.session)
    return document(last, contract=contract)
