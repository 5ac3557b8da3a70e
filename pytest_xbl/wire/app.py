"""The WSGI app: it reads a request, runs its operation, and writes the response."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias

from werkzeug.wsgi import get_path_info

from pytest_xbl.mpsd.model import NEWEST_CONTRACT
from pytest_xbl.mpsd.refusal import Mistake, Refusal
from pytest_xbl.wire.answer import TEXT, Answer, refusal_answer
from pytest_xbl.wire.body import decompressed, received, received_anyway
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.journal import Journal, Seen
from pytest_xbl.wire.matching import match
from pytest_xbl.wire.requests import (
    parameters_of,
    preconditions_of,
    token_of,
)
from pytest_xbl.wire.runs import OPENED
from pytest_xbl.world.people import account_with
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    Witness: TypeAlias = Callable[[Mistake], TracebackType | None]
    Door: TypeAlias = Callable[["App", WSGIEnvironment, StartResponse], Iterable[bytes] | None]

STRANGER = "pytest_xbl.stranger"
"""The key in an environ that says that nothing shows from which test the request comes (SEEN-10)."""


class App:
    """The services of one world, below one URL.

    A refusal is an answer like any other, and every answer is in the `journal`.
    An exception is a bug of the fake: it is kept in `crashes`, so that the test fails, and answered with 500.

    Args:
        world: whose services they are.
        name: tells the world from others that are served at the same time.
    """

    def __init__(self, world: World, name: str = "") -> None:
        self.world = world
        self.name = name
        self.crashes: list[Exception] = []
        self.journal = Journal()
        self._strange: list[int] = []
        """The refused requests over the socket that had no token of a test, by number of arrival (SEEN-10)."""
        self.door: Door | None = None
        """The function that answers a request of this process that is for another test (SEEN-6)."""
        self.witness: Witness | None = None
        """The function that gives the stack of a mistake of this process, to be kept in the journal (SEEN-5)."""
        self._arrivals = count(1)  # each thread that takes the next number gets one of its own

    @property
    def strangers(self) -> int:
        """The number of requests over the socket that had no token of a test, and got nothing (SEEN-10)."""
        return len(self._strange)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request of this process, as WSGI has it."""
        turned_away = self.door and self.door(self, environ, start_response)
        return self.serve(environ, start_response) if turned_away is None else turned_away

    def serve(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request that is for this world, as WSGI has it, and write it down."""
        began = perf_counter()
        seen = Seen(next(self._arrivals))
        try:
            answer = self._answer(environ, seen)
            body = answer.send(start_response, date=self.world.now, number=seen.number)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test must hear of it
            self.crashes.append(error)
            seen.refusal = None
            answer = Answer(500, f"The fake itself failed, which is a bug in it: {error!r}\n", content_type=TEXT)
            body = answer.send(start_response, date=self.world.now, number=seen.number)
        self.journal.add(environ, seen, answer, time=self.world.now, duration=perf_counter() - began)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body

    def _answer(self, environ: WSGIEnvironment, seen: Seen) -> Answer:
        """Read the request part by part; the first part that is wrong answers (CALL-16)."""
        contract = NEWEST_CONTRACT
        try:
            route, names = match(environ["REQUEST_METHOD"], get_path_info(environ), environ.get("HTTP_HOST", ""))
            seen.operation = route.operation
            account = route.identify(environ, self.world)
            seen.visit = route.visit(environ, account.caller, self.world)
            contract = route.contract(environ)
            parameters = parameters_of(environ, route.parameters)
            preconditions = preconditions_of(environ)
            seen.visit.notes.extend(preconditions.notes)
            if route.has_body:
                encoding = route.body.encoding_of(environ)
                seen.data = received(environ)
                seen.data = decompressed(seen.data, encoding)
            call = Call(
                world=self.world,
                visit=seen.visit,
                contract=contract,
                names=names,
                parameters=parameters,
                preconditions=preconditions,
                body=route.body.content_of(seen.data, route.method) if route.has_body else {},
            )
            return route.run(call)
        except Refusal as refusal:
            seen.refusal = refusal
            if STRANGER in environ:
                seen.refusal = refusal.pardoned()
                self._strange.append(seen.number)
            seen.stack = self._stack_of(refusal, environ)
            seen.data = seen.data or received_anyway(environ)
            seen.stranger = "" if seen.visit else self._caller_of(environ)
            return refusal_answer(refusal, contract=contract)

    def add_refusal(self, environ: WSGIEnvironment, refusal: Refusal) -> None:
        """Write down a request that was refused before it could reach a world (HOST-4)."""
        seen = Seen(next(self._arrivals))
        seen.refusal, seen.stack = refusal, self._stack_of(refusal, environ)
        answer = refusal_answer(refusal, contract=NEWEST_CONTRACT)
        self.journal.add(environ, seen, answer, time=self.world.now, duration=0.0)

    def _stack_of(self, refusal: Refusal, environ: WSGIEnvironment) -> TracebackType | None:
        """The stack of a mistake of this process, if the journal still takes one."""
        if self.witness and refusal.mistake and OPENED not in environ and self.journal.takes_stacks:
            return self.witness(refusal.mistake)
        return None

    def _caller_of(self, environ: WSGIEnvironment) -> str:
        """The name behind the token of a request that was refused before anybody read it; "" if it is nobody's."""
        account = account_with(self.world, token_of(environ.get("HTTP_AUTHORIZATION", "")) or "")
        return account.caller.name if account else ""
