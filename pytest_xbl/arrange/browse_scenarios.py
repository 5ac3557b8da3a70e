"""Scenarios of sessions that strangers look for, with owners and roles (SRCH, OWN, ROLE)."""

from __future__ import annotations

from typing import Annotated

from pytest_xbl.arrange.parameters import MOST_PLAYERS, Between, names_of, template_of
from pytest_xbl.mpsd.model import JsonObject

MOST_CONFIRMED = 15


def browsed_game(
    *, games: Annotated[int, Between(1, MOST_PLAYERS)] = 3, players: Annotated[int, Between(1, 15)] = 2
) -> JsonObject:
    """Games to be searched for, each with players and a number `level`, and a stranger who looks for one."""
    names = [f"game{n}" for n in range(1, games + 1)]
    crowd = {name: [f"player{n} of {name}" for n in range(1, players + 1)] for name in names}
    return {
        "users": [*(player for people in crowd.values() for player in people), "stranger"],
        "sessions": {name: {"template": "browse", "members": people} for name, people in crowd.items()},
        "handles": {f"search for {name}": _search(name, crowd[name][0], level) for level, name in enumerate(names, 1)},
    }


def looking_for_group(*, confirmed: Annotated[int, Between(0, MOST_CONFIRMED)] = 1) -> JsonObject:
    """A post that looks for players: its host has confirmed some, and has not answered the newcomer yet."""
    people = [f"player{n}" for n in range(1, confirmed + 1)]
    having = {name: {"roles": {"lfg": "confirmed"}} for name in people}
    role = {"max": MOST_CONFIRMED, "target": MOST_CONFIRMED}
    system = {
        "joinRestriction": "followed",
        "readRestriction": "followed",
        "description": {"text": "Beginners welcome", "locale": "en"},
        "searchHandleVisibility": "xboxlive",
    }
    post = {
        "template": "global(lfg)",
        "members": {"host": "active", **having, "newcomer": "active"},
        "properties": {"system": system},
        "roleTypes": {"lfg": {"ownerManaged": True, "roles": {"confirmed": role}}},
    }
    attributes = {"tags": ["micrequired"], "locale": "en"}
    search = {"type": "search", "session": "post", "owner": "host", "attributes": attributes}
    return {
        "users": ["host", *people, "newcomer", "stranger"],
        "sessions": {"post": post},
        "handles": {"search for post": search},
    }


def owner_leaves(*, players: Annotated[int, Between(2, MOST_PLAYERS)] = 3) -> JsonObject:
    """Two games whose host owns them: when the host leaves, the oldest player owns one, and the other ends."""
    people = names_of(players)
    owned = {"maxMembersCount": players, "capabilities": {"hasOwners": True}}
    return {
        "users": people,
        "templates": {
            "inherited": template_of(**owned, ownershipPolicies={"migration": "oldest"}),
            "ended": template_of(**owned),
        },
        "sessions": {name: {"template": name, "members": people} for name in ("inherited", "ended")},
    }


def roles_full(*, healers: Annotated[int, Between(1, 14)] = 2) -> JsonObject:
    """A raid that needs no more healers, and a newcomer who can only be a tank."""
    people = [f"healer{n}" for n in range(1, healers + 1)]
    roles = {"healer": {"max": healers, "target": healers}, "tank": {"max": 2}}
    return {
        "users": [*people, "newcomer"],
        "templates": {"raid": {**template_of(maxMembersCount=16), "roleTypes": {"class": {"roles": roles}}}},
        "sessions": {
            "raid": {"template": "raid", "members": {name: {"roles": {"class": "healer"}} for name in people}}
        },
    }


def _search(game: str, owner: str, level: int) -> JsonObject:
    attributes = {"tags": ["fun"], "strings": {"map": "Dunes"}, "numbers": {"level": level}}
    return {"type": "search", "session": game, "owner": owner, "attributes": attributes}
