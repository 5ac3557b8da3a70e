"""The seed form: which fields there are, what they hold, and what is said of anything else (SEED-1)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pytest_xbl import Seed, XblError
from pytest_xbl.arrange import form
from pytest_xbl.arrange.seed import checked_expectation
from pytest_xbl.arrange.times import moment
from pytest_xbl.mpsd.schema import Field

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
SCID = "5c1d0000-0000-4000-8000-00000000000A"
REF = {"scid": SCID, "templateName": "lobby", "name": "one"}
SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "docs/reference/seed.schema.json").read_text(encoding="utf-8"))
)
TABLES: dict[str, Mapping[str, Field]] = {
    "seed": form.SEED,
    "user": form.USER,
    "service": form.SERVICE,
    "template": form.TEMPLATE,
    "session": form.SESSION,
    "member": form.MEMBER,
    "handle": form.HANDLE,
    "statistics": form.STATISTICS,
    "definition": form.DEFINITION,
    "reached": form.REACHED,
    "given": form.GIVEN,
}
PLACES: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    # Where a record of each table stands, and a seed with it there.
    "seed": ("", lambda record: record),
    "user": ("/users/Ana", lambda record: {"users": {"Ana": record}}),
    "service": ("/services/server", lambda record: {"services": {"server": record}}),
    "template": ("/templates/duel", lambda record: {"templates": {"duel": record}}),
    "session": ("/sessions/one", lambda record: {"sessions": {"one": record}}),
    "member": ("/sessions/one/members/Ana", lambda record: {"sessions": {"one": {"members": {"Ana": record}}}}),
    "handle": ("/handles/go", lambda record: {"handles": {"go": record}}),
    "statistics": ("/statistics", lambda record: {"statistics": record}),
    "definition": ("/statistics/definitions/wins", lambda record: {"statistics": {"definitions": {"wins": record}}}),
    "reached": ("/statistics/users/Ana/wins", lambda record: {"statistics": {"users": {"Ana": {"wins": record}}}}),
    "given": ("/given", lambda record: {"given": record}),
}
GOOD: dict[str, dict[str, list[Any]]] = {
    "seed": {
        "description": ["", "What it is."],
        "extends": ["base.json", "lobby", {"scenario": "lobby", "players": 2}, [], ["a.yaml", {"scenario": "lobby"}]],
        "now": [NOON, "2026-01-01T12:00:00Z", "2026-01-01T12:00:00.1234567Z", "2026-01-01T14:00:00+02:00"],
        "users": [[], ["Ana", "Bob"], {}, {"Ana": {}, "Bob": None}],
        "services": [{}, {"server": {}}, {"server": None}],
        "templates": [{}, {"duel": {}}, {"duel": None}],
        "sessions": [{}, {"one": {}}, {"one": None}],
        "handles": [{}, {"go": {}}, {"go": None}],
        "statistics": [{}],
        "given": [{}],
        "expected": [{}, {"sessions": {"one": None}}],
    },
    "user": {
        "xuid": ["0", "12345678901234567890"],
        "gamertag": ["", "Ana Bee"],
        "deviceId": ["F1"],
        "titleId": ["1719000001"],
        "token": ["t", "a.b:c"],
        "userhash": ["!~"],
        "privileges": [[], ["multiplayer"]],
        "sandbox": ["XDKS.1"],
        "present": [True, False],
        "follows": [[], ["Bob", {"xuid": "5"}]],
        "favorites": [[], ["Bob", {"xuid": "5"}]],
        "blocks": [[], ["Bob", {"xuid": "5"}]],
    },
    "service": {"onBehalfOf": ["Ana"]},
    "template": {
        "name": ["Duel", "x" * 99],
        "scid": [SCID],
        "contract": [104, 105, 107],
        "constants": [{}, {"system": {}, "custom": {}}],
        "roleTypes": [{}],
    },
    "session": {
        "template": ["lobby"],
        "name": ["one"],
        "scid": [SCID],
        "members": [
            [],
            ["Ana"],
            {},
            {"Ana": "active", "Bob": "ready", "Cid": "inactive", "Dot": "reserved", "Eve": {}},
        ],
        "constants": [{}],
        "properties": [{}],
        "servers": [{}],
        "roleTypes": [{}],
        "startTime": [NOON],
        "changeNumber": [1, 2**63],
        "nextIndex": [0],
        "emptySince": [NOON],
        "away": [[], ["Ana", {"xuid": "5"}]],
        "incarnation": [1],
        "gone": [True],
    },
    "member": {
        "status": ["active", "ready", "inactive", "reserved"],
        "xuid": ["5"],
        "since": [NOON],
        "joinTime": [NOON],
        "index": [0],
        "constants": [{}],
        "properties": [{}],
        "gamertag": ["", "Ana"],
        "deviceId": ["F1"],
        "activeTitleId": ["", "7"],
    },
    "handle": {
        "type": ["activity", "invite", "transfer"],
        "session": ["one", REF],
        "owner": ["Ana", {"xuid": "5"}],
        "invited": ["Ana", {"xuid": "5"}],
        "attributes": [{}],
        "origin": ["one", REF],
        "id": [SCID],
        "created": [NOON],
        "titleId": ["", "7"],
        "incarnation": [1],
        "expires": [NOON],
        "ahead": [True, False],
        "originIncarnation": [1],
    },
    "statistics": {
        "users": [
            {},
            {"Ana": {}},
            {"Ana": {"wins": 1, "rank": 1.5, "map": "dunes", "seen": NOON, "gone": None}},
            {"Ana": None},
        ],
        "definitions": [{}, {"wins": {}}, {"wins": None}],
        "titles": [{}, {"7": SCID}],
        "scids": [[], [SCID]],
        "values": ["numbers", "strings"],
        "sandbox": ["XDKS.1"],
    },
    "definition": {
        "name": ["wins"],
        "scid": [SCID],
        "type": ["Integer", "Double", "String", "DateTime"],
        "access": ["open", "restricted"],
    },
    "reached": {
        "value": [1, 1.5, "dunes", NOON],
        "type": ["DateTime"],
        "metadata": [{}],
        "name": ["wins"],
        "scid": [SCID],
    },
    "given": {"sessions": [0], "handles": [7]},
}
TIME = 'a time with its zone, as "2026-01-01T12:00:00Z"'
PERSON = 'a name, or {"xuid": ...} of a stranger'
NAME = "a name of 1 to 99 printable characters, no slash"
LABELLED = "the label of a session, or a whole reference of one"
HEADER_PART = "printable ASCII without spaces and semicolons"
MEMBERS = "a list of names, or an object of members by name"
STATUS = "a status, active, ready, inactive, reserved, or an object"
STATUSES = 'one of "active", "ready", "inactive", "reserved"'
NAIVE = NOON.replace(tzinfo=None)
BASE = 'the name of a file or a scenario, or {"scenario": ..., ...} with its parameters'
VALUE = "a value, or an object with one, or null"
BAD: dict[str, dict[str, list[tuple[Any, str]]]] = {
    # What a field cannot hold, and what is expected there; a place inside the field stands before a colon and a blank.
    "seed": {
        "description": [(7, "a string")],
        "extends": [
            (7, "a seed, or a list of seeds"),
            ({"players": 2}, "a seed, or a list of seeds"),
            ({"scenario": 7}, "a seed, or a list of seeds"),
            (["lobby", 7], f"/1: {BASE}"),
        ],
        "now": [(7, TIME), ("noon", TIME), ("2026-01-01T12:00:00", TIME), ("2026-02-30T12:00:00Z", TIME), ("Z", TIME)],
        "users": [("Ana", "a list of names, or an object of users by name"), ({"Ana": 7}, "/Ana: an object, or null")],
        "services": [(["server"], "an object"), ({"server": []}, "/server: an object, or null")],
        "templates": [(["duel"], "an object"), ({"duel": "x"}, "/duel: an object, or null")],
        "sessions": [(["one"], "an object"), ({"one": ["Ana"]}, "/one: an object, or null")],
        "handles": [(["go"], "an object"), ({"go": True}, "/go: an object, or null")],
        "statistics": [([], "an object")],
        "given": [([], "an object")],
        "expected": [([], "an object")],
    },
    "user": {
        "xuid": [
            (5, "a string of decimal digits"),
            ("", "a string of decimal digits"),
            ("-1", "a string of decimal digits"),
            ("1" * 21, "a string of decimal digits"),
            ("\u0661", "a string of decimal digits"),
        ],
        "gamertag": [(5, "a string")],
        "deviceId": [([], "a string")],
        "titleId": [(5, "a string of decimal digits")],
        "token": [
            (5, HEADER_PART),
            ("", HEADER_PART),
            ("a b", HEADER_PART),
            ("a;b", HEADER_PART),
            ("\u00e9", HEADER_PART),
        ],
        "userhash": [(5, HEADER_PART), ("a\nb", HEADER_PART)],
        "privileges": [("multiplayer", "a list"), (["communications"], '/0: one of "multiplayer"')],
        "sandbox": [(5, "a string")],
        "present": [("yes", "true or false"), (1, "true or false")],
        "follows": [("Bob", "a list"), (["Bob", 5], f"/1: {PERSON}"), ([{}], f"/0: {PERSON}")],
        "favorites": [("Bob", "a list"), ([{"xuid": 5}], "/0/xuid: a string of decimal digits")],
        "blocks": [("Bob", "a list"), ([{"name": "Bob"}], "/0/name: no such field; known are xuid")],
    },
    "service": {"onBehalfOf": [(["Ana"], "a string")]},
    "template": {
        "name": [("", NAME), ("a/b", NAME), ("x" * 100, NAME), (7, NAME)],
        "scid": [("mine", "a GUID"), (7, "a GUID")],
        "contract": [(106, "104, 105 or 107"), ("107", "104, 105 or 107"), (107.0, "104, 105 or 107")],
        "constants": [([], "an object")],
        "roleTypes": [([], "an object")],
    },
    "session": {
        "template": [(7, "a string")],
        "name": [("", NAME), ("a\nb", NAME)],
        "scid": [("mine", "a GUID")],
        "members": [
            ("Ana", MEMBERS),
            (7, MEMBERS),
            (["Ana", 7], "/1: a string"),
            ({"Ana": "there"}, f"/Ana: {STATUS}"),
            ({"Ana": True}, f"/Ana: {STATUS}"),
            ({"Ana": None}, f"/Ana: {STATUS}"),
        ],
        "constants": [([], "an object")],
        "properties": [("x", "an object")],
        "servers": [([], "an object")],
        "roleTypes": [(7, "an object")],
        "startTime": [("noon", TIME)],
        "changeNumber": [(0, "an integer of 1 or more"), (True, "an integer of 1 or more")],
        "nextIndex": [(-1, "an integer of 0 or more"), (1.0, "an integer of 0 or more")],
        "emptySince": [(7, TIME)],
        "away": [("Ana", "a list"), ([7], f"/0: {PERSON}")],
        "incarnation": [(0, "an integer of 1 or more")],
        "gone": [(False, "true, or no such field"), (1, "true, or no such field")],
    },
    "member": {
        "status": [("there", STATUSES), (7, STATUSES)],
        "xuid": [(5, "a string of decimal digits")],
        "since": [("noon", TIME)],
        "joinTime": [(7, TIME)],
        "index": [("0", "an integer of 0 or more")],
        "constants": [([], "an object")],
        "properties": [([], "an object")],
        "gamertag": [(7, "a string")],
        "deviceId": [(7, "a string")],
        "activeTitleId": [("x", 'a string of decimal digits, or ""')],
    },
    "handle": {
        "type": [("search", 'one of "activity", "invite", "transfer"'), (7, 'one of "activity", "invite", "transfer"')],
        "session": [
            (7, LABELLED),
            ({"scid": SCID, "templateName": "lobby"}, LABELLED),
            ({**REF, "scid": "mine"}, "/scid: a GUID"),
            ({**REF, "label": "one"}, "/label: no such field; known are scid, templateName, name"),
        ],
        "owner": [(7, PERSON), ({"xuid": "x"}, "/xuid: a string of decimal digits")],
        "invited": [(["Ana"], PERSON)],
        "attributes": [([], "an object")],
        "origin": [(7, LABELLED)],
        "id": [
            ("one", "a GUID that is not all zeros"),
            ("00000000-0000-0000-0000-000000000000", "a GUID that is not all zeros"),
        ],
        "created": [("noon", TIME)],
        "titleId": [(7, 'a string of decimal digits, or ""')],
        "incarnation": [(0, "an integer of 1 or more")],
        "expires": [("noon", TIME)],
        "ahead": [("yes", "true or false")],
        "originIncarnation": [(0, "an integer of 1 or more")],
    },
    "statistics": {
        "users": [
            ([], "an object"),
            ({"Ana": 7}, "/Ana: an object, or null"),
            ({"Ana": {"wins": True}}, f"/Ana/wins: {VALUE}"),
            ({"Ana": {"wins": [1]}}, f"/Ana/wins: {VALUE}"),
        ],
        "definitions": [([], "an object"), ({"wins": "Integer"}, "/wins: an object, or null")],
        "titles": [
            ([], "an object"),
            ({"7": "mine"}, "/7: a GUID"),
            ({"7": None}, "/7: a GUID"),
            ({"seven": SCID}, "/seven: a key that is a string of decimal digits"),
        ],
        "scids": [(SCID, "a list"), (["mine"], "/0: a GUID")],
        "values": [("bare", 'one of "numbers", "strings"')],
        "sandbox": [(7, "a string")],
    },
    "definition": {
        "name": [(7, "a string")],
        "scid": [("mine", "a GUID")],
        "type": [("integer", 'one of "Integer", "Double", "String", "DateTime"')],
        "access": [("closed", 'one of "open", "restricted"')],
    },
    "reached": {
        "value": [
            ([], "a number, a string or a datetime in its zone"),
            (True, "a number, a string or a datetime in its zone"),
        ],
        "type": [("Integer", 'one of "DateTime"')],
        "metadata": [("{}", "an object")],
        "name": [(7, "a string")],
        "scid": [("mine", "a GUID")],
    },
    "given": {
        "sessions": [(-1, "an integer of 0 or more")],
        "handles": [("7", "an integer of 0 or more")],
    },
}
NOT_IN_THE_SCHEMA: list[tuple[str, str, Any]] = [
    # The calendar, integers that are written as floats, and characters that cannot be printed.
    ("seed", "now", "2026-02-30T12:00:00Z"),
    ("template", "contract", 107.0),
    ("session", "name", "a\nb"),
    ("session", "nextIndex", 1.0),
]
UNKNOWN: dict[str, list[tuple[str, str]]] = {
    # A name that no table knows, and what is said of it.
    "seed": [
        ("session", 'did you mean "sessions"?'),
        (
            "lobbies",
            (
                "known here: description, extends, now, users, services, templates, sessions, handles, statistics, "
                "given, expected."
            ),
        ),
    ],
    "user": [
        ("gamerTag", 'did you mean "gamertag"?'),
        (
            "age",
            (
                "known here: xuid, gamertag, deviceId, titleId, token, userhash, privileges, sandbox, present, "
                "follows, favorites, blocks."
            ),
        ),
    ],
    "service": [("onBehalf", 'did you mean "onBehalfOf"?'), ("xuid", "known here: onBehalfOf.")],
    "template": [
        ("constant", 'did you mean "constants"?'),
        ("members", "known here: name, scid, contract, constants, roleTypes."),
    ],
    "session": [
        ("templat", 'did you mean "template"?'),
        ("properties ", 'did you mean "properties"?'),
        ("closed", "it is a field of properties.system."),
        ("visibility", "it is a field of constants.system."),
    ],
    "member": [
        ("state", 'did you mean "status"?'),
        (
            "roles",
            (
                "known here: status, xuid, since, joinTime, index, constants, properties, gamertag, deviceId, "
                "activeTitleId."
            ),
        ),
    ],
    "handle": [("sesion", 'did you mean "session"?'), ("invitedXuid", 'did you mean "invited"?')],
    "statistics": [
        ("user", 'did you mean "users"?'),
        ("players", "known here: users, definitions, titles, scids, values, sandbox."),
    ],
    "definition": [("kind", "known here: name, scid, type, access."), ("acces", 'did you mean "access"?')],
    "reached": [("valeu", 'did you mean "value"?'), ("access", "known here: value, type, metadata, name, scid.")],
    "given": [("session", 'did you mean "sessions"?'), ("users", "known here: sessions, handles.")],
}


def error_of(document: Any) -> str:
    """The text of the error that a seed raises."""
    with pytest.raises(XblError) as error:
        Seed(document)
    return str(error.value)


def told(at: str) -> str:
    """A place in a seed, as a text has it."""
    return f"{at} in the seed" if at else "the seed"


@pytest.mark.parametrize("cases", [GOOD, BAD], ids=["good", "bad"])
def test_these_tables_know_every_field(cases: dict[str, dict[str, Any]]) -> None:
    """A field that comes into the form comes here, too (SEED-1)."""
    assert {table: set(cases[table]) for table in TABLES} == {table: set(fields) for table, fields in TABLES.items()}
    assert set(UNKNOWN) == set(TABLES)


def test_every_field_names_a_rule_and_tells_what_it_means() -> None:
    """The reference page is made of these tables, so none of its lines is empty."""
    bare = [(table, name) for table, fields in TABLES.items() for name, field in fields.items() if not field.meaning]
    assert bare == []


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        pytest.param(table, field, value, id=f"{table}.{field}-{number}")
        for table, fields in GOOD.items()
        for field, values in fields.items()
        for number, value in enumerate(values)
    ],
)
def test_a_field_takes_what_the_form_says(table: str, field: str, value: object) -> None:
    """Whether it fits the world is another question, asked when the seed is loaded (SEED-1)."""
    Seed(PLACES[table][1]({field: value}))


@pytest.mark.parametrize(
    ("table", "field", "value", "expected"),
    [
        pytest.param(table, field, value, expected, id=f"{table}.{field}-{number}")
        for table, fields in BAD.items()
        for field, cases in fields.items()
        for number, (value, expected) in enumerate(cases)
    ],
)
def test_a_field_takes_nothing_else(table: str, field: str, value: Any, expected: str) -> None:
    """The text says what would be right, what is there instead, where, and which rule says so (SEED-1)."""
    at, seed = PLACES[table]
    inside, _, wanted = expected.partition(": ") if expected.startswith("/") else ("", "", expected)
    got: Any = inside.rpartition("/")[2] if wanted.startswith("a key") else value
    for part in inside.split("/")[1:] if got is value else ():
        got = got[int(part)] if isinstance(got, list) else got[part]
    shown = json.dumps(got) if len(json.dumps(got)) <= 60 else f"{json.dumps(got)[:57]}..."
    rule = TABLES[table][field].rule
    assert error_of(seed({field: value})) == (
        f"Expected {wanted}; got {shown}.\nwhere: {at}/{field}{inside} in the seed\nrule: {rule}"
    )


def marked(table: str, field: str, value: Any) -> bool:
    """Whether an editor marks a mistake in a seed file with this value in a field."""
    beside = {"value": 1} if table == "reached" and field != "value" else {}
    document = json.dumps(PLACES[table][1]({**beside, field: value}), default=datetime.isoformat)
    return not SCHEMA.is_valid(json.loads(document))


@pytest.mark.parametrize("table", TABLES)
def test_the_json_schema_takes_what_a_field_takes(table: str) -> None:
    """And a null where a field can be taken out of a seed that comes earlier (SEED-1, SEED-4)."""
    nulls = [] if table in ("member", "reached") else [(field, None) for field in TABLES[table]]
    values = [*((field, value) for field, those in GOOD[table].items() for value in those), *nulls]

    assert [(field, value) for field, value in values if marked(table, field, value)] == []


@pytest.mark.parametrize("table", TABLES)
def test_the_json_schema_refuses_what_a_field_refuses(table: str) -> None:
    """But for what JSON Schema cannot say (SEED-1)."""
    values = [(field, value) for field, cases in BAD[table].items() for value, _ in cases]

    taken = [(table, field, value) for field, value in values if not marked(table, field, value)]
    assert taken == [case for case in NOT_IN_THE_SCHEMA if case[0] == table]


@pytest.mark.parametrize(
    ("table", "name", "hint"),
    [pytest.param(table, *case, id=f"{table}.{case[0]}") for table, cases in UNKNOWN.items() for case in cases],
)
def test_an_unknown_field_is_refused_with_what_may_have_been_meant(table: str, name: str, hint: str) -> None:
    """The nearest known name, where the field belongs, or all that are known (SEED-1)."""
    at, seed = PLACES[table]
    assert error_of(seed({name: {}})) == (
        f'The field "{name}" is not known here; {hint}\nwhere: {at}/{name} in the seed\nrule: SEED-1'
    )


@pytest.mark.parametrize(
    ("table", "field"),
    [
        pytest.param(table, field, id=f"{table}.{field}")
        for table, fields in TABLES.items()
        if table not in ("member", "reached")
        for field in fields
    ],
)
def test_a_null_stands_where_a_field_is_taken_out(table: str, field: str) -> None:
    """Every field of a record can be taken out of one that comes earlier (SEED-4)."""
    Seed(PLACES[table][1]({field: None}))


@pytest.mark.parametrize(
    ("table", "field"),
    [pytest.param(table, field, id=f"{table}.{field}") for table in ("member", "reached") for field in TABLES[table]],
)
def test_a_null_takes_nothing_out_of_what_counts_as_a_whole(table: str, field: str) -> None:
    """A member, or a value with what is said of it, is not put together of several seeds (SEED-4)."""
    at, seed = PLACES[table]
    what, where, rule = error_of(seed({field: None})).splitlines()
    assert (what.startswith("Expected "), what.endswith("; got null.")) == (True, True)
    assert (where, rule) == (f"where: {at}/{field} in the seed", f"rule: {TABLES[table][field].rule}")


@pytest.mark.parametrize(
    ("document", "got"), [([], "[]"), ("lobby.json", '"lobby.json"'), (7, "7"), (True, "true"), (1.5, "1.5")]
)
def test_a_seed_is_an_object(document: object, got: str) -> None:
    """A list, a name or a number is none (SEED-1)."""
    assert error_of(document) == f"Expected an object; got {got}.\nwhere: the seed\nrule: SEED-1"


def test_a_seed_need_not_say_anything() -> None:
    """Then a world begins with what every world has (SEED-1)."""
    Seed()
    Seed({})


def test_a_seed_has_the_name_that_errors_call_it() -> None:
    """`the seed` unless given."""
    assert repr(Seed()) == "<seed the seed>"
    assert repr(Seed(name="mine")) == "<seed mine>"
    with pytest.raises(XblError) as error:
        Seed({"users": 7}, name="mine")
    assert str(error.value).splitlines()[1] == "where: /users in mine"


def test_labels_are_escaped_in_a_place() -> None:
    """As in every JSON pointer (CALL-6)."""
    assert error_of({"users": {"a/b~c": 7}}).splitlines()[1] == "where: /users/a~1b~0c in the seed"
    assert error_of({"users": {"a/b": {"x": 7}}}).splitlines()[1] == "where: /users/a~1b/x in the seed"


@pytest.mark.parametrize(
    ("section", "record", "missing"),
    [
        ("sessions", {}, "template"),
        ("sessions", {"members": []}, "template"),
        ("handles", {}, "type"),
        ("handles", {"session": "one"}, "type"),
        ("handles", {"type": "invite"}, "session"),
    ],
)
def test_a_record_has_the_fields_that_it_needs_once_all_is_put_together(
    section: str, record: dict[str, Any], missing: str
) -> None:
    """A part of a seed may leave them to another part (SEED-1, SEED-4)."""
    seed = Seed({section: {"x/y": record}})
    text = f"The field {missing} is required here.\nwhere: /{section}/x~1y in the seed\nrule: SEED-1"
    with pytest.raises(XblError) as error:
        seed.loaded(Path())
    assert str(error.value) == text


def test_a_field_that_is_taken_out_is_missing() -> None:
    """A null takes the template out of the session (SEED-1, SEED-4)."""
    seed = Seed({"sessions": {"one": {"template": "lobby"}}}) | {"sessions": {"one": {"template": None}}}
    with pytest.raises(XblError) as error:
        seed.loaded(Path())
    assert str(error.value) == "The field template is required here.\nwhere: /sessions/one in the seed\nrule: SEED-1"


def test_a_line_break_in_a_label_is_escaped() -> None:
    """So that an error is three lines, whatever people are called (CALL-15)."""
    assert error_of({"users": ["a\nb", "a\nb"]}) == '"a\\nb" stands twice.\nwhere: /users/1 in the seed\nrule: SEED-1'
    with pytest.raises(XblError) as error:
        Seed({"sessions": {"a\nb": {"template": "lobby", "members": ["c\u2028d"]}}}).loaded(Path())
    assert str(error.value) == (
        'Expected a name of 1 to 99 printable characters, no slash; got "a\\nb".\n'
        "where: /sessions/a\\nb/name in the seed\nrule: CALL-15"
    )
    with pytest.raises(XblError) as error:
        Seed({"sessions": {"ab": {"template": "lobby", "members": ["c\u2028d"]}}}).loaded(Path())
    assert str(error.value).splitlines()[0] == 'There is no user "c\\u2028d"; there are: none.'


@pytest.mark.parametrize("users", [["Ana", "Bob", "Ana"], ["Ana", "Ana", "Bob", "Bob"]])
def test_a_name_stands_once_among_the_users(users: list[str]) -> None:
    """In a list it would be one person, or two (SEED-1)."""
    twice = users.index("Ana", 1)
    assert error_of({"users": users}) == f'"Ana" stands twice.\nwhere: /users/{twice} in the seed\nrule: SEED-1'
    with pytest.raises(XblError) as error:
        checked_expectation({"users": users})
    assert str(error.value) == f'"Ana" stands twice.\nwhere: /expected/users/{twice} in the call\nrule: SEED-1'


@pytest.mark.parametrize("label", ["a\nb", "x" * 400])
def test_a_place_stays_on_its_line(label: str) -> None:
    """However a label is written (CALL-15)."""
    with pytest.raises(XblError) as error:
        Seed({"sessions": {label: {}}}).loaded(Path())
    said = str(error.value).splitlines()
    assert (said[0], said[2:]) == ("The field template is required here.", ["rule: SEED-1"])
    assert said[1].startswith("where: /sessions/")
    assert said[1].endswith(" in the seed")


# What is expected at the end


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (
            {"templates": {}},
            (
                "This is not compared; what is: now, users, sessions, handles, statistics.\n"
                "where: /expected/templates in the seed\nrule: SEED-10"
            ),
        ),
        (
            {"statistics": {"scids": []}},
            "This is not compared; what is: users.\nwhere: /expected/statistics/scids in the seed\nrule: SEED-10",
        ),
        ({"statistics": 5}, "Expected an object; got 5.\nwhere: /expected/statistics in the seed\nrule: SEED-10"),
        (
            {"sessions": {"one": {"template": 7}}},
            "Expected a string; got 7.\nwhere: /expected/sessions/one/template in the seed\nrule: TMPL-1",
        ),
        (
            {"sessions": {"one": {"templat": "lobby"}}},
            (
                'The field "templat" is not known here; did you mean "template"?\n'
                "where: /expected/sessions/one/templat in the seed\nrule: SEED-1"
            ),
        ),
        (
            {"now": "noon"},
            f'Expected {TIME}; got "noon".\nwhere: /expected/now in the seed\nrule: TIME-1',
        ),
    ],
)
def test_what_is_expected_has_the_seed_form(expected: dict[str, Any], text: str) -> None:
    """The place is the one inside `expected`, in a seed and in a call (SEED-10)."""
    assert error_of({"expected": expected}) == text
    with pytest.raises(XblError) as error:
        checked_expectation(expected)
    assert str(error.value) == text.replace("in the seed", "in the call")


@pytest.mark.parametrize(
    "expected",
    [
        {"sessions": {"one": None}},
        {"sessions": {"one": {"members": {"Ana": None}}}},
        {"users": {"Ana": {"gamertag": None}}},
        {"users": ["Ana"]},
        {"handles": {"go": None}},
        {"statistics": {"users": {"Ana": {"wins": None}}}},
        {"statistics": {}},
        {"now": None},
    ],
)
def test_a_null_is_expected_not_to_be_there(expected: dict[str, Any]) -> None:
    """It fits everywhere (SEED-10)."""
    Seed({"expected": expected})
    assert checked_expectation(expected) == expected
    Seed({"expected": None})


# Times


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-01T12:00:00Z", NOON),
        ("2026-01-01T12:00:00.5Z", NOON + timedelta(seconds=0.5)),
        ("2026-01-01T12:00:00.1234567Z", NOON + timedelta(microseconds=123456)),
        ("2026-01-01T12:00:00+00:00", NOON),
        ("2026-01-01T14:00:00+02:00", NOON),
        ("2026-01-01T14:00:00.500000+02:00", NOON + timedelta(seconds=0.5)),
        (NOON, NOON),
        (NOON.astimezone(timezone(timedelta(hours=-8))), NOON),
    ],
)
def test_a_time_is_written_as_the_service_writes_it_or_given_as_a_datetime(written: object, meant: datetime) -> None:
    """In any zone, and it is the same moment (TIME-1)."""
    assert moment(written) == meant


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Z",
        "noon",
        "2026-01-01",
        "2026-01-01T12:00:00",
        "2026-13-01T12:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T12:00Z",
        "2026-01-01 12:00:00Z",
        "2026-01-01t12:00:00z",
        "20260101T120000Z",
        "2026-W01-4T12:00:00Z",
        "2026-01-01T12:00:00,5Z",
        "2026-01-01T12:00:00.Z",
        "2026-01-01T12:00:00.12345678Z",
        "2026-01-01T12:00:00+0200",
        "2026-01-01T12:00:00+25:00",
        "2026-01-01T12:00:00Z\n",
        "\u0662\u0660\u0662\u0666-01-01T12:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        datetime.min.replace(tzinfo=timezone(timedelta(hours=5))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))),
        7,
        None,
        math.inf,
        [],
    ],
    ids=repr,
)
def test_anything_else_is_no_time(value: object) -> None:
    """Nor is a time without its zone, which could be any (TIME-1)."""
    assert moment(value) is None
    assert moment(datetime(2026, 1, 1, 12)) is None  # noqa: DTZ001 -- without a zone, that is the point


@pytest.mark.parametrize(
    ("document", "expected", "where", "rule"),
    [
        ({"now": NAIVE}, TIME, "/now", "TIME-1"),
        ({"description": NAIVE}, "a string", "/description", "SEED-1"),
        ({"statistics": {"users": {"Ana": {"seen": NAIVE}}}}, VALUE, "/statistics/users/Ana/seen", "STAT-1"),
        ({"sessions": {"one": {"startTime": NAIVE}}}, TIME, "/sessions/one/startTime", "TIME-4"),
    ],
)
def test_a_datetime_where_it_cannot_be_is_told_like_anything_else(
    document: dict[str, Any], expected: str, where: str, rule: str
) -> None:
    """No JSON can show it, and the text does all the same (SEED-1, TIME-1)."""
    assert error_of(document) == (
        f'Expected {expected}; got "2026-01-01 12:00:00".\nwhere: {where} in the seed\nrule: {rule}'
    )
