"""`xbl.transport` and `xbl.async_transport`: httpx with the app of a world in place of a network.

httpx is no dependency of the package, so this module is imported when one of them is first asked for.
"""

from __future__ import annotations

import io
from typing import Any, NoReturn

import httpx

from pytest_xbl.errors import XblError, hides_frames
from pytest_xbl.wire.app import App
from pytest_xbl.wire.head import Malformed, parse_head
from pytest_xbl.wire.lost import LostConnectionError, NobodyThereError

__tracebackhide__ = hides_frames


class Transport(httpx.BaseTransport):
    """The transport of an `httpx.Client` that reaches one world, whatever the host of a request.

    Args:
        app: which answers.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let the app answer a request."""
        return _answer(self._app, request, request.read())

    def handle_async_request(self, *_: object) -> NoReturn:
        """Refuse an `httpx.AsyncClient`.

        Raises:
            XblError: always.
        """
        raise XblError("xbl.transport is for an httpx.Client; an httpx.AsyncClient takes xbl.async_transport.")

    __aenter__ = handle_async_request


class AsyncTransport(httpx.AsyncBaseTransport):
    """The same for an `httpx.AsyncClient`; the app answers at once, on the event loop, and waits for nothing.

    Args:
        app: which answers.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Let the app answer a request."""
        return _answer(self._app, request, await request.aread())

    def handle_request(self, *_: object) -> NoReturn:
        """Refuse an `httpx.Client`.

        Raises:
            XblError: always.
        """
        raise XblError("xbl.async_transport is for an httpx.AsyncClient; an httpx.Client takes xbl.transport.")

    __enter__ = handle_request


def _answer(app: App, request: httpx.Request, body: bytes) -> httpx.Response:
    """The response of the app; the head of a request is read as it is where it comes over a socket.

    Raises:
        httpx.LocalProtocolError: for a malformed head, as where httpx writes one itself.
        httpx.RemoteProtocolError: for an answer that gets lost, as where a connection is closed (FAULT-3).
        httpx.ConnectError: if the service is down (FAULT-4).
    """
    head = parse_head(_head(request))
    if isinstance(head, Malformed):
        raise httpx.LocalProtocolError(head.text)
    sent: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None, /) -> Any:
        sent[:] = int(status[:3]), headers

    environ = {**head, "wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    try:
        content = b"".join(app(environ, start_response))
    except NobodyThereError as error:
        raise httpx.ConnectError(str(error), request=request) from error
    except LostConnectionError as error:
        raise httpx.RemoteProtocolError(str(error), request=request) from error
    status, headers = sent
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))  # unread, as over a socket


def _head(request: httpx.Request) -> bytes:
    """The head of a request, from the first byte to the empty line.

    Raises:
        httpx.LocalProtocolError: for a line break within a line, behind which another line would begin.
    """
    line = b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)
    lines = [line, *(b"%s: %s" % header for header in request.headers.raw)]
    if broken := next((line for line in lines if b"\n" in line), None):
        raise httpx.LocalProtocolError(f"There must be no line break within a line of the head, as in {broken[:80]!r}.")
    return b"\r\n".join([*lines, b"", b""])
