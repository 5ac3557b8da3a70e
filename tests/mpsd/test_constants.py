"""The constants of a session: those of its template and of its creation, and the checks on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, DEFAULTS, SCID, Body, can, constants
from errors import refusal_of, told, told_of
from pytest_xbl.mpsd.constants import parse_template, session_constants
from pytest_xbl.mpsd.model import EMPTY_BAG, Bag, Template
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import CAPABILITIES
from pytest_xbl.mpsd.writes import parse_constants
from tables import cases

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

TEAM: dict[str, Any] = {"roles": {"leader": {"max": 1}}}
P2P = {"latencyMaximum": 250, "bandwidthMinimum": 10_000}
HOST_BANDWIDTH = {"bandwidthDownMinimum": 100_000, "bandwidthUpMinimum": 1_000}
P2H = {"latencyMaximum": 250, "hostSelectionMetric": "latency", **HOST_BANDWIDTH}
ALL_METRICS = {"latency": True, "bandwidthDown": True, "bandwidthUp": True}


def template(body: Body, *, contract: int = 107) -> Template:
    """The template of this body."""
    return parse_template(SCID, "quick", body, contract=contract)


def held(**system: Any) -> Body:
    """The system constants of a session made with these from an empty template."""
    return session_constants(template({}), parse_constants(constants(**system), contract=107)).system


def refused_constants(**system: Any) -> tuple[int, str, str, str]:
    """The refusal of a session with these constants, whether template or request sets them."""
    by_request = refusal_of(lambda: held(**system))
    unchecked = Template(SCID, "quick", parse_constants(constants(**system), contract=107))
    assert told_of(lambda: session_constants(unchecked, EMPTY_BAG)) == told(by_request)
    assert not by_request.shows_session
    return told(by_request)


def test_a_template_holds_what_it_sets_and_no_defaults() -> None:
    """A template has the form of a PUT body with constants and role types, and may be empty (TMPL-2)."""
    body = constants({"map": "dunes", "mode": None}, version=1, sessionEmptyTimeout=None)
    full = parse_template(SCID, "Quick", {**body, "roleTypes": {"team": TEAM}}, contract=107)
    assert (full.scid, full.name, full.contract) == (SCID, "Quick", 107)
    assert {"system": full.constants.system, "custom": full.constants.custom} == body["constants"]
    assert full.role_types == {"team": TEAM}
    empty = template({}, contract=105)
    assert (empty.constants.system, empty.constants.custom, empty.role_types, empty.contract) == ({}, {}, {}, 105)


@pytest.mark.parametrize("member", ["members", "servers", "properties"])
@pytest.mark.parametrize("value", [{}, None], ids=json.dumps)
def test_a_template_holds_no_parts_of_a_session(member: str, value: Any) -> None:
    """Members, servers and properties are refused when a template is seeded (TMPL-2)."""
    what = f"A template holds constants and roleTypes; {member} belong to a session."
    assert told_of(lambda: template({"constants": {}, member: value})) == (400, f"/{member}", what, "TMPL-2")


WRONG = {
    "an unknown member": ({"constant": {}}, "/constant", "CALL-6"),
    "a property": ({"description": "x"}, "/description", "CALL-6"),
    "no object": ({"constants": None}, "/constants", "CALL-6"),
    "a bad constant": (constants(visibility="full"), "/constants/system/visibility", "CONST-3"),
    "a bad role type": ({"roleTypes": {"Team": {}}}, "/roleTypes/Team", "ROLE-1"),
    "large": (constants(**can("large", "team")), "/constants/system/capabilities/team", "CONST-7"),
    "gameplay": (constants(**can("gameplay", "team")), "/constants/system/capabilities/team", "CONST-8"),
}


@cases("body where rule", WRONG)
def test_a_template_of_which_no_session_could_be_made_is_refused(body: Body, where: str, rule: str) -> None:
    """A template is checked when it is seeded, not when it is used: 400 (TMPL-2, CALL-6, CONST-7, CONST-8)."""
    status, place, _, named = told_of(lambda: template(body))
    assert (status, place, named) == (400, where, rule)


@pytest.mark.parametrize("system", [can("broadcast"), {"capabilities": None, "metrics": {}}], ids=json.dumps)
def test_a_template_may_leave_to_the_session_what_it_needs(system: Body) -> None:
    """The creating write may add what a constant of the template needs (TMPL-2, TMPL-3)."""
    assert template(constants(**system)).constants.system == system


def test_sessions_of_a_template_share_their_constants(stage: Stage) -> None:
    """Sessions whose creation adds nothing have the very same constants, worked out once (TMPL-3, TMPL-6)."""
    plain = session_constants(stage.template, EMPTY_BAG)
    assert session_constants(stage.template, Bag()) is plain
    added = session_constants(stage.template, Bag({"version": 2}))
    assert (added.system, plain.system) == ({**DEFAULTS, "version": 2}, DEFAULTS)
    assert session_constants(stage.template, Bag({}, {"map": "dunes"})).custom == {"map": "dunes"}
    assert session_constants(stage.template, EMPTY_BAG) is plain


PARTLY = {**can("connectivity"), "peerToPeerRequirements": {"latencyMaximum": 100}}
SPELT_OUT = {"peerToPeerRequirements": {"latencyMaximum": 100, "bandwidthMinimum": 10_000}}
ADDED = {
    "nothing": ({}, {}, {}),
    "a default and another": ({"version": 1}, {"visibility": "visible"}, {"version": 1, "visibility": "visible"}),
    "the same": ({"version": 1, **can("gameplay")}, {"version": 1}, {"version": 1, **can("gameplay")}),
    "capabilities": ({"version": 1}, can("gameplay"), {"version": 1, **can("gameplay")}),
    "the same, spelt out": (PARTLY, SPELT_OUT, {**PARTLY, **SPELT_OUT, "metrics": ALL_METRICS}),
}


@cases("set_ asked shown", ADDED)
def test_creation_adds_or_repeats_constants(stage: Stage, set_: Body, asked: Body, shown: Body) -> None:
    """A session shows template, creation and defaults (TMPL-3, TMPL-6, TMPL-10, TMPL-11)."""
    stage.using(set_, custom={"map": {"name": "dunes", "size": 3}})
    stage.put("Ann", constants({"mode": "duel", "map": {"size": 3, "name": "dunes"}}, **asked))
    assert stage.document()["constants"] == {
        "system": {**DEFAULTS, **shown},
        "custom": {"map": {"name": "dunes", "size": 3}, "mode": "duel"},
    }


def name_of(place: str) -> str:
    """The name of the constant at a place such as `custom/a~1b`."""
    return place.partition("/")[2].replace("~1", "/")


OURS = '{"latencyMaximum": 100, "bandwidthMinimum": 10000}'
THEIRS = '{"latencyMaximum": 101, "bandwidthMinimum": 10000}'
PEERS = constants(peerToPeerRequirements={"latencyMaximum": 101})
SET = {
    # what creation asks for; the place of the refusal; the value of the template, and the one asked for
    "another value": (constants(version=2), "system/version", "1", "2"),
    "unset": (constants(version=None), "system/version", "1", "null"),
    "set though kept unset": (constants(sessionEmptyTimeout=0), "system/sessionEmptyTimeout", "null", "0"),
    "inside a constant": (PEERS, "system/peerToPeerRequirements", OURS, THEIRS),
    "custom, of another type": (constants({"flag": 1}), "custom/flag", "true", "1"),
    "custom, a name to escape": (constants({"a/b": 2}), "custom/a~1b", "1", "2"),
    "custom, called capabilities": (constants({"capabilities": {}}), "custom/capabilities", '{"jump": 1}', "{}"),
}


@cases("body place is_ asked", SET)
def test_a_constant_that_the_template_sets_cannot_be_changed(
    stage: Stage, body: Body, place: str, is_: str, asked: str
) -> None:
    """A constant that the template sets, whatever its name, cannot be changed at creation: 409 (TMPL-3, CALL-6)."""
    set_ = {"version": 1, "visibility": "open", "sessionEmptyTimeout": None, **can("connectivity")}
    stage.using(
        {**set_, "peerToPeerRequirements": {"latencyMaximum": 100}},
        custom={"flag": True, "a/b": 1, "capabilities": {"jump": 1}},
    )
    what = f"The template sets the constant {name_of(place)} to {is_}; it cannot be {asked}."
    assert stage.told("Ann", body) == (409, f"/constants/{place}", what, "TMPL-3")


@pytest.mark.parametrize("name", DEFAULTS)
@pytest.mark.parametrize("by", ["template", "request", "both"])
def test_null_keeps_a_constant_unset_and_its_default_off(stage: Stage, name: str, by: str) -> None:
    """Null in the template or at creation forces a value to stay unset, default and all (TMPL-5)."""
    stage.using({} if by == "request" else {name: None})
    session = stage.write("Ann", {} if by == "template" else constants(**{name: None}))
    assert session.constants.system == {other: value for other, value in DEFAULTS.items() if other != name}


INNER = (
    *("peerToPeerRequirements", "peerToHostRequirements", "ownershipPolicies", "memberInitialization", "metrics"),
    "arbitration",
)


@pytest.mark.parametrize("name", INNER)
@pytest.mark.parametrize("contract", [105, 107])
def test_null_keeps_a_constant_with_inner_defaults_unset(stage: Stage, name: str, contract: int) -> None:
    """A constant that is filled in where it is there stays away where it is null (TMPL-5, CONST-11, CONST-13)."""
    written = "managedInitialization" if (name, contract) == ("memberInitialization", 105) else name
    stage.using({written: None}, contract=contract)
    assert stage.write("Ann", constants(**{name: None})).constants.system.keys() == DEFAULTS.keys()


def test_null_keeps_custom_constants_unset(stage: Stage) -> None:
    """A custom constant that is null is not there; a null deeper inside is data (TMPL-5, CALL-10)."""
    stage.using({}, custom={"a": None, "b": {"x": None}})
    stage.put("Ann", constants({"a": None, "c": None, "d": [None]}))
    assert stage.document()["constants"]["custom"] == {"b": {"x": None}, "d": [None]}


def test_a_timeout_of_initialization_that_is_null_is_not_shown(stage: Stage) -> None:
    """It switches the timeout off; no null is sent, nor needed to repeat it (CONST-5, TMPL-5, TMPL-13, CALL-10)."""
    given = {"joinTimeout": None, "measurementTimeout": 5, "membersNeededToStart": 0}
    body = {**constants(memberInitialization=given), **ACTIVE}
    created = stage.put("Ann", body)
    shown = stage.document()["constants"]["system"]["memberInitialization"]
    assert shown == {"measurementTimeout": 5, "membersNeededToStart": 0}
    assert stage.put("Ann", body) is created
    assert stage.put("Ann", constants(memberInitialization=shown)) is created
    different = constants(memberInitialization={**shown, "joinTimeout": 1})
    assert stage.refused("Ann", different) == (409, "/constants/system/memberInitialization", "TMPL-4")


@cases(
    "system",
    {
        "nulls": {"sessionEmptyTimeout": None, "version": 1},
        "requirements": {**can("connectivity"), "peerToPeerRequirements": {}},
        "partial requirements": {**can("connectivity"), "peerToHostRequirements": {"latencyMaximum": 100}},
        "initialization": {"memberInitialization": {"membersNeededToStart": 0}},
    },
)
def test_constants_may_be_repeated_later(stage: Stage, system: Body) -> None:
    """The creating body, the shown constants, defaults, constants of the template and those unset (TMPL-4, PUT-2)."""
    stage.using({"readyRemovalTimeout": None})
    body = {**constants({"a": None, "b": {"x": None, "y": [1]}}, **system), **ACTIVE}
    created = stage.put("Ann", body)
    unset = constants({"b": {"y": [1], "x": None}, "none": None}, readyRemovalTimeout=None, inviteProtocol=None)
    for again in (body, unset, constants(visibility="open"), {"constants": stage.document()["constants"]}):
        assert stage.put("Ann", again) is created


GAMEPLAY = '{"gameplay": true}'
MORE = '{"gameplay": true, "crossPlay": true}'
FIXED = {
    # what a later write asks for; the place of the refusal; the value of the session, and the one asked for
    "another value": (constants(version=2), "system/version", "1", "2"),
    "a default unset": (constants(visibility=None), "system/visibility", '"open"', "null"),
    "one that was left out": (constants(inviteProtocol="x"), "system/inviteProtocol", "not set", '"x"'),
    "one kept unset": (constants(sessionEmptyTimeout=0), "system/sessionEmptyTimeout", "not set", "0"),
    "custom, left out": (constants({"mode": "duel"}), "custom/mode", "not set", '"duel"'),
    "one capability more": (constants(**can("gameplay", "crossPlay")), "system/capabilities", GAMEPLAY, MORE),
    "one capability less": (constants(**can()), "system/capabilities", GAMEPLAY, "{}"),
    "capabilities unset": (constants(capabilities=None), "system/capabilities", GAMEPLAY, "null"),
}


@cases("body place was asked", FIXED)
def test_constants_are_fixed_at_creation(stage: Stage, body: Body, place: str, was: str, asked: str) -> None:
    """A later write with another value is 409, and the text names the constant (TMPL-4, CODE-409)."""
    stage.using({"version": 1, "sessionEmptyTimeout": None, **can("gameplay")})
    stage.join("Ann")
    what = f"The constant {name_of(place)} is {was} since the session was made; it cannot become {asked}."
    assert stage.told("Ann", body) == (409, f"/constants/{place}", what, "TMPL-4")


@cases(
    "set_ asked",
    {
        "none": ({}, MORE),
        "one that is off": ({"gameplay": False}, MORE),
        "one": ({"gameplay": True}, MORE),
        "null": (None, MORE),
        "one, to be unset": ({"gameplay": True}, "null"),
    },
)
def test_a_template_with_capabilities_has_all_that_there_are(stage: Stage, set_: Any, asked: str) -> None:
    """Where the template sets capabilities, be it to {} or null, none is added or taken: 409 (TMPL-10, TMPL-5)."""
    stage.using({"capabilities": set_})
    what = f"The template sets the constant capabilities to {json.dumps(set_)}; it cannot be {asked}."
    expected = (409, "/constants/system/capabilities", what, "TMPL-10")
    assert stage.told("Ann", constants(capabilities=json.loads(asked))) == expected


@cases(
    "set_ asked",
    {
        "false, and left out": ({"gameplay": True, "crossPlay": False}, {"gameplay": True}),
        "others that are false": ({"gameplay": True, "crossPlay": False}, {"gameplay": True, "broadcast": False}),
        "false, and none": ({"gameplay": False}, {}),
        "none, and null": ({}, None),
        "null, and false": (None, {"gameplay": False}),
        "null, and none": (None, {}),
    },
)
def test_a_capability_that_is_false_is_as_good_as_none(stage: Stage, set_: Any, asked: Any) -> None:
    """Where capabilities are compared, at creation and later, false, left out and null are the same (TMPL-13)."""
    stage.using({"capabilities": set_})
    created = stage.put("Ann", {**constants(capabilities=asked), **ACTIVE})
    for repeated in (set_, asked):
        assert stage.put("Ann", constants(capabilities=repeated)) is created


CLOUD = {"cloudComputePackage": {"titleId": "7"}}
MEASURED = {"measurementServerAddresses": {"a": {"secureDeviceAddress": "r5Y="}}}


@cases(
    "system",
    {
        "one member": {"maxMembersCount": 1},
        "a hundred members": {"maxMembersCount": 100},
        "a large session": {"maxMembersCount": 10_000, **can("large")},
        "searchable with owners": can("userAuthorizationStyle", "searchable", "hasOwners"),
        "metrics": {**can("connectivity"), "metrics": {"latency": False}},
        "cloud compute": {**can("cloudCompute"), **CLOUD},
        "measurement servers": MEASURED,
    },
)
def test_constants_that_go_together_are_taken(system: Body) -> None:
    """Constants that satisfy the rules are kept as they are given, with defaults around them (CONST-2 to CONST-16)."""
    assert held(**system) == {**DEFAULTS, **system}


TOO_MANY = "Without the capability large a session has at most 100 members, not 101."
EXCLUDE = "The capabilities {} and team exclude each other."
TOGETHER = "The capabilities userAuthorizationStyle and searchable together need hasOwners."
REFUSED = {
    # constants, the place of the refusal, its text, which starts with the name there for "…", and its rule
    "101 members": ({"maxMembersCount": 101}, "maxMembersCount", TOO_MANY, "CONST-2"),
    "broadcast": (can("broadcast"), "capabilities/broadcast", "The capability … needs large", "CONST-8"),
    "arbitration": (can("arbitration"), "capabilities/arbitration", "The capability … needs gameplay", "CONST-8"),
    "metrics": ({"metrics": {}}, "metrics", "… needs connectivity", "CONST-10"),
    "peers": ({"peerToPeerRequirements": {}}, "peerToPeerRequirements", "… needs connectivity", "CONST-10"),
    "hosts": ({"peerToHostRequirements": {}}, "peerToHostRequirements", "… needs connectivity", "CONST-10"),
    "policies": ({"ownershipPolicies": {}}, "ownershipPolicies", "… needs hasOwners", "CONST-13"),
    "cloud": ({**CLOUD, **can("gameplay")}, "cloudComputePackage", "… needs cloudCompute", "CONST-16"),
    "searchable": (can("userAuthorizationStyle", "searchable"), "capabilities/searchable", TOGETHER, "CONST-9"),
    "arbitrated": ({"arbitration": {}}, "arbitration", "… needs arbitration", "CONST-17"),
}


@cases("system where what rule", REFUSED)
def test_constants_that_do_not_go_together_are_refused(system: Body, where: str, what: str, rule: str) -> None:
    """400, naming the constant (CONST-2, CONST-8, CONST-9, CONST-10, CONST-13, CONST-16, CONST-17)."""
    if "…" in what:
        what = what.replace("…", where.rpartition("/")[2]).replace("needs ", "needs the capability ").rstrip(".") + "."
    assert refused_constants(**system) == (400, f"/constants/system/{where}", what, rule)


EVALUATED: Body = {"memberInitialization": {}}
EXCLUDED = {
    # what the template has, what creation adds, the place of the refusal, its text, and its rule
    "large": ({}, can("large", "team"), "capabilities/team", EXCLUDE.format("large"), "CONST-7"),
    "gameplay": ({}, can("team", "gameplay"), "capabilities/team", EXCLUDE.format("gameplay"), "CONST-8"),
    "evaluated": (can("large"), EVALUATED, "memberInitialization", "A large session has no {}.", "CONST-7"),
    "measured": (can("large"), MEASURED, "measurementServerAddresses", "A large session has no {}.", "CONST-7"),
}


@cases("set_ added where what rule", EXCLUDED)
def test_constants_that_exclude_each_other_are_refused_on_first_sight(
    set_: Body, added: Body, where: str, what: str, rule: str
) -> None:
    """By the body alone if it holds both, at creation if the template has one of them (CONST-7, CONST-8, CODE-400)."""
    expected = (400, f"/constants/system/{where}", what.format(where), rule)
    body = constants(**set_, **added)
    assert told_of(lambda: parse_constants(body, contract=107)) == told_of(lambda: template(body)) == expected
    if set_:
        asked = parse_constants(constants(**added), contract=107)
        assert told_of(lambda: session_constants(template(constants(**set_)), asked)) == expected


def test_a_constant_that_is_null_excludes_nothing() -> None:
    """As in a large template that says so (TMPL-5, CONST-7)."""
    nothing = dict.fromkeys(("memberInitialization", "measurementServerAddresses"))
    assert template(constants(**can("large"), **nothing)).constants.system == {**can("large"), **nothing}


def test_arbitration_has_defaults_inside() -> None:
    """And its result is not due before a forfeit is (CONST-17)."""
    wanted = can("arbitration", "gameplay")
    assert held(**wanted, arbitration={})["arbitration"] == {"forfeitTimeout": 60_000, "arbitrationTimeout": 300_000}
    refused = told_of(lambda: held(**wanted, arbitration={"forfeitTimeout": 300_001}))
    what = "arbitrationTimeout is at least forfeitTimeout, 300001."
    assert refused == (400, "/constants/system/arbitration/arbitrationTimeout", what, "CONST-17")


def test_no_other_capabilities_exclude_each_other() -> None:
    """Any two capabilities that no rule names may be had together (CONST-7, CONST-8)."""
    refused = set()
    for one in CAPABILITIES:
        for other in CAPABILITIES:
            needs = {"broadcast": {"large"}, "arbitration": {"gameplay"}}
            wanted = {one, other} | needs.get(one, set()) | needs.get(other, set())
            try:
                held(**can(*sorted(wanted)))
            except Refusal:
                refused.add(frozenset({one, other}))
    large = ("connectivity", "autoPopulateServerCandidates", "userAuthorizationStyle", "team", "arbitration")
    assert refused == {
        *(frozenset({big, other}) for big in ("large", "broadcast") for other in large),
        frozenset({"gameplay", "team"}),
        frozenset({"arbitration", "team"}),
        frozenset({"userAuthorizationStyle", "searchable"}),
    }


@cases(
    "name given complete",
    {
        "peers, nothing": ("peerToPeerRequirements", {}, P2P),
        "host, latency": ("peerToHostRequirements", {"latencyMaximum": 5}, {**P2H, "latencyMaximum": 5}),
    },
)
def test_requirements_are_completed(name: str, given: Body, complete: Body) -> None:
    """Requirements have defaults, and metrics that are left out are those that they need (CONST-10, CONST-11)."""
    wanted = {**can("connectivity"), name: given}
    assert held(**wanted) == {**DEFAULTS, **wanted, name: complete, "metrics": ALL_METRICS}
    more = {**ALL_METRICS, "custom": True}
    assert held(**wanted, metrics=more)["metrics"] == more


@cases(
    "metrics missing",
    {
        "unset": (None, "latency, bandwidthDown, bandwidthUp"),
        "latency only": ({"latency": True, "custom": True}, "bandwidthDown, bandwidthUp"),
        "latency off": ({**ALL_METRICS, "latency": False}, "latency"),
    },
)
@pytest.mark.parametrize("name", ["peerToPeerRequirements", "peerToHostRequirements"])
def test_metrics_given_must_suffice(name: str, metrics: dict[str, bool] | None, missing: str) -> None:
    """Metrics that are given must cover the requirements: 400, naming the missing ones (CONST-10, TMPL-5)."""
    what = f"The requirements need the metrics {missing} too."
    expected = (400, "/constants/system/metrics", what, "CONST-10")
    assert refused_constants(**can("connectivity"), **{name: {}}, metrics=metrics) == expected


def test_ownership_policies_are_completed() -> None:
    """Ownership policies default to ending the session and to no invite handles by others (CONST-13)."""
    for given in ({}, {"migration": "oldest"}):
        complete = {"migration": "endsession", "allowNonOwnerInviteHandles": False, **given}
        assert held(**can("hasOwners"), ownershipPolicies=given)["ownershipPolicies"] == complete


def test_a_timeout_of_an_evaluation_may_be_of_no_use() -> None:
    """`evaluationTimeout` is taken without externalEvaluation, as in the example of a page (CONST-15)."""
    given = {"evaluationTimeout": 1, "externalEvaluation": False}
    assert held(memberInitialization=given)["memberInitialization"] == given


@pytest.mark.parametrize(("most", "limit"), [(8, 8), (None, 100)])
def test_as_many_members_may_be_needed_as_fit(most: int | None, limit: int) -> None:
    """`membersNeededToStart` is at most maxMembersCount, and 100 where that is unset: else 400 (CONST-15)."""
    shown = held(maxMembersCount=most, memberInitialization={"membersNeededToStart": limit})
    assert shown["memberInitialization"]["membersNeededToStart"] == limit
    what = f"membersNeededToStart lies between 0 and maxMembersCount, {limit}."
    expected = (400, "/constants/system/memberInitialization/membersNeededToStart", what, "CONST-15")
    too_many = {"membersNeededToStart": limit + 1}
    assert refused_constants(maxMembersCount=most, memberInitialization=too_many) == expected
    body = constants(maxMembersCount=most, memberInitialization=too_many)
    assert told_of(lambda: template(body)) == expected


def test_initialization_that_nobody_needs_is_taken(stage: Stage) -> None:
    """A session that needs no members to start is made, and shows no defaults of that (CONST-15, INIT-6, TMPL-11)."""
    session = stage.write("Ann", constants(memberInitialization={"membersNeededToStart": 0}))
    assert session.constants.system == {**DEFAULTS, "memberInitialization": {"membersNeededToStart": 0}}
