"""Queries for sessions: their parameters, the sessions that they find, and the results (FIND)."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, LEAVE, PATIENT, Body, me, properties, ref
from errors import told_of
from pytest_xbl.mpsd.acting import acting_for
from pytest_xbl.mpsd.checking import check
from pytest_xbl.mpsd.model import Caller, Session, SessionRef
from pytest_xbl.mpsd.queries import (
    BATCH_PARAMETERS,
    PARAMETERS,
    Query,
    in_order,
    keywords,
    matches,
    parse_batch_query,
    parse_query,
    require_right,
    result,
    shown_visibility,
    takes_part,
)
from tables import cases

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

BOB = Caller("Bob", xuid="7")
SERVICE = Caller("service", server=True)
ALL_THERE_IS = Query("", (), frozenset({"active"}), "", private=False, version=None, take=100)
ALL_STATUSES = frozenset({"active", "inactive", "reserved"})
BOTH = {"inactive": "true", "reservations": "true"}


def parsed(
    caller: Caller = SERVICE, *, contract: int = 107, xuids: tuple[str, ...] | None = None, **asked: str
) -> Query:
    """A query, from a query string and the users of a batch, that this caller may ask."""
    query = parse_query(asked, contract=contract, needs_filter=xuids is None)
    query = query if xuids is None else query._replace(xuids=xuids)
    require_right(query, caller)
    return query


def refused(caller: Caller, **asked: Any) -> tuple[int, str, str, str]:
    """The refusal of a query."""
    return told_of(lambda: parsed(caller, **asked))


def of_ann(stage: Stage, body: Body | None = None) -> Session:
    """A session in which Ann is active."""
    return stage.write("Ann", {**(body or {}), **ACTIVE})


@pytest.fixture
def crowd(stage: Stage) -> Session:
    """A session with a member in each status: active, reserved, ready and inactive."""
    stage.using(PATIENT)
    stage.join("Ann")
    stage.put("Ann", stage.seat("Bob"))
    stage.put("Cid", me(ready=True))
    stage.put("Dot", {})
    assert list(stage.statuses.values()) == ["active", "reserved", "ready", "inactive"]
    return stage.held


NO_FLAG = "Expected true, or no such parameter; got {}."
NO_KEYWORD = "Expected a string that is not empty and has no comma; got {}."
NO_DIGITS = "Expected a string of decimal digits; got {}."
NO_VISIBILITY = "Expected one of open, visible, private, full, any, in whatever case; got {}."
NO_VERSION = "Expected a number from 1 to 2147483647; got {}."
NO_TAKE = "Expected a number from 0 to 100; got {}."

VALUES: dict[str, tuple[list[str], str, list[str]]] = {
    # parameter: values that fit; the text about those that do not; and these
    "keyword": (["a", "Größe"], NO_KEYWORD, ["", "a,b"]),
    "xuid": (["18446744073709551615"], NO_DIGITS, ["", "-1", "me"]),
    "reservations": (["true"], NO_FLAG, ["false", "True"]),
    "inactive": (["true"], NO_FLAG, ["", "1"]),
    "private": (["true"], NO_FLAG, ["false"]),
    "visibility": (["open", "VISIBLE", "private", "Full", "Any"], NO_VISIBILITY, ["", "all"]),
    "version": (["1", "2147483647", "007"], NO_VERSION, ["", "0", "-1", "1.0", "2147483648", "\u0661"]),
    "take": (["0", "100"], NO_TAKE, ["", "-1", "101", "1e1", "1" * 5000]),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_takes_what_its_rule_names_and_nothing_else(name: str) -> None:
    """Flags are true, numbers within bounds, visibilities in whatever case; 400 for others (FIND-5)."""
    field = PARAMETERS[name]
    fitting, text, others = VALUES[name]
    assert [field.shape.misfit(value) for value in fitting] == [None] * len(fitting)
    for value in others:
        quoted = f'"{"1" * 56}...' if len(value) > 60 else json.dumps(value)
        said = told_of(partial(check, field.shape, value, f"?{name}", field.rule))
        assert said == (400, f"?{name}", text.format(quoted), "FIND-5")


def test_a_batch_takes_no_xuid() -> None:
    """Its body names the users, and everything else is as in a query (FIND-1, FIND-11)."""
    assert {"xuid": PARAMETERS["xuid"], **BATCH_PARAMETERS} == PARAMETERS
    assert "xuid" not in BATCH_PARAMETERS


EVERYTHING: Body = {**BOTH, "private": "true", "visibility": "Private", "version": "3", "take": "12"}
ASKED: dict[str, tuple[Body, Query]] = {
    "little": ({"xuid": "9"}, ALL_THERE_IS._replace(xuids=("9",))),
    "a keyword": ({"keyword": "Rome"}, ALL_THERE_IS._replace(keyword="rome")),
    "any": ({"xuid": "9", "visibility": "ANY"}, ALL_THERE_IS._replace(xuids=("9",))),
    "open": ({"xuid": "9", "visibility": "Open"}, ALL_THERE_IS._replace(xuids=("9",), visibility="open")),
    "a batch": ({"xuids": ("9", "8")}, ALL_THERE_IS._replace(xuids=("9", "8"))),
    "everything": (
        {"keyword": "ROME", "xuid": "9", **EVERYTHING},
        Query("rome", ("9",), ALL_STATUSES, "private", private=True, version=3, take=12),
    ),
}


@cases("asked query", ASKED)
def test_a_query_asks_for_what_it_names_and_otherwise_little(asked: Body, query: Query) -> None:
    """Active members, no private sessions, any visibility and version, a hundred of them (FIND-1, FIND-3, FIND-5)."""
    assert parsed(**asked) == query


@pytest.mark.parametrize("asked", [{}, {"visibility": "open", "version": "1", "private": "true"}])
def test_a_query_names_a_keyword_or_a_xuid(asked: Body) -> None:
    """400 for everybody, before any question of rights, unless activities are asked for (FIND-2, HAND-12)."""
    text = "A query names a keyword, a xuid, or both; this one would find every session there is."
    for caller in (BOB, SERVICE):
        assert refused(caller, **asked) == (400, "?keyword", text, "FIND-2")
    assert parse_query({}, contract=107, needs_filter=False) == ALL_THERE_IS


NOBODY = Caller("nobody")
FOR_BOB = Caller("for Bob", xuid="7", server=True)
MAY: dict[str, tuple[Caller, tuple[str, ...], bool]] = {
    # caller, the users that the query names, whether private and reservations are theirs to ask for
    "oneself": (BOB, ("7",), True),
    "another": (BOB, ("9",), False),
    "oneself and another": (BOB, ("7", "9"), False),
    "anybody": (BOB, (), False),
    "without xuid": (NOBODY, ("7",), False),
    "service": (SERVICE, ("7", "9"), True),
    "service for a user": (FOR_BOB, ("9",), True),
}


@pytest.mark.parametrize("name", ["private", "reservations"])
@cases("caller xuids allowed", MAY)
def test_who_may_ask_for_private_sessions_and_reservations(
    caller: Caller, xuids: tuple[str, ...], allowed: bool, name: str
) -> None:
    """Servers, and users about nobody but themselves; others get 403 whatever there is to find (FIND-4)."""
    asked: Body = {name: "true", "keyword": "rome"}
    if allowed:
        assert parsed(caller, xuids=xuids, **asked).xuids == xuids
    else:
        text = f"{name}=true is for services, and for users who ask with no other xuid than their own."
        assert refused(caller, xuids=xuids, **asked) == (403, f"?{name}", text, "FIND-4")


def test_anybody_may_ask_for_what_others_are_inactive_in() -> None:
    """`inactive` is a matter of rights for nobody (FIND-4)."""
    for caller in (BOB, NOBODY, SERVICE):
        assert parsed(caller, xuids=("9",), inactive="true").statuses == {"active", "inactive"}


@pytest.mark.parametrize("name", ["reservations", "inactive"])
def test_flags_about_a_user_need_one(name: str) -> None:
    """400 without a xuid (FIND-10)."""
    text = f"{name} is about the user that the query names, and it names none."
    asked: Body = {"keyword": "rome", name: "true"}
    assert refused(SERVICE, **asked) == (400, f"?{name}", text, "FIND-10")
    assert parsed(xuid="9", **asked).xuids == ("9",)


def test_private_sessions_are_asked_for_by_their_flag() -> None:
    """`visibility=private` alone is 400, in whatever case (FIND-5)."""
    text = "Private sessions are found with private=true only."
    assert refused(SERVICE, xuid="9", visibility="Private") == (400, "?visibility", text, "FIND-5")
    assert parsed(xuid="9", visibility="Private", private="true").visibility == "private"


@pytest.mark.parametrize(("contract", "most"), [(107, 7), (105, 5), (104, 4)])
def test_a_version_is_at_most_that_of_the_contract(contract: int, most: int) -> None:
    """Modulo 100 (FIND-5)."""
    assert parsed(BOB, contract=contract, xuid="9", version=str(most)).version == most
    for version in (most + 1, contract):
        text = f"version is at most {most} under contract {contract}, not {version}."
        said = refused(BOB, contract=contract, xuid="9", version=str(version))
        assert said == (400, "?version", text, "FIND-5")


NO_BATCH = {
    "nothing": ({}, "/xuids", "The field xuids is required here.", "CALL-6"),
    "nobody": ({"xuids": []}, "/xuids", "A batch names at least one user.", "FIND-11"),
    "null": ({"xuids": None}, "/xuids", "Expected a list; got null.", "FIND-1"),
    "a number": ({"xuids": ["7", 8]}, "/xuids/1", "Expected a string of decimal digits; got 8.", "FIND-1"),
    "misspelt": ({"xuid": 1}, "/xuid", 'The field "xuid" is not known here; did you mean "xuids"?', "CALL-6"),
}


@cases("body where text rule", NO_BATCH)
def test_a_batch_names_users_each_of_them_once(body: Body, where: str, text: str, rule: str) -> None:
    """A batch is an object with a list of at least one xuid, and nothing else (FIND-1, FIND-7, FIND-11, CALL-6)."""
    assert told_of(lambda: parse_batch_query(body)) == (400, where, text, rule)
    assert parse_batch_query({"xuids": ["9", "7", "9", "8", "7"]}) == ("9", "7", "8")


FOUND: dict[str, tuple[Body, set[str]]] = {
    "none": ({}, {"active"}),
    "inactive": ({"inactive": "true"}, {"active", "ready", "inactive"}),
    "reservations": ({"reservations": "true"}, {"active", "reserved"}),
}


@cases("flags found", FOUND)
def test_flags_add_statuses(crowd: Session, flags: Body, found: set[str]) -> None:
    """Active ones always; `inactive` adds inactive and ready, who is not active yet (FIND-3, FIND-6)."""
    query = parsed(xuid="9", **flags)
    assert {member.status for member in crowd.members if takes_part(crowd, member.xuid, query)} == found
    assert not takes_part(crowd, "9", query)
    told = [result(crowd, member.xuid) for member in crowd.members]
    assert [one["status"] for one in told] == ["active", "reserved", "inactive", "inactive"]
    assert {one["accepted"] for one in told} == {3}


SHOWN = {
    # the session's visibility, whether it is full, and the visibility that others see
    "open": ("open", False, "open"),
    "open, full": ("open", True, "full"),
    "visible, full": ("visible", True, "visible"),
    "private": ("private", False, "private"),
}


@pytest.mark.parametrize("flag", ["private", "reservations"])
@pytest.mark.parametrize("asked", [{"xuid": "7"}, {"xuids": ("7",)}, {"xuids": ("7", "8")}])
def test_each_user_of_a_denied_service_needs_the_right(flag: str, asked: dict[str, Any]) -> None:
    """It is not enough that all xuids together are theirs: 403 (FIND-4, S2S-3)."""
    both = (BOB, Caller("Ann", xuid="8"))
    given: dict[str, Any] = {**asked, flag: "true"}
    assert refused(acting_for(SERVICE, both, denied=True), **given)[::3] == (403, "FIND-4")
    parsed(acting_for(SERVICE, both), **given)
    parsed(acting_for(SERVICE, (BOB,), denied=True), **{**given, **({"xuids": ("7",)} if "xuids" in given else {})})


@cases("visibility full shown", SHOWN)
def test_visibility_is_what_others_are_told(stage: Stage, visibility: str, full: bool, shown: str) -> None:
    """An open session without a slot is full and not open; private ones need private=true (FIND-3, FIND-5, FIND-6)."""
    stage.using({"visibility": visibility, "maxMembersCount": 1 if full else 2})
    session = of_ann(stage)
    assert shown_visibility(session) == shown
    for private in (False, True):
        asked = [
            ALL_THERE_IS._replace(visibility=v, private=private) for v in ("", "open", "visible", "private", "full")
        ]
        found = {query.visibility for query in asked if matches(session, query)}
        assert found == ({"", shown} if private or visibility != "private" else set())


def test_reserved_and_kept_slots_are_no_free_ones(stage: Stage) -> None:
    """A session is full when nobody new finds a slot in it, and never without a limit (FIND-6, JOIN-5, TMPL-5)."""
    stage.using({"maxMembersCount": None})
    assert shown_visibility(stage.join("Ann", "Bob")) == "open"
    stage.using({"maxMembersCount": 2})
    stage.join("Ann")
    assert shown_visibility(stage.write("Ann", stage.seat("Bob"))) == "full"
    stage.using({"maxMembersCount": 2})
    stage.join("Ann", "Bob")
    stage.put("Ann", properties(closed=True, locked=True))
    session = stage.write("Bob", LEAVE)
    assert (stage.xuids, shown_visibility(session)) == (["1000"], "full")


ROMES = [(["Rome"], "rome", True), (["rome", "GAUL"], "Gaul", True), (["rome"], "rom", False), (None, "rome", False)]


@pytest.mark.parametrize(("words", "asked", "found"), ROMES)
def test_a_keyword_is_found_in_whatever_case(stage: Stage, words: list[str] | None, asked: str, found: bool) -> None:
    """The whole word, and in no session without any (FIND-5)."""
    session = of_ann(stage, properties(keywords=words))
    assert matches(session, parsed(keyword=asked)) is found
    assert keywords(session) == {word.lower() for word in words or ()}
    assert keywords(None) == frozenset()


VERSIONS = [(None, None, True), (None, 1, True), (2, 1, False), (2, 2, True), (2, 3, True), (9, None, True)]


@pytest.mark.parametrize(("version", "asked", "found"), VERSIONS)
def test_a_version_finds_those_up_to_it(stage: Stage, version: int | None, asked: int | None, found: bool) -> None:
    """A session without a version counts as 1 (FIND-5)."""
    stage.using({"version": version})
    assert matches(of_ann(stage), ALL_THERE_IS._replace(version=asked)) is found


def test_a_session_matches_all_of_a_query_or_not_at_all(stage: Stage) -> None:
    """Each part has a veto (FIND-5)."""
    stage.using({"version": 2})
    session = of_ann(stage, properties(keywords=["rome"]))
    fitting = ALL_THERE_IS._replace(keyword="rome", version=2, visibility="open")
    assert matches(session, fitting)
    for other in (fitting._replace(keyword="gaul"), fitting._replace(version=1), fitting._replace(visibility="full")):
        assert not matches(session, other)


def test_the_newest_come_first_and_then_by_name(stage: Stage) -> None:
    """Names in whatever case, and of the same name by template and service configuration (FIND-8)."""
    session = of_ann(stage)
    later = session.started + timedelta(microseconds=1)
    old = [session.but(ref=SessionRef("scid", template, name)) for template, name in ("tB", "ta", "tC", "sc")]
    new = [session.but(ref=SessionRef("scid", "t", name), started=later) for name in "zY"]
    found = in_order([*old, *new])
    assert [s.ref.template + s.ref.name for s in found] == ["tY", "tz", "ta", "tB", "sc", "tC"]
    assert in_order(reversed([*old, *new])) == found
    assert in_order([]) == []


def test_a_result_tells_all_there_is(stage: Stage) -> None:
    """In the order of the page, with the keywords as they were written, and no more by keyword (FIND-6)."""
    stage.using({"maxMembersCount": 2})
    of_ann(stage, properties(turn=[0], joinRestriction="followed", keywords=["Rome", "gaul"]))
    session = stage.write("Ann", stage.seat("Bob"))
    started, one = "2026-01-01T12:00:00.0000000Z", ref(template="quick")
    common = {"startTime": started, "sessionRef": one, "accepted": 1, "visibility": "full"}
    common = {**common, "joinRestriction": "followed", "keywords": ["Rome", "gaul"]}
    ann = result(session, "1000")
    assert ann == {**common, "xuid": "1000", "status": "active", "myTurn": True}
    order = "xuid startTime sessionRef accepted status visibility joinRestriction myTurn keywords"
    assert list(ann) == order.split()
    assert result(session, "1001") == {**common, "xuid": "1001", "status": "reserved"}
    assert result(session, None) == common
    assert "keywords" not in result(of_ann(stage, properties(keywords=[])), "1000")


@pytest.mark.parametrize("restriction", ["none", "local"])
@cases("visibility full shown", SHOWN)
def test_a_join_restriction_is_told_where_people_may_join(
    stage: Stage, visibility: str, full: bool, shown: str, restriction: str
) -> None:
    """Of open and full sessions, and only if it restricts (FIND-6)."""
    stage.using({"visibility": visibility, "maxMembersCount": 1 if full else 2})
    found = result(of_ann(stage, properties(joinRestriction=restriction)), "1000")
    is_told = shown in {"open", "full"} and restriction != "none"
    assert found.get("joinRestriction") == (restriction if is_told else None)
