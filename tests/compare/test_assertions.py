"""Assertions about session documents, and their failure messages."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any
from unittest.mock import ANY

import pytest

from errors import error_of
from pytest_xbl import (
    VOLATILE,
    SessionDiff,
    SessionView,
    User,
    XblError,
    XboxLive,
    any_time,
    assert_matches,
    assert_session,
    diff_sessions,
)
from pytest_xbl.compare.assertions import assert_members, explain_unequal

FIELDS = (
    "contractVersion, correlationId, searchHandle, branch, changeNumber, startTime, nextTimer, initializing, "
    "hostCandidates, constants, properties, roleTypes, members, membersInfo, servers"
)
HEAD = "The session is not as expected:"
BY_TEST = "; since #1 12:00:00 create by the test"
BY_ANA = "; since #2 12:00:05 put-session by Ana"
BOB = "/members/2533274790000003 (Bob)"
GONE = "got nothing [membersList]"
NO_FIELD = 'The field "{}" is not known here'
GAMERTAG = 'did you mean "gamertag"'
ONE_OF_THEM = "Expected a user of this world, their name or their xuid, a string"
A_STRING = "The xuid or the index of a member is a string, as in the document"
NO_USER, THERE_ARE = "There is no user", "there are: Stacy, Ana, Bob"
NO_ANNA = f'{NO_USER} "Anna"; {THERE_ARE}. Did you mean "Ana"?'
A_STATUS = "A member is active, ready, inactive, reserved, initializing or failed"
HUGE, DIGITS = 10**5000, "an integer of thousands of digits"
"""A number that Python itself does not write, and what stands for it."""


@pytest.fixture
def people(xbl: XboxLive) -> dict[str, User]:
    """Stacy, Ana and Bob."""
    return {name: xbl.user(name) for name in ("Stacy", "Ana", "Bob")}


@pytest.fixture
def stacy(people: dict[str, User]) -> User:
    """The first member."""
    return people["Stacy"]


@pytest.fixture
def ana(people: dict[str, User]) -> User:
    """The second member."""
    return people["Ana"]


@pytest.fixture
def one(xbl: XboxLive, stacy: User, ana: User) -> SessionView:
    """A lobby of Stacy and Ana, in which Ana has written a score five seconds later."""
    session = xbl.sessions.create("lobby", name="one", members=[stacy, ana])
    xbl.clock.advance(seconds=5)
    body = {"members": {"me": {"properties": {"custom": {"score": 1}}}}}
    assert xbl.client(ana).put(session.ref.path, json=body).status_code == 200
    return session


def plain(value: Any) -> Any:
    """A copy to write in."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return value


def failure(actual: Any, expected: Any, **options: Any) -> list[str]:
    """The lines with which the comparison fails."""
    with pytest.raises(AssertionError) as error:
        assert_session(actual, expected, **options)
    return str(error.value).splitlines()


def shuffled(document: dict[str, Any]) -> dict[str, Any]:
    """The same members under other indices."""
    return {**document, "members": {"5": document["members"]["1"], "6": document["members"]["0"]}}


# assert_session


def test_a_session_equals_itself(one: SessionView) -> None:
    """As a view, a document or a plain dict, whatever the indices of its members (SEEN-1)."""
    document = one.document
    for actual in (one, document, plain(document)):
        for expected in (one.document, plain(document), shuffled(document)):
            assert_session(actual, expected)


@pytest.mark.parametrize("part", ["constants", "properties", "members", "changeNumber", "membersInfo"])
def test_a_matcher_may_stand_for_a_whole_part(one: SessionView, part: str) -> None:
    """Also for one that makes a dict a session document (SEEN-1)."""
    assert_session(one, {**one.document, part: ANY})


def test_a_failure_has_a_line_for_each_difference(one: SessionView, stacy: User, ana: User) -> None:
    """With the version that last changed the place (SEEN-2)."""
    expected = plain(one.document)
    expected["changeNumber"] = 2.0
    expected["members"]["0"]["properties"]["custom"] = {"score": 5}
    expected["members"]["1"]["properties"] = {"system": {}, "custom": {"score": 2}}
    expected["properties"]["custom"] = {"map": any_time}
    assert failure(one, expected) == [
        HEAD,
        f"/changeNumber: expected 2.0, got 2{BY_ANA}",
        f"/members/0 (Stacy)/properties/custom/score: expected 5, got nothing [membersCustomProperty]{BY_TEST}",
        f"/members/1 (Ana)/properties/custom/score: expected 2, got 1 [membersCustomProperty]{BY_ANA}",
        f"/members/1 (Ana)/properties/system/active: expected nothing, got true [membersStatus]{BY_TEST}",
        f"/properties/custom/map: expected any_time, got nothing [customProperty]{BY_TEST}",
    ]


def test_a_document_keeps_the_versions_that_it_had(xbl: XboxLive, one: SessionView, stacy: User) -> None:
    """Later ones are not blamed, and a plain dict has none (SEEN-2)."""
    document = one.document
    expected = {**document, "changeNumber": 7}
    xbl.client(stacy).put(one.ref.path, json={"properties": {"custom": {"a": 1}}})
    assert failure(document, expected) == [HEAD, f"/changeNumber: expected 7, got 2{BY_ANA}"]
    assert failure(plain(document), expected) == [HEAD, "/changeNumber: expected 7, got 2"]


def test_missing_and_unexpected_members_are_shown_as_a_whole(one: SessionView) -> None:
    """With their status, and their index in the actual document (SEEN-2)."""
    expected = plain(one.document)
    xuid = "2533274790000009"
    expected["members"] = {"0": expected["members"]["1"], "3": {"constants": {"system": {"xuid": xuid}}}}
    assert failure(one, expected) == [
        HEAD,
        f"/members/0 (Stacy): expected nothing, got a member (active) [membersList]{BY_TEST}",
        f"/members/3 ({xuid}): expected a member (inactive), got nothing [membersList]{BY_TEST}",
    ]


def test_a_pointer_leads_into_the_actual_document(one: SessionView) -> None:
    """Even if members have other indices in the expected one (SEEN-2)."""
    expected = shuffled(plain(one.document))
    expected["members"]["5"]["gamertag"] = "Bea"
    assert failure(one, expected) == [
        HEAD,
        f'/members/1 (Ana)/gamertag: expected "Bea", got "Ana"{BY_TEST}',
    ]


def test_ignored_pointers_are_listed(one: SessionView) -> None:
    """If the comparison fails for another reason (SEEN-3)."""
    expected = {**plain(one.document), "changeNumber": 7, "startTime": "", "branch": ""}
    assert_session(one, expected, ignore=VOLATILE)
    expected["properties"] = {**expected["properties"], "custom": {"a": 1}}
    assert failure(one, expected, ignore=VOLATILE) == [
        HEAD,
        f"/properties/custom/a: expected 1, got nothing [customProperty]{BY_TEST}",
        "Ignored: /correlationId, /branch, /changeNumber, /startTime, /members/0/joinTime, /members/1/joinTime",
    ]


def test_nothing_is_ignored_unless_the_test_says_so(one: SessionView) -> None:
    """Not even numbers and times; a single pattern needs no list (SEEN-3)."""
    expected = {**one.document, "startTime": ""}
    assert failure(one, expected)[1].startswith('/startTime: expected "", got "2026-01-01T12:00:00.0000000Z"; since #1')
    assert_session(one, expected, ignore="/startTime")
    no_pointer: Any = 5
    with pytest.raises(XblError, match=r"^ignore takes JSON pointers, such as /members/\*/joinTime, not 5\.$"):
        assert_session(one, expected, ignore=no_pointer)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, "is a session or a session document, not None."),
        ("one", "is a session or a session document, not 'one'."),
        ([HUGE], f"is a session or a session document, not {DIGITS}."),
        ({}, "is not a session document: it has no object 'constants'; it has nothing."),
        (
            {"constants": {}, "properties": [], 1: 2},
            "is not a session document: it has no object 'properties'; it has constants, properties, 1.",
        ),
        (
            {"constants": {}, "properties": {}},
            "is not a session document: it has no object 'members'; it has constants, properties.",
        ),
    ],
)
def test_a_value_that_is_not_a_session_document_is_an_error(one: SessionView, value: Any, problem: str) -> None:
    """On either side, and for differences, too (SEEN-1)."""
    for name, compare in (
        ("actual", lambda: assert_session(value, one.document)),
        ("expected", lambda: assert_session(one, value)),
        ("old", lambda: diff_sessions(value, one)),
        ("new", lambda: diff_sessions(one, value)),
        ("document", lambda: assert_matches(value, {})),
    ):
        part = " A part of a document is compared by assert_matches." if "not a session document" in problem else ""
        assert error_of(compare) == f"{name} {problem}{part if name == 'expected' else ''}"


def test_a_pattern_that_matches_nothing_is_an_error(one: SessionView) -> None:
    """So a misspelt one hides nothing (SEEN-3)."""
    for compare in (assert_session, diff_sessions):
        with pytest.raises(XblError, match="/startTimes"):
            compare(one, one.document, ignore=["/startTimes"])


# diff_sessions


def test_two_sessions_can_be_compared(xbl: XboxLive, one: SessionView, ana: User) -> None:
    """Without the values that differ in every run, unless the test says so (SEEN-2, SEEN-3, TAP-5)."""
    before = one.document
    xbl.client(ana).put(one.ref.path, json={"properties": {"custom": {"a": 1}}})
    found = diff_sessions(before, one)
    assert isinstance(found, SessionDiff)
    assert str(found) == "/properties/custom/a: was nothing, is 1 [customProperty]"
    assert found.kinds == {"customProperty"}
    every = diff_sessions(before, one, ignore=())
    assert every.kinds == {"customProperty"}
    assert str(every.pop(0)) == "/changeNumber: expected 2, got 3"
    assert every == found
    assert diff_sessions(one, {**one.document, "branch": ""}, ignore="/branch") == []


def test_no_differences_are_an_empty_list(one: SessionView) -> None:
    """Without lines and kinds (SEEN-1)."""
    found = diff_sessions(one, shuffled(one.document))
    assert (found, str(found), found.kinds) == ([], "", frozenset())


# ==


def test_equality_is_explained_from_either_side(one: SessionView) -> None:
    """The document that knows its versions is the actual one (SEEN-2)."""
    other = {**plain(one.document), "changeNumber": 7}
    lines = [HEAD, f"/changeNumber: expected 7, got 2{BY_ANA}"]
    assert explain_unequal(one.document, other) == explain_unequal(other, one.document) == lines


@pytest.mark.parametrize("other", [None, [], "one", 1])
def test_inequality_to_other_kinds_of_values_is_not_explained(one: SessionView, other: object) -> None:
    """Pytest's own explanation will do (SEEN-2)."""
    assert explain_unequal(one.document, other) is None
    assert explain_unequal(other, one.document) is None


def test_other_indices_are_not_explained(one: SessionView) -> None:
    """A dict with them is not equal, although no member differs (SEEN-1)."""
    other = shuffled(one.document)
    assert one.document != other
    assert explain_unequal(one.document, other) is None


@pytest.mark.parametrize(
    "fails",
    [
        lambda one: assert_session(one, {**one.document, "changeNumber": 7}),
        lambda one: assert_matches(one, {"changeNumber": 7}),
        lambda one: one.assert_matches({"changeNumber": 7}),
        lambda one: one.assert_members({}),
    ],
)
def test_a_failure_is_shown_at_the_line_of_the_test(one: SessionView, fails: Callable[[SessionView], None]) -> None:
    """No frame of the fake comes after it (SEEN-2)."""
    with pytest.raises(AssertionError) as error:
        fails(one)
    shown = [entry.frame.code.name for entry in error.traceback if not entry.ishidden(error)]
    assert shown == ["test_a_failure_is_shown_at_the_line_of_the_test", "<lambda>"]


# assert_matches


def by_user(people: dict[str, User], partial: Any) -> Any:
    """A partial document in which the table names members by first name, with their users."""
    members = {people.get(it, it.removeprefix("by name ")): inner for it, inner in partial.get("members", {}).items()}
    return {**partial, "members": members} if "members" in partial else partial


@pytest.mark.parametrize(
    "partial",
    [
        {"startTime": any_time, "constants": {}, "properties": ANY},
        {"constants": {"system": {"maxMembersCount": 8}}},
        {"properties": {"system": {"turn": [], "host": None}}, "servers": None},
        {"servers": {"s": None}, "roleTypes": {"lfg": {"roles": {"host": None}}}},
        {"members": {"Ana": {}, "Bob": None}},
        {"members": {"Ana": {"properties": {"custom": {"score": 1, "other": None}}}}},
        {"members": {"2533274790000002": {"gamertag": "Ana"}, "0": {"gamertag": "Stacy"}}},
        {"members": {"Ana": MappingProxyType({"joinTime": any_time})}},
        {"members": {"Ana": ANY}},
        {"members": {"by name Ana": {"gamertag": "Ana"}, "by name Bob": None}},
    ],
    ids=str,
)
def test_a_session_matches_a_part_of_it(one: SessionView, people: dict[str, User], partial: Any) -> None:
    """No other fields are compared, and None expects that nothing is there (SEEN-1)."""
    one.assert_matches(by_user(people, partial))


@pytest.mark.parametrize(
    ("partial", "lines"),
    [
        ({"changeNumber": True}, [f"/changeNumber: expected true, got 2{BY_ANA}"]),
        ({"properties": {"system": {"turn": (0,)}}}, [f"/properties/system/turn/0: expected 0, got nothing{BY_TEST}"]),
        ({"members": {"Ana": {"properties": {"custom": {"score": 2}}}}}, [
            f"/members/1 (Ana)/properties/custom/score: expected 2, got 1 [membersCustomProperty]{BY_ANA}",
        ]),
        ({"members": {"1": {"gamertag": "A", "constants": {"system": {"xuid": "2533274790000002"}}}}}, [
            f'/members/1 (Ana)/gamertag: expected "A", got "Ana"{BY_TEST}',
        ]),
        ({"members": {"Stacy": None}}, [
            f"/members/0 (Stacy): expected nothing, got a member (active) [membersList]{BY_TEST}",
        ]),
        ({"members": {"Bob": {"turn": None}}}, [f"{BOB}: expected {{}}, {GONE}{BY_TEST}"]),
        ({"members": {"Bob": {"gamertag": "Bob"}}}, [f'{BOB}: expected {{"gamertag": "Bob"}}, {GONE}{BY_TEST}']),
        ({"members": {"Bob": {"properties": ANY}}}, [f'{BOB}: expected {{"properties": <ANY>}}, {GONE}{BY_TEST}']),
    ],
    ids=str,
)  # fmt: skip
def test_a_mismatch_has_a_line(one: SessionView, people: dict[str, User], partial: Any, lines: list[str]) -> None:
    """With the version that last changed the place (SEEN-2)."""
    with pytest.raises(AssertionError) as error:
        one.assert_matches(by_user(people, partial))
    assert str(error.value).splitlines() == [HEAD, *lines]


def test_a_received_document_matches_a_part_of_it(xbl: XboxLive, one: SessionView, ana: User) -> None:
    """Plain JSON under any contract; a session will do as well, and a failure names what differs (SEEN-1, TMPL-7)."""
    received: Any = xbl.client(ana).get(one.ref.path).json
    old: Any = xbl.client(ana).get(one.ref.path, headers={"X-Xbl-Contract-Version": "105"}).json
    assert_matches(received, {"membersInfo": {"count": 2}, "members": {ana: {"gamertag": "Ana"}, "7": None}})
    assert_matches(old, {"constants": {"system": {"timeouts": {"inactive": 0}}}})
    assert_matches(one, {"properties": {"system": {"host": None}}})
    with pytest.raises(AssertionError) as error:
        assert_matches(received, {"membersInfo": {"count": 3}})
    assert str(error.value) == f"{HEAD}\n/membersInfo/count: expected 3, got 2 [membersList]"
    said = error_of(lambda: assert_matches(received, {"constants": {"system": {"timeouts": None}}}))
    home = "constants.system under contracts 104 and 105"
    where = "where: partial/constants/system/timeouts\nrule: SEEN-1"
    assert said == f"{NO_FIELD.format('timeouts')}; it is a field of {home}.\n{where}"
    assert_matches({**received, "contractVersion": "?"}, {"constants": {"system": {"inactiveRemovalTimeout": 0}}})


def test_a_name_or_a_xuid_comes_before_an_index(xbl: XboxLive, stacy: User, ana: User) -> None:
    """A number that no user has is an index; a received document knows no names, and has indices first (SEEN-1)."""
    named, numbered = xbl.user("0"), xbl.user("Zoe", xuid="1")
    session = xbl.sessions.create("lobby", members=[stacy, ana, numbered, named])
    session.assert_matches({"members": {"0": {"gamertag": "0"}, "1": {"gamertag": "Zoe"}}})
    session.assert_matches({"members": {stacy: {"gamertag": "Stacy"}, "2": {"gamertag": "Zoe"}, "4": None}})
    assert_matches(session, {"members": {"0": {"gamertag": "Stacy"}, "1": {"gamertag": "Ana"}}})


def test_members_that_are_not_a_dict_do_not_match(one: SessionView) -> None:
    """They are compared as a whole (SEEN-2)."""
    with pytest.raises(AssertionError) as error:
        one.assert_matches({"members": []})
    (_, line) = str(error.value).splitlines()
    assert line.startswith('/members: expected [], got {"0": {"next": 1, ')


@pytest.mark.parametrize(
    ("partial", "text"),
    [
        (None, "A session matches a dict of fields, not None."),
        ([HUGE], f"A session matches a dict of fields, not {DIGITS}."),
        ({HUGE: 1}, f"{NO_FIELD.format(DIGITS)}; known here: {FIELDS}.\nwhere: partial/{DIGITS}\nrule: SEEN-1"),
        (
            {"properties": {"system": {"close": None}}},
            f'{NO_FIELD.format("close")}; did you mean "closed"?\nwhere: partial/properties/system/close\nrule: SEEN-1',
        ),
        (
            {"members": {"Ana": {"gamertags": None}}},
            f"{NO_FIELD.format('gamertags')}; {GAMERTAG}?\nwhere: partial/members/Ana/gamertags\nrule: SEEN-1",
        ),
        ({"members": {0: {}}}, f'{A_STRING}: "0", not 0.\nwhere: partial/members\nrule: SEEN-1'),
        ({"members": {HUGE: {}}}, f'{A_STRING}: "{DIGITS}", not {DIGITS}.\nwhere: partial/members\nrule: SEEN-1'),
        ({"members": {(): {}}}, f"{ONE_OF_THEM}; got ().\nwhere: partial/members\nrule: SEED-2"),
        (
            {"members": {"Anna": None}},
            f"{NO_ANNA}\nwhere: partial/members\nrule: SEED-2",
        ),
    ],
)
def test_a_value_that_cannot_be_part_of_a_document_is_an_error(one: SessionView, partial: Any, text: str) -> None:
    """It says which values can be (SEEN-1)."""
    assert error_of(lambda: one.assert_matches(partial)) == text


# assert_members


def test_members_are_as_expected(xbl: XboxLive, people: dict[str, User]) -> None:
    """In every status, by user, name or xuid, in any order (MEMB-8)."""
    stacy, ana, bob = people.values()
    cid = xbl.user("Cid")
    xbl.templates.add("quiet", {"constants": {"system": {"inactiveRemovalTimeout": None}}})
    session = xbl.sessions.create("quiet", members={stacy: "active", ana: "ready", bob: "inactive", cid: "reserved"})
    session.assert_members({cid: "reserved", ana: "ready", bob: "inactive", stacy: "active"})
    session.assert_members({"Stacy": "active", ana.xuid: "ready", "Bob": "inactive", cid.xuid: "reserved"})


def test_each_member_who_is_not_as_expected_has_a_line(one: SessionView, people: dict[str, User]) -> None:
    """For another status, a missing member and an unexpected one (SEEN-2)."""
    with pytest.raises(AssertionError) as error:
        one.assert_members({"Ana": "ready", people["Bob"].xuid: "active", "123": "active"})
    assert str(error.value).splitlines() == [
        "The members are not as expected:",
        "Ana: expected ready, got active",
        "Bob: expected active, got nobody",
        "123: expected active, got nobody",
        "Stacy: expected nobody, got active",
    ]


def test_a_failure_lists_twenty_members(xbl: XboxLive) -> None:
    """A large session has thousands (SEEN-2)."""
    users = xbl.users(*(f"user{number}" for number in range(23)))
    session = xbl.sessions.create("large", members=users)
    with pytest.raises(AssertionError) as failure:
        session.assert_members({})
    head, *lines = str(failure.value).splitlines()
    assert (head, len(lines), lines[-1]) == ("The members are not as expected:", 21, "... and 3 more")


def test_members_are_initializing_or_have_failed(xbl: XboxLive, people: dict[str, User]) -> None:
    """Each expectation holds beside the status of MEMB-8; a failure shows both (INIT-1, INIT-4, SEEN-2)."""
    xbl.templates.add("match", {"constants": {"system": {"memberInitialization": {}}}})
    stacy, ana, bob = people.values()
    waiting = {"status": "reserved", "initializationEpisode": 2}
    members = {stacy: {"initializationFailure": "latency"}, ana: waiting, bob: "active"}
    match = xbl.sessions.create("match", members=members, initializing={"stage": "joining", "episode": 2})
    match.assert_members({stacy: "failed", ana: "initializing", bob: "active"})
    match.assert_members({stacy: "active", ana: "reserved", bob: "active"})
    with pytest.raises(AssertionError) as error:
        match.assert_members({stacy: "initializing", bob: "failed"})
    assert str(error.value).splitlines() == [
        "The members are not as expected:",
        "Stacy: expected initializing, got active and failed (latency)",
        "Bob: expected failed, got active",
        f"{ana.xuid}: expected nobody, got reserved and initializing (episode 2, joining)",
    ]


def test_somebody_who_joined_for_a_moment_is_missing_for_a_reason(
    xbl: XboxLive, one: SessionView, people: dict[str, User]
) -> None:
    """They joined inactive, and the next access removes them; not if they left later (SEEN-2, TIME-3)."""
    bob = xbl.client(people["Bob"])
    bob.put(one.ref.path, json={"members": {"me": {}}})
    why = "; joined in #3 (inactive, and inactiveRemovalTimeout is 0, so the next access removes them: TIME-3)"
    with pytest.raises(AssertionError) as error:
        one.assert_members({"Stacy": "active", "Ana": "active", "Bob": "active"})
    assert str(error.value) == f"The members are not as expected:\nBob: expected active, got nobody{why}"
    with pytest.raises(AssertionError) as error:
        one.assert_matches({"members": {"Bob": {}}})
    assert str(error.value) == f"{HEAD}\n{BOB}: expected {{}}, {GONE}{why}"
    bob.put(one.ref.path, json={"members": {"me": {"properties": {"system": {"active": True}}}}})
    bob.delete(f"{one.ref.path}/members/me")
    with pytest.raises(AssertionError, match=r"Bob: expected active, got nobody$"):
        one.assert_members({"Stacy": "active", "Ana": "active", "Bob": "active"})


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["Ana"], "Members are given as a dict of users and statuses, not ['Ana']."),
        ({"1": "away"}, f'{A_STATUS}, not "away" (MEMB-8, INIT-1).'),
        (
            {"1": "activ"},
            f'{A_STATUS}, not "activ" (MEMB-8, INIT-1). Did you mean "active"?',
        ),
        ({"1": None}, f"{A_STATUS}, not null (MEMB-8, INIT-1)."),
        ({1: "active"}, f"{ONE_OF_THEM}; got 1.\nwhere: expected\nrule: SEED-2"),
        ({"Anna": "active"}, f"{NO_ANNA}\nwhere: expected\nrule: SEED-2"),
        ({"server": "active"}, f'{NO_USER} "server"; {THERE_ARE}.\nwhere: expected\nrule: SEED-2'),
        ([HUGE], f"Members are given as a dict of users and statuses, not {DIGITS}."),
        ({"1": HUGE}, f"{A_STATUS}, not {DIGITS} (MEMB-8, INIT-1)."),
        ({HUGE: "active"}, f"{ONE_OF_THEM}; got {DIGITS}.\nwhere: expected\nrule: SEED-2"),
    ],
)
def test_values_that_cannot_be_members_are_an_error(xbl: XboxLive, one: SessionView, expected: Any, text: str) -> None:
    """It says which values can be (MEMB-8, INIT-1)."""
    xbl.service("server")
    assert error_of(lambda: one.assert_members(expected)) == text


def test_members_without_a_gamertag_are_named_by_xuid(one: SessionView, ana: User) -> None:
    """As are those whom the test names by xuid (SEEN-2)."""
    document = plain(one.document)
    del document["members"]["0"]["gamertag"]
    with pytest.raises(AssertionError) as error:
        assert_members(document, {"123": "active", ana: "active"})
    assert str(error.value).splitlines() == [
        "The members are not as expected:",
        "123: expected active, got nobody",
        "2533274790000001: expected nobody, got active",
    ]


def test_a_member_is_named_once(one: SessionView, stacy: User) -> None:
    """A second name for the same member would hide one of two expectations (SEEN-1)."""
    text = "A member is named twice; name each one once."
    assert error_of(lambda: one.assert_matches({"members": {stacy: {}, "0": {}}})) == text
    for name in (stacy.xuid, "Stacy"):
        assert error_of(lambda name=name: one.assert_members({stacy: "active", name: "ready"})) == text  # type: ignore[misc]


@pytest.mark.parametrize("name", ["Ana", "", "0x1", 1, None])
def test_without_a_world_a_member_has_no_name(one: SessionView, name: Any) -> None:
    """A document knows xuids and indices only (SEEN-1)."""
    text = f"A member is named by a user or a xuid, not {name!r}."
    assert error_of(lambda: assert_members(one.document, {name: "active"})) == text


def test_a_name_of_digits_is_a_name_unless_it_is_a_xuid(xbl: XboxLive) -> None:
    """A xuid comes before a name, and in a part of a document an index before both (SEEN-1)."""
    seven, other = xbl.user("007", xuid="1"), xbl.user("1", xuid="8")
    session = xbl.sessions.create("lobby", members=[other, seven])
    session.assert_members({"007": "active", "8": "active"})
    session.assert_members({"1": "active", other: "active"})
    session.assert_matches({"members": {"0": {"gamertag": "1"}, "1": {"gamertag": "007"}}})
