"""Shapes of JSON values: values that say what they ask for, and find the first misfit in a value.

The tables of fields are built from these.
Checking reads them, and so do the reference pages of the documentation and the JSON Schema of seeds.
Nobody changes or compares a shape; dataclasses that allow for that take five times as long to import.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.model import Json

GUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
BASE64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
DIGITS = re.compile("[0-9]{1,20}")


class Misfit(NamedTuple):
    """A value, or a part of it, that does not have its shape.

    Args:
        inside: the keys and indices that lead to the part, the innermost last; () for the value itself.
        expected: the words for what would fit there.
        got: the part.
        known: the fields that an object may have, if the part is one of another name.
        choices: the values that would fit there, if there are only some.
    """

    inside: tuple[str | int, ...]
    expected: str
    got: Json
    known: tuple[str, ...] = ()
    choices: tuple[Json, ...] = ()

    def below(self, key: str | int) -> Misfit:
        """The same misfit, seen from one level further up."""
        return self._replace(inside=(key, *self.inside))


class Anything:
    """Any value."""

    expected = "anything"

    def misfit(self, value: Json) -> None:
        """No value is a misfit."""


@dataclass(eq=False, repr=False)
class OfType:
    """A value of one of these types, and not of a subclass: true is no integer."""

    expected: str
    types: tuple[type, ...]

    def misfit(self, value: Json) -> Misfit | None:
        """The value, unless it has one of the types."""
        return None if type(value) in self.types else Misfit((), self.expected, value)


@dataclass(eq=False, repr=False)
class Integer:
    """An integer within bounds."""

    low: int
    high: int | None = None

    @property
    def expected(self) -> str:
        """The words for such an integer."""
        return (
            f"an integer of {self.low} or more" if self.high is None else f"an integer from {self.low} to {self.high}"
        )

    def misfit(self, value: Json) -> Misfit | None:
        """The value, unless it is such an integer."""
        if type(value) is int and self.low <= value and (self.high is None or value <= self.high):
            return None
        return Misfit((), self.expected, value)


@dataclass(eq=False, repr=False)
class NumberInText:
    """A whole number within bounds, written in decimal digits, as a query string has it."""

    low: int
    high: int

    @property
    def expected(self) -> str:
        """The words for such a number."""
        return f"a number from {self.low} to {self.high}"

    def misfit(self, value: Json) -> Misfit | None:
        """The text, unless it is such a number."""
        fits = DIGITS.fullmatch(value) is not None and self.low <= int(value) <= self.high
        return None if fits else Misfit((), self.expected, value)


@dataclass(eq=False, repr=False)
class Digits:
    """A whole number of at most so many bits, written in decimal digits in a string."""

    bits: int

    expected = "a string of decimal digits"
    pattern = DIGITS.pattern

    def misfit(self, value: Json) -> Misfit | None:
        """The value, unless it is such a string; of a number that is too large it says how many bits it may have."""
        if type(value) is not str or not DIGITS.fullmatch(value):
            return Misfit((), self.expected, value)
        return Misfit((), f"a number of at most {self.bits} bits", value) if int(value) >> self.bits else None


@dataclass(eq=False, repr=False)
class OneOf:
    """One of some values, of the same type: 1, 1.0 and true all differ.

    Args:
        words: for the choices; a list of them unless given.
        any_case: whether a string fits in upper case, too; the choices are then in lower case.
    """

    choices: tuple[Json, ...]
    words: str = ""
    any_case: bool = False

    @property
    def expected(self) -> str:
        """The words for the choices."""
        return self.words or "one of " + ", ".join(map(json.dumps, self.choices))

    def misfit(self, value: Json) -> Misfit | None:
        """The value, unless it is one of the choices."""
        given = value.lower() if self.any_case and type(value) is str else value
        for choice in self.choices:
            if given == choice and type(given) is type(choice):
                return None
        return Misfit((), self.expected, value, choices=self.choices)


@dataclass(eq=False, repr=False)
class Matching:
    """A string that matches a pattern from its first character to its last.

    Args:
        pattern: a regular expression, compiled when it is first needed: there are many, and a test needs few.
    """

    expected: str
    pattern: str

    def misfit(self, value: Json) -> Misfit | None:
        """The value, unless it is such a string."""
        if type(value) is str and re.fullmatch(self.pattern, value):
            return None
        return Misfit((), self.expected, value)


@dataclass(eq=False, repr=False)
class Passing:
    """A value that passes a test, for what no other shape expresses.

    Args:
        pattern: that every string has which passes, as far as a pattern can say it; None if there is none.
    """

    expected: str
    test: Callable[[Json], object]
    pattern: str | None = None

    def misfit(self, value: Json) -> Misfit | None:
        """The value, unless it passes."""
        return None if self.test(value) else Misfit((), self.expected, value)


@dataclass(eq=False, repr=False)
class ListOf:
    """A list whose items all have a shape.

    Args:
        filled: whether it needs an item.
    """

    item: Shape
    filled: bool = False

    expected = "a list"

    def misfit(self, value: Json) -> Misfit | None:
        """The value if it is no such list, or the first misfit in it."""
        if type(value) is not list:
            return Misfit((), self.expected, value)
        misfit_of = self.item.misfit
        for index, item in enumerate(value):
            misfit = misfit_of(item)
            if misfit:
                return misfit.below(index)
        return Misfit((), "a list that is not empty", value) if self.filled and not value else None


@dataclass(eq=False, repr=False)
class MapOf:
    """An object with keys of any name, whose values all have a shape.

    Args:
        keys: the shape of the keys; None for any string.
    """

    value: Shape
    keys: Shape | None = None

    expected = "an object"

    def misfit(self, value: Json) -> Misfit | None:
        """The value if it is no object, or the first misfit in it."""
        if type(value) is not dict:
            return Misfit((), self.expected, value)
        for key, item in value.items():
            misfit = self._key_misfit(key) or self.value.misfit(item)
            if misfit:
                return misfit.below(key)
        return None

    def _key_misfit(self, key: str) -> Misfit | None:
        misfit = self.keys.misfit(key) if self.keys else None
        return misfit and Misfit((), f"a key that is {misfit.expected}", key)


@dataclass(eq=False, repr=False)
class Record:
    """An object that may hold the named fields and no other.

    Args:
        needed: the fields that it must have.
    """

    fields: Mapping[str, Shape]
    needed: tuple[str, ...] = ()

    expected = "an object"

    def misfit(self, value: Json) -> Misfit | None:
        """The value if it is no object with the needed fields, or the first misfit in it."""
        if type(value) is not dict:
            return Misfit((), self.expected, value)
        for name in value:
            if name not in self.fields:
                return Misfit((name,), "no such field", value[name], tuple(self.fields))
        for name in self.needed:
            if name not in value:
                return Misfit((), f"an object with {json.dumps(name)}", value)
        for name, item in value.items():
            misfit = self.fields[name].misfit(item)
            if misfit:
                return misfit.below(name)
        return None


@dataclass(eq=False, repr=False)
class OrNull:
    """Null, or a value of a shape."""

    shape: Shape

    @property
    def expected(self) -> str:
        """The words for both."""
        return f"{self.shape.expected}, or null"

    def misfit(self, value: Json) -> Misfit | None:
        """The misfit of a value that is not null; null would not help inside it."""
        misfit = None if value is None else self.shape.misfit(value)
        return misfit and (misfit if misfit.inside else misfit._replace(expected=f"{misfit.expected}, or null"))


@dataclass(eq=False, repr=False)
class Either:
    """A value of one of two shapes, which its type decides.

    Args:
        is_one: the type of the values of the first shape.
        expected: the words for both.
    """

    one: Shape
    other: Shape
    is_one: type
    expected: str

    def misfit(self, value: Json) -> Misfit | None:
        """The misfit of the shape that the type of the value asks for."""
        misfit = self.one.misfit(value) if isinstance(value, self.is_one) else self.other.misfit(value)
        return misfit if misfit is None or misfit.inside else misfit._replace(expected=self.expected)


Shape: TypeAlias = (
    Anything
    | OfType
    | Integer
    | NumberInText
    | Digits
    | OneOf
    | Matching
    | Passing
    | ListOf
    | MapOf
    | Record
    | OrNull
    | Either
)
"""Every shape; whoever reads one by its class is told by mypy if a class is missing."""

anything = Anything()
boolean = OfType("true or false", (bool,))
text = OfType("a string", (str,))
object_ = OfType("an object", (dict,))
number = OfType("a number", (int, float))
guid = Matching("a GUID", GUID)
digits = Digits(64)
base64_text = Matching("a string of base64", BASE64)
filled_base64 = Matching("a string of base64 that is not empty", f"(?=.){BASE64}")
flag = OneOf(("true",), "true, or no such parameter")
