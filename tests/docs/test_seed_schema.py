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
from tables import cases

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "reference/seed.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
BLOCK = re.compile(r"^```(json|yaml|python)(?: (\S+))?.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
SANDBOX = "xbl-settings.json"
"""The file of the documentation with the settings of the conformance suite; that and recordings are no seeds."""


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
            elif file != SANDBOX and not file.endswith(".har") and (file or page.name == "seeds.md"):
                # An editor reads a time in YAML as the string that it is.
                as_json = text if language == "json" else json.dumps(yaml.safe_load(text), default=datetime.isoformat)
                yield json.loads(as_json)


def seed_with(place: str, value: object) -> Any:
    """A seed with a value at a place, and nothing else."""
    for part in reversed(place.strip("/").split("/")):
        value = {part: value}
    return value


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
    assert mistakes_in(seed_with(f"expected/{place}", None)) == []


CONSTANTS = "sessions/s/constants/system"
MISTAKES: dict[str, tuple[str, str, Any]] = {
    # The place at which an editor shows a mistake, the mistake below that place, and its value.
    "a section that is misspelt": ("", "session", {}),
    "a field that is misspelt": ("users/Ana", "gamertg", "A"),
    "a service that is a user": ("services/s", "gamertag", "s"),
    "a scenario without a name": ("extends", "players", 2),
    "a scenario with too many players": ("extends", "", {"scenario": "lobby", "players": 8}),
    "a flag that the status says": ("sessions/s/members/Ana", "properties/system/active", True),
    "a constant among the properties": ("sessions/s/properties/system", "visibility", "open"),
    "a capability that is misspelt": (f"{CONSTANTS}/capabilities", "crossplay", True),
    "custom data beside the bags": ("sessions/s/properties", "map", "a"),
    "an old name outside a template": (CONSTANTS, "timeouts", {}),
    "a role that is too large": ("sessions/s/roleTypes/team/roles/leader/max", "", 0),
    "a server of the matchmaker": ("sessions/s/servers/matchmaking/properties/system", "lock", "a"),
    "an attribute that is misspelt": ("handles/h/attributes", "contxt", "a"),
    "a value without a value": ("statistics/users/Ana/wins", "name", "w"),
    "a template that is expected": ("expected", "templates", {}),
    "a status that is expected": ("expected/sessions/s/members/Ana", "", "gone"),
}


@cases("place below value", MISTAKES)
def test_it_refuses_typical_mistakes(place: str, below: str, value: Any) -> None:
    """An editor shows a mistake where it is, before a test runs (SEED-1)."""
    whole = place.removesuffix("/0")
    assert mistakes_in(seed_with(f"{whole}/{below}", value)) == [place]
