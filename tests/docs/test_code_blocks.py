"""Every code block of the docs, of README.md and of the pages beside it is true."""

import ast
import configparser
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from markdown_it import MarkdownIt

import generate
from programs import serving
from pytest_xbl import Seed
from pytest_xbl.command.main import main
from pytest_xbl.conformance.settings import read_settings
from pytest_xbl.replay.reading import read_recording

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
GENERATED = [f"docs/{page}" for page in generate.PAGES]

PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    if ROOT / "docs/_build" not in page.parents
)

PARSERS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
    "ini": lambda text: configparser.ConfigParser(interpolation=None).read_string(text),
}

PROGRAMS = ("go", "java", "js")
"""The languages of files that a python block runs."""

LANGUAGES = {
    "python",  # runs
    *PARSERS,  # parse
    *("console", "http", "text"),  # are only shown
    *PROGRAMS,
    "{toctree}",  # is a directive of Sphinx; any other would hide what it shows from readers without Sphinx
}

COMMANDS = [
    'python -m pip install -c constraints.txt ".[examples]" && pytest docs/examples/lobby_service',
    "python -m pip install -c constraints.txt tox tox-uv && tox",
]


SETTINGS = "xbl-settings.json"
"""The name of the settings of a sandbox."""
PORT = "--port 8080"
SHOWN = "http://127.0.0.1:8080"
"""The address of the fake on a page."""
SHELL = shutil.which("sh") or ""

SKIPPING = ("docs/how-to/from-node-go-and-java.md",)
"""The pages with tests that need more than Python, and are skipped where it is not installed."""


class Block(NamedTuple):
    """A code block of a page.

    Its first line says what it is: the language, the name of its file if it is one, and its project behind `in=`.

    Args:
        line: the page's line, from 1, on which its text begins.
        above: the last paragraph, heading or cell before it.
        file: the name of the file that it is; "" for none.
        project: what it runs together with; "" for the rest of the page.
    """

    language: str
    text: str
    line: int
    above: str = ""
    file: str = ""
    project: str = ""


def blocks_of(page: str) -> list[Block]:
    """All code blocks of a page in order; an indented one has no language."""
    tokens = MarkdownIt().parse((ROOT / page).read_text(encoding="utf-8"))
    blocks = []
    above = ""
    for token in tokens:
        if token.type == "inline":
            above = token.content
        if token.type in {"fence", "code_block"}:
            language, *more = token.info.split() or [""]
            blocks.append(
                Block(
                    language=language,
                    text=token.content,
                    line=(token.map or [0])[0] + (2 if token.type == "fence" else 1),
                    above=above,
                    file="".join(word for word in more if not word.startswith("in=")),
                    project="".join(word.removeprefix("in=") for word in more if word.startswith("in=")),
                )
            )
    return blocks


PROJECTS = [(page, project) for page in PAGES for project in dict.fromkeys(["", *(b.project for b in blocks_of(page))])]
"""What runs together: all blocks of a page, but for those that name a project."""


def module_of(blocks: list[Block]) -> str:
    """The python blocks without a file, as one module in which every line has the number it has on the page."""
    module = ""
    for block in blocks:
        if block.language == "python" and not block.file:
            module += "\n" * (block.line - 1 - module.count("\n")) + block.text
    return module


def write_project(page: str, project: str, directory: Path) -> list[Block]:
    """Write the files of a project and the module of its python blocks, and say of which blocks it is made."""
    blocks = [block for block in blocks_of(page) if block.project == project]
    module = f"test_{Path(page).stem}.py"
    for name, text in [(module, module_of(blocks)), *((block.file, block.text) for block in blocks if block.file)]:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return blocks


def run_pytest(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in the directory of a project, with every warning an error, and with known markers only."""
    without = ("-p", "no:randomly", "-p", "no:schemathesis")
    return pytester.runpytest_inprocess("-W", "error", "--strict-markers", *without, *arguments)


def error_in(block: Block) -> Exception | None:
    """The error of the parser of the block's language; other languages have no parser."""
    parsers: dict[str, Callable[[str], object]] = {"python": ast.parse, **PARSERS}
    try:
        parsers.get(block.language, str)(block.text)
    except (SyntaxError, ValueError, configparser.Error, yaml.YAMLError) as error:
        return error
    return None


FAULTS: dict[str, Callable[[Block], object]] = {
    "it names no language, or one that nothing checks": lambda block: block.language not in LANGUAGES,
    "it is not well-formed": error_in,
    "it is no file, so nothing reads it": lambda block: block.language in {*PARSERS, *PROGRAMS} and not block.file,
    "the text above it does not name the file, and readers do not see the first line of a block": (
        lambda block: block.file and f"`{block.file}`" not in block.above
    ),
}
"""The faults that a block may have, in the words of a failure."""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("page", PAGES)
def test_no_block_has_a_fault(page: str, fault: str) -> None:
    """No block escapes its test; data is well-formed and a file, unless a script writes its page."""
    if page in GENERATED and fault.startswith("it is no file"):
        return
    wrong = [f"{page}:{block.line}: {fault}: {found}" for block in blocks_of(page) if (found := FAULTS[fault](block))]
    assert not wrong, "\n".join(wrong)


def run_ci(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs .ci/run of a checkout and says what it printed."""
    return subprocess.run([checkout / ".ci/run", *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("page", "project"), PROJECTS)
def test_python_blocks_run(page: str, project: str, pytester: pytest.Pytester) -> None:
    """The python blocks of a page, joined in order, import cleanly, and the tests they define pass.

    They find the files that the page shows, and run under the settings that it shows.
    """
    write_project(page, project, pytester.path)
    result = run_pytest(pytester)
    assert result.ret in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    assert result.parseoutcomes().keys() <= {"passed", *(["skipped"] if page in SKIPPING else [])}


@pytest.mark.parametrize(("page", "project"), PROJECTS)
def test_pytest_prints_what_is_shown(page: str, project: str, pytester: pytest.Pytester) -> None:
    """The lines below a command `$ pytest ...` are among those that it prints, in this order; `...` is left out."""
    for block in write_project(page, project, pytester.path):
        if block.language == "console" and block.text.startswith("$ pytest "):
            command, *shown = block.text.splitlines()
            printed = iter(run_pytest(pytester, *shlex.split(command)[2:]).outlines)
            missing = [line for line in shown if line != "..." and line not in printed]
            assert not missing, "\n".join(missing)


class Step(NamedTuple):
    """A command of a shell on a page, and the lines below it; or, without a command, lines that the fake logs."""

    command: str
    shown: list[str]

    def missing_in(self, printed: str) -> list[str]:
        """The lines that are not among these, in this order; `...` is left out."""
        lines = iter(printed.splitlines())
        return [line for line in self.shown if line != "..." and line not in lines]


def steps_of(page: str) -> Iterator[Step]:
    """What a page shows of the program `pytest-xbl`, and of the shells around it."""
    for block in blocks_of(page):
        if block.language == "text":
            yield Step("", block.text.splitlines())
        for step in block.text.split("$ ")[1:] if block.language == "console" else []:
            command, *shown = step.splitlines()
            yield Step(command, shown)


def run_fake(options: Iterable[str], steps: Sequence[Step], directory: Path) -> list[str]:
    """Serve a world, run the steps that follow, and say what was not printed or logged as it is shown."""
    missing = []
    with serving(*options, cwd=directory) as (process, url):
        for step in steps[1:]:
            command = step.command.replace("pytest-xbl ", f"{shlex.quote(sys.executable)} -m pytest_xbl ")
            run = [SHELL, "-c", command.replace(SHOWN, url)]
            result = subprocess.run(run, cwd=directory, check=True, stdout=subprocess.PIPE, text=True)
            missing += step.missing_in(result.stdout.replace(url, SHOWN)) if step.command else []
        process.terminate()
        assert process.stdout
        assert process.stderr
        first = f"Xbox Live is served, until Ctrl+C, at {url}\n"
        missing += steps[0].missing_in((first + process.stdout.read()).replace(url, SHOWN))
        logged = process.stderr.read()
    return [*missing, *(line for step in steps if not step.command for line in step.missing_in(logged))]


@pytest.mark.skipif(not (SHELL and shutil.which("curl")), reason="needs a shell, and curl")
@pytest.mark.parametrize(
    "page", [page for page in PAGES if any("$ pytest-xbl serve" in b.text for b in blocks_of(page))]
)
def test_the_program_prints_what_is_shown(page: str, tmp_path: Path) -> None:
    """Each `pytest-xbl serve` of a page serves the commands behind it, and prints what is shown of it."""
    steps = [*steps_of(page)]
    begins = [number for number, step in enumerate(steps) if step.command.startswith("pytest-xbl serve ")]
    missing = []
    for begin, end in zip(begins, [*begins[1:], len(steps)], strict=True):
        options = shlex.split(steps[begin].command.replace(PORT, ""))[2:]
        missing += run_fake(options, steps[begin:end], tmp_path)
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any("$ pytest-xbl replay" in b.text for b in blocks_of(page))]
)
def test_a_replay_prints_what_is_shown(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the recordings that the page holds."""
    write_project(page, "", tmp_path)
    monkeypatch.chdir(tmp_path)
    for step in steps_of(page):
        if step.command:
            main(shlex.split(step.command)[1:])
            assert capsys.readouterr().out.splitlines() == step.shown


@pytest.mark.parametrize(("page", "project"), PROJECTS)
def test_json_and_yaml_files_are_seeds(page: str, project: str, tmp_path: Path) -> None:
    """A json or yaml block that is a file can be loaded: as a recording, as the settings of a sandbox, or as a seed."""
    for block in write_project(page, project, tmp_path):
        if block.file.endswith(".har"):
            read_recording(tmp_path / block.file)
        elif block.file == SETTINGS:
            read_settings(tmp_path / block.file)
        elif block.language in {"json", "yaml"} and block.file:
            Seed.read(tmp_path / block.file)._load(tmp_path)


def test_readme_holds_the_two_commands() -> None:
    """README.md shows two commands, one for the example and one for every check; `.ci/run` runs just these."""
    shown = "".join(block.text for block in blocks_of("README.md") if block.language == "console").splitlines()
    assert [line.removeprefix("$ ") for line in shown if line.startswith("$ ")] == COMMANDS
    assert run_ci(ROOT, "--list").stdout.splitlines() == COMMANDS


def test_readme_shows_the_failure_of_the_home() -> None:
    """README.md, whose commands are for `.ci/run`, shows what the first command of the docs' home prints."""
    [failure] = [block.text for block in blocks_of("README.md") if block.language == "text"]
    [shown] = [block.text for block in blocks_of("docs/index.md") if block.language == "console"]
    assert shown == f"$ pytest broken_join.py\n...\n{failure}"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_ci_refuses_a_readme_without_exactly_two_commands(count: int, tmp_path: Path) -> None:
    """`.ci/run` stops before it runs anything when README.md does not hold exactly two commands."""
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci/run").symlink_to(ROOT / ".ci/run")
    (tmp_path / "README.md").write_text("```console\n$ exit\n```\n" * count, encoding="utf-8")
    result = run_ci(tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (
        2,
        "",
        f"README.md must hold exactly two commands (lines '$ ...' in console blocks), not {count}\n",
    )
