"""Where in a seed something is wrong: a refusal is placed from inside out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.model import Json
from pytest_xbl.mpsd.refusal import Parts, Refusal

Made = TypeVar("Made")


@contextmanager
def placed(at: Parts) -> Iterator[None]:
    """While this lasts, what is refused is wrong at a place, or at one inside it."""
    try:
        yield
    except Refusal as refusal:
        raise refusal.inside(*at) from None
    except XblError as error:
        raise Refusal(400, str(error), where=at, rule="SEED-1") from None


def each(records: Mapping[str, Json], at: Parts, make: Callable[[str, Json], Made]) -> dict[str, Made]:
    """What is made of each record, by label; what is refused is wrong in that record.

    Args:
        at: the place of the records.
    """
    made: dict[str, Made] = {}
    try:
        for label, record in records.items():
            made[label] = make(label, record)
    except (Refusal, XblError):
        # Raised once more in its place; to place each record in advance would cost every one of thousands.
        with placed((*at, label)):
            raise
    return made
