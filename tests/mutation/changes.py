"""The table of changes: each kind takes a node of the syntax tree and says what else could be in its place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias


class Change(NamedTuple):
    """Another text from the start of one node to the end of another, or to its start."""

    first: ast.AST
    last: ast.AST
    text: str
    up_to_start: bool = False
    from_end: bool = False


Changes: TypeAlias = Iterator[Change]

OTHER_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OTHER_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OTHER_FUNCTIONS = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}

ATOMS = (
    ast.Constant,
    ast.JoinedStr,
    ast.Name,
    ast.Attribute,
    ast.Call,
    ast.Subscript,
    ast.Tuple,
    ast.List,
    ast.Dict,
    ast.Set,
)


def comparison(node: ast.AST) -> Changes:
    """`<` becomes `<=`, `==` becomes `!=`, `in` becomes `not in`."""
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            others = [*node.ops]
            others[number] = OTHER_COMPARISONS[type(operator)]()
            yield instead(node, ast.Compare(node.left, others, node.comparators))


def connective(node: ast.AST) -> Changes:
    """`and` becomes `or`, and one part of it is missing."""
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield instead(node, ast.BoolOp(other, node.values))
        for number in range(len(node.values)):
            rest = node.values[:number] + node.values[number + 1 :]
            yield instead(node, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest))


def negation(node: ast.AST) -> Changes:
    """`not` and a minus are missing."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield instead(node, node.operand)


def condition(node: ast.AST) -> Changes:
    """A condition always holds, or never does."""
    tests = [node.test] if isinstance(node, (ast.If, ast.IfExp)) else []
    for test in tests:
        yield instead(test, ast.Constant(value=True))
        yield instead(test, ast.Constant(value=False))
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield instead(test, ast.Constant(value=True))


def arithmetic(node: ast.AST) -> Changes:
    """`+` becomes `-`; of a union only one side is there."""
    if isinstance(node, ast.BinOp):
        other = OTHER_OPERATORS.get(type(node.op))
        if other is not None:
            yield instead(node, ast.BinOp(node.left, other(), node.right))
        if isinstance(node.op, (ast.BitOr, ast.BitAnd)):
            yield instead(node, node.left)
            yield instead(node, node.right)


def number(node: ast.AST) -> Changes:
    """A number is one more, or one less."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        for step in (1, -1):
            yield instead(node, ast.Constant(node.value + step))


def truth(node: ast.AST) -> Changes:
    """True becomes False, and False True."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield instead(node, ast.Constant(not node.value))


def text(node: ast.AST) -> Changes:
    """A text has one letter more."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield instead(node, ast.Constant(node.value + "x"))
    if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        yield instead(node, ast.Constant(node.value + b"x"))
    if isinstance(node, ast.JoinedStr):
        yield instead(node, ast.JoinedStr([*node.values, ast.Constant("x")]))


def result(node: ast.AST) -> Changes:
    """A function returns None."""
    if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        yield instead(node.value, ast.Constant(None))


def argument(node: ast.AST) -> Changes:
    """A call names one argument less."""
    if isinstance(node, ast.Call):
        given = [*node.args, *node.keywords]
        for dropped, change in zip(given, without_one(given), strict=len(given) > 1):
            if isinstance(dropped, ast.keyword) or dropped is node.args[-1]:
                yield change


def entry(node: ast.AST) -> Changes:
    """A table has one entry less."""
    if isinstance(node, ast.Dict) and all(node.keys):
        yield from without_one([*zip(filter(None, node.keys), node.values, strict=True)])
    if isinstance(node, (ast.List, ast.Set)):
        yield from without_one(node.elts)
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield from without_one(node.elts, alone=",")


def statement(node: ast.AST) -> Changes:
    """A statement is missing."""
    match node:
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield instead(node, ast.Pass())
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield instead(node, ast.Pass())


def loop(node: ast.AST) -> Changes:
    """A loop goes on where it ended, or ends where it went on."""
    if isinstance(node, (ast.Break, ast.Continue)):
        yield instead(node, ast.Continue() if isinstance(node, ast.Break) else ast.Break())


def function(node: ast.AST) -> Changes:
    """`any` becomes `all`, `min` becomes `max`, and nothing is sorted."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OTHER_FUNCTIONS:
        other = ast.Name(OTHER_FUNCTIONS[node.func.id])
        by_key = other.id == "list" and node.keywords
        yield instead(node, ast.Call(other, node.args, [])) if by_key else instead(node.func, other)


KINDS: tuple[Callable[[ast.AST], Changes], ...] = (
    comparison,
    connective,
    negation,
    condition,
    arithmetic,
    number,
    truth,
    text,
    result,
    argument,
    entry,
    statement,
    loop,
    function,
)


def instead(node: ast.AST, other: ast.AST) -> Change:
    """One node in the place of another, in brackets unless it holds together without."""
    written = ast.unparse(ast.fix_missing_locations(other))
    return Change(node, node, written if isinstance(other, (*ATOMS, ast.stmt)) else f"({written})")


Part: TypeAlias = "ast.AST | tuple[ast.expr, ast.expr]"


def without_one(parts: Sequence[Part], alone: str = "") -> Changes:
    """The list without each of its parts in turn; two parts become one, which `alone` may follow."""
    ends = [part if isinstance(part, tuple) else (part, part) for part in parts]
    if len(ends) == 1:
        yield Change(*ends[0], "")
        return
    mark = alone if len(ends) == 2 else ""
    for (first, _), (following, last) in pairwise(ends):
        kept = f"{ast.unparse(following)}{mark}" if mark else ""
        yield Change(first, last, kept) if mark else Change(first, following, "", up_to_start=True)
    if ends:
        yield Change(ends[-2][1], ends[-1][1], mark, from_end=True)
