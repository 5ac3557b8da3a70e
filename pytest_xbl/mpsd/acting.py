"""The users whose call a write is, and the part of its body about each of them (PUT-3, S2S-2, S2S-4).

A user writes `members.me`; a service that acts for users also has the keys `me_<xuid>`, `me_all` and
`me_allInSession`.
"""

from __future__ import annotations

from typing import NamedTuple

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import EMPTY_BAG, Bag, Caller, JsonObject, Session
from pytest_xbl.mpsd.refusal import Refusal, bad_body
from pytest_xbl.mpsd.writes import ALL, ALL_IN_SESSION, MemberWrite, Write

USERS, TITLE, DENY_SCOPE = "X-Xbl-OnBehalfOf-Users", "X-Xbl-OnBehalfOf-Title", "X-Xbl-Deny-Scope"
"""The headers by which a service says for whom it acts (S2S-1, S2S-3)."""
MANAGE = "Multiplayer.Manage"
"""The access of a service to every session, and the one scope that it can deny itself (S2S-3)."""
MERGED = ("subscriptions", "encounters")
"""The properties of which each write adds to those before it (PUT-5, BIG-3)."""
IMPLICIT_ME = MemberWrite()
"""The part of a user whose body does not mention them (PUT-3)."""


class OwnPart(NamedTuple):
    """The part of a write about one of the users whose call it is.

    Args:
        key: of `members`, under which it is.
        write: what it changes; None if the user leaves.
    """

    user: Caller
    key: str
    write: MemberWrite | None


def acting_for(service: Caller, users: tuple[Caller, ...], *, denied: bool = False) -> Caller:
    """The claims of a service in a call for users; for one user alone, they include the user's (S2S-1)."""
    alone = Caller(service.name, title_id=service.title_id, sandbox=service.sandbox)
    claims = users[0] if len(users) == 1 else alone
    return claims._replace(name=service.name, server=True, acting=users, denied=denied)


def names_users(caller: Caller) -> bool:
    """Whether a service names the users that it acts for in a header, and none has a claim in its token (S2S-1)."""
    return any(user.claims_in == USERS for user in caller.acting)


def own_parts(write: Write, session: Session | None, caller: Caller) -> list[OwnPart]:
    """The parts of a write about the users whose call it is, in the order of the body.

    A user joins even if the body does not mention them (PUT-3); a service adds only users whom it names (S2S-2).
    Of two values of one property, the later one counts.

    Args:
        session: as it is before the write; None if there is none.
    """
    if not caller.server:
        return _possible_parts(write, caller)
    parts = [
        part
        for part in _possible_parts(write, caller)
        if part.key != ALL_IN_SESSION or (session and session.member(part.user.xuid))
    ]
    return parts if len(write.acting) + bool(write.me) <= 1 else _without_overridden(parts)


def _without_overridden(parts: list[OwnPart]) -> list[OwnPart]:
    """The parts, without properties that a later part writes: one written twice would never come to rest (PUT-14)."""
    later: dict[str | None, Bag] = {}
    kept = []
    for part in reversed(parts):
        own = part.write.properties if part.write else EMPTY_BAG
        after = later.get(part.user.xuid, EMPTY_BAG)
        later[part.user.xuid] = Bag({**own.system, **after.system}, {**own.custom, **after.custom})
        left = Bag(_without(own.system, after.system), _without(own.custom, after.custom))
        kept.append(part._replace(write=part.write and part.write._replace(properties=left)))
    return kept[::-1]


def _without(fields: JsonObject, others: JsonObject) -> JsonObject:
    return {name: value for name, value in fields.items() if name not in others or name in MERGED}


def may_not_name(write: Write, caller: Caller) -> Refusal | None:
    """The refusal of a caller who names members for whom it may not write, or None (MEMB-18, S2S-2)."""
    for key in write.acting:
        if reason := _not_acting(key, caller):
            return _forbidden(reason, key, "S2S-2")
    if caller.xuid or not (write.me or write.leaves):
        return None
    if caller.acting:
        many = len(caller.acting)
        what = f"members.me is a single user, and the service acts for {many}: use me_<xuid> or me_all."
        return _forbidden(what, "me", "S2S-2")
    what = "members.me is a user, and the caller is a service that acts for none."
    return _forbidden(what, "me", "MEMB-18")


def check_own_parts(write: Write, caller: Caller) -> None:
    """Refuse parts that contradict each other: sent again, such a body would never come to rest.

    Raises:
        Refusal: 400 (PUT-4, PUT-14, S2S-2, S2S-4).
    """
    if not (write.leaves or caller.acting):
        return
    if write.reservations and names_users(caller):
        _check_reservations(write, caller)
    parts = _possible_parts(write, caller)
    leaving = {part.user.xuid for part in parts if part.write is None}
    for part in write.reservations:
        if part.constants.system["xuid"] in leaving:
            what = "The caller leaves the session, and so cannot reserve a place for themselves in the same write."
            raise bad_body(what, where=part.at, rule="PUT-4")
    for user, key, changes in parts:
        if changes and user.xuid in leaving:
            what = f"The user {user.xuid} is changed here, and removed in the same write."
            raise bad_body(what, where=("members", key), rule="S2S-2")
    _check_statuses(parts)


def notes_on(write: Write, caller: Caller) -> tuple[str, ...]:
    """The sentences about xuids that a write names for its own users and the service does not take (MEMB-6)."""
    if not (write.acting or (write.me and "xuid" in write.me.constants.system)):
        return ()
    parts = ((part, part.write.constants.system.get("xuid")) for part in _possible_parts(write, caller) if part.write)
    return tuple(
        f"members.{key} names the xuid {brief(named)}; the caller's own counts, {user.xuid} (MEMB-6)."
        for (user, key, _), named in parts
        if named not in (None, user.xuid)
    )


def not_when_existing(write: Write, session: Session, caller: Caller) -> Refusal | None:
    """The refusal of reservations that a service makes for its users in a session that exists, or None (S2S-4).

    A large session refuses all reservations, by a rule of its own (BIG-2).
    """
    if session.is_large or not (write.reservations and names_users(caller)):
        return None
    what = "A service that acts for users reserves places only while it creates the session."
    return Refusal(409, what, where=write.reservations[0].at, rule="S2S-4")


def _possible_parts(write: Write, caller: Caller) -> list[OwnPart]:
    """The parts, with those that count only for users who are in the session."""
    if not caller.server:
        return [OwnPart(caller, "me", None if write.leaves else write.me or IMPLICIT_ME)]
    parts = {"me": write.me, **write.acting} if write.me or write.leaves else write.acting
    named = [(key, parts[key]) for key in write.before if key in parts]
    return [OwnPart(user, key, part) for key, part in named for user in _named(key, caller)]


def _named(key: str, caller: Caller) -> list[Caller]:
    """The acting users whom a key of `members` names."""
    return [user for user in caller.acting if key in ("me", ALL, ALL_IN_SESSION, f"me_{user.xuid}")]


def _not_acting(key: str, caller: Caller) -> str:
    """A sentence that says why the caller cannot use a key of `members`; "" if it can."""
    if not caller.server:
        return f"members.{key} is for services that act for users; a user writes members.me."
    if not caller.acting:
        return f"members.{key} is for services that act for users, and this one acts for nobody."
    if not _named(key, caller):
        theirs = ", ".join(str(user.xuid) for user in caller.acting)
        return f"The service does not act for the user {key.removeprefix('me_')}; it acts for: {theirs}."
    return ""


def _check_statuses(parts: list[OwnPart]) -> None:
    """Refuse parts that ask for different statuses of one user (PUT-14, S2S-2)."""
    asked: dict[str | None, dict[str, bool]] = {}
    for user, key, changes in parts:
        system = changes.properties.system if changes else {}
        status: dict[str, bool] = {name: bool(system[name]) for name in ("active", "ready") if name in system}
        before = asked.setdefault(user.xuid, {})
        both = {**before, **status}
        if {**both, **before} != both or all(both.get(name) for name in ("active", "ready")):
            what = f"The status of the user {user.xuid} is another one here than in a part before."
            raise bad_body(what, where=("members", key), rule="S2S-2")
        before.update(status)


def _check_reservations(write: Write, caller: Caller) -> None:
    """Refuse reservations beside other changes of members, and those that are not in the order of the users."""
    if write.me or write.leaves or write.acting or write.removals:
        what = "A service that acts for users does not reserve places in a write that adds, changes or removes members."
        raise bad_body(what, where=write.reservations[0].at, rule="S2S-4")
    places = [part.constants.system["xuid"] for part in write.reservations]
    in_order = [user.xuid for user in caller.acting if user.xuid in places]
    if places != in_order:
        theirs = ", ".join(str(user.xuid) for user in caller.acting)
        what = f"Reservations are for the users that the service acts for, in their order: {theirs}."
        raise Refusal(400, what, where=("members",), rule="S2S-4")


def _forbidden(what: str, key: str, rule: str) -> Refusal:
    return Refusal(403, what, where=("members", key), rule=rule, shows_session=True)
