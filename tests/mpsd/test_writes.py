"""Parsing of a write, as far as the body alone decides."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bodies import Body, constants, me, reserve
from errors import refusal_of, told, told_of
from pytest_xbl.mpsd.model import EMPTY_BAG, Bag
from pytest_xbl.mpsd.roles import parse_role_types
from pytest_xbl.mpsd.writes import (
    MemberWrite,
    ServerWrite,
    Write,
    parse_constants,
    parse_properties,
    parse_write,
)
from tables import cases

GUID = "5c1d0000-0000-4000-8000-000000000001"
NO_OBJECTS: tuple[Any, ...] = (None, True, 0, "", "{}", [], [{}])
NOTHING: Any = ({}, {})

Said = tuple[int, str, str, str]


def parse(body: Body, *, contract: int = 107) -> Write:
    """The write that a body asks for."""
    return parse_write(body, contract=contract)


def refused(body: Body, *, contract: int = 107) -> Said:
    """The refusal of a body that is wrong by itself."""
    refusal = refusal_of(lambda: parse(body, contract=contract))
    assert not refusal.shows_session
    return told(refusal)


def at(pointer: str, value: Any) -> Body:
    """A body that holds a value at a place, and nothing else."""
    body = value
    for part in reversed(pointer.split("/")[1:]):
        body = {part.replace("~0", "~"): body}
    return dict(body)


def plain(part: Any) -> Any:
    """A part of a write as values that can be compared."""
    match part:
        case Bag():
            return part.system, part.custom
        case ServerWrite():
            return plain(part.constants), plain(part.properties)
        case MemberWrite():
            return part.at, plain(part.constants), plain(part.properties), part.roles
        case _:
            return part


def plain_servers(write: Write) -> Body:
    """The servers of a write as values that can be compared."""
    assert write.servers is not None
    return {name: plain(server) for name, server in write.servers.items()}


def unknown(name: str, hint: str) -> str:
    """The text of the refusal of an unknown field."""
    return f"The field {json.dumps(name)} is not known here; {hint}"


def known(*names: str) -> str:
    """The hint that names the known fields."""
    return f"known here: {', '.join(names)}."


SEAT = reserve("5500461")["members"]["reserve_0"]


BAGS: Body = {"system": {}, "custom": {}}


@pytest.mark.parametrize("body", [{}, {"constants": BAGS, "properties": BAGS, "members": {}, "roleTypes": {}}])
def test_every_part_of_the_body_may_be_left_out(body: Body) -> None:
    """`{}` is a valid write of no change, and so is every empty part (PUT-1)."""
    expected: tuple[Any, ...] = (NOTHING, NOTHING, None, False, (), {"me": 0}, (), None, {}, False, (), 107, {}, {})
    assert tuple(map(plain, parse(body))) == expected


def test_a_bag_that_is_left_out_is_the_one_empty_bag() -> None:
    """Nothing looks into a bag that the body does not have (PUT-1, PUT-9)."""
    write = parse({"members": {"me": {}}, "servers": {"matchmaking": {}}})
    assert write.me is not None
    assert all(bag is EMPTY_BAG for bag in (write.constants, write.properties, write.me.constants, write.me.properties))


def test_every_part_of_the_body_is_read() -> None:
    """One form serves create, join and update: constants, properties, members, servers, roleTypes (PUT-1)."""
    mine = {
        "constants": {"system": {"xuid": "1000"}, "custom": "any JSON"},
        "properties": {"system": {"active": True}, "custom": {"hat": "red"}},
        "roles": {"team": "leader"},
    }
    theirs = {"constants": {"system": {"xuid": "7"}, "custom": ["any"]}, "roles": {"team": "medic"}}
    write = parse(
        {
            **constants({"map": "dunes"}, version=1),
            "properties": {"system": {"closed": True, "host": None}, "custom": {"round": None, "a/b": [None]}},
            "members": {"me": mine, "reserve_0": theirs, "12": None, "0": None, "5": None},
            "servers": {"game": {"constants": {"system": {"any": 1}}, "properties": {"custom": {"up": True}}}},
            "roleTypes": {"team": {"roles": {"leader": {"max": 1}}}},
        }
    )
    assert plain(write.constants) == ({"version": 1}, {"map": "dunes"})
    assert plain(write.properties) == ({"closed": True, "host": None}, {"round": None, "a/b": [None]})
    own = ({"xuid": "1000"}, "any JSON"), ({"active": True}, {"hat": "red"}), {"team": "leader"}
    assert plain(write.me) == (("members", "me"), *own)
    reserved = (("members", "reserve_0"), ({"xuid": "7"}, ["any"]), NOTHING, {"team": "medic"})
    assert list(map(plain, write.reservations)) == [reserved]
    assert write.removals == (12, 0, 5)
    assert plain_servers(write) == {"game": (({"any": 1}, {}), ({}, {"up": True}))}
    assert write.role_types == {"team": {"roles": {"leader": {"max": 1}}}}
    assert (write.leaves, write.must_exist) == (False, False)


TOP = known("constants", "properties", "members", "servers", "roleTypes")
UNKNOWN: dict[str, tuple[str, Any, str]] = {
    # the place of a field that is not known, with what it holds, and the hint of its refusal
    "unknown": ("/nonsense", None, TOP),
    "the service's": ("/membersInfo", None, 'did you mean "members"?'),
    "of a bag": ("/constants/sytem", {}, 'did you mean "system"?'),
    "of a server's bag": ("/servers/game/properties/sytem", {}, 'did you mean "system"?'),
    "of the matchmaker's bag": ("/servers/matchmaking/properties/sytem", {}, 'did you mean "system"?'),
    "of a system bag": ("/constants/system/visibilty", None, 'did you mean "visibility"?'),
    "of a member": ("/members/me/gamertag", "x", known("constants", "properties", "roles")),
    "of a reservation": ("/members/reserve_0/gamertag", "x", known("constants", "properties", "roles")),
    "of a user of a service": ("/members/me_7/gamertag", "x", known("constants", "properties", "roles")),
    "of members": ("/members/you", {}, known("me", "reserve_0", "me_all", "me_allInSession")),
    "of a server": ("/servers/a~0b/roles", {}, known("constants", "properties")),
}


@cases("where value hint", UNKNOWN)
def test_all_other_members_of_the_body_are_prohibited(where: str, value: Any, hint: str) -> None:
    """A field that the form does not know is 400, whatever it holds (PUT-1, CALL-6, SERV-2)."""
    assert refused(at(where, value)) == (400, where, unknown(where.rpartition("/")[2], hint), "CALL-6")


OBJECTS = """
    /constants /constants/system /constants/custom /properties /properties/system /properties/custom
    /members /members/me /members/me/constants /members/me/constants/system /members/me/properties
    /members/me/properties/system /members/me/properties/custom /members/me/roles
    /members/reserve_0 /members/reserve_0/constants /members/reserve_0/constants/system /members/reserve_0/roles
    /servers /servers/a~0b /servers/game/constants /servers/game/constants/system /servers/game/constants/custom
    /servers/game/properties /servers/matchmaking/properties /servers/matchmaking/properties/custom
    /roleTypes /roleTypes/team /roleTypes/team/roles /roleTypes/team/roles/leader
"""


@pytest.mark.parametrize("where", OBJECTS.split())
def test_where_an_object_belongs_nothing_else_does(where: str) -> None:
    """Another type in the place of an object is 400, and the text names the place; null removes (CALL-6, MEMB-3)."""
    rule = "ROLE-1" if where.startswith("/roleTypes") else "CALL-6"
    values = [value for value in NO_OBJECTS if value is not None or where not in {"/members/me", "/servers/a~0b"}]
    expected = [(400, where, f"Expected an object; got {json.dumps(value)}.", rule) for value in values]
    assert expected == [refused(at(where, value)) for value in values]


DIALECTS = [
    # where a field is, its name, a value, and its contract
    ("/constants/system", "memberInitialization", {}, 107),
    ("/constants/system", "timeouts", {}, 105),
    ("/properties/system", "matchmakingResubmit", True, 107),
    ("/members/me/properties/system", "initializationGroup", [0], 107),
    ("/members/me/properties/system", "group", [0], 105),
]


@pytest.mark.parametrize(("where", "name", "value", "contract"), DIALECTS)
def test_each_contract_has_names_of_its_own(where: str, name: str, value: Any, contract: int) -> None:
    """A field is known under the name that it has in the contract of the request, and under no other (TMPL-7)."""
    parse(at(where, {name: value}), contract=contract)
    for other in (104, 105) if contract == 107 else (107,):
        status, place, _, rule = refused(at(where, {name: value}), contract=other)
        assert (status, place, rule) == (400, f"{where}/{name}", "CALL-6")


@pytest.mark.parametrize("contract", [104, 105, 107])
def test_a_write_knows_its_contract(contract: int) -> None:
    """Refusals use the names of the contract that a write came under, in both forms of it (TMPL-8)."""
    assert parse({}, contract=contract).contract == contract
    assert parse_properties({}, contract=contract).contract == contract


def test_older_names_are_turned_into_those_of_107() -> None:
    """A field of 105 is held by its name of 107, in every kind of bag that differs (TMPL-2, TMPL-8, PUT-6)."""
    matchmaking = {"system": {"matchmaking": {"resubmit": True}}}
    turned = {"matchmaking": None, "matchmakingResubmit": True}
    write = parse({**constants(timeouts={"inactive": 5}), "properties": matchmaking, **me(group=[0])}, contract=105)
    assert (write.constants.system, write.properties.system) == ({"inactiveRemovalTimeout": 5}, turned)
    assert write.me is not None
    assert write.me.properties.system == {"initializationGroup": [0]}
    assert parse_properties(matchmaking, contract=105).properties.system == turned
    read = parse_constants(constants({"a": 1}, timeouts={"ready": 1}), contract=104)
    assert plain(read) == ({"readyRemovalTimeout": 1}, {"a": 1})
    assert parse_constants({}, contract=105) is EMPTY_BAG


def test_custom_data_is_taken_as_it_is() -> None:
    """Integers of 64 bits, deep nulls, odd names and anything nested pass through `custom` unchanged (CALL-9)."""
    custom = {"": 2**64 - 1, "a/b~": -(2**63), "größe": {"deep": [None, {"": None}]}, "gone": None}
    write = parse({"constants": {"custom": custom}, "properties": {"custom": custom}})
    assert (write.constants.custom, write.properties.custom) == (custom, custom)


@pytest.mark.parametrize("custom", [None, 0, "team red", []], ids=json.dumps)
@pytest.mark.parametrize("key", ["me", "reserve_0"])
def test_custom_constants_of_a_member_may_be_any_json(key: str, custom: Any) -> None:
    """The custom constants of a member are any JSON value, even a string (MEMB-6)."""
    write = parse({"members": {key: {"constants": {"system": {"xuid": "7"}, "custom": custom}}}})
    (member,) = write.reservations or (write.me,)
    assert member
    assert plain(member.constants) == ({"xuid": "7"}, custom)


def test_me_says_nothing_or_leaves() -> None:
    """`members.me: {}` speaks of the caller and says nothing of them, null removes them (PUT-3, PUT-4)."""
    says_nothing, leaves = parse({"members": {"me": {}}}), parse({"members": {"me": None}})
    assert (says_nothing.leaves, leaves.leaves, leaves.me) == (False, True, None)
    assert plain(says_nothing.me) == plain(MemberWrite()) == (("members", "me"), NOTHING, NOTHING, {})


def test_reservations_come_in_the_order_of_their_numbers() -> None:
    """New members are appended in the order of their numbers, beyond nine as well (MEMB-3)."""
    seats = reserve(*map(str, range(5000, 5012)))["members"]
    write = parse({"members": {f"reserve_{n}": seats[f"reserve_{n}"] for n in (10, 2, 0, 11, 1, 3, 4, 5, 6, 7, 8, 9)}})
    assert [one.constants.system["xuid"] for one in write.reservations] == [str(5000 + n) for n in range(12)]
    assert [one.at for one in write.reservations] == [("members", f"reserve_{n}") for n in range(12)]


MISSING = "Reservations are numbered from 0 without a gap, whatever the session holds; reserve_{} is missing."


@pytest.mark.parametrize(("numbers", "missing"), [((1,), 0), ((0, 2), 1), ((3, 1, 0), 2), ((5, 4), 0)], ids=str)
def test_reservations_are_numbered_from_0_without_a_gap(numbers: tuple[int, ...], missing: int) -> None:
    """Numbers of reservations start with 0 whatever the session holds; gaps or a wrong start are 400 (MEMB-3)."""
    members = {f"reserve_{n}": SEAT for n in numbers}
    assert refused({"members": members}) == (400, "/members", MISSING.format(missing), "MEMB-3")


FOR_WHOM = "A reservation needs constants.system.xuid, the player it is for."
NOBODY_ELSE = "Only the member may write their properties."
XUID = "/constants/system/xuid"


@cases(
    "value inside what rule",
    {
        "nothing": ({}, XUID, FOR_WHOM, "MEMB-3"),
        "for null": ({"constants": {"system": {"xuid": None}}}, XUID, FOR_WHOM, "MEMB-3"),
        "a number": (at(XUID, 7), XUID, "Expected a string of decimal digits; got 7.", "MEMB-6"),
        "empty properties": ({**SEAT, "properties": {}}, "/properties", NOBODY_ELSE, "MEMB-7"),
    },
)
def test_a_reservation_has_a_xuid_and_no_properties(value: Body, inside: str, what: str, rule: str) -> None:
    """The xuid is required, a string, and nobody writes the properties of others: 400 (MEMB-3, MEMB-6, MEMB-7)."""
    assert refused({"members": {"reserve_0": value}}) == (400, f"/members/reserve_0{inside}", what, rule)


@pytest.mark.parametrize("value", [{}, {"roles": {}, "properties": {}}, [], 0, False, ""], ids=json.dumps)
@pytest.mark.parametrize("key", ["0", "5", "123456789"])
def test_a_member_named_by_index_is_removed_or_given_roles(key: str, value: Any) -> None:
    """A numeric key carries null, or roles alone: 400 otherwise (MEMB-5)."""
    what = "A member named by index can be removed, with null, or be given roles, and nothing else."
    assert refused({"members": {key: value}}) == (400, f"/members/{key}", what, "MEMB-5")


NO_KEYS = ["", "Me", "reserve_", "reserve_-1", "reserve_00", "reserve_x", "reserve_0 ", "reserve_\u0661", "Reserve_0"]
NO_INDICES = ["00", "05", "-1", "+1", "1.0", "0x1", " 1", "1\n", "\u0661", "a/b"]


@pytest.mark.parametrize("key", [*NO_KEYS, *NO_INDICES])
@pytest.mark.parametrize("value", [None, {}], ids=["null", "object"])
def test_other_keys_of_members_are_refused(key: str, value: Any) -> None:
    """Members are named by `me`, `reserve_<n>` or their index; any other key is 400 (MEMB-3, MEMB-5, CALL-6)."""
    status, where, _, rule = refused({"members": {key: value}})
    assert (status, where, rule) == (400, "/members/" + key.replace("/", "~1").replace("\n", "\\n"), "CALL-6")


PLACES: list[tuple[str, dict[str, int]]] = [
    ("reserve_0", {}),
    ("me", {"me": 0}),
    ("0 me reserve_0", {"me": 0}),
    ("reserve_0 0 me", {"me": 1}),
    ("reserve_1 me reserve_0", {"me": 1}),
    ("me_all reserve_0 me reserve_1 me_7", {"me_all": 0, "me": 1, "me_7": 2}),
]


@pytest.mark.parametrize(("keys", "before"), PLACES)
def test_the_caller_comes_where_the_body_names_them(keys: str, before: dict[str, int]) -> None:
    """The caller comes before the reservations unless the body names them after; unnamed, they are first (PUT-13)."""
    assert parse({"members": {key: None if key == "0" else SEAT for key in keys.split()}}).before == before


def test_the_roles_of_a_member_are_read_before_the_rest() -> None:
    """Of two wrong parts of a member, the refusal names the roles (ROLE-2)."""
    part = {"properties": {"system": {"active": 1}}, "roles": {"team": 5}}
    assert refused({"members": {"me": part}}) == (
        400,
        "/members/me/roles/team",
        "Expected a string, or null; got 5.",
        "ROLE-2",
    )


def test_a_role_is_named_by_a_string() -> None:
    """A member's role of a type is named by a string, null gives it up: 400 otherwise, by index, too (ROLE-2)."""
    for member in ("me", "7"):
        expected = (400, f"/members/{member}/roles/a~1b", "Expected a string, or null; got 1.", "ROLE-2")
        assert refused({"members": {member: {"roles": {"a/b": 1}}}}) == expected
    assert parse({"members": {"7": {"roles": {"a": "b", "c": None}}}}).given_roles == {7: {"a": "b", "c": None}}


def test_role_types_are_taken_as_they_are() -> None:
    """Role types hold ownerManaged, mutableRoleSettings and roles, each role a max and a target (ROLE-1, PUT-1)."""
    roles = {"0": {"max": 1, "target": 1}, "1a": {"target": 5}, "b" * 100: {"max": 7}}
    settings = {"ownerManaged": False, "mutableRoleSettings": ["max", "target"], "roles": roles}
    for role_types in ({}, {"team": {}, "a" * 100: settings}):
        assert parse_role_types({"roleTypes": role_types}) == role_types
        assert parse({"roleTypes": role_types}).role_types == role_types
    assert parse_role_types({}) == {}


NO_NAME = "Expected a key that is lower-case, alphanumeric and at most 100 characters; got {}."


@pytest.mark.parametrize("name", ["", "Team", "a" * 101, "a b", "a/b", "größe", "team\n"])
@pytest.mark.parametrize("inside", ["/roleTypes", "/roleTypes/team/roles"])
def test_names_of_role_types_and_roles_are_lower_case_alphanumeric(inside: str, name: str) -> None:
    """Names of role types and roles are lower-case alphanumeric and at most 100 characters: 400 (ROLE-1)."""
    part, got = name.replace("/", "~1").replace("\n", "\\n"), json.dumps(name)
    expected = (400, f"{inside}/{part}", NO_NAME.format(f"{got[:57]}..." if len(got) > 60 else got), "ROLE-1")
    assert refused(at(inside, {name: {}})) == expected


TWO_ROLES = {"medic": {"max": 2, "target": 2}, "leader": {"max": 1, "target": 2}}
ABOVE = "A role's target cannot be above its max."
NO_ROLE_FIELD = 'The field "count" is not known here; known here: max, target.'


@cases(
    "role_type inside what",
    {
        "ownerManaged": ({"ownerManaged": 1}, "ownerManaged", "Expected true or false; got 1."),
        "settings": ({"mutableRoleSettings": [5]}, "mutableRoleSettings/0", 'Expected one of "max", "target"; got 5.'),
        "max": (at("/roles/a/max", 0), "roles/a/max", "Expected an integer of 1 or more; got 0."),
        "target": (at("/roles/a/target", 0), "roles/a/target", "Expected an integer of 1 or more; got 0."),
        "count": (at("/roles/a/count", 1), "roles/a/count", NO_ROLE_FIELD),
        "target above max": ({"roles": TWO_ROLES}, "roles/leader/target", ABOVE),
    },
)
def test_role_types_that_cannot_be_are_refused(role_type: Body, inside: str, what: str) -> None:
    """`max` and `target` are above 0, `target` is at most `max`, and there is nothing else: 400 (ROLE-1)."""
    assert refused({"roleTypes": {"team": role_type}}) == (400, f"/roleTypes/team/{inside}", what, "ROLE-1")


def test_servers_may_have_any_name() -> None:
    """Null removes a server, an empty object adds it, and its bags are kept without being read (SERV-1, SERV-2)."""
    names = ("game", "matchmaking", "", "a/b", "größe", "0", "me", "~", "x" * 100)
    bag: Body = {"system": {"status": 5, "anything": None}, "custom": {"a": [1]}}
    read = (bag["system"], bag["custom"])
    body: Body = {**{name: {} for name in names}, "old": None, "full": {"constants": bag, "properties": bag}}
    held = {**dict.fromkeys(names, (NOTHING, NOTHING)), "old": None, "full": (read, read)}
    assert plain_servers(parse({"servers": body})) == held
    assert plain_servers(parse({"servers": {}})) == {}


@pytest.mark.parametrize("contract", [104, 105, 107])
def test_the_properties_of_the_matchmaking_server_are_read(contract: int) -> None:
    """`properties.system` of the matchmaking server has known fields; its constants are its own (SERV-3, TMPL-8)."""
    bags = {"constants": ({"anything": 1}, {"a": 1}), "properties": ({"status": "found", "lockId": None}, {"id": "t"})}
    server = {name: {"system": system, "custom": custom} for name, (system, custom) in bags.items()}
    read = plain_servers(parse({"servers": {"matchmaking": server}}, contract=contract))
    assert read == {"matchmaking": tuple(bags.values())}
    where = "/servers/matchmaking/properties/system/status"
    what = 'Expected one of "searching", "expired", "found", "failed", "canceled"; got "lost".'
    assert refused(at(where, "lost"), contract=contract) == (400, where, what, "SERV-3")


def test_properties_alone_are_a_write_to_a_session_that_must_exist() -> None:
    """PUT of `properties` takes `{system, custom}`, both optional; pointers begin where it does (PUT-6, CALL-6)."""
    write = parse_properties({"system": {"closed": True}, "custom": {"round": None}}, contract=107)
    assert plain(write.properties) == ({"closed": True}, {"round": None})
    assert write == Write(properties=write.properties, must_exist=True, body_at=("properties",))
    assert plain(parse_properties({}, contract=107).properties) == NOTHING
    expected = (400, "/properties", unknown("properties", known("system", "custom")), "CALL-6")
    assert told_of(lambda: parse_properties({"properties": {}}, contract=107)) == expected
    expected = (400, "/system/turn", "Expected a list; got 0.", "PROP-3")
    assert told_of(lambda: parse_properties({"system": {"turn": 0}}, contract=107)) == expected
