"""Fiddler's archives: a zip with a request, a response and their times for each exchange."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.replay.har import UNANSWERED, WEBSOCKETS
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

REQUEST = re.compile(r"raw/0*(\d+)_c\.txt", re.IGNORECASE)
BEGUN = re.compile(rb'ClientBeginRequest="([^"]+)"')
CONNECT = "CONNECT"
MOST_BYTES = 64 * 1024 * 1024
"""The bytes of one message, unpacked."""


class Raw(NamedTuple):
    """A message as it went over the wire."""

    first: str
    headers: dict[str, str]
    authorization: str
    body: bytes


def read_saz(data: bytes) -> tuple[list[Exchange], Counter[str]]:
    """The exchanges of an archive, and the number of those that are left out, by reason.

    Raises:
        XblError: for a file that is no archive.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise XblError("The file is no archive of Fiddler's: it is no zip, or cut short.") from None
    callers, left_out = Callers(), Counter[str]()
    exchanges = []
    with archive:
        for number, stem in _frames(archive):
            try:
                exchange = _exchange(number, stem, archive, callers)
            except (ValueError, LookupError, zlib.error, OSError, EOFError, zipfile.BadZipFile) as error:
                left_out[incomplete(error)] += 1
                continue
            if isinstance(exchange, str):
                left_out[exchange] += 1
            else:
                exchanges.append(exchange)
    return exchanges, left_out


def _frames(archive: zipfile.ZipFile) -> Iterator[tuple[int, str]]:
    """The number of each exchange, and the beginning of the names of its files."""
    for name in archive.namelist():
        if found := REQUEST.fullmatch(name):
            yield int(found[1]), name[: -len("_c.txt")]


def _exchange(number: int, stem: str, archive: zipfile.ZipFile, callers: Callers) -> Exchange | str:
    """An exchange, or the reason why it is left out."""
    request = _message(_content(archive, f"{stem}_c.txt"))
    method, target, *_ = request.first.split(" ")
    answered = _content(archive, f"{stem}_s.txt")
    if method.upper() == CONNECT or not answered.strip():
        return UNANSWERED
    response = _message(answered)
    status = int(response.first.split(" ")[1])
    if status == UPGRADED:
        return WEBSOCKETS
    return Exchange(
        number,
        _begun(_content(archive, f"{stem}_m.xml")),
        method.upper(),
        url_of(target),
        callers.number(authorization=request.authorization),
        "",
        Message(request.headers, request.body),
        status,
        Message(response.headers, response.body),
    )


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError
    return content


def _begun(timers: bytes) -> datetime:
    found = BEGUN.search(timers)
    time = moment(found[1].decode("ascii")) if found else None
    if time is None:
        raise IncompleteError("no ClientBeginRequest")
    return time


def _message(raw: bytes) -> Raw:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers, authorization = headers_of((name, value) for name, _, value in (line.partition(":") for line in lines))
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _unchunked(body)
    return Raw(first, headers, authorization, _decompressed(body, headers.get("content-encoding", "").lower()))


def _unchunked(body: bytes) -> bytes:
    parts = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        if length == 0:
            break
        parts.append(rest[:length])
        body = rest[length + 2 :]
    return b"".join(parts)


def _decompressed(body: bytes, encoding: str) -> bytes:
    """A body that went over the wire compressed.

    Raises:
        ValueError: for one that is too long.
    """
    if not body or encoding in ("", "identity"):
        return body
    if encoding == "gzip":
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            plain = file.read(MOST_BYTES + 1)
    elif encoding == "deflate":
        reader = zlib.decompressobj(-zlib.MAX_WBITS if body[:1] != b"\x78" else zlib.MAX_WBITS)
        plain = reader.decompress(body, MOST_BYTES + 1)
    else:
        raise ValueError
    if len(plain) > MOST_BYTES:
        raise ValueError
    return plain
