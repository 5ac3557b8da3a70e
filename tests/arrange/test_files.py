"""Seeds in files: JSON, and YAML where it can be read (SEED-1, SEED-3)."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_xbl import Seed, XblError, XboxLive
from pytest_xbl.arrange import files, yaml_text

SEED: dict[str, Any] = {
    "description": "Ana is in a lobby.",
    "now": "2026-05-01T10:00:00Z",
    "users": {"Ana": {"gamertag": "\u00c4na"}},
    "sessions": {"one": {"template": "lobby", "members": ["Ana"]}},
}
WITHOUT_PYYAML = "{} is YAML, which takes PyYAML: pip install 'pytest-xbl[yaml]', or use JSON."


def error_of(action: Callable[[], object]) -> str:
    """The text of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def without_pyyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if PyYAML were not installed."""
    monkeypatch.delitem(sys.modules, "pytest_xbl.arrange.yaml_text", raising=False)
    monkeypatch.delattr("pytest_xbl.arrange.yaml_text", raising=False)
    monkeypatch.setitem(sys.modules, "yaml", None)


# JSON


def test_a_seed_is_read_from_a_json_file(here: Path) -> None:
    """It is called after the file (SEED-1)."""
    (here / "lobby.json").write_text(json.dumps(SEED, ensure_ascii=False), encoding="utf-8")
    seed = Seed.read("lobby.json")
    assert (repr(seed), seed.description) == ("<seed lobby>", "Ana is in a lobby.")
    xbl = XboxLive(seed=seed)
    assert xbl.clock.now == datetime(2026, 5, 1, 10, tzinfo=timezone.utc)
    assert xbl.scenario["Ana"].gamertag == "\u00c4na"
    assert XboxLive(seed=Seed.read(here / "lobby.json")).dump() == xbl.dump()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{\n"now": NaN}', "NaN is not JSON."),
        ('{"given": {"handles": 1e999}}', 'The number "1e999" is too large.'),
        ('{"given": {"handles": 18446744073709551616}}', 'The integer "18446744073709551616" has more than 64 bits.'),
        ('{"users": {"Ana": {}, "Ana": {}}}', 'The name "Ana" stands twice in one object.'),
        ("\ufeff{}", "The file starts with a byte order mark, which JSON does not have."),
        ("[" * 73 + "]" * 73, "Objects and lists lie more than 72 deep inside each other."),
        ("[" * 100_000, "Objects and lists lie more than 72 deep inside each other."),
    ],
    ids=["NaN", "infinity", "integer", "twice", "byte order mark", "deep", "very deep"],
)
def test_what_is_no_json_is_refused(here: Path, text: str, line: str) -> None:
    """A file holds nothing that could be read in two ways (CALL-6, CALL-9, CALL-12)."""
    (here / "lobby.json").write_text(text, encoding="utf-8")
    said = error_of(lambda: Seed.read("lobby.json"))
    rule = "CALL-12" if line.endswith("deep inside each other.") else "CALL-6"
    assert said == f"{line}\nwhere: lobby.json\nrule: {rule}"


@pytest.mark.parametrize(("text", "place"), [("", "line 1, column 1"), ('{"users": [}', "line 1, column 12")])
def test_a_file_that_is_not_json_is_refused(here: Path, text: str, place: str) -> None:
    """With the reason in Python's words, and the place (CALL-6)."""
    (here / "lobby.json").write_text(text, encoding="utf-8")
    with pytest.raises(json.JSONDecodeError) as python:
        json.loads(text)
    said = error_of(lambda: Seed.read("lobby.json"))
    assert said == f"The file is not JSON: {python.value.msg} in {place}.\nwhere: lobby.json\nrule: CALL-6"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "Expected an object; got [].\nwhere: lobby.json\nrule: SEED-1"),
        ("null", "Expected an object; got null.\nwhere: lobby.json\nrule: SEED-1"),
        (
            '{"users": {"Ana": {"xuid": 5}}}',
            "Expected a string of decimal digits; got 5.\nwhere: /users/Ana/xuid in lobby.json\nrule: CALL-10",
        ),
        (
            '{"user": {}}',
            'The field "user" is not known here; did you mean "users"?\nwhere: /user in lobby.json\nrule: SEED-1',
        ),
    ],
)
def test_an_error_names_the_file_and_the_place_in_it(here: Path, text: str, said: str) -> None:
    """The file as it is seen from the current directory (SEED-1)."""
    (here / "lobby.json").write_text(text, encoding="utf-8")
    assert error_of(lambda: Seed.read("lobby.json")) == said
    assert error_of(lambda: Seed.read(here / "lobby.json")) == said


def test_a_file_elsewhere_is_named_in_full(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it does not lie below the current directory (SEED-1)."""
    (here / "inner").mkdir()
    (here / "lobby.json").write_text("[]", encoding="utf-8")
    monkeypatch.chdir(here / "inner")
    path = (here / "lobby.json").resolve()
    assert error_of(lambda: Seed.read("../lobby.json")).splitlines()[1] == f"where: {path}"


@pytest.mark.parametrize("name", ["lobby.json", "lobby.yaml"])
@pytest.mark.parametrize(
    ("content", "why"),
    [(b'{"a": "\xff"}', "invalid start byte at byte 7"), (b'{"a": "\xc3', "unexpected end of data at byte 7")],
)
def test_a_file_is_utf_8(here: Path, name: str, content: bytes, why: str) -> None:
    """Whatever it holds (CALL-6)."""
    (here / name).write_bytes(content)
    assert error_of(lambda: Seed.read(name)) == f"The file {(here / name).resolve()} is not UTF-8: {why}."


@pytest.mark.parametrize("name", ["a\0.json", "\ud800.json", "a\0.yaml"])
def test_a_name_that_no_file_can_have_is_refused(here: Path, name: str) -> None:
    """With the name as Python writes it (SEED-3)."""
    assert error_of(lambda: Seed.read(name)).startswith(f"The file {name!r} cannot be read: ")
    said = error_of(lambda: Seed({"extends": name}).loaded(Path()))
    assert said.startswith(f"The file {name!r} cannot be read: ")
    assert said.endswith("\nextended by: the seed")
    assert error_of(lambda: files.read(Path(name))).startswith(f"No file can be called {name!r}: ")


def test_a_link_that_leads_to_itself_is_refused(here: Path) -> None:
    """There is nothing to read at its end (SEED-3)."""
    (here / "loop.json").symlink_to("loop.json")
    said = error_of(lambda: Seed.read("loop.json"))
    assert re.match(r"The file \S*loop\.json'? cannot be read: \S", said)
    assert error_of(lambda: Seed({"extends": "loop.json"}).loaded(Path())) == f"{said}\nextended by: the seed"


def test_a_file_is_there_and_a_file(here: Path) -> None:
    """What the system says of it is told."""
    (here / "inner.json").mkdir()
    here = here.resolve()
    assert error_of(lambda: Seed.read("none.json")) == (
        f"The file {here / 'none.json'} cannot be read: No such file or directory."
    )
    assert (
        error_of(lambda: Seed.read("inner.json")) == f"The file {here / 'inner.json'} cannot be read: Is a directory."
    )


@pytest.mark.parametrize(
    ("name", "is_file"),
    [
        ("a.json", True),
        ("a.yaml", True),
        ("a.yml", True),
        ("A.JSON", True),
        ("A.Yaml", True),
        ("A.YML", True),
        ("../b/a.json", True),
        ("lobby", False),
        ("json", False),
    ],
)
def test_a_name_says_whether_it_is_that_of_a_file(name: str, is_file: bool) -> None:
    """By its end; everything else is the name of a scenario (SEED-3)."""
    assert files.is_file_name(name) is is_file


# YAML


@pytest.mark.parametrize("name", ["lobby.yaml", "lobby.yml"])
def test_a_seed_is_read_from_a_yaml_file(here: Path, name: str) -> None:
    """It is the same as in JSON (SEED-1)."""
    (here / name).write_text(
        "# Ana is in a lobby.\n"
        "description: Ana is in a lobby.\n"
        "now: '2026-05-01T10:00:00Z'\n"
        "users:\n  Ana: {gamertag: \u00c4na}\n"
        "sessions:\n  one:\n    template: lobby\n    members:\n    - Ana\n",
        encoding="utf-8",
    )
    seed = Seed.read(name)
    assert (repr(seed), seed.description) == ("<seed lobby>", "Ana is in a lobby.")
    assert XboxLive(seed=seed).dump() == XboxLive(seed=Seed(SEED)).dump()


@pytest.mark.parametrize("time", ["2026-05-01T10:00:00Z", "2026-05-01 12:00:00 +02:00", "'2026-05-01T10:00:00Z'"])
def test_a_time_in_yaml_needs_no_quotes(here: Path, time: str) -> None:
    """YAML knows times, and a zone is one of theirs (TIME-1)."""
    (here / "now.yaml").write_text(f"now: {time}\n", encoding="utf-8")
    assert Seed.read("now.yaml").loaded(here).state.now == datetime(2026, 5, 1, 10, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Expected an object; got null.\nwhere: a.yaml\nrule: SEED-1"),
        ("- users\n", 'Expected an object; got ["users"].\nwhere: a.yaml\nrule: SEED-1'),
        (
            "users:\n  Ana: {}\n  Ana: {}\n",
            "The file is not YAML: 'Ana' stands twice in line 3, column 3.\nwhere: a.yaml\nrule: SEED-1",
        ),
        (
            "users: {a: {b: 1, b: 2}}\n",
            "The file is not YAML: 'b' stands twice in line 1, column 19.\nwhere: a.yaml\nrule: SEED-1",
        ),
        (
            "users: {1: {}}\n",
            "Names are strings, and 1 is none: put it in quotes.\nwhere: /users in a.yaml\nrule: SEED-1",
        ),
        (
            "users: {yes: {}}\n",
            "Names are strings, and True is none: put it in quotes.\nwhere: /users in a.yaml\nrule: SEED-1",
        ),
        (
            "users: {Ana: {xuid: 5}}\n",
            "Expected a string of decimal digits; got 5.\nwhere: /users/Ana/xuid in a.yaml\nrule: CALL-10",
        ),
        (
            "now: 2026-05-01\n",
            (
                '2026-05-01, without a time and a zone as in "2026-05-01T12:00:00Z", '
                "is nothing that a seed can hold here.\nwhere: /now in a.yaml\nrule: SEED-1"
            ),
        ),
        (
            "sessions: {one: {properties: {custom: {at: 2026-05-01T10:00:00Z}}}}\n",
            (
                "datetime.datetime(2026, 5, 1, 10, 0, tzinfo=datetime.timezone.utc) is nothing that a seed can hold "
                "here.\nwhere: /sessions/one/properties/custom/at in a.yaml\nrule: SEED-1"
            ),
        ),
        (
            "now: 2026-05-01 10:00:00\n",
            (
                'Expected a time with its zone, as "2026-01-01T12:00:00Z"; got "2026-05-01 10:00:00".\n'
                "where: /now in a.yaml\nrule: TIME-1"
            ),
        ),
        ("users: &people [*people]\n", "The seed lies too deep inside itself.\nwhere: a.yaml\nrule: SEED-1"),
        ("&all {users: *all}\n", "The seed lies too deep inside itself.\nwhere: a.yaml\nrule: SEED-1"),
        ("[" * 3000, "The file lies too deep inside itself.\nwhere: a.yaml\nrule: SEED-1"),
        (
            "users: !!set {Ana}\n",
            "{'Ana'} is nothing that a seed can hold here.\nwhere: /users in a.yaml\nrule: SEED-1",
        ),
        (
            "given: {handles: .inf}\n",
            "inf is nothing that a seed can hold here.\nwhere: /given/handles in a.yaml\nrule: SEED-1",
        ),
    ],
)
def test_what_is_no_seed_in_yaml_is_refused(here: Path, text: str, said: str) -> None:
    """Where it stands in the file, or in the seed (SEED-1)."""
    (here / "a.yaml").write_text(text, encoding="utf-8")
    assert error_of(lambda: Seed.read("a.yaml")) == said


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("users: [Ana\n", "line 2, column 1"),
        ("users: *people\n", "line 1, column 8"),
        ("? [a]\n: b\n", "line 1, column 3"),
        ("users: {? {a: 1} : {}}\n", "line 1, column 11"),
        ("users: !!python/object:os.system {}\n", "line 1, column 8"),
        ("now: !!map abc\n", "line 1, column 6"),
        ("now: !!set abc\n", "line 1, column 6"),
        ("now: !!seq abc\n", "line 1, column 6"),
        ("users: {Ana: {<<: 5}}\n", "line 1, column 19"),
    ],
)
def test_what_is_not_yaml_is_refused(here: Path, text: str, place: str) -> None:
    """With the reason in PyYAML's words, and the place (SEED-1)."""
    (here / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(yaml.MarkedYAMLError) as pyyaml:
        yaml.safe_load(text)
    said = error_of(lambda: Seed.read("a.yaml"))
    assert said == f"The file is not YAML: {pyyaml.value.problem} in {place}.\nwhere: a.yaml\nrule: SEED-1"


@pytest.mark.parametrize(
    "text", ["!!int abc", "!!float abc", "!!bool abc", "!!timestamp abc", "{!!map abc: {}}", "[\x07]"]
)
def test_yaml_that_pyyaml_breaks_on_is_refused(here: Path, text: str) -> None:
    """Whatever PyYAML raises, and in whatever words (SEED-1)."""
    (here / "a.yaml").write_text(f"now: {text}\n", encoding="utf-8")
    said = error_of(lambda: Seed.read("a.yaml"))
    assert re.fullmatch(r"The file is not YAML: .+\.\nwhere: a\.yaml\nrule: SEED-1", said, re.DOTALL)


@pytest.mark.parametrize("day", ["2026-02-31", "2026-02-31T10:00:00Z"])
def test_a_day_that_there_is_not_is_refused(here: Path, day: str) -> None:
    """YAML takes it for a time, and no calendar has it (TIME-1)."""
    (here / "a.yaml").write_text(f"now: {day}\n", encoding="utf-8")
    said = error_of(lambda: Seed.read("a.yaml"))
    assert re.fullmatch(r"The file is not YAML: day .*\.\nwhere: a\.yaml\nrule: SEED-1", said)


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
    ("people", "xuid", "gamertag"),
    [
        ("{Ana: &one {xuid: '5', gamertag: A}, Bob: {<<: *one, xuid: '6'}}", "6", "A"),
        ("{Bob: {xuid: '6', <<: {xuid: '5', gamertag: A}}}", "6", "A"),
        ("{Bob: {<<: [{xuid: '6'}, {gamertag: A}]}}", "6", "A"),
        ("{Bob: {<<: {xuid: '6'}, <<: {gamertag: A}}}", "6", "A"),
    ],
)
def test_yaml_may_merge_objects(here: Path, people: str, xuid: str, gamertag: str) -> None:
    """With the name `<<`, which may stand more than once; what an object says itself counts more (SEED-1)."""
    (here / "a.yaml").write_text(f"users: {people}\n", encoding="utf-8")
    bob = XboxLive(seed=Seed.read("a.yaml")).scenario["Bob"]
    assert (bob.xuid, bob.gamertag) == (xuid, gamertag)


def test_yaml_may_say_things_once_for_several_places(here: Path) -> None:
    """An alias stands for what it names (SEED-1)."""
    (here / "a.yaml").write_text(
        "users: &people [Ana, Bob]\nsessions: {one: {template: lobby, members: *people}}\n", encoding="utf-8"
    )
    xbl = XboxLive(seed=Seed.read("a.yaml"))
    assert [user.xuid for user in xbl.scenario.users] == [
        member["constants"]["system"]["xuid"] for member in xbl.sessions["one"].document["members"].values()
    ]


@pytest.mark.usefixtures("without_pyyaml")
def test_yaml_takes_an_extra(here: Path) -> None:
    """Whoever has not installed it is told how, when a file is YAML and not before."""
    (here / "a.yaml").write_text("users: [Ana]\n", encoding="utf-8")
    (here / "a.json").write_text('{"users": ["Ana"]}', encoding="utf-8")
    path = (here / "a.yaml").resolve()
    assert error_of(lambda: Seed.read("a.yaml")) == WITHOUT_PYYAML.format(path)
    assert error_of(lambda: Seed({"extends": "a.yaml"}).loaded(here)) == (
        f"{WITHOUT_PYYAML.format(path)}\nextended by: the seed"
    )
    assert error_of(lambda: files.write(here / "b.yaml", {})) == WITHOUT_PYYAML.format(here / "b.yaml")
    assert Seed.read("a.json").loaded(here).people == ("Ana",)
    assert not (here / "b.yaml").exists()


@pytest.mark.parametrize(
    ("name", "text"), [("A.JSON", '{"users": ["Ana"]}'), ("A.YAML", "users: [Ana]"), ("A.Yml", "users: [Ana]")]
)
def test_the_end_of_a_name_may_be_written_in_capitals(here: Path, name: str, text: str) -> None:
    """Where it is read, where it is extended, and where it is written (SEED-3)."""
    (here / name).write_text(text, encoding="utf-8")
    assert Seed.read(name).loaded(here).people == ("Ana",)
    assert Seed({"extends": name}).loaded(here).people == ("Ana",)
    files.write(here / name, {"users": ["Bob"]})
    assert (here / name).read_text(encoding="utf-8").startswith("{") is (name == "A.JSON")
    assert XboxLive(seed=name).scenario["Bob"].name == "Bob"


# Writing


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{\n  "now": "x",\n  "users": {\n    "\\u00c4na": {}\n  }\n}\n'),
        ("a.txt", '{\n  "now": "x",\n  "users": {\n    "\\u00c4na": {}\n  }\n}\n'),
        ("a.yaml", 'now: x\nusers:\n  "\\xC4na": {}\n'),
        ("a.yml", 'now: x\nusers:\n  "\\xC4na": {}\n'),
    ],
)
def test_a_document_is_written_in_the_order_that_it_has(tmp_path: Path, name: str, text: str) -> None:
    """As JSON, or as YAML if the name says so (SEED-7)."""
    files.write(tmp_path / name, {"now": "x", "users": {"\u00c4na": {}}})
    assert (tmp_path / name).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    """Numbers, texts that look like others, nulls: all stay what they are (SEED-7)."""
    document = {"a": ["yes", "1", 1, 1.5, None, True, "2026-01-01", "2026-01-01T12:00:00Z", "", " ", "a: b", "\n"]}
    files.write(tmp_path / name, document)
    assert files.read(tmp_path / name) == document


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With what the system says of it."""
    (tmp_path / "a.json").mkdir()
    assert error_of(lambda: files.write(tmp_path / "a.json", {})) == (
        f"The file {tmp_path / 'a.json'} cannot be written: Is a directory."
    )
    assert error_of(lambda: files.write(tmp_path / "none" / "a.json", {})) == (
        f"The file {tmp_path / 'none' / 'a.json'} cannot be written: No such file or directory."
    )
