"""The body of a request: from the bytes that arrive to a JSON object (CALL-6, CALL-12, CALL-13)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.wsgi import get_content_length, get_input_stream

from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.shapes import brief

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LARGEST_BODY = 1024 * 1024
"""Bytes; a longer body is refused (CALL-12)."""
JSON_TYPE = re.compile(r"application/json|[a-z]+/[^/]+\+json")


def read_body(environ: WSGIEnvironment) -> bytes:
    """The body of a request that has to have one of JSON (CALL-12, CALL-13).

    Raises:
        Refusal: 400 or 413.
    """
    content_type = _media_type(environ.get("CONTENT_TYPE"))
    if content_type and not JSON_TYPE.fullmatch(content_type):
        what = f"The body is JSON, and its Content-Type says {brief(content_type)}."
        raise Refusal(400, what, where="Content-Type", rule="CALL-13")
    try:
        data = _read_input(environ)
    except RequestEntityTooLarge:
        raise _too_long() from None
    except BadRequest as error:
        raise Refusal(400, f"The body broke off: {error.description}", where="the body", rule="CALL-6") from None
    if len(data) > LARGEST_BODY:
        raise _too_long()
    return data


def body_of(data: bytes, method: str) -> JsonObject:
    """The JSON object in a body (CALL-6).

    Raises:
        Refusal: 400.
    """
    if not data:
        hint = "a write that changes nothing is {}" if method == "PUT" else "it is a JSON object"
        raise _malformed(f"The body is empty; {hint}.")
    value = parse_json(_decoded(data))
    if type(value) is not dict:
        raise _malformed(f"The body is a JSON object; got {brief(value)}.")
    return value


def _read_input(environ: WSGIEnvironment) -> bytes:
    """The body, or as much of it as shows that it is too long."""
    if "wsgi.input_terminated" in environ:  # the input ends where the body does, and needs no stream around it
        data: bytes = environ["wsgi.input"].read(LARGEST_BODY + 1)
        return data
    stream = get_input_stream(environ, max_content_length=LARGEST_BODY + 1)
    length = get_content_length(environ) or 0
    data = stream.read(length)  # at once: without a length, werkzeug fills two buffers of 64 KiB
    return data if length and len(data) == length else data + stream.read()


@lru_cache
def _media_type(header: str | None) -> str:
    return parse_options_header(header)[0].lower()


def _too_long() -> Refusal:
    return Refusal(413, f"A body has at most {LARGEST_BODY} bytes.", where="the body", rule="CALL-12")


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _malformed(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from None


def _malformed(what: str) -> Refusal:
    return Refusal(400, what, where="the body", rule="CALL-6", mistake="bad-body")
