"""The sessions of a seed, as if a service had made them and everybody had taken their seat (SEED-5)."""

from __future__ import annotations

from typing import Any

import pytest

from bodies import ACTIVE, SCID, me, reserve
from people import person
from pytest_xbl import SessionRef, XboxLive
from pytest_xbl.mpsd.devices import device_token
from pytest_xbl.mpsd.effects import MemberJoined, MemberReserved, SessionCreated
from seeds import ADDRESS, EARLIER, EARLIEST, OTHER, PEOPLE, SLOW, SeedDict, members, template, with_session, world

REF = SessionRef(SCID, "slow", "one")
LOCKED = {"system": {"closed": True, "locked": True}}


def put(xbl: XboxLive, who: str, body: SeedDict) -> int:
    """The status with which the service answers a PUT of the session called one."""
    return xbl.client(person(xbl, who)).put(REF.path, json=body).status_code


def test_it_is_as_if_everybody_had_written_themselves() -> None:
    """Members in every status are as those who joined by requests, and so is the history (MEMB-8, MEMB-9)."""
    people = {"Ana": "active", "Bob": "ready", "Cid": "inactive", "Dot": "reserved"}
    users = {**PEOPLE, "Dot": {"xuid": "14"}}
    templates = {"slow": template(**{**SLOW, "maxMembersCount": 4})}
    seeded = world(with_session({"members": people}, users=users, templates=templates))
    written = world({"users": users, "templates": templates})
    for who, body in (("Ana", me(active=True)), ("Bob", me(ready=True)), ("Cid", me()), ("Ana", reserve("14"))):
        assert put(written, who, body) in (200, 201)
    assert seeded.sessions["one"].document == {**written.sessions["one"].document, "changeNumber": 1}
    effects = (SessionCreated(), MemberJoined("11"), MemberJoined("12"), MemberJoined("13"), MemberReserved("14"))
    assert seeded.sessions["one"].history[0].effects == effects


@pytest.mark.parametrize(
    "people", [["Ana", "Bob"], {"Ana": "active", "Bob": {}}, {"Ana": {"status": "active"}, "Bob": {}}]
)
def test_members_are_active_by_default(people: Any) -> None:
    """The same as `xbl.sessions.create` makes (SEED-12, MEMB-8)."""
    seeded = world(with_session({"members": people}))
    called = world({**with_session({}), "sessions": {}})
    called.sessions.create("slow", name="one", members=[person(called, name) for name in ("Ana", "Bob")])
    assert seeded.sessions["one"].document == called.sessions["one"].document
    assert seeded.sessions["one"].etag == called.sessions["one"].etag


def test_a_member_may_have_been_so_for_a_while() -> None:
    """Timeouts count from then (TIME-3, MEMB-9)."""
    people = {
        "Ana": {"joinTime": EARLIEST},
        "Bob": {"status": "ready", "since": EARLIER, "joinTime": EARLIEST},
        "Cid": {"status": "reserved", "since": EARLIEST, "joinTime": EARLIEST},
    }
    document = world(with_session({"startTime": EARLIEST, "members": people})).sessions["one"].document
    shown = [document["startTime"], *(one["joinTime"] for one in document["members"].values()), document["nextTimer"]]
    assert shown == [f"2026-01-01T{hour}:00:00.0000000Z" for hour in (10, 10, 10, 13)]


def test_times_that_are_left_out_follow_from_the_others() -> None:
    """A member joined when their status began, and the session was made when the first one joined (TIME-4, MEMB-9)."""
    people = {"Ana": {"since": EARLIER}, "Bob": {"since": EARLIEST}, "Cid": {"joinTime": EARLIER}}
    document = world(with_session({"members": people})).sessions["one"].document
    assert document["startTime"] == "2026-01-01T10:00:00.0000000Z"
    assert [one["joinTime"][11:13] for one in document["members"].values()] == ["11", "10", "11"]
    assert world(with_session({"members": ["Ana"]})).sessions["one"].document["startTime"][11:13] == "12"


def test_a_member_has_the_constants_and_properties_that_they_could_write() -> None:
    """As under `members.me`, and the session can name their device as its host (MEMB-6, MEMB-7, PROP-4)."""
    own: SeedDict = {
        "constants": {"system": {"xuid": "11", "index": 0}, "custom": {"a": 1}},
        "properties": {"system": {"groups": ["g"], "secureDeviceAddress": ADDRESS}, "custom": {"b": 2}},
    }
    people = {
        "Ana": own,
        "Bob": {"status": "inactive", "properties": {"custom": {"c": 3}}},
        "Cid": {"status": "reserved", "constants": {"custom": {"d": 4}}},
    }
    properties = {"system": {"host": device_token(ADDRESS), "turn": [0, 2]}, "custom": {"map": "dunes"}}
    xbl = world(with_session({"members": people, "properties": properties}))
    ana, bob, cid = members(xbl)
    assert (ana["constants"], ana["deviceToken"]) == (own["constants"], device_token(ADDRESS))
    active = {"active": True, **own["properties"]["system"]}
    assert ana["properties"] == {"system": active, "custom": {"b": 2}}
    assert (bob["properties"], cid["constants"]["custom"]) == ({"system": {}, "custom": {"c": 3}}, {"d": 4})
    document = xbl.sessions["one"].document
    assert (document["properties"], document["changeNumber"]) == (properties, 1)


def test_a_member_may_have_joined_with_other_claims() -> None:
    """With a gamertag, a device and a title that are not theirs any more, or none (CALL-4, MEMB-9, JOIN-2)."""
    claims = {"gamertag": "Ana of old", "deviceId": "F9", "activeTitleId": "9"}
    xbl = world(with_session({"members": {"Ana": claims, "Bob": {"gamertag": ""}, "Cid": {"activeTitleId": ""}}}))
    session = xbl._world.peek(REF)
    assert session
    ana, bob, cid = ((member.gamertag, member.device_id, member.active_title_id) for member in session.members)
    assert ana == ("Ana of old", "F9", "9")
    assert (bob, cid) == ((None, "F000000000000002", "1719000001"), ("Cid", "F000000000000003", None))


def test_somebody_may_have_lost_the_privilege_since_they_joined() -> None:
    """Whether they may join was decided then; a slot can be kept for anybody (PUT-11)."""
    people = {"Eve": {"since": EARLIER}, "Fay": "reserved"}
    users: SeedDict = {"Eve": {"privileges": []}, "Fay": {"privileges": []}}
    assert len(members(world(with_session({"members": people}, users=users)))) == 2


def test_a_session_with_arbitration_may_have_lost_its_server() -> None:
    """It is made with that server, and written since (CONST-8)."""
    judged = template(capabilities={"gameplay": True, "arbitration": True})
    for more, servers in (
        ({"servers": {"arbitration": {}}}, ["arbitration"]),
        ({"changeNumber": 2}, []),
        ({"changeNumber": 2, "servers": {"dedicated": {}}}, ["dedicated"]),
    ):
        document = with_session({"members": ["Ana"], **more}, templates={"slow": judged})
        assert list(world(document).sessions["one"].document["servers"]) == servers


def test_a_stranger_may_be_a_member() -> None:
    """The seed gives their xuid, and the label names them (MEMB-3)."""
    xbl = world(with_session({"members": {"zed": {"xuid": "99"}, "yan": {"xuid": "98", "gamertag": "Yan"}}}))
    shown = [(member.get("gamertag"), member["constants"]["system"]["xuid"]) for member in members(xbl)]
    assert shown == [(None, "99"), ("Yan", "98")]
    assert [user.name for user in xbl.scenario.users] == list(PEOPLE)


@pytest.mark.parametrize(
    ("indices", "more", "seated", "comes_next"),
    [
        ((None, None), {}, ["0", "1"], 2),
        ((0, 1), {}, ["0", "1"], 2),
        ((2, None), {}, ["2", "3"], 4),
        ((None, 7), {"nextIndex": 8}, ["0", "7"], 8),
        ((2, None), {"nextIndex": 9}, ["2", "3"], 9),
    ],
)
def test_indices_may_have_gaps(
    indices: tuple[int | None, int | None], more: SeedDict, seated: list[str], comes_next: int
) -> None:
    """And whoever comes next has the one that the seed gives, or the one above the last (MEMB-1)."""
    people = {name: {} if at is None else {"index": at} for name, at in zip(("Ana", "Bob"), indices, strict=True)}
    xbl = world(with_session({"members": people, **more}))
    document = xbl.sessions["one"].document
    assert (list(document["members"]), document["membersInfo"]["next"]) == (seated, comes_next)
    assert put(xbl, "Cid", ACTIVE) == 200
    assert list(xbl.sessions["one"].document["members"]) == [*seated, str(comes_next)]


def test_a_session_may_have_been_changed_and_made_before() -> None:
    """The change number and the branch show it (PUT-9, TIME-9)."""
    old, new = (
        world(with_session({"members": ["Ana"], **more})).sessions["one"].document
        for more in ({"changeNumber": 7, "incarnation": 3}, {})
    )
    assert (old["changeNumber"], new["changeNumber"]) == (7, 1)
    assert (old["branch"] == new["branch"], old["correlationId"] == new["correlationId"]) == (False, True)


def test_a_session_has_its_label_as_its_name_by_default() -> None:
    """In any service configuration that has the template, without regard to case (CALL-5, CALL-15, TMPL-1)."""
    sessions = {
        "one": {"template": "LOBBY", "members": ["Ana"]},
        "two": {"template": "duel", "scid": OTHER.lower(), "name": "One", "members": ["Ana"]},
        "a/b": {"template": "lobby", "name": "ab", "members": ["Ana"]},
    }
    xbl = world({"users": ["Ana"], "templates": {"Duel": {"scid": OTHER}}, "sessions": sessions})
    shown = [str(view.ref) for view in xbl.scenario.sessions.values()]
    assert shown == [f"{SCID}~lobby~one", f"{OTHER}~Duel~One", f"{SCID}~lobby~ab"]


def test_a_session_may_add_constants_role_types_and_servers() -> None:
    """As a service could when it makes one (TMPL-3, SERV-2, ROLE-1)."""
    servers = {"dedicated": {"constants": {"custom": {"id": 1}}, "properties": {"custom": {"at": "x"}}}}
    more = {
        "constants": {"system": {"inviteProtocol": "game", "maxMembersCount": 3}, "custom": {"mode": "duel"}},
        "roleTypes": {"team": {"roles": {"red": {"max": 1}}}},
        "servers": servers,
    }
    document = world(with_session({"members": ["Ana"], **more})).sessions["one"].document
    constants = document["constants"]
    assert (constants["system"]["inviteProtocol"], constants["custom"]) == ("game", {"mode": "duel"})
    assert (list(document["roleTypes"]), document["servers"]) == (["team"], servers)


@pytest.mark.parametrize("properties", [{"system": {"closed": True}}, {}], ids=["closed", "private"])
def test_people_are_in_a_session_that_nobody_could_join(properties: SeedDict) -> None:
    """They were there before it was closed, or as its members (JOIN-1, JOIN-4)."""
    private = template(**SLOW, visibility="private")
    xbl = world(with_session({"members": ["Ana", "Bob"], "properties": properties}, templates={"slow": private}))
    assert (len(members(xbl)), put(xbl, "Cid", ACTIVE)) == (2, 403)


def test_a_session_may_hold_any_number_where_its_template_sets_no_limit() -> None:
    """A null takes the limit away (MEMB-12, TMPL-5)."""
    boundless = template(**{**SLOW, "maxMembersCount": None})
    users = [f"player {number}" for number in range(101)]
    xbl = world(with_session({"members": users}, users=users, templates={"slow": boundless}))
    assert len(members(xbl)) == 101


def test_a_session_has_the_default_restrictions() -> None:
    """`userAuthorizationStyle` begins local (CONST-9)."""
    authorized = template(capabilities={"userAuthorizationStyle": True})
    xbl = world(with_session({"members": ["Ana"]}, templates={"slow": authorized}))
    shown = xbl.sessions["one"].document["properties"]["system"]
    assert shown == {"turn": [], "joinRestriction": "local", "readRestriction": "local"}


def test_active_members_have_the_connection_that_the_session_requires() -> None:
    """Their own, or the one of the seed (MEMB-11)."""
    connected = template(**{**SLOW, "capabilities": {"connectionRequiredForActiveMembers": True}})
    own = {"properties": {"system": {"connection": OTHER}}}
    document = with_session({"members": {"Ana": "active", "Bob": own, "Cid": "ready"}}, templates={"slow": connected})
    ana, bob, cid = (member["properties"]["system"].get("connection") for member in members(world(document)))
    assert (bob, cid) == (OTHER, None)
    assert ana


def test_nobody_needs_to_be_in_a_session_that_may_be_empty() -> None:
    """It may have been empty for a while, or be gone at the next access (CODE-204, TIME-4)."""
    assert members(world(with_session({}))) == []
    document = world(with_session({"emptySince": EARLIER, "nextIndex": 2})).sessions["one"].document
    assert (document["nextTimer"], document["membersInfo"]["next"]) == ("2026-01-01T13:00:00.0000000Z", 2)
    assert document["startTime"] == "2026-01-01T11:00:00.0000000Z"
    gone = world({"sessions": {"one": {"template": "lobby", "emptySince": EARLIER}}})
    assert ("one" in gone.sessions, list(gone.scenario.sessions)) == (False, ["one"])


def test_a_member_may_be_gone_at_the_first_access_if_the_seed_says_since_when() -> None:
    """Timers are lazy, so they are still there (TIME-1, TIME-3, SEED-5)."""
    people = {"Ana": {"status": "inactive", "since": EARLIER}}
    for some in (people, {**people, "Bob": "inactive"}):
        gone = world(with_session({"template": "lobby", "members": some}))
        assert "one" not in gone.sessions
        history = gone._world.history(SessionRef(SCID, "lobby", "one"))
        assert [version.operation for version in history] == ["create"]
    among = world(with_session({"template": "lobby", "members": {**people, "Bob": "active"}}))
    assert [member["gamertag"] for member in members(among)] == ["Bob"]


@pytest.mark.parametrize("away", [["Bob"], ["Bob", {"xuid": "99"}]])
def test_a_locked_session_keeps_the_slots_of_people_who_left(away: list[Any]) -> None:
    """They may come back though it is closed, and nobody else comes in (JOIN-5)."""
    xbl = world(with_session({"members": ["Ana"], "properties": LOCKED, "away": away}))
    assert (put(xbl, "Cid", ACTIVE), put(xbl, "Bob", ACTIVE)) == (403, 200)


def test_a_session_may_be_gone() -> None:
    """The world remembers how many there were of its name (TIME-9)."""
    gone = {"template": "LOBBY", "gone": True}
    for sessions, incarnation in (
        ({"Old": gone}, 1),
        ({"old": {**gone, "incarnation": 4}}, 4),
        ({"old": {**gone, "incarnation": 4}, "older": {**gone, "name": "OLD"}}, 5),
    ):
        xbl = world({"users": ["Ana"], "sessions": sessions})
        assert "old" not in xbl.sessions
        assert xbl.scenario.sessions["older" if len(sessions) > 1 else next(iter(sessions))].ref.template == "lobby"
        xbl.seed({"sessions": {"again": {"template": "lobby", "name": "old", "members": ["Ana"]}}})
        session = xbl._world.peek(SessionRef(SCID, "lobby", "old"))
        assert session
        assert session.incarnation == incarnation + 1


def test_a_session_that_is_gone_is_in_the_history() -> None:
    """One of the same name begins after it (TIME-9)."""
    xbl = world({"users": ["Ana"], "sessions": {"old": {"template": "lobby", "gone": True}}})
    xbl.seed({"sessions": {"old": {"template": "lobby", "members": ["Ana"]}}})
    versions = [(one.operation, one.caller, one.document is None) for one in xbl.sessions["old"].history]
    assert versions == [("gone", "the seed", True), ("create", "the seed", False)]


def test_a_session_may_be_made_where_one_would_be_gone_at_the_next_access() -> None:
    """Making it is an access, at which the other one goes (TIME-1, TIME-9)."""
    xbl = world({"users": ["Ana"], "sessions": {"one": {"template": "lobby", "emptySince": EARLIER}}})
    xbl.seed({"sessions": {"one": {"template": "lobby", "members": ["Ana"]}}})
    assert [one.operation for one in xbl.sessions["one"].history] == ["create", "timers", "create"]
