"""Values at places of a recorded body, which may have any shape."""

from __future__ import annotations

from typing import Any


def at(value: Any, *names: str) -> Any:
    """The value at a place of a body; None if there is none."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value
