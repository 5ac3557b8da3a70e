"""The documents that other commands ask of a running `pytest-xbl serve`, and who may have them (CMD-4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from werkzeug.wsgi import get_path_info

from pytest_xbl.hosts.known import is_address
from pytest_xbl.mpsd.json_values import brief
from pytest_xbl.mpsd.model import Json
from pytest_xbl.wire.hosts import LOOPBACK_OF, host_name, is_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WORLD = "/_xbl/world.json"
"""The path of the world as a seed."""
ENVIRON = "/_xbl/environ.json"
"""The path of the way by which programs reach the real names."""
MARK = "X-Pytest-Xbl"
"""The header of each document, by which the commands know that it is one."""
OWN_SITE = ("none", "same-origin")
"""The values of Sec-Fetch-Site with which a browser says that no other page asks."""


class Documents:
    """Some documents of a served world; each is made when somebody asks for it.

    Args:
        host: at which the server listens.
        made: what makes each document, by its path.
    """

    def __init__(self, host: str, made: Mapping[str, Callable[[], Json]]) -> None:
        self._host = host
        self._made = made

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes] | None:
        """Answer a request for a document; None for any other."""
        make = self._made.get(get_path_info(environ))
        if make is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        if why := self._why_not(environ):
            return _send(start_response, "403 Forbidden", f"{why}\n", "text/plain; charset=utf-8")
        return _send(start_response, "200 OK", json.dumps(make()), "application/json")

    def _why_not(self, environ: WSGIEnvironment) -> str:
        """The reason why a request gets no document: a page in a browser could be behind it; "" if it gets one."""
        host = environ.get("HTTP_HOST", "")
        if not self._is_ours(host):
            return f"This is for the machine itself and for the host of --host, not for {brief(host)}."
        if environ.get("HTTP_SEC_FETCH_SITE", "none") not in OWN_SITE or "HTTP_ORIGIN" in environ:
            return "This is not for the pages of other sites."
        return ""

    def _is_ours(self, host: str) -> bool:
        """Whether a `Host` header is one that no other site can have.

        A server that listens at all addresses is asked by many names, but only a name can be made to lead elsewhere.
        """
        if self._host not in LOOPBACK_OF:
            return is_for(host, self._host)
        return is_for(host, "") or is_address(host_name(host).strip("[]"))


def _send(start_response: StartResponse, status: str, text: str, content_type: str) -> list[bytes]:
    body = text.encode()
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body))), (MARK, "1")]
    start_response(status, [*headers, ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")])
    return [body]
