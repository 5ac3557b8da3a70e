"""The table of operations, read by the app and by the reference page of the documentation."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from pytest_xbl.mpsd.activities import ACTIVITY_PARAMETERS
from pytest_xbl.mpsd.activities import INCLUDE as INCLUDE_NAMES
from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.names import require_handle_id, require_index, require_name, require_scid
from pytest_xbl.mpsd.queries import BATCH_PARAMETERS, PARAMETERS
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import flag
from pytest_xbl.mpsd.suggesting import did_you_mean
from pytest_xbl.userstats.requests import INCLUDE, OPERATION, parse_names, parse_user
from pytest_xbl.wire import handles, operations, queries, statistics, upgrade
from pytest_xbl.wire.acting import visit_of
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.hosts import host_name, is_real
from pytest_xbl.wire.requests import account_of, contract_of, statistics_contract_of
from pytest_xbl.world.state import Account
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SESSION_DIRECTORY = ("sessiondirectory.xboxlive.com", "client-sessiondirectory.xboxlive.com")
USER_STATISTICS = ("userstats.xboxlive.com",)
RTA = ("rta.xboxlive.com",)
"""The real hosts of these operations (CALL-1)."""
NOCOMMIT = {"nocommit": Field(flag, "CALL-14")}
SERVICE_CONFIG = "/serviceconfigs/{scid}"
TEMPLATES = f"{SERVICE_CONFIG}/sessiontemplates"
SESSION = f"{TEMPLATES}/{{template}}/sessions/{{name}}"
QUERIES = ("FIND-1", "FIND-2", "FIND-4", "FIND-6")
BATCHES = ("FIND-1", "FIND-4", "FIND-6", "FIND-7", "FIND-11")


class Route(NamedTuple):
    """One operation.

    Args:
        operation: its name, as the history of a session shows it.
        statuses: what it answers when all is well.
        parameters: of the query string, and what each may hold.
        has_body: whether it reads a body.
        contract: how it reads the contract version.
        account: how it finds out who calls.
    """

    operation: str
    method: str
    path: str
    run: Callable[[Call], Answer]
    statuses: tuple[int, ...]
    rules: tuple[str, ...]
    parameters: Mapping[str, Field] = {}
    has_body: bool = False
    hosts: tuple[str, ...] = SESSION_DIRECTORY
    contract: Callable[[WSGIEnvironment], int] = contract_of
    account: Callable[[WSGIEnvironment, World], Account] = account_of

    def visit(self, environ: WSGIEnvironment, caller: Caller, world: World) -> Visit:
        """The visit of a caller; in the session directory a service may act for users (S2S-1).

        Raises:
            Refusal: 400 or 403 for the headers that say so.
        """
        if self.hosts is SESSION_DIRECTORY:
            return visit_of(environ, caller, world, operation=self.operation)
        return Visit(caller, self.operation)


_rta = partial(Route, hosts=RTA, contract=upgrade.no_contract)

ROUTES = (
    Route(
        "put-session",
        "PUT",
        SESSION,
        operations.put_session,
        (200, 201, 204),
        ("PUT-1", "PUT-2", "PUT-3", "PUT-7", "PUT-8"),
        parameters=NOCOMMIT,
        has_body=True,
    ),
    Route("get-session", "GET", SESSION, operations.get_session, (200, 204, 304), ("CODE-200", "CODE-204", "CODE-304")),
    Route(
        "put-properties",
        "PUT",
        f"{SESSION}/properties",
        operations.put_properties,
        (200,),
        ("PUT-6",),
        parameters=NOCOMMIT,
        has_body=True,
    ),
    Route("get-properties", "GET", f"{SESSION}/properties", operations.get_properties, (200, 304), ("CODE-404",)),
    Route("get-constants", "GET", f"{SESSION}/constants", operations.get_constants, (200, 304), ("CODE-404",)),
    Route("get-me", "GET", f"{SESSION}/members/me", operations.get_me, (200, 204, 304), ("CODE-204",)),
    Route("delete-me", "DELETE", f"{SESSION}/members/me", operations.delete_me, (204,), ("MEMB-15", "PUT-4")),
    Route("get-member", "GET", f"{SESSION}/members/{{index}}", operations.get_member, (200, 204, 304), ("CODE-204",)),
    Route(
        "delete-member",
        "DELETE",
        f"{SESSION}/members/{{index}}",
        operations.delete_member,
        (204,),
        ("MEMB-5", "MEMB-15"),
    ),
    Route("get-server", "GET", f"{SESSION}/servers/{{server}}", operations.get_server, (200, 204, 304), ("SERV-2",)),
    Route(
        "delete-server",
        "DELETE",
        f"{SESSION}/servers/{{server}}",
        operations.delete_server,
        (204,),
        ("SERV-1", "SERV-2"),
    ),
    *(
        Route(operation, "GET", path, queries.query_sessions, (200,), QUERIES, parameters=PARAMETERS)
        for operation, path in (
            ("query-sessions", f"{SERVICE_CONFIG}/sessions"),
            ("query-template-sessions", f"{TEMPLATES}/{{template}}/sessions"),
        )
    ),
    *(
        Route(
            operation,
            "POST",
            path,
            queries.batch_query_sessions,
            (200,),
            BATCHES,
            parameters=BATCH_PARAMETERS,
            has_body=True,
        )
        for operation, path in (
            ("batch-query-sessions", f"{SERVICE_CONFIG}/batch"),
            ("batch-query-template-sessions", f"{TEMPLATES}/{{template}}/batch"),
        )
    ),
    Route(
        "post-handle",
        "POST",
        "/handles",
        handles.post_handle,
        (201,),
        ("HAND-2", "HAND-3", "HAND-4", "HAND-5", "HAND-20"),
        parameters=INCLUDE_NAMES,
        has_body=True,
    ),
    Route(
        "query-handles",
        "POST",
        "/handles/query",
        handles.query_handles,
        (200,),
        ("HAND-10", "HAND-11", "HAND-12", "HAND-14"),
        parameters=ACTIVITY_PARAMETERS,
        has_body=True,
    ),
    Route("get-handle", "GET", "/handles/{id}", handles.get_handle, (200,), ("HAND-6", "HAND-15")),
    Route("delete-handle", "DELETE", "/handles/{id}", handles.delete_handle, (204,), ("HAND-8",)),
    Route(
        "get-session-by-handle",
        "GET",
        "/handles/{id}/session",
        handles.get_session_by_handle,
        (200, 204, 304),
        ("HAND-7", "JOIN-6"),
    ),
    Route(
        "put-session-by-handle",
        "PUT",
        "/handles/{id}/session",
        handles.put_session_by_handle,
        (200, 201, 204),
        ("HAND-7", "JOIN-6"),
        parameters=NOCOMMIT,
        has_body=True,
    ),
    Route("get-template", "GET", f"{TEMPLATES}/{{template}}", operations.get_template, (200,), ("TMPL-9",)),
    Route("list-templates", "GET", TEMPLATES, operations.list_templates, (200,), ("TMPL-9",)),
    Route(
        "batch-statistics",
        "POST",
        "/batch",
        statistics.batch_statistics,
        (200, 304),
        ("STAT-1", "STAT-2", "STAT-3", "STAT-8", "STAT-14", "STAT-15"),
        parameters=OPERATION,
        has_body=True,
        hosts=USER_STATISTICS,
        contract=partial(statistics_contract_of, newest=2),
    ),
    Route(
        "get-statistics",
        "GET",
        "/users/{xuid}/scids/{scid}/stats/{names}",
        statistics.get_statistics,
        (200, 304),
        ("STAT-2", "STAT-4", "STAT-8", "STAT-9", "STAT-15"),
        parameters=INCLUDE,
        hosts=USER_STATISTICS,
        contract=partial(statistics_contract_of, newest=3),
    ),
    _rta("get-nonce", "GET", "/nonce", upgrade.get_nonce, (200,), ("TAP-11",)),
    _rta(
        "connect",
        "GET",
        "/connect",
        upgrade.connect,
        (101,),
        ("TAP-3", "TAP-6", "TAP-11", "TAP-12", "TAP-13"),
        parameters=upgrade.PARAMETERS,
        account=upgrade.account_at_connect,
    ),
)

PARTS = {route.path: route.path.split("/") for route in ROUTES}
"""The parts of each path."""
BY_LENGTH = {
    length: [route for route in ROUTES if len(PARTS[route.path]) == length] for length in set(map(len, PARTS.values()))
}
"""The routes by the number of parts of their paths."""
KINDS = {"name": "session"}
"""The things that parts of a path name, where the part is called otherwise."""
CHECKS: Mapping[str, Callable[[str], object]] = {
    "scid": require_scid,
    "id": require_handle_id,
    "index": require_index,
    "xuid": parse_user,
    "names": parse_names,
}
"""The checks of the parts of a path that are not named like everything else."""
HOSTS = tuple(dict.fromkeys(host for route in ROUTES for host in route.hosts))
"""The hosts of Xbox Live whose services are here."""
LONGEST_GUESS = 300
"""Characters of a path that are compared with known ones."""
NEAR = 0.75
"""The likeness, 0 to 1, of each word of a path to that of a route from which somebody has meant it."""


@lru_cache
def match(method: str, path: str, host: str) -> tuple[Route, Mapping[str, str]]:
    """The route of a request, and the names in its path.

    Literal parts of a path are matched without regard to case (CALL-5), and win over names.

    Raises:
        Refusal: 404 for a path that no route has, or has on this host (CALL-1); 405 for another verb (CALL-7).
    """
    allowed: dict[str, None] = {}
    parts = path.split("/")
    found = [(route, names) for route, names in _matching(parts) if _is_on(host, route.hosts)]
    fewest = min((len(names) for _route, names in found), default=0)
    for route, names in found:
        if len(names) > fewest:
            continue
        if route.method == method:
            _check_names(names)
            return route, names
        allowed.setdefault(route.method)
    raise _wrong_verb(method, path, allowed) if allowed else _unknown_path(method, path, host)


def _matching(parts: list[str]) -> Iterator[tuple[Route, dict[str, str]]]:
    for route in BY_LENGTH.get(len(parts), ()):
        names = _names(PARTS[route.path], parts)
        if names is not None:
            yield route, names


def _names(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    names = {}
    for part, value in zip(pattern, parts, strict=True):
        if part.startswith("{") and value:
            names[part[1:-1]] = value
        elif part != value.lower():
            return None
    return names


def _is_on(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a request to this host can be meant for these: any host that is not a real one's can (CALL-1)."""
    return not is_real(host) or host_name(host) in hosts


def _check_names(names: Mapping[str, str]) -> None:
    for kind, name in names.items():
        if kind in CHECKS:
            CHECKS[kind](name)
        else:
            require_name(KINDS.get(kind, kind), name)


def _wrong_verb(method: str, path: str, allowed: Iterable[str]) -> Refusal:
    hint = did_you_mean(nearest_route(method, path))
    what = f"{method} is not for this URI; allowed are {', '.join(allowed)}{hint}"
    refusal = Refusal(405, what, where="the URI", rule="CALL-7", mistake="unknown-route")
    return refusal.with_headers({"Allow": ", ".join(allowed)})


def _unknown_path(method: str, path: str, host: str) -> Refusal:
    if method == "CONNECT":
        what = (
            f"The fake is not a proxy, and does not connect to {path}: "
            "give the client xbl.url as the URL of the service, and not as HTTPS_PROXY."
        )
        return Refusal(404, what, where="the URI", rule="CALL-1", mistake="unknown-service")
    if is_real(host) and not any(host_name(host) in route.hosts for route in ROUTES):
        what = f"The fake has no service at {host}; it has {', '.join(HOSTS)}."
        return Refusal(404, what, where="the URI", rule="CALL-1", mistake="unknown-service")
    elsewhere = [host for route, _names in _matching(path.split("/")) if route.method == method for host in route.hosts]
    at_home = f"; it is at {elsewhere[0]}." if elsewhere else "."
    hint = did_you_mean(nearest_route(method, path), otherwise=at_home)
    what = f"The fake has no operation {method} {path} on host {host_name(host)}{hint}"
    return Refusal(404, what, where="the URI", rule="CALL-7", mistake="unknown-route")


def nearest_route(method: str, path: str) -> str | None:
    """The method and path that somebody may have meant by one that no route has; None if nothing is near.

    A path that is right but for its slashes is given without the needless ones.
    """
    clean = re.sub("/+", "/", path[:LONGEST_GUESS]).rstrip("/")
    parts = clean.split("/")
    alike = {route.path: _likeness(PARTS[route.path], parts) for route in ROUTES if route.method == method}
    near = max(alike, key=lambda known: alike[known], default="")
    if near and alike[near] == 1:
        return f"{method} {clean}" if clean != path and len(path) <= LONGEST_GUESS else None
    return f"{method} {near}" if near and alike[near] >= NEAR else None


def _likeness(pattern: list[str], parts: list[str]) -> float:
    """The likeness of the words of a path to those of a route, from 0 to 1; names are like everything."""
    if len(pattern) != len(parts):
        return 0
    words = [(one, other.lower()) for one, other in zip(pattern, parts, strict=True) if not one.startswith("{")]
    return min(difflib.SequenceMatcher(None, one, other).ratio() for one, other in words)
