"""Queries for handles, and the result for each activity (HAND-10 to HAND-14)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, SCID, Body, properties
from errors import told_of
from pytest_xbl.mpsd.activities import (
    ACTIVITY_PARAMETERS,
    ActivityQuery,
    Group,
    activity_as_json,
    is_asked_for,
    parse_activity_query,
    people_in_order,
)
from pytest_xbl.mpsd.handles import Handle, handle_as_json, new_handle, parse_handle
from pytest_xbl.mpsd.model import Caller, Session
from pytest_xbl.mpsd.queries import PARAMETERS, Query, require_right
from tables import cases

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

BOB = Caller("Bob", xuid="7")
SERVICE = Caller("service", server=True)
LITTLE = Query("", (), frozenset({"active"}), "", private=False, version=None, take=100)
PAGE = """
{
"type": "activity",
"scid": "B5B1F71F-A328-4371-89E0-C3AD222D0E92",
"owners": {"people": {"moniker": "favorites", "monikerXuid": "3210"}}
}
"""
"""The request body from the page of POST of a query for handles, with the comma that it lacks."""


def of(owners: Any, **fields: Any) -> Body:
    """A query for the activities of these owners."""
    return {"type": "activity", "owners": owners, **fields}


ACTIVITIES = of({"xuids": ["8"]})


def parsed(body: Body, caller: Caller = BOB, **asked: str) -> ActivityQuery:
    """A query, from a body and a query string."""
    query = parse_activity_query(body, asked, contract=107)
    require_right(query.query, caller)
    return query


def refused(body: Body, caller: Caller = BOB, **asked: Any) -> tuple[int, str, str, str]:
    """The refusal of a query."""
    return told_of(lambda: parsed(body, caller, **asked))


def test_the_body_of_the_page() -> None:
    """All activities for a user's favorites, of one service configuration (HAND-10)."""
    scid = "b5b1f71f-a328-4371-89e0-c3ad222d0e92"
    assert parsed(json.loads(PAGE)) == ActivityQuery(
        Group("favorites", "3210"), scid, LITTLE, related_info=False, custom_properties=False
    )


@cases(
    "owners expected",
    {
        "a user": ({"xuids": ["8"]}, ("8",)),
        "users, one twice": ({"xuids": ["9", "8", "9"]}, ("9", "8")),
        "one's people": ({"people": {"moniker": "people", "monikerXuid": "7"}}, Group("people", "7")),
        "another's": ({"people": {"moniker": "favorites", "monikerXuid": "8"}}, Group("favorites", "8")),
        "in capitals": ({"people": {"moniker": "People", "monikerXuid": "8"}}, Group("people", "8")),
    },
)
def test_owners_are_named_or_a_group(owners: Body, expected: tuple[str, ...] | Group) -> None:
    """Each of them once, and anybody's people may be asked for, by a moniker in any case (HAND-10)."""
    asked = parsed(of(owners))
    assert (asked.owners, asked.scid) == (expected, "")
    assert isinstance(asked.owners, Group) is isinstance(expected, Group)


PEOPLE = {"moniker": "people", "monikerXuid": "7"}
NO_TYPE = 'Expected one of "activity", "search"; got "invite".'
NO_XUID = 'Expected an object with "monikerXuid"; got {"moniker": "people"}.'
NO_FRIENDS = 'Expected one of "people", "favorites", in whatever case; got "friends". Did you mean "favorites"?'
NO_DIGITS = "Expected a string of decimal digits; got {}."
EITHER = "owners holds either xuids or people; got {}."
KNOWN = 'The field "templateName" is not known here; known here: type, scid, owners.'
UNKNOWN_GROUPS = 'The field "groups" is not known here; known here: xuids, people.'

MALFORMED: dict[str, list[tuple[Body, str, str]]] = {
    # by the rule of the refusal: the body, the place, and the text
    "CALL-6": [
        ({"owners": {"xuids": ["8"]}}, "/type", "The field type is required here."),
        ({"type": "activity"}, "/owners", "The field owners is required here."),
        ({**ACTIVITIES, "templateName": "lobby"}, "/templateName", KNOWN),
    ],
    "HAND-10": [
        ({**ACTIVITIES, "type": "invite"}, "/type", NO_TYPE),
        ({**ACTIVITIES, "scid": None}, "/scid", "Expected a GUID; got null."),
        (of({}), "/owners", EITHER.format("neither")),
        (of({"xuids": ["8"], "people": PEOPLE}), "/owners", EITHER.format("xuids and people")),
        (of({"groups": []}), "/owners/groups", UNKNOWN_GROUPS),
        (of({"xuids": []}), "/owners/xuids", "owners names at least one xuid."),
        (of({"xuids": ["8", 9]}), "/owners/xuids/1", NO_DIGITS.format(9)),
        (of({"people": {}}), "/owners/people", 'Expected an object with "moniker"; got {}.'),
        (of({"people": {"moniker": "people"}}), "/owners/people", NO_XUID),
        (of({"people": {**PEOPLE, "moniker": "friends"}}), "/owners/people/moniker", NO_FRIENDS),
        (of({"people": {**PEOPLE, "monikerXuid": 7}}), "/owners/people/monikerXuid", NO_DIGITS.format(7)),
    ],
}


@pytest.mark.parametrize(
    ("body", "where", "text", "rule"), [(*row, rule) for rule, rows in MALFORMED.items() for row in rows]
)
def test_a_body_that_asks_for_nothing(body: Body, where: str, text: str, rule: str) -> None:
    """400, with the innermost place that does not fit, before any question of rights (CALL-6, HAND-10, FIND-4)."""
    assert refused(body, private="true") == (400, where, text, rule)


INCLUDED = {
    # the query string, and whether results hold related info and custom properties
    "nothing": ({}, False, False),
    "related info": ({"include": "relatedInfo"}, True, False),
    "custom properties": ({"include": "customProperties"}, False, True),
    "both": ({"include": "customProperties,relatedInfo"}, True, True),
    "both, with blanks": ({"include": " customProperties , relatedInfo "}, True, True),
    "what adds nothing": ({"include": "activityInfo,roleInfo,relatedinfo,,%,related Info"}, False, False),
}


@cases("asked related custom", INCLUDED)
def test_what_to_include_is_a_list_with_commas(asked: Body, related: bool, custom: bool) -> None:
    """It may grow, so a name that adds nothing is not refused; it stands beside the filters (HAND-11, HAND-12)."""
    assert ACTIVITY_PARAMETERS.keys() == {"include", *PARAMETERS}
    assert ACTIVITY_PARAMETERS["include"].shape.misfit(asked.get("include", "")) is None
    query = parsed(ACTIVITIES, **asked)
    assert (query.related_info, query.custom_properties) == (related, custom)


@pytest.mark.parametrize("name", ["private", "inactive", "reservations"])
def test_a_flag_may_be_false(name: str) -> None:
    """In a query for activities, as its page says; of sessions it is true or left out (HAND-12, FIND-5)."""
    field = ACTIVITY_PARAMETERS[name]
    assert [field.shape.misfit(value) is None for value in ("true", "false", "1")] == [True, True, False]
    assert PARAMETERS[name].shape.misfit("false")
    assert parsed(ACTIVITIES, BOB, **{name: "false"}) == parsed(ACTIVITIES)
    visibility = {"private": "false", "visibility": "private"}
    what = "Private sessions are found with private=true only."
    assert refused(ACTIVITIES, BOB, **visibility) == (400, "?visibility", what, "FIND-5")


def test_the_filters_narrow_the_sessions() -> None:
    """They mean what they mean for sessions, and none is needed (HAND-12, FIND-2)."""
    assert parsed(ACTIVITIES).query == LITTLE
    asked = {"keyword": "Rome", "xuid": "9", "inactive": "true", "visibility": "PRIVATE", "private": "true"}
    statuses = frozenset({"active", "inactive"})
    expected = Query("rome", ("9",), statuses, "private", private=True, version=2, take=3)
    assert parsed(ACTIVITIES, SERVICE, **asked, version="2", take="3").query == expected


@cases(
    "asked where rule",
    {
        "another's": ({"private": "true", "xuid": "8"}, "?private", "FIND-4"),
        "inactive in what": ({"inactive": "true"}, "?inactive", "FIND-10"),
        "a newer version": ({"version": "8"}, "?version", "FIND-5"),
    },
)
def test_the_rules_of_filters_hold_too(asked: Body, where: str, rule: str) -> None:
    """They ask for the xuid of the query string, not for the owners (HAND-12, FIND-4)."""
    body = of({"xuids": ["7"]})
    _, place, _, named = refused(body, **asked)
    assert (place, named) == (where, rule)
    assert parsed(body, private="true", xuid="7").query.private


def activity(stage: Stage, body: Body | None = None, **system: Any) -> Session:
    """A session of Ann's, who is active in it, with Bob inactive and Cid reserved."""
    stage.using({"inactiveRemovalTimeout": None, "reservedRemovalTimeout": None, **system})
    stage.caller("Ann")
    stage.put("Ann", {**(body or {}), "members": {**ACTIVE["members"], **stage.seat("Bob", "Cid")["members"]}})
    session = stage.write("Bob", {})
    assert stage.statuses == {"1000": "active", "1001": "inactive", "1002": "reserved"}
    return session


def handle_of(stage: Stage, session: Session) -> Handle:
    """Ann's activity, a second after the session began."""
    stage.advance(1000)
    asked = parse_handle({"type": "activity", "sessionRef": session.ref.as_json()})
    return new_handle(asked, session, stage.context("Ann"), SCID)


ASKED: list[tuple[dict[str, str], bool]] = [
    # the query string, and whether it finds Ann's activity
    ({}, True),
    ({"keyword": "ROME"}, True),
    ({"keyword": "gaul"}, False),
    ({"visibility": "full"}, False),
    ({"version": "1"}, False),
    ({"xuid": "1000"}, True),
    ({"xuid": "1001"}, False),
    ({"xuid": "1001", "inactive": "true"}, True),
    ({"xuid": "1002", "inactive": "true"}, False),
    ({"xuid": "1002", "reservations": "true"}, True),
    ({"xuid": "1000", "keyword": "gaul"}, False),
]


@pytest.mark.parametrize(("asked", "found"), ASKED, ids=["&".join(map("=".join, row.items())) for row, _ in ASKED])
def test_the_session_must_be_as_the_filters_say(stage: Stage, asked: dict[str, str], found: bool) -> None:
    """A xuid asks for sessions in which that user is, not for their activities (HAND-12)."""
    session = activity(stage, properties(keywords=["Rome"]), version=2)
    assert is_asked_for(handle_of(stage, session), session, parsed(ACTIVITIES, SERVICE, **asked)) is found


@pytest.mark.parametrize(("scid", "found"), [(SCID, True), (SCID.upper(), True), (SCID.replace("1", "2"), False)])
@pytest.mark.parametrize("held", [SCID, SCID.upper()])
def test_a_service_configuration_narrows(stage: Stage, held: str, scid: str, found: bool) -> None:
    """In whatever case, also where the session's has capitals (HAND-10, CALL-5)."""
    stage.ref = stage.ref._replace(scid=held)
    session = activity(stage)
    assert is_asked_for(handle_of(stage, session), session, parsed({**ACTIVITIES, "scid": scid})) is found


def test_people_come_in_the_order_of_their_numbers() -> None:
    """And those of one number by their spelling (HAND-16)."""
    assert people_in_order(["10", "9", "2", "010"]) == ["2", "9", "010", "10"]


@pytest.mark.parametrize("custom", [{}, {"map": "Rome", "CASE": [1]}], ids=json.dumps)
def test_an_activity_comes_with_the_custom_properties_if_asked(stage: Stage, custom: Body) -> None:
    """Also when there are none; the rest is the handle, and without asking there is nothing else (HAND-14, HAND-5)."""
    session = activity(stage, properties(custom))
    handle = handle_of(stage, session)
    alone = handle_as_json(handle, session)
    assert activity_as_json(handle, session, parsed(ACTIVITIES)) == alone
    asked = parsed(ACTIVITIES, include="customProperties")
    assert activity_as_json(handle, session, asked) == {**alone, "customProperties": custom}


def related_info(stage: Stage, session: Session) -> Body:
    """The description of the session, asked for an hour after the handle was made."""
    handle = handle_of(stage, session)
    stage.now += timedelta(hours=1)
    related: Body = activity_as_json(handle, session, parsed(ACTIVITIES, include="relatedInfo"))["relatedInfo"]
    return related


def test_related_info_tells_about_the_session(stage: Stage) -> None:
    """As it is now, in this order, reserved members included in the count (HAND-11)."""
    restricted = properties(joinRestriction="followed", closed=True)
    session = activity(stage, restricted, maxMembersCount=3, inviteProtocol="game")
    expected = {"visibility": "full", "joinRestriction": "followed", "closed": True, "maxMembersCount": 3}
    expected |= {"membersCount": 3, "postedTime": "2026-01-01T12:00:01.0000000Z", "inviteProtocol": "game"}
    assert list(related_info(stage, session).items()) == list(expected.items())


def test_related_info_of_a_plain_session(stage: Stage) -> None:
    """A field that is not set has its default; one without a default is left out (HAND-11)."""
    defaults = {"visibility": "open", "joinRestriction": "none", "closed": False}
    told = {"membersCount": 3, "postedTime": "2026-01-01T12:00:01.0000000Z"}
    assert related_info(stage, activity(stage, maxMembersCount=None)) == {**defaults, **told}
