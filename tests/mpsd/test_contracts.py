"""The two dialects: contract 107, and 104/105 before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_xbl.mpsd.constants import parse_template
from pytest_xbl.mpsd.contracts import (
    constants_from,
    constants_to,
    defaults,
    is_old,
    member_properties_from,
    member_properties_to,
    properties_from,
    properties_to,
)
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import render_template

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

OLD = [104, 105]
EVERY = [104, 105, 107]

DEFAULTS_107 = {
    "maxMembersCount": 100,
    "visibility": "open",
    "reservedRemovalTimeout": 30_000,
    "inactiveRemovalTimeout": 0,
    "readyRemovalTimeout": 180_000,
    "sessionEmptyTimeout": 0,
}
OLD_TIMEOUTS = {"reserved": 30_000, "inactive": 7_200_000, "ready": 180_000, "sessionEmpty": 0}
OLD_INITIALIZATION = {"joinTimeout": 5_000, "measurementTimeout": 5_000, "evaluationTimeout": 5_000}

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


@pytest.mark.parametrize(("contract", "old"), [(104, True), (105, True), (107, False)])
def test_contracts_before_107_speak_the_older_dialect(contract: int, old: bool) -> None:
    """104 and 105 have one form, 107 another (CALL-2, TMPL-7)."""
    assert is_old(contract) is old


# --- defaults


def test_defaults_of_107() -> None:
    """What a template for 107 leaves out has these values; milliseconds (TMPL-6)."""
    assert defaults(107) == DEFAULTS_107


@pytest.mark.parametrize("contract", OLD)
def test_defaults_of_105(contract: int) -> None:
    """A template for 104 or 105 keeps inactive members for two hours; the other defaults are the same (TMPL-7)."""
    assert defaults(contract) == {**DEFAULTS_107, "inactiveRemovalTimeout": 7_200_000}
    assert constants_to(defaults(contract), contract) == {
        "maxMembersCount": 100,
        "visibility": "open",
        "timeouts": OLD_TIMEOUTS,
    }


@pytest.mark.parametrize("asked", EVERY)
@pytest.mark.parametrize(("written", "inactive"), [(104, 7_200_000), (105, 7_200_000), (107, 0)])
def test_the_template_decides_the_defaults(stage: Stage, written: int, inactive: int, asked: int) -> None:
    """Defaults follow from the contract of the template, whatever contract a request has (TMPL-12)."""
    stage.using({}, contract=written)
    stage.put("Ann", {}, contract=asked)
    assert stage.session is not None
    assert stage.session.constants.system == {**DEFAULTS_107, "inactiveRemovalTimeout": inactive}


@pytest.mark.parametrize("contract", OLD)
def test_a_session_shows_the_names_of_the_older_contract(stage: Stage, contract: int) -> None:
    """A request under 104 or 105 sees the timeouts together in `timeouts` (TMPL-7, TMPL-8, TMPL-11)."""
    stage.using({}, contract=107)
    stage.put("Ann", {}, contract=contract)
    document = stage.document(contract=contract)
    assert document["contractVersion"] == contract
    assert document["constants"]["system"] == {
        "maxMembersCount": 100,
        "visibility": "open",
        "timeouts": {**OLD_TIMEOUTS, "inactive": 0},
    }
    assert stage.document(contract=107)["constants"]["system"] == DEFAULTS_107


@pytest.mark.parametrize(
    ("contract", "partial", "complete"),
    [
        pytest.param(
            107,
            {},
            {
                "joinTimeout": 10_000,
                "measurementTimeout": 30_000,
                "externalEvaluation": False,
                "membersNeededToStart": 1,
            },
            id="107",
        ),
        pytest.param(
            107,
            {"externalEvaluation": True, "membersNeededToStart": 0},
            {
                "joinTimeout": 10_000,
                "measurementTimeout": 30_000,
                "externalEvaluation": True,
                "evaluationTimeout": 5_000,
                "membersNeededToStart": 0,
            },
            id="107, the title evaluates",
        ),
        pytest.param(
            107,
            {"joinTimeout": 1, "measurementTimeout": 2, "evaluationTimeout": 3, "externalEvaluation": True},
            {
                "joinTimeout": 1,
                "measurementTimeout": 2,
                "evaluationTimeout": 3,
                "externalEvaluation": True,
                "membersNeededToStart": 1,
            },
            id="107, all timeouts given",
        ),
        pytest.param(105, {}, {**OLD_INITIALIZATION, "externalEvaluation": True, "membersNeededToStart": 2}, id="105"),
        pytest.param(104, {}, {**OLD_INITIALIZATION, "externalEvaluation": True, "membersNeededToStart": 2}, id="104"),
        pytest.param(
            105,
            {"autoEvaluate": True},
            {
                "joinTimeout": 5_000,
                "measurementTimeout": 5_000,
                "externalEvaluation": False,
                "membersNeededToStart": 2,
            },
            id="105, the service evaluates",
        ),
        pytest.param(
            105,
            {"autoEvaluate": False, "evaluationTimeout": 7, "joinTimeout": 8, "membersNeededToStart": 0},
            {
                "joinTimeout": 8,
                "measurementTimeout": 5_000,
                "evaluationTimeout": 7,
                "externalEvaluation": True,
                "membersNeededToStart": 0,
            },
            id="105, some given",
        ),
    ],
)
def test_member_initialization_is_completed(contract: int, partial: dict[str, Any], complete: dict[str, Any]) -> None:
    """What member initialization leaves out has the defaults of its contract (CONST-15, TMPL-7)."""
    name = "memberInitialization" if contract == 107 else "managedInitialization"
    assert constants_from({name: partial}, contract) == {"memberInitialization": complete}


# --- constants, there and back


def test_constants_of_107_are_held_as_they_are() -> None:
    """Inside, everything goes by the names of 107, so nothing is turned under 107 (TMPL-8)."""
    system: dict[str, Any] = {
        "version": 1,
        "inactiveRemovalTimeout": None,
        "memberInitialization": None,
        "timeouts": {},
    }
    assert constants_from(system, 107) == system
    assert constants_to(system, 107) is system


@pytest.mark.parametrize("contract", OLD)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reserved", "reservedRemovalTimeout"),
        ("inactive", "inactiveRemovalTimeout"),
        ("ready", "readyRemovalTimeout"),
        ("sessionEmpty", "sessionEmptyTimeout"),
    ],
)
@pytest.mark.parametrize("value", [0, 5, None])
def test_each_timeout_has_two_names(old: str, new: str, value: int | None, contract: int) -> None:
    """Each of the four timeouts lives in `timeouts` under 104 and 105, with the same value (TMPL-7)."""
    assert constants_from({"version": 1, "timeouts": {old: value}}, contract) == {"version": 1, new: value}
    assert constants_to({"version": 1, new: value}, contract) == {"version": 1, "timeouts": {old: value}}


@pytest.mark.parametrize("contract", OLD)
@pytest.mark.parametrize(("auto", "external"), [(True, False), (False, True)])
def test_evaluation_has_opposite_names(auto: bool, external: bool, contract: int) -> None:
    """`autoEvaluate` is true where `externalEvaluation` is false, and the other way round (TMPL-7)."""
    rest = {"joinTimeout": 1, "measurementTimeout": 2, "membersNeededToStart": 3}
    timeout = {"evaluationTimeout": 5_000} if external else {}
    old = {"managedInitialization": {**rest, **timeout, "autoEvaluate": auto}}
    new = {"memberInitialization": {**rest, **timeout, "externalEvaluation": external}}
    assert constants_from(old, contract) == new
    assert constants_to(new, contract) == old


@pytest.mark.parametrize("contract", OLD)
def test_other_constants_have_one_name(contract: int) -> None:
    """All other constants are called the same in all contracts (TMPL-7)."""
    system = {"version": 1, "visibility": None, "capabilities": {"gameplay": True}, "inviteProtocol": "party"}
    assert constants_from(system, contract) == system
    assert constants_to(system, contract) == system


@pytest.mark.parametrize("contract", OLD)
def test_a_session_without_timeouts_shows_none(contract: int) -> None:
    """Where every timeout is unset `timeouts` is left out, not empty (CALL-10)."""
    assert constants_to({"version": 1}, contract) == {"version": 1}


@pytest.mark.parametrize("contract", OLD)
def test_empty_timeouts_set_none(contract: int) -> None:
    """`timeouts: {}` sets no timeout, so that all keep their defaults (TMPL-7)."""
    assert constants_from({"timeouts": {}}, contract) == {}


@pytest.mark.parametrize("contract", OLD)
def test_timeouts_as_a_whole_can_be_forced_to_stay_unset(contract: int) -> None:
    """`timeouts: null` keeps all four timeouts unset, and switches their defaults off (TMPL-5, TMPL-7)."""
    assert constants_from({"timeouts": None}, contract) == {
        "reservedRemovalTimeout": None,
        "inactiveRemovalTimeout": None,
        "readyRemovalTimeout": None,
        "sessionEmptyTimeout": None,
    }


def test_member_initialization_can_be_forced_to_stay_unset() -> None:
    """Null keeps member initialization unset under either name (TMPL-5, TMPL-7)."""
    assert constants_from({"managedInitialization": None}, 105) == {"memberInitialization": None}
    assert constants_from({"memberInitialization": None}, 107) == {"memberInitialization": None}


@pytest.mark.parametrize("contract", OLD)
def test_initialization_forced_to_stay_unset_reads_as_such(contract: int) -> None:
    """A template whose `memberInitialization` is null can be read under 104 and 105 too (TMPL-5, TMPL-8, TMPL-9)."""
    assert constants_to({"memberInitialization": None}, contract) == {"managedInitialization": None}


@settings(derandomize=True, deadline=None, max_examples=100)
@given(held_constants, st.sampled_from(EVERY))
def test_held_constants_survive_a_trip_through_a_contract(system: dict[str, Any], contract: int) -> None:
    """What a client reads under a contract and writes back is what was there (TMPL-8, TMPL-4)."""
    assert constants_from(constants_to(system, contract), contract) == system


@settings(derandomize=True, deadline=None, max_examples=100)
@given(old_constants, st.sampled_from(OLD))
def test_complete_constants_of_105_come_back_as_written(system: dict[str, Any], contract: int) -> None:
    """Constants written under 104 or 105 that leave nothing to defaults read as they were written (TMPL-8)."""
    assert constants_to(constants_from(system, contract), contract) == system


NEW_CONSTANTS = {"version": 1, "readyRemovalTimeout": 1, "memberInitialization": {"externalEvaluation": True}}
OLD_CONSTANTS = {"version": 1, "timeouts": {"ready": 1}, "managedInitialization": {"autoEvaluate": False}}
NEW_PROPERTIES = {"closed": True, "matchmaking": {"serverConnectionString": "a"}, "matchmakingResubmit": True}
OLD_PROPERTIES = {"closed": True, "matchmaking": {"serverConnectionString": "a", "resubmit": True}}


@pytest.mark.parametrize(
    ("turn", "system", "contract"),
    [
        pytest.param(constants_from, NEW_CONSTANTS, 107, id="constants from 107"),
        pytest.param(constants_from, OLD_CONSTANTS, 105, id="constants from 105"),
        pytest.param(constants_to, NEW_CONSTANTS, 105, id="constants to 105"),
        pytest.param(properties_from, OLD_PROPERTIES, 105, id="properties from 105"),
        pytest.param(properties_to, NEW_PROPERTIES, 105, id="properties to 105"),
        pytest.param(member_properties_from, {"ready": True, "group": [0]}, 105, id="member properties from 105"),
        pytest.param(member_properties_to, {"initializationGroup": [0]}, 105, id="member properties to 105"),
    ],
)
def test_nothing_is_changed_in_place(
    turn: Callable[[dict[str, Any], int], dict[str, Any]], system: dict[str, Any], contract: int
) -> None:
    """Turning a bag makes a new one, and leaves the one that a session holds as it was (PUT-10)."""
    before = deepcopy(system)
    assert turn(system, contract) != {}
    assert system == before


# --- properties of the session


@pytest.mark.parametrize("contract", EVERY)
def test_other_properties_have_one_name(contract: int) -> None:
    """Properties that both dialects know are called the same (TMPL-8)."""
    system: dict[str, Any] = {"closed": True, "keywords": None, "serverConnectionStringCandidates": []}
    assert properties_from(system, contract) == system
    assert properties_to(system, contract) == system


@pytest.mark.parametrize("contract", OLD)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            {"serverConnectionString": "a", "resubmit": True},
            {"matchmaking": {"serverConnectionString": "a"}, "matchmakingResubmit": True},
            id="both",
        ),
        pytest.param({"resubmit": False}, {"matchmaking": None, "matchmakingResubmit": False}, id="resubmit alone"),
        pytest.param(
            {"serverConnectionString": "a"},
            {"matchmaking": {"serverConnectionString": "a"}, "matchmakingResubmit": None},
            id="no resubmit",
        ),
        pytest.param(None, {"matchmaking": None, "matchmakingResubmit": None}, id="removed"),
    ],
)
def test_resubmit_is_replaced_together_with_matchmaking(
    old: dict[str, Any] | None, new: dict[str, Any], contract: int
) -> None:
    """`matchmaking.resubmit` of 105 is `matchmakingResubmit` of 107; a field is replaced as a whole (PROP-7, PUT-5)."""
    assert properties_from({"closed": True, "matchmaking": old}, contract) == {"closed": True, **new}


@pytest.mark.parametrize("contract", OLD)
@pytest.mark.parametrize(
    ("new", "old"),
    [
        pytest.param({"matchmakingResubmit": True}, {"matchmaking": {"resubmit": True}}, id="resubmit alone"),
        pytest.param(
            {"matchmaking": {"serverConnectionString": "a"}, "matchmakingResubmit": False},
            {"matchmaking": {"serverConnectionString": "a", "resubmit": False}},
            id="both",
        ),
        pytest.param(
            {"matchmaking": {"serverConnectionString": "a"}},
            {"matchmaking": {"serverConnectionString": "a"}},
            id="no resubmit",
        ),
    ],
)
def test_resubmit_reads_as_part_of_matchmaking(new: dict[str, Any], old: dict[str, Any], contract: int) -> None:
    """Under 104 and 105 `matchmakingResubmit` reads as `matchmaking.resubmit` (PROP-7, TMPL-8)."""
    assert properties_to({"closed": True, **new}, contract) == {"closed": True, **old}


def test_matchmaking_of_107_is_taken_as_it_is() -> None:
    """Under 107 the two fields are apart, and one is written without the other (PROP-7)."""
    assert properties_from({"matchmaking": {}}, 107) == {"matchmaking": {}}
    assert properties_from({"matchmakingResubmit": True}, 107) == {"matchmakingResubmit": True}
    assert properties_to({"matchmakingResubmit": True}, 107) == {"matchmakingResubmit": True}


@pytest.mark.parametrize("contract", OLD)
def test_empty_matchmaking_of_105_is_a_value(contract: int) -> None:
    """`matchmaking: {}` replaces the whole field by an empty one, and so removes `resubmit` (PUT-5, PROP-7)."""
    assert properties_from({"matchmaking": {}}, contract) == {"matchmaking": {}, "matchmakingResubmit": None}


@pytest.mark.parametrize("contract", EVERY)
def test_empty_matchmaking_is_kept(stage: Stage, contract: int) -> None:
    """`matchmaking: {}` is a value like any other: it is there afterwards (PUT-5, PROP-7)."""
    stage.put("Ann", {"properties": {"system": {"matchmaking": {}}}}, contract=contract)
    assert stage.document(contract=contract)["properties"]["system"]["matchmaking"] == {}


@settings(derandomize=True, deadline=None, max_examples=100)
@given(held_properties, st.sampled_from(EVERY))
def test_held_properties_survive_a_trip_through_a_contract(system: dict[str, Any], contract: int) -> None:
    """What a client reads under a contract and writes back leaves the properties as they were (TMPL-8, PUT-2)."""
    back = properties_from(properties_to(system, contract), contract)
    assert {name: value for name, value in back.items() if value is not None} == system


def test_a_session_is_written_under_one_contract_and_read_under_the_other(stage: Stage) -> None:
    """Properties of sessions and members have the names of the request's contract, in and out (TMPL-8)."""
    me = {"properties": {"system": {"active": True, "group": [0]}}}
    body = {"properties": {"system": {"matchmaking": {"resubmit": True}}}, "members": {"me": me}}
    stage.put("Ann", body, contract=105)
    new, old = stage.document(contract=107), stage.document(contract=105)
    assert new["properties"]["system"] == {"turn": [], "matchmakingResubmit": True}
    assert old["properties"]["system"] == {"turn": [], "matchmaking": {"resubmit": True}}
    assert new["members"]["0"]["properties"]["system"] == {"active": True, "initializationGroup": [0]}
    assert old["members"]["0"]["properties"]["system"] == {"active": True, "group": [0]}
    assert (new["contractVersion"], old["contractVersion"]) == (107, 105)


def test_removing_matchmaking_under_105_removes_resubmit_too(stage: Stage) -> None:
    """`matchmaking: null` under 105 removes all of it, whatever contract wrote it (PUT-5, PROP-7)."""
    system = {"matchmaking": {"serverConnectionString": "a"}, "matchmakingResubmit": True, "closed": True}
    stage.join("Ann")
    stage.put("Ann", {"properties": {"system": system}})
    stage.put("Ann", {"properties": {"system": {"matchmaking": None}}}, contract=105)
    assert stage.document()["properties"]["system"] == {"turn": [], "closed": True}


# --- properties of a member


@pytest.mark.parametrize("contract", OLD)
@pytest.mark.parametrize("group", [[0, 1], [], None])
def test_the_group_of_a_member_has_two_names(group: list[int] | None, contract: int) -> None:
    """`initializationGroup` of 107 is `group` under 104 and 105; all else is called the same (MEMB-13, TMPL-8)."""
    old, new = {"ready": True, "group": group}, {"ready": True, "initializationGroup": group}
    assert member_properties_from(old, contract) == new
    assert member_properties_to(new, contract) == old


def test_member_properties_of_107_are_taken_as_they_are() -> None:
    """Under 107 member properties are neither turned coming in nor going out (TMPL-8)."""
    system = {"ready": True, "initializationGroup": [1]}
    assert member_properties_from(system, 107) is system
    assert member_properties_to(system, 107) is system


# --- templates


@pytest.mark.parametrize("written", EVERY)
@pytest.mark.parametrize("read", EVERY)
def test_a_template_of_one_contract_is_usable_under_the_other(stage: Stage, written: int, read: int) -> None:
    """A session echoed under any contract agrees with a template written for any contract (TMPL-8, TMPL-4)."""
    older = {"timeouts": {"inactive": 5, "ready": None}, "managedInitialization": {"membersNeededToStart": 0}}
    newer = {
        "inactiveRemovalTimeout": 5,
        "readyRemovalTimeout": None,
        "memberInitialization": {"membersNeededToStart": 0},
    }
    stage.using(newer if written == 107 else older, contract=written)
    created = stage.join("Ann")
    constants = stage.document(contract=read)["constants"]
    assert stage.put("Ann", {"constants": constants}, contract=read) is created
    stage.session = None
    stage.put("Ann", {"constants": constants}, contract=read)
    assert stage.document(contract=read)["constants"] == constants


# --- the words of a refusal


class Spoken(NamedTuple):
    """A write that is refused, and the refusal: each as 104 and 105 have it, and as 107 has it.

    Args:
        held: system constants of the template, by the names of 107.
        joined: whether the session is there already.
    """

    rule: str
    old: JsonObject
    new: JsonObject
    old_text: str
    new_text: str
    held: Mapping[str, Any] = {}
    joined: bool = False


def constants(**system: Any) -> JsonObject:
    """A body of system constants."""
    return {"constants": {"system": system}}


NO_WAIT = {"joinTimeout": 1, "measurementTimeout": 1, "membersNeededToStart": 0}
QUICK_107 = {"memberInitialization": {**NO_WAIT, "externalEvaluation": False}}
OLD_AT, NEW_AT = "/constants/system/managedInitialization", "/constants/system/memberInitialization"
INITIALIZE = {"members": {"me": {"constants": {"system": {"initialize": True}}}}}
NOT_YET = "the fake does not do this yet, so it refuses the request."
SPOKEN = {
    "a timeout that the template sets": Spoken(
        "TMPL-3",
        constants(timeouts={"inactive": 6}),
        constants(inactiveRemovalTimeout=6),
        "The template sets the constant timeouts.inactive to 5; it cannot be 6.\n"
        "where: /constants/system/timeouts/inactive",
        "The template sets the constant inactiveRemovalTimeout to 5; it cannot be 6.\n"
        "where: /constants/system/inactiveRemovalTimeout",
        held={"inactiveRemovalTimeout": 5},
    ),
    "a timeout that the session has": Spoken(
        "TMPL-4",
        constants(timeouts={"sessionEmpty": 6}),
        constants(sessionEmptyTimeout=6),
        "The constant timeouts.sessionEmpty is 0 since the session was made; it cannot become 6.\n"
        "where: /constants/system/timeouts/sessionEmpty",
        "The constant sessionEmptyTimeout is 0 since the session was made; it cannot become 6.\n"
        "where: /constants/system/sessionEmptyTimeout",
        joined=True,
    ),
    "an initialization that the template sets": Spoken(
        "TMPL-3",
        constants(managedInitialization={**NO_WAIT, "joinTimeout": 2, "autoEvaluate": True}),
        constants(memberInitialization={**NO_WAIT, "joinTimeout": 2}),
        "The template sets the constant managedInitialization "
        'to {"joinTimeout": 1, "measurementTimeout": 1, "membersNeede...; '
        'it cannot be {"joinTimeout": 2, "measurementTimeout": 1, "membersNeede....\n'
        f"where: {OLD_AT}",
        "The template sets the constant memberInitialization "
        'to {"joinTimeout": 1, "measurementTimeout": 1, "externalEval...; '
        'it cannot be {"joinTimeout": 2, "measurementTimeout": 1, "externalEval....\n'
        f"where: {NEW_AT}",
        held=QUICK_107,
    ),
    "an initialization that the session has": Spoken(
        "TMPL-4",
        constants(managedInitialization=None),
        constants(memberInitialization=None),
        'The constant managedInitialization is {"joinTimeout": 1, "measurementTimeout": 1, "membersNeede... '
        f"since the session was made; it cannot become null.\nwhere: {OLD_AT}",
        'The constant memberInitialization is {"joinTimeout": 1, "measurementTimeout": 1, "externalEval... '
        f"since the session was made; it cannot become null.\nwhere: {NEW_AT}",
        held=QUICK_107,
        joined=True,
    ),
    "an initialization that the session has not": Spoken(
        "TMPL-4",
        constants(managedInitialization={**NO_WAIT, "autoEvaluate": True}),
        constants(memberInitialization=NO_WAIT),
        "The constant managedInitialization is not set since the session was made; "
        'it cannot become {"joinTimeout": 1, "measurementTimeout": 1, "membersNeede....\n'
        f"where: {OLD_AT}",
        "The constant memberInitialization is not set since the session was made; "
        'it cannot become {"joinTimeout": 1, "measurementTimeout": 1, "externalEval....\n'
        f"where: {NEW_AT}",
        joined=True,
    ),
    "a timeout of an evaluation by nobody": Spoken(
        "CONST-15",
        constants(managedInitialization={"evaluationTimeout": 9, "autoEvaluate": True}),
        constants(memberInitialization={"evaluationTimeout": 9}),
        "evaluationTimeout is only for a session that the title evaluates (autoEvaluate: false).\n"
        f"where: {OLD_AT}/evaluationTimeout",
        "evaluationTimeout is only for a session that the title evaluates (externalEvaluation: true).\n"
        f"where: {NEW_AT}/evaluationTimeout",
    ),
    "more members than there can be": Spoken(
        "CONST-15",
        constants(managedInitialization={"membersNeededToStart": 101}),
        constants(memberInitialization={"membersNeededToStart": 101}),
        f"membersNeededToStart lies between 0 and maxMembersCount, 100.\nwhere: {OLD_AT}/membersNeededToStart",
        f"membersNeededToStart lies between 0 and maxMembersCount, 100.\nwhere: {NEW_AT}/membersNeededToStart",
    ),
    "an initialization of a large session": Spoken(
        "CONST-7",
        constants(managedInitialization={}, capabilities={"large": True}),
        constants(memberInitialization={}, capabilities={"large": True}),
        f"A large session has no managedInitialization.\nwhere: {OLD_AT}",
        f"A large session has no memberInitialization.\nwhere: {NEW_AT}",
    ),
    "a session that initializes its members": Spoken(
        "INIT-1",
        constants(managedInitialization={}),
        constants(memberInitialization={}),
        f"A session whose members are initialized (membersNeededToStart is above 0): {NOT_YET}\nwhere: {OLD_AT}",
        f"A session whose members are initialized (membersNeededToStart is above 0): {NOT_YET}\nwhere: {NEW_AT}",
    ),
    "a member who is to be initialized": Spoken(
        "INIT-1",
        INITIALIZE,
        INITIALIZE,
        "The initialization of a member (initialize is true, and the session has managedInitialization): "
        f"{NOT_YET}\nwhere: /members/me/constants/system/initialize",
        "The initialization of a member (initialize is true, and the session has memberInitialization): "
        f"{NOT_YET}\nwhere: /members/me/constants/system/initialize",
        held=QUICK_107,
    ),
    "a group of members who are not there": Spoken(
        "MEMB-13",
        {"members": {"me": {"properties": {"system": {"group": [9]}}}}},
        {"members": {"me": {"properties": {"system": {"initializationGroup": [9]}}}}},
        "A member of a group is named by an index below 1, not 9.\nwhere: /members/me/properties/system/group",
        "A member of a group is named by an index below 1, not 9.\n"
        "where: /members/me/properties/system/initializationGroup",
    ),
}


@pytest.mark.parametrize("contract", EVERY)
@pytest.mark.parametrize("spoken", SPOKEN.values(), ids=list(SPOKEN))
def test_a_refusal_speaks_the_words_of_the_callers_contract(stage: Stage, spoken: Spoken, contract: int) -> None:
    """Its sentence and its place name each field, and quote each value, as the body has them (CALL-6, TMPL-8)."""
    stage.using(dict(spoken.held))
    if spoken.joined:
        stage.join("Ann")
    with pytest.raises(Refusal) as refused:
        stage.put("Ann", spoken.new if contract == 107 else spoken.old, contract=contract)
    expected = spoken.new_text if contract == 107 else spoken.old_text
    assert str(refused.value) == f"{expected}\nrule: {spoken.rule}"


@pytest.mark.parametrize("contract", EVERY)
@pytest.mark.parametrize("name", ["inactiveRemovalTimeout", "memberInitialization"])
def test_custom_constants_keep_their_names_in_refusals(stage: Stage, name: str, contract: int) -> None:
    """A custom constant is called the same in all contracts, whatever its name and value (CALL-6, TMPL-8)."""
    stage.using({}, custom={name: {"externalEvaluation": True}})
    with pytest.raises(Refusal) as refused:
        stage.put("Ann", {"constants": {"custom": {name: "memberInitialization"}}}, contract=contract)
    assert str(refused.value) == (
        f'The template sets the constant {name} to {{"externalEvaluation": true}}; '
        f'it cannot be "memberInitialization".\nwhere: /constants/custom/{name}\nrule: TMPL-3'
    )


@pytest.mark.parametrize("contract", OLD)
def test_a_template_is_refused_in_the_words_of_the_contract_that_it_is_written_for(contract: int) -> None:
    """Its author knows no others (TMPL-7)."""
    system = {"managedInitialization": {}, "capabilities": {"large": True}}
    with pytest.raises(Refusal) as refused:
        parse_template("scid", "huge", {"constants": {"system": system}}, contract=contract)
    assert str(refused.value) == f"A large session has no managedInitialization.\nwhere: {OLD_AT}\nrule: CONST-7"


@pytest.mark.parametrize("read", EVERY)
def test_a_template_that_forces_initialization_to_stay_unset_can_be_read(stage: Stage, read: int) -> None:
    """A null in a template is rendered under every contract (TMPL-5, TMPL-8, TMPL-9)."""
    template = stage.using({"memberInitialization": None, "sessionEmptyTimeout": None})
    old = {"timeouts": {"sessionEmpty": None}, "managedInitialization": None}
    new = {"sessionEmptyTimeout": None, "memberInitialization": None}
    constants = {"system": new if read == 107 else old, "custom": {}}
    assert json.loads(render_template(template, contract=read)) == {"contractVersion": read, "constants": constants}
