"""Who may read, join and write a session (JOIN)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.access import read_refusal
from pytest_xbl.mpsd.refusal import Refusal

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

ACTIVE: dict[str, Any] = {"members": {"me": {"properties": {"system": {"active": True}}}}}
JOINED = (0, "", "")


def reservation(stage: Stage, name: str) -> dict[str, Any]:
    """A body that reserves a slot for somebody."""
    return {"members": {"reserve_0": {"constants": {"system": {"xuid": stage.caller(name).xuid}}}}}


def set_up(stage: Stage, visibility: str, properties: dict[str, Any], kind: str) -> None:
    """A session of Ann's, and Bob in a certain relation to it."""
    stage.using({"visibility": visibility, "reservedRemovalTimeout": None, "inactiveRemovalTimeout": None})
    stage.put("Ann", {**ACTIVE, "properties": {"system": properties}})
    if kind == "reserved":
        stage.put("Ann", reservation(stage, "Bob"))
    if kind == "same device":
        stage.caller("Bob", device_id=stage.caller("Ann").device_id)
    if kind == "followed":
        stage.follows[str(stage.caller("Ann").xuid)] = frozenset({str(stage.caller("Bob").xuid)})
    if kind == "service":
        stage.caller("Bob", server=True)
    if kind == "unprivileged":
        stage.caller("Bob", privileges=frozenset())


def outcome_of_joining(stage: Stage) -> tuple[int, str, str]:
    """What comes of Bob's joining."""
    if stage.caller("Bob").server:
        stage.put("Bob", {"properties": {"custom": {"by": "Bob"}}})
        return JOINED
    try:
        session = stage.put("Bob", ACTIVE)
    except Refusal as refusal:
        return refusal.status, refusal.where, refusal.rule
    assert session
    assert [member.status for member in session.members] == ["active", "active"]
    return JOINED


FREE: dict[str, Any] = {}
CLOSED = {"closed": True}
LOCAL = {"joinRestriction": "local"}
FOLLOWED = {"joinRestriction": "followed"}
NO = 403

JOINING = [
    # visibility, properties, Bob is, outcome
    ("open", FREE, "a stranger", JOINED),
    ("open", FREE, "unprivileged", (NO, "Authorization", "PUT-11")),
    ("open", CLOSED, "a stranger", (NO, "/members/me", "JOIN-4")),
    ("open", CLOSED, "reserved", JOINED),
    ("open", CLOSED, "followed", (NO, "/members/me", "JOIN-4")),
    ("open", CLOSED, "same device", (NO, "/members/me", "JOIN-4")),
    ("open", CLOSED, "service", JOINED),
    ("open", LOCAL, "a stranger", (NO, "/members/me", "JOIN-2")),
    ("open", LOCAL, "followed", (NO, "/members/me", "JOIN-2")),
    ("open", LOCAL, "same device", JOINED),
    ("open", LOCAL, "reserved", JOINED),
    ("open", LOCAL, "service", JOINED),
    ("open", FOLLOWED, "a stranger", (NO, "/members/me", "JOIN-2")),
    ("open", FOLLOWED, "followed", JOINED),
    ("open", FOLLOWED, "same device", JOINED),
    ("open", FOLLOWED, "reserved", JOINED),
    ("open", {"joinRestriction": "none"}, "a stranger", JOINED),
    ("visible", FREE, "a stranger", (NO, "/members/me", "JOIN-8")),
    ("visible", FREE, "followed", (NO, "/members/me", "JOIN-8")),
    ("visible", FREE, "reserved", JOINED),
    ("visible", FREE, "service", JOINED),
    ("visible", LOCAL, "same device", (NO, "/members/me", "JOIN-8")),
    ("visible", LOCAL, "reserved", JOINED),
    ("private", FREE, "a stranger", (NO, "/members/me", "JOIN-8")),
    ("private", FREE, "same device", (NO, "/members/me", "JOIN-8")),
    ("private", FREE, "reserved", JOINED),
    ("private", CLOSED, "reserved", JOINED),
    ("private", FREE, "service", JOINED),
]


@pytest.mark.parametrize(
    ("visibility", "properties", "kind", "expected"),
    JOINING,
    ids=[f"{v}-{'-'.join(map(str, p.values())) or 'free'}-{k}" for v, p, k, _ in JOINING],
)
def test_who_joins_is_a_matter_of_visibility_restriction_and_reservation(
    stage: Stage, visibility: str, properties: dict[str, Any], kind: str, expected: tuple[int, str, str]
) -> None:
    """Open ones take whom the restriction lets in, others who has a place (JOIN-1, JOIN-2, JOIN-4, JOIN-8)."""
    set_up(stage, visibility, properties, kind)
    assert outcome_of_joining(stage) == expected


READING = [
    # visibility, readRestriction, Bob is, may read
    ("open", "none", "a stranger", True),
    ("open", "none", "unprivileged", True),
    ("open", "local", "a stranger", False),
    ("open", "local", "followed", False),
    ("open", "local", "same device", True),
    ("open", "local", "reserved", True),
    ("open", "local", "service", True),
    ("open", "followed", "a stranger", False),
    ("open", "followed", "followed", True),
    ("open", "followed", "same device", True),
    ("visible", "none", "a stranger", True),
    ("visible", "local", "a stranger", False),
    ("visible", "followed", "followed", True),
    ("private", "none", "a stranger", False),
    ("private", "none", "same device", False),
    ("private", "none", "followed", False),
    ("private", "none", "reserved", True),
    ("private", "none", "service", True),
]


@pytest.mark.parametrize(("visibility", "restriction", "kind", "allowed"), READING)
def test_who_reads_is_a_matter_of_visibility_and_read_restriction(
    stage: Stage, visibility: str, restriction: str, kind: str, allowed: bool
) -> None:
    """Open and visible ones are read but for the restriction; members and services read all (JOIN-1, JOIN-3)."""
    join = {"none": "none", "local": "local", "followed": "followed"}[restriction]
    set_up(stage, visibility, {"joinRestriction": join, "readRestriction": restriction}, kind)
    assert stage.session
    assert (read_refusal(stage.session, stage.context("Bob")) is None) is allowed


@pytest.mark.parametrize(
    ("visibility", "text"),
    [
        ("private", "The session is private: only members and people with a reservation read it."),
        ("open", "The session has the read restriction local, and no active member plays on the device of Bob."),
    ],
)
def test_a_refused_read_says_what_is_in_the_way(stage: Stage, visibility: str, text: str) -> None:
    """The text names the visibility or the restriction (JOIN-7)."""
    set_up(stage, visibility, {"joinRestriction": "local", "readRestriction": "local"}, "a stranger")
    assert stage.session
    refusal = read_refusal(stage.session, stage.context("Bob"))
    assert refusal
    assert (refusal.status, refusal.what, refusal.rule) == (403, text, "JOIN-7")


def test_a_refused_write_says_what_a_write_needs(stage: Stage) -> None:
    """The text names the multiplayer privilege, membership and the join restriction (JOIN-7)."""
    set_up(stage, "open", LOCAL, "a stranger")
    with pytest.raises(Refusal, match="Bob") as refused:
        stage.put("Bob", ACTIVE)
    assert str(refused.value) == (
        "The session has the join restriction local, and no active member plays on the device of Bob. "
        "A write needs the multiplayer privilege, and membership or a join restriction that is met.\n"
        "where: /members/me\n"
        "rule: JOIN-2"
    )


def test_only_active_members_make_their_device_local(stage: Stage) -> None:
    """Sharing a device with an inactive member opens no local session (JOIN-2)."""
    set_up(stage, "open", LOCAL, "same device")
    stage.put("Ann", {"members": {"me": {"properties": {"system": {"active": False}}}}})
    assert stage.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-2")


def test_people_without_a_device_share_none(stage: Stage) -> None:
    """Two tokens without a device id are not on the same device (JOIN-2)."""
    stage.caller("Ann", device_id=None)
    stage.caller("Bob", device_id=None)
    stage.put("Ann", {**ACTIVE, "properties": {"system": LOCAL}})
    assert stage.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-2")


def test_somebody_merely_reserved_brings_nobody_in(stage: Stage) -> None:
    """Being followed by a member counts once that member has accepted (JOIN-2)."""
    stage.using({"reservedRemovalTimeout": None})
    stage.put("Ann", {**ACTIVE, "properties": {"system": FOLLOWED}})
    stage.put("Ann", reservation(stage, "Cid"))
    stage.follows[str(stage.caller("Cid").xuid)] = frozenset({str(stage.caller("Bob").xuid)})
    assert stage.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-2")
    stage.join("Cid", "Bob")


def test_following_is_not_being_followed(stage: Stage) -> None:
    """It is the member who must follow the one who comes, not the other way round (JOIN-2)."""
    set_up(stage, "open", FOLLOWED, "a stranger")
    stage.follows[str(stage.caller("Bob").xuid)] = frozenset({str(stage.caller("Ann").xuid)})
    assert stage.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-2")


@pytest.mark.parametrize(
    ("join", "read", "refused"),
    [
        (None, None, False),
        (None, "none", False),
        (None, "followed", True),
        (None, "local", True),
        ("followed", None, False),
        ("followed", "none", False),
        ("followed", "followed", False),
        ("followed", "local", True),
        ("local", "followed", False),
        ("local", "local", False),
        ("none", "local", True),
    ],
)
def test_whoever_may_join_may_read(stage: Stage, join: str | None, read: str | None, refused: bool) -> None:
    """The read restriction is at least as accessible as the join restriction (JOIN-3)."""
    body = {"properties": {"system": {"joinRestriction": join, "readRestriction": read}}}
    if refused:
        assert stage.refused("Ann", body) == (400, "/properties/system/readRestriction", "JOIN-3")
    else:
        assert stage.put("Ann", body)


def test_a_full_session_takes_nobody(stage: Stage) -> None:
    """One member too many is refused with 400, and the text tells the number of slots (JOIN-8, MEMB-12)."""
    stage.using({"maxMembersCount": 2})
    stage.join("Ann", "Bob")
    with pytest.raises(Refusal, match="full") as refused:
        stage.put("Cid", ACTIVE)
    assert (
        str(refused.value)
        == "The session is full: maxMembersCount is 2, and every slot is taken.\nwhere: /members\nrule: JOIN-8"
    )
    assert stage.refused("Cid", ACTIVE) == (400, "/members", "JOIN-8")


def test_reservations_take_slots(stage: Stage) -> None:
    """A slot that is kept is taken, and a kept slot more than there are is refused (MEMB-12)."""
    stage.using({"maxMembersCount": 2})
    stage.join("Ann")
    stage.put("Ann", reservation(stage, "Bob"))
    assert stage.refused("Cid", ACTIVE) == (400, "/members", "JOIN-8")
    assert stage.refused("Ann", reservation(stage, "Cid")) == (400, "/members", "JOIN-8")
    assert stage.put("Ann", reservation(stage, "Bob")) is not None
    stage.join("Bob")


def test_a_session_without_a_limit_has_room(stage: Stage) -> None:
    """A template can switch the limit off with null (TMPL-5, MEMB-12)."""
    stage.using({"maxMembersCount": None})
    stage.join(*(f"user {n}" for n in range(101)))
    assert stage.session
    assert len(stage.session.members) == 101


@pytest.mark.parametrize("me_last", [True, False])
def test_room_is_counted_member_by_member(stage: Stage, me_last: bool) -> None:
    """Whoever comes when the slots are gone is one too many, in whatever order a body names them (MEMB-12, JOIN-8)."""
    stage.using({"maxMembersCount": 2})
    stage.join("Ann")
    me = {"me": ACTIVE["members"]["me"]}
    slot = reservation(stage, "Cid")["members"]
    body = {"members": {**slot, **me} if me_last else {**me, **slot}}
    assert stage.refused("Bob", body) == (400, "/members", "JOIN-8")
    stage.using({"maxMembersCount": 1})
    assert stage.refused("Bob", body) == (400, "/members", "JOIN-8")


def test_a_slot_that_a_write_frees_can_be_taken_by_it(stage: Stage) -> None:
    """Who is removed goes before who is added (MEMB-5, MEMB-12)."""
    stage.using({"maxMembersCount": 1})
    stage.join("Ann")
    stage.caller("service", server=True, xuid="77")
    session = stage.put("service", {"members": {"0": None, **ACTIVE["members"]}})
    assert session
    assert [member.xuid for member in session.members] == ["77"]


def test_creating_more_members_than_there_are_slots_is_refused(stage: Stage) -> None:
    """The limit holds in the creating write too (MEMB-12)."""
    stage.using({"maxMembersCount": 1})
    assert stage.refused("Ann", reservation(stage, "Bob")) == (400, "/members", "JOIN-8")


@pytest.mark.parametrize("acting", [True, False], ids=["for a user", "for itself"])
def test_a_service_joins_nobody_unless_it_says_so(stage: Stage, acting: bool) -> None:
    """A write by a server adds no member (PUT-3)."""
    stage.join("Ann")
    stage.caller("service", server=True, xuid="77" if acting else None)
    assert stage.put("service", {"properties": {"custom": {"a": 1}}})
    assert stage.session
    assert [member.xuid for member in stage.session.members] == ["1000"]


def test_a_service_that_acts_for_a_user_brings_them_in_whatever_the_restriction(stage: Stage) -> None:
    """Servers read and write all sessions; only the number of slots binds them (CALL-4, JOIN-1, MEMB-12)."""
    stage.using({"visibility": "private", "maxMembersCount": 2})
    stage.join("Ann")
    stage.caller("service", server=True, xuid="77")
    stage.join("service")
    stage.caller("another", server=True, xuid="78")
    assert stage.session
    assert [member.xuid for member in stage.session.members] == ["1000", "77"]
    assert stage.refused("another", ACTIVE) == (400, "/members", "JOIN-8")


def test_reservations_are_made_in_a_closed_session_too(stage: Stage) -> None:
    """Closed stops people from coming by themselves, not members from reserving for them (JOIN-9)."""
    stage.put("Ann", {**ACTIVE, "properties": {"system": CLOSED}})
    stage.put("Ann", reservation(stage, "Bob"))
    assert [member.status for member in stage.join("Bob").members] == ["active", "active"]


class TestLocked:
    """JOIN-5: people who left a locked session may come back, and nobody else takes their slot."""

    @pytest.fixture
    def left(self, stage: Stage) -> Stage:
        """A full session of two, locked, which Bob has left."""
        stage.using({"maxMembersCount": 2})
        stage.join("Ann", "Bob")
        stage.put("Ann", {"properties": {"system": {"closed": True, "locked": True}}})
        stage.put("Bob", {"members": {"me": None}})
        return stage

    def test_whoever_left_comes_back(self, left: Stage) -> None:
        """Neither closed nor full is in their way (JOIN-5)."""
        left.join("Bob")
        assert left.session
        assert [member.xuid for member in left.session.members] == ["1000", "1001"]
        assert left.session.away == ()

    def test_nobody_else_takes_their_slot(self, left: Stage) -> None:
        """Not even by reservation, and the text says for whom the slot is kept (JOIN-5)."""
        assert left.refused("Cid", ACTIVE) == (403, "/members/me", "JOIN-4")
        with pytest.raises(Refusal, match="full") as refused:
            left.put("Ann", reservation(left, "Cid"))
        assert str(refused.value).startswith(
            "The session is full: maxMembersCount is 2, and every slot is taken, "
            "1 of them for people who left while it was locked."
        )

    def test_their_own_reservation_fits(self, left: Stage) -> None:
        """A kept slot is theirs to be reserved (JOIN-5)."""
        assert left.put("Ann", reservation(left, "Bob"))

    def test_unlocking_forgets_them(self, left: Stage) -> None:
        """Without the lock the slot is anybody's (JOIN-5)."""
        left.put("Ann", {"properties": {"system": {"locked": False}}})
        assert left.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-4")
        assert left.put("Ann", reservation(left, "Cid"))

    def test_who_was_sent_away_does_not_come_back(self, stage: Stage) -> None:
        """A service removed them, or their reservation ran out: they did not leave (JOIN-5)."""
        stage.using({"reservedRemovalTimeout": 1})
        stage.join("Ann", "Bob")
        stage.put("Ann", {"properties": {"system": {"closed": True, "locked": True}}})
        stage.put("Ann", reservation(stage, "Cid"))
        stage.caller("service", server=True)
        stage.put("service", {"members": {"1": None}})
        stage.advance(1)
        for name in ("Bob", "Cid"):
            assert stage.refused(name, ACTIVE) == (403, "/members/me", "JOIN-4")

    def test_who_was_inactive_for_too_long_comes_back(self, stage: Stage) -> None:
        """Dropping out is leaving (JOIN-5)."""
        stage.join("Ann", "Bob")
        stage.put("Ann", {"properties": {"system": {"closed": True, "locked": True}}})
        stage.put("Bob", {"members": {"me": {"properties": {"system": {"active": False}}}}})
        stage.settle()
        assert [member.xuid for member in stage.join("Bob").members] == ["1000", "1001"]

    def test_who_left_before_the_lock_is_not_remembered(self, stage: Stage) -> None:
        """The slot is kept for those who leave while the session is locked (JOIN-5)."""
        stage.join("Ann", "Bob")
        stage.put("Bob", {"members": {"me": None}})
        stage.put("Ann", {"properties": {"system": {"closed": True, "locked": True}}})
        assert stage.refused("Bob", ACTIVE) == (403, "/members/me", "JOIN-4")

    @pytest.mark.parametrize("properties", [{"locked": True}, {"locked": True, "closed": False}])
    def test_locking_needs_closing(self, stage: Stage, properties: dict[str, Any]) -> None:
        """Only a closed session can be locked (JOIN-5)."""
        stage.join("Ann")
        body = {"properties": {"system": properties}}
        assert stage.refused("Ann", body) == (400, "/properties/system/locked", "JOIN-5")

    def test_a_locked_session_cannot_be_opened_alone(self, left: Stage) -> None:
        """Taking closed away from under locked is refused too (JOIN-5)."""
        body = {"properties": {"system": {"closed": None}}}
        assert left.refused("Ann", body) == (400, "/properties/system/locked", "JOIN-5")


ORDER = [
    (frozenset[str](), "private", {"closed": True, "joinRestriction": "local"}, "PUT-11"),
    (frozenset({"multiplayer"}), "private", {"closed": True, "joinRestriction": "local"}, "JOIN-8"),
    (frozenset({"multiplayer"}), "open", {"closed": True, "joinRestriction": "local"}, "JOIN-4"),
    (frozenset({"multiplayer"}), "open", {"joinRestriction": "local"}, "JOIN-2"),
    (frozenset({"multiplayer"}), "open", {}, "JOIN-8"),
]


@pytest.mark.parametrize(("privileges", "visibility", "properties", "rule"), ORDER)
def test_the_first_of_several_obstacles_is_named(
    stage: Stage, privileges: frozenset[str], visibility: str, properties: dict[str, Any], rule: str
) -> None:
    """Privilege, visibility, closed, restriction, full: in this order (JOIN-10)."""
    stage.using({"visibility": visibility, "maxMembersCount": 1})
    stage.put("Ann", {**ACTIVE, "properties": {"system": properties}})
    stage.caller("Bob", privileges=privileges)
    assert stage.refused("Bob", ACTIVE)[2] == rule


class TestPrivilege:
    """PUT-11: only users with the multiplayer privilege create or join."""

    def test_without_it_one_does_not_create(self, stage: Stage) -> None:
        """Creating is refused (PUT-11)."""
        stage.caller("Ann", privileges=frozenset())
        assert stage.refused("Ann", ACTIVE) == (403, "Authorization", "PUT-11")

    def test_without_it_one_does_not_take_up_a_reservation(self, stage: Stage) -> None:
        """A reservation makes no exception (PUT-11)."""
        stage.join("Ann")
        stage.caller("Bob", privileges=frozenset())
        stage.put("Ann", reservation(stage, "Bob"))
        assert stage.refused("Bob", ACTIVE) == (403, "Authorization", "PUT-11")

    def test_without_it_one_still_leaves_and_changes_what_is_ones_own(self, stage: Stage) -> None:
        """Whoever is in the session already writes as before (PUT-11)."""
        stage.join("Ann", "Bob")
        bob = replace(stage.caller("Bob"), privileges=frozenset())
        stage._callers["Bob"] = bob
        assert stage.put("Bob", {"members": {"me": {"properties": {"custom": {"a": 1}}}}})
        assert stage.put("Bob", {"members": {"me": None}})
        assert stage.session
        assert stage.session.member(bob.xuid) is None

    def test_without_it_one_may_decline_a_reservation(self, stage: Stage) -> None:
        """Leaving is not joining (PUT-11, PUT-4)."""
        stage.join("Ann")
        stage.caller("Bob", privileges=frozenset())
        stage.put("Ann", reservation(stage, "Bob"))
        stage.put("Bob", {"members": {"me": None}})
        assert stage.session
        assert len(stage.session.members) == 1
