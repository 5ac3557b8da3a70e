"""The grammar of search filters: from a text to its comparisons, and where each part of it is (SRCH-4).

    filter     = all { "or" all }                   with one "or" at most, at the root
    all        = part { "and" part }
    part       = "(" filter ")" | comparison
    comparison = path "/any(" name ":" operand operator literal ")" [ "eq true" ] | operand operator literal
    operand    = path | "tolower(" path ")"         inside of any: the name

`filters` knows the paths, and what can be compared with what.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn, TypeAlias

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


class _Part(NamedTuple):
    """A part of a filter, and the place of the `or` in it; None without one."""

    branches: Branches
    or_at: int | None = None


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

    def whole(self) -> Branches:
        part = self._filter(0)
        if self._now.kind != "end":
            self._expected("and, or, or the end")
        return part.branches

    @property
    def _now(self) -> Token:
        return self._tokens[self._place]

    def _filter(self, depth: int) -> _Part:
        part = self._all(depth)
        while self._now.is_word("or"):
            at = self._take().at
            other = self._all(depth)
            if part.or_at is not None or other.or_at is not None:
                refuse(at if other.or_at is None else other.or_at, "A filter has only one or.")
            part = _Part(part.branches + other.branches, at)
        return part

    def _all(self, depth: int) -> _Part:
        parts = [self._part(depth)]
        while self._now.is_word("and"):
            self._take()
            parts.append(self._part(depth))
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            if part.or_at is not None:
                refuse(part.or_at, "An or stands at the root of a filter, and this one is inside of and.")
        return _Part((tuple(comparison for part in parts for comparison in part.branches[0]),))

    def _part(self, depth: int) -> _Part:
        if self._now.text != "(":
            return _Part(((self._comparison(),),))
        if depth == DEEPEST:
            refuse(self._now.at, f"At most {DEEPEST} parentheses stand inside each other.")
        self._take()
        part = self._filter(depth + 1)
        self._sign(")")
        return part

    def _comparison(self) -> Comparison:
        start = self._now.at
        lowers = self._opens_tolower()
        path = [self._word("a path, as tags or session/membersCount")]
        while self._now.text == "/":
            self._take()
            path.append(self._word("a name"))
        if not lowers and len(path) > 1 and path[-1].is_word("any") and self._now.text == "(":
            lowers = self._variable()
            said = self._rest(start, path[:-1], lowers=lowers)
            self._sign(")")
            if self._now.is_word("eq"):
                self._take()
                self._true()
            return said._replace(text=self._since(start), is_any=True)
        if lowers:
            self._sign(")")
        return self._rest(start, path, lowers=lowers)

    def _variable(self) -> bool:
        """Read on to the operator inside of `any`; True if it lowers its variable."""
        self._sign("(")
        name = self._word("the name of a variable, as d").text
        self._sign(":")
        lowers = self._opens_tolower()
        if self._now.text != name:
            self._expected(f"the variable {name}")
        self._take()
        if lowers:
            self._sign(")")
        return lowers

    def _rest(self, start: int, path: list[Token], *, lowers: bool) -> Comparison:
        operator = self._now
        if operator.kind != "word" or operator.text.lower() not in OPERATORS:
            self._expected(f"one of {', '.join(OPERATORS)}")
        self._take()
        if self._now.kind not in ("quoted", "word"):
            self._expected("a value")
        literal = self._take()
        return Comparison(
            text=self._since(start),
            path=tuple(path),
            is_any=False,
            lowers=lowers,
            operator=operator.text.lower(),
            operator_at=operator.at,
            literal=literal,
        )

    def _opens_tolower(self) -> bool:
        if not (self._now.is_word("tolower") and self._tokens[self._place + 1].text == "("):
            return False
        self._place += 2
        return True

    def _true(self) -> None:
        if not self._now.is_word("true"):
            self._expected("true")
        self._take()

    def _word(self, what: str) -> Token:
        if self._now.kind != "word":
            self._expected(what)
        return self._take()

    def _sign(self, sign: str) -> None:
        if self._now.text != sign:
            self._expected(sign)
        self._take()

    def _take(self) -> Token:
        self._place += 1
        return self._tokens[self._place - 1]

    def _since(self, start: int) -> str:
        last = self._tokens[self._place - 1]
        return self._text[start : last.at + len(last.text)]

    def _expected(self, what: str) -> NoReturn:
        got = "the end" if self._now.kind == "end" else brief(self._now.text)
        refuse(self._now.at, f"Expected {what}; got {got}.")
