"""The grammar of search filters: from a text to its comparisons, and where each part of it is (SRCH-4).

    filter     = all { "or" all }                   with one "or" at most, at the root
    all        = part { "and" part }
    part       = "(" filter ")" | comparison
    comparison = path "/any(" name ":" operand operator literal ")" [ "eq true" ] | operand operator literal
    operand    = path | "tolower(" path ")"         inside of any: the name

`filters` knows the paths, and what can be compared with what.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.filter_tokens import Token, refuse, tokens_of
from pytest_xbl.mpsd.json_values import brief

LONGEST = 8_000
"""Characters of a filter."""
DEEPEST = 20
"""Parentheses inside each other."""
OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le")


class Comparison(NamedTuple):
    """One comparison of a filter, as it is written.

    Args:
        text: the whole of it.
        path: its names; with `any`, those of the collection.
        is_any: whether it asks for any of a collection.
        lowers: whether it says `tolower`.
        operator: in lower case.
        literal: the value that it compares with.
    """

    text: str
    path: tuple[Token, ...]
    is_any: bool
    lowers: bool
    operator: str
    operator_at: int
    literal: Token


Branches: TypeAlias = tuple[tuple[Comparison, ...], ...]
"""The alternatives of a filter, one or two, each with comparisons that have to be true together."""


def parse(text: str) -> Branches:
    """Read a filter.

    Raises:
        Refusal: 400, with the number of the character (SRCH-4).
    """
    if len(text) > LONGEST:
        refuse(LONGEST, f"A filter has at most {LONGEST} characters, and this one has {len(text)}.")
    return _Reader(text).whole() if text.strip() else ((),)


class _Reader:
    """One pass over the tokens of a filter."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens_of(text))
        self._place = 0
        self._or_at: int | None = None

    def whole(self) -> Branches:
        branches = self._filter(0)
        self._take("and, or, or the end", right=self._now.kind == "end")
        return branches

    @property
    def _now(self) -> Token:
        return self._tokens[self._place]

    def _filter(self, depth: int) -> Branches:
        branches = self._all(depth)
        while self._now.says("or"):
            if self._or_at is not None:
                refuse(self._now.at, "A filter has only one or.")
            self._or_at = self._now.at
            self._place += 1
            branches += self._all(depth)
        return branches

    def _all(self, depth: int) -> Branches:
        parts = [self._part(depth)]
        while self._skips("and"):
            parts.append(self._part(depth))
        if len(parts) == 1:
            return parts[0]
        if self._or_at is not None and any(len(part) > 1 for part in parts):
            refuse(self._or_at, "An or stands at the root of a filter, and this one is inside of and.")
        return (tuple(comparison for [branch] in parts for comparison in branch),)

    def _part(self, depth: int) -> Branches:
        if not self._now.says("("):
            return ((self._comparison(),),)
        if depth == DEEPEST:
            refuse(self._now.at, f"At most {DEEPEST} parentheses stand inside each other.")
        self._place += 1
        branches = self._filter(depth + 1)
        self._sign(")")
        return branches

    def _comparison(self) -> Comparison:
        start = self._now.at
        lowers = self._skips("tolower", "(")
        path = [self._word("a path, as tags or session/membersCount")]
        while self._skips("/"):
            path.append(self._word("a name"))
        is_any = not lowers and len(path) > 1 and path[-1].says("any") and self._skips("(")
        if is_any:
            path.pop()
            lowers = self._variable()
        elif lowers:
            self._sign(")")
        operator = self._take(f"one of {', '.join(OPERATORS)}", right=self._now.text.lower() in OPERATORS)
        literal = self._take("a value", right=self._now.kind in ("quoted", "word"))
        if is_any:
            self._sign(")")
            if self._skips("eq"):
                self._sign("true")
        end = self._tokens[self._place - 1]
        text = self._text[start : end.at + len(end.text)]
        return Comparison(text, tuple(path), is_any, lowers, operator.text.lower(), operator.at, literal)

    def _variable(self) -> bool:
        """Read on to the operator inside of `any`; True if it lowers its variable."""
        name = self._word("the name of a variable, as d").text
        self._sign(":")
        lowers = self._skips("tolower", "(")
        self._take(f"the variable {name}", right=self._now.text == name)
        if lowers:
            self._sign(")")
        return lowers

    def _skips(self, *texts: str) -> bool:
        """Whether the next tokens are these, and read on behind them if so."""
        skips = all(map(Token.says, self._tokens[self._place : self._place + len(texts)], texts))
        self._place += len(texts) if skips else 0
        return skips

    def _sign(self, text: str) -> None:
        self._take(text, right=self._now.says(text))

    def _word(self, what: str) -> Token:
        return self._take(what, right=self._now.kind == "word")

    def _take(self, expected: str, *, right: bool) -> Token:
        """The next token, if it is right."""
        token = self._now
        if not right:
            got = "the end" if token.kind == "end" else brief(token.text)
            refuse(token.at, f"Expected {expected}; got {got}.")
        self._place += 1
        return token
