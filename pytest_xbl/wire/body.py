"""The body of a request: from the bytes that arrive to a JSON object (CALL-6, CALL-12, CALL-13)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.wsgi import get_content_length, get_input_stream

from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Refusal, bad_body

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LARGEST_BODY = 1024 * 1024
"""Bytes; a longer body is refused, compressed or not (CALL-12)."""
JSON_TYPE = re.compile(r"application/json|[a-z]+/[^/]+\+json|text/plain|text/json")
"""The types of bodies that are read as JSON; scripts in browsers send it as `text/plain` (CALL-13)."""
FORM_TYPES = {"application/x-www-form-urlencoded": "data", "multipart/form-data": "files"}
"""The types of forms, and the argument with which Python's clients send one."""
GZIP_MAGIC = b"\x1f\x8b"
WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS)}
"""The encodings that are read, and how zlib does it: `deflate` means its own format, and some clients send less."""


def encoding_of(environ: WSGIEnvironment) -> str:
    """The compression of the body of a request that has to have one of JSON; "" for none (CALL-13).

    Raises:
        Refusal: 400.
    """
    _require_json(environ.get("CONTENT_TYPE"))
    return encoding_in(environ.get("HTTP_CONTENT_ENCODING", ""))


@lru_cache
def encoding_in(header: str) -> str:
    """The encoding that a Content-Encoding names, or "" (CALL-13).

    Raises:
        Refusal: 400.
    """
    named = [name.strip(" \t") for name in header.lower().split(",")]
    encodings = [name for name in named if name not in ("", "identity")]
    if len(encodings) > 1 or not WINDOWS.keys() >= set(encodings):
        what = f"A body may be in gzip or deflate, or not compressed at all; its Content-Encoding says {brief(header)}."
        raise bad_body(what, where="Content-Encoding", rule="CALL-13")
    return encodings[0] if encodings else ""


def received(environ: WSGIEnvironment) -> bytes:
    """The body of a request as it came (CALL-12).

    Raises:
        Refusal: 400 or 413.
    """
    try:
        data = _read_input(environ)
    except RequestEntityTooLarge:
        raise _too_long() from None
    except BadRequest as error:
        raise Refusal(400, f"The body broke off: {error.description}", where="the body", rule="CALL-6") from None
    if len(data) > LARGEST_BODY:
        raise _too_long()
    return data


def received_anyway(environ: WSGIEnvironment) -> bytes:
    """The same for a request that is refused already; b"" for a body that would be refused as well."""
    try:
        return received(environ)
    except Refusal:
        return b""


def decompressed(data: bytes, encoding: str) -> bytes:
    """A body without its encoding, decompressed no further than shows that it is too long (CALL-12, CALL-13).

    Raises:
        Refusal: 400 or 413.
    """
    if not encoding or not data:
        return data
    for window in WINDOWS[encoding]:
        stream = zlib.decompressobj(window)
        try:
            content = stream.decompress(data, LARGEST_BODY + 1)
        except zlib.error:
            continue
        if len(content) > LARGEST_BODY:
            raise _too_long(" when decompressed")
        if not stream.eof:
            raise _malformed(f"The body breaks off: its {encoding} has no end.")
        if stream.unused_data:
            raise _malformed(f"The body goes on for {len(stream.unused_data)} bytes behind the end of its {encoding}.")
        return content
    raise _malformed(f"The body is not valid {encoding}, although its Content-Encoding says so.")


def body_of(data: bytes, method: str) -> JsonObject:
    """The JSON object in a body (CALL-6).

    Raises:
        Refusal: 400.
    """
    if not data:
        hint = "a write that changes nothing is {}" if method == "PUT" else "it has to be a JSON object"
        raise _malformed(f"The body is empty; {hint}.")
    value = parse_json(_decoded(data))
    if type(value) is not dict:
        raise _malformed(f"The body has to be a JSON object; got {brief(value)}.")
    return value


class BodyKind(NamedTuple):
    """The way in which an operation reads its bodies.

    Args:
        encoding_of: refuses a body of another kind by the headers of a request, and gives its compression.
        content_of: reads the body, decompressed, of a request with this method.
    """

    encoding_of: Callable[[WSGIEnvironment], str]
    content_of: Callable[[bytes, str], JsonObject]


JSON_BODY = BodyKind(encoding_of, body_of)


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
def _require_json(header: str | None) -> None:
    """Refuse a body by its Content-Type; without one it is read as JSON (CALL-13)."""
    media_type = parse_options_header(header)[0].lower()
    if media_type in FORM_TYPES:
        how = f"with requests or httpx, json= instead of {FORM_TYPES[media_type]}="
        what = f"By its Content-Type the body is form-encoded; send JSON: {how}."
    elif media_type and not JSON_TYPE.fullmatch(media_type):
        what = f"The body has to be JSON, and its Content-Type says {brief(media_type)}."
    else:
        return
    raise bad_body(what, where="Content-Type", rule="CALL-13")


def _too_long(when: str = "") -> Refusal:
    return Refusal(413, f"A body has at most {LARGEST_BODY} bytes{when}.", where="the body", rule="CALL-12")


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if data.startswith(GZIP_MAGIC):
            raise _malformed("The body looks like gzip, and no Content-Encoding says so.") from None
        raise _malformed(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from None


def _malformed(what: str) -> Refusal:
    return bad_body(what, where="the body", rule="CALL-6")
