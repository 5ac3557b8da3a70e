"""Invariants: statements that hold for every document, history and world, whatever was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.queries import keywords
from pytest_xbl.world.state import SessionVersion, State
from pytest_xbl.world.tables import Index

Named = Mapping[Any, "set[Any]"]


def hold(fact: object, what: str) -> None:
    """Require a fact.

    Args:
        what: one sentence about the value for which it is wrong.

    Raises:
        AssertionError: if it is wrong.
    """
    if not fact:
        raise AssertionError(what)


def require_readable(document: JsonObject) -> None:
    """Require all that clients rely on in a document of a session (MEMB-1, MEMB-2, TMPL-11).

    `membersInfo` leads from the first member to the last by their `next`, and counts them.

    Raises:
        AssertionError: with what is wrong.
    """
    for bag in ("constants", "properties"):
        hold(isinstance(_at(document, bag, "system"), dict), f"/{bag}/system is no object")
    members, info = document.get("members", {}), document["membersInfo"]
    for name, member in members.items():
        hold(isinstance(_at(member, "constants", "system", "xuid"), str), f"/members/{name} has no xuid")
        hold(isinstance(_at(member, "properties", "system"), dict), f"/members/{name}/properties/system is no object")
    way = _way(members, info["first"])
    hold(way == sorted(map(int, members)), f"next leads along {way}, and the members are {sorted(members)}")
    last = members[str(way[-1])]["next"] if way else info["first"]
    hold(last == info["next"], f"the last member leads to {last}, and /membersInfo/next is {info['next']}")
    hold(info["count"] == len(members), f"/membersInfo/count is {info['count']}, and there are {len(members)} members")
    counts = info["active"], info["accepted"], info["count"]
    hold(counts == tuple(sorted(counts)), f"active, accepted and count of /membersInfo are {counts}")


def require_same_session(old: JsonObject, new: JsonObject) -> None:
    """Require that the documents for both contracts tell the same (TMPL-7).

    Args:
        old: for contract 105.
        new: for contract 107.

    Raises:
        AssertionError: with what differs.
    """
    places = [("changeNumber",), ("membersInfo",), ("constants", "custom"), ("properties", "custom"), ("servers",)]
    for name in new.get("members", {}):
        inside = (("constants",), ("properties", "custom"), ("next",), ("roles",))
        places += [("members", name, *place) for place in inside]
    for place in places:
        hold(_at(old, *place) == _at(new, *place), f"/{'/'.join(place)} differs between the contracts")


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
    """Require that the indexes of a world name what a search through all of it finds (FIND-9).

    Raises:
        AssertionError: with the index that does not.
    """
    sessions = {key: record.session for key, record in state.records.items() if record.session}
    handles = list(state.handles.items())
    by_name: dict[str, tuple[Index[Any, Any], Iterable[tuple[Any, Any]]]] = {
        "memberships": (
            state.memberships,
            ((member.xuid, key) for key, session in sessions.items() for member in session.members),
        ),
        "keywords": (
            state.keywords,
            (((key[0], word), key) for key, session in sessions.items() for word in keywords(session)),
        ),
        "activities": (state.activities, ((one.owner, id_) for id_, one in handles if one.type == "activity")),
        "transfers": (state.transfers, ((one.ref.key, id_) for id_, one in handles if one.type == "transfer")),
    }
    for name, (index, pairs) in by_name.items():
        found = _by_name(pairs)
        hold(_by_name(_pairs(index)) == found, f"the index of {name} is {index}, and a search finds {found}")


def _way(members: Mapping[str, JsonObject], first: int) -> list[int]:
    """The indices of members along their `next`, which may lead in a circle."""
    way: list[int] = []
    while str(first) in members and first not in way:
        way.append(first)
        first = members[str(first)]["next"]
    return way


def _at(value: Json, *place: str) -> Json:
    for name in place:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _pairs(index: Index[Any, Any]) -> Iterable[tuple[Any, Any]]:
    return ((name, key) for name, keys in index.items() for key in keys)


def _by_name(pairs: Iterable[tuple[Any, Any]]) -> Named:
    found: dict[Any, set[Any]] = {}
    for name, key in pairs:
        found.setdefault(name, set()).add(key)
    return found
