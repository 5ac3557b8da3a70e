"""HTTP archives, version 1.2, as browsers, proxies and the fake itself write them."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from typing import Any

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.replay.recording import UPGRADED, Callers, Exchange, Message, headers_of, url_of

__tracebackhide__ = hides_frames

CALLER = "_caller"
"""The field of an entry that has the name of the caller in the fake's own archives, which hold no tokens."""
INCOMPLETE = "incomplete"
UNANSWERED = "without a response"
WEBSOCKETS = "websockets"


def read_har(data: bytes) -> tuple[list[Exchange], Counter[str]]:
    """The exchanges of an archive, and the number of its entries that are none, by reason.

    Raises:
        XblError: for a file that is no archive.
    """
    try:
        entries = json.loads(data)["log"]["entries"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise XblError("The file is no HTTP archive: it has no entries at /log/entries.") from None
    if not isinstance(entries, list):
        raise XblError("The entries of an HTTP archive are a list.", where="/log/entries")
    callers, left_out = Callers(), Counter[str]()
    exchanges = []
    for number, entry in enumerate(entries, 1):
        try:
            exchange = _exchange(number, entry, callers)
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            left_out[INCOMPLETE] += 1
            continue
        if exchange.status == 0:
            left_out[UNANSWERED] += 1
        elif exchange.status == UPGRADED:
            left_out[WEBSOCKETS] += 1
        else:
            exchanges.append(exchange)
    return exchanges, left_out


def _exchange(number: int, entry: Any, callers: Callers) -> Exchange:
    request, response = entry["request"], entry["response"]
    headers, authorization = headers_of(_pairs(request["headers"]))
    time = moment(entry["startedDateTime"])
    if time is None:
        raise ValueError
    return Exchange(
        number,
        time,
        str(request["method"]).upper(),
        url_of(request["url"]),
        callers.number(authorization=authorization or str(entry.get(CALLER) or "")),
        "",
        Message(headers, _body(request.get("postData") or {})),
        int(response["status"]),
        Message(headers_of(_pairs(response["headers"]))[0], _body(response.get("content") or {})),
    )


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return [(header["name"], header["value"]) for header in headers]


def _body(content: Any) -> bytes:
    text = content.get("text") or ""
    return base64.b64decode(text, validate=True) if content.get("encoding") == "base64" else text.encode()
