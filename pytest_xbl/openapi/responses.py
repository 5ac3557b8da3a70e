"""The responses of each operation, by status: headers, and the schemas of bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from pytest_xbl.openapi.bodies import OBJECT, any_of, ref
from pytest_xbl.openapi.documents import ETAG, TEXT, needing
from pytest_xbl.openapi.json_schema import Schema
from pytest_xbl.openapi.parameters import asks_for_version
from pytest_xbl.openapi.refusals import refusals_of
from pytest_xbl.openapi.results import listed, results_of
from pytest_xbl.rulebook import RULES
from pytest_xbl.wire.answer import JSON, REFUSAL_HEADER
from pytest_xbl.wire.hosts import USER_STATISTICS
from pytest_xbl.wire.route import Route

CONTENTS: Mapping[str, Schema] = {
    **dict.fromkeys(("put-session", "get-session", "put-session-by-handle", "get-session-by-handle"), ref("Session")),
    "put-properties": ref("Session"),
    "get-properties": ref("Properties"),
    "get-constants": ref("Constants"),
    "get-me": ref("Member"),
    "get-member": ref("Member"),
    "get-server": ref("Server"),
    **dict.fromkeys(("query-sessions", "query-template-sessions"), results_of(ref("SessionResult"))),
    **dict.fromkeys(("batch-query-sessions", "batch-query-template-sessions"), results_of(ref("SessionResult"))),
    "post-handle": ref("Handle"),
    "get-handle": ref("Handle"),
    "query-handles": results_of(any_of("Activity", "SearchHandle")),
    "get-template": ref("Template"),
    "list-templates": results_of(TEXT),
    "batch-statistics": ref("UsersStatistics"),
    "get-statistics": ref("Statistics"),
    "get-nonce": needing({"nonce": TEXT}),
    "batch-presence": listed(OBJECT),
}
"""The bodies of answers; the services that clients need beside answer with any object."""
BODILESS = (101, 204, 302, 304)
PLAIN = "text/plain"
SHOWS_SESSION = (403, 412)
"""The refusals that show a session to a caller who may read it (CODE-403, CODE-412)."""
HEADERS: Mapping[str, Schema] = {
    "ETag": {"description": "the version of the content (CALL-11)", "schema": {"type": "string", "pattern": ETAG}},
    "Expires": {"description": "the time of the next timer of the session (TIME-6)", "schema": TEXT},
    "Last-Modified": {"description": "the time after the last change of the statistics (STAT-15)", "schema": TEXT},
    "Location": {"description": "where it is", "required": True, "schema": TEXT},
    "Content-Location": {"description": "the URI of the content", "required": True, "schema": TEXT},
    "Retry-After": {"description": "the seconds to wait (RATE-2)", "required": True, "schema": TEXT},
    REFUSAL_HEADER: {
        "description": "the rule, the place and the reason; only the fake has this header",
        "required": True,
        "schema": TEXT,
    },
}


def responses_of(route: Route) -> dict[str, Schema]:
    """The responses of an operation: those of its success, then refusals."""
    return {
        **{str(status): _success(route, status) for status in route.statuses},
        **{str(status): {"$ref": f"#/components/responses/{_name(route, status)}"} for status in refusals_of(route)},
    }


def refusal_components(routes: Iterable[Route]) -> dict[str, Schema]:
    """The refusals that responses refer to."""
    found = {_name(route, status): _refusal(route, status) for route in routes for status in refusals_of(route)}
    return dict(sorted(found.items()))


def header_components() -> dict[str, Schema]:
    """The headers that responses refer to."""
    return {**HEADERS}


def _success(route: Route, status: int) -> Schema:
    headers = _headers(*_own_headers(route, status))
    response = {"description": _description(status), **({"headers": headers} if headers else {})}
    if status in BODILESS:
        return response
    if route.operation == "put-title-presence":
        return {**response, "content": {PLAIN: {"schema": TEXT}}}
    return {**response, "content": _json(CONTENTS.get(route.operation, OBJECT))}


def _own_headers(route: Route, status: int) -> Sequence[str]:
    if route.hosts is USER_STATISTICS:
        return ("ETag", "Last-Modified")
    if route.operation == "post-handle":
        return ("Location", "Content-Location")
    if route.path.endswith("{id}/session"):
        return ("ETag", "Expires", "Content-Location")
    if asks_for_version(route):
        return ("ETag", "Expires")
    return ("Location",) if status == HTTPStatus.FOUND else ()


def _name(route: Route, status: int) -> str:
    return f"Refusal{status}{'OrSession' if _shows_session(route, status) else ''}"


def _shows_session(route: Route, status: int) -> bool:
    return status in SHOWS_SESSION and asks_for_version(route) and route.hosts is not USER_STATISTICS


def _refusal(route: Route, status: int) -> Schema:
    content: Schema = {PLAIN: {"schema": TEXT}}
    headers: list[str] = [REFUSAL_HEADER]
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers, content = [REFUSAL_HEADER, "Retry-After"], _json(ref("TooManyRequests"))
    elif _shows_session(route, status):
        headers, content = [REFUSAL_HEADER, "ETag", "Expires"], {**_json(ref("Session")), **content}
    return {"description": _description(status), "headers": _headers(*headers), "content": content}


def _description(status: int) -> str:
    rule = RULES.get(f"CODE-{status}")
    phrase = HTTPStatus(status).phrase
    return f"{phrase} ({rule.id})" if rule else phrase


def _headers(*names: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _json(schema: Schema) -> Schema:
    return {JSON: {"schema": schema}}
