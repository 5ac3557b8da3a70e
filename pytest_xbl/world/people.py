"""The people of a world: who has which token, and who follows whom (CALL-3, JOIN-2)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.world.state import Account, State


def token_of(account: Account, *, world: str) -> str:
    """The token of an account in the world of this name: the chosen one, or one that follows from both names."""
    return f"{world}.{account.key}" if account.token is None else account.token


def account_with(state: State, token: str, *, world: str) -> Account | None:
    """The account with this token, or None."""
    chosen = state.tokens.get(token)
    if chosen:
        return chosen
    name, _, key = token.rpartition(".")
    account = _by_key(state, key)
    return account if account and account.token is None and name == world else None


def require_new(state: State, account: Account, *, world: str) -> None:
    """Refuse an account whose name, xuid or token somebody has already.

    Raises:
        Refusal: naming them (SEED-11).
    """
    name = account.caller.name
    if name in state.names:
        what = f"There is somebody called {name!r} already; every caller needs a name of their own."
        raise Refusal(400, what, where=(), rule="SEED-11")
    if not account.caller.server and (holder := state.users.get(account.key)):
        what = f"The xuid {account.key} is {holder.caller.name}'s already."
        raise Refusal(400, what, where=("xuid",), rule="SEED-11")
    if (account.token is not None or state.tokens) and (
        holder := account_with(state, token_of(account, world=world), world=world)
    ):
        raise Refusal(400, f"The token is {holder.caller.name}'s already.", where=("token",), rule="SEED-11")


def require_own_tokens(state: State, *, world: str) -> None:
    """Refuse a token chosen before the world had its name that another account has by that name.

    Raises:
        Refusal: naming both accounts (SEED-11).
    """
    for token, account in state.tokens.items():
        name, _, key = token.rpartition(".")
        other = _by_key(state, key)
        if name == world and other and other is not account:
            what = f"The token of {account.caller.name} is {other.caller.name}'s already."
            raise Refusal(400, what, where=("users", account.caller.name, "token"), rule="SEED-11")


def relate(
    state: State, xuid: str, follows: AbstractSet[str], favorites: AbstractSet[str], blocks: AbstractSet[str]
) -> None:
    """Add people to those whom a user follows, favors and has blocked.

    Raises:
        Refusal: for a favorite whom they do not follow (HAND-10); then nothing changes.
    """
    if not favorites <= state.follows.get(xuid, frozenset()) | follows:
        what = "Favorites are among the people whom a user follows; name them under follows, too."
        raise Refusal(400, what, where=("favorites",), rule="HAND-10")
    for graph, others in ((state.follows, follows), (state.favorites, favorites), (state.blocks, blocks)):
        if others:
            graph[xuid] = graph.get(xuid, frozenset()) | others


def _by_key(state: State, key: str) -> Account | None:
    return state.users.get(key) or state.services.get(key)
