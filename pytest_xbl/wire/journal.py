"""The journal: every request that reached a world, and what became of it.

It is written with every request, so an entry holds nothing but what is there anyway, and works out the rest when it
is read.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from werkzeug.wsgi import get_path_info

from pytest_xbl.mpsd.effects import Effect
from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.model import Caller, Json, Session
from pytest_xbl.mpsd.refusal import LONGEST_PLACE, Mistake, Refusal, on_one_line
from pytest_xbl.mpsd.view import render
from pytest_xbl.secrets import without_parameters
from pytest_xbl.wire.acting import KEYS as ACTING_HEADERS
from pytest_xbl.wire.answer import CORRELATION, Answer, refusal_answer
from pytest_xbl.wire.hosts import host_name, is_real
from pytest_xbl.wire.lost import Loss
from pytest_xbl.world.visit import Visit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Headers: TypeAlias = tuple[tuple[str, str], ...]
SESSION = "(?is)/serviceconfigs/[^/]+/sessiontemplates/([^/]+)/sessions/([^/]+)(.*)"
"""The path of a session, or of an element of it; a line shows the names of its template and of the session."""
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
MOST_NAMES = 3
"""The most users whom the line of a service's request names."""
MOST_STACKS = 50
"""The mistakes of which the journal keeps the stack; each holds on to all that is in hand at the time."""


class Request(NamedTuple):
    """The parts of a request that many requests share.

    Args:
        query: the query string.
        headers: those that the fake reads, but for the token.
        operation: the name of the route; "" if no route was found.
        caller: the name of who called; "" if nobody was recognized.
        acting_for: the names of the users for whom a service called.
    """

    method: str
    path: str
    query: str
    headers: Headers
    operation: str
    caller: str
    acting_for: tuple[str, ...]


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


@dataclass(eq=False, repr=False, slots=True)
class Entry:
    """One request, and what became of it.

    Args:
        number: counted from 1.
        time: of the world's clock.
        duration: how long the answer took, seconds of the real clock; it differs from run to run.
        data: the body, decompressed if it could be; b"" if the request needed none, or it was too long.
        refusal: why it was refused; None if it was not.
        effects: what came of it.
        notes: sentences about parts of it that passed without effect, and that its author may have meant otherwise.
        fault: the faults that it has met, and where they were armed; "" for none (FAULT-1).
        lost: whether its answer got lost (FAULT-3).
    """

    number: int
    time: datetime
    duration: float
    _request: Request
    """Method, path, headers and caller; requests that are alike share it."""
    data: bytes
    _answer: Answer
    """The response; without what follows from the session or the refusal, so that many share it."""
    _session: Session | None
    """The session whose document was sent, if any."""
    refusal: Refusal | None
    effects: tuple[Effect, ...]
    notes: tuple[str, ...]
    _arrival: int
    """The number of the request, in the order in which requests arrived."""
    fault: str = ""
    lost: bool = False

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self._request.method

    @property
    def path(self) -> str:
        """The path, without the query string."""
        return self._request.path

    @property
    def operation(self) -> str:
        """The name of the route; "" if no route was found."""
        return self._request.operation

    @property
    def caller(self) -> str:
        """The name of who called; "" if nobody was recognized."""
        return self._request.caller

    @property
    def acting_for(self) -> tuple[str, ...]:
        """The names of the users for whom a service called."""
        return self._request.acting_for

    @property
    def host(self) -> str:
        """The real host that the client asked for; "" if it was another, such as that of `xbl.url`."""
        host = dict(self._request.headers).get("Host", "")
        return host_name(host) if is_real(host) else ""

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._answer.status

    @property
    def rule(self) -> str:
        """The id of the rule that refused it; "" if none did."""
        return self.refusal.rule if self.refusal else ""

    @property
    def mistake(self) -> Mistake | None:
        """The kind of client mistake; None if it is none, or depends on the session."""
        return self.refusal.mistake if self.refusal else None

    @property
    def body(self) -> Json:
        """The body, read as JSON; None if there is none, or it is no JSON."""
        try:
            return parse_json(self.data.decode()) if self.data else None
        except (Refusal, UnicodeDecodeError):
            return None

    @property
    def answered(self) -> str:
        """The body of the response; "" if it had none."""
        return self._sent().body or ""

    @property
    def correlation_id(self) -> str:
        """The id by which the response's `X-XblCorrelationId` names the request (CALL-17)."""
        return CORRELATION % self._arrival

    def _sent(self) -> Answer:
        """The response as it was sent."""
        if self.refusal:
            return refusal_answer(self.refusal, contract=self._answer.contract)
        if self._session:
            text = render(self._session, contract=self._answer.contract, viewer=self._answer.viewer)
            return self._answer._replace(body=text, session=self._session)
        return self._answer

    @property
    def _answered_with(self) -> Answer:
        """The response without the text of a session, which takes a while to write."""
        return self._answer._replace(session=self._session) if self._session and not self.refusal else self._sent()

    @property
    def uri(self) -> str:
        """The path, and the query string if there is one."""
        return f"{self.path}?{self._request.query}" if self._request.query else self.path

    def __repr__(self) -> str:
        return f"<request {self}>"

    def __str__(self) -> str:
        """One line: the caller, the request, the outcome, the faults that it met, and the notes on it."""
        return self._line(whole=False)

    def _line(self, *, whole: bool) -> str:
        """The same line.

        Args:
            whole: whether to show the method and the whole path of a request to a session, and not its names.
        """
        why = f" {self._why}" if self.refusal else ""
        notes = "".join(f" (note: {note})" for note in self.notes)
        fault = f" (fault: {self.fault})" if self.fault else ""
        return f"{self._asked(whole=whole)}{why}{fault}{notes}"

    def _asked(self, *, whole: bool) -> str:
        """The caller, the request and the status."""
        return f"#{self.number} {self._who}: {self._request_line(whole=whole)} -> {self.status}"

    def _request_line(self, *, whole: bool) -> str:
        """The operation and the session, or the method and the path, and the real host."""
        session = None if whole else re.fullmatch(SESSION, self.path)
        uri = without_parameters(self.uri)
        path = uri if session is None else f"{session[1]}/{session[2]}{session[3]}{uri[len(self.path) :]}"
        verb = self.method if session is None else self.operation or self.method
        at = f" at {self.host}" if self.host else ""
        return f"{verb} {on_one_line(path, LONGEST_PLACE)}{at}"

    @property
    def _who(self) -> str:
        """The caller, and for whom it called."""
        if not self.acting_for:
            return self.caller or "nobody"
        more = len(self.acting_for) - MOST_NAMES
        names = ", ".join(self.acting_for[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        return f"{self.caller} for {names}"

    @property
    def _why(self) -> str:
        """The rule and the text of its refusal; "" if there is none."""
        return self.refusal.line if self.refusal else ""


class Journal(Sequence[Entry]):
    """The entries of one world, in the order in which they were answered."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._requests: dict[Request, Request] = {}
        self.stacks: dict[int, TracebackType] = {}
        """The stacks of the first mistakes, by the numbers of their entries."""
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

    @property
    def takes_stacks(self) -> bool:
        """Whether it keeps one more stack."""
        return len(self.stacks) < MOST_STACKS

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
            if seen.stack:
                self.stacks[number] = seen.stack
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
