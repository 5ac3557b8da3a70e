"""Tokens, which no text shows."""

from __future__ import annotations

from collections.abc import Iterable

SHOWN = 4
"""The characters at the end of a token that a text may show."""


class Secret:
    """A text that is sent, and shown by its last characters only."""

    def __init__(self, text: str, token: str) -> None:
        self._text = text
        self.token = Token(token)

    def __repr__(self) -> str:
        """Show the end of the token."""
        return repr(self.token)

    def reveal(self) -> str:
        """The text as it is sent."""
        return self._text


class Token(str):
    """A token, whose representation shows its last characters only."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show the end."""
        return f"…{self[-SHOWN:]}"


def masked(text: str, tokens: Iterable[str]) -> str:
    """A text in which each of these tokens is only its last characters."""
    for token in tokens:
        text = text.replace(token, f"…{token[-SHOWN:]}")
    return text
