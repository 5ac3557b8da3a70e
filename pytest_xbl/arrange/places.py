"""Where in a seed something is wrong: a refusal is placed from inside out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.shapes import pointer_part

Made = TypeVar("Made")


@contextmanager
def placed(at: str) -> Iterator[None]:
    """While this lasts, what is refused is wrong at a place, or at one inside it."""
    try:
        yield
    except Refusal as refusal:
        refusal.where = at + (refusal.where if refusal.where.startswith("/") else "")
        raise
    except XblError as error:
        raise Refusal(400, str(error), where=at, rule="SEED-1") from None


def each(records: Mapping[str, Json], at: str, make: Callable[[str, Json], Made]) -> dict[str, Made]:
    """What is made of each record, by label; what is refused is wrong in that record.

    Args:
        at: the JSON pointer of the records.
    """
    made: dict[str, Made] = {}
    try:
        for label, record in records.items():
            made[label] = make(label, record)
    except (Refusal, XblError):
        # Raised once more in its place; to place each record in advance would cost every one of thousands.
        with placed(f"{at}/{pointer_part(label)}"):
            raise
    return made
