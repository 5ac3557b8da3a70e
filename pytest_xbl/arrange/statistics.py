"""The statistics of a seed."""

from __future__ import annotations

import json
from functools import partial

from pytest_xbl.arrange.people import account_of
from pytest_xbl.arrange.places import each
from pytest_xbl.arrange.times import moment
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.world.ready_made import DEFAULT_SCID
from pytest_xbl.world.statistics import NOTHING_SAID, define, reach
from pytest_xbl.world.world import World


def add_statistics(world: World, section: JsonObject) -> None:
    """Statistics come into the world, and what titles say of them.

    Raises:
        Refusal: with the place inside the section (SEED-2, STAT-5).
    """
    state = world.state
    state.values = section.get("values", state.values)
    state.sandbox = section.get("sandbox", state.sandbox)
    state.titles.update(section.get("titles", {}))
    for scid in section.get("scids", ()):
        state.definitions.setdefault(scid.lower(), NOTHING_SAID)
    each(section.get("definitions", {}), ("definitions",), partial(_define, world, set()))
    each(section.get("users", {}), ("users",), partial(_reach, world))


def _define(world: World, defined: set[tuple[str, str]], label: str, one: JsonObject) -> None:
    name, scid = _name(one.get("name", label)), one.get("scid", DEFAULT_SCID)
    _require_once(name, scid, defined)
    define(world.state, scid, name, kind=one.get("type"), access=one.get("access"))


def _reach(world: World, user: str, held: JsonObject) -> None:
    xuid = account_of(world, user, ()).key
    each(held, (), partial(_reach_one, world, xuid, set()))


def _reach_one(world: World, xuid: str, reached: set[tuple[str, str]], label: str, one: Json) -> None:
    """A value may stand alone."""
    record = one if isinstance(one, dict) else {"value": one}
    if "value" not in record:
        raise Refusal(400, "The field value is required here.", where=(), rule="SEED-1")
    value = record["value"]
    if record.get("type") == "DateTime":
        value = moment(value)
        if value is None:
            what = 'Expected a time with its zone, as "2026-01-01T12:00:00Z".'
            raise Refusal(400, what, where=("value",), rule="STAT-5")
    name = _name(record.get("name", label))
    metadata = json.dumps(record["metadata"]) if "metadata" in record else None
    scid = record.get("scid", DEFAULT_SCID)
    _require_once(name, scid, reached)
    reach(world.state, scid, xuid, {name: (value, metadata)})


def _require_once(name: str, scid: str, before: set[tuple[str, str]]) -> None:
    if (scid.lower(), name) in before:
        raise Refusal(400, f"The statistic {name} stands twice.", where=("name",), rule="SEED-1")
    before.add((scid.lower(), name))


def _name(name: str) -> str:
    if not name or "," in name or "/" in name:
        raise Refusal(400, "A statistic has a name without commas and slashes.", where=(), rule="STAT-4")
    return name
