"""The failure of a test as its page shows it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_xbl.pages.failure import Failure
from pytest_xbl.reporting.leaving import failure_of


class Shown:
    """A failure as pytest represents it.

    Args:
        entries: the places of the entries of its traceback.
    """

    def __init__(self, place: tuple[str, int], *entries: tuple[str, int] | None) -> None:
        path, lineno = place
        self.reprcrash = SimpleNamespace(path=path, lineno=lineno, message="no")
        files = [entry and SimpleNamespace(path=entry[0], lineno=entry[1]) for entry in entries]
        self.reprtraceback = SimpleNamespace(reprentries=[SimpleNamespace(reprfileloc=file) for file in files])

    def __str__(self) -> str:
        return "whole"


def found(longrepr: Any, here: Path) -> Failure:
    """The failure of a run that was started here."""
    report = pytest.TestReport("test_x.py::test_it", ("test_x.py", 1, "test_it"), {}, "failed", longrepr, "call")
    item: Any = SimpleNamespace(config=SimpleNamespace(invocation_params=SimpleNamespace(dir=here)))
    return failure_of(report, item)


def test_a_failure_has_message_place_and_traceback(tmp_path: Path) -> None:
    """The place is that of the last entry which pytest prints (SEEN-8)."""
    shown = Shown(("/lib/unittest/case.py", 1), ("conftest.py", 2), ("test_x.py", 3))
    assert found(shown, tmp_path) == Failure("call", "no", "test_x.py:3", "whole")


@pytest.mark.parametrize("entries", [(), (None,)])
def test_without_such_an_entry_the_place_is_where_it_crashed(tmp_path: Path, entries: tuple[None, ...]) -> None:
    """From where the run was started, if it is below (SEEN-8)."""
    shown = Shown((str(tmp_path / "below" / "test_x.py"), 7), *entries)
    assert found(shown, tmp_path).place == str(Path("below") / "test_x.py:7")
    assert found(shown, tmp_path / "elsewhere").place == f"{tmp_path / 'below' / 'test_x.py'}:7"


def test_a_failure_may_be_a_text_only(tmp_path: Path) -> None:
    """As whatever else than Python code can fail (SEEN-8)."""
    assert found("just text", tmp_path) == Failure("call", "just text", "", "just text")
