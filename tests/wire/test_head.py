"""The heads of requests: what an app sees of those that are well-formed HTTP/1.1, and what is wrong with the others."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from pytest_xbl.wire.head import (
    END_OF_HEAD,
    HALF_A_BODY,
    MAX_HEADERS,
    MAX_LINE,
    Environ,
    Malformed,
    check_start,
    expects_continue,
    keeps_connection,
    parse_chunk_size,
    parse_head,
)

A_LINE = "a" * MAX_LINE


def head(*headers: str, line: str = "GET / HTTP/1.1", host: str | None = "x") -> bytes:
    """A head with these headers, after a Host unless that is None."""
    first = [line] if host is None else [line, f"Host: {host}"]
    return "".join(f"{text}\r\n" for text in (*first, *headers, "")).encode("latin-1")


def environ_of(data: bytes) -> Environ:
    """The environ of a head that is well-formed."""
    environ = parse_head(data)
    assert not isinstance(environ, Malformed), environ
    return environ


# Well-formed heads


def test_a_head_becomes_an_environ() -> None:
    """Request line and headers have the names of WSGI."""
    data = head("Content-Type: text/plain", "Content-Length: 2", "X-A: b", line="PUT /%41?b=%41 HTTP/1.1")
    assert parse_head(data) == {
        "REQUEST_METHOD": "PUT",
        "REQUEST_URI": "/%41?b=%41",
        "PATH_INFO": "/A",
        "QUERY_STRING": "b=%41",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "2",
        "HTTP_HOST": "x",
        "HTTP_X_A": "b",
    }


@pytest.mark.parametrize(
    ("line", "path", "query", "host"),
    [
        ("GET /a?b=c?d HTTP/1.1", "/a", "b=c?d", "x"),
        ("GET //evil/a HTTP/1.1", "//evil/a", "", "x"),
        ("GET /%C3%A9%2F HTTP/1.1", "/\u00c3\u00a9/", "", "x"),
        ("GET http://real:80/a?b HTTP/1.1", "/a", "b", "real:80"),
        ("GET HTTP://real?b HTTP/1.1", "", "b", "real"),
        ("OPTIONS * HTTP/1.1", "*", "", "x"),
        ("CONNECT real:80 HTTP/1.1", "real:80", "", "x"),
    ],
)
def test_a_target_is_taken_apart(line: str, path: str, query: str, host: str) -> None:
    """An absolute target names the host, whatever the header says (CALL-1)."""
    environ = environ_of(head(line=line))
    assert (environ["PATH_INFO"], environ["QUERY_STRING"], environ["HTTP_HOST"]) == (path, query, host)


@pytest.mark.parametrize(
    ("headers", "key", "value"),
    [
        *(([f"X-A: {value}"], "HTTP_X_A", value) for value in ("a b", "a\tb", "é\xa0\x85", "", "a:b")),
        *(([f"X-A:{written}"], "HTTP_X_A", written.strip()) for written in ("a", " \t a \t ", "")),
        (["!#$%&'*+.^`|~-9z: a"], "HTTP_!#$%&'*+.^`|~_9Z", "a"),
        (["X-A: a", "x-a: b"], "HTTP_X_A", "a,b"),
        (["X-A: a", "X_A: b"], "HTTP_X_A", "a"),
        (["X_A: b"], "HTTP_X_A", None),
        (["X_A: b", "X-A: a"], "HTTP_X_A", "a"),
        ([], "CONTENT_LENGTH", None),
        (["Content-Length: 007"], "CONTENT_LENGTH", "007"),
        ([f"Content-Length: {'9' * 18}"], "CONTENT_LENGTH", "9" * 18),
        (["Transfer-Encoding: Chunked"], "HTTP_TRANSFER_ENCODING", "Chunked"),
    ],
)
def test_a_header_is_found_under_its_key(headers: list[str], key: str, value: str | None) -> None:
    """A header that comes again is joined to the first; one with an underscore is dropped, as WSGI would mix it up."""
    assert environ_of(head(*headers)).get(key) == value


@pytest.mark.parametrize(
    "host",
    ["", "x", "x:80", "x:", "127.0.0.1:80", "[::1]:80", "[v1.a:b]", "a_b.example", "%41", "a,b"],
)
def test_a_host_is_a_name_or_an_address_with_or_without_a_port(host: str) -> None:
    """RFC 9110, 7.2, and RFC 3986, 3.2.2."""
    assert environ_of(head(host=host))["HTTP_HOST"] == host


@pytest.mark.parametrize(
    "data",
    [b"\r\n" + head(), head().replace(b"\r", b""), head().replace(b"x\r", b"x")],
    ids=["an empty line before", "LF alone", "both ends of lines"],
)
def test_lines_are_taken_as_they_are_meant(data: bytes) -> None:
    """One empty line may come before a head, and a line may end with LF alone (RFC 9112, 2.2)."""
    assert environ_of(data) == environ_of(head())


def test_a_head_ends_with_its_first_empty_line() -> None:
    """The first but for one at its very beginning."""
    ends = {b"a\r\n\r\nb\r\n\r\n": 5, b"a\n\nb\r\n\r\n": 3, b"a\n\r\nb": 4, b"\r\na\r\n\r\n": 7, b"a\r\n": None}
    assert {data: (found := END_OF_HEAD.search(data)) and found.end() for data in ends} == ends


def test_a_head_may_be_as_long_as_the_limits() -> None:
    """The limits themselves are within them."""
    line = f"GET /{'a' * (MAX_LINE - 14)} HTTP/1.1"
    header = f"b:{'a' * (MAX_LINE - 2)}"
    assert len(line) == len(header) == MAX_LINE
    assert environ_of(head(header, *["a: b"] * (MAX_HEADERS - 2), line=line))["HTTP_B"] == header[2:]


@pytest.mark.parametrize(
    ("version", "header", "kept"),
    [
        *(("1.1", header, True) for header in ("X: y", "Connection: keep-alive", "Connection: closed")),
        *(("1.1", header, False) for header in ("Connection: close", "Connection: TE, Close")),
        ("1.0", "Connection: Keep-Alive", True),
        *(("1.0", header, False) for header in ("X: y", "Connection: close", "Connection: keep-alive, close")),
    ],
)
def test_version_and_connection_say_whether_a_connection_stays(version: str, header: str, kept: bool) -> None:
    """RFC 9112, 9.3."""
    assert keeps_connection(environ_of(head(header, line=f"GET / HTTP/{version}"))) is kept


def test_a_client_may_wait_for_100() -> None:
    """HTTP/1.0 knows no interim responses (RFC 9110, 10.1.1)."""
    for header, expected in (("Expect: 100-Continue", True), ("Expect: something", False), ("X: y", False)):
        assert expects_continue(environ_of(head(header, line="PUT / HTTP/1.1"))) is expected
        assert expects_continue(environ_of(head(header, line="PUT / HTTP/1.0"))) is False


# Malformed heads


HOST = "The Host must be a name or an address, with or without a port, not {!r}."
LENGTH = "Content-Length must be a number of at most 18 digits, not {!r}."
CODING = "Transfer-Encoding must be chunked, not {!r}."
LINE = "A request line must be a method, a target and a version, not {!r}."
TARGET = "The target {!r} holds a character that must be percent-encoded."
FORM = "The target must be a path or an absolute URI, not {!r}."
VERSION = "The version must be HTTP/1.1 or HTTP/1.0, not {!r}."
COLON = "A header must have a colon after its name, unlike {!r}."
SPACE = "There must be no space between the name of a header and its colon, as in {!r}."
FOLDED = "A header must not go on in a second line, as it does in {!r}."
CONTROL = "The header X holds a control character: {!r}."
ONE_HOST = "A request must not have more than one Host header."
BOTH = "A request must not have both Content-Length and Transfer-Encoding."


@pytest.mark.parametrize(
    ("line", "text"),
    [
        *(
            (line, LINE.format(line[:80]))
            for line in (
                *("hello", "GET /", "GET\t/\tHTTP/1.1", "a" * 1000, " GET / HTTP/1.1", "GET  / HTTP/1.1", "GET / "),
            )
        ),
        ("G(T / HTTP/1.1", "The method 'G(T' is not a token."),
        ("\xc9 / HTTP/1.1", "The method 'É' is not a token."),
        *((f"GET {target} HTTP/1.1", TARGET.format(target)) for target in ("/\x00", "/\ra", "/\x7f", "/é")),
        *(
            (f"GET / {version}", VERSION.format(version))
            for version in ("b HTTP/1.1", "HTTP/1.1\r", "HTTP/1.1 ", "http/1.1", "HTTP/1.10", "HTTP/2.0")
        ),
        *(("GET a HTTP/1.1", FORM.format("a")), ("GET * HTTP/1.1", FORM.format("*"))),
        ("OPTIONS a HTTP/1.1", FORM.format("a")),
        *((f"GET http://{host} HTTP/1.1", HOST.format(host)) for host in ("[", "me@x")),
        ("GET http:///x HTTP/1.1", "An absolute target must name a host, unlike 'http:///x'."),
    ],
)
def test_a_malformed_request_line_is_explained(line: str, text: str) -> None:
    """RFC 9112, 3."""
    assert parse_head(head(line=line)) == Malformed(text)


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        *(([line], COLON.format(line)) for line in ("Host x", "X")),
        *(([line], SPACE.format(line)) for line in ("X : y", "X\t: y")),
        *((["X: a", line], FOLDED.format(line)) for line in (" b: c", "\tb")),
        (["Authorization: XBL3.0", " x=1;a-real-secret"], FOLDED.format("...cret")),
        (["authorization XBL3.0 x=1;a-real-secret"], COLON.format("...cret")),
        (["Authorization : XBL3.0 x=1;a-real-secret"], SPACE.format("...cret")),
        (["Cookie: a-real-\x00secret"], CONTROL.replace("X", "Cookie").format("...cret")),
        *(([f"{name}: a"], f"The header name {name!r} is not a token.") for name in ("", "X(Y)", "X\x00", "É")),
        *(([f"X: {v}"], CONTROL.format(v)) for v in ("a\x00b", "a\rY: b", "a\r", "\x1b[2J", "\x7f", "a\x0b")),
        *(([line], ONE_HOST) for line in ("Host: x", "hOST: y")),
        *(([f"Content-Length: {n}"], LENGTH.format(n)) for n in ("-1", "+2", "two", "²", "", "9" * 19)),
        (["Content-Length: 1", "content-length: 1"], LENGTH.format("1,1")),
        (["Content-Length: 1", "Transfer-Encoding: chunked"], BOTH),
        *(([f"Transfer-Encoding: {coding}"], CODING.format(coding)) for coding in ("gzip", "gzip, chunked", "")),
        (["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], CODING.format("chunked,chunked")),
    ],
)
def test_malformed_headers_are_explained(headers: list[str], text: str) -> None:
    """RFC 9112, 5 and 6; RFC 9110, 5. No more of a token is shown than its end (SEEN-13)."""
    assert parse_head(head(*headers)) == Malformed(text)


@pytest.mark.parametrize(
    "host",
    ["a b", "x:y", "x:80:80", "\xe9", "me@x", "x/y", "http://x", "[::1", "::1", "[x]", "%4", "%zz", "a\\b"],
)
def test_a_malformed_host_is_explained(host: str) -> None:
    """RFC 9112, 3.2; the header is looked at even where an absolute target replaces it."""
    for line in ("GET / HTTP/1.1", "GET / HTTP/1.0", "GET http://real/ HTTP/1.1"):
        assert parse_head(head(line=line, host=host)) == Malformed(HOST.format(host))


@pytest.mark.parametrize("line", ["GET / HTTP/1.1", "GET / HTTP/1.2", "GET http://real/ HTTP/1.1"])
def test_a_request_must_have_a_host(line: str) -> None:
    """RFC 9112, 3.2."""
    assert parse_head(head(line=line, host=None)) == Malformed("A request must have a Host header.")


def test_an_old_request_needs_no_host_and_must_not_be_chunked() -> None:
    """RFC 9112, 3.2 and 6.1."""
    line = "PUT / HTTP/1.0"
    assert "HTTP_HOST" not in environ_of(head(line=line, host=None))
    assert parse_head(head("Transfer-Encoding: chunked", line=line)) == Malformed(
        "A request under HTTP/1.0 must not have Transfer-Encoding."
    )


TOO_LONG = Malformed("The request line is longer than 65536 bytes.", HTTPStatus.REQUEST_URI_TOO_LONG)
TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
LONG_HEADER = Malformed("A header is longer than 65536 bytes.", TOO_LARGE)
MANY_HEADERS = Malformed("The request has more than 100 headers.", TOO_LARGE)


def test_a_head_beyond_the_limits_is_refused() -> None:
    """With 414 (RFC 9112, 3) or 431 (RFC 6585, 5)."""
    assert parse_head(head(line=f"{A_LINE}a")) == TOO_LONG
    assert parse_head(head(f"{A_LINE}a")) == LONG_HEADER
    assert parse_head(head(*["a: b"] * MAX_HEADERS)) == MANY_HEADERS


@pytest.mark.parametrize(
    ("start", "malformed"),
    [
        *((start, None) for start in (b"", b"\r", b"\r\n", b"\r\n\r", b"GE", b"GET /\xe9", A_LINE.encode())),
        *(
            (f"{start}GET / HTTP/1.1\r{end}".encode(), None)
            for start, end in (("", ""), ("", "\nX : x"), ("\r\n", "\n"))
        ),
        (f"{A_LINE}a".encode(), TOO_LONG),
        (f"GET / HTTP/1.1\r\n{A_LINE}a".encode(), LONG_HEADER),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * (MAX_HEADERS + 2), MANY_HEADERS),
        (b"hello\r\n", Malformed(LINE.format("hello"))),
        (b"\x16\x03\x01", Malformed("The method '\\x16\\x03\\x01' is not a token.")),
        (b"G\x00T /", Malformed("The method 'G\\x00T' is not a token.")),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_the_start_of_a_head_is_refused_once_nothing_can_mend_it(start: bytes, malformed: Malformed | None) -> None:
    """So whoever speaks TLS, or anything but HTTP, is not left waiting."""
    assert check_start(start) == malformed


# Chunks


def test_a_chunk_begins_with_its_size() -> None:
    """Extensions are ignored (RFC 9112, 7.1)."""
    sizes = {b"0": 0, b"1A": 26, b"00a": 10, b"5;a=b": 5, b'5 ; a="b c"': 5, b"f" * 15: 16**15 - 1}
    assert {line: parse_chunk_size(line + b"\r\n") for line in sizes} == sizes
    assert parse_chunk_size(b"") == HALF_A_BODY


@pytest.mark.parametrize(
    "line",
    [
        *(b"\r\n", b"xyz\r\n", b"-2\r\n", b"+2\r\n", b"0x2\r\n", b"1_0\r\n", b" 2\r\n", b"2", b"2\n", b"2;\x00\r\n"),
        b"f" * 16,
    ],
)
def test_a_malformed_chunk_size_is_explained(line: bytes) -> None:
    """Hexadecimal digits, and nothing that Python would take for a number as well."""
    text = f"A chunk must begin with its size in hexadecimal digits, not {line!r}."
    assert parse_chunk_size(line) == Malformed(text)
