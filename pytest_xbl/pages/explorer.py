"""The explorer: pages about the worlds of a switchboard, as a WSGI app."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup
from werkzeug.wsgi import get_path_info

from pytest_xbl.pages.guard import HEADERS, policy, refusal
from pytest_xbl.wire.switchboard import DEBUG, EXPLORER, Switchboard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


class Response(NamedTuple):
    """The response to a request for a page.

    Args:
        location: the address to which a browser goes on; "" for none.
    """

    status: HTTPStatus
    body: str = ""
    content_type: str = TEXT
    location: str = ""


class Explorer:
    """Pages about the worlds that are served, for people: a WSGI app for the paths below `/_xbl/`, and for `/debug`.

    A request for a page is no request of a client: it is in no journal, fails no test, and changes no world (SEEN-13).

    Args:
        switchboard: whose worlds it shows.
        url: gives the URL of the server, without a slash at the end.
        moves: tells whether the clocks of the worlds may be moved from here now.
    """

    def __init__(
        self, switchboard: Switchboard, *, url: Callable[[], str], moves: Callable[[], bool] = lambda: False
    ) -> None:
        self._switchboard = switchboard
        self._url = url
        self._moves = moves

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        response = self._response(environ)
        body = response.body.encode()
        more = {"Location": response.location} if response.location else {}
        headers = {**HEADERS, "Content-Type": response.content_type, "Content-Length": str(len(body)), **more}
        headers["Content-Security-Policy"] = policy(style="none", script="none")
        start_response(f"{response.status.value} {response.status.phrase}", [*headers.items()])
        return [body]

    def _response(self, environ: WSGIEnvironment) -> Response:
        if get_path_info(environ) == DEBUG:
            return Response(HTTPStatus.FOUND, location=f"{self._url()}{EXPLORER}/")
        if refused := refusal(environ, host=self._switchboard.host):
            return Response(refused.status, refused.text)
        names = Markup("").join(Markup("<li>{}</li>").format(app.title) for app in self._switchboard.apps)
        return Response(HTTPStatus.OK, Markup("<!doctype html><title>worlds</title><ul>{}</ul>").format(names), HTML)
