"""Runs of the conformance suite inside of tests, and a stand-in for a sandbox."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pytest_xbl import User, XboxLive
from pytest_xbl.conformance import target
from pytest_xbl.conformance.settings import read_settings
from pytest_xbl.conformance.templates import KINDS
from pytest_xbl.world.ready_made import TITLE_ID
from pytest_xbl.xbl.people import Principal

SUITE = "pytest_xbl.conformance"
QUIET = ("-W", "error", "-p", "no:randomly", "-p", "no:hypothesispytest", "-p", "no:cacheprovider", "--pyargs")


class Run:
    """A run of the suite that is over."""

    def __init__(self, result: pytest.RunResult, page: str, directory: Path) -> None:
        self.result = result
        self.directory = directory
        self.page = page
        """The report; "" if none was written."""

    @property
    def text(self) -> str:
        """Everything that the run has printed."""
        return f"{self.result.stdout.str()}\n{self.result.stderr.str()}"

    @property
    def outcomes(self) -> dict[str, str]:
        """The result of each rule in the report."""
        return dict(re.findall(r"^\| ([A-Z0-9]+-\w+) \| (same|different|not testable) \|", self.page, re.MULTILINE))

    def of(self, outcome: str) -> set[str]:
        """The rules with an outcome."""
        return {rule for rule, found in self.outcomes.items() if found == outcome}

    def row(self, rule: str) -> str:
        """The line of a rule in the report."""
        return next(line for line in self.page.splitlines() if line.startswith(f"| {rule} |"))


class Runner:
    """Runs the suite in this process."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester

    @property
    def page(self) -> Path:
        """The file of the report."""
        return self.pytester.path / "report.md"

    def run(self, *arguments: object, module: str = "") -> Run:
        """Run the suite, or one of its modules, with a report."""
        name = f"{SUITE}.{module}" if module else SUITE
        result = self.pytester.runpytest_inprocess(*QUIET, name, "--xbl-report", self.page, *map(str, arguments))
        page = self.page.read_text(encoding="utf-8") if self.page.exists() else ""
        return Run(result, page, self.pytester.path)


@pytest.fixture
def runner(pytester: pytest.Pytester) -> Runner:
    """A directory of its own."""
    return Runner(pytester)


class Sandbox:
    """A fake behind its URL, which the suite takes for a sandbox: it knows of it what the settings say."""

    def __init__(self, xbl: XboxLive, runner: Runner) -> None:
        self.xbl = xbl
        self.users = xbl.users("Stacy", "Ana", "Ben")
        self._runner = runner
        for kind, (constants, role_types, contract) in KINDS.items():
            body = {"constants": constants, "roleTypes": role_types}
            xbl.templates.add(f"My{kind}", {name: it for name, it in body.items() if it}, contract=contract)
        self.settings: dict[str, Any] = {
            "scid": xbl.scid,
            "templates": {kind: f"My{kind}" for kind in KINDS},
            "users": [account(user) for user in self.users],
        }

    @property
    def file(self) -> Path:
        """The file of the settings."""
        return self._runner.pytester.path / "settings.json"

    def check(self, *, url: str = "") -> None:
        """Compare it with the settings, as each run of the suite begins."""
        self._write()
        settings = read_settings(self.file)
        target.Target(url=url or self.xbl.url, settings=settings).require_there()

    def _write(self) -> None:
        self.file.write_text(json.dumps(self.settings), encoding="utf-8")

    def run(self, *arguments: str, url: str = "", module: str = "") -> Run:
        """Run the suite against it."""
        self._write()
        options = ("--xbl-service", url or self.xbl.url, "--xbl-settings", self.file)
        return self._runner.run(*options, *arguments, module=module)


def account(principal: Principal) -> dict[str, Any]:
    """A user or service as the settings have it."""
    found = {"userhash": principal.userhash, "token": principal.token}
    if isinstance(principal, User):
        return {**found, "xuid": principal.xuid, "gamertag": principal.gamertag}
    return {**found, "titleId": TITLE_ID}


@pytest.fixture
def sandbox(xbl: XboxLive, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A stand-in for a sandbox, in which waiting takes no time."""
    monkeypatch.setattr(target, "sleep", lambda seconds: xbl.clock.advance(seconds=seconds))
    return Sandbox(xbl, runner)
