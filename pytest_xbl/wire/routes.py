"""The table of operations, read by the app and by the reference page of the documentation."""

from __future__ import annotations

from functools import partial

from pytest_xbl.mpsd.activities import ACTIVITY_PARAMETERS
from pytest_xbl.mpsd.activities import INCLUDE as INCLUDE_NAMES
from pytest_xbl.mpsd.queries import BATCH_PARAMETERS, PARAMETERS
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import flag
from pytest_xbl.userstats.requests import INCLUDE, OPERATION
from pytest_xbl.wire import handles, operations, queries, statistics, upgrade
from pytest_xbl.wire.hosts import RTA, USER_STATISTICS
from pytest_xbl.wire.requests import statistics_contract_of
from pytest_xbl.wire.route import Route

NOCOMMIT = {"nocommit": Field(flag, "CALL-14")}
SERVICE_CONFIG = "/serviceconfigs/{scid}"
TEMPLATES = f"{SERVICE_CONFIG}/sessiontemplates"
SESSION = f"{TEMPLATES}/{{template}}/sessions/{{name}}"
QUERIES = ("FIND-1", "FIND-2", "FIND-4", "FIND-6")
BATCHES = ("FIND-1", "FIND-4", "FIND-6", "FIND-7", "FIND-11")

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
        ("HAND-2", "HAND-3", "HAND-4", "HAND-5", "HAND-20", "SRCH-1", "SRCH-6"),
        parameters=INCLUDE_NAMES,
        has_body=True,
    ),
    Route(
        "query-handles",
        "POST",
        "/handles/query",
        handles.query_handles,
        (200,),
        ("HAND-10", "HAND-11", "HAND-12", "HAND-14", "SRCH-3", "SRCH-4"),
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
        identify=upgrade.account_at_connect,
    ),
)
