"""Writes of all kinds: the usual ones that the strategies have, and those with odd values and rare fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bodies import ref
from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.strategies.usual import USUAL, me, properties
from seeds import ADDRESS

STRANGER = "2814639011415871"
"""The xuid of somebody who is no user."""
GUID = "0a0b0c0d-0000-4000-a000-00000000000f"
ROOM = ref("one", "room")
AS_USUAL = (
    *("active", "ready", "inactive", "leaves", "turn", "locked", "followed"),
    *("owner", "owners", "officer", "no officer"),
)
PUTS: Mapping[str, Any] = {
    **{what: USUAL[what] for what in AS_USUAL},
    "joins": {},
    "address": me(active=True, secureDeviceAddress=ADDRESS),
    "no address": me(secureDeviceAddress=""),
    "host": properties(host=device_token(ADDRESS)),
    "turns": properties(turn=[1, 0]),
    "groups": me(groups=["a"], encounters=["b"], RolePreference={"x": 5}, initializationGroup=[0]),
    "connected": me(active=True, connection=GUID),
    "subscribed": me(
        subscriptions={GUID: {"profile": "p"}},
        subscription={"id": GUID, "changeTypes": ["everything"]},
    ),
    "unsubscribed": me(subscriptions={"0A0B0C0D-0000-4000-A000-00000000000F": None}, subscription=None),
    "measured": me(
        measurements={"ab": {"latency": 3, "custom": {"null": None}}}, serverMeasurements={"x": {"y": None}}
    ),
    "custom of mine": {
        "members": {"me": {"properties": {"custom": {"null": None, "inner": {"null": None}, "n": 1.0}}}}
    },
    "constants of mine": {
        "members": {"me": {"constants": {"custom": [None, True, 1, 1.0], "system": {"index": None}}}}
    },
    "initialize": {"members": {"me": {"constants": {"system": {"initialize": "true"}}}}},
    "reserve": {"members": {"reserve_0": {"constants": {"system": {"xuid": STRANGER}, "custom": "anything"}}}},
    "reserve Ana": {
        "members": {"reserve_0": {"constants": {"system": {"xuid": "2533274790000002", "initialize": False}}}}
    },
    "keywords": properties(keywords=["Fast", "fun"], joinRestriction="none"),
    "no keywords": properties(keywords=None),
    "closed": properties(closed=True, locked=None),
    "open": properties(closed=False, locked=False),
    "local": properties(joinRestriction="local"),
    "custom": {"properties": {"custom": {"null": None, "inner": {"null": None, "list": [None, {}]}, "no": False}}},
    "more custom": {"properties": {"custom": {"no": None, "zero": 0, "": "", "a/b~": -0.0, "é😀": 2**63}}},
    "matchmaking": properties(
        matchmaking={"clientResult": {"status": "found", "typicalWait": 1.5, "targetSessionRef": ROOM}},
        matchmakingResubmit=True,
        serverConnectionStringCandidates=[],
    ),
    "server": {
        "servers": {
            "s/1": {"constants": {"system": {"a": None, "b": {"c": None}}}, "properties": {"custom": {"x": [1]}}},
            "matchmaking": {"properties": {"system": {"status": "searching", "lockId": None}}},
            "bare": {},
        }
    },
    "no server": {"servers": {"s/1": None}},
    "made by constants": {
        "constants": {
            "system": {
                "inactiveRemovalTimeout": 45_000,
                "readyRemovalTimeout": None,
                "inviteProtocol": "game",
                "visibility": "open",
                "initiators": ["1", "2533274790000001"],
                "memberInitialization": {"membersNeededToStart": 0, "externalEvaluation": True},
                "measurementServerAddresses": {"eu": {"secureDeviceAddress": ADDRESS}},
            },
            "custom": {"null": None, "map": {"null": None}, "pi": 3.0},
        },
        "roleTypes": {"own": {"roles": {"tank": {"max": 1, "target": 1}}, "mutableRoleSettings": ["max"]}},
        **me(active=True),
    },
    "made otherwise": {
        "constants": {"system": {"reservedRemovalTimeout": None, "visibility": None}, "custom": {"unset": None}},
        **me(ready=True),
    },
    "remove": {"members": {"0": None}},
    "post": properties(
        description={"text": "Beginners", "locale": "en"},
        searchHandleVisibility="xboxlive",
        scheduledTime="2026-01-01T12:00:40Z",
    ),
    "no post": properties(description=None, scheduledTime=None),
    "healer": {"members": {"me": {"roles": {"class": "healer"}}}},
    "tank": {"members": {"me": {"roles": {"class": "tank"}}}},
    "no class": {"members": {"me": {"roles": {"class": None}}}},
    "reserve an officer": {
        "members": {
            "reserve_0": {"constants": {"system": {"xuid": STRANGER}}, "roles": {"rank": "officer", "class": "tank"}}
        }
    },
    "more healers": {"roleTypes": {"class": {"roles": {"healer": {"max": 3, "target": 2}, "tank": {"max": 1}}}}},
    "managed": {
        "roleTypes": {"squad": {"ownerManaged": True, "mutableRoleSettings": [], "roles": {"lead": {"max": 1}}}},
        **me(active=True),
    },
}
"""Bodies by what they do in a world of happenings, or would do there."""
