"""Filters of queries for search handles: clauses that are true of a handle or not (SRCH-4)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from pytest_xbl.mpsd.filter_paths import PATHS, Path, Subject, find_path
from pytest_xbl.mpsd.filter_text import Comparison, parse
from pytest_xbl.mpsd.filter_tokens import Token, refuse
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.mpsd.search_attributes import TAG, AttributeName, Searched
from pytest_xbl.mpsd.suggesting import nearest, or_meant

NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")
ORDERED = ("number", "time")
"""The kinds of values that are greater or less than others."""
EXPECTED = {
    "number": "a number",
    "numbers": "a number",
    "text": "a text in single quotes",
    "texts": "a text in single quotes",
    "time": "a time in single quotes, as '2026-01-01T12:00:00Z'",
}


class Clause(NamedTuple):
    """One comparison of a filter.

    Args:
        text: as the filter has it.
        value: finds the value that it compares: in the attributes of a handle, or in a subject.
        holds: whether a value satisfies it.
        about_session: whether its value is one of the session.
        attribute: the one of the handles that satisfy it; None if none has to be there.
        finds_nothing: whether it compares with capitals, which no tag or string has (SRCH-2).
    """

    text: str
    value: Callable[[Any], Any]
    holds: Callable[[Any], bool]
    about_session: bool
    attribute: AttributeName | None
    finds_nothing: bool


class Branch(NamedTuple):
    """An alternative of a filter: clauses that have to be true together.

    Args:
        clauses: in the order of the text.
        own: those about the attributes of a handle.
        theirs: those about its session.
    """

    clauses: tuple[Clause, ...]
    own: tuple[Clause, ...]
    theirs: tuple[Clause, ...]

    def may_be(self, searched: Searched) -> bool:
        """Whether it is true of a handle with these attributes, as far as its session does not matter."""
        for clause in self.own:  # noqa: SIM110 -- `all` takes twice as long, and this is asked of all handles
            if not clause.holds(clause.value(searched)):
                return False
        return True


class Filter(NamedTuple):
    """A filter: alternatives, one or two."""

    branches: tuple[Branch, ...]

    @property
    def clauses(self) -> list[Clause]:
        """All clauses, in the order of the text."""
        return [clause for branch in self.branches for clause in branch.clauses]

    def possible(self, searched: Searched) -> list[Branch]:
        """The alternatives that may be true of a handle with these attributes."""
        return [branch for branch in self.branches if not branch.own or branch.may_be(searched)]

    def finds(self, subject: Subject) -> bool:
        """Whether it is true of a handle."""
        return is_any_true(self.possible(subject.handle.searched), subject)


def is_any_true(branches: Iterable[Branch], subject: Subject) -> bool:
    """Whether one of the alternatives is true of a handle whose attributes are right."""
    for branch in branches:
        for clause in branch.theirs:
            if not clause.holds(clause.value(subject)):
                break
        else:
            return True
    return False


def parse_filter(text: str) -> Filter:
    """Read a filter; an empty one is true of every handle.

    Raises:
        Refusal: 400, with the number of the character (SRCH-4).
    """
    return Filter(tuple(_branch(tuple(map(_clause, branch))) for branch in parse(text)))


def _branch(clauses: tuple[Clause, ...]) -> Branch:
    own = tuple(clause for clause in clauses if not clause.about_session)
    return Branch(clauses, own, tuple(clause for clause in clauses if clause.about_session))


def _clause(said: Comparison) -> Clause:
    path, names = _path(said)
    name = said.operator
    if name not in ("eq", "ne") and path.kind not in ORDERED:
        refuse(said.operator_at, f"{_name(said)} is compared by eq and ne only, not by {name}.")
    literal = _literal(said.literal, path)
    is_text = path.kind in ("text", "texts")
    return Clause(
        text=said.text,
        value=_value_of(path.value, names),
        holds=_test(path.kind, name, literal),
        about_session=path.about_session,
        attribute=_attribute(path, names, literal) if path.indexed and name == "eq" else None,
        finds_nothing=is_text and name == "eq" and literal != literal.lower(),
    )


def _path(said: Comparison) -> tuple[Path, tuple[str, ...]]:
    """The path of a comparison, and the names in it.

    Raises:
        Refusal: 400 for one that there is not, or that is not compared like this.
    """
    at, given = said.path[0].at, _name(said)
    found = find_path([token.text for token in said.path])
    if found is None:
        refuse(at, f"There is no path {brief(given)}; there are {', '.join(PATHS)}.{or_meant(nearest(given, PATHS))}")
    path, _ = found
    if path.kind == "texts" and not said.is_any:
        refuse(at, f"{given} is a collection; write {given}/any(d:d eq '…').")
    if said.is_any and path.kind != "texts":
        refuse(at, f"{given} is no collection, so it takes no any.")
    if said.lowers and path.kind not in ("text", "texts"):
        refuse(at, f"tolower is for texts, and {given} is a {path.kind.rstrip('s')}.")
    return found


def _name(said: Comparison) -> str:
    return "/".join(token.text for token in said.path)


def _literal(token: Token, path: Path) -> Any:
    """The value that a comparison asks for.

    Raises:
        Refusal: 400 for one of another kind than the path has.
    """
    value: Any = None
    if token.kind == "word" and path.kind in ("number", "numbers") and NUMBER.fullmatch(token.text):
        value = float(token.text)
    if token.kind == "quoted" and path.kind in ("text", "texts", "time"):
        text = token.text[1:-1].replace("''", "'")
        value = moment(text) if path.kind == "time" else text.lower() if path.ignores_case else text
    if value is None:
        refuse(token.at, f"Expected {EXPECTED[path.kind]}; got {brief(token.text)}.")
    return value


def _value_of(find: Callable[..., Any], names: tuple[str, ...]) -> Callable[[Any], Any]:
    return (lambda subject: find(subject, *names)) if names else find


def _test(kind: str, name: str, literal: Any) -> Callable[[Any], bool]:
    """The test of a value; `ne` says that the value is not there, and nothing is greater or less than no value."""
    if kind in ("texts", "numbers"):
        return (lambda held: literal in held) if name == "eq" else (lambda held: literal not in held)
    compare: Callable[[Any, Any], bool] = getattr(operator, name)
    if name in ("eq", "ne"):
        return lambda held: compare(held, literal)
    return lambda held: held is not None and compare(held, literal)


def _attribute(path: Path, names: tuple[str, ...], literal: Any) -> AttributeName:
    return (TAG, literal, "") if path.indexed == TAG else (path.indexed, names[0], literal)
