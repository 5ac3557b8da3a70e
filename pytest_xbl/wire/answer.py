"""Responses: status, headers and body, as a client receives them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.http import http_date

from pytest_xbl.mpsd.model import NEWEST_CONTRACT, Session
from pytest_xbl.mpsd.preconditions import Preconditions
from pytest_xbl.mpsd.refusal import Refusal
from pytest_xbl.mpsd.timers import next_timer
from pytest_xbl.mpsd.view import etag, render

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

JSON = "application/json; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
LONGEST_HEADER = 4000
_http_date = lru_cache(http_date)
BODILESS = (204, 304)
STATUS_LINES = {int(status): f"{status.value} {status.phrase}" for status in HTTPStatus}
REFUSAL_HEADER = "X-Xbl-Refusal"
"""Names the rule and the reason on every refusal, for those whose body is the session (CODE-403)."""


class Answer(NamedTuple):
    """The response to a request; None as the body is no body at all (CODE-204).

    Args:
        session: the one that the body is the document of; None if it is something else.
        contract: under which the body is written.
    """

    status: int
    body: str | None = None
    headers: Mapping[str, str] = {}
    content_type: str = JSON
    session: Session | None = None
    contract: int = NEWEST_CONTRACT

    def send(self, start_response: StartResponse, *, date: datetime) -> list[bytes]:
        """Send the response by WSGI; `date` is the time of the world."""
        headers = [*self.headers.items(), ("Date", _http_date(date))]
        body = (self.body or "").encode()
        if self.status not in BODILESS:
            headers += [("Content-Type", self.content_type), ("Content-Length", str(len(body)))]
        start_response(STATUS_LINES[self.status], headers)
        return [body]


def session_headers(session: Session) -> dict[str, str]:
    """The headers of a response about a session: its version, and its next timer (CALL-11, TIME-6)."""
    headers = {"ETag": etag(session)}
    timer = next_timer(session)
    if timer:
        headers["Expires"] = _http_date(timer)
    return headers


def session_answer(session: Session, *, contract: int, created: bool = False) -> Answer:
    """The session itself, 200 or 201 (CODE-200, CODE-201)."""
    headers = session_headers(session)
    if created:
        headers["Location"] = headers["Content-Location"] = session.ref.path
    text = render(session, contract=contract)
    return Answer(201 if created else 200, text, headers, session=session, contract=contract)


def not_stored(answer: Answer) -> Answer:
    """The same response, with an ETag that no stored session has or will have (PUT-7)."""
    tag = answer.headers["ETag"]
    return answer._replace(headers={**answer.headers, "ETag": f'{tag[:-1]}-nocommit"'})


def unless_known(answer: Answer, preconditions: Preconditions) -> Answer:
    """The response, or 304 where the client has this version already (CODE-304)."""
    return Answer(304, headers=answer.headers) if preconditions.know(answer.headers["ETag"]) else answer


def element_answer(session: Session, text: str) -> Answer:
    """One element of a session, with the session's version."""
    return Answer(200, text, session_headers(session))


def results_answer(results: Sequence[object]) -> Answer:
    """The results of a query or a list."""
    return Answer(200, json.dumps({"results": results}))


def refusal_answer(refusal: Refusal, *, contract: int) -> Answer:
    """A refusal: text that explains itself, or the session where the rules show it (CODE-403, CODE-412, CODE-ALL)."""
    headers = {REFUSAL_HEADER: one_line(refusal)}
    if refusal.session is None:
        return Answer(refusal.status, refusal.text, {**headers, **refusal.headers}, TEXT)
    shown = {**session_headers(refusal.session), **headers, **refusal.headers}
    text = render(refusal.session, contract=contract)
    return Answer(refusal.status, text, shown, session=refusal.session, contract=contract)


def one_line(refusal: Refusal) -> str:
    """A refusal in a form that a header can carry."""
    line = f"{refusal.rule} at {refusal.where}: {refusal.what}"
    return line.encode("ascii", "backslashreplace").decode()[:LONGEST_HEADER]
