"""Rendering of statistics for a client, in each dialect (STAT-1 to STAT-4, STAT-8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.userstats.model import Statistic, Values, as_json, as_text
from pytest_xbl.userstats.requests import Named


class Reached(NamedTuple):
    """The statistics of one user in one service configuration, in the order of the request."""

    scid: str
    stats: Sequence[tuple[str, Statistic]]


class Player(NamedTuple):
    """One user and their statistics; `gamertag` is "" for a user without one."""

    xuid: str
    gamertag: str
    reached: Sequence[Reached]


def users_as_json(players: Iterable[Player], values: Values) -> JsonObject:
    """The response to a batch under contract 1 (STAT-1)."""
    return {
        "users": [
            {
                **_identity(player),
                "scids": [{"scid": part.scid, "stats": stats_as_json(part, values)} for part in player.reached],
            }
            for player in players
        ]
    }


def user_as_json(player: Player, values: Values, *, metadata: bool = False) -> JsonObject:
    """The response to a GET under contract 1: that of the page, and with strings that of native clients as well."""
    stats = stats_as_json(player.reached[0], values, metadata=metadata)
    answer: JsonObject = {"user": {**_identity(player), "stats": stats}}
    if values == "strings":
        answer |= {"xuid": player.xuid, "scids": [{"scid": player.reached[0].scid, "stats": stats}]}
    return answer


def stats_as_json(reached: Reached, values: Values, *, metadata: bool = False) -> list[JsonObject]:
    """The statistics of one service configuration (STAT-5), with their `valuemetadata` if asked (STAT-4)."""
    stats = [{"statname": name, "type": held.type, "value": as_json(held, values)} for name, held in reached.stats]
    if not metadata:
        return stats
    return [{**shown, **_metadata(held)} for shown, (_name, held) in zip(stats, reached.stats, strict=True)]


class Listed(NamedTuple):
    """A statistic of a user, and the request for it."""

    asked: Named
    scid: str
    held: Statistic


def lists_as_json(lists: Iterable[tuple[str, Sequence[Listed]]], *, metadata: bool = False) -> list[JsonObject]:
    """`statlistscollection`: the statistics of each user, values as strings (STAT-3, STAT-8)."""
    return [
        {
            "arrangebyfield": "xuid",
            "arrangebyfieldid": xuid,
            "stats": [_listed(xuid, one, metadata=metadata) for one in listed],
        }
        for xuid, listed in lists
    ]


def groups_as_json(groups: Iterable[Named], xuids: Sequence[str]) -> list[JsonObject]:
    """The groups of a request, all empty, because the fake knows no groups (STAT-10)."""
    empty = lists_as_json((xuid, ()) for xuid in xuids)
    return [{"name": group.name, **_home(group), "statlistscollection": empty} for group in groups]


def _identity(player: Player) -> JsonObject:
    return {"xuid": player.xuid, **({"gamertag": player.gamertag} if player.gamertag else {})}


def _home(named: Named) -> JsonObject:
    return {"titleid": named.title} if named.title else {"scid": named.scid}


def _listed(xuid: str, one: Listed, *, metadata: bool) -> JsonObject:
    return {
        "xuid": xuid,
        **_home(one.asked),
        "scid": one.scid,
        "name": one.asked.name,
        "type": one.held.type,
        "value": as_text(one.held),
        "properties": {},
        **(_metadata(one.held) if metadata else {}),
    }


def _metadata(held: Statistic) -> JsonObject:
    return {} if held.metadata is None else {"valuemetadata": held.metadata}
