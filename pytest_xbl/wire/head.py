"""Read the head of an HTTP/1.1 request: bytes become a WSGI environ, or the reason why they are malformed.

What a response may hold in its head is checked here as well.
Each check names its section in RFC 9110 (HTTP Semantics) or RFC 9112 (HTTP/1.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from itertools import chain
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote_to_bytes

from pytest_xbl.secrets import cut

Environ: TypeAlias = Mapping[str, str]
"""The part of a WSGI environ that the head of a request gives."""
MAX_LINE = 65536
"""The longest line of a head, in bytes."""
MAX_HEADERS = 100
"""The most header lines of a head."""
END_OF_HEAD = re.compile(rb"\n\r?\n")
"""The end of the last line, and the empty line."""
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""A character that no value of a header may hold (RFC 9110, 5.5)."""

_SHOWN = 80  # characters of a malformed part that are quoted
_SECRET = ("authorization", "proxy-authorization", "cookie")
_TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_VERSION = re.compile(r"HTTP/1\.[0-9]")
_ABSOLUTE = "(?i)[a-z][a-z0-9+.-]*://([^/?]*)(.*)"
_HOST = re.compile(
    r"(?:\[[0-9a-f:.]+\]|\[v[0-9a-f]+\.[\w.~!$&'()*+,;=:-]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})*)(?::[0-9]*)?",
    re.ASCII | re.IGNORECASE,
)
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = rb"([0-9a-fA-F]{1,15})[ \t]*(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?\r\n"


class Malformed(NamedTuple):
    """The reason why a request is not well-formed, in one sentence, and the status of the response."""

    text: str
    status: HTTPStatus = HTTPStatus.BAD_REQUEST


HALF_A_HEAD = Malformed("The connection ended within the head of the request.")
HALF_A_BODY = Malformed("The connection ended within the body of the request.")
NO_EMPTY_LINE = Malformed("A body in chunks must end with an empty line.")


def check_start(start: bytes) -> Malformed | None:
    """Find what is malformed already in a head of which more is to come."""
    lines = _lines(start)
    if len(lines) > 1:
        return _check_sizes(lines) or _read_request_line(lines[0], {})
    method = lines[0].partition(" ")[0].rstrip("\r")
    return _check_sizes(lines) or (_check_method(method) if method else None)


@lru_cache
def parse_head(head: bytes) -> Environ | Malformed:
    """Read a request line and headers, from the first byte to the empty line.

    Clients send the same head again and again, so those that were read last are remembered.
    """
    lines = _lines(head)
    environ: dict[str, str] = {}
    return (
        _check_sizes(lines)
        or _read_request_line(lines[0], environ)
        or _read_headers(lines[1:-2], environ)
        or _check_host(environ)
        or _read_target(environ["REQUEST_URI"], environ)
        or _check_host(environ)
        or _check_framing(environ)
        or environ
    )


def keeps_connection(environ: Environ) -> bool:
    """Whether the client wants to send another request on its connection (RFC 9112, 9.3)."""
    options = _options(environ.get("HTTP_CONNECTION", ""))
    return "close" not in options and ("keep-alive" in options or not _is_old(environ))


def expects_continue(environ: Environ) -> bool:
    """Whether the client waits for 100 before it sends the body (RFC 9110, 10.1.1)."""
    return environ.get("HTTP_EXPECT", "").lower() == "100-continue" and not _is_old(environ)


def parse_chunk_size(line: bytes) -> int | Malformed:
    """Read the line before a chunk; its extensions are ignored (RFC 9112, 7.1)."""
    if not line:
        return HALF_A_BODY
    size = re.fullmatch(_CHUNK_SIZE, line)
    if size is None:
        return Malformed(f"A chunk must begin with its size in hexadecimal digits, not {line[:_SHOWN]!r}.")
    return int(size[1], 16)


def check_trailer(line: bytes) -> Malformed | None:
    """Find what is malformed in a line after the last chunk: a header, or the empty line (RFC 9112, 7.1.2)."""
    if not line:
        return NO_EMPTY_LINE
    return None if line == b"\r\n" else _read_headers([line.decode("latin-1").removesuffix("\r\n")], {})


def _lines(head: bytes) -> list[str]:
    # RFC 9112, 2.2: a server should ignore an empty line before a request line, and may take LF for CRLF
    return head.removeprefix(b"\r\n").decode("latin-1").replace("\r\n", "\n").split("\n")


def _check_sizes(lines: Sequence[str]) -> Malformed | None:
    # RFC 9112, 3: 414 for a request line that is longer than a server wants to parse
    if len(lines[0]) > MAX_LINE:
        text = f"The request line is longer than {MAX_LINE} bytes."
        return Malformed(text, HTTPStatus.REQUEST_URI_TOO_LONG)
    # RFC 6585, 5: 431 for headers that are too long or too many
    if max(map(len, lines)) > MAX_LINE:
        text = f"A header is longer than {MAX_LINE} bytes."
        return Malformed(text, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    if len(lines) > MAX_HEADERS + 3:  # the request line, the empty line, and nothing after it
        text = f"The request has more than {MAX_HEADERS} headers."
        return Malformed(text, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    return None


def _read_request_line(line: str, environ: dict[str, str]) -> Malformed | None:
    # RFC 9112, 3: request-line = method SP request-target SP HTTP-version
    method, _, rest = line.partition(" ")
    target, _, version = rest.partition(" ")
    if not (method and target and version):
        return Malformed(f"A request line must be a method, a target and a version, not {line[:_SHOWN]!r}.")
    environ["REQUEST_METHOD"], environ["REQUEST_URI"], environ["SERVER_PROTOCOL"] = method, target, version
    return _check_method(method) or _check_target(target) or _check_version(version)


def _check_method(method: str) -> Malformed | None:
    # RFC 9110, 9.1: a method is a token
    return None if _TOKEN.fullmatch(method) else Malformed(f"The method {method[:_SHOWN]!r} is not a token.")


def _check_target(target: str) -> Malformed | None:
    # RFC 9112, 3.2, and RFC 3986, 2: a target is made of visible ASCII characters
    if target.isascii() and target.isprintable():
        return None
    return Malformed(f"The target {target[:_SHOWN]!r} holds a character that must be percent-encoded.")


def _check_version(version: str) -> Malformed | None:
    # RFC 9112, 2.3: this server speaks no other major version
    if _VERSION.fullmatch(version):
        return None
    return Malformed(f"The version must be HTTP/1.1 or HTTP/1.0, not {version[:_SHOWN]!r}.")


def _read_headers(lines: Sequence[str], environ: dict[str, str]) -> Malformed | None:
    before = ""
    for line in lines:
        name, colon, value = line.partition(":")
        key = _key(name)
        value = value.strip(" \t")  # RFC 9112, 5.1: the whitespace round a value is no part of it
        if key is None or not colon or (not value.isprintable() and CONTROL.search(value)):
            return _malformed_header(line, before)
        before = line
        if not key:
            continue
        if key not in environ:
            environ[key] = value
        # RFC 9112, 3.2: 400 for more than one Host
        elif key == "HTTP_HOST":
            return Malformed("A request must not have more than one Host header.")
        # RFC 9110, 5.3: a header that comes again goes on with the list of the first
        else:
            environ[key] += f",{value}"
    return None


def _malformed_header(line: str, before: str) -> Malformed:
    """The reason why a header is malformed.

    Args:
        before: the line before it, which it may go on with.
    """
    name, colon, value = line.partition(":")
    is_secret = (before if line.startswith((" ", "\t")) else line).lower().startswith(_SECRET)
    quoted = repr(cut(line) if is_secret else line[:_SHOWN])
    # RFC 9112, 5.2: 400 for a folded line
    if line.startswith((" ", "\t")):
        return Malformed(f"A header must not go on in a second line, as it does in {quoted}.")
    # RFC 9112, 5: field-line = field-name ":" OWS field-value OWS
    if not colon:
        return Malformed(f"A header must have a colon after its name, unlike {quoted}.")
    # RFC 9112, 5.1: 400 for whitespace between name and colon
    if name.endswith((" ", "\t")):
        return Malformed(f"There must be no space between the name of a header and its colon, as in {quoted}.")
    # RFC 9110, 5.1: a name is a token
    if not _TOKEN.fullmatch(name):
        return Malformed(f"The header name {name[:_SHOWN]!r} is not a token.")
    # RFC 9110, 5.5: NUL, CR, LF and other control characters are invalid in a value
    shown = cut(value) if is_secret else value.strip(" ")[:_SHOWN]
    return Malformed(f"The header {name[:_SHOWN]} holds a control character: {shown!r}.")


def _check_host(environ: dict[str, str]) -> Malformed | None:
    host = environ.get("HTTP_HOST")
    # RFC 9112, 3.2: 400 for no Host, but under HTTP/1.0
    if host is None and not _is_old(environ):
        return Malformed("A request must have a Host header.")
    # RFC 9112, 3.2: 400 for an invalid Host, which is uri-host [ ":" port ] (RFC 9110, 7.2)
    if host and not _HOST.fullmatch(host):
        return Malformed(f"The Host must be a name or an address, with or without a port, not {host[:_SHOWN]!r}.")
    return None


def _read_target(target: str, environ: dict[str, str]) -> Malformed | None:
    if target[0] != "/":
        absolute = re.fullmatch(_ABSOLUTE, target)
        # RFC 9112, 3.2.2: the authority of an absolute target replaces the Host
        if absolute and absolute[1]:
            environ["HTTP_HOST"], target = absolute.groups()
        # RFC 9110, 4.2.1: an http URI without a host is invalid
        elif absolute:
            return Malformed(f"An absolute target must name a host, unlike {target[:_SHOWN]!r}.")
        # RFC 9112, 3.2.3 and 3.2.4: the targets of CONNECT and OPTIONS have forms of their own
        elif environ["REQUEST_METHOD"] != "CONNECT" and (environ["REQUEST_METHOD"], target) != ("OPTIONS", "*"):
            return Malformed(f"The target must be a path or an absolute URI, not {target[:_SHOWN]!r}.")
    path, _, environ["QUERY_STRING"] = target.partition("?")
    environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1") if "%" in path else path
    return None


def _check_framing(environ: dict[str, str]) -> Malformed | None:
    length = environ.get("CONTENT_LENGTH")
    coding = environ.get("HTTP_TRANSFER_ENCODING")
    if coding is not None:
        return _check_coding(coding, length, old=_is_old(environ))
    # RFC 9110, 8.6: Content-Length = 1*DIGIT
    if length is not None and not _LENGTH.fullmatch(length):
        return Malformed(f"Content-Length must be a number of at most 18 digits, not {length[:_SHOWN]!r}.")
    return None


def _check_coding(coding: str, length: str | None, *, old: bool) -> Malformed | None:
    # RFC 9112, 6.1: a server may refuse both, which is how requests are smuggled
    if length is not None:
        return Malformed("A request must not have both Content-Length and Transfer-Encoding.")
    # RFC 9112, 6.1: the framing of an HTTP/1.0 message with Transfer-Encoding is faulty
    if old:
        return Malformed("A request under HTTP/1.0 must not have Transfer-Encoding.")
    # RFC 9112, 6.3: 400 if chunked is not the final coding; this server knows no other
    if coding.lower() != "chunked":
        return Malformed(f"Transfer-Encoding must be chunked, not {coding[:_SHOWN]!r}.")
    return None


def _is_old(environ: Environ) -> bool:
    return environ["SERVER_PROTOCOL"] == "HTTP/1.0"


@lru_cache
def _key(name: str) -> str | None:
    """The key of a header in an environ; None if the name is not a token.

    It is "" for a name with an underscore, which WSGI could not tell from one with a hyphen.
    """
    if not _TOKEN.fullmatch(name):
        return None
    if "_" in name:
        return ""
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


@lru_cache
def _options(connection: str) -> frozenset[str]:
    return frozenset(option.strip(" \t") for option in connection.lower().split(","))


def require_printable(status: str, headers: list[tuple[str, str]]) -> None:
    """Refuse a control character in a head: a line break would end the header and begin another (RFC 9110, 5.5).

    Raises:
        ValueError: it is a bug of the app.
    """
    for part in chain((status,), *headers):
        if not part.isprintable() and CONTROL.search(part):
            raise ValueError(f"The app responds with a control character in its headers: {part!r}")
