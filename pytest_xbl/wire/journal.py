"""The journal: every request that reached a world, and what became of it.

It is written with every request, so an entry holds nothing but what is there anyway, and works out the rest when it
is read.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
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
from pytest_xbl.world.keeping import KEEP, Kept, gap_of
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
        self.messages: Kept[Any] | None = None
        """The messages on the websocket that the request has opened, to which more may come."""
        self.stack: TracebackType | None = None
        """The frames of the project that led to the request, the outermost first, if that is known and a mistake."""
        self.fault = ""
        self.loss: Loss | None = None
        """The way in which its answer gets lost (FAULT-3)."""


class Journal(Sequence[Entry]):
    """The last entries of one world, in the order in which they were answered (SEEN-18).

    Args:
        keep: the number of entries that it keeps; when another one comes, the oldest is let go.
    """

    def __init__(self, keep: int = KEEP) -> None:
        self.keep = keep
        self.total = 0
        """The number of entries that there have been; that of the last one."""
        self._entries: deque[Entry] = deque()
        self._cleared = 0
        """The number of the last entry that a test did not want to keep."""
        self._requests: dict[Request, Request] = {}
        self.mistakes = Mistakes()
        self.messages: dict[int, Kept[Any]] = {}
        """The messages on websockets, by the numbers of the entries that opened them."""
        self._lock = threading.Lock()

    def __getitem__(self, place: Any) -> Any:
        with self._lock:
            return [*self._entries][place] if isinstance(place, slice) else self._entries[place]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self[:])

    def __len__(self) -> int:
        return len(self._entries)

    def told(self, since: int = 0) -> tuple[list[Entry], str]:
        """The entries that came after that of a number, and the words for those of them that were let go, at once.

        A journal that was cleared begins anew.
        """
        with self._lock:
            since = max(since, self._cleared)
            missed = self.total - since - len(self._entries)
            return self._last(self.total - since), gap_of(missed, "request", self.keep)

    def came(self, since: int) -> list[str]:
        """A line for each entry after that of a number, and one about those that are not here any more."""
        with self._lock:
            kept = self._last(self.total - since)
            gone = self.total - since - len(kept)
        return [*([f"... {gone:,} earlier, not in the journal any more"] if gone else []), *map(str, kept)]

    @property
    def arrived(self) -> int:
        """The number of entries since it was cleared, also of those that were let go."""
        return self.total - self._cleared

    @property
    def alike(self) -> list[Request]:
        """The parts that requests share, each once, also of some that were let go."""
        return list(self._requests)

    def numbered(self, number: int) -> Entry | None:
        """The entry of a number; None if there is none, or it was let go."""
        with self._lock:
            place = number - self.total - 1
            return self._entries[place] if -len(self._entries) <= place < 0 else None

    def _last(self, count: int) -> list[Entry]:
        """The last entries, at most so many."""
        return [*islice(reversed(self._entries), count)][::-1]

    def clear(self) -> None:
        """Let go of all entries; the numbers go on, and mistakes that nobody has heard of are kept."""
        with self._lock:
            self._entries.clear()
            self._requests.clear()
            self.messages.clear()
            self._cleared = self.total

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
            request = self._shared(request)
            number = self.total = self.total + 1
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
            if len(self._entries) > self.keep:
                self.messages.pop(self._entries.popleft().number, None)
            if seen.refusal:
                self.mistakes.note(entry, seen.stack)
            if seen.messages is not None:
                self.messages[number] = seen.messages

    def _shared(self, request: Request) -> Request:
        """The same parts of a request, as an entry that is kept may have them already."""
        if len(self._requests) > 2 * self.keep:
            kept = (entry._request for entry in self._entries)  # noqa: SLF001 -- of the same room
            self._requests = {same: same for same in kept}
        return self._requests.setdefault(request, request)


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
