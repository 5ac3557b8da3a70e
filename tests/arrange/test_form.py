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

from bodies import REF, SCID
from errors import error_of
from pytest_xbl import Seed
from pytest_xbl.arrange import form, statistics_form
from pytest_xbl.arrange.seed import checked_expectation
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.rulebook import RULES
from seeds import SeedDict, refused
from tables import cases

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
NAIVE = NOON.replace(tzinfo=None)
SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "docs/reference/seed.schema.json").read_text(encoding="utf-8"))
)
PLACES: dict[str, tuple[Mapping[str, Field], str, Callable[[SeedDict], SeedDict]]] = {
    # The table of a record, where the record stands, and a seed with it there.
    "seed": (form.SEED, "", lambda record: record),
    "user": (form.USER, "/users/Ana", lambda record: {"users": {"Ana": record}}),
    "service": (form.SERVICE, "/services/server", lambda record: {"services": {"server": record}}),
    "template": (form.TEMPLATE, "/templates/duel", lambda record: {"templates": {"duel": record}}),
    "session": (form.SESSION, "/sessions/one", lambda record: {"sessions": {"one": record}}),
    "member": (
        form.MEMBER,
        "/sessions/one/members/Ana",
        lambda record: {"sessions": {"one": {"members": {"Ana": record}}}},
    ),
    "handle": (form.HANDLE, "/handles/go", lambda record: {"handles": {"go": record}}),
    "statistics": (statistics_form.STATISTICS, "/statistics", lambda record: {"statistics": record}),
    "definition": (
        statistics_form.DEFINITION,
        "/statistics/definitions/wins",
        lambda record: {"statistics": {"definitions": {"wins": record}}},
    ),
    "reached": (
        statistics_form.REACHED,
        "/statistics/users/Ana/wins",
        lambda record: {"statistics": {"users": {"Ana": {"wins": record}}}},
    ),
    "title": (
        statistics_form.TITLE,
        "/statistics/titles/7",
        lambda record: {"statistics": {"titles": {"7": record}}},
    ),
    "given": (form.GIVEN, "/given", lambda record: {"given": record}),
}
FIELDS: dict[str, dict[str, str]] = {
    # The fields of a record, by the kind of their values.
    "seed": {"text": "description", "bases": "extends", "time": "now", "guid": "scid", "users": "users"}
    | {"records": "services templates sessions handles", "object": "statistics given expected", "limits": "limits"}
    | {"faults": "faults"},
    "user": {"digits": "xuid titleId", "text": "gamertag deviceId sandbox", "header part": "token userhash"}
    | {"privileges": "privileges", "truth": "present", "people": "follows favorites blocks"},
    "service": {"text": "onBehalfOf", "names": "actingFor"},
    "template": {"name": "name", "guid": "scid", "contract": "contract", "object": "constants roleTypes"},
    "session": {"text": "template", "name": "name", "guid": "scid", "members": "members", "people": "away"}
    | {"object": "constants properties servers roleTypes", "time": "startTime emptySince", "gone": "gone"}
    | {"from 1": "changeNumber incarnation episodes", "from 0": "nextIndex"}
    | {"initializing": "initializing", "texts": "hostCandidates", "some people": "owners"},
    "member": {"status": "status", "digits": "xuid", "time": "since joinTime", "from 0": "index"}
    | {"object": "constants properties", "text": "gamertag deviceId", "digits or none": "activeTitleId"}
    | {"from 1": "initializationEpisode", "failure": "initializationFailure", "truth": "measuredEarly"}
    | {"words": "roles"},
    "handle": {"handle type": "type", "session": "session origin", "person": "owner invited", "object": "attributes"}
    | {"handle id": "id", "time": "created expires", "digits or none": "titleId", "truth": "ahead"}
    | {"from 1": "incarnation originIncarnation"},
    "statistics": {"values": "users", "records": "definitions", "titles": "titles", "guids": "scids"}
    | {"form of values": "values", "text": "sandbox"},
    "definition": {"guid": "scid", "value type": "type", "access": "access", "group": "group", "from 0": "ordinal"}
    | {"text": "name sortOrder displayName displayFormat displaySemantic"},
    "title": {"guid": "scid", "platforms": "platforms"},
    "reached": {"value": "value", "time type": "type", "object": "metadata", "text": "name", "guid": "scid"},
    "given": {"from 0": "sessions handles"},
}
TIME = 'a time with its zone, as "2026-01-01T12:00:00Z"'
DIGITS = "a string of decimal digits"
PERSON = 'a name, or {"xuid": ...} of a stranger'
NAME = "a name of 1 to 99 printable characters, no slash"
LABELLED = "the label of a session, or a whole reference of one"
HEADER_PART = "printable ASCII without spaces and semicolons"
MEMBERS = "a list of names, or an object of members by name"
STATUS = "a status, active, ready, inactive, reserved, or an object"
BASES = "a seed, or a list of seeds"
BASE = 'the name of a file or a scenario, or {"scenario": ..., ...} with its parameters'
VALUE = "a number, a string or a datetime in its zone, or an object with one, or null"
LIMITS = 'a profile, or an object such as {"sessiondirectory": {"burst": 30, "sustain": 300}}'
A_TITLE = "a GUID, or an object with scid and platforms"
STATUSES = {"Ana": "active", "Bob": "ready", "Cid": "inactive", "Dot": "reserved", "Eve": {}}


def no(expected: str, *values: Any) -> list[tuple[Any, str]]:
    """Values that a field cannot hold, and what is expected in their place."""
    return [(value, expected) for value in values]


def one_of(*words: str) -> tuple[list[Any], list[tuple[Any, str]]]:
    """Values of a field that holds one of these words, and others."""
    return [*words], no(f"one of {', '.join(map(json.dumps, words))}", "party", words[0][:1], 7)


KINDS: dict[str, tuple[list[Any], list[tuple[Any, str]]]] = {
    # A kind of values: those that fit; and those that do not, with what is expected there.
    # A place inside the value stands before a colon and a blank.
    "text": (["", "What it is."], no("a string", 7, [])),
    "truth": ([True, False], no("true or false", "yes", 1)),
    "object": ([{}], no("an object", [], "x")),
    "words": ([{}, {"a": "b"}], [*no("an object", 7, []), ({"a": 1}, "/a: a string")]),
    "digits": (["0", "12345678901234567890"], no(DIGITS, 5, "", "-1", "1" * 21, "\u0661")),
    "digits or none": (["", "7"], no(f'{DIGITS}, or ""', 7, "x")),
    "guid": ([SCID], no("a GUID", "mine", 7)),
    "guids": ([[], [SCID]], [(SCID, "a list"), (["mine"], "/0: a GUID")]),
    "name": (["Duel", "x" * 99], no(NAME, "", "a/b", "x" * 100, "a\nb", 7)),
    "header part": (["t", "a.b:c", "!~"], no(HEADER_PART, 5, "", "a b", "a;b", "\u00e9", "a\nb")),
    "from 0": ([0, 7], no("an integer of 0 or more", -1, 1.0, "7")),
    "from 1": ([1, 2**63], no("an integer of 1 or more", 0, True)),
    "time": (
        [NOON, "2026-01-01T12:00:00Z", "2026-01-01T12:00:00.1234567Z", "2026-01-01T14:00:00+02:00"],
        no(TIME, 7, "noon", "2026-01-01T12:00:00", "2026-02-30T12:00:00Z", "Z"),
    ),
    "person": (["Ana", {"xuid": "5"}], [*no(PERSON, 7, ["Ana"]), ({"xuid": "x"}, f"/xuid: {DIGITS}")]),
    "some people": (
        [["Bob", {"xuid": "5"}]],
        [("Bob", "a list"), ([], "a list that is not empty"), (["Bob", 5], f"/1: {PERSON}")],
    ),
    "people": (
        [[], ["Bob", {"xuid": "5"}]],
        [
            ("Bob", "a list"),
            (["Bob", 5], f"/1: {PERSON}"),
            ([{}], f"/0: {PERSON}"),
            ([{"xuid": 5}], f"/0/xuid: {DIGITS}"),
            ([{"name": "Bob"}], '/0/name: The field "name" is not known here; known here: xuid.'),
        ],
    ),
    "records": ([{}, {"a": {}}, {"a": None}], [(["a"], "an object"), ({"a": []}, "/a: an object, or null")]),
    "users": (
        [[], ["Ana", "Bob"], {}, {"Ana": {}, "Bob": None}],
        [("Ana", "a list of names, or an object of users by name"), ({"Ana": 7}, "/Ana: an object, or null")],
    ),
    "bases": (
        ["base.json", "lobby", {"scenario": "lobby", "players": 2}, [], ["a.yaml", {"scenario": "lobby"}]],
        [*no(BASES, 7, {"players": 2}, {"scenario": 7}), (["lobby", 7], f"/1: {BASE}")],
    ),
    "privileges": ([[], ["multiplayer"]], [("multiplayer", "a list"), (["chat"], '/0: one of "multiplayer"')]),
    "contract": ([104, 105, 107], no("104, 105 or 107", 106, "107", 107.0)),
    "members": (
        [[], ["Ana"], {}, STATUSES],
        [*no(MEMBERS, "Ana", 7), (["Ana", 7], "/1: a string")]
        + [({"Ana": wrong}, f"/Ana: {STATUS}") for wrong in ("there", True, None)],
    ),
    "gone": ([True], no("true, or no such field", False, 1)),
    "initializing": (
        ["joining", {"stage": "failed"}, {"stage": "measuring", "episode": 2, "stageStartTime": NOON}],
        [
            *no("a stage, or an object with one", 7, "begun", {}, {"episode": 1}),
            ({"stage": "over"}, '/stage: one of "joining", "measuring", "evaluating", "failed"'),
            ({"stage": "joining", "episode": 0}, "/episode: an integer of 1 or more"),
            ({"stage": "joining", "stageStartTime": "noon"}, f"/stageStartTime: {TIME}"),
        ],
    ),
    "limits": (
        ["documented", "trace-analyzer", {}, {"search": {"burst": 1}, "userstats": {"burst": 9, "sustain": 9}}],
        [
            *no(LIMITS, 7, "mine"),
            ({"search": {"burst": 0}}, "/search/burst: an integer of 1 or more"),
            ({"search": {"rate": 1}}, '/search/rate: The field "rate" is not known here; known here: burst, sustain.'),
            ({"stats": {}}, '/stats: The field "stats" is not known here; did you mean "userstats"?'),
        ],
    ),
    "faults": (
        [[], [{"fail": "get-me", "status": 503}, {"down": True}], [{"lose": "get-me", "how": 504, "times": None}]],
        [({}, "a list")],
    ),
    "names": ([[], ["Ana"]], [("Ana", "a list"), ([7], "/0: a string")]),
    "texts": ([[], ["ab"]], [("ab", "a list"), ([7], "/0: a string")]),
    "failure": one_of("timeout", "latency", "bandwidthdown", "bandwidthup", "network", "group", "episode"),
    "status": one_of("active", "ready", "inactive", "reserved"),
    "handle type": one_of("activity", "invite", "transfer", "search"),
    "handle id": ([SCID], no("a GUID that is not all zeros", "one", "00000000-0000-0000-0000-000000000000")),
    "session": (
        ["one", REF],
        [
            *no(LABELLED, 7, {"scid": SCID, "templateName": "lobby"}),
            ({**REF, "scid": "mine"}, "/scid: a GUID"),
            (
                {**REF, "label": "one"},
                '/label: The field "label" is not known here; known here: scid, templateName, name.',
            ),
        ],
    ),
    "values": (
        [{}, {"Ana": {}}, {"Ana": {"wins": 1, "rank": 1.5, "map": "dunes", "seen": NOON, "gone": None}}, {"Ana": None}],
        [([], "an object"), ({"Ana": 7}, "/Ana: an object, or null")]
        + [({"Ana": {"wins": wrong}}, f"/Ana/wins: {VALUE}") for wrong in (True, [1])],
    ),
    "titles": (
        [{}, {"7": SCID, "8": {}, "9": {"scid": SCID, "platforms": {"era": {}}}}],
        [
            ([], "an object"),
            ({"7": None}, f"/7: {A_TITLE}"),
            ({"7": "mine"}, f"/7: {A_TITLE}"),
            ({"seven": SCID}, f"/seven: a key that is {DIGITS}"),
        ],
    ),
    "group": (["Hero", "Größe"], no("a name without a comma", 7, "", "a,b")),
    "platforms": (
        [{}, {"era": {}, "uwp-desktop": {"pfn": "Contoso.Game_8wekyb3d8bbwe"}}],
        [
            ([], "an object"),
            ({"era": None}, "/era: an object"),
            ({"era": {"pfn": 7}}, "/era/pfn: a string"),
            ({"era": {"id": 7}}, '/era/id: The field "id" is not known here; known here: pfn.'),
            *(({name: {}}, f"/{name}: a key that is a name in lower case") for name in ("Era", "-era", "uwp desktop")),
        ],
    ),
    "form of values": one_of("numbers", "strings"),
    "value type": one_of("Integer", "Double", "String", "DateTime"),
    "access": one_of("open", "restricted"),
    "value": ([1, 1.5, "dunes", NOON], no("a number, a string or a datetime in its zone", [], True)),
    "time type": one_of("DateTime"),
}
NOT_IN_THE_SCHEMA = {"time": ["2026-02-30T12:00:00Z"], "contract": [107.0], "name": ["a\nb"], "from 0": [1.0]}
"""What JSON Schema cannot refuse: days that no calendar has, integers written as floats, unprintable characters."""
EACH_FIELD = [
    (table, field, kind) for table, kinds in FIELDS.items() for kind, names in kinds.items() for field in names.split()
]
UNKNOWN: dict[str, dict[str, str]] = {
    # Names that no table knows, and what is said of them; "" stands for a list of all that are known.
    "seed": {"session": 'did you mean "sessions"?', "lobbies": ""},
    "user": {"gamerTag": 'did you mean "gamertag"?', "age": ""},
    "service": {"onBehalf": 'did you mean "onBehalfOf"?', "xuid": ""},
    "template": {"constant": 'did you mean "constants"?', "members": ""},
    "session": {"templat": 'did you mean "template"?', "properties ": 'did you mean "properties"?'}
    | {"closed": "it is a field of properties.system.", "visibility": "it is a field of constants.system."},
    "member": {"state": 'did you mean "status"?', "role": 'did you mean "roles"?'},
    "handle": {"sesion": 'did you mean "session"?', "invitedXuid": 'did you mean "invited"?'},
    "statistics": {"user": 'did you mean "users"?', "players": ""},
    "definition": {"kind": "", "acces": 'did you mean "access"?'},
    "title": {"platform": 'did you mean "platforms"?', "pfn": ""},
    "reached": {"valeu": 'did you mean "value"?', "access": ""},
    "given": {"session": 'did you mean "sessions"?', "users": ""},
}
WHOLE = ("member", "reached", "title")
"""Records that are not put together of several seeds, but count as a whole."""


CUT = {5: "a value of the type int", "a b": '"... ..."', "a;b": '"...;..."', "a\nb": '"...\\n..."'}
"""Values of a token, and what an error text shows of them (SEEN-13)."""


def seed_error(document: Any) -> str:
    """The text of the error that a seed raises."""
    return error_of(lambda: Seed(document))


def test_these_tables_know_every_field() -> None:
    """A field that comes into the form comes here, too (SEED-1)."""
    known = {(table, field) for table, (fields, _, _) in PLACES.items() for field in fields}
    assert {(table, field) for table, field, _ in EACH_FIELD} == known
    assert {kind for _, _, kind in EACH_FIELD} == set(KINDS)
    assert set(UNKNOWN) == set(PLACES)


def test_every_field_names_a_rule_and_tells_what_it_means() -> None:
    """The reference page is made of these tables: none of its lines is empty, and each rule is there."""
    fields = [(table, *item) for table, (fields, _, _) in PLACES.items() for item in fields.items()]
    assert [(table, name) for table, name, field in fields if not (field.meaning and field.rule in RULES)] == []


@pytest.mark.parametrize(("table", "field", "kind"), EACH_FIELD)
def test_a_field_takes_what_the_form_says(table: str, field: str, kind: str) -> None:
    """Whether it fits the world is another question, asked when the seed is loaded (SEED-1)."""
    for value in KINDS[kind][0]:
        Seed(PLACES[table][2]({field: value}))


@pytest.mark.parametrize(
    ("table", "field", "value", "expected"),
    [
        pytest.param(table, field, value, expected, id=f"{table}.{field}-{number}")
        for table, field, kind in EACH_FIELD
        for number, (value, expected) in enumerate(KINDS[kind][1])
    ],
)
def test_a_field_takes_nothing_else(table: str, field: str, value: Any, expected: str) -> None:
    """The text says what would be right, what is there instead, where, and which rule says so (SEED-1)."""
    fields, at, seed = PLACES[table]
    inside, _, wanted = expected.partition(": ") if expected.startswith("/") else ("", "", expected)
    got: Any = inside.rpartition("/")[2] if wanted.startswith("a key") else value
    for part in inside.split("/")[1:] if got is value else ():
        got = got[int(part)] if isinstance(got, list) else got[part]
    shown = json.dumps(got) if len(json.dumps(got)) <= 60 else f"{json.dumps(got)[:57]}..."
    if wanted == HEADER_PART:
        shown = CUT.get(got, shown)
    what = wanted if wanted.startswith("The field ") else f"Expected {wanted}; got {shown}."
    assert seed_error(seed({field: value})) == (
        f"{what}\nwhere: {at}/{field}{inside} in the seed\nrule: {fields[field].rule}"
    )


def marked(table: str, field: str, value: Any) -> bool:
    """Whether an editor marks a mistake in a seed file with this value in a field."""
    beside = {"value": 1} if table == "reached" and field != "value" else {}
    document = json.dumps(PLACES[table][2]({**beside, field: value}), default=datetime.isoformat)
    return not SCHEMA.is_valid(json.loads(document))


@pytest.mark.parametrize(("table", "field", "kind"), EACH_FIELD)
def test_the_json_schema_takes_and_refuses_what_a_field_does(table: str, field: str, kind: str) -> None:
    """A null too, where it takes a field out; but for what JSON Schema cannot say (SEED-1, SEED-4)."""
    good, bad = KINDS[kind]
    nulls = [] if table in WHOLE else [None]
    assert [value for value in (*good, *nulls) if marked(table, field, value)] == []
    taken = [value for value, _ in bad if not marked(table, field, value)]
    assert taken == NOT_IN_THE_SCHEMA.get(kind, [])


@pytest.mark.parametrize(("table", "name"), [(table, name) for table in UNKNOWN for name in UNKNOWN[table]])
def test_an_unknown_field_is_refused_with_what_may_have_been_meant(table: str, name: str) -> None:
    """The nearest known name, where the field belongs, or all that are known (SEED-1)."""
    fields, at, seed = PLACES[table]
    hint = UNKNOWN[table][name] or f"known here: {', '.join(fields)}."
    assert seed_error(seed({name: {}})) == (
        f'The field "{name}" is not known here; {hint}\nwhere: {at}/{name} in the seed\nrule: SEED-1'
    )


@pytest.mark.parametrize(("table", "field"), [(table, field) for table, field, _ in EACH_FIELD])
def test_a_null_takes_out_a_field_of_what_is_put_together(table: str, field: str) -> None:
    """But nothing of what counts as a whole: a member, or a value with what is said of it (SEED-4)."""
    fields, at, seed = PLACES[table]
    if table not in WHOLE:
        Seed(seed({field: None}))
        return
    what, where, rule = seed_error(seed({field: None})).splitlines()
    assert (what.startswith("Expected "), what.endswith("; got null.")) == (True, True)
    assert (where, rule) == (f"where: {at}/{field} in the seed", f"rule: {fields[field].rule}")


@pytest.mark.parametrize("document", [[], "lobby.json", 7, True, 1.5])
def test_a_seed_is_an_object(document: object) -> None:
    """A list, a name or a number is none (SEED-1)."""
    assert seed_error(document) == f"Expected an object; got {json.dumps(document)}.\nwhere: the seed\nrule: SEED-1"


def test_a_seed_has_the_name_that_errors_call_it() -> None:
    """`the seed` unless given; and it need not say anything (SEED-1)."""
    assert (repr(Seed()), repr(Seed({}, name="mine"))) == ("<seed the seed>", "<seed mine>")
    assert error_of(lambda: Seed({"users": 7}, name="mine")).splitlines()[1] == "where: /users in mine"


def test_labels_are_escaped_in_a_place() -> None:
    """As in every JSON pointer (CALL-6)."""
    assert seed_error({"users": {"a/b~c": {"x": 7}}}).splitlines()[1] == "where: /users/a~1b~0c/x in the seed"


@pytest.mark.parametrize(
    ("section", "record", "missing"),
    [
        ("sessions", {"members": []}, "template"),
        ("handles", {"session": "one"}, "type"),
        ("handles", {"type": "invite"}, "session"),
    ],
)
def test_a_record_has_the_fields_that_it_needs_once_all_is_put_together(
    section: str, record: SeedDict, missing: str
) -> None:
    """A part of a seed may leave them to another part (SEED-1, SEED-4)."""
    found = refused({section: {"x/y": record}})
    assert found == (f"The field {missing} is required here.", f"/{section}/x~1y", "SEED-1")


def test_a_line_break_in_a_label_is_escaped() -> None:
    """So that an error is three lines, whatever people are called (CALL-15)."""
    assert (
        seed_error({"users": ["a\nb", "a\nb"]}) == '"a\\nb" appears twice.\nwhere: /users/1 in the seed\nrule: SEED-1'
    )
    lobby = {"template": "lobby", "members": ["c\u2028d"]}
    text = f'Expected {NAME}; got "a\\nb".'
    assert refused({"sessions": {"a\nb": lobby}}) == (text, "/sessions/a\\nb/name", "CALL-15")
    assert refused({"sessions": {"ab": lobby}})[0] == 'There is no user "c\\u2028d"; there are: none.'


@pytest.mark.parametrize("users", [["Ana", "Bob", "Ana"], ["Ana", "Ana", "Bob", "Bob"]])
def test_a_name_stands_once_among_the_users(users: list[str]) -> None:
    """In a list it would be one person, or two (SEED-1)."""
    twice = users.index("Ana", 1)
    assert seed_error({"users": users}) == f'"Ana" appears twice.\nwhere: /users/{twice} in the seed\nrule: SEED-1'
    text = error_of(lambda: checked_expectation({"users": users}))
    assert text == f'"Ana" appears twice.\nwhere: /expected/users/{twice} in the call\nrule: SEED-1'


@pytest.mark.parametrize("label", ["a\nb", "x" * 400])
def test_a_place_stays_on_its_line(label: str) -> None:
    """However a label is written (CALL-15)."""
    what, place, rule = refused({"sessions": {label: {}}})
    assert (what, place[:10], rule) == ("The field template is required here.", "/sessions/", "SEED-1")


# What is expected at the end


NOT_COMPARED = "This is not compared; what is: {}."


@pytest.mark.parametrize(
    ("expected", "what", "place", "rule"),
    [
        ({"templates": {}}, NOT_COMPARED.format("now, users, sessions, handles, statistics"), "/templates", "SEED-10"),
        ({"statistics": {"scids": []}}, NOT_COMPARED.format("users"), "/statistics/scids", "SEED-10"),
        ({"statistics": 5}, "Expected an object; got 5.", "/statistics", "SEED-10"),
        ({"sessions": {"one": {"template": 7}}}, "Expected a string; got 7.", "/sessions/one/template", "TMPL-1"),
        (
            {"sessions": {"one": {"templat": "lobby"}}},
            'The field "templat" is not known here; did you mean "template"?',
            "/sessions/one/templat",
            "SEED-1",
        ),
        ({"now": "noon"}, f'Expected {TIME}; got "noon".', "/now", "TIME-1"),
    ],
)
def test_what_is_expected_has_the_seed_form(expected: SeedDict, what: str, place: str, rule: str) -> None:
    """The place is the one inside `expected`, in a seed and in a call (SEED-10)."""
    text = f"{what}\nwhere: /expected{place} in the {{}}\nrule: {rule}"
    assert seed_error({"expected": expected}) == text.format("seed")
    assert error_of(lambda: checked_expectation(expected)) == text.format("call")


@pytest.mark.parametrize(
    "expected",
    [
        {"sessions": {"one": None}, "handles": {"go": None}, "now": None},
        {"sessions": {"one": {"members": {"Ana": None}}}, "users": {"Ana": {"gamertag": None}}},
        {"statistics": {"users": {"Ana": {"wins": None}}}, "users": ["Ana"]},
        {"statistics": {}},
    ],
)
def test_a_null_is_expected_not_to_be_there(expected: SeedDict) -> None:
    """It fits everywhere (SEED-10)."""
    Seed({"expected": expected})
    assert checked_expectation(expected) == expected


# Times


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-01T12:00:00Z", NOON),
        ("2026-01-01T12:00:00.5Z", NOON + timedelta(seconds=0.5)),
        ("2026-01-01T12:00:00.1234567Z", NOON + timedelta(microseconds=123456)),
        ("2026-01-01T12:00:00+00:00", NOON),
        ("2026-01-01T14:00:00.500000+02:00", NOON + timedelta(seconds=0.5)),
        (NOON.astimezone(timezone(timedelta(hours=-8))), NOON),
    ],
)
def test_a_time_is_written_as_the_service_writes_it_or_given_as_a_datetime(written: object, meant: datetime) -> None:
    """In any zone, and it is the same moment (TIME-1)."""
    assert moment(written) == meant


NO_TIMES: dict[str, list[object]] = {
    "no text": [7, None, math.inf, []],
    "less than a time": ["", "Z", "noon", "2026-01-01", "2026-01-01T12:00Z"],
    "without a zone": ["2026-01-01T12:00:00", NAIVE],
    "in no calendar": ["2026-13-01T12:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T12:00:00+25:00"],
    "without colons": ["20260101T120000Z", "2026-W01-4T12:00:00Z", "2026-01-01T12:00:00+0200"],
    "with other signs": ["2026-01-01 12:00:00Z", "2026-01-01t12:00:00z", "2026-01-01T12:00:00Z\n"],
    "with other digits": ["\u0662\u0660\u0662\u0666-01-01T12:00:00Z"],
    "no fraction": ["2026-01-01T12:00:00,5Z", "2026-01-01T12:00:00.Z", "2026-01-01T12:00:00.12345678Z"],
    "before the calendar": ["0001-01-01T00:00:00+05:00", datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))],
    "after the calendar": ["9999-12-31T23:59:59-05:00", datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))],
}


@cases("values", NO_TIMES)
def test_anything_else_is_no_time(values: list[object]) -> None:
    """Nor is a time without its zone, which could be any (TIME-1)."""
    assert [value for value in values if moment(value) is not None] == []


@pytest.mark.parametrize(
    ("document", "expected", "where", "rule"),
    [
        ({"now": NAIVE}, TIME, "/now", "TIME-1"),
        ({"description": NAIVE}, "a string", "/description", "SEED-1"),
        ({"statistics": {"users": {"Ana": {"seen": NAIVE}}}}, VALUE, "/statistics/users/Ana/seen", "STAT-5"),
    ],
)
def test_a_datetime_where_it_cannot_be_is_told_like_anything_else(
    document: SeedDict, expected: str, where: str, rule: str
) -> None:
    """No JSON can show it, and the text does all the same (SEED-1, TIME-1)."""
    assert seed_error(document) == (
        f'Expected {expected}; got "2026-01-01 12:00:00".\nwhere: {where} in the seed\nrule: {rule}'
    )
