"""What kind of change a difference is, by the names that clients subscribe to changes with (TAP-1)."""

from __future__ import annotations

from collections.abc import Sequence

PATHS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("membersCustomProperty", ("members", "*", "properties", "custom")),
    ("membersStatus", ("members", "*", "properties", "system", "active")),
    ("membersStatus", ("members", "*", "properties", "system", "ready")),
    ("membersStatus", ("members", "*", "reserved")),
    ("initialization", ("members", "*", "initialization")),
    ("membersList", ("membersInfo",)),
    ("host", ("properties", "system", "host")),
    ("joinability", ("properties", "system", "closed")),
    ("joinability", ("properties", "system", "locked")),
    ("joinability", ("properties", "system", "joinRestriction")),
    ("customProperty", ("properties", "custom")),
    ("initialization", ("initializing",)),
    ("matchmakingStatus", ("servers", "matchmaking")),
)
"""The kind of what stands at a path, or below it; `*` is any member."""
OTHER = ""
"""The kind of a change that no client subscribes to by name."""
MEMBER_DEPTH = 2
"""How long the path of a whole member is."""


def kind_of(path: Sequence[str | int]) -> str:
    """The kind of a change.

    Args:
        path: where it is, members by xuid.
    """
    if len(path) == MEMBER_DEPTH and path[0] == "members":
        return "membersList"
    return next((kind for kind, pattern in PATHS if _fits(path, pattern)), OTHER)


def _fits(path: Sequence[str | int], pattern: tuple[str, ...]) -> bool:
    return len(path) >= len(pattern) and all(wanted in ("*", part) for wanted, part in zip(pattern, path, strict=False))
