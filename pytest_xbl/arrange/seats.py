"""A session that a test sets up in one step, with its members (MEMB-8, MEMB-12).

The result is the same as if a service had made it and everybody had joined, now or at the times that a seed gives
(SEED-5).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from pytest_xbl.mpsd.access import full_refusal, privilege_refusal
from pytest_xbl.mpsd.creation import empty_session, new_session
from pytest_xbl.mpsd.effects import Effect, Encountered, MemberJoined, MemberReserved, Outcome, SessionCreated, Step
from pytest_xbl.mpsd.initialization import LIMITED_BY_INITIALIZATION
from pytest_xbl.mpsd.large import no_reservation
from pytest_xbl.mpsd.members import seated_constants, take_part, with_member
from pytest_xbl.mpsd.model import EMPTY, EMPTY_BAG, MULTIPLAYER, Bag, Caller, Context, Failure, Member, Session, Status
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.roles import with_roles
from pytest_xbl.mpsd.roster import roster_of
from pytest_xbl.mpsd.session_properties import default_properties, with_servers, with_session_properties
from pytest_xbl.mpsd.timers import without_empty
from pytest_xbl.mpsd.view import guid
from pytest_xbl.mpsd.writes import MemberWrite, ServerWrite, Write


class Seat(NamedTuple):
    """A member to be, and their status.

    Args:
        says: their constants and properties; None for none.
        at_index: theirs; the next one unless given (MEMB-1).
        since: when the status began; now unless given.
        join_time: when they joined, or were reserved; now unless given.
        episode: the one that they are in, or wait for (INIT-1).
        failure: the reason why they failed initialization (INIT-4).
    """

    caller: Caller
    status: Status
    says: MemberWrite | None = None
    at_index: int | None = None
    since: datetime | None = None
    join_time: datetime | None = None
    episode: int | None = None
    failure: Failure | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the timeout of their status does not apply to them (INIT-8)."""
        return self.episode is not None and self.status in LIMITED_BY_INITIALIZATION

    @property
    def place(self) -> Parts:
        """The place of their part of the record."""
        return self.says.at if self.says else ("members",)


class Standing(NamedTuple):
    """The state of a session that was made earlier; anything not given is as in a session made now.

    Args:
        next_index: the index of the next member (MEMB-1).
        empty_since: when the last member went.
        away: the xuids of those whose slots a locked session keeps (JOIN-5).
        incarnation: its number among the sessions of that name, counted from 1 (TIME-9).
    """

    started: datetime | None = None
    change_number: int = 1
    next_index: int | None = None
    empty_since: datetime | None = None
    away: tuple[str, ...] = ()
    incarnation: int | None = None


SERVICE = Caller("the test", server=True)
JUST_MADE = Standing()
NO_WRITE = Write(constants=EMPTY_BAG, properties=EMPTY_BAG)
"""A write that adds nothing to the template."""


def seated_session(write: Write, seats: Sequence[Seat], ctx: Context, standing: Standing = JUST_MADE) -> Outcome:
    """A new session with members; None if it would be empty and gone at once (CODE-204).

    Args:
        write: constants, properties, servers and role types.
        seats: of its members, in the order of their indices; no xuid twice.
        ctx: the template, the time, the reference.
        standing: its state, if it was made earlier.

    Raises:
        Refusal: if a service could not make such a session.
    """
    session = _without_anybody(write, ctx, standing)
    _require_room(session, seats)
    members = _seated(session, seats, ctx)
    after = members[-1].index + 1 if members else 0
    session = session.but(
        members=roster_of(members),
        next_index=_next_index(standing, after),
        empty_since=None if members else standing.empty_since or ctx.now,
        properties=default_properties(session),
        started=standing.started or min([m.join_time for m in members], default=standing.empty_since or ctx.now),
        change_number=standing.change_number,
        incarnation=standing.incarnation or ctx.incarnation,
    )
    session = _with_roles(session, seats)
    came = [MemberReserved(m.xuid) if m.status == "reserved" else MemberJoined(m.xuid) for m in members]
    effects = (SessionCreated(), *came)
    session, encounters = _with_what_is_said(session, write, seats, ctx)
    session = _with_slots(session, standing.away) if standing.away else session
    if members or standing.empty_since:
        return Outcome(session, (*effects, *encounters))
    return Outcome(without_empty(session, ctx.now).session, effects)


def require_everybody(session: Session, seats: Sequence[Seat]) -> None:
    """Refuse a member whose timeout is already over, unless `since` is given or an episode keeps them (TIME-3, INIT-8).

    Args:
        session: as the first access finds it.

    Raises:
        Refusal: 400, naming them.
    """
    if len(session.members) < len(seats):
        limited = [seat for seat in seats if seat.since is None and not seat.is_kept]
        lost = [seat for seat in limited if session.member(seat.caller.xuid) is None]
        if lost:
            gone = ", ".join(f"{seat.caller.name} ({seat.status})" for seat in lost)
            what = f"The first access would remove {gone}: the timeout of that status is 0 in this template."
            raise Refusal(400, what, where=("members",), rule="TIME-3")


def _without_anybody(write: Write, ctx: Context, standing: Standing) -> Session:
    """The session without members; sessions whose creation adds nothing to the template share their constants."""
    if write is not NO_WRITE or standing.change_number > 1:
        return new_session(_as_it_was_made(write, standing), ctx)
    if (ctx.template.constants.system.get("capabilities") or {}).get("broadcast"):  # each name is judged (CONST-8)
        return new_session(write, ctx)
    constants = ctx.template.once("constants of a session", lambda: new_session(write, ctx).constants)
    return empty_session(constants, ctx)


def _as_it_was_made(write: Write, standing: Standing) -> Write:
    """The write for a session that has changed since: it may have lost the server it was made with (CONST-8)."""
    if standing.change_number == 1:
        return write
    return write._replace(servers={"arbitration": ServerWrite(EMPTY_BAG, EMPTY_BAG), **(write.servers or {})})


def _require_room(session: Session, seats: Sequence[Seat]) -> None:
    most = session.constants.system.get("maxMembersCount")
    if most is not None and len(seats) > most:
        raise full_refusal(session)
    for seat in seats:
        if seat.status == "reserved" and session.is_large:
            raise no_reservation(seat.place)
        if seat.status != "reserved" and seat.since is None and MULTIPLAYER not in seat.caller.privileges:
            raise privilege_refusal(seat.caller).at(seat.place)


def _seated(session: Session, seats: Sequence[Seat], ctx: Context) -> tuple[Member, ...]:
    members: list[Member] = []
    connects = session.can("connectionRequiredForActiveMembers")
    index = 0
    for seat in seats:
        if seat.at_index is not None:
            if seat.at_index < index:
                name = seat.caller.name
                what = f"Indices rise from member to member; that of {name} is {index} or more, not {seat.at_index}."
                raise Refusal(400, what, where=(*seat.place, "index"), rule="MEMB-1")
            index = seat.at_index
        members.append(_member(session, index, seat, ctx.now, connects=connects))
        index += 1
    return tuple(members)


def _member(session: Session, index: int, seat: Seat, now: datetime, *, connects: bool) -> Member:
    caller, status = seat.caller, seat.status
    accepted = status != "reserved"
    xuid = str(caller.xuid)
    constants = (
        seated_constants(session, seat.says, xuid, index) if seat.says else Bag(system={"xuid": xuid}, custom=EMPTY)
    )
    member = Member(
        index=index,
        xuid=xuid,
        status=status,
        since=seat.since or now,
        join_time=seat.join_time or seat.since or now,
        constants=constants,
        system={"connection": guid("connection", xuid)} if connects and status == "active" else EMPTY,
        custom=EMPTY,
        gamertag=caller.gamertag if accepted else None,
        device_id=caller.device_id if accepted else None,
        active_title_id=caller.title_id if status == "active" else None,
    )
    return member.but(episode=seat.episode, failure=seat.failure) if seat.episode or seat.failure else member


def _next_index(standing: Standing, after: int) -> int:
    if standing.next_index is None:
        return after
    if standing.next_index < after:
        what = f"The next index is above those of all members: {after} or more, not {standing.next_index}."
        raise Refusal(400, what, where=("nextIndex",), rule="MEMB-1")
    return standing.next_index


def _with_what_is_said(session: Session, write: Write, seats: Sequence[Seat], ctx: Context) -> Step:
    """Apply what members write first: the host is found by their addresses (PROP-4); they may have had encounters."""
    encounters: list[Effect] = []
    for seat in seats:
        if seat.says and seat.says.properties is not EMPTY_BAG:
            says = seat.says._replace(constants=EMPTY_BAG, roles={})
            session, effects = take_part(session, says, ctx._replace(caller=seat.caller))
            encounters += (effect for effect in effects if isinstance(effect, Encountered))
    session = with_servers(with_session_properties(session, write.properties), write.servers or {})
    return Step(session, tuple(encounters))


def _with_roles(session: Session, seats: Sequence[Seat]) -> Session:
    """The session with the roles of its members, each given by a service (ROLE-2, ROLE-5)."""
    for seat in seats:
        member = session.member(seat.caller.xuid) if seat.says and seat.says.roles else None
        if seat.says and member:
            having = with_roles(session, member, seat.says.roles, seat.place, SERVICE)
            session = with_member(session, having)
    return session


def _with_slots(session: Session, away: tuple[str, ...]) -> Session:
    if not session.properties.system.get("locked"):
        raise Refusal(400, "Only a locked session keeps the slots of those who left.", where=("away",), rule="JOIN-5")
    if len({*away, *(member.xuid for member in session.members)}) < len(away) + len(session.members):
        what = "away names players who left: none may be a member, or appear twice."
        raise Refusal(400, what, where=("away",), rule="JOIN-5")
    most = session.constants.system.get("maxMembersCount")
    if most is not None and len(session.members) + len(away) > most:
        raise full_refusal(session.but(away=away))
    return session.but(away=away)
