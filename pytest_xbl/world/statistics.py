"""The statistics of a world: what users have reached, and who gets to see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.userstats.model import PLAIN, Access, Definition, Statistic, StatisticType, Value, statistic
from pytest_xbl.userstats.requests import Named, Places, Wanted
from pytest_xbl.userstats.rules import require_access, require_sandbox
from pytest_xbl.userstats.view import Listed, Player, Reached
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World

NOTHING_SAID: Mapping[str, Definition] = MappingProxyType({})


def read_statistics(world: World, caller: Caller, users: Places, wanted: Sequence[Wanted]) -> list[Player]:
    """What users have reached, in the order of the request (STAT-2).

    Args:
        wanted: which statistics of which service configurations.

    Raises:
        Refusal: 403 (STAT-6); 404 for an unknown service configuration or user (STAT-7).
    """
    with world.lock:
        state = world.state
        require_sandbox(caller, state.sandbox)
        for part in wanted:
            _require_scid(state, part.scid, part.at)
            _require_access(state, caller, part.scid, part.names)
        _require_users(state, users)
        return [
            Player(xuid, state.users[xuid].caller.gamertag or "", [_reached(state, xuid, part) for part in wanted])
            for xuid in users
        ]


def list_statistics(
    world: World, caller: Caller, users: Places, stats: Sequence[Named], groups: Sequence[Named]
) -> list[tuple[str, list[Listed]]]:
    """The same for a request that names each statistic with its title or service configuration (STAT-3).

    Raises:
        Refusal: 403 (STAT-6); 404 for an unknown title, service configuration or user (STAT-7).
    """
    with world.lock:
        state = world.state
        require_sandbox(caller, state.sandbox)
        for group in groups:
            _scid_of(state, group)
        homes = [(asked, _scid_of(state, asked)) for asked in stats]
        for asked, scid in homes:
            _require_access(state, caller, scid, {asked.name: (*asked.at, "name")})
        _require_users(state, users)
        return [(xuid, [one for asked, scid in homes for one in _listed(state, xuid, asked, scid)]) for xuid in users]


def define(
    state: State,
    scid: str,
    name: str,
    *,
    kind: StatisticType | None,
    access: Access | None,
) -> None:
    """A title says something of a statistic; what is None stays as it was, and what users hold follows it.

    Raises:
        Refusal: 400 if they hold what does not fit (STAT-5).
    """
    key = scid.lower()
    said = state.definitions.get(key, {})
    held = said.get(name, PLAIN)
    definition = Definition(kind or held.type, access or held.access)
    state.statistics.update(_redefined(state.statistics, key, name, definition))
    state.definitions[key] = {**said, name: definition}


def reach(state: State, scid: str, xuid: str, values: Mapping[str, tuple[Value, str | None]]) -> None:
    """A user reaches values, given with their metadata by the names of statistics.

    Raises:
        Refusal: 400 for a value that no statistic has, or this one cannot have; then nothing is reached (STAT-5).
    """
    key = scid.lower()
    said = state.definitions.get(key, NOTHING_SAID)
    new = {name: statistic(name, one, said.get(name, PLAIN), about) for name, (one, about) in values.items()}
    state.definitions[key] = said
    state.statistics[key, xuid] = {**state.reached(key, xuid), **new}


def _redefined(
    statistics: Mapping[tuple[str, str], Mapping[str, Statistic]], key: str, name: str, definition: Definition
) -> dict[tuple[str, str], Mapping[str, Statistic]]:
    """What users have reached already, as the definition has it."""
    return {
        (scid, xuid): {**held, name: statistic(name, held[name].value, definition, held[name].metadata)}
        for (scid, xuid), held in statistics.items()
        if scid == key and name in held
    }


def _reached(state: State, xuid: str, part: Wanted) -> Reached:
    held = state.reached(part.scid, xuid)
    return Reached(part.scid, [(name, held[name]) for name in part.names if name in held])


def _listed(state: State, xuid: str, asked: Named, scid: str) -> list[Listed]:
    held = state.reached(scid, xuid).get(asked.name)
    return [Listed(asked, scid, held)] if held else []


def _require_users(state: State, users: Places) -> None:
    for xuid, where in users.items():
        if xuid not in state.users:
            raise Refusal(404, f"There is no user with the xuid {xuid}.", where=where, rule="STAT-7")


def _require_scid(state: State, scid: str, where: Place) -> None:
    key = scid.lower()
    of_titles = (of_title.lower() for of_title in state.titles.values())
    of_templates = (of_template for of_template, _name in state.templates)
    if key not in state.definitions and key not in chain(of_titles, of_templates):
        what = f"The service configuration {scid} is unknown: it has no statistics, no titles and no templates."
        raise Refusal(404, what, where=where, rule="STAT-7")


def _scid_of(state: State, asked: Named) -> str:
    if asked.scid:
        _require_scid(state, asked.scid, (*asked.at, asked.home))
        return asked.scid
    if asked.title not in state.titles:
        what = f"The title {asked.title} is unknown; known are {', '.join(state.titles)}."
        raise Refusal(404, what, where=(*asked.at, asked.home), rule="STAT-7")
    return state.titles[asked.title]


def _require_access(state: State, caller: Caller, scid: str, names: Places) -> None:
    definitions = state.definitions.get(scid.lower(), {})
    plays_it = state.titles.get(caller.title_id or "", "").lower() == scid.lower()
    for name, where in names.items():
        require_access(name, definitions.get(name, PLAIN), caller, plays_it=plays_it, where=where)
