"""The codes and tokens of a sign-in: each names its world, its kind and its user (NEAR-4)."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from pytest_xbl.mpsd.refusal import Place, Refusal
from pytest_xbl.world.people import account_of
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

Kind: TypeAlias = Literal["code", "device_code", "access", "refresh", "user", "title", "device"]
NAMES: dict[str, str] = {
    "code": "an authorization code",
    "device_code": "a device code",
    "access": "an access token",
    "refresh": "a refresh token",
    "user": "a user token",
    "title": "a title token",
    "device": "a device token",
}
"""The words for each kind."""
TOKEN = re.compile(rf"(.*)\.({'|'.join(NAMES)})-([0-9]+)")
NOBODY = "0"
"""The xuid in the token of a device, which is nobody's."""


def issue(world: World, kind: Kind, xuid: str = NOBODY) -> str:
    """The token of this kind and user, which is the same whenever it is asked for."""
    return f"{world.name}.{kind}-{xuid}"


def require(world: World, token: str, kind: Kind, *, where: Place, status: int = 401) -> str:
    """The xuid in a token of this kind and of this world.

    Args:
        where: the place of the token in the request.

    Raises:
        Refusal: with the status, if it is no such token (NEAR-4).
    """
    match = TOKEN.fullmatch(token)
    if match is None or match[2] != kind:
        got = NAMES[match[2]] if match else f"a text of {len(token)} characters"  # which may be a real one
        what = f"Expected {NAMES[kind]}, as the fake issues it; got {got}."
        raise Refusal(status, what, where=where, rule="NEAR-4")
    if match[1] != world.name:
        what = (
            f"This is {NAMES[kind]} of the world {match[1]}, and the request has reached {world.name}; sign in again."
        )
        raise Refusal(status, what, where=where, rule="NEAR-4")
    return match[3]


def user_with(world: World, token: str, kind: Kind, *, where: Place, status: int = 401) -> Account:
    """The user whose token of this kind it is.

    Args:
        where: the place of the token in the request.

    Raises:
        Refusal: with the status, if it is no such token, or its user is not in the world (NEAR-4).
    """
    xuid = require(world, token, kind, where=where, status=status)
    account = account_of(world, xuid)
    if account is None:
        what = f"This is {NAMES[kind]} of the user {xuid}, and no user of this world has that xuid."
        raise Refusal(status, what, where=where, rule="NEAR-4")
    return account
