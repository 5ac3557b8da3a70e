"""From the results of tests to a verdict on each rule."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from pytest_xbl.conformance.unseen import UNSEEN_FAMILIES, UNSEEN_RULES
from pytest_xbl.rulebook import RULES, Rule

Outcome: TypeAlias = Literal["same", "different", "not testable"]
OUTCOMES: tuple[Outcome, ...] = ("different", "same", "not testable")
RULE_ID = re.compile(r"\b[A-Z][A-Z0-9]+-(?:[0-9]+|ALL)\b")


class Result(NamedTuple):
    """The outcome of one test.

    Args:
        test: its name.
        rules: the ids in its docstring.
        text: the difference, or the reason why it could not be tested; "" for a test that passed.
        exchanges: its requests and their statuses, as lines.
    """

    test: str
    rules: Sequence[str]
    outcome: Outcome
    text: str
    exchanges: Sequence[str]


class Verdict(NamedTuple):
    """The outcome of a run for one rule.

    Args:
        text: the evidence in one line.
        results: of its tests.
    """

    rule: str
    outcome: Outcome
    text: str
    results: Sequence[Result] = ()


def rules_in(docstring: str | None) -> list[str]:
    """The rules that a docstring names, each once."""
    return [name for name in dict.fromkeys(RULE_ID.findall(docstring or "")) if name in RULES]


def is_assumed(rule: Rule) -> bool:
    """Whether a rule, or a part of it, is assumed."""
    return any(source.kind == "assumed" for source in rule.sources)


def verdicts(results: Iterable[Result]) -> list[Verdict]:
    """The verdicts on all rules that were asked, in the order of the rulebook.

    If these are all that a client can see, those that no client can see are listed with the reason.
    A run of selected tests is about others.
    """
    by_rule: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        for rule in result.rules:
            by_rule[rule].append(result)
    is_whole = all(rule.id in by_rule or reason_of(rule) for rule in RULES.values())
    asked = (rule for rule in RULES.values() if is_whole or rule.id in by_rule)
    return [_verdict(rule, by_rule.get(rule.id, [])) for rule in asked]


def reason_of(rule: Rule) -> str | None:
    """The reason why no client can see a rule; None for one that clients can see."""
    return UNSEEN_RULES.get(rule.id) or UNSEEN_FAMILIES.get(rule.family)


def _verdict(rule: Rule, results: Sequence[Result]) -> Verdict:
    if not results:
        return Verdict(rule.id, "not testable", reason_of(rule) or "")
    outcomes: Mapping[Outcome, list[Result]] = {
        outcome: [result for result in results if result.outcome == outcome] for outcome in OUTCOMES
    }
    outcome = next(outcome for outcome in OUTCOMES if outcomes[outcome])
    left = len(outcomes["not testable"])
    text = _evidence(outcomes[outcome][0])
    if outcome == "same" and left:
        reasons = "; ".join(dict.fromkeys(result.text for result in outcomes["not testable"]))
        text += f"; {left} of {len(results)} tests not testable: {reasons}"
    return Verdict(rule.id, outcome, text, results)


def _evidence(result: Result) -> str:
    return result.text or (result.exchanges[-1] if result.exchanges else "")


def as_property(result: Result) -> str:
    """A result as a text, which a worker of pytest-xdist can send."""
    return json.dumps(result)


def of_property(text: str) -> Result:
    """The result that `as_property` wrote."""
    return Result(*json.loads(text))
