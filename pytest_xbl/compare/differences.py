"""The differences of two session documents: place, expected value, actual value, and kind of change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pytest_xbl.compare.alignment import MEMBER_DEPTH, Number, Path, by_xuid, differing, is_member, xuid_of
from pytest_xbl.compare.kinds import is_full, kind_of
from pytest_xbl.compare.statuses import status_of
from pytest_xbl.errors import shown
from pytest_xbl.mpsd.json_values import BRIEF, name_text, pointer_part
from pytest_xbl.mpsd.model import Json

OWNERS = ("properties", "system", "owners")
"""The path of the list that names members by index."""


class Absent:
    """The class of `ABSENT`."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT = Absent()
"""The value at a path that does not exist."""


class Difference(NamedTuple):
    """One place at which two documents differ.

    Args:
        pointer: the JSON pointer of the place, with the name of a member behind their index.
        kind: the name by which clients subscribe to such a change; "" if it has none (TAP-5).
        expected: the value in the first document, or `ABSENT`.
        got: the value in the second document, or `ABSENT`.
        path: the place, members by xuid.
    """

    pointer: str
    kind: str
    expected: Json
    got: Json
    path: Path

    def line(self, before: str = "expected", after: str = "got") -> str:
        """The difference in one line.

        Args:
            before: the word for the value in the first document.
            after: the word for the value in the second.
        """
        text = member_text if is_member(self.path) else value_text
        kind = f" [{self.kind}]" if self.kind else ""
        return f"{self.pointer}: {before} {text(self.expected)}, {after} {text(self.got)}{kind}"

    def __str__(self) -> str:
        return self.line()


def differences(
    expected: Mapping[str, Any], actual: Mapping[str, Any], labels: Mapping[str, str] | None = None
) -> list[Difference]:
    """Every difference of two documents, in the order of their places.

    deepdiff finds them; it is imported only if there are any.

    Args:
        labels: index and name of each member, by xuid; those of the documents unless given.
    """
    ours, theirs = by_xuid(expected), by_xuid(actual)
    pair = differing(ours, theirs)
    if pair is None:
        return []
    from deepdiff import DeepDiff

    labels = member_labels(expected) | member_labels(actual) if labels is None else labels
    # Equal parts have been left out, so the share of changed ones must not decide how deep it looks.
    # Names that begin with __ are names like others.
    depth: dict[str, Any] = {"threshold_to_diff_deeper": 0, "ignore_private_variables": False}
    found = DeepDiff(*pair, view="tree", verbose_level=2, **depth)
    fills = is_full(expected) != is_full(actual)
    unsorted = [_difference(level, labels, fills=fills) for levels in found.values() for level in levels]
    return sorted(unsorted, key=lambda difference: [(type(part) is str, part) for part in difference.path])


def plain_differences(
    before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, str]
) -> list[Difference]:
    """The differences of two versions of a session, found without deepdiff; lists of plain values differ as a whole.

    Args:
        before: the document of a version, members by xuid.
        after: the same of a later one.
        labels: index and name of each member, by xuid.
    """
    pair = differing(before, after)
    if pair is None:
        return []
    fills = is_full(before) != is_full(after)
    return [_found(path, was, is_, labels, fills=fills) for path, was, is_ in _leaves((), *pair)]


def _leaves(path: Path, before: Json, after: Json) -> Iterator[tuple[Path, Json, Json]]:
    """The values that differ in what is left of two documents, in their order, with their paths."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        yield path, before, after
        return
    for name in {**before, **after}:
        part = int(name) if isinstance(name, Number) else name
        yield from _leaves((*path, part), before.get(name, ABSENT), after.get(name, ABSENT))


def value_text(value: Json) -> str:
    """A value in at most sixty characters, as JSON, or as the `repr` of a matcher."""
    text = repr(value) if value is ABSENT else _as_json(value)
    return text if len(text) <= BRIEF else f"{text[: BRIEF - 3]}..."


def pointer_of(path: Path, labels: Mapping[str, str]) -> str:
    """The JSON pointer of a path, with the name of a member behind their index.

    Args:
        labels: index and name of each member, by xuid.
    """
    parts = [pointer_part(part) for part in path]
    if len(path) >= MEMBER_DEPTH and path[0] == "members":
        parts[1] = labels.get(name_text(path[1]), parts[1])
    return "/" + "/".join(parts)


def member_labels(document: Mapping[str, Any]) -> dict[str, str]:
    """Index and name of each member of a document, by xuid."""
    members = document.get("members")
    found: dict[str, str] = {}
    for index, member in members.items() if isinstance(members, dict) else ():
        xuid = xuid_of(member)
        if xuid:
            found[xuid] = f"{index} ({member.get('gamertag') or xuid})"
    return found


def _difference(level: Any, labels: Mapping[str, str], *, fills: bool) -> Difference:
    path = tuple(int(part) if isinstance(part, Number) else part for part in level.path(output_format="list"))
    return _found(path, _present(level.t1), _present(level.t2), labels, fills=fills)


def _found(path: Path, expected: Json, got: Json, labels: Mapping[str, str], *, fills: bool) -> Difference:
    kind = kind_of(path, expected, got, fills=fills)
    if path == ("members",):
        expected, got = _by_index(expected, labels), _by_index(got, labels)
    if path[:3] == OWNERS or "memberXuids" in path:
        expected, got = _named(expected, labels), _named(got, labels)
    return Difference(pointer_of(path, labels), kind, expected, got, path)


def _present(value: Any) -> Any:
    from deepdiff.helper import notpresent

    return ABSENT if value is notpresent else value


def _named(value: Json, labels: Mapping[str, str]) -> Json:
    """A member who is named by index or xuid, with index and name; or a list of such."""
    if isinstance(value, list):
        return [_named(one, labels) for one in value]
    found = (label for xuid, label in labels.items() if value == xuid or label.startswith(f"{value} "))
    return next(found, value)


def _by_index(members: Json, labels: Mapping[str, str]) -> Json:
    """All members, by index as in the document and not by xuid."""
    if not isinstance(members, dict):
        return members
    return {labels.get(name_text(name), name_text(name)).partition(" ")[0]: member for name, member in members.items()}


def member_text(member: Json) -> str:
    """A member as its status; the part of one that a test may expect does not show its status."""
    if not isinstance(member, dict) or "constants" not in member:
        return value_text(member)
    return f"a member ({status_of(member)})"


def _as_json(value: Json) -> str:
    """JSON, with the `repr` of values that JSON does not have."""
    import json

    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{json.dumps(name_text(name))}: {_as_json(inner)}" for name, inner in value.items()) + "}"
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_as_json, value)) + "]"
    return json.dumps(value) if value is None or isinstance(value, str | bool | float) else shown(value)
