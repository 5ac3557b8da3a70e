"""One server, many worlds: it finds out which test's world a request is for."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_xbl.wire.app import App
from pytest_xbl.wire.requests import token_of
from pytest_xbl.world.people import account_with, chosen_tokens

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NO_WORLD = "No test that uses the fake is running.\n"


class Switchboard:
    """A WSGI app that hands each request to the world whose caller it comes from.

    Tests that run at the same time in one process share a server, and tell themselves apart by their tokens.
    A request whose token nobody knows goes to the test that started last: with one test at a time, to that test.
    """

    def __init__(self) -> None:
        self._apps: list[App] = []
        self._over: dict[str, str] = {}
        """The tests that are over, by the names of their worlds, and by the tokens that they had chosen."""
        self._late: list[tuple[str, str]] = []
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
            self._apps.append(app)

    def disconnect(self, app: App, test: str = "") -> None:
        """Give the app no more requests.

        Args:
            test: the test that is over, if it was its world; later calls are then late.
        """
        with self._lock:
            self._apps.remove(app)
            if test:
                self._over.update(dict.fromkeys((app.name, *chosen_tokens(app.world)), test))

    def take_late_calls(self) -> list[tuple[str, str]]:
        """The calls of tests that were over, which nobody has taken yet: the test, and the call in a line."""
        with self._lock:
            taken, self._late = self._late, []
        return taken

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on, as WSGI has it."""
        token = token_of(environ.get("HTTP_AUTHORIZATION", "")) or ""
        app = self._app_for(token)
        if self._over and (test := self._test_over(app, token)) is not None:
            with self._lock:
                self._late.append((test, f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"))
            text = f"The test to which this token belongs is over: {test}.\nwhere: Authorization\nrule: SEEN-6\n"
            return _refused(start_response, "410 Gone", text)
        if app is None:
            return _refused(start_response, "503 Service Unavailable", NO_WORLD, ("Retry-After", "1"))
        return app(environ, start_response)

    def _app_for(self, token: str) -> App | None:
        with self._lock:
            apps = self._apps[::-1]
        if len(apps) > 1:
            apps = [app for app in apps if account_with(app.world, token)] or apps
        return apps[0] if apps else None

    def _test_over(self, app: App | None, token: str) -> str | None:
        """The test that is over and whose token this is; None if it is that of somebody else, or of nobody."""
        if app and (account_with(app.world, token) or token.rpartition(".")[0] == app.name):
            return None
        with self._lock:
            return self._over.get(token, self._over.get(token.rpartition(".")[0]))


def _refused(start_response: StartResponse, status: str, text: str, *headers: tuple[str, str]) -> list[bytes]:
    body = text.encode()
    length = ("Content-Length", str(len(body)))
    start_response(status, [("Content-Type", "text/plain"), length, *headers])
    return [body]
