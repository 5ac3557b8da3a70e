"""Every rule id that anybody names is a rule, and every rule that is built is tested."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages import rules
from pytest_xbl.rulebook import RULES

ROOT = Path(__file__).parents[2]
NAMED = rules.tests_by_rule()

SOURCES = ("*.md", "pytest_xbl/**/*.py", "tests/**/*.py", "docs/**/*.md", "docs/**/*.py")
LOOKS_LIKE_A_RULE = re.compile(r"\b(?:[A-Z]{3,5}|S2S)-(?:[0-9]+|ALL)\b")
NO_RULES = {"UTF-8", "UTF-16"}


def unknown_rules() -> Iterator[str]:
    """Where something that looks like a rule id names no rule."""
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern) if "_build" not in path.parts):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for found in set(LOOKS_LIKE_A_RULE.findall(line)) - RULES.keys() - NO_RULES:
                yield f"{path.relative_to(ROOT)}:{number}: {found}"


def test_every_rule_that_is_named_exists() -> None:
    """Code, tests and docs name no rule that the rulebook does not hold."""
    unknown = list(unknown_rules())
    assert not unknown, "\n".join(unknown)


@pytest.mark.parametrize("rule", [rule.id for rule in RULES.values() if rule.built])
def test_every_built_rule_is_named_by_a_test(rule: str) -> None:
    """Whoever reads a rule finds a test that pins it: one whose docstring names it."""
    if rule not in NAMED:
        pytest.fail(f"No test names {rule} in its docstring: {RULES[rule].text}", pytrace=False)
