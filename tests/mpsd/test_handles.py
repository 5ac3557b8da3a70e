"""What a handle is: who may make one, who sees it, and what it opens (HAND)."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.handles import (
    Handle,
    HandleType,
    HandleWrite,
    handle_as_json,
    is_over,
    is_seen_by,
    new_handle,
    opening,
    parse_handle,
    points_at,
    stale,
)
from pytest_xbl.mpsd.model import NO_OPENING, Opening, Session, SessionRef
from pytest_xbl.mpsd.refusal import Refusal

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

SCID = "5c1d0000-0000-4000-8000-000000000001"
ID = "0a0b0c0d-0000-4000-a000-00000000000f"
NO_ID = "00000000-0000-0000-0000-000000000000"
REF = {"scid": SCID, "templateName": "quick", "name": "one"}
UNNAMED = {"scid": SCID, "templateName": "quick"}
ORIGIN = {"scid": SCID, "templateName": "quick", "name": "origin"}
ACTIVITY: dict[str, Any] = {"type": "activity", "version": 1, "sessionRef": REF}
INVITE: dict[str, Any] = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": "7"}
TRANSFER: dict[str, Any] = {"type": "transfer", "version": 1, "sessionRef": REF, "originSessionRef": ORIGIN}
TYPES: tuple[HandleType, ...] = ("activity", "invite", "transfer")


def told(refusal: Refusal) -> tuple[int, str, str, str]:
    """All that a refusal says."""
    return refusal.status, refusal.where, refusal.what, refusal.rule


# What a body may hold


def invited_with(attributes: Any) -> dict[str, Any]:
    """An invite with these attributes."""
    return {**INVITE, "inviteAttributes": attributes}


NO_TYPE = 'Expected one of "activity", "invite", "transfer", "search"; got {}.'
NO_NAME = "Expected a name of 1 to 99 printable characters, no slash; got {}."
NO_CONTEXT = "Expected a string of at most 256 characters, URI-encoded; got {}."
NO_TITLE = "Expected a title id of 32 bits, in decimal digits; got {}."
COMMON = "id, type, version, sessionRef"

MALFORMED: list[tuple[dict[str, Any], str, str, str]] = [
    # the body, and of its refusal the place, the text and the rule
    ({}, "/type", "The field type is required here.", "CALL-6"),
    ({"sessionRef": REF}, "/type", "The field type is required here.", "CALL-6"),
    ({**ACTIVITY, "type": None}, "/type", NO_TYPE.format("null"), "HAND-1"),
    ({**ACTIVITY, "type": "Activity"}, "/type", NO_TYPE.format('"Activity"'), "HAND-1"),
    ({**ACTIVITY, "type": ["activity"]}, "/type", NO_TYPE.format('["activity"]'), "HAND-1"),
    ({**ACTIVITY, "id": "one"}, "/id", 'Expected a GUID that is not all zeros; got "one".', "HAND-1"),
    ({**ACTIVITY, "id": NO_ID}, "/id", f'Expected a GUID that is not all zeros; got "{NO_ID}".', "HAND-1"),
    ({**ACTIVITY, "id": None}, "/id", "Expected a GUID that is not all zeros; got null.", "HAND-1"),
    ({**ACTIVITY, "version": 2}, "/version", "Expected 1; got 2.", "HAND-1"),
    ({**ACTIVITY, "version": True}, "/version", "Expected 1; got true.", "HAND-1"),
    ({**ACTIVITY, "version": 1.0}, "/version", "Expected 1; got 1.0.", "HAND-1"),
    ({**ACTIVITY, "version": "1"}, "/version", 'Expected 1; got "1".', "HAND-1"),
    ({"type": "activity"}, "/sessionRef", "The field sessionRef is required here.", "CALL-6"),
    ({**ACTIVITY, "sessionRef": None}, "/sessionRef", "Expected an object; got null.", "HAND-1"),
    ({**ACTIVITY, "sessionRef": []}, "/sessionRef", "Expected an object; got [].", "HAND-1"),
    ({**ACTIVITY, "sessionRef": {}}, "/sessionRef", 'Expected an object with "scid"; got {}.', "HAND-1"),
    (
        {**ACTIVITY, "sessionRef": {"scid": SCID}},
        "/sessionRef",
        f'Expected an object with "templateName"; got {{"scid": "{SCID}"}}.',
        "HAND-1",
    ),
    ({**ACTIVITY, "sessionRef": {**REF, "scid": "x"}}, "/sessionRef/scid", 'Expected a GUID; got "x".', "HAND-1"),
    (
        {**ACTIVITY, "sessionRef": {**REF, "templateName": ""}},
        "/sessionRef/templateName",
        NO_NAME.format('""'),
        "HAND-1",
    ),
    ({**ACTIVITY, "sessionRef": {**REF, "name": ""}}, "/sessionRef/name", NO_NAME.format('""'), "HAND-1"),
    ({**ACTIVITY, "sessionRef": {**REF, "name": "a/b"}}, "/sessionRef/name", NO_NAME.format('"a/b"'), "HAND-1"),
    ({**ACTIVITY, "sessionRef": {**REF, "name": "a\nb"}}, "/sessionRef/name", NO_NAME.format('"a\\nb"'), "HAND-1"),
    ({**ACTIVITY, "sessionRef": {**REF, "name": "\ud800"}}, "/sessionRef/name", NO_NAME.format(r'"\ud800"'), "HAND-1"),
    ({**ACTIVITY, "sessionRef": {**REF, "name": None}}, "/sessionRef/name", NO_NAME.format("null"), "HAND-1"),
    (
        {**ACTIVITY, "sessionRef": {**REF, "name": "n" * 100}},
        "/sessionRef/name",
        NO_NAME.format(f'"{"n" * 56}...'),
        "HAND-1",
    ),
    (
        {**ACTIVITY, "sessionRef": {**REF, "Name": "one"}},
        "/sessionRef/Name",
        'Expected no such field; known are scid, templateName, name; got "one".',
        "HAND-1",
    ),
    (
        {**ACTIVITY, "invitedXuid": "7"},
        "/invitedXuid",
        f'The field "invitedXuid" is not known here; known here: {COMMON}.',
        "CALL-6",
    ),
    (
        {**ACTIVITY, "originSessionRef": ORIGIN},
        "/originSessionRef",
        'The field "originSessionRef" is not known here; did you mean "sessionRef"?',
        "CALL-6",
    ),
    (
        {**TRANSFER, "inviteAttributes": {}},
        "/inviteAttributes",
        f'The field "inviteAttributes" is not known here; known here: {COMMON}, originSessionRef.',
        "CALL-6",
    ),
    (
        {**ACTIVITY, "sessionref": REF},
        "/sessionref",
        'The field "sessionref" is not known here; did you mean "sessionRef"?',
        "CALL-6",
    ),
    ({"type": "invite", "invitedXuid": "7"}, "/sessionRef", "The field sessionRef is required here.", "CALL-6"),
    ({"type": "invite", "sessionRef": REF}, "/invitedXuid", "The field invitedXuid is required here.", "CALL-6"),
    ({**INVITE, "invitedXuid": 7}, "/invitedXuid", "Expected a string of decimal digits; got 7.", "HAND-3"),
    ({**INVITE, "invitedXuid": "Bob"}, "/invitedXuid", 'Expected a string of decimal digits; got "Bob".', "HAND-3"),
    ({**INVITE, "invitedXuid": None}, "/invitedXuid", "Expected a string of decimal digits; got null.", "HAND-3"),
    (invited_with(None), "/inviteAttributes", "Expected an object; got null.", "HAND-3"),
    (invited_with("x"), "/inviteAttributes", 'Expected an object; got "x".', "HAND-3"),
    (
        invited_with({"title": "1"}),
        "/inviteAttributes/title",
        'Expected no such field; known are titleId, context, contextString, senderString; got "1".',
        "HAND-3",
    ),
    (invited_with({"titleId": ""}), "/inviteAttributes/titleId", NO_TITLE.format('""'), "HAND-3"),
    (invited_with({"titleId": "0x1"}), "/inviteAttributes/titleId", NO_TITLE.format('"0x1"'), "HAND-3"),
    (invited_with({"titleId": -1}), "/inviteAttributes/titleId", NO_TITLE.format("-1"), "HAND-3"),
    (invited_with({"titleId": 2**32}), "/inviteAttributes/titleId", NO_TITLE.format("4294967296"), "HAND-3"),
    (invited_with({"titleId": True}), "/inviteAttributes/titleId", NO_TITLE.format("true"), "HAND-3"),
    (invited_with({"titleId": 1.0}), "/inviteAttributes/titleId", NO_TITLE.format("1.0"), "HAND-3"),
    (invited_with({"titleId": None}), "/inviteAttributes/titleId", NO_TITLE.format("null"), "HAND-3"),
    (invited_with({"context": 1}), "/inviteAttributes/context", NO_CONTEXT.format("1"), "HAND-3"),
    (invited_with({"context": None}), "/inviteAttributes/context", NO_CONTEXT.format("null"), "HAND-3"),
    (
        invited_with({"context": "x" * 257}),
        "/inviteAttributes/context",
        NO_CONTEXT.format(f'"{"x" * 56}...'),
        "HAND-3",
    ),
    (
        invited_with({"context": " " * 86}),
        "/inviteAttributes/context",
        NO_CONTEXT.format(f'"{" " * 56}...'),
        "HAND-3",
    ),
    (
        invited_with({"context": "\ud800" * 86}),
        "/inviteAttributes/context",
        NO_CONTEXT.format('"' + r"\ud800" * 9 + r"\u..."[:2] + "..."),
        "HAND-3",
    ),
    (
        invited_with({"contextString": 1}),
        "/inviteAttributes/contextString",
        "Expected a string; got 1.",
        "HAND-3",
    ),
    (
        invited_with({"senderString": None}),
        "/inviteAttributes/senderString",
        "Expected a string; got null.",
        "HAND-3",
    ),
    (
        {"type": "transfer", "sessionRef": REF},
        "/originSessionRef",
        "The field originSessionRef is required here.",
        "CALL-6",
    ),
    (
        {"type": "transfer", "originSessionRef": ORIGIN},
        "/sessionRef",
        "The field sessionRef is required here.",
        "CALL-6",
    ),
    (
        {**TRANSFER, "originSessionRef": UNNAMED},
        "/originSessionRef",
        f'Expected an object with "name"; got {{"scid": "{SCID}", "templat....',
        "HAND-4",
    ),
    ({**TRANSFER, "originSessionRef": "one"}, "/originSessionRef", 'Expected an object; got "one".', "HAND-4"),
    ({**TRANSFER, "originSessionRef": {}}, "/originSessionRef", 'Expected an object with "scid"; got {}.', "HAND-4"),
    (
        {**TRANSFER, "originSessionRef": {"scid": SCID}},
        "/originSessionRef",
        f'Expected an object with "templateName"; got {{"scid": "{SCID}"}}.',
        "HAND-4",
    ),
    (
        {**TRANSFER, "originSessionRef": {**ORIGIN, "name": ""}},
        "/originSessionRef/name",
        NO_NAME.format('""'),
        "HAND-4",
    ),
]


@pytest.mark.parametrize(("body", "where", "text", "rule"), MALFORMED)
def test_a_body_that_makes_no_handle(body: dict[str, Any], where: str, text: str, rule: str) -> None:
    """400, with the innermost place that does not fit (CALL-6, HAND-1, HAND-3, HAND-4)."""
    with pytest.raises(Refusal) as refused:
        parse_handle(body)
    assert told(refused.value) == (400, where, text, rule)


def test_search_handles_are_not_there_yet() -> None:
    """501, whatever else the body holds (SRCH-1)."""
    text = "A search handle (type is search): the fake does not do this yet, so it refuses the request."
    with pytest.raises(Refusal) as refused:
        parse_handle({"type": "search", "searchAttributes": {"tags": []}})
    assert told(refused.value) == (501, "/type", text, "SRCH-1")


def test_a_body_is_read_whole() -> None:
    """Every field ends up in its place (HAND-1, HAND-3, HAND-4)."""
    ref = SessionRef(SCID, "quick", "one")
    plain = HandleWrite("activity", None, ref, None, {}, None)
    assert parse_handle(ACTIVITY) == plain
    assert parse_handle(INVITE) == plain._replace(type="invite", invited="7")
    origin = SessionRef(SCID, "quick", "origin")
    assert parse_handle(TRANSFER) == plain._replace(type="transfer", origin=origin)


def test_a_version_may_be_left_out() -> None:
    """It is 1 in any case (HAND-1)."""
    assert parse_handle({"type": "activity", "sessionRef": REF}) == parse_handle(ACTIVITY)


def test_an_id_is_in_lower_case() -> None:
    """A GUID in other case is the same one (HAND-1)."""
    assert parse_handle({**ACTIVITY, "id": ID.upper()}).id == ID


@pytest.mark.parametrize("body", [ACTIVITY, INVITE, TRANSFER], ids=TYPES)
def test_a_session_need_not_be_named(body: dict[str, Any]) -> None:
    """Of any handle; the service will name it (HAND-2)."""
    assert parse_handle({**body, "sessionRef": UNNAMED}).ref == SessionRef(SCID, "quick", "")


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"titleId": "1719000001"},
        {"titleId": 0},
        {"titleId": 2**32 - 1},
        {"context": ""},
        {"context": "x" * 256},
        {"context": " " * 85 + "x"},
        {"context": "a~b-c_d.e"},
        {"context": "ü" * 42},
        {"context": "\ud800" * 85},
        {"contextString": "", "senderString": "\u0000"},
        {"titleId": "1", "context": "c", "contextString": "///Events/CustomEventFired", "senderString": "s"},
    ],
)
def test_the_attributes_of_an_invite_are_kept_as_they_came(attributes: dict[str, Any]) -> None:
    """A context has at most 256 characters once it is URI-encoded (HAND-3)."""
    assert parse_handle(invited_with(attributes)).attributes == attributes


# Making

LONG = {"inactiveRemovalTimeout": None, "reservedRemovalTimeout": None, "sessionEmptyTimeout": None}


def crowd(stage: Stage, system: dict[str, Any] | None = None, properties: dict[str, Any] | None = None) -> Session:
    """A session with somebody in every status; strangers and services stand around it."""
    stage.using({**LONG, **(system or {})})
    stage.put(
        "Active",
        {
            "properties": {"system": properties or {}},
            "members": {
                "me": {"properties": {"system": {"active": True}}},
                "reserve_0": {"constants": {"system": {"xuid": stage.caller("Reserved").xuid}}},
                "reserve_1": {"constants": {"system": {"xuid": stage.caller("Ready").xuid}}},
                "reserve_2": {"constants": {"system": {"xuid": stage.caller("Inactive").xuid}}},
            },
        },
    )
    stage.put("Ready", {"members": {"me": {"properties": {"system": {"ready": True}}}}})
    session = stage.put("Inactive", {"members": {"me": {}}})
    stage.caller("Stranger")
    stage.caller("Service", server=True)
    stage.caller("For Active", server=True, xuid=stage.caller("Active").xuid, title_id="9")
    stage.caller("For Stranger", server=True, xuid=stage.caller("Stranger").xuid)
    assert session
    assert [member.status for member in session.members] == ["active", "reserved", "ready", "inactive"]
    return session


def made(stage: Stage, kind: HandleType, owner: str, session: Session | None, *, invited: str | None = None) -> Handle:
    """A handle that somebody makes."""
    body = {"activity": ACTIVITY, "invite": INVITE, "transfer": TRANSFER}[kind]
    asked = parse_handle(body)
    if kind == "invite" and invited:
        asked = asked._replace(invited=stage.caller(invited).xuid)
    origin = session if kind == "transfer" else None
    return new_handle(asked, session, stage.context(owner), ID, origin=origin)


NO_ACTIVITY = "{} is no active member of that session, so it cannot be their activity."
NO_MEMBER = "{} is no member of that session, so cannot let others in."
MAY_MAKE: dict[str, tuple[str, str, str]] = {
    # who: what keeps them from an activity, an invite and a transfer; "" for nothing
    "Active": ("", "", ""),
    "Ready": ("HAND-2", "", ""),
    "Inactive": ("HAND-2", "", ""),
    "Reserved": ("HAND-2", "HAND-17", "HAND-17"),
    "Stranger": ("HAND-2", "HAND-17", "HAND-17"),
    "Service": ("HAND-2", "", ""),
    "For Active": ("", "", ""),
    "For Stranger": ("HAND-2", "", ""),
}
TEXTS = {"HAND-2": NO_ACTIVITY, "HAND-17": NO_MEMBER}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("who", MAY_MAKE)
def test_who_may_make_a_handle(stage: Stage, who: str, kind: HandleType) -> None:
    """An activity is made by active members, others by whoever is in the session and services (HAND-2, HAND-17)."""
    session = crowd(stage)
    rule = MAY_MAKE[who][TYPES.index(kind)]
    if not rule:
        assert made(stage, kind, who, session).type == kind
        return
    with pytest.raises(Refusal) as refused:
        made(stage, kind, who, session)
    assert told(refused.value) == (403, "/sessionRef", TEXTS[rule].format(who), rule)


@pytest.mark.parametrize("who", MAY_MAKE)
def test_of_a_session_that_there_is_not_there_are_only_invites(stage: Stage, who: str) -> None:
    """It is nobody's activity, and nothing to be transferred to (HAND-1, HAND-2, HAND-4)."""
    crowd(stage)
    assert made(stage, "invite", who, None).type == "invite"
    for kind, text, rule in (
        ("activity", NO_ACTIVITY.format(who), "HAND-2"),
        ("transfer", "The session that the transfer leads to does not exist.", "HAND-4"),
    ):
        with pytest.raises(Refusal) as refused:
            made(stage, kind, who, None)  # type: ignore[arg-type]
        assert told(refused.value) == (403, "/sessionRef", text, rule)


def test_a_closed_and_full_session_has_invites_all_the_same(stage: Stage) -> None:
    """Whether the invitee gets in is another question (HAND-3)."""
    session = crowd(stage, {"maxMembersCount": 4}, {"closed": True})
    assert made(stage, "invite", "Ready", session).ref == session.ref


def test_a_handle_remembers_who_made_it_and_when(stage: Stage) -> None:
    """The owner and the title are those of the token (HAND-1, HAND-5, CALL-4)."""
    session = crowd(stage)
    handle = made(stage, "activity", "Active", session)
    shown = (handle.id, handle.ref, handle.created, handle.owner, handle.title_id)
    assert shown == (ID, session.ref, stage.now, stage.caller("Active").xuid, "7")
    assert (handle.invited, handle.expires, handle.attributes, handle.origin) == (None, None, {}, None)
    on_behalf = made(stage, "activity", "For Active", session)
    assert (on_behalf.owner, on_behalf.title_id) == (stage.caller("Active").xuid, "9")
    assert made(stage, "invite", "Service", session).owner is None


def test_a_handle_points_at_the_session_that_is_there_or_the_next(stage: Stage) -> None:
    """Counted by incarnations (HAND-19)."""
    session = crowd(stage).but(incarnation=3)
    assert made(stage, "invite", "Active", session).incarnation == 3
    stage.incarnation = 4
    assert made(stage, "invite", "Active", None).incarnation == 4


def test_a_handle_never_changes(stage: Stage) -> None:
    """It is only made, read and deleted (HAND-1)."""
    handle = made(stage, "activity", "Active", crowd(stage))
    with pytest.raises(FrozenInstanceError):
        handle.owner = "7"  # type: ignore[misc]


def test_a_handle_says_where_it_points(stage: Stage) -> None:
    """When it is printed, and where it is itself (HAND-6)."""
    handle = made(stage, "activity", "Active", crowd(stage))
    assert repr(handle) == f"<activity {ID} to {SCID}~quick~one>"
    assert handle.path == f"/handles/{ID}"


# Its end


@pytest.mark.parametrize(
    ("kind", "hours", "over"),
    [
        ("invite", 0, False),
        ("invite", 23.999, False),
        ("invite", 24, True),
        ("invite", 10_000, True),
        ("activity", 10_000, False),
        ("transfer", 10_000, False),
    ],
)
def test_an_invite_is_over_after_a_day(stage: Stage, kind: HandleType, hours: float, over: bool) -> None:
    """To the microsecond, and nothing else ever is (HAND-18)."""
    handle = made(stage, kind, "Active", crowd(stage))
    assert is_over(handle, stage.now + timedelta(hours=hours)) is over


def test_the_last_microsecond_of_an_invite(stage: Stage) -> None:
    """It can be used until just before it expires (HAND-18)."""
    handle = made(stage, "invite", "Active", crowd(stage))
    assert handle.expires == stage.now + timedelta(days=1)
    assert not is_over(handle, handle.expires - timedelta(microseconds=1))
    assert is_over(handle, handle.expires)


@pytest.mark.parametrize("kind", TYPES)
def test_a_handle_points_at_one_session_only(stage: Stage, kind: HandleType) -> None:
    """Not at one of another incarnation, and not at nothing (HAND-19)."""
    session = crowd(stage).but(incarnation=2)
    handle = made(stage, kind, "Active", session)
    assert points_at(handle, session)
    assert points_at(handle, session.but(change_number=99))
    assert not points_at(handle, session.but(incarnation=1))
    assert not points_at(handle, session.but(incarnation=3))
    assert not points_at(handle, None)


@pytest.mark.parametrize(
    ("caller", "text"),
    [
        ("Active", f"The handle is stale: the session {SCID}~quick~one that it pointed at was deleted."),
        ("Stranger", "There is no such handle, or not any more."),
    ],
)
def test_a_stale_handle_says_what_it_pointed_at(stage: Stage, caller: str, text: str) -> None:
    """404, and no more than that for those who do not see the handle (HAND-7, HAND-15, HAND-19)."""
    handle = made(stage, "invite", "Active", crowd(stage))
    assert told(stale(handle, stage.context(caller))) == (404, "the URI", text, "HAND-7")


# What it opens

READING = Opening(read_restriction=True)
BOTH = Opening(read_restriction=True, join_restriction=True)
ALL = Opening(read_restriction=True, join_restriction=True, visibility=True)
OPENS: dict[str, tuple[Opening, Opening, Opening]] = {
    # who: what an activity opens, an invite for the stranger, and a transfer from the session of the crowd
    "Active": (READING, NO_OPENING, ALL),
    "Ready": (READING, NO_OPENING, ALL),
    "Inactive": (READING, NO_OPENING, ALL),
    "Reserved": (READING, NO_OPENING, NO_OPENING),
    "Stranger": (READING, BOTH, NO_OPENING),
    "Service": (READING, NO_OPENING, NO_OPENING),
    "For Active": (READING, NO_OPENING, ALL),
    "For Stranger": (READING, BOTH, NO_OPENING),
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("who", OPENS)
def test_a_handle_opens_to_those_whom_it_is_for(stage: Stage, who: str, kind: HandleType) -> None:
    """Reading to all, restrictions to the invitee, everything to members of the origin (JOIN-6, JOIN-11)."""
    session = crowd(stage)
    handle = made(stage, kind, "Active", session, invited="Stranger")
    assert opening(handle, stage.caller(who), session, session) == OPENS[who][TYPES.index(kind)]


def test_a_transfer_needs_an_origin(stage: Stage) -> None:
    """403 where there is none, for nobody could come from there (HAND-17)."""
    session = crowd(stage)
    with pytest.raises(Refusal) as refused:
        new_handle(parse_handle(TRANSFER), session, stage.context("Active"), ID)
    text = "The session whose members the transfer lets in does not exist."
    assert told(refused.value) == (403, "/originSessionRef", text, "HAND-17")


def test_a_transfer_comes_from_one_session_only(stage: Stage) -> None:
    """Whoever is in another session of the origin's name is not in the origin (HAND-19, JOIN-11)."""
    session = crowd(stage)
    handle = made(stage, "transfer", "Active", session)
    again = session.but(incarnation=2)
    assert opening(handle, stage.caller("Active"), session, again) == NO_OPENING
    assert opening(handle, stage.caller("Active"), again, session) == ALL


def test_an_invite_made_ahead_opens_nothing_before_its_sender_is_there(stage: Stage) -> None:
    """Nobody can invite themselves, or a friend, to a session that others will make (HAND-17)."""
    session = crowd(stage)
    stranger, reserved = stage.caller("Stranger"), stage.caller("Reserved")
    assert opening(made(stage, "invite", "Stranger", None, invited="Stranger"), stranger, session, None) == NO_OPENING
    assert opening(made(stage, "invite", "Reserved", None, invited="Stranger"), stranger, session, None) == NO_OPENING
    assert opening(made(stage, "invite", "Ready", None, invited="Stranger"), stranger, session, None) == BOTH
    assert opening(made(stage, "invite", "Service", None, invited="Stranger"), stranger, session, None) == BOTH
    assert opening(made(stage, "invite", "Ready", None, invited="Stranger"), reserved, session, None) == NO_OPENING


def test_an_invite_near_the_end_of_the_calendar_does_not_expire(stage: Stage) -> None:
    """There is no day after it (HAND-18)."""
    stage.now = datetime(9999, 12, 31, 12, tzinfo=timezone.utc)
    handle = made(stage, "invite", "Service", None)
    assert handle.expires is None
    assert "expiration" not in handle_as_json(handle, None)


def test_what_an_invite_says_is_not_changed_from_outside(stage: Stage) -> None:
    """A handle never changes (HAND-1)."""
    handle = made(stage, "invite", "Service", None)
    with pytest.raises(TypeError):
        handle.attributes["context"] = "another"  # type: ignore[index]


def test_a_transfer_from_nowhere_opens_nothing(stage: Stage) -> None:
    """Once its origin is gone nobody is in it (JOIN-11)."""
    session = crowd(stage)
    handle = made(stage, "transfer", "Active", session)
    assert opening(handle, stage.caller("Active"), session, None) == NO_OPENING


def test_an_invite_for_nobody_in_particular_is_for_nobody(stage: Stage) -> None:
    """A service that acts for nobody is not the invitee of whatever has none (JOIN-11)."""
    session = crowd(stage)
    for kind in ("activity", "transfer"):
        assert made(stage, kind, "Active", session).invited is None
    handle = new_handle(parse_handle(INVITE)._replace(invited=None), session, stage.context("Active"), ID)
    assert opening(handle, stage.caller("Service"), session, session) == NO_OPENING


# Who sees it

PEOPLE = ("Owner", "Invitee", "Member", "Reserved", "Stranger", "In origin", "Service")
SEEN: list[tuple[HandleType, str, str, str]] = [
    # type, visibility, read restriction, who sees it besides its owner, members and services
    ("activity", "open", "none", "Invitee Reserved Stranger In-origin"),
    ("activity", "open", "local", "Invitee Reserved Stranger In-origin"),
    ("activity", "visible", "none", "Invitee Reserved Stranger In-origin"),
    ("activity", "visible", "followed", "Invitee Reserved Stranger In-origin"),
    ("activity", "private", "none", "Reserved"),
    ("activity", "no session", "none", ""),
    ("invite", "open", "none", "Invitee"),
    ("invite", "private", "none", "Invitee"),
    ("invite", "no session", "none", "Invitee"),
    ("transfer", "open", "none", "In-origin"),
    ("transfer", "private", "none", "In-origin"),
    ("transfer", "no session", "none", "In-origin"),
]


@pytest.mark.parametrize(("kind", "visibility", "restriction", "others"), SEEN)
def test_who_sees_a_handle(stage: Stage, kind: HandleType, visibility: str, restriction: str, others: str) -> None:
    """Whom it concerns, and of an activity also those who may see the session through it (HAND-15)."""
    for name in PEOPLE:
        stage.caller(name, server=name == "Service")
    origin = stage.join("In origin")
    stage.using({**LONG, "visibility": "open" if visibility == "no session" else visibility})
    join = {"joinRestriction": restriction, "readRestriction": restriction}
    stage.put(
        "Owner",
        {
            "properties": {"system": join},
            "members": {
                "me": {"properties": {"system": {"active": True}}},
                "reserve_0": {"constants": {"system": {"xuid": stage.caller("Member").xuid}}},
                "reserve_1": {"constants": {"system": {"xuid": stage.caller("Reserved").xuid}}},
            },
        },
    )
    session = stage.put("Member", {"members": {"me": {}}})
    assert session
    handle = made(stage, kind, "Owner", session, invited="Invitee")
    behind = None if visibility == "no session" else session
    seen = set()
    for name in PEOPLE:
        ctx = stage.context(name)
        if is_seen_by(handle, behind, ctx._replace(opens=opening(handle, ctx.caller, behind, origin))):
            seen.add(name)
    always = {"Owner", "Service"} | ({"Member"} if behind else set())
    assert seen == always | {name.replace("-", " ") for name in others.split()}


# What a client receives


def test_an_activity_as_a_client_receives_it(stage: Stage) -> None:
    """Field by field, and `gameTypes` is empty (HAND-5)."""
    session = crowd(stage, {"inviteProtocol": "game"})
    handle = made(stage, "activity", "Active", session)
    expected = {
        "id": ID,
        "type": "activity",
        "version": 1,
        "sessionRef": REF,
        "titleId": "7",
        "ownerXuid": stage.caller("Active").xuid,
        "createTime": "2026-01-01T12:00:00.0000000Z",
        "inviteProtocol": "game",
        "gameTypes": {},
    }
    assert list(handle_as_json(handle, session).items()) == list(expected.items())
    del expected["inviteProtocol"]
    assert handle_as_json(handle, None) == expected
    assert handle_as_json(handle, crowd(stage)) == expected


def test_an_invite_as_a_client_receives_it(stage: Stage) -> None:
    """With its sender, its invitee, its end, and what it was made with (HAND-5, HAND-18)."""
    session = crowd(stage)
    attributes = {"titleId": "8", "context": "c"}
    body = {**INVITE, "sessionRef": {**UNNAMED, "name": "elsewhere"}, "inviteAttributes": attributes}
    handle = new_handle(parse_handle(body), session, stage.context("Ready"), ID)
    ready = stage.caller("Ready").xuid
    assert handle_as_json(handle, session) == {
        "id": ID,
        "type": "invite",
        "version": 1,
        "sessionRef": REF,
        "titleId": "7",
        "ownerXuid": ready,
        "createTime": "2026-01-01T12:00:00.0000000Z",
        "gameTypes": {},
        "senderXuid": ready,
        "invitedXuid": "7",
        "expiration": "2026-01-02T12:00:00.0000000Z",
        "inviteAttributes": attributes,
    }


def test_a_transfer_as_a_client_receives_it(stage: Stage) -> None:
    """With where it comes from; of a service that acts for nobody there is no owner and no title (HAND-4, HAND-5)."""
    session = crowd(stage)
    stage.caller("Alone", server=True, xuid=None, title_id=None)
    assert handle_as_json(made(stage, "transfer", "Alone", session), session) == {
        "id": ID,
        "type": "transfer",
        "version": 1,
        "sessionRef": REF,
        "createTime": "2026-01-01T12:00:00.0000000Z",
        "gameTypes": {},
        "originSessionRef": REF,
    }


def test_an_invite_that_nobody_sent_has_no_sender(stage: Stage) -> None:
    """A service that acts for nobody sends it, and attributes that it has not are not there (HAND-5)."""
    session = crowd(stage)
    shown = handle_as_json(made(stage, "invite", "Service", session), session)
    assert {"senderXuid", "ownerXuid", "inviteAttributes"}.isdisjoint(shown)
    assert shown["invitedXuid"] == "7"
