"""Matchers: values in an expected document that equal any value of a kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pytest_xbl.mpsd.shapes import GUID

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z"


class Matcher:
    """Equal to every value that passes its test.

    Args:
        name: its `repr`.
        fits: the test.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str, fits: Callable[[Any], bool]) -> None:
        self._name = name
        self._fits = fits

    def __eq__(self, other: object) -> bool:
        return self._fits(other)

    def __repr__(self) -> str:
        return self._name


any_guid = Matcher("any_guid", lambda value: isinstance(value, str) and re.fullmatch(GUID, value) is not None)
"""Any GUID, in capitals or not."""
any_time = Matcher("any_time", lambda value: isinstance(value, str) and re.fullmatch(TIME, value) is not None)
"""Any time, as the service writes it (CALL-8)."""


def is_matcher(value: object) -> bool:
    """Whether a value is compared by its own `==`: any value that JSON does not have."""
    return value is not None and not isinstance(value, str | int | float | dict | list | tuple)
