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
NOWHERE = OTHER_SCID.lower()
NO_TEMPLATE = f"There is no template nothing in {SCID}; it has lobby, game, ticket, large, keep, other."
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
every_contract = pytest.mark.parametrize("contract", ["104", "105", "107"])


def ask(client: CallerClient, way: str, xuids: Sequence[str], query: str = "", contract: str = "107") -> TestResponse:
    """Ask for the sessions of users: in the query string, where there is one, or in a body."""
    headers = {"X-Xbl-Contract-Version": contract}
    if way.endswith("batch"):
        return client.post(f"{WAYS[way]}?{query}", json={"xuids": list(xuids)}, headers=headers)
    (xuid,) = xuids
    return client.get(f"{WAYS[way]}?xuid={xuid}&{query}", headers=headers)


def names(answer: TestResponse) -> list[str]:
    """The names of the sessions that a query found, in their order."""
    return [result["sessionRef"]["name"] for result in results(answer)]


class Rooms:
    """Sessions of Stacy's of every kind, all of them begun at the same moment, and callers to ask for them."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.stacy, self.ana, self.zoe = xbl.users("Stacy", "Ana", "Zoe")
        self.client = xbl.client(self.stacy)
        self.server = xbl.client(xbl.service("server"))
        xbl.templates.add("keep", {"constants": {"system": LASTING}})
        xbl.templates.add("other", {"constants": {"system": LASTING}})
        self.make("active", {self.stacy: "active", self.ana: "active"}, keywords=["Red", "blue"], version=2)
        self.make("idle", {self.stacy: "inactive", self.ana: "active"}, keywords=["red"])
        self.make("set", {self.stacy: "ready", self.ana: "active"})
        self.make("held", {self.stacy: "reserved", self.ana: "active"}, keywords=["RED"])
        self.make("shown", {self.stacy: "active"}, visibility="visible")
        self.make("packed", {self.stacy: "active", self.ana: "reserved"}, maxMembersCount=2, version=6)
        self.make("secret", {self.stacy: "active", self.zoe: "active"}, visibility="private")
        self.make("secret idle", {self.stacy: "inactive", self.zoe: "active"}, visibility="private")
        self.make("secret held", {self.stacy: "reserved", self.zoe: "active"}, visibility="private")
        self.make("without her", {self.ana: "active"}, keywords=["red"])

    def make(
        self,
        name: str,
        members: dict[User, Any],
        *,
        template: str = "keep",
        keywords: Sequence[str] = (),
        read: str = "none",
        **constants: Any,
    ) -> SessionView:
        """Make a session, open unless its constants say otherwise."""
        system: dict[str, Any] = {"keywords": list(keywords)} if keywords else {}
        if read != "none":
            system |= {"readRestriction": read, "joinRestriction": read}
        return self.xbl.sessions.create(
            template,
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
@every_contract
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
        "sessionRef": {"scid": SCID, "templateName": "keep", "name": "session-seven"},
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


def test_a_result_tells_of_the_user_in_the_session(rooms: Rooms) -> None:
    """The state of the user, and just those fields that have something to say (FIND-6)."""
    flags = "private=true&reservations=true&inactive=true"
    found = results(ask(rooms.client, "sessions", [rooms.stacy.xuid], flags))
    more = {
        "active": {"accepted": 2, "status": "active", "visibility": "open", "keywords": ["Red", "blue"]},
        "held": {"accepted": 1, "status": "reserved", "visibility": "open", "keywords": ["RED"]},
        "idle": {"accepted": 2, "status": "inactive", "visibility": "open", "keywords": ["red"]},
        "packed": {"accepted": 1, "status": "active", "visibility": "full"},
        "secret": {"accepted": 2, "status": "active", "visibility": "private"},
        "secret held": {"accepted": 1, "status": "reserved", "visibility": "private"},
        "secret idle": {"accepted": 2, "status": "inactive", "visibility": "private"},
        "set": {"accepted": 2, "status": "inactive", "visibility": "open"},
        "shown": {"accepted": 1, "status": "active", "visibility": "visible"},
    }
    common = {"xuid": rooms.stacy.xuid, "startTime": "2026-01-01T12:00:00.0000000Z"}
    assert found == [{**common, "sessionRef": ref(name, "keep"), **told} for name, told in more.items()]


# What is found

FOUND: dict[str, list[str]] = {
    "": ["active", "packed", "shown"],
    "inactive=true": ["active", "idle", "packed", "set", "shown"],
    "reservations=true": ["active", "held", "packed", "shown"],
    "private=true": ["active", "packed", "secret", "shown"],
    "private=true&inactive=true": ["active", "idle", "packed", "secret", "secret idle", "set", "shown"],
    "private=true&reservations=true": ["active", "held", "packed", "secret", "secret held", "shown"],
    "private=true&private=true": ["active", "packed", "secret", "shown"],
    "visibility=Open": ["active"],
    "visibility=full": ["packed"],
    "visibility=Private&private=true": ["secret"],
    "keyword=rEd&reservations=true": ["active", "held"],
    "keyword=red%20": [],
    "version=2": ["active", "shown"],
    "take=0": [],
    "take=2": ["active", "packed"],
    "take=007": ["active", "packed", "shown"],
    "inactive=true&keyword=red&visibility=open&version=1&take=100": ["idle"],
}


@every_way
@pytest.mark.parametrize("query", FOUND)
@pytest.mark.parametrize("caller", ["herself", "a server"])
def test_a_query_finds_what_it_asks_for(rooms: Rooms, way: str, query: str, caller: str) -> None:
    """Each parameter means the same to each of the operations (FIND-1, FIND-3, FIND-5)."""
    client = rooms.client if caller == "herself" else rooms.server
    assert names(ask(client, way, [rooms.stacy.xuid], query)) == FOUND[query]


@pytest.mark.parametrize("way", ["sessions", "template sessions"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("keyword=red", ["active", "held", "idle", "without her"]),
        ("keyword=red&take=2", ["active", "held"]),
        ("keyword=red&visibility=full", []),
        ("keyword=red&version=1", ["held", "idle", "without her"]),
        ("keyword=none", []),
    ],
)
def test_a_keyword_finds_the_sessions_of_anybody(rooms: Rooms, way: str, query: str, found: list[str]) -> None:
    """Whoever is in them, and whatever they are there, of which the result says nothing (FIND-2, FIND-5, FIND-6)."""
    answer = rooms.client.get(f"{WAYS[way]}?{query}")
    assert names(answer) == found
    assert all({"xuid", "status", "myTurn"}.isdisjoint(result) for result in results(answer))


def test_a_query_stays_where_it_is_asked(rooms: Rooms) -> None:
    """In its service configuration; and with a template, among the sessions made from it (FIND-1)."""
    xbl, zoe = rooms.xbl, rooms.zoe
    xbl.templates.add("keep", {"constants": {"system": LASTING}}, scid=OTHER_SCID)
    for template, scid in (("keep", SCID), ("other", SCID), ("keep", OTHER_SCID)):
        words = {"system": {"keywords": ["here"]}}
        xbl.sessions.create(template, name=f"{template} {scid[0]}", members=[zoe], properties=words, scid=scid)
    asked = {
        f"/serviceconfigs/{SCID}/sessions": ["keep 5", "other 5"],
        f"/serviceconfigs/{SCID}/sessiontemplates/keep/sessions": ["keep 5"],
        f"/serviceconfigs/{SCID}/sessiontemplates/OTHER/sessions": ["other 5"],
        f"/ServiceConfigs/{SCID.upper()}/SessionTemplates/Other/Sessions": ["other 5"],
        f"/serviceconfigs/{OTHER_SCID.lower()}/sessions": ["keep B"],
        f"/serviceconfigs/{OTHER_SCID}/sessiontemplates/keep/sessions": ["keep B"],
    }
    for path, found in asked.items():
        assert names(rooms.client.get(f"{path}?xuid={zoe.xuid}")) == found
        assert names(rooms.client.get(f"{path}?keyword=HERE")) == found
        batch = path.lower().removesuffix("/sessions") + "/batch"
        assert names(rooms.client.post(batch, json={"xuids": [zoe.xuid]})) == found


def test_what_shipped_clients_ask_is_understood(rooms: Rooms) -> None:
    """All parameters at once, in the order and with the header that the official client sends (FIND-1)."""
    query = "keyword=red&visibility=open&version=7&private=true&reservations=true&inactive=true&take=10"
    headers = {"Content-Type": "application/json; charset=utf-8"}
    for path in (WAYS["sessions"], WAYS["template sessions"]):
        answer = rooms.client.get(f"{path}?xuid={rooms.stacy.xuid}&{query}", headers=headers)
        assert names(answer) == ["active", "held", "idle"]


@every_way
def test_a_rehearsed_write_is_not_found(rooms: Rooms, way: str) -> None:
    """Nothing of it was stored, in no index either (PUT-7)."""
    body = {"properties": {"system": {"keywords": ["new"]}}}
    answer = rooms.xbl.client(rooms.zoe).put(f"{KEEP}/sessions/new?nocommit=true", json=body)
    assert answer.status_code == 201
    assert names(ask(rooms.client, way, [rooms.zoe.xuid], "inactive=true")) == []
    assert names(rooms.client.get(f"{WAYS['sessions']}?keyword=new")) == []


# Who may ask for what

NOT_YOURS = "{}=true is for services, and for users who ask with no other xuid than their own."


@every_way
@pytest.mark.parametrize("flag", ["private", "reservations"])
@pytest.mark.parametrize("there_are_some", [True, False])
def test_what_is_private_is_not_asked_about_others(xbl: XboxLive, way: str, flag: str, there_are_some: bool) -> None:
    """403, whether or not anything would match (FIND-4)."""
    rooms = Rooms(xbl)
    xuid = rooms.stacy.xuid if there_are_some else "7"
    answer = ask(xbl.client(rooms.ana), way, [xuid], f"{flag}=true")
    assert (answer.status_code, answer.text) == (403, refusal_text(NOT_YOURS.format(flag), f"?{flag}", "FIND-4"))
    assert answer.headers["X-Xbl-Refusal"] == f"FIND-4 at ?{flag}: {NOT_YOURS.format(flag)}"


@pytest.mark.parametrize("way", ["batch", "template batch"])
@pytest.mark.parametrize("flag", ["private", "reservations"])
def test_a_batch_that_asks_for_what_is_private_names_the_caller_only(rooms: Rooms, flag: str, way: str) -> None:
    """All of its xuids must be the caller's, unless it is a server (FIND-4)."""
    stacy, ana, zoe = rooms.stacy.xuid, rooms.ana.xuid, rooms.zoe.xuid
    for_stacy = rooms.xbl.client(rooms.xbl.service("for Stacy", on_behalf_of=rooms.stacy))
    asked = [(rooms.client, [stacy, stacy]), (rooms.client, [stacy, ana]), (rooms.client, [ana])]
    asked += [(rooms.server, [stacy, ana, zoe]), (for_stacy, [ana, zoe])]
    statuses = [ask(client, way, xuids, f"{flag}=true").status_code for client, xuids in asked]
    assert statuses == [200, 403, 403, 200, 200]


@pytest.mark.parametrize("way", ["sessions", "template sessions"])
def test_a_keyword_alone_finds_private_sessions_for_servers_only(rooms: Rooms, way: str) -> None:
    """Without a xuid there is none that could be the caller's (FIND-4)."""
    query = f"{WAYS[way]}?keyword=red&private=true"
    refused = rooms.client.get(query)
    assert (refused.status_code, refused.text) == (403, refusal_text(NOT_YOURS.format("private"), "?private", "FIND-4"))
    assert names(rooms.server.get(query)) == ["active", "held", "idle", "without her"]


@every_way
@pytest.mark.parametrize("restriction", ["local", "followed"])
def test_sessions_that_the_caller_may_not_read_are_left_out(rooms: Rooms, way: str, restriction: str) -> None:
    """They are simply not there for this caller, and are for a member (FIND-9, JOIN-3)."""
    members: dict[User, Any] = {rooms.zoe: "active"}
    rooms.make("restricted", members, read=restriction)
    rooms.make("unrestricted", members)
    zoe = [rooms.zoe.xuid]
    assert names(ask(rooms.client, way, zoe)) == ["unrestricted"]
    assert names(ask(rooms.client, way, zoe, "take=1")) == ["unrestricted"]
    assert names(ask(rooms.xbl.client(rooms.zoe), way, zoe)) == ["restricted", "unrestricted"]
    assert names(ask(rooms.server, way, zoe)) == ["restricted", "unrestricted"]


# What is refused

BAD = [
    ("keyword=a,b", 'Expected a string that is not empty and has no comma; got "a,b".', "?keyword", "FIND-5"),
    ("private=1", 'Expected true, or no such parameter; got "1".', "?private", "FIND-5"),
    ("visibility=PRIVATE", "Private sessions are found with private=true only.", "?visibility", "FIND-5"),
    ("version=8", "version is at most 7 under contract 107, not 8.", "?version", "FIND-5"),
    ("take=101", 'Expected a number from 0 to 100; got "101".', "?take", "FIND-5"),
    (
        *("take=1&take=2", "The query parameter take stands there 2 times, and not with the same value."),
        *("?take", "CALL-14"),
    ),
]


@every_way
@pytest.mark.parametrize(("query", "what", "where", "rule"), BAD, ids=lambda part: str(part)[:20])
def test_a_parameter_that_means_nothing_is_refused(
    rooms: Rooms, way: str, query: str, what: str, where: str, rule: str
) -> None:
    """400 that points at the parameter (FIND-5, CALL-14)."""
    answer = ask(rooms.client, way, [rooms.stacy.xuid], query)
    assert (answer.status_code, answer.text) == (400, refusal_text(what, where, rule))


NO_FILTER = "A query names a keyword, a xuid, or both; this one would find every session there is."
NOBODY = "inactive is about the user that the query names, and it names none."


@pytest.mark.parametrize("way", ["sessions", "template sessions"])
@pytest.mark.parametrize(
    ("query", "what", "where", "rule"),
    [
        ("xuid=xuid(7)", 'Expected a string of decimal digits; got "xuid(7)".', "?xuid", "FIND-5"),
        ("", NO_FILTER, "?keyword", "FIND-2"),
        ("visibility=open&version=1&private=true", NO_FILTER, "?keyword", "FIND-2"),
        ("keyword=red&inactive=true", NOBODY, "?inactive", "FIND-10"),
        ("keyword=red&reservations=true", NOBODY.replace("inactive", "reservations"), "?reservations", "FIND-10"),
    ],
)
def test_a_query_says_of_whom_or_what_it_asks(
    rooms: Rooms, way: str, query: str, what: str, where: str, rule: str
) -> None:
    """With a keyword, a xuid or both, also a server's; 400 (FIND-2, FIND-5, FIND-10, CALL-10)."""
    answer = rooms.server.get(f"{WAYS[way]}?{query}")
    assert (answer.status_code, answer.text) == (400, refusal_text(what, where, rule))


@every_way
@pytest.mark.parametrize(
    ("contract", "known", "most"),
    [("104", 104, 4), ("105", 105, 5), ("106", 107, 7), ("107", 107, 7), ("108", 107, 7)],
)
def test_a_version_is_at_most_that_of_the_contract(
    rooms: Rooms, way: str, contract: str, known: int, most: int
) -> None:
    """The contract version of the request, as it is answered, modulo 100 (FIND-5, CALL-2)."""
    allowed, refused = (
        ask(rooms.client, way, [rooms.stacy.xuid], f"version={version}", contract) for version in (most, most + 1)
    )
    assert allowed.status_code == 200
    what = f"version is at most {most} under contract {known}, not {most + 1}."
    assert (refused.status_code, refused.text) == (400, refusal_text(what, "?version", "FIND-5"))


@pytest.mark.parametrize(
    ("way", "old", "new", "what"),
    [
        *((way, SCID, NOWHERE, f"The service configuration {NOWHERE} is unknown; known are: {SCID}.") for way in WAYS),
        *((way, "/keep/", "/nothing/", NO_TEMPLATE) for way in ("template sessions", "template batch")),
    ],
)
def test_a_place_that_there_is_not_is_refused(rooms: Rooms, way: str, old: str, new: str, what: str) -> None:
    """404, also where no session would be found anyway (TMPL-1)."""
    path = WAYS[way].replace(old, new)
    body = {"xuids": ["7"]}
    answer = rooms.client.post(path, json=body) if way.endswith("batch") else rooms.client.get(f"{path}?xuid=7")
    assert (answer.status_code, answer.text) == (404, refusal_text(what, "the URI", "TMPL-1"))


# A batch


@pytest.mark.parametrize("way", ["batch", "template batch"])
def test_a_batch_goes_user_by_user_in_the_order_of_the_request(rooms: Rooms, way: str) -> None:
    """A session appears once for each user whom it matches (FIND-7)."""
    stacy, ana, zoe = rooms.stacy.xuid, rooms.ana.xuid, rooms.zoe.xuid
    of_ana = ["active", "held", "idle", "set", "without her"]
    of_stacy = ["active", "packed", "shown"]

    def found(*xuids: str) -> list[tuple[str, str]]:
        return [(r["xuid"], r["sessionRef"]["name"]) for r in results(ask(rooms.client, way, xuids))]

    assert found(ana, zoe, stacy) == [(ana, name) for name in of_ana] + [(stacy, name) for name in of_stacy]
    assert found(stacy, ana) == [(stacy, name) for name in of_stacy] + [(ana, name) for name in of_ana]


@pytest.mark.parametrize("way", ["batch", "template batch"])
def test_a_batch_takes_so_many_of_all_users_together(rooms: Rooms, way: str) -> None:
    """The first of them, in the order of the whole; a user who stands there twice counts once (FIND-11)."""
    users = [rooms.stacy.xuid, rooms.ana.xuid]
    everything = results(ask(rooms.client, way, users))
    assert len(everything) == 8
    for take in (0, 3, 5, 8, 9):
        assert results(ask(rooms.client, way, [*users, *users], f"take={take}")) == everything[:take]


@pytest.mark.parametrize("way", ["batch", "template batch"])
def test_a_batch_takes_no_xuid_in_its_query_string(rooms: Rooms, way: str) -> None:
    """Its users stand in the body (FIND-11)."""
    answer = ask(rooms.client, way, [rooms.stacy.xuid], f"xuid={rooms.stacy.xuid}")
    takes = "keyword, reservations, inactive, private, visibility, version, take"
    what = f'The query parameter "xuid" is not known here; this operation takes {takes}.'
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "?xuid", "CALL-14"))


@pytest.mark.parametrize(
    ("data", "what", "where", "rule"),
    [
        ("{}", "The field xuids is required here.", "/xuids", "CALL-6"),
        ('{"xuids": []}', "A batch names at least one user.", "/xuids", "FIND-11"),
        ('{"xuids": ["1", 7]}', "Expected a string of decimal digits; got 7.", "/xuids/1", "FIND-1"),
        ("", "The body is empty; it is a JSON object.", "the body", "CALL-6"),
    ],
)
@pytest.mark.parametrize("way", ["batch", "template batch"])
def test_a_batch_of_another_form_is_refused(
    rooms: Rooms, way: str, data: str, what: str, where: str, rule: str
) -> None:
    """400 that points into the body (FIND-1, FIND-11, CALL-6)."""
    answer = rooms.client.post(WAYS[way], data=data)
    assert (answer.status_code, answer.text) == (400, refusal_text(what, where, rule))


# A query only looks


@every_way
@pytest.mark.parametrize("query", ["", "private=true&inactive=true", "take=0", "take=x", "visibility=private"])
def test_a_query_changes_nothing(rooms: Rooms, way: str, query: str) -> None:
    """As long as no timer is due, the world is the same after it, whether it is answered or refused (TIME-1)."""
    before = state_of(rooms.xbl)
    ask(rooms.client, way, [rooms.stacy.xuid], query)
    assert state_of(rooms.xbl) == before


@every_way
def test_preconditions_are_not_for_queries(rooms: Rooms, way: str) -> None:
    """Results have no version to ask for; a malformed tag is refused all the same (PUT-8)."""
    path = WAYS[way]
    method = "POST" if way.endswith("batch") else "GET"
    query = "" if way.endswith("batch") else f"?xuid={rooms.stacy.xuid}"
    for header in ("If-Match", "If-None-Match"):
        body = {"xuids": [rooms.stacy.xuid]}
        answer = rooms.client.open(path + query, method=method, json=body, headers={header: '"x"'})
        assert names(answer) == FOUND[""]
        assert rooms.client.open(path + query, method=method, json=body, headers={header: "x"}).status_code == 400


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


@pytest.mark.parametrize("text", ["keyword=caf\xe9", "keyword=%E9", "%E9=a"])
def test_a_query_string_is_utf_8(xbl: XboxLive, text: str) -> None:
    """Bytes that are none are 400, escaped or not (CALL-14)."""
    overrides = {"QUERY_STRING": text}
    answer = xbl.client(xbl.user("Stacy")).get(f"/serviceconfigs/{SCID}/sessions", environ_overrides=overrides)
    what = f"The query string is not UTF-8: {json.dumps(text)}."
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "the URI", "CALL-14"))


def test_keywords_are_compared_without_regard_to_case_in_every_script(rooms: Rooms) -> None:
    """Also where the lower case of a letter depends on its place (FIND-5)."""
    rooms.make("one", {rooms.zoe: "active"}, keywords=["\u0391\u03a3"])
    found = rooms.client.get(WAYS["sessions"], query_string={"keyword": "\u03b1\u03c3"})
    assert names(found) == ["one"]
