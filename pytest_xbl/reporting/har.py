"""The journal as an HTTP archive, version 1.2, which browsers and other tools open."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.view import timestamp
from pytest_xbl.wire.hosts import is_real
from pytest_xbl.wire.journal import Entry


def har(entries: Iterable[Entry]) -> JsonObject:
    """The archive of some requests; tokens are left out."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "pytest-xbl", "version": "1"},
            "entries": [_entry(entry) for entry in entries],
        }
    }


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
    }


def _request(entry: Entry) -> JsonObject:
    text = entry.data.decode(errors="replace")
    headers = dict(entry._request.headers)
    return {
        "method": entry.method,
        "url": _url(entry, headers.get("Host", "localhost")),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers.items()),
        "queryString": _pairs(parse_qsl(entry._request.query, keep_blank_values=True)),
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
    return f"{path}?{entry._request.query}" if entry._request.query else path


def _response(entry: Entry) -> JsonObject:
    answer = entry._sent()
    text = answer.body or ""
    size = len(text.encode())
    return {
        "status": entry.status,
        "statusText": HTTPStatus(entry.status).phrase,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(answer.all_headers(size, date=entry.time, number=entry._arrival)),
        "content": {"size": size, "mimeType": answer.content_type if text else "", "text": text},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": size,
    }


def _pairs(pairs: Iterable[tuple[str, Any]]) -> list[JsonObject]:
    return [{"name": name, "value": value} for name, value in pairs]
