"""A copy of the package, in which one file at a time is changed, so that the checkout never is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HERE = str(Path(__file__).parent)
CHECKOUT = Path(__file__).parents[2]
PACKAGE = "pytest_xbl"


class Copy:
    """The copy below a directory, made anew from the checkout."""

    def __init__(self, place: Path) -> None:
        self._place = place
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(CHECKOUT / PACKAGE, place / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))

    def place_of(self, path: Path) -> Path:
        """The place of a module of the checkout."""
        return self._place / path.relative_to(CHECKOUT)

    def modules(self) -> list[Path]:
        """All modules, sorted."""
        return sorted((self._place / PACKAGE).rglob("*.py"))

    def environ(self, more: Mapping[str, str]) -> dict[str, str]:
        """The environment of a program that imports the copy before what is installed."""
        path = os.pathsep.join(filter(None, (str(self._place), more.get("PYTHONPATH", ""))))
        return {**os.environ, **more, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}

    @contextmanager
    def changed(self, path: Path, source: bytes) -> Iterator[None]:
        """Have another source in the place of a module, while this lasts."""
        place = self.place_of(path)
        before = place.read_bytes()
        self._write(place, source)
        try:
            yield
        finally:
            self._write(place, before)

    @staticmethod
    def _write(place: Path, source: bytes) -> None:
        """Write it, and remove what Python and pytest have compiled: two sources can have one size and one time."""
        place.write_bytes(source)
        for compiled in place.parent.glob(f"__pycache__/{place.stem}.*.pyc"):
            compiled.unlink()
