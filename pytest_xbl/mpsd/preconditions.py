"""What a request asks of the session before it may act: `If-Match` and `If-None-Match` (PUT-8, CODE-412)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from pytest_xbl.mpsd.model import Session
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import etag

ANY = "*"


class Preconditions(NamedTuple):
    """The ETags that a request names, quotes and all; `*` stands for any; None for no such header."""

    if_match: AbstractSet[str] | None = None
    if_none_match: AbstractSet[str] | None = None


NO_PRECONDITIONS = Preconditions()


def matches(tags: AbstractSet[str] | None, session: Session | None) -> bool:
    """Whether a session is there and among the ETags named."""
    return tags is not None and session is not None and (ANY in tags or etag(session) in tags)


def require(preconditions: Preconditions, session: Session | None, *, reading: bool = False) -> None:
    """Refuse a request whose preconditions do not hold.

    A read whose `If-None-Match` holds is no refusal but a 304 (CODE-304), which is for the wire to see to.

    Raises:
        Refusal: 412; after `If-Match` the current session goes with it.
    """
    if preconditions.if_match is not None and not matches(preconditions.if_match, session):
        what = "There is no such session to update." if session is None else "The session has changed since."
        raise Refusal(412, what, where="If-Match", rule="PUT-8", shows_session=True)
    if not reading and matches(preconditions.if_none_match, session):
        raise Refusal(412, "The session exists already.", where="If-None-Match", rule="PUT-8")
