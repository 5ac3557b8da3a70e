"""What stands between the rules and a test author: refusals become errors, Python values become JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.refusal import Refusal

__tracebackhide__ = hides_frames


class RefusalsAsErrors:
    """While this lasts, the refusal of a rule becomes an `XblError` with the same text.

    Args:
        where: the argument that the refusal is about, where it is not the body.
    """

    def __init__(self, where: str | None = None) -> None:
        self.where = where

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, Refusal):
            raise XblError(str(error.at(self.where) if self.where else error)) from None


def as_json(name: str, value: object) -> dict[str, Any]:
    """A dict as JSON has it, and a copy, so that the test can go on changing its own.

    Args:
        name: of the argument, for the text.

    Raises:
        XblError: for what JSON cannot say: other types, keys that are no strings, NaN.
    """
    if not isinstance(value, dict):
        raise XblError(f"{name} is a dict of JSON values, not {value!r}.")
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise XblError(f"{name} holds what JSON cannot say: {error}.") from None
    with RefusalsAsErrors(name):
        copy: dict[str, Any] = parse_json(text)
    odd = [key for key in _keys(value) if not isinstance(key, str)]
    if odd:
        raise XblError(f"{name} holds what JSON cannot say: keys are strings, and {odd[0]!r} is none.")
    return copy


def _keys(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for inner in inside:
        yield from _keys(inner)
