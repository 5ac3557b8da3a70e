"""Politeness: from the requests of a journal to what Microsoft's trace analyzer would complain about (RATE-5).

The clock of a test stands still unless it is moved, so rates are judged across different instants only, and what comes
at one instant by its number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from math import inf
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qs

from pytest_xbl.trouble.limits import BURST, SUSTAIN
from pytest_xbl.trouble.meeting import SERVICE_OF
from pytest_xbl.trouble.thresholds import THRESHOLDS, value_of
from pytest_xbl.wire.entry import Entry

FAILURES = {408, 429, 500, 502, 503, 504}
"""The statuses after which a client sends a request again."""
USERS_OF: Mapping[str, tuple[str, ...]] = {
    "batch-statistics": ("requestedusers",),
    "batch-query-sessions": ("xuids",),
    "batch-query-template-sessions": ("xuids",),
    "query-handles": ("owners", "xuids"),
}
"""The operations for several users at once, and where in their bodies these are."""
BATCH_OF: Mapping[str, str] = {
    "get-statistics": "batch-statistics",
    "query-sessions": "batch-query-sessions",
    "query-template-sessions": "batch-query-template-sessions",
    **{operation: operation for operation in USERS_OF},
}
"""The operation that asks for several users what another asks for one."""
MOST_NAMED = 5
"""The most requests that a complaint names."""


class Complaint(NamedTuple):
    """A habit of a client that is not polite.

    Args:
        kind: by which it can be ignored.
        what: with the numbers, for people.
        threshold: the name of the one that was crossed; "" for none.
        entries: the requests that are meant.
    """

    kind: str
    what: str
    threshold: str
    entries: Sequence[Entry]

    def __str__(self) -> str:
        numbers = ", ".join(f"#{entry.number}" for entry in self.entries[:MOST_NAMED])
        more = f" and {len(self.entries) - MOST_NAMED} more" if len(self.entries) > MOST_NAMED else ""
        by = f" ({self.threshold}={value_of(self.threshold):g})" if self.threshold else ""
        first = f"{self.kind}: {self.entries[0].caller} {self.what}{by}: {numbers}{more}"
        return f"{first}\n  {ADVICE[self.kind]}"


Key = TypeVar("Key", bound=Hashable)
Check = Callable[[Sequence[Entry]], Iterator[Complaint]]


def complaints(entries: Iterable[Entry], *, ignore: Iterable[str] = ()) -> list[Complaint]:
    """The complaints about some requests, caller by caller.

    Args:
        ignore: kinds that are not looked for.
    """
    checks = [check for kind, check in CHECKS.items() if kind not in ignore]
    known = _grouped((entry for entry in entries if entry.caller and entry.operation), lambda entry: entry.caller)
    return [complaint for own in known.values() for check in checks for complaint in check(own)]


def _bursts(entries: Sequence[Entry]) -> Iterator[Complaint]:
    """More requests to a service at one instant than it takes in 15 seconds."""
    for service, own in _by_service(entries).items():
        for _, group in groupby(own, key=lambda entry: entry.time):
            at_once = list(group)
            if len(at_once) > value_of(f"{service}_burst"):
                what = f"sent {len(at_once)} requests to {service} at one instant"
                yield Complaint("burst", what, f"{service}_burst", at_once)


def _frequencies(entries: Sequence[Entry]) -> Iterator[Complaint]:
    """More requests to a service than it takes in 15 or in 300 seconds, not all at one instant."""
    for service, own in _by_service(entries).items():
        for period, threshold in ((BURST, f"{service}_burst"), (SUSTAIN, f"{service}_sustain")):
            if window := _fullest(own, period, value_of(threshold)):
                what = f"sent {len(window)} requests to {service} within {period} s"
                yield Complaint("frequency", what, threshold, window)


def _fullest(entries: Sequence[Entry], period: float, most: float) -> Sequence[Entry]:
    """The first requests within a period that are too many, and not all at one instant; none if there are not."""
    first = 0
    for last, entry in enumerate(entries):
        while _gap(entries[first], entry) >= period:
            first += 1
        if last - first + 1 > most and entries[first].time != entry.time:
            return entries[first : last + 1]
    return []


def _rates(entries: Sequence[Entry]) -> Iterator[Complaint]:
    """Calls of one operation, instant after instant."""
    for operation, own in _grouped(entries, lambda entry: entry.operation).items():
        if window := _fullest(_instants(own), value_of("rate_window"), value_of("calls_at_a_time")):
            what = f"called {operation} {len(window)} times within {value_of('rate_window'):g} s"
            yield Complaint("rate", what, "calls_at_a_time", window)


def _repeats(entries: Sequence[Entry]) -> Iterator[Complaint]:
    """A request again that has been answered a moment ago."""
    for same in _grouped(entries, _conditional).values():
        for one, other in pairwise(same):
            if 0 < _gap(one, other) < value_of("repeat_interval") and not (_failed(one) or _reads_news(one, other)):
                what = f"repeated {other.operation} after {_gap(one, other):g} s"
                yield Complaint("repeated", what, "repeat_interval", [one, other])
                break


def _polling(entries: Sequence[Entry]) -> Iterator[Complaint]:
    """The same read at equal intervals, which brings nothing new."""
    for same in _grouped((entry for entry in entries if entry.method == "GET"), _content).values():
        instants = _instants(same)
        run, last = instants[:1], 0.0
        for one, other in pairwise(instants):
            gap = _gap(one, other)
            fits = abs(gap - last) <= last * value_of("polling_tolerance") and not _reads_news(one, other)
            run, last = ([*run, other] if fits else [one, other]), gap
            if len(run) >= value_of("polling_calls"):
                yield Complaint("polling", f"polled {other.operation} every {gap:g} s", "polling_calls", run)
                break


def _impatience(entries: Sequence[Entry]) -> Iterator[Complaint]:
    """A call before the time that the last answer asked to wait for."""
    for own in _grouped(entries, lambda entry: entry.operation).values():
        for one, other in pairwise(own):
            wait = _retry_after(one)
            if wait is not None and _gap(one, other) < wait:
                what = f"called {other.operation} {_gap(one, other):g} s after a {one.status} with Retry-After: {wait}"
                yield Complaint("retry-after", what, "", [one, other])
                break


def _no_backoff(entries: Sequence[Entry]) -> Iterator[Complaint]:
    """A request that failed again at once, or after no longer a wait than the last time."""
    for same in _grouped(entries, _content).values():
        last = 0.0
        for one, other in pairwise(same):
            gap = _gap(one, other)
            if not _failed(one) or _retry_after(one) is not None:
                last = 0.0
            elif gap <= last * value_of("backoff_growth"):
                after = f"{gap:g} s, as long as before" if gap == last and gap else f"{gap:g} s"
                what = f"retried {other.operation} after {after}"
                yield Complaint("no-backoff", what, "backoff_growth", [one, other])
                break
            else:
                last = gap


def _unbatched(entries: Sequence[Entry]) -> Iterator[Complaint]:
    """Requests for one user after the other that one request could have asked for."""
    about = [(entry, _users(entry)) for entry in entries if entry.operation in BATCH_OF]
    batches = _grouped((entry for entry, users in about if users), _batch)
    for (operation, _), own in batches.items():
        for one, other in pairwise(own):
            if _gap(one, other) < value_of("batch_window") and _users(one) != _users(other):
                many = len(_users(one) | _users(other))
                what = f"asked for {many} users by {one.operation} in two requests; {operation} takes them all at once"
                yield Complaint("not-batched", what, "batch_window", [one, other])
                break


def _small_batches(entries: Sequence[Entry]) -> Iterator[Complaint]:
    """A batch for hardly anybody."""
    for entry in entries:
        users = _users(entry) if entry.operation in USERS_OF else frozenset()
        if users and len(users) < value_of("batch_users"):
            yield Complaint("small-batch", f"sent {entry.operation} for {len(users)} user", "batch_users", [entry])


CHECKS: Mapping[str, Check] = {
    "burst": _bursts,
    "frequency": _frequencies,
    "rate": _rates,
    "repeated": _repeats,
    "polling": _polling,
    "retry-after": _impatience,
    "no-backoff": _no_backoff,
    "not-batched": _unbatched,
    "small-batch": _small_batches,
}
"""The checks, by the kind of complaint."""
ADVICE: Mapping[str, str] = {
    "burst": "Spread the requests out, or ask for less.",
    "frequency": "Ask less often, and keep what was answered.",
    "rate": "Collect changes, and send them in one request.",
    "repeated": "Keep the answer: it is no older than a few seconds.",
    "polling": "Subscribe to changes instead of asking for them.",
    "retry-after": "Wait as long as Retry-After says; let the client's sleep move xbl.clock.",
    "no-backoff": "Wait longer each time, 2, 4, 8 seconds and so on; let the client's sleep move xbl.clock.",
    "not-batched": "Ask for all users in one request.",
    "small-batch": "Wait until there are more users, or ask for one without a list where that is possible.",
}
"""The way out, by the kind of complaint."""


def _grouped(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> dict[Key, list[Entry]]:
    groups: dict[Key, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[key(entry)].append(entry)
    return groups


def _by_service(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """The requests to each service that has thresholds."""
    groups = _grouped(entries, lambda entry: SERVICE_OF.get(entry.operation, ""))
    return {service: own for service, own in groups.items() if f"{service}_burst" in THRESHOLDS}


def _instants(entries: Iterable[Entry]) -> list[Entry]:
    """The first request at each instant."""
    return [next(group) for _, group in groupby(entries, key=lambda entry: entry.time)]


def _content(entry: Entry) -> Hashable:
    """All in which two equal requests of a caller are equal."""
    return entry.method, entry.uri, entry.data


def _conditional(entry: Entry) -> Hashable:
    """The same for requests that depend on the session: what a client writes over another version is no repetition."""
    return _content(entry), dict(entry._request.headers).get("If-Match")


def _batch(entry: Entry) -> tuple[str, str]:
    """The operation that takes all requests like this one at once, and the service configuration or template.

    Those of queries have one path up to its last part; statistics of several service configurations can be asked for
    at once.
    """
    batch = BATCH_OF[entry.operation]
    return batch, "" if batch == "batch-statistics" else entry.path.lower().rpartition("/")[0]


def _gap(one: Entry, other: Entry) -> float:
    """The seconds from a request to a later one, by the world's clock; if that was put back, they are far apart."""
    seconds = (other.time - one.time).total_seconds()
    return seconds if seconds >= 0 else inf


def _reads_news(one: Entry, other: Entry) -> bool:
    """Whether a read was answered with something else than the same read before, as after a shoulder tap."""
    is_new = one._session is not other._session or one._answer.body != other._answer.body
    return other.method == "GET" and is_new


def _failed(entry: Entry) -> bool:
    """Whether a client sends the request again: it failed, or its answer got lost."""
    return entry.lost or entry.status in FAILURES


def _retry_after(entry: Entry) -> int | None:
    """The seconds for which the answer asks to wait, if it has arrived; None for none."""
    if entry.lost or entry.status not in FAILURES:
        return None
    found = entry._sent().headers.get("Retry-After")
    return None if found is None else int(found)


def _users(entry: Entry) -> frozenset[str]:
    """The users for whom a request asks, as it names them; none if that cannot be told."""
    if entry.operation == "get-statistics":
        return frozenset([entry.path.split("/")[2].lower()])
    if entry.operation not in USERS_OF:
        return frozenset(parse_qs(entry._request.query).get("xuid", ()))
    found = entry.body
    for name in USERS_OF[entry.operation]:
        found = found.get(name) if isinstance(found, dict) else None
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()
