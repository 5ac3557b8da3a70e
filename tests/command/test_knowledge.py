"""The commands that say what the fake knows, and need no world that is served."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_xbl.arrange.scenarios import listing
from pytest_xbl.command.main import main
from pytest_xbl.openapi.description import openapi_text
from pytest_xbl.rulebook import RULES, Rule
from tables import cases

RIGHT = {"users": ["Stacy"], "sessions": {"friday": {"template": "lobby", "members": ["Stacy"]}}}

WRONG = """\
field.json: The field "usres" is not known here; did you mean "users"? (where: /usres in field.json; rule: SEED-1)
rules.json: There is no template lobbi in 5c1d0000-0000-4000-8000-000000000001; it has lobby, game, ticket, large, \
browse, global(lfg). Did you mean lobby? (where: /sessions/friday/template in rules.json; rule: TMPL-1)
faults.json: There is no operation "put-sesion"; did you mean "put-session"? \
(where: /faults/0/fail in faults.json; rule: FAULT-1)
text.json: The file is not JSON: Expecting property name enclosed in double quotes in line 1, column 2. \
(where: text.json; rule: CALL-6)
{directory}/missing.json: The file {directory}/missing.json cannot be read: No such file or directory.
"""
"""The complaints about seeds that are wrong."""


def test_scenarios_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """As `pytest --xbl-scenarios` lists them."""
    assert main(["scenarios"]) == 0
    assert capsys.readouterr() == (f"{listing()}\n", "")


def test_all_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each in one line, which begins with its id."""
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{rule.id}: {rule.text}" for rule in RULES.values()]


@pytest.mark.parametrize("name", ["TMPL-1", "tmpl-1"])
def test_a_rule_is_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With what it is about, how we know it, and whether the fake acts on it; case is of no account."""
    assert main(["rules", name]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"TMPL-1: {RULES['TMPL-1'].text}",
        "about: Templates",
        f"how we know: {'; '.join(map(str, RULES['TMPL-1'].sources))}",
        "built: yes",
    ]


def test_openapi_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The document that the reference of the docs has."""
    assert main(["openapi"]) == 0
    assert capsys.readouterr() == (openapi_text(), "")


@cases(
    "rule status",
    {
        "a rule that is built": (Rule("X", "", ()), "yes"),
        "a part is missing": (Rule("X", "", (), missing="under contract 105"), "yes, but not under contract 105"),
        "a rule that is not built": (Rule("X", "", (), built=False), "not yet"),
    },
)
def test_a_rule_says_whether_it_is_built(rule: Rule, status: str) -> None:
    """On the page of rules, and for whoever asks for one."""
    assert rule.status == status


def test_right_seeds_are_ok(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each file."""
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file in files:
        file.write_text(json.dumps(RIGHT))
    assert main(["seed", "check", *map(str, files)]) == 0
    assert capsys.readouterr() == ("".join(f"{file}: ok\n" for file in files), "")


def test_wrong_seeds_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with what is wrong, the place and the rule; the right ones between them are ok all the same (CMD-5)."""
    monkeypatch.chdir(tmp_path)
    seeds = {
        "field.json": '{"usres": []}',
        "right.json": "{}",
        "rules.json": json.dumps(RIGHT).replace("lobby", "lobbi"),
        "faults.json": '{"faults": [{"fail": "put-sesion", "status": 503}]}',
        "text.json": "{",
    }
    for name, text in seeds.items():
        Path(name).write_text(text)
    assert main(["seed", "check", *seeds, str(tmp_path / "missing.json")]) == 2
    printed, complaints = capsys.readouterr()
    assert printed == "right.json: ok\n"
    assert complaints.replace("pytest-xbl: error: ", "") == WRONG.format(directory=tmp_path)
