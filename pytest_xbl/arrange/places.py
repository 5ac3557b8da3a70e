"""The place of a refusal in a seed, which is put together from inside out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Parts, Refusal

Made = TypeVar("Made")


def each(records: Mapping[str, Json], at: Parts, make: Callable[[str, Json], Made]) -> dict[str, Made]:
    """Make something of each record, by label; a refusal is placed in its record.

    Args:
        at: the place of the records.
    """
    made: dict[str, Made] = {}
    try:
        for label, record in records.items():
            made[label] = make(label, record)
    except Refusal as refusal:  # one block around all: a block for each would cost every one of thousands
        raise refusal.inside(*at, label) from None
    return made
