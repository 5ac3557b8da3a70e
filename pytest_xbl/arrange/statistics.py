"""The statistics of a test: values of users, and definitions of titles (STAT)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from pytest_xbl.arrange.form import lacks
from pytest_xbl.arrange.people import account_called
from pytest_xbl.arrange.places import each
from pytest_xbl.arrange.records import scid_of
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.titles import ERA_ALONE, Title
from pytest_xbl.userstats.model import Value
from pytest_xbl.world import statistics
from pytest_xbl.world.world import World

DEFINED = {
    "type": "type",
    "access": "access",
    "group": "group",
    "ordinal": "ordinal",
    "sortOrder": "sort_order",
    "displayName": "display_name",
    "displayFormat": "display_format",
    "displaySemantic": "display_semantic",
}
"""The fields of a definition in a seed, and in the world."""


class Given(NamedTuple):
    """A value that a user is given, and where."""

    scid: str
    name: str
    value: Value
    metadata: str | None


def add_statistics(world: World, section: JsonObject) -> None:
    """Bring statistics into a world, with all that titles say of them.

    Args:
        section: of the seed form, checked.

    Raises:
        Refusal: with the place inside the section (SEED-2, STAT-5).
    """
    if "values" in section:
        statistics.set_shown_values(world, section["values"])
    if "sandbox" in section:
        statistics.set_sandbox(world, section["sandbox"])
    titles = {title_id: _title(record, world.scid) for title_id, record in section.get("titles", {}).items()}
    statistics.add_titles(world, titles)
    each(section.get("definitions", {}), ("definitions",), partial(_define_once, world, set()))
    each(section.get("users", {}), ("users",), partial(reach, world))
    statistics.add_scids(world, section.get("scids", ()))


def define(world: World, label: str, record: JsonObject) -> None:
    """Define a statistic.

    Raises:
        Refusal: with the place inside the record (STAT-5, STAT-14).
    """
    name = statistic_name(record.get("name", label))
    scid = record.get("scid", world.scid)
    statistics.define(world, scid, name, **{DEFINED[field]: record[field] for field in DEFINED if field in record})


def reach(world: World, user: str, records: Mapping[str, Json]) -> None:
    """Give a user values of statistics, by label; all of them, or none.

    Raises:
        Refusal: with the place inside the records (SEED-2, STAT-5).
    """
    xuid = account_called(world, user, ()).key
    given = each(records, (), partial(_given, world.scid))
    _require_once(given)
    for scid in dict.fromkeys(one.scid for one in given.values()):
        labels = {one.name: label for label, one in given.items() if one.scid == scid}
        values = {name: (given[label].value, given[label].metadata) for name, label in labels.items()}
        try:
            statistics.reach(world, scid, xuid, values)
        except Refusal as refusal:
            raise refusal.at((labels[str(refusal.place[0])],)) from None


def statistic_name(name: str) -> str:
    """The name of a statistic, which can stand in a path.

    Raises:
        Refusal: for any other name (STAT-4).
    """
    if not name or "," in name or "/" in name:
        what = f"A statistic has a name without commas and slashes, not {brief(name)}."
        raise Refusal(400, what, where=(), rule="STAT-4")
    return name


def _title(record: Json, scid: str) -> Title:
    """A title may be said to belong to a service configuration and no more, or in a record that says more about it."""
    whole = record if isinstance(record, dict) else {"scid": record}
    return Title(scid_of(whole, scid), whole.get("platforms", ERA_ALONE))


def _define_once(world: World, defined: set[tuple[str, str]], label: str, record: JsonObject) -> None:
    key = (record.get("scid", world.scid).lower(), record.get("name", label))
    if key in defined:
        raise Refusal(400, f"The statistic {key[1]} is defined twice.", where=("name",), rule="SEED-1")
    defined.add(key)
    define(world, label, record)


def _given(scid: str, label: str, value: Json) -> Given:
    """A value may stand alone, or in a record that says more about it."""
    record = value if isinstance(value, dict) else {"value": value}
    if "value" not in record:
        raise lacks("value")
    metadata = json.dumps(record["metadata"]) if "metadata" in record else None
    return Given(record.get("scid", scid), statistic_name(record.get("name", label)), _value(record), metadata)


def _value(record: JsonObject) -> Value:
    value: Value = record["value"]
    if record.get("type") != "DateTime":
        return value
    time = moment(value)
    if time is None:
        what = 'Expected a time with its zone, as "2026-01-01T12:00:00Z".'
        raise Refusal(400, what, where=("value",), rule="STAT-5")
    return time


def _require_once(given: Mapping[str, Given]) -> None:
    seen: set[tuple[str, str]] = set()
    for label, one in given.items():
        if (one.scid.lower(), one.name) in seen:
            raise Refusal(400, f"The statistic {one.name} is given twice.", where=(label, "name"), rule="SEED-1")
        seen.add((one.scid.lower(), one.name))
