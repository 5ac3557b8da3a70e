"""The documents that other commands ask of a running `pytest-xbl serve`, beside the pages of the explorer (CMD-4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.wsgi import get_path_info

from pytest_xbl.mpsd.model import Json
from pytest_xbl.pages.guard import HEADERS, refusal, require_method
from pytest_xbl.wire.switchboard import EXPLORER, Switchboard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from pytest_xbl.pages.explorer import Explorer

WORLD = f"{EXPLORER}/world.json"
"""The path of the world as a seed."""
ENVIRON = f"{EXPLORER}/environ.json"
"""The path of the way by which programs reach the real names."""
MARK = "X-Pytest-Xbl"
"""The header of each document, by which the commands know that it is one."""


class Documents:
    """A WSGI app for some documents, and the explorer for all other paths; its code is loaded by the first of these.

    Documents are guarded like pages (SEEN-15): a page of another site would get the tokens of the world.

    Args:
        switchboard: whose worlds the explorer shows.
        made: what makes each document, by its path.
        url: gives the address of the server.
    """

    def __init__(
        self, switchboard: Switchboard, made: Mapping[str, Callable[[], Json]], *, url: Callable[[], str]
    ) -> None:
        self._switchboard = switchboard
        self._made = made
        self._url = url

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        make = self._made.get(get_path_info(environ))
        if make is None:
            return self._explorer(environ, start_response)
        refused = refusal(environ, host=self._switchboard.host) or require_method(environ, ("GET", "HEAD"))
        if refused:
            return _send(start_response, refused.status, refused.text, "text/plain; charset=utf-8")
        return _send(start_response, HTTPStatus.OK, json.dumps(make()), "application/json")

    @cached_property
    def _explorer(self) -> Explorer:
        from pytest_xbl.pages.explorer import Explorer

        return Explorer(self._switchboard, url=self._url, moves=lambda: True)


def _send(start_response: StartResponse, status: HTTPStatus, text: str, content_type: str) -> list[bytes]:
    body = text.encode()
    headers = {**HEADERS, "Content-Type": content_type, "Content-Length": str(len(body)), MARK: "1"}
    start_response(f"{status.value} {status.phrase}", [*headers.items()])
    return [body]
