"""Reading recordings: HTTP archives, archives of Fiddler's, and logs of the trace analyzer (REPL-1)."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from archives import BEGAN, SECRET, STORIES_IN_FILES, har_of, raw, trace, zipped
from errors import error_of
from pytest_xbl.replay.har import read_har
from pytest_xbl.replay.reading import read_recording
from pytest_xbl.replay.recording import Recording
from pytest_xbl.replay.saz import read_saz
from pytest_xbl.replay.trace import read_trace
from recorded import LOBBY_AND_GAME, LOBBY_PATH, ONE_LOBBY, ONE_XUID
from tables import cases

URL = f"https://sessiondirectory.xboxlive.com{LOBBY_PATH}"
TIME = "2016-09-20T13:49:59.9966888-07:00"


def read(tmp_path: Path, name: str, content: bytes) -> Recording:
    """The recording in a file of this name."""
    (tmp_path / name).write_bytes(content)
    return read_recording(tmp_path / name)


@pytest.mark.parametrize("suffix", STORIES_IN_FILES)
def test_every_kind_of_file_gives_the_same_exchanges(tmp_path: Path, suffix: str) -> None:
    """With their methods, times, callers, headers and bodies (REPL-1)."""
    story = (*LOBBY_AND_GAME, *ONE_LOBBY)
    found = read(tmp_path, f"recording{suffix}", STORIES_IN_FILES[suffix](story))
    assert found.left_out == {}
    assert [one.number for one in found.exchanges] == list(range(1, len(story) + 1))
    assert [one.caller for one in found.exchanges] == [1] * len(LOBBY_AND_GAME) + [2] * len(ONE_LOBBY)
    for one, wire in zip(found.exchanges, raw(story), strict=True):
        assert (one.method, one.url.geturl(), one.status) == (wire.method, wire.url, wire.status)
        assert one.time == datetime.fromisoformat(wire.time)
        assert (one.request.body, one.response.body) == (wire.body.encode(), wire.answer.encode())
        sent = {name.lower(): it for name, it in wire.headers.items() if name != "Authorization"}
        assert one.request.headers == sent
        assert one.response.headers == {name.lower(): it for name, it in wire.answered.items()}
    assert found.exchanges[0].time == BEGAN


@pytest.mark.parametrize("suffix", STORIES_IN_FILES)
def test_no_credentials_are_kept(tmp_path: Path, suffix: str) -> None:
    """They tell callers apart, and that is all (REPL-3)."""
    found = read(tmp_path, f"recording{suffix}", STORIES_IN_FILES[suffix](LOBBY_AND_GAME))
    assert SECRET not in repr([tuple(one) for one in found.exchanges])


def test_an_exchange_is_shown_without_secret_parameters() -> None:
    """In one line, as the journal shows its entries (SEEN-13)."""
    [one], _ = read_har(har(entry(url=f"{URL}?access_token=SECRET&nocommit=true")))
    line = f"PUT {LOBBY_PATH}?access_token=...&nocommit=true at sessiondirectory.xboxlive.com -> 200"
    assert repr(one) == f"<exchange #1 {line}>"


def test_a_caller_stays_the_same_when_their_token_is_renewed() -> None:
    """The hash of the user before the semicolon is the same then (REPL-3)."""
    tokens = ["XBL3.0 x=one;aaa", "XBL3.0 x=two;aaa", "XBL3.0 x=one;bbb", ""]
    entries = [entry(headers=[{"name": "authorization", "value": token}]) for token in tokens]
    exchanges, _ = read_har(har(*entries))
    assert [one.caller for one in exchanges] == [1, 2, 1, 0]


def entry(
    *, headers: Any = (), status: Any = 200, body: str = "", answer: Any = None, time: Any = TIME, url: Any = URL
) -> dict[str, Any]:
    """An entry of an HTTP archive."""
    return {
        "startedDateTime": time,
        "request": {"method": "put", "url": url, "headers": list(headers), "postData": {"text": body}},
        "response": {"status": status, "headers": [], "content": answer or {}},
    }


def har(*entries: Any) -> bytes:
    """An HTTP archive of these entries."""
    return json.dumps({"log": {"entries": entries}}).encode()


def test_a_body_in_an_http_archive_may_be_in_base64() -> None:
    """As browsers write what is no text, or may be none (REPL-1)."""
    content = {"encoding": "base64", "text": base64.b64encode(b'{"a": 1}').decode()}
    [one], _ = read_har(har(entry(answer=content)))
    assert (one.response.json, one.method, one.uri, one.host) == (
        {"a": 1},
        "PUT",
        LOBBY_PATH,
        "sessiondirectory.xboxlive.com",
    )


@pytest.mark.parametrize(
    ("body", "json_"),
    [(b"", None), (b"  ", None), (b"no", None), (b"\xff\xfe", None), (b'\xef\xbb\xbf{"a":1}', {"a": 1}), (b"[1]", [1])],
)
def test_a_body_that_is_no_json_is_none(body: bytes, json_: object) -> None:
    """And one with a byte order mark is read without (REPL-1)."""
    content = {"encoding": "base64", "text": base64.b64encode(body).decode()}
    [one], _ = read_har(har(entry(answer=content)))
    assert one.response.json == json_


LEFT_OUT: dict[str, tuple[Any, str]] = {
    # An entry, and the reason why it is left out.
    "no response": (entry(status=0), "without a response"),
    "a websocket": (entry(status=101), "websockets"),
    "no status": (entry(status=None), "incomplete: no response.status"),
    "a status that is none": (entry(status="?"), "incomplete: malformed response.status"),
    "a status beyond all numbers": (entry(status=float("inf")), "incomplete: malformed response.status"),
    "no time": (entry(time=None), "incomplete: no startedDateTime"),
    "a time that is none": (entry(time="soon"), "incomplete: malformed startedDateTime"),
    "a time that is a number": (entry(time=7), "incomplete: malformed startedDateTime"),
    "no host": (entry(url="/a/path"), "incomplete: malformed request.url"),
    "a url that is none": (entry(url=7), "incomplete: malformed request.url"),
    "no request": ({"startedDateTime": TIME, "response": {}}, "incomplete: no request.headers"),
    "no object": (7, "incomplete: no request.headers"),
    "headers that are none": (entry(headers=["a"]), "incomplete: malformed request.headers"),
    "a body that is cut short": (
        entry(answer={"encoding": "base64", "text": "a"}),
        "incomplete: malformed response.content",
    ),
    "a body that is no text": (entry(answer={"text": 7}), "incomplete: malformed response.content"),
}


@cases("given reason", LEFT_OUT)
def test_an_entry_that_is_no_exchange_is_left_out(given: Any, reason: str) -> None:
    """And counted, by what it lacks (REPL-1)."""
    exchanges, left_out = read_har(har(given, entry(), given))
    assert (len(exchanges), left_out) == (1, {reason: 2})


NO_RECORDING: dict[str, tuple[str, bytes | None, str]] = {
    # A file, its content, and the text of the error; %s is the path.
    "another kind": (
        "a.txt",
        b"",
        "%s is no recording; known are .har, .saz of Fiddler, and .csv of the trace analyzer.",
    ),
    "a missing file": ("a.har", None, "The recording %s cannot be read: No such file or directory."),
    "no JSON": ("a.har", b"hello", "The file is not JSON: Expecting value in line 1, column 1.\nwhere: %s"),
    "JSON that is cut short": (
        "a.har",
        b'{"log":\n ["a"',
        "The file is not JSON: Expecting ',' delimiter in line 2, column 6; it may be cut short.\nwhere: %s",
    ),
    "JSON that is cut short in a text": (
        "a.har",
        b'{"log": "a',
        "The file is not JSON: Unterminated string starting at in line 1, column 9; it may be cut short.\nwhere: %s",
    ),
    "nothing": (
        "a.har",
        b"",
        "The file is not JSON: Expecting value in line 1, column 1; it may be cut short.\nwhere: %s",
    ),
    "no text": ("a.har", b"ab\xff", "The file is not JSON: it is no text.\nwhere: %s"),
    "other JSON": ("a.json", b"[]", "The file is no HTTP archive: it has no entries at /log/entries.\nwhere: %s"),
    "no log": ("a.HAR", b'{"log": 1}', "The file is no HTTP archive: it has no entries at /log/entries.\nwhere: %s"),
    "too deep": (
        "a.har",
        b"[" * 100_000,
        "The file is not JSON that can be read: it is nested too deep.\nwhere: %s",
    ),
    "no list": (
        "a.har",
        b'{"log": {"entries": {}}}',
        "The entries of an HTTP archive are a list.\nwhere: /log/entries in %s",
    ),
    "no zip": ("a.saz", b"PK", "The file is no archive of Fiddler's: it is no zip, or cut short.\nwhere: %s"),
    "no log of calls": (
        "a.csv",
        b"Host,Uri\n",
        "The file is no log of service calls: its first line is v1509 or v1510.\nwhere: %s",
    ),
    "a log without columns": ("a.csv", b"v1510\nHost,Uri\n", "The log has no column RequestHeaders.\nwhere: %s"),
    "an empty log": ("a.csv", b"v1510\n", "The log has no column Uri.\nwhere: %s"),
}


@cases("name content text", NO_RECORDING)
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, name: str, content: bytes | None, text: str) -> None:
    """With what it would have to be (REPL-1)."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert error_of(lambda: read_recording(path)) == text % path


def test_a_name_that_no_file_has_is_refused() -> None:
    """As Python says it (REPL-1)."""
    assert (
        error_of(lambda: read_recording(Path("\0.har"))) == "The recording \0.har cannot be read: embedded null byte."
    )


def frame(
    *, request: bytes, response: bytes = b"HTTP/1.1 204 No Content\r\n\r\n", timers: bytes | None = None
) -> bytes:
    """An archive of Fiddler's with one exchange."""
    begun = f'<SessionTimers ClientBeginRequest="{TIME}" />'.encode() if timers is None else timers
    return zipped({"raw/01_c.txt": request, "raw/01_s.txt": response, "raw/01_m.xml": begun, "_index.htm": b""})


GET = f"GET {URL} HTTP/1.1\r\nHost: sessiondirectory.xboxlive.com\r\n\r\n".encode()


def _deflated(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


ENCODED: dict[str, tuple[str, bytes]] = {
    "not at all": ("X: y", b'{"a": 1}'),
    "by name": ("Content-Encoding: identity", b'{"a": 1}'),
    "gzip": ("Content-Encoding: gzip", gzip.compress(b'{"a": 1}')),
    "deflate": ("content-encoding: Deflate", zlib.compress(b'{"a": 1}')),
    "deflate without its header": ("Content-Encoding: deflate", _deflated(b'{"a": 1}')),
    "in chunks": ("Transfer-Encoding: chunked", b'3\r\n{"a\r\n5;x=y\r\n": 1}\r\n0\r\n\r\n'),
    "in chunks that are cut short": ("Transfer-Encoding: chunked", b'8\r\n{"a": 1}'),
    "in chunks of gzip": (
        "Transfer-Encoding: chunked\r\nContent-Encoding: gzip",
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(b'{"a": 1}')), gzip.compress(b'{"a": 1}')),
    ),
}


@cases("header body", ENCODED)
def test_fiddler_keeps_bodies_as_they_went_over_the_wire(header: str, body: bytes) -> None:
    """Packed and in chunks (REPL-1)."""
    [one], _ = read_saz(frame(request=GET, response=f"HTTP/1.1 200 OK\r\n{header}\r\n\r\n".encode() + body))
    assert one.response.json == {"a": 1}
    assert one.time == datetime(2016, 9, 20, 20, 49, 59, 996688, tzinfo=timezone.utc)


FRAMES: dict[str, tuple[Callable[[], bytes], str]] = {
    # An archive with one exchange, and the reason why it is left out.
    "no response": (lambda: frame(request=GET, response=b""), "without a response"),
    "a tunnel": (lambda: frame(request=b"CONNECT rta.xboxlive.com:443 HTTP/1.1\r\n\r\n"), "without a response"),
    "a websocket": (
        lambda: frame(request=GET, response=b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
        "websockets",
    ),
    "no request line": (lambda: frame(request=b"GET\r\n\r\n"), "incomplete"),
    "no status": (lambda: frame(request=GET, response=b"HTTP/1.1\r\n\r\n"), "incomplete"),
    "no status line": (lambda: frame(request=GET, response=b"x y z\r\n\r\n"), "incomplete"),
    "no time": (lambda: frame(request=GET, timers=b"<SessionTimers />"), "incomplete: no ClientBeginRequest"),
    "a time that is none": (
        lambda: frame(request=GET, timers=b'ClientBeginRequest="soon"'),
        "incomplete: no ClientBeginRequest",
    ),
    "no response file": (lambda: zipped({"raw/1_c.txt": GET}), "incomplete"),
    "an unknown encoding": (
        lambda: frame(request=GET, response=b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nxx"),
        "incomplete",
    ),
    "broken gzip": (
        lambda: frame(request=GET, response=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nxx"),
        "incomplete",
    ),
    "broken deflate": (
        lambda: frame(request=GET, response=b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\nxx"),
        "incomplete",
    ),
    "a broken chunk": (
        lambda: frame(request=GET, response=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxx"),
        "incomplete",
    ),
}


@cases("archive reason", FRAMES)
def test_a_frame_that_is_no_exchange_is_left_out(archive: Callable[[], bytes], reason: str) -> None:
    """And counted, by the reason (REPL-1)."""
    assert read_saz(archive()) == ([], {reason: 1})


@pytest.mark.parametrize("encoding", ["gzip", "deflate", ""])
def test_a_body_that_is_a_bomb_is_left_out(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """However small it is in the archive (REPL-1)."""
    monkeypatch.setattr("pytest_xbl.replay.saz.MOST_BYTES", 1000)
    body = b" " * 1001
    packed = {"gzip": gzip.compress(body), "deflate": zlib.compress(body)}.get(encoding, body)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode()
    assert read_saz(frame(request=GET, response=head + packed)) == ([], {"incomplete": 1})


ROW = {
    "Uri": URL,
    "XboxUserId": ONE_XUID,
    "RequestHeaders": "Accept: a,b  x-xbl-contract-version: 105  ",
    "RequestBody": "{}",
    "ResponseHeaders": "",
    "ResponseBody": "",
    "HttpStatusCode": "200",
    "ReqTimeUTC": "2016-09-19T16:51:52.896Z",
}


def test_a_log_has_all_headers_on_one_line() -> None:
    """Two blanks part them (REPL-1)."""
    [one], _ = read_trace(trace([ROW]))
    assert one.request.headers == {"accept": "a,b", "x-xbl-contract-version": "105"}
    assert (one.xuid, one.caller, one.response.headers) == (ONE_XUID, 1, {})


METHODS: dict[str, tuple[str, str]] = {
    "a session": (LOBBY_PATH, "PUT"),
    "handles": ("/handles", "POST"),
    "a handle": ("/handles/0a0b0c0d-0000-4000-a000-00000000000f", "DELETE"),
    "nothing known": ("/elsewhere", "PUT"),
}


@cases("path method", METHODS)
def test_a_log_does_not_tell_the_method_of_a_write(path: str, method: str) -> None:
    """It is the first one that the path has (REPL-1)."""
    url = f"https://sessiondirectory.xboxlive.com{path}"
    exchanges, _ = read_trace(trace([{**ROW, "Uri": url}, {**ROW, "Uri": url, "IsGet": "true"}]))
    assert [one.method for one in exchanges] == [method, "GET"]


ROWS: dict[str, tuple[dict[str, str], str]] = {
    "a tap": ({"IsShoulderTap": "true"}, "events and taps"),
    "an event": ({"IsInGameEvent": "true"}, "events and taps"),
    "no status": ({"HttpStatusCode": ""}, "incomplete"),
    "no time": ({"ReqTimeUTC": ""}, "incomplete: no ReqTimeUTC"),
    "no URL": ({"Uri": ""}, "incomplete"),
}


@cases("changed reason", ROWS)
def test_a_row_that_is_no_exchange_is_left_out(changed: dict[str, str], reason: str) -> None:
    """And counted, by the reason (REPL-1)."""
    exchanges, left_out = read_trace(trace([{**ROW, **changed}, ROW]))
    assert (len(exchanges), left_out) == (1, {reason: 1})


def test_a_log_may_be_cut_short() -> None:
    """The row that is not whole is left out (REPL-1)."""
    whole = trace([ROW, ROW])
    exchanges, left_out = read_trace(whole[: -len(whole) // 4])
    assert (len(exchanges), left_out) == (1, {"incomplete": 1})


def test_our_own_archives_are_recordings(tmp_path: Path) -> None:
    """A HAR of the same requests gives the same exchanges (REPL-1)."""
    assert len(read(tmp_path, "requests.har", har_of(LOBBY_AND_GAME)).exchanges) == len(LOBBY_AND_GAME)
