"""Things that never change, so that a copy of one is the thing itself."""

from __future__ import annotations

from typing import TypeVar

Itself = TypeVar("Itself")


class Unchanging:
    """A base for what needs no second one: a value, or a view that stands for the same thing as its copy would."""

    def __copy__(self: Itself) -> Itself:  # noqa: PYI019 -- typing has no Self before 3.11
        return self

    def __deepcopy__(self: Itself, _memo: object) -> Itself:  # noqa: PYI019 -- as above
        return self
