"""The session behind a handle: read and written through it, and gone with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bodies import ACTIVE, INACTIVE, LEAVE, as_json, lasting, properties, ref, results, session_path
from errors import refusal_text
from worlds import state_of

if TYPE_CHECKING:
    from tests.wire.conftest import Table

ROOM = ref(template="room")
ONE = session_path(template="room")
LOCATION = ONE.replace("sessiontemplates", "sessionTemplates")
ELSEWHERE = LOCATION.replace("one", "missing")
MISSING = ref("missing", "room")
LOCAL = {"joinRestriction": "local", "readRestriction": "local"}
UNKNOWN = refusal_text("There is no such handle, or not any more.", "the URI", "HAND-7")
NO_HELP = {
    "activity": "This activity does not open that for Zoe.",
    "invite": "The invite that Zoe used is for another player.",
    "transfer": "The transfer that Zoe used is for members of its origin.",
}
"""The texts about those whom a handle does not let in."""
TYPES = ("activity", "invite", "transfer")


# The same as at the session's own URI


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("contract", ["104", "105", "107"])
def test_the_session_behind_a_handle_is_read_as_by_its_own_uri(table: Table, kind: str, contract: str) -> None:
    """The same body and headers, and the place of the session (HAND-7, CALL-11)."""
    path = f"{table.make(kind)}/session"
    direct, behind = (table.client.get(uri, headers={"X-Xbl-Contract-Version": contract}) for uri in (ONE, path))
    assert (behind.status_code, behind.data) == (200, direct.data)
    assert lasting(behind.headers) == {**lasting(direct.headers), "Content-Location": LOCATION}


def test_a_session_is_written_through_a_handle(table: Table) -> None:
    """The right ETag goes through, and the response has the next one (HAND-7, PUT-8)."""
    path = f"{table.make('activity')}/session"
    body = {"properties": {"custom": {"map": "woods"}}}
    response = table.client.put(path, json=body, headers={"If-Match": table.session.etag})
    assert (response.status_code, as_json(response)) == (200, table.session.document)
    assert table.session.document["properties"]["custom"] == {"map": "woods"}
    assert (response.headers["ETag"], response.headers["Content-Location"]) == (table.session.etag, LOCATION)
    assert table.session.history[-1].operation == "put-session-by-handle"


def test_a_session_is_written_through_a_handle_in_the_contract_of_the_request(table: Table) -> None:
    """`resubmit` is a field of `matchmaking` under 105 (HAND-7, PROP-7)."""
    body = properties(matchmaking={"serverConnectionString": "x", "resubmit": True})
    path, headers = f"{table.make('activity')}/session", {"X-Xbl-Contract-Version": "105"}
    response = table.client.put(path, json=body, headers=headers)
    assert as_json(response)["properties"]["system"]["matchmaking"] == body["properties"]["system"]["matchmaking"]


@pytest.mark.parametrize(
    ("method", "header", "status"),
    [("GET", "If-None-Match", 304), ("PUT", "If-None-Match", 412), ("GET", "If-Match", 412), ("PUT", "If-Match", 412)],
)
def test_preconditions_are_those_of_the_session(table: Table, method: str, header: str, status: int) -> None:
    """304 and 412 have its version and place; 412 after If-Match the session itself (HAND-7, CODE-304, CODE-412)."""
    path = f"{table.make('activity')}/session"
    tag = '"old"' if header == "If-Match" else table.session.etag
    response = table.client.open(path, method=method, json={}, headers={header: tag})
    assert response.status_code == status
    if header == "If-Match":
        assert as_json(response) == table.session.document
        assert response.headers["X-Xbl-Refusal"] == "PUT-8 at If-Match: This session never had the ETag in If-Match."
    elif method == "PUT":
        assert response.text == refusal_text("The session exists already.", "If-None-Match", "PUT-8")
        return
    assert (response.headers["ETag"], response.headers["Content-Location"]) == (table.session.etag, LOCATION)


def test_a_refused_join_through_a_handle_shows_the_session(table: Table) -> None:
    """403 with the session, for those who may read it, and its place (HAND-7, CODE-403)."""
    path = f"{table.make('activity')}/session"
    table.client.put(ONE, json={"properties": {"system": {"closed": True}}})
    before = state_of(table.xbl)
    refused = table.stranger.put(path, json=ACTIVE)
    assert (refused.status_code, as_json(refused)) == (403, table.session.document)
    assert (refused.headers["ETag"], refused.headers["Content-Location"]) == (table.session.etag, LOCATION)
    assert refused.headers["X-Xbl-Refusal"].startswith("JOIN-4 at /members/me: The session is closed to new members.")
    assert state_of(table.xbl) == before


@pytest.mark.parametrize("table", [{"visibility": "private"}], indirect=True)
def test_a_refused_reading_through_a_handle_shows_nothing(table: Table) -> None:
    """403 as text, and not even the place of the session (HAND-7, JOIN-7)."""
    refused = table.stranger.get(f"{table.make('activity')}/session")
    what = "The session is private: only members and people with a reservation read it. " + NO_HELP["activity"]
    assert (refused.status_code, refused.text) == (403, refusal_text(what, "the URI", "JOIN-7"))
    assert "Content-Location" not in refused.headers


@pytest.mark.parametrize(("kind", "wall"), [*((kind, LOCAL) for kind in NO_HELP), ("activity", {"closed": True})])
def test_a_refused_join_says_why_the_handle_did_not_help(table: Table, kind: str, wall: dict[str, Any]) -> None:
    """It names no invitee and no origin (HAND-15, JOIN-11)."""
    for_ben = {"invitedXuid": table.ben.xuid} if kind == "invite" else {}
    path = f"{table.make(kind, **for_ben)}/session"
    assert table.client.put(ONE, json={"properties": {"system": wall}}).status_code == 200
    refused = table.stranger.put(path, json=ACTIVE)
    assert (refused.status_code, NO_HELP[kind] in refused.headers["X-Xbl-Refusal"]) == (403, True)


def test_a_join_through_a_handle_may_be_rehearsed(table: Table) -> None:
    """`?nocommit=true` answers what the write would answer, and stores nothing (HAND-7, PUT-7)."""
    path = f"{table.make('activity')}/session"
    before = state_of(table.xbl)
    rehearsed = table.stranger.put(f"{path}?nocommit=true", json=ACTIVE)
    assert state_of(table.xbl) == before
    done = table.stranger.put(path, json=ACTIVE)
    assert (rehearsed.status_code, rehearsed.data) == (done.status_code, done.data)
    assert lasting(rehearsed.headers) == {**lasting(done.headers), "ETag": rehearsed.headers["ETag"]}


def test_the_last_one_out_through_a_handle_ends_the_session(table: Table) -> None:
    """204 without a body, and with the session goes the handle (HAND-7, CODE-204)."""
    path = table.make("activity")
    table.reserved.put(ONE, json=LEAVE)
    response = table.client.put(f"{path}/session", json=LEAVE)
    assert (response.status_code, response.data, response.headers["Content-Location"]) == (204, b"", LOCATION)
    assert table.session not in table.xbl.sessions
    assert table.client.get(path).status_code == 404


def test_a_body_is_read_before_the_handle(table: Table) -> None:
    """400 for a wrong one, whatever the handle (HAND-7, CALL-6)."""
    for handle in (table.make("activity"), "/handles/11111111-ebe0-42da-885f-033860a818f6"):
        refused = table.client.put(f"{handle}/session", json={"zzz": 1})
        assert (refused.status_code, refused.text.split("\n")[1:]) == (400, ["where: /zzz", "rule: CALL-6", ""])


def test_a_transfer_is_for_those_who_are_in_its_origin_now(table: Table) -> None:
    """It lets in whoever is there when they use it, not whoever was when it was made (HAND-4, JOIN-11)."""
    table.client.put(ONE, json={"properties": {"system": LOCAL}})
    path = f"{table.make('transfer')}/session"
    before = table.other.get(path).status_code
    table.other.put(session_path("origin", "room"), json=LEAVE)
    assert (before, table.other.get(path).status_code) == (200, 403)


# Handles and the life of a session


def test_a_handle_made_before_its_session_leads_to_the_first_one(table: Table) -> None:
    """204 until there is one, also when leaving it; through the handle it is made: 201 (HAND-7, HAND-19, CODE-201)."""
    path = f"{table.make('invite', sessionRef=MISSING)}/session"
    for early in (table.stranger.get(path), table.stranger.put(path, json=LEAVE)):
        assert (early.status_code, early.data, early.headers["Content-Location"]) == (204, b"", ELSEWHERE)
    assert len(table.xbl.sessions) == 2
    refused = table.stranger.put(path, json=ACTIVE, headers={"If-Match": "*"})
    what = "There is no such session to update."
    assert (refused.status_code, refused.text) == (412, refusal_text(what, "If-Match", "PUT-8"))
    created = table.stranger.put(path, json=ACTIVE, headers={"If-None-Match": "*"})
    assert (created.status_code, as_json(created)) == (201, table.xbl.sessions["missing"].document)
    assert (created.headers["Content-Location"], "Location" in created.headers) == (ELSEWHERE, False)
    again = table.stranger.get(path)
    assert (again.status_code, again.headers["ETag"]) == (200, created.headers["ETag"])


@pytest.mark.parametrize("made_again", [False, True])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", ACTIVE), ("PUT", LEAVE)])
@pytest.mark.parametrize("caller", ["Stacy", "Zoe", "server"])
def test_a_handle_is_stale_once_its_session_is_gone(
    table: Table, made_again: bool, method: str, body: Any, caller: str
) -> None:
    """404, also when there is another session of that name: it is not the one that was meant (HAND-7, HAND-19)."""
    path = table.make("invite")
    table.everybody_leaves()
    if made_again:
        assert table.client.put(ONE, json=ACTIVE).status_code == 201
    before = state_of(table.xbl)
    refused = table.caller(caller).open(f"{path}/session", method=method, json=body)
    what = f"The handle is stale: the session {ROOM['scid']}~room~one that it pointed at was deleted."
    assert (refused.status_code, refused.text) == (404, refusal_text(what, "the URI", "HAND-7"))
    assert "Content-Location" not in refused.headers
    assert state_of(table.xbl) == before


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_the_activity_of_somebody_who_dropped_out_leads_nowhere(table: Table, method: str) -> None:
    """404 already at the access that finds it out, and not only at the next (HAND-9, TIME-7)."""
    path = table.make("activity")
    table.xbl.set_presence(table.stacy, present=False)
    for _ in range(2):
        refused = table.server.open(f"{path}/session", method=method, json={})
        assert (refused.status_code, refused.text) == (404, UNKNOWN)
    assert [version.operation for version in table.session.history[-1:]] == ["timers"]


@pytest.mark.parametrize("way", ["the session", "the handle", "its element"])
def test_an_activity_ends_when_its_owner_stops_playing(table: Table, way: str) -> None:
    """The handle bound to the session ends, by whichever way it happens; an invite does not (HAND-9)."""
    path, invite = table.make("activity"), table.make("invite")
    if way == "its element":
        table.server.delete(f"{ONE}/members/0")
    else:
        table.client.put(ONE if way == "the session" else f"{path}/session", json=INACTIVE)
    ended = table.reserved.get(path)
    assert (ended.status_code, ended.text) == (404, UNKNOWN)
    assert (table.stacy.activity, table.stranger.get(invite).status_code) == (None, 200)


# The steps of shipped clients


def test_a_client_sets_and_clears_its_activity(table: Table) -> None:
    """Clearing is a query for its own activity in the service configuration, and DELETE of the only result."""
    query = {"type": "activity", "scid": ROOM["scid"], "owners": {"xuids": [table.stacy.xuid]}}
    asked = "/handles/query?include=relatedInfo,customProperties"
    for _ in range(2):
        made = as_json(table.client.post("/handles", json=table.body("activity")))
        (found,) = results(table.client.post(asked, json=query))
        assert (found["id"], found["type"], found["customProperties"]) == (made["id"], "activity", {"map": "dunes"})
        assert table.client.delete(f"/handles/{found['id']}").status_code == 204
        assert results(table.client.post("/handles/query", json=query)) == []


@pytest.mark.parametrize("table", [{"properties": LOCAL}], indirect=True)
def test_a_client_invites_one_by_one(table: Table) -> None:
    """One POST for each invitee, who then joins a session that the restriction would keep them from."""
    attributes = {"titleId": "1719000001", "context": "map=dunes", "contextString": "///invite_text"}
    bens, zoes = (
        table.make("invite", invitedXuid=user.xuid, inviteAttributes=attributes) for user in (table.ben, table.zoe)
    )
    for path, status in ((ONE, 403), (f"{bens}/session", 403), (f"{zoes}/session", 200)):
        assert table.stranger.put(path, json=ACTIVE).status_code == status


def test_a_client_takes_its_lobby_into_a_game(table: Table) -> None:
    """A transfer from the lobby to the game; its id goes around in the lobby, and the others PUT through it."""
    hidden = {**ACTIVE, "constants": {"system": {"visibility": "private"}}}
    assert table.other.put(session_path("game", "room"), json=hidden).status_code == 201
    body = {"type": "transfer", "version": 1, "sessionRef": ref("game", "room"), "originSessionRef": ROOM}
    made = table.other.post("/handles", json=body)
    custom = {"GameSessionTransferHandle": f"completed~{as_json(made)['id']}"}
    table.client.put(ONE, json={"properties": {"custom": custom}}, headers={"If-Match": "*"})
    told = as_json(table.client.get(ONE))["properties"]["custom"]["GameSessionTransferHandle"]
    path = f"/handles/{told.removeprefix('completed~')}/session"
    joined, refused, only_reserved = (
        client.put(path, json=ACTIVE) for client in (table.client, table.stranger, table.reserved)
    )
    assert [r.status_code for r in (made, joined, refused, only_reserved)] == [201, 200, 403, 403]
