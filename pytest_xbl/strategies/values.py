"""Values of a shape, and values that are misfits."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.moments import time
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.shapes import (
    Anything,
    Digits,
    Integer,
    ListOf,
    MapOf,
    Matching,
    NumberInText,
    OfType,
    OneOf,
    OrNull,
    Passing,
    Record,
    Shape,
)

MOST = 3
"""The most items of a list, and keys of an object, that a strategy makes."""
HIGHEST = 2**31
"""The greatest of the integers that have no bound."""

letters = st.characters(categories=["L", "N"], include_characters=" _-.", max_codepoint=0x24F)
names = st.text(letters, min_size=1, max_size=8)
"""Names of people, and of fields that a title makes up."""
any_names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
"""Names of fields that a title writes into a custom bag: any text, the empty one too."""
texts: st.SearchStrategy[Json] = any_names
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)
json_values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=MOST), st.dictionaries(any_names, inner, max_size=MOST)),
    max_leaves=6,
)
"""Any JSON."""
json_objects: st.SearchStrategy[dict[str, Json]] = st.dictionaries(any_names, json_values, max_size=MOST)
BY_TYPE: Mapping[type, st.SearchStrategy[Json]] = {
    bool: st.booleans(),
    str: texts,
    int: st.integers(-HIGHEST, HIGHEST),
    float: st.floats(allow_nan=False, allow_infinity=False, width=32),
    dict: json_objects,
    list: st.lists(json_values, max_size=MOST),
}


def values(shape: Shape) -> st.SearchStrategy[Json]:  # noqa: C901, PLR0911, PLR0912 -- a case for each shape
    """Values that have a shape."""
    match shape:
        case Anything():
            return json_values
        case OfType():
            return st.one_of([BY_TYPE[kind] for kind in shape.types])
        case Integer():
            return st.integers(shape.low, HIGHEST if shape.high is None else shape.high)
        case NumberInText():
            return st.integers(shape.low, shape.high).map(str)
        case Digits():
            return st.integers(0, 2**shape.bits - 1).map(str)
        case OneOf():
            return st.sampled_from(shape.choices)
        case Matching():
            return st.from_regex(shape.pattern, fullmatch=True)
        case Passing() if shape is time:
            return st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
        case Passing():
            likely = names if shape.pattern is None else st.from_regex(shape.pattern, fullmatch=True)
            return likely.filter(lambda text: shape.misfit(text) is None)
        case ListOf():
            return st.lists(values(shape.item), min_size=int(shape.filled), max_size=MOST)
        case MapOf():
            keys = names if shape.keys is None else values(shape.keys)
            return st.dictionaries(keys, values(shape.value), max_size=MOST)
        case Record():
            return records(
                {name: Field(inner, "", needed=name in shape.needed) for name, inner in shape.fields.items()}
            )
        case OrNull():
            return st.one_of(st.none(), values(shape.shape))
        case _:
            return st.one_of(values(shape.one), values(shape.other)).filter(lambda value: shape.misfit(value) is None)


def records(fields: Mapping[str, Field]) -> st.SearchStrategy[dict[str, Json]]:
    """Objects with some fields of a table, and all that are needed; fields that are not built are left out."""
    built = {name: values(field.shape) for name, field in fields.items() if field.built}
    needed = {name: built.pop(name) for name, field in fields.items() if field.needed and field.built}
    chosen = st.sets(st.sampled_from(sorted(built)), max_size=MOST) if built else st.just(set[str]())
    return chosen.flatmap(
        lambda some: st.fixed_dictionaries({**needed, **{name: built[name] for name in sorted(some)}})
    )


def misfits(shape: Shape) -> st.SearchStrategy[Json]:
    """Values that do not have a shape, and are not null, which removes a field (PUT-5)."""
    candidates = texts if isinstance(shape, NumberInText) else json_values
    return candidates.filter(lambda value: value is not None and shape.misfit(value) is not None)
