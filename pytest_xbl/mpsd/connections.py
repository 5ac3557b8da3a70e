"""RTA connections in sessions: which a member may name, and what losing one does (MEMB-11, TAP-4, TAP-10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_xbl.mpsd.effects import MemberStatusChanged, Outcome
from pytest_xbl.mpsd.model import Context, JsonObject, Member, Session
from pytest_xbl.mpsd.refusal import Parts, Refusal

REQUIRED = "connectionRequiredForActiveMembers"
NAMING = ("connection", "secondarySubscriptions")
"""The properties of a member that name connections."""
MOST_SESSIONS = 10
"""The most sessions that can name a connection (TAP-10)."""


def require_connection(member: Member, changes: JsonObject, session: Session, at: Parts, ctx: Context) -> None:
    """Refuse an active member without a connection where the session wants one.

    As long as the world has had no connection, any GUID counts as one (TAP-15).

    Args:
        member: with their properties as the write leaves them, and the status that they had.
        changes: to their system properties.
        at: the place of these in the body.

    Raises:
        Refusal: 400 (MEMB-11).
    """
    if not session.can(REQUIRED):
        return
    connection = member.system.get("connection")
    if connection is None:
        what = f"The session has {REQUIRED}: one is active only with a connection."
        raise Refusal(400, what, where=(*at, "connection"), rule="MEMB-11")
    is_new = member.status != "active" or "connection" in changes
    if is_new and ctx.connections is not None and connection.lower() not in ctx.connections:
        what = (
            f"The session has {REQUIRED}, and the connection {connection} is not open: "
            "it was never opened, or has been lost."
        )
        raise Refusal(400, what, where=(*at, "connection"), rule="MEMB-11")


def require_room(system: JsonObject, changes: JsonObject, session: Session, at: Parts, ctx: Context) -> None:
    """Refuse to name a connection in one more session than it can serve.

    Args:
        system: properties of the member, as the write leaves them.

    Raises:
        Refusal: 409 (TAP-10).
    """
    if ctx.connections is None:
        return
    for name in NAMING:
        for connection in _named_in({name: system.get(name)} if changes.get(name) else {}):
            sessions = ctx.connections.get(connection, frozenset())
            if len(sessions) >= MOST_SESSIONS and session.ref.key not in sessions:
                what = f"{MOST_SESSIONS} sessions name the connection {connection}, and it serves no more."
                raise Refusal(409, what, where=(*at, name), rule="TAP-10")


def named(session: Session | None) -> frozenset[str]:
    """The connections that the members of a session name, in lower case."""
    return session.members.fold("connections", _named_by, _all_of) if session else frozenset()


def _named_by(members: Sequence[Member]) -> frozenset[str]:
    return frozenset(connection for member in members if member.system for connection in _named_in(member.system))


def _all_of(parts: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*parts)


def _named_in(system: JsonObject) -> list[str]:
    connections = [system.get("connection"), *(it["rta"]["connection"] for it in _secondary(system).values())]
    return [connection.lower() for connection in connections if connection]


def _secondary(system: JsonObject) -> JsonObject:
    return system.get("secondarySubscriptions") or {}


def disconnected(session: Session | None, ctx: Context, *, connection: str) -> Outcome:
    """The session without the connection: its active members become inactive where they need one (TAP-4).

    Args:
        connection: that has been lost, in lower case.
    """
    if session is None or not session.can(REQUIRED):
        return Outcome(session)
    lost = [
        member
        for member in session.members
        if member.status == "active" and member.system.get("connection", "").lower() == connection
    ]
    if not lost:
        return Outcome(session)
    members = session.members
    for member in lost:
        members = members.including(member.but(status="inactive", since=ctx.now, active_title_id=None))
    after = session.but(members=members, change_number=session.change_number + 1)
    return Outcome(after, tuple(MemberStatusChanged(member.xuid, "active", "inactive") for member in lost))
