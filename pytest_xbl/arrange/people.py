"""The people of a test: users, services, and how they relate to each other (CALL-3, CALL-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_xbl.mpsd.acting import acting_for
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import EMPTY, MULTIPLAYER, RETAIL, Caller, JsonObject
from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.world import people
from pytest_xbl.world.ready_made import TITLE_ID
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

FIRST_XUID = 2533274790000001
PRIVILEGES = frozenset({MULTIPLAYER})
"""The privileges of an account by default; all that the fake knows."""
GRAPHS = ("follows", "favorites", "blocks")
"""The fields of a user that name other people."""
LONGEST_LIST = 200
"""Characters of the names that a text lists."""


def add_user(world: World, name: str, record: JsonObject) -> Account:
    """Make a user, as yet without relations to others.

    Args:
        record: of the seed form, checked.

    Raises:
        Refusal: for a name, xuid or token that is taken (SEED-11), with the place inside the record.
    """
    _require_name(name)
    with world.exclusively():
        number = people.count(world)
        xuid: str = record.get("xuid") or _free_xuid(world, number)
        caller = Caller(
            name=name,
            xuid=xuid,
            gamertag=record.get("gamertag", name) or None,
            device_id=record.get("deviceId", f"F{number + 1:015X}"),
            title_id=record.get("titleId", TITLE_ID),
            privileges=frozenset(record["privileges"]) if "privileges" in record else PRIVILEGES,
            sandbox=record.get("sandbox", RETAIL),
        )
        account = Account(caller, xuid, record.get("userhash", xuid), record.get("token"))
        people.add_account(world, account)
    return account


def add_users(world: World, names: Iterable[str], record: JsonObject = EMPTY) -> list[Account]:
    """Make users of one record, relations included; all of them, or nobody.

    Raises:
        Refusal: as `add_user` and `relate` do.
    """
    accounts: list[Account] = []
    with world.exclusively():
        try:
            for name in names:
                accounts.append(add_user(world, name, record))
                relate(world, name, record)
        except Refusal:
            for account in accounts:
                people.remove_account(world, account)
            raise
        people.note_arrival(world, accounts)
    return accounts


def add_service(world: World, name: str, record: JsonObject) -> Account:
    """Make a server principal (CALL-4).

    Args:
        record: of the seed form, checked.

    Raises:
        Refusal: for a name that is taken (SEED-11), a user who does not exist (SEED-2), or users for whom no single
            call can act (S2S-1).
    """
    _require_name(name)
    with world.exclusively():
        caller, users = Caller(name, server=True), _users_of_one_title(world, record.get("actingFor", ()))
        if "onBehalfOf" in record:
            if users:
                what = "A service acts for the user in its token, or for those in its headers; give one of the two."
                raise Refusal(400, what, where=("actingFor",), rule="S2S-1")
            caller = acting_for(caller, (account_called(world, record["onBehalfOf"], ("onBehalfOf",)).caller,))
        key = f"service-{people.count(world, services=True) + 1}"
        account = Account(caller, key, key, acting_for=users)
        people.add_account(world, account)
    return account


def _users_of_one_title(world: World, names: list[str]) -> tuple[Caller, ...]:
    """The claims of the users for whom a service acts."""
    users = [account_called(world, name, ("actingFor", number)).caller for number, name in enumerate(names)]
    for number, user in enumerate(users):
        at = ("actingFor", number)
        if user in users[:number]:
            raise Refusal(400, f"{user.name} appears twice.", where=at, rule="S2S-1")
        first = users[0]
        if user.title_id != first.title_id:
            theirs = f"{first.name} plays {first.title_id}, and {user.name} plays {user.title_id}"
            raise Refusal(400, f"A service acts for one title in a call, but {theirs}.", where=at, rule="S2S-1")
    return tuple(users)


def relate(world: World, name: str, record: JsonObject) -> None:
    """Let a user follow, favor and block others, and be present or not, as their record says.

    Raises:
        Refusal: for a person who does not exist (SEED-2), with the place inside the record; then nothing changes.
    """
    with world.exclusively():
        xuid = account_called(world, name, ()).key
        others = {graph: _others(world, name, xuid, record.get(graph, ()), graph) for graph in GRAPHS}
        people.relate(world, xuid, **others)
        if "present" in record:
            people.set_presence(world, xuid, present=record["present"])


def account_called(world: World, name: str, where: Place) -> Account:
    """The account of the user of this name.

    Raises:
        Refusal: if there is none (SEED-2).
    """
    account = people.account_called(world, name)
    if account is None or account.caller.server:
        names = [user.caller.name for user in people.users(world)]
        known, near = ", ".join(names) or "none", nearest(name, names)
        shown = known if len(known) <= LONGEST_LIST else f"{known[: LONGEST_LIST - 3]}..."
        what = f"There is no user {brief(name)}; there are: {shown}.{or_meant(near and brief(near))}"
        raise Refusal(400, what, where=where, rule="SEED-2")
    return account


def caller_of(world: World, person: str | Mapping[str, str], where: Place) -> Caller:
    """The claims of a person named by the name of a user, or by the xuid of a stranger.

    Raises:
        Refusal: if there is no such user (SEED-2).
    """
    if isinstance(person, str):
        return account_called(world, person, where).caller
    account = people.account_of(world, person["xuid"])
    return account.caller if account else stranger(person["xuid"])


def stranger(xuid: str, name: str | None = None) -> Caller:
    """The claims of somebody who is no user of the world."""
    return Caller(name or xuid, xuid, privileges=PRIVILEGES)


def _others(world: World, name: str, xuid: str, named: list[str | Mapping[str, str]], graph: str) -> frozenset[str]:
    others = frozenset(str(caller_of(world, person, (graph,)).xuid) for person in named)
    if xuid in others:
        verb = {"follows": "follow", "favorites": "favor", "blocks": "block"}[graph]
        raise Refusal(400, f"{name} cannot {verb} themselves.", where=(graph,), rule="SEED-2")
    return others


def _free_xuid(world: World, number: int) -> str:
    while people.account_of(world, xuid := str(FIRST_XUID + number)):
        number += 1
    return xuid


def _require_name(name: str) -> None:
    if not name:
        raise Refusal(400, "The name of a caller is not empty.", where=(), rule="SEED-1")
    if not name.isprintable():
        what = f"Expected a name of printable characters; got {brief(name)}."
        raise Refusal(400, what, where=(), rule="SEED-1")
