"""Worlds in which anything may have happened, and all that they remember and show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

from bodies import ACTIVE, SCID, me, ref, session_path
from people import person
from pytest_xbl import SessionRef, User, XblError, XboxLive
from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.world.ready_made import TITLE_ID
from pytest_xbl.world.state import State
from pytest_xbl.world.tables import Index, Table
from seeds import ADDRESS

ELSEWHERE = "0DD50000-0000-4000-8000-000000000002"
"""Another service configuration, in upper case: that is kept where it is shown, and does not count otherwise."""
STRANGER = "2814639011415871"
"""The xuid of somebody who is no user."""
EAST = timezone(timedelta(hours=5, minutes=30))
GUID = "0a0b0c0d-0000-4000-a000-00000000000f"


INFO = "relatedInfo,roleInfo,customProperties"
SEARCHES = (
    "",
    "tags/any(d:d eq 'fun') or numbers/level gt 1",
    "tolower(strings/map) eq 'dunes' and session/needs gt 0",
    "session/roles/class/tank/count ge 1",
)
"""Filters of which some look at all search handles, and some at those of an index."""


def path_of(place: tuple[str, str, str]) -> str:
    """The path of a session."""
    scid, template, name = place
    return session_path(name, template, scid=scid)


def facts(value: Any) -> Any:
    """A value that compares equal for equal states, and for no others: numbers of other types differ.

    Histories do not count, nor what was worked out of a value, nor that somebody's statistics were all taken away.
    """
    match value:
        case State():
            names = (field.name for field in fields(value) if field.name != "versions")
            return {name: _table(name, getattr(value, name)) for name in names}
        case Mapping():
            return {name: facts(inner) for name, inner in value.items()}
        case list() | tuple():
            return [facts(inner) for inner in value]
        case _ if is_dataclass(value):
            return {field.name: facts(getattr(value, field.name)) for field in fields(value)}
    return (type(value), value)


def _table(name: str, held: Any) -> Any:
    match held:
        case Index():
            keys = list if name in ("activities", "transfers") else set
            return {key: keys(held[key]) for key in held._entries}
        case Table() if name == "records":
            return [(key, record.incarnation, facts(record.session)) for key, record in held.items()]
        case Table() if name == "statistics":
            return {key: facts(one) for key, one in held.items() if one}
        case Table() if name in ("users", "services", "templates", "handles"):
            return [(key, facts(one)) for key, one in held.items()]
    return facts(held)


def seen(xbl: XboxLive) -> dict[str, Any]:
    """All that callers get to see of a world: documents, ETags, handles, queries and statistics."""
    handles = list(xbl._world._state.handles)
    places = list(xbl._world._state.records)
    answers: dict[str, Any] = {}
    for name, account in xbl._world._state.names.items():
        caller = person(xbl, name)
        client = xbl.client(caller)
        uris = [
            *(path_of(place) for place in places),
            *(f"/handles/{handle}{more}" for handle in handles for more in ("", "/session")),
            f"/serviceconfigs/{SCID}/sessiontemplates",
            f"/serviceconfigs/{SCID}/sessions?keyword=fast",
            f"/serviceconfigs/{SCID}/sessions?xuid={account.caller.xuid or STRANGER}&reservations=true&inactive=true",
        ]
        for uri in uris:
            answers[f"{name} {uri}"] = told(client.get(uri))
        for uri in map(path_of, places):
            answers[f"{name} {uri} of old"] = told(client.get(uri, headers={"X-Xbl-Contract-Version": "105"}))
        for xuid in xbl._world._state.users:
            uri = f"/users/xuid({xuid})/scids/{SCID}/stats/wins,rank,when,secret?include=valuemetadata"
            headers = {"X-Xbl-Contract-Version": "1"}
            answers[f"{name} {uri}"] = told(client.get(uri, headers=headers))
        hero = [{"name": "Hero", "scid": SCID}]
        alone = [{"name": name, "titleId": title} for name in ("wins", "rank", "secret") for title in ("77", TITLE_ID)]
        body: dict[str, Any] = {
            "arrangebyfield": "xuid",
            "xuids": list(xbl._world._state.users),
            "groups": hero,
            "stats": alone,
        }
        answers[f"{name} groups"] = told(client.post("/batch", json=body, headers={"X-Xbl-Contract-Version": "2"}))
        owners: list[dict[str, Any]] = [{"xuids": list(xbl._world._state.users)}]
        owners += [{"people": {"moniker": "people", "monikerXuid": xuid}} for xuid in xbl._world._state.users]
        for number, owned in enumerate(owners):
            body = {"type": "activity", "scid": SCID, "owners": owned}
            answers[f"{name} activities {number}"] = told(client.post("/handles/query?include=relatedInfo", json=body))
        for filter_ in SEARCHES:
            body = {"type": "search", "filter": filter_, "includeScheduled": True}
            answers[f"{name} {filter_}"] = told(client.post(f"/handles/query?include={INFO}", json=body))
    return answers


def told(answer: Any) -> tuple[int, Any, str | None]:
    """An answer, less what every answer has."""
    return (
        answer.status_code,
        answer.text,
        answer.headers.get("ETag"),
    )


PLACES = [
    (SCID, "room", "one"),
    (SCID, "room", "ONE"),
    (SCID, "old", "one"),
    (SCID, "bare", "Two"),
    (ELSEWHERE, "secret", "one"),
    (SCID, "ticket", "t"),
    (SCID, "room", "made"),
    (SCID, "old", "made"),
    (SCID, "guild", "one"),
    (SCID, "guild", "made"),
    (SCID, "ended", "one"),
]
"""Where sessions are, or may be made; two are the same one."""
TEMPLATES: dict[tuple[str, str], tuple[dict[str, Any], int]] = {
    (SCID, "room"): (
        {
            "constants": {
                "system": {
                    "maxMembersCount": 3,
                    "inactiveRemovalTimeout": 45_000,
                    "sessionEmptyTimeout": 60_000,
                    "capabilities": {"connectivity": True, "gameplay": False},
                    "peerToPeerRequirements": {"latencyMaximum": 100},
                },
                "custom": {"unset": None, "inner": {"null": None}},
            },
            "roleTypes": {"lfg": {"roles": {"healer": {"max": 2}}}},
        },
        107,
    ),
    (SCID, "old"): (
        {"constants": {"system": {"timeouts": {"inactive": None, "ready": 20_000}}, "custom": {"a": [None]}}},
        105,
    ),
    (SCID, "bare"): (
        {
            "constants": {
                "system": {
                    "maxMembersCount": None,
                    "visibility": None,
                    "sessionEmptyTimeout": None,
                    "inactiveRemovalTimeout": 1_000,
                }
            }
        },
        107,
    ),
    (SCID, "guild"): (
        {
            "constants": {
                "system": {
                    "maxMembersCount": 3,
                    "inactiveRemovalTimeout": 45_000,
                    "sessionEmptyTimeout": 60_000,
                    "capabilities": {"hasOwners": True, "searchable": True},
                    "ownershipPolicies": {
                        "migration": "oldest",
                        "allowNonOwnerInviteHandles": True,
                        "nonOwnerModifiableSystemProperties": ["closed", "keywords"],
                    },
                }
            },
            "roleTypes": {
                "class": {
                    "mutableRoleSettings": ["max", "target"],
                    "roles": {"healer": {"max": 1, "target": 1}, "tank": {"target": 2}},
                },
                "rank": {"ownerManaged": True, "roles": {"officer": {"max": 2}}},
            },
        },
        107,
    ),
    (SCID, "ended"): (
        {
            "constants": {
                "system": {
                    "timeouts": {"inactive": 45_000, "sessionEmpty": 60_000},
                    "capabilities": {"hasOwners": True, "searchable": True, "userAuthorizationStyle": True},
                }
            },
            "roleTypes": {"class": {"roles": {"healer": {"max": 1}, "tank": {}}}},
        },
        105,
    ),
    (ELSEWHERE, "secret"): (
        {
            "constants": {
                "system": {
                    "visibility": "private",
                    "timeouts": {"sessionEmpty": 30_000, "inactive": 90_000},
                    "capabilities": {"userAuthorizationStyle": True, "connectionRequiredForActiveMembers": True},
                }
            }
        },
        104,
    ),
}


def a_world() -> XboxLive:
    """People of all kinds, and templates of all kinds."""
    xbl = XboxLive()
    stacy = xbl.user("Stacy")
    xbl.user("Ana", gamertag="", device_id="console", title_id="77", token="secret!", userhash="uh")
    xbl.user("Zoe", xuid="1", sandbox="XDKS.1", device_id="console")
    xbl.user("child", privileges=())
    xbl.service("server")
    xbl.service("deputy", on_behalf_of=stacy)
    for (scid, name), (template, contract) in TEMPLATES.items():
        xbl.templates.add(name, template, scid=scid, contract=contract)
    for begun in (("address", 0, 0, 0), ("reserve Ana", 4, 0, 0), ("ready", 0, 2, 0), ("connected", 1, 4, 0)):
        happen(xbl, begun)
    happen(xbl, ("active", 2, 5, 0))
    for begun in (("active", 0, 8, 0), ("tank", 1, 8, 0), ("active", 0, 10, 0), ("active", 1, 10, 0)):
        happen(xbl, begun)
    return xbl


def properties(**system: Any) -> dict[str, Any]:
    """A body that says something of a session, of whomever it comes from."""
    return {"properties": {"system": system}}


ROOM = ref("one", "room")
PUTS: dict[str, dict[str, Any]] = {
    "active": me(active=True),
    "ready": me(ready=True),
    "inactive": me(active=False),
    "joins": {},
    "leaves": {"members": {"me": None}},
    "address": me(active=True, secureDeviceAddress=ADDRESS),
    "no address": me(secureDeviceAddress=""),
    "host": properties(host=device_token(ADDRESS)),
    "turn": properties(turn=[0]),
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
    "locked": properties(closed=True, locked=True),
    "open": properties(closed=False, locked=False),
    "followed": properties(joinRestriction="followed", readRestriction="followed"),
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
    "owners": properties(owners=[1, 0]),
    "owner": properties(owners=[1]),
    "post": properties(
        description={"text": "Beginners", "locale": "en"},
        searchHandleVisibility="xboxlive",
        scheduledTime="2026-01-01T12:00:40Z",
    ),
    "no post": properties(description=None, scheduledTime=None),
    "healer": {"members": {"me": {"roles": {"class": "healer"}}}},
    "tank": {"members": {"me": {"roles": {"class": "tank"}}}},
    "no class": {"members": {"me": {"roles": {"class": None}}}},
    "officer": {"members": {"1": {"roles": {"rank": "officer"}}}},
    "no officer": {"members": {"1": {"roles": {"rank": None}}}},
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
Happening: TypeAlias = tuple[str, int, int, int]
Act: TypeAlias = Callable[[XboxLive, Any, tuple[str, str, str], User], object]


def _put(what: str) -> Act:
    def act(xbl: XboxLive, caller: Any, place: tuple[str, str, str], other: User) -> object:
        contract = {"X-Xbl-Contract-Version": "105" if other.name == "Zoe" and "made" not in what else "107"}
        return told(xbl.client(caller).put(path_of(place), json=PUTS[what], headers=contract))

    return act


def _post(kind: str, **more: Any) -> Act:
    def act(xbl: XboxLive, caller: Any, place: tuple[str, str, str], other: User) -> object:
        body = {"type": kind, "version": 1, "sessionRef": SessionRef(*place).as_json(), **more}
        body |= {"invitedXuid": other.xuid} if kind == "invite" else {}
        return told(xbl.client(caller).post("/handles", json=body))

    return act


def _last_handle(xbl: XboxLive) -> str:
    return next(reversed(list(xbl._world._state.handles)), GUID)


MORE: dict[str, Act] = {
    "wait": lambda xbl, _caller, _place, other: xbl.clock.advance(seconds=31 if other.name == "Ana" else 61.5),
    "wait for long": lambda xbl, _caller, _place, _other: xbl.clock.advance(days=1),
    "absent": lambda xbl, _caller, _place, other: xbl.set_presence(other, present=False),
    "present": lambda xbl, _caller, _place, other: xbl.set_presence(other, present=True),
    "activity": _post("activity"),
    "invite": _post("invite"),
    "invite with attributes": _post("invite", inviteAttributes={"titleId": 7, "context": "c", "senderString": ""}),
    "transfer": _post("transfer", originSessionRef=ROOM),
    "search": _post(
        "search", searchAttributes={"tags": ["Fun"], "numbers": {"Level": 2, "x": -0.5}, "locale": "en-GB"}
    ),
    "search for dunes": _post("search", searchAttributes={"strings": {"Map": "Dunes"}, "achievementIds": ["7"]}),
    "search for nothing": _post("search"),
    "query": lambda xbl, caller, _place, _other: [
        told(xbl.client(caller).post(f"/handles/query?include={INFO}", json={"type": "search", "filter": filter_}))
        for filter_ in SEARCHES
    ],
    "delete handle": lambda xbl, caller, _place, _other: told(
        xbl.client(caller).delete(f"/handles/{_last_handle(xbl)}")
    ),
    "by handle": lambda xbl, caller, _place, _other: told(
        xbl.client(caller).put(f"/handles/{_last_handle(xbl)}/session", json=ACTIVE)
    ),
    "into nothing": lambda xbl, caller, _place, _other: told(
        xbl.client(caller).post(
            "/handles",
            json={
                "type": "invite",
                "version": 1,
                "sessionRef": {"scid": SCID, "templateName": "bare"},
                "invitedXuid": STRANGER,
            },
        )
    ),
    "nameless": lambda xbl, _caller, _place, other: xbl.sessions.create("bare", members={other: "active"}).document,
    "statistics": lambda xbl, _caller, _place, other: xbl.stats.set(
        other,
        {"wins": 3, "rank": 1.0, "title": "2026-01-01T12:00:00Z", "when": datetime(2026, 1, 1, 9, tzinfo=EAST)},
        metadata={"wins": {"null": None, "n": 1}, "rank": {}},
    ),
    "other statistics": lambda xbl, _caller, _place, other: xbl.stats.set(other, {"wins": "many"}, scid=ELSEWHERE),
    "add": lambda xbl, _caller, _place, other: xbl.stats.add(other, "wins", 0.5),
    "clear": lambda xbl, _caller, _place, other: xbl.stats.clear(other),
    "define": lambda xbl, _caller, _place, _other: xbl.stats.define("wins", type="Double"),
    "restrict": lambda xbl, _caller, _place, _other: xbl.stats.define("secret", access="restricted"),
    "group": lambda xbl, _caller, _place, _other: xbl.stats.define(
        "wins", type="Double", group="Hero", ordinal=7, sort_order="", display_name="Wins", display_semantic="Best"
    ),
    "group of restricted": lambda xbl, _caller, _place, _other: xbl.stats.define(
        "secret", type="String", group="Hero", display_format="Größe"
    ),
    "define elsewhere": lambda xbl, _caller, _place, _other: xbl.stats.define("plain", scid=ELSEWHERE),
    "title": lambda xbl, _caller, _place, _other: xbl.stats.title("77", scid=ELSEWHERE),
    "platforms": lambda xbl, _caller, _place, _other: xbl.stats.title(
        "77", scid=ELSEWHERE, platforms={"uwp-desktop": {"pfn": "Contoso.Game_8wekyb3d8bbwe"}, "era": {}}
    ),
    "platforms of all": lambda xbl, _caller, _place, _other: xbl.stats.title(TITLE_ID, platforms={}),
    "title of all": lambda xbl, _caller, _place, _other: xbl.stats.title(TITLE_ID, scid=ELSEWHERE),
    "strings": lambda xbl, _caller, _place, _other: setattr(xbl.stats, "values", "strings"),
    "sandbox": lambda xbl, _caller, _place, _other: setattr(xbl.stats, "sandbox", "XDKS.1"),
    "follow": lambda xbl, caller, _place, other: xbl.follow(caller, other),
    "favorite": lambda xbl, caller, _place, other: xbl.follow(caller, other, favorite=True),
    "block": lambda xbl, caller, _place, other: xbl.block(caller, other),
    "template": lambda xbl, _caller, _place, _other: xbl.templates.add("lobby", {"constants": {"custom": {"n": None}}}),
    "newcomer": lambda xbl, _caller, _place, _other: (
        xbl.user(f"user {len(xbl._world._state.users)}", token="a.b").token
    ),
}
ACTS: dict[str, Act] = {**{what: _put(what) for what in PUTS}, **MORE}
CALLERS = ("Stacy", "Ana", "Zoe", "child", "server", "deputy")


def happen(xbl: XboxLive, happening: Happening) -> object:
    """Something happens in a world, or is refused there.

    Returns:
        What comes of it; of a Python call that was refused, the text.
    """
    what, caller, place, other = happening
    try:
        friend = person(xbl, CALLERS[other])
        assert isinstance(friend, User)
        return ACTS[what](xbl, person(xbl, CALLERS[caller]), PLACES[place], friend)
    except XblError as error:
        return str(error)
