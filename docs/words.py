"""What a shape asks for, in words, found out by asking it."""

# ruff: noqa: INP001 -- docs is no package

from __future__ import annotations

import json

from pytest_xbl.mpsd.shapes import Misfit, Shape

NOTHING = object()
"""Something that cannot be JSON, so that every shape but one refuses it."""
NO_PARAMETER = ","
"""A text that no parameter of a query string may hold; their shapes are asked about texts only."""
ANYTHING = "anything"
LIST = "a list"
REQUIRED = "an object with "
CLOSED = "known are "


def describe(shape: Shape) -> str:
    """What a shape asks for, in the words with which it refuses what cannot be JSON."""
    expected = _expected(shape, NOTHING)
    if is_list(shape):
        empty = _expected(shape, [])
        return f"{LIST if empty == ANYTHING else empty}; each item {describe(item_of(shape))}"
    return _object(shape) if expected == "an object" else expected


def describe_parameter(shape: Shape) -> str:
    """What the shape of a parameter asks for, in the words with which it refuses a text that none may hold."""
    return _expected(shape, NO_PARAMETER)


def names_in(shape: Shape) -> list[str]:
    """The fields that an object of this shape may have; none where the shape does not name them."""
    _, closed, names = _wrong_inside(shape).partition(CLOSED)
    return names.split(", ") if closed else []


def is_list(shape: Shape) -> bool:
    """Whether a shape asks for a list."""
    return _expected(shape, NOTHING) == LIST


def item_of(shape: Shape) -> Shape:
    """The shape of the items of a list."""

    def item(value: object) -> Misfit | None:
        misfit = shape([value])
        return misfit and misfit._replace(inside=misfit.inside[1:])

    return item


def required_in(shape: Shape) -> list[str]:
    """The fields that an object of this shape must have."""
    found: dict[str, object] = {}
    while (expected := _expected(shape, found)).startswith(REQUIRED):
        found[json.loads(expected.removeprefix(REQUIRED))] = NOTHING
    return list(found)


def inside(shape: Shape, name: str) -> Shape:
    """The shape of a field of an object with this shape."""
    others = dict.fromkeys(required_in(shape), NOTHING)

    def inner(value: object) -> Misfit | None:
        misfit = shape({name: value, **{other: it for other, it in others.items() if other != name}})
        return misfit._replace(inside=misfit.inside[1:]) if misfit and misfit.inside[:1] == (name,) else None

    return inner


def _object(shape: Shape) -> str:
    if names := names_in(shape):
        return "an object of " + ", ".join(f"`{name}`" for name in names)
    expected = _wrong_inside(shape)
    if expected.startswith("a key that is "):
        return f"an object; each key {expected.removeprefix('a key that is ')}"
    return "an object" if expected == ANYTHING else f"an object; each value {expected}"


def _wrong_inside(shape: Shape) -> str:
    """What a shape says of an object that has nothing right but the fields that it must have."""
    return _expected(shape, {"": NOTHING, **dict.fromkeys(required_in(shape), NOTHING)})


def _expected(shape: Shape, value: object) -> str:
    misfit = shape(value)
    return misfit.expected if misfit else ANYTHING
