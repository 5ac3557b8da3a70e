"""The one way in which an invariant fails."""

from __future__ import annotations


def hold(fact: object, what: str) -> None:
    """Require a fact.

    Args:
        what: one sentence about the value for which it is wrong.

    Raises:
        AssertionError: if it is wrong.
    """
    if not fact:
        raise AssertionError(what)
