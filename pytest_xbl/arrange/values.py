"""Python values as set-up holds them: JSON, and times besides; copied, so that nobody changes them afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pytest_xbl.mpsd import json_text
from pytest_xbl.mpsd.refusal import Parts, Refusal

DEEPEST = json_text.DEEPEST + 8
"""The number of levels that a seed may have: a request's, and those around its content."""
BODIES = frozenset({"constants", "properties", "servers", "roleTypes", "attributes", "metadata"})
"""The fields whose content is as in a request, where a time is a string."""


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
        raise Refusal(400, what, where=at, rule="CALL-12")
    match value:
        case str() | bool() | None:
            return value
        case Mapping():
            return {
                _label(name, at): inner
                if type(inner) is str
                else plain(inner, (*at, name), times=times and not (name in BODIES and _is_record(at)))
                for name, inner in value.items()
            }
        case list() | tuple():
            return [
                inner if type(inner) is str else plain(inner, (*at, number), times=times)
                for number, inner in enumerate(value)
            ]
        case int() if -(2**63) <= value < 2**64:
            return value
        case float() if math.isfinite(value):
            return value
        case datetime() if times:
            return value
    raise Refusal(400, f"Expected JSON{' or a datetime' * times}; got {_shown(value)}.", where=at, rule="SEED-1")


def _label(name: object, at: Parts) -> str:
    if isinstance(name, str):
        return name
    what = f"Expected a string as the name of a field; got {name!r}. Put it in quotes."
    raise Refusal(400, what, where=at, rule="SEED-1")


def _is_record(at: Parts) -> bool:
    """Whether the names in the object at a place are fields, and not labels."""
    section, *inside = [part for part in at if part != "expected"] or [""]
    return len(inside) in ((1, 3) if section != "statistics" else (3,))


def _shown(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return f'the date {value}, without a time and a zone as in "{value}T12:00:00Z"'
    try:
        return repr(value)
    except ValueError:  # Python does not write out an integer of thousands of digits
        return "an integer of thousands of digits"
