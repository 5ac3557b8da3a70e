"""From a request to what the operations work with: contract, caller, preconditions, parameters (CALL)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_date

from pytest_xbl.mpsd.checking import check
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import NEWEST_CONTRACT
from pytest_xbl.mpsd.preconditions import NO_PRECONDITIONS, WEAK, Preconditions, tags_in
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.schema import Field
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest
from pytest_xbl.secrets import cut_parts
from pytest_xbl.world.people import account_with, names
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CONTRACTS = {104: 104, 105: 105}
"""Contracts older than the newest that are answered in their own form (CALL-2)."""

AUTHORIZATION = re.compile(r"XBL3\.0 x=([^;\s]*);(\S+)", re.IGNORECASE)
_parse_authorization = lru_cache(AUTHORIZATION.fullmatch)
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
        what = f"Every request to the session directory names its contract version, 104, 105 or 107; got {got}."
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
            raise Refusal(406, what, where=header, rule="STAT-13")
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
        got = brief(cut_parts(header)) if header else "no such header"
        what = f"Expected XBL3.0 x=<userhash>;<token>; got {got}."
        raise Refusal(401, what, where="Authorization", rule="CALL-3")
    account = account_with(world, match[2])
    if account is None:
        known = ", ".join(sorted(names(world))) or "nobody yet"
        what = f"No user or service of this world has this token; those of this world are: {known}."
        raise Refusal(401, what, where="Authorization", rule="CALL-3")
    if account.userhash != match[1]:
        what = f"The token is {account.caller.name}'s, and the userhash before it is not."
        raise Refusal(401, what, where="Authorization", rule="CALL-3")
    return account


def preconditions_of(environ: WSGIEnvironment) -> Preconditions:
    """The ETags that a request asks for (PUT-8), and the time since when it wants news (STAT-15).

    A header that holds no ETags matches no version.
    """
    since = environ.get("HTTP_IF_MODIFIED_SINCE", "")
    if not since and "HTTP_IF_MATCH" not in environ and "HTTP_IF_NONE_MATCH" not in environ:
        return NO_PRECONDITIONS
    return Preconditions(_tags("If-Match", environ), _tags("If-None-Match", environ), _date(since))


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
            near = nearest(name, known)
            takes = f"; this operation takes {', '.join(known) or 'none'}."
            hint = did_you_mean(near and brief(near), otherwise=takes)
            what = f"The query parameter {brief(name)} is not known here{hint}"
            raise Refusal(400, what, where=f"?{name}", rule="CALL-14")
        for value in values:
            check(known[name].shape, value, f"?{name}", known[name].rule, mistake=None)
        if len(set(values)) > 1:
            what = f"The query parameter {name} appears {len(values)} times with different values."
            raise Refusal(400, what, where=f"?{name}", rule="CALL-14")
    return args.to_dict()


def _pairs(query_string: str) -> list[tuple[str, str]]:
    try:
        text = query_string.encode("latin-1").decode()  # WSGI has bytes in a string
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeError:
        what = f"The query string is not UTF-8: {brief(query_string)}."
        raise Refusal(400, what, where="the URI", rule="CALL-14") from None


def _date(header: str) -> datetime | None:
    """The time in a header; what is no date is ignored (RFC 9110, 13.1.3)."""
    try:
        return parse_date(header)
    except OverflowError:  # a number in it that no clock shows
        return None


def _tags(name: str, environ: WSGIEnvironment) -> frozenset[str] | None:
    header = environ.get(f"HTTP_{name.upper().replace('-', '_')}")
    if header is None:
        return None
    tags = tags_in(header.strip())
    if name == "If-Match":
        return tags
    return frozenset(tag.removeprefix(WEAK) for tag in tags)  # weakened by a proxy, they are of the same content
