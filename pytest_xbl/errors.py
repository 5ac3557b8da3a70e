"""The one error that tells a test author that the fake was misused."""

from __future__ import annotations

from typing import Any


class XblError(Exception):
    """The fake was asked, from Python, for something that cannot be.

    Its text says what was wrong, where, and which rule says so: the same text that a client gets in the body
    of a refusal.
    What a client does wrong never raises this; it is answered over HTTP.
    """


def require(kind: type, value: object, what: str) -> None:
    """Refuse a Python value of another kind.

    Raises:
        XblError: with what was expected, and what was there.
    """
    if not isinstance(value, kind):
        raise XblError(f"{what}; {value!r} is none.")


def hides_frames(error_info: Any) -> bool:
    """Whether a traceback is better without the fake's own frames: where the mistake is the test author's.

    A module that lets `XblError` through has this as its `__tracebackhide__`, which pytest asks.

    Args:
        error_info: of pytest, about the error.
    """
    return isinstance(error_info.value, XblError)


__tracebackhide__ = hides_frames
