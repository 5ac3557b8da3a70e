"""Results of queries for search handles: which there are, in which order, and what they show (SRCH-3, SRCH-7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from pytest_xbl.mpsd.activities import related_info
from pytest_xbl.mpsd.filter_paths import Subject
from pytest_xbl.mpsd.handles import Handle, handle_as_json
from pytest_xbl.mpsd.model import JsonObject, Session
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.mpsd.owners import owners_of
from pytest_xbl.mpsd.queries import matches, takes_part
from pytest_xbl.mpsd.roles import rendered_role_types
from pytest_xbl.mpsd.searches import Order, SearchQuery
from pytest_xbl.mpsd.titles import ERA_ALONE


class Seeker(NamedTuple):
    """The caller of a query, and the people whom it is about, by xuid.

    Args:
        now: the time of the query.
        members: of the sessions: one of them is in each; None for anybody.
        owners: of the sessions, likewise.
        follows: those whom the caller follows, if they have to own the sessions; None otherwise.
        blocks: the people whom each has blocked, if that matters; None otherwise.
    """

    xuid: str | None
    now: datetime
    members: AbstractSet[str] | None = None
    owners: AbstractSet[str] | None = None
    follows: AbstractSet[str] | None = None
    blocks: Mapping[str, AbstractSet[str]] | None = None


def is_found(subject: Subject, asked: SearchQuery, seeker: Seeker) -> bool:
    """Whether a query asks for a handle that its filter finds (SRCH-3, SRCH-8)."""
    session, query = subject.session, asked.query
    return (
        matches(session, query)
        and all(takes_part(session, xuid, query) for xuid in query.xuids)
        and (asked.scheduled or not _is_scheduled(session, seeker.now))
        and _is_of(subject, seeker)
    )


def in_order(found: Iterable[Subject], order: Order) -> list[Subject]:
    """Handles in the order of a query; those without its number come last, equal ones as they were made (SRCH-7)."""
    if not order.number:
        return sorted(found, key=lambda it: it.handle.created, reverse=order.descending)
    by_time = sorted(found, key=lambda it: it.handle.created)
    sign = -1 if order.descending else 1

    def place(it: Subject) -> tuple[bool, float]:
        number = it.handle.searched.numbers.get(order.number)
        return number is None, sign * (number or 0)

    return sorted(by_time, key=place)


def search_as_json(
    handle: Handle, session: Session, included: Collection[str], platforms: Mapping[str, JsonObject] = ERA_ALONE
) -> JsonObject:
    """A search handle, and what a request includes of its session (SRCH-3)."""
    told = handle_as_json(handle, session, platforms)
    if "relatedInfo" in included:
        told["relatedInfo"] = _related_info(handle, session)
    if "roleInfo" in included:
        told["roleInfo"] = {"roleTypes": rendered_role_types(session)}
    if "customProperties" in included:
        told["customProperties"] = session.properties.custom
    return told


def _related_info(handle: Handle, session: Session) -> JsonObject:
    """The session as the results describe it; what is not there is left out (SRCH-3, CALL-10)."""
    system = session.properties.system
    shown = ("keywords", "description", "scheduledTime", "searchHandleVisibility")
    owners = [owner.xuid for owner in owners_of(session)]
    return {
        **related_info(handle, session),
        **{name: system[name] for name in shown if name in system},
        **({"sessionOwners": owners} if owners else {}),
    }


def _is_scheduled(session: Session, now: datetime) -> bool:
    """Whether a session begins later."""
    time = moment(session.properties.system.get("scheduledTime"))
    return time is not None and time > now


def _is_of(subject: Subject, seeker: Seeker) -> bool:
    """Whether the people of a session are those whom a query asks for (SRCH-8)."""
    session = subject.session
    if seeker.members is not None and not any(True for _ in session.members.those(seeker.members)):
        return False
    if seeker.owners is None and seeker.follows is None and seeker.blocks is None:
        return True
    owners = _owners(subject)
    if seeker.owners is not None and seeker.owners.isdisjoint(owners):
        return False
    if seeker.follows is not None and seeker.follows.isdisjoint(owners):
        return False
    return seeker.blocks is None or not _is_blocked(seeker.xuid, owners, seeker.blocks)


def _owners(subject: Subject) -> Sequence[str]:
    """The owners of a session; of one without owners, whoever made the handle."""
    owners = [owner.xuid for owner in owners_of(subject.session)]
    maker = subject.handle.owner
    return owners or ([maker] if maker else [])


def _is_blocked(xuid: str | None, owners: Sequence[str], blocks: Mapping[str, AbstractSet[str]]) -> bool:
    """Whether a user and one of the owners do not talk, because one has blocked the other."""
    return any(xuid in blocks.get(owner, ()) or owner in blocks.get(xuid or "", ()) for owner in owners)
