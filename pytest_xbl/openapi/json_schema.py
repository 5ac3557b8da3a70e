"""Shapes and tables of fields as JSON Schema, draft 2020-12."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import (
    Anything,
    Digits,
    Integer,
    ListOf,
    MapOf,
    Matching,
    NumberInText,
    OfType,
    OneOf,
    OrNull,
    Passing,
    Record,
    Shape,
)
from pytest_xbl.openapi.words import describe

Schema: TypeAlias = dict[str, Any]

NAMES_OF_TYPES = {bool: "boolean", str: "string", dict: "object", int: "integer", float: "number"}
LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")


def schema_of(shape: Shape) -> Schema:  # noqa: C901, PLR0911 -- a case for each shape
    """The values that a shape takes, as far as JSON Schema can say it."""
    match shape:
        case Anything():
            return {}
        case OfType(types=types):
            names = [NAMES_OF_TYPES[each] for each in types]
            return {"type": names[0] if len(names) == 1 else names}
        case Integer(low, high):
            return {"type": "integer", "minimum": low, **({} if high is None else {"maximum": high})}
        case OneOf(choices, any_case=any_case):
            return {"anyOf": [{"enum": [*choices]}, {"type": "string"}]} if any_case else {"enum": [*choices]}
        case Matching(pattern=pattern) | Passing(pattern=pattern) | Digits(pattern=pattern):
            return {"type": "string", "pattern": f"^(?:{pattern})$"} if pattern else {}
        case NumberInText(low, high):
            return {"type": "integer", "minimum": low, "maximum": high}
        case ListOf(item, filled):
            return {"type": "array", "items": schema_of(item), **({"minItems": 1} if filled else {})}
        case MapOf(value, keys):
            return map_of(schema_of(value), **({"propertyNames": schema_of(keys)} if keys else {}))
        case Record(fields, needed):
            parts = {name: schema_of(inner) for name, inner in fields.items()}
            return {**closed(parts), **({"required": [*needed]} if needed else {})}
        case OrNull(inner):
            return nullable(schema_of(inner))
    return either(schema_of(shape.one), schema_of(shape.other))  # mypy knows that no other class is left


def table(fields: Mapping[str, Field], **parts: Schema) -> Schema:
    """An object of the fields of a table, each of which can be null (SEED-4, PUT-5).

    Args:
        parts: the schemas of fields whose shape does not say all.
    """
    return closed(
        {
            name: {"description": described(field), **nullable(parts.get(name) or schema_of(field.shape))}
            for name, field in fields.items()
        }
    )


def record(fields: Mapping[str, Field], **parts: Schema) -> Schema:
    """An object of the fields of a table, none of which can be null; it has those that the table needs.

    Args:
        parts: the schemas of fields whose shape does not say all.
    """
    needed = [name for name, field in fields.items() if field.needed]
    held = {
        name: {"description": described(field), **(parts.get(name) or schema_of(field.shape))}
        for name, field in fields.items()
    }
    return {**closed(held), **({"required": needed} if needed else {})}


def closed(properties: Mapping[str, Schema]) -> Schema:
    """An object that has these properties and no other."""
    return {"type": "object", "properties": {**properties}, "additionalProperties": False}


def map_of(values: Schema, **more: Schema) -> Schema:
    """An object with properties of any name."""
    return {"type": "object", **more, "additionalProperties": values}


def either(one: Schema, other: Schema) -> Schema:
    """A value of one of two schemas; in one schema where the type decides, so that an editor names the place inside."""
    types = [*_types(one), *_types(other)]
    if one.keys() & other.keys() == {"type"} and len(set(types)) == len(types):
        return {**one, **other, "type": types}
    return {"anyOf": [one, other]}


def nullable(schema: Schema) -> Schema:
    """The same schema for a value that can be null, too; a definition says that itself."""
    match schema:
        case {"enum": choices}:
            return {**schema, "enum": [*choices, None]}
        case {"type": _}:
            names = _types(schema)
            return schema if "null" in names else {**schema, "type": [*names, "null"]}
        case {"anyOf": choices}:
            return {**schema, "anyOf": [*choices, {"type": "null"}]}
    return schema


def described(field: Field) -> str:
    """The meaning of a field, or what it holds; whether it is needed, and its rule."""
    meaning = LINK.sub(r"\1", field.meaning) or describe(field.shape)
    return f"{meaning}{'; required' if field.needed else ''} ({field.rule})"


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else types
