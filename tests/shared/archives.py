"""Recordings in the files of the tools that make them, written from the exchanges of `recorded`."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from pytest_xbl import any_guid, any_time
from pytest_xbl.mpsd.view import guid
from recorded import (
    HOST,
    ONE_XUID,
    TWO_XUID,
    Exchange,
    any_date,
    any_debug,
    any_handle,
    any_size,
    any_tag,
    any_token,
)

BEGAN = datetime(2016, 9, 20, 20, 49, 55, 651612, tzinfo=timezone.utc)
DEVICE_TOKEN = "0f795505a7f6cd8e76d89dc49c4ce278"
"""The token of every player's device."""
SECRET = "eyJhbGciOiJSU0EtT0FFUCJ9.secret-of-the-recording"
"""What stands for a real token."""
XUIDS = {"One": ONE_XUID, "Two": TWO_XUID}


class Raw(NamedTuple):
    """An exchange as it went over the wire.

    Args:
        headers: of the request, and `answered` those of the response.
    """

    time: str
    method: str
    url: str
    xuid: str
    headers: dict[str, str]
    body: str
    status: int
    answered: dict[str, str]
    answer: str


def raw(exchanges: Sequence[Exchange]) -> list[Raw]:
    """Exchanges with values of the recorded forms, as a service might have made them up."""
    return [_raw(number, exchange) for number, exchange in enumerate(exchanges)]


def _raw(number: int, exchange: Exchange) -> Raw:
    host = "userstats" if exchange.source.startswith("userstats") else "sessiondirectory"
    headers = {
        "Authorization": f"XBL3.0 x=hash-of-{exchange.caller};{SECRET}{number}",
        "x-xbl-contract-version": str(exchange.contract),
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "XboxServicesAPI/2016.08.0.0",
    }
    if exchange.with_tag_of:
        headers["If-Match"] = "*" if exchange.with_tag_of == "*" else _tag(exchange.with_tag_of)
    session = exchange.path if "/sessions/" in exchange.path else exchange.source
    return Raw(
        time=(BEGAN + timedelta(milliseconds=100 * number)).isoformat(),
        method=exchange.method,
        url=f"https://{host}.xboxlive.com{exchange.path}",
        xuid=XUIDS[exchange.caller],
        headers=headers,
        body="" if exchange.sent is None else json.dumps(exchange.sent).replace(HOST, DEVICE_TOKEN),
        status=exchange.status,
        answered={name: str(_sample(it, exchange.source, session)) for name, it in exchange.headers.items()},
        answer=json.dumps(_sample(exchange.answered, exchange.source, session)),
    )


def _tag(source: str) -> str:
    return f'"{guid("tag", source).replace("-", "")}"'


def _sample(value: Any, source: str, session: str, name: str = "") -> Any:
    """A value in which a text of its form stands for each matcher.

    Args:
        session: what its ids belong to.
        name: of the field.
    """
    if isinstance(value, dict):
        return {name: _sample(inner, source, session, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_sample(inner, source, session, name) for inner in value]
    samples = {
        id(any_guid): guid(name, session),
        id(any_time): "2016-09-20T20:50:00.1234567Z",
        id(any_tag): _tag(source),
        id(any_token): DEVICE_TOKEN,
        id(any_date): "Tue, 20 Sep 2016 20:50:00 GMT",
        id(any_size): "100",
        id(any_handle): f"/handles/{guid('id', session)}",
        id(any_debug): "something",
    }
    return samples.get(id(value), value)


def har_of(exchanges: Sequence[Exchange]) -> bytes:
    """An HTTP archive."""
    entries = [
        {
            "startedDateTime": one.time,
            "request": {
                "method": one.method,
                "url": one.url,
                "headers": _pairs(one.headers),
                **({"postData": {"mimeType": "application/json", "text": one.body}} if one.body else {}),
            },
            "response": {"status": one.status, "headers": _pairs(one.answered), "content": {"text": one.answer}},
        }
        for one in raw(exchanges)
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def _pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def saz_of(exchanges: Sequence[Exchange]) -> bytes:
    """An archive of Fiddler's."""
    return zipped(
        {
            name: content
            for number, one in enumerate(raw(exchanges), 1)
            for name, content in {
                f"raw/{number:03}_c.txt": _message(f"{one.method} {one.url} HTTP/1.1", one.headers, one.body),
                f"raw/{number:03}_s.txt": _message(f"HTTP/1.1 {one.status} Phrase", one.answered, one.answer),
                f"raw/{number:03}_m.xml": f'<Session><SessionTimers ClientBeginRequest="{one.time}" /></Session>',
            }.items()
        }
    )


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of files, by their names."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def _message(first: str, headers: dict[str, str], body: str) -> str:
    return "\r\n".join((first, *(f"{name}: {value}" for name, value in headers.items()), "", body))


COLUMNS = [
    "Host",
    "Uri",
    "XboxUserId",
    "MultiplayerCorrelationId",
    "RequestHeaders",
    "RequestBody",
    "ResponseHeaders",
    "ResponseBody",
    "HttpStatusCode",
    "EllapsedCallTimeMs",
    "ReqTimeUTC",
    "IsGet",
    "LoggerId",
    "IsShoulderTap",
    "ChangeNumber",
    "SessionReferenceUriPath",
    "IsInGameEvent",
    "EventName",
    "EventPlayerSessionId",
    "EventVersion",
    "EventDimensionData",
    "EventMeasurementData",
    "BreadCrumb",
]


def trace_of(exchanges: Sequence[Exchange]) -> bytes:
    """A log of service calls for the trace analyzer, which names callers by xuid and no methods."""
    return trace(
        {
            "Uri": one.url,
            "XboxUserId": one.xuid,
            "RequestHeaders": _cell({name: it for name, it in one.headers.items() if name != "Authorization"}),
            "RequestBody": one.body,
            "ResponseHeaders": _cell(one.answered),
            "ResponseBody": one.answer,
            "HttpStatusCode": one.status,
            "ReqTimeUTC": one.time,
            "IsGet": str(one.method == "GET").lower(),
        }
        for one in raw(exchanges)
    )


def trace(rows: Any) -> bytes:
    """A log of rows."""
    text = io.StringIO("v1510\r\n")
    text.seek(0, io.SEEK_END)
    table = csv.DictWriter(text, COLUMNS, quoting=csv.QUOTE_ALL)
    table.writeheader()
    for row in rows:
        table.writerow({"IsShoulderTap": "false", "IsInGameEvent": "false", **row})
    return text.getvalue().encode()


def _cell(headers: dict[str, str]) -> str:
    return "".join(f"{name}: {value}  " for name, value in headers.items())


STORIES_IN_FILES: dict[str, Callable[[Sequence[Exchange]], bytes]] = {".har": har_of, ".saz": saz_of, ".csv": trace_of}
"""The writers of recordings, by the ends of the names of their files."""
