"""The journal as an HTTP archive, version 1.2, which browsers and other tools open."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.view import timestamp
from pytest_xbl.wire.journal import Entry


def har(entries: Iterable[Entry], url: str) -> JsonObject:
    """The archive of some requests; tokens are left out.

    Args:
        url: of the server, without a slash at the end.
    """
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "pytest-xbl", "version": "1"},
            "entries": [_entry(entry, url) for entry in entries],
        }
    }


def _entry(entry: Entry, url: str) -> JsonObject:
    milliseconds = entry.duration * 1000
    return {
        "startedDateTime": timestamp(entry.time),
        "time": milliseconds,
        "request": _request(entry, url),
        "response": _response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": str(entry),
    }


def _request(entry: Entry, url: str) -> JsonObject:
    text = entry.data.decode(errors="replace")
    headers = dict(entry._request.headers)
    return {
        "method": entry.method,
        "url": f"{url}{_escaped(entry)}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers.items()),
        "queryString": _pairs(parse_qsl(entry._request.query, keep_blank_values=True)),
        **({"postData": {"mimeType": headers.get("Content-Type", ""), "text": text}} if text else {}),
        "headersSize": -1,
        "bodySize": len(entry.data),
    }


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
