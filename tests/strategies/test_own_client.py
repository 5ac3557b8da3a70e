"""A machine with a client of a test: where the others crowd, and what they meet there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from bodies import ACTIVE
from pytest_xbl import XblError
from pytest_xbl.strategies import WorldMachine
from pytest_xbl.strategies.usual import seat

BUDGET = 20, 30
"""The worlds and the steps in each that the how-to recommends."""
LOBBY = ("lobby", "one")


def run(machine: type[WorldMachine], *, number: int = 0, worlds: int = BUDGET[0], steps: int = BUDGET[1]) -> None:
    """Let a machine run from a seed.

    Args:
        number: of the seed.
    """
    how = settings(
        max_examples=worlds,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=(Phase.generate,),
    )
    run_state_machine_as_test(seed(number)(type("Machine", (machine,), {})), settings=how)


class Joining(WorldMachine):
    """A client that joins, and may be refused."""

    busy = LOBBY

    def __init__(self) -> None:
        super().__init__()
        self.me = self.xbl.user("Me")
        self.client = self.xbl.client(self.me)

    @rule()
    def my_client_joins(self) -> None:
        """It joins."""
        self.client.put(self.path(LOBBY), json=ACTIVE)


class Believing(Joining):
    """A client that believes itself inside after any response to its join."""

    @rule()
    def my_client_joins(self) -> None:
        """It joins, and does not look at the status."""
        self.client.put(self.path(LOBBY), json=ACTIVE)
        found = self.client_of(4).get(self.path(LOBBY)).get_json(silent=True) or {"members": {}}
        xuids = {one["constants"]["system"]["xuid"] for one in found["members"].values()}
        assert self.me.xuid in xuids, "the client believes that it is inside"


@pytest.mark.parametrize("number", [0, 1, 2, 4])
def test_a_client_that_ignores_a_refused_join_is_found(number: int) -> None:
    """From most seeds, as the busy session is often full, closed, or for those who are followed."""
    with pytest.raises(AssertionError, match=r"^the client believes that it is inside"):
        run(Believing, number=number)


def entries(machine: type[WorldMachine], **attributes: object) -> list[Any]:
    """The entries of the journals of a few worlds of a machine with these attributes."""
    seen: list[Any] = []

    def teardown(self: WorldMachine) -> None:
        seen.extend(self.xbl.journal)
        machine.teardown(self)

    run(type("Watched", (machine,), {**attributes, "teardown": teardown}), worlds=10)
    return seen


def test_most_requests_go_to_the_busy_session() -> None:
    """Those of some steps go elsewhere, as they need sessions of another kind."""
    found = entries(WorldMachine, busy=("lobby", "mine"))
    assert sum("/sessions/mine" in entry.path for entry in found) > 0.4 * len(found)


def test_a_busy_session_needs_a_template() -> None:
    """Or the run fails before its first step."""
    with pytest.raises(XblError) as refused:
        run(type("Nowhere", (WorldMachine,), {"busy": ("nowhere", "one")}))
    what, where, rule = str(refused.value).splitlines()
    assert what.startswith("Unknown template 'nowhere'; known templates: ")
    assert (where, rule) == ("where: busy of Machine", "rule: TMPL-1")


def test_a_client_may_play_where_members_are_initialized() -> None:
    """With a user of its own, whom the machine does not move."""

    class Initialized(Joining):
        busy = ("measured", "one")

        @rule()
        def my_client_joins(self) -> None:
            joins = {"constants": {"system": {"initialize": True}}, **ACTIVE["members"]["me"]}
            reserves = seat(self.person(0).xuid, initialize=True)
            self.client.put(self.path(("measured", "one")), json={"members": {"me": joins, "reserve_0": reserves}})

    assert 201 in {entry.status for entry in entries(Initialized) if entry.caller == "Me"}


def test_a_fault_of_the_machine_meets_its_own_requests() -> None:
    """The journal says that the machine armed it, and names no line of hypothesis (FAULT-1)."""
    found = entries(Joining)
    assert {entry.fault.partition(", armed at ")[2] for entry in found if entry.fault} == {"WorldMachine"}
    assert not [entry for entry in found if entry.caller == "Me" and entry.fault]


def test_a_machine_may_do_without_faults() -> None:
    """And without rate limits."""
    found = entries(Joining, with_faults=False)
    assert not [entry for entry in found if entry.fault or entry.status in (429, 503)]
