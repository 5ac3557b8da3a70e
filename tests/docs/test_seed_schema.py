"""The JSON Schema of seeds takes the seeds that are right, and refuses typical mistakes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from pytest_xbl import Seed, XboxLive
from pytest_xbl.arrange.scenarios import SCENARIOS, bounds_of, build

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "reference/seed.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
BLOCK = re.compile(r"^```(json|yaml|python)(?: (\S+))?.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)

SCID = "5c1d0000-0000-4000-8000-00000000000a"


def seeds_in(module: str) -> Iterator[Any]:
    """The seeds that stand in Python as dicts of nothing but literals."""
    for node in ast.walk(ast.parse(module)):
        match node:
            case (
                ast.keyword(arg="seed", value=ast.Dict() as seed)
                | ast.Call(func=ast.Name("Seed") | ast.Attribute(attr="seed"), args=[ast.Dict() as seed])
            ):
                with suppress(ValueError):
                    yield ast.literal_eval(seed)


def examples() -> Iterator[Any]:
    """The seeds of the documentation: files, and dicts in Python."""
    for page in sorted(DOCS.glob("*/*.md")):
        for language, file, text in BLOCK.findall(page.read_text(encoding="utf-8")):
            if language == "python":
                yield from seeds_in(text)
            elif file or page.name == "seeds.md":
                # An editor reads a time in YAML as the string that it is.
                as_json = text if language == "json" else json.dumps(yaml.safe_load(text), default=datetime.isoformat)
                yield json.loads(as_json)


def mistakes_in(seed: object) -> list[str]:
    """The places of a seed at which an editor shows a mistake."""
    return ["/".join(map(str, error.absolute_path)) for error in VALIDATOR.iter_errors(seed)]


def test_it_is_a_json_schema() -> None:
    """The schema has the form that JSON Schema asks for."""
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("seed", [*examples()])
def test_it_takes_the_examples_of_the_documentation(seed: object) -> None:
    """No example is marked as wrong in an editor (SEED-1)."""
    assert mistakes_in(seed) == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_takes_every_scenario(name: str) -> None:
    """As a seed, as it is dumped, and by name with its lowest parameters (SEED-3, SEED-7)."""
    dumped = XboxLive(seed=Seed.scenario(name)).dump()
    lowest = {parameter: bounds.low for parameter, bounds in bounds_of(name).items()}

    assert mistakes_in(build(name, {})) == mistakes_in(json.loads(json.dumps(dumped))) == []
    assert mistakes_in({"extends": [{"scenario": name, **lowest}, name, "a.json"]}) == []


@pytest.mark.parametrize(
    "template",
    [
        {"contract": 107, "constants": {"system": {"reservedRemovalTimeout": None}}},
        {"contract": 105, "constants": {"system": {"timeouts": {"reserved": 1}}}},
    ],
)
def test_the_contract_of_a_template_decides_about_its_names(template: dict[str, Any]) -> None:
    """The constants of a template have the names of its contract (TMPL-7)."""
    other = {**template, "contract": 212 - template["contract"]}

    assert mistakes_in({"templates": {"t": template}}) == []
    assert mistakes_in({"templates": {"t": other}}) == ["templates/t/constants/system"]


@pytest.mark.parametrize("place", ["users", "users/Ana", "sessions/s/members/Ana", "sessions/s/properties/system/turn"])
def test_a_null_is_expected_not_to_be_there(place: str) -> None:
    """Inside `expected`, null stands for everything that is not to be there (SEED-10)."""
    expected: Any = None
    for part in reversed(place.split("/")):
        expected = {part: expected}

    assert mistakes_in({"expected": expected}) == []


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    # A seed, and the place at which an editor shows that it is wrong.
    "a section that is misspelt": ({"session": {}}, ""),
    "a field that is misspelt": ({"users": {"Ana": {"gamertg": "A"}}}, "users/Ana"),
    "a xuid that is a number": ({"users": {"Ana": {"xuid": 7}}}, "users/Ana/xuid"),
    "a privilege that nobody has": ({"users": {"Ana": {"privileges": ["chat"]}}}, "users/Ana/privileges/0"),
    "a service that is a user": ({"services": {"s": {"gamertag": "s"}}}, "services/s"),
    "a time without a zone": ({"now": "2026-03-06T20:00:00"}, "now"),
    "a scenario without a name": ({"extends": {"players": 2}}, "extends"),
    "a scenario with too many players": ({"extends": {"scenario": "lobby", "players": 8}}, "extends"),
    "a name of a template with a slash": ({"templates": {"t": {"name": "a/b"}}}, "templates/t/name"),
    "a contract that there is not": ({"templates": {"t": {"contract": 106}}}, "templates/t/contract"),
    "a status that there is not": ({"sessions": {"s": {"members": {"Ana": "gone"}}}}, "sessions/s/members/Ana"),
    "a member who is true": ({"sessions": {"s": {"members": {"Ana": True}}}}, "sessions/s/members/Ana"),
    "a flag that the status says": (
        {"sessions": {"s": {"members": {"Ana": {"properties": {"system": {"active": True}}}}}}},
        "sessions/s/members/Ana",
    ),
    "a constant among the properties": (
        {"sessions": {"s": {"properties": {"system": {"visibility": "open"}}}}},
        "sessions/s/properties/system",
    ),
    "a capability that is misspelt": (
        {"sessions": {"s": {"constants": {"system": {"capabilities": {"crossplay": True}}}}}},
        "sessions/s/constants/system/capabilities",
    ),
    "custom data beside the bags": ({"sessions": {"s": {"properties": {"map": "a"}}}}, "sessions/s/properties"),
    "an old name outside a template": (
        {"sessions": {"s": {"constants": {"system": {"timeouts": {}}}}}},
        "sessions/s/constants/system",
    ),
    "a role that is too large": (
        {"sessions": {"s": {"roleTypes": {"team": {"roles": {"leader": {"max": 0}}}}}}},
        "sessions/s/roleTypes/team/roles/leader/max",
    ),
    "a server of the matchmaker": (
        {"sessions": {"s": {"servers": {"matchmaking": {"properties": {"system": {"lock": "a"}}}}}}},
        "sessions/s/servers/matchmaking/properties/system",
    ),
    "a search handle": ({"handles": {"h": {"type": "search"}}}, "handles/h/type"),
    "an attribute that is misspelt": ({"handles": {"h": {"attributes": {"contxt": "a"}}}}, "handles/h/attributes"),
    "a handle to half a reference": ({"handles": {"h": {"session": {"scid": SCID, "name": "s"}}}}, "handles/h/session"),
    "a value that is true": ({"statistics": {"users": {"Ana": {"wins": True}}}}, "statistics/users/Ana/wins"),
    "a value without a value": (
        {"statistics": {"users": {"Ana": {"wins": {"name": "w"}}}}},
        "statistics/users/Ana/wins",
    ),
    "a type of a statistic": ({"statistics": {"definitions": {"w": {"type": "int"}}}}, "statistics/definitions/w/type"),
    "a number given that is negative": ({"given": {"sessions": -1}}, "given/sessions"),
    "a template that is expected": ({"expected": {"templates": {}}}, "expected"),
    "a status that is expected": (
        {"expected": {"sessions": {"s": {"members": {"Ana": "gone"}}}}},
        "expected/sessions/s/members/Ana",
    ),
}


@pytest.mark.parametrize(("seed", "place"), MISTAKES.values(), ids=MISTAKES)
def test_it_refuses_typical_mistakes(seed: dict[str, Any], place: str) -> None:
    """An editor shows a mistake where it is, before a test runs (SEED-1)."""
    found = mistakes_in(seed)

    assert found == [place]
