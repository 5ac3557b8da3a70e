"""Checks against tables of fields, and how a refusal tells what would be right (CALL-6)."""

from __future__ import annotations

import json

import pytest

from errors import refusal_of, told, told_of
from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.checking import check, check_fields, require_fields, unknown_field
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import Either, Integer, ListOf, OneOf, OrNull, object_, text
from tables import cases


def test_a_body_has_the_fields_that_it_needs() -> None:
    """The first one that is missing is named; an empty value is one, too (CALL-6)."""
    table = {name: Field(text, "HAND-1", needed=name != "a") for name in "abc"}
    require_fields(table, {"b": "", "c": None})
    expected = (400, "/at/b", "The field b is required here.", "CALL-6")
    assert told_of(lambda: require_fields(table, {"a": ""}, ("at",))) == expected


def test_the_first_field_that_is_wrong_is_named() -> None:
    """Of several faults the first in the body answers (CALL-6)."""
    bag = {"closed": True, "turn": {}, "nonsense": 1}
    refused = told_of(lambda: check_fields(schema.SESSION_PROPERTIES, bag, ("at",)))
    assert refused == (400, "/at/turn", "Expected a list; got {}.", "PROP-3")


KNOWN = "known here: closed, locked, maxMembersCount."


@cases(
    "name part hint",
    {
        "nearly right": ("maxMemberCount", "maxMemberCount", 'did you mean "maxMembersCount"?'),
        "no name": ("", "", KNOWN),
        "a name to escape": ("a/~b", "a~1~0b", KNOWN),
        "not ASCII": ("größe\n", "größe\\n", KNOWN),
    },
)
def test_an_unknown_field_is_refused_with_a_hint(name: str, part: str, hint: str) -> None:
    """A field that no rule knows is 400, and the text names the nearest one or all that there are (CALL-6)."""
    table = dict.fromkeys(("closed", "locked", "maxMembersCount"), schema.SESSION_PROPERTIES["closed"])
    expected = (400, f"/at/{part}", f"The field {json.dumps(name)} is not known here; {hint}", "CALL-6")
    assert told_of(lambda: check_fields(table, {name: None}, ("at",))) == expected
    assert told(unknown_field(name, list(table), ("at",))) == expected


@pytest.mark.parametrize(
    ("value", "hint"),
    [("activ", ' Did you mean "active"?'), ("READY", ' Did you mean "ready"?'), ("x", ""), (["active"], "")],
)
def test_a_choice_is_refused_with_the_nearest_besides_the_list(value: Json, hint: str) -> None:
    """Also where null or an object would do, and whatever the case; of one choice alone the list says it (CALL-6)."""
    status = Either(OneOf(("active", "ready")), object_, is_one=str, expected="a status, active or ready, or an object")
    for shape in (OneOf(("active", "ready")), OrNull(OneOf(("active", "ready"))), status):
        what = told_of(lambda shape=shape: check(shape, value, (), "MEMB-8"))[2]  # type: ignore[misc]
        assert what == f"Expected {shape.expected}; got {json.dumps(value)}.{hint}"
    assert told_of(lambda: check(OneOf(("read",)), "READ", (), "STAT-1"))[2] == 'Expected one of "read"; got "READ".'


def test_the_hint_is_the_nearest_name() -> None:
    """Names are compared by their first hundred characters: nobody mistypes a longer one (CALL-6)."""
    known = ("readyRemovalTimeout", "reservedRemovalTimeout", "sessionEmptyTimeout")
    what = 'The field "reserveRemovalTimeout" is not known here; did you mean "reservedRemovalTimeout"?'
    assert unknown_field("reserveRemovalTimeout", known, ()).what == what
    long = unknown_field("x" * 10_000, ("x" * 100, "y"), ()).what
    assert long.endswith(f'did you mean "{"x" * 56}...?')


HOMES = {
    "visibility": "constants.system",
    "inactiveRemovalTimeout": "constants.system under contract 107",
    "closed": "properties.system",
    "matchmaking": "properties.system",
    "active": "a member's properties.system",
    "timeouts": "constants.system under contracts 104 and 105",
    "group": "a member's properties.system under contracts 104 and 105",
    "lockId": "servers.matchmaking.properties.system",
}


@pytest.mark.parametrize(("name", "home"), HOMES.items())
def test_the_hint_for_a_field_of_another_bag_is_where_it_belongs(name: str, home: str) -> None:
    """A field that is known elsewhere is not misspelt but misplaced, and the text says where it belongs (CALL-6)."""
    what = f'The field "{name}" is not known here; it is a field of {home}.'
    assert unknown_field(name, (name.lower(), "system"), ("at",)).what == what


def test_a_refused_value_reads_well() -> None:
    """The text of a refusal says what was expected and what came, where, and by which rule (CALL-6)."""
    turn = ("properties", "system", "turn")
    check(ListOf(Integer(0)), [0, 1], turn, "PROP-3")
    refused = refusal_of(lambda: check(ListOf(Integer(0)), [0, "x" * 80], turn, "PROP-3"))
    assert refused.text == (
        'Expected an integer of 0 or more; got "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx....\n'
        "where: /properties/system/turn/1\n"
        "rule: PROP-3\n"
    )
    assert not refused.shows_session
