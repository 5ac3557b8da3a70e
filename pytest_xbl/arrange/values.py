"""A Python value as a seed holds it: JSON, and times besides, and a copy, so that nobody changes it afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pytest_xbl.mpsd.refusal import Parts, Refusal

BODIES = frozenset({"constants", "properties", "servers", "roleTypes", "attributes", "metadata"})
"""The fields whose content is as in a request, where a time is a string."""
Place = tuple[Any, ...]
"""Where a value stands: the place of what it stands in, and its name there; nothing for the whole seed."""


def plain(value: Any, at: Place = (), *, times: bool = True) -> Any:
    """A copy of a value that holds nothing but what a seed can hold.

    Args:
        at: where the value stands; a path is made of it only if need be.
        times: whether there may be datetimes in it.

    Raises:
        Refusal: for anything else, with its place (SEED-1).
    """
    match value:
        case str() | bool() | None:
            return value
        case Mapping():
            return {
                _label(name, at): inner
                if type(inner) is str
                else plain(inner, (at, name), times=times and not (name in BODIES and _is_field(at)))
                for name, inner in value.items()
            }
        case list() | tuple():
            return [
                inner if type(inner) is str else plain(inner, (at, number), times=times)
                for number, inner in enumerate(value)
            ]
        case int() if -(2**63) <= value < 2**64:
            return value
        case float() if math.isfinite(value):
            return value
        case datetime() if times:
            return value
    raise Refusal(400, f"{_told(value)} is nothing that a seed can hold here.", where=_path(at), rule="SEED-1")


def _label(name: object, at: Place) -> str:
    if isinstance(name, str):
        return name
    what = f"Names are strings, and {name!r} is none: put it in quotes."
    raise Refusal(400, what, where=_path(at), rule="SEED-1")


def _is_field(at: Place) -> bool:
    """Whether what stands at a place is a record, whose names are fields, and not labels."""
    section, *inside = [part for part in _path(at) if part != "expected"] or [""]
    return len(inside) in ((1, 3) if section != "statistics" else (3,))


def _path(at: Place) -> Parts:
    return (*_path(at[0]), at[1]) if at else ()


def _told(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return f'{value}, without a time and a zone as in "{value}T12:00:00Z",'
    try:
        return repr(value)
    except ValueError:  # an integer of thousands of digits, which Python does not write out
        return "An integer of that size"
