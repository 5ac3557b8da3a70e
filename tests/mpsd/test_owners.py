"""Owners of a session (OWN)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, INACTIVE, LEAVE, PATIENT, Body, can, properties
from errors import told_of
from pytest_xbl.mpsd.applying import remove_me, remove_member
from pytest_xbl.mpsd.effects import BecameOwner, MemberLeft, NoLongerOwner, SessionDeleted
from pytest_xbl.mpsd.handle_access import opening, require_may_make
from pytest_xbl.mpsd.handles import new_handle, parse_handle
from pytest_xbl.mpsd.model import NO_OPENING
from pytest_xbl.mpsd.owners import is_owner, owners_of
from tables import cases

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

BY_INDEX = "Members are removed by index by an owner or a service only; one leaves with "
NONE = "owners names members who have joined, by index, and none of them has index {}."


def owned(stage: Stage, *others: str, **policies: Any) -> None:
    """Let Ann make a session with owners, and others join it."""
    constants = {**PATIENT, **can("hasOwners")}
    stage.using({**constants, "ownershipPolicies": policies} if policies else constants)
    stage.join("Ann", *others)


def owners(stage: Stage) -> list[str]:
    """The xuids of the owners."""
    return [owner.xuid for owner in owners_of(stage.held)]


def removal(index: int) -> Body:
    """A body that removes a member."""
    return {"members": {str(index): None}}


class TestWhoOwnsASession:
    """With `hasOwners` there is an owner as long as somebody has joined."""

    def test_the_creator_owns_the_session(self, stage: Stage) -> None:
        """`properties.system.owners` lists the index of the creator, and nobody who joins later (OWN-1)."""
        owned(stage, "Bob")
        assert stage.document()["properties"]["system"] == {"turn": [], "owners": [0]}
        assert (is_owner(stage.held, stage.xuid("Ann")), is_owner(stage.held, stage.xuid("Bob"))) == (True, False)
        assert not is_owner(stage.held, "7")

    def test_a_session_without_the_capability_has_no_owners(self, stage: Stage) -> None:
        """There is no list, and whoever leaves takes nothing with them (OWN-1)."""
        stage.using(PATIENT)
        stage.join("Ann", "Bob")
        assert "owners" not in stage.document()["properties"]["system"]
        assert stage.write("Ann", LEAVE).members

    def test_the_effects_say_who_became_an_owner(self, stage: Stage) -> None:
        """The history tells that the creator owns the session (OWN-1)."""
        owned(stage)
        assert stage.effects[-1] == BecameOwner(stage.xuid("Ann"))

    def test_of_a_service_s_session_the_first_who_joins_is_the_owner(self, stage: Stage) -> None:
        """Reservations own nothing; who takes one up first, or joins first, does (OWN-1)."""
        stage.using({**PATIENT, **can("hasOwners")})
        stage.caller("server", server=True)
        stage.put("server", stage.seat("Ann", "Bob"))
        assert "owners" not in stage.document()["properties"]["system"]
        stage.join("Bob", "Ann")
        assert owners(stage) == [stage.xuid("Bob")]


class TestWhatOwnersDo:
    """Owners remove members, give ownership, and write system properties."""

    @pytest.mark.parametrize("by_uri", [False, True], ids=["in the body", "by the URI"])
    def test_an_owner_removes_a_member_by_index(self, stage: Stage, by_uri: bool) -> None:
        """As a service does (OWN-1, MEMB-5)."""
        owned(stage, "Bob")
        if by_uri:
            stage.session, stage.effects = remove_member(stage.session, 1, stage.context("Ann"))
        else:
            stage.put("Ann", removal(1))
        assert (stage.xuids, stage.effects) == ([stage.xuid("Ann")], (MemberLeft(stage.xuid("Bob"), "removed"),))

    def test_an_owner_removes_another_owner(self, stage: Stage) -> None:
        """Who then is in no list any more (OWN-1)."""
        owned(stage, "Bob")
        stage.put("Ann", properties(owners=[1, 0]))
        stage.put("Bob", removal(0))
        assert (stage.xuids, owners(stage)) == ([stage.xuid("Bob")], [stage.xuid("Bob")])

    @pytest.mark.parametrize("by_uri", [False, True], ids=["in the body", "by the URI"])
    def test_an_owner_who_removes_themselves_leaves(self, stage: Stage, by_uri: bool) -> None:
        """Their write does not add them again (MEMB-5, PUT-3)."""
        owned(stage, "Bob", migration="oldest")
        if by_uri:
            stage.session, stage.effects = remove_member(stage.session, 0, stage.context("Ann"))
        else:
            stage.put("Ann", removal(0))
        assert stage.xuids == [stage.xuid("Bob")]
        assert stage.effects == (MemberLeft(stage.xuid("Ann"), "left"), BecameOwner(stage.xuid("Bob")))

    def test_nobody_else_removes_members(self, stage: Stage) -> None:
        """403 for a member who is no owner, and for a stranger (OWN-1, MEMB-5)."""
        owned(stage, "Bob")
        place = "/members/0"
        assert stage.told("Bob", removal(0)) == (403, place, f"{BY_INDEX}members.me: null.", "MEMB-5")
        assert stage.refused("Cid", removal(0)) == (403, place, "MEMB-5")
        refused = told_of(lambda: remove_member(stage.session, 0, stage.context("Bob")))
        assert refused == (403, "the URI", f"{BY_INDEX}DELETE of members/me.", "MEMB-5")

    def test_an_owner_gives_ownership_away(self, stage: Stage) -> None:
        """They write the whole list, may share it, and may be on it no longer (OWN-5)."""
        owned(stage, "Bob", "Cid")
        stage.put("Ann", properties(owners=[2, 1]))
        assert owners(stage) == [stage.xuid("Cid"), stage.xuid("Bob")]
        gave = (BecameOwner(stage.xuid("Cid")), BecameOwner(stage.xuid("Bob")), NoLongerOwner(stage.xuid("Ann")))
        assert stage.effects == gave
        assert stage.refused("Ann", properties(owners=[0])) == (403, "/properties/system/owners", "OWN-6")

    def test_an_owner_hands_over_and_leaves_in_one_write(self, stage: Stage) -> None:
        """So the session does not end (OWN-3, OWN-5)."""
        owned(stage, "Bob")
        stage.put("Ann", {**properties(owners=[1]), **LEAVE})
        assert (stage.xuids, owners(stage)) == ([stage.xuid("Bob")], [stage.xuid("Bob")])

    @cases(
        "given what",
        {
            "nobody": ([], "A session keeps an owner: owners names at least one member. The last one may leave."),
            "null": (None, "A session keeps an owner: owners names at least one member. The last one may leave."),
            "a stranger": ([0, 7], NONE.format(7)),
            "a reservation": ([2], NONE.format(2)),
            "one twice": ([1, 1], "owners names each index only once."),
        },
    )
    def test_a_list_of_owners_names_members_who_have_joined(self, stage: Stage, given: object, what: str) -> None:
        """At least one, each once: 400 otherwise (OWN-5)."""
        owned(stage, "Bob")
        stage.put("Ann", stage.seat("Cid"))
        assert stage.told("Ann", properties(owners=given)) == (400, "/properties/system/owners", what, "OWN-5")

    def test_other_sessions_have_no_such_list(self, stage: Stage) -> None:
        """400 without `hasOwners`; to take the list away changes nothing (OWN-5)."""
        before = stage.join("Ann")
        what = "owners needs the capability hasOwners."
        expected = (400, "/properties/system/owners", what, "OWN-5")
        assert stage.told("Ann", properties(owners=[0])) == expected
        assert stage.write("Ann", properties(owners=None)) is before

    def test_only_owners_write_system_properties(self, stage: Stage) -> None:
        """Others write those alone that the policies name: 403 otherwise; custom ones are for all (OWN-6)."""
        owned(stage, "Bob", nonOwnerModifiableSystemProperties=["closed"])
        stage.put("Ann", properties(keywords=["fun"]))
        assert stage.write("Bob", properties({"map": "dunes"}, closed=True)).properties.system["closed"]
        what = "Only an owner of the session, or a service, changes keywords; Bob is none."
        expected = (403, "/properties/system/keywords", what, "OWN-6")
        assert stage.told("Bob", properties(keywords=["fun", "ranked"])) == expected
        assert stage.refused("Cid", properties(keywords=None))[0] == 403

    def test_to_write_what_is_there_changes_nothing(self, stage: Stage) -> None:
        """So a client that sends all it knows is not refused (OWN-6)."""
        owned(stage, "Bob")
        before = stage.write("Ann", properties(keywords=["fun"]))
        assert stage.write("Bob", properties(keywords=["fun"], closed=False, host="nobody's", owners=[0])) is before
        expected = (403, "/properties/system/closed", "OWN-6")
        assert stage.refused("Bob", properties(keywords=["fun"], closed=True)) == expected

    def test_only_owners_end_the_evaluation(self, stage: Stage) -> None:
        """`initializationSucceeded` is acted on at once, and is a change also though it is not kept (OWN-6, PROP-6)."""
        initialization = {"externalEvaluation": True, "membersNeededToStart": 0}
        joining = {"members": {"me": {"constants": {"system": {"initialize": True}}, **ACTIVE["members"]["me"]}}}
        stage.using({**PATIENT, **can("hasOwners"), "memberInitialization": initialization})
        stage.put("Ann", joining)
        stage.put("Bob", joining)
        stage.put("Bob", properties())
        expected = (403, "/properties/system/initializationSucceeded", "OWN-6")
        assert stage.refused("Bob", properties(initializationSucceeded=True)) == expected
        assert stage.write("Ann", properties(initializationSucceeded=True)) is not None

    def test_a_service_writes_what_owners_write(self, stage: Stage) -> None:
        """Unless it denies itself that: then each of its users has to be an owner (OWN-1, S2S-3)."""
        owned(stage, "Bob")
        stage.caller("server", server=True)
        stage.put("server", properties(keywords=["fun"]))
        both = (stage.caller("Ann"), stage.caller("Bob"))
        stage.caller("denied", server=True)
        stage.renew("denied", acting=both, denied=True)
        assert stage.refused("denied", properties(keywords=["x"])) == (403, "/properties/system/keywords", "OWN-6")
        stage.put("server", properties(owners=[0, 1]))
        assert stage.write("denied", properties(keywords=["x"])).properties.system["keywords"] == ["x"]


class TestTheLastOwner:
    """What happens when the last owner goes depends on the policy."""

    def test_by_default_the_session_ends(self, stage: Stage) -> None:
        """Everybody leaves, and it is gone at once, though it might stay when it is empty (OWN-3)."""
        owned(stage, "Bob", "Cid")
        assert stage.put("Ann", LEAVE) is None
        ended = [MemberLeft(stage.xuid(name), "the last owner has gone") for name in ("Bob", "Cid")]
        assert stage.effects == (MemberLeft(stage.xuid("Ann"), "left"), *ended, SessionDeleted())

    def test_while_there_is_another_owner_nothing_happens(self, stage: Stage) -> None:
        """Whoever remains owns it (OWN-3)."""
        owned(stage, "Bob")
        stage.put("Ann", properties(owners=[0, 1]))
        stage.put("Ann", LEAVE)
        assert owners(stage) == [stage.xuid("Bob")]
        assert stage.effects == (MemberLeft(stage.xuid("Ann"), "left"),)

    def test_the_oldest_member_becomes_the_owner(self, stage: Stage) -> None:
        """With `migration: oldest`: who joined first, whatever their index (OWN-3)."""
        owned(stage, migration="oldest")
        stage.put("Ann", stage.seat("Cid"))
        stage.advance(1000)
        stage.join("Bob")
        stage.advance(1000)
        stage.join("Cid")
        stage.put("Ann", LEAVE)
        assert owners(stage) == [stage.xuid("Bob")]
        assert stage.effects[-1] == BecameOwner(stage.xuid("Bob"))

    def test_reservations_inherit_nothing(self, stage: Stage) -> None:
        """Whoever joins next is the owner (OWN-3)."""
        owned(stage, migration="oldest")
        stage.put("Ann", stage.seat("Bob"))
        stage.put("Ann", LEAVE)
        assert "owners" not in stage.document()["properties"]["system"]
        stage.join("Cid")
        assert owners(stage) == [stage.xuid("Cid")]

    def test_an_empty_session_waits_for_its_next_owner(self, stage: Stage) -> None:
        """It stays as any other, for its `sessionEmptyTimeout` (OWN-3, TIME-4)."""
        owned(stage, migration="oldest")
        stage.put("Ann", LEAVE)
        stage.join("Bob")
        assert owners(stage) == [stage.xuid("Bob")]

    def test_a_timeout_may_take_the_last_owner(self, stage: Stage) -> None:
        """It ends the session as leaving does (OWN-3, TIME-3)."""
        stage.using({**can("hasOwners"), "inactiveRemovalTimeout": 1000})
        stage.join("Ann", "Bob")
        stage.put("Ann", INACTIVE)
        stage.advance(1000)
        assert stage.settle() is None
        assert stage.effects[-2:] == (MemberLeft(stage.xuid("Bob"), "the last owner has gone"), SessionDeleted())

    def test_a_service_may_remove_the_last_owner(self, stage: Stage) -> None:
        """Whoever joins in the same write is not asked to be the owner instead (OWN-3)."""
        owned(stage, "Bob")
        stage.caller("server", server=True)
        assert stage.put("server", {"members": {"0": None, **stage.seat("Cid")["members"]}}) is None

    def test_delete_is_the_same(self, stage: Stage) -> None:
        """DELETE of `members/me` by the last owner ends the session (OWN-3, MEMB-15)."""
        owned(stage, "Bob")
        assert remove_me(stage.session, stage.context("Ann")).session is None


class TestBlocks:
    """An owner's block keeps people out."""

    @pytest.mark.parametrize("reserved", [False, True], ids=["joining", "taking up a reservation"])
    def test_whom_an_owner_has_blocked_cannot_join(self, stage: Stage, reserved: bool) -> None:
        """403, with a reservation, too; a block by anybody else means nothing (OWN-4)."""
        owned(stage, "Bob")
        if reserved:
            stage.put("Ann", stage.seat("Cid"))
        stage.blocks = {stage.xuid("Bob"): frozenset({stage.xuid("Cid")})}
        stage.join("Cid")
        stage.put("Cid", LEAVE)
        if reserved:
            stage.put("Ann", stage.seat("Cid"))
        stage.blocks = {stage.xuid("Ann"): frozenset({stage.xuid("Cid")})}
        what = "An owner of the session has blocked Cid, who therefore cannot join it."
        place = "/members/me"
        assert stage.told("Cid", ACTIVE) == (403, place, what, "OWN-4")

    def test_a_member_who_is_blocked_later_stays(self, stage: Stage) -> None:
        """The block is about joining (OWN-4)."""
        owned(stage, "Bob")
        stage.blocks = {stage.xuid("Ann"): frozenset({stage.xuid("Bob")})}
        assert stage.write("Bob", INACTIVE).member(stage.xuid("Bob"))

    def test_a_session_without_owners_asks_for_no_blocks(self, stage: Stage) -> None:
        """Nobody's block keeps anybody out (OWN-4)."""
        stage.join("Ann")
        stage.blocks = {stage.xuid("Ann"): frozenset({stage.xuid("Bob")})}
        assert stage.join("Bob").member(stage.xuid("Bob"))


class TestInvites:
    """Members who are no owners make no invites, unless they are allowed to."""

    def invite(self, stage: Stage, sender: str) -> None:
        """Ask whether somebody may invite."""
        ref = stage.ref.as_json()
        asked = parse_handle({"type": "invite", "sessionRef": ref, "invitedXuid": "7"})
        require_may_make(asked, stage.session, stage.context(sender), None)

    def test_only_owners_invite(self, stage: Stage) -> None:
        """403 for others (OWN-2)."""
        owned(stage, "Bob")
        self.invite(stage, "Ann")
        what = "Only owners invite to this session, and Bob is none."
        assert told_of(lambda: self.invite(stage, "Bob")) == (403, "/sessionRef", what, "OWN-2")
        stage.caller("server", server=True)
        self.invite(stage, "server")

    def test_a_policy_lets_all_members_invite(self, stage: Stage) -> None:
        """With `allowNonOwnerInviteHandles` (OWN-2)."""
        owned(stage, "Bob", allowNonOwnerInviteHandles=True)
        self.invite(stage, "Bob")

    def test_an_early_invite_opens_when_its_sender_may_invite(self, stage: Stage) -> None:
        """One that was made before the session opens nothing while its sender is no owner (OWN-2, HAND-17)."""
        asked = parse_handle({"type": "invite", "sessionRef": stage.ref.as_json(), "invitedXuid": stage.xuid("Cid")})
        handle = new_handle(asked, None, stage.context("Bob"), "1")
        owned(stage, "Bob")
        assert opening(handle, stage.caller("Cid"), stage.held, None) == NO_OPENING
        stage.put("Ann", properties(owners=[1]))
        assert opening(handle, stage.caller("Cid"), stage.held, None).join_restriction
