"""Paths, verbs and query strings that no operation has."""

from __future__ import annotations

from collections.abc import Iterator

from bad_requests.request import (
    EVERY_ROUTE,
    GUID,
    HANDLE,
    PATHS,
    STATISTICS,
    USES_OF_A_HANDLE,
    XUID,
    Bad,
    as_bytes,
    under,
)
from bodies import ONE, SCID, TEMPLATES

UNKNOWN_PATHS = (
    *("/", "/%00", "/..", "/../../etc/passwd", "/%2e%2e/%2e%2e", "/*", "/favicon.ico", "/users/xuid(1)/scids"),
    *("/" + "x" * 5000, "/x" * 500, "/" + "%C3%A9" * 500, "/v1/batch", f"/v1{STATISTICS}"),
)
UNKNOWN_ELEMENTS = ("member", "members/", "members/0/x", "servers", "roleTypes", "properties/custom", "constants/", "x")
UNNAMEABLE = (
    *("", "%00", "a%0Ab", "%0D%0A", "%7F", "%1B%5BA", "%FF", "%C3%28", "%ED%A0%80", "%C0%80", "%E2%80%8B", "%E2%80%AE"),
    *("%EF%BB%BF", "%C2%A0", "%E2%80%A8", "%EF%BF%BD", "%F3%A0%80%81", "%CD%B8", "%09", "x" * 100, "x" * 4000),
)
NO_GUIDS = (
    *("", "..", ".", "x", "%2A", SCID[1:], f"{SCID}0", f"%7B{SCID}%7D", SCID.replace("-", "_"), "%00", "%FF", "%0A"),
)
VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "LINK", "BREW", "X-Y", "!", "É")
UNKNOWN_PARAMETERS = (
    *("x=1", "x", "=", "=1", "%C3%BF=1", "nocommit%20=true", "NoCommit=true", "take=1&take=2", "a=1;b=2", "?", "[]=1"),
    *("+=", "%", "nocommit=false", "nocommit", "nocommit=", "nocommit=TRUE", "nocommit=1", "nocommit=%00"),
    "nocommit=true&nocommit=false",
)


def wrong_verbs() -> Iterator[Bad]:
    """Verbs that a path does not take, some of them of nobody's."""
    for path in PATHS:
        taken = {method for method, known in EVERY_ROUTE if known == path}
        for verb in VERBS:
            if verb not in taken:
                yield Bad(405, verb, path, rule="CALL-7", where="the URI")


def unknown_paths() -> Iterator[Bad]:
    """Paths that lie near those that there are."""
    changed = [f"{path}{end}" for path in PATHS for end in ("/x/y/z", "/%2F/", "/a/b/c/d")]
    changed += [path[:-1] for path in PATHS if path[-1] not in "01exy"]
    changed += [f"{path[:5]}/{path[5:]}" for path in PATHS]
    for prefix in ("", "/v1/serviceconfigs", "/serviceconfig", "/service%20configs", "/%73erviceconfigs/"):
        changed += [path.replace("/serviceconfigs", prefix) for path in PATHS if path.startswith("/serviceconfigs")]
    for name in ("templates", "sessiontemplates%C2%B9", "sess%C4%B1ontemplates", "sessiontemplate%C5%BF"):
        changed += [path.replace("sessiontemplates", name) for path in PATHS if TEMPLATES in path]
    changed += [STATISTICS.replace("/stats/", name) for name in ("/stat/", "/statistics/", "/stats//", "/")]
    changed += [f"{ONE}/{name}" for name in UNKNOWN_ELEMENTS]
    for path in (*changed, *UNKNOWN_PATHS):
        for verb in ("GET", "PUT", "DELETE"):
            yield Bad(404, verb, path, b"{}", rule="CALL-7", where="the URI")


def unnameable() -> Iterator[Bad]:
    """Names in a path that nothing can have."""
    named = [
        ("GET", f"{TEMPLATES}/{{}}"),
        ("PUT", f"{TEMPLATES}/{{}}/sessions/one"),
        ("PUT", f"{TEMPLATES}/lobby/sessions/{{}}"),
        ("GET", f"{TEMPLATES}/lobby/sessions/{{}}"),
        ("PUT", f"{TEMPLATES}/lobby/sessions/{{}}/properties"),
        ("GET", f"{ONE}/servers/{{}}"),
        ("DELETE", f"{ONE}/servers/{{}}"),
        ("DELETE", f"{ONE}/members/{{}}"),
    ]
    for name in UNNAMEABLE:
        for verb, path in named:
            yield Bad(404, verb, path.format(name), b"{}", rule="CALL-15" if name else "CALL-7", where="the URI")
    for name in NO_GUIDS:
        for verb, path in ((verb, path) for verb, path in EVERY_ROUTE if SCID in path):
            rule = "CALL-5" if name else "CALL-7"
            yield Bad(404, verb, path.replace(SCID, name), b"{}", rule=rule, where="the URI")
    for name in ["x", "-1", "00", "1.0", "1e0", "%20", "%D9%A3", "me%20", "null"]:
        for verb in ("GET", "DELETE"):
            yield Bad(404, verb, f"{ONE}/members/{name}", rule="CODE-404", where="the URI")


def no_handles() -> Iterator[Bad]:
    """Ids of handles that none has, or none can have."""
    zeros = "00000000-0000-0000-0000-000000000000"
    for verb, end in USES_OF_A_HANDLE:
        for name in ("7", "x", HANDLE[1:], f"{HANDLE}0", f"%7B{HANDLE}%7D", "%00", "%FF", "x" * 4000, "0" * 36, zeros):
            yield Bad(400, verb, f"/handles/{name}{end}", b"{}", rule="HAND-15", where="the URI")
        yield Bad(404, verb, f"/handles/{GUID}{end}", b"{}", rule="HAND-7", where="the URI")


def wrong_paths_of_statistics() -> Iterator[Bad]:
    """Users, service configurations and statistics in a path that cannot be, or are not there."""
    users = f"{XUID} xuid() xuid({XUID} xuid({XUID})) gt({XUID}) xuid(me) xuid(-1) xuid(%D9%A3) %00 %FF".split()
    users += [f"xuid({'1' * 21})", "x" * 4000, f"xuid({XUID}%0A)", f"xuid(%20{XUID})"]
    names = [",", "Kills,", ",Kills", "Kills,,Rate", ",".join("abcdefghijk"), "x" * 601, "x" * 20_000, "%2C", "a%2C"]
    names += ["Kills," * 10 + "Kills", f"{'x' * 300},{'y' * 300}", "%C3%A9" * 601]
    wrong = [STATISTICS.replace(f"xuid({XUID})", user) for user in users]
    wrong += [STATISTICS.replace("Kills,Rate", name) for name in names]
    yield from (Bad(400, "GET", path, rule="STAT-4", where="the URI") for path in wrong)
    for old, new in ((XUID, "7"), (XUID, f"0{XUID}"), (SCID, GUID)):
        yield Bad(404, "GET", STATISTICS.replace(old, new), rule="STAT-7", where="the URI")
    included = [("3", value) for value in ("", "ValueMetadata", "valuemetadata,", "metadata", "%00")]
    for contract, value in (*included, ("1", "valuemetadata"), ("2", "valuemetadata")):
        path = f"{STATISTICS}?include={value}"
        yield Bad(400, "GET", path, headers=under(contract), rule="STAT-4", where="?include")


def wrong_queries() -> Iterator[Bad]:
    """Query parameters that an operation does not take, and flags that are not `true`."""
    for verb, path in EVERY_ROUTE:
        for query in UNKNOWN_PARAMETERS if verb == "PUT" else (*UNKNOWN_PARAMETERS, "nocommit=true"):
            yield Bad(400, verb, f"{path}?{query}", b"{}", rule="CALL-14", where="?")


FILTERS = {
    "keyword": ("", ",", "a,b"),
    "xuid": ("", "x", "-1", "1.0", "%D9%A3", "1" * 21, f"xuid({XUID})", f"{XUID},1"),
    "reservations": ("", "1", "false", "True", "true,true"),
    "inactive": ("", "1", "false", "TRUE"),
    "private": ("", "1", "false", "yes"),
    "visibility": ("", "shown", "open,full", "open%20", "true"),
    "version": ("", "0", "-1", "1.5", "2147483648", "x", "%C3%BF"),
    "take": ("", "-1", "101", "1e1", "x", "%C2%B2", "0x1"),
    "include": ("relatedInfo",),
}
"""Values that mean nothing to a query."""
FLAGS = ("reservations", "inactive", "private")
USERS = as_bytes({"xuids": [XUID]})
OF_SESSIONS = [(verb, path) for verb, path in EVERY_ROUTE if path.endswith(("/sessions", "/batch")) and SCID in path]


def wrong_filters() -> Iterator[Bad]:
    """Queries with a filter that means nothing, or that the operation does not take."""
    of_activities = as_bytes({"type": "activity", "owners": {"xuids": [XUID]}})
    for verb, path in (*OF_SESSIONS, ("POST", "/handles/query")):
        data = USERS if path.endswith("batch") else of_activities if verb == "POST" else b""
        user = "" if path.endswith("batch") else f"xuid={XUID}&"
        for name, values in FILTERS.items():
            known = path == "/handles/query" if name == "include" else name != "xuid" or not path.endswith("batch")
            rule = "FIND-5" if known else "CALL-14"
            if path == "/handles/query":
                rule = "HAND-12" if name in FLAGS else rule
            for value in values:
                if path == "/handles/query" and ((name in FLAGS and value == "false") or name == "include"):
                    continue
                query = f"{user if name != 'xuid' else ''}{name}={value}"
                yield Bad(400, verb, f"{path}?{query}", data, rule=rule, where=f"?{name}")
        for flag in ("private", "reservations"):
            yield Bad(403, verb, f"{path}?{user}{flag}=true", data, caller="Zoe", rule="FIND-4", where=f"?{flag}")
        yield Bad(400, verb, f"{path}?{user}visibility=private", data, rule="FIND-5", where="?visibility")
        for contract, most in ((104, 4), (105, 5), (107, 7), (200, 7)):
            target = f"{path}?{user}version={most + 1}"
            yield Bad(400, verb, target, data, under(contract), rule="FIND-5", where="?version")
        for text in ("keyword=%FF", "%FF=a", "keyword=%C3", "%C3=%28"):
            yield Bad(400, verb, f"{path}?{user}{text}", data, rule="CALL-14", where="the URI")


def queries_for_nothing() -> Iterator[Bad]:
    """Queries that ask for nothing in particular, or in a place that there is not."""
    for verb, path in OF_SESSIONS:
        for scid, template in ((GUID, "lobby"), (SCID, "nothing")):
            if template == "lobby" or TEMPLATES in path:
                other = path.replace(SCID, scid).replace("lobby", template)
                query = "" if verb == "POST" else f"?xuid={XUID}"
                yield Bad(404, verb, other + query, USERS, rule="TMPL-1", where="the URI")
        if verb == "GET":
            yield Bad(400, verb, f"{path}?visibility=open", rule="FIND-2", where="?keyword")
            yield Bad(400, verb, f"{path}?keyword=x&inactive=true", rule="FIND-10", where="?inactive")
            yield Bad(403, verb, f"{path}?keyword=x&private=true", rule="FIND-4", where="?private")


KINDS = (
    *(wrong_verbs, unknown_paths, unnameable, no_handles, wrong_paths_of_statistics, wrong_queries, wrong_filters),
    queries_for_nothing,
)
