"""The service at profile.xboxlive.com: gamertags and other settings of people (NEAR-9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_xbl.mpsd.checking import check, check_fields, require_fields
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import ListOf, OneOf, digits, text
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.neighbours.answers import content
from pytest_xbl.wire.neighbours.naming import person_in, users_with_xuids
from pytest_xbl.world.state import Account

NAMES = ("Gamertag", "ModernGamertag", "UniqueModernGamertag", "GameDisplayName", "AppDisplayName")
"""The settings that hold the gamertag."""
USUAL: Mapping[str, str] = {
    "AccountTier": "Silver",
    "AppDisplayPicRaw": "",
    "Bio": "",
    "GameDisplayPicRaw": "",
    "Gamerscore": "0",
    "IsQuarantined": "0",
    "Location": "",
    "ModernGamertagSuffix": "",
    "PreferredColor": "",
    "PublicGamerpic": "",
    "RealName": "",
    "RealNameOverride": "",
    "ShowUserAsAvatar": "0",
    "TenureLevel": "0",
    "Watermarks": "",
    "XboxOneRep": "GoodPlayer",
}
"""The settings that are the same for everybody."""
setting = OneOf((*NAMES, *USUAL))
SETTINGS: Mapping[str, Field] = {"settings": Field(text, "NEAR-9")}
BATCH: Mapping[str, Field] = {
    "userIds": Field(ListOf(digits, filled=True), "NEAR-9", needed=True),
    "settings": Field(ListOf(setting), "NEAR-9", needed=True),
}
"""The body of a batch."""


def get_profile(call: Call) -> Answer:
    """Read settings of one user."""
    account = person_in(call)
    asked = call.parameters.get("settings", "")
    names = asked.split(",") if asked else []
    for name in names:
        check(setting, name, "?settings", "NEAR-9", mistake=None)
    return _profiles([account], names)


def batch_profiles(call: Call) -> Answer:
    """Read settings of several users; a read, although it is a POST."""
    check_fields(BATCH, call.body, removable=False)
    require_fields(BATCH, call.body)
    return _profiles(users_with_xuids(call.world, call.body["userIds"], "userIds"), call.body["settings"])


def _profiles(accounts: Iterable[Account], names: list[str]) -> Answer:
    return content({"profileUsers": [_profile(account, names) for account in accounts]})


def _profile(account: Account, names: list[str]) -> JsonObject:
    values = {**dict.fromkeys(NAMES, account.caller.gamertag or ""), **USUAL}
    settings = [{"id": name, "value": values[name]} for name in dict.fromkeys(names)]
    return {"id": account.key, "hostId": account.key, "settings": settings, "isSponsoredUser": False}
