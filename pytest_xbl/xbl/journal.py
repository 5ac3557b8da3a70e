"""`xbl.journal`: every request that reached the world, to be looked through and asserted about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pytest_xbl.errors import XblError, hides_frames, shown
from pytest_xbl.mpsd.suggesting import nearest, or_meant
from pytest_xbl.wire.entry import Entry
from pytest_xbl.world.world import World
from pytest_xbl.xbl.filters import FILTERS, checked, odd
from pytest_xbl.xbl.people import Principal

__tracebackhide__ = hides_frames


class JournalView(Sequence[Entry]):
    """Requests, in the order in which they were answered.

    Each has `number`, `time`, `operation`, `caller`, `method`, `path`, `uri`, `body`, `status`, `rule`, `refusal`,
    `effects`, `answered` and `duration`, and reads as one line.

    Args:
        whole: all requests to the world; `entries` unless given.
        gap: the words for earlier requests that were let go; "" if there are none.
    """

    def __init__(
        self, entries: Iterable[Entry], world: World, whole: Sequence[Entry] | None = None, *, gap: str = ""
    ) -> None:
        self._entries = tuple(entries)
        self._world = world
        self._whole = self._entries if whole is None else whole
        self._gap = gap

    def __getitem__(self, place: Any) -> Any:
        return self._entries[place]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    @property
    def gap(self) -> str:
        """The words for earlier requests that were let go; "" if there are none (SEEN-18)."""
        return self._gap

    def __repr__(self) -> str:
        """The number of requests, and the last one."""
        last = f", the last is {self[-1]}" if self else ""
        gap = f"; {self._gap}" if self._gap else ""
        return f"<journal of {len(self)} requests{last}{gap}>"

    def __str__(self) -> str:
        """A line for each request."""
        lines = [f"... {self._gap}", *map(str, self)] if self._gap else map(str, self)
        return "\n".join(lines) or f"{self._nothing.capitalize()}."

    def filter(self, operation: object = None, **wanted: Any) -> JournalView:
        """The requests that are as wanted in everything named.

        Args:
            operation: its name, as on the page of operations.
            wanted: caller (a user, a service or a name), method, path, status, rule, body.

        Raises:
            XblError: for an unknown filter, or a value that no request can have.
        """
        return self._filtered(_named(operation, wanted))

    def one(self, operation: object = None, **wanted: Any) -> Entry:
        """The one request that is as wanted.

        Args:
            operation: its name, as on the page of operations.
            wanted: as for `filter`.

        Raises:
            AssertionError: if there is none, or more than one; it lists what did arrive.
            XblError: if there may be another one among those that were let go (SEEN-18).
        """
        __tracebackhide__ = True
        wanted = _named(operation, wanted)
        found = self._filtered(wanted)
        if len(found) != 1:
            raise AssertionError(self._complaint(f"one request with {_told(wanted)}", wanted, found))
        self._require_whole()
        entry: Entry = found[0]
        return entry

    def assert_called(self, operation: object = None, *, times: int | None = None, **wanted: Any) -> None:
        """Fail unless such a request has arrived.

        Args:
            operation: its name, as on the page of operations.
            times: how often; at least once unless given.
            wanted: as for `filter`.

        Raises:
            AssertionError: which lists what did arrive, and what was nearest to it.
            XblError: if requests were let go on which it depends (SEEN-18).
        """
        __tracebackhide__ = True
        wanted = _named(operation, wanted)
        found = self._filtered(wanted)
        _require_times(times)
        if len(found) != times if times is not None else not found:
            often = "a request" if times is None else f"{shown(times)} request{'s' * (times != 1)}"
            raise AssertionError(self._complaint(f"{often} with {_told(wanted)}", wanted, found))
        if times is not None:
            self._require_whole()

    def assert_not_called(self, operation: object = None, **wanted: Any) -> None:
        """Fail if such a request has arrived; without anything wanted, if any has.

        Raises:
            AssertionError: which lists those that have.
            XblError: if there may be one among those that were let go (SEEN-18).
        """
        __tracebackhide__ = True
        wanted = _named(operation, wanted)
        found = self._filtered(wanted)
        if found:
            raise AssertionError(f"Expected no request with {_told(wanted)}; got {len(found)}:\n{found}")
        self._require_whole()

    def assert_polite(self, user: Principal | str | None = None, *, ignore: Iterable[str] = ()) -> None:
        """Fail if Microsoft's trace analyzer would complain about these requests (RATE-5).

        Args:
            user: the caller, or their name; everybody unless given.
            ignore: kinds of complaints that do not count.

        Raises:
            AssertionError: with each complaint: its numbers, the requests that are meant, and the way out.
            XblError: for an unknown kind, a caller whom there is not, or if requests were let go (SEEN-18).
        """
        __tracebackhide__ = True
        from pytest_xbl.trouble.politeness import complaints

        kinds = _checked_kinds(ignore)
        entries = self if user is None else self._by(user)
        found = complaints(entries, ignore=kinds)
        if found:
            count = "a complaint" if len(found) == 1 else f"{len(found)} complaints"
            raise AssertionError("\n".join((f"The client is not polite, {count}:", *map(str, found))))
        self._require_whole()

    def _by(self, user: Principal | str) -> JournalView:
        """The requests of somebody whose manners are in question.

        Raises:
            XblError: for a caller whom there is not, nobody included.
        """
        if user == "":
            raise XblError('Expected a user, a service, or their name; got "".', where="user", rule="RATE-5")
        try:
            return self._filtered({"caller": user})
        except XblError as error:
            raise XblError(error.what, where="user", rule="RATE-5") from None

    def _filtered(self, wanted: Mapping[str, Any]) -> JournalView:
        values = checked(wanted, self._world, self._whole)
        found = (entry for entry in self if not odd(entry, values))
        return JournalView(found, self._world, self._whole, gap=self._gap)

    def _require_whole(self) -> None:
        """Refuse to say that all is well where nobody knows of all requests.

        Raises:
            XblError: if some were let go.
        """
        if self._gap:
            raise XblError(f"This cannot be told of the requests that are left: {self._gap}.", rule="SEEN-18")

    def _complaint(self, expected: str, wanted: Mapping[str, Any], found: JournalView) -> str:
        """The text of a failure: the expected requests, those that arrived, and the nearest one."""
        if not self:
            return f"Expected {expected}; {self._nothing}."
        lines = [f"Expected {expected}; got {len(found)} of these {len(self)}:", str(self)]
        if not found:
            values = checked(wanted, self._world, self._whole)
            nearest = min(self, key=lambda entry: len(odd(entry, values)))
            but = ", ".join(f"its {name} is {FILTERS[name].of(nearest)!r}" for name in odd(nearest, values))
            lines.append(f"Nearest is #{nearest.number}, but {but}.")
        return "\n".join(lines)

    @property
    def _nothing(self) -> str:
        """The reason why no request is here."""
        return f"the filter leaves none of {len(self._whole)} requests" if self._whole else "no request has arrived"


def _named(operation: object, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The filters by name, with the one that needs no name."""
    return dict(wanted) if operation is None else {"operation": operation, **wanted}


def _checked_kinds(ignore: Iterable[str]) -> list[Any]:
    """The kinds of complaints that a test ignores.

    Raises:
        XblError: for an unknown kind.
    """
    from pytest_xbl.trouble.politeness import CHECKS

    kinds: list[Any] = [ignore] if isinstance(ignore, str) or not isinstance(ignore, Iterable) else list(ignore)
    if unknown := [kind for kind in kinds if kind not in tuple(CHECKS)]:
        near = nearest(unknown[0], CHECKS) if isinstance(unknown[0], str) else None
        what = f"Unknown kind {shown(unknown[0])} in ignore; known kinds: {', '.join(CHECKS)}."
        raise XblError(f"{what}{or_meant(near and repr(near))}", where="ignore", rule="RATE-5")
    return kinds


def _require_times(times: object) -> None:
    if times is not None and (type(times) is not int or times < 0):
        raise XblError(f"Expected how often, an integer of 0 or more; got {shown(times)}.", where="times")


def _told(wanted: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={shown(value)}" for name, value in wanted.items()) or "anything"
