"""The parts of a request before its body: names in the path, parameters of the query string, and headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

from pytest_xbl.mpsd.acting import DENY_SCOPE, MANAGE, TITLE, USERS
from pytest_xbl.mpsd.model import NEWEST_CONTRACT
from pytest_xbl.mpsd.names import INDEX, handle_id_in_body, name_in_body
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Matching, Shape, guid, text
from pytest_xbl.openapi.examples import NAMES, PARAMETERS
from pytest_xbl.openapi.json_schema import Schema, described, schema_of
from pytest_xbl.userstats.requests import LONGEST_NAMES, MOST_NAMES
from pytest_xbl.wire.hosts import SESSION_DIRECTORY, USER_STATISTICS
from pytest_xbl.wire.neighbours.peoplehub import DECORATIONS, GROUPS
from pytest_xbl.wire.requests import CONTRACTS, contract_of
from pytest_xbl.wire.route import Route

PART = re.compile(r"\{(\w+)\}")
"""A name in the path of a route."""
SESSION_CONTRACTS = (*CONTRACTS, NEWEST_CONTRACT)
STATISTICS_BUILD = "1"
_XUID = r"xuid\([0-9]{1,20}\)"
_words = "|".join(map(re.escape, DECORATIONS))
_lists = "|".join(map(re.escape, GROUPS))
person = Matching("me, xuid(<decimal digits>) or gt(<gamertag>)", r"me|xuids?\([0-9]{1,20}\)|gt\([^()/]+\)")


class Part(NamedTuple):
    """A name in a path.

    Args:
        meaning: of the name, and its form.
        refusals: the rules that refuse other names, and names of nothing, by status.
    """

    shape: Shape
    meaning: str
    refusals: Mapping[int, tuple[str, ...]]


_name = Part(name_in_body, "", {404: ("CALL-15",)})
_person = Part(person, f"a person: {person.expected}", {400: ("NEAR-8",), 404: ("NEAR-8",)})
PARTS: Mapping[str, Part] = {
    "scid": Part(guid, "a service configuration, a GUID", {404: ("CALL-5", "TMPL-1")}),
    "template": _name._replace(meaning="a session template", refusals={404: ("CALL-15", "TMPL-1")}),
    "name": _name._replace(meaning="a session"),
    "index": Part(Matching("an index", INDEX.pattern), "a member, by index", {404: ("CALL-15", "CODE-404")}),
    "server": _name._replace(meaning="a server"),
    "id": Part(handle_id_in_body, "a handle, a GUID", {400: ("HAND-15",), 404: ("HAND-7",)}),
    "xuid": Part(Matching("xuid(<decimal digits>)", _XUID), "a user: xuid(<decimal digits>)", {400: ("STAT-4",)}),
    "names": Part(
        Matching("names", rf"(?=.{{1,{LONGEST_NAMES}}}$)[^,/]+(,[^,/]+){{0,{MOST_NAMES - 1}}}"),
        f"statistics, at most {MOST_NAMES}, with commas between them",
        {400: ("STAT-4",)},
    ),
    "who": _person,
    "person": _person,
    "group": Part(
        Matching("a list", rf"{_lists}|xuids\([0-9]{{1,20}}(,[0-9]{{1,20}})*\)"),
        f"a list of people: {', '.join(GROUPS)} or xuids(<xuids with commas between them>)",
        {404: ("NEAR-10",)},
    ),
    "decorations": Part(
        Matching("decorations", rf"({_words})(,({_words}))*"),
        "further parts of each person, with commas between them",
        {404: ("NEAR-10",)},
    ),
    "title": Part(
        Matching("a title", "default|current|[0-9]{1,10}"),
        "a title: default, current or its id",
        {404: ("NEAR-7",)},
    ),
}
"""The names in paths."""
HEADERS: Mapping[str, Mapping[str, Field]] = {
    "acting": {
        USERS: Field(
            text, "S2S-1", "the users for whom a service acts: xuids with commas, each with ;priv=multiplayer"
        ),
        TITLE: Field(Matching("a title id", "[1-9][0-9]{0,9}"), "S2S-1", "the title for which a service acts"),
        DENY_SCOPE: Field(Matching(MANAGE, re.escape(MANAGE)), "S2S-3", "the scope that a service denies itself"),
    },
    "versions": {
        "If-Match": Field(text, "PUT-8", "the ETag that the session or the content has to have, or * for any"),
        "If-None-Match": Field(text, "PUT-8", "the ETag that it must not have, or * for a session that is not there"),
    },
    "news": {
        "If-Modified-Since": Field(text, "STAT-15", "the time since when statistics have to have changed"),
    },
}
"""The optional headers, by what they are for."""


def parameters_of(route: Route) -> list[Schema]:
    """The parameters of an operation, but for the token, which is its security."""
    return [
        *(
            {**_parameter("path", name, schema_of(PARTS[name].shape), PARTS[name].meaning), "example": NAMES[name]}
            for name in names_in(route)
        ),
        *_versions(route),
        *(
            _parameter("header", name, schema_of(field.shape), f"{field.meaning} ({field.rule})")
            for name, field in headers_of(route).items()
        ),
        *(_in_query(route, name, field) for name, field in route.parameters.items()),
    ]


def names_in(route: Route) -> list[str]:
    """The names in the path of an operation."""
    return PART.findall(route.path)


def headers_of(route: Route) -> Mapping[str, Field]:
    """The optional headers of an operation."""
    return {
        **(HEADERS["acting"] if route.hosts is SESSION_DIRECTORY else {}),
        **(HEADERS["versions"] if asks_for_version(route) else {}),
        **(HEADERS["news"] if route.hosts is USER_STATISTICS else {}),
    }


def asks_for_version(route: Route) -> bool:
    """Whether an operation heeds the version that a client knows: those of one session, and those of statistics."""
    names = names_in(route)
    is_of_session = "name" in names or ("id" in names and route.path.endswith("/session"))
    return is_of_session or route.hosts is USER_STATISTICS


def contracts_of(route: Route) -> tuple[int, ...]:
    """The contract versions that an operation takes; () if it looks at none."""
    match route.contract:
        case partial(keywords={"newest": newest}):
            return tuple(range(1, newest + 1))
    return SESSION_CONTRACTS if route.contract is contract_of else ()


def _versions(route: Route) -> Iterator[Schema]:
    """The headers that name the version of the operation."""
    contracts = contracts_of(route)
    if not contracts:
        return
    is_needed = contracts == SESSION_CONTRACTS
    rule = "CALL-2" if is_needed else "STAT-13; 1 unless given"
    choices = {"type": "string", "enum": [*map(str, contracts)]}
    contract = _parameter("header", "X-Xbl-Contract-Version", choices, f"the contract of the request ({rule})")
    usual = NEWEST_CONTRACT if is_needed else contracts[0]
    yield {**contract, "required": is_needed, "example": str(usual)}
    if not is_needed:
        build = {"type": "string", "enum": [STATISTICS_BUILD]}
        yield _parameter("header", "X-RequestedServiceVersion", build, "the build of the service (STAT-13)")


def _in_query(route: Route, name: str, field: Field) -> Schema:
    """A parameter of the query string."""
    examples = PARAMETERS.get(route.operation, {})
    example = {"example": examples[name]} if name in examples else {}
    return {
        **_parameter("query", name, schema_of(field.shape), described(field)),
        **({"required": True} if field.needed else {}),
        **example,
    }


def _parameter(place: str, name: str, schema: Schema, meaning: str) -> Schema:
    parameter = {"name": name, "in": place, "description": meaning, "schema": schema}
    return {**parameter, "required": True} if place == "path" else parameter
