"""Timeouts. In a sandbox the tests wait, so their timeouts are short."""

from __future__ import annotations

from pytest_xbl.conformance.bodies import ACTIVE, INACTIVE, JOIN, LEAVE, both, me, properties, reserve
from pytest_xbl.conformance.person import Person
from pytest_xbl.conformance.service import Service

SHORT = 1000
LONGER = 1500


def test_state_moves_at_an_access_only(service: Service, stacy: Person, ana: Person) -> None:
    """Not by itself: the change number after a timeout is one more, however long ago it was (TIME-1, TIME-10)."""
    room = service.room(reservedRemovalTimeout=SHORT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid))).shows("/changeNumber", 1)
    service.wait(LONGER)
    stacy.get(room).shows("/changeNumber", 2).shows("/membersInfo/count", 1)
    stacy.get(room).shows("/changeNumber", 2)


def test_one_access_takes_a_member_one_step(service: Service, stacy: Person, ana: Person) -> None:
    """A ready member becomes inactive first, even if both timeouts are over (TIME-2, TIME-3)."""
    room = service.room(readyRemovalTimeout=SHORT, inactiveRemovalTimeout=0)
    stacy.creates(room)
    ana.joins(room, me(ready=True))
    service.wait(LONGER)
    stacy.get(room).shows("/membersInfo/count", 2).lacks("/members/1/properties/system/ready")
    stacy.get(room).shows("/membersInfo/count", 1)


def test_reserved_and_inactive_members_are_removed(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """After their timeouts, and not before (TIME-3)."""
    room = service.room(reservedRemovalTimeout=SHORT, inactiveRemovalTimeout=2 * SHORT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid)))
    ben.joins(room, JOIN)
    service.wait(LONGER)
    stacy.get(room).lacks("/members/1").shows("/membersInfo/count", 2)
    service.wait(SHORT)
    stacy.get(room).shows("/membersInfo/count", 1)


def test_an_empty_session_is_deleted(service: Service, stacy: Person) -> None:
    """In the same write with a timeout of 0; made again, it keeps its `correlationId` (TIME-4)."""
    room = service.room(sessionEmptyTimeout=0)
    made = stacy.creates(room)
    stacy.put(room, LEAVE).says(204)
    stacy.creates(room).shows("/correlationId", made["/correlationId"])


def test_an_empty_session_lasts_its_timeout(service: Service, stacy: Person) -> None:
    """And has no members meanwhile (TIME-4)."""
    room = service.room(sessionEmptyTimeout=SHORT)
    stacy.creates(room)
    stacy.put(room, LEAVE).says(200).shows("/membersInfo/count", 0)
    service.wait(LONGER)
    stacy.get(room).says(204)


def test_a_session_that_is_made_again_starts_again(service: Service, stacy: Person) -> None:
    """It has a new `startTime`, and a new branch (TIME-4, TIME-9)."""
    room = service.room()
    made = stacy.creates(room)
    stacy.put(room, LEAVE).says(204)
    service.wait(SHORT)
    again = stacy.creates(room).shows("/changeNumber", 1)
    for name in ("startTime", "branch"):
        assert again[f"/{name}"] != made[f"/{name}"], f"{again.exchange}: /{name} is the same as before"


def test_null_is_never(service: Service, stacy: Person, ana: Person) -> None:
    """And 0 is at once (TIME-5)."""
    room = service.room(inactiveRemovalTimeout=None)
    stacy.creates(room)
    ana.joins(room, JOIN)
    service.wait(LONGER)
    stacy.get(room).shows("/membersInfo/count", 2)
    other = service.room("other", inactiveRemovalTimeout=0)
    stacy.creates(other)
    ana.joins(other, JOIN)
    stacy.get(other).shows("/membersInfo/count", 1)


def test_the_next_timer_is_the_earliest(service: Service, stacy: Person, ana: Person) -> None:
    """It is absent without one (TIME-6)."""
    room = service.room(reservedRemovalTimeout=60_000, inactiveRemovalTimeout=30_000)
    stacy.creates(room).lacks("/nextTimer").has_header("Expires", None)
    first = stacy.joins(room, reserve(ana.xuid))
    assert first.headers.get("expires"), f"{first.exchange}: no Expires"
    sooner = stacy.joins(room, INACTIVE)
    assert sooner["/nextTimer"] < first["/nextTimer"], f"{sooner.exchange}: /nextTimer is not the earlier one"


def test_who_is_not_in_the_title_becomes_inactive(service: Service, stacy: Person, ana: Person) -> None:
    """On access (TIME-7)."""
    room = service.room(plain=True, inactiveRemovalTimeout=None)
    stacy.creates(room)
    ana.joins(room)
    service.leaves_the_title(ana)
    stacy.get(room).lacks("/members/1/properties/system/active").shows("/membersInfo/active", 1)


def test_presence_can_be_ignored(service: Service, stacy: Person, ana: Person) -> None:
    """By the capability `suppressPresenceActivityCheck` (TIME-7)."""
    room = service.room()
    stacy.creates(room)
    ana.joins(room)
    service.leaves_the_title(ana)
    stacy.get(room).shows("/membersInfo/active", 2)


def test_an_orphaned_session_ends(service: Service, stacy: Person, ana: Person) -> None:
    """A player who lost power becomes inactive at the next access, and then goes (TIME-8)."""
    room = service.room(plain=True, inactiveRemovalTimeout=2 * SHORT)
    stacy.creates(room)
    ana.joins(room)
    service.leaves_the_title(ana)
    service.wait(60 * SHORT)
    stacy.get(room).shows("/membersInfo/count", 2).shows("/membersInfo/active", 1)
    stacy.put(room, LEAVE).says(200).shows("/membersInfo/count", 1)
    service.wait(3 * SHORT)
    stacy.get(room).says(204)


def test_a_refused_access_counts(service: Service, stacy: Person, ana: Person, ben: Person) -> None:
    """Timeouts that were due have happened (TIME-10)."""
    room = service.room(reservedRemovalTimeout=SHORT)
    stacy.creates(room, both(ACTIVE, reserve(ana.xuid), properties(closed=True)))
    service.wait(LONGER)
    ben.put(room, ACTIVE).says(403)
    stacy.get(room).shows("/changeNumber", 2)
