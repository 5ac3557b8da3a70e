"""Conditions of a request on the version that it finds: `If-Match` and `If-None-Match` (PUT-8, CODE-304, CODE-412)."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import are_of_one_session

ANY = "*"
WEAK = "W/"
ETAG = re.compile(f'(?:{WEAK})?"[^"]*"')
ETAGS = re.compile(rf"{ETAG.pattern}(?:\s*,\s*{ETAG.pattern})*")
SHOWN = 80
"""Characters of a header that a text shows."""


def tags_in(header: str) -> frozenset[str]:
    """The ETags in a header, quotes and all; or the header itself, if it holds none or anything else (PUT-8)."""
    return frozenset(ETAG.findall(header) if ETAGS.fullmatch(header) else (header,))


class Preconditions(NamedTuple):
    """The ETags that a request names, quotes and all; `*` stands for any; None for no such header.

    A header that is not of the form of ETags is kept as it came, and no version has it; nor has one a weak tag.

    Args:
        if_modified_since: only requests for statistics are asked about it.
    """

    if_match: AbstractSet[str] | None = None
    if_none_match: AbstractSet[str] | None = None
    if_modified_since: datetime | None = None

    def ask_for_another(self, tag: str | None) -> bool:
        """Whether `If-Match` names other versions than the one with this ETag; None if there is no version."""
        return self.if_match is not None and not _names(self.if_match, tag)

    @property
    def notes(self) -> tuple[str, ...]:
        """The parts that pass without effect: an `If-None-Match` that holds no ETags (PUT-8)."""
        if not self.if_none_match:
            return ()
        odd = sorted(tag for tag in self.if_none_match if tag != ANY and not ETAG.fullmatch(tag))
        return tuple(_no_etags("If-None-Match", tag) for tag in odd)

    def know(self, tag: str | None) -> bool:
        """Whether `If-None-Match` names the version with this ETag: the client has it already."""
        return self.if_none_match is not None and _names(self.if_none_match, tag)

    def are_up_to_date(self, changed: datetime, now: datetime) -> bool:
        """Whether `If-Modified-Since` names a second that began after the last change, and has begun (STAT-15).

        `If-None-Match` alone decides where there are both (RFC 9110, 13.1.3).
        """
        since = self.if_modified_since
        return self.if_none_match is None and since is not None and changed < since <= now

    def why_another(self, usual: str) -> str:
        """The reason why `If-Match` names no version of a thing that is there: the usual one, if it holds ETags."""
        for tag in sorted(self.if_match or ()):
            if not ETAG.fullmatch(tag):
                return _no_etags("If-Match", tag)
            if tag.startswith(WEAK):
                return f"If-Match takes no weak ETags; no version matches {tag[:SHOWN]}."
        return usual


NO_PRECONDITIONS = Preconditions()


def require_preconditions(preconditions: Preconditions, tag: str | None, *, reading: bool = False) -> None:
    """Refuse a request to a session whose preconditions do not hold.

    A read whose `If-None-Match` names the version is not refused; the wire answers it with 304 (CODE-304).

    Args:
        tag: the ETag of the session; None if there is none.

    Raises:
        Refusal: 412; after `If-Match` the current session goes with it.
    """
    if preconditions.ask_for_another(tag):
        what = "There is no such session to update." if tag is None else _why_another_session(preconditions, tag)
        raise Refusal(412, what, where="If-Match", rule="PUT-8", shows_session=True)
    if not reading and preconditions.know(tag):
        raise Refusal(412, "The session exists already.", where="If-None-Match", rule="PUT-8")


def _why_another_session(preconditions: Preconditions, tag: str) -> str:
    had = any(are_of_one_session(tag, named) for named in preconditions.if_match or ())
    return preconditions.why_another(
        "The session has changed since." if had else "This session never had the ETag in If-Match."
    )


def _no_etags(header: str, value: str) -> str:
    return f"{header} holds * or ETags in their quotes; no version matches {value[:SHOWN]}."


def _names(tags: AbstractSet[str], tag: str | None) -> bool:
    return tag is not None and (ANY in tags or tag in tags)
