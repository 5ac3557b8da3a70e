"""The JSON Schema of seed files, with which an editor completes and checks them."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_xbl.arrange import faults_form, form, seed_shapes, statistics_form
from pytest_xbl.arrange.scenarios import SCENARIOS, bounds_of, description_of
from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.handles import invite_attributes
from pytest_xbl.mpsd.model import STATUSES
from pytest_xbl.mpsd.schema import Field, session_ref
from pytest_xbl.mpsd.search_attributes import search_attributes
from pytest_xbl.mpsd.shapes import Record, digits, guid, object_
from pytest_xbl.openapi.json_block import json_block
from pytest_xbl.openapi.json_schema import Schema, closed, either, map_of, nullable, schema_of, table

OBJECT = schema_of(object_)
SAID_BY_STATUS = ("active", "ready")
"""The properties of a member that follow from the status."""
COMPARED = ("user", "session", "member", "handle", "value", "constants", "roleTypes")
"""The definitions that `expected` needs, too."""
WIDTH = 120


def seed_schema() -> str:
    """The text of reference/seed.schema.json."""
    definitions = _definitions()
    expected = {_in_expected(name): _expected(definitions[name]) for name in COMPARED}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A seed of pytest-xbl",
        "description": "Written by `python docs/generate.py` from the tables that check seeds.",
        **table(form.SEED, **_sections(), expected=_expected(_compared())),
        "$defs": {**definitions, **expected},
    }
    return json_block(whole, width=WIDTH) + "\n"


def _sections() -> dict[str, Schema]:
    names = schema_of(seed_shapes.names)
    base = _ref("base")
    return {
        "extends": either(base, {"type": "array", "items": base}),
        "users": either(names, _by_label("user")),
        "services": _by_label("service"),
        "templates": _by_label("template"),
        "sessions": _by_label("session"),
        "handles": _by_label("handle"),
        "statistics": _ref("statistics"),
        "given": table(form.GIVEN),
        "faults": {"type": "array", "items": {"anyOf": [_fault(kind) for kind in faults_form.KINDS]}},
    }


def _fault(kind: str) -> Schema:
    """A fault of a kind; no null takes a field out of it."""
    fields = faults_form.KINDS[kind]
    held = {name: {"description": field.meaning, **schema_of(field.shape)} for name, field in fields.items()}
    return {**closed(held), "required": [kind, *(name for name, field in fields.items() if field.needed)]}


def _compared() -> Schema:
    """The sections of an expectation; of statistics, those of users."""
    parts = {name: part for name, part in _sections().items() if name in form.COMPARED}
    parts["statistics"] = table({"users": statistics_form.STATISTICS["users"]}, users=_values())
    return table({name: form.SEED[name] for name in form.COMPARED}, **parts)


def _definitions() -> dict[str, Schema]:
    said = {name: field for name, field in schema.MEMBER_PROPERTIES.items() if name not in SAID_BY_STATUS}
    records = {
        "user": table(form.USER),
        "service": table(form.SERVICE),
        "template": _template(),
        "session": _session(),
        "handle": table(
            form.HANDLE, attributes={"anyOf": [schema_of(invite_attributes), schema_of(search_attributes)]}
        ),
        "statistics": table(
            statistics_form.STATISTICS, users=_values(), definitions=_by_label("definition"), titles=_titles()
        ),
        "value": _value(),
        "definition": table(statistics_form.DEFINITION),
        "constants": _bag(schema.SESSION_CONSTANTS),
        "oldConstants": _bag(schema.OLD_SESSION_CONSTANTS),
        "roleTypes": schema_of(schema.ROLE_TYPES),
    }
    member = table(form.MEMBER, constants=_bag(schema.MEMBER_CONSTANTS, custom={}), properties=_bag(said))
    whole = {"base": _base(), "member": member, "title": table(statistics_form.TITLE)}
    return {**whole, **{name: nullable(record) for name, record in records.items()}}


def _template() -> Schema:
    """A template, whose contract decides by which names its constants go."""
    old = {"properties": {"contract": {"enum": [104, 105]}}, "required": ["contract"]}
    return {
        **table(form.TEMPLATE, roleTypes=_ref("roleTypes")),
        "if": old,
        "then": {"properties": {"constants": _ref("oldConstants")}},
        "else": {"properties": {"constants": _ref("constants")}},
    }


def _session() -> Schema:
    statuses = {"enum": [*STATUSES]}
    return table(
        form.SESSION,
        members=either(schema_of(seed_shapes.names), map_of(either(statuses, _ref("member")))),
        constants=_ref("constants"),
        properties=_bag(schema.SESSION_PROPERTIES, matchmaking=_matchmaking()),
        servers=_servers(),
        roleTypes=_ref("roleTypes"),
    )


def _servers() -> Schema:
    free = closed({"system": OBJECT, "custom": OBJECT})
    matchmaking = closed({"constants": free, "properties": _bag(schema.MATCHMAKING_SERVER)})
    any_other = closed({"constants": free, "properties": free})
    return {**map_of(nullable(any_other)), "properties": {"matchmaking": nullable(matchmaking)}}


def _matchmaking() -> Schema:
    """The matchmaking of a session, whose match is in the world's service configuration by default (SEED-13)."""
    match = Record(session_ref.fields, needed=("templateName", "name"))
    result = Record({**schema.CLIENT_RESULT, "targetSessionRef": match})
    return schema_of(Record({**schema.MATCHMAKING, "clientResult": result}))


def _bag(system: Mapping[str, Field], *, custom: Schema = OBJECT, **parts: Schema) -> Schema:
    return closed({"system": table(system, **parts), "custom": custom})


def _values() -> Schema:
    """Values of statistics, by name of user and by label."""
    alone = {"type": ["number", "string"]}
    return map_of(nullable(map_of(either(alone, _ref("value")))))


def _titles() -> Schema:
    return map_of(either(schema_of(guid), _ref("title")), propertyNames=schema_of(digits))


def _value() -> Schema:
    fields = statistics_form.REACHED
    return {**table(fields), "required": [name for name, field in fields.items() if field.needed]}


def _base() -> Schema:
    return {"anyOf": [{"enum": [*SCENARIOS]}, {"type": "string"}, *map(_scenario, SCENARIOS)]}


def _scenario(name: str) -> Schema:
    parameters = {
        each: {"type": "integer", "minimum": low, "maximum": high} for each, (low, high, _) in bounds_of(name).items()
    }
    named: Schema = {"scenario": {"const": name}, **parameters}
    return {"description": description_of(name), **closed(named), "required": ["scenario"]}


def _by_label(name: str) -> Schema:
    return map_of(_ref(name))


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _in_expected(name: str) -> str:
    return f"expected{name[0].upper()}{name[1:]}"


def _expected(part: Schema) -> Schema:
    """The same schema inside `expected`, where null stands for everything that is not to be there (SEED-10)."""
    changed = {key: it for key, it in part.items() if key != "required"}
    match part:
        case {"$ref": str(place)}:
            return _ref(_in_expected(place.rpartition("/")[2]))
        case {"anyOf": choices}:
            changed["anyOf"] = [_expected(each) for each in choices]
    if "properties" in part:
        changed["properties"] = {name: nullable(_expected(inner)) for name, inner in part["properties"].items()}
    if part.get("additionalProperties"):
        changed["additionalProperties"] = nullable(_expected(part["additionalProperties"]))
    return changed
