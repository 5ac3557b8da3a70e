"""Requests as commands for a shell."""

from __future__ import annotations

import shlex

import pytest

from bodies import ACTIVE, ONE
from pytest_xbl import User, XboxLive
from pytest_xbl.pages.curl import LONGEST, curl

CONTRACT = "-H 'X-Xbl-Contract-Version: 107'"
JSON = "-H 'Content-Type: application/json'"
TOKEN = '-H "Authorization: $XBL_TOKEN"'


@pytest.fixture
def stacy(xbl: XboxLive) -> User:
    """The caller."""
    return xbl.user("Stacy", token="secret-token-of-mine")


def lines(xbl: XboxLive) -> list[str]:
    """The lines of the command of the last request."""
    return curl(xbl.journal[-1]).split(" \\\n  ")


def test_a_command_sends_the_request_once_more(xbl: XboxLive, stacy: User) -> None:
    """With the headers that the fake reads; address and token are variables of the shell (SEEN-4)."""
    xbl.client(stacy).put(f"{ONE}?nocommit=true", json=ACTIVE, headers={"If-Match": '"a\'b"'})
    assert lines(xbl) == [
        f"curl -i -X PUT \"$XBL_URL\"'{ONE}?nocommit=true'",
        TOKEN,
        CONTRACT,
        """-H 'If-Match: "a'"'"'b"'""",
        JSON,
        '--data-raw \'{"members": {"me": {"properties": {"system": {"active": true}}}}}\'',
    ]


def test_a_plain_read_is_short(xbl: XboxLive) -> None:
    """GET needs no option, and nobody has a token (SEEN-4)."""
    xbl.client().get("/x y/é?a=b&c")
    assert lines(xbl) == ["curl -i \"$XBL_URL\"'/x%20y/%C3%A9?a=b&c'"]


def test_a_real_host_is_a_header(xbl: XboxLive, stacy: User) -> None:
    """The address is that of the fake all the same (HOST-1)."""
    xbl.client(stacy).get(ONE, headers={"Host": "sessiondirectory.xboxlive.com"})
    assert lines(xbl) == [f'curl -i "$XBL_URL"{ONE}', TOKEN, CONTRACT, "-H 'Host: sessiondirectory.xboxlive.com'"]


def test_the_address_may_be_given(xbl: XboxLive, stacy: User) -> None:
    """As a shell reads it (SEEN-4)."""
    xbl.client(stacy).get("/handles/query")
    assert curl(xbl.journal[0], "http://127.0.0.1:9").startswith("curl -i http://127.0.0.1:9/handles/query ")


@pytest.mark.parametrize(("more", "data"), [(0, "--data-raw"), (1, "--data-binary")])
def test_a_long_body_comes_from_a_file(xbl: XboxLive, stacy: User, more: int, data: str) -> None:
    """A page shows it elsewhere (SEEN-8)."""
    text = "x" * (LONGEST + more)
    xbl.client(stacy).post("/handles", data=text, content_type="application/json")
    assert lines(xbl)[-1] == (f"--data-raw {text}" if data == "--data-raw" else "--data-binary @body.json")


def test_a_body_that_was_compressed_is_sent_as_it_reads(xbl: XboxLive, stacy: User) -> None:
    """So the command names no encoding (CALL-13)."""
    xbl.client(stacy).put(ONE, data=b"{}", content_type="application/json", headers={"Content-Encoding": "identity"})
    assert lines(xbl)[-2:] == [JSON, "--data-raw '{}'"]


def test_secrets_of_a_sign_in_are_left_out(xbl: XboxLive, stacy: User) -> None:
    """In the query string and in the body (SEEN-4)."""
    headers = {"Host": "login.live.com", "Content-Type": "application/x-www-form-urlencoded"}
    xbl.client().post("/oauth20_token.srf?code=HUSH", data="refresh_token=HUSH&client_id=id", headers=headers)
    text = curl(xbl.journal[0])
    assert "HUSH" not in text
    assert "?code=..." in text
    assert "refresh_token=...&client_id=id" in text


@pytest.mark.parametrize("text", ["; rm -rf /", "$(id)", "`id`", "'", '"', "a\nb", "\\", "$XBL_TOKEN"])
def test_nothing_that_a_user_writes_gets_to_the_shell(xbl: XboxLive, stacy: User, text: str) -> None:
    """A command has just the words that it should have (SEEN-8)."""
    xbl.client(stacy).put(f"/{text}?{text.replace('#', '')}", data=text, headers={"If-Match": text.replace("\n", " ")})
    command = curl(xbl.journal[0]).replace(" \\\n", " ").replace('"$XBL_URL"', "")
    words = shlex.split(command.replace('"Authorization: $XBL_TOKEN"', "token"))
    assert words[:4] == ["curl", "-i", "-X", "PUT"]
    assert words[5:7] == ["-H", "token"]
    assert words[-2:] == ["--data-raw", text]
    assert all(word == "-H" for word in words[5:-2:2])
