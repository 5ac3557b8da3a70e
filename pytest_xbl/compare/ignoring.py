"""What a comparison leaves out, and says that it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pytest_xbl.compare.alignment import xuid_of
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.shapes import pointer_part

VOLATILE = frozenset({"/changeNumber", "/branch", "/correlationId", "/startTime", "/nextTimer", "/members/*/joinTime"})
"""What is otherwise in every run of a real service: numbers of versions, times, ids of requests."""
MOST_LISTED = 12
"""How many pointers an error lists."""


def without(document: Mapping[str, Any], patterns: Iterable[str]) -> tuple[JsonObject, list[str]]:
    """A document without what fits a pattern, and the pointers of what has been left out.

    Args:
        patterns: JSON pointers, in which `*` stands for any one part; what lies below goes, too.
    """
    split = [_parts(pattern) for pattern in patterns]
    left_out: list[str] = []
    kept: JsonObject = _kept(dict(document), "", split, left_out)
    return kept, left_out


def require_all_fit(patterns: Iterable[str], documents: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a pattern that fits nothing in any of the documents; the volatile ones may.

    Raises:
        XblError: with what there is to ignore.
    """
    for pattern in patterns:
        if not str(pattern).startswith("/"):
            raise XblError(f"What is to be ignored is named by JSON pointers, as /members/*/joinTime; not {pattern!r}.")
        if pattern in VOLATILE or any(without(document, [pattern])[1] for document in documents):
            continue
        there_is = list(dict.fromkeys(pointer for document in documents for pointer in _pointers(document, "", 2)))
        listed = ", ".join(there_is[:MOST_LISTED]) + (", ..." if len(there_is) > MOST_LISTED else "")
        raise XblError(f"Nothing fits {pattern!r}, so it cannot be ignored; there is {listed}.")


def _kept(value: Json, at: str, patterns: Sequence[Sequence[str]], left_out: list[str]) -> Json:
    if not patterns or not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        names = {str(name), "*", xuid_of(inner) or "*"}
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
