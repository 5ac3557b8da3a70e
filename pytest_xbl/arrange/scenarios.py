"""Scenarios: seeds with a name and parameters, each the beginning of a story that the documentation tells.

A scenario is a function: its docstring describes it, and its keyword arguments are its parameters, with their bounds.
People and sessions are called by the part that they play.
"""

from __future__ import annotations

import base64
import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any, get_type_hints

from pytest_xbl.arrange.browse_scenarios import browsed_game, looking_for_group, owner_leaves, roles_full
from pytest_xbl.arrange.match_scenarios import choosing_a_host, failed_initialization, initializing_match
from pytest_xbl.arrange.parameters import MOST_PLAYERS, Between, names_of, template_of
from pytest_xbl.arrange.trouble_scenarios import contended_lobby, flapping_service, throttled, write_lost
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest

__tracebackhide__ = hides_frames

FIRST_STRANGER = 2_535_400_000_000_000
"""The first xuid of a crowd, far from those of users."""


def lobby(*, players: Annotated[int, Between(1, 7)] = 4) -> JsonObject:
    """An open lobby with a host and guests, all of them active, and a newcomer who is not in it yet."""
    people = names_of(players)
    return {"users": [*people, "newcomer"], "sessions": {"lobby": {"template": "lobby", "members": people}}}


def full_game(*, players: Annotated[int, Between(1, MOST_PLAYERS)] = 4) -> JsonObject:
    """A game in which every slot is taken, and a latecomer for whom there is none."""
    people = names_of(players)
    return {
        "users": [*people, "latecomer"],
        "templates": {"small game": template_of(maxMembersCount=players, capabilities={"gameplay": True})},
        "sessions": {"game": {"template": "small game", "members": people}},
    }


def private_party(*, players: Annotated[int, Between(1, MOST_PLAYERS - 1)] = 3) -> JsonObject:
    """A private party, a guest for whom a place is reserved, and a stranger who may not even see it."""
    people = names_of(players)
    return {
        "users": [*people, "guest", "stranger"],
        "templates": {"party": template_of(visibility="private")},
        "sessions": {"party": {"template": "party", "members": {**_active(people), "guest": "reserved"}}},
    }


def reserved_seats(
    *,
    players: Annotated[int, Between(1, MOST_PLAYERS - 1)] = 2,
    reserved: Annotated[int, Between(1, MOST_PLAYERS, shared_with="players")] = 2,
) -> JsonObject:
    """A lobby that only those join for whom a place is reserved; the reservations last for 30 seconds."""
    people = names_of(players)
    guests = [f"guest{n}" for n in range(1, reserved + 1)]
    return {
        "users": [*people, *guests, "stranger"],
        "templates": {"reserved lobby": template_of(visibility="visible")},
        "sessions": {
            "lobby": {"template": "reserved lobby", "members": {**_active(people), **dict.fromkeys(guests, "reserved")}}
        },
    }


def orphaned_session(*, inactive_seconds: Annotated[int, Between(0, 86_400)] = 60) -> JsonObject:
    """A lobby in which the host and a guest lost power, and which two others left; the host plays again (TIME-8)."""
    return {
        "users": {"host": {}, "lost": {"present": False}, "left1": {}, "left2": {}},
        "templates": {"orphan": template_of(maxMembersCount=8, inactiveRemovalTimeout=inactive_seconds * 1000)},
        "sessions": {"lobby": {"template": "orphan", "members": ["host", "lost"], "nextIndex": 4}},
    }


def closed_in_progress(*, players: Annotated[int, Between(1, 15)] = 4) -> JsonObject:
    """A game that has begun: closed, and locked, so that the slot of a dropped player is kept for them."""
    people = names_of(players)
    return {
        "users": [*people, "dropped", "latecomer"],
        "sessions": {
            "game": {
                "template": "game",
                "members": people,
                "properties": {"system": {"closed": True, "locked": True}, "custom": {"state": "playing"}},
                "away": ["dropped"],
            }
        },
    }


def host_migration(*, players: Annotated[int, Between(2, 16)] = 3) -> JsonObject:
    """A game whose host holds the device that the session names; when they leave, somebody else has to."""
    people = names_of(players)
    addresses = {name: base64.b64encode(f"the address of {name}".encode()).decode() for name in people}
    return {
        "users": people,
        "sessions": {
            "game": {
                "template": "game",
                "members": {
                    name: {"properties": {"system": {"secureDeviceAddress": address}}}
                    for name, address in addresses.items()
                },
                "properties": {"system": {"host": device_token(addresses["host"])}},
            }
        },
    }


def waiting_for_timers(*, players: Annotated[int, Between(1, 5)] = 1) -> JsonObject:
    """A lobby with an inactive, a ready and a reserved member, each of whom some timeout will move."""
    people = names_of(players)
    waiting = {"idle": "inactive", "getting_ready": "ready", "expected": "reserved"}
    return {
        "users": [*people, *waiting],
        "templates": {"patient lobby": template_of(maxMembersCount=8, inactiveRemovalTimeout=60_000)},
        "sessions": {"lobby": {"template": "patient lobby", "members": {**_active(people), **waiting}}},
    }


def invited_friend(*, players: Annotated[int, Between(1, 7)] = 2) -> JsonObject:
    """A lobby for those whom its members follow, a friend who is invited all the same, and a stranger who is not."""
    people = names_of(players)
    followed = {"joinRestriction": "followed", "readRestriction": "followed"}
    return {
        "users": [*people, "friend", "stranger"],
        "sessions": {"lobby": {"template": "lobby", "members": people, "properties": {"system": followed}}},
        "handles": {"invite": {"type": "invite", "session": "lobby", "owner": "host", "invited": "friend"}},
    }


def friends_playing(*, friends: Annotated[int, Between(1, MOST_PLAYERS)] = 3) -> JsonObject:
    """A player whose friends each play in a lobby of their own, as their activities say."""
    people = [f"friend{n}" for n in range(1, friends + 1)]
    return {
        "users": {"player": {"follows": people, "favorites": people[:1]}, **{name: {} for name in people}},
        "sessions": {f"lobby of {name}": {"template": "lobby", "members": [name]} for name in people},
        "handles": {
            f"activity of {name}": {"type": "activity", "session": f"lobby of {name}", "owner": name} for name in people
        },
    }


def large_world(
    *, raiders: Annotated[int, Between(1, MOST_PLAYERS)] = 3, crowd: Annotated[int, Between(0, 9_000)] = 200
) -> JsonObject:
    """A large session with a group of raiders, a loner and a crowd of strangers, and a newcomer not in it yet."""
    people = [f"raider{n}" for n in range(1, raiders + 1)]
    raid = {"properties": {"system": {"groups": ["raid"]}}}
    strangers = {f"stranger {n}": {"xuid": f"{FIRST_STRANGER + n}"} for n in range(crowd)}
    members = {**dict.fromkeys(people, raid), "loner": "active", **strangers}
    return {
        "users": [*people, "loner", "newcomer"],
        "sessions": {"world": {"template": "large", "members": members}},
    }


def found_match(*, players: Annotated[int, Between(1, 8)] = 2) -> JsonObject:
    """Players who waited with a ticket, and the match to which a transfer leads them."""
    people = names_of(players)
    match = {"templateName": "game", "name": "match"}
    result = {"matchmaking": {"clientResult": {"status": "found", "targetSessionRef": match}}}
    return {
        "users": [*people, "opponent"],
        "services": {"matchmaker": {}},
        "sessions": {
            "ticket": {"template": "ticket", "members": people, "properties": {"system": result}},
            "match": {"template": "game", "members": ["opponent"]},
        },
        "handles": {"transfer": {"type": "transfer", "session": "match", "origin": "ticket"}},
    }


def lobbies_by_keyword(*, lobbies: Annotated[int, Between(1, MOST_PLAYERS)] = 3) -> JsonObject:
    """Open lobbies to be found by the keyword `ranked`, a casual one besides, and a player who is looking."""
    names = [f"lobby{n}" for n in range(1, lobbies + 1)]
    keywords = {**dict.fromkeys(names, "ranked"), "casual": "casual"}
    return {
        "users": ["player", *(f"host of {name}" for name in keywords)],
        "sessions": {
            name: {
                "template": "lobby",
                "members": [f"host of {name}"],
                "properties": {"system": {"keywords": [keyword]}},
            }
            for name, keyword in keywords.items()
        },
    }


def dedicated_server(*, players: Annotated[int, Between(1, 16)] = 2) -> JsonObject:
    """A game that a server hosts, and has written into the session how to reach it."""
    people = names_of(players)
    address = {"system": {}, "custom": {"address": "198.51.100.7:3074"}}
    return {
        "users": people,
        "services": {"server": {}},
        "sessions": {
            "game": {"template": "game", "members": people, "servers": {"dedicated": {"properties": address}}}
        },
    }


def restricted_player(*, players: Annotated[int, Between(1, 7)] = 2) -> JsonObject:
    """An open lobby, and a child whose account may not play with others."""
    people = names_of(players)
    return {
        "users": {**{name: {} for name in people}, "child": {"privileges": []}},
        "sessions": {"lobby": {"template": "lobby", "members": people}},
    }


def ranked_leaderboard(*, players: Annotated[int, Between(1, MOST_PLAYERS)] = 5) -> JsonObject:
    """Players with wins, a rating and a rank; the first one follows the others, and has a restricted statistic."""
    people = [f"player{n}" for n in range(1, players + 1)]
    reached = {
        name: {"wins": 10 * (players - n), "rating": 1000.0 + 25 * (players - n), "rank": n + 1}
        for n, name in enumerate(people)
    }
    reached[people[0]]["purchases"] = 3
    return {
        "users": {people[0]: {"follows": people[1:]}, **{name: {} for name in people[1:]}},
        "statistics": {
            "definitions": {"rating": {"type": "Double"}, "purchases": {"access": "restricted"}},
            "users": reached,
        },
    }


SCENARIOS: Mapping[str, Callable[..., JsonObject]] = {
    build.__name__: build
    for build in (
        lobby,
        full_game,
        private_party,
        reserved_seats,
        orphaned_session,
        closed_in_progress,
        host_migration,
        waiting_for_timers,
        invited_friend,
        friends_playing,
        found_match,
        initializing_match,
        failed_initialization,
        choosing_a_host,
        large_world,
        lobbies_by_keyword,
        dedicated_server,
        restricted_player,
        ranked_leaderboard,
        browsed_game,
        looking_for_group,
        owner_leaves,
        roles_full,
        write_lost,
        contended_lobby,
        throttled,
        flapping_service,
    )
}
"""Every scenario by its name."""


def build(name: object, parameters: Mapping[str, Any]) -> JsonObject:
    """The seed of a scenario.

    Raises:
        XblError: for an unknown scenario or parameter, or a parameter that cannot be.
    """
    if not isinstance(name, str) or name not in SCENARIOS:
        hint = did_you_mean(nearest(str(name), SCENARIOS), otherwise=f"; there are {', '.join(SCENARIOS)}.")
        raise XblError(f"There is no scenario {name!r}{hint}")
    known = defaults_of(name)
    if odd := [parameter for parameter in parameters if parameter not in known]:
        near = nearest(odd[0], known)
        hint = did_you_mean(near and repr(near), otherwise=f"; it has: {', '.join(known)}.")
        raise XblError(f"The scenario {name} has no parameter {odd[0]!r}{hint}")
    values = {**known, **parameters}
    _require_bounds(name, values)
    return SCENARIOS[name](**values)


def description_of(name: str) -> str:
    """The description of a scenario, in one line."""
    return (SCENARIOS[name].__doc__ or "").strip()


def defaults_of(name: str) -> dict[str, Any]:
    """The parameters of a scenario, with their defaults."""
    return {each.name: each.default for each in inspect.signature(SCENARIOS[name]).parameters.values()}


def bounds_of(name: str) -> dict[str, Between]:
    """The parameters of a scenario, with their bounds."""
    hints = get_type_hints(SCENARIOS[name], include_extras=True)
    return {parameter: hints[parameter].__metadata__[0] for parameter in defaults_of(name)}


def listing() -> str:
    """All scenarios with parameters, descriptions and what is in them, as `pytest --xbl-scenarios` prints them."""
    lines = []
    for name in SCENARIOS:
        parameters = ", ".join(f"{each}={default!r}" for each, default in defaults_of(name).items())
        lines.append(f"{name}({parameters})\n    {description_of(name)}\n    {_content(build(name, {}))}")
    return "\n".join(lines)


def _content(seed: JsonObject) -> str:
    """The names in a seed by kind, as `xbl_scenario` has them."""
    kinds = ("users", "services", "sessions", "handles")
    return "; ".join(f"{kind}: {', '.join(seed[kind])}" for kind in kinds if kind in seed)


def _require_bounds(scenario: str, values: Mapping[str, Any]) -> None:
    for name, bounds in bounds_of(scenario).items():
        low, high, _ = bounds.within(values)
        value = values[name]
        if type(value) is not int or not low <= value <= high:
            raise XblError(f"The scenario {scenario}: {name} is an integer from {low} to {high}, not {value!r}.")


def _active(people: list[str]) -> JsonObject:
    return dict.fromkeys(people, "active")
