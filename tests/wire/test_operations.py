"""Operations on sessions and templates, and every status of every operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, ETAG, LEAVE, ONE, READY, READY_MADE, REF, SCID, TEMPLATES, as_json, lasting, session_path
from errors import refusal_text
from pytest_xbl import SessionView, XboxLive
from pytest_xbl.wire.routes import ROUTES
from worlds import state_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse


MISSING = session_path("missing")
NOBODYS = {"type": "activity", "owners": {"xuids": ["7"]}}


class Table:
    """A session `one` with Stacy (0, active) and Ana (1, ready) and a server; somebody else; a service."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        self.stacy, self.ana, self.zoe = xbl.users("Stacy", "Ana", "Zoe")
        self.session: SessionView = xbl.sessions.create(
            "lobby",
            name="one",
            members={self.stacy: "active", self.ana: "ready"},
            properties={"custom": {"map": "dunes"}},
        )
        self.server = xbl.client(xbl.service("matchmaker"))
        self.server.put(ONE, json={"servers": {"matchmaking": {"properties": {"system": {"status": "searching"}}}}})
        self.client = xbl.client(self.stacy)
        self.stranger = xbl.client(self.zoe)
        self.anyone = xbl.client(xbl.service("for Stacy", on_behalf_of=self.stacy))
        """May do everything: a service on behalf of a member."""

    @property
    def document(self) -> dict[str, Any]:
        """The session as a member sees it."""
        return self.session.document


@pytest.fixture
def table(xbl: XboxLive) -> Table:
    """The session that most tests here are about."""
    return Table(xbl)


# Every status of every operation


def current(table: Table) -> dict[str, str]:
    """The header of a GET by somebody who has the session already."""
    return {"If-None-Match": table.session.etag}


def behind(table: Table, name: str = "one") -> str:
    """The path of the session behind an invite."""
    invite = table.xbl.handles.create("invite", (SCID, "lobby", name), owner=table.stacy, invited=table.ana)
    return f"{invite.path}/session"


def of_statistics(table: Table, method: str, **headers: str) -> TestResponse:
    """A statistic of Stacy's under contract 1, by GET or in a batch."""
    asked = {"requestedusers": [table.stacy.xuid], "requestedscids": [{"scid": SCID, "requestedstats": ["Kills"]}]}
    path = "/batch" if method == "POST" else f"/users/xuid({table.stacy.xuid})/scids/{SCID}/stats/Kills"
    return table.client.open(path, method=method, json=asked, headers={"X-Xbl-Contract-Version": "1", **headers})


SUCCESSES: dict[tuple[str, int], Callable[[Table], TestResponse]] = {
    ("put-session", 200): lambda t: t.client.put(ONE, json={}),
    ("put-session", 201): lambda t: t.client.put(MISSING, json={}),
    ("put-session", 204): lambda t: t.client.put(MISSING, json=LEAVE),
    ("get-session", 200): lambda t: t.client.get(ONE),
    ("get-session", 204): lambda t: t.client.get(MISSING),
    ("get-session", 304): lambda t: t.client.get(ONE, headers=current(t)),
    ("put-properties", 200): lambda t: t.client.put(f"{ONE}/properties", json={}),
    ("get-properties", 200): lambda t: t.client.get(f"{ONE}/properties"),
    ("get-properties", 304): lambda t: t.client.get(f"{ONE}/properties", headers=current(t)),
    ("get-constants", 200): lambda t: t.client.get(f"{ONE}/constants"),
    ("get-constants", 304): lambda t: t.client.get(f"{ONE}/constants", headers=current(t)),
    ("get-me", 200): lambda t: t.client.get(f"{ONE}/members/me"),
    ("get-me", 204): lambda t: t.stranger.get(f"{ONE}/members/me"),
    ("get-me", 304): lambda t: t.client.get(f"{ONE}/members/me", headers=current(t)),
    ("delete-me", 204): lambda t: t.client.delete(f"{ONE}/members/me"),
    ("get-member", 200): lambda t: t.client.get(f"{ONE}/members/1"),
    ("get-member", 204): lambda t: t.client.get(f"{ONE}/members/7"),
    ("get-member", 304): lambda t: t.client.get(f"{ONE}/members/1", headers=current(t)),
    ("delete-member", 204): lambda t: t.server.delete(f"{ONE}/members/1"),
    ("get-server", 200): lambda t: t.client.get(f"{ONE}/servers/matchmaking"),
    ("get-server", 204): lambda t: t.client.get(f"{ONE}/servers/other"),
    ("get-server", 304): lambda t: t.client.get(f"{ONE}/servers/matchmaking", headers=current(t)),
    ("delete-server", 204): lambda t: t.server.delete(f"{ONE}/servers/matchmaking"),
    ("query-sessions", 200): lambda t: t.client.get(f"/serviceconfigs/{SCID}/sessions?keyword=x"),
    ("query-template-sessions", 200): lambda t: t.client.get(f"{TEMPLATES}/lobby/sessions?keyword=x"),
    ("batch-query-sessions", 200): lambda t: t.client.post(f"/serviceconfigs/{SCID}/batch", json={"xuids": ["7"]}),
    ("batch-query-template-sessions", 200): lambda t: t.client.post(f"{TEMPLATES}/lobby/batch", json={"xuids": ["7"]}),
    ("post-handle", 201): lambda t: t.client.post("/handles", json={"type": "activity", "sessionRef": REF}),
    ("query-handles", 200): lambda t: t.client.post("/handles/query", json=NOBODYS),
    ("get-handle", 200): lambda t: t.client.get(behind(t).removesuffix("/session")),
    ("delete-handle", 204): lambda t: t.client.delete(behind(t).removesuffix("/session")),
    ("get-session-by-handle", 200): lambda t: t.client.get(behind(t)),
    ("get-session-by-handle", 204): lambda t: t.client.get(behind(t, "missing")),
    ("get-session-by-handle", 304): lambda t: t.client.get(behind(t), headers=current(t)),
    ("put-session-by-handle", 200): lambda t: t.client.put(behind(t), json={}),
    ("put-session-by-handle", 201): lambda t: t.client.put(behind(t, "missing"), json={}),
    ("put-session-by-handle", 204): lambda t: t.client.put(behind(t, "missing"), json=LEAVE),
    ("get-template", 200): lambda t: t.client.get(f"{TEMPLATES}/lobby"),
    ("list-templates", 200): lambda t: t.client.get(TEMPLATES),
    ("batch-statistics", 200): lambda t: of_statistics(t, "POST"),
    ("batch-statistics", 304): lambda t: of_statistics(t, "POST", **{"If-None-Match": "*"}),
    ("get-statistics", 200): lambda t: of_statistics(t, "GET"),
    ("get-statistics", 304): lambda t: of_statistics(t, "GET", **{"If-None-Match": "*"}),
    ("get-nonce", 200): lambda t: t.client.get("/nonce"),
}
NEEDS_A_SOCKET = {("connect", 101)}


@pytest.mark.parametrize(("operation", "status"), SUCCESSES, ids=str)
def test_an_operation_succeeds_with_this_status(table: Table, operation: str, status: int) -> None:
    """Each operation answers what the table of routes says it does (CODE-200, CODE-201, CODE-204, CODE-304)."""
    answer = SUCCESSES[operation, status](table)
    assert answer.status_code == status
    for there_is in (bool(answer.data), "Content-Type" in answer.headers, "Content-Length" in answer.headers):
        assert there_is is (status in (200, 201))
    assert "X-Xbl-Refusal" not in answer.headers


def test_the_table_of_routes_promises_no_other_status() -> None:
    """Every status that the reference page shows of an operation can be had, and is had above."""
    promised = {(route.operation, status) for route in ROUTES for status in route.statuses}
    assert set(SUCCESSES) | NEEDS_A_SOCKET == promised


# Reading a session


def test_a_session_is_read_whole(table: Table) -> None:
    """GET is 200 with the session as JSON (CODE-200)."""
    answer = table.client.get(ONE)
    assert (answer.status_code, as_json(answer)) == (200, table.document)


@pytest.mark.parametrize("contract", [104, 105, 107])
def test_an_answer_is_in_the_contract_of_the_request(table: Table, contract: int) -> None:
    """The session is written in it, whether it is read, written, or shown because of a refusal (TMPL-8, CODE-412)."""
    headers = {"X-Xbl-Contract-Version": str(contract)}
    answers = [
        table.client.get(ONE, headers=headers),
        table.client.put(ONE, json={}, headers=headers),
        table.client.put(ONE, json={}, headers={**headers, "If-Match": '"old"'}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 412]
    for document in map(as_json, answers):
        assert document["contractVersion"] == contract
        assert ("timeouts" in document["constants"]["system"]) is (contract < 107)


# Reading an element


@pytest.mark.parametrize(
    ("element", "place"),
    [*((e, e) for e in ("constants", "properties", "members/0", "servers/matchmaking")), ("members/me", "members/1")],
)
@pytest.mark.parametrize("contract", ["104", "105", "107"])
def test_an_element_is_a_part_of_the_session(table: Table, element: str, place: str, contract: str) -> None:
    """GET of an element is that part of the session, with the session's ETag (CODE-200, CALL-11, MEMB-1, MEMB-9).

    `members/me` is the member whose xuid is the caller's.
    """
    headers, client = {"X-Xbl-Contract-Version": contract}, table.xbl.client(table.ana)
    table.client.put(ONE, json={"properties": {"system": {"turn": [0]}}})
    whole = client.get(ONE, headers=headers)
    expected = as_json(whole)
    for part in place.split("/"):
        expected = expected[part]
    answer = client.get(f"{ONE}/{element}", headers=headers)
    assert (answer.status_code, as_json(answer)) == (200, expected)
    for name in ("ETag", "Expires"):
        assert answer.headers[name] == whole.headers[name]


NO_ELEMENTS = "There is no such session, so it has no elements; GET of the session itself answers 204."
MISSED = {
    **{("GET", e): NO_ELEMENTS for e in ("constants", "properties", "members/0", "members/me", "servers/x")},
    ("PUT", "properties"): "There is no such session, and writing one of its elements does not make one.",
    **{("DELETE", e): "There is no such session." for e in ("members/me", "members/0", "servers/x")},
}


@pytest.mark.parametrize(("method", "element"), MISSED)
def test_an_element_of_a_missing_session_is_not_found(xbl: XboxLive, method: str, element: str) -> None:
    """404, unlike GET of the session; and no session is made (PUT-6, MEMB-15, CODE-404)."""
    client = xbl.client(xbl.service("for Stacy", on_behalf_of=xbl.user("Stacy")))
    answer = client.open(f"{ONE}/{element}", method=method, json={})
    what = MISSED[method, element]
    assert (answer.status_code, answer.text) == (404, refusal_text(what, "the URI", "CODE-404"))
    assert len(xbl.sessions) == 0


@pytest.mark.parametrize("element", ["", "/constants", "/properties", "/members/0", "/members/me", "/servers/x"])
def test_who_may_not_read_a_session_reads_no_element_of_it(xbl: XboxLive, element: str) -> None:
    """403 text, for the session and for every element (CODE-403, JOIN-7)."""
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.templates.add("hidden", {"constants": {"system": {"visibility": "private"}}})
    xbl.sessions.create("hidden", name="one", members=[stacy])
    answer = xbl.client(ana).get(session_path(template="hidden") + element)
    what = "The session is private: only members and people with a reservation read it."
    assert (answer.status_code, answer.text) == (403, refusal_text(what, "the URI", "JOIN-7"))


# Creating, joining, updating, leaving


def test_a_session_is_created_by_its_first_write(xbl: XboxLive) -> None:
    """PUT of a session that does not exist is 201, and the session is the body (CODE-201, PUT-2)."""
    stacy = xbl.user("Stacy")
    answer = xbl.client(stacy).put(ONE, json=ACTIVE)
    assert answer.status_code == 201
    assert as_json(answer) == xbl.sessions["one"].document
    assert as_json(answer)["changeNumber"] == 1
    assert [(v.caller, v.operation) for v in xbl.sessions["one"].history] == [("Stacy", "put-session")]


def test_the_last_one_to_leave_takes_the_session_along(table: Table) -> None:
    """PUT whose result is that the session is deleted is 204 without a body (CODE-204, TIME-4)."""
    table.client.put(ONE, json=LEAVE)
    answer = table.xbl.client(table.ana).put(ONE, json=LEAVE)
    assert (answer.status_code, answer.data, "ETag" in answer.headers) == (204, b"", False)
    assert len(table.xbl.sessions) == 0


# PUT of properties


def test_properties_are_written_by_themselves(table: Table) -> None:
    """It is a PUT of the session with only these: it joins, and answers with the session (PUT-6, PUT-3, CODE-200)."""
    answer = table.stranger.put(f"{ONE}/properties", json={"system": {"closed": True}, "custom": {"mode": 2}})
    document = as_json(answer)
    assert answer.status_code == 200
    assert document["properties"] == {"system": {"turn": [], "closed": True}, "custom": {"map": "dunes", "mode": 2}}
    assert list(document["members"]) == ["0", "1", "2"]
    assert table.session.history[-1].operation == "put-properties"


@pytest.mark.parametrize("contract", ["105", "107"])
def test_properties_are_written_in_the_contract_of_the_request(table: Table, contract: str) -> None:
    """`resubmit` stands in `matchmaking` under 105 and beside it under 107 (PROP-7, TMPL-8)."""
    held = {"serverConnectionString": "x"}
    new = {"matchmaking": held, "matchmakingResubmit": True}
    written = new if contract == "107" else {"matchmaking": {**held, "resubmit": True}}
    headers = {"X-Xbl-Contract-Version": contract}
    answer = table.client.put(f"{ONE}/properties", json={"system": written}, headers=headers)
    assert as_json(answer)["properties"]["system"] == {"turn": [], **written}
    assert table.document["properties"]["system"] == {"turn": [], **new}


# DELETE of elements


@pytest.mark.parametrize(
    ("operation", "element", "where", "left"),
    [
        ("delete-me", "members/me", "members", ["1"]),
        ("delete-member", "members/1", "members", ["0"]),
        ("delete-server", "servers/matchmaking", "servers", []),
    ],
)
def test_an_element_is_deleted(table: Table, operation: str, element: str, where: str, left: list[str]) -> None:
    """204, and 204 again: one leaves by `me`, and services remove anybody (MEMB-5, MEMB-15, SERV-2, CODE-204)."""
    for _ in range(2):
        answer = table.anyone.delete(f"{ONE}/{element}")
        assert (answer.status_code, answer.data) == (204, b"")
        assert list(table.document[where]) == left
        assert table.session.history[-1].operation == operation


BY_INDEX = "MEMB-5 at the URI: Members are removed by index by a service only; one leaves with DELETE of members/me."
BY_SERVICE = "SERV-1 at /servers: Servers are written by a service only."


@pytest.mark.parametrize(("element", "line"), [("members/0", BY_INDEX), ("servers/matchmaking", BY_SERVICE)])
def test_a_user_removes_neither_servers_nor_members_by_index(table: Table, element: str, line: str) -> None:
    """403 with the session, oneself included (MEMB-5, SERV-1, CODE-403)."""
    answer = table.client.delete(f"{ONE}/{element}")
    assert (answer.status_code, as_json(answer)) == (403, table.document)
    assert answer.headers["X-Xbl-Refusal"] == line


@pytest.mark.parametrize("visibility", ["open", "private"])
def test_deleting_oneself_from_a_session_one_is_not_in_changes_nothing(table: Table, visibility: str) -> None:
    """204, also for a caller who may not read it: they may have been in it before (MEMB-15)."""
    table.xbl.templates.add("room", {"constants": {"system": {"visibility": visibility}}})
    session = table.xbl.sessions.create("room", members=[table.zoe])
    before = session.etag
    assert table.client.delete(f"{session.ref.path}/members/me").status_code == 204
    assert session.etag == before
    assert table.server.delete(f"{session.ref.path}/members/me").status_code == 403


def test_another_xuid_under_me_is_noted(table: Table) -> None:
    """The write goes on with the caller's own, and the journal says so (MEMB-6)."""
    body = {"members": {"me": {"constants": {"system": {"xuid": "7"}}}}}
    assert table.stranger.put(ONE, json=body).status_code == 200
    entry = table.xbl.journal[-1]
    assert entry.notes == (f'members.me names the xuid "7"; the caller\'s own counts, {table.zoe.xuid} (MEMB-6).',)


# nocommit


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (ONE, {**ACTIVE, "properties": {"custom": {"map": "hills"}}}, 200),
        (f"{ONE}/properties", {"custom": {"map": "hills"}}, 200),
        (MISSING, ACTIVE, 201),
        (session_path("hers"), LEAVE, 204),
    ],
    ids=["session", "properties", "creation", "end"],
)
def test_a_rehearsal_shows_the_result_and_stores_nothing(table: Table, path: str, body: Any, status: int) -> None:
    """`?nocommit=true` answers what the same write would answer, but for the ETag (PUT-7, CODE-201, CODE-204).

    No stored session has that one, neither now nor after the same write.
    """
    table.xbl.sessions.create("lobby", name="hers", members=[table.zoe])
    before = state_of(table.xbl)
    rehearsed = table.stranger.put(f"{path}?nocommit=true", json=body)
    assert state_of(table.xbl) == before
    done = table.stranger.put(path, json=body)
    tags = [lasting(answer.headers) for answer in (rehearsed, done)]
    tried, stored = (headers.pop("ETag", "") for headers in tags)
    assert (rehearsed.status_code, rehearsed.data, tags[0]) == (status, done.data, tags[1])
    if done.data:
        assert [bool(ETAG.fullmatch(tag)) for tag in (tried, stored)] == [True, True]
        assert tried not in {stored, *(session.etag for session in table.xbl.sessions)}


# Preconditions

WRITES = [("PUT", ""), ("PUT", "/properties"), *(("DELETE", f"/{e}") for e in ("members/me", "members/1", "servers/x"))]
READS = [("GET", e) for e in ("", "/constants", "/properties", "/members/0", "/members/me", "/servers/matchmaking")]
STRANGE = "This session never had the ETag in If-Match."
GONE = refusal_text("There is no such session to update.", "If-Match", "PUT-8")
EXISTS = refusal_text("The session exists already.", "If-None-Match", "PUT-8")


@pytest.mark.parametrize(("method", "element"), [*WRITES, *READS])
@pytest.mark.parametrize(
    ("header", "tag", "holds"),
    [
        ("If-Match", "*", True),
        ("If-Match", '{} , W/"old"', True),
        ("If-Match", ' \t{} , W/"old" ', True),
        ("If-Match", '"old", "older"', False),
        ("If-Match", '"*"', False),
        ("If-None-Match", '"old"', True),
        ("If-None-Match", "*", False),
        ("If-None-Match", '"old", W/{}', False),
    ],
)
def test_an_operation_is_done_if_its_precondition_holds(
    table: Table, method: str, element: str, header: str, tag: str, holds: bool
) -> None:
    """Otherwise it is 412, with the whole session and its ETag after `If-Match`; a read that is known is 304.

    The rules are PUT-8, CODE-412, CODE-304, CODE-200 and CODE-ALL.
    """
    before, etag = state_of(table.xbl), table.session.etag
    answer = table.anyone.open(ONE + element, method=method, json={}, headers={header: tag.format(etag)})
    if holds:
        assert answer.status_code == (204 if method == "DELETE" else 200)
        return
    assert state_of(table.xbl) == before
    if header == "If-Match":
        assert (answer.status_code, as_json(answer)) == (412, table.document)
        assert (answer.headers["ETag"], answer.headers["X-Xbl-Refusal"]) == (etag, f"PUT-8 at If-Match: {STRANGE}")
    elif method == "GET":
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
    else:
        assert (answer.status_code, answer.text) == (412, EXISTS)


@pytest.mark.parametrize(("method", "element"), [*WRITES, *READS])
@pytest.mark.parametrize("tag", ["*", '"old"'])
def test_if_match_fails_for_a_missing_session(xbl: XboxLive, method: str, element: str, tag: str) -> None:
    """412 text, since there is no session to show, and none is made (PUT-8, CODE-412, CALL-16)."""
    client = xbl.client(xbl.service("for Stacy", on_behalf_of=xbl.user("Stacy")))
    answer = client.open(ONE + element, method=method, json={}, headers={"If-Match": tag})
    assert (answer.status_code, answer.text, len(xbl.sessions)) == (412, GONE, 0)


@pytest.mark.parametrize("tag", ["{}", "", "*x", '"*', '"{}', '"{}"x', '*, "{}"', '"{}", {}'])
def test_what_is_no_etag_matches_nothing(table: Table, tag: str) -> None:
    """An ETag comes back quotes and all, as it was given; without them it fails If-Match, and says so (PUT-8, CALL-11).

    For If-None-Match it is just another ETag, so a write goes on, and a read has its answer.
    """
    value = tag.replace("{}", table.session.etag.strip('"'))
    failed = table.anyone.put(ONE, json={}, headers={"If-Match": value})
    assert (failed.status_code, as_json(failed)) == (412, table.document)
    what = f"If-Match holds * or ETags in their quotes; no version matches {value[:80]}."
    assert failed.headers["X-Xbl-Refusal"] == f"PUT-8 at If-Match: {what}"
    for method in ("PUT", "GET"):
        answer = table.anyone.open(ONE, method=method, json={}, headers={"If-None-Match": value})
        assert (answer.status_code, as_json(answer)) == (200, table.document)
        assert table.xbl.journal[-1].notes == (what.replace("If-Match", "If-None-Match"),)


def test_a_weak_etag_fails_if_match(table: Table) -> None:
    """It says that the content is alike, and not which version it is, so no version matches it (PUT-8)."""
    tag = f"W/{table.session.etag}"
    failed = table.anyone.put(ONE, json={}, headers={"If-Match": tag})
    assert (failed.status_code, as_json(failed)) == (412, table.document)
    what = f"If-Match takes no weak ETags; no version matches {tag}."
    assert failed.headers["X-Xbl-Refusal"] == f"PUT-8 at If-Match: {what}"


# Refusals with and without the session


BY_RESERVATION = (
    "The session is {}: one joins it by reservation only. "
    "A write needs the multiplayer privilege, and membership or a join restriction that is met."
)


@pytest.mark.parametrize("element", ["", "/properties"])
@pytest.mark.parametrize("visibility", ["visible", "private"])
def test_a_refused_write_shows_the_whole_session_to_who_may_read_it(
    xbl: XboxLive, visibility: str, element: str
) -> None:
    """403 and 412 with the session, its ETag and the reason in a header, or as text (CODE-403, CODE-412, CODE-ALL).

    The rules are JOIN-7 and JOIN-8.
    """
    stacy, ana = xbl.users("Stacy", "Ana")
    xbl.templates.add("special", {"constants": {"system": {"visibility": visibility}}})
    session = xbl.sessions.create("special", name="one", members=[stacy])
    path, client = session_path(template="special") + element, xbl.client(ana)
    refused, changed = (client.put(path, json={}, headers=headers) for headers in ({}, {"If-Match": '"old"'}))
    assert (refused.status_code, changed.status_code) == (403, 412)
    what = BY_RESERVATION.format(visibility)
    if visibility == "visible":
        assert as_json(refused) == as_json(changed) == session.document
        assert refused.headers["ETag"] == changed.headers["ETag"] == session.etag
        assert refused.headers["X-Xbl-Refusal"] == f"JOIN-8 at /members/me: {what}"
    else:
        assert refused.text == refusal_text(what, "/members/me", "JOIN-8")
        assert changed.text == refusal_text(STRANGE, "If-Match", "PUT-8")
        assert not {"ETag"} & {*refused.headers.keys(), *changed.headers.keys()}


# Templates


def test_the_templates_of_a_service_configuration_are_listed(xbl: XboxLive) -> None:
    """GET gives `{"results": [names]}`, in the order in which they were added (TMPL-9)."""
    xbl.templates.add("Mine", {}, contract=105)
    answer = xbl.client(xbl.user("Stacy")).get(TEMPLATES)
    assert (answer.status_code, as_json(answer)) == (
        200,
        {"results": [*READY_MADE, "Mine"]},
    )


def test_each_service_configuration_has_its_own_templates(xbl: XboxLive) -> None:
    """A SCID becomes known by its first template (TMPL-1, TMPL-9)."""
    other = "ABCDEF00-0000-4000-8000-000000000002"
    xbl.templates.add("theirs", {}, scid=other)
    client = xbl.client(xbl.user("Stacy"))
    assert as_json(client.get(f"/serviceconfigs/{other.lower()}/sessiontemplates")) == {"results": ["theirs"]}
    assert client.get(f"{TEMPLATES}/theirs").status_code == 404


UNKNOWN_SCID = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize(
    ("scid", "template", "what"),
    [
        (UNKNOWN_SCID, "lobby", f"The service configuration {UNKNOWN_SCID} is unknown; known are: {SCID}."),
        (
            SCID,
            "Nothing",
            f"There is no template Nothing in {SCID}; it has {READY}.",
        ),
        (
            SCID,
            "Loby",
            f"There is no template Loby in {SCID}; it has {READY}. Did you mean lobby?",
        ),
    ],
)
def test_an_unknown_template_or_service_configuration_is_not_found(
    xbl: XboxLive, method: str, scid: str, template: str, what: str
) -> None:
    """404, and the text lists those that there are (TMPL-1, CODE-404)."""
    path = session_path(template=template, scid=scid)
    answer = xbl.client(xbl.user("Stacy")).open(path, method=method, json={})
    assert (answer.status_code, answer.text) == (404, refusal_text(what, "the URI", "TMPL-1"))


def test_a_template_is_read_in_the_contract_of_the_request(xbl: XboxLive) -> None:
    """Whatever contract it was written for (TMPL-8, TMPL-9)."""
    old = {"timeouts": {"inactive": 5, "sessionEmpty": None}}
    forms: dict[int, Any] = {104: old, 105: old, 107: {"inactiveRemovalTimeout": 5, "sessionEmptyTimeout": None}}
    client = xbl.client(xbl.user("Stacy"))
    for written, system in forms.items():
        xbl.templates.add(f"of {written}", {"constants": {"system": system}}, contract=written)
        for asked, shown in forms.items():
            answer = client.get(f"{TEMPLATES}/of {written}", headers={"X-Xbl-Contract-Version": str(asked)})
            document = {"contractVersion": asked, "constants": {"system": shown, "custom": {}}}
            assert (answer.status_code, as_json(answer)) == (200, document)


def test_a_host_that_is_no_device_of_a_member_is_noted(table: Table) -> None:
    """It is not kept, which whoever wrote it cannot see by the status (PROP-4)."""
    table.client.put(f"{ONE}/properties", json={"system": {"host": "ab"}})
    assert table.xbl.journal[-1].notes == ('The host "ab" is not kept: it is no device of a member (PROP-4).',)
