"""A session that a test sets up in one step, with people in it (MEMB-8, MEMB-12).

It comes out as if a service had made it and everybody had taken their seat at the same moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pytest_xbl.mpsd.access import full_refusal, privilege_refusal
from pytest_xbl.mpsd.creation import new_session
from pytest_xbl.mpsd.effects import Effect, MemberJoined, MemberReserved, Outcome, SessionCreated
from pytest_xbl.mpsd.model import MULTIPLAYER, NOTHING, Bag, Caller, Context, Member, Session, Status
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.session_properties import default_properties, with_properties
from pytest_xbl.mpsd.timers import without_empty
from pytest_xbl.mpsd.view import guid
from pytest_xbl.mpsd.writes import Write


class Seat(NamedTuple):
    """Somebody in a session, and their status there."""

    caller: Caller
    status: Status


def seated_session(write: Write, seats: Sequence[Seat], ctx: Context) -> Outcome:
    """A new session with people in it; None if it would be empty and gone at once (CODE-204).

    Args:
        write: constants and properties.
        seats: who is in it, in the order of their indices; no xuid twice.
        ctx: the template, the time, the reference.

    Raises:
        Refusal: if a service could not make such a session.
    """
    session = new_session(write, ctx)
    most = session.constants.system.get("maxMembersCount")
    if most is not None and len(seats) > most:
        raise full_refusal(session)
    for caller, status in seats:
        if status != "reserved" and MULTIPLAYER not in caller.privileges:
            raise privilege_refusal(caller)
    members = tuple(_seated(session, index, seat) for index, seat in enumerate(seats))
    session = session.but(
        members=members,
        next_index=len(members),
        empty_since=None if members else ctx.now,
        properties=default_properties(session),
    )
    effects: list[Effect] = [SessionCreated()]
    effects += [MemberReserved(m.xuid) if m.status == "reserved" else MemberJoined(m.xuid) for m in members]
    session = with_properties(session, write.properties)
    return Outcome(without_empty(session, ctx.now).session, tuple(effects))


def require_everybody(session: Session, seats: Sequence[Seat]) -> None:
    """Refuse to seat somebody whom the first access would not find any more (TIME-3).

    Args:
        session: as the first access finds it.

    Raises:
        Refusal: 400, naming them.
    """
    if len(session.members) < len(seats):
        gone = (f"{caller.name} ({status})" for caller, status in seats if session.member(caller.xuid) is None)
        what = f"Gone at once would be {', '.join(gone)}: the timeout of that status is 0 in this template."
        raise Refusal(400, what, where="members", rule="TIME-3")


def _seated(session: Session, index: int, seat: Seat) -> Member:
    caller, status = seat
    accepted = status != "reserved"
    connected = status == "active" and session.can("connectionRequiredForActiveMembers")
    return Member(
        index=index,
        xuid=str(caller.xuid),
        status=status,
        since=session.started,
        join_time=session.started,
        constants=Bag({"xuid": caller.xuid}),
        system={"connection": guid("connection", str(caller.xuid))} if connected else NOTHING,
        custom=NOTHING,
        gamertag=caller.gamertag if accepted else None,
        device_id=caller.device_id if accepted else None,
        active_title_id=caller.title_id if status == "active" else None,
    )
