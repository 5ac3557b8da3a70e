"""Responses: statuses, headers and bodies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bodies import ACTIVE, ONE, TEMPLATES, me, session_path
from people import person
from pytest_xbl import SessionView, XboxLive
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.wire.answer import one_line

if TYPE_CHECKING:
    from pytest_xbl.xbl.client import CallerClient

NOW = "Thu, 01 Jan 2026 12:00:00 GMT"
SOON = "Thu, 01 Jan 2026 12:03:00 GMT"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"


@pytest.fixture
def lobby(xbl: XboxLive) -> SessionView:
    """A session with Stacy, who is active, and Ana, who is ready."""
    stacy, ana = xbl.users("Stacy", "Ana")
    return xbl.sessions.create("lobby", name="one", members={stacy: "active", ana: "ready"})


@pytest.fixture
def client(xbl: XboxLive, lobby: SessionView) -> CallerClient:
    """Stacy's client."""
    return xbl.client(person(xbl, "Stacy"))


# The headers of each kind of answer


CHECKED_AGAIN, NEVER_KEPT = ({"Cache-Control": value} for value in ("max-age=0, must-revalidate", "no-cache, no-store"))
KNOWN = {"ETag": "{etag}", "Expires": SOON, **CHECKED_AGAIN}
SESSION = {**KNOWN, "Content-Type": JSON}
LISTED = {"Content-Type": JSON, **NEVER_KEPT}
REFUSED = {"Content-Type": TEXT, **NEVER_KEPT}
NO_PATCH = {**REFUSED, "X-Xbl-Refusal": "CALL-7 at the URI: PATCH is not for this URI; allowed are PUT, GET."}
HIDDEN = {**REFUSED, "X-Xbl-Refusal": "PUT-8 at If-None-Match: The session exists already."}
SHOWN = {
    **SESSION,
    **NEVER_KEPT,
    "X-Xbl-Refusal": "PUT-8 at If-Match: This session never had the ETag in If-Match.",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Xbl-Debug": "warning=DoNotDependOnDebugHeaders",
    "X-XblCorrelationId": "ca110000-0000-4000-8000-000000000001",
    "Date": NOW,
}
"""The headers of every response to a first request."""


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "headers"),
    [
        *(("GET", path, {}, 200, SESSION) for path in (ONE, f"{ONE}/constants")),
        *(("PUT", path, {}, 200, SESSION) for path in (ONE, f"{ONE}/properties")),
        *(("GET", path, {}, 200, LISTED) for path in (TEMPLATES, f"{TEMPLATES}/lobby")),
        *(("GET", path, {}, 204, NEVER_KEPT) for path in (session_path("two"), f"{ONE}/members/7")),
        ("DELETE", f"{ONE}/members/me", {}, 204, NEVER_KEPT),
        *(("GET", path, {"If-None-Match": "*"}, 304, KNOWN) for path in (ONE, f"{ONE}/constants")),
        ("PATCH", ONE, {}, 405, {**NO_PATCH, "Allow": "PUT, GET"}),
        ("PUT", ONE, {"If-Match": '"old"'}, 412, SHOWN),
        ("PUT", ONE, {"If-None-Match": "*"}, 412, HIDDEN),
    ],
)
def test_an_answer_has_these_headers_and_no_others(
    client: CallerClient,
    lobby: SessionView,
    method: str,
    path: str,
    sent: dict[str, str],
    status: int,
    headers: dict[str, str],
) -> None:
    """ETag with every session, a length with every body, the reason with every refusal (CALL-11).

    What a cache may do, an id and the date are always there, and no charset (CALL-17).
    """
    etag = lobby.etag
    answer = client.open(path, method=method, headers=sent, data=b"{}" if method == "PUT" else b"")
    expected = {name: value.replace("{etag}", etag) for name, value in headers.items()} | ALWAYS
    if status not in (204, 304):
        expected["Content-Length"] = str(len(answer.data))
    assert (answer.status_code, dict(answer.headers)) == (status, expected)


def test_a_created_session_is_where_it_was_put(xbl: XboxLive) -> None:
    """201 at a session's own URI has no `Location` and no `Content-Location` (CODE-201)."""
    client = xbl.client(xbl.user("Stacy"))
    answer = client.put(session_path("Zo%C3%AB%27s%20party"), json=ACTIVE)
    (session,) = xbl.sessions
    length = {"ETag": session.etag, "Content-Type": JSON, "Content-Length": str(len(answer.data))}
    assert (answer.status_code, dict(answer.headers)) == (201, {**length, **CHECKED_AGAIN, **ALWAYS})


def test_every_request_has_an_id_of_its_own(xbl: XboxLive, client: CallerClient) -> None:
    """In whatever threads they come; the journal knows them (CALL-17)."""
    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(client.get, [ONE, "/x", f"{ONE}/members/7", TEMPLATES] * 50)]
    ids = [answer.headers["X-XblCorrelationId"] for answer in answers]
    assert sorted(ids) == [f"ca110000-0000-4000-8000-{number:012}" for number in range(1, 201)]
    assert {entry.correlation_id for entry in xbl.journal} == {*ids}


def test_a_length_counts_bytes(client: CallerClient) -> None:
    """Also where a text holds more than ASCII (CALL-11)."""
    answer = client.get("/Zoë")
    assert answer.text == ("The fake has no operation GET /Zoë on host localhost.\nwhere: the URI\nrule: CALL-7\n")
    assert answer.headers["Content-Length"] == str(len(answer.text) + 1)


def test_a_status_has_its_usual_phrase(client: CallerClient) -> None:
    """As HTTP names it (CODE-200, CODE-204, CODE-404, CODE-405); the app itself leaves out the body of HEAD."""
    asked = [("GET", ONE), ("DELETE", f"{ONE}/members/me"), ("GET", "/x"), ("HEAD", ONE)]
    answers = [client.open(path, method=method) for method, path in asked]
    assert [a.status for a in answers] == ["200 OK", "204 No Content", "404 Not Found", "405 Method Not Allowed"]
    assert answers[3].data == b""


# ETag


def test_an_etag_changes_with_every_change_and_with_nothing_else(client: CallerClient, lobby: SessionView) -> None:
    """A write that changes something gives a new ETag, reads and idle writes do not (PUT-9, CALL-11)."""
    tags = [client.get(ONE).headers["ETag"]]
    for number in (1, 1, 2, 2, 1):
        answer = client.put(ONE, json={"properties": {"custom": {"number": number}}})
        assert client.get(ONE).headers["ETag"] == answer.headers["ETag"] == lobby.etag
        tags.append(answer.headers["ETag"])
    assert [tags.index(tag) for tag in tags] == [0, 1, 1, 3, 3, 5]


def test_sessions_and_their_incarnations_have_etags_of_their_own(xbl: XboxLive) -> None:
    """An ETag never fits another session, nor the same one made again (TIME-9)."""
    client = xbl.client(xbl.user("Stacy"))
    tags = [client.put(path, json=ACTIVE).headers["ETag"] for path in (ONE, session_path("two"))]
    client.delete(f"{ONE}/members/me")
    tags.append(client.put(ONE, json=ACTIVE).headers["ETag"])
    assert len(set(tags)) == 3


# Time


def test_the_date_is_the_worlds(xbl: XboxLive, client: CallerClient) -> None:
    """`Date` is what the clock shows, on every answer (CALL-11)."""
    xbl.clock.advance(hours=36, seconds=1.75)
    answers = [client.get(ONE), client.get("/x"), client.get(f"{ONE}/members/7"), client.put(ONE, data=b"{")]
    assert [answer.status_code for answer in answers] == [200, 404, 204, 400]
    assert {answer.headers["Date"] for answer in answers} == {"Sat, 03 Jan 2026 00:00:01 GMT"}


def test_expires_says_what_next_timer_says(xbl: XboxLive, client: CallerClient) -> None:
    """The `Expires` header is the document's `nextTimer`, in whole seconds, and goes with it (TIME-6)."""
    xbl.clock.advance(seconds=0.25)
    ana = xbl.client(person(xbl, "Ana"))
    for ready in (False, True):
        ana.put(ONE, json=me(ready=ready))
    for path in (ONE, f"{ONE}/constants"):
        assert client.get(path).headers["Expires"] == SOON
    assert client.get(ONE).get_json()["nextTimer"] == "2026-01-01T12:03:00.2500000Z"
    ana.put(ONE, json=ACTIVE)
    answer = client.get(ONE)
    assert "Expires" not in answer.headers
    assert "nextTimer" not in answer.get_json()


# Bodies


# Refusals


@pytest.mark.parametrize(
    ("what", "where", "line"),
    [
        ("Plain.", "the URI", "CALL-6 at the URI: Plain."),
        ("Two\nlines.", "/a\r\nb", "CALL-6 at /a\\r\\nb: Two\\nlines."),
        ("Zoë.", "/部屋", "CALL-6 at /\\u90e8\\u5c4b: Zo\\xeb."),
        ("\ud800\x00\x7f\u2028.", "/", "CALL-6 at /: \\ud800\\x00\\x7f\\u2028."),
    ],
)
def test_a_refusal_fits_into_one_line(what: str, where: str, line: str) -> None:
    """The header `X-Xbl-Refusal` holds printable ASCII, whatever a client has sent (CODE-403)."""
    assert one_line(Refusal(400, what, where=where, rule="CALL-6")) == line


# When the fake itself fails


def test_a_bug_of_the_fake_is_answered_and_kept(xbl: XboxLive, client: CallerClient) -> None:
    """500 in plain text with the error, which is kept so that the test fails."""
    bug = RuntimeError("a bug")

    def fail(*_: object, **__: object) -> None:
        raise bug

    xbl._world.template = fail  # type: ignore[assignment,method-assign]
    answer = client.get(ONE)
    text = "The fake itself failed, which is a bug in it: RuntimeError('a bug')\n"
    assert (answer.status_code, answer.text) == (500, text)
    assert dict(answer.headers) == {**REFUSED, **ALWAYS, "Content-Length": str(len(text))}
    [entry] = xbl.journal
    assert (entry.status, entry.refusal, entry.answered) == (500, None, text)
    assert xbl.app.crashes == [bug]
    xbl.app.crashes.clear()
