"""Where in a seed something is wrong: a refusal is placed from inside out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Parts, Refusal

Made = TypeVar("Made")


@contextmanager
def placed(*at: str) -> Iterator[None]:
    """Prefix the place of any refusal raised in this block."""
    try:
        yield
    except Refusal as refusal:
        raise refusal.inside(*at) from None


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
