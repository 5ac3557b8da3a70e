"""Seeds in files: JSON, and YAML where it can be read (SEED-1, SEED-3)."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from errors import error_of
from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.arrange import files, yaml_text
from seeds import Row, row_of
from tables import cases

SEED: dict[str, Any] = {
    "description": "Ana is in a lobby.",
    "now": "2026-05-01T10:00:00Z",
    "users": {"Ana": {"gamertag": "\u00c4na"}},
    "sessions": {"one": {"template": "lobby", "members": ["Ana"]}},
}
DIGITS = "a string of decimal digits"
WITHOUT_PYYAML = "{} is YAML, which takes PyYAML: pip install 'pytest-xbl[yaml]', or use JSON."


def read_error(path: Path, text: str) -> Row:
    """The three lines with which a file of this text is not read."""
    path.write_text(text, encoding="utf-8")
    return row_of(lambda: Seed.read(path))


# Reading


@pytest.mark.parametrize("name", ["lobby.json", "lobby.yaml", "lobby.yml"])
def test_a_seed_is_read_from_a_file(here: Path, name: str) -> None:
    """It is called after the file (SEED-1)."""
    dump = json.dumps if name.endswith("json") else yaml.safe_dump
    (here / name).write_text(dump(SEED), encoding="utf-8")
    for seed in (Seed.read(name), Seed.read(here / name)):
        assert (repr(seed), seed.description) == ("<seed lobby>", "Ana is in a lobby.")
        assert XboxLive(seed=seed).dump() == XboxLive(seed=Seed(SEED)).dump()


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ('{\n"now": NaN}', "NaN is not JSON.", "CALL-6"),
        ('{"users": {"Ana": {}, "Ana": {}}}', 'The name "Ana" appears twice in one object.', "CALL-6"),
        ("\ufeff{}", "The file starts with a byte order mark, which JSON does not have.", "CALL-6"),
        ("[" * 73 + "]" * 73, "Objects and lists lie more than 72 deep inside each other.", "CALL-12"),
    ],
    ids=["NaN", "twice", "byte order mark", "deep"],
)
def test_a_file_is_read_like_the_body_of_a_request(here: Path, text: str, line: str, rule: str) -> None:
    """With eight levels around the content of one (CALL-6, CALL-9, CALL-12)."""
    assert read_error(here / "lobby.json", text) == (line, "lobby.json", rule)


@pytest.mark.parametrize(("text", "place"), [("", "line 1, column 1"), ('{"users": [}', "line 1, column 12")])
def test_a_file_that_is_not_json_is_refused(here: Path, text: str, place: str) -> None:
    """With the reason in Python's words, and the place (CALL-6)."""
    with pytest.raises(json.JSONDecodeError) as python:
        json.loads(text)
    reason = f"The file is not JSON: {python.value.msg} in {place}."
    assert read_error(here / "lobby.json", text) == (reason, "lobby.json", "CALL-6")


@pytest.mark.parametrize("name", ["lobby.json", "lobby.yaml"])
@pytest.mark.parametrize(
    ("text", "line", "place", "rule"),
    [
        ("[]", "Expected an object; got [].", "", "SEED-1"),
        ('{"users": {"Ana": {"xuid": 5}}}', f"Expected {DIGITS}; got 5.", "/users/Ana/xuid in ", "CALL-10"),
    ],
)
def test_an_error_names_the_file_and_the_place_in_it(
    here: Path, name: str, text: str, line: str, place: str, rule: str
) -> None:
    """The file as it is seen from the current directory (SEED-1)."""
    assert read_error(here / name, text) == (line, f"{place}{name}", rule)


def test_a_file_elsewhere_is_named_in_full(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it does not lie below the current directory (SEED-1)."""
    (here / "inner").mkdir()
    (here / "lobby.json").write_text("[]", encoding="utf-8")
    monkeypatch.chdir(here / "inner")
    assert row_of(lambda: Seed.read("../lobby.json"))[1] == f"{here / 'lobby.json'}"


@pytest.mark.parametrize("name", ["lobby.json", "lobby.yaml"])
@pytest.mark.parametrize(
    ("content", "why"),
    [(b'{"a": "\xff"}', "invalid start byte at byte 7"), (b'{"a": "\xc3', "unexpected end of data at byte 7")],
)
def test_a_file_is_utf_8(here: Path, name: str, content: bytes, why: str) -> None:
    """Whatever it holds (CALL-6)."""
    (here / name).write_bytes(content)
    assert error_of(lambda: Seed.read(name)) == f"The file {here / name} is not UTF-8: {why}."


@pytest.mark.parametrize("name", ["a\0.json", "\ud800.json", "a\0.yaml"])
def test_a_name_that_no_file_can_have_is_refused(here: Path, name: str) -> None:
    """With the name as Python writes it, to read it or to write it (SEED-3)."""
    cannot = f"The file {name!r} cannot be read: "
    assert error_of(lambda: Seed.read(name)).startswith(cannot)
    what, *where = row_of(lambda: Seed({"extends": name})._load(Path()))
    assert (what.startswith(cannot), where) == (True, ["/extends in the seed", "SEED-3"])
    none = f"No file can be called {name!r}: "
    assert error_of(lambda: files.read(Path(name))).startswith(none)
    assert error_of(lambda: files.write(Path(name), {})).startswith(none)
    with pytest.raises(XblError, match=r"No file can be called|cannot be read"):
        XboxLive(seed=name)


def test_a_link_that_leads_to_itself_is_refused(here: Path) -> None:
    """There is nothing to read at its end (SEED-3)."""
    (here / "loop.json").symlink_to("loop.json")
    text = error_of(lambda: Seed.read("loop.json"))
    assert re.match(r"The file \S*loop\.json'? cannot be read: \S", text)


def test_a_file_that_cannot_be_read_or_written_is_named(here: Path) -> None:
    """With the reason that the system gives."""
    (here / "inner.json").mkdir()
    missing = "cannot be read: No such file or directory."
    assert error_of(lambda: Seed.read("none.json")) == f"The file {here / 'none.json'} {missing}"
    folder = here / "inner.json"
    assert error_of(lambda: Seed.read("inner.json")) == f"The file {folder} cannot be read: Is a directory."
    assert error_of(lambda: files.write(folder, {})) == f"The file {folder} cannot be written: Is a directory."


@pytest.mark.parametrize("end", ["json", "yaml", "yml", "JSON", "Yaml", "YML"])
def test_a_name_says_whether_it_is_that_of_a_file(here: Path, end: str) -> None:
    """By its end, in capitals too; everything else is the name of a scenario (SEED-3)."""
    name = f"../{here.name}/a.{end}"
    assert files.is_file_name(name)
    assert not files.is_file_name(end)
    files.write(here / name, {"users": ["Ana"]})
    assert (here / name).read_text(encoding="utf-8").startswith("{") is (end.lower() == "json")
    assert Seed.read(name)._load(here).people == Seed({"extends": name})._load(here).people == ("Ana",)


# YAML


@pytest.mark.parametrize("time", ["2026-05-01T10:00:00Z", "2026-05-01 12:00:00 +02:00", "'2026-05-01T10:00:00Z'"])
def test_a_time_in_yaml_needs_no_quotes(here: Path, time: str) -> None:
    """YAML knows times, and a zone is one of theirs (TIME-1)."""
    (here / "now.yaml").write_text(f"now: {time}\n", encoding="utf-8")
    assert Seed.read("now.yaml")._load(here).state.now == datetime(2026, 5, 1, 10, tzinfo=timezone.utc)


DATE = 'the date 2026-05-01, without a time and a zone as in "2026-05-01T12:00:00Z"'
DEEP = "Objects and lists lie more than 72 deep inside each other."
UNQUOTED = "Expected a string as the name of a field; got {}. Put it in quotes."
TWICE = "The file is not YAML: the name {} is there twice in line {}, column {}."
NO_TIME = 'Expected a time with its zone, as "2026-01-01T12:00:00Z"; got "2026-05-01 10:00:00".'
REFUSED: dict[str, tuple[str, str, str]] = {
    # YAML, the text, and the place with the rule.
    "nothing": ("", "Expected an object; got null.", "a.yaml SEED-1"),
    "a name twice": ("users:\n  Ana: {}\n  Ana: {}\n", TWICE.format("'Ana'", 3, 3), "a.yaml SEED-1"),
    "a name twice, further in": ("users: {a: {b: 1, b: 2}}\n", TWICE.format("'b'", 1, 19), "a.yaml SEED-1"),
    "a number as a name": ("users: {1: {}}\n", UNQUOTED.format(1), "/users in a.yaml SEED-1"),
    "a truth as a name": ("users: {yes: {}}\n", UNQUOTED.format(True), "/users in a.yaml SEED-1"),
    "a date": ("now: 2026-05-01\n", f"Expected JSON or a datetime; got {DATE}.", "/now in a.yaml SEED-1"),
    "a time without a zone": ("now: 2026-05-01 10:00:00\n", NO_TIME, "/now in a.yaml TIME-1"),
    "a set": ("users: !!set {Ana}\n", "Expected JSON or a datetime; got {'Ana'}.", "/users in a.yaml SEED-1"),
    "a list in itself": ("users: &people [*people]\n", DEEP, "/users/0/0 in a.yaml CALL-12"),
    "many lists": ("[" * 3000, "The file is nested too deeply.", "a.yaml SEED-1"),
}


@cases("text what at", REFUSED)
def test_yaml_that_is_no_seed_is_refused(here: Path, text: str, what: str, at: str) -> None:
    """With its place in the file, or in the seed (SEED-1)."""
    place, rule = at.rsplit(" ", 1)
    assert read_error(here / "a.yaml", text) == (what, place, rule)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("users: [Ana\n", "line 2, column 1"),
        ("users: *people\n", "line 1, column 8"),
        ("? [a]\n: b\n", "line 1, column 3"),
        ("users: {? {a: 1} : {}}\n", "line 1, column 11"),
        ("users: !!python/object:os.system {}\n", "line 1, column 8"),
        ("now: !!map abc\n", "line 1, column 6"),
        ("users: {Ana: {<<: 5}}\n", "line 1, column 19"),
    ],
)
def test_a_file_that_is_not_yaml_is_refused(here: Path, text: str, place: str) -> None:
    """With the reason in PyYAML's words, and the place (SEED-1)."""
    with pytest.raises(yaml.MarkedYAMLError) as pyyaml:
        yaml.safe_load(text)
    reason = f"The file is not YAML: {pyyaml.value.problem} in {place}."
    assert read_error(here / "a.yaml", text) == (reason, "a.yaml", "SEED-1")


@pytest.mark.parametrize(
    "text", ["!!int abc", "!!float abc", "!!bool abc", "!!timestamp abc", "{!!map abc: {}}", "[\x07]", "2026-02-31"]
)
def test_yaml_that_pyyaml_breaks_on_is_refused(here: Path, text: str) -> None:
    """Whatever PyYAML raises, and in whatever words (SEED-1)."""
    what, *where = read_error(here / "a.yaml", f"now: {text}\n")
    assert re.fullmatch(r"The file is not YAML: .+\.", what, re.DOTALL)
    assert where == ["a.yaml", "SEED-1"]


@pytest.mark.parametrize("inside", [0, 8])
def test_yaml_is_read_once_however_deep(here: Path, monkeypatch: pytest.MonkeyPatch, inside: int) -> None:
    """Each object is made once, and the names in it are read twice at most (SEED-1)."""
    calls = []

    class Counting(yaml_text.Loader):
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            calls.append(node)
            return super().construct_mapping(node, deep=deep)

    monkeypatch.setattr(yaml_text, "Loader", Counting)
    custom = "{a: " * inside + "{}" + "}" * inside
    text = f"sessions: {{one: {{template: lobby, properties: {{custom: {custom}}}}}}}\n"
    (here / "a.yaml").write_text(text, encoding="utf-8")
    Seed.read("a.yaml")
    assert len(calls) == 5 + inside


@pytest.mark.parametrize(
    "people",
    [
        "{Ana: &one {xuid: '5', gamertag: A}, Bob: {<<: *one, xuid: '6'}}",
        "{Bob: {xuid: '6', <<: {xuid: '5', gamertag: A}}}",
        "{Bob: {<<: [{xuid: '6'}, {gamertag: A}]}}",
        "{Bob: {<<: {xuid: '6'}, <<: {gamertag: A}}}",
    ],
)
def test_yaml_may_merge_objects(here: Path, people: str) -> None:
    """With the name `<<`, which may be there more than once; the own fields of an object count more (SEED-1)."""
    (here / "a.yaml").write_text(f"users: {people}\n", encoding="utf-8")
    bob = XboxLive(seed=Seed.read("a.yaml")).scenario["Bob"]
    assert (bob.xuid, bob.gamertag) == ("6", "A")


def test_yaml_may_give_a_value_once_for_several_places(here: Path) -> None:
    """An alias stands for what it names (SEED-1)."""
    text = "users: &people [Ana, Bob]\nsessions: {one: {template: lobby, members: *people}}\n"
    (here / "a.yaml").write_text(text, encoding="utf-8")
    assert len(XboxLive(seed=Seed.read("a.yaml")).sessions["one"].document["members"]) == 2


def test_yaml_takes_an_extra(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has not installed it learns how, when a file is YAML and not before."""
    monkeypatch.delitem(sys.modules, "pytest_xbl.arrange.yaml_text", raising=False)
    monkeypatch.delattr("pytest_xbl.arrange.yaml_text", raising=False)
    monkeypatch.setitem(sys.modules, "yaml", None)
    text = WITHOUT_PYYAML.format(here / "a.yaml")
    (here / "a.yaml").write_text("users: [Ana]\n", encoding="utf-8")
    assert error_of(lambda: Seed.read("a.yaml")) == text
    by = row_of(lambda: Seed({"extends": "a.yaml"})._load(here))
    assert by == (text, "/extends in the seed", "SEED-3")
    assert error_of(lambda: files.write(here / "b.yaml", {})) == WITHOUT_PYYAML.format(here / "b.yaml")
    assert not (here / "b.yaml").exists()
    files.write(here / "a.json", {"users": ["Ana"]})
    assert Seed.read("a.json")._load(here).people == ("Ana",)


# Writing


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", '{\n  "now": "x",\n  "users": {\n    "\\u00c4na": {}\n  }\n}\n'),
        ("a.yaml", 'now: x\nusers:\n  "\\xC4na": {}\n'),
        ("a.yml", 'now: x\nusers:\n  "\\xC4na": {}\n'),
    ],
)
def test_a_document_is_written_in_the_order_that_it_has(tmp_path: Path, name: str, text: str) -> None:
    """As JSON, or as YAML if the name says so (SEED-7)."""
    files.write(tmp_path / name, {"now": "x", "users": {"\u00c4na": {}}})
    assert (tmp_path / name).read_text(encoding="utf-8") == text
