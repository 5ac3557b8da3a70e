"""The schemas of what the service answers about sessions: documents, their elements, and templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.model import Failure, InitializationStage
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import GUID
from pytest_xbl.openapi.bodies import BAGS, OBJECT, Fields, by_contracts, free_bag, ref
from pytest_xbl.openapi.json_schema import Schema, closed, map_of, schema_of, table

COUNT: Schema = {"type": "integer", "minimum": 0}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
ID: Schema = {"type": "string", "pattern": f"^{GUID}$"}
DIGITS: Schema = {"type": "string", "pattern": "^[0-9]{1,20}$"}
TIME: Schema = {"type": "string", "format": "date-time"}
ETAG = '^"[0-9a-f]{32}"$'
CONTRACTS = {107: (107,), 105: (104, 105)}
"""The contract versions of a document, by the newest of them."""


def document_schemas() -> dict[str, Schema]:
    """The schemas of documents that have a name; those of 105 are those of 104, too."""
    found: dict[str, Schema] = {}
    for contract, (constants, properties, member_properties) in BAGS.items():
        found |= {
            f"Constants{contract}": bag(constants),
            f"Properties{contract}": bag(properties),
            f"Member{contract}": _member(member_properties),
            f"Session{contract}": _session(contract),
            f"Template{contract}": _template(contract, constants),
        }
    unions = {name: by_contracts(name) for name in ("Session", "Constants", "Properties", "Member", "Template")}
    return {**unions, **found, "Server": _free_server(), "RoleTypes": _role_types()}


def needing(properties: Mapping[str, Schema], *optional: str) -> Schema:
    """An object that has all of these properties, but for the optional ones, and no other."""
    return {**closed(properties), "required": [name for name in properties if name not in optional]}


def bag(fields: Fields) -> Schema:
    """A bag of a document, in which no field is null but one whose shape says so (CALL-10)."""
    return needing({"system": _held(fields), "custom": OBJECT})


def _held(fields: Mapping[str, Field]) -> Schema:
    return closed({name: schema_of(field.shape) for name, field in fields.items()})


def _session(contract: int) -> Schema:
    """A session as a client receives it; `form_of` in `mpsd/document_form` has the same names."""
    member = ref(f"Member{contract}")
    return needing(
        {
            "contractVersion": {"enum": [*CONTRACTS[contract]]},
            "correlationId": ID,
            "searchHandle": ID,
            "branch": ID,
            "changeNumber": COUNT,
            "startTime": TIME,
            "nextTimer": TIME,
            "initializing": _initializing(),
            "hostCandidates": {"type": "array", "items": TEXT},
            "constants": ref(f"Constants{contract}"),
            "properties": ref(f"Properties{contract}"),
            "roleTypes": ref("RoleTypes"),
            "members": map_of(member),
            "membersInfo": needing(dict.fromkeys(("first", "next", "count", "accepted", "active"), COUNT)),
            "servers": {**map_of(ref("Server")), "properties": {"matchmaking": _matchmaking()}},
        },
        *("searchHandle", "nextTimer", "initializing", "hostCandidates", "roleTypes"),
    )


def _initializing() -> Schema:
    stage = {"enum": [*get_args(InitializationStage)]}
    return needing({"stage": stage, "stageStartTime": TIME, "episode": COUNT})


def _member(properties: Fields) -> Schema:
    always = {"next": COUNT, "joinTime": TIME, "constants": _member_constants(), "properties": bag(properties)}
    sometimes: dict[str, Schema] = {
        "turn": {"const": True},
        "reserved": {"const": True},
        "gamertag": TEXT,
        "activeTitleId": DIGITS,
        "deviceToken": TEXT,
        "nat": TEXT,
        "initializationFailure": {"enum": [*get_args(Failure)]},
        "initializationEpisode": COUNT,
        "roles": map_of(TEXT),
    }
    return needing({**always, **sometimes}, *sometimes)


def _member_constants() -> Schema:
    """The constants of a member, whose `custom` may be anything (MEMB-6)."""
    return needing({"system": {**_held(schema.MEMBER_CONSTANTS), "required": ["xuid", "index"]}, "custom": {}})


def _free_server() -> Schema:
    return closed({"constants": free_bag(), "properties": free_bag()})


def _matchmaking() -> Schema:
    """The server `matchmaking`, whose properties the service reads (SERV-3)."""
    properties = closed({"system": _held(schema.MATCHMAKING_SERVER), "custom": OBJECT})
    return closed({"constants": free_bag(), "properties": properties})


def _role_types() -> Schema:
    role = closed({"count": COUNT, "max": COUNT, "target": COUNT, "memberXuids": {"type": "array", "items": DIGITS}})
    settings = {"type": "array", "items": {"enum": ["max", "target"]}}
    return map_of(closed({"ownerManaged": FLAG, "mutableRoleSettings": settings, "roles": map_of(role)}))


def _template(contract: int, constants: Fields) -> Schema:
    """A template: the constants that it sets; a null keeps one unset (TMPL-5)."""
    return needing(
        {
            "contractVersion": {"enum": [*CONTRACTS[contract]]},
            "constants": needing({"system": table(constants), "custom": OBJECT}),
            "roleTypes": ref("RoleTypes"),
        },
        "roleTypes",
    )
