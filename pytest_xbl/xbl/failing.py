"""Mistakes of a test's author, which fail the test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import pytest

from pytest_xbl.errors import XblError, hides_frames

__tracebackhide__ = hides_frames
Given = ParamSpec("Given")
Made = TypeVar("Made")


def failing_by_text(action: Callable[Given, Made]) -> Callable[Given, Made]:
    """Let an `XblError`, which is a mistake of the test's author, fail the test by its text alone, without frames."""

    @wraps(action)
    def act(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        try:
            return action(*args, **kwargs)
        except XblError as mistake:
            raise pytest.fail.Exception(str(mistake), pytrace=False) from None

    return act
