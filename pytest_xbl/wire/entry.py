"""An entry of the journal: a request, and what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from pytest_xbl.mpsd.effects import Effect
from pytest_xbl.mpsd.json_text import parse_json
from pytest_xbl.mpsd.model import Json, Session
from pytest_xbl.mpsd.refusal import LONGEST_PLACE, Mistake, Refusal, on_one_line
from pytest_xbl.mpsd.view import render
from pytest_xbl.secrets import without_parameters
from pytest_xbl.wire.answer import CORRELATION, Answer, refusal_answer
from pytest_xbl.wire.hosts import host_name, is_real

Headers: TypeAlias = tuple[tuple[str, str], ...]
SESSION = "(?is)/serviceconfigs/[^/]+/sessiontemplates/([^/]+)/sessions/([^/]+)(.*)"
"""The path of a session, or of an element of it; a line shows the names of its template and of the session."""
MOST_NAMES = 3
"""The most users whom the line of a service's request names."""


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
