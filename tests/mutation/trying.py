"""Run the tests that could notice a mutant, those that are near and fast first, until one does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import pytest

from copied import CHECKOUT, Copy
from coverage_map import CoverageMap
from forking import in_fork
from mutants import Mutant
from selecting import Selecting

Verdict: TypeAlias = Literal["killed", "survived", "timeout"]

PATIENCE = 30.0
"""The seconds that tests of other directories may take, as measured; the slowest are left out."""

OPTIONS = (
    "-q",
    "-x",
    "--tb=no",
    "--disable-plugin-autoload",
    "-p",
    "xbl",
    "-p",
    "pytest_httpserver",
    "-p",
    "no:cacheprovider",
)

VERDICTS: dict[int, Verdict] = {pytest.ExitCode.OK: "survived"}
"""Any other exit code of pytest means that a test has noticed, or that not even the import works."""


class Trial(NamedTuple):
    """The outcome of a mutant.

    Args:
        verdict: of the tests.
        tests: the number of those that were to run.
        possible: the number of those that could have noticed.
        noticed_by: the test that failed; nothing if not even the tests could be collected.
    """

    verdict: Verdict
    tests: int
    possible: int
    noticed_by: str = ""


class Trials:
    """Mutants in a copy of the package, and the map of the tests."""

    def __init__(self, place: Path) -> None:
        self._copy = Copy(place / "copy")
        self._map = CoverageMap(place / "map", self._copy)
        self._notice = place / "noticed"

    def of(self, mutant: Mutant) -> Trial:
        """Try one mutant."""
        stages = self._stages(mutant)
        tests = 0
        with self._copy.changed(mutant.file, mutant.source):
            for stage in self._within_patience(stages):
                tests += len(stage)
                verdict, noticed_by = self._run(stage)
                if verdict != "survived":
                    return Trial(verdict, tests, sum(map(len, stages)), noticed_by)
        return Trial("survived", tests, sum(map(len, stages)))

    def false_alarm(self, tests: Iterable[str]) -> str:
        """The first of these tests that fails without any change; nothing if all pass, as they should."""
        return self._run(sorted(self._map.seconds.keys() & set(tests)))[1]

    def _stages(self, mutant: Mutant) -> list[list[str]]:
        """The tests in the order of their nearness: the module's own file, its directory, all others."""
        package, *_, module = mutant.path.removesuffix(".py").split("/")
        own = f"tests/{package}/test_{module}.py::"
        far = self._possible(mutant)
        stages = []
        for start in (own, f"tests/{package}/", ""):
            near = {test for test in far if test.startswith(start)}
            far -= near
            stages.append(sorted(near, key=self._map.seconds.__getitem__))
        return stages

    def _possible(self, mutant: Mutant) -> set[str]:
        """The tests that run the statement; for one that runs at import, whoever may read its result."""
        found = self._map.tests_at(mutant.file, mutant.lines)
        if found and not mutant.at_import:
            return found
        return self._map.tests_of(mutant.file) | self._map.tests_in(mutant.path.split("/")[0])

    def _within_patience(self, stages: list[list[str]]) -> Iterator[list[str]]:
        """All tests of the own directory, and of the others as many as the patience allows."""
        *near, far = stages
        ends = accumulate(self._map.seconds[test] for test in far)
        yield from filter(None, (*near, [test for test, end in zip(far, ends, strict=True) if end <= PATIENCE]))

    def _run(self, tests: list[str]) -> tuple[Verdict, str]:
        self._notice.write_text("")
        limit = 20 + 2 * sum(self._map.seconds[test] for test in tests)
        code = in_fork(partial(_pytest, tests, self._notice, self._copy), limit)
        return "timeout" if code is None else VERDICTS.get(code, "killed"), self._notice.read_text()


def _pytest(tests: list[str], notice: Path, copy: Copy) -> int:
    """Run these tests on the copy, in this process, until one fails."""
    os.environ.update(copy.environ({}))
    sys.path.insert(0, copy.environ({})["PYTHONPATH"])
    os.chdir(CHECKOUT)
    files = sorted({test.split("::")[0] for test in tests})
    return int(pytest.main([*OPTIONS, *files], plugins=[Selecting(tests, notice)]))
