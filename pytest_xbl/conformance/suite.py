"""The suite as a plugin of pytest: its results, its report."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from pytest_xbl.conformance.report import as_lines, as_markdown
from pytest_xbl.conformance.service import Service
from pytest_xbl.conformance.target import Target
from pytest_xbl.conformance.verdicts import Outcome, Result, as_property, of_property, rules_in, verdicts
from pytest_xbl.conformance.ways import UnavailableError
from pytest_xbl.errors import XblError

ROOM = Path(__file__).parent
PROPERTY = "xbl_conformance"
"""The name of the property in which the report of a test holds its result."""


class Suite:
    """The suite in one run.

    Args:
        report: the file to write; None to write nothing.
        whole: whether the terminal shows all rules, or only those that are different.
    """

    def __init__(self, target: Target, *, report: Path | None, whole: bool) -> None:
        self.target = target
        self._report = report
        self._whole = whole
        self._results: list[Result] = []
        self._is_gone = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Compare a sandbox with its settings before its tests begin.

        Raises:
            pytest.UsageError: if it is not there, or the settings are wrong.
        """
        if not (session.config.option.collectonly or _is_worker(session)):
            try:
                self.target.require_there()
            except XblError as error:
                raise pytest.UsageError(self.target.masked(str(error))) from None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the result of a test, and no token in its report."""
        report = yield
        service = getattr(item, "funcargs", {}).get("service")
        error = call.excinfo.value if call.excinfo else None
        if result := _result(item, report, error, service):
            result = result._replace(text=self.target.masked(result.text))
            report.user_properties.append((PROPERTY, as_property(result)))
        self._mask(report)
        if isinstance(error, UnavailableError) and error.is_gone:
            self._is_gone = True
            item.session.shouldfail = self.target.masked(str(error))
        return report

    def _mask(self, report: pytest.TestReport) -> None:
        if report.failed and self.target.masked(report.longreprtext) != report.longreprtext:
            report.longrepr = self.target.masked(report.longreprtext)
        report.sections = [(title, self.target.masked(text)) for title, text in report.sections]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the results, those of the workers of pytest-xdist too."""
        self._results += [of_property(str(value)) for name, value in report.user_properties if name == PROPERTY]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the report, unless the service was gone before the end."""
        self.target.close()
        if self._report and self._results and not (_is_worker(session) or self._is_gone):
            self._report.write_text(as_markdown(verdicts(self._results), self.target.name), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the report."""
        if self._results and not self._is_gone:
            terminalreporter.section(f"conformance of {self.target.name}")
            for line in as_lines(verdicts(self._results), whole=self._whole):
                terminalreporter.write_line(line)
            if self._report:
                terminalreporter.write_line(f"report: {self._report}")


def _is_worker(session: pytest.Session) -> bool:
    return hasattr(session.config, "workerinput")


def is_of_the_suite(item: pytest.Item) -> bool:
    """Whether a test is one of this package."""
    return item.path.parent == ROOM


def rules_of(item: pytest.Item) -> list[str]:
    """The rules that a test is about: those in the id of its case, or else in its docstring."""
    case = getattr(item, "callspec", None)
    function = getattr(item, "function", None)
    return (rules_in(case.id) if case else []) or rules_in(getattr(function, "__doc__", None))


def _result(
    item: pytest.Item, report: pytest.TestReport, error: BaseException | None, service: Service | None
) -> Result | None:
    """The result of a test, once it is known; None for a test that is not of the suite."""
    is_over = report.when == "call" or (report.when == "setup" and not report.passed)
    if not (is_over and is_of_the_suite(item)):
        return None
    exchanges = [str(exchange) for exchange in service.exchanges] if service else []
    return Result(item.name, rules_of(item), *_outcome(report, error), exchanges)


def _outcome(report: pytest.TestReport, error: BaseException | None) -> tuple[Outcome, str]:
    """The outcome and its reason: only a failed assertion is a difference."""
    if report.passed:
        return "same", ""
    if report.skipped:
        return "not testable", str(getattr(error, "msg", error))
    text = next(iter(str(error).splitlines()), "")
    return ("different", text) if isinstance(error, AssertionError) else ("not testable", text)
