"""Examples of requests that succeed: in a world with a player, a friend of theirs, and a session of the two.

The tests send each of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.wire.neighbours.login import DEVICE_CODE
from pytest_xbl.world.state import DEFAULT_SCID

PLAYER, FRIEND = "2533274790000001", "2533274790000002"
WORLD = "world"
"""The name of the world, with which the codes and tokens of a sign-in begin (NEAR-4)."""
HANDLE = "0a0b0c0d-0000-4000-8000-000000000001"
SESSION_REF = {"scid": DEFAULT_SCID, "templateName": "lobby", "name": "friday"}
NAMES: Mapping[str, str] = {
    "scid": DEFAULT_SCID,
    "template": "lobby",
    "name": "friday",
    "index": "0",
    "server": "game",
    "id": HANDLE,
    "xuid": f"xuid({PLAYER})",
    "names": "wins,losses",
    "who": "me",
    "person": f"xuid({FRIEND})",
    "group": "social",
    "decorations": "detail",
    "title": "default",
}
"""The names in paths."""
PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "query-sessions": {"xuid": PLAYER},
    "query-template-sessions": {"xuid": PLAYER},
    "authorize-login": {"client_id": "game", "response_type": "code", "redirect_uri": "http://localhost/"},
    "change-friends": {"method": "add"},
    "get-profile": {"settings": "Gamertag"},
    "get-settings": {"settings": "Gamertag"},
}
"""The parameters of a query string, by operation."""
_MEMBER: JsonObject = {"properties": {"system": {"active": True}, "custom": {"team": "red"}}}
_ACCESS = f"{WORLD}.access-{PLAYER}"
_DEVICE = f"{WORLD}.device-0"
_TICKET = {"AuthMethod": "RPS", "SiteName": "user.auth.xboxlive.com", "RpsTicket": f"d={_ACCESS}"}
_JWT = {"RelyingParty": "http://auth.xboxlive.com", "TokenType": "JWT"}
_DEVICE_PROPERTIES = {"AuthMethod": "ProofOfPossession", "Id": "{00}", "DeviceType": "Win32", "ProofKey": {}}
_WRITE: JsonObject = {"properties": {"custom": {"map": "dunes"}}, "members": {"me": _MEMBER}}
BODIES: Mapping[str, Json] = {
    "put-session": _WRITE,
    "put-session-by-handle": _WRITE,
    "put-properties": {"system": {"joinRestriction": "followed"}, "custom": {"map": "dunes"}},
    "batch-query-sessions": {"xuids": [PLAYER, FRIEND]},
    "batch-query-template-sessions": {"xuids": [PLAYER, FRIEND]},
    "post-handle": {"version": 1, "type": "invite", "sessionRef": SESSION_REF, "invitedXuid": FRIEND},
    "query-handles": {"type": "activity", "scid": DEFAULT_SCID, "owners": {"xuids": [PLAYER, FRIEND]}},
    "batch-statistics": {
        "requestedusers": [PLAYER],
        "requestedscids": [{"scid": DEFAULT_SCID, "requestedstats": ["wins"]}],
    },
    "connect-device": {"client_id": "game", "response_type": "device_code", "scope": "XboxLive.signin"},
    "grant-token": {"client_id": "game", "grant_type": DEVICE_CODE, "device_code": f"{WORLD}.device_code-{PLAYER}"},
    "authenticate-user": {**_JWT, "Properties": _TICKET},
    "authenticate-title": {**_JWT, "Properties": {**_TICKET, "DeviceToken": _DEVICE}},
    "authenticate-device": {**_JWT, "Properties": _DEVICE_PROPERTIES},
    "authorize-xsts": {
        "RelyingParty": "http://xboxlive.com",
        "TokenType": "JWT",
        "Properties": {"UserTokens": [f"{WORLD}.user-{PLAYER}"], "SandboxId": "RETAIL"},
    },
    "authorize-sisu": {"AccessToken": _ACCESS, "DeviceToken": _DEVICE, "Sandbox": "RETAIL", "AppId": "game"},
    "batch-profiles": {"userIds": [PLAYER, FRIEND], "settings": ["Gamertag"]},
    "look-up-people": {"xuids": [FRIEND]},
    "change-friends": {"xuids": [FRIEND]},
    "batch-presence": {"users": [PLAYER, FRIEND], "level": "all"},
    "put-title-presence": {"state": "active"},
}
"""The bodies, by operation."""
