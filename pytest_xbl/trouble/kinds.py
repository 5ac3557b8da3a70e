"""The kinds of faults: each says in a few words what it does, and does it to a request (FAULT-2 to FAULT-5)."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import ClassVar, Literal, TypeAlias

from pytest_xbl.arrange.limits_form import PROFILES
from pytest_xbl.errors import XblError
from pytest_xbl.mpsd.model import SessionRef
from pytest_xbl.trouble.limits import BURST, limit_body
from pytest_xbl.wire.answer import JSON, TEXT, Answer
from pytest_xbl.wire.app import Met
from pytest_xbl.wire.body import received_anyway
from pytest_xbl.wire.lost import Loss, NobodyThereError

Stage: TypeAlias = Literal["delay", "race", "answer", "tap"]
STAGES: tuple[Stage, ...] = ("delay", "race", "answer")
"""The stages of a request at which a fault may happen, in order; it meets at most one fault at each (FAULT-1)."""
Rival: TypeAlias = Callable[[SessionRef | None], object]
"""Somebody who acts just before a request is handled, given the session that it names, if any."""


@dataclass(frozen=True)
class Fail:
    """The request is not handled, and answered with a status."""

    status: int
    retry_after: int | None = None
    stage: ClassVar[Stage] = "answer"
    needs_socket: ClassVar[bool] = False

    def __str__(self) -> str:
        return f"fail with {self.status}"

    def happen(self, request: Met, session: SessionRef | None) -> Answer:  # noqa: ARG002 -- a race needs it
        """Answer in place of the service."""
        request.seen.data = received_anyway(request.environ)
        request.seen.stranger = request.account.caller.name
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        body, content_type = self._body()
        return Answer(self.status, body, headers, content_type)

    def _body(self) -> tuple[str | None, str]:
        """The body of the answer, and its type (CODE-429, CODE-503)."""
        match self.status:
            case HTTPStatus.TOO_MANY_REQUESTS:
                most = PROFILES["documented"]["sessiondirectory"].burst or 0
                return limit_body(most + 1, most, BURST), JSON
            case HTTPStatus.SERVICE_UNAVAILABLE:
                return None, TEXT
        return f"xbl.faults answers {self.status} in place of the service.\n", TEXT


@dataclass(frozen=True)
class Lose:
    """The request is handled, and its answer never arrives."""

    how: Literal["close", "reset", "hang"] | int
    wait: Callable[[socket.socket], None]
    stage: ClassVar[Stage] = "answer"

    @property
    def needs_socket(self) -> bool:
        """Whether there is no such end of a connection in the process."""
        return self.how in ("reset", "hang")

    def __str__(self) -> str:
        lost = f"{self.how} sent instead" if isinstance(self.how, int) else self.how
        return f"lose the answer ({lost})"

    def happen(self, request: Met, session: SessionRef | None) -> None:  # noqa: ARG002 -- a race needs it
        """Let the answer get lost as soon as there is one."""
        request.seen.loss = Loss(self.how, wait=self.wait)


@dataclass(frozen=True)
class Cut:
    """The request is handled, and only a part of the body of its answer arrives."""

    after: int
    optional: bool = False
    stage: ClassVar[Stage] = "answer"
    needs_socket: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"cut the answer after {self.after} bytes"

    def happen(self, request: Met, session: SessionRef | None) -> None:  # noqa: ARG002 -- a race needs it
        """Let the answer be cut as soon as there is one."""
        request.seen.loss = Loss("cut", self.after, may_be_whole=self.optional)


@dataclass(frozen=True)
class Down:
    """Nobody takes the request."""

    stage: ClassVar[Stage] = "answer"
    needs_socket: ClassVar[bool] = False

    def __str__(self) -> str:
        return "be down"

    def happen(self, request: Met, session: SessionRef | None) -> None:  # noqa: ARG002 -- a race needs it
        """Refuse the connection.

        Raises:
            NobodyThereError: always.
        """
        raise NobodyThereError


@dataclass(frozen=True)
class Delay:
    """Time passes before the request is handled."""

    seconds: float
    real: bool = False
    stage: ClassVar[Stage] = "delay"
    needs_socket: ClassVar[bool] = False

    def __str__(self) -> str:
        return f"wait {self.seconds:g} s{' of real time' if self.real else ''}"

    def happen(self, request: Met, session: SessionRef | None) -> None:  # noqa: ARG002 -- a race needs it
        """Move the world's clock, or take the time.

        Raises:
            XblError: for a time past the end of the calendar.
        """
        if self.real:
            time.sleep(self.seconds)
            return
        world = request.app.world
        with world.exclusively():
            try:
                world.set_time(world.now + timedelta(seconds=self.seconds))
            except OverflowError:
                what = f"The calendar ends with the year 9999, before xbl.faults.delay ends: {self}."
                raise XblError(what, where="seconds", rule="TIME-1") from None


@dataclass(frozen=True)
class Race:
    """A rival acts just before the request is handled."""

    rival: Rival
    stage: ClassVar[Stage] = "race"
    needs_socket: ClassVar[bool] = False

    def __str__(self) -> str:
        return "be overtaken by a rival"

    def happen(self, request: Met, session: SessionRef | None) -> Answer | None:
        """Let the rival act; an exception is kept for the test, and answered with 500."""
        try:
            self.rival(session)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 -- the test must hear of it, and pytest.fail raises no Exception
            request.app.crashes.append(error)
            return Answer(500, f"The rival of xbl.faults.race failed: {error!r}\n", content_type=TEXT)
        return None


@dataclass(frozen=True)
class TapFault:
    """A shoulder tap gets lost, or arrives twice.

    Args:
        copies: the number of times that it arrives.
    """

    copies: Literal[0, 2]
    stage: ClassVar[Stage] = "tap"
    needs_socket: ClassVar[bool] = False

    def __str__(self) -> str:
        return "send it twice" if self.copies else "lose it"

    def happen(self, request: Met, session: SessionRef | None) -> None:
        """Let a request pass: only taps meet this fault."""


Kind: TypeAlias = Fail | Lose | Cut | Down | Delay | Race | TapFault
