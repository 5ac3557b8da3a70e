"""Scenarios of matches, whose players are initialized, have failed, or choose a host (INIT)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Annotated, Any

from pytest_xbl.arrange.parameters import Between, template_of
from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.mpsd.model import JsonObject

MOST_IN_A_MATCH = 16


def initializing_match(*, players: Annotated[int, Between(2, MOST_IN_A_MATCH)] = 4) -> JsonObject:
    """A match with a reservation for each player, who have ten seconds to join, and then measure each other."""
    place = {"status": "reserved", "initializationEpisode": 1}
    return _match(dict.fromkeys(_people(players), place), initializing="joining")


def failed_initialization(*, players: Annotated[int, Between(2, MOST_IN_A_MATCH)] = 2) -> JsonObject:
    """A match that has failed for good: the last player failed with `network`, and so the others with `episode`."""
    *others, last = _people(players)
    failures = {**dict.fromkeys(others, "episode"), last: "network"}
    members = {name: {"initializationFailure": failure, **_address(name)} for name, failure in failures.items()}
    return _match(members, needed=players, initializing="failed")


def choosing_a_host(*, players: Annotated[int, Between(2, MOST_IN_A_MATCH)] = 3) -> JsonObject:
    """A match whose players can all reach each other, and have to choose a host: the last one is the best."""
    people = _people(players)
    tokens = {name: device_token(_base64(name)) for name in people}
    members = {name: _measured(name, tokens) for name in people}
    return _match(members, hostCandidates=list(tokens.values())[::-1])


def _match(members: JsonObject, *, needed: int = 2, **session: Any) -> JsonObject:
    constants = {
        "maxMembersCount": MOST_IN_A_MATCH,
        "capabilities": {"connectivity": True, "gameplay": True},
        "memberInitialization": {"membersNeededToStart": needed},
        "peerToHostRequirements": {"latencyMaximum": 150, "bandwidthDownMinimum": 1000, "bandwidthUpMinimum": 500},
    }
    return {
        "users": list(members),
        "services": {"matchmaker": {}},
        "templates": {"match": template_of(**constants)},
        "sessions": {"match": {"template": "match", "members": members, **session}},
    }


def _people(players: int) -> list[str]:
    return [f"player{n}" for n in range(1, players + 1)]


def _address(name: str) -> JsonObject:
    return {"properties": {"system": {"secureDeviceAddress": _base64(name)}}}


def _measured(name: str, tokens: Mapping[str, str]) -> JsonObject:
    """A member who has been initialized, and has measured the others, whose latency falls from each to the next."""
    connections = {
        token: {"latency": 100 - 5 * n, "bandwidthDown": 20_000, "bandwidthUp": 5_000}
        for n, (other, token) in enumerate(tokens.items())
        if other != name
    }
    system = {"secureDeviceAddress": _base64(name), "measurements": connections}
    return {"constants": {"system": {"initialize": True}}, "properties": {"system": system}}


def _base64(name: str) -> str:
    return base64.b64encode(f"the address of {name}".encode()).decode()
