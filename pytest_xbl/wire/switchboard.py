"""One server, many worlds: it finds out which test's world a request is for."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from werkzeug.wsgi import get_path_info

from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.wire.app import STRANGER, App
from pytest_xbl.wire.hosts import SESSION_DIRECTORY, host_name, is_for, is_real
from pytest_xbl.wire.requests import token_of
from pytest_xbl.wire.runs import Runs
from pytest_xbl.wire.upgrade import nonce_in
from pytest_xbl.world.people import given_tokens, is_token_of, world_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NO_WORLD = "No test that uses the fake is running.\n"
EXPLORER = "/_xbl"
"""The path of the pages for people, who find them at `/debug` of the session directory, too (SEEN-14)."""
DEBUG = "/debug"


class Switchboard:
    """A WSGI app that hands each request to the world whose caller it comes from.

    Tests that run at the same time in one process share a server, and tell themselves apart by their tokens.
    A request whose token nobody knows goes to the test that started last, and does not fail it (SEEN-10).

    Args:
        host: at which the server in front of it listens.
    """

    host_is = "The setting xbl_host"
    """The setting or the option that names the host, in a refusal."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.runs = Runs()
        self.explorer: WSGIApplication | None = None
        """The pages for people, whose requests reach no world (SEEN-14)."""
        self._apps: list[App] = []
        """The apps that are served, the newest last."""
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
        app.door, app.is_over = self._turn_away, False

    def disconnect(self, app: App, test: str = "", *, lets_pass: bool = False) -> None:
        """Give the app no more requests.

        Args:
            test: the last test that could reach its world; later calls are then late.
            lets_pass: whether these matter to nobody.
        """
        with self._lock:
            self._apps.remove(app)
            if test:
                self.runs.end(app.name, test, lets_pass=lets_pass, tokens=given_tokens(app.world))
        app.hang_up()

    @property
    def apps(self) -> list[App]:
        """The apps that are served, the newest last."""
        with self._lock:
            return [*self._apps]

    @property
    def has_worlds(self) -> bool:
        """Whether any world is served."""
        return bool(self._apps)

    def charge(self, environ: WSGIEnvironment, refusal: Refusal) -> None:
        """Charge a refusal by which no world is reached to the world that came last, if there is one (HOST-4)."""
        with self._lock:
            newest = self._apps[-1:]
        for app in newest:
            app.add_refusal(environ, refusal)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on to its world or to the explorer, as WSGI has it."""
        host = environ.get("HTTP_HOST", "")
        is_redirected = is_real(host) or environ["REQUEST_METHOD"] == "CONNECT"
        if not is_redirected and not is_for(host, self.host):
            return self._misdirected(start_response, host)
        if self.explorer and _is_for_people(environ, is_redirected=is_redirected):
            return self.explorer(environ, start_response)
        return self._pass_on(environ, start_response, is_redirected=is_redirected)

    def _pass_on(
        self, environ: WSGIEnvironment, start_response: StartResponse, *, is_redirected: bool
    ) -> Iterable[bytes]:
        """Let the world whose caller sent a request answer it, or the one that came last."""
        token, apps = _token_in(environ), self.apps
        known = [app for app in apps if is_token_of(app.world, token)]
        if len(known) > 1:
            return self._ambiguous(known, environ, start_response)
        if known:
            return known[0].serve(environ, start_response)
        if test := self.runs.over(world_of(token)):
            self.runs.add_late_call(world_of(token), environ, "token")
            return _late(start_response, test, "token")
        if not apps:
            return _refused(start_response, "503 Service Unavailable", NO_WORLD, ("Retry-After", "1"))
        if not is_redirected:  # that only the client under test can be
            environ = {**environ, STRANGER: True}
        return apps[-1].serve(environ, start_response)

    def _ambiguous(self, known: list[App], environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Refuse a request with a token that users of several worlds have."""
        names = " and ".join(app.name for app in known)
        self.runs.add_astray(names, environ, "chosen")
        what = f"The worlds {names} both have a user with this token; give each another token="
        return _refused(start_response, "410 Gone", f"{what}.\nwhere: Authorization\nrule: SEEN-12\n")

    def _misdirected(self, start_response: StartResponse, host: str) -> list[bytes]:
        own = dict.fromkeys(("localhost", "127.0.0.1", self.host))
        what = f"The server answers {', '.join(own)} and the hosts of Xbox Live, not {brief(host)}."
        text = f"{what} {self.host_is} names another.\nwhere: Host\nrule: SEEN-11\n"
        return _refused(start_response, "421 Misdirected Request", text)

    def _turn_away(self, app: App, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes] | None:
        """Answer a call in the process that belongs to a test that is over, or to another world; None if to neither."""
        if test := self.runs.over(app.name):
            self.runs.add_late_call(app.name, environ, "app")
            return _late(start_response, test, "app")
        token = _token_in(environ)
        if is_token_of(app.world, token):
            return None
        if test := self.runs.over(world_of(token)):
            self.runs.add_late_call(world_of(token), environ, "token")
            return _late(start_response, test, "token")
        with self._lock:
            others = [other for other in self._apps if is_token_of(other.world, token)]
        if not others:
            return None
        self.runs.add_astray(others[0].name, environ, "user")
        text = f"This token belongs to the world {others[0].name}, and the client or the transport to {app.name}."
        return _refused(start_response, "410 Gone", f"{text}\nwhere: Authorization\nrule: SEEN-12\n")


def _is_for_people(environ: WSGIEnvironment, *, is_redirected: bool) -> bool:
    """Whether a request is for the pages for people, and none of a client.

    Args:
        is_redirected: whether it names a real host.
    """
    path = get_path_info(environ)
    if path == DEBUG and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
        return not is_redirected or host_name(environ.get("HTTP_HOST", "")) in SESSION_DIRECTORY
    return not is_redirected and (path == EXPLORER or path.startswith(f"{EXPLORER}/"))


def _token_in(environ: WSGIEnvironment) -> str:
    """The token of a request, also in a header that has not the form that the service asks for."""
    header = environ.get("HTTP_AUTHORIZATION", "")
    if not header:
        return nonce_in(environ)  # which begins with the name of its world, too
    return token_of(header) or header.rpartition(" ")[2].rpartition(";")[2].removeprefix("x=")


def _late(start_response: StartResponse, test: str, what: Literal["app", "token"]) -> list[bytes]:
    where = "xbl.app" if what == "app" else "Authorization"
    text = f"This {what} belongs to a world that is over; its last test was {test}.\nwhere: {where}\nrule: SEEN-6\n"
    return _refused(start_response, "410 Gone", text)


def _refused(start_response: StartResponse, status: str, text: str, *headers: tuple[str, str]) -> list[bytes]:
    body = text.encode()
    length = ("Content-Length", str(len(body)))
    start_response(status, [("Content-Type", "text/plain"), length, *headers])
    return [body]
