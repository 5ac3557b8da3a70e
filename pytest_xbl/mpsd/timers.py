"""The timeouts of a session, which act at the next access (TIME).

Timers are lazy: they act only just before an access (TIME-1).
`settle` is one pass over the members and not a loop until nothing moves any more: one access applies at most one
transition to each member, so that timeouts do not add up (TIME-2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain
from operator import attrgetter

from pytest_xbl.mpsd.effects import Effect, MemberStatusChanged, Outcome, SessionDeleted, Step
from pytest_xbl.mpsd.initialization import LIMITED_BY_INITIALIZATION, stage_timed_out, stage_timer
from pytest_xbl.mpsd.members import (
    INACTIVE_TOO_LONG,
    RESERVATION_OVER,
    with_member,
    with_status,
    without_lost_host,
    without_member,
)
from pytest_xbl.mpsd.model import EMPTY, Member, Session, Status
from pytest_xbl.mpsd.moments import moment_after
from pytest_xbl.mpsd.owners import after_last_owner, owner_effects
from pytest_xbl.mpsd.roster import Roster

TIMEOUTS: dict[Status, str] = {
    "reserved": "reservedRemovalTimeout",
    "inactive": "inactiveRemovalTimeout",
    "ready": "readyRemovalTimeout",
}
"""The constant that limits the time of a member in each status, in milliseconds (TIME-3)."""

NOBODY: AbstractSet[str] = frozenset()

REASONS: dict[Status, str] = {"reserved": RESERVATION_OVER, "inactive": INACTIVE_TOO_LONG}


def next_timer(session: Session) -> datetime | None:
    """The time of the earliest pending timeout; None if there is none (TIME-6).

    Without its constant a timeout never comes (TIME-5).
    """
    return session.once("next timer", lambda: _next_timer(session))


def timeout_of(session: Session, member: Member) -> datetime | None:
    """The time at which the timeout of a member is over; None if they have none (TIME-3, TIME-5)."""
    return _due(session, member.since, _timeout_of(member))


def is_quiet(session: Session, now: datetime) -> bool:
    """Whether no timeout is due, so that settling would find nobody to move but those who are not in the title."""
    timer = next_timer(session)
    return timer is None or timer > now


def settle(session: Session, now: datetime, absent: AbstractSet[str] = NOBODY) -> Outcome:
    """The session as an access at this time finds it: the very same object if nothing is due.

    Members that timed out are gone or inactive, active members who are no longer in the title are inactive (TIME-7),
    and a session that was empty for long enough is gone.
    If anything changed, the change number rises by one (TIME-10).

    Args:
        absent: the xuids of users whose presence is not in the title.
    """
    moving = _lost(session, absent) if absent else []
    if not moving and is_quiet(session, now):
        return Outcome(session)
    after = session
    effects: list[Effect] = []
    for member in sorted((*moving, *_overdue(session, now)), key=attrgetter("index")):
        after, happened = _timed_out(after, member, now)
        effects += happened
    after, about_host = without_lost_host(after)
    after, about_stage = stage_timed_out(after, now)
    ended = without_over(session, after.but(change_number=session.change_number + 1), now)
    return Outcome(ended.session, (*effects, *about_host, *about_stage, *ended.effects))


def without_over(before: Session, after: Session, now: datetime) -> Outcome:
    """The session, or None if it is over: its last owner has gone (OWN-3), or it has been empty for long enough.

    Args:
        before: the session as it was before a write or its timeouts.
        after: with what they have changed.
    """
    owned = after_last_owner(after)
    if owned.session is None:
        return owned
    ended = without_empty(owned.session, now)
    return Outcome(ended.session, (*owner_effects(before, owned.session), *ended.effects))


def without_empty(session: Session, now: datetime) -> Outcome:
    """The session, or None if it has been empty for its `sessionEmptyTimeout` (TIME-4)."""
    due = None if session.members else _due(session, session.empty_since, "sessionEmptyTimeout")
    if due is None or due > now:
        return Outcome(session)
    return Outcome(None, (SessionDeleted(),))


def _lost(session: Session, absent: AbstractSet[str]) -> list[Member]:
    """The active members that become inactive because their presence is not in the title (TIME-7)."""
    if session.can("suppressPresenceActivityCheck"):
        return []
    return [member for member in session.members.those(absent) if member.status == "active"]


def _overdue(session: Session, now: datetime) -> Iterator[Member]:
    """The members whose timeouts are over, in any order; an active member has none."""

    def is_over(since: datetime, timeout: str) -> bool:
        due = _due(session, since, timeout)
        return due is not None and due <= now

    def may_be_over(members: Roster[Member]) -> bool:
        return any(is_over(since, timeout) for timeout, since in _waiting(members).items())

    return (it for it in session.members.within(may_be_over) if is_over(it.since, _timeout_of(it)))


def _timeout_of(member: Member) -> str:
    """The constant that limits the status of a member; "" for none, such as during initialization (INIT-8)."""
    if member.episode and member.status in LIMITED_BY_INITIALIZATION:
        return ""
    return TIMEOUTS.get(member.status, "")


def _next_timer(session: Session) -> datetime | None:
    if not session.members:
        return _due(session, session.empty_since, "sessionEmptyTimeout")
    waiting = _waiting(session.members)
    if not (waiting or session.initialization):
        return None
    timers = [_due(session, since, timeout) for timeout, since in waiting.items()]
    if session.initialization:
        timers.append(stage_timer(session))
    return min(filter(None, timers), default=None)


def _waiting(members: Roster[Member]) -> Mapping[str, datetime]:
    """The time from which the first of the members is waiting for each timeout, by its constant."""
    return members.fold("waiting", _waiting_of, _waiting_in)


def _waiting_of(members: Iterable[Member]) -> Mapping[str, datetime]:
    waiting = [(_timeout_of(member), member.since) for member in members if member.status != "active"]
    return _earliest(waiting) if waiting else EMPTY


def _waiting_in(parts: Iterable[Mapping[str, datetime]]) -> Mapping[str, datetime]:
    return _earliest(chain.from_iterable(part.items() for part in parts))


def _earliest(waiting: Iterable[tuple[str, datetime]]) -> Mapping[str, datetime]:
    earliest: dict[str, datetime] = {}
    for timeout, since in waiting:
        if timeout not in earliest or since < earliest[timeout]:
            earliest[timeout] = since
    return earliest


def _due(session: Session, since: datetime | None, timeout: str) -> datetime | None:
    milliseconds = session.constants.system.get(timeout)
    if since is None or milliseconds is None:
        return None
    return moment_after(since, milliseconds)


def _timed_out(session: Session, member: Member, now: datetime) -> Step:
    if member.status in ("active", "ready"):
        effect = MemberStatusChanged(member.xuid, member.status, "inactive")
        return Step(with_member(session, with_status(member, "inactive", now)), (effect,))
    return without_member(session, member, reason=REASONS[member.status], now=now)
