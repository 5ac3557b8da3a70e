"""The description of all operations: complete, and true of what it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import pytest_xbl
from described import description, misfits, operations, resolved
from pytest_xbl.mpsd.document_form import ANY_NAME, DOCUMENT, OLD_DOCUMENT, Form
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.openapi.bodies import BODIES, TABLES
from pytest_xbl.openapi.description import openapi_text
from pytest_xbl.openapi.examples import BODIES as EXAMPLES
from pytest_xbl.openapi.json_schema import schema_of
from pytest_xbl.openapi.parameters import PARTS
from pytest_xbl.openapi.refusals import MORE, refusals_of
from pytest_xbl.openapi.responses import CONTENTS
from pytest_xbl.rulebook import RULES
from pytest_xbl.wire.matching import every_route
from pytest_xbl.wire.neighbours.routes import ROUTES as NEIGHBOURS
from pytest_xbl.wire.route import Route

ROUTES = {route.operation: route for route in every_route()}
SAID = {operation.id: operation.said for operation in operations()}


def test_the_description_is_an_openapi_document() -> None:
    """Version 3.1, by the schema of that version and the rules beside it."""
    validator = pytest.importorskip("openapi_spec_validator", reason="the group openapi is not installed")
    assert [error.message for error in validator.OpenAPIV31SpecValidator(description()).iter_errors()] == []


def test_every_operation_is_described() -> None:
    """By the name that the journal has, with what it does, at its hosts (CALL-1)."""
    assert SAID.keys() == ROUTES.keys()
    for operation in operations():
        route = ROUTES[operation.id]
        assert (operation.method, operation.path) == (route.method, route.path)
        assert operation.said["summary"] in (route.run.__doc__ or "")
        servers = description()["paths"][operation.path]["servers"]
        assert [server["url"] for server in servers] == [f"https://{host}" for host in route.hosts]
        assert ("requestBody" in operation.said) == route.has_body


def test_the_tables_name_operations() -> None:
    """No row is of an operation that is gone, and each body has an example."""
    tables = (TABLES, BODIES, MORE, CONTENTS)
    assert [name for table in tables for name in table if name not in ROUTES] == []
    assert {name for name, route in ROUTES.items() if route.has_body} == EXAMPLES.keys() == TABLES.keys()


def test_every_schema_is_one_and_is_used() -> None:
    """All references lead somewhere."""
    text = openapi_text()
    for kind, parts in description()["components"].items():
        for name in parts:
            assert f'"#/components/{kind}/{name}"' in text or kind == "securitySchemes", name
    for schema in description()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for place in set(re.findall(r'"\$ref": "([^"]+)"', text)):
        assert resolved({"$ref": place})


def parameters_of(operation: str) -> dict[str, dict[str, Any]]:
    """The parameters of an operation, by name."""
    return {one["name"]: one for one in map(resolved, SAID[operation].get("parameters", ()))}


@pytest.mark.parametrize(
    ("operation", "contracts", "is_needed"),
    [
        ("get-session", ["104", "105", "107"], True),
        ("batch-statistics", ["1", "2"], False),
        ("get-statistics", ["1", "2", "3"], False),
    ],
)
def test_contract_versions_are_described(operation: str, contracts: list[str], *, is_needed: bool) -> None:
    """The session directory needs one, statistics have one unless it is given (CALL-2, STAT-13)."""
    contract = parameters_of(operation)["X-Xbl-Contract-Version"]
    assert (contract["schema"]["enum"], contract["required"]) == (contracts, is_needed)


def test_neighbours_have_no_contract_and_some_need_no_token() -> None:
    """Whoever signs in has none yet (NEAR-1, NEAR-3)."""
    assert [route.operation for route in NEIGHBOURS if "X-Xbl-Contract-Version" in parameters_of(route.operation)] == []
    assert {name for name, said in SAID.items() if not said["security"]} == {
        *("connect-device", "authorize-login", "grant-token", "get-endpoints"),
        *(route.operation for route in NEIGHBOURS if ".auth." in route.hosts[0] or "sisu" in route.hosts[0]),
    }
    assert SAID["connect"]["security"] == [{"token": []}, {"nonce": []}]


@pytest.mark.parametrize(
    ("operation", "headers"),
    [
        ("put-session", ["If-Match", "If-None-Match"]),
        ("delete-member", ["If-Match", "If-None-Match"]),
        ("get-session-by-handle", ["If-Match", "If-None-Match"]),
        ("get-statistics", ["If-Match", "If-None-Match", "If-Modified-Since"]),
        ("query-sessions", []),
        ("get-handle", []),
        ("get-profile", []),
    ],
)
def test_preconditions_are_described(operation: str, headers: list[str]) -> None:
    """Where there is a version to ask for (PUT-8, STAT-15)."""
    assert [name for name in parameters_of(operation) if name.startswith("If-")] == headers


# The names in paths

NAMES = [(kind, route.checks[kind]) for route in every_route() for kind in re.findall(r"\{(\w+)\}", route.path)]
CHECKS = dict(NAMES)
signs = st.characters(exclude_categories=("C", "Z"), exclude_characters="\ufffd")
"""Characters among which a pattern chooses."""
characters = st.characters(exclude_characters="/\ufffd", exclude_categories=("C", "Z"))


def is_refused(kind: str, name: str) -> bool:
    """Whether the check of a name in a path refuses it."""
    try:
        CHECKS[kind](name)
    except Refusal:
        return True
    return False


def test_every_name_in_a_path_is_described() -> None:
    """With what it names."""
    assert PARTS.keys() == CHECKS.keys()
    assert [kind for kind, part in PARTS.items() if not part.meaning] == []


@pytest.mark.parametrize("kind", PARTS)
@settings(derandomize=True, deadline=None, max_examples=30)
@given(data=st.data())
def test_a_name_of_its_form_is_accepted_and_no_other(kind: str, data: st.DataObject) -> None:
    """The pattern says what the check does; it alone lets numbers of more than 64 bits pass (CALL-5)."""
    schema = schema_of(PARTS[kind].shape)
    name = data.draw(st.from_regex(schema["pattern"], alphabet=signs).map(str.strip))
    if not re.search("[0-9]{20}", name):
        assert misfits(schema, name) == []
        assert not is_refused(kind, name)
    other = data.draw(st.text(characters, min_size=1, max_size=120))
    assert is_refused(kind, other) == (misfits(schema, other) != [])


# Documents


def names_in(schema: dict[str, Any]) -> Form:
    """The names in the objects of a schema, as `form_of` has them."""
    schema = resolved(schema)
    named = {name: names_in(inner) for name, inner in schema.get("properties", {}).items()}
    if isinstance(schema.get("additionalProperties"), dict):
        named[ANY_NAME] = names_in(schema["additionalProperties"])
    return named or None


@pytest.mark.parametrize(("name", "form"), [("Session107", DOCUMENT), ("Session105", OLD_DOCUMENT)])
def test_a_document_has_the_fields_that_comparisons_know(name: str, form: Form) -> None:
    """Down to those of each `system` bag (SEEN-1)."""
    assert names_in({"$ref": f"#/components/schemas/{name}"}) == form


# Refusals

OUTSIDE = {
    *((404, rule) for rule in ("CALL-1", "CALL-7")),
    *((405, "CALL-7"), (400, "SEED-11"), (400, "TIME-1"), (400, "STAT-5"), (400, "STAT-14")),
    *((400, "TAP-12"), (403, "TAP-13"), (404, "TAP-13"), (404, "TAP-3")),
}
"""The refusals of paths without an operation, of set-up, and of messages on a websocket."""
MAKERS = {"bad_body": 400, "not_yet": 501}
"""The functions that make refusals, and their statuses."""
RULE = "[A-Z0-9]+-(?:[0-9]+|ALL)"


def sources() -> list[ast.Module]:
    """The modules whose refusals are answers."""
    package = Path(pytest_xbl.__file__).parent
    files = (file for room in ("mpsd", "userstats", "world", "wire") for file in (package / room).rglob("*.py"))
    return [ast.parse(file.read_text(encoding="utf-8")) for file in files]


def status_of(node: ast.AST, makers: dict[str, int]) -> int | None:
    """The status of the refusal that a call makes, if it makes one and its source says so."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return None
    if node.func.id == "Refusal" and isinstance(node.args[0], ast.Constant):
        return int(str(node.args[0].value))
    return makers.get(node.func.id)


def makers_in(module: ast.Module) -> dict[str, int]:
    """The functions of a module that refuse by a rule which their callers name."""
    return {
        function.name: status
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if (status := status_of(call, MAKERS)) and isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "rule" and not isinstance(keyword.value, ast.Constant)
    }


def refusals_in(module: ast.Module, makers: dict[str, int]) -> Iterator[tuple[int, str]]:
    """The statuses and rules of the refusals that a module makes, as far as it names both."""
    for call in ast.walk(module):
        status = status_of(call, makers)
        if status and isinstance(call, ast.Call):
            for argument in (*call.args, *(word.value for word in call.keywords if word.arg == "rule")):
                text = argument.value if isinstance(argument, ast.Constant) else None
                if isinstance(text, str) and re.fullmatch(RULE, text):
                    yield status, text


def test_every_refusal_of_the_source_is_one_of_an_operation() -> None:
    """A rule that refuses is in `x-refusals` of the operations that it refuses (CODE-400)."""
    modules = sources()
    makers = {**MAKERS, **{name: status for module in modules for name, status in makers_in(module).items()}}
    made = {found for module in modules for found in refusals_in(module, makers)}
    reasons = [reason for route in every_route() for reason in refusals_of(route).items()]
    known = {(status, rule) for status, rules in reasons for rule in rules}
    assert made - known == OUTSIDE
    assert {rule for _, rule in known} <= RULES.keys()


@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.operation)
def test_refusals_are_described(route: Route) -> None:
    """Each status once, none that is a success, and rules in their order."""
    said = SAID[route.operation]
    successes = [str(status) for status in route.statuses]
    assert [*said["responses"]] == [*successes, *said["x-refusals"]]
    assert said["x-rules"] == [*route.rules]
    assert said["x-refusals"] == {str(status): [*rules] for status, rules in refusals_of(route).items()}
    assert ("413" in said["x-refusals"]) == route.has_body
