"""The lines of a failure, which end where a reader would stop."""

from __future__ import annotations

from collections.abc import Sequence


def shortened(lines: Sequence[str], most: int, *, rest: str = "more") -> list[str]:
    """So many lines, and one with the number of those that are left out.

    Args:
        rest: the word for these.
    """
    return [*lines[:most], f"... and {len(lines) - most} {rest}"] if len(lines) > most else [*lines]
