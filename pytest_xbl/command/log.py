"""The lines about what a person would want to know of a served world while it runs (CMD-1)."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from traceback import format_exception

from pytest_xbl.wire.app import App
from pytest_xbl.wire.entry import Entry


class Log:
    """Prints the refused requests, with their rules, and the bugs of the fake; nothing else would tell of them.

    Args:
        app: of the world.
        is_quiet: whether refused requests are not worth a line.
    """

    def __init__(self, app: App, *, is_quiet: bool) -> None:
        self._app = app
        self.checks: list[Callable[[], None]] = []
        """The functions that raise what servers have met outside of the world, each exception once."""
        self._is_quiet = is_quiet
        self._lock = threading.Lock()
        self._seen = 0

    def write_news(self) -> None:
        """Print what has come since the last time."""
        with self._lock:
            for entry in self._arrived():
                if entry.refusal:
                    self.write_refusal(str(entry))
            while self._app.crashes:
                _write_bug(self._app.crashes.pop(0))
            for bug in filter(None, map(_met, self.checks)):
                _write_bug(bug)

    def write_refusal(self, line: str) -> None:
        """Print a line about a refused request, unless nobody wants to see it."""
        if not self._is_quiet:
            _write(line)

    def _arrived(self) -> Sequence[Entry]:
        arrived, _ = self._app.journal.told(self._seen)
        self._seen = arrived[-1].number if arrived else self._seen
        return arrived


def _met(check: Callable[[], None]) -> Exception | None:
    """The exception that a server has met, if it has met one since the last time."""
    try:
        check()
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is to be seen
        return error
    return None


def _write_bug(error: BaseException) -> None:
    _write("".join(("The fake itself has failed, which is a bug in it:\n", *format_exception(error))).rstrip())


def _write(text: str) -> None:
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except (OSError, AttributeError):  # nobody reads any more, and the requests matter more
        sys.stderr = None  # as Python has it where a stream is closed
