"""Queries for activities, and their results (HAND-10 to HAND-14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, TypeAlias

from pytest_xbl.mpsd.handles import Handle, handle_as_json
from pytest_xbl.mpsd.model import JsonObject, Session
from pytest_xbl.mpsd.queries import PARAMETERS, Query, matches, parse_query, shown_visibility, takes_part
from pytest_xbl.mpsd.refusal import Refusal, not_yet
from pytest_xbl.mpsd.schema import Field, check_fields, require_fields, type_of
from pytest_xbl.mpsd.shapes import ListOf, OneOf, Passing, Record, digits, guid
from pytest_xbl.mpsd.view import present, timestamp

Moniker: TypeAlias = Literal["people", "favorites"]

INCLUDES = ("relatedInfo", "customProperties", "roleInfo")


def _names_includes(value: str) -> bool:
    return set(value.split(",")) <= set(INCLUDES)


include = Passing(f"a list of {', '.join(INCLUDES)}, with commas", _names_includes)
ACTIVITY_PARAMETERS: Mapping[str, Field] = {"include": Field(include, "HAND-11"), **PARAMETERS}
"""The parameters of the query string (HAND-11, HAND-12)."""

people = Record({"moniker": OneOf(("people", "favorites")), "monikerXuid": digits}, needed=("moniker", "monikerXuid"))
ACTIVITY_QUERY: Mapping[str, Field] = {
    "type": Field(OneOf(("activity", "search")), "HAND-10", needed=True),
    "scid": Field(guid, "HAND-10"),
    "owners": Field(Record({"xuids": ListOf(digits), "people": people}), "HAND-10", needed=True),
}
"""The body of a query for handles."""


class Group(NamedTuple):
    """The people that a user follows, or only the favorites among them."""

    moniker: Moniker
    xuid: str


class ActivityQuery(NamedTuple):
    """A checked request for activities.

    Args:
        owners: of the activities, by xuid, or as a group of people.
        scid: of their sessions, in lower case; "" for any.
        query: for their sessions.
        related_info: whether results describe the sessions (HAND-11).
    """

    owners: tuple[str, ...] | Group
    scid: str
    query: Query
    related_info: bool


def parse_activity_query(body: JsonObject, parameters: Mapping[str, str], *, contract: int) -> ActivityQuery:
    """Read a query for handles, the shapes of whose parameters are checked already.

    Raises:
        Refusal: 400; 501 for a query for search handles, which the fake does not have yet.
    """
    query = parse_query(parameters, contract=contract, needs_filter=False)
    if type_of(ACTIVITY_QUERY, body) == "search":
        raise not_yet("A query for search handles (type is search)", where=("type",), rule="SRCH-3")
    check_fields(ACTIVITY_QUERY, body, removable=False)
    require_fields(ACTIVITY_QUERY, body)
    included = parameters.get("include", "").split(",")
    if "roleInfo" in included:
        what = "Roles are told of search handles, and not of activities."
        raise Refusal(400, what, where="?include", rule="HAND-11")
    return ActivityQuery(
        owners=_owners(body["owners"]),
        scid=body.get("scid", "").lower(),
        query=query,
        related_info="relatedInfo" in included,
    )


def is_asked_for(handle: Handle, session: Session, asked: ActivityQuery) -> bool:
    """Whether a query asks for an activity of one of its owners (HAND-10, HAND-12)."""
    query = asked.query
    return (
        asked.scid in ("", handle.ref.scid.lower())
        and matches(session, query)
        and all(takes_part(session, xuid, query) for xuid in query.xuids)
    )


def people_in_order(xuids: Iterable[str]) -> list[str]:
    """The people of a group in the order in which a query gives their activities: by xuid, as numbers (HAND-16)."""
    return sorted(xuids, key=lambda xuid: (int(xuid), xuid))


def activity_as_json(handle: Handle, session: Session, asked: ActivityQuery) -> JsonObject:
    """The result for an activity, always with the session's custom properties (HAND-11, HAND-14)."""
    told = handle_as_json(handle, session)
    if asked.related_info:
        told["relatedInfo"] = _related_info(handle, session)
    return {**told, "customProperties": session.properties.custom}


def _owners(owners: JsonObject) -> tuple[str, ...] | Group:
    if len(owners) != 1:
        what = f"owners holds either xuids or people; got {' and '.join(owners) or 'neither'}."
        raise Refusal(400, what, where=("owners",), rule="HAND-10")
    if "people" in owners:
        return Group(owners["people"]["moniker"], owners["people"]["monikerXuid"])
    if not owners["xuids"]:
        raise Refusal(400, "A query names at least one owner.", where=("owners", "xuids"), rule="HAND-10")
    return tuple(dict.fromkeys(owners["xuids"]))


def _related_info(handle: Handle, session: Session) -> JsonObject:
    constants, properties = session.constants.system, session.properties.system
    info = {
        "visibility": shown_visibility(session),
        "joinRestriction": properties.get("joinRestriction", "none"),
        "closed": properties.get("closed", False),
        "maxMembersCount": constants.get("maxMembersCount"),
        "membersCount": len(session.members),
        "postedTime": timestamp(handle.created),
        "inviteProtocol": constants.get("inviteProtocol"),
    }
    return present(info)
