"""Removing one element of a session by its own URI (MEMB-15, SERV-2).

Each is the same removal that a write of the whole session can ask for.
"""

from __future__ import annotations

from pytest_xbl.mpsd.applying import apply_write
from pytest_xbl.mpsd.effects import Outcome
from pytest_xbl.mpsd.model import Context, Session
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.writes import Write


def remove_me(session: Session | None, ctx: Context) -> Outcome:
    """Take the caller out of the session; nothing changes for one who is not in it (PUT-4)."""
    return apply_write(_existing(session), Write(leaves=True, must_exist=True), ctx)


def remove_member(session: Session | None, index: int, ctx: Context) -> Outcome:
    """Take out the member with an index; one who is gone already stays gone (MEMB-5, MEMB-15)."""
    session = _existing(session)
    if not ctx.caller.server:
        what = "Members are removed by index by a service only; one leaves with DELETE of members/me."
        raise Refusal(403, what, where="the URI", rule="MEMB-5", shows_session=True)
    removals = (index,) if session.member_at(index) else ()
    return apply_write(session, Write(removals=removals, must_exist=True), ctx)


def remove_server(session: Session | None, name: str, ctx: Context) -> Outcome:
    """Take out a server; one who is gone already stays gone (SERV-1, SERV-2)."""
    return apply_write(_existing(session), Write(servers={name: None}, must_exist=True), ctx)


def _existing(session: Session | None) -> Session:
    if session is None:
        raise Refusal(404, "There is no such session.", where="the URI", rule="CODE-404")
    return session
