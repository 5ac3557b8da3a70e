"""What a session can be asked: whether it is as expected, and how it came to be so."""

from __future__ import annotations

from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any
from unittest.mock import ANY

import pytest

from pytest_xbl import SessionView, User, XblError, XboxLive, any_time
from pytest_xbl.mpsd.effects import MemberJoined, SessionCreated

PARTS = (
    "contractVersion, correlationId, branch, changeNumber, startTime, nextTimer, constants, properties, roleTypes, "
    "members, membersInfo, servers"
)
HEAD = "The session is not as expected:"
MEMBERS = "The members are not as expected:"
BY_TEST = "; since #1 12:00:00 create by the test"
BY_ANA = "; since #2 12:00:05 put-session by Ana"
BOB = "/members/2533274790000003"
GONE = "got nothing [membersList]"


@pytest.fixture
def people(xbl: XboxLive) -> dict[str, User]:
    """Stacy, Ana and Bob."""
    return {name: xbl.user(name) for name in ("Stacy", "Ana", "Bob")}


@pytest.fixture
def one(xbl: XboxLive, people: dict[str, User]) -> SessionView:
    """A lobby of Stacy and Ana, in which Ana has written a score five seconds later."""
    session = xbl.sessions.create("lobby", name="one", members=[people["Stacy"], people["Ana"]])
    xbl.clock.advance(seconds=5)
    write(xbl, session, people["Ana"], {"members": {"me": {"properties": {"custom": {"score": 1}}}}})
    return session


def write(xbl: XboxLive, session: SessionView, user: User, body: dict[str, Any]) -> None:
    """A write by somebody."""
    assert xbl.client(user).put(session.ref.path, json=body).status_code in {200, 204}


def named(people: dict[str, User], partial: Any) -> Any:
    """A part of a document whose members the table names by first names."""
    if "members" not in partial:
        return partial
    return {**partial, "members": {people.get(name, name): inner for name, inner in partial["members"].items()}}


# session.assert_matches


@pytest.mark.parametrize(
    "partial",
    [
        {},
        {"changeNumber": 2},
        {"startTime": any_time, "constants": {}, "properties": ANY},
        {"constants": {"system": {"maxMembersCount": 8}}},
        {"properties": {"system": {"turn": [], "host": None}}},
        {"nextTimer": None, "roleTypes": None},
        {"members": {}},
        {"members": {"Ana": {}, "Bob": None}},
        {"members": {"Ana": {"properties": {"custom": {"score": 1, "other": None}}}}},
        {"members": {"2533274790000002": {"gamertag": "Ana"}, "0": {"gamertag": "Stacy"}}},
        {"members": {"Ana": MappingProxyType({"joinTime": any_time})}},
        {"members": {"Ana": ANY}},
    ],
    ids=str,
)
def test_a_session_matches_a_part_of_it(one: SessionView, people: dict[str, User], partial: Any) -> None:
    """What is not named is not compared, and a None says that nothing is there (SEEN-1)."""
    one.assert_matches(named(people, partial))


@pytest.mark.parametrize(
    ("partial", "told"),
    [
        ({"changeNumber": True}, [f"/changeNumber: expected true, got 2{BY_ANA}"]),
        ({"startTime": None}, [f'/startTime: expected nothing, got "2026-01-01T12:00:00.0000000Z"{BY_TEST}']),
        ({"nextTimer": any_time}, [f"/nextTimer: expected any_time, got nothing{BY_TEST}"]),
        ({"servers": {"a": {}}}, [f"/servers/a: expected {{}}, got nothing{BY_TEST}"]),
        ({"servers": {"a": {"b": {}}, "c": {}}}, [
            f'/servers/a: expected {{"b": {{}}}}, got nothing{BY_TEST}',
            f"/servers/c: expected {{}}, got nothing{BY_TEST}",
        ]),
        ({"changeNumber": {"a": 1}}, [f'/changeNumber: expected {{"a": 1}}, got 2{BY_ANA}']),
        ({"properties": {"system": {"turn": [0]}}}, [f"/properties/system/turn/0: expected 0, got nothing{BY_TEST}"]),
        ({"members": {"Ana": {"properties": {"custom": {"score": 2}}}}}, [
            f"/members/1 (Ana)/properties/custom/score: expected 2, got 1 [membersCustomProperty]{BY_ANA}",
        ]),
        ({"members": {"1": {"gamertag": "A", "constants": {"system": {"xuid": "2533274790000002"}}}}}, [
            f'/members/1 (Ana)/gamertag: expected "A", got "Ana"{BY_TEST}',
        ]),
        ({"members": {"Stacy": None}}, [
            f"/members/0 (Stacy): expected nothing, got a member (active) [membersList]{BY_TEST}",
        ]),
        ({"members": {"Bob": {"gamertag": "Bob"}}}, [f'{BOB}: expected {{"gamertag": "Bob"}}, {GONE}{BY_TEST}']),
        ({"members": {"Bob": {"properties": ANY}}}, [f'{BOB}: expected {{"properties": <ANY>}}, {GONE}{BY_TEST}']),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_match_is_told(one: SessionView, people: dict[str, User], partial: Any, told: list[str]) -> None:
    """With who made it so, as far as anybody did (SEEN-2)."""
    with pytest.raises(AssertionError) as error:
        one.assert_matches(named(people, partial))
    assert str(error.value).splitlines() == [HEAD, *told]


def test_members_that_are_no_dict_do_not_match(one: SessionView) -> None:
    """They are told as a whole (SEEN-2)."""
    with pytest.raises(AssertionError) as error:
        one.assert_matches({"members": []})
    (_, line) = str(error.value).splitlines()
    assert line.startswith('/members: expected [], got {"2533274790000001": ')


@pytest.mark.parametrize(
    ("partial", "told"),
    [
        (None, "A session matches a dict of what it should have; None is none."),
        ([], "A session matches a dict of what it should have; [] is none."),
        (
            {"member": {}},
            f"A session document has no 'member'; it has {PARTS}.",
        ),
        ({"members": {0: {}}}, "A member is named by a user, or a xuid; 0 is none."),
    ],
    ids=["None", "a list", "an unknown name", "a number"],
)
def test_what_can_be_no_part_of_a_document_is_an_error(one: SessionView, partial: Any, told: str) -> None:
    """It says what can be (SEEN-1)."""
    with pytest.raises(XblError) as error:
        one.assert_matches(partial)
    assert str(error.value) == told


# session.assert_members


def test_members_are_as_expected(xbl: XboxLive, people: dict[str, User]) -> None:
    """In every status, by user or xuid, in any order (MEMB-8)."""
    stacy, ana, bob = people.values()
    cid = xbl.user("Cid")
    xbl.templates.add("quiet", {"constants": {"system": {"inactiveRemovalTimeout": None}}})
    session = xbl.sessions.create("quiet", members={stacy: "active", ana: "ready", bob: "inactive", cid: "reserved"})
    session.assert_members({cid: "reserved", ana: "ready", bob: "inactive", stacy: "active"})
    by_xuid: Any = {stacy.xuid: "active", ana.xuid: "ready", bob.xuid: "inactive", cid.xuid: "reserved"}
    session.assert_members(by_xuid)


def test_members_that_are_not_as_expected_are_told(one: SessionView, people: dict[str, User]) -> None:
    """Each in a line: another status, missing, too many (SEEN-2)."""
    with pytest.raises(AssertionError) as error:
        one.assert_members({people["Ana"]: "ready", people["Bob"]: "active"})
    assert str(error.value).splitlines() == [
        MEMBERS,
        "Ana: expected ready, got active",
        "Bob: expected active, got nobody",
        "Stacy: expected nobody, got active",
    ]


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        (["Ana"], "Members are a dict of users and their statuses; ['Ana'] is none."),
        ({"1": "away"}, 'A member is active, ready, inactive, reserved; not "away" (MEMB-8).'),
        ({"1": None}, "A member is active, ready, inactive, reserved; not null (MEMB-8)."),
        ({1: "active"}, "A member is named by a user, or a xuid; 1 is none."),
    ],
)
def test_what_can_be_no_members_is_an_error(one: SessionView, expected: Any, told: str) -> None:
    """It says what can be (MEMB-8)."""
    with pytest.raises(XblError) as error:
        one.assert_members(expected)
    assert str(error.value) == told


def test_nobody_is_asked_about_a_session_that_is_gone(xbl: XboxLive, one: SessionView, people: dict[str, User]) -> None:
    """The error says since when (TIME-4)."""
    for name in ("Stacy", "Ana"):
        write(xbl, one, people[name], {"members": {"me": None}})
    for ask in (one.assert_members, one.assert_matches):
        with pytest.raises(XblError, match=r"^The session .*~lobby~one is gone: it was deleted at .* by Ana\.$"):
            ask({})


# session.history


def test_a_history_reads_like_a_log(xbl: XboxLive, one: SessionView, people: dict[str, User]) -> None:
    """A line for each version, to the end of the session (SEEN-2)."""
    write(xbl, one, people["Bob"], {"members": {"me": {"properties": {"system": {"active": True}}}}})
    xbl.clock.advance(minutes=1)
    for name in ("Stacy", "Bob", "Ana"):
        write(xbl, one, people[name], {"members": {"me": None}})
    assert str(one.history).splitlines() == [
        "#1 12:00:00 create by the test: session created, Stacy joined, Ana joined",
        "#2 12:00:05 put-session by Ana",
        "#3 12:00:05 put-session by Bob: Bob joined, Bob became active",
        "#4 12:01:05 put-session by Stacy: Stacy left",
        "#5 12:01:05 put-session by Bob: Bob left",
        "deleted 12:01:05 put-session by Ana: Ana left, session deleted",
    ]


def test_a_version_has_parts(one: SessionView, people: dict[str, User]) -> None:
    """Number, time, caller, operation, effects and document (SEEN-2)."""
    first, second = one.history
    time = datetime(2026, 1, 1, 12, 0, tzinfo=timezone.utc)
    assert (first.number, first.time, first.caller, first.operation) == (1, time, "the test", "create")
    assert first.effects == (
        SessionCreated(),
        MemberJoined(people["Stacy"].xuid),
        MemberJoined(people["Ana"].xuid),
    )
    assert second.effects == ()
    assert second.document == one.document


def test_any_two_versions_can_be_compared(xbl: XboxLive, one: SessionView, people: dict[str, User]) -> None:
    """By their places in the list, also from its end, also backwards; numbers and times aside (SEEN-2, SEEN-3)."""
    write(xbl, one, people["Stacy"], {"properties": {"custom": {"map": "x"}}})
    history = one.history
    score = "/members/1 (Ana)/properties/custom/score"
    assert str(history.diff(0, 1)) == f"{score}: was nothing, is 1 [membersCustomProperty]"
    assert str(history.diff(1, 0)) == f"{score}: was 1, is nothing [membersCustomProperty]"
    assert str(history.diff(-2, -1)) == '/properties/custom/map: was nothing, is "x" [customProperty]'
    assert history.diff(0, 2).kinds == {"customProperty", "membersCustomProperty"}
    assert history.diff(2, 2) == []


@pytest.mark.parametrize("place", [3, -4, "0", None])
def test_a_version_that_is_not_there_is_an_error(
    xbl: XboxLive, one: SessionView, people: dict[str, User], place: Any
) -> None:
    """It says how many there are (SEEN-2)."""
    write(xbl, one, people["Stacy"], {"properties": {"custom": {"map": "x"}}})
    for old, new in ((0, place), (place, 0)):
        with pytest.raises(XblError) as error:
            one.history.diff(old, new)
        assert str(error.value) == f"There is no version {place!r}; there are 3."


def test_a_version_in_which_the_session_was_deleted_is_an_error(
    xbl: XboxLive, one: SessionView, people: dict[str, User]
) -> None:
    """It has no document (SEEN-2)."""
    for name in ("Stacy", "Ana"):
        write(xbl, one, people[name], {"members": {"me": None}})
    with pytest.raises(XblError) as error:
        one.history.diff(0, -1)
    assert str(error.value) == "In version -1 the session was deleted."


def test_a_member_is_named_once(one: SessionView, people: dict[str, User]) -> None:
    """By a user, a xuid or an index; or one of two expectations would be lost."""
    stacy = people["Stacy"]
    text = "A member is named twice: by user, xuid or index, one of them is enough."
    with pytest.raises(XblError, match=text):
        one.assert_matches({"members": {stacy: {}, "0": {}}})
    with pytest.raises(XblError, match=text):
        one.assert_members({stacy: "active", stacy.xuid: "ready"})  # type: ignore[dict-item]
