"""Every rule is tested by the suite, or listed with the reason why no client can see it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pytest_xbl.conformance
from pytest_xbl.conformance.settling import SETTLED_BY
from pytest_xbl.conformance.templates import CAPABLE, key_of
from pytest_xbl.conformance.unseen import UNSEEN_FAMILIES, UNSEEN_RULES
from pytest_xbl.conformance.verdicts import is_assumed, reason_of, rules_in
from pytest_xbl.rulebook import FAMILIES, RULES

ROOM = Path(pytest_xbl.conformance.__file__).parent


def functions_of_the_suite() -> Iterator[tuple[str, list[str]]]:
    """The name of each test, and the rules in its docstring."""
    for path in sorted(ROOM.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{path.name}::{node.name}", rules_in(ast.get_docstring(node))


TESTS = dict(functions_of_the_suite())
TESTED = {rule for rules in TESTS.values() for rule in rules}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_tested_or_listed(rule: str) -> None:
    """One of the two; a rule that is not built is never tested."""
    listed = reason_of(RULES[rule]) is not None
    assert (rule in TESTED) is not listed
    assert RULES[rule].built or listed


def test_the_lists_name_rules_and_families() -> None:
    """No rule is listed by itself and with its family."""
    assert UNSEEN_FAMILIES.keys() <= FAMILIES.keys()
    assert UNSEEN_RULES.keys() <= RULES.keys()
    assert not [rule for rule in UNSEEN_RULES if RULES[rule].family in UNSEEN_FAMILIES]


def test_every_test_is_of_a_rule() -> None:
    """Its docstring names one."""
    assert [name for name, rules in TESTS.items() if not rules] == []


def test_every_assumed_rule_says_what_would_settle_it() -> None:
    """Those that clients can see, and no others."""
    assert {rule for rule in TESTED if is_assumed(RULES[rule])} == SETTLED_BY.keys()


def test_capabilities_have_a_key() -> None:
    """In the order of the alphabet; other combinations have no key."""
    assert key_of(("large", "gameplay")) == "gameplay+large"
    assert key_of(()) == ""
    assert [key for key in CAPABLE if key_of(key.split("+")) != key] == []
    with pytest.raises(KeyError, match="team"):
        key_of(("team",))
