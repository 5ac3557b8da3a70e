"""Times in a seed: texts as the service writes them, or datetimes of Python."""

from __future__ import annotations

from datetime import datetime, timezone

from pytest_xbl.mpsd.model import JsonObject
from pytest_xbl.mpsd.moments import moment
from pytest_xbl.mpsd.refusal import Parts, Refusal
from pytest_xbl.world.world import World


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
