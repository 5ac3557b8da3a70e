"""Which tests run a line of the package, and how long they take: from one run under coverage, which is kept."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import coverage

from copied import CHECKOUT, HERE, Copy

TESTS = (
    "mpsd",
    "userstats",
    "world",
    "wire",
    "arrange",
    "compare",
    "xbl",
    "trouble",
    "replay",
    "sockets",
)
"""The directories of tests that may notice a change.

Those above them would take too long, and a truth that only they show is pinned too high.
"""

SETTINGS = """\
[run]
source_pkgs = pytest_xbl
parallel = true
concurrency = thread
patch = subprocess
data_file = {data}
"""


class CoverageMap:
    """The map, below a directory; what is missing of it is made at once.

    A file of tests that has changed since is measured anew; a change of the package makes the whole map anew.
    """

    def __init__(self, place: Path, copy: Copy) -> None:
        self._place = place
        self._copy = copy
        self._index: dict[str, dict[str, float]] = {}
        self._renew()

    def tests_at(self, path: Path, lines: Iterable[int]) -> set[str]:
        """The tests that run any of these lines."""
        known = self._lines(path)
        return {test for line in lines for test in known.get(line, ()) if test in self.seconds}

    def tests_of(self, path: Path) -> set[str]:
        """The tests that run any line of a module after its import."""
        return self.tests_at(path, self._lines(path))

    def tests_in(self, directory: str) -> set[str]:
        """All tests of a directory."""
        return {test for test in self.seconds if test.startswith(f"tests/{directory}/")}

    @cached_property
    def seconds(self) -> dict[str, float]:
        """The seconds that each test took."""
        return {test: seconds for tests in self._index.values() for test, seconds in tests.items()}

    def _lines(self, path: Path) -> dict[int, set[str]]:
        lines: dict[int, set[str]] = {}
        for data in self._data:
            for line, tests in data.contexts_by_lineno(str(self._copy.place_of(path))).items():
                lines.setdefault(line, set()).update(tests)
        return lines

    @cached_property
    def _data(self) -> list[coverage.CoverageData]:
        found = [coverage.CoverageData(str(path)) for path in sorted(self._place.glob("data.*"))]
        for data in found:
            data.read()
        return found

    def _renew(self) -> None:
        stamp, index = self._place / "package", self._place / "index.json"
        package = _digest(*self._copy.modules())
        if not stamp.exists() or stamp.read_text() != package:
            shutil.rmtree(self._place, ignore_errors=True)
            self._place.mkdir(parents=True)
            stamp.write_text(package)
        old = json.loads(index.read_text()) if index.exists() else {}
        files = {file: _digest(CHECKOUT / file) for file in _files_of_tests()}
        stale = [file for file, digest in files.items() if old.get(file, {}).get("digest") != digest]
        times = self._measure(stale) if stale else {}
        new = {file: {"digest": files[file], "times": times.get(file, {})} for file in stale}
        kept = {file: old[file] for file in files if file not in new} | new
        index.write_text(json.dumps(kept))
        self._index = {file: entry["times"] for file, entry in kept.items()}

    def _measure(self, files: list[str]) -> dict[str, dict[str, float]]:
        """Run these files of tests under coverage, in two processes."""
        run = self._place / "run"
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir()
        settings = run / "coveragerc"
        settings.write_text(SETTINGS.format(data=run / "coverage"))
        python = [sys.executable, "-m", "coverage"]
        pytest = ["-m", "pytest", "-q", "-n2", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "measuring"]
        environ = self._copy.environ({"XBL_MUTATION_TIMES": str(run), "PYTHONPATH": HERE})
        subprocess.run(
            [*python, "run", f"--rcfile={settings}", *pytest, *files], cwd=CHECKOUT, env=environ, check=False
        )
        subprocess.run([*python, "combine", "-q", f"--rcfile={settings}"], cwd=CHECKOUT, check=True)
        (run / "coverage").rename(self._place / f"data.{len(list(self._place.glob('data.*')))}")
        return _by_file(run)


def _by_file(run: Path) -> dict[str, dict[str, float]]:
    times: dict[str, dict[str, float]] = {}
    for path in run.glob("*.json"):
        for test, seconds in json.loads(path.read_text()).items():
            times.setdefault(test.split("::")[0], {})[test] = seconds
    return times


def _files_of_tests() -> list[str]:
    places = [CHECKOUT / "tests" / name for name in TESTS]
    return [path.relative_to(CHECKOUT).as_posix() for place in places for path in sorted(place.rglob("test_*.py"))]


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
