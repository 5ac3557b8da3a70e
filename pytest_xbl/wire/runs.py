"""The runs of tests that share a server: the one that is on, those that are over, and the late calls of these."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.wsgi import get_path_info

from pytest_xbl.mpsd.refusal import LONGEST_PLACE, on_one_line

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

OPENED = "pytest_xbl.opened"
"""The key in an environ of the number of the test that was on when the connection was opened."""


class LateCalls(NamedTuple):
    """The calls that belong to a test that is over: how often each came, and the tests that were on meanwhile."""

    calls: Counter[str]
    meanwhile: dict[str, None]


class Stray(NamedTuple):
    """A call of the test that is on which belongs to a test that is over."""

    call: str
    test: str


class _Over(NamedTuple):
    """A test that is over, and the number of the run."""

    test: str
    number: int


class Runs:
    """The runs of tests, one after the other, and the calls that came too late (SEEN-6).

    No clock is asked: a connection belongs to the test that was on when it was opened, and a call in the process to
    the test that was on when its thread began.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._test = ""
        self._older_threads: set[threading.Thread] = set()
        self._over: dict[str, _Over] = {}
        """The tests that are over, by the names of their worlds."""
        self._late: dict[str, LateCalls] = {}
        self.strays: Counter[Stray] = Counter()
        """The calls of the test that is on which belong to others, and how often each came."""

    def begin(self, test: str) -> None:
        """Begin a run of a test, whether or not it has a world."""
        with self._lock:
            self._number += 1
            self._test = test
            self._older_threads = set(threading.enumerate()) - {threading.current_thread()}
            self.strays = Counter()

    @property
    def number(self) -> int:
        """The number of the run that is on."""
        return self._number

    def opened(self) -> Mapping[str, object]:
        """The part of an environ that says during which run a connection is opened."""
        return {OPENED: self._number}

    def end(self, world: str, test: str, *, number: int) -> None:
        """Remember that a test is over.

        Args:
            world: the name of its world.
            number: of the run.
        """
        with self._lock:
            self._over[world] = _Over(test, number)

    def over(self, world: str) -> str | None:
        """The test whose world had this name and is over, or None."""
        over = self._over.get(world)
        return over and over.test

    def add_late_call(self, world: str, environ: WSGIEnvironment) -> None:
        """Write down a call that belongs to a test that is over."""
        call = f"{environ['REQUEST_METHOD']} {on_one_line(get_path_info(environ), LONGEST_PLACE)}"
        with self._lock:
            over = self._over[world]
            late = self._late.setdefault(over.test, LateCalls(Counter(), {}))
            late.calls[call] += 1
            if over.number == self._number:  # its own teardown is still on
                return
            late.meanwhile[self._test] = None
            if self._is_new(environ):
                self.strays[Stray(call, over.test)] += 1

    def take_strays(self) -> Mapping[Stray, int]:
        """The calls of the test that is on which belong to others, and which nobody has taken yet."""
        with self._lock:
            taken, self.strays = self.strays, Counter()
        return taken

    def take_late_calls(self) -> Mapping[str, LateCalls]:
        """The late calls that nobody has taken yet, by the tests that they belong to."""
        with self._lock:
            taken, self._late = self._late, {}
        return taken

    def _is_new(self, environ: WSGIEnvironment) -> bool:
        """Whether the connection of a call, or its thread, has begun with the test that is on, or later."""
        if OPENED in environ:
            return bool(environ[OPENED] == self._number)
        return threading.current_thread() not in self._older_threads
