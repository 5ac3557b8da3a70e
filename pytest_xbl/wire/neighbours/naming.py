"""The people whom a request names (NEAR-8)."""

from __future__ import annotations

import re

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.mpsd.shapes import digits
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.wire.call import Call
from pytest_xbl.world.people import account_of, users
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

PERSON = re.compile(r"(?i)me|xuids?\((?P<xuid>[0-9]{1,20})\)|gt\((?P<gamertag>[^()]+)\)")
URI = "the URI"


def require_person(part: str) -> None:
    """Refuse a part of a path that names nobody in the way of people.

    Raises:
        Refusal: 400.
    """
    match = PERSON.fullmatch(part)
    if match is None or (match["xuid"] and digits.misfit(match["xuid"])):
        what = f"A person is named as me, xuid(<decimal digits, at most 64 bits>) or gt(<gamertag>); got {brief(part)}."
        raise Refusal(400, what, where=URI, rule="NEAR-8")


def person_in(call: Call, part: str = "who") -> Account:
    """The user whom a part of the path names.

    Raises:
        Refusal: 403 for a service that calls itself `me`; 404 for nobody.
    """
    match = PERSON.fullmatch(call.names[part])
    if match and match["xuid"]:
        return user_with_xuid(call.world, match["xuid"], where=URI)
    if match and match["gamertag"]:
        return _user_with_gamertag(call.world, match["gamertag"])
    if call.caller.xuid is None:
        raise Refusal(403, f"{call.caller.name} is a service, and nobody is me for it.", where=URI, rule="NEAR-8")
    return user_with_xuid(call.world, call.caller.xuid, where=URI)


def caller_in(call: Call) -> Account:
    """The user whom the path names, who has to be the caller.

    Raises:
        Refusal: 403 for anybody else.
    """
    account = person_in(call)
    if account.key != call.caller.xuid:
        what = f"This is for {account.caller.name} alone, and the caller is {call.caller.name}."
        raise Refusal(403, what, where=URI, rule="NEAR-8")
    return account


def user_with_xuid(world: World, xuid: str, *, where: Place) -> Account:
    """The user with a xuid.

    Args:
        where: the place that names it.

    Raises:
        Refusal: 404 if nobody has it.
    """
    account = account_of(world, xuid)
    if account is None:
        raise Refusal(404, f"No user of this world has the xuid {xuid}.", where=where, rule="NEAR-8")
    return account


def users_with_xuids(world: World, xuids: list[str], field: str) -> list[Account]:
    """The users with these xuids, each once.

    Args:
        field: of the body that lists them.

    Raises:
        Refusal: 404 if nobody has one of them.
    """
    places = {xuid: (field, number) for number, xuid in reversed(list(enumerate(xuids)))}
    return [user_with_xuid(world, xuid, where=places[xuid]) for xuid in dict.fromkeys(xuids)]


def _user_with_gamertag(world: World, gamertag: str) -> Account:
    tagged = [(account.caller.gamertag, account) for account in users(world) if account.caller.gamertag]
    alike = [account for tag, account in tagged if tag.lower() == gamertag.lower()]
    if not alike:
        near = nearest(gamertag, (tag for tag, _ in tagged))
        what = f"No user of this world has the gamertag {brief(gamertag)}.{or_meant(near and brief(near))}"
        raise Refusal(404, what, where=URI, rule="NEAR-8")
    return min(alike, key=lambda account: account.caller.gamertag != gamertag)
