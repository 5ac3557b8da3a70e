"""No request, however strange, gets a 500, changes the world or stops the server."""

from __future__ import annotations

import json
import random
import re
import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

import pytest

from bad_requests import KINDS, Bad, Kind
from bad_requests.against_the_rules import SECRETS
from bad_requests.forms import POST_FORMS, PUT_FORMS, SAMPLES, Place, field_of, is_wrong, places
from bad_requests.request import (
    EARLY,
    FULL,
    HANDLE,
    HIDDEN,
    MISSING,
    SHOWN,
    STATISTICS,
    XUID,
    is_of_statistics,
    under,
)
from bodies import ONE, SCID, TEMPLATES, lasting, ref
from people import person
from pytest_xbl import XboxLive
from pytest_xbl.rulebook import RULES
from worlds import state_of

DOCUMENTED = {401, 406} | {int(rule[5:]) for rule in RULES if rule[5:].isdigit() and rule.startswith("CODE-")}
LONGEST_HEADER = 8190
"""Characters that common clients and proxies take in one header."""
PATIENCE = 30  # seconds; only ever used up by a test that fails

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


class Reply(NamedTuple):
    """A response."""

    status: int
    headers: dict[str, str]
    body: bytes


# The world, and how it is called


@pytest.fixture
def world(xbl: XboxLive) -> XboxLive:
    """A world with people, templates, and sessions of which one is gone again."""
    stacy, ana, zoe = xbl.user("Stacy", xuid=XUID), xbl.user("Ana"), xbl.user("Zoe")
    xbl.user("Nil", privileges=())
    xbl.follow(zoe, stacy, favorite=True)
    server = xbl.client(xbl.service("server"))
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    xbl.templates.add("shown", {"constants": {"system": {"visibility": "visible"}}}, contract=105)
    xbl.templates.add("full", {"constants": {"system": {"maxMembersCount": 2}}})
    xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready"}, properties={"custom": {"a": [1]}})
    server.put(ONE, json={"servers": {"x": {"properties": {"custom": {"b": {}}}}}})
    xbl.sessions.create("full", name="one", members={stacy: "active", ana: "reserved"})
    xbl.sessions.create("hidden", name="one", members=[stacy])
    xbl.sessions.create("shown", name="one", members=[stacy, ana])
    xbl.sessions.create("ticket", name="gone", members=[ana])
    xbl.client(ana).delete(f"{TEMPLATES}/ticket/sessions/gone/members/me")
    for handle, name in ((HANDLE, "one"), (EARLY, "missing")):
        body = {"id": handle, "type": "invite", "invitedXuid": ana.xuid, "sessionRef": ref(name)}
        assert xbl.client(stacy).post("/handles", json=body).status_code == 201
    xbl.handles.create("activity", (SCID, "hidden", "one"), owner=stacy)
    xbl.user("Stranger", title_id="7")
    xbl.user("Tester", sandbox="XDKS.1")
    xbl.stats.define("Secret", access="restricted")
    xbl.stats.set(stacy, {"Kills": 7, "Rate": 0.5, "Secret": "x"}, metadata={"Kills": {"a": [1]}})
    xbl.stats.set(ana, {"Kills": 3})
    return xbl


def headers_of(xbl: XboxLive, bad: Bad) -> dict[str, str]:
    """All headers of a request but Host and Content-Length."""
    headers = {} if is_of_statistics(bad.target) else under(107)
    if bad.caller == "somebody else's":
        headers["Authorization"] = f"XBL3.0 x={XUID};{person(xbl, 'Zoe').token}"
    elif bad.caller:
        headers["Authorization"] = person(xbl, bad.caller).authorization
    return {**headers, **bad.headers}


def call(xbl: XboxLive, bad: Bad) -> Reply:
    """The response of the app."""
    path, _, query = bad.target.partition("?")
    raw = {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query}
    method = bad.method.encode().decode("latin-1")
    headers = headers_of(xbl, bad)
    response = xbl.client().open("/", method=method, headers=headers, data=bad.body, environ_overrides=raw)
    return Reply(response.status_code, dict(response.headers), response.data)


def speak(xbl: XboxLive, bad: Bad) -> Reply:
    """The response over a socket of its own."""
    address = urlsplit(xbl.url)
    headers = {"Host": "localhost", **headers_of(xbl, bad), "Content-Length": str(len(bad.body)), "Connection": "close"}
    head = [f"{bad.method} {bad.target} HTTP/1.1".encode()]
    head += [f"{name}: {value}".encode("latin-1") for name, value in headers.items()]
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=PATIENCE) as connection:
        connection.sendall(b"\r\n".join([*head, b"", bad.body]))
        with HTTPResponse(connection) as response:
            response.begin()
            return Reply(response.status, dict(response.getheaders()), response.read())


REFUSAL = re.compile(r"([^\n]+)\nwhere: ([^\n]+)\nrule: ([A-Z0-9]+-[0-9A-Z]+)\n")
LINE = re.compile(r"([A-Z0-9]+-[0-9A-Z]+) at (.+?): (.+)")


def complaint(bad: Bad, reply: Reply) -> str:
    """The fault of a response; "" if it is as it should be."""
    shown = reply.headers.get("X-Xbl-Refusal", "")
    line = LINE.fullmatch(shown)
    if reply.status != bad.status or reply.status not in DOCUMENTED or line is None:
        return f"{reply.status} instead of {bad.status}, {shown[:200]!r}"
    if len(shown) > LONGEST_HEADER or not shown.isascii() or not shown.isprintable():
        return f"a header of {len(shown)} characters, {shown[:200]!r}"
    if line[1] not in RULES or bad.rule not in ("", line[1]):
        return f"the rule {line[1]} instead of {bad.rule}, {shown[:200]!r}"
    return complaint_about_body(bad, reply, line[1])


def complaint_about_body(bad: Bad, reply: Reply, rule: str) -> str:
    """The same for the body: a text with reason, place and rule, or a session that may be shown."""
    if reply.headers["Content-Type"] == "application/json":
        shown = json.loads(reply.body)
        fits = reply.status in (403, 412) and "ETag" in reply.headers and shown["membersInfo"]
        return "" if fits else f"a session that it should not show, {reply.body[:200]!r}"
    text = REFUSAL.fullmatch(reply.body.decode())
    if text is None or not all(part.isprintable() for part in text.groups()):
        return f"a text that is no refusal, {reply.body[:200]!r}"
    if text[3] != rule or not text[2].startswith(bad.where):
        return f"where: {text[2][:200]} instead of {bad.where}"
    return "" if reply.headers["Content-Type"] == "text/plain; charset=utf-8" else reply.headers["Content-Type"]


def fingerprint(xbl: XboxLive) -> str:
    """Everything that a client or a test can see of the world, rendered anew."""
    copy = XboxLive()
    copy.seed(xbl.dump())
    documents = [session.document for world in (xbl, copy) for session in world.sessions]
    histories = [str(session.history) for session in xbl.sessions]
    return repr((xbl.dump(), documents, histories, [vars(handle) for handle in xbl.handles]))


@every_kind
def test_a_bad_request_is_refused_and_changes_nothing(world: XboxLive, kind: Kind) -> None:
    """Each gets its documented status, a text with place and rule, and finds the world as it was.

    Not one of them is answered with a 500 (CALL-6, CALL-7, CODE-400, PUT-10).
    """
    complaints = []
    before = fingerprint(world)
    remembered = state_of(world)
    for bad in kind():
        why = complaint(bad, call(world, bad))
        if state_of(world) != remembered:
            why += " and a change of the world"
            remembered = state_of(world)
        if why:
            request = f"{bad.method} {bad.target[:150]} {bad.where} {bad.headers} {bad.body[-200:]!r}"
            complaints.append(f"{request}: {why}"[:700])
    assert world.app.crashes == []
    assert not complaints, f"{len(complaints)} complaints:\n" + "\n".join(complaints[:10])
    assert fingerprint(world) == before


@every_kind
def test_a_bad_request_over_a_socket_is_answered_in_the_same_way(world: XboxLive, kind: Kind) -> None:
    """A few of each kind, and after each the server still answers."""
    cases = [bad for bad in kind() if re.fullmatch("[A-Za-z]+", bad.method)]  # another method would be malformed HTTP
    before = fingerprint(world)
    stacy = person(world, "Stacy")
    address = urlsplit(world.url)
    with closing(HTTPConnection(str(address.hostname), address.port, timeout=PATIENCE)) as client:
        for bad in cases[:: max(1, len(cases) // 6)]:
            here, there = call(world, bad), speak(world, bad)
            assert complaint(bad, there) == ""
            assert (there.status, there.body) == (here.status, here.body)
            assert lasting(here.headers.items()).items() <= there.headers.items()
            client.request("GET", ONE, headers=stacy.headers)
            assert client.getresponse().read().startswith(b'{"contractVersion":107')
    assert world.app.crashes == []
    assert fingerprint(world) == before


def test_there_are_thousands_of_bad_requests_and_the_same_ones_in_every_run() -> None:
    """At least 2,000, of every kind some."""
    once, again = ({name: list(kind()) for name, kind in KINDS.items()} for _ in range(2))
    assert once == again
    assert min(map(len, once.values())) >= 10
    assert sum(map(len, once.values())) >= 2_000


@pytest.mark.parametrize(("contract", "path", "form"), PUT_FORMS)
def test_what_is_made_wrong_was_right_before(world: XboxLive, contract: str, path: str, form: dict[str, Any]) -> None:
    """Each field of the bodies that are spoilt above is accepted by itself, or refused for a reason beyond its form."""
    stacy = world.client(person(world, "Stacy"))
    for place, _ in places(form):
        body = field_of(form, place)
        response = stacy.put(f"{path}?nocommit=true", json=body, headers=under(contract))
        if response.status_code == 400:
            assert "Expected" not in response.text, (place, response.text)
            assert "not known" not in response.text, (place, response.text)


@pytest.mark.parametrize(("contract", "path", "form"), POST_FORMS)
def test_what_is_made_wrong_was_right_before_it_was_posted(
    world: XboxLive, contract: str, path: str, form: dict[str, Any]
) -> None:
    """The handles, queries and batches that are spoilt above are made and answered as they are."""
    response = world.client(person(world, "Stacy")).post(path, json=form, headers=under(contract))
    assert response.status_code == (201 if path == "/handles" else 200)


@pytest.mark.parametrize("caller", ["Stacy", "Ana", "server"])
@pytest.mark.parametrize(("contract", "body"), [*((contract, body) for contract, body, _ in SECRETS), (3, None)])
def test_the_statistics_that_are_refused_were_there_to_be_read(
    world: XboxLive, caller: str, contract: int, body: Any
) -> None:
    """Callers with access to them receive them; and a read, too, changes nothing (STAT-6, STAT-12)."""
    before = fingerprint(world)
    path, method = ("/batch", "POST") if body else (f"{STATISTICS},Secret?include=valuemetadata", "GET")
    client = world.client(person(world, caller))
    response = client.open(path, method=method, json=body, headers=under(contract))
    assert (response.status_code, '"Secret"' in response.text) == (200, True)
    assert fingerprint(world) == before


# Bodies of which nobody knows beforehand whether they are right


def some_body(form: Any, chance: random.Random, place: Place = ()) -> Any:
    """A body that is mostly of the right form, at random."""
    if chance.random() < 0.03:
        return chance.choice(SAMPLES)
    if not isinstance(form, dict):
        return chance.choice([form, form, *(value for value in SAMPLES if not is_wrong(place, form, value))])
    few = 0.9 if len(form) < 4 else 0.15
    return {name: some_body(part, chance, (*place, name)) for name, part in form.items() if chance.random() < few}


@pytest.mark.parametrize("seed", range(8))
def test_no_body_is_met_with_a_crash(world: XboxLive, seed: int) -> None:
    """A write by anybody gets a documented status, and either changes something or not.

    A refusal leaves everything as it was, and what is accepted can be read by everybody afterwards (PUT-10).
    """
    chance = random.Random(seed)  # noqa: S311 -- cases, not secrets
    callers = [world.client(person(world, name)) for name in ("Stacy", "Ana", "Zoe", "Nil", "server")]
    server = world.client(world.service("for Ana", on_behalf_of=world.user("another")))
    callers += [server, server, callers[0], callers[0], callers[0]]
    paths = [ONE, HIDDEN, SHOWN, FULL, MISSING, f"{ONE}/properties", f"{TEMPLATES}/ticket/sessions/gone"]
    seen = set()
    for _ in range(250):
        path = chance.choice(paths)
        contract, _, form = chance.choice(PUT_FORMS[:2])
        body = some_body(form["properties"] if path.endswith("properties") else form, chance)
        if isinstance(body, dict) and chance.random() < 0.6:
            body = {name: part for name, part in body.items() if name != "constants"}
        for _ in range(3):  # until no timer is due any more
            server.get(path.removesuffix("/properties"))
        remembered = state_of(world)
        response = chance.choice(callers).put(path, json=body, headers=under(contract))
        seen.add(response.status_code)
        assert response.status_code in (200, 201, 204, 400, 403, 404, 409, 412, 501), response.text
        if response.status_code >= 400:
            assert state_of(world) == remembered
        else:
            for document in (session.document for session in world.sessions):
                assert bool(document["members"]) == (document["membersInfo"]["count"] > 0)
        world.clock.advance(seconds=chance.choice((0, 0, 0, 31, 200)))
    assert world.app.crashes == []
    assert {200, 400, 403} <= seen
