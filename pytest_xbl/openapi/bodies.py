"""The bodies of requests: the tables of their fields, and their schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.activities import ACTIVITY_QUERY
from pytest_xbl.mpsd.handles import BODIES as HANDLES
from pytest_xbl.mpsd.handles import TYPES
from pytest_xbl.mpsd.names import INDEX
from pytest_xbl.mpsd.queries import BATCH_QUERY
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.searches import SEARCH_QUERY
from pytest_xbl.mpsd.shapes import object_
from pytest_xbl.mpsd.writes import ACTING, RESERVE
from pytest_xbl.openapi.json_schema import Schema, closed, map_of, nullable, record, schema_of, table
from pytest_xbl.userstats.requests import BATCH, GROUPED_BATCH
from pytest_xbl.wire.neighbours.routes import BODIES as NEIGHBOURS
from pytest_xbl.wire.route import Route

Fields: TypeAlias = Mapping[str, Field]

OBJECT = schema_of(object_)
BAGS = {
    107: (schema.SESSION_CONSTANTS, schema.SESSION_PROPERTIES, schema.MEMBER_PROPERTIES),
    105: (schema.OLD_SESSION_CONSTANTS, schema.OLD_SESSION_PROPERTIES, schema.OLD_MEMBER_PROPERTIES),
}
"""The fields of `system`, by contract: constants and properties of a session, and properties of a member.

104 has those of 105.
"""
_ALL_BAGS = (*BAGS[107], *BAGS[105], schema.MEMBER_CONSTANTS, schema.MATCHMAKING_SERVER)
TABLES: Mapping[str, Sequence[Fields]] = {
    "put-session": _ALL_BAGS,
    "put-session-by-handle": _ALL_BAGS,
    "put-properties": tuple(properties for _, properties, _ in BAGS.values()),
    "batch-query-sessions": (BATCH_QUERY,),
    "batch-query-template-sessions": (BATCH_QUERY,),
    "post-handle": tuple(HANDLES.values()),
    "query-handles": (ACTIVITY_QUERY, SEARCH_QUERY),
    "batch-statistics": (BATCH, GROUPED_BATCH),
    **{operation: (fields,) for operation, fields in NEIGHBOURS.items()},
}
"""The tables of the fields that the body of an operation may hold."""
BODIES: Mapping[str, str] = {
    "put-session": "SessionWrite",
    "put-session-by-handle": "SessionWrite",
    "put-properties": "PropertiesWrite",
    "batch-query-sessions": "BatchQuery",
    "batch-query-template-sessions": "BatchQuery",
    "post-handle": "NewHandle",
    "query-handles": "HandleQuery",
    "batch-statistics": "StatisticsBatch",
}
"""The name of the schema of a body, if it has one."""


def tables_of(route: Route) -> Sequence[Fields]:
    """The tables of the fields that the body of an operation may hold; () without a body."""
    return TABLES.get(route.operation, ())


def body_schemas() -> dict[str, Schema]:
    """The schemas of bodies that have a name."""
    by_contract: dict[str, Schema] = {}
    for contract, (_, properties, member_properties) in BAGS.items():
        by_contract[f"SessionWrite{contract}"] = _session(contract)
        by_contract[f"MemberWrite{contract}"] = _member(member_properties)
        by_contract[f"PropertiesWrite{contract}"] = written_bag(properties)
    return {
        "SessionWrite": by_contracts("SessionWrite"),
        "PropertiesWrite": by_contracts("PropertiesWrite"),
        **by_contract,
        "BatchQuery": record(BATCH_QUERY),
        "NewHandle": by_type({kind: f"New{kind.title()}" for kind in TYPES}),
        **{f"New{kind.title()}": _of_type(fields, kind) for kind, fields in HANDLES.items()},
        "HandleQuery": by_type({"activity": "ActivityQuery", "search": "SearchQuery"}),
        "ActivityQuery": _of_type(ACTIVITY_QUERY, "activity"),
        "SearchQuery": _of_type(SEARCH_QUERY, "search"),
        "StatisticsBatch": any_of("StatisticsBatch1", "StatisticsBatch2"),
        "StatisticsBatch1": record(BATCH),
        "StatisticsBatch2": record(GROUPED_BATCH),
    }


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def any_of(*names: str) -> Schema:
    """A value of one of some schemas."""
    return {"anyOf": [*map(ref, names)]}


def by_contracts(name: str) -> Schema:
    """A value whose form depends on the contract version, which is in a header."""
    return any_of(*(f"{name}{contract}" for contract in BAGS))


def by_type(names: Mapping[str, str]) -> Schema:
    """An object whose field `type` says which of some schemas it has."""
    mapping = {kind: ref(name)["$ref"] for kind, name in names.items()}
    return {"oneOf": [*map(ref, names.values())], "discriminator": {"propertyName": "type", "mapping": mapping}}


def written_bag(fields: Fields, *, custom: Schema = OBJECT) -> Schema:
    """A bag in the body of a write, in which a null removes a field (PUT-5)."""
    return closed({"system": table(fields), "custom": custom})


def free_bag(custom: Schema = OBJECT) -> Schema:
    """A bag whose `system` the service does not read (SERV-2)."""
    return closed({"system": OBJECT, "custom": custom})


def _of_type(fields: Fields, kind: str) -> Schema:
    return record(fields, type={"const": kind})


def _session(contract: int) -> Schema:
    """The body of a write, which creates, joins or updates a session (PUT-1)."""
    constants, properties, _ = BAGS[contract]
    return closed(
        {
            "constants": written_bag(constants),
            "properties": written_bag(properties),
            "members": _members(contract),
            "servers": _servers(),
            "roleTypes": schema_of(schema.ROLE_TYPES),
        }
    )


def _members(contract: int) -> Schema:
    """The members of a write: the caller, those for whom a service acts, reservations, and others by index."""
    member = ref(f"MemberWrite{contract}")
    constants = written_bag(schema.MEMBER_CONSTANTS, custom={})
    roles = schema_of(schema.MEMBER_ROLES)
    return {
        **closed({"me": member}),
        "patternProperties": {
            f"^(?:{ACTING})$": member,
            f"^(?:{RESERVE})$": {**closed({"constants": constants, "roles": roles}), "required": ["constants"]},
            f"^(?:{INDEX.pattern})$": nullable({**closed({"roles": roles}), "required": ["roles"]}),
        },
    }


def _member(properties: Fields) -> Schema:
    """A member in the body of a write; null for one who leaves (PUT-4)."""
    constants = written_bag(schema.MEMBER_CONSTANTS, custom={})
    roles = schema_of(schema.MEMBER_ROLES)
    return nullable(closed({"constants": constants, "properties": written_bag(properties), "roles": roles}))


def _servers() -> Schema:
    matchmaking = closed({"constants": free_bag(), "properties": written_bag(schema.MATCHMAKING_SERVER)})
    other = closed({"constants": free_bag(), "properties": free_bag()})
    return {**map_of(nullable(other)), "properties": {"matchmaking": nullable(matchmaking)}}
