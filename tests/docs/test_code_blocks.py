"""Every code block of README.md and of the docs is true."""

import configparser
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]

PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    if ROOT / "docs/_build" not in page.parents
)

PARSERS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "ini": lambda text: configparser.ConfigParser(interpolation=None).read_string(text),
}

LANGUAGES = {
    "python",  # runs
    *PARSERS,  # parse
    *("console", "http", "text"),  # are only shown
    *("{eval-rst}", "{literalinclude}", "{toctree}"),  # are directives of Sphinx
}

COMMANDS = [
    'python -m pip install ".[examples]" && pytest docs/examples/lobby_service',
    "python -m pip install tox && tox",
]


class Block(NamedTuple):
    """A code block of a page; `line` is the page's line, from 1, on which its text begins."""

    language: str
    text: str
    line: int


def blocks_of(page: str) -> list[Block]:
    """All code blocks of a page in order; an indented one has no language."""
    tokens = MarkdownIt().parse((ROOT / page).read_text(encoding="utf-8"))
    return [
        Block(
            language=(token.info.split() or [""])[0],
            text=token.content,
            line=(token.map or [0])[0] + (2 if token.type == "fence" else 1),
        )
        for token in tokens
        if token.type in {"fence", "code_block"}
    ]


def module_of(page: str) -> str:
    """The python blocks of a page as one module in which every line has the number it has on the page."""
    module = ""
    for block in blocks_of(page):
        if block.language == "python":
            module += "\n" * (block.line - 1 - module.count("\n")) + block.text
    return module


def error_in(block: Block) -> Exception | None:
    """What the parser of the block's language says against it; other languages have no parser."""
    parse = PARSERS.get(block.language, str)
    try:
        parse(block.text)
    except (ValueError, configparser.Error) as error:
        return error
    return None


def run_ci(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs .ci/run of a checkout and says what it printed."""
    return subprocess.run([checkout / ".ci/run", *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_names_a_known_language(page: str) -> None:
    """No block escapes its test by naming no language, or one that nothing checks."""
    unknown = [
        f"{page}:{block.line}: {block.language or 'no language'}"
        for block in blocks_of(page)
        if block.language not in LANGUAGES
    ]
    assert not unknown, "\n".join(unknown)


@pytest.mark.parametrize("page", PAGES)
def test_python_blocks_run(page: str, pytester: pytest.Pytester) -> None:
    """The python blocks of a page, joined in order, import cleanly, and the tests they define pass."""
    module = pytester.path / f"test_{Path(page).stem}.py"
    module.write_text(module_of(page), encoding="utf-8")
    result = pytester.runpytest_inprocess(module, "-W", "error", "-p", "no:randomly")
    assert result.ret in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    assert result.parseoutcomes().keys() <= {"passed"}


@pytest.mark.parametrize("page", PAGES)
def test_data_blocks_parse(page: str) -> None:
    """Every json, toml and ini block is well-formed."""
    errors = [f"{page}:{block.line}: {error}" for block in blocks_of(page) if (error := error_in(block)) is not None]
    assert not errors, "\n".join(errors)


def test_readme_holds_the_two_commands() -> None:
    """README.md shows two commands, one for the example and one for every check, and no third."""
    lines = [
        line for block in blocks_of("README.md") if block.language == "console" for line in block.text.splitlines()
    ]
    assert [line.removeprefix("$ ") for line in lines if line.startswith("$ ")] == COMMANDS


def test_ci_reads_its_commands_from_the_readme() -> None:
    """`.ci/run` runs the commands of README.md, exactly as they stand there."""
    assert run_ci(ROOT, "--list").stdout.splitlines() == COMMANDS


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
