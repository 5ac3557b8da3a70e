"""Application of a write to a session: creating, joining, updating, leaving (PUT)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bodies import ACTIVE, LEAVE, Body, constants, properties, reserve
from errors import told_of
from pytest_xbl.mpsd.applying import remove_me, remove_member, remove_server
from pytest_xbl.mpsd.effects import MemberJoined, MemberStatusChanged, SessionCreated
from pytest_xbl.mpsd.view import etag
from tables import cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_xbl.mpsd.effects import Outcome
    from pytest_xbl.mpsd.model import Context, Session
    from tests.mpsd.conftest import Stage


class TestCreating:
    """PUT-2, PUT-9."""

    def test_a_write_to_a_missing_session_creates_it(self, stage: Stage) -> None:
        """With change number 1, and the caller as its first member (PUT-2, PUT-3, PUT-9)."""
        session = stage.write("Ann", ACTIVE)
        assert (session.change_number, session.started, stage.xuids) == (1, stage.now, ["1000"])
        joined = (MemberJoined("1000"), MemberStatusChanged("1000", "inactive", "active"))
        assert stage.effects == (SessionCreated(), *joined)

    def test_a_service_alone_creates_one_for_others(self, stage: Stage) -> None:
        """With reservations, or with a template that keeps empty sessions (PUT-3, CODE-204, TIME-4)."""
        stage.caller("service", server=True)
        stage.put("service", reserve("71", "72"))
        assert stage.statuses == {"71": "reserved", "72": "reserved"}
        stage.using({"sessionEmptyTimeout": 1000})
        assert stage.write("service", {}).members == ()

    def test_a_session_that_would_be_empty_is_never_created(self, stage: Stage) -> None:
        """SessionEmptyTimeout is 0 by default (CODE-204, TIME-4)."""
        stage.caller("service", server=True)
        assert stage.put("service", {}) is None
        assert stage.effects == ()
        assert stage.put("Ann", LEAVE) is None


class TestUpdating:
    """PUT-4, PUT-9, PUT-10, PUT-12."""

    @cases(
        "body",
        {
            "nothing": {},
            "the status": ACTIVE,
            "a property": properties({"a": 1}),
            "a constant": constants(visibility="open"),
            "a member": reserve("1000"),
        },
    )
    def test_a_write_that_changes_nothing_leaves_the_session_as_it_is(self, stage: Stage, body: Body) -> None:
        """The very same value comes back (PUT-9, PUT-12, TMPL-4)."""
        stage.join("Ann")
        before = stage.put("Ann", properties({"a": 1}))
        assert stage.put("Ann", body) is before
        assert stage.effects == ()

    def test_a_write_happens_whole_or_not_at_all(self, stage: Stage) -> None:
        """Changes before the refused part do not happen either; ETag and number change by one step (PUT-9, PUT-10)."""
        before = stage.join("Ann")
        refused = stage.refused("Ann", {**properties({"a": 1}, turn=[9]), **reserve("71")})
        assert refused == (400, "/properties/system/turn", "PROP-3")
        after = stage.write("Ann", {**properties({"a": 1, "b": 2}), **reserve("71")})
        assert after.change_number == before.change_number + 1
        assert etag(after) != etag(before)


class TestLeaving:
    """PUT-4, TIME-4."""

    def test_somebody_who_may_not_read_it_is_not_told_that(self, stage: Stage) -> None:
        """Nor learns about constants: whoever may not leave or write is told so before all else (JOIN-7, CALL-16)."""
        stage.using({"visibility": "private"})
        stage.join("Ann")
        assert stage.refused("Bob", LEAVE) == (403, "the URI", "JOIN-7")
        assert stage.refused("Bob", constants(visibility="open")) == (403, "/members/me", "JOIN-8")

    @cases(
        "more",
        {
            "custom": properties({"a": 1}),
            "system": properties(closed=True),
            "a reservation": {"members": {**LEAVE["members"], **reserve("71")["members"]}},
        },
    )
    def test_somebody_who_is_not_in_it_writes_nothing_else(self, stage: Stage, more: Body) -> None:
        """Only members write (PROP-1)."""
        stage.join("Ann")
        what = "Only members write a session, and the caller leaves it."
        assert stage.told("Bob", {**LEAVE, **more}) == (403, "/members/me", what, "PROP-1")

    def test_a_service_takes_out_whom_it_acts_for_and_writes_on(self, stage: Stage) -> None:
        """Servers write all sessions (CALL-4, PUT-4)."""
        stage.join("Ann", "Bob")
        stage.caller("service", server=True, xuid="1001")
        for number in (1, 2):
            stage.put("service", {**LEAVE, **properties({"a": number})})
            assert stage.xuids == ["1000"]
            assert stage.document()["properties"]["custom"] == {"a": number}


class TestElements:
    """MEMB-15, SERV-2: an element's URI asks for the same removals."""

    @cases(
        "remove rule",
        {
            "me": (remove_me, None),
            "a member": (lambda session, ctx: remove_member(session, 1, ctx), "MEMB-5"),
            "a server": (lambda session, ctx: remove_server(session, "dedicated", ctx), "SERV-1"),
        },
    )
    def test_removing_an_element(
        self, stage: Stage, remove: Callable[[Session | None, Context], Outcome], rule: str | None
    ) -> None:
        """Members and servers go by a service only; again changes nothing (MEMB-5, MEMB-15, SERV-1, SERV-2)."""
        stage.join("Ann", "Bob")
        stage.caller("service", server=True, xuid="1001")
        session = stage.write("service", {"servers": {"dedicated": {}}})
        if rule:
            status, where, _, named = told_of(lambda: remove(session, stage.context("Ann")))
            assert (status, where, named) == (403, "/servers" if rule == "SERV-1" else "the URI", rule)
        left = remove(session, stage.context("service")).session
        assert left
        is_server = rule == "SERV-1"
        assert [member.xuid for member in left.members] == (["1000", "1001"] if is_server else ["1000"])
        assert list(left.servers) == ([] if is_server else ["dedicated"])
        assert remove(left, stage.context("service")).session is left
        missing = told_of(lambda: remove(None, stage.context("service")))
        assert missing == (404, "the URI", "There is no such session.", "CODE-404")
