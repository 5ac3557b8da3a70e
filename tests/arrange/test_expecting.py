"""The state that a test or a seed expects at the end, and the lines for all that differs (SEED-10)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bodies import ACTIVE, ONE, SCID
from errors import error_of
from people import person
from pytest_xbl import Seed, XboxLive
from pytest_xbl.arrange.scenarios import SCENARIOS
from seeds import SeedDict, row_of
from tables import cases

NOON = "2026-01-01T12:00:00.0000000Z"
INVITE = "0a0b0c0d-0000-4000-a000-00000000000f"
ACTIVITY = "0a0b0c0d-0000-4000-a000-00000000000a"
NOBODY = "0a0b0c0d-0000-4000-a000-000000000001"
SCENE: SeedDict = {
    "users": {"Stacy": {"follows": ["Zoe", "Ana"]}, "Zoe": {"xuid": "9", "present": False}, "Ana": {"xuid": "7"}},
    "templates": {"room": {"constants": {"system": {"inactiveRemovalTimeout": 60_000}}}},
    "sessions": {
        "the lobby": {
            "template": "lobby",
            "name": "one",
            "members": {"Stacy": {"properties": {"custom": {"team": "red"}}}, "Ana": "reserved"},
            "properties": {"system": {"keywords": ["fast"]}, "custom": {"map": "dunes", "null": None}},
            "servers": {"s": {"properties": {"custom": {"port": 3074}}}},
        },
        "room": {"template": "room", "members": ["Stacy", "Zoe"]},
        "over": {"template": "lobby", "gone": True},
    },
    "handles": {
        "invite": {"id": INVITE, "type": "invite", "session": "the lobby", "owner": "Stacy", "invited": "Ana"},
        "activity": {"id": ACTIVITY, "type": "activity", "session": "the lobby", "owner": "Stacy"},
    },
    "statistics": {"users": {"Stacy": {"wins": 3, "rank": {"value": 1.5, "metadata": {"season": 2}}}}},
}


@pytest.fixture
def scene() -> XboxLive:
    """A lobby with Stacy and a place for Ana, a room with Stacy and Zoe, who has gone away, handles and statistics."""
    return XboxLive(seed=Seed(SCENE))


def one(**session: Any) -> SeedDict:
    """An expectation of the session called one."""
    return {"sessions": {"one": session}}


def statistics(**users: Any) -> SeedDict:
    """An expectation of the statistics of users."""
    return {"statistics": {"users": users}}


def differences(xbl: XboxLive, expected: SeedDict | None = None) -> list[str]:
    """The lines that say in what the state is otherwise than expected."""
    with pytest.raises(AssertionError) as error:
        xbl.assert_state(expected)
    first, *lines = str(error.value).splitlines()
    assert first == "The state is not as expected:"
    return lines


AS_EXPECTED: dict[str, SeedDict] = {
    "nothing in particular": {},
    "the time": {"now": NOON},
    "the time as a datetime": {"now": datetime(2026, 1, 1, 13, tzinfo=timezone(timedelta(hours=1)))},
    "users who are there": {"users": ["Stacy", "Ana"]},
    "users with some of their fields": {"users": {"Ana": {"xuid": "7", "gamertag": "Ana"}, "Zoe": {"present": False}}},
    "a user who is not there": {"users": {"Bea": None}},
    "no token of her own": {"users": {"Ana": {"token": None}}},
    "whom she follows, in any order": {"users": {"Stacy": {"follows": ["Zoe", "Ana"], "blocks": []}}},
    "a session by its label": {"sessions": {"the lobby": {"template": "lobby", "name": "one", "changeNumber": 2}}},
    "a session by its name": one(template="lobby"),
    "a session that is not there": {"sessions": {"two": None, "over": None}},
    "all members by name": one(members={"Stacy": "active", "Ana": "reserved"}),
    "a member's fields": one(members={"Stacy": {"index": 0, "since": "2026-01-01T12:00:00Z"}, "Ana": {}}),
    "a member's property": one(members={"Stacy": {"properties": {"custom": {"team": "red"}}}, "Ana": {}}),
    "a member without properties": one(members={"Stacy": {}, "Ana": {"properties": None}}),
    "a member whose properties are empty": one(members={"Stacy": {}, "Ana": {"properties": {"custom": {}}}}),
    "claims as they are": one(members={"Stacy": {"gamertag": "Stacy", "activeTitleId": "1719000001"}, "Ana": {}}),
    "somebody who is no member": one(members={"Stacy": {}, "Ana": {}, "Zoe": None}),
    "members as an access now would find them": {
        "sessions": {"room": {"members": {"Stacy": "active", "Zoe": "inactive"}, "changeNumber": 2}}
    },
    "some of the properties": one(properties={"system": {"keywords": ["fast"]}, "custom": {"map": "dunes"}}),
    "no such property": one(properties={"custom": {"other": None, "null": None}}),
    "constants of the template": one(constants={"system": {"maxMembersCount": 8, "visibility": "open"}, "custom": {}}),
    "a server": one(servers={"s": {"properties": {"custom": {"port": 3074}}}, "t": None}),
    "a handle by its label": {"handles": {"invite": {"type": "invite", "session": "the lobby", "invited": "Ana"}}},
    "a handle by its id": {"handles": {INVITE: {"owner": "Stacy", "expires": "2026-01-02T12:00:00Z"}}},
    "a handle that is not there": {"handles": {NOBODY: None}},
    "statistics": statistics(Stacy={"wins": 3, "rank": 1.5, "losses": None}),
    "a statistic and its metadata": statistics(Stacy={"rank": {"metadata": {"season": 2}}}),
    "nobody's statistics": statistics(Ana=None),
}


@cases("expected", AS_EXPECTED)
def test_a_state_as_expected_passes(scene: XboxLive, expected: SeedDict) -> None:
    """Other fields are not compared, and null expects that nothing is there (SEED-10)."""
    scene.assert_state(expected)


STACY = '{"status": "active", "index": 0, "since": "2026-01-01T12:...'
ANA = '{"status": "reserved", "index": 1, "since": "2026-01-01T1...'
HANDLE = '"session": "the lobby", "id": "0a0b0'
# Expectations by the lines for all that differs: place, expected value, actual value.
DIFFERENT: dict[tuple[str, ...], SeedDict] = {
    (f'/now: expected "2026-01-01T12:00:00.5000000Z", got "{NOON}"',): {"now": "2026-01-01T12:00:00.5Z"},
    ("/users/Bea: expected {}, got nothing",): {"users": ["Stacy", "Bea"]},
    ("/users/Ana/present: expected false, got true", '/users/Ana/xuid: expected "8", got "7"'): {
        "users": {"Ana": {"xuid": "8", "gamertag": "Ana", "present": False}}
    },
    ('/users/Ana: expected nothing, got {"xuid": "7", "gamertag": "Ana", "deviceId": "F0000000000...',): {
        "users": {"Ana": None}
    },
    ('/sessions/over: expected {"members": {}}, got nothing', "/sessions/two: expected {}, got nothing"): {
        "sessions": {"two": {}, "over": {"members": []}}
    },
    ('/sessions/room: expected nothing, got {"template": "room", "name": "room", "scid": "5c1d0000-00...',): {
        "sessions": {"room": None}
    },
    (
        '/sessions/one/members/Ana/status: expected "active", got "reserved"',
        '/sessions/one/members/Zoe: expected {"status": "active"}, got nothing',
    ): one(members=["Stacy", "Ana", "Zoe"]),
    (f"/sessions/one/members/Ana: expected nothing, got {ANA}",): one(members={"Stacy": "active"}),
    (
        f"/sessions/one/members/Ana: expected nothing, got {ANA}",
        f"/sessions/one/members/Stacy: expected nothing, got {STACY}",
    ): one(members=[]),
    (
        '/sessions/one/properties/custom/map: expected "hills", got "dunes"',
        "/sessions/one/properties/system/closed: expected true, got nothing",
    ): one(properties={"system": {"closed": True}, "custom": {"map": "hills"}}),
    ('/sessions/one/properties/custom/map: expected nothing, got "dunes"',): one(properties={"custom": {"map": None}}),
    ('/sessions/one/properties/custom/map: expected {"name": "dunes"}, got "dunes"',): one(
        properties={"custom": {"map": {"name": "dunes"}}}
    ),
    ("/statistics/users/Stacy/wins/value: expected 3.0, got 3",): statistics(Stacy={"wins": 3.0}),
    (
        f'/handles/{NOBODY}: expected {{"type": "invite"}}, got nothing',
        '/handles/invite/invited: expected "Zoe", got "Ana"',
    ): {"handles": {"invite": {"invited": "Zoe"}, NOBODY: {"type": "invite"}}},
    (f'/handles/{INVITE}: expected nothing, got {{"type": "invite", {HANDLE}c0...',): {"handles": {INVITE: None}},
    (
        '/statistics/users/Ana: expected {"wins": {"value": 1}}, got nothing',
        '/statistics/users/Stacy/losses: expected {"value": 1}, got nothing',
        '/statistics/users/Stacy/wins: expected nothing, got {"value": 3}',
    ): statistics(Stacy={"losses": 1, "wins": None}, Ana={"wins": 1}),
    (
        f'/handles/activity: expected nothing, got {{"type": "activity", {HANDLE}...',
        f'/now: expected "2026-01-02T12:00:00.0000000Z", got "{NOON}"',
        "/users/Bea: expected {}, got nothing",
    ): {"now": "2026-01-02T12:00:00Z", "users": ["Bea"], "handles": {"activity": None}},
    ("/users/a~1b~0c: expected {}, got nothing",): {"users": {"a/b~c": {}}},
}


@pytest.mark.parametrize("lines", DIFFERENT, ids=", ".join)
def test_every_difference_has_a_line(scene: XboxLive, lines: tuple[str, ...]) -> None:
    """With its place, the expected value and the actual one (SEED-10)."""
    assert differences(scene, DIFFERENT[lines]) == [*lines]


NOTHING_THERE: dict[str, SeedDict] = {
    "/users": {"users": None},
    "/sessions": {"sessions": None},
    "/handles": {"handles": None},
    "/statistics": {"statistics": None},
    "/statistics/users": {"statistics": {"users": None}},
    "/statistics/users/Stacy": statistics(Stacy=None),
    "/sessions/one/members": one(members=None),
    "/sessions/one/properties": one(properties=None),
    "/now": {"now": None},
}


def test_a_token_is_compared_and_not_shown() -> None:
    """Only its last four characters are, on both sides (SEEN-13)."""
    xbl = XboxLive(seed={"users": {"Ana": {"token": "anas-real-token"}}})
    xbl.assert_state({"users": {"Ana": {"token": "anas-real-token"}}})
    expected: SeedDict = {"users": {"Ana": {"token": "anas-other-token"}}}
    assert differences(xbl, expected) == ['/users/Ana/token: expected "...oken", got "...oken"']
    assert differences(xbl, {"users": {"Ana": {"token": None}}}) == [
        '/users/Ana/token: expected nothing, got "...oken"'
    ]


@pytest.mark.parametrize("at", NOTHING_THERE)
def test_null_expects_that_nothing_is_there(scene: XboxLive, at: str) -> None:
    """In place of a section, a record or a field (SEED-10)."""
    (line,) = differences(scene, NOTHING_THERE[at])
    assert line.startswith(f"{at}: expected nothing, got ")


CUSTOM = {"members": ["a", {"id": 1}], "since": "2026-01-01T12:00:00Z", "now": {"members": {"b": "c"}}}
NAMED: dict[str, SeedDict] = {
    "properties": {
        "sessions": {"members": {"template": "lobby", "members": ["now"], "properties": {"custom": CUSTOM}}}
    },
    "a user": {"users": {"members": {"xuid": "5"}, "since": {"xuid": "6"}}},
    "a statistic": statistics(members={"members": 3, "since": "2026-01-01T12:00:00Z"}),
}


@cases("named", NAMED)
def test_names_that_others_have_chosen_have_no_meaning(named: SeedDict) -> None:
    """A user may be called `members`, and so may a property (SEED-10)."""
    seed = Seed(named) | {"users": {"members": {}, "now": {}}}
    XboxLive(seed=seed).assert_state(named)


@pytest.mark.parametrize(
    "statistic",
    [
        datetime(2026, 1, 1, 12, tzinfo=timezone.utc),
        {"value": "2026-01-01T12:00:00Z", "type": "DateTime"},
        {"value": "2026-01-01T13:00:00+01:00", "type": "DateTime"},
    ],
    ids=["datetime", "as the service writes it", "elsewhere"],
)
def test_a_statistic_that_is_a_time_is_compared_as_one(statistic: Any) -> None:
    """In whatever form it is written (SEED-10, STAT-5)."""
    xbl = XboxLive()
    stacy = xbl.user("Stacy")
    xbl.stats.set(stacy, {"when": datetime(2026, 1, 1, 12, tzinfo=timezone.utc)})
    xbl.assert_state(statistics(Stacy={"when": statistic}))
    xbl.stats.set(stacy, {"when": datetime(2026, 1, 1, 11, tzinfo=timezone.utc)})
    (line,) = differences(xbl, statistics(Stacy={"when": statistic}))
    assert line.startswith("/statistics/users/Stacy/when/value: ")


def test_comparing_the_state_changes_nothing(scene: XboxLive) -> None:
    """It is not an access: Zoe is found inactive, but no version says so yet (TIME-1)."""
    before = scene._world.snapshot()
    scene.assert_state({"sessions": {"room": {"members": {"Stacy": {}, "Zoe": "inactive"}}}})
    assert scene._world.snapshot() == before
    assert len(scene.sessions["room"].history) == 1


def test_a_record_that_has_timed_out_is_not_there() -> None:
    """As an access now would find the world (SEED-10, TIME-1)."""
    xbl = XboxLive(seed=Seed.scenario("invited_friend"))
    xbl.clock.advance(days=1)
    xbl.assert_state({"handles": {"invite": None}})
    xbl.client(xbl.scenario.host).delete(f"{xbl.scenario.lobby.ref.path}/members/me")
    xbl.client(xbl.scenario.player2).delete(f"{xbl.scenario.lobby.ref.path}/members/me")
    xbl.assert_state({"sessions": {"lobby": None}})


def test_sessions_of_one_name_are_told_apart_by_their_references() -> None:
    """Or by the labels of the seed; the name alone would mean both (SEED-10)."""
    xbl = XboxLive()
    for template in ("lobby", "game"):
        xbl.sessions.create(template, name="one", members=xbl.users(f"in the {template}"))
    xbl.assert_state({"sessions": {f"{SCID}~game~one": {"members": ["in the game"]}}})
    assert differences(xbl, one()) == ["/sessions/one: expected {}, got nothing"]


def test_a_session_that_is_gone_takes_no_name_from_another() -> None:
    """Only one of the remaining sessions has it (SEED-10)."""
    xbl = XboxLive()
    for template in ("lobby", "game"):
        xbl.sessions.create(template, name="one", members=xbl.users(f"in the {template}"))
    xbl.client(person(xbl, "in the lobby")).delete(f"{ONE}/members/me")
    xbl.assert_state(one(template="game"))


def test_a_value_that_is_not_of_the_seed_form_cannot_be_expected(scene: XboxLive) -> None:
    """It is a mistake in the test, and not a difference (SEED-1, SEED-10)."""
    row = ('Expected true or false; got "yes".', "/expected/users/Ana/present in the call", "TIME-7")
    assert row_of(lambda: scene.assert_state({"users": {"Ana": {"present": "yes"}}})) == row


@pytest.mark.parametrize(
    ("session", "place", "name", "hint"),
    [
        ({"properties": {"system": {"close": None}}}, "properties/system/close", "close", '; did you mean "closed"?'),
        ({"constants": {"sistem": None}}, "constants/sistem", "sistem", '; did you mean "system"?'),
        (
            {"members": {"Stacy": {"properties": {"system": {"activ": None}}}}},
            "members/Stacy/properties/system/activ",
            "activ",
            '; did you mean "active"?',
        ),
    ],
)
def test_a_field_that_no_session_has_cannot_be_expected(
    scene: XboxLive, session: SeedDict, place: str, name: str, hint: str
) -> None:
    """Where it is misspelt, null would always be right (SEED-10)."""
    row = (f'The field "{name}" is not known here{hint}', f"/expected/sessions/room/{place} in the call", "SEED-10")
    assert row_of(lambda: scene.assert_state({"sessions": {"room": session}})) == row
    scene.assert_state({"sessions": {"room": {"properties": {"system": {"closed": None}}}, "elsewhere": None}})


@pytest.mark.parametrize("seed", [None, Seed(), Seed({"expected": {}})], ids=["no seed", "empty", "expects nothing"])
def test_an_expectation_is_needed(seed: Seed | None) -> None:
    """From the seed or the call (SEED-10)."""
    text = "Nothing is expected: neither the seed says what, nor the call."
    assert error_of(XboxLive(seed=seed).assert_state) == text


def test_a_seed_may_hold_the_expectation() -> None:
    """Unless the call has one (SEED-10)."""
    seed = Seed.scenario("lobby", players=1).expecting({"sessions": {"lobby": {"members": ["host", "newcomer"]}}})
    xbl = XboxLive(seed=seed)
    assert differences(xbl) == ['/sessions/lobby/members/newcomer: expected {"status": "active"}, got nothing']
    xbl.assert_state({"sessions": {"lobby": {"members": ["host"]}}})
    xbl.client(xbl.scenario.newcomer).put(xbl.scenario.lobby.ref.path, json=ACTIVE)
    xbl.assert_state()


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_dump_is_as_expected(name: str) -> None:
    """Whole users, whole members, whole handles (SEED-7, SEED-10)."""
    xbl = XboxLive(seed=name)
    xbl.set_presence(*xbl.scenario.users, present=True)  # or they would be inactive for an access
    dumped = xbl.dump()
    expected: SeedDict = {
        section: dumped[section] for section in ("now", "users", "sessions", "handles") if section in dumped
    }
    xbl.assert_state({**expected, "statistics": {"users": dumped.get("statistics", {}).get("users")}})


def test_the_role_types_of_the_template_are_those_of_the_session() -> None:
    """As its constants are (ROLE-1, SEED-10)."""
    role_types = {"team": {"roles": {"red": {"max": 1}}}}
    seed = {
        "users": ["Ana"],
        "templates": {"duel": {"roleTypes": role_types}},
        "sessions": {"one": {"template": "duel", "members": ["Ana"]}},
    }
    xbl = XboxLive(seed=seed)
    xbl.assert_state(one(roleTypes=role_types))
    different = differences(xbl, one(roleTypes={"team": {"roles": {"red": {"max": 2}}}}))
    assert different == ["/sessions/one/roleTypes/team/roles/red/max: expected 2, got 1"]


def test_a_failure_lists_a_hundred_differences() -> None:
    """A large world has thousands (SEED-10)."""
    with pytest.raises(AssertionError) as failure:
        XboxLive().assert_state({"users": [f"user{number}" for number in range(102)]})
    lines = str(failure.value).splitlines()
    assert (len(lines), lines[-1]) == (102, "... and 2 more")
