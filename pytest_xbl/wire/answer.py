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
from pytest_xbl.mpsd.view import etag, render, unstored_etag

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
LONGEST_HEADER = 4000
_http_date = lru_cache(http_date)
BODILESS = (101, 204, 304)
BAD_REQUEST = 400
STATUS_LINES = {int(status): f"{status.value} {status.phrase}" for status in HTTPStatus}
REFUSAL_HEADER = "X-Xbl-Refusal"
"""Names the rule and the reason on every refusal, for those whose body is the session (CODE-403)."""
CORRELATION = "ca110000-0000-4000-8000-%012d"
"""The id of a request, by its number in its world (CALL-17)."""
_ALWAYS = [("X-Content-Type-Options", "nosniff"), ("X-Xbl-Debug", "warning=DoNotDependOnDebugHeaders")]
CHECKED_AGAIN = [("Cache-Control", "max-age=0, must-revalidate"), *_ALWAYS]
NEVER_KEPT = [("Cache-Control", "no-cache, no-store"), *_ALWAYS]
"""The headers of every response: of one whose ETag says whether it is still right, and of any other (CALL-17)."""


class Answer(NamedTuple):
    """The response to a request; None as the body is no body at all (CODE-204).

    Args:
        headers: those that do not follow from the rest.
        session: the one that the response is about; its version and its next timer are headers.
        contract: under which the body is written.
        is_document: whether the body is the document of the session.
        viewer: the xuid of the user whom a large session shows; "" for a service that acts for nobody (BIG-1).
    """

    status: int
    body: str | None = None
    headers: Mapping[str, str] = {}
    content_type: str = JSON
    session: Session | None = None
    contract: int = NEWEST_CONTRACT
    is_document: bool = False
    viewer: str = ""

    @property
    def tag(self) -> str:
        """The ETag of a response that has one."""
        return etag(self.session) if self.session else self.headers["ETag"]

    def send(self, start_response: StartResponse, *, date: datetime, number: int) -> list[bytes]:
        """Send the response by WSGI.

        Args:
            date: the time of the world.
            number: of the request in its world.
        """
        body = (self.body or "").encode()
        start_response(STATUS_LINES[self.status], self.all_headers(len(body), date=date, number=number))
        return [body]

    def all_headers(self, length: int, *, date: datetime, number: int) -> list[tuple[str, str]]:
        """The headers of the response as a client receives them, for a body of so many bytes."""
        own = {**session_headers(self.session), **self.headers} if self.session else self.headers
        is_version = self.session and self.status < BAD_REQUEST
        headers = [
            *own.items(),
            *(CHECKED_AGAIN if is_version else NEVER_KEPT),
            ("X-XblCorrelationId", CORRELATION % number),
            ("Date", _http_date(date)),
        ]
        if self.status not in BODILESS:
            headers += ("Content-Type", self.content_type), ("Content-Length", str(length))
        return headers


def session_headers(session: Session) -> dict[str, str]:
    """The headers of a response about a session: its version, and its next timer (CALL-11, TIME-6)."""
    headers = {"ETag": etag(session)}
    timer = next_timer(session)
    if timer:
        headers["Expires"] = _http_date(timer)
    return headers


def session_answer(
    session: Session, *, contract: int, viewer: str, created: bool = False, stored: bool = True
) -> Answer:
    """The session itself, 200 or 201 (CODE-200, CODE-201).

    Args:
        viewer: the xuid of the caller, "" for none.
        stored: false for an ETag that no stored session has (PUT-7).
    """
    viewer = viewer if session.is_large else ""  # so that the answers to all callers are alike
    text = render(session, contract=contract, viewer=viewer)
    headers = {} if stored else {"ETag": unstored_etag(session)}
    return Answer(201 if created else 200, text, headers, JSON, session, contract, is_document=True, viewer=viewer)


def unless_known(answer: Answer, preconditions: Preconditions) -> Answer:
    """The response, or 304 where the client has this version already (CODE-304)."""
    return Answer(304, None, answer.headers, session=answer.session) if preconditions.know(answer.tag) else answer


def element_answer(session: Session, text: str) -> Answer:
    """One element of a session, with the session's version."""
    return Answer(200, text, session=session)


def results_answer(results: Sequence[object]) -> Answer:
    """The results of a query or a list."""
    return Answer(200, json.dumps({"results": results}))


def refusal_answer(refusal: Refusal, *, contract: int) -> Answer:
    """A refusal: text that explains itself, or the session where the rules show it (CODE-403, CODE-412, CODE-ALL)."""
    headers = {REFUSAL_HEADER: one_line(refusal)}
    if refusal.body:
        return Answer(refusal.status, refusal.body, {**headers, **refusal.headers})
    if refusal.session is None:
        return Answer(refusal.status, refusal.text, {**headers, **refusal.headers}, TEXT)
    shown = session_answer(refusal.session, contract=contract, viewer=refusal.viewer)
    return shown._replace(status=refusal.status, headers={**headers, **refusal.headers})


def one_line(refusal: Refusal) -> str:
    """A refusal in a form that a header can carry."""
    return refusal.line.encode("ascii", "backslashreplace").decode()[:LONGEST_HEADER]
