"""Access through handles: who sees a handle, and what it opens to whom (HAND-8, HAND-15, JOIN-6, JOIN-11)."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.mpsd.access import read_refusal
from pytest_xbl.mpsd.acting import USERS, names_users
from pytest_xbl.mpsd.handles import Handle, HandleType, HandleWrite
from pytest_xbl.mpsd.model import NO_OPENING, Caller, Context, Opening, Session
from pytest_xbl.mpsd.owners import may_invite
from pytest_xbl.mpsd.refusal import Refusal

OPENINGS: Mapping[HandleType, Opening] = {
    "activity": Opening(read_restriction=True),
    "invite": Opening(read_restriction=True, join_restriction=True),
    "transfer": Opening(read_restriction=True, join_restriction=True, visibility=True),
    "search": Opening(read_restriction=True, join_restriction=True),
}
"""The opening of each type of handle for its callers; `closed` and a full session still hold (JOIN-6)."""


def require_may_make(asked: HandleWrite, session: Session | None, ctx: Context, origin: Session | None) -> None:
    """Refuse a handle that the caller may not make.

    Args:
        session: that it would point at, timers settled; None if there is none.
        origin: of a transfer, timers settled; None if there is none.

    Raises:
        Refusal: 403 (HAND-2, HAND-4, HAND-17, OWN-2, SRCH-6); 409 (SRCH-6).
    """
    if asked.type == "activity":
        _require_active(session, ctx)
    elif len(ctx.caller.acting) > 1:
        what = f"A handle has one owner, and the service acts for {len(ctx.caller.acting)} users."
        raise Refusal(400, what, where=USERS, rule="S2S-5")
    elif asked.type == "search" and session is None:
        raise _may_not("There is no session that the search handle could point at.", "SRCH-6")
    elif asked.type == "transfer" and session is None:
        raise _may_not("The session that the transfer leads to does not exist.", "HAND-4")
    elif session and not ctx.caller.manages and not session.has_joined(ctx.caller.xuid):
        what = f"{ctx.caller.name} is no member of that session, so cannot let others in."
        raise _may_not(what, "SRCH-6" if asked.type == "search" else "HAND-17")
    elif session and asked.type == "search":
        require_searchable(session)
    elif asked.type == "invite" and session and not (ctx.caller.manages or may_invite(session, ctx.caller.xuid)):
        what = f"Only owners invite to this session, and {ctx.caller.name} is none."
        raise _may_not(what, "OWN-2")
    if asked.origin and origin is None:
        what = "The session whose members the transfer lets in does not exist."
        raise Refusal(403, what, where=("originSessionRef",), rule="HAND-17")


def require_searchable(session: Session) -> None:
    """Refuse a search handle to a session that has one, or cannot have one (SRCH-1, SRCH-6).

    Raises:
        Refusal: 409.
    """
    if not session.can("searchable"):
        what = "A search handle points at a session with the capability searchable, and this one does not have it."
        raise Refusal(409, what, where=("sessionRef",), rule="SRCH-6")
    if session.search_handle:
        what = f"The session has the search handle {session.search_handle}; it can have another once that is deleted."
        raise Refusal(409, what, where=("sessionRef",), rule="SRCH-6")


def require_may_delete(handle: Handle, caller: Caller) -> None:
    """Refuse to delete a handle for anybody but its maker and services.

    Raises:
        Refusal: 403 (HAND-8).
    """
    if not caller.manages and caller.xuid != handle.owner:
        what = "A handle is deleted by whoever made it, or by a service."
        raise Refusal(403, what, where="the URI", rule="HAND-8")


def unknown() -> Refusal:
    """The refusal of a handle that does not exist, or that this caller does not see (HAND-7, HAND-15)."""
    return Refusal(404, "There is no such handle, or not any more.", where="the URI", rule="HAND-7")


def stale(handle: Handle, ctx: Context) -> Refusal:
    """The refusal of a handle whose session is gone, or of an unknown one if the caller does not see it (HAND-7)."""
    if not is_seen_by(handle, None, ctx):
        return unknown()
    what = f"The handle is stale: the session {handle.ref} that it pointed at was deleted."
    return Refusal(404, what, where="the URI", rule="HAND-7")


def opening(handle: Handle, caller: Caller, session: Session | None, origin: Session | None) -> Opening:
    """The opening of a handle for a caller (JOIN-6, JOIN-11).

    An invite that was made before its session opens nothing until its sender is in the session (HAND-17), and may
    invite there (OWN-2).

    Args:
        session: that the handle points at, as it is now.
        origin: of a transfer, as it is now; another session of the same name does not count.
    """
    entitled = {
        "activity": True,
        "search": True,
        "invite": _is_invited(handle, caller) and (not handle.ahead or _may_send(session, handle.owner)),
        "transfer": origin is not None
        and origin.incarnation == handle.origin_incarnation
        and _have_joined(origin, caller),
    }
    return OPENINGS[handle.type] if entitled[handle.type] else NO_OPENING


def not_opened(handle: Handle, ctx: Context) -> str:
    """A sentence that says why a handle did not help a caller whom the session keeps out (JOIN-11)."""
    caller = ctx.caller
    if ctx.opens != NO_OPENING:
        kind = "search handle" if handle.type == "search" else handle.type
        return f"This {kind} does not open that for {caller.name}."
    if _is_invited(handle, caller):
        return "The invite was made before its session, and opens nothing before its sender is in it and may invite."
    whom = "another player" if handle.type == "invite" else "members of its origin"
    return f"The {handle.type} that {caller.name} used is for {whom}."


def is_seen_by(handle: Handle, session: Session | None, ctx: Context) -> bool:
    """Whether a caller sees a handle (HAND-15).

    Args:
        session: that it points at.
        ctx: with the opening of the handle for the caller.
    """
    caller = ctx.caller
    if caller.manages or caller.xuid in (handle.owner, handle.invited) or _has(session, caller.xuid):
        return True
    if handle.type in ("activity", "search"):
        return session is not None and read_refusal(session, ctx) is None
    return handle.type == "transfer" and ctx.opens != NO_OPENING


def _is_invited(handle: Handle, caller: Caller) -> bool:
    return handle.type == "invite" and caller.xuid is not None and caller.xuid == handle.invited


def _may_send(session: Session | None, xuid: str | None) -> bool:
    return session is not None and session.has_joined(xuid) and may_invite(session, xuid)


def _has(session: Session | None, xuid: str | None) -> bool:
    return session is not None and session.has_joined(xuid)


def _have_joined(session: Session, caller: Caller) -> bool:
    return bool(caller.users) and all(session.has_joined(user.xuid) for user in caller.users)


def _require_active(session: Session | None, ctx: Context) -> None:
    if names_users(ctx.caller):
        what = "A service that acts for users cannot set their activity; the player's own client does."
        raise Refusal(403, what, where=("type",), rule="S2S-4")
    if session is None:
        raise _may_not(f"There is no session {ctx.ref}, so it cannot be an activity.", "HAND-2")
    member = session.member(ctx.caller.xuid)
    if member is None or member.status != "active":
        what = f"{ctx.caller.name} is no active member of that session, so it cannot be their activity."
        raise _may_not(what, "HAND-2")


def _may_not(what: str, rule: str) -> Refusal:
    return Refusal(403, what, where=("sessionRef",), rule=rule)
