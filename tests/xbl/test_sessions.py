"""`xbl.sessions`: make sessions, look at them without touching them, and write them from many threads."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest

from bodies import ACTIVE, ONE, SCID, TEMPLATES, reserve
from errors import error_of
from people import person
from pytest_xbl import SessionDocument, SessionRef, SessionView, User, XboxLive
from pytest_xbl.mpsd.effects import (
    MemberJoined,
    MemberLeft,
    MemberReserved,
    MemberStatusChanged,
    SessionCreated,
    SessionDeleted,
)

OTHER = "5c1d0000-0000-4000-8000-00000000000a"
START = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


# Making a session


def test_a_session_is_made_as_if_everybody_had_sat_down_at_once(xbl: XboxLive) -> None:
    """In one version, with what each status shows of a member (MEMB-8, MEMB-9, TIME-6)."""
    stacy, ana, zoe = xbl.user("Stacy"), xbl.user("Ana", gamertag=""), xbl.user("Zoe")
    session = xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready", zoe: "reserved"})
    document = session.document
    assert (document["changeNumber"], document["nextTimer"]) == (1, "2026-01-01T12:00:30.0000000Z")
    shown = {"gamertag", "reserved", "activeTitleId"}
    members = document["members"].values()
    assert [
        {**{it: member[it] for it in member.keys() & shown}, **member["properties"]["system"]} for member in members
    ] == [{"gamertag": "Stacy", "activeTitleId": "1719000001", "active": True}, {"ready": True}, {"reserved": True}]
    assert {member["joinTime"] for member in members} == {"2026-01-01T12:00:00.0000000Z"}
    assert document["membersInfo"] == {"first": 0, "next": 3, "count": 3, "accepted": 2, "active": 1}
    assert [version.caller for version in session.history] == ["the test"]


def test_a_session_without_a_name_gets_a_guid(xbl: XboxLive) -> None:
    """Another one each time, the same ones in every run (HAND-2)."""
    names = [xbl.sessions.create("lobby", members=xbl.users(name)).ref.name for name in "abc"]
    assert (names[0], len(set(names))) == ("014419d7-b3f0-481f-a5f5-4b20154db793", 3)


def test_a_session_is_made_in_a_service_configuration(xbl: XboxLive) -> None:
    """The reference echoes names as the template has them, and the session's own as given (CALL-5)."""
    xbl.templates.add("Theirs", {}, scid=OTHER)
    session = xbl.sessions.create("THEIRS", name="Party", scid=OTHER.upper(), members=xbl.users("Stacy"))
    assert session.ref == SessionRef(OTHER, "Theirs", "Party")
    assert session.ref.path == f"/serviceconfigs/{OTHER}/sessionTemplates/Theirs/sessions/Party"
    assert (str(session.ref), repr(session)) == (
        f"{OTHER}~Theirs~Party",
        f"<session {OTHER}~Theirs~Party #1: Stacy active>",
    )


def test_a_session_reads_as_who_is_in_it(xbl: XboxLive) -> None:
    """By name, with statuses, and never all of very many; one that is not there says so."""
    stacy, *others = xbl.users("Stacy", *"abcdefgh")
    stranger = {"members": {"reserve_0": {"constants": {"system": {"xuid": "7"}}}}}
    lobby = xbl.sessions.create("game", name="friday", members={stacy: "active", others[0]: "reserved"})
    xbl.client(stacy).put(lobby.ref.path, json=stranger)
    assert repr(lobby) == "<session game/friday #2: Stacy active, a reserved, 7 reserved>"
    full = xbl.sessions.create("game", name="full", members=[stacy, *others])
    names = ", ".join(f"{name} active" for name in ("Stacy", *"abcdefg"))
    assert repr(full) == f"<session game/full #1: {names}, 1 more>"
    xbl.client(stacy).delete(f"{xbl.sessions.create('lobby', name='mine', members=[stacy]).ref.path}/members/me")
    assert repr(xbl.sessions["mine"]) == "<session lobby/mine, not there>"


def test_a_session_is_made_by_a_service(xbl: XboxLive) -> None:
    """So what only some users may make, the test may set up; also one with nobody in it (CONST-14, TIME-4)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    constants = {"system": {"initiators": [ana.xuid]}}
    session = xbl.sessions.create("lobby", members=[stacy], constants=constants)
    assert session.document["constants"]["system"]["initiators"] == [ana.xuid]
    xbl.templates.add("patient", {"constants": {"system": {"sessionEmptyTimeout": 60_000}}})
    empty = xbl.sessions.create("patient")
    assert ([version.effects for version in empty.history], empty.document["members"]) == ([(SessionCreated(),)], {})


def test_a_session_is_the_tests_own_no_more(xbl: XboxLive) -> None:
    """Changing the dicts that it was made of, or a document, changes no session."""
    custom: dict[str, Any] = {"list": [1]}
    part = {"custom": custom}
    session = xbl.sessions.create("lobby", members=xbl.users("Stacy"), constants=part, properties=part)
    custom["list"].append(2)
    session.document["properties"]["custom"]["list"].append(3)
    assert session.document["properties"]["custom"] == session.document["constants"]["custom"] == {"list": [1]}


# Finding a session


def test_a_session_is_found_by_reference_name_and_view(xbl: XboxLive) -> None:
    """Without regard to case (CALL-5)."""
    made = xbl.sessions.create("lobby", name="Party", members=xbl.users("Stacy"))
    for ref in (made.ref, tuple(made.ref), made, "Party", "PARTY", (SCID.upper(), "LOBBY", "party")):
        assert xbl.sessions[ref].ref == made.ref  # type: ignore[index]
        assert ref in xbl.sessions


def test_sessions_are_listed_in_the_order_in_which_they_were_made(xbl: XboxLive) -> None:
    """By the test or by a client, as an access now would find them; listing moves nothing (TIME-1)."""
    stacy = xbl.user("Stacy")
    xbl.sessions.create("lobby", name="b", members=[stacy])
    xbl.client(stacy).put(f"{TEMPLATES}/game/sessions/a", json=ACTIVE)
    xbl.sessions.create("lobby", name="soon", members={stacy: "reserved"})
    assert ([session.ref.name for session in xbl.sessions], len(xbl.sessions)) == (["b", "a", "soon"], 3)
    xbl.clock.advance(minutes=1)
    before = xbl._world.snapshot()
    assert [session.ref.name for session in xbl.sessions] == ["b", "a"]
    assert (len(xbl.sessions), "soon" in xbl.sessions, xbl._world.snapshot()) == (2, False, before)


def test_a_session_that_is_not_there_is_said_to_be_missing(xbl: XboxLive) -> None:
    """The text lists those that there are, and names the nearest; anything but a reference or a name is a mistake."""
    assert error_of(lambda: xbl.sessions["one"]) == "There is no session 'one'; there are: none.\nrule: SEED-2"
    stacy = xbl.user("Stacy")
    for template in ("lobby", "game"):
        xbl.sessions.create(template, name="two", members=[stacy])
    there_are = "there are: lobby/two, game/two."
    assert error_of(lambda: xbl.sessions["one"]) == f"There is no session 'one'; {there_are}\nrule: SEED-2"
    assert error_of(lambda: xbl.sessions["two"]) == f"There is more than one session 'two'; {there_are}\nrule: SEED-2"
    for name in ("tow", "lobby/two", f"{SCID}~lobby~to", ("a", "b", "tow")):
        text = f"There is no session {name!r}; {there_are} Did you mean 'two'?\nrule: SEED-2"
        assert error_of(lambda name=name: xbl.sessions[name]) == text  # type: ignore[misc]
    assert ("two" in xbl.sessions, ("a", "b", "c") in xbl.sessions) == (True, False)
    text = "Expected a session, or its reference (scid, template, name); got ('a', 'b').\nwhere: session\nrule: SEED-2"
    assert error_of(lambda: xbl.sessions["a", "b"]) == error_of(lambda: ("a", "b") in xbl.sessions) == text  # type: ignore[index]


# Looking at a session


@pytest.fixture
def one(xbl: XboxLive) -> SessionView:
    """A session with Stacy, who is active, and Ana, who has a reservation."""
    stacy, ana = xbl.users("Stacy", "Ana")
    return xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "reserved"})


def test_a_document_is_the_one_that_a_member_would_receive(xbl: XboxLive, one: SessionView) -> None:
    """With contract 107, and with its ETag; it equals the plain dict of the same content (CALL-11)."""
    answer = xbl.client(person(xbl, "Stacy")).get(ONE)
    plain = json.loads(answer.data)
    assert (plain, answer.headers["ETag"]) == (one.document, one.etag)
    assert (type(one.document) is SessionDocument, one.document == {**plain, "changeNumber": 2}) == (True, False)


def test_a_session_is_seen_by_whoever_may_read_it(xbl: XboxLive) -> None:
    """Others see None; services see everything (JOIN-1, JOIN-2, JOIN-3)."""
    stacy, ana, zoe, bob = xbl.users("Stacy", "Ana", "Zoe", "Bob")
    xbl.follow(stacy, bob)
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    hidden = xbl.sessions.create("hidden", members={stacy: "active", ana: "reserved"})
    followed = {"system": {"joinRestriction": "followed", "readRestriction": "followed"}}
    restricted = xbl.sessions.create("lobby", members=[stacy], properties=followed)
    server = xbl.service("server")
    for session, readers in ((hidden, [stacy, ana, server]), (restricted, [stacy, bob, server])):
        seen = {caller: session.as_seen_by(caller) for caller in (stacy, ana, zoe, bob, server)}
        assert [caller for caller, document in seen.items() if document == session.document] == readers
        assert [caller for caller, document in seen.items() if document] == readers


def test_a_session_that_is_gone_says_why(xbl: XboxLive, one: SessionView) -> None:
    """It reads as None for everybody, and as an error that tells its story for the test (TIME-3, TIME-4)."""
    stacy = person(xbl, "Stacy")
    xbl.client(stacy).delete(f"{ONE}/members/me")
    check = "A test that expects this says: assert 'one' not in xbl.sessions.\nrule: TIME-4"
    gone = f"The session lobby/one is gone: {{}} {check}"
    xbl.clock.advance(minutes=1)
    assert one.as_seen_by(stacy) is None
    text = gone.format("an access now finds that its timeouts are over (TIME-3, TIME-4).")
    assert error_of(lambda: one.document) == error_of(lambda: one.etag) == text
    xbl.client(stacy).get(ONE)
    assert error_of(lambda: one.document) == gone.format("it was deleted at 2026-01-01 12:01:00+00:00 by a timeout.")
    xbl.client(stacy).put(ONE, json=ACTIVE)
    xbl.client(stacy).delete(f"{ONE}/members/me")
    assert error_of(lambda: one.etag) == gone.format("it was deleted at 2026-01-01 12:01:00+00:00 by Stacy.")
    assert xbl.sessions["one"].ref == xbl.sessions[one.ref].ref == one.ref
    never = SessionView(xbl._world, SessionRef(SCID, "lobby", "never"))
    text = "There is no session lobby/never: it was never made, or the world has been put back since."
    assert error_of(lambda: never.document) == text
    assert never.history == []


def test_looking_shows_what_an_access_would_find_and_moves_nothing(xbl: XboxLive, one: SessionView) -> None:
    """Document, ETag, history, listing: none of them is an access (TIME-1, TIME-10, PUT-8)."""
    stacy = person(xbl, "Stacy")
    xbl.clock.advance(minutes=1)
    before = xbl._world.snapshot()
    assert (list(one.document["members"]), one.document["changeNumber"]) == (["0"], 2)
    looks = [one.etag, one.history, repr(one), list(xbl.sessions), "one" in xbl.sessions, one.as_seen_by(stacy)]
    assert looks
    assert xbl._world.snapshot() == before
    answer = xbl.client(stacy).put(ONE, json={}, headers={"If-Match": one.etag})
    assert (answer.status_code, answer.headers["ETag"]) == (200, looks[0])
    assert [version.operation for version in one.history] == ["create", "timers"]


# Inviting


def test_an_invite_to_a_session_with_owners_comes_from_one_of_them(xbl: XboxLive) -> None:
    """The first active member who may invite sends it (OWN-2)."""
    xbl.templates.add("owned", {"constants": {"system": {"capabilities": {"hasOwners": True}}}})
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    session = xbl.sessions.create("owned", members=[stacy, ana], properties={"system": {"owners": [1]}})
    assert session.owners == (ana,)
    assert session.invite(zoe).owner == ana.xuid


def test_an_invite_comes_from_the_first_active_member_or_whom_the_test_names(xbl: XboxLive) -> None:
    """Somebody has to have sent it (HAND-3, HAND-17)."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    lobby = xbl.sessions.create("lobby", name="one", members={stacy: "reserved", ana: "active"})
    assert lobby.invite(zoe).owner == ana.xuid
    assert lobby.invite(zoe, sender=xbl.service("agent", on_behalf_of=ana)).owner == ana.xuid
    xbl.client(ana).delete(f"{ONE}/members/me")
    said = error_of(lambda: lobby.invite(zoe))
    text = f"No active member of {SCID}~lobby~one can send the invite; pass sender=."
    assert said == f"{text}\nwhere: sender\nrule: HAND-17"
    xbl.clock.advance(minutes=1)
    for sender in (ana, None):
        said = error_of(lambda sender=sender: lobby.invite(zoe, sender=sender))  # type: ignore[misc]
        assert said.startswith("The session lobby/one is gone: ")


# History


def test_a_history_has_every_version(xbl: XboxLive) -> None:
    """When, by whom, by which operation, with which effects, and the session as it then was (TIME-10, SEEN-2)."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    session = xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready"})
    client = xbl.client(stacy)
    xbl.clock.advance(seconds=1)
    xbl.client(xbl.service("server")).put(ONE, json=reserve(zoe.xuid))
    for _ in range(2):
        client.put(f"{ONE}/properties", json={"custom": {"a": 1}})
    xbl.clock.advance(minutes=5)
    for _ in range(2):
        client.get(ONE)
    client.delete(f"{ONE}/members/me")
    inactive = MemberStatusChanged(ana.xuid, "ready", "inactive")
    assert [(str(it.time)[14:19], it.number, it.caller, it.operation, it.effects) for it in session.history] == [
        ("00:00", 1, "the test", "create", (SessionCreated(), MemberJoined(stacy.xuid), MemberJoined(ana.xuid))),
        ("00:01", 2, "server", "put-session", (MemberReserved(zoe.xuid),)),
        ("00:01", 3, "Stacy", "put-properties", ()),
        ("05:01", 4, "", "timers", (inactive, MemberLeft(zoe.xuid, "reservation timed out"))),
        ("05:01", 5, "", "timers", (MemberLeft(ana.xuid, "inactive for too long"),)),
        ("05:01", None, "Stacy", "delete-me", (MemberLeft(stacy.xuid, "left"), SessionDeleted())),
    ]
    documents = [version.document for version in session.history]
    assert [it and (it["changeNumber"], len(it["members"])) for it in documents[::2]] == [(1, 2), (3, 3), (5, 1)]
    assert [it and it["properties"]["custom"] for it in documents[1::2]] == [{}, {"a": 1}, None]
    assert session.history[0].time == START


# Many threads

THREADS = 8
INCREMENTS = 12
PATIENCE = 30  # seconds; only ever used up by a test that fails


def client_of(xbl: XboxLive, user: User, way: str) -> httpx.Client:
    """A client that calls as a user, in process or over one kept connection."""
    transport = httpx.WSGITransport(app=xbl.app) if way == "in process" else None
    base = "http://fake" if transport else xbl.url
    return httpx.Client(transport=transport, base_url=base, headers=user.headers, timeout=PATIENCE, trust_env=False)


def at_once(xbl: XboxLive, way: str, work: Callable[[httpx.Client, int], None]) -> None:
    """Do something in many threads that begin together, each as a user; raise what one of them raises."""
    people = [person(xbl, f"user {number}") for number in range(THREADS)]
    start = threading.Barrier(THREADS)
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with client_of(xbl, people[number], way) as client:
                start.wait(PATIENCE)
                work(client, number)
        except BaseException as error:  # noqa: BLE001 -- it is raised again below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    if errors:
        raise errors[0]


@pytest.fixture
def many(xbl: XboxLive) -> tuple[User, ...]:
    """As many users as there are threads."""
    return xbl.users(*(f"user {number}" for number in range(THREADS)))


ways = pytest.mark.parametrize("way", ["in process", "over a socket"])


@ways
def test_every_increment_counts(xbl: XboxLive, many: tuple[User, ...], way: str) -> None:
    """Many threads count up one number with If-Match, and none is lost (PUT-8, CODE-412)."""
    session = xbl.sessions.create("lobby", name="one", members=many, properties={"custom": {"n": 0}})

    def count(client: httpx.Client, _number: int) -> None:
        answer, done = client.get(ONE), 0
        while done < INCREMENTS:
            body = {"custom": {"n": answer.json()["properties"]["custom"]["n"] + 1}}
            answer = client.put(f"{ONE}/properties", json=body, headers={"If-Match": answer.headers["ETag"]})
            assert answer.status_code in (200, 412)
            done += answer.status_code == 200

    at_once(xbl, way, count)
    counted = [version.document["properties"]["custom"]["n"] for version in session.history if version.document]
    assert counted == list(range(THREADS * INCREMENTS + 1))
    assert session.document["changeNumber"] == 1 + THREADS * INCREMENTS


@ways
def test_each_write_comes_wholly_before_or_after_every_other(xbl: XboxLive, many: tuple[User, ...], way: str) -> None:
    """Unconditional writes and reads of many threads have one order, which each of them sees (linearizable).

    A read is never older than an earlier read or write of its thread, and no two writes make the same version.
    """
    session = xbl.sessions.create("lobby", name="one", members=many)
    made: list[int] = []

    def work(client: httpx.Client, number: int) -> None:
        last = 0
        for step in range(INCREMENTS):
            written = client.put(ONE, json={"properties": {"custom": {f"of {number}": step}}}).json()
            for answer in (written, client.get(ONE).json()):
                assert answer["changeNumber"] >= last
                assert answer["properties"]["custom"][f"of {number}"] == step
                last = answer["changeNumber"]
            made.append(written["changeNumber"])

    at_once(xbl, way, work)
    assert sorted(made) == list(range(2, THREADS * INCREMENTS + 2))
    assert session.document["properties"]["custom"] == {f"of {n}": INCREMENTS - 1 for n in range(THREADS)}


@ways
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("headers", "statuses"),
    [({"If-None-Match": "*"}, [201] + [412] * (THREADS - 1)), ({}, [200, 200, 201] + [400] * (THREADS - 3))],
    ids=["created once", "three slots"],
)
def test_a_place_is_taken_once(xbl: XboxLive, way: str, headers: dict[str, str], statuses: list[int]) -> None:
    """Of many who create a session or join it at once, as many succeed as may (PUT-8, CODE-201, MEMB-12, JOIN-8)."""
    xbl.templates.add("small", {"constants": {"system": {"maxMembersCount": 3}}})
    path = f"{TEMPLATES}/small/sessions/one"
    found: list[int] = []
    at_once(xbl, way, lambda client, _: found.append(client.put(path, json=ACTIVE, headers=headers).status_code))
    assert sorted(found) == statuses
    members = xbl.sessions["one"].document["members"]
    assert list(members) == ["0", "1", "2"][: sum(status < 300 for status in statuses)]
    assert len({member["gamertag"] for member in members.values()}) == len(members)


@pytest.mark.usefixtures("many")
def test_a_test_may_look_while_others_write(xbl: XboxLive) -> None:
    """Documents, listings and histories are whole at every moment."""

    def work(client: httpx.Client, number: int) -> None:
        for step in range(10):
            assert client.put(f"{TEMPLATES}/lobby/sessions/{number}-{step}", json=ACTIVE).status_code == 201
            for session in xbl.sessions:
                assert (session.document["membersInfo"]["count"], len(session.history)) == (1, 1)

    at_once(xbl, "in process", work)
    assert len(xbl.sessions) == THREADS * 10
