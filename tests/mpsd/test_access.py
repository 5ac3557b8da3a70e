"""Rights to read, join and write a session (JOIN)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bodies import ACTIVE, INACTIVE, LEAVE, Body, me, properties
from errors import told
from pytest_xbl.mpsd.access import read_refusal

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

LOCK = properties(closed=True, locked=True)
FULL = (400, "/members", "JOIN-8")


def set_up(stage: Stage, visibility: str, system: Body) -> None:
    """A session of Ann's."""
    stage.using({"visibility": visibility, "reservedRemovalTimeout": None, "inactiveRemovalTimeout": None})
    stage.put("Ann", {**ACTIVE, **properties(**system)})


CLOSED = {"closed": True}
LOCAL = {"joinRestriction": "local"}
FOLLOWED = {"joinRestriction": "followed"}

NO_DEVICE = "no active member plays on the device of Bob"
NO_READER = {
    "private": "The session is private: only members and people with a reservation read it.",
    "local": f"The session has the read restriction local, and {NO_DEVICE}.",
    "followed": f"The session has the read restriction followed, and no member follows Bob, and {NO_DEVICE}.",
}


@pytest.mark.parametrize("obstacle", NO_READER)
def test_a_refused_read_says_what_is_in_the_way(stage: Stage, obstacle: str) -> None:
    """The text names the visibility or the restriction (JOIN-7)."""
    visibility, restriction = ("private", "local") if obstacle == "private" else ("open", obstacle)
    set_up(stage, visibility, {"joinRestriction": restriction, "readRestriction": restriction})
    refusal = read_refusal(stage.held, stage.context("Bob"))
    assert refusal is not None
    assert told(refusal) == (403, "the URI", NO_READER[obstacle], "JOIN-7")


NO_MEMBER: dict[str, tuple[str, Body, str]] = {
    # visibility, properties, and the first sentence of the refusal
    "JOIN-8": ("visible", {}, "The session is visible: one joins it by reservation only."),
    "JOIN-4": ("open", CLOSED, "The session is closed to new members."),
    "JOIN-2": ("open", LOCAL, f"The session has the join restriction local, and {NO_DEVICE}."),
}


@pytest.mark.parametrize("rule", NO_MEMBER)
def test_a_refused_write_says_what_a_write_needs(stage: Stage, rule: str) -> None:
    """The text names the multiplayer privilege, membership and the join restriction (JOIN-7)."""
    visibility, system, what = NO_MEMBER[rule]
    set_up(stage, visibility, system)
    need = " A write needs the multiplayer privilege, and membership or a join restriction that is met."
    assert stage.told("Bob", ACTIVE) == (403, "/members/me", what + need, rule)


def test_only_active_members_make_their_device_local(stage: Stage) -> None:
    """Sharing a device with an inactive member opens no local session, nor having none like a member (JOIN-2)."""
    stage.caller("Bob", device_id=stage.caller("Ann").device_id)
    set_up(stage, "open", LOCAL)
    stage.put("Ann", INACTIVE)
    assert stage.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-2")
    for name in ("Ann", "Bob"):
        stage.renew(name, device_id=None)
    set_up(stage, "open", LOCAL)
    assert stage.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-2")


def test_somebody_merely_reserved_brings_nobody_in(stage: Stage) -> None:
    """Being followed by a member counts once that member has accepted, and following one never (JOIN-2)."""
    set_up(stage, "open", FOLLOWED)
    stage.put("Ann", stage.seat("Cid"))
    stage.follows[stage.xuid("Cid")] = frozenset({stage.xuid("Bob")})
    stage.follows[stage.xuid("Bob")] = frozenset({stage.xuid("Ann")})
    assert stage.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-2")
    stage.join("Cid", "Bob")


MAY_BE_READ: list[tuple[str | None, str | None, bool]] = [
    # joinRestriction, readRestriction, whether they are refused
    (None, None, False),
    (None, "none", False),
    (None, "followed", True),
    ("followed", None, False),
    ("followed", "followed", False),
    ("followed", "local", True),
    ("local", "local", False),
    ("none", "local", True),
]


@pytest.mark.parametrize(("join", "read", "refused"), MAY_BE_READ)
def test_whoever_may_join_may_read(stage: Stage, join: str | None, read: str | None, refused: bool) -> None:
    """The read restriction is at least as accessible as the join restriction (JOIN-3)."""
    body = properties(joinRestriction=join, readRestriction=read)
    if refused:
        assert stage.refused("Ann", body) == (400, "/properties/system/readRestriction", "JOIN-3")
    else:
        assert stage.put("Ann", body)


def test_reservations_take_slots(stage: Stage) -> None:
    """A kept slot is taken; 400 for one more of either kind, and the text tells how many exist (JOIN-8, MEMB-12)."""
    stage.using({"maxMembersCount": 2})
    stage.join("Ann")
    stage.put("Ann", stage.seat("Bob"))
    what = "The session is full: maxMembersCount is 2, and every slot is taken."
    assert stage.told("Cid", ACTIVE) == (400, "/members", what, "JOIN-8")
    assert stage.refused("Ann", stage.seat("Cid")) == FULL
    assert stage.put("Ann", stage.seat("Bob"))
    stage.join("Bob")


@pytest.mark.parametrize("me_last", [True, False])
def test_room_is_counted_member_by_member(stage: Stage, me_last: bool) -> None:
    """Whoever comes when the slots are gone is one too many, at creation too, in any order (MEMB-12, JOIN-8)."""
    stage.using({"maxMembersCount": 2})
    stage.join("Ann")
    mine, slot = ACTIVE["members"], stage.seat("Cid")["members"]
    body = {"members": {**slot, **mine} if me_last else {**mine, **slot}}
    assert stage.refused("Bob", body) == FULL
    stage.using({"maxMembersCount": 1})
    assert stage.refused("Bob", body) == FULL


def test_a_slot_that_a_write_frees_can_be_taken_by_it(stage: Stage) -> None:
    """Who is removed goes before who is added (MEMB-5, MEMB-12)."""
    stage.using({"maxMembersCount": 1})
    stage.join("Ann")
    stage.caller("service", server=True, xuid="77")
    stage.put("service", {"members": {"0": None, **ACTIVE["members"]}})
    assert stage.xuids == ["77"]


def test_a_service_that_acts_for_a_user_brings_them_in_whatever_the_restriction(stage: Stage) -> None:
    """If it says so: other writes of it add nobody; the slots bind it, too (CALL-4, JOIN-1, MEMB-12, PUT-3)."""
    stage.using({"visibility": "private", "maxMembersCount": 2})
    stage.join("Ann")
    for name, xuid in {"service": "77", "another": "78", "alone": None}.items():
        stage.caller(name, server=True, xuid=xuid)
        stage.put(name, properties({"by": name}))
    assert stage.xuids == ["1000"]
    stage.join("service")
    assert stage.xuids == ["1000", "77"]
    assert stage.refused("another", ACTIVE) == FULL


class TestLocked:
    """JOIN-5: people who left a locked session may come back, and nobody else takes their slot."""

    @pytest.fixture
    def left(self, stage: Stage) -> Stage:
        """A full session of two, locked, which Bob has left."""
        stage.using({"maxMembersCount": 2})
        stage.join("Ann", "Bob")
        stage.put("Ann", LOCK)
        stage.put("Bob", LEAVE)
        return stage

    def test_whoever_left_comes_back(self, left: Stage) -> None:
        """Neither closed nor full is in their way; dropping out for being inactive is leaving, too (JOIN-5)."""
        for _ in range(2):
            assert left.join("Bob").away == ()
            assert left.xuids == ["1000", "1001"]
            left.put("Bob", INACTIVE)
            left.settle()
            assert left.xuids == ["1000"]

    def test_nobody_else_takes_their_slot(self, left: Stage) -> None:
        """Not even by reservation, and the text says for whom it is kept; theirs fits (JOIN-5, JOIN-9)."""
        assert left.refused("Cid", ACTIVE) == (403, "/members/me", "JOIN-4")
        full = "The session is full: maxMembersCount is 2, and every slot is taken, "
        what = full + "1 of them for people who left while it was locked."
        assert left.told("Ann", left.seat("Cid")) == (400, "/members", what, "JOIN-8")
        assert left.put("Ann", left.seat("Bob"))

    def test_unlocking_forgets_them(self, left: Stage) -> None:
        """Without the lock the slot is anybody's (JOIN-5)."""
        left.put("Ann", properties(locked=False))
        assert left.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-4")
        assert left.put("Ann", left.seat("Cid"))

    def test_who_was_sent_away_does_not_come_back(self, stage: Stage) -> None:
        """Nor who left before the lock, whose reservation ran out, or who declined one: they did not leave (JOIN-5)."""
        stage.using({"reservedRemovalTimeout": 1})
        stage.join("Ann", "Bob", "Early")
        stage.put("Early", LEAVE)
        stage.put("Ann", LOCK)
        stage.put("Ann", stage.seat("Cid", "Declining"))
        stage.put("Declining", LEAVE)
        stage.caller("service", server=True)
        stage.put("service", {"members": {"1": None}})
        stage.advance(1)
        for name in ("Bob", "Cid", "Early", "Declining"):
            assert stage.refused(name, ACTIVE) == (403, "/members/me", "JOIN-4")

    def test_locking_needs_closing(self, stage: Stage) -> None:
        """Only a closed session can be locked, and closed is not taken from under the lock (JOIN-5)."""
        stage.join("Ann")
        what = "Only a closed session can be locked; closed must be true too."
        expected = (400, "/properties/system/locked", what, "JOIN-5")
        assert stage.told("Ann", properties(locked=True)) == expected
        assert stage.told("Ann", properties(locked=True, closed=False)) == expected
        stage.put("Ann", LOCK)
        assert stage.told("Ann", properties(closed=None)) == expected


ORDER = [
    # whether Bob has the privilege, visibility, properties, and the rule that keeps him out
    (False, "private", {**CLOSED, **LOCAL}, "PUT-11"),
    (True, "private", {**CLOSED, **LOCAL}, "JOIN-8"),
    (True, "open", {**CLOSED, **LOCAL}, "JOIN-4"),
    (True, "open", LOCAL, "JOIN-2"),
    (True, "open", {}, "JOIN-8"),
]


@pytest.mark.parametrize(("privileged", "visibility", "system", "rule"), ORDER)
def test_the_first_of_several_obstacles_is_named(
    stage: Stage, privileged: bool, visibility: str, system: Body, rule: str
) -> None:
    """Privilege, visibility, closed, restriction, full: in this order (JOIN-10)."""
    stage.using({"visibility": visibility, "maxMembersCount": 1})
    stage.put("Ann", {**ACTIVE, **properties(**system)})
    stage.caller("Bob", privileges=frozenset({"multiplayer"} if privileged else ()))
    assert stage.refused("Bob", ACTIVE)[2] == rule


class TestPrivilege:
    """PUT-11: only users with the multiplayer privilege create or join."""

    def test_without_it_one_neither_creates_nor_takes_up_a_reservation(self, stage: Stage) -> None:
        """A reservation makes no exception (PUT-11)."""
        stage.caller("Bob", privileges=frozenset())
        what = "Bob lacks the multiplayer privilege, so cannot create or join a session."
        assert stage.told("Bob", ACTIVE) == (403, "Authorization", what, "PUT-11")
        stage.join("Ann")
        stage.put("Ann", stage.seat("Bob"))
        assert stage.told("Bob", ACTIVE) == (403, "Authorization", what, "PUT-11")

    def test_without_it_one_still_leaves_and_changes_what_is_ones_own(self, stage: Stage) -> None:
        """Whoever is in the session already writes as before, and may decline a reservation (PUT-11, PUT-4)."""
        stage.join("Ann", "Bob")
        stage.renew("Bob", privileges=frozenset())
        assert stage.put("Bob", me({"a": 1}))
        stage.put("Bob", LEAVE)
        assert stage.xuids == ["1000"]
        stage.put("Ann", stage.seat("Bob"))
        stage.put("Bob", LEAVE)
        assert stage.xuids == ["1000"]
