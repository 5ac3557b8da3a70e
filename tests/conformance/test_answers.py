"""What the tests of the suite say of responses, and the texts of differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_xbl.conformance.answer import Answer, Difference, Exchange, Response
from tables import cases

GET = Exchange("GET", "/one", 200)
JSON = b'{"a": {"b/c": 1, "list": [true, null]}, "text": "abc"}'


def answer(body: bytes = JSON, **headers: str) -> Answer:
    """A response with this body."""
    return Answer(GET, Response(200, [(name.replace("_", "-"), value) for name, value in headers.items()], body))


RIGHT: dict[str, Callable[[Answer], object]] = {
    "status": lambda it: it.says(200),
    "one of the statuses": lambda it: it.says(404, 200),
    "value": lambda it: it.shows("/a/list", [True, None]),
    "item": lambda it: it.shows("/a/list/0", expected=True),
    "nothing": lambda it: it.lacks("/b", "/a/list/2", "/a/list/x", "/text/0"),
    "words": lambda it: it.names("ABC", "list"),
    "text": lambda it: it.matches("/text", "[a-c]+"),
    "header": lambda it: it.has_header("ETag", '"A"').has_header("Location", None),
    "kind": lambda it: it.is_json(),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_as_it_should_be_passes(name: str) -> None:
    """And the assertion gives the response back."""
    it = answer(etag='"a"', content_type="application/json; charset=utf-8")
    assert RIGHT[name](it) is it


@cases(
    "assertion text",
    {
        "status": (
            lambda it: it.says(404, 405),
            "status: expected 404 or 405, got 200",
        ),
        "value": (lambda it: it.shows("/text", 1), '/text: expected 1, got "abc"'),
        "type": (lambda it: it.shows("/a/list/0", 1), "/a/list/0: expected 1, got true"),
        "missing": (lambda it: it.shows("/c", None), "/c: expected null, got nothing"),
        "there": (lambda it: it.lacks("/text"), '/text: expected nothing, got "abc"'),
        "whole": (lambda it: it.shows("", {}), f"the body: expected {{}}, got {JSON.decode()}"),
        "item": (lambda it: it["/a/list/9"], "/a/list/9: expected a value, got nothing"),
        "words": (lambda it: it.names("private"), f"text: expected the word 'private', got {JSON.decode()!r}"),
        "text": (lambda it: it.matches("/text", "[0-9]"), '/text: expected a text like [0-9], got "abc"'),
        "no text": (lambda it: it.matches("/a/list", "x"), "/a/list: expected a text like x, got [true, null]"),
        "header": (lambda it: it.has_header("ETag", "x"), "ETag: expected x, got no such header"),
        "no header": (lambda it: it.has_header("Date", None), "Date: expected no such header, got now"),
        "kind": (lambda it: it.is_text(), "Content-Type: expected text/plain, got no such header"),
        "empty": (lambda it: it.is_empty(), f"body: expected nothing, got {JSON.decode()!r}"),
    },
)
def test_a_difference_names_request_and_place(assertion: Callable[[Answer], object], text: str) -> None:
    """And what was expected, and what came."""
    with pytest.raises(Difference) as difference:
        assertion(answer(date="now"))
    assert str(difference.value) == f"GET /one -> 200: {text}"


def test_the_text_of_a_refusal_is_shown() -> None:
    """It may say why."""
    with pytest.raises(Difference) as difference:
        answer(b"It is closed.\n").says(404)
    assert str(difference.value) == "GET /one -> 200: status: expected 404, got 200 It is closed."


def test_a_long_value_is_cut() -> None:
    """The evidence stays readable."""
    with pytest.raises(Difference) as difference:
        answer(b'{"a": "%s"}' % (b"x" * 1000)).shows("/a", "y")
    assert str(difference.value) == f'GET /one -> 200: /a: expected "y", got "{"x" * 299}…'


def test_a_body_that_is_no_json_is_a_difference() -> None:
    """Where JSON is asked for."""
    with pytest.raises(Difference) as difference:
        answer(b"<html>").shows("/a", 1)
    assert str(difference.value) == "GET /one -> 200: body: expected JSON, got '<html>'"


def test_the_path_of_a_session_is_shortened() -> None:
    """So that one sees what differs, and no report has the service configuration."""
    path = "/serviceconfigs/5c1d0000-0000-4000-8000-000000000001/sessionTemplates/bare/sessions/room?nocommit=true"
    assert str(Exchange("PUT", path, 201)) == "PUT …/bare/sessions/room?nocommit=true -> 201"


def test_a_response_shows_its_lines() -> None:
    """In a traceback."""
    assert repr(answer()) == "<GET /one -> 200>"
    assert (answer().etag, answer(etag='"a"').etag) == ("", '"a"')
    assert answer(b"").is_empty().text == ""
