"""Finding the route of a request, or the reason why there is none (CALL-1, CALL-5, CALL-7)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.suggesting import did_you_mean
from pytest_xbl.wire.hosts import NEIGHBOURS, SERVED, host_name, is_real
from pytest_xbl.wire.route import Route
from pytest_xbl.wire.routes import ROUTES

Parts: TypeAlias = list[str]
"""The parts of a path, or of that of a route."""
ByLength: TypeAlias = Mapping[int, Sequence[tuple[Parts, Route]]]
"""Routes with the parts of their paths, by the number of these."""
LONGEST_GUESS = 300
"""Characters of a path that are compared with known ones."""
NEAR = 0.75
"""The likeness, 0 to 1, of each word of a path to that of a route from which somebody has meant it."""


def _by_length(routes: Iterable[Route]) -> ByLength:
    lengths: dict[int, list[tuple[Parts, Route]]] = {}
    for route in routes:
        parts = route.path.split("/")
        lengths.setdefault(len(parts), []).append((parts, route))
    return lengths


CORE = _by_length(ROUTES)


def every_route() -> tuple[Route, ...]:
    """All routes, those of the neighbours included, whose code this loads (NEAR-1)."""
    from pytest_xbl.wire.neighbours.routes import ROUTES as NEIGHBOURING

    return (*ROUTES, *NEIGHBOURING)


@lru_cache
def _neighbouring() -> ByLength:
    return _by_length(every_route()[len(ROUTES) :])


@lru_cache
def match(method: str, path: str, host: str) -> tuple[Route, Mapping[str, str]]:
    """The route of a request, and the names in its path.

    Literal parts of a path are matched without regard to case (CALL-5), and win over names.

    Raises:
        Refusal: 404 for a path that no route has, or has on this host (CALL-1); 405 for another verb (CALL-7).
    """
    allowed: dict[str, None] = {}
    found = _at(path, host)
    fewest = min((len(names) for _route, names in found), default=0)
    for route, names in found:
        if len(names) > fewest:
            continue
        if route.method == method:
            for kind, name in names.items():
                route.checks[kind](name)
            return route, names
        allowed.setdefault(route.method)
    raise _wrong_verb(method, path, allowed) if allowed else _unknown_path(method, path, host)


def _at(path: str, host: str) -> list[tuple[Route, dict[str, str]]]:
    """The routes of a path at a host; those of neighbours only where no other has the path (NEAR-1)."""
    parts = path.split("/")
    found = [(route, names) for route, names in _matching(parts, CORE) if _is_on(host, route.hosts)]
    if found or not _is_on(host, NEIGHBOURS):
        return found
    return [(route, names) for route, names in _matching(parts, _neighbouring()) if _is_on(host, route.hosts)]


def _matching(parts: Parts, routes: ByLength) -> Iterator[tuple[Route, dict[str, str]]]:
    for pattern, route in routes.get(len(parts), ()):
        names = _names(pattern, parts)
        if names is not None:
            yield route, names


def _names(pattern: Parts, parts: Parts) -> dict[str, str] | None:
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
    if not _is_on(host, SERVED):
        what = f"The fake has no service at {host}; it has {', '.join(SERVED)}."
        return Refusal(404, what, where="the URI", rule="CALL-1", mistake="unknown-service")
    found = [route for routes in (CORE, _neighbouring()) for route, _names in _matching(path.split("/"), routes)]
    elsewhere = [host for route in found if route.method == method for host in route.hosts]
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
    known = [route.path for route in every_route() if route.method == method]
    alike = {path: _likeness(path.split("/"), parts) for path in known}
    near = max(alike, key=lambda path: alike[path], default="")
    if near and alike[near] == 1:
        return f"{method} {clean}" if clean != path and len(path) <= LONGEST_GUESS else None
    return f"{method} {near}" if near and alike[near] >= NEAR else None


def _likeness(pattern: Parts, parts: Parts) -> float:
    """The likeness of the words of a path to those of a route, from 0 to 1; names are like everything."""
    if len(pattern) != len(parts):
        return 0
    words = [(one, other.lower()) for one, other in zip(pattern, parts, strict=True) if not one.startswith("{")]
    return min(difflib.SequenceMatcher(None, one, other).ratio() for one, other in words)
