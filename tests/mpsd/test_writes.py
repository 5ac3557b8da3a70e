"""What the body of a write says, as far as the body alone can tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.model import EMPTY_BAG, Bag
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.writes import (
    MemberWrite,
    ServerWrite,
    Write,
    parse_constants,
    parse_properties,
    parse_role_types,
    parse_write,
)

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

KNOWN_AT_TOP = "constants, properties, members, servers, roleTypes."
GUID = "5c1d0000-0000-4000-8000-000000000001"
NO_OBJECTS: tuple[Any, ...] = (None, True, 0, "", "{}", [], [{}])

Refused = tuple[int, str, str, str]


def parse(body: dict[str, Any], *, contract: int = 107) -> Write:
    """The write that a body asks for."""
    return parse_write(body, contract=contract)


def refused(body: dict[str, Any], *, contract: int = 107) -> Refused:
    """What is wrong with a body by itself: status, place, rule, text."""
    with pytest.raises(Refusal) as refusal:
        parse_write(body, contract=contract)
    assert not refusal.value.shows_session
    return refusal.value.status, refusal.value.where, refusal.value.rule, refusal.value.what


def at(pointer: str, value: Any) -> dict[str, Any]:
    """A body that holds a value at a place, and nothing else."""
    body = value
    for part in reversed(pointer.split("/")[1:]):
        body = {part.replace("~0", "~"): body}
    return dict(body)


def plain(bag: Bag) -> tuple[Any, Any]:
    """A bag as values that can be compared."""
    return bag.system, bag.custom


def plain_member(member: MemberWrite | None) -> tuple[Any, ...]:
    """A member's part of a write as values that can be compared."""
    assert member is not None
    return member.at, plain(member.constants), plain(member.properties), member.roles


def plain_servers(write: Write) -> dict[str, Any]:
    """The servers of a write as values that can be compared."""
    assert write.servers is not None
    return {
        name: (plain(server.constants), plain(server.properties)) if server else None
        for name, server in write.servers.items()
    }


def reservation(xuid: str = "5500461", **parts: Any) -> dict[str, Any]:
    """A reservation for somebody."""
    return {"constants": {"system": {"xuid": xuid}, **parts}}


# --- the form of the body


def test_an_empty_body_asks_for_nothing() -> None:
    """`{}` is a valid write of no change (PUT-1)."""
    write = parse({})
    assert (plain(write.constants), plain(write.properties)) == (({}, {}), ({}, {}))
    assert (write.me, write.leaves, write.before_me, write.reservations, write.removals) == (None, False, 0, (), ())
    assert (write.servers, write.role_types, write.must_exist, write.body_at) == (None, {}, False, ())


def test_what_a_body_does_not_mention_is_told_at_a_glance() -> None:
    """Bags that are left out are the one empty bag, so nothing looks into them (PUT-1, PUT-9)."""
    write = parse({"members": {"me": {}}, "servers": {"matchmaking": {}}})
    assert write.me is not None
    assert all(bag is EMPTY_BAG for bag in (write.constants, write.properties, write.me.constants, write.me.properties))


def test_a_caller_who_is_not_mentioned_is_spoken_of_as_me() -> None:
    """A caller whom the body does not name is still the one under `members.me` (PUT-3)."""
    assert plain_member(MemberWrite()) == (("members", "me"), ({}, {}), ({}, {}), {})


@pytest.mark.parametrize("contract", [104, 105, 107])
def test_a_write_knows_its_contract(contract: int) -> None:
    """Refusals use the names of the contract that a write came under, in both forms of it (TMPL-8)."""
    assert parse({}, contract=contract).contract == contract
    assert parse_properties({}, contract=contract).contract == contract


@pytest.mark.parametrize(
    "body",
    [
        {"constants": {}},
        {"constants": {"system": {}, "custom": {}}},
        {"properties": {}},
        {"properties": {"custom": {}}},
        {"members": {}},
        {"roleTypes": {}},
        {"constants": {}, "properties": {"system": {}}, "members": {}, "roleTypes": {}},
    ],
    ids=json.dumps,
)
def test_every_part_of_the_body_may_be_left_out(body: dict[str, Any]) -> None:
    """Every member of the body is optional, and every part of one (PUT-1)."""
    write = parse(body)
    assert (plain(write.constants), plain(write.properties)) == (({}, {}), ({}, {}))
    assert (write.me, write.reservations, write.removals, write.servers, write.role_types) == (None, (), (), None, {})


def test_every_part_of_the_body_is_read() -> None:
    """One form serves create, join and update: constants, properties, members, servers, roleTypes (PUT-1)."""
    write = parse(
        {
            "constants": {"system": {"version": 1}, "custom": {"map": "dunes"}},
            "properties": {"system": {"closed": True, "host": None}, "custom": {"round": None, "a/b": [None]}},
            "members": {
                "me": {
                    "constants": {"system": {"xuid": "1000"}, "custom": "any JSON"},
                    "properties": {"system": {"active": True}, "custom": {"hat": "red"}},
                    "roles": {"team": "leader"},
                },
                "reserve_0": {**reservation(custom=["any", "JSON"]), "roles": {"team": "medic"}},
                "5": None,
                "12": None,
            },
            "servers": {"game": {"constants": {"system": {"any": 1}}, "properties": {"custom": {"up": True}}}},
            "roleTypes": {"team": {"roles": {"leader": {"max": 1}}}},
        }
    )
    assert plain(write.constants) == ({"version": 1}, {"map": "dunes"})
    assert plain(write.properties) == ({"closed": True, "host": None}, {"round": None, "a/b": [None]})
    assert plain_member(write.me) == (
        ("members", "me"),
        ({"xuid": "1000"}, "any JSON"),
        ({"active": True}, {"hat": "red"}),
        {"team": "leader"},
    )
    assert [plain_member(one) for one in write.reservations] == [
        (("members", "reserve_0"), ({"xuid": "5500461"}, ["any", "JSON"]), ({}, {}), {"team": "medic"})
    ]
    assert write.removals == (5, 12)
    assert plain_servers(write) == {"game": (({"any": 1}, {}), ({}, {"up": True}))}
    assert write.role_types == {"team": {"roles": {"leader": {"max": 1}}}}
    assert (write.leaves, write.must_exist) == (False, False)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        pytest.param("nonsense", f'The field "nonsense" is not known here; known here: {KNOWN_AT_TOP}', id="unknown"),
        pytest.param("propertys", 'The field "propertys" is not known here; did you mean "properties"?', id="misspelt"),
        pytest.param(
            "Properties", 'The field "Properties" is not known here; did you mean "properties"?', id="wrong case"
        ),
        pytest.param("", f'The field "" is not known here; known here: {KNOWN_AT_TOP}', id="empty"),
        pytest.param(
            "membersInfo", 'The field "membersInfo" is not known here; did you mean "members"?', id="service's"
        ),
    ],
)
def test_all_other_members_of_the_body_are_prohibited(name: str, what: str) -> None:
    """A member of the body that the form does not know is 400, whatever it holds (PUT-1, CALL-6)."""
    assert refused({"properties": {}, name: None}) == (400, f"/{name}", "CALL-6", what)


@pytest.mark.parametrize("name", ["searchHandleVisibility", "description"])
def test_fields_of_browse_sessions_are_not_built(name: str) -> None:
    """The form knows the fields of browse sessions, and the fake does not act on them (PUT-1, SRCH-1, CODE-501)."""
    what = f"The field {name} of a browse session: the fake does not do this yet, so it refuses the request."
    assert refused({name: "x"}) == (501, f"/{name}", "SRCH-1", what)


OBJECTS = (
    "/constants",
    "/constants/system",
    "/constants/custom",
    "/properties",
    "/properties/system",
    "/properties/custom",
    "/members",
    "/members/me",
    "/members/me/constants",
    "/members/me/constants/system",
    "/members/me/properties",
    "/members/me/properties/system",
    "/members/me/properties/custom",
    "/members/me/roles",
    "/members/reserve_0",
    "/members/reserve_0/constants",
    "/members/reserve_0/constants/system",
    "/members/reserve_0/roles",
    "/servers",
    "/servers/a~0b",
    "/servers/game/constants",
    "/servers/game/constants/system",
    "/servers/game/constants/custom",
    "/servers/game/properties",
    "/servers/game/properties/system",
    "/servers/game/properties/custom",
    "/servers/matchmaking/properties",
    "/servers/matchmaking/properties/custom",
    "/roleTypes",
    "/roleTypes/team",
    "/roleTypes/team/roles",
    "/roleTypes/team/roles/leader",
)
MAY_BE_NULL = {"/members/me", "/servers/a~0b"}


@pytest.mark.parametrize("where", OBJECTS)
def test_where_an_object_belongs_nothing_else_does(where: str) -> None:
    """Another type in the place of an object is 400, and the text names the place (CALL-6)."""
    rule = "ROLE-1" if where.startswith("/roleTypes") else "CALL-6"
    values = [value for value in NO_OBJECTS if value is not None or where not in MAY_BE_NULL]
    expected = [(400, where, rule, f"Expected an object; got {json.dumps(value)}.") for value in values]
    assert expected == [refused(at(where, value)) for value in values]


BAGS = (
    "/constants",
    "/properties",
    "/members/me/constants",
    "/members/me/properties",
    "/members/reserve_0/constants",
    "/servers/game/constants",
    "/servers/game/properties",
    "/servers/matchmaking/properties",
)


@pytest.mark.parametrize("where", BAGS)
def test_a_bag_holds_system_and_custom_only(where: str) -> None:
    """A property bag has the parts `system` and `custom`; anything else is 400 (CALL-6)."""
    what = 'The field "sytem" is not known here; did you mean "system"?'
    assert refused(at(where, {"system": {}, "sytem": {}})) == (400, f"{where}/sytem", "CALL-6", what)


@pytest.mark.parametrize("where", ["/members/me", "/members/reserve_0"])
def test_a_member_holds_constants_properties_and_roles_only(where: str) -> None:
    """A member has the parts `constants`, `properties` and `roles`; anything else is 400 (CALL-6)."""
    what = 'The field "gamertag" is not known here; known here: constants, properties, roles.'
    assert refused(at(where, {"gamertag": "x"})) == (400, f"{where}/gamertag", "CALL-6", what)


@pytest.mark.parametrize(
    ("where", "contract", "near"),
    [
        pytest.param("/constants/system", 107, "visibility", id="constants"),
        pytest.param("/constants/system", 105, "visibility", id="constants of 105"),
        pytest.param("/properties/system", 107, None, id="properties"),
        pytest.param("/members/me/constants/system", 107, None, id="member constants"),
        pytest.param("/members/reserve_0/constants/system", 107, None, id="reservation"),
        pytest.param("/members/me/properties/system", 107, None, id="member properties"),
    ],
)
def test_a_system_bag_holds_known_fields_only(where: str, contract: int, near: str | None) -> None:
    """A field of `system` that the schema does not know is 400 (CALL-6)."""
    status, place, rule, what = refused(at(where, {"visibilty": None}), contract=contract)
    assert (status, place, rule) == (400, f"{where}/visibilty", "CALL-6")
    hint = f'did you mean "{near}"?' if near else "known here: "
    assert what.startswith(f'The field "visibilty" is not known here; {hint}')


DIALECTS = [
    ("/constants/system", "inactiveRemovalTimeout", 5, 107),
    ("/constants/system", "memberInitialization", {}, 107),
    ("/constants/system", "timeouts", {}, 105),
    ("/constants/system", "managedInitialization", {}, 105),
    ("/properties/system", "matchmakingResubmit", True, 107),
    ("/members/me/properties/system", "initializationGroup", [0], 107),
    ("/members/me/properties/system", "group", [0], 105),
]


@pytest.mark.parametrize(("where", "name", "value", "contract"), DIALECTS, ids=[row[1] for row in DIALECTS])
def test_each_contract_has_names_of_its_own(where: str, name: str, value: Any, contract: int) -> None:
    """A field is known under the name that it has in the contract of the request, and under no other (TMPL-7)."""
    others = (104, 105) if contract == 107 else (107,)
    parse(at(where, {name: value}), contract=contract)
    for other in others:
        assert refused(at(where, {name: value}), contract=other)[:3] == (400, f"{where}/{name}", "CALL-6")


def test_older_names_are_turned_into_those_of_107() -> None:
    """What is written under 105 is held by the names of 107, in every kind of bag that differs (TMPL-8)."""
    write = parse(
        {
            "constants": {"system": {"timeouts": {"inactive": 5}}},
            "properties": {"system": {"matchmaking": {"resubmit": True}}},
            "members": {"me": {"properties": {"system": {"group": [0]}}}},
        },
        contract=105,
    )
    assert write.constants.system == {"inactiveRemovalTimeout": 5}
    assert write.properties.system == {"matchmaking": None, "matchmakingResubmit": True}
    assert write.me is not None
    assert write.me.properties.system == {"initializationGroup": [0]}


def test_custom_data_is_taken_as_it_is() -> None:
    """Integers of 64 bits, deep nulls, odd names and anything nested pass through `custom` unchanged (CALL-9)."""
    custom = {"": 2**64 - 1, "a/b~": -(2**63), "größe": {"deep": [None, {"": None}]}, "gone": None}
    body = {"constants": {"custom": custom}, "properties": {"custom": custom}}
    write = parse(body)
    assert (write.constants.custom, write.properties.custom) == (custom, custom)


@pytest.mark.parametrize("custom", [None, True, 0, 1.5, "", "team red", [], [1], {}, {"a": 1}], ids=json.dumps)
@pytest.mark.parametrize("key", ["me", "reserve_0"])
def test_custom_constants_of_a_member_may_be_any_json(key: str, custom: Any) -> None:
    """The custom constants of a member are any JSON value, even a string (MEMB-6)."""
    write = parse({"members": {key: reservation(custom=custom)}})
    member = write.me if key == "me" else write.reservations[0]
    assert member is not None
    assert plain(member.constants) == ({"xuid": "5500461"}, custom)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            {"properties": {"system": {"turn": [0, "1"]}}},
            'Expected an integer of 0 or more; got "1".\nwhere: /properties/system/turn/1\nrule: PROP-3\n',
            id="a wrong type",
        ),
        pytest.param(
            {"properties": []},
            "Expected an object; got [].\nwhere: /properties\nrule: CALL-6\n",
            id="no object",
        ),
        pytest.param(
            {"member": {}},
            'The field "member" is not known here; did you mean "members"?\nwhere: /member\nrule: CALL-6\n',
            id="an unknown member",
        ),
        pytest.param(
            {"description": "x"},
            "The field description of a browse session: the fake does not do this yet, so it refuses the request.\n"
            "where: /description\nrule: SRCH-1\n",
            id="not built",
        ),
    ],
)
def test_a_refusal_says_what_where_and_by_which_rule(body: dict[str, Any], expected: str) -> None:
    """The text of a refusal has one line for what is wrong, one for the JSON path, one for the rule (CALL-6)."""
    with pytest.raises(Refusal) as refusal:
        parse_write(body, contract=107)
    assert (refusal.value.text, str(refusal.value)) == (expected, expected.rstrip("\n"))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"\ud800": 1}, id="a member of the body"),
        pytest.param({"properties": {"system": {"\ud800": 1}}}, id="a field"),
        pytest.param({"properties": {"system": {"matchmaking": {"\ud800": 1}}}}, id="inside a field"),
        pytest.param({"properties": {"system": {"keywords": ["\ud800,"]}}}, id="a value"),
        pytest.param({"members": {"\ud800": None}}, id="a member"),
        pytest.param({"servers": {"\ud800": 1}}, id="a server"),
        pytest.param({"roleTypes": {"\ud800": {}}}, id="a role type"),
    ],
)
def test_a_refusal_can_be_sent_whatever_it_names(body: dict[str, Any]) -> None:
    r"""JSON may name half a character, `"\ud800"`; a text that names it is still UTF-8 (CALL-6)."""
    with pytest.raises(Refusal) as refusal:
        parse_write(body, contract=107)
    assert refusal.value.text.encode()


@pytest.mark.parametrize("key", ["a\nrule: PUT-1", "a\r\nb", "a\x1b[31mb", "a\u2028b", "a\tb"], ids=repr)
def test_a_refusal_is_three_lines_whatever_it_names(key: str) -> None:
    """What cannot be printed is escaped, so that nobody's names look like lines of the refusal (CALL-6)."""
    with pytest.raises(Refusal) as refusal:
        parse_write({key: 1}, contract=107)
    lines = refusal.value.text.splitlines()
    assert [line.isprintable() for line in lines] == [True, True, True]
    assert lines[1:] == [f"where: /{key.encode('unicode_escape').decode()}", "rule: CALL-6"]


def test_a_refusal_stays_short() -> None:
    """A long name is cut in text and pointer (CALL-6)."""
    with pytest.raises(Refusal) as refusal:
        parse_write({"x" * 1000: 1}, contract=107)
    assert refusal.value.where == "/" + "x" * 296 + "..."
    with pytest.raises(Refusal) as refusal:
        parse_write({"x" * 299: 1}, contract=107)
    assert refusal.value.where == "/" + "x" * 299


# --- members: me, reservations, removals


def test_me_may_say_nothing() -> None:
    """`members.me: {}` speaks of the caller and says nothing of them (PUT-3)."""
    write = parse({"members": {"me": {}}})
    assert plain_member(write.me) == (("members", "me"), ({}, {}), ({}, {}), {})
    assert not write.leaves


def test_me_null_asks_to_leave() -> None:
    """`members.me: null` removes the caller (PUT-4)."""
    write = parse({"members": {"me": None}})
    assert (write.me, write.leaves) == (None, True)


def test_reservations_come_in_the_order_of_their_numbers() -> None:
    """New members are appended in the order of their numbers, beyond nine as well (MEMB-3)."""
    xuids = [str(5000 + n) for n in range(12)]
    members = {f"reserve_{n}": reservation(xuids[n]) for n in (10, 2, 0, 11, 1, 3, 4, 5, 6, 7, 8, 9)}
    write = parse({"members": members})
    assert [one.constants.system["xuid"] for one in write.reservations] == xuids
    assert [one.at for one in write.reservations] == [("members", f"reserve_{n}") for n in range(12)]


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        pytest.param((1,), 0, id="a wrong start"),
        pytest.param((0, 2), 1, id="a gap"),
        pytest.param((3, 1, 0), 2, id="a gap in disorder"),
        pytest.param((5, 4), 0, id="both"),
    ],
)
def test_reservations_are_numbered_from_0_without_a_gap(numbers: tuple[int, ...], missing: int) -> None:
    """Numbers of reservations start with 0 whatever the session holds; gaps or a wrong start are 400 (MEMB-3)."""
    what = f"Reservations are numbered from 0 without a gap, whatever the session holds; reserve_{missing} is missing."
    members = {f"reserve_{n}": reservation() for n in numbers}
    assert refused({"members": members}) == (400, "/members", "MEMB-3", what)


@pytest.mark.parametrize(
    "value",
    [{}, {"constants": {}}, {"constants": {"system": {}}}, {"constants": {"system": {"xuid": None}}}],
    ids=json.dumps,
)
def test_a_reservation_says_for_whom_it_is(value: dict[str, Any]) -> None:
    """The xuid of a reservation is required: 400 (MEMB-3)."""
    what = "A reservation says for whom it is: constants.system.xuid is required."
    where = "/members/reserve_0/constants/system/xuid"
    assert refused({"members": {"reserve_0": value}}) == (400, where, "MEMB-3", what)


def test_the_xuid_of_a_reservation_is_a_string() -> None:
    """An xuid is a string of decimal digits, not a number: 400 (MEMB-6, CALL-10)."""
    where = "/members/reserve_0/constants/system/xuid"
    body = {"members": {"reserve_0": {"constants": {"system": {"xuid": 5500461}}}}}
    assert refused(body) == (400, where, "MEMB-6", "Expected a string of decimal digits; got 5500461.")


def test_a_reservation_is_never_null() -> None:
    """A reservation is added and not removed: null in its place is 400 (MEMB-3, CALL-6)."""
    body = {"members": {"reserve_0": None}}
    assert refused(body) == (400, "/members/reserve_0", "CALL-6", "Expected an object; got null.")


@pytest.mark.parametrize("properties", [{}, {"system": {}}, {"custom": {"hat": "red"}}], ids=json.dumps)
def test_nobody_writes_the_properties_of_others(properties: dict[str, Any]) -> None:
    """A reservation carries no member properties, not even empty ones: 400 (MEMB-7)."""
    body = {"members": {"reserve_0": {**reservation(), "properties": properties}}}
    what = "The properties of a member are written by nobody else."
    assert refused(body) == (400, "/members/reserve_0/properties", "MEMB-7", what)


@pytest.mark.parametrize("value", [{}, {"properties": {}}, [], 0, False, ""], ids=json.dumps)
@pytest.mark.parametrize("key", ["0", "5", "123456789"])
def test_a_member_named_by_index_can_only_be_removed(key: str, value: Any) -> None:
    """A numeric key may only carry null: 400 (MEMB-5)."""
    what = "A member named by index can only be removed, with null."
    assert refused({"members": {key: value}}) == (400, f"/members/{key}", "MEMB-5", what)


def test_indices_to_remove_come_in_the_order_of_the_body() -> None:
    """Members are removed by null under their index (MEMB-5)."""
    assert parse({"members": {"12": None, "0": None, "me": {}, "5": None}}).removals == (12, 0, 5)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "Me",
        "you",
        "reserve",
        "reserve_",
        "reserve_-1",
        "reserve_00",
        "reserve_01",
        "reserve_x",
        "reserve_0 ",
        "reserve_\u0661",
        "Reserve_0",
        "00",
        "05",
        "-1",
        "+1",
        "1.0",
        "0x1",
        " 1",
        "1\n",
        "\u0661",
        "a/b",
    ],
)
@pytest.mark.parametrize("value", [None, {}], ids=["null", "object"])
def test_other_keys_of_members_are_refused(key: str, value: Any) -> None:
    """Members are named by `me`, `reserve_<n>` or their index; any other key is 400 (MEMB-3, MEMB-5, CALL-6)."""
    where = "/members/" + key.replace("/", "~1").replace("\n", "\\n")
    assert refused({"members": {key: value}})[:3] == (400, where, "CALL-6")


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("you", 'The field "you" is not known here; known here: me, reserve_0.'),
        ("reserve_01", 'The field "reserve_01" is not known here; did you mean "reserve_0"?'),
    ],
)
def test_the_text_names_the_keys_that_members_have(key: str, what: str) -> None:
    """A refused key of `members` is told which there are, or which was meant (CALL-6)."""
    assert refused({"members": {key: {}}}) == (400, f"/members/{key}", "CALL-6", what)


def test_an_index_may_have_any_length(stage: Stage) -> None:
    """An index that no member ever had is unknown to the session, however long it is: 409 (MEMB-5)."""
    stage.join("Ann")
    stage.caller("service", server=True)
    body = {"members": {"1000000000": None}}
    assert stage.refused("service", body) == (409, "/members/1000000000", "MEMB-5")


@pytest.mark.parametrize(
    ("keys", "before"),
    [
        ((), 0),
        (("me",), 0),
        (("reserve_0",), 0),
        (("me", "reserve_0"), 0),
        (("0", "me", "reserve_0"), 0),
        (("reserve_0", "me"), 1),
        (("reserve_0", "0", "me"), 1),
        (("reserve_1", "me", "reserve_0"), 1),
    ],
    ids=lambda value: "-".join(value) or "nobody" if isinstance(value, tuple) else str(value),
)
def test_the_caller_comes_where_the_body_names_them(keys: tuple[str, ...], before: int) -> None:
    """The caller comes before the reservations unless the body names them after; unnamed, they are first (PUT-13)."""
    members = {key: None if key.isdigit() else reservation() for key in keys}
    assert parse({"members": members}).before_me == before


@pytest.mark.parametrize(("role", "got"), [(None, "null"), (5, "5"), ({}, "{}"), (["leader"], '["leader"]')], ids=str)
def test_a_role_is_named_by_a_string(role: Any, got: str) -> None:
    """A member's role of a type is named by a string: 400 otherwise (ROLE-2)."""
    where = "/members/me/roles/a~1b"
    expected = (400, where, "ROLE-2", f"Expected a string; got {got}.")
    assert refused({"members": {"me": {"roles": {"a/b": role}}}}) == expected


# --- role types


@pytest.mark.parametrize(
    "role_types",
    [
        {},
        {"team": {}},
        {"team": {"roles": {}}},
        {"team": {"ownerManaged": False, "mutableRoleSettings": ["max", "target"], "roles": {"leader": {}}}},
        {"a" * 100: {"roles": {"0": {"max": 1, "target": 1}, "b" * 100: {"target": 5}, "1a": {"max": 7}}}},
    ],
    ids=["none", "empty", "no roles", "settings", "longest names"],
)
def test_role_types_are_taken_as_they_are(role_types: dict[str, Any]) -> None:
    """Role types hold ownerManaged, mutableRoleSettings and roles, each role a max and a target (ROLE-1)."""
    assert parse_role_types({"roleTypes": role_types}) == role_types
    assert parse({"roleTypes": role_types}).role_types == role_types


def test_role_types_may_be_left_out() -> None:
    """A body without role types has none (ROLE-1, PUT-1)."""
    assert parse_role_types({}) == {}


BAD_NAMES = ("", "Team", "a" * 101, "a b", "a/b", "größe", "team\n")
NO_NAME = "Expected a key that is lower-case, alphanumeric and at most 100 characters; got "


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_of_role_types_and_roles_are_lower_case_alphanumeric(name: str) -> None:
    """Names of role types and roles are lower-case alphanumeric and at most 100 characters: 400 (ROLE-1)."""
    part = name.replace("/", "~1").replace("\n", "\\n")
    status, where, rule, what = refused({"roleTypes": {name: {}}})
    assert (status, where, rule) == (400, f"/roleTypes/{part}", "ROLE-1")
    assert what.startswith(NO_NAME)
    status, where, rule, what = refused({"roleTypes": {"team": {"roles": {name: {}}}}})
    assert (status, where, rule) == (400, f"/roleTypes/team/roles/{part}", "ROLE-1")
    assert what.startswith(NO_NAME)


@pytest.mark.parametrize(
    ("role_type", "inside", "what"),
    [
        pytest.param({"ownerManaged": 1}, "/ownerManaged", "Expected true or false; got 1.", id="ownerManaged"),
        pytest.param(
            {"mutableRoleSettings": ["max", "name"]},
            "/mutableRoleSettings/1",
            'Expected one of "max", "target"; got "name".',
            id="mutableRoleSettings",
        ),
        pytest.param(
            {"roles": {"leader": {"max": 0}}}, "/roles/leader/max", "Expected an integer of 1 or more; got 0.", id="max"
        ),
        pytest.param(
            {"roles": {"leader": {"target": 0}}},
            "/roles/leader/target",
            "Expected an integer of 1 or more; got 0.",
            id="target",
        ),
        pytest.param(
            {"roles": {"leader": {"max": None}}},
            "/roles/leader/max",
            "Expected an integer of 1 or more; got null.",
            id="no max",
        ),
        pytest.param(
            {"roles": {"leader": {"count": 1}}},
            "/roles/leader/count",
            "Expected no such field; known are max, target; got 1.",
            id="count",
        ),
        pytest.param(
            {"role": {}},
            "/role",
            "Expected no such field; known are ownerManaged, mutableRoleSettings, roles; got {}.",
            id="unknown",
        ),
        pytest.param(
            {"roles": {"medic": {"max": 2, "target": 2}, "leader": {"max": 1, "target": 2}}},
            "/roles/leader/target",
            "A role's target cannot be above its max.",
            id="target above max",
        ),
    ],
)
def test_role_types_that_cannot_be_are_refused(role_type: dict[str, Any], inside: str, what: str) -> None:
    """`max` and `target` are above 0, `target` is at most `max`, and there is nothing else: 400 (ROLE-1)."""
    assert refused({"roleTypes": {"team": role_type}}) == (400, f"/roleTypes/team{inside}", "ROLE-1", what)


# --- servers


def test_a_body_that_does_not_speak_of_servers_is_told_from_one_that_does() -> None:
    """Whoever names `servers`, if only as `{}`, writes servers (SERV-1)."""
    assert parse({}).servers is None
    assert plain_servers(parse({"servers": {}})) == {}


def test_servers_may_have_any_name() -> None:
    """A server's name is free; null removes it, and an empty object adds it (SERV-1)."""
    names = ("game", "", "a/b", "größe", "0", "me", "~", "x" * 100)
    body: dict[str, Any] = {"servers": {**{name: {} for name in names}, "old": None}}
    assert plain_servers(parse(body)) == {**dict.fromkeys(names, (({}, {}), ({}, {}))), "old": None}


def test_a_server_holds_constants_and_properties_only() -> None:
    """A server has the parts `constants` and `properties`; anything else is 400 (SERV-2, CALL-6)."""
    what = 'The field "roles" is not known here; known here: constants, properties.'
    assert refused({"servers": {"a~b": {"roles": {}}}}) == (400, "/servers/a~0b/roles", "CALL-6", what)


def test_the_system_bags_of_other_servers_are_not_read() -> None:
    """The service keeps the bags of a server that is not the matchmaker's without reading them (SERV-2)."""
    bag: dict[str, Any] = {"system": {"status": 5, "anything": None}, "custom": {"a": [1]}}
    read = (bag["system"], bag["custom"])
    assert plain_servers(parse({"servers": {"game": {"constants": bag, "properties": bag}}})) == {"game": (read, read)}


@pytest.mark.parametrize("name", ["matchmaking"])
def test_the_properties_of_the_matchmaking_server_are_read(name: str) -> None:
    """`properties.system` of the matchmaking server has known fields; its constants are its own (SERV-3)."""
    server = {
        "constants": {"system": {"anything": 1}, "custom": {"a": 1}},
        "properties": {"system": {"status": "found", "lockId": None}, "custom": {"ticketId": "t"}},
    }
    read = (({"anything": 1}, {"a": 1}), ({"status": "found", "lockId": None}, {"ticketId": "t"}))
    assert plain_servers(parse({"servers": {name: server}})) == {name: read}
    wrong = {"servers": {name: {"properties": {"system": {"status": "lost"}}}}}
    what = 'Expected one of "searching", "expired", "found", "failed", "canceled"; got "lost".'
    assert refused(wrong) == (400, f"/servers/{name}/properties/system/status", "SERV-3", what)


@pytest.mark.parametrize("contract", [104, 105, 107])
def test_the_matchmaking_server_has_the_same_fields_in_all_contracts(contract: int) -> None:
    """The fields of the matchmaking server do not depend on the contract (SERV-3, TMPL-8)."""
    system = {"status": "searching", "typicalWait": 30}
    body = {"servers": {"matchmaking": {"properties": {"system": system}}}}
    assert plain_servers(parse(body, contract=contract)) == {"matchmaking": (({}, {}), (system, {}))}


def test_a_server_that_says_nothing_has_empty_bags() -> None:
    """Both bags of a server are optional (SERV-2, PUT-1)."""
    server = (parse({"servers": {"matchmaking": {}}}).servers or {})["matchmaking"]
    assert isinstance(server, ServerWrite)
    assert (plain(server.constants), plain(server.properties)) == (({}, {}), ({}, {}))


# --- the element forms


def test_properties_alone_are_a_write_to_a_session_that_must_exist() -> None:
    """PUT of `properties` takes `{system, custom}` and makes no session (PUT-6)."""
    write = parse_properties({"system": {"closed": True}, "custom": {"round": None}}, contract=107)
    assert plain(write.properties) == ({"closed": True}, {"round": None})
    assert plain(write.constants) == ({}, {})
    assert (write.me, write.leaves, write.reservations, write.before_me) == (None, False, (), 0)
    assert (write.servers, write.must_exist, write.body_at) == (None, True, ("properties",))


def test_properties_alone_may_be_empty() -> None:
    """Both parts of `properties` are optional (PUT-6)."""
    assert plain(parse_properties({}, contract=107).properties) == ({}, {})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({"system": []}, (400, "/system", "CALL-6", "Expected an object; got []."), id="system"),
        pytest.param({"custom": None}, (400, "/custom", "CALL-6", "Expected an object; got null."), id="custom"),
        pytest.param(
            {"properties": {}},
            (400, "/properties", "CALL-6", 'The field "properties" is not known here; known here: system, custom.'),
            id="a body for the session",
        ),
        pytest.param(
            {"system": {"turn": ["0"]}},
            (400, "/system/turn/0", "PROP-3", 'Expected an integer of 0 or more; got "0".'),
            id="a field",
        ),
    ],
)
def test_the_pointer_begins_where_the_body_does(body: dict[str, Any], expected: Refused) -> None:
    """A refused PUT of `properties` names the place in its own body (PUT-6, CALL-6)."""
    with pytest.raises(Refusal) as refusal:
        parse_properties(body, contract=107)
    assert (refusal.value.status, refusal.value.where, refusal.value.rule, refusal.value.what) == expected


def test_properties_alone_go_by_the_contract_of_the_request() -> None:
    """PUT of `properties` under 105 has the names of 105 (PUT-6, TMPL-8)."""
    body = {"system": {"matchmaking": {"serverConnectionString": "a", "resubmit": False}}}
    write = parse_properties(body, contract=105)
    assert write.properties.system == {"matchmaking": {"serverConnectionString": "a"}, "matchmakingResubmit": False}


def test_constants_of_a_body_are_read_by_its_contract() -> None:
    """Constants of sessions and templates have the names of their contract (TMPL-2, TMPL-8)."""
    assert plain(parse_constants({}, contract=105)) == plain(EMPTY_BAG)
    bag = parse_constants({"constants": {"system": {"timeouts": {"ready": 1}}, "custom": {"a": 1}}}, contract=104)
    assert plain(bag) == ({"readyRemovalTimeout": 1}, {"a": 1})


# --- who may


def test_a_body_that_is_wrong_changes_nothing(stage: Stage) -> None:
    """Nothing of a refused body is done, however much of it was right (CALL-6, PUT-10)."""
    stage.join("Ann")
    body = {"properties": {"custom": {"round": 1}}, "members": {"reserve_1": reservation()}}
    assert stage.refused("Ann", body) == (400, "/members", "MEMB-3")
    assert stage.document()["properties"]["custom"] == {}


def test_fields_are_kept_as_they_were_written(stage: Stage) -> None:
    """Session properties of every type come back as they were written (PROP-1 to PROP-8)."""
    system = {
        "keywords": ["Duel", "zwei Wörter"],
        "turn": [0],
        "joinRestriction": "followed",
        "readRestriction": "none",
        "serverConnectionStringCandidates": ["b", "a"],
        "matchmaking": {"targetSessionConstants": {"deep": [None]}, "serverConnectionString": "c"},
        "matchmakingResubmit": False,
        "closed": True,
        "locked": True,
        "allocateCloudCompute": False,
    }
    stage.join("Ann")
    stage.put("Ann", {"properties": {"system": system}})
    assert stage.document()["properties"]["system"] == system


@pytest.mark.parametrize("subscriptions", [{GUID: {"profile": "roster"}, GUID[:-1] + "2": None}], ids=["two"])
def test_null_inside_subscriptions_stays_in_the_write(subscriptions: dict[str, Any]) -> None:
    """Subscriptions come and go one by one, so a null among them is part of what is asked (PUT-5)."""
    write = parse({"members": {"me": {"properties": {"system": {"subscriptions": subscriptions}}}}})
    assert write.me is not None
    assert write.me.properties.system == {"subscriptions": subscriptions}
