"""JSON as the service reads it: a text that two parsers could read differently is refused (CALL-6, CALL-9, CALL-12)."""

from __future__ import annotations

import json
from collections import Counter
from typing import NoReturn

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.refusal import Refusal, bad_body

DEEPEST = 64
"""The greatest depth of objects and lists inside each other (CALL-12)."""
LONGEST_INTEGER = 20
"""Characters of the longest integer of 64 bits."""


def parse_json(text: str, *, of: str = "The body", deepest: int = DEEPEST) -> Json:
    """Parse a JSON text, and refuse one that two parsers could read differently (CALL-6, CALL-9, CALL-12).

    Args:
        of: the name of the text, for the refusal.
        deepest: the greatest depth of objects and lists inside each other.

    Raises:
        Refusal: 400.
    """
    if text.startswith("\ufeff"):
        raise _malformed(f"{of} starts with a byte order mark, which JSON does not have.")
    try:
        value = DECODER.decode(text)
    except json.JSONDecodeError as error:
        what = f"{of} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        raise _malformed(what) from None
    except RecursionError:
        raise _too_deep(deepest) from None
    if text.count("[") + text.count("{") > deepest:
        _check_depth(value, deepest)
    return value


def _check_depth(value: Json, deepest: int) -> None:
    level = [value]
    for _ in range(deepest):
        inside = (inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer))
        level = [inner for inner in inside if isinstance(inner, dict | list)]
    if level:
        raise _too_deep(deepest)


def _too_deep(deepest: int) -> Refusal:
    what = f"Objects and lists lie more than {deepest} deep inside each other."
    return bad_body(what, where="the body", rule="CALL-12")


def _object(pairs: list[tuple[str, Json]]) -> JsonObject:
    value = dict(pairs)
    if len(value) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise _malformed(f"The name {brief(twice)} appears twice in one object.")
    return value


def _no_constant(name: str) -> NoReturn:
    raise _malformed(f"{name} is not JSON.")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _malformed(f"The number {brief(text)} is too large.")
    return value


def _integer(text: str) -> int:
    """An integer of up to 64 bits, signed or not (CALL-9)."""
    if len(text) > LONGEST_INTEGER or not -(2**63) <= int(text) < 2**64:
        raise _malformed(f"The integer {brief(text)} has more than 64 bits.")
    return int(text)


def _malformed(what: str) -> Refusal:
    return bad_body(what, where="the body", rule="CALL-6")


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite, parse_int=_integer
)
