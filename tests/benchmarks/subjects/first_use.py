"""A run of pytest with one test that takes the `xbl` fixture, beside one with `httpserver`."""

from __future__ import annotations

from collections.abc import Iterator

from .side_by_side import Result, ratio
from .subprocesses import folder, pytest

OURS = "def test_it(xbl):\n    assert xbl.url\n"
THEIRS = "def test_it(httpserver):\n    assert httpserver.url_for('/')\n"


def measure() -> Iterator[Result]:
    """Compare the processor time of whole runs, imports and the start of the server included."""
    with folder(test_it=OURS) as ours, folder(test_it=THEIRS) as theirs:
        yield ratio(
            "a run whose one test uses xbl / httpserver",
            lambda: pytest(cwd=ours)[0],
            lambda: pytest(cwd=theirs)[0],
            limit=1.2,
            rounds=20,
        )
