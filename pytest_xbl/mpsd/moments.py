"""Moments of time."""

from __future__ import annotations

from datetime import datetime, timedelta


def moment_after(since: datetime, milliseconds: int) -> datetime | None:
    """The moment so many milliseconds later; None, for never, if it is beyond the calendar."""
    try:
        return since + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
