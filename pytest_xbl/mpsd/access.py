"""The right to read, join and write a session (JOIN).

Each function returns the refusal of a caller who may not, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pytest_xbl.mpsd.model import MULTIPLAYER, Caller, Context, Session
from pytest_xbl.mpsd.owners import blocked_refusal
from pytest_xbl.mpsd.refusal import Parts, Refusal

UserRefusal: TypeAlias = Callable[[Session, Context], Refusal | None]


def read_refusal(session: Session, ctx: Context) -> Refusal | None:
    """The refusal of a caller who may not read a session, or None (JOIN-1, JOIN-3, JOIN-6, JOIN-7, CONST-18, S2S-3)."""
    return None if ctx.caller.manages else first_refusal(_user_read_refusal, session, ctx)


def first_refusal(of_user: UserRefusal, session: Session, ctx: Context) -> Refusal | None:
    """The refusal of the first of the users whose call it is, or None (S2S-3).

    Args:
        of_user: gives the refusal of one of them, who is the caller of its context.
    """
    if not ctx.caller.server:
        return of_user(session, ctx)
    for user in ctx.caller.users:
        if refusal := of_user(session, ctx.of(user)):
            many = len(ctx.caller.users)
            whose = f"This is about {user.name}, one of the {many} users that the service acts for."
            return refusal.adding(whose) if many > 1 else refusal
    return None


def _user_read_refusal(session: Session, ctx: Context) -> Refusal | None:
    if session.member(ctx.caller.xuid):
        return None
    if ctx.caller.title_id in session.constants.system.get("broadcastViewerTitleIds", ()) and session.can("broadcast"):
        return None
    if session.constants.system.get("visibility") == "private" and not ctx.opens.visibility:
        what = "The session is private: only members and people with a reservation read it."
        return Refusal(403, what, where="the URI", rule="JOIN-7")
    restriction = session.properties.system.get("readRestriction", "none")
    if ctx.opens.read_restriction or _passes(restriction, session, ctx):
        return None
    what = f"The session has the read restriction {restriction}, and {_why_not(restriction, ctx)}."
    return Refusal(403, what, where="the URI", rule="JOIN-7")


def join_refusal(session: Session, ctx: Context, *, where: Parts) -> Refusal | None:
    """The first refusal of a user who may not become a member, or None (JOIN-10).

    The rules are JOIN-1, JOIN-2, JOIN-4, JOIN-5, JOIN-6, JOIN-8 and OWN-4; room is checked when the member is added.

    Args:
        where: the part of the body that lets them join.
    """
    if MULTIPLAYER not in ctx.caller.privileges:
        return privilege_refusal(ctx.caller)
    refusal = blocked_refusal(session, ctx)
    if refusal is None and ctx.caller.xuid not in session.away:
        refusal = _closed_to(session, ctx)
    return refusal and refusal.at(where)


def privilege_refusal(caller: Caller) -> Refusal:
    """The refusal of a caller without the multiplayer privilege (PUT-11)."""
    what = f"{caller.name} lacks the multiplayer privilege, so cannot create or join a session."
    return Refusal(403, what, where=caller.claims_in, rule="PUT-11", shows_session=True)


def full_refusal(session: Session) -> Refusal:
    """The refusal of one member too many (MEMB-12, JOIN-8)."""
    most = session.constants.system.get("maxMembersCount")
    kept = f", {len(session.away)} of them for people who left while it was locked" if session.away else ""
    what = f"The session is full: maxMembersCount is {most}, and every slot is taken{kept}."
    return Refusal(400, what, where=("members",), rule="JOIN-8")


def has_room(session: Session, xuid: str | None) -> bool:
    """Whether one more member fits; a locked session keeps the slots of those who left (JOIN-5)."""
    most = session.constants.system.get("maxMembersCount")
    kept = sum(away != xuid for away in session.away)
    return most is None or len(session.members) + kept < most


def _closed_to(session: Session, ctx: Context) -> Refusal | None:
    visibility = session.constants.system.get("visibility")
    properties = session.properties.system
    if visibility in ("private", "visible") and not ctx.opens.visibility:
        return _join_refused(f"The session is {visibility}: one joins it by reservation only.", "JOIN-8")
    if properties.get("closed"):
        return _join_refused("The session is closed to new members.", "JOIN-4")
    restriction = properties.get("joinRestriction", "none")
    if not (ctx.opens.join_restriction or _passes(restriction, session, ctx)):
        return _join_refused(
            f"The session has the join restriction {restriction}, and {_why_not(restriction, ctx)}.", "JOIN-2"
        )
    return None


def _join_refused(what: str, rule: str) -> Refusal:
    what += " A write needs the multiplayer privilege, and membership or a join restriction that is met."
    return Refusal(403, what, where=("members", "me"), rule=rule, shows_session=True)


def _why_not(restriction: str, ctx: Context) -> str:
    alone = f"no active member plays on the device of {ctx.caller.name}"
    return alone if restriction == "local" else f"no member follows {ctx.caller.name}, and {alone}"


def _passes(restriction: str, session: Session, ctx: Context) -> bool:
    """Whether the caller meets a restriction: local is part of followed (JOIN-2)."""
    if restriction == "none":
        return True
    device = ctx.caller.device_id
    if device and any(m.device_id == device for m in session.members if m.status == "active"):
        return True
    return restriction == "followed" and any(
        ctx.caller.xuid in ctx.follows.get(m.xuid, ()) for m in session.members if m.accepted
    )
