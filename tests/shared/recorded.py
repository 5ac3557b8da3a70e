"""Exchanges with the real service, retold with names and ids of our own: what was sent, and what came back.

Each stands for a recorded exchange of the same fields, types, statuses and headers.
A value that differs at every run, and whose form alone was recorded, is a matcher.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from pytest_xbl import any_guid, any_time
from pytest_xbl.compare.matchers import Matcher

SCID = "0a1b0100-2c3d-4e5f-8a9b-000000000101"
TITLE = "1700000777"
ONE_XUID, TWO_XUID = "2535000000000021", "2535000000000022"
CONNECTION = "7c1f0e52-3d64-4b7a-9a10-000000000001"
ADDRESS = "cGxheWVyIG9uZSdzIGRldmljZQ=="

_HEX = re.compile("[0-9a-f]{32}")
any_tag = Matcher("any_tag", lambda value: isinstance(value, str) and re.fullmatch('"[0-9a-f]{32}"', value) is not None)
"""Any ETag: 32 lower-case hexadecimal digits in quotes."""
any_token = Matcher("any_token", lambda value: isinstance(value, str) and _HEX.fullmatch(value) is not None)
"""Any device token: 32 lower-case hexadecimal digits."""
any_date = Matcher("any_date", lambda value: isinstance(value, str) and value.endswith(" GMT"))
"""Any date of HTTP."""
any_size = Matcher("any_size", lambda value: isinstance(value, str) and value.isdigit())
"""Any length of a body."""
any_handle = Matcher("any_handle", lambda value: isinstance(value, str) and value.startswith("/handles/"))
"""The path of any handle."""
any_debug = Matcher("any_debug", lambda value: isinstance(value, str) and value != "")
"""Any line for people, on which no client should depend."""


class Exchange(NamedTuple):
    """A request, and the answer that the service gave it.

    Args:
        source: the recording, by its short name.
        sent: the body; None for none.
        answered: the body of the answer.
        headers: of the answer.
        with_tag_of: the source of the exchange whose ETag was sent as If-Match; "*" for any; "" for none.
        contract: of the request.
        caller: "One" or "Two".
    """

    source: str
    method: str
    path: str
    sent: Any
    status: int
    answered: Any
    headers: dict[str, Any]
    with_tag_of: str = ""
    contract: int = 105
    caller: str = "One"
    whole: bool = True
    """Whether the answer was recorded whole; else only its fields that are here are compared, and no headers."""


COMMON: dict[str, Any] = {
    "Content-Type": "application/json",
    "Content-Length": any_size,
    "Date": any_date,
    "X-Content-Type-Options": "nosniff",
    "X-XblCorrelationId": any_guid,
    "X-Xbl-Debug": any_debug,
}
PASSING = {**COMMON, "Cache-Control": "no-cache, no-store"}
CURRENT = {**COMMON, "Cache-Control": "max-age=0, must-revalidate", "ETag": any_tag}
OUTDATED = {**PASSING, "ETag": any_tag}
CREATED_HANDLE = {**PASSING, "Location": any_handle, "Content-Location": any_handle}

CAPABILITIES = ("connectivity", "connectionRequiredForActiveMembers", "crossPlay", "userAuthorizationStyle")
TEMPLATE = {
    "version": 1,
    "maxMembersCount": 8,
    "visibility": "open",
    "inviteProtocol": "game",
    "capabilities": dict.fromkeys(CAPABILITIES, True),
}
"""The system constants of both templates, as far as they are not defaults."""
PLATFORMS: dict[str, Any] = {"uwp-desktop": {"pfn": "Contoso.Game_8wekyb3d8bbwe"}, "era": {}}


def session_path(template: str, name: str) -> str:
    """The path of a session."""
    return f"/serviceconfigs/{SCID}/sessionTemplates/{template}/sessions/{name}"


def ref(template: str, name: str) -> dict[str, str]:
    """A reference to a session."""
    return {"scid": SCID, "templateName": template, "name": name}


class Player(NamedTuple):
    """Somebody who is alone in a session.

    Args:
        properties: the system properties of their seat.
        custom: their custom properties.
    """

    xuid: str
    gamertag: str
    properties: dict[str, Any]
    custom: dict[str, Any]

    def seat(self, **constants: Any) -> dict[str, Any]:
        """The `members` of a write in which they take their seat."""
        properties = {"system": self.properties, **({"custom": self.custom} if self.custom else {})}
        return {"me": {"constants": {"system": {"xuid": self.xuid, **constants}}, "properties": properties}}

    def member(self) -> dict[str, Any]:
        """They as a member."""
        return {
            "next": 1,
            "joinTime": any_time,
            "constants": {"system": {"xuid": self.xuid, "index": 0}, "custom": {}},
            "properties": {"system": self.properties, "custom": self.custom},
            "gamertag": self.gamertag,
            "activeTitleId": TITLE,
            "deviceToken": any_token,
        }


def seated(subscription: str) -> dict[str, Any]:
    """The system properties of a seat."""
    return {
        "active": True,
        "connection": CONNECTION,
        "secureDeviceAddress": ADDRESS,
        "subscription": {"changeTypes": ["everything"], "id": subscription},
    }


def document(player: Player, change: int, system: dict[str, Any], custom: dict[str, Any]) -> dict[str, Any]:
    """A session of one player, as contract 105 shows it."""
    timeouts = {"reserved": 30000, "inactive": 0, "ready": 180000, "sessionEmpty": 0}
    return {
        "membersInfo": {"first": 0, "next": 1, "count": 1, "accepted": 1, "active": 1},
        "constants": {"system": {**TEMPLATE, "timeouts": timeouts}, "custom": {}},
        "properties": {"system": {"turn": [], "matchmaking": {}, **system}, "custom": custom},
        "servers": {},
        "members": {"0": player.member()},
        "correlationId": any_guid,
        "contractVersion": 105,
        "branch": any_guid,
        "changeNumber": change,
        "startTime": any_time,
    }


LOBBY, GAME = (
    ref("LobbySession", "6F1B2C3D-0000-4A00-8B00-0000000000AA"),
    ref("GameSession", "6F1B2C3D-0000-4A00-8B00-0000000000BB"),
)
LOBBY_PATH, GAME_PATH = (session_path(it["templateName"], it["name"]) for it in (LOBBY, GAME))
IN_LOBBY = Player(ONE_XUID, "Player One", seated("91A3266D-0000-4D55-9A16-0000000000A1"), {})
IN_GAME = IN_LOBBY._replace(properties=seated("91A3266D-0000-4D55-9A16-0000000000B1"))
FOLLOWED = {"joinRestriction": "followed", "readRestriction": "followed"}
LOCAL = {"joinRestriction": "local", "readRestriction": "local"}
JOINABLE = {"Joinability": "joinable_by_friends"}
STILL_HERE = {"me": {"properties": {"system": {"active": True, "connection": CONNECTION}}}}
ACTIVITY = {"type": "activity", "version": 1}
HOST = "host of the recording"
"""Stands for the device token of the player, which is computed otherwise than at the service."""


def activity_of(xuid: str, session: dict[str, str]) -> dict[str, Any]:
    """The answer to a new activity."""
    package = {"titleId": TITLE, **PLATFORMS["uwp-desktop"]}
    return {
        **ACTIVITY,
        "sessionRef": session,
        "titleId": TITLE,
        "ownerXuid": xuid,
        "id": any_guid,
        "inviteProtocol": "game",
        "gameTypes": {"uwp-desktop": package, "era": {"titleId": TITLE}},
        "createTime": any_time,
    }


TRANSFER = {"type": "transfer", "version": 1, "originSessionRef": LOBBY, "sessionRef": GAME}
COMPLETED = {"GameSessionTransferHandle": f"completed~{CONNECTION}"}

LOBBY_AND_GAME = (
    Exchange(
        "saz 039",
        "POST",
        "/handles/query?include=relatedInfo",
        {"owners": {"people": {"moniker": "People", "monikerXuid": ONE_XUID}}, "scid": SCID, "type": "activity"},
        200,
        {"results": []},
        PASSING,
    ),
    Exchange(
        "saz 054",
        "PUT",
        LOBBY_PATH,
        {"members": IN_LOBBY.seat(initialize=True), "properties": {"custom": JOINABLE, "system": FOLLOWED}},
        201,
        document(IN_LOBBY, 1, FOLLOWED, JOINABLE),
        CURRENT,
    ),
    Exchange(
        "saz 055",
        "POST",
        "/handles",
        {**ACTIVITY, "sessionRef": LOBBY},
        201,
        activity_of(ONE_XUID, LOBBY),
        CREATED_HANDLE,
    ),
    Exchange(
        "saz 057",
        "PUT",
        LOBBY_PATH,
        {"members": STILL_HERE, "properties": {"custom": {"GameSessionTransferHandle": f"pending~{ONE_XUID}"}}},
        412,
        document(IN_LOBBY, 2, FOLLOWED, JOINABLE),
        OUTDATED,
        with_tag_of="saz 054",
    ),
    Exchange(
        "saz 058",
        "PUT",
        LOBBY_PATH,
        {"properties": {"system": {"host": HOST}}},
        200,
        document(IN_LOBBY, 3, {**FOLLOWED, "host": any_token}, JOINABLE),
        CURRENT,
        with_tag_of="*",
    ),
    Exchange("saz 059", "PUT", GAME_PATH, {"members": IN_GAME.seat()}, 201, document(IN_GAME, 1, LOCAL, {}), CURRENT),
    Exchange("saz 060", "POST", "/handles", TRANSFER, 201, {**TRANSFER, "id": any_guid}, CREATED_HANDLE),
    Exchange(
        "saz 061",
        "PUT",
        GAME_PATH,
        {"members": STILL_HERE, "properties": {"system": {"host": HOST}}},
        412,
        document(IN_GAME, 2, LOCAL, {}),
        OUTDATED,
        with_tag_of="saz 059",
    ),
    Exchange(
        "saz 063",
        "PUT",
        LOBBY_PATH,
        {"members": STILL_HERE, "properties": {"custom": COMPLETED}},
        200,
        document(IN_LOBBY, 4, {**FOLLOWED, "host": any_token}, {**JOINABLE, **COMPLETED}),
        CURRENT,
        with_tag_of="*",
    ),
    Exchange(
        "saz 065",
        "PUT",
        GAME_PATH,
        {"members": STILL_HERE, "properties": {"system": {"host": HOST}}},
        200,
        document(IN_GAME, 3, {**LOCAL, "host": any_token}, {}),
        CURRENT,
        with_tag_of="saz 061",
    ),
)
"""A player makes a lobby their activity, and takes it to a game (September 2016, contract 105)."""

TWO_LOBBY = ref("LobbySession", "6F1B2C3D-0000-4A00-8B00-0000000000CC")
TWO_PATH = session_path("LobbySession", TWO_LOBBY["name"])
TWO = Player(TWO_XUID, "Player Two", seated("91A3266D-0000-4D55-9A16-0000000000C1"), {"Health": 41})

ONE_LOBBY = (
    Exchange(
        "csv 4",
        "GET",
        f"/serviceconfigs/{SCID}/sessions?xuid={TWO_XUID}&visibility=open&private=true&inactive=true&take=10",
        None,
        200,
        {"results": []},
        PASSING,
        caller="Two",
    ),
    Exchange(
        "csv 5",
        "PUT",
        TWO_PATH,
        {"members": TWO.seat(initialize=True), "properties": {"custom": JOINABLE, "system": FOLLOWED}},
        201,
        document(TWO, 1, FOLLOWED, JOINABLE),
        CURRENT,
        caller="Two",
    ),
    Exchange(
        "csv 6",
        "POST",
        "/handles",
        {**ACTIVITY, "sessionRef": TWO_LOBBY},
        201,
        activity_of(TWO_XUID, TWO_LOBBY),
        CREATED_HANDLE,
        caller="Two",
    ),
    Exchange("csv 7", "GET", TWO_PATH, None, 200, document(TWO, 2, FOLLOWED, JOINABLE), CURRENT, caller="Two"),
    Exchange(
        "csv 8",
        "PUT",
        TWO_PATH,
        {"properties": {"system": {"host": HOST}}},
        200,
        document(TWO, 3, {**FOLLOWED, "host": any_token}, JOINABLE),
        CURRENT,
        with_tag_of="*",
        caller="Two",
    ),
)
"""Another player makes a lobby (September 2016, contract 105)."""

HERO = {
    "ChestsFound": (5, {"Ordinal": "1", "DisplayName": "Chests found"}),
    "MilesSailed": (92173, {"Ordinal": "2", "DisplayName": "Miles sailed"}),
    "Islands": (16, {"Ordinal": "3", "DisplayName": "Islands seen"}),
}
"""The statistics of a group, all of them Doubles: value, and how they are shown."""
AS_SHOWN = {"SortOrder": "Descending", "DisplayFormat": "Integer", "DisplaySemantic": "Best"}
PLAYED = {"xuid": ONE_XUID, "scid": SCID, "name": "MinutesPlayed", "type": "Integer", "value": "1220", "properties": {}}


def listed(*stats: dict[str, Any]) -> dict[str, Any]:
    """The list of the player's statistics."""
    return {"arrangebyfield": "xuid", "arrangebyfieldid": ONE_XUID, "stats": [*stats]}


def batch(name: str, stat: str, **home: str) -> dict[str, Any]:
    """A batch that asks for a group and for a statistic."""
    asked = {"groups": [{"name": name, **home}], "stats": [{"name": stat, **home}]}
    return {"arrangebyfield": "xuid", "xuids": [ONE_XUID], **asked}


IN_HERO = [
    {
        "groupproperties": {**shown, **AS_SHOWN},
        "xuid": ONE_XUID,
        "scid": SCID,
        "name": name,
        "type": "Double",
        "value": str(value),
        "properties": {"DisplayName": shown["DisplayName"]},
    }
    for name, (value, shown) in HERO.items()
]
ONE_STATISTIC = f"/users/xuid({ONE_XUID})/scids/{SCID}/stats/MinutesPlayed"

STATISTICS = (
    Exchange(
        "userstats batch",
        "POST",
        "/batch",
        batch("Hero", "Unreached", titleId=TITLE),
        200,
        {
            "groups": [{"name": "Hero", "titleid": TITLE, "statlistscollection": [listed(*IN_HERO)]}],
            "statlistscollection": [listed()],
        },
        {},
        contract=2,
        whole=False,
    ),
    Exchange(
        "userstats batch by scid",
        "POST",
        "/batch",
        batch("Medals", "MinutesPlayed", scid=SCID),
        200,
        {
            "groups": [{"name": "Medals", "statlistscollection": []}],
            "statlistscollection": [listed({"groupproperties": {}, **PLAYED})],
        },
        {},
        contract=2,
        whole=False,
    ),
    *(
        Exchange(
            source,
            "GET",
            path,
            None,
            200,
            {"statlistscollection": [listed(PLAYED)]},
            {},
            contract=contract,
            whole=False,
        )
        for source, path, contract in (
            ("userstats by scid", ONE_STATISTIC, 2),
            ("userstats with metadata", f"{ONE_STATISTIC}?include=valuemetadata", 3),
        )
    ),
)
"""Statistics of one player (2018, contracts 2 and 3; bodies only)."""

BEDROCK: dict[str, Any] = {
    "readyRemovalTimeout": 240000,
    "reservedRemovalTimeout": 240000,
    "sessionEmptyTimeout": 0,
    "inactiveRemovalTimeout": 300000,
    "version": 1,
    "maxMembersCount": 30,
    "visibility": "open",
    "capabilities": dict.fromkeys((*CAPABILITIES, "gameplay"), True),
    "inviteProtocol": "game",
    "memberInitialization": {"membersNeededToStart": 1},
}
WORLD = {"BroadcastSetting": 3, "LanGame": True, "MemberCount": 0}
OTHERS = (
    Exchange(
        "xbox-webapi-csharp#14",
        "GET",
        f"/serviceconfigs/{SCID}/sessiontemplates",
        None,
        200,
        {"results": ["LobbySession", "GameSession", "Bedrock"]},
        {},
        contract=107,
        whole=False,
    ),
    Exchange(
        "Broadcaster#96",
        "PUT",
        session_path("Bedrock", "6F1B2C3D-0000-4A00-8B00-0000000000DD"),
        {
            "members": IN_LOBBY.seat(initialize=True),
            "properties": {"system": {**FOLLOWED, "closed": False}, "custom": WORLD},
        },
        201,
        {
            "membersInfo": {"first": 0, "next": 1, "count": 1, "accepted": 1, "active": 1},
            "constants": {"system": BEDROCK, "custom": {}},
            "properties": {"system": {**FOLLOWED, "turn": []}, "custom": WORLD},
        },
        {},
        contract=107,
        whole=False,
    ),
)
"""A list of templates (2020), and a session document of which a part is known (2024)."""

STORIES = {
    "a lobby and a game": LOBBY_AND_GAME,
    "one lobby": ONE_LOBBY,
    "statistics": STATISTICS,
    "others": OTHERS,
}

LEFT: dict[str, tuple[str, str]] = {
    # by where: which differences are left, and why
    "saz 057 X-Xbl-Refusal": (
        "there is such a header",
        "It says by which rule a request was refused, and is the fake's own.",
    ),
    "saz 061 X-Xbl-Refusal": ("there is such a header", "The same."),
}
"""Every difference between what was recorded and what the fake answers."""
