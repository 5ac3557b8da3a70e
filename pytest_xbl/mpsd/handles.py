"""Handles: pointers to sessions, which can be made, read and deleted (HAND)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import quote

from pytest_xbl.mpsd.checking import check_fields, require_fields, type_of
from pytest_xbl.mpsd.effects import ActivityMade, Outcome, SearchHandleDeleted, SearchHandleMade, TransferMade
from pytest_xbl.mpsd.model import Context, Json, JsonObject, Session, SessionRef
from pytest_xbl.mpsd.moments import moment_after
from pytest_xbl.mpsd.names import handle_id_in_body, name_in_body
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.search_attributes import Searched, search_attributes, searched
from pytest_xbl.mpsd.shapes import Either, Integer, OneOf, Passing, Record, Shape, digits, guid, text
from pytest_xbl.mpsd.titles import ERA_ALONE
from pytest_xbl.mpsd.unchanging import Unchanging
from pytest_xbl.mpsd.view import present, timestamp

HandleType: TypeAlias = Literal["activity", "invite", "transfer", "search"]

INVITE_LIFETIME = 86_400_000
"""The lifetime of an invite (HAND-18); milliseconds."""
LONGEST_CONTEXT = 256
"""Characters, URI-encoded (HAND-3)."""

_parts: Mapping[str, Shape] = {"scid": guid, "templateName": name_in_body, "name": name_in_body}
full_ref = Record(_parts, needed=("scid", "templateName", "name"))
ref_without_name = Record(_parts, needed=("scid", "templateName"))


def _is_title_in_digits(value: str) -> bool:
    return digits.misfit(value) is None and int(value) < 2**32


def _is_context(value: Json) -> bool:
    return type(value) is str and len(quote(value, safe="", errors="replace")) <= LONGEST_CONTEXT


_title_in_text = "a title id of 32 bits, in decimal digits"
title = Either(
    Passing(_title_in_text, _is_title_in_digits, digits.pattern),
    Integer(0, 2**32 - 1),
    is_one=str,
    expected=_title_in_text,
)
context = Passing(
    f"a string of at most {LONGEST_CONTEXT} characters, URI-encoded", _is_context, rf"[\s\S]{{0,{LONGEST_CONTEXT}}}"
)
invite_attributes = Record({"titleId": title, "context": context, "contextString": text, "senderString": text})

TYPES = ("activity", "invite", "transfer", "search")
HANDLE: Mapping[str, Field] = {
    "id": Field(handle_id_in_body, "HAND-1"),
    "type": Field(OneOf(TYPES), "HAND-1", needed=True),
    "version": Field(OneOf((1,), "1"), "HAND-1"),
    "sessionRef": Field(ref_without_name, "HAND-1", needed=True),
}
"""The fields of a new handle's body, whatever its type."""
INVITE: Mapping[str, Field] = {
    "invitedXuid": Field(digits, "HAND-3", needed=True),
    "inviteAttributes": Field(invite_attributes, "HAND-3"),
}
SEARCH: Mapping[str, Field] = {"searchAttributes": Field(search_attributes, "SRCH-2")}
TRANSFER: Mapping[str, Field] = {"originSessionRef": Field(full_ref, "HAND-4", needed=True)}
BODIES: Mapping[HandleType, Mapping[str, Field]] = {
    "activity": HANDLE,
    "invite": {**HANDLE, **INVITE},
    "transfer": {**HANDLE, **TRANSFER},
    "search": {**HANDLE, **SEARCH},
}
"""The body of a new handle, by its type."""


ATTRIBUTES: Mapping[HandleType, str] = {"invite": "inviteAttributes", "search": "searchAttributes"}
"""The field of the attributes that a handle of each type can have."""


class HandleWrite(NamedTuple):
    """A checked request to make a handle.

    Args:
        id: the one that the body asks for; None for any.
        ref: of the session that it points at; its name is "" if the service chooses one (HAND-2).
        attributes: of an invite, or to be searched for.
    """

    type: HandleType
    id: str | None
    ref: SessionRef
    invited: str | None
    attributes: JsonObject
    origin: SessionRef | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Handle(Unchanging):
    """A pointer to a session; it never changes (HAND-1).

    Args:
        id: a GUID in lower case.
        type: `activity`, `invite`, `transfer` or `search`.
        ref: of the session that it points at.
        created: when it was made.
        owner: the xuid of whoever made it; None for a service that acts for nobody.
        title_id: the title that its owner played when they made it.
        incarnation: of the session that it points at; it may be the next one.
        invited: the xuid of the invited user.
        expires: the end of an invite.
        attributes: of an invite, or to be searched for, as they came.
        ahead: whether it is an invite that a user made before the session.
        origin: of a transfer: the session whose members it lets in.
        origin_incarnation: of that session.
    """

    id: str
    type: HandleType
    ref: SessionRef
    created: datetime
    owner: str | None
    title_id: str | None
    incarnation: int
    invited: str | None
    expires: datetime | None
    attributes: Mapping[str, Json]
    ahead: bool
    origin: SessionRef | None
    origin_incarnation: int | None
    _searched: Searched | None = field(default=None, init=False)

    @property
    def searched(self) -> Searched:
        """The attributes in the form in which queries compare them; of a search handle (SRCH-2)."""
        found = self._searched
        if found is None:
            found = searched(self.ref, self.attributes)
            object.__setattr__(self, "_searched", found)
        return found

    def __getstate__(self) -> dict[str, object]:
        """The fields for pickle, which takes no read-only dict."""
        return {**vars(self), "attributes": dict(self.attributes)}

    def __repr__(self) -> str:
        """Its type, and where it points."""
        return f"<{self.type} {self.id} to {self.ref}>"

    @property
    def path(self) -> str:
        """The path of the handle's URI; with `/session` behind it, that of the session behind the handle."""
        return f"/handles/{self.id}"


def parse_handle(body: JsonObject) -> HandleWrite:
    """Read the body of POST of a handle.

    Raises:
        Refusal: 400.
    """
    kind: HandleType = type_of(HANDLE, body)
    check_fields(BODIES[kind], body, removable=False)
    require_fields(BODIES[kind], body)
    return HandleWrite(
        type=kind,
        id=body["id"].lower() if "id" in body else None,
        ref=_ref(body["sessionRef"]),
        invited=body.get("invitedXuid"),
        attributes=body.get(ATTRIBUTES.get(kind, ""), {}),
        origin=_ref(body["originSessionRef"]) if kind == "transfer" else None,
    )


def new_handle(
    asked: HandleWrite, session: Session | None, ctx: Context, handle_id: str, *, origin: Session | None = None
) -> Handle:
    """The handle that a request makes, which its caller may make.

    Args:
        session: that it points at, timers settled; None if there is none.
        origin: of a transfer, timers settled; None if there is none.
    """
    return Handle(
        id=handle_id,
        type=asked.type,
        ref=ctx.ref,
        created=ctx.now,
        owner=ctx.caller.xuid,
        title_id=ctx.caller.title_id,
        incarnation=session.incarnation if session else ctx.incarnation,
        invited=asked.invited,
        expires=moment_after(ctx.now, INVITE_LIFETIME) if asked.type == "invite" else None,
        attributes=MappingProxyType(asked.attributes),
        ahead=session is None and not ctx.caller.server,
        origin=origin.ref if origin else None,
        origin_incarnation=origin.incarnation if origin else None,
    )


def session_with(handle: Handle, session: Session | None) -> Outcome:
    """The session after a handle to it was made: an activity and a transfer are writes of theirs (HAND-20).

    Args:
        session: that the handle points at; None if there is none.
    """
    if session is None or handle.type == "invite":
        return Outcome(session)
    if handle.type == "search":
        after = session.but(change_number=session.change_number + 1, search_handle=handle.id)
        return Outcome(after, (SearchHandleMade(handle.id),))
    effect = TransferMade(str(handle.origin)) if handle.origin else ActivityMade(str(handle.owner))
    return Outcome(session.but(change_number=session.change_number + 1), (effect,))


def session_without(handle: Handle, session: Session | None) -> Outcome:
    """The session after a handle to it was deleted: one that has lost its search handle is written, too (HAND-20)."""
    if session is None or session.search_handle != handle.id:
        return Outcome(session)
    after = session.but(change_number=session.change_number + 1, search_handle=None)
    return Outcome(after, (SearchHandleDeleted(handle.id),))


def is_over(handle: Handle, now: datetime) -> bool:
    """Whether a handle has expired, such as an old invite (HAND-18)."""
    return handle.expires is not None and handle.expires <= now


def stands(handle: Handle, session: Session | None, now: datetime) -> bool:
    """Whether an access would still find a handle (HAND-4, HAND-9, HAND-18).

    Args:
        session: the one of the name that it points at, as an access finds it; no invite asks for it.
    """
    if handle.type == "invite":
        return not is_over(handle, now)
    if handle.type in ("transfer", "search"):
        return points_at(handle, session)
    member = session.member(handle.owner) if session else None
    return member is not None and member.status == "active"


def id_is_taken(handle_id: str) -> Refusal:
    """The refusal of a new handle that asks for the id of another (HAND-1)."""
    return Refusal(409, f"There is a handle {handle_id} already.", where=("id",), rule="HAND-1")


def points_at(handle: Handle, session: Session | None) -> bool:
    """Whether a handle points at a session, and not at another one of the same name (HAND-19)."""
    return session is not None and session.incarnation == handle.incarnation


def handle_as_json(
    handle: Handle, session: Session | None, platforms: Mapping[str, JsonObject] = ERA_ALONE
) -> JsonObject:
    """A handle as a client receives it (HAND-5).

    Args:
        session: that it points at; None if there is none.
        platforms: of the title that its owner played (STAT-16).
    """
    pointer = {"id": handle.id, "type": handle.type, "version": 1, "sessionRef": handle.ref.as_json()}
    if handle.origin:
        return {**pointer, "originSessionRef": handle.origin.as_json()}
    more = {
        "titleId": handle.title_id,
        "ownerXuid": handle.owner,
        "createTime": timestamp(handle.created),
        "inviteProtocol": session.constants.system.get("inviteProtocol") if session else None,
        "gameTypes": {name: {"titleId": handle.title_id, **it} for name, it in platforms.items() if handle.title_id},
        "senderXuid": handle.owner if handle.type == "invite" else None,
        "invitedXuid": handle.invited,
        "expiration": timestamp(handle.expires) if handle.expires else None,
        ATTRIBUTES.get(handle.type, ""): dict(handle.attributes) or None,
    }
    return {**pointer, **present(more)}


def _ref(ref: JsonObject) -> SessionRef:
    return SessionRef(ref["scid"], ref["templateName"], ref.get("name", ""))
