"""Large sessions: the checks of what they do not support, and who plays with whom in them (BIG).

Rosters make them fast, and `view` shows each caller only themselves.
"""

from __future__ import annotations

from pytest_xbl.mpsd.acting import USERS
from pytest_xbl.mpsd.model import Caller, JsonObject, Member, Session
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.writes import Write

NO_PROPERTIES = ("turn", "host")
"""The properties that a large session does not have."""
RESTRICTIONS = ("joinRestriction", "readRestriction")
NOT_OF_MEMBERS = ("initializationGroup", "subscription", "subscriptions", "secondarySubscriptions")
"""The properties that a member of a large session does not have."""
THE_SESSION = ""
"""The company of all who play in a session that is not large; no group has this name."""


def check_others(session: Session, write: Write, caller: Caller) -> None:
    """Refuse to add, change or remove members of a large session other than the one whose call it is.

    Raises:
        Refusal: 409 (BIG-2, BIG-8, CODE-409).
    """
    if not session.is_large:
        return
    if reason := too_many_users(session, caller):
        raise reason
    for reservation in write.reservations:
        raise no_reservation(reservation.at)
    for index in write.given_roles:
        what = "A large session has no list of members, so nobody is given a role by index."
        raise Refusal(409, what, where=("members", index), rule="BIG-2")
    for index in write.removals:
        what = "A large session has no list of members, so nobody is removed by index."
        raise Refusal(409, what, where=("members", index), rule="BIG-2")


def too_many_users(session: Session, caller: Caller) -> Refusal | None:
    """The refusal of a service that acts for several users in a large session, or None (BIG-8)."""
    many = len(caller.acting)
    if not session.is_large or many <= 1:
        return None
    what = f"A service acts for one user at a time in a large session, not for {many}."
    return Refusal(409, what, where=USERS, rule="BIG-8")


def no_reservation(where: Parts) -> Refusal:
    """The refusal of a reservation in a large session (BIG-2)."""
    what = "A large session takes no reservations: each member joins by themselves."
    return Refusal(409, what, where=where, rule="BIG-2")


def check_properties(session: Session, changes: JsonObject, at: Parts) -> None:
    """Refuse changes to properties that a large session does not have; to take one away changes nothing.

    Raises:
        Refusal: 400 (BIG-2).
    """
    if not session.is_large:
        return
    for name in NO_PROPERTIES:
        if changes.get(name):
            raise Refusal(400, f"A large session has no {name}.", where=(*at, name), rule="BIG-2")
    for name in RESTRICTIONS:
        if changes.get(name) not in (None, "none"):
            what = f"The {name} of a large session is none, and cannot be {changes[name]}."
            raise Refusal(400, what, where=(*at, name), rule="BIG-2")


def check_member_properties(session: Session, changes: JsonObject, at: Parts) -> None:
    """Refuse changes to properties that no member of a large session has; to take one away changes nothing.

    Raises:
        Refusal: 400 (BIG-2).
    """
    if not session.is_large:
        return
    for name in NOT_OF_MEMBERS:
        if changes.get(name):
            what = "A member of a large session has no {}."
            raise Refusal(400, what, name, where=(*at, name), rule="BIG-2")


def companies(session: Session | None, xuid: str) -> frozenset[str]:
    """The companies in which a user plays: those who are in one at the same time play together (BIG-3, BIG-6).

    In a large session these are the member's groups, without regard to case.
    """
    member = _player(session, xuid)
    if session is None or member is None:
        return frozenset()
    groups = member.system.get("groups", ()) if session.is_large else (THE_SESSION,)
    return frozenset(group.casefold() for group in groups)


def is_playing(session: Session | None, xuid: str) -> bool:
    """Whether a user plays: they are active in the session, and it is more than a lobby (BIG-6)."""
    return _player(session, xuid) is not None


def _player(session: Session | None, xuid: str) -> Member | None:
    member = session.member(xuid) if session and session.can("gameplay") else None
    return member if member and member.status == "active" else None
