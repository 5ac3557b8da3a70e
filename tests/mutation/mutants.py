"""Mutants: modules with one change, and a sample of them that is the same each time."""

from __future__ import annotations

import ast
import hashlib
import warnings
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path
from typing import NamedTuple

from changes import KINDS, Change
from copied import CHECKOUT, PACKAGE
from places import Place, places


class Mutant(NamedTuple):
    """A module with one change.

    Args:
        path: of the module, below the package.
        line: the first line of the change.
        kind: of the change.
        before: the lines that change, in the checkout.
        after: the same lines in the mutant.
        occurrence: the number of equal changes above it in the module.
        lines: of the statement that holds the change.
        at_import: whether that runs when the module is imported.
        source: of the whole module.
    """

    path: str
    line: int
    kind: str
    before: str
    after: str
    occurrence: int
    lines: range
    at_import: bool
    source: bytes

    @property
    def name(self) -> str:
        """The same in each run, though lines are added above."""
        return "\n".join((self.path, self.kind, self.before, self.after, str(self.occurrence)))

    @property
    def file(self) -> Path:
        """The module in the checkout."""
        return CHECKOUT / PACKAGE / self.path

    def is_another_program(self) -> bool:
        """Whether it is Python, and not the same as before."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                compile(self.source, self.path, "exec")
            except SyntaxError:
                return False
        return self.before != self.after

    def __str__(self) -> str:
        """The place and the diff."""
        old = "\n".join(f"    - {line}" for line in self.before.splitlines())
        new = "\n".join(f"    + {line}" for line in self.after.splitlines())
        return f"{PACKAGE}/{self.path}:{self.line} ({self.kind})\n{old}\n{new}"


def mutants_of(package: str) -> list[Mutant]:
    """All mutants of a package; some are no Python."""
    modules = sorted((CHECKOUT / PACKAGE / package).rglob("*.py"))
    names = [path.relative_to(CHECKOUT / PACKAGE).as_posix() for path in modules]
    return [mutant for name, path in zip(names, modules, strict=True) for mutant in of_module(name, path.read_bytes())]


def sample(mutants: list[Mutant], number: int, seed: int) -> list[Mutant]:
    """So many of them, of each kind about as many, chosen by the seed and their own names alone."""
    seen: Counter[str] = Counter()
    ranked = []
    for mutant in sorted(mutants, key=lambda mutant: _digest(f"{seed}\n{mutant.name}")):
        ranked.append((seen[mutant.kind], mutant))
        seen[mutant.kind] += 1
    in_turn = (mutant for _, mutant in sorted(ranked, key=lambda entry: entry[0]))
    return list(islice(filter(Mutant.is_another_program, in_turn), number))


def of_module(path: str, source: bytes) -> Iterator[Mutant]:
    """All mutants of a module."""
    module = Module(path, source)
    seen: Counter[tuple[str, str, str]] = Counter()
    for place in places(ast.parse(source)):
        for kind in KINDS:
            for change in kind(place.node):
                mutant = module.with_(change, place, kind.__name__)
                same = (mutant.kind, mutant.before, mutant.after)
                yield mutant._replace(occurrence=seen[same])
                seen[same] += 1


class Module:
    """The source of a module, in which changes are made; Python counts columns in bytes."""

    def __init__(self, path: str, source: bytes) -> None:
        self._source = source
        self._path = path
        self._starts = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]

    def with_(self, change: Change, place: Place, kind: str) -> Mutant:
        """The mutant with this change."""
        start, end = self._span(change)
        line, last = bisect(self._starts, start), bisect(self._starts, max(start, end - 1))
        top, bottom = self._starts[line - 1], self._starts[last]
        source = self._source[:start] + change.text.encode() + self._source[end:]
        before = _text(self._source[top:bottom])
        after = _text(source[top : bottom + len(source) - len(self._source)])
        return Mutant(self._path, line, kind, before, after, 0, place.lines, place.at_import, source)

    def _span(self, change: Change) -> tuple[int, int]:
        first, last = (self._ends(node) for node in (change.first, change.last))
        return first[change.from_end], last[not change.up_to_start]

    def _ends(self, node: ast.AST) -> tuple[int, int]:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end_line, end_column = getattr(node, "end_lineno", 1), getattr(node, "end_col_offset", 0)
        return self._starts[line - 1] + column, self._starts[end_line - 1] + end_column


def _text(lines: bytes) -> str:
    return "\n".join(line.strip() for line in lines.decode().splitlines() if line.strip())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
