"""Blame: the version that last changed a place in a session document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import dropwhile
from typing import Any

from pytest_xbl.compare.alignment import MEMBER_DEPTH, Path, by_xuid, is_member
from pytest_xbl.compare.differences import ABSENT
from pytest_xbl.mpsd.json_values import same
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Json, JsonObject, Session
from pytest_xbl.mpsd.view import branch, member_texts, render
from pytest_xbl.world.histories import gap_in
from pytest_xbl.world.state import SessionVersion


def last_changes(
    paths: Iterable[Path], document: Mapping[str, Any], versions: Sequence[SessionVersion]
) -> dict[Path, SessionVersion]:
    """The version that last changed each path.

    It is the oldest version in an unbroken row, back from the document, in which the path has the same value.
    No path has one if the document is none of the versions, or if it may have changed in one that was let go.

    Args:
        versions: the oldest first.
    """
    shown = by_xuid(document)
    wanted = shown.get("branch"), shown.get("changeNumber")
    unchanged = {path: _compared(shown, path) for path in paths}
    found: dict[Path, SessionVersion] = {}
    parse = cache(_member)  # a member reads the same in most versions, and is then the same object in their documents
    later: JsonObject = {}
    for version in dropwhile(lambda version: _edition(version) != wanted, reversed(versions)):
        if not (unchanged and version.session):
            break
        then = _document(version.session, parse)
        for path in _changeable(unchanged, then, later):
            if not same(_compared(then, path), unchanged[path]):
                del unchanged[path]
        found.update(dict.fromkeys(unchanged, version))
        later = then
    else:
        if gap_in(versions):
            return {path: version for path, version in found.items() if path not in unchanged}
    return found


def value_at(document: Json, path: Path) -> Json:
    """The value at a path, or `ABSENT`."""
    value = document
    try:
        for part in path:
            value = value[part]
    except (KeyError, IndexError, TypeError):
        return ABSENT
    return value


def _edition(version: SessionVersion) -> tuple[str, int] | None:
    """The branch and the number of a version, or None if it deleted the session."""
    session = version.session
    return (branch(session), session.change_number) if session else None


def _document(session: Session, parse: Callable[[str], Json]) -> JsonObject:
    """The document of a version, with its members by xuid."""
    document: JsonObject = json.loads(render(session, contract=NEWEST_CONTRACT, members="{}"))
    texts = member_texts(session, contract=NEWEST_CONTRACT)
    document["members"] = {member.xuid: parse(text) for member, text in zip(session.members, texts, strict=True)}
    return document


def _member(text: str) -> Json:
    return json.loads(text.partition(":")[2])


def _changeable(paths: Iterable[Path], then: JsonObject, later: JsonObject) -> list[Path]:
    """The paths whose values may differ: all but those into a member who is the same object in both documents."""
    members = later.get("members", {})
    kept = {xuid for xuid, member in then["members"].items() if members.get(xuid) is member}
    return [path for path in paths if path[0] != "members" or len(path) < MEMBER_DEPTH or path[1] not in kept]


def _compared(document: JsonObject, path: Path) -> Json:
    """The value at a path; of a whole member, only whether they are there."""
    value = value_at(document, path)
    return value is not ABSENT if is_member(path) else value
