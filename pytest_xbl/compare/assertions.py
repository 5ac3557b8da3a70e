"""What tests say of session documents, and how it is told that it is not so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pytest_xbl.compare.alignment import by_xuid, xuid_of
from pytest_xbl.compare.differences import Difference, differences, places_in, status_of
from pytest_xbl.compare.ignoring import VOLATILE, require_all_fit, without
from pytest_xbl.compare.log import Version, made_by, who_made
from pytest_xbl.compare.matchers import is_matcher
from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.shapes import brief
from pytest_xbl.mpsd.view import SessionDocument

__tracebackhide__ = hides_frames

PARTS = ("constants", "properties", "members")
"""What makes a dict a session document."""


class SessionDiff(list[Difference]):
    """The differences between two versions of a session."""

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of change in it, by the names that clients subscribe to changes with (TAP-1)."""
        return frozenset(difference.kind for difference in self if difference.kind)

    def __str__(self) -> str:
        """One line for each."""
        return "\n".join(difference.line("was", "is") for difference in self)


def assert_session(actual: Any, expected: Mapping[str, Any], *, ignore: Iterable[str] = ()) -> None:
    """Fail unless a session document is as expected, in whole and with the same types.

    Args:
        actual: a document, as a client receives it or `session.document` gives it; or a session.
        expected: a document; what is no JSON in it is asked by its own `==`, as `any_time` is.
        ignore: JSON pointers of what is not compared, in which `*` stands for any one part; `VOLATILE` holds what a
            real service has otherwise in every run.

    Raises:
        AssertionError: with a line for every difference.
        XblError: for what is no session document, or something to ignore that is not there.
    """
    __tracebackhide__ = True
    document, wanted = document_of(actual, "actual"), document_of(expected, "expected")
    patterns = _patterns(ignore)
    require_all_fit(patterns, (wanted, document))
    ours, theirs = without(wanted, patterns), without(document, patterns)
    _fail(explanation(ours[0], theirs[0], document), dict.fromkeys((*ours[1], *theirs[1])))


def diff_sessions(old: Any, new: Any, *, ignore: Iterable[str] = VOLATILE) -> SessionDiff:
    """What has changed from one document of a session to another.

    Args:
        old: a document or a session.
        new: likewise.
        ignore: JSON pointers of what is not compared.

    Raises:
        XblError: for what is no session document, or something to ignore that is not there.
    """
    before, after = document_of(old, "old"), document_of(new, "new")
    patterns = _patterns(ignore)
    require_all_fit(patterns, (before, after))
    return SessionDiff(differences(without(before, patterns)[0], without(after, patterns)[0]))


def assert_matches(document: Mapping[str, Any], partial: Mapping[str, Any]) -> None:
    """Fail unless a document has what a part of one says; what the part does not name is not compared.

    Args:
        partial: by the names of a document; members by user, xuid or index; a None says that nothing is there.

    Raises:
        AssertionError: with a line for every difference.
        XblError: for what can be no part of a session document.
    """
    __tracebackhide__ = True
    if not isinstance(partial, Mapping):
        raise XblError(f"A session matches a dict of what it should have; {partial!r} is none.")
    if odd := [name for name in partial if name not in DOCUMENT]:
        raise XblError(f"A session document has no {odd[0]!r}; it has {', '.join(DOCUMENT)}.")
    wanted = (
        {**partial, "members": _with_xuids(partial["members"], document)} if "members" in partial else dict(partial)
    )
    part = _part_of(by_xuid(document), wanted)
    _fail(explanation(_without_nulls(wanted), part, document))


DOCUMENT = (
    "contractVersion",
    "correlationId",
    "branch",
    "changeNumber",
    "startTime",
    "nextTimer",
    "constants",
    "properties",
    "roleTypes",
    "members",
    "membersInfo",
    "servers",
)
"""What a session document may have."""


def assert_members(document: Mapping[str, Any], expected: Mapping[Any, str]) -> None:
    """Fail unless just these people are in a session, each with this status.

    Args:
        expected: users or xuids, and "active", "ready", "inactive" or "reserved".

    Raises:
        AssertionError: with a line for everybody who is not as expected.
        XblError: for what is no user or status.
    """
    if not isinstance(expected, Mapping):
        raise XblError(f"Members are a dict of users and their statuses; {expected!r} is none.")
    wanted = {_xuid(user): (_name(user), _status(status)) for user, status in expected.items()}
    _require_once(expected, wanted)
    __tracebackhide__ = True
    actual = by_xuid(document)["members"]
    lines = []
    for xuid, (name, status) in wanted.items():
        got = status_of(actual[xuid]) if xuid in actual else "nobody"
        if got != status:
            lines.append(f"{name}: expected {status}, got {got}")
    for xuid, member in actual.items():
        if xuid not in wanted:
            lines.append(f"{member.get('gamertag') or xuid}: expected nobody, got {status_of(member)}")
    if lines:
        raise AssertionError("\n".join(("The members are not as expected:", *lines)))


def explanation(expected: Mapping[str, Any], actual: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    """A line for every difference, which ends with the write since which it is so.

    Args:
        actual: what is compared of the document.
        document: which may know its versions.
    """
    versions = getattr(document, "versions", ())
    found = differences(expected, actual, places_in(expected) | places_in(document))
    return [difference.line() + _since(difference, document, versions) for difference in found]


def explain_unequal(left: object, right: object) -> list[str] | None:
    """Why two values are not equal, one of which is a session document; None if there is nothing to say.

    There is not if the other is nothing like one, or only the indices of members differ.
    The left one is what is there, as in `assert session.document == {...}`, unless only the right one knows its past.
    """
    if not (isinstance(left, dict) and isinstance(right, dict)):
        return None
    actual, expected = (left, right) if isinstance(left, SessionDocument) else (right, left)
    lines = explanation(expected, actual, actual)
    return ["The session is not as expected:", *lines] if lines else None


def document_of(value: Any, name: str) -> JsonObject:
    """The document that is meant by a document or a session.

    Raises:
        XblError: for anything else.
    """
    document = getattr(value, "document", value)
    if not isinstance(document, dict):
        raise XblError(f"{name} is no session document: a dict, or a session; got {document!r}.")
    if missing := [part for part in PARTS if not _is_object(document.get(part))]:
        raise XblError(
            f"{name} is no session document: it has no {missing[0]}; it has {', '.join(map(str, document))}."
        )
    return document


def _patterns(ignore: Iterable[str]) -> list[str]:
    return [ignore] if isinstance(ignore, str) else list(ignore)


def _is_object(part: Any) -> bool:
    """Whether a part of a document is an object, or stands for one."""
    return isinstance(part, dict) or is_matcher(part)


def _fail(lines: Sequence[str], ignored: Iterable[str] = ()) -> None:
    """Fail if there is something to say."""
    __tracebackhide__ = True
    if lines:
        note = [f"Ignored: {', '.join(ignored)}"] if ignored else []
        raise AssertionError("\n".join(("The session is not as expected:", *lines, *note)))


def _since(difference: Difference, actual: Mapping[str, Any], versions: Sequence[Version]) -> str:
    version = who_made(difference.path, actual, versions) if versions else None
    return f"; since {made_by(version)}" if version else ""


def _part_of(document: Mapping[str, Any], partial: Mapping[str, Any]) -> JsonObject:
    """The part of a document that a partial one names."""
    return {
        name: _part_of(document[name], wanted)
        if isinstance(wanted, Mapping) and isinstance(document[name], dict)
        else document[name]
        for name, wanted in partial.items()
        if name in document
    }


def _without_nulls(partial: Json) -> Json:
    if not isinstance(partial, Mapping):
        return partial
    return {name: _without_nulls(inner) for name, inner in partial.items() if inner is not None}


def _with_xuids(members: Any, document: Mapping[str, Any]) -> Any:
    """Members that a test names by user, xuid or index, by their xuids."""
    if not isinstance(members, Mapping):
        return members
    xuids = {index: xuid_of(member) or index for index, member in document["members"].items()}
    named = {xuids.get(key) or _xuid(key): inner for key, inner in members.items()}
    _require_once(members, named)
    return named


def _require_once(named: Mapping[Any, Any], xuids: Mapping[str, Any]) -> None:
    if len(xuids) < len(named):
        raise XblError("A member is named twice: by user, xuid or index, one of them is enough.")


def _xuid(user: Any) -> str:
    xuid = getattr(user, "xuid", user)
    if not isinstance(xuid, str):
        raise XblError(f"A member is named by a user, or a xuid; {user!r} is none.")
    return xuid


def _name(user: Any) -> str:
    return str(getattr(user, "name", user))


def _status(status: object) -> str:
    known = ("active", "ready", "inactive", "reserved")
    if status not in known:
        raise XblError(f"A member is {', '.join(known)}; not {brief(status)} (MEMB-8).")
    return str(status)
