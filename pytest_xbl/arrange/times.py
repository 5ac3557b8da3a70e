"""Times in a seed: texts as the service writes them, or datetimes of Python."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.mpsd.shapes import Passing
from pytest_xbl.world.world import World

TIME = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?(Z|[+-]\d\d:\d\d)"


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


def time_in(record: JsonObject, name: str) -> datetime | None:
    """The time in a field of a checked record, in UTC; None if the field is not there."""
    found = moment(record[name]) if name in record else None
    return found.astimezone(timezone.utc) if found else None


def past(world: World, record: JsonObject, name: str, at: Parts = ()) -> datetime | None:
    """The same for a time that is not later than the clock.

    Args:
        at: the place of the record.

    Raises:
        Refusal: for a later one (TIME-1).
    """
    time = time_in(record, name)
    if time and time > world.now:
        what = f"This time is later than the clock, which shows {world.now}."
        raise Refusal(400, what, where=(*at, name), rule="TIME-1")
    return time
