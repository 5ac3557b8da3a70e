"""Owners of a session: who they are, what only they may do, and what follows when the last of them goes (OWN).

They are listed in `properties.system.owners`, by index; a session without the capability `hasOwners` has no such list.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_xbl.mpsd.effects import BecameOwner, Effect, MemberLeft, NoLongerOwner, Outcome, SessionDeleted
from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import Bag, Caller, Context, JsonObject, Member, Session
from pytest_xbl.mpsd.refusal import Refusal

OWNERS = "owners"
AT = ("properties", "system")
ENDED = "the last owner has gone"
"""The reason for which the others leave a session that ends with its last owner (OWN-3)."""


def has_owners(session: Session) -> bool:
    """Whether a session is one with owners, even if nobody has joined it yet."""
    return session.can("hasOwners")


def nobody_owns(session: Session) -> bool:
    """Whether a session waits for its first owner, who is whoever joins it (OWN-1)."""
    return has_owners(session) and OWNERS not in session.properties.system


def owners_of(session: Session) -> list[Member]:
    """The owners of a session, in the order of its list."""
    indices = session.properties.system.get(OWNERS, ())
    found = session.members_at(indices)
    return [found[index] for index in indices if index in found]


def is_owner(session: Session, xuid: str | None) -> bool:
    """Whether a user is an owner of a session."""
    member = session.member(xuid)
    return member is not None and member.index in session.properties.system.get(OWNERS, ())


def acts_as_owner(session: Session, caller: Caller) -> bool:
    """Whether a caller may do what only owners may: each of the users whose call it is owns the session (OWN-1)."""
    if caller.manages:
        return True
    return bool(caller.users) and all(is_owner(session, user.xuid) for user in caller.users)


def may_invite(session: Session, xuid: str | None) -> bool:
    """Whether a user may invite others, as far as that depends on owners (OWN-2)."""
    policies = session.constants.system.get("ownershipPolicies", {})
    return not has_owners(session) or policies.get("allowNonOwnerInviteHandles", False) or is_owner(session, xuid)


def blocked_refusal(session: Session, ctx: Context) -> Refusal | None:
    """The refusal of a user whom an owner has blocked, or None (OWN-4)."""
    if not ctx.blocks or OWNERS not in session.properties.system:
        return None
    if not any(ctx.caller.xuid in ctx.blocks.get(owner.xuid, ()) for owner in owners_of(session)):
        return None
    what = f"An owner of the session has blocked {ctx.caller.name}, who therefore cannot join it."
    return Refusal(403, what, where=("members", "me"), rule="OWN-4", shows_session=True)


def check_system_properties(before: Session, after: Session, asked: JsonObject, caller: Caller) -> None:
    """Refuse changes to system properties that only owners may change; to write what is there changes nothing.

    Args:
        before: the session, with the members that the write adds.
        after: the same with its properties changed.
        asked: the system properties as the write has them.

    Raises:
        Refusal: 403 (OWN-6).
    """
    if not has_owners(before) or acts_as_owner(before, caller):
        return
    policies = before.constants.system.get("ownershipPolicies", {})
    held, now = before.properties.system, after.properties.system
    for name, value in asked.items():
        passes_at_once = name == "initializationSucceeded" and value is not None
        if not passes_at_once and same(held.get(name), now.get(name)):
            continue
        if name not in policies.get("nonOwnerModifiableSystemProperties", ()):
            what = f"Only an owner of the session, or a service, changes {name}; {caller.name} is none."
            raise Refusal(403, what, where=(*AT, name), rule="OWN-6", shows_session=True)


def check_owners(session: Session, owners: Sequence[int] | None) -> None:
    """Refuse a list of owners that a session cannot have.

    Raises:
        Refusal: 400 (OWN-5).
    """
    if not has_owners(session):
        if owners is not None:
            raise _bad_list("owners needs the capability hasOwners.")
        return
    if not owners:
        raise _bad_list("A session keeps an owner: owners names at least one member. The last one may leave.")
    named = session.members_at(owners)
    for index in owners:
        member = named.get(index)
        if member is None or not member.accepted:
            raise _bad_list(f"owners names members who have joined, by index, and none of them has index {index}.")


def oldest_member(session: Session) -> Member | None:
    """The member who joined first; of several, the one with the lowest index."""
    joined = (member for member in session.members if member.accepted)
    return min(joined, key=lambda member: member.join_time, default=None)


def with_first_owner(session: Session) -> Session:
    """The session with an owner, if somebody has joined it and it has none: the one who was first (OWN-1)."""
    if not nobody_owns(session):
        return session
    first = oldest_member(session)
    return with_owners(session, [first.index]) if first else session


def with_owners(session: Session, indices: Sequence[int]) -> Session:
    """The session with these owners."""
    system = {**session.properties.system, OWNERS: list(indices)}
    return session.but(properties=Bag(system, session.properties.custom))


def after_last_owner(session: Session) -> Outcome:
    """The session once its last owner has gone: with the oldest member as owner, or at its end (OWN-3)."""
    if session.properties.system.get(OWNERS) != []:
        return Outcome(session)
    policies = session.constants.system.get("ownershipPolicies", {})
    if policies.get("migration", "endsession") == "oldest":
        system = {name: value for name, value in session.properties.system.items() if name != OWNERS}
        return Outcome(with_first_owner(session.but(properties=Bag(system, session.properties.custom))))
    left = tuple(MemberLeft(member.xuid, ENDED) for member in session.members)
    return Outcome(None, (*left, SessionDeleted()))


def owner_effects(before: Session, after: Session) -> tuple[Effect, ...]:
    """The changes of who owns a session; that an owner has left it is an effect of its own."""
    if before.properties is after.properties or OWNERS not in after.properties.system:
        return ()
    had, has = ([owner.xuid for owner in owners_of(session)] for session in (before, after))
    lost = (NoLongerOwner(xuid) for xuid in had if xuid not in has and after.member(xuid))
    return (*(BecameOwner(xuid) for xuid in has if xuid not in had), *lost)


def _bad_list(what: str) -> Refusal:
    return Refusal(400, what, where=(*AT, OWNERS), rule="OWN-5")
