"""Kinds of changes, by the names with which clients subscribe to them (TAP-1)."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_xbl.compare.alignment import is_member

PATHS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("membersCustomProperty", ("members", "*", "properties", "custom")),
    ("membersStatus", ("members", "*", "properties", "system", "active")),
    ("membersStatus", ("members", "*", "properties", "system", "ready")),
    ("membersStatus", ("members", "*", "reserved")),
    ("initialization", ("members", "*", "initializationEpisode")),
    ("initialization", ("members", "*", "initializationFailure")),
    ("membersList", ("membersInfo",)),
    ("host", ("properties", "system", "host")),
    ("joinability", ("properties", "system", "closed")),
    ("joinability", ("properties", "system", "locked")),
    ("joinability", ("properties", "system", "joinRestriction")),
    ("customProperty", ("properties", "custom")),
    ("initialization", ("initializing",)),
    ("matchmakingStatus", ("servers", "matchmaking")),
    ("roles", ("members", "*", "roles")),
    ("roles", ("roleTypes",)),
    ("scheduledtime", ("properties", "system", "scheduledTime")),
)
"""The kind of a change at a path or below it; `*` is any member."""
OTHER = ""
"""The kind of a change that no client can subscribe to by name."""


def kind_of(path: Sequence[str | int]) -> str:
    """The kind of a change.

    Args:
        path: its place, members by xuid.
    """
    if is_member(path):
        return "membersList"
    return next((kind for kind, pattern in PATHS if _fits(path, pattern)), OTHER)


def _fits(path: Sequence[str | int], pattern: tuple[str, ...]) -> bool:
    return len(path) >= len(pattern) and all(wanted in ("*", part) for wanted, part in zip(pattern, path, strict=False))
