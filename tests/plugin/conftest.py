"""Runs of pytest inside the tests of the plugin."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from textwrap import dedent

import pytest

from terminals import ALONE

CONFTEST = '''
import http.client
import pytest
from urllib.parse import urlsplit
from pytest_xbl.world.people import account_called
from pytest_xbl.xbl.people import user_of


def fail(*_):
    raise RuntimeError("a bug")


@pytest.fixture
def crash(xbl):
    """Makes the fake fail, and then calls it in the process or over its socket."""
    def call(*, socket=False):
        xbl._world.template = fail
        account = account_called(xbl._world, "Stacy")
        stacy = user_of(xbl._world, account) if account else xbl.user("Stacy")
        path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby"
        if not socket:
            assert xbl.client(stacy).get(path).status_code == 500
            return
        address = urlsplit(xbl.url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request("GET", path, headers=stacy.headers)
        assert connection.getresponse().status == 500
        connection.close()
    return call


@pytest.fixture
def join(xbl):
    """Joins a session, which is made by it if need be; says how many are in it."""
    def call(name="Stacy", session="one"):
        user = xbl.user(name)
        path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby/sessions/{session}"
        body = {"members": {"me": {"properties": {"system": {"active": True}}}}}
        return xbl.client(user).put(path, json=body).get_json()["membersInfo"]["count"]
    return call
'''


class Runner:
    """Runs tests that use the plugin, with every warning an error."""

    quiet = ("-p", "no:randomly", "-p", "no:hypothesispytest", "-p", "no:schemathesis")
    """Without plugins that shuffle, or take longer than the run itself."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        pytester.makeconftest(CONFTEST)

    def file(self, name: str, text: str) -> None:
        """Put a file beside the module of tests, or below."""
        path = self.pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")

    def run(self, source: str, *arguments: str) -> pytest.RunResult:
        """Run the tests of a module in this process, in their order."""
        self.file("test_it.py", source)
        return self.again(*arguments)

    def again(self, *arguments: str) -> pytest.RunResult:
        """Run the tests that are there, in the same way."""
        return self.pytester.runpytest_inprocess("-W", "error", *self.quiet, *arguments)

    def run_apart(self, source: str, *arguments: str, plugins: Sequence[str] = ("xbl",)) -> pytest.RunResult:
        """Run the tests of a module in a process of their own, with these plugins and no others."""
        self.file("test_it.py", source)
        named = (part for plugin in plugins for part in ("-p", plugin))
        with pytest.MonkeyPatch.context() as environ:
            environ.setenv(*ALONE)
            return self.pytester.runpytest_subprocess("-W", "error", *named, *arguments)

    @property
    def here(self) -> str:
        """The directory of the tests, with a separator at the end."""
        return f"{self.pytester.path}{os.sep}"

    @staticmethod
    def told(result: pytest.RunResult) -> dict[str, str]:
        """The text of each failure and error of a run, by its title; the title of the section `xbl` is a #."""
        told: dict[str, list[str]] = {}
        lines: list[str] = []
        for line in result.outlines:
            if title := re.fullmatch(r"_{3,} (.+) _{3,}", line):
                lines = told.setdefault(title[1], [])
            elif line.startswith("==="):
                lines = []
            elif re.fullmatch(r"-+ Captured xbl \w+ -+", line):
                lines.append("# xbl")
            elif not line.startswith("[gw"):
                lines.append(line)
        return {title: "\n".join(lines) for title, lines in told.items()}

    @staticmethod
    def errors(told: str) -> list[str]:
        """The lines that pytest marks as the error in the text of a failure."""
        return [line[1:].strip() for line in told.splitlines() if line.startswith("E ")]

    @classmethod
    def failure(cls, told: str) -> str:
        """The text by which the plugin fails a test at one of its lines, without the numbers of lines."""
        text = "\n".join(cls.errors(told)).removeprefix("Failed: ")
        return re.sub(r" \((?:test_it|conftest)\.py:\d+\)", "", text)

    @staticmethod
    def section(told: str) -> list[str]:
        """The section `xbl` in the text of a failure."""
        return told.partition("# xbl\n")[2].splitlines()

    @staticmethod
    def passed(result: pytest.RunResult) -> list[str]:
        """The ids of the tests that passed in a run with `-v`, without the name of the module."""
        found = (re.search(r"test_it\.py::(.+?) PASSED|PASSED test_it\.py::(.+?) *$", line) for line in result.outlines)
        return [one[1] or one[2] for one in found if one]


@pytest.fixture
def runner(pytester: pytest.Pytester) -> Runner:
    """A directory with a conftest that can join sessions and make the fake crash."""
    return Runner(pytester)
