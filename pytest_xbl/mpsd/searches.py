"""Queries for search handles (SRCH-3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from pytest_xbl.mpsd.activities import Group, included_names, parse_handle_query, people, people_in
from pytest_xbl.mpsd.filters import Filter, parse_filter
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.names import name_in_body
from pytest_xbl.mpsd.queries import Query
from pytest_xbl.mpsd.refusal import bad_body
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.search_attributes import Searched, word
from pytest_xbl.mpsd.shapes import Either, ListOf, OneOf, Record, boolean, digits, guid, text

sessions_of = Either(
    digits,
    Record({"people": people, "xuids": ListOf(digits)}),
    is_one=str,
    expected="a xuid, or an object with people or xuids",
)
SEARCH_QUERY: Mapping[str, Field] = {
    "type": Field(OneOf(("search",)), "SRCH-3", needed=True),
    "scid": Field(guid, "SRCH-3"),
    "templateName": Field(name_in_body, "SRCH-3"),
    "filter": Field(text, "SRCH-4"),
    "orderBy": Field(text, "SRCH-7"),
    "sessionMembers": Field(sessions_of, "SRCH-3"),
    "sessionOwners": Field(sessions_of, "SRCH-3"),
    "followed": Field(boolean, "SRCH-8"),
    "includeScheduled": Field(boolean, "SRCH-8"),
    "communicatePermissionRequired": Field(boolean, "SRCH-8"),
    "global": Field(boolean, "SRCH-3"),
}
"""The body of a query for search handles."""
DIRECTIONS = ("asc", "desc")
SUGGESTED = "suggestedlfg"


class Order(NamedTuple):
    """The order of results (SRCH-7).

    Args:
        number: the attribute that it follows, in lower case; "" for the time when the handles were made.
    """

    number: str = ""
    descending: bool = False


class SearchQuery(NamedTuple):
    """A checked request for search handles.

    Args:
        place: the service configuration and the template of the sessions, in lower case; "" for any.
        query: for the sessions, from the query string.
        members: of the sessions: one of these is in them; None for anybody.
        owners: of the sessions, likewise.
        included: what the results say of the sessions.
    """

    place: tuple[str, str]
    filter: Filter
    order: Order
    query: Query
    members: tuple[str, ...] | Group | None
    owners: tuple[str, ...] | Group | None
    followed: bool
    scheduled: bool
    may_talk: bool
    included: Collection[str]

    def is_at(self, searched: Searched) -> bool:
        """Whether a query asks for the service configuration and the template of a handle's session."""
        scid, template = self.place
        return scid in ("", searched.key[0]) and template in ("", searched.key[1])


def parse_search_query(body: JsonObject, parameters: Mapping[str, str], *, contract: int) -> SearchQuery:
    """Read a query for search handles, the shapes of whose parameters are checked already.

    Raises:
        Refusal: 400.
    """
    query = parse_handle_query(SEARCH_QUERY, body, parameters, contract=contract)
    return SearchQuery(
        place=(body.get("scid", "").lower(), body.get("templateName", "").lower()),
        filter=parse_filter(body.get("filter", "")),
        order=parse_order(body.get("orderBy", "")),
        query=query,
        members=people_in(body, "sessionMembers", rule="SRCH-3") if "sessionMembers" in body else None,
        owners=people_in(body, "sessionOwners", rule="SRCH-3") if "sessionOwners" in body else None,
        followed=body.get("followed", False),
        scheduled=body.get("includeScheduled", False),
        may_talk=body.get("communicatePermissionRequired", False),
        included=included_names(parameters),
    )


def parse_order(said: str) -> Order:
    """Read `orderBy` (SRCH-7).

    Raises:
        Refusal: 400.
    """
    name, _, direction = said.strip().partition(" ")
    direction = direction.strip().lower() or "asc"
    path = name.lower()
    if path.startswith("numbers/") and word.misfit(name[8:]) is None and direction in DIRECTIONS:
        return Order(path[8:], direction == "desc")
    if path not in ("", "timestamp", SUGGESTED) or direction not in DIRECTIONS:
        what = "orderBy is Timestamp, Numbers/x or suggestedLfg, with asc or desc behind it."
        raise bad_body(what, where=("orderBy",), rule="SRCH-7")
    return Order("", direction == "desc")
