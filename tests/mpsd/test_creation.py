"""How a session begins: template and request put together, and what the constants must satisfy."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.constants import parse_template, require_same_constants, session_constants
from pytest_xbl.mpsd.contracts import constants_from
from pytest_xbl.mpsd.creation import new_session
from pytest_xbl.mpsd.model import EMPTY_BAG, Bag, SessionRef, Template
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import CAPABILITIES
from pytest_xbl.mpsd.writes import parse_write

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

SCID = "5c1d0000-0000-4000-8000-000000000001"
DEFAULTS = {
    "maxMembersCount": 100,
    "visibility": "open",
    "reservedRemovalTimeout": 30_000,
    "inactiveRemovalTimeout": 0,
    "readyRemovalTimeout": 180_000,
    "sessionEmptyTimeout": 0,
}
P2P = {"latencyMaximum": 250, "bandwidthMinimum": 10_000}
P2H = {
    "latencyMaximum": 250,
    "bandwidthDownMinimum": 100_000,
    "bandwidthUpMinimum": 1_000,
    "hostSelectionMetric": "latency",
}
ALL_METRICS = {"latency": True, "bandwidthDown": True, "bandwidthUp": True}
INITIALIZATION = {
    "joinTimeout": 10_000,
    "measurementTimeout": 30_000,
    "externalEvaluation": False,
    "membersNeededToStart": 0,
}
NOT_YET = ": the fake does not do this yet, so it refuses the request."

Said = tuple[int, str, str, str]


def can(*capabilities: str) -> dict[str, dict[str, bool]]:
    """System constants with these capabilities."""
    return {"capabilities": dict.fromkeys(capabilities, True)}


def said(refused: pytest.ExceptionInfo[Refusal]) -> Said:
    """All that a refusal says."""
    return refused.value.status, refused.value.where, refused.value.rule, refused.value.what


def constants(system: dict[str, Any], custom: dict[str, Any] | None = None) -> dict[str, Any]:
    """A body with these constants."""
    return {"constants": {"system": system, "custom": custom or {}}}


def active() -> dict[str, Any]:
    """The part of a body by which the caller becomes active, and so stays."""
    return {"members": {"me": {"properties": {"system": {"active": True}}}}}


def refused_constants(system: dict[str, Any], *, template: dict[str, Any] | None = None) -> Said:
    """What is said against a session with these constants, whether template or request sets them."""
    empty = parse_template(SCID, "quick", constants(template or {}), contract=107)
    with pytest.raises(Refusal) as by_request:
        session_constants(empty, Bag(system))
    with pytest.raises(Refusal) as by_template:
        session_constants(Template(SCID, "quick", Bag({**(template or {}), **system})), EMPTY_BAG)
    assert said(by_request) == said(by_template)
    assert not by_request.value.shows_session
    return said(by_request)


def refused_session(stage: Stage, name: str, body: dict[str, Any]) -> Said:
    """What is said against a session that somebody makes with this body."""
    with pytest.raises(Refusal) as refused:
        new_session(parse_write(body, contract=107), stage.context(name))
    return said(refused)


# --- templates


def test_a_template_holds_what_it_sets_and_no_defaults() -> None:
    """A template has the form of a PUT body with constants and role types (TMPL-2)."""
    body = {
        "constants": {"system": {"version": 1, "sessionEmptyTimeout": None}, "custom": {"map": "dunes", "mode": None}},
        "roleTypes": {"team": {"roles": {"leader": {"max": 1}}}},
    }
    template = parse_template(SCID, "Quick", body, contract=107)
    assert (template.scid, template.name, template.contract) == (SCID, "Quick", 107)
    assert template.constants.system == {"version": 1, "sessionEmptyTimeout": None}
    assert template.constants.custom == {"map": "dunes", "mode": None}
    assert template.role_types == {"team": {"roles": {"leader": {"max": 1}}}}


def test_a_template_may_be_empty() -> None:
    """A template that sets nothing is one, too (TMPL-2)."""
    template = parse_template(SCID, "quick", {}, contract=105)
    assert (template.constants.system, template.constants.custom) == ({}, {})
    assert (template.role_types, template.contract) == ({}, 105)


@pytest.mark.parametrize("member", ["members", "servers", "properties"])
@pytest.mark.parametrize("value", [{}, None], ids=json.dumps)
def test_a_template_holds_no_parts_of_a_session(member: str, value: Any) -> None:
    """Members, servers and properties are refused when a template is seeded (TMPL-2)."""
    with pytest.raises(Refusal) as refused:
        parse_template(SCID, "quick", {"constants": {}, member: value}, contract=107)
    what = f"A template holds constants and roleTypes; {member} belong to a session."
    assert said(refused) == (400, f"/{member}", "TMPL-2", what)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            {"constant": {}},
            (400, "/constant", "CALL-6", 'The field "constant" is not known here; did you mean "constants"?'),
            id="an unknown member",
        ),
        pytest.param(
            {"description": "x"},
            (
                400,
                "/description",
                "CALL-6",
                'The field "description" is not known here; known here: constants, roleTypes.',
            ),
            id="a member of browse sessions",
        ),
        pytest.param(
            {"constants": None}, (400, "/constants", "CALL-6", "Expected an object; got null."), id="no object"
        ),
        pytest.param(
            constants({"visibility": "full"}),
            (
                400,
                "/constants/system/visibility",
                "CONST-3",
                'Expected one of "private", "visible", "open"; got "full".',
            ),
            id="a bad constant",
        ),
        pytest.param(
            {"roleTypes": {"Team": {}}},
            (
                400,
                "/roleTypes/Team",
                "ROLE-1",
                'Expected a key that is lower-case, alphanumeric and at most 100 characters; got "Team".',
            ),
            id="a bad role type",
        ),
    ],
)
def test_a_template_that_is_wrong_by_itself_is_refused(body: dict[str, Any], expected: Said) -> None:
    """A template is checked like the body of a write: 400, with the place and the rule (TMPL-2, CALL-6)."""
    with pytest.raises(Refusal) as refused:
        parse_template(SCID, "quick", body, contract=107)
    assert said(refused) == expected


@pytest.mark.parametrize(
    ("system", "where", "rule"),
    [
        (can("large", "connectivity"), "/constants/system/capabilities/connectivity", "CONST-7"),
        (can("gameplay", "team"), "/constants/system/capabilities/team", "CONST-8"),
        ({**can("large"), "memberInitialization": {}}, "/constants/system/memberInitialization", "CONST-7"),
    ],
    ids=["large", "gameplay", "initialization"],
)
def test_a_template_of_which_no_session_could_be_made_is_refused(system: dict[str, Any], where: str, rule: str) -> None:
    """Constants that exclude each other are 400 when the template is seeded, not when it is used (TMPL-2, CONST-7)."""
    with pytest.raises(Refusal) as refused:
        parse_template(SCID, "quick", constants(system), contract=107)
    assert said(refused)[:3] == (400, where, rule)


@pytest.mark.parametrize(
    "system",
    [can("broadcast"), {"metrics": {}}, {"capabilities": None, "metrics": {}}],
    ids=["broadcast", "metrics", "null"],
)
def test_a_template_may_leave_to_the_session_what_it_needs(system: dict[str, Any]) -> None:
    """What a constant of the template needs may come with the creating write (TMPL-2, TMPL-3)."""
    assert parse_template(SCID, "quick", constants(system), contract=107).constants.system == system


# --- a new session


def test_a_new_session_has_nobody_in_it(stage: Stage) -> None:
    """A session begins empty, now, under its own name, with the constants of its template (TMPL-3, PUT-9)."""
    stage.using({"version": 1}, custom={"map": "dunes"}, role_types={"team": {"roles": {}}})
    stage.ref = SessionRef(SCID, "quick", "two")
    stage.incarnation = 3
    stage.advance(1_000)
    session = new_session(parse_write({}, contract=107), stage.context("Ann"))
    assert (session.ref, session.started, session.empty_since) == (stage.ref, stage.now, stage.now)
    assert (session.change_number, session.incarnation, session.next_index) == (1, 3, 0)
    assert (session.members, dict(session.servers), session.away) == ((), {}, ())
    assert (session.constants.system, session.constants.custom) == ({**DEFAULTS, "version": 1}, {"map": "dunes"})
    assert (session.properties.system, session.properties.custom) == ({}, {})
    assert session.role_types == {"team": {"roles": {}}}


def test_a_session_shows_its_defaults(stage: Stage) -> None:
    """What neither template nor request sets has its default, and shows it (TMPL-6, TMPL-11)."""
    stage.put("Ann", {})
    assert stage.document()["constants"] == {"system": DEFAULTS, "custom": {}}


def test_sessions_of_a_template_share_their_constants(stage: Stage) -> None:
    """Sessions whose creation adds nothing have the very same constants, worked out once (TMPL-3)."""
    plain = session_constants(stage.template, EMPTY_BAG)
    assert session_constants(stage.template, Bag()) is plain
    added = session_constants(stage.template, Bag({"version": 2}))
    assert (added.system, plain.system) == ({**DEFAULTS, "version": 2}, DEFAULTS)
    assert session_constants(stage.template, Bag({}, {"map": "dunes"})).custom == {"map": "dunes"}
    assert session_constants(stage.template, EMPTY_BAG) is plain


def test_creation_adds_constants_that_the_template_leaves_out(stage: Stage) -> None:
    """The creating write may add constants, defaults included, that the template does not set (TMPL-3)."""
    stage.using({"version": 1}, custom={"map": "dunes"})
    stage.put("Ann", constants({"visibility": "visible", "inviteProtocol": "game"}, {"mode": "duel"}))
    assert stage.document()["constants"] == {
        "system": {**DEFAULTS, "version": 1, "visibility": "visible", "inviteProtocol": "game"},
        "custom": {"map": "dunes", "mode": "duel"},
    }


def test_creation_may_repeat_what_the_template_sets(stage: Stage) -> None:
    """The same value for a constant that the template sets is accepted (TMPL-3)."""
    stage.using({"version": 1, "visibility": "open", **can("gameplay")}, custom={"map": {"name": "dunes", "size": 3}})
    asked = {"visibility": "open", "version": 1, **can("gameplay"), "maxMembersCount": 8}
    stage.put("Ann", constants(asked, {"map": {"size": 3, "name": "dunes"}}))
    assert stage.document()["constants"] == {
        "system": {**DEFAULTS, **asked},
        "custom": {"map": {"name": "dunes", "size": 3}},
    }


@pytest.mark.parametrize(
    ("system", "custom", "where", "what"),
    [
        pytest.param(
            {"version": 2},
            {},
            "/constants/system/version",
            "The template sets the constant version to 1; it cannot be 2.",
            id="another value",
        ),
        pytest.param(
            {"version": None},
            {},
            "/constants/system/version",
            "The template sets the constant version to 1; it cannot be null.",
            id="unset",
        ),
        pytest.param(
            {"sessionEmptyTimeout": 0},
            {},
            "/constants/system/sessionEmptyTimeout",
            "The template sets the constant sessionEmptyTimeout to null; it cannot be 0.",
            id="set though forced to stay unset",
        ),
        pytest.param(
            {"maxMembersCount": 8, "visibility": "private"},
            {},
            "/constants/system/visibility",
            'The template sets the constant visibility to "open"; it cannot be "private".',
            id="beside one that may be added",
        ),
        pytest.param(
            {"peerToPeerRequirements": {"latencyMaximum": 101}},
            {},
            "/constants/system/peerToPeerRequirements",
            "The template sets the constant peerToPeerRequirements to "
            '{"latencyMaximum": 100, "bandwidthMinimum": 10000}; it cannot be '
            '{"latencyMaximum": 101, "bandwidthMinimum": 10000}.',
            id="inside a constant",
        ),
        pytest.param(
            {},
            {"flag": 1},
            "/constants/custom/flag",
            "The template sets the constant flag to true; it cannot be 1.",
            id="custom, of another type",
        ),
        pytest.param(
            {},
            {"a/b": 2},
            "/constants/custom/a~1b",
            "The template sets the constant a/b to 1; it cannot be 2.",
            id="custom, a name to escape",
        ),
    ],
)
def test_a_constant_that_the_template_sets_cannot_be_changed(
    stage: Stage, system: dict[str, Any], custom: dict[str, Any], where: str, what: str
) -> None:
    """A constant that the template sets cannot be changed at creation: 409, naming it (TMPL-3)."""
    template = {
        "version": 1,
        "visibility": "open",
        "sessionEmptyTimeout": None,
        "peerToPeerRequirements": {"latencyMaximum": 100},
        **can("connectivity"),
    }
    stage.using(template, custom={"flag": True, "a/b": 1})
    assert refused_session(stage, "Ann", constants(system, custom)) == (409, where, "TMPL-3", what)
    assert stage.refused("Ann", constants(system, custom)) == (409, where, "TMPL-3")


def test_a_custom_constant_of_any_name_cannot_be_changed(stage: Stage) -> None:
    """A custom constant is the title's, whatever it is called: `capabilities` is no exception (TMPL-3)."""
    stage.using({}, custom={"capabilities": {"jump": 1}})
    what = 'The template sets the constant capabilities to {"jump": 1}; it cannot be {"jump": 2}.'
    expected = (409, "/constants/custom/capabilities", "TMPL-3", what)
    assert refused_session(stage, "Ann", constants({}, {"capabilities": {"jump": 2}})) == expected


def test_a_custom_constant_without_a_name_is_pointed_to(stage: Stage) -> None:
    """The pointer of a refusal leads to a constant whose name is empty (TMPL-3, CALL-6)."""
    stage.using({}, custom={"": 1})
    assert refused_session(stage, "Ann", constants({}, {"": 2}))[:3] == (409, "/constants/custom/", "TMPL-3")


# --- unset by null


@pytest.mark.parametrize("name", DEFAULTS)
@pytest.mark.parametrize("by", ["template", "request", "both"])
def test_null_keeps_a_constant_unset_and_its_default_off(stage: Stage, name: str, by: str) -> None:
    """Null in the template or at creation forces a value to stay unset, default and all (TMPL-5)."""
    stage.using({} if by == "request" else {name: None})
    session = stage.put("Ann", {} if by == "template" else constants({name: None}))
    assert session is not None
    assert session.constants.system == {other: value for other, value in DEFAULTS.items() if other != name}


@pytest.mark.parametrize(
    "name", ["peerToPeerRequirements", "peerToHostRequirements", "ownershipPolicies", "memberInitialization", "metrics"]
)
@pytest.mark.parametrize("contract", [105, 107])
def test_null_keeps_a_constant_with_inner_defaults_unset(stage: Stage, name: str, contract: int) -> None:
    """A constant that is filled in where it is there stays away where it is null (TMPL-5, CONST-11, CONST-13)."""
    written = "managedInitialization" if (name, contract) == ("memberInitialization", 105) else name
    stage.using({written: None}, contract=contract)
    session = stage.put("Ann", constants({name: None}))
    assert session is not None
    assert session.constants.system.keys() == DEFAULTS.keys()


def test_null_keeps_custom_constants_unset(stage: Stage) -> None:
    """A custom constant that is null is not there; a null deeper inside is data (TMPL-5, CALL-10)."""
    stage.using({}, custom={"a": None, "b": {"x": None}})
    stage.put("Ann", constants({}, {"a": None, "c": None, "d": [None]}))
    assert stage.document()["constants"]["custom"] == {"b": {"x": None}, "d": [None]}


def test_null_repeated_after_creation_changes_nothing(stage: Stage) -> None:
    """The creating body may be sent again, nulls included (TMPL-4, TMPL-5, PUT-2)."""
    body = {**constants({"sessionEmptyTimeout": None, "version": 1}, {"a": None, "b": 1}), **active()}
    created = stage.put("Ann", body)
    assert stage.put("Ann", body) is created


def test_metrics_forced_to_stay_unset_do_not_suffice() -> None:
    """Null switches the default of metrics off, and requirements need metrics: 400 (TMPL-5, CONST-10)."""
    system = {**can("connectivity"), "peerToPeerRequirements": {}, "metrics": None}
    assert refused_constants(system)[:3] == (400, "/constants/system/metrics", "CONST-10")


def test_a_timeout_of_initialization_that_is_null_is_not_shown(stage: Stage) -> None:
    """A null inside member initialization switches the timeout off; no null is sent (CONST-5, TMPL-5, CALL-10)."""
    given = {"joinTimeout": None, "measurementTimeout": 5, "membersNeededToStart": 0}
    body = {**constants({"memberInitialization": given}), **active()}
    created = stage.put("Ann", body)
    shown = stage.document()["constants"]["system"]["memberInitialization"]
    assert shown == {"measurementTimeout": 5, "externalEvaluation": False, "membersNeededToStart": 0}
    assert stage.put("Ann", body) is created


# --- constants later on


@pytest.mark.parametrize(
    ("system", "custom"),
    [
        pytest.param({}, {}, id="none"),
        pytest.param({"version": 1}, {}, id="of the template"),
        pytest.param({"visibility": "open", "maxMembersCount": 100}, {}, id="defaults"),
        pytest.param({"inviteProtocol": "game"}, {"mode": {"y": [1], "x": None}}, id="of the creation"),
        pytest.param({"sessionEmptyTimeout": None, "metrics": None}, {"none": None}, id="unset"),
    ],
)
def test_constants_may_be_repeated_later(stage: Stage, system: dict[str, Any], custom: dict[str, Any]) -> None:
    """A later write that repeats constants with equal values is accepted, and changes nothing (TMPL-4)."""
    stage.using({"version": 1, "sessionEmptyTimeout": None})
    creation = constants({"inviteProtocol": "game"}, {"mode": {"x": None, "y": [1]}})
    created = stage.put("Ann", {**creation, **active()})
    assert stage.put("Ann", constants(system, custom)) is created


def test_all_constants_of_the_document_may_be_repeated(stage: Stage) -> None:
    """A client may send back all the constants that it was shown (TMPL-4, TMPL-11)."""
    stage.using({**can("connectivity"), "peerToHostRequirements": {"latencyMaximum": 100}}, custom={"map": "dunes"})
    created = stage.join("Ann")
    assert stage.put("Ann", {"constants": stage.document()["constants"]}) is created


@pytest.mark.parametrize("name", ["peerToPeerRequirements", "peerToHostRequirements"])
@pytest.mark.parametrize("value", [{}, {"latencyMaximum": 100}], ids=json.dumps)
def test_the_creating_body_may_be_repeated(stage: Stage, name: str, value: dict[str, Any]) -> None:
    """Requirements that leave something to defaults are equal to themselves when sent again (TMPL-4, PUT-2)."""
    body = {**constants({**can("connectivity"), name: value}), **active()}
    created = stage.put("Ann", body)
    assert stage.put("Ann", body) is created


def test_requirements_may_be_spelt_out_at_creation(stage: Stage) -> None:
    """A value that equals the template's once its defaults are filled in is the same value (TMPL-3, CONST-11)."""
    stage.using({**can("connectivity"), "peerToPeerRequirements": {"latencyMaximum": 100}})
    asked = {"peerToPeerRequirements": {"latencyMaximum": 100, "bandwidthMinimum": 10_000}}
    session = stage.put("Ann", constants(asked))
    assert session is not None
    assert session.constants.system["peerToPeerRequirements"] == asked["peerToPeerRequirements"]


@pytest.mark.parametrize(
    ("system", "custom", "where", "what"),
    [
        pytest.param(
            {"version": 2},
            {},
            "/constants/system/version",
            "The constant version is 1 since the session was made; it cannot become 2.",
            id="another value",
        ),
        pytest.param(
            {"visibility": None},
            {},
            "/constants/system/visibility",
            'The constant visibility is "open" since the session was made; it cannot become null.',
            id="a default unset",
        ),
        pytest.param(
            {"inviteProtocol": "game"},
            {},
            "/constants/system/inviteProtocol",
            'The constant inviteProtocol is not set since the session was made; it cannot become "game".',
            id="one that was left out",
        ),
        pytest.param(
            {"sessionEmptyTimeout": 0},
            {},
            "/constants/system/sessionEmptyTimeout",
            "The constant sessionEmptyTimeout is not set since the session was made; it cannot become 0.",
            id="one forced to stay unset",
        ),
        pytest.param(
            {"version": 1},
            {"flag": 1},
            "/constants/custom/flag",
            "The constant flag is true since the session was made; it cannot become 1.",
            id="custom, of another type",
        ),
        pytest.param(
            {},
            {"a/b": None},
            "/constants/custom/a~1b",
            'The constant a/b is {"x": null} since the session was made; it cannot become null.',
            id="custom, removed",
        ),
        pytest.param(
            can("gameplay", "crossPlay"),
            {},
            "/constants/system/capabilities",
            'The constant capabilities is {"gameplay": true} since the session was made; '
            'it cannot become {"gameplay": true, "crossPlay": true}.',
            id="one more capability",
        ),
        pytest.param(
            can(),
            {},
            "/constants/system/capabilities",
            'The constant capabilities is {"gameplay": true} since the session was made; it cannot become {}.',
            id="one capability less",
        ),
    ],
)
def test_constants_are_fixed_at_creation(
    stage: Stage, system: dict[str, Any], custom: dict[str, Any], where: str, what: str
) -> None:
    """A later write with another value is 409, and the text names the constant (TMPL-4)."""
    stage.using({"version": 1, "sessionEmptyTimeout": None, **can("gameplay")}, custom={"flag": True})
    stage.put("Ann", {**constants({}, {"a/b": {"x": None}}), **active()})
    assert stage.session is not None
    with pytest.raises(Refusal) as refused:
        require_same_constants(stage.session, Bag(system, custom))
    assert said(refused) == (409, where, "TMPL-4", what)
    assert stage.refused("Ann", constants(system, custom)) == (409, where, "TMPL-4")


def test_a_custom_constant_of_any_name_is_fixed_at_creation(stage: Stage) -> None:
    """A custom constant called `capabilities` is as fixed as any other (TMPL-4)."""
    stage.put("Ann", {**constants({}, {"capabilities": {"jump": 1}}), **active()})
    body = constants({}, {"capabilities": {"jump": 2}})
    assert stage.refused("Ann", body) == (409, "/constants/custom/capabilities", "TMPL-4")


# --- capabilities


@pytest.mark.parametrize("held", [{}, {"gameplay": False}, {"gameplay": True}], ids=json.dumps)
def test_a_template_with_capabilities_has_all_that_there_are(stage: Stage, held: dict[str, bool]) -> None:
    """Where the template holds a capabilities object, if only an empty one, none can be added: 409 (TMPL-10)."""
    stage.using({"capabilities": held})
    what = f"The template sets the constant capabilities to {json.dumps(held)}; it cannot be {{"
    status, where, rule, text = refused_session(stage, "Ann", constants(can("gameplay", "crossPlay")))
    assert (status, where, rule) == (409, "/constants/system/capabilities", "TMPL-10")
    assert text == f'{what}"gameplay": true, "crossPlay": true}}.'


def test_a_template_whose_capabilities_are_null_has_none(stage: Stage) -> None:
    """Capabilities that are forced to stay unset cannot be added (TMPL-5, TMPL-10)."""
    stage.using({"capabilities": None})
    expected = (409, "/constants/system/capabilities", "TMPL-10")
    assert refused_session(stage, "Ann", constants(can("gameplay")))[:3] == expected


def test_capabilities_are_added_where_the_template_has_none(stage: Stage) -> None:
    """A creation adds capabilities if the template does not hold any capabilities object (TMPL-10, TMPL-3)."""
    stage.using({"version": 1})
    stage.put("Ann", constants(can("gameplay", "crossPlay")))
    assert stage.session is not None
    assert stage.session.can("gameplay")
    assert not stage.session.can("team")


EQUAL_CAPABILITIES = [
    ({"gameplay": True}, {"gameplay": True, "crossPlay": False}),
    ({"gameplay": True, "crossPlay": False}, {"gameplay": True}),
    ({"gameplay": True, "crossPlay": False}, {"gameplay": True, "broadcast": False}),
    ({}, {"gameplay": False}),
    ({"gameplay": False}, {}),
]


@pytest.mark.parametrize(("held", "asked"), EQUAL_CAPABILITIES, ids=json.dumps)
def test_a_capability_that_is_false_is_as_good_as_none(
    stage: Stage, held: dict[str, bool], asked: dict[str, bool]
) -> None:
    """Where capabilities are compared, at creation and later, false and left out are the same (TMPL-13)."""
    stage.using({"capabilities": held})
    created = stage.put("Ann", {**constants({"capabilities": asked}), **active()})
    assert created is not None
    assert created.constants.system.keys() == {*DEFAULTS, "capabilities"}
    for repeated in (held, asked):
        assert stage.put("Ann", constants({"capabilities": repeated})) is created


@pytest.mark.parametrize("held", [{}, {"gameplay": False}, None], ids=json.dumps)
def test_capabilities_that_are_all_false_may_be_asked_to_stay_unset(stage: Stage, held: dict[str, bool] | None) -> None:
    """Null asks for no capabilities, and a template whose capabilities are all false has none (TMPL-13, TMPL-5)."""
    stage.using({"capabilities": held})
    created = stage.put("Ann", {**constants({"capabilities": None}), **active()})
    assert created is not None
    assert stage.put("Ann", constants({"capabilities": None})) is created


def test_a_capability_of_the_template_cannot_be_asked_to_stay_unset(stage: Stage) -> None:
    """Null does not take away what the template gives: 409 (TMPL-10, TMPL-4)."""
    stage.using(can("gameplay"))
    where, body = "/constants/system/capabilities", constants({"capabilities": None})
    assert stage.refused("Ann", body) == (409, where, "TMPL-10")
    stage.join("Ann")
    assert stage.refused("Ann", body) == (409, where, "TMPL-4")


@pytest.mark.parametrize("asked", [{}, {"gameplay": False}], ids=json.dumps)
def test_no_capabilities_are_as_good_as_false_ones(stage: Stage, asked: dict[str, bool]) -> None:
    """A session without capabilities has all of them false, and may be told so (TMPL-13, TMPL-4)."""
    created = stage.join("Ann")
    assert stage.put("Ann", constants({"capabilities": asked})) is created


# --- what constants must satisfy


@pytest.mark.parametrize(
    ("most", "capabilities", "what"),
    [
        (101, (), "Without the capability large a session has at most 100 members, not 101."),
        (10_000, ("gameplay",), "Without the capability large a session has at most 100 members, not 10000."),
    ],
)
def test_only_a_large_session_has_more_than_100_members(most: int, capabilities: tuple[str, ...], what: str) -> None:
    """`maxMembersCount` is 1 to 100 without the capability large: 400 (CONST-2)."""
    expected = (400, "/constants/system/maxMembersCount", "CONST-2", what)
    assert refused_constants({**can(*capabilities), "maxMembersCount": most}) == expected


@pytest.mark.parametrize(
    "system",
    [
        pytest.param({"maxMembersCount": 1}, id="one member"),
        pytest.param({"maxMembersCount": 100}, id="a hundred members"),
        pytest.param({"maxMembersCount": 10_000, **can("large")}, id="a large session"),
        pytest.param(can("large", "broadcast"), id="broadcast"),
        pytest.param(can("gameplay", "arbitration"), id="arbitration"),
        pytest.param(can("team"), id="team"),
        pytest.param(can("userAuthorizationStyle"), id="userAuthorizationStyle"),
        pytest.param(can("searchable"), id="searchable"),
        pytest.param(can("userAuthorizationStyle", "searchable", "hasOwners"), id="searchable with owners"),
        pytest.param({**can("connectivity"), "metrics": {}}, id="metrics"),
        pytest.param({**can("cloudCompute"), "cloudComputePackage": {"titleId": "7"}}, id="cloud compute"),
        pytest.param({"measurementServerAddresses": {"a": {"secureDeviceAddress": ""}}}, id="measurement servers"),
    ],
)
def test_constants_that_go_together_are_taken(system: dict[str, Any]) -> None:
    """Constants that satisfy the rules come out as they went in, with defaults around them (CONST-2 to CONST-16)."""
    held = session_constants(parse_template(SCID, "quick", {}, contract=107), Bag(system))
    assert held.system == {**DEFAULTS, **system}


EXCLUSIONS = [
    *(
        ("large", other, "CONST-7")
        for other in ("connectivity", "autoPopulateServerCandidates", "userAuthorizationStyle", "team")
    ),
    ("large", "arbitration", "CONST-7"),
    ("gameplay", "team", "CONST-8"),
]


@pytest.mark.parametrize(("one", "other", "rule"), EXCLUSIONS, ids=[f"{row[0]}-{row[1]}" for row in EXCLUSIONS])
def test_some_capabilities_exclude_each_other(one: str, other: str, rule: str) -> None:
    """Not with large: connectivity, autoPopulateServerCandidates, …; not with gameplay: team (CONST-7, CONST-8)."""
    also = ("gameplay",) if other == "arbitration" else ()
    what = f"The capabilities {one} and {other} exclude each other."
    expected = (400, f"/constants/system/capabilities/{other}", rule, what)
    assert refused_constants(can(one, other, *also)) == expected
    assert refused_constants(can(*also, other, one)) == expected


def test_no_other_capabilities_exclude_each_other(stage: Stage) -> None:
    """Any two capabilities that no rule names may be had together (CONST-7, CONST-8)."""
    refused = set()
    for one in CAPABILITIES:
        for other in CAPABILITIES:
            needs = {"broadcast": {"large"}, "arbitration": {"gameplay"}}
            wanted = {one, other} | needs.get(one, set()) | needs.get(other, set())
            try:
                session_constants(stage.template, Bag(can(*sorted(wanted))))
            except Refusal:
                refused.add(frozenset({one, other}))
    large = ("connectivity", "autoPopulateServerCandidates", "userAuthorizationStyle", "team", "arbitration")
    assert refused == {
        *(frozenset({big, other}) for big in ("large", "broadcast") for other in large),
        frozenset({"gameplay", "team"}),
        frozenset({"arbitration", "team"}),
        frozenset({"userAuthorizationStyle", "searchable"}),
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("memberInitialization", INITIALIZATION), ("measurementServerAddresses", {})],
)
def test_some_constants_are_not_for_large_sessions(name: str, value: dict[str, Any]) -> None:
    """A large session has no member initialization and no measurement servers: 400 (CONST-7)."""
    expected = (400, f"/constants/system/{name}", "CONST-7", f"A large session has no {name}.")
    assert refused_constants({**can("large"), name: value}) == expected


@pytest.mark.parametrize(
    ("name", "needed"), [("broadcast", "large"), ("arbitration", "gameplay")], ids=["broadcast", "arbitration"]
)
def test_some_capabilities_need_another(name: str, needed: str) -> None:
    """`broadcast` needs large, `arbitration` needs gameplay: 400 (CONST-8)."""
    what = f"The capability {name} needs the capability {needed}."
    expected = (400, f"/constants/system/capabilities/{name}", "CONST-8", what)
    assert refused_constants(can(name)) == expected
    assert refused_constants({"capabilities": {name: True, needed: False}}) == expected


@pytest.mark.parametrize(
    ("name", "value", "needed", "rule"),
    [
        ("metrics", {}, "connectivity", "CONST-10"),
        ("metrics", ALL_METRICS, "connectivity", "CONST-10"),
        ("peerToPeerRequirements", {}, "connectivity", "CONST-10"),
        ("peerToHostRequirements", {}, "connectivity", "CONST-10"),
        ("ownershipPolicies", {}, "hasOwners", "CONST-13"),
        ("cloudComputePackage", {}, "cloudCompute", "CONST-16"),
    ],
)
def test_some_constants_need_a_capability(name: str, value: dict[str, Any], needed: str, rule: str) -> None:
    """Metrics and requirements need connectivity, policies owners, packages cloud compute: 400 (CONST-10, 13, 16)."""
    expected = (400, f"/constants/system/{name}", rule, f"{name} needs the capability {needed}.")
    assert refused_constants({name: value, **can("gameplay")}) == expected


def test_searchable_sessions_of_users_need_owners() -> None:
    """`userAuthorizationStyle` and `searchable` together need hasOwners: 400 (CONST-9)."""
    what = "The capabilities userAuthorizationStyle and searchable together need hasOwners."
    expected = (400, "/constants/system/capabilities/searchable", "CONST-9", what)
    assert refused_constants(can("userAuthorizationStyle", "searchable")) == expected


def test_sessions_of_users_begin_restricted(stage: Stage) -> None:
    """`userAuthorizationStyle` makes both restrictions default to local, and neither may be none (CONST-9)."""
    stage.using(can("userAuthorizationStyle"))
    none = {"properties": {"system": {"joinRestriction": "none"}}}
    assert stage.refused("Ann", none) == (400, "/properties/system/joinRestriction", "CONST-9")
    stage.put("Ann", {})
    assert stage.document()["properties"]["system"] == {
        "turn": [],
        "joinRestriction": "local",
        "readRestriction": "local",
    }


def test_a_template_whose_capabilities_exclude_each_other_is_refused(stage: Stage) -> None:
    """Nothing that a creation adds could mend it (CONST-8)."""
    with pytest.raises(Refusal) as refused:
        stage.using({"capabilities": {"gameplay": True, "team": True}})
    assert (refused.value.status, refused.value.where) == (400, "/constants/system/capabilities/team")
    assert refused.value.rule == "CONST-8"
    assert stage.using({"capabilities": None}).constants.system == {"capabilities": None}


# --- metrics and requirements


@pytest.mark.parametrize(
    ("name", "given", "complete"),
    [
        ("peerToPeerRequirements", {}, P2P),
        ("peerToPeerRequirements", {"latencyMaximum": 5}, {**P2P, "latencyMaximum": 5}),
        ("peerToPeerRequirements", {"bandwidthMinimum": 0}, {**P2P, "bandwidthMinimum": 0}),
        ("peerToHostRequirements", {}, P2H),
        (
            "peerToHostRequirements",
            {"hostSelectionMetric": "bandwidthup", "bandwidthUpMinimum": 7},
            {**P2H, "hostSelectionMetric": "bandwidthup", "bandwidthUpMinimum": 7},
        ),
    ],
)
def test_requirements_are_completed(stage: Stage, name: str, given: dict[str, Any], complete: dict[str, Any]) -> None:
    """What requirements leave out has a default, and metrics left out are what they need (CONST-10, CONST-11)."""
    held = session_constants(stage.template, Bag(constants_from({**can("connectivity"), name: given}, 107)))
    assert held.system == {**DEFAULTS, **can("connectivity"), name: complete, "metrics": ALL_METRICS}


def test_metrics_without_requirements_are_free(stage: Stage) -> None:
    """Metrics that nothing requires may be any, and have no default (CONST-10)."""
    held = session_constants(stage.template, Bag({**can("connectivity"), "metrics": {"latency": False}}))
    assert held.system["metrics"] == {"latency": False}
    assert "metrics" not in session_constants(stage.template, Bag(can("connectivity"))).system


@pytest.mark.parametrize(
    ("metrics", "missing"),
    [
        ({}, "latency, bandwidthDown, bandwidthUp"),
        ({"latency": True, "custom": True}, "bandwidthDown, bandwidthUp"),
        ({"latency": False, "bandwidthDown": True, "bandwidthUp": True}, "latency"),
    ],
    ids=["none", "latency only", "latency off"],
)
@pytest.mark.parametrize("name", ["peerToPeerRequirements", "peerToHostRequirements"])
def test_metrics_given_must_suffice(name: str, metrics: dict[str, bool], missing: str) -> None:
    """Metrics that are given must cover what the requirements need: 400, naming those that are missing (CONST-10)."""
    expected = (400, "/constants/system/metrics", "CONST-10", f"The requirements need the metrics {missing} too.")
    assert refused_constants({**can("connectivity"), name: {}, "metrics": metrics}) == expected


def test_more_metrics_than_needed_are_kept(stage: Stage) -> None:
    """Metrics that suffice are kept as they are given (CONST-10)."""
    metrics = {**ALL_METRICS, "custom": True}
    system = {**can("connectivity"), "peerToHostRequirements": {}, "metrics": metrics}
    assert session_constants(stage.template, Bag(system)).system["metrics"] == metrics


# --- ownership


def test_ownership_policies_are_completed(stage: Stage) -> None:
    """Ownership policies default to ending the session and to no invite handles by others (CONST-13)."""
    partial = constants_from({**can("hasOwners"), "ownershipPolicies": {"migration": "oldest"}}, 107)
    held = session_constants(stage.template, Bag(partial))
    assert held.system["ownershipPolicies"] == {"migration": "oldest", "allowNonOwnerInviteHandles": False}
    held = session_constants(stage.template, Bag(constants_from({**can("hasOwners"), "ownershipPolicies": {}}, 107)))
    assert held.system["ownershipPolicies"] == {"migration": "endsession", "allowNonOwnerInviteHandles": False}


# --- member initialization


@pytest.mark.parametrize(
    ("wanted", "inside", "what"),
    [
        pytest.param(
            {"evaluationTimeout": 1},
            "/evaluationTimeout",
            "evaluationTimeout is only for a session that the title evaluates (externalEvaluation: true).",
            id="a timeout for nothing",
        ),
        pytest.param(
            {"membersNeededToStart": 9},
            "/membersNeededToStart",
            "membersNeededToStart lies between 0 and maxMembersCount, 8.",
            id="more than there can be",
        ),
    ],
)
def test_initialization_that_cannot_be_is_refused(wanted: dict[str, Any], inside: str, what: str) -> None:
    """`evaluationTimeout` needs externalEvaluation, and no more members are needed than fit: 400 (CONST-15)."""
    system = {"maxMembersCount": 8, "memberInitialization": {**INITIALIZATION, **wanted}}
    expected = (400, f"/constants/system/memberInitialization{inside}", "CONST-15", what)
    assert refused_constants(system) == expected


def needing(needed: int, *, most: int | None) -> dict[str, Any]:
    """System constants of a session that needs some members to start, and takes so many."""
    return {"memberInitialization": {**INITIALIZATION, "membersNeededToStart": needed}, "maxMembersCount": most}


def test_as_many_members_may_be_needed_as_fit(stage: Stage) -> None:
    """`membersNeededToStart` may equal maxMembersCount, and is bounded by 100 where that is unset (CONST-15)."""
    wanted = needing(8, most=8)
    assert session_constants(stage.template, Bag(wanted)).system == {**DEFAULTS, **wanted}
    session_constants(stage.template, Bag(needing(100, most=None)))
    what = "membersNeededToStart lies between 0 and maxMembersCount, 100."
    where = "/constants/system/memberInitialization/membersNeededToStart"
    assert refused_constants(needing(101, most=None)) == (400, where, "CONST-15", what)


def test_initialization_that_nobody_needs_is_taken(stage: Stage) -> None:
    """A session that needs no members to start is made; its initialization is completed (CONST-15, INIT-6)."""
    session = stage.put("Ann", constants({"memberInitialization": {"membersNeededToStart": 0}}))
    assert session is not None
    assert session.constants.system == {**DEFAULTS, "memberInitialization": INITIALIZATION}


def test_initialization_that_the_title_evaluates_has_a_timeout(stage: Stage) -> None:
    """With externalEvaluation there is an evaluationTimeout, 5000 by default (CONST-15)."""
    wanted = {"membersNeededToStart": 0, "externalEvaluation": True}
    session = stage.put("Ann", constants({"memberInitialization": wanted}))
    assert session is not None
    assert session.constants.system["memberInitialization"] == {
        **INITIALIZATION,
        "externalEvaluation": True,
        "evaluationTimeout": 5_000,
    }


# --- who makes it, and under which name


def test_a_broadcast_session_is_named_by_its_broadcaster(stage: Stage) -> None:
    """The name of a broadcast session is the xuid of its broadcaster: 400 otherwise (CONST-8)."""
    body = constants(can("broadcast", "large"))
    what = 'A broadcast session is named by its broadcaster\'s xuid, not "one".'
    assert refused_session(stage, "Ann", body) == (400, "the URI", "CONST-8", what)
    stage.ref = SessionRef(SCID, "quick", str(stage.caller("Ann").xuid))
    assert refused_session(stage, "Ann", body)[:3] == (501, "/constants/system/capabilities/large", "BIG-1")
    assert refused_session(stage, "Bob", body)[:3] == (400, "the URI", "CONST-8")


ARBITRATED = constants(can("arbitration", "gameplay"))


@pytest.mark.parametrize(
    ("server", "servers"),
    [
        pytest.param(False, {"arbitration": {}}, id="a user with the server"),
        pytest.param(True, None, id="a service without servers"),
        pytest.param(True, {}, id="a service with no server"),
        pytest.param(True, {"game": {}}, id="a service with another server"),
        pytest.param(True, {"arbitration": None}, id="a service that removes the server"),
    ],
)
def test_an_arbitrated_session_is_made_by_a_service_with_its_server(
    stage: Stage, server: bool, servers: dict[str, Any] | None
) -> None:
    """A session with arbitration is made by a service that adds the arbitration server: 403 otherwise (CONST-8)."""
    stage.caller("maker", server=server)
    body = ARBITRATED if servers is None else {**ARBITRATED, "servers": servers}
    what = "A session with arbitration is made by a service, in one write with the server arbitration."
    expected = (403, "/constants/system/capabilities/arbitration", "CONST-8", what)
    assert refused_session(stage, "maker", body) == expected


def test_a_service_makes_an_arbitrated_session(stage: Stage) -> None:
    """A service that adds the arbitration server makes a session with arbitration (CONST-8)."""
    stage.using({"sessionEmptyTimeout": None})
    stage.caller("service", server=True)
    session = stage.put("service", {**ARBITRATED, "servers": {"arbitration": {}}})
    assert session is not None
    assert session.can("arbitration")
    assert stage.document()["servers"] == {"arbitration": {"constants": {}, "properties": {}}}


@pytest.mark.parametrize(
    ("claims", "initiators", "may"),
    [
        pytest.param({}, ["999", "1000"], True, id="one of them"),
        pytest.param({}, ["999"], False, id="another"),
        pytest.param({}, ["999", "998"], False, id="two others"),
        pytest.param({}, [], False, id="nobody"),
        pytest.param({}, ["01000"], False, id="another spelling"),
        pytest.param({"server": True}, ["999"], True, id="a service"),
        pytest.param({"server": True, "xuid": "5"}, ["999"], True, id="a service for somebody"),
    ],
)
def test_a_session_is_made_by_one_of_its_initiators(
    stage: Stage, claims: dict[str, Any], initiators: list[str], may: bool
) -> None:
    """Where initiators are given the creator is one of them or a service: 403 otherwise (CONST-14)."""
    stage.caller("maker", **claims)
    body = constants({"initiators": initiators})
    if may:
        session = new_session(parse_write(body, contract=107), stage.context("maker"))
        assert session.constants.system == {**DEFAULTS, "initiators": initiators}
    else:
        what = f"Only the initiators may make this session: {', '.join(initiators)}."
        expected = (403, "/constants/system/initiators", "CONST-14", what)
        assert refused_session(stage, "maker", body) == expected


def test_initiators_may_be_the_templates(stage: Stage) -> None:
    """Initiators that the template names bind the creator too; unset, they bind nobody (CONST-14, TMPL-5)."""
    stage.using({"initiators": ["999"]})
    assert stage.refused("Ann", {}) == (403, "/constants/system/initiators", "CONST-14")
    stage.using({"initiators": None})
    assert stage.put("Ann", {}) is not None


# --- role types


TEAM: dict[str, Any] = {"roles": {"leader": {"max": 1}}}
SQUAD: dict[str, Any] = {"roles": {}, "ownerManaged": False}


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ({}, {"team": TEAM}),
        ({"team": TEAM}, {"team": TEAM}),
        ({"squad": SQUAD}, {"team": TEAM, "squad": SQUAD}),
        ({"squad": SQUAD, "team": TEAM}, {"team": TEAM, "squad": SQUAD}),
    ],
    ids=["none", "the template's", "another", "both"],
)
def test_role_types_are_the_templates_and_the_requests(
    stage: Stage, asked: dict[str, Any], held: dict[str, Any]
) -> None:
    """A session has the role types of its template and those that its creation adds (ROLE-1, TMPL-3)."""
    stage.using(role_types={"team": TEAM})
    session = stage.put("Ann", {"roleTypes": deepcopy(asked)})
    assert session is not None
    assert session.role_types == held


@pytest.mark.parametrize("asked", [{}, {"roles": {"leader": {"max": 2}}}, {"roles": {}}], ids=json.dumps)
def test_a_role_type_that_the_template_sets_cannot_be_changed(stage: Stage, asked: dict[str, Any]) -> None:
    """A role type that the template sets cannot be otherwise: 409 (TMPL-3, ROLE-1)."""
    stage.using(role_types={"team": {"roles": {"leader": {"max": 1}}}})
    what = "The template sets the role type team; it cannot be otherwise."
    expected = (409, "/roleTypes/team", "TMPL-3", what)
    assert refused_session(stage, "Ann", {"roleTypes": {"squad": {}, "team": asked}}) == expected


@pytest.mark.parametrize("by_template", [True, False], ids=["template", "request"])
def test_role_types_that_owners_manage_need_owners(stage: Stage, by_template: bool) -> None:
    """`ownerManaged` is only for a session with hasOwners: 400 (ROLE-1)."""
    role_types = {"squad": {}, "team": {"ownerManaged": True}}
    stage.using(role_types=role_types if by_template else {})
    what = "A role type that owners manage needs the capability hasOwners."
    body = {} if by_template else {"roleTypes": role_types}
    assert refused_session(stage, "Ann", body) == (400, "/roleTypes/team/ownerManaged", "ROLE-1", what)


# --- what is not built


@pytest.mark.parametrize(
    ("capability", "rule"), [("large", "BIG-1"), ("hasOwners", "OWN-1"), ("autoPopulateServerCandidates", "CONST-6")]
)
@pytest.mark.parametrize("by_template", [True, False], ids=["template", "request"])
def test_capabilities_that_are_not_built_are_refused(
    stage: Stage, capability: str, rule: str, by_template: bool
) -> None:
    """Large sessions, owners and server candidates are refused, and the text says so (BIG-1, OWN-1, CODE-501)."""
    stage.using(can(capability) if by_template else {})
    what = f"A session with the capability {capability}{NOT_YET}"
    expected = (501, f"/constants/system/capabilities/{capability}", rule, what)
    assert refused_session(stage, "Ann", {} if by_template else constants(can(capability))) == expected


def test_capabilities_that_are_off_are_not_refused(stage: Stage) -> None:
    """A capability that is false asks for nothing, so there is nothing to refuse (TMPL-13, CODE-501)."""
    stage.using({"capabilities": dict.fromkeys(CAPABILITIES, False)})
    session = stage.put("Ann", {})
    assert session is not None
    assert not any(session.can(name) for name in CAPABILITIES)


@pytest.mark.parametrize(
    "capability",
    [
        name
        for name in CAPABILITIES
        if name not in ("large", "hasOwners", "autoPopulateServerCandidates", "broadcast", "arbitration")
    ],
)
def test_other_capabilities_are_built(stage: Stage, capability: str) -> None:
    """Every other capability makes a session by itself (CONST-6)."""
    stage.put("Ann", constants(can(capability)))
    assert stage.document()["constants"]["system"] == {**DEFAULTS, **can(capability)}


@pytest.mark.parametrize("wanted", [{}, {"membersNeededToStart": 1}, {"membersNeededToStart": 100}], ids=json.dumps)
def test_initialization_is_not_built(stage: Stage, wanted: dict[str, Any]) -> None:
    """A session whose members are initialized is refused, and the text says why (INIT-1, CODE-501)."""
    what = f"A session whose members are initialized (membersNeededToStart is above 0){NOT_YET}"
    expected = (501, "/constants/system/memberInitialization", "INIT-1", what)
    assert refused_session(stage, "Ann", constants({"memberInitialization": wanted})) == expected


def test_what_is_wrong_comes_before_what_is_not_built(stage: Stage) -> None:
    """A session that could not be made anyway is refused for that, not for what the fake cannot do (CODE-501)."""
    body = constants(can("large", "connectivity"))
    assert refused_session(stage, "Ann", body)[:3] == (400, "/constants/system/capabilities/connectivity", "CONST-7")
    body = constants({**can("hasOwners"), "initiators": []})
    assert refused_session(stage, "Ann", body)[:3] == (403, "/constants/system/initiators", "CONST-14")
