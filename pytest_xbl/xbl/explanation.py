"""Explanations of search filters: why a query finds a handle, or does not."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from pytest_xbl.mpsd.filter_paths import Subject, shown_value
from pytest_xbl.mpsd.filters import Clause, Filter


class ExplainedClause(NamedTuple):
    """One comparison of a filter, for one search handle.

    Args:
        text: as the filter has it.
        value: the one that it compares, as JSON would show it; None where there is none.
        holds: whether it is true.
    """

    text: str
    value: Any
    holds: bool

    def __str__(self) -> str:
        """The clause in one line."""
        return f"{self.text}: {json.dumps(self.value, ensure_ascii=False)}, so {str(self.holds).lower()}"


class Explanation(list[ExplainedClause]):
    """All clauses of a filter, in its order; true if a query with this filter finds the handle.

    Args:
        alternatives: the clauses of each side of an `or`; the whole filter without one.
        found: whether one of these is true as a whole.
    """

    def __init__(self, alternatives: list[list[ExplainedClause]], *, found: bool) -> None:
        super().__init__(clause for alternative in alternatives for clause in alternative)
        self._alternatives = alternatives
        self.found = found

    def __bool__(self) -> bool:
        return self.found

    def __str__(self) -> str:
        """A line for each clause, with "or" between the alternatives."""
        return "\nor\n".join("\n".join(map(str, alternative)) for alternative in self._alternatives)

    __repr__ = __str__


def explanation(asked: Filter, subject: Subject) -> Explanation:
    """The explanation of a filter for a search handle."""
    alternatives = [[_explained(clause, subject) for clause in branch.clauses] for branch in asked.branches]
    return Explanation(alternatives, found=asked.finds(subject))


def _explained(clause: Clause, subject: Subject) -> ExplainedClause:
    value = clause.value(subject if clause.about_session else subject.handle.searched)
    return ExplainedClause(clause.text, shown_value(value), clause.holds(value))
