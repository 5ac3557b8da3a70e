"""The hint about the name that somebody may have meant, at the end of a sentence about an unknown one."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_GUESS = 100
"""Characters of a name that are compared with known ones: nobody mistypes a longer one."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like another one, whatever the case of both; None if nothing is near."""
    from difflib import get_close_matches  # most runs have nothing to suggest

    names = {one.lower(): one for one in known}
    near = get_close_matches(name[:LONGEST_GUESS].lower(), names, n=1)
    return names[near[0]] if near else None


def did_you_mean(near: str | None, *, otherwise: str = ".") -> str:
    """The end of the sentence.

    Args:
        near: the name to suggest, as the sentence shows it; None if there is none.
        otherwise: the end without a suggestion.
    """
    return f"; did you mean {near}?" if near else otherwise


def or_meant(near: str | None) -> str:
    """The question behind a sentence that lists all that there is; nothing if nothing is near.

    Args:
        near: the name to suggest, as the sentence shows it; None if there is none.
    """
    return f" Did you mean {near}?" if near else ""
