"""The details of a request."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from bodies import ACTIVE, ONE
from elements import Element, parsed
from pytest_xbl import User, XboxLive
from pytest_xbl.pages.bodies import Bodies, texts
from pytest_xbl.pages.curl import curl
from pytest_xbl.pages.exchanges import exchange
from pytest_xbl.world.keeping import Kept


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The caller."""
    return xbl.user("Stacy")


def bodies(xbl: XboxLive) -> Bodies:
    """All bodies of the world."""
    return Bodies((text for entry in xbl.journal for text in texts(entry)), rest="")


def blocks(part: Element) -> list[str]:
    """The texts of blocks, and of the lines between."""
    return [it.raw for it in part.children if isinstance(it, Element)]


def test_the_details_are_a_command_and_both_bodies(xbl: XboxLive, stacy: User) -> None:
    """And the headers of the response, without those that are always there (SEEN-8)."""
    session = xbl.sessions.create("lobby", name="one", members=[xbl.user("Ana")])
    response = xbl.client(stacy).put(ONE, json=ACTIVE)
    shown = parsed(exchange(xbl.journal[0], bodies(xbl)))
    command, sent, head, got = blocks(shown)
    assert command == curl(xbl.journal[0])
    assert sent == '{"members": {"me": {"properties": {"system": {"active": true}}}}}'
    assert head.splitlines() == [
        "200 OK",
        f"ETag: {session.etag}",
        "X-XblCorrelationId: ca110000-0000-4000-8000-000000000001",
        "Content-Type: application/json",
    ]
    assert got.startswith('{\n "contractVersion": 107,')
    assert [it.attributes.get("id") for it in shown.all("pre")] == [None, "request-1-sent", None, "request-1-got"]
    assert response.status_code == 200


def test_the_command_has_the_address_of_a_fake_that_runs(xbl: XboxLive, stacy: User) -> None:
    """Of one that is over, a variable (SEEN-8)."""
    xbl.client(stacy).get("/handles")
    assert blocks(parsed(exchange(xbl.journal[0], bodies(xbl), url="http://x")))[0].startswith(
        "curl -i http://x/handles"
    )


def test_what_is_not_there_has_no_block(xbl: XboxLive, stacy: User) -> None:
    """A read has no body, and 204 neither (CODE-204)."""
    xbl.client(stacy).get(ONE)
    assert blocks(parsed(exchange(xbl.journal[0], bodies(xbl))))[1:] == [
        "204 No Content\nX-XblCorrelationId: ca110000-0000-4000-8000-000000000001"
    ]


def test_equal_bodies_are_shown_once(xbl: XboxLive, stacy: User) -> None:
    """Later ones lead to the first (SEEN-8)."""
    for _ in range(2):
        xbl.client(stacy).put(ONE, json=ACTIVE)
    shown = bodies(xbl)
    parts = [parsed(exchange(entry, shown)) for entry in xbl.journal]
    assert [[it.text for it in part.all("p")] for part in parts] == [
        [],
        ["The same as the body of request #1.", "The same as the response to #1."],
    ]
    assert [it.attributes["href"] for it in parts[1].all("a")] == ["#request-1-sent", "#request-1-got"]


def test_a_refusal_shows_its_text(xbl: XboxLive, stacy: User) -> None:
    """The header that repeats it is left out (CODE-400)."""
    xbl.client(stacy).put(ONE, data=b"\xff{", content_type="application/json")
    command, sent, head, got = blocks(parsed(exchange(xbl.journal[0], bodies(xbl))))
    assert (sent, head.splitlines()[0]) == ("\ufffd{", "400 Bad Request")
    assert "X-Xbl-Refusal" not in head
    assert got == xbl.journal[0].answered
    assert "--data-raw" in command


class Said(NamedTuple):
    """A message on a websocket."""

    is_sent: bool
    text: str


def test_messages_on_a_websocket_are_a_list(xbl: XboxLive) -> None:
    """In their order, with who sent them, and how many were let go (TAP-3, SEEN-18)."""
    xbl.client().get("/connect")
    said: Kept[Said] = Kept("message", 2)
    said.append(Said(is_sent=True, text="[1,1,<b>]"))
    said.append(Said(is_sent=False, text="[1,1,0]"))
    shown = parsed(exchange(xbl.journal[0], bodies(xbl), messages=said))
    assert [it.text for it in shown.one("ol").all("li")] == ["client: [1,1,<b>]", "fake: [1,1,0]"]
    said.append(Said(is_sent=True, text="[2,2]"))
    shown = parsed(exchange(xbl.journal[0], bodies(xbl), messages=said))
    gap = "1 earlier message was let go (xbl_keep is 2)."
    assert [it.text for it in shown.one("ol").all("li")] == [gap, "fake: [1,1,0]", "client: [2,2]"]


def test_secrets_of_a_sign_in_are_left_out(xbl: XboxLive, stacy: User) -> None:
    """Of requests and responses (SEEN-4)."""
    form = {"grant_type": "authorization_code", "client_id": "id", "client_secret": "HUSH", "code": stacy.sign_in_code}
    headers = {"Host": "login.live.com"}
    got = xbl.client().post("/oauth20_token.srf", data=form, headers=headers).get_json()
    shown = str(exchange(xbl.journal[0], bodies(xbl)))
    assert [secret for secret in ("HUSH", stacy.sign_in_code, got["access_token"]) if secret in shown] == []
