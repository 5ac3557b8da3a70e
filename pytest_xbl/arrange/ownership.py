"""The owners of a session that a test sets up (OWN-1)."""

from __future__ import annotations

from pytest_xbl.arrange.people import caller_of
from pytest_xbl.mpsd.model import Bag, JsonObject, Session
from pytest_xbl.mpsd.owners import OWNERS, has_owners, owners_of, with_first_owner
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.session_properties import with_session_properties
from pytest_xbl.world.world import World


def with_owners(world: World, session: Session, record: JsonObject) -> Session:
    """The session with the owners that its record names; unless it names any, with the member who joined first.

    Raises:
        Refusal: for somebody who has not joined, or a session without owners, with the place inside the record.
    """
    if OWNERS not in record:
        return with_first_owner(session)
    if not has_owners(session):
        raise _refused("The session has no owners: its template needs the capability hasOwners.")
    indices = []
    for number, person in enumerate(record[OWNERS]):
        caller = caller_of(world, person, (OWNERS, number))
        member = session.member(caller.xuid)
        if member is None or not member.accepted:
            what = f"Only members who have joined own a session, and {caller.name} is none."
            raise Refusal(400, what, where=(OWNERS, number), rule="OWN-5")
        if member.index in indices:
            raise Refusal(400, f"{caller.name} appears twice.", where=(OWNERS, number), rule="OWN-5")
        indices.append(member.index)
    return with_session_properties(session, Bag({OWNERS: indices}))


def usual_owners(session: Session) -> list[str]:
    """The xuids of the owners of a session whose record names none."""
    return owner_xuids(with_first_owner(session.but(properties=without_owners(session.properties))))


def owner_xuids(session: Session) -> list[str]:
    """The xuids of the owners of a session."""
    return [member.xuid for member in owners_of(session)]


def without_owners(properties: Bag) -> Bag:
    """The properties of a session without the indices of its owners, whom a seed names."""
    if OWNERS not in properties.system:
        return properties
    return Bag({name: value for name, value in properties.system.items() if name != OWNERS}, properties.custom)


def _refused(what: str) -> Refusal:
    return Refusal(400, what, where=(OWNERS,), rule="OWN-1")
