"""A world has a door: what it remembers is touched in its own rooms only, and these speak in refusals."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest_xbl

PACKAGE = Path(pytest_xbl.__file__).parent
PRIVATE = {"_state", "_lock"}


def nodes(path: Path) -> Iterator[ast.AST]:
    """Everything that a module says."""
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def touched(path: Path) -> set[str]:
    """The private parts of a world that a module names, but for those of its own objects."""
    found: set[str] = set()
    for node in nodes(path):
        match node:
            case ast.Attribute(value=ast.Name(id="self")):
                continue
            case ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                found.add(name)
    return found & PRIVATE


def test_nobody_outside_touches_what_a_world_remembers() -> None:
    """Not even by a name in a string; what reads or changes it has a name in `pytest_xbl.world`."""
    inside = set((PACKAGE / "world").glob("*.py"))
    outside = set(PACKAGE.rglob("*.py")) - inside
    assert len(outside) > 50
    assert [str(path) for path in sorted(outside) if touched(path)] == []
    assert {path.name for path in inside if touched(path)} >= {"people.py", "handles.py", "queries.py", "statistics.py"}


def test_a_world_raises_refusals_only() -> None:
    """Whoever asks it turns them into what their own caller understands."""
    inside = list((PACKAGE / "world").glob("*.py"))
    assert [path.name for path in inside if "XblError" in path.read_text(encoding="utf-8")] == []
    raised = {
        ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
        for path in inside
        for node in nodes(path)
        if isinstance(node, ast.Raise) and node.exc
    }
    make_refusals = {"id_is_taken", "unknown", "stale", "explained", "refusal.inside"}
    assert raised - make_refusals == {"Refusal", "AssertionError", "AttributeError"}  # the last two answer nobody
