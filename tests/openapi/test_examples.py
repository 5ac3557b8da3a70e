"""The examples of the description: each is a request that succeeds, and is answered as described."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest

from described import Operation, description, misfits, operations, require_allowed, resolved
from pytest_xbl import XboxLive

FORM = "application/x-www-form-urlencoded"
FOR_SERVICES = ("delete-member", "delete-server")
WITHOUT_SOCKET = ("connect", 426)
"""The one example that has to be sent by a client of websockets (TAP-11)."""


def request_of(operation: Operation) -> tuple[str, dict[str, object]]:
    """The path of the example of an operation, and the arguments for a client of werkzeug's."""
    parameters = [resolved(one) for one in operation.said.get("parameters", ())]
    named = {one["name"]: one["example"] for one in parameters if one["in"] == "path"}
    path = re.sub(r"\{(\w+)\}", lambda found: named[found[1]], operation.path)
    query, headers = (
        {one["name"]: one["example"] for one in parameters if one["in"] == place and "example" in one}
        for place in ("query", "header")
    )
    headers["Host"] = description()["paths"][operation.path]["servers"][0]["url"].removeprefix("https://")
    arguments: dict[str, object] = {"method": operation.method, "query_string": query, "headers": headers}
    if "requestBody" in operation.said:
        [(kind, content)] = operation.said["requestBody"]["content"].items()
        body = content["example"]
        arguments |= {"content_type": kind, "data": urlencode(body) if kind == FORM else json.dumps(body)}
    return path, arguments


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_an_example_succeeds_and_is_answered_as_described(xbl: XboxLive, operation: Operation) -> None:
    """Whoever tries the description out begins with them (CODE-200)."""
    caller = xbl.scenario["referee" if operation.id in FOR_SERVICES else "Stacy"]
    path, arguments = request_of(operation)
    response = xbl.client(caller).open(path, **arguments)
    assert response.status_code < 400 or (operation.id, response.status_code) == WITHOUT_SOCKET, response.text
    require_allowed(operation, response)


@pytest.mark.parametrize(
    "operation", [each for each in operations() if "requestBody" in each.said], ids=lambda operation: operation.id
)
def test_an_example_of_a_body_has_its_schema(operation: Operation) -> None:
    """And an object with a field that nothing knows has not (CALL-6)."""
    [content] = operation.said["requestBody"]["content"].values()
    assert misfits(content["schema"], content["example"]) == []
    assert misfits(content["schema"], {**content["example"], "unknown": 1}) != []
