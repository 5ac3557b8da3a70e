"""A test plays the service that matches players (SERV-4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bodies import PATIENT, READY, SCID, ref
from errors import error_of
from people import person
from pytest_xbl import SessionRef, SessionView, XblError, XboxLive

GAME = ref("g1", "game")


@pytest.fixture
def ticket(xbl: XboxLive) -> SessionView:
    """Stacy's ticket."""
    return xbl.sessions.create("ticket", name="one", members=[xbl.user("Stacy")])


def said(ticket: SessionView) -> Any:
    """What the service has said so far."""
    return ticket.document["servers"]["matchmaking"]["properties"]["system"]


def test_a_search_finds_a_match(xbl: XboxLive, ticket: SessionView) -> None:
    """As the service writes it: searching, then found with the target; the history tells it (SERV-4, SEEN-2)."""
    ticket.match_status("searching", typical_wait=30)
    assert said(ticket) == {"status": "searching", "typicalWait": 30}
    game = xbl.sessions.create("game", name="g1", members={person(xbl, "Stacy"): "reserved"})
    ticket.match_found(game)
    assert said(ticket) == {"status": "found", "typicalWait": 30, "targetSessionRef": GAME}
    assert str(ticket.history).splitlines()[1:] == [
        "#2 12:00:00 match-status by the test: match searching",
        f"#3 12:00:00 match-found by the test: match found: {SCID}~game~g1",
    ]


@pytest.mark.parametrize("status", ["searching", "expired", "failed", "canceled"])
def test_only_a_match_that_is_found_has_a_target(ticket: SessionView, status: Any) -> None:
    """Every other status takes it away (SERV-4)."""
    ticket.match_found((SCID, "game", "g1"))
    ticket.match_status(status, status_details="as the test says")
    assert said(ticket) == {"status": status, "statusDetails": "as the test says"}


def test_a_target_need_not_be_there(xbl: XboxLive, ticket: SessionView) -> None:
    """The service writes a reference; given in any form, it is the same (SERV-4)."""
    game = xbl.sessions.create("game", name="g2", members=[person(xbl, "Stacy")])
    elsewhere = ("5c1d0000-0000-4000-8000-000000000002", "any", "g1")
    for target in ((SCID, "game", "g1"), SessionRef(SCID, "game", "g1"), elsewhere, game):
        ticket.match_found(target)
    assert said(ticket)["targetSessionRef"] == ref("g2", "game")


def test_a_target_is_no_session_of_another_world(ticket: SessionView) -> None:
    """It would be one of this world, of the same name (SEED-2)."""
    other = XboxLive()
    game = other.sessions.create("game", name="g1", members=[other.user("Zoe")])
    what = f"The session {SCID}~game~g1 belongs to another world, not to this one."
    assert error_of(lambda: ticket.match_found(game)) == f"{what}\nwhere: target\nrule: SEED-2"


def test_saying_the_same_again_changes_nothing(ticket: SessionView) -> None:
    """It is a write like any other (PUT-9)."""
    ticket.match_status("searching")
    etag = ticket.etag
    ticket.match_status("searching")
    assert (ticket.etag, len(ticket.history)) == (etag, 2)


def test_a_timeout_that_is_due_comes_first(xbl: XboxLive) -> None:
    """It is an access like any other (TIME-1)."""
    xbl.templates.add("slow", {"constants": {"system": {**PATIENT, "reservedRemovalTimeout": 1000}}})
    ticket = xbl.sessions.create("slow", members={xbl.user("Stacy"): "active", xbl.user("Ana"): "reserved"})
    xbl.clock.advance(seconds=2)
    ticket.match_status("searching")
    assert [version.operation for version in ticket.history] == ["create", "timers", "match-status"]


STATUSES = '"searching", "expired", "found", "failed", "canceled"'
WRONG: list[tuple[Callable[[Any], None], str, str, str]] = [
    (lambda it: it.match_status("serching"), "status", "SERV-3",
     f'Expected one of {STATUSES}; got "serching". Did you mean "searching"?'),
    (lambda it: it.match_status(None), "status", "SERV-3", f"Expected one of {STATUSES}; got null."),
    (lambda it: it.match_status(it), "status", "SEED-1", "Expected JSON; got <session ticket/one #1: Stacy active>."),
    (lambda it: it.match_status("found"), "status", "SERV-4",
     'A match that is found has a target, so "found" is for session.match_found(target).'),
    (lambda it: it.match_status("failed", status_details=7), "status_details", "SERV-3", "Expected a string; got 7."),
    (lambda it: it.match_status("failed", typical_wait="7"), "typical_wait", "SERV-3", 'Expected a number; got "7".'),
    (lambda it: it.match_found("g1"), "target", "SEED-2",
     "Expected a session, or its reference (scid, template, name); got 'g1'."),
    (lambda it: it.match_found(("7", "game", "g1")), "target/scid", "SERV-3", 'Expected a GUID; got "7".'),
    (lambda it: it.match_status("failed", typical_wait=-1), "typical_wait", "SERV-4",
     "typical_wait is in seconds, 0 or more; got -1."),
    (lambda it: it.match_found(it), "target", "SERV-4",
     "The target of a match is another session than that of the ticket."),
    (lambda it: it.match_found((SCID, "nope", "g1")), "target/templateName", "TMPL-1",
     f"There is no template nope in {SCID}; it has {READY}."),
    (lambda it: it.match_found((SCID, "game", "a/b")), "target/name", "CALL-15",
     'Expected a name of 1 to 99 printable characters, no slash; got "a/b".'),
]  # fmt: skip


@pytest.mark.parametrize(("call", "where", "rule", "what"), WRONG)
def test_what_the_service_cannot_say_is_refused(
    ticket: SessionView, call: Any, where: str, rule: str, what: str
) -> None:
    """At the argument, and nothing changes (SERV-3, SERV-4, SEED-12)."""
    assert error_of(lambda: call(ticket)) == f"{what}\nwhere: {where}\nrule: {rule}"
    assert len(ticket.history) == 1


def test_a_ticket_that_is_gone_is_told_nothing(xbl: XboxLive, ticket: SessionView) -> None:
    """The error says what became of it (TIME-4)."""
    xbl.client(person(xbl, "Stacy")).delete(f"{ticket.ref.path}/members/me")
    gone = "The session ticket/one is gone: it was deleted at"
    with pytest.raises(XblError, match=gone):
        ticket.match_status("failed")
    with pytest.raises(XblError, match=gone):
        ticket.match_found((SCID, "game", "g1"))


def test_a_seed_writes_the_server_itself(xbl: XboxLive) -> None:
    """And need not name the service configuration of the target (SERV-2, SEED-13)."""
    system = {"status": "found", "targetSessionRef": {"templateName": "game", "name": "g1"}}
    servers = {"matchmaking": {"properties": {"system": system}}, "other": {"properties": {"system": system}}}
    xbl.seed({"users": ["Ana"], "sessions": {"t": {"template": "ticket", "members": ["Ana"], "servers": servers}}})
    assert said(xbl.sessions["t"])["targetSessionRef"] == GAME
    assert "scid" not in xbl.sessions["t"].document["servers"]["other"]["properties"]["system"]["targetSessionRef"]


@pytest.mark.parametrize("servers", [7, {"matchmaking": []}, {"matchmaking": {"properties": {"system": {}}}}])
def test_other_servers_are_checked_as_ever(xbl: XboxLive, servers: Any) -> None:
    """The missing service configuration is looked for only where it can be (SERV-2, CALL-6)."""
    session = {"template": "ticket", "members": ["Ana"], "servers": servers}
    if servers == {"matchmaking": {"properties": {"system": {}}}}:
        xbl.seed({"users": ["Ana"], "sessions": {"t": session}})
    else:
        with pytest.raises(XblError):
            xbl.seed({"users": ["Ana"], "sessions": {"t": session}})


def test_a_target_that_is_no_reference_is_refused(xbl: XboxLive) -> None:
    """With its place in the seed (SERV-3)."""
    servers = {"matchmaking": {"properties": {"system": {"targetSessionRef": "g1"}}}}
    session = {"template": "ticket", "members": ["Ana"], "servers": servers}
    with pytest.raises(XblError, match="/sessions/t/servers/matchmaking/properties/system/targetSessionRef in"):
        xbl.seed({"users": ["Ana"], "sessions": {"t": session}})
