"""The handles of a seed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from pytest_xbl.arrange.people import caller_named
from pytest_xbl.arrange.sessions import THE_SEED
from pytest_xbl.arrange.times import past, time_in
from pytest_xbl.mpsd.handles import INVITE_LIFETIME, Handle, HandleWrite, new_handle, parse_handle
from pytest_xbl.mpsd.model import Caller, JsonObject, SessionRef
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.shapes import brief
from pytest_xbl.mpsd.timers import moment_after
from pytest_xbl.world.state import NOTHING
from pytest_xbl.world.world import World

EARLIER = ("titleId", "incarnation", "expires", "ahead", "originIncarnation")
"""The fields that only a handle has which was made earlier."""
OF_ONE_TYPE = {
    "invited": "invite",
    "attributes": "invite",
    "expires": "invite",
    "ahead": "invite",
    "origin": "transfer",
    "originIncarnation": "transfer",
}
"""The fields that only handles of one type have."""
FIELDS = {
    "inviteAttributes": "attributes",
    "invitedXuid": "invited",
    "originSessionRef": "origin",
    "sessionRef": "session",
}
"""Where in a seed stands what a request calls otherwise."""


def add_handle(world: World, record: JsonObject, sessions: Mapping[str, SessionRef]) -> Handle:
    """A handle comes into the world.

    Args:
        sessions: those of the seed, by label.

    Raises:
        Refusal: with the place inside the record (SEED-2, SEED-5, SEED-8).
    """
    owner = caller_named(world, record["owner"], ("owner",)) if "owner" in record else THE_SEED
    try:
        asked = parse_handle(_body(world, record, sessions))
        if "created" in record:
            return _made_earlier(world, asked, owner, record)
        _require_nothing_earlier(record)
        return _made_now(world, asked, owner)
    except Refusal as refusal:
        if isinstance(refusal.place, str):
            raise
        ours = tuple(FIELDS.get(str(field), field) for field in refusal.place[:1])
        raise refusal.at((*ours, *refusal.place[1:])) from None


def _body(world: World, record: JsonObject, sessions: Mapping[str, SessionRef]) -> JsonObject:
    for name, kind in OF_ONE_TYPE.items():
        if name in record and kind != record["type"]:
            raise Refusal(400, f"Only a handle of type {kind} has {name}.", where=(name,), rule="SEED-1")
        if name in ("invited", "origin") and kind == record["type"] and name not in record:
            raise Refusal(400, f"The field {name} is required here.", where=(), rule="SEED-1")
    body = {"type": record["type"], "sessionRef": _ref(record["session"], sessions, ("session",)).as_json()}
    if "id" in record:
        body["id"] = record["id"]
    if "attributes" in record:
        body["inviteAttributes"] = record["attributes"]
    if "invited" in record:
        body["invitedXuid"] = caller_named(world, record["invited"], ("invited",)).xuid
    if "origin" in record:
        body["originSessionRef"] = _ref(record["origin"], sessions, ("origin",)).as_json()
    return body


def _ref(session: str | JsonObject, sessions: Mapping[str, SessionRef], at: Parts) -> SessionRef:
    if isinstance(session, dict):
        return SessionRef(session["scid"], session["templateName"], session["name"])
    if session not in sessions:
        has = ", ".join(sessions) or "none"
        what = f"The seed has no session {brief(session)}; it has: {has}. One of before needs its whole reference."
        raise Refusal(400, what, where=at, rule="SEED-2")
    return sessions[session]


def _require_nothing_earlier(record: JsonObject) -> None:
    if odd := [name for name in EARLIER if name in record]:
        raise Refusal(400, f"Only a handle with created has {odd[0]}.", where=(odd[0],), rule="SEED-8")


def _made_now(world: World, asked: HandleWrite, owner: Caller) -> Handle:
    """A handle that is made as the seed is loaded; that is no access to the sessions, so nothing moves (TIME-1)."""
    for ref, at in ((asked.ref, ("sessionRef",)), (asked.origin, ("originSessionRef",))):
        if ref:
            world.template(ref.scid, ref.template, where=at)
    held = world.state.records.get(asked.ref.key, NOTHING)
    ctx = world.context(held.session.ref if held.session else asked.ref, owner, held.incarnation + 1)
    origin = world.state.records.get(asked.origin.key, NOTHING).session if asked.origin else None
    handle = new_handle(asked, held.session, ctx, world.handles.free_id(asked), origin=origin)
    return _kept(world, handle)


def _kept(world: World, handle: Handle) -> Handle:
    if handle.type == "activity":
        others = (world.state.handles[it] for it in world.state.activities[str(handle.owner)])
        if any(other.title_id == handle.title_id for other in others):
            what = "The owner has an activity in that title already, and has one only."
            raise Refusal(400, what, where=("owner",), rule="HAND-2")
    world.handles.keep(handle)
    return handle


def _made_earlier(world: World, asked: HandleWrite, owner: Caller, record: JsonObject) -> Handle:
    """A handle that was made before now; whether it might be was decided then (SEED-8)."""
    created = past(world, record, "created")
    world.template(asked.ref.scid, asked.ref.template, where=("sessionRef",))
    if asked.origin:
        world.template(asked.origin.scid, asked.origin.template, where=("originSessionRef",))
    handle = Handle(
        id=world.handles.free_id(asked),
        type=asked.type,
        ref=asked.ref,
        created=created or world.state.now,
        owner=owner.xuid,
        title_id=record.get("titleId", owner.title_id) or None,
        incarnation=record.get("incarnation", _present_incarnation(world, asked.ref)),
        invited=asked.invited,
        expires=_expires(asked, record, created or world.state.now),
        attributes=MappingProxyType(asked.attributes),
        ahead=record.get("ahead", False),
        origin=asked.origin,
        origin_incarnation=asked.origin and record.get("originIncarnation", _present_incarnation(world, asked.origin)),
    )
    _require_player(world, handle)
    return _kept(world, handle)


def _present_incarnation(world: World, ref: SessionRef) -> int:
    """That of the session of this name; of the next one, if there is none now."""
    held = world.state.records.get(ref.key, NOTHING)
    return held.incarnation if held.session else held.incarnation + 1


def _expires(asked: HandleWrite, record: JsonObject, created: datetime) -> datetime | None:
    if asked.type != "invite":
        return None
    return time_in(record, "expires") or moment_after(created, INVITE_LIFETIME)


def _require_player(world: World, handle: Handle) -> None:
    """An activity ends when its owner is not active any more, so there is none of such an owner (HAND-9)."""
    if handle.type != "activity":
        return
    session = world.state.records.get(handle.ref.key, NOTHING).session
    member = session.member(handle.owner) if session and session.incarnation == handle.incarnation else None
    if member is None or member.status != "active":
        what = "The owner is no active member of that session, so it cannot be their activity."
        raise Refusal(400, what, where=("owner",), rule="HAND-2")
