"""Finding sessions over the wire: the four operations, what they take, whom they answer and what they say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from bodies import SCID, TEMPLATES, ref, results
from errors import refusal_text
from pytest_xbl import SessionView, XboxLive
from worlds import state_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from pytest_xbl import User
    from pytest_xbl.xbl.client import CallerClient

OTHER_SCID = "B5B1F71F-A328-4371-89E0-C3AD222D0E92"
KEEP = f"{TEMPLATES}/keep"
WAYS = {
    "sessions": f"/serviceconfigs/{SCID}/sessions",
    "template sessions": f"{KEEP}/sessions",
    "batch": f"/serviceconfigs/{SCID}/batch",
    "template batch": f"{KEEP}/batch",
}
"""The path of each of the four operations."""
LASTING = dict.fromkeys(
    ("reservedRemovalTimeout", "inactiveRemovalTimeout", "readyRemovalTimeout", "sessionEmptyTimeout")
)
"""Constants with which nobody is removed, and nothing ends."""

every_way = pytest.mark.parametrize("way", WAYS)
every_get = pytest.mark.parametrize("way", ["sessions", "template sessions"])
every_batch = pytest.mark.parametrize("way", ["batch", "template batch"])


def ask(client: CallerClient, way: str, xuids: Sequence[str], query: str = "", contract: str = "107") -> TestResponse:
    """Ask for the sessions of users: in the query string, where there is one, or in a body."""
    headers, body = {"X-Xbl-Contract-Version": contract}, {"xuids": list(xuids)}
    if way.endswith("batch"):
        return client.post(f"{WAYS[way]}?{query}", json=body, headers=headers)
    return client.get(f"{WAYS[way]}?xuid={xuids[0]}&{query}", headers=headers)


def names(answer: TestResponse) -> list[str]:
    """The names of the sessions that a query found, in their order."""
    return [result["sessionRef"]["name"] for result in results(answer)]


class Rooms:
    """Sessions of Stacy's of several kinds, all of them begun at the same moment, and callers to ask for them."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.stacy, self.ana, self.zoe = xbl.users("Stacy", "Ana", "Zoe")
        self.client = xbl.client(self.stacy)
        self.server = xbl.client(xbl.service("server"))
        xbl.templates.add("keep", {"constants": {"system": LASTING}})
        self.make("active", {self.stacy: "active", self.ana: "active"}, keywords=["Red", "blue"], version=2)
        self.make("idle", {self.stacy: "inactive", self.ana: "active"}, keywords=["red"])
        self.make("held", {self.stacy: "reserved", self.ana: "active"}, keywords=["RED"])
        self.make("packed", {self.stacy: "active", self.ana: "reserved"}, maxMembersCount=2, version=6)
        self.make("secret", {self.stacy: "active", self.zoe: "active"}, visibility="private")
        self.make("without her", {self.ana: "active"}, keywords=["red"])

    def make(
        self, name: str, members: dict[User, Any], *, keywords: Sequence[str] = (), read: str = "none", **constants: Any
    ) -> SessionView:
        """Make a session, open unless its constants say otherwise."""
        system: dict[str, Any] = {"keywords": list(keywords)} if keywords else {}
        if read != "none":
            system |= {"readRestriction": read, "joinRestriction": read}
        return self.xbl.sessions.create(
            "keep",
            name=name,
            members=members,
            constants={"system": {"visibility": "open", **constants}},
            properties={"system": system},
        )


@pytest.fixture
def rooms(xbl: XboxLive) -> Rooms:
    """The sessions that most tests here are about."""
    return Rooms(xbl)


# The answer


@every_way
@pytest.mark.parametrize("contract", ["104", "105", "107"])
def test_the_page_of_get_sessions(xbl: XboxLive, way: str, contract: str) -> None:
    """The response body of the page, field by field and in its order, by each of the operations (FIND-1, FIND-6)."""
    xbl.seed({"now": "2009-06-15T13:45:30.09Z"})
    xbl.templates.add("keep", {"constants": {"system": {**LASTING, "maxMembersCount": 8, "visibility": "open"}}})
    player = xbl.user("player", xuid="9876")
    ben, cleo, dan, eve = xbl.users("Ben", "Cleo", "Dan", "Eve")
    xbl.sessions.create(
        "keep",
        name="session-seven",
        members={ben: "active", player: "active", cleo: "ready", dan: "inactive", eve: "reserved"},
        properties={"system": {"joinRestriction": "local", "turn": [1], "keywords": ["one", "two"]}},
    )
    answer = ask(xbl.client(player), way, ["9876"], contract=contract)
    expected = {
        "xuid": "9876",
        "startTime": "2009-06-15T13:45:30.0900000Z",
        "sessionRef": ref("session-seven", "keep"),
        "accepted": 4,
        "status": "active",
        "visibility": "open",
        "joinRestriction": "local",
        "myTurn": True,
        "keywords": ["one", "two"],
    }
    assert results(answer) == [expected]
    assert list(results(answer)[0]) == list(expected)
    assert {"ETag", "Expires", "Content-Location"}.isdisjoint(answer.headers.keys())


# What is found

FOUND: dict[str, list[str]] = {
    "": ["active", "packed"],
    "inactive=true": ["active", "idle", "packed"],
    "private=true&reservations=true": ["active", "held", "packed", "secret"],
    "private=true&private=true": ["active", "packed", "secret"],
    "visibility=full": ["packed"],
    "version=2": ["active"],
    "take=1": ["active"],
    "inactive=true&keyword=rEd&visibility=open&version=1&take=100": ["idle"],
}


@every_way
@pytest.mark.parametrize("query", FOUND)
@pytest.mark.parametrize("caller", ["herself", "a server"])
def test_a_query_finds_what_it_asks_for(rooms: Rooms, way: str, query: str, caller: str) -> None:
    """Each parameter means the same to each of the operations (FIND-1, FIND-3, FIND-5)."""
    client = rooms.client if caller == "herself" else rooms.server
    assert names(ask(client, way, [rooms.stacy.xuid], query)) == FOUND[query]


@every_get
def test_a_keyword_finds_the_sessions_of_anybody(rooms: Rooms, way: str) -> None:
    """Whoever is in them, and whatever they are there, of which the result says nothing (FIND-2, FIND-5, FIND-6)."""
    answer = rooms.client.get(f"{WAYS[way]}?keyword=red&version=1")
    assert names(answer) == ["held", "idle", "without her"]
    assert all({"xuid", "status", "myTurn"}.isdisjoint(result) for result in results(answer))
    assert names(rooms.server.get(f"{WAYS[way]}?keyword=red&private=true&take=2")) == ["active", "held"]


def test_a_query_stays_where_it_is_asked(rooms: Rooms) -> None:
    """In its service configuration; and with a template, among the sessions made from it (FIND-1)."""
    xbl, zoe = rooms.xbl, rooms.zoe
    xbl.templates.add("keep", {"constants": {"system": LASTING}}, scid=OTHER_SCID)
    for template, scid in (("keep", SCID), ("lobby", SCID), ("keep", OTHER_SCID)):
        words = {"system": {"keywords": ["here"]}}
        xbl.sessions.create(template, name=f"{template} {scid[0]}", members=[zoe], properties=words, scid=scid)
    asked = {
        f"/serviceconfigs/{SCID}": ["keep 5", "lobby 5"],
        f"/serviceconfigs/{SCID.upper()}/sessiontemplates/LOBBY": ["lobby 5"],
        f"/serviceconfigs/{OTHER_SCID.lower()}": ["keep B"],
        f"/serviceconfigs/{OTHER_SCID}/sessiontemplates/keep": ["keep B"],
    }
    for path, found in asked.items():
        assert names(rooms.client.get(f"{path}/sessions?xuid={zoe.xuid}&inactive=true")) == found
        assert names(rooms.client.get(f"{path}/sessions?keyword=HERE")) == found
        assert names(rooms.client.post(f"{path}/batch?inactive=true", json={"xuids": [zoe.xuid]})) == found


# Who may ask for what

NOT_YOURS = "{}=true is for services, and for users who ask with no other xuid than their own."


@every_way
@pytest.mark.parametrize("flag", ["private", "reservations"])
@pytest.mark.parametrize("there_are_some", [True, False])
def test_what_is_private_is_not_asked_about_others(rooms: Rooms, way: str, flag: str, there_are_some: bool) -> None:
    """403, whether or not anything would match (FIND-4)."""
    xuid = rooms.stacy.xuid if there_are_some else "7"
    answer = ask(rooms.xbl.client(rooms.ana), way, [xuid], f"{flag}=true")
    assert (answer.status_code, answer.text) == (403, refusal_text(NOT_YOURS.format(flag), f"?{flag}", "FIND-4"))
    assert answer.headers["X-Xbl-Refusal"] == f"FIND-4 at ?{flag}: {NOT_YOURS.format(flag)}"


@every_way
@pytest.mark.parametrize("restriction", ["local", "followed"])
def test_sessions_that_the_caller_may_not_read_are_left_out(rooms: Rooms, way: str, restriction: str) -> None:
    """They are simply not there for this caller, and are for a member (FIND-9, JOIN-3)."""
    rooms.make("restricted", {rooms.zoe: "active"}, read=restriction)
    rooms.make("unrestricted", {rooms.zoe: "active"})
    for query in ("", "take=1"):
        assert names(ask(rooms.client, way, [rooms.zoe.xuid], query)) == ["unrestricted"]
    for client in (rooms.xbl.client(rooms.zoe), rooms.server):
        assert names(ask(client, way, [rooms.zoe.xuid])) == ["restricted", "unrestricted"]


@every_way
@pytest.mark.parametrize(
    ("query", "what", "rule"),
    [
        ("take=101", 'Expected a number from 0 to 100; got "101".', "FIND-5"),
        ("take=1&take=2", "The query parameter take appears 2 times with different values.", "CALL-14"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(rooms: Rooms, way: str, query: str, what: str, rule: str) -> None:
    """400 that points at the parameter (FIND-5, CALL-14)."""
    answer = ask(rooms.client, way, [rooms.stacy.xuid], query)
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "?take", rule))


# A batch


@every_batch
def test_a_batch_goes_user_by_user_in_the_order_of_the_request(rooms: Rooms, way: str) -> None:
    """A session appears once for each user whom it matches, and a user who stands there twice counts once (FIND-7).

    A batch takes so many of all users together: the first of them, in the order of the whole (FIND-11).
    """
    stacy, ana, zoe = rooms.stacy.xuid, rooms.ana.xuid, rooms.zoe.xuid
    users = {ana: ["active", "held", "idle", "without her"], zoe: [], stacy: ["active", "packed"]}
    for order in ((ana, zoe, stacy), (stacy, ana)):
        expected = [(xuid, name) for xuid in order for name in users[xuid]]
        for take in (0, 3, 5, 6, 7):
            found = results(ask(rooms.client, way, [*order, *order], f"take={take}"))
            assert [(result["xuid"], result["sessionRef"]["name"]) for result in found] == expected[:take]


# A query only looks


@every_way
@pytest.mark.parametrize("query", ["", "private=true&inactive=true", "take=0"])
def test_a_query_changes_nothing(rooms: Rooms, way: str, query: str) -> None:
    """As long as no timer is due, the world is the same after it (TIME-1)."""
    before = state_of(rooms.xbl)
    ask(rooms.client, way, [rooms.stacy.xuid], query)
    assert state_of(rooms.xbl) == before


@every_way
def test_preconditions_are_not_for_queries(rooms: Rooms, way: str) -> None:
    """Results have no version to ask for, whatever the headers say (PUT-8)."""
    method = "POST" if way.endswith("batch") else "GET"
    query = "" if method == "POST" else f"?xuid={rooms.stacy.xuid}"
    body = {"xuids": [rooms.stacy.xuid]}
    for headers in ({header: tag} for header in ("If-Match", "If-None-Match") for tag in ('"x"', "x")):
        assert names(rooms.client.open(WAYS[way] + query, method=method, json=body, headers=headers)) == FOUND[""]


# One request is one access


def test_a_batch_moves_nobody_twice(xbl: XboxLive) -> None:
    """A session of two users that a batch names is looked at once (FIND-9, TIME-2)."""
    stacy, ana, zoe = xbl.users("Stacy", "Ana", "Zoe")
    session = xbl.sessions.create("lobby", members={stacy: "active", ana: "active", zoe: "ready"})
    xbl.clock.advance(minutes=10)
    answer = xbl.client(stacy).post(f"/serviceconfigs/{SCID}/batch", json={"xuids": [stacy.xuid, ana.xuid]})
    assert [result["accepted"] for result in answer.get_json()["results"]] == [3, 3]
    assert [version.operation for version in session.history] == ["create", "timers"]


# What is looked at first


@pytest.mark.parametrize(
    ("path", "status", "rule"),
    [
        ("/sessions?keyword=a&private=true&version=99", 400, "FIND-5"),
        ("/sessiontemplates/nothing/sessions?keyword=a&private=true", 404, "TMPL-1"),
        ("/sessions?keyword=a&private=true", 403, "FIND-4"),
        ("/sessions?keyword=a&reservations=true", 403, "FIND-4"),
        ("/sessions?keyword=a&inactive=true", 400, "FIND-10"),
        ("/batch?visibility=private", 400, "FIND-5"),
    ],
)
def test_a_query_is_checked_in_the_order_of_all_checks(xbl: XboxLive, path: str, status: int, rule: str) -> None:
    """The query string, then what the body holds, the template, and the right to ask (CALL-16, FIND-10)."""
    method = "POST" if path.startswith("/batch") else "GET"
    answer = xbl.client(xbl.user("Stacy")).open(f"/serviceconfigs/{SCID}{path}", method=method, data="{}")
    assert (answer.status_code, answer.text.splitlines()[-1]) == (status, f"rule: {rule}")


def test_a_query_string_is_utf_8(xbl: XboxLive) -> None:
    """Bytes that are none are 400, escaped or not (CALL-14)."""
    client = xbl.client(xbl.user("Stacy"))
    for text in ("keyword=caf\xe9", "keyword=%E9", "%E9=a"):
        answer = client.get(f"/serviceconfigs/{SCID}/sessions", environ_overrides={"QUERY_STRING": text})
        what = f"The query string is not UTF-8: {json.dumps(text)}."
        assert (answer.status_code, answer.text) == (400, refusal_text(what, "the URI", "CALL-14"))


def test_keywords_are_compared_without_regard_to_case_in_every_script(rooms: Rooms) -> None:
    """Also where the lower case of a letter depends on its place (FIND-5)."""
    rooms.make("one", {rooms.zoe: "active"}, keywords=["\u0391\u03a3"])
    assert names(rooms.client.get(WAYS["sessions"], query_string={"keyword": "\u03b1\u03c3"})) == ["one"]
