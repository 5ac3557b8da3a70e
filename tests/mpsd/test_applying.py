"""A write meets a session: creating, joining, updating, leaving (PUT)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.applying import apply_write, remove_me, remove_member, remove_server
from pytest_xbl.mpsd.effects import MemberJoined, MemberLeft, MemberStatusChanged, SessionCreated, SessionDeleted
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.view import etag
from pytest_xbl.mpsd.writes import parse_properties

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_xbl.mpsd.effects import Outcome
    from pytest_xbl.mpsd.model import Context
    from tests.mpsd.conftest import Stage

ACTIVE: dict[str, Any] = {"members": {"me": {"properties": {"system": {"active": True}}}}}
LEAVE: dict[str, Any] = {"members": {"me": None}}


def reserve(*xuids: str) -> dict[str, Any]:
    """A body, or its members, with reservations."""
    return {f"reserve_{n}": {"constants": {"system": {"xuid": xuid}}} for n, xuid in enumerate(xuids)}


class TestCreating:
    """PUT-2, PUT-9."""

    def test_a_write_to_a_missing_session_creates_it(self, stage: Stage) -> None:
        """With change number 1, and the caller as its first member (PUT-2, PUT-3, PUT-9)."""
        session = stage.put("Ann", ACTIVE)
        assert session
        assert session.change_number == 1
        assert session.started == stage.now
        assert [m.xuid for m in session.members] == ["1000"]
        assert stage.effects == (
            SessionCreated(),
            MemberJoined("1000"),
            MemberStatusChanged("1000", "inactive", "active"),
        )

    def test_a_service_alone_creates_one_for_others(self, stage: Stage) -> None:
        """With reservations, or with a template that keeps empty sessions (PUT-3, CODE-204)."""
        stage.caller("service", server=True)
        session = stage.put("service", {"members": reserve("71", "72")})
        assert session
        assert [m.status for m in session.members] == ["reserved", "reserved"]

    def test_a_session_that_would_be_empty_is_never_created(self, stage: Stage) -> None:
        """SessionEmptyTimeout is 0 by default (CODE-204, TIME-4)."""
        stage.caller("service", server=True)
        assert stage.put("service", {}) is None
        assert stage.effects == ()
        assert stage.put("Ann", LEAVE) is None

    def test_an_empty_session_is_kept_where_the_template_says_so(self, stage: Stage) -> None:
        """With a longer sessionEmptyTimeout it waits (TIME-4)."""
        stage.using({"sessionEmptyTimeout": 1000})
        stage.caller("service", server=True)
        session = stage.put("service", {})
        assert session
        assert session.members == ()

    def test_an_element_of_a_missing_session_is_404(self, stage: Stage) -> None:
        """Writing properties makes no session (PUT-6, CODE-404)."""
        write = parse_properties({"custom": {"a": 1}}, contract=107)
        with pytest.raises(Refusal) as refused:
            apply_write(None, write, stage.context("Ann"))
        assert (refused.value.status, refused.value.rule) == (404, "CODE-404")


class TestOrderOfMembers:
    """PUT-13: new members get their indices in the order in which they stand in the body."""

    @pytest.mark.parametrize(
        ("members", "expected"),
        [
            ({"me": {}, **reserve("71", "72")}, ["1000", "71", "72"]),
            ({**reserve("71", "72"), "me": {}}, ["71", "72", "1000"]),
            ({**reserve("71"), "me": {}, "reserve_1": reserve("_", "72")["reserve_1"]}, ["71", "1000", "72"]),
            (reserve("71", "72"), ["1000", "71", "72"]),
        ],
        ids=["me first", "me last", "me between", "me not named"],
    )
    def test_new_members_come_in_the_order_of_the_body(
        self, stage: Stage, members: dict[str, Any], expected: list[str]
    ) -> None:
        """A caller whom the body does not name comes first (PUT-13)."""
        session = stage.put("Ann", {"members": members})
        assert session
        assert [m.xuid for m in session.members] == expected


class TestJoining:
    """PUT-3."""

    @pytest.mark.parametrize("body", [{}, {"members": {}}, {"members": {"me": {}}}, {"properties": {}}])
    def test_any_write_by_a_user_makes_them_a_member(self, stage: Stage, body: dict[str, Any]) -> None:
        """Also one that writes no members at all (PUT-3)."""
        stage.join("Ann")
        session = stage.put("Bob", body)
        assert session
        assert [(m.xuid, m.status) for m in session.members] == [("1000", "active"), ("1001", "inactive")]

    def test_a_user_who_names_nobody_does_not_join_twice(self, stage: Stage) -> None:
        """A member's write that does not name them leaves them as they are (PUT-3)."""
        before = stage.join("Ann")
        assert stage.put("Ann", {}) is before

    @pytest.mark.parametrize("body", [{"members": {"me": {}}}, LEAVE], ids=["me", "me: null"])
    def test_a_service_alone_is_nobodys_me(self, stage: Stage, body: dict[str, Any]) -> None:
        """members.me needs a xuid (MEMB-18)."""
        stage.caller("service", server=True)
        assert stage.refused("service", body) == (403, "/members/me", "MEMB-18")
        stage.join("Ann")
        assert stage.refused("service", body) == (403, "/members/me", "MEMB-18")


class TestUpdating:
    """PUT-4, PUT-9, PUT-10, PUT-12."""

    def test_a_change_raises_the_change_number_and_the_etag(self, stage: Stage) -> None:
        """By one, however much a write changes (PUT-9)."""
        before = stage.join("Ann")
        after = stage.put("Ann", {"properties": {"custom": {"a": 1, "b": 2}}, "members": reserve("71")})
        assert after
        assert after.change_number == before.change_number + 1
        assert etag(after) != etag(before)

    @pytest.mark.parametrize(
        "body",
        [
            {},
            ACTIVE,
            {"properties": {"custom": {"a": 1}}},
            {"constants": {"system": {"visibility": "open"}}},
            {"constants": {"custom": {"mode": None}}},
            {"members": reserve("1000")},
        ],
    )
    def test_a_write_that_changes_nothing_leaves_the_session_as_it_is(self, stage: Stage, body: dict[str, Any]) -> None:
        """The very same value comes back (PUT-9, TMPL-4)."""
        stage.join("Ann")
        before = stage.put("Ann", {"properties": {"custom": {"a": 1}}})
        assert stage.put("Ann", body) is before
        assert stage.effects == ()

    def test_a_write_happens_whole_or_not_at_all(self, stage: Stage) -> None:
        """What comes before the refused part does not happen either (PUT-10)."""
        before = stage.join("Ann")
        body = {"properties": {"custom": {"a": 1}, "system": {"turn": [9]}}, "members": reserve("71")}
        stage.refused("Ann", body)
        assert stage.session is before

    @pytest.mark.parametrize(
        ("constants", "where", "text"),
        [
            (
                {"system": {"visibility": "private"}},
                "/constants/system/visibility",
                'The constant visibility is "open" since the session was made; it cannot become "private".',
            ),
            (
                {"system": {"version": 2}},
                "/constants/system/version",
                "The constant version is not set since the session was made; it cannot become 2.",
            ),
            (
                {"custom": {"mode": "duel"}},
                "/constants/custom/mode",
                'The constant mode is not set since the session was made; it cannot become "duel".',
            ),
            (
                {"system": {"maxMembersCount": None}},
                "/constants/system/maxMembersCount",
                "The constant maxMembersCount is 100 since the session was made; it cannot become null.",
            ),
        ],
    )
    def test_constants_do_not_change(self, stage: Stage, constants: dict[str, Any], where: str, text: str) -> None:
        """409, and the message names the constant (TMPL-4, CODE-409)."""
        stage.join("Ann")
        with pytest.raises(Refusal) as refused:
            stage.put("Ann", {"constants": constants})
        assert str(refused.value) == f"{text}\nwhere: {where}\nrule: TMPL-4"
        assert stage.refused("Ann", {"constants": constants}) == (409, where, "TMPL-4")

    def test_a_stranger_learns_nothing_about_constants(self, stage: Stage) -> None:
        """Whoever may not write is told so before anything else (CALL-16)."""
        stage.using({"visibility": "private"})
        stage.join("Ann")
        body = {"constants": {"system": {"visibility": "open"}}}
        assert stage.refused("Bob", body) == (403, "/members/me", "JOIN-8")

    def test_role_types_do_not_change_yet(self, stage: Stage) -> None:
        """The same ones again are no change, others are refused as not built (ROLE-3, CODE-501)."""
        stage.using(role_types={"team": {"roles": {"red": {"max": 2}}}})
        before = stage.join("Ann")
        assert stage.put("Ann", {"roleTypes": {"team": {"roles": {"red": {"max": 2}}}}}) is before
        body = {"roleTypes": {"team": {"roles": {"red": {"max": 3}}}}}
        assert stage.refused("Ann", body) == (501, "/roleTypes/team", "ROLE-3")


class TestLeaving:
    """PUT-4, TIME-4."""

    def test_me_null_takes_the_caller_out(self, stage: Stage) -> None:
        """The others stay (PUT-4)."""
        stage.join("Ann", "Bob")
        session = stage.put("Ann", LEAVE)
        assert session
        assert [m.xuid for m in session.members] == ["1001"]

    def test_the_last_one_takes_the_session_with_them(self, stage: Stage) -> None:
        """With sessionEmptyTimeout 0 it is gone in the same write (TIME-4, CODE-204)."""
        stage.join("Ann")
        assert stage.put("Ann", LEAVE) is None
        assert stage.effects == (MemberLeft("1000", "left"), SessionDeleted())

    def test_somebody_who_is_not_in_it_leaves_without_effect(self, stage: Stage) -> None:
        """Nothing changes, and they do not join by it (PUT-4)."""
        before = stage.join("Ann")
        assert stage.put("Bob", LEAVE) is before

    def test_somebody_who_may_not_read_it_is_not_told_that(self, stage: Stage) -> None:
        """Leaving a private session that one is not in is refused (JOIN-7)."""
        stage.using({"visibility": "private"})
        stage.join("Ann")
        assert stage.refused("Bob", LEAVE) == (403, "the URI", "JOIN-7")

    @pytest.mark.parametrize(
        "more",
        [
            {"properties": {"custom": {"a": 1}}},
            {"properties": {"system": {"closed": True}}},
            {"members": {"me": None, **reserve("71")}},
        ],
    )
    def test_somebody_who_is_not_in_it_writes_nothing_else(self, stage: Stage, more: dict[str, Any]) -> None:
        """Only members write (PROP-1)."""
        stage.join("Ann")
        assert stage.refused("Bob", {**LEAVE, **more}) == (403, "/members/me", "PROP-1")

    def test_a_service_takes_out_whom_it_acts_for_and_writes_on(self, stage: Stage) -> None:
        """Servers write all sessions (CALL-4, PUT-4)."""
        stage.join("Ann", "Bob")
        stage.caller("service", server=True, xuid="1001")
        session = stage.put("service", {**LEAVE, "properties": {"custom": {"a": 1}}})
        assert session
        assert [m.xuid for m in session.members] == ["1000"]
        assert stage.put("service", {**LEAVE, "properties": {"custom": {"a": 2}}})
        assert stage.document()["properties"]["custom"] == {"a": 2}


class TestElements:
    """MEMB-15, SERV-2: an element's URI asks for the same removals."""

    def test_removing_me(self, stage: Stage) -> None:
        """The caller leaves; again changes nothing (MEMB-15)."""
        stage.join("Ann", "Bob")
        left = remove_me(stage.session, stage.context("Bob")).session
        assert left
        assert [m.xuid for m in left.members] == ["1000"]
        assert remove_me(left, stage.context("Bob")).session is left

    def test_removing_a_member_by_index(self, stage: Stage) -> None:
        """For services only; one who is gone already stays gone (MEMB-5, MEMB-15)."""
        stage.join("Ann", "Bob")
        stage.caller("service", server=True)
        with pytest.raises(Refusal) as refused:
            remove_member(stage.session, 1, stage.context("Ann"))
        assert (refused.value.status, refused.value.rule) == (403, "MEMB-5")
        left = remove_member(stage.session, 1, stage.context("service")).session
        assert left
        assert [m.xuid for m in left.members] == ["1000"]
        assert remove_member(left, 1, stage.context("service")).session is left

    def test_removing_a_server(self, stage: Stage) -> None:
        """For services only; one who is gone already stays gone (SERV-1, SERV-2)."""
        stage.caller("service", server=True)
        stage.join("Ann")
        before = stage.session
        session = stage.put("service", {"servers": {"dedicated": {}}})
        with pytest.raises(Refusal) as refused:
            remove_server(session, "dedicated", stage.context("Ann"))
        assert (refused.value.status, refused.value.where, refused.value.rule) == (403, "/servers", "SERV-1")
        left = remove_server(session, "dedicated", stage.context("service")).session
        assert left
        assert before
        assert left.servers == before.servers == {}
        assert remove_server(left, "dedicated", stage.context("service")).session is left

    @pytest.mark.parametrize(
        "remove",
        [
            remove_me,
            lambda session, ctx: remove_member(session, 0, ctx),
            lambda session, ctx: remove_server(session, "x", ctx),
        ],
        ids=["me", "member", "server"],
    )
    def test_of_a_missing_session_there_is_nothing_to_remove(
        self, stage: Stage, remove: Callable[[None, Context], Outcome]
    ) -> None:
        """404 (MEMB-15, CODE-404)."""
        stage.caller("service", server=True)
        with pytest.raises(Refusal) as refused:
            remove(None, stage.context("service"))
        assert (refused.value.status, refused.value.rule) == (404, "CODE-404")
