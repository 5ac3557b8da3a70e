"""The handles of a test: activities, invites, transfers and search handles (HAND, SRCH)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from pytest_xbl.arrange.form import lacks
from pytest_xbl.arrange.people import caller_of
from pytest_xbl.arrange.times import past, time_in
from pytest_xbl.mpsd.handle_access import require_searchable
from pytest_xbl.mpsd.handles import ATTRIBUTES, INVITE_LIFETIME, Handle, HandleWrite, parse_handle, points_at
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Caller, JsonObject, Session, SessionRef
from pytest_xbl.mpsd.moments import moment_after
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.world.handles import (
    free_id,
    has_activity,
    keep_handle,
    make_handle,
    mark_searched,
    require_templates,
)
from pytest_xbl.world.visit import Visit
from pytest_xbl.world.world import World

EARLIER = ("titleId", "incarnation", "expires", "ahead", "originIncarnation")
"""The fields that only a handle has which was made earlier."""
OF_ONE_TYPE = {
    "invited": "invite",
    "expires": "invite",
    "ahead": "invite",
    "origin": "transfer",
    "originIncarnation": "transfer",
}
"""The fields that only handles of one type have."""
FIELDS = {
    "inviteAttributes": "attributes",
    "searchAttributes": "attributes",
    "invitedXuid": "invited",
    "originSessionRef": "origin",
    "sessionRef": "session",
}
"""The fields of a request, and the names that a record has for them."""


def add_handle(world: World, record: JsonObject, sessions: Mapping[str, SessionRef], by: Caller) -> Handle:
    """Make a handle, now as its owner would by POST, or as one that was made earlier.

    Args:
        record: of the seed form, checked.
        sessions: those that the record may name by label.
        by: the owner, unless the record names one.

    Raises:
        Refusal: with the place inside the record (SEED-2, SEED-5, SEED-8).
    """
    with world.exclusively():
        owner = caller_of(world, record["owner"], ("owner",)) if "owner" in record else by
        try:
            asked = parse_handle(_body(world, record, sessions))
            if "created" in record:
                return _made_earlier(world, asked, owner, record)
            _require_nothing_earlier(record)
            return make_handle(world, asked, Visit(owner, "post-handle"))[0]
        except Refusal as refusal:
            raise refusal.at(_in_record(refusal.place)) from None


def require_one_activity(world: World, record: JsonObject) -> None:
    """Refuse a second activity of an owner in a title, which would replace the first unseen.

    Raises:
        Refusal: with the place inside the record (HAND-2).
    """
    if record["type"] == "activity" and "owner" in record:
        owner = caller_of(world, record["owner"], ("owner",))
        if has_activity(world, str(owner.xuid), record.get("titleId", owner.title_id) or None):
            what = "The owner has an activity in that title already; a second one would replace it."
            raise Refusal(400, what, where=("owner",), rule="HAND-2")


def _in_record(place: Parts | str) -> Parts | str:
    return place if isinstance(place, str) or not place else (FIELDS.get(str(place[0]), place[0]), *place[1:])


def _body(world: World, record: JsonObject, sessions: Mapping[str, SessionRef]) -> JsonObject:
    for name, kind in OF_ONE_TYPE.items():
        if name in record and kind != record["type"]:
            raise Refusal(400, f"Only a handle of type {kind} has {name}.", where=(name,), rule="SEED-1")
        if name in ("invited", "origin") and kind == record["type"] and name not in record:
            raise lacks(name)
    body = {"type": record["type"], "sessionRef": _ref(record["session"], sessions, ("session",)).as_json()}
    if "id" in record:
        body["id"] = record["id"]
    if "attributes" in record:
        if record["type"] not in ATTRIBUTES:
            what = "Only a handle of type invite or search has attributes."
            raise Refusal(400, what, where=("attributes",), rule="SEED-1")
        body[ATTRIBUTES[record["type"]]] = record["attributes"]
    if "invited" in record:
        body["invitedXuid"] = caller_of(world, record["invited"], ("invited",)).xuid
    if "origin" in record:
        body["originSessionRef"] = _ref(record["origin"], sessions, ("origin",)).as_json()
    return body


def _ref(session: str | JsonObject, sessions: Mapping[str, SessionRef], at: Parts) -> SessionRef:
    if isinstance(session, dict):
        return SessionRef(session["scid"], session["templateName"], session["name"])
    if session not in sessions:
        known = ", ".join(sessions) or "none"
        what = f"Unknown session {brief(session)}; this seed has: {known}. Name an existing one by its full reference."
        raise Refusal(400, what, where=at, rule="SEED-2")
    return sessions[session]


def _require_nothing_earlier(record: JsonObject) -> None:
    if earlier := [name for name in EARLIER if name in record]:
        raise Refusal(400, f"Only a handle with created has {earlier[0]}.", where=(earlier[0],), rule="SEED-8")


def _made_earlier(world: World, asked: HandleWrite, owner: Caller, record: JsonObject) -> Handle:
    """A handle that was made before now; whether it might be was decided then (SEED-8)."""
    created = past(world, record, "created") or world.now
    require_templates(world, asked)
    handle = Handle(
        id=free_id(world, asked),
        type=asked.type,
        ref=asked.ref,
        created=created,
        owner=owner.xuid,
        title_id=record.get("titleId", owner.title_id) or None,
        incarnation=record.get("incarnation", _pointed_at(world, asked)),
        invited=asked.invited,
        expires=_expires(asked, record, created),
        attributes=MappingProxyType(asked.attributes),
        ahead=record.get("ahead", False),
        origin=asked.origin,
        origin_incarnation=asked.origin and record.get("originIncarnation", _present_incarnation(world, asked.origin)),
    )
    _require_player(world, handle)
    if handle.type == "search":
        mark_searched(world, handle, _searchable(world, handle))
    keep_handle(world, handle)
    return handle


def _pointed_at(world: World, asked: HandleWrite) -> int:
    """The incarnation that a handle points at; an activity was made in a session, be it gone now (HAND-21)."""
    last = world.record(asked.ref).incarnation
    return last if asked.type == "activity" and last else _present_incarnation(world, asked.ref)


def _present_incarnation(world: World, ref: SessionRef) -> int:
    """The incarnation of the session of this name; of the next one, if there is none now."""
    record = world.record(ref)
    return record.incarnation if record.session else record.incarnation + 1


def _expires(asked: HandleWrite, record: JsonObject, created: datetime) -> datetime | None:
    if asked.type != "invite":
        return None
    return time_in(record, "expires") or moment_after(created, INVITE_LIFETIME)


def _searchable(world: World, handle: Handle) -> Session:
    """The session that a search handle points at, which is there, has none, and can have one (SRCH-6)."""
    session = world.record(handle.ref).session
    if session is None or not points_at(handle, session):
        what = "A search handle goes with its session, so it points at one that is there."
        raise Refusal(400, what, where=("session",), rule="SRCH-6")
    require_searchable(session)
    return session


def _require_player(world: World, handle: Handle) -> None:
    """Refuse an activity whose owner is not active, unless it outlives its session (HAND-9, HAND-21)."""
    if handle.type != "activity":
        return
    record = world.record(handle.ref)
    session = record.session if points_at(handle, record.session) else None
    outlives = handle.owner and session is None and handle.incarnation <= record.incarnation
    member = session.member(handle.owner) if session else None
    if not outlives and (member is None or member.status != "active"):
        what = "The owner is no active member of that session, so it cannot be their activity."
        raise Refusal(400, what, where=("owner",), rule="HAND-2")
