"""The paths of search filters, in a table: the kind of value behind each, and how it is found (SRCH-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from pytest_xbl.mpsd.handles import Handle
from pytest_xbl.mpsd.model import JsonObject, Server, Session
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.mpsd.owners import owners_of
from pytest_xbl.mpsd.roles import holders
from pytest_xbl.mpsd.search_attributes import NUMBER, STRING, TAG, Searched
from pytest_xbl.mpsd.view import timestamp

Kind: TypeAlias = Literal["text", "texts", "number", "numbers", "time"]
"""A value, or a collection of values that `any` looks through."""
Value: TypeAlias = str | float | datetime | frozenset[str] | frozenset[float] | None


class Subject(NamedTuple):
    """A search handle with its session, as a filter sees them.

    Args:
        titles: the ids of the titles whose service configuration is that of the session.
    """

    handle: Handle
    session: Session
    titles: frozenset[float]


class Path(NamedTuple):
    """A path of the table.

    Args:
        kind: of its value.
        value: finds it: in the attributes of a handle, or in a subject if the path is about the session.
        about_session: whether it needs the session as it is now.
        indexed: the kind of attribute by which an index finds its value; "" for none.
        ignores_case: whether the text in the filter may have capitals, as a name that is compared without regard to
            case (CALL-5).
    """

    kind: Kind
    value: Callable[..., Value]
    about_session: bool = True
    indexed: str = ""
    ignores_case: bool = False


def _own(kind: Kind, value: Callable[..., Value], indexed: str = "", *, ignores_case: bool = False) -> Path:
    return Path(kind, value, about_session=False, indexed=indexed, ignores_case=ignores_case)


def _tags(handle: Searched) -> Value:
    return handle.tags


def _keywords(it: Subject) -> Value:
    """The keywords in lower case, as `tolower` has them; a query for sessions folds them further (FIND-5)."""
    return frozenset(map(str.lower, it.session.properties.system.get("keywords") or ()))


def _members_count(it: Subject) -> int:
    return len(it.session.members)


def _most(it: Subject) -> float | None:
    most: int | None = it.session.constants.system.get("maxMembersCount")
    return most


def _target(it: Subject) -> float | None:
    """The number of members that a session wants: the sum of the targets of its roles (SRCH-9)."""
    roles = [role for kind in it.session.role_types.values() for role in kind.get("roles", {}).values()]
    targets = [role["target"] for role in roles if "target" in role]
    return sum(targets) if targets else None


def _less_members(count: float | None, it: Subject) -> float | None:
    return None if count is None else count - _members_count(it)


def _needs(it: Subject) -> float | None:
    target = _target(it)
    return _less_members(_most(it) if target is None else target, it)


def _role(it: Subject, kind: str, role: str) -> JsonObject | None:
    try:  # three calls of `get` take three times as long, and this is asked of all handles
        found: JsonObject = it.session.role_types[kind]["roles"][role]
    except KeyError:
        return None
    return found


def _role_count(it: Subject, kind: str, role: str) -> float | None:
    return None if _role(it, kind, role) is None else len(holders(it.session).get((kind, role), ()))


def _role_target(it: Subject, kind: str, role: str) -> float | None:
    found = _role(it, kind, role)
    target: float | None = found.get("target", found.get("max")) if found else None
    return target


def _role_needs(it: Subject, kind: str, role: str) -> float | None:
    target, count = _role_target(it, kind, role), _role_count(it, kind, role)
    return None if target is None or count is None else target - count


def _registration(it: Subject) -> Value:
    system = it.session.servers.get("tournaments", Server()).properties.system
    state = (system.get("registration") or {}).get("state")
    return state.lower() if isinstance(state, str) else None


_member_xuids = Path("texts", lambda it: frozenset(member.xuid for member in it.session.members))
_owner_xuids = Path("texts", lambda it: frozenset(owner.xuid for owner in owners_of(it.session)))
_strings = _own("text", lambda handle, name: handle.strings.get(name), STRING)
_numbers = _own("number", lambda handle, name: handle.numbers.get(name), NUMBER)

PATHS: Mapping[str, Path] = {
    "tags": _own("texts", _tags, TAG),
    "strings/*": _strings,
    "string/*": _strings,
    "numbers/*": _numbers,
    "number/*": _numbers,
    "achievementIds": _own("texts", lambda handle: handle.achievements),
    "language": _own("text", lambda handle: handle.language, ignores_case=True),
    "memberXuids": _member_xuids,
    "ownerXuids": _owner_xuids,
    "session/memberXuids": _member_xuids,
    "session/ownerXuids": _owner_xuids,
    "session/keywords": Path("texts", _keywords),
    "session/scid": _own("text", lambda handle: handle.key[0], ignores_case=True),
    "session/templateName": _own("text", lambda handle: handle.key[1], ignores_case=True),
    "session/titleId": Path("numbers", lambda it: it.titles),
    "session/scheduledTime": Path("time", lambda it: moment(it.session.properties.system.get("scheduledTime"))),
    "session/postedTime": Path("time", lambda it: it.handle.created),
    "session/registrationState": Path("text", _registration, ignores_case=True),
    "session/membersCount": Path("number", _members_count),
    "session/maxMembersCount": Path("number", _most),
    "session/targetMembersCount": Path("number", _target),
    "session/maxMembersCountRemaining": Path("number", lambda it: _less_members(_most(it), it)),
    "session/targetMembersCountRemaining": Path("number", lambda it: _less_members(_target(it), it)),
    "session/needs": Path("number", _needs),
    "session/roles/*/*/count": Path("number", _role_count),
    "session/roles/*/*/target": Path("number", _role_target),
    "session/roles/*/*/needs": Path("number", _role_needs),
}
"""The paths of the browse page's table, and those that clients send beside it; `*` is any name (SRCH-4)."""

_SEGMENTS = {tuple(path.lower().split("/")): path for path in PATHS}


def find_path(segments: Sequence[str]) -> tuple[Path, tuple[str, ...]] | None:
    """A path of the table, and the names that stand for its `*`, in lower case; None if there is no such path."""
    lower = [segment.lower() for segment in segments]
    for pattern, path in _SEGMENTS.items():
        if len(pattern) == len(lower) and all(part in ("*", own) for part, own in zip(pattern, lower, strict=True)):
            return PATHS[path], tuple(own for part, own in zip(pattern, lower, strict=True) if part == "*")
    return None


def shown_value(value: Any) -> Any:
    """A value of a path as a document would show it: times as texts, whole numbers without a point, lists in order."""
    if isinstance(value, frozenset):
        return sorted(map(shown_value, value))
    if isinstance(value, datetime):
        return timestamp(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
