"""The statistics of a world: the values that users have reached, and the definitions of titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from pytest_xbl.mpsd.model import Caller, JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.titles import ERA_ALONE, Title
from pytest_xbl.userstats.model import PLAIN, Definition, Statistic, Value, Values, grouped, require_group, statistic
from pytest_xbl.userstats.requests import Named, Places, Wanted
from pytest_xbl.userstats.rules import require_access, require_known_scid, require_sandbox, require_users
from pytest_xbl.userstats.view import UNDEFINED, Group, Listed, Lists, Player, Reached
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World


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


def unknown_titles(world: World, asked: Iterable[Named]) -> list[Named]:
    """The parts of a request that name a title nobody knows (STAT-10)."""
    return [part for part in asked if part.title and part.title not in world._state.titles]


def list_statistics(
    world: World, caller: Caller, users: Places, stats: Sequence[Named], groups: Sequence[Named]
) -> tuple[Lists, list[Group]]:
    """The same for a request that names each statistic, or a group, with its title or service configuration (STAT-3).

    Raises:
        Refusal: 403 (STAT-6); 404 for an unknown service configuration or user (STAT-7).
    """
    with world.exclusively():
        state = world._state
        require_sandbox(caller, state.sandbox)
        of_groups = [(group, _in_group(state, group)) for group in groups]
        alone = [(asked, _alone(state, asked)) for asked in stats]
        for asked, entries in (*of_groups, *alone):
            for entry in entries:
                _require_access(state, caller, entry.scid, {entry.name: (*asked.at, "name")})
        require_users(users, state.users)
        lists = _lists(state, users, [entry for _, entries in alone for entry in entries])
        reached = [(xuid, [entry for entry in listed if entry.held]) for xuid, listed in lists]
        return reached, [
            Group(group.name, group.title, _lists(state, users, entries) if entries else [])
            for group, entries in of_groups
        ]


def last_change(world: World, users: Iterable[str]) -> datetime:
    """The time of the last change that may concern one of these users (STAT-15)."""
    with world.exclusively():
        return world._changes.last(users)


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
        world._changes.add(world.now)


def set_sandbox(world: World, sandbox: str) -> None:
    """Say whose statistics these are (STAT-6)."""
    with world.exclusively():
        world._state.sandbox = sandbox


def platforms_of(world: World, title_id: str | None) -> Mapping[str, JsonObject]:
    """The platforms that a title runs on, by name; `era` alone if a test says nothing of them (STAT-16)."""
    title = world._state.titles.get(title_id or "")
    return title.platforms if title else ERA_ALONE


def add_titles(world: World, titles: Mapping[str, Title]) -> None:
    """Say to which service configuration titles belong, and on which platforms they run (STAT-6, STAT-16)."""
    with world.exclusively():
        world._state.titles.update(titles)
        if titles:
            world._changes.add(world.now)


def add_scids(world: World, scids: Iterable[str]) -> None:
    """Let service configurations be known that have no statistics yet (STAT-7)."""
    with world.exclusively():
        definitions = world._state.definitions
        for scid in scids:
            if scid.lower() not in definitions:
                definitions[scid.lower()] = UNDEFINED
                world._changes.add(world.now)


def define(world: World, scid: str, name: str, **said: Any) -> None:
    """Define a statistic; the values of users follow.

    Args:
        said: fields of the definition; the others stay as they were.

    Raises:
        Refusal: 400 if users have values that do not fit (STAT-5), or for a definition that a group cannot show
            (STAT-14).
    """
    with world.exclusively():
        state, key = world._state, scid.lower()
        defined = state.definitions.get(key, UNDEFINED)
        definition = defined.get(name, PLAIN)._replace(**said)
        require_group(name, definition)
        state.statistics.update(_redefined(state.statistics, key, name, definition))
        state.definitions[key] = {**defined, name: definition}
        world._changes.add(world.now)


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
        _set_reached(world, key, xuid, {**state.reached(key, xuid), **new})


def forget(world: World, scid: str, xuid: str, names: Iterable[str]) -> None:
    """Take statistics from a user."""
    with world.exclusively():
        lost = set(names)
        left = {name: one for name, one in world._state.reached(scid, xuid).items() if name not in lost}
        _set_reached(world, scid.lower(), xuid, left)


def _set_reached(world: World, key: str, xuid: str, values: Mapping[str, Statistic]) -> None:
    """Remember the statistics of a user in a service configuration, and tell their clients (STAT-15, TAP-6)."""
    state, before = world._state, world._state.reached(key, xuid)
    state.statistics[key, xuid] = values
    world._changes.add(world.now, xuid)
    if world._connections:
        from pytest_xbl.world.news import of_statistics

        of_statistics(world._connections, (xuid, key), before, values, state.values)


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
    return Reached(
        part.scid, [(name, held[name]) for name in part.names if name in held], _definitions(state, part.scid)
    )


def _alone(state: State, asked: Named) -> list[Listed]:
    """The entry of a statistic, without a value; none if its title is unknown (STAT-10)."""
    scid = _scid_of(state, asked)
    if scid is None:
        return []
    return [Listed(asked.name, scid, None, _definitions(state, scid).get(asked.name, PLAIN), asked.title)]


def _in_group(state: State, group: Named) -> list[Listed]:
    """The entries of a group, without values; none if its title is unknown (STAT-10)."""
    scid = _scid_of(state, group)
    if scid is None:
        return []
    definitions = _definitions(state, scid)
    return [Listed(name, scid, None, definitions[name]) for name in grouped(definitions, group.name)]


def _lists(state: State, users: Iterable[str], entries: Sequence[Listed]) -> Lists:
    """The same entries for each user, with their values."""
    return [
        (xuid, [entry._replace(held=state.reached(entry.scid, xuid).get(entry.name)) for entry in entries])
        for xuid in users
    ]


def _definitions(state: State, scid: str) -> Mapping[str, Definition]:
    return state.definitions.get(scid.lower(), UNDEFINED)


def _known_scids(state: State) -> Iterable[str]:
    """The service configurations that have statistics, titles or templates, in lower case."""
    of_titles = (title.scid.lower() for title in state.titles.values())
    of_templates = (scid for scid, _name in state.templates)
    return chain(state.definitions, of_titles, of_templates)


def _scid_of(state: State, asked: Named) -> str | None:
    """The service configuration that a request names, or that of its title; None if the title is unknown (STAT-10)."""
    if asked.scid:
        require_known_scid(asked.scid, _known_scids(state), where=(*asked.at, asked.home))
        return asked.scid
    title = state.titles.get(asked.title)
    return title and title.scid


def _require_access(state: State, caller: Caller, scid: str, names: Places) -> None:
    definitions = _definitions(state, scid)
    title = state.titles.get(caller.title_id or "")
    plays_it = title is not None and title.scid.lower() == scid.lower()
    for name, where in names.items():
        require_access(name, definitions.get(name, PLAIN), caller, plays_it=plays_it, where=where)
