"""The description of all operations, and whether an answer is one that it allows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from pytest_xbl.openapi.description import openapi


class Operation(NamedTuple):
    """An operation of the description."""

    method: str
    path: str
    said: dict[str, Any]

    @property
    def id(self) -> str:
        """The name of the operation."""
        return str(self.said["operationId"])


@cache
def description() -> dict[str, Any]:
    """The whole document."""
    return openapi()


def operations() -> list[Operation]:
    """All operations."""
    return [
        Operation(method.upper(), path, said)
        for path, item in description()["paths"].items()
        for method, said in item.items()
        if method != "servers"
    ]


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """A part of the document, or the one that it refers to."""
    if "$ref" not in part:
        return part
    found = description()
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


def misfits(schema: Mapping[str, Any], value: object) -> list[str]:
    """The places at which a value does not have a schema of the document."""
    whole = {**schema, "components": description()["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(value)]


def require_allowed(operation: Operation, response: TestResponse) -> None:
    """Fail unless the description of an operation allows an answer: status, type, headers and body."""
    said = resolved(operation.said["responses"][str(response.status_code)])
    for name, header in said.get("headers", {}).items():
        assert name in response.headers or not resolved(header).get("required"), name
    content = said.get("content", {})
    if not content:
        assert response.data == b""
        return
    schema = content[response.mimetype]["schema"]
    value = json.loads(response.data) if response.mimetype == "application/json" else response.text
    assert misfits(schema, value) == []
