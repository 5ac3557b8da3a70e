"""The differences between a world and the state that a test or a seed expects (SEED-10)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from pytest_xbl.arrange.dumped_statistics import dumped_statistics
from pytest_xbl.arrange.dumping import Labels, dumped_handle, dumped_session, dumped_user
from pytest_xbl.arrange.initialization import dumped_progress
from pytest_xbl.arrange.people import GRAPHS
from pytest_xbl.compare.differences import Difference, differences
from pytest_xbl.compare.partial import narrowed
from pytest_xbl.mpsd.model import Bag, Json, JsonObject, Member, Session, SessionRef
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.mpsd.view import present, timestamp
from pytest_xbl.secrets import cut, is_secret
from pytest_xbl.world.handles import all_handles
from pytest_xbl.world.state import State
from pytest_xbl.world.world import World


def state_differences(
    expected: JsonObject, world: World, sessions: Mapping[str, SessionRef], handles: Mapping[str, str]
) -> list[str]:
    """A line for each place where the world, as an access now would find it, is not as expected.

    Args:
        expected: a checked part of the seed form.
        sessions: the references of sessions by the labels that the expectation may use.
        handles: the ids of handles by the labels that it may use.
    """
    with world.exclusively():
        state = world.snapshot()
        actual = {
            "now": timestamp(state.now),
            "users": {account.caller.name: present(dumped_user(state, account)) for account in state.users.values()},
            "sessions": _sessions(world, state, sessions),
            "handles": _handles(world, state, sessions, handles),
            "statistics": {"users": dumped_statistics(state)},
        }
    wanted, there = _normal(expected), _normal(actual)
    _expect_no_others(wanted.get("sessions"), there["sessions"])
    return [_line(difference) for difference in differences(*narrowed(wanted, there))]


def _line(difference: Difference) -> str:
    """The line of a difference; a token is cut (SEEN-13)."""
    expected, got, path = difference.expected, difference.got, difference.path
    if path[0] == "users" and is_secret(path[2:]):
        shown = [cut(value) if isinstance(value, str) else value for value in (expected, got)]
        difference = difference._replace(expected=shown[0], got=shown[1])
    return difference.line()


def _expect_no_others(expected: JsonObject | None, actual: JsonObject) -> None:
    """Expect nobody else in a session whose members an expectation names."""
    for label, session in (expected or {}).items():
        if session and session.get("members") is not None and label in actual:
            session["members"] = {**dict.fromkeys(actual[label]["members"]), **session["members"]}


def _sessions(world: World, state: State, labels: Mapping[str, SessionRef]) -> JsonObject:
    """Each session under its label, and under its name if no other has it."""
    found = {session.ref.key: _session(state, session) for session in world.sessions()}
    names = _names(world)
    by_name = {names[key]: session for key, session in found.items()}
    return {**by_name, **{label: found[ref.key] for label, ref in labels.items() if ref.key in found}}


def _names(world: World) -> Labels:
    """The names of sessions in an expectation: the whole reference where two have the same name."""
    refs = [session.ref for session in world.sessions()]
    how_often = Counter(ref.key[2] for ref in refs)
    return {ref.key: ref.name if how_often[ref.key[2]] == 1 else str(ref) for ref in refs}


def _session(state: State, session: Session) -> JsonObject:
    """All fields of a session and of its members."""
    dumped = dumped_session(state, session)
    members = {label: _member(member) for label, member in zip(dumped["members"], session.members, strict=True)}
    bags = {"constants": _bag(session.constants), "properties": _bag(session.properties)}
    return present({**dumped, **bags, "roleTypes": session.role_types, "members": members})


def _member(member: Member) -> JsonObject:
    return present(
        {
            "status": member.status,
            "index": member.index,
            "since": timestamp(member.since),
            "joinTime": timestamp(member.join_time),
            "gamertag": member.gamertag,
            "deviceId": member.device_id,
            "activeTitleId": member.active_title_id,
            "constants": _bag(member.constants),
            "properties": {"system": member.system, "custom": member.custom},
            **dumped_progress(member),
            "roles": dict(member.roles),
            "xuid": member.xuid,
        }
    )


def _bag(bag: Bag) -> JsonObject:
    return {"system": bag.system, "custom": bag.custom}


def _handles(world: World, state: State, sessions: Mapping[str, SessionRef], labels: Mapping[str, str]) -> JsonObject:
    names = {**_names(world), **{ref.key: label for label, ref in sessions.items()}}
    found = {handle.id: dumped_handle(state, handle, names) for handle in all_handles(world)}
    return {**found, **{label: found[handle] for label, handle in labels.items() if handle in found}}


def _normal(part: JsonObject) -> JsonObject:
    """A part of the seed form in its long form, with times and lists written in one way only."""
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
    whole = {name: {"status": member} if isinstance(member, str) else member for name, member in section.items()}
    return _each(whole, dict.fromkeys(("since", "joinTime"), _time))


def _initializing(value: Json) -> Json:
    """The stage of an initialization in its long form."""
    whole = {"stage": value} if isinstance(value, str) else value
    return {name: _time(it) if name == "stageStartTime" else it for name, it in whole.items()}


def _statistics(section: JsonObject) -> JsonObject:
    return {"users": _each_of_each(section.get("users"), _value)}


def _value(statistic: Json) -> Json:
    """A statistic in its long form, with a time written as the service writes it."""
    whole = statistic if isinstance(statistic, dict) else {"value": statistic}
    is_time = whole.get("type") == "DateTime" or isinstance(whole.get("value"), datetime)
    return {**whole, "value": _time(whole.get("value")), "type": "DateTime"} if is_time else whole


def _each(records: JsonObject, fields: Mapping[str, Callable[[Any], Json]]) -> JsonObject:
    """Records with some of their fields converted; null remains null."""
    return {
        label: record
        and {
            name: fields[name](value) if name in fields and value is not None else value
            for name, value in record.items()
        }
        for label, record in records.items()
    }


def _each_of_each(records: JsonObject | None, convert: Callable[[Any], Json]) -> JsonObject | None:
    return records and {
        label: record and {name: value if value is None else convert(value) for name, value in record.items()}
        for label, record in records.items()
    }


SECTIONS: Mapping[str, Callable[[Any], Json]] = {
    "now": _time,
    "users": _users,
    "sessions": lambda section: _each(
        section,
        {**dict.fromkeys(("startTime", "emptySince"), _time), "initializing": _initializing, "members": _members},
    ),
    "handles": lambda section: _each(section, dict.fromkeys(("created", "expires"), _time)),
    "statistics": _statistics,
}
