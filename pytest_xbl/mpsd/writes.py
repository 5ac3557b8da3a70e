"""Parsing of a PUT: from its body to a `Write`, checked as far as that is possible without the session.

One form serves to create, to join and to update (PUT-1).
`applying` checks everything that depends on the session or the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from pytest_xbl.mpsd import contracts, contradictions, schema
from pytest_xbl.mpsd.checking import check, check_fields, unknown_field
from pytest_xbl.mpsd.model import EMPTY, EMPTY_BAG, NEWEST_CONTRACT, Bag, Json, JsonObject
from pytest_xbl.mpsd.names import INDEX
from pytest_xbl.mpsd.refusal import Parts, Refusal, bad_body
from pytest_xbl.mpsd.roles import parse_role_types
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Shape, anything, object_

RESERVE = "reserve_(0|[1-9][0-9]{0,5})"

ALL, ALL_IN_SESSION = "me_all", "me_allInSession"
ACTING = f"me_[0-9]{{1,20}}|{ALL}|{ALL_IN_SESSION}"
"""The keys of the members for whom a service acts (S2S-2)."""

ME_FIRST: Mapping[str, int] = MappingProxyType({"me": 0})
"""The order of a body without reservations and users that a service acts for (PUT-13)."""

TOP = ("constants", "properties", "members", "servers", "roleTypes")


class BagKind(NamedTuple):
    """One kind of property bag.

    Args:
        fields: by the names of 107.
        old_fields: by those of 104 and 105.
        turned: translates these to those of 107.
        consistent: refuses what contradicts itself.
    """

    fields: Mapping[str, Field]
    old_fields: Mapping[str, Field]
    turned: Callable[[JsonObject, int], JsonObject] = lambda system, _: system
    consistent: Callable[[JsonObject, Parts], None] = lambda _system, _at: None
    custom: Shape = object_


CONSTANTS = BagKind(
    schema.SESSION_CONSTANTS, schema.OLD_SESSION_CONSTANTS, contracts.constants_from, contradictions.check_constants
)
PROPERTIES = BagKind(
    schema.SESSION_PROPERTIES, schema.OLD_SESSION_PROPERTIES, contracts.properties_from, contradictions.check_properties
)
MEMBER_CONSTANTS = BagKind(schema.MEMBER_CONSTANTS, schema.MEMBER_CONSTANTS, custom=anything)
MEMBER_PROPERTIES = BagKind(
    schema.MEMBER_PROPERTIES,
    schema.OLD_MEMBER_PROPERTIES,
    contracts.member_properties_from,
    contradictions.check_member,
)
MATCHMAKING_SERVER = BagKind(schema.MATCHMAKING_SERVER, schema.MATCHMAKING_SERVER)


class MemberWrite(NamedTuple):
    """The part of a write about one member: the caller under `me`, or a reservation."""

    at: Parts = ("members", "me")
    constants: Bag = EMPTY_BAG
    properties: Bag = EMPTY_BAG
    roles: Mapping[str, str | None] = {}


class ServerWrite(NamedTuple):
    """The part of a write about one server."""

    constants: Bag
    properties: Bag


class Write(NamedTuple):
    """A checked request to change a session; a None inside a bag removes a field (PUT-5).

    Args:
        me: the part about the caller; None if there is none.
        leaves: `members.me` was null (PUT-4).
        reservations: in the order of their numbers (MEMB-3).
        before: the number of reservations before each key of the users whose call it is, in the order of the body; a
            user whom it does not name comes first (PUT-13).
        removals: the indices of members to remove (MEMB-5).
        servers: by name; None removes one (SERV-1). None as a whole if the body has no servers.
        must_exist: the URI named an element, so a missing session is 404 and not created (PUT-6).
        body_at: the path of the element that the body is; () for the whole session.
        contract: of the request, whose names a refusal uses.
        acting: the parts about users that a service acts for, by key; None removes them (S2S-2).
        given_roles: the roles of members that the body names by index (ROLE-4).
    """

    constants: Bag = EMPTY_BAG
    properties: Bag = EMPTY_BAG
    me: MemberWrite | None = None
    leaves: bool = False
    reservations: tuple[MemberWrite, ...] = ()
    before: Mapping[str, int] = ME_FIRST
    removals: tuple[int, ...] = ()
    servers: Mapping[str, ServerWrite | None] | None = None
    role_types: Mapping[str, Json] = {}
    must_exist: bool = False
    body_at: Parts = ()
    contract: int = NEWEST_CONTRACT
    acting: Mapping[str, MemberWrite | None] = {}
    given_roles: Mapping[int, Mapping[str, str | None]] = {}


def parse_write(body: JsonObject, *, contract: int) -> Write:
    """Read the body of PUT of a session.

    Args:
        body: a JSON object.
        contract: the contract version of the request.

    Raises:
        Refusal: 400 for a body that is wrong whatever the session is (CALL-6); 501 for a feature that is not built yet.
    """
    _only(body, TOP, ())
    members = _object(body, "members", ())
    others = [key for key in members if key != "me"]
    _check_member_keys(others, members)
    return Write(
        constants=parse_constants(body, contract=contract),
        properties=_bag(body, "properties", (), PROPERTIES, contract),
        me=_member(members["me"], ("members", "me"), contract) if members.get("me") is not None else None,
        leaves="me" in members and members["me"] is None,
        acting=_acting(members, contract) if others else EMPTY,
        before=_reservations_before(members) if others else ME_FIRST,
        reservations=_reservations(members, contract) if others else (),
        removals=_removals(members) if others else (),
        given_roles=_given_roles(members) if others else {},
        servers=_servers(body) if "servers" in body else None,
        role_types=parse_role_types(body) if "roleTypes" in body else EMPTY,
        contract=contract,
    )


def parse_properties(body: JsonObject, *, contract: int) -> Write:
    """Read the body of PUT of a session's `properties` (PUT-6).

    Raises:
        Refusal: 400 for a body that is wrong whatever the session is (CALL-6).
    """
    return Write(
        properties=_read_bag(body, (), PROPERTIES, contract),
        must_exist=True,
        body_at=("properties",),
        contract=contract,
    )


def parse_constants(body: JsonObject, *, contract: int) -> Bag:
    """Read `constants` of a session or a template.

    Raises:
        Refusal: 400 (CALL-6, CONST).
    """
    return _bag(body, "constants", (), CONSTANTS, contract)


def _only(value: JsonObject, known: Sequence[str], at: Parts) -> None:
    for name in value:
        if name not in known:
            raise unknown_field(name, known, at)


def _object(parent: JsonObject, name: str, at: Parts) -> JsonObject:
    if name not in parent:
        return {}
    value: JsonObject = parent[name]
    check(object_, value, (*at, name), "CALL-6")
    return value


def _bag(parent: JsonObject, name: str, at: Parts, kind: BagKind, contract: int) -> Bag:
    return _read_bag(_object(parent, name, at), (*at, name), kind, contract) if name in parent else EMPTY_BAG


def _read_bag(bag: JsonObject, at: Parts, kind: BagKind, contract: int) -> Bag:
    _only(bag, ("system", "custom"), at)
    system, custom = EMPTY, EMPTY
    if "system" in bag:
        system = _object(bag, "system", at)
        check_fields(kind.old_fields if contracts.is_old(contract) else kind.fields, system, (*at, "system"))
        system = kind.turned(system, contract)
        _require_consistent(kind, system, (*at, "system"), contract)
    if "custom" in bag:
        custom = bag["custom"]
        check(kind.custom, custom, (*at, "custom"), "CALL-6")
    return Bag(system, custom)


def _require_consistent(kind: BagKind, system: JsonObject, at: Parts, contract: int) -> None:
    try:
        kind.consistent(system, at)
    except Refusal as refusal:
        raise refusal.under(contract).always() from None


def _check_member_keys(others: Sequence[str], members: JsonObject) -> None:
    for key in others:
        if INDEX.fullmatch(key):
            if members[key] is not None and (type(members[key]) is not dict or members[key].keys() != {"roles"}):
                what = "A member named by index can be removed, with null, or be given roles, and nothing else."
                raise bad_body(what, where=("members", key), rule="MEMB-5")
        elif not re.fullmatch(f"{RESERVE}|{ACTING}", key):
            raise unknown_field(key, ("me", "reserve_0", ALL, ALL_IN_SESSION), ("members",))


def _member(value: Json, at: Parts, contract: int) -> MemberWrite:
    check(object_, value, at, "CALL-6")
    _only(value, ("constants", "properties", "roles"), at)
    roles = _roles(value, at) if "roles" in value else EMPTY
    return MemberWrite(
        at=at,
        constants=_bag(value, "constants", at, MEMBER_CONSTANTS, contract),
        properties=_bag(value, "properties", at, MEMBER_PROPERTIES, contract),
        roles=roles,
    )


def _roles(value: JsonObject, at: Parts) -> JsonObject:
    roles = _object(value, "roles", at)
    check(schema.MEMBER_ROLES, roles, (*at, "roles"), "ROLE-2")
    return roles


def _acting(members: JsonObject, contract: int) -> dict[str, MemberWrite | None]:
    return {
        key: None if value is None else _member(value, ("members", key), contract)
        for key, value in members.items()
        if re.fullmatch(ACTING, key)
    }


def _reservations_before(keys: Iterable[str]) -> dict[str, int]:
    """The number of reservations before each other key that is not an index."""
    before: dict[str, int] = {}
    reservations = 0
    for key in keys:
        if key.startswith("reserve_"):
            reservations += 1
        elif not INDEX.fullmatch(key):
            before[key] = reservations
    return before


def _reservations(members: JsonObject, contract: int) -> tuple[MemberWrite, ...]:
    numbers = sorted(int(key.removeprefix("reserve_")) for key in members if key.startswith("reserve_"))
    if numbers != list(range(len(numbers))):
        missing = next(n for n, number in enumerate(numbers) if n != number)
        what = (
            f"Reservations are numbered from 0 without a gap, whatever the session holds; reserve_{missing} is missing."
        )
        raise bad_body(what, where=("members",), rule="MEMB-3")
    return tuple(_reservation(members[f"reserve_{n}"], ("members", f"reserve_{n}"), contract) for n in numbers)


def _reservation(value: Json, at: Parts, contract: int) -> MemberWrite:
    member = _member(value, at, contract)
    if "properties" in value:
        what = "Only the member may write their properties."
        raise bad_body(what, where=(*at, "properties"), rule="MEMB-7")
    if member.constants.system.get("xuid") is None:
        what = "A reservation needs constants.system.xuid, the player it is for."
        raise bad_body(what, where=(*at, "constants", "system", "xuid"), rule="MEMB-3")
    return member


def _removals(members: JsonObject) -> tuple[int, ...]:
    return tuple(int(key) for key, value in members.items() if value is None and INDEX.fullmatch(key))


def _given_roles(members: JsonObject) -> Mapping[int, Mapping[str, str | None]]:
    by_index = ((key, value) for key, value in members.items() if value is not None and INDEX.fullmatch(key))
    return {int(key): _roles(value, ("members", key)) for key, value in by_index}


def _servers(body: JsonObject) -> dict[str, ServerWrite | None]:
    servers = _object(body, "servers", ())
    return {name: None if value is None else _server(name, value, ("servers", name)) for name, value in servers.items()}


def _server(name: str, value: Json, at: Parts) -> ServerWrite:
    check(object_, value, at, "CALL-6")
    _only(value, ("constants", "properties"), at)
    return ServerWrite(
        constants=_server_bag(value, "constants", at),
        properties=_bag(value, "properties", at, MATCHMAKING_SERVER, 107)
        if name == "matchmaking"
        else _server_bag(value, "properties", at),
    )


def _server_bag(parent: JsonObject, name: str, at: Parts) -> Bag:
    """A bag of a server that is not the matchmaker's: the service keeps its `system` without reading it."""
    bag = _object(parent, name, at)
    _only(bag, ("system", "custom"), (*at, name))
    return Bag(_object(bag, "system", (*at, name)), _object(bag, "custom", (*at, name)))
