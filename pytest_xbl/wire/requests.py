"""From a request to what the operations work with: contract, caller, preconditions, body (CALL)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.http import parse_date, parse_etags, parse_options_header
from werkzeug.wsgi import get_content_length, get_input_stream

from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.model import NEWEST_CONTRACT, JsonObject
from pytest_xbl.mpsd.preconditions import ANY, NO_PRECONDITIONS, Preconditions
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field, check
from pytest_xbl.mpsd.shapes import brief
from pytest_xbl.world.people import account_with, names
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LARGEST_BODY = 1024 * 1024
"""Bytes; a longer body is refused (CALL-12)."""
CONTRACTS = {104: 104, 105: 105}
"""Contracts older than the newest that are answered in their own form (CALL-2)."""

JSON_TYPE = re.compile(r"application/json|[a-z]+/[^/]+\+json")
AUTHORIZATION = re.compile(r"XBL3\.0 x=([^;\s]*);(\S+)", re.IGNORECASE)
_parse_authorization = lru_cache(AUTHORIZATION.fullmatch)
ETAG = r'(W/)?"[^"]*"'
ETAGS = re.compile(rf"\s*(\*|{ETAG}(\s*,\s*{ETAG})*)\s*")
TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
HTTP_DATE = re.compile(
    rf"[A-Z][a-z]{{2}}, [0-9]{{2}} [A-Z][a-z]{{2}} [0-9]{{4}} {TIME} GMT"
    rf"|[A-Z][a-z]{{5,8}}, [0-9]{{2}}-[A-Z][a-z]{{2}}-[0-9]{{2}} {TIME} GMT"
    rf"|[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} [ 0-9][0-9] {TIME} [0-9]{{4}}"
)
"""The three forms of a date (RFC 9110, 5.6.7)."""
NO_PARAMETERS: Mapping[str, str] = {}


def contract_of(environ: WSGIEnvironment) -> int:
    """The contract version of a request: one of 104, 105 and 107 (CALL-2).

    Raises:
        Refusal: 400.
    """
    return _contract(environ.get("HTTP_X_XBL_CONTRACT_VERSION", ""))


@lru_cache
def _contract(header: str) -> int:
    if not re.fullmatch("[0-9]{1,99}", header) or int(header) < min(CONTRACTS):
        got = brief(header) if header else "no such header"
        what = f"Every request names its contract version, 104, 105 or 107; got {got}."
        raise Refusal(400, what, where="X-Xbl-Contract-Version", rule="CALL-2")
    return CONTRACTS.get(int(header), NEWEST_CONTRACT)


def statistics_contract_of(environ: WSGIEnvironment, *, newest: int) -> int:
    """The contract version of a request for statistics: 1 unless it says otherwise (STAT-13).

    Args:
        newest: that the operation has.

    Raises:
        Refusal: 406.
    """
    asked = environ.get("HTTP_X_XBL_CONTRACT_VERSION", "1")
    build = environ.get("HTTP_X_REQUESTEDSERVICEVERSION", "1")
    for header, value, most in (("X-Xbl-Contract-Version", asked, newest), ("X-RequestedServiceVersion", build, 1)):
        known = [str(version) for version in range(1, most + 1)]
        if value not in known:
            what = f"The versions of this operation are {', '.join(known)}; got {brief(value)}."
            raise Refusal(406, what, where=header, rule="STAT-7")
    return int(asked)


def token_of(authorization: str) -> str | None:
    """The token of an Authorization header, if it has the form of one."""
    match = _parse_authorization(authorization)
    return match and match[2]


def account_of(environ: WSGIEnvironment, world: World) -> Account:
    """The caller (CALL-3).

    Raises:
        Refusal: 401.
    """
    header = environ.get("HTTP_AUTHORIZATION", "")
    match = _parse_authorization(header)
    if not match:
        got = brief(header) if header else "no such header"
        what = f"Expected XBL3.0 x=<userhash>;<token>; got {got}."
        raise Refusal(401, what, where="Authorization", rule="CALL-3")
    account = account_with(world, match[2])
    if account is None:
        known = ", ".join(sorted(names(world))) or "nobody yet"
        what = f"No user or service of this test has this token; those of this test are: {known}."
        raise Refusal(401, what, where="Authorization", rule="CALL-3")
    if account.userhash != match[1]:
        what = f"The token is {account.caller.name}'s, and the userhash before it is not."
        raise Refusal(401, what, where="Authorization", rule="CALL-3")
    return account


def preconditions_of(environ: WSGIEnvironment) -> Preconditions:
    """The ETags that a request asks for (PUT-8), and the time since when it wants news (STAT-15).

    Raises:
        Refusal: 400 for what is no ETag, as one whose quotes are missing (CALL-11).
    """
    since = environ.get("HTTP_IF_MODIFIED_SINCE", "")
    if not since and "HTTP_IF_MATCH" not in environ and "HTTP_IF_NONE_MATCH" not in environ:
        return NO_PRECONDITIONS
    date = parse_date(since) if HTTP_DATE.fullmatch(since) else None
    return Preconditions(_tags("If-Match", environ), _tags("If-None-Match", environ), date)


def parameters_of(environ: WSGIEnvironment, known: Mapping[str, Field]) -> Mapping[str, str]:
    """The parameters of a query string, by name (CALL-14).

    Args:
        known: those that the operation takes, and what each may hold.

    Raises:
        Refusal: 400 for a parameter that the operation does not know, one that stands twice with
            different values, or a value that it may not hold.
    """
    if not environ.get("QUERY_STRING"):
        return NO_PARAMETERS
    args = MultiDict(_pairs(environ["QUERY_STRING"]))
    for name, values in args.lists():
        if name not in known:
            takes = f"takes {', '.join(known)}" if known else "takes none"
            what = f"The query parameter {brief(name)} is not known here; this operation {takes}."
            raise Refusal(400, what, where=f"?{name}", rule="CALL-14")
        for value in values:
            check(known[name].shape, value, f"?{name}", known[name].rule, mistake=None)
        if len(set(values)) > 1:
            what = f"The query parameter {name} stands there {len(values)} times, and not with the same value."
            raise Refusal(400, what, where=f"?{name}", rule="CALL-14")
    return args.to_dict()


def _pairs(query_string: str) -> list[tuple[str, str]]:
    try:
        text = query_string.encode("latin-1").decode()  # WSGI has bytes in a string
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeError:
        what = f"The query string is not UTF-8: {brief(query_string)}."
        raise Refusal(400, what, where="the URI", rule="CALL-14") from None


def read_body(environ: WSGIEnvironment) -> bytes:
    """The body of a request that has to have one of JSON (CALL-12, CALL-13).

    Raises:
        Refusal: 400 or 413.
    """
    content_type = _media_type(environ.get("CONTENT_TYPE"))
    if content_type and not JSON_TYPE.fullmatch(content_type):
        what = f"The body is JSON, and its Content-Type says {brief(content_type)}."
        raise Refusal(400, what, where="Content-Type", rule="CALL-13")
    try:
        data = _read_input(environ)
    except RequestEntityTooLarge:
        raise _too_long() from None
    except BadRequest as error:
        raise Refusal(400, f"The body broke off: {error.description}", where="the body", rule="CALL-6") from None
    if len(data) > LARGEST_BODY:
        raise _too_long()
    return data


def body_of(data: bytes, method: str) -> JsonObject:
    """The JSON object in a body (CALL-6).

    Raises:
        Refusal: 400.
    """
    if not data:
        hint = "a write that changes nothing is {}" if method == "PUT" else "it is a JSON object"
        raise _malformed(f"The body is empty; {hint}.")
    value = parse_json(_decoded(data))
    if type(value) is not dict:
        raise _malformed(f"The body is a JSON object; got {brief(value)}.")
    return value


def _read_input(environ: WSGIEnvironment) -> bytes:
    """The body, or as much of it as shows that it is too long."""
    if "wsgi.input_terminated" in environ:  # the input ends where the body does, and needs no stream around it
        data: bytes = environ["wsgi.input"].read(LARGEST_BODY + 1)
        return data
    stream = get_input_stream(environ, max_content_length=LARGEST_BODY + 1)
    length = get_content_length(environ) or 0
    data = stream.read(length)  # at once: without a length, werkzeug fills two buffers of 64 KiB
    return data if length and len(data) == length else data + stream.read()


@lru_cache
def _media_type(header: str | None) -> str:
    return parse_options_header(header)[0].lower()


def _too_long() -> Refusal:
    return Refusal(413, f"A body has at most {LARGEST_BODY} bytes.", where="the body", rule="CALL-12")


def _tags(name: str, environ: WSGIEnvironment) -> frozenset[str] | None:
    header = environ.get(f"HTTP_{name.upper().replace('-', '_')}")
    if header is None:
        return None
    if not ETAGS.fullmatch(header):
        what = f"Expected * or ETags, quotes and all as they came; got {brief(header)}."
        raise Refusal(400, what, where=name, rule="PUT-8")
    etags = parse_etags(header)
    weak = name == "If-None-Match"  # a tag that a proxy has weakened still says that the session is the same
    return frozenset((ANY,)) if etags.star_tag else frozenset(f'"{tag}"' for tag in etags.as_set(include_weak=weak))


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _malformed(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from None


def _malformed(what: str) -> Refusal:
    return Refusal(400, what, where="the body", rule="CALL-6", mistake="bad-body")
