"""The runs of tests that share a server: the one that is on, those that are over, and the late calls of these."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from werkzeug.wsgi import get_path_info

from pytest_xbl.mpsd.refusal import LONGEST_PLACE, on_one_line
from pytest_xbl.secrets import hiding
from pytest_xbl.wire.hosts import host_name, is_real

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

OPENED = "pytest_xbl.opened"
"""The key in an environ of the number of the test that was on when the connection was opened."""


Kept: TypeAlias = Literal["token", "app", "user", "chosen"]


class LateCalls(NamedTuple):
    """The calls that belong to a test that is over: how often each came, and the tests that were on meanwhile."""

    calls: Counter[str]
    meanwhile: dict[str, None]


class Stray(NamedTuple):
    """A call of the test that is on which reached no world.

    Args:
        whose: the test that it belongs to and that is over, or the world.
        kept: what led it astray: a token or an app of a test that is over, a user of another world than the client, or
            a token that a test has chosen twice.
    """

    call: str
    whose: str
    kept: Kept


class _Over(NamedTuple):
    """A world that is over.

    Args:
        test: the last one that could reach it.
        number: of the run in which it ended.
        lets_pass: whether its late calls matter to nobody.
    """

    test: str
    number: int
    lets_pass: bool


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
        """The worlds that are over, by their names."""
        self._late: dict[str, LateCalls] = {}
        self.strays: Counter[Stray] = Counter()
        """The calls of the test that is on which belong to others, and how often each came."""
        self._tokens: set[str] = set()
        """Those that tests have chosen in worlds that are over."""

    def begin(self, test: str) -> None:
        """Begin a run of a test, whether or not it has a world."""
        with self._lock:
            self._number += 1
            self._test = test
            self._older_threads = set(threading.enumerate()) - {threading.current_thread()}
        self.take_strays()

    def opened(self) -> Mapping[str, object]:
        """The part of an environ that says during which run a connection is opened."""
        return {OPENED: self._number}

    def end(self, world: str, test: str, *, lets_pass: bool = False, tokens: AbstractSet[str] = frozenset()) -> None:
        """Remember that a world is over.

        Args:
            world: its name.
            test: the last one that could reach it.
            lets_pass: whether its late calls matter to nobody.
            tokens: those that tests have chosen there, which no call shows (SEEN-13).
        """
        with self._lock:
            self._over[world] = _Over(test, self._number, lets_pass)
            self._tokens |= tokens

    def over(self, world: str) -> str | None:
        """The last test that could reach the world of this name; None if that is not over."""
        over = self._over.get(world)
        return over and over.test

    def add_late_call(self, world: str, environ: WSGIEnvironment, kept: Kept) -> None:
        """Write down a call that belongs to a test that is over.

        Args:
            world: the name of its world.
        """
        call = _call(environ)
        with self._lock:
            over = self._over[world]
            if over.lets_pass:
                return
            late = self._late.setdefault(over.test, LateCalls(Counter(), {}))
            late.calls[call] += 1
            if over.number == self._number:  # that test is still on
                return
            late.meanwhile[self._test] = None
            if self._is_new(environ):
                self.strays[Stray(call, over.test, kept)] += 1

    def add_astray(self, world: str, environ: WSGIEnvironment, kept: Kept) -> None:
        """Write down a call that reached no world, though none is over.

        Args:
            world: the name of the one whose token it carried, or of those.
        """
        with self._lock:
            self.strays[Stray(_call(environ), world, kept)] += 1

    def take_strays(self) -> Mapping[Stray, int]:
        """The calls of the test that is on which belong to others, and which nobody has taken yet."""
        if not self.strays:
            return {}
        with self._lock:
            taken, self.strays = self.strays, Counter()
        hide = hiding(self._tokens)
        hidden: Counter[Stray] = Counter()
        for stray, count in taken.items():
            hidden[stray._replace(call=hide(stray.call))] += count
        return hidden

    def take_late_calls(self) -> Mapping[str, LateCalls]:
        """The late calls that nobody has taken yet, by the tests that they belong to."""
        with self._lock:
            taken, self._late = self._late, {}
        hide = hiding(self._tokens)
        return {test: _hidden(late, hide) for test, late in taken.items()}

    def _is_new(self, environ: WSGIEnvironment) -> bool:
        """Whether the connection of a call, or its thread, has begun with the test that is on, or later."""
        if OPENED in environ:
            return bool(environ[OPENED] == self._number)
        return threading.current_thread() not in self._older_threads


def _hidden(late: LateCalls, hide: Callable[[str], str]) -> LateCalls:
    calls: Counter[str] = Counter()
    for call, count in late.calls.items():
        calls[hide(call)] += count
    return LateCalls(calls, late.meanwhile)


def _call(environ: WSGIEnvironment) -> str:
    host = environ.get("HTTP_HOST", "")
    at = f" at {host_name(host)}" if is_real(host) else ""
    return f"{environ['REQUEST_METHOD']} {on_one_line(get_path_info(environ), LONGEST_PLACE)}{at}"
