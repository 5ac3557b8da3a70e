"""Handles: the right to make and see one, and the ways that it opens (HAND)."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, INACTIVE, PATIENT, SCID, Body, me, properties, ref
from errors import told, told_of
from pytest_xbl.mpsd.handle_access import is_seen_by, not_opened, opening, require_may_delete, require_may_make, stale
from pytest_xbl.mpsd.handles import (
    Handle,
    HandleType,
    HandleWrite,
    handle_as_json,
    id_is_taken,
    is_over,
    new_handle,
    parse_handle,
    points_at,
    stands,
)
from pytest_xbl.mpsd.model import NO_OPENING, Opening, Session, SessionRef
from tables import cases

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

ID = "0a0b0c0d-0000-4000-a000-00000000000f"
REF = ref(template="quick")
ORIGIN = ref("origin", "quick")
ACTIVITY: Body = {"type": "activity", "version": 1, "sessionRef": REF}
INVITE: Body = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": "7"}
TRANSFER: Body = {"type": "transfer", "version": 1, "sessionRef": REF, "originSessionRef": ORIGIN}
BODIES = (ACTIVITY, INVITE, TRANSFER)
TYPES: tuple[HandleType, ...] = ("activity", "invite", "transfer")


def invited_with(**attributes: Any) -> Body:
    """An invite with these attributes."""
    return {**INVITE, "inviteAttributes": attributes}


def pointing_at(**parts: Any) -> Body:
    """An activity of a session whose reference has these parts instead."""
    return {**ACTIVITY, "sessionRef": {**REF, **parts}}


def without(body: Body, name: str) -> Body:
    """The body without one of its fields."""
    return {field: value for field, value in body.items() if field != name}


def coming_from(origin: Body) -> Body:
    """A transfer from the session of this reference."""
    return {**TRANSFER, "originSessionRef": origin}


NO_PART = 'Expected an object with "{}"; got {}.'
NAMELESS = f'{{"scid": "{SCID}", "templat...'
NO_TYPE = 'Expected one of "activity", "invite", "transfer", "search"; got {}.'
NO_ID = "00000000-0000-0000-0000-000000000000"
NO_GUID = "Expected a GUID that is not all zeros; got {}."
NO_NAME = "Expected a name of 1 to 99 printable characters, no slash; got {}."
NO_XUID = "Expected a string of decimal digits; got {}."
NO_TITLE = "Expected a title id of 32 bits, in decimal digits; got {}."
NO_CONTEXT = "Expected a string of at most 256 characters, URI-encoded; got {}."
UNKNOWN = 'The field "{}" is not known here; {}'
OTHERS = "known here: id, type, version, sessionRef."
LONG_X, LONG_SPACE = f'"{"x" * 56}...', f'"{" " * 56}...'

MALFORMED: dict[str, list[tuple[Body, str, str]]] = {
    # by the rule of the refusal: the body, the place, and the text
    "CALL-6": [
        ({"sessionRef": REF}, "type", "The field type is required here."),
        *((without(body, "sessionRef"), "sessionRef", "The field sessionRef is required here.") for body in BODIES),
        (without(INVITE, "invitedXuid"), "invitedXuid", "The field invitedXuid is required here."),
        (without(TRANSFER, "originSessionRef"), "originSessionRef", "The field originSessionRef is required here."),
        ({**ACTIVITY, "invitedXuid": "7"}, "invitedXuid", UNKNOWN.format("invitedXuid", OTHERS)),
        ({**ACTIVITY, "sessionref": 1}, "sessionref", UNKNOWN.format("sessionref", 'did you mean "sessionRef"?')),
    ],
    "HAND-1": [
        ({**ACTIVITY, "type": "Activity"}, "type", NO_TYPE.format('"Activity"') + ' Did you mean "activity"?'),
        ({**ACTIVITY, "id": "one"}, "id", NO_GUID.format('"one"')),
        ({**ACTIVITY, "id": NO_ID}, "id", NO_GUID.format(f'"{NO_ID}"')),
        ({**ACTIVITY, "id": None}, "id", NO_GUID.format("null")),
        ({**ACTIVITY, "version": True}, "version", "Expected 1; got true."),
        ({**ACTIVITY, "sessionRef": {}}, "sessionRef", NO_PART.format("scid", "{}")),
        (pointing_at(scid="x"), "sessionRef/scid", 'Expected a GUID; got "x".'),
        (pointing_at(templateName=""), "sessionRef/templateName", NO_NAME.format('""')),
        (pointing_at(name="a/b"), "sessionRef/name", NO_NAME.format('"a/b"')),
        (pointing_at(name=None), "sessionRef/name", NO_NAME.format("null")),
        (pointing_at(Name="x"), "sessionRef/Name", UNKNOWN.format("Name", 'did you mean "name"?')),
    ],
    "HAND-3": [
        ({**INVITE, "invitedXuid": 7}, "invitedXuid", NO_XUID.format("7")),
        (invited_with(title="1"), "inviteAttributes/title", UNKNOWN.format("title", 'did you mean "titleId"?')),
        (invited_with(titleId="-1"), "inviteAttributes/titleId", NO_TITLE.format('"-1"')),
        (invited_with(titleId=-1), "inviteAttributes/titleId", NO_TITLE.format("-1")),
        (invited_with(titleId=2**32), "inviteAttributes/titleId", NO_TITLE.format("4294967296")),
        (invited_with(titleId=str(2**32)), "inviteAttributes/titleId", NO_TITLE.format('"4294967296"')),
        (invited_with(context=1), "inviteAttributes/context", NO_CONTEXT.format("1")),
        (invited_with(context="x" * 257), "inviteAttributes/context", NO_CONTEXT.format(LONG_X)),
        (invited_with(context=" " * 86), "inviteAttributes/context", NO_CONTEXT.format(LONG_SPACE)),
        (invited_with(contextString=1), "inviteAttributes/contextString", "Expected a string; got 1."),
        (invited_with(senderString=None), "inviteAttributes/senderString", "Expected a string; got null."),
    ],
    "HAND-4": [
        (coming_from(without(ORIGIN, "name")), "originSessionRef", NO_PART.format("name", NAMELESS)),
        (coming_from({}), "originSessionRef", NO_PART.format("scid", "{}")),
        (coming_from({"scid": SCID}), "originSessionRef", NO_PART.format("templateName", f'{{"scid": "{SCID}"}}')),
        (coming_from({**ORIGIN, "name": ""}), "originSessionRef/name", NO_NAME.format('""')),
    ],
}


@pytest.mark.parametrize(
    ("body", "where", "text", "rule"), [(*row, rule) for rule, rows in MALFORMED.items() for row in rows]
)
def test_a_body_that_makes_no_handle(body: Body, where: str, text: str, rule: str) -> None:
    """400, with the innermost place that does not fit (CALL-6, HAND-1, HAND-3, HAND-4)."""
    assert told_of(lambda: parse_handle(body)) == (400, f"/{where}", text, rule)


PLAIN = HandleWrite("activity", None, SessionRef(SCID, "quick", "one"), None, {}, None)
READ = {
    "an activity": (ACTIVITY, PLAIN),
    "an invite": (INVITE, PLAIN._replace(type="invite", invited="7")),
    "a transfer": (TRANSFER, PLAIN._replace(type="transfer", origin=SessionRef(SCID, "quick", "origin"))),
    "without a version": (without(ACTIVITY, "version"), PLAIN),
    "an id in capitals": ({**ACTIVITY, "id": ID.upper()}, PLAIN._replace(id=ID)),
    "no name": ({**ACTIVITY, "sessionRef": without(REF, "name")}, PLAIN._replace(ref=SessionRef(SCID, "quick", ""))),
}


@cases("body write", READ)
def test_a_body_is_read_whole(body: Body, write: HandleWrite) -> None:
    """Every field ends up in its place, and ids in lower case (HAND-1, HAND-2, HAND-3, HAND-4)."""
    assert parse_handle(body) == write


KEPT: list[Body] = [
    {"titleId": 0, "context": "", "contextString": "", "senderString": "\u0000"},
    {"titleId": str(2**32 - 1), "context": "x" * 256},
    {"titleId": 2**32 - 1, "context": " " * 85 + "x"},
    {"context": "\ud800" * 85},
]


@pytest.mark.parametrize("attributes", KEPT)
def test_the_attributes_of_an_invite_are_kept_as_they_came(attributes: Body) -> None:
    """A context has at most 256 characters once it is URI-encoded (HAND-3)."""
    assert parse_handle(invited_with(**attributes)).attributes == attributes


def crowd(stage: Stage, **system: Any) -> Session:
    """A session with a member in every status, and callers who are not in it."""
    stage.using({**PATIENT, **system})
    stage.put("Active", {"members": {**ACTIVE["members"], **stage.seat("Reserved", "Ready", "Inactive")["members"]}})
    stage.put("Ready", me(ready=True))
    session = stage.write("Inactive", {})
    stage.caller("Stranger")
    stage.caller("Service", server=True)
    stage.caller("For Active", server=True, xuid=stage.xuid("Active"), title_id="9")
    stage.caller("For Stranger", server=True, xuid=stage.xuid("Stranger"))
    assert list(stage.statuses.values()) == ["active", "reserved", "ready", "inactive"]
    return session


def made(stage: Stage, kind: HandleType, owner: str, session: Session | None, *, invited: str | None = None) -> Handle:
    """A handle that this caller makes."""
    asked = parse_handle(BODIES[TYPES.index(kind)])
    if kind == "invite" and invited:
        asked = asked._replace(invited=stage.xuid(invited))
    ctx, origin = stage.context(owner), session if kind == "transfer" else None
    require_may_make(asked, session, ctx, origin)
    return new_handle(asked, session, ctx, ID, origin=origin)


NO_ACTIVITY = "{} is no active member of that session, so it cannot be their activity."
NO_MEMBER = "{} is no member of that session, so cannot let others in."
MAY_MAKE: dict[str, tuple[str, str, str]] = {
    # who: what keeps them from an activity, an invite and a transfer; "" for nothing
    "Active": ("", "", ""),
    "Ready": ("HAND-2", "", ""),
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
    if rule:
        expected = (403, "/sessionRef", TEXTS[rule].format(who), rule)
        assert told_of(lambda: made(stage, kind, who, session)) == expected
    else:
        assert made(stage, kind, who, session).type == kind


@pytest.mark.parametrize("who", MAY_MAKE)
def test_of_a_session_that_there_is_not_there_are_only_invites(stage: Stage, who: str) -> None:
    """It is nobody's activity, and nothing to be transferred to (HAND-1, HAND-2, HAND-4)."""
    crowd(stage)
    assert made(stage, "invite", who, None).type == "invite"
    nothing = f"There is no session {SCID}~quick~one, so it cannot be an activity."
    assert told_of(lambda: made(stage, "activity", who, None)) == (403, "/sessionRef", nothing, "HAND-2")
    expected = (403, "/sessionRef", "The session that the transfer leads to does not exist.", "HAND-4")
    assert told_of(lambda: made(stage, "transfer", who, None)) == expected


def test_a_closed_and_full_session_has_invites_all_the_same(stage: Stage) -> None:
    """Whether the invitee gets in is another question (HAND-3)."""
    crowd(stage, maxMembersCount=4)
    assert made(stage, "invite", "Ready", stage.write("Active", properties(closed=True))).type == "invite"


def test_a_handle_remembers_who_made_it_and_when(stage: Stage) -> None:
    """Owner and title are those of the token; printed, it says where it points (HAND-1, HAND-5, HAND-6, CALL-4)."""
    session = crowd(stage)
    handle = made(stage, "activity", "Active", session)
    shown = (handle.id, handle.ref, handle.created, handle.owner, handle.title_id)
    assert shown == (ID, session.ref, stage.now, stage.caller("Active").xuid, "7")
    assert (handle.invited, handle.expires, handle.attributes, handle.origin) == (None, None, {}, None)
    on_behalf = made(stage, "activity", "For Active", session)
    assert (on_behalf.owner, on_behalf.title_id) == (stage.caller("Active").xuid, "9")
    assert made(stage, "invite", "Service", session).owner is None
    assert (repr(handle), handle.path) == (f"<activity {ID} to {SCID}~quick~one>", f"/handles/{ID}")


@pytest.mark.parametrize("kind", TYPES)
def test_a_handle_points_at_one_session_only(stage: Stage, kind: HandleType) -> None:
    """Not at one of another incarnation, nor at nothing; an invite made ahead points at the next one (HAND-19)."""
    session = crowd(stage).but(incarnation=2)
    handle = made(stage, kind, "Active", session)
    assert points_at(handle, session.but(change_number=99))
    assert not any(points_at(handle, other) for other in (session.but(incarnation=1), session.but(incarnation=3), None))
    stage.incarnation = 4
    assert made(stage, "invite", "Active", None).incarnation == 4


def test_a_handle_never_changes(stage: Stage) -> None:
    """It is only made, read and deleted, and so are its attributes; its id is given once: 409 (HAND-1)."""
    handle = made(stage, "invite", "Service", crowd(stage))
    with pytest.raises(FrozenInstanceError):
        handle.owner = "7"  # type: ignore[misc]
    with pytest.raises(TypeError):
        handle.attributes["context"] = "another"  # type: ignore[index]
    assert told(id_is_taken(ID)) == (409, "/id", f"There is a handle {ID} already.", "HAND-1")


@pytest.mark.parametrize("kind", TYPES)
def test_an_invite_is_over_after_a_day(stage: Stage, kind: HandleType) -> None:
    """To the microsecond, unless the calendar ends before; nothing else ever is (HAND-18)."""
    handle = made(stage, kind, "Active", crowd(stage))
    end = stage.now + timedelta(days=1)
    assert handle.expires == (end if kind == "invite" else None)
    assert not is_over(handle, end - timedelta(microseconds=1))
    assert is_over(handle, end) is is_over(handle, end + timedelta(days=400)) is (kind == "invite")
    stage.now = datetime(9999, 12, 31, 12, tzinfo=timezone.utc)
    assert "expiration" not in handle_as_json(made(stage, "invite", "Service", None), None)


def test_a_handle_stands_while_it_leads_somewhere(stage: Stage) -> None:
    """An activity while its owner is active, an invite for a day, a transfer while its session is there (HAND-9)."""
    session = crowd(stage)
    end = stage.now + timedelta(days=1)
    activity, invite, transfer = (made(stage, kind, "Active", session) for kind in TYPES)
    inactive, again = stage.write("Active", INACTIVE), session.but(incarnation=2)
    assert [stands(activity, found, end) for found in (session, inactive, None)] == [True, False, False]
    assert [stands(invite, None, now) for now in (stage.now, end)] == [True, False]
    assert [stands(transfer, found, end) for found in (session, again, None)] == [True, False, False]


def test_a_handle_is_deleted_by_its_owner_or_a_service(stage: Stage) -> None:
    """403 for anybody else, its invitee included (HAND-8)."""
    handle = made(stage, "invite", "Active", crowd(stage), invited="Stranger")
    for who in ("Active", "Service", "For Active", "For Stranger"):
        require_may_delete(handle, stage.caller(who))
    expected = (403, "the URI", "A handle is deleted by whoever made it, or by a service.", "HAND-8")
    assert told_of(lambda: require_may_delete(handle, stage.caller("Stranger"))) == expected
    assert told_of(lambda: require_may_delete(handle, stage.caller("Ready"))) == expected


def test_a_stale_handle_says_what_it_pointed_at(stage: Stage) -> None:
    """404, and no more than that for those who do not see the handle (HAND-7, HAND-15, HAND-19)."""
    handle = made(stage, "invite", "Active", crowd(stage))
    text = f"The handle is stale: the session {SCID}~quick~one that it pointed at was deleted."
    assert told(stale(handle, stage.context("Active"))) == (404, "the URI", text, "HAND-7")
    text = "There is no such handle, or not any more."
    assert told(stale(handle, stage.context("Stranger"))) == (404, "the URI", text, "HAND-7")


READING = Opening(read_restriction=True)
BOTH = Opening(read_restriction=True, join_restriction=True)
ALL = Opening(read_restriction=True, join_restriction=True, visibility=True)
OPENS: dict[str, tuple[Opening, Opening, Opening]] = {
    # who: what an activity opens, an invite for the stranger, and a transfer from the session of the crowd
    "Active": (READING, NO_OPENING, ALL),
    "Ready": (READING, NO_OPENING, ALL),
    "Reserved": (READING, NO_OPENING, NO_OPENING),
    "Stranger": (READING, BOTH, NO_OPENING),
    "Service": (READING, NO_OPENING, NO_OPENING),
    "For Active": (READING, NO_OPENING, ALL),
    "For Stranger": (READING, BOTH, NO_OPENING),
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("who", OPENS)
def test_a_handle_opens_to_those_whom_it_is_for(stage: Stage, who: str, kind: HandleType) -> None:
    """Reading to all, restrictions to the invitee if any, all to members of the origin (JOIN-6, JOIN-11)."""
    session = crowd(stage)
    handle = made(stage, kind, "Active", session, invited="Stranger")
    assert opening(handle, stage.caller(who), session, session) == OPENS[who][TYPES.index(kind)]
    for_nobody = new_handle(parse_handle(INVITE)._replace(invited=None), session, stage.context("Active"), ID)
    assert opening(for_nobody, stage.caller(who), session, session) == NO_OPENING


def test_a_transfer_comes_from_one_session_only(stage: Stage) -> None:
    """Nobody comes from an origin that is not there, is gone, or was made again: 403 (HAND-17, HAND-19, JOIN-11)."""
    session = crowd(stage)
    handle, active = made(stage, "transfer", "Active", session), stage.caller("Active")
    again = session.but(incarnation=2)
    assert opening(handle, active, session, None) == opening(handle, active, session, again) == NO_OPENING
    assert opening(handle, active, again, session) == ALL
    text = "The session whose members the transfer lets in does not exist."
    refused = told_of(lambda: require_may_make(parse_handle(TRANSFER), session, stage.context("Active"), None))
    assert refused == (403, "/originSessionRef", text, "HAND-17")


AHEAD = [
    # the sender, the caller, and what the invite for the stranger opens
    ("Stranger", "Stranger", NO_OPENING),
    ("Reserved", "Stranger", NO_OPENING),
    ("Ready", "Stranger", BOTH),
    ("Service", "Stranger", BOTH),
    ("Ready", "Reserved", NO_OPENING),
]


@pytest.mark.parametrize(("sender", "caller", "opens"), AHEAD)
def test_an_invite_made_ahead_opens_nothing_before_its_sender_is_there(
    stage: Stage, sender: str, caller: str, opens: Opening
) -> None:
    """Nobody can invite themselves, or a friend, to a session that others will make (HAND-17)."""
    session = crowd(stage)
    handle = made(stage, "invite", sender, None, invited="Stranger")
    assert opening(handle, stage.caller(caller), session, None) == opens


def test_an_invite_that_opens_nothing_yet_says_so(stage: Stage) -> None:
    """It is the right one, but came too early (HAND-17)."""
    handle = made(stage, "invite", "Zoe", None, invited="Stranger")
    text = "The invite was made before its session, and opens nothing before its sender is in it and may invite."
    assert not_opened(handle, stage.context("Stranger")) == text


PEOPLE = ("Owner", "Invitee", "Member", "Reserved", "Stranger", "In origin", "Service")
SEEN: list[tuple[HandleType, str, str, str]] = [
    # type, visibility, read restriction, who sees it besides its owner, members and services
    ("activity", "open", "local", "Invitee Reserved Stranger In-origin"),
    ("activity", "visible", "followed", "Invitee Reserved Stranger In-origin"),
    ("activity", "private", "none", "Reserved"),
    ("activity", "no session", "none", ""),
    ("invite", "private", "none", "Invitee"),
    ("invite", "no session", "none", "Invitee"),
    ("transfer", "private", "none", "In-origin"),
    ("transfer", "no session", "none", "In-origin"),
]


@pytest.mark.parametrize(("kind", "visibility", "restriction", "others"), SEEN)
def test_who_sees_a_handle(stage: Stage, kind: HandleType, visibility: str, restriction: str, others: str) -> None:
    """The people it concerns, and of an activity also those who may see the session through it (HAND-15)."""
    for name in PEOPLE:
        stage.caller(name, server=name == "Service")
    origin = stage.join("In origin")
    stage.using({**PATIENT, "visibility": "open" if visibility == "no session" else visibility})
    join = {"joinRestriction": restriction, "readRestriction": restriction}
    seats = stage.seat("Member", "Reserved")["members"]
    stage.put("Owner", {"properties": {"system": join}, "members": {**ACTIVE["members"], **seats}})
    session = stage.write("Member", {})
    handle = made(stage, kind, "Owner", session, invited="Invitee")
    behind = None if visibility == "no session" else session
    seen = set()
    for name in PEOPLE:
        ctx = stage.context(name)
        if is_seen_by(handle, behind, ctx._replace(opens=opening(handle, ctx.caller, behind, origin))):
            seen.add(name)
    always = {"Owner", "Service"} | ({"Member"} if behind else set())
    assert seen == always | {name.replace("-", " ") for name in others.split()}


def shown(kind: str, **fields: Any) -> Body:
    """The fields of a handle that a client receives."""
    created = "2026-01-01T12:00:00.0000000Z"
    pointer = {"id": ID, "type": kind, "version": 1, "sessionRef": REF}
    return {**pointer, "createTime": created, "gameTypes": {"era": {"titleId": "7"}}, **fields}


def test_an_activity_as_a_client_receives_it(stage: Stage) -> None:
    """Field by field, in this order, with an entry in `gameTypes` for each platform of the title (HAND-5)."""
    session = crowd(stage, inviteProtocol="game")
    handle = made(stage, "activity", "Active", session)
    expected = shown("activity", titleId="7", ownerXuid=stage.xuid("Active"))
    assert handle_as_json(handle, session) == {**expected, "inviteProtocol": "game"}
    order = "id type version sessionRef titleId ownerXuid createTime inviteProtocol gameTypes"
    assert list(handle_as_json(handle, session)) == order.split()
    assert handle_as_json(handle, None) == handle_as_json(handle, crowd(stage)) == expected
    platforms = {"uwp-desktop": {"pfn": "Contoso.Game_8wekyb3d8bbwe"}, "era": {}}
    desktop = {"titleId": "7", "pfn": "Contoso.Game_8wekyb3d8bbwe"}
    assert handle_as_json(handle, session, platforms)["gameTypes"] == {"uwp-desktop": desktop, "era": {"titleId": "7"}}


def test_an_invite_as_a_client_receives_it(stage: Stage) -> None:
    """With its sender, its invitee, its end, and what it was made with (HAND-5, HAND-18)."""
    session = crowd(stage)
    attributes = {"titleId": "8", "context": "c"}
    body = {**invited_with(**attributes), "sessionRef": without(REF, "name")}
    handle = new_handle(parse_handle(body), session, stage.context("Ready"), ID)
    sent = {"titleId": "7", "ownerXuid": stage.xuid("Ready"), "senderXuid": stage.xuid("Ready")}
    received = {"invitedXuid": "7", "expiration": "2026-01-02T12:00:00.0000000Z", "inviteAttributes": attributes}
    assert handle_as_json(handle, session) == shown("invite", **sent, **received)
    by_service = handle_as_json(made(stage, "invite", "Service", session), session)
    assert {"senderXuid", "ownerXuid", "inviteAttributes"}.isdisjoint(by_service)


def test_a_transfer_as_a_client_receives_it(stage: Stage) -> None:
    """Where it leads to and comes from, and no more (HAND-4, HAND-5)."""
    session = crowd(stage, inviteProtocol="game")
    pointer = {"id": ID, "type": "transfer", "version": 1, "sessionRef": REF}
    assert handle_as_json(made(stage, "transfer", "Active", session), session) == {**pointer, "originSessionRef": REF}


def test_a_service_that_acts_for_nobody_has_no_title(stage: Stage) -> None:
    """Nor is it an owner, so a handle of its making names neither (HAND-5)."""
    session = crowd(stage)
    stage.caller("Alone", server=True, xuid=None, title_id=None)
    received = handle_as_json(made(stage, "invite", "Alone", session), session)
    assert received["gameTypes"] == {}
    assert {"titleId", "ownerXuid", "senderXuid"}.isdisjoint(received)
