"""The people of a seed: users, services, and whoever else is named in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pytest_xbl.arrange.places import each
from pytest_xbl.mpsd.model import MULTIPLAYER, Caller, JsonObject
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.shapes import brief
from pytest_xbl.world.accounts import add_service, add_user
from pytest_xbl.world.people import Account
from pytest_xbl.world.world import World

CLAIMS = {
    "xuid": "xuid",
    "gamertag": "gamertag",
    "deviceId": "device_id",
    "titleId": "title_id",
    "token": "token",
    "userhash": "userhash",
    "privileges": "privileges",
    "sandbox": "sandbox",
}
"""The fields of a user that are claims, and what Python calls them."""
GRAPHS = ("follows", "favorites", "blocks")


def add_people(world: World, seed: JsonObject) -> None:
    """Users and services come into the world, and follow each other.

    Raises:
        Refusal: with the place inside the seed (SEED-1, SEED-2).
    """
    users: Mapping[str, JsonObject] = seed.get("users", {})
    each(users, ("users",), partial(_add_user, world))
    each(seed.get("services", {}), ("services",), partial(_add_service, world))
    each({name: record for name, record in users.items() if record}, ("users",), partial(_relate, world))


def account_of(world: World, name: str, at: Parts) -> Account:
    """The account of the user whom a seed names.

    Raises:
        Refusal: if there is no such user (SEED-2).
    """
    account = world.state.names.get(name)
    if account is None or account.caller.server:
        known = ", ".join(user.caller.name for user in world.state.users.values()) or "none"
        shown = known if len(known) <= LONGEST_LIST else f"{known[: LONGEST_LIST - 3]}..."
        raise Refusal(400, f"There is no user {brief(name)}; there are: {shown}.", where=at, rule="SEED-2")
    return account


LONGEST_LIST = 200
"""Characters of the names that a text lists."""


def caller_named(world: World, person: str | JsonObject, at: Parts) -> Caller:
    """Whom a seed names, by the name of a user, or by the xuid of somebody who is none.

    Raises:
        Refusal: if there is no such user (SEED-2).
    """
    if isinstance(person, str):
        return account_of(world, person, at).caller
    account = world.state.users.get(person["xuid"])
    return account.caller if account else stranger(person["xuid"])


def stranger(xuid: str, name: str | None = None) -> Caller:
    """Somebody of whom only the xuid is known."""
    return Caller(name or xuid, xuid, privileges=frozenset({MULTIPLAYER}))


def _add_user(world: World, name: str, record: JsonObject) -> None:
    add_user(world, name, **{CLAIMS[field]: it for field, it in record.items() if field in CLAIMS})


def _add_service(world: World, name: str, record: JsonObject) -> None:
    acts_for = record.get("onBehalfOf")
    user = None if acts_for is None else world.user(account_of(world, acts_for, ("onBehalfOf",)))
    add_service(world, name, on_behalf_of=user)


def _relate(world: World, name: str, record: JsonObject) -> None:
    state = world.state
    account = state.names[name]
    for graph in GRAPHS:
        others = {str(caller_named(world, other, (graph,)).xuid) for other in record.get(graph, ())}
        if account.key in others:
            raise Refusal(400, f"{name} stands among those whom they name.", where=(graph,), rule="SEED-2")
        if others:
            held = getattr(state, graph)
            held[account.key] = held.get(account.key, frozenset()) | others
    if not state.favorites.get(account.key, frozenset()) <= state.follows.get(account.key, frozenset()):
        what = "Favorites are some of those whom somebody follows; name them under follows, too."
        raise Refusal(400, what, where=("favorites",), rule="HAND-10")
    if record.get("present") is False:
        state.absent |= {account.key}
