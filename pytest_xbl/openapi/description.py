"""The description of all operations as an OpenAPI document, version 3.1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from pytest_xbl.openapi.bodies import BODIES, body_schemas, ref, tables_of
from pytest_xbl.openapi.documents import document_schemas
from pytest_xbl.openapi.examples import BODIES as EXAMPLES
from pytest_xbl.openapi.json_block import json_block
from pytest_xbl.openapi.json_schema import Schema, record
from pytest_xbl.openapi.parameters import parameters_of
from pytest_xbl.openapi.refusals import refusals_of
from pytest_xbl.openapi.responses import header_components, refusal_components, responses_of
from pytest_xbl.openapi.results import result_schemas
from pytest_xbl.wire.answer import JSON
from pytest_xbl.wire.forms import FORM_BODY, FORM_TYPE
from pytest_xbl.wire.matching import every_route
from pytest_xbl.wire.neighbours.answers import anybody
from pytest_xbl.wire.route import Route
from pytest_xbl.wire.upgrade import account_at_connect

WIDTH = 120
TOKEN = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "XBL3.0 x=<userhash>;<token> (CALL-3)",
}
NONCE = {
    "type": "apiKey",
    "in": "query",
    "name": "nonce",
    "description": "a nonce of get-nonce, good for one connection (TAP-11)",
}
ABOUT = """\
The operations of Xbox Live that pytest-xbl fakes, with the statuses that each can have and the rules behind them.

`x-refusals` of an operation has the ids of the rules that can refuse a request, by status; the header `X-Xbl-Refusal`
of a response names the one that did.

Where a body depends on the contract version, there is a schema for each; those that end in 105 are of 104, too.
The servers are the hosts of the real services; the fake answers everything at one URL.
"""


def openapi() -> dict[str, Any]:
    """The document, as JSON has it."""
    routes = every_route()
    shared = _shared(parameter for route in routes for parameter in parameters_of(route))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Xbox Live, as pytest-xbl fakes it", "version": version("pytest-xbl"), "description": ABOUT},
        "servers": [
            {"url": "/", "description": "the fake: xbl.url of a test, or the address of a fake that is served"}
        ],
        "tags": [{"name": host} for host in dict.fromkeys(route.hosts[0] for route in routes)],
        "paths": _paths(routes, shared),
        "components": {
            "schemas": {**document_schemas(), **result_schemas(), **body_schemas()},
            "parameters": shared,
            "headers": header_components(),
            "responses": refusal_components(routes),
            "securitySchemes": {"token": TOKEN, "nonce": NONCE},
        },
    }


def openapi_text() -> str:
    """The document as a text."""
    return f"{json_block(openapi(), width=WIDTH)}\n"


def _shared(parameters: Iterable[Schema]) -> dict[str, Schema]:
    """The parameters that several operations have, by name; of two with one name, the first."""
    found: list[Schema] = []
    shared: dict[str, Schema] = {}
    for parameter in parameters:
        if parameter in found:
            shared.setdefault(parameter["name"], parameter)
        found.append(parameter)
    return shared


def _paths(routes: Iterable[Route], shared: Mapping[str, Schema]) -> dict[str, Schema]:
    paths: dict[str, Schema] = {}
    for route in routes:
        item = paths.setdefault(route.path, {"servers": [{"url": f"https://{host}"} for host in route.hosts]})
        item[route.method.lower()] = _operation(route, shared)
    return paths


def _operation(route: Route, shared: Mapping[str, Schema]) -> Schema:
    [summary, *_] = (route.run.__doc__ or "").strip().splitlines()
    parameters = [
        {"$ref": f"#/components/parameters/{one['name']}"} if shared.get(one["name"]) == one else one
        for one in parameters_of(route)
    ]
    return {
        "operationId": route.operation,
        "tags": [route.hosts[0]],
        "summary": summary,
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": _body(route)} if route.has_body else {}),
        "responses": responses_of(route),
        "security": _security(route),
        "x-rules": [*route.rules],
        "x-refusals": {str(status): [*rules] for status, rules in refusals_of(route).items()},
    }


def _body(route: Route) -> Schema:
    name = BODIES.get(route.operation)
    schema = ref(name) if name else record(*tables_of(route))
    content = {"schema": schema, "example": EXAMPLES[route.operation]}
    return {"required": True, "content": {FORM_TYPE if route.body is FORM_BODY else JSON: content}}


def _security(route: Route) -> list[Schema]:
    """The ways in which an operation learns who calls; [] for one that asks nobody."""
    if route.identify is anybody:
        return []
    return [{"token": []}, *([{"nonce": []}] if route.identify is account_at_connect else [])]
