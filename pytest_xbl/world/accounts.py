"""How users and services come into a world, and what their claims may be (CALL-3, CALL-4, CALL-10)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pytest_xbl.errors import XblError, hides_frames, require
from pytest_xbl.mpsd.model import MULTIPLAYER, RETAIL, Caller
from pytest_xbl.mpsd.shapes import DIGITS
from pytest_xbl.world.people import Account, User
from pytest_xbl.world.ready_made import TITLE_ID
from pytest_xbl.world.world import World

__tracebackhide__ = hides_frames

FIRST_XUID = 2533274790000001
PRIVILEGES = frozenset({MULTIPLAYER})
"""What an account may do unless a test says otherwise; all the privileges that the fake knows."""


def add_user(
    world: World,
    name: str,
    *,
    xuid: str | None = None,
    gamertag: str | None = None,
    device_id: str | None = None,
    title_id: str | None = None,
    token: str | None = None,
    userhash: str | None = None,
    privileges: Iterable[str] = PRIVILEGES,
    sandbox: str = RETAIL,
) -> Account:
    """Make a user.

    Args:
        name: what the test calls them.
        xuid: decimal digits; the next free one unless given.
        gamertag: their name unless given; "" for a token without that claim.
        device_id: the device they play on; one of their own unless given.
        title_id: the title they play, decimal digits.
        token: what stands behind the semicolon of their Authorization header.
        userhash: what stands before it.
        privileges: what their account may do.
        sandbox: the one that their token is for.

    Raises:
        XblError: for a name, xuid or token that is taken, or a value that cannot be.
    """
    _require_name(name)
    for kind, text in (("gamertag", gamertag), ("device_id", device_id), ("sandbox", sandbox)):
        if text is not None and not isinstance(text, str):
            raise XblError(f"A {kind} is a string; {text!r} is none.")
    with world.lock:
        number = len(world.state.users)
        xuid = _next_xuid(world, number) if xuid is None else _digits("xuid", xuid)
        _require_free(world, name)
        if xuid in world.state.users:
            raise XblError(f"The xuid {xuid} is {world.state.users[xuid].caller.name}'s already.")
        caller = Caller(
            name=name,
            xuid=xuid,
            gamertag=(name if gamertag is None else gamertag) or None,
            device_id=f"F{number + 1:015X}" if device_id is None else device_id,
            title_id=TITLE_ID if title_id is None else _digits("title_id", title_id),
            privileges=PRIVILEGES if privileges is PRIVILEGES else _privileges(privileges),
            sandbox=sandbox,
        )
        token = None if token is None else _header_part("token", token)
        account = Account(caller, xuid, xuid if userhash is None else _header_part("userhash", userhash), token)
        _require_free_token(world, account)
        world.state.add_account(account)
        return account


def add_service(world: World, name: str, *, on_behalf_of: User | None = None) -> Account:
    """Make a server principal.

    Args:
        name: what the test calls it.
        on_behalf_of: the user that it acts for.

    Raises:
        XblError: if the name is taken.
    """
    _require_name(name)
    with world.lock:
        _require_free(world, name)
        if on_behalf_of is not None:
            require(User, on_behalf_of, "A service acts for a user, as xbl.user makes them")
        key = f"service-{len(world.state.services) + 1}"
        claims = on_behalf_of.caller if on_behalf_of else Caller(name)
        account = Account(replace(claims, name=name, server=True), key, key)
        _require_free_token(world, account)
        world.state.add_account(account)
        return account


def _next_xuid(world: World, number: int) -> str:
    while (xuid := str(FIRST_XUID + number)) in world.state.users:
        number += 1
    return xuid


def _require_free_token(world: World, account: Account) -> None:
    """Tokens that nobody has chosen never collide: names and keys are taken once."""
    if account.token is None and not world.state.tokens:
        return
    token = world.token_of(account)
    owner = world.account_with(token)
    if owner:
        raise XblError(f"The token {token!r} is {owner.caller.name}'s already (CALL-3).")


def require_free_tokens(world: World) -> None:
    """Refuse a token that was chosen before the world had its name, and is that of somebody else in it.

    Raises:
        XblError: naming both.
    """
    for token, account in world.state.tokens.items():
        name, _, key = token.rpartition(".")
        other = world.state.users.get(key) or world.state.services.get(key)
        if name == world.name and other and other is not account:
            raise XblError(f"The token {token!r} of {account.caller.name} is {other.caller.name}'s already (CALL-3).")


def _require_free(world: World, name: str) -> None:
    if name in world.state.names:
        raise XblError(f"There is somebody called {name!r} already; every caller needs a name of their own.")


def _require_name(name: object) -> None:
    require(str, name, "A caller's name is a string")
    if not name:
        raise XblError("A caller's name is not empty.")


def _digits(kind: str, value: object) -> str:
    if not isinstance(value, str) or not DIGITS.fullmatch(value):
        raise XblError(f"A {kind} is a string of decimal digits, not {value!r} (CALL-10).")
    return value


def _header_part(kind: str, value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[!-:<-~]+", value):
        raise XblError(f"A {kind} is printable ASCII without spaces and semicolons, not {value!r} (CALL-3).")
    return value


def _privileges(privileges: Iterable[str]) -> frozenset[str]:
    require(Iterable, privileges, "Privileges are names in a list")
    granted = frozenset((privileges,) if isinstance(privileges, str) else privileges)
    if unknown := granted - PRIVILEGES:
        raise XblError(f"The privileges are {', '.join(sorted(PRIVILEGES))}; unknown: {', '.join(sorted(unknown))}.")
    return granted
