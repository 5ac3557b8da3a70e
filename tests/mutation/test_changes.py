"""The changes that make mutants of a module."""

from __future__ import annotations

import pytest

from mutants import of_module, sample

CASES = [
    ("comparison", "a < b <= c", ["(a <= b <= c)", "(a < b < c)"]),
    ("comparison", "a in b", ["(a not in b)"]),
    ("connective", "a and b", ["(a or b)", "b", "a"]),
    ("negation", "not (a or b)", ["(a or b)"]),
    ("condition", "b if a else c", ["b if True else c", "b if False else c"]),
    ("condition", "[a for a in b if c]", ["[a for a in b if True]"]),
    ("arithmetic", "a - b", ["(a + b)"]),
    ("arithmetic", "a | b", ["(a & b)", "a", "b"]),
    ("number", "9", ["10", "8"]),
    ("truth", "True", ["False"]),
    ("text", "'a'", ["'ax'"]),
    ("text", "f'{a}'", ["f'{a}x'"]),
    ("argument", "a(1, 2, b=3)", ["a(1, b=3)", "a(1, 2)"]),
    ("argument", "a(1)", ["a()"]),
    ("entry", "{1: 2, 3: 4, 5: 6}", ["{3: 4, 5: 6}", "{1: 2, 5: 6}", "{1: 2, 3: 4}"]),
    ("entry", "(a, b)", ["(b,)", "(a,)"]),
    ("entry", "[a]", ["[]"]),
    ("function", "any(a)", ["all(a)"]),
    ("function", "sorted(a, key=b)", ["list(a)"]),
]


@pytest.mark.parametrize(("kind", "before", "expected"), CASES)
def test_an_expression_is_changed(kind: str, before: str, expected: list[str]) -> None:
    """Each kind of change takes the expression in its turn."""
    mutants = of_module("m.py", f"x = {before}".encode())
    assert [mutant.after for mutant in mutants if mutant.kind == kind] == [f"x = {after}" for after in expected]


def test_a_statement_is_missing() -> None:
    """A raise, a call and an assignment to an attribute: what a name needs stays."""
    source = b"def f(a):\n    b = 1\n    a.b = 2\n    f(a)\n    raise a\n"
    missing = [mutant.before for mutant in of_module("m.py", source) if mutant.kind == "statement"]
    assert missing == ["a.b = 2", "f(a)", "raise a"]


def test_what_nobody_runs_is_not_changed() -> None:
    """Docstrings, annotations, types and decorators."""
    source = b'"""A."""\nA: TypeAlias = "b"\n@cache("b")\ndef f(a: "b") -> "b":\n    """A."""\n    return a\n'
    assert [mutant.kind for mutant in of_module("m.py", source)] == ["result"]


def test_a_sample_does_not_follow_from_the_numbers_of_lines() -> None:
    """Each kind has its share, and a line more above changes nothing."""
    source = b"a = 1\nb = 2\nc = 3\nd = 'e'\n"
    first, second = (sample([*of_module("m.py", start + source)], 2, 0) for start in (b"", b"\n"))
    assert [mutant.name for mutant in first] == [mutant.name for mutant in second]
    assert {mutant.kind for mutant in first} == {"number", "text"}
