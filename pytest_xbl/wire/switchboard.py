"""One server, many worlds: it finds out which test's world a request is for."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_xbl.wire.app import App
from pytest_xbl.wire.requests import token_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NO_WORLD = b"No test that uses the fake is running.\n"


class Switchboard:
    """A WSGI app that hands each request to the world whose caller it comes from.

    Tests that run at the same time in one process share a server, and tell themselves apart by their tokens.
    A request whose token nobody knows goes to the test that started last: with one test at a time, to that test.
    """

    def __init__(self) -> None:
        self._apps: list[App] = []
        self._lock = threading.Lock()

    @contextmanager
    def connected(self, app: App) -> Iterator[None]:
        """While this lasts, the app gets the requests of its world's callers."""
        with self._lock:
            self._apps.append(app)
        try:
            yield
        finally:
            with self._lock:
                self._apps.remove(app)

    def take_crashes(self, name: str) -> list[Exception]:
        """The exceptions inside the worlds of this name that nobody has taken yet."""
        with self._lock:
            apps = [app for app in self._apps if app.name == name]
        taken = [crash for app in apps for crash in app.crashes]
        for app in apps:
            app.crashes.clear()
        return taken

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on, as WSGI has it."""
        app = self._app_for(environ.get("HTTP_AUTHORIZATION", ""))
        if app is None:
            length = str(len(NO_WORLD))
            headers = [("Content-Type", "text/plain"), ("Content-Length", length), ("Retry-After", "1")]
            start_response("503 Service Unavailable", headers)
            return [NO_WORLD]
        return app(environ, start_response)

    def _app_for(self, authorization: str) -> App | None:
        with self._lock:
            apps = self._apps[::-1]
        if len(apps) > 1:
            token = token_of(authorization)
            apps = [app for app in apps if token and app.world.account_with(token)] or apps
        return apps[0] if apps else None
