"""Handles over the wire: made, read, deleted and looked for, and the way in that they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, LEAVE, SCID, as_json, results
from errors import refusal_text
from people import person
from pytest_xbl import SessionView, XboxLive
from pytest_xbl.mpsd.shapes import GUID
from pytest_xbl.xbl.people import user_of

if TYPE_CHECKING:
    from pytest_xbl import User

OTHER_SCID = "B5B1F71F-A328-4371-89E0-C3AD222D0E92"
ROOMS = f"/serviceconfigs/{SCID}/sessiontemplates/room/sessions"
ONE = f"{ROOMS}/one"
LOCATION = ONE.replace("sessiontemplates", "sessionTemplates")
REF = {"scid": SCID, "templateName": "room", "name": "one"}
MISSING = {**REF, "name": "missing"}
CHOSEN = "11111111-ebe0-42da-885f-033860a818f6"
LOCAL = {"joinRestriction": "local", "readRestriction": "local"}
UNKNOWN = "There is no such handle, or not any more."
TYPES = ("activity", "invite", "transfer")

every_contract = pytest.mark.parametrize("contract", ["104", "105", "107"])


class Table:
    """A session `one` with Stacy in it, Ana with a reservation; Ben in another, `origin`; Zoe in none; a service."""

    def __init__(self, xbl: XboxLive, properties: dict[str, Any] | None = None, **constants: Any) -> None:
        self.xbl = xbl
        lasting = {"reservedRemovalTimeout": None, "inactiveRemovalTimeout": None}
        xbl.templates.add("room", {"constants": {"system": {"inviteProtocol": "game", **lasting}}})
        self.stacy, self.ana, self.ben, self.zoe = xbl.users("Stacy", "Ana", "Ben", "Zoe")
        self.client, self.reserved, self.other, self.stranger = map(
            xbl.client, (self.stacy, self.ana, self.ben, self.zoe)
        )
        self.server = xbl.client(xbl.service("server"))
        self.session: SessionView = xbl.sessions.create(
            "room",
            name="one",
            members={self.stacy: "active", self.ana: "reserved"},
            constants={"system": {"visibility": "open", **constants}},
            properties={"system": properties or {}, "custom": {"map": "dunes"}},
        )
        self.origin = xbl.sessions.create(
            "room", name="origin", members=[self.ben], constants={"system": {"visibility": "private"}}
        )

    def body(self, kind: str, ref: dict[str, Any] | None = None) -> dict[str, Any]:
        """The body that makes a handle to `one`: an invite is for Zoe, a transfer for those in `origin`."""
        more: dict[str, dict[str, Any]] = {
            "activity": {},
            "invite": {"invitedXuid": self.zoe.xuid},
            "transfer": {"originSessionRef": {**REF, "name": "origin"}},
        }
        return {"type": kind, "version": 1, "sessionRef": ref or REF, **more[kind]}

    def make(self, kind: str, **fields: Any) -> str:
        """The path of a new handle of Stacy's."""
        answer = self.client.post("/handles", json={**self.body(kind), **fields})
        assert answer.status_code == 201, answer.text
        return f"/handles/{as_json(answer)['id']}"

    def caller(self, name: str) -> Any:
        """The client of somebody."""
        return self.xbl.client(person(self.xbl, name))


@pytest.fixture
def table(xbl: XboxLive) -> Table:
    """The sessions and people that most tests here are about."""
    return Table(xbl)


# Making a handle


@every_contract
def test_a_player_sets_their_activity(table: Table, contract: str) -> None:
    """201 with the handle, the same under every contract; the player has it from then on (HAND-2, HAND-5)."""
    answer = table.client.post("/handles", json=table.body("activity"), headers={"X-Xbl-Contract-Version": contract})
    handle = as_json(answer)
    assert answer.status_code == 201
    assert handle == {
        "id": handle["id"],
        "type": "activity",
        "version": 1,
        "sessionRef": REF,
        "titleId": table.stacy.title_id,
        "ownerXuid": table.stacy.xuid,
        "createTime": "2026-01-01T12:00:00.0000000Z",
        "inviteProtocol": "game",
        "gameTypes": {},
    }
    assert list(handle)[:4] == ["id", "type", "version", "sessionRef"]
    assert GUID.fullmatch(handle["id"])
    assert answer.headers["Location"] == f"/handles/{handle['id']}"
    assert {"ETag", "Content-Location"}.isdisjoint(answer.headers.keys())
    assert table.stacy.activity is not None
    assert table.stacy.activity.id == handle["id"]


def test_an_invite_keeps_what_it_was_made_with(table: Table) -> None:
    """It also says who invited whom, and until when (HAND-3, HAND-5, HAND-18)."""
    attributes = {
        "titleId": "1719000001",
        "context": "a" * 256,
        "contextString": "///ms-resource/invite",
        "senderString": "Come!",
    }
    answer = table.client.post("/handles", json={**table.body("invite"), "inviteAttributes": attributes})
    handle = as_json(answer)
    assert (answer.status_code, handle) == (
        201,
        {
            "id": handle["id"],
            "type": "invite",
            "version": 1,
            "sessionRef": REF,
            "titleId": table.stacy.title_id,
            "ownerXuid": table.stacy.xuid,
            "createTime": "2026-01-01T12:00:00.0000000Z",
            "inviteProtocol": "game",
            "gameTypes": {},
            "senderXuid": table.stacy.xuid,
            "invitedXuid": table.zoe.xuid,
            "expiration": "2026-01-02T12:00:00.0000000Z",
            "inviteAttributes": attributes,
        },
    )


def test_a_context_may_be_any_text(table: Table) -> None:
    """Half a character, which JSON can write and no encoding can, comes back as it was sent (HAND-3)."""
    data = json.dumps({**table.body("invite"), "inviteAttributes": {"context": "a\ud800", "senderString": "\udfff"}})
    made = table.client.post("/handles", data=data)
    assert (made.status_code, as_json(made)["inviteAttributes"]) == (
        201,
        {"context": "a\ud800", "senderString": "\udfff"},
    )
    assert as_json(table.stranger.get(made.headers["Location"])) == as_json(made)


def test_a_transfer_says_where_it_leads_from(table: Table) -> None:
    """The answer holds an id and repeats the rest (HAND-4, HAND-5)."""
    answer = table.client.post("/handles", json=table.body("transfer"))
    handle = as_json(answer)
    assert (answer.status_code, handle) == (
        201,
        {
            "id": handle["id"],
            "type": "transfer",
            "version": 1,
            "sessionRef": REF,
            "titleId": table.stacy.title_id,
            "ownerXuid": table.stacy.xuid,
            "createTime": "2026-01-01T12:00:00.0000000Z",
            "inviteProtocol": "game",
            "gameTypes": {},
            "originSessionRef": {**REF, "name": "origin"},
        },
    )


@pytest.mark.parametrize("kind", ["invite", "transfer"])
def test_a_service_makes_a_handle_that_is_nobodys(table: Table, kind: str) -> None:
    """It plays no title and has no xuid; what is not there is left out (HAND-17, CALL-10)."""
    answer = table.server.post("/handles", json=table.body(kind))
    assert answer.status_code == 201
    assert {"titleId", "ownerXuid", "senderXuid"}.isdisjoint(as_json(answer))


@pytest.mark.parametrize("kind", TYPES)
def test_a_handle_has_the_id_that_its_body_names(table: Table, kind: str) -> None:
    """Clients that make it up find it there; in lower case, as every id (HAND-1)."""
    answer = table.client.post("/handles", json={**table.body(kind), "id": CHOSEN.upper()})
    assert (answer.status_code, as_json(answer)["id"]) == (201, CHOSEN)
    assert answer.headers["Location"] == f"/handles/{CHOSEN}"
    assert as_json(table.client.get(f"/handles/{CHOSEN.upper()}")) == as_json(answer)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("written", [CHOSEN, CHOSEN.upper()])
def test_an_id_that_is_taken_is_refused(table: Table, kind: str, written: str) -> None:
    """409, and neither the handle that has it changes nor the caller's activity (HAND-1)."""
    before = table.client.get(table.make("activity")).data
    table.make("invite", id=CHOSEN)
    state = table.xbl._world._state.copy()
    answer = table.client.post("/handles", json={**table.body(kind), "id": written})
    what = f"There is a handle {CHOSEN} already."
    assert (answer.status_code, answer.text) == (409, refusal_text(what, "/id", "HAND-1"))
    assert table.xbl._world._state == state
    assert table.stacy.activity is not None
    assert table.client.get(table.stacy.activity.path).data == before


def test_a_new_activity_replaces_the_one_before(table: Table) -> None:
    """One of a user and title; that of another title stays, and the newest is found first (HAND-2, HAND-16)."""
    claims = replace(table.stacy._caller, title_id="99")
    account = replace(table.stacy._account, caller=claims, token="another")
    table.xbl._world._state.tokens["another"] = account
    elsewhere = user_of(table.xbl._world, account)
    first = table.make("activity")
    other = table.xbl.client(elsewhere).post("/handles", json=table.body("activity"))
    second = table.make("activity")
    statuses = [table.client.get(path).status_code for path in (first, second, other.headers["Location"])]
    assert (as_json(other)["titleId"], statuses) == ("99", [404, 200, 200])
    assert table.stacy.activity is not None
    assert table.stacy.activity.path == second
    query = {"type": "activity", "owners": {"xuids": [table.stacy.xuid]}}
    found = [result["id"] for result in results(table.client.post("/handles/query", json=query))]
    assert found == [second.removeprefix("/handles/"), as_json(other)["id"]]


@pytest.mark.parametrize("kind", ["invite", "transfer"])
def test_other_handles_replace_nothing(table: Table, kind: str) -> None:
    """One may invite many (HAND-3)."""
    activity, first, second = table.make("activity"), table.make(kind), table.make(kind)
    assert [table.client.get(path).status_code for path in (activity, first, second)] == [200, 200, 200]


def test_a_session_without_a_name_gets_a_guid(table: Table) -> None:
    """`sessionRef.name` may be left out: a GUID is filled in, another one each time (HAND-2)."""
    nameless = {"scid": SCID, "templateName": "ROOM"}
    refs = [as_json(table.client.post("/handles", json=table.body("invite", nameless)))["sessionRef"] for _ in range(2)]
    assert [{**ref, "name": ""} for ref in refs] == [{"scid": SCID, "templateName": "room", "name": ""}] * 2
    assert all(GUID.fullmatch(ref["name"]) for ref in refs)
    assert refs[0] != refs[1]
    assert len(table.xbl.sessions) == 2


def test_making_a_handle_makes_no_session(table: Table) -> None:
    """It may point at one that does not exist, of which it then says nothing (HAND-1, HAND-5)."""
    answer = table.client.post("/handles", json=table.body("invite", MISSING))
    assert (answer.status_code, as_json(answer)["sessionRef"]) == (201, MISSING)
    assert "inviteProtocol" not in as_json(answer)
    assert table.client.get(f"{ROOMS}/missing").status_code == 204


@pytest.mark.parametrize("change", [{"closed": True}, {"locked": True, "closed": True}, LOCAL])
def test_one_is_invited_to_a_session_that_lets_nobody_in(table: Table, change: dict[str, Any]) -> None:
    """Invites are made to full and closed sessions too (HAND-3)."""
    assert table.client.put(ONE, json={"properties": {"system": change}}).status_code == 200
    assert table.client.post("/handles", json=table.body("invite")).status_code == 201


def test_one_is_invited_to_a_full_session(xbl: XboxLive) -> None:
    """The slot may come later (HAND-3)."""
    table = Table(xbl, maxMembersCount=2)
    assert table.client.post("/handles", json=table.body("invite")).status_code == 201


NO_ACTIVE = "{} is no active member of that session, so it cannot be their activity."
NO_MEMBER = "{} is no member of that session, so cannot let others in."
NO_TARGET = "The session that the transfer leads to does not exist."


@pytest.mark.parametrize(
    ("caller", "kind", "ref", "what", "rule"),
    [
        *((name, "activity", REF, NO_ACTIVE.format(name), "HAND-2") for name in ("Ana", "Ben", "Zoe", "server")),
        *((name, "activity", MISSING, NO_ACTIVE.format(name), "HAND-2") for name in ("Stacy", "server")),
        ("Stacy", "activity", {"scid": SCID, "templateName": "room"}, NO_ACTIVE.format("Stacy"), "HAND-2"),
        *((name, "invite", REF, NO_MEMBER.format(name), "HAND-17") for name in ("Ana", "Ben", "Zoe")),
        *((name, "transfer", REF, NO_MEMBER.format(name), "HAND-17") for name in ("Ana", "Ben", "Zoe")),
        *((name, "transfer", MISSING, NO_TARGET, "HAND-4") for name in ("Stacy", "Ben", "server")),
    ],
)
def test_a_handle_that_the_caller_may_not_make_is_refused(
    table: Table, caller: str, kind: str, ref: dict[str, Any], what: str, rule: str
) -> None:
    """403 as text, and nothing is made (HAND-2, HAND-4, HAND-17)."""
    before = table.xbl._world._state.copy()
    answer = table.caller(caller).post("/handles", json=table.body(kind, ref))
    assert (answer.status_code, answer.text) == (403, refusal_text(what, "/sessionRef", rule))
    assert table.xbl._world._state == before


@pytest.mark.parametrize("status", ["ready", "inactive"])
def test_an_activity_is_of_an_active_member(table: Table, status: str) -> None:
    """Somebody who is there without playing is not (HAND-2)."""
    body = {"members": {"me": {"properties": {"system": {"active": False, "ready": status == "ready"}}}}}
    table.client.put(ONE, json=body)
    answer = table.client.post("/handles", json=table.body("activity"))
    assert (answer.status_code, answer.text) == (403, refusal_text(NO_ACTIVE.format("Stacy"), "/sessionRef", "HAND-2"))


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"type": "search"}, "SRCH-1"),
        ({"type": "search", "version": 1, "sessionRef": REF}, "SRCH-1"),
        ({"type": "search", "version": 1, "sessionRef": REF, "searchAttributes": {"tags": ["fun"]}}, "SRCH-1"),
    ],
)
def test_a_search_handle_is_to_come(table: Table, body: dict[str, Any], rule: str) -> None:
    """501: the service has them, and the fake has not yet (SRCH-1, CODE-501)."""
    answer = table.client.post("/handles", json=body)
    what = "A search handle (type is search): the fake does not do this yet, so it refuses the request."
    assert (answer.status_code, answer.text) == (501, refusal_text(what, "/type", rule))


def test_a_query_for_search_handles_is_to_come(table: Table) -> None:
    """501, for the query of the official client (SRCH-3, CODE-501)."""
    body = {"type": "search", "scid": SCID, "templateName": "room", "global": True, "filter": "tags/any(d:d eq 'x')"}
    answer = table.client.post("/handles/query", json=body)
    what = "A query for search handles (type is search): the fake does not do this yet, so it refuses the request."
    assert (answer.status_code, answer.text) == (501, refusal_text(what, "/type", "SRCH-3"))


# Bodies of another form

INVITE = {"type": "invite", "sessionRef": REF, "invitedXuid": "7"}
TRANSFER = {"type": "transfer", "sessionRef": REF, "originSessionRef": REF}
ACTIVITY = {"type": "activity", "sessionRef": REF}
ONE_OF = 'Expected one of "activity", "invite", "transfer", "search"; got {}.'
A_NAME = "Expected a name of 1 to 99 printable characters, no slash; got {}."
A_TITLE = "Expected a title id of 32 bits, in decimal digits; got {}."
KNOWN = "id, type, version, sessionRef"

MALFORMED: list[tuple[Any, str, str, str]] = [
    ({}, "The field type is required here.", "/type", "CALL-6"),
    ([], "The body is a JSON object; got [].", "the body", "CALL-6"),
    ({"sessionRef": REF}, "The field type is required here.", "/type", "CALL-6"),
    ({"type": "Activity"}, ONE_OF.format('"Activity"'), "/type", "HAND-1"),
    ({"type": None}, ONE_OF.format("null"), "/type", "HAND-1"),
    ({"type": "activity"}, "The field sessionRef is required here.", "/sessionRef", "CALL-6"),
    ({"type": "invite", "sessionRef": REF}, "The field invitedXuid is required here.", "/invitedXuid", "CALL-6"),
    (
        {"type": "transfer", "sessionRef": REF},
        "The field originSessionRef is required here.",
        "/originSessionRef",
        "CALL-6",
    ),
    *(
        ({**ACTIVITY, "version": value}, f"Expected 1; got {json.dumps(value)}.", "/version", "HAND-1")
        for value in (0, 2, "1", True, 1.0, None)
    ),
    *(
        ({**ACTIVITY, "id": value}, f"Expected a GUID that is not all zeros; got {json.dumps(value)}.", "/id", "HAND-1")
        for value in ("", "7", 7, None, "{" + CHOSEN[1:], "00000000-0000-0000-0000-000000000000")
    ),
    ({**ACTIVITY, "sessionRef": "one"}, 'Expected an object; got "one".', "/sessionRef", "HAND-1"),
    ({**ACTIVITY, "sessionRef": {}}, 'Expected an object with "scid"; got {}.', "/sessionRef", "HAND-1"),
    ({**ACTIVITY, "sessionRef": {**REF, "scid": "foo"}}, 'Expected a GUID; got "foo".', "/sessionRef/scid", "HAND-1"),
    *(
        ({**ACTIVITY, "sessionRef": {**REF, part: value}}, A_NAME.format(shown), f"/sessionRef/{part}", "HAND-1")
        for part in ("templateName", "name")
        for value, shown in (
            ("", '""'),
            ("a/b", '"a/b"'),
            ("a\n", '"a\\n"'),
            (7, "7"),
            (None, "null"),
            ("x" * 100, f'"{"x" * 56}...'),
        )
    ),
    (
        {**ACTIVITY, "sessionRef": {**REF, "template": "x"}},
        'Expected no such field; known are scid, templateName, name; got "x".',
        "/sessionRef/template",
        "HAND-1",
    ),
    (
        {**ACTIVITY, "invitedXuid": "7"},
        f'The field "invitedXuid" is not known here; known here: {KNOWN}.',
        "/invitedXuid",
        "CALL-6",
    ),
    (
        {**ACTIVITY, "SessionRef": REF},
        'The field "SessionRef" is not known here; did you mean "sessionRef"?',
        "/SessionRef",
        "CALL-6",
    ),
    *(
        (
            {**INVITE, "invitedXuid": value},
            f"Expected a string of decimal digits; got {json.dumps(value)}.",
            "/invitedXuid",
            "HAND-3",
        )
        for value in (7, "", "me", None, ["7"])
    ),
    ({**INVITE, "inviteAttributes": []}, "Expected an object; got [].", "/inviteAttributes", "HAND-3"),
    *(
        (
            {**INVITE, "inviteAttributes": {"titleId": value}},
            A_TITLE.format(json.dumps(value)),
            "/inviteAttributes/titleId",
            "HAND-3",
        )
        for value in ("", "x", "-1", -1, 1.5, 2**32, True, None)
    ),
    *(
        (
            {**INVITE, "inviteAttributes": {"context": value}},
            f"Expected a string of at most 256 characters, URI-encoded; got {shown}.",
            "/inviteAttributes/context",
            "HAND-3",
        )
        for value, shown in (("a" * 257, f'"{"a" * 56}...'), (" " * 86, f'"{" " * 56}...'), (7, "7"), (None, "null"))
    ),
    *(
        (
            {**INVITE, "inviteAttributes": {name: 7}},
            "Expected a string; got 7.",
            f"/inviteAttributes/{name}",
            "HAND-3",
        )
        for name in ("contextString", "senderString")
    ),
    (
        {**INVITE, "inviteAttributes": {"a/b": 7}},
        "Expected no such field; known are titleId, context, contextString, senderString; got 7.",
        "/inviteAttributes/a~1b",
        "HAND-3",
    ),
    *(
        (
            {**TRANSFER, "originSessionRef": {name: "x" if name != "scid" else SCID for name in REF if name != gone}},
            f'Expected an object with "{gone}"; got {shown}.',
            "/originSessionRef",
            "HAND-4",
        )
        for gone, shown in (
            ("scid", '{"templateName": "x", "name": "x"}'),
            ("templateName", '{"scid": "5c1d0000-0000-4000-8000-000000000001", "name": "x"}'[:57] + "..."),
            ("name", '{"scid": "5c1d0000-0000-4000-8000-000000000001", "templateName"'[:57] + "..."),
        )
    ),
]


@pytest.mark.parametrize(("body", "what", "where", "rule"), MALFORMED, ids=lambda part: str(part)[:30])
def test_a_handle_of_another_form_is_refused(table: Table, body: Any, what: str, where: str, rule: str) -> None:
    """400 that points into the body and names the rule, and the world is as it was (HAND-1, HAND-3, HAND-4)."""
    before = table.xbl._world._state.copy()
    answer = table.client.post("/handles", json=body)
    assert (answer.status_code, answer.text) == (400, refusal_text(what, where, rule))
    assert table.xbl._world._state == before


@pytest.mark.parametrize(
    ("ref", "what"),
    [
        (
            {**REF, "scid": OTHER_SCID},
            f"The service configuration {OTHER_SCID} is unknown; known are: {SCID}.",
        ),
        (
            {**REF, "templateName": "nothing"},
            f"There is no template nothing in {SCID}; it has lobby, game, ticket, large, room.",
        ),
    ],
)
@pytest.mark.parametrize("field", ["sessionRef", "originSessionRef"])
def test_a_handle_to_nowhere_is_refused(table: Table, ref: dict[str, Any], what: str, field: str) -> None:
    """404 for an unknown service configuration or template, of the origin of a transfer too (TMPL-1)."""
    before = table.xbl._world._state.copy()
    answer = table.client.post("/handles", json={**table.body("transfer"), field: ref})
    assert (answer.status_code, answer.text) == (404, refusal_text(what, f"/{field}", "TMPL-1"))
    assert table.xbl._world._state == before


IDS = ["7", "query7", CHOSEN[1:], f"%7B{CHOSEN}%7D", "00000000-0000-0000-0000-000000000000"]
USES = [("GET", ""), ("DELETE", ""), ("GET", "/session"), ("PUT", "/session")]


@pytest.mark.parametrize("handle", IDS)
@pytest.mark.parametrize(("method", "end"), USES)
def test_an_id_that_is_none_is_refused(table: Table, handle: str, method: str, end: str) -> None:
    """400: no service ever made such a handle (HAND-15)."""
    before = table.xbl._world._state.copy()
    answer = table.client.open(f"/handles/{handle}{end}", method=method, json={})
    shown = handle.replace("%7B", "{").replace("%7D", "}")
    what = f'A handle is named by a GUID that is not all zeros, not "{shown}".'
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "the URI", "HAND-15"))
    assert table.xbl._world._state == before


@pytest.mark.parametrize(("method", "end"), USES)
@pytest.mark.parametrize("caller", ["Stacy", "server"])
def test_an_unknown_handle_is_not_found(table: Table, method: str, end: str, caller: str) -> None:
    """404, whoever asks (HAND-7)."""
    answer = table.caller(caller).open(f"/handles/{CHOSEN}{end}", method=method, json={})
    assert (answer.status_code, answer.text) == (404, refusal_text(UNKNOWN, "the URI", "HAND-7"))
    assert "Content-Location" not in answer.headers


@pytest.mark.parametrize(("method", "path"), [("GET", "/handles/query"), ("DELETE", "/handles/query")])
def test_query_is_not_the_id_of_a_handle(table: Table, method: str, path: str) -> None:
    """405 with what the path does take (CALL-7)."""
    answer = table.client.open(path, method=method)
    what = f"{method} is not for this URI; allowed are POST."
    assert (answer.status_code, answer.headers["Allow"], answer.text) == (
        405,
        "POST",
        refusal_text(what, "the URI", "CALL-7"),
    )


# Reading and deleting a handle


@pytest.mark.parametrize("kind", TYPES)
@every_contract
def test_a_handle_is_read_as_it_was_made(table: Table, kind: str, contract: str) -> None:
    """GET answers the handle itself, later as well, and under every contract (HAND-6)."""
    made = table.client.post("/handles", json=table.body(kind))
    table.xbl.clock.advance(hours=1)
    answer = table.client.get(made.headers["Location"], headers={"X-Xbl-Contract-Version": contract})
    assert (answer.status_code, as_json(answer)) == (200, as_json(made))


SEEN = {
    "activity": {"Stacy": 200, "Ana": 200, "Ben": 200, "Zoe": 200, "server": 200},
    "invite": {"Stacy": 200, "Ana": 404, "Ben": 404, "Zoe": 200, "server": 200},
    "transfer": {"Stacy": 200, "Ana": 404, "Ben": 200, "Zoe": 404, "server": 200},
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("caller", SEEN["invite"])
def test_a_handle_is_seen_by_those_whom_it_is_for(table: Table, kind: str, caller: str) -> None:
    """For others it is as if there were none, also to delete; those who see it find out that it is not theirs.

    The rules are HAND-8 and HAND-15.
    """
    path = table.make(kind)
    client = table.caller(caller)
    answer = client.get(path)
    assert answer.status_code == SEEN[kind][caller]
    deleted = client.delete(path)
    if caller in ("Stacy", "server"):
        assert (deleted.status_code, deleted.data) == (204, b"")
        assert table.client.get(path).status_code == 404
        assert deleted.headers.get("Content-Type") is None
    elif answer.status_code == 404:
        assert (answer.text, deleted.status_code, deleted.text) == (
            refusal_text(UNKNOWN, "the URI", "HAND-7"),
            404,
            refusal_text(UNKNOWN, "the URI", "HAND-7"),
        )
    else:
        what = "A handle is deleted by its owner, or a service."
        assert (deleted.status_code, deleted.text) == (403, refusal_text(what, "the URI", "HAND-8"))
        assert table.client.get(path).status_code == 200


@pytest.mark.parametrize("kind", ["invite", "transfer"])
def test_whoever_is_in_the_session_sees_its_handles(xbl: XboxLive, kind: str) -> None:
    """Once they have joined, and no longer than they stay (HAND-15)."""
    table = Table(xbl, sessionEmptyTimeout=None)
    path = table.make(kind)
    statuses = []
    for body in (ACTIVE, LEAVE):
        statuses.append(table.reserved.get(path).status_code)
        table.reserved.put(ONE, json=body)
    assert [*statuses, table.reserved.get(path).status_code] == [404, 200, 404]


def test_a_handle_is_deleted_once(table: Table) -> None:
    """The second time there is none; the session stays (HAND-8)."""
    path = table.make("activity")
    statuses = [table.client.delete(path).status_code for _ in range(2)]
    assert (statuses, table.stacy.activity) == ([204, 404], None)
    assert table.client.get(ONE).status_code == 200


def test_an_invite_expires_after_a_day(table: Table) -> None:
    """To the second, and then it is as if there were none (HAND-18)."""
    path = table.make("invite")
    table.xbl.clock.advance(hours=23, minutes=59, seconds=59)
    assert table.stranger.get(path).status_code == 200
    table.xbl.clock.advance(seconds=1)
    for method, end in USES:
        answer = table.stranger.open(path + end, method=method, json={})
        assert (answer.status_code, answer.text) == (404, refusal_text(UNKNOWN, "the URI", "HAND-7"))


# The session behind a handle


@pytest.mark.parametrize("kind", TYPES)
@every_contract
def test_the_session_behind_a_handle_is_read_as_by_its_own_uri(table: Table, kind: str, contract: str) -> None:
    """The same body and headers, and where that is (HAND-7, CALL-11)."""
    headers = {"X-Xbl-Contract-Version": contract}
    path = table.make(kind)
    direct, behind = (table.client.get(uri, headers=headers) for uri in (ONE, f"{path}/session"))
    assert (behind.status_code, behind.data) == (200, direct.data)
    assert dict(behind.headers) == {**direct.headers, "Content-Location": LOCATION}


def test_the_session_behind_a_handle_is_known_already(table: Table) -> None:
    """304 without a body, with its version and its place (HAND-7, CODE-304)."""
    path = table.make("activity")
    etag = table.session.etag
    answer = table.client.get(f"{path}/session", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data) == (304, b"")
    assert (answer.headers["ETag"], answer.headers["Content-Location"]) == (etag, LOCATION)


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_session_that_has_changed_is_shown_with_its_place(table: Table, method: str) -> None:
    """412 with the current session after If-Match (HAND-7, CODE-412)."""
    path = table.make("activity")
    answer = table.client.open(f"{path}/session", method=method, json={}, headers={"If-Match": '"old"'})
    assert (answer.status_code, as_json(answer)) == (412, table.session.document)
    assert (answer.headers["ETag"], answer.headers["Content-Location"]) == (table.session.etag, LOCATION)
    assert answer.headers["X-Xbl-Refusal"] == "PUT-8 at If-Match: The session has changed since."


def test_a_session_that_exists_already_is_not_made_through_a_handle(table: Table) -> None:
    """412 after If-None-Match: *, as text (HAND-7, PUT-8)."""
    answer = table.client.put(f"{table.make('activity')}/session", json={}, headers={"If-None-Match": "*"})
    what = "The session exists already."
    assert (answer.status_code, answer.text) == (412, refusal_text(what, "If-None-Match", "PUT-8"))


def test_a_write_through_a_handle_may_name_the_version(table: Table) -> None:
    """The right ETag goes through, and the answer has the next one (HAND-7, PUT-8)."""
    path = f"{table.make('activity')}/session"
    body = {"properties": {"custom": {"map": "woods"}}}
    answer = table.client.put(path, json=body, headers={"If-Match": table.session.etag})
    assert (answer.status_code, as_json(answer)["properties"]["custom"]) == (200, {"map": "woods"})
    assert (answer.headers["ETag"], answer.headers["Content-Location"]) == (table.session.etag, LOCATION)
    assert as_json(answer) == table.session.document
    assert table.session.history[-1].operation == "put-session-by-handle"


def test_a_refused_join_through_a_handle_shows_the_session(table: Table) -> None:
    """403 with the session, for those who may read it, and its place (HAND-7, CODE-403)."""
    path = f"{table.make('activity')}/session"
    table.client.put(ONE, json={"properties": {"system": {"closed": True}}})
    before = table.xbl._world._state.copy()
    answer = table.stranger.put(path, json=ACTIVE)
    assert (answer.status_code, as_json(answer)) == (403, table.session.document)
    assert (answer.headers["ETag"], answer.headers["Content-Location"]) == (table.session.etag, LOCATION)
    assert answer.headers["X-Xbl-Refusal"].startswith("JOIN-4 at /members/me: The session is closed to new members.")
    assert table.xbl._world._state == before


def test_a_refused_reading_through_a_handle_shows_nothing(xbl: XboxLive) -> None:
    """403 as text, and not even where the session is (HAND-7, JOIN-7)."""
    table = Table(xbl, visibility="private")
    answer = table.stranger.get(f"{table.make('activity')}/session")
    what = (
        "The session is private: only members and people with a reservation read it. "
        "The activity through which Zoe comes does not open that."
    )
    assert (answer.status_code, answer.text) == (403, refusal_text(what, "the URI", "JOIN-7"))
    assert "Content-Location" not in answer.headers


@pytest.mark.parametrize(
    ("kind", "closed", "why"),
    [
        ("activity", False, "The activity through which Zoe comes does not open that."),
        ("invite", False, "The invite through which Zoe comes is for somebody else."),
        ("transfer", False, "The transfer through which Zoe comes is for those who are in its origin."),
        ("activity", True, "The activity through which Zoe comes does not open that."),
    ],
)
def test_a_refused_join_says_why_the_handle_did_not_help(table: Table, kind: str, closed: bool, why: str) -> None:
    """It names nobody whom the handle is for, and no session that it comes from (HAND-15, JOIN-11)."""
    wall = {"closed": True} if closed else {"joinRestriction": "local"}
    path = f"{table.make(kind, **({'invitedXuid': table.ben.xuid} if kind == 'invite' else {}))}/session"
    assert table.client.put(ONE, json={"properties": {"system": wall}}).status_code == 200
    answer = table.stranger.put(path, json=ACTIVE)
    assert (answer.status_code, answer.headers["X-Xbl-Refusal"].endswith(why)) == (403, True)
    assert answer.headers["Content-Location"] == table.session.ref.path


def test_a_join_through_a_handle_may_be_rehearsed(table: Table) -> None:
    """`?nocommit=true` answers what the write would answer, and stores nothing (HAND-7, PUT-7)."""
    path = f"{table.make('activity')}/session"
    before = table.xbl._world._state.copy()
    rehearsed = table.stranger.put(f"{path}?nocommit=true", json=ACTIVE)
    assert table.xbl._world._state == before
    done = table.stranger.put(path, json=ACTIVE)
    assert (rehearsed.status_code, done.status_code) == (200, 200)
    assert rehearsed.data == done.data
    assert rehearsed.headers["ETag"] == f'{done.headers["ETag"][:-1]}-nocommit"'
    assert rehearsed.headers["Content-Location"] == done.headers["Content-Location"] == LOCATION


def test_the_last_one_out_through_a_handle_ends_the_session(xbl: XboxLive) -> None:
    """204 without a body, and with the session goes the handle (HAND-7, CODE-204)."""
    stacy = xbl.user("Stacy")
    session = xbl.sessions.create("lobby", name="one", members=[stacy])
    path = xbl.handles.create("activity", session, owner=stacy).path
    answer = xbl.client(stacy).put(f"{path}/session", json=LEAVE)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Content-Location"] == session.ref.path
    assert session not in xbl.sessions
    assert xbl.client(stacy).get(path).status_code == 404


def test_a_body_is_read_before_the_handle(table: Table) -> None:
    """400 for a wrong one, whatever the handle (HAND-7, CALL-6)."""
    for handle in (table.make("activity"), f"/handles/{CHOSEN}"):
        answer = table.client.put(f"{handle}/session", json={"zzz": 1})
        assert (answer.status_code, answer.text.split("\n")[1:]) == (400, ["where: /zzz", "rule: CALL-6", ""])


# What a handle opens

SHUT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "open": ({}, {}),
    "restricted": ({}, LOCAL),
    "visible": ({"visibility": "visible"}, {}),
    "private": ({"visibility": "private"}, {}),
    "closed": ({}, {"closed": True}),
    "full": ({"maxMembersCount": 2}, {}),
}
"""Constants and properties of sessions that let people in, and of some that do not."""
DIRECT = {
    "open": (200, 200),
    "restricted": (403, 403),
    "visible": (200, 403),
    "private": (403, 403),
    "closed": (200, 403),
    "full": (200, 400),
}
"""What a stranger's GET and PUT are answered at the session's own URI."""
OPENED: dict[str, dict[str, tuple[int, int]]] = {
    "activity": {**DIRECT, "restricted": (200, 403)},
    "invite": {**DIRECT, "restricted": (200, 200)},
    "transfer": {**DIRECT, "restricted": (200, 200), "visible": (200, 200), "private": (200, 200)},
}
"""The same through a handle, for those whom it is for."""


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("session", SHUT)
def test_a_handle_opens_what_it_is_for(xbl: XboxLive, kind: str, session: str) -> None:
    """To those whom it is for, and to others no more than the session's own URI does (JOIN-6, JOIN-11)."""
    constants, properties = SHUT[session]
    table = Table(xbl, properties, **constants)
    path = f"{table.make(kind)}/session"
    meant = {"activity": ["Ben", "Zoe"], "invite": ["Zoe"], "transfer": ["Ben"]}[kind]
    for name in ("Ben", "Zoe"):
        client = table.caller(name)
        at_its_own, through = (
            (client.get(uri).status_code, client.put(f"{uri}?nocommit=true", json=ACTIVE).status_code)
            for uri in (ONE, path)
        )
        assert at_its_own == DIRECT[session]
        assert through == (OPENED[kind][session] if name in meant else DIRECT[session])


# Handles and the life of a session


def test_a_handle_made_before_its_session_leads_to_the_first_one(table: Table) -> None:
    """204 until somebody makes it, also through the handle: 201 with its place (HAND-19, CODE-201)."""
    path = f"{table.make('invite', sessionRef=MISSING)}/session"
    place = f"{LOCATION[:-3]}missing"
    early = table.stranger.get(path)
    assert (early.status_code, early.data, early.headers["Content-Location"]) == (204, b"", place)
    refused = table.stranger.put(path, json=ACTIVE, headers={"If-Match": "*"})
    assert (refused.status_code, refused.text) == (
        412,
        refusal_text("There is no such session to update.", "If-Match", "PUT-8"),
    )
    created = table.stranger.put(path, json=ACTIVE, headers={"If-None-Match": "*"})
    assert (created.status_code, created.headers["Location"], created.headers["Content-Location"]) == (
        201,
        place,
        place,
    )
    assert as_json(created) == table.xbl.sessions["missing"].document
    again = table.stranger.get(path)
    assert (again.status_code, again.headers["ETag"]) == (200, created.headers["ETag"])


def test_a_handle_made_before_its_session_leads_to_one_that_others_make(table: Table) -> None:
    """At its own URI (HAND-19)."""
    path = f"{table.make('invite', sessionRef=MISSING)}/session"
    table.client.put(f"{ROOMS}/missing", json=ACTIVE)
    assert table.stranger.put(path, json=ACTIVE).status_code == 200


def test_a_session_may_be_left_through_a_handle_before_it_is_there(table: Table) -> None:
    """204, as at its own URI, and none is made (HAND-7, HAND-19)."""
    answer = table.stranger.put(f"{table.make('invite', sessionRef=MISSING)}/session", json=LEAVE)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Content-Location"] == f"{LOCATION[:-3]}missing"
    assert len(table.xbl.sessions) == 2


@pytest.mark.parametrize("made_again", [False, True])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", ACTIVE), ("PUT", LEAVE)])
@pytest.mark.parametrize("caller", ["Stacy", "Zoe", "server"])
def test_a_handle_is_stale_once_its_session_is_gone(
    table: Table, made_again: bool, method: str, body: Any, caller: str
) -> None:
    """404, also when there is another session of that name: it is not the one that was meant (HAND-7, HAND-19)."""
    path = table.make("invite")
    table.reserved.put(ONE, json=LEAVE)
    table.client.put(ONE, json=LEAVE)
    assert table.client.get(ONE).status_code == 204
    if made_again:
        assert table.client.put(ONE, json=ACTIVE).status_code == 201
    before = table.xbl._world._state.copy()
    answer = table.caller(caller).open(f"{path}/session", method=method, json=body)
    what = f"The handle is stale: the session {SCID}~room~one that it pointed at was deleted."
    assert (answer.status_code, answer.text) == (404, refusal_text(what, "the URI", "HAND-7"))
    assert "Content-Location" not in answer.headers
    assert table.xbl._world._state == before


def test_a_transfer_goes_with_its_target(table: Table) -> None:
    """It is deleted with it, for its owner too (HAND-4)."""
    path = table.make("transfer")
    table.reserved.put(ONE, json=LEAVE)
    table.client.put(ONE, json=LEAVE)
    for end in ("", "/session"):
        answer = table.client.get(path + end)
        assert (answer.status_code, answer.text) == (404, refusal_text(UNKNOWN, "the URI", "HAND-7"))


def test_a_transfer_stays_with_those_who_are_in_its_origin(table: Table) -> None:
    """It lets in who is there when they use it, and not who was when it was made (HAND-4, JOIN-11)."""
    table.client.put(ONE, json={"properties": {"system": LOCAL}})
    path = f"{table.make('transfer')}/session"
    before = table.other.get(path).status_code
    table.other.put(f"{ROOMS}/origin", json=LEAVE)
    assert (before, table.other.get(path).status_code) == (200, 403)


@pytest.mark.parametrize(
    "body",
    [LEAVE, {"members": {"me": {"properties": {"system": {"active": False}}}}}],
    ids=["leaving", "becoming inactive"],
)
@pytest.mark.parametrize("way", ["the session", "the handle"])
def test_an_activity_ends_with_the_activity(table: Table, body: dict[str, Any], way: str) -> None:
    """Leaving the session, or becoming inactive in it, deletes the handle bound to it (HAND-9)."""
    path = table.make("activity")
    table.client.put(ONE if way == "the session" else f"{path}/session", json=body)
    answer = table.reserved.get(path)
    assert (answer.status_code, answer.text) == (404, refusal_text(UNKNOWN, "the URI", "HAND-7"))
    assert table.stacy.activity is None


def test_an_activity_ends_with_a_member_who_is_removed(table: Table) -> None:
    """By DELETE as well, and by somebody else (HAND-9)."""
    removed = table.make("activity")
    table.server.delete(f"{ONE}/members/0")
    assert table.server.get(removed).status_code == 404


def test_an_activity_outlives_what_its_owner_does_elsewhere(table: Table) -> None:
    """Just the handle that is bound to the session ends with it; invites stay (HAND-9)."""
    table.client.put(f"{ROOMS}/two", json=ACTIVE)
    activity, invite = table.make("activity"), table.make("invite")
    table.client.put(f"{ROOMS}/two", json=LEAVE)
    assert [table.client.get(path).status_code for path in (activity, invite)] == [200, 200]
    table.client.put(ONE, json={"members": {"me": {"properties": {"system": {"active": False}}}}})
    assert [table.client.get(path).status_code for path in (activity, invite)] == [404, 200]


def test_a_rehearsal_ends_no_activity(table: Table) -> None:
    """What is not stored has no consequences (HAND-9, PUT-7)."""
    path = table.make("activity")
    table.client.put(f"{ONE}?nocommit=true", json=LEAVE)
    assert table.client.get(path).status_code == 200


# Looking for activities


class Friends:
    """Four players with activities, of whom Stacy follows Ana and Ben, Ben as a favorite; Zoe follows nobody."""

    def __init__(self, xbl: XboxLive) -> None:
        self.xbl = xbl
        xbl.templates.add("room", {"constants": {"system": {"maxMembersCount": 3, "inviteProtocol": "game"}}})
        xbl.templates.add("room", {}, scid=OTHER_SCID)
        self.stacy, self.ana, self.ben, self.zoe = xbl.users("Stacy", "Ana", "Ben", "Zoe")
        xbl.follow(self.stacy, self.ana)
        xbl.follow(self.stacy, self.ben, favorite=True)
        self.client = xbl.client(self.stacy)
        self.server = xbl.client(xbl.service("server"))
        self.of_ana = self.play("ana's", self.ana, keywords=["Red"])
        self.of_ben = self.play("ben's", self.ben, scid=OTHER_SCID)
        self.of_zoe = self.play("zoe's", self.zoe)

    def play(
        self,
        name: str,
        *owners: User,
        scid: str = SCID,
        visibility: str = "open",
        **system: Any,
    ) -> str:
        """The id of the activity of the first of the owners, in a new session with all of them."""
        session = self.xbl.sessions.create(
            "room",
            name=name,
            members=list(owners),
            constants={"system": {"visibility": visibility}},
            properties={"system": system, "custom": {"of": name}},
            scid=scid,
        )
        return self.xbl.handles.create("activity", session, owner=owners[0]).id

    def found(self, query: str = "", client: Any = None, **body: Any) -> list[str]:
        """The ids of the handles that a query finds."""
        answer = (client or self.client).post(f"/handles/query?{query}", json={"type": "activity", **body})
        return [result["id"] for result in results(answer)]

    def everybody(self) -> dict[str, Any]:
        """All players, as owners."""
        return {"xuids": [user.xuid for user in (self.ana, self.ben, self.zoe, self.stacy)]}

    def people(self, moniker: str, user: User | None = None) -> dict[str, Any]:
        """A group of people, as owners."""
        return {"people": {"moniker": moniker, "monikerXuid": (user or self.stacy).xuid}}


@pytest.fixture
def friends(xbl: XboxLive) -> Friends:
    """The activities that most tests below are about."""
    return Friends(xbl)


PAGE = """
{
"type": "activity",
"scid": "B5B1F71F-A328-4371-89E0-C3AD222D0E92",
"owners": {
"people": {
"moniker": "favorites",
"monikerXuid": "3210"
}
}
}
"""
"""The request body of the page, with the comma that it lacks there, and without its comment."""


@every_contract
def test_the_page_of_post_handles_query(xbl: XboxLive, contract: str) -> None:
    """Its request finds the activities of the favorites, with all the fields that it lists (HAND-10, HAND-14)."""
    scid = json.loads(PAGE)["scid"]
    party = {"scid": scid, "templateName": "party", "name": "e3a836aeac6f4cbe9bcab985494d3175"}
    other = {"scid": scid, "templateName": "TitleStorageTestDefault", "name": "795fcaa7-8377-4281-bd7e-e86c12843632"}
    me = xbl.user("me", xuid="3210")
    owners = xbl.user("one", xuid="3212", title_id="1234567"), xbl.user("two", xuid="3213", title_id="1234567")
    ids = "11111111-ebe0-42da-885f-033860a818f6", "11111111-ebe0-42da-885f-033860a818f7"
    for owner, ref, handle in zip(owners, (party, other), ids, strict=True):
        xbl.follow(me, owner, favorite=True)
        xbl.templates.add(ref["templateName"], {}, scid=scid)
        xbl.sessions.create(ref["templateName"], name=ref["name"], members=[owner], scid=scid)
        body = {"id": handle, "type": "activity", "version": 1, "sessionRef": ref}
        assert xbl.client(owner).post("/handles", json=body).status_code == 201
    headers = {"X-Xbl-Contract-Version": contract, "Content-Type": "application/json"}
    answer = xbl.client(me).post("/handles/query", data=PAGE, headers=headers)
    listed = [
        {
            "id": "11111111-ebe0-42da-885f-033860a818f6",
            "type": "activity",
            "version": 1,
            "sessionRef": party,
            "titleId": "1234567",
            "ownerXuid": "3212",
        },
        {
            "id": "11111111-ebe0-42da-885f-033860a818f7",
            "type": "activity",
            "version": 1,
            "sessionRef": other,
            "titleId": "1234567",
            "ownerXuid": "3213",
        },
    ]
    more = {"createTime": "2026-01-01T12:00:00.0000000Z", "gameTypes": {}, "customProperties": {}}
    assert results(answer) == [{**fields, **more} for fields in listed]
    assert list(results(answer)[0])[:6] == list(listed[0])


def test_the_body_of_the_page_as_it_stands_there_is_no_json(friends: Friends) -> None:
    """A comma is missing behind `scid`, and a comment is none of JSON (CALL-6)."""
    data = PAGE.replace('E92",', 'E92" // optional filter on scid')
    answer = friends.client.post("/handles/query", data=data)
    assert (answer.status_code, answer.text.split("\n")[1:]) == (400, ["where: the body", "rule: CALL-6", ""])


def test_owners_are_named_by_xuid_or_as_a_group(friends: Friends) -> None:
    """`people` are whom somebody follows, `favorites` those among them; whose they are is in the body (HAND-10)."""
    both = sorted([(friends.ana.xuid, friends.of_ana), (friends.ben.xuid, friends.of_ben)])
    assert friends.found(owners=friends.people("people")) == [handle for _xuid, handle in both]
    assert friends.found(owners=friends.people("favorites")) == [friends.of_ben]
    assert friends.found(owners=friends.people("people", friends.zoe)) == []
    assert friends.found(owners=friends.people("people"), client=friends.server) == [h for _xuid, h in both]
    assert friends.found(owners={"xuids": [friends.zoe.xuid]}) == [friends.of_zoe]
    assert friends.found(owners={"xuids": ["7"]}) == []


def test_activities_come_owner_by_owner(friends: Friends) -> None:
    """In the order of the request, each owner once; a group by xuid (HAND-16)."""
    ana, ben, zoe = friends.ana.xuid, friends.ben.xuid, friends.zoe.xuid
    assert friends.found(owners={"xuids": [zoe, ana, ben]}) == [friends.of_zoe, friends.of_ana, friends.of_ben]
    assert friends.found(owners={"xuids": [ben, zoe, ben]}) == [friends.of_ben, friends.of_zoe]
    late = friends.xbl.user("late", xuid="9")
    friends.xbl.follow(friends.stacy, late)
    its = friends.play("late's", late)
    assert friends.found(owners=friends.people("people")) == [its, friends.of_ana, friends.of_ben]


def test_take_counts_all_activities_together(friends: Friends) -> None:
    """The first of them (HAND-16)."""
    everything = [friends.of_ana, friends.of_ben, friends.of_zoe]
    for take in (0, 1, 2, 3, 100):
        assert friends.found(f"take={take}", owners=friends.everybody()) == everything[:take]


@pytest.mark.parametrize("written", [OTHER_SCID, OTHER_SCID.lower()])
def test_a_scid_narrows_the_query(friends: Friends, written: str) -> None:
    """In whatever case (HAND-10, CALL-5)."""
    assert friends.found(owners=friends.everybody(), scid=written) == [friends.of_ben]
    assert friends.found(owners=friends.everybody(), scid=SCID) == [friends.of_ana, friends.of_zoe]
    assert friends.found(owners=friends.everybody(), scid=CHOSEN) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("keyword=red", ["ana"]),
        ("keyword=green", []),
        ("visibility=open", ["ana", "ben", "zoe"]),
        ("visibility=Full", []),
        ("visibility=any", ["ana", "ben", "zoe"]),
        ("version=1", ["ana", "ben", "zoe"]),
        ("inactive=true&xuid={ana}", ["ana"]),
        ("xuid={ana}", ["ana"]),
        ("xuid={zoe}&visibility=open&version=7&take=100", ["zoe"]),
        ("xuid=7", []),
        ("include=relatedInfo&keyword=red&take=1", ["ana"]),
    ],
)
def test_the_filters_of_session_queries_mean_the_same(friends: Friends, query: str, found: list[str]) -> None:
    """They are about the sessions of the activities (HAND-12)."""
    asked = query.format(ana=friends.ana.xuid, zoe=friends.zoe.xuid)
    expected = [getattr(friends, f"of_{name}") for name in found]
    assert friends.found(asked, owners=friends.everybody()) == expected


@pytest.mark.parametrize("flag", ["private", "reservations"])
@pytest.mark.parametrize("there_are_some", [True, False])
def test_private_activities_are_for_the_users_themselves(friends: Friends, flag: str, there_are_some: bool) -> None:
    """403 whether or not anything would match, unless the caller asks with their own xuid (HAND-12, FIND-4)."""
    owners = friends.everybody() if there_are_some else {"xuids": ["7"]}
    what = f"{flag}=true is for services, and for users who ask with no other xuid than their own."
    for xuid in ("", f"&xuid={friends.ana.xuid}"):
        answer = friends.client.post(f"/handles/query?{flag}=true{xuid}", json={"type": "activity", "owners": owners})
        assert (answer.status_code, answer.text) == (403, refusal_text(what, f"?{flag}", "FIND-4"))
    assert friends.found(f"{flag}=true&xuid={friends.stacy.xuid}", owners=owners) == []
    assert friends.client.post("/handles/query", json={"type": "activity", "owners": owners}).status_code == 200


def test_an_activity_in_a_private_session_is_found_with_private_only(friends: Friends) -> None:
    """By services and members, each as they may ask; never by others (HAND-12, HAND-13)."""
    mine = friends.play("secret", friends.stacy, friends.zoe, visibility="private")
    owners = {"xuids": [friends.stacy.xuid]}
    member, stranger = friends.xbl.client(friends.zoe), friends.xbl.client(friends.ana)
    own, of_zoe, of_ana = (f"private=true&xuid={user.xuid}" for user in (friends.stacy, friends.zoe, friends.ana))
    assert friends.found(own, owners=owners) == [mine]
    assert friends.found(owners=owners) == []
    assert friends.found("private=true", owners=owners, client=friends.server) == [mine]
    assert friends.found(owners=owners, client=friends.server) == []
    assert friends.found(of_zoe, owners=owners, client=member) == [mine]
    assert friends.found(of_ana, owners=owners, client=stranger) == []


def test_a_restriction_hides_no_activity(friends: Friends) -> None:
    """An activity opens the reading that the session's own URI denies (HAND-13, JOIN-6)."""
    theirs = friends.play("restricted", friends.ana, joinRestriction="local", readRestriction="local")
    assert friends.found(owners={"xuids": [friends.ana.xuid]}) == [theirs]
    ref = friends.xbl.sessions["restricted"].ref
    assert friends.client.get(ref.path).status_code == 403
    assert friends.client.get(f"/handles/{theirs}/session").status_code == 200


RELATED = {
    "visibility": "open",
    "joinRestriction": "followed",
    "closed": True,
    "maxMembersCount": 3,
    "membersCount": 2,
    "postedTime": "2026-01-01T12:00:00.0000000Z",
    "inviteProtocol": "game",
}


@pytest.mark.parametrize(
    ("query", "related"),
    [
        ("", False),
        ("include=relatedInfo", True),
        ("include=customProperties", False),
        ("include=relatedInfo,customProperties", True),
        ("include=customProperties,relatedInfo", True),
        ("include=relatedInfo%2CcustomProperties", True),
    ],
)
def test_a_result_tells_what_was_asked_for(friends: Friends, query: str, related: bool) -> None:
    """`relatedInfo` where it is included, and `customProperties` always (HAND-11, HAND-14)."""
    handle = friends.play("club", friends.stacy, friends.zoe, joinRestriction="followed", closed=True)
    friends.xbl.clock.advance(minutes=1)
    body = {"type": "activity", "owners": {"xuids": [friends.stacy.xuid]}}
    (result,) = results(friends.client.post(f"/handles/query?{query}", json=body))
    assert result == {
        **as_json(friends.client.get(f"/handles/{handle}")),
        **({"relatedInfo": RELATED} if related else {}),
        "customProperties": {"of": "club"},
    }


def test_related_info_has_both_counts_even_of_a_full_session(friends: Friends) -> None:
    """A client cannot do without them; an open session without a free slot is full (HAND-11, FIND-6)."""
    friends.play("packed", friends.stacy, friends.ana, friends.zoe)
    body = {"type": "activity", "owners": {"xuids": [friends.stacy.xuid]}}
    (result,) = results(friends.client.post("/handles/query?include=relatedInfo", json=body))
    info = result["relatedInfo"]
    assert (info["visibility"], info["membersCount"], info["maxMembersCount"]) == ("full", 3, 3)
    assert (info["joinRestriction"], info["closed"]) == ("none", False)


def test_only_activities_are_found(friends: Friends) -> None:
    """Invites and transfers are for those who were told of them (HAND-10)."""
    ref = friends.xbl.sessions["ana's"].ref
    friends.xbl.handles.create("invite", ref, owner=friends.ana, invited=friends.stacy)
    friends.xbl.handles.create("transfer", ref, owner=friends.ana, origin=ref)
    assert friends.found(owners={"xuids": [friends.ana.xuid, friends.stacy.xuid]}) == [friends.of_ana]


def test_an_activity_that_is_over_is_not_found(friends: Friends) -> None:
    """Whoever left plays no more (HAND-9, HAND-10)."""
    ref = friends.xbl.sessions["ana's"].ref
    friends.xbl.client(friends.ana).delete(f"{ref.path}/members/me")
    assert friends.found(owners=friends.everybody()) == [friends.of_ben, friends.of_zoe]


MALFORMED_QUERIES: list[tuple[str, Any, str, str, str]] = [
    ("", {}, "The field type is required here.", "/type", "CALL-6"),
    ("", {"owners": {}}, "The field type is required here.", "/type", "CALL-6"),
    *(
        ("", {"type": value}, f'Expected one of "activity", "search"; got {json.dumps(value)}.', "/type", "HAND-10")
        for value in ("Activity", "invite", "", None, 1)
    ),
    ("", {"type": "activity"}, "The field owners is required here.", "/owners", "CALL-6"),
    ("", {"owners": []}, "Expected an object; got [].", "/owners", "HAND-10"),
    ("", {"owners": {}}, "owners holds either xuids or people; got neither.", "/owners", "HAND-10"),
    (
        "",
        {"owners": {"xuids": ["1"], "people": {"moniker": "people", "monikerXuid": "1"}}},
        "owners holds either xuids or people; got xuids and people.",
        "/owners",
        "HAND-10",
    ),
    ("", {"owners": {"xuids": []}}, "A query names at least one owner.", "/owners/xuids", "HAND-10"),
    ("", {"owners": {"xuids": "1"}}, 'Expected a list; got "1".', "/owners/xuids", "HAND-10"),
    (
        "",
        {"owners": {"xuids": ["1", 2]}},
        "Expected a string of decimal digits; got 2.",
        "/owners/xuids/1",
        "HAND-10",
    ),
    (
        "",
        {"owners": {"people": {"moniker": "people"}}},
        'Expected an object with "monikerXuid"; got {"moniker": "people"}.',
        "/owners/people",
        "HAND-10",
    ),
    (
        "",
        {"owners": {"people": {"moniker": "family", "monikerXuid": "1"}}},
        'Expected one of "people", "favorites"; got "family".',
        "/owners/people/moniker",
        "HAND-10",
    ),
    (
        "",
        {"owners": {"people": {"moniker": "people", "monikerXuid": 1}}},
        "Expected a string of decimal digits; got 1.",
        "/owners/people/monikerXuid",
        "HAND-10",
    ),
    (
        "",
        {"owners": {"friends": {}}},
        "Expected no such field; known are xuids, people; got {}.",
        "/owners/friends",
        "HAND-10",
    ),
    ("", {"scid": "foo", "owners": {"xuids": ["1"]}}, 'Expected a GUID; got "foo".', "/scid", "HAND-10"),
    (
        "",
        {"templateName": "room", "owners": {"xuids": ["1"]}},
        'The field "templateName" is not known here; known here: type, scid, owners.',
        "/templateName",
        "CALL-6",
    ),
    *(
        (
            f"include={value}",
            {"owners": {"xuids": ["1"]}},
            f'Expected a list of relatedInfo, customProperties, roleInfo, with commas; got "{value}".',
            "?include",
            "HAND-11",
        )
        for value in ("", "relatedinfo", "relatedInfo,", "relatedInfo, customProperties")
    ),
    (
        "visibility=private",
        {"owners": {"xuids": ["1"]}},
        "Private sessions are found with private=true only.",
        "?visibility",
        "FIND-5",
    ),
    (
        "inactive=true",
        {"owners": {"xuids": ["1"]}},
        "inactive is about the user that the query names, and it names none.",
        "?inactive",
        "FIND-10",
    ),
    ("take=101", {"owners": {"xuids": ["1"]}}, 'Expected a number from 0 to 100; got "101".', "?take", "FIND-5"),
    (
        "version=8",
        {"owners": {"xuids": ["1"]}},
        "version is at most 7 under contract 107, not 8.",
        "?version",
        "FIND-5",
    ),
]


@pytest.mark.parametrize(("query", "body", "what", "where", "rule"), MALFORMED_QUERIES)
def test_a_query_of_another_form_is_refused(
    friends: Friends, query: str, body: dict[str, Any], what: str, where: str, rule: str
) -> None:
    """400 that points at what is wrong, and the world is as it was (HAND-10, HAND-11, HAND-12)."""
    before = friends.xbl._world._state.copy()
    whole = body if where == "/type" else {"type": "activity", **body}
    answer = friends.client.post(f"/handles/query?{query}", json=whole)
    assert (answer.status_code, answer.text) == (400, refusal_text(what, where, rule))
    assert friends.xbl._world._state == before


# What shipped clients send

CLIENT = {"Content-Type": "application/json; charset=utf-8", "Accept-Language": "en-US, en"}


def test_a_client_sets_and_clears_its_activity(table: Table) -> None:
    """Clearing is a query for its own activity in the service configuration, and DELETE of the only result."""
    query = {"type": "activity", "scid": SCID, "owners": {"xuids": [table.stacy.xuid]}}
    for _ in range(2):
        made = table.client.post("/handles", json=table.body("activity"), headers=CLIENT)
        assert made.status_code == 201
        asked = table.client.post("/handles/query?include=relatedInfo,customProperties", json=query, headers=CLIENT)
        (found,) = results(asked)
        assert (found["id"], found["type"], found["customProperties"]) == (
            as_json(made)["id"],
            "activity",
            {"map": "dunes"},
        )
        assert table.client.delete(f"/handles/{found['id']}", headers=CLIENT).status_code == 204
        assert results(table.client.post("/handles/query", json=query, headers=CLIENT)) == []


def test_a_client_joins_a_friend_through_their_activity(table: Table) -> None:
    """It looks for those whom its player follows, and PUTs through what it finds, without a match header."""
    table.xbl.follow(table.zoe, table.stacy)
    table.make("activity")
    body = {
        "type": "activity",
        "scid": SCID,
        "owners": {"people": {"moniker": "people", "monikerXuid": table.zoe.xuid}},
    }
    asked = table.stranger.post("/handles/query?include=relatedInfo,customProperties", json=body, headers=CLIENT)
    (found,) = results(asked)
    me = {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}
    joined = table.stranger.put(f"/handles/{found['id']}/session", json={"members": {"me": me}}, headers=CLIENT)
    assert (joined.status_code, joined.headers["Content-Location"]) == (200, LOCATION)
    assert re.fullmatch(r'"[^"]+"', joined.headers["ETag"])
    assert table.zoe.xuid in [m["constants"]["system"]["xuid"] for m in as_json(joined)["members"].values()]


def test_a_client_invites_one_by_one(xbl: XboxLive) -> None:
    """One POST for each invitee, who then joins a session that the restriction would keep them from."""
    table = Table(xbl, LOCAL)
    handles = []
    for user in (table.ben, table.zoe):
        body = {
            "type": "invite",
            "version": 1,
            "sessionRef": REF,
            "invitedXuid": user.xuid,
            "inviteAttributes": {"titleId": "1719000001", "context": "map=dunes", "contextString": "///invite_text"},
        }
        answer = table.client.post("/handles", json=body, headers=CLIENT)
        assert answer.status_code == 201
        handles.append(as_json(answer)["id"])
    assert all(len(handle) <= 39 for handle in handles)
    assert len(set(handles)) == 2
    assert table.stranger.put(ONE, json=ACTIVE, headers=CLIENT).status_code == 403
    crossed = table.stranger.put(f"/handles/{handles[0]}/session", json=ACTIVE, headers=CLIENT)
    taken = table.stranger.put(f"/handles/{handles[1]}/session", json=ACTIVE, headers=CLIENT)
    assert (crossed.status_code, taken.status_code) == (403, 200)


def test_a_client_takes_its_lobby_into_a_game(table: Table) -> None:
    """A transfer from the lobby to the game; its id goes around in the lobby, and the others PUT through it."""
    game = {**REF, "name": "game"}
    ben = table.other
    assert (
        ben.put(f"{ROOMS}/game", json={**ACTIVE, "constants": {"system": {"visibility": "private"}}}).status_code == 201
    )
    made = ben.post(
        "/handles",
        json={"type": "transfer", "version": 1, "sessionRef": game, "originSessionRef": REF},
        headers=CLIENT,
    )
    custom = {"GameSessionTransferHandle": f"completed~{as_json(made)['id']}"}
    table.client.put(ONE, json={"properties": {"custom": custom}}, headers={**CLIENT, "If-Match": "*"})
    told = as_json(table.client.get(ONE))["properties"]["custom"]["GameSessionTransferHandle"]
    path = f"/handles/{told.removeprefix('completed~')}/session"
    joined = table.client.put(path, json=ACTIVE, headers=CLIENT)
    refused = table.stranger.put(path, json=ACTIVE, headers=CLIENT)
    only_reserved = table.reserved.put(path, json=ACTIVE, headers=CLIENT)
    assert [answer.status_code for answer in (made, joined, refused, only_reserved)] == [201, 200, 403, 403]


def test_a_client_that_comes_too_late_can_tell(table: Table) -> None:
    """404 through a stale handle: it then makes a session of its own."""
    path = f"{table.make('transfer')}/session"
    table.reserved.put(ONE, json=LEAVE)
    table.client.put(ONE, json=LEAVE)
    assert table.other.put(path, json=ACTIVE, headers=CLIENT).status_code == 404
