"""A refusal, as a test author meets it from Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.refusal import Refusal


@contextmanager
def refusals_as_errors() -> Iterator[None]:
    """Turn the refusal of a rule into an `XblError` with the same text."""
    try:
        yield
    except Refusal as refusal:
        raise XblError(str(refusal)) from None
