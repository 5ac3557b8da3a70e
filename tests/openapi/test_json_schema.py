"""Shapes and tables of fields as JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import (
    Either,
    Integer,
    ListOf,
    MapOf,
    Matching,
    NumberInText,
    OneOf,
    OrNull,
    Passing,
    Record,
    Shape,
    anything,
    boolean,
    digits,
    number,
    text,
)
from pytest_xbl.openapi.json_schema import nullable, record, schema_of, table

STRING = {"type": "string"}
CLOSED = {"additionalProperties": False}
SCHEMAS: dict[str, tuple[Shape, dict[str, Any]]] = {
    "anything": (anything, {}),
    "a type": (boolean, {"type": "boolean"}),
    "types": (number, {"type": ["integer", "number"]}),
    "an integer": (Integer(1), {"type": "integer", "minimum": 1}),
    "an integer to a bound": (Integer(0, 9), {"type": "integer", "minimum": 0, "maximum": 9}),
    "a number in a query string": (NumberInText(0, 9), {"type": "integer", "minimum": 0, "maximum": 9}),
    "choices": (OneOf((1, "a")), {"enum": [1, "a"]}),
    "choices in any case": (OneOf(("a",), any_case=True), {"anyOf": [{"enum": ["a"]}, STRING]}),
    "a pattern": (Matching("x", "a|b"), {**STRING, "pattern": "^(?:a|b)$"}),
    "digits": (digits, {**STRING, "pattern": "^(?:[0-9]{1,20})$"}),
    "a test that no pattern says": (Passing("x", bool), {}),
    "a list": (ListOf(text), {"type": "array", "items": STRING}),
    "a filled list": (ListOf(text, filled=True), {"type": "array", "items": STRING, "minItems": 1}),
    "a map": (MapOf(text), {"type": "object", "additionalProperties": STRING}),
    "a map with keys": (
        MapOf(text, keys=OneOf(("a",))),
        {"type": "object", "propertyNames": {"enum": ["a"]}, "additionalProperties": STRING},
    ),
    "a record": (
        Record({"a": text, "b": anything}, needed=("a",)),
        {"type": "object", "properties": {"a": STRING, "b": {}}, **CLOSED, "required": ["a"]},
    ),
    "or null": (OrNull(text), {"type": ["string", "null"]}),
    "either of two types": (
        Either(text, ListOf(text), is_one=str, expected="x"),
        {"type": ["string", "array"], "items": STRING},
    ),
    "either of one type": (
        Either(Matching("x", "a"), digits, is_one=str, expected="x"),
        {"anyOf": [{**STRING, "pattern": "^(?:a)$"}, {**STRING, "pattern": "^(?:[0-9]{1,20})$"}]},
    ),
}


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_shape_has_a_schema(kind: str) -> None:
    """As far as JSON Schema can say it; of nothing else, as a schema that is too narrow is wrong."""
    shape, schema = SCHEMAS[kind]
    assert schema_of(shape) == schema


@pytest.mark.parametrize(
    ("schema", "with_null"),
    [
        ({"enum": [1]}, {"enum": [1, None]}),
        ({"type": "string"}, {"type": ["string", "null"]}),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"anyOf": [STRING]}, {"anyOf": [STRING, {"type": "null"}]}),
        ({"$ref": "#/x"}, {"$ref": "#/x"}),
    ],
)
def test_a_schema_can_allow_null(schema: dict[str, Any], with_null: dict[str, Any]) -> None:
    """A reference leads to a definition, which says it itself."""
    assert nullable(schema) == with_null


def test_a_table_is_an_object() -> None:
    """A write may have a null for each field, and a request may not; both say what a field means, and its rule."""
    fields = {"a": Field(text, "CALL-6", "the [first](x.md)", needed=True), "b": Field(text, "PUT-1")}
    first, second = {"description": "the first; required (CALL-6)"}, {"description": "a string (PUT-1)"}
    null = {"type": ["string", "null"]}
    assert table(fields, b={}) == {
        "type": "object",
        "properties": {"a": {**first, **null}, "b": {**second, **null}},
        **CLOSED,
    }
    assert record(fields, b={"const": 1}) == {
        "type": "object",
        "properties": {"a": {**first, **STRING}, "b": {**second, "const": 1}},
        **CLOSED,
        "required": ["a"],
    }
    assert "required" not in record({"b": fields["b"]})
