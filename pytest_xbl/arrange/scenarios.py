"""Scenarios: seeds with a name and parameters, each the beginning of a story that the documentation tells.

A scenario is a function: its docstring says what it is, its keyword arguments are its parameters.
People and sessions are called by the part that they play.
"""

from __future__ import annotations

import base64
import difflib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.world.ready_made import DEFAULT_SCID

__tracebackhide__ = hides_frames

MOST_PLAYERS = 100


def lobby(*, players: int = 4) -> JsonObject:
    """An open lobby with a host and guests, all of them active, and a newcomer who is not in it yet."""
    people = _players(players, most=7)
    return {"users": [*people, "newcomer"], "sessions": {"lobby": {"template": "lobby", "members": people}}}


def full_game(*, players: int = 4) -> JsonObject:
    """A game in which every slot is taken, and a latecomer for whom there is none."""
    people = _players(players)
    return {
        "users": [*people, "latecomer"],
        "templates": {"small game": _template(maxMembersCount=players, capabilities={"gameplay": True})},
        "sessions": {"game": {"template": "small game", "members": people}},
    }


def private_party(*, players: int = 3) -> JsonObject:
    """A private party, a guest for whom a place is reserved, and a stranger who may not even see it."""
    people = _players(players, most=MOST_PLAYERS - 1)
    return {
        "users": [*people, "guest", "stranger"],
        "templates": {"party": _template(visibility="private")},
        "sessions": {"party": {"template": "party", "members": {**_active(people), "guest": "reserved"}}},
    }


def reserved_seats(*, players: int = 2, reserved: int = 2) -> JsonObject:
    """A lobby that only those join for whom a place is reserved; the reservations last for 30 seconds."""
    people = _players(players, most=MOST_PLAYERS - 1)
    guests = [f"guest{n}" for n in range(1, _count("reserved", reserved, 1, MOST_PLAYERS - players) + 1)]
    return {
        "users": [*people, *guests, "stranger"],
        "templates": {"reserved lobby": _template(visibility="visible")},
        "sessions": {
            "lobby": {"template": "reserved lobby", "members": {**_active(people), **dict.fromkeys(guests, "reserved")}}
        },
    }


def orphaned_session(*, players: int = 2) -> JsonObject:
    """A session whose host and guests have all vanished without leaving it; it stands until somebody looks."""
    people = _players(players, most=7)
    return {
        "users": {**{name: {"present": False} for name in people}, "newcomer": {}},
        "sessions": {"lobby": {"template": "lobby", "members": people}},
    }


def closed_in_progress(*, players: int = 4) -> JsonObject:
    """A game that has begun: closed, and locked, so that the slot of a dropped player is kept for them."""
    people = _players(players, most=15)
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


def host_migration(*, players: int = 3) -> JsonObject:
    """A game whose host holds the device that the session names; when they leave, somebody else has to."""
    people = _players(players, least=2, most=16)
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


def waiting_for_timers(*, players: int = 1) -> JsonObject:
    """A lobby with an inactive, a ready and a reserved member, each of whom some timeout will move."""
    people = _players(players, most=5)
    waiting = {"idle": "inactive", "getting_ready": "ready", "expected": "reserved"}
    return {
        "users": [*people, *waiting],
        "templates": {"patient lobby": _template(maxMembersCount=8, inactiveRemovalTimeout=60_000)},
        "sessions": {"lobby": {"template": "patient lobby", "members": {**_active(people), **waiting}}},
    }


def invited_friend(*, players: int = 2) -> JsonObject:
    """A lobby for those whom its members follow, a friend who is invited all the same, and a stranger who is not."""
    people = _players(players, most=7)
    followed = {"joinRestriction": "followed", "readRestriction": "followed"}
    return {
        "users": [*people, "friend", "stranger"],
        "sessions": {"lobby": {"template": "lobby", "members": people, "properties": {"system": followed}}},
        "handles": {"invite": {"type": "invite", "session": "lobby", "owner": "host", "invited": "friend"}},
    }


def friends_playing(*, friends: int = 3) -> JsonObject:
    """A player whose friends each play in a lobby of their own, as their activities say."""
    people = [f"friend{n}" for n in range(1, _count("friends", friends, 1, MOST_PLAYERS) + 1)]
    return {
        "users": {"player": {"follows": people, "favorites": people[:1]}, **{name: {} for name in people}},
        "sessions": {f"lobby of {name}": {"template": "lobby", "members": [name]} for name in people},
        "handles": {
            f"activity of {name}": {"type": "activity", "session": f"lobby of {name}", "owner": name} for name in people
        },
    }


def found_match(*, players: int = 2) -> JsonObject:
    """Players who waited with a ticket, and the match to which a transfer leads them."""
    people = _players(players, most=8)
    match = {"scid": DEFAULT_SCID, "templateName": "game", "name": "match"}
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


def lobbies_by_keyword(*, lobbies: int = 3) -> JsonObject:
    """Open lobbies to be found by the keyword `ranked`, a casual one besides, and a player who is looking."""
    names = [f"lobby{n}" for n in range(1, _count("lobbies", lobbies, 1, MOST_PLAYERS) + 1)]
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


def dedicated_server(*, players: int = 2) -> JsonObject:
    """A game that a server hosts, and has written into the session how to reach it."""
    people = _players(players, most=16)
    address = {"system": {}, "custom": {"address": "198.51.100.7:3074"}}
    return {
        "users": people,
        "services": {"server": {}},
        "sessions": {
            "game": {"template": "game", "members": people, "servers": {"dedicated": {"properties": address}}}
        },
    }


def restricted_player(*, players: int = 2) -> JsonObject:
    """An open lobby, and a child whose account may not play with others."""
    people = _players(players, most=7)
    return {
        "users": {**{name: {} for name in people}, "child": {"privileges": []}},
        "sessions": {"lobby": {"template": "lobby", "members": people}},
    }


def ranked_leaderboard(*, players: int = 5) -> JsonObject:
    """Players with wins, a rating and a rank; the first one follows the others, and has a restricted statistic."""
    people = [f"player{n}" for n in range(1, _count("players", players, 1, MOST_PLAYERS) + 1)]
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
        lobbies_by_keyword,
        dedicated_server,
        restricted_player,
        ranked_leaderboard,
    )
}
"""Every scenario by its name."""


def build(name: object, parameters: Mapping[str, Any]) -> JsonObject:
    """The seed of a scenario.

    Raises:
        XblError: for an unknown scenario or parameter, or a parameter that cannot be.
    """
    if not isinstance(name, str) or name not in SCENARIOS:
        near = difflib.get_close_matches(str(name), SCENARIOS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(SCENARIOS)}."
        raise XblError(f"There is no scenario {name!r}; {hint}")
    known = defaults_of(name)
    if odd := [parameter for parameter in parameters if parameter not in known]:
        raise XblError(f"The scenario {name} has no parameter {odd[0]!r}; it has: {', '.join(known)}.")
    try:
        return SCENARIOS[name](**parameters)
    except XblError as error:
        raise XblError(f"The scenario {name}: {error}") from None


def description_of(name: str) -> str:
    """The description of a scenario, in one line."""
    return (SCENARIOS[name].__doc__ or "").strip()


def defaults_of(name: str) -> dict[str, Any]:
    """The parameters of a scenario, and what they are unless given."""
    return {each.name: each.default for each in inspect.signature(SCENARIOS[name]).parameters.values()}


def listing() -> str:
    """All scenarios with their parameters and descriptions, as `pytest --xbl-scenarios` prints them."""
    lines = []
    for name in SCENARIOS:
        parameters = ", ".join(f"{each}={default!r}" for each, default in defaults_of(name).items())
        lines.append(f"{name}({parameters})\n    {description_of(name)}")
    return "\n".join(lines)


def _players(players: int, *, least: int = 1, most: int = MOST_PLAYERS) -> list[str]:
    """The names of that many players: the first one is the host."""
    return ["host", *(f"player{n}" for n in range(2, _count("players", players, least, most) + 1))]


def _active(people: list[str]) -> JsonObject:
    return dict.fromkeys(people, "active")


def _count(name: str, value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise XblError(f"{name} is an integer from {low} to {high}, not {value!r}.")
    return value


def _template(**system: Any) -> JsonObject:
    return {"constants": {"system": {"version": 1, **system}}}
