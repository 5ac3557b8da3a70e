"""The refusals that each operation has: statuses, and the ids of the rules that refuse.

Most follow from what the route takes: names, parameters, headers, and the fields of its body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from pytest_xbl.mpsd.schema import Field
from pytest_xbl.openapi.bodies import tables_of
from pytest_xbl.openapi.parameters import PARTS, asks_for_version, contracts_of, names_in
from pytest_xbl.wire.forms import FORM_BODY
from pytest_xbl.wire.hosts import SESSION_DIRECTORY, USER_STATISTICS
from pytest_xbl.wire.neighbours.answers import anybody
from pytest_xbl.wire.requests import contract_of
from pytest_xbl.wire.route import Route

Reasons: TypeAlias = Mapping[int, tuple[str, ...]]
"""The ids of rules, by status."""

PROPERTIES: Reasons = {
    400: ("BIG-2", "CONST-9", "JOIN-3", "JOIN-5", "OWN-5", "PROP-7", "PROP-10"),
    403: ("JOIN-2", "JOIN-4", "JOIN-7", "JOIN-8", "OWN-4", "OWN-6", "PROP-1", "PUT-11", "S2S-2"),
    404: ("CODE-404",),
    409: ("BIG-8",),
}
WRITE: Reasons = {
    400: (
        *("BIG-2", "CONST-7", "CONST-8", "CONST-9", "CONST-17", "INIT-6", "JOIN-3", "JOIN-5", "JOIN-8", "MEMB-3"),
        *("MEMB-5", "MEMB-6", "MEMB-7", "MEMB-8", "MEMB-10", "MEMB-11", "MEMB-13", "OWN-5", "PROP-7"),
        *("PROP-10", "PUT-4", "ROLE-1", "ROLE-2", "ROLE-3", "ROLE-4", "ROLE-5", "S2S-2", "S2S-4", "TMPL-2"),
    ),
    403: (
        *("CONST-8", "CONST-14", "JOIN-2", "JOIN-4", "JOIN-7", "JOIN-8", "MEMB-5", "MEMB-18", "OWN-4", "OWN-6"),
        *("PROP-1", "PUT-11", "ROLE-3", "ROLE-4", "S2S-2", "SERV-1"),
    ),
    409: ("BIG-2", "BIG-8", "MEMB-6", "ROLE-3", "S2S-4", "TAP-10", "TMPL-3", "TMPL-4", "TMPL-10"),
}
READ: Reasons = {403: ("JOIN-7",), 409: ("BIG-8",)}
ELEMENT: Reasons = {**READ, 404: ("CODE-404",)}
REMOVAL: Reasons = {404: ("CODE-404",), 409: ("BIG-2", "BIG-8")}
QUERY: Reasons = {400: ("FIND-2", "FIND-5", "FIND-10"), 403: ("FIND-4",)}
BATCH: Reasons = {400: ("FIND-5", "FIND-10", "FIND-11"), 403: ("FIND-4",)}
OTHERS: Reasons = {404: ("NEAR-8",)}
OWN: Reasons = {403: ("NEAR-8",)}
TOKEN: Reasons = {401: ("NEAR-4",)}

MORE: Mapping[str, Reasons] = {
    "put-session": WRITE,
    "put-session-by-handle": WRITE,
    "put-properties": PROPERTIES,
    "get-session": READ,
    "get-session-by-handle": READ,
    **dict.fromkeys(("get-properties", "get-constants", "get-me", "get-member", "get-server"), ELEMENT),
    "delete-me": {**REMOVAL, 403: ("JOIN-7", "MEMB-18", "S2S-2")},
    "delete-member": {**REMOVAL, 403: ("JOIN-7", "MEMB-5", "MEMB-18", "S2S-2")},
    "delete-server": {**REMOVAL, 403: ("JOIN-7", "S2S-2", "SERV-1")},
    "query-sessions": QUERY,
    "query-template-sessions": QUERY,
    "batch-query-sessions": BATCH,
    "batch-query-template-sessions": BATCH,
    "post-handle": {
        400: ("S2S-5",),
        403: ("HAND-2", "HAND-4", "HAND-17", "JOIN-7", "OWN-2", "S2S-4", "SRCH-6"),
        404: ("TMPL-1",),
        409: ("HAND-1", "SRCH-6"),
    },
    "query-handles": {
        400: ("FIND-5", "FIND-10", "HAND-10", "SRCH-3", "SRCH-4", "SRCH-7"),
        403: ("FIND-4",),
        404: ("TMPL-1",),
    },
    "delete-handle": {403: ("HAND-8",)},
    "batch-statistics": {400: ("STAT-3", "STAT-13"), 403: ("STAT-6",), 404: ("STAT-7",)},
    "get-statistics": {400: ("STAT-4",), 403: ("STAT-6",), 404: ("STAT-7",)},
    "get-nonce": {403: ("TAP-11",)},
    "connect": {400: ("TAP-11",), 401: ("TAP-11",), 403: ("TAP-11",), 426: ("TAP-11",), 501: ("TAP-11",)},
    "connect-device": {403: ("NEAR-2",)},
    "authorize-login": {400: ("NEAR-3",), 403: ("NEAR-2",)},
    "grant-token": {400: ("NEAR-3", "NEAR-4")},
    **dict.fromkeys(("authenticate-user", "authenticate-title"), TOKEN),
    "authorize-sisu": {401: ("NEAR-4", "NEAR-5")},
    "authorize-xsts": {400: ("NEAR-5",), 401: ("NEAR-4", "NEAR-5")},
    "get-profile": {400: ("NEAR-9",), **OWN},
    "get-settings": {400: ("NEAR-9",), **OWN},
    "batch-profiles": OTHERS,
    **dict.fromkeys(("list-social", "list-followers", "list-friends"), OWN),
    **dict.fromkeys(("list-received-requests", "list-sent-requests", "list-people", "look-up-people"), OWN),
    **dict.fromkeys(("list-following", "unfollow", "remove-follower"), OWN),
    "get-following": {**OWN, 404: ("NEAR-11",)},
    "follow": {400: ("NEAR-11",), **OWN},
    "change-friends": {400: ("NEAR-11",), **OWN},
    "get-summary": OWN,
    "get-presence": OWN,
    "batch-presence": OTHERS,
    "put-title-presence": OWN,
    "delete-title-presence": OWN,
    "list-achievements": OWN,
}
"""The refusals that do not follow from the route, by operation."""


def refusals_of(route: Route) -> Reasons:
    """The ids of the rules that can refuse a request for an operation, by status."""
    found: dict[int, dict[str, None]] = {}
    for reasons in (*_of_call(route), *_of_names(route), *_of_fields(route), MORE.get(route.operation, {})):
        for status, rules in reasons.items():
            found.setdefault(status, {}).update(dict.fromkeys(rules))
    return {status: tuple(sorted(found[status], key=_in_order)) for status in sorted(found)}


def _of_call(route: Route) -> Iterator[Reasons]:
    """The refusals that follow from how a route reads a request."""
    yield {400: ("CALL-14", *(field.rule for field in route.parameters.values()))}
    if route.identify is not anybody:
        yield {401: ("CALL-3",)}
    if route.contract is contract_of:
        yield {400: ("CALL-2",)}
    elif contracts_of(route):
        yield {406: ("STAT-13",)}
    if route.hosts is SESSION_DIRECTORY:
        yield {400: ("S2S-1", "S2S-3"), 403: ("S2S-1", "S2S-3")}
    if route.hosts in (SESSION_DIRECTORY, USER_STATISTICS):
        yield {429: ("RATE-1",)}
    if asks_for_version(route):
        yield {412: ("CODE-412" if route.hosts is USER_STATISTICS else "PUT-8",)}
    if route.has_body:
        kind = "NEAR-3" if route.body is FORM_BODY else "CALL-13"
        yield {400: ("CALL-6", "CALL-12", "CALL-13", kind), 413: ("CALL-12",)}


def _of_names(route: Route) -> Iterator[Reasons]:
    for name in names_in(route):
        yield PARTS[name].refusals


def _of_fields(route: Route) -> Iterator[Reasons]:
    """The refusals of fields of the body that do not have their shapes, or are not built."""
    fields = [field for table in tables_of(route) for field in table.values()]
    yield {400: _rules(fields)}
    if waiting := [field for field in fields if not field.built]:
        yield {501: _rules(waiting)}


def _rules(fields: Iterable[Field]) -> tuple[str, ...]:
    return tuple(field.rule for field in fields)


def _in_order(rule: str) -> tuple[str, int, str]:
    """The place of a rule: by family and number."""
    family, _, number = rule.rpartition("-")
    return family, int(number) if re.fullmatch("[0-9]+", number) else 0, number
