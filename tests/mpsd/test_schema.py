"""The tables of fields: which there are, what they hold, and how a refusal tells what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pytest_xbl.mpsd import schema
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field, check, check_fields, unknown_field
from pytest_xbl.mpsd.shapes import Integer, ListOf

GUID = "5c1d0000-0000-4000-8000-000000000001"
REF = {"scid": GUID, "templateName": "quick", "name": "one"}
ADDRESS = {"secureDeviceAddress": "QUJD"}

TIMEOUT = (0, 30_000, 2**63)
AMOUNT = (0, 250, 2**63)
FLAG = (True, False)
TEXT = ("", "party", "größe")
NAMES: tuple[list[str], ...] = ([], ["a"], ["a", "a", ""])
RESTRICTION = ("none", "local", "followed")

NO_FLAG = 'Expected true or false; got "true".'
NO_TEXT = "Expected a string; got 5."
NO_AMOUNT = "Expected an integer of 0 or more; got -1."
NO_TIMEOUT = "Expected an integer of 0 or more, or null; got -1."
NO_LIST = 'Expected a list; got "a".'
NO_OBJECT = "Expected an object; got []."
NO_DIGITS = "Expected a string of decimal digits; got 5."
NO_GUID = 'Expected a GUID; got "5c1d".'
NO_BASE64 = 'Expected a string of base64; got "QQ".'
NO_RESTRICTION = 'Expected one of "none", "local", "followed"; got "friends".'
NO_CHANGE_TYPE = (
    'Expected one of "everything", "host", "initialization", "matchmakingStatus", "membersList", '
    '"membersStatus", "joinability", "customProperty", "membersCustomProperty"; got "Host".'
)
NO_STATUS = 'Expected one of "searching", "expired", "found", "failed", "canceled"; got "lost".'


def no_field(known: str, got: str) -> str:
    """The text of a refusal of a field inside a field."""
    return f"Expected no such field; known are {known}; got {got}."


# A field: its rule, values that fit, and values that do not, with the place inside and the text.
Row = tuple[str, tuple[Any, ...], tuple[tuple[Any, str, str], ...]]

INITIALIZATION: tuple[tuple[Any, ...], tuple[tuple[Any, str, str], ...]] = (
    (
        {},
        {"joinTimeout": None, "measurementTimeout": 0, "evaluationTimeout": 1, "membersNeededToStart": 0},
        {"membersNeededToStart": 100},
    ),
    (
        (True, "", "Expected an object; got true."),
        ({"joinTimeout": -1}, "/joinTimeout", NO_TIMEOUT),
        ({"measurementTimeout": -1}, "/measurementTimeout", NO_TIMEOUT),
        ({"evaluationTimeout": -1}, "/evaluationTimeout", NO_TIMEOUT),
        ({"membersNeededToStart": -1}, "/membersNeededToStart", NO_AMOUNT),
        ({"membersNeededToStart": None}, "/membersNeededToStart", "Expected an integer of 0 or more; got null."),
    ),
)

CONSTANTS: dict[str, Row] = {
    "version": (
        "CONST-1",
        (1, 2, 2**63),
        (
            (0, "", "Expected an integer of 1 or more; got 0."),
            ("1", "", 'Expected an integer of 1 or more; got "1".'),
            (True, "", "Expected an integer of 1 or more; got true."),
            (1.0, "", "Expected an integer of 1 or more; got 1.0."),
        ),
    ),
    "maxMembersCount": (
        "CONST-2",
        (1, 100, 101, 10_000),
        (
            (0, "", "Expected an integer from 1 to 10000; got 0."),
            (10_001, "", "Expected an integer from 1 to 10000; got 10001."),
            ("8", "", 'Expected an integer from 1 to 10000; got "8".'),
        ),
    ),
    "visibility": (
        "CONST-3",
        ("private", "visible", "open"),
        (
            ("full", "", 'Expected one of "private", "visible", "open"; got "full".'),
            ("Open", "", 'Expected one of "private", "visible", "open"; got "Open".'),
            (["open"], "", 'Expected one of "private", "visible", "open"; got ["open"].'),
        ),
    ),
    "initiators": (
        "CONST-14",
        ([], ["5500461"], ["1", "2"]),
        (("a", "", NO_LIST), (["1", 5], "/1", NO_DIGITS), ([""], "/0", 'Expected a string of decimal digits; got "".')),
    ),
    "inviteProtocol": ("CONST-4", ("party", "game", "tournamentgame", "chat", "gameparty", ""), ((5, "", NO_TEXT),)),
    "reservedRemovalTimeout": ("CONST-5", TIMEOUT, ((-1, "", NO_TIMEOUT),)),
    "inactiveRemovalTimeout": ("CONST-5", TIMEOUT, ((-1, "", NO_TIMEOUT),)),
    "readyRemovalTimeout": ("CONST-5", TIMEOUT, ((-1, "", NO_TIMEOUT),)),
    "sessionEmptyTimeout": (
        "CONST-5",
        TIMEOUT,
        ((-1, "", NO_TIMEOUT), (0.5, "", "Expected an integer of 0 or more, or null; got 0.5.")),
    ),
    "capabilities": (
        "CONST-6",
        ({}, dict.fromkeys(schema.CAPABILITIES, True), dict.fromkeys(schema.CAPABILITIES, False)),
        (
            ([], "", NO_OBJECT),
            ({"gameplay": "true"}, "/gameplay", NO_FLAG),
            ({"gameplay": None}, "/gameplay", "Expected true or false; got null."),
            (
                {"crossplay": True},
                "/crossplay",
                no_field(", ".join(schema.CAPABILITIES), "true"),
            ),
        ),
    ),
    "metrics": (
        "CONST-10",
        ({}, {"latency": True, "bandwidthDown": False, "bandwidthUp": True, "custom": True}),
        (
            ([], "", NO_OBJECT),
            *(({name: "true"}, f"/{name}", NO_FLAG) for name in ("latency", "bandwidthDown", "bandwidthUp", "custom")),
            (
                {"jitter": True},
                "/jitter",
                no_field("latency, bandwidthDown, bandwidthUp, custom", "true"),
            ),
        ),
    ),
    "memberInitialization": (
        "CONST-15",
        (*INITIALIZATION[0], {"externalEvaluation": True}),
        (
            *INITIALIZATION[1],
            ({"externalEvaluation": "true"}, "/externalEvaluation", NO_FLAG),
            (
                {"autoEvaluate": True},
                "/autoEvaluate",
                no_field(
                    "joinTimeout, measurementTimeout, evaluationTimeout, membersNeededToStart, externalEvaluation",
                    "true",
                ),
            ),
        ),
    ),
    "peerToPeerRequirements": (
        "CONST-11",
        ({}, {"latencyMaximum": 0, "bandwidthMinimum": 2**40}),
        (
            ([], "", NO_OBJECT),
            ({"latencyMaximum": -1}, "/latencyMaximum", NO_AMOUNT),
            ({"bandwidthMinimum": -1}, "/bandwidthMinimum", NO_AMOUNT),
            (
                {"bandwidthUpMinimum": 1},
                "/bandwidthUpMinimum",
                no_field("latencyMaximum, bandwidthMinimum", "1"),
            ),
        ),
    ),
    "peerToHostRequirements": (
        "CONST-11",
        (
            {},
            {"latencyMaximum": 0, "bandwidthDownMinimum": 1, "bandwidthUpMinimum": 2**40},
            *({"hostSelectionMetric": name} for name in ("latency", "bandwidthup", "bandwidthdown", "bandwidth")),
            {"hostSelectionMetric": "bandwidthUp"},
        ),
        (
            ([], "", NO_OBJECT),
            ({"latencyMaximum": -1}, "/latencyMaximum", NO_AMOUNT),
            ({"bandwidthDownMinimum": -1}, "/bandwidthDownMinimum", NO_AMOUNT),
            ({"bandwidthUpMinimum": -1}, "/bandwidthUpMinimum", NO_AMOUNT),
            (
                {"hostSelectionMetric": "jitter"},
                "/hostSelectionMetric",
                'Expected one of "latency", "bandwidthup", "bandwidthdown", "bandwidth"; got "jitter".',
            ),
            (
                {"hostSelectionMetric": ["latency"]},
                "/hostSelectionMetric",
                'Expected one of "latency", "bandwidthup", "bandwidthdown", "bandwidth"; got ["latency"].',
            ),
        ),
    ),
    "measurementServerAddresses": (
        "CONST-12",
        ({}, {"server.example:3074": ADDRESS}, {"a": {"secureDeviceAddress": ""}}),
        (
            ([], "", NO_OBJECT),
            ({"Server": ADDRESS}, "/Server", 'Expected a key that is in lower case; got "Server".'),
            ({"a/b": 5}, "/a~1b", "Expected an object; got 5."),
            ({"a": {}}, "/a", 'Expected an object with "secureDeviceAddress"; got {}.'),
            ({"a": {"secureDeviceAddress": "QQ"}}, "/a/secureDeviceAddress", NO_BASE64),
            ({"a": {**ADDRESS, "port": 1}}, "/a/port", no_field("secureDeviceAddress", "1")),
        ),
    ),
    "ownershipPolicies": (
        "CONST-13",
        (
            {},
            {"migration": "oldest", "allowNonOwnerInviteHandles": True},
            {"migration": "endsession", "nonOwnerModifiableSystemProperties": ["closed", "turn"]},
        ),
        (
            ([], "", NO_OBJECT),
            ({"migration": "endSession"}, "/migration", 'Expected one of "oldest", "endsession"; got "endSession".'),
            ({"allowNonOwnerInviteHandles": "true"}, "/allowNonOwnerInviteHandles", NO_FLAG),
            ({"nonOwnerModifiableSystemProperties": "a"}, "/nonOwnerModifiableSystemProperties", NO_LIST),
            ({"nonOwnerModifiableSystemProperties": [5]}, "/nonOwnerModifiableSystemProperties/0", NO_TEXT),
        ),
    ),
    "cloudComputePackage": (
        "CONST-16",
        ({}, {"crossSandbox": True, "titleId": "1719000001", "gsiSet": GUID}),
        (
            ([], "", NO_OBJECT),
            ({"crossSandbox": "true"}, "/crossSandbox", NO_FLAG),
            ({"titleId": 5}, "/titleId", NO_DIGITS),
            ({"gsiSet": "5c1d"}, "/gsiSet", NO_GUID),
        ),
    ),
}

TIMEOUTS = ("reserved", "inactive", "ready", "sessionEmpty")
OLD_CONSTANTS: dict[str, Row] = {
    **{name: row for name, row in CONSTANTS.items() if "RemovalTimeout" not in name},
    "timeouts": (
        "TMPL-7",
        ({}, dict.fromkeys(TIMEOUTS, 0), dict.fromkeys(TIMEOUTS)),
        (
            ([], "", NO_OBJECT),
            *(({name: -1}, f"/{name}", NO_TIMEOUT) for name in TIMEOUTS),
            (
                {"empty": 1},
                "/empty",
                no_field("reserved, inactive, ready, sessionEmpty", "1"),
            ),
        ),
    ),
    "managedInitialization": (
        "TMPL-7",
        (*INITIALIZATION[0], {"autoEvaluate": True}),
        (
            *INITIALIZATION[1],
            ({"autoEvaluate": "true"}, "/autoEvaluate", NO_FLAG),
            (
                {"externalEvaluation": True},
                "/externalEvaluation",
                no_field(
                    "joinTimeout, measurementTimeout, evaluationTimeout, membersNeededToStart, autoEvaluate", "true"
                ),
            ),
        ),
    ),
}
del OLD_CONSTANTS["sessionEmptyTimeout"], OLD_CONSTANTS["memberInitialization"]

MATCHMAKING: tuple[tuple[Any, ...], tuple[tuple[Any, str, str], ...]] = (
    (
        {},
        {"targetSessionConstants": {"any": [None]}, "serverConnectionString": ""},
        {"clientResult": {}},
        {"clientResult": {"status": "found", "statusDetails": "", "typicalWait": 1.5, "targetSessionRef": REF}},
        *({"clientResult": {"status": name}} for name in ("searching", "expired", "found", "failed", "canceled")),
    ),
    (
        ([], "", NO_OBJECT),
        ({"targetSessionConstants": []}, "/targetSessionConstants", NO_OBJECT),
        ({"serverConnectionString": 5}, "/serverConnectionString", NO_TEXT),
        ({"clientResult": []}, "/clientResult", NO_OBJECT),
        ({"clientResult": {"status": "lost"}}, "/clientResult/status", NO_STATUS),
        ({"clientResult": {"statusDetails": 5}}, "/clientResult/statusDetails", NO_TEXT),
        ({"clientResult": {"typicalWait": "5"}}, "/clientResult/typicalWait", 'Expected a number; got "5".'),
        (
            {"clientResult": {"targetSessionRef": {"scid": GUID}}},
            "/clientResult/targetSessionRef",
            f'Expected an object with "templateName"; got {{"scid": "{GUID}"}}.',
        ),
    ),
)

PROPERTIES: dict[str, Row] = {
    "keywords": (
        "PROP-2",
        ([], ["Duel", "duel", "zwei Wörter"]),
        (
            ("a", "", NO_LIST),
            (["a", "b,c"], "/1", 'Expected a string that is not empty and has no comma; got "b,c".'),
            ([""], "/0", 'Expected a string that is not empty and has no comma; got "".'),
            ([5], "/0", "Expected a string that is not empty and has no comma; got 5."),
        ),
    ),
    "turn": (
        "PROP-3",
        ([], [0], [3, 1, 1]),
        (("a", "", NO_LIST), (["0"], "/0", 'Expected an integer of 0 or more; got "0".'), ([0, -1], "/1", NO_AMOUNT)),
    ),
    "host": ("PROP-4", TEXT, ((5, "", NO_TEXT),)),
    "joinRestriction": ("PROP-5", RESTRICTION, (("friends", "", NO_RESTRICTION),)),
    "readRestriction": ("PROP-5", RESTRICTION, (("friends", "", NO_RESTRICTION),)),
    "initializationSucceeded": ("PROP-6", FLAG, (("true", "", NO_FLAG),)),
    "serverConnectionStringCandidates": ("PROP-7", NAMES, (("a", "", NO_LIST), ([5], "/0", NO_TEXT))),
    "matchmaking": (
        "PROP-7",
        MATCHMAKING[0],
        (
            *MATCHMAKING[1],
            (
                {"resubmit": True},
                "/resubmit",
                no_field("clientResult, targetSessionConstants, serverConnectionString", "true"),
            ),
        ),
    ),
    "matchmakingResubmit": ("PROP-7", FLAG, (("true", "", NO_FLAG),)),
    "closed": ("PROP-8", FLAG, (("true", "", NO_FLAG), (1, "", "Expected true or false; got 1."))),
    "locked": ("PROP-8", FLAG, (("true", "", NO_FLAG),)),
    "allocateCloudCompute": ("PROP-8", FLAG, (("true", "", NO_FLAG),)),
}

OLD_PROPERTIES: dict[str, Row] = {
    **PROPERTIES,
    "matchmaking": (
        "PROP-7",
        (*MATCHMAKING[0], {"resubmit": True}, {"resubmit": False}),
        (*MATCHMAKING[1], ({"resubmit": "true"}, "/resubmit", NO_FLAG)),
    ),
}
del OLD_PROPERTIES["matchmakingResubmit"]

MEMBER_CONSTANTS: dict[str, Row] = {
    "xuid": ("MEMB-6", ("5500461", "18446744073709551615"), ((5, "", NO_DIGITS),)),
    "index": ("MEMB-6", (0, 7), ((-1, "", "Expected an integer of 0 or more; got -1."),)),
    "initialize": (
        "INIT-1",
        (True, False, "true", "false"),
        (("yes", "", 'Expected true or false; got "yes".'), (1, "", "Expected true or false; got 1.")),
    ),
    "matchmakingResult": (
        "MEMB-6",
        ({}, {"serverMeasurements": {"a": {"latency": 1}}}),
        (
            ([], "", NO_OBJECT),
            ({"serverMeasurements": []}, "/serverMeasurements", NO_OBJECT),
            ({"serverMeasurements": {"a": []}}, "/serverMeasurements/a", NO_OBJECT),
            ({"team": 1}, "/team", no_field("serverMeasurements", "1")),
        ),
    ),
}

GROUP: Row = (
    "MEMB-13",
    ([], [0], [2, 1]),
    (("a", "", NO_LIST), ([-1], "/0", NO_AMOUNT), (["0"], "/0", 'Expected an integer of 0 or more; got "0".')),
)

MEMBER_PROPERTIES: dict[str, Row] = {
    "active": ("MEMB-8", FLAG, (("true", "", NO_FLAG),)),
    "ready": ("MEMB-8", FLAG, (("true", "", NO_FLAG),)),
    "connection": ("MEMB-11", (GUID, GUID.upper()), (("5c1d", "", NO_GUID), ("", "", 'Expected a GUID; got "".'))),
    "subscription": (
        "TAP-1",
        (
            {"id": GUID, "changeTypes": []},
            {
                "id": GUID,
                "changeTypes": [
                    "everything",
                    "host",
                    "initialization",
                    "matchmakingStatus",
                    "membersList",
                    "membersStatus",
                    "joinability",
                    "customProperty",
                    "membersCustomProperty",
                ],
            },
        ),
        (
            ([], "", NO_OBJECT),
            ({"changeTypes": []}, "", 'Expected an object with "id"; got {"changeTypes": []}.'),
            ({"id": GUID}, "", f'Expected an object with "changeTypes"; got {{"id": "{GUID}"}}.'),
            ({"id": "5c1d", "changeTypes": []}, "/id", NO_GUID),
            ({"id": GUID, "changeTypes": ["Host"]}, "/changeTypes/0", NO_CHANGE_TYPE),
        ),
    ),
    "subscriptions": (
        "TAP-1",
        ({}, {GUID: None}, {GUID: {"profile": "roster", "onBehalfOfTitleId": "7"}, GUID[:-1] + "2": {"profile": ""}}),
        (
            ([], "", NO_OBJECT),
            ({"5c1d": None}, "/5c1d", 'Expected a key that is a GUID; got "5c1d".'),
            ({GUID: []}, f"/{GUID}", "Expected an object, or null; got []."),
            ({GUID: {}}, f"/{GUID}", 'Expected an object with "profile", or null; got {}.'),
            ({GUID: {"profile": 5}}, f"/{GUID}/profile", NO_TEXT),
            ({GUID: {"profile": "", "onBehalfOfTitleId": 5}}, f"/{GUID}/onBehalfOfTitleId", NO_DIGITS),
        ),
    ),
    "secureDeviceAddress": ("MEMB-10", ("", "QUJD"), (("QQ", "", NO_BASE64),)),
    "initializationGroup": GROUP,
    "groups": ("MEMB-13", NAMES, (("a", "", NO_LIST), ([5], "/0", NO_TEXT))),
    "encounters": ("MEMB-13", NAMES, (("a", "", NO_LIST), ([5], "/0", NO_TEXT))),
    "RolePreference": (
        "MEMB-13",
        ({}, {"leader": 0, "medic": 100}),
        (
            ([], "", NO_OBJECT),
            ({"leader": 101}, "/leader", "Expected an integer from 0 to 100; got 101."),
            ({"leader": -1}, "/leader", "Expected an integer from 0 to 100; got -1."),
        ),
    ),
    "measurements": (
        "MEMB-13",
        ({}, {"ab90a362": {}}, {"a": {"latency": 1, "bandwidthDown": 2, "bandwidthUp": 3, "custom": {"a": None}}}),
        (
            ([], "", NO_OBJECT),
            ({"AB90": {}}, "/AB90", 'Expected a key that is in lower case; got "AB90".'),
            ({"a": []}, "/a", NO_OBJECT),
            ({"a": {"latency": -1}}, "/a/latency", NO_AMOUNT),
            ({"a": {"bandwidthDown": -1}}, "/a/bandwidthDown", NO_AMOUNT),
            ({"a": {"bandwidthUp": -1}}, "/a/bandwidthUp", NO_AMOUNT),
            ({"a": {"custom": []}}, "/a/custom", NO_OBJECT),
            (
                {"a": {"jitter": 1}},
                "/a/jitter",
                no_field("latency, bandwidthDown, bandwidthUp, custom", "1"),
            ),
        ),
    ),
    "serverMeasurements": (
        "MEMB-13",
        ({}, {"Server.Example": {"anything": [1]}}),
        (([], "", NO_OBJECT), ({"a": 5}, "/a", "Expected an object; got 5.")),
    ),
}

OLD_MEMBER_PROPERTIES: dict[str, Row] = {**MEMBER_PROPERTIES, "group": GROUP}
del OLD_MEMBER_PROPERTIES["initializationGroup"]

MATCHMAKING_SERVER: dict[str, Row] = {
    "lockId": ("SERV-3", TEXT, ((5, "", NO_TEXT),)),
    "status": ("SERV-3", ("searching", "expired", "found", "failed", "canceled"), (("lost", "", NO_STATUS),)),
    "statusDetails": ("SERV-3", TEXT, ((5, "", NO_TEXT),)),
    "typicalWait": (
        "SERV-3",
        (0, 30, 1.5),
        (("5", "", 'Expected a number; got "5".'), (True, "", "Expected a number; got true.")),
    ),
    "targetSessionRef": (
        "SERV-3",
        (REF,),
        (
            ([], "", NO_OBJECT),
            ({**REF, "scid": "5c1d"}, "/scid", NO_GUID),
            ({**REF, "templateName": 5}, "/templateName", NO_TEXT),
            ({**REF, "name": 5}, "/name", NO_TEXT),
            ({**REF, "id": 5}, "/id", no_field("scid, templateName, name", "5")),
            *(
                (
                    {key: value for key, value in REF.items() if key == name},
                    "",
                    f'Expected an object with "{missing}"; got {{"{name}": "{REF[name]}"}}.',
                )
                for name, missing in (("templateName", "scid"), ("scid", "templateName"))
            ),
            (
                {"scid": GUID, "templateName": ""},
                "",
                'Expected an object with "name"; got {"scid": "5c1d0000-0000-4000-8000-000000000001", "templat....',
            ),
        ),
    ),
}

TABLES: dict[str, tuple[Mapping[str, Field], dict[str, Row]]] = {
    "constants": (schema.SESSION_CONSTANTS, CONSTANTS),
    "constants of 105": (schema.OLD_SESSION_CONSTANTS, OLD_CONSTANTS),
    "properties": (schema.SESSION_PROPERTIES, PROPERTIES),
    "properties of 105": (schema.OLD_SESSION_PROPERTIES, OLD_PROPERTIES),
    "member constants": (schema.MEMBER_CONSTANTS, MEMBER_CONSTANTS),
    "member properties": (schema.MEMBER_PROPERTIES, MEMBER_PROPERTIES),
    "member properties of 105": (schema.OLD_MEMBER_PROPERTIES, OLD_MEMBER_PROPERTIES),
    "matchmaking server": (schema.MATCHMAKING_SERVER, MATCHMAKING_SERVER),
}
EVERY_FIELD = [
    pytest.param(table, rows[name], name, id=f"{kind}-{name}")
    for kind, (table, rows) in TABLES.items()
    for name in rows
]


def refusal_of(table: Mapping[str, Field], bag: dict[str, Any]) -> tuple[int, str, str, str]:
    """What a table says against a bag: status, place, rule, text."""
    with pytest.raises(Refusal) as refused:
        check_fields(table, bag, ("at",))
    return refused.value.status, refused.value.where, refused.value.rule, refused.value.what


@pytest.mark.parametrize("kind", TABLES)
def test_every_table_holds_just_the_fields_that_are_tested(kind: str) -> None:
    """A bag has the fields of its rules, each under one name in one contract, and no more (CALL-6, TMPL-7)."""
    table, rows = TABLES[kind]
    assert {name: field.rule for name, field in table.items()} == {name: row[0] for name, row in rows.items()}


@pytest.mark.parametrize(("table", "row", "name"), EVERY_FIELD)
def test_a_field_takes_what_its_rule_allows(table: Mapping[str, Field], row: Row, name: str) -> None:
    """Values that the rule of a field allows are taken (CONST, PROP, MEMB, SERV-3, TAP-1)."""
    for value in row[1]:
        check_fields(table, {name: value}, ("at",))


@pytest.mark.parametrize(("table", "row", "name"), EVERY_FIELD)
def test_a_field_refuses_what_its_rule_does_not_allow(table: Mapping[str, Field], row: Row, name: str) -> None:
    """Other values are 400, naming the innermost place, what was expected there, and the rule of the field.

    (CALL-6, CONST-1, CONST-2, CONST-3, CONST-4, CONST-5, CONST-6, CONST-12, PROP-2, PROP-5, PROP-7, PROP-8, MEMB-13)
    """
    rule, _, wrong = row
    actual = [refusal_of(table, {name: value}) for value, _, _ in wrong]
    assert [(400, f"/at/{name}{inside}", rule, what) for _, inside, what in wrong] == actual


@pytest.mark.parametrize(("table", "row", "name"), EVERY_FIELD)
def test_null_fits_every_field(table: Mapping[str, Field], row: Row, name: str) -> None:
    """Null asks for a field to be removed, or to stay unset, and so fits every one (PUT-5, TMPL-5)."""
    assert row
    check_fields(table, {name: None}, ("at",))


def test_capabilities_are_those_of_the_pages() -> None:
    """There are fifteen capabilities, `crossPlay` with a capital P among them (CONST-6)."""
    assert sorted(schema.CAPABILITIES) == [
        "arbitration",
        "autoPopulateServerCandidates",
        "broadcast",
        "clientMatchmaking",
        "cloudCompute",
        "connectionRequiredForActiveMembers",
        "connectivity",
        "crossPlay",
        "gameplay",
        "hasOwners",
        "large",
        "searchable",
        "suppressPresenceActivityCheck",
        "team",
        "userAuthorizationStyle",
    ]


def test_the_first_field_that_is_wrong_is_named() -> None:
    """Of several faults the first in the body answers (CALL-6)."""
    expected = (400, "/at/turn", "PROP-3", "Expected a list; got {}.")
    assert refusal_of(schema.SESSION_PROPERTIES, {"closed": True, "turn": {}, "nonsense": 1}) == expected


@pytest.mark.parametrize(
    ("name", "where", "what"),
    [
        pytest.param(
            "maxMemberCount",
            "/at/maxMemberCount",
            'The field "maxMemberCount" is not known here; did you mean "maxMembersCount"?',
            id="nearly right",
        ),
        pytest.param(
            "Closed", "/at/Closed", 'The field "Closed" is not known here; did you mean "closed"?', id="wrong case"
        ),
        pytest.param(
            "xyz",
            "/at/xyz",
            'The field "xyz" is not known here; known here: closed, locked, maxMembersCount.',
            id="nothing near",
        ),
        pytest.param(
            "",
            "/at/",
            'The field "" is not known here; known here: closed, locked, maxMembersCount.',
            id="no name",
        ),
        pytest.param(
            "a/~b",
            "/at/a~1~0b",
            'The field "a/~b" is not known here; known here: closed, locked, maxMembersCount.',
            id="a name to escape",
        ),
        pytest.param(
            "größe\n",
            "/at/größe\\n",
            'The field "gr\\u00f6\\u00dfe\\n" is not known here; known here: closed, locked, maxMembersCount.',
            id="not ASCII",
        ),
    ],
)
def test_an_unknown_field_is_refused_with_a_hint(name: str, where: str, what: str) -> None:
    """A field that no rule knows is 400, and the text names the nearest one or all that there are (CALL-6)."""
    table = dict.fromkeys(("closed", "locked", "maxMembersCount"), schema.SESSION_PROPERTIES["closed"])
    assert refusal_of(table, {name: None}) == (400, where, "CALL-6", what)
    refusal = unknown_field(name, list(table), ("at",))
    assert (refusal.status, refusal.where, refusal.rule, refusal.what) == (400, where, "CALL-6", what)


def test_the_hint_is_the_nearest_name() -> None:
    """Of several similar names the most similar one is the hint (CALL-6)."""
    known = ("readyRemovalTimeout", "reservedRemovalTimeout", "sessionEmptyTimeout")
    what = 'The field "reserveRemovalTimeout" is not known here; did you mean "reservedRemovalTimeout"?'
    assert unknown_field("reserveRemovalTimeout", known, ()).what == what


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("visibility", "constants.system"),
        ("inactiveRemovalTimeout", "constants.system under contract 107"),
        ("closed", "properties.system"),
        ("matchmaking", "properties.system"),
        ("active", "a member's properties.system"),
        ("initializationGroup", "a member's properties.system under contract 107"),
        ("timeouts", "constants.system under contracts 104 and 105"),
        ("managedInitialization", "constants.system under contracts 104 and 105"),
        ("group", "a member's properties.system under contracts 104 and 105"),
        ("lockId", "servers.matchmaking.properties.system"),
    ],
)
def test_the_hint_for_a_field_of_another_bag_is_where_it_belongs(name: str, home: str) -> None:
    """A field that is known elsewhere is not misspelt but misplaced, and the text says where it belongs (CALL-6)."""
    what = f'The field "{name}" is not known here; it is a field of {home}.'
    assert unknown_field(name, (name.lower(), "system"), ("at",)).what == what


def test_a_long_name_is_not_looked_for() -> None:
    """A name is compared with known ones by its first hundred characters: nobody mistypes a longer one (CALL-6)."""
    known = ("x" * 100, "y")
    assert unknown_field("x" * 10_000, known, ()).what.endswith(f'did you mean "{"x" * 56}...?')


def test_a_value_that_fits_is_not_refused() -> None:
    """A check has nothing against a value of the right shape (CALL-6)."""
    check(ListOf(Integer(0)), [0, 1], ("at",), "PROP-3")


def test_a_refused_value_reads_well() -> None:
    """The text of a refusal says what was expected and what came, where, and by which rule (CALL-6)."""
    with pytest.raises(Refusal) as refused:
        check(ListOf(Integer(0)), [0, "x" * 80], ("properties", "system", "turn"), "PROP-3")
    assert refused.value.text == (
        'Expected an integer of 0 or more; got "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx....\n'
        "where: /properties/system/turn/1\n"
        "rule: PROP-3\n"
    )
    assert not refused.value.shows_session
