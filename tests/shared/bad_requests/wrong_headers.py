"""Headers that no request can have, or not this one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bad_requests.request import (
    BODIED,
    EARLY,
    EVERY_ROUTE,
    HANDLE,
    MISSING,
    STATISTICS,
    XUID,
    Bad,
    as_bytes,
    is_of_activity,
    is_of_sessions,
    is_of_statistics,
    under,
)
from bodies import ONE, SCID
from pytest_xbl.mpsd.acting import DENY_SCOPE, MANAGE, TITLE, USERS

CONTRACTS = (
    *("", "\xb2", "9" * 100, "0", "1", "103", "-107", "+107", "107.0", "1e2", "0x6B", "107,107", "v107", "NaN"),
    *("4", "104", "105", "107", "01", "1 ", "3,3"),
)
CALLERS = (
    *("", "x", "Bearer x", "Basic eDp4", "XBL3.0", "XBL3.0 x=", "XBL3.0 x=;", "XBL3.0 x=a", "XBL3.0 x=a;"),
    *("XBL3.0 x=a;b", f"XBL3.0 x={XUID};b", "XBL3.0 x=a;b;c", "XBL3.0  x=a;b", "\xff\xfe", "XBL3.0 x=\xe9;\xe9"),
    *("Z" * 5000, "XBL3.0 x=" + "y" * 5000),
)
NOTHING: tuple[Any, ...] = ({}, None)
NO_MEMBERS: tuple[Any, ...] = ([], 7, "x", True, {"x": 1})
ANA = "2533274790000002"
ACTING = (
    (USERS, 400, "S2S-1", ("", ",", "x", "-7", "7 8", "7;", "7;x", "7;priv=x", f"{XUID},{XUID}", "9" * 21, "\xff")),
    (USERS, 403, "S2S-1", ("0", "7", f"{XUID},7", "9" * 20)),
    (TITLE, 400, "S2S-1", ("", "x", "-7", "0x7", "4294967296", "7,7", "\xff")),
    (DENY_SCOPE, 400, "S2S-3", ("", "x", "multiplayer.manage", "Multiplayer.Runtime", "\xff")),
    (DENY_SCOPE, 403, "S2S-3", (MANAGE,)),
)
"""Headers by which a service cannot act: status, rule and values."""
TYPES = (
    *("text/html", "text/xml", "text/csv", "application/xml", "image/png", "json", "*/*", "x", "/", "\xff"),
    *("application/x-www-form-urlencoded", "application/jsonx", "application/json+xml"),
    *("multipart/form-data", "multipart/form-data; boundary=x"),
)
ENCODINGS = ("br", "zstd", "compress", "gzip, gzip", "deflate, gzip", "x", "\xff", "*", "gzip;q=1", "x" * 5000)
TAGS = ('""', '"old"', 'W/"old"', '"a", "b"', '"*"')
"""ETags that no session has."""
NO_TAGS = ("", "old", '"', ",", "**", "*x", "\xff", "é" * 50, '"' * 99, "W/", "x" * 5000)
ONE_BATCH = as_bytes({"requestedusers": [XUID], "requestedscids": [{"scid": SCID, "requestedstats": ["Kills"]}]})
CONDITIONAL = [
    (verb, path)
    for verb, path in EVERY_ROUTE
    if path.startswith(ONE) or path == f"/handles/{HANDLE}/session"
    if (verb, path) != ("DELETE", f"{ONE}/members/0")
]
"""The operations that look at the version of a session, and that anybody may call."""
READS_OF_STATISTICS = (("POST", "/batch", ONE_BATCH), ("GET", STATISTICS, b""))


def wrong_contracts() -> Iterator[Bad]:
    """A contract version that is none, for every operation that has one."""
    for verb, path in EVERY_ROUTE:
        if is_of_activity(path):
            continue
        own, where = is_of_statistics(path), "X-Xbl-Contract-Version"
        status, rule = (406, "STAT-13") if own else (400, "CALL-2")
        for version in CONTRACTS:
            if version not in (("1",) if own else ("104", "105", "107")):
                yield Bad(status, verb, path, b"{}", under(version), rule=rule, where=where)
    yield Bad(406, "POST", "/batch", b"{}", under(3), rule="STAT-13")


def wrong_callers() -> Iterator[Bad]:
    """An Authorization that is of nobody's, for every operation."""
    for verb, path in EVERY_ROUTE:
        refused = Bad(401, verb, path, b"{}", caller="", rule="CALL-3", where="Authorization")
        yield refused
        yield refused._replace(caller="somebody else's")
        yield from (refused._replace(headers={"Authorization": value}) for value in CALLERS)


def wrong_acting_headers() -> Iterator[Bad]:
    """Headers by which nobody can act for users, for every operation of the session directory."""
    for verb, path in EVERY_ROUTE:
        if not is_of_sessions(path):
            continue
        for header, status, rule, values in ACTING:
            for value in values:
                yield Bad(status, verb, path, b"{}", {header: value}, caller="server", rule=rule, where=header)
        for header, value in ((USERS, XUID), (TITLE, "7"), (DENY_SCOPE, MANAGE)):
            yield Bad(403, verb, path, b"{}", {header: value}, rule="S2S-1", where=header)


def wrong_keys_of_acting_users() -> Iterator[Bad]:
    """Members whom a service cannot write, and reservations that it cannot make."""
    one, two = {USERS: XUID, TITLE: "7"}, {USERS: f"{XUID},{ANA}", TITLE: "7"}
    seats = {f"reserve_{n}": {"constants": {"system": {"xuid": xuid}}} for n, xuid in enumerate((XUID, ANA))}
    swapped = {f"reserve_{n}": seats[f"reserve_{1 - n}"] for n in (0, 1)}
    keys: list[tuple[int, str, dict[str, str], Any]] = [
        *((403, "S2S-2", one, {f"me_{ANA}": value}) for value in NOTHING),
        *((403, "S2S-2", two, {"me": value}) for value in NOTHING),
        *((403, "S2S-2", {}, {key: value}) for key in ("me_all", "me_allInSession", "me_7") for value in NOTHING),
        *((400, "CALL-6", two, {key: {}}) for key in ("me_", "me_x", "me_ALL", "me_allinsession", "me_1 ")),
        *((400, "CALL-6", two, {"me_all": value}) for value in NO_MEMBERS),
        (400, "S2S-2", two, {"me_all": {}, f"me_{XUID}": None}),
        (400, "S2S-4", two, {**seats, "me_all": {}}),
        (400, "S2S-4", two, {**seats, "0": None}),
        (400, "S2S-4", two, swapped),
        (400, "S2S-4", one, seats),
        (409, "S2S-4", two, seats),
    ]
    for status, rule, headers, members in keys:
        body = as_bytes({"members": members})
        yield Bad(status, "PUT", ONE, body, headers, caller="server", rule=rule, where="/members")


def wrong_content_types() -> Iterator[Bad]:
    """A body that says it is something else."""
    for value in TYPES:
        for verb, path in (*BODIED, ("PUT", MISSING)):
            yield Bad(400, verb, path, b"{}", {"Content-Type": value}, rule="CALL-13", where="Content-Type")


def wrong_encodings() -> Iterator[Bad]:
    """A body that is compressed in another way than it says, or in one that nobody reads."""
    for verb, path in (*BODIED, ("PUT", MISSING)):
        for value in ENCODINGS:
            headers = {"Content-Encoding": value}
            yield Bad(400, verb, path, b"{}", headers, rule="CALL-13", where="Content-Encoding")
        for value in ("gzip", "X-GZIP", "deflate", "identity, gzip"):
            yield Bad(400, verb, path, b"{}", {"Content-Encoding": value}, rule="CALL-6", where="the body")


def failing_preconditions() -> Iterator[Bad]:
    """An If-Match that no session satisfies, or an If-None-Match that this one does."""
    for verb, path in CONDITIONAL:
        missing = path.replace("/one", "/missing").replace(HANDLE, EARLY)
        failing = Bad(412, verb, path, b"{}", rule="PUT-8", where="If-Match")
        for tag in (*TAGS, *NO_TAGS):
            for target in (path, missing):
                yield failing._replace(target=target, headers={"If-Match": tag})
        yield failing._replace(target=missing, headers={"If-Match": "*"})
        if verb != "GET":
            yield failing._replace(headers={"If-None-Match": "*"}, where="If-None-Match")


def wrong_headers_of_statistics() -> Iterator[Bad]:
    """Requests for statistics with a header that is spoilt, or of a caller in another sandbox."""
    for verb, path, body in READS_OF_STATISTICS:
        yield Bad(403, verb, path, body, caller="Tester", rule="STAT-6", where="Authorization")
        for tag in (*TAGS[:4], *NO_TAGS):
            yield Bad(412, verb, path, body, {"If-Match": tag}, rule="CODE-412", where="If-Match")
        for version in ("", "0", "2", "1.0", "1,1", "\xb9", "x" * 5000):
            where = "X-RequestedServiceVersion"
            yield Bad(406, verb, path, body, {where: version}, rule="STAT-13", where=where)


KINDS = (
    wrong_contracts,
    wrong_callers,
    wrong_acting_headers,
    wrong_keys_of_acting_users,
    wrong_content_types,
    wrong_encodings,
    failing_preconditions,
    wrong_headers_of_statistics,
)
