"""Sending requests: once more after a failure, and not before the service wants to hear of us again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import httpx

from lobby_service.errors import LobbyUnavailableError

TRIES = 5
FIRST_WAIT = 2.0
RETRIED = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
UNCERTAIN = {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
"""The statuses that may come after the request was handled."""


class Answer(NamedTuple):
    """The answer to a request, at last.

    Args:
        may_be_second: whether an earlier try may have been handled, too, because nobody knows what became of it.
    """

    response: httpx.Response
    may_be_second: bool


class Sender:
    """Sends requests to the session directory; it holds connections until it is closed.

    Args:
        base_url: where the session directory answers.
        sleep: waits for so many seconds.
    """

    def __init__(self, base_url: str, *, sleep: Callable[[float], object]) -> None:
        self._http = httpx.Client(base_url=base_url, headers={"X-Xbl-Contract-Version": "107"})
        self._sleep = sleep

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def send(self, method: str, path: str, headers: Mapping[str, str], *, body: Any = None) -> Answer:
        """Send a request until there is an answer that trying again would not change.

        Raises:
            LobbyUnavailableError: if there is none after several tries.
        """
        may_be_second = False
        for number in range(TRIES):
            wait = FIRST_WAIT * 2**number
            try:
                response = self._http.request(method, path, headers=dict(headers), json=body)
            except httpx.TransportError:
                may_be_second = True
            else:
                if response.status_code not in RETRIED:
                    return Answer(response, may_be_second)
                may_be_second |= response.status_code in UNCERTAIN
                wait = float(response.headers.get("Retry-After", wait))
            if number + 1 < TRIES:
                self._sleep(wait)
        raise LobbyUnavailableError(f"The session directory gave no answer to {TRIES} requests.")
