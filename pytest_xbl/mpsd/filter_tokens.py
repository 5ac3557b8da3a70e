"""The tokens of search filters, and refusals that say which character is wrong (SRCH-4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from pytest_xbl.mpsd.refusal import bad_body

TOKEN = re.compile(r"\s*(?:(?P<quoted>'(?:[^']|'')*'(?!'))|(?P<sign>[()/:])|(?P<word>[^\s()/:']+))")


class Token(NamedTuple):
    """A part of a filter.

    Args:
        kind: "quoted" for a text in quotes, "sign", "word", or "end".
        at: its first character, counted from 0.
    """

    kind: str
    text: str
    at: int

    def says(self, text: str) -> bool:
        """Whether it is this word, in whatever case, or this sign."""
        return self.text.lower() == text


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a filter, the end behind them.

    Raises:
        Refusal: 400 for a quote without its second.
    """
    at, end = 0, len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if found is None:
            refuse(text.index("'", at), "The text that begins here does not end; a quote in a text is written twice.")
        kind = str(found.lastgroup)
        yield Token(kind, found[kind], found.start(kind))
        at = found.end()
    yield Token("end", "", end)


def refuse(at: int, what: str) -> NoReturn:
    """Refuse a filter (SRCH-4).

    Args:
        at: the character at which it is wrong, counted from 0.
        what: one sentence.

    Raises:
        Refusal: 400.
    """
    raise bad_body(f"Character {at + 1} of the filter: {what}", where=("filter",), rule="SRCH-4")
