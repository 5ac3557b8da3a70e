"""Services act for users (S2S)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, PATIENT, Body, properties, reserve
from errors import refusal_of, told, told_of
from pytest_xbl.mpsd.access import read_refusal
from pytest_xbl.mpsd.acting import DENY_SCOPE, USERS, acting_for, check_own_parts, notes_on
from pytest_xbl.mpsd.applying import apply_write, remove_member, remove_server
from pytest_xbl.mpsd.effects import MemberJoined, MemberLeft, MemberReserved, MemberStatusChanged, SessionCreated
from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.writes import parse_properties, parse_write

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

ANN, BOB, CID = "1000", "1001", "1002"
GREEN: Body = {"properties": {"system": {"active": True}, "custom": {"hat": "green"}}}


def members(**parts: Any) -> Body:
    """A body that writes members, by key."""
    return {"members": parts}


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """A patient session to be, and a service for each way to act."""
    stage.using(PATIENT)
    ann, bob, _cid = (stage.caller(name) for name in ("Ann", "Bob", "Cid"))
    serve(stage, "service")
    serve(stage, "for Ann", ann)
    serve(stage, "for both", ann, bob)
    return stage


def serve(stage: Stage, name: str, *users: Caller, denied: bool = False, **claims: Any) -> Caller:
    """A service that names these users in its header, with other claims of theirs."""
    named = tuple(user._replace(claims_in=USERS, **claims) for user in users)
    caller = acting_for(Caller(name, server=True), named, denied=denied)
    stage.play(caller)
    return caller


class TestMemberKeys:
    """S2S-2."""

    @pytest.mark.parametrize("key", [f"me_{ANN}", "me", "me_all"])
    def test_a_service_brings_a_user_in(self, stage: Stage, key: str) -> None:
        """With the user's claims, whichever key the body has (S2S-1, S2S-2)."""
        stage.put("for Ann", members(**{key: GREEN}))
        member = stage.member()
        assert (member["gamertag"], member["activeTitleId"], member["properties"]["custom"]) == (
            "AnnGT",
            "7",
            {"hat": "green"},
        )
        assert stage.effects == (SessionCreated(), MemberJoined(ANN), MemberStatusChanged(ANN, "inactive", "active"))

    def test_one_write_adds_several_users(self, stage: Stage) -> None:
        """`me_all` is each of them, in the order of the header (S2S-2)."""
        stage.put("for both", members(me_all=GREEN))
        assert stage.xuids == [ANN, BOB]
        assert {member["properties"]["custom"]["hat"] for member in stage.document()["members"].values()} == {"green"}

    def test_parts_are_written_in_the_order_of_the_body(self, stage: Stage) -> None:
        """So a part of one user may add to that of all (S2S-2)."""
        red = {"properties": {"custom": {"hat": "red"}}}
        stage.put("for both", members(me_all=GREEN, me_1001=red))
        hats = [member["properties"]["custom"]["hat"] for member in stage.document()["members"].values()]
        assert hats == ["green", "red"]

    def test_of_two_values_the_later_counts(self, stage: Stage) -> None:
        """So a body that is sent again changes nothing (S2S-2, PUT-14)."""
        red = {"properties": {"custom": {"hat": "red"}, "system": {"groups": ["b"], "active": True}}}
        both = {"properties": {"custom": {"hat": "green", "size": 7}, "system": {"groups": ["a"]}}}
        body = members(me_all=both, me_1001=red, me_allInSession={})
        stage.put("for both", body)
        before = stage.put("for both", body)
        assert stage.put("for both", body) is before
        assert [m["properties"]["custom"] for m in stage.document()["members"].values()] == [
            {"hat": "green", "size": 7},
            {"size": 7, "hat": "red"},
        ]
        assert [m.system["groups"] for m in stage.held.members] == [["a"], ["b"]]

    @pytest.mark.parametrize("keys", [("me", "me_all"), ("me_all", "me")])
    def test_me_has_its_place_in_that_order(self, stage: Stage, keys: tuple[str, str]) -> None:
        """Like the other keys (S2S-2, PUT-13)."""
        stage.put("for Ann", members(**{key: {"properties": {"custom": {"last": key}}} for key in keys}))
        assert stage.member()["properties"]["custom"] == {"last": keys[-1]}

    def test_only_those_who_are_in_the_session_are_changed(self, stage: Stage) -> None:
        """`me_allInSession` adds nobody; a reservation is enough to be in it (S2S-2)."""
        assert stage.write("for both", members(me_allInSession=GREEN)).members == ()
        stage.put("service", reserve(BOB))
        stage.put("for both", members(me_allInSession=GREEN))
        assert (stage.xuids, next(iter(stage.held.members)).status) == ([BOB], "active")

    def test_null_removes(self, stage: Stage) -> None:
        """One, each, or each who is there; whoever is not there is not missed (S2S-2)."""
        stage.join("Ann", "Bob", "Cid")
        stage.put("for both", {**members(me_1000=None), **properties({"round": 1})})
        assert stage.effects == (MemberLeft(ANN, "left"),)
        assert (stage.xuids, stage.document()["properties"]["custom"]) == ([BOB, CID], {"round": 1})
        before = stage.put("for both", members(me_allInSession=None))
        assert stage.put("for both", members(me_all=None)) is before
        assert stage.xuids == [CID]

    def test_nobody_leaves_a_session_that_is_not_there(self, stage: Stage) -> None:
        """It is not made for that (PUT-4, S2S-2)."""
        assert stage.put("for both", members(me_all=None)) is None

    def test_one_user_of_a_service_may_leave_what_another_makes(self, stage: Stage) -> None:
        """A part that adds somebody makes the session (PUT-3, S2S-2)."""
        assert [it.xuid for it in stage.write("for both", members(me_1000=None, me_1001=GREEN)).members] == [BOB]

    def test_a_service_adds_only_whom_its_body_names(self, stage: Stage) -> None:
        """Unlike a user, whose every write joins (PUT-3, S2S-2)."""
        assert stage.write("for both", properties({"round": 1})).members == ()

    @pytest.mark.parametrize(
        ("who", "key", "what", "rule"),
        [
            ("for both", "me", "members.me is a single user, and the service acts for 2: use me_<xuid> or me_all.",
             "S2S-2"),
            ("for both", "me_1002", "The service does not act for the user 1002; it acts for: 1000, 1001.", "S2S-2"),
            ("service", "me_1000", "members.me_1000 is for services that act for users, and this one acts for nobody.",
             "S2S-2"),
            ("service", "me", "members.me is a user, and the caller is a service that acts for none.", "MEMB-18"),
            ("Ann", "me_all", "members.me_all is for services that act for users; a user writes members.me.", "S2S-2"),
            ("Ann", "me_1000", "members.me_1000 is for services that act for users; a user writes members.me.",
             "S2S-2"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("value", [{}, None])
    def test_a_key_is_for_those_who_act_for_its_user(
        self, stage: Stage, who: str, key: str, what: str, rule: str, value: Body | None
    ) -> None:
        """403 at the key, with the session, whether it adds or removes (S2S-2, MEMB-18, CODE-403)."""
        refusal = refusal_of(lambda: stage.put(who, members(**{key: value})))
        assert told(refusal) == (403, f"/members/{key}", what, rule)
        assert refusal.shows_session

    @pytest.mark.parametrize("key", ["me_", "me_ann", "me_All", "me_1x", f"me_{'1' * 21}", "meAll"])
    def test_another_key_is_not_known(self, stage: Stage, key: str) -> None:
        """400, as for any field (CALL-6)."""
        assert stage.refused("for both", members(**{key: {}})) == (400, f"/members/{key}", "CALL-6")

    def test_nobody_is_changed_and_removed_at_once(self, stage: Stage) -> None:
        """Sent again, such a body would never come to rest: 400 (S2S-2)."""
        bodies = {
            "me_all": members(me_all=GREEN, me_1001=None),
            "me_1001": members(me_allInSession=None, me_1001=GREEN),
        }
        for key, body in bodies.items():
            told = told_of(lambda body=body: check(stage, "for both", body))  # type: ignore[misc]
            what = "The user 1001 is changed here, and removed in the same write."
            assert told == (400, f"/members/{key}", what, "S2S-2")

    @pytest.mark.parametrize(
        ("first", "second"),
        [("me_all", "me_1001"), ("me_1001", "me_allInSession"), ("me_allInSession", "me_all")],
    )
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ({"active": True}, {"ready": True}),
            ({"ready": True}, {"active": True}),
            ({"active": True}, {"active": False}),
            ({"ready": None}, {"ready": True}),
            ({"active": True}, {"active": None, "ready": True}),
        ],
    )
    def test_nobody_has_two_statuses_at_once(
        self, stage: Stage, first: str, second: str, before: Body, after: Body
    ) -> None:
        """400 at the second: sent again, such a body would never come to rest (S2S-2, PUT-14)."""
        body = members(**{first: {"properties": {"system": before}}, second: {"properties": {"system": after}}})
        status, where, what, rule = told_of(lambda: check(stage, "for both", body))
        assert (status, where, rule) == (400, f"/members/{second}", "S2S-2")
        assert what.endswith(" is another one here than in a part before.")

    def test_parts_may_ask_for_one_status_together(self, stage: Stage) -> None:
        """And then a body that is sent again changes nothing (S2S-2, PUT-14)."""
        same = {"properties": {"system": {"active": True, "ready": False}, "custom": {"hat": "green"}}}
        body = members(me_all=GREEN, me_1001=same, me_allInSession={"properties": {"system": {"ready": None}}})
        check(stage, "for both", body)
        before = stage.put("for both", body)
        assert stage.put("for both", body) is before

    def test_the_users_own_xuid_wins(self, stage: Stage) -> None:
        """Under every key, with a note (MEMB-6, S2S-2)."""
        body = members(me_1000={"constants": {"system": {"xuid": "7"}}})
        note = 'members.me_1000 names the xuid "7"; the caller\'s own counts, 1000 (MEMB-6).'
        assert notes_on(parse_write(body, contract=107), stage.caller("for both")) == (note,)
        stage.put("for both", body)
        assert stage.xuids == [ANN]


def check(stage: Stage, name: str, body: Body) -> None:
    """Check the parts of a body."""
    check_own_parts(parse_write(body, contract=107), stage.caller(name))


class TestReservations:
    """S2S-4."""

    def test_a_service_reserves_places_when_it_creates_the_session(self, stage: Stage) -> None:
        """In the order of its header (S2S-4)."""
        body = reserve(ANN, BOB)
        check(stage, "for both", body)
        stage.put("for both", body)
        assert stage.effects == (SessionCreated(), MemberReserved(ANN), MemberReserved(BOB))

    def test_it_reserves_none_in_a_session_that_is_there(self, stage: Stage) -> None:
        """409; a service that acts for nobody, such as the matchmaker, does (S2S-4, MEMB-3)."""
        stage.join("Cid")
        what = "A service that acts for users reserves places only while it creates the session."
        told = told_of(lambda: stage.put("for both", reserve(ANN)))
        assert told == (409, "/members/reserve_0", what, "S2S-4")
        stage.put("service", reserve(ANN))
        assert stage.xuids == [CID, ANN]

    @pytest.mark.parametrize("other", [{"me_all": {}}, {"me_1000": None}, {"0": None}, {"me": {}}])
    def test_it_does_nothing_else_to_members_then(self, stage: Stage, other: Body) -> None:
        """Whatever the session is: 400 (S2S-4)."""
        body = members(**reserve(ANN)["members"], **other)
        what = "A service that acts for users does not reserve places in a write that adds, changes or removes members."
        told = told_of(lambda: check(stage, "for Ann", body))
        assert told == (400, "/members/reserve_0", what, "S2S-4")

    @pytest.mark.parametrize("xuids", [(BOB, ANN), (CID,), (ANN, CID), (ANN, ANN)])
    def test_they_are_for_its_users_in_their_order(self, stage: Stage, xuids: tuple[str, ...]) -> None:
        """400 otherwise (S2S-4)."""
        what = "Reservations are for the users that the service acts for, in their order: 1000, 1001."
        assert told_of(lambda: check(stage, "for both", reserve(*xuids))) == (400, "/members", what, "S2S-4")
        check(stage, "for both", reserve(BOB))

    def test_a_service_with_a_user_in_its_token_reserves_like_any_other(self, stage: Stage) -> None:
        """The documented request has a user, reservations and removals in one body (MEMB-3, CALL-4)."""
        stage.play(acting_for(Caller("agent", server=True), (stage.caller("Ann"),)))
        stage.join("Bob")
        body = members(me={}, **reserve(CID)["members"])
        check(stage, "agent", body)
        stage.put("agent", body)
        assert stage.xuids == [BOB, ANN, CID]

    @pytest.mark.parametrize(
        ("keys", "order"),
        [
            ("reserve_0 me_1000", [CID, ANN]),
            ("reserve_0 me_all", [CID, ANN, BOB]),
            ("me_1001 reserve_0 me_1000", [BOB, CID, ANN]),
            ("me_all reserve_0 me_1000", [ANN, BOB, CID]),
            ("reserve_0 me_1000 reserve_1 me_1001", [CID, ANN, "7", BOB]),
        ],
    )
    def test_members_come_in_the_order_of_the_body(self, stage: Stage, keys: str, order: list[str]) -> None:
        """Reservations and the users of every key; these are in the token, not in a header (PUT-13, MEMB-3)."""
        stage.play(acting_for(Caller("agent", server=True), (stage.caller("Ann"), stage.caller("Bob"))))
        places = reserve(CID, "7")["members"]
        stage.put("agent", members(**{key: places.get(key, {}) for key in keys.split()}))
        assert stage.xuids == order


def may_read(stage: Stage, name: str) -> bool:
    """Whether a caller may read the session."""
    return read_refusal(stage.held, stage.context(name)) is None


PRIVATE: Body = {**PATIENT, "visibility": "private"}


class TestAccess:
    """S2S-3."""

    @pytest.mark.parametrize("system", [{}, {"visibility": "private"}, {"visibility": "visible"}])
    def test_a_service_is_not_held_back(self, stage: Stage, system: Body) -> None:
        """By visibility, restrictions, a closed session, or the privileges of its users (S2S-3)."""
        stage.using({**PATIENT, **system})
        stage.put("Cid", properties(closed=True, joinRestriction="local", readRestriction="local"))
        serve(stage, "for both", stage.caller("Ann"), stage.caller("Bob"), privileges=frozenset())
        assert may_read(stage, "for both")
        stage.put("for both", members(me_all=GREEN))
        assert stage.xuids == [CID, ANN, BOB]

    @pytest.mark.parametrize(
        ("system", "restrictions", "rule"),
        [
            (PRIVATE, {}, "JOIN-8"),
            ({**PATIENT, "visibility": "visible"}, {}, "JOIN-8"),
            (PATIENT, {"joinRestriction": "local"}, "JOIN-2"),
            (PATIENT, {"closed": True}, "JOIN-4"),
        ],
    )
    def test_it_may_deny_itself_its_access(self, stage: Stage, system: Body, restrictions: Body, rule: str) -> None:
        """Then each of the users whom its body names needs to have access (S2S-3)."""
        body = members(me_all=GREEN)
        stage.using(system)
        stage.put("Cid", {**properties(**restrictions), **ACTIVE})
        serve(stage, "denied", stage.caller("Ann"), stage.caller("Bob"), denied=True)
        before = stage.held
        assert stage.refused("denied", body)[::2] == (403, rule)
        stage.put("service", reserve(ANN))
        assert stage.refused("denied", body)[::2] == (403, rule)
        stage.put("service", reserve(BOB))
        stage.put("denied", body)
        assert stage.held.change_number > before.change_number

    def test_whoever_is_not_named_needs_only_the_right_to_read(self, stage: Stage) -> None:
        """A service adds nobody else, so a closed session does not matter to them, but a private one does (S2S-2)."""
        stage.put("Ann", {**properties(closed=True), **ACTIVE})
        bob = stage.caller("Bob")._replace(privileges=frozenset())
        serve(stage, "denied", stage.caller("Ann"), bob, denied=True)
        stage.put("denied", {**members(me_1000=GREEN), **properties({"round": 1})})
        assert (stage.xuids, stage.member()["properties"]["custom"]) == ([ANN], {"hat": "green"})
        stage.using(PRIVATE)
        stage.put("denied", members(me_1000=GREEN))
        assert stage.refused("denied", members(me_1000=GREEN)) == (403, "the URI", "JOIN-7")

    @pytest.mark.parametrize("key", ["me_1001", "me_all"])
    def test_a_refusal_names_the_key_and_the_user(self, stage: Stage, key: str) -> None:
        """If the service acts for several, the sentence has the name (S2S-3, JOIN-4, PROP-1)."""
        stage.put("Ann", {**properties(closed=True), **ACTIVE})
        serve(stage, "denied", stage.caller("Ann"), stage.caller("Bob"), denied=True)
        status, where, what, rule = stage.told("denied", members(**{key: GREEN}))
        assert (status, where, rule) == (403, f"/members/{key}", "JOIN-4")
        assert what.endswith("is met. This is about Bob, one of the 2 users that the service acts for.")
        what = "Only members write a session, and Bob leaves it."
        told = stage.told("denied", {**members(**{key: None}), **properties({"round": 1})})
        assert told == (403, f"/members/{key}", what, "PROP-1")

    def test_reading_is_denied_as_well(self, stage: Stage) -> None:
        """Until all of its users may read it (S2S-3, JOIN-7)."""
        stage.using(PRIVATE)
        stage.join("Cid")
        stage.put("service", reserve(ANN))
        serve(stage, "denied", stage.caller("Ann"), stage.caller("Bob"), denied=True)
        assert not may_read(stage, "denied")
        stage.put("service", reserve(BOB))
        assert may_read(stage, "denied")

    def test_the_device_of_the_user_counts(self, stage: Stage) -> None:
        """A local restriction is met by the device that the user plays on (S2S-1, JOIN-2)."""
        stage.put("Cid", {**properties(joinRestriction="local"), **ACTIVE})
        ann = stage.caller("Ann")._replace(device_id=stage.caller("Cid").device_id)
        serve(stage, "denied", ann, denied=True)
        stage.put("denied", members(me=GREEN))
        assert stage.xuids == [CID, ANN]

    def test_the_privileges_of_the_header_count(self, stage: Stage) -> None:
        """To create a session, to join it, and to take up a reservation; the place is the header (S2S-1, PUT-11)."""
        serve(stage, "denied", stage.caller("Ann"), denied=True, privileges=frozenset())
        what = "Ann lacks the multiplayer privilege, so cannot create or join a session."
        for _ in range(3):
            assert told_of(lambda: stage.put("denied", members(me={}))) == (403, USERS, what, "PUT-11")
            stage.put("service", reserve(*stage.xuids, ANN)) if stage.session else stage.join("Cid")

    def test_leaving_needs_only_the_right_to_read(self, stage: Stage) -> None:
        """And writes nothing else (PUT-4, PROP-1, S2S-3)."""
        stage.put("Cid", {**properties(closed=True), **ACTIVE})
        serve(stage, "denied", stage.caller("Ann"), denied=True)
        before = stage.session
        assert stage.put("denied", members(me=None)) is before
        assert stage.refused("denied", {**members(me=None), **properties({"a": 1})})[::2] == (403, "PROP-1")
        stage.using(PRIVATE)
        stage.join("Cid")
        assert stage.refused("denied", members(me=None))[::2] == (403, "JOIN-7")

    @pytest.mark.parametrize("body", [properties({"round": 1}), {"servers": {"x": {}}}])
    def test_only_members_write(self, stage: Stage, body: Body) -> None:
        """One of its users is a member, or joins by the write; servers still need the service (S2S-3, PROP-1)."""
        stage.join("Cid")
        serve(stage, "denied", stage.caller("Ann"), stage.caller("Bob"), denied=True)
        what = "Only members write a session, and of the users that the service acts for none is or becomes one."
        for more in ({}, members(me_allInSession=GREEN)):
            assert stage.told("denied", {**body, **more}) == (403, DENY_SCOPE, what, "PROP-1")
        assert stage.put("denied", {}) is stage.session
        before = stage.put("denied", {**body, **members(me_1000=GREEN)})
        assert (stage.xuids, stage.put("denied", body)) == ([CID, ANN], before)

    def test_it_writes_no_element_of_a_session_without_its_users(self, stage: Stage) -> None:
        """The properties, or a server, by their own URI (S2S-3, PROP-1)."""
        stage.write("Cid", ACTIVE)
        stage.put("service", {"servers": {"x": {}}})
        serve(stage, "denied", stage.caller("Ann"), denied=True)
        write = parse_properties({"custom": {"round": 1}}, contract=107)
        for attempt in (
            lambda: apply_write(stage.held, write, stage.context("denied")),
            lambda: remove_server(stage.held, "x", stage.context("denied")),
        ):
            status, place, _, rule = told_of(attempt)
            assert (status, place, rule) == (403, DENY_SCOPE, "PROP-1")

    def test_it_removes_nobody_by_index(self, stage: Stage) -> None:
        """Not any more than a user (S2S-3, MEMB-5)."""
        stage.join("Ann", "Cid")
        serve(stage, "denied", stage.caller("Ann"), denied=True)
        what = "Members are removed by index by a service with Multiplayer.Manage only, which this one denies itself."
        assert stage.told("denied", members(**{"1": None})) == (403, "/members/1", what, "MEMB-5")
        told = told_of(lambda: remove_member(stage.held, 1, stage.context("denied")))
        assert told == (403, "the URI", what, "MEMB-5")
