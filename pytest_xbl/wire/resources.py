"""The resources of real-time activity: who may subscribe, and the data at the beginning (TAP-6, TAP-13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.userstats.model import as_json
from pytest_xbl.userstats.requests import Wanted
from pytest_xbl.wire.neighbours.presence import presence_record
from pytest_xbl.world.connections import Connection, Resource
from pytest_xbl.world.people import account_of
from pytest_xbl.world.statistics import read_statistics, shown_values
from pytest_xbl.world.world import World

WHERE = "the message"


def beginning(world: World, connection: Connection, resource: Resource) -> tuple[Resource, Json]:
    """The resource as news name it, and its data now.

    Raises:
        Refusal: if this client may not subscribe to it, or there is no such thing.
    """
    kind, *names = resource
    return READERS[kind](world, connection, *names)


def _sessions(_world: World, connection: Connection) -> tuple[Resource, Json]:
    return ("sessions",), {"ConnectionId": connection.id}


def _statistic(world: World, connection: Connection, xuid: str, scid: str, name: str) -> tuple[Resource, Json]:
    wanted = Wanted(scid, {name: WHERE}, WHERE)
    [player] = read_statistics(world, connection.account.caller, {xuid: WHERE}, [wanted])
    held = [statistic for _, statistic in player.reached[0].stats]
    data = [{"name": name, "type": one.type, "value": as_json(one, shown_values(world))} for one in held]
    return ("statistic", xuid, scid.lower(), name), data[0] if data else None


def _friends(_world: World, connection: Connection, xuid: str) -> tuple[Resource, Json]:
    own = connection.account.caller
    if xuid != own.xuid:
        what = f"{own.name} hears of their own people only, who are those of xuid({own.xuid})."
        raise Refusal(403, what, where=WHERE, rule="TAP-13")
    return ("friends", xuid), None


def _title(world: World, _connection: Connection, xuid: str, title_id: str) -> tuple[Resource, Json]:
    return ("title", xuid, title_id), _presence(world, xuid)


def _devices(world: World, _connection: Connection, xuid: str) -> tuple[Resource, Json]:
    return ("devices", xuid), _presence(world, xuid)


def _presence(world: World, xuid: str) -> Json:
    """The presence record of a user, as the service of presence shows it (NEAR-12)."""
    account = account_of(world, xuid)
    if account is None:
        raise Refusal(404, f"There is no user with the xuid {xuid}.", where=WHERE, rule="TAP-13")
    return presence_record(world, account, "title")


READERS: Mapping[str, Callable[..., tuple[Resource, Json]]] = {
    "sessions": _sessions,
    "statistic": _statistic,
    "friends": _friends,
    "title": _title,
    "devices": _devices,
}
"""The function that reads each kind of resources."""
