"""The page of rules: every rule, how we know it, and where it is tested."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from pages.markdown import page, table
from pytest_xbl.rulebook import FAMILIES, RULES, Rule

TESTS = Path(__file__).parents[2] / "tests"
RULE_ID = re.compile(rf"\b(?:{'|'.join(FAMILIES)})-(?:[0-9]+|ALL)\b")
MOST_TESTS = 3
"""The number of tests of a rule that the page names."""

RULEBOOK = """\
# Rules

Every rule of the service that the fake obeys, or will obey, and at the end those of the fake itself.
This page is written by `python docs/generate.py` from `pytest_xbl.rulebook`.

How we know a rule of the service is one of four:

- **documented**: a public page says so, and its short name may follow.
- **recording**: a recording of the real service's traffic shows it.
- **client**: a client that people use relies on it.
- **assumed**: the pages are silent, or contradict each other, and somebody had to decide.

A fifth kind, **the fake's own**, is about what tests do with the fake, such as [seeds](seeds.md).
The service knows nothing of it, and no client will ever meet it.

[What is assumed](../explanation/assumptions.md) says what that means for your tests.
A rule that is *not yet* built is refused with 501 where a request needs it ({CODE-501}), or has no operation at all.
Of a rule that is built *but not* wholly, the page names the part that is missing.
"""


def rules_page() -> str:
    """The text of reference/rules.md."""
    tested = tests_by_rule()
    return page(RULEBOOK, *(_family(family, title, tested) for family, title in FAMILIES.items()))


def tests_by_rule() -> Mapping[str, list[str]]:
    """The tests whose docstring names a rule, by the rule's id."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        name = path.relative_to(TESTS.parent).as_posix()
        for test, docstring in _tests(ast.parse(path.read_text(encoding="utf-8"))):
            for rule in sorted(set(RULE_ID.findall(docstring))):
                found[rule].append(f"{name}::{test}")
    return found


def _tests(node: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, str]]:
    for child in node.body:
        match child:
            case ast.ClassDef():
                yield from _tests(child, f"{prefix}{child.name}::")
            case ast.FunctionDef() if child.name.startswith("test_"):
                yield f"{prefix}{child.name}", ast.get_docstring(child) or ""


def _family(family: str, title: str, tested: Mapping[str, list[str]]) -> str:
    rows = (_rule(rule, tested.get(rule.id, [])) for rule in RULES.values() if rule.family == family)
    return f"## {family}: {title}\n\n{table(('id', 'rule, and its tests', 'how we know', 'built'), rows)}"


def _rule(rule: Rule, tests: list[str]) -> Iterator[str]:
    yield f"[{rule.id}]{{#{rule.id.lower()}}}"
    yield rule.text + _folded(tests)
    yield "; ".join(map(str, rule.sources))
    yield rule.status if rule.built else "not&nbsp;yet"


def _folded(tests: list[str]) -> str:
    """The tests of a rule, behind their number until a reader asks for them; "" for none."""
    if not tests:
        return ""
    more = len(tests) - MOST_TESTS
    named = [f"`{test}`" for test in tests[:MOST_TESTS]] + [f"and {more} more"] * (more > 0)
    number = f"{len(tests)} tests" if len(tests) > 1 else "1 test"
    return f" <details><summary>{number}</summary>{'<br>'.join(named)}</details>"
