"""Finding the operation of a request: hosts, paths, verbs and names."""

from __future__ import annotations

import json
from functools import partial
from urllib.parse import quote

import pytest

from bodies import ACTIVE, NAMES, ONE, SCID, TEMPLATES, path_of, session_path
from errors import refusal_of, refusal_text
from pytest_xbl import SessionRef, XboxLive
from pytest_xbl.rulebook import RULES
from pytest_xbl.wire.hosts import SERVED
from pytest_xbl.wire.matching import every_route, match, nearest_route
from pytest_xbl.wire.route import Route
from pytest_xbl.wire.routes import ROUTES

HERE = "127.0.0.1:8080"

ELSEWHERE = {
    "batch-statistics": "userstats.xboxlive.com",
    "get-statistics": "userstats.xboxlive.com",
    "get-nonce": "rta.xboxlive.com",
    "connect": "rta.xboxlive.com",
}
"""The operations that another service than the session directory has, and its host."""

every_operation = pytest.mark.parametrize("route", [pytest.param(route, id=route.operation) for route in ROUTES])


HOSTS = ", ".join(SERVED)
"""The real hosts whose services are here."""


def refusal(what: str, rule: str) -> str:
    """The text of a refusal that is about the URI."""
    return refusal_text(what, "the URI", rule)


def elsewhere(asked: str, host: str, home: str = "") -> str:
    """The text for a path that is not on a real host: either its service is not here, or has no such path.

    Args:
        home: the host that has it.
    """
    if host.partition(":")[0].lower() in HOSTS.split(", "):
        hint = f"; it is at {home}." if home else "."
        return refusal(f"The fake has no operation {asked} on host {host.partition(':')[0].lower()}{hint}", "CALL-7")
    return refusal(f"The fake has no service at {host}; it has {HOSTS}.", "CALL-1")


HOME = "sessiondirectory.xboxlive.com"


# The table


@every_operation
def test_an_operation_names_rules_that_there_are(route: Route) -> None:
    """The documentation links each operation to its rules, and each success to one of the codes."""
    assert route.rules
    assert {*route.rules, *(f"CODE-{status}" for status in route.statuses)} <= RULES.keys()
    assert route.has_body == (route.method in {"PUT", "POST"})


def test_the_hosts_that_are_served_are_those_of_the_operations() -> None:
    """Whoever makes real hosts reach the fake needs to load no operation to know them (CALL-1, NEAR-1)."""
    assert set(SERVED) == {host for route in every_route() for host in route.hosts}
    assert len(SERVED) == len(set(SERVED))


@every_operation
def test_a_path_leads_to_its_operation(route: Route) -> None:
    """Each operation is found by its verb and path, with the names that stand in the path (CALL-7)."""
    found, names = match(route.method, path_of(route), HERE)
    assert found is route
    assert names == {name: value for name, value in NAMES.items() if f"{{{name}}}" in route.path}


# Hosts


def test_a_host_of_the_session_directory_or_none_of_xbox_live_answers(xbl: XboxLive) -> None:
    """One base URL serves all services, and so do the real hosts of this one (CALL-1)."""
    client = xbl.client(xbl.user("Stacy"))
    here = (
        "sessiondirectory.xboxlive.com",
        "SessionDirectory.XboxLive.com:443",
        "127.0.0.1",
        "localhost",
        "[::1]:8080",
    )
    for host in (*here, "example.com", "xboxlive.com.example.com", "notxboxlive.com", ""):
        assert client.put(ONE, json=ACTIVE, headers={"Host": host}).status_code in (200, 201)


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_another_host_of_xbox_live_does_not_answer(xbl: XboxLive, method: str) -> None:
    """When the Host header names a real host, only that host's routes are there, for every verb (CALL-1, CODE-404)."""
    client = xbl.client(xbl.user("Stacy"))
    signing_in = ("login.live.com", "profile.live.com", "login.microsoftonline.com:443", "graph.microsoft.com")
    for host in ("userstats.xboxlive.com", "clubhub.xboxlive.com", "x.sessiondirectory.xboxlive.com", *signing_in):
        answer = client.open(ONE, method=method, json={}, headers={"Host": host})
        assert (answer.status_code, answer.text) == (
            404,
            elsewhere(f"{method} {ONE}", host, "" if method == "POST" else HOME),
        )


def test_the_fake_is_no_proxy(xbl: XboxLive) -> None:
    """CONNECT is 404 with the host that was asked for, for whoever has set HTTPS_PROXY to the fake (CALL-1)."""
    host = "sessiondirectory.xboxlive.com:443"
    asked = {"REQUEST_METHOD": "CONNECT", "PATH_INFO": host}
    answer = xbl.client().get("/", headers={"Host": host}, environ_overrides=asked)
    what = (
        f"The fake is not a proxy, and does not connect to {host}: "
        "give the client xbl.url as the URL of the service, and not as HTTPS_PROXY."
    )
    assert (answer.status_code, answer.text) == (404, refusal(what, "CALL-1"))
    assert xbl.journal[0].mistake == "unknown-service"


@every_operation
def test_a_real_host_has_the_operations_of_its_service(route: Route) -> None:
    """Two services have no operation in common, and a base URL has those of all of them (CALL-1)."""
    path = path_of(route)
    home = ELSEWHERE.get(route.operation, HOME)
    own = [
        home,
        home.title(),
        f"{home}:443",
        f"{home}.",
        f"{home}.:443",
        *(["client-sessiondirectory.xboxlive.com"] if home == HOME else []),
    ]
    others = [host for host in HOSTS.split(", ") if host not in own]
    for host in (*own, HERE, "example.com"):
        assert match(route.method, path, host)[0] is route
    for host in (*others, "client-userstats.xboxlive.com", "clubhub.xboxlive.com"):
        refused = refusal_of(partial(match, route.method, path, host))
        assert (refused.status, refused.text) == (404, elsewhere(f"{route.method} {path}", host, own[0]))


# Paths


@every_operation
@pytest.mark.parametrize("written", [str.lower, str.upper, str.title], ids=["lower", "upper", "title"])
def test_the_literal_parts_of_a_path_are_matched_in_any_case(route: Route, written: type[str]) -> None:
    """`sessionTemplates` and `sessiontemplates` are both in use (CALL-5)."""
    parts = [part if part.startswith("{") else str(written(part)) for part in route.path.split("/")]
    path = "/".join(parts).format(**NAMES)
    assert match(route.method, path, HERE)[0] is route


def test_a_session_is_one_and_the_same_in_any_case(xbl: XboxLive) -> None:
    """SCID, template and name are compared without regard to case, and echoed as first written (CALL-5)."""
    client = xbl.client(xbl.user("Stacy"))
    created = client.put(session_path("Party"), json=ACTIVE)
    for path in (session_path("Party").upper(), session_path("party", "LOBBY", scid=SCID.title())):
        assert (client.get(path).data, client.put(path, json=ACTIVE).data) == (created.data, created.data)
    assert [session.ref for session in xbl.sessions] == [SessionRef(SCID, "lobby", "Party")]
    assert client.get(f"{TEMPLATES}/LOBBY").data == client.get(f"{TEMPLATES.upper()}/lobby").data


def test_a_new_session_is_named_as_written_below_the_template_as_it_was_added(xbl: XboxLive) -> None:
    """Names are echoed as first written, whoever wrote them (CALL-5)."""
    xbl.templates.add("MyLobby", {})
    path = session_path("My%20Party", "mylobby", scid=SCID.upper())
    xbl.client(xbl.user("Stacy")).put(path, json=ACTIVE)
    assert [session.ref for session in xbl.sessions] == [SessionRef(SCID, "MyLobby", "My Party")]


SESSION = "/serviceconfigs/{scid}/sessiontemplates/{template}/sessions/{name}"
GUESSES = [
    *((verb, f"{TEMPLATES}/lobby/session/one{end}", SESSION) for verb, end in (("GET", ""), ("PUT", ""), ("PUT", "/"))),
    ("PUT", f"/ServiceConfig/{SCID}/SessionTemplate/lobby/Session/one", SESSION),
    ("GET", f"{ONE}/member/me", f"{SESSION}/members/me"),
    ("DELETE", f"{ONE}/member/0", f"{SESSION}/members/{{index}}"),
    ("GET", f"{ONE}/server/x", f"{SESSION}/servers/{{server}}"),
    ("GET", f"{ONE}/property", f"{SESSION}/properties"),
    ("GET", f"/serviceconfig/{SCID}/sessions", "/serviceconfigs/{scid}/sessions"),
    ("POST", "/handle", "/handles"),
    ("PUT", "/handle/x/session", "/handles/{id}/session"),
    ("POST", "/batches", "/batch"),
    ("GET", "/users/1/scid/2/stats/Kills", "/users/{xuid}/scids/{scid}/stats/{names}"),
]


@pytest.mark.parametrize(("method", "path", "meant"), GUESSES)
def test_the_nearest_path_of_the_same_verb_is_named(xbl: XboxLive, method: str, path: str, meant: str) -> None:
    """Each word of it is much like the one that was written; names in a path are like everything (CALL-7)."""
    assert nearest_route(method, path) == f"{method} {meant}"
    answer = xbl.client(xbl.user("Stacy")).open(path, method=method, json={})
    what = f"The fake has no operation {method} {path} on host localhost; did you mean {method} {meant}?"
    assert (answer.status_code, answer.text) == (404, refusal(what, "CALL-7"))


def test_the_nearest_path_is_named_for_a_wrong_verb_too() -> None:
    """A misspelt literal part may have been taken for a name (CALL-7)."""
    refused = refusal_of(lambda: match("POST", "/handles/querys", HERE))
    what = "POST is not for this URI; allowed are GET, DELETE; did you mean POST /handles/query?"
    assert (refused.status, refused.text) == (405, refusal(what, "CALL-7"))


@pytest.mark.parametrize(
    ("method", "path", "meant"),
    [
        ("GET", f"/{ONE}", ONE),
        ("PUT", f"{ONE}/", ONE),
        ("GET", f"{ONE}//", ONE),
        ("GET", f"{ONE}//members///me/", f"{ONE}/members/me"),
        ("POST", "/handles/", "/handles"),
        ("POST", "//handles//query", "/handles/query"),
        ("GET", f"/{ONE}/member/me/", f"{SESSION}/members/me"),
    ],
)
def test_needless_slashes_are_pointed_at(method: str, path: str, meant: str) -> None:
    """The path without them is named as it would be right (CALL-7)."""
    refused = refusal_of(lambda: match(method, path, HERE))
    what = f"The fake has no operation {method} {path} on host 127.0.0.1; did you mean {method} {meant}?"
    assert (refused.status, refused.text) == (404, refusal(what, "CALL-7"))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in ("/", "", "/x", "/handle", f"/v1{TEMPLATES}", "x" * 10_000)),
        *(("POST", path) for path in ("/hats", "/handles", f"/handles{'s' * 10_000}", f"/handles{'/' * 10_000}s")),
        *(("DELETE", f"{TEMPLATES}/lobby/session/one"), ("BREW", "/handle"), ("PUT", ONE)),
    ],
    ids=lambda value: value[:60],
)
def test_no_path_is_named_that_nobody_can_have_meant(method: str, path: str) -> None:
    """Neither one of another verb or length, nor the very one that was asked for on another host (CALL-7)."""
    assert nearest_route(method, path) is None


# Verbs

VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW")
ALLOWED: dict[str, list[str]] = {}
"""The verbs of every path, in the order of the routes."""
for _route in ROUTES:
    ALLOWED.setdefault(path_of(_route), []).append(_route.method)


@pytest.mark.parametrize("method", VERBS)
@pytest.mark.parametrize("path", ALLOWED, ids=lambda path: path.removeprefix(TEMPLATES) or "/sessiontemplates")
def test_a_verb_that_the_path_does_not_take_is_refused(xbl: XboxLive, path: str, method: str) -> None:
    """405 with `Allow`, before anybody asks who calls; sessions are not deleted but left (CALL-7, CODE-405)."""
    answer = xbl.client().open(path, method=method)
    if method in ALLOWED[path]:
        assert answer.status_code == 401
        return
    allowed = ", ".join(ALLOWED[path])
    what = f"{method} is not for this URI; allowed are {allowed}."
    text = refusal(what, "CALL-7")
    shown = "" if method == "HEAD" else text
    assert (answer.status_code, answer.headers["Allow"], answer.text) == (405, allowed, shown)
    assert answer.headers["X-Xbl-Refusal"] == f"CALL-7 at the URI: {what}"
    assert answer.content_length == len(text)


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        (f"{ONE}/members/me", "POST", "GET, DELETE"),
        ("/handles/query", "GET", "POST"),
        ("/Handles/QUERY", "GET", "POST"),
    ],
)
def test_a_literal_part_wins_over_a_name(path: str, method: str, allowed: str) -> None:
    """`me` is nobody's index, and `/handles/query` takes nothing that a handle takes (CALL-7)."""
    refused = refusal_of(lambda: match(method, path, HERE))
    assert (refused.status, refused.headers) == (405, {"Allow": allowed})


# Names


@pytest.mark.parametrize("scid", ["x", SCID[:-1], f"{SCID}0", f"{{{SCID}}}", SCID.replace("-", ""), f" {SCID}"])
@pytest.mark.parametrize("route", [pytest.param(r, id=r.operation) for r in ROUTES if "{scid}" in r.path])
def test_a_service_configuration_is_named_by_a_guid(xbl: XboxLive, route: Route, scid: str) -> None:
    """Any other name is an invalid URI: 404 (CALL-5, CODE-404)."""
    path = path_of(route).replace(SCID, quote(scid))
    answer = xbl.client(xbl.user("Stacy")).open(path, method=route.method, data="{}")
    what = f'A service configuration is named by a GUID, not "{scid}".'
    assert (answer.status_code, answer.text) == (404, refusal(what, "CALL-5"))


UNNAMEABLE = ("x" * 100, "a\nb", "a\n", "a\0b", "a\u200bb", "a\xa0b", "a\u0378b", "a\ufffdb")
KINDS = {"name": "session", "index": "member"}
NAMED = {
    "template": (f"{TEMPLATES}/{{}}", "GET"),
    "template of a session": (f"{TEMPLATES}/{{}}/sessions/one", "PUT"),
    "name": (f"{TEMPLATES}/lobby/sessions/{{}}", "PUT"),
    "name above an element": (f"{TEMPLATES}/lobby/sessions/{{}}/constants", "GET"),
    "server": (f"{ONE}/servers/{{}}", "GET"),
    "index": (f"{ONE}/members/{{}}", "DELETE"),
}


@pytest.mark.parametrize("name", UNNAMEABLE, ids=ascii)
@pytest.mark.parametrize("place", NAMED)
def test_names_are_printable_and_not_too_long(xbl: XboxLive, place: str, name: str) -> None:
    """1 to 99 printable characters; anything else is an invalid URI: 404, before anybody asks who calls (CALL-15)."""
    path, method = NAMED[place]
    kind = place.partition(" ")[0]
    answer = xbl.client().open(path.format(quote(name)), method=method)
    shown = json.dumps(name) if len(name) < 58 else f'"{name[:56]}...'
    what = f"{shown} cannot name a {KINDS.get(kind, kind)}: a name has 1 to 99 printable characters and no slash."
    assert (answer.status_code, answer.text) == (404, refusal(what, "CALL-15"))


@pytest.mark.parametrize(
    "name",
    [
        *("x" * 99, "..", "~", "a b", "a+b", "100%", "%2F", "a?b#c", "a;b=c&d", "a:b@c", "[a]{b}|c\\d^e`f", "\"'<>"),
        *("Zoë", "部屋", "🎮"),
    ],
)
def test_any_printable_name_will_do(xbl: XboxLive, name: str) -> None:
    """Its session is found by a path in which it is quoted (CALL-15)."""
    client, quoted = xbl.client(xbl.user("Stacy")), quote(name, safe="")
    created = client.put(session_path(quoted), json=ACTIVE)
    [session] = xbl.sessions
    assert (session.ref.name, session.ref.path) == (name, session_path(quoted).replace("templates", "Templates"))
    assert client.get(session.ref.path).data == created.data


@pytest.mark.parametrize("index", ["x", "-1", "00", "1.0", "+1", " 1", "\u0663"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_member_is_named_by_index_or_me(xbl: XboxLive, index: str, method: str) -> None:
    """Any other name of a member is an invalid URI: 404, whoever asks (CODE-404, CALL-16)."""
    answer = xbl.client().open(f"{ONE}/members/{quote(index)}", method=method)
    what = f"A member is named by index, or me; {json.dumps(index)} is neither."
    assert (answer.status_code, answer.text) == (404, refusal(what, "CODE-404"))


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_index_that_is_none_is_no_access(xbl: XboxLive, method: str) -> None:
    """The path is looked at first, so an invalid one comes nowhere near a session (CALL-16, TIME-10)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    session = xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "reserved"})
    xbl.clock.advance(minutes=1)
    assert xbl.client(stacy).open(f"{ONE}/members/x", method=method).status_code == 404
    assert [version.operation for version in session.history] == ["create"]
