"""Refusals by a world: who may not read a session, and what a refusal shows of it."""

from __future__ import annotations

from pytest_xbl.mpsd.access import read_refusal
from pytest_xbl.mpsd.handle_access import not_opened
from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.large import too_many_users
from pytest_xbl.mpsd.model import Context, Session
from pytest_xbl.mpsd.refusal import Refusal


def unreadable(session: Session, ctx: Context) -> Refusal | None:
    """The refusal of a caller who may not read a session by its URI or a handle, or None (JOIN-7, BIG-8)."""
    return read_refusal(session, ctx) or too_many_users(session, ctx.caller)


def explained(refusal: Refusal, session: Session | None, ctx: Context, handle: Handle | None) -> Refusal:
    """The refusal with the session, where it shows one and the caller may read it (CODE-403, CODE-412).

    A caller whom the session keeps out also learns why the handle did not help (JOIN-11).
    """
    if handle and refusal.rule.startswith("JOIN-"):
        refusal = refusal.adding(not_opened(handle, ctx))
    if session and refusal.shows_session and read_refusal(session, ctx) is None:
        refusal = refusal.showing(session, ctx.caller.xuid or "")
    return refusal
