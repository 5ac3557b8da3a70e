"""The journal: every request that reached a world, and what became of it.

It is written with every request, so an entry holds nothing but what is there anyway, and works out the rest when it
is read.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import get_path_info

from pytest_xbl.mpsd.model import Caller
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.wire.acting import KEYS as ACTING_HEADERS
from pytest_xbl.wire.answer import Answer
from pytest_xbl.wire.entry import Entry, Headers, Request
from pytest_xbl.wire.lost import Loss
from pytest_xbl.wire.mistakes import Mistakes
from pytest_xbl.world.visit import Visit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

KEPT_HEADERS = {
    "X-Xbl-Contract-Version": "HTTP_X_XBL_CONTRACT_VERSION",
    "X-RequestedServiceVersion": "HTTP_X_REQUESTEDSERVICEVERSION",
    "If-Match": "HTTP_IF_MATCH",
    "If-None-Match": "HTTP_IF_NONE_MATCH",
    "If-Modified-Since": "HTTP_IF_MODIFIED_SINCE",
    **ACTING_HEADERS,
    "Host": "HTTP_HOST",
    "Content-Type": "CONTENT_TYPE",
    "Content-Encoding": "HTTP_CONTENT_ENCODING",
}
"""The headers of a request that the fake reads, but for the token."""


class Seen:
    """The parts of a request that have been read so far.

    Args:
        number: of the request, in the order in which requests arrive.
    """

    __slots__ = ("data", "fault", "loss", "messages", "number", "operation", "refusal", "stack", "stranger", "visit")

    def __init__(self, number: int) -> None:
        self.number = number
        self.operation = ""
        self.visit: Visit | None = None
        self.stranger = ""
        """The name of a caller whose request was refused before it was a visit."""
        self.data = b""
        self.refusal: Refusal | None = None
        self.messages: Sequence[Any] | None = None
        """The messages on the websocket that the request has opened, to which more may come."""
        self.stack: TracebackType | None = None
        """The frames of the project that led to the request, the outermost first, if that is known and a mistake."""
        self.fault = ""
        self.loss: Loss | None = None
        """The way in which its answer gets lost (FAULT-3)."""


class Journal(Sequence[Entry]):
    """The entries of one world, in the order in which they were answered."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._requests: dict[Request, Request] = {}
        self.mistakes = Mistakes()
        self.messages: dict[int, Sequence[Any]] = {}
        """The messages on websockets, by the numbers of the entries that opened them."""
        self._lock = threading.Lock()

    def __getitem__(self, place: Any) -> Any:
        return self._entries[place]

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def alike(self) -> list[Request]:
        """The parts that requests share, each once, in the order in which they first came."""
        return list(self._requests)

    def add(self, environ: WSGIEnvironment, seen: Seen, answer: Answer, *, time: datetime, duration: float) -> None:
        """Write down a request that has been answered."""
        session = answer.session if answer.is_document else None
        if session or seen.refusal:  # what it reads like is long, and can be worked out again
            headers = () if seen.refusal else tuple(answer.headers.items())
            answer = _shared(answer.status, answer.contract, headers, answer.viewer)
        if seen.refusal:
            seen.refusal.with_traceback(None)  # or it would hold on to everything that the operation had in hand
            seen.refusal.__context__ = None
        request = _request(environ, seen)
        with self._lock:
            request = self._requests.setdefault(request, request)
            number = len(self._entries) + 1
            arrival = number if seen.number == number else seen.number  # of two equal numbers, only one is kept
            entry = Entry(
                number,
                time,
                duration,
                request,
                seen.data,
                answer,
                session,
                seen.refusal,
                tuple(seen.visit.effects) if seen.visit else (),
                tuple(seen.visit.notes) if seen.visit else (),
                arrival,
                seen.fault,
                seen.loss is not None,
            )
            self._entries.append(entry)
            if seen.refusal:
                self.mistakes.note(entry, seen.stack)
            if seen.messages is not None:
                self.messages[number] = seen.messages


def _names(users: Sequence[Caller]) -> tuple[str, ...]:
    return tuple(user.name for user in users)


@lru_cache
def _shared(status: int, contract: int, headers: Headers, viewer: str) -> Answer:
    return Answer(status, headers=dict(headers), contract=contract, viewer=viewer)


def _request(environ: WSGIEnvironment, seen: Seen) -> Request:
    headers = _kept(tuple(map(environ.get, KEPT_HEADERS.values())))
    caller = seen.visit.caller if seen.visit else None
    return Request(
        environ["REQUEST_METHOD"],
        get_path_info(environ),
        environ.get("QUERY_STRING", ""),
        headers,
        seen.operation,
        caller.name if caller else seen.stranger,
        _names(caller.acting) if caller and caller.acting else (),
    )


@lru_cache
def _kept(values: tuple[str | None, ...]) -> Headers:
    """The headers that a request has, by the values of all that are kept."""
    return tuple((name, value) for name, value in zip(KEPT_HEADERS, values, strict=True) if value)
