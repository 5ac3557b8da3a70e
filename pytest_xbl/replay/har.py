"""HTTP archives, version 1.2, as browsers, proxies and the fake itself write them."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import SplitResult

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.replay.places import at
from pytest_xbl.replay.recording import (
    UPGRADED,
    Callers,
    Exchange,
    IncompleteError,
    Message,
    headers_of,
    incomplete,
    url_of,
)

__tracebackhide__ = hides_frames

CALLER = "_caller"
"""The field of an entry that has the name of the caller in the fake's own archives, which hold no tokens."""
UNANSWERED = "without a response"
WEBSOCKETS = "websockets"
T = TypeVar("T")


def read_har(data: bytes) -> tuple[list[Exchange], Counter[str]]:
    """The exchanges of an archive, and the number of its entries that are none, by reason.

    Raises:
        XblError: for a file that is no archive.
    """
    entries = at(_parsed(data), "log", "entries")
    if entries is None:
        raise XblError("The file is no HTTP archive: it has no entries at /log/entries.")
    if not isinstance(entries, list):
        raise XblError("The entries of an HTTP archive are a list.", where="/log/entries")
    callers, left_out = Callers(), Counter[str]()
    exchanges = []
    for number, entry in enumerate(entries, 1):
        try:
            exchange = _exchange(number, entry, callers)
        except IncompleteError as error:
            left_out[incomplete(error)] += 1
            continue
        if exchange.status == 0:
            left_out[UNANSWERED] += 1
        elif exchange.status == UPGRADED:
            left_out[WEBSOCKETS] += 1
        else:
            exchanges.append(exchange)
    return exchanges, left_out


def _parsed(data: bytes) -> Any:
    """The JSON value of a file.

    Raises:
        XblError: for a file that is not JSON, with the place.
    """
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        ends = error.msg.startswith("Unterminated string") or error.pos >= len(error.doc.rstrip())
        cut = "; it may be cut short" if ends else ""
        what = f"The file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}{cut}."
        raise XblError(what) from None
    except UnicodeDecodeError:
        raise XblError("The file is not JSON: it is no text.") from None
    except RecursionError:
        raise XblError("The file is not JSON that can be read: it is nested too deep.") from None


def _exchange(number: int, entry: Any, callers: Callers) -> Exchange:
    headers, authorization = _read(entry, "request.headers", _headers)
    return Exchange(
        number,
        _read(entry, "startedDateTime", _time),
        _read(entry, "request.method", _text).upper(),
        _read(entry, "request.url", _url),
        callers.number(authorization=authorization or str(entry.get(CALLER) or "")),
        "",
        Message(headers, _read(entry, "request.postData", _body, absent={})),
        _read(entry, "response.status", int),
        Message(_read(entry, "response.headers", _headers)[0], _read(entry, "response.content", _body, absent={})),
    )


def _read(entry: Any, name: str, reader: Callable[[Any], T], absent: Any = None) -> T:
    """A part of an entry.

    Args:
        name: of the field, behind those that it is in.
        absent: the value of a field that an entry may lack.

    Raises:
        IncompleteError: for a field that is missing or malformed.
    """
    value = at(entry, *name.split("."))
    value = absent if value is None else value
    if value is None:
        raise IncompleteError(f"no {name}")
    try:
        return reader(value)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise IncompleteError(f"malformed {name}") from None


def _time(value: Any) -> datetime:
    time = moment(value)
    if time is None:
        raise ValueError
    return time


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _url(value: Any) -> SplitResult:
    return url_of(_text(value))


def _headers(headers: Any) -> tuple[dict[str, str], str]:
    return headers_of([(header["name"], header["value"]) for header in headers])


def _body(content: Any) -> bytes:
    text = content.get("text") or ""
    return base64.b64decode(text, validate=True) if content.get("encoding") == "base64" else text.encode()
