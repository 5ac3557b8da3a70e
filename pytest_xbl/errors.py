"""The one error that tells a test author that the fake was misused."""

from __future__ import annotations

from types import UnionType
from typing import Any


class XblError(Exception):
    """The fake was asked, from Python or by a seed, for something that it refuses.

    Its text has up to three lines: what is wrong, where, and the rule behind it, as the body of a refusal has them.
    A client's mistakes never raise this; they are answered over HTTP.

    Args:
        what: one sentence: what was given, and what is possible.
        where: the argument of the call, or the place in a seed and the seed's source.
        rule: the id of the rule, as on the rules page of the documentation.
    """

    def __init__(self, what: str, *, where: str = "", rule: str = "") -> None:
        lines = (what, where and f"where: {where}", rule and f"rule: {rule}")
        super().__init__("\n".join(filter(None, lines)))
        self.what = what
        self.where = where
        self.rule = rule


def require(kind: type | UnionType, value: object, what: str, *, where: str, rule: str = "SEED-1") -> None:
    """Refuse a Python value of another kind.

    Args:
        what: the value that is expected, with an article.
        where: the argument that holds the value.

    Raises:
        XblError: naming both.
    """
    if not isinstance(value, kind):
        raise XblError(f"Expected {what}; got {shown(value)}.", where=where, rule=rule)


def shown(value: object) -> str:
    """A Python value, as error texts show it; Python itself writes no integers of thousands of digits."""
    from pytest_xbl.secrets import without_fields

    try:
        return without_fields(repr(value))
    except ValueError:
        return "an integer of thousands of digits"


def hides_frames(error_info: Any) -> bool:
    """Whether a traceback is better without the fake's own frames: where the mistake is the test author's.

    A module that lets `XblError` through, or fails a test, has this as its `__tracebackhide__`, which pytest asks.

    Args:
        error_info: of pytest, about the error.
    """
    error = error_info.value
    return isinstance(error, XblError) or getattr(error, "pytrace", False) is True  # as of pytest.fail


__tracebackhide__ = hides_frames
