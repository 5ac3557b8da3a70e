"""Rendering of statistics for a client, in each dialect (STAT-1 to STAT-4, STAT-8, STAT-9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.userstats.model import PLAIN, Definition, Statistic, Values, as_json, as_text

GROUP_PROPERTIES = {
    "Ordinal": "ordinal",
    "SortOrder": "sort_order",
    "DisplayName": "display_name",
    "DisplayFormat": "display_format",
    "DisplaySemantic": "display_semantic",
}
"""The `groupproperties` of a statistic, and the fields of its definition that they show."""
UNDEFINED: Mapping[str, Definition] = MappingProxyType({})


class Reached(NamedTuple):
    """The statistics of one user in one service configuration, in the order of the request.

    Args:
        definitions: of all statistics there, by name.
    """

    scid: str
    stats: Sequence[tuple[str, Statistic]]
    definitions: Mapping[str, Definition] = UNDEFINED


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


def user_as_json(player: Player, values: Values) -> JsonObject:
    """The response to a GET under contract 1: that of the page, and with strings that of native clients as well."""
    stats = stats_as_json(player.reached[0], values)
    answer: JsonObject = {"user": {**_identity(player), "stats": stats}}
    if values == "strings":
        answer |= {"xuid": player.xuid, "scids": [{"scid": player.reached[0].scid, "stats": stats}]}
    return answer


def stats_as_json(reached: Reached, values: Values) -> list[JsonObject]:
    """The statistics of one service configuration (STAT-5)."""
    return [{"statname": name, "type": held.type, "value": as_json(held, values)} for name, held in reached.stats]


class Listed(NamedTuple):
    """A statistic of a user, as lists show it.

    Args:
        held: None where the user has no value, which only groups show (STAT-2).
        title: by which the request named it; "" where it named the service configuration.
    """

    name: str
    scid: str
    held: Statistic | None
    definition: Definition = PLAIN
    title: str = ""


Lists: TypeAlias = Sequence[tuple[str, Sequence[Listed]]]
"""The statistics of each user, by xuid."""


class Group(NamedTuple):
    """A group that a request asks for; without lists if it has no statistics (STAT-10).

    Args:
        title: by which the request named it; "" where it named the service configuration.
    """

    name: str
    title: str
    lists: Lists


def get_as_json(lists: Lists, *, metadata: bool) -> JsonObject:
    """The response to a GET under contract 2 or 3 (STAT-9)."""

    def shown(xuid: str, one: Listed) -> JsonObject:
        return _listed(xuid, one) | (_metadata(one.held) if metadata and one.held else {})

    return {"statlistscollection": _lists(lists, shown)}


def grouped_as_json(groups: Iterable[Group], lists: Lists) -> JsonObject:
    """The response to a batch under contract 2 (STAT-3)."""
    return {
        "groups": [
            {"name": group.name, **_titleid(group.title), "statlistscollection": _lists(group.lists, _in_group)}
            for group in groups
        ],
        "statlistscollection": _lists(lists, lambda xuid, one: {"groupproperties": {}, **_listed(xuid, one)}),
    }


def _lists(lists: Lists, shown: Callable[[str, Listed], JsonObject]) -> list[JsonObject]:
    """The statistics of each user, values as strings (STAT-8)."""
    return [
        {"arrangebyfield": "xuid", "arrangebyfieldid": xuid, "stats": [shown(xuid, one) for one in listed]}
        for xuid, listed in lists
    ]


def _in_group(xuid: str, one: Listed) -> JsonObject:
    said = {name: getattr(one.definition, field) for name, field in GROUP_PROPERTIES.items()}
    properties = {name: str(value) for name, value in said.items() if value is not None}
    return {"groupproperties": properties, **_listed(xuid, one)}


def _listed(xuid: str, one: Listed) -> JsonObject:
    display_name = one.definition.display_name
    return {
        "xuid": xuid,
        "scid": one.scid,
        **_titleid(one.title),
        "name": one.name,
        "type": one.held.type if one.held else one.definition.type,
        **({"value": as_text(one.held)} if one.held else {}),
        "properties": {} if display_name is None else {"DisplayName": display_name},
    }


def _identity(player: Player) -> JsonObject:
    return {"xuid": player.xuid, **({"gamertag": player.gamertag} if player.gamertag else {})}


def _titleid(title: str) -> JsonObject:
    return {"titleid": title} if title else {}


def _metadata(held: Statistic) -> JsonObject:
    return {} if held.metadata is None else {"valuemetadata": held.metadata}
