"""What is expected of a world at the end of a test, and how it differs from what is there (SEED-10)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from pytest_xbl.arrange.dumping import Labels, dumped_handle, dumped_session, dumped_statistics, dumped_user
from pytest_xbl.arrange.people import GRAPHS
from pytest_xbl.arrange.times import moment
from pytest_xbl.mpsd.model import Bag, Json, JsonObject, Member, Session, SessionRef
from pytest_xbl.mpsd.shapes import brief, pointer_part, same
from pytest_xbl.mpsd.view import timestamp
from pytest_xbl.world.handles import all_handles
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World

MEMBERS_AT = 4
"""How many parts the pointer of a session's members has."""


def state_differences(
    expected: JsonObject, world: World, sessions: Mapping[str, SessionRef], handles: Mapping[str, str]
) -> list[str]:
    """How the world, as an access now would find it, differs from what is expected; a line for each place.

    Args:
        expected: a part of the seed form that has been checked.
        sessions: the references of sessions by the labels that the expectation may use.
        handles: likewise the ids of handles.
    """
    with world.exclusively():
        state = world.snapshot()
        actual = {
            "now": timestamp(state.now),
            "users": {it.caller.name: dumped_user(state, it) for it in state.users.values()},
            "sessions": _sessions(world, state, sessions),
            "handles": _handles(world, state, sessions, handles),
            "statistics": {"users": dumped_statistics(state)},
        }
    return list(_differences(_normal(expected), _normal(actual), ""))


def _sessions(world: World, state: State, labels: Mapping[str, SessionRef]) -> JsonObject:
    """Each session under its name, if no other has it, and under its label."""
    found = {session.ref.key: _session(state, session) for session in world.sessions()}
    names = _names(world)
    by_name = {names[key]: it for key, it in found.items()}
    return {**by_name, **{label: found[ref.key] for label, ref in labels.items() if ref.key in found}}


def _names(world: World) -> Labels:
    """What an expectation calls the sessions that there are."""
    refs = [session.ref for session in world.sessions()]
    how_often = Counter(ref.key[2] for ref in refs)
    return {ref.key: ref.name if how_often[ref.key[2]] == 1 else str(ref) for ref in refs}


def _session(state: State, session: Session) -> JsonObject:
    """All that there is to say of a session, and of everybody in it."""
    dumped = dumped_session(state, session)
    members = {label: _member(member) for label, member in zip(dumped["members"], session.members, strict=True)}
    bags = {"constants": _bag(session.constants), "properties": _bag(session.properties)}
    return {**dumped, **bags, "roleTypes": session.role_types, "members": members}


def _member(member: Member) -> JsonObject:
    return {
        "status": member.status,
        "index": member.index,
        "since": timestamp(member.since),
        "joinTime": timestamp(member.join_time),
        "gamertag": member.gamertag,
        "deviceId": member.device_id,
        "activeTitleId": member.active_title_id,
        "constants": _bag(member.constants),
        "properties": {"system": member.system, "custom": member.custom},
        "xuid": member.xuid,
    }


def _bag(bag: Bag) -> JsonObject:
    return {"system": bag.system, "custom": bag.custom}


def _handles(world: World, state: State, sessions: Mapping[str, SessionRef], labels: Mapping[str, str]) -> JsonObject:
    names = {**_names(world), **{ref.key: label for label, ref in sessions.items()}}
    found = {handle.id: dumped_handle(state, handle, names) for handle in all_handles(world)}
    return {**found, **{label: found[it] for label, it in labels.items() if it in found}}


def _normal(part: JsonObject) -> JsonObject:
    """A part of the seed form without its short forms, with times and lists written in one way only."""
    return {name: SECTIONS[name](section) if section is not None else None for name, section in part.items()}


def _time(value: Json) -> Json:
    time = moment(value)
    return timestamp(time.astimezone(timezone.utc)) if time else value


def _users(section: Json) -> Json:
    if isinstance(section, list):
        return {name: {} for name in section}
    return _each(section, dict.fromkeys((*GRAPHS, "privileges"), _in_order))


def _in_order(names: list[Json]) -> list[Json]:
    return sorted(names, key=json.dumps)


def _members(section: Json) -> Json:
    if isinstance(section, list):
        return {name: {"status": "active"} for name in section}
    whole = {name: {"status": it} if isinstance(it, str) else it for name, it in section.items()}
    return _each(whole, dict.fromkeys(("since", "joinTime"), _time))


def _statistics(section: JsonObject) -> JsonObject:
    return {"users": _each_of_each(section.get("users"), _value)}


def _value(one: Json) -> Json:
    """A value with what is said of it; of a time it does not matter how it is written."""
    whole = one if isinstance(one, dict) else {"value": one}
    is_time = whole.get("type") == "DateTime" or isinstance(whole.get("value"), datetime)
    return {**whole, "value": _time(whole.get("value")), "type": "DateTime"} if is_time else whole


def _each(records: JsonObject, fields: Mapping[str, Callable[[Any], Json]]) -> JsonObject:
    """Records with some of their fields turned; a null stays one."""
    return {
        label: record
        and {name: fields[name](it) if name in fields and it is not None else it for name, it in record.items()}
        for label, record in records.items()
    }


def _each_of_each(records: JsonObject | None, turn: Callable[[Any], Json]) -> JsonObject | None:
    return records and {
        label: record and {name: it if it is None else turn(it) for name, it in record.items()}
        for label, record in records.items()
    }


SECTIONS: Mapping[str, Callable[[Any], Json]] = {
    "now": _time,
    "users": _users,
    "sessions": lambda section: _each(
        section, {**dict.fromkeys(("startTime", "emptySince"), _time), "members": _members}
    ),
    "handles": lambda section: _each(section, dict.fromkeys(("created", "expires"), _time)),
    "statistics": _statistics,
}


def _differences(expected: Json, actual: Json, at: str) -> Iterator[str]:
    """A line for each place."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, wanted in expected.items():
            yield from _differences(wanted, actual.get(name), f"{at}/{pointer_part(name)}")
        yield from _unexpected(expected, actual, at)
    elif not same(expected, actual) and not (expected is None and _is_nothing(actual)):
        yield f"{at}: expected {_told(expected)}, got {_told(actual)}"


def _is_nothing(actual: Json) -> bool:
    """Whether nothing is there, or nothing in it."""
    return actual in (None, []) or (isinstance(actual, dict) and all(map(_is_nothing, actual.values())))


def _unexpected(expected: JsonObject, actual: JsonObject, at: str) -> Iterator[str]:
    """Whoever is in a session besides those of whom an expectation names all."""
    _, section, *rest = [*at.split("/"), ""]
    if section == "sessions" and rest[1:2] == ["members"] and at.count("/") == MEMBERS_AT - 1:
        for name in actual:
            if name not in expected:
                yield f"{at}/{pointer_part(name)}: expected nothing, got {_told(actual[name])}"


def _told(value: Json) -> str:
    return "nothing" if value is None else brief(value)
