"""Invariants of the state of a world, and the comparison of two states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from pytest_xbl.mpsd.queries import keywords
from pytest_xbl.strategies.invariants import hold
from pytest_xbl.world.connections import Tap
from pytest_xbl.world.state import SessionVersion, State
from pytest_xbl.world.tables import Index, Table

Pairs = Iterable[tuple[Any, Any]]
INDEXES: Mapping[str, Callable[[State], Pairs]] = {
    "memberships": lambda state: (
        (member.xuid, key)
        for key, record in state.records.items()
        if record.session
        for member in record.session.members
    ),
    "keywords": lambda state: (
        ((key[0], word), key)
        for key, record in state.records.items()
        if record.session
        for word in keywords(record.session)
    ),
    "activities": lambda state: ((one.owner, id_) for id_, one in state.handles.items() if one.type == "activity"),
    "transfers": lambda state: ((one.ref.key, id_) for id_, one in state.handles.items() if one.type == "transfer"),
    "attributes": lambda state: (
        (name, id_) for id_, one in state.handles.items() if one.type == "search" for name in one.searched.names()
    ),
}
"""The pairs that a search through a whole state finds for each of its indexes."""
IN_ORDER = ("users", "services", "templates", "handles", "searches")
"""The tables whose order can be seen."""


def require_growing(versions: Sequence[SessionVersion]) -> None:
    """Require that each change has the next number, and that no index is given again (PUT-9, MEMB-1).

    Args:
        versions: of one session, the oldest first.

    Raises:
        AssertionError: with the first change that breaks it.
    """
    number, incarnation = 0, 0
    seen: dict[int, str] = {}
    for session in (version.session for version in versions if version.session):
        if session.incarnation != incarnation:
            number, incarnation, seen = session.change_number - 1, session.incarnation, {}
        hold(session.change_number == number + 1, f"change {session.change_number} came after change {number}")
        number = session.change_number
        for member in session.members:
            before = seen.setdefault(member.index, member.xuid)
            hold(before == member.xuid, f"the index {member.index} was given to {before}, and to {member.xuid}")


def require_indexed(state: State) -> None:
    """Require that the indexes of a world name what a search through all of it finds (FIND-9, SRCH-10).

    Raises:
        AssertionError: with the index that does not.
    """
    for name, pairs in INDEXES.items():
        index: Index[Any, Any] = getattr(state, name)
        found = _by_name(pairs(state))
        held = _by_name((one, key) for one, keys in index.items() for key in keys)
        hold(held == found, f"the index of {name} is {index}, and a search finds {found}")
    searches = [id_ for id_, one in state.handles.items() if one.type == "search"]
    hold([*state.searches] == searches, f"the search handles are {[*state.searches]}, and a search finds {searches}")


def require_tapped(taps: Iterable[Tap], history: Callable[[Any], Sequence[SessionVersion]]) -> None:
    """Require that each shoulder tap is about a change that the session has gone through (TAP-2, TAP-9).

    Args:
        taps: that were sent.
        history: gives the versions of a session.

    Raises:
        AssertionError: with the tap that is about another.
    """
    for tap in taps:
        hold(tap.number in {version.number for version in history(tap.session)}, f"there is no such change: {tap}")


def require_equal(one: State, other: State) -> None:
    """Require that two states are equal in all that a world remembers, and callers get to see (SEED-7).

    Histories do not count, nor how long they are, nor that all statistics of a user were taken away.
    Numbers of other types differ.

    Raises:
        AssertionError: with the first part that differs.
    """
    difference = first_difference(one, other)
    hold(not difference, difference)


def first_difference(one: State, other: State) -> str:
    """A sentence about the first part in which two states differ, by the measure of `require_equal`; else nothing."""
    for name in (field.name for field in fields(State) if field.name != "versions"):
        mine, theirs = (_part(name, getattr(state, name)) for state in (one, other))
        if not alike(mine, theirs):
            return f"{name} of the world is {mine}, and of the other {theirs}"
    return ""


def alike(one: Any, other: Any) -> bool:
    """Whether two values are equal, down to the types of numbers; what both share is not looked at."""
    if one is other:
        return True
    if isinstance(one, Mapping):
        same_names = isinstance(other, Mapping) and one.keys() == other.keys()
        return same_names and all(alike(inner, other[name]) for name, inner in one.items())
    if isinstance(one, list | tuple):
        same_length = isinstance(other, list | tuple) and len(one) == len(other)
        return same_length and all(map(alike, one, other))
    if is_dataclass(one):
        return type(one) is type(other) and all(
            alike(getattr(one, it.name), getattr(other, it.name)) for it in fields(one)
        )
    return type(one) is type(other) and bool(one == other)


def _part(name: str, held: Any) -> Any:
    """A part of a state in a form that is equal if it reads alike."""
    match held:
        case Index():
            keys = list if name in ("activities", "transfers") else set
            return {one: keys(found) for one, found in held.items()}
        case Table() if name == "records":
            return [(key, record.incarnation, record.session) for key, record in held.items()]
        case Table() if name == "statistics":
            return {key: one for key, one in held.items() if one}
        case Table() if name in IN_ORDER:
            return [*held.items()]
    return held


def _by_name(pairs: Pairs) -> dict[Any, set[Any]]:
    found: dict[Any, set[Any]] = {}
    for name, key in pairs:
        found.setdefault(name, set()).add(key)
    return found
