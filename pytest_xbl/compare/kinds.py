"""Kinds of changes, by the names with which clients subscribe to them (TAP-5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from pytest_xbl.compare.alignment import is_member
from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.taps import folded, is_set, restriction

Pattern: TypeAlias = tuple[str, ...]
"""A path; `*` is any member."""


def itself(value: Json) -> Json:
    """A value that is compared as it is."""
    return value


class Compared(NamedTuple):
    """A part of a session that a kind of change compares.

    Args:
        value: gives the value that counts.
    """

    kind: str
    pattern: Pattern
    value: Callable[[Json], Json] = itself


STATUS: Pattern = ("servers", "matchmaking", "properties", "system")
COMPARED = (
    Compared("membersCustomProperty", ("members", "*", "properties", "custom")),
    Compared("membersStatus", ("members", "*", "properties", "system", "active"), is_set),
    Compared("membersStatus", ("members", "*", "properties", "system", "ready"), is_set),
    Compared("membersStatus", ("members", "*", "reserved"), is_set),
    Compared("host", ("properties", "system", "host"), folded),
    Compared("joinability", ("properties", "system", "closed"), is_set),
    Compared("joinability", ("properties", "system", "locked"), is_set),
    Compared("joinability", ("properties", "system", "joinRestriction"), restriction),
    Compared("customProperty", ("properties", "custom")),
    Compared("initialization", ("initializing", "stage")),
    Compared("matchmakingStatus", (*STATUS, "status"), folded),
    Compared("matchmakingStatus", (*STATUS, "targetSessionRef"), folded),
    Compared("roles", ("members", "*", "roles")),
    Compared("roles", ("roleTypes",)),
    Compared("scheduledtime", ("properties", "system", "scheduledTime")),
)
COUNT = ("membersInfo", "count")
MATCH = ("servers", "matchmaking")
"""The place whose coming and going is a change of the matchmaking status as well."""
OTHER = ""
"""The kind of a change that no client can subscribe to by name."""


def kind_of(path: Sequence[str | int], before: Json, after: Json, *, fills: bool = False) -> str:
    """The kind of a change.

    Args:
        path: its place, members by xuid.
        before: the value there, or anything that is no JSON.
        after: the same, after the change.
        fills: whether the session is full on one side only, which makes the number of its members joinability.
    """
    if is_member(path):
        return "membersList"
    if tuple(path) == COUNT:
        return "joinability" if fills else "membersList"
    if tuple(path) == MATCH:
        return "matchmakingStatus"
    return next((one.kind for one in COMPARED if _changes(one, path, before, after)), OTHER)


def is_full(document: Mapping[str, Any]) -> bool:
    """Whether a document, or a part of one, shows as many members as the session can have."""
    most = _inside(document, ("constants", "system", "maxMembersCount"))
    return most is not None and same(most, _inside(document, COUNT))


def _changes(one: Compared, path: Sequence[str | int], before: Json, after: Json) -> bool:
    """Whether a change at a place, which may hold the compared part or be inside it, changes that part."""
    pairs = zip(one.pattern, path, strict=False)
    if not all(wanted in ("*", part) for wanted, part in pairs):
        return False
    rest = one.pattern[len(path) :]
    return "*" not in rest and not same(one.value(_inside(before, rest)), one.value(_inside(after, rest)))


def _inside(value: Json, names: Sequence[str]) -> Json:
    """The value under these names, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
