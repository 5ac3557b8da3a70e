"""The tables of fields: which there are, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from bodies import Body
from errors import told_of
from pytest_xbl.mpsd import activities, handles, queries, schema
from pytest_xbl.mpsd.checking import check_fields
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.rulebook import RULES
from pytest_xbl.userstats import requests
from tables import cases

GUID = "5c1d0000-0000-4000-8000-000000000001"
REF = {"scid": GUID, "templateName": "quick", "name": "one"}
ADDRESS = {"secureDeviceAddress": "QUJD"}
STATUSES = ("searching", "expired", "found", "failed", "canceled")

Row = tuple[str, tuple[Any, ...], tuple[Any, ...]]
"""The rule of a field, values that fit, and values that do not: at their limits, and one for each field inside."""

Values = tuple[tuple[Any, ...], tuple[Any, ...]]
"""Values that fit, and values that do not."""


def result(**fields: Any) -> Body:
    """Matchmaking with such a result."""
    return {"clientResult": fields}


def tap(**fields: Any) -> Body:
    """A subscription to shoulder taps, with other fields."""
    return {"id": GUID, "changeTypes": [], **fields}


def subscribed(**fields: Any) -> Body:
    """Subscriptions to taps under an id, with these fields."""
    return {GUID: fields}


def second(**fields: Any) -> Body:
    """A second subscription under an id, with other fields."""
    return {GUID: {"changeTypes": [], "rta": {"connection": GUID}, **fields}}


FLAG: Values = ((True, False), ("true",))
TEXT: Values = (("", "größe"), (5,))
NAMES_OF_GROUPS: Values = (([], ["a", "a", "Trade.1"]), ("a", [5], [""], ["a/b"]))
TEXTS: Values = (([], ["a", "a", ""]), ("a", [5]))
AMOUNTS: Values = (([], [0, 3]), ("a", [-1]))
TIMEOUT: Values = ((0, 2**63), (-1, 0.5))
RESTRICTION: Values = (("none", "local", "followed"), ("friends",))
STAGES = ("joinTimeout", "measurementTimeout", "evaluationTimeout")
INITIALIZATION: Values = (
    ({}, dict.fromkeys((*STAGES, "membersNeededToStart"), 0), dict.fromkeys(STAGES)),
    (True, {"membersNeededToStart": None}, *({name: -1} for name in (*STAGES, "membersNeededToStart"))),
)
MATCHMAKING: Values = (
    (
        *({}, {"targetSessionConstants": {"any": [None]}, "serverConnectionString": ""}),
        *(result(statusDetails="", typicalWait=1.5, targetSessionRef=REF), *(result(status=one) for one in STATUSES)),
    ),
    (
        *([], {"targetSessionConstants": []}, {"serverConnectionString": 5}, {"clientResult": []}),
        *(result(**{name: {}}) for name in ("status", "statusDetails", "typicalWait", "targetSessionRef", "other")),
    ),
)
WITHOUT_ONE = ({name: REF[name] for name in REF if name != missing} for missing in REF)
REFERENCE: Values = ((REF,), ([], *({**REF, name: 5} for name in (*REF, "other")), *WITHOUT_ONE))
OLD_TIMEOUTS = ("reserved", "inactive", "ready", "sessionEmpty")
HOSTS = ("latencyMaximum", "bandwidthDownMinimum", "bandwidthUpMinimum")
POLICIES = ("allowNonOwnerInviteHandles", "nonOwnerModifiableSystemProperties", "other")
SUBSCRIPTION = ("profile", "onBehalfOfTitleId", "other")
METRICS = ("latency", "bandwidthDown", "bandwidthUp", "custom")
CHANGE_TYPES = (
    *("everything", "host", "initialization", "matchmakingStatus", "membersList", "membersStatus", "joinability"),
    *("customProperty", "membersCustomProperty", "roles", "scheduledtime"),
)

CONSTANTS: dict[str, Row] = {
    "version": ("CONST-1", (1, 2**63), (0,)),
    "maxMembersCount": ("CONST-2", (1, 10_000), (0, 10_001)),
    "visibility": ("CONST-3", ("private", "visible", "open"), ("full", "Open")),
    "initiators": ("CONST-14", ([], ["5500461"]), ("a", [5])),
    "inviteProtocol": ("CONST-4", *TEXT),
    "reservedRemovalTimeout": ("CONST-5", *TIMEOUT),
    "inactiveRemovalTimeout": ("CONST-5", *TIMEOUT),
    "readyRemovalTimeout": ("CONST-5", *TIMEOUT),
    "sessionEmptyTimeout": ("CONST-5", *TIMEOUT),
    "capabilities": (
        "CONST-6",
        ({}, dict.fromkeys(schema.CAPABILITIES, True)),
        ([], {"crossplay": True}, *({name: "true"} for name in schema.CAPABILITIES)),
    ),
    "metrics": (
        "CONST-10",
        ({}, dict.fromkeys(METRICS, True)),
        ([], {"jitter": True}, *({name: "true"} for name in METRICS)),
    ),
    "memberInitialization": (
        "CONST-15",
        (*INITIALIZATION[0], {"externalEvaluation": True}),
        (*INITIALIZATION[1], {"externalEvaluation": "true"}, {"autoEvaluate": True}),
    ),
    "peerToPeerRequirements": (
        "CONST-11",
        ({}, {"latencyMaximum": 0, "bandwidthMinimum": 0}),
        ([], {"latencyMaximum": -1}, {"bandwidthMinimum": -1}, {"bandwidthUpMinimum": 1}),
    ),
    "peerToHostRequirements": (
        "CONST-11",
        (
            dict.fromkeys(HOSTS, 0),
            *({"hostSelectionMetric": name} for name in ("latency", "bandwidthup", "bandwidthDown", "BANDWIDTH")),
        ),
        ([], *({name: -1} for name in HOSTS), {"bandwidthMinimum": 1}, {"hostSelectionMetric": "jitter"}),
    ),
    "measurementServerAddresses": (
        "CONST-12",
        ({}, {"server.example:3074": ADDRESS}),
        (
            [],
            {"Server": ADDRESS},
            {"a": {}},
            {"a": {"secureDeviceAddress": "QQ"}},
            {"a": {"secureDeviceAddress": ""}},
            {"a": {**ADDRESS, "port": 1}},
        ),
    ),
    "ownershipPolicies": (
        "CONST-13",
        (
            {"migration": "oldest", "allowNonOwnerInviteHandles": True},
            {"migration": "endsession", "nonOwnerModifiableSystemProperties": ["turn"]},
        ),
        ([], {"migration": "endSession"}, *({name: [5]} for name in POLICIES)),
    ),
    "cloudComputePackage": (
        "CONST-16",
        ({}, {"crossSandbox": True, "titleId": "1719000001", "gsiSet": GUID, "variant": GUID}),
        ([], {"crossSandbox": "true"}, {"titleId": 5}, {"gsiSet": "5c1d"}, {"variant": "5c1d"}, {"other": 1}),
    ),
    "arbitration": (
        "CONST-17",
        ({}, dict.fromkeys(("forfeitTimeout", "arbitrationTimeout"), 0)),
        ([], {"forfeitTimeout": -1}, {"arbitrationTimeout": None}, {"other": 1}),
    ),
    "broadcastViewerTitleIds": ("CONST-18", ([], ["34567", "8910"]), ("a", [34567])),
}
OLD_CONSTANTS: dict[str, Row] = {
    "timeouts": (
        "TMPL-7",
        ({}, dict.fromkeys(OLD_TIMEOUTS, 0), dict.fromkeys(OLD_TIMEOUTS)),
        ([], {"empty": 1}, *({name: -1} for name in OLD_TIMEOUTS)),
    ),
    "managedInitialization": (
        "TMPL-7",
        (*INITIALIZATION[0], {"autoEvaluate": True}),
        (*INITIALIZATION[1], {"autoEvaluate": "true"}, {"externalEvaluation": True}),
    ),
}
PROPERTIES: dict[str, Row] = {
    "keywords": ("PROP-2", ([], ["Duel", "zwei Wörter"]), ("a", ["b,c"], [""], [5])),
    "turn": ("PROP-3", *AMOUNTS),
    "host": ("PROP-4", *TEXT),
    "owners": ("OWN-5", *AMOUNTS),
    "joinRestriction": ("PROP-5", *RESTRICTION),
    "readRestriction": ("PROP-5", *RESTRICTION),
    "initializationSucceeded": ("PROP-6", *FLAG),
    "serverConnectionStringCandidates": ("PROP-7", *TEXTS),
    "matchmaking": ("PROP-7", MATCHMAKING[0], (*MATCHMAKING[1], {"resubmit": True})),
    "matchmakingResubmit": ("PROP-7", *FLAG),
    "closed": ("PROP-8", *FLAG),
    "locked": ("PROP-8", *FLAG),
    "allocateCloudCompute": ("PROP-8", (False,), ("true",)),
    "searchHandleVisibility": ("SRCH-1", *TEXT),
    "description": (
        "SRCH-1",
        ({}, {"text": "Beginners welcome", "locale": "en"}),
        ("x", {"text": 5}, {"locale": 5}, {"other": 1}),
    ),
    "scheduledTime": ("SRCH-1", ("2026-01-01T18:00:00Z", "2026-01-01T18:00:00.1234567+02:00"), (5, "soon")),
}
OLD_PROPERTIES: dict[str, Row] = {
    "matchmaking": ("PROP-7", (*MATCHMAKING[0], {"resubmit": True}), (*MATCHMAKING[1], {"resubmit": "true"})),
}
MEMBER_CONSTANTS: dict[str, Row] = {
    "xuid": ("MEMB-6", ("5500461",), (5,)),
    "index": ("MEMB-6", (0,), (-1,)),
    "initialize": ("INIT-1", (True, False, "true", "false"), ("yes", 1)),
    "matchmakingResult": (
        "MEMB-6",
        ({}, {"serverMeasurements": {"a": {"latency": 1}}}),
        ([], {"serverMeasurements": []}, {"serverMeasurements": {"a": []}}, {"team": 1}),
    ),
}
MEMBER_PROPERTIES: dict[str, Row] = {
    "active": ("MEMB-8", *FLAG),
    "ready": ("MEMB-8", *FLAG),
    "connection": ("MEMB-11", (GUID,), ("5c1d",)),
    "subscription": (
        "TAP-1",
        (tap(), tap(changeTypes=[*CHANGE_TYPES])),
        ([], {"changeTypes": []}, {"id": GUID}, tap(id="5c1d"), tap(changeTypes=["Host"]), tap(other=1)),
    ),
    "subscriptions": (
        "TAP-1",
        ({}, {GUID: None}, subscribed(profile="roster", onBehalfOfTitleId="7")),
        ([], {"5c1d": None}, *(subscribed(**{"profile": "", name: 5}) for name in SUBSCRIPTION), subscribed()),
    ),
    "secondarySubscriptions": (
        "TAP-1",
        ({}, second(), second(changeTypes=["roles"])),
        ([], {"5c1d": second()[GUID]}, {GUID: {}}, second(changeTypes=["Host"]), second(rta={}), second(other=1)),
    ),
    "secureDeviceAddress": ("MEMB-10", ("", "QUJD"), ("QQ",)),
    "initializationGroup": ("MEMB-13", *AMOUNTS),
    "groups": ("MEMB-13", *NAMES_OF_GROUPS),
    "encounters": ("MEMB-13", *NAMES_OF_GROUPS),
    "RolePreference": ("MEMB-13", ({}, {"leader": 0, "medic": 100}), ([], {"leader": -1}, {"leader": 101})),
    "measurements": (
        "MEMB-13",
        ({}, {"a": {"latency": 0, "bandwidthDown": 0, "bandwidthUp": 0, "custom": {"a": None}}}),
        ([], {"A": {}}, {"a": {"jitter": 1}}, *({"a": {name: -1}} for name in METRICS)),
    ),
    "serverMeasurements": ("MEMB-13", ({}, {"Server.Example": {"anything": [1]}}), ([], {"a": 5})),
    "arbitration": ("MEMB-20", (), ([], {"results": []}, {"results": {"team1": "loss"}}, {"other": 1})),
}
OLD_MEMBER_PROPERTIES: dict[str, Row] = {"group": ("MEMB-13", *AMOUNTS)}
MATCHMAKING_SERVER: dict[str, Row] = {
    "lockId": ("SERV-3", *TEXT),
    "status": ("SERV-3", STATUSES, ("lost",)),
    "statusDetails": ("SERV-3", *TEXT),
    "typicalWait": ("SERV-3", (0, 1.5), ("5",)),
    "targetSessionRef": ("SERV-3", *REFERENCE),
}

ALL: tuple[tuple[str, Mapping[str, Field], dict[str, Row]], ...] = (
    ("constants", schema.SESSION_CONSTANTS, CONSTANTS),
    ("old constants", schema.OLD_SESSION_CONSTANTS, OLD_CONSTANTS),
    ("properties", schema.SESSION_PROPERTIES, PROPERTIES),
    ("old properties", schema.OLD_SESSION_PROPERTIES, OLD_PROPERTIES),
    ("member constants", schema.MEMBER_CONSTANTS, MEMBER_CONSTANTS),
    ("member properties", schema.MEMBER_PROPERTIES, MEMBER_PROPERTIES),
    ("old member properties", schema.OLD_MEMBER_PROPERTIES, OLD_MEMBER_PROPERTIES),
    ("matchmaking server", schema.MATCHMAKING_SERVER, MATCHMAKING_SERVER),
)
EVERY_FIELD = [
    pytest.param(table, name, row, id=f"{kind}-{name}") for kind, table, rows in ALL for name, row in rows.items()
]


@pytest.mark.parametrize(("table", "name", "row"), EVERY_FIELD)
def test_a_field_takes_what_its_rule_allows(table: Mapping[str, Field], name: str, row: Row) -> None:
    """Values that its rule allows are taken, and so is null (SERV-3, TAP-1, PUT-5, TMPL-5)."""
    for value in (*row[1], None):
        check_fields(table, {name: value})


@pytest.mark.parametrize(("table", "name", "row"), EVERY_FIELD)
def test_a_field_refuses_what_its_rule_does_not_allow(table: Mapping[str, Field], name: str, row: Row) -> None:
    """Other values are 400, with a place in the field, and its rule.

    (CALL-6, CONST-1, CONST-2, CONST-3, CONST-4, CONST-5, CONST-6, CONST-12, CONST-18, PROP-2, PROP-5, PROP-7, PROP-8,
    MEMB-13)
    """
    rule, _, wrong = row
    for value in wrong:
        status, where, _, by = told_of(partial(check_fields, table, {name: value}, ("at",)))
        assert (status, by) == (400, rule)
        assert f"{where}/".startswith(f"/at/{name}/")


@pytest.mark.parametrize(("table", "rows"), [it[1:] for it in ALL if not it[0].startswith("old")])
def test_a_bag_has_the_fields_of_its_rules(table: Mapping[str, Field], rows: dict[str, Row]) -> None:
    """And no other (CALL-6)."""
    assert table.keys() == rows.keys()


NOT_BUILT = {
    "allocateCloudCompute": (schema.SESSION_PROPERTIES, True),
    "arbitration": (schema.OLD_MEMBER_PROPERTIES, {"results": {"team1": {"outcome": "loss"}}}),
}


@pytest.mark.parametrize("name", NOT_BUILT)
def test_a_field_that_is_not_built_is_known_all_the_same(name: str) -> None:
    """501 with its rule, never "not known" (CODE-501, PROP-8, MEMB-20)."""
    table, value = NOT_BUILT[name]
    what = f"What {name} asks for: the fake does not do this yet, so it refuses the request."
    refused = told_of(lambda: check_fields(table, {name: value}, ("at",)))
    assert refused == (501, f"/at/{name}", what, table[name].rule)
    unbuilt = {field for _, table, _ in ALL for field, it in table.items() if not it.built}
    assert unbuilt == NOT_BUILT.keys()


GONE = {*(f"{name}RemovalTimeout" for name in OLD_TIMEOUTS[:3]), "sessionEmptyTimeout", "memberInitialization"}


OLDER = {
    # the table of 107, that of 104 and 105, the fields that only the former has, and those that only the latter has
    "constants": (schema.SESSION_CONSTANTS, schema.OLD_SESSION_CONSTANTS, GONE, OLD_CONSTANTS),
    "properties": (schema.SESSION_PROPERTIES, schema.OLD_SESSION_PROPERTIES, {"matchmakingResubmit"}, OLD_PROPERTIES),
    "members": (schema.MEMBER_PROPERTIES, schema.OLD_MEMBER_PROPERTIES, {"initializationGroup"}, OLD_MEMBER_PROPERTIES),
}


@cases("table old gone rows", OLDER)
def test_an_older_contract_has_other_names_for_a_few_fields(
    table: Mapping[str, Field], old: Mapping[str, Field], gone: set[str], rows: dict[str, Row]
) -> None:
    """All other fields of 104 and 105 are those of 107 (TMPL-7)."""
    assert table.keys() - old.keys() == gone
    assert {name for name, field in old.items() if field != table.get(name)} == rows.keys()


@pytest.mark.parametrize("module", [schema, handles, activities, queries, requests], ids=lambda it: it.__name__)
def test_every_field_names_a_rule(module: object) -> None:
    """A refusal by a table leads to the rules page."""
    tables = [it for it in vars(module).values() if isinstance(it, dict)]
    fields = [it for table in tables for it in table.values() if isinstance(it, Field)]

    assert fields
    assert {field.rule for field in fields} <= RULES.keys()


def test_capabilities_are_those_of_the_pages() -> None:
    """There are sixteen capabilities, `crossPlay` with a capital P among them (CONST-6)."""
    names = """
        arbitration autoPopulateServerCandidates blockBadMsaReputation broadcast clientMatchmaking cloudCompute
        connectionRequiredForActiveMembers connectivity crossPlay gameplay hasOwners large searchable
        suppressPresenceActivityCheck team userAuthorizationStyle
    """
    assert sorted(schema.CAPABILITIES) == names.split()
