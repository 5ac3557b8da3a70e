"""The parts of documents that a comparison ignores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pytest_xbl.compare.alignment import xuid_of
from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.json_values import name_text, pointer_part
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest

__tracebackhide__ = hides_frames

VOLATILE = frozenset({"/changeNumber", "/branch", "/correlationId", "/startTime", "/nextTimer", "/members/*/joinTime"})
"""Pointers to values that differ in every run of a real service: numbers of versions, times, ids of requests."""
MOST_LISTED = 12
"""The most pointers that an error lists."""


def without(document: Mapping[str, Any], patterns: Iterable[str]) -> tuple[JsonObject, list[str]]:
    """A document without the parts that match a pattern, and the pointers of these parts.

    Args:
        patterns: JSON pointers, with `*` for any one part.
    """
    split = [_parts(pattern) for pattern in patterns]
    left_out: list[str] = []
    kept: JsonObject = _kept(dict(document), "", split, left_out)
    return kept, left_out


def require_all_fit(patterns: Iterable[object], documents: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a pattern that matches nothing in any of the documents, unless it is volatile.

    Raises:
        XblError: with the pointers that exist.
    """
    for pattern in patterns:
        if not (isinstance(pattern, str) and pattern.startswith("/")):
            raise XblError(f"ignore takes JSON pointers, such as /members/*/joinTime, not {shown(pattern)}.")
        if pattern not in VOLATILE and not any(without(document, [pattern])[1] for document in documents):
            raise XblError(_unmatched(pattern, documents))


def _unmatched(pattern: str, documents: Sequence[Mapping[str, Any]]) -> str:
    known = list(dict.fromkeys(pointer for document in documents for pointer in _pointers(document, "", 2)))
    listed = ", ".join(known[:MOST_LISTED]) + (", ..." if len(known) > MOST_LISTED else "")
    hint = did_you_mean(nearest(pattern, known), otherwise=f"; known pointers: {listed}.")
    return f"ignore has {pattern!r}, which is not in the documents{hint}"


def _kept(value: Json, at: str, patterns: Sequence[Sequence[str]], left_out: list[str]) -> Json:
    if not patterns or not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        names = {name_text(name), "*", xuid_of(inner) or "*"}
        below = [pattern[1:] for pattern in patterns if pattern[0] in names]
        where = f"{at}/{pointer_part(name)}"
        if [] in below:
            left_out.append(where)
        else:
            kept[name] = _kept(inner, where, below, left_out)
    return kept


def _parts(pattern: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pattern.split("/")[1:]]


def _pointers(value: Json, at: str, depth: int) -> Iterator[str]:
    for name, inner in value.items() if isinstance(value, Mapping) and depth else ():
        where = f"{at}/{pointer_part(name)}"
        yield where
        yield from _pointers(inner, where, depth - 1)
