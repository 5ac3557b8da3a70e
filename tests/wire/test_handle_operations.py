"""Handles over the wire: made, read and deleted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bodies import READY, as_json, ref
from errors import refusal_text
from pytest_xbl.mpsd.shapes import GUID
from worlds import state_of

if TYPE_CHECKING:
    from tests.wire.conftest import Table

ROOM = ref(template="room")
MISSING = ref("missing", "room")
CHOSEN = "11111111-ebe0-42da-885f-033860a818f6"
UNKNOWN = refusal_text("There is no such handle, or not any more.", "the URI", "HAND-7")
TYPES = ("activity", "invite", "transfer")
USES = [("GET", ""), ("DELETE", ""), ("GET", "/session"), ("PUT", "/session")]

every_kind = pytest.mark.parametrize("kind", TYPES)
every_use = pytest.mark.parametrize(("method", "end"), USES)


# Making a handle


@every_kind
@pytest.mark.parametrize("contract", ["104", "105", "107"])
def test_a_handle_is_made_and_read_the_same_under_every_contract(table: Table, kind: str, contract: str) -> None:
    """201 with handle and place, and GET has the same later (HAND-2, HAND-3, HAND-4, HAND-5, HAND-6, CODE-201)."""
    headers = {"X-Xbl-Contract-Version": contract}
    made = table.client.post("/handles", json=table.body(kind), headers=headers)
    handle = as_json(made)
    assert (made.status_code, {name: handle[name] for name in table.body(kind)}) == (201, table.body(kind))
    assert (handle.get("inviteProtocol", "game"), bool(re.fullmatch(GUID, handle["id"]))) == ("game", True)
    place = f"/handles/{handle['id']}"
    assert (made.headers["Location"], made.headers["Content-Location"], "ETag" in made.headers) == (place, place, False)
    table.xbl.clock.advance(hours=1)
    read = table.client.get(made.headers["Location"], headers=headers)
    assert (read.status_code, read.data) == (200, made.data)


@every_kind
def test_only_a_search_handle_is_answered_with_what_is_included(table: Table, kind: str) -> None:
    """Any other has its own data alone, whatever the request includes (HAND-5, SRCH-1)."""
    made = table.client.post("/handles?include=relatedInfo,roleInfo,customProperties", json=table.body(kind))
    assert (made.status_code, made.data) == (201, table.client.get(made.headers["Location"]).data)


def test_a_context_may_be_any_text(table: Table) -> None:
    """Half a character, which JSON can write and no encoding can, comes back as it was sent (HAND-3)."""
    attributes = {"context": "a\ud800", "senderString": "\udfff"}
    made = table.client.post("/handles", json={**table.body("invite"), "inviteAttributes": attributes})
    assert (made.status_code, as_json(made)["inviteAttributes"]) == (201, attributes)
    assert table.stranger.get(made.headers["Location"]).data == made.data


@every_kind
def test_a_handle_has_the_id_that_its_body_names_unless_it_is_taken(table: Table, kind: str) -> None:
    """In lower case, as every id; the second time it is 409, whatever the case (HAND-1)."""
    body = {**table.body(kind), "id": CHOSEN.upper()}
    made = table.client.post("/handles", json=body)
    assert (made.status_code, as_json(made)["id"]) == (201, CHOSEN)
    assert made.headers["Location"] == f"/handles/{CHOSEN}"
    assert table.client.get(f"/handles/{CHOSEN.upper()}").data == made.data
    taken = table.client.post("/handles", json=body)
    what = f"There is a handle {CHOSEN} already."
    assert (taken.status_code, taken.text) == (409, refusal_text(what, "/id", "HAND-1"))
    if kind != "invite":
        elsewhere = table.client.post("/handles", json={**table.body(kind, MISSING), "id": CHOSEN})
        assert elsewhere.status_code == 403, "whoever may not make it learns nothing of the id"


def test_making_a_handle_makes_no_session(table: Table) -> None:
    """It may lead to one that does not exist, of which it then says nothing (HAND-1, HAND-5)."""
    made = table.client.post("/handles", json=table.body("invite", MISSING))
    assert (made.status_code, as_json(made)["sessionRef"]) == (201, MISSING)
    assert "inviteProtocol" not in as_json(made)
    assert len(table.xbl.sessions) == 2


def test_a_handle_that_cannot_be_made_is_refused_in_text(table: Table) -> None:
    """Its place is one in the body, and nothing is made (HAND-1, HAND-4, TMPL-1)."""
    before = state_of(table.xbl)
    body = {**table.body("transfer"), "originSessionRef": ref("one", "nothing")}
    refused = table.client.post("/handles", json=body)
    what = f"There is no template nothing in {ROOM['scid']}; it has {READY}, room."
    assert (refused.status_code, refused.text) == (404, refusal_text(what, "/originSessionRef", "TMPL-1"))
    assert state_of(table.xbl) == before


# Reading and deleting a handle


@pytest.mark.parametrize("name", ["7", f"%7B{CHOSEN}%7D", "00000000-0000-0000-0000-000000000000"])
@every_use
def test_an_id_that_is_none_is_refused(table: Table, name: str, method: str, end: str) -> None:
    """400: no service ever made such a handle (HAND-15)."""
    refused = table.client.open(f"/handles/{name}{end}", method=method, json={})
    shown = name.replace("%7B", "{").replace("%7D", "}")
    what = f'A handle is named by a GUID that is not all zeros, not "{shown}".'
    assert (refused.status_code, refused.text) == (400, refusal_text(what, "the URI", "HAND-15"))


@every_use
def test_an_unknown_handle_is_not_found(table: Table, method: str, end: str) -> None:
    """404, whoever asks (HAND-7)."""
    for client in (table.client, table.server):
        refused = client.open(f"/handles/{CHOSEN}{end}", method=method, json={})
        assert (refused.status_code, refused.text, "Content-Location" in refused.headers) == (404, UNKNOWN, False)


@pytest.mark.parametrize(
    ("caller", "seen", "deleted"), [("Ana", 404, 404), ("Zoe", 200, 403), ("Stacy", 200, 204), ("server", 200, 204)]
)
def test_a_handle_is_seen_by_those_for_whom_it_is(table: Table, caller: str, seen: int, deleted: int) -> None:
    """An invite is deleted by its owner and services; others learn that it is not theirs, if they see it at all.

    The rules are HAND-8 and HAND-15.
    """
    path, client = table.make("invite"), table.caller(caller)
    texts = {
        404: UNKNOWN,
        403: refusal_text("A handle is deleted by whoever made it, or by a service.", "the URI", "HAND-8"),
    }
    read = client.get(path)
    assert (read.status_code, read.text == UNKNOWN) == (seen, seen == 404)
    answer = client.delete(path)
    assert (answer.status_code, answer.text) == (deleted, texts.get(deleted, ""))
    assert table.client.get(path).status_code == (404 if deleted == 204 else 200)
