"""Queries for sessions: their parameters, the sessions that match, and the results (FIND)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pytest_xbl.mpsd.access import has_room
from pytest_xbl.mpsd.checking import check_fields, require_fields
from pytest_xbl.mpsd.model import Caller, JsonObject, Member, Session, Status
from pytest_xbl.mpsd.refusal import Refusal, bad_body
from pytest_xbl.mpsd.schema import Field, keyword
from pytest_xbl.mpsd.shapes import ListOf, NumberInText, OneOf, digits, flag
from pytest_xbl.mpsd.view import present, timestamp

MOST_RESULTS = 100
STATUS_SHOWN: dict[Status, str] = {
    "active": "active",
    "ready": "inactive",
    "inactive": "inactive",
    "reserved": "reserved",
}
"""The status that a query shows for a member: one who is ready is not active yet (FIND-3)."""

MORE_STATUSES = {"reservations": "reserved", "inactive": "inactive"}
"""The status that each flag adds to the active ones (FIND-3)."""

NO_KEYWORDS: frozenset[str] = frozenset()
VISIBILITIES = ("open", "visible", "private", "full")
visibility = OneOf((*VISIBILITIES, "any"), f"one of {', '.join(VISIBILITIES)}, any, in whatever case", any_case=True)
PARAMETERS: Mapping[str, Field] = {
    "keyword": Field(keyword, "FIND-5"),
    "xuid": Field(digits, "FIND-5"),
    "reservations": Field(flag, "FIND-5"),
    "inactive": Field(flag, "FIND-5"),
    "private": Field(flag, "FIND-5"),
    "visibility": Field(visibility, "FIND-5"),
    "version": Field(NumberInText(1, 2**31 - 1), "FIND-5"),
    "take": Field(NumberInText(0, MOST_RESULTS), "FIND-5"),
}
"""The parameters of a query string, for sessions and for activities (FIND-1, HAND-12)."""

BATCH_PARAMETERS: Mapping[str, Field] = {name: field for name, field in PARAMETERS.items() if name != "xuid"}
"""The same for a batch, whose body names the users (FIND-1)."""

BATCH_QUERY: Mapping[str, Field] = {"xuids": Field(ListOf(digits), "FIND-1", needed=True)}
"""The body of a batch."""


class Query(NamedTuple):
    """A checked query for sessions.

    Args:
        keyword: without regard to case; "" for any.
        xuids: whose sessions they are; () for anybody's.
        statuses: that the user may have in them (FIND-3).
        visibility: "" for any.
        private: whether private sessions are among them.
        version: the highest `version`; None for any.
        take: how many at most.
    """

    keyword: str
    xuids: tuple[str, ...]
    statuses: frozenset[str]
    visibility: str
    private: bool
    version: int | None
    take: int


def parse_batch_query(body: JsonObject) -> tuple[str, ...]:
    """The users that a batch names, each of them once (FIND-1, FIND-11).

    Raises:
        Refusal: 400.
    """
    check_fields(BATCH_QUERY, body, removable=False)
    require_fields(BATCH_QUERY, body)
    if not body["xuids"]:
        raise bad_body("A batch names at least one user.", where=("xuids",), rule="FIND-11")
    return tuple(dict.fromkeys(body["xuids"]))


def parse_query(parameters: Mapping[str, str], *, contract: int, needs_filter: bool = True) -> Query:
    """Read the parameters of a query string, whose shapes are checked already.

    Args:
        needs_filter: whether the query has to name a keyword or a xuid (FIND-2).

    Raises:
        Refusal: 400 for parameters that exclude each other.
    """
    if needs_filter and not {"keyword", "xuid"} & parameters.keys():
        what = "A query names a keyword, a xuid, or both; this one would find every session there is."
        raise Refusal(400, what, where="?keyword", rule="FIND-2")
    asked = parameters.get("visibility", "any").lower()
    if asked == "private" and not _is_on("private", parameters):
        what = "Private sessions are found with private=true only."
        raise Refusal(400, what, where="?visibility", rule="FIND-5")
    return Query(
        keyword=parameters.get("keyword", "").casefold(),
        xuids=(parameters["xuid"],) if "xuid" in parameters else (),
        statuses=_statuses(parameters),
        visibility="" if asked == "any" else asked,
        private=_is_on("private", parameters),
        version=_version(parameters, contract),
        take=int(parameters.get("take", MOST_RESULTS)),
    )


def require_right(query: Query, caller: Caller) -> None:
    """Refuse what only services and the users themselves may ask, and flags about a user where none is named.

    Raises:
        Refusal: 403 (FIND-4); 400 (FIND-10).
    """
    asked = {"private": query.private, **{name: status in query.statuses for name, status in MORE_STATUSES.items()}}
    for name in ("private", "reservations"):
        if asked[name] and not caller.manages and not _are_own(query.xuids, caller):
            what = f"{name}=true is for services, and for users who ask with no other xuid than their own."
            raise Refusal(403, what, where=f"?{name}", rule="FIND-4")
    for name in MORE_STATUSES:
        if asked[name] and not query.xuids:
            what = f"{name} is about the user that the query names, and it names none."
            raise Refusal(400, what, where=f"?{name}", rule="FIND-10")


def _are_own(xuids: tuple[str, ...], caller: Caller) -> bool:
    """Whether each of the users whose call it is asks for nobody but themselves (FIND-4, S2S-3)."""
    return bool(xuids) and all({user.xuid}.issuperset(xuids) for user in caller.users)


def matches(session: Session, query: Query) -> bool:
    """Whether a query asks for a session, whoever is in it (FIND-3, FIND-5)."""
    constants = session.constants.system
    return (
        (query.private or constants.get("visibility") != "private")
        and (not query.visibility or query.visibility == shown_visibility(session))
        and (not query.keyword or query.keyword in keywords(session))
        and (query.version is None or constants.get("version", 1) <= query.version)
    )


def takes_part(session: Session, xuid: str, query: Query) -> bool:
    """Whether a user is in a session, with a status that a query asks for (FIND-3)."""
    member = session.member(xuid)
    return member is not None and STATUS_SHOWN[member.status] in query.statuses


def in_order(sessions: Iterable[Session]) -> list[Session]:
    """Sessions newest first; those of the same moment by name (FIND-8)."""
    by_name = sorted(sessions, key=lambda session: session.ref.key[::-1])
    return sorted(by_name, key=lambda session: session.started, reverse=True)


def result(session: Session, xuid: str | None) -> JsonObject:
    """The result for a session that a query found, by this user or by keyword (FIND-6)."""
    member = session.member(xuid) if xuid else None
    shown = shown_visibility(session)
    restriction = session.properties.system.get("joinRestriction", "none")
    _, accepted, _ = session.counts
    told = {
        "xuid": xuid,
        "startTime": timestamp(session.started),
        "sessionRef": session.ref.as_json(),
        "accepted": accepted,
        "status": STATUS_SHOWN[member.status] if member else None,
        "visibility": shown,
        "joinRestriction": restriction if restriction != "none" and shown in ("open", "full") else None,
        "myTurn": True if member and _has_turn(session, member) else None,
        "keywords": session.properties.system.get("keywords") or None,
    }
    return present(told)


def shown_visibility(session: Session) -> str:
    """The visibility as a query shows it: an open session without a free slot is `full` (FIND-6)."""
    visibility: str = session.constants.system.get("visibility", "open")
    return "full" if visibility == "open" and not has_room(session, None) else visibility


def keywords(session: Session | None) -> frozenset[str]:
    """The keywords of a session, without regard to case (FIND-5)."""
    words = session.properties.system.get("keywords") if session else None
    if not session or not words:
        return NO_KEYWORDS
    return session.properties.once("keywords", lambda: frozenset(word.casefold() for word in words))


def _has_turn(session: Session, member: Member) -> bool:
    return member.index in session.properties.system.get("turn", ())


def _statuses(parameters: Mapping[str, str]) -> frozenset[str]:
    return frozenset(("active", *(status for name, status in MORE_STATUSES.items() if _is_on(name, parameters))))


def _is_on(flag: str, parameters: Mapping[str, str]) -> bool:
    return parameters.get(flag) == "true"


def _version(parameters: Mapping[str, str], contract: int) -> int | None:
    if "version" not in parameters:
        return None
    version = int(parameters["version"])
    if version > contract % 100:
        what = f"version is at most {contract % 100} under contract {contract}, not {version}."
        raise Refusal(400, what, where="?version", rule="FIND-5")
    return version
