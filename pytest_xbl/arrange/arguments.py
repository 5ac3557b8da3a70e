"""Refusals of set-up as a test author meets them: errors that name the argument."""

from __future__ import annotations

import re
from collections.abc import Callable

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.json_values import pointer_part
from pytest_xbl.mpsd.refusal import LONGEST_PLACE, Parts, Place, Refusal, on_one_line

__tracebackhide__ = hides_frames


class RefusalsAsErrors:
    """A with-block in which a refusal becomes an `XblError` with the same text and rule, and the argument as its place.

    Args:
        whole: the argument that a refusal is about which names no place in the record.
        turned: turns a place in the record into one whose first part is an argument's name; as it is unless given.
    """

    def __init__(self, whole: str, turned: Callable[[Parts], Parts] | None = None) -> None:
        self._whole = whole
        self._turned = turned

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, Refusal):
            raise XblError(error.what, where=self._argument(error.place), rule=error.rule) from None

    def _argument(self, place: Place) -> str:
        path = () if isinstance(place, str) else self._turned(place) if self._turned else place
        if not path:
            return self._whole
        argument = re.sub("(?<!^)[A-Z]", lambda found: f"_{found[0].lower()}", str(path[0]))
        return on_one_line("/".join((argument, *map(pointer_part, path[1:]))), LONGEST_PLACE)
