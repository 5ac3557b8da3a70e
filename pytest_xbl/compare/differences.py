"""The differences of two session documents: where, what was expected, what is there, and what kind of change it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from pytest_xbl.compare.alignment import by_xuid, differing, xuid_of
from pytest_xbl.compare.kinds import kind_of
from pytest_xbl.mpsd.model import Json, JsonObject
from pytest_xbl.mpsd.shapes import BRIEF, pointer_part

Path: TypeAlias = tuple[str | int, ...]
"""Where something stands in a document, members by xuid."""


class Nothing:
    """What stands where nothing is."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = Nothing()
MEMBER_DEPTH = 2
"""How long the path of a whole member is."""


class Difference(NamedTuple):
    """One place at which two documents differ.

    Args:
        pointer: the JSON pointer of the place, with the name of a member behind their index.
        kind: what clients that watch the session call such a change; "" if they have no name for it (TAP-1).
        expected: what the one document says; `NOTHING` if it says nothing.
        got: what the other says, likewise.
        path: the place, members by xuid.
    """

    pointer: str
    kind: str
    expected: Json
    got: Json
    path: Path

    def line(self, one: str = "expected", other: str = "got") -> str:
        """The difference in one line."""
        kind = f" [{self.kind}]" if self.kind else ""
        whole_member = len(self.path) == MEMBER_DEPTH and self.path[0] == "members"
        told = _told_member if whole_member else told_value
        return f"{self.pointer}: {one} {told(self.expected)}, {other} {told(self.got)}{kind}"

    def __str__(self) -> str:
        return self.line()


def differences(
    expected: Mapping[str, Any], actual: Mapping[str, Any], places: Mapping[str, str] | None = None
) -> list[Difference]:
    """Every difference of two documents, in the order of their places.

    deepdiff finds them, and is imported only if there are any.

    Args:
        places: index and name of each member, by xuid; those of the documents unless given.
    """
    ours, theirs = by_xuid(expected), by_xuid(actual)
    pair = differing(ours, theirs)
    if pair is None:
        return []
    from deepdiff import DeepDiff

    places = places_in(expected) | places_in(actual) if places is None else places
    # What is equal has been left out, so the share of what has changed must not decide how deep it looks.
    # Names that begin with __ are names like others.
    depth: dict[str, Any] = {"threshold_to_diff_deeper": 0, "ignore_private_variables": False}
    found = DeepDiff(*pair, view="tree", verbose_level=2, **depth)
    different = [_difference(level, places) for levels in found.values() for level in levels]
    return sorted(different, key=lambda one: [(type(part) is str, part) for part in one.path])


def told_value(value: Json) -> str:
    """A value short enough to stand in a line: JSON, or what a matcher calls itself."""
    text = repr(value) if isinstance(value, Nothing) else _as_json(value)
    return text if len(text) <= BRIEF else f"{text[: BRIEF - 3]}..."


def pointer_of(path: Path, places: Mapping[str, str]) -> str:
    """The JSON pointer of a path, with what a member is called behind their index.

    Args:
        places: index and name of each member, by xuid.
    """
    parts = [pointer_part(part) for part in path]
    if len(path) >= MEMBER_DEPTH and path[0] == "members":
        parts[1] = places.get(str(path[1]), parts[1])
    return "/" + "/".join(parts)


def _difference(level: Any, places: Mapping[str, str]) -> Difference:
    path = tuple(level.path(output_format="list"))
    expected, got = (_present(value) for value in (level.t1, level.t2))
    return Difference(pointer_of(path, places), kind_of(path), expected, got, path)


def _present(value: Any) -> Any:
    from deepdiff.helper import notpresent

    return NOTHING if value is notpresent else value


def places_in(document: Mapping[str, Any]) -> dict[str, str]:
    """Index and name of each member of a document, by xuid."""
    members = document.get("members")
    found: dict[str, str] = {}
    for index, member in members.items() if isinstance(members, dict) else ():
        xuid = xuid_of(member)
        if xuid:
            found[xuid] = f"{index} ({member.get('gamertag') or xuid})"
    return found


def _told_member(member: Json) -> str:
    """A whole member; of a part of one, as a test may expect it, nobody knows the status."""
    if not isinstance(member, dict) or "constants" not in member:
        return told_value(member)
    return f"a member ({status_of(member)})"


def status_of(member: JsonObject) -> str:
    """The status of a member of a document (MEMB-8)."""
    if member.get("reserved"):
        return "reserved"
    properties = member.get("properties")
    system = properties.get("system") if isinstance(properties, dict) else None
    flags = system if isinstance(system, dict) else {}
    return next((status for status in ("active", "ready") if flags.get(status)), "inactive")


def _as_json(value: Json) -> str:
    """JSON, in which what JSON does not have stands as Python writes it."""
    import json

    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(name))}: {_as_json(it)}" for name, it in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_as_json, value)) + "]"
    return json.dumps(value) if value is None or isinstance(value, str | int | float) else repr(value)
