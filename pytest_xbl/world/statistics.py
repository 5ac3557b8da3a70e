"""The statistics of a world: the values that users have reached, and the definitions of titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.userstats.model import PLAIN, Access, Definition, Statistic, StatisticType, Value, Values, statistic
from pytest_xbl.userstats.requests import Named, Places, Wanted
from pytest_xbl.userstats.rules import require_access, require_known_scid, require_sandbox, require_users, scid_of_title
from pytest_xbl.userstats.view import Listed, Player, Reached
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World

UNDEFINED: Mapping[str, Definition] = MappingProxyType({})


def read_statistics(world: World, caller: Caller, users: Places, wanted: Sequence[Wanted]) -> list[Player]:
    """The values that users have reached, in the order of the request (STAT-2).

    Args:
        wanted: which statistics of which service configurations.

    Raises:
        Refusal: 403 (STAT-6); 404 for an unknown service configuration or user (STAT-7).
    """
    with world.exclusively():
        state = world._state
        require_sandbox(caller, state.sandbox)
        for part in wanted:
            require_known_scid(part.scid, _known_scids(state), where=part.at)
            _require_access(state, caller, part.scid, part.names)
        require_users(users, state.users)
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
    with world.exclusively():
        state = world._state
        require_sandbox(caller, state.sandbox)
        for group in groups:
            _scid_of(state, group)
        homes = [(asked, _scid_of(state, asked)) for asked in stats]
        for asked, scid in homes:
            _require_access(state, caller, scid, {asked.name: (*asked.at, "name")})
        require_users(users, state.users)
        return [(xuid, [one for asked, scid in homes for one in _listed(state, xuid, asked, scid)]) for xuid in users]


def reached(world: World, scid: str, xuid: str) -> Mapping[str, Statistic]:
    """The statistics of a user in a service configuration, by name."""
    return world._state.reached(scid, xuid)


def shown_values(world: World) -> Values:
    """The form in which contract 1 shows values (STAT-8)."""
    return world._state.values


def sandbox_of(world: World) -> str:
    """The sandbox whose statistics these are (STAT-6)."""
    return world._state.sandbox


def set_shown_values(world: World, values: Values) -> None:
    """Say how contract 1 shows values (STAT-8)."""
    with world.exclusively():
        world._state.values = values


def set_sandbox(world: World, sandbox: str) -> None:
    """Say whose statistics these are (STAT-6)."""
    with world.exclusively():
        world._state.sandbox = sandbox


def add_titles(world: World, titles: Mapping[str, str]) -> None:
    """Say to which service configuration titles belong (STAT-6)."""
    with world.exclusively():
        world._state.titles.update(titles)


def add_scids(world: World, scids: Iterable[str]) -> None:
    """Let service configurations be known that have no statistics yet (STAT-7)."""
    with world.exclusively():
        for scid in scids:
            world._state.definitions.setdefault(scid.lower(), UNDEFINED)


def define(world: World, scid: str, name: str, *, kind: StatisticType | None, access: Access | None) -> None:
    """Define a statistic; None leaves its type or access as it was, and the values of users follow.

    Raises:
        Refusal: 400 if they have values that do not fit (STAT-5).
    """
    with world.exclusively():
        state, key = world._state, scid.lower()
        defined = state.definitions.get(key, UNDEFINED)
        held = defined.get(name, PLAIN)
        definition = Definition(kind or held.type, access or held.access)
        state.statistics.update(_redefined(state.statistics, key, name, definition))
        state.definitions[key] = {**defined, name: definition}


def reach(world: World, scid: str, xuid: str, values: Mapping[str, tuple[Value, str | None]]) -> None:
    """Let a user reach values, given with their metadata by the names of statistics.

    Raises:
        Refusal: 400 for a value that no statistic has, or this one cannot have (STAT-5); then nothing is reached.
    """
    with world.exclusively():
        state, key = world._state, scid.lower()
        defined = state.definitions.get(key, UNDEFINED)
        new = {name: _statistic(name, *given, defined) for name, given in values.items()}
        state.definitions[key] = defined
        state.statistics[key, xuid] = {**state.reached(key, xuid), **new}


def forget(world: World, scid: str, xuid: str, names: Iterable[str]) -> None:
    """Take statistics from a user."""
    with world.exclusively():
        lost = set(names)
        left = {name: one for name, one in world._state.reached(scid, xuid).items() if name not in lost}
        world._state.statistics[scid.lower(), xuid] = left


def _statistic(name: str, value: Value, metadata: str | None, defined: Mapping[str, Definition]) -> Statistic:
    try:
        return statistic(name, value, defined.get(name, PLAIN), metadata)
    except Refusal as refusal:
        raise refusal.inside(name) from None


def _redefined(
    statistics: Mapping[tuple[str, str], Mapping[str, Statistic]], key: str, name: str, definition: Definition
) -> dict[tuple[str, str], Mapping[str, Statistic]]:
    """The statistics of users with one of them as its definition has it."""
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


def _known_scids(state: State) -> Iterable[str]:
    """The service configurations that have statistics, titles or templates, in lower case."""
    of_titles = (scid.lower() for scid in state.titles.values())
    of_templates = (scid for scid, _name in state.templates)
    return chain(state.definitions, of_titles, of_templates)


def _scid_of(state: State, asked: Named) -> str:
    where = (*asked.at, asked.home)
    if asked.scid:
        require_known_scid(asked.scid, _known_scids(state), where=where)
        return asked.scid
    return scid_of_title(asked.title, state.titles, where=where)


def _require_access(state: State, caller: Caller, scid: str, names: Places) -> None:
    definitions = state.definitions.get(scid.lower(), UNDEFINED)
    plays_it = state.titles.get(caller.title_id or "", "").lower() == scid.lower()
    for name, where in names.items():
        require_access(name, definitions.get(name, PLAIN), caller, plays_it=plays_it, where=where)
