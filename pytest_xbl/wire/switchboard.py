"""One server, many worlds: it finds out which test's world a request is for."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.wire.app import STRANGER, App
from pytest_xbl.wire.hosts import is_for, is_real
from pytest_xbl.wire.requests import token_of
from pytest_xbl.wire.runs import Runs
from pytest_xbl.world.people import is_token_of, world_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NO_WORLD = "No test that uses the fake is running.\n"


class Switchboard:
    """A WSGI app that hands each request to the world whose caller it comes from.

    Tests that run at the same time in one process share a server, and tell themselves apart by their tokens.
    A request whose token nobody knows goes to the test that started last, and does not fail it (SEEN-10).

    Args:
        host: at which the server in front of it listens.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.runs = Runs()
        self._apps: dict[App, int] = {}
        """The apps that are served, and the number of the run that was on when each came."""
        self._lock = threading.Lock()

    @contextmanager
    def connected(self, app: App, test: str = "") -> Iterator[None]:
        """Give the app the requests of its world's callers in this block.

        Args:
            test: the test whose world it is, and which is over after the block.
        """
        self.connect(app)
        try:
            yield
        finally:
            self.disconnect(app, test)

    def connect(self, app: App) -> None:
        """Give the app the requests of its world's callers."""
        with self._lock:
            self._apps[app] = self.runs.number
        app.door = self._turn_away

    def disconnect(self, app: App, test: str = "") -> None:
        """Give the app no more requests.

        Args:
            test: the test that is over, if it was its world; later calls are then late.
        """
        with self._lock:
            number = self._apps.pop(app)
            if test:
                self.runs.end(app.name, test, number=number)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on, as WSGI has it."""
        host = environ.get("HTTP_HOST", "")
        is_redirected = is_real(host) or environ["REQUEST_METHOD"] == "CONNECT"
        if not is_redirected and not is_for(host, self.host):
            return self._misdirected(start_response, host)
        token = _token_in(environ)
        with self._lock:
            apps = [*self._apps]
        for app in reversed(apps):
            if is_token_of(app.world, token):
                return app.serve(environ, start_response)
        if test := self.runs.over(world_of(token)):
            self.runs.add_late_call(world_of(token), environ)
            return _late(start_response, test, what="token", where="Authorization")
        if not apps:
            return _refused(start_response, "503 Service Unavailable", NO_WORLD, ("Retry-After", "1"))
        if not is_redirected:  # that only the client under test can be
            environ = self._strange(apps[-1], environ)
        return apps[-1].serve(environ, start_response)

    def _strange(self, app: App, environ: WSGIEnvironment) -> WSGIEnvironment:
        """The environ of a request that may come from anybody on the machine; it is counted."""
        with self._lock:
            app.strangers += 1
        return {**environ, STRANGER: True}

    def _misdirected(self, start_response: StartResponse, host: str) -> list[bytes]:
        own = dict.fromkeys(("localhost", "127.0.0.1", self.host))
        what = f"The server answers {', '.join(own)} and the hosts of Xbox Live, not {brief(host)}."
        text = f"{what} The setting xbl_host names another.\nwhere: Host\nrule: SEEN-11\n"
        return _refused(start_response, "421 Misdirected Request", text)

    def _turn_away(self, app: App, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes] | None:
        """Answer a call in the process that belongs to a test that is over; None if it does not."""
        if test := self.runs.over(app.name):
            self.runs.add_late_call(app.name, environ)
            return _late(start_response, test, what="app", where="xbl.app")
        token = _token_in(environ)
        test = self.runs.over(world_of(token))
        if test is None or is_token_of(app.world, token):
            return None
        self.runs.add_late_call(world_of(token), environ)
        return _late(start_response, test, what="token", where="Authorization")


def _token_in(environ: WSGIEnvironment) -> str:
    return token_of(environ.get("HTTP_AUTHORIZATION", "")) or ""


def _late(start_response: StartResponse, test: str, *, what: str, where: str) -> list[bytes]:
    text = f"This {what} belongs to a world that is over; its last test was {test}.\nwhere: {where}\nrule: SEEN-6\n"
    return _refused(start_response, "410 Gone", text)


def _refused(start_response: StartResponse, status: str, text: str, *headers: tuple[str, str]) -> list[bytes]:
    body = text.encode()
    length = ("Content-Length", str(len(body)))
    start_response(status, [("Content-Type", "text/plain"), length, *headers])
    return [body]
