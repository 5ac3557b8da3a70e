"""The WSGI app: it reads a request, runs its operation, and writes the response."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from werkzeug.wsgi import get_path_info

from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.model import NEWEST_CONTRACT
from pytest_xbl.mpsd.refusal import Mistake, Refusal
from pytest_xbl.wire.answer import TEXT, Answer, refusal_answer
from pytest_xbl.wire.body import decompressed, received, received_anyway
from pytest_xbl.wire.call import Call
from pytest_xbl.wire.journal import Journal, Seen
from pytest_xbl.wire.lost import Loss, LostConnectionError
from pytest_xbl.wire.matching import match
from pytest_xbl.wire.requests import (
    parameters_of,
    preconditions_of,
    token_of,
)
from pytest_xbl.wire.route import Route
from pytest_xbl.wire.runs import OPENED
from pytest_xbl.wire.upgrade import SWITCHING, UPGRADE
from pytest_xbl.world.people import account_with
from pytest_xbl.world.state import Account
from pytest_xbl.world.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    Witness: TypeAlias = Callable[[Mistake], TracebackType | None]
    Door: TypeAlias = Callable[["App", WSGIEnvironment, StartResponse], Iterable[bytes] | None]

STRANGER = "pytest_xbl.stranger"
"""The key in an environ that says that nothing shows from which test the request comes (SEEN-10)."""
FORKED = "A forked process has only a copy of the world, which no test sees; call the fake there by xbl.url."


class Met(NamedTuple):
    """A request as trouble meets it: before it is handled.

    Args:
        names: the parts of its path that are names.
        account: of whoever calls.
    """

    app: App
    environ: WSGIEnvironment
    seen: Seen
    route: Route
    names: Mapping[str, str]
    account: Account


class Trouble(Protocol):
    """The rate limits and the faults of a world; it has none until a test asks for some."""

    @property
    def owes(self) -> bool:
        """Whether a fault has yet to happen."""

    def meet(self, request: Met) -> Answer | None:
        """Let a request meet them, and give the answer if it is not handled."""

    def take_owed(self) -> str:
        """The complaint about faults that have not happened; "" for none, or if it was taken already."""

    def end(self) -> None:
        """End with the world."""

    def forget(self) -> None:
        """Hold on to nothing, once nobody asks any more what happened."""


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
        self.title = name
        """The name that people read, such as the id of the test."""
        self.crashes: list[BaseException] = []
        self.journal = Journal(world.most_kept)
        self.strangers = 0
        """The number of requests over the socket that had no token of a test, and got nothing (SEEN-10)."""
        self.door: Door | None = None
        """The function that answers a request of this process that is for another test (SEEN-6)."""
        self.witness: Witness | None = None
        """The function that gives the stack of a mistake of this process, to be kept in the journal (SEEN-5)."""
        self.trouble: Trouble | None = None
        """The rate limits and the faults that requests meet (RATE-1, FAULT-1)."""
        self.is_over = False
        """Whether nobody may begin to use a websocket any more."""
        self._process = os.getpid()
        self._arrivals = count(1)  # each thread that takes the next number gets one of its own

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request of this process, as WSGI has it.

        Raises:
            XblError: in a process that was forked since, where a lock may be held for ever (SEEN-17).
        """
        if os.getpid() != self._process:
            raise XblError(FORKED, rule="SEEN-17")
        turned_away = self.door and self.door(self, environ, start_response)
        return self.serve(environ, start_response) if turned_away is None else turned_away

    def serve(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request that is for this world, as WSGI has it, and write it down."""
        began = perf_counter()
        seen = Seen(next(self._arrivals))
        try:
            answer = self._answer(environ, seen)
            sent = answer if seen.loss is None else seen.loss.sent_for(answer)
            body = sent.send(start_response, date=self.world.now, number=seen.number)
        except (LostConnectionError, XblError):  # nobody is there; or the test's author wants what cannot be
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test must hear of it
            self.crashes.append(error)
            seen.refusal = None
            answer = Answer(500, f"The fake itself failed, which is a bug in it: {error!r}\n", content_type=TEXT)
            body = answer.send(start_response, date=self.world.now, number=seen.number)
        if answer.status == SWITCHING:
            self._listen(environ, seen)
        self.journal.add(environ, seen, answer, time=self.world.now, duration=perf_counter() - began)
        if seen.loss is not None:
            self._lose(seen.loss, answer, body[0], number=seen.number)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body

    def _lose(self, loss: Loss, answer: Answer, body: bytes, *, number: int) -> None:
        """Lose an answer that has been written down; the test has to hear of one of which nothing can be lost."""
        headers = answer.all_headers(len(body), date=self.world.now, number=number)
        try:
            loss.take(answer, headers, body)
        except XblError as error:
            self.crashes.append(error)

    def hang_up(self) -> None:
        """End all websockets, also of requests that are being answered, and wait until nothing of them is left."""
        with self.world.exclusively():
            self.is_over = True
        if self.world.has_connections:
            from pytest_xbl.world.activity import hang_up

            hang_up(self.world)

    def _answer(self, environ: WSGIEnvironment, seen: Seen) -> Answer:
        """Read the request part by part; the first part that is wrong answers (CALL-16)."""
        contract = NEWEST_CONTRACT
        try:
            route, names = match(environ["REQUEST_METHOD"], get_path_info(environ), environ.get("HTTP_HOST", ""))
            seen.operation = route.operation
            account = route.identify(environ, self.world)
            if self.trouble and (answer := self.trouble.meet(Met(self, environ, seen, route, names, account))):
                return answer
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
                environ=environ,
            )
            return route.run(call)
        except Refusal as refusal:
            seen.refusal = refusal
            if STRANGER in environ:
                seen.refusal = refusal.pardoned()
                with self.world.exclusively():
                    self.strangers += 1
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
        if self.witness and refusal.mistake and OPENED not in environ and self.journal.mistakes.takes_stacks:
            return self.witness(refusal.mistake)
        return None

    def _listen(self, environ: WSGIEnvironment, request: Seen) -> None:
        """Write down what is said on the connection of a request, and the mistakes of its client."""

        def report(refusal: Refusal, data: bytes) -> None:
            seen = Seen(next(self._arrivals))
            seen.operation, seen.visit, seen.data = request.operation, request.visit, data
            seen.refusal = refusal
            answer = refusal_answer(refusal, contract=NEWEST_CONTRACT)
            self.journal.add(environ, seen, answer, time=self.world.now, duration=0)

        conversation = environ[UPGRADE].conversation
        conversation.report, request.messages = report, conversation.said
        with self.world.exclusively():
            if self.is_over:
                conversation.cut()

    def _caller_of(self, environ: WSGIEnvironment) -> str:
        """The name behind the token of a request that was refused before anybody read it; "" if it is nobody's."""
        account = account_with(self.world, token_of(environ.get("HTTP_AUTHORIZATION", "")) or "")
        return account.caller.name if account else ""
