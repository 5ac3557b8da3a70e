"""Strategies for property tests: what they make is right, or wrong, as they say (PROP-TEST)."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from errors import refusal_of
from pytest_xbl import XboxLive, strategies
from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.filters import parse_filter
from pytest_xbl.mpsd.shapes import (
    Either,
    Integer,
    ListOf,
    NumberInText,
    OneOf,
    Record,
    Shape,
    anything,
    text,
)
from pytest_xbl.mpsd.writes import parse_write
from pytest_xbl.strategies.bodies import Contract
from pytest_xbl.strategies.documents import require_readable
from pytest_xbl.strategies.values import misfits, values

CONTRACTS: tuple[Contract, ...] = (104, 105, 107)
TABLES = {
    "constants": schema.SESSION_CONSTANTS,
    "old constants": schema.OLD_SESSION_CONSTANTS,
    "properties": schema.SESSION_PROPERTIES,
    "members": schema.MEMBER_PROPERTIES,
    "constants of members": schema.MEMBER_CONSTANTS,
    "matchmaking": schema.MATCHMAKING_SERVER,
}
SHAPES: dict[str, Shape] = {
    **{f"{table} {name}": field.shape for table, fields in TABLES.items() for name, field in fields.items()},
    "role types": schema.ROLE_TYPES,
    "a number in a text": NumberInText(1, 9),
    "either": Either(Integer(0), ListOf(text, filled=True), int, "a number or a list"),
    "a record of nothing": Record({}),
    "choices": OneOf((1, "a", None)),
}
"""The shapes of all tables, and those that none of these has."""
some = settings(derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", SHAPES)
def test_values_have_their_shape_and_misfits_do_not(name: str) -> None:
    """Whatever the shape is."""
    shape = SHAPES[name]

    @settings(some, max_examples=15)
    @given(values(shape), misfits(shape))
    def check(value: Any, misfit: Any) -> None:
        assert shape.misfit(value) is None
        assert shape.misfit(misfit) is not None
        assert misfit is not None

    check()


@settings(some, max_examples=15)
@given(values(anything))
def test_anything_is_json(value: Any) -> None:
    """As a title may write it into a custom bag."""
    assert isinstance(value, dict | list | str | int | float | None)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_writes_are_right_on_first_sight(contract: Contract) -> None:
    """Under each contract, so that only a session can refuse them."""

    @settings(some, max_examples=80)
    @given(strategies.writes(contract=contract))
    def check(body: Any) -> None:
        parse_write(body, contract=contract)

    check()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_invalid_writes_are_refused_on_first_sight(contract: Contract) -> None:
    """With 400, under each contract (CODE-400)."""

    @settings(some, max_examples=80)
    @given(strategies.invalid_writes(contract=contract))
    def check(body: Any) -> None:
        assert refusal_of(lambda: parse_write(body, contract=contract)).status == 400

    check()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_templates_and_constants_can_be_added(contract: Contract) -> None:
    """To a world, for each contract (TMPL-2)."""

    @settings(some, max_examples=40)
    @given(strategies.templates(contract=contract), strategies.constants(contract=contract))
    def check(template: Any, constants: Any) -> None:
        XboxLive().templates.add("any", template, contract=contract)
        parse_write({"constants": constants}, contract=contract)

    check()


@settings(some, max_examples=80)
@given(strategies.filters())
def test_filters_are_read(asked: str) -> None:
    """All of them (SRCH-4)."""
    assert parse_filter(asked).clauses


@settings(some, max_examples=60)
@given(strategies.users(most=3))
def test_users_can_begin_a_world(people: dict[str, dict[str, Any]]) -> None:
    """As the section of a seed (SEED-1)."""
    world = XboxLive(seed={"users": people})
    assert [user.name for user in world.scenario.users] == list(people)
    assert 1 <= len(people) <= 3


@settings(some, max_examples=30)
@given(strategies.histories(callers=2, most=4))
def test_a_history_begins_with_the_creation(history: list[Any]) -> None:
    """And goes on with writes of several callers under both contracts."""
    first, *later = history
    assert (first.contract, first.body) == (107, {"members": {"me": {}}})
    assert {write.caller for write in history} <= {0, 1}
    assert {write.contract for write in later} <= {105, 107}
    assert len(later) <= 3


@pytest.mark.parametrize("contract", CONTRACTS)
def test_documents_are_those_of_the_fake(contract: Contract) -> None:
    """For a contract, with all that clients rely on (MEMB-2)."""

    @settings(some, max_examples=20)
    @given(strategies.session_documents(contract=contract))
    def check(document: Any) -> None:
        assert document["contractVersion"] == contract
        require_readable(document)

    check()


FACTS: dict[str, Callable[[Any], bool]] = {
    "several members": lambda it: len(it["members"]) > 1,
    "a reservation": lambda it: any("gamertag" not in one for one in it["members"].values()),
    "an inactive member": lambda it: it["membersInfo"]["active"] < it["membersInfo"]["accepted"],
    "custom properties of a member": lambda it: any(one["properties"].get("custom") for one in it["members"].values()),
    "custom properties": lambda it: bool(it["properties"].get("custom")),
    "a server": lambda it: bool(it.get("servers")),
    "a role": lambda it: any(one.get("roles") for one in it["members"].values()),
}
"""What code that reads documents has to expect, of documents with members."""


def test_documents_are_of_many_kinds() -> None:
    """Each is true of a fifth of the documents, and not true of another."""
    found: list[Any] = []

    @settings(some, max_examples=100, phases=(Phase.generate,))
    @given(strategies.session_documents())
    def collect(document: Any) -> None:
        found.append({name for name, fact in FACTS.items() if document.get("members") and fact(document)})

    collect()
    shares = {name: sum(name in one for one in found) / len(found) for name in FACTS}
    assert {name: share for name, share in shares.items() if not 0.2 < share < 0.95} == {}


def finds_a_member_without_a_gamertag(number: int) -> bool:
    """Whether code that forgets reservations is found in a run of twenty documents, from a seed."""

    @seed(number)
    @settings(max_examples=20, deadline=None, database=None, phases=(Phase.generate,))
    @given(strategies.session_documents())
    def forget(document: Any) -> None:
        sorted(one["gamertag"] for one in document.get("members", {}).values())

    try:
        forget()
    except KeyError as error:
        return error.args == ("gamertag",)
    return False


def test_a_member_without_a_gamertag_is_among_twenty_documents() -> None:
    """From nearly every seed; versions of hypothesis go different ways."""
    assert sum(map(finds_a_member_without_a_gamertag, range(10))) >= 8


def test_every_public_name_is_there() -> None:
    """And is imported with its first use."""
    assert {name: getattr(strategies, name).__name__ for name in strategies.__all__} == {
        name: name for name in strategies.__all__
    }
    with pytest.raises(AttributeError, match="has no attribute 'write'"):
        strategies.write  # noqa: B018 -- it is read to see that it is not there


def test_without_hypothesis_an_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for every extra."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "pytest_xbl.strategies")
    with pytest.raises(Exception, match="needs hypothesis: pip install 'pytest-xbl\\[hypothesis\\]'"):
        importlib.import_module("pytest_xbl.strategies")


def test_a_run_without_strategies_imports_no_hypothesis() -> None:
    """As little as any other extra."""
    code = "import sys; from pytest_xbl import XboxLive; XboxLive().user('Ana'); sys.exit('hypothesis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
