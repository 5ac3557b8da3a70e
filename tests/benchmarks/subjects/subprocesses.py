"""Runs of pytest in a process and a folder of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def folder(**modules: str) -> Iterator[Path]:
    """A folder that holds these modules, and nothing that would tell pytest how to run."""
    with TemporaryDirectory() as name:
        path = Path(name)
        (path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        for module, text in modules.items():
            (path / f"{module}.py").write_text(text, encoding="utf-8")
        yield path


def python(*arguments: str, cwd: Path) -> str:
    """What a run of Python prints, be it as output or as errors.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        check=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return run.stdout
