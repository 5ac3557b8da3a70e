"""The real time, which the clock of a served world can follow (CMD-2).

This is the only clock that runs by itself; below this package, time is what a world says it is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone

from pytest_xbl.xbl.clock import Clock


def now() -> datetime:
    """The real time."""
    return datetime.now(timezone.utc)


class RealTime:
    """Moves the clock of a world on by as much time as has passed, whenever it is asked to.

    Whoever moves the clock besides, such as a button of the explorer, moves it further ahead.

    Args:
        clock: of the world.
        seconds: gives the seconds since some moment, and never runs backwards.
    """

    def __init__(self, clock: Clock, seconds: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds = seconds
        self._last = seconds()
        self._lock = threading.Lock()

    def follow(self) -> None:
        """Move the clock."""
        with self._lock:
            now = self._seconds()
            self._clock.advance(seconds=now - self._last)
            self._last = now
