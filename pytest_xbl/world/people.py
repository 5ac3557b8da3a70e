"""The people of a world: who has which token, who follows whom, and who is in the title (CALL-3, JOIN-2, TIME-7)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.world.state import Account, State
from pytest_xbl.world.world import World


def add_account(world: World, account: Account) -> None:
    """Remember a user or a service.

    Raises:
        Refusal: for a name, xuid or token that somebody has already (SEED-11).
    """
    with world.exclusively():
        _require_new(world, account)
        world._state.add_account(account)


def note_arrival(world: World, accounts: Iterable[Account]) -> None:
    """Remember when these users became known; those of a seed come with it (STAT-15)."""
    with world.exclusively():
        for account in accounts:
            world._changes.add(world.now, account.key)


def remove_account(world: World, account: Account) -> None:
    """Forget a user or a service."""
    with world.exclusively():
        world._state.remove_account(account)


def account_called(world: World, name: str) -> Account | None:
    """The user or service of this name, or None."""
    return world._state.names.get(name)


def account_of(world: World, xuid: str) -> Account | None:
    """The user with this xuid, or None."""
    return world._state.users.get(xuid)


def account_with(world: World, token: str) -> Account | None:
    """The account with this token, or None."""
    chosen = world._state.tokens.get(token)
    if chosen:
        return chosen
    name, _, key = token.rpartition(".")
    account = _by_key(world._state, key)
    return account if account and account.token is None and name == world.name else None


def given_tokens(world: World) -> set[str]:
    """The tokens that the test has chosen, also of users who are there no longer (SEEN-13)."""
    return world._tokens_before | world._state.chosen_tokens


def is_token_of(world: World, token: str) -> bool:
    """Whether the token was chosen in the world, or begins with its name."""
    return world_of(token) == world.name or token in world._state.tokens


def world_of(token: str) -> str:
    """The name of the world to which a token belongs, unless it was chosen."""
    return token.rpartition(".")[0]


def token_of(world: World, account: Account) -> str:
    """The token of an account in this world: the chosen one, or one that follows from the world's name and the key."""
    return f"{world.name}.{account.key}" if account.token is None else account.token


def require_own_tokens(world: World) -> None:
    """Refuse a token chosen before the world had its name that another account has by that name.

    Raises:
        Refusal: naming both accounts (SEED-11).
    """
    for token, account in world._state.tokens.items():
        name, _, key = token.rpartition(".")
        other = _by_key(world._state, key)
        if name == world.name and other and other is not account:
            what = f"The token of {account.caller.name} is {other.caller.name}'s already."
            raise Refusal(400, what, where=("users", account.caller.name, "token"), rule="SEED-11")


def users(world: World) -> list[Account]:
    """All users, in the order in which they came."""
    return list(world._state.users.values())


def count(world: World, *, services: bool = False) -> int:
    """The number of users, or of services."""
    return len(world._state.services if services else world._state.users)


def names(world: World) -> list[str]:
    """The names of all users and services."""
    return list(world._state.names)


def relate(
    world: World,
    xuid: str,
    *,
    follows: AbstractSet[str],
    favorites: AbstractSet[str],
    blocks: AbstractSet[str],
) -> None:
    """Let a user follow others, favor some of those, and block others, all by xuid (JOIN-2, HAND-10, OWN-4).

    Raises:
        Refusal: for a favorite whom they do not follow; then nothing changes.
    """
    with world.exclusively():
        state = world._state
        if not favorites <= state.follows.get(xuid, frozenset()) | follows:
            what = "Favorites are among the people whom a user follows; name them under follows, too."
            raise Refusal(400, what, where=("favorites",), rule="HAND-10")
        added = follows - state.follows.get(xuid, frozenset())
        changed = favorites - state.favorites.get(xuid, frozenset()) - added
        for graph, others in ((state.follows, follows), (state.favorites, favorites), (state.blocks, blocks)):
            if others:
                graph[xuid] = graph.get(xuid, frozenset()) | others
        if world._connections:
            from pytest_xbl.world.news import of_people

            of_people(world._connections, xuid, {"Added": added, "Changed": changed})


def unfollow(world: World, xuid: str, other: str) -> None:
    """Let a user follow another no more, who is then no favorite either (JOIN-2, HAND-10)."""
    with world.exclusively():
        removed = world._state.follows.get(xuid, frozenset()) & {other}
        for graph in (world._state.follows, world._state.favorites):
            if other in graph.get(xuid, ()):
                graph[xuid] -= {other}
        if world._connections:
            from pytest_xbl.world.news import of_people

            of_people(world._connections, xuid, {"Removed": removed})


def following(world: World, xuid: str) -> list[str]:
    """The people whom a user follows, by xuid: users in the order in which they came, then strangers by number."""
    return _in_order(world._state, world._state.follows.get(xuid, frozenset()))


def followers(world: World, xuid: str) -> list[str]:
    """The people who follow a user, in the same order."""
    follows = list(world._state.follows.items())
    return _in_order(world._state, {follower for follower, followed in follows if xuid in followed})


def follows(world: World, xuid: str, other: str) -> bool:
    """Whether a user follows another person."""
    return other in world._state.follows.get(xuid, ())


def is_favorite(world: World, xuid: str, other: str) -> bool:
    """Whether the other is one of a user's favorites."""
    return other in world._state.favorites.get(xuid, ())


def set_presence(world: World, *xuids: str, present: bool) -> None:
    """Say whether users are in the title (TIME-7)."""
    with world.exclusively():
        state, before = world._state, world._state.absent
        state.absent = state.absent.difference(xuids) if present else state.absent.union(xuids)
        if world._connections:
            from pytest_xbl.world.news import of_presence

            for xuid in sorted(before ^ state.absent):
                of_presence(world._connections, state.users[xuid].caller, present=present)


def is_present(world: World, xuid: str) -> bool:
    """Whether a user is in the title (TIME-7)."""
    return xuid not in world._state.absent


def _require_new(world: World, account: Account) -> None:
    state, name = world._state, account.caller.name
    if name in state.names:
        what = f"The name {name!r} is taken; every caller needs a unique name."
        raise Refusal(400, what, where=(), rule="SEED-11")
    if not account.caller.server and (holder := state.users.get(account.key)):
        what = f"The xuid {account.key} is {holder.caller.name}'s already."
        raise Refusal(400, what, where=("xuid",), rule="SEED-11")
    if (account.token is not None or state.tokens) and (holder := account_with(world, token_of(world, account))):
        raise Refusal(400, f"The token is {holder.caller.name}'s already.", where=("token",), rule="SEED-11")


def _in_order(state: State, xuids: AbstractSet[str]) -> list[str]:
    users = list(state.users)
    known = [xuid for xuid in users if xuid in xuids]
    return [*known, *sorted(xuids - set(users), key=int)]


def _by_key(state: State, key: str) -> Account | None:
    return state.users.get(key) or state.services.get(key)
