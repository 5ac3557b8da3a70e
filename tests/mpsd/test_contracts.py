"""The two dialects: contract 107, and 104/105 before it."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodies import DEFAULTS, Body, constants, me
from errors import told_of
from pytest_xbl.mpsd import contracts
from pytest_xbl.mpsd.constants import parse_template
from pytest_xbl.mpsd.view import render_template
from tables import cases

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

OLD = [104, 105]
EVERY = [104, 105, 107]

OLD_TIMEOUTS = {"reserved": 30_000, "inactive": 7_200_000, "ready": 180_000, "sessionEmpty": 0}

# Only the fields that contracts show differently, many at once, and complete: of the whole tables few have these.
timeouts = st.none() | st.integers(0, 2**63)
numbers = st.integers(0, 100)
texts = st.sampled_from(["", "a"])
common_constants = {
    "version": st.integers(1, 3),
    "maxMembersCount": st.integers(1, 100),
    "visibility": st.sampled_from(["private", "visible", "open"]) | st.none(),
    "capabilities": st.dictionaries(st.sampled_from(["gameplay", "connectivity"]), st.booleans()),
}
lengths = st.integers(0, 2**63)
initialization = {"joinTimeout": lengths, "measurementTimeout": lengths, "membersNeededToStart": numbers}
evaluated = {**initialization, "externalEvaluation": st.just(True), "evaluationTimeout": lengths}
complete_initialization = st.fixed_dictionaries(
    {**initialization, "externalEvaluation": st.just(False)}
) | st.fixed_dictionaries(evaluated)

held_constants = st.fixed_dictionaries(
    {},
    optional={
        **common_constants,
        "reservedRemovalTimeout": timeouts,
        "inactiveRemovalTimeout": timeouts,
        "readyRemovalTimeout": timeouts,
        "sessionEmptyTimeout": timeouts,
        "memberInitialization": complete_initialization,
    },
)
old_constants = st.fixed_dictionaries(
    {},
    optional={
        **common_constants,
        "timeouts": st.dictionaries(st.sampled_from(sorted(OLD_TIMEOUTS)), timeouts, min_size=1),
        "managedInitialization": st.fixed_dictionaries({**initialization, "autoEvaluate": st.just(True)})
        | st.fixed_dictionaries({**initialization, "autoEvaluate": st.just(False), "evaluationTimeout": lengths}),
    },
)
held_properties = st.fixed_dictionaries(
    {},
    optional={
        "closed": st.booleans(),
        "matchmaking": st.fixed_dictionaries({"serverConnectionString": texts}),
        "matchmakingResubmit": st.booleans(),
    },
)


def test_contracts_before_107_speak_the_older_dialect() -> None:
    """104 and 105 have one form, 107 another (CALL-2, TMPL-7)."""
    assert [contracts.is_old(contract) for contract in EVERY] == [True, True, False]


@pytest.mark.parametrize("asked", EVERY)
@pytest.mark.parametrize(("written", "inactive"), [(104, 7_200_000), (105, 7_200_000), (107, 0)])
def test_the_template_decides_the_defaults(stage: Stage, written: int, inactive: int, asked: int) -> None:
    """Templates for 104 and 105 keep inactive members for two hours, whoever asks (TMPL-6, TMPL-7, TMPL-12)."""
    stage.using({}, contract=written)
    expected = {**DEFAULTS, "inactiveRemovalTimeout": inactive}
    assert contracts.defaults(written) == stage.write("Ann", {}, contract=asked).constants.system == expected


STAGES_107 = {"joinTimeout": 10_000, "measurementTimeout": 30_000, "evaluationTimeout": 5_000}
START_107 = {**STAGES_107, "externalEvaluation": False, "membersNeededToStart": 1}
START_105 = {**dict.fromkeys(STAGES_107, 5_000), "membersNeededToStart": 2}
BY_TITLE = {"externalEvaluation": True}
GIVEN = {"joinTimeout": 1, "measurementTimeout": 2, "evaluationTimeout": 3}


@cases(
    "contract partial complete",
    {
        "107": (107, {}, START_107),
        "107, the title evaluates": (107, {"externalEvaluation": True}, {**START_107, **BY_TITLE}),
        "107, given": (107, {**GIVEN, "externalEvaluation": True}, {**START_107, **BY_TITLE, **GIVEN}),
        "105": (105, {}, {**START_105, **BY_TITLE}),
        "105, the service evaluates": (105, {"autoEvaluate": True}, {**START_105, "externalEvaluation": False}),
        "105, given": (105, {**GIVEN, "autoEvaluate": False}, {**START_105, **BY_TITLE, **GIVEN}),
    },
)
def test_member_initialization_has_defaults_that_are_not_shown(contract: int, partial: Body, complete: Body) -> None:
    """A field that it leaves out has the default of the template's contract (CONST-15, TMPL-7, TMPL-11)."""
    name = "memberInitialization" if contract == 107 else "managedInitialization"
    system = contracts.constants_from({name: partial}, contract)
    assert contracts.constants_to(system, contract) == {name: partial}
    assert contracts.initialization_of(system, contract) == complete
    assert contracts.initialization_of({}, contract) == {}


def test_constants_of_107_are_held_as_they_are() -> None:
    """Inside, everything goes by the names of 107, so nothing is turned under 107 (TMPL-8)."""
    system: Body = {"version": 1, "inactiveRemovalTimeout": None, "memberInitialization": None, "timeouts": {}}
    assert contracts.constants_from(system, 107) == system
    assert contracts.constants_to(system, 107) is system


BY_SERVICE = {"joinTimeout": 1, "measurementTimeout": 2, "membersNeededToStart": 3}
COMMON: Body = {"version": 1, "visibility": None, "capabilities": {"gameplay": True}, "inviteProtocol": "party"}
NAMES: dict[str, tuple[Body, Body]] = {
    # under 104 and 105, and under 107
    "reserved": ({"timeouts": {"reserved": 5}}, {"reservedRemovalTimeout": 5}),
    "inactive": ({"timeouts": {"inactive": 0}}, {"inactiveRemovalTimeout": 0}),
    "ready": ({"timeouts": {"ready": None}}, {"readyRemovalTimeout": None}),
    "empty": ({"timeouts": {"sessionEmpty": 5}}, {"sessionEmptyTimeout": 5}),
    "by the service": (
        {"managedInitialization": {**BY_SERVICE, "autoEvaluate": True}},
        {"memberInitialization": {**BY_SERVICE, "externalEvaluation": False}},
    ),
    "by the title": (
        {"managedInitialization": {**BY_SERVICE, "evaluationTimeout": 4, "autoEvaluate": False}},
        {"memberInitialization": {**BY_SERVICE, "evaluationTimeout": 4, "externalEvaluation": True}},
    ),
    "kept unset": ({"managedInitialization": None}, {"memberInitialization": None}),
    "the others, and no timeouts": (COMMON, COMMON),
}


@pytest.mark.parametrize("contract", OLD)
@cases("old new", NAMES)
def test_constants_have_two_names_and_forms(old: Body, new: Body, contract: int) -> None:
    """Timeouts lie in `timeouts`, `autoEvaluate` is the opposite; the rest is the same (TMPL-5, TMPL-7, TMPL-9)."""
    assert contracts.constants_from({"version": 1, **old}, contract) == {"version": 1, **new}
    assert contracts.constants_to({"version": 1, **new}, contract) == {"version": 1, **old}


@cases("timeouts held", {"empty": ({}, {}), "null": (None, {name: None for name in DEFAULTS if "Timeout" in name})})
@pytest.mark.parametrize("contract", OLD)
def test_timeouts_as_a_whole(timeouts: Body | None, held: Body, contract: int) -> None:
    """`timeouts: {}` sets none, and null keeps all four unset and switches their defaults off (TMPL-5, TMPL-7)."""
    assert contracts.constants_from({"timeouts": timeouts}, contract) == held


@settings(derandomize=True, deadline=None, max_examples=100)
@given(held_constants, st.sampled_from(EVERY))
def test_held_constants_survive_a_trip_through_a_contract(system: dict[str, Any], contract: int) -> None:
    """Constants that a client reads under a contract and writes back are those held (TMPL-8, TMPL-4, PUT-10)."""
    before = deepcopy(system)
    assert contracts.constants_from(contracts.constants_to(system, contract), contract) == before
    assert system == before


@settings(derandomize=True, deadline=None, max_examples=100)
@given(old_constants, st.sampled_from(OLD))
def test_complete_constants_of_105_come_back_as_written(system: dict[str, Any], contract: int) -> None:
    """Constants written under 104 or 105 that leave nothing to defaults read as they were written (TMPL-8)."""
    before = deepcopy(system)
    assert contracts.constants_to(contracts.constants_from(system, contract), contract) == before
    assert system == before


@pytest.mark.parametrize("contract", OLD)
@cases(
    "old new",
    {
        "both": (
            {"serverConnectionString": "a", "resubmit": True},
            {"matchmaking": {"serverConnectionString": "a"}, "matchmakingResubmit": True},
        ),
        "resubmit alone": ({"resubmit": False}, {"matchmaking": None, "matchmakingResubmit": False}),
        "empty": ({}, {"matchmaking": None, "matchmakingResubmit": None}),
        "removed": (None, {"matchmaking": None, "matchmakingResubmit": None}),
    },
)
def test_resubmit_is_a_part_of_matchmaking(old: Body | None, new: Body, contract: int) -> None:
    """`matchmaking` of 104 and 105 is replaced with `resubmit`, and always there under 105 (PROP-7, PUT-5, TMPL-14)."""
    assert contracts.properties_from({"closed": True, "matchmaking": old}, contract) == {"closed": True, **new}
    held = {name: value for name, value in new.items() if value is not None}
    shown = {"closed": True, **({"matchmaking": old or {}} if old or contract == 105 else {})}
    assert contracts.properties_to({"closed": True, **held}, contract) == shown


def test_matchmaking_of_107_is_taken_as_it_is() -> None:
    """Under 107 the two fields are apart, and one is written without the other (PROP-7)."""
    parts: tuple[Body, ...] = ({"matchmaking": {}}, {"matchmakingResubmit": True})
    for held in parts:
        assert contracts.properties_from(held, 107) == contracts.properties_to(held, 107) == held


@settings(derandomize=True, deadline=None, max_examples=100)
@given(held_properties, st.sampled_from(EVERY))
def test_held_properties_survive_a_trip_through_a_contract(system: dict[str, Any], contract: int) -> None:
    """Properties that a client reads under a contract and writes back are as they were (TMPL-8, PUT-2)."""
    before = deepcopy(system)
    shown = contracts.properties_to(system, contract)
    read = deepcopy(shown)
    back = contracts.properties_from(shown, contract)
    assert {name: value for name, value in back.items() if value is not None} == before
    assert (system, shown) == (before, read)


@pytest.mark.parametrize("contract", EVERY)
@pytest.mark.parametrize("group", [[0, 1], [], None])
def test_the_group_of_a_member_has_two_names(group: list[int] | None, contract: int) -> None:
    """`initializationGroup` of 107 is `group` under 104 and 105; all else is called the same (MEMB-13, TMPL-8)."""
    new = {"ready": True, "initializationGroup": group}
    old = new if contract == 107 else {"ready": True, "group": group}
    assert contracts.member_properties_from(old, contract) == new
    assert contracts.member_properties_to(new, contract) == old


@pytest.mark.parametrize("written", EVERY)
@pytest.mark.parametrize("read", EVERY)
def test_a_template_of_one_contract_is_usable_under_the_other(stage: Stage, written: int, read: int) -> None:
    """A session echoed under any contract agrees with a template written for any contract (TMPL-8, TMPL-4)."""
    start = {"membersNeededToStart": 0}
    older = {"timeouts": {"inactive": 5, "ready": None}, "managedInitialization": start}
    newer = {"inactiveRemovalTimeout": 5, "readyRemovalTimeout": None, "memberInitialization": start}
    stage.using(newer if written == 107 else older, contract=written)
    created = stage.join("Ann")
    shown = stage.document(contract=read)["constants"]
    assert stage.put("Ann", {"constants": shown}, contract=read) is created
    stage.session = None
    stage.put("Ann", {"constants": shown}, contract=read)
    assert stage.document(contract=read)["constants"] == shown


NO_WAIT = {"joinTimeout": 1, "measurementTimeout": 1, "membersNeededToStart": 0}
QUICK_107 = {"memberInitialization": {**NO_WAIT, "externalEvaluation": False}}
START = ("managedInitialization",), ("memberInitialization",)
QUICK = '{"joinTimeout": 1, "measurementTimeout": 1, "membersNeede...'
START_AND_QUICK = (*START[0], QUICK), (*START[1], QUICK)
GROUP = ("group",), ("initializationGroup",)
MANY = {"membersNeededToStart": 101}
AT = "/constants/system/{}"
Words = tuple[tuple[str, ...], tuple[str, ...]]
SPOKEN: dict[str, tuple[str, tuple[Body, Body], str, str, Words, Body]] = {
    # the rule; the bodies of 104 and 105, and of 107; the place and the text, with "{}" for the words that differ;
    # those words of 104 and 105, and of 107, where a dot in a place is a slash; and the constants of the template
    "a timeout that the template sets": (
        "TMPL-3",
        (constants(timeouts={"inactive": 6}), constants(inactiveRemovalTimeout=6)),
        AT,
        "The template sets the constant {} to 5; it cannot be 6.",
        (("timeouts.inactive",), ("inactiveRemovalTimeout",)),
        {"inactiveRemovalTimeout": 5},
    ),
    "an initialization that the session has": (
        "TMPL-4",
        (constants(managedInitialization=None), constants(memberInitialization=None)),
        AT,
        "The constant {} is {} since the session was made; it cannot become null.",
        START_AND_QUICK,
        QUICK_107,
    ),
    "more members needed to start than have room": (
        "CONST-15",
        (constants(managedInitialization=MANY), constants(memberInitialization=MANY)),
        AT + "/membersNeededToStart",
        "membersNeededToStart lies between 0 and maxMembersCount, 100.",
        START,
        {},
    ),
    "too few members to initialize": (
        "INIT-6",
        (me(active=True), me(active=True)),
        "/members",
        "By its {}, the session needs 1 or more members with initialize: true to start, not 0.",
        START,
        {"memberInitialization": {}},
    ),
    "a group of members who are not there": (
        "MEMB-13",
        (me(group=[9]), me(initializationGroup=[9])),
        "/members/me/properties/system/{}/0",
        "A member of a group is named by an index below 1, not 9.",
        GROUP,
        {},
    ),
}


@pytest.mark.parametrize("contract", EVERY)
@cases("rule bodies where text words template", SPOKEN)
def test_a_refusal_speaks_the_words_of_the_callers_contract(
    stage: Stage,
    rule: str,
    bodies: tuple[Body, Body],
    where: str,
    text: str,
    words: Words,
    template: Body,
    contract: int,
) -> None:
    """Its sentence and its place name each field, and quote each value, as the body has them (CALL-6, TMPL-8)."""
    stage.using(template)
    if rule == "TMPL-4":
        stage.join("Ann")
    spoken = words[contract == 107]
    expected = (where.format(*spoken).replace(".", "/"), text.format(*spoken), rule)
    assert stage.told("Ann", bodies[contract == 107], contract=contract)[1:] == expected


@pytest.mark.parametrize("contract", EVERY)
@pytest.mark.parametrize("name", ["inactiveRemovalTimeout", "memberInitialization"])
def test_custom_constants_keep_their_names_in_refusals(stage: Stage, name: str, contract: int) -> None:
    """A custom constant is called the same in all contracts, whatever its name and value (CALL-6, TMPL-8)."""
    stage.using({}, custom={name: {"externalEvaluation": True}})
    what = (
        f'The template sets the constant {name} to {{"externalEvaluation": true}}; it cannot be "externalEvaluation".'
    )
    expected = (409, f"/constants/custom/{name}", what, "TMPL-3")
    assert stage.told("Ann", constants({name: "externalEvaluation"}), contract=contract) == expected


@pytest.mark.parametrize("contract", OLD)
def test_a_template_is_refused_in_the_words_of_the_contract_that_it_is_written_for(contract: int) -> None:
    """Its author knows no others (TMPL-7)."""
    body = constants(managedInitialization={}, capabilities={"large": True})
    told = told_of(lambda: parse_template("scid", "huge", body, contract=contract))
    what = "A large session has no managedInitialization."
    assert told == (400, "/constants/system/managedInitialization", what, "CONST-7")
    body = constants(managedInitialization={}, maxMembersCount=1)
    told = told_of(lambda: parse_template("scid", "small", body, contract=contract))
    what = "membersNeededToStart lies between 0 and maxMembersCount, 1."
    assert told == (400, "/constants/system/managedInitialization/membersNeededToStart", what, "CONST-15")


@pytest.mark.parametrize("read", EVERY)
def test_a_template_that_forces_initialization_to_stay_unset_can_be_read(stage: Stage, read: int) -> None:
    """A null in a template is rendered under every contract (TMPL-5, TMPL-8, TMPL-9)."""
    template = stage.using({"memberInitialization": None, "sessionEmptyTimeout": None})
    old = {"timeouts": {"sessionEmpty": None}, "managedInitialization": None}
    new = {"sessionEmptyTimeout": None, "memberInitialization": None}
    shown = {"system": new if read == 107 else old, "custom": {}}
    assert json.loads(render_template(template, contract=read)) == {"contractVersion": read, "constants": shown}
