"""The ways by which a request reaches a service."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from pytest_xbl.conformance.answer import Request, Response

__tracebackhide__ = True

REAL = {
    "sessiondirectory": "https://sessiondirectory.xboxlive.com",
    "userstats": "https://userstats.xboxlive.com",
    "rta": "https://rta.xboxlive.com",
}
"""The real addresses of the services, by the names that requests have for them."""
TIMEOUT = 30
"""Seconds without a response after which a service counts as gone."""
THROTTLED = 429
MOST_RETRIES = 10
BROKEN = range(500, 600)
NOT_BUILT = 501
"""The fake says so; the service never does (CODE-501)."""


class UnavailableError(Exception):
    """The service gave no answer that says anything about a rule.

    Args:
        is_gone: whether nobody answers, so that further requests are of no use.
    """

    def __init__(self, text: str, *, is_gone: bool = False) -> None:
        super().__init__(text)
        self.is_gone = is_gone


class Way(Protocol):
    """A way to a service."""

    def send(self, request: Request, /) -> Response:
        """Send a request and wait for the response."""


class OverHttp:
    """Connections to the services, one for each, which stay open between requests.

    Args:
        bases: the addresses by the names of services.
    """

    def __init__(self, bases: Mapping[str, str]) -> None:
        self._bases = {name: urlsplit(base) for name, base in bases.items()}
        self._open: dict[str, http.client.HTTPConnection] = {}
        self._context: ssl.SSLContext | None = None

    def send(self, request: Request, /) -> Response:
        """Send a request and wait for the response.

        Raises:
            UnavailableError: if nobody answers.
        """
        try:
            return self._ask(request) if request.at not in self._open else self._ask_again(request)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            base = self._bases[request.at]
            why = str(error) or type(error).__name__
            where = f"{base.scheme}://{base.netloc}"
            text = f"{where} does not answer {request.method} {request.path}: {why}"
            raise UnavailableError(text, is_gone=True) from None

    def _ask_again(self, request: Request) -> Response:
        """Ask by a connection that is open; by another if the service has closed it meanwhile."""
        try:
            return self._ask(request)
        except (ConnectionError, http.client.BadStatusLine):
            self.close()
            return self._ask(request)

    def _ask(self, request: Request) -> Response:
        base = self._bases[request.at]
        connection = self._open.get(request.at) or self._open.setdefault(request.at, self._connection(base))
        _write(connection, base.path.rstrip("/") + request.path, request)
        with connection.getresponse() as response:
            return Response(response.status, response.getheaders(), response.read())

    def _connection(self, base: SplitResult) -> http.client.HTTPConnection:
        if base.scheme == "http":
            return http.client.HTTPConnection(base.hostname or "", base.port, timeout=TIMEOUT)
        self._context = self._context or ssl.create_default_context()
        return http.client.HTTPSConnection(base.hostname or "", base.port, timeout=TIMEOUT, context=self._context)

    def close(self) -> None:
        """Close all connections; a later request opens another."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()


def _write(connection: http.client.HTTPConnection, path: str, request: Request) -> None:
    connection.putrequest(request.method, path, skip_host="Host" in request.headers, skip_accept_encoding=True)
    for name, value in request.headers.items():
        connection.putheader(name, value)
    if request.authorization:
        connection.putheader("Authorization", request.authorization.reveal())
    if request.body is not None or request.method in {"PUT", "POST"}:
        connection.putheader("Content-Length", str(len(request.body or b"")))
    connection.endheaders(request.body)


class InProcess:
    """The app of a fake, without a socket.

    Args:
        client: werkzeug's test client, without a caller.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, request: Request, /) -> Response:
        """Let the app answer a request."""
        headers = dict(request.headers)
        if request.authorization:
            headers["Authorization"] = request.authorization.reveal()
        answer = self._client.open(request.path, method=request.method, headers=headers, data=request.body or b"")
        return Response(answer.status_code, list(answer.headers), answer.data)


class Patient:
    """Another way, with waiting where the service throttles, which says nothing about other rules (RATE-1).

    Args:
        sleep: waits for so many seconds.
    """

    def __init__(self, way: Way, sleep: Callable[[float], None]) -> None:
        self._way = way
        self._sleep = sleep

    def send(self, request: Request, /) -> Response:
        """Send a request, again as often as the service says when.

        Raises:
            UnavailableError: for a 5xx, or if the service throttles on and on.
        """
        for _ in range(MOST_RETRIES):
            response = self._way.send(request)
            if response.status != THROTTLED:
                break
            self._sleep(_seconds(response))
        if response.status == THROTTLED or (response.status in BROKEN and response.status != NOT_BUILT):
            text = f"the service answers {response.status} to {request.method} {request.path}"
            raise UnavailableError(text)
        return response


def _seconds(response: Response) -> float:
    """The seconds that a response asks to wait; one if it does not say."""
    after = next((value for name, value in response.headers if name.lower() == "retry-after"), "")
    return float(after) if after.isdecimal() else 1.0
