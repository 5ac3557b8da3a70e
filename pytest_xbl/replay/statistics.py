"""The statistics that a recording shows: values, and the groups and words by which titles define them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.replay.places import at
from pytest_xbl.replay.recording import Exchange

NUMBERS: Mapping[str, type] = {"Integer": int, "Double": float}
SHOWN = {
    "Ordinal": "ordinal",
    "SortOrder": "sortOrder",
    "DisplayName": "displayName",
    "DisplayFormat": "displayFormat",
    "DisplaySemantic": "displaySemantic",
}
"""The properties of a statistic in a response, and the fields of a definition in a seed."""
ORDINAL = re.compile("[0-9]{1,9}")


def statistics_of(exchanges: Iterable[Exchange], names: Mapping[str, str]) -> JsonObject:
    """The section `statistics` of the seed: titles, the first value of each statistic, and how it is shown first.

    Args:
        names: of users, by xuid.
    """
    titles: dict[str, str] = {}
    users: dict[str, JsonObject] = {}
    definitions: dict[str, JsonObject] = {}
    for exchange in exchanges:
        for group, title, stat in _statistics(exchange.response.json):
            xuid, scid, name = stat.get("xuid"), stat.get("scid"), stat.get("name")
            if not (isinstance(xuid, str) and xuid in names and isinstance(scid, str) and isinstance(name, str)):
                continue
            if isinstance(title, str):
                titles[title] = scid
            label = f"{scid.lower()}/{name}"
            if (value := _value(stat)) is not None:
                told = {**value, "name": name, "scid": scid}
                users.setdefault(names[xuid], {}).setdefault(label, told)
            if group or label not in definitions:
                definitions[label] = {"name": name, "scid": scid, **_definition(group, stat)}
    return {"titles": titles, "users": users, "definitions": definitions}


def _statistics(response: Json) -> Iterator[tuple[str, Json, JsonObject]]:
    """Each statistic in a response, with the name and the title of its group; "" and None for one outside of groups."""
    for group in _list(at(response, "groups")):
        for stat in _listed(group):
            yield str(at(group, "name") or ""), at(group, "titleid"), stat
    for stat in _listed(response):
        yield "", None, stat


def _listed(holder: Json) -> Iterator[JsonObject]:
    for collection in _list(at(holder, "statlistscollection")):
        yield from (stat for stat in _list(at(collection, "stats")) if isinstance(stat, dict))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _value(stat: JsonObject) -> JsonObject | None:
    """The value of a statistic as a record of a seed; None if nobody has reached one."""
    value, kind = stat.get("value"), stat.get("type")
    if value is None:
        return None
    if isinstance(kind, str) and kind in NUMBERS and isinstance(value, str):
        try:
            return {"value": NUMBERS[kind](value)}
        except ValueError:
            return None
    return {"value": value, "type": "DateTime"} if kind == "DateTime" else {"value": value}


def _definition(group: str, stat: JsonObject) -> JsonObject:
    kind = stat.get("type")
    shown = {**(at(stat, "groupproperties") or {}), **(at(stat, "properties") or {})}
    fields: JsonObject = {field: shown[name] for name, field in SHOWN.items() if name in shown}
    if not group:
        fields = {"displayName": fields["displayName"]} if "displayName" in fields else {}
    elif ORDINAL.fullmatch(str(fields.get("ordinal"))):
        fields["ordinal"] = int(fields["ordinal"])
    else:
        fields.pop("ordinal", None)
    return {**({"type": kind} if kind else {}), **({"group": group} if group else {}), **fields}
