"""The body of a request: its type, its compression, its bounds."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zlib
from collections.abc import Callable
from time import thread_time
from typing import Any, TypeAlias

import pytest
from werkzeug.exceptions import ClientDisconnected
from werkzeug.test import Client

from bodies import ACTIVE, ONE
from errors import refusal_text
from pytest_xbl import XboxLive

MEBIBYTE = 1024 * 1024

# A JSON object


@pytest.mark.parametrize(
    ("method", "body", "what"),
    [
        ("PUT", b"", "The body is empty; a write that changes nothing is {}."),
        ("POST", b"", "The body is empty; it has to be a JSON object."),
        ("PUT", b'{\n"a" 1}', "The body is not JSON: Expecting ':' delimiter in line 2, column 5."),
        ("PUT", b"\xef\xbb\xbf{}", "The body starts with a byte order mark, which JSON does not have."),
        ("PUT", b"\xff{}", "The body is not UTF-8: invalid start byte at byte 0."),
        ("PUT", gzip.compress(b"{}", mtime=0), "The body looks like gzip, and no Content-Encoding says so."),
        ("PUT", b'{"\xed\xa0\x80": 1}', "The body is not UTF-8: invalid continuation byte at byte 2."),
        ("PUT", b"[]", "The body has to be a JSON object; got []."),
        ("PUT", json.dumps(["x" * 99]).encode(), f'The body has to be a JSON object; got ["{"x" * 55}....'),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(xbl: XboxLive, method: str, body: bytes, what: str) -> None:
    """400, and the text says what is wrong with it and where (CALL-6, CODE-400)."""
    answer = xbl.client(xbl.user("Stacy")).open(ONE if method == "PUT" else "/handles", method=method, data=body)
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "the body", "CALL-6"))


def test_a_body_that_breaks_off_is_refused(xbl: XboxLive) -> None:
    """Fewer bytes than its length says are no body (CALL-6)."""
    headers = xbl.user("Stacy").headers
    answer = Client(xbl.app).put(ONE, data=b"{}", headers=headers, environ_overrides={"CONTENT_LENGTH": "10"})
    what = f"The body broke off: {ClientDisconnected().description}"
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "the body", "CALL-6"))


# The type


@pytest.mark.parametrize(
    "content_type",
    [
        *("", "application/json; charset=utf-8", "APPLICATION/JSON", "application/problem+json"),
        *("text/plain;charset=UTF-8", "Text/JSON"),
    ],
)
def test_a_body_is_json_by_its_content_type_or_for_want_of_one(xbl: XboxLive, content_type: str) -> None:
    """JSON in all its names, plain text, as scripts in browsers call it, and no Content-Type at all (CALL-13)."""
    answer = xbl.client(xbl.user("Stacy")).put(ONE, data="{}", content_type=content_type)
    assert answer.status_code == 201


FORM = "By its Content-Type the body is form-encoded; send JSON: with requests or httpx, json= instead of {}=."
NOT_JSON = 'The body has to be JSON, and its Content-Type says "{}".'


@pytest.mark.parametrize(
    ("content_type", "what"),
    [
        ("application/x-www-form-urlencoded", FORM.format("data")),
        ("Multipart/Form-Data; boundary=x", FORM.format("files")),
        ("Application/XML; charset=utf-8", NOT_JSON.format("application/xml")),
        *((one, NOT_JSON.format(one)) for one in ("text/html", "application/jsonp", "json", "a/b+jsonx")),
    ],
)
def test_a_body_of_another_content_type_is_refused(xbl: XboxLive, content_type: str, what: str) -> None:
    """400, whatever the body holds, and a mistake of the client; for a form with the way out (CALL-13)."""
    answer = xbl.client(xbl.user("Stacy")).put(ONE, data="{}", content_type=content_type)
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "Content-Type", "CALL-13"))
    assert xbl.journal[0].mistake == "bad-body"


# Compression


def raw_deflate(data: bytes) -> bytes:
    """Deflate without the frame of zlib."""
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


Compress: TypeAlias = Callable[[bytes], bytes]
COMPRESS: dict[str, Compress] = {"gzip": gzip.compress, "X-GZIP": gzip.compress, "deflate": zlib.compress}
compressed = pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        *COMPRESS.items(),
        ("Deflate", raw_deflate),
        *((name, bytes) for name in ("identity", "", ",")),
        ("identity, gzip", gzip.compress),
    ],
)


@compressed
@pytest.mark.parametrize("size", [50, MEBIBYTE])
def test_a_body_may_be_compressed(xbl: XboxLive, encoding: str, compress: Compress, size: int) -> None:
    """With gzip or deflate, also without the frame of zlib; the journal has it as it was before (CALL-13, CALL-12)."""
    body = body_of(size)
    answer = xbl.client(xbl.user("Stacy")).put(ONE, data=compress(body), headers={"Content-Encoding": encoding})
    assert (answer.status_code, xbl.journal[0].data) == (201, body)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate, br", "x"])
def test_a_body_in_an_unknown_encoding_is_refused(xbl: XboxLive, encoding: str) -> None:
    """400, a mistake of the client, and the text says which are known (CALL-13)."""
    answer = xbl.client(xbl.user("Stacy")).put(ONE, data=b"{}", headers={"Content-Encoding": encoding})
    what = f'A body may be in gzip or deflate, or not compressed at all; its Content-Encoding says "{encoding}".'
    assert (answer.status_code, answer.text) == (400, refusal_text(what, "Content-Encoding", "CALL-13"))
    assert xbl.journal[0].mistake == "bad-body"


INVALID = "The body is not valid {}, although its Content-Encoding says so."
CUT = "The body breaks off: its {} has no end."
SPOILT = {
    "no gzip": ("gzip", b"{}", INVALID),
    "no deflate": ("deflate", b"\xff" * 9, INVALID),
    "a wrong checksum": ("gzip", gzip.compress(b"{}")[:-8] + bytes(8), INVALID),
    **{f"cut {name}": (name, COMPRESS[name](b"{}")[:-1], CUT) for name in ("gzip", "deflate")},
    "a head alone": ("gzip", gzip.compress(b"{}")[:4], CUT),
    "garbage": ("gzip", gzip.compress(b"{}") + b"{}", "The body goes on for 2 bytes behind the end of its {}."),
    "nothing": ("gzip", b"", "The body is empty; a write that changes nothing is {{}}."),
}


@pytest.mark.parametrize(("encoding", "body", "what"), SPOILT.values(), ids=SPOILT)
def test_a_body_that_cannot_be_decompressed_is_refused(xbl: XboxLive, encoding: str, body: bytes, what: str) -> None:
    """400, a mistake of the client, and the text names the encoding (CALL-6, CALL-13)."""
    answer = xbl.client(xbl.user("Stacy")).put(ONE, data=body, headers={"Content-Encoding": encoding})
    assert (answer.status_code, answer.text) == (400, refusal_text(what.format(encoding), "the body", "CALL-6"))
    assert xbl.journal[0].mistake == "bad-body"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_explodes_is_refused_before_it_does(xbl: XboxLive, encoding: str) -> None:
    """413 as soon as there is one byte too many, and no more memory than that (CALL-12, CODE-413)."""
    bomb = COMPRESS[encoding](bytes(200 * MEBIBYTE))
    tracemalloc.start()
    answer = xbl.client(xbl.user("Stacy")).put(ONE, data=bomb, headers={"Content-Encoding": encoding})
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    text = refusal_text("A body has at most 1048576 bytes when decompressed.", "the body", "CALL-12")
    assert (answer.status_code, answer.text, most < 8 * MEBIBYTE) == (413, text, True)


def test_a_body_that_is_too_long_stays_so_when_compressed(xbl: XboxLive) -> None:
    """The bound is for the bytes that arrive, too (CALL-12, CODE-413)."""
    stored = gzip.compress(body_of(MEBIBYTE), compresslevel=0)
    answer = xbl.client(xbl.user("Stacy")).put(ONE, data=stored, headers={"Content-Encoding": "gzip"})
    text = refusal_text("A body has at most 1048576 bytes.", "the body", "CALL-12")
    assert (answer.status_code, answer.text) == (413, text)


# Bounds


def body_of(size: int) -> bytes:
    """A valid body of this many bytes."""
    head, tail = b'{"properties":{"custom":{"a":"', b'"}}}'
    return head + b"x" * (size - len(head) - len(tail)) + tail


@pytest.mark.parametrize(("size", "status"), [(MEBIBYTE, 201), (MEBIBYTE + 1, 413)])
@pytest.mark.parametrize("known", [True, False])
def test_a_body_has_at_most_a_mebibyte(xbl: XboxLive, size: int, status: int, known: bool) -> None:
    """The bound itself is within bounds; one byte more is 413, also where the length is unknown (CALL-12, CODE-413)."""
    chunked = {"wsgi.input_terminated": True, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = Client(xbl.app).put(
        ONE,
        headers=xbl.user("Stacy").headers,
        input_stream=io.BytesIO(body_of(size)),
        environ_overrides={"CONTENT_LENGTH": str(size)} if known else chunked,
    )
    assert answer.status_code == status
    text = refusal_text("A body has at most 1048576 bytes.", "the body", "CALL-12")
    assert status == 201 or answer.text == text


def open_string(size: int) -> bytes:
    """A string that never ends, full of escaped quotes, and then enough brackets to be counted."""
    return b'"' + b'\\"' * size + b"[" * 65


def late_duplicate(size: int) -> bytes:
    """An object of many names, the last one twice."""
    names = [f"{number:06}" for number in range(size)]
    return ("{" + ",".join(f'"{name}":1' for name in [*names, names[-1]]) + "}").encode()


@pytest.mark.parametrize("bad", [open_string, late_duplicate])
def test_a_bad_body_takes_time_in_proportion_to_its_length(xbl: XboxLive, bad: Any) -> None:
    """A body within the bounds cannot keep the server busy for minutes (CALL-12).

    Four times the length may cost four times the time, and not sixteen times; clocks may be coarse.
    """
    client = xbl.client(xbl.user("Stacy"))

    def cost(size: int) -> float:
        body, times = bad(size), []
        for _ in range(3):
            start = thread_time()
            assert client.put(ONE, data=body).status_code == 400
            times.append(thread_time() - start)
        return min(times)

    cost(100)
    assert cost(8_000) < 9 * cost(2_000) + 0.1


# What survives


def test_a_number_survives_a_round_trip(xbl: XboxLive) -> None:
    """Integers of up to 64 bits come back unchanged, and a float stays a float (CALL-9)."""
    client = xbl.client(xbl.user("Stacy"))
    client.put(ONE, json=ACTIVE)
    for number in ("0", "9007199254740993", "-9223372036854775808", "18446744073709551615", "1.5", "1.0", "1e+300"):
        client.put(f"{ONE}/properties", data=f'{{"custom":{{"number":{number}}}}}')
        assert f'"custom":{{"number":{number}}}' in client.get(ONE).text


def test_custom_data_survives_a_round_trip(xbl: XboxLive) -> None:
    """`custom` is the title's, and kept as it is on session, member and server (CALL-9, PUT-5)."""
    custom = {
        "deep": {"deeper": {"deepest": [1, [2, {"x": None}]]}},
        "empty": {"object": {}, "list": [], "": "", "null inside": [None, {"a": None}]},
        "text": 'a\u0000\n"\\/\u2028\U0001f3ae é',
        "é\n": "name",
        "half a character": "\ud83c",
        "\udfae": 1,
        "flags": [False, True],
        "flat": ['"' + "{" * 100, "\\" + "[" * 100, '\\"' + "[" * 100, {"[" * 100: []}],
    }
    stacy = xbl.user("Stacy")
    server = xbl.client(xbl.service("server", on_behalf_of=stacy))
    bags = {"constants": {"custom": custom}, "properties": {"custom": custom}}
    mine = {**bags, "properties": {"system": {"active": True}, "custom": custom}}
    answer = server.put(ONE, json={**bags, "members": {"me": mine}, "servers": {"x": bags}})
    assert answer.data.isascii()  # so that any JSON parser reads it
    document = xbl.client(stacy).get(ONE).get_json()
    for holder in (document, document["members"]["0"], document["servers"]["x"]):
        assert (holder["constants"]["custom"], holder["properties"]["custom"]) == (custom, custom)
