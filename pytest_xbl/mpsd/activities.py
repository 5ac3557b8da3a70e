"""Queries for activities, and their results (HAND-10 to HAND-14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, TypeAlias

from pytest_xbl.mpsd.checking import check_fields, require_fields, type_of
from pytest_xbl.mpsd.handles import Handle, handle_as_json
from pytest_xbl.mpsd.model import Json, JsonObject, Session
from pytest_xbl.mpsd.queries import MORE_STATUSES, PARAMETERS, Query, matches, parse_query, shown_visibility, takes_part
from pytest_xbl.mpsd.refusal import bad_body
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import ListOf, OneOf, Record, digits, guid, text
from pytest_xbl.mpsd.titles import ERA_ALONE
from pytest_xbl.mpsd.view import present, timestamp

Moniker: TypeAlias = Literal["people", "favorites"]

INCLUDES = ("relatedInfo", "customProperties")
"""The names that add something to a result (HAND-11, HAND-14)."""
SEARCH_INCLUDES = ("relatedInfo", "roleInfo", "customProperties")
"""Those that add something to a search handle (SRCH-3)."""
INCLUDE: Mapping[str, Field] = {"include": Field(text, "HAND-11")}
"""The parameter that names them, with commas; the list may grow, so no name is refused."""
ACTIVITY_PARAMETERS: Mapping[str, Field] = {
    **INCLUDE,
    **PARAMETERS,
    **dict.fromkeys(("private", *MORE_STATUSES), Field(OneOf(("true", "false"), "true or false"), "HAND-12")),
}
"""The parameters of the query string (HAND-11, HAND-12)."""

moniker = OneOf(("people", "favorites"), 'one of "people", "favorites", in whatever case', any_case=True)
people = Record({"moniker": moniker, "monikerXuid": digits}, needed=("moniker", "monikerXuid"))
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
        custom_properties: whether results hold the custom properties of the sessions (HAND-14).
    """

    owners: tuple[str, ...] | Group
    scid: str
    query: Query
    related_info: bool
    custom_properties: bool


def type_of_query(body: JsonObject) -> Json:
    """The type of handles that a query asks for.

    Raises:
        Refusal: 400.
    """
    return type_of(ACTIVITY_QUERY, body)


def parse_activity_query(body: JsonObject, parameters: Mapping[str, str], *, contract: int) -> ActivityQuery:
    """Read a query for handles, the shapes of whose parameters are checked already.

    Raises:
        Refusal: 400.
    """
    query = parse_handle_query(ACTIVITY_QUERY, body, parameters, contract=contract)
    included = included_names(parameters)
    return ActivityQuery(
        owners=people_in(body, "owners", rule="HAND-10"),
        scid=body.get("scid", "").lower(),
        query=query,
        related_info="relatedInfo" in included,
        custom_properties="customProperties" in included,
    )


def parse_handle_query(
    table: Mapping[str, Field], body: JsonObject, parameters: Mapping[str, str], *, contract: int
) -> Query:
    """Check the body of a query for handles, and read the parameters of its query string (HAND-12).

    Args:
        table: of the fields that the body may have.

    Raises:
        Refusal: 400.
    """
    query = parse_query(parameters, contract=contract, needs_filter=False)
    check_fields(table, body, removable=False)
    require_fields(table, body)
    return query


def people_in(body: JsonObject, name: str, *, rule: str) -> tuple[str, ...] | Group:
    """The people that a field of a query names, each once, or the group of them.

    Raises:
        Refusal: 400 for both kinds at once, or for nobody.
    """
    given: str | JsonObject = body[name]
    if isinstance(given, str):
        return (given,)
    if len(given) != 1:
        what = f"{name} holds either xuids or people; got {' and '.join(given) or 'neither'}."
        raise bad_body(what, where=(name,), rule=rule)
    if "people" in given:
        return Group(given["people"]["moniker"].lower(), given["people"]["monikerXuid"])
    if not given["xuids"]:
        raise bad_body(f"{name} names at least one xuid.", where=(name, "xuids"), rule=rule)
    return tuple(dict.fromkeys(given["xuids"]))


def included_names(parameters: Mapping[str, str]) -> list[str]:
    """The names in the parameter `include`, of which those that nobody knows add nothing (HAND-11)."""
    return [name.strip() for name in parameters["include"].split(",")] if "include" in parameters else []


def is_asked_for(handle: Handle, session: Session | None, asked: ActivityQuery) -> bool:
    """Whether a query asks for an activity of one of its owners (HAND-10, HAND-12).

    Args:
        session: None for an activity that outlives its session, of which no filter can say anything (HAND-21).
    """
    query = asked.query
    if asked.scid not in ("", handle.ref.scid.lower()):
        return False
    if session is None:
        return not (query.keyword or query.xuids or query.visibility or query.version)
    return matches(session, query) and all(takes_part(session, xuid, query) for xuid in query.xuids)


def people_in_order(xuids: Iterable[str]) -> list[str]:
    """The people of a group in the order in which a query gives their activities: by xuid, as numbers (HAND-16)."""
    return sorted(xuids, key=lambda xuid: (int(xuid), xuid))


def activity_as_json(
    handle: Handle,
    session: Session | None,
    asked: ActivityQuery,
    platforms: Mapping[str, JsonObject] = ERA_ALONE,
) -> JsonObject:
    """The result for an activity: the handle, and what the query includes of its session (HAND-11, HAND-14)."""
    told = handle_as_json(handle, session, platforms)
    if session and asked.related_info:
        told["relatedInfo"] = related_info(handle, session)
    if session and asked.custom_properties:
        told["customProperties"] = session.properties.custom
    return told


def related_info(handle: Handle, session: Session) -> JsonObject:
    """The session of a handle in the words of a result (HAND-11)."""
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
