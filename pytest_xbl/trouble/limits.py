"""Rate limits: requests are counted by user, title and service, in fixed periods of the world's clock (RATE-1)."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from math import ceil
from typing import NamedTuple, TypeAlias

from pytest_xbl.arrange.limits_form import PROFILES, Limit
from pytest_xbl.mpsd.refusal import Refusal

BURST, SUSTAIN = 15, 300
"""The lengths of the two periods, in seconds (RATE-1)."""
PARTS: Mapping[str, tuple[str, ...]] = {"search": ("search read", "search write")}
"""The counts of a service that has more than one."""

Entity: TypeAlias = tuple[str, str]
"""A user, by the key of their account, and a title."""


class Usage(NamedTuple):
    """The requests of a user that count toward a limit at present, refused ones included.

    Args:
        burst: those of the current 15 seconds.
        sustain: those of the current 300 seconds.
        limit: the most of each.
        seconds_left: until the two periods end.
    """

    burst: int
    sustain: int
    limit: Limit
    seconds_left: tuple[float, float] = (BURST, SUSTAIN)

    @property
    def exceeded(self) -> tuple[int, int, int, int] | None:
        """The count, the limit, the period and the seconds to wait of the longer limit that is exceeded; None if none.

        The longer one counts if both are: whoever waits for the shorter one only is refused again.
        """
        for count, most, period, left in (
            (self.sustain, self.limit.sustain, SUSTAIN, self.seconds_left[1]),
            (self.burst, self.limit.burst, BURST, self.seconds_left[0]),
        ):
            if most is not None and count > most:
                return count, most, period, ceil(left)
        return None


class _Counts:
    """The counts of a user in a service since their period of 300 seconds began; those of 15 are its twentieths."""

    __slots__ = ("began", "burst", "number", "seen", "sustain")

    def __init__(self, began: datetime) -> None:
        self.began = self.seen = began
        """When the longer period began, and the time of the last request."""
        self.number = 0
        """The number of the burst period within the longer one."""
        self.burst = 0
        self.sustain = 0


class Limits:
    """The limits of a world, and what has been counted; it forgets a count as soon as its longest period is over."""

    def __init__(self) -> None:
        self._limits: dict[str, Limit] = {}
        """By service, or by part of one."""
        self._counts: dict[tuple[Entity, str], _Counts] = {}
        """In the order in which their periods began."""
        self._lock = threading.Lock()

    def use(self, profile: str) -> None:
        """Switch on the limits of a profile, in place of all others."""
        with self._lock:
            self._limits = {part: limit for name, limit in PROFILES[profile].items() for part in parts_of(name)}

    def set(self, service: str, *, burst: int | None, sustain: int | None) -> None:
        """Set the limits of a service; what is None stays as it is."""
        with self._lock:
            for part in parts_of(service):
                known = self._limits.get(part, Limit(None, None))
                self._limits[part] = Limit(burst or known.burst, sustain or known.sustain)

    def clear(self) -> None:
        """Switch all limits off, and forget what has been counted."""
        with self._lock:
            self._limits, self._counts = {}, {}

    def limited(self) -> Mapping[str, Limit]:
        """The limits that are on, by service or by part of one."""
        return self._limits

    def count(self, entity: Entity, service: str, now: datetime) -> Usage | None:
        """Count a request, and give what has been counted if it is beyond a limit.

        Args:
            now: the time of the world's clock, which is the same object as long as it stands still.
        """
        with self._lock:
            limit = self._limits.get(service)
            if limit is None:
                return None
            counts = self._counts.get((entity, service))
            if counts is None or counts.seen is not now:
                counts = self._current(entity, service, now)
            counts.burst += 1
            counts.sustain += 1
            burst, sustain = limit
            if (burst is None or counts.burst <= burst) and (sustain is None or counts.sustain <= sustain):
                return None
            return _usage(counts, limit, now)

    def usage(self, entity: Entity, now: datetime) -> dict[str, Usage]:
        """The counts of a user at a time, by the services that have limits; nothing is counted by asking."""
        with self._lock:
            return {
                service: _usage(self._counts.get((entity, service)), limit, now)
                for service, limit in self._limits.items()
            }

    def __len__(self) -> int:
        """The number of counts that are kept."""
        return len(self._counts)

    def _current(self, entity: Entity, service: str, now: datetime) -> _Counts:
        """The counts of the periods that are on; new ones where the longer one is over."""
        key = entity, service
        counts = self._counts.get(key)
        if counts is None or _is_over(counts, now):
            self._forget(now)
            self._counts.pop(key, None)
            counts = self._counts[key] = _Counts(now)
        counts.seen = now
        number = int((now - counts.began).total_seconds() // BURST)
        if number != counts.number:
            counts.number, counts.burst = number, 0
        return counts

    def _forget(self, now: datetime) -> None:
        """Forget the oldest counts, as far as they are over."""
        while self._counts and _is_over(self._counts[oldest := next(iter(self._counts))], now):
            del self._counts[oldest]


def parts_of(service: str) -> tuple[str, ...]:
    """The names under which a service is counted."""
    return PARTS.get(service, (service,))


def beyond(usage: Usage, who: str, service: str) -> Refusal:
    """The refusal of a request beyond a limit: 429, with what the service says of it (RATE-2)."""
    count, most, period, wait = usage.exceeded or (0, 0, 0, 0)
    what = f"This is request {count} of {who} to {service} within {period} s, and the limit is {most}; wait {wait} s."
    refusal = Refusal(429, what, where="the number of requests", rule="RATE-1")
    return refusal.with_headers({"Retry-After": str(wait)}).with_body(limit_body(count, most, period))


def limit_body(count: int, most: int, period: int) -> str:
    """The body of a 429 (RATE-2)."""
    body = {"currentRequests": count, "maxRequests": most, "periodInSeconds": period, "limitType": "rate"}
    return json.dumps({"version": 1, **body})


def _usage(counts: _Counts | None, limit: Limit, now: datetime) -> Usage:
    if counts is None or _is_over(counts, now):
        return Usage(0, 0, limit)
    elapsed = (now - counts.began).total_seconds()
    burst = counts.burst if elapsed // BURST == counts.number else 0
    return Usage(burst, counts.sustain, limit, (BURST - elapsed % BURST, SUSTAIN - elapsed))


def _is_over(counts: _Counts, now: datetime) -> bool:
    """Whether the longer period is over, or the clock was put back to before it."""
    return not 0 <= (now - counts.began).total_seconds() < SUSTAIN
