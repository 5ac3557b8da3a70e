"""Rendering of a session for a client (MEMB-1, MEMB-2, TMPL-8, TMPL-11, CALL-8, CALL-10).

The text depends on the contract of the request.
Members and bags keep their texts, so that a change to one member of a hundred renders one member.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from functools import lru_cache
from typing import Any

from pytest_xbl.mpsd import contracts
from pytest_xbl.mpsd.model import Bag, JsonObject, Member, Server, Session, SessionRef, Template
from pytest_xbl.mpsd.owners import OWNERS
from pytest_xbl.mpsd.qos import CANDIDATES, server_candidates
from pytest_xbl.mpsd.roles import rendered_role_types
from pytest_xbl.mpsd.timers import next_timer


class _PlainFirst(type):
    """The type of a dict that writers of YAML take for a plain one, as they look at the first class of `__mro__`."""

    def mro(cls) -> list[type]:
        """A plain dict first."""
        return [dict, cls, object]


class SessionDocument(dict[str, Any], metaclass=_PlainFirst):
    """A session as a client receives it: JSON, equal to the plain dict of the same content.

    `versions` are those of the session up to this one, for explanations of differences.
    """

    versions: Sequence[Any] = ()

    def __reduce__(self) -> tuple[type, tuple[JsonObject]]:
        """The document for pickle; versions are left out, as they hold everything that has happened."""
        return SessionDocument, (dict(self),)

    def __deepcopy__(self, memo: dict[int, Any]) -> SessionDocument:
        """A document to write in, with the same versions."""
        copied = SessionDocument(deepcopy(dict(self), memo))
        copied.versions = self.versions
        return copied


LINEAGE = 16
"""Digits of an ETag that are the same for all versions of a session; as many are its change number, of 64 bits."""


def document(session: Session, *, contract: int, viewer: str | None = None) -> SessionDocument:
    """The document of a session under a contract.

    Args:
        viewer: as for `render`.
    """
    return SessionDocument(json.loads(render(session, contract=contract, viewer=viewer)))


def render(session: Session, *, contract: int, viewer: str | None = None, members: str | None = None) -> str:
    """The JSON text of a session under a contract.

    Args:
        viewer: the xuid of the user who looks, "" for a service that acts for nobody; it matters for a large session,
            which shows nobody else (BIG-1). None shows everybody, as only a test sees a large session.
        members: the text of the field `members`, if not that of the session's members.
    """
    if viewer is not None and session.is_large:
        me = session.members.get(viewer)
        members, first = _me(session, me, contract), me.index if me else session.next_index
    else:
        members, first = _members(session, contract) if members is None else members, _first(session)
    timer = next_timer(session)
    next_timer_ = f'"nextTimer":"{timestamp(timer)}",' if timer else ""
    role_types = f'"roleTypes":{_dump(rendered_role_types(session))},' if session.role_types else ""
    return (
        f'{{"contractVersion":{contract},'
        f'"correlationId":"{_correlation(session.ref)}",'
        f"{_search_handle(session)}"
        f'"branch":"{branch(session)}",'
        f'"changeNumber":{session.change_number},'
        f'"startTime":"{timestamp(session.started)}",'
        f"{next_timer_}{_initialization(session)}"
        f'"constants":{render_constants(session, contract=contract)},'
        f'"properties":{render_properties(session, contract=contract)},'
        f"{role_types}"
        f'"members":{members},'
        f'"membersInfo":{_members_info(session, first)},'
        f'"servers":{_servers(session)}}}'
    )


def render_constants(session: Session, *, contract: int) -> str:
    """The JSON text of the element `constants`."""
    bag = session.constants
    return bag.once(
        ("constants", contract),
        lambda: _dump(
            {
                "system": contracts.constants_to(contracts.shown_constants(bag.system), contract),
                "custom": bag.custom,
            }
        ),
    )


def render_properties(session: Session, *, contract: int) -> str:
    """The JSON text of the element `properties`; `turn` is always there, but not in a large session (PROP-9)."""
    bag = session.properties
    is_large, candidates = session.is_large, server_candidates(session)
    calculated = {CANDIDATES: candidates} if candidates else {}
    return bag.once(
        ("properties", contract, is_large, candidates),
        lambda: _dump(
            {"system": {**_shown(bag.system, contract, is_large=is_large), **calculated}, "custom": bag.custom}
        ),
    )


def render_member(session: Session, member: Member, *, contract: int) -> str:
    """The JSON text of one member, as in `members`."""
    if session.is_large:
        return _dump(_shown_alone(session, member, contract))
    after = (other.index for other in session.members if other.index > member.index)
    has_turn = member.index in session.properties.system.get("turn", ())
    return _member_text(member, (contract, next(after, session.next_index), has_turn)).partition(":")[2]


def render_server(server: Server) -> str:
    """The JSON text of one server, as in `servers` (SERV-2)."""
    return _dump({"constants": _bag(server.constants), "properties": _bag(server.properties)})


def render_template(template: Template, *, contract: int) -> str:
    """The JSON text of a template: the constants that it sets, each complete, and no other defaults (TMPL-9).

    A null keeps a value unset (TMPL-5).
    """
    system = contracts.constants_to(template.constants.system, contract)
    rendered: JsonObject = {"constants": {"system": system, "custom": template.constants.custom}}
    if template.role_types:
        rendered["roleTypes"] = template.role_types
    return _dump({"contractVersion": contract, **rendered})


def branch(session: Session) -> str:
    """The scope of the change number; each session made under a name has another (TIME-9)."""
    return _branch(session.ref, session.incarnation)


def etag(session: Session) -> str:
    """The session's ETag, quotes and all; it changes with the change number (PUT-9, CALL-11)."""
    return session.once("etag", lambda: f'"{_lineage(branch(session))}{session.change_number:016x}"')


def are_of_one_session(etag_: str, other: str) -> bool:
    """Whether two ETags are of versions of one session."""
    return etag_[: LINEAGE + 1] == other[: LINEAGE + 1]


def unstored_etag(session: Session) -> str:
    """The ETag of a session that a write is only tried out on; no stored session has it (PUT-7)."""
    return entity_tag("not stored", etag(session))


def entity_tag(*parts: str) -> str:
    """An ETag made from texts, as the service writes it: 32 hexadecimal digits in quotes (CALL-11)."""
    return f'"{_digest(parts)}"'


@lru_cache
def _lineage(branch_: str) -> str:
    """The part of an ETag that all versions of a session have, and no other session has."""
    return _digest(("etag", branch_))[:LINEAGE]


@lru_cache
def _branch(ref: SessionRef, incarnation: int) -> str:
    return guid("branch", *ref.key, str(incarnation))


@lru_cache
def _correlation(ref: SessionRef) -> str:
    digest = correlation_digest(ref.key)
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}"  # of no version (CALL-8)


def correlation_digest(key: tuple[str, str, str]) -> str:
    """The digits of the correlation id that all documents of a session show (CALL-8).

    Args:
        key: the reference of the session without regard to case.
    """
    return _digest(("correlation", *key))


def _search_handle(session: Session) -> str:
    """The JSON text of `searchHandle`; "" without one (SRCH-1)."""
    return f'"searchHandle":"{session.search_handle}",' if session.search_handle else ""


def _initialization(session: Session) -> str:
    """The JSON text of `initializing` and `hostCandidates`; "" without both (INIT-1, INIT-7)."""
    running, candidates = session.initialization, session.host_candidates
    if not (running or candidates):
        return ""
    fields: JsonObject = {}
    if running:
        started = timestamp(running.stage_started)
        fields["initializing"] = {"stage": running.stage, "stageStartTime": started, "episode": running.episode}
    if candidates:
        fields["hostCandidates"] = candidates
    return f"{_dump(fields)[1:-1]},"


@lru_cache
def timestamp(time: datetime) -> str:
    """A time as the service writes it: UTC, seven fractional digits and Z (CALL-8)."""
    return f"{time.isoformat(timespec='microseconds')[:26]}0Z"


def _members(session: Session, contract: int) -> str:
    return "{" + ",".join(member_texts(session, contract=contract)) + "}"


def member_texts(session: Session, *, contract: int) -> list[str]:
    """The JSON text of each member, after their index: `"0":{...}`."""
    texts = []
    following = session.next_index
    turn = session.properties.system.get("turn", ())
    for member in reversed(tuple(session.members)):
        texts.append(_member_text(member, (contract, following, member.index in turn)))
        following = member.index
    return texts[::-1]


def _me(session: Session, me: Member | None, contract: int) -> str:
    """The JSON text of the members of a large session (BIG-1)."""
    return _dump({"me": _shown_alone(session, me, contract)} if me else {})


def _shown_alone(session: Session, member: Member, contract: int) -> JsonObject:
    """A member of a large session, after whom no other one is shown (BIG-4)."""
    return {"next": session.next_index, **_member(member, contract)}


def _first(session: Session) -> int:
    """The index of the first member."""
    for member in session.members:
        return member.index
    return session.next_index


def _members_info(session: Session, first: int) -> str:
    count, accepted, active = session.counts
    return f'{{"first":{first},"next":{session.next_index},"count":{count},"accepted":{accepted},"active":{active}}}'


def _servers(session: Session) -> str:
    return "{" + ",".join(f"{_dump(name)}:{render_server(server)}" for name, server in session.servers.items()) + "}"


def _shown(system: JsonObject, contract: int, *, is_large: bool) -> JsonObject:
    """System properties with the lists of indices first, whenever each was written (PROP-9, OWN-1)."""
    turn: JsonObject = {} if is_large else {"turn": []}
    owners = {OWNERS: system[OWNERS]} if OWNERS in system else {}
    return {**turn, **owners, **contracts.properties_to(system, contract)}


def _member_text(member: Member, place: tuple[int, int, bool]) -> str:
    """The JSON text of a member, index first, kept for each place.

    Args:
        place: the contract, the index of the next member, and whether it is the member's turn.
    """
    return member.once(place, lambda: _rendered(member, *place))


def _rendered(member: Member, contract: int, following: int, has_turn: bool) -> str:  # noqa: FBT001 -- a place unpacked
    turn = {"turn": True} if has_turn else {}
    return f'"{member.index}":{_dump({"next": following, **turn, **_member(member, contract)})}'


def _member(member: Member, contract: int) -> JsonObject:
    rendered: JsonObject = {
        "joinTime": timestamp(member.join_time),
        "reserved": True if member.status == "reserved" else None,
        "gamertag": member.gamertag,
        "activeTitleId": member.active_title_id,
        "deviceToken": member.device_token,
        "nat": member.nat,
    }
    if member.failure or member.episode:
        rendered |= {"initializationFailure": member.failure, "initializationEpisode": member.episode}
    if member.roles:
        rendered["roles"] = dict(member.roles)
    flags: JsonObject = {member.status: True} if member.status in ("active", "ready") else {}
    system = {**flags, **contracts.member_properties_to(member.system, contract)}
    return {
        **present(rendered),
        "constants": {
            "system": {**member.constants.system, "index": member.index},
            "custom": member.constants.custom,
        },
        "properties": {"system": system, "custom": member.custom},
    }


def _bag(bag: Bag) -> JsonObject:
    """A server's bag, without an empty part (CALL-10)."""
    return {name: part for name, part in (("system", bag.system), ("custom", bag.custom)) if part}


def present(values: JsonObject) -> JsonObject:
    """The fields that have a value: the service leaves the others out, and sends no null (CALL-10)."""
    return {name: value for name, value in values.items() if value is not None}


_dump = json.JSONEncoder(separators=(",", ":")).encode


@lru_cache
def guid(*parts: str) -> str:
    """A GUID made from the names of a thing, so that the same test always sees the same one."""
    digest = _digest(parts)
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:]}"


def _digest(parts: Sequence[str]) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
