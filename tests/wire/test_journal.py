"""The journal: what is written down of every request, and how little is held for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import datetime, timezone
from typing import Any

import pytest
from werkzeug.test import create_environ

from bad_requests.against_the_rules import CONTRADICTIONS
from bodies import ACTIVE, ONE, SCID, properties, reserve, score
from pytest_xbl import User, XboxLive
from pytest_xbl.mpsd.effects import (
    Effect,
    MemberJoined,
    MemberLeft,
    MemberStatusChanged,
    SessionCreated,
    SessionDeleted,
)
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.wire.body import LARGEST_BODY
from pytest_xbl.wire.entry import Entry

SEAT = reserve("1")["members"]["reserve_0"]
BAD_SEATS: list[dict[str, Any]] = [{"reserve_1": SEAT}, {"reserve_0": {}}, {"0": {}}]
HOPELESS: list[tuple[str, dict[str, Any]]] = [
    *((ONE, body) for _rule, body in CONTRADICTIONS),
    *((ONE, {"members": members}) for members in BAD_SEATS),
    (ONE, {"members": {"reserve_0": {**SEAT, "properties": {}}}}),
    ("/handles/query", {"type": "activity", "owners": {}}),
    ("/handles/query", {"type": "activity", "owners": {"xuids": []}}),
    (f"/serviceconfigs/{SCID}/batch?keyword=x", {"xuids": []}),
    ("/batch", {"xuids": ["1"]}),
    ("/batch", {"xuids": ["1"], "stats": [{"name": "Kills"}]}),
    ("/batch", {"requestedusers": ["1"], "requestedscids": []}),
]
"""Bodies that no session could make right."""


def made_by(user: User) -> tuple[Effect, ...]:
    """The effects of a write that makes a session and joins it."""
    return (SessionCreated(), MemberJoined(user.xuid), MemberStatusChanged(user.xuid, "inactive", "active"))


# What an entry says


def test_every_request_is_written_down(xbl: XboxLive) -> None:
    """Refused or not, known or not, in the order of the answers (SEEN-4)."""
    client = xbl.client(xbl.user("Stacy"))
    client.put(ONE, json=ACTIVE)
    client.get(ONE, query_string={"a": "b c"})
    xbl.client().get(ONE)
    client.get("/nothing")
    unknown = 'CALL-14 at ?a: The query parameter "a" is not known here; this operation takes none.'
    nobody = "CALL-3 at Authorization: Expected XBL3.0 x=<userhash>;<token>; got no such header."
    lines = [
        "#1 Stacy: put-session lobby/one -> 201",
        f"#2 Stacy: get-session lobby/one?a=b+c -> 400 {unknown}",
        f"#3 nobody: get-session lobby/one -> 401 {nobody}",
        "#4 Stacy: GET /nothing -> 404 CALL-7 at the URI: The fake has no operation GET /nothing on host localhost.",
    ]
    journal = xbl.app.journal
    assert (len(journal), [str(entry) for entry in journal]) == (4, lines)
    assert [entry.operation for entry in journal] == ["put-session", "get-session", "get-session", ""]
    assert [str(entry) for entry in journal[1:3]] == lines[1:3]


def test_an_entry_holds_all_there_is_to_know_of_a_write(xbl: XboxLive) -> None:
    """Caller, operation, request, response, effects (SEEN-4)."""
    stacy = xbl.user("Stacy")
    xbl.clock.advance(minutes=1)
    answer = xbl.client(stacy).put(ONE, json=ACTIVE, headers={"If-None-Match": "*"})
    (entry,) = xbl.app.journal
    assert (entry.number, entry.time, entry.duration > 0) == (1, datetime(2026, 1, 1, 12, 1, tzinfo=timezone.utc), True)
    assert (entry.operation, entry.caller, entry.method, entry.path) == ("put-session", "Stacy", "PUT", ONE)
    assert (entry.uri, entry.data, entry.body) == (ONE, json.dumps(ACTIVE).encode(), ACTIVE)
    assert (entry.status, entry.rule, entry.refusal, entry.mistake) == (201, "", None, None)
    assert (entry.effects, entry.answered) == (made_by(stacy), answer.text)


def test_an_entry_has_the_headers_that_the_fake_reads_but_for_the_token(xbl: XboxLive) -> None:
    """So that journals and what is written from them can be shown to anybody (SEEN-4)."""
    stacy = xbl.user("Stacy", token="secret")
    headers = {
        "If-Match": '"a"',
        "If-None-Match": '"b"',
        "If-Modified-Since": "noon",
        "X-Xbl-Contract-Version": "105",
        "X-RequestedServiceVersion": "1",
        "Accept": "x",
        "Host": "h",
    }
    xbl.client(stacy).put(ONE, json={}, headers=headers)
    (entry,) = xbl.app.journal
    assert entry._request.headers == (
        ("X-Xbl-Contract-Version", "105"),
        ("X-RequestedServiceVersion", "1"),
        ("If-Match", '"a"'),
        ("If-None-Match", '"b"'),
        ("If-Modified-Since", "noon"),
        ("Host", "h"),
        ("Content-Type", "application/json"),
    )
    assert "secret" not in repr(entry)


def test_a_refusal_is_kept_with_its_rule(xbl: XboxLive) -> None:
    """And what the client read of it (SEEN-4)."""
    answer = xbl.client(xbl.user("Stacy")).put(ONE, json={"x": 1})
    (entry,) = xbl.app.journal
    assert (entry.status, entry.rule, entry.mistake, entry.answered) == (400, "CALL-6", "bad-body", answer.text)
    assert (entry.refusal and entry.refusal.where, entry.effects) == ("/x", ())


def test_a_bug_of_the_fake_is_written_down_too(xbl: XboxLive, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its 500, and what was known of the request by then (SEEN-4)."""
    stacy = xbl.user("Stacy")
    monkeypatch.delattr(type(xbl._world), "read")
    answer = xbl.client(stacy).get(ONE)
    (entry,) = xbl.app.journal
    assert (entry.operation, entry.caller, entry.status, entry.refusal) == ("get-session", "Stacy", 500, None)
    assert entry.answered == answer.text
    assert [type(crash) for crash in xbl.app.crashes] == [AttributeError]
    xbl.app.crashes.clear()


# Bodies


def test_a_body_that_is_no_json_reads_as_none(xbl: XboxLive) -> None:
    """The bytes are kept as they came (SEEN-4)."""
    client = xbl.client(xbl.user("Stacy"))
    for data in (b"{", b"\xff", b'{"a":NaN}', b'{"a":1,"a":2}', b"[" * 100 + b"]" * 100, b""):
        assert client.put(ONE, data=data, content_type="application/json").status_code == 400
        entry = xbl.app.journal[-1]
        assert (entry.data, entry.body, entry.mistake) == (data, None, "bad-body")


def test_a_body_is_kept_if_the_operation_reads_it_or_refuses_the_request(xbl: XboxLive) -> None:
    """Whatever the refusal is about; what an operation without a body answers keeps none (SEEN-4)."""
    stacy = xbl.user("Stacy")
    xbl.sessions.create("lobby", name="one", members=[stacy])
    for method, name, value in (
        ("PUT", "Content-Type", "application/json"),
        ("POST", "Content-Type", "application/json"),
        ("PUT", "Content-Type", "application/x-www-form-urlencoded"),
        ("PUT", "Content-Encoding", "gzip"),
        ("PUT", "X-Xbl-Contract-Version", "1"),
        ("GET", "Content-Type", "application/json"),
    ):
        xbl.client(stacy).open(ONE, method=method, data="[1]", headers={name: value})
    kept = [(entry.status, entry.data, entry.body) for entry in xbl.app.journal]
    assert kept == [*((status, b"[1]", [1]) for status in (400, 405, 400, 400, 400)), (200, b"", None)]


def test_a_body_that_is_too_long_is_not_kept(xbl: XboxLive) -> None:
    """Neither by the refusal that says so, nor by any other (SEEN-4, CALL-12)."""
    client = xbl.client(xbl.user("Stacy"))
    for method in ("PUT", "POST"):
        client.open(ONE, method=method, data=b"x" * (LARGEST_BODY + 1), content_type="application/json")
    assert [(entry.status, entry.data) for entry in xbl.app.journal] == [(413, b""), (405, b"")]


# What is held


def test_requests_that_are_alike_share_what_they_have_in_common(xbl: XboxLive) -> None:
    """Method, path, query string and headers are kept once (SEEN-4)."""
    client = xbl.client(xbl.user("Stacy"))
    client.put(ONE, json=ACTIVE)
    client.put(ONE, json=score(1))
    client.put(ONE, json=score(2), headers={"If-Match": "*"})
    client.put(f"{ONE}?nocommit=true", json=score(2))
    first, second, third, fourth = (entry._request for entry in xbl.app.journal)
    assert first is second
    assert len({second, third, fourth}) == 3


def test_the_document_of_a_session_is_worked_out_again(xbl: XboxLive) -> None:
    """It is as the client received it, whatever has been written since, also of a refusal (SEEN-4, CODE-412)."""
    stacy = xbl.user("Stacy")
    client = xbl.client(stacy)
    texts = [client.put(ONE, json=ACTIVE).text]
    texts += [client.put(ONE, json=score(number)).text for number in range(3)]
    texts.append(client.get(ONE, headers={"X-Xbl-Contract-Version": "105"}).text)
    texts.append(client.put(ONE, json=score(8), headers={"If-Match": '"x"'}).text)
    client.put(ONE, json=score(9))
    assert [entry.answered for entry in xbl.app.journal[:6]] == texts
    assert {entry._answer.body for entry in xbl.app.journal} == {None}
    assert {id(entry._answer) for entry in xbl.app.journal[1:4]} == {id(xbl.app.journal[1]._answer)}


def test_a_refusal_holds_on_to_nothing(xbl: XboxLive) -> None:
    """Neither a traceback nor another exception, whose frames have all in hand that the operation had (SEEN-4)."""
    client = xbl.client(xbl.user("Stacy"))
    for data in (b"{", b"\xff", b'{"x": 1}'):
        client.put(ONE, data=data, content_type="application/json")
    client.get("/x")
    for headers in ({"Authorization": "x"}, {"If-Match": '"x"'}):
        client.get(ONE, headers=headers)
    refusals = [entry.refusal for entry in xbl.app.journal]
    assert [(r.__traceback__, r.__context__, r.__cause__) for r in refusals if r] == [(None, None, None)] * 6


def test_a_request_that_reached_no_world_took_no_time(xbl: XboxLive) -> None:
    """It is written down with its refusal (HOST-4, SEEN-4)."""
    xbl.app.add_refusal(create_environ("/x"), Refusal(403, "No.", where="the host", rule="HOST-4"))
    entry = xbl.app.journal[-1]
    assert (entry.path, entry.status, entry.rule, entry.duration) == ("/x", 403, "HOST-4", 0)


WRITING = """
import gc, sys, tracemalloc
from pytest_xbl import XboxLive

world = XboxLive()
world.templates.add("crowd", {"constants": {"system": {"maxMembersCount": 100}}})
users = world.users(*(f"Player {number}" for number in range(100)))
path = world.sessions.create("crowd", members=users).ref.path
client = world.client(users[50])

def held(first, last):
    for number in range(first, last):
        custom = {"properties": {"custom": {"score": number}}}
        body = {"members": {"me": custom}} if sys.argv[1] == "member" else custom
        assert client.put(path, json=body).status_code == 200
    gc.collect()
    return tracemalloc.get_traced_memory()[0]

tracemalloc.start()
before = held(100, 150)
print((held(150, 350) - before) / 200)
"""
"""Prints the bytes that are held of a write."""


@pytest.mark.parametrize("of", ["session", "member"])
def test_a_write_among_a_hundred_members_holds_little(of: str) -> None:
    """Journal and history together keep at most 2 KiB of a write that changes no size (SEEN-4).

    Under Python 3.10, whose objects take more, it is 3 KiB.
    They do so, too, in a process in which much has happened, so this is one of its own, which nothing measures.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    told = subprocess.check_output([sys.executable, "-c", WRITING, of], env=environ, text=True)
    assert float(told) <= (2048 if sys.version_info >= (3, 11) else 3072)


# Effects


def test_an_entry_has_the_effects_of_its_own_request_only(xbl: XboxLive) -> None:
    """Not those of the test itself, but those of timers that were due when the request came (TIME-10, SEEN-4)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    session = xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "reserved"})
    xbl.client(stacy).get(ONE)
    xbl.clock.advance(minutes=1)
    xbl.client(stacy).get(ONE)
    xbl.client(stacy).delete(f"{ONE}/members/me")
    effects = [entry.effects for entry in xbl.app.journal]
    assert effects == [(), session.history[1].effects, session.history[2].effects]
    kinds = [[type(effect) for effect in of_one] for of_one in effects]
    assert kinds == [[], [MemberLeft], [MemberLeft, SessionDeleted]]


def test_what_is_not_stored_has_no_effects(xbl: XboxLive) -> None:
    """A write that is only tried out changes nothing (PUT-7, SEEN-4)."""
    xbl.client(xbl.user("Stacy")).put(f"{ONE}?nocommit=true", json=ACTIVE)
    assert [(entry.status, entry.effects) for entry in xbl.app.journal] == [(201, ())]


# Threads


def test_requests_of_many_threads_are_all_written_down(xbl: XboxLive) -> None:
    """Numbered without a gap, each with its own caller, body and effects (SEEN-4)."""
    users = xbl.users(*(f"Player {number}" for number in range(8)))
    started = threading.Barrier(len(users))

    def play(place: int) -> None:
        user, path = users[place], f"{ONE}-{place}"
        client = xbl.client(user)
        started.wait()
        client.put(path, json=ACTIVE)
        for number in range(20):
            client.put(path, json=score(number))

    threads = [threading.Thread(target=play, args=(place,)) for place in range(len(users))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries: list[Entry] = list(xbl.app.journal)
    assert [entry.number for entry in entries] == list(range(1, 8 * 21 + 1))
    for place, user in enumerate(users):
        own = [entry for entry in entries if entry.path == f"{ONE}-{place}"]
        assert {entry.caller for entry in own} == {user.name}
        assert [entry.body for entry in own] == [ACTIVE, *map(score, range(20))]
        assert [entry.effects for entry in own] == [made_by(user), *[()] * 20]


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("userstats.xboxlive.com", "userstats.xboxlive.com"),
        ("Rta.XboxLive.com:443", "rta.xboxlive.com"),
        ("localhost:8080", ""),
        ("", ""),
    ],
)
def test_a_line_names_the_real_host(xbl: XboxLive, host: str, named: str) -> None:
    """The host that the client had in its source, and not the machine on which the fake runs (HOST-1)."""
    xbl.client(xbl.user("Stacy")).get("/x", headers={"Host": host})
    (entry,) = xbl.app.journal
    assert entry.host == named
    assert str(entry).startswith(f"#1 Stacy: GET /x{' at ' * bool(named)}{named} -> 404 ")


# The bound


@pytest.fixture
def few() -> XboxLive:
    """A world that keeps three requests, to which five have come."""
    xbl = XboxLive(keep=3)
    client = xbl.client(xbl.user("Stacy"))
    for number in range(5):
        client.put(f"{ONE}-{number}", json=ACTIVE)
    return xbl


def test_the_last_requests_are_kept(few: XboxLive) -> None:
    """With their numbers; the others are counted (SEEN-18)."""
    journal = few.app.journal
    assert ([entry.number for entry in journal], len(journal)) == ([3, 4, 5], 3)
    assert (journal.total, journal.arrived) == (5, 5)
    assert journal.told() == ([*journal], "2 earlier requests were let go (xbl_keep is 3)")
    assert [journal.told(number)[1] for number in (1, 2, 5)] == ["1 earlier request was let go (xbl_keep is 3)", "", ""]


def test_requests_are_found_by_their_numbers(few: XboxLive) -> None:
    """As far as they are kept (SEEN-18)."""
    journal = few.app.journal
    found = [journal.numbered(number) for number in range(7)]
    assert [entry and entry.number for entry in found] == [None, None, None, 3, 4, 5, None]
    since = [[entry.number for entry in journal.told(number)[0]] for number in (0, 3, 4, 5)]
    assert since == [[3, 4, 5], [4, 5], [5], []]


def test_a_journal_that_is_cleared_misses_nothing(few: XboxLive) -> None:
    """Its numbers go on, and whoever asks for requests since a number gets those that came later (SEEN-18)."""
    journal = few.app.journal
    journal.clear()
    assert (journal.told(), journal.arrived, journal.alike) == (([], ""), 0, [])
    few.client().get("/x")
    assert ([entry.number for entry in journal], journal.arrived, journal.numbered(5)) == ([6], 1, None)
    assert [entry.number for entry in journal.told(2)[0]] == [6]


def test_parts_that_requests_share_have_a_bound_too(few: XboxLive) -> None:
    """Those of requests that were let go are forgotten now and then (SEEN-18)."""
    journal, most = few.app.journal, 0
    for number in range(30):
        few.client().get(f"/{number}")
        most = max(most, len(journal.alike))
    assert most == 2 * journal.keep + 1
    assert {entry._request for entry in journal} <= {*journal.alike}


# Mistakes


@pytest.mark.parametrize(
    ("method", "path", "arguments", "mistake"),
    [
        ("GET", "/x", {}, "unknown-route"),
        ("DELETE", ONE, {}, "unknown-route"),
        ("GET", "/batch", {"headers": {"Host": "sessiondirectory.xboxlive.com"}}, "unknown-route"),
        ("GET", ONE, {"headers": {"Host": "clubhub.xboxlive.com"}}, "unknown-service"),
        ("PUT", ONE, {"json": []}, "bad-body"),
        ("PUT", ONE, {"json": {"properties": {"system": {"turn": 1}}}}, "bad-body"),
        ("POST", "/handles", {"json": {}}, "bad-body"),
        ("POST", "/batch", {"json": {"x": 1}, "headers": {"X-Xbl-Contract-Version": "1"}}, "bad-body"),
        *(
            ("GET", ONE, {"headers": headers}, None)
            for headers in ({"Authorization": ""}, {"X-Xbl-Contract-Version": "1"}, {"If-Match": '"x"'})
        ),
        *(("GET", path, {}, None) for path in (f"{ONE}?x=1", ONE.replace("lobby", "nothing"), f"{ONE}/members/x")),
        *(("PUT", ONE, {"json": body}, None) for body in (properties(turn=[7]), ACTIVE)),
    ],
)
def test_a_mistake_of_the_clients_author_has_a_name(
    xbl: XboxLive, method: str, path: str, arguments: dict[str, object], mistake: str | None
) -> None:
    """Unknown paths, verbs and services and wrong bodies are mistakes; what sessions forbid is none (SEEN-5)."""
    xbl.client(xbl.user("Stacy")).open(path, method=method, **arguments)
    (entry,) = xbl.app.journal
    assert entry.mistake == mistake
    assert (entry.refusal is None) == (entry.status == 201)


@pytest.mark.parametrize(("path", "body"), HOPELESS)
def test_a_body_that_no_session_could_make_right_is_a_mistake_of_the_clients_author(
    xbl: XboxLive, path: str, body: dict[str, Any]
) -> None:
    """It contradicts itself, or asks for nothing (SEEN-5)."""
    contract = "2" if path == "/batch" else "107"
    client = xbl.client(xbl.user("Stacy"))
    method = "PUT" if path == ONE else "POST"
    client.open(path, method=method, json=body, headers={"X-Xbl-Contract-Version": contract})
    assert (xbl.journal[0].status, xbl.journal[0].mistake) == (400, "bad-body")
