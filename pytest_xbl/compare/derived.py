"""Derived places: those of a session document that follow from its other parts, so that a reader can do without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pytest_xbl.compare.alignment import Path
from pytest_xbl.compare.differences import Difference

DERIVED: Final = (
    ("membersInfo",),
    ("members", "*", "next"),
    ("members", "*", "turn"),
    ("nextTimer",),
    ("roleTypes", "*", "roles", "*", "count"),
    ("roleTypes", "*", "roles", "*", "memberXuids"),
)
"""The derived places, with all that is inside them; `*` is any one part (MEMB-1, MEMB-2, MEMB-9, TIME-6, ROLE-2)."""

MOST_NAMED = 6
"""The most places that the line about them names."""


def is_derived(path: Path) -> bool:
    """Whether a path leads to a derived place, or into one."""
    return any(_leads_to(path, place) for place in DERIVED)


def _leads_to(path: Path, place: Sequence[str]) -> bool:
    fits = (wanted in ("*", part) for wanted, part in zip(place, path, strict=False))
    return len(path) >= len(place) and all(fits)


def folded(derived: Sequence[Difference], how: str) -> list[str]:
    """The line that stands for derived differences; none for none.

    Args:
        how: the way to see them; "" for none.
    """
    if not derived:
        return []
    places = "a derived place" if len(derived) == 1 else f"{len(derived)} derived places"
    named = [difference.pointer for difference in derived[:MOST_NAMED]]
    more = ", ..." if len(derived) > MOST_NAMED else ""
    return [f"... and {places}{f' ({how})' if how else ''}: {', '.join(named)}{more}"]


def parted(differences: Iterable[Difference]) -> tuple[list[Difference], list[Difference]]:
    """The differences that a reader wants to see, and the derived ones, which are none if there are no others."""
    found = list(differences)
    derived = [difference for difference in found if is_derived(difference.path)]
    if len(derived) == len(found):
        return found, []
    return [difference for difference in found if not is_derived(difference.path)], derived
