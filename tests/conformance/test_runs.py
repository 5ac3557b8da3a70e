"""Runs of the suite against the fake, and options that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_xbl.conformance import target
from pytest_xbl.rulebook import RULES
from terminals import ALONE
from tests.conformance.conftest import SUITE, Runner


@pytest.mark.parametrize("way", ["socket", "process", "hosts"])
def test_the_fake_obeys_every_rule_that_a_client_can_see(runner: Runner, way: str) -> None:
    """By each way to it; nothing is skipped."""
    run = runner.run("--xbl-way", way)
    assert run.of("different") == set()
    assert run.result.ret == pytest.ExitCode.OK
    assert run.result.parseoutcomes().keys() == {"passed"}
    assert len(run.of("same")) > 200
    assert run.page.startswith(f"# Conformance of the fake ({way})\n")
    assert run.result.outlines[-2] == f"report: {runner.page}"


def test_the_socket_is_the_usual_way(runner: Runner) -> None:
    """Without options there is no report but that of the terminal."""
    result = runner.pytester.runpytest_inprocess("-p", "no:randomly", "--pyargs", f"{SUITE}.test_taps", "-q")
    result.stdout.fnmatch_lines(["*= conformance of the fake (socket) =*", "assumed rules: *", "*were not asked*"])
    assert result.ret == pytest.ExitCode.OK


def test_the_tests_of_a_rule_can_be_selected(runner: Runner) -> None:
    """By `-m` and no others; with `-v` the terminal shows the line of each rule that was asked."""
    run = runner.run("--xbl-way", "process", "-m", "TAP-1", "-v", "--strict-markers", module="test_taps")
    assert run.outcomes == {"TAP-1": "same"}
    start = run.result.outlines.index("assumed rules: 0 different, 1 same, 0 not testable")
    shown, left = run.result.outlines[start + 1 : start + 3]
    assert shown.startswith("  TAP-1    same         PUT …/bare/sessions/room -> ")
    assert left == f"{len(RULES) - 1} rules were not asked in this run."


def test_tests_of_several_rules_can_be_selected(runner: Runner) -> None:
    """By `-k`, of all rules with this in their ids."""
    run = runner.run("--xbl-way", "process", "-k", "TAP-1", module="test_taps")
    assert run.outcomes == {"TAP-1": "same", "TAP-11": "same"}


def test_workers_report_to_one_page(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of pytest-xdist."""
    monkeypatch.setenv(*ALONE)
    arguments = ("-p", "xdist", "-n1", "--xbl-way", "process", "--xbl-report", str(runner.page))
    result = runner.pytester.runpytest_subprocess("-p", "xbl", *arguments, "--pyargs", f"{SUITE}.test_taps")
    assert result.ret == pytest.ExitCode.OK
    assert "| TAP-1 | same |" in runner.page.read_text(encoding="utf-8")


def test_asserts_are_rewritten(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a plain assert of the suite shows its values."""
    monkeypatch.setattr("pytest_xbl.world.queries.in_order", list)
    run = runner.run("--xbl-way", "process", "-k", "FIND-8", module="test_finding")
    run.result.stdout.fnmatch_lines(["E * assert *a-older*==*"])


PAIR = "A sandbox needs both --xbl-service URL and --xbl-settings FILE."
URL = "https://sessiondirectory.example"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            ("--xbl-way", "sockt"),
            "Unknown way 'sockt'; the ways to the fake are socket, process, hosts. Did you mean 'socket'?",
        ),
        (("--xbl-service", URL), PAIR),
        (("--xbl-settings", "x.json"), PAIR),
        (
            ("--xbl-service", URL, "--xbl-settings", "x.json", "--xbl-way", "hosts"),
            "--xbl-way hosts is for the fake, and --xbl-service for a sandbox; give one of them.",
        ),
        (
            ("--xbl-service", URL, "--xbl-settings", "x.json"),
            "The settings file x.json cannot be read: No such file or directory.",
        ),
        (
            ("--xbl-service", "sessiondirectory.example", "--xbl-settings", "x.json"),
            (
                "Expected an address that begins with https:// or http://, not 'sessiondirectory.example'.\n"
                "where: --xbl-service"
            ),
        ),
    ],
)
def test_options_that_cannot_be_are_refused(runner: Runner, options: tuple[str, ...], text: str) -> None:
    """Before the first test; nothing is written."""
    run = runner.run(*options)
    assert run.result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {text}\n" in run.text
    assert not runner.page.exists()


@pytest.mark.parametrize("name", ["none/report.md", "."])
def test_a_report_is_a_file_that_can_be_written(runner: Runner, name: str) -> None:
    """In a directory that is there."""
    path = runner.pytester.path / name
    run = runner.run("--xbl-report", path)
    assert run.result.ret == pytest.ExitCode.USAGE_ERROR
    text = f"The report {path} cannot be written: expected a file in a directory that is there."
    assert text in run.text


def test_options_are_for_the_suite_only(runner: Runner) -> None:
    """A run of other tests refuses them."""
    runner.pytester.makepyfile("def test_it(): pass")
    result = runner.pytester.runpytest_inprocess("-p", "no:randomly", "--xbl-way", "process")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --xbl-way: only for the conformance suite, as in pytest --pyargs pytest_xbl.conformance --xbl-way ..."]
    )


def test_a_selection_may_be_empty(runner: Runner) -> None:
    """As in any run; then there is nothing to report."""
    run = runner.run("-k", "nothing", module="test_taps")
    assert (run.result.ret, run.page) == (pytest.ExitCode.NO_TESTS_COLLECTED, "")
    assert "conformance of" not in run.text


OWN = "import pytest\n\n@pytest.fixture\ndef service():\n    return None\n"


def test_tests_beside_the_suite_are_not_in_its_report(runner: Runner) -> None:
    """Even if they name rules, and have a fixture of the same name."""
    runner.pytester.makepyfile(test_own='def test_it(service):\n    """(PUT-5)."""\n', conftest=OWN)
    run = runner.run("--xbl-way", "process", "test_own.py", module="test_taps")
    assert run.of("same") == {"TAP-1", "TAP-11"}


@pytest.mark.skipif(pytest.version_tuple < (8, 1), reason="pytest 8.0 imports nothing below a directory such as .tox")
def test_a_directory_that_holds_the_suite_runs_it(runner: Runner) -> None:
    """As where the package is checked out; options are known there, too."""
    path = Path(target.__file__).parents[1]
    for options, way in (((), "socket"), (("--xbl-way", "process"), "process")):
        result = runner.pytester.runpytest_inprocess("-p", "no:randomly", path, "-k", "test_taps", *options)
        assert result.ret == pytest.ExitCode.OK
        assert f"conformance of the fake ({way})" in result.stdout.str()


def test_real_names_need_their_extra(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text names it."""
    monkeypatch.setattr(target, "find_spec", lambda _: None)
    run = runner.run("--xbl-way", "hosts")
    assert run.result.ret == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: --xbl-way hosts needs an extra: pip install 'pytest-xbl[hosts]'.\n" in run.text


def test_a_test_that_cannot_begin_says_nothing_of_its_rule(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule is not testable, with the reason, and the run fails."""
    monkeypatch.setattr("pytest_xbl.wire.body.LARGEST_BODY", 1)
    run = runner.run("--xbl-way", "process", "-k", "TAP-1", module="test_taps")
    assert run.result.ret == pytest.ExitCode.TESTS_FAILED
    assert run.outcomes["TAP-1"] == "not testable"
    assert "The test could not begin: PUT …/bare/sessions/room -> 413, where 201 was needed." in run.row("TAP-1")
