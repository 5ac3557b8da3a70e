"""The journal as an HTTP archive, version 1.2, which browsers and other tools open."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.view import timestamp
from pytest_xbl.reporting.hiding import hidden
from pytest_xbl.secrets import without_parameters
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.hosts import is_real
from pytest_xbl.wire.secrets import without_secrets
from pytest_xbl.world.keeping import Kept

NO_MESSAGES: Mapping[int, Kept[Any]] = MappingProxyType({})
INDENT = 6 * " "
"""The indent of an entry."""
TEXT_MESSAGE = 1
"""The opcode of text (RFC 6455, 5.2)."""


def har(
    entries: Iterable[Entry],
    messages: Mapping[int, Kept[Any]] = NO_MESSAGES,
    *,
    gap: str = "",
    hide: Callable[[str], str] = str,
) -> Iterator[str]:
    """The text of an archive of some requests, piece by piece; tokens, and the secrets of sign-ins, are left out.

    Args:
        messages: on the websockets that requests have opened, by the numbers of these.
        gap: the words for earlier requests that are not kept any more.
        hide: gives a text without what it may not show besides.
    """
    creator = {"name": "pytest-xbl", "version": "1"}
    log = {"version": "1.2", "creator": creator, **({"comment": gap} if gap else {}), "entries": []}
    start, end = json.dumps({"log": log}, indent=2).rsplit("[]", 1)
    yield f"{start}["
    for number, entry in enumerate(entries):
        shown = hidden(_entry(entry) | _websocket(messages.get(entry.number)), hide)
        text = json.dumps(shown, indent=2).replace("\n", f"\n{INDENT}")
        yield f"{',' if number else ''}\n{INDENT}{text}"
    yield f"\n    ]{end}\n"


def _entry(entry: Entry) -> JsonObject:
    milliseconds = entry.duration * 1000
    return {
        "startedDateTime": timestamp(entry.time),
        "time": milliseconds,
        "request": _request(entry),
        "response": _response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": str(entry),
        **({"_caller": entry.caller} if entry.caller else {}),
        **({"_fault": entry.fault} if entry.fault else {}),
    }


def _websocket(messages: Kept[Any] | None) -> JsonObject:
    """The fields of an entry that has opened a websocket, as browsers write them."""
    if messages is None:
        return {}
    shown = [
        {
            "type": "send" if said.is_sent else "receive",
            "time": said.time.timestamp(),
            "opcode": TEXT_MESSAGE,
            "data": said.text,
        }
        for said in messages
    ]
    gap = {"_webSocketGap": messages.gap} if messages.gap else {}
    return {"_resourceType": "websocket", "_webSocketMessages": shown, **gap}


def _request(entry: Entry) -> JsonObject:
    text = without_secrets(entry.data.decode(errors="replace"), entry)
    headers = dict(entry._request.headers)
    return {
        "method": entry.method,
        "url": _url(entry, headers.get("Host", "localhost")),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers.items()),
        "queryString": _pairs(parse_qsl(_query(entry), keep_blank_values=True)),
        **({"postData": {"mimeType": headers.get("Content-Type", ""), "text": text}} if text else {}),
        "headersSize": -1,
        "bodySize": len(entry.data),
    }


def _url(entry: Entry, host: str) -> str:
    """The URL that the client asked for, as far as its `Host` header tells; CONNECT asks for a host and a port."""
    if entry.method == "CONNECT":
        return f"https://{entry.path}"
    return f"{'https' if is_real(host) else 'http'}://{host}{_escaped(entry)}"


def _escaped(entry: Entry) -> str:
    """The path, as it can stand in a URL, and the query string."""
    path = quote(entry.path, safe="/:;,@!$&'()*+=~")
    return f"{path}?{_query(entry)}" if entry._request.query else path


def _query(entry: Entry) -> str:
    return without_parameters(entry._request.query)


def _response(entry: Entry) -> JsonObject:
    answer = entry._sent()
    text = without_secrets(answer.body or "", entry)
    size = len((answer.body or "").encode())
    headers = answer.all_headers(size, date=entry.time, number=entry._arrival)
    return {
        "status": entry.status,
        "statusText": HTTPStatus(entry.status).phrase,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs((name, without_secrets(value, entry)) for name, value in headers),
        "content": {"size": size, "mimeType": answer.content_type if text else "", "text": text},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": size,
    }


def _pairs(pairs: Iterable[tuple[str, Any]]) -> list[JsonObject]:
    return [{"name": name, "value": value} for name, value in pairs]
