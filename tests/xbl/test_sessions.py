"""`xbl.sessions`: make sessions, look at them without touching them, and write them from many threads."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timezone
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from people import person
from pytest_xbl import SessionDocument, SessionRef, SessionView, XblError, XboxLive
from pytest_xbl.mpsd.effects import (
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    SessionCreated,
    SessionDeleted,
)
from pytest_xbl.xbl.people import Principal

SCID = XboxLive.scid
OTHER = "5c1d0000-0000-4000-8000-00000000000a"
TEMPLATES = f"/serviceconfigs/{SCID}/sessiontemplates"
ONE = f"{TEMPLATES}/lobby/sessions/one"
ACTIVE = {"members": {"me": {"properties": {"system": {"active": True}}}}}
START = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


def error_of(action: Callable[[], object]) -> str:
    """The text of the error that an action raises."""
    with pytest.raises(XblError) as error:
        action()
    return str(error.value)


# Making a session


def test_a_session_is_made_as_if_everybody_had_sat_down_at_once(xbl: XboxLive) -> None:
    """The whole document of a session with somebody in every status (MEMB-8, MEMB-9, TIME-6)."""
    stacy, ana, zoe = xbl.user("Stacy"), xbl.user("Ana", gamertag=""), xbl.user("Zoe")
    session = xbl.sessions.create(
        "lobby",
        name="one",
        members={stacy: "active", ana: "ready", zoe: "reserved"},
        constants={"custom": {"mode": "race"}},
        properties={"system": {"keywords": ["fun"], "turn": [0]}, "custom": {"map": "dunes"}},
    )
    document: dict[str, Any] = {
        "contractVersion": 107,
        "correlationId": "4f87d786-2c2a-4812-ab48-2bb873f2f7d0",
        "branch": session.document["branch"],
        "changeNumber": 1,
        "startTime": "2026-01-01T12:00:00.0000000Z",
        "nextTimer": "2026-01-01T12:00:30.0000000Z",
        "constants": {
            "system": {
                "maxMembersCount": 8,
                "visibility": "open",
                "reservedRemovalTimeout": 30_000,
                "inactiveRemovalTimeout": 0,
                "readyRemovalTimeout": 180_000,
                "sessionEmptyTimeout": 0,
                "version": 1,
                "inviteProtocol": "game",
                "capabilities": {"connectivity": True},
            },
            "custom": {"mode": "race"},
        },
        "properties": {"system": {"turn": [0], "keywords": ["fun"]}, "custom": {"map": "dunes"}},
        "members": {
            "0": {
                "next": 1,
                "turn": True,
                "joinTime": "2026-01-01T12:00:00.0000000Z",
                "gamertag": "Stacy",
                "activeTitleId": "1719000001",
                "constants": {"system": {"xuid": "2533274790000001", "index": 0}, "custom": {}},
                "properties": {"system": {"active": True}, "custom": {}},
            },
            "1": {
                "next": 2,
                "joinTime": "2026-01-01T12:00:00.0000000Z",
                "constants": {"system": {"xuid": "2533274790000002", "index": 1}, "custom": {}},
                "properties": {"system": {"ready": True}, "custom": {}},
            },
            "2": {
                "next": 3,
                "joinTime": "2026-01-01T12:00:00.0000000Z",
                "reserved": True,
                "constants": {"system": {"xuid": "2533274790000003", "index": 2}, "custom": {}},
                "properties": {"system": {}, "custom": {}},
            },
        },
        "membersInfo": {"first": 0, "next": 3, "count": 3, "accepted": 2, "active": 1},
        "servers": {},
    }
    assert session.document == document


def test_a_list_of_members_is_active(xbl: XboxLive) -> None:
    """In the order of the list, which may be any iterable (MEMB-1)."""
    people = xbl.users("Stacy", "Ana", "Zoe")
    session = xbl.sessions.create("lobby", members=reversed(people))
    members = session.document["members"].values()
    assert [member["gamertag"] for member in members] == ["Zoe", "Ana", "Stacy"]
    assert {member["properties"]["system"]["active"] for member in members} == {True}


def test_somebody_may_be_inactive_where_the_template_lets_them_stay(xbl: XboxLive) -> None:
    """In a template whose inactive members are not removed at once (TIME-3, TIME-5)."""
    xbl.templates.add("slow", {"constants": {"system": {"inactiveRemovalTimeout": None}}})
    session = xbl.sessions.create("slow", members={xbl.user("Stacy"): "inactive"})
    assert session.document["members"]["0"]["properties"] == {"system": {}, "custom": {}}
    assert session.document["membersInfo"]["active"] == 0


def test_a_session_that_wants_connections_gets_them(xbl: XboxLive) -> None:
    """Active members of `connectionRequiredForActiveMembers` have a connection (MEMB-11)."""
    xbl.templates.add("live", {"constants": {"system": {"capabilities": {"connectionRequiredForActiveMembers": True}}}})
    stacy, ana = xbl.users("Stacy", "Ana")
    members = xbl.sessions.create("live", members={stacy: "active", ana: "ready"}).document["members"]
    assert list(members["0"]["properties"]["system"]) == ["active", "connection"]
    assert list(members["1"]["properties"]["system"]) == ["ready"]


def test_a_session_without_a_name_gets_a_guid(xbl: XboxLive) -> None:
    """Another one each time, and the same ones in every run."""
    stacy = xbl.user("Stacy")
    names = [xbl.sessions.create("lobby", members=[stacy]).ref.name for _ in range(3)]
    world = XboxLive()
    again = [world.sessions.create("lobby", members=world.users(name)).ref.name for name in "abc"]
    assert names == again
    assert names[0] == "014419d7-b3f0-481f-a5f5-4b20154db793"
    assert len(set(names)) == 3
    assert [len(name) for name in names] == [36, 36, 36]


def test_a_session_is_made_in_a_service_configuration(xbl: XboxLive) -> None:
    """The reference echoes names as the template has them, and the session's own as given (CALL-5)."""
    xbl.templates.add("Theirs", {}, scid=OTHER)
    session = xbl.sessions.create("THEIRS", name="Party", scid=OTHER.upper(), members=xbl.users("Stacy"))
    assert session.ref == SessionRef(OTHER, "Theirs", "Party")
    assert session.ref.path == f"/serviceconfigs/{OTHER}/sessionTemplates/Theirs/sessions/Party"
    assert (str(session.ref), repr(session)) == (f"{OTHER}~Theirs~Party", f"<session {OTHER}~Theirs~Party>")


def test_a_session_is_made_by_a_service(xbl: XboxLive) -> None:
    """So what only some users may make, the test may set up (CONST-14)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    constants = {"system": {"initiators": [ana.xuid]}}
    session = xbl.sessions.create("lobby", members=[stacy], constants=constants)
    assert session.document["constants"]["system"]["initiators"] == [ana.xuid]


def test_an_empty_session_is_made_where_it_may_stay(xbl: XboxLive) -> None:
    """With a `sessionEmptyTimeout` (TIME-4)."""
    xbl.templates.add("patient", {"constants": {"system": {"sessionEmptyTimeout": 60_000}}})
    session = xbl.sessions.create("patient", name="one")
    assert session.document["membersInfo"] == {"first": 0, "next": 0, "count": 0, "accepted": 0, "active": 0}
    assert [version.effects for version in session.history] == [(SessionCreated(),)]


def test_a_session_is_the_tests_own_no_more(xbl: XboxLive) -> None:
    """What the test does to its dicts afterwards, or to a document, changes nothing."""
    custom: dict[str, Any] = {"list": [1]}
    session = xbl.sessions.create(
        "lobby", members=xbl.users("Stacy"), constants={"custom": custom}, properties={"custom": custom}
    )
    custom["list"].append(2)
    session.document["properties"]["custom"]["list"].append(3)
    assert session.document["properties"]["custom"] == session.document["constants"]["custom"] == {"list": [1]}


NO_NAME = " cannot name a session: a name has 1 to 99 printable characters and no slash.\nwhere: name\nrule: CALL-15"
CREATE_ERRORS: dict[str, tuple[dict[str, Any], str]] = {
    "template": (
        {"template": "nothing"},
        (f"There is no template nothing in {SCID}; it has lobby, game, ticket, large.\nwhere: template\nrule: TMPL-1"),
    ),
    "scid": (
        {"scid": OTHER},
        f"The service configuration {OTHER} is unknown; known are: {XboxLive.scid}.\nwhere: template\nrule: TMPL-1",
    ),
    "exists": (
        {"name": "ONE"},
        f"There is a session {SCID}~lobby~ONE already.\nwhere: name\nrule: PUT-8",
    ),
    "empty name": (
        {"name": ""},
        f'""{NO_NAME}',
    ),
    "name with a slash": (
        {"name": "a/b"},
        f'"a/b"{NO_NAME}',
    ),
    "half a character": (
        {"name": "\ud800"},
        f'"\\ud800"{NO_NAME}',
    ),
    "nobody": (
        {"members": []},
        (
            f"The session {SCID}~lobby~two would be gone at once: nobody is in it, or nobody who may stay, and its "
            "sessionEmptyTimeout is 0 (TIME-3, TIME-4). "
            "Give it active members, or a template with longer timeouts."
        ),
    ),
    "no iterable": (
        {"members": 7},
        "members are users in a list, or in a dict with their statuses; 7 is none.",
    ),
    "names": (
        {"members": ["Stacy"]},
        "A member is a user, as xbl.user makes them; 'Stacy' is none.",
    ),
    "constants no dict": (
        {"constants": []},
        "constants is a dict of JSON values, not [].",
    ),
    "constants no JSON": (
        {"constants": {"custom": {"a": object}}},
        "constants holds what JSON cannot say: Object of type type is not JSON serializable.",
    ),
    "constants of the template": (
        {"constants": {"system": {"maxMembersCount": 9}}},
        (
            "The template sets the constant maxMembersCount to 8; it cannot be 9.\n"
            "where: /constants/system/maxMembersCount\nrule: TMPL-3"
        ),
    ),
    "unknown field": (
        {"properties": {"system": {"colour": 1}}},
        'The field "colour" is not known here; ',
    ),
    "wrong type": (
        {"properties": {"system": {"closed": 1}}},
        "Expected true or false; got 1.\nwhere: /properties/system/closed\nrule: PROP-8",
    ),
    "against a rule": (
        {"properties": {"system": {"locked": True}}},
        (
            "Only a closed session can be locked; closed must be true too.\n"
            "where: /properties/system/locked\nrule: JOIN-5"
        ),
    ),
    "not yet": (
        {"template": "large"},
        (
            "A session with the capability large: the fake does not do this yet, so it refuses the request.\n"
            "where: /constants/system/capabilities/large\nrule: BIG-1"
        ),
    ),
}


@pytest.mark.parametrize(("arguments", "text"), CREATE_ERRORS.values(), ids=CREATE_ERRORS)
def test_a_session_that_the_service_would_not_make_is_refused(
    xbl: XboxLive, arguments: dict[str, Any], text: str
) -> None:
    """The text names the argument or the place, and the rule; nothing is made by the attempt."""
    stacy = xbl.user("Stacy")
    xbl.sessions.create("lobby", name="one", members=[stacy])
    before = xbl._world._state.copy()
    given = {"template": "lobby", "name": "two", "members": [stacy], **arguments}
    said = error_of(lambda: xbl.sessions.create(given.pop("template"), **given))
    assert said == text or (text.endswith("; ") and said.startswith(text))
    assert xbl._world._state == before


def test_a_member_has_a_status_and_a_place(xbl: XboxLive) -> None:
    """One of the four statuses, once (MEMB-1, MEMB-8)."""
    stacy, server = xbl.user("Stacy"), xbl.service("server")
    assert error_of(lambda: xbl.sessions.create("lobby", members={stacy: "away"})) == (
        "Stacy can be active, ready, inactive, reserved; not 'away' (MEMB-8)."
    )
    assert error_of(lambda: xbl.sessions.create("lobby", members=[stacy, stacy])) == (
        "Stacy stands twice among the members; a member has one place (MEMB-1)."
    )
    assert error_of(lambda: xbl.sessions.create("lobby", members=[server])) == (  # type: ignore[list-item]
        "A member is a user, as xbl.user makes them; <service server> is none."
    )


def test_nobody_is_seated_whom_the_first_access_would_not_find(xbl: XboxLive) -> None:
    """A status whose timeout is 0 is over at once; the error says who would be gone (TIME-3)."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    text = "The first access would remove Ana (inactive): the timeout of that status is 0 in this template."
    assert error_of(lambda: xbl.sessions.create("lobby", members={stacy: "active", ana: "inactive", zoe: "ready"})) == (
        f"{text}\nwhere: members\nrule: TIME-3"
    )
    assert len(xbl.sessions) == 0


def test_a_session_is_not_made_too_full(xbl: XboxLive) -> None:
    """`maxMembersCount` holds for the test as well (MEMB-12, JOIN-8)."""
    nine = xbl.users(*"abcdefghi")
    assert error_of(lambda: xbl.sessions.create("lobby", members=nine)) == (
        "The session is full: maxMembersCount is 8, and every slot is taken.\nwhere: /members\nrule: JOIN-8"
    )
    assert len(xbl.sessions.create("lobby", members=nine[:8]).document["members"]) == 8


def test_a_session_holds_what_json_can_say(xbl: XboxLive) -> None:
    """NaN would make documents that no client can parse (CALL-6)."""
    people = xbl.users("Stacy")
    said = error_of(lambda: xbl.sessions.create("lobby", members=people, properties={"custom": {"a": math.nan}}))
    assert said.startswith("properties holds what JSON cannot say: Out of range float values are not JSON compliant")
    assert len(xbl.sessions) == 0


# Finding a session


def test_a_session_is_found_by_reference_name_and_view(xbl: XboxLive) -> None:
    """Without regard to case (CALL-5)."""
    made = xbl.sessions.create("lobby", name="Party", members=xbl.users("Stacy"))
    for ref in (made.ref, tuple(made.ref), made, "Party", "PARTY", (SCID.upper(), "LOBBY", "party")):
        assert xbl.sessions[ref].ref == made.ref  # type: ignore[index]
        assert ref in xbl.sessions
    assert isinstance(xbl.sessions["party"], SessionView)


def test_sessions_are_counted_and_listed_in_the_order_in_which_they_were_made(xbl: XboxLive) -> None:
    """Whoever made them, the test or a client."""
    stacy = xbl.user("Stacy")
    xbl.sessions.create("lobby", name="b", members=[stacy])
    xbl.client(stacy).put(f"{TEMPLATES}/game/sessions/a", json=ACTIVE)
    xbl.sessions.create("ticket", name="c", members=[stacy])
    assert [session.ref.name for session in xbl.sessions] == ["b", "a", "c"]
    assert len(xbl.sessions) == 3


def test_sessions_that_time_has_taken_are_not_listed(xbl: XboxLive) -> None:
    """A listing shows what an access now would find, and moves nothing (TIME-1)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.sessions.create("lobby", name="soon", members={stacy: "reserved"})
    xbl.sessions.create("lobby", name="stays", members=[ana])
    xbl.clock.advance(minutes=1)
    before = xbl._world._state.copy()
    assert [session.ref.name for session in xbl.sessions] == ["stays"]
    assert (len(xbl.sessions), "soon" in xbl.sessions) == (1, False)
    assert xbl._world._state == before


def test_a_session_that_is_not_there_is_said_to_be_missing(xbl: XboxLive) -> None:
    """The text lists what there is."""
    text = "There is no session 'one'; there are: none."
    assert error_of(lambda: xbl.sessions["one"]) == text
    stacy = xbl.user("Stacy")
    for template in ("lobby", "game"):
        xbl.sessions.create(template, name="two", members=[stacy])
    there_are = f"there are: {SCID}~lobby~two, {SCID}~game~two."
    assert error_of(lambda: xbl.sessions["one"]) == f"There is no session 'one'; {there_are}"
    assert error_of(lambda: xbl.sessions["two"]) == f"There is more than one session 'two'; {there_are}"
    assert error_of(lambda: xbl.sessions["a", "b", "c"]) == f"There is no session ('a', 'b', 'c'); {there_are}"
    assert "two" in xbl.sessions
    assert ("a", "b", "c") not in xbl.sessions


@pytest.mark.parametrize("ref", [7, None, ("a", "b"), ("a", "b", 5), {"a", "b", "c"}])
def test_a_session_is_named_by_reference_or_name(xbl: XboxLive, ref: Any) -> None:
    """Anything else is a mistake of the test."""
    text = f"A session is named by its reference; {ref!r} is none."
    assert error_of(lambda: xbl.sessions[ref]) == text
    assert error_of(lambda: ref in xbl.sessions) == text


# Looking at a session


@pytest.fixture
def one(xbl: XboxLive) -> SessionView:
    """A session with Stacy, who is active, and Ana, who has a reservation."""
    stacy, ana = xbl.users("Stacy", "Ana")
    return xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "reserved"})


def person(xbl: XboxLive, name: str) -> Principal:
    """Somebody by name."""
    return person(xbl, name)


def test_a_document_is_a_dict_of_its_own_kind(one: SessionView) -> None:
    """It compares equal to the plain dict of the same content."""
    document = one.document
    plain = json.loads(json.dumps(document))
    assert type(document) is SessionDocument
    assert document == plain
    assert plain == document
    assert document != {**plain, "changeNumber": 2}


def test_a_document_is_what_a_member_would_receive(xbl: XboxLive, one: SessionView) -> None:
    """With contract 107, and with its ETag (CALL-11)."""
    answer = xbl.client(person(xbl, "Stacy")).get(ONE)
    assert (answer.get_json(), answer.headers["ETag"]) == (one.document, one.etag)


def test_a_session_is_seen_by_whoever_may_read_it(xbl: XboxLive) -> None:
    """Others see None; services see everything (JOIN-1, JOIN-3)."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    server = xbl.service("server")
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    session = xbl.sessions.create("hidden", members={stacy: "active", ana: "reserved"})
    seen = {caller.name: session.as_seen_by(caller) for caller in (stacy, ana, zoe, server)}
    assert seen == {
        "Stacy": session.document,
        "Ana": session.document,
        "Zoe": None,
        "server": session.document,
    }


def test_a_session_is_seen_as_the_read_restriction_has_it(xbl: XboxLive) -> None:
    """Followed by a member, one sees what is for the followed (JOIN-3)."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    xbl.follow(stacy, ana)
    restrictions = {"system": {"joinRestriction": "followed", "readRestriction": "followed"}}
    session = xbl.sessions.create("lobby", members=[stacy], properties=restrictions)
    assert [session.as_seen_by(user) is not None for user in (ana, zoe)] == [True, False]


def test_a_session_is_seen_by_somebody_of_this_world(xbl: XboxLive, one: SessionView) -> None:
    """A name is no caller."""
    assert error_of(lambda: one.as_seen_by("Stacy")) == (  # type: ignore[arg-type]
        "A caller is a user or a service of this world; 'Stacy' is none."
    )


def test_a_session_that_is_gone_is_seen_by_nobody(xbl: XboxLive, one: SessionView) -> None:
    """It reads as None for everybody, and as an error that tells its story for the test (TIME-3, TIME-4)."""
    stacy = person(xbl, "Stacy")
    xbl.client(stacy).delete(f"{ONE}/members/me")
    xbl.clock.advance(minutes=1)
    assert one.as_seen_by(stacy) is None
    text = f"The session {SCID}~lobby~one is gone: an access now finds that its timeouts are over (TIME-3, TIME-4)."
    assert error_of(lambda: one.document) == error_of(lambda: one.etag) == text
    xbl.client(stacy).get(ONE)
    text = f"The session {SCID}~lobby~one is gone: it was deleted at 2026-01-01 12:01:00+00:00 by a timeout."
    assert error_of(lambda: one.document) == error_of(lambda: one.etag) == text


def test_a_session_that_was_left_says_by_whom(xbl: XboxLive) -> None:
    """The last one to leave (TIME-4)."""
    stacy = xbl.user("Stacy")
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    xbl.client(stacy).delete(f"{ONE}/members/me")
    assert error_of(lambda: session.document) == (
        f"The session {SCID}~lobby~one is gone: it was deleted at 2026-01-01 12:00:00+00:00 by Stacy."
    )


def test_a_session_that_never_was_says_so(xbl: XboxLive) -> None:
    """A view of a reference that was taken from somewhere else."""
    view = SessionView(xbl._world, SessionRef(SCID, "lobby", "never"))
    assert error_of(lambda: view.document) == f"There is no session {SCID}~lobby~never."
    assert view.history == []


def test_looking_never_moves_anything(xbl: XboxLive, one: SessionView) -> None:
    """Every way to look shows what an access would find, and is none itself (TIME-1, TIME-10)."""
    xbl.clock.advance(minutes=1)
    before = xbl._world._state.copy()
    assert list(one.document["members"]) == ["0"]
    assert one.document["changeNumber"] == 2
    looks: list[object] = [
        one.etag,
        one.history,
        repr(one),
        list(xbl.sessions),
        len(xbl.sessions),
        "one" in xbl.sessions,
    ]
    looks += [xbl.sessions["one"].document, one.as_seen_by(person(xbl, "Ana")), xbl.sessions[one.ref]]
    assert looks
    assert xbl._world._state == before
    assert [version.operation for version in one.history] == ["create"]
    xbl.client(person(xbl, "Stacy")).get(ONE)
    assert [version.operation for version in one.history] == ["create", "timers"]


def test_looking_shows_the_etag_that_an_access_would(xbl: XboxLive, one: SessionView) -> None:
    """Also where timers are due (TIME-1, PUT-8)."""
    xbl.clock.advance(minutes=1)
    etag = one.etag
    answer = xbl.client(person(xbl, "Stacy")).put(ONE, json={}, headers={"If-Match": etag})
    assert (answer.status_code, answer.headers["ETag"]) == (200, etag)


# History


def test_a_history_has_every_version(xbl: XboxLive) -> None:
    """When, by whom, by which operation, with which effects, and the session as it then was."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    server = xbl.client(xbl.service("server"))
    reserve = {"members": {"reserve_0": {"constants": {"system": {"xuid": zoe.xuid}}}}}
    session = xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready"})
    xbl.clock.advance(seconds=1)
    server.put(ONE, json=reserve)
    xbl.client(stacy).put(f"{ONE}/properties", json={"custom": {"a": 1}})
    xbl.client(stacy).put(f"{ONE}/properties", json={"custom": {"a": 1}})
    xbl.client(stacy).get(ONE)
    xbl.clock.advance(minutes=5)
    xbl.client(stacy).get(ONE)
    xbl.client(stacy).delete(f"{ONE}/members/me")
    times = [(version.time - START).total_seconds() for version in session.history]
    assert times == [0, 1, 1, 301, 301, 301]
    assert [(v.caller, v.operation, v.effects) for v in session.history] == [
        ("the test", "create", (SessionCreated(), MemberJoined(stacy.xuid), MemberJoined(ana.xuid))),
        ("server", "put-session", (MemberReserved(zoe.xuid),)),
        ("Stacy", "put-properties", ()),
        (
            "",
            "timers",
            (
                MemberStatusChanged(ana.xuid, "ready", "inactive"),
                MemberLeft(zoe.xuid, "reservation timed out"),
            ),
        ),
        ("", "timers", (MemberLeft(ana.xuid, "inactive for too long"),)),
        ("Stacy", "delete-me", (MemberLeft(stacy.xuid, "left"), SessionDeleted())),
    ]
    documents = [version.document for version in session.history]
    assert [document["changeNumber"] for document in documents if document] == [1, 2, 3, 4, 5]
    assert documents[5] is None
    assert [len(document["members"]) for document in documents if document] == [2, 3, 3, 2, 1]


def test_a_history_goes_on_past_the_end_of_a_session(xbl: XboxLive) -> None:
    """Deleted and made again under its name, a session has one history (TIME-9)."""
    client = xbl.client(xbl.user("Stacy"))
    for _ in range(2):
        client.put(ONE, json=ACTIVE)
        client.delete(f"{ONE}/members/me")
    client.put(ONE, json=ACTIVE)
    history = xbl.sessions["one"].history
    assert [version.session is None for version in history] == [False, True, False, True, False]
    assert [version.document is None for version in history] == [False, True, False, True, False]
    assert history[1].effects == (MemberLeft("2533274790000001", "left"), SessionDeleted())
    assert len({version.document["branch"] for version in history if version.document}) == 3


def test_versions_do_not_change_afterwards(xbl: XboxLive, one: SessionView) -> None:
    """A session is a value: what was, stays as it was (PUT-10)."""
    first = one.history[0]
    document = first.document
    client = xbl.client(person(xbl, "Stacy"))
    client.put(ONE, json={"properties": {"custom": {"a": {"b": 1}}}})
    client.put(ONE, json={"properties": {"custom": {"a": {"b": 2}}}})
    assert one.history[0].document == document
    assert [v.document["properties"]["custom"] for v in one.history if v.document] == [
        {},
        {"a": {"b": 1}},
        {"a": {"b": 2}},
    ]


# Many threads

THREADS = 8
INCREMENTS = 12
PATIENCE = 30  # seconds; only ever used up by a test that fails

Ask = Callable[[str, str, "dict[str, str]", bytes], "tuple[int, str, bytes]"]


def in_process(xbl: XboxLive, caller: Principal) -> tuple[Ask, Callable[[], None]]:
    """A way to ask through `xbl.client`, and to end it."""
    client = xbl.client(caller)

    def ask(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        answer = client.open(path, method=method, headers=headers, data=body)
        return answer.status_code, answer.headers.get("ETag", ""), answer.data

    return ask, lambda: None


def over_a_socket(xbl: XboxLive, caller: Principal) -> tuple[Ask, Callable[[], None]]:
    """A way to ask over one kept connection, and to end it."""
    address = urlsplit(xbl.url)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=PATIENCE)

    def ask(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        connection.request(method, path, body=body, headers={**caller.headers, **headers})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("ETag", ""), answer.read()

    return ask, connection.close


WAYS = pytest.mark.parametrize("way", [in_process, over_a_socket])
Way = Callable[[XboxLive, Principal], "tuple[Ask, Callable[[], None]]"]


def at_once(work: Callable[[int], None], count: int = THREADS) -> None:
    """Do something in many threads that begin together; what one of them raises is raised here."""
    start = threading.Barrier(count)
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            start.wait(PATIENCE)
            work(number)
        except BaseException as error:  # noqa: BLE001 -- it is raised again below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    if errors:
        raise errors[0]


@WAYS
def test_every_increment_counts(xbl: XboxLive, way: Way) -> None:
    """Many threads count up one number with If-Match, and none is lost (PUT-8, CODE-412)."""
    people = xbl.users(*(f"user {number}" for number in range(THREADS)))
    path = xbl.sessions.create("lobby", name="one", members=people, properties={"custom": {"n": 0}}).ref.path
    refused = []

    def count(number: int) -> None:
        ask, end = way(xbl, people[number])
        with ExitStack() as stack:
            stack.callback(end)
            status, etag, body = ask("GET", path, {}, b"")
            done = 0
            while done < INCREMENTS:
                n = json.loads(body)["properties"]["custom"]["n"]
                wanted = json.dumps({"custom": {"n": n + 1}}).encode()
                status, etag, body = ask("PUT", f"{path}/properties", {"If-Match": etag}, wanted)
                assert status in (200, 412)
                done += status == 200
                refused.extend([number] * (status == 412))

    at_once(count)
    session = xbl.sessions["one"]
    assert session.document["properties"]["custom"] == {"n": THREADS * INCREMENTS}
    assert session.document["changeNumber"] == 1 + THREADS * INCREMENTS
    counted = [version.document["properties"]["custom"]["n"] for version in session.history if version.document]
    assert counted == list(range(THREADS * INCREMENTS + 1))


@WAYS
def test_each_write_comes_wholly_before_or_after_every_other(xbl: XboxLive, way: Way) -> None:
    """Unconditional writes and reads of many threads have one order, which each of them sees (linearizable).

    What a thread reads is never older than what it read or wrote before, and no two writes make the same version.
    """
    people = xbl.users(*(f"user {number}" for number in range(THREADS)))
    path = xbl.sessions.create("lobby", name="one", members=people).ref.path
    made: list[int] = []

    def work(number: int) -> None:
        ask, end = way(xbl, people[number])
        last = 0
        with ExitStack() as stack:
            stack.callback(end)
            for step in range(INCREMENTS):
                body = json.dumps({"properties": {"custom": {f"of {number}": step}}}).encode()
                _, _, written = ask("PUT", path, {}, body)
                _, _, read = ask("GET", path, {}, b"")
                for answer in (json.loads(written), json.loads(read)):
                    assert answer["changeNumber"] >= last
                    assert answer["properties"]["custom"][f"of {number}"] == step
                    last = answer["changeNumber"]
                made.append(json.loads(written)["changeNumber"])

    at_once(work)
    assert sorted(made) == list(range(2, THREADS * INCREMENTS + 2))
    assert xbl.sessions["one"].document["properties"]["custom"] == {
        f"of {number}": INCREMENTS - 1 for number in range(THREADS)
    }


@WAYS
def test_a_session_is_created_once(xbl: XboxLive, way: Way) -> None:
    """Of many who create a session with If-None-Match one succeeds (PUT-8, CODE-201)."""
    people = xbl.users(*(f"user {number}" for number in range(THREADS)))
    statuses: list[int] = []

    def create(number: int) -> None:
        ask, end = way(xbl, people[number])
        with ExitStack() as stack:
            stack.callback(end)
            statuses.append(ask("PUT", ONE, {"If-None-Match": "*"}, json.dumps(ACTIVE).encode())[0])

    at_once(create)
    assert sorted(statuses) == [201] + [412] * (THREADS - 1)
    assert len(xbl.sessions["one"].document["members"]) == 1


@WAYS
def test_the_last_slot_is_taken_once(xbl: XboxLive, way: Way) -> None:
    """Many join a session that has room for three (MEMB-12, JOIN-8)."""
    xbl.templates.add("small", {"constants": {"system": {"maxMembersCount": 3}}})
    people = xbl.users(*(f"user {number}" for number in range(THREADS)))
    path = f"{TEMPLATES}/small/sessions/one"
    statuses: list[int] = []

    def join(number: int) -> None:
        ask, end = way(xbl, people[number])
        with ExitStack() as stack:
            stack.callback(end)
            statuses.append(ask("PUT", path, {}, json.dumps(ACTIVE).encode())[0])

    at_once(join)
    assert sorted(statuses) == [200, 200, 201] + [400] * (THREADS - 3)
    members = xbl.sessions["one"].document["members"]
    assert list(members) == ["0", "1", "2"]
    assert len({member["gamertag"] for member in members.values()}) == 3


def test_a_test_may_look_while_others_write(xbl: XboxLive) -> None:
    """Documents, listings and histories are whole at every moment."""
    people = xbl.users(*(f"user {number}" for number in range(THREADS)))

    def work(number: int) -> None:
        client = xbl.client(people[number])
        for step in range(10):
            path = f"{TEMPLATES}/lobby/sessions/{number}-{step}"
            assert client.put(path, json=ACTIVE).status_code == 201
            for session in xbl.sessions:
                assert session.document["membersInfo"]["count"] == 1
                assert len(session.history) == 1
            assert len(xbl.sessions) >= step

    at_once(work)
    assert len(xbl.sessions) == THREADS * 10


def test_a_refused_creation_uses_up_no_name(xbl: XboxLive) -> None:
    """Bad input changes nothing, so the next session is called as if it had been the first."""
    stacy = xbl.user("Stacy")
    before = xbl._world._state.copy()
    with pytest.raises(XblError, match="PROP-3"):
        xbl.sessions.create("lobby", members=[stacy], properties={"system": {"turn": [9]}})
    with pytest.raises(XblError, match="would be gone at once"):
        xbl.sessions.create("lobby")
    assert xbl._world._state == before
    name = xbl.sessions.create("lobby", members=[stacy]).ref.name
    other = XboxLive()
    assert other.sessions.create("lobby", members=[other.user("Ana")]).ref.name == name
