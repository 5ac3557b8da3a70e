"""What a query for handles asks for, and what it tells of each activity (HAND-10 to HAND-14)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.activities import (
    ACTIVITY_PARAMETERS,
    ActivityQuery,
    Group,
    activity_as_json,
    is_asked_for,
    parse_activity_query,
)
from pytest_xbl.mpsd.handles import Handle, handle_as_json, new_handle, parse_handle
from pytest_xbl.mpsd.model import Caller, Session
from pytest_xbl.mpsd.queries import PARAMETERS, Query, require_right
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import check

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

SCID = "5c1d0000-0000-4000-8000-000000000001"
BOB = Caller("Bob", xuid="7")
SERVICE = Caller("service", server=True)
ACTIVITIES: dict[str, Any] = {"type": "activity", "owners": {"xuids": ["8"]}}
LITTLE = Query("", (), frozenset({"active"}), "", private=False, version=None, take=100)
PAGE = """
{
"type": "activity",
"scid": "B5B1F71F-A328-4371-89E0-C3AD222D0E92",
"owners": {
"people": {
"moniker": "favorites",
"monikerXuid": "3210"
}
}
}
"""
"""The request body from the page of POST of a query for handles, with the comma that it lacks."""


def parsed(body: dict[str, Any], caller: Caller = BOB, *, contract: int = 107, **asked: str) -> ActivityQuery:
    """A query, from a body and a query string."""
    query = parse_activity_query(body, asked, contract=contract)
    require_right(query.query, caller)
    return query


def told(refusal: Refusal) -> tuple[int, str, str, str]:
    """All that a refusal says."""
    return refusal.status, refusal.where, refusal.what, refusal.rule


def refusal_of(body: dict[str, Any], caller: Caller = BOB, **asked: Any) -> Refusal:
    """Why a query is refused."""
    with pytest.raises(Refusal) as refused:
        parsed(body, caller, **asked)
    return refused.value


# The body


def test_the_body_of_the_page() -> None:
    """All activities for a user's favorites, of one service configuration (HAND-10)."""
    asked = parsed(json.loads(PAGE))
    assert asked == ActivityQuery(
        owners=Group("favorites", "3210"),
        scid="b5b1f71f-a328-4371-89e0-c3ad222d0e92",
        query=LITTLE,
        related_info=False,
    )


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        ({"xuids": ["8"]}, ("8",)),
        ({"xuids": ["9", "8", "9"]}, ("9", "8")),
        ({"people": {"moniker": "people", "monikerXuid": "7"}}, Group("people", "7")),
        ({"people": {"moniker": "favorites", "monikerXuid": "8"}}, Group("favorites", "8")),
    ],
)
def test_owners_are_named_or_a_group(owners: dict[str, Any], expected: tuple[str, ...] | Group) -> None:
    """Each of them once, and anybody's people may be asked for (HAND-10)."""
    asked = parsed({"type": "activity", "owners": owners})
    assert (asked.owners, asked.scid) == (expected, "")
    assert isinstance(asked.owners, Group) is isinstance(expected, Group)


NO_TYPE = 'Expected one of "activity", "search"; got {}.'
NO_DIGITS = "Expected a string of decimal digits; got {}."
NO_MONIKER = 'Expected one of "people", "favorites"; got {}.'


def of(owners: Any) -> dict[str, Any]:
    """A query with these owners."""
    return {"type": "activity", "owners": owners}


MALFORMED: list[tuple[dict[str, Any], str, str, str]] = [
    # the body, and of its refusal the place, the text and the rule
    ({}, "/type", "The field type is required here.", "CALL-6"),
    ({"owners": {"xuids": ["8"]}}, "/type", "The field type is required here.", "CALL-6"),
    ({**ACTIVITIES, "type": None}, "/type", NO_TYPE.format("null"), "HAND-10"),
    ({**ACTIVITIES, "type": "Activity"}, "/type", NO_TYPE.format('"Activity"'), "HAND-10"),
    ({**ACTIVITIES, "type": "invite"}, "/type", NO_TYPE.format('"invite"'), "HAND-10"),
    ({"type": "activity"}, "/owners", "The field owners is required here.", "CALL-6"),
    (
        {**ACTIVITIES, "templateName": "lobby"},
        "/templateName",
        'The field "templateName" is not known here; known here: type, scid, owners.',
        "CALL-6",
    ),
    ({**ACTIVITIES, "owner": {}}, "/owner", 'The field "owner" is not known here; did you mean "owners"?', "CALL-6"),
    ({**ACTIVITIES, "scid": ""}, "/scid", 'Expected a GUID; got "".', "HAND-10"),
    ({**ACTIVITIES, "scid": None}, "/scid", "Expected a GUID; got null.", "HAND-10"),
    (of(None), "/owners", "Expected an object; got null.", "HAND-10"),
    (of(["8"]), "/owners", 'Expected an object; got ["8"].', "HAND-10"),
    (of({}), "/owners", "owners holds either xuids or people; got neither.", "HAND-10"),
    (
        of({"xuids": ["8"], "people": {"moniker": "people", "monikerXuid": "7"}}),
        "/owners",
        "owners holds either xuids or people; got xuids and people.",
        "HAND-10",
    ),
    (
        of({"people": {"moniker": "people", "monikerXuid": "7"}, "xuids": []}),
        "/owners",
        "owners holds either xuids or people; got people and xuids.",
        "HAND-10",
    ),
    (
        of({"groups": []}),
        "/owners/groups",
        "Expected no such field; known are xuids, people; got [].",
        "HAND-10",
    ),
    (of({"xuids": []}), "/owners/xuids", "A query names at least one owner.", "HAND-10"),
    (of({"xuids": "8"}), "/owners/xuids", 'Expected a list; got "8".', "HAND-10"),
    (of({"xuids": None}), "/owners/xuids", "Expected a list; got null.", "HAND-10"),
    (of({"xuids": ["8", 9]}), "/owners/xuids/1", NO_DIGITS.format("9"), "HAND-10"),
    (of({"xuids": ["me"]}), "/owners/xuids/0", NO_DIGITS.format('"me"'), "HAND-10"),
    (of({"people": "people"}), "/owners/people", 'Expected an object; got "people".', "HAND-10"),
    (of({"people": {}}), "/owners/people", 'Expected an object with "moniker"; got {}.', "HAND-10"),
    (
        of({"people": {"moniker": "people"}}),
        "/owners/people",
        'Expected an object with "monikerXuid"; got {"moniker": "people"}.',
        "HAND-10",
    ),
    (
        of({"people": {"moniker": "friends", "monikerXuid": "7"}}),
        "/owners/people/moniker",
        NO_MONIKER.format('"friends"'),
        "HAND-10",
    ),
    (
        of({"people": {"moniker": "People", "monikerXuid": "7"}}),
        "/owners/people/moniker",
        NO_MONIKER.format('"People"'),
        "HAND-10",
    ),
    (
        of({"people": {"moniker": "people", "monikerXuid": 7}}),
        "/owners/people/monikerXuid",
        NO_DIGITS.format("7"),
        "HAND-10",
    ),
    (
        of({"people": {"moniker": "people", "monikerXuid": "7", "xuid": "8"}}),
        "/owners/people/xuid",
        'Expected no such field; known are moniker, monikerXuid; got "8".',
        "HAND-10",
    ),
]


@pytest.mark.parametrize(("body", "where", "text", "rule"), MALFORMED)
def test_a_body_that_asks_for_nothing(body: dict[str, Any], where: str, text: str, rule: str) -> None:
    """400, with the innermost place that does not fit (CALL-6, HAND-10)."""
    assert told(refusal_of(body)) == (400, where, text, rule)


def test_search_handles_cannot_be_asked_for_yet() -> None:
    """501, whatever else the body holds (SRCH-3)."""
    text = "A query for search handles (type is search): the fake does not do this yet, so it refuses the request."
    assert told(refusal_of({"type": "search", "global": True})) == (501, "/type", text, "SRCH-3")


# The query string


def test_the_filters_are_those_of_sessions() -> None:
    """And `include` besides (HAND-11, HAND-12)."""
    assert {"include": ACTIVITY_PARAMETERS["include"], **PARAMETERS} == ACTIVITY_PARAMETERS


@pytest.mark.parametrize(
    ("value", "related"),
    [
        ("relatedInfo", True),
        ("customProperties", False),
        ("relatedInfo,customProperties", True),
        ("customProperties,relatedInfo", True),
        ("relatedInfo,relatedInfo", True),
    ],
)
def test_what_to_include_is_a_list_with_commas(value: str, related: bool) -> None:
    """Of things that the fake knows (HAND-11)."""
    assert ACTIVITY_PARAMETERS["include"].shape.misfit(value) is None
    assert parsed(ACTIVITIES, include=value).related_info is related


@pytest.mark.parametrize("value", ["", "relatedinfo", "relatedInfo,", "relatedInfo, customProperties"])
def test_what_cannot_be_included_is_refused(value: str) -> None:
    """400, with what would have been right (HAND-11)."""
    field = ACTIVITY_PARAMETERS["include"]
    with pytest.raises(Refusal) as refused:
        check(field.shape, value, "?include", field.rule)
    text = f'Expected a list of relatedInfo, customProperties, roleInfo, with commas; got "{value}".'
    assert told(refused.value) == (400, "?include", text, "HAND-11")


def test_roles_are_told_of_search_handles_only() -> None:
    """`roleInfo` is known, and 400 for activities (HAND-11, SRCH-3)."""
    with pytest.raises(Refusal) as refused:
        parsed(ACTIVITIES, include="relatedInfo,roleInfo")
    text = "Roles are told of search handles, and not of activities."
    assert told(refused.value) == (400, "?include", text, "HAND-11")
    with pytest.raises(Refusal) as refused:
        parsed({"type": "search"}, include="relatedInfo,roleInfo,customProperties")
    assert (refused.value.status, refused.value.rule) == (501, "SRCH-3")


def test_a_query_of_activities_needs_no_filter() -> None:
    """Its body names their owners (FIND-2, HAND-12)."""
    assert parsed(ACTIVITIES).query == LITTLE


def test_the_filters_narrow_the_sessions() -> None:
    """They mean what they mean for sessions (HAND-12)."""
    flags: dict[str, Any] = {"inactive": "true", "reservations": "true", "private": "true"}
    asked = parsed(
        ACTIVITIES, SERVICE, keyword="Rome", xuid="9", visibility="PRIVATE", version="2", take="3", **flags
    ).query
    statuses = frozenset({"active", "inactive", "reserved"})
    assert asked == Query("rome", ("9",), statuses, "private", private=True, version=2, take=3)


@pytest.mark.parametrize("name", ["private", "reservations"])
@pytest.mark.parametrize(
    ("caller", "xuid", "allowed"),
    [
        (BOB, "7", True),
        (BOB, "8", False),
        (BOB, None, False),
        (SERVICE, "8", True),
        (Caller("for Bob", xuid="7", server=True), "8", True),
        (Caller("nobody"), "7", False),
    ],
    ids=["oneself", "another", "nobody", "service", "service for somebody", "without xuid"],
)
def test_the_rule_of_rights_holds_too(caller: Caller, xuid: str | None, allowed: bool, name: str) -> None:
    """It asks for the xuid of the query string, not for the owners (HAND-12, FIND-4)."""
    asked: dict[str, Any] = {name: "true"} | ({"xuid": xuid} if xuid else {})
    body = {"type": "activity", "owners": {"xuids": ["7"]}}
    if allowed:
        assert parsed(body, caller, **asked).query.xuids == (xuid,)
    else:
        text = f"{name}=true is for services, and for users who ask with no other xuid than their own."
        assert told(refusal_of(body, caller, **asked)) == (403, f"?{name}", text, "FIND-4")


@pytest.mark.parametrize(
    ("asked", "where", "rule"),
    [
        ({"reservations": "true"}, "?reservations", "FIND-10"),
        ({"inactive": "true"}, "?inactive", "FIND-10"),
        ({"visibility": "private"}, "?visibility", "FIND-5"),
        ({"version": "8"}, "?version", "FIND-5"),
    ],
)
def test_filters_that_do_not_go_together(asked: dict[str, Any], where: str, rule: str) -> None:
    """400, as for sessions (HAND-12)."""
    refusal = refusal_of(ACTIVITIES, SERVICE, **asked)
    assert (refusal.status, refusal.where, refusal.rule) == (400, where, rule)


def test_the_body_is_looked_at_before_the_rights() -> None:
    """What is no query at all is refused as that (HAND-10, FIND-4)."""
    assert refusal_of({"type": "activity", "owners": {"xuids": []}}, private="true").rule == "HAND-10"


# Which activities


def activity(stage: Stage, system: dict[str, Any] | None = None, body: dict[str, Any] | None = None) -> Session:
    """A session of Ann's, who is active in it, with Bob inactive and Cid reserved."""
    stage.using({"inactiveRemovalTimeout": None, "reservedRemovalTimeout": None, **(system or {})})
    stage.caller("Ann")
    seats = {
        f"reserve_{n}": {"constants": {"system": {"xuid": stage.caller(name).xuid}}}
        for n, name in enumerate(("Bob", "Cid"))
    }
    me = {"properties": {"system": {"active": True}}}
    stage.put("Ann", {**(body or {}), "members": {"me": me, **seats}})
    session = stage.put("Bob", {"members": {"me": {}}})
    assert session
    assert sorted(member.xuid for member in session.members) == ["1000", "1001", "1002"]
    return session


def handle_of(stage: Stage, session: Session) -> Handle:
    """Ann's activity, a second after the session began."""
    ref = {"scid": session.ref.scid, "templateName": session.ref.template, "name": session.ref.name}
    stage.advance(1000)
    return new_handle(parse_handle({"type": "activity", "sessionRef": ref}), session, stage.context("Ann"), SCID)


ASKED: list[tuple[dict[str, str], bool]] = [
    # the query string, and whether it finds Ann's activity
    ({}, True),
    ({"keyword": "ROME"}, True),
    ({"keyword": "gaul"}, False),
    ({"visibility": "open"}, True),
    ({"visibility": "full"}, False),
    ({"version": "1"}, False),
    ({"version": "2"}, True),
    ({"xuid": "1000"}, True),
    ({"xuid": "1001"}, False),
    ({"xuid": "1001", "inactive": "true"}, True),
    ({"xuid": "1002", "inactive": "true"}, False),
    ({"xuid": "1002", "reservations": "true"}, True),
    ({"xuid": "9", "inactive": "true", "reservations": "true"}, False),
    ({"xuid": "1000", "keyword": "gaul"}, False),
]


@pytest.mark.parametrize(("asked", "found"), ASKED, ids=["&".join(map("=".join, row.items())) for row, _ in ASKED])
def test_the_session_must_be_as_the_filters_say(stage: Stage, asked: dict[str, Any], found: bool) -> None:
    """A xuid asks for sessions in which that user is, not for their activities (HAND-12)."""
    session = activity(stage, {"version": 2}, {"properties": {"system": {"keywords": ["Rome"]}}})
    assert is_asked_for(handle_of(stage, session), session, parsed(ACTIVITIES, SERVICE, **asked)) is found


@pytest.mark.parametrize(
    ("scid", "found"), [(None, True), (SCID, True), (SCID.upper(), True), (SCID.replace("1", "2"), False)]
)
def test_a_service_configuration_narrows(stage: Stage, scid: str | None, found: bool) -> None:
    """In whatever case, also where the session's has capitals (HAND-10, CALL-5)."""
    body = ACTIVITIES if scid is None else {**ACTIVITIES, "scid": scid}
    session = activity(stage)
    assert is_asked_for(handle_of(stage, session), session, parsed(body)) is found
    stage.ref = stage.ref._replace(scid=SCID.upper())
    session = activity(stage)
    assert is_asked_for(handle_of(stage, session), session, parsed(body)) is found


# What is told


def test_an_activity_always_comes_with_the_custom_properties(stage: Stage) -> None:
    """Also when nobody asked, and when there are none; the rest is the handle (HAND-14, HAND-5)."""
    session = activity(stage)
    handle = handle_of(stage, session)
    found = activity_as_json(handle, session, parsed(ACTIVITIES))
    assert found == {**handle_as_json(handle, session), "customProperties": {}}
    assert found["type"] == "activity"
    session = activity(stage, body={"properties": {"custom": {"map": "Rome", "CASE": [1]}}})
    queries: tuple[dict[str, Any], ...] = ({}, {"include": "customProperties"})
    for asked in queries:
        told_of = activity_as_json(handle, session, parsed(ACTIVITIES, **asked))
        assert told_of["customProperties"] == {"map": "Rome", "CASE": [1]}
        assert "relatedInfo" not in told_of


def test_related_info_tells_about_the_session(stage: Stage) -> None:
    """As it is now, reserved members included in the count (HAND-11)."""
    system = {"maxMembersCount": 3, "inviteProtocol": "game"}
    body = {"properties": {"system": {"joinRestriction": "followed", "closed": True}}}
    session = activity(stage, system, body)
    handle = handle_of(stage, session)
    stage.now += timedelta(hours=1)
    related = activity_as_json(handle, session, parsed(ACTIVITIES, include="relatedInfo"))["relatedInfo"]
    expected = {
        "visibility": "full",
        "joinRestriction": "followed",
        "closed": True,
        "maxMembersCount": 3,
        "membersCount": 3,
        "postedTime": "2026-01-01T12:00:01.0000000Z",
        "inviteProtocol": "game",
    }
    assert list(related.items()) == list(expected.items())


def test_related_info_of_a_plain_session(stage: Stage) -> None:
    """What is not set has its default, and what has none is left out (HAND-11)."""
    session = activity(stage, {"maxMembersCount": None})
    related = activity_as_json(handle_of(stage, session), session, parsed(ACTIVITIES, include="relatedInfo"))
    assert related["relatedInfo"] == {
        "visibility": "open",
        "joinRestriction": "none",
        "closed": False,
        "membersCount": 3,
        "postedTime": "2026-01-01T12:00:01.0000000Z",
    }
