"""Shapes that a JSON value can be asked to have.

A shape is a function of a value that answers None, or a `Misfit` that says where inside the value something
is wrong and what was expected there.
The tables of `schema` are built from these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.model import Json

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
BASE64 = re.compile(r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
BRIEF = 60
"""The most characters of a value that a sentence quotes."""
MISSING = object()
"""What an object has under a name that is not in it."""
DIGITS = re.compile(r"[0-9]{1,20}")


class Misfit(NamedTuple):
    """Where inside a value something is wrong (() for the value itself), and what was expected there."""

    inside: tuple[str | int, ...]
    expected: str
    got: Json

    def below(self, key: str | int) -> Misfit:
        """The same misfit, seen from one level further up."""
        return self._replace(inside=(key, *self.inside))


Shape: TypeAlias = Callable[[Json], Misfit | None]


def pointer_part(key: object) -> str:
    """One part of a JSON pointer, escaped."""
    return str(key).replace("~", "~0").replace("/", "~1")


def brief(value: Json) -> str:
    """A JSON value short enough to stand in a sentence."""
    text = json.dumps(value, default=str)
    return text if len(text) <= BRIEF else f"{text[: BRIEF - 3]}..."


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal and of the same types: true, 1 and 1.0 all differ.

    Written for whole documents: it decides nearly every comparison, so it looks into nothing that it need not.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        if len(one) != len(other):
            return False
        for name, ours in one.items():
            theirs = other.get(name, MISSING)
            if ours is not theirs and not (ours == theirs if type(ours) is type(theirs) is str else same(ours, theirs)):
                return False
        return True
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def where(test: Callable[[Json], bool], expected: str) -> Shape:
    """The shape of what passes a test."""

    def shape(value: Json) -> Misfit | None:
        return None if test(value) else Misfit((), expected, value)

    return shape


def is_integer(value: Json) -> bool:
    """Whether a value is a JSON integer; true and false are none."""
    return type(value) is int


def is_text(value: Json) -> bool:
    """Whether a value is a JSON string."""
    return type(value) is str


def is_base64(value: Json) -> bool:
    """Whether a value is a string of base64; the empty string is one."""
    return is_text(value) and BASE64.fullmatch(value) is not None


anything = where(lambda _: True, "anything")
boolean = where(lambda value: type(value) is bool, "true or false")
flag = where(lambda value: value == "true", "true, or no such parameter")
text = where(is_text, "a string")
object_ = where(lambda value: type(value) is dict, "an object")
number = where(lambda value: type(value) in (int, float), "a number")
guid = where(lambda value: is_text(value) and bool(GUID.fullmatch(value)), "a GUID")
digits = where(lambda value: is_text(value) and bool(DIGITS.fullmatch(value)), "a string of decimal digits")
base64_text = where(is_base64, "a string of base64")


def integer(low: int, high: int | None = None) -> Shape:
    """An integer within bounds."""
    expected = f"an integer of {low} or more" if high is None else f"an integer from {low} to {high}"
    return where(lambda value: is_integer(value) and low <= value and (high is None or value <= high), expected)


def number_in_text(low: int, high: int) -> Shape:
    """A whole number within bounds, written in decimal digits, as a query string has it."""
    return where(
        lambda value: DIGITS.fullmatch(value) is not None and low <= int(value) <= high,
        f"a number from {low} to {high}",
    )


def one_of(*choices: str) -> Shape:
    """One of some strings."""
    return where(lambda value: value in choices, "one of " + ", ".join(json.dumps(choice) for choice in choices))


def or_null(shape: Shape) -> Shape:
    """What the shape allows, or null."""

    def nullable(value: Json) -> Misfit | None:
        misfit = None if value is None else shape(value)
        return misfit and (misfit if misfit.inside else misfit._replace(expected=f"{misfit.expected}, or null"))

    return nullable


def list_of(shape: Shape) -> Shape:
    """A list whose items all have a shape."""

    def listed(value: Json) -> Misfit | None:
        if type(value) is not list:
            return Misfit((), "a list", value)
        return _first((index, shape(item)) for index, item in enumerate(value))

    return listed


def map_of(shape: Shape, *, keys: Shape = anything) -> Shape:
    """An object whose values all have a shape, and whose keys have another."""

    def mapped(value: Json) -> Misfit | None:
        if type(value) is not dict:
            return Misfit((), "an object", value)
        return _first((key, _key_misfit(keys, key) or shape(item)) for key, item in value.items())

    return mapped


def fields(table: Mapping[str, Shape], *, required: tuple[str, ...] = ()) -> Shape:
    """An object that may hold just the named fields, each of its own shape."""
    known = ", ".join(table)

    def record(value: Json) -> Misfit | None:
        if type(value) is not dict:
            return Misfit((), "an object", value)
        for name in value:
            if name not in table:
                return Misfit((), f"no such field; known are {known}", value[name]).below(name)
        for name in required:
            if name not in value:
                return Misfit((), f"an object with {json.dumps(name)}", value)
        return _first((key, table[key](item)) for key, item in value.items())

    return record


def _key_misfit(keys: Shape, key: str) -> Misfit | None:
    misfit = keys(key)
    return misfit and misfit._replace(expected=f"a key that is {misfit.expected}", got=key)


def _first(findings: Iterable[tuple[str | int, Misfit | None]]) -> Misfit | None:
    for key, misfit in findings:
        if misfit:
            return misfit.below(key)
    return None
