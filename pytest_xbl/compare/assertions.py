"""Assertions about session documents, and their failure messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pytest_xbl.compare.alignment import by_xuid, is_member, xuid_of
from pytest_xbl.compare.blame import last_changes
from pytest_xbl.compare.derived import folded, parted
from pytest_xbl.compare.differences import ABSENT, Difference, differences, member_labels, value_text
from pytest_xbl.compare.ignoring import VOLATILE, require_all_fit, without
from pytest_xbl.compare.listing import shortened
from pytest_xbl.compare.log import NO_STAY, joins_for_a_moment, made_by
from pytest_xbl.compare.matchers import is_matcher
from pytest_xbl.compare.partial import narrowed
from pytest_xbl.compare.statuses import MEMBER_STATUSES, progress_of, status_of, status_text
from pytest_xbl.errors import XblError, hides_frames, require, shown
from pytest_xbl.mpsd.document_form import form_of, require_known
from pytest_xbl.mpsd.effects import MemberJoined
from pytest_xbl.mpsd.json_values import name_text
from pytest_xbl.mpsd.model import EMPTY, NEWEST_CONTRACT, JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.mpsd.view import SessionDocument

__tracebackhide__ = hides_frames

MOST_MEMBERS = 20
"""The most members that a failure lists: a large session has thousands."""

HOW = "derived=True shows them"
"""The way to see derived places, for functions with this argument."""

PARTS = ("constants", "properties", "members")
"""The fields that every session document has."""


class SessionDiff(list[Difference]):
    """The differences between two versions of a session.

    Args:
        found: those that the list holds.
        derived: further ones, at places that follow from others.
    """

    def __init__(self, found: Iterable[Difference], derived: Sequence[Difference] = ()) -> None:
        super().__init__(found)
        self.derived = derived

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of all these changes, by the names with which clients subscribe to them (TAP-5)."""
        return frozenset(difference.kind for difference in (*self, *self.derived) if difference.kind)

    def __str__(self) -> str:
        """One line for each in the list, and one for all others."""
        lines = [difference.line("was", "is") for difference in self]
        return "\n".join((*lines, *folded(self.derived, HOW)))


def assert_session(
    actual: Any, expected: Mapping[str, Any], *, ignore: Iterable[str] = (), derived: bool = False
) -> None:
    """Fail unless a session document is as expected, in whole and with the same types.

    Args:
        actual: a session, or a document as a client receives it or `session.document` gives it.
        expected: a document; any value in it that JSON does not have is compared by its own `==`, such as `any_time`.
        ignore: JSON pointers that are not compared, with `*` for any one part; `VOLATILE` holds those that differ in
            every run of a real service.
        derived: whether derived places have lines of their own beside those that they follow from.

    Raises:
        AssertionError: with a line for every difference, and one for all derived places.
        XblError: for a value that is not a session document, or a pointer that leads nowhere.
    """
    __tracebackhide__ = True
    require(bool, derived, "True or False", where="derived", rule="SEEN-1")
    document, wanted = document_of(actual, "actual"), document_of(expected, "expected")
    patterns = _patterns(ignore)
    require_all_fit(patterns, (wanted, document))
    ours, theirs = without(wanted, patterns), without(document, patterns)
    lines = explanation(ours[0], theirs[0], document, fold=None if derived else HOW)
    _fail(lines, dict.fromkeys((*ours[1], *theirs[1])))


def diff_sessions(old: Any, new: Any, *, ignore: Iterable[str] = VOLATILE, derived: bool = False) -> SessionDiff:
    """The changes from one document of a session to another.

    Args:
        old: a session or a document.
        new: a session or a document.
        ignore: JSON pointers that are not compared.
        derived: whether the list holds derived places, too, and not only what they follow from.

    Raises:
        XblError: for a value that is not a session document, or a pointer that leads nowhere.
    """
    require(bool, derived, "True or False", where="derived", rule="SEEN-1")
    before, after = document_of(old, "old"), document_of(new, "new")
    patterns = _patterns(ignore)
    require_all_fit(patterns, (before, after))
    found = differences(without(before, patterns)[0], without(after, patterns)[0])
    return SessionDiff(found) if derived else SessionDiff(*parted(found))


def itself(name: object) -> object:
    """The name of a member as the test gives it."""
    return name


def assert_matches(document: Any, partial: Mapping[str, Any]) -> None:
    """Fail unless a session document has the fields of a partial one; no other fields are compared.

    Args:
        document: a session, or a document as a client receives it.
        partial: fields of a document; members by user, xuid or index; None expects that nothing is there.

    Raises:
        AssertionError: with a line for every difference.
        XblError: for a value that is not a session document, or cannot be part of one.
    """
    __tracebackhide__ = True
    assert_part(document_of(document, "document"), partial)


def assert_part(
    document: Mapping[str, Any], partial: Mapping[str, Any], *, member: Callable[[object], object] = itself
) -> None:
    """Fail unless a document has the fields of a partial one; no other fields are compared.

    Args:
        partial: fields of a document; members by user, xuid or index; None expects that nothing is there.
        member: the user or xuid that a name stands for.

    Raises:
        AssertionError: with a line for every difference.
        XblError: for a value that cannot be part of a session document.
    """
    __tracebackhide__ = True
    _require_fields(partial, document)
    members = {"members": _with_xuids(partial["members"], document, member)} if "members" in partial else {}
    wanted, part = narrowed({**partial, **members}, by_xuid(document))
    _fail(explanation(wanted, part, document, _labels(partial.get("members"), member)))


def assert_members(
    document: Mapping[str, Any], expected: Mapping[Any, str], *, member: Callable[[object], object] = itself
) -> None:
    """Fail unless a session has exactly these members, each with this status.

    Args:
        expected: users or xuids, and "active", "ready", "inactive", "reserved", "initializing" or "failed".
        member: the user or xuid that a name stands for.

    Raises:
        AssertionError: with a line for every member who is not as expected.
        XblError: for a value that is not a user or a status.
    """
    if not isinstance(expected, Mapping):
        raise XblError(f"Members are given as a dict of users and statuses, not {shown(expected)}.")
    people = [(member(name), _status(status)) for name, status in expected.items()]
    wanted = {_xuid(user): (_name(user), status) for user, status in people}
    _require_once(expected, wanted)
    __tracebackhide__ = True
    if lines := list(_unexpected(wanted, document)):
        raise AssertionError("\n".join(("The members are not as expected:", *shortened(lines, MOST_MEMBERS))))


def explanation(
    expected: Mapping[str, Any],
    actual: Mapping[str, Any],
    document: Mapping[str, Any],
    labels: Mapping[str, str] = EMPTY,
    *,
    fold: str | None = None,
) -> list[str]:
    """A line for every difference, with the version that last changed the place.

    Args:
        actual: the compared part of the document.
        document: the whole document, which may know its versions.
        labels: by xuid, for members whom neither document describes.
        fold: the way to see all, for the one line about derived places; None gives each a line of its own.
    """
    found = differences(expected, actual, {**labels, **member_labels(expected), **member_labels(document)})
    shown, derived = (found, []) if fold is None else parted(found)
    since = last_changes((difference.path for difference in shown), document, getattr(document, "versions", ()))
    made = {path: f"; since {made_by(version)}" for path, version in since.items()}
    lines = [difference.line() + made.get(difference.path, "") + _reason(difference, document) for difference in shown]
    return [*lines, *folded(derived, fold or "")]


def _unexpected(wanted: Mapping[str, tuple[str, str]], document: Mapping[str, Any]) -> Iterator[str]:
    """A line for every member who is not as expected.

    Args:
        wanted: name and status of each expected member, by xuid.
    """
    actual = by_xuid(document)["members"]
    for xuid, (name, status) in wanted.items():
        if xuid not in actual:
            yield f"{name}: expected {status}, got nobody{_fate(xuid, document)}"
        elif status not in (status_of(actual[xuid]), progress_of(actual[xuid])):
            yield f"{name}: expected {status}, got {status_text(actual[xuid], document)}"
    for xuid, other in actual.items():
        if xuid not in wanted:
            yield f"{other.get('gamertag') or xuid}: expected nobody, got {status_text(other, document)}"


def _reason(difference: Difference, document: Mapping[str, Any]) -> str:
    is_gone = is_member(difference.path) and difference.got is ABSENT
    return _fate(str(difference.path[1]), document) if is_gone else ""


def _fate(xuid: str, document: Mapping[str, Any]) -> str:
    """The end of a line about somebody who is not there: they joined for a moment only, if that is so (TIME-3)."""
    versions = reversed(getattr(document, "versions", ()))
    last = next((version for version in versions if MemberJoined(xuid) in version.effects), None)
    return f"; joined in #{last.number} ({NO_STAY})" if last and joins_for_a_moment(xuid, last) else ""


def explain_unequal(left: object, right: object) -> list[str] | None:
    """An explanation why a session document and another value are not equal.

    None if the other value is not a dict, or only the indices of members differ.
    The left value is the actual one, as in `assert session.document == {...}`, unless only the right one knows its
    versions.
    """
    if not (isinstance(left, dict) and isinstance(right, dict)):
        return None
    actual, expected = (left, right) if isinstance(left, SessionDocument) else (right, left)
    lines = explanation(expected, actual, actual, fold="")
    return ["The session is not as expected:", *lines] if lines else None


def document_of(value: Any, name: str) -> JsonObject:
    """The document of a session, or the document itself.

    Args:
        name: of the argument, for the error.

    Raises:
        XblError: for any other value.
    """
    document = getattr(value, "document", value)
    if not isinstance(document, dict):
        raise XblError(f"{name} is a session or a session document, not {shown(document)}.")
    if missing := [part for part in PARTS if not _is_object(document.get(part))]:
        fields = ", ".join(map(name_text, document)) or "nothing"
        part = " A part of a document is compared by assert_matches." if name == "expected" else ""
        raise XblError(f"{name} is not a session document: it has no object {missing[0]!r}; it has {fields}.{part}")
    return document


def _patterns(ignore: Iterable[str]) -> list[str]:
    return [ignore] if isinstance(ignore, str) or not isinstance(ignore, Iterable) else list(ignore)


def _is_object(part: Any) -> bool:
    """Whether a part of a document is an object, or a matcher in its place."""
    return isinstance(part, dict) or is_matcher(part)


def _fail(lines: Sequence[str], ignored: Iterable[str] = ()) -> None:
    """Fail if there are lines."""
    __tracebackhide__ = True
    if lines:
        note = [f"Ignored: {', '.join(ignored)}"] if ignored else []
        raise AssertionError("\n".join(("The session is not as expected:", *lines, *note)))


def _require_fields(partial: object, document: Mapping[str, Any]) -> None:
    """Refuse a part with a field that such a document cannot have; members go by any name here."""
    if not isinstance(partial, Mapping):
        raise XblError(f"A session matches a dict of fields, not {shown(partial)}.")
    members, contract = partial.get("members"), document.get("contractVersion")
    named = {"members": {_name(user): it for user, it in members.items()}} if isinstance(members, Mapping) else {}
    try:
        require_known(form_of(contract if type(contract) is int else NEWEST_CONTRACT), {**partial, **named})
    except Refusal as refusal:
        raise XblError(refusal.what, where=f"partial{refusal.where}", rule=refusal.rule) from None


def _with_xuids(members: Any, document: Mapping[str, Any], member: Callable[[object], object]) -> Any:
    """Members that a test names by user, xuid or index, by their xuids; a name of the test comes before an index."""
    if not isinstance(members, Mapping):
        return members
    if numbers := [shown(name) for name in members if type(name) is int]:
        what = f'The xuid or the index of a member is a string, as in the document: "{numbers[0]}", not {numbers[0]}.'
        raise XblError(what, where="partial/members", rule="SEEN-1")
    xuids = {index: xuid_of(actual) or index for index, actual in document["members"].items()}
    people = ((member(name), wanted) for name, wanted in members.items())
    named = {xuids.get(user) or _xuid(user): wanted for user, wanted in people}
    _require_once(members, named)
    return named


def _labels(members: Any, member: Callable[[object], object]) -> dict[str, str]:
    """Xuid and name of each member whom a test names by user or name, by xuid."""
    users: Iterable[Any] = map(member, members) if isinstance(members, Mapping) else ()
    return {user.xuid: f"{user.xuid} ({user.name})" for user in users if isinstance(getattr(user, "name", None), str)}


def _require_once(named: Mapping[Any, Any], xuids: Mapping[str, Any]) -> None:
    if len(xuids) < len(named):
        raise XblError("A member is named twice; name each one once.")


def _xuid(user: Any) -> str:
    xuid = getattr(user, "xuid", user)
    if not (isinstance(xuid, str) and xuid.isdecimal()):
        raise XblError(f"A member is named by a user or a xuid, not {shown(user)}.")
    return xuid


def _name(user: Any) -> str:
    return name_text(getattr(user, "name", user))


def _status(status: object) -> str:
    if status not in MEMBER_STATUSES:
        near = nearest(status, MEMBER_STATUSES) if isinstance(status, str) else None
        *others, last = MEMBER_STATUSES
        what = f"A member is {', '.join(others)} or {last}, not {value_text(status)} (MEMB-8, INIT-1)."
        raise XblError(f"{what}{or_meant(near and value_text(near))}")
    return str(status)
