"""A plugin of pytest: certain tests alone, in their order, and which of them fails."""

from __future__ import annotations

from pathlib import Path

import pytest


class Selecting:
    """Keeps the tests of a list, and leaves the name of one that fails in a file."""

    def __init__(self, tests: list[str], notice: Path) -> None:
        self._order = {test: number for number, test in enumerate(tests)}
        self._notice = notice

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests of the list."""
        chosen = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Leave its name."""
        if report.failed:
            self._notice.write_text(report.nodeid)
