"""Logs of XSAPI's service calls, as Microsoft's trace analyzer reads them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.replay.recording import Callers, Exchange, IncompleteError, Message, headers_of, incomplete, url_of
from pytest_xbl.wire.matching import match

__tracebackhide__ = hides_frames

VERSIONS = ("v1509", "v1510")
"""The first lines of logs that are known."""
EVENTS = "events and taps"
NEEDED = ("Uri", "RequestHeaders", "RequestBody", "ResponseHeaders", "ResponseBody", "HttpStatusCode", "ReqTimeUTC")
WRITES = ("PUT", "POST", "DELETE", "PATCH")
"""The methods of a call that is no GET; the log does not say which it was."""
HEADER = re.compile(r"(?:^|  )([!#$%&'*+.^_`|~0-9A-Za-z-]+): ")
"""The beginning of a header: two blanks part them, as a value may hold one."""
LONGEST_FIELD = 64 * 1024 * 1024


def read_trace(data: bytes) -> tuple[list[Exchange], Counter[str]]:
    """The exchanges of a log, and the number of its rows that are none, by reason.

    Raises:
        XblError: for a file that is no such log.
    """
    text = data.decode("utf-8-sig", errors="replace")
    version, _, table = text.partition("\n")
    if version.strip() not in VERSIONS:
        raise XblError(f"The file is no log of service calls: its first line is {' or '.join(VERSIONS)}.")
    csv.field_size_limit(LONGEST_FIELD)
    rows = csv.DictReader(io.StringIO(table, newline=""))
    if missing := [name for name in NEEDED if name not in (rows.fieldnames or ())]:
        raise XblError(f"The log has no column {missing[0]}.")
    callers, left_out = Callers(), Counter[str]()
    exchanges = []
    for number, row in enumerate(rows, 1):
        if "true" in (row.get("IsShoulderTap"), row.get("IsInGameEvent")):
            left_out[EVENTS] += 1
            continue
        try:
            exchanges.append(_exchange(number, row, callers))
        except (ValueError, TypeError, AttributeError) as error:
            left_out[incomplete(error)] += 1
    return exchanges, left_out


def _exchange(number: int, row: Mapping[str, str], callers: Callers) -> Exchange:
    headers, authorization = headers_of(_headers(row["RequestHeaders"]))
    time, url, xuid = moment(row["ReqTimeUTC"]), url_of(row["Uri"]), row.get("XboxUserId") or ""
    if time is None:
        raise IncompleteError("no ReqTimeUTC")
    return Exchange(
        number,
        time,
        "GET" if row.get("IsGet") == "true" else _method(url.path, url.hostname or ""),
        url,
        callers.number(authorization=authorization, xuid=xuid),
        xuid,
        Message(headers, row["RequestBody"].encode()),
        int(row["HttpStatusCode"]),
        Message(headers_of(_headers(row["ResponseHeaders"]))[0], row["ResponseBody"].encode()),
    )


def _headers(text: str) -> Iterator[tuple[str, str]]:
    """The headers of a cell; a log has them on one line."""
    _, *parts = HEADER.split(text)
    return zip(parts[::2], parts[1::2], strict=True)


def _method(path: str, host: str) -> str:
    """The method of a call that is no GET: the first one that the path has."""
    for method in WRITES:
        try:
            match(method, path, host)
        except Refusal:
            continue
        return method
    return WRITES[0]
