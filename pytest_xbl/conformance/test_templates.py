"""Templates, and the constants of sessions."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_xbl.conformance.bodies import ACTIVE, JOIN, Body, constants, properties
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import Service

TIMEOUTS = ("reservedRemovalTimeout", "inactiveRemovalTimeout", "readyRemovalTimeout", "sessionEmptyTimeout")
METRICS = {"latency": True, "bandwidthDown": True, "bandwidthUp": True}
OUT = "/constants/system"


def test_an_unknown_template_is_404(service: Service, stacy: Person) -> None:
    """A session is made from a named template of its service configuration (TMPL-1)."""
    room = service.room()
    stacy.put(room.path.replace(f"/{room.template}/", "/no-such-template/"), room.made_by(ACTIVE)).says(404)
    stacy.put(room, room.made_by(ACTIVE)).says(201)


def test_constants_begin_as_those_of_the_template(service: Service, stacy: Person) -> None:
    """The creation may add and repeat constants; a change is 409 (TMPL-3)."""
    room = service.room(template="fixed", plain=True)
    stacy.put(room, constants(maxMembersCount=9)).says(409)
    stacy.put(room, constants({"rules": "none"})).says(409)
    made = stacy.put(room, {**constants(maxMembersCount=8, visibility="visible"), **JOIN}).says(201)
    made.shows(f"{OUT}/maxMembersCount", 8).shows(f"{OUT}/visibility", "visible").shows(
        "/constants/custom/rules", "fair"
    )


def test_constants_are_fixed_at_creation(service: Service, stacy: Person) -> None:
    """A later write may repeat them; another value is 409, and the message names the constant (TMPL-4)."""
    room = service.room(maxMembersCount=5)
    stacy.creates(room)
    stacy.put(room, room.made_by()).says(200).shows("/changeNumber", 1)
    stacy.put(room, constants(maxMembersCount=6)).says(409)
    stacy.put(room, constants({"more": 1})).says(409)


def test_a_null_keeps_a_constant_unset(service: Service, stacy: Person) -> None:
    """It switches the default off, at the creation and in a template (TMPL-5)."""
    made = stacy.creates(service.room("mine", sessionEmptyTimeout=None))
    made.lacks(f"{OUT}/sessionEmptyTimeout").shows(f"{OUT}/reservedRemovalTimeout", 30000)
    stacy.creates(service.room("its", template="fixed", plain=True)).lacks(f"{OUT}/readyRemovalTimeout")


def test_the_defaults_of_107_are_shown(service: Service, stacy: Person) -> None:
    """Milliseconds (TMPL-6, TMPL-11)."""
    made = (
        stacy.creates(service.room(plain=True)).shows(f"{OUT}/maxMembersCount", 100).shows(f"{OUT}/visibility", "open")
    )
    for name, default in zip(TIMEOUTS, (30000, 0, 180000, 0), strict=True):
        made.shows(f"{OUT}/{name}", default)


def test_a_template_of_105_has_the_defaults_of_105(service: Service, stacy: Person) -> None:
    """In `timeouts`, whatever contract the request has (TMPL-7, TMPL-12)."""
    room = service.room(template="old", plain=True)
    made = stacy.put(room, ACTIVE, contract=105).says(201)
    made.shows(f"{OUT}/timeouts", {"reserved": 30000, "inactive": 7200000, "ready": 180000, "sessionEmpty": 0})
    stacy.get(room).says(200).shows(f"{OUT}/inactiveRemovalTimeout", 7200000)


def test_a_session_is_shown_in_the_contract_of_the_request(service: Service, stacy: Person) -> None:
    """Names of fields and `contractVersion` (TMPL-8, TMPL-7)."""
    room = service.room()
    stacy.creates(room).shows("/contractVersion", 107).lacks(f"{OUT}/timeouts")
    old = stacy.get(room, contract=105).says(200).shows("/contractVersion", 105)
    old.shows(f"{OUT}/timeouts/reserved", 30000).lacks(*(f"{OUT}/{name}" for name in TIMEOUTS))


def test_managed_initialization_is_the_other_way_round(service: Service, stacy: Person) -> None:
    """105 has `autoEvaluate` where 107 has `externalEvaluation`, of the opposite meaning (TMPL-7)."""
    room = service.room(memberInitialization={"membersNeededToStart": 0, "externalEvaluation": True})
    stacy.creates(room).shows(f"{OUT}/memberInitialization/externalEvaluation", expected=True)
    old = stacy.get(room, contract=105).says(200).lacks(f"{OUT}/memberInitialization")
    assert not old.json["constants"]["system"]["managedInitialization"].get("autoEvaluate"), f"{old.exchange}"


def test_templates_are_listed(service: Service, stacy: Person) -> None:
    """As names; GET of one gives it (TMPL-9)."""
    name = service.template("fixed")
    listed = stacy.get(service.templates).says(200)
    assert name.lower() in [one.lower() for one in listed["/results"]], f"{listed.exchange}: no {name} in /results"
    one = stacy.get(f"{service.templates}/{name}").says(200)
    one.shows("/constants/system/maxMembersCount", 8).shows("/constants/custom", {"rules": "fair"})


def test_a_template_with_capabilities_takes_no_more(service: Service, stacy: Person) -> None:
    """Even if they are empty (TMPL-10)."""
    room = service.room(template="capable", plain=True)
    stacy.put(room, constants(capabilities={"gameplay": True})).says(409)
    stacy.put(room, ACTIVE).says(201)


def test_member_initialization_shows_what_is_set(service: Service, stacy: Person) -> None:
    """Without defaults (TMPL-11)."""
    given = {"membersNeededToStart": 0}
    stacy.creates(service.room(memberInitialization=given)).shows(f"{OUT}/memberInitialization", given)


def test_a_false_capability_is_as_good_as_none(service: Service, stacy: Person) -> None:
    """Where constants are compared; so is a null inside `memberInitialization`, which is not shown (TMPL-13)."""
    room = service.room(plain=True, capabilities={"gameplay": True, "team": False})
    stacy.creates(room)
    stacy.put(room, constants(capabilities={"gameplay": True})).says(200)
    given = {"membersNeededToStart": 0, "joinTimeout": None}
    other = service.room("other", memberInitialization=given)
    stacy.creates(other).shows(f"{OUT}/memberInitialization", {"membersNeededToStart": 0})


def test_matchmaking_is_always_there_under_105(service: Service, stacy: Person) -> None:
    """`{}` when nothing is in it; not under 104 nor under 107 (TMPL-14)."""
    room = service.room()
    stacy.creates(room)
    stacy.get(room, contract=105).says(200).shows("/properties/system/matchmaking", {})
    for contract in (104, 107):
        stacy.get(room, contract=contract).says(200).lacks("/properties/system/matchmaking")


WRONG_CONSTANTS: list[tuple[str, Body]] = [
    ("CONST-1", {"version": 0}),
    ("CONST-1", {"version": "1"}),
    ("CONST-2", {"maxMembersCount": 0}),
    ("CONST-2", {"maxMembersCount": 101}),
    ("CONST-3", {"visibility": "hidden"}),
    ("CONST-4", {"inviteProtocol": 1}),
    ("CONST-5", {"reservedRemovalTimeout": -1}),
    ("CONST-5", {"readyRemovalTimeout": "1"}),
    ("CONST-11", {"peerToHostRequirements": {"hostSelectionMetric": "beauty"}, "capabilities": {"connectivity": True}}),
    ("CONST-15", {"memberInitialization": {"membersNeededToStart": -1}}),
    ("CONST-15", {"memberInitialization": {"membersNeededToStart": 101}}),
]


@pytest.mark.parametrize(
    "system", [system for _, system in WRONG_CONSTANTS], ids=[f"{rule} {one}" for rule, one in WRONG_CONSTANTS]
)
def test_a_constant_out_of_its_limits_is_refused(service: Service, stacy: Person, system: dict[str, Any]) -> None:
    """400; the id of each case has its rule (CONST-1, CONST-2, CONST-3, CONST-4, CONST-5, CONST-11, CONST-15)."""
    stacy.put(service.room(plain=True), constants(**system)).says(400).is_text()


def test_constants_within_their_limits_are_kept(service: Service, stacy: Person) -> None:
    """As they are (CONST-1, CONST-2, CONST-3, CONST-4, CONST-5)."""
    given: Body = {
        "version": 3,
        "maxMembersCount": 100,
        "visibility": "visible",
        "inviteProtocol": "game",
        "reservedRemovalTimeout": 0,
        "readyRemovalTimeout": 1,
    }
    made = stacy.creates(service.room(**given))
    for name, value in given.items():
        made.shows(f"{OUT}/{name}", value)


def test_without_an_invite_protocol_there_is_none(service: Service, stacy: Person) -> None:
    """Absent stays absent (CONST-4)."""
    stacy.creates(service.room()).lacks(f"{OUT}/inviteProtocol")


def test_a_large_session_has_room_for_10000(service: Service, stacy: Person) -> None:
    """With the capability `large` (CONST-2)."""
    room = service.room(can=("large",), maxMembersCount=10000)
    stacy.creates(room).shows(f"{OUT}/maxMembersCount", 10000)
    stacy.put(service.room("more", can=("large",)), constants(maxMembersCount=10001)).says(400)


def test_unknown_capabilities_are_refused(service: Service, stacy: Person) -> None:
    """Capabilities are booleans by known names (CONST-6)."""
    room = service.room(plain=True)
    stacy.put(room, constants(capabilities={"magic": True})).says(400)
    stacy.put(room, constants(capabilities={"gameplay": "yes"})).says(400)
    stacy.put(room, {**constants(capabilities={"crossPlay": True}), **JOIN}).says(201)


@pytest.mark.parametrize("capability", ["connectivity", "userAuthorizationStyle", "team"])
def test_not_every_capability_goes_with_large(service: Service, stacy: Person, capability: str) -> None:
    """400 (CONST-7)."""
    room = service.room(plain=True)
    stacy.put(room, constants(capabilities={"large": True, capability: True})).says(400)


def test_a_large_session_initializes_nobody(service: Service, stacy: Person) -> None:
    """400 for `memberInitialization` (CONST-7)."""
    body = constants(capabilities={"large": True}, memberInitialization={})
    stacy.put(service.room(plain=True), body).says(400)


def test_a_broadcast_is_large_and_called_like_its_broadcaster(service: Service, stacy: Person) -> None:
    """400 without `large`, and for another name; `team` does not go with `gameplay` (CONST-8)."""
    room = service.room(plain=True)
    stacy.put(room, constants(capabilities={"broadcast": True})).says(400)
    stacy.put(room, constants(capabilities={"broadcast": True, "large": True})).says(400)
    stacy.put(room, constants(capabilities={"team": True, "gameplay": True})).says(400)


def test_authorization_style_restricts_by_default(service: Service, stacy: Person) -> None:
    """Both restrictions are `local`, and cannot be `none`; with `searchable` it needs `hasOwners` (CONST-9)."""
    room = service.room(can=("userAuthorizationStyle",))
    made = stacy.creates(room).shows("/properties/system/joinRestriction", "local")
    made.shows("/properties/system/readRestriction", "local")
    stacy.put(room, properties(joinRestriction="none")).says(400)
    both = {"userAuthorizationStyle": True, "searchable": True}
    stacy.put(service.room("other", plain=True), constants(capabilities=both)).says(400)


@pytest.mark.parametrize("name", ["metrics", "peerToPeerRequirements", "peerToHostRequirements"])
def test_requirements_need_connectivity(service: Service, stacy: Person, name: str) -> None:
    """400 without the capability (CONST-10)."""
    stacy.put(service.room(), constants(**{name: {}})).says(400)


def test_metrics_suffice_for_the_requirements(service: Service, stacy: Person) -> None:
    """They default to what is needed; too few are 400 (CONST-10)."""
    needs = {"peerToPeerRequirements": {"latencyMaximum": 100}, "capabilities": {"connectivity": True}}
    stacy.put(service.room(plain=True), constants(**needs, metrics={"bandwidthUp": True})).says(400)
    made = stacy.put(service.room(plain=True), {**constants(**needs), **JOIN}).says(201)
    assert made["/constants/system/metrics"].get("latency") is True, f"{made.exchange}: no latency in metrics"


def test_requirements_have_defaults(service: Service, stacy: Person) -> None:
    """Between peers and to a host; they are shown (CONST-11, TMPL-11)."""
    room = service.room(can=("connectivity",), peerToPeerRequirements={}, peerToHostRequirements={})
    made = stacy.creates(room)
    made.shows(f"{OUT}/peerToPeerRequirements", {"latencyMaximum": 250, "bandwidthMinimum": 10000})
    to_host = {"latencyMaximum": 250, "bandwidthDownMinimum": 100000, "bandwidthUpMinimum": 1000}
    made.shows(f"{OUT}/peerToHostRequirements", {**to_host, "hostSelectionMetric": "latency"})


def test_measurement_servers_have_addresses(service: Service, stacy: Person) -> None:
    """By connection strings in lower case, with base64; not empty (CONST-12)."""
    room = service.room(can=("connectivity",))
    wrong: list[Body] = [
        {"eu": {"secureDeviceAddress": ""}},
        {"EU": {"secureDeviceAddress": "AQ=="}},
        {"eu": {"secureDeviceAddress": "?"}},
        {"eu": {}},
    ]
    for servers in wrong:
        stacy.put(room, room.made_by(constants(measurementServerAddresses=servers))).says(400)
    good = {"eu": {"secureDeviceAddress": "AQ=="}}
    made = stacy.put(room, room.made_by(constants(measurementServerAddresses=good), JOIN)).says(201)
    made.shows(f"{OUT}/measurementServerAddresses", good)


def test_ownership_policies_need_owners(service: Service, stacy: Person) -> None:
    """400 without `hasOwners`; defaults are shown (CONST-13, TMPL-11)."""
    stacy.put(service.room(), constants(ownershipPolicies={"migration": "oldest"})).says(400)
    room = service.room("owned", can=("hasOwners",), ownershipPolicies={})
    made = stacy.creates(room).shows(f"{OUT}/ownershipPolicies/migration", "endsession")
    made.shows(f"{OUT}/ownershipPolicies/allowNonOwnerInviteHandles", expected=False)


def test_only_initiators_make_a_session(service: Service, stacy: Person, ana: Person) -> None:
    """The creator is one of them: 403 (CONST-14)."""
    room = service.room(initiators=[ana.xuid])
    stacy.put(room, room.made_by(ACTIVE)).says(403)
    ana.put(room, room.made_by(ACTIVE)).says(201)


def test_a_service_is_always_an_initiator(service: Service, ana: Person) -> None:
    """The creator is one of them, or a service (CONST-14)."""
    room = service.room(initiators=[ana.xuid], sessionEmptyTimeout=None)
    server = service.server()
    server.put(room, room.made_by()).says(201)


def test_cloud_compute_packages_need_the_capability(service: Service, stacy: Person) -> None:
    """400 without `cloudCompute` (CONST-16)."""
    stacy.put(service.room(), constants(cloudComputePackage={"titleId": "1"})).says(400)


def test_arbitration_needs_the_capability(service: Service, stacy: Person) -> None:
    """400 without `arbitration` (CONST-17)."""
    stacy.put(service.room(), constants(arbitration={"forfeitTimeout": 1})).says(400)


def test_arbitration_has_defaults(service: Service) -> None:
    """The second timeout is not below the first (CONST-17); a service makes such a session (CONST-8)."""
    room = service.room(can=("arbitration", "gameplay"), sessionEmptyTimeout=None)
    arbiter: Body = {"servers": {"arbitration": {}}}
    server = service.server()
    server.put(room, room.made_by(constants(arbitration={"arbitrationTimeout": 1}), arbiter)).says(400)
    server.put(room, room.made_by()).says(400, 403, 409)
    made = server.put(room, room.made_by(constants(arbitration={}), arbiter)).says(201)
    made.shows(f"{OUT}/arbitration", {"forfeitTimeout": 60000, "arbitrationTimeout": 300000})


def test_viewers_of_a_broadcast_are_titles(service: Service, stacy: Person) -> None:
    """A list of title ids as strings (CONST-18)."""
    stacy.put(service.room(), constants(broadcastViewerTitleIds=[1])).says(400)
    room = service.room("other", broadcastViewerTitleIds=["1"])
    stacy.creates(room).shows(f"{OUT}/broadcastViewerTitleIds", ["1"])
