"""Finding the route of a request, or the reason why there is none (CALL-1, CALL-5, CALL-7)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from pytest_xbl.mpsd.names import require_handle_id, require_index, require_name, require_scid
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.suggesting import did_you_mean
from pytest_xbl.userstats.requests import parse_names, parse_user
from pytest_xbl.wire.hosts import host_name, is_real
from pytest_xbl.wire.route import Route
from pytest_xbl.wire.routes import ROUTES

PARTS = {route.path: route.path.split("/") for route in ROUTES}
"""The parts of each path."""
BY_LENGTH = {
    length: [route for route in ROUTES if len(PARTS[route.path]) == length] for length in set(map(len, PARTS.values()))
}
"""The routes by the number of parts of their paths."""
KINDS = {"name": "session"}
"""The things that parts of a path name, where the part is called otherwise."""
CHECKS: Mapping[str, Callable[[str], object]] = {
    "scid": require_scid,
    "id": require_handle_id,
    "index": require_index,
    "xuid": parse_user,
    "names": parse_names,
}
"""The checks of the parts of a path that are not named like everything else."""
HOSTS = tuple(dict.fromkeys(host for route in ROUTES for host in route.hosts))
"""The hosts of Xbox Live whose services are here."""
LONGEST_GUESS = 300
"""Characters of a path that are compared with known ones."""
NEAR = 0.75
"""The likeness, 0 to 1, of each word of a path to that of a route from which somebody has meant it."""


@lru_cache
def match(method: str, path: str, host: str) -> tuple[Route, Mapping[str, str]]:
    """The route of a request, and the names in its path.

    Literal parts of a path are matched without regard to case (CALL-5), and win over names.

    Raises:
        Refusal: 404 for a path that no route has, or has on this host (CALL-1); 405 for another verb (CALL-7).
    """
    allowed: dict[str, None] = {}
    parts = path.split("/")
    found = [(route, names) for route, names in _matching(parts) if _is_on(host, route.hosts)]
    fewest = min((len(names) for _route, names in found), default=0)
    for route, names in found:
        if len(names) > fewest:
            continue
        if route.method == method:
            _check_names(names)
            return route, names
        allowed.setdefault(route.method)
    raise _wrong_verb(method, path, allowed) if allowed else _unknown_path(method, path, host)


def _matching(parts: list[str]) -> Iterator[tuple[Route, dict[str, str]]]:
    for route in BY_LENGTH.get(len(parts), ()):
        names = _names(PARTS[route.path], parts)
        if names is not None:
            yield route, names


def _names(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    names = {}
    for part, value in zip(pattern, parts, strict=True):
        if part.startswith("{") and value:
            names[part[1:-1]] = value
        elif part != value.lower():
            return None
    return names


def _is_on(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a request to this host can be meant for these: any host that is not a real one's can (CALL-1)."""
    return not is_real(host) or host_name(host) in hosts


def _check_names(names: Mapping[str, str]) -> None:
    for kind, name in names.items():
        if kind in CHECKS:
            CHECKS[kind](name)
        else:
            require_name(KINDS.get(kind, kind), name)


def _wrong_verb(method: str, path: str, allowed: Iterable[str]) -> Refusal:
    hint = did_you_mean(nearest_route(method, path))
    what = f"{method} is not for this URI; allowed are {', '.join(allowed)}{hint}"
    refusal = Refusal(405, what, where="the URI", rule="CALL-7", mistake="unknown-route")
    return refusal.with_headers({"Allow": ", ".join(allowed)})


def _unknown_path(method: str, path: str, host: str) -> Refusal:
    if method == "CONNECT":
        what = (
            f"The fake is not a proxy, and does not connect to {path}: "
            "give the client xbl.url as the URL of the service, and not as HTTPS_PROXY."
        )
        return Refusal(404, what, where="the URI", rule="CALL-1", mistake="unknown-service")
    if is_real(host) and not any(host_name(host) in route.hosts for route in ROUTES):
        what = f"The fake has no service at {host}; it has {', '.join(HOSTS)}."
        return Refusal(404, what, where="the URI", rule="CALL-1", mistake="unknown-service")
    elsewhere = [host for route, _names in _matching(path.split("/")) if route.method == method for host in route.hosts]
    at_home = f"; it is at {elsewhere[0]}." if elsewhere else "."
    hint = did_you_mean(nearest_route(method, path), otherwise=at_home)
    what = f"The fake has no operation {method} {path} on host {host_name(host)}{hint}"
    return Refusal(404, what, where="the URI", rule="CALL-7", mistake="unknown-route")


def nearest_route(method: str, path: str) -> str | None:
    """The method and path that somebody may have meant by one that no route has; None if nothing is near.

    A path that is right but for its slashes is given without the needless ones.
    """
    clean = re.sub("/+", "/", path[:LONGEST_GUESS]).rstrip("/")
    parts = clean.split("/")
    alike = {route.path: _likeness(PARTS[route.path], parts) for route in ROUTES if route.method == method}
    near = max(alike, key=lambda known: alike[known], default="")
    if near and alike[near] == 1:
        return f"{method} {clean}" if clean != path and len(path) <= LONGEST_GUESS else None
    return f"{method} {near}" if near and alike[near] >= NEAR else None


def _likeness(pattern: list[str], parts: list[str]) -> float:
    """The likeness of the words of a path to those of a route, from 0 to 1; names are like everything."""
    if len(pattern) != len(parts):
        return 0
    words = [(one, other.lower()) for one, other in zip(pattern, parts, strict=True) if not one.startswith("{")]
    return min(difflib.SequenceMatcher(None, one, other).ratio() for one, other in words)
