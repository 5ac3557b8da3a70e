"""Shapes that only seeds have: names of people and sessions, and what a seed extends."""

from __future__ import annotations

from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.schema import session_ref
from pytest_xbl.mpsd.shapes import Either, ListOf, MapOf, Matching, OrNull, Passing, Record, digits, object_, text


def _names_a_scenario(value: Json) -> bool:
    return isinstance(value, dict) and type(value.get("scenario")) is str


names = ListOf(text)
person = Either(
    text, Record({"xuid": digits}, needed=("xuid",)), is_one=str, expected='a name, or {"xuid": ...} of a stranger'
)
people = ListOf(person)
session = Either(text, session_ref, is_one=str, expected="the label of a session, or a whole reference of one")
digits_or_none = Matching('a string of decimal digits, or ""', "[0-9]{0,20}")
header_part = Matching("printable ASCII without spaces and semicolons", "[!-:<-~]+")
records = MapOf(OrNull(object_))
base = Either(
    text,
    Passing("an object with a scenario", _names_a_scenario),
    is_one=str,
    expected='the name of a file or a scenario, or {"scenario": ..., ...} with its parameters',
)
