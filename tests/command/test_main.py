"""The command line: commands, options, and what each mistake is answered with."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from errno import EADDRNOTAVAIL, ENOSPC
from importlib import import_module
from importlib.metadata import version
from io import StringIO
from pathlib import Path

import pytest

from programs import PROGRAM
from pytest_xbl.command import scenarios
from pytest_xbl.command.main import main, parser
from pytest_xbl.command.parser import Parser, parsed
from pytest_xbl.errors import XblError
from tables import cases
from terminals import ALONE

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
NOT_HERE = f"The server cannot listen at 192.0.2.1:0: [Errno {EADDRNOTAVAIL}] {os.strerror(EADDRNOTAVAIL)}"


@cases(
    "line complaint",
    {
        "no command": ("", "the following arguments are required: COMMAND; pytest-xbl --help shows what is possible."),
        "an unknown command": ("srve", "pytest-xbl has no command 'srve'; did you mean serve?"),
        "a command like no other": (
            "x",
            "pytest-xbl has no command 'x'; it has serve, env, dump, seed, replay, scenarios, rules, openapi.",
        ),
        "no command of a group": (
            "seed",
            "the following arguments are required: COMMAND; pytest-xbl seed --help shows what is possible.",
        ),
        "an unknown command of a group": ("seed chek", "pytest-xbl seed has no command 'chek'; did you mean check?"),
        "an unknown option": ("serve --prot 80", "pytest-xbl serve has no option '--prot'; did you mean --port?"),
        "an unknown option with a value": (
            "serve --prot=80",
            "pytest-xbl serve has no option '--prot=80'; did you mean --port?",
        ),
        "an option like no other": (
            "env http://127.0.0.1:1 --zzz",
            "pytest-xbl env has no option '--zzz'; it has --help, --shell.",
        ),
        "the beginning of an option": ("serve --qui", "pytest-xbl serve has no option '--qui'; did you mean --quiet?"),
        "a word too many": (
            "scenarios lobby",
            "pytest-xbl scenarios does not expect 'lobby'; pytest-xbl scenarios --help shows what is possible.",
        ),
        "an option without its value": (
            "serve --port",
            "argument --port: expected one argument; pytest-xbl serve --help shows what is possible.",
        ),
        "a seed and a scenario": (
            "serve --seed a.json --scenario lobby",
            "argument --scenario: not allowed with argument --seed; pytest-xbl serve --help shows what is possible.",
        ),
        "an unknown clock": ("serve --clock folow", "--clock is follow or stand, not 'folow'; did you mean follow?"),
        "no port": ("serve --port 65536", "--port is a number up to 65535, or 0 for a free port; not '65536'."),
        "a number that Python does not read": (
            f"serve --port {'1' * 5000}",
            f"--port is a number up to 65535, or 0 for a free port; not '{'1' * 5000}"[:1997] + "...",
        ),
        "no host": (
            "serve --host a:1",
            "--host is an address or a name of this machine, such as 0.0.0.0, without a port; not 'a:1'.",
        ),
        "the host of another machine": (
            "serve --host 192.0.2.1",
            f"{NOT_HERE}; --host and --port name another address.",
        ),
        "a host to allow, and no real names": (
            "serve --allow-host a.example.com",
            "--allow-host needs --hosts: only programs that reach real host names are kept from others.",
        ),
        "a host with a port to allow": (
            "serve --hosts --allow-host a:80",
            "--allow-host names hosts, such as db.example.com or 10.0.0.7, without a port; not 'a:80'. (rule: HOST-4)",
        ),
        "a real host to allow": (
            "serve --hosts --allow-host rta.xboxlive.com",
            "--allow-host cannot name rta.xboxlive.com: hosts of Xbox Live lead to the fake. (rule: HOST-4)",
        ),
        "an unknown scenario": ("serve --scenario loby", "There is no scenario 'loby'; did you mean lobby?"),
        "no key and value": (
            "serve --scenario lobby players",
            "A parameter of a scenario is written key=value, such as players=2; got 'players'.",
        ),
        "no key": (
            "serve --scenario lobby =2",
            "A parameter of a scenario is written key=value, such as players=2; got '=2'.",
        ),
        "a key that comes twice": (
            "serve --scenario lobby players=1 players=2",
            "The parameter players of the scenario is given twice.",
        ),
        "an unknown key": (
            "serve --scenario lobby plyers=2",
            "The scenario lobby has no parameter 'plyers'; did you mean 'players'?",
        ),
        "a key that says what a scenario is called": (
            "serve --scenario lobby name=x",
            "The scenario lobby has no parameter 'name'; it has: players.",
        ),
        "a value that is no number": (
            "serve --scenario lobby players=two",
            "The scenario lobby: players is an integer from 1 to 7, not 'two'.",
        ),
        "a value that is too large": (
            "serve --scenario lobby players=9",
            "The scenario lobby: players is an integer from 1 to 7, not 9.",
        ),
        "an unknown shell": (
            "env http://127.0.0.1:1 --shell bash",
            "--shell is sh, powershell or cmd, not 'bash'; did you mean sh?",
        ),
        "a shell in capitals": (
            "env http://127.0.0.1:1 --shell PowerShell",
            "--shell is sh, powershell or cmd, not 'PowerShell'; did you mean powershell?",
        ),
        "an unknown rule": ("rules call1", "There is no rule 'call1'; did you mean CALL-1?"),
        "a rule like no other": ("rules lobby", "There is no rule 'lobby'; pytest-xbl rules lists all."),
    },
)
def test_a_mistake_is_one_line(line: str, complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The text says what is possible, and suggests the nearest name; nothing else is printed (CMD-5)."""
    assert main(line.split()) == 2
    assert capsys.readouterr() == ("", f"pytest-xbl: error: {complaint}\n")


def test_a_complaint_holds_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    """A terminal would obey them (CMD-5)."""
    assert main(["serve", "--seed", "/no\x1b[2J.json"]) == 2
    text = "The file /no\\x1b[2J.json cannot be read: No such file or directory."
    assert capsys.readouterr().err == f"pytest-xbl: error: {text}\n"


def every_parser(parser: Parser) -> list[Parser]:
    """A parser, and those of all commands below it."""
    return [parser, *(below for command in parser.commands.values() for below in every_parser(command))]


@pytest.mark.parametrize("command", every_parser(parser()), ids=lambda command: command.prog)
def test_every_command_has_help(command: Parser, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own, with a line about each of its options and arguments."""
    with pytest.raises(SystemExit) as end:
        main([*command.prog.split()[1:], "--help"])
    assert end.value.code == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.startswith(f"usage: {command.prog} ")
    assert str(command.description) in printed
    assert [
        argument.dest for argument in command.arguments if argument.metavar != "COMMAND" and not argument.help
    ] == []


def examples() -> Iterator[str]:
    """The command lines in the help of all commands."""
    for command in every_parser(parser()):
        yield from re.findall(r"pytest-xbl [^|>)\n]+", str(command.epilog))


@pytest.mark.parametrize("example", [*examples()])
def test_the_examples_of_help_are_command_lines(example: str) -> None:
    """Each names a command and options that there are."""
    assert parsed(parser(), shlex.split(example.strip(' "'))[1:]).run


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` says which fake it is."""
    with pytest.raises(SystemExit) as end:
        parsed(parser(), ["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"pytest-xbl {version('pytest-xbl')}\n"


def test_the_package_has_the_program() -> None:
    """Whoever installs the package has `pytest-xbl`, and it is what these tests call."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"pytest-xbl": f"{main.__module__}:{main.__name__}"}


def test_the_package_can_be_run() -> None:
    """`python -m pytest_xbl` is the same program, with the same exit codes."""
    wrong = subprocess.run([*PROGRAM, "rules", "x"], capture_output=True, text=True, check=False)
    text = "pytest-xbl: error: There is no rule 'x'; pytest-xbl rules lists all.\n"
    assert (wrong.returncode, wrong.stdout, wrong.stderr) == (2, "", text)


def test_whoever_imports_the_program_runs_nothing() -> None:
    """As tools do that look at all modules of a package."""
    assert import_module("pytest_xbl.__main__").main is main


def test_a_reader_may_have_enough() -> None:
    """`pytest-xbl rules | head` complains of nothing."""
    with subprocess.Popen([*PROGRAM, "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.parametrize("arguments", ["scenarios", "scenarios x"])
@pytest.mark.skipif(os.name != "posix", reason="needs a shell that can close a stream")
def test_a_closed_stream_is_no_error(arguments: str) -> None:
    """Python has no such stream then, and `print` takes that as well."""
    command = f"{shlex.join(PROGRAM)} {arguments}"
    ends = {
        close: subprocess.run(["/bin/sh", "-c", f"{command} {close}"], capture_output=True, text=True, check=False)
        for close in (">&-", "2>&-")
    }
    code = len(arguments.split()) * 2 - 2
    assert {close: end.returncode for close, end in ends.items()} == {">&-": code, "2>&-": code}
    assert "Traceback" not in ends[">&-"].stderr


@pytest.mark.parametrize(("name", "command", "code"), [("stdout", "scenarios", 0), ("stderr", "x", 2)])
def test_a_missing_stream_leads_nowhere(name: str, command: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program without a console."""
    monkeypatch.setattr(sys, name, None)
    assert main([command]) == code
    with getattr(sys, name) as nowhere:
        assert nowhere.name == os.devnull


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file to which nothing can be written")
def test_an_output_that_takes_nothing_is_a_complaint() -> None:
    """As of a disk that is full (CMD-5)."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        result = subprocess.run([*PROGRAM, "rules"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    error = f"[Errno {ENOSPC}] {os.strerror(ENOSPC)}."
    assert (result.returncode, result.stderr) == (2, f"pytest-xbl: error: {error}\n")


def test_a_terminal_may_lack_letters(tmp_path: Path) -> None:
    """Then their codes are printed."""
    seed = tmp_path / "ü.json"
    seed.write_text("{}", encoding="utf-8")
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [*PROGRAM, "seed", "check", seed.name]
    assert (
        subprocess.run(command, env=environ, cwd=tmp_path, stdout=subprocess.PIPE, check=True).stdout
        == b"\\xfc.json: ok\n"
    )


def test_somebody_may_have_taken_over_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a caller in Python does, who wants the text."""
    taken = StringIO()
    monkeypatch.setattr("sys.stdout", taken)
    assert main(["scenarios"]) == 0
    assert taken.getvalue().startswith("lobby(players=4)\n")


def test_ctrl_c_ends_a_command_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the exit code that shells have for it."""

    def interrupted(_given: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(scenarios, "run", interrupted)
    assert main(["scenarios"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_run_of_pytest_imports_nothing_of_it(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one in which a test has a world, and serves it."""
    monkeypatch.setenv(*ALONE)
    pytester.makepyfile("""
        import sys

        def test_nothing_is_there(xbl):
            assert xbl.url
            assert [name for name in sys.modules if name.startswith("pytest_xbl.command")] == []
    """)
    pytester.runpytest_subprocess("-p", "xbl").assert_outcomes(passed=1)


def test_the_parser_raises_the_errors_of_the_fake() -> None:
    """So that one place prints them all."""
    with pytest.raises(XblError, match="the following arguments are required: ID"):
        Parser(prog="pytest-xbl").error("the following arguments are required: ID")
