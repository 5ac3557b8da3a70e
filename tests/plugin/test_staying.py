"""The pages of a run: in pytest's debugger, and after the last test under `--xbl-stay`."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bodies import ONE
from pytest_xbl.plugin import XblPlugin
from terminals import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugin.conftest import Runner

SOURCE = """
def test_fails(xbl, join):
    print("said by the test")
    join("Stacy")
    assert xbl.url == 1

def test_passes(xbl, join):
    join("Ana")

def test_fails_too(xbl):
    assert not xbl
"""
STACY = "2533274790000001"
BREAKS = """
def test_it(xbl, join):
    join("Stacy")
    breakpoint()
    join("Ana")

def test_without():
    breakpoint()
"""
WITHOUT_A_TERMINAL = (
    "ERROR: --xbl-stay waits until you press Enter, and the standard input is no terminal. "
    "--xbl-artifacts DIR writes a page for each failed test instead."
)
IN_WORKERS = (
    "ERROR: --xbl-stay keeps worlds in this process, and those of pytest-xdist are in its workers: run without -n. "
    "--xbl-artifacts DIR writes a page for each failed test instead."
)


def started(runner: Runner, source: str, *arguments: str) -> Terminal:
    """A run of these tests at a terminal."""
    runner.file("test_it.py", source)
    return Terminal(runner.pytester.path, *arguments)


def address_in(text: str) -> str:
    """The address to look at."""
    found = re.search(r"o look at: (http\S+/_xbl/\S*)", text)
    assert found, text
    return found[1]


def shown_at(address: str) -> str:
    """The page at an address."""
    with urlopen(address, timeout=30) as answer:  # noqa: S310 -- the address of the run
        text: str = answer.read().decode()
    return text


def moved(address: str) -> int:
    """The status of moving the clock of a world by half a minute."""
    fields = Request(f"{address}clock", data=b"seconds=30")  # noqa: S310 -- the address of the run
    try:
        with urlopen(fields, timeout=30) as answer:  # noqa: S310 -- as above
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_a_run_that_shows_no_page_imports_none(runner: Runner) -> None:
    """Also one whose tests fail."""
    conftest = runner.pytester.path / "conftest.py"
    said = "[name for name in sys.modules if name.startswith('pytest_xbl.pages')]"
    more = f"\ndef pytest_unconfigure():\n    import sys\n    print({said})\n"
    conftest.write_text(f"{conftest.read_text()}{more}")
    result = runner.run_apart(SOURCE)
    result.assert_outcomes(passed=1, failed=2)
    assert result.outlines[-1] == "[]"


# --xbl-stay


def test_worlds_of_failed_tests_stay_until_enter(runner: Runner) -> None:
    """Their pages are there after all that pytest has to say, and those of other tests are not (SEEN-16)."""
    with started(runner, SOURCE, "--xbl-stay") as run:
        text = run.read_until("Press Enter to end.")
        _, summary, end = text.partition(" 2 failed, 1 passed")
        assert summary
        assert "2 worlds of failed tests are to look at: http://127.0.0.1:" in end
        page = shown_at(address_in(end))
        assert [f"test_it.py::test_{name}" in page for name in ("fails", "passes", "fails_too")] == [True, False, True]
        run.type("\n")
        assert run.end() == 1


def test_a_failing_test_names_the_page_of_its_world(runner: Runner) -> None:
    """The section `xbl` ends with an address that can be opened as soon as the run waits."""
    with started(runner, SOURCE, "--xbl-stay", "-k", "test_fails and not too") as run:
        text = run.read_until("Press Enter to end.")
        assert "The world of a failed test is to look at:" in text
        section = runner.section(text.replace("- Captured xbl call -", "# xbl\n"))
        assert section[1:3] == ["#1 Stacy: put-session lobby/one -> 201", "lobby/one:"]
        address = address_in(section[4])
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/_xbl/worlds/xbl-[0-9a-f]{16}-1/", address)
        assert "test_it.py::test_fails" in shown_at(address)
        assert moved(address) == 200
        assert "12:00:30" in shown_at(address)
        name = address.rstrip("/").rpartition("/")[2]
        headers = {"Authorization": f"XBL3.0 x={STACY};{name}.{STACY}", "X-Xbl-Contract-Version": "107"}
        asked = Request(address.partition("/_xbl")[0] + ONE, headers=headers)  # noqa: S310 -- the address of the run
        with urlopen(asked, timeout=30) as answer:  # noqa: S310 -- as above
            assert answer.status == 200
        run.type("\n")
        assert run.end() == 1


@pytest.mark.parametrize("end", [Terminal.interrupt, lambda run: run.type("\x04")], ids=["Ctrl-C", "Ctrl-D"])
def test_other_keys_end_it_too(runner: Runner, end: Callable[[Terminal], None]) -> None:
    """The status is that of the tests."""
    with started(runner, SOURCE, "--xbl-stay") as run:
        run.read_until("Press Enter to end.")
        end(run)
        assert run.end() == 1


@pytest.mark.parametrize("option", [("--capture=sys",), ("--capture=no",), ("-p", "no:capture")])
def test_it_waits_however_output_is_captured(runner: Runner, option: tuple[str, ...]) -> None:
    """Pytest hides the terminal's input while it captures."""
    with started(runner, SOURCE, "--xbl-stay", *option) as run:
        run.read_until("Press Enter to end.")
        run.type("\n")
        assert run.end() == 1


def test_without_a_failed_world_nothing_waits(runner: Runner) -> None:
    """There is nothing to look at."""
    source = f"{dedent(SOURCE)}\ndef test_other():\n    assert 0"
    with started(runner, source, "--xbl-stay", "-k", "passes or other") as run:
        assert run.end() == 1
        assert "look at" not in run.seen


def test_an_interrupted_run_does_not_wait(runner: Runner) -> None:
    """Whoever has stopped it does not want to look."""
    source = f"{dedent(SOURCE)}\ndef test_stops():\n    raise KeyboardInterrupt"
    with started(runner, source, "--xbl-stay") as run:
        assert run.end() == 2
        assert "Press Enter" not in run.seen


def test_without_a_terminal_it_is_refused(runner: Runner) -> None:
    """Nobody could press Enter, and on a build server the run would never end (SEEN-16)."""
    result = runner.run_apart(SOURCE, "--xbl-stay")
    assert (result.ret, result.errlines) == (4, [WITHOUT_A_TERMINAL, ""])


def test_in_workers_it_is_refused(runner: Runner) -> None:
    """The worlds are in other processes, which end (SEEN-16)."""
    with started(runner, SOURCE, "--xbl-stay", "-p", "xdist", "-n", "1") as run:
        assert run.end() == 4
        assert IN_WORKERS in run.seen


def test_without_output_it_is_refused(runner: Runner) -> None:
    """Nobody would see the address."""
    with started(runner, SOURCE, "--xbl-stay", "-p", "no:terminal") as run:
        assert run.end() == 4
        assert run.seen.startswith(
            "ERROR: --xbl-stay names an address, and nobody sees it under -p no:terminal. --xbl-artifacts DIR writes"
        )


def test_a_world_that_cannot_be_served_is_not_kept(runner: Runner) -> None:
    """The failure is shown nevertheless, with the reason."""
    source = "def test_it(xbl):\n    assert not xbl"
    with started(runner, source, "--xbl-stay", "-o", "xbl_host=192.0.2.1") as run:
        assert run.end() == 1
        assert "assert not <xbl" in run.seen
        assert "Not kept: The server cannot listen at 192.0.2.1:0" in run.seen


# The debugger


@pytest.mark.parametrize("option", [(), ("--capture=no",), ("-p", "no:capture")])
def test_the_debugger_names_the_pages(runner: Runner, option: tuple[str, ...]) -> None:
    """The server answers while a test waits in it, and the address comes before the prompt (SEEN-16)."""
    with started(runner, SOURCE, "--pdb", "-k", "test_fails and not too", *option) as run:
        text = run.read_until("(Pdb) ")
        assert "test_it.py::test_fails" in shown_at(address_in(text))
        before = text.partition("entering PDB")[0]
        assert "> Captured xbl call >" in before
        assert before.count("#1 Stacy: put-session lobby/one -> 201") == 1
        assert "> Captured stdout call >" not in before  # pytest shows it
        run.type("continue\n")
        assert run.end() == 1


def test_a_breakpoint_names_the_pages(runner: Runner) -> None:
    """So does a test that stops by itself; one without a world names nothing."""
    with started(runner, BREAKS) as run:
        assert "test_it.py::test_it" in shown_at(address_in(run.read_until("(Pdb) ")))
        run.seen = ""
        run.type("continue\n")
        assert "look at" not in run.read_until("(Pdb) ")
        run.type("continue\n")
        assert run.end() == 0


def test_the_clock_moves_while_a_test_waits(runner: Runner) -> None:
    """In the debugger a person may move it from the pages; when the test goes on, nobody may (SEEN-14)."""
    source = """
    import urllib.request, urllib.error

    def move(xbl):
        address = f"{xbl.url}/_xbl/worlds/{xbl.name}/clock"
        try:
            return urllib.request.urlopen(address, data=b"seconds=30").status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def test_it(xbl):
        assert move(xbl) == 403
        breakpoint()
        assert move(xbl) == 403
        assert f"{xbl.clock.now:%H:%M:%S}" == "12:00:30"
        assert len(xbl.journal) == 0
    """
    with started(runner, source) as run:
        address = address_in(run.read_until("(Pdb) "))
        worlds = shown_at(address)
        assert moved(f"{address}worlds/{digest_of(worlds)}/") == 200
        run.type("continue\n")
        assert run.end() == 0


def digest_of(page: str) -> str:
    """The name of the world that a page is about."""
    found = re.search(r"/_xbl/worlds/(xbl-[0-9a-f]+-1)/", page)
    assert found
    return found[1]


def test_without_a_server_the_debugger_names_nothing(runner: Runner) -> None:
    """Nobody has asked for the server, so nobody hears that there can be none."""
    with started(runner, BREAKS, "-o", "xbl_host=192.0.2.1", "-k", "test_it and not without") as run:
        assert "look at" not in run.read_until("(Pdb) ")
        run.type("continue\n")
        assert run.end() == 0


def test_a_run_waits_while_it_is_in_the_debugger(pytestconfig: pytest.Config) -> None:
    """Also one that has no world to look at (SEEN-14)."""
    plugin = XblPlugin(pytestconfig)
    waits = [plugin.waits]
    plugin.pytest_enter_pdb()
    waits.append(plugin.waits)
    plugin.pytest_leave_pdb()
    assert [*waits, plugin.waits] == [False, True, False]
