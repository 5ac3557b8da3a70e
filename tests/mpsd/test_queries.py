"""What a query asks for, which sessions it finds, and what it tells of each (FIND)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pytest_xbl.mpsd.model import Caller, Session, SessionRef, Status
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
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import check

if TYPE_CHECKING:
    from tests.mpsd.conftest import Stage

BOB = Caller("Bob", xuid="7")
SERVICE = Caller("service", server=True)
ALL_THERE_IS = Query(
    keyword="", xuids=(), statuses=frozenset({"active"}), visibility="", private=False, version=None, take=100
)
FLAG_STATUSES = ("active", "ready", "inactive", "reserved")


def parsed(
    caller: Caller = SERVICE, *, contract: int = 107, xuids: tuple[str, ...] | None = None, **asked: str
) -> Query:
    """A query, from a query string and the users of a batch, that this caller may ask."""
    query = parse_query(asked, contract=contract, needs_filter=xuids is None)
    query = query if xuids is None else query._replace(xuids=xuids)
    require_right(query, caller)
    return query


def refusal_of(caller: Caller, *, contract: int = 107, xuids: tuple[str, ...] | None = None, **asked: str) -> Refusal:
    """Why a query is refused."""
    with pytest.raises(Refusal) as refused:
        parsed(caller, contract=contract, xuids=xuids, **asked)
    return refused.value


def told(refusal: Refusal) -> tuple[int, str, str, str]:
    """All that a refusal says."""
    return refusal.status, refusal.where, refusal.what, refusal.rule


def place(stage: Stage, body: dict[str, Any] | None = None, **people: Status) -> Session:
    """A session with people in it, in several statuses, in which a service writes what it likes."""
    if not people:
        stage.caller("service", server=True)
        stage.put("service", body or {})
    for name, status in people.items():
        if status == "reserved":
            seat = {"reserve_0": {"constants": {"system": {"xuid": stage.caller(name).xuid}}}}
            stage.put("Ann", {"members": seat})
        else:
            flags = {} if status == "inactive" else {status: True}
            stage.put(name, {**(body or {}), "members": {"me": {"properties": {"system": flags}}}})
    assert stage.session is not None
    return stage.session


@pytest.fixture
def lasting(stage: Stage) -> Stage:
    """A stage on which nobody is removed for being inactive, and empty sessions stay."""
    stage.using({"inactiveRemovalTimeout": None, "reservedRemovalTimeout": None, "sessionEmptyTimeout": None})
    return stage


# What each parameter holds

NO_FLAG = "Expected true, or no such parameter; got {}."
NO_KEYWORD = "Expected a string that is not empty and has no comma; got {}."
NO_DIGITS = "Expected a string of decimal digits; got {}."
NO_VISIBILITY = "Expected one of open, visible, private, full, any, in whatever case; got {}."
NO_VERSION = "Expected a number from 1 to 2147483647; got {}."
NO_TAKE = "Expected a number from 0 to 100; got {}."

VALUES: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    # parameter: values that fit; the text about those that do not; and these
    "keyword": (("a", " ", "Größe", "true"), NO_KEYWORD, ("", ",", "a,b")),
    "xuid": (("0", "007", "18446744073709551615"), NO_DIGITS, ("", "-1", "1.0", " 1", "1 ", "me", "\u0661", "1" * 21)),
    "reservations": (("true",), NO_FLAG, ("", "false", "True", "1", " true")),
    "inactive": (("true",), NO_FLAG, ("", "false", "TRUE", "1")),
    "private": (("true",), NO_FLAG, ("", "false", "True", "0")),
    "visibility": (
        ("open", "visible", "private", "full", "any", "OPEN", "Any", "Full"),
        NO_VISIBILITY,
        ("", "hidden", "open ", "open,full", "2"),
    ),
    "version": (
        ("1", "7", "2147483647", "007"),
        NO_VERSION,
        ("", "0", "-1", "+1", "1.0", "2147483648", "one", "\u0661"),
    ),
    "take": (("0", "1", "100", "0100"), NO_TAKE, ("", "-1", "101", "1e1", "ten", "1" * 5000)),
}


def test_each_parameter_has_a_row() -> None:
    """So that none goes untested (FIND-5)."""
    assert list(PARAMETERS) == list(VALUES)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, row in VALUES.items() for value in row[0]])
def test_a_parameter_takes_what_its_rule_names(name: str, value: str) -> None:
    """Flags are true, numbers within bounds, and visibilities in whatever case (FIND-5)."""
    assert PARAMETERS[name].shape.misfit(value) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, row in VALUES.items() for value in row[2]],
    ids=[f"{name}={value[:30]}" for name, row in VALUES.items() for value in row[2]],
)
def test_a_parameter_takes_nothing_else(name: str, value: str) -> None:
    """400, with what would have been right (FIND-5)."""
    field = PARAMETERS[name]
    with pytest.raises(Refusal) as refused:
        check(field.shape, value, f"?{name}", field.rule)
    quoted = f'"{"1" * 56}...' if len(value) > 60 else {"\u0661": '"\\u0661"'}.get(value, f'"{value}"')
    assert told(refused.value) == (400, f"?{name}", VALUES[name][1].format(quoted), "FIND-5")


def test_a_batch_takes_no_xuid() -> None:
    """Its body names the users, and everything else is as in a query (FIND-1, FIND-11)."""
    assert {"xuid": PARAMETERS["xuid"], **BATCH_PARAMETERS} == PARAMETERS
    assert "xuid" not in BATCH_PARAMETERS


# What a query string asks for


def test_a_query_asks_for_little_unless_it_says_so() -> None:
    """Active members, no private sessions, any visibility and version, and a hundred of them (FIND-3, FIND-5)."""
    assert parsed(BOB, xuid="9") == ALL_THERE_IS._replace(xuids=("9",))
    assert parsed(BOB, keyword="Rome") == ALL_THERE_IS._replace(keyword="rome")


def test_a_query_asks_for_all_that_it_names() -> None:
    """Each parameter ends up in its field (FIND-3, FIND-5)."""
    everything: dict[str, Any] = {
        "keyword": "ROME",
        "xuid": "9",
        "reservations": "true",
        "inactive": "true",
        "private": "true",
        "visibility": "Private",
        "version": "3",
        "take": "12",
    }
    assert list(everything) == list(PARAMETERS)
    assert parsed(**everything) == Query(
        keyword="rome",
        xuids=("9",),
        statuses=frozenset({"active", "inactive", "reserved"}),
        visibility="private",
        private=True,
        version=3,
        take=12,
    )


@pytest.mark.parametrize(
    ("value", "asked"), [("any", ""), ("ANY", ""), ("Open", "open"), ("full", "full"), ("visible", "visible")]
)
def test_any_visibility_is_none_in_particular(value: str, asked: str) -> None:
    """And the case of the others does not matter (FIND-5)."""
    assert parsed(BOB, xuid="9", visibility=value).visibility == asked


def test_the_users_of_a_batch_stand_in_for_the_xuid() -> None:
    """In their order (FIND-1, FIND-7)."""
    assert parsed(BOB, xuids=("9", "8")) == ALL_THERE_IS._replace(xuids=("9", "8"))


@pytest.mark.parametrize("asked", [{}, {"take": "1"}, {"visibility": "open", "version": "1"}, {"private": "true"}])
@pytest.mark.parametrize("caller", [BOB, SERVICE], ids=["user", "service"])
def test_a_query_names_a_keyword_or_a_xuid(caller: Caller, asked: dict[str, Any]) -> None:
    """400 for everybody, before any question of rights (FIND-2)."""
    text = "A query names a keyword, a xuid, or both; this one would find every session there is."
    assert told(refusal_of(caller, **asked)) == (400, "?keyword", text, "FIND-2")


def test_a_query_that_finds_few_anyway_needs_no_filter() -> None:
    """As one of activities, whose body names their owners (FIND-2, HAND-12)."""
    assert parse_query({}, contract=107, needs_filter=False) == ALL_THERE_IS


# Who may ask for what (FIND-4)

NOBODY = Caller("nobody")
FOR_BOB = Caller("for Bob", xuid="7", server=True)
MAY: list[tuple[Caller, tuple[str, ...], bool]] = [
    # caller, the users that the query names, whether private and reservations are theirs to ask for
    (BOB, ("7",), True),
    (BOB, ("7", "7"), True),
    (BOB, ("9",), False),
    (BOB, ("7", "9"), False),
    (BOB, ("9", "7"), False),
    (BOB, (), False),
    (NOBODY, ("7",), False),
    (NOBODY, (), False),
    (SERVICE, ("7",), True),
    (SERVICE, ("7", "9"), True),
    (FOR_BOB, ("7",), True),
    (FOR_BOB, ("9",), True),
]


@pytest.mark.parametrize("name", ["private", "reservations"])
@pytest.mark.parametrize(
    ("caller", "xuids", "allowed"), MAY, ids=[f"{caller.name} asks for {xuids}" for caller, xuids, _ in MAY]
)
def test_who_may_ask_for_private_sessions_and_reservations(
    caller: Caller, xuids: tuple[str, ...], allowed: bool, name: str
) -> None:
    """Servers, and users about nobody but themselves; others get 403 whatever there is to find (FIND-4)."""
    asked: dict[str, Any] = {name: "true", "keyword": "rome"}
    if allowed:
        assert parsed(caller, xuids=xuids, **asked).xuids == xuids
    else:
        text = f"{name}=true is for services, and for users who ask with no other xuid than their own."
        assert told(refusal_of(caller, xuids=xuids, **asked)) == (403, f"?{name}", text, "FIND-4")


@pytest.mark.parametrize(
    ("caller", "xuids", "allowed"), MAY, ids=[f"{caller.name} asks for {xuids}" for caller, xuids, _ in MAY]
)
def test_anybody_may_ask_for_what_others_are_inactive_in(caller: Caller, xuids: tuple[str, ...], allowed: bool) -> None:
    """`inactive` is a matter of rights for nobody; it only needs a user (FIND-4, FIND-10)."""
    if xuids:
        assert parsed(caller, xuids=xuids, inactive="true").statuses == {"active", "inactive"}
    else:
        assert refusal_of(caller, xuids=xuids, keyword="rome", inactive="true").rule == "FIND-10"


def test_a_xuid_in_the_query_string_is_a_filter_like_any() -> None:
    """One's own opens both flags, and another's neither (FIND-4)."""
    assert parsed(BOB, xuid="7", private="true", reservations="true").private
    assert refusal_of(BOB, xuid="9", private="true", reservations="true").where == "?private"


# What goes together


@pytest.mark.parametrize("name", ["reservations", "inactive"])
def test_flags_about_a_user_need_one(name: str) -> None:
    """400 without a xuid (FIND-10)."""
    text = f"{name} is about the user that the query names, and it names none."
    asked: dict[str, Any] = {"keyword": "rome", name: "true"}
    assert told(refusal_of(SERVICE, **asked)) == (400, f"?{name}", text, "FIND-10")
    assert parsed(xuid="9", **asked).xuids == ("9",)


def test_private_sessions_are_asked_for_by_their_flag() -> None:
    """`visibility=private` alone is 400, in whatever case (FIND-5)."""
    for value in ("private", "Private"):
        refusal = refusal_of(SERVICE, xuid="9", visibility=value)
        assert told(refusal) == (400, "?visibility", "Private sessions are found with private=true only.", "FIND-5")
        assert parsed(xuid="9", visibility=value, private="true").visibility == "private"


@pytest.mark.parametrize(
    ("contract", "version", "most"),
    [
        (107, "7", None),
        (107, "8", 7),
        (105, "5", None),
        (105, "6", 5),
        (104, "4", None),
        (104, "5", 4),
        (107, "107", 7),
    ],
)
def test_a_version_is_at_most_that_of_the_contract(contract: int, version: str, most: int | None) -> None:
    """Modulo 100 (FIND-5)."""
    if most is None:
        assert parsed(BOB, contract=contract, xuid="9", version=version).version == int(version)
    else:
        text = f"version is at most {most} under contract {contract}, not {version}."
        refusal = refusal_of(BOB, contract=contract, xuid="9", version=version)
        assert told(refusal) == (400, "?version", text, "FIND-5")


# Batches


@pytest.mark.parametrize(
    ("body", "where", "text", "rule"),
    [
        ({}, "/xuids", "The field xuids is required here.", "CALL-6"),
        ({"xuids": []}, "/xuids", "A batch names at least one user.", "FIND-11"),
        ({"xuids": None}, "/xuids", "Expected a list; got null.", "FIND-1"),
        ({"xuids": "7"}, "/xuids", 'Expected a list; got "7".', "FIND-1"),
        ({"xuids": {"0": "7"}}, "/xuids", 'Expected a list; got {"0": "7"}.', "FIND-1"),
        ({"xuids": ["7", 8]}, "/xuids/1", "Expected a string of decimal digits; got 8.", "FIND-1"),
        ({"xuids": [None]}, "/xuids/0", "Expected a string of decimal digits; got null.", "FIND-1"),
        ({"xuids": [""]}, "/xuids/0", 'Expected a string of decimal digits; got "".', "FIND-1"),
        ({"xuid": ["7"]}, "/xuid", 'The field "xuid" is not known here; did you mean "xuids"?', "CALL-6"),
        (
            {"xuids": ["7"], "private": True},
            "/private",
            'The field "private" is not known here; known here: xuids.',
            "CALL-6",
        ),
    ],
)
def test_a_batch_that_is_none(body: dict[str, Any], where: str, text: str, rule: str) -> None:
    """A batch is an object with a list of at least one xuid, and nothing else (FIND-1, FIND-11, CALL-6)."""
    with pytest.raises(Refusal) as refused:
        parse_batch_query(body)
    assert told(refused.value) == (400, where, text, rule)


def test_a_batch_names_each_user_once() -> None:
    """One that stands twice counts once, where it stands first (FIND-7, FIND-11)."""
    assert parse_batch_query({"xuids": ["9", "7", "9", "8", "7"]}) == ("9", "7", "8")


# Which sessions match

STATUSES_FOUND: list[tuple[dict[str, str], set[str]]] = [
    ({}, {"active"}),
    ({"inactive": "true"}, {"active", "ready", "inactive"}),
    ({"reservations": "true"}, {"active", "reserved"}),
    ({"inactive": "true", "reservations": "true"}, {"active", "ready", "inactive", "reserved"}),
]


@pytest.mark.parametrize(("flags", "found"), STATUSES_FOUND, ids=["&".join(row[0]) or "none" for row in STATUSES_FOUND])
def test_flags_add_statuses(lasting: Stage, flags: dict[str, Any], found: set[str]) -> None:
    """Active ones always; `inactive` adds inactive and ready, `reservations` adds reserved (FIND-3)."""
    session = place(lasting, Ann="active", Bob="ready", Cid="inactive", Dot="reserved")
    query = parsed(xuid="9", **flags)
    people = {member.status: member.xuid for member in session.members}
    assert set(people) == set(FLAG_STATUSES)
    assert {status for status, xuid in people.items() if takes_part(session, xuid, query)} == found


def test_a_stranger_takes_no_part(lasting: Stage) -> None:
    """Whatever is asked for (FIND-3)."""
    session = place(lasting, Ann="active")
    assert not takes_part(session, "9", parsed(xuid="9", inactive="true", reservations="true"))


MATCHED: list[tuple[str, bool, str, dict[str, bool]]] = [
    # the session's visibility; whether it is full; how others are told; and the visibilities that find it,
    # with whether they do without private=true
    ("open", False, "open", {"": True, "open": True}),
    ("open", True, "full", {"": True, "full": True}),
    ("visible", False, "visible", {"": True, "visible": True}),
    ("visible", True, "visible", {"": True, "visible": True}),
    ("private", False, "private", {"": False, "private": False}),
    ("private", True, "private", {"": False, "private": False}),
]


@pytest.mark.parametrize("private", [False, True], ids=["", "private=true"])
@pytest.mark.parametrize("asked", ["", "open", "visible", "private", "full"])
@pytest.mark.parametrize(
    ("visibility", "full", "shown", "found_by"),
    MATCHED,
    ids=[f"{row[0]}{'-full' if row[1] else ''}" for row in MATCHED],
)
def test_visibility_is_what_others_are_told(
    stage: Stage, visibility: str, full: bool, shown: str, found_by: dict[str, bool], asked: str, private: bool
) -> None:
    """An open session without a slot is full and not open; private ones need private=true (FIND-3, FIND-5, FIND-6)."""
    stage.using({"visibility": visibility, "maxMembersCount": 1 if full else 2})
    session = place(stage, Ann="active")
    assert shown_visibility(session) == shown
    expected = asked in found_by and (private or found_by[asked])
    assert matches(session, ALL_THERE_IS._replace(visibility=asked, private=private)) is expected


def test_a_session_without_a_limit_is_never_full(stage: Stage) -> None:
    """A null in the template leaves none (FIND-6, TMPL-5)."""
    stage.using({"maxMembersCount": None})
    assert shown_visibility(place(stage, Ann="active", Bob="active")) == "open"


def test_reserved_and_kept_slots_are_no_free_ones(stage: Stage) -> None:
    """A session is full when nobody new finds a slot in it (FIND-6, JOIN-5)."""
    stage.using({"maxMembersCount": 2})
    assert shown_visibility(place(stage, Ann="active", Bob="reserved")) == "full"
    stage.using({"maxMembersCount": 2})
    place(stage, {"properties": {"system": {"closed": True, "locked": True}}}, Ann="active")
    assert stage.refused("Bob", {"members": {"me": {}}}) == (403, "/members/me", "JOIN-4")
    stage.using({"maxMembersCount": 2})
    stage.join("Ann", "Bob")
    stage.put("Ann", {"properties": {"system": {"closed": True, "locked": True}}})
    stage.put("Bob", {"members": {"me": None}})
    assert stage.session is not None
    assert (len(stage.session.members), shown_visibility(stage.session)) == (1, "full")


@pytest.mark.parametrize(
    ("words", "asked", "found"),
    [
        (["Rome"], "rome", True),
        (["Rome"], "ROME", True),
        (["rome", "GAUL"], "Gaul", True),
        (["rome"], "rom", False),
        (["rome"], "romes", False),
        ([], "rome", False),
        (None, "rome", False),
    ],
)
def test_a_keyword_is_found_in_whatever_case(stage: Stage, words: list[str] | None, asked: str, found: bool) -> None:
    """The whole word, and in no session without any (FIND-5)."""
    body = {} if words is None else {"properties": {"system": {"keywords": words}}}
    session = place(stage, body, Ann="active")
    assert matches(session, parsed(keyword=asked)) is found


def test_the_keywords_of_a_session_are_in_lower_case(stage: Stage) -> None:
    """And there are none where there is no session (FIND-5)."""
    session = place(stage, {"properties": {"system": {"keywords": ["Rome", "ROME", "Gaul"]}}}, Ann="active")
    assert keywords(session) == {"rome", "gaul"}
    assert keywords(None) == frozenset()


@pytest.mark.parametrize(
    ("version", "asked", "found"),
    [(None, None, True), (None, 1, True), (1, 1, True), (2, 1, False), (2, 2, True), (2, 3, True), (9, None, True)],
)
def test_a_version_finds_those_up_to_it(stage: Stage, version: int | None, asked: int | None, found: bool) -> None:
    """A session without a version counts as 1 (FIND-5)."""
    stage.using({} if version is None else {"version": version})
    assert matches(place(stage, Ann="active"), ALL_THERE_IS._replace(version=asked)) is found


def test_a_session_matches_all_of_a_query_or_not_at_all(stage: Stage) -> None:
    """Each part has a veto (FIND-5)."""
    stage.using({"version": 2})
    session = place(stage, {"properties": {"system": {"keywords": ["rome"]}}}, Ann="active")
    fitting = ALL_THERE_IS._replace(keyword="rome", version=2, visibility="open")
    assert matches(session, fitting)
    for other in (fitting._replace(keyword="gaul"), fitting._replace(version=1), fitting._replace(visibility="full")):
        assert not matches(session, other)


# In which order, and what is told


def test_the_newest_come_first_and_then_by_name(stage: Stage) -> None:
    """Names in whatever case, and of the same name by template and service configuration (FIND-8)."""
    session = place(stage, Ann="active")
    later = session.started + timedelta(microseconds=1)
    names = [("B", "t"), ("a", "t"), ("C", "t"), ("c", "s")]
    old = [session.but(ref=SessionRef("scid", template, name)) for name, template in names]
    new = [session.but(ref=SessionRef("scid", "t", name), started=later) for name in ("z", "Y")]
    found = in_order([*old, *new])
    assert [(s.ref.name, s.ref.template) for s in found] == [
        ("Y", "t"),
        ("z", "t"),
        ("a", "t"),
        ("B", "t"),
        ("c", "s"),
        ("C", "t"),
    ]
    assert in_order(reversed([*old, *new])) == found
    assert in_order([]) == []


REF = {"scid": "5c1d0000-0000-4000-8000-000000000001", "templateName": "quick", "name": "one"}


def test_a_result_by_keyword_tells_of_the_session_alone(lasting: Stage) -> None:
    """No xuid, no status and no turn, and only what is set (FIND-6)."""
    session = place(lasting, {"properties": {"system": {"turn": [0]}}}, Ann="active")
    assert result(session, None) == {
        "startTime": "2026-01-01T12:00:00.0000000Z",
        "sessionRef": REF,
        "accepted": 1,
        "visibility": "open",
    }


def test_a_result_tells_all_there_is(stage: Stage) -> None:
    """In the order of the page, with the keywords as they were written (FIND-6)."""
    stage.using({"maxMembersCount": 2})
    body = {"properties": {"system": {"turn": [0], "joinRestriction": "followed", "keywords": ["Rome", "gaul"]}}}
    session = place(stage, body, Ann="active", Bob="reserved")
    expected = {
        "xuid": "1000",
        "startTime": "2026-01-01T12:00:00.0000000Z",
        "sessionRef": REF,
        "accepted": 1,
        "status": "active",
        "visibility": "full",
        "joinRestriction": "followed",
        "myTurn": True,
        "keywords": ["Rome", "gaul"],
    }
    assert list(result(session, "1000").items()) == list(expected.items())
    theirs = result(session, "1001")
    assert (theirs["xuid"], theirs["status"], theirs["accepted"], "myTurn" in theirs) == ("1001", "reserved", 1, False)


def test_the_status_is_that_of_the_user(lasting: Stage) -> None:
    """One who is ready is not active yet, and reserved ones are not among the accepted (FIND-3, FIND-6)."""
    session = place(lasting, Ann="active", Bob="ready", Cid="inactive", Dot="reserved")
    found = [result(session, member.xuid) for member in session.members]
    assert [told["status"] for told in found] == ["active", "inactive", "inactive", "reserved"]
    assert {told["accepted"] for told in found} == {3}


@pytest.mark.parametrize("restriction", ["none", "local", "followed"])
@pytest.mark.parametrize(
    ("visibility", "full"), [("open", False), ("open", True), ("visible", False), ("private", False)]
)
def test_a_join_restriction_is_told_where_people_may_join(
    stage: Stage, visibility: str, full: bool, restriction: str
) -> None:
    """Of open and full sessions, and only if it restricts (FIND-6)."""
    stage.using({"visibility": visibility, "maxMembersCount": 1 if full else 2})
    session = place(stage, {"properties": {"system": {"joinRestriction": restriction}}}, Ann="active")
    is_told = visibility == "open" and restriction != "none"
    assert result(session, "1000").get("joinRestriction") == (restriction if is_told else None)


def test_an_empty_list_of_keywords_is_not_told(stage: Stage) -> None:
    """There are none, and the field is not there (FIND-6)."""
    assert "keywords" not in result(place(stage, {"properties": {"system": {"keywords": []}}}, Ann="active"), "1000")
