"""Members join, change and leave (MEMB).

Each function takes a session and returns the session after it, which shares everything that did not change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pytest_xbl.mpsd.bags import deviations, joined, merged
from pytest_xbl.mpsd.effects import (
    Effect,
    Encountered,
    GroupsChanged,
    HostCleared,
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    RolesChanged,
    Step,
)
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.member_properties import with_own_properties
from pytest_xbl.mpsd.model import EMPTY, EMPTY_BAG, Bag, Context, JsonObject, Member, Session, Status
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.roles import with_roles
from pytest_xbl.mpsd.writes import MemberWrite

LEFT, REMOVED = "left", "removed"
RESERVATION_OVER, INACTIVE_TOO_LONG = "reservation timed out", "inactive for too long"
MAY_COME_BACK = (LEFT, INACTIVE_TOO_LONG)
"""The reasons for leaving after which a locked session keeps the slot (JOIN-5); nobody sent these members away."""


def reserve(session: Session, write: MemberWrite, ctx: Context) -> Step:
    """Keep a slot for a user; one who is a member already stays as they are (MEMB-3, MEMB-4).

    The caller checks that there is room (MEMB-12).
    """
    xuid = write.constants.system["xuid"]
    if session.member(xuid):
        return Step(session)
    write = _with_kept_constants(write, session, session.next_index)
    member = _with_episode(new_member(session, xuid, write.constants, ctx.now), EMPTY_BAG, session)
    if write.roles:
        member = with_roles(session, member, write.roles, write.at, ctx.caller)
    roles = (RolesChanged(xuid, member.roles),) if member.roles else ()
    return Step(with_member(session, member), (MemberReserved(xuid), *roles))


def take_part(session: Session, write: MemberWrite, ctx: Context) -> Step:
    """Let the caller join, take up a reservation, or change their own part (PUT-3, MEMB-7, MEMB-8).

    Raises:
        Refusal: 400, 403, 409 or 501 for a write that a rule forbids.
    """
    xuid = str(ctx.caller.xuid)
    held = session.member(xuid)
    index = held.index if held else session.next_index
    write = _with_kept_constants(_with_own_xuid(write, xuid), session, index, held)
    joined = _joined(held or new_member(session, xuid, Bag({"xuid": xuid}), ctx.now), write, session, ctx)
    member = with_own_properties(joined, write.properties, write.at, session, ctx)
    if write.roles:
        member = with_roles(session, member, write.roles, write.at, ctx.caller)
    encounters = write.properties.system.get("encounters")
    effects = _effects_of(held, member, encounters if encounters and session.is_large else ())  # else they mean nothing
    return Step(with_member(session, member), effects) if member is not held or effects else Step(session)


def seated_constants(session: Session, write: MemberWrite, xuid: str, index: int) -> Bag:
    """The constants of a member who is in a session from its beginning (MEMB-6).

    Raises:
        Refusal: 400, 403, 409 or 501 for a write that a rule forbids.
    """
    write = _with_kept_constants(_with_own_xuid(write, xuid), session, index)
    return joined(Bag({"xuid": xuid}), write.constants)


def new_member(session: Session, xuid: str, constants: Bag, now: datetime) -> Member:
    """A new member with the next index, reserved (MEMB-1)."""
    return Member(
        index=session.next_index,
        xuid=xuid,
        status="reserved",
        since=now,
        join_time=now,
        constants=joined(EMPTY_BAG, constants),
        system=EMPTY,
        custom=EMPTY,
    )


def with_member(session: Session, member: Member) -> Session:
    """The session with a member added, or replaced if their index is taken."""
    if member.index == session.next_index:
        away = tuple(xuid for xuid in session.away if xuid != member.xuid)
        members = session.members.including(member)
        return session.but(members=members, next_index=session.next_index + 1, empty_since=None, away=away)
    return session.but(members=session.members.including(member))


def without_member(session: Session, member: Member, *, reason: str, now: datetime) -> Step:
    """The session without a member, whatever the reason (MEMB-14).

    Their index leaves `turn` and `owners`; a locked session keeps their slot (JOIN-5); the last member leaves the
    session empty.
    `without_lost_host` removes the host, after every member who leaves has left.
    """
    members = session.members.without(member.xuid)
    comes_back = session.properties.system.get("locked") and reason in MAY_COME_BACK and member.accepted
    after = session.but(
        members=members,
        away=(*session.away, member.xuid) if comes_back else session.away,
        empty_since=session.empty_since if members else now,
        properties=_without_index(session.properties, member.index),
    )
    return Step(after, (MemberLeft(member.xuid, reason),))


def without_lost_host(session: Session) -> Step:
    """The session without its host, if no member has the host's device token (MEMB-14, PROP-4)."""
    host = session.properties.system.get("host")
    if host is None or is_device_of_a_member(session, host):
        return Step(session)
    system = {name: value for name, value in session.properties.system.items() if name != "host"}
    return Step(session.but(properties=Bag(system, session.properties.custom)), (HostCleared(host),))


def unknown_host(properties: JsonObject, session: Session) -> str | None:
    """The host that a write sets and that is no member's device, so that it is not kept; None if it is (PROP-4)."""
    host: str | None = properties.get("host")
    return None if host is None or is_device_of_a_member(session, host) else host


def is_device_of_a_member(session: Session, token: str) -> bool:
    """Whether a member has this device token, compared without regard to case."""
    return any(member.device_token == token.lower() for member in session.members)


def with_status(member: Member, status: Status, now: datetime) -> Member:
    """The member in another status, counted from now."""
    return member.but(
        status=status,
        since=now,
        active_title_id=member.active_title_id if status == "active" else None,
    )


def _without_index(properties: Bag, index: int) -> Bag:
    """The properties without a member who leaves; an empty list of owners says that the last one does (OWN-3)."""
    for name in ("turn", "owners"):
        named = properties.system.get(name, ())
        if index in named:
            others = [one for one in named if one != index]
            properties = merged(properties, Bag({name: others if others or name == "owners" else None}))
    return properties


def _with_own_xuid(write: MemberWrite, xuid: str) -> MemberWrite:
    """The write with the caller's own xuid, which wins over another one in the body (MEMB-6)."""
    system = write.constants.system
    if system.get("xuid", xuid) == xuid:
        return write
    return write._replace(constants=Bag({**system, "xuid": xuid}, write.constants.custom))


def _with_kept_constants(write: MemberWrite, session: Session, index: int, held: Member | None = None) -> MemberWrite:
    """The write with those constants only that the service keeps (MEMB-6).

    A client may echo the index; `initialize` is for sessions that initialize their members, and counts once.

    Args:
        index: of the member.
        held: the member as they are; None for a new one.
    """
    system = write.constants.system
    at = (*write.at, "constants", "system")
    if system.get("index") not in (index, None):
        what = f"The index of this member is {index}, and the service gives it; it cannot be {brief(system['index'])}."
        raise Refusal(409, what, where=(*at, "index"), rule="MEMB-6")
    dropped = {"index"}
    if "memberInitialization" not in session.constants.system or _has_said_initialize(held):
        dropped.add("initialize")
    if dropped.isdisjoint(system):
        return write
    kept = {name: value for name, value in system.items() if name not in dropped}
    return write._replace(constants=Bag(kept, write.constants.custom))


def _has_said_initialize(member: Member | None) -> bool:
    """Whether `initialize` no longer counts for a member: their reservation has it, or they have joined."""
    return member is not None and (member.accepted or "initialize" in member.constants.system)


def is_initialized(constants: Bag) -> bool:
    """Whether the constants of a member ask for initialization; a client may send a string (INIT-1)."""
    return constants.system.get("initialize") in (True, "true")


def _with_episode(member: Member, before: Bag, session: Session) -> Member:
    """The member with their episode, if this write asks for initialization (INIT-1).

    Args:
        before: the constants that they had.
    """
    asks_now = is_initialized(member.constants) and not is_initialized(before)
    return member.but(episode=session.next_episode) if asks_now else member


def _joined(member: Member, write: MemberWrite, session: Session, ctx: Context) -> Member:
    """The member with their constants, and no longer reserved (MEMB-6, MEMB-9, MEMB-17)."""
    constants = _constants_of(member, write)
    if member.accepted:
        return member
    joined = member.but(
        status="inactive",
        since=ctx.now,
        join_time=ctx.now,
        constants=constants,
        gamertag=ctx.caller.gamertag,
        device_id=ctx.caller.device_id,
    )
    return _with_episode(joined, member.constants, session)


def _constants_of(member: Member, write: MemberWrite) -> Bag:
    """The constants of a member; a reserved one may add constants that the reservation left out (MEMB-17).

    Raises:
        Refusal: 409 for a constant that would change.
    """
    held, asked = member.constants, write.constants
    if asked is EMPTY_BAG:
        return held
    for odd in deviations(held, asked):
        if member.accepted or not odd.adds:
            now = "not set" if odd.adds else brief(odd.held)
            name = "custom" if odd.name is None else odd.name
            what = f"The constant {name} of a member is {now}; it cannot become {brief(odd.asked)}."
            raise Refusal(409, what, where=(*write.at, "constants", *odd.path), rule="MEMB-6")
    return joined(held, asked)


def _effects_of(held: Member | None, member: Member, encounters: Sequence[str]) -> tuple[Effect, ...]:
    effects: tuple[Effect, ...] = ()
    if held is None or held.status == "reserved":
        effects = (MemberJoined(member.xuid),)
    was = "inactive" if held is None or held.status == "reserved" else held.status
    if member.status != was:
        effects += (MemberStatusChanged(member.xuid, was, member.status),)
    groups = member.system.get("groups", [])
    if groups != (held.system.get("groups", []) if held else []):
        effects += (GroupsChanged(member.xuid, tuple(groups)),)
    if member.roles != (held.roles if held else ()):
        effects += (RolesChanged(member.xuid, member.roles),)
    return (*effects, *(Encountered(member.xuid, name) for name in encounters)) if encounters else effects
