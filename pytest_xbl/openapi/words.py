"""The words with which the reference pages describe a shape."""

from __future__ import annotations

from pytest_xbl.mpsd.shapes import ListOf, MapOf, Record, Shape


def describe(shape: Shape) -> str:
    """A shape, and the shapes of its items, keys and values."""
    match shape:
        case ListOf(item, filled):
            return f"{'a list that is not empty' if filled else 'a list'}; each item {describe(item)}"
        case MapOf(value, keys):
            return f"an object{f'; each key {keys.expected}' if keys else ''}; each value {describe(value)}"
        case Record(fields):
            return "an object of " + ", ".join(f"`{name}`" for name in fields)
    return shape.expected
