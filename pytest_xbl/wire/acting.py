"""The headers by which a service says for whom it acts (S2S-1, S2S-3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_xbl.mpsd.acting import DENY_SCOPE, MANAGE, TITLE, USERS, acting_for
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import MULTIPLAYER, Caller
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.world.people import account_of
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

KEYS = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in (USERS, TITLE, DENY_SCOPE)}
"""The key of each header in an environ."""
ONE_USER = re.compile(r"([0-9]{1,20})(?:\s*;\s*priv\s*=\s*(\S*))?", re.IGNORECASE)
"""A user in the header; libraries write the name of a parameter in whatever case, and may put spaces around it."""
MOST_TITLES = 2**32


def visit_of(environ: WSGIEnvironment, caller: Caller, world: World, *, operation: str) -> Visit:
    """The visit of a caller, or of a service together with the users it acts for.

    Args:
        caller: the claims of the token.

    Raises:
        Refusal: 400 for a malformed header; 403 for a user who sends one, or a service that acts for a user who does
            not exist, or denies itself its access and acts for nobody.
    """
    if not (KEYS[USERS] in environ or KEYS[TITLE] in environ or KEYS[DENY_SCOPE] in environ):
        return Visit(caller, operation)
    sent = {name: environ[key].strip() for name, key in KEYS.items() if key in environ}
    if not caller.server:
        name = next(iter(sent))
        raise Refusal(403, f"{name} is for services, and {caller.name} is a user.", where=name, rule="S2S-1")
    title_id = _title(sent[TITLE]) if TITLE in sent else None
    users = _users(sent[USERS], world) if USERS in sent else caller.acting
    if title_id:
        caller = caller._replace(title_id=title_id)
        users = tuple(user._replace(title_id=title_id) for user in users)
    visit = Visit(acting_for(caller, users, denied=_denied(sent, users)), operation)
    visit.notes.extend(_notes(sent, users, world))
    return visit


def _users(header: str, world: World) -> tuple[Caller, ...]:
    """The claims of the users that the header names, with the privileges that it declares for each of them."""
    users: dict[str, Caller] = {}
    for part in header.split(","):
        match = ONE_USER.fullmatch(part.strip())
        if match is None:
            what = f"Expected xuids with a comma between them, each with ;priv={MULTIPLAYER} or not; got {brief(part)}."
            raise _malformed(what, USERS)
        xuid, privilege = match.groups()
        if privilege not in (None, MULTIPLAYER):
            what = f"The only privilege that a service can declare is {MULTIPLAYER}; got {brief(privilege)}."
            raise _malformed(f"{what}{or_meant(nearest(privilege, [MULTIPLAYER]))}", USERS)
        if xuid in users:
            raise _malformed(f"The user {xuid} is named twice.", USERS)
        account = account_of(world, xuid)
        if account is None:
            what = f"A service acts for real users only, and nobody in this world has the xuid {xuid}."
            raise Refusal(403, what, where=USERS, rule="S2S-1")
        privileges = frozenset([privilege] if privilege else ())
        users[xuid] = account.caller._replace(privileges=privileges, claims_in=USERS)
    return tuple(users.values())


def _title(header: str) -> str:
    number = int(header) if re.fullmatch("[0-9]{1,10}", header) else 0
    if not 0 < number < MOST_TITLES:
        what = f"Expected a title id, a number from 1 to {MOST_TITLES - 1} in decimal digits; got {brief(header)}."
        raise _malformed(what, TITLE)
    return str(number)


def _denied(sent: dict[str, str], users: tuple[Caller, ...]) -> bool:
    """Whether the service denies itself its own access to sessions (S2S-3)."""
    if DENY_SCOPE not in sent:
        return False
    if sent[DENY_SCOPE] != MANAGE:
        what = f"The only scope that a service can deny itself is {MANAGE}; got {brief(sent[DENY_SCOPE])}."
        raise Refusal(400, what, where=DENY_SCOPE, rule="S2S-3")
    if not users:
        what = f"A service that denies itself {MANAGE} has no access but that of the users it acts for; name them."
        raise Refusal(403, what, where=DENY_SCOPE, rule="S2S-3")
    return True


def _notes(sent: dict[str, str], users: tuple[Caller, ...], world: World) -> list[str]:
    """The sentences about headers that would not do in production, but pass here."""
    if USERS not in sent:
        return []
    notes = [] if TITLE in sent else [f"{TITLE} is missing, which says for which title the call is (S2S-1)."]
    for user in users:
        account = account_of(world, str(user.xuid))
        if account and not user.privileges <= account.caller.privileges:
            notes.append(f"{USERS} declares the privilege {MULTIPLAYER} of {user.name}, who lacks it (S2S-1).")
    return notes


def _malformed(what: str, header: str) -> Refusal:
    return Refusal(400, what, where=header, rule="S2S-1")
