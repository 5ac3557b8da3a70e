"""Templates of all kinds, and writes that lead somewhere in sessions of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.mpsd.model import JsonObject

ROLES: JsonObject = {"lfg": {"ownerManaged": False, "roles": {"healer": {"max": 1}, "tank": {"max": 2, "target": 1}}}}
RANKS: JsonObject = {
    "lfg": {"mutableRoleSettings": ["max", "target"], "roles": {"healer": {"max": 1, "target": 1}, "tank": {}}},
    "rank": {"ownerManaged": True, "roles": {"officer": {"max": 1}}},
}
METRICS = dict.fromkeys(("latency", "bandwidthDown", "bandwidthUp"), True)
INITIALIZATION: JsonObject = {
    "membersNeededToStart": 2,
    "joinTimeout": 5_000,
    "measurementTimeout": 5_000,
    "evaluationTimeout": 5_000,
}


def template(*capabilities: str, role_types: JsonObject | None = None, **system: Any) -> JsonObject:
    """A template with these capabilities, role types and system constants."""
    can = {"capabilities": dict.fromkeys(capabilities, True)} if capabilities else {}
    body: JsonObject = {"constants": {"system": {**system, **can}}}
    return {**body, "roleTypes": role_types} if role_types else body


TEMPLATES: Mapping[str, tuple[JsonObject, int]] = {
    "room": (
        template(
            *("connectivity", "hasOwners", "searchable", "userAuthorizationStyle"),
            role_types=ROLES,
            maxMembersCount=4,
            inactiveRemovalTimeout=45_000,
            sessionEmptyTimeout=60_000,
            ownershipPolicies={"migration": "oldest"},
        ),
        107,
    ),
    "club": (
        template(
            *("hasOwners", "searchable"),
            role_types=RANKS,
            inactiveRemovalTimeout=None,
            ownershipPolicies={"nonOwnerModifiableSystemProperties": ["closed", "keywords"]},
        ),
        107,
    ),
    "queue": (template(memberInitialization={"membersNeededToStart": 2, "joinTimeout": 5_000}), 107),
    "measured": (
        template(
            "connectivity",
            metrics=METRICS,
            peerToPeerRequirements={"latencyMaximum": 100},
            memberInitialization=INITIALIZATION,
            inactiveRemovalTimeout=None,
        ),
        107,
    ),
    "judged": (
        template(
            "connectivity",
            metrics=METRICS,
            managedInitialization={**INITIALIZATION, "autoEvaluate": False},
            timeouts={"inactive": None},
        ),
        105,
    ),
}
"""Templates by name, each with the contract that it is written for."""


def address(number: int) -> str:
    """The secure device address of one of the people."""
    return b64encode(f"address {number}".encode()).decode()


def me(**properties: Any) -> JsonObject:
    """A write of the caller's own system properties."""
    return {"members": {"me": {"properties": {"system": properties}}}}


def properties(**system: Any) -> JsonObject:
    """A write of the session's system properties."""
    return {"properties": {"system": system}}


def seats(*members: JsonObject) -> JsonObject:
    """A write of reservations."""
    return {"members": {f"reserve_{number}": member for number, member in enumerate(members)}}


def seat(xuid: str, **more: Any) -> JsonObject:
    """A reservation for a user."""
    return {"constants": {"system": {"xuid": xuid, **more}}}


STRANGER, FRIEND = "2533274790000099", "2533274790000002"
USUAL: Mapping[str, JsonObject] = {
    "active": me(active=True),
    "ready": me(ready=True),
    "inactive": me(active=False),
    "joins": {"members": {"me": {}}},
    "joins and initializes": {"members": {"me": {"constants": {"system": {"initialize": True}}}}},
    "leaves": {"members": {"me": None}},
    "custom": {"properties": {"custom": {"map": "harbour"}}},
    "more custom": {"properties": {"custom": {"map": None, "score": 1}}},
    "own custom": {"members": {"me": {"properties": {"custom": {"score": 1}}}}},
    "keywords": properties(keywords=["Fast", "fun"]),
    "other keywords": properties(keywords=["slow"]),
    "closed": properties(closed=True),
    "locked": properties(closed=True, locked=True),
    "open": properties(closed=False, joinRestriction="none"),
    "followed": properties(joinRestriction="followed", readRestriction="followed"),
    "turn": properties(turn=[0]),
    "owner": properties(owners=[1]),
    "owners": properties(owners=[1, 0]),
    "healer": {"members": {"me": {"roles": {"lfg": "healer"}}}},
    "no role": {"members": {"me": {"roles": {"lfg": None}}}},
    "officer": {"members": {"1": {"roles": {"rank": "officer"}}}},
    "no officer": {"members": {"1": {"roles": {"rank": None}}}},
    "more healers": {"roleTypes": {"lfg": {"roles": {"healer": {"max": 3, "target": 2}}}}},
    "reserve": seats(seat(STRANGER)),
    "reserve a friend": seats(seat(FRIEND)),
    "reserve both": seats(seat(STRANGER), seat(FRIEND)),
    "removes": {"members": {"0": None}},
    "removes another": {"members": {"1": None}},
    "server": {"servers": {"a": {"properties": {"custom": {"n": 1}}}}},
    "matchmaking": {"servers": {"matchmaking": {"properties": {"system": {"status": "searching"}}}}},
    "no server": {"servers": {"a": None}},
    "groups": me(groups=["a"], encounters=["b"]),
    "address": me(active=True, secureDeviceAddress=address(9)),
    "host": properties(host=device_token(address(9))),
    "post": properties(searchHandleVisibility="xboxlive", description={"text": "Beginners", "locale": "en"}),
}
"""Writes that lead somewhere, by what they do."""

OF_SERVICES: Mapping[str, JsonObject] = {
    "all act": {"members": {"me_all": {"properties": {"system": {"active": True}}}}},
    "those inside get ready": {"members": {"me_allInSession": {"properties": {"system": {"ready": True}}}}},
    "one acts": {"members": {"me_2533274790000001": {"properties": {"system": {"active": True}}}}},
    "one leaves": {"members": {"me_2533274790000001": None}},
    "all leave": {"members": {"me_allInSession": None}},
}
"""Writes of a service that acts for the first two users of a world, by what they do (S2S-2)."""
