"""`xbl.journal`: every request that reached the world, to be looked through and asserted about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.suggesting import did_you_mean, nearest
from pytest_xbl.rulebook import RULES
from pytest_xbl.wire.journal import Entry
from pytest_xbl.wire.routes import ROUTES
from pytest_xbl.world.world import World
from pytest_xbl.xbl.people import Principal, require_ours

__tracebackhide__ = hides_frames

OPERATIONS = tuple(route.operation for route in ROUTES)
FILTERS: Mapping[str, Callable[[Entry], object]] = {
    "operation": lambda entry: entry.operation,
    "caller": lambda entry: entry.caller,
    "method": lambda entry: entry.method,
    "path": lambda entry: entry.path,
    "status": lambda entry: entry.status,
    "rule": lambda entry: entry.rule,
    "body": lambda entry: entry.body,
}
"""The filters of entries, by name."""


class JournalView(Sequence[Entry]):
    """Requests, in the order in which they were answered.

    Each has `number`, `time`, `operation`, `caller`, `method`, `path`, `uri`, `body`, `status`, `rule`, `refusal`,
    `effects`, `answered` and `duration`, and reads as one line.
    """

    def __init__(self, entries: Iterable[Entry], world: World) -> None:
        self._entries = tuple(entries)
        self._world = world

    def __getitem__(self, place: Any) -> Any:
        return self._entries[place]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __repr__(self) -> str:
        """The number of requests, and the last one."""
        last = f", the last is {self[-1]}" if self else ""
        return f"<journal of {len(self)} requests{last}>"

    def __str__(self) -> str:
        """A line for each request."""
        return "\n".join(map(str, self)) or "No request has arrived."

    def filter(self, **wanted: Any) -> JournalView:
        """The requests that are as wanted in everything named.

        Args:
            wanted: operation, caller (a user, a service or a name), method, path, status, rule, body.

        Raises:
            XblError: for an unknown filter, operation or rule, or a caller of another world.
        """
        checked = self._checked(wanted)
        return JournalView((entry for entry in self if not _odd(entry, checked)), self._world)

    def one(self, **wanted: Any) -> Entry:
        """The one request that is as wanted.

        Raises:
            AssertionError: if there is none, or more than one; it lists what did arrive.
        """
        __tracebackhide__ = True
        found = self.filter(**wanted)
        if len(found) != 1:
            raise AssertionError(self._complaint(f"one request with {_told(wanted)}", wanted, found))
        entry: Entry = found[0]
        return entry

    def assert_called(self, operation: str | None = None, *, times: int | None = None, **wanted: Any) -> None:
        """Fail unless such a request has arrived.

        Args:
            operation: its name, as on the page of operations.
            times: how often; at least once unless given.
            wanted: as for `filter`.

        Raises:
            AssertionError: which lists what did arrive, and what was nearest to it.
        """
        __tracebackhide__ = True
        wanted = wanted if operation is None else {"operation": operation, **wanted}
        found = self.filter(**wanted)
        if len(found) != times if times is not None else not found:
            often = "a request" if times is None else f"{shown(times)} request{'s' * (times != 1)}"
            raise AssertionError(self._complaint(f"{often} with {_told(wanted)}", wanted, found))

    def assert_not_called(self, operation: str | None = None, **wanted: Any) -> None:
        """Fail if such a request has arrived; without anything wanted, if any has.

        Raises:
            AssertionError: which lists those that have.
        """
        __tracebackhide__ = True
        wanted = wanted if operation is None else {"operation": operation, **wanted}
        found = self.filter(**wanted)
        if found:
            raise AssertionError(f"Expected no request with {_told(wanted)}; got {len(found)}:\n{found}")

    def _complaint(self, expected: str, wanted: Mapping[str, Any], found: JournalView) -> str:
        """The text of a failure: the expected requests, those that arrived, and the nearest one."""
        lines = [f"Expected {expected}; got {len(found)} of these {len(self)}:", str(self)]
        if not found and len(self):
            nearest = min(self, key=lambda entry: len(_odd(entry, self._checked(wanted))))
            odd = _odd(nearest, self._checked(wanted))
            but = ", ".join(f"its {name} is {FILTERS[name](nearest)!r}" for name in odd)
            lines.append(f"Nearest is #{nearest.number}, but {but}.")
        return "\n".join(lines)

    def _checked(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The wanted things, once they are known to be possible, with a caller by name."""
        _require_known(wanted)
        caller = wanted.get("caller")
        if isinstance(caller, Principal):
            require_ours(self._world, caller, where="caller", kind=Principal)
            return {**wanted, "caller": caller.name}
        return dict(wanted)


def _odd(entry: Entry, wanted: Mapping[str, Any]) -> list[str]:
    """The names of what is otherwise than wanted."""
    return [name for name, value in wanted.items() if not value == FILTERS[name](entry)]  # noqa: SIM201 -- a matcher is asked by ==


def _require_known(wanted: Mapping[str, Any]) -> None:
    for name in wanted:
        if name not in FILTERS:
            raise XblError(f"Unknown filter {name!r}; known filters: {', '.join(FILTERS)}.")
    operation = wanted.get("operation")
    if isinstance(operation, str) and operation not in OPERATIONS:
        near = nearest(operation, OPERATIONS)
        hint = did_you_mean(near and repr(near), otherwise=f"; there are {', '.join(OPERATIONS)}.")
        raise XblError(f"There is no operation {operation!r}{hint}")
    rule = wanted.get("rule")
    if isinstance(rule, str) and rule and rule not in RULES:
        near = nearest(rule, RULES)
        raise XblError(f"There is no rule {rule!r}{did_you_mean(near and repr(near))}")


def _told(wanted: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={shown(value)}" for name, value in wanted.items()) or "anything"
