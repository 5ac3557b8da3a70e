"""Python values as set-up holds them: JSON, and times besides; copied, so that nobody changes them afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pytest_xbl.errors import shown
from pytest_xbl.mpsd import json_text
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.secrets import cut_value, is_secret

DEEPEST = json_text.DEEPEST + 8
"""The number of levels that a seed may have: a request's, and those around its content."""
MOST_VALUES = 1_000_000
"""The number of values in one part of a seed, each counted as often as it is there."""
FIELD = 3
"""The length of the place of a field of a record."""
BODIES = frozenset({"constants", "properties", "servers", "roleTypes", "attributes", "metadata"})
"""The fields whose content is as in a request, where a time is a string."""


def require_size(document: Any) -> None:
    """Refuse a document that would take forever to copy: with aliases, a few lines of YAML repeat a value endlessly.

    Raises:
        Refusal: for too many values (SEED-15).
    """
    size = _size(document, {}, 0)
    if size > MOST_VALUES:
        what = f"A seed has at most {MOST_VALUES:,} values; with every repetition, this one has {size:,}."
        raise Refusal(400, what, where=(), rule="SEED-15")


def _size(value: Any, sizes: dict[int, int], depth: int) -> int:
    """The number of values inside a value.

    Args:
        sizes: of the objects and lists that have been counted, by their identity; 0 for one inside itself.
    """
    if id(value) not in sizes and isinstance(value, dict | list | tuple) and depth <= DEEPEST:
        sizes[id(value)] = 0
        inner = value.values() if isinstance(value, dict) else value
        nested = [one for one in inner if type(one) is not str]
        sizes[id(value)] = len(inner) + sum([_size(one, sizes, depth + 1) for one in nested])
    return sizes.get(id(value), 0)


def plain(value: Any, at: Parts = (), *, times: bool = True) -> Any:
    """A copy of a value, of JSON and times only.

    Args:
        at: the place of the value in a seed.
        times: whether there may be datetimes in it.

    Raises:
        Refusal: for anything else, with its place (SEED-1).
    """
    if len(at) >= DEEPEST and isinstance(value, Mapping | list | tuple):
        what = f"Objects and lists lie more than {DEEPEST} deep inside each other."
        raise Refusal(400, what, where=at[:FIELD], rule="CALL-12")
    match value:
        case str():
            return str.__str__(value)  # an enum's member is its value
        case bool() | None:
            return value
        case list() | tuple():
            return [
                inner if type(inner) is str else plain(inner, (*at, number), times=times)
                for number, inner in enumerate(value)
            ]
        case dict() | Mapping():  # most are dicts, which is known at once
            return _plain_object(value, at, times=times)
        case int() | float() if _is_json(value):
            return int(value) if isinstance(value, int) else float(value)
        case datetime() if times:
            return value
    got = cut_value(value) if is_secret(at) else _shown(value)
    raise Refusal(400, f"Expected {_possible(value, times=times)}; got {got}.", where=at, rule="SEED-1")


def _plain_object(value: Mapping[Any, Any], at: Parts, *, times: bool) -> JsonObject:
    copy = {}
    for name, inner in value.items():
        label = name if type(name) is str else _label(name, at)
        if type(inner) is str:
            copy[label] = inner
        else:
            inside = times and not (label in BODIES and _is_record(at))
            copy[label] = plain(inner, (*at, label), times=inside)
    return copy


def _is_json(number: float) -> bool:
    """Whether JSON has a number: the finite ones, and integers of 64 bits."""
    return -(2**63) <= number < 2**64 if isinstance(number, int) else math.isfinite(number)


def _possible(value: object, *, times: bool) -> str:
    """The words for the values that would do, the nearest kind of them where the value is of one."""
    match value:
        case int():
            return "an integer of at most 64 bits"
        case float():
            return "a finite number"
    return "JSON or a datetime" if times else "JSON"


def _label(name: object, at: Parts) -> str:
    if isinstance(name, str):
        return str.__str__(name)
    what = f"Expected a string as the name of a field; got {shown(name)}. Put it in quotes."
    raise Refusal(400, what, where=at, rule="SEED-1")


def _is_record(at: Parts) -> bool:
    """Whether the names in the object at a place are fields, and not labels."""
    section, *inside = [part for part in at if part != "expected"] or [""]
    return len(inside) in ((1, 3) if section != "statistics" else (3,))


def _shown(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return f'the date {value}, without a time and a zone as in "{value}T12:00:00Z"'
    return shown(value)
