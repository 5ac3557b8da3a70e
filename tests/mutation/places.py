"""The places of a module at which a change can mean something, each with the lines that run it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

HEADERS = {
    ast.If: ("test",),
    ast.While: ("test",),
    ast.For: ("iter",),
    ast.With: ("items",),
    ast.Try: (),
    ast.Match: ("subject",),
}
"""The parts of a compound statement that run before its body."""

TYPES = {"TypeVar", "NewType", "cast", "overload"}
"""Calls that only a type checker reads."""


class Place(NamedTuple):
    """A node of the syntax tree.

    Args:
        node: what can be changed.
        lines: of the statement that holds it, which a test has to run to notice.
        at_import: whether it runs when the module is imported, and so in no test of its own.
    """

    node: ast.AST
    lines: range
    at_import: bool


def places(tree: ast.Module) -> Iterator[Place]:
    """All places of a module; not docstrings, annotations and decorators, whose changes no test can notice."""
    for statement in tree.body:
        yield from _of_statement(statement, at_import=True)


def _of_statement(statement: ast.stmt, *, at_import: bool) -> Iterator[Place]:
    if _is_for_readers(statement):
        return
    if isinstance(statement, ast.FunctionDef):
        yield from _of_function(statement)
    elif isinstance(statement, ast.ClassDef):
        yield from _of_body(statement.body, at_import=True)
    else:
        yield from _of_other(statement, at_import=at_import)


def _of_function(function: ast.FunctionDef) -> Iterator[Place]:
    """The defaults run at import; the body runs in tests, in a function inside another one too."""
    lines = range(function.lineno, function.body[0].lineno)
    for default in (*function.args.defaults, *filter(None, function.args.kw_defaults)):
        yield from _inside(default, lines, at_import=True)
    yield from _of_body(function.body, at_import=False)


def _of_body(body: list[ast.stmt], *, at_import: bool) -> Iterator[Place]:
    for statement in body:
        yield from _of_statement(statement, at_import=at_import)


def _of_other(statement: ast.stmt, *, at_import: bool) -> Iterator[Place]:
    header = HEADERS.get(type(statement))
    end = statement.end_lineno or statement.lineno
    if header is None:
        yield from _inside(statement, range(statement.lineno, end + 1), at_import=at_import)
        return
    lines = range(statement.lineno, _first_line_of_body(statement, end))
    yield Place(statement, lines, at_import)
    for name, value in ast.iter_fields(statement):
        for part in value if isinstance(value, list) else [value]:
            if name in header:
                yield from _inside(part, lines, at_import=at_import)
            elif isinstance(part, ast.stmt):
                yield from _of_statement(part, at_import=at_import)
            elif isinstance(part, (ast.ExceptHandler, ast.match_case)):
                yield from _of_body(part.body, at_import=at_import)


def _first_line_of_body(statement: ast.stmt, end: int) -> int:
    body: list[ast.stmt] = getattr(statement, "body", [])
    return max(statement.lineno + 1, body[0].lineno) if body else end + 1


def _inside(node: ast.AST, lines: range, *, at_import: bool) -> Iterator[Place]:
    """A node and what it holds; an f-string as a whole, because Python 3.11 does not know the places inside."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TYPES:
        return
    yield Place(node, lines, at_import)
    if isinstance(node, ast.JoinedStr):
        return
    for name, value in ast.iter_fields(node):
        if name != "annotation":
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    yield from _inside(part, lines, at_import=at_import)


def _is_for_readers(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__")]):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.UnaryOp(operand=ast.Name(id="TYPE_CHECKING"))):
            return True
        case _:
            return False
