"""The statistics of a world as a seed has them (SEED-7)."""

from __future__ import annotations

import json
from datetime import datetime

from pytest_xbl.arrange.statistics import DEFINED
from pytest_xbl.arrange.usual import free, unusual
from pytest_xbl.mpsd.model import RETAIL, Json, JsonObject
from pytest_xbl.mpsd.titles import ERA_ALONE, Title
from pytest_xbl.userstats.model import PLAIN, Definition, Statistic
from pytest_xbl.world.ready_made import TITLE_ID
from pytest_xbl.world.state import State


def dumped_statistics(state: State) -> dict[str, JsonObject]:
    """The values that users have reached, by name and label."""
    reached: dict[str, JsonObject] = {}
    for (scid, xuid), held in state.statistics.items():
        if held:
            entries = reached.setdefault(state.users[xuid].caller.name, {})
            for name, one in held.items():
                label = free(_label(state, name, scid), entries)
                entries[label] = _reached(state, label, name, scid, one)
    return reached


def statistics_section(state: State) -> JsonObject:
    """The section of a seed, without the fields that have their defaults."""
    reached = dumped_statistics(state)
    definitions: JsonObject = {}
    for scid, said in state.definitions.items():
        for name, it in said.items():
            label = free(_label(state, name, scid), definitions)
            whole = {"name": name, "scid": scid, **_definition(it)}
            definitions[label] = unusual(whole, {"name": label, "scid": state.scid.lower(), **_definition(PLAIN)})
    with_values = {scid for (scid, _xuid), held in state.statistics.items() if held}
    section = {
        "users": reached,
        "definitions": definitions,
        "titles": {
            title_id: _title(state, title)
            for title_id, title in state.titles.items()
            if (title_id, title) != (TITLE_ID, Title(state.scid))
        },
        "scids": [scid for scid, said in state.definitions.items() if not said and scid not in with_values],
        "values": state.values,
        "sandbox": state.sandbox,
    }
    empty: JsonObject = {"users": {}, "definitions": {}, "titles": {}, "scids": []}
    return unusual(section, {**empty, "values": "numbers", "sandbox": RETAIL})


def _definition(definition: Definition) -> JsonObject:
    return {field: getattr(definition, name) for field, name in DEFINED.items()}


def _title(state: State, title: Title) -> Json:
    """The service configuration alone, or an object where it has platforms."""
    if title.platforms == ERA_ALONE:
        return title.scid
    return unusual({"scid": title.scid, "platforms": title.platforms}, {"scid": state.scid})


def _reached(state: State, label: str, name: str, scid: str, held: Statistic) -> Json:
    """The value alone, or an object where it has more fields."""
    value: JsonObject = {"value": held.value}
    if isinstance(held.value, datetime):
        value = {"value": held.value.isoformat(), "type": "DateTime"}
    about = {"metadata": json.loads(held.metadata)} if held.metadata else {}
    where = unusual({"name": name, "scid": scid}, {"name": label, "scid": state.scid.lower()})
    whole = {**value, **about, **where}
    return held.value if whole.keys() == {"value"} else whole


def _label(state: State, name: str, scid: str) -> str:
    return name if scid == state.scid.lower() else f"{name} in {scid}"
