"""The messages of real-time activity, as values (TAP)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errors import told_of
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.wire.activity import (
    RESYNC,
    Code,
    Message,
    Subscribe,
    Unreadable,
    Unsubscribe,
    event,
    parse_message,
    parse_uri,
    rendered,
    reply,
    taps_as_json,
)
from pytest_xbl.world.connections import Tap
from pytest_xbl.world.state import START

EXPECTED = "Expected [1, seq, uri] to subscribe or [2, seq, id] to unsubscribe; got"
SCID = "5C1D0000-0000-4000-8000-00000000000A"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[1, 0, "https://x"]', Subscribe(0, "https://x")),
        ('[1,4294967295,""]', Subscribe(4294967295, "")),
        ("[2, 7, 0]", Unsubscribe(7, 0)),
    ],
)
def test_a_client_subscribes_and_unsubscribes(text: str, message: Message) -> None:
    """With a number of its own, which may be 0 (TAP-3)."""
    assert parse_message(text.encode(), is_text=True) == message


@pytest.mark.parametrize(
    ("data", "code", "what"),
    [
        (b"", 1007, "The message is not JSON: Expecting value in line 1, column 1."),
        (b"[1, 0, ", 1007, "The message is not JSON: Expecting value in line 1, column 8."),
        (b"\xff", 1007, "The message is not UTF-8."),
        (b'{"a": 1}', 1008, f'{EXPECTED} {{"a": 1}}.'),
        (b"[]", 1008, f"{EXPECTED} []."),
        (b"[4]", 1008, f"{EXPECTED} [4]."),
        (b'[3, 0, "x"]', 1008, f'{EXPECTED} [3, 0, "x"].'),
        (b"[1, 0]", 1008, f"{EXPECTED} [1, 0]."),
        (b"[1, 0, 7]", 1008, f"{EXPECTED} [1, 0, 7]."),
        (b'[1, "0", "x"]', 1008, f'{EXPECTED} [1, "0", "x"].'),
        (b'[1, -1, "x"]', 1008, f'{EXPECTED} [1, -1, "x"].'),
        (b'[true, 0, "x"]', 1008, f'{EXPECTED} [true, 0, "x"].'),
        (b'[1, false, "x"]', 1008, f'{EXPECTED} [1, false, "x"].'),
        (b"[2, 0, true]", 1008, f"{EXPECTED} [2, 0, true]."),
        (b'[2, 0, "0"]', 1008, f'{EXPECTED} [2, 0, "0"].'),
        (b"[1.0, 0, 0]", 1008, f"{EXPECTED} [1.0, 0, 0]."),
    ],
)
def test_anything_else_cannot_be_read(data: bytes, code: int, what: str) -> None:
    """And ends the connection with a code (TAP-12)."""
    with pytest.raises(Unreadable) as unreadable:
        parse_message(data, is_text=True)
    refusal = unreadable.value.refusal
    assert (unreadable.value.code, refusal.what, refusal.rule, refusal.mistake) == (code, what, "TAP-12", "bad-body")


def test_a_binary_message_cannot_be_read() -> None:
    """Whatever it holds (TAP-12)."""
    with pytest.raises(Unreadable) as unreadable:
        parse_message(b"[2, 0, 0]", is_text=False)
    assert (unreadable.value.code, unreadable.value.refusal.what) == (
        1003,
        "A message is text, and this one is binary.",
    )


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (reply(Subscribe(0, "x"), Code.DONE, 0, {"ConnectionId": "c"}), '[1,0,0,0,{"ConnectionId":"c"}]'),
        (reply(Subscribe(1, "x"), Code.DONE, 7, None), "[1,1,0,7,null]"),
        (reply(Subscribe(2, "x"), Code.UNKNOWN_RESOURCE, "text"), '[1,2,1,"text"]'),
        (reply(Subscribe(3, "x"), Code.TOO_MANY, "text"), '[1,3,2,"text"]'),
        (reply(Subscribe(4, "x"), Code.NO_DATA, "text"), '[1,4,3,"text"]'),
        (reply(Unsubscribe(5, 0), Code.DONE), "[2,5,0]"),
        (reply(Unsubscribe(6, 0), Code.UNKNOWN_ID), "[2,6,5]"),
        (event(7, 32), "[3,7,32]"),
        (RESYNC, "[4]"),
    ],
)
def test_the_service_replies_and_tells(message: list[Any], text: str) -> None:
    """In the forms of the recordings (TAP-3)."""
    assert rendered(message) == text


USERS = "/users/xuid(7)"
STATISTIC = ("statistic", "7", SCID, "Kills")


@pytest.mark.parametrize(
    ("uri", "resource"),
    [
        ("https://sessiondirectory.xboxlive.com/connections/", ("sessions",)),
        ("https://sessiondirectory.xboxlive.com/connections", None),
        ("HTTPS://SessionDirectory.XboxLive.com/Connections/5c1d", ("sessions",)),
        (f"https://userstats.xboxlive.com{USERS}/scids/{SCID}/stats/Kills", STATISTIC),
        (f"http://UserStats.xboxlive.com/Users/XUID(7)/scids/{SCID}/stats/Kills/", STATISTIC),
        (f"https://userstats.xboxlive.com{USERS}/scids/{SCID}/stats/", None),
        (f"https://userstats.xboxlive.com{USERS}/scids/{SCID}/stats/Kills,Deaths", None),
        (f"https://userstats.xboxlive.com{USERS}/scids/{SCID}/stats/Kills?x=1", None),
        (f"https://userstats.xboxlive.com/users/xuid(x)/scids/{SCID}/stats/Kills", None),
        (f"http://social.xboxlive.com{USERS}/friends", ("friends", "7")),
        (f"https://social.xboxlive.com{USERS}/people", None),
        (f"https://userpresence.xboxlive.com{USERS}/titles/1719", ("title", "7", "1719")),
        (f"https://userpresence.xboxlive.com{USERS}/devices", ("devices", "7")),
        (f"https://userpresence.xboxlive.com{USERS}/richpresence", None),
        ("ftp://social.xboxlive.com/users/xuid(7)/friends", None),
        ("", None),
    ],
)
def test_a_resource_has_a_uri(uri: str, resource: tuple[str, ...] | None) -> None:
    """Hosts and literal parts in any case, with a slash at the end or without; others are unknown (TAP-6, TAP-13)."""
    if resource is not None:
        assert parse_uri(uri) == resource
        return
    known = (
        "https://sessiondirectory.xboxlive.com/connections/, "
        "https://userstats.xboxlive.com/users/xuid({xuid})/scids/{scid}/stats/{name}, "
        "https://social.xboxlive.com/users/xuid({xuid})/friends, "
        "https://userpresence.xboxlive.com/users/xuid({xuid})/titles/{titleId}, "
        "https://userpresence.xboxlive.com/users/xuid({xuid})/devices"
    )
    status, where, what, rule = told_of(lambda: parse_uri(uri))
    assert (status, where, rule) == (404, "the message", "TAP-3")
    assert what == f"The fake has no resource {json.dumps(uri)}; it has {known}."


def test_taps_are_told_as_recordings_show_them() -> None:
    """Names in lower case, and no number for the end of a session (TAP-2, TAP-9)."""
    ref = SessionRef(SCID, "Lobby", "One")
    kinds: frozenset[str] = frozenset({"host"})
    tap = Tap("Ana", ref, 4, kinds, "Bob", "put-session", START, "c", "81a3266d", "b", "7")
    shown = {
        "timestamp": "2026-01-01T12:00:00.0000000Z",
        "subscription": "81a3266d",
        "resourceType": "mpsd/session",
        "resource": f"{SCID.lower()}~lobby~one",
        "branch": "b",
        "changeNumber": 4,
    }
    end = {name: value for name, value in shown.items() if name != "changeNumber"}
    assert taps_as_json([tap, tap._replace(number=None)], "n") == {"ncid": "n", "shoulderTaps": [shown, end]}
