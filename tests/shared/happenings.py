"""Worlds in which anything may have happened, and all that they remember and show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

from hypothesis import strategies as st

from bodies import ACTIVE, SCID, session_path
from people import person
from puts import GUID, PUTS, ROOM, STRANGER
from pytest_xbl import SessionRef, User, XblError, XboxLive
from pytest_xbl.world.ready_made import TITLE_ID

ELSEWHERE = "0DD50000-0000-4000-8000-000000000002"
"""Another service configuration, in upper case: that is kept where it is shown, and does not count otherwise."""
EAST = timezone(timedelta(hours=5, minutes=30))


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


def happenings(most: int) -> st.SearchStrategy[list[Happening]]:
    """Anything, by anybody, anywhere, so many times at the most; writes are more frequent than other things."""
    what = st.sampled_from([*PUTS, *PUTS, *MORE])
    some = st.tuples(what, st.integers(0, len(CALLERS) - 1), st.integers(0, len(PLACES) - 1), st.integers(0, 2))
    return st.lists(some, max_size=most)


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
