"""Moments of time, and the texts that stand for them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from pytest_xbl.mpsd.shapes import Passing

TIME = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?(Z|[+-]\d\d:\d\d)"


def moment_after(since: datetime, milliseconds: int) -> datetime | None:
    """The moment so many milliseconds later; None, for never, if it is beyond the calendar."""
    try:
        return since + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def moment(value: object) -> datetime | None:
    """The time that a value stands for: a datetime, or a text as the service writes times; None if it is none."""
    try:
        if isinstance(value, str):
            parts = re.fullmatch(TIME, value)
            value = parts and datetime.fromisoformat(_as_python_reads_it(*parts.groups()))
        if not isinstance(value, datetime) or value.utcoffset() is None:
            return None
        value.astimezone(timezone.utc)  # beyond the calendar there is none
    except (ValueError, OverflowError):
        return None
    return value


time = Passing('a time with its zone, as "2026-01-01T12:00:00Z"', moment, TIME)


def _as_python_reads_it(second: str, fraction: str | None, zone: str) -> str:
    return f"{second}.{(fraction or '')[:6].ljust(6, '0')}{'+00:00' if zone == 'Z' else zone}"
