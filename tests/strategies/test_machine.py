"""The whole core under a state machine, and invariants that fail where they are broken."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from bodies import ACTIVE, me
from pytest_xbl import XboxLive
from pytest_xbl.arrange import dumping
from pytest_xbl.mpsd import contracts, member_properties, view
from pytest_xbl.mpsd.bags import merged_fields
from pytest_xbl.mpsd.effects import Effect
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.view import document
from pytest_xbl.strategies import WorldMachine
from pytest_xbl.strategies.documents import require_readable, require_same_session
from pytest_xbl.strategies.states import require_growing, require_indexed
from pytest_xbl.strategies.steps import stage
from pytest_xbl.trouble import kinds
from pytest_xbl.wire import answer
from pytest_xbl.wire import statistics as statistics_view
from pytest_xbl.world import reactions
from pytest_xbl.xbl.limits import Limits
from tables import cases

STEPS = int(os.environ.get("XBL_STEPS", "20000"))
"""The steps of all runs together; `tox -e soak` takes more."""
RUNS, WORLDS, LONG = 4, 10, 50
"""The number of tests among which they are divided, of worlds for each seed, and of steps in each world."""
ENOUGH = 20_000
"""Steps in which everything happens."""


def run(machine: type[WorldMachine], *, steps: int, number: int = 0, shrinks: bool = True) -> None:
    """Let a machine take about so many steps.

    Only the first ten worlds of hypothesis are random: later ones repeat parts of earlier ones, so that a quarter of
    their steps are of one kind. So each seed makes nine, and the simplest one.

    Args:
        number: of the run; another one goes another way.
        shrinks: whether the steps that lead to a failure are made fewer.
    """
    how = settings(
        max_examples=WORLDS - 1,
        stateful_step_count=LONG,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
    )
    for part in range(max(1, steps // (WORLDS * LONG))):
        run_state_machine_as_test(seed(number + RUNS * part)(type("Machine", (machine,), {})), settings=how)


@pytest.mark.parametrize("number", range(RUNS))
def test_whatever_is_sent_the_world_holds_together(number: int) -> None:
    """Documents, histories, indexes, refusals, dumps (PUT-9, PUT-14, MEMB-1, TMPL-7, FIND-9, SEED-7).

    In so many steps, everything that can happen to a session does.
    """
    happened: set[type[object]] = set()

    class Watched(WorldMachine):
        def teardown(self) -> None:
            for record in self.state.records.values():
                for version in self.xbl._world.history(record.ref):
                    happened.update(map(type, version.effects))
            super().teardown()

    run(Watched, steps=STEPS // RUNS, number=number)
    assert STEPS < ENOUGH or happened == {*get_args(Effect)}


WAYS = {
    "looks": ("get-session-by-handle", 200),
    "joins": ("put-session-by-handle", 200),
    "reads": ("get-handle", 200),
    "deletes": ("delete-handle", 204),
}


@pytest.mark.parametrize("how", WAYS)
def test_a_handle_is_used_in_each_way(how: str) -> None:
    """Once there is one; without one nothing is sent (HAND-7, HAND-8)."""
    machine, place = WorldMachine(), ("lobby", "one")
    machine.somebody_uses_a_handle(0, 0, how)
    assert len(machine.xbl.journal) == 0
    machine.somebody_makes_a_handle(0, place, "activity", place, joins=True)
    machine.somebody_uses_a_handle(0, 0, how)
    last = machine.xbl.journal[-1]
    assert (last.operation, last.status) == WAYS[how]


def test_matchmaking_is_the_same_under_both_contracts() -> None:
    """But for `resubmit`, which only the old one has (TMPL-7, TMPL-14)."""
    xbl = XboxLive()
    stacy = xbl.user("Stacy")
    path = f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby/sessions/one"
    matchmaking = {"matchmaking": {"serverConnectionString": "a"}}
    answer = xbl.client(stacy).put(path, json={**ACTIVE, "properties": {"system": matchmaking}})
    assert answer.status_code == 201, answer.text
    session = next(iter(xbl._world.sessions()))
    old, new = (document(session, contract=contract) for contract in (105, 107))
    require_same_session(old, new)


def test_a_machine_can_be_extended_by_a_client_of_ones_own() -> None:
    """Whose rules come between those of the fake."""
    written: list[int] = []

    class WithClient(WorldMachine):
        @rule()
        def my_client_writes(self) -> None:
            path = self.path(("lobby", "one"))
            written.append(self.xbl.client(self.people[0]).put(path, json=ACTIVE).status_code)

    run(WithClient, steps=100)
    assert 201 in written


def test_a_mistake_of_ones_own_client_is_found() -> None:
    """As in a test with `xbl` (SEEN-5)."""

    class WithClient(WorldMachine):
        @rule()
        def my_client_writes(self) -> None:
            self.xbl.client(self.people[0]).put(self.path(("lobby", "one")), json={"propertiez": {}})

    with pytest.raises(AssertionError, match=r"^the client made a mistake: #\d+ P0: put-session lobby/one -> 400"):
        run(WithClient, steps=100, shrinks=False)


def changed_anyway(held: Any, changes: Any) -> Any:
    """A merge of fields that never gives the same object back, so that every write changes something."""
    return {**merged_fields(held, changes)}


def forgetful(system: JsonObject, contract: int) -> JsonObject:
    """A translation of system properties that loses them under the old contracts."""
    return {} if contracts.is_old(contract) else system


BROKEN: dict[str, tuple[Any, str, object, str]] = {
    # Where, the name, what is there instead, and what is found.
    "an index": (reactions, "_index_keywords", lambda *_: None, "the index of keywords is"),
    "a refusal": (stage, "OK", range(0), "the world has changed. "),
    "a crash": (stage, "BUG", 400, "40"),
    "a count": (view, "_members_info", lambda *_: '{"first":0,"next":9,"count":0,"accepted":0,"active":0}', "leads"),
    "a contract": (contracts, "properties_to", forgetful, "differs between the contracts"),
    "a null": (view, "present", lambda values: values, " is null, and is to be left out"),
    "an ETag": (answer, "session_headers", lambda _session: {}, " and has no ETag"),
    "a repeated write": (member_properties, "merged_fields", changed_anyway, "the world has changed. sent again: "),
    "a dump": (dumping, "_given", lambda _state: {}, "_given of the world is "),
    "a failure": (kinds.Fail, "happen", lambda *_: None, "the fault "),
    "a lost answer": (kinds.Lose, "happen", lambda *_: answer.Answer(204), " of the world is "),
    "a race": (kinds.Race, "happen", lambda *_: None, " of the world is "),
    "a rate limit": (Limits, "set", lambda *_, **__: None, "the second request of one is "),
    "statistics": (statistics_view, "user_as_json", lambda *_: {"user": {"stats": [7]}}, "a batch tells "),
}


@pytest.mark.parametrize("what", BROKEN)
def test_the_machine_finds_a_fake_that_is_wrong(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """In a few worlds."""
    where, name, instead, text = BROKEN[what]
    monkeypatch.setattr(where, name, instead)
    with pytest.raises(AssertionError) as found:
        run(WorldMachine, steps=2000, shrinks=False)
    assert text in str(found.value)


def a_session() -> XboxLive:
    """A world with a session of two."""
    xbl = XboxLive()
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.sessions.create("lobby", name="one", members=[stacy, ana])
    return xbl


def shown(xbl: XboxLive, contract: int = 107) -> Any:
    """The document of the session."""
    [session] = xbl._world.sessions()
    return document(session, contract=contract)


UNREADABLE: dict[str, tuple[Callable[[Any], object], str]] = {
    # A change to a document, and the text.
    "no constants": (lambda it: it["constants"].pop("system"), "/constants/system is no object"),
    "no properties": (lambda it: it.update(properties=None), "/properties/system is no object"),
    "no xuid": (lambda it: it["members"]["0"]["constants"]["system"].pop("xuid"), "/members/0 has no xuid"),
    "no system": (
        lambda it: it["members"]["1"]["properties"].pop("system"),
        "/members/1/properties/system is no object",
    ),
    "a circle": (
        lambda it: it["members"]["1"].update(next=1),
        "the last member leads to 1, and /membersInfo/next is 2",
    ),
    "a gap": (lambda it: it["members"]["0"].update(next=2), "next leads along [0], and the members are ['0', '1']"),
    "another first": (
        lambda it: it["membersInfo"].update(first=1),
        "next leads along [1], and the members are ['0', '1']",
    ),
    "another next": (
        lambda it: it["membersInfo"].update(next=9),
        "the last member leads to 2, and /membersInfo/next is 9",
    ),
    "another count": (
        lambda it: it["membersInfo"].update(count=3),
        "/membersInfo/count is 3, and there are 2 members",
    ),
    "more active than accepted": (
        lambda it: it["membersInfo"].update(accepted=1),
        "active, accepted and count of /membersInfo are (2, 1, 2)",
    ),
    "a null": (lambda it: it["members"]["1"].update(nat=None), "/members/1/nat is null, and is to be left out"),
    "a number for an id": (
        lambda it: it["members"]["1"].update(activeTitleId=7),
        "/members/*/activeTitleId is no text: ['1719000001', 7]",
    ),
    "a role of nobody": (
        lambda it: it.update(roleTypes={"lfg": {"roles": {"healer": {"count": 1}}}}),
        "/roleTypes/lfg/roles/healer counts 1 members, and names []",
    ),
    "nobody, and a first": (
        lambda it: it.update(members={}) or it["membersInfo"].update(count=0, active=0, accepted=0),
        "the last member leads to 0, and /membersInfo/next is 2",
    ),
}


@cases("change text", UNREADABLE)
def test_a_document_that_clients_cannot_read_is_found(change: Callable[[Any], object], text: str) -> None:
    """With the place (MEMB-1, MEMB-2)."""
    told = shown(a_session())
    require_readable(told)
    change(told)
    with pytest.raises(AssertionError) as found:
        require_readable(told)
    assert str(found.value) == text


UNEQUAL: dict[str, tuple[Callable[[Any], object], str]] = {
    "the number": (lambda it: it.update(changeNumber=9), "/changeNumber differs between the contracts"),
    "the count": (lambda it: it["membersInfo"].update(count=9), "/membersInfo differs between the contracts"),
    "a member": (lambda it: it["members"].pop("1"), "/members differs between the contracts"),
    "a custom property": (
        lambda it: it["members"]["0"]["properties"].update(custom={"a": 1}),
        "/members/0/properties/custom differs between the contracts",
    ),
}


@cases("change text", UNEQUAL)
def test_documents_that_tell_different_things_are_found(change: Callable[[Any], object], text: str) -> None:
    """With the place (TMPL-7)."""
    xbl = a_session()
    old, new = shown(xbl, 105), shown(xbl)
    require_same_session(old, new)
    change(old)
    with pytest.raises(AssertionError) as found:
        require_same_session(old, new)
    assert str(found.value) == text


def test_a_history_that_does_not_grow_by_one_is_found() -> None:
    """And one that gives an index to two people (PUT-9, MEMB-1)."""
    xbl = a_session()
    lobby = xbl.sessions["one"]
    client = xbl.client(xbl.scenario.users[0] if xbl.scenario.users else xbl.user("Zoe"))
    client.put(lobby.ref.path, json=me({"score": 1}))
    versions = xbl._world.history(lobby.ref)
    require_growing(versions)
    with pytest.raises(AssertionError, match=r"^change 2 came after change 2$"):
        require_growing([*versions, versions[-1]])
    session = versions[-1].session
    assert session
    taken = session.but(
        change_number=3, members=tuple(one.but(xuid="7") if one.index == 0 else one for one in session.members)
    )
    with pytest.raises(AssertionError, match=r"^the index 0 was given to 2533274790000001, and to 7$"):
        require_growing([*versions, versions[-1]._replace(session=taken)])


def test_a_session_that_is_made_again_counts_from_one() -> None:
    """Its history goes on, and its numbers begin again (TIME-9)."""
    xbl = XboxLive()
    stacy = xbl.user("Stacy")
    client, path = xbl.client(stacy), f"/serviceconfigs/{xbl.scid}/sessiontemplates/lobby/sessions/one"
    for _ in range(2):
        client.put(path, json=ACTIVE)
        client.delete(f"{path}/members/me")
    versions = xbl._world.history(xbl._world.known()[0])
    assert [version.number for version in versions] == [1, None, 1, None]
    require_growing(versions)


@pytest.mark.parametrize("name", ["memberships", "keywords", "activities", "transfers", "attributes"])
def test_an_index_that_names_something_else_is_found(name: str) -> None:
    """Each of them (FIND-9)."""
    state = a_session()._world.snapshot()
    require_indexed(state)
    getattr(state, name).add("nobody", "nothing")
    with pytest.raises(AssertionError, match=f"^the index of {name} is Index"):
        require_indexed(state)
