"""The filters of the journal, and the values that each can match (SEEN-4).

A value that no request can have is refused: with it, `assert_not_called` would always pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest
from pytest_xbl.rulebook import RULES
from pytest_xbl.wire.entry import Entry
from pytest_xbl.wire.matching import every_route
from pytest_xbl.wire.routes import ROUTES
from pytest_xbl.world import people
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import Principal, require_ours

__tracebackhide__ = hides_frames

OPERATIONS = frozenset(route.operation for route in ROUTES)
"""The operations but those of neighbours, whose code few tests need."""
METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "CONNECT")
STATUSES = range(100, 600)
A_STATUS = f"an HTTP status, an integer from {STATUSES[0]} to {STATUSES[-1]}"
ORIGIN = re.compile("[A-Za-z]+://[^/?]*")
"""The scheme and the host of a URL."""


class Filter(NamedTuple):
    """A part of requests that a journal can be filtered by.

    Args:
        of: gives the part of a request.
        expected: the words for a value that can match, with an article.
        sample: such a value; whatever cannot be compared with it by == matches nothing.
        complaint: the sentence against a value of the same type that matches nothing; None if it can match.
    """

    of: Callable[[Entry], object]
    expected: str
    sample: object
    complaint: Callable[[Any, World], str | None]


def checked(wanted: Mapping[str, Any], world: World, entries: Sequence[Entry]) -> dict[str, Any]:
    """The filters with a caller by name, once all of them can match.

    Args:
        entries: the whole journal; a value that one of them has can match in any case.

    Raises:
        XblError: for an unknown filter, or a value that no request can have.
    """
    for name in wanted:
        if name not in FILTERS:
            raise XblError(f"Unknown filter {name!r}; known filters: {', '.join(FILTERS)}.")
    return {name: value if name == "body" else _checked(name, value, world, entries) for name, value in wanted.items()}


def odd(entry: Entry, wanted: Mapping[str, Any]) -> list[str]:
    """The names of the filters that a request does not match."""
    return [name for name, value in wanted.items() if not value == FILTERS[name].of(entry)]  # noqa: SIM201 -- a matcher is asked by ==


def _checked(name: str, value: Any, world: World, entries: Sequence[Entry]) -> Any:
    if name == "caller" and isinstance(value, Principal):
        require_ours(world, value, where="caller", kind=Principal)
        return value.name
    one, kind = FILTERS[name], cast("Any", type(value))
    if kind.__eq__(value, one.sample) is NotImplemented:
        raise XblError(f"Expected {one.expected}; got {shown(value)}.", where=name)
    if isinstance(value, str | int | float) and not any(value == one.of(entry) for entry in entries):
        what = one.complaint(value, world)
        if what is not None:
            raise XblError(what, where=name)
    return value


def _operation(name: str, _world: World) -> str | None:
    if not name or name in OPERATIONS:
        return None
    operations = [route.operation for route in every_route()]
    if name in operations:
        return None
    near = f"method={name!r}" if name in METHODS else _near(name, operations)
    return f"There is no operation {name!r}{did_you_mean(near, otherwise=_listed(operations))}"


def _rule(name: str, _world: World) -> str | None:
    return None if name in ("", *RULES) else f"There is no rule {name!r}{did_you_mean(_near(name, RULES))}"


def _caller(name: str, world: World) -> str | None:
    known = people.names(world)
    if name in ("", *known):
        return None
    return f"There is no user or service {name!r}{did_you_mean(_near(name, known), otherwise=_listed(known))}"


def _method(name: str, _world: World) -> str | None:
    if name in METHODS:
        return None
    return f"There is no method {name!r}{did_you_mean(_near(name, METHODS), otherwise=_listed(METHODS))}"


def _path(path: str, _world: World) -> str | None:
    if path.startswith("/") and "?" not in path:
        return None
    plain = ORIGIN.sub("", path, count=1).partition("?")[0].lstrip("/")
    what = f"A path begins with a slash, and has neither host nor query string; got {path!r}"
    return f"{what}{did_you_mean(repr(f'/{plain}'))}"


def _status(status: float, _world: World) -> str | None:
    if isinstance(status, int) and not isinstance(status, bool) and status in STATUSES:
        return None
    return f"Expected {A_STATUS}; got {shown(status)}."


def _near(name: str, known: Iterable[str]) -> str | None:
    near = nearest(name, known)
    return near and repr(near)


def _listed(known: Sequence[str]) -> str:
    return f"; there are {', '.join(known) or 'none'}."


FILTERS: Mapping[str, Filter] = {
    "operation": Filter(lambda entry: entry.operation, 'the name of an operation, or ""', "", _operation),
    "caller": Filter(lambda entry: entry.caller, 'a user, a service, or their name, or "" for nobody', "", _caller),
    "method": Filter(lambda entry: entry.method, "an HTTP method", "", _method),
    "path": Filter(lambda entry: entry.path, "a path", "", _path),
    "status": Filter(lambda entry: entry.status, A_STATUS, 200, _status),
    "rule": Filter(lambda entry: entry.rule, 'the id of a rule, or "" for none', "", _rule),
    "body": Filter(lambda entry: entry.body, "anything", None, lambda _body, _world: None),
}
"""The filters, by name."""
