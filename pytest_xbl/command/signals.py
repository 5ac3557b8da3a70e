"""The signals that end the program."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
"""The signals of Ctrl+C, of `kill`, of a terminal that closes, and of Ctrl+Break on Windows."""


@contextmanager
def asked_to_end() -> Iterator[threading.Event]:
    """An event that is set by the first signal; after the with-block, signals do what they did before."""
    asked = threading.Event()
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in ENDING if _ends(number)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ends(number: int) -> bool:
    """Whether a signal is to end the program; `nohup` says of one that it is not."""
    return number != getattr(signal, "SIGHUP", None) or signal.getsignal(number) != signal.SIG_IGN
