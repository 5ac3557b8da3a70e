"""The journal as an HTTP archive: what the format asks for, and what is left out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from bodies import ACTIVE, NAMES, ONE, REF, SCID, TEMPLATES
from pytest_xbl import XboxLive
from pytest_xbl.mpsd.view import etag
from pytest_xbl.reporting.har import har
from pytest_xbl.wire.conversation import Said
from pytest_xbl.world.keeping import Kept

PAIRS = [{"name": str, "value": str}]
FORM = {
    "log": {
        "version": str,
        "creator": {"name": str, "version": str},
        "entries": [
            {
                "startedDateTime": str,
                "time": (int, float),
                "request": {
                    "method": str,
                    "url": str,
                    "httpVersion": str,
                    "cookies": PAIRS,
                    "headers": PAIRS,
                    "queryString": PAIRS,
                    "headersSize": int,
                    "bodySize": int,
                },
                "response": {
                    "status": int,
                    "statusText": str,
                    "httpVersion": str,
                    "cookies": PAIRS,
                    "headers": PAIRS,
                    "content": {"size": int, "mimeType": str},
                    "redirectURL": str,
                    "headersSize": int,
                    "bodySize": int,
                },
                "cache": {},
                "timings": {"send": (int, float), "wait": (int, float), "receive": (int, float)},
            }
        ],
    }
}
"""All that version 1.2 of the format requires, and of what type it is."""


def require_form(value: Any, form: Any, at: str = "") -> None:
    """Fail unless a value has all that the form requires."""
    if isinstance(form, dict):
        assert isinstance(value, dict), at
        for name, inner in form.items():
            assert name in value, f"{at}/{name}"
            require_form(value[name], inner, f"{at}/{name}")
    elif isinstance(form, list):
        assert isinstance(value, list), at
        for place, inner in enumerate(value):
            require_form(inner, form[0], f"{at}/{place}")
    else:
        assert isinstance(value, form), at


@pytest.fixture
def played(xbl: XboxLive) -> XboxLive:
    """A world in which requests of many kinds have arrived."""
    client = xbl.client(xbl.user("Stacy", token="secret"))
    client.put(ONE, json=ACTIVE)
    client.get(ONE, headers={"If-None-Match": "*"})
    client.put(ONE, json=ACTIVE, headers={"If-Match": '"x"'})
    client.get(ONE, query_string={"a": "ü &", "b": ""})
    client.put(ONE, data=b"\xff{", content_type="text/plain")
    client.delete(f"{ONE}/members/me")
    client.get(TEMPLATES)
    xbl.client().get("/x")
    client.head(ONE)
    client.get(f"{TEMPLATES}/lobby/sessions/My%20Party%2Fü%3Fa%23b")
    return xbl


def entries(world: XboxLive) -> list[dict[str, Any]]:
    """The entries of the archive, as whoever reads the file finds them."""
    archive = json.loads("".join(har(world.journal)))
    found: list[dict[str, Any]] = archive["log"]["entries"]
    return found


def test_the_archive_is_of_version_1_2(played: XboxLive) -> None:
    """It has every field that the format requires, and lengths and times that fit."""
    archive = json.loads("".join(har(played.journal)))
    require_form(archive, FORM)
    assert archive["log"]["version"] == "1.2"
    assert len(archive["log"]["entries"]) == len(played.journal)
    for entry in archive["log"]["entries"]:
        assert datetime.fromisoformat(entry["startedDateTime"][:19]).year == 2026
        assert entry["time"] == sum(entry["timings"].values()) > 0
        assert urlsplit(entry["request"]["url"]).netloc == "localhost"
        assert entry["request"]["url"].isascii()
        assert " " not in entry["request"]["url"]
        assert entry["response"]["content"]["size"] == len(entry["response"]["content"]["text"].encode())
        if "postData" in entry["request"]:
            require_form(entry["request"]["postData"], {"mimeType": str, "text": str}, "postData")


def test_an_archive_of_nothing_is_an_archive(xbl: XboxLive) -> None:
    """Without entries."""
    archive = json.loads("".join(har(xbl.journal)))
    require_form(archive, FORM)
    assert archive["log"]["entries"] == []


def test_an_archive_says_what_was_let_go(xbl: XboxLive) -> None:
    """Of the requests in a comment, and of the messages on a websocket beside these (SEEN-18)."""
    xbl.client().get("/x")
    said: Kept[Said] = Kept("message", 1)
    for text in ("[1]", "[2]"):
        said.append(Said(is_sent=True, time=xbl.clock.now, text=text))
    log = json.loads("".join(har(xbl.journal, {1: said}, gap="2 earlier requests were let go")))["log"]
    [entry] = log["entries"]
    assert log["comment"] == "2 earlier requests were let go"
    assert [one["data"] for one in entry["_webSocketMessages"]] == ["[2]"]
    assert entry["_webSocketGap"] == "1 earlier message was let go (xbl_keep is 1)"


def test_tokens_are_left_out(played: XboxLive) -> None:
    """An archive can be given to anybody."""
    text = "".join(har(played.journal))
    assert "secret" not in text
    assert "Authorization" not in text.replace("where: Authorization", "")


def test_a_write_is_there_with_all_that_was_sent_and_received(played: XboxLive) -> None:
    """The body of the answer is the session, as the client received it."""
    entry = entries(played)[0]
    milliseconds = entry["time"]
    version = played.sessions["one"].history[0]
    assert version.session
    assert json.loads(entry["response"]["content"].pop("text")) == version.document
    assert entry["response"]["content"].pop("size") == entry["response"].pop("bodySize") > 500
    headers = entry["response"]["headers"]
    assert headers[0] == {"name": "ETag", "value": etag(version.session)}
    assert entry == {
        "startedDateTime": "2026-01-01T12:00:00.0000000Z",
        "time": milliseconds,
        "request": {
            "method": "PUT",
            "url": f"http://localhost{ONE}",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [
                {"name": "X-Xbl-Contract-Version", "value": "107"},
                {"name": "Host", "value": "localhost"},
                {"name": "Content-Type", "value": "application/json"},
            ],
            "queryString": [],
            "postData": {"mimeType": "application/json", "text": json.dumps(ACTIVE)},
            "headersSize": -1,
            "bodySize": len(json.dumps(ACTIVE)),
        },
        "response": {
            "status": 201,
            "statusText": "Created",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers,
            "content": {"mimeType": "application/json"},
            "redirectURL": "",
            "headersSize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": "#1 Stacy: put-session lobby/one -> 201",
        "_caller": "Stacy",
    }


def test_a_query_string_is_taken_apart(played: XboxLive) -> None:
    """And stands in the URL as it came."""
    request = entries(played)[3]["request"]
    assert request["url"] == f"http://localhost{ONE}?a=%C3%BC+%26&b="
    assert request["queryString"] == [{"name": "a", "value": "ü &"}, {"name": "b", "value": ""}]
    assert "postData" not in request


def test_a_body_that_is_no_text_is_shown_as_far_as_it_goes(played: XboxLive) -> None:
    """Its size and type are those of what was sent."""
    request = entries(played)[4]["request"]
    assert (request["postData"], request["bodySize"]) == ({"mimeType": "text/plain", "text": "\ufffd{"}, 2)


def test_an_answer_without_a_body_has_an_empty_one(played: XboxLive) -> None:
    """Of size 0 and no type."""
    response = entries(played)[5]["response"]
    assert (response["status"], response["statusText"], response["bodySize"]) == (204, "No Content", 0)
    assert response["content"] == {"size": 0, "mimeType": "", "text": ""}


def test_a_refusal_has_its_text(played: XboxLive) -> None:
    """As the client received it, and why in the header."""
    response = entries(played)[7]["response"]
    what = "The fake has no operation GET /x on host localhost."
    assert response["content"]["text"] == f"{what}\nwhere: the URI\nrule: CALL-7\n"
    assert response["headers"][0] == {"name": "X-Xbl-Refusal", "value": f"CALL-7 at the URI: {what}"}


def test_a_response_has_the_headers_that_the_client_received(xbl: XboxLive) -> None:
    """All of them, in their order, although the journal keeps few (CALL-11, CALL-17)."""
    stacy, zoe = xbl.users("Stacy", "Zoe")
    client = xbl.client(stacy)
    received = [
        client.put(ONE, json=ACTIVE),
        client.put(f"{ONE}?nocommit=true", json={"members": {"me": None, "reserve_0": None}}),
        client.put(f"{ONE}?nocommit=true", json={"properties": {"custom": {"a": 1}}}),
        client.get(ONE, headers={"If-None-Match": "*"}),
        client.get(f"{ONE}/constants"),
        client.put(ONE, json={}, headers={"If-Match": "x", "X-Xbl-Contract-Version": "105"}),
        client.post("/handles", json={"type": "activity", "sessionRef": REF, "id": NAMES["id"]}),
        client.get(f"/handles/{NAMES['id']}/session"),
        client.put(f"/handles/{NAMES['id']}/session", json={}, headers={"If-None-Match": "*"}),
        client.put(f"/handles/{NAMES['id']}/session", json={}, headers={"If-Match": '"x"'}),
        xbl.client(zoe).put(f"/handles/{NAMES['id']}/session?nocommit=true", json=ACTIVE),
        client.patch(ONE),
        client.get(TEMPLATES),
        client.get(f"/users/xuid({stacy.xuid})/scids/{SCID}/stats/Kills", headers={"X-Xbl-Contract-Version": "1"}),
        client.delete(f"{ONE}/members/me"),
    ]
    assert len({answer.status_code for answer in received}) == 7
    shown = [[(pair["name"], pair["value"]) for pair in entry["response"]["headers"]] for entry in entries(xbl)]
    assert shown == [[*answer.headers] for answer in received]
    assert [entry.answered for entry in xbl.journal] == [answer.text for answer in received]


def test_a_path_is_written_as_a_url_needs_it(played: XboxLive) -> None:
    """Whatever a session is called; a slash that was escaped stands for one that was not, as WSGI has it."""
    url = entries(played)[9]["request"]["url"]
    assert url == f"http://localhost{TEMPLATES}/lobby/sessions/My%20Party/%C3%BC%3Fa%23b"


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("sessiondirectory.xboxlive.com", "https://sessiondirectory.xboxlive.com"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_url_is_that_of_the_client(xbl: XboxLive, host: str, base: str) -> None:
    """With the host that it asked for."""
    xbl.client(xbl.user("Stacy")).get(ONE, headers={"Host": host})
    assert entries(xbl)[0]["request"]["url"] == f"{base}{ONE}"


def test_connect_has_the_host_that_was_asked_for(xbl: XboxLive) -> None:
    """It has no path, and a URL of the archive needs a scheme."""
    xbl.client().open("example.com:443", method="CONNECT", environ_overrides={"PATH_INFO": "example.com:443"})
    assert entries(xbl)[0]["request"]["url"] == "https://example.com:443"


def test_a_fault_has_a_field_of_its_own(xbl: XboxLive) -> None:
    """And the response is the true one, though the client never got it (FAULT-3)."""
    client = xbl.client(xbl.user("Stacy"))
    xbl.faults.lose("get-session", 504)
    assert [client.get(ONE).status_code for _ in range(2)] == [504, 204]
    lost, usual = entries(xbl)
    assert lost["response"]["status"] == 204
    assert lost["_fault"].startswith("lose the answer (504 sent instead), armed at test_har.py:")
    assert "_fault" not in usual
